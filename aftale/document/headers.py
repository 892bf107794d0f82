"""Which columns a document's table has: goals, years, what is said of a goal, and results that are filled in already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aftale.document.words import FIELD_HEADERS, LEVEL_HEADERS
from aftale.model.document import TextCell, TextTable
from aftale.model.text import fold

COMBINED = "combined"
"""The key of a column with both udviklingsmål and fokusområder."""
LEVELS = ("development", "focus", "effect", "sub")
_BRACKETS = re.compile(r"\([^)]*\)")
_YEAR = re.compile(r"(?:år |i )?((?:19|20)[0-9]{2})(?:\s*[-/]\s*((?:19|20)?[0-9]{2}))?")
_OF_A_YEAR = re.compile(r"\s*(?:for |i )?(?:år )?(?:19|20)[0-9]{2}(?:\s*-\s*(?:(?:19|20)?[0-9]{2}))?$")
_NAMES = {word: key for group in (FIELD_HEADERS, LEVEL_HEADERS) for key, words in group.items() for word in words}
_FIRST_ROWS = 5


@dataclass(frozen=True)
class Columns:
    """The columns of a table of goals, by number: a key ('' for what goes to Note), the header as it stands, and years.

    ``header`` is how many rows the header takes, ``above`` where it begins.
    """

    keys: Mapping[int, str]
    names: Mapping[int, str]
    years: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    above: int = 0
    header: int = 1

    @property
    def levels(self) -> dict[int, str]:
        """The columns that hold goals, in their order."""
        return {column: key for column, key in sorted(self.keys.items()) if key in LEVELS or key == COMBINED}

    @property
    def known(self) -> int:
        """How many columns have a header that we know."""
        return len([key for key in self.keys.values() if key]) + len(self.years)


def header_key(text: str) -> str:
    """Return the key of a header, '' where it is none of those we know."""
    plain = fold(_BRACKETS.sub(" ", text)).strip(" :.*?-")
    if "udviklingsmål" in plain and "fokusområde" in plain:
        return COMBINED
    for form in (plain, _OF_A_YEAR.sub("", plain).strip(), plain.split(" - ")[0].strip()):
        if form in _NAMES:
            return _NAMES[form]
    parts = [part.strip() for part in re.split(r"/|\bog\b|,", plain) if part.strip()]
    return _NAMES[parts[0]] if len(parts) > 1 and all(part in _NAMES for part in parts[:2]) else ""


def header_years(text: str) -> tuple[int, ...]:
    """Return the years that a header names and nothing else: 2015, or those of 2015-16."""
    match = _YEAR.fullmatch(fold(text).strip(" :."))
    if not match:
        return ()
    first = int(match[1])
    last = int(match[2]) if match[2] else first
    last += first // 100 * 100 if last < 100 else 0
    return tuple(range(first, last + 1)) if first <= last < first + 10 else ()


def find_columns(table: TextTable) -> Columns | None:
    """Find the header of a table of goals among its first rows; None where it is another kind of table."""
    read = [_read_header(row, number) for number, row in enumerate(table.rows[:_FIRST_ROWS])]
    best = max((each for each in read if each.levels and each.known > 1), key=lambda each: each.known, default=None)
    if best is None and len(table.rows) > 1 and len(read[0].names) > 1 and (
            {"development", "effect"} & set(read[0].levels.values())):
        best = read[0]  # one column of goals, with its header on the first row
    return _with_second_row(table, best) if best is not None else None


def _read_header(row: tuple[TextCell, ...], number: int) -> Columns:
    keys: dict[int, str] = {}
    names: dict[int, str] = {}
    years: dict[int, tuple[int, ...]] = {}
    for cell in row:
        said = header_years(cell.text)
        key = header_key(cell.text)
        # A column under a header that stands already, or beside the first under a wide one, keeps its name alone.
        taken = key in keys.values() or (key in LEVELS and COMBINED in keys.values() and key in ("development", "focus"))
        for column in range(cell.column, cell.column + cell.span):
            names[column] = " ".join(cell.text.split())
            if said:
                years[column] = said
            else:
                keys[column] = "" if taken or column > cell.column else key
    return Columns(keys, names, years, number)


def _with_second_row(table: TextTable, columns: Columns) -> Columns:
    """Take in a second row of headers, as where »År« stands above the years."""
    if columns.above + 1 >= len(table.rows):
        return columns
    row = table.rows[columns.above + 1]
    filled = [cell for cell in row if cell.text.strip() and not cell.down]
    if not filled or not all(header_years(cell.text) or header_key(cell.text) for cell in filled):
        return columns
    if any(header_key(cell.text) and columns.keys.get(cell.column) for cell in filled):
        return columns
    more = _read_header(tuple(filled), columns.above + 1)
    years = {**columns.years, **more.years}
    keys = {column: key for column, key in {**columns.keys, **more.keys}.items() if column not in years}
    return Columns(keys, {**columns.names, **more.names}, years, columns.above, 2)


def is_header_again(row: tuple[TextCell, ...], columns: Columns) -> bool:
    """Tell whether a row is the header once more, as at the top of a page."""
    filled = [(cell.column, fold(cell.text)) for cell in row if cell.text.strip()]
    return len(filled) > 1 and all(fold(columns.names.get(column, "")) == text for column, text in filled)


def placed_levels(columns: Columns, headings: int) -> dict[int, str]:
    """Return the level of each column with goals, given how many levels the headings above the table have said.

    A table of two columns has an udviklingsmål and its effektmål, and one under a heading effektmål and delmål.
    """
    keys = list(columns.levels.values())
    if COMBINED in keys or "development" in keys:
        return {column: "effect" if key == "sub" and "effect" not in keys else key for column, key in columns.levels.items()}
    exact = len(keys) == 2 and fold(columns.names[next(iter(columns.levels))]).startswith("effekt")
    wanted: tuple[str, ...] = LEVELS[2:]
    if headings == 0 and len(keys) > 1 and not exact:
        wanted = {2: ("development", "effect"), 3: ("development", "effect", "sub")}.get(len(keys), LEVELS)
    elif headings == 1 and (keys[0] == "focus" or len(keys) > 2):
        wanted = LEVELS[1:]
    return dict(zip(columns.levels, wanted, strict=False))
