"""What the sheets of a skema share: a value with its place and its look, written as a workbook can hold it (xlsxwriter)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Any

from aftale.model.agreement import Value
from aftale.model.text import canonical, fitted, without_controls
from aftale.office import palette
from aftale.office.draw_base import DATE_FORMAT, Sheet, height_of, lines_of, shown

INDENT = 1.5
"""How much of a column's width the indent of one takes, in characters."""
BASE: Mapping[str, Any] = {"font_name": palette.FONT, "font_size": 10, "font_color": palette.INK, "align": "left",
                           "valign": "vcenter", "indent": 1}
_WRAP = {"text_wrap": True, "valign": "top"}
_GRID = {"border": 1, "border_color": palette.LINE}
_INPUT = {"bg_color": palette.INPUT, "border": 1, "border_color": palette.INPUT_LINE, "locked": False}
_MARK = {"bg_color": palette.MARKED, "border": 5, "border_color": palette.MARKED_LINE, "font_color": palette.MARKED_INK,
         "bold": True, "locked": False}
_BAND = {"bg_color": palette.NAVY, "font_color": palette.WHITE}
_HEADER = {"bold": True, "text_wrap": True, "border": 1, "border_color": palette.WHITE}
_RULED = {"text_wrap": True, "font_size": 11, "valign": "top", "bottom": 1, "bottom_color": palette.LINE}
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {**_BAND, "font_size": 16, "bold": True},
    "subtitle": {**_BAND, "font_size": 11, "align": "right"},
    "step": {"bg_color": palette.MIST, "font_color": palette.NAVY, "bold": True, "text_wrap": True},
    "label": {"bold": True, "font_color": palette.MUTED, "align": "right"},
    "field": {"bold": True},
    "open_field": {**_INPUT, "text_wrap": True, "bold": True},
    "marked_field": {**_MARK, "text_wrap": True},
    "header": {**_HEADER, **_BAND},
    "answer_header": {**_HEADER, "bg_color": palette.INPUT_LINE},
    "look_up_header": {**_HEADER, "bg_color": palette.LOOK_UP},
    "locked": {**_WRAP, "top": 1, "bottom": 1, "top_color": palette.LINE, "bottom_color": palette.LINE,
               "bg_color": palette.PAPER},
    "open": {**_WRAP, **_INPUT},
    "idle": {**_WRAP, **_GRID, "bg_color": palette.IDLE, "locked": False},
    "marked": {**_WRAP, **_MARK},
    "look_up": {"valign": "top", "font_size": 9, "font_color": palette.MUTED, "bottom": 1, "bottom_color": palette.LINE},
    "look_up_title": {"italic": True, "font_color": palette.MUTED},
    "caption": {"bold": True, "font_color": palette.NAVY, "font_size": 11},
    "spare": {**_WRAP, "bg_color": "#FFFDF0", "locked": False},
    "guide_title": {**_BAND, "font_size": 16, "bold": True},
    "guide_heading": {**_RULED, "bold": True, "font_color": palette.NAVY},
    "guide_text": _RULED,
    "list_header": {"bold": True},
    "plain": {},
}
CAN_BE_DONE = {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True,
               "select_locked_cells": True, "select_unlocked_cells": True}


@dataclass(frozen=True)
class Spot:
    """A value outside the table: where it stands, how it looks, and whether people may write over it.

    ``last`` is the last column of a merged box (0-based, as ``row`` and ``column``), or None for a single cell; ``key``
    is the field that the spot holds the value of, if any.
    """

    row: int
    column: int
    value: Value
    look: str
    last: int | None = None
    open: bool = False
    key: str = ""


@lru_cache(maxsize=5_000)  # what people read is the same in every skema, but for the goals
def clean(text: str) -> str:
    """Return text as a workbook can hold it."""
    return without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))


def writable(value: Value) -> Value:
    """Return a value as it is written: clean text, and as text what Excel has no number or date for."""
    if value is None or isinstance(value, bool):
        return canonical(value)
    if isinstance(value, date):
        return shown(value)[0]
    if isinstance(value, (int, float)):
        return value if isfinite(value) else str(value)
    return _fitting(value)


@lru_cache(maxsize=5_000)
def _fitting(text: str) -> str:
    fitting = fitted(clean(text))
    return fitting if fitting.strip() else ""


def write(sheet: Sheet, row: int, column: int, value: Value, look: str, **more: Any) -> None:
    """Write one value in a look; a date has the date format whatever else the cell may hold."""
    value = writable(value)
    if isinstance(value, date):
        more["num_format"] = DATE_FORMAT
    sheet.value(row, column, value, sheet.book.look((look, *more.items()), BASE, LOOKS[look], more))


def put(sheet: Sheet, spot: Spot) -> None:
    """Write a spot, merged to its last column where it has one."""
    if spot.last is not None:
        sheet.merged(spot.row, spot.column, spot.last, "", sheet.book.look((spot.look,), BASE, LOOKS[spot.look]))
    write(sheet, spot.row, spot.column, spot.value, spot.look)


def height_for(value: Value, width: float, look: str, least: float) -> float:
    """Return the points that a value needs in a column of so many characters."""
    properties = {**BASE, **LOOKS[look]}
    size = float(properties["font_size"])
    lines = lines_of(canonical(writable(value)), width - INDENT, size, bool(properties.get("bold")))
    return max(least, height_of(lines, size))
