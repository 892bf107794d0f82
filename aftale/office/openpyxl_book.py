"""Opening and saving a workbook with openpyxl, and how tall its rows must be."""

from __future__ import annotations

import io
import warnings
from contextlib import redirect_stdout
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from aftale.office.draw_base import height_of, lines_of
from aftale.office.library_private import CALCULATED_BY, cells_by_place, drawings_of
from aftale.office.package import BAD_PACKAGE
from aftale.office.usual_layout import usual_bytes

BAD_FILE = (*BAD_PACKAGE, SyntaxError)
"""What openpyxl raises on damaged files."""


class TemplateError(Exception):
    """A workbook that can't be used at all; the message is Danish and says what to do."""


def open_book(data: bytes) -> Workbook:
    """Open a workbook with its rich text; raises TemplateError for what is none."""
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):  # it prints there what it doesn't understand
            warnings.simplefilter("ignore")  # what openpyxl drops is found by losses(), not by its warnings
            book = load_workbook(io.BytesIO(usual_bytes(data)), rich_text=True)
    except BAD_FILE as error:
        raise TemplateError("Filen kan ikke åbnes. Gem den i Excel som .xlsx, og prøv igen.") from error
    for sheet in book.worksheets:
        for image in drawings_of(sheet):
            picture = getattr(image.anchor, "pic", None)
            if picture is not None:  # openpyxl drops the link's target: kept, it would make Excel repair the file
                picture.nvPicPr.cNvPr.hlinkClick = None
    return book


def cells_of(sheet: Worksheet) -> list[Any]:
    """Return the cells that a sheet holds, row by row; those that only lie between them aren't made."""
    return [cell for _, cell in sorted(cells_by_place(sheet).items())]


def values_of(sheet: Worksheet, last: int = 0) -> list[list[Any]]:
    """Return the values of a sheet's rows from the first on, down to the ``last`` or the last that holds one."""
    rows: list[list[Any]] = []
    for cell in cells_of(sheet):
        if cell.value is not None and (not last or cell.row <= last):
            rows += [[] for _ in range(cell.row - len(rows))]
            rows[-1] += [None] * (cell.column - 1 - len(rows[-1]))
            rows[-1].append(cell.value)
    return rows


def save_book(book: Workbook) -> bytes:
    """Save a workbook to memory; formulas lose their stored values, and where there are none nothing is to be calculated."""
    out = io.BytesIO()
    formulas = any(cell.data_type == "f" for sheet in book.worksheets for cell in cells_by_place(sheet).values())
    if not formulas and book.calculation is not None:  # else Excel asks to save the file each time it is closed
        book.calculation.fullCalcOnLoad, book.calculation.calcId = False, CALCULATED_BY
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(out)
    return out.getvalue()


def text_height(text: str, width: float, size: float = 11, bold: bool = False) -> float:
    """Return the points a text needs when wrapped in a column of ``width`` characters, at most what Excel allows."""
    return height_of(lines_of(text, width, size, bold), size, padding=4)


def column_width(sheet: Worksheet, column: int) -> float:
    """Return how wide a column is, in characters."""
    for dimension in sheet.column_dimensions.values():
        if (dimension.min or 0) <= column <= (dimension.max or 0):
            return float(dimension.width)
    return float(sheet.sheet_format.defaultColWidth or sheet.sheet_format.baseColWidth or 8.43)


def needed_height(cell: Any, text: str, columns: int = 1) -> float:
    """Return the points that a text needs in a cell (which may be merged over several columns)."""
    size = float(cell.font.sz or 11)
    if not cell.alignment.wrap_text:
        return text_height("", 1, size)
    width = sum(column_width(cell.parent, cell.column + n) for n in range(columns))
    return text_height(text, width, size, bool(cell.font.b))
