"""Decisions in Excel: what is chosen on »Modstridende svar« and »Kontrol« is obeyed, remembered, said, and opened again."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import openpyxl
import pytest
from conftest import Year, cell_at, column_of, header_row, once, opened
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from aftale.cells.numbers import read_number
from aftale.merge.choices import as_written, decisions_used
from aftale.merge.merge import Decision, Merged, MergeResult
from aftale.merge.proposed_changes import Revision
from aftale.model.agreement import AnswerColumn, Round
from aftale.model.workbook import WorkbookSheet
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.open_agreement import Opened, open_agreement
from aftale.steps.revise import _changes

Row = dict[str, Any]
Edit = Callable[[Workbook], object]

CHILDREN = {"M2.2.3": {"Status": "Opfyldt", "Bemærkninger": "Sendt til udvalget."},
            "M2.2.2": {"Resultat": 4, "Opgjort pr.": date(2015, 10, 31), "Status": "Opfyldt"}}
LEADERS = {"M2.2.3": {"Status": "Delvist opfyldt", "Bemærkninger": "Endnu ikke vedtaget."},
           "M2.2.5": {"Resultat": "2,5", "Status": "opfyldt "}}


def out(year: Year) -> Path:
    return year.folder / "opfoelgning.xlsx"


def merge(year: Year, agreement: Path | None = None) -> Report:
    report = flet(agreement or year.agreement, [year.answers], out(year))
    write_all(list(report.files))
    return report


def begin(year: Year) -> None:
    year.fill("Børneteamet", CHILDREN, by="Børneteamets koordinator", saved=datetime(2015, 11, 6, 10))
    year.fill("Ledelsen", LEADERS, by="Ledelsessekretariatet", saved=datetime(2015, 11, 5, 13))
    once(merge, year)


def table(sheet: Worksheet) -> list[Row]:
    """Return the rows of a sheet's table by header, the Excel row under ''."""
    top = header_row(sheet)
    headers = {cell.column: str(cell.value) for cell in sheet[top] if cell.value}
    return [{"": row, **{header: sheet.cell(row, column).value for column, header in headers.items()}}
            for row in range(top + 1, sheet.max_row + 1)]


def lines(year: Year, sheet: str, **wanted: str) -> list[Row]:
    """Return the rows of a sheet that hold these texts under these headers (``mål_id`` is ``Mål-id``)."""
    headers = {"mål_id": "Mål-id", "hvad_nu": "Hvad sker der?", "der_stod": "Der stod"}
    found = table(opened(out(year))[sheet])
    return [row for row in found if all(text in str(row[headers.get(key, key.capitalize())] or "")
                                        for key, text in wanted.items())]


def at(year: Year, row: Row, header: str) -> str:
    """Return the cell of a line of Kontrol under a header."""
    page = opened(out(year))["Kontrol"]
    return str(page.cell(row[""], column_of(page, header)).coordinate)


def line(year: Year, sheet: str, **wanted: str) -> Row:
    found = lines(year, sheet, **wanted)
    assert len(found) == 1, found
    return found[0]


def answer(year: Year, sheet: str, at: Row | Mapping[str, str], **cells: Any) -> None:
    """Write in a row of a sheet, ``answer(year, "Kontrol", row, Vælg="Godkend")``, as a spreadsheet program does."""
    book = openpyxl.load_workbook(out(year))
    page = book[sheet]
    top = header_row(page)
    columns = {str(cell.value): cell.column for cell in page[top] if cell.value}
    for header, value in cells.items():
        page.cell(at[""], columns[header.replace("_", " ")]).value = value  # type: ignore[call-overload]
    book.save(out(year))


def type_in(year: Year, goal: str, header: str, value: object) -> None:
    """Type into a goal's cell in Opfølgning."""
    answer(year, "Opfølgning", line(year, "Opfølgning", mål_id=goal), **{header: value})


def shown(year: Year, goal: str, header: str) -> Any:
    return next(row for row in table(opened(out(year))["Opfølgning"]) if row["Mål-id"] == goal)[header]


def codes(report: Report, *wanted: str) -> list[str]:
    return [p.code for p in report.problems if p.code in wanted and p.level.value != "info"]


def said(report: Report) -> str:
    return "\n".join(report.said)


def settled(year: Year) -> None:
    """Assert that a further flet has nothing to write."""
    assert merge(year).files == ()


# ---------------------------------------------------------------- Modstridende svar

def test_each_conflict_shows_first_what_was_sent_and_then_every_answer(year: Year) -> None:
    begin(year)
    found = [(row["Felt"], row["Svar"], row["Fra"], row["Afgørelse"], row["Vælg"])
             for row in lines(year, "Modstridende svar", mål_id="M2.2.3")]
    assert found == [("Status", "(tom)", "Udsendt", "Kan vælges", None),
                     ("Status", "Opfyldt", "Børneteamets koordinator", "Skal vælges", None),
                     ("Status", "Delvist opfyldt", "Ledelsessekretariatet", "Skal vælges", None)]
    sheet = opened(out(year))["Modstridende svar"]
    assert sheet.cell(header_row(sheet) + 1, 1).hyperlink.location.startswith("'Opfølgning'!A")
    assert any(rule.type == "list" and '"x"' in rule.formula1 for rule in sheet.data_validations.dataValidation)


def test_a_pick_in_a_copy_saved_by_libreoffice_is_obeyed_remembered_and_said(
        year: Year, libreoffice: Callable[[Path, str], Path]) -> None:
    begin(year)
    answer(year, "Modstridende svar", line(year, "Modstridende svar", svar="Delvist opfyldt"), Vælg="x")
    shutil.copy(libreoffice(out(year), "xlsx"), out(year))
    report = merge(year)
    assert "Afgørelser brugt: 1 (M2.2.3 Status: Delvist opfyldt)." in said(report)
    assert codes(report, "conflict", "reopened") == []
    assert shown(year, "M2.2.3", "Status") == "Delvist opfyldt"
    assert [row["Afgørelse"] for row in lines(year, "Modstridende svar", mål_id="M2.2.3")] == [
        "Ikke valgt", "Ikke valgt", "Valgt"]
    settled(year)
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    assert "Afgørelser brugt: 1 (M2.2.3" in said(merge(year))
    assert shown(year, "M2.2.3", "Status") == "Delvist opfyldt"


def test_what_was_sent_can_be_picked(year: Year) -> None:
    begin(year)
    answer(year, "Modstridende svar", line(year, "Modstridende svar", fra="Udsendt"), Vælg="x")
    assert "M2.2.3 Status: (tom)" in said(merge(year))
    assert shown(year, "M2.2.3", "Status") == "Mangler svar"
    assert [row["Afgørelse"] for row in lines(year, "Modstridende svar", mål_id="M2.2.3")] == [
        "Valgt", "Ikke valgt", "Ikke valgt"]
    settled(year)


def test_an_own_wording_is_taken_and_stands_as_the_coordinators(year: Year) -> None:
    begin(year)
    answer(year, "Modstridende svar", line(year, "Modstridende svar", svar="Delvist opfyldt"),
           Egen_formulering="forventes opfyldt")
    merge(year)
    assert shown(year, "M2.2.3", "Status") == "Forventes opfyldt"
    row = line(year, "Modstridende svar", fra="Koordinator")
    assert (row["Svar"], row["Afgørelse"], row["Vælg"]) == ("Forventes opfyldt", "Valgt", "x")


def test_two_own_wordings_for_one_cell_choose_nothing_and_are_asked_about(year: Year) -> None:
    begin(year)
    for text, own in (("Delvist opfyldt", "Udgået"), ("Opfyldt", "Ikke opfyldt")):
        row = next(row for row in lines(year, "Modstridende svar", mål_id="M2.2.3") if row["Svar"] == text)
        answer(year, "Modstridende svar", row, Egen_formulering=own)
    assert codes(merge(year), "conflict", "picked-twice") == ["picked-twice", "conflict"]
    assert shown(year, "M2.2.3", "Status") == "Uafklaret"


def test_a_new_answer_opens_the_choice_again_with_the_old_one_offered(year: Year) -> None:
    begin(year)
    row = next(row for row in lines(year, "Modstridende svar") if row["Svar"] == "Opfyldt")
    answer(year, "Modstridende svar", row, Vælg="x")
    merge(year)
    year.fill("Ledelsen", LEADERS | {"M2.2.3": {"Status": "Ikke opfyldt", "Bemærkninger": "Udskudt."}}, name="nyt.xlsx",
              by="Ledelsessekretariatet", saved=datetime(2015, 11, 20))
    report = merge(year)
    assert codes(report, "reopened") == ["reopened"] and "Afgørelser brugt" not in said(report)
    assert {row["Svar"]: row["Afgørelse"] for row in lines(year, "Modstridende svar", mål_id="M2.2.3")} == {
        "(tom)": "Kan vælges", "Opfyldt": "Tidligere valg", "Ikke opfyldt": "Skal vælges igen"}
    answer(year, "Modstridende svar", line(year, "Modstridende svar", svar="Ikke opfyldt"), Vælg="x")
    assert codes(merge(year), "reopened") == []
    assert shown(year, "M2.2.3", "Status") == "Ikke opfyldt"


def test_a_pick_and_an_edit_that_differ_are_asked_about_and_the_edit_holds(year: Year) -> None:
    begin(year)
    answer(year, "Modstridende svar", line(year, "Modstridende svar", svar="Delvist opfyldt"), Vælg="x")
    type_in(year, "M2.2.3", "Status", "Udgået")
    report = merge(year)
    found = next(p for p in report.problems if p.code == "decided-twice")
    assert "»Delvist opfyldt«" in found.message and "»Udgået«" in found.message
    assert found.place.sheet == "Modstridende svar" and "ark Opfølgning, celle" in found.message
    assert shown(year, "M2.2.3", "Status") == "Udgået"


USED = [
    # cells decided now, decided before -> said
    ((), (), ()),
    (("M1.1.1",), (), ("Afgørelser brugt: 1 (M1.1.1 Status: Opfyldt).",)),
    (("M1.1.1", "M1.1.2"), ("M1.1.1",),
     ("Afgørelser brugt: 2, heraf 1 ny (M1.1.2 Status: Opfyldt; M1.1.1 Status: Opfyldt).",)),
    (tuple(f"M1.1.{n}" for n in range(1, 8)), tuple(f"M1.1.{n}" for n in range(1, 8)),
     ("Afgørelser brugt: 7 (M1.1.1 Status: Opfyldt; M1.1.2 Status: Opfyldt; M1.1.3 Status: Opfyldt; M1.1.4 Status: Opfyldt;"
      " M1.1.5 Status: Opfyldt; og 2 til).",)),
]


@pytest.mark.parametrize(("now", "before", "expected"), USED, ids=lambda each: str(len(each)))
def test_the_decisions_used_are_named_the_new_ones_first(now: tuple[str, ...], before: tuple[str, ...],
                                                         expected: tuple[str, ...]) -> None:
    made = {(goal, AnswerColumn.STATUS): Decision(goal, AnswerColumn.STATUS, frozenset(), "Opfyldt") for goal in now}
    cells = {cell: Merged(*cell, (), "Opfyldt", decision=made[cell], decided=True) for cell in made}
    old = {cell: decision for cell, decision in made.items() if cell[0] in before}
    assert decisions_used(MergeResult(cells), old, made) == expected


# ---------------------------------------------------------------- Kontrol: readings

def test_an_accepted_reading_sinks_and_stays_accepted_over_three_flets(year: Year) -> None:
    begin(year)
    reading = line(year, "Kontrol", slags="Læsning", der_stod="opfyldt")
    assert reading["Tilstand"] == "Til orientering"
    answer(year, "Kontrol", reading, Vælg="Godkend")
    assert "Nye valg på Kontrol: 1 godkendt." in said(merge(year))
    for number in range(3):
        after = line(year, "Kontrol", slags="Læsning", der_stod="opfyldt")
        assert (after["Tilstand"], after["Hvad sker der?"], after["Vælg"]) == ("Godkendt", "Godkendt.", "Godkend")
        states = [row["Tilstand"] for row in table(opened(out(year))["Kontrol"])]
        assert states.index("Godkendt") == sum(state in ("Åben", "Fejl") for state in states), "right below what is open"
        assert merge(year).files == ()
        year.fill("Husteamet", {"M2.1.1": {"Resultat": number + 1, "Status": "Opfyldt"}}, by="Husteamet",
                  saved=datetime(2015, 11, 7 + number))
        report = merge(year)
        assert report.files and "Nye valg" not in said(report)


def test_an_accepted_reading_survives_that_its_file_is_renamed(year: Year) -> None:
    begin(year)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", der_stod="opfyldt"), Vælg="ok")
    merge(year)
    file = next(path for path in year.answers.iterdir() if "ledelsen" in path.name)
    file.rename(year.answers / "aaa svar.xlsx")
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    merge(year)
    after = line(year, "Kontrol", slags="Læsning", der_stod="opfyldt")
    assert (after["Fil"], after["Tilstand"]) == ("aaa svar.xlsx", "Godkendt")


def test_choices_on_kontrol_survive_that_libreoffice_saves_the_file(
        year: Year, libreoffice: Callable[[Path, str], Path]) -> None:
    begin(year)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", der_stod="opfyldt"), Vælg="Godkend")
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", der_stod="2,5"), Egen_formulering=3.5)
    shutil.copy(libreoffice(out(year), "xlsx"), out(year))
    report = merge(year)
    assert "1 godkendt, 1 rettet" in said(report) and shown(year, "M2.2.5", "Resultat") == 3.5
    shutil.copy(libreoffice(out(year), "xlsx"), out(year))
    settled(year)


def test_taking_the_choice_away_opens_the_line_again(year: Year) -> None:
    begin(year)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", der_stod="opfyldt"), Vælg="Godkend")
    merge(year)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", der_stod="opfyldt"), Vælg=None)
    assert merge(year).files
    assert line(year, "Kontrol", slags="Læsning", der_stod="opfyldt")["Tilstand"] == "Til orientering"
    settled(year)


@pytest.mark.parametrize(("typed", "becomes"), [(3.25, 3.25), ("3,25", 3.25), ("1.200", 1200)], ids=str)
def test_a_corrected_reading_becomes_a_decision(year: Year, typed: object, becomes: float) -> None:
    begin(year)
    reading = line(year, "Kontrol", slags="Læsning", hvad="Resultat", der_stod="2,5")
    answer(year, "Kontrol", reading, Egen_formulering=typed)
    report = merge(year)
    assert shown(year, "M2.2.5", "Resultat") == becomes
    assert "Afgørelser brugt: 1 (M2.2.5 Resultat:" in said(report)
    after = line(year, "Kontrol", slags="Læsning", der_stod="2,5")
    assert after["Tilstand"] == "Rettet" and after["Hvad sker der?"].startswith("Rettet til ")
    settled(year)
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    merge(year)
    assert shown(year, "M2.2.5", "Resultat") == becomes
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", der_stod="2,5"), Egen_formulering=None)
    merge(year)
    assert shown(year, "M2.2.5", "Resultat") == 2.5, "a correction can be taken back"


def test_a_correction_that_cant_be_read_is_asked_about_where_it_stands(year: Year) -> None:
    begin(year)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", hvad="Resultat"), Egen_formulering="ca. 3")
    report = merge(year)
    found = next(p for p in report.problems if p.code == "choice-unread")
    row = line(year, "Kontrol", slags="Læsning", hvad="Resultat")
    assert found.place.sheet == "Kontrol" and found.place.cell == at(year, row, "Egen formulering")
    assert (row["Tilstand"], row["Egen formulering"]) == ("Åben", "ca. 3")
    assert shown(year, "M2.2.5", "Resultat") == 2.5
    assert codes(merge(year), "choice-unread") == ["choice-unread"], "until it is put right"


# ---------------------------------------------------------------- Kontrol: what couldn't be read

def unread(year: Year) -> Report:
    year.fill("Ledelsen", {"M2.2.5": {"Resultat": "ca. 12", "Status": "måske"}}, by="Ledelsessekretariatet",
              saved=datetime(2015, 11, 5))
    return merge(year)


def test_an_unreadable_answer_is_given_a_value(year: Year) -> None:
    assert codes(unread(year), "number-ambiguous", "status-unknown") == ["status-unknown", "number-ambiguous"]
    answer(year, "Kontrol", line(year, "Kontrol", der_stod="ca. 12"), Egen_formulering="12,5")
    report = merge(year)
    assert shown(year, "M2.2.5", "Resultat") == 12.5
    assert codes(report, "number-ambiguous", "status-unknown") == ["status-unknown"]
    assert line(year, "Kontrol", der_stod="ca. 12")["Hvad sker der?"] == "Rettet til 12,5."
    assert report.data["cells"]["balance"] is True  # type: ignore[index]
    settled(year)


def test_an_unreadable_answer_can_be_left_out_and_is_asked_about_no_more(year: Year) -> None:
    before = unread(year)
    for text in ("ca. 12", "måske"):
        answer(year, "Kontrol", line(year, "Kontrol", der_stod=text), Vælg="godkend ")
    report = merge(year)
    assert (before.exit_code, report.exit_code) == (1, 0)
    assert line(year, "Kontrol", der_stod="ca. 12")["Tilstand"] == "Set"
    assert shown(year, "M2.2.5", "Status") == "Mangler svar"
    assert {p["level"] for p in report.data["problems"]} == {"info"}  # type: ignore[attr-defined]


def test_an_unreadable_answer_that_changes_is_asked_about_again_and_the_earlier_choice_told(year: Year) -> None:
    unread(year)
    answer(year, "Kontrol", line(year, "Kontrol", der_stod="ca. 12"), Vælg="Godkend")
    merge(year)
    year.fill("Ledelsen", {"M2.2.5": {"Resultat": "ca. 14"}}, name="nyt.xlsx", by="Ledelsessekretariatet",
              saved=datetime(2015, 11, 9))
    assert "number-ambiguous" in codes(merge(year), "number-ambiguous")
    assert "Før stod der »ca. 12«, og du valgte »Godkend«." in line(year, "Kontrol", der_stod="ca. 14")["Hvad sker der?"]


def test_a_new_answer_opens_a_value_that_was_given_on_kontrol(year: Year) -> None:
    unread(year)
    answer(year, "Kontrol", line(year, "Kontrol", der_stod="ca. 12"), Egen_formulering="12,5")
    merge(year)
    year.fill("Ledelsen", {"M2.2.5": {"Resultat": 14}}, name="nyt.xlsx", by="Ledelsessekretariatet",
              saved=datetime(2015, 11, 9))
    assert codes(merge(year), "reopened") == ["reopened"]
    assert {row["Svar"] for row in lines(year, "Modstridende svar", mål_id="M2.2.5")} == {"(tom)", 14, 12.5}
    assert line(year, "Kontrol", der_stod="ca. 12")["Tilstand"] == "Ændret siden"


# ---------------------------------------------------------------- Kontrol: what can't be used

@pytest.mark.parametrize(("header", "text", "code"), [
    ("Vælg", "måske senere", "choice-unknown"), ("Vælg", "Ret aftalen", "choice-unknown")])
def test_anything_else_under_vaelg_is_a_question_that_names_the_cell(year: Year, header: str, text: str, code: str) -> None:
    begin(year)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", der_stod="opfyldt"), **{header: text})
    for _ in range(2):
        report = merge(year)
        found = next(p for p in report.problems if p.code == code)
        row = line(year, "Kontrol", slags="Læsning", der_stod="opfyldt")
        assert (found.place.sheet, found.place.cell) == ("Kontrol", at(year, row, header))
        assert text in found.message and "»Godkend«" in found.advice
        assert (row["Tilstand"], row[header]) == ("Åben", text)
    answer(year, "Kontrol", row, Vælg="Godkend")
    assert codes(merge(year), code) == []


def test_a_choice_where_nothing_can_be_chosen_is_kept_and_asked_about(year: Year) -> None:
    begin(year)
    conflict = line(year, "Kontrol", hvad="forskellige svar")
    answer(year, "Kontrol", conflict, Vælg="Godkend")
    report = merge(year)
    assert codes(report, "conflict", "choice-not-here") == ["conflict", "choice-not-here"]
    assert "Nye valg" not in said(report), "a choice that can't be used isn't told as one that was"
    row = line(year, "Kontrol", hvad="forskellige svar")
    assert row["Vælg"] == "Godkend" and "Modstridende svar" in row["Hvad sker der?"], "what to do is still told"


def test_a_choice_beside_no_line_is_asked_about_and_the_file_is_kept(year: Year) -> None:
    begin(year)
    last = len(table(opened(out(year))["Kontrol"])) + 20
    answer(year, "Kontrol", {"": last}, Vælg="Godkend")  # type: ignore[dict-item]
    report = merge(year)
    assert codes(report, "choice-no-line") == ["choice-no-line"]
    assert report.files == (), "nothing is new, so nothing is written over"
    with_text = out(year).read_bytes()
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    assert codes(merge(year), "choice-no-line") == ["choice-no-line"]
    assert [path.read_bytes() for path in year.folder.glob("opfoelgning_tidligere_*.xlsx")] == [with_text]


def test_an_error_cant_be_accepted_away(year: Year) -> None:
    begin(year)
    (year.answers / "halv.xlsx").write_bytes(year.agreement.read_bytes()[:2000])
    merge(year)
    answer(year, "Kontrol", line(year, "Kontrol", tilstand="Fejl"), Vælg="Godkend")
    report = merge(year)
    assert report.exit_code == 1
    assert line(year, "Kontrol", slags="Ikke læst")["Tilstand"] == "Fejl"


@pytest.mark.parametrize("header", ["Vælg", "Egen formulering"])
def test_an_error_value_is_no_choice_on_kontrol_and_what_was_chosen_holds(year: Year, header: str) -> None:
    year.fill("Ledelsen", {"M2.2.5": {"Resultat": "ca. 20 eller 30", "Status": "Opfyldt"}})
    merge(year)
    answer(year, "Kontrol", line(year, "Kontrol", der_stod="ca. 20 eller 30"), Egen_formulering="25")
    merge(year)
    assert shown(year, "M2.2.5", "Resultat") == 25
    book = openpyxl.load_workbook(out(year))
    sheet = book["Kontrol"]
    cell = sheet.cell(line(year, "Kontrol", der_stod="ca. 20 eller 30")[""], column_of(sheet, header))
    cell.value, cell.data_type = "#NAME?", "e"
    book.save(out(year))
    assert codes(merge(year), "edit-error") == ["edit-error"]
    assert shown(year, "M2.2.5", "Resultat") == 25
    assert line(year, "Kontrol", der_stod="ca. 20 eller 30")["Egen formulering"] == "25"


def test_a_question_can_be_marked_as_seen(year: Year) -> None:
    def note(sheet: Worksheet) -> None:
        sheet.cell(sheet.max_row, 4).value = "Forslag: torvedag"

    year.fill("Ledelsen", {"M2.2.5": {"Resultat": 3, "Status": "Opfyldt"}}, change=note)
    assert codes(merge(year), "new-goal") == ["new-goal"]
    row = line(year, "Kontrol", der_stod="torvedag")
    answer(year, "Kontrol", row, Vælg="ok")
    report = merge(year)
    assert codes(report, "new-goal") == [] and report.exit_code == 0
    assert line(year, "Kontrol", der_stod="torvedag")["Tilstand"] == "Set"


def sort_upside_down(book: Workbook) -> None:
    """Sort Kontrol the other way round, with a row put in above the table's last one."""
    sheet = book["Kontrol"]
    first = header_row(sheet) + 1
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(first, sheet.max_row)]
    for row, values in enumerate([*reversed(rows[1:]), [None] * len(rows[0]), rows[0]], first):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column)
            cell.hyperlink = None
            cell.value = value


def test_a_sorted_sheet_with_rows_put_in_is_read_line_by_line(year: Year) -> None:
    begin(year)
    unread_goal = {"M2.1.1": {"Resultat": "ca. 7"}}
    year.fill("Husteamet", unread_goal)
    merge(year)
    book = openpyxl.load_workbook(out(year))
    sort_upside_down(book)
    book.save(out(year))
    answer(year, "Kontrol", line(year, "Kontrol", der_stod="ca. 7"), Egen_formulering=7)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", der_stod="opfyldt"), Vælg="Godkend")
    merge(year)
    assert shown(year, "M2.1.1", "Resultat") == 7
    assert line(year, "Kontrol", slags="Læsning", der_stod="opfyldt")["Tilstand"] == "Godkendt"
    assert line(year, "Kontrol", slags="Læsning", der_stod="2,5")["Tilstand"] == "Til orientering"


# ---------------------------------------------------------------- two places

def test_kontrol_and_opfoelgning_that_differ_are_asked_about_and_opfoelgning_holds(year: Year) -> None:
    begin(year)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", der_stod="2,5"), Egen_formulering="3")
    type_in(year, "M2.2.5", "Resultat", 4)
    report = merge(year)
    assert shown(year, "M2.2.5", "Resultat") == 4
    found = next(p for p in report.problems if p.code == "choice-differs")
    row = line(year, "Kontrol", slags="Læsning", der_stod="2,5")
    assert found.place.cell == at(year, row, "Egen formulering") and "ark Opfølgning, celle" in found.message
    assert "»3«" in found.message and "»4«" in found.message
    assert codes(merge(year), "choice-differs") == ["choice-differs"]
    answer(year, "Kontrol", row, Egen_formulering=None)
    assert codes(merge(year), "choice-differs") == []
    assert shown(year, "M2.2.5", "Resultat") == 4


def test_a_later_edit_in_opfoelgning_replaces_a_correction_on_kontrol(year: Year) -> None:
    begin(year)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Læsning", der_stod="2,5"), Egen_formulering="3")
    merge(year)
    type_in(year, "M2.2.5", "Resultat", 4)
    report = merge(year)
    assert codes(report, "choice-differs", "decided-twice") == []
    assert shown(year, "M2.2.5", "Resultat") == 4
    assert line(year, "Kontrol", slags="Læsning", der_stod="2,5")["Egen formulering"] is None
    settled(year)


# ---------------------------------------------------------------- proposed changes of the agreement

def propose(year: Year, goal: str, header: str, text: object) -> Report:
    """Let Ledelsen change an agreed cell in its skema."""
    def change(sheet: Worksheet) -> None:
        cell_at(sheet, goal, header).value = text

    year.fill("Ledelsen", {"M2.2.5": {"Status": "Opfyldt", "Resultat": 3}}, by="Ledelsessekretariatet", change=change)
    return merge(year)


def propose_line(year: Year, goal: str, label: str, text: str) -> Report:
    """Let Ledelsen change what stands after a label under Mål, such as »Frist: …«."""
    said = str(cell_at(opened(year.forms["Ledelsen"])["Skema"], goal, "Mål").value).split("\n")
    assert sum(line.startswith(f"{label}: ") for line in said) == 1, said
    return propose(year, goal, "Mål", "\n".join(f"{label}: {text}" if line.startswith(f"{label}: ") else line
                                                for line in said))


def revised(year: Year) -> Path:
    found = list(year.folder.glob("aftale_revideret_*.xlsx"))
    assert len(found) == 1
    return found[0]


def cells(path: Path) -> dict[str, Any]:
    sheet = opened(path)["Mål"]
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


def changed(year: Year) -> dict[str, Any]:
    """Return the cells of Mål that differ in the revised agreement; assert that no other part of the package does."""
    old, new = (zipfile.ZipFile(io.BytesIO(path.read_bytes())) for path in (year.agreement, revised(year)))
    assert sorted(old.namelist()) == sorted(new.namelist())
    differ = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert len(differ) == 1 and "/worksheets/sheet" in differ[0]
    before, after = cells(year.agreement), cells(revised(year))
    return {at: after.get(at) for at in before | after if before.get(at) != after.get(at)}


def test_ret_aftalen_writes_a_revised_agreement_with_just_that_cell_changed(year: Year) -> None:
    assert codes(propose(year, "M2.2.5", "Måleenhed", "besøg"), "proposed-change") == ["proposed-change"]
    untouched = year.agreement.read_bytes()
    row = line(year, "Kontrol", slags="Ændring af det aftalte")
    assert "Ret aftalen" in row["Hvad sker der?"]
    answer(year, "Kontrol", row, Vælg="Ret aftalen")
    report = merge(year)
    assert year.agreement.read_bytes() == untouched
    assert list(changed(year).values()) == ["besøg"]
    was, now = open_agreement(year.agreement).agreement, open_agreement(revised(year)).agreement
    assert [g.id for g in was.goals] == [g.id for g in now.goals] and was.register == now.register
    assert next(g for g in now.goals if g.id == "M2.2.5").measure.unit == "besøg"
    assert f"Den reviderede aftale er {revised(year).name}." in report.next_step
    assert line(year, "Kontrol", slags="Ændring af")["Hvad sker der?"] == f"Aftalen er rettet i {revised(year).name}."
    assert codes(report, "proposed-change") == []
    stamp = revised(year).stat().st_mtime_ns
    settled(year)
    assert revised(year).stat().st_mtime_ns == stamp


def test_the_revised_agreement_takes_the_place_of_the_old_one(year: Year) -> None:
    propose(year, "M2.2.5", "Måleenhed", "besøg")
    answer(year, "Kontrol", line(year, "Kontrol", slags="Ændring af det aftalte"), Vælg="Ret aftalen")
    merge(year)
    name = revised(year).name
    report = merge(year, revised(year))
    assert shown(year, "M2.2.5", "Måleenhed") == "besøg"
    assert revised(year).name == name and "revideret" not in report.next_step
    assert line(year, "Kontrol", slags="Ændring af")["Tilstand"] == "Aftalen rettet"
    assert merge(year, revised(year)).files == ()


def test_a_levels_text_is_changed_on_every_row_that_repeats_it(year: Year) -> None:
    goals = open_agreement(year.agreement).agreement.goals
    text = next(g for g in goals if g.id == "M2.2.5").texts[0]
    propose(year, "M2.2.5", "Udviklingsmål", "Et helt nyt udviklingsmål")
    answer(year, "Kontrol", line(year, "Kontrol", slags="Ændring af det aftalte"), Vælg="ret aftalen")
    merge(year)
    found = changed(year)
    assert set(found.values()) == {"Et helt nyt udviklingsmål"}
    assert len(found) == sum(g.texts[0] == text for g in goals)
    assert [g.id for g in open_agreement(revised(year)).agreement.goals] == [g.id for g in goals]


def test_an_own_wording_goes_into_the_agreement_instead(year: Year) -> None:
    propose(year, "M2.2.5", "Effektmål", "noget andet")
    answer(year, "Kontrol", line(year, "Kontrol", slags="Ændring af det aftalte"), Vælg="Ret aftalen",
           Egen_formulering="Vores egen tekst")
    merge(year)
    assert set(changed(year).values()) == {"Vores egen tekst"}


@pytest.mark.parametrize(("unit", "agreed", "typed", "own", "stored", "read"), [
    ("events", 2, "2,75", None, 2.75, 2.75),
    ("events", 2, "ca. 3", "3,5", 3.5, 3.5),
    ("%", 0.12, "50 %", None, 0.5, 50),
    ("%", 0.12, "meget", "45 %", 0.45, 45),
    ("%", 0.12, "meget", "45", 0.45, 45),
], ids=["a number", "an own number", "percent", "own percent", "own percent without its sign"])
def test_a_baseline_is_written_as_a_number_and_read_back(year: Year, tmp_path: Path, unit: str, agreed: float, typed: str,
                                                        own: str | None, stored: float, read: float) -> None:
    book = openpyxl.load_workbook(year.agreement)
    sheet = book["Mål"]
    baseline = cell_at(sheet, "M2.2.5", "Udgangspunkt")
    baseline.value, baseline.number_format = agreed, "0 %" if unit == "%" else "General"
    cell_at(sheet, "M2.2.5", "Måleenhed").value = unit
    book.save(year.agreement)
    made = fordel(year.agreement, Round.AARSOPFOELGNING, tmp_path / "skemaer")
    write_all(list(made.files))
    form = next(path for path in (tmp_path / "skemaer").iterdir() if "ledelsen" in path.name)
    year = Year(year.folder, year.agreement, {**year.forms, "Ledelsen": form})
    propose_line(year, "M2.2.5", "Udgangspunkt", typed)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Ændring af det aftalte"), Vælg="Ret aftalen",
           Egen_formulering=own)
    merge(year)
    assert list(changed(year).values()) == [stored]
    goal = next(g for g in open_agreement(revised(year)).agreement.goals if g.id == "M2.2.5")
    assert goal.measure.baseline == read


@pytest.mark.parametrize(("points", "percent_cell", "stored"), [(45, True, 0.45), (45, False, 0.45), (150, True, 1.5),
                                                                (150, False, 150)])
def test_a_percent_is_stored_so_that_it_reads_back_whatever_the_cells_format(points: float, percent_cell: bool,
                                                                             stored: float) -> None:
    sheet = WorkbookSheet("Mål", (("",),), percent={(0, 0)} if percent_cell else set())
    opened = SimpleNamespace(book=SimpleNamespace(sheets=(sheet,)), read=SimpleNamespace(sheet="Mål"),
                             agreement=SimpleNamespace(columns={}))
    assert _changes(cast(Opened, opened), Revision({"A1": float(points)}, frozenset({"A1"}))) == {"A1": stored}


@pytest.mark.parametrize("number", [1.234, 12.5, 1234.0, -0.125, 3.0])
def test_a_number_typed_as_own_wording_keeps_its_value(number: float) -> None:
    """Three decimals could be read as thousands."""
    read = read_number(as_written(number, percent=False), in_percent=False, unit="")
    assert (read.value, read.problem) == (number, "")


def test_two_proposed_changes_of_one_cell_that_differ_are_asked_about(year: Year) -> None:
    def rename(text: str) -> Callable[[Worksheet], None]:
        def change(sheet: Worksheet) -> None:
            cell_at(sheet, "M2.2.3", "Effektmål").value = text
        return change

    year.fill("Børneteamet", {"M2.2.2": {"Status": "Opfyldt"}}, change=rename("En tekst"))
    year.fill("Ledelsen", {"M2.2.5": {"Status": "Opfyldt"}}, change=rename("En anden tekst"))
    merge(year)
    for text in ("En tekst", "En anden tekst"):
        row = next(row for row in lines(year, "Kontrol", slags="Ændring af") if row["Der stod"] == text)
        answer(year, "Kontrol", row, Vælg="Ret aftalen")
    assert codes(merge(year), "revise-twice") == ["revise-twice", "revise-twice"]
    assert list(year.folder.glob("*revideret*")) == []
    row = next(row for row in lines(year, "Kontrol", slags="Ændring af") if row["Der stod"] == "En anden tekst")
    answer(year, "Kontrol", row, Vælg="Behold aftalen")
    assert codes(merge(year), "revise-twice", "proposed-change") == []
    assert set(changed(year).values()) == {"En tekst"}


def test_an_agreement_that_isnt_xlsx_is_left_and_asked_about(year: Year, libreoffice: Callable[[Path, str], Path]) -> None:
    propose(year, "M2.2.5", "Måleenhed", "besøg")
    answer(year, "Kontrol", line(year, "Kontrol", slags="Ændring af det aftalte"), Vælg="Ret aftalen")
    other = libreoffice(year.agreement, "ods")
    assert codes(merge(year, other), "revise-format", "proposed-change") == ["revise-format", "proposed-change"]
    assert line(year, "Kontrol", slags="Ændring af det aftalte")["Tilstand"] == "Åben"


def test_an_agreed_frist_that_a_colleague_changes_can_be_changed_in_the_agreement(year: Year) -> None:
    assert "Frist: I løbet af 2015" in cell_at(opened(year.forms["Ledelsen"])["Skema"], "M2.2.3", "Mål").value
    propose_line(year, "M2.2.3", "Frist", "Inden jul")
    answer(year, "Kontrol", line(year, "Kontrol", slags="Ændring af det aftalte"), Vælg="Ret aftalen")
    merge(year)
    assert list(changed(year).values()) == ["Inden jul"]
    merge(year, revised(year))
    assert shown(year, "M2.2.3", "Frist") == "Inden jul"


def test_behold_aftalen_settles_the_proposed_change(year: Year) -> None:
    propose(year, "M2.2.5", "Måleenhed", "besøg")
    answer(year, "Kontrol", line(year, "Kontrol", slags="Ændring af det aftalte"), Vælg="Behold aftalen")
    assert codes(merge(year), "proposed-change") == []
    assert line(year, "Kontrol", slags="Ændring af")["Tilstand"] == "Aftalen beholdt"
    assert list(year.folder.glob("*revideret*")) == []
    settled(year)


@pytest.mark.parametrize(("header", "text", "cells", "code"), [
    ("Måleenhed", "besøg", {"Vælg": "ok"}, "choice-unknown"),
    ("Måleenhed", "besøg", {"Vælg": "Behold aftalen", "Egen formulering": "gæster"}, "choice-both"),
    ("Mål", "Mindst 99", {"Vælg": "Ret aftalen"}, "choice-unknown"),
    ("Effektmål", None, {"Vælg": "Ret aftalen"}, "revise-empty"),
], ids=["ok could mean either", "keeping and wording", "a sentence made of other cells", "an emptied text"])
def test_a_proposed_change_that_cant_be_carried_out_is_asked_about(year: Year, header: str, text: str | None,
                                                            cells: dict[str, str], code: str) -> None:
    propose(year, "M2.2.5", header, text)
    answer(year, "Kontrol", line(year, "Kontrol", slags="Ændring af det aftalte"), **cells)
    report = merge(year)
    found = next(p for p in report.problems if p.code == code)
    assert found.place.sheet == "Kontrol" and found.place.cell
    assert list(year.folder.glob("*revideret*")) == []
    assert codes(report, "proposed-change") == ["proposed-change"]


def test_what_the_sentence_is_made_of_is_named_and_ret_aftalen_isnt_offered(year: Year) -> None:
    propose(year, "M2.2.5", "Mål", "Mindst 99")
    row = line(year, "Kontrol", slags="Ændring af det aftalte")
    assert "Måltal" in row["Hvad sker der?"]
    sheet = opened(out(year))["Kontrol"]
    offered = [rule.formula1 for rule in sheet.data_validations.dataValidation if at(year, row, "Vælg") in rule.sqref]
    assert offered == ['"Tag med i næste aftale,Behold aftalen"']
