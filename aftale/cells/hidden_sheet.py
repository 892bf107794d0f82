"""The hidden sheet ``_aftale``: one long table ``post · nøgle · felt · type · værdi`` for every kind of workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import chain

from aftale.model.agreement import Value
from aftale.model.columns import RECORD, RECORD_COLUMNS
from aftale.model.text import canonical, fold, split_at_limit, tidy
from aftale.model.workbook import Workbook, WorkbookSheet

Line = tuple[str, str, str, str, str]
CHUNK = 30_000
"""Longer texts stand on several lines, so that every program can hold them in a cell."""
SEAL = "segl"
_MORE = "+"
_EMPTY = ("",) * len(RECORD_COLUMNS)


def line(post: str, key: str, name: str, value: Value, kind: str = "") -> Iterator[Line]:
    """Yield the line of one value (several where its text is too long for a cell); nothing for None."""
    if value is None:
        return
    kind = kind or ("tal" if isinstance(value, float | int) else "dato" if isinstance(value, date) else "tekst")
    text = value if isinstance(value, str) else canonical(value)
    for number, piece in enumerate(split_at_limit(text, CHUNK)):
        yield post, key, name, kind if number == 0 else kind + _MORE, piece


def sealed(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines with a last one that proves them unchanged."""
    lines = tuple(lines)
    return (*lines, (SEAL, "", "sha256", "tekst", _hash(lines)))


def with_lines(record: Sequence[Line], more: Iterable[Line]) -> tuple[Line, ...]:
    """Return a sealed record with more lines in it, sealed again."""
    return sealed((*(each for each in record if each[0] != SEAL), *more))


def _raw_hash(lines: Iterable[Line]) -> str:
    return sha256("\n".join(map("\t".join, lines)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _hash(lines: Iterable[Line]) -> str:
    text = "\n".join("\t".join(tidy(part) for part in each) for each in lines)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Record:
    """The lines of an ``_aftale`` sheet, by post and key in their order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple([each for each in lines if each[0] != SEAL])
        seals = [each[4] for each in lines if each[0] == SEAL]
        self.intact = bool(seals) and (seals[-1] == _raw_hash(self.lines) or seals[-1] == _hash(self.lines))
        self.seal = seals[-1] if self.intact else ""

    @cached_property
    def _both(self) -> tuple[dict[str, dict[str, dict[str, Value]]], dict[tuple[str, str], dict[str, str]]]:
        """The values by post, key and field, and the types of those that aren't plain text."""
        values: dict[str, dict[str, dict[str, Value]]] = {}
        kinds: dict[tuple[str, str], dict[str, str]] = {}
        for post, key, name, kind, text in self.lines:
            fields = values.setdefault(post, {}).setdefault(key, {})
            if kind == "tekst":
                fields[name] = text
            elif kind.endswith(_MORE):
                fields[name] = f"{fields.get(name, '')}{text}"
            else:
                fields[name] = _value(kind, text)
                kinds.setdefault((post, key), {})[name] = kind
        return values, kinds

    def keys(self, post: str) -> tuple[str, ...]:
        """Return the keys of a post, in order."""
        return tuple(self._both[0].get(post, ()))

    def fields(self, post: str, key: str = "") -> dict[str, Value]:
        """Return a key's values by field."""
        return self._both[0].get(post, {}).get(key, {})

    def kinds(self, post: str, key: str = "") -> dict[str, str]:
        """Return the type of each of a key's fields, plain text left out."""
        return self._both[1].get((post, key), {})

    def text(self, post: str, key: str, name: str) -> str:
        """Return one value as text, '' where it isn't there."""
        return canonical(self.fields(post, key).get(name))

    def number(self, post: str, key: str, name: str) -> int:
        """Return one value as a whole number, 0 where it isn't there."""
        value = self.fields(post, key).get(name)
        return int(value) if isinstance(value, float | int) else 0


def _value(kind: str, text: str) -> Value:
    try:
        if kind == "tal":
            return float(text)
        if kind == "dato":
            return date.fromisoformat(text)
    except ValueError:
        return text
    return text


def find_record(book: Workbook) -> tuple[WorkbookSheet | None, Record]:
    """Find and read a workbook's ``_aftale`` sheet; by its name, else by its header row."""
    wanted = [fold(column.header) for column in RECORD_COLUMNS]
    for sheet in sorted(book.sheets, key=lambda each: fold(each.name) != RECORD):
        top = next((r for r, row in enumerate(sheet.rows[:5]) if [fold(v) for v in row[:5]] == wanted), None)
        if top is not None:
            return sheet, Record(_lines(sheet.rows[top + 1:]))
    return None, Record(())


def _lines(rows: Sequence[Sequence[object]]) -> list[Line]:
    """Return the lines of a record's rows; empty ones are left out."""
    width = len(RECORD_COLUMNS)
    heads = [tuple(row[:width]) for row in rows]
    if set(map(type, chain.from_iterable(heads))) <= {str} and set(map(len, heads)) <= {width}:
        return [head for head in heads if head != _EMPTY]  # type: ignore[misc]
    return [each for row in rows if any(each := _line(row))]


def _line(row: Sequence[object]) -> Line:
    post, key, name, kind, value, *_ = row if len(row) >= len(RECORD_COLUMNS) else (*row, *[""] * len(RECORD_COLUMNS))
    if type(post) is type(key) is type(name) is type(kind) is type(value) is str:
        return post, key, name, kind, value
    return canonical(post), canonical(key), canonical(name), canonical(kind), canonical(value)


FOLLOWUP_KIND = "opfølgning"
EDITION = "kse"
EDITION_KEY = "kse"


def is_edition(record: Record) -> bool:
    """Tell whether a record is that of KSE's edition."""
    return record.text(AGREEMENT_KIND, "", "udgave") == EDITION


def is_followup(record: Record) -> bool:
    """Tell whether a record is that of the follow-up itself, which the coordinator works in."""
    return record.text(AGREEMENT_KIND, "", "slags") == FOLLOWUP_KIND and not is_edition(record)


AGREEMENT_KIND = "aftale"
