"""Workbooks that would fill the memory are refused by name, and those that only look so are read."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from layouts import DECLARED, ENTITIES, UTF_16, beside, packed, unpacked

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


# ---------------------------------------------------------------- guards look at what is read

def workbook() -> bytes:
    return cell("B2")


def ods_with_macros() -> bytes:
    """As LibreOffice saves a workbook with macros: the list of each library declares its kind."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (f'<o:document-content xmlns:o="{space}:office:1.0" xmlns:table="{space}:table:1.0"><o:body><o:spreadsheet>'
               '<table:table table:name="Ark"/></o:spreadsheet></o:body></o:document-content>')
    return packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode(),
                   "Basic/Standard/script-lb.xml": DECLARED, "Basic/script-lc.xml": DECLARED})


BOOK, SHEET_1 = "xl/workbook.xml", "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(("make", "code"), [
    (lambda: beside(workbook(), "", "customXml", "customXml/item1.xml", UTF_16), ""),
    (lambda: beside(workbook(), BOOK, "customXml", "customXml/item1.xml", UTF_16), ""),
    (lambda: beside(workbook(), BOOK, "customXml", "customXml/item1.xml", ENTITIES), ""),
    (lambda: beside(workbook(), "", "extensibility", "customUI/customUI.xml", DECLARED), ""),
    (lambda: beside(workbook(), BOOK, "webextensiontaskpanes", "xl/webextensions/taskpanes.xml", UTF_16), ""),
    (lambda: packed({**unpacked(workbook()), "nobody/leads/here.xml": ENTITIES}), ""),
    (lambda: beside(workbook(), SHEET_1, "comments", "xl/comments7.xml", ENTITIES), "file-entities"),
    (lambda: beside(workbook(), SHEET_1, "comments", "xl/comments7.xml", UTF_16), "package-odd"),
    (lambda: beside(workbook(), SHEET_1, "drawing", "xl/drawings/d.xml", ENTITIES), "file-entities"),
    (lambda: beside(workbook(), BOOK, "person", "xl/persons/p.xml", ENTITIES), "file-entities"),
    (lambda: beside(workbook(), BOOK, "sharedStrings", "xl/other/s.xml", ENTITIES), "file-entities"),
    (lambda: beside(workbook(), "", "core-properties", "docProps/mine.xml", ENTITIES), "file-entities"),
    (lambda: packed({**unpacked(workbook()), "customXml/_rels/item1.xml.rels": ENTITIES}), "file-entities"),
], ids=["an add-in's data in UTF-16", "the same of the workbook", "an add-in's data with entities", "an add-in's buttons",
        "an add-in's panes", "what nothing leads to", "notes with entities", "notes in UTF-16", "a drawing", "the persons",
        "the strings", "the properties", "relations with entities"])
def test_a_part_is_only_a_danger_where_somebody_reads_it(make: Callable[[], bytes], code: str) -> None:
    read = read_bytes(make(), "fil.xlsx")
    assert (read.code if isinstance(read, Finding) else "") == code


def test_macro_libraries_of_libreoffice_are_no_danger() -> None:
    assert not isinstance(read_bytes(ods_with_macros(), "fil.ods"), Finding)
