"""What a command takes: processor seconds and memory over all its processes, and seconds by the clock (on Linux)."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

_SUBREAPER = 36
_HERE = Path(__file__).resolve().parents[1]


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


@dataclass(frozen=True, order=True)
class Took:
    """The processor seconds of a command and of its workers, its seconds by the clock, and its peak in MB if watched."""

    cpu: float
    clock: float
    workers: float
    memory: float = 0.0

    def __str__(self) -> str:
        return f"{self.cpu:.2f} s of the processor, {self.clock:.2f} by the clock"


def run(args: Sequence[object], folder: Path | None = None, tree: Path = _HERE, watched: bool = False) -> Took:
    """Run the program as a person would, installed with its modules compiled, in a folder; what it says isn't shown.

    ``tree`` is the checkout that it is run from. Looking at its memory takes time of its own.
    """
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)  # or the seconds of workers that end last are nobody's
    environment = _installed(tree)
    began = time.perf_counter()
    pid = os.fork()
    if not pid:
        os.chdir(folder or tree)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.execve(sys.executable, [sys.executable, "-m", "aftale", *map(str, args)], environment)
    watch = Watch(pid) if watched else None
    cpu = workers = clock = 0.0
    while True:
        try:
            ended, status, used = os.wait4(-1, 0)
        except ChildProcessError:
            return Took(cpu + workers, clock, workers, watch.end() if watch else 0.0)
        if ended == pid:
            cpu, clock = used.ru_utime + used.ru_stime, time.perf_counter() - began
            if os.waitstatus_to_exitcode(status) not in (0, 1):
                raise SystemExit(f"aftale {' '.join(map(str, args))}: exit code {os.waitstatus_to_exitcode(status)}")
        else:
            workers += used.ru_utime + used.ru_stime


def best(rounds: int, args: Sequence[object], folder: Path | None = None, new: Path | None = None) -> Took:
    """Return the cheapest of several runs; ``new`` is removed before each."""
    found = []
    for _ in range(rounds):
        if new:
            shutil.rmtree(new) if new.is_dir() else new.unlink(missing_ok=True)
        found.append(run(args, folder))
    return min(found)


@cache
def _installed(tree: Path) -> dict[str, str]:
    """Return the environment in which modules are compiled once, as those of an installed program are."""
    environment = _environment(tree)
    everything = "import pkgutil, importlib, aftale; [importlib.import_module(each.name) for each in" \
                 " pkgutil.walk_packages(aftale.__path__, 'aftale.') if '__main__' not in each.name]"
    subprocess.run([sys.executable, "-c", everything], env=environment, check=True)
    return environment


def _environment(tree: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(tree), "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "aftale_compiled")}
