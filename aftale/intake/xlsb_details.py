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

from aftale.cells.number_format import is_percent
from aftale.intake.xlsx_details import drawings
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
_CELL_ERROR, _FORMULA_ERROR, _NUMBERS = 3, 11, (2, 5, 9)
_TO_LONG = 11  # a short cell is this much after the long one of the same kind
_FORMAT, _STYLE, _SHEET, _STYLES_BEGIN, _STYLES_END = 44, 47, 156, 617, 618
_AUTHOR, _COMMENT, _COMMENT_TEXT, _MERGED = 632, 635, 637, 176
_PERCENT_FORMATS = {9: "0%", 10: "0.00%"}
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
        percent = _percent_styles(parts.read(next(iter(related(parts, binary, "styles")), _STYLES)))
        where = _sheets(parts, binary)
        looked = [_sheet(sheet, parts, where.get(sheet.name, ""), percent) for sheet in book.sheets]
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


def _percent_styles(part: bytes) -> dict[int, str]:
    """Return the number formats that show some number in percent, by the number of the cell style."""
    formats, found, style, inside = dict(_PERCENT_FORMATS), {}, 0, False
    for kind, body, _ in records(part):
        if kind == _FORMAT:
            formats[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            code = formats.get(struct.unpack_from("<H", body, 2)[0], "")
            if "%" in code:
                found[style] = code
            style += 1
    return found


def _sheet(sheet: WorkbookSheet, parts: Parts, part: str, formats: Mapping[int, str]) -> WorkbookSheet:
    errors, percent, merged, row = {}, set(), [], 0
    for kind, body, _ in records(_longer(parts.read(part)) or parts.read(part)):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0]
        elif kind in _CELLS and row < _ROWS:
            column, style = struct.unpack_from("<II", body)
            if kind in (_CELL_ERROR, _FORMULA_ERROR) and column < _COLUMNS:
                errors[row, column] = Special(ERROR_TEXTS.get(body[8], f"#FEJL {body[8]}"), "error")
            elif kind in _NUMBERS and is_percent(formats.get(style & 0xFFFFFF, ""), sheet.value(row, column)):
                percent.add((row, column))
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            merged += [(top, left, bottom, right)] if top < bottom else []
    notes = tuple(note for each in related(parts, part, "comments") for note in _notes(parts.read(each)))
    return replace(sheet, rows=with_specials(sheet.rows, errors.items()), notes=notes, percent=frozenset(percent),
                   merged=tuple(merged), drawings=drawings(parts, part))


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
