"""What calamine can't tell of an .xlsx, read from its parts.

Error values, uncalculated formulas, notes and comments, cells merged over several rows, pictures and text boxes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from functools import cached_property
from typing import TypeVar
from xml.etree import ElementTree

from aftale.cells.dates import FIRST_DATE_CELL
from aftale.cells.number_format import is_clock, is_percent
from aftale.model.text import tidy
from aftale.model.workbook import PICTURE, Note, Row, Special, Workbook, WorkbookSheet, column_index, with_specials
from aftale.office.package import BAD_PACKAGE, Parts, related, workbook_part, write_parts

_T = TypeVar("_T")
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
_PICTURES = ("_localImage", "_webimage")
_DRAWN = frozenset(("sp", "pic", "graphicFrame", "contentPart"))
_STYLE = re.compile(rb"""\ss=["'](\d+)["']""")
_RICH = re.compile(rb"""\svm=["'](\d+)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>(.*?)</(?:\w+:)?v>", re.DOTALL)


def with_details(book: Workbook, parts: Parts, formulas: bool = False) -> Workbook:
    """Return the book with what only its parts tell, laid out as usual; as it is where they can't be read.

    Error values, pictures in cells and formulas without a stored value are `Special` cells, which the reader gives as empty
    ones. ``formulas`` asks for the formulas of every cell as well.
    """
    try:
        where = [sheet.part for sheet in parts.listed if sheet.kind == "worksheet"]
        look = _Look(parts)
        return replace(book, sheets=tuple(look.sheet(sheet, part, formulas)
                                          for sheet, part in zip(book.sheets, where, strict=True)))
    except BAD_PACKAGE:
        return book


def without_errors(parts: Parts) -> bytes:
    """Return the workbook with nothing in its cells of error values: the reader refuses a book for one it doesn't know.

    It is as it was where its sheets can't be found.
    """
    def emptied(found: re.Match[bytes]) -> bytes:
        kind = _KIND.search(found["with"] or b"")
        return _VALUE.sub(b"", found[0]) if kind and kind[1] == b"e" else found[0]

    try:
        changed = {sheet.part: _CELL.sub(emptied, parts.read(sheet.part)) for sheet in parts.listed
                   if sheet.kind == "worksheet"}
        return write_parts({**parts, **changed}, compress=False)
    except BAD_PACKAGE:
        return parts.data


def _merged(xml: bytes) -> tuple[tuple[int, int, int, int], ...]:
    """Return the merged cells that go over several rows; those within a row stand behind all the cells of a sheet."""
    at = xml.find(b"mergeCells", max(xml.rfind(b"sheetData"), 0))  # they stand behind the cells
    if at < 0:
        return ()
    found = [(int(top) - 1, column_index(left.decode()), int(bottom) - 1, column_index(right.decode()))
             for left, top, right, bottom in _MERGED.findall(xml, at)[:_MOST_MERGED]]
    return tuple(each for each in found if each[0] < each[2])


class _Look:
    """Looks at the sheets of one workbook; what all of them need is read once, when it is asked for."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def sheet(self, sheet: WorkbookSheet, part: str, formulas: bool) -> WorkbookSheet:
        """Return a sheet with what its part and those it refers to tell."""
        xml = self.parts.read(part)
        odd = b"f>" in xml or b't="e"' in xml or b"'" in xml[:_HEAD]  # which is cheaper than any pattern
        rows = with_specials(sheet.rows, self._specials(xml)) if odd else sheet.rows
        if any(_shown_as_another(value) for row in rows for value in row):
            rows = with_specials(rows, self._as_written(xml, rows))
        return replace(sheet, rows=rows, percent=PercentCells(xml, self, sheet.rows), formats=CellFormats(xml, self),
                       merged=_merged(xml),
                       margins=_margins(xml), notes=_whole(lambda: _notes(self.parts, part, self.people)),
                       drawings=_whole(lambda: drawings(self.parts, part)),
                       formulas=dict(_formulas(xml)) if formulas else {})

    @cached_property
    def people(self) -> dict[str, str]:
        """The names of those who write threaded comments, by their id."""
        return dict(_whole(lambda: ((person.get("id", ""), person.get("displayName", ""))
                                    for name in related(self.parts, self.book, "person")
                                    for person in ElementTree.fromstring(self.parts.read(name)))))

    @cached_property
    def formats(self) -> Mapping[bytes, str]:
        """The number formats that show percent, by the number of the cell style."""
        return {style: code for style, code in self.styles.items() if "%" in code}

    @cached_property
    def styles(self) -> Mapping[bytes, str]:
        """The number formats that change what is seen, by the number of the cell style."""
        return number_formats(self.parts.read(next(iter(related(self.parts, self.book, "styles")), "")))

    @cached_property
    def pictures(self) -> frozenset[bytes]:
        """The numbers of the values (``vm``) that are pictures in a cell."""
        return frozenset(_whole(lambda: _pictures(self.parts, self.book)))

    @cached_property
    def book(self) -> str:
        """The part that is the workbook itself."""
        return workbook_part(self.parts)

    def _specials(self, xml: bytes) -> Iterator[tuple[tuple[int, int], Special]]:
        """Yield every error value, picture and formula that has no stored value by its zero-based cell."""
        for row, column, about, inside in _cells(xml):
            special = _special(about, inside)
            if special and special.kind == "error" and (rich := _RICH.search(about)) and rich[1] in self.pictures:
                special = PICTURE
            if special and row < 1_048_576:
                yield (row, column), special


    def _as_written(self, xml: bytes, rows: Sequence[Row]) -> Iterator[tuple[tuple[int, int], float]]:
        """Yield the numbers in cells for dates that the reader takes for a time of day or a day long ago, by their cell."""
        for row, column, about, inside in _cells(xml):
            value = _VALUE.search(inside)
            if value and row < len(rows) and column < len(rows[row]) and _shown_as_another(rows[row][column]):
                try:
                    number = float(value[1])
                except ValueError:  # a date or time that is written as one
                    continue
                clock = 0 <= number < 1 and is_clock(self.styles.get(_style(about), ""))
                if not clock or 0 < number < _A_SECOND:
                    yield (row, column), number


_A_SECOND = 1 / 86_400


def _shown_as_another(value: object) -> bool:
    """Tell whether a value may be a number that somebody typed into a cell for dates: Excel shows 3 as a day in 1900."""
    return type(value) is time or (isinstance(value, date) and value.year < FIRST_DATE_CELL)


def _whole(read: Callable[[], Iterable[_T]]) -> tuple[_T, ...]:
    """Return what stands in parts that say more about the cells, nothing where one of them is damaged."""
    try:
        return tuple(read())
    except BAD_PACKAGE:
        return ()


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
    """Tells which cells (zero-based) of a sheet are shown in percent; nothing is looked up before the first question."""

    def __init__(self, xml: bytes, look: _Look, rows: Sequence[Row]) -> None:
        self._xml, self._look, self._rows = xml, look, rows

    def __contains__(self, cell: object) -> bool:
        return cell in self._cells

    @cached_property
    def _cells(self) -> frozenset[tuple[int, int]]:
        try:
            formats = self._look.formats
        except BAD_PACKAGE:
            return frozenset()
        found = ((row, column, formats.get(_style(about), ""))
                 for row, column, about, _ in (_cells(self._xml) if formats else ()))
        return frozenset((row, column) for row, column, code in found if is_percent(code, self._value(row, column)))

    def _value(self, row: int, column: int) -> object:
        return self._rows[row][column] if row < len(self._rows) and column < len(self._rows[row]) else ""


class CellFormats(Mapping[tuple[int, int], str]):
    """The number formats of a sheet's cells (zero-based); nothing is looked up before the first question."""

    def __init__(self, xml: bytes, look: _Look) -> None:
        self._xml, self._look = xml, look

    def __getitem__(self, cell: tuple[int, int]) -> str:
        return self._cells[cell]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    @cached_property
    def _cells(self) -> Mapping[tuple[int, int], str]:
        return dict(_whole(lambda: (((row, column), self._look.styles[style]) for row, column, about, _ in _cells(self._xml)
                                    if (style := _style(about)) in self._look.styles)))


def _style(about: bytes) -> bytes:
    style = _STYLE.search(about)
    return style[1] if style else b"0"


_BUILT_IN = {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "15": "d-mmm-yy",
             "16": "d-mmm", "17": "mmm-yy", "22": "dd-mm-yyyy hh:mm",
             **dict.fromkeys(("18", "19", "20", "21", "45", "46", "47"), "h:mm:ss")}
"""The formats of numbers, percent, days and the clock that have a number of their own in every workbook, as in Danish."""


def number_formats(xml: bytes) -> dict[bytes, str]:
    """Return the number formats in ``styles.xml`` by the number of the cell style, but for some of those built in."""
    root = ElementTree.fromstring(xml) if xml else ()
    lists = {each.tag.rpartition("}")[2]: each for each in root}
    codes = dict(_BUILT_IN)
    own = lists["numFmts"].iter() if "numFmts" in lists else ()
    codes |= {each.get("numFmtId", ""): each.get("formatCode", "") for each in own if each.tag.endswith("}numFmt")}
    styles = [each.get("numFmtId", "0") for each in lists.get("cellXfs", ()) if each.tag.endswith("}xf")]
    return {b"%d" % number: codes[each] for number, each in enumerate(styles) if each in codes}


# ---------------------------------------------------------------- the printed page

_MARGIN = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^>]*>(.*?)</", re.DOTALL)
_CODE = re.compile(r'&&|&"[^"]*"|&K(?:[0-9A-Fa-f]{6}|[0-9]{2}[+-][0-9]{3})|&[0-9]{1,3}|&.|[^&]+', re.DOTALL)
_COUNTING = re.compile(r"(?:side|page|seite|af|of|von|[\s/|–-])*", re.IGNORECASE)


def _margins(xml: bytes) -> tuple[str, ...]:
    """Return the texts of a sheet's page headers and footers, without fonts, fields, and words that count the pages."""
    at = xml.find(b"headerFooter", max(xml.rfind(b"sheetData"), 0))
    found: dict[str, None] = {}
    for text in _MARGIN.findall(xml, at) if at >= 0 else ():
        sections = [""]
        for token in _CODE.findall(_text(text)):
            if token in ("&L", "&C", "&R"):
                sections.append("")
            elif token == "&&" or token[0] != "&":
                sections[-1] += token[-1] if token == "&&" else token
        found |= dict.fromkeys(tidy(each) for each in sections if not _COUNTING.fullmatch(each))
    return tuple(found)


# ---------------------------------------------------------------- pictures and text boxes

def _pictures(parts: Parts, book: str) -> Iterator[bytes]:
    """Yield the numbers of the values that are pictures in a cell.

    A cell's ``vm`` numbers a line of the metadata from 1, that the block of a rich value, that a rich value, and that the
    structure that says what it is; the others are numbered from 0.
    """
    meta, values, kinds = (_root(parts, book, kind) for kind in ("sheetMetadata", "rdRichValue", "rdRichValueStructure"))
    blocks = [int(each.get("i", "-1")) for each in meta.iter() if each.tag.endswith("}rvb")]
    structures = [int(each.get("s", "-1")) for each in values.iter() if each.tag.endswith("}rv")]
    names = [each.get("t", "") for each in kinds.iter() if each.tag.endswith("}s")]
    listed = (line for each in meta if each.tag.endswith("}valueMetadata") for line in each)
    for number, line in enumerate(listed, 1):
        for block in (int(each.get("v", "-1")) for each in line):
            if names[structures[blocks[block]]] in _PICTURES:
                yield b"%d" % number


def _root(parts: Parts, book: str, kind: str) -> ElementTree.Element:
    found = related(parts, book, kind)
    return ElementTree.fromstring(parts.read(found[0])) if found else ElementTree.Element("none")


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
