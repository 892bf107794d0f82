"""What the coordinator types over agreed cells of ``Opfølgning``: a change of the agreement, carried out or put off."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from conftest import Year, cell_at, column_of, letter_of, merge, once, opened, out

from aftale.steps.nyt_aar import nyt_aar
from aftale.steps.open_agreement import open_agreement

REVISE, LATER, KEEP = "Ret aftalen", "Tag med i næste aftale", "Behold aftalen"


class Case(NamedTuple):
    """What is typed over a goal's cell and chosen for it, and what the agreement says afterwards, under which header."""

    says: str
    goal: str
    header: str
    typed: object
    pick: str | None
    own: str | None
    under: str
    stored: object


CASES = (
    Case("a target stands under Måltal", "M2.2.2", "Måltal", 4, REVISE, None, "Måltal", 4),
    Case("a target stands in the year's own cell where there is one", "M1.1.1.2", "Måltal", 6, REVISE, None, "2015", 6),
    Case("a target in percent", "M3.3.1", "Måltal", 0.06, REVISE, None, "Måltal", 0.06),
    Case("a target in percent as text", "M1.1.1", "Måltal", "60 %", REVISE, None, "Måltal", 0.6),
    Case("a target in words, with a number as own wording", "M2.2.5", "Måltal", "flere", REVISE, "5", "Måltal", 5),
    Case("a cross in a year to come", "M4.2.1", "2016", "x", REVISE, None, "2016", "x"),
    Case("a year's own target", "M2.1.1", "2016", 2, REVISE, None, "2016", 2),
    Case("a cross that is taken away", "M2.2.2", "2016", None, REVISE, None, "2016", None),
    Case("an agreed text", "M2.2.3", "Frist", "Inden jul", REVISE, None, "Frist", "Inden jul"),
    Case("a policy", "M3.1.1", "Politik", "Kulturpolitikken", REVISE, None, "Politik", "Kulturpolitikken"),
    Case("an indicator", "M3.1.2", "Indikator", "Antal debatter", REVISE, None, "Indikator", "Antal debatter"),
    Case("a demand", "M4.1.1", "KSE-krav", "Bredde", REVISE, None, "KSE-krav", "Bredde"),
    Case("a unit", "M1.3.1", "Måleenhed", "besøg", REVISE, None, "Måleenhed", "besøg"),
    Case("a goal's text", "M4.2.2", "Effektmål", "Indkøb bliver hurtigere.", REVISE, None, "Effektmål",
         "Indkøb bliver hurtigere."),
    Case("an own wording alone", "M2.2.4", "Måleenhed", "grupper", None, "foreninger", "Måleenhed", "foreninger"),
    Case("kept", "M4.1.1", "Måltal", 3, KEEP, None, "Måltal", 1),
    Case("put off", "M2.2.5", "Frist", "Til sommer", LATER, None, "Frist", None),
    Case("put off: somebody else answers", "M2.2.1", "Ansvarlig", "Ledelsen", LATER, None, "Ansvarlig",
         "Landdistriktsteamet"))


def begun(year: Year) -> None:
    """Make a follow-up with an answer in it."""
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    merge(year)


def _line_of(book: Any, case: Case) -> int:
    """Return the row on Kontrol that tells what was typed over a cell."""
    sheet = book["Kontrol"]
    at = {header: column_of(sheet, header) for header in ("Mål-id", "Hvad")}
    return int(next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, at["Mål-id"]).value == case.goal
                    and f"»{case.header}« er ændret" in str(sheet.cell(row, at["Hvad"]).value)))


def _typed(year: Year) -> dict[str, str]:
    """Type over every case's cell, merge, and return the choices that Kontrol then offers for each."""
    once(begun, year)
    book = openpyxl.load_workbook(out(year))
    for case in CASES:
        cell_at(book["Opfølgning"], case.goal, case.header).value = case.typed
    book.save(out(year))
    report = merge(year)
    assert {each.code for each in report.problems if "er ændret fra" in each.message} == {"agreed-typed-over"}
    sheet = opened(out(year))["Kontrol"]
    letter = letter_of(sheet, "Vælg")
    lists = {cell: rule.formula1 for rule in sheet.data_validations.dataValidation for cell in str(rule.sqref).split()}
    offers = {}
    for case in CASES:
        cell = f"{letter}{_line_of({'Kontrol': sheet}, case)}"
        offers[case.says] = next(text for at, text in lists.items() if cell in _cells(at))
    return offers


def _cells(ref: str) -> list[str]:
    found = openpyxl.utils.rows_from_range(ref) if ":" in ref else ((ref,),)
    return [cell for row in found for cell in row]


@pytest.fixture
def chosen(year: Year) -> Year:
    """The follow-up in which every case was chosen and carried out."""
    offers = _typed(year)
    assert {case.says: offers[case.says] for case in CASES} == {
        case.says: f'"{LATER},{KEEP}"' if case.header == "Ansvarlig" else f'"{REVISE},{LATER},{KEEP}"' for case in CASES}
    book = openpyxl.load_workbook(out(year))
    sheet = book["Kontrol"]
    for case in CASES:
        row = _line_of(book, case)
        sheet.cell(row, column_of(sheet, "Vælg")).value = case.pick
        sheet.cell(row, column_of(sheet, "Egen formulering")).value = case.own
    book.save(out(year))
    report = merge(year)
    assert not [each for each in report.problems if each.code == "agreed-typed-over" and each.level.value == "question"]
    return year


def _revised(year: Year) -> Path:
    [path] = year.folder.glob("aftale_revideret_*.xlsx")
    return path


def test_each_change_that_was_chosen_stands_in_the_revised_agreement_and_nothing_else_differs(chosen: Year) -> None:
    before, after = (openpyxl.load_workbook(path)["Mål"] for path in (chosen.agreement, _revised(chosen)))
    assert {case.says: cell_at(after, case.goal, case.under).value for case in CASES} == {
        case.says: case.stored for case in CASES}
    differ = [cell.coordinate for row in after.iter_rows() for cell in row
              if cell.value != before[cell.coordinate].value]
    assert len(differ) == sum(case.pick == REVISE or bool(case.own) for case in CASES)
    assert [goal.id for goal in open_agreement(_revised(chosen)).agreement.goals] == [
        goal.id for goal in open_agreement(chosen.agreement).agreement.goals]
    assert merge(chosen).files == (), "nothing is written again where nothing is new"


def test_what_is_put_off_stands_in_next_years_agreement(chosen: Year, tmp_path: Path) -> None:
    report = nyt_aar(chosen.agreement, [out(chosen)], tmp_path / "aftale_2016.xlsx")
    assert [(each.goal, each.message) for each in report.problems if each.code == "next-change"] == [
        ("M2.2.1", "Denne ændring skal med, har I valgt: »Ansvarlig: Ledelsen«."),
        ("M2.2.5", "Denne ændring skal med, har I valgt: »Frist: Til sommer«.")]
    assert [row[1:3] for row in report.table if row[0] == "Forslag"] == [
        ("M2.2.1", "Ansvarlig: Ledelsen"), ("M2.2.5", "Frist: Til sommer")]


def test_an_error_typed_over_an_agreed_cell_is_told_and_is_no_change(year: Year) -> None:
    once(begun, year)
    book = openpyxl.load_workbook(out(year))
    cell_at(book["Opfølgning"], "M2.2.2", "Frist").value = "#NAME?"
    book.save(out(year))
    merge(year)
    sheet = opened(out(year))["Kontrol"]
    row = _line_of({"Kontrol": sheet}, CASES[0]._replace(header="Frist"))
    letter = letter_of(sheet, "Vælg")
    offered = [rule.formula1 for rule in sheet.data_validations.dataValidation if f"{letter}{row}" in rule.sqref]
    assert offered == ['"Godkend"'] and REVISE not in str(sheet.cell(row, column_of(sheet, "Hvad sker der?")).value)
