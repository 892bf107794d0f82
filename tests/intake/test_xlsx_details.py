"""What calamine can't tell of an .xlsx, and what the reader makes of workbooks, lists and folders."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from aftale.intake.read import candidates, read_bytes, read_csv, read_workbook, workbook_files
from aftale.model.findings import Finding
from aftale.model.place import Source
from aftale.model.workbook import Note, Special, Workbook, WorkbookSheet
from aftale.office.package import read_parts, reproducible, write_parts

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"


def workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Skema"
    sheet["A1"], sheet["B2"], sheet["C3"], sheet["D4"] = "Mål-id", 0.5, "=1+1", "#N/A"
    sheet["B2"].number_format = "0.0 %"
    sheet["B3"], sheet["B3"].number_format = 7, "0.00"
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes, returned: bool = True) -> Workbook:
    found = read_bytes(data, "svar.xlsx", returned=returned)
    assert isinstance(found, Workbook)
    return found


def first(data: bytes, returned: bool = True) -> WorkbookSheet:
    return read(data, returned).sheets[0]


def changed(data: bytes, change: tuple[bytes, bytes]) -> bytes:
    """Return a workbook with a piece of its first sheet exchanged."""
    parts = read_parts(data)
    assert change[0] in parts[SHEET]
    parts[SHEET] = parts[SHEET].replace(*change, 1)
    return write_parts(parts)


def test_error_values_and_formulas_without_a_value_are_special_cells() -> None:
    sheet = first(saved(workbook()))
    assert sheet.value(3, 3) == Special("#N/A", "error")
    assert sheet.value(2, 2) == Special("=1+1", "formula")
    assert (sheet.value(0, 0), sheet.value(1, 1)) == ("Mål-id", 0.5)


@pytest.mark.parametrize(("inside", "value"), [
    (b"<f>1+1</f><v>2</v>", 2.0), (b"<f>1+1</f>", Special("=1+1", "formula")),
    (b"<f>1+1</f><v/>", Special("=1+1", "formula")),
    (b'<f t="shared" si="0"/>', Special("=…", "formula")), (b"<f>A1&amp;B1</f>", Special("=A1&B1", "formula"))])
def test_a_formula_is_its_stored_value_or_else_itself(inside: bytes, value: object) -> None:
    stored = re.search(rb"<f>1\+1</f><v ?/>|<f>1\+1</f><v></v>", read_parts(saved(workbook()))[SHEET])
    assert stored is not None
    assert first(changed(saved(workbook()), (stored[0], inside))).value(2, 2) == value


def test_a_formula_with_the_empty_text_as_its_value_is_empty() -> None:
    data = changed(saved(workbook()), (b'<c r="D4" t="e"><v>#N/A</v></c>', b'<c r="D4" t="str"><f>""</f><v></v></c>'))
    assert first(data).value(3, 3) in ("", None)


@pytest.mark.parametrize("inside", [b"<v/>", b"<v></v>", b"<v> </v>", b"<f>1/0</f>", b"<f>1/0</f><v/>", b""])
def test_an_error_without_a_name_is_called_one(inside: bytes) -> None:
    data = changed(saved(workbook()), (b'<c r="D4" t="e"><v>#N/A</v></c>', b'<c r="D4" t="e">%b</c>' % inside))
    assert first(data).value(3, 3) == Special("#FEJL", "error")


@pytest.mark.parametrize("written", ["1E400", "-1E400", "NaN", "INF", "-1e+999"])
@pytest.mark.parametrize("look", ["0.0 %", "dd-mm-yyyy", "General"])
def test_a_number_that_is_none_is_read_as_it_is_written(written: str, look: str) -> None:
    book = workbook()
    book["Skema"]["B2"].number_format = look
    xml = read_parts(saved(book))[SHEET]
    before = re.search(rb'<c r="B2".*?</c>', xml)
    assert before is not None
    sheet = first(changed(saved(book), (before[0], before[0].replace(b"0.5", written.encode()))))
    assert sheet.value(1, 1) == written and sheet.value(3, 3) == Special("#N/A", "error")


def test_formulas_are_told_in_the_coordinators_own_workbooks_alone() -> None:
    data = saved(workbook())
    assert first(data, returned=False).formulas == {(2, 2): "1+1"} and first(data).formulas == {}


@pytest.mark.parametrize(("row", "formulas"), {
    "as most programs write it": (b'<c r="A5"><f>1+1</f><v>2</v></c><c r="C5"/><c r="D5"><f>A1</f></c>',
                                  {(4, 0): "1+1", (4, 3): "A1"}),
    "blanks before the formula": (b'<c r="A5">\n <f>1+1</f><v>2</v></c>', {(4, 0): "1+1"}),
    "a formula of several cells": (b'<c r="A5"><f t="shared" ref="A5:B5" si="0">C5</f><v>2</v></c>'
                                   b'<c r="B5"><f t="shared" si="0"/><v>3</v></c>', {(4, 0): "C5", (4, 1): ""}),
    "cells without a reference": (b'<c><v>1</v></c><c><f>1+1</f><v>2</v></c>', {(4, 1): "1+1"}),
    "the value before the formula": (b'<c r="A5"><v>2</v><f>1+1</f></c>', {(4, 0): "1+1"}),
    "a text that looks like one": (b'<c r="A5" t="inlineStr"><is><t>&lt;f> and :f </t></is></c><c r="B5"><f>1</f></c>',
                                   {(4, 1): "1"}),
}.values(), ids=lambda each: "" if isinstance(each, dict) else each[:24].decode())
def test_every_formula_is_found_however_its_cell_is_written(row: bytes, formulas: dict[tuple[int, int], str]) -> None:
    data = changed(saved(workbook()), (b"</sheetData>", b'<row r="5">' + row + b"</row></sheetData>"))
    assert first(data, returned=False).formulas == {(2, 2): "1+1", **formulas}


def test_percent_formats_are_known_cell_by_cell() -> None:
    percent = first(saved(workbook())).percent
    assert percent is not None
    assert [cell in percent for cell in ((1, 1), (2, 1), (0, 0), (40, 1))] == [True, False, False, False]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def cell_styles(*styles: str, before: str = "", behind: str = "") -> str:
    return f"{before}<cellXfs>{''.join(f'<xf {style}/>' for style in styles)}</cellXfs>{behind}"


def number_format(code: str, number: int = 164) -> str:
    return f'<numFmts><numFmt numFmtId="{number}" formatCode="{code}"/></numFmts>'


OWN, NONE, BUILT_IN = 'numFmtId="164"', 'fontId="0"', 'numFmtId="9"'


@pytest.mark.parametrize(("styles", "percent"), [
    (cell_styles(NONE, OWN, before=number_format("0.0%")), True),
    (cell_styles(NONE, OWN, before=number_format("0.0%")).replace('"', "'"), True),
    (cell_styles(NONE, BUILT_IN), True), (cell_styles(BUILT_IN, NONE), False), (cell_styles(NONE, NONE, BUILT_IN), False),
    (cell_styles(NONE, OWN, behind=f"<dxfs><dxf>{number_format('0%')[9:-10]}</dxf></dxfs>"), False),
    (cell_styles(NONE, NONE, before=cell_styles(BUILT_IN, BUILT_IN).replace("cellXfs", "cellStyleXfs")), False),
    (cell_styles(NONE, OWN, before=f"<numFmts><a:b xmlns:a='x'>{number_format('0%')[9:-10]}</a:b></numFmts>"), True),
    (cell_styles(NONE, OWN, before=number_format("0&quot;%&quot;")), False),
    (cell_styles(NONE, BUILT_IN, before="<!-- <cellXfs><xf/> -->"), True),
], ids=["own format", "single quotes", "a style without a format in front", "a style without a format", "further behind",
        "a format of a rule alone", "styles of styles", "a format between alternatives", "only a sign", "a comment"])
def test_the_styles_are_a_list(styles: str, percent: bool) -> None:
    parts = read_parts(saved(workbook()))
    parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'.encode()
    assert b' s="1"' in parts[SHEET]
    found = first(write_parts(parts)).percent
    assert found is not None and ((1, 1) in found) is percent


def test_notes_have_their_cells_texts_and_authors() -> None:
    book = workbook()
    book["Skema"]["B2"].comment = Comment("Er det\nmed moms?", "Ledelsen")
    assert first(saved(book)).notes == (Note("B2", "Er det\nmed moms?", "Ledelsen"),)


def threaded(stand_in: str, thread: bool = True) -> bytes:
    book = workbook()
    book["Skema"]["B2"].comment = Comment(stand_in, "tc={1}")
    parts = read_parts(saved(book))
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    if thread:
        relation = f'<Relationship Id="rIdT" Type="{TYPES}/threadedComment" Target="../threadedComments/t.xml"/>'
        parts[name] = parts[name].replace(b"</Relationships>", f"{relation}</Relationships>".encode())
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    parts["xl/threadedComments/t.xml"] = (
        f'<ThreadedComments xmlns="{space}"><threadedComment ref="B2" personId="p1"><text>Hvorfor?</text></threadedComment>'
        f'<threadedComment ref="B2" personId="p2"><text>Derfor</text></threadedComment></ThreadedComments>').encode()
    book = "xl/_rels/workbook.xml.rels"
    person = '<Relationship Id="rIdP" Type="http://schemas.microsoft.com/office/2017/10/relationships/person" '
    parts[book] = parts[book].replace(b"</Relationships>", f'{person}Target="persons/person.xml"/></Relationships>'.encode())
    parts["xl/persons/person.xml"] = (f'<personList xmlns="{space}"><person id="p1" displayName="Ledelsen"/>'
                                      '<person id="p2" displayName="Børneteamet"/></personList>').encode()
    return write_parts(parts)


def test_threaded_comments_are_told_with_every_reply_and_without_their_stand_in() -> None:
    assert first(threaded("[Trådet kommentar] … Kommentar: Hvorfor?")).notes == (
        Note("B2", "Hvorfor?", "Ledelsen"), Note("B2", "Derfor", "Børneteamet"))


def test_a_stand_in_whose_thread_is_gone_is_told_without_excels_own_words() -> None:
    data = threaded("[Threaded comment] Your version … Comment: Hvorfor?", thread=False)
    assert first(data).notes == (Note("B2", "Hvorfor?"),)


def test_cells_merged_over_several_rows_are_told_and_those_within_a_row_not() -> None:
    book = workbook()
    book["Skema"].merge_cells("A6:B8")
    book["Skema"].merge_cells("A9:C9")
    assert first(saved(book)).merged == ((5, 0, 7, 1),)


def test_text_boxes_and_pictures_are_told() -> None:
    space = "http://schemas.openxmlformats.org/drawingml/2006"
    drawing = (f'<x:wsDr xmlns:x="{space}/spreadsheetDrawing" xmlns:a="{space}/main"><x:twoCellAnchor><x:sp><x:txBody><a:p>'
               "<a:r><a:t>Husk </a:t></a:r><a:r><a:t>moms</a:t></a:r></a:p><a:p><a:r><a:t>To</a:t></a:r></a:p></x:txBody>"
               "</x:sp></x:twoCellAnchor><x:oneCellAnchor><x:pic/></x:oneCellAnchor></x:wsDr>")
    rels = (f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{TYPES}/drawing" Target="../Drawings/d.xml"/>'
            "</Relationships>")
    parts = {**read_parts(saved(workbook())), "xl/drawings/d.xml": drawing.encode(),
             "xl/worksheets/_rels/sheet1.xml.rels": rels.encode()}
    assert first(write_parts(parts)).drawings == ("Husk moms\nTo", "")


def test_when_and_by_what_a_workbook_was_saved_and_its_names() -> None:
    book = workbook()
    book.defined_names["Frist"] = DefinedName("Frist", attr_text="'Skema'!$B$3:$B$4")
    data = reproducible(saved(book), datetime(2015, 6, 1, 12))
    found = read(data, returned=False)
    assert found.source.when == "2015-06-01T12:00:00Z" and found.source.program.startswith("Microsoft Excel")
    assert found.names == {"Frist": ("Skema", 2, 1)}
    from_mail = read_bytes(data, Source("0", "svar.xlsx", when="2015-06-02T08:00:00Z"), returned=True)
    assert isinstance(from_mail, Workbook) and from_mail.source.when == "2015-06-02T08:00:00Z" and from_mail.names == {}


# ---------------------------------------------------------------- files and folders

def test_files_are_found_in_folders_once_each_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("b.xlsx", "a/a.xlsx", "~$b.xlsx", ".DS_Store", "c.docx"):
        (tmp_path / name).write_bytes(b"x")
    files, problems = workbook_files([tmp_path / "b.xlsx", tmp_path, tmp_path / "findes ikke"])
    assert [path.name for path in files] == ["a.xlsx", "b.xlsx", "c.docx"]
    assert [(each.code, each.place.file) for each in problems] == [
        ("file-missing", "findes ikke"), ("open-elsewhere", "b.xlsx")]
    assert [path.name for path in candidates(tmp_path)] == ["b.xlsx"] and list(candidates(tmp_path / "x")) == []


def test_a_file_of_another_kind_and_one_that_is_gone_are_problems(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK")
    assert [each.code for name in ("a.docx", "a.xlsx") if isinstance(each := read_workbook(tmp_path / name), Finding)] == [
        "file-kind", "file-busy"]


@pytest.mark.parametrize(("text", "encoding"), [
    ("Mål-id;Resultat\nM1;5,5\n", "utf-8"), ("Mål-id;Resultat\nM1;5,5\n", "utf-8-sig"),
    ("Mål-id\tResultat\nM1\t5,5\n", "utf-16"), ("Mål-id;Resultat\nM1;5,5\n", "cp1252"),
    ('"Mål-id";"Resultat"\nM1;"5,5"', "utf-8")])
def test_a_list_is_a_sheet_whatever_separates_and_encodes_it(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "maal.csv"
    path.write_bytes(text.encode(encoding))
    book = read_csv(path, "Mål")
    assert isinstance(book, Workbook) and book.sheets[0].name == "Mål"
    assert [list(row) for row in book.sheets[0].rows] == [["Mål-id", "Resultat"], ["M1", "5,5"]]


@pytest.mark.parametrize(("code", "percent"), [("0.0%", True), ('0.0" %"', False), ("0\\%", False)])
def test_a_format_that_only_shows_the_sign_is_no_percent_format(code: str, percent: bool) -> None:
    book = workbook()
    book.active.cell(2, 2).number_format = code
    cells = first(saved(book)).percent
    assert cells is not None and ((1, 1) in cells) is percent
