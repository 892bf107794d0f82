"""Draw the skema: the one workbook that a colleague fills in (xlsxwriter)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped,unused-ignore]

from aftale.forms import card
from aftale.forms.draw_guide_xlsx import (
    draw_full_texts,
    draw_guide,
    draw_lists,
    full_text_spots,
    guide_spots,
    list_name,
    list_spots,
)
from aftale.forms.draw_questions_xlsx import draw_questions, question_texts
from aftale.forms.draw_spots_xlsx import BASE, CAN_BE_DONE, INDENT, LOOKS, Spot, clean, height_for, put, writable, write
from aftale.model.agreement import REMARK_REQUIRED, AnswerColumn, Status, Value
from aftale.model.columns import (
    ANSWER_COLUMNS,
    FULL_TEXT,
    LISTER,
    LOOK_UP_KEYS,
    NOTES,
    QUESTIONS_SHEET,
    SKEMA,
    VEJLEDNING,
    Column,
    pixels,
)
from aftale.model.tables import Cell, FormBook
from aftale.model.text import canonical, cut
from aftale.office import palette
from aftale.office.draw_base import DATE_FORMAT, TALLEST, Book, Sheet, draw_record, lines_of, must, place, strictly
from aftale.office.library_private import filter_without_button, let_rows_grow

OPEN_FIELDS = frozenset({"udfyldt_af", "faerdigt"})
"""The keys of the fields above the table that a colleague fills in."""

_ANSWER_KEYS = frozenset(column.key for column in ANSWER_COLUMNS)
_CARDS = frozenset(("card", "goal", "last"))
_PROMPT_LIMIT, _PROMPT_TITLE_LIMIT = 255, 32
_TITLE_ROW, _STEPS_ROW, _FIELDS_ROW, _GAP_ROW, _HEADER_ROW = range(5)
_HEIGHTS = {_TITLE_ROW: 25.5, _STEPS_ROW: 19.5, _FIELDS_ROW: 21.0, _GAP_ROW: 4.5, _HEADER_ROW: 27.0}
_LEAST_ROW, _CAPTION, _SPARE = 57.0, 20.0, 25.5
_GAP = pixels(24)
_LOOK_UP_TITLE = "Opslag: målene med aftalens egne ord (udskrives ikke)"
_LONGEST_FOOTER = 180  # Excel has room for 255 characters in all
_MARGIN = 0.276  # inches: 7 mm
_PITCH = {card.MUTED: 12.0}  # points from line to line; every other look has 10-point letters
_LINE, _PADDING = 12.75, 6.0
_NO_RESULT_WANTED = (Status.AWAITING, Status.NOT_STARTED, Status.DROPPED)
_MISSING = {"bg_color": palette.MISSING_FILL, "border": 1, "border_color": palette.MISSING_LINE}
_DASHED, _DOTTED = 3, 4
_KIND_LOOKS: Mapping[str, Mapping[str, Any]] = {"id": {"bold": True}, "choice": {"bold": True}, "number": {"align": "right"}}


@dataclass(frozen=True)
class Sketch:
    """Where everything on ``Skema`` stands (0-based), worked out before anything is drawn.

    ``places`` are the columns of the table in the book's order, the look-up columns behind a gap; ``main`` tells how many
    come before that.
    """

    spots: tuple[Spot, ...]
    places: tuple[int, ...]
    main: int
    caption: int
    last: int

    @property
    def first(self) -> int:
        """The table's first data row."""
        return _HEADER_ROW + 1

    @property
    def last_column(self) -> int:
        """The last column that is printed."""
        return max(self.main - 1, 0)


def draw_form(book: FormBook) -> bytes:
    """Draw a skema and return the workbook's bytes; the same book gives the same bytes.

    Raises `DrawingError` where xlsxwriter can't do what it is asked to.
    """
    sketch = _sketch(book)
    with strictly():
        drawn = Book(clean(book.title), clean(book.subtitle), book.created)
        if book.questions:
            draw_questions(drawn, book.questions, _cell_names(book, sketch))
        _draw_skema(drawn, book, sketch)
        draw_full_texts(drawn, book)
        draw_guide(drawn, book)
        draw_lists(drawn, book)
        draw_record(drawn, book.record)
        return drawn.finish()


def fixed_texts(book: FormBook) -> dict[str, dict[str, int]]:
    """Return what `draw_form` writes outside the table's rows and header, per sheet, as canonical texts and counts.

    ``_aftale`` and the values of the fields that people fill in are left out; notes stand under `model.columns.NOTES`.
    """
    sketch = _sketch(book)
    plans = {SKEMA: sketch.spots, VEJLEDNING: guide_spots(book), LISTER: list_spots(book)}
    if whole := full_text_spots(book):
        plans[FULL_TEXT] = whole
    texts = {sheet: dict(Counter(text for spot in spots if not spot.open if (text := canonical(writable(spot.value)))))
             for sheet, spots in plans.items()}
    if book.questions:
        texts[QUESTIONS_SHEET] = dict(Counter(question_texts(book.questions, _cell_names(book, sketch))))
        notes = [cell.note for cells in book.rows for cell in cells] + [note for _, note in book.field_notes]
        texts[NOTES] = dict(Counter(canonical(clean(note)) for note in notes if note))
    return texts


def _cell_names(book: FormBook, sketch: Sketch) -> dict[tuple[int, str], str]:
    """Name every cell that a question can be about, such as ``'Skema'!$L$12``, by its place in the book."""
    names = {(row, column.key): place(SKEMA, sketch.first + row, at)
             for row in range(len(book.rows)) for at, column in zip(sketch.places, book.columns, strict=True)}
    return names | {(-1, spot.key): place(SKEMA, spot.row, spot.column) for spot in sketch.spots if spot.open}


# Values -----------------------------------------------------------------------------------------------------------


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


# Skema: the plan --------------------------------------------------------------------------------------------------


def _sketch(book: FormBook) -> Sketch:
    main = sum(column.key not in LOOK_UP_KEYS for column in book.columns)
    places = tuple(n if n < main else n + 1 for n in range(len(book.columns)))
    last = max(main - 1, 0)
    caption = _HEADER_ROW + 1 + len(book.rows)
    steps = "      ".join(f"{n}  {step}" for n, step in enumerate(book.steps, 1))
    spots = [Spot(_TITLE_ROW, 0, book.title, "title"), Spot(_TITLE_ROW, last, book.subtitle, "subtitle"),
             Spot(_STEPS_ROW, 0, steps, "step", last), *_field_spots(book, last),
             Spot(caption, 0, book.spare_title, "caption")]
    if main < len(places):
        spots.append(Spot(_FIELDS_ROW, places[main], _LOOK_UP_TITLE, "look_up_title"))
    return Sketch(tuple(spots), places, main, caption, caption + book.spare)


def _field_spots(book: FormBook, last: int) -> Iterator[Spot]:
    """Place the fields: those to be filled in from the left, so that they stay in sight, and the skema's id to the right."""
    first = {"udfyldt_af": 0, "faerdigt": 2}
    for key, label, value in book.fields:
        column = first.get(key, last - 1)
        look = "marked_field" if key in dict(book.field_notes) else "open_field" if key in OPEN_FIELDS else "field"
        yield Spot(_FIELDS_ROW, column, label, "label")
        yield Spot(_FIELDS_ROW, column + 1, value, look, open=key in OPEN_FIELDS, key=key)


# Skema: drawn -----------------------------------------------------------------------------------------------------


def _draw_skema(drawn: Book, book: FormBook, sketch: Sketch) -> None:
    sheet = drawn.sheet(SKEMA, palette.NAVY)
    for at, column in zip(sketch.places, book.columns, strict=True):
        sheet.width(at, column.width)
    if sketch.main < len(sketch.places):
        sheet.width(sketch.main, _GAP)
    _draw_head(sheet, book, sketch)
    _draw_table(sheet, book, sketch)
    _draw_spare(sheet, sketch)
    _advise_fields(sheet, book, sketch)
    _advise_columns(sheet, book, sketch)
    _colour_rows(sheet, book, sketch)
    sheet.raw.hide_gridlines(2)
    sheet.raw.freeze_panes(sketch.first, min(2, sketch.main))
    sheet.raw.protect("", CAN_BE_DONE)
    sheet.raw.set_selection(_FIELDS_ROW, 1, _FIELDS_ROW, 1)
    _set_up_page(sheet, book, sketch)
    let_rows_grow(sheet.raw, {*range(sketch.first, sketch.caption), *range(sketch.caption + 1, sketch.last + 1)})
    if sketch.main < len(sketch.places):
        filter_without_button(sheet.raw, sketch.main)


def _draw_head(sheet: Sheet, book: FormBook, sketch: Sketch) -> None:
    for column in range(sketch.main):
        write(sheet, _TITLE_ROW, column, None, "title")
    for spot in sketch.spots:
        put(sheet, spot)
        if spot.open and (note := dict(book.field_notes).get(spot.key)):
            sheet.note(spot.row, spot.column, clean(note))
    heights = {**_HEIGHTS, sketch.caption: _CAPTION}
    width = sum(column.width for column in book.columns[:sketch.main])
    widths = [column.width for column in book.columns]
    for spot in sketch.spots:
        if spot.look == "step":
            heights[_STEPS_ROW] = height_for(spot.value, width, spot.look, _HEIGHTS[_STEPS_ROW])
        elif spot.open and spot.value:
            heights[spot.row] = height_for(spot.value, widths[spot.column], spot.look, heights[spot.row])
    for row, height in heights.items():
        sheet.height(row, height)


def _draw_table(sheet: Sheet, book: FormBook, sketch: Sketch) -> None:
    for at, column in zip(sketch.places, book.columns, strict=True):
        look = "answer_header" if column.key in _ANSWER_KEYS else "look_up_header" if at > sketch.main else "header"
        write(sheet, _HEADER_ROW, at, column.header, look)
    for row, cells in enumerate(book.rows, sketch.first):
        tallest = _LEAST_ROW
        for at, column, cell in zip(sketch.places, book.columns, cells, strict=True):
            if at > sketch.main:
                write(sheet, row, at, cell.value, "look_up")
            elif column.key in _CARDS and not cell.open:
                tallest = max(tallest, _write_card(sheet, row, at, column, cell))
            else:
                tallest = max(tallest, _write_cell(sheet, row, at, column, cell))
        sheet.height(row, min(tallest, TALLEST))
    if book.columns:
        # What is sorted must keep its look-up columns, or they would stand at other goals.
        must(sheet.raw.autofilter(_HEADER_ROW, 0, sketch.caption - 1, sketch.places[-1]))


def _write_cell(sheet: Sheet, row: int, at: int, column: Column, cell: Cell) -> float:
    """Write a table cell, and return the height that it needs."""
    value, number = _shown(cell)
    look = {"": "open" if cell.open else "locked", "idle": "idle"}.get(cell.mark, "marked")
    dressing = {"num_format": DATE_FORMAT, "align": "right", "indent": 0} if column.kind == "date" else {
        **({"num_format": number} if number else {}), **_KIND_LOOKS.get(column.kind, {})}
    write(sheet, row, at, value, look, **dressing)
    if cell.note:
        sheet.note(row, at, clean(cell.note))
    return height_for(value, column.width, look, 0) if isinstance(value, str) else 0.0


def _write_card(sheet: Sheet, row: int, at: int, column: Column, cell: Cell) -> float:
    """Write a text whose lines look differently, and return the height that it needs."""
    look_of = sheet.book.look
    found = card.pieces(column.key, canonical(writable(cell.value)))
    one = found[0][0] if found else ""
    sheet.pieces(row, at, [(look_of(("piece", look), _PIECES[look]), text) for look, text in found],
                 look_of(("locked",), BASE, LOOKS["locked"]),
                 look_of(("locked", one), BASE, LOOKS["locked"], _PIECES.get(one, {})))
    height = _PADDING
    for n, (look, text) in enumerate(found):
        size, bold = float(_PIECES[look]["font_size"]), "bold" in _PIECES[look]
        begun = text.removeprefix("\n") if n else text
        # A piece that goes on where the one before ended takes its first line from that one's.
        goes_on = n > 0 and begun == text and look == card.PLAIN
        lines = lines_of(f"{found[n - 1][1].strip()} {begun}" if goes_on else begun, column.width - INDENT, size, bold)
        height += (lines - goes_on) * _PITCH.get(look, _LINE)
    return height


_PIECES: Mapping[str, Mapping[str, Any]] = {
    card.PLAIN: {"font_size": 10}, card.BOLD: {"font_size": 10, "bold": True},
    card.MUTED: {"font_size": 9, "font_color": palette.MUTED},
    card.VOICE: {"font_size": 10, "bold": True, "font_color": palette.NAVY}}


def _draw_spare(sheet: Sheet, sketch: Sketch) -> None:
    """Draw the rows for proposals as one dashed box, beside the column of Mål-id."""
    first, last = sketch.caption + 1, sketch.last
    for row in range(first, last + 1):
        sheet.height(row, _SPARE)
        for at in range(1, sketch.main):
            edges = {"top": row == first, "bottom": row == last, "left": at == 1, "right": at == sketch.last_column}
            lines: dict[str, Any] = {edge: _DASHED for edge, there in edges.items() if there}
            lines.setdefault("bottom", _DOTTED)
            colours = {f"{edge}_color": palette.INPUT_LINE for edge in lines}
            write(sheet, row, at, None, "spare", **lines, **colours)


def _set_up_page(sheet: Sheet, book: FormBook, sketch: Sketch) -> None:
    """Print the table one page wide, without the look-up columns, with its header on every page."""
    sheet.page(sketch.last, sketch.places[-1] if sketch.places else 0, _HEADER_ROW)
    must(sheet.raw.print_area(0, 0, sketch.last, sketch.last_column))
    sheet.raw.set_margins(left=_MARGIN, right=_MARGIN, top=0.35, bottom=0.45)
    where = _in_footer(book.subtitle)
    # What stands there stands on the sheet too, so that it is known for ours when it comes back.
    left = where if len(where) <= _LONGEST_FOOTER else _in_footer(book.title)
    form = next((_in_footer(canonical(value)) for key, _, value in book.fields if key == "skema_id"), "")
    must(sheet.raw.set_footer(f"&L&8{left}&C&8{form}&R&8Side &P af &N", {"margin": 0.2}))


def _in_footer(text: str) -> str:
    """Return a text as a footer holds it: & begins a code there, and a figure after one would be read as part of it."""
    safe = clean(text).replace("&", "&&")
    return f" {safe}" if safe[:1].isdigit() else safe


# Advice while typing (it never stops anyone) ----------------------------------------------------------------------


def _list_names(book: FormBook) -> dict[str, str]:
    """Map each list to its defined name."""
    return {name: list_name(name) for name, _ in book.lists}


def _advice(title: str, prompt: str, **rule: Any) -> dict[str, Any]:
    """Return a validation that shows a prompt and, where something else is typed, only a friendly note."""
    return {"validate": "any", **rule, "ignore_blank": True, "error_type": "information",
            "input_title": cut(title, _PROMPT_TITLE_LIMIT), "input_message": cut(prompt, _PROMPT_LIMIT),
            "error_title": "Til orientering",
            "error_message": "Her plejer der at stå noget andet. Vælg OK, hvis det skal stå sådan: Vi læser det og spørger,"
                             " hvis vi er i tvivl."}


def _advise_fields(sheet: Sheet, book: FormBook, sketch: Sketch) -> None:
    prompts = {"udfyldt_af": "Skriv dit navn, så vi ved, hvem vi kan spørge.",
               "faerdigt": "Vælg Ja, når du er færdig. Ja uden svar betyder, at der ikke er noget at melde."}
    labels = {key: label for key, label, _ in book.fields}
    names = _list_names(book)
    for spot in sketch.spots:
        if spot.open and spot.key in prompts:
            rule = {"validate": "list", "source": f"={names['janej']}"} if spot.key == "faerdigt" else {}
            advice = _advice(clean(labels[spot.key]), prompts[spot.key], **rule)
            must(sheet.raw.data_validation(spot.row, spot.column, spot.row, spot.column, advice))


def _advise_columns(sheet: Sheet, book: FormBook, sketch: Sketch) -> None:
    """Give the open cells of each column their validation, one for each run of rows that share it."""
    units = _units(book)
    for n, (column, at) in enumerate(zip(book.columns, sketch.places, strict=True)):
        advices = [_cell_advice(book, column, cells[n], unit) if cells[n].open else None
                   for cells, unit in zip(book.rows, units, strict=True)]
        for advice, run in groupby(enumerate(advices, sketch.first), key=lambda one: one[1]):
            rows = [row for row, _ in run]
            if advice:
                must(sheet.raw.data_validation(rows[0], at, rows[-1], at, dict(advice)))


def _units(book: FormBook) -> list[str]:
    at = next((n for n, column in enumerate(book.columns) if column.key == "unit"), None)
    return ["" if at is None else " ".join(canonical(writable(row[at].value)).split()) for row in book.rows]


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
    if cell.mark == "idle":
        return f"{header} er der ikke brug for her. Skriv det kun, hvis du har et tal alligevel."
    if cell.number == "percent":
        return f"{header} i %. Skriv kun tallet: 50 betyder 50 %."
    if unit:
        return (f"{header} i {cut(unit, 60)}. Skriv kun tallet, eller »ca. 20«, hvis det er et skøn: Så spørger vi, hvilket"
                " tal der skal stå.")
    return f"{header}, hvis der er et tal. Skriv kun tallet, eller lad feltet stå tomt."


# Colours that follow the answers ----------------------------------------------------------------------------------


def _colour_rows(sheet: Sheet, book: FormBook, sketch: Sketch) -> None:
    """Colour the status by its text, ask for a missing remark, and tick off the rows that are answered."""
    at = {column.key: sketch.places[n] for n, column in enumerate(book.columns)}
    wanted = (AnswerColumn.STATUS, AnswerColumn.RESULT, AnswerColumn.REMARKS)
    if not book.rows or "id" not in at or not all(key in at for key in wanted):
        return
    status, result, remarks = (at[key] for key in wanted)
    # These rules stand before the plain colours, because some programs obey only the first that is true.
    for measured, runs in _runs(book, sketch).items():
        row = runs[0][0]
        told = _any_of(status, row, tuple(Status))  # what is no status is asked about, so it is no answer yet
        remark = f'OR(NOT({_any_of(status, row, REMARK_REQUIRED)}),TRIM({_ref(remarks, row)})<>"")'
        none = f'AND(TRIM({_ref(result, row)})="",{_any_of(status, row, _NO_RESULT_WANTED)})'
        figure = f"OR(ISNUMBER({_ref(result, row)}),{none})" if measured else "TRUE"  # »ca. 20« is asked about too
        sheet.rule((row, at["id"], runs[-1][1], at["id"]), {
            "type": "formula", "criteria": f"=AND({told},{figure},{remark})",
            "format": sheet.book.rule_style(_status_look(Status.MET), num_format='"✓ "@'),
            "multi_range": " ".join(_box(at["id"], first, last) for first, last in runs)})
    first, end = sketch.first, sketch.caption - 1
    missing = f'AND({_any_of(status, first, REMARK_REQUIRED)},TRIM({_ref(remarks, first)})="")'
    sheet.formula_rule((first, remarks, end, remarks), missing, sheet.book.rule_style(_MISSING))
    for name in Status:
        sheet.formula_rule((first, status, end, status), _is_status(status, first, name),
                           sheet.book.rule_style(_status_look(name), num_format=palette.mark_format(name)))


def _runs(book: FormBook, sketch: Sketch) -> dict[bool, list[tuple[int, int]]]:
    """Return the rows that follow each other, first and last, by whether an answer of theirs needs a result."""
    found: dict[bool, list[tuple[int, int]]] = {}
    row = sketch.first
    for measured, run in groupby(book.measured or (True,) * len(book.rows)):
        length = len(list(run))
        found.setdefault(measured, []).append((row, row + length - 1))
        row += length
    return found


def _any_of(column: int, row: int, statuses: Sequence[Status] | frozenset[Status]) -> str:
    return f"OR({','.join(_is_status(column, row, name) for name in Status if name in statuses)})"


def _is_status(column: int, row: int, status: Status) -> str:
    return f'TRIM({_ref(column, row)})="{status}"'


def _status_look(status: Status) -> dict[str, Any]:
    fill, ink = palette.STATUS_COLOURS[status]
    struck = {"font_strikeout": True} if status is Status.DROPPED else {}
    return {"bg_color": fill, "font_color": ink, **struck}


def _ref(column: int, row: int) -> str:
    """Name a column's cell in a rule's first row, so that the rule follows each row."""
    return f"${xl_col_to_name(column)}{row + 1}"


def _box(column: int, first: int, last: int) -> str:
    letter = xl_col_to_name(column)
    return f"{letter}{first + 1}:{letter}{last + 1}"
