"""Why a file can't be read, told from its first bytes and its parts: what it is instead, and what to do about it."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING
from xml.parsers import expat

from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.office.package import BAD_PACKAGE, Parts

if TYPE_CHECKING:
    from olefile import OleFileIO

_DAMAGED = "den er beskadiget eller er ikke et regneark"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SIGNATURES = (
    (b"%PDF", "en PDF"), (b"\x89PNG", "et billede"), (b"\xff\xd8\xff", "et billede"), (b"GIF8", "et billede"),
    (b"II*\x00", "et billede"), (b"{\\rtf", "et tekstdokument (RTF)"), (b"7z\xbc\xaf\x27", "et arkiv (7z)"),
    (b"Rar!", "et arkiv (RAR)"),
)
"""What other files that people send start with."""
_OLD = ((b"\x09\x00\x04\x00", "Excel 2.0"), (b"\x09\x02\x06\x00", "Excel 3.0"), (b"\x09\x04\x06\x00", "Excel 4.0"),
        (b"\x09\x08", "et meget gammelt Excel-format"))
_PACKAGES = (("word/", "et Word-dokument"), ("ppt/", "en PowerPoint-præsentation"))
_STREAMS = (("WordDocument", "et Word-dokument"), ("PowerPoint Document", "en PowerPoint-præsentation"),
            ("__properties_version1.0", "en e-mail fra Outlook"))
_SHORTCUTS = {".gsheet": "til Google Sheets", ".gdoc": "til Google Docs", ".url": "til internettet",
              ".webloc": "til internettet", ".lnk": "på afsenderens egen computer"}
_PARTS = (
    ("xl/workbook.", "oversigten over ark"), ("xl/_rels/workbook.", "oversigten over filens dele"),
    ("xl/sharedstrings.", "arkenes tekster"), ("xl/styles.", "cellernes formater"), ("xl/worksheets/", "et ark"),
    ("[content_types].xml", "filens indholdsfortegnelse"), ("_rels/.rels", "filens indholdsfortegnelse"),
    ("content.xml", "arkenes indhold"), ("xl/tables/", "en tabel"),
)
"""Parts in plain words; a part that isn't here is never the reason that a workbook can't be read."""


def why_unreadable(data: bytes, name: str, place: Place, error: str = "") -> Finding:
    """Return why a file can't be read as a workbook; never raises.

    ``name`` is the file's own name, and ``error`` what the reader said.
    """
    try:
        found = (_nothing(data, place) or _shortcut(data, name, place) or _other(data, place)
                 or _package(data, place) or _compound(data, place) or _text(data, name, place))
    except BAD_PACKAGE:
        found = None
    if found is None and "password" in error.lower():
        return problem("file-locked", place)
    return found or problem("file-unreadable", place, why=_DAMAGED)


def _nothing(data: bytes, place: Place) -> Finding | None:
    if not data:
        return problem("file-empty", place)
    if not data.strip(b"\x00"):
        return problem("file-empty", place, why=" for indhold (lutter nuller)")
    return problem("file-empty", place, why=" for indhold (lutter mellemrum)") if not data.strip() else None


def _shortcut(data: bytes, name: str, place: Place) -> Finding | None:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"[InternetShortcut]") or (b"<plist" in head and b"<key>URL</key>" in head):
        return problem("file-shortcut", place, what="til internettet")
    if head.startswith(b"L\x00\x00\x00\x01\x14\x02\x00"):
        return problem("file-shortcut", place, what=_SHORTCUTS[".lnk"])
    if head.startswith(b"{") and (b"docs.google.com" in head or b'"doc_id"' in head):
        return problem("file-shortcut", place, what=_SHORTCUTS[".gsheet"])
    what = _SHORTCUTS.get(PurePath(name).suffix.lower())
    return problem("file-shortcut", place, what=what) if what else None


def _other(data: bytes, place: Place) -> Finding | None:
    if data.startswith(b".pfile"):
        return problem("file-labelled", place)
    if data[4:8] == b"ftyp":
        return problem("file-other", place, what="et billede eller en film")
    for start, what in _OLD:
        if data.startswith(start):
            return problem("file-old", place, what=what)
    for start, what in _SIGNATURES:
        if data.startswith(start):
            return problem("file-other", place, what=what)
    return None


# ---------------------------------------------------------------- packages (.xlsx, .xlsb, .ods)

def _package(data: bytes, place: Place) -> Finding | None:
    if data[:2] != b"PK":
        return None
    if b"PK\x05\x06" not in data[-66_000:]:
        return problem("file-truncated", place)
    try:
        parts = Parts(data)
    except BAD_PACKAGE:
        return problem("file-damaged", place, what="fortegnelsen over filens dele")
    names = {name.lower(): name for name in parts.infos}
    return (_other_package(parts, names, place) or _locked_package(parts, place) or _missing(parts, names, place)
            or _damaged(parts, place))


def _other_package(parts: Parts, names: dict[str, str], place: Place) -> Finding | None:
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


def _locked_package(parts: Parts, place: Place) -> Finding | None:
    if any(info.flag_bits & 1 for info in parts.infos.values()):
        return problem("file-locked", place)
    manifest = "META-INF/manifest.xml"
    if manifest in parts.infos and b"encryption-data" in parts.read(manifest):
        return problem("file-locked", place)
    return None


def _missing(parts: Parts, names: dict[str, str], place: Place) -> Finding | None:
    """Find what the package's own lists name and doesn't hold."""
    if "mimetype" in names or "content.xml" in names or "meta-inf/manifest.xml" in names:
        return None if "content.xml" in names else problem("part-missing", place, what="arkenes indhold")
    for needed in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        if needed not in names and needed.replace(".xml", ".bin") not in names:
            return problem("part-missing", place, what=_plain(needed))
    try:
        for title, part in parts.sheets().items():
            if part.lower() not in names:
                return problem("part-missing", place, what=f"arket «{title}»")
        used = (b"sharedStrings" in parts.read(names.get("xl/_rels/workbook.xml.rels", ""))
                or any(b't="s"' in parts[part] for part in parts if "worksheets/sheet" in part.lower()))
    except BAD_PACKAGE:
        return None
    if used and not any("sharedstrings" in name for name in names):
        return problem("part-missing", place, what=_plain("xl/sharedstrings.xml"))
    return None


def _damaged(parts: Parts, place: Place) -> Finding | None:
    """Find the first part that can't be unpacked or isn't well-formed XML."""
    for name in parts.infos:
        what = _plain(name)
        if what and not _sound(parts, name):
            return problem("file-damaged", place, what=_titled(parts, name) or what)
    return None


def _sound(parts: Parts, name: str) -> bool:
    try:
        content = parts.read(name)
        if name.lower().endswith((".xml", ".rels")):
            parser = expat.ParserCreate()
            parser.StartDoctypeDeclHandler = _refuse
            parser.Parse(content, True)
    except BAD_PACKAGE:
        return False
    return True


def _refuse(*_: object) -> None:
    raise ValueError("a declaration")


def _plain(name: str) -> str:
    return next((what for start, what in _PARTS if name.lower().startswith(start)), "")


def _titled(parts: Parts, name: str) -> str:
    try:
        return next((f"arket «{title}»" for title, part in parts.sheets().items() if part == name), "")
    except BAD_PACKAGE:
        return ""


# ---------------------------------------------------------------- compound files (.xls, encrypted .xlsx)

def _compound(data: bytes, place: Place) -> Finding | None:
    if not data.startswith(_OLE):
        return None
    import olefile
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as book:  # a short file given as it is would be taken for a path
            return _streams(book, place)
    except BAD_PACKAGE:  # olefile raises kinds of OSError
        return problem("file-damaged", place, what="filens indholdsfortegnelse")


def _streams(book: OleFileIO, place: Place) -> Finding | None:
    paths = ["/".join(path) for path in book.listdir(streams=True, storages=True)]
    if any("DRMEncrypted" in path or "DRMContent" in path or "DRMViewerContent" in path for path in paths):
        return problem("file-labelled", place)
    if "EncryptedPackage" in paths:
        return problem("file-locked", place)
    for stream, what in _STREAMS:
        if stream in paths:
            return problem("file-other", place, what=what)
    for stream in ("Workbook", "Book"):
        if stream in paths:
            content = book.openstream(stream).read()
            if _has_password(content):
                return problem("file-locked", place)
            if stream == "Book":
                return problem("file-old", place, what="Excel 5.0/95")
            return problem("file-damaged", place, what="arkenes indhold")
    return problem("file-other", place, what="en anden slags fil fra Office")


def _has_password(content: bytes) -> bool:
    """Look for FILEPASS, which stands among the first records of an encrypted ``.xls``."""
    return any(kind == 0x2F for kind in _records(content))


def _records(content: bytes) -> Iterator[int]:
    at = 0
    while at + 4 <= min(len(content), 4096):
        kind, size = struct.unpack_from("<HH", content, at)
        yield kind
        at += 4 + size


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
