"""How much memory a process and all its children take at the most."""

from __future__ import annotations

import threading

import psutil


class Watch(threading.Thread):
    """Looks at the memory of a process and all its children ten times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._root, self._most, self._over = psutil.Process(pid), 0, threading.Event()
        self.start()

    def run(self) -> None:
        """Look until it is over."""
        while not self._over.wait(0.1):
            try:
                family = [self._root, *self._root.children(recursive=True)]
                self._most = max(self._most, sum(each.memory_info().rss for each in family))
            except psutil.Error:
                continue

    def end(self) -> float:
        """Return the peak in MB."""
        self._over.set()
        return self._most / 1_000_000
