"""The template: the shipped file, filling it in however staff have restyled it, and what would be lost from it."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped,unused-ignore]
from conftest import cell_at, column_of, letter_of
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table
from PIL import Image as Picture
from python_calamine import CalamineWorkbook

from aftale.agreement.template_xlsx import (
    EMPTY_ROWS,
    SPARE_ROWS,
    Filling,
    amend,
    fill,
    inspect,
)
from aftale.model.agreement import Value
from aftale.model.columns import AGREED_COLUMNS, FACTS, AgreedColumn, maal_columns
from aftale.model.tables import Cell
from aftale.office.openpyxl_book import TemplateError, text_height
from aftale.office.openpyxl_losses import losses
from aftale.office.package import cell_text, read_parts, reproducible, write_parts

ROOT = Path(__file__).parents[2]
SHIPPED = (ROOT / "templates" / "aftale_skabelon.xlsx").read_bytes()
RECORD = (("aftale", "", "id", "tekst", "A-1"), ("register", "M1", "tekst", "tekst", "=1+1"))
LONG = "Biblioteket indleder et samarbejde med fem landdistriktsområder om vejledning i de digitale tilbud. " * 6

# A goal in the tests' own notation: some of its columns by their key.
Row = dict[str, Any]
GOALS: tuple[Row, ...] = (
    {"id": "M1.1", "development": "Synlighed", "focus": "Kerneopgaver", "y2015": "x", "y2016": "x"},
    {"id": "M1.1.1", "development": "Synlighed", "focus": "Kerneopgaver", "effect": LONG, "y2015": "x",
     "y2016": Cell(10.0, "0"), "method": "Stigning i %", "target": Cell(50.0, "percent"), "unit": "brugere"},
    {"id": "M1.1.2", "effect": "=SUM(A1)", "sub": "_x0041_ #N/A \x0bny linje", "target": Cell(5.5, "percent"),
     "owners": "Leder; Koordinator", "note": " æøå 🙂 "},
    {"id": "M1.1.3", "effect": "Tilfredshed", "target": Cell(4.9, "1"), "baseline": Cell(1200.0, "0")},
)


def filling(goals: Iterable[Row] = GOALS, years: Iterable[int] = range(2015, 2019)) -> Filling:
    columns = maal_columns(years)
    rows = tuple(tuple(value if isinstance(value := goal.get(column.key), Cell) else Cell(value) for column in columns)
                 for goal in goals)
    facts: dict[str, Value] = {"enhed": "Viborg Bibliotekerne", "afdeling": "KSE", "aar": 2015.0,
                               "periode": "2015-2018", "frist_midtvejs": date(2015, 6, 10), "tema": "=Synlighed"}
    return Filling(facts, {"Tematekst": "SYNLIGHED\n• Fysisk\n• Virtuelt"}, columns, rows, RECORD, date(2015, 1, 5),
                   "Aftale 2015")


def sheet_of(data: bytes, name: str) -> list[list[Any]]:
    """Read a sheet with another library than the one that wrote it."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def goals_of(data: bytes, name: str = "Mål") -> list[dict[str, Any]]:
    """Read the goals back as one dictionary per row, by header."""
    rows = sheet_of(data, name)
    header = next(n for n, row in enumerate(rows) if "Effektmål" in row)
    return [dict(zip(rows[header], row, strict=True)) for row in rows[header + 1:] if any(value != "" for value in row)]


def named(data: bytes, name: str) -> Any:
    book = load_workbook(io.BytesIO(data))
    sheet, ref = next(iter(book.defined_names[name].destinations))
    return book[sheet][ref.replace("$", "")]


def changed(change: Callable[[Workbook], None], data: bytes = SHIPPED) -> bytes:
    """Return a template that staff have changed."""
    book = load_workbook(io.BytesIO(data))
    change(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def logo() -> Image:
    out = io.BytesIO()
    Picture.new("RGB", (60, 30), "#1F4E78").save(out, "png")
    return Image(io.BytesIO(out.getvalue()))


# The shipped template ---------------------------------------------------------------------------------------------


def test_the_committed_file_is_what_the_script_builds() -> None:
    spec = importlib.util.spec_from_file_location("byg_skabelon", ROOT / "templates" / "byg_skabelon.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    built = script.build()
    assert built == script.build()
    assert read_parts(built) == read_parts(SHIPPED)
    assert built == SHIPPED


def test_the_shipped_template_is_complete_and_loses_nothing() -> None:
    report = inspect(SHIPPED)
    assert (report.missing, report.losses, report.notes, report.edition) == ((), (), (), "1")


def test_the_shipped_template_holds_no_formula_and_no_value() -> None:
    book = load_workbook(io.BytesIO(SHIPPED))
    assert [sheet.title for sheet in book] == ["Forside", "Aftaletekst", "Mål", "Lister", "_aftale"]
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 3 + ["hidden"] * 2
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    for fact in FACTS:
        cell = named(SHIPPED, fact.name)
        assert cell.value is None
        assert cell.parent.cell(cell.row, cell.column - 1).value == fact.label


# Filling it in ----------------------------------------------------------------------------------------------------


def test_goals_come_back_as_they_went_in() -> None:
    data, notes = fill(SHIPPED, filling())
    rows = goals_of(data)
    assert notes == ()
    assert [row["Mål-id"] for row in rows] == ["M1.1", "M1.1.1", "M1.1.2", "M1.1.3"]
    assert (rows[0]["2015"], rows[0]["2017"], rows[1]["2016"], rows[1]["Effektmål"]) == ("x", "", 10, LONG)
    assert [row["Måltal"] for row in rows] == ["", 0.5, 0.055, 4.9]
    assert (rows[2]["Effektmål"], rows[2]["Delmål"]) == ("=SUM(A1)", "_x0041_ #N/A \nny linje")
    assert (rows[2]["Note"], rows[3]["Udgangspunkt"]) == (" æøå 🙂 ", 1200)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80))
@example("\r")
def test_any_text_stays_a_text(text: str) -> None:
    first, _ = fill(SHIPPED, filling([{"id": "M1", "effect": text}]))
    kept = cell_text(text).replace("_x005F_", "_")
    # White space alone is nothing; openpyxl keeps it only where lxml is installed.
    assert sheet_of(first, "Mål")[4][3] in ((kept,) if kept.strip() else (kept, ""))
    again = amend(first, "Mål", {"D5": f"{text}!"}, RECORD, date(2015, 1, 5))
    assert sheet_of(again, "Mål")[4][3] == f"{kept}!"


def test_facts_texts_and_record_come_back_as_they_went_in() -> None:
    data, _ = fill(SHIPPED, filling())
    assert [named(data, name).value for name in ("Enhed", "Aftaleaar", "Periode", "Tema")] == [
        "Viborg Bibliotekerne", "2015", "2015-2018", "=Synlighed"]
    assert named(data, "Tema").data_type == "s"
    assert named(data, "Frist_midtvejs").value == datetime(2015, 6, 10)
    assert "mmmm yyyy" in named(data, "Frist_midtvejs").number_format
    assert named(data, "Tematekst").value == "SYNLIGHED\n• Fysisk\n• Virtuelt"
    assert sheet_of(data, "_aftale") == [["post", "nøgle", "felt", "type", "værdi"], *map(list, RECORD)]


def test_every_row_looks_like_the_model_row_and_is_tall_enough() -> None:
    sheet = load_workbook(io.BytesIO(fill(SHIPPED, filling())[0]))["Mål"]
    model = load_workbook(io.BytesIO(SHIPPED))["Mål"]
    effect = letter_of(sheet, "Effektmål")
    for goal in ("M1.1", "M1.1.1", "M1.1.2", "M1.1.3"):
        assert cell_at(sheet, goal, "Effektmål").alignment.wrap_text is model[f"{effect}5"].alignment.wrap_text is True
        assert cell_at(sheet, goal, "Effektmål").font.b
        assert cell_at(sheet, goal, "2015").alignment.horizontal == "center"
    assert [cell_at(sheet, goal, "Måltal").number_format for goal in ("M1.1.1", "M1.1.2", "M1.1.3")] == [
        "0 %", "0.0 %", "#,##0.0"]
    assert re.search(rb'<row r="6" ht="\d+">', read_parts(fill(SHIPPED, filling())[0])["xl/worksheets/sheet3.xml"])
    assert (sheet.row_dimensions[6].height or 0) >= text_height(LONG, 34) > 3 * (sheet.row_dimensions[5].height or 0)


def test_table_rules_and_print_titles_follow_the_rows() -> None:
    sheet = load_workbook(io.BytesIO(fill(SHIPPED, filling())[0]))["Mål"]
    assert (sheet.tables["Maal"].ref, sheet.print_title_rows, sheet.freeze_panes) == (
        f"A4:{letter_of(sheet, 'Note')}8", "$4:$4", f"{letter_of(sheet, 'Delmål')}5")
    end = 8 + SPARE_ROWS
    rules = [(each.promptTitle, each.formula1, str(each.sqref)) for each in sheet.data_validations.dataValidation]
    method, first, last = (letter_of(sheet, header) for header in ("Måltype", "2015", "2018"))
    assert (None, "Liste_maaltype", f"{method}5:{method}{end}") in rules
    assert ("x eller et tal", None, f"{last}5:{last}{end}") in rules
    assert f"{first}5:{last}{end}" in [str(each.sqref) for each in sheet.conditional_formatting]


def test_a_template_that_prints_the_ids_on_every_page_too_names_its_columns_first() -> None:
    """The other way round, LibreOffice would write the name twice."""
    book = load_workbook(io.BytesIO(SHIPPED))
    book["Mål"].print_title_cols = "A:A"
    book.save(own := io.BytesIO())
    assert "'Mål'!$A:$A,'Mål'!$4:$4" in read_parts(fill(own.getvalue(), filling())[0])["xl/workbook.xml"].decode()


def test_without_goals_there_are_rows_to_write_in() -> None:
    data, _ = fill(SHIPPED, filling(()))
    sheet = load_workbook(io.BytesIO(data))["Mål"]
    assert goals_of(data) == []
    assert sheet.tables["Maal"].ref == f"A4:{letter_of(sheet, 'Note')}{5 + EMPTY_ROWS}"
    assert sheet.cell(5 + EMPTY_ROWS, 4).alignment.wrap_text


def test_maal_prints_one_page_wide_in_letters_that_can_be_read() -> None:
    sheet = load_workbook(io.BytesIO(SHIPPED))["Mål"]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToWidth in (None, 1, "1") and str(sheet.page_setup.fitToHeight) == "0"
    a3 = (420 - 25.4 * (sheet.page_margins.left + sheet.page_margins.right)) / 25.4 * 96
    pixels = sum(round(7 * column.width + 5) for column in maal_columns(range(2015, 2019)))
    assert sheet.page_setup.paperSize == 8 and 11 * a3 / pixels >= 7, "points"


def test_an_agreements_empty_rows_are_not_printed() -> None:
    """Excel prints every row in which something stands, or a cell of its own has a line or a colour."""
    sheet = load_workbook(io.BytesIO(fill(SHIPPED, filling(()))[0]))["Mål"]
    cells = [cell for row in sheet.iter_rows(min_row=5) for cell in row]
    assert len(cells) > 500 and all(cell.value is None and cell.fill.fill_type is None for cell in cells)
    assert not any(getattr(cell.border, side).style for cell in cells for side in ("left", "right", "top", "bottom"))
    assert sheet.sheet_view.showGridLines is not False, "they are seen on screen"
    ruled = [rule.formula for rules in sheet.conditional_formatting for rule in rules.rules if rule.dxf and rule.dxf.border]
    assert ["AND(COUNTA($A5:$V5)>0)"] in ruled, "and get their lines once something stands in them"


def test_prompts_stand_at_the_headers_and_at_the_cells_that_people_get_wrong() -> None:
    sheet = load_workbook(io.BytesIO(SHIPPED))["Mål"]
    prompted = [area for each in sheet.data_validations.dataValidation if each.prompt for area in each.sqref.ranges]
    head, cells = ({str(sheet.cell(4, column).value) for area in prompted if area.min_row == row
                    for column in range(area.min_col, area.max_col + 1)} for row in (4, 5))
    assert cells == {"Mål-id", "2015", "2016", "2017", "2018", "KSE-krav", "Udgangspunkt", "Måltal", "Ansvarlig", "E-mail"}
    assert cells < head and {"Udviklingsmål", "Delmål", "Måltype", "Opgøres", "Frist"} < head


@pytest.mark.parametrize("years", [range(2019, 2023), range(2019, 2022), range(2019, 2024), range(2019, 2020)])
def test_another_period_gets_its_own_year_columns(years: range) -> None:
    goals = [{"effect": "Mål", f"y{years[-1]}": "x", "demands": "Bredde", "note": "sidst"}]
    data, notes = fill(SHIPPED, filling(goals, years))
    sheet = load_workbook(io.BytesIO(data))["Mål"]
    headers = [cell.value for cell in sheet[4]]
    last = column_of(sheet, str(years[-1]))
    assert notes == ()
    assert headers == [column.header for column in maal_columns(years)]
    assert [column.name for column in sheet.tables["Maal"].tableColumns] == headers
    assert sheet.tables["Maal"].ref.endswith("5")
    assert sheet.tables["Maal"].ref.startswith("A4")
    assert (goals_of(data)[0][str(years[-1])], goals_of(data)[0]["KSE-krav"], goals_of(data)[0]["Note"]) == (
        "x", "Bredde", "sidst")
    assert sheet.cell(4, last).alignment.horizontal == sheet.cell(5, last).alignment.horizontal == "center"
    prompts = [v.promptTitle for v in sheet.data_validations.dataValidation
               if sheet.cell(5, last).coordinate in v.sqref]
    assert prompts == ["x eller et tal"]
    assert sum(sheet.cell(5, n).coordinate in each.sqref for n in (last, last + 1)
               for each in sheet.conditional_formatting if len(each.rules) == 1) == 1


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    code = ("import sys, hashlib; sys.path[:0] = ['tests', 'tests/agreement']; import test_template as t;"
            "print(hashlib.sha256(t.fill(t.restyled(), t.filling(years=range(2015, 2020)))[0]).hexdigest())")
    seen = {subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                           env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}).stdout
            for seed in ("1", "2")}
    assert len(seen) == 1
    parts = zipfile.ZipFile(io.BytesIO(fill(SHIPPED, filling())[0]))
    assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert parts.read("docProps/core.xml").count(b"2015-01-05T00:00:00Z") == 2


# Restyled templates -----------------------------------------------------------------------------------------------

OWN_ORDER = ("Effektmål", "Delmål", "Sagsnr.", "2015", "2016", "2017", "2018", "Mål-ID", "Udviklings\nmål",
             "Fokusområde", "Måltype", "Måltal", "Ansvarlige", "Opgjort af")


def restyled() -> bytes:
    """A template that staff have made their own: nothing stands where it stood, and no name or table is left."""
    book = Workbook()
    front: Any = book.active
    front.title = "Velkommen"
    front.add_image(logo(), "E1")
    for row, fact in enumerate(FACTS, 7):
        front.cell(row, 2, fact.label + ":").font = Font(name="Georgia", size=13)
        front.cell(row, 3).font = Font(name="Georgia", italic=True)
    front.merge_cells("C7:D7")
    goals = book.create_sheet("Målplan")
    goals.merge_cells("A1:N1")
    goals["A1"] = "Biblioteket i bevægelse"
    goals.merge_cells("D6:G6")
    goals["D6"] = "År"
    for column, header in enumerate(OWN_ORDER, 1):
        head, model = goals.cell(7, column, header), goals.cell(8, column)
        head.fill = PatternFill("solid", fgColor="FF2F6B4F")
        model.font = Font(name="Georgia", size=10, color="FF123456")
    goals["N8"] = "=LEN(A8)"
    goals["C8"] = "sag"
    goals["A10"] = "Godkendt af ledelsen"
    goals["A10"].font = Font(bold=True)
    goals.column_dimensions["A"].width = 50
    goals.column_dimensions["G"].width = 6
    extra = book.create_sheet("Vores noter")
    extra["A1"], extra["A2"] = "Vores eget ark", "=COUNTA(Målplan!A8:A9)+Målplan!$I$10"
    book.defined_names["Godkendelse"] = DefinedName("Godkendelse", attr_text="Målplan!$A$10")
    return saved(book)


def test_a_restyled_template_gets_the_goals_and_keeps_its_looks() -> None:
    data, notes = fill(restyled(), filling())
    sheet = load_workbook(io.BytesIO(data))["Målplan"]
    rows = goals_of(data, "Målplan")
    assert [row["Mål-ID"] for row in rows[:4]] == ["M1.1", "M1.1.1", "M1.1.2", "M1.1.3"]
    assert [row["Sagsnr."] for row in rows[:4]] == ["sag"] * 4
    assert (rows[1]["Effektmål"], rows[2]["Ansvarlige"], rows[1]["2016"]) == (LONG, "Leder; Koordinator", 10)
    assert {sheet.cell(row, 1).font.name for row in range(8, 12)} == {"Georgia"}
    assert sheet["A7"].fill.fgColor.rgb == "FF2F6B4F"
    assert sheet["N11"].value == "=LEN(A11)"
    missing = [note for note in notes if "manglede kolonnen" in note]
    assert {"Note", "Politik"} <= {note.split("»")[1].split("«")[0] for note in missing}
    assert rows[2]["Note"] == " æøå 🙂 "
    assert any("Tematekst" in note for note in notes)


def test_what_stands_around_the_goals_moves_with_them() -> None:
    book = load_workbook(io.BytesIO(fill(restyled(), filling(years=range(2015, 2021)))[0]))
    sheet = book["Målplan"]
    assert sheet["A13"].value == "Godkendt af ledelsen"
    assert sheet["A13"].font.b
    assert book.defined_names["Godkendelse"].attr_text == "Målplan!$A$13"
    assert "D6:I6" in {str(each) for each in sheet.merged_cells.ranges}
    assert [sheet.cell(7, n).value for n in range(4, 11)] == [*map(str, range(2015, 2021)), "Mål-ID"]
    assert book["Vores noter"]["A2"].value == "=COUNTA(Målplan!A8:A12)+Målplan!$K$13"
    images: Any = book["Velkommen"]
    assert len(images._images) == 1
    assert sheet.column_dimensions["A"].width == 50
    assert sheet.column_dimensions["G"].width == 6


def test_a_template_that_has_lost_its_names_is_filled_by_its_labels() -> None:
    data, _ = fill(restyled(), filling())
    front = sheet_of(data, "Velkommen")
    assert [front[6][2], front[9][2], front[16][2]] == ["Viborg Bibliotekerne", "2015", date(2015, 6, 10)]


def test_fonts_columns_sheets_and_a_logo_in_the_shipped_template_are_kept() -> None:
    def change(book: Workbook) -> None:
        book["Mål"]["D5"].font = Font(name="Verdana", size=14)
        book["Mål"].add_image(logo(), "T1")
        book["Mål"].title = "Vores mål"
        book.create_sheet("Ordliste")["A1"] = "Effektmål er etårige"
        book.move_sheet("Ordliste", -5)
        book["Forside"]["B2"] = "Aftale om det gode bibliotek"

    template = changed(change)
    data, notes = fill(template, filling())
    book = load_workbook(io.BytesIO(data))
    assert notes == ()
    assert inspect(template).missing == ()
    assert book.sheetnames[0] == "Ordliste"
    assert book["Forside"]["B2"].value == "Aftale om det gode bibliotek"
    assert {book["Vores mål"].cell(row, 4).font.name for row in range(5, 9)} == {"Verdana"}
    assert len(goals_of(data, "Vores mål")) == 4
    assert len(read_parts(data).keys() & {"xl/media/image1.png"}) == 1


def test_a_table_in_another_place_with_columns_of_its_own() -> None:
    def change(book: Workbook) -> None:
        sheet = book["Mål"]
        table: Table = sheet.tables["Maal"]
        own = get_column_letter(len(table.tableColumns) + 3)
        sheet.move_range(table.ref, rows=6, cols=2)
        sheet[f"{own}10"], sheet[f"{own}11"] = "Journalnr.", None
        columns = [*table.tableColumns]
        assert table.autoFilter is not None
        table.ref = table.autoFilter.ref = f"C10:{own}11"
        table.tableColumns = [*columns, replace_name(columns[-1], "Journalnr.")]

    data, notes = fill(changed(change), filling(years=range(2015, 2020)))
    sheet = load_workbook(io.BytesIO(data))["Mål"]
    assert notes == ()
    own = letter_of(sheet, "Journalnr.")
    assert column_of(sheet, "Journalnr.") == column_of(sheet, "Note") + 1
    assert sheet.tables["Maal"].ref == f"C10:{own}14"
    assert [row["Mål-id"] for row in goals_of(data)] == ["M1.1", "M1.1.1", "M1.1.2", "M1.1.3"]


def replace_name(column: Any, name: str) -> Any:
    return type(column)(id=99, name=name)


# Checking a template ----------------------------------------------------------------------------------------------


def test_inspect_says_what_is_missing_and_what_to_do() -> None:
    def change(book: Workbook) -> None:
        del book.defined_names["Tema"], book.defined_names["Enhed"], book.defined_names["Tematekst"]
        front = book["Forside"]
        next(cell for row in front.iter_rows() for cell in row if cell.value == "Enhed").value = "Hvem er vi?"
        book["Mål"].cell(4, column_of(book["Mål"], "Ansvarlig")).value = "Ansvarlge"
        book["Mål"].cell(4, column_of(book["Mål"], "Effektmål")).value = "Noget andet"
        del book["Lister"]

    report = inspect(changed(change))
    said = "\n".join(report.missing)
    assert len(report.missing) == 5
    owners = letter_of(load_workbook(io.BytesIO(SHIPPED))["Mål"], "Ansvarlig")
    assert f"Mente du den med »Ansvarlge« i celle {owners}4?" in said
    assert "mangler kolonnen »Effektmål«" in said
    assert "»Enhed«" in said
    assert "Tematekst" in said
    assert "Lister" in said
    assert any("mistet navnet Tema" in note for note in report.notes)


@pytest.mark.parametrize("column", AGREED_COLUMNS, ids=lambda column: column.key)
def test_a_column_that_a_template_lacks_is_asked_for_or_put_in(column: AgreedColumn) -> None:
    def change(book: Workbook) -> None:
        book["Mål"].cell(4, column_of(book["Mål"], column.header)).value = "Vores egen"

    template = changed(change)
    report = inspect(template)
    asked, told = (any(f"mangler kolonnen »{column.header}«" in line for line in lines)
                   for lines in (report.missing, report.notes))
    assert (asked, told) == (column.required, not column.required)
    data, notes = fill(template, filling([{"effect": "Unge kommer", column.key: "Det aftalte"}]))
    assert [row[column.header] for row in goals_of(data)] == ["Det aftalte"]
    assert [column.header in note for note in notes] == [True]


def test_a_column_that_may_be_one_of_staffs_own_is_asked_about() -> None:
    def change(book: Workbook) -> None:
        book["Mål"].cell(4, column_of(book["Mål"], "Indikator")).value = "Indikatorer"

    assert ["Mente du den med »Indikatorer«" in line for line in inspect(changed(change)).missing] == [True]


def test_an_agreement_from_an_excel_template_file_is_an_ordinary_workbook() -> None:
    def change(book: Workbook) -> None:
        book.template = True

    assert b"template.main" not in read_parts(fill(changed(change), filling())[0])["[Content_Types].xml"]


def test_inspect_asks_for_a_sheet_of_goals_and_a_model_row() -> None:
    assert any("ikke noget ark med målene" in line for line in inspect(saved(Workbook())).missing)
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Udviklingsmål", "Fokusområde", "Effektmål", "2015"])
    assert any("modelrækken" in line for line in inspect(saved(book)).missing)
    assert not any("årstal" in line for line in inspect(saved(book)).missing[-1:])


@pytest.mark.parametrize("data", [b"", b"en tekstfil", SHIPPED[:3000], write_parts({"a.txt": b"x"})])
def test_what_is_no_workbook_is_refused_in_danish(data: bytes) -> None:
    for attempt in (lambda: inspect(data), lambda: losses(data), lambda: fill(data, filling()),
                    lambda: amend(data, "Mål", {}, RECORD, date(2015, 1, 5))):
        with pytest.raises(TemplateError, match="kan ikke åbnes"):
            attempt()


def test_a_template_without_goals_is_refused() -> None:
    with pytest.raises(TemplateError, match="aftale skabelon"):
        fill(saved(Workbook()), filling())


# What would be lost -----------------------------------------------------------------------------------------------


def drawn(draw: Callable[[Any, Any], object]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Forside")
    sheet.write_row(0, 0, [1, 2, 3])
    draw(book, sheet)
    book.close()
    return out.getvalue()


def png() -> io.BytesIO:
    out = io.BytesIO()
    Picture.new("RGB", (20, 20), "red").save(out, "png")
    return out


@pytest.mark.parametrize(("draw", "said"), [
    (lambda _, s: s.insert_textbox(1, 1, "Hej"), "Tekstboks eller figur på arket Forside"),
    (lambda _, s: s.add_sparkline(1, 1, {"range": "Forside!A1:C1"}), "Minidiagrammer (sparklines) på arket Forside"),
    (lambda _, s: s.set_header("&L&G", {"image_left": "l.png", "image_data_left": png()}),
     "Billede i sidehoved eller sidefod på arket Forside"),
    (lambda _, s: s.insert_button("B3", {"caption": "Tryk"}), "Knap eller andet kontrolelement på arket Forside"),
    (lambda _, s: s.conditional_format("A1:C1", {"type": "data_bar", "data_bar_2010": True}),
     "Databjælker eller ikoner på arket Forside"),
    (lambda _, s: s.set_background(png()), "Baggrundsbillede på arket Forside"),
    (lambda _, s: s.insert_image("E1", "l.png", {"image_data": png(), "url": "https://example.dk"}),
     "Link på en figur eller et billede på arket Forside"),
])
def test_losses_are_named_with_their_sheet(draw: Callable[[Any, Any], object], said: str) -> None:
    data = drawn(draw)
    assert said in losses(data)
    assert said in inspect(data).losses


@pytest.mark.parametrize("draw", [
    lambda _, s: s.insert_image("E1", "l.png", {"image_data": png(), "description": "Vores logo"}),
    lambda _, s: s.write_comment("A1", "En note"),
    lambda _, s: s.conditional_format("A1:C1", {"type": "3_color_scale"}),
    lambda _, s: s.write_url("A2", "https://example.dk"),
    lambda b, s: s.write_rich_string("A3", "a", b.add_format({"bold": True}), "b", "c"),
])
def test_what_is_kept_is_not_called_lost(draw: Callable[[Any, Any], object]) -> None:
    assert losses(drawn(draw)) == ()


def test_a_sensitivity_label_and_macros_are_found() -> None:
    parts = read_parts(SHIPPED)
    label = (b'<Relationship Id="rId99" Target="docMetadata/LabelInfo.xml" Type="http://schemas.microsoft.com/office/'
             b'2020/02/relationships/classificationlabels"/></Relationships>')
    macro = (b'<Relationship Id="rId99" Target="vbaProject.bin" Type="http://schemas.microsoft.com/office/2006/'
             b'relationships/vbaProject"/></Relationships>')
    for rels, added, said in (("_rels/.rels", label, "Følsomhedsmærkat"),
                              ("xl/_rels/workbook.xml.rels", macro, "VBA-makroer")):
        changed_parts = {**parts, rels: parts[rels].replace(b"</Relationships>", added),
                         "docMetadata/LabelInfo.xml": b"<labels/>", "xl/vbaProject.bin": b"x"}
        assert losses(write_parts(changed_parts)) == (said,)


# Changing an agreement that people have worked in -----------------------------------------------------------------


def test_amend_changes_these_cells_and_nothing_else() -> None:
    data, _ = fill(SHIPPED, filling())
    new = amend(data, "mål", {"A5": "M9.1", "B6": "=tekst & <mere>", "A40": "M9.9"}, RECORD[:1], date(2015, 2, 1))
    rows = sheet_of(new, "Mål")
    assert (rows[4][0], rows[5][1], rows[39][0], rows[5][3]) == ("M9.1", "=tekst & <mere>", "M9.9", LONG)
    assert sheet_of(new, "_aftale")[1:] == [list(RECORD[0])]
    before, after = read_parts(data), read_parts(new)
    assert {name for name in before if before[name] != after[name]} == {
        "docProps/core.xml", "xl/worksheets/sheet3.xml", "xl/worksheets/sheet5.xml"}
    old, sheet = (load_workbook(io.BytesIO(each))["Mål"] for each in (data, new))
    assert sheet["A5"].alignment.wrap_text is old["A5"].alignment.wrap_text is True
    assert len(sheet.data_validations.dataValidation) == len(old.data_validations.dataValidation)


@pytest.mark.filterwarnings("ignore:Sparkline")
def test_amend_keeps_what_openpyxl_would_lose() -> None:
    def draw(book: Any, sheet: Any) -> None:
        sheet.insert_textbox(1, 1, "Hej")
        sheet.add_sparkline(2, 1, {"range": "Forside!A1:C1"})
        sheet.write_formula("A4", "=A1+B1", None, 3)
        sheet.data_validation("A5", {"validate": "any", "input_title": "To", "input_message": "linje 1\nlinje 2"})

    data = drawn(draw)
    new = amend(data, "Forside", {"B1": "to"}, RECORD, date(2015, 2, 1))
    assert sheet_of(new, "Forside")[0] == [1, "to", 3]
    assert sheet_of(new, "Forside")[3][0] == 3
    assert losses(new) == losses(data) != ()
    assert load_workbook(io.BytesIO(new))["_aftale"].sheet_state == "hidden"
    assert sheet_of(new, "_aftale")[2][4] == "=1+1"
    assert amend(new, "Forside", {"B1": "to"}, RECORD, date(2015, 2, 1)) == new


def test_amend_refuses_a_sheet_that_is_not_there() -> None:
    with pytest.raises(TemplateError, match="ikke noget ark »Nej«"):
        amend(SHIPPED, "Nej", {"A1": "x"}, RECORD, date(2015, 2, 1))


def test_reproducible_forgets_the_clock_and_keeps_the_content() -> None:
    book = Workbook()
    one = saved(book)
    book.properties.modified = datetime(2001, 1, 1)
    assert reproducible(one, datetime(2015, 1, 5)) == reproducible(saved(book), datetime(2015, 1, 5))
    assert next(iter(read_parts(reproducible(one)))) == "[Content_Types].xml"
    assert {n: p for n, p in read_parts(reproducible(one)).items() if "core" not in n} == {
        n: p for n, p in read_parts(one).items() if "core" not in n}
