"""A workbook is found by its relations: whatever its parts are called and wherever they lie, everything in it is seen."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

import pytest
from conftest import Year, fill_in
from layouts import BOOK_RELS, LAYOUTS, OFFICE, TYPES, laid_out, packed, unpacked
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from aftale.intake.read import read_bytes
from aftale.intake.workers import Opened
from aftale.model.findings import Finding
from aftale.model.place import Source
from aftale.model.received import Found
from aftale.model.workbook import PICTURE, Special, Workbook, WorkbookSheet, cell_name
from aftale.office.openpyxl_book import open_book
from aftale.office.package import read_parts, sheet_parts, with_cells
from aftale.steps.indlaes import indlaes

SHEET = "xl/worksheets/sheet1.xml"
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
_BOX = (f'<x:wsDr xmlns:x="{_DRAWN}/spreadsheetDrawing" xmlns:a="{_DRAWN}/main"><x:twoCellAnchor><x:sp><x:txBody><a:p><a:r>'
        "<a:t>Husk moms</a:t></a:r></a:p></x:txBody></x:sp></x:twoCellAnchor></x:wsDr>")


def _change(sheet: Worksheet) -> None:
    far: Any = sheet
    far["Z60"], far["Z61"], far["Z62"] = "#N/A", "=1+1", 0.5
    far["Z62"].number_format = "0 %"
    far["Z63"], far["Z64"] = 0.5, "samlet"
    far.merge_cells("Z64:Z66")
    far["Z60"].comment = Comment("En note", "Ledelsen")


@pytest.fixture(scope="module")
def full(_made: Year) -> bytes:
    """A skema with an answer and one of each thing that only its package tells."""
    data = fill_in(_made.forms["Ledelsen"].read_bytes(), {"M4.2.1": {"Status": "Opfyldt"}}, change=_change)
    parts = unpacked(data)
    parts["xl/drawings/drawing9.xml"] = _BOX.encode()
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    relation = f'<Relationship Id="rId99" Type="{OFFICE}/drawing" Target="../drawings/drawing9.xml"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", relation.encode())
    return packed(parts)


def opened(data: bytes, name: str = "svar.xlsx") -> Workbook:
    book = read_bytes(data, name, returned=True)
    assert isinstance(book, Workbook), book
    return book


SEEN: dict[str, Any] = {
    "the error": lambda sheet: sheet.value(59, 25) == Special("#N/A", "error"),
    "the uncalculated formula": lambda sheet: sheet.value(60, 25) == Special("=1+1", "formula"),
    "the percent format": lambda sheet: (61, 25) in sheet.percent and (62, 25) not in sheet.percent,
    "the merged cells": lambda sheet: (63, 25, 65, 25) in sheet.merged,
    "the note": lambda sheet: [(note.cell, note.text) for note in sheet.notes] == [("Z60", "En note")],
    "the text box": lambda sheet: "Husk moms" in sheet.drawings,
}


@pytest.mark.parametrize("thing", SEEN)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_everything_is_seen_in_every_layout(full: bytes, layout: str, thing: str) -> None:
    sheet = next(each for each in opened(laid_out(full, layout)).sheets if each.name == "Skema")
    assert SEEN[thing](sheet)


def test_the_books_give_the_same_totals_in_every_layout(full: bytes, year: Year) -> None:
    year.answers.mkdir(exist_ok=True)
    answer = year.answers / "svar.xlsx"
    told = {}
    for layout in LAYOUTS:
        answer.write_bytes(laid_out(full, layout))
        data = indlaes(year.agreement, [answer]).data
        problems = sorted((each["code"], each["cell"]) for each in data["problems"])
        if layout == "a sheet without a relation":
            assert [each["sheet"] for each in data["problems"] if each["code"] == "sheet-unread"] == ["Gammelt"]
            problems.remove(("sheet-unread", ""))
        told[layout] = (data["cells"], problems)
    usual = told["as Excel lays it out"]
    assert usual[0]["balance"] is True and usual[0]["total"] > 100
    assert {layout: each for layout, each in told.items() if each != usual} == {}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_workbook_opens_for_changing_in_every_layout(full: bytes, layout: str) -> None:
    """As a template does, and as an agreement that gets its Mål-id."""
    data = laid_out(full, layout)
    assert open_book(data)["Skema"]["Z64"].value == "samlet"
    changed = with_cells(data, "Skema", {"Z64": "ændret"})
    assert open_book(changed)["Skema"]["Z64"].value == "ændret"
    assert opened(changed).sheets[-1].name == "_aftale" and "Skema" in sheet_parts(read_parts(changed))


def test_a_sheet_that_the_workbook_leads_to_and_that_is_not_there_is_a_damaged_file(full: bytes) -> None:
    parts = unpacked(full)
    del parts[SHEET]
    refused = read_bytes(packed(parts), "svar.xlsx", returned=True)
    assert isinstance(refused, Finding) and refused.code == "file-damaged"


# ---------------------------------------------------------------- whatever it is called

@pytest.mark.parametrize("name", ["svar.zip", "svar", "svar.xlsx.download", "svar.xlsx (1)", "svar.XLSX", "svar.xlsx.part",
                                  "svar.dat", "svar.docx"])
@pytest.mark.parametrize("layout", ["as Excel lays it out", "names with backslashes", "everything at the root"])
def test_a_workbook_is_what_its_content_says(full: bytes, layout: str, name: str, year: Year) -> None:
    data = laid_out(full, layout)
    assert isinstance(Opened(Found(name, data), Source("0", name)).read(returned=True), Workbook)
    if name in ("svar.zip", "svar"):
        year.answers.mkdir(exist_ok=True)
        (year.answers / name).write_bytes(data)
        answered = {each["id"]: each["answers"] for each in indlaes(year.agreement, [year.answers]).data["goals"]}
        assert answered["M4.2.1"]["status"] == "Opfyldt"


@pytest.mark.parametrize("layout", ["as Excel lays it out", "names with backslashes"])
@pytest.mark.parametrize("container", ["a mail", "an archive"])
def test_so_it_is_in_a_mail_and_in_an_archive(full: bytes, layout: str, container: str, year: Year) -> None:
    year.answers.mkdir(exist_ok=True)
    data = laid_out(full, layout)
    if container == "an archive":
        (year.answers / "svar.zip").write_bytes(packed({"mappe/skema": data}))
    else:
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "ledelsen@example.dk", "Svar"
        mail.set_content("Hermed.")
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename="skema")
        (year.answers / "svar.eml").write_bytes(mail.as_bytes())
    answered = {each["id"]: each["answers"] for each in indlaes(year.agreement, [year.answers]).data["goals"]}
    assert answered["M4.2.1"]["status"] == "Opfyldt"


def test_a_document_with_backslashes_is_called_what_it_is() -> None:
    data = packed({"[Content_Types].xml": b"<Types/>", "_rels\\.rels": b"<Relationships/>", "word\\document.xml": b"<x/>"})
    for each, what in ((data, "Word"), (packed({}), "zip-arkiv")):
        told = read_bytes(each, "svar.xlsx", returned=True)
        assert isinstance(told, Finding) and told.code == "file-other" and what in told.message


# ---------------------------------------------------------------- errors, and pictures in cells

def in_cell(data: bytes, cell: bytes) -> bytes:
    """Return the skema with another cell in place of the error."""
    parts = unpacked(data)
    before = b'<c r="Z60" t="e"><v>#N/A</v></c>'
    assert before in parts[SHEET]
    return packed({**parts, SHEET: parts[SHEET].replace(before, cell)})


def skema(data: bytes) -> WorkbookSheet:
    return next(each for each in opened(data).sheets if each.name == "Skema")


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#GETTING_DATA", "#CONNECT!", "#BUSY!",
                                   "#NAVN?", "#N/A", "#DIV/0!", "noget helt andet"])
def test_an_error_of_any_name_is_that_cell_and_the_rest_is_read(full: bytes, error: str) -> None:
    sheet = skema(in_cell(full, f'<c r="Z60" t="e"><v>{error}</v></c>'.encode()))
    assert sheet.value(59, 25) == Special(error, "error") and sheet.value(61, 25) == 0.5
    assert "Opfyldt" in {value for _, _, value in sheet.filled()}


def rich(data: bytes, structure: str) -> bytes:
    """Return the skema with a rich value in place of the error, as Excel writes a picture placed in a cell."""
    parts = unpacked(in_cell(data, b'<c r="Z60" t="e" vm="2"><v>#VALUE!</v></c>'))
    space = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    block = f'<bk><extLst><ext uri="{{x}}"><r:rvb xmlns:r="{space}" i="%d"/></ext></extLst></bk>'
    parts["xl/metadata.xml"] = (
        f'<metadata xmlns="{main}"><metadataTypes count="1"><metadataType name="XLRICHVALUE"/></metadataTypes>'
        f'<futureMetadata name="XLRICHVALUE" count="2">{block % 1}{block % 0}</futureMetadata><valueMetadata count="2">'
        '<bk><rc t="1" v="1"/></bk><bk><rc t="1" v="0"/></bk></valueMetadata></metadata>').encode()
    parts["xl/richData/rdrichvalue.xml"] = (f'<rvData xmlns="{space}" count="2"><rv s="0"><v>8</v></rv><rv s="1"><v>0</v>'
                                            "<v>5</v></rv></rvData>").encode()
    parts["xl/richData/rdrichvaluestructure.xml"] = (
        f'<rvStructures xmlns="{space}" count="2"><s t="_error"><k n="errorType" t="i"/></s><s t="{structure}"><k '
        'n="_rvRel:LocalImageIdentifier" t="i"/></s></rvStructures>').encode()
    kinds = {"sheetMetadata": f"{OFFICE}/sheetMetadata", "rdRichValue": "x/2017/06/relationships/rdRichValue",
             "rdRichValueStructure": "x/2017/06/relationships/rdRichValueStructure"}
    targets = ("metadata.xml", "richData/rdrichvalue.xml", "richData/rdrichvaluestructure.xml")
    relations = "".join(f'<Relationship Id="rIdX{n}" Type="{kind}" Target="{target}"/>'
                        for n, (kind, target) in enumerate(zip(kinds.values(), targets, strict=True)))
    parts[BOOK_RELS] = parts[BOOK_RELS].replace(b"</Relationships>", f"{relations}</Relationships>".encode())
    return packed(parts)


@pytest.mark.parametrize(("structure", "read"), [
    ("_localImage", PICTURE), ("_webimage", PICTURE), ("_error", Special("#VALUE!", "error")),
    ("_linkedentity", Special("#VALUE!", "error"))])
def test_a_picture_in_a_cell_is_no_error(full: bytes, structure: str, read: Special) -> None:
    assert skema(rich(full, structure)).value(59, 25) == read


def test_a_picture_as_an_answer_is_asked_about_as_a_picture(full: bytes, year: Year) -> None:
    parts = unpacked(rich(full, "_localImage"))
    sheet = skema(full)
    at = next(cell_name(row, column) for row, column, value in sheet.filled() if value == "Opfyldt")
    parts[SHEET] = re.sub(rb'(<c r="%b") [^>]*>.*?</c>' % at.encode(), rb'\1 t="e" vm="2"><v>#VALUE!</v></c>', parts[SHEET],
                          count=1)
    year.answers.mkdir(exist_ok=True)
    (year.answers / "svar.xlsx").write_bytes(packed(parts))
    data = indlaes(year.agreement, [year.answers]).data
    asked = next(each for each in data["problems"] if each["code"] == "cell-picture")
    assert "billede" in asked["message"] and asked["cell"] == at and data["cells"]["balance"] is True


def test_what_the_types_call_a_chart_sheet_stays_one(full: bytes) -> None:
    parts = unpacked(full)
    parts[BOOK_RELS] = parts[BOOK_RELS].replace(
        b"</Relationships>", f'<Relationship Id="rIdC" Type="{OFFICE}/chartsheet" Target="./chartsheets/sheet1.xml"/>'
                             "</Relationships>".encode())
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<sheets>", b'<sheets><sheet xmlns:z="%b" name="Diagram" sheetId="901" z:id="rIdC"/>' % OFFICE.encode())
    parts["xl/chartsheets/sheet1.xml"] = (b'<chartsheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                                          b"<sheetViews/></chartsheet>")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.chartsheet+xml"
    parts[TYPES] = parts[TYPES].replace(
        b"</Types>", f'<Override PartName="/xl/chartsheets/sheet1.xml" ContentType="{kind}"/></Types>'.encode())
    assert "Diagram" not in [sheet.name for sheet in opened(packed(parts)).sheets]
    assert skema(packed(parts)).value(59, 25) == Special("#N/A", "error")
