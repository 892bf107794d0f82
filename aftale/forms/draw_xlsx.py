"""Draw the skema: the one workbook that a colleague fills in (xlsxwriter)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, isfinite
from typing import Any

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped,unused-ignore]

from aftale.forms.draw_questions_xlsx import draw_questions, question_texts
from aftale.model.agreement import REMARK_REQUIRED, AnswerColumn, Status, Value
from aftale.model.columns import (
    ANSWER_COLUMNS,
    LISTER,
    NOTES,
    QUESTIONS_SHEET,
    SKEMA,
    VEJLEDNING,
    Column,
)
from aftale.model.tables import Cell, FormBook
from aftale.model.text import canonical, cut, fitted, without_controls
from aftale.office import palette
from aftale.office.draw_base import (
    DATE_FORMAT,
    TALLEST,
    Book,
    Sheet,
    draw_record,
    height_of,
    lines_of,
    must,
    place,
    shown,
    strictly,
)
from aftale.office.package import let_rows_grow

OPEN_FIELDS = frozenset({"udfyldt_af", "faerdigt"})
"""The keys of the fields above the table that a colleague fills in."""

_ANSWER_KEYS = frozenset(column.key for column in ANSWER_COLUMNS)
_PROMPT_LIMIT, _PROMPT_TITLE_LIMIT = 255, 32
_INDENT = 1.5  # how much of a column's width the indent of one takes

# Where the fields stand: the label's column, and the first and last column of its value. The column left of a label is
# empty, so that a right-aligned label can be longer than its own column.
_SLOTS = ((1, 2, 3), (5, 6, 8), (10, 11, 13))
_LAST_HEAD_COLUMN = 13

_BASE = {"font_name": palette.FONT, "font_size": 10, "font_color": palette.INK, "align": "left", "valign": "vcenter",
         "indent": 1}
_WRAP = {"text_wrap": True, "valign": "top"}
_GRID = {"border": 1, "border_color": palette.LINE}
_INPUT = {"bg_color": palette.INPUT, "border": 1, "border_color": palette.INPUT_LINE, "locked": False}
_MARK = {"bg_color": palette.MARKED, "border": 5, "border_color": palette.MARKED_LINE, "font_color": palette.MARKED_INK,
         "bold": True, "locked": False}
_BAND = {"bg_color": palette.NAVY, "font_color": palette.WHITE}
_HEADER = {"bold": True, "text_wrap": True, "border": 1, "border_color": palette.WHITE}
_RULED = {"text_wrap": True, "font_size": 11, "bottom": 1, "bottom_color": palette.LINE}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {**_BAND, "font_size": 18, "bold": True},
    "subtitle": {**_BAND, "font_size": 11, "valign": "top"},
    "step": {"bg_color": palette.MIST, "font_color": palette.NAVY, "font_size": 11, "bold": True, "text_wrap": True,
             "border": 2, "border_color": palette.WHITE},
    "label": {"bold": True, "font_color": palette.MUTED, "align": "right"},
    "field": {"text_wrap": True, "bottom": 1, "bottom_color": palette.LINE},
    "open_field": {**_INPUT, "text_wrap": True, "bold": True},
    "marked_field": {**_MARK, "text_wrap": True},
    "header": {**_HEADER, **_BAND},
    "answer_header": {**_HEADER, "bg_color": palette.INPUT_LINE},
    "locked": {**_WRAP, **_GRID, "bg_color": palette.PAPER},
    "open": {**_WRAP, **_INPUT},
    "marked": {**_WRAP, **_MARK},
    "caption": {"bold": True, "font_color": palette.NAVY, "font_size": 11},
    "spare": {**_WRAP, "border": 4, "border_color": palette.INPUT_LINE, "bg_color": "#FFFDF0", "locked": False},
    "guide_heading": {**_RULED, "bold": True, "font_color": palette.NAVY},
    "guide_text": _RULED,
    "list_header": {"bold": True},
    "plain": {},
}
_KIND_LOOKS: Mapping[str, Mapping[str, Any]] = {"id": {"bold": True}, "number": {"align": "right"}}
_CAN_BE_DONE = {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True,
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


@dataclass(frozen=True)
class Sketch:
    """Where everything on ``Skema`` stands (0-based rows), worked out before anything is drawn."""

    spots: tuple[Spot, ...]
    widths: tuple[float, ...]
    header: int
    caption: int
    last: int

    @property
    def first(self) -> int:
        """The table's first data row."""
        return self.header + 1

    @property
    def last_column(self) -> int:
        """The table's last column."""
        return len(self.widths) - 1


def draw_form(book: FormBook) -> bytes:
    """Draw a skema and return the workbook's bytes; the same book gives the same bytes.

    Raises `DrawingError` where xlsxwriter can't do what it is asked to.
    """
    sketch = _sketch(book)
    with strictly():
        drawn = Book(_clean(book.title), _clean(book.subtitle), book.created)
        if book.questions:
            draw_questions(drawn, book.questions, _cell_names(book, sketch))
        _draw_skema(drawn, book, sketch)
        _draw_guide(drawn, book)
        _draw_lists(drawn, book)
        draw_record(drawn, book.record)
        content = drawn.finish()
    # Excel's rows count from 1: those of the table, and those for suggestions under the caption.
    answered = {*range(sketch.first + 1, sketch.caption + 1), *range(sketch.caption + 2, sketch.last + 2)}
    return let_rows_grow(content, f"xl/worksheets/sheet{2 if book.questions else 1}.xml", answered)


def fixed_texts(book: FormBook) -> dict[str, dict[str, int]]:
    """Return what `draw_form` writes outside the table's rows and header, per sheet, as canonical texts and counts.

    ``_aftale`` and the values of the fields that people fill in are left out; notes stand under `model.columns.NOTES`.
    """
    sketch = _sketch(book)
    plans = {SKEMA: sketch.spots, VEJLEDNING: _guide_spots(book), LISTER: _list_spots(book)}
    texts = {sheet: dict(Counter(text for spot in spots if not spot.open if (text := canonical(_writable(spot.value)))))
             for sheet, spots in plans.items()}
    if book.questions:
        texts[QUESTIONS_SHEET] = dict(Counter(question_texts(book.questions, _cell_names(book, sketch))))
        notes = [cell.note for cells in book.rows for cell in cells] + [note for _, note in book.field_notes]
        texts[NOTES] = dict(Counter(canonical(_clean(note)) for note in notes if note))
    return texts


def _cell_names(book: FormBook, sketch: Sketch) -> dict[tuple[int, str], str]:
    """Name every cell that a question can be about, such as ``'Skema'!$L$12``, by its place in the book."""
    names = {(row, column.key): place(SKEMA, sketch.first + row, n)
             for row in range(len(book.rows)) for n, column in enumerate(book.columns)}
    return names | {(-1, spot.key): place(SKEMA, spot.row, spot.column) for spot in sketch.spots if spot.open}


# Values -----------------------------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """Return text as a workbook can hold it."""
    return without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))


def _writable(value: Value) -> Value:
    """Return a value as it is written: clean text, and as text what Excel has no number or date for."""
    if value is None or isinstance(value, bool):
        return canonical(value)
    if isinstance(value, date):
        return shown(value)[0]
    if isinstance(value, (int, float)):
        return value if isfinite(value) else str(value)
    text = fitted(_clean(value))
    return text if text.strip() else ""


def _shown(cell: Cell) -> tuple[Value, str]:
    """Return a table cell's value as it is written and its number format ('' for General)."""
    number = float(cell.value) if isinstance(cell.value, (int, float)) else None
    if cell.number in ("percent", "share"):
        share = None if number is None else round(number / (100 if cell.number == "percent" else 1), 15)
        # An empty or open cell keeps a decimal, so that a typed 12,5 isn't shown as 13 %.
        decimals = max(_decimals((share or 0) * 100), 1 if cell.open else 0)
        return cell.value if share is None else share, f"0{_fraction(decimals)} %"
    if cell.number.isdecimal():
        return cell.value, f"#,##0{_fraction(max(int(cell.number), _decimals(number or 0)))}"
    return cell.value, ""


def _decimals(number: float) -> int:
    """Count the decimals that a number needs, at most 4: none of what is known is hidden by its format."""
    return next((count for count in range(4) if abs(number - round(number, count)) < 1e-9), 4)


def _fraction(decimals: int) -> str:
    return f".{'0' * decimals}" if decimals else ""


def _write(sheet: Sheet, row: int, column: int, value: Value, look: str, **more: Any) -> None:
    """Write one value in a look; a date has the date format whatever else the cell may hold."""
    value = _writable(value)
    if isinstance(value, date):
        more["num_format"] = DATE_FORMAT
    sheet.value(row, column, value, sheet.book.style(_BASE, _LOOKS[look], more))


def _place(sheet: Sheet, spot: Spot) -> None:
    """Write a spot, merged to its last column where it has one."""
    if spot.last is not None:
        sheet.merged(spot.row, spot.column, spot.last, "", sheet.book.style(_BASE, _LOOKS[spot.look]))
    _write(sheet, spot.row, spot.column, spot.value, spot.look)


def _height(value: Value, width: float, look: str, least: float) -> float:
    """Return the points that a value needs in a column of so many characters."""
    properties = {**_BASE, **_LOOKS[look]}
    size = float(properties["font_size"])
    lines = lines_of(canonical(_writable(value)), width - _INDENT, size, bool(properties.get("bold")))
    return max(least, height_of(lines, size))


# Skema: the plan --------------------------------------------------------------------------------------------------


def _sketch(book: FormBook) -> Sketch:
    widths = tuple(_width(column, [row[n] for row in book.rows]) for n, column in enumerate(book.columns))
    steps_row, fields_row = 2, 4
    field_rows = ceil(len(book.fields) / len(_SLOTS))
    header = fields_row + field_rows + 1
    caption = header + 1 + len(book.rows)
    spots = [Spot(0, 0, book.title, "title"), Spot(1, 0, book.subtitle, "subtitle")]
    spots += _step_spots(book.steps, widths, steps_row)
    spots += _field_spots(book, fields_row, max(field_rows, 1))
    spots.append(Spot(caption, 0, book.spare_title, "caption"))
    return Sketch(tuple(spots), widths, header, caption, caption + book.spare)


def _width(column: Column, cells: Sequence[Cell]) -> float:
    """Return a column's width: a locked one shrinks to its header where it is empty, and grows for its longest word."""
    wide = column.width
    if column.key in _ANSWER_KEYS or not cells:
        return wide
    if not any(cell.open or canonical(cell.value) for cell in cells):
        return min(wide, max(len(word) for word in column.header.split()) + 3.5)
    longest = max((len(word) for cell in cells for word in canonical(cell.value).split()), default=0)
    return min(max(wide, longest * 0.95 + 2), wide * 1.5)


def _step_spots(steps: Sequence[str], widths: Sequence[float], row: int) -> Iterator[Spot]:
    """Spread the steps over the columns that are seen without scrolling, in boxes of much the same width."""
    seen = widths[:_LAST_HEAD_COLUMN + 1]
    first = 0
    for n, step in enumerate(steps):
        most = len(seen) - (len(steps) - n)  # every later step needs a column of its own
        last = first
        while last < most and sum(seen[:last + 1]) + seen[last + 1] / 2 <= sum(seen) * (n + 1) / len(steps):
            last += 1
        yield Spot(row, first, f"{n + 1}. {step}", "step", last)
        first = last + 1


def _field_spots(book: FormBook, first: int, rows: int) -> Iterator[Spot]:
    """Place the fields, those to be filled in first, column by column in the slots."""
    ordered = sorted(book.fields, key=lambda one: one[0] not in OPEN_FIELDS)
    for n, (key, label, value) in enumerate(ordered):
        column, start, end = _SLOTS[n // rows]
        row = first + n % rows
        is_open = key in OPEN_FIELDS
        look = "marked_field" if key in dict(book.field_notes) else "open_field" if is_open else "field"
        yield Spot(row, column, label, "label")
        yield Spot(row, start, value, look, end, is_open, key)


# Skema: drawn -----------------------------------------------------------------------------------------------------


def _draw_skema(drawn: Book, book: FormBook, sketch: Sketch) -> None:
    sheet = drawn.sheet(SKEMA, palette.NAVY)
    for n, width in enumerate(sketch.widths):
        sheet.width(n, width)
    _draw_head(sheet, sketch, book.field_notes)
    _draw_table(sheet, book, sketch)
    for row in range(sketch.caption + 1, sketch.last + 1):
        sheet.height(row, 30)
        for n in range(sketch.last_column + 1):
            _write(sheet, row, n, None, "spare")
    _advise_fields(sheet, book, sketch)
    for n, column in enumerate(book.columns):
        _advise_column(sheet, book, sketch, n, column)
    _colour_rows(sheet, book, sketch)
    sheet.raw.hide_gridlines(2)
    sheet.raw.set_zoom(90)
    sheet.raw.freeze_panes(sketch.first, 1)
    sheet.raw.protect("", _CAN_BE_DONE)
    sheet.page(sketch.last, max(sketch.last_column, _LAST_HEAD_COLUMN), sketch.header)


def _draw_head(sheet: Sheet, sketch: Sketch, notes: Sequence[tuple[str, str]]) -> None:
    for row, look in ((0, "title"), (1, "subtitle")):
        for column in range(sketch.last_column + 1):
            _write(sheet, row, column, None, look)
    for spot in sketch.spots:
        _place(sheet, spot)
        if spot.open and (note := dict(notes).get(spot.key)):
            sheet.note(spot.row, spot.column, _clean(note))
    heights = {0: 28.0, 1: 19.0, 3: 5.0, sketch.header - 1: 7.0, sketch.caption: 24.0}
    for spot in sketch.spots:
        if spot.last is not None:
            width = sum(sketch.widths[spot.column:spot.last + 1])
            least = 23 if spot.look == "step" else 18
            heights[spot.row] = max(heights.get(spot.row, 0), _height(spot.value, width, spot.look, least))
    for row, height in heights.items():
        sheet.height(row, height)


def _draw_table(sheet: Sheet, book: FormBook, sketch: Sketch) -> None:
    for n, column in enumerate(book.columns):
        _write(sheet, sketch.header, n, column.header, "answer_header" if column.key in _ANSWER_KEYS else "header")
    sheet.height(sketch.header, 33)
    for row, cells in enumerate(book.rows, sketch.first):
        tallest = 36.0
        for n, (column, cell) in enumerate(zip(book.columns, cells, strict=True)):
            value, number = _shown(cell)
            look = "marked" if cell.mark else "open" if cell.open else "locked"
            _write(sheet, row, n, value, look, **_dressing(column, number))
            if cell.note:
                sheet.note(row, n, _clean(cell.note))
            tallest = _height(value, sketch.widths[n], look, tallest)
        sheet.height(row, tallest)
    if book.columns:
        must(sheet.raw.autofilter(sketch.header, 0, sketch.caption - 1, sketch.last_column))


def _dressing(column: Column, number: str) -> dict[str, Any]:
    """Return what a column's cells have beside their look; an empty date cell has the date format too."""
    if column.kind == "date":
        return {"num_format": DATE_FORMAT}
    return {**({"num_format": number} if number else {}), **_KIND_LOOKS.get(column.kind, {})}


# Advice while typing (it never stops anyone) ----------------------------------------------------------------------


def _list_names(book: FormBook) -> dict[str, str]:
    """Map each list to its defined name."""
    return {name: f"Liste_{name}" for name, _ in book.lists}


def _advice(title: str, prompt: str, **rule: Any) -> dict[str, Any]:
    """Return a validation that shows a prompt and, where something else is typed, only a friendly note."""
    return {"validate": "any", **rule, "ignore_blank": True, "error_type": "information",
            "input_title": cut(title, _PROMPT_TITLE_LIMIT), "input_message": cut(prompt, _PROMPT_LIMIT),
            "error_title": "Bare til orientering",
            "error_message": "Her plejer der at stå noget andet. Vælg OK, hvis det skal stå sådan: "
                             "vi læser det og spørger, hvis vi er i tvivl."}


def _advise_fields(sheet: Sheet, book: FormBook, sketch: Sketch) -> None:
    prompts = {"udfyldt_af": "Skriv dit navn, så vi ved, hvem vi kan spørge.",
               "faerdigt": "Vælg Ja, når du er færdig. Ja uden svar betyder, at der ikke er noget at melde."}
    labels = {key: label for key, label, _ in book.fields}
    names = _list_names(book)
    for spot in sketch.spots:
        if spot.open and spot.key in prompts:
            rule = {"validate": "list", "source": f"={names['janej']}"} if spot.key == "faerdigt" else {}
            advice = _advice(_clean(labels[spot.key]), prompts[spot.key], **rule)
            must(sheet.raw.data_validation(spot.row, spot.column, spot.row, spot.column, advice))


def _advise_column(sheet: Sheet, book: FormBook, sketch: Sketch, n: int, column: Column) -> None:
    """Give the open cells of a column their validation, one for each run of rows that share it."""
    units = _units(book)
    advices = [_cell_advice(book, column, cells[n], unit) if cells[n].open else None
               for cells, unit in zip(book.rows, units, strict=True)]
    for advice, run in groupby(enumerate(advices, sketch.first), key=lambda one: one[1]):
        rows = [row for row, _ in run]
        if advice:
            must(sheet.raw.data_validation(rows[0], n, rows[-1], n, dict(advice)))


def _units(book: FormBook) -> list[str]:
    at = next((n for n, column in enumerate(book.columns) if column.key == "unit"), None)
    return ["" if at is None else " ".join(canonical(_writable(row[at].value)).split()) for row in book.rows]


def _cell_advice(book: FormBook, column: Column, cell: Cell, unit: str) -> dict[str, Any] | None:
    name = _list_names(book).get(column.key) if column.kind == "choice" else None
    if name:
        return _advice(column.header, "Vælg på listen. Ved »Forventes ikke opfyldt«, »Ikke opfyldt« og »Udgået« skal "
                       "der stå en bemærkning.", validate="list", source=f"={name}")
    if column.kind == "number":
        return _advice(column.header, _number_prompt(column.header, cell, unit),
                       validate="decimal", criteria="between", minimum=-10**12, maximum=10**12)
    if column.kind == "date":
        return _advice(column.header, f"Hvilken dag er resultatet fra? Skriv fx {book.example_day}.",
                       validate="date", criteria="between", minimum=date(2000, 1, 1), maximum=date(2100, 1, 1))
    return None


def _number_prompt(header: str, cell: Cell, unit: str) -> str:
    if cell.number == "percent":
        return f"{header} i %. Skriv kun tallet: 50 betyder 50 %."
    if unit:
        return f"{header} i {cut(unit, 80)}. Skriv kun tallet. Et skøn som »ca. 20« går også."
    return f"{header}, hvis der er et tal. Skriv kun tallet, eller lad feltet stå tomt."


# Colours that follow the answers ----------------------------------------------------------------------------------


def _colour_rows(sheet: Sheet, book: FormBook, sketch: Sketch) -> None:
    """Colour the status by its text, ask for a missing remark, and tick off the rows that are answered."""
    at = {column.key: n for n, column in enumerate(book.columns)}
    if not book.rows:
        return
    status, remarks = at.get(AnswerColumn.STATUS), at.get(AnswerColumn.REMARKS)
    if status is not None and remarks is not None:
        _ask_for_remarks(sheet, sketch, status, remarks)
    if status is not None:
        for name in Status:
            _rule(sheet, sketch, status, _is_status(sketch, status, name), _status_look(name))
    answers = [n for key, n in at.items() if key in _ANSWER_KEYS]
    if "id" in at and answers:
        _rule(sheet, sketch, at["id"], f'TRIM({"&".join(_ref(sketch, n) for n in answers)})<>""',
              {**_status_look(Status.EXPECTED), "num_format": '"✓ "@'})


def _ask_for_remarks(sheet: Sheet, sketch: Sketch, status: int, remarks: int) -> None:
    """Say it where a status needs a remark and has none: as words after the status, and as a colour where to write.

    These rules stand before the plain colours, because some programs obey only the first that is true.
    """
    empty = f'TRIM({_ref(sketch, remarks)})=""'
    asking = [name for name in Status if name in REMARK_REQUIRED]
    for name in asking:
        _rule(sheet, sketch, status, f"AND({_is_status(sketch, status, name)},{empty})",
              _status_look(name, num_format='@" – skriv hvorfor →"'))
    any_of = ",".join(_is_status(sketch, status, name) for name in asking)
    fill, _ = palette.STATUS_COLOURS[Status.NOT_EXPECTED]
    _rule(sheet, sketch, remarks, f"AND(OR({any_of}),{empty})", {"bg_color": fill})


def _is_status(sketch: Sketch, column: int, status: Status) -> str:
    return f'TRIM({_ref(sketch, column)})="{status}"'


def _status_look(status: Status, **more: Any) -> dict[str, Any]:
    fill, ink = palette.STATUS_COLOURS[status]
    struck = {"font_strikeout": True} if status is Status.DROPPED else {}
    return {"bg_color": fill, "font_color": ink, **struck, **more}


def _ref(sketch: Sketch, column: int) -> str:
    """Name a column's cell in the first row, so that the rule follows each row."""
    return f"${xl_col_to_name(column)}{sketch.first + 1}"


def _rule(sheet: Sheet, sketch: Sketch, column: int, formula: str, look: Mapping[str, Any]) -> None:
    box = (sketch.first, column, sketch.caption - 1, column)
    sheet.formula_rule(box, formula, sheet.book.rule_style(look))


# The other sheets -------------------------------------------------------------------------------------------------


def _guide_spots(book: FormBook) -> tuple[Spot, ...]:
    spots = [Spot(0, 0, VEJLEDNING, "title")]
    for row, (heading, text) in enumerate(book.guide, 2):
        spots += [Spot(row, 0, heading, "guide_heading"), Spot(row, 1, text, "guide_text")]
    return tuple(spots)


def _draw_guide(drawn: Book, book: FormBook) -> None:
    sheet = drawn.sheet(VEJLEDNING, palette.SEA)
    widths = (30, 95)
    for n, width in enumerate(widths):
        sheet.width(n, width)
    _write(sheet, 0, 1, None, "title")
    heights = {0: 30.0, 1: 8.0}
    for spot in _guide_spots(book):
        fill, ink = palette.STATUS_COLOURS.get(canonical(spot.value), ("", ""))
        chip = {"bg_color": fill, "font_color": ink} if fill and spot.column == 0 else {}
        _write(sheet, spot.row, spot.column, spot.value, spot.look, **chip)
        if spot.row:
            needed = _height(spot.value, widths[spot.column], spot.look, 22) + 3
            heights[spot.row] = min(max(heights.get(spot.row, 0), needed), TALLEST)
    for row, height in heights.items():
        sheet.height(row, height)
    sheet.raw.hide_gridlines(2)
    sheet.raw.protect("", _CAN_BE_DONE)
    sheet.page(max(heights), 1)


def _list_spots(book: FormBook) -> tuple[Spot, ...]:
    return tuple(Spot(row, column, value, "plain" if row else "list_header")
                 for column, (name, values) in enumerate(book.lists) for row, value in enumerate((name, *values)))


def _draw_lists(drawn: Book, book: FormBook) -> None:
    sheet = drawn.sheet(LISTER)
    for spot in _list_spots(book):
        _place(sheet, spot)
    for column, (name, values) in enumerate(book.lists):
        letter = xl_col_to_name(column)
        drawn.name(_list_names(book)[name], f"{LISTER}!${letter}$2:${letter}${len(values) + 1}")
    sheet.raw.hide()
