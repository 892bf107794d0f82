"""Reading many files in processes of their own, at once and within limits: a file that ends one is refused alone."""

from __future__ import annotations

import atexit
import json
import os
import pickle
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from aftale.intake.worker import Judge, Task
from aftale.model.forms import Form
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import Refused
from aftale.model.text import tidy
from aftale.office.report import CannotDo
from aftale.office.safe_write import digest, reachable

SECONDS = 5.0
"""How long one file, or one file in an archive, may take to read."""
MOST_WORKERS = 4
_FILES_FOR_TWO = 12
"""Below so many files a second process costs more than it saves."""
_LOOK_EVERY = 0.05
_SECONDS_TO_BEGIN = 60.0
_STOOD_STILL = 1.0
_MOST_FAILED_STARTS = 3
_LAST = 1_000_000_000
_AHEAD = 3
"""How many files are sent to a worker before it asks, so that it never waits."""
Progress = Callable[[int, int], None]
Known = Callable[[Sequence[str]], Mapping[str, Form]]
_T = TypeVar("_T")


def begin_early() -> None:
    """Let the workers begin while there is other work to do first; it takes a tenth of a second."""
    with suppress(OSError):  # whoever needs a worker says that there is none
        while len(_parked) < min(os.cpu_count() or 1, MOST_WORKERS):
            _parked.append(_begin())


def read_all(paths: Sequence[Path], judge: Judge, unpack: Callable[[str], _T], known: Known | None = None,
             progress: Progress | None = None, seconds: float = SECONDS) -> list[list[_T | Refused]]:
    """Open and judge files in worker processes; returns what each file held, in the order of ``paths``.

    ``judge`` makes a text of each file in the worker, and ``unpack`` what is returned of that text. ``known`` gives the
    skemaer with certain ids, asked only where a file says too little of itself. ``progress`` is told now and then how many
    of how many files are read. A file at which a worker dies, or is stopped because it takes longer than ``seconds``, is
    refused, and everything else is read all the same.

    Raises:
        CannotDo: where the system lets no worker begin.
    """
    run = _Run([str(path.absolute()) for path in paths], pickle.dumps(judge), known or _none_known, seconds, unpack)
    _work_through(run, progress)
    return run.in_order()


def _none_known(_: Sequence[str]) -> Mapping[str, Form]:
    return {}


def _work_through(run: _Run[Any], progress: Progress | None) -> None:
    """Let the threads read every file of a run."""
    paths = run.paths
    number = 1 if len(paths) < _FILES_FOR_TWO else min(os.cpu_count() or 1, MOST_WORKERS)
    threads = [_WorkerThread(run) for _ in range(min(number, len(paths)))]
    for thread in threads:
        thread.start()
    looked = time.monotonic()
    try:
        while alive := [thread for thread in threads if thread.is_alive()]:
            alive[0].join(_LOOK_EVERY)
            before, looked = looked, time.monotonic()
            for thread in alive:
                if looked - before > _STOOD_STILL:  # the machine slept, or this process was stopped: nobody was slow
                    thread.deadline += looked - before
                thread.stop_if_late()
            if progress:
                progress(run.finished, len(paths))
    except BaseException:
        run.failed = True  # or the threads would begin new workers
        raise
    finally:
        for thread in threads:
            thread.end()
        if progress:
            progress(len(paths), len(paths))
    if run.error is not None:
        raise run.error
    if run.failed or run.finished < len(paths):
        raise CannotDo("Filerne kan ikke læses, fordi systemet ikke vil starte læseprocessen. Kør kommandoen igen, eller"
                       " genstart maskinen.")


def _index(found: tuple[int, Any]) -> int:
    return found[0]


@dataclass
class _Job:
    """A file to be read: its number, what of it is done, or the one thing in it that is to be read once more."""

    number: int
    skip: set[int] = field(default_factory=set)
    only: int | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)


class _Run(Generic[_T]):
    """What the threads share: the files left, what has come in, and what every worker is told first."""

    def __init__(self, paths: Sequence[str], judge: bytes, known: Known, seconds: float,
                 unpack: Callable[[str], _T]) -> None:
        self.paths, self.judge, self.known, self.seconds, self.unpack = paths, judge, known, seconds, unpack
        self.left: deque[_Job] = deque(_Job(number) for number in range(len(paths)))
        self.received: list[list[tuple[int, _T | Refused]]] = [[] for _ in paths]
        self.finished = 0
        self.failed = False
        self.error: Exception | None = None
        self._lock = threading.Lock()

    def in_order(self) -> list[list[_T | Refused]]:
        """Return what each file held, in the order of the paths."""
        return [[received for _, received in sorted(each, key=_index)] for each in self.received]

    def forms(self, ids: Sequence[str]) -> Mapping[str, Form]:
        """Return the skemaer with these ids."""
        with self._lock:
            return self.known(ids)

    def end(self, job: _Job) -> None:
        """Count a file as read."""
        if job.only is None:
            with self._lock:
                self.finished += 1


class _WorkerThread(threading.Thread):
    """Sends files to one worker process, receives its answers, and begins another process where it ends."""

    def __init__(self, run: _Run[Any]) -> None:
        super().__init__(daemon=True)
        self.shared = run
        self.process: subprocess.Popen[bytes] | None = None
        self.given: deque[_Job] = deque()
        self.opened: tuple[int, str, str] | None = None
        self.deadline = float("inf")
        self.late = False
        self.failed_starts = 0

    def run(self) -> None:
        """Work until there are no files left."""
        try:
            while not self.shared.failed and self._give():
                line = self._read_line()
                if line is None:
                    self._replace_dead_worker()
                else:
                    self._take(line)
        except OSError:  # no worker could begin
            self.shared.failed = True
        except Exception as error:  # raised where somebody sees it, see `read_all`
            self.shared.error, self.shared.failed = error, True
        if self.shared.failed:
            self.end()
        else:
            self._park()

    def stop_if_late(self) -> None:
        """Stop the worker where the file that it reads has taken too long; called from the main thread."""
        process = self.process
        if process is not None and time.monotonic() > self.deadline and not self.late:
            self.late = True
            process.kill()

    def end(self) -> None:
        """End the worker."""
        process, self.process = self.process, None
        self.deadline = float("inf")
        if process is not None:
            _end(process)

    def _park(self) -> None:
        """Let a worker that has done its work wait for the next run."""
        process, self.process = self.process, None
        self.deadline = float("inf")
        if process is not None:
            _parked.append(process)

    # ---- sending files

    def _give(self) -> bool:
        """Send files to the worker, some ahead; False where none are left and none are being read."""
        while len(self.given) < _AHEAD:
            try:
                job = self.shared.left.popleft()
            except IndexError:
                break
            if job.forms and self.given:  # too much for a pipe whose other end may be busy answering
                self.shared.left.appendleft(job)
                break
            self.given.append(job)
            self._send(job)
        return bool(self.given)

    def _send(self, job: _Job) -> None:
        if self.process is None:
            self.process = _unparked() or _begin()
            self.deadline = time.monotonic() + _SECONDS_TO_BEGIN
            self._write(self.shared.judge)
        self._write(pickle.dumps(Task(self.shared.paths[job.number], frozenset(job.skip), job.only, job.forms)))

    def _write(self, data: bytes) -> None:
        if self.process is not None and self.process.stdin is not None:
            with suppress(OSError):  # a worker that has died is found when it is listened to
                self.process.stdin.write(data)
                self.process.stdin.flush()

    # ---- reading its answers

    def _read_line(self) -> list[Any] | None:
        """Return what the worker says next, None where it has ended."""
        if self.process is None or self.process.stdout is None:
            return None
        line = self.process.stdout.readline()
        try:
            answer = json.loads(line) if line.endswith(b"\n") else None
        except ValueError:  # it was stopped in the middle of a line
            answer = None
        return answer if isinstance(answer, list) else None

    def _take(self, line: Sequence[Any]) -> None:
        job = self.given[0]
        self.deadline = time.monotonic() + self.shared.seconds
        self.failed_starts = 0
        kind, *about = line
        if kind == "opens":
            self.opened = (about[0], about[1], about[2])
            return
        if kind == "done":
            self._finish(job)
            return
        index = about[0]
        if kind == "lacks":
            self.shared.left.append(_Job(job.number, only=index, forms=self.shared.forms(about[1])))
        elif not self._receive(job, index):
            return  # it ended in the middle of its answer, which is found when it is listened to
        job.skip.add(index)
        self.opened = (-1, *self._of_file(job))

    def _receive(self, job: _Job, index: int) -> bool:
        """Take in what was read, which stands on the next line."""
        text = self.process.stdout.readline() if self.process is not None and self.process.stdout is not None else b""
        if not text.endswith(b"\n"):
            return False
        self.shared.received[job.number].append((index, self.shared.unpack(text[:-1].decode("utf-8", "surrogatepass"))))
        return True

    def _finish(self, job: _Job) -> None:
        self.given.popleft()
        self.opened = None
        self.shared.end(job)

    def _of_file(self, job: _Job) -> tuple[str, str]:
        return tidy(Path(self.shared.paths[job.number]).name), ""

    def _replace_dead_worker(self) -> None:
        """Refuse what was open when the worker ended, and let another worker read the rest."""
        self.end()
        jobs = list(self.given)
        self.given.clear()
        if self.opened is None:
            self.failed_starts += 1
            self.shared.failed = self.failed_starts >= _MOST_FAILED_STARTS
        else:
            self._refuse_current(jobs[0], *self.opened)
            if self.opened[0] < 0:  # the file itself can't be looked into any further
                self.shared.end(jobs.pop(0))
        self.opened, self.late = None, False
        self.shared.left.extendleft(reversed(jobs))

    def _refuse_current(self, job: _Job, index: int, name: str, container: str) -> None:
        path = self.shared.paths[job.number]
        code = "file-too-slow" if self.late else "file-crashes"
        inside = f"{index}/{container}/{name}" if container else ""
        source = Source(_fingerprint(Path(path), inside, self.late), name, container)
        refused = Refused(source, problem(code, Place(name, container=container)))
        self.shared.received[job.number].append((index if index >= 0 else _LAST, refused))
        job.skip.add(index)


def _fingerprint(path: Path, inside: str, late: bool) -> str:
    """Return what identifies a file that was never read: its content, and where in it the thing itself lies.

    A file that was too slow may be so again, as on a disk that is far away: then its name and size must do.
    """
    whole = tidy(path.name)
    with suppress(OSError):
        whole = f"{whole} {path.stat().st_size}" if late else digest(reachable(path).read_bytes())
        if not late and not inside:
            return whole
    return digest(f"{whole}/{inside}".encode("utf-8", "surrogatepass"))


_parked: list[subprocess.Popen[bytes]] = []
"""Workers that wait for more: a command that reads twice, as `demo` does, needn't begin new ones."""


def _unparked() -> subprocess.Popen[bytes] | None:
    """Return a worker that waits and still lives, None where there is none."""
    with suppress(IndexError):  # another thread may take the last
        while True:
            process = _parked.pop()
            if process.poll() is None:
                return process
            _end(process)
    return None


@atexit.register
def _end_all() -> None:
    while _parked:
        _end(_parked.pop())


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _begin() -> subprocess.Popen[bytes]:
    # The worker finds what this process finds, and nothing in the folder it happens to be started from (-P).
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    # What a library prints about damaged files is for programmers, who ask for it.
    printed = None if "AFTALE_TRACE" in os.environ else subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-P", "-c", "from aftale.intake.worker import main; main()"],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=printed, env=environment)
