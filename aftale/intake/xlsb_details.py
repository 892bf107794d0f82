"""Binary workbooks (.xlsb): cells in the short form, which calamine drops, and what it can't tell of the others.

Excel writes a cell with its column; SheetJS writes one that follows right after another without it, and calamine
knows nothing of those. Not told here: threaded comments apart from the note that Excel keeps for each, and formulas
without a stored value, which the format doesn't have.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace

from aftale.cells.number_format import as_typed, is_percent, may_be_another
from aftale.intake.beside_cells import drawings, hidden_links, page_texts
from aftale.model.text import tidy
from aftale.model.workbook import (
    ERROR_TEXTS,
    Note,
    Special,
    Workbook,
    WorkbookSheet,
    cell_name,
    with_specials,
)
from aftale.office.package import BAD_PACKAGE, Parts, related, relations, workbook_part

_ROWS, _COLUMNS = 1_048_576, 16_384

# The kinds of records, as [MS-XLSB] numbers them.
_ROW, _CELLS, _SHORT_CELLS = 0, range(1, 12), range(12, 19)
_CELL_ERROR, _FORMULA_ERROR, _SHORT_NUMBER, _NUMBERS = 3, 11, 2, (2, 5, 9)
_TO_LONG = 11  # a short cell is this much after the long one of the same kind
_FORMAT, _STYLE, _SHEET, _STYLES_BEGIN, _STYLES_END = 44, 47, 156, 617, 618
_AUTHOR, _COMMENT, _COMMENT_TEXT, _MERGED = 632, 635, 637, 176
_MARGINS, _LINK = 479, 494
_BUILT_IN = {9: "0%", 10: "0.00%", **dict.fromkeys((18, 19, 20, 21, 22, 45, 46, 47), "h:mm:ss")}
_STYLES = "xl/styles.bin"


def long_cells(data: bytes) -> bytes:
    """Return the workbook with every cell in the form that calamine reads: itself where all of them are already."""
    try:
        parts = Parts(data)
        changed = {name: longer for name in parts if name.startswith("xl/worksheets/") and name.endswith(".bin")
                   and (longer := _longer(parts.read(name))) is not None}
        return _with_parts(parts, changed) if changed else data
    except BAD_PACKAGE:
        return data


def with_details(book: Workbook, data: bytes) -> Workbook:
    """Return the book with error values, notes, merged cells, drawings and cells in percent; as it is where it can't."""
    try:
        parts = Parts(data)
        binary = workbook_part(parts)
        formats = _formats(parts.read(next(iter(related(parts, binary, "styles")), _STYLES)))
        where = _sheets(parts, binary)
        looked = [_sheet(sheet, parts, where.get(sheet.name, ""), formats) for sheet in book.sheets]
        return replace(book, sheets=tuple(looked))
    except BAD_PACKAGE:
        return book


def records(part: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield the records of a part: the kind, the body (shorter where the part is cut off) and where the next begins."""
    at = 0
    while at + 2 <= len(part):
        kind, at = _number(part, at, 2)
        size, at = _number(part, at, 4)
        yield kind, part[at:at + size], at + size
        at += size


def _number(part: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a number in groups of seven bits, at most so many; the last of them has its highest bit clear."""
    value = 0
    for place, byte in enumerate(part[at:at + most]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    return value, at + most


def _record(kind: int, body: bytes) -> bytes:
    """Return a record of one of the kinds below 128."""
    head, size = bytearray([kind]), len(body)
    while size >= 0x80:
        head.append(size & 0x7F | 0x80)
        size >>= 7
    head.append(size)
    return bytes(head) + body


def _text(body: bytes, at: int) -> tuple[str, int]:
    """Read a text and return where it ends; a missing one has no length."""
    size: int = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + (2 * size if size < 0xFFFFFFFF else 0)
    return body[at + 4:end].decode("utf-16-le", "replace"), end


def _longer(part: bytes) -> bytes | None:
    """Return a sheet with its short cells written out, None where it has none."""
    out, begin, column, short = bytearray(), 0, -1, False
    for kind, body, end in records(part):
        if kind == _ROW:
            column = -1
        elif kind in _CELLS:
            column = struct.unpack_from("<I", body)[0]
        if kind in _SHORT_CELLS:
            column, short = column + 1, True
            out += _record(kind - _TO_LONG, struct.pack("<I", column) + body)
        else:
            out += part[begin:end]
        begin = end
    return bytes(out) if short else None


def _with_parts(parts: Parts, changed: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in parts.infos:
            package.writestr(name, changed.get(name) or parts.read(name))
    return out.getvalue()


def _sheets(parts: Parts, binary: str) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    targets = relations(parts, binary)
    found = {}
    for kind, body, _ in records(parts.read(binary)):
        if kind == _SHEET:
            relation, end = _text(body, 8)
            found[tidy(_text(body, end)[0])] = targets[relation].part if relation in targets else ""
    return found


def _formats(part: bytes) -> dict[int, str]:
    """Return the number formats by the number of the cell style, but for most of those built in."""
    formats, found, style, inside = dict(_BUILT_IN), {}, 0, False
    for kind, body, _ in records(part):
        if kind == _FORMAT:
            formats[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            found[style] = formats.get(struct.unpack_from("<H", body, 2)[0], "")
            style += 1
    return found


def _sheet(sheet: WorkbookSheet, parts: Parts, part: str, formats: Mapping[int, str]) -> WorkbookSheet:
    others: dict[tuple[int, int], object] = {}
    margins: tuple[str, ...] = ()
    percent, merged, links, row = set(), [], [], 0
    for kind, body, _ in records(_longer(parts.read(part)) or parts.read(part)):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0]
        elif kind in _CELLS and row < _ROWS:
            column, style = struct.unpack_from("<II", body)
            value, code = sheet.value(row, column), formats.get(style & 0xFFFFFF, "")
            if kind in (_CELL_ERROR, _FORMULA_ERROR) and column < _COLUMNS:
                others[row, column] = Special(ERROR_TEXTS.get(body[8], f"#FEJL {body[8]}"), "error")
            elif kind in _NUMBERS and is_percent(code, value):
                percent.add((row, column))
            elif kind in _NUMBERS and may_be_another(value) and (typed := as_typed(_stored(kind, body), code)) is not None:
                others[row, column] = typed
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            merged += [(top, left, bottom, right)] if top < bottom else []
        elif kind == _MARGINS:
            margins = page_texts(_texts(body, 2, 6))
        elif kind == _LINK:
            target = relations(parts, part).get(_text(body, 16)[0])
            links += [(*struct.unpack_from("<IxxxxI", body), target.written)] if target else []
    notes = tuple(note for each in related(parts, part, "comments") for note in _notes(parts.read(each)))
    return replace(sheet, rows=with_specials(sheet.rows, others.items()), notes=notes, percent=frozenset(percent),
                   merged=tuple(merged), drawings=drawings(parts, part), margins=margins,
                   links=hidden_links(links, sheet.rows))


def _stored(kind: int, body: bytes) -> float:
    """Return the number in a cell; a short one is a whole number or half of a long one, and may be of hundredths."""
    if kind != _SHORT_NUMBER:
        return float(struct.unpack_from("<d", body, 8)[0])
    bits = struct.unpack_from("<I", body, 8)[0]
    number = float(struct.unpack("<i", body[8:12])[0] >> 2) if bits & 2 else float(
        struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", bits & 0xFFFFFFFC))[0])
    return number / 100 if bits & 1 else number


def _texts(body: bytes, at: int, many: int) -> Iterator[str]:
    for _ in range(many):
        text, at = _text(body, at)
        yield text


def _notes(part: bytes) -> Iterator[Note]:
    authors: list[str] = []
    cell, author = "", ""
    for kind, body, _ in records(part):
        if kind == _AUTHOR:
            authors.append(_text(body, 0)[0])
        elif kind == _COMMENT:
            who, row, _, column = struct.unpack_from("<IIII", body)
            cell, author = cell_name(row, column), authors[who] if who < len(authors) else ""
        elif kind == _COMMENT_TEXT:
            yield Note(cell, tidy(_text(body, 1)[0]), tidy(author))
