"""Draw the sheets on which the coordinator decides: what is to be decided and where she does it fit one screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_range  # type: ignore[import-untyped,unused-ignore]

from aftale.followup.control_sheets import FOLDED
from aftale.followup.draw_table_xlsx import Drawn
from aftale.followup.what_waits import CHOOSE, CHOSEN, ERROR, OPEN
from aftale.model.agreement import Status
from aftale.model.columns import CONFLICTS, CONTROL, LOOK_UP, Column
from aftale.model.tables import Cell, Table
from aftale.model.workbook import column_name
from aftale.office import palette
from aftale.office.draw_base import INTRO_ROW, LINK, TALLEST, TITLE_ROW, Book, Props, Sheet, height_of, lines_of, must, shown

_MARGIN = 0.276
"""Seven millimetres."""
_PX = 0.75
"""Points to a pixel."""
_TEXT: Props = {"align": "left", "indent": 1, "valign": "top", "text_wrap": True}
_RULED: Props = {"bottom": 1, "bottom_color": palette.LINE}
_BEGINS: Props = {"top": 2, "top_color": palette.NAVY}
"""The line above what is only told."""
_QUIET: Props = {"font_color": palette.MUTED}
_ASKED: Props = {"bg_color": palette.INPUT, "border": 1, "border_color": palette.INPUT_LINE}
_MAY: Props = {"bg_color": "#FFFDF0", "border": 1, "border_color": "#EADFB0"}
"""Where something can be chosen that nobody asks for."""
_LOOKED_UP: Props = {"font_size": 9, "font_color": palette.MUTED}
_LOOK_UP_FILL = "#E4E7EB"
_OPEN: Props = {"bg_color": palette.MARKED, "font_color": palette.MARKED_INK, "bold": True}
_FAILED: Props = {"bg_color": palette.STATUS_COLOURS[Status.NOT_MET][0],
                  "font_color": palette.STATUS_COLOURS[Status.NOT_MET][1], "bold": True}
_DONE: Props = {"bg_color": palette.STATUS_COLOURS[Status.MET][0], "font_color": palette.STATUS_COLOURS[Status.MET][1],
                "bold": True}
_TICKED: Props = {**_DONE, "num_format": '"✓ "@'}
_DECIDED = '"✓ Besluttet"'
_GROUP: Props = {"top": 1, "top_color": palette.NAVY}
"""The line above the answers to one question, wherever sorting has put them."""
_FRAME: Props = {"left": 1, "right": 1, "bottom": 1, "left_color": palette.INPUT_LINE, "right_color": palette.INPUT_LINE,
                 "bottom_color": palette.INPUT_LINE}
"""What a yellow cell keeps of its frame, since programs draw the rule's borders instead of the cell's own."""
_YELLOW = ("pick", "own")
_NARROW = 9.0
"""The size of the line with the account, and of what is looked up."""


def draw_control(book: Book, table: Table, tab: str) -> None:
    """Draw ``Kontrol``."""
    drawn = _draw(book, table, tab)
    if not table.rows or drawn.at("state" if table.sheet == CONFLICTS else "level") is None:
        return
    offer_choices(drawn, table, "Vælg på listen. Gem, og kør »aftale flet« igen: Valget huskes. »Spørg …« kommer med, når du"
                  " kører »aftale indlaes --retur MAPPE«.",
                  "Skriv, hvad der skal stå i stedet. Det går forud for valget på listen.")
    box = _column(drawn, "level")
    state, pick, own = (_cell(drawn, key) for key in ("level", *_YELLOW))
    chosen = f'AND(OR({state}="{OPEN}",{state}="{ERROR}"),OR(TRIM({pick})<>"",TRIM({own})<>""))'
    style = book.rule_style
    decided = ";".join([_DECIDED] * 4)
    drawn.sheet.formula_rule(box, chosen, style(_DONE, num_format=decided))
    for text, look in ((OPEN, _OPEN), (ERROR, _FAILED)):
        drawn.sheet.rule(box, {"type": "cell", "criteria": "==", "value": f'"{text}"',
                               "format": style(look, num_format='"● "@')})


def draw_conflicts(book: Book, table: Table, tab: str) -> None:
    """Draw ``Modstridende svar``: the answers to one question stand together, and what holds is ticked."""
    drawn = _draw(book, table, tab)
    if not table.rows or drawn.at("state" if table.sheet == CONFLICTS else "level") is None:
        return
    offer_choices(drawn, table, "Sæt x ud for det svar, der gælder. Gem, og kør »aftale flet« igen.",
                  "Eller skriv selv, hvad der skal stå. Det går forud for krydset.")
    box = _column(drawn, "state")
    pick, own, state = (_cell(drawn, key) for key in (*_YELLOW, "state"))
    style = book.rule_style
    drawn.sheet.formula_rule(box, f'AND(LEFT({state},{len(CHOOSE)})="{CHOOSE}",OR(TRIM({pick})<>"",TRIM({own})<>""))',
                             style(_DONE, num_format=";".join([_DECIDED] * 4)))
    drawn.sheet.formula_rule(box, f'LEFT({state},{len(CHOOSE)})="{CHOOSE}"', style(_OPEN, num_format='"● "@'))
    drawn.sheet.rule(box, {"type": "cell", "criteria": "==", "value": f'"{CHOSEN}"', "format": style(_TICKED)})
    goal, field = (_cell(drawn, key) for key in ("id", "column"))
    above = (each.replace(str(drawn.first + 1), str(drawn.first)) for each in (goal, field))
    begins = f"{goal}&{field}<>{'&'.join(above)}"
    for place in range(_main(table)):
        yellow = _FRAME if table.columns[place].key in _YELLOW else {}
        drawn.sheet.formula_rule((drawn.first, place, drawn.last, place), begins, style(_GROUP, yellow))


def _draw(book: Book, table: Table, tab: str) -> Drawn:
    """Draw heading, table and rows, and set up screen and page."""
    sheet = book.sheet(table.sheet, tab)
    main = _main(table)
    for number, column in enumerate(table.columns):
        sheet.width(number, column.width)
    _heading(sheet, table, main)
    header = table.header - 1
    last = header + max(len(table.rows), 1)
    drawn = Drawn(sheet, table.columns, header + 1, last)
    headers = [{"header": column.header, "header_format": book.style(_header(column, number > main))}
               for number, column in enumerate(table.columns)]
    if main < len(headers):
        headers[main]["header_format"] = book.style(_header(LOOK_UP, True), rotation=90, font_size=8, indent=0,
                                                   align="center")
    must(sheet.raw.add_table(header, 0, last, len(table.columns) - 1,
                             {"name": table.sheet.replace(" ", "_"), "style": None, "columns": headers}))
    sheet.height(header, 36 * _PX)
    for number, row in enumerate(table.rows):
        _row(drawn, table, number, row, _BEGINS if table.sheet == CONTROL and _begins(table, number) else {})
    if not table.rows:
        sheet.height(drawn.first, 8)
        sheet.text(drawn.first + 1, 0, table.empty, book.style(_QUIET, italic=True, valign="vcenter"))
        sheet.height(drawn.first + 1, 24)
    _view(drawn, header, main, last + (not table.rows))
    return drawn


def _main(table: Table) -> int:
    """Return how many columns stand before those that are only looked up."""
    return table.columns.index(LOOK_UP) if LOOK_UP in table.columns else len(table.columns)


def _begins(table: Table, number: int) -> bool:
    """Tell whether a row of ``Kontrol`` is the first after the open ones."""
    return number > 0 and table.rows[number][0].mark != "open" and table.rows[number - 1][0].mark == "open"


def _heading(sheet: Sheet, table: Table, main: int) -> None:
    style = sheet.book.style
    band = style(bg_color=palette.NAVY, font_color=palette.WHITE, font_size=16, bold=True, valign="vcenter", indent=1)
    told = style(bg_color=palette.MIST, font_color=palette.NAVY, bold=True, valign="vcenter", indent=1)
    quiet = style(font_color=palette.MUTED, font_size=_NARROW, valign="vcenter", indent=1)
    rows = [(TITLE_ROW, table.title, band, 34), (INTRO_ROW, table.intro, told, 26)]
    rows += [(INTRO_ROW + 1, table.facts, quiet, 22)] if table.facts else []
    for row, text, look, pixels in rows:
        for column in range(1, main):
            sheet.text(row, column, "", look)
        sheet.text(row, 0, text, look)
        sheet.height(row, pixels * _PX)
    if table.live:
        sheet.formula(INTRO_ROW, 0, table.live, table.intro, told)


def _header(column: Column, looked_up: bool) -> dict[str, Any]:
    fill = _LOOK_UP_FILL if looked_up else palette.INPUT_LINE if column.key in _YELLOW else palette.NAVY
    ink = palette.INK if fill != palette.NAVY else palette.WHITE
    return {"bold": True, "font_color": ink, "bg_color": fill, "border": 1, "border_color": palette.WHITE,
            "text_wrap": True, "align": "left", "indent": 1, "valign": "vcenter"}


def _row(drawn: Drawn, table: Table, number: int, row: tuple[Cell, ...], line: Props) -> None:
    at, sheet = drawn.first + number, drawn.sheet
    main = _main(table)
    lines = 1.0
    for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
        if place == main:
            continue
        value, number_format = shown(cell.value, cell.number)
        linked = bool(cell.link) and value not in (None, "")
        key = (place, cell.mark, cell.open, number_format, linked, bool(line))
        style = drawn.styles.get(key)
        if style is None:
            props = {**_look(column, cell, place > main), **line}
            style = drawn.styles[key] = sheet.book.style(
                props, {"num_format": number_format} if number_format else {}, {**LINK, "bold": False} if linked else {})
        if linked:
            sheet.link(at, place, cell.link, value, style)
        sheet.value(at, place, value, style)
        if isinstance(value, str) and (place < main or column.key == "whole"):
            lines = max(lines, lines_of(value, column.width - 1.0, bold=cell.mark == "open"))
    must(sheet.raw.set_row(at, min(max(height_of(int(lines), padding=7), 20.0), TALLEST), None,
                           {"level": 1, "hidden": True} if row[0].mark == FOLDED else {}))


def _look(column: Column, cell: Cell, looked_up: bool) -> Props:
    if cell.open:
        return {**_TEXT, **(_ASKED if cell.mark == "open" else _MAY)}
    if looked_up:
        return {**_TEXT, **_RULED, **_LOOKED_UP}
    look: dict[str, Any] = {**_TEXT, **_RULED}
    if cell.mark == "done":
        look |= _TICKED
    elif cell.mark == "open":
        look |= {"bold": column.key in ("level", "id")}
    else:
        look |= _QUIET
    return look


def _view(drawn: Drawn, header: int, main: int, end: int) -> None:
    raw = drawn.sheet.raw
    raw.hide_gridlines(2)
    raw.outline_settings(symbols_below=False)
    raw.freeze_panes(header + 1, 2)
    drawn.sheet.page(end, main - 1, header)
    raw.set_margins(left=_MARGIN, right=_MARGIN, top=0.35, bottom=0.45)
    must(raw.ignore_errors({"number_stored_as_text": xl_range(0, 0, max(end, 1), len(drawn.columns) - 1)}))
    pick = drawn.at("pick")
    if pick is not None:
        raw.set_selection(drawn.first, pick, drawn.first, pick)


# ---------------------------------------------------------------- where she chooses

def offer_choices(drawn: Drawn, table: Table, picking: str, wording: str) -> None:
    """Put a list into every cell of ``Vælg`` that has choices, and advice into every open ``Egen formulering``."""
    pick, own = drawn.at("pick"), drawn.at("own")
    if pick is not None:
        for choices, first, last in _runs(drawn, table, lambda row: row[pick].choices):
            drawn.sheet.advise((first, pick, last, pick), "Vælg", picking, choices)
    if own is not None:
        for _, first, last in _runs(drawn, table, lambda row: ("",) if row[own].open else ()):
            drawn.sheet.advise((first, own, last, own), "Egen formulering", wording)


def _runs(drawn: Drawn, table: Table, of: Callable[[tuple[Cell, ...]], tuple[str, ...]]) -> Iterator[
        tuple[tuple[str, ...], int, int]]:
    """Yield what rows that follow each other have in common, with the first and the last of them."""
    number = drawn.first
    for found, rows in groupby(table.rows, key=of):
        size = sum(1 for _ in rows)
        if found:
            yield found, number, number + size - 1
        number += size


def _column(drawn: Drawn, key: str) -> tuple[int, int, int, int]:
    place = drawn.at(key)
    assert place is not None, key
    return drawn.box(place)


def _cell(drawn: Drawn, key: str) -> str:
    """Return a reference to a column on the first row, such as ``$F5``: a rule moves it down with the row."""
    return f"${column_name(_column(drawn, key)[1])}{drawn.first + 1}"
