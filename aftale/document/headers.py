"""Which columns a document's table has: goals, years, what is said of a goal; and what a cell under a year says."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from aftale.document.words import FIELD_HEADERS, LEVEL_HEADERS, NOT_THIS_YEAR
from aftale.model.document import TextCell, TextTable
from aftale.model.text import fold

COMBINED = "combined"
"""The key of a column with both udviklingsmål and fokusområder."""
LEVELS = ("development", "focus", "effect", "sub")
_BRACKETS = re.compile(r"\([^)]*\)")
_YEAR = re.compile(r"(?:år |i )?((?:19|20)[0-9]{2})(?:\s*[-/]\s*((?:19|20)?[0-9]{2}))?")
_OF_A_YEAR = re.compile(r"\s*(?:for |i )?(?:år )?(?:19|20)[0-9]{2}(?:\s*-\s*(?:(?:19|20)?[0-9]{2}))?$")
_TARGET_OF = re.compile(r"(?:mål|måltal|målsætning|målværdi|budget|ambition|resultatkrav) (?=(?:(?:for|i|år) )*[0-9]{4})")
"""What stands before the year of a column with that year's targets; »Realiseret«, »Resultat« and »Status« never do."""
_REACHED = re.compile(r"(?:realiseret|resultat|status|opnået|faktisk|regnskab)\b")
_NAMES = {word: key for group in (FIELD_HEADERS, LEVEL_HEADERS) for key, words in group.items() for word in words}
_FIRST_ROWS, _LONGEST_FIGURE = 5, 30


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


def target_years(text: str) -> tuple[int, ...]:
    """Return the years of a header with a year's targets: »2015«, »Mål 2015«, »Budget for 2015«."""
    return header_years(re.sub(r"^(?:for|i|år)\s+", "", _TARGET_OF.sub("", fold(text).strip(" :."))))


def read_columns(table: TextTable, first: int) -> Columns:
    """Read a row as the header of a table, with a second row of headers where »År« stands above the years."""
    columns = _read_row(table, first, table.rows[first])
    row = table.rows[first + 1] if first + 1 < len(table.rows) else ()
    filled = tuple(cell for cell in row if cell.text.strip() and not cell.down)
    if not filled or not all(header_years(cell.text) or header_key(cell.text) for cell in filled) or any(
            header_key(cell.text) and columns.keys.get(cell.column) for cell in filled):
        return columns
    more = _read_row(table, first + 1, filled)
    both = {column: f"{columns.names.get(column, '')} {more.names[column]}".strip() for column in more.years}
    reached = {column: name for column, name in both.items() if _REACHED.match(fold(name))}
    names = {**columns.names, **more.names, **{column: name for column, name in both.items()
                                               if column in reached or _TARGET_OF.match(fold(name))}}
    years = {column: years for column, years in {**columns.years, **more.years}.items() if column not in reached}
    keys = {column: key for column, key in {**columns.keys, **more.keys}.items() if column not in years}
    return Columns({**keys, **dict.fromkeys(reached, "")}, names, years, first, 2)


def _read_row(table: TextTable, number: int, row: tuple[TextCell, ...]) -> Columns:
    keys: dict[int, str] = {}
    names: dict[int, str] = {}
    years: dict[int, tuple[int, ...]] = {}
    of_years = {cell.column for cell in row if target_years(cell.text)}
    figures = _figures_below(table, number, of_years)
    for cell in row:
        said = header_years(cell.text) or (target_years(cell.text) if figures else ())
        key = header_key(cell.text)
        if key == "target" and "krav" in fold(cell.text) and not _figures_below(table, number, {cell.column}):
            key = "effect"  # »Resultatkrav« in sentences
        # A column under a header that stands already, or beside the first under a wide one, keeps its name alone.
        taken = key in keys.values() or (key in LEVELS and COMBINED in keys.values() and key in ("development", "focus"))
        for column in range(cell.column, cell.column + cell.span):
            names[column] = " ".join(cell.text.split())
            if said:
                years[column] = said
            else:
                keys[column] = "" if taken or column > cell.column else key
    return Columns(keys, names, years, number)


def _figures_below(table: TextTable, row: int, columns: Collection[int]) -> bool:
    """Tell whether figures and crosses stand in columns below a header, and no goals."""
    texts = [cell.text for cells in table.rows[row + 1:] for cell in cells if cell.column in columns and cell.text.strip()]
    figures = [text for text in texts if len(text) <= _LONGEST_FIGURE and (
        re.search("[0-9]", text) or under_year(text) in (CROSS, NOTHING))]
    return 2 * len(figures) >= len(texts)


def first_headers(table: TextTable) -> list[Columns]:
    """Return what the first rows of a table are, read as its header, those with most columns that we know first."""
    read = [read_columns(table, number) for number in range(min(_FIRST_ROWS, len(table.rows)))]
    return sorted(read, key=lambda each: -each.known)


def is_header_again(row: tuple[TextCell, ...], columns: Columns) -> bool:
    """Tell whether a row is the header once more, as at the top of a page."""
    filled = [(cell.column, fold(cell.text)) for cell in row if cell.text.strip()]
    return len(filled) > 1 and all(fold(columns.names.get(column, "")) == text for column, text in filled)


# ---------------------------------------------------------------- what a cell under a year says

CROSS, NUMBER, NOTHING = "x", "number", "nothing"
_CROSSES = frozenset(("x", "(x)", "[x]", "✓", "✔", "✗", "✘", "✕", "✖", "☒", "☑", "🗸", "🗹", "🗷", "✅", "√", "ja", "kryds",
                      "•", "●", "■", "x.", "xx", "×"))
_EMPTY = frozenset(("-", "--", "---", "−", "÷", "☐", "□", "◻", "▢", "❑", "❒", "⬜", "[ ]", "( )", "[]", "()"))
_FIGURE = re.compile(r"(?:[0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+)(?:,[0-9]+)?(?: ?(?:%|pct\.?|procent))?")
_NOT = re.compile(rf"\b(?:{'|'.join(NOT_THIS_YEAR)})\b|^0+(?:,0+)?\s*[^\W\d]")


def under_year(text: str) -> str:
    """Return what a cell under a year says, which is never empty: `CROSS`, `NUMBER`, `NOTHING`, or what is to be asked."""
    lines = [fold(line.replace("\ufe0f", "")) for line in text.split("\n") if line.strip()]
    if all(line in _CROSSES for line in lines):
        return CROSS
    if all(line in _EMPTY for line in lines):
        return NOTHING
    plain = " ".join(lines)
    if _FIGURE.fullmatch(plain):
        return NUMBER
    return "doc-year-text" if re.search(r"[^\W_]", plain) and not _NOT.search(plain) else "doc-year-none"
