"""OpenDocument workbooks, read from their parts.

Measured: calamine gives an error value as an empty cell, loses a tab and a line break inside a paragraph, tells no notes
and no formats, and refuses a file with white space between its cells, as SheetJS writes it.
"""

from __future__ import annotations

import html
import io
import math
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.etree import ElementTree

from aftale.cells.dates import FIRST_DATE_CELL
from aftale.intake.beside_cells import (
    CONTROL,
    MOST_DRAWN,
    OBJECT,
    TICKED,
    Link,
    alternative_text,
    hidden_links,
    link_in,
    worth_reading,
)
from aftale.model.text import tidy
from aftale.model.workbook import Note, Special, WorkbookSheet, cell_name
from aftale.office.package import BAD_PACKAGE, Parts

_MOST_AREA, _MOST_CELLS, _MOST_ELEMENTS, _MOST_META, _MOST_BESIDE = 3_000_000, 200_000, 500_000, 1_000_000, 5_000_000
_ROWS, _COLUMNS = 1_048_576, 16_384
_OFFICE, _TABLE, _TEXT = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text"))
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_TYPE, _ANNOTATION, _P = f"{_OFFICE}value-type", f"{_OFFICE}annotation", f"{_TEXT}p"
_SHEET, _ROW = f"{_TABLE}table", f"{_TABLE}table-row"
_HOLD_ROWS = frozenset((_SHEET, f"{_TABLE}table-rows", f"{_TABLE}table-row-group", f"{_TABLE}table-header-rows"))
_CELLS = frozenset((f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"))
_DRAW, _SHAPES = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}", f"{_TABLE}shapes"
_STYLE, _FORM, _CHART, _SVG = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
                               for name in ("style", "form", "chart", "svg-compatible"))
_HREF, _XML_ID = "{http://www.w3.org/1999/xlink}href", "{http://www.w3.org/XML/1998/namespace}id"
_FORMS, _PAGES = f"{_OFFICE}forms", (f"{_STYLE}style", f"{_STYLE}master-page")
_FIELDS = frozenset(f"{_TEXT}{name}" for name in (
    "page-number", "page-count", "sheet-name", "date", "time", "file-name", "title", "author-name", "author-initials"))
_DATE = re.compile(r"(-?\d{4,5}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d{1,9})?\d*)?Z?")
_CLOCK = re.compile(r"(-?)PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,](\d{1,9})\d*)?S")
_SAVED = re.compile(rb"<dc:date>\s*([\d-]{10}T[\d:]{8})")
_GENERATOR = re.compile(rb"<meta:generator>([^<]{1,200})<")


@dataclass
class _Table:
    """A sheet as it stands in the file: only the cells that hold something, zero-based."""

    name: str
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    percent: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    style: str = ""
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)


def about(data: bytes) -> tuple[str, str]:
    """Return when the document was saved (ISO, the local time of whoever saved it) and by what program; '' where unknown."""
    try:
        meta = Parts(data).read("meta.xml")[:_MOST_META]
    except BAD_PACKAGE:
        return "", ""
    when, program = _SAVED.search(meta), _GENERATOR.search(meta)
    name = html.unescape(program[1].decode("utf-8", "ignore")).split("$")[0].strip()[:60] if program else ""
    return when[1].decode() if when else "", name


def sheets(data: bytes, formulas: bool = False) -> tuple[WorkbookSheet, ...]:
    """Read the sheets of a document, hidden ones too; none where it can't be read or holds too much.

    The values are those that calamine gives, with what it doesn't tell besides; ``formulas`` asks for the formulas of
    every cell as well.
    """
    try:
        parts = Parts(data)
        document = _Document(parts)
        tables = list(_tables(parts.read("content.xml"), document))
        return tuple(_raw_sheet(table, document.margins(table.style), formulas) for table in tables)
    except BAD_PACKAGE:
        return ()


def _raw_sheet(table: _Table, margins: tuple[str, ...], formulas: bool) -> WorkbookSheet:
    height = max((r for r, _ in table.cells), default=-1) + 1
    width = max((c for _, c in table.cells), default=-1) + 1
    if height * width > _MOST_AREA:
        raise ValueError("too large")
    rows: list[list[object]] = [[""] * width for _ in range(height)]
    for (r, c), value in table.cells.items():
        rows[r][c] = value
    return WorkbookSheet(table.name, rows, tuple(table.notes), frozenset(table.percent), tuple(table.merged),
                         tuple(table.drawings[:MOST_DRAWN]), table.formulas if formulas else {}, margins,
                         links=hidden_links(table.links, rows))


def _tables(xml: bytes, document: _Document) -> Iterator[_Table]:
    """Yield the sheets of a document's content, which `size_limits.danger` has let through.

    Raises ValueError where it holds so much that calamine alone has to do.
    """
    table, row, sheets_open = _Table(""), 0, 0
    holders: list[ElementTree.Element] = []
    for count, (event, element) in enumerate(ElementTree.iterparse(io.BytesIO(xml), ("start", "end"))):
        if count > 2 * _MOST_ELEMENTS:
            raise ValueError("too many elements")
        if element.tag in _HOLD_ROWS and event == "start":
            holders.append(element)
        elif element.tag in _HOLD_ROWS:
            holders.pop()
        if element.tag == _SHEET:
            sheets_open += 1 if event == "start" else -1
            if event == "start" and sheets_open == 1:
                table, row = _Table(tidy(element.get(f"{_TABLE}name", ""))), 0
                table.style = element.get(f"{_TABLE}style-name", "")
            elif sheets_open == 0:
                yield table
        elif element.tag == _SHAPES and event == "end" and sheets_open == 1:
            table.drawings += document.drawn(element)
        elif element.tag == _FORMS and event == "end":
            document.take_controls(element)
        elif element.tag in _PAGES and event == "end":
            document.take_style(element)
        elif element.tag == _ROW and event == "end" and sheets_open == 1:
            times = _number(element, f"{_TABLE}number-rows-repeated")
            _take_row(table, element, row, times, document)
            row = min(row + times, _ROWS)
            del holders[-1][:]  # what was taken in needn't stay in memory


def _number(element: ElementTree.Element, name: str) -> int:
    """Return how many an attribute states, 1 where it doesn't say, or nothing that makes sense."""
    stated = element.get(name, "1")
    return max(1, int(stated)) if stated.isdigit() and len(stated) < 9 else 1


def _take_row(table: _Table, row: ElementTree.Element, at: int, times: int, document: _Document) -> None:
    column = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        repeated = _number(cell, f"{_TABLE}number-columns-repeated")
        value = _value(cell) if len(cell) or cell.attrib else ""
        if value != "":
            if len(table.cells) + times * repeated > _MOST_CELLS:
                raise ValueError("too many cells")
            places = [(r, c) for r in range(at, min(at + times, _ROWS))
                      for c in range(column, min(column + repeated, _COLUMNS))]
            table.cells.update(dict.fromkeys(places, value))
            if cell.get(_TYPE) == "percentage":
                table.percent.update(places)
            if formula := cell.get(f"{_TABLE}formula"):
                table.formulas.update(dict.fromkeys(places, formula))
                table.links += [(at, column, target)] if (target := link_in(formula)) else []
        note = cell.find(_ANNOTATION)
        if note is not None and at < _ROWS and column < _COLUMNS:
            text = "\n".join(_said(each) for each in note.iter(_P))
            table.notes.append(Note(cell_name(at, column), tidy(text), tidy(note.findtext(_CREATOR) or "")))
        down, across = (_number(cell, f"{_TABLE}number-{what}-spanned") for what in ("rows", "columns"))
        if down > 1 and times == 1:
            table.merged.append((at, column, at + down - 1, column + across - 1))
        if len(cell):
            table.drawings += document.drawn(cell)
            table.links += [(at, column, target) for paragraph in cell.findall(_P) for each in paragraph.iter(f"{_TEXT}a")
                            if (target := each.get(_HREF, ""))]
        column += repeated


class _Document:
    """Tells what stands beside the cells: on the printed page, in form controls and in what lies on the sheets."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.pages: dict[str, ElementTree.Element] = {}
        self.page_of: dict[str, str] = {}
        self.controls: dict[str, str] = {}
        for element in self._elements("styles.xml"):
            if element.tag in _PAGES:
                self.take_style(element)

    def _elements(self, part: str) -> list[ElementTree.Element]:
        """Return the elements of a part that is merely good to know; none where it is large or damaged."""
        try:
            xml = self.parts.read(part)
            return [] if len(xml) > _MOST_BESIDE or b"<!DOCTYPE" in xml else [*ElementTree.fromstring(xml).iter()]
        except BAD_PACKAGE:
            return []

    def take_style(self, element: ElementTree.Element) -> None:
        """Remember a page, or which page a sheet's style is printed on."""
        name = element.get(f"{_STYLE}name", "")
        if element.tag.endswith("master-page"):
            self.pages[name] = element
        elif page := element.get(f"{_STYLE}master-page-name"):
            self.page_of[name] = page

    def margins(self, style: str) -> tuple[str, ...]:
        """Return what is typed in the headers and footers of the page that a sheet of this style is printed on."""
        page = self.pages.get(self.page_of.get(style, "Default"), ())
        shown = [each for each in page if each.get(f"{_STYLE}display") != "false"]
        return worth_reading("\n".join(_said(line, _FIELDS) for line in region.findall(_P))
                             for each in shown for region in (each, *each))

    def take_controls(self, forms: ElementTree.Element) -> None:
        """Remember the words of form controls, and which of them are ticked."""
        for each in forms.iter():
            words = tidy(each.get(f"{_FORM}label", "") or each.get(f"{_FORM}current-value", ""))
            ticked = TICKED if "checked" in (each.get(f"{_FORM}current-state"), each.get(f"{_FORM}state")) else ""
            for name in (each.get(_XML_ID), each.get(f"{_FORM}id")):
                if name:
                    self.controls[name] = f"{words or CONTROL}{ticked}"

    def drawn(self, holder: ElementTree.Element) -> list[str]:
        """Return the words of each thing that stands right in a cell or beside the rows, '' where it has none."""
        return [self._words(shape) for shape in holder if shape.tag.startswith(_DRAW)]

    def _words(self, shape: ElementTree.Element) -> str:
        if shape.tag == f"{_DRAW}control":
            return self.controls.get(shape.get(f"{_DRAW}control", ""), CONTROL)
        inside = next((each for each in shape.iter() if each.tag in (f"{_DRAW}object", f"{_DRAW}object-ole")), None)
        if inside is not None:
            return self._embedded(inside)
        words = "\n".join(_said(each) for each in shape.iter(_P)).strip()
        about = [alternative_text(each.text or "") for each in shape.iter() if each.tag in (f"{_SVG}title", f"{_SVG}desc")]
        return words or "\n".join(dict.fromkeys(filter(None, about)))

    def _embedded(self, inside: ElementTree.Element) -> str:
        """Return the titles of a chart; of other things that lie on a sheet it is only said that they are there."""
        content = self._elements(f"{inside.get(_HREF, '').removeprefix('./')}/content.xml")
        if not any(each.tag == f"{_CHART}chart" for each in content):
            return OBJECT
        titles = (each for each in content if each.tag in (f"{_CHART}title", f"{_CHART}subtitle", f"{_CHART}footer"))
        return "\n".join(_said(line) for each in titles for line in each.iter(_P)).strip()


def _value(cell: ElementTree.Element) -> object:
    """Return a cell's value as calamine gives it, or what stands in its place; '' where it is empty."""
    kind = cell.get(_TYPE, "")
    if cell.get(_CALC) == "error":
        return Special(_text(cell) or "#FEJL", "error")
    if kind in ("float", "currency", "percentage"):
        number = float(cell.get(f"{_OFFICE}value", ""))
        return number if math.isfinite(number) else cell.get(f"{_OFFICE}value", "").strip()
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        return _date(cell.get(f"{_OFFICE}date-value", ""))
    if kind == "time":
        return _time(cell.get(f"{_OFFICE}time-value", ""))
    formula = cell.get(f"{_TABLE}formula", "")
    if formula and not kind and cell.find(_P) is None:
        return Special(formula[formula.find("=") :][:32_767], "formula")
    return _text(cell) or cell.get(f"{_OFFICE}string-value", "")


def _date(stated: str) -> object:
    match = _DATE.fullmatch(stated)
    if not match:
        return stated
    try:
        day = datetime.fromisoformat(f"{match[1]} {match[2] or '00:00:00'}")
    except ValueError:  # a year before 1 or after 9999
        return stated
    if day.year < FIRST_DATE_CELL:  # a number that was typed in a cell for dates
        return round((day - _FIRST_DAY + timedelta(seconds=float(match[3] or 0))) / timedelta(days=1), 9)
    return day if match[2] else day.date()


_FIRST_DAY = datetime(1899, 12, 30)
"""What is shown in a cell for dates that holds 0."""


def _time(stated: str) -> object:
    match = _CLOCK.fullmatch(stated)
    if not match:
        return stated
    hours, minutes, seconds = (int(part) for part in match.groups()[1:4])
    so_long = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if match[1] or (match[5] and not so_long):  # a number that was typed in a cell for the time of day
        number = (so_long + timedelta(seconds=float(f"0.{match[5] or 0}"))) / timedelta(days=1)
        return -number if match[1] else round(number, 9)
    return so_long if hours >= 24 else (datetime.min + so_long).time()


def _text(cell: ElementTree.Element) -> str:
    """Return what a cell shows: its own paragraphs, and none of its note's."""
    return "\n".join(_said(each) for each in cell if each.tag == _P)


def _said(paragraph: ElementTree.Element, unsaid: Container[str] = ()) -> str:
    """Return a paragraph's text with the spaces, tabs and line breaks that stand in it as elements; some are left out."""
    parts = [paragraph.text or ""]
    for each in paragraph:
        if each.tag == f"{_TEXT}s":
            parts.append(" " * min(_number(each, f"{_TEXT}c"), 32_767))
        elif each.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif each.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif each.tag != _ANNOTATION and each.tag not in unsaid:
            parts.append(_said(each, unsaid))
        parts.append(each.tail or "")
    return "".join(parts)
