"""What calamine can't tell of an .xlsx, read from its parts.

Error values, uncalculated formulas, notes and comments, cells merged over several rows, pictures and text boxes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TypeVar
from xml.etree import ElementTree

from aftale.cells.number_format import as_typed, is_percent, may_be_another
from aftale.intake.beside_cells import drawings, hidden_links, link_in, links, page_texts
from aftale.intake.struck_text import rest_of, struck_strings, struck_styles
from aftale.model.text import tidy
from aftale.model.workbook import PICTURE, Note, Row, Special, Workbook, WorkbookSheet, column_index, with_specials
from aftale.office.package import BAD_PACKAGE, Parts, related, workbook_part, write_parts

_T = TypeVar("_T")
_Cell = tuple[int, int, bytes, bytes]
"""A cell of a sheet's part: zero-based row and column, its attributes, and what is in it."""
_HEAD = 3_000
"""Where a program that writes attributes in single quotes has shown itself."""
_CELL = re.compile(rb"<(?:\w+:)?(?:(?P<row>row)\b(?P<about>[^>]*)|c\b(?P<with>[^>]*?)"
                   rb"(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>))", re.DOTALL)
_REFERENCE = re.compile(rb"""\sr=["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""\sr=["'](\d{1,7})["']""")
_KIND = re.compile(rb"""\st=["'](\w+)["']""")
_WITH_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(\s*<(?:\w+:)?f\b.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
_FORMULA_BEGINS = tuple(before + b"f" + after for before in (b"<", b":") for after in (b">", b" ", b"/"))
_MERGED = re.compile(rb"""mergeCell\s[^>]*?ref=["']([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})["']""")
_MOST_MERGED = 1_000
_PICTURES = ("_localImage", "_webimage")
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
    """Return the workbook with nothing in its cells of error values, and numbers that are none as texts.

    The reader refuses a book for an error that it doesn't know, or for such a number. The book is as it was where its sheets
    can't be found.
    """
    def tamed(found: re.Match[bytes]) -> bytes:
        kind, value = _KIND.search(found["with"] or b""), _VALUE.search(found["inside"] or b"")
        if kind and kind[1] == b"e":
            return _VALUE.sub(b"", found[0])
        if value and (not kind or kind[1] == b"n") and _ABSURD.fullmatch(value[1].strip()):
            plain = found[0].replace(kind[0], b"", 1) if kind else found[0]
            return plain.replace(b"c ", b'c t="str" ', 1)
        return found[0]

    try:
        changed = {sheet.part: _CELL.sub(tamed, parts.read(sheet.part)) for sheet in parts.listed
                   if sheet.kind == "worksheet"}
        return write_parts({**parts, **changed}, compress=False)
    except BAD_PACKAGE:
        return parts.data


_ABSURD = re.compile(rb"[-+]?[0-9.]+[Ee]\+?[0-9]{2,}")
"""A number of very many digits: in a cell for dates the reader gives up on it."""


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
        if any(may_be_another(value) for row in rows for value in row):
            rows = with_specials(rows, self._as_written(xml, rows))
        found = dict(_formulas(xml)) if formulas or b"HYPERLINK(" in xml else {}
        return replace(sheet, rows=rows, percent=PercentCells(xml, self, sheet.rows), formats=CellFormats(xml, self),
                       merged=_merged(xml), struck=self._struck(xml),
                       margins=_margins(xml), notes=_whole(lambda: _notes(self.parts, part, self.people)),
                       drawings=_whole(lambda: drawings(self.parts, part)),
                       links=hidden_links((*_whole(lambda: links(self.parts, part, xml)), *_made_links(found)), rows),
                       formulas=found if formulas else {})

    def _struck(self, xml: bytes) -> dict[tuple[int, int], str]:
        styles, strings = self.struck
        if not (strings or b"strike" in xml or _uses(xml, styles)):
            return {}
        cells = ((row, column, _style(about), _shared(about, inside), inside) for row, column, about, inside in _cells(xml))
        return dict(_whole(lambda: rest_of(cells, styles, strings).items()))

    @cached_property
    def struck(self) -> tuple[frozenset[bytes], dict[bytes, str]]:
        """The cell styles that strike through, and what is left of the shared texts of which something is."""
        styles, shared = (next(iter(related(self.parts, self.book, kind)), "") for kind in ("styles", "sharedStrings"))
        return (frozenset(_whole(lambda: struck_styles(self.parts.read(styles)))),
                dict(_whole(lambda: struck_strings(self.parts.read(shared)).items())))

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
        errors = b't="e"' in xml or b"'" in xml[:_HEAD]
        for row, column, about, inside in _cells(xml) if errors else _formula_cells(xml):
            special = _special(about, inside)
            if special and special.kind == "error" and (rich := _RICH.search(about)) and rich[1] in self.pictures:
                special = PICTURE
            if special and row < 1_048_576:
                yield (row, column), special

    def _as_written(self, xml: bytes, rows: Sequence[Row]) -> Iterator[tuple[tuple[int, int], object]]:
        """Yield the numbers that the reader gives as a time of day, a day long ago or none at all, by their cell."""
        for row, column, about, inside in _cells(xml):
            value = _VALUE.search(inside)
            if value and row < len(rows) and column < len(rows[row]) and may_be_another(rows[row][column]):
                try:
                    typed = as_typed(float(value[1]), self.styles.get(_style(about), ""))
                except ValueError:  # a date or time that is written as one
                    continue
                if typed is not None:
                    yield (row, column), _text(value[1]).strip() if isinstance(typed, str) else typed


def _uses(xml: bytes, styles: Iterable[bytes]) -> bool:
    """Tell whether a sheet may have a cell of one of these styles: cells that name none have the first, b'0'."""
    return any(style == b"0" or b's="%b"' % style in xml or b"s='%b'" % style in xml for style in styles)


def _whole(read: Callable[[], Iterable[_T]]) -> tuple[_T, ...]:
    """Return what stands in parts that say more about the cells, nothing where one of them is damaged."""
    try:
        return tuple(read())
    except BAD_PACKAGE:
        return ()


def _formulas(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield every cell that holds a formula, with the formula; '' where another cell of the sheet has its text."""
    for row, column, _, inside in _formula_cells(xml) if b"f>" in xml else ():
        formula = _FORMULA.search(inside)
        if formula:
            yield (row, column), _text(formula[1]) if formula[1] else ""


def _made_links(formulas: Mapping[tuple[int, int], str]) -> Iterator[tuple[int, int, str]]:
    """Yield the links that formulas make, by their zero-based cell."""
    for (row, column), formula in formulas.items():
        if target := link_in(formula):
            yield row, column, target


def _formula_cells(xml: bytes) -> Iterable[_Cell]:
    """Return the cells that hold a formula as `_cells` has them, found by their formulas where no cell can escape that."""
    found = [(_REFERENCE.search(match[1]), match[1], match[2]) for match in _WITH_FORMULA.finditer(xml)]
    if sum(map(xml.count, _FORMULA_BEGINS)) != len(found) or not all(reference for reference, _, _ in found):
        return _cells(xml)
    return [(int(reference[2]) - 1, column_index(reference[1].decode()), about, inside)
            for reference, about, inside in found if reference]


def _cells(xml: bytes) -> Iterator[_Cell]:
    """Yield every cell of a sheet's part."""
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
        return Special((_text(value[1]).strip() if value else "") or "#FEJL", "error")
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
                 for row, column, about, _ in _cells_styled(self._xml, formats))
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


def _shared(about: bytes, inside: bytes) -> bytes | None:
    """Return the number of the shared text that a cell shows, None where it shows none."""
    kind, value = _KIND.search(about), _VALUE.search(inside)
    return value[1].strip() if kind and kind[1] == b"s" and value else None


def _cells_styled(xml: bytes, styles: Iterable[bytes]) -> Iterable[_Cell]:
    """Return at least the cells of these styles as `_cells` has them, found by their styles where all name one."""
    wanted = set(styles)
    if b"0" in wanted:
        return _cells(xml)
    named = re.compile(rb"""<(?:\w+:)?c\b([^>]*?\ss=["'](?:%b)["'][^>]*)>""" % b"|".join(sorted(wanted)))
    found = [(_REFERENCE.search(match[1]), match[1]) for match in named.finditer(xml)] if wanted else []
    if not all(reference for reference, _ in found):
        return _cells(xml)
    return [(int(reference[2]) - 1, column_index(reference[1].decode()), about, b"")
            for reference, about in found if reference]


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


def _margins(xml: bytes) -> tuple[str, ...]:
    """Return the texts of a sheet's page headers and footers."""
    at = xml.find(b"headerFooter", max(xml.rfind(b"sheetData"), 0))
    return page_texts(_text(text) for text in (_MARGIN.findall(xml, at) if at >= 0 else ()))


# ---------------------------------------------------------------- pictures in cells

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
