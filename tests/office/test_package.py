"""Packages: parts found by their relations, the same bytes for the same content, and cells changed in place."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from aftale.office.package import (
    BAD_PACKAGE,
    EPOCH,
    Parts,
    add_sheet,
    let_rows_grow,
    owners_of_parts,
    read_parts,
    related,
    relations,
    reproducible,
    set_rows,
    sheet_parts,
    with_cells,
    workbook_part,
    write_parts,
)

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rels(*targets: tuple[str, str], more: str = "") -> bytes:
    each = "".join(f'<Relationship Id="rId{n}" Type="{TYPES}/{kind}" Target="{target}" {more}/>'
                   for n, (kind, target) in enumerate(targets, 1))
    return f'<Relationships xmlns="{RELATIONS}">{each}</Relationships>'.encode()


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Mål"
    sheet["A1"], sheet["B1"], sheet["D3"] = "Mål-id", 7, "=1+1"
    sheet["B1"].font = Font(bold=True)
    sheet["A1"].comment = Comment("note", "Ledelsen")
    book.create_sheet("Forside")["A1"] = "Aftale"
    book.save(out)
    return out.getvalue()


def changed_part(data: bytes, sheet: str) -> bytes:
    parts = read_parts(data)
    return parts[sheet_parts(parts)[sheet]]


def loaded(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


# ---------------------------------------------------------------- parts and relations

def test_parts_are_unpacked_one_by_one_and_a_missing_one_is_empty() -> None:
    data = workbook()
    parts = Parts(data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert dict(parts) == {name: package.read(name) for name in package.namelist()}
    assert parts.read("findes/ikke.xml") == b"" and "findes/ikke.xml" not in parts
    assert read_parts(data) == dict(parts)


def test_a_damaged_part_raises_when_it_is_read_and_not_before() -> None:
    data = bytearray(workbook())
    at = data.find(b"xl/workbook.xml") + len("xl/workbook.xml") + 5
    data[at:at + 20] = bytes(20)
    parts = Parts(bytes(data))
    assert parts.read("[Content_Types].xml")
    with pytest.raises(BAD_PACKAGE):
        parts.read("xl/workbook.xml")


@pytest.mark.parametrize("target", ["worksheets/s.xml", "/xl/worksheets/s.xml", "./worksheets/s.xml",
                                    "../xl/worksheets/s.xml", "worksheets\\s.xml", "Worksheets/S.XML",
                                    "x/../worksheets/s.xml"])
@pytest.mark.parametrize("name", ["xl/worksheets/s.xml", "xl\\worksheets\\s.xml", "XL/Worksheets/S.xml"])
def test_a_part_is_found_however_its_name_is_spelt(target: str, name: str) -> None:
    parts = {"_rels/.rels": rels(("officeDocument", "xl/workbook.xml")),
             "xl/workbook.xml": f'<workbook xmlns:r="{TYPES}"><sheet xmlns="x" name="Ark" r:id="rId1"/></workbook>'.encode(),
             "xl/_rels/workbook.xml.rels": rels(("worksheet", target)), name: b"<x/>"}
    assert workbook_part(parts) == "xl/workbook.xml"
    assert [each[:2] for each in relations(parts, "xl/workbook.xml").values()] == [("worksheet", name)]
    assert sheet_parts(parts) == {"Ark": name}


def test_a_workbook_of_any_name_is_found_and_one_that_nothing_refers_to_by_its_usual_name() -> None:
    assert workbook_part({"_rels/.rels": rels(("officeDocument", "/bog/b.xml")), "bog/b.xml": b"<x/>"}) == "bog/b.xml"
    assert workbook_part({"xl/Workbook.bin": b""}) == "xl/Workbook.bin"
    assert workbook_part({"word/document.xml": b""}) == ""


def test_what_lies_outside_the_package_is_no_part() -> None:
    parts = {"xl/_rels/a.xml.rels": rels(("hyperlink", "https://example.dk/a"), more='TargetMode="External"')}
    assert relations(parts, "xl/a.xml")["rId1"][:2] == ("hyperlink", "") and related(parts, "xl/a.xml", "hyperlink") == []


def test_every_part_belongs_to_the_sheet_that_leads_to_it() -> None:
    parts = Parts(workbook())
    sheets = sheet_parts(parts)
    assert list(sheets) == ["Mål", "Forside"]
    comments, = related(parts, sheets["Mål"], "comments")
    owners = owners_of_parts(parts)
    assert owners[comments] == owners[sheets["Mål"]] == "Mål" and owners[sheets["Forside"]] == "Forside"


# ---------------------------------------------------------------- the same bytes

def test_the_same_parts_give_the_same_bytes_with_no_clock_in_them() -> None:
    data = workbook()
    with zipfile.ZipFile(io.BytesIO(write_parts(read_parts(data)))) as package:
        infos = package.infolist()
    assert infos[0].filename == "[Content_Types].xml"
    assert {info.date_time for info in infos} == {EPOCH.timetuple()[:6]} and {info.create_system for info in infos} == {3}
    when = datetime(2015, 6, 1, 12)
    assert reproducible(data, when) == reproducible(reproducible(data), when)
    assert loaded(reproducible(data, when)).properties.modified == when


# ---------------------------------------------------------------- cells changed in place

def test_cells_are_changed_and_everything_else_stays() -> None:
    data = workbook()
    changed = with_cells(data, "Mål", {"A1": "Æøå\r\nto", "B1": 2.5, "C1": "ny", "D3": "uden formel", "AB9": "=1+1",
                                       "A5": ""})
    sheet = loaded(changed)["Mål"]
    assert [sheet[cell].value for cell in ("A1", "B1", "C1", "D3", "A5")] == ["Æøå\nto", 2.5, "ny", "uden formel", None]
    assert b'<c r="AB9" t="inlineStr"><is><t xml:space="preserve">=1+1</t>' in changed_part(changed, "Mål")
    assert sheet["B1"].font.b and sheet["A1"].comment.text == "note"
    before, after = read_parts(data), read_parts(changed)
    part = sheet_parts(before)["Mål"]
    assert {name for name in before if before[name] != after[name]} == {part}
    assert re.findall('<row r="([0-9]+)"', after[part].decode()) == ["1", "3", "5", "9"]


def test_cells_without_a_reference_follow_one_another() -> None:
    parts = read_parts(workbook())
    part = sheet_parts(parts)["Forside"]
    parts[part] = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c><v>1</v></c>'
                   b"<c><v>2</v></c></row></sheetData></worksheet>")
    sheet = loaded(with_cells(write_parts(parts), "Forside", {"B1": 9, "C1": 3}))["Forside"]
    assert [cell.value for cell in sheet[1]] == [1, 9, 3]


def test_a_cell_that_loses_its_formula_is_taken_off_the_calculation_chain() -> None:
    parts = read_parts(workbook())
    book = workbook_part(parts)
    parts["xl/calcChain.xml"] = b'<calcChain><c r="D3" i="1"/></calcChain>'
    chain = f'<Relationship Id="rId99" Type="{TYPES}/calcChain" Target="calcChain.xml"/></Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", chain.encode())
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="x"/></Types>')
    kept = read_parts(with_cells(write_parts(parts), "Mål", {"A1": "x"}))
    assert related(kept, book, "calcChain") == ["xl/calcChain.xml"]
    gone = read_parts(with_cells(write_parts(parts), "Mål", {"D3": "x"}))
    assert "xl/calcChain.xml" not in gone and not related(gone, book, "calcChain")
    assert b"calcChain" not in gone["[Content_Types].xml"]


def test_a_sheet_is_added_hidden_behind_the_others_and_filled_with_rows_of_text() -> None:
    parts = read_parts(workbook())
    part = add_sheet(parts, "_aftale")
    set_rows(parts, part, [["post", "", "værdi"], ["_x0041_", "b"]])
    book = loaded(write_parts(parts))
    assert book.sheetnames == ["Mål", "Forside", "_aftale"] and book["_aftale"].sheet_state == "hidden"
    assert [[cell.value for cell in row] for row in book["_aftale"].iter_rows()][0] == ["post", None, "værdi"]
    assert b"_x005F_x0041_" in parts[part]  # or Excel would read it as the letter A


def test_rows_may_grow_where_they_are_told_to() -> None:
    parts = read_parts(workbook())
    part = sheet_parts(parts)["Mål"]
    parts[part] = parts[part].replace(b'<row r="1"', b'<row r="1" ht="30" customHeight="1"').replace(
        b'<row r="3"', b'<row r="3" ht="30" customHeight="1"')
    xml = read_parts(let_rows_grow(write_parts(parts), part, {3}))[part]
    assert xml.count(b'customHeight="1"') == 1 and xml.count(b'ht="30"') == 2
    assert xml.index(b"customHeight") < xml.index(b'<row r="3"')
