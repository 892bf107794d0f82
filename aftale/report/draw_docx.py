"""Draw a report in its template: fields and blocks take the place of their markers, and all else stands as staff made it."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from copy import deepcopy
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import Any, NamedTuple

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from aftale.office.package import BAD_PACKAGE, Parts, reproducible
from aftale.report.draw_figure_xlsx import WORKBOOK_ID, draw_figure
from aftale.report.model import BLOCKS, Block, Figure, Look, Para, Report, TextTable
from aftale.report.template_docx import Paragraph, W, paragraphs, style_ids, texts_of
from aftale.report.word_xml import NAMES, contents_xml, escaped, para_xml, plain, table_xml

KEYWORD = "aftale-rapport-"
"""Among a report's keywords, before a hash of what we drew: so it is told from one that somebody has written in."""
_CORE = "docProps/core.xml"
_MARK = re.compile(rb"<cp:keywords>[^<]*" + KEYWORD.encode() + rb"([0-9a-f]{16})")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TWIPS, _EMU = 567, 635
"""Twips to a centimetre, and English Metric Units to a twip."""
_WIDE, _NARROW = 16.6 * _TWIPS, 2 * _TWIPS
_BAR, _LEGEND = 1.25, 1.3
"""How high a bar of the figure is in centimetres, and what stands under the bars."""
_CONTENTS_TITLE = "TOC Heading"
_LEVELS = (Look.CHAPTER, Look.SECTION, Look.THREAD)
_PICTURES = (f"{W}drawing", f"{W}object", f"{W}pict")
_SAID = (f"{W}t", *_PICTURES, f"{W}fldChar", f"{W}fldSimple", f"{W}br")


class Drawn(NamedTuple):
    """A finished report, and the number that it carries among its keywords."""

    data: bytes
    number: str


def draw(document: Any, report: Report, leave_out: Collection[str] = ()) -> Drawn:
    """Fill a template that was just opened; the same template and report always give the same bytes.

    The blocks in ``leave_out``, and those that the report has nothing for, go with the heading right above them.
    """
    _Filling(document, report, frozenset(leave_out)).fill()
    core, when = document.core_properties, datetime(report.created.year, report.created.month, report.created.day)
    core.title, core.author, core.subject = plain(report.title)[:255], plain(report.author)[:255], report.subject
    core.language, core.created, core.modified, core.last_modified_by = "da-DK", when, when, ""
    number = content_number(_saved(document, when))
    core.keywords = f"{KEYWORD}{number}"
    return Drawn(_saved(document, when), number)


def _saved(document: Any, when: datetime) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return reproducible(out.getvalue(), when)


def content_number(data: bytes) -> str:
    """Return a hash of all that a document holds but its own properties."""
    parts = Parts(data)
    return sha256(b"".join(name.encode() + parts[name] for name in sorted(parts) if name != _CORE)).hexdigest()[:16]


def drawn_number(data: bytes) -> str:
    """Return the number that a report of ours carries, '' where a file is none."""
    try:
        found = _MARK.search(Parts(data).read(_CORE))
    except BAD_PACKAGE:
        return ""
    return found[1].decode() if found else ""


class _Filling:
    """One template that is being filled."""

    def __init__(self, document: Any, report: Report, leave_out: frozenset[str]) -> None:
        self.document, self.report, self.leave_out = document, report, leave_out
        self.body = document.element.body
        self.styles = style_ids(document)
        self.title_style = next((style.style_id for style in document.styles if style.name == _CONTENTS_TITLE), "")
        numbers = [int(each.get(f"{W}id") or 0) for each in self.body.iter(f"{W}bookmarkStart")]
        self.bookmarks = count(max(numbers, default=0) + 1)
        self.figures = count(1)
        self.contents: list[Any] = []

    def fill(self) -> None:
        found = list(paragraphs(self.document))
        for each in found:
            if each.block:
                self._block(each)
            else:
                self._fields(each)
        self._table_of_contents()
        self._without_empty_end()

    # ---- fields

    def _fields(self, each: Paragraph) -> None:
        """Fill the fields in a paragraph; one of nothing but an empty field goes, one with a picture of staff's stays."""
        each.fill(lambda name: None if name in BLOCKS or not name else " ".join(plain(self.report.fields.get(
            name, "")).split()))
        left = "".join(piece.text or "" for piece in texts_of(each.element))
        if not left.strip() and not each.aside and not _has_picture(each.element):
            _remove(each.element)

    # ---- blocks

    def _block(self, marker: Paragraph) -> None:
        blocks = () if marker.block in self.leave_out else self.report.blocks.get(marker.block, ())
        if not blocks:
            self._without_heading(marker.element)
            return
        room = _room(marker.element, self.document)
        for block in blocks:
            for element in self._elements(block, marker.element, room):
                marker.element.addprevious(element)
        _emptied(marker.element)

    def _without_heading(self, element: Any) -> None:
        """Take a marker out, and the headings right above it that nothing else stands under."""
        above, below = element.getprevious(), _next_filled(element)
        _remove(element)
        ends = below is None or below.tag == f"{W}sectPr"
        while (level := self._level(above) or self._is_title(above)) and (
                ends or 0 < (self._level(below) or self._is_title(below)) <= level):
            empty, above = above, above.getprevious()
            _remove(empty)

    def _level(self, element: Any) -> int:
        """Return the level of a heading, 0 of anything else."""
        found = _style_of(element)
        return next((at for at, look in enumerate(_LEVELS, 1) if found and found == self.styles.get(look)), 0)

    def _is_title(self, element: Any) -> bool:
        """Tell whether it stands over the table of contents, and isn't in it."""
        found = _style_of(element)
        return bool(found) and found == self.title_style

    def _elements(self, block: Block, marker: Any, room: int) -> Iterator[Any]:
        if isinstance(block, Para):
            yield self._own(para_xml(block, self.styles), marker if block.look is Look.BODY else None)
        elif isinstance(block, TextTable):
            yield parse_xml(table_xml(block, self.styles, room))
        elif isinstance(block, Figure):
            yield self._own(self._figure(block, room), marker)
        else:
            yield from self._contents(marker)

    def _own(self, xml: str, marker: Any) -> Any:
        """Return a paragraph; one that stands for its marker looks as that does."""
        element = parse_xml(xml)
        look = marker.find(f"{W}pPr") if marker is not None else None
        if look is not None:
            element.insert(0, deepcopy(look))
            for break_ in element.iterfind(f"{W}pPr/{W}sectPr"):
                break_.getparent().remove(break_)
        return element

    # ---- the figure

    def _figure(self, figure: Figure, room: int) -> str:
        number, drawn, package = next(self.figures), draw_figure(figure), self.document.part.package
        name = f"aftale{number}"
        chart = Part(PackURI(f"/word/charts/{name}.xml"), _CHART_TYPE, drawn.chart, package)
        book = Part(PackURI(f"/word/embeddings/{name}.xlsx"), _XLSX_TYPE, drawn.workbook, package)
        assert chart.relate_to(book, f"{_OFFICE}/package") == WORKBOOK_ID
        related = self.document.part.relate_to(chart, f"{_OFFICE}/chart")
        high = int((_BAR * len(figure.labels) + _LEGEND) * _TWIPS * _EMU)
        return (f'<w:p {NAMES}><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
                f'<wp:extent cx="{room * _EMU}" cy="{high}"/><wp:docPr id="{9000 + number}" name="{escaped(figure.title)}"'
                f' title="{escaped(figure.title)}" descr="{escaped(figure.said)}"/><wp:cNvGraphicFramePr/><a:graphic>'
                '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
                f'<c:chart r:id="{related}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>')

    # ---- the table of contents

    def _contents(self, marker: Any) -> Iterator[Any]:
        """Yield the place of the table of contents, which is filled in when all headings stand."""
        element = parse_xml(f"<w:p {NAMES}/>")
        self.contents.append(element)
        yield element

    def _table_of_contents(self) -> None:
        if not self.contents:
            return
        entries = []
        for element in self.body.iter(f"{W}p"):
            said = "".join(piece.text or "" for piece in texts_of(element)).strip()
            level = self._level(element)
            if said and 0 < level < len(_LEVELS):
                entries.append((level, said, self._bookmarked(element)))
        for place in self.contents:
            for element in map(parse_xml, contents_xml(entries, self.styles)):
                place.addprevious(element)
            _remove(place)

    def _bookmarked(self, heading: Any) -> str:
        """Put a bookmark round a heading's text, and return its name."""
        number = next(self.bookmarks)
        name, mark = f"_Toc{700_000 + number}", f'w:id="{number}"'
        at = 1 if heading.find(f"{W}pPr") is not None else 0
        heading.insert(at, parse_xml(f'<w:bookmarkStart {NAMES} {mark} w:name="{name}"/>'))
        heading.append(parse_xml(f"<w:bookmarkEnd {NAMES} {mark}/>"))
        return name

    # ---- the last pages

    def _without_empty_end(self) -> None:
        """Take the last section away where all that stood in it is left out."""
        ends = [element for element in self.body.iterchildren(f"{W}p") if element.find(f"{W}pPr/{W}sectPr") is not None]
        last = self.body.find(f"{W}sectPr")
        if not ends or last is None:
            return
        after = [element for element in ends[-1].itersiblings() if element is not last]
        if any(element.tag != f"{W}p" or _holds_anything(element) for element in after):
            return
        for element in after:
            self.body.remove(element)
        self.body.replace(last, ends[-1].find(f"{W}pPr/{W}sectPr"))
        if not _holds_anything(ends[-1]):
            self.body.remove(ends[-1])


# ---------------------------------------------------------------- elements

def _style_of(element: Any) -> str:
    style = element.find(f"{W}pPr/{W}pStyle") if element is not None and element.tag == f"{W}p" else None
    return style.get(f"{W}val", "") if style is not None else ""


def _holds_anything(element: Any) -> bool:
    return any(element.find(f".//{tag}") is not None for tag in _SAID)


def _has_picture(element: Any) -> bool:
    """Tell whether staff have put a picture, a text box or the like in a paragraph, or anchored it there."""
    return any(element.find(f".//{tag}") is not None for tag in _PICTURES)


def _next_filled(element: Any) -> Any:
    """Return what follows, paragraphs with nothing in them left out."""
    following: Iterator[Any] = element.itersiblings()
    return next((each for each in following if each.tag != f"{W}p" or _holds_anything(each)), None)


def _emptied(marker: Any) -> None:
    """Take a marker away once its block stands; empty it where a picture, a table, a section or a cell needs it."""
    for piece in texts_of(marker):
        piece.text = ""
    before, after = marker.getprevious(), marker.getnext()
    is_table = before is not None and before.tag == f"{W}tbl"
    if not (is_table and (after is None or after.tag != f"{W}p")) and not _has_picture(marker):
        _remove(marker)


def _remove(element: Any) -> None:
    """Take a paragraph away, unless a section ends in it or a cell needs it."""
    parent = element.getparent()
    alone = parent.tag in (f"{W}tc", f"{W}txbxContent", f"{W}sdtContent") and len(parent.findall(f"{W}p")) == 1
    if element.find(f"{W}pPr/{W}sectPr") is None and not alone:
        parent.remove(element)
        return
    for run in element.findall(f"{W}r"):
        element.remove(run)


def _room(element: Any, document: Any) -> int:
    """Return how wide, in twips, what stands in a paragraph's place may be: as its cell, or its section's text."""
    cell = next(element.iterancestors(f"{W}tc"), None)
    if cell is not None:
        width = cell.find(f"{W}tcPr/{W}tcW")
        said = width.get(f"{W}w", "") if width is not None and width.get(f"{W}type") == "dxa" else ""
        return max(int(_NARROW), int(said) - 216) if said.isdigit() else int(_NARROW * 4)
    ends = [each for each in element.itersiblings() if each.tag == f"{W}p" and each.find(f"{W}pPr/{W}sectPr") is not None]
    sections = [each.find(f"{W}pPr/{W}sectPr") for each in ends[:1]] or [document.element.body.find(f"{W}sectPr")]
    own = element.find(f"{W}pPr/{W}sectPr")
    sizes = _page(own if own is not None else sections[0])
    return max(int(_NARROW), sizes) if sizes else int(_WIDE)


def _page(section: Any) -> int:
    size, margin = (section.find(f"{W}{name}") if section is not None else None for name in ("pgSz", "pgMar"))
    if size is None or margin is None:
        return 0
    numbers = [each.get(f"{W}{name}", "") for each, name in ((size, "w"), (margin, "left"), (margin, "right"))]
    return int(numbers[0]) - int(numbers[1]) - int(numbers[2]) if all(each.isdigit() for each in numbers) else 0
