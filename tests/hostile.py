"""Bad files of every kind, made from a good skema: what people send by mistake, and what somebody could send on purpose.

`HOSTILE` names them all; ``HOSTILE[name].make(skema)`` gives the bytes, made when asked for and in little memory.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Make = Callable[[bytes], bytes]

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OPEN, _CLOSE = b'<worksheet xmlns="%s"><sheetData>' % NAMESPACE, b"</sheetData></worksheet>"
_TEXT = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
_ROW_END = b"</sheetData>"


@dataclass(frozen=True)
class Hostile:
    """How a bad file is made from a good skema, the code that names it ('' where it must be read), and its suffix.

    ``slow`` files are measured one by one.
    """

    make: Make
    code: str
    suffix: str = ".xlsx"
    slow: bool = False


# ---------------------------------------------------------------- packages

def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def package(parts: Mapping[str, bytes], level: int = 6) -> bytes:
    """Return a package of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def changed(part: str, change: Callable[[bytes], bytes]) -> Make:
    """Return a maker that changes one part."""
    def make(data: bytes) -> bytes:
        parts = parts_of(data)
        parts[part] = change(parts.get(part, b""))
        return package(parts, 1)
    return make


def without(*names: str) -> Make:
    """Return a maker that leaves parts out."""
    return lambda data: package({name: content for name, content in parts_of(data).items() if name not in names})


def rows(new: bytes) -> Make:
    """Return a maker that adds rows to the end of the skema's sheet."""
    return changed(SHEET, lambda xml: xml.replace(_ROW_END, new + _ROW_END))


def sheet(content: bytes) -> Make:
    """Return a maker whose first sheet is another one."""
    return changed(SHEET, lambda _: _OPEN + content + _CLOSE)


def forged(data: bytes, part: str, deflated: bytes, size: int, crc: int = 0, copies: int = 1) -> bytes:
    """Put deflated bytes in a package as a part, with whatever size its header shall state."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts_of(data).items():
            if name != part:
                new.writestr(name, content)
        for number in range(copies):
            new.writestr(part if number == 0 else f"{part}.{number}", deflated, zipfile.ZIP_STORED)
            info = new.filelist[-1]
            info.compress_type, info.file_size, info.CRC = zipfile.ZIP_DEFLATED, size, crc
    return out.getvalue()


def repeated(before: bytes, piece: bytes, times: int, after: bytes) -> tuple[bytes, int, int]:
    """Deflate a text with one piece in it repeated a number of times; return it, its size and its checksum.

    The piece is deflated once and its bytes repeated, so that gigabytes take a moment.
    """
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = stream.compress(before) + stream.flush(zlib.Z_FULL_FLUSH)
    middle = stream.compress(piece) + stream.flush(zlib.Z_FULL_FLUSH)
    end = stream.compress(after) + stream.flush()
    crc = zlib.crc32(before)
    for _ in range(times):
        crc = zlib.crc32(piece, crc)
    return start + middle * times + end, len(before) + len(piece) * times + len(after), zlib.crc32(after, crc)


def _huge_string(megabytes: int) -> Make:
    before, after = (_OPEN + _TEXT).split(b"%s")
    def make(data: bytes) -> bytes:
        deflated, size, crc = repeated(before, b"x" * 1_000_000, megabytes, after + _CLOSE)
        return forged(data, SHEET, deflated, size, crc)
    return make


def _lying(data: bytes) -> bytes:
    """The sheet says that it is 1,000 bytes long; it is 400 MB."""
    before, after = (_OPEN + _TEXT).split(b"%s")
    deflated, _, _ = repeated(before, b"x" * 1_000_000, 400, after + _CLOSE)
    return forged(data, SHEET, deflated, 1_000)


def _lying_far(data: bytes) -> bytes:
    """The sheet says that it ends before the cell far away."""
    xml = _OPEN + _TEXT % b"hej" + _FAR % (1048576, b"XFD1048576") + _CLOSE
    deflated, _, crc = repeated(xml, b"", 0, b"")
    return forged(data, SHEET, deflated, 90, crc)


def _many_large(data: bytes) -> bytes:
    """Each part would do; together they don't."""
    varied = b"".join(b"%d " % (number * number % 999_983) for number in range(800)) * 40
    deflated, size, crc = repeated(b"", varied, 400, b"")
    return forged(data, "xl/media/image1.xml", deflated, size, crc, copies=4)


def _overlapping(data: bytes) -> bytes:
    """Every entry of the list of contents points at the same data."""
    parts = package(parts_of(data))
    at = parts.find(b"PK\x01\x02")
    first = struct.unpack_from("<L", parts, at + 42)[0]
    out = bytearray(parts)
    while out[at:at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", out, at + 28)
        struct.pack_into("<L", out, at + 42, first)
        at += 46 + name + extra + comment
    return bytes(out)


def _many_parts(data: bytes) -> bytes:
    return package({**parts_of(data), **{f"xl/x/{number}.xml": b"<a/>" for number in range(6_000)}}, 1)


def _zip_password(data: bytes) -> bytes:
    """The flag that says a part needs a password, set on every part."""
    out = bytearray(data)
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(sign)
        while at >= 0:
            out[at + flags] |= 1
            at = out.find(sign, at + 4)
    return bytes(out)


# ---------------------------------------------------------------- sheets

_FAR = b'<row r="%d"><c r="%s" t="inlineStr"><is><t>x</t></is></c></row>'
_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10)) + b"]>"
_OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _declared(declaration: bytes, entity: bytes) -> Callable[[bytes], bytes]:
    """Return a change that puts a declaration before the root, and an entity in the first text where there is one."""
    def change(xml: bytes) -> bytes:
        start = xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0
        return xml[:start] + declaration + xml[start:].replace(b"<t>", b"<t>" + entity, 1)
    return change


def _million_rows(data: bytes) -> bytes:
    empty = b"".join(b'<row r="%d" s="1" customFormat="1" ht="15" customHeight="1"/>' % number
                     for number in range(500, 1_048_577))
    return rows(empty)(data)


def _empty_cells(data: bytes) -> bytes:
    """Two hundred thousand rows with a frame around each of five empty cells."""
    return rows(_grid(b'<c r="%c%d" s="1"/>', b"ABCDE", range(500, 200_000)))(data)


def _many_cells(data: bytes) -> bytes:
    return sheet(_grid(b'<c r="%c%d"><v>1</v></c>', b"ABCDEFGHIJ", range(1, 30_001)))(data)


def _grid(cell: bytes, letters: bytes, numbers: range) -> bytes:
    """Return rows of one kind of cell."""
    return b"".join(b'<row r="%d">%s</row>' % (number, b"".join(cell % (letter, number) for letter in letters))
                    for number in numbers)


def _many_strings(data: bytes) -> bytes:
    """A hundred thousand shared strings, as a long list elsewhere in the workbook leaves them."""
    strings = b"".join(b"<si><t>tekst nummer %d</t></si>" % number for number in range(100_000))
    return _with_strings(data, b'<sst xmlns="%s" count="100000" uniqueCount="100000">%s</sst>' % (NAMESPACE, strings), b"")


def _heavy_strings(data: bytes) -> bytes:
    """One long shared string in very many cells: 4 GB of text when it is read."""
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(500, 130_500))
    text = b"<si><t>%s</t></si>" % (b"x" * 32_000)
    return _with_strings(data, b'<sst xmlns="%s" count="1" uniqueCount="1">%s</sst>' % (NAMESPACE, text), cells)


def _with_strings(data: bytes, strings: bytes, cells: bytes) -> bytes:
    parts = parts_of(data)
    parts[SHEET] = parts[SHEET].replace(_ROW_END, cells + _ROW_END)
    parts["xl/sharedStrings.xml"] = strings
    relations = "xl/_rels/workbook.xml.rels"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    parts[relations] = parts[relations].replace(
        b"</Relationships>", b'<Relationship Id="rId900" Type="%s" Target="sharedStrings.xml"/></Relationships>' % kind)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument'
        b'.spreadsheetml.sharedStrings+xml"/></Types>')
    return package(parts, 1)


def _no_strings(data: bytes) -> bytes:
    """The sheet's texts lie in a part that isn't there."""
    whole = _with_strings(data, b"", b'<row r="400"><c r="A400" t="s"><v>0</v></c></row>')
    return without("xl/sharedStrings.xml")(whole)


def _macros(data: bytes) -> bytes:
    parts = parts_of(data)
    parts["xl/vbaProject.bin"] = compound({"VBA/dir": b"x" * 5_000, "PROJECT": b"ID=" + b"x" * 5_000})
    macros = b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    types = parts["[Content_Types].xml"].replace(b"</Types>", macros)
    parts["[Content_Types].xml"] = types.replace(b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")
    return package(parts)


# ---------------------------------------------------------------- compound files (.xls and encrypted packages)

def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE compound file; paths with ``/`` lie in storages. Streams are padded to 4,096 bytes."""
    names = sorted({path[:at] for path in streams for at in range(len(path)) if path[at] == "/"} | set(streams))
    contents = {name: streams[name].ljust(4_096, b"\x00") for name in streams}
    sectors = {name: (len(content) + 511) // 512 for name, content in contents.items()}
    directory = (len(names) + 1 + 3) // 4
    total = directory + sum(sectors.values())
    fats = (total + total // 127 + 2 + 127) // 128
    fat = [0xFFFFFFFD] * fats
    fat += _chain(fats, directory)
    starts, at = {}, fats + directory
    for name in contents:
        starts[name] = at
        fat += _chain(at, sectors[name])
        at += sectors[name]
    fat += [0xFFFFFFFF] * (fats * 128 - len(fat))
    header = struct.pack("<8s16sHHHHH6x9L", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 62, 3, 0xFFFE, 9, 6, 0, fats,
                         fats, 0, 4_096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109L", *range(fats), *[0xFFFFFFFF] * (109 - fats))
    body = b"".join(content.ljust(sectors[name] * 512, b"\x00") for name, content in contents.items())
    return header + struct.pack(f"<{len(fat)}L", *fat) + _directory(names, contents, starts, directory) + body


def _chain(start: int, length: int) -> list[int]:
    return [*range(start + 1, start + length), 0xFFFFFFFE]


def _directory(names: list[str], contents: Mapping[str, bytes], starts: Mapping[str, int], sectors: int) -> bytes:
    """Each level is a chain of right-hand siblings."""
    numbers = {name: number for number, name in enumerate(names, 1)}
    def level(parent: str) -> list[str]:
        children = [name for name in names if name.rpartition("/")[0] == parent]
        return sorted(children, key=lambda name: (len(name), name.upper()))
    right, first = {}, {"": 0}
    for parent in ["", *names]:
        children = level(parent)
        first[parent] = numbers[children[0]] if children else 0xFFFFFFFF
        right |= {name: numbers[after] for name, after in zip(children, children[1:], strict=False)}
    entries = _entry("Root Entry", 5, 0xFFFFFFFF, first[""], 0xFFFFFFFE, 0)
    for name in names:
        kind = 2 if name in contents else 1
        child = first[name] if kind == 1 else 0xFFFFFFFF
        entries += _entry(name.rpartition("/")[2], kind, right.get(name, 0xFFFFFFFF), child, starts.get(name, 0),
                          len(contents.get(name, b"")))
    return entries.ljust(sectors * 512, b"\x00")


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack("<64sHBBLLL16sL16xLQ", text, len(text) + 2, kind, 1, 0xFFFFFFFF, right, child, b"", 0, start, size)


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def xls(cells: Iterable[tuple[int, int, float]], password: bool = False, before: bytes = b"") -> bytes:
    """Return an ``.xls`` workbook (BIFF8) with numbers in cells (row, column, value)."""
    begin = record(0x809, struct.pack("<HHHHLL", 0x600, 5, 0x1000, 0x7CD, 0, 6))
    locked = record(0x2F, struct.pack("<HHH", 1, 1, 1) + b"\x11" * 48) if password else b""
    name = struct.pack("<BBBB", 0, 0, 3, 0) + b"Ark"
    length = len(begin) + len(locked) + len(record(0x85, b"1234" + name)) + 4
    book = begin + locked + record(0x85, struct.pack("<L", length) + name) + record(0x0A)
    book += record(0x809, struct.pack("<HHHHLL", 0x600, 0x10, 0x1000, 0x7CD, 0, 6))
    book += before
    book += b"".join(record(0x203, struct.pack("<HHHd", row, column, 0, value)) for row, column, value in cells)
    return compound({"Workbook": book + record(0x0A)})


def _encrypted(space: str) -> Make:
    return lambda data: compound({
        "EncryptedPackage": struct.pack("<Q", len(data)) + data, "EncryptionInfo": b"\x04\x00\x04\x00" + b"<encryption/>",
        f"\x06DataSpaces/DataSpaceInfo/{space}DataSpace": b"x",
        f"\x06DataSpaces/TransformInfo/{space}Transform/\x06Primary": b"x",
        "\x06DataSpaces/DataSpaceMap": b"x", "\x06DataSpaces/Version": b"x"})


# ---------------------------------------------------------------- other formats

def ods(table: bytes, **parts: bytes) -> bytes:
    """Return a small ``.ods`` with these rows in its table."""
    content = (b'<?xml version="1.0"?><office:document-content'
               b' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
               b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
               b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
               b'<table:table table:name="Ark">' + table + b"</table:table></office:spreadsheet></office:body>"
               b"</office:document-content>")
    manifest = (b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">%s'
                b"</manifest:manifest>")
    return package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content,
                    "META-INF/manifest.xml": manifest % parts.get("manifest", b"")})


def _ods(columns: int, rows_: int, value: bool = True) -> Make:
    cell = b' office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>' if value else b"/>"
    table = (b'<table:table-row><table:table-cell office:value-type="string"><text:p>hej</text:p></table:table-cell>'
             b'</table:table-row><table:table-row table:number-rows-repeated="%d"><table:table-cell'
             b' table:number-columns-repeated="%d"%s</table:table-row>' % (rows_, columns, cell))
    return lambda _: ods(table)


def _ods_text(text: bytes) -> Make:
    return lambda _: ods(b'<table:table-row><table:table-cell office:value-type="string"><text:p>' + text
                         + b"</text:p></table:table-cell></table:table-row>")


def _xlsb(row: int, column: int) -> Make:
    """An ``.xlsb`` whose sheet has a number far away, and is called something of its own."""
    rels = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '\
           b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/></Relationships>'
    records = b"\x00\x11" + struct.pack("<L13x", row) + b"\x05\x10" + struct.pack("<LLd", column, 0, 1.0)
    return lambda _: package({
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": rels % (b"officeDocument", b"xl/workbook.bin"), "xl/workbook.bin": b"",
        "xl/_rels/workbook.bin.rels": rels % (b"worksheet", b"ark/a.bin"), "xl/ark/a.bin": records})


def _named(text: str, encoding: str = "utf-8") -> Make:
    return lambda _: text.encode(encoding)


_CSV = "Mål-id;Resultat;Status\nM1.1.1;20;Opfyldt\nM1.1.2;3;Ikke opfyldt\n"
_HTML = '<html><head><meta charset="utf-8"></head><body><table><tr><td>Mål-id</td><td>20</td></tr></table></body></html>'
_XML_SPREADSHEET = ('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook'
                    ' xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet>'
                    "<Table><Row><Cell><Data>1</Data></Cell></Row></Table></Worksheet></Workbook>")
_WORD = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>", "word/document.xml": b"<w:document/>"}
NUMBERS = {"Index/Document.iwa": b"x" * 200, "Index/Tables/DataList.iwa": b"x", "Metadata/Properties.plist": b"bplist00"}

HOSTILE: dict[str, Hostile] = {
    # What people send by mistake
    "zero bytes": Hostile(lambda _: b"", "file-empty"),
    "only nulls": Hostile(lambda data: bytes(len(data)), "file-empty"),
    "plain text": Hostile(_named("Kære kollega\n\nJeg har ikke nået noget endnu.\n"), "file-other"),
    "csv": Hostile(_named(_CSV), "file-export"),
    "csv in an old character set": Hostile(_named(_CSV, "cp1252"), "file-export"),
    "csv named xls": Hostile(_named(_CSV * 2), "file-export", ".xls"),
    "html named xls": Hostile(_named(_HTML), "file-export", ".xls"),
    "xml spreadsheet named xls": Hostile(_named(_XML_SPREADSHEET), "file-export", ".xls"),
    "log-in page": Hostile(_named("<!DOCTYPE html><html><title>Log ind</title><form></form></html>"), "file-other"),
    "json": Hostile(_named('{"svar": [1, 2, 3]}'), "file-other"),
    "pdf": Hostile(lambda _: b"%PDF-1.7\n" + b"\x00\x01\x02" * 100, "file-other"),
    "picture": Hostile(lambda _: b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "file-other"),
    "word document": Hostile(lambda _: package(_WORD), "file-other"),
    "old word document": Hostile(lambda _: compound({"WordDocument": b"x"}), "file-other"),
    "excel 2": Hostile(lambda _: b"\x09\x00\x04\x00\x02\x00\x10\x00" + b"\x00" * 60, "file-old", ".xls"),
    "an unknown format": Hostile(lambda _: b"\x00\x00\x02\x00\x06\x04\x06\x00" + bytes(60), "file-unreadable", ".xls"),
    "link to google sheets": Hostile(_named('{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}'), "file-shortcut"),
    "link to the internet": Hostile(_named("[InternetShortcut]\nURL=https://example.dk/skema\n"), "file-shortcut"),
    "random bytes": Hostile(lambda _: b"".join(b"%c" % (n * n % 251) for n in range(5_000)), "file-unreadable"),
    "password": Hostile(_encrypted("StrongEncryption"), "file-locked"),
    "label": Hostile(_encrypted("DRMEncrypted"), "file-labelled"),
    "xls with password": Hostile(lambda _: xls([(0, 0, 1.0)], password=True), "file-locked", ".xls"),
    "zip with password": Hostile(_zip_password, "file-locked"),
    "ods with password": Hostile(lambda _: ods(b"\xff\xfe", manifest=b"<manifest:encryption-data/>"), "file-locked", ".ods"),
    "half of it": Hostile(lambda data: data[:len(data) // 2], "file-truncated"),
    "end cut off": Hostile(lambda data: data[:-60], "file-truncated"),
    "first kilobyte": Hostile(lambda data: data[:1_000], "file-truncated"),
    "pk and nothing more": Hostile(lambda _: b"PK\x03\x04" + b"\x00" * 500, "file-truncated"),
    # Damage
    "sheet cut off": Hostile(changed(SHEET, lambda xml: xml[:len(xml) // 2]), "file-damaged"),
    "list of sheets cut off": Hostile(changed("xl/workbook.xml", lambda xml: xml[:len(xml) // 2]), "file-damaged"),
    "cells that close one another": Hostile(changed(SHEET, lambda xml: xml.replace(b"</c>", b"</row>", 1)), "file-damaged"),
    "byte changed in the sheet": Hostile(lambda data: _byte_changed(data), "file-damaged"),
    "no sheet": Hostile(without(SHEET), "file-damaged"),
    "no list of sheets": Hostile(without("xl/workbook.xml"), "file-damaged"),
    "no shared strings": Hostile(_no_strings, "file-damaged"),
    "no styles": Hostile(without("xl/styles.xml"), ""),
    # What must be read
    "macros": Hostile(_macros, "", ".xlsm"),
    "xlsx named xls": Hostile(lambda data: data, "", ".xls"),
    "xls named xlsx": Hostile(lambda _: xls([(0, 0, 1.0)]), "not-ours"),
    "stated dimension": Hostile(changed(SHEET, lambda xml: re.sub(
        rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml)), ""),
    "columns with a format": Hostile(changed(SHEET, lambda xml: re.sub(
        rb"<cols>.*</cols>", b'<cols><col min="1" max="16384" width="9" style="1"/></cols>', xml)), ""),
    "format far away": Hostile(rows(b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'), ""),
    "million empty rows": Hostile(_million_rows, "", slow=True),
    "million empty cells": Hostile(_empty_cells, "", slow=True),
    "100,000 shared strings": Hostile(_many_strings, "", slow=True),
    "empty ods of the whole sheet": Hostile(_ods(16_384, 1_048_575, value=False), "not-ours", ".ods"),
    # Attacks on memory
    "value in XFD1048576": Hostile(rows(_FAR % (1048576, b"XFD1048576")), "cell-far-away"),
    "value in T1048576": Hostile(rows(_FAR % (1048576, b"T1048576")), "cell-far-away"),
    "formula in XFD1048576": Hostile(rows(b'<row r="1048576"><c r="XFD1048576"><f>1+1</f></c></row>'), "cell-far-away"),
    "far cell without a reference": Hostile(sheet(b'<row r="1048576"><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c></row>'),
                                            "cell-far-away"),
    "far cell, attributes turned": Hostile(rows(b"<row r='1048576'><c s='1' r='XFD1048576'><v>1</v></c></row>"),
                                           "cell-far-away"),
    "cell A0": Hostile(rows(b'<row r="400"><c r="A0"><v>1</v></c></row>'), "cell-invalid"),
    "cell ZZZZZZZ1": Hostile(rows(b'<row r="400"><c r="ZZZZZZZ1"><v>1</v></c></row>'), "cell-invalid"),
    "cell A99999999999": Hostile(rows(b'<row r="400"><c r="A99999999999"><v>1</v></c></row>'), "cell-invalid"),
    "300,000 cells": Hostile(_many_cells, "too-many-cells"),
    "2 GB string": Hostile(_huge_string(2_000), "file-bomb", slow=True),
    "text of 50 MB": Hostile(lambda data: sheet(_TEXT % (bytes(97 + n * n % 23 for n in range(1000)) * 50_000))(data),
                             "text-too-long", slow=True),
    "text of 2 MB": Hostile(sheet(_TEXT % (b"ha " * 700_000)), "text-too-long"),
    "shared string of 3 MB": Hostile(lambda data: _with_strings(data, b'<sst xmlns="%s"><si><t>%s</t></si></sst>' % (
        NAMESPACE, b"ha " * 1_000_000), b""), "text-too-long"),
    "long string in 130,000 cells": Hostile(_heavy_strings, "file-too-big", slow=True),
    "zip bomb": Hostile(lambda data: forged(data, "xl/theme/theme1.xml", *repeated(b"", bytes(1_000_000), 900, b"")),
                        "file-bomb", slow=True),
    "large parts together": Hostile(_many_large, "file-too-big", slow=True),
    "size that lies": Hostile(_lying, "file-bomb", slow=True),
    "size that hides a cell": Hostile(_lying_far, "cell-far-away"),
    "parts on top of one another": Hostile(_overlapping, "package-odd"),
    "6,000 parts": Hostile(_many_parts, "package-odd"),
    "ods: a value in every cell": Hostile(_ods(16_384, 1_048_575), "cell-far-away", ".ods"),
    "ods: 300,000 cells": Hostile(_ods(10, 30_000), "too-many-cells", ".ods"),
    "ods: a thousand million spaces": Hostile(_ods_text(b'<text:s text:c="1000000000"/>'), "text-too-long", ".ods"),
    "ods: text of 2 MB": Hostile(_ods_text(b"ha " * 700_000), "text-too-long", ".ods"),
    "xlsb: a cell far away": Hostile(_xlsb(1_048_575, 16_383), "cell-far-away", ".xlsb"),
    "xls: a cell far away": Hostile(lambda _: xls([(0, 0, 1.0), (65_535, 65_535, 1.0)]), "file-crashes", ".xls", slow=True),
    # Attacks by XML
    "billion laughs": Hostile(changed(SHEET, _declared(_LAUGHS, b"&k;")), "file-entities"),
    "billion laughs in the list of sheets": Hostile(changed("xl/workbook.xml", _declared(_LAUGHS, b"")), "file-entities"),
    "billion laughs in the properties": Hostile(changed("docProps/core.xml", _declared(_LAUGHS, b"")), "file-entities"),
    "entity from outside": Hostile(changed(SHEET, _declared(_OUTSIDE, b"&a;")), "file-entities"),
    "declaration behind a comment": Hostile(changed(SHEET, _declared(b"<!--" + b"x" * 3_000 + b"-->" + _LAUGHS, b"&k;")),
                                            "file-entities"),
    "sheet in utf-16": Hostile(changed(SHEET, lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
                               "package-odd"),
}


def _byte_changed(data: bytes) -> bytes:
    """Change a byte in the middle of the sheet's packed data."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        info = old.getinfo(SHEET)
    at = info.header_offset + 30 + len(SHEET) + info.compress_size // 2
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1:]
