"""The process that opens people's files: it may be stopped or die, and takes nothing but the file at hand with it.

It is given what is expected (skemaer of an agreement, or follow-ups of any unit), and then tasks, on standard input, and
answers with lines on standard output. Each line is a JSON list: ``["opens", index, name, container]`` before anything is
opened (what lies in a file is counted from 0; -1 is the file itself), ``["read", index]`` and on the next line what was
read (see `rules.packing` and `rules.unit_packing`), ``["lacks", index, ids]`` where the skemaer with these ids must be
known before it can be, and ``["done"]`` at the end of a file.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import BinaryIO

from aftale.forms.returned import Expected, Refused, Returned
from aftale.intake.read import read_bytes
from aftale.intake.unpack import WORKBOOK_SUFFIXES, conflict_copy, unpack
from aftale.intake.why_unreadable import why_unreadable
from aftale.kse.edition import judge_any
from aftale.merge.state_json import Received, packed
from aftale.model.agreement import Form, Place, Source
from aftale.model.problems import Problem, problem
from aftale.model.text import tidy
from aftale.model.workbook import Found, Letter
from aftale.office.safe_write import danish_reason, digest, reachable
from aftale.units.model import AnyUnit

_LONGEST_ID = 20
_FILES_BETWEEN_TIDYING = 50
_WORDS = frozenset(("opens", "read", "lacks", "done"))
MEMORY = 512 * 1024 * 1024
"""How much memory a worker may take, in bytes (on Linux, where the system can be told)."""


@dataclass(frozen=True)
class Task:
    """A file to open: what lies at ``skip`` in it is already read, or has stopped a worker before.

    With ``only``, just that is wanted, and ``forms`` are the skemaer it may be, because it said too little of itself.
    """

    path: str
    skip: frozenset[int] = frozenset()
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
            message: Task | Expected | AnyUnit = pickle.load(tasks)
        except EOFError:
            return
        if isinstance(message, Expected | AnyUnit):
            expected = message
            continue
        for line in _carry_out(message, expected):
            _say(answers, *line)
        _say(answers, "done")


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(answers: BinaryIO, *line: object) -> None:
    text = line[0] if line[0] not in _WORDS and isinstance(line[0], str) else json.dumps(line)
    answers.write(text.encode("utf-8", "surrogatepass") + b"\n")
    if line[0] != "read":  # which is nothing without the line that follows
        answers.flush()


def _carry_out(task: Task, expected: Expected | AnyUnit) -> Iterator[tuple[object, ...]]:
    path = Path(task.path)
    yield "opens", -1, tidy(path.name), ""
    for index, found in enumerate(_contents(path)):
        if index in task.skip or task.only not in (None, index):
            continue
        source = found.source if not isinstance(found, Found) else Source(
            digest(found.data), tidy(found.name), found.container, found.sender, found.when)
        yield "opens", index, source.name, source.container
        known = _Wanted(task.forms)
        try:
            text, refused = _read(found, source, expected, known)
        except MemoryError:
            refused = True
            text = packed(Refused(source, problem("file-too-big", Place(source.name, container=source.container))))
        if known.lacking and refused and task.only is None:
            yield "lacks", index, known.lacking
        else:
            yield "read", index
            yield (text,)


def _read(found: Found | Letter | Refused, source: Source, expected: Expected | AnyUnit,
          known: Mapping[str, Form]) -> tuple[str, bool]:
    """Read what was found; returns it as text, and whether it was refused."""
    if isinstance(expected, AnyUnit):
        return _unit(found, source), False
    received = _received(found, source, replace(expected, forms=known)) if isinstance(found, Found) else found
    return packed(received), isinstance(received, Refused)


def _contents(path: Path) -> Iterable[Found | Letter | Refused]:
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


def _received(found: Found, source: Source, expected: Expected) -> Received:
    if Path(found.name).suffix.lower() not in WORKBOOK_SUFFIXES:
        return Refused(source, _other_file(found, Place(source.name, container=source.container)))
    book = read_bytes(found.data, source, returned=True)
    judged = Refused(source, book) if isinstance(book, Problem) else judge_any(
        book, expected, lambda: read_bytes(found.data, source))
    program = conflict_copy(source.name)
    if program and isinstance(judged, Returned):
        about = problem("sync-conflict", Place(source.name, container=source.container), value=program)
        return replace(judged, problems=(about, *judged.problems))
    return judged


def _unit(found: Found | Letter | Refused, source: Source) -> str:
    """Return what `saml` keeps of something that was found, as text."""
    from aftale.units.read_unit import unit_of
    from aftale.units.unit_json import packed_unit  # which only those pay for who gather follow-ups
    if not isinstance(found, Found):
        return packed_unit(found)
    if Path(found.name).suffix.lower() not in WORKBOOK_SUFFIXES:
        return packed_unit(Refused(source, _other_file(found, Place(source.name, container=source.container))))
    book = read_bytes(found.data, source)
    return packed_unit(Refused(source, book) if isinstance(book, Problem) else unit_of(book))


def _other_file(found: Found, place: Place) -> Problem:
    """Say what a file is that isn't called a workbook: a shortcut to one or an old format needs something done."""
    if found.data.startswith(b"\xef\xbb\xbfTil: ") and b"\r\nEmne: " in found.data[:20_000]:
        return problem("mail-draft", place)  # the text to copy that lies beside a draft
    told = why_unreadable(found.data, found.name, place)
    return told if told.code in ("file-shortcut", "file-old") else problem("file-kind", place)


if __name__ == "__main__":
    main()
