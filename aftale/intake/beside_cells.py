"""What stands on a sheet of an .xlsx or .xlsb that is no cell: page headers, shapes, pictures, form controls, links.

The texts in the headers and footers of the printed page are told apart here for the other formats too.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote
from xml.etree import ElementTree

from aftale.model.text import canonical, tidy
from aftale.model.workbook import Note, Row, cell_name, cell_place
from aftale.office.package import BAD_PACKAGE, Parts, related, relations

MOST_DRAWN, MOST_LINKS = 200, 1_000
OBJECT, CONTROL = "(et indlejret objekt)", "(et formularfelt)"
"""What is said of things on a sheet that hold no words we can read; a picture or a chart without words is ''."""
TICKED = " (afkrydset)"

# ---------------------------------------------------------------- the printed page

_CODE = re.compile(r'&&|&"[^"]*"|&K(?:[0-9A-Fa-f]{6}|[0-9]{2}[+-][0-9]{3})|&[0-9]{1,3}|&.|[^&]+', re.DOTALL)
_COUNTING = re.compile(r"(?:side|page|seite|af|of|von|[\s/|–-])*", re.IGNORECASE)


def page_texts(written: Iterable[str]) -> tuple[str, ...]:
    """Return what people read in headers and footers written in Excel's codes: no fonts, no fields, see `worth_reading`."""
    sections: list[str] = []
    for text in written:
        sections.append("")
        for token in _CODE.findall(text):
            if token in ("&L", "&C", "&R"):
                sections.append("")
            elif token == "&&" or token[0] != "&":
                sections[-1] += token[-1] if token == "&&" else token
    return worth_reading(sections)


def worth_reading(sections: Iterable[str]) -> tuple[str, ...]:
    """Return the texts of headers and footers once each, without words that count the pages."""
    return tuple(dict.fromkeys(tidy(each) for each in sections if not _COUNTING.fullmatch(each)))


# ---------------------------------------------------------------- shapes and pictures

_DRAWN = frozenset(("sp", "pic", "graphicFrame", "contentPart"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_EMBEDDED = {"docx": "(et indlejret Word-dokument)", "xlsx": "(et indlejret regneark)",
             "pptx": "(en indlejret præsentation)"}
_BY_PROGRAM = re.compile(r"automatisk genereret|automatically generated|AI-genere|AI-generated|"
                         r"\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp|heic)\Z", re.IGNORECASE)


def drawings(parts: Parts, part: str) -> tuple[str, ...]:
    """Return what lies on a sheet: the words of each thing; '' for a picture, chart or handwriting without words."""
    shapes = [text for name in related(parts, part, "drawing") for text in _shapes(parts, name)]
    embedded = [_EMBEDDED.get(posixpath.splitext(each.part)[1][1:].lower(), OBJECT)
                for each in relations(parts, part).values() if each.kind in ("oleObject", "package")]
    controls = [*_old_shapes(parts, part, bool(embedded)), *_active_controls(parts, part)]
    known = [*shapes]
    for text in controls:  # a control stands among the shapes as well, with its words but without whether it is ticked
        plain = text.removesuffix(TICKED)
        if plain in known:
            known.remove(plain)
            shapes.remove(plain)
    return (*shapes, *embedded, *controls)[:MOST_DRAWN]


def _shapes(parts: Parts, name: str) -> Iterator[str]:
    root = ElementTree.fromstring(parts.read(name))
    waiting = [root]
    while waiting:
        each = waiting.pop()
        if each.tag.rpartition("}")[2] not in _DRAWN:
            waiting += (inner for inner in reversed(each) if inner.tag != _FALLBACK)  # it repeats the thing for old programs
            continue
        words = _drawn_text(each) or _alternative(each) or _referred_text(parts, name, each)
        if words or not any(about.get("hidden") == "1" for about in each.iter() if about.tag.endswith("}cNvPr")):
            yield words  # what stands for an old shape or an embedded object is hidden


def _drawn_text(shape: ElementTree.Element) -> str:
    lines = ["".join(each.text or "" for each in paragraph.iter() if each.tag.endswith("}t"))
             for paragraph in shape.iter() if paragraph.tag.endswith("}p")]
    return tidy("\n".join(line for line in lines if line.strip()))


def _alternative(shape: ElementTree.Element) -> str:
    """Return the alternative text of a picture."""
    if not shape.tag.endswith("}pic"):
        return ""
    return next((alternative_text(each.get("descr", "")) for each in shape.iter() if each.tag.endswith("}cNvPr")), "")


def alternative_text(text: str) -> str:
    """Return the alternative text of a picture, '' where a program has made it up or it is only a file's name."""
    return "" if _BY_PROGRAM.search(text.strip()) else tidy(text)


def _referred_text(parts: Parts, drawing: str, frame: ElementTree.Element) -> str:
    """Return the words in the chart or the diagram (SmartArt) that a frame refers to."""
    known = relations(parts, drawing)
    meant = [known[value] for each in frame.iter() for value in each.attrib.values() if value in known]
    texts = []
    try:
        for kind, part, _ in meant:
            if part and kind in _WORDS_IN:
                root = ElementTree.fromstring(parts.read(part))
                texts += [_drawn_text(each) for each in root.iter() if each.tag.endswith(_WORDS_IN[kind])]
    except BAD_PACKAGE:
        return ""
    return tidy("\n".join(filter(None, texts)))


_WORDS_IN = {"chart": "}rich", "chartEx": "}rich", "diagramData": "}ptLst"}
"""The elements with words that somebody typed, in the parts that a drawing refers to."""


# ---------------------------------------------------------------- form controls and the text boxes of old programs

_SHAPE = re.compile(rb"<(?:\w{1,9}:)?(?:shape|rect|roundrect|oval)\s")
_OBJECT_TYPE = re.compile(rb"""ObjectType=["'](\w+)["']""")
_TICK = re.compile(rb"<(?:\w{1,9}:)?Checked>\s*1")
_NEW_LINE = re.compile(r"<br[^>]*>|</(?:div|p)>", re.IGNORECASE)
_CAPTION = re.compile(rb"""Caption["'][^<>]*?value=["']([^"'<>]*)["']""")


def _old_shapes(parts: Parts, part: str, embedded: bool) -> Iterator[str]:
    """Yield the words of the shapes in VML, which isn't always whole XML; notes have a part of their own."""
    for name in related(parts, part, "vmlDrawing"):
        for shape in _SHAPE.split(parts.read(name))[1:MOST_DRAWN]:
            kind = _OBJECT_TYPE.search(shape)
            if kind and kind[1] == b"Note":
                continue
            ticked = TICKED if _TICK.search(shape) else ""
            if words := _old_words(shape):
                yield words + ticked
            elif kind and kind[1] != b"Pict":
                yield CONTROL + ticked
            elif b"imagedata" in shape and not embedded and not related(parts, part, "control"):
                yield OBJECT if kind else ""


def _old_words(shape: bytes) -> str:
    _, _, rest = shape.partition(b"textbox")
    inside, closing, _ = rest.partition(b"textbox>")
    text = inside.partition(b">")[2].decode("utf-8", "replace") if closing else ""
    return tidy(html.unescape(re.sub("<[^<>]*>?", "", _NEW_LINE.sub("\n", re.sub(r"\s+", " ", text)))))


def _active_controls(parts: Parts, part: str) -> Iterator[str]:
    """Yield the captions of ActiveX controls."""
    for name in related(parts, part, "control"):
        caption = _CAPTION.search(parts.read(name))
        yield tidy(html.unescape(caption[1].decode("utf-8", "replace"))) if caption else CONTROL


# ---------------------------------------------------------------- links

Link = tuple[int, int, str]
"""The zero-based row and column of a cell, and the address that its link leads to."""
_LINK = re.compile(rb"<(?:\w{1,9}:)?hyperlink\s([^>]*)>")
_REF = re.compile(rb"""\bref=["']([A-Za-z]{1,3}[0-9]{1,7})""")
_ID = re.compile(rb"""\w:id=["']([^"']+)["']""")
_FUNCTION = re.compile(r"HYPERLINK\(\s*\"((?:[^\"]|\"\")+)\"", re.IGNORECASE)
_SCHEME = re.compile(r"(?:https?://|mailto:|file:/{0,3})")


def links(parts: Parts, part: str, xml: bytes) -> Iterator[Link]:
    """Yield the links of a sheet's part to what lies outside the workbook."""
    at = xml.find(b"hyperlinks", max(xml.rfind(b"sheetData"), 0))
    known = relations(parts, part) if at >= 0 else {}
    for about in _LINK.findall(xml, at)[:MOST_LINKS] if known else ():
        cell, meant = _REF.search(about), _ID.search(about)
        place = cell_place(cell[1].decode().upper()) if cell else None
        relation = known.get(meant[1].decode("utf-8", "replace")) if meant else None
        if place and relation:
            yield (*place, relation.written)


def link_in(formula: str) -> str:
    """Return the address that a formula makes a link to, '' where it has none."""
    found = _FUNCTION.search(formula)
    return found[1].replace('""', '"') if found else ""


def hidden_links(found: Iterable[Link], rows: Sequence[Row]) -> tuple[Note, ...]:
    """Return what links lead to whose address can't be read in their cell: it stands nowhere else."""
    hidden = []
    for row, column, target in found:
        shown = canonical(rows[row][column]) if row < len(rows) and column < len(rows[row]) else ""
        plain = _plain(target)
        if plain and not plain.startswith("#") and plain not in _plain(shown):
            hidden.append(Note(cell_name(row, column), f"{shown} → {tidy(target)}".strip()))
    return tuple(hidden[:MOST_LINKS])


def _plain(address: str) -> str:
    return _SCHEME.sub("", unquote(address).casefold().replace("\\", "/")).strip(" /")
