"""Finding things in a restyled template: the goals by their headers, single values by defined name or label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import column_index_from_string
from openpyxl.workbook import Workbook
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from aftale.cells.find_table import YEAR, find_table
from aftale.model.columns import FORSIDE, LISTER, MAAL, RECORD, Column, Fact
from aftale.model.text import fold
from aftale.model.workbook import WorkbookSheet
from aftale.office.insert_rows import bounds_of
from aftale.office.openpyxl_book import cells_of, values_of

_LOWEST_HEADER = 200
"""The last row that is searched for the headers."""


@dataclass(frozen=True)
class Grid:
    """Where the goals go: the header row, the column of each known key and of other headers, and the model's rows.

    ``low`` and ``high`` are the first and last column; ``bottom`` is the last row of the model area.
    """

    sheet: Worksheet
    header: int
    places: Mapping[str, int]
    years: Mapping[int, int]
    extra: Mapping[str, int]
    low: int
    high: int
    bottom: int
    table: Table | None

    @property
    def model(self) -> int:
        """The row that every goal is laid out like."""
        return self.header + 1

    @property
    def totals(self) -> int:
        """The number of totals rows that the table ends with."""
        return int(self.table.totalsRowCount or 0) if self.table is not None else 0


def find_grid(book: Workbook, columns: Iterable[Column]) -> Grid | None:
    """Find the table of goals: the sheet called Mål, else the one with most of the headers."""
    known = [column for column in columns if column.kind != "year"]
    found = [grid for sheet in book.worksheets if (grid := _grid_on(sheet, known))]
    return max(found, default=None, key=lambda grid: (fold(grid.sheet.title) == fold(MAAL), len(grid.places)))


def _grid_on(sheet: Worksheet, known: Iterable[Column]) -> Grid | None:
    rows = values_of(sheet, _LOWEST_HEADER)
    found = find_table(WorkbookSheet(sheet.title, rows), known, ("development", "focus", "effect"))
    if found is None:
        return None
    header, places = found.row + 1, {key: at + 1 for key, at in found.columns.items()}
    others = {text.strip(): at + 1 for at, text in sorted(found.extra.items(), reverse=True)}
    years = {int(text): at for text, at in others.items() if YEAR.fullmatch(text)}
    extra = {text: at for text, at in others.items() if not YEAR.fullmatch(text)}
    for table in sheet.tables.values():
        left, top, right, bottom = bounds_of(table.ref)
        if top == header and left <= min(places.values()) <= right:
            bottom -= int(table.totalsRowCount or 0)
            return Grid(sheet, header, places, years, extra, left, right, max(bottom, header + 1), table)
    used = [*places.values(), *others.values()]
    return Grid(sheet, header, places, years, extra, min(used), max(used), header + 1, None)


def named_cell(book: Workbook, name: str) -> Any:
    """Return the (first) cell of a defined name, None where the name is missing or leads nowhere."""
    scopes: list[Any] = [book.defined_names, *(sheet.defined_names for sheet in book.worksheets)]
    ours = [defined for scope in scopes for key, defined in scope.items() if fold(key) == fold(name)]
    for sheet, ref in (each for defined in ours if defined.type == "RANGE" for each in defined.destinations):
        if sheet in book.sheetnames and (match := re.match(r"\$?([A-Z]{1,3})\$?(\d+)", ref)):
            return _top_left(book[sheet], int(match[2]), column_index_from_string(match[1]))
    return None


def named_cells(book: Workbook, name: str) -> list[Any]:
    """Return every cell of a defined name, none where it is missing or leads nowhere."""
    defined = next((each for key, each in book.defined_names.items() if fold(key) == fold(name)), None)
    areas = defined.destinations if defined is not None and defined.type == "RANGE" else ()
    found = [book[sheet][ref.replace("$", "")] for sheet, ref in areas if sheet in book.sheetnames]
    return [cell for area in found for row in (area if isinstance(area, tuple) else ((area,),))
            for cell in (row if isinstance(row, tuple) else (row,))]


def _top_left(sheet: Any, row: int, column: int) -> Any:
    """Return a cell, or the cell that holds the value where it is merged with others."""
    merged = merged_at(sheet, row, column)
    return sheet.cell(merged.min_row, merged.min_col) if merged else sheet.cell(row, column)


def merged_at(sheet: Any, row: int, column: int) -> Any:
    """Return the merged range that holds a cell, None where it stands alone."""
    return next((each for each in sheet.merged_cells.ranges
                 if each.min_row <= row <= each.max_row and each.min_col <= column <= each.max_col), None)


def cell_beside(book: Workbook, fact: Fact) -> Any:
    """Return the cell to the right of a fact's label, None where no sheet in front of the goals has the label."""
    labels = {fold(text) for text in (fact.label, *fact.aliases)}
    for sheet in sorted(book.worksheets, key=lambda sheet: fold(sheet.title) != fold(FORSIDE)):
        if fold(sheet.title) in {fold(MAAL), fold(RECORD), fold(LISTER)}:
            continue
        for cell in cells_of(sheet):
            if isinstance(cell.value, str) and fold(cell.value).rstrip(" :") in labels:
                merged = merged_at(sheet, cell.row, cell.column)
                return _top_left(sheet, cell.row, (merged.max_col if merged else cell.column) + 1)
    return None


def sheet_named(book: Workbook, name: str) -> Worksheet | None:
    """Return the sheet with this name in any spelling, None where there is none."""
    return next((sheet for sheet in book.worksheets if fold(sheet.title) == fold(name)), None)
