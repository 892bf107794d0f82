"""Draw a sheet with a table (or two, one below the other): title, explanation, real Excel tables, rows as tall as texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from aftale.model.agreement import AnswerColumn, Value
from aftale.model.columns import Column
from aftale.model.tables import Cell, Table
from aftale.model.text import fold
from aftale.office import palette
from aftale.office.draw_base import (
    A4,
    HEADER_ROW,
    INPUT,
    INTRO_ROW,
    MARKS,
    TITLE_ROW,
    Book,
    Props,
    Sheet,
    drawable,
    height_of,
    lines_of,
    must,
    shown,
)

_GAP = 3

ANSWER_KEYS = frozenset(column.value for column in AnswerColumn)
_THEIRS = {"kse": "#2F5D50"}
_QUIET_HEADERS = frozenset({"response", "source", "last_status"})
_CENTRED = frozenset({"year", "date", "trend"})
_RIGHT = frozenset({"number", "share"})
_UPPER_LEVELS = frozenset({"development", "focus"})

_INPUT_LINE = "#E6D48A"  # softer than a single box's frame, since a whole column of them stands together
_SHORT = 14
_WIDEST, _STEP = 100.0, 2.0
_MOST_LINES = 30
"""So many lines fit into Excel's tallest row with some to spare: programs break lines in different places."""
_ROOM_FOR_WORDS = 18.0
_BREAKS = re.compile(r"[\s-]")
A3 = 8
_LONGEST_NAME = 255
"""How many characters Excel allows in the name of a table's column."""
_BUTTON = 15
"""The height in points of a filter's button, which stands at the bottom of a header."""
_MARK = 2.0
"""The characters that the mark before a status takes."""

_RULED: Props = {"bottom": 1, "bottom_color": palette.LINE}
_HEADER: Props = {"bold": True, "font_color": palette.WHITE, "text_wrap": True, "valign": "vcenter", "border": 1,
                  "border_color": palette.WHITE}


@dataclass(frozen=True)
class Look:
    """How a table's sheet is drawn, apart from what its cells say.

    ``name`` is the Excel table's own name, ``freeze`` the number of columns that stay in sight, ``paper`` what it is
    printed on, one page wide; ``current`` is the header of the current year; ``levels`` sets effektmål apart from
    delmål; ``live`` are the marks that conditional rules show instead. ``folded`` are the keys of the columns that few
    read, outlined and collapsed; ``outline`` lets the rows of an udviklingsmål, a fokusområde and an effektmål be folded
    as well; ``grows`` makes columns wider where their longest text would not fit Excel's tallest row. On a ``locked`` sheet
    nothing is outlined, for nobody could unfold it: what few read is hidden.
    """

    tab: str
    name: str
    freeze: int = 0
    zoom: int = 100
    paper: int = A4
    current: str = ""
    levels: bool = False
    live: frozenset[str] = frozenset()
    folded: frozenset[str] = frozenset()
    outline: bool = False
    grows: bool = False
    locked: bool = False


@dataclass(frozen=True)
class Drawn:
    """A table as it was drawn, for the rules that are put on top: its sheet, columns and rows (from zero)."""

    sheet: Sheet
    columns: tuple[Column, ...]
    first: int
    last: int
    below: Drawn | None = None
    styles: dict[tuple[object, ...], Any] = field(default_factory=dict)
    """The formats of the cells drawn so far, by what they depend on: looking one up again for each cell is slow."""

    @cached_property
    def wordy(self) -> tuple[int, ...]:
        """The places of the columns in which texts may need more than a line."""
        return tuple(place for place, column in enumerate(self.columns) if column.kind in ("text", "long", "choice", "year"))

    def at(self, key: str) -> int | None:
        """Return the place of the column with a key, or None where the table has no such column."""
        return next((place for place, column in enumerate(self.columns) if column.key == key), None)

    def box(self, place: int) -> tuple[int, int, int, int]:
        """Return the cells of a column as first row, first column, last row, last column."""
        return self.first, place, self.last, place


def draw_table(book: Book, table: Table, look: Look) -> Drawn:
    """Draw the table on a new sheet and return where it stands; without rows its ``empty`` sentence stands below.

    A table ``below`` it has the widths of the first and stands in ``below`` of what is returned.
    """
    sheet = book.sheet(table.sheet, look.tab)
    table = replace(table, columns=_fitting(table)) if look.grows else table
    _columns(sheet, table.columns, look)
    drawn = _drawn(sheet, table, look, 0)
    end = drawn.last + (not table.rows)
    if table.below:
        under = _drawn(sheet, table.below, replace(look, name=table.below.name), end + _GAP)
        drawn, end = replace(drawn, below=under), under.last + (not table.below.rows)
    _view(drawn, look, end)
    return drawn


def _fitting(table: Table) -> tuple[Column, ...]:
    """Return the columns, wider where a word, a number or the longest text would not fit in them."""
    widths = [column.width for column in table.columns]
    seen: set[tuple[int, object]] = set()
    for row in table.rows:
        for place, cell in enumerate(row):
            if cell.value is None or (place, cell.value) in seen:  # every row repeats the texts of the levels above it
                continue
            seen.add((place, cell.value))
            widths[place] = max(widths[place], _wanted(cell.value, widths[place], table.columns[place]))
    return tuple(replace(column, width=width) for column, width in zip(table.columns, widths, strict=True))


def _wanted(value: Value, width: float, column: Column) -> float:
    """Return the width that a value wants, never less than it has."""
    if isinstance(value, float) and abs(value) >= 1000:
        return max(width, len(f"{value:,.0f}") + 3.0)
    if not isinstance(value, str) or column.kind == "year":
        return width
    word = max(_BREAKS.split(value), key=len)
    while width < _ROOM_FOR_WORDS and lines_of(word, width - 1) > 1:
        width += 1
    # no text that is so short, with so few line breaks, can be too tall
    if len(value) > 10 * width or value.count("\n") > 10:
        while width < _WIDEST and lines_of(value, width - 1, bold=column.key == "effect") > _MOST_LINES:
            width += _STEP
    return width


def _columns(sheet: Sheet, columns: Sequence[Column], look: Look) -> None:
    """Set the widths; folded columns are hidden behind a + over the column to the left of them."""
    if (look.folded or look.outline) and not look.locked:
        sheet.raw.outline_settings(symbols_below=False, symbols_right=False)
    for number, column in enumerate(columns):
        options: dict[str, Any] = {}
        if column.key in look.folded:
            options = {"hidden": True} if look.locked else {"level": 1, "hidden": True}
        elif not look.locked and number + 1 < len(columns) and columns[number + 1].key in look.folded:
            options = {"collapsed": True}
        must(sheet.raw.set_column(number, number, column.width, None, options))


def _depths(table: Table, look: Look) -> Iterator[int]:
    """Yield each row's outline level: one for every level of the plan that it shares with the row above it."""
    places = [next((n for n, c in enumerate(table.columns) if c.key == key), None)
              for key in ("development", "focus", "effect", "sub")]
    before: tuple[str, ...] | None = None
    for row in table.rows:
        texts = tuple("" if place is None else fold(row[place].value or "") for place in places)
        depth = 0
        if look.outline and not look.locked and before is not None and texts[0] == before[0]:
            depth = 1 + bool(texts[1] and texts[1] == before[1])
            depth += bool(texts[3] and texts[1:3] == before[1:3])
        before = texts
        yield depth


def _drawn(sheet: Sheet, table: Table, look: Look, top: int) -> Drawn:
    """Draw a table whose title stands in the row ``top``."""
    first = top + HEADER_ROW + 1
    drawn = Drawn(sheet, table.columns, first, first + max(len(table.rows), 1) - 1)
    _heading(sheet, table, look, top)
    _frame(drawn, look)
    for offset, (row, depth) in enumerate(zip(table.rows, _depths(table, look), strict=True)):
        _row(drawn, drawn.first + offset, row, look, depth)
    if not table.rows:
        _nothing(drawn, table.empty)
    return drawn


def _heading(sheet: Sheet, table: Table, look: Look, top: int) -> None:
    style = sheet.book.style
    sheet.text(top + TITLE_ROW, 0, table.title,
               style(font_size=16, bold=True, font_color=palette.NAVY, valign="vcenter"))
    sheet.height(top + TITLE_ROW, 27)
    if not table.intro:
        return
    quiet = {"font_color": palette.MUTED, "valign": "vcenter"}
    width = sum(column.width for column in table.columns)
    if look.freeze:  # a merged cell across frozen columns scrolls badly: let the line run on over the empty cells
        sheet.text(top + INTRO_ROW, 0, table.intro, style(quiet))
        sheet.height(top + INTRO_ROW, height_of(1, padding=7))
    else:
        sheet.merged(top + INTRO_ROW, 0, len(table.columns) - 1, table.intro, style(quiet, text_wrap=True))
        sheet.height(top + INTRO_ROW, height_of(lines_of(table.intro, width), padding=7))


def _frame(drawn: Drawn, look: Look) -> None:
    """Add the Excel table itself, with its header row."""
    style = drawn.sheet.book.style
    headers = [{"header": drawable(column.header), "header_format": style(_HEADER, _header_props(column, look))}
               for column in drawn.columns]
    header_row = drawn.first - 1
    last = len(drawn.columns) - 1
    if all(len(column.header) <= _LONGEST_NAME for column in drawn.columns):
        must(drawn.sheet.raw.add_table(header_row, 0, drawn.last, last,
                                       {"name": look.name, "style": None, "columns": headers}))
    else:  # somebody's own header, which is kept whole: rows and filter look the same without a named table
        for place, column in enumerate(headers):
            drawn.sheet.text(header_row, place, column["header"], column["header_format"])
        must(drawn.sheet.raw.autofilter(header_row, 0, drawn.last, last))
    # the filter's button covers about two characters of the last line, so that narrow headers stand above it
    beside = max(lines_of(column.header, column.width - 2.5, bold=True) for column in drawn.columns)
    above = max(lines_of(column.header, column.width, bold=True) for column in drawn.columns)
    height = min(height_of(beside, padding=9), height_of(above, padding=9 + 2 * _BUTTON))
    drawn.sheet.height(header_row, max(30.0, height))


def _header_props(column: Column, look: Look) -> Props:
    fill = palette.NAVY
    if look.levels and column.key in ANSWER_KEYS | {"fulfilment", "computed"}:
        fill = palette.SEA
    elif column.key in _QUIET_HEADERS:
        fill = palette.MUTED
    elif column.key in _THEIRS:
        fill = _THEIRS[column.key]
    props: dict[str, Any] = {"bg_color": fill}
    if column.kind in ("year", "trend"):
        props["align"] = "center"
    elif column.kind not in _CENTRED and column.key != "id":
        props |= {"align": "left", "indent": 1}
    if look.current and column.header == look.current:
        props |= {"bg_color": palette.INPUT_LINE, "font_color": palette.INK, "underline": 1}
    return props


def _row(drawn: Drawn, number: int, row: tuple[Cell, ...], look: Look, depth: int) -> None:
    columns, sheet = drawn.columns, drawn.sheet
    is_sub = look.levels and any(column.key == "sub" and cell.value for column, cell in zip(columns, row, strict=True))
    lines = _lines(drawn, row, look, is_sub)
    # short rows look calmer centred; in a tall one everything begins at the top, where reading begins
    tall = lines > _SHORT
    for place, cell in enumerate(row):
        value, number_format = (cell.value, "") if type(cell.value) is str else shown(cell.value, cell.number)
        linked = bool(cell.link) and value not in (None, "")
        key = (place, type(cell.value), cell.mark, cell.open, is_sub, tall, number_format, linked)
        style = drawn.styles.get(key)
        if style is None:
            props = _cell_props(columns[place], cell, look, is_sub)
            props["valign"] = "top" if tall and columns[place].kind not in _CENTRED else "vcenter"
            style = drawn.styles[key] = sheet.cell_style(props, number_format, linked)
        if linked:
            sheet.link(number, place, cell.link, value, style)
        if cell.formula:
            sheet.formula(number, place, cell.formula, value, style)
        else:
            sheet.value(number, place, value, style)
    must(sheet.raw.set_row(number, height_of(lines, padding=8), None, {"level": depth} if depth else {}))


def _lines(drawn: Drawn, row: tuple[Cell, ...], look: Look, is_sub: bool) -> int:
    """Return how many lines the row needs so that every text in it can be read; folded columns as well."""
    lines = 2 if look.levels else 1  # the longest status, which may be picked later, needs two
    for place in drawn.wordy:
        column, text = drawn.columns[place], row[place].value
        # A short text needs no measuring: no letter is twice as wide as a digit.
        if type(text) is str and (2 * len(text) > column.width - 6 or "\n" in text) and len(text) > 1:
            room, bold = _measure(drawn, column, row[place], look, is_sub)
            lines = max(lines, lines_of(text, room, bold=bold))
    return lines


def _measure(drawn: Drawn, column: Column, cell: Cell, look: Look, is_sub: bool) -> tuple[float, bool]:
    """Return how wide a cell is for its text, in characters, and whether the text is bold."""
    key = ("room", column.key, cell.mark, cell.open, is_sub)
    if key not in drawn.styles:
        props = _cell_props(column, cell, look, is_sub)
        mark = _MARK if column.kind == "year" or "status" in fold(column.header) else 0.0
        drawn.styles[key] = (column.width - props.get("indent", 0) - mark, bool(props.get("bold")))
    found: tuple[float, bool] = drawn.styles[key]
    return found


def _cell_props(column: Column, cell: Cell, look: Look, is_sub: bool) -> dict[str, Any]:
    """Return the look of a cell; what a conditional rule shows is left to the rule."""
    props: dict[str, Any] = {"text_wrap": True, **_RULED}
    if column.kind in _CENTRED:
        props["align"] = "center"
        if column.kind == "year":
            props |= {"left": 1, "right": 1, "left_color": palette.WHITE, "right_color": palette.WHITE}
    elif column.kind in _RIGHT:
        props |= {"align": "right", "indent": 1}  # or it would touch the text in the next column
    elif not isinstance(cell.value, str) and cell.value is not None:
        props["align"] = "left"
    elif column.key != "id":
        props |= {"align": "left", "indent": 1}
    if "status" in fold(column.header):
        props |= {"align": "left", "indent": 1}  # room between the text and the edge of its colour
    if look.levels:
        props |= _level_props(column.key, is_sub)
    if cell.mark and cell.mark not in look.live:
        props |= MARKS.get(cell.mark, {})
    if cell.open:
        props |= {**INPUT, "border_color": _INPUT_LINE}
    return props


def _level_props(key: str, is_sub: bool) -> Mapping[str, Any]:
    """Set effektmål apart from their delmål, and both from the levels above, which every row repeats."""
    if key in _UPPER_LEVELS or (key == "effect" and is_sub):
        return {"font_color": palette.MUTED}
    if key == "effect" or (key == "id" and not is_sub):
        return {"bold": True}
    if key == "id":
        return {"font_color": palette.MUTED}
    return {}


def _nothing(drawn: Drawn, sentence: str) -> None:
    """Say below the table that it is empty: inside it the sentence would be read as a row."""
    blank = drawn.sheet.book.style(_RULED)
    for place in range(len(drawn.columns)):
        drawn.sheet.text(drawn.first, place, "", blank)
    drawn.sheet.height(drawn.first, 8)
    quiet = drawn.sheet.book.style(italic=True, font_color=palette.MUTED, valign="vcenter")
    drawn.sheet.text(drawn.last + 1, 0, sentence, quiet)
    drawn.sheet.height(drawn.last + 1, 24)


def _view(drawn: Drawn, look: Look, end: int) -> None:
    raw = drawn.sheet.raw
    raw.hide_gridlines(2)
    raw.set_zoom(look.zoom)
    # The first table's header would stand over the columns of the second, in sight and on paper.
    header = None if drawn.below else HEADER_ROW
    rows = 0 if drawn.below else HEADER_ROW + 1
    if rows or look.freeze:  # a frozen pane that splits nothing is one that Excel offers to repair
        raw.freeze_panes(rows, look.freeze)
    drawn.sheet.page(end, len(drawn.columns) - 1, header)
    raw.set_paper(look.paper)
    if look.paper == A3:
        raw.set_margins(left=0.25, right=0.25, top=0.4, bottom=0.55)

