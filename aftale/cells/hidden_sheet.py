"""The hidden sheet ``_aftale``: one long table ``post · nøgle · felt · type · værdi`` for every kind of workbook.

Its first line is the format's number, its last one a seal. A record of many fields is one line of JSON with named fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256
from math import isfinite
from typing import Any

from aftale.model.agreement import Value
from aftale.model.columns import RECORD, RECORD_COLUMNS
from aftale.model.text import canonical, fold, piece_end, tidy
from aftale.model.workbook import Workbook, WorkbookSheet

Line = tuple[str, str, str, str, str]
CHUNK = 30_000
"""Longer texts stand on several lines, so that every program can hold them in a cell."""
SHORT = 240
"""The same for a skema, which comes back from programs that keep 255 characters of a cell in .xls (SheetJS)."""
FORMAT = 1
"""The number of the format that this version writes, and the highest that it can read.

A new field needs no new number: who doesn't know it keeps it. Raise it where an earlier version would take something for
what it isn't: a field that means something else, a new word in a list such as `Method`, another line for the same thing.
"""
SEAL = "segl"
JSON = "json"
CONTENT = "indhold"
"""The field of a line that holds a whole record as JSON."""
_NUMBER = "format"
_MORE = "+"
_PART = "json, ukendte felter"
_WIDTH = len(RECORD_COLUMNS)


def line(post: str, key: str, name: str, value: Value, kind: str = "", most: int = CHUNK) -> Iterator[Line]:
    """Yield the line of one value (several where its text is longer than ``most``); nothing for None.

    No piece begins or ends with a space: programs trim cells.
    """
    if value is None:
        return
    kind = kind or ("tal" if isinstance(value, float | int) else "dato" if isinstance(value, date) else "tekst")
    text = value if isinstance(value, str) else canonical(value)
    for number, piece in enumerate(_pieces(text, most)):
        yield post, key, name, kind if number == 0 else kind + _MORE, piece


def _pieces(text: str, most: int) -> Iterator[str]:
    start = 0
    while (end := piece_end(text, start, most)) < len(text):
        while end > start + 1 and (text[end - 1].isspace() or text[end].isspace()):
            end -= 1
        yield text[start:end]
        start = end
    yield text[start:]


def sealed(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines with a first one that says their format, and a last one that proves them unchanged.

    Lines that were sealed before may be among them.
    """
    lines = (*line(_NUMBER, "", "nummer", float(FORMAT)), *(each for each in lines if each[0] not in (_NUMBER, SEAL)))
    return (*lines, (SEAL, "", "sha256", "tekst", _hash(lines)))


def _hash(lines: Iterable[Line]) -> str:
    text = "\n".join("\t".join(tidy(part) for part in each) for each in lines)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Record:
    """The lines of an ``_aftale`` sheet, by post and key in their order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple([each for each in lines if each[0] != SEAL])
        seals = [each[4] for each in lines if each[0] == SEAL]
        self.intact = bool(seals) and seals[-1] == _hash(self.lines)
        self.seal = seals[-1] if self.intact else ""

    @cached_property
    def _values(self) -> dict[str, dict[str, dict[str, Value]]]:
        """The values by post, key and field."""
        values: dict[str, dict[str, dict[str, Value]]] = {}
        for (post, key, name), (kind, text) in _joined(self.lines).items():
            values.setdefault(post, {}).setdefault(key, {})[name] = text if kind == "tekst" else _value(kind, text)
        return values

    def keys(self, post: str) -> tuple[str, ...]:
        """Return the keys of a post, in order."""
        return tuple(self._values.get(post, ()))

    def fields(self, post: str, key: str = "") -> dict[str, Value]:
        """Return a key's values by field."""
        return self._values.get(post, {}).get(key, {})

    def text(self, post: str, key: str, name: str) -> str:
        """Return one value as text, '' where it isn't there."""
        return canonical(self.fields(post, key).get(name))

    def number(self, post: str, key: str, name: str) -> int:
        """Return one value as a whole number, 0 where it isn't there."""
        value = self.fields(post, key).get(name)
        return int(value) if isinstance(value, float | int) else 0


def _joined(lines: Iterable[Line]) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return the type and the whole text by post, key and field."""
    found: dict[tuple[str, str, str], tuple[str, str]] = {}
    for post, key, name, kind, text in lines:
        at = (post, key, name)
        if kind.endswith(_MORE):
            first = found.get(at, (kind.removesuffix(_MORE), ""))
            found[at] = first[0], first[1] + text
        else:
            found[at] = kind, text
    return found


def _value(kind: str, text: str) -> Value:
    try:
        if kind == "tal":
            return float(text) if isfinite(float(text)) else text
        if kind == "dato":
            return date.fromisoformat(text)
    except ValueError:
        return text
    return text


def find_record(book: Workbook) -> tuple[WorkbookSheet | None, Record]:
    """Find and read a workbook's ``_aftale`` sheet; by its name, else by its header row."""
    sheet, rows = _find(book)
    return sheet, Record(_lines(rows))


def is_newer(book: Workbook) -> bool:
    """Tell whether a newer version of aftale made a workbook, so that this one would misread what it remembers.

    The number counts wherever it stands, also where somebody has sorted the sheet or put in a row above it.
    """
    told = _lines([row for row in _find(book)[1] if row and row[0] == _NUMBER])
    numbers = (_value(kind, text) for _, _, _, kind, text in told)
    return any(isinstance(number, float) and number > FORMAT for number in numbers)


def _find(book: Workbook) -> tuple[WorkbookSheet | None, Sequence[Sequence[object]]]:
    """Find the sheet and the rows of a workbook's record."""
    wanted = [fold(column.header) for column in RECORD_COLUMNS]
    for sheet in sorted(book.sheets, key=lambda each: fold(each.name) != RECORD):
        top = next((r for r, row in enumerate(sheet.rows[:5]) if [fold(v) for v in row[:5]] == wanted), None)
        if top is not None:
            return sheet, sheet.rows[top + 1:]
    return None, ()


def _lines(rows: Sequence[Sequence[object]]) -> list[Line]:
    """Return the lines of a record's rows; empty ones, and what somebody wrote under them, are left out."""
    heads = (tuple([value if type(value) is str else canonical(value) for value in row[:_WIDTH]]) for row in rows)
    return [(*head, *[""] * (_WIDTH - len(head))) for head in heads if is_line(head)]  # type: ignore[misc]


def is_line(row: Sequence[object]) -> bool:
    """Tell whether a row of the sheet is a line of ours, or its header: those have a post, a field and a type."""
    return len(row) >= _WIDTH - 1 and bool(row[0]) and bool(row[2]) and bool(row[3])


AGREEMENT_KIND, FOLLOWUP_KIND = "aftale", "opfølgning"
EDITION, EDITION_KEY = "kse", "kse"
RECEIVED = "modtaget"
"""The post of a follow-up with a line for each file that was received: what was read of it, as JSON text."""


def is_edition(record: Record) -> bool:
    """Tell whether a record is that of KSE's edition."""
    return record.text(AGREEMENT_KIND, "", "udgave") == EDITION


def is_followup(record: Record) -> bool:
    """Tell whether a record is that of the follow-up itself, which the coordinator works in."""
    return record.text(AGREEMENT_KIND, "", "slags") == FOLLOWUP_KIND and not is_edition(record)


# ---------------------------------------------------------------- what a newer version has added

def unknown_lines(record: Record, ours: Iterable[Line]) -> tuple[Line, ...]:
    """Return what a record holds that this version doesn't know, to be kept by `with_unknown` when it is written again.

    ``ours`` are the lines that this version would write of what it has read: the rest is unknown. Of a line of JSON that
    both have, only the fields that are unknown are returned.
    """
    known, found = _joined(ours), []
    for at, (kind, text) in _joined(record.lines).items():
        if at not in known:
            found += [(*at, kind, text)] if at[0] != _NUMBER else []
        elif kind == JSON and text != known[at][1]:
            more = unknown_fields(json.loads(text), json.loads(known[at][1]))
            found += [(*at, _PART, json.dumps(more))] if more else []
    return tuple(found)


def with_unknown(ours: Iterable[Line], unknown: Sequence[Line]) -> Iterator[Line]:
    """Yield our lines with what isn't known to this version: in the lines that it stood in, and after all of them."""
    if not unknown:
        yield from ours
        return
    written, parts = _joined(ours), {each[:3]: each[4] for each in unknown if each[3] == _PART}
    for at, (kind, text) in written.items():
        if at in parts and kind == JSON:
            text = json_text(with_fields(json.loads(text), json.loads(parts[at])))
        yield from line(*at, text, kind)
    for post, key, name, kind, text in unknown:
        if kind != _PART and (post, key, name) not in written:
            yield from line(post, key, name, text, kind)


def json_text(plain: object, in_order: bool = False) -> str:
    """Return lists, texts and numbers as JSON that no program changes by normalising the letters of its cell.

    ``in_order`` sorts the fields.
    """
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=in_order)
    # A combining mark after »\n« would be joined with its n: then nothing but ASCII.
    return text if tidy(text) == text else json.dumps(plain, separators=(",", ":"), sort_keys=in_order)


def unknown_fields(read: Any, ours: Any) -> Any:
    """Return the fields of what was read that ours lacks; in a list beside what we know of the element they stand in."""
    if isinstance(read, dict) and isinstance(ours, dict):
        return {key: more for key, value in read.items()
                if (more := unknown_fields(value, ours[key]) if key in ours else value) or key not in ours}
    if isinstance(read, list) and isinstance(ours, list) and len(read) == len(ours):
        return [[mine, more] for each, mine in zip(read, ours, strict=True) if (more := unknown_fields(each, mine))]
    return None


def with_fields(ours: Any, unknown: Any) -> Any:
    """Return ours with the fields that `unknown_fields` found, in the records that they stood in where those are there."""
    if isinstance(ours, dict) and isinstance(unknown, dict):
        return {**ours, **{key: with_fields(ours[key], more) if key in ours else more for key, more in unknown.items()}}
    if isinstance(ours, list) and isinstance(unknown, list):
        of = {json.dumps(mine): more for mine, more in unknown}
        return [with_fields(each, of.get(json.dumps(each))) for each in ours]
    return ours
