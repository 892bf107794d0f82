"""The follow-up that stands there: late files, and what the coordinator and KSE write in it, survive every flet."""

from __future__ import annotations

import io
import itertools
import os
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, apart_from_news, beside, cell_at, column_of, fill_in, header_row, letter_of, once, opened, row_of
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from aftale.forms.plan import plan_forms
from aftale.model.agreement import Round
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import draw
from aftale.steps.generer import Given, generer
from aftale.steps.open_agreement import open_agreement

Edit = Callable[[Workbook], object]

CHILDREN = {"M2.2.2": {"Resultat": 4, "Opgjort pr.": date(2015, 10, 31), "Status": "Opfyldt"},
            "M2.2.3": {"Status": "Opfyldt", "Bemærkninger": "Sendt til udvalget."}}
LEADERS = {"M2.2.3": {"Status": "Delvist opfyldt", "Bemærkninger": "Endnu ikke vedtaget."},
           "M2.2.5": {"Resultat": "2,5", "Status": "opfyldt "}}
HOUSE = {"M3.3.1": {"Udgangspunkt": 410000, "Resultat": 424350, "Status": "Delvist opfyldt",
                    "Bemærkninger": "=1+1 _x000D_ 😀 a\u030a"}}


def out(year: Year) -> Path:
    return year.folder / "opfoelgning.xlsx"


def merge(year: Year, *paths: Path, earlier: tuple[Path, ...] = ()) -> Report:
    """Run flet on these answers (on the folder of answers where none are named) and write what it decided."""
    report = flet(year.agreement, list(paths) or [year.answers], out(year), earlier)
    write_all(list(report.files))
    return report


def two_disagree(year: Year) -> None:
    """Børneteamet and Ledelsen disagree on the status of M2.2.3."""
    year.fill("Børneteamet", CHILDREN, by="Børneteamets koordinator", saved=datetime(2015, 11, 6, 10))
    year.fill("Ledelsen", LEADERS, by="Ledelsessekretariatet", saved=datetime(2015, 11, 5, 13))


def begin(year: Year) -> None:
    """Make the first follow-up, in which two disagree."""
    two_disagree(year)
    once(merge, year)


def edit(path: Path, change: Edit) -> None:
    """Open the follow-up in a spreadsheet program, change it, and save it again."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def write(goal: str, header: str, value: object) -> Edit:
    def change(book: Workbook) -> None:
        cell_at(book["Opfølgning"], goal, header).value = value

    return change


def shown(year: Year, goal: str, header: str) -> Any:
    return cell_at(opened(out(year))["Opfølgning"], goal, header).value


def conflict_lines(year: Year, goal: str = "M2.2.3") -> list[tuple[Any, ...]]:
    """Return (Felt, Svar, Fra, Afgørelse, Vælg) of every line of a goal on Modstridende svar."""
    sheet = opened(out(year))["Modstridende svar"]
    top = header_row(sheet)
    at = {str(c.value): c.column for c in sheet[top]}
    return [tuple(sheet.cell(n, at[header]).value for header in ("Felt", "Svar", "Fra", "Afgørelse", "Vælg"))
            for n in range(top + 1, sheet.max_row + 1) if sheet.cell(n, 1).value == goal]


def pick(answer: str, mark: str = "x", own: str = "", who: str = "") -> Edit:
    """Choose an answer to M2.2.3 on Modstridende svar, or write an own wording beside it."""
    def change(book: Workbook) -> None:
        sheet = book["Modstridende svar"]
        top = header_row(sheet)
        at = {str(c.value): c.column for c in sheet[top]}
        row = next(n for n in range(top + 1, sheet.max_row + 1) if sheet.cell(n, 1).value == "M2.2.3"
                   and sheet.cell(n, at["Svar"]).value == answer)
        sheet.cell(row, at["Vælg"]).value = mark or None
        sheet.cell(row, at["Egen formulering"]).value = own or None

    return change


def box(label: str, text: str) -> Edit:
    """Write in a box on Overblik, to the right of its label."""
    def change(book: Workbook) -> None:
        cell = beside(book["Overblik"], label)
        cell.value = text
        cell.data_type = "s"

    return change


def codes(report: Report, *wanted: str) -> list[str]:
    return [p.code for p in report.problems if p.code in wanted]


def said(report: Report) -> str:
    return "\n".join(report.said)


# ---------------------------------------------------------------- nothing new

def test_flet_again_without_news_writes_nothing_and_says_so(year: Year) -> None:
    begin(year)
    before = out(year).read_bytes()
    os.utime(out(year), (1_000_000_000, 1_000_000_000))
    report = merge(year)
    assert report.files == ()
    assert "Intet nyt siden sidst" in said(report)
    assert out(year).read_bytes() == before
    assert out(year).stat().st_mtime == 1_000_000_000


@pytest.mark.parametrize("why", ["saved again by another program", "the answers have other names of folders and times"])
def test_what_is_no_news(year: Year, why: str) -> None:
    begin(year)
    if why.startswith("saved"):
        edit(out(year), lambda book: None)
    else:
        shutil.move(year.answers, year.folder / "indkomne")
        for path in (year.folder / "indkomne").iterdir():
            os.utime(path, (1_000_000_000, 1_000_000_000))
    before = out(year).read_bytes()
    report = merge(year, year.answers if why.startswith("saved") else year.folder / "indkomne")
    assert report.files == () and "Intet nyt" in said(report)
    assert out(year).read_bytes() == before


def test_a_new_answer_is_news(year: Year) -> None:
    begin(year)
    year.fill("Husteamet", HOUSE, by="Husteamets koordinator", saved=datetime(2015, 11, 9))
    assert len(merge(year).files) == 1
    assert shown(year, "M3.3.1", "Resultat") == 424350


# ---------------------------------------------------------------- a late file into the standing follow-up

@pytest.mark.parametrize("order", list(itertools.permutations(("Børneteamet", "Ledelsen", "Husteamet")))[::2],
                         ids=lambda order: " ".join(order))
def test_one_file_at_a_time_comes_to_the_same_as_all_at_once(year: Year, order: tuple[str, ...]) -> None:
    def odd(sheet: Worksheet) -> None:
        sheet.cell(header_row(sheet) + 1, 20).value = "løs\nbemærkning"
        sheet.cell(sheet.max_row, 1).value = "nyt mål"
        sheet.cell(sheet.max_row, 4).value = "Forslag: torvedag"
        sheet.parent.create_sheet("Mine tal !")["B2"] = "ca. 20"
        sheet["B5"].comment = Comment("Ring", "Vikaren")

    paths = {
        "Børneteamet": year.fill("Børneteamet", CHILDREN, by="Børneteamets koordinator", saved=datetime(2015, 11, 6)),
        "Ledelsen": year.fill("Ledelsen", LEADERS, by="Ledelsessekretariatet", saved=datetime(2015, 11, 5), change=odd),
        "Husteamet": year.fill("Husteamet", HOUSE, by="Husteamets koordinator", saved=datetime(2015, 11, 9))}
    merge(year, *paths.values())
    at_once = apart_from_news(out(year))
    out(year).unlink()
    for owner in order:
        report = merge(year, paths[owner])
        assert report.files
    assert apart_from_news(out(year)) == at_once


def test_control_characters_make_no_difference_to_a_late_file(year: Year) -> None:
    """Python's writers refuse them, so the answer is put into the package itself, as other programs write it."""
    from zipfile import ZipFile
    good = year.fill("Børneteamet", CHILDREN)
    late = year.fill("Husteamet", {"M3.3.1": {"Bemærkninger": "STYRETEGN", "Næste skridt": "LINJER"}})
    packed = io.BytesIO()
    with ZipFile(late) as old, ZipFile(packed, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b"STYRETEGN", b"styre_x0007_tegn").replace(b"LINJER", b"_x000B_to_x000D_\nlinjer")
            new.writestr(name, data)
    late.write_bytes(packed.getvalue())
    merge(year)
    at_once = apart_from_news(out(year))
    assert shown(year, "M3.3.1", "Bemærkninger") == "styretegn"
    out(year).unlink()
    merge(year, late)
    merge(year, good)
    assert apart_from_news(out(year)) == at_once


def test_a_late_version_of_a_skema_replaces_the_one_that_stands_there(year: Year) -> None:
    first = year.fill("Ungeteamet", {"M1.2.1.1": {"Status": "Forventes opfyldt"}}, name="skema.xlsx", by="Vikaren",
                      saved=datetime(2015, 11, 6))
    merge(year, first)
    second = year.fill("Ungeteamet", {"M1.2.1.1": {"Status": "Opfyldt"}}, name="skema (1).xlsx", by="Vikaren",
                       saved=datetime(2015, 11, 9))
    report = merge(year, second)
    assert shown(year, "M1.2.1.1", "Status") == "Opfyldt"
    assert codes(report, "conflict") == []


def test_a_file_that_is_no_longer_in_the_folder_is_still_remembered(year: Year) -> None:
    begin(year)
    for path in year.answers.iterdir():
        path.unlink()
    year.fill("Husteamet", HOUSE | {"M3.3.1": {"Status": "Opfyldt"}})
    report = merge(year)
    assert shown(year, "M2.2.2", "Resultat") == 4
    assert len(report.data["conflicts"]) == 1  # type: ignore[arg-type]


# ---------------------------------------------------------------- the coordinator's edits in Opfølgning

EDITS = [
    # goal, column, written, shown afterwards
    ("M2.2.2", "Status", "Delvist opfyldt", "Delvist opfyldt"),
    ("M2.2.2", "Resultat", 5, 5),
    ("M2.2.2", "Resultat", "5,5", 5.5),
    ("M2.2.2", "Opgjort pr.", date(2015, 11, 30), datetime(2015, 11, 30)),
    ("M2.2.2", "Bemærkninger", "Talt op igen", "Talt op igen"),
    ("M2.2.2", "Status", None, "Mangler svar"),
    ("M1.1.2", "Status", "Forventes opfyldt", "Forventes opfyldt"),
    ("M1.1.2", "Næste skridt", "Ring i uge 3", "Ring i uge 3"),
    ("M2.2.3", "Status", "Udgået", "Udgået"),
    ("M2.2.5", "Bemærkninger", "=SUM(1)", "=SUM(1)"),
]


@pytest.mark.parametrize(("goal", "column", "value", "becomes"), EDITS, ids=[f"{e[0]} {e[1]} {e[2]}" for e in EDITS])
def test_an_edit_is_kept_on_the_next_flet_and_the_one_after(year: Year, goal: str, column: str, value: Any,
                                                            becomes: Any) -> None:
    def change(book: Workbook) -> None:
        cell = cell_at(book["Opfølgning"], goal, column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"

    begin(year)
    edit(out(year), change)
    report = merge(year)
    assert shown(year, goal, column) == becomes
    assert "Ikke overført" not in said(report)
    assert merge(year).files == ()
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    merge(year)
    assert shown(year, goal, column) == becomes


def test_emptying_a_status_that_follows_from_the_delmaal_takes_nothing_away(year: Year) -> None:
    year.fill("Ungeteamet", {"M1.2.1.1": {"Status": "Opfyldt"}}, by="Ungeteamets koordinator",
              saved=datetime(2015, 11, 6))
    merge(year)
    derived = shown(year, "M1.2.1", "Status")
    assert derived == "Opfyldt", "its one delmål of the year is"
    edit(out(year), write("M1.2.1", "Status", None))
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    report = merge(year)
    assert (shown(year, "M1.2.1", "Status"), shown(year, "M1.2.1", "Svarstatus")) == (derived, "Følger af delmål")
    assert "Afgørelser brugt" not in said(report)
    year.fill("Ungeteamet", {"M1.2.1.1": {"Status": "Ikke opfyldt"}}, by="Ungeteamets koordinator", name="nyt.xlsx",
              saved=datetime(2015, 11, 20))
    merge(year)
    assert shown(year, "M1.2.1", "Status") != derived, "it goes on following from them"


def test_an_edit_saved_by_libreoffice_is_kept_and_nothing_else_is_taken_for_one(
        year: Year, libreoffice: Callable[[Path, str], Path]) -> None:
    begin(year)
    year.fill("Husteamet", {"M3.3.1": {"Udgangspunkt": 410000, "Resultat": 424351, "Opgjort pr.": date(2015, 10, 31)}})
    merge(year)
    shutil.copy(libreoffice(out(year), "xlsx"), out(year))
    assert merge(year).files == ()  # saved, but nothing written
    edit(out(year), write("M2.2.2", "Status", "Delvist opfyldt"))
    shutil.copy(libreoffice(out(year), "xlsx"), out(year))
    report = merge(year)
    assert shown(year, "M2.2.2", "Status") == "Delvist opfyldt"
    assert shown(year, "M3.3.1", "Resultat") == 424351
    assert "Ikke overført" not in said(report)
    assert codes(report, "reopened", "edit-unread") == []


def test_an_edit_that_cant_be_read_stands_as_written_and_is_asked_about(year: Year) -> None:
    begin(year)
    edit(out(year), write("M2.2.2", "Resultat", "ca. 20"))
    report = merge(year)
    assert codes(report, "edit-unread") == ["edit-unread"]
    assert shown(year, "M2.2.2", "Resultat") == "ca. 20"


def test_where_the_answer_under_an_edit_has_changed_it_is_a_conflict_with_the_old_choice_offered(year: Year) -> None:
    begin(year)
    edit(out(year), write("M2.2.2", "Status", "Delvist opfyldt"))
    merge(year)
    newer = {"M2.2.2": CHILDREN["M2.2.2"] | {"Status": "Ikke opfyldt"}}
    year.fill("Børneteamet", newer, name="nyt.xlsx", by="Børneteamets koordinator", saved=datetime(2015, 11, 20))
    report = merge(year)
    assert codes(report, "reopened") == ["reopened"]
    assert shown(year, "M2.2.2", "Status") == "Uafklaret"
    lines = {(answer, who, state) for _, answer, who, state, _ in conflict_lines(year, "M2.2.2")}
    assert lines == {("(tom)", "Udsendt", "Kan vælges"),
                     ("Ikke opfyldt", "Børneteamets koordinator", "Skal vælges igen"),
                     ("Delvist opfyldt", "Koordinator", "Tidligere valg")}


def test_where_the_edit_and_the_changed_answer_meet_in_one_flet_it_is_a_conflict_too(year: Year) -> None:
    begin(year)
    edit(out(year), write("M2.2.2", "Status", "Delvist opfyldt"))
    newer = {"M2.2.2": CHILDREN["M2.2.2"] | {"Status": "Ikke opfyldt"}}
    year.fill("Børneteamet", newer, name="nyt.xlsx", by="Børneteamets koordinator", saved=datetime(2015, 11, 20))
    assert codes(merge(year), "reopened") == ["reopened"]
    assert shown(year, "M2.2.2", "Status") == "Uafklaret"


def test_a_new_answer_that_agrees_with_the_edit_opens_nothing(year: Year) -> None:
    begin(year)
    edit(out(year), write("M2.2.2", "Status", "Delvist opfyldt"))
    newer = {"M2.2.2": CHILDREN["M2.2.2"] | {"Status": "Delvist opfyldt"}}
    year.fill("Børneteamet", newer, name="nyt.xlsx", by="Børneteamets koordinator", saved=datetime(2015, 11, 20))
    assert codes(merge(year), "reopened", "conflict") == ["conflict"]  # that of M2.2.3
    assert shown(year, "M2.2.2", "Status") == "Delvist opfyldt"


def as_error(cell: Any, text: str = "#NAME?") -> None:
    cell.value, cell.data_type = text, "e"


def over_answer(header: str, kind: str) -> Edit:
    """Put what a text that begins with - or = becomes in Excel over an answer or remark of M2.2.3 in Opfølgning."""
    def change(book: Workbook) -> None:
        cell = cell_at(book["Opfølgning"], "M2.2.3", header)
        if kind == "error":
            as_error(cell)
        else:
            cell.value, cell.data_type = kind, "f" if kind.startswith("=") else "s"

    return change


def over_own_wording(book: Workbook) -> None:
    pick("Opfyldt", "")(book)
    sheet = book["Modstridende svar"]
    as_error(sheet.cell(row_of(sheet, "M2.2.3"), column_of(sheet, "Egen formulering")))


def over_a_box(book: Workbook) -> None:
    as_error(beside(book["Overblik"], "Samlet vurdering"))


@pytest.mark.parametrize("change", [
    pytest.param(over_answer("Bemærkninger", "error"), id="#NAVN? over a remark"),
    pytest.param(over_answer("Bemærkninger", "#NAVN?"), id="#NAVN? as text, from a program that has no error values"),
    pytest.param(over_answer("Bemærkninger", "=-Vi venter"), id="a formula that was never calculated over a remark"),
    pytest.param(over_answer("Resultat", "error"), id="#NAVN? over a result"),
    pytest.param(over_answer("Status", "error"), id="#NAVN? over a status"),
    pytest.param(over_answer("Forvaltningens bemærkninger", "error"), id="#NAVN? over the department's remark"),
    pytest.param(over_own_wording, id="#NAVN? as own wording on Modstridende svar"),
    pytest.param(over_a_box, id="#NAVN? over Samlet vurdering")])
def test_an_error_value_is_no_edit_and_is_asked_about(year: Year, change: Edit) -> None:
    begin(year)
    edit(out(year), lambda book: (write("M2.2.3", "Forvaltningens bemærkninger", "Godt nået.")(book),
                                  box("Samlet vurdering", "Et godt år.")(book)))
    merge(year)
    before = apart_from_news(out(year))
    edit(out(year), change)
    with_error = out(year).read_bytes()
    report = merge(year)
    assert codes(report, "edit-error") == ["edit-error"]
    assert apart_from_news(out(year)) == before
    [kept] = year.folder.glob("opfoelgning_tidligere_*.xlsx")
    assert kept.read_bytes() == with_error and kept.name in said(report)
    assert codes(merge(year), "edit-error") == []


def test_an_answer_that_looks_like_an_error_is_no_error_in_the_follow_up(year: Year) -> None:
    year.fill("Ledelsen", {"M2.2.3": {"Bemærkninger": "#NAVN?"}})
    merge(year)
    assert shown(year, "M2.2.3", "Bemærkninger") == "#NAVN?" and codes(merge(year), "edit-error") == []


def sort_rows(book: Workbook) -> None:
    sheet = book["Opfølgning"]
    rows = range(header_row(sheet) + 1, sheet.max_row + 1)
    content = [[cell.value for cell in sheet[n]] for n in rows]
    for number, values in zip(rows, reversed(content), strict=True):
        for cell, value in zip(sheet[number], values, strict=True):
            cell.hyperlink = None  # or openpyxl fills an empty cell with its link
            cell.value = value


def test_sorting_the_rows_is_no_edit(year: Year) -> None:
    begin(year)
    edit(out(year), sort_rows)
    assert merge(year).files == ()
    edit(out(year), write("M2.2.2", "Status", "Udgået"))
    report = merge(year)
    assert shown(year, "M2.2.2", "Status") == "Udgået"
    assert shown(year, "M2.2.5", "Status") == "Opfyldt"
    assert "Ikke overført" not in said(report)


# ---------------------------------------------------------------- choosing between answers

def test_until_somebody_chooses_the_cell_says_that_it_is_undecided(year: Year) -> None:
    two_disagree(year)
    report = merge(year)
    assert shown(year, "M2.2.3", "Status") == "Uafklaret"
    assert conflict_lines(year) == [
        ("Status", "(tom)", "Udsendt", "Kan vælges", None),
        ("Status", "Opfyldt", "Børneteamets koordinator", "Skal vælges", None),
        ("Status", "Delvist opfyldt", "Ledelsessekretariatet", "Skal vælges", None)]
    assert codes(report, "conflict") == ["conflict"]
    assert "Modstridende svar" in report.next_step
    # Remarks don't conflict.
    assert shown(year, "M2.2.3", "Bemærkninger") == (
        "Børneteamets koordinator: Sendt til udvalget.\nLedelsessekretariatet: Endnu ikke vedtaget.")


@pytest.mark.parametrize(("choice", "becomes"), [
    (pick("Opfyldt"), "Opfyldt"),
    (pick("Delvist opfyldt"), "Delvist opfyldt"),
    (pick("Opfyldt", mark="ja"), "Opfyldt"),
    (pick("Opfyldt", mark="", own="Forventes opfyldt"), "Forventes opfyldt"),
    (pick("Opfyldt", mark="x", own="forventes opfyldt"), "Forventes opfyldt"),
    (write("M2.2.3", "Status", "Udgået"), "Udgået"),
    (write("M2.2.3", "Status", "Opfyldt"), "Opfyldt"),
], ids=["x", "x at the other", "ja", "own wording", "own wording goes first", "typed into the cell", "typed one of them"])
def test_a_choice_is_obeyed_and_remembered(year: Year, choice: Edit, becomes: str) -> None:
    begin(year)
    edit(out(year), choice)
    report = merge(year)
    assert shown(year, "M2.2.3", "Status") == becomes
    assert codes(report, "conflict", "reopened") == []
    states = {(answer, state, mark) for _, answer, _, state, mark in conflict_lines(year)}
    assert (becomes, "Valgt", "x") in states
    assert merge(year).files == ()
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    merge(year)
    assert shown(year, "M2.2.3", "Status") == becomes


def test_a_choice_can_be_changed(year: Year) -> None:
    begin(year)
    edit(out(year), pick("Opfyldt"))
    merge(year)

    def change(book: Workbook) -> None:
        pick("Opfyldt", mark="")(book)
        pick("Delvist opfyldt")(book)

    edit(out(year), change)
    merge(year)
    assert shown(year, "M2.2.3", "Status") == "Delvist opfyldt"


def test_two_crosses_choose_nothing(year: Year) -> None:
    def change(book: Workbook) -> None:
        pick("Opfyldt")(book)
        pick("Delvist opfyldt")(book)

    begin(year)
    edit(out(year), change)
    report = merge(year)
    assert codes(report, "conflict") == ["conflict"]
    assert shown(year, "M2.2.3", "Status") == "Uafklaret"


def test_a_new_answer_opens_a_choice_again(year: Year) -> None:
    begin(year)
    edit(out(year), pick("Opfyldt"))
    merge(year)
    newer = LEADERS | {"M2.2.3": {"Status": "Ikke opfyldt", "Bemærkninger": "Udskudt."}}
    year.fill("Ledelsen", newer, name="nyt.xlsx", by="Ledelsessekretariatet", saved=datetime(2015, 11, 20))
    assert codes(merge(year), "reopened") == ["reopened"]
    assert shown(year, "M2.2.3", "Status") == "Uafklaret"
    edit(out(year), pick("Opfyldt"))
    assert codes(merge(year), "reopened", "conflict") == []
    assert shown(year, "M2.2.3", "Status") == "Opfyldt"


# ---------------------------------------------------------------- what KSE and the coordinator write in their own fields

BOXES = {"Samlet vurdering": "Et godt år.", "Inden for rammen": "Nej", "Bemærkning til rammen": "50.000 kr. over\nbudget",
         "Forvaltningens samlede bemærkning": "=Tak"}


@pytest.mark.parametrize(("label", "text"), BOXES.items(), ids=list(BOXES))
def test_the_boxes_on_overblik_survive(year: Year, label: str, text: str) -> None:
    begin(year)
    edit(out(year), box(label, text))
    report = merge(year)
    assert "Ikke overført" not in said(report)
    assert text in [c.value for row in opened(out(year))["Overblik"].iter_rows() for c in row]
    assert merge(year).files == ()
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    merge(year)
    assert text in [c.value for row in opened(out(year))["Overblik"].iter_rows() for c in row]


def test_forvaltningens_bemaerkninger_survive_and_can_be_taken_back(year: Year) -> None:
    column = "Forvaltningens bemærkninger"
    begin(year)
    edit(out(year), write("M2.2.2", column, "Flot.\nHvad med 2016?"))
    merge(year)
    assert shown(year, "M2.2.2", column) == "Flot.\nHvad med 2016?"
    edit(out(year), sort_rows)
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    merge(year)
    assert shown(year, "M2.2.2", column) == "Flot.\nHvad med 2016?"
    edit(out(year), write("M2.2.2", column, None))
    assert merge(year).files
    year.fill("Ungeteamet", {"M1.2.1.1": {"Status": "Opfyldt"}})
    merge(year)
    assert shown(year, "M2.2.2", column) is None


# ---------------------------------------------------------------- what has no field of its own

def beside_the_table(book: Workbook) -> None:
    book["Opfølgning"]["AK2"] = "Husk at ringe"


def over_a_computed_cell(book: Workbook) -> None:
    cell_at(book["Opfølgning"], "M2.2.2", "Beregnet status").value = "Noget andet"


def on_kontrol(book: Workbook) -> None:
    book["Kontrol"]["E5"] = "Afklaret med Ledelsen"


def a_note(book: Workbook) -> None:
    book["Overblik"]["B3"].comment = Comment("Husk", "Koordinator")


def loose_on_overblik(book: Workbook) -> None:
    book["Overblik"]["Z60"] = "Husk at ringe"


def under_the_table(book: Workbook) -> None:
    sheet = book["Opfølgning"]
    sheet.cell(sheet.max_row + 2, cell_at(sheet, "M2.2.2", "Bemærkninger").column).value = "Husk at ringe"


def under_the_conflicts(book: Workbook) -> None:
    sheet = book["Modstridende svar"]
    at = next(cell.column for cell in sheet[header_row(sheet)] if cell.value == "Egen formulering")
    sheet.cell(sheet.max_row + 2, at).value = "Husk at ringe"


def in_a_copy_of_a_row(book: Workbook) -> None:
    sheet = book["Opfølgning"]
    row, below = cell_at(sheet, "M2.2.2", "Status").row, sheet.max_row + 1
    for column in range(1, sheet.max_column + 1):
        sheet.cell(below, column).value = sheet.cell(row, column).value
    cell_at(sheet, "M2.2.2", "Næste skridt").value = "Det ene"
    sheet.cell(below, cell_at(sheet, "M2.2.2", "Næste skridt").column).value = "Det andet"


def under_the_hidden_sheet(book: Workbook) -> None:
    book["_aftale"].cell(book["_aftale"].max_row + 3, 1).value = "Husk budgettet"


def beside_the_hidden_sheet(book: Workbook) -> None:
    book["_aftale"]["H3"] = "Husk budgettet"


def in_a_page_footer(book: Workbook) -> None:
    book["Opfølgning"].oddFooter.center.text = "Fortroligt"


def as_a_formula(book: Workbook) -> None:
    cell_at(book["Opfølgning"], "M2.2.2", "Resultat").value = "=2+3"


@pytest.mark.parametrize("change", [beside_the_table, over_a_computed_cell, on_kontrol, a_note, loose_on_overblik,
                                    under_the_table, under_the_conflicts, in_a_copy_of_a_row, as_a_formula,
                                    under_the_hidden_sheet, beside_the_hidden_sheet, in_a_page_footer])
def test_something_written_outside_the_fields_is_kept_in_the_earlier_file(year: Year, change: Edit) -> None:
    begin(year)
    edit(out(year), change)
    with_remark = out(year).read_bytes()
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    report = merge(year)
    kept = list(year.folder.glob("opfoelgning_tidligere_*.xlsx"))
    assert [path.read_bytes() for path in kept] == [with_remark]
    assert kept[0].name in said(report)
    assert shown(year, "M2.1.1", "Status") == "Opfyldt"


def test_two_rows_of_a_goal_that_differ_are_a_conflict_and_the_copy_is_named(year: Year) -> None:
    begin(year)
    edit(out(year), in_a_copy_of_a_row)
    sheet = opened(out(year))["Opfølgning"]
    second = next(cell.coordinate for cell in sheet[letter_of(sheet, "Næste skridt")] if cell.value == "Det andet")
    report = merge(year)
    assert shown(year, "M2.2.2", "Næste skridt") == "Uafklaret" and f"{second} på arket Opfølgning" in said(report)
    offered = {cell.value for row in opened(out(year))["Modstridende svar"].iter_rows() for cell in row}
    assert {"Det ene", "Det andet"} <= offered


@pytest.mark.parametrize(("header", "value", "says"), [
    pytest.param("Måltal", 25, "på arket Mål i aftalen", id="over Måltal"),
    pytest.param("2016", 12, "på arket Mål i aftalen", id="over a year"),
    pytest.param("Frist", "I morgen", "på arket Mål i aftalen", id="over an agreed text"),
    pytest.param("Målopfyldelse", 0.5, "svarene i »Resultat«", id="over a computed column"),
    pytest.param("Måltal", None, "på arket Mål i aftalen", id="emptied")])
def test_what_is_typed_over_agreed_and_computed_cells_is_named_with_the_cell_and_the_way(
        year: Year, header: str, value: object, says: str) -> None:
    begin(year)
    before = shown(year, "M2.2.2", header)
    assert before != value
    edit(out(year), write("M2.2.2", header, value))
    cell = cell_at(opened(out(year))["Opfølgning"], "M2.2.2", header).coordinate
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    report = merge(year)
    [asked] = [each for each in report.problems if each.code.endswith("typed-over")]
    assert asked.place.cell == cell and says in asked.advice and header in asked.message
    assert f"{cell} på arket Opfølgning" in said(report) and list(year.folder.glob("opfoelgning_tidligere_*.xlsx"))
    assert shown(year, "M2.2.2", header) == before
    assert codes(merge(year), asked.code) == [asked.code], "it is asked until it is settled"


def with_a_swapped_id(book: Workbook) -> None:
    sheet = book["Opfølgning"]
    cell_at(sheet, "M2.2.2", "Forvaltningens bemærkninger").value = "Husk udvalget"
    rows = [row_of(sheet, goal) for goal in ("M2.2.2", "M2.2.5")]
    for row, goal in zip(rows, ("M2.2.5", "M2.2.2"), strict=True):
        sheet.cell(row, column_of(sheet, "Mål-id")).value = goal


def in_a_new_row(book: Workbook) -> None:
    sheet = book["Opfølgning"]
    row = sheet.max_row + 1
    for header, text in (("Effektmål", "Et nyt mål"), ("Næste skridt", "Husk udvalget")):
        sheet.cell(row, column_of(sheet, header)).value = text


def in_a_row_of_another_id(book: Workbook) -> None:
    sheet = book["Opfølgning"]
    cell_at(sheet, "M2.2.2", "Næste skridt").value = "Husk udvalget"
    sheet.cell(row_of(sheet, "M2.2.2"), column_of(sheet, "Mål-id")).value = "M9.9.9"


def over_computed_cells(book: Workbook) -> None:
    for goal in ("M2.2.2", "M2.2.3", "M2.2.5", "M2.1.1", "M3.3.1", "M1.3.1", "M1.1.1"):
        cell_at(book["Opfølgning"], goal, "Målopfyldelse").value = "Husk udvalget"


@pytest.mark.parametrize(("change", "lines", "named"), [
    pytest.param(with_a_swapped_id, 1, ["M2.2.5", "M2.2.2"], id="on a row whose Mål-id was swapped"),
    pytest.param(in_a_new_row, 1, ["Et nyt mål"], id="in a row for a new goal"),
    pytest.param(in_a_row_of_another_id, 1, ["M9.9.9"], id="in a row whose Mål-id nobody has"),
    pytest.param(over_computed_cells, 1, ["M2.2.2", "M2.2.3", "M2.2.5", "M2.1.1", "M3.3.1", "M1.3.1", "M1.1.1"],
                 id="over computed cells of many goals")])
def test_what_is_typed_where_it_isnt_read_stands_on_kontrol_at_every_flet_until_it_is_settled(
        year: Year, change: Edit, lines: int, named: list[str]) -> None:
    begin(year)
    edit(out(year), change)
    for _ in range(3):
        report = merge(year)
        found = [[str(cell.value) for cell in row if cell.value] for row in opened(out(year))["Kontrol"].iter_rows()
                 if any("Husk udvalget" in str(cell.value) for cell in row)]
        assert len(found) == lines and all(goal in " ".join(found[0]) for goal in named)
        asked = [each for each in report.problems if "Husk udvalget" in each.message + each.text]
        assert [each.level.value for each in asked] == ["question"] * lines
    assert report.files == (), "nothing is written again where nothing is new"

    def accept(book: Workbook) -> None:
        sheet = book["Kontrol"]
        row = next(row for row in sheet.iter_rows() if any("Husk udvalget" in str(cell.value) for cell in row))
        sheet.cell(row[0].row, column_of(sheet, "Vælg")).value = "Godkend"
    edit(out(year), accept)
    merge(year)
    assert [p for p in merge(year).problems if "Husk udvalget" in p.message + p.text and p.level.value == "question"] == []


def test_rows_sorted_are_nothing_typed_over(year: Year) -> None:
    begin(year)
    edit(out(year), lambda book: (sort_rows(book), over_a_computed_cell(book)))
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    assert len(codes(merge(year), "typed-over")) == 1


def test_a_formula_in_a_field_becomes_what_it_shows_and_is_named(year: Year, libreoffice: Callable[..., Path]) -> None:
    begin(year)
    edit(out(year), as_a_formula)
    out(year).write_bytes(libreoffice(out(year)).read_bytes())
    cell = cell_at(opened(out(year))["Opfølgning"], "M2.2.2", "Resultat").coordinate
    report = merge(year)
    assert shown(year, "M2.2.2", "Resultat") == 5 and f"formlerne i {cell} på arket Opfølgning" in said(report)


def test_what_was_written_at_a_goal_that_leaves_the_agreement_is_kept_in_the_earlier_file(year: Year) -> None:
    begin(year)
    edit(out(year), write("M2.2.2", "Næste skridt", "Skal aftales"))
    before = out(year).read_bytes()
    edit(year.agreement, lambda book: book["Mål"].delete_rows(row_of(book["Mål"], "M2.2.2")))
    report = merge(year)
    kept = list(year.folder.glob("opfoelgning_tidligere_*.xlsx"))
    assert [path.read_bytes() for path in kept] == [before] and kept[0].name in said(report)
    assert "Afgørelser brugt" not in said(report)
    assert merge(year).files == ()


@pytest.mark.parametrize(("owner", "answers", "goal", "says"), [
    ("Ungeteamet", {"M1.2.1.1": {"Status": "Opfyldt"}}, "M1.2.1", "Opfyldt"),
    ("Børneteamet", CHILDREN, "M2.1.1", "Mangler svar")])
def test_a_status_that_nobody_reported_is_drawn_again_where_it_was_emptied(
        year: Year, owner: str, answers: dict[str, dict[str, Any]], goal: str, says: str) -> None:
    year.fill(owner, answers)
    merge(year)
    assert shown(year, goal, "Status") == says
    edit(out(year), write(goal, "Status", None))
    report = merge(year)
    assert shown(year, goal, "Status") == says
    assert "Afgørelser brugt" not in said(report) and "Intet nyt" not in said(report)
    assert "Intet nyt" in said(merge(year))


@pytest.mark.parametrize("goal, text", [("M2.2.2", "Mangler svar"), ("M2.2.5", "uafklaret"),
                                        ("M2.2.5", "Ikke aktuelt i år")])
def test_a_word_that_nobody_picks_is_no_status_and_is_asked_about(year: Year, goal: str, text: str) -> None:
    begin(year)
    edit(out(year), write(goal, "Status", text))
    report = merge(year)
    at = cell_at(opened(out(year))["Opfølgning"], goal, "Status").coordinate
    assert [(p.goal, p.place.cell) for p in report.problems if p.code == "status-not-chosen"] == [(goal, at)]
    year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    merge(year)
    assert shown(year, goal, "Status") == "Opfyldt" and codes(merge(year), "status-not-chosen") == []


def test_nothing_is_kept_beside_where_only_the_fields_were_written_in(year: Year) -> None:
    def change(book: Workbook) -> None:
        write("M2.2.2", "Status", "Udgået")(book)
        write("M2.2.2", "Forvaltningens bemærkninger", "Set")(book)
        pick("Opfyldt")(book)

    begin(year)
    edit(out(year), change)
    merge(year)
    assert list(year.folder.glob("*tidligere*")) == []


# ---------------------------------------------------------------- what is never written over

def refusal(year: Year, **more: Any) -> str:
    """Run flet, which must refuse and leave the file at --ud as it is; return what it says."""
    before = out(year).read_bytes()
    with pytest.raises(CannotDo) as found:
        flet(year.agreement, [year.answers], out(year), **more)
    assert out(year).read_bytes() == before
    return str(found.value)


def test_a_follow_up_without_its_hidden_sheet_is_never_written_over(year: Year) -> None:
    begin(year)
    edit(out(year), lambda book: book.remove(book["_aftale"]))
    assert "_aftale" in refusal(year)


def record_cells(book: Workbook, kind: str) -> list[Any]:
    """Return the cells of ``_aftale`` that hold the values of one kind."""
    return [row[4] for row in book["_aftale"].iter_rows(min_row=2) if row[3].value == kind]


def test_a_cut_up_hidden_sheet_is_never_written_over(year: Year) -> None:
    def cut(book: Workbook) -> None:
        for cell in record_cells(book, "json"):
            cell.value = str(cell.value)[:40]

    begin(year)
    edit(out(year), cut)
    assert "_aftale" in refusal(year)


def test_a_changed_hidden_sheet_is_asked_about_once_and_the_file_is_kept(year: Year) -> None:
    def change(book: Workbook) -> None:
        cells = [cell for cell in record_cells(book, "json") if '"Pænere"' in cell.value]
        assert cells
        for cell in cells:
            cell.value = cell.value.replace("Pænere", "Falsk")

    begin(year)
    edit(out(year), write("M2.2.3", "Bemærkninger", "Pænere"))
    merge(year)
    edit(out(year), change)
    before = out(year).read_bytes()
    report = merge(year)
    kept = list(year.folder.glob("opfoelgning_tidligere_*.xlsx"))
    assert codes(report, "followup-record-changed") and [path.read_bytes() for path in kept] == [before]
    again = merge(year)
    assert not codes(again, "followup-record-changed") and again.files == ()


@pytest.mark.parametrize("name", ["opfoelgning.ods", "opfoelgning.xlsm", "opfoelgning"])
@pytest.mark.parametrize("there", [True, False])
def test_a_workbook_is_never_given_a_name_that_says_something_else(year: Year, name: str, there: bool) -> None:
    begin(year)
    path = year.folder / "andre" / name
    path.parent.mkdir()
    if there:
        path.write_bytes(out(year).read_bytes())
    with pytest.raises(CannotDo, match="opfoelgning.xlsx") as found:
        flet(year.agreement, [year.answers], path)
    assert found.value.code == 2 and path.exists() is there


@pytest.mark.parametrize("what", ["a text", "nothing", "another workbook", "a skema", "the agreement"])
def test_anything_else_at_ud_is_never_written_over(year: Year, what: str) -> None:
    year.fill("Børneteamet", CHILDREN)
    if what == "another workbook":
        Workbook().save(out(year))
    else:
        out(year).write_bytes({"a text": b"Hej", "nothing": b"", "a skema": year.forms["Ledelsen"].read_bytes(),
                               "the agreement": year.agreement.read_bytes()}.get(what, b""))
    assert "opfoelgning.xlsx" in refusal(year)


def test_the_follow_up_of_another_round_is_refused(year: Year) -> None:
    begin(year)
    assert "midtvejs" in refusal(year, round_=Round.MIDTVEJS)


@pytest.mark.parametrize(("changes", "named"), [
    (Given(unit="Randers Bibliotek"), "en anden aftale"), (Given(year=2016), "2016")], ids=["agreement", "year"])
def test_the_follow_up_of_another_agreement_or_year_is_refused(year: Year, tmp_path: Path, changes: Given,
                                                               named: str) -> None:
    other = tmp_path / "anden.xlsx"
    write_all(list(generer(example_path(), other, template_path(), changes).files))
    agreement = open_agreement(other).agreement
    form = next(f for f in plan_forms(agreement, Round.AARSOPFOELGNING, None) if f.owner.name == "Ledelsen")
    answer = tmp_path / "andet svar.xlsx"
    answer.write_bytes(fill_in(draw(form, date(2015, 1, 1)), {"M2.2.5": {"Status": "Opfyldt"}}))
    write_all(list(flet(other, [answer], out(year)).files))
    year.fill("Børneteamet", CHILDREN)
    assert named in refusal(year)


def test_a_follow_up_given_among_the_answers_is_not_taken_for_an_answer(year: Year) -> None:
    begin(year)
    shutil.copy(out(year), year.answers / "opfoelgning.xlsx")
    report = flet(year.agreement, [year.answers], out(year))
    assert codes(report, "other-kind") == ["other-kind"]
