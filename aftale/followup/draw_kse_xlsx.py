"""Draw KSE's edition: the first four sheets of the follow-up, locked but for what KSE may write, and nothing else in it."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple, TypeVar

from aftale.cells.hidden_sheet import FOLLOWUP_KIND
from aftale.followup.draw_front_xlsx import KSE, draw_overview
from aftale.followup.draw_xlsx import SUBJECT, draw_followup, draw_plan, draw_record, draw_results
from aftale.intake.read import read_bytes
from aftale.kse.edition import EditionAbout, edition_record
from aftale.model.additions import OwnContent
from aftale.model.columns import CONFLICTS, CONTROL, KSE_SHEETS, RESPONSES, SOURCES
from aftale.model.findings import Finding
from aftale.model.tables import Cell, FollowUpBook, Overview, Table
from aftale.office.draw_base import Book, strictly

KEYWORD = "aftale-udgave-"
"""The edition stands after this in the document's own keywords, so that a PDF made of it can be told from others."""
CAN_BE_DONE = {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True,
               "select_locked_cells": True, "select_unlocked_cells": True}
_WRITES = "kse"
"""The key of the column that KSE writes in."""
_LEFT_OUT = frozenset(("source",))
_THEIR_OWN = (CONFLICTS, RESPONSES, CONTROL, SOURCES)
_INTRO = ("Skriv i den gule kolonne, gem, og send projektmappen tilbage. Nogle kolonner er skjult: markér nabokolonnerne,"
          " højreklik, og vælg Vis.")
_SUBTITLE = "Forvaltningen skriver i de gule felter her og på Opfølgning."
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
    book = edition_of(book, about)
    sheets = read_bytes(_drawn(book, "", ()), "kse.xlsx")
    assert not isinstance(sheets, Finding), sheets.message
    record = edition_record(sheets, about, book.followup.columns)
    edition = next(value for post, _, name, _, value in record if (post, name) == (FOLLOWUP_KIND, "udgave"))
    return KseEdition(_drawn(book, edition, record), edition)


def _drawn(book: FollowUpBook, edition: str, record: tuple[tuple[str, str, str, str, str], ...]) -> bytes:
    with strictly():
        target = Book(book.title, SUBJECT, book.created, f"{KEYWORD}{edition}" if edition else "")
        draw_overview(target, book.overview, edition=KSE)
        draw_followup(target, book, edition=_WRITES)
        draw_plan(target, book)
        draw_results(target, book)
        if record:
            draw_record(target, record)
        for sheet in target.book.worksheets():
            sheet.protect("", CAN_BE_DONE)
        return target.finish()


def edition_of(book: FollowUpBook, about: EditionAbout) -> FollowUpBook:
    """Return the book without anything of the coordinator's: sources, links, notes, and what is new since last time."""
    intro = f"{about.unit} – {about.round.danish}. {_INTRO}"
    overview = replace(book.overview, news=None, subtitle=_subtitle(book.overview))
    return replace(book, overview=_plain(overview), followup=replace(_table(book.followup), intro=intro),
                   plan=_table(book.plan), results=_table(book.results), record=(), own=OwnContent())


def _subtitle(overview: Overview) -> str:
    return f"{overview.subtitle.rstrip('.')}. {_SUBTITLE}"


def _table(table: Table) -> Table:
    kept = [place for place, column in enumerate(table.columns) if column.key not in _LEFT_OUT]
    keys = [column.key for column in table.columns]
    rows = tuple(tuple(_cell(row[place], keys[place] == _WRITES) for place in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows)


def _cell(cell: Cell, open_: bool = False) -> Cell:
    """Return a cell without note and choices, and without links to, or formulas over, sheets that KSE doesn't get."""
    link = cell.link if not cell.link or cell.link.split("!")[0].strip("'") in KSE_SHEETS else ""
    theirs = any(re.search(rf"{re.escape(name)}'?!", cell.formula) for name in _THEIR_OWN) if cell.formula else False
    return replace(cell, link=link, note="", choices=(), open=open_, formula="" if theirs else cell.formula)


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
