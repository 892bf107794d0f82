"""Draw the follow-up workbook: the one that the coordinator works in and that KSE opens (xlsxwriter)."""

from __future__ import annotations

from datetime import date

from aftale.disk import palette
from aftale.disk.followup_overview import draw_overview
from aftale.disk.followup_rules import add_followup_rules, add_plan_rules, add_response_rules, add_status_rules
from aftale.disk.followup_table import Look, draw_table
from aftale.disk.xlsx_base import Book, drawable, must, strictly
from aftale.words.sheets import RECORD, RECORD_COLUMNS
from aftale.words.tables import FollowUpBook, Overview, Table

_AGREED, _SHARED, _WORK, _CALM = palette.NAVY, palette.SEA, palette.INPUT_LINE, palette.LINE
_SUBJECT = "Opfølgning på aftale"


def draw(book: FollowUpBook) -> bytes:
    """Draw the whole follow-up workbook.

    The same book always gives the same bytes. Raises `xlsx_base.DrawingError` (or the warning itself) where
    xlsxwriter would have left something out.
    """
    with strictly():
        target = Book(book.title, _SUBJECT, book.created)
        draw_overview(target, book.overview)
        _followup(target, book)
        _plan(target, book)
        _results(target, book.results)
        _conflicts(target, book.conflicts)
        _responses(target, book.responses)
        _control(target, book.control)
        _sources(target, book.sources)
        _record(target, book.record)
        return target.finish()


def draw_front(overview: Overview) -> bytes:
    """Draw ``Overblik`` alone, to know what will stand on it."""
    with strictly():
        target = Book(overview.title, _SUBJECT, date(2000, 1, 1))
        draw_overview(target, overview)
        return target.finish()


def _followup(target: Book, book: FollowUpBook) -> None:
    look = Look(tab=_AGREED, name="Opfoelgning", freeze=1, zoom=90, wide=2, levels=True, current=str(book.current_year),
                live=frozenset({"undecided", "missing", "contradiction"}))
    add_followup_rules(draw_table(target, book.followup, look), book.current_year)


def _plan(target: Book, book: FollowUpBook) -> None:
    look = Look(tab=_AGREED, name="Udviklingsplan", freeze=1, levels=True, current=str(book.current_year))
    add_plan_rules(draw_table(target, book.plan, look), book.current_year)


def _results(target: Book, table: Table) -> None:
    add_status_rules(draw_table(target, table, Look(tab=_AGREED, name="Resultater", freeze=1)))


def _conflicts(target: Book, table: Table) -> None:
    drawn = draw_table(target, table, Look(tab=_WORK, name="Modstridende_svar"))
    for key, title, message in (
        ("vælg", "Vælg", "Vælg det svar, der skal gælde. Kør derefter flet igen."),
        ("egen formulering", "Egen formulering", "Eller skriv selv, hvad der skal stå. Det går forud for valget."),
    ):
        box = drawn.box(drawn.headed(key))
        if box and table.rows:
            drawn.sheet.advise(box, title, message)


def _responses(target: Book, table: Table) -> None:
    add_response_rules(draw_table(target, table, Look(tab=_SHARED, name="Svaroversigt")))


def _control(target: Book, table: Table) -> None:
    add_status_rules(draw_table(target, table, Look(tab=_WORK, name="Kontrol")))


def _sources(target: Book, table: Table) -> None:
    draw_table(target, table, Look(tab=_CALM, name="Kilder"))


def _record(target: Book, record: tuple[tuple[str, str, str, str, str], ...]) -> None:
    """Draw the hidden ``_aftale``: every value as text, without a format, since there can be many thousand."""
    sheet = target.sheet(RECORD)
    write = sheet.raw.write_string
    rows = (tuple(column.header for column in RECORD_COLUMNS), *record)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text[:3] == "<r>":
                sheet.text(number, column, text)
            elif text:
                must(write(number, column, drawable(text)))
    must(sheet.raw.ignore_errors({"number_stored_as_text": f"A1:E{len(rows)}"}))
    sheet.raw.hide()
