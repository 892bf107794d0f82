"""The parts of an Office package (.xlsx, .xlsm), each unpacked once, and which part holds which sheet."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from xml.etree import ElementTree

from aftale.model.text import tidy
from aftale.model.workbook import cell_name

BAD_PACKAGE = (zipfile.BadZipFile, zlib.error, OSError, ElementTree.ParseError, ValueError, RuntimeError,
               NotImplementedError, EOFError, KeyError, IndexError, OverflowError, struct.error)
"""What the standard library raises on damaged packages and parts."""
_ENCRYPTED = 0x1
MOST_BYTES = 150_000_000
"""How large a part may be when it is unpacked; the largest skema anybody fills in is a thousandth of that."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Parts:
    """A package in memory.

    Raises one of `BAD_PACKAGE` where the bytes are no zip, and from `read` where a part is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.infos: Mapping[str, zipfile.ZipInfo] = {info.filename: info for info in self._zip.infolist()}
        self._read: dict[str, bytes] = {}

    def read(self, name: str) -> bytes:
        """Return a part, b'' where there is none; never more than `MOST_BYTES`, whatever the package says of itself."""
        if name not in self._read:
            self._read[name] = self._unpacked(self.infos[name]) if name in self.infos else b""
        return self._read[name]

    def _unpacked(self, info: zipfile.ZipInfo) -> bytes:
        if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & _ENCRYPTED:
            with self._zip.open(info) as stream:
                return stream.read(MOST_BYTES)
        # The standard library unpacks in small pieces, which takes as long again as the unpacking itself.
        name, extra = struct.unpack_from("<HH", self._data, info.header_offset + 26)
        start = info.header_offset + 30 + name + extra
        content = zlib.decompressobj(-15).decompress(memoryview(self._data)[start:start + info.compress_size], MOST_BYTES)
        if zlib.crc32(content) != info.CRC:
            raise zipfile.BadZipFile(f"Bad CRC-32 for {info.filename!r}")
        return content

    def sheets(self) -> dict[str, str]:
        """Return the part of each sheet by the sheet's tidy name, in the workbook's order."""
        targets = {key: target for key, target, _ in self._relations("xl/workbook.xml")}
        found = {}
        for element in ElementTree.fromstring(self.read("xl/workbook.xml")).iter():
            if element.tag.endswith("}sheet"):
                part = targets.get(element.get(_RELATION) or element.get(_STRICT_RELATION) or "")
                if part:
                    found[tidy(element.get("name", ""))] = part
        return found

    def of_kind(self, part: str, kind: str) -> list[str]:
        """Return the parts that a part refers to as being of a kind, such as ``comments``."""
        return [target for _, target, stated in self._relations(part) if stated.rsplit("/", 1)[-1] == kind]

    def _relations(self, part: str) -> list[tuple[str, str, str]]:
        folder, name = posixpath.split(part)
        xml = self.read(f"{folder}/_rels/{name}.rels")
        if not xml:
            return []
        found = []
        for element in ElementTree.fromstring(xml):
            target = element.get("Target", "")
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append((element.get("Id", ""), full, element.get("Type", "")))
        return found


class PercentCells:
    """Tells which cells of a sheet have a percent format; nothing is looked up before the first question.

    Searching for one cell's reference is a hundred times cheaper than parsing the sheet.
    """

    def __init__(self, parts: Parts, sheet: str) -> None:
        self._parts, self._sheet = parts, sheet
        self._styles: frozenset[bytes] | None = None
        self._xml = b""

    def __contains__(self, cell: object) -> bool:
        if self._styles is None:
            self._look()
        if not self._styles or not isinstance(cell, tuple):
            return False
        at = self._xml.find(b'r="%s"' % cell_name(*cell).encode())
        if at < 0:
            return False
        start = max(self._xml.rfind(b"<", 0, at), 0)
        style = re.search(rb'\ss="(\d+)"', self._xml[start:self._xml.find(b">", at)])
        return (style[1] if style else b"0") in self._styles

    def _look(self) -> None:
        self._styles = frozenset()
        try:
            self._styles = percent_styles(self._parts.read("xl/styles.xml"))
            part = self._parts.sheets().get(self._sheet, "") if self._styles else ""
            self._xml = self._parts.read(part) if part else b""
        except BAD_PACKAGE:
            self._styles = frozenset()


def percent_styles(xml: bytes) -> frozenset[bytes]:
    """Return the numbers of the cell styles in ``styles.xml`` whose number format is a percentage."""
    own = {_percent_format(each) for each in re.findall(rb"<(?:\w+:)?numFmt\s([^>]*)", xml)}
    start = xml.find(b"cellXfs")
    formats = re.findall(rb'<(?:\w+:)?xf\s[^>]*?numFmtId="(\d+)"', xml[start:xml.find(b"cellXfs", start + 7)])
    return frozenset(b"%d" % number for number, each in enumerate(formats) if each in (b"9", b"10") or each in own)


def _percent_format(attributes: bytes) -> bytes:
    """Return the id of a percent format, b'' where the format isn't one."""
    code = re.search(rb'formatCode="([^"]*)"', attributes)
    number = re.search(rb'numFmtId="(\d+)"', attributes)
    return number[1] if number and code and b"%" in code[1] else b""
