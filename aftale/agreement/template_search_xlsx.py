"""Finding things in a restyled template: the goals by their headers, single values by defined name or label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import column_index_from_string
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from aftale.cells.find_table import YEAR
from aftale.model.columns import (
    FORSIDE,
    LISTER,
    MAAL,
    RECORD,
    Column,
    Fact,
    header_map,
)
from aftale.model.text import canonical, fold
from aftale.office.insert_rows import bounds_of


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
    known = header_map([column for column in columns if column.kind != "year"])
    found = [grid for sheet in book.worksheets if (grid := _grid_on(sheet, known))]
    return max(found, default=None, key=lambda grid: (fold(grid.sheet.title) == fold(MAAL), len(grid.places)))


def _grid_on(sheet: Worksheet, known: Mapping[str, Column]) -> Grid | None:
    best: Grid | None = None
    for number in range(1, min(sheet.max_row, 200) + 1):
        places: dict[str, int] = {}
        years: dict[int, int] = {}
        extra: dict[str, int] = {}
        row: Any = next(sheet.iter_rows(number, number))
        for cell in row:
            text = canonical(cell.value)
            column = known.get(fold(text))
            if column is not None and column.key not in places:
                places[column.key] = cell.column
            elif YEAR.fullmatch(text.strip()):
                years.setdefault(int(text), cell.column)
            elif text:
                extra[text] = cell.column
        if len(places) >= 3 and {"development", "focus", "effect"} & set(places) and (
                best is None or len(places) > len(best.places)):
            best = _bounded(sheet, number, places, years, extra)
    return best


def _bounded(sheet: Worksheet, header: int, places: Mapping[str, int], years: Mapping[int, int],
             extra: Mapping[str, int]) -> Grid:
    used = [*places.values(), *years.values(), *extra.values()]
    for table in sheet.tables.values():
        left, top, right, bottom = bounds_of(table.ref)
        if top == header and left <= min(places.values()) <= right:
            bottom -= int(table.totalsRowCount or 0)
            return Grid(sheet, header, places, years, extra, left, right, max(bottom, header + 1), table)
    return Grid(sheet, header, places, years, extra, min(used), max(used), header + 1, None)


def named_cell(book: Workbook, name: str) -> Any:
    """Return the (first) cell of a defined name, None where the name is missing or leads nowhere."""
    scopes: list[Any] = [book.defined_names, *(sheet.defined_names for sheet in book.worksheets)]
    for scope in scopes:
        for key, defined in scope.items():
            cell = _destination(book, defined) if fold(key) == fold(name) else None
            if cell is not None:
                return cell
    return None


def _destination(book: Workbook, defined: DefinedName) -> Any:
    for sheet, ref in defined.destinations if defined.type == "RANGE" else ():
        if sheet in book.sheetnames and (match := re.match(r"\$?([A-Z]{1,3})\$?(\d+)", ref)):
            return top_left(book[sheet], int(match[2]), column_index_from_string(match[1]))
    return None


def top_left(sheet: Any, row: int, column: int) -> Any:
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
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and fold(cell.value).rstrip(" :") in labels:
                    merged = merged_at(sheet, cell.row, cell.column)
                    return top_left(sheet, cell.row, (merged.max_col if merged else cell.column) + 1)
    return None


def sheet_named(book: Workbook, name: str) -> Worksheet | None:
    """Return the sheet with this name in any spelling, None where there is none."""
    return next((sheet for sheet in book.worksheets if fold(sheet.title) == fold(name)), None)


# What a template lacks --------------------------------------------------------------------------------------------
