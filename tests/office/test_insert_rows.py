"""Rows and columns put in and out of a sheet: all that refers to cells moves along, as it does in Excel."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from aftale.office.insert_rows import Shift, bounds_of, ref_of
from aftale.office.library_private import anchor_corners, drawings_of
from aftale.office.openpyxl_book import open_book, save_book


def sheet() -> Worksheet:
    """A table in A1:C5, a total under it, and something of everything that speaks of its cells."""
    book = openpyxl.Workbook()
    made = book.active
    assert isinstance(made, Worksheet)
    made.title = "Mål"
    for row in range(1, 6):
        for column, head in enumerate(("Mål-id", "Resultat", "Status"), 1):
            made.cell(row, column, head if row == 1 else row * column)
    made["B7"] = "=SUM(B2:B5)+Andet!B2+$C$1"
    made.merge_cells("A7:A8")
    made.row_dimensions[5].height, made.column_dimensions["C"].width = 40, 33
    made.add_table(Table(displayName="Tabel1", ref="A1:C5"))
    rule = CellIsRule(operator="equal", formula=["$B$5"], fill=PatternFill("solid", bgColor="FF0000"))
    made.conditional_formatting.add("B2:B5", rule)
    choices = DataValidation("list", formula1="$A$2:$A$5")
    choices.add("C2:C5")
    made.add_data_validation(choices)
    made.freeze_panes = "A2"
    made.print_area = "A1:C8"
    made.add_chart(BarChart(), "A10")
    book.defined_names["navn"] = DefinedName("navn", attr_text="Mål!$B$5")
    other = book.create_sheet("Andet")
    other["A1"] = "=Mål!B5&B5"
    opened = open_book(save_book(book)).worksheets[0]
    assert isinstance(opened, Worksheet)
    return opened


def test_rows_put_in_after_a_table_move_all_that_lies_below_and_grow_what_ends_there() -> None:
    made = sheet()
    Shift(made, True, 6, 2).apply()
    assert (made["B9"].value, made["B7"].value) == ("=SUM(B2:B5)+Andet!B2+$C$1", None)
    assert [str(each) for each in made.merged_cells.ranges] == ["A9:A10"]
    assert made.tables["Tabel1"].ref == "A1:C7"
    assert [str(each.sqref) for each in made.conditional_formatting] == ["B2:B7"]
    assert str(made.data_validations.dataValidation[0].sqref) == "C2:C7"
    assert made.print_area == "'Mål'!$A$1:$C$10" and made.row_dimensions[5].height == 40
    assert anchor_corners(drawings_of(made)[0].anchor)[0].row == 11


def test_rows_put_in_inside_a_table_move_its_references() -> None:
    made = sheet()
    Shift(made, True, 3, 1).apply()
    assert made["B8"].value == "=SUM(B2:B6)+Andet!B2+$C$1" and made["B6"].value == 10
    assert made.parent["Andet"]["A1"].value == "=Mål!B6&B5" and made.parent.defined_names["navn"].attr_text == "Mål!$B$6"
    assert [rule.formula for each in made.conditional_formatting for rule in each.rules] == [["$B$6"]]
    assert made.data_validations.dataValidation[0].formula1 == "$A$2:$A$6"
    assert made.row_dimensions[6].height == 40


def test_a_row_put_in_above_the_frozen_line_moves_it() -> None:
    made = sheet()
    Shift(made, True, 1, 1).apply()
    assert made.freeze_panes == "A3"


def test_a_column_put_in_is_a_column_of_the_table() -> None:
    made = sheet()
    Shift(made, False, 3, 1).apply()
    table = made.tables["Tabel1"]
    assert table.ref == "A1:D5" and made["D1"].value == "Status" and made.column_dimensions["D"].width == 33
    assert made["B7"].value == "=SUM(B2:B5)+Andet!B2+$D$1"


def test_a_column_taken_out_leaves_references_to_it_broken_and_moves_the_others() -> None:
    made = sheet()
    Shift(made, False, 2, -1).apply()
    assert made.tables["Tabel1"].ref == "A1:B5" and made["B1"].value == "Status"
    assert made.parent["Andet"]["A1"].value == "=Mål!#REF!&B5" or "#REF!" in made.parent["Andet"]["A1"].value
    assert str(made.data_validations.dataValidation[0].sqref) == "B2:B5"


@pytest.mark.parametrize(("count", "at", "low", "high", "grow", "span"), [
    (2, 3, 1, 2, False, (1, 2)), (2, 3, 1, 2, True, (1, 4)), (2, 3, 3, 5, False, (5, 7)), (2, 3, 2, 4, False, (2, 6)),
    (-2, 3, 1, 2, False, (1, 2)), (-2, 3, 3, 4, False, None), (-2, 3, 2, 6, False, (2, 4)), (-2, 3, 4, 6, False, (3, 4)),
    (-2, 3, 1, 3, False, (1, 2))])
def test_where_a_stretch_of_rows_ends_up(count: int, at: int, low: int, high: int, grow: bool,
                                         span: tuple[int, int] | None) -> None:
    assert Shift(sheet(), True, at, count).span(low, high, grow) == span


@pytest.mark.parametrize(("text", "moved"), [
    ("SUM(A3:A9)", "SUM(A5:A11)"), ("A2+$A$3", "A2+$A$5"), ("'Mål'!A3", "'Mål'!A5"), ("Andet!A3", "Andet!A3"),
    ("A:A", "A:A"), ("3:3", "5:5"), ('"A3"&B3', '"A3"&B5'), ("LOG10(A3)", "LOG10(A5)")])
def test_references_in_formulas(text: str, moved: str) -> None:
    assert Shift(sheet(), True, 3, 2).formula(text, here=True) == moved


def test_names_of_areas() -> None:
    assert bounds_of("B2:D9") == (2, 2, 4, 9) and bounds_of("B:B") == (2, 1, 2, 1_048_576)
    assert ref_of(2, 2, 4, 9) == "B2:D9"
