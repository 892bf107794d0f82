"""What is checked in a package before it is read: a file that would fill the memory is refused by name instead.

Literal prefixes and bounded pieces only: an ordinary skema costs a fifth of a millisecond beyond unpacking its sheets.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.workbook import cell_name, column_index
from aftale.office.package import (
    BAD_PACKAGE,
    CONTENT_TYPES,
    MOST_BYTES,
    Parts,
    plain_name,
    related,
    relations,
    workbook_part,
)

MOST_BYTES_IN_ALL = 250_000_000
MOST_PARTS = 5_000
MOST_AREA = 3_000_000
"""How large a sheet's used area may be: the reader takes room for every cell of it, empty ones too."""
MOST_FILLED = 200_000
MOST_TEXT = 1_000_000
"""How long a single text may be, in bytes; a cell holds 32,767 characters."""

_SHEETS = (b"worksheet", b"macrosheet", b"dialogsheet")
_DEFLATE_AT_MOST = 1_032  # deflate can't do better than this
_ABSURD_RATIO, _SMALL, _PIECE = 250, 20_000_000, 16_000_000
_SHORTEST_CELL = 12  # <c><v>1</v></c> and more
_SHORTEST_SHARED = 25  # <c r="A1" t="s"><v>0</v></c>
_SHARED = re.compile(rb't="s"[^>]*><(?:\w+:)?v>(\d+)<')
_ROWS, _COLUMNS = 1_048_576, 16_384
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?\s*<(?:([\w.-]+):)?([A-Za-z_][\w.-]*)[\s/>]")
_R = re.compile(rb"\sr\s*=\s*[\"']([^\"']*)[\"']")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def danger(parts: Parts, place: Place, returned: bool = True) -> Finding | None:
    """Return why a package must not be read, None where it may be; never raises.

    Only sheets and what looks odd are unpacked, and only where their size has been proved. What isn't ``returned`` is the
    coordinator's own, and may have as many filled cells as it needs.
    """
    infos = tuple(parts.infos.values())
    try:
        whole = _forged(parts, infos, place) or _too_large(parts, infos, place)
        if whole is not None:
            return whole
        kinds: dict[bytes, list[zipfile.ZipInfo]] = {}
        for info in infos:
            found = _dangerous_part(parts, info, place, kinds)
            if found is not None and (returned or found.code != "too-many-cells"):
                return _on_sheet(found, info.filename, parts)
        return _multiplied(parts, kinds, place) or _binary_sheets(parts, place, returned)
    except BAD_PACKAGE:
        return None  # whoever reads it says what is wrong with it


def _unpacked(parts: Parts, info: zipfile.ZipInfo, most: int = MOST_BYTES) -> bytes:
    """Unpack a part, whatever size its header states: at most ``most`` bytes of it, and fewer where it is damaged."""
    packed = parts.packed(info)
    if info.compress_type == zipfile.ZIP_STORED:
        return bytes(packed[:most])
    try:
        return zlib.decompressobj(-15).decompress(packed, most)
    except zlib.error:
        return b""


# ---------------------------------------------------------------- the package

def _forged(parts: Parts, infos: Sequence[zipfile.ZipInfo], place: Place) -> Finding | None:
    if len(infos) > MOST_PARTS:
        return problem("package-odd", place, why=f"den består af {len(infos)} dele")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        return problem("package-odd", place, why="med en anden slags komprimering")
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            return problem("package-odd", place, why="flere af dens dele bruger de samme data")
        end = info.header_offset + 30 + info.compress_size
    return problem("package-odd", place, why="den er kortere, end den selv angiver") if end > len(parts.data) else None


def _too_large(parts: Parts, infos: Sequence[zipfile.ZipInfo], place: Place) -> Finding | None:
    if sum(info.compress_size for info in infos) * _DEFLATE_AT_MOST < min(MOST_BYTES, MOST_BYTES_IN_ALL):
        return None  # whatever the headers say
    total = 0
    for info in infos:
        size, packed = _sizes(parts, info)
        if size > _SMALL and size > packed * _ABSURD_RATIO:
            return problem("file-bomb", place)
        total += size
        if size > MOST_BYTES or total > MOST_BYTES_IN_ALL:
            return problem("file-too-big", place)
    return None


def _sizes(parts: Parts, info: zipfile.ZipInfo) -> tuple[int, int]:
    """Return how large a part really is, and packed: unpacked in pieces up to the limit, because headers can lie."""
    if info.compress_type == zipfile.ZIP_STORED:
        return info.compress_size, info.compress_size
    stream, pending, size = zlib.decompressobj(-15), bytes(parts.packed(info)), 0
    try:
        while pending and not stream.eof and size <= MOST_BYTES:
            size += len(stream.decompress(pending, _PIECE))
            pending = stream.unconsumed_tail
    except zlib.error:
        pass  # damaged: whoever reads it will say so
    return size, info.compress_size - len(pending)


# ---------------------------------------------------------------- the parts

def _dangerous_part(parts: Parts, info: zipfile.ZipInfo, place: Place,
                    kinds: dict[bytes, list[zipfile.ZipInfo]]) -> Finding | None:
    """Look at one part; ``kinds`` is told what its root element is called."""
    name = info.filename.lower()
    head = (_content(parts, info) if "worksheets/sheet" in name else _unpacked(parts, info, 1024))[:1024]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head[:8]:
        odd = name.endswith((".xml", ".rels")) and _is_read(parts, info.filename)
        return problem("package-odd", place, why="i et tegnsæt, som regneark ikke bruger") if odd else None
    root = _ROOT.match(head)
    if root is None:
        return _declarations(parts, info, place) if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else None
    prefix, kind = (root[1] or b"") + b":" if root[1] else b"", root[2]
    kinds.setdefault(kind, []).append(info)
    if kind in _SHEETS:
        try:
            xml = parts[info.filename]
        except BAD_PACKAGE:
            return None  # what stands in it now, nobody wrote: the file is damaged, and is called so by whoever reads it
        return _cells(xml, prefix, place) or _long_text(xml, place)
    if kind == b"document-content" or name == "content.xml":
        xml = _content(parts, info)
        return _table_cells(xml, place) or _long_text(xml, place)
    if kind == b"sst" and info.compress_size * _DEFLATE_AT_MOST > MOST_TEXT:
        return _long_text(_content(parts, info), place)
    return None


def _content(parts: Parts, info: zipfile.ZipInfo) -> bytes:
    """Return a part as the reader will see it, whatever size its header states; b'' where it is damaged."""
    try:
        content = parts[info.filename]
    except BAD_PACKAGE:
        content = _unpacked(parts, info)
        return b"" if len(content) == info.file_size else content
    return content if len(content) >= info.file_size else _unpacked(parts, info)


def _declarations(parts: Parts, info: zipfile.ZipInfo, place: Place) -> Finding | None:
    """A declaration can only stand before the root element: looked for where something else than the root comes first."""
    xml = _content(parts, info)
    if (b"<!DOCTYPE" in xml or b"<!ENTITY" in xml) and _is_read(parts, info.filename):
        return problem("file-entities", place)
    start = xml.find(b"<worksheet")
    return (_cells(xml, b"", place) or _long_text(xml, place)) if start >= 0 else None


_READ = frozenset((
    "officeDocument", "worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet", "sharedStrings",
    "styles", "theme", "sheetMetadata", "rdRichValue", "rdRichValueStructure", "person", "comments", "threadedComment",
    "drawing", "vmlDrawing", "chart", "table", "pivotTable", "pivotCacheDefinition", "pivotCacheRecords", "externalLink",
    "core-properties", "extended-properties", "custom-properties", "numbering", "settings", "header", "footer", "footnotes",
    "endnotes", "diagramData"))
"""The kinds of relations to parts that we, or the libraries that open a package for us, read."""


def _is_read(parts: Parts, name: str) -> bool:
    """Tell whether a part is read by anybody: what add-ins, macros and pages lie beside is no danger, as nobody opens it."""
    if name.lower().endswith(".rels") or plain_name(name) == CONTENT_TYPES:
        return True
    if parts.named("content.xml"):
        return plain_name(name).lower() in ("content.xml", "meta.xml")
    read, waiting = {""}, [""]
    while waiting:
        found = {each.part for each in relations(parts, waiting.pop()).values() if each.kind in _READ} - read
        read |= found
        waiting += found
    return name in read


def _long_text(xml: bytes, place: Place) -> Finding | None:
    """Jump from window to window: a window without a tag is one text."""
    at = 0
    while at + MOST_TEXT < len(xml):
        tag = xml.rfind(b"<", at, at + MOST_TEXT)
        if tag < 0:
            cell = _R.search(xml, max(0, xml.rfind(b"<c ", 0, at)), at + 1)
            where = cell[1].decode("ascii", "replace") if cell else ""
            return problem("text-too-long", place._replace(cell=where if _REFERENCE.fullmatch(where) else ""))
        at = tag + 1
    return None


def _multiplied(parts: Parts, kinds: Mapping[bytes, Sequence[zipfile.ZipInfo]], place: Place) -> Finding | None:
    """Find shared strings that would be too much when every cell gets its own copy of them."""
    sheets = [info for kind in _SHEETS for info in kinds.get(kind, ())]
    strings = next(iter(kinds.get(b"sst", ())), None)
    if strings is None or strings.file_size * sum(info.file_size for info in sheets) < MOST_BYTES * _SHORTEST_SHARED:
        return None
    sizes = [len(text) for text in parts[strings.filename].split(b"</si>")]
    for info in sheets:
        used = Counter(int(number[:9]) for number in _SHARED.findall(parts[info.filename]))
        if sum(sizes[number] * times for number, times in used.items() if number < len(sizes)) > MOST_BYTES:
            return problem("file-too-big", place)
    return None


def _on_sheet(found: Finding, part: str, parts: Parts) -> Finding:
    """Name the sheet where that can be told."""
    if found.code == "file-entities":
        return found
    try:
        titles = {each: title for title, each in parts.sheets().items()}
    except BAD_PACKAGE:
        return found
    return found.at(found.place._replace(sheet=titles.get(part, "")))


# ---------------------------------------------------------------- cells of .xlsx

def _cells(xml: bytes, prefix: bytes, place: Place) -> Finding | None:
    """Find a sheet with too many filled cells, one filled cell too far away, or a cell that can't be."""
    start = xml.find(b"<" + prefix + b"sheetData")
    end = xml.rfind(b"</" + prefix + b"sheetData>")
    start, end = max(0, start), end if end > start else len(xml)
    if end - start > MOST_FILLED * _SHORTEST_CELL:
        filled = sum(xml.count(b"</" + prefix + tag + b">", start, end) for tag in (b"v", b"is"))
        if filled > MOST_FILLED:
            return problem("too-many-cells", place, value=_thousands(filled))
    # Near cells, each with its reference first, are what every program writes: nothing else means nothing to look for.
    if re.compile(b"<" + prefix + rb'c(?! r="[A-Z]{1,2}[1-9][0-9]{0,3}")').search(xml, start, end) is None:
        return None
    return far_cell(_references(xml[:end], prefix, start), place)


def far_cell(references: Iterator[str], place: Place) -> Finding | None:
    """Find a cell so far away that a sheet would take more than there is room for, or one that can't be."""
    widest, lowest, far = 0, 0, (0, "")
    for reference in references:
        match = _REFERENCE.fullmatch(reference.upper())
        column, row = (column_index(match[1]) + 1, int(match[2])) if match else (0, 0)
        if not match or column > _COLUMNS or row > _ROWS:
            return problem("cell-invalid", place, value=reference)
        widest, lowest, far = max(widest, column), max(lowest, row), max(far, (row * column, reference))
    return problem("cell-far-away", place, value=far[1].upper()) if widest * lowest > MOST_AREA else None


def _references(xml: bytes, prefix: bytes, start: int) -> Iterator[str]:
    """Yield the reference of every cell that holds something; empty ones take no room, however far away they stand."""
    opening = b"<" + prefix + b"c"
    if re.compile(opening + rb"(?![^>]*\sr\s*=)(?:\s|>|/)").search(xml, start):
        yield from _counted(xml, prefix, start)
        return
    for tag in (b"v", b"is", b"f"):
        for mark in re.compile(b"<" + prefix + tag + rb"[\s/>]").finditer(xml, start):
            cell = _R.search(xml, max(start, xml.rfind(opening, start, mark.start())), mark.start())
            if cell:
                yield cell[1].decode("utf-8", "replace")


def _counted(xml: bytes, prefix: bytes, start: int) -> Iterator[str]:
    """The same where cells have no references: they follow one another."""
    row, column = 0, 0
    for tag in re.compile(b"<" + prefix + rb"(row|c|v|is|f)(?=[\s/>])([^>]*)>").finditer(xml, start):
        stated = _R.search(tag[2])
        text = stated[1].decode("utf-8", "replace") if stated else ""
        if tag[1] == b"row":
            row, column = int(text) if text.isdecimal() else row + 1, 0
        elif tag[1] == b"c":
            match = _REFERENCE.fullmatch(text)
            column = column_index(match[1]) + 1 if match else column + 1
            here = text or cell_name(row - 1, column - 1)
        elif column:
            yield here


# ---------------------------------------------------------------- cells of .xlsb and .ods

def _binary_sheets(parts: Parts, place: Place, returned: bool) -> Finding | None:
    book = workbook_part(parts)
    for name in related(parts, book, "worksheet") if book.lower().endswith(".bin") else ():
        found = _binary_cells(_content(parts, parts.infos[name]), place) if name in parts else None
        if found is not None and (returned or found.code != "too-many-cells"):
            return found
    return None


def _binary_cells(data: bytes, place: Place) -> Finding | None:
    """The same for the records of an ``.xlsb`` sheet, which have their row or column in front."""
    from aftale.intake.xlsb_details import records
    row, cells = 0, []
    for kind, body, _ in records(data):
        number = int.from_bytes(body[:4], "little")
        if kind == 0:
            row = number
        elif 2 <= kind <= 11 or kind == 62:
            cells.append((row, number))
            if len(cells) > MOST_FILLED:
                return problem("too-many-cells", place, value=f"mere end {_thousands(MOST_FILLED)}")
    return far_cell((cell_name(*cell) for cell in cells), place)


_TABLE = re.compile(rb"<(table:table|table:table-row|table:table-cell|table:covered-table-cell|text:p|text:s)"
                    rb"(?=[\s/>])([^>]*)>")
_REPEATED = re.compile(rb"\s(?:table:number-(?:rows|columns)-repeated|text:c)\s*=\s*[\"']([0-9]*)")


def _table_cells(xml: bytes, place: Place) -> Finding | None:
    """The same for an ``.ods``, where one cell or row may stand for a million."""
    row, rows, column, columns, filled, widest, lowest = 0, 1, 0, 1, 0, 0, 0
    waiting = False
    for tag in _TABLE.finditer(xml):
        stated = _REPEATED.search(tag[2])
        times = max(1, int(stated[1][:12] or 1)) if stated else 1
        here = tag[1]
        if here == b"table:table":
            row, rows, column, columns, widest, lowest = 0, 1, 0, 1, 0, 0
        elif here == b"table:table-row":
            row, rows, column, columns = row + rows, times, 0, 1
        elif here == b"text:s" and times > MOST_TEXT:
            return problem("text-too-long", place._replace(cell=cell_name(row - 1, column - 1) if column else ""))
        elif here.endswith(b"table-cell"):
            column, columns = column + columns if column else 1, times
            waiting = True
        if waiting and (here == b"text:p" or b"office:value" in tag[2] or b"table:formula" in tag[2]):
            waiting = False
            filled += rows * columns
            widest, lowest = max(widest, column + columns - 1), max(lowest, row + rows - 1)
            if widest * lowest > MOST_AREA:
                return problem("cell-far-away", place, value=cell_name(row + rows - 2, column + columns - 2))
            if filled > MOST_FILLED:
                return problem("too-many-cells", place, value=_thousands(filled))
    return None


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
