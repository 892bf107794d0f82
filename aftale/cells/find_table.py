"""Finding things in a sheet by what stands there: tables by their headers, single values by their labels."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from aftale.model.columns import Column, header_map
from aftale.model.text import canonical, fold, tidy
from aftale.model.workbook import Row, Workbook, WorkbookSheet, is_filled

YEAR = re.compile(r"(19|20)\d\d")
_HEADER_YEAR = re.compile(r"(?P<first>(?:19|20)\d\d)(?: ?[/-] ?(?P<last>\d{4}|\d\d))?")
_LONGEST_HEADER = 80
_WHOLE_TABLE = 6
"""So many of its headers make a table that stands beside or below another one; fewer are columns that stand twice."""
_MOST_OTHERS, _MOST_HEADER_ROWS = 20, 500
_ENDLESS = 1 << 30


@dataclass(frozen=True)
class FoundTable:
    """Where a table stands: its header row, the column of each known key, and the unknown headers (zero-based).

    ``doubled`` are the headers that stand twice; the first of each is the one in ``columns``. ``area`` are the first
    column, and the row and column after the last, that belong to the table. ``repeats`` are rows under the header where
    it stands once more in the same columns, and ``others`` the other tables on the same sheet. ``read_as`` are the
    headers that were recognised though they are spelt in another way: by key the text and the rule.
    """

    sheet: WorkbookSheet
    row: int
    columns: Mapping[str, int]
    extra: Mapping[int, str] = field(default_factory=dict)
    doubled: tuple[str, ...] = ()
    area: tuple[int, int, int] = (0, _ENDLESS, _ENDLESS)
    repeats: frozenset[int] = frozenset()
    others: tuple[FoundTable, ...] = ()
    read_as: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def value(self, row: int, key: str) -> object:
        """Return what stands in a row under a known header, None where the column isn't there."""
        column = self.columns.get(key)
        return None if column is None else self.sheet.value(row, column)

    def data_rows(self) -> Iterator[int]:
        """Yield the numbers of the rows under the header that hold anything at all."""
        for row in range(self.row + 1, min(self.area[1], len(self.sheet.rows))):
            if row not in self.repeats and any(is_filled(value) for value in self.sheet.rows[row]):
                yield row

    def holds(self, row: int, column: int) -> bool:
        """Tell whether a cell stands in the table, its header included."""
        first, bottom, right = self.area
        return self.row <= row < bottom and first <= column < right


def find_table(sheet: WorkbookSheet, columns: Iterable[Column], needed: Iterable[str], least: int = 3) -> FoundTable | None:
    """Find the table with these headers: the row with most of them, the first where several have as many.

    ``needed``: at least one of these keys must be among them; ``least``: how many headers make a table.
    """
    known = _known(tuple(columns))
    wanted = set(needed)
    rows = {}
    for number, row in enumerate(sheet.rows):
        named = list(_named(row, known))
        if len(named) >= least:
            rows[number] = named
            if len(rows) == _MOST_HEADER_ROWS:
                break
    found = [table for number, named in rows.items() for block in _side_by_side(named)
             if len((table := _found(sheet, number, block)).columns) >= least and wanted & table.columns.keys()]
    if not found:
        return None
    best = max(found, key=lambda table: len(table.columns))  # the first of several
    return best if len(found) == 1 else _among(best, found)


_known = lru_cache(maxsize=32)(header_map)
_Named = tuple[int, Column, str]


def _named(row: Row, known: Mapping[str, Column]) -> Iterator[_Named]:
    """Yield the cells of a row that are known headers: position, column and text."""
    for position, value in enumerate(row):
        if value == "" or value is None:
            continue
        text = value if type(value) is str else canonical(value)
        if len(text) <= _LONGEST_HEADER and (column := known.get(fold(text))) is not None:
            yield position, column, tidy(text)


def _side_by_side(named: Sequence[_Named]) -> list[Sequence[_Named]]:
    """Part a header row where a whole other table begins beside the first, as told by its headers standing again."""
    seen: set[str] = set()
    for at, (_, column, text) in enumerate(named):
        if fold(text) == fold(column.header):
            if column.key in seen:
                again = {each.key for _, each, _ in named[at:]}
                return [named[:at], *_side_by_side(named[at:])] if len(again) >= _WHOLE_TABLE else [named]
            seen.add(column.key)
    return [named]


def _found(sheet: WorkbookSheet, number: int, named: Sequence[_Named]) -> FoundTable:
    columns: dict[str, int] = {}
    # A header that stands as it was given wins over another word for it, wherever the two stand.
    for position, column, _ in sorted(named, key=lambda each: fold(each[2]) != fold(each[1].header)):
        columns.setdefault(column.key, position)
    taken = set(columns.values())
    extra = {position: canonical(value) for position, value in enumerate(sheet.rows[number])
             if position not in taken and is_filled(value)}
    doubled = tuple(column.header for position, column, text in named
                    if position in extra and fold(text) == fold(column.header))
    return FoundTable(sheet, number, columns, extra, doubled)


def _among(best: FoundTable, found: Sequence[FoundTable]) -> FoundTable:
    """Return a table with what else stands on its sheet: its own header once more, or whole other tables."""
    repeats: set[int] = set()
    others: list[FoundTable] = []
    for each in found:
        if each.row > best.row and _same_columns(best, each):
            repeats.add(each.row)
        elif each is not best and len(each.columns) >= _WHOLE_TABLE and len(others) < _MOST_OTHERS:
            others.append(each)
    standing = [_bounded(each, [best, *others]) for each in (best, *others)]
    return replace(standing[0], repeats=frozenset(repeats), others=tuple(standing[1:]))


def _same_columns(one: FoundTable, other: FoundTable) -> bool:
    same = sum(one.columns.get(key) == column for key, column in other.columns.items())
    return 2 * same > len(other.columns)


def _bounded(table: FoundTable, tables: Sequence[FoundTable]) -> FoundTable:
    """Return a table with its area: it ends where another one begins to its right or below it."""
    first, last = min(table.columns.values()), max(table.columns.values())
    beside = [min(each.columns.values()) for each in tables if min(each.columns.values()) > last]
    left_of = [max(each.columns.values()) for each in tables if max(each.columns.values()) < first]
    right = min(beside, default=_ENDLESS)
    below = [each.row for each in tables if each.row > table.row
             and min(each.columns.values()) <= last and max(each.columns.values()) >= first]
    start = first if left_of else 0
    extra = {column: text for column, text in table.extra.items() if start <= column < right}
    doubled = tuple(header for header in table.doubled if header in extra.values())
    return replace(table, extra=extra, doubled=doubled, area=(start, min(below, default=_ENDLESS), right))


def sheets_by_name(book: Workbook, name: str) -> list[WorkbookSheet]:
    """Return all sheets, the one with this name first."""
    return sorted(book.sheets, key=lambda sheet: fold(sheet.name) != fold(name))


def beside_label(sheet: WorkbookSheet, labels: Iterable[str]) -> tuple[int, int, object] | None:
    """Find a label and return (row, column, value) of the cell to the right of it, passing over empty cells.

    A colon after the label is fine. The value is None where nothing stands to the right.
    """
    wanted = {fold(label) for label in labels}
    for r, c, value in sheet.filled():
        if isinstance(value, str) and len(value) <= _LONGEST_HEADER and fold(value).rstrip(" :") in wanted:
            row = sheet.rows[r]
            for position in range(c + 1, min(len(row), c + 6)):
                if is_filled(row[position]):
                    return r, position, row[position]
            return r, c + 1, None
    return None


def closest(text: str, choices: Iterable[str], cutoff: float = 0.6) -> str:
    """Return »Mente du …?« for the choice that is spelt most like a text, '' where none is near."""
    by_fold = {fold(choice): choice for choice in choices}
    near = difflib.get_close_matches(fold(text), by_fold, 1, cutoff)
    return f"Mente du »{by_fold[near[0]]}«?" if near else ""


def header_year(text: str) -> int:
    """Return the year of a header, of ``2018/19`` the one it begins in; 0 where it is none."""
    match = _HEADER_YEAR.fullmatch(fold(text))
    first = int(match["first"]) if match else 0
    return first if match and (not match["last"] or int(match["last"]) in (first + 1, (first + 1) % 100)) else 0


def header_years(sheet: WorkbookSheet) -> tuple[int, ...]:
    """Return the years that stand as headers beside other headers of goals, in the order they stand.

    A school year (``2018/19``) is the year that it begins in.
    """
    for row in sheet.rows:
        texts = [canonical(value) for value in row if is_filled(value)]
        if any(fold(text) in ("effektmål", "fokusområde") for text in texts):
            return tuple(year for text in texts if (year := header_year(text)))
    return ()
