"""Finding things in a sheet by what stands there: tables by their headers, single values by their labels."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from aftale.words.raw import RawBook, RawSheet, Row, is_filled
from aftale.words.sheets import Col, header_map
from aftale.words.text import canonical, fold, tidy

YEAR = re.compile(r"(19|20)\d\d")
_LONGEST_HEADER = 80


@dataclass(frozen=True)
class FoundTable:
    """Where a table stands: its header row, the column of each known key, and the unknown headers (zero-based).

    ``doubled`` are the headers that stand twice; the first of each is the one in ``columns``.
    """

    sheet: RawSheet
    row: int
    columns: Mapping[str, int]
    extra: Mapping[int, str] = field(default_factory=dict)
    doubled: tuple[str, ...] = ()

    def value(self, row: int, key: str) -> object:
        """Return what stands in a row under a known header, None where the column isn't there."""
        column = self.columns.get(key)
        return None if column is None else self.sheet.value(row, column)

    def data_rows(self) -> Iterator[int]:
        """Yield the numbers of the rows under the header that hold anything at all."""
        for row in range(self.row + 1, len(self.sheet.rows)):
            if any(is_filled(value) for value in self.sheet.rows[row]):
                yield row


def find_table(sheet: RawSheet, columns: Iterable[Col], needed: Iterable[str], least: int = 3) -> FoundTable | None:
    """Find the table with these headers: the row with most of them, the first where several have as many.

    ``needed``: at least one of these keys must be among them; ``least``: how many headers make a table.
    """
    known = _known(tuple(columns))
    wanted = set(needed)
    best: FoundTable | None = None
    for number, row in enumerate(sheet.rows):
        named = list(_named(row, known))
        if len(named) < least:
            continue
        found: dict[str, int] = {}
        # A header that stands as it was given wins over another word for it, wherever the two stand.
        for position, column, _ in sorted(named, key=lambda each: fold(each[2]) != fold(each[1].header)):
            found.setdefault(column.key, position)
        if len(found) >= least and wanted & found.keys() and (best is None or len(found) > len(best.columns)):
            best = _found(sheet, number, found, named)
    return best


_known = lru_cache(maxsize=32)(header_map)


def _named(row: Row, known: Mapping[str, Col]) -> Iterator[tuple[int, Col, str]]:
    """Yield the cells of a row that are known headers: position, column and text."""
    for position, value in enumerate(row):
        if value == "" or value is None:
            continue
        text = value if type(value) is str else canonical(value)
        if len(text) <= _LONGEST_HEADER and (column := known.get(fold(text))):
            yield position, column, tidy(text)


def _found(sheet: RawSheet, number: int, found: Mapping[str, int], named: Iterable[tuple[int, Col, str]]) -> FoundTable:
    taken = set(found.values())
    extra = {position: canonical(value) for position, value in enumerate(sheet.rows[number])
             if position not in taken and is_filled(value)}
    doubled = tuple(column.header for position, column, text in named
                    if position in extra and fold(text) == fold(column.header))
    return FoundTable(sheet, number, found, extra, doubled)


def sheets_by_name(book: RawBook, name: str) -> list[RawSheet]:
    """Return all sheets, the one with this name first."""
    return sorted(book.sheets, key=lambda sheet: fold(sheet.name) != fold(name))


def beside_label(sheet: RawSheet, labels: Iterable[str]) -> tuple[int, int, object] | None:
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
    """Return «Mente du …?» for the choice that is spelt most like a text, '' where none is near."""
    by_fold = {fold(choice): choice for choice in choices}
    near = difflib.get_close_matches(fold(text), by_fold, 1, cutoff)
    return f"Mente du «{by_fold[near[0]]}»?" if near else ""


def header_years(sheet: RawSheet) -> tuple[int, ...]:
    """Return the years that stand as headers beside other headers of goals, in the order they stand."""
    for row in sheet.rows:
        texts = [canonical(value) for value in row if is_filled(value)]
        if any(fold(text) in ("effektmål", "fokusområde") for text in texts):
            return tuple(int(text) for text in texts if YEAR.fullmatch(text))
    return ()
