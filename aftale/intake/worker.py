"""The process that opens people's files: where it is stopped or ends, only the file that it reads is lost.

It is given what judges the files (`Judge`), and then tasks, on standard input, and answers with lines on standard output.
Each line is a JSON list: ``["opens", index, name, container]`` before anything is opened (what lies in a file is counted
from 0; -1 is the file itself), ``["read", index, text]`` with the text that the judge made of it, ``["lacks", index, ids]``
where the skemaer with these ids must be known before it can be judged, and ``["done"]`` at the end of a file.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path

from aftale.intake.read import read_bytes
from aftale.intake.unpack import WORKBOOK_SUFFIXES, unpack
from aftale.intake.why_unreadable import why_unreadable
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import Found, IncomingMail, Refused
from aftale.model.text import tidy
from aftale.model.workbook import Workbook
from aftale.office.safe_write import danish_reason, digest, reachable

_LONGEST_ID = 20
_FILES_BETWEEN_TIDYING = 50
MEMORY = 512 * 1024 * 1024
"""How much memory a worker may take, in bytes (on Linux, where the system can be told)."""


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

    def read(self, returned: bool = False) -> Workbook | Finding:
        """Return what stands in it, or why it can't be read; ``returned`` as `read_bytes` has it."""
        if Path(self.found.name).suffix.lower() not in WORKBOOK_SUFFIXES:
            return _other_file(self.found, Place(self.source.name, container=self.source.container))
        return read_bytes(self.found.data, self.source, returned=returned)


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


class _Wanted(dict[str, Form]):
    """Skemaer by id that remembers which ids were asked for in vain."""

    def __init__(self, known: Mapping[str, Form]) -> None:
        super().__init__(known)
        self.lacking: list[str] = []

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        if key not in self and 0 < len(key) <= _LONGEST_ID:
            self.lacking.append(key)
        return super().get(key, default)


def main() -> None:
    """Answer tasks until there are no more."""
    _limit_memory()
    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # nothing that a library prints may stand among the answers
    gc.freeze()
    gc.disable()  # what a file leaves behind is let go of now and then, not in the middle of one
    for number in count(1):
        if number % _FILES_BETWEEN_TIDYING == 0:
            gc.collect()
        try:
            message: Task | Judge = pickle.load(tasks)
        except EOFError:
            return
        if isinstance(message, Judge):
            judging = _judging(message)
            continue
        for line in _carry_out(message, judging):
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


if __name__ == "__main__":
    main()
