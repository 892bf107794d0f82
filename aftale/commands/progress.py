"""How far the reading has come: a bar with the time left, on a terminal and only where it takes more than a second."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PATIENCE = 1.0


class Reading:
    """Told how many of how many files are read; draws nothing in a pipe."""

    def __init__(self, what: str = "Læser svar") -> None:
        self._what = what
        self._began = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, done: int, total: int) -> None:
        """Take in how far it has come; the bar vanishes at the end."""
        if done >= total:
            self._stop()
        elif self._bar is None:
            if sys.stderr.isatty() and time.monotonic() - self._began > _PATIENCE:
                self._start(total)
        elif self._task is not None:
            self._bar.update(self._task, completed=done)

    def _start(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
        self._bar = Progress(TextColumn(self._what), BarColumn(), TextColumn("{task.completed} af {task.total}"),
                             TimeRemainingColumn(compact=True), TextColumn("tilbage"),
                             console=Console(file=sys.stderr), transient=True)
        self._bar.start()
        self._task = self._bar.add_task("", total=total)

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
