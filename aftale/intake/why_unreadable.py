"""Why a file can't be read, told from its first bytes and its parts: what it is instead, and what to do about it."""

from __future__ import annotations

import io
import re
import struct
from pathlib import PurePath
from typing import TYPE_CHECKING

from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.office.package import BAD_PACKAGE, Parts, plain_name

if TYPE_CHECKING:
    from olefile import OleFileIO

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SIGNATURES = (
    (b"%PDF", "en PDF"), (b"\x89PNG", "et billede"), (b"\xff\xd8\xff", "et billede"), (b"GIF8", "et billede"),
    (b"II*\x00", "et billede"), (b"{\\rtf", "et tekstdokument (RTF)"), (b"7z\xbc\xaf\x27", "et arkiv (7z)"),
    (b"Rar!", "et arkiv (RAR)"),
)
"""What other files that people send start with."""
_OLD = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
"""What Excel 2.0 to 4.0 began their files with."""
_PACKAGES = (("word/", "et Word-dokument"), ("ppt/", "en PowerPoint-præsentation"))
_STREAMS = (("WordDocument", "et Word-dokument"), ("PowerPoint Document", "en PowerPoint-præsentation"),
            ("__properties_version1.0", "en e-mail fra Outlook"))
_SHORTCUTS = (".gsheet", ".gdoc", ".url", ".webloc", ".lnk")


def why_unreadable(data: bytes, name: str, place: Place) -> Finding:
    """Return why a file of this name can't be read as a workbook; never raises."""
    if not data.strip(b"\x00") or not data.strip():
        return problem("file-empty", place, why=" for indhold" if data else "")
    try:
        found = (_shortcut(data, name, place) or _other(data, place)
                 or _package(data, place) or _compound(data, place) or _text(data, name, place))
    except BAD_PACKAGE:
        found = None
    return found or problem("file-unreadable", place, why="den er beskadiget eller er ikke et regneark")


def _shortcut(data: bytes, name: str, place: Place) -> Finding | None:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if (head.startswith((b"[InternetShortcut]", b"L\x00\x00\x00\x01\x14\x02\x00"))
            or (b"<plist" in head and b"<key>URL</key>" in head)
            or (head.startswith(b"{") and (b"docs.google.com" in head or b'"doc_id"' in head))
            or PurePath(name).suffix.lower() in _SHORTCUTS):
        return problem("file-shortcut", place)
    return None


def _other(data: bytes, place: Place) -> Finding | None:
    if data.startswith(b".pfile"):
        return problem("file-labelled", place)
    if data[4:8] == b"ftyp":
        return problem("file-other", place, what="et billede eller en film")
    if data.startswith(_OLD):
        return problem("file-old", place, what="et meget gammelt Excel-format")
    what = next((what for start, what in _SIGNATURES if data.startswith(start)), "")
    return problem("file-other", place, what=what) if what else None


# ---------------------------------------------------------------- packages (.xlsx, .xlsb, .ods)

def _package(data: bytes, place: Place) -> Finding | None:
    if data[:2] != b"PK":
        return None
    if b"PK\x05\x06" not in data[-66_000:]:
        return problem("file-truncated", place)
    try:
        parts = Parts(data)
        found = _other_package(parts, place)
        locked = (any(info.flag_bits & 1 for info in parts.infos.values())
                  or b"encryption-data" in parts.read("META-INF/manifest.xml"))
    except BAD_PACKAGE:
        return problem("file-damaged", place)
    return found or problem("file-locked" if locked else "file-damaged", place)


def _other_package(parts: Parts, place: Place) -> Finding | None:
    names = [plain_name(name).lower() for name in parts.infos]
    if any(name.startswith(("index/", "index.zip")) and name.endswith((".iwa", ".zip")) for name in names):
        return problem("file-old", place, what="Apple Numbers eller Pages")
    for start, what in _PACKAGES:
        if any(name.startswith(start) for name in names) and not any(name.startswith("xl/work") for name in names):
            return problem("file-other", place, what=what)
    if parts.read("mimetype").endswith((b".text", b".presentation", b".graphics")):
        return problem("file-other", place, what="et dokument (OpenDocument)")
    office = any(name.startswith(("xl/", "_rels/", "docprops/")) or name in ("content.xml", "[content_types].xml")
                 for name in names)
    return None if office else problem("file-other", place, what="et zip-arkiv")


# ---------------------------------------------------------------- compound files (.xls, encrypted .xlsx)

def _compound(data: bytes, place: Place) -> Finding | None:
    if not data.startswith(_OLE):
        return None
    import olefile
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as book:  # a short file given as it is would be taken for a path
            return _streams(book, place)
    except BAD_PACKAGE:  # olefile raises kinds of OSError
        return problem("file-damaged", place)


def _streams(book: OleFileIO, place: Place) -> Finding | None:
    paths = ["/".join(path) for path in book.listdir(streams=True, storages=True)]
    if any("DRMEncrypted" in path or "DRMContent" in path or "DRMViewerContent" in path for path in paths):
        return problem("file-labelled", place)
    if "EncryptedPackage" in paths:
        return problem("file-locked", place)
    for stream, what in _STREAMS:
        if stream in paths:
            return problem("file-other", place, what=what)
    name = next((name for name in ("Workbook", "Book") if name in paths), "")
    if not name:
        return problem("file-other", place, what="en anden slags fil fra Office")
    if _has_password(book.openstream(name).read(4096)):
        return problem("file-locked", place)
    return problem("file-damaged", place) if name == "Workbook" else problem("file-old", place, what="Excel 5.0/95")


def _has_password(records: bytes) -> bool:
    """Look for FILEPASS, which stands among the first records of an encrypted ``.xls``."""
    at = 0
    while at + 4 <= len(records):
        kind, size = struct.unpack_from("<HH", records, at)
        if kind == 0x2F:
            return True
        at += 4 + size
    return False


# ---------------------------------------------------------------- text

def _text(data: bytes, name: str, place: Place) -> Finding | None:
    head = _decoded(data[:65_536])
    if head is None:
        return None
    start = head.lstrip("\ufeff \t\r\n").lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start or "<workbook" in start[:500]:
        return problem("file-export", place, what="et regneark i XML-format fra et andet system")
    if start.startswith(("<!doctype html", "<html", "<table", "<meta", "<head", "<body")) or "<html" in start[:1000]:
        if "<table" in start:
            return problem("file-export", place, what="en tabel i webformat (HTML) fra et andet system")
        return problem("file-other", place, what="en webside – måske den side, hvor man skal logge ind")
    if re.match(r"(from|received|return-path|mime-version|date|subject|x-[\w-]+|message-id):", start):
        return problem("file-other", place, what="en e-mail")
    if start.startswith("<"):
        return problem("file-other", place, what="en XML-fil")
    if _is_table(head):
        return problem("file-export", place, what="en tekstfil med kolonner (CSV)")
    return problem("file-other", place, what="en tekstfil")


def _decoded(head: bytes) -> str | None:
    """Return text, None where the bytes aren't any."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "replace")
    odd = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return None if odd * 100 > len(head) else head.decode("utf-8", "replace")


def _is_table(text: str) -> bool:
    """Is it columns: the same separator as often, at least once, in nearly all lines?"""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    return len(lines) > 1 and any(sum(line.count(mark) > 0 for line in lines) >= 0.8 * len(lines) for mark in ";\t,")
