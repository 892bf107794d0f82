"""Drawing with xlsxwriter: text stays text, numbers have their format, heights fit, mistakes are never silent."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from aftale.model.agreement import Value
from aftale.model.tables import Cell
from aftale.office.draw_base import TALLEST, Book, DrawingError, Sheet, drawable, height_of, lines_of, must, shown, strictly


def book() -> tuple[Book, Sheet]:
    made = Book("Opfølgning", "Aftale", date(2015, 6, 1), "x")
    return made, made.sheet("Ark", "#FF0000")


def drawn(made: Book) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(made.finish())).active
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.mark.parametrize("text", ["=1+1", "+1", "007", "https://example.dk", "<r>fed</r>", "<r>", " a\nb ", "æøå 🎉",
                                  "_x0041_"])
def test_text_stays_text_whatever_it_looks_like(text: str) -> None:
    made, sheet = book()
    sheet.text(0, 0, text)
    cell = drawn(made)["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize(("value", "number", "stored", "number_format"), [
    (50, "percent", 0.5, "0 %"), (12.5, "percent", 0.125, "0.0 %"), (0.5, "share", 0.5, "0 %"), (1200, "0", 1200, "#,##0"),
    (2.5, "2", 2.5, "#,##0.00"), (7, "", 7, ""), ("50", "percent", "50", ""), (None, "0", None, ""),
    (date(1850, 1, 1), "", "1850-01-01", "")])
def test_numbers_are_stored_with_the_format_that_shows_them(value: Value, number: str, stored: Value,
                                                            number_format: str) -> None:
    assert shown(value, number) == (stored, number_format)


def test_a_date_is_a_date_in_danish() -> None:
    made, sheet = book()
    sheet.cell(0, 0, Cell(date(2015, 5, 20)), {})
    cell = drawn(made)["A1"]
    assert cell.value == datetime(2015, 5, 20) and cell.number_format.startswith("[$-406]")


def test_a_formula_has_the_value_that_previews_show() -> None:
    made, sheet = book()
    sheet.formula(0, 0, "1+1", 2)
    data = made.finish()
    assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["A1"].value == "=1+1"
    assert openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]["A1"].value == 2


def test_a_linked_number_stays_a_number() -> None:
    made, sheet = book()
    sheet.cell(0, 0, Cell(7, link="'Ark'!A5"), {})
    cell = drawn(made)["A1"]
    assert cell.value == 7 and cell.hyperlink.location == "'Ark'!A5" and cell.font.u == "single"


def test_what_a_workbook_cannot_hold_is_left_out() -> None:
    assert drawable("a\ud800b\ufffec\uffffd 🎉") == "abcd 🎉" and drawable("æ") == "æ"


def test_the_same_format_is_made_once() -> None:
    made, _ = book()
    assert made.style({"bold": True}) is made.style(bold=True) is not made.style(bold=False)
    assert made.props(made.style(bold=True))["bold"] is True and made.props(None) == {}


@pytest.mark.parametrize(("text", "width", "lines"), [
    ("", 10, 1), ("kort", 10, 1), ("a\nb\nc", 10, 3), ("ord " * 10, 12, 4), ("n" * 100, 10, 11), ("iiiiiiiiii", 5, 1)])
def test_the_lines_of_a_wrapped_text_are_counted(text: str, width: float, lines: int) -> None:
    assert abs(lines_of(text, width) - lines) <= 1 and (lines > 1 or lines_of(text, width) == 1)
    assert lines_of(text, width, 16, True) >= lines_of(text, width)


def test_heights_grow_with_the_lines_up_to_what_excel_has() -> None:
    assert height_of(1, 11) == 15 + 6 and height_of(3, 11) == 3 * 15 + 6 and height_of(1_000) == TALLEST == 409


def test_what_xlsxwriter_refuses_or_warns_about_is_an_error() -> None:
    must(0)
    with pytest.raises(DrawingError):
        must(-1)
    made, sheet = book()
    with pytest.raises(DrawingError):
        sheet.text(2_000_000, 0, "langt ude")
    with strictly(), pytest.raises(UserWarning):
        sheet.raw.write_url(0, 0, "internal:" + "x" * 3_000)


def test_a_list_of_choices_advises_and_never_stops() -> None:
    made, sheet = book()
    sheet.advise((0, 0, 5, 0), "Status", "Vælg", ("Opfyldt", "Udgået"))
    rule, = drawn(made).data_validations.dataValidation
    assert (rule.formula1, rule.errorStyle) == ('"Opfyldt,Udgået"', "information")
    assert (rule.prompt, str(rule.sqref)) == ("Vælg", "A1:A6")


@pytest.mark.parametrize(("title", "footer"), [("Aftale & mål", "&L&8Aftale && mål"), ("2015", "&L&8 2015")])
def test_the_printed_page(title: str, footer: str) -> None:
    made = Book(title, "", date(2015, 6, 1))
    sheet = made.sheet("Ark")
    sheet.text(0, 0, "x")
    sheet.page(9, 3, header=2)
    page: Any = drawn(made)
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.print_title_rows) == ("landscape", 9, "$3:$3")
    assert page.print_area == "'Ark'!$A$1:$D$10"
    data = made.book.worksheets()[0].footer
    assert data.startswith(footer)


def test_the_same_content_gives_the_same_bytes() -> None:
    def once() -> bytes:
        made, sheet = book()
        sheet.note(0, 0, "en note")
        sheet.merged(1, 0, 3, "flettet", made.style(bold=True))
        return made.finish()

    assert once() == once()


def test_windows_writes_the_same_bytes_as_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def once() -> bytes:
        made, sheet = book()
        for each in (sheet, made.sheet("Årets mål")):
            each.note(0, 0, "en note")
        return made.finish()

    here = once()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", "win32")
        assert zipfile.ZipInfo("x").create_system == 0, "what the library asks about"
        there = once()
    assert there == here
    with zipfile.ZipFile(io.BytesIO(there)) as package:
        assert package.testzip() is None and {each.create_system for each in package.infolist()} == {3}
