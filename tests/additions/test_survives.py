"""Each kind of thing that the coordinator has in a follow-up, at each place: there after flet, or named and kept beside."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter
from conftest import Year, cell_at, column_of, header_row, merge, once, out
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from aftale.office.package import CONTENT_TYPES, read_parts, sheet_parts, write_parts
from aftale.office.report import Report

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c6360606060"
                    "00000005000167a5ed4a0000000049454e44ae426082")
Place = Callable[[Any], tuple[str, str]]
Put = Callable[[bytes, str, str], bytes]


def begin(year: Year) -> None:
    year.fill("Børneteamet", {"M2.2.2": {"Resultat": 4, "Status": "Opfyldt", "Bemærkninger": "Alle skoler er med."}})
    once(merge, year)


def late(year: Year, number: int) -> Report:
    owner, goal = (("Husteamet", "M2.1.1"), ("Ungeteamet", "M1.2.1"))[number]
    year.fill(owner, {goal: {"Status": "Opfyldt", "Bemærkninger": "Det er gået godt."}})
    return merge(year)


# ---------------------------------------------------------------- where

def own_column(book: Any) -> tuple[str, str]:
    sheet = book["Opfølgning"]
    top = header_row(sheet)
    if not any(cell.value == "Eget" for cell in sheet[top]):
        sheet.cell(top, sheet.max_column + 1).value = "Eget"
        cell_at(sheet, "M2.2.3", "Eget").value = "Ring"
    return sheet.title, cell_at(sheet, "M2.2.2", "Eget").coordinate


def own_sheet(book: Any) -> tuple[str, str]:
    if "Noter" not in book.sheetnames:
        book.create_sheet("Noter")["A1"] = "Husk"
    return "Noter", "B3"


def answer_cell(book: Any) -> tuple[str, str]:
    return "Opfølgning", cell_at(book["Opfølgning"], "M2.2.2", "Bemærkninger").coordinate


# ---------------------------------------------------------------- what

def cell_xml(data: bytes, sheet: str, cell: str, inner: bytes, **attributes: str) -> dict[str, bytes]:
    """Return the parts of a workbook in which a cell (that is there) holds something else."""
    parts = read_parts(data)
    part = sheet_parts(parts)[sheet]
    pattern = re.compile(rb'<c r="%s"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)' % cell.encode(), re.DOTALL)
    more = "".join(f' {name}="{value}"' for name, value in attributes.items()).encode()
    parts[part], times = pattern.subn(lambda found: b'<c r="%s"%s%s>%s</c>' % (cell.encode(), b"" if "s" in attributes
                                                                              else found[1], more, inner), parts[part])
    assert times == 1
    return parts


def made(draw: Callable[[Any, Any], None]) -> dict[str, bytes]:
    """Return the parts of a workbook that another program has made."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    draw(book, book.add_worksheet())
    book.close()
    return read_parts(target.getvalue())


def taken_over(parts: dict[str, bytes], other: Mapping[str, bytes], *folders: str) -> bytes:
    """Put parts of another workbook into this one, with what leads to them."""
    new = {name: content for name, content in other.items() if name.startswith(folders)}
    types = [each for each in re.findall(rb"<(?:Override|Default)[^>]*/>", other[CONTENT_TYPES])
             if b"png" in each or any(name.encode() in each for name in new)]
    parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(b"</Types>", b"".join(types) + b"</Types>")
    rels = "xl/_rels/workbook.xml.rels"
    leads = [re.sub(rb'Id="\w+"', b'Id="rIdNew%d"' % number, each) for number, each in enumerate(
        re.findall(rb"<Relationship [^>]*/>", other[rels])) if any(name[len("xl/"):].encode() in each for name in new)]
    parts[rels] = parts[rels].replace(b"</Relationships>", b"".join(leads) + b"</Relationships>")
    return write_parts(parts | new)


def truth(data: bytes, sheet: str, cell: str) -> bytes:
    return write_parts(cell_xml(data, sheet, cell, b"<v>1</v>", t="b"))


def tick_box(data: bytes, sheet: str, cell: str) -> bytes:
    other = made(lambda _, page: page.insert_checkbox("A1", True))
    [style] = re.findall(rb"<xf (?:(?!</?xf ).)*xfComplement.*?</xf>", other["xl/styles.xml"], re.DOTALL)
    parts = read_parts(data)
    number = len(re.findall(rb"<xf ", parts["xl/styles.xml"].partition(b"<cellXfs")[2].partition(b"</cellXfs>")[0]))
    parts = cell_xml(data, sheet, cell, b"<v>1</v>", t="b", s=str(number))
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"</cellXfs>", style + b"</cellXfs>")
    return taken_over(parts, other, "xl/featurePropertyBag/")


def picture(data: bytes, sheet: str, cell: str) -> bytes:
    other = made(lambda _, page: page.embed_image("A1", "a.png", {"image_data": io.BytesIO(PNG)}))
    parts = cell_xml(data, sheet, cell, b"<v>#VALUE!</v>", t="e", vm="1")
    return taken_over(parts, other, "xl/richData/", "xl/metadata.xml", "xl/media/")


def error(data: bytes, sheet: str, cell: str) -> bytes:
    return write_parts(cell_xml(data, sheet, cell, b"<v>#N/A</v>", t="e"))


def never_calculated(data: bytes, sheet: str, cell: str) -> bytes:
    return write_parts(cell_xml(data, sheet, cell, b"<f>Overblik!A1</f>"))


# ---------------------------------------------------------------- what became of it

def has_tick_box(data: bytes, sheet: str, cell: str) -> bool:
    parts = read_parts(data)
    styles = ElementTree.fromstring(parts["xl/styles.xml"])
    formats = next(each for each in styles if each.tag.endswith("}cellXfs"))
    found = next(each for each in ElementTree.fromstring(parts[sheet_parts(parts)[sheet]]).iter() if each.get("r") == cell)
    assert any(name.startswith("xl/featurePropertyBag/") for name in parts)
    return any(each.tag.endswith("}xfComplement") for each in formats[int(found.get("s", "0"))].iter())


def kept_files(year: Year) -> list[bytes]:
    return [path.read_bytes() for path in sorted(year.folder.glob("opfoelgning_tidligere_*.xlsx"))]


def put(year: Year, where: Place, what: Put) -> str:
    """Put a thing into the follow-up, and return the name of its cell."""
    book = openpyxl.load_workbook(out(year))
    sheet, cell = where(book)
    if book[sheet][cell].value is None:
        book[sheet][cell] = "?"
    saved = io.BytesIO()
    book.save(saved)
    out(year).write_bytes(what(saved.getvalue(), sheet, cell))
    return cell


@pytest.mark.parametrize(("where", "what", "becomes"), [
    pytest.param(own_column, truth, True, id="SAND in an own column stays a truth value"),
    pytest.param(own_sheet, truth, True, id="SAND on an own sheet stays a truth value"),
    pytest.param(own_column, tick_box, True, id="a tick box in an own column stays one"),
    pytest.param(own_sheet, tick_box, True, id="a tick box on an own sheet stays one")])
def test_what_is_carried_is_there_after_two_flets_and_no_file_is_kept(year: Year, where: Place, what: Put,
                                                                     becomes: object) -> None:
    begin(year)
    put(year, where, what)
    for number in range(2):
        late(year, number)
        book = openpyxl.load_workbook(out(year))
        sheet, cell = where(book)
        assert book[sheet][cell].value is becomes
        assert what is not tick_box or has_tick_box(out(year).read_bytes(), sheet, cell)
    assert kept_files(year) == []


def test_a_truth_value_survives_libreoffice_between_two_flets(year: Year, libreoffice: Any) -> None:
    begin(year)
    put(year, own_column, truth)
    late(year, 0)
    out(year).write_bytes(libreoffice(out(year)).read_bytes())
    late(year, 1)
    book = openpyxl.load_workbook(out(year))
    sheet, cell = own_column(book)
    assert book[sheet][cell].value is True
    assert kept_files(year) == []


ALL_PLACES = {"an own column": own_column, "an own sheet": own_sheet, "an answer cell": answer_cell}


@pytest.mark.parametrize(("where", "what", "becomes"), [
    *(pytest.param(where, picture, "Alle skoler er med." if where is answer_cell else None, id=f"a picture in {place}")
      for place, where in ALL_PLACES.items()),
    *(pytest.param(where, never_calculated, "Alle skoler er med." if where is answer_cell else None,
                   id=f"a formula that was never calculated in {place}") for place, where in ALL_PLACES.items()),
    pytest.param(own_column, error, "#N/A", id="#I/T in an own column"),
    pytest.param(answer_cell, error, "Alle skoler er med.", id="#I/T in an answer cell"),
    pytest.param(answer_cell, tick_box, "SAND", id="a tick box in an answer cell")])
def test_what_cant_be_carried_is_named_with_its_cell_and_the_earlier_file_is_kept(
        year: Year, where: Place, what: Put, becomes: str | None) -> None:
    begin(year)
    cell = put(year, where, what)
    before = out(year).read_bytes()
    report = late(year, 0)
    book = openpyxl.load_workbook(out(year))
    sheet, at = where(book)
    assert f"{cell} på arket {sheet}" in "\n".join(report.said)
    assert kept_files(year) == [before]
    assert book[sheet][at].value == becomes
    late(year, 1)
    assert kept_files(year) == [before]


# ---------------------------------------------------------------- what a sheet of their own does

def link_in(book: Any, where: Place) -> str:
    sheet, cell = where(book)
    book[sheet][cell].value = book[sheet][cell].value or "Referat"
    book[sheet][cell].hyperlink = "https://kse.example.dk/referat?nr=1"
    return cell


def test_what_an_own_sheet_does_is_there_after_two_flets(year: Year) -> None:
    begin(year)
    book = openpyxl.load_workbook(out(year))
    own_sheet(book)
    sheet = book["Noter"]
    link_in(book, own_sheet)
    sheet["B4"], sheet["B4"].hyperlink = "Til tallene", Hyperlink("B4", location="Noter!A1", display="Til tallene")
    sheet.add_data_validation(DataValidation("list", formula1='"ja,nej"', sqref="C1:C9 E1", showErrorMessage=True))
    sheet.add_data_validation(DataValidation("whole", "1", "$A$9", operator="between", sqref="D1", prompt="1 til 9"))
    sheet.conditional_formatting.add("C1:C9", CellIsRule("equal", ['"nej"'], fill=PatternFill(bgColor="FFC7CE")))
    sheet.conditional_formatting.add("A1:A9", FormulaRule(["LEN(A1)>3"], font=Font(bold=True, color="9C0006")))
    sheet.auto_filter.ref = "A1:E9"
    sheet.protection.sheet, sheet.protection.formatCells = True, False
    sheet["C1"].protection = Protection(locked=False)
    book.defined_names["Mine_tal"] = DefinedName("Mine_tal", attr_text="Noter!$A$1:$A$9")
    book.save(out(year))
    for number in range(2):
        said = "\n".join(late(year, number).said)
        assert "Ikke overført" not in said
        book = openpyxl.load_workbook(out(year))
        sheet = book["Noter"]
        assert (sheet["B3"].value, sheet["B3"].hyperlink.target) == ("Referat", "https://kse.example.dk/referat?nr=1")
        assert (sheet["B4"].value, sheet["B4"].hyperlink.location) == ("Til tallene", "Noter!A1")
        lists = {str(each.sqref): (each.type, each.formula1, each.formula2)
                 for each in sheet.data_validations.dataValidation}
        assert lists == {"C1:C9 E1": ("list", '"ja,nej"', None), "D1": ("whole", "1", "$A$9")}
        rules = {str(area.sqref): (rule.type, rule.formula, rule.dxf) for area in sheet.conditional_formatting
                 for rule in area.rules}
        assert rules["C1:C9"][:2] == ("cellIs", ['"nej"']) and rules["C1:C9"][2].fill.bgColor.rgb == "FFFFC7CE"
        assert rules["A1:A9"][:2] == ("expression", ["LEN(A1)>3"]) and rules["A1:A9"][2].font.b
        assert sheet.auto_filter.ref == "A1:E9"
        assert sheet.protection.sheet and not sheet.protection.formatCells and sheet.protection.sort
        assert not sheet["C1"].protection.locked and sheet["A1"].protection.locked
        assert book.defined_names["Mine_tal"].attr_text.replace("'", "") == "Noter!$A$1:$A$9"
    assert kept_files(year) == []


# ---------------------------------------------------------------- what lies on or hangs at a cell

def chart(page: Any, cell: str) -> None:
    drawn = BarChart()
    drawn.add_data(Reference(page, min_col=1, min_row=1, max_row=3))
    page.add_chart(drawn, cell)


def floating_picture(page: Any, cell: str) -> None:
    page.add_image(Image(io.BytesIO(PNG)), cell)


def note(page: Any, cell: str) -> None:
    page[cell].comment = Comment("Husk at spørge", "Koordinator")


def link(page: Any, cell: str) -> None:
    page[cell].value = page[cell].value or "Referat"
    page[cell].hyperlink = "https://kse.example.dk/referat?nr=1"


@pytest.mark.parametrize(("where", "what", "named"), [
    pytest.param(where, what, named.replace("{sheet}", sheet), id=f"{what.__name__} in {place}")
    for (place, where), sheet in zip(ALL_PLACES.items(), ("Opfølgning", "Noter", "Opfølgning"), strict=True)
    for what, named in ((chart, "diagrammet i {cell} på arket {sheet}"), (note, ""),
                        (floating_picture, "billedet i {cell} på arket {sheet}"),
                        (link, "" if where is own_sheet else "linkene i {cell} på arket {sheet}"))])
def test_what_lies_on_a_cell_is_there_after_flet_or_named_with_the_earlier_file_kept(
        year: Year, where: Place, what: Callable[[Any, str], None], named: str) -> None:
    begin(year)
    book = openpyxl.load_workbook(out(year))
    sheet, cell = where(book)
    what(book[sheet], cell)
    book.save(out(year))
    before = out(year).read_bytes()
    said = "\n".join(late(year, 0).said)
    assert named.format(cell=cell) in said and ("Ikke overført" in said) == bool(named)
    assert kept_files(year) == ([before] if named else [])
    after = openpyxl.load_workbook(out(year))
    sheet, cell = where(after)
    kept = after[sheet][cell]
    if what is note:
        assert kept.comment is not None and "Husk at spørge" in kept.comment.text
    elif not named:
        assert kept.hyperlink is not None and kept.hyperlink.target == "https://kse.example.dk/referat?nr=1"


# ---------------------------------------------------------------- the file's own

CUSTOM = (b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/'
          b'officeDocument/2006/custom-properties"'
          b' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
          b'<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="Sagsnr."><vt:lpwstr>15/01234</vt:lpwstr>'
          b'</property><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="3" name="MSIP_Label_0a_Enabled">'
          b"<vt:lpwstr>true</vt:lpwstr></property></Properties>")
LABEL = (b'<?xml version="1.0" encoding="utf-8" standalone="yes"?><clbl:labelList xmlns:clbl="http://schemas.microsoft.com/'
         b'office/2020/mipLabelMetadata"><clbl:label id="{0a}" enabled="1" method="Standard" siteId="{1b}" removed="0"/>'
         b"</clbl:labelList>")


def labelled(data: bytes) -> bytes:
    """Return a workbook with case number and sensitivity label, as Excel and a record system leave them."""
    parts = read_parts(data)
    parts |= {"docProps/custom.xml": CUSTOM, "docMetadata/LabelInfo.xml": LABEL}
    parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(b"</Types>", (
        b'<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'custom-properties+xml"/><Override PartName="/docMetadata/LabelInfo.xml" ContentType="application/vnd.ms-office.'
        b'classificationlabels+xml"/></Types>'))
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", (
        b'<Relationship Id="rId91"'
        b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"'
        b' Target="docProps/custom.xml"/><Relationship Id="rId92" Type="http://schemas.microsoft.com/office/2020/02/'
        b'relationships/classificationlabels" Target="docMetadata/LabelInfo.xml"/></Relationships>'))
    return write_parts(parts)


def test_case_number_sensitivity_label_and_properties_of_the_file_survive_two_flets(year: Year) -> None:
    begin(year)
    book = openpyxl.load_workbook(out(year))
    subject = book.properties.subject
    book.properties.category, book.properties.keywords = "Aftaler", "2015; mål"
    book.properties.title, book.properties.creator = "Opfølgning til udvalget", "Sekretariatet"
    saved = io.BytesIO()
    book.save(saved)
    out(year).write_bytes(labelled(saved.getvalue()))
    for number in range(2):
        late(year, number)
        parts = read_parts(out(year).read_bytes())
        assert parts["docProps/custom.xml"] == CUSTOM and parts["docMetadata/LabelInfo.xml"] == LABEL
        assert parts["_rels/.rels"].count(b"LabelInfo.xml") == parts["_rels/.rels"].count(b"custom.xml") == 1
        book = openpyxl.load_workbook(out(year))
        assert {each.name: each.value for each in book.custom_doc_props.props}["Sagsnr."] == "15/01234"
        assert (book.properties.category, book.properties.keywords) == ("Aftaler", "2015; mål")
        assert (book.properties.title, book.properties.creator) == ("Opfølgning til udvalget", "Sekretariatet")
        assert book.properties.subject == subject, "what nobody has changed is ours"
    assert kept_files(year) == []


def test_a_label_put_into_a_file_that_nobody_else_has_saved_survives(year: Year) -> None:
    begin(year)
    out(year).write_bytes(labelled(out(year).read_bytes()))
    late(year, 0)
    parts = read_parts(out(year).read_bytes())
    assert parts["docProps/custom.xml"] == CUSTOM and parts["docMetadata/LabelInfo.xml"] == LABEL


def hide(sheet: Worksheet, *goals: str) -> None:
    for goal in goals:
        sheet.row_dimensions[cell_at(sheet, goal, "Mål-id").row].hidden = True


def hidden(year: Year) -> list[str]:
    sheet = openpyxl.load_workbook(out(year))["Opfølgning"]
    ids = column_of(sheet, "Mål-id")
    return [str(sheet.cell(row, ids).value) for row, each in sheet.row_dimensions.items() if each.hidden]


def test_a_row_that_was_hidden_stays_hidden(year: Year) -> None:
    begin(year)
    book = openpyxl.load_workbook(out(year))
    hide(book["Opfølgning"], "M2.2.3", "M1.1.1")
    book.save(out(year))
    for number in range(2):
        late(year, number)
        assert sorted(hidden(year)) == ["M1.1.1", "M2.2.3"]
    assert kept_files(year) == []


def test_what_a_filter_hides_is_shown_again(year: Year) -> None:
    begin(year)
    book = openpyxl.load_workbook(out(year))
    sheet = book["Opfølgning"]
    hide(sheet, "M2.2.3")
    [table] = sheet.tables.values()
    from openpyxl.worksheet.filters import FilterColumn, Filters
    table.autoFilter.filterColumn.append(FilterColumn(colId=0, filters=Filters(filter=["M2.2.2"])))
    book.save(out(year))
    late(year, 0)
    assert hidden(year) == []


@pytest.mark.parametrize("sheet", ["Noter", "Opfølgning"])
def test_a_page_header_that_was_typed_is_named_and_the_earlier_file_is_kept(year: Year, sheet: str) -> None:
    begin(year)
    book = openpyxl.load_workbook(out(year))
    own_sheet(book)
    book[sheet].oddHeader.center.text = "Fortroligt"
    book.save(out(year))
    before = out(year).read_bytes()
    assert f"sidehoved og sidefod på arket {sheet}" in "\n".join(late(year, 0).said)
    assert kept_files(year) == [before]
