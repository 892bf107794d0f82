"""What stood in a workbook, before anybody judged it: sheets of raw cells that know their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aftale.words.domain import Place, Source
from aftale.words.text import canonical

Row = Sequence[object]


@dataclass(frozen=True)
class Special:
    """A cell whose value the reader can't give: an error value or a formula that was never calculated."""

    text: str
    kind: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Note:
    """A note or threaded comment on a cell."""

    cell: str
    text: str
    author: str = ""


@dataclass(frozen=True)
class RawSheet:
    """A sheet: rows of values from A1 on, '' or None where empty, `Special` where unreadable."""

    name: str
    rows: Sequence[Row]
    notes: tuple[Note, ...] = ()
    percent: frozenset[tuple[int, int]] | None = None
    """Zero-based cells with a percent format, or None where formats were not looked at."""

    def filled(self) -> Iterator[tuple[int, int, object]]:
        """Yield (row, column, value) of every cell that isn't empty, zero-based."""
        for r, row in enumerate(self.rows):
            for c, value in enumerate(row):
                if is_filled(value):
                    yield r, c, value

    def value(self, row: int, column: int) -> object:
        """Return the value of a zero-based cell, None outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None


@dataclass(frozen=True)
class RawBook:
    """A workbook: its source, its sheets, and where its defined names point (sheet, row, column)."""

    source: Source
    sheets: tuple[RawSheet, ...]
    names: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)

    def place(self, sheet: str = "", row: int = -1, column: int = -1) -> Place:
        """Return the place of a zero-based cell in this file."""
        return Place(self.source.name, sheet, cell_name(row, column) if row >= 0 else "", self.source.container)


def is_filled(value: object) -> bool:
    """Tell whether a cell counts as non-empty once it is trimmed."""
    return value is not None and value != "" and (not isinstance(value, str) or canonical(value) != "")


def cell_name(row: int, column: int) -> str:
    """Name a zero-based cell as Excel does: (0, 0) is A1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
