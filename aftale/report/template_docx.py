"""The report's template: opening what staff have restyled in Word, and finding the markers in it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aftale.cells.find_table import closest
from aftale.intake.why_no_document import refused_document
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import cut, fold
from aftale.office.package import BAD_PACKAGE
from aftale.report.model import BLOCKS, FIELDS, TABLE_STYLE, Look

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKER = re.compile(r"\[\[([^][]{0,60})\]\]")
_KNOWN = {fold(name): name for name in (*BLOCKS, *FIELDS)}
_ASIDE = re.compile(r"/word/(?:header|footer|footnotes|endnotes)\d*\.xml")


@dataclass
class Paragraph:
    """A paragraph of the template that has markers: its element, its text, and the block that it asks for alone.

    ``aside`` tells that it stands in a header, a footer or a note.
    """

    element: Any
    said: str
    block: str = ""
    aside: bool = False

    @property
    def names(self) -> list[str]:
        """The names in its markers, as they are written."""
        return [name.strip() for name in _MARKER.findall(self.said)]

    def fill(self, value: Callable[[str], str | None]) -> None:
        """Put values in the place of markers, however Word has split them; one without a value stands."""
        pieces = list(texts_of(self.element))
        for found in reversed(list(_MARKER.finditer("".join(piece.text or "" for piece in pieces)))):
            said = value(_KNOWN.get(fold(found[1]), ""))
            if said is not None:
                _replace(pieces, found.start(), found.end(), said)


def _replace(pieces: list[Any], start: int, end: int, said: str) -> None:
    """Put a text where characters ``start`` to ``end`` of the pieces stand: in the first of them."""
    at = 0
    for piece in pieces:
        own = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(own))
        if first < last:
            piece.text = own[:first] + said + own[last:]
            piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            said = ""
        at += len(own)


def texts_of(paragraph: Any) -> Iterator[Any]:
    """Yield the pieces of a paragraph's own text; what stands in a text box in it is of that one's paragraphs."""
    for piece in paragraph.iter(f"{W}t"):
        if next(piece.iterancestors(f"{W}p")) is paragraph:
            yield piece


def open_template(data: bytes, name: str) -> Any:
    """Return the template as python-docx has it, or a finding that says why it can't be used."""
    refused = refused_document(data, Place(name))
    if refused is not None:
        return refused
    import docx
    from docx.opc.exceptions import OpcError
    try:
        document = docx.Document(io.BytesIO(data))
        _ = document.styles, document.sections[0], document.core_properties
        return document
    except (*BAD_PACKAGE, OpcError, SyntaxError, RecursionError) as error:
        if "content type" in str(error):
            return problem("doc-other", Place(name), what="en Word-skabelon (.dotx) eller et dokument med makroer (.docm)")
        return problem("doc-damaged", Place(name))


def paragraphs(document: Any) -> Iterator[Paragraph]:
    """Yield the paragraphs that have markers, in the text first, in the order they stand."""
    for part in [document.part, *_beside(document)]:
        aside = part is not document.part
        for element in part.element.iter(f"{W}p"):
            said = "".join(piece.text or "" for piece in texts_of(element))
            if "[[" in said or "]]" in said:
                alone = _MARKER.fullmatch(said.strip())
                name = _KNOWN.get(fold(alone[1]), "") if alone else ""
                yield Paragraph(element, said, name if name in BLOCKS and not aside else "", aside)


def _beside(document: Any) -> list[Any]:
    parts = [part for part in document.part.package.iter_parts() if _ASIDE.fullmatch(str(part.partname))]
    return sorted((part for part in parts if hasattr(part, "element")), key=lambda part: str(part.partname))


def asked_for(document: Any) -> set[str]:
    """Return the names of all blocks and fields that a template asks for."""
    return {_KNOWN[fold(name)] for each in paragraphs(document) for name in each.names if fold(name) in _KNOWN}


def style_ids(document: Any) -> dict[str, str]:
    """Return the id of each style that a report uses and the template has, by the style's name."""
    known = {fold(style.name.replace("Heading", "heading")): style.style_id for style in document.styles if style.name}
    return {name: known[fold(name)] for name in (*(look.value for look in Look if look), TABLE_STYLE) if fold(name) in known}


def doubts(document: Any, name: str) -> Iterator[Finding]:
    """Ask about markers that no report can fill: unknown ones, ones that aren't closed, and blocks without a paragraph."""
    place = Place(name)
    for each in paragraphs(document):
        for marker in each.names:
            known = _KNOWN.get(fold(marker), "")
            if not known:
                yield problem("report-marker-unknown", place, value=marker, hint=closest(marker, _KNOWN.values(), 0.5))
            elif known in BLOCKS and not each.block:
                where = "i sidehovedet, sidefoden eller en note" if each.aside else "sammen med anden tekst"
                yield problem("report-marker-place", place, value=marker, what=where)
        rest = _MARKER.sub("", each.said)
        if "[[" in rest or "]]" in rest:
            yield problem("report-marker-open", place, value=cut(rest.strip(), 60))


def lacks(document: Any, name: str) -> Iterator[Finding]:
    """Tell which blocks a template doesn't ask for, and which styles of ours it doesn't have."""
    place, asked, styles = Place(name), asked_for(document), style_ids(document)
    for block, said in BLOCKS.items():
        if block not in asked:
            yield problem("report-marker-none", place, value=block, what=said)
    for style in (*(look.value for look in Look if look), TABLE_STYLE):
        if style not in styles:
            yield problem("report-style-none", place, value=style)
