"""The private names of libraries that we use, because the libraries offer nothing public: all of them stand here.

A new version of a library may change them. `tests/office/test_library_private.py` tells which, and what to do.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from typing import Any


def cells_by_place(sheet: Any) -> dict[tuple[int, int], Any]:
    """Return the cells that an openpyxl sheet holds by row and column (from 1), without making the empty ones."""
    cells: dict[tuple[int, int], Any] = sheet._cells
    return cells


def drawings_of(sheet: Any) -> list[Any]:
    """Return an openpyxl sheet's pictures and charts."""
    return [*sheet._images, *sheet._charts]


def anchor_corners(anchor: Any) -> list[Any]:
    """Return the one or two corners (``row`` and ``col`` from 0) that an openpyxl picture or chart is tied to."""
    return [corner for name in ("_from", "to") if (corner := getattr(anchor, name, None)) is not None]


def copy_style(like: Any, cell: Any) -> None:
    """Give an openpyxl cell the whole style of another, ten times as fast as font, fill, border and so on in turn."""
    cell._style = copy(like._style)


def write_formulas_as_they_are(sheet: Any) -> None:
    """Keep an xlsxwriter sheet from looking for the newest functions in each formula: ours have none, and it takes long."""
    sheet._prepare_formula = _without_sign


def calculated_already(book: Any) -> None:
    """Say in an xlsxwriter workbook that every value is stored, or Excel would ask to save it each time it is closed."""
    book.calc_on_load = False
    book.set_calc_mode("auto", CALCULATED_BY)


def let_rows_grow(sheet: Any, rows: Collection[int]) -> None:
    """Let rows (from 0) of an xlsxwriter sheet open at their height and grow when someone types a long text.

    The library can only fix a height: the mark of that is left out as the row is written.
    """
    start, numbers = sheet._xml_start_tag_unencoded, {row + 1 for row in rows}

    def loosened(tag: str, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        grows = tag == "row" and dict(attributes)["r"] in numbers
        start(tag, [each for each in attributes if not grows or each[0] != "customHeight"])

    sheet._xml_start_tag_unencoded = loosened


def filter_without_button(sheet: Any, column: int) -> None:
    """Leave the button of an xlsxwriter sheet's filter off a column (from the filter's first one, 0-based)."""
    def write() -> None:
        sheet._xml_start_tag("autoFilter", [("ref", sheet.autofilter_ref)])
        sheet._xml_empty_tag("filterColumn", [("colId", column), ("hiddenButton", 1)])
        sheet._xml_end_tag("autoFilter")

    sheet._write_auto_filter = write


CALCULATED_BY = 191029
"""The version of Excel's calculation since 2019: what an older one has calculated, Excel calculates again."""


def _without_sign(formula: str, expand_future_functions: bool = False) -> str:
    return formula.removeprefix("=")
