"""The coordinator's own columns, notes, formats and sheets survive every flet; what can't is named and kept beside."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, beside, cell_at, header_row, merge, once, opened, out, row_of
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from aftale.additions.draw_xlsx import _free_name
from aftale.additions.find import with_own_columns
from aftale.additions.formats_xlsx import is_at_home
from aftale.cells.named_json import as_json, from_json
from aftale.commands.main import run
from aftale.model.additions import OwnColumn, OwnContent, OwnNote, OwnSheet
from aftale.model.columns import Column
from aftale.model.tables import Cell, Table
from aftale.office import safe_write as files
from aftale.office.package import read_parts, write_parts
from aftale.office.report import Report
from aftale.office.safe_write import CannotWrite, ToWrite, digest, write_all
from aftale.steps.flet import flet

Edit = Callable[[Workbook], object]
YELLOW = PatternFill("solid", fgColor="FFFFFF00")


def begin(year: Year) -> None:
    year.fill("Børneteamet", {"M2.2.2": {"Resultat": 4, "Status": "Opfyldt"}, "M2.2.3": {"Status": "Opfyldt"}})
    once(merge, year)


def late(year: Year, number: int = 0) -> Report:
    """Merge one more answer, so that the follow-up is written anew."""
    owner, goal = (("Husteamet", "M2.1.1"), ("Ungeteamet", "M1.2.1"), ("Ledelsen", "M2.2.5"))[number]
    year.fill(owner, {goal: {"Status": "Opfyldt", "Bemærkninger": "Det er gået godt."}})
    report = merge(year)
    assert report.files
    return report


def edit(year: Year, *changes: Edit) -> None:
    """Change the follow-up in a spreadsheet program and save it."""
    book = openpyxl.load_workbook(out(year))
    for change in changes:
        change(book)
    book.save(out(year))


def book_of(year: Year) -> Workbook:
    return openpyxl.load_workbook(out(year))


def headers(year: Year) -> list[str]:
    sheet = book_of(year)["Opfølgning"]
    return [str(cell.value) for cell in sheet[header_row(sheet)] if cell.value]


def said(report: Report) -> str:
    return "\n".join(report.said)


def kept(year: Year) -> list[Path]:
    return sorted(year.folder.glob("opfoelgning_tidligere_*.xlsx"))


def insert_column(header: str, before: str, **values: object) -> Edit:
    """Insert a column to the left of another, with values by Mål-id (``_`` for its points)."""
    def change(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        top = header_row(sheet)
        where = next(cell.column for cell in sheet[top] if cell.value == before)
        sheet.insert_cols(where)
        sheet.cell(top, where).value = header
        for goal, value in values.items():
            sheet.cell(row_of(sheet, goal.replace("_", ".")), where).value = value

    return change


# ---------------------------------------------------------------- own columns

def test_an_own_column_stays_at_its_place_with_its_values_through_three_flets(year: Year) -> None:
    begin(year)
    edit(year, insert_column("Eget", "Effektmål", M2_2_2="Ring til skolen", M2_2_3=12.5, M1_1_1=date(2015, 5, 6)))
    for number in range(3):
        report = late(year, number)
        assert headers(year)[2:5] == ["Fokusområde", "Eget", "Effektmål"]
        sheet = book_of(year)["Opfølgning"]
        assert cell_at(sheet, "M2.2.2", "Eget").value == "Ring til skolen"
        assert cell_at(sheet, "M2.2.3", "Eget").value == 12.5
        assert cell_at(sheet, "M1.1.1", "Eget").value.date() == date(2015, 5, 6)
        assert cell_at(sheet, "M2.2.2", "Status").value == "Opfyldt"
        assert "Overført fra den tidligere opfølgning: kolonnen »Eget«." in said(report)
    assert kept(year) == []


def test_own_columns_are_appended_and_several_keep_their_order(year: Year) -> None:
    def append(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        top, last = header_row(sheet), sheet.max_column
        for number, header in enumerate(("Først", "Så"), 1):
            sheet.cell(top, last + number).value = header
            sheet.cell(top + 1, last + number).value = number

    begin(year)
    edit(year, append, insert_column("A", "Status"), insert_column("B", "Status"))
    late(year)
    assert headers(year)[-2:] == ["Først", "Så"]
    assert headers(year)[headers(year).index("Målopfyldelse"):][1:4] == ["A", "B", "Status"]
    assert kept(year) == []


def test_what_stands_beyond_an_empty_column_is_no_own_column_and_is_in_the_file_that_is_kept(year: Year) -> None:
    def apart(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        top, last = header_row(sheet), sheet.max_column
        sheet.cell(top, last + 2).value, sheet.cell(top + 1, last + 2).value = "For sig selv", "løst"

    begin(year)
    before = headers(year)
    edit(year, apart)
    late(year)
    assert headers(year) == before
    (old,) = kept(year)
    assert "løst" in [cell.value for row in openpyxl.load_workbook(old)["Opfølgning"].iter_rows() for cell in row]


def test_an_own_column_with_a_long_header_keeps_it_whole_though_a_table_cant_hold_it(year: Year) -> None:
    """Excel takes at most 255 characters as the name of a table's column and repairs a file with more."""
    begin(year)
    header = "Aftalt på mødet: " + "hvem gør hvad hvornår, " * 14

    def add(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        top, last = header_row(sheet), sheet.max_column + 1
        sheet.cell(top, last).value = header.strip()
        sheet.cell(top + 1, last).value = "Ring til skolen"

    edit(year, add)
    late(year)
    sheet = book_of(year)["Opfølgning"]
    column = next(cell.column for cell in sheet[header_row(sheet)] if cell.value == header.strip())
    assert "Ring til skolen" in [cell.value for cell in next(sheet.iter_cols(column, column))]
    assert not sheet.tables and sheet.auto_filter.ref.startswith(f"A{header_row(sheet)}:")
    assert late(year, 1).files and header.strip() in [cell.value for cell in book_of(year)["Opfølgning"][header_row(sheet)]]


def test_an_own_column_goes_when_the_coordinator_deletes_it(year: Year) -> None:
    begin(year)
    edit(year, insert_column("Eget", "Status", M2_2_2="x"))
    late(year)
    edit(year, lambda book: book["Opfølgning"].delete_cols(headers(year).index("Eget") + 1))
    late(year, 1)
    assert "Eget" not in headers(year)


def test_a_second_column_of_the_same_name_gets_a_name_of_its_own(year: Year) -> None:
    begin(year)
    edit(year, insert_column("Status", "Næste skridt", M2_2_2="min egen"))
    late(year)
    assert "Status (2)" in headers(year)
    assert cell_at(book_of(year)["Opfølgning"], "M2.2.2", "Status (2)").value == "min egen"
    assert cell_at(book_of(year)["Opfølgning"], "M2.2.2", "Status").value == "Opfyldt"


def test_a_formula_in_an_own_column_becomes_its_value_and_the_file_is_kept(year: Year, libreoffice: Any) -> None:
    begin(year)
    edit(year, insert_column("Dobbelt", "Status", M2_2_2="=2*21"))
    out(year).write_bytes(libreoffice(out(year)).read_bytes())
    report = late(year)
    assert cell_at(book_of(year)["Opfølgning"], "M2.2.2", "Dobbelt").value == 42
    assert "formlerne i kolonnen »Dobbelt« (deres værdier er taget med)" in said(report)
    assert len(kept(year)) == 1


def test_what_stands_in_an_own_column_beside_no_goal_is_named_and_kept(year: Year) -> None:
    begin(year)
    edit(year, insert_column("Eget", "Status", M2_2_2="x"))
    edit(year, lambda book: book["Opfølgning"].cell(60, headers(year).index("Eget") + 1, "løs tekst"))
    report = late(year)
    assert "60 på arket Opfølgning" in said(report)
    assert len(kept(year)) == 1


def test_what_stands_beyond_an_empty_column_is_no_column_of_the_table_and_is_named_and_kept(year: Year) -> None:
    def far_out(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        top, last = header_row(sheet), sheet.max_column
        sheet.cell(top, last + 2).value = "Et regnestykke"
        sheet.cell(top + 1, last + 2).value = 12

    begin(year)
    edit(year, far_out)
    report = late(year)
    assert "Et regnestykke" not in headers(year)
    assert "Overført fra" not in said(report) and "på arket Opfølgning" in said(report)
    assert len(kept(year)) == 1


def test_formulas_that_follow_opfoelgning_follow_it_past_an_own_column(year: Year, recalculated: Any) -> None:
    begin(year)
    edit(year, insert_column("Eget", "Fokusområde", M2_2_2="x"))
    late(year)
    formulas, before = opened(out(year)), openpyxl.load_workbook(out(year), data_only=True)
    after = openpyxl.load_workbook(recalculated(out(year))[0], data_only=True)
    for name in ("Overblik", "Udviklingsplan", "Resultater"):
        cells = [cell.coordinate for row in formulas[name].iter_rows() for cell in row if cell.data_type == "f"]
        assert len(cells) > 20, f"{name} lives, so there are formulas to compare"
        for at in cells:
            was, now = ("" if book[name][at].value is None else book[name][at].value for book in (before, after))
            assert now == was or now == pytest.approx(was), (name, at, formulas[name][at].value)


# ---------------------------------------------------------------- own notes

def note(sheet: str, goal: str, header: str, text: str) -> Edit:
    def change(book: Workbook) -> None:
        cell_at(book[sheet], goal, header).comment = Comment(text, "Koordinatoren")

    return change


def test_notes_stay_on_their_cells_with_text_and_author(year: Year) -> None:
    def on_a_box(book: Workbook) -> None:
        beside(book["Overblik"], "Samlet vurdering").comment = Comment("Skriv kort", "Koordinatoren")

    begin(year)
    edit(year, note("Opfølgning", "M2.2.2", "Status", "Spørg igen"), note("Udviklingsplan", "M2.2.2", "Mål", "God plan"),
         on_a_box)
    for number in range(3):
        report = late(year, number)
        book = book_of(year)
        for cell, text in ((cell_at(book["Opfølgning"], "M2.2.2", "Status"), "Spørg igen"),
                           (cell_at(book["Udviklingsplan"], "M2.2.2", "Mål"), "God plan"),
                           (beside(book["Overblik"], "Samlet vurdering"), "Skriv kort")):
            assert (cell.comment.text, cell.comment.author) == (text, "Koordinatoren")
        assert "3 noter" in said(report)
    assert kept(year) == []


def test_a_note_follows_its_row_on_modstridende_svar_and_goes_to_the_top_once_that_is_gone(year: Year) -> None:
    begin(year)
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Delvist opfyldt"}})
    merge(year)
    edit(year, note("Modstridende svar", "M2.2.3", "Svar", "Ring til dem"))
    late(year, 1)
    assert any(cell.comment and cell.comment.text == "Ring til dem" for row in book_of(year)["Modstridende svar"].iter_rows()
               for cell in row if cell.row > 3)
    edit(year, lambda book: setattr(cell_at(book["Opfølgning"], "M2.2.3", "Status"), "value", "Opfyldt"))
    (year.answers / year.forms["Ledelsen"].name).unlink()
    late(year)
    assert "Ring til dem" in [cell.comment.text for row in book_of(year)["Modstridende svar"].iter_rows()
                              for cell in row if cell.comment]


def in_a_thread(data: bytes) -> bytes:
    """Return the workbook with the only note on ``Opfølgning`` turned into a threaded comment with a reply."""
    parts = read_parts(data)
    rels = "xl/worksheets/_rels/sheet2.xml.rels"
    kind = b"http://schemas.microsoft.com/office/2017/10/relationships/"
    parts[rels] = parts[rels].replace(b"</Relationships>", b'<Relationship Id="rIdT" Type="' + kind + b'threadedComment"'
                                      b' Target="/xl/threadedComments/threadedComment1.xml"/></Relationships>')
    ref = next(re.search(rb'<comment ref="(\w+)"', content)[1] for name, content in parts.items()
               if "comment" in name and name.endswith(".xml") and b"Spoerg igen" in content)
    parts["xl/threadedComments/threadedComment1.xml"] = (
        b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        b'<threadedComment ref="' + ref + b'" personId="{P}" id="{1}"><text>Er det rigtigt?</text></threadedComment>'
        b'<threadedComment ref="' + ref + b'" personId="{Q}" id="{2}" parentId="{1}"><text>Ja</text></threadedComment>'
        b"</ThreadedComments>")
    book = "xl/_rels/workbook.xml.rels"
    parts[book] = parts[book].replace(b"</Relationships>", b'<Relationship Id="rIdP" Type="' + kind + b'person"'
                                      b' Target="persons/person.xml"/></Relationships>')
    parts["xl/persons/person.xml"] = (
        b'<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        b'<person displayName="Koordinatoren" id="{P}"/><person displayName="Ledelsen" id="{Q}"/></personList>')
    return write_parts({name: content.replace(b">Koordinatoren<", b">tc={1}<") if "comments/comment" in name else content
                        for name, content in parts.items()})


def test_a_threaded_comment_becomes_a_note_with_every_reply_and_the_file_is_kept(year: Year) -> None:
    begin(year)
    edit(year, note("Opfølgning", "M2.2.2", "Status", "Spoerg igen"))
    out(year).write_bytes(in_a_thread(out(year).read_bytes()))
    report = late(year)
    shown = cell_at(book_of(year)["Opfølgning"], "M2.2.2", "Status").comment
    assert shown.text == "Koordinatoren:\nEr det rigtigt?\n\nLedelsen:\nJa"
    assert shown.author == "Koordinatoren"
    assert "tråden i kommentarerne (deres tekst er taget med som noter) på arket Opfølgning" in said(report)
    assert len(kept(year)) == 1


def test_a_note_where_nothing_can_be_found_again_is_named_and_kept(year: Year) -> None:
    def far_away(book: Workbook) -> None:
        book["Opfølgning"]["AZ90"].comment = Comment("Husk", "K")

    begin(year)
    edit(year, far_away)
    assert "noterne i AZ90 på arket Opfølgning" in said(late(year))
    assert len(kept(year)) == 1


# ---------------------------------------------------------------- own formats

def test_own_formats_widths_heights_and_hidden_columns_stay(year: Year) -> None:
    def paint(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        cell = cell_at(sheet, "M2.2.2", "Effektmål")
        cell.fill, cell.font = YELLOW, Font(color="FFFF0000", italic=True, size=14, underline="single", strike=True)
        cell_at(sheet, "M2.2.2", "Mål-id").font = Font(bold=False, size=10)
        sheet.column_dimensions["B"].width = 40
        sheet.column_dimensions[cell_at(sheet, "M2.2.2", "Ansvarlig").column_letter].hidden = True
        sheet.row_dimensions[cell.row].height = 200

    begin(year)
    edit(year, paint)
    for number in range(3):
        report = late(year, number)
        sheet = book_of(year)["Opfølgning"]
        cell = cell_at(sheet, "M2.2.2", "Effektmål")
        assert cell.fill.fgColor.rgb == "FFFFFF00"
        assert cell.font.color.rgb == "FFFF0000"
        assert (cell.font.i, cell.font.sz, cell.font.u, cell.font.strike) == (True, 14, "single", True)
        assert not cell_at(sheet, "M2.2.2", "Mål-id").font.b
        assert cell_at(sheet, "M2.2.3", "Effektmål").fill.fgColor.rgb != "FFFFFF00"
        assert sheet.column_dimensions["B"].width == pytest.approx(40, abs=1)
        assert sheet.column_dimensions[cell_at(sheet, "M2.2.2", "Ansvarlig").column_letter].hidden
        assert sheet.row_dimensions[cell.row].height == pytest.approx(200, abs=1)
        assert "formatet på 2 celler, visningen af 2 kolonner og højden på 1 række" in said(report)
    assert kept(year) == []


def test_sorting_leaves_heights_where_they_were_and_that_is_nobodys_wish(year: Year) -> None:
    """Neither Excel nor LibreOffice moves the heights, so that every row has that of another goal."""
    def sort(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        rows = range(header_row(sheet) + 1, sheet.max_row + 1)
        content = [[cell.value for cell in sheet[number]] for number in rows]
        for number, values in zip(rows, reversed(content), strict=True):
            for cell, value in zip(sheet[number], values, strict=True):
                cell.hyperlink, cell.value = None, value
        sheet.row_dimensions[cell_at(sheet, "M2.2.2", "Mål-id").row].height = 301

    def heights() -> dict[str, float | None]:
        sheet = book_of(year)["Opfølgning"]
        return {str(cell.value): sheet.row_dimensions[cell.row].height for cell in sheet["A"][3:]}

    begin(year)
    before = heights()
    edit(year, sort)
    report = late(year)
    changed = {goal for goal, height in heights().items() if height != before[goal]}
    assert changed == {"M2.2.2"} and heights()["M2.2.2"] == pytest.approx(301, abs=1)
    assert "højden på 1 række" in said(report)


def test_a_colour_of_the_theme_is_carried_as_it_is_seen(year: Year) -> None:
    def paint(book: Workbook) -> None:
        cell_at(book["Opfølgning"], "M2.2.2", "Effektmål").fill = PatternFill(
            "solid", fgColor=openpyxl.styles.colors.Color(theme=4, tint=0.6))

    begin(year)
    edit(year, paint)
    late(year)
    shown = cell_at(book_of(year)["Opfølgning"], "M2.2.2", "Effektmål").fill.fgColor.rgb
    assert shown[2:] not in ("000000", "FFFFFF")
    blue, red = int(shown[6:], 16), int(shown[2:4], 16)
    assert blue > red > 0x80, "the theme's first accent is blue, and the tint makes it light"


# ---------------------------------------------------------------- own sheets

def own_sheet(book: Workbook) -> None:
    sheet = book.create_sheet("Noter", 1)
    sheet["A1"], sheet["A2"], sheet["B2"], sheet["C2"] = "Møder", "Skolen", 3, date(2015, 5, 6)
    sheet["A1"].font, sheet["A1"].fill = Font(bold=True, size=14, color="FF1F4E78"), YELLOW
    sheet["A1"].border, sheet["A1"].alignment = Border(bottom=Side("medium", color="FF00FF00")), Alignment("center")
    sheet["B2"].number_format = "0.00"
    sheet["D2"] = True
    sheet.merge_cells("A4:C4")
    sheet["A4"] = "Flettet"
    sheet["A2"].comment = Comment("Hvem?", "Koordinatoren")
    sheet.column_dimensions["A"].width, sheet.row_dimensions[2].height = 33, 44
    sheet.freeze_panes, sheet.sheet_properties.tabColor = "B2", "FF00AA00"
    book.create_sheet("Skjult")["A1"] = "hemmelig"
    book["Skjult"].sheet_state = "hidden"


def test_own_sheets_are_carried_whole_through_three_flets(year: Year) -> None:
    begin(year)
    edit(year, own_sheet)
    for number in range(3):
        report = late(year, number)
        book = book_of(year)
        assert book.sheetnames[-3:] == ["Noter", "Skjult", "_aftale"]
        sheet = book["Noter"]
        assert [sheet[ref].value for ref in ("A1", "A2", "B2", "D2", "A4")] == ["Møder", "Skolen", 3, True, "Flettet"]
        assert sheet["C2"].value.date() == date(2015, 5, 6)
        assert (sheet["A1"].font.b, sheet["A1"].font.sz, sheet["A1"].font.color.rgb) == (True, 14, "FF1F4E78")
        assert sheet["A1"].fill.fgColor.rgb == "FFFFFF00"
        assert (sheet["A1"].border.bottom.style, sheet["A1"].border.bottom.color.rgb) == ("medium", "FF00FF00")
        assert (sheet["A1"].alignment.horizontal, sheet["B2"].number_format) == ("center", "0.00")
        assert [str(each) for each in sheet.merged_cells.ranges] == ["A4:C4"]
        assert (sheet["A2"].comment.text, sheet["A2"].comment.author) == ("Hvem?", "Koordinatoren")
        assert sheet.column_dimensions["A"].width == pytest.approx(33, abs=0.5)
        assert sheet.row_dimensions[2].height == pytest.approx(44, abs=1)
        assert (sheet.freeze_panes, sheet.sheet_properties.tabColor.rgb) == ("B2", "FF00AA00")
        assert book["Skjult"].sheet_state == "hidden"
        assert "arkene »Noter« og »Skjult«" in said(report)
    assert kept(year) == []


def test_formulas_of_an_own_sheet_stay_where_they_refer_to_it_alone(year: Year, libreoffice: Any) -> None:
    def sums(book: Workbook) -> None:
        sheet = book.create_sheet("Tal")
        sheet["A1"], sheet["A2"], sheet["A3"], sheet["A4"] = 3, 4, "=SUM(A1:A2)", "='Opfølgning'!A4"

    begin(year)
    edit(year, sums)
    out(year).write_bytes(libreoffice(out(year)).read_bytes())
    report = late(year)
    sheet = book_of(year)["Tal"]
    assert (sheet["A3"].value, sheet["A4"].value) == ("=SUM(A1:A2)", "M1.1.1")
    assert opened(out(year), True)["Tal"]["A3"].value == 7
    assert "formler på arket Tal (deres værdier er taget med)" in said(report)


@pytest.mark.parametrize(("formula", "home"), [
    ("=SUM(A1:B$2)", True), ('=IF(A1="Ark!B2",1,0)', True), ("=SUM(A:A)+SUM(1:2)", True), ("=TRUE", True),
    ("=LOG10(A1)", True), ("=Opfølgning!A1", False), ("='Min fane'!A1", False), ("=Navn+1", False),
    ("=Tabel1[Tal]", False), ("={1,2}", False)])
def test_which_formulas_are_at_home(formula: str, home: bool) -> None:
    assert is_at_home(formula) is home


@pytest.mark.parametrize("sheet", ["Overblik", "Resultater", "Kontrol", "Kilder"])
def test_own_colours_on_another_sheet_than_opfoelgning_are_named(year: Year, sheet: str) -> None:
    def colour(book: Workbook) -> None:
        book[sheet]["B6"].fill = PatternFill("solid", fgColor="FF12FE34")

    begin(year)
    edit(year, colour)
    before = out(year).read_bytes()
    assert f"farver eller skrift på arket {sheet}" in said(late(year))
    assert [path.read_bytes() for path in kept(year)] == [before]


def test_what_an_own_sheet_cant_keep_is_named_and_the_earlier_file_is_there(year: Year) -> None:
    def fancy(book: Workbook) -> None:
        own_sheet(book)
        sheet = book["Noter"]
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2))
        sheet.add_chart(chart, "F2")
        sheet.conditional_formatting.add("A1:A9", CellIsRule("equal", ["Overblik!$B$2"], fill=YELLOW))
        sheet.add_data_validation(DataValidation("list", formula1="Overblik!$B$2:$B$4", sqref="E1 G1"))

    begin(year)
    edit(year, fancy)
    before = out(year).read_bytes()
    report = late(year)
    for what in ("diagrammet i F2", "den betingede formatering i A1:A9",
                 "rullelisten eller reglen for indtastning i E1, G1"):
        assert f"{what} på arket Noter" in said(report)
    assert [path.read_bytes() for path in kept(year)] == [before]
    assert f"Den tidligere fil ligger som {kept(year)[0].name}" in said(report)
    assert len(kept(year)) == 1
    late(year, 1)
    assert len(kept(year)) == 1, "what is gone already isn't said again"


def test_rules_lists_and_drawings_added_to_our_own_sheets_are_named(year: Year) -> None:
    def add(book: Workbook) -> None:
        book["Opfølgning"].conditional_formatting.add("A4:A9", CellIsRule("equal", ["1"], fill=YELLOW))
        book["Kontrol"].add_data_validation(DataValidation("list", formula1='"a,b"', sqref="Z1"))
        book.defined_names["Mit_navn"] = openpyxl.workbook.defined_name.DefinedName("Mit_navn", attr_text="Overblik!$A$1")

    begin(year)
    edit(year, add)
    report = late(year)
    assert "betinget formatering på arket Opfølgning" in said(report)
    assert "rullelister eller regler for indtastning på arket Kontrol" in said(report)
    assert "navnet »Mit_navn«" in said(report)
    assert len(kept(year)) == 1


def test_a_copy_of_our_sheet_is_an_own_sheet_and_a_renamed_one_is_still_ours(year: Year) -> None:
    def rename(book: Workbook) -> None:
        book.copy_worksheet(book["Kilder"]).title = "Kilder kopi"
        cell_at(book["Opfølgning"], "M2.2.2", "Bemærkninger").value = "Rettet af koordinatoren"
        book["Opfølgning"].title = "Opf. 2015"

    begin(year)
    edit(year, rename)
    report = late(year)
    book = book_of(year)
    assert "Kilder kopi" in book.sheetnames
    assert "Opf. 2015" not in book.sheetnames
    assert cell_at(book["Opfølgning"], "M2.2.2", "Bemærkninger").value == "Rettet af koordinatoren"
    assert "navnet »Opf. 2015« på arket Opfølgning" in said(report)


def test_an_own_sheet_gets_another_name_where_ours_has_taken_it_since() -> None:
    taken = {"overblik", "noter", "a" * 31}
    assert [_free_name(name, taken) for name in ("Noter", "OVERBLIK", "A" * 40, "Nyt", "Mit/ark", "'x'")] == [
        "Noter (2)", "OVERBLIK (2)", "A" * 27 + " (2)", "Nyt", "Mit_ark", "x"]


def test_a_sheet_of_ours_that_was_hidden_stays_hidden(year: Year) -> None:
    begin(year)
    edit(year, lambda book: setattr(book["Kilder"], "sheet_state", "hidden"))
    late(year)
    assert book_of(year)["Kilder"].sheet_state == "hidden"
    assert book_of(year)["Kontrol"].sheet_state == "visible"


# ---------------------------------------------------------------- what can't be carried

def test_texts_outside_the_fields_are_named_by_sheet_and_cell(year: Year) -> None:
    def write(book: Workbook) -> None:
        book["Opfølgning"]["AK2"] = "Husk at ringe"
        book["Overblik"]["Z60"], book["Overblik"]["Z61"] = "et", "to"

    begin(year)
    edit(year, write)
    report = late(year)
    assert ("Ikke overført: det, der er skrevet i Z60 og Z61 på arket Overblik og det, der er skrevet i AK2 på arket"
            " Opfølgning.") in said(report)
    assert len(kept(year)) == 1


def test_only_the_first_five_cells_are_named_and_with_alle_every_one(year: Year) -> None:
    begin(year)
    edit(year, lambda book: [book["Kontrol"].cell(80 + n, 20, f"løs {n}") for n in range(7)])
    report = late(year)
    assert "T80, T81, T82, T83, T84 og 2 til på arket Kontrol" in said(report)
    [short] = [each for each in report.said if "2 til på arket" in each]
    assert "T80, T81, T82, T83, T84, T85 og T86 på arket Kontrol" in report.in_full[short]


def test_nothing_but_own_things_is_no_reason_to_write_the_file_anew(year: Year) -> None:
    begin(year)
    edit(year, own_sheet, insert_column("Eget", "Status", M2_2_2="x"))
    before = out(year).read_bytes()
    report = merge(year)
    assert report.files == ()
    assert out(year).read_bytes() == before


def test_the_same_input_gives_the_same_bytes_with_own_things(year: Year) -> None:
    begin(year)
    edit(year, own_sheet, insert_column("Eget", "Status", M2_2_2="x"), note("Opfølgning", "M2.2.2", "Status", "Hej"))
    before = out(year).read_bytes()
    late(year)
    once = out(year).read_bytes()
    out(year).write_bytes(before)
    merge(year)
    assert out(year).read_bytes() == once


# ---------------------------------------------------------------- LibreOffice

def test_saving_again_in_libreoffice_is_no_change(year: Year, libreoffice: Any) -> None:
    begin(year)
    out(year).write_bytes(libreoffice(out(year)).read_bytes())
    saved = out(year).read_bytes()
    assert merge(year).files == ()
    assert out(year).read_bytes() == saved
    report = late(year)
    assert "Overført fra" not in said(report)
    assert "Ikke overført" not in said(report)
    assert kept(year) == []


def test_own_things_survive_libreoffice_between_two_flets(year: Year, libreoffice: Any) -> None:
    begin(year)
    edit(year, own_sheet, insert_column("Eget", "Effektmål", M2_2_2="Ring"), note("Opfølgning", "M2.2.2", "Status", "Hej"),
         lambda book: setattr(cell_at(book["Opfølgning"], "M2.2.3", "Effektmål"), "fill", YELLOW))
    late(year)
    out(year).write_bytes(libreoffice(out(year)).read_bytes())
    late(year, 1)
    book = book_of(year)
    sheet = book["Opfølgning"]
    assert headers(year)[2:5] == ["Fokusområde", "Eget", "Effektmål"]
    assert cell_at(sheet, "M2.2.2", "Eget").value == "Ring"
    assert cell_at(sheet, "M2.2.2", "Status").comment.text == "Hej"
    assert cell_at(sheet, "M2.2.3", "Effektmål").fill.fgColor.rgb == "FFFFFF00"
    assert cell_at(sheet, "M2.2.2", "Effektmål").fill.fgColor.rgb != "FFFFFF00"
    assert book["Noter"]["A2"].value == "Skolen"
    assert book["Skjult"].sheet_state == "hidden"
    assert kept(year) == []


# ---------------------------------------------------------------- never over what is open or was changed meanwhile

LOCKS = [
    (".~lock.{}#", b",koordinator,kontorpc,06.11.2015 10:00,file:///C:/Users;", "hos koordinator"),
    (".~lock.{}#", "Børneteamet,bt,pc,06.11.2015 10:00,x;".encode(), "hos Børneteamet"),
    ("~${}", bytes([11]) + "Børneteamet".encode("cp1252") + b" " * 43, "hos Børneteamet"),
    ("~${}", b"", "i et regnearksprogram")]


@pytest.mark.parametrize(("name", "content", "who"), LOCKS)
def test_a_follow_up_that_is_open_is_not_written_over(year: Year, name: str, content: bytes, who: str) -> None:
    begin(year)
    before = out(year).read_bytes()
    lock = out(year).with_name(name.format(out(year).name))
    lock.write_bytes(content)
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    with pytest.raises(CannotWrite) as refused:
        merge(year)
    assert f"opfoelgning.xlsx er åben {who}" in str(refused.value)
    assert lock.name in str(refused.value)
    assert out(year).read_bytes() == before
    lock.unlink()
    assert merge(year).files


def test_the_command_ends_with_3_where_the_file_is_open(year: Year, monkeypatch: pytest.MonkeyPatch,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    begin(year)
    out(year).with_name(f"~${out(year).name}").write_bytes(b"")
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    monkeypatch.setattr("sys.argv", ["aftale", "flet", str(year.agreement), str(year.answers), "--ud", str(out(year))])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 3
    assert "Gem og luk den" in " ".join(capsys.readouterr().err.split())


def test_a_follow_up_that_somebody_changed_meanwhile_is_not_written_over(year: Year) -> None:
    begin(year)
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    report = flet(year.agreement, [year.answers], out(year))
    edit(year, lambda book: setattr(book["Overblik"]["Z60"], "value", "mens den kørte"))
    changed = out(year).read_bytes()
    with pytest.raises(CannotWrite, match=r"ændret af en anden.*Kør kommandoen igen"):
        write_all(list(report.files))
    assert out(year).read_bytes() == changed
    assert kept(year) == []


def test_a_file_that_was_laid_there_meanwhile_is_not_written_over(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    report = flet(year.agreement, [year.answers], out(year))
    out(year).write_bytes(b"en andens")
    with pytest.raises(CannotWrite, match="lagt i mappen"):
        write_all(list(report.files))
    assert out(year).read_bytes() == b"en andens"


def test_nothing_of_a_batch_is_written_where_one_of_its_files_is_refused(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    second.write_bytes(b"now")
    with pytest.raises(CannotWrite, match=r"b\.xlsx"):
        write_all([ToWrite(first, b"new"), ToWrite(second, b"new", expects=digest(b"then"))])
    assert not first.exists()
    with pytest.raises(CannotWrite, match="flyttet eller slettet"):
        write_all([ToWrite(first, b"new", expects=digest(b"then"))])
    write_all([ToWrite(first, b"new", expects=""), ToWrite(second, b"new", expects=digest(b"now"))])
    assert (first.read_bytes(), second.read_bytes()) == (b"new", b"new")


def test_a_file_that_is_changed_while_others_of_the_batch_are_written_is_left_alone(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write = files.write_whole

    def write_slowly(path: Path, data: bytes, *rest: Any) -> None:
        write(path, data, *rest)
        second.write_bytes(b"somebody's")

    monkeypatch.setattr(files, "write_whole", write_slowly)
    with pytest.raises(CannotWrite, match=r"b\.xlsx.*Kun a\.xlsx er gemt"):
        write_all([ToWrite(first, b"new"), ToWrite(second, b"new", expects="")])
    assert second.read_bytes() == b"somebody's"


def test_a_sharing_violation_says_to_close_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, target: Path) -> None:
        raise PermissionError(13, "in use")

    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(files.os, "replace", refuse)
    with pytest.raises(CannotWrite, match="luk den, og kør igen"):
        write_all([ToWrite(path, b"new", expects=digest(b"old"))])
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


# ---------------------------------------------------------------- the rules alone

def test_what_is_carried_is_read_back_as_it_was_written() -> None:
    own = OwnContent(
        (OwnColumn("Eget", "focus", {"M1": "å\n ", "M2": 2.5, "M3": date(2015, 5, 6)}, 20.0),),
        (OwnNote("Kontrol", "abc", "text", "Hej", "K"),), (OwnSheet("Ark", "{}" * 20_000),),
        {("M1", "sub"): '{"bold": true}', ("M2", "sub"): '{"bold": true}'}, {"sub": 100}, {"goal": True}, {"M1": (90, 80)})
    assert from_json(as_json(own), OwnContent) == own


def test_own_columns_never_come_before_maal_id_and_never_get_lost() -> None:
    rows = ((Cell("M1"), Cell("x")), (Cell("M2"), Cell()))
    table = Table("Opfølgning", "", "", (Column("id", "Mål-id"), Column("a", "A")), rows)
    own = OwnContent((OwnColumn("For", "", {"M2": "1"}), OwnColumn("A", "a"), OwnColumn("Væk", "findes ikke", {"M1": "2"})))
    new = with_own_columns(table, own)
    assert [column.header for column in new.columns] == ["Mål-id", "For", "A", "A (2)", "Væk"]
    assert [[cell.value for cell in row] for row in new.rows] == [
        ["M1", None, "x", None, "2"], ["M2", "1", None, None, None]]


