"""Draw data as a workbook: one Excel table from A1 on, every cell of its column's type, for other programs to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from aftale.office import palette
from aftale.office.draw_base import Book, Props, must, shown, strictly
from aftale.units.data_rows import DataColumn, Kind, Row

SHEET = "Data"
_WIDTHS: dict[Kind, float] = {"text": 24, "word": 18, "year": 8, "number": 13, "share": 14, "day": 12, "yes": 9}
_LONG = 44
_LONG_TEXTS = frozenset(("effektmaal", "delmaal", "bemaerkninger", "naeste_skridt", "forvaltningens_bemaerkninger"))
_FORMATS: dict[Kind, Props] = {"share": {"num_format": "0.0%"}, "year": {"num_format": "0"}}
_HEADER: Props = {"bold": True, "font_color": palette.WHITE, "bg_color": palette.NAVY, "valign": "vcenter"}


def draw_data(columns: Sequence[DataColumn], rows: Sequence[Row], created: date) -> bytes:
    """Draw the rows; the same rows always give the same bytes, and text is never run as a formula."""
    with strictly():
        book = Book("Aftalernes mål som data", "En række for hver enhed, hvert år, hver runde og hvert mål", created)
        sheet = book.sheet(SHEET, palette.NAVY)
        styles = {column.name: _style(book, column.kind) for column in columns}
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                value = row.get(column.name)
                if value not in (None, ""):
                    sheet.value(number, place, value, styles[column.name])
        header = book.style(_HEADER)
        must(sheet.raw.add_table(0, 0, max(len(rows), 1), len(columns) - 1, {
            "name": SHEET, "style": None,
            "columns": [{"header": column.name, "header_format": header} for column in columns]}))
        for place, column in enumerate(columns):
            sheet.width(place, _LONG if column.name in _LONG_TEXTS else _WIDTHS[column.kind])
        sheet.raw.freeze_panes(1, 1)
        return book.finish()


def _style(book: Book, kind: Kind) -> Any:
    """Return the look of a column's cells."""
    day = {"num_format": shown(date(2015, 1, 1))[1]} if kind == "day" else {}
    return book.style({"align": "left"} if kind in ("text", "word") else {}, _FORMATS.get(kind, {}), day)
