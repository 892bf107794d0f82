"""Draw the follow-up workbook: the one that the coordinator works in and that KSE opens (xlsxwriter)."""

from __future__ import annotations

from aftale.additions.draw_xlsx import add_own, drawing_lines
from aftale.additions.find import DRAWING
from aftale.cells.hidden_sheet import line, sealed
from aftale.followup.build import content_hash
from aftale.followup.draw_formats_xlsx import (
    add_conflict_rules,
    add_followup_rules,
    add_plan_rules,
    add_response_rules,
    add_result_rules,
    add_status_rules,
    offer_choices,
)
from aftale.followup.draw_front_xlsx import draw_overview
from aftale.followup.draw_table_xlsx import A3, Look, draw_table
from aftale.model.columns import OVERBLIK, RECORD, RECORD_COLUMNS
from aftale.model.tables import FollowUpBook, Table
from aftale.office import palette
from aftale.office.draw_base import Book, drawable, must, strictly

_AGREED, _SHARED, _WORK, _CALM = palette.NAVY, palette.SEA, palette.INPUT_LINE, palette.LINE
SUBJECT = "Opfølgning på aftale"
FEW_READ = frozenset(("demands", "policy", "target", "unit", "udgangspunkt", "opgjort_pr", "computed", "response", "source"))
"""The columns of ``Opfølgning`` that stand folded: what the goal's sentence or the status says already, and sources."""


def draw(book: FollowUpBook) -> bytes:
    """Draw the whole follow-up workbook.

    The same book always gives the same bytes. Raises `draw_base.DrawingError` (or the warning itself) where
    xlsxwriter would have left something out.
    """
    with strictly():
        target = Book(book.title, SUBJECT, book.created)
        front = draw_overview(target, book.overview)
        draw_followup(target, book)
        draw_plan(target, book)
        draw_results(target, book)
        _conflicts(target, book.conflicts)
        _responses(target, book.responses)
        _control(target, book.control)
        _sources(target, book.sources)
        drawing = (*drawing_lines(target, book), *line(DRAWING, "", OVERBLIK, content_hash(front.texts)))
        add_own(target, book)
        draw_record(target, sealed((*book.record, *drawing)))
        return target.finish()


def draw_followup(target: Book, book: FollowUpBook, edition: str = "") -> None:
    """Draw ``Opfølgning``; in an ``edition`` for others only the column with that key is written in."""
    look = Look(tab=_AGREED, name="Opfoelgning", freeze=1, zoom=90, paper=A3, levels=True, current=str(book.current_year),
                live=frozenset({"undecided", "missing", "contradiction"}), folded=FEW_READ, outline=True, grows=True)
    add_followup_rules(draw_table(target, book.followup, look), book.current_year, edition)


def draw_plan(target: Book, book: FollowUpBook) -> None:
    """Draw ``Udviklingsplan``."""
    look = Look(tab=_AGREED, name="Udviklingsplan", freeze=1, levels=True, current=str(book.current_year),
                folded=frozenset({"policy", "owners"}), outline=True, grows=True)
    add_plan_rules(draw_table(target, book.plan, look))


def draw_results(target: Book, book: FollowUpBook) -> None:
    """Draw ``Resultater``."""
    keys = {column.key for column in book.results.columns}
    halfway = {f"r{year}a" for year in book.years if year < book.current_year and f"r{year}b" in keys}
    empty = {column.key for place, column in enumerate(book.results.columns)
             if column.key == "sub" and not any(row[place].value for row in book.results.rows)}
    look = Look(tab=_AGREED, name="Resultater", freeze=1, levels=True, folded=frozenset({"unit", *halfway, *empty}),
                grows=True)
    add_result_rules(draw_table(target, book.results, look), book.results)


def _conflicts(target: Book, table: Table) -> None:
    drawn = draw_table(target, table, Look(tab=_WORK, name="Modstridende_svar", grows=True))
    if table.rows:
        add_conflict_rules(drawn)
        offer_choices(drawn, table, "Sæt x ud for det svar, der gælder. Gem, og kør «aftale flet» igen.",
                      "Eller skriv selv, hvad der skal stå. Det går forud for krydset.")


def _responses(target: Book, table: Table) -> None:
    add_response_rules(draw_table(target, table, Look(tab=_SHARED, name="Svaroversigt", grows=True)))


def _control(target: Book, table: Table) -> None:
    drawn = draw_table(target, table, Look(tab=_WORK, name="Kontrol", paper=A3, folded=frozenset({"key"}),
                                            grows=True))
    add_status_rules(drawn)
    offer_choices(drawn, table, "Vælg på listen. Gem, og kør «aftale flet» igen: valget huskes.",
                  "Skriv, hvad der skal stå i stedet. Det går forud for valget på listen.")


def _sources(target: Book, table: Table) -> None:
    empty = {column.key for place, column in enumerate(table.columns)
             if column.key in ("container", "sender") and not any(row[place].value for row in table.rows)}
    draw_table(target, table, Look(tab=_CALM, name="Kilder", folded=frozenset({"program", "sha", *empty})))


def draw_record(target: Book, record: tuple[tuple[str, str, str, str, str], ...]) -> None:
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
