"""Reading a Word document with python-docx; a file that can't be read is a problem, never an exception."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from aftale.document.docx_runs import Look, RunLooks, check_box, form_field, picked
from aftale.document.docx_runs import W as _W
from aftale.intake.size_limits import danger
from aftale.model.document import DELETED, HIDDEN, STRUCK, Para, TextCell, TextDocument, TextTable
from aftale.model.findings import Finding
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.text import count, listing, tidy, without_controls
from aftale.office.package import BAD_PACKAGE, Parts, plain_name, related, relations, source_of
from aftale.office.safe_write import digest
from aftale.office.usual_layout import usual

MOST_XML = 40_000_000
"""How large a part of the text may be when it is unpacked; a long agreement is a hundredth of that."""
MOST_PARAGRAPHS = 20_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = ((b"%PDF", "en PDF"), (b"{\\rtf", "gemt som RTF"), (b"<", "en webside"))
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_MATH, _DRAWING = "{http://schemas.openxmlformats.org/officeDocument/2006/math}", \
    "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset((f"{_W}pPr", f"{_W}rPr", f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}txbxContent",
                      f"{_W}sdtPr", f"{_W}tcPr", f"{_W}trPr", f"{_W}tblPr", _FALLBACK))
_LETTERS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}ptab": " "}
_PAGE_NUMBER = re.compile(r"\b(?:NUMPAGES|SECTIONPAGES|PAGE)\b")
_POINT = re.compile(r"(?:[•·▪◦‣●○■□\uf0b7*]|[–—-](?=\s))\s*(?=\S)")
_LISTS = re.compile(r"(?i)(?:list (?:bullet|number)|punktopstilling|opstilling)[^0-9]*([0-9]?)")
_TITLES = ("title", "titel")
_HEADINGS = re.compile(r"(?i)(?:heading|overskrift) ?([1-9])")
_GONE_ROWS = (("del", DELETED), ("hidden", HIDDEN))
_CHANGES = ((("ins", "moveTo", "cellIns"), "indsættelse", "indsættelser"),
            (("del", "moveFrom", "cellDel"), "sletning", "sletninger"))
"""Tracked changes that nobody has taken a decision on."""
_BESIDE = {"header": ("Sidehoved", "i sidehovedet"), "footer": ("Sidefod", "i sidefoden"),
           "footnotes": ("Fodnote", "i en fodnote"), "endnotes": ("Slutnote", "i en slutnote"),
           "comments": ("Kommentar", "i en kommentar"), "diagramData": ("Figur", "i en figur")}


def read_docx(data: bytes, name: str) -> TextDocument | Finding:
    """Read a ``.docx`` from memory: its text, tables, headers, footers, notes, comments and text boxes."""
    place = Place(tidy(name))
    refused = refused_document(data, place)
    if refused is not None:
        return refused
    import docx
    from docx.opc.exceptions import OpcError
    try:
        whole, missing = _without_loose_ends(data)
        document = docx.Document(io.BytesIO(whole))
        found = _Reader(document).read(Source(digest(data), tidy(name)), missing)
    except (*BAD_PACKAGE, OpcError, SyntaxError, AttributeError, TypeError, AssertionError, RecursionError) as error:
        if "content type" in str(error):
            return problem("doc-other", place, what="en skabelon eller et dokument med makroer")
        return problem("doc-damaged", place)
    if sum(1 for _ in found.paras()) > MOST_PARAGRAPHS:
        return problem("doc-too-big", place)
    return found


def refused_document(data: bytes, place: Place) -> Finding | None:
    """Return why a file must not be opened as a document, told from its bytes; None where it may be tried."""
    if not data.strip(b"\x00 \t\r\n"):
        return problem("doc-empty", place)
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        return problem("doc-locked", place)
    if data[:2] != b"PK":
        old = data.startswith(_OLE) and "WordDocument".encode("utf-16-le") in data
        what = next((what for start, what in _OTHERS if data.startswith(start)), "en anden slags fil")
        return problem("doc-other", place, what="gemt i Words gamle format (.doc)" if old else what)
    try:
        parts = Parts(data)
        unsafe = danger(parts, place, returned=False)
        if unsafe is not None:
            return problem("doc-too-big" if unsafe.code in ("file-bomb", "file-too-big") else "doc-odd", place)
        return _inside(parts, place)
    except BAD_PACKAGE:
        return problem("doc-damaged", place)


def _inside(parts: Parts, place: Place) -> Finding | None:
    words = [info for name, info in parts.infos.items() if plain_name(name).lower().startswith("word/")]
    if not words:
        return problem("doc-other", place, what="en anden slags Office-fil")
    if any(info.flag_bits & 1 for info in words):
        return problem("doc-locked", place)
    if any(info.file_size > MOST_XML for info in words if info.filename.endswith(".xml")):
        return problem("doc-too-big", place)
    strict = any(_STRICT in parts.read(name)[:4000] for name in related(parts, "", "officeDocument"))
    return problem("doc-other", place, what="gemt som »Strict Open XML«") if strict else None


def _without_loose_ends(data: bytes) -> tuple[bytes, list[str]]:
    """Return a package without its references to parts that are not in it, and the names of those parts."""
    parts = usual(Parts(data))
    missing: list[str] = []
    mended: dict[str, bytes] = {}
    for name in parts.infos:
        if not name.endswith(".rels"):
            continue
        tree, meant = ElementTree.fromstring(parts.read(name)), relations(parts, source_of(name))
        for each in list(tree):
            _, part, written = meant[each.get("Id", "")]
            if part and part not in parts and not written.startswith("#"):
                tree.remove(each)
                missing.append(part)
                mended[name] = ElementTree.tostring(tree)
    if not missing:
        return parts.data, []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in parts.infos:
            package.writestr(name, mended.get(name) or parts.read(name))
    return out.getvalue(), sorted(set(missing))


class _Reader:
    """Walks through a document once, numbering its paragraphs."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.numbers, self.tables = 0, 0
        self.looks = RunLooks(document.styles.element)
        self.aside: list[tuple[str, str, str]] = []
        self.boxes: list[Any] = []
        self.styles: dict[str, tuple[int, int, bool, str]] = {}

    def read(self, source: Source, missing: list[str]) -> TextDocument:
        body = self.document.element.body
        blocks = tuple(self._blocks(body, ""))
        beside = tuple(self._beside())
        readings = [("doc-chunk", f"afsnit {len(blocks)}", "")] if next(body.iter(f"{_W}altChunk"), None) is not None else []
        readings += [("doc-parts-missing", "", listing(missing))] if missing else []
        found = [(sum(1 for _ in body.iter(*(f"{_W}{name}" for name in names))), one, many) for names, one, many in _CHANGES]
        changes = listing([count(number, one, many) for number, one, many in found if number])
        readings += [("doc-changes", "", changes)] if changes else []
        readings += [("doc-struck" if kind == STRUCK else "doc-hidden", at, " ".join(text.split()))
                     for at, text, kind in self.aside if kind in (STRUCK, HIDDEN)]
        return TextDocument(source, blocks, beside, tuple(readings))

    def _blocks(self, parent: Any, at: str) -> Iterator[Para | TextTable]:
        paragraphs = 0
        for element in _through(parent, f"{_W}p", f"{_W}tbl"):
            if element.tag == f"{_W}tbl":
                yield self._table(element)
                continue
            paragraphs += 1
            yield from self._paragraph(element, at or f"afsnit {paragraphs}")

    def _table(self, element: Any) -> TextTable:
        self.tables += 1
        number = self.tables
        rows = []
        for at, row in enumerate(_through(element, f"{_W}tr"), 1):
            before = row.find(f"{_W}trPr/{_W}gridBefore")
            column = int(before.get(f"{_W}val", "0")) if before is not None else 0
            cells = []
            gone = next((kind for mark, kind in _GONE_ROWS if row.find(f"{_W}trPr/{_W}{mark}") is not None), "")
            if gone:
                self._set_aside(f"tabel {number}, række {at}", _all_text(row), gone)
                continue
            for cell in _through(row, f"{_W}tc"):
                read = self._cell(cell, column, f"tabel {number}, række {at}, kolonne {column + 1}")
                cells.append(read)
                column += read.span
            rows.append(tuple(cells))
        return TextTable(number, tuple(rows))

    def _cell(self, element: Any, column: int, at: str) -> TextCell:
        span = element.find(f"{_W}tcPr/{_W}gridSpan")
        merged = element.find(f"{_W}tcPr/{_W}vMerge")
        before = len(self.aside)
        found = list(self._blocks(element, at))
        return TextCell(column, tuple(each for each in found if isinstance(each, Para)),
                        max(1, int(span.get(f"{_W}val", "1"))) if span is not None else 1,
                        merged is not None and merged.get(f"{_W}val", "continue") == "continue",
                        tuple(each for each in found if isinstance(each, TextTable)),
                        not found and len(self.aside) > before)

    def _paragraph(self, element: Any, at: str, kind: str = "") -> Iterator[Para]:
        heading, bullet, title, style, key = self._looks(element)
        text, bold = self._text(element, at, key)
        if style.lower().startswith("toc "):
            kind = kind or "Indholdsfortegnelse"
        for line in _lines(text):
            point = _POINT.match(line)
            plain = line[point.end():] if point and not heading else line
            level = bullet or (1 if point and not heading else 0)
            if plain:
                self.numbers += 1
                yield Para(self.numbers, plain, at, 0 if kind else heading, level, title, bold, kind=kind)

    def _text(self, element: Any, at: str, style: str) -> tuple[str, bool]:
        pieces: list[tuple[str, Look]] = []
        self._gather(element, pieces, [""], Look(), style)
        for kind in (STRUCK, HIDDEN):
            self._set_aside(at, "".join(text if look.aside == kind else "\n" for text, look in pieces), kind)
        self._set_aside(at, "".join(each.text or "" for each in element.iter(f"{_W}delText")), DELETED)
        self.boxes += [each for each in element.iter(f"{_W}txbxContent")
                       if not any(above.tag in (_FALLBACK, each.tag) for above in each.iterancestors())]
        live = [(text, look.bold) for text, look in pieces if not look.aside]
        filled = [bold for text, bold in live if text.strip()]
        return "".join(text for text, _ in live), bool(filled) and all(filled)

    def _set_aside(self, at: str, text: str, kind: str) -> None:
        if text.strip():
            self.aside.append((at, text, kind))

    def _gather(self, element: Any, pieces: list[tuple[str, Look]], field: list[str], look: Look, style: str) -> None:
        """Collect the text of a paragraph in order; ``field`` is what the field says that is being read, '' outside."""
        for child in element:
            tag = child.tag
            if tag == f"{_W}fldChar":
                kind = child.get(f"{_W}fldCharType")
                field[0] = "" if kind == "end" else "begin" if kind == "begin" else field[0]
                pieces.append((form_field(child) if kind == "begin" else "", look))
            elif tag == f"{_W}instrText" and field[0]:
                field[0] += child.text or ""
            elif tag in _SKIPPED or (tag == f"{_W}fldSimple" and _PAGE_NUMBER.search(child.get(f"{_W}instr", ""))):
                continue
            elif tag in (f"{_W}t", f"{_MATH}t"):
                if not _PAGE_NUMBER.search(field[0]):
                    pieces.append((look.shown(child.text or ""), look))
            elif tag in _LETTERS:
                pieces.append((_LETTERS[tag], look))
            elif tag == f"{_W}sym":
                pieces.append((picked(child), look))
            elif tag == f"{_W}sdt" and (box := check_box(child)):
                pieces.append((box, look))
            elif isinstance(tag, str):
                self._gather(child, pieces, field, self.looks.of(child, style) if tag == f"{_W}r" else look, style)

    def _looks(self, element: Any) -> tuple[int, int, bool, str, str]:
        """Return a paragraph's heading level, its depth in a list, whether it is the title, its style's name and id."""
        own = element.find(f"{_W}pPr/{_W}pStyle")
        key = own.get(f"{_W}val", "") if own is not None else ""
        if key not in self.styles:
            self.styles[key] = self._style(key)
        heading, bullet, title, name = self.styles[key]
        numbering = element.find(f"{_W}pPr/{_W}numPr")
        if numbering is not None:
            bullet = _depth(numbering)
        outline = element.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None and int(outline.get(f"{_W}val", "9")) < 9:
            heading = int(outline.get(f"{_W}val")) + 1
        return heading, 0 if heading or title else bullet, title, name, key

    def _style(self, key: str) -> tuple[int, int, bool, str]:
        heading, bullet, title, first = 0, 0, False, ""
        for style in self.looks.styles(key):
            named = style.find(f"{_W}name")
            name = named.get(f"{_W}val", "") if named is not None else ""
            first, title = first or name, title or name.lower() in _TITLES
            of_heading, listed = _HEADINGS.fullmatch(name), _LISTS.fullmatch(name)
            outline, numbering = style.find(f"{_W}pPr/{_W}outlineLvl"), style.find(f"{_W}pPr/{_W}numPr")
            level = int(outline.get(f"{_W}val", "9")) + 1 if outline is not None else 10
            heading = heading or (int(of_heading[1]) if of_heading else level if level < 10 else 0)
            bullet = bullet or (int(listed[1] or 1) if listed else _depth(numbering) if numbering is not None else 0)
        return heading, bullet, title, first

    def _beside(self) -> Iterator[Para]:
        from docx.oxml.parser import parse_xml
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            yield from self._all_in(box, "i en tekstboks", "Tekstboks")
        parts = [(str(rel.reltype).rsplit("/", 1)[-1], rel.target_part) for rel in self.document.part.rels.values()
                 if not rel.is_external]
        in_order = sorted(parts, key=lambda each: (len(each[1].partname), str(each[1].partname)))  # header2 before header10
        for beside, (name, at) in _BESIDE.items():
            for kind, part in in_order:
                if kind == beside:
                    root = getattr(part, "element", None)
                    yield from self._all_in(parse_xml(part.blob) if root is None else root, at, name)
        for at, text, kind in self.aside:
            yield self._whole(text, at, kind)

    def _whole(self, text: str, at: str, kind: str) -> Para:
        self.numbers += 1
        return Para(self.numbers, " ".join(tidy(without_controls(text)).split()), at, kind=kind)

    def _all_in(self, root: Any, at: str, kind: str) -> Iterator[Para]:
        for element in root.iter(f"{_W}p"):
            if not any(above.tag == _FALLBACK for above in element.iterancestors()):
                yield from self._paragraph(element, at, kind)
        for each in root.iter(f"{_DRAWING}t") if kind == "Figur" else ():
            if (each.text or "").strip():
                yield self._whole(each.text, at, kind)


def _through(parent: Any, *tags: str) -> Iterator[Any]:
    """Yield the nearest elements with these tags, inside whatever they are wrapped in (controls, changes)."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            yield from _through(child, *tags)


def _lines(text: str) -> list[str]:
    """Part a paragraph where a line break begins a new point; other line breaks are spaces."""
    lines: list[str] = []
    for line in without_controls(text).split("\n"):
        plain = " ".join(tidy(line).split())
        if lines and plain and not _POINT.match(plain) and not _POINT.match(lines[-1]):
            lines[-1] = f"{lines[-1]} {plain}".strip()
        elif plain:
            lines.append(plain)
    return lines


def _all_text(element: Any) -> str:
    """Return all letters in an element, a line for each paragraph."""
    letters = (f"{_W}t", f"{_W}delText")
    return "\n".join("".join(each.text or "" for each in para.iter(*letters)) for para in element.iter(f"{_W}p"))


def _depth(numbering: Any) -> int:
    """Return how deep in a list a paragraph stands, 0 where the list is turned off."""
    number, level = numbering.find(f"{_W}numId"), numbering.find(f"{_W}ilvl")
    if number is not None and number.get(f"{_W}val") == "0":
        return 0
    return int(level.get(f"{_W}val", "0")) + 1 if level is not None else 1


