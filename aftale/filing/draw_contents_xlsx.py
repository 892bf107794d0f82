"""Draw the list of contents as a workbook."""

from __future__ import annotations

from datetime import date

from aftale.followup.draw_table_xlsx import A3, Look, draw_table
from aftale.model.tables import Table
from aftale.office import palette
from aftale.office.draw_base import Book, strictly

_SUBJECT = "Indholdsfortegnelse til sagen i ESDH-systemet"


def draw_contents(table: Table, year: int) -> bytes:
    """Draw the list; the same list always gives the same bytes."""
    with strictly():
        book = Book(table.title, _SUBJECT, date(year, 1, 1))
        draw_table(book, table, Look(tab=palette.NAVY, name=table.name, freeze=1, paper=A3))
        return book.finish()
