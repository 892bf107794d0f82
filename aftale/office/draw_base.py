"""What every drawn workbook needs: text that stays text, formats made once, heights that fit, no silent mistakes."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import xlsxwriter  # type: ignore[import-untyped,unused-ignore]
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell  # type: ignore[import-untyped,unused-ignore]

from aftale.model.agreement import Value
from aftale.model.columns import RECORD, RECORD_COLUMNS
from aftale.model.tables import Cell
from aftale.model.text import LIST_COMMA, canonical, cut_at_word, fitted, without_controls
from aftale.office import palette
from aftale.office.library_private import calculated_already, write_formulas_as_they_are

Props = Mapping[str, Any]
"""The properties of a format, as xlsxwriter names them."""
TALLEST = 409.0
"""The greatest row height in points that Excel has."""
A4 = 9
DATE_FORMAT = r"[$-406]d\. mmm\ yyyy"
"""A Danish date wherever it is opened: 20. maj 2015."""
_UNDRAWABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = date(1900, 3, 1)  # Excel's calendar is wrong before this day
_LONGEST_FOOTER = 195  # Excel has room for 255 characters, our own among them
_NOTE_WIDTH = 40  # characters
# The list at a zip package's end: where an entry says on what it was made, the lengths of its three texts, and they follow.
_MADE_ON, _UNIX, _LENGTHS, _ENTRY = 5, 3, 28, 46
# Widths of Calibri's letters, in widths of its digits; every letter that isn't named is about 1.05.
_LETTERS = (
    ("il '|", 0.45), ("jI.,:;", 0.52), ("ftrJ!()[]-", 0.65), ('sz/\\"', 0.77), ("cxL", 0.84), ("gkvyFSZ?", 0.9),
    ("aeéåETY–»«", 0.97), ("ADV", 1.15), ("GHNU", 1.25), ("OQØ&", 1.32), ("w%", 1.41), ("æÆm", 1.57), ("MW@", 1.75),
)
# Points from line to line in Excel, by size. LibreOffice sets the lines of Calibri and Carlito closer, 10 points at size 10,
# so rows look taller there than their text: lower ones would cut it in Excel.
_PITCH = {9.0: 12.0, 10.0: 12.75, 11.0: 15.0, 16.0: 21.0}
_WIDTH_OF = {letter: width for letters, width in _LETTERS for letter in letters}


class DrawingError(RuntimeError):
    """Xlsxwriter was asked for something it can't draw: a mistake of ours, never of the people's."""


def must(answer: object) -> None:
    """Raise `DrawingError` where xlsxwriter's answer says that it did not do what it was asked to."""
    if isinstance(answer, int) and answer < 0:
        raise DrawingError(f"xlsxwriter refused (code {answer})")


@contextmanager
def strictly() -> Iterator[None]:
    """Turn xlsxwriter's warnings into exceptions while a workbook is drawn."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


def drawable(text: str) -> str:
    """Return text without the two kinds of characters that a workbook can't hold (lone surrogates, U+FFFE/U+FFFF)."""
    return text if text.isascii() else _UNDRAWABLE.sub("", text)


def shown(value: Value, number: str = "") -> tuple[Value, str]:
    """Return the value to store and its Excel number format for a `Cell`'s value and ``number``.

    Points become shares (50 is stored as 0.5); a date from before Excel's calendar becomes its ISO text.
    """
    if isinstance(value, str) or value is None:
        return value, ""
    if isinstance(value, date):
        early = (value.date() if isinstance(value, datetime) else value) < _FIRST_DAY
        return (value.isoformat(), "") if early else (value, DATE_FORMAT)
    if number == "percent":
        return value / 100, "0 %" if float(value).is_integer() else "0.0 %"
    if number == "share":
        return value, "0 %"
    if number.isdigit():
        decimals = int(number)
        return value, "#,##0" + ("." + "0" * decimals if decimals else "")
    return value, ""


@lru_cache(maxsize=20_000)
def _word_width(word: str) -> float:
    return sum(_WIDTH_OF.get(letter, 1.05) for letter in word)


@lru_cache(maxsize=20_000)  # every row repeats the texts of the levels above it
def lines_of(text: str, width: float, size: float = 10, bold: bool = False) -> int:
    """Count the lines that a text takes in a wrapped cell: ``width`` in Excel's characters, ``size`` in points."""
    room = max(width, 2.0) * 0.93 * 11 / size / (1.03 if bold else 1.0)  # screens round letters up: leave some room
    lines = 0
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0.0
        for word in paragraph.split(" "):
            wide = _word_width(word)
            if used and used + 0.45 + wide > room:
                lines, used = lines + 1, 0.0
            used += wide + (0.45 if used else 0.0)
            while used > room:  # a word wider than the column is broken
                lines, used = lines + 1, used - room
    return lines


def height_of(lines: int, size: float = 10, padding: float = 6) -> float:
    """Return the row height in points for so many lines, never more than Excel has."""
    return min(TALLEST, lines * _PITCH.get(size, size * 1.37) + padding)


def place(sheet: str, row: int, column: int) -> str:
    """Return an absolute reference such as ``'Overblik'!$C$20`` (row and column from zero)."""
    return f"'{sheet}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"


class Book:
    """A workbook under way in memory; each format is made once."""

    def __init__(self, title: str, subject: str, created: date, keywords: str = "") -> None:
        self._target = io.BytesIO()
        self.title = without_controls(title)
        self.book: Any = xlsxwriter.Workbook(self._target, {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
        calculated_already(self.book)
        must(self.book.set_properties({"title": self.title[:255], "subject": without_controls(subject)[:255],
                                       "author": "aftale", "keywords": keywords,
                                       "created": datetime(created.year, created.month, created.day)}))
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._looks: dict[Hashable, Any] = {}
        self._props: dict[int, Props] = {}

    def style(self, *parts: Props, **more: Any) -> Any:
        """Return the cell format with these properties on top of the house's font."""
        return self._made({"font_name": palette.FONT, "font_size": 10, "font_color": palette.INK, "valign": "top"},
                          *parts, more)

    def look(self, name: Hashable, *parts: Props) -> Any:
        """Return the format that a look has, by its name: what it is made of is only put together the first time."""
        if name not in self._looks:
            self._looks[name] = self.style(*parts)
        return self._looks[name]

    def rule_style(self, *parts: Props, **more: Any) -> Any:
        """Return the format of a conditional rule: only what the rule changes."""
        return self._made(*parts, more)

    def _made(self, *parts: Props) -> Any:
        merged = {key: value for part in parts for key, value in part.items()}
        key = tuple(sorted(merged.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(merged)
            self._props[id(self._formats[key])] = merged
        return self._formats[key]

    def props(self, style: Any) -> Props:
        """Return the properties that one of our formats was made with; none for no format."""
        return self._props.get(id(style), {})

    def sheet(self, name: str, tab: str = "") -> Sheet:
        """Add a sheet, with the colour of its tab."""
        made = self.book.add_worksheet(name)
        write_formulas_as_they_are(made)
        if tab:
            made.set_tab_color(tab)
        return Sheet(self, made, name)

    def name(self, name: str, reference: str) -> None:
        """Give a cell a defined name that holds for the whole workbook."""
        must(self.book.define_name(name, "=" + reference))

    def finish(self) -> bytes:
        """Close the workbook and return its bytes: the same content always gives the same ones."""
        must(self.book.close())
        return _the_same_on_every_system(self._target)


def _the_same_on_every_system(package: io.BytesIO) -> bytes:
    """Return a zip package whose entries all say that they were made on Unix: on Windows `zipfile` says otherwise."""
    with zipfile.ZipFile(package) as entries:
        at, number = entries.start_dir, len(entries.filelist)
    data = bytearray(package.getvalue())
    for _ in range(number):
        data[at + _MADE_ON] = _UNIX
        at += _ENTRY + sum(struct.unpack_from("<HHH", data, at + _LENGTHS))
    return bytes(data)


class Sheet:
    """A sheet under way; every call that xlsxwriter could refuse goes through `must`."""

    def __init__(self, book: Book, raw: Any, name: str) -> None:
        self.book, self.raw, self.name = book, raw, name
        self.string, self.blank, self.number = raw.write_string, raw.write_blank, raw.write_number

    def text(self, row: int, column: int, text: str, style: Any = None) -> None:
        """Write text as text, whatever it looks like; nothing is a blank cell."""
        text = fitted(drawable(text))
        if not text:
            must(self.blank(row, column, None, style))
        elif text.startswith("<r>") and text.endswith("</r>"):
            # xlsxwriter takes such a text for its own rich text and would write it into the file unescaped
            plain = style or self.book.style()
            must(self.raw.write_rich_string(row, column, text[:1], plain, text[1:], plain))
        else:
            must(self.string(row, column, text, style))

    def pieces(self, row: int, column: int, pieces: Sequence[tuple[Any, str]], style: Any, style_of_one: Any) -> None:
        """Write a text whose pieces have a format each; ``style_of_one`` is the cell's where there is just one piece."""
        if len(pieces) < 2:
            self.text(row, column, "".join(text for _, text in pieces), style_of_one)
        else:
            must(self.raw.write_rich_string(row, column, *(part for made, text in pieces for part in (made, drawable(text))),
                                            style))

    def value(self, row: int, column: int, value: Value, style: Any = None) -> None:
        """Write a text, a number, a date or nothing (see `shown` for what is stored)."""
        if value is None:
            must(self.blank(row, column, None, style))
        elif isinstance(value, str):
            self.text(row, column, value, style)
        elif isinstance(value, date):
            must(self.raw.write_datetime(row, column, value, style))
        elif value is True or value is False:
            must(self.raw.write_boolean(row, column, value, style))
        else:
            must(self.number(row, column, value, style))

    def formula(self, row: int, column: int, formula: str, value: Value, style: Any = None) -> None:
        """Write a formula with its stored value, which previews, phones and Protected View show."""
        stored: object = "" if value is None else fitted(drawable(value)) if isinstance(value, str) else value
        if isinstance(stored, date):
            stored = (stored - date(1899, 12, 30)).days
        must(self.raw.write_formula(row, column, f"={formula}", style, stored))

    def cell(self, row: int, column: int, cell: Cell, props: Props) -> None:
        """Write a decided cell with its number format and its link; ``props`` say how it looks."""
        value, number_format = shown(cell.value, cell.number)
        linked = bool(cell.link) and value not in (None, "")
        style = self.cell_style(props, number_format, linked)
        if linked:
            self.link(row, column, cell.link, value, style)
        if cell.formula:
            self.formula(row, column, cell.formula, value, style)
        else:
            self.value(row, column, value, style)

    def cell_style(self, props: Props, number_format: str, linked: bool) -> Any:
        """Return the format of a decided cell."""
        return self.book.style(props, {"num_format": number_format} if number_format else {}, LINK if linked else {})

    def link(self, row: int, column: int, target: str, value: Value, style: Any) -> None:
        """Let a cell link to a place in the workbook; its value must be written over it afterwards.

        So numbers stay numbers, and only clean text gets into an attribute.
        """
        label = without_controls(canonical(value))[:99].lstrip("<") or "-"
        must(self.raw.write_url(row, column, f"internal:{target}", style, label))

    def merged(self, row: int, first: int, last: int, text: str, style: Any) -> None:
        """Write text into one cell made of several on a row."""
        if first < last:
            must(self.raw.merge_range(row, first, row, last, "", style))
        self.text(row, first, text, style)

    def note(self, row: int, column: int, text: str, author: str = "") -> None:
        """Put a note on a cell, in a box that is large enough for it."""
        height = int(lines_of(text, _NOTE_WIDTH, 9) * 16 + 14)
        must(self.raw.write_comment(row, column, drawable(text)[:32_000], {
            "width": _NOTE_WIDTH * 7, "height": height, "font_name": palette.FONT, "font_size": 9, "color": palette.MIST,
            "author": author}))

    def height(self, row: int, points: float) -> None:
        """Set a row's height in points."""
        must(self.raw.set_row(row, min(points, TALLEST)))

    def width(self, column: int, characters: float) -> None:
        """Set a column's width in characters."""
        must(self.raw.set_column(column, column, characters))

    def rule(self, box: tuple[int, int, int, int], options: Props) -> None:
        """Add a conditional format to the cells of a box: first row, first column, last row, last column."""
        must(self.raw.conditional_format(*box, dict(options)))

    def formula_rule(self, box: tuple[int, int, int, int], formula: str, style: Any) -> None:
        """Add a conditional format by formula, written for the box's first cell."""
        self.rule(box, {"type": "formula", "criteria": f"={formula}", "format": style})

    def advise(self, box: tuple[int, int, int, int], title: str, message: str,
               choices: tuple[str, ...] = ()) -> None:
        """Show a prompt in the cells of a box, and offer choices; anything else can be typed all the same."""
        options: dict[str, Any] = {"validate": "any", "input_title": cut_at_word(title, 32),
                                   "input_message": message[:255]}
        if choices:
            listed = [each.replace(",", LIST_COMMA) for each in choices]
            options |= {"validate": "list", "source": listed, "error_type": "information", "error_title": "Ikke på listen",
                        "error_message": "Vælg helst fra listen. Teksten kan godt stå."}
        must(self.raw.data_validation(*box, options))

    def page(self, last_row: int, last_column: int, header: int | None = None) -> None:
        """Set up the printed page: A4 landscape, one page wide, the header row repeated, a footer."""
        raw = self.raw
        raw.set_landscape()
        raw.set_paper(A4)
        raw.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        raw.fit_to_pages(1, 0)
        must(raw.print_area(0, 0, last_row, last_column))
        if header is not None:
            must(raw.repeat_rows(header))
        title = self.book.title.replace("&", "&&")[:_LONGEST_FOOTER].rstrip("&")
        gap = " " if title[:1].isdigit() else ""  # or the digit would be read as a part of the font size
        must(raw.set_footer(f"&L&8{gap}{title}&C&8&A&R&8Side &P af &N"))
        # text that looks like a number is meant as text: no green corners
        must(raw.ignore_errors({"number_stored_as_text": xl_range(0, 0, max(last_row, 1), last_column)}))


LINK: Props = {"font_color": "#1B5E9B", "underline": 1}
INPUT: Props = {"bg_color": palette.INPUT, "border": 1, "border_color": palette.INPUT_LINE, "locked": False}
MARKS: Mapping[str, Props] = {
    "undecided": {"bg_color": "#E9D8FD", "font_color": "#44337A", "bold": True},
    "missing": {"font_color": "#9C0006", "bold": True},
    "contradiction": {"font_color": "#9C0006", "bold": True, "italic": True, "border": 1, "border_color": "#9C0006"},
    "question": {"bg_color": "#FFF3D1", "font_color": "#7A4B00"},
    "error": {"bg_color": "#FFE3E3", "font_color": "#9C0006", "bold": True},
    "info": {"font_color": palette.MUTED},
    "computed": {"font_color": palette.MUTED, "italic": True},
    "edited": {"font_color": palette.NAVY, "bold": True, "bg_color": palette.MIST},
    "heading": {"font_color": palette.NAVY, "bold": True, "bg_color": palette.MIST},
    "current_year": {"font_color": palette.NAVY, "bold": True},
}
"""How each mark of a cell looks; none of them by colour alone where it stands without a telling text."""
TITLE_ROW, INTRO_ROW, HEADER_ROW = 0, 1, 2


class Page:
    """A sheet that is drawn row by row from the top, its cells centred from top to bottom."""

    def __init__(self, book: Book, name: str, tab: str) -> None:
        self.book = book
        self.sheet = book.sheet(name, tab)
        self.row = 0

    def next(self, height: float) -> int:
        """Take the next row, give it its height, and return its number."""
        self.sheet.height(self.row, height)
        self.row += 1
        return self.row - 1

    def put(self, row: int, first: int, last: int, cell: Cell, *parts: Props) -> None:
        """Write a decided cell over the columns from first to last."""
        props = {key: value for part in ({"valign": "vcenter"}, *parts) for key, value in part.items()}
        if first < last:
            must(self.sheet.raw.merge_range(row, first, row, last, "", self.sheet.cell_style(
                props, shown(cell.value, cell.number)[1], False)))
        self.sheet.cell(row, first, cell, props)

    def text(self, row: int, first: int, last: int, text: str, *parts: Props) -> None:
        """Write a text over the columns from first to last."""
        self.put(row, first, last, Cell(text), *parts)


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
