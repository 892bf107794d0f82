"""What a process and all that it starts take of memory and of the processor, measured from outside (on Linux)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

LINUX = sys.platform == "linux"


@dataclass
class Taken:
    """The most memory in MB that any one of the processes held, and the processor's seconds that all of them took."""

    megabytes: int = 0
    each: dict[int, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """The processor's seconds of all of them together."""
        return sum(self.each.values())


def _children(process: int) -> Iterator[int]:
    """Yield a process and all that it has started."""
    yield process
    try:
        started = [int(each) for task in Path(f"/proc/{process}/task").iterdir()
                   for each in (task / "children").read_text().split()]
    except OSError:
        return
    for each in started:
        yield from _children(each)


def _spent(process: int) -> float:
    """Return the processor's seconds that a process has taken so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _look(process: int, taken: Taken, before: float) -> None:
    """Note what a process has taken so far, but for what it had taken before."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        spent = _spent(process) - before
    except OSError:
        return
    held = max((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), default=0)
    taken.megabytes = max(taken.megabytes, held)
    taken.each[process] = spent


def _workers(process: int) -> Iterator[int]:
    """Yield the worker processes of a process; an office program that other tests use may be among its children too."""
    for each in list(_children(process))[1:]:
        with suppress(OSError):
            if b"aftale.intake.workers" in Path(f"/proc/{each}/cmdline").read_bytes():
                yield each


@contextmanager
def watched(process: int, alone: bool = True) -> Iterator[Taken]:
    """Watch a process and what it starts; where it isn't ``alone`` only its workers, and what they take from now on."""
    taken, done = Taken(), threading.Event()
    before = {} if alone else {each: _spent(each) for each in _workers(process)}  # workers are used again

    def watch() -> None:
        while not done.wait(0.01):
            for each in list(_children(process) if alone else _workers(process)):
                _look(each, taken, before.get(each, 0.0))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield taken
    finally:
        done.set()
        watcher.join()


def run_watched(*words: str, folder: Path) -> tuple[subprocess.CompletedProcess[str], Taken]:
    """Run ``aftale …`` in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "aftale", *words], cwd=folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, encoding="utf-8")
    with watched(process.pid) as taken:
        out, said = process.communicate(timeout=240)
    return subprocess.CompletedProcess(words, process.returncode, out, said), taken
