"""What stood in a workbook, before anybody judged it: sheets of raw cells that know their place."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from aftale.model.place import Place, Source

Row = Sequence[object]
ERROR_TEXTS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
               0x2B: "#GETTING_DATA"}
"""What the error values are called whose numbers stand in .xls and .xlsb."""
_ERRORS = frozenset((*ERROR_TEXTS.values(), "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!",
                     "#NUL!", "#DIVISION/0!", "#VÆRDI!", "#REFERENCE!", "#NAVN?", "#I/T", "#OVERLØB!", "#BEREGN!"))
"""What error values are called in files, and by Excel in Danish."""
_CELL_NAME = re.compile("([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class Special:
    """A cell whose value the reader can't give: an error value, a picture, or a formula that was never calculated."""

    text: str
    kind: str

    def __str__(self) -> str:
        return self.text


PICTURE = Special("(et billede)", "picture")
"""A picture that lies in the cell itself, as its value."""


@dataclass(frozen=True)
class Note:
    """A note or threaded comment on a cell."""

    cell: str
    text: str
    author: str = ""


@dataclass(frozen=True)
class WorkbookSheet:
    """A sheet: rows of values from A1 on, '' or None where empty, `Special` where unreadable."""

    name: str
    rows: Sequence[Row]
    notes: tuple[Note, ...] = ()
    percent: Container[tuple[int, int]] | None = None
    """Holds the zero-based cells with a percent format; None where formats were not looked at."""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """The merged cells that go over several rows: first row, first column, last row, last column, zero-based."""
    drawings: tuple[str, ...] = ()
    """What lies on the sheet: the words of each text box, shape, control or object, '' for a picture without words."""
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """The formulas by zero-based cell, looked at in workbooks with formulas of ours alone; '' where shared with another."""
    margins: tuple[str, ...] = ()
    """What was typed in the headers and footers of the printed page, but for page numbers and the like."""
    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """The number formats of the zero-based cells whose format changes what is seen, as far as the file tells them."""
    struck: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """What is left of the zero-based cells of which something is struck through, '' where all of it is."""
    links: tuple[Note, ...] = ()
    """The links whose address can't be read in their cell: what is shown and the address, by cell."""

    def filled(self) -> Iterator[tuple[int, int, object]]:
        """Yield (row, column, value) of every cell that isn't empty, zero-based."""
        for r, row in enumerate(self.rows):
            for c, value in enumerate(row):
                if value != "" and value is not None and not (type(value) is str and value.isspace()):
                    yield r, c, value

    def value(self, row: int, column: int) -> object:
        """Return the value of a zero-based cell, None outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    def as_share(self, at: tuple[int, int], points: float) -> float:
        """Return points as a cell stores them: as a share where it shows percent, or where they would be read as one."""
        shown = self.percent is None or at in self.percent
        return round(points / 100, 12) if shown or abs(points) <= 100 else points


@dataclass(frozen=True)
class Workbook:
    """A workbook: its source, its sheets, and where its defined names point (sheet, row, column)."""

    source: Source
    sheets: tuple[WorkbookSheet, ...]
    names: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    unread: tuple[tuple[str, str], ...] = ()
    """The sheets that aren't read, each with the reason in Danish."""

    def place(self, sheet: str = "", row: int = -1, column: int = -1) -> Place:
        """Return the place of a zero-based cell in this file."""
        return Place(self.source.name, sheet, cell_name(row, column) if row >= 0 else "", self.source.container)


def is_filled(value: object) -> bool:
    """Tell whether a cell counts as non-empty once it is trimmed."""
    if type(value) is str:
        return value != "" and not value.isspace()
    return value is not None


def is_unreadable(value: object) -> bool:
    """Tell whether a cell shows an error, as text too, or holds a formula without a stored value: nobody has answered it."""
    return isinstance(value, Special) or (type(value) is str and value.strip().upper() in _ERRORS)


def with_specials(rows: Sequence[Row], specials: Iterable[tuple[tuple[int, int], object]]) -> list[list[object]]:
    """Return rows with other cells put in by their zero-based row and column; what lies between is ''."""
    filled = [list(row) for row in rows]
    for (row, column), special in specials:
        filled += [[] for _ in range(row + 1 - len(filled))]
        filled[row] += [""] * (column + 1 - len(filled[row]))
        filled[row][column] = special
    return filled


def cell_name(row: int, column: int) -> str:
    """Name a zero-based cell as Excel does: (0, 0) is A1."""
    return f"{column_name(column)}{row + 1}"


def cell_place(name: str) -> tuple[int, int] | None:
    """Return the zero-based row and column of a cell such as A1, None where it is no cell's name."""
    match = _CELL_NAME.fullmatch(name)
    if match is None:
        return None
    return int(match[2]) - 1, column_index(match[1])


@lru_cache(maxsize=1_000)
def column_index(letters: str) -> int:
    """Return the zero-based column that letters name, large or small: 0 for A; -1 for no letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


@lru_cache(maxsize=1_000)
def column_name(column: int) -> str:
    """Name a zero-based column as Excel does: 0 is A."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
