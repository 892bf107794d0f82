"""Putting rows and columns of a sheet in and out as Excel does: everything moves along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.worksheet import Worksheet

from aftale.model.text import fold
from aftale.office.library_private import anchor_corners, cells_by_place, drawings_of

_REFERENCE = re.compile(r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!]+)!)?(?P<low>\$?[A-Z]{0,3}\$?\d*)"
                        r"(?::(?P<high>\$?[A-Z]{0,3}\$?\d*))?")
_CORNER = re.compile(r"(\$?)([A-Z]*)(\$?)(\d*)")

_ROWS, _COLUMNS = 1_048_576, 16_384


@dataclass(frozen=True)
class Shift:
    """Rows or columns put in (count > 0) or taken out (count < 0) at a place; everything moves along with them.

    openpyxl would only move the cells themselves. Formats, validations and tables that end right before the place grow
    over what is put in, as they do in Excel when one types on.
    """

    sheet: Worksheet
    rows: bool
    at: int
    count: int

    def apply(self) -> None:
        """Move the cells, and then everything that speaks of them."""
        merged = [str(each) for each in self.sheet.merged_cells.ranges]
        self._move_cells()
        self._move_merged(merged)
        self._move_sizes()
        self._move_rules()
        self._move_tables()
        self._move_page()
        self._move_drawings()
        self._move_formulas()

    def span(self, low: int, high: int, grow: bool = False) -> tuple[int, int] | None:
        """Return where a stretch of rows or columns ends up, None where all of it is taken out."""
        if self.count > 0:
            return (low + self.count * (low >= self.at),
                    high + self.count * (high >= self.at - (1 if grow else 0)))
        end = self.at - self.count
        low = low if low < self.at else max(self.at, low + self.count) if low >= end else self.at
        high = high if high < self.at else self.at - 1 if high < end else high + self.count
        return (low, high) if low <= high else None

    def area(self, ref: str, grow: bool = False) -> str | None:
        """Return where a range such as ``B2:D9`` ends up."""
        left, top, right, bottom = bounds_of(ref)
        span = self.span(top, bottom, grow) if self.rows else self.span(left, right, grow)
        if span is None:
            return None
        (top, bottom), (left, right) = (span, (left, right)) if self.rows else ((top, bottom), span)
        return ref_of(left, top, right, bottom)

    def formula(self, text: str, here: bool, grow: bool = False) -> str:
        """Return a formula (without ``=``) with its references moved; ``here``: it stands on the same sheet."""
        try:
            tokens = Tokenizer(f"={text}").items
        except TokenizerError:
            return text
        return "".join(self._operand(token.value, here, grow) if token.subtype == Token.RANGE else token.value
                       for token in tokens)

    def _operand(self, text: str, here: bool, grow: bool) -> str:
        match = _REFERENCE.fullmatch(text)
        if match is None or not self._meant(match["sheet"], here):
            return text
        corners = [corner.groups() for side in (match["low"], match["high"] or match["low"])
                   if (corner := _CORNER.fullmatch(side))]
        place = 3 if self.rows else 1
        if len(corners) < 2 or not all(corner[place] for corner in corners) or not (match["high"] or corners[0][3]):
            return text
        if not match["high"] and not corners[0][1]:
            return text
        low, high = (int(c[3]) if self.rows else column_index_from_string(c[1]) for c in corners)
        span = self.span(low, high, grow and bool(match["high"]))
        if span is None:
            return "#REF!"
        said = [str(n) if self.rows else get_column_letter(n) for n in span]
        moved = ["".join(said[n] if k == place else part for k, part in enumerate(corner))
                 for n, corner in enumerate(corners)]
        return (f"{match['sheet']}!" if match["sheet"] else "") + ":".join(moved if match["high"] else moved[:1])

    def _meant(self, named: str | None, here: bool) -> bool:
        if named is None:
            return here
        return fold(named.strip("'").replace("''", "'")) == fold(self.sheet.title)

    def _move_cells(self) -> None:
        """Move the cells that there are; openpyxl would make all those between them first."""
        cells: dict[tuple[int, int], Any] = cells_by_place(self.sheet)
        old = list(cells.items())
        cells.clear()
        for (row, column), cell in old:
            row, column = (self._moved(row), column) if self.rows else (row, self._moved(column))
            if row and column:
                cell.row, cell.column = row, column
                cells[row, column] = cell

    def _moved(self, place: int) -> int:
        """Return where a row or column ends up, 0 where it is taken out or pushed off the sheet."""
        span = self.span(place, place)
        return span[0] if span and span[0] <= (_ROWS if self.rows else _COLUMNS) else 0

    def _move_merged(self, merged: Iterable[str]) -> None:
        anything: Any = self.sheet
        anything.merged_cells = MultiCellRange()
        for ref in sorted(merged):
            left, top, right, bottom = bounds_of(ref)
            area = self.area(ref, grow=(top != bottom if self.rows else left != right))
            if area:
                anything.merged_cells.add(MergedCellRange(self.sheet, area))
        for cell in cells_by_place(self.sheet).values():
            link = getattr(cell, "hyperlink", None)
            if link is not None:
                link.ref = cell.coordinate

    def _move_sizes(self) -> None:
        holder: Any = self.sheet.row_dimensions if self.rows else self.sheet.column_dimensions
        old = list(holder.values())
        holder.clear()
        for dimension in old:
            if self.rows:
                dimension.index = dimension.index + self.count * (dimension.index >= self.at)
                holder[dimension.index] = dimension
                continue
            dimension.reindex()
            span = self.span(dimension.min, dimension.max, grow=True)
            if span:
                dimension.min, dimension.max = span[0], min(span[1], _COLUMNS)
                dimension.index = get_column_letter(span[0])
                holder[dimension.index] = dimension

    def _moved_cells(self, ranges: Any) -> MultiCellRange:
        moved = [self.area(str(each), grow=True) for each in ranges.ranges]
        return MultiCellRange(" ".join(sorted(ref for ref in moved if ref)))

    def _move_rules(self) -> None:
        validations = self.sheet.data_validations
        for validation in validations.dataValidation:
            validation.sqref = self._moved_cells(validation.sqref)
        validations.dataValidation = [each for each in validations.dataValidation if each.sqref.ranges]
        set_formats(self.sheet, ((self._moved_cells(each.sqref), each.rules)
                                  for each in self.sheet.conditional_formatting))

    def _move_tables(self) -> None:
        for table in self.sheet.tables.values():
            left, _, right, _ = bounds_of(table.ref)
            columns = list(table.tableColumns)
            if not self.rows and self.count > 0 and left < self.at <= right + 1:
                ids = max(column.id for column in columns)
                new = [copy(columns[self.at - left - 1]) for _ in range(self.count)]
                for n, column in enumerate(new, 1):
                    column.id, column.name = ids + n, f"Kolonne {ids + n}"
                columns[self.at - left:self.at - left] = new
            elif not self.rows and self.count < 0 and left <= self.at <= right:
                del columns[self.at - left:self.at - left - self.count]
            table.tableColumns = columns
            table.ref = self.area(table.ref, grow=True) or table.ref
            if table.autoFilter is not None:
                table.autoFilter.ref = self.area(table.autoFilter.ref, grow=True) or table.autoFilter.ref
                if not self.rows:
                    table.autoFilter.filterColumn = []  # a filter that was left on counts its columns by position
        if self.sheet.auto_filter.ref:
            self.sheet.auto_filter.ref = self.area(self.sheet.auto_filter.ref, grow=True)

    def _move_page(self) -> None:
        sheet: Any = self.sheet
        if sheet.print_area:
            sheet.print_area = self.formula(sheet.print_area, here=True, grow=True)
        if sheet.print_title_rows and self.rows:
            sheet.print_title_rows = self.formula(sheet.print_title_rows, here=True)
        if sheet.print_title_cols and not self.rows:
            sheet.print_title_cols = self.formula(sheet.print_title_cols, here=True)
        pane, split = sheet.sheet_view.pane, "ySplit" if self.rows else "xSplit"
        if pane is not None and self.at <= (getattr(pane, split) or 0):
            setattr(pane, split, max(getattr(pane, split) + self.count, 0))
            corner = self.area(pane.topLeftCell)
            pane.topLeftCell = corner.partition(":")[0] if corner else pane.topLeftCell
        for line in (sheet.row_breaks if self.rows else sheet.col_breaks).brk:
            line.id += self.count * (line.id >= self.at)

    def _move_drawings(self) -> None:
        name = "row" if self.rows else "col"
        for corner in (corner for drawn in drawings_of(self.sheet) for corner in anchor_corners(drawn.anchor)):
            if getattr(corner, name) + 1 >= self.at:
                setattr(corner, name, max(getattr(corner, name) + self.count, 0))

    def _move_formulas(self) -> None:
        book: Any = self.sheet.parent
        named = [*book.defined_names.values(), *(name for sheet in book.worksheets
                                                 for name in sheet.defined_names.values())]
        for name in named:
            name.attr_text = self.formula(name.attr_text or "", here=False)
        for sheet in book.worksheets:
            here = sheet is self.sheet
            for validation in sheet.data_validations.dataValidation:
                validation.formula1 = validation.formula1 and self.formula(validation.formula1, here)
                validation.formula2 = validation.formula2 and self.formula(validation.formula2, here)
            for each in sheet.conditional_formatting:
                for rule in each.rules:
                    rule.formula = [self.formula(text, here) for text in rule.formula or ()]
            for cell in cells_by_place(sheet).values():
                if cell.data_type == "f" and isinstance(cell.value, str):
                    cell.value = f"={self.formula(cell.value[1:], here)}"


def bounds_of(ref: str) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a range; a whole column has all rows, a whole row all columns."""
    left, top, right, bottom = range_boundaries(ref)
    return left or 1, top or 1, right or _COLUMNS, bottom or _ROWS


def ref_of(left: int, top: int, right: int, bottom: int) -> str:
    """Name a range of one-based columns and rows as Excel does."""
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"


def set_formats(sheet: Worksheet, formats: Iterable[tuple[MultiCellRange, Sequence[Any]]]) -> None:
    """Give a sheet its conditional formats anew, each (cells, rules)."""
    new = ConditionalFormattingList()
    for cells, rules in list(formats):
        for rule in rules if cells.ranges else ():
            new.add(str(cells), rule)
    sheet.conditional_formatting = new
