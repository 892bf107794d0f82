"""What calamine can't tell of an .xlsx, read from its parts.

Error values, uncalculated formulas, notes and comments, cells merged over several rows, pictures and text boxes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from xml.etree import ElementTree

from aftale.model.text import tidy
from aftale.model.workbook import Note, Special, Workbook, WorkbookSheet, column_index, is_percent_format, with_specials
from aftale.office.package import BAD_PACKAGE, Parts, related, workbook_part

_HEAD = 3_000
"""Where a program that writes attributes in single quotes has shown itself."""
_CELL = re.compile(rb"<(?:\w+:)?(?:(?P<row>row)\b(?P<about>[^>]*)|c\b(?P<with>[^>]*?)"
                   rb"(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>))", re.DOTALL)
_REFERENCE = re.compile(rb"""\sr=["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""\sr=["'](\d{1,7})["']""")
_KIND = re.compile(rb"""\st=["'](\w+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
_MERGED = re.compile(rb"""mergeCell\s[^>]*?ref=["']([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})["']""")
_MOST_MERGED, _MOST_DRAWN = 1_000, 200
_DRAWN = frozenset(("sp", "pic", "graphicFrame", "contentPart"))
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>(.*?)</(?:\w+:)?v>", re.DOTALL)


def with_details(book: Workbook, parts: Parts, formulas: bool = False) -> Workbook:
    """Return the book with what only its parts tell; as it is where they can't be read.

    Error values and formulas without a stored value are `Special` cells, which the reader gives as empty ones.
    ``formulas`` asks for the formulas of every cell as well.
    """
    try:
        where = parts.sheets()
        people = {person.get("id", ""): person.get("displayName", "")
                  for name in parts.infos if name.startswith("xl/persons/") and name.endswith(".xml")
                  for person in ElementTree.fromstring(parts.read(name))}
        sheets = tuple(_sheet(sheet, parts, where.get(sheet.name, ""), people) for sheet in book.sheets)
        if formulas:
            sheets = tuple(replace(sheet, formulas=dict(_formulas(parts.read(where.get(sheet.name, "")))))
                           for sheet in sheets)
        return replace(book, sheets=sheets)
    except BAD_PACKAGE:
        return book


def _merged(xml: bytes) -> tuple[tuple[int, int, int, int], ...]:
    """Return the merged cells that go over several rows; those within a row stand behind all the cells of a sheet."""
    at = xml.find(b"mergeCells", max(xml.rfind(b"sheetData"), 0))  # they stand behind the cells
    if at < 0:
        return ()
    found = [(int(top) - 1, column_index(left.decode()), int(bottom) - 1, column_index(right.decode()))
             for left, top, right, bottom in _MERGED.findall(xml, at)[:_MOST_MERGED]]
    return tuple(each for each in found if each[0] < each[2])


def _sheet(sheet: WorkbookSheet, parts: Parts, part: str, people: dict[str, str]) -> WorkbookSheet:
    percent = PercentCells(parts, part)
    if not part:
        return replace(sheet, percent=percent)
    xml = parts.read(part)
    odd = b"f>" in xml or b't="e"' in xml or b"'" in xml[:_HEAD]  # which is cheaper than any pattern
    rows = with_specials(sheet.rows, _specials(xml)) if odd else sheet.rows
    return replace(sheet, rows=rows, percent=percent, notes=tuple(_notes(parts, part, people)), merged=_merged(xml),
                   drawings=drawings(parts, part))


def _specials(xml: bytes) -> Iterator[tuple[tuple[int, int], Special]]:
    """Yield every error value and every formula that has no stored value by its zero-based cell."""
    for row, column, about, inside in _cells(xml):
        special = _special(about, inside)
        if special and row < 1_048_576:
            yield (row, column), special


def _formulas(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield every cell that holds a formula, with the formula; '' where another cell of the sheet has its text."""
    for row, column, _, inside in _cells(xml) if b"f>" in xml else ():
        formula = _FORMULA.search(inside)
        if formula:
            yield (row, column), _text(formula[1]) if formula[1] else ""


def _cells(xml: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Yield every cell of a sheet's part: zero-based row and column, its attributes, and what is in it."""
    row, column = -1, -1
    for match in _CELL.finditer(xml):
        if match["row"]:
            stated = _ROW.search(match["about"])
            row, column = int(stated[1]) - 1 if stated else row + 1, -1
            continue
        reference = _REFERENCE.search(match["with"])
        row, column = (int(reference[2]) - 1, column_index(reference[1].decode())) if reference else (row, column + 1)
        yield row, column, match["with"], match["inside"] or b""


def _special(about: bytes, inside: bytes) -> Special | None:
    kind = _KIND.search(about)
    value = _VALUE.search(inside)
    if kind and kind[1] == b"e":
        return Special(_text(value[1]) if value else "#FEJL", "error")
    formula = _FORMULA.search(inside)
    # A formula may have the empty text as its result: then the value is there, and empty.
    if formula and not (value and (value[1] or (kind and kind[1] == b"str"))):
        return Special("=" + (_text(formula[1]) if formula[1] else "…"), "formula")
    return None


def _text(xml: bytes) -> str:
    return html.unescape(xml.decode("utf-8", "replace"))


# ---------------------------------------------------------------- cells in percent

class PercentCells:
    """Tells which cells (zero-based) of a sheet have a percent format; nothing is looked up before the first question."""

    def __init__(self, parts: Parts, part: str) -> None:
        self._parts, self._part = parts, part

    def __contains__(self, cell: object) -> bool:
        return cell in self._cells

    @cached_property
    def _cells(self) -> frozenset[tuple[int, int]]:
        try:
            styles = next(iter(related(self._parts, workbook_part(self._parts), "styles")), "")
            percent = percent_styles(self._parts.read(styles))
            found = _cells(self._parts.read(self._part)) if percent else ()
            return frozenset((row, column) for row, column, about, _ in found if _style(about) in percent)
        except BAD_PACKAGE:
            return frozenset()


def _style(about: bytes) -> bytes:
    style = re.search(rb"""\ss=["'](\d+)["']""", about)
    return style[1] if style else b"0"


def percent_styles(xml: bytes) -> frozenset[bytes]:
    """Return the numbers of the cell styles in ``styles.xml`` whose number format is a percentage."""
    own = {number[1] for each in re.findall(rb"<(?:\w+:)?numFmt\s([^>]*)", xml)
           if (code := re.search(rb'formatCode="([^"]*)"', each)) and is_percent_format(
               html.unescape(code[1].decode("utf-8", "replace")))
           and (number := re.search(rb'numFmtId="(\d+)"', each))}
    start = xml.find(b"cellXfs")
    formats = re.findall(rb'<(?:\w+:)?xf\s[^>]*?numFmtId="(\d+)"', xml[start:xml.find(b"cellXfs", start + 7)])
    return frozenset(b"%d" % number for number, each in enumerate(formats) if each in (b"9", b"10") or each in own)


# ---------------------------------------------------------------- pictures and text boxes

def drawings(parts: Parts, part: str) -> tuple[str, ...]:
    """Return what was drawn on a sheet: the text of each text box or shape, '' for pictures, charts and handwriting."""
    found: list[str] = []
    for name in related(parts, part, "drawing"):
        root = ElementTree.fromstring(parts.read(name))
        found += [_drawn_text(each) for each in root.iter() if each.tag.rpartition("}")[2] in _DRAWN]
    return tuple(found[:_MOST_DRAWN])


def _drawn_text(shape: ElementTree.Element) -> str:
    lines = ["".join(each.text or "" for each in paragraph.iter() if each.tag.endswith("}t"))
             for paragraph in shape.iter() if paragraph.tag.endswith("}p")]
    return tidy("\n".join(lines))


# ---------------------------------------------------------------- notes and threaded comments

def _notes(parts: Parts, part: str, people: dict[str, str]) -> Iterator[Note]:
    """Yield a sheet's notes, and its threaded comments with every reply; their stand-in notes are left out."""
    threaded = related(parts, part, "threadedComment")
    for name in threaded:
        for comment in ElementTree.fromstring(parts.read(name)):
            text = tidy("".join(comment.itertext()))
            yield Note(comment.get("ref", ""), text, people.get(comment.get("personId", ""), ""))
    for name in related(parts, part, "comments"):
        root = ElementTree.fromstring(parts.read(name))
        authors = [tidy(author.text or "") for author in root.iter() if author.tag.endswith("}author")]
        for comment in root.iter():
            if comment.tag.endswith("}comment"):
                number = comment.get("authorId", "")
                author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
                text = tidy("".join(each.text or "" for each in comment.iter() if each.tag.endswith("}t")))
                if not author.startswith("tc="):
                    yield Note(comment.get("ref", ""), text, author)
                elif not threaded:  # a program that knows no threads has kept the stand-in alone
                    yield Note(comment.get("ref", ""), _without_preface(text))


def _without_preface(text: str) -> str:
    """Return what follows the sentence of Excel's own that a stand-in note begins with."""
    for legacy in ("Comment:", "Kommentar:"):
        if text.startswith("[") and legacy in text:
            return tidy(text.split(legacy, 1)[1])
    return text
