"""Next year's agreement made from this year's workbook: cells are changed, a sheet is added, the rest stays."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from xml.sax.saxutils import escape

from aftale.followup.draw_formats_xlsx import add_status_rules
from aftale.followup.draw_table_xlsx import Look, draw_table
from aftale.model.agreement import Value
from aftale.model.columns import RECORD, RECORD_COLUMNS
from aftale.model.tables import Table
from aftale.model.text import canonical, fold
from aftale.model.workbook import cell_place
from aftale.office import package, palette
from aftale.office.add_drawn_sheet import graft
from aftale.office.draw_base import Book, height_of, lines_of, strictly
from aftale.office.openpyxl_book import BAD_FILE, TemplateError

_DATE_1904 = re.compile(rb'<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"')
_TITLE = re.compile(rb"(<dc:title\b[^>]*>)([^<]*)(</dc:title>)")
_UNKNOWN_WIDTH = 8.43


@dataclass(frozen=True)
class Change:
    """What is written into the workbook: ``cells`` by sheet and cell, the sheet of news, and ``_aftale``.

    ``hidden`` are the sheets that are put out of sight, since they are about earlier years. ``title`` is the file's own
    title before and after, changed only where nobody has given it another.
    """

    cells: Mapping[str, Mapping[str, Value]]
    news: Table
    record: Iterable[tuple[str, str, str, str, str]]
    created: date
    title: tuple[str, str] = ("", "")
    hidden: tuple[str, ...] = ()


def change_year(data: bytes, change: Change) -> bytes:
    """Return an agreement workbook with its cells changed and the sheet of news behind the others; the rest stays as it is.

    Raises TemplateError where the file can't be opened or has no such sheet.
    """
    try:
        parts = package.read_parts(data)
        where = {fold(name): part for name, part in package.sheet_parts(parts).items()}
        # What the workbook counts its dates from.
        zero = date(1904, 1, 1) if _DATE_1904.search(parts[package.workbook_part(parts)]) else date(1899, 12, 30)
        for sheet, cells in change.cells.items():
            stored = {cell: float((value - zero).days) if isinstance(value, date) else
                      value if isinstance(value, float) else canonical(value) for cell, value in cells.items()}
            if stored:
                package.set_cells(parts, where[fold(sheet)], stored)
                _grow(parts, where[fold(sheet)], stored)
        header = tuple(column.header for column in RECORD_COLUMNS)
        package.set_rows(parts, where.get(fold(RECORD)) or package.add_sheet(parts, RECORD), [header, *change.record])
        with strictly():
            book = Book(change.title[1] or change.news.title, "", change.created)
            look = Look(tab=palette.INPUT_LINE, name=change.news.name, grows=True)
            add_status_rules(draw_table(book, change.news, look))
            graft(parts, book.finish())
        _hide(parts, change.hidden)
    except BAD_FILE as error:
        raise TemplateError("Filen kan ikke åbnes. Gem den i Excel som .xlsx, og prøv igen.") from error
    _retitle(parts, *change.title)
    return package.reproducible(package.write_parts(parts), datetime.combine(change.created, time()))


def sheet_names(data: bytes) -> tuple[str, ...]:
    """Return the names of all sheets; raises TemplateError for what is no workbook of the kind that can be changed."""
    try:
        return tuple(package.sheet_parts(package.read_parts(data)))
    except BAD_FILE as error:
        raise TemplateError("Filen er ikke gemt som .xlsx.") from error


def _grow(parts: dict[str, bytes], part: str, cells: Mapping[str, str | float]) -> None:
    """Make rows taller where a new text needs it: Excel only does so when somebody types."""
    texts = {cell: value for cell, value in cells.items() if isinstance(value, str) and value}

    def change(page: Any) -> None:
        root = page.documentElement
        widths = [(int(c.getAttribute("min")), int(c.getAttribute("max")), float(c.getAttribute("width")))
                  for c in root.getElementsByTagNameNS("*", "col") if c.hasAttribute("width")]
        rows = {row.getAttribute("r"): row for row in package.elements(package.elements(root, "sheetData")[0], "row")}
        for cell, text in texts.items():
            at = cell_place(cell)
            row = rows.get(re.sub(r"\D", "", cell))
            if at is None or row is None or not row.hasAttribute("ht") or row.getAttribute("hidden") in ("1", "true"):
                continue
            width = next((wide for first, last, wide in widths if first <= at[1] + 1 <= last), _UNKNOWN_WIDTH)
            needed = height_of(lines_of(text, width - 1, 11), 11)
            if needed > float(row.getAttribute("ht")):
                row.setAttribute("ht", canonical(needed))

    if texts:
        package.edit_part(parts, part, change)


def _hide(parts: dict[str, bytes], names: Collection[str]) -> None:
    """Put sheets out of sight; where one of them was the sheet that opens, the first one in sight opens instead."""
    where = package.sheet_parts(parts)
    opens: list[str] = []

    def change(page: Any) -> None:
        sheets = package.elements(package.elements(page.documentElement, "sheets")[0], "sheet")
        for each in sheets:
            if each.getAttribute("name") in names:
                each.setAttribute("state", "hidden")
        seen = [n for n, each in enumerate(sheets) if each.getAttribute("state") in ("", "visible")]
        for view in page.getElementsByTagNameNS("*", "workbookView"):
            for key in ("activeTab", "firstSheet"):
                at = int(view.getAttribute(key) or 0)
                if at < len(sheets) and sheets[at].getAttribute("name") in names:
                    view.setAttribute(key, str(seen[0]))
                    opens.append(sheets[seen[0]].getAttribute("name"))

    if names:
        package.edit_part(parts, package.workbook_part(parts), change)
    for name in (*names, *opens):
        package.edit_part(parts, where[name], lambda page, chosen=name in opens: _choose(page, chosen))  # type: ignore[misc]


def _choose(page: Any, chosen: bool) -> None:
    for view in page.getElementsByTagNameNS("*", "sheetView"):
        view.setAttribute("tabSelected", "1" if chosen else "0")


def _retitle(parts: dict[str, bytes], before: str, after: str) -> None:
    core = parts.get("docProps/core.xml")
    if core and before:
        old, new = (escape(text).encode() for text in (before, after))
        parts["docProps/core.xml"] = _TITLE.sub(lambda m: m[1] + (new if m[2] == old else m[2]) + m[3], core)
