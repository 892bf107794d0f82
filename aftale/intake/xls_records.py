"""What stands on a sheet of an old .xls that is no cell and that xlrd doesn't tell, read from the stream's records."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from aftale.intake.beside_cells import CONTROL, MOST_DRAWN, OBJECT, TICKED, page_texts
from aftale.model.text import tidy

# The kinds of records, as [MS-XLS] numbers them.
_BEGIN, _END, _SHEET, _CONTINUE = 0x809, 0x0A, 0x85, 0x3C
_PAGE_TEXTS, _OBJECT, _OBJECT_TEXT = (0x14, 0x15), 0x5D, 0x1B6
_SERIES, _CHART_TEXT, _SERIES_TEXT = 0x1003, 0x1025, 0x100D
_PASSWORD, _NUMBERS, _DIMENSIONS = 0x2F, 0xBD, 0x200
_ROWS, _COLUMNS = 65_536, 256
_CELLS = frozenset((0x06, 0xBD, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x27E))
"""The cells that hold something; a row of several numbers ends with its last column."""
_VERSION = 0x600
"""The version whose texts are spelt as they are read here, that of Excel 97 and later."""
# The kinds of objects, and the parts of one.
_GROUP, _LIST, _NOTE = 0, 20, 25
_CONTROLS = frozenset((7, *range(11, 20)))
_COMMON, _TICK, _EMBEDDED = 0x15, 0x12, 0x09


@dataclass
class Beside:
    """What stands beside the cells of a sheet: the texts of the printed page, and the words of what lies on it."""

    pages: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)

    @property
    def margins(self) -> tuple[str, ...]:
        """What was typed in the page headers and footers."""
        return page_texts(self.pages)


def beside_cells(stream: bytes) -> dict[str, Beside]:
    """Return what stands beside the cells of every sheet, by its name; nothing of a version before Excel 97."""
    names: dict[int, str] = {}
    found: dict[str, Beside] = {}
    sheet, depth, container, wanted, counts = Beside(), 0, 0, 0, False
    for at, kind, body in _records(stream):
        if kind == _BEGIN:
            depth += 1
            sheet = found.setdefault(names.get(at, ""), Beside()) if depth == 1 else sheet
            if struct.unpack_from("<H", body)[0] != _VERSION:
                return {}
        elif kind == _END:
            depth -= 1
        elif kind == _SHEET:
            names[struct.unpack_from("<I", body)[0]] = tidy(_letters(body[7:], body[6]))
        elif kind in _PAGE_TEXTS and depth == 1 and body:
            sheet.pages.append(_letters(body[2:], struct.unpack_from("<H", body)[0]))
        elif kind == _OBJECT and len(sheet.drawings) < MOST_DRAWN:
            words = _object(body)
            counts = words is not None
            sheet.drawings += [] if words is None else [words]
        elif kind == _OBJECT_TEXT:
            wanted = struct.unpack_from("<H", body, 10)[0]
        elif kind == _CONTINUE and wanted and body:
            text = _letters(body, wanted)
            wanted -= len(text)
            _add(sheet, text if counts else "")
        elif kind in (_SERIES, _CHART_TEXT):
            container = kind
        elif kind == _SERIES_TEXT and container == _CHART_TEXT and depth > 1 and counts:
            _add(sheet, _letters(body[3:], body[2]))
    for each in found.values():
        each.drawings[:] = [tidy(words) for words in each.drawings]
    return found


def filled_cells(stream: bytes) -> Iterator[tuple[int, int]]:
    """Yield the zero-based row and column of every cell that holds something; nothing of a workbook with a password.

    So does the last cell that a sheet states to have, where the format has no such cell.
    """
    for _, kind, body in _records(stream):
        if kind == _PASSWORD:
            return
        if kind == _DIMENSIONS and len(body) >= 12:
            rows, columns = struct.unpack_from("<4xL2xH", body)
            if rows > _ROWS or columns > _COLUMNS:
                yield max(rows, 1) - 1, max(columns, 1) - 1
        elif kind in _CELLS and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            yield row, struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _NUMBERS else column


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield where each record begins, its kind and its body."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4:at + 4 + size]
        at += 4 + size


def _letters(data: bytes, many: int) -> str:
    """Return so many letters, or those that there are; the first byte says whether they have one or two bytes each."""
    if data[:1] and data[0] & 1:
        return data[1:1 + 2 * many].decode("utf-16-le", "replace")
    return data[1:1 + many].decode("latin-1")


def _object(body: bytes) -> str | None:
    """Return what is said of an object without words, None for one that isn't told here: a note, the list of a filter."""
    kind, ticked, embedded, at = _GROUP, False, False, 0
    while at + 6 <= len(body):
        part, size, first = struct.unpack_from("<HHH", body, at)
        if part == _COMMON:
            kind = first
        ticked = ticked or (part == _TICK and first == 1)
        embedded = embedded or part == _EMBEDDED
        at += 4 + size
    if kind in (_GROUP, _LIST, _NOTE):
        return None
    if kind in _CONTROLS:
        return CONTROL + (TICKED if ticked else "")
    return OBJECT if embedded else ""


def _add(sheet: Beside, words: str) -> None:
    """Put words to the object that was told last: in place of what is said of one that has none."""
    if not words or not sheet.drawings:
        return
    last = sheet.drawings[-1]
    ticked = TICKED if last.endswith(TICKED) else ""
    before = "" if last.startswith((CONTROL, OBJECT)) else last.removesuffix(TICKED)
    sheet.drawings[-1] = f"{before}{words}{ticked}"
