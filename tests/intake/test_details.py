"""What calamine can't tell of .ods, .xls and .xlsb workbooks, read from files that LibreOffice made and from odd ones."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest
import python_calamine
from openpyxl.comments import Comment

from aftale.intake import ods_details as ods
from aftale.intake import xls_details as xls
from aftale.intake import xlsb_details as xlsb
from aftale.intake.read import read_bytes
from aftale.model.findings import Finding
from aftale.model.place import Source
from aftale.model.text import tidy
from aftale.model.workbook import Note, Special, Workbook, WorkbookSheet
from aftale.office.package import read_parts, write_parts

MODULES = {"ods": ods, "xls": xls}


def raw(data: bytes) -> Workbook:
    """Return what calamine alone tells of a workbook."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return Workbook(Source("", "svar"), tuple(
        WorkbookSheet(tidy(name), book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for name in book.sheet_names))


def looked(data: bytes, module: ModuleType) -> Workbook:
    """Return what the module of a format tells: .ods is read by it alone, the others by calamine first."""
    if module is ods:
        return Workbook(Source("", "svar"), ods.sheets(data))
    result: Workbook = module.with_details(raw(data), data)
    return result


# ---------------------------------------------------------------- files that LibreOffice made

def the_book(path: Path) -> Path:
    """Make a workbook with a cell of every kind, away from A1, and a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Skema"
    for cell, value, number_format in CELLS:
        sheet[cell].value = value
        if number_format:
            sheet[cell].number_format = number_format
    sheet["C3"].comment = Comment("Skal det regnes med?\nSpørg Vikaren", "Vikaren")
    sheet["B9"].comment = Comment("Æøå", "Ledelsen")
    sheet.merge_cells("H10:I12")
    sheet.merge_cells("H14:I14")
    hidden = book.create_sheet("Skjult")
    hidden["B2"].value = "gemt"
    hidden.sheet_state = "hidden"
    book.create_sheet("Tomt")
    book.save(path)
    return path


CELLS = [
    ("B2", "Mål-id", ""), ("C3", "=1/0", ""), ("D3", "=1+1", ""), ("E3", "=NA()", ""), ("F3", "=FINDESIKKE(1)", ""),
    ("B4", 0.5, "0 %"), ("C4", 0.125, "0.0%"), ("D4", 0.5, "0.0"), ("E4", "50 %", "0 %"), ("F4", 7, "0%"),
    ("B5", date(2015, 10, 31), "dd-mm-yyyy"), ("C5", datetime(2015, 10, 31, 14, 30), "dd-mm-yyyy hh:mm"),
    ("D5", time(14, 30), "hh:mm"), ("E5", True, ""), ("F5", 1000000, '#,##0.00 "kr."'),
    ("B6", "to  mellemrum\nog en linje", ""), ("C6", "  rundt om  ", ""), ("D6", "007", "@"), ("E6", '=""', ""),
    ("F6", '="bereg"&"net"', ""), ("B8", -3, "dd-mm-yyyy"), ("C8", 0.00002, "dd-mm-yyyy"), ("D8", 0.00001, "hh:mm"),
    ("E8", 3, "dd-mm-yyyy"), ("F8", -0.25, "hh:mm"),
    ("B7", "æøå 🎉 <b> & \"citat\"", ""), ("B9", "med note", ""), ("Z40", "langt ude", ""),
]
NUMBERS_AS_DATES = 7
"""The row whose numbers calamine gives as dates and times."""
TOLD = [
    # cell  what is read
    ((1, 1), "Mål-id"),
    ((2, 2), Special("#DIV/0!", "error")),
    ((2, 3), 2.0),
    ((2, 4), Special("#N/A", "error")),
    ((2, 5), Special("#NAME?", "error")),
    ((3, 1), 0.5),
    ((3, 4), "50 %"),
    ((4, 1), date(2015, 10, 31)),
    ((4, 2), datetime(2015, 10, 31, 14, 30)),
    ((4, 3), time(14, 30)),
    ((4, 5), 1000000.0),
    ((5, 1), "to  mellemrum\nog en linje"),
    ((5, 2), "  rundt om  "),
    ((5, 3), "007"),
    ((5, 4), ""),
    ((5, 5), "beregnet"),
    ((6, 1), "æøå 🎉 <b> & \"citat\""),
    ((7, 1), -3.0),
    ((7, 2), 0.00002),
    ((7, 3), 0.00001),
    ((7, 4), 3.0),
    ((7, 5), -0.25),
    ((39, 25), "langt ude"),
]


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """The same workbook as LibreOffice saves it, by format: made once."""
    return {}


@pytest.fixture
def saved(made: dict[str, bytes], libreoffice: Callable[[Path, str], Path], tmp_path: Path) -> Callable[[str], bytes]:
    def save(kind: str) -> bytes:
        if kind not in made:
            made[kind] = libreoffice(the_book(tmp_path / "alt.xlsx"), kind).read_bytes()
        return made[kind]

    return save


@pytest.mark.parametrize("kind", MODULES)
def test_every_kind_of_cell_is_told_and_stands_in_its_place(kind: str, saved: Callable[[str], bytes]) -> None:
    sheet = looked(saved(kind), MODULES[kind]).sheets[0]
    assert [(at, sheet.value(*at)) for at, _ in TOLD] == TOLD
    assert sheet.percent == {(3, 1), (3, 2), (3, 5)}


@pytest.mark.parametrize("kind", MODULES)
def test_notes_are_told_with_their_cells(kind: str, saved: Callable[[str], bytes]) -> None:
    notes = looked(saved(kind), MODULES[kind]).sheets[0].notes
    assert [(note.cell, note.text) for note in notes] == [("C3", "Skal det regnes med?\nSpørg Vikaren"), ("B9", "Æøå")]


@pytest.mark.parametrize("kind", MODULES)
def test_cells_merged_over_several_rows_are_told_and_within_a_row_not(kind: str, saved: Callable[[str], bytes]) -> None:
    assert looked(saved(kind), MODULES[kind]).sheets[0].merged == ((9, 7, 11, 8),)


@pytest.mark.parametrize("kind", MODULES)
def test_sheets_are_the_same_as_in_xlsx_hidden_and_empty_ones_too(kind: str, saved: Callable[[str], bytes]) -> None:
    """Beside the errors, which calamine doesn't tell, the values are those that it gives for .xlsx."""
    other, here = raw(saved("xlsx")), raw(saved(kind))
    assert [sheet.name for sheet in here.sheets] == ["Skema", "Skjult", "Tomt"]
    assert here.sheets[1].value(1, 1) == "gemt"
    assert [len(sheet.rows) for sheet in here.sheets] == [40, 2, 0]
    for mine, its in zip(here.sheets, other.sheets, strict=True):
        assert [(r, c, value) for r, c, value in mine.filled() if r != NUMBERS_AS_DATES] == [
            (r, c, value) for r, c, value in its.filled() if r != NUMBERS_AS_DATES]


@pytest.mark.parametrize("kind", MODULES)
def test_when_it_was_saved_and_by_what(kind: str, saved: Callable[[str], bytes]) -> None:
    when, program = MODULES[kind].about(saved(kind))
    assert datetime.fromisoformat(when.removesuffix("Z")).year >= 2024
    assert kind == "xls" or program.startswith("LibreOffice/")


@pytest.mark.parametrize("kind", MODULES)
def test_a_sheet_without_percents_is_told_to_have_none(kind: str, saved: Callable[[str], bytes]) -> None:
    assert looked(saved(kind), MODULES[kind]).sheets[1].percent == frozenset()


def test_the_reader_of_ods_gives_what_calamine_gives(saved: Callable[[str], bytes]) -> None:
    own, other = looked(saved("ods"), ods).sheets, raw(saved("ods")).sheets
    assert [sheet.name for sheet in own] == [sheet.name for sheet in other]
    for mine, its in zip(own, other, strict=True):
        told = {(r, c): value for r, c, value in mine.filled() if not isinstance(value, Special) and r != NUMBERS_AS_DATES}
        assert told == {(r, c): value for r, c, value in its.filled() if r != NUMBERS_AS_DATES}


# ---------------------------------------------------------------- OpenDocument as other programs write it

NAMES = " ".join(f'xmlns:{short}="{name}"' for short, name in {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0", "dc": "http://purl.org/dc/elements/1.1/",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0", "xlink": "http://www.w3.org/1999/xlink"}.items())
TEXT = '<table:table-cell office:value-type="string">{}</table:table-cell>'


def document(rows: str, before: str = "", meta: str = "") -> bytes:
    """Return an OpenDocument workbook with one sheet of these rows."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns'
                         ':manifest:1.0"/>')
        package.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {NAMES}>'
                         f'<office:body><office:spreadsheet><table:table table:name="Skema">{rows}</table:table>'
                         "</office:spreadsheet></office:body></office:document-content>")
        package.writestr("meta.xml", f"<office:document-meta {NAMES}><office:meta>{meta}</office:meta>"
                         "</office:document-meta>")
    return out.getvalue()


def one(cell: str) -> bytes:
    return document(f"<table:table-row>{cell}</table:table-row>")


@pytest.mark.parametrize(("paragraphs", "read"), [
    ("<text:p>a<text:s text:c=\"3\"/>b</text:p>", "a   b"),
    ("<text:p>a<text:s/>b<text:tab/>c<text:line-break/>d</text:p>", "a b\tc\nd"),  # calamine: »a bcd«
    ("<text:p>a <text:span>fed</text:span> b</text:p><text:p/><text:p>c</text:p>", "a fed b\n\nc"),
    ('<text:p>se <text:a xlink:href="https://bibliotek.example.dk">her</text:a> nu</text:p>', "se her nu"),
    ("<text:p>a<text:span> </text:span>b<text:tab/></text:p>", "a b\t"),
    ("<text:p>&lt;b&gt; &amp;amp; x<text:line-break/></text:p>", "<b> &amp; x\n"),
    ("<office:annotation><text:p>note</text:p></office:annotation><text:p>svar</text:p>", "svar"),
])
def test_texts_keep_their_spaces_tabs_and_line_breaks(paragraphs: str, read: str) -> None:
    assert ods.sheets(one(TEXT.format(paragraphs)))[0].value(0, 0) == read


@pytest.mark.parametrize(("cell", "read"), [
    ('<table:table-cell office:value-type="boolean" office:boolean-value="true"/>', True),
    ('<table:table-cell office:value-type="currency" office:value="2.5"><text:p>2,50 kr.</text:p></table:table-cell>', 2.5),
    ('<table:table-cell office:value-type="percentage" office:value="0.5"/>', 0.5),
    ('<table:table-cell office:value-type="date" office:date-value="2015-10-31"/>', date(2015, 10, 31)),
    ('<table:table-cell office:value-type="date" office:date-value="2015-10-31T00:00:00"/>', datetime(2015, 10, 31)),
    ('<table:table-cell office:value-type="date" office:date-value="2015-13-31"/>', "2015-13-31"),
    ('<table:table-cell office:value-type="time" office:time-value="PT14H30M00S"/>', time(14, 30)),
    ('<table:table-cell office:value-type="time" office:time-value="PT30H00M00S"/>', timedelta(hours=30)),
    ('<table:table-cell office:value-type="string" office:string-value="kun som egenskab"/>', "kun som egenskab"),
    ('<table:covered-table-cell office:value-type="string"><text:p>dækket</text:p></table:covered-table-cell>', "dækket"),
    ('<table:table-cell table:formula="of:=SUM([.A1:.B2])"/>', Special("=SUM([.A1:.B2])", "formula")),
    ('<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>', ""),
    ('<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error">'
     "<text:p>#DIV/0!</text:p></table:table-cell>", Special("#DIV/0!", "error")),
])
def test_every_kind_of_cell_of_ods_is_told(cell: str, read: object) -> None:
    data = one(f"{cell}{TEXT.format('<text:p>efter</text:p>')}")
    assert [ods.sheets(data)[0].value(0, column) for column in (0, 1)] == [read, "efter"]


def test_a_note_has_its_author_and_its_place() -> None:
    note = ("<office:annotation><dc:creator>Ledelsen</dc:creator><dc:date>2015-06-01T10:00:00</dc:date><text:p>Er det med"
            "</text:p><text:p>moms?</text:p></office:annotation>")
    data = document('<table:table-row table:number-rows-repeated="4"><table:table-cell/></table:table-row><table:table-row>'
                    f'<table:table-cell table:number-columns-repeated="27"/><table:table-cell>{note}</table:table-cell>'
                    "</table:table-row>")
    assert ods.sheets(data)[0].notes == (Note("AB5", "Er det med\nmoms?", "Ledelsen"),)


def test_text_boxes_and_pictures_are_told() -> None:
    box = "<draw:frame><draw:text-box><text:p>Husk moms</text:p></draw:text-box></draw:frame>"
    data = document(f"<table:shapes>{box}</table:shapes><table:table-row><table:table-cell>{box}<draw:frame><draw:image/>"
                    "</draw:frame></table:table-cell></table:table-row>")
    assert ods.sheets(data)[0].drawings == ("Husk moms", "Husk moms", "")


def test_white_space_between_cells_is_no_content() -> None:
    """As SheetJS writes it: calamine refuses the file."""
    cell = TEXT.format("<text:p>a</text:p>")
    rows = f"\n  <table:table-row>\n    {cell}\n    <table:table-cell />\n  </table:table-row>\n"
    with pytest.raises(python_calamine.CalamineError):
        raw(document(rows))
    assert ods.sheets(document(rows))[0].rows == [["a"]]


def test_rows_in_groups_count_like_others() -> None:
    row = f"<table:table-row>{TEXT.format('<text:p>{}</text:p>')}</table:table-row>"
    data = document(f"<table:table-header-rows>{row.format('hoved')}</table:table-header-rows><table:table-row-group>"
                    f"<table:table-row-group>{row.format('a')}</table:table-row-group>{row.format('b')}"
                    f"</table:table-row-group><table:table-rows>{row.format('c')}</table:table-rows>")
    assert ods.sheets(data)[0].rows == [["hoved"], ["a"], ["b"], ["c"]]
    assert [list(row) for row in raw(data).sheets[0].rows] == [["hoved"], ["a"], ["b"], ["c"]]


@pytest.mark.parametrize(("meta", "told"), [
    ("<dc:date>2015-06-01T10:20:30.123456789</dc:date><meta:generator>LibreOffice/7.4.7.2$Linux_X86_64 x</meta:generator>",
     ("2015-06-01T10:20:30", "LibreOffice/7.4.7.2")),
    ("<meta:generator>A &amp; B</meta:generator>", ("", "A & B")),
    ("<dc:date>i går</dc:date>", ("", "")),
])
def test_the_document_s_own_time_and_program(meta: str, told: tuple[str, str]) -> None:
    assert ods.about(document("", meta=meta)) == told


# ---------------------------------------------------------------- bad files: never an exception, never without bound

MANY = 'table:number-rows-repeated="1048576"'
WIDE = 'table:number-columns-repeated="16384"'


@pytest.mark.parametrize("rows", [
    f"<table:table-row {MANY}><table:table-cell {WIDE}/></table:table-row>",
    f"<table:table-row {MANY}><table:table-cell {WIDE} table:style-name=\"ce1\"/></table:table-row>" * 50,
], ids=["empty", "formatted"])
def test_a_sheet_of_repeated_empty_cells_is_empty(rows: str) -> None:
    assert [list(sheet.rows) for sheet in ods.sheets(document(rows))] == [[]]


@pytest.mark.parametrize(("before", "rows", "code"), [
    ("", f'<table:table-row {MANY}><table:table-cell {WIDE} office:value-type="float" office:value="1"/></table:table-row>',
     "cell-far-away"),
    ("", f'<table:table-row table:number-rows-repeated="1048575"/><table:table-row><table:table-cell {WIDE[:-6]}16383"/>'
         '<table:table-cell office:value-type="percentage" office:value="1"/></table:table-row>', "cell-far-away"),
    ("", '<table:table-row table:number-rows-repeated="50001"><table:table-cell table:number-columns-repeated="4"'
         ' office:value-type="float" office:value="1"/></table:table-row>', "too-many-cells"),
    ('<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>',
     f'<table:table-row>{TEXT.format("<text:p>&c;</text:p>")}</table:table-row>', "file-entities"),
    ("", "<table:table-row><table:table-cell>", "file-damaged"),
], ids=["repeated everywhere", "far away", "too many cells", "entities", "cut off"])
def test_what_nobody_fills_in_is_refused(before: str, rows: str, code: str) -> None:
    refused = read_bytes(document(rows, before), "svar.ods", returned=True)
    assert isinstance(refused, Finding) and refused.code == code


@pytest.mark.parametrize(("limit", "least"), [("_MOST_ELEMENTS", 3_000), ("_MOST_CELLS", 1_999), ("_MOST_AREA", 1_999)])
def test_a_sheet_that_holds_very_much_is_left_to_calamine(limit: str, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ods, limit, least)
    data = document(f"<table:table-row>{TEXT.format('<text:p>a</text:p>')}</table:table-row>" * 2_000)
    assert ods.sheets(data) == ()
    read = read_bytes(data, "svar.ods")
    assert isinstance(read, Workbook) and len(read.sheets[0].rows) == 2_000


@pytest.mark.parametrize("module", [xls, xlsb])
@pytest.mark.parametrize("data", [
    b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xd0" * 4_000,
    b"<html><table></table></html>"])
def test_what_is_no_such_workbook_leaves_the_book_as_it_is(module: ModuleType, data: bytes) -> None:
    book = Workbook(Source("", "svar"), (WorkbookSheet("Skema", [["a"]]),))
    assert [list(sheet.rows) for sheet in module.with_details(book, data).sheets] == [[["a"]]]
    assert xls.about(data) == ods.about(data) == ("", "")
    assert xlsb.long_cells(data) == data
    assert ods.sheets(data) == ()


@pytest.mark.parametrize("kind", MODULES)
def test_damaged_files_never_raise(kind: str, saved: Callable[[str], bytes]) -> None:
    """Hundreds of damaged variants of a real file: bytes changed, cut off, moved; for .ods inside its content too."""
    chance = random.Random(2015)
    data, module = saved(kind), MODULES[kind]
    book = raw(data)
    for _ in range(300):
        bad = damaged(data, chance) if kind == "xls" or chance.random() < 0.3 else damaged_content(data, chance)
        module.about(bad)
        if module is ods:
            assert len(ods.sheets(bad)) in range(len(book.sheets) + 1)
        else:
            assert len(module.with_details(book, bad).sheets) == len(book.sheets)


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 5, 40))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    if chance.random() < 0.2:
        del changed[chance.randrange(len(changed)):]
    return bytes(changed)


def damaged_content(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, damaged(old.read(name), chance) if name.endswith(".xml") else old.read(name))
    return out.getvalue()


# ---------------------------------------------------------------- .xlsb

def record(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_workbook(sheet: bytes, comments: bytes = b"") -> bytes:
    """Return an .xlsb with one sheet of these records."""
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
            ' Type="{}/{}" Target="{}"/></Relationships>')
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.bin": record(131, b"") + record(143, b"") + record(156, struct.pack("<II", 0, 1) + wide("rId1")
                                                                        + wide("Skema")) + record(144, b"")
                            + record(157, b"\0" * 26) + record(132, b""),
        "xl/_rels/workbook.bin.rels": rels.format(types, "worksheet", "worksheets/sheet1.bin"),
        "xl/worksheets/sheet1.bin": record(129, b"") + record(148, struct.pack("<4I", 0, 9, 0, 9)) + record(145, b"") + sheet
                                    + record(146, b"") + record(130, b""),
        "xl/worksheets/_rels/sheet1.bin.rels": rels.format(types, "comments", "../comments1.bin"),
        "xl/styles.bin": PERCENT_STYLES, "xl/comments1.bin": comments,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def row(number: int) -> bytes:
    return record(0, struct.pack("<I", number) + b"\0" * 21)


def at(column: int, style: int = 0) -> bytes:
    return struct.pack("<II", column, style)


LONG_ROW = row(1) + record(6, at(1) + wide("Mål-id")) + record(5, at(2, 1) + struct.pack("<d", 0.5))
SHORT_ROW = (row(2) + record(6, at(3) + wide("svar")) + record(17, struct.pack("<I", 0) + wide("lige efter"))
             + record(16, struct.pack("<Id", 1, 0.25)) + record(14, struct.pack("<I", 0) + b"\x07") + record(12, b"\0" * 4)
             + record(17, struct.pack("<I", 0) + wide("sidst")))
PERCENT_STYLES = (record(615, struct.pack("<I", 1)) + record(44, struct.pack("<H", 164) + wide("0.0 %"))
                  + record(616, b"") + record(617, struct.pack("<I", 2)) + record(47, struct.pack("<HH", 0, 0) + b"\0" * 12)
                  + record(47, struct.pack("<HH", 0, 164) + b"\0" * 12) + record(618, b""))


def test_cells_in_the_short_form_are_read() -> None:
    """As SheetJS writes them: calamine drops them, and everything after the first cell of a row is lost."""
    data = binary_workbook(LONG_ROW + SHORT_ROW)
    assert [value for _, _, value in raw(data).sheets[0].filled()] == ["Mål-id", 0.5, "svar"]
    assert list(raw(xlsb.long_cells(data)).sheets[0].filled()) == [
        (1, 1, "Mål-id"), (1, 2, 0.5), (2, 3, "svar"), (2, 4, "lige efter"), (2, 5, 0.25), (2, 8, "sidst")]


def short_number(value: int) -> bytes:
    """Return a whole number as Excel packs it."""
    return struct.pack("<I", value << 2 & 0xFFFFFFFF | 2)


@pytest.mark.parametrize(("kind", "stored", "style", "read"), [
    (2, short_number(-3), 2, -3.0), (2, short_number(3), 2, 3.0), (5, struct.pack("<d", -0.5), 2, -0.5),
    (5, struct.pack("<d", 1e-05), 3, 1e-05), (5, struct.pack("<d", 0.5), 3, time(12)), (5, struct.pack("<d", 0.5), 2, 0.5),
    (2, struct.pack("<I", 1_000 << 2 | 3), 2, 10.0), (2, struct.pack("<d", 0.75)[4:], 2, 0.75),
    (5, struct.pack("<d", 42_000), 2, date(2014, 12, 27)), (5, struct.pack("<d", float("nan")), 2, "nan"),
], ids=["below zero", "a small one", "a share below zero", "tiny", "a time of day", "half a day, shown as a date",
        "of hundredths", "half of a long one", "a date", "no number"])
def test_a_number_in_a_cell_for_dates_is_read_as_it_was_typed(kind: int, stored: bytes, style: int, read: object) -> None:
    styles = (record(615, struct.pack("<I", 2)) + record(44, struct.pack("<H", 164) + wide("dd-mm-yyyy"))
              + record(44, struct.pack("<H", 165) + wide("hh:mm")) + record(616, b"") + record(617, struct.pack("<I", 4))
              + b"".join(record(47, struct.pack("<HH", 0, number) + b"\0" * 12) for number in (0, 0, 164, 165))
              + record(618, b""))
    parts = read_parts(binary_workbook(row(1) + record(kind, at(1, style) + stored)))
    book = read_bytes(write_parts({**parts, "xl/styles.bin": styles}), "svar.xlsb", returned=True)
    assert isinstance(book, Workbook) and book.sheets[0].value(1, 1) == read


def test_a_workbook_as_excel_writes_it_is_left_alone() -> None:
    data = binary_workbook(LONG_ROW)
    assert xlsb.long_cells(data) is data


def test_errors_percents_notes_and_merged_cells_of_a_binary_workbook() -> None:
    comments = (record(632, wide("Ledelsen")) + record(635, struct.pack("<5I", 0, 4, 4, 1, 1) + b"\0" * 16)
                + record(637, b"\0" + wide("Er det med moms?")))
    merged = record(176, struct.pack("<4I", 3, 5, 0, 1)) + record(176, struct.pack("<4I", 8, 8, 0, 1))
    data = binary_workbook(LONG_ROW + SHORT_ROW + merged, comments)
    sheet = xlsb.with_details(raw(xlsb.long_cells(data)), data).sheets[0]
    assert sheet.value(2, 6) == Special("#DIV/0!", "error")
    assert sheet.percent == {(1, 2), (2, 5)}
    assert sheet.notes == (Note("B5", "Er det med moms?", "Ledelsen"),)
    assert sheet.merged == ((3, 0, 5, 1),)


def test_damaged_binary_workbooks_never_raise() -> None:
    chance = random.Random(2015)
    data = binary_workbook(LONG_ROW + SHORT_ROW)
    book = raw(data)
    for _ in range(500):
        bad = damaged(data, chance)
        assert len(xlsb.with_details(book, bad).sheets) == 1
        assert xlsb.long_cells(bad)


@pytest.mark.parametrize(("cells", "code"), [
    ([(row, column) for row in range(2_001) for column in range(100)], "too-many-cells"),
    ([(0, 0), (1_048_575, 16_383)], "cell-far-away"), ([(1_048_576, 0)], "cell-invalid"), ([(0, 16_384)], "cell-invalid")])
def test_a_binary_workbook_is_held_to_the_limits_of_every_other(cells: list[tuple[int, int]], code: str) -> None:
    number = struct.pack("<d", 1)
    sheet = b"".join(row(r) + record(5, at(c) + number) for r, c in cells)
    refused = read_bytes(binary_workbook(sheet), "svar.xlsb", returned=True)
    assert isinstance(refused, Finding) and refused.code == code
