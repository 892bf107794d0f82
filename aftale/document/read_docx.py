"""Reading a Word document into blocks; a file that can't be read is a problem, never an exception."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from aftale.document.docx_runs import Look, Styles, W, check_box, form_field, picked, unfilled, value
from aftale.intake.why_no_document import refused_document
from aftale.model.document import DELETED, HIDDEN, STRUCK, Para, TextCell, TextDocument, TextTable
from aftale.model.findings import Finding
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.text import tidy, without_controls
from aftale.office.package import BAD_PACKAGE, Parts, related, relations
from aftale.office.safe_write import digest

MOST_PARAGRAPHS = 20_000
_MATH, _DRAWING, _CHART = (f"{{http://schemas.openxmlformats.org/{name}}}" for name in (
    "officeDocument/2006/math", "drawingml/2006/main", "drawingml/2006/chart"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset((_FALLBACK, *(f"{W}{name}" for name in ("pPr", "rPr", "del", "moveFrom", "instrText", "txbxContent",
                                                            "sdtPr", "tcPr", "trPr", "tblPr"))))
_LETTERS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
_PAGE_NUMBER = re.compile(r"\b(?:NUMPAGES|SECTIONPAGES|PAGE)\b")
_POINT = re.compile(r"(?:[•·▪◦‣●○■□\uf0b7*]|[–—-](?=\s))\s*(?=\S)")
_GONE_ROWS = (("del", DELETED), ("hidden", HIDDEN))
_CHANGES = tuple(f"{W}{name}" for name in ("ins", "moveTo", "cellIns", "del", "moveFrom", "cellDel"))
"""Tracked changes that nobody has taken a decision on."""
_BESIDE = {"header": ("Sidehoved", "i sidehovedet"), "footer": ("Sidefod", "i sidefoden"),
           "footnotes": ("Fodnote", "i en fodnote"), "endnotes": ("Slutnote", "i en slutnote"),
           "comments": ("Kommentar", "i en kommentar"), "diagramData": ("Figur", "i en figur"),
           "chart": ("Diagram", "i et diagram")}


def read_docx(data: bytes, name: str) -> TextDocument | Finding:
    """Read a ``.docx`` from memory: its text, tables, headers, footers, notes, comments, text boxes and charts."""
    place = Place(tidy(name))
    refused = refused_document(data, place)
    if refused is not None:
        return refused
    try:
        found = _Reader(Parts(data)).read(Source(digest(data), tidy(name)))
    except (*BAD_PACKAGE, SyntaxError):
        return problem("doc-damaged", place)
    return problem("doc-too-big", place) if sum(1 for _ in found.paras()) > MOST_PARAGRAPHS else found


class _Reader:
    """Walks through a document once, numbering its paragraphs."""

    def __init__(self, parts: Parts) -> None:
        from docx.oxml.parser import parse_xml
        self.parts, self.parse, self.main = parts, parse_xml, related(parts, "", "officeDocument")[0]
        styles = [parts[name] for name in related(parts, self.main, "styles") if name in parts]
        self.styles = Styles(parse_xml(styles[0] if styles else b"<none/>"))
        self.numbers, self.tables = 0, 0
        self.aside: list[tuple[str, str, str]] = []
        self.boxes: list[Any] = []

    def read(self, source: Source) -> TextDocument:
        body = self.parse(self.parts[self.main]).find(f"{W}body")
        blocks = tuple(self._blocks(body, ""))
        beside = tuple(self._beside())
        readings = [("doc-chunk", f"afsnit {len(blocks)}", "")] if next(body.iter(f"{W}altChunk"), None) is not None else []
        readings += [("doc-changes", "", "")] if next(body.iter(*_CHANGES), None) is not None else []
        readings += [("doc-struck" if kind == STRUCK else "doc-hidden", at, " ".join(text.split()))
                     for at, text, kind in self.aside if kind in (STRUCK, HIDDEN)]
        return TextDocument(source, blocks, beside, tuple(readings))

    def _blocks(self, parent: Any, at: str) -> Iterator[Para | TextTable]:
        paragraphs = 0
        for element in _through(parent, f"{W}p", f"{W}tbl"):
            if element.tag == f"{W}tbl":
                yield self._table(element)
                continue
            paragraphs += 1
            yield from self._paragraph(element, at or f"afsnit {paragraphs}")

    def _table(self, element: Any) -> TextTable:
        self.tables += 1
        number, rows = self.tables, []
        for at, row in enumerate(_through(element, f"{W}tr"), 1):
            column, cells = int(value(row, "trPr/gridBefore", "0")), []
            gone = next((kind for mark, kind in _GONE_ROWS if row.find(f"{W}trPr/{W}{mark}") is not None), "")
            if gone:
                self._set_aside(f"tabel {number}, række {at}", _all_text(row), gone)
                continue
            for cell in _through(row, f"{W}tc"):
                cells.append(self._cell(cell, column, f"tabel {number}, række {at}, kolonne {column + 1}"))
                column += cells[-1].span
            rows.append(tuple(cells))
        return TextTable(number, tuple(rows))

    def _cell(self, element: Any, column: int, at: str) -> TextCell:
        merged, before = element.find(f"{W}tcPr/{W}vMerge"), len(self.aside)
        found = list(self._blocks(element, at))
        return TextCell(column, tuple(each for each in found if isinstance(each, Para)),
                        max(1, int(value(element, "tcPr/gridSpan", "1"))),
                        merged is not None and merged.get(f"{W}val", "continue") == "continue",
                        tuple(each for each in found if isinstance(each, TextTable)),
                        not found and len(self.aside) > before)

    def _paragraph(self, element: Any, at: str, kind: str = "") -> Iterator[Para]:
        if any(unfilled(control) for control in element.iterancestors(f"{W}sdt")):
            return
        key = value(element, "pPr/pStyle")
        look = self.styles.paragraph(element, key)
        text, bold = self._text(element, at, key)
        if look.style.lower().startswith("toc "):
            kind = kind or "Indholdsfortegnelse"
        for line in _lines(text):
            point = None if look.heading else _POINT.match(line)
            plain = line[point.end():] if point else line
            if plain:
                self.numbers += 1
                yield Para(self.numbers, plain, at, 0 if kind else look.heading, look.bullet or int(point is not None),
                           look.title, bold and not look.heading, kind=kind)

    def _text(self, element: Any, at: str, style: str) -> tuple[str, bool]:
        pieces: list[tuple[str, Look]] = []
        self._gather(element, pieces, [""], Look(), style)
        for kind in (STRUCK, HIDDEN):
            self._set_aside(at, "".join(text if look.aside == kind else "\n" for text, look in pieces), kind)
        self._set_aside(at, "".join(each.text or "" for each in element.iter(f"{W}delText")), DELETED)
        self.boxes += [each for each in element.iter(f"{W}txbxContent")
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
            if tag == f"{W}fldChar":
                kind = child.get(f"{W}fldCharType")
                field[0] = "" if kind == "end" else "begin" if kind == "begin" else field[0]
                pieces.append((form_field(child) if kind == "begin" else "", look))
            elif tag == f"{W}instrText" and field[0]:
                field[0] += child.text or ""
            elif tag in _SKIPPED or (tag == f"{W}fldSimple" and _PAGE_NUMBER.search(child.get(f"{W}instr", ""))):
                continue
            elif tag in (f"{W}t", f"{_MATH}t"):
                if not _PAGE_NUMBER.search(field[0]):
                    pieces.append((look.shown(child.text or ""), look))
            elif tag in _LETTERS or tag == f"{W}sym":
                pieces.append((_LETTERS.get(tag) or picked(child), look))
            elif tag == f"{W}sdt" and (box := check_box(child)):
                pieces.append((box, look))
            elif tag == f"{W}sdt" and unfilled(child):
                continue
            elif isinstance(tag, str):
                self._gather(child, pieces, field, self.styles.run(child, style) if tag == f"{W}r" else look, style)

    def _beside(self) -> Iterator[Para]:
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            yield from self._all_in(box, "i en tekstboks", "Tekstboks")
        parts = [each for each in relations(self.parts, self.main).values() if each.part in self.parts]
        parts.sort(key=lambda each: (len(each.part), each.part))  # header2 before header10
        for beside, (name, at) in _BESIDE.items():
            for each in parts:
                if each.kind == beside:
                    yield from self._all_in(self.parse(self.parts[each.part]), at, name)
        for at, text, kind in self.aside:
            yield self._whole(text, at, kind)

    def _whole(self, text: str, at: str, kind: str) -> Para:
        self.numbers += 1
        return Para(self.numbers, " ".join(tidy(without_controls(text)).split()), at, kind=kind)

    def _all_in(self, root: Any, at: str, kind: str) -> Iterator[Para]:
        for element in root.iter(f"{W}p"):
            if not any(above.tag == _FALLBACK for above in element.iterancestors()):
                yield from self._paragraph(element, at, kind)
        drawn = [each.text for each in root.iter(f"{_DRAWING}t", f"{_CHART}v") if (each.text or "").strip()]
        if kind == "Figur":
            yield from (self._whole(each, at, kind) for each in drawn)
        elif kind == "Diagram" and drawn:
            yield self._whole(" | ".join(dict.fromkeys(drawn)), at, kind)


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
    letters = (f"{W}t", f"{W}delText")
    return "\n".join("".join(each.text or "" for each in para.iter(*letters)) for para in element.iter(f"{W}p"))
