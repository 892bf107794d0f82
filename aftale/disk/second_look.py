"""A second look with openpyxl at the few files that need one: error values, uncalculated formulas, formats and notes."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from aftale.words.raw import Note, RawBook, RawSheet, Special
from aftale.words.text import tidy

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_FAILURES = (KeyError, IndexError, TypeError, ValueError, AttributeError, zipfile.BadZipFile, OSError,
             ElementTree.ParseError)


def second_look(book: RawBook, data: bytes) -> RawBook:
    """Return the book with what calamine can't tell; as it is where openpyxl can't open it."""
    import openpyxl
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(data))
    except _FAILURES:
        return book
    values = {tidy(name): stored[name] for name in stored.sheetnames}
    sources = {tidy(name): formulas[name] for name in formulas.sheetnames}
    threaded = _threaded(data)
    sheets = [_sheet(sheet, values.get(sheet.name), sources.get(sheet.name), threaded) for sheet in book.sheets]
    return replace(book, sheets=tuple(sheets))


def _sheet(sheet: RawSheet, values: Any, formulas: Any, threaded: dict[str, str]) -> RawSheet:
    if values is None or formulas is None or not hasattr(values, "iter_rows"):
        return sheet
    rows = [list(row) for row in sheet.rows]
    for r, c, special in _specials(values, formulas):
        while len(rows) <= r:
            rows.append([])
        rows[r] += [""] * (c + 1 - len(rows[r]))
        rows[r][c] = special
    percent = frozenset((cell.row - 1, cell.column - 1) for row in values.iter_rows() for cell in row
                        if "%" in str(cell.number_format))
    return replace(sheet, rows=rows, notes=tuple(_notes(formulas, threaded)), percent=percent)


def _specials(values: Worksheet, formulas: Worksheet) -> Iterator[tuple[int, int, Special]]:
    for row in formulas.iter_rows():
        for cell in row:
            r, c = cell.row or 1, cell.column or 1
            stored = values.cell(r, c)
            if stored.data_type == "e":
                yield r - 1, c - 1, Special(str(stored.value), "error")
            elif cell.data_type == "f" and stored.value is None:
                text = getattr(cell.value, "text", cell.value)
                yield r - 1, c - 1, Special(str(text), "formula")


def _notes(sheet: Worksheet, threaded: dict[str, str]) -> Iterator[Note]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None:
                text = tidy(cell.comment.text or "")
                # The stand-in note of a threaded comment holds a sentence of Excel's before the text itself.
                for legacy in ("Comment:", "Kommentar:"):
                    if text.startswith("[") and legacy in text:
                        text = tidy(text.split(legacy, 1)[1])
                yield Note(cell.coordinate, text, tidy(cell.comment.author or "") if "tc=" not in
                           (cell.comment.author or "") else threaded.get(text, ""))


def _threaded(data: bytes) -> dict[str, str]:
    """Return the text of every threaded comment; replies are only found here."""
    found: dict[str, str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            people = {}
            for name in package.namelist():
                if name.startswith("xl/persons/"):
                    for person in ElementTree.fromstring(package.read(name)):
                        people[person.get("id", "")] = person.get("displayName", "")
            for name in package.namelist():
                if name.startswith("xl/threadedComments/"):
                    for comment in ElementTree.fromstring(package.read(name)):
                        text = tidy("".join(comment.itertext()))
                        found[text] = people.get(comment.get("personId", ""), "")
    except _FAILURES:
        return found
    return found
