"""Why a file can't be opened as a Word document, told from its bytes; agreements and the report's template ask it."""

from __future__ import annotations

from aftale.intake.size_limits import danger
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.office.package import BAD_PACKAGE, CONTENT_TYPES, Parts, plain_name, related

MOST_XML = 40_000_000
"""How large a part of the text may be when it is unpacked; a long agreement is a hundredth of that."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = ((b"%PDF", "en PDF"), (b"{\\rtf", "gemt som RTF"), (b"<", "en webside"))
_STRICT, _DOCUMENT = b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"wordprocessingml.document.main+xml"


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
    what = "gemt som »Strict Open XML«" if strict else "en Word-skabelon (.dotx) eller et dokument med makroer (.docm)"
    return problem("doc-other", place, what=what) if strict or _DOCUMENT not in parts.read(CONTENT_TYPES) else None
