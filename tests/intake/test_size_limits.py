"""Workbooks that would fill the memory are refused by name, and those that only look so are read."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from aftale.intake.read import read_bytes
from aftale.model.findings import Finding

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%b<sheetData>%b</sheetData></worksheet>'


def replaced(part: str, content: bytes) -> bytes:
    """Return a small workbook with one part replaced by other content."""
    book, plain, out = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.active["A1"] = "Mål-id"
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def cell(reference: str, dimension: bytes = b"") -> bytes:
    row = "".join(letter for letter in reference if letter.isdigit())
    data = f'<row r="{row}"><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row>'.encode()
    return replaced("xl/worksheets/sheet1.xml", SHEET % (dimension, data))


def empty_rows() -> bytes:
    rows = b"".join(b'<row r="%d" ht="20"/>' % n for n in range(1, 200_001))
    return replaced("xl/worksheets/sheet1.xml", SHEET % (b"", rows))


@pytest.mark.parametrize(("make", "code"), [
    (lambda: cell("XFD1048576"), "cell-far-away"),
    (lambda: cell("AZ1048576"), "cell-far-away"),
    (lambda: cell("XFD1"), ""),
    (lambda: cell("A1048576"), ""),
    (lambda: cell("B2", b'<dimension ref="A1:XFD1048576"/>'), ""),
    (empty_rows, ""),
    (lambda: b"PK\x03\x04" + b"\x00" * 500, "file-truncated"),
    (lambda: cell("B2")[:700], "file-truncated"),
    (lambda: replaced("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"), "file-damaged"),
], ids=["XFD1048576", "AZ1048576", "XFD1", "A1048576", "stated dimension", "empty rows", "only a beginning",
        "truncated", "damaged XML"])
def test_a_hostile_file_costs_little_and_says_why(make: Callable[[], bytes], code: str) -> None:
    data = make()
    began = time.monotonic()
    read = read_bytes(data, "fil.xlsx")
    assert time.monotonic() - began < 20  # a guard against hanging, not a measurement
    assert (read.code if isinstance(read, Finding) else "") == code
