"""Reading many files in processes of their own, at once and within limits: a file that ends one is refused alone.

A worker is given what judges the files (`Judge`), and then tasks, on standard input, and answers with lines on standard
output. Each is a JSON list: ``["opens", index, name, container]`` before anything is opened (what lies in a file is counted
from 0; -1 is the file itself), ``["read", index, text]`` with the text that the judge made of it, ``["lacks", index, ids]``
where the skemaer with these ids must be known before it can be judged, and ``["done"]`` at the end of a file.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import pickle
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, Generic, TypeVar

from aftale.intake.begin_worker import begin_worker
from aftale.intake.read import read_bytes
from aftale.intake.two_processes import Share
from aftale.intake.unpack import WORKBOOK_SUFFIXES, is_workbook, not_fetched, unpack
from aftale.intake.why_unreadable import why_unreadable
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import Found, IncomingMail, Refused
from aftale.model.text import tidy
from aftale.model.workbook import Workbook
from aftale.office.report import CannotDo
from aftale.office.safe_write import danish_reason, digest, reachable

SECONDS = 5.0
"""How many seconds of the processor's time one file, or one file in an archive, may take: a slow machine is no bad file."""
PATIENCE = 60.0
"""How many seconds by the clock it may take, as one does that never comes from a disk far away."""
MOST_WORKERS = 4
_FILES_FOR_TWO = 12
"""Below so many files a second process costs more than it saves."""
_LOOK_EVERY = 0.05
_SECONDS_TO_BEGIN = 60.0
_STOOD_STILL = 1.0
_MOST_FAILED_STARTS = 3
_LAST = 1_000_000_000
_TOO_SLOW = 75
"""The code with which a worker ends itself where a file takes too much of the processor's time."""
_LONGEST_ID = 20
_FILES_BETWEEN_TIDYING = 50
MEMORY = 512 * 1024 * 1024
"""How much memory a worker may take, in bytes (on Linux, where the system can be told)."""
Progress = Callable[[int, int], None]
Known = Callable[[Sequence[str]], Mapping[str, Form]]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Judge:
    """What makes a text of each file: the address of a function, ``module:function``, and its second argument.

    The function is called with what was found, ``given``, and the skemaer that are known by id, and returns the text and
    whether the file was refused. It is named by its address because a worker, and nobody else, imports it.
    """

    address: str
    given: object = None


@dataclass(frozen=True)
class Opened:
    """A workbook that was found, to be read by whoever judges it."""

    found: Found
    source: Source

    def read(self, returned: bool = False, only: str = "") -> Workbook | Finding:
        """Return what stands in it, or why it can't be read; ``returned`` and ``only`` as `read_bytes` has them."""
        if Path(self.found.name).suffix.lower() not in WORKBOOK_SUFFIXES and not is_workbook(self.found.data):
            return _other_file(self.found, Place(self.source.name, container=self.source.container))
        return read_bytes(self.found.data, self.source, returned=returned, only=only)


Judging = Callable[[Opened | IncomingMail | Refused, Mapping[str, Form]], tuple[str, bool]]


@dataclass
class Task:
    """A file to open, and its number: what lies at ``skip`` in it is already read, or has stopped a worker before.

    With ``only``, just that is wanted, and ``forms`` are the skemaer it may be, because it said too little of itself.
    """

    path: str
    number: int
    skip: set[int] = field(default_factory=set)
    only: int | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)
    seconds: float = SECONDS


def begin_early() -> None:
    """Let a worker begin while there is other work to do first; it takes a tenth of a second."""
    with suppress(OSError):  # whoever needs a worker says that there is none
        if not _parked:
            _parked.append(begin_worker())


def read_all(paths: Sequence[Path], judge: Judge, unpacked: Callable[[str], _T], known: Known | None = None,
             progress: Progress | None = None, seconds: float = SECONDS, patience: float = PATIENCE
             ) -> list[list[_T | Refused]]:
    """Open and judge files in worker processes; returns what each file held, in the order of ``paths``.

    ``judge`` makes a text of each file in the worker, and ``unpacked`` what is returned of that text. ``known`` gives the
    skemaer with certain ids, asked only where a file says too little of itself. ``progress`` is told now and then how many
    of how many files are read. A file at which a worker dies, or is stopped because it takes more than ``seconds`` of the
    processor's time or ``patience`` by the clock, is refused, and everything else is read all the same.

    Raises:
        CannotDo: where the system lets no worker begin.
    """
    tasks = [Task(str(path.absolute()), number, seconds=seconds) for number, path in enumerate(paths)]
    run = _Run(tasks, pickle.dumps(judge), known, patience, unpacked)
    _work_through(run, progress)
    return [[received for _, received in sorted(each, key=lambda each: each[0])] for each in run.received]


def read_here(path: Path, judge: Judge, unpacked: Callable[[str], _T]) -> list[_T] | None:
    """Open and judge a file in this process: only for one that we wrote ourselves, for nothing ends it where it goes wrong.

    None where the skemaer that it may be must be known first.
    """
    told = list(_carry_out(Task(str(path.absolute()), 0), _judging(judge)))
    return None if any(kind == "lacks" for kind, *_ in told) else [
        unpacked(str(about[1])) for kind, *about in told if kind == "read"]


def _work_through(run: _Run[Any], progress: Progress | None) -> None:
    """Let the threads read every file of a run."""
    files = len(run.received)
    number = 1 if files < _FILES_FOR_TWO else min(os.cpu_count() or 1, MOST_WORKERS)
    threads = [_WorkerThread(run) for _ in range(min(number, files))]
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
                progress(run.finished, files)
    except BaseException:
        run.failed = True  # or the threads would begin new workers
        raise
    finally:
        for thread in threads:
            thread.end()
        if progress:
            progress(files, files)
    if run.error is not None:
        raise run.error
    if run.failed or run.finished < files:
        raise CannotDo("Filerne kan ikke læses, fordi computeren ikke vil starte den proces, der læser dem"
                       f" ({sys.executable or 'Python'}). Kør kommandoen igen. Sker det igen, så spørg it-afdelingen, om"
                       " den er spærret.")


class _Run(Generic[_T]):
    """What the threads share: the files left, what has come in, and what every worker is told first."""

    def __init__(self, tasks: Sequence[Task], judge: bytes, known: Known | None, patience: float,
                 unpacked: Callable[[str], _T]) -> None:
        self.judge, self.known, self.patience, self.unpacked = judge, known, patience, unpacked
        self.left = deque(tasks)
        self.received: list[list[tuple[int, _T | Refused]]] = [[] for _ in tasks]
        self.finished = 0
        self.failed = False
        self.error: Exception | None = None
        self._lock = threading.Lock()

    def next(self) -> Task | None:
        """Return the next file to read, None where none are left."""
        with self._lock:
            return self.left.popleft() if self.left else None

    def ask_again(self, task: Task, index: int, ids: Sequence[str]) -> None:
        """Let what lies at a place in a file be read once more, with the skemaer it may be."""
        with self._lock:
            self.left.append(replace(task, skip=set(), only=index, forms=self.known(ids) if self.known else {}))

    def end(self, task: Task) -> None:
        """Count a file as read."""
        if task.only is None:
            with self._lock:
                self.finished += 1


class _WorkerThread(threading.Thread):
    """Sends files to one worker process, receives its answers, and begins another process where it ends."""

    def __init__(self, run: _Run[Any]) -> None:
        super().__init__(daemon=True)
        self.shared = run
        self.process: subprocess.Popen[bytes] | None = None
        self.deadline = float("inf")
        self.late = False
        self.failed_starts = 0

    def run(self) -> None:
        """Work until there are no files left."""
        try:
            while not self.shared.failed and (task := self.shared.next()) is not None:
                self._carry_out(task)
        except OSError:  # no worker could begin
            self.shared.failed = True
        except Exception as error:  # raised where somebody sees it, see `read_all`
            self.shared.error, self.shared.failed = error, True
        if self.shared.failed:
            self.end()
        elif self.process is not None:  # it waits for the next run
            _parked.append(self.process)
        self.process, self.deadline = None, float("inf")

    def stop_if_late(self) -> None:
        """Stop the worker where the file that it reads has taken too long; called from the main thread."""
        process = self.process
        if process is not None and time.monotonic() > self.deadline and not self.late:
            self.late = True
            process.kill()

    def end(self) -> None:
        """End the worker."""
        process, self.process, self.deadline = self.process, None, float("inf")
        if process is not None:
            _end(process)

    def _carry_out(self, task: Task) -> None:
        """Have a file read, and take in what the worker says of it."""
        opened: tuple[int, str, str] | None = None
        for kind, *about in self._answers(task):
            self.deadline, self.failed_starts = time.monotonic() + self.shared.patience, 0
            if kind == "done":
                self.shared.end(task)
                return
            if kind == "opens":
                opened = (about[0], about[1], about[2])
                continue
            index, said = about
            if kind == "lacks":
                self.shared.ask_again(task, index, said)
            else:
                self.shared.received[task.number].append((index, self.shared.unpacked(said)))
            task.skip.add(index)
            opened = (-1, tidy(Path(task.path).name), "")
        self._leave(task, opened)

    def _answers(self, task: Task) -> Iterator[list[Any]]:
        """Send a file to the worker and yield what it says, until it ends."""
        message = pickle.dumps(task)
        if self.process is None:
            self.process = _unparked() or begin_worker()
            self.deadline = time.monotonic() + _SECONDS_TO_BEGIN
            message = self.shared.judge + message
        process = self.process
        assert process.stdin is not None and process.stdout is not None
        with suppress(OSError):  # a worker that has died is found when it is listened to
            process.stdin.write(message)
            process.stdin.flush()
        while (line := process.stdout.readline()).endswith(b"\n"):  # it may be stopped in the middle of a line
            yield json.loads(line)

    def _leave(self, task: Task, opened: tuple[int, str, str] | None) -> None:
        """Refuse what was open when the worker ended, and let another worker read the rest."""
        self.late = self.late or (self.process is not None and self.process.wait() == _TOO_SLOW)
        self.end()
        if opened is None:
            self.failed_starts += 1
            self.shared.failed = self.failed_starts >= _MOST_FAILED_STARTS
        else:
            self._refuse(task, *opened)
        if opened is not None and opened[0] < 0:  # the file itself can't be looked into any further
            self.shared.end(task)
        else:
            self.shared.left.appendleft(task)
        self.late = False

    def _refuse(self, task: Task, index: int, name: str, container: str) -> None:
        code = "file-too-slow" if self.late else "file-crashes"
        inside = f"{index}/{container}/{name}" if container else ""
        source = Source(_fingerprint(Path(task.path), inside, self.late), name, container)
        refused = Refused(source, problem(code, Place(name, container=container)))
        self.shared.received[task.number].append((index if index >= 0 else _LAST, refused))
        task.skip.add(index)


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
    with suppress(OSError), process:  # which closes its pipes and waits for it
        process.kill()


# ---------------------------------------------------------------- in the worker

class _Wanted(dict[str, Form]):
    """Skemaer by id that remembers which ids were asked for in vain."""

    def __init__(self, known: Mapping[str, Form]) -> None:
        super().__init__(known)
        self.lacking: list[str] = []

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        if key not in self and 0 < len(key) <= _LONGEST_ID:
            self.lacking.append(key)
        return super().get(key, default)


class _Watch(threading.Thread):
    """Ends the worker where a file takes more of the processor's time than it may."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.until = float("inf")

    def run(self) -> None:
        """Look now and then; what parses files lets other threads in meanwhile."""
        while time.process_time() < self.until:
            time.sleep(_LOOK_EVERY)
        os._exit(_TOO_SLOW)


def main() -> None:
    """Answer tasks until there are no more."""
    _limit_memory()
    watch = _Watch()
    watch.start()
    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # nothing that a library prints may stand among the answers
    gc.freeze()
    gc.disable()  # what a file leaves behind is let go of now and then, not in the middle of one
    for number in count(1):
        if number % _FILES_BETWEEN_TIDYING == 0:
            gc.collect()
        try:
            message: Task | Judge | Share = pickle.load(tasks)
        except EOFError:
            return
        if isinstance(message, Share):
            pickle.dump(message.done(), answers)
            answers.flush()
            gc.collect()
            continue
        if isinstance(message, Judge):
            judging = _judging(message)
            continue
        for line in _carry_out(message, judging):
            watch.until = float("inf") if line[0] == "done" else time.process_time() + message.seconds
            answers.write(json.dumps(line).encode() + b"\n")
            answers.flush()


def _judging(judge: Judge) -> Judging:
    module, _, name = judge.address.partition(":")
    function = getattr(import_module(module), name)
    return lambda found, known: function(found, judge.given, known)


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _carry_out(task: Task, judging: Judging) -> Iterator[tuple[object, ...]]:
    path = Path(task.path)
    yield "opens", -1, tidy(path.name), ""
    for index, found in enumerate(_contents(path)):
        if index in task.skip or task.only not in (None, index):
            continue
        what = found if not isinstance(found, Found) else Opened(found, Source(
            digest(found.data), tidy(found.name), found.container, found.sender, found.when))
        source = what.source
        yield "opens", index, source.name, source.container
        known = _Wanted(task.forms)
        try:
            text, refused = judging(what, known)
        except MemoryError:
            too_big = problem("file-too-big", Place(source.name, container=source.container))
            text, refused = judging(Refused(source, too_big), {})
        if known.lacking and refused and task.only is None:
            yield "lacks", index, known.lacking
        else:
            yield "read", index, text
    yield ("done",)


def _contents(path: Path) -> Iterable[Found | IncomingMail | Refused]:
    """Return a plain workbook, what lies in an archive or a mail, or why a file can't be opened at all."""
    name = tidy(path.name)
    where = Source(digest(str(path).encode("utf-8", "surrogatepass")), name)
    if not_fetched(path.name):
        return (Refused(where, problem("file-not-fetched", Place(name))),)
    try:
        data = reachable(path).read_bytes()
    except OSError as error:
        return (Refused(where, problem("file-busy", Place(name), why=danish_reason(error))),)
    except MemoryError:
        return (Refused(where, problem("file-too-big", Place(name))),)
    plain = path.suffix.lower() in WORKBOOK_SUFFIXES and b"[Content_Types].xml" in data
    return (Found(name, data),) if plain else unpack(data, name)


def _other_file(found: Found, place: Place) -> Finding:
    """Say what a file is that isn't called a workbook: a shortcut to one or an old format needs something done."""
    if found.data.startswith(b"\xef\xbb\xbfTil: ") and b"\r\nEmne: " in found.data[:20_000]:
        return problem("mail-draft", place)  # the text to copy that lies beside a draft
    told = why_unreadable(found.data, found.name, place)
    return told if told.code in ("file-shortcut", "file-old") else problem("file-kind", place)
