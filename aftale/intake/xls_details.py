"""What calamine can't tell of an old .xls workbook, looked up with xlrd and olefile: both loaded for such a file only."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aftale.cells.number_format import as_typed, is_percent, may_be_another
from aftale.intake import xls_records
from aftale.intake.beside_cells import hidden_links
from aftale.intake.size_limits import far_cell
from aftale.model.findings import Finding
from aftale.model.place import Place
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
from aftale.office.package import BAD_PACKAGE

_MOST_BYTES = 30_000_000


def about(data: bytes) -> tuple[str, str]:
    """Return when the document was saved (ISO, UTC) and by what program, '' where it doesn't say."""
    import olefile
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as package:
            said = _properties(package.openstream(_SUMMARY).read(_MOST_SUMMARY))
    except BAD_PACKAGE:  # olefile's own are OSErrors
        return "", ""
    return said.get(_SAVED, ""), said.get(_PROGRAM, "")


_SUMMARY, _MOST_SUMMARY, _MOST_PROPERTIES = "\x05SummaryInformation", 100_000, 100
_SAVED, _PROGRAM, _TIME, _BYTES = 13, 18, 64, 30  # two of the properties, and their types
_FIRST_YEAR = 1981
"""A program that doesn't know the time leaves the first moment of a calendar."""


def _properties(stream: bytes) -> dict[int, str]:
    """Read the two properties wanted; olefile's own reading of them takes minutes where the file is damaged."""
    start = struct.unpack_from("<I", stream, 44)[0]
    number = min(struct.unpack_from("<I", stream, start + 4)[0], _MOST_PROPERTIES)
    found = {}
    for place in range(number):
        key, offset = struct.unpack_from("<II", stream, start + 8 + 8 * place)
        kind, value = struct.unpack_from("<HxxI", stream, start + offset)
        body = start + offset + 4
        if key == _SAVED and kind == _TIME:
            when = datetime(1601, 1, 1) + timedelta(microseconds=struct.unpack_from("<Q", stream, body)[0] // 10)
            found[key] = f"{when:%Y-%m-%dT%H:%M:%S}Z" if when.year >= _FIRST_YEAR else ""
        elif key == _PROGRAM and kind == _BYTES:
            found[key] = tidy(stream[body + 4:body + 4 + min(value, 200)].split(b"\0")[0].decode("utf-8", "replace"))[:60]
    return found


def danger(data: bytes, place: Place) -> Finding | None:
    """Find a cell so far away that the fast reader would ask for more memory than there is, which ends the process."""
    try:
        cells = xls_records.filled_cells(_stream(data))
        return far_cell((cell_name(row, column) for row, column in cells), place)
    except (StopIteration, RuntimeError, *BAD_PACKAGE):  # no workbook of this format
        return None


def with_details(book: Workbook, data: bytes) -> Workbook:
    """Return the book with error values, notes, merged cells and cells in percent; as it is where xlrd can't open it.

    A formula always has a stored value in this format.
    """
    import xlrd
    from xlrd.formula import FormulaError
    if len(data) > _MOST_BYTES:
        return book
    try:
        stream = _stream(data)
        looked = xlrd.open_workbook(file_contents=stream, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        found = {tidy(sheet.name): sheet for sheet in looked.sheets()}
        beside = xls_records.beside_cells(stream)
        return replace(book, sheets=tuple(_sheet(each, looked, found.get(each.name), beside.get(each.name))
                                          for each in book.sheets))
    except (xlrd.XLRDError, FormulaError, StopIteration, NameError, *BAD_PACKAGE):  # xlrd may lack a name of its own
        return book


def _stream(data: bytes) -> bytes:
    """Return the workbook's own stream: xlrd never ends where a damaged file's chain of sectors runs in a ring."""
    import olefile
    with olefile.OleFileIO(io.BytesIO(data)) as package:
        name = next(name for name in ("Workbook", "Book") if package.exists(name))
        content: bytes = package.openstream(name).read(_MOST_BYTES)
        return content


def _sheet(sheet: WorkbookSheet, book: Any, looked: Any, beside: xls_records.Beside | None) -> WorkbookSheet:
    if looked is None:
        return sheet
    others: dict[tuple[int, int], object] = {}
    percent = set()
    for r in range(looked.nrows):
        for c, (kind, value) in enumerate(zip(looked.row_types(r), looked.row_values(r), strict=True)):
            if kind == _ERROR:
                others[r, c] = Special(ERROR_TEXTS.get(value, f"#FEJL {value}"), "error")
            elif kind in (_NUMBER, _DATE):
                code = book.format_map[book.xf_list[looked.cell_xf_index(r, c)].format_key].format_str
                if kind == _NUMBER and is_percent(code, value):
                    percent.add((r, c))
                if may_be_another(sheet.value(r, c)) and (typed := as_typed(value, code)) is not None:
                    others[r, c] = typed
    merged = tuple((top, left, bottom - 1, right - 1) for top, bottom, left, right in looked.merged_cells
                   if bottom - top > 1)
    notes = tuple(Note(cell_name(r, c), tidy(note.text or ""), tidy(note.author or ""))
                  for (r, c), note in sorted(looked.cell_note_map.items()))
    links = [(each.frowx, each.fcolx, str(each.url_or_path)) for each in looked.hyperlink_list if each.type != "workbook"]
    return replace(sheet, rows=with_specials(sheet.rows, others.items()), notes=notes, percent=frozenset(percent),
                   merged=merged, links=hidden_links(links, sheet.rows), margins=beside.margins if beside else (),
                   drawings=tuple(beside.drawings) if beside else ())


_NUMBER, _DATE, _ERROR = 2, 3, 5  # xlrd's kinds of cells
