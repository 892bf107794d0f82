"""Draw the follow-up workbook, the coordinator's and KSE's edition of it (xlsxwriter)."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple, TypeVar

from aftale.additions.draw_xlsx import add_own, drawing_lines, with_documents
from aftale.additions.find import DRAWING
from aftale.cells.hidden_sheet import FOLLOWUP_KIND, line, sealed
from aftale.followup.build import content_hash
from aftale.followup.dialog_sheet import dialog_of_edition
from aftale.followup.draw_decisions_xlsx import draw_conflicts, draw_control
from aftale.followup.draw_dialog_xlsx import draw_dialog
from aftale.followup.draw_formats_xlsx import (
    add_followup_rules,
    add_legend,
    add_plan_rules,
    add_response_rules,
    add_result_rules,
)
from aftale.followup.draw_front_xlsx import KSE, draw_overview
from aftale.followup.draw_table_xlsx import A3, Look, draw_table
from aftale.followup.goal_sheets import BY_COORDINATOR
from aftale.intake.read import read_bytes
from aftale.kse.edition import EditionAbout, edition_record
from aftale.model.additions import OwnContent
from aftale.model.columns import CONFLICTS, CONTROL, KSE_SHEETS, OVERBLIK, RESPONSES, SOURCES
from aftale.model.dialogue import Names
from aftale.model.findings import Finding
from aftale.model.tables import Cell, FollowUpBook, Table
from aftale.model.text import capital, without_sheet
from aftale.office import palette
from aftale.office.draw_base import Book, draw_record, strictly

_AGREED, _SHARED, _WORK, _CALM = palette.NAVY, palette.SEA, palette.INPUT_LINE, palette.LINE
_SUBJECT = "Opfølgning på aftale"
_STATUSES_SHOWN = 2
"""How many rounds' statuses stand unfolded on ``Resultater``: this one's and the last one's."""
FEW_READ = frozenset(("demands", "policy", "target", "unit", "udgangspunkt", "opgjort_pr", "computed", "response", "source"))
"""The columns of ``Opfølgning`` that stand folded: what the goal's sentence or the status says already, and sources."""


def draw(book: FollowUpBook) -> bytes:
    """Draw the whole follow-up workbook.

    The same book always gives the same bytes. Raises `draw_base.DrawingError` (or the warning itself) where
    xlsxwriter would have left something out.
    """
    with strictly():
        target = Book(book.title, _SUBJECT, book.created)
        front = draw_overview(target, book.overview)
        _goal_sheets(target, book)
        draw_dialog(target, book.dialog, _SHARED)
        draw_conflicts(target, book.conflicts, _WORK)
        add_response_rules(draw_table(target, book.responses, Look(tab=_SHARED, name="Svaroversigt", grows=True)))
        draw_control(target, book.control, _WORK)
        folded = frozenset(("program", "sha", *_empty(book.sources, "container", "sender")))
        draw_table(target, book.sources, Look(tab=_CALM, name="Kilder", folded=folded))
        drawing = (*drawing_lines(target, book), *line(DRAWING, "", OVERBLIK, content_hash(front.texts)))
        add_own(target, book)
        draw_record(target, sealed((*book.record, *drawing)))
        return with_documents(target.finish(), book.own)


def _goal_sheets(target: Book, book: FollowUpBook, edition: str = "") -> None:
    """Draw the sheets that KSE gets too; in an ``edition`` for others only the column with that key is written in."""
    now = str(book.current_year)
    look = Look(tab=_AGREED, name="Opfoelgning", freeze=1, zoom=90, paper=A3, levels=True, current=now,
                live=frozenset({"undecided", "missing", "contradiction"}), folded=_folded(book.followup), outline=True,
                grows=True,
                locked=bool(edition))
    drawn = draw_table(target, book.followup, look)
    add_followup_rules(drawn, book.current_year, edition, book.overview.department)
    add_legend(drawn, book.followup)
    look = Look(tab=_AGREED, name="Udviklingsplan", freeze=1, levels=True, current=now,
                folded=frozenset({"policy", "owners"}), outline=True, grows=True, locked=bool(edition))
    add_plan_rules(draw_table(target, book.plan, look))
    keys = {column.key for column in book.results.columns}
    halfway = (f"r{year}a" for year in book.years if year < book.current_year and f"r{year}b" in keys)
    before = [column.key for column in book.results.columns if re.match(r"s\d{4}", column.key)][:-_STATUSES_SHOWN]
    folded = frozenset(("unit", *halfway, *before, *_empty(book.results, "sub")))
    look = Look(tab=_AGREED, name="Resultater", freeze=1, levels=True, folded=folded, grows=True, locked=bool(edition))
    add_result_rules(draw_table(target, book.results, look), book.results)


def _folded(table: Table) -> frozenset[str]:
    """Return the columns of ``Opfølgning`` that few read; Svarstatus is in sight where a status isn't the reported one."""
    at = next(place for place, column in enumerate(table.columns) if column.key == "response")
    told = any(str(row[at].value).startswith(BY_COORDINATOR) for row in table.rows)
    return FEW_READ - {"response"} if told else FEW_READ


def _empty(table: Table, *keys: str) -> list[str]:
    """Return those of some columns in which nothing stands."""
    return [column.key for place, column in enumerate(table.columns)
            if column.key in keys and not any(row[place].value for row in table.rows)]


# ---------------------------------------------------------------- KSE's edition

KEYWORD = "aftale-udgave-"
"""The edition stands after this in the document's own keywords, so that a PDF made of it can be told from others."""
_CAN_BE_DONE = {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True,
                "select_locked_cells": True, "select_unlocked_cells": True}
_WRITES = "kse"
"""The key of the column that KSE writes in."""
_THEIR_OWN = (CONFLICTS, RESPONSES, CONTROL, SOURCES)
_INTRO = ("Skriv i den gule kolonne, gem, og send filen tilbage. Nogle kolonner er skjult: Markér nabokolonnerne, højreklik,"
          " og vælg Vis.")
_NOTE = "{} skriver i de gule felter her og på Opfølgning."
_Part = TypeVar("_Part")


class KseEdition(NamedTuple):
    """A workbook's bytes, and the number that tells the edition from others of another content."""

    data: bytes
    edition: str


def draw_for_kse(book: FollowUpBook, about: EditionAbout) -> KseEdition:
    """Draw KSE's edition; the same book always gives the same bytes.

    What was sent is read back from the drawing itself, so that the returned file can be judged alone. What people wrote
    in their answers is theirs, and stays as it is, an address in a remark included.
    """
    book = _edition_of(book, about)
    sheets = read_bytes(_drawn(book, "", ()), "kse.xlsx")
    assert not isinstance(sheets, Finding), sheets.message
    record = edition_record(sheets, about, book.followup.columns)
    edition = next(value for post, _, name, _, value in record if (post, name) == (FOLLOWUP_KIND, "udgave"))
    return KseEdition(_drawn(book, edition, record), edition)


def _drawn(book: FollowUpBook, edition: str, record: tuple[tuple[str, str, str, str, str], ...]) -> bytes:
    with strictly():
        target = Book(book.title, _SUBJECT, book.created, f"{KEYWORD}{edition}" if edition else "")
        draw_overview(target, book.overview, edition=KSE)
        _goal_sheets(target, book, edition=_WRITES)
        draw_dialog(target, book.dialog, _SHARED)
        if record:
            draw_record(target, record)
        for sheet in target.book.worksheets():
            sheet.protect("", _CAN_BE_DONE)
        return target.finish()


def _edition_of(book: FollowUpBook, about: EditionAbout) -> FollowUpBook:
    """Return the book without anything of the coordinator's: sources, links, notes, and what is new since last time."""
    intro = f"{about.unit} – {about.round.danish}. {_INTRO}"
    overview = replace(book.overview, news=None, note=_NOTE.format(capital(book.overview.department)))
    return replace(book, overview=_plain(overview), followup=replace(_table(book.followup), intro=intro),
                   plan=_table(book.plan), results=_table(book.results), record=(), own=OwnContent(),
                   dialog=dialog_of_edition(book.dialog, Names(about.unit, book.overview.department), about.open_lines))


def _table(table: Table) -> Table:
    kept = [place for place, column in enumerate(table.columns) if column.key != "source"]
    keys = [column.key for column in table.columns]
    rows = tuple(tuple(_cell(row[place], keys[place] == _WRITES) for place in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows)


def _cell(cell: Cell, open_: bool = False) -> Cell:
    """Return a cell without note and choices, and without links to, or formulas over, sheets that KSE doesn't get.

    A text that is cut doesn't point at such a sheet either.
    """
    link = cell.link if not cell.link or cell.link.split("!")[0].strip("'") in KSE_SHEETS else ""
    theirs = any(re.search(rf"{re.escape(name)}'?!", cell.formula) for name in _THEIR_OWN) if cell.formula else False
    value = without_sheet(cell.value) if isinstance(cell.value, str) else cell.value
    return replace(cell, value=value, link=link, note="", choices=(), open=open_, formula="" if theirs else cell.formula)


def _plain(part: _Part) -> _Part:
    """Return the same parts with every cell in them as `_cell` leaves it."""
    if isinstance(part, Cell):
        return _cell(part)  # type: ignore[return-value]
    if isinstance(part, tuple):
        return tuple(_plain(each) for each in part)  # type: ignore[return-value]
    if is_dataclass(part) and not isinstance(part, type):
        changed: dict[str, Any] = {each.name: _plain(getattr(part, each.name)) for each in fields(part)}
        return replace(part, **changed)
    return part
