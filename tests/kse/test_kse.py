"""KSE's edition and KSE's remarks: nothing of the coordinator's goes out, and nothing that KSE writes is lost."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from conftest import Year, _saved_at, beside, cell_at, header_row, once, opened
from hypothesis import given
from hypothesis import strategies as st
from making_years import made
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from other_versions import NEW_LINE, newer, record_of, rewrite, unknown_in, with_new_fields
from typer.testing import CliRunner

from aftale.cells.hidden_sheet import find_record
from aftale.commands.main import app
from aftale.followup.read_back import state_as_it_stands
from aftale.forms.returned import DepartmentAnswer, Expected, Remark
from aftale.intake.read import read_workbook
from aftale.kse.edition import judge_department, sent_from
from aftale.kse.remarks import merge_remarks
from aftale.merge.cell_account import Books
from aftale.merge.choices import Keys
from aftale.merge.state import packed, read_state, unpacked
from aftale.model.agreement import Round
from aftale.model.findings import kept
from aftale.model.place import Place, Source
from aftale.model.received import Refused
from aftale.model.workbook import Workbook as Content
from aftale.office import pdf as pdf_module
from aftale.office.pdf import find_office
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import write_all
from aftale.steps.collect import Past, results_of
from aftale.steps.flet import flet
from aftale.steps.indlaes import indlaes
from aftale.steps.kse import Wanted
from aftale.steps.open_agreement import open_agreement
from aftale.units.model import UnitFollowUp
from aftale.units.read_unit import unit_of

Edit = Callable[[Workbook], object]
BOX = "Forvaltningens samlede bemærkning"
COLUMN = "Forvaltningens bemærkninger"


# ---------------------------------------------------------------- hands

def out(year: Year) -> Path:
    return year.folder / "opfoelgning.xlsx"


def edition(year: Year) -> Path:
    return year.folder / "til_kse.xlsx"


def merge(year: Year, *paths: Path, pdf: bool = False, kse: bool = True) -> Report:
    answers = list(paths) or [year.answers]
    report = flet(year.agreement, answers, out(year), kse=Wanted(edition(year) if kse else None, pdf))
    write_all(list(report.files))
    cells = report.data["cells"]
    assert isinstance(cells, dict) and cells["balance"], cells
    return report


def begin(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt", "Bemærkninger": "I orden"},
                            "M3.3.1": {"Status": "Ikke opfyldt", "Bemærkninger": "Skriv til leder@example.dk"}},
              by="Husteamets koordinator")
    once(merge, year)


def find(book: Workbook, goal: str, header: str = COLUMN) -> Any:
    return cell_at(book["Opfølgning"], goal, header)


def write(goal: str, text: object, header: str = COLUMN) -> Edit:
    def change(book: Workbook) -> None:
        find(book, goal, header).value = text
    return change


def box(text: str) -> Edit:
    def change(book: Workbook) -> None:
        beside(book["Overblik"], BOX).value = text
    return change


def changed(source: Path, target: Path, *edits: Edit, saved: datetime | None = None) -> Path:
    """Save a copy of a workbook with changes, as somebody would who opened it."""
    book = openpyxl.load_workbook(source)
    for edit in edits:
        edit(book)
    data = io.BytesIO()
    book.save(data)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(_saved_at(data.getvalue(), saved or datetime(2015, 11, 20)))
    return target


def answer(year: Year, *edits: Edit, name: str = "fra forvaltningen.xlsx", saved: datetime | None = None) -> Path:
    return changed(edition(year), year.answers / name, *edits, saved=saved)


def coordinator(year: Year, *edits: Edit) -> None:
    changed(out(year), out(year), *edits)


def shown(year: Year, goal: str, header: str = COLUMN) -> Any:
    return find(opened(out(year)), goal, header).value


def shown_box(year: Year, path: Path | None = None) -> Any:
    return beside(opened(path or out(year))["Overblik"], BOX).value


def codes(report: Report) -> list[str]:
    return [p.code for p in report.problems if p.code.startswith("kse")]


def control(year: Year) -> list[dict[str, Any]]:
    sheet = opened(out(year))["Kontrol"]
    top = next(c.row for row in sheet.iter_rows() for c in row if c.value == "Hvad")
    headers = [c.value for c in sheet[top]]
    return [dict(zip(headers, (c.value for c in row), strict=True)) for row in sheet.iter_rows(min_row=top + 1)]


def lines(year: Year, text: str) -> list[dict[str, Any]]:
    return [line for line in control(year) if text in f"{line['Hvad']} {line['Der stod']}"]


def read(path: Path) -> Content:
    book = read_workbook(path)
    assert isinstance(book, Content)
    return book


def parts(path: Path) -> dict[str, str]:
    with ZipFile(path) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


# ---------------------------------------------------------------- what goes out

def test_nothing_of_the_coordinators_is_in_any_part_of_it(year: Year) -> None:
    begin(year)
    sheets = opened(edition(year)).sheetnames
    assert sheets == ["Overblik", "Opfølgning", "Udviklingsplan", "Resultater", "Dialog", "_aftale"]
    answer_file = next(year.answers.iterdir()).name
    for name, text in parts(edition(year)).items():
        for word in ("Kilder", "Kontrol", "Svaroversigt", answer_file, ".xlsx", "mailto", "http://", "Kilde<", '"Kilde"'):
            kept = text.replace("http://schemas.", "").replace("http://purl.org", "").replace("http://www.w3.org", "")
            assert word not in kept, (name, word)
        # An address that somebody has written in an answer is theirs to send.
        assert set(re.findall(r"[\w.]+@\w[\w.]+", text)) <= {"leder@example.dk"}, name
        assert not name.startswith(("xl/externalLinks", "xl/comments", "customXml")), name
    record = find_record(read(edition(year)))[1]
    assert {each[0] for each in record.lines} <= {"format", "aftale", "opfølgning", "forvaltning", "sendt", "fast"}
    assert record.intact and read_state(record) is None, "it can't be mistaken for the follow-up itself"


def test_only_the_column_and_the_box_are_open_and_yellow(year: Year) -> None:
    begin(year)
    book = openpyxl.load_workbook(edition(year))
    top = header_row(book["Opfølgning"])
    goals = [c for c in book["Opfølgning"]["A"] if c.row > top and str(c.value).startswith("M")]
    column = find(book, "M2.1.1").column
    for sheet in book:
        assert sheet.protection.sheet and sheet.protection.password is None
        assert not (sheet.protection.autoFilter or sheet.protection.sort or sheet.protection.formatColumns
                    or sheet.protection.formatRows), "False means allowed"
        open_ = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
        yellow = {c.coordinate for row in sheet.iter_rows() for c in row if c.fill.fgColor.rgb == "FFFFF9DB"}
        if sheet.title == "Opfølgning":
            assert yellow == open_ == {sheet.cell(c.row, column).coordinate for c in goals}
        elif sheet.title == "Overblik":
            at = beside(sheet, BOX).coordinate
            merged = next(each for each in sheet.merged_cells.ranges if at in each)
            assert yellow == {at} and open_ == {sheet.cell(*cell).coordinate for cell in merged.cells}
        else:
            assert not open_ and not yellow
    assert "Skriv i den gule kolonne, gem, og send filen tilbage." in str(book["Opfølgning"]["A2"].value)


def test_the_coordinators_own_columns_sheets_and_notes_stay_at_home(year: Year) -> None:
    def own(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        status = find(book, "M2.1.1", "Status").column
        sheet.insert_cols(status)
        sheet.cell(header_row(sheet), status).value = "Internt"
        sheet.cell(find(book, "M2.1.1").row, status).value = "Hemmeligt"
        find(book, "M2.1.1").comment = Comment("Husk at ringe", "Koordinator")
        book.create_sheet("Mit ark")["A1"] = "Privat"

    begin(year)
    before = edition(year).read_bytes()
    coordinator(year, own, write("M3.3.1", "Vores ord"))
    merge(year)
    assert shown(year, "M2.1.1", "Internt") == "Hemmeligt"
    for name, text in parts(edition(year)).items():
        for word in ("Internt\"", "Hemmeligt", "Husk at ringe", "Mit ark", "Privat"):
            assert word not in text, (name, word)
    coordinator(year, write("M3.3.1", None))
    merge(year)
    assert edition(year).read_bytes() == before, "formulas point at the columns that are there"


def test_it_is_the_same_bytes_again_and_left_alone(year: Year) -> None:
    begin(year)
    first = edition(year).read_bytes()
    assert merge(year).files == () and edition(year).read_bytes() == first
    edition(year).unlink()
    report = merge(year)
    assert [file.path for file in report.files] == [edition(year)], "drawn again though nothing is new"
    assert edition(year).read_bytes() == first


def test_a_new_answer_draws_it_again(year: Year) -> None:
    begin(year)
    first = sent_from(find_record(read(edition(year)))[1])
    year.fill("Ungeteamet", {"M1.2.1": {"Status": "Opfyldt"}})
    merge(year)
    second = sent_from(find_record(read(edition(year)))[1])
    assert first and second and first.edition != second.edition
    assert not list(year.folder.glob("*_tidligere_*")), "nobody had written in the first"


def test_it_is_no_followup_of_the_years_folder(year: Year) -> None:
    from aftale.steps.year_folder import YearFolder
    begin(year)
    place = year.folder / Round.AARSOPFOELGNING.value
    place.mkdir()
    for path in (out(year), edition(year)):
        path.rename(place / path.name)
    assert YearFolder(year.folder).rounds[Round.AARSOPFOELGNING].followup == place / out(year).name


# ---------------------------------------------------------------- what comes back

@pytest.mark.parametrize("program", ["as it is", "openpyxl", "LibreOffice", "ods"])
def test_an_untouched_edition_says_nothing_whoever_saved_it(year: Year, program: str,
                                                            request: pytest.FixtureRequest) -> None:
    begin(year)
    path = edition(year)
    if program == "openpyxl":
        path = answer(year)
    elif program != "as it is":
        path = request.getfixturevalue("libreoffice")(path, "ods" if program == "ods" else "xlsx")
    agreement = open_agreement(year.agreement).agreement
    judged = judge_department(read(path), Expected(agreement))
    assert not isinstance(judged, Refused)
    assert (judged.remarks, judged.findings) == ((), ())
    assert judged.untouched and judged.cells == judged.sent > 100


def test_remarks_come_back_into_the_followup(year: Year) -> None:
    begin(year)
    answer(year, write("M2.1.1", "Flot arbejde"), box("Et godt år"))
    report = merge(year)
    assert shown(year, "M2.1.1") == "Flot arbejde" and shown_box(year) == "Et godt år"
    assert codes(report) == []
    cells = report.data["cells"]
    assert isinstance(cells, dict) and cells["conflict"] == 0
    sources = opened(out(year))["Kilder"]
    texts = [str(c.value) for row in sources.iter_rows() for c in row]
    assert "KSE's bemærkninger" in texts and "fra forvaltningen.xlsx" in texts
    assert "med KSE's bemærkninger" in " ".join(report.said)
    again = merge(year)
    assert again.files == () and shown(year, "M2.1.1") == "Flot arbejde"


def test_a_file_saved_by_libreoffice_renamed_and_sent_in_a_mail(year: Year, libreoffice: Callable[..., Path]) -> None:
    from making_mail import eml
    begin(year)
    path = libreoffice(answer(year, write("M2.1.1", "Flot"), box("Godt")), "ods")
    for each in year.answers.glob("fra*"):
        each.unlink()
    (year.answers / "svar.eml").write_bytes(bytes(eml(attached=[("Kopi (2).ods", path.read_bytes())])))
    report = merge(year)
    assert shown(year, "M2.1.1") == "Flot" and shown_box(year) == "Godt" and codes(report) == []


def test_inserted_rows_and_columns_and_sorting_do_not_matter(year: Year) -> None:
    def rearrange(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        top = header_row(sheet)
        rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=top + 1)]
        for number, row in enumerate(reversed(rows), top + 1):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column).value = value
        sheet.insert_cols(3)
        sheet.insert_rows(1, 2)
        sheet.title = "Til forvaltningen"

    begin(year)
    answer(year, write("M2.1.1", "Flot"), rearrange)
    report = merge(year)
    assert shown(year, "M2.1.1") == "Flot" and codes(report) == []


def test_everything_else_that_differs_stands_on_kontrol_and_is_not_merged(year: Year) -> None:
    def more(book: Workbook) -> None:
        own = book.create_sheet("Mine noter")
        own["A1"], own["B2"] = "Ring til unit", 42
        sheet = book["Opfølgning"]
        find(book, "M2.1.1", "Mål-id").comment = Comment("Se her", "Forvaltningen")
        sheet.cell(sheet.max_row + 2, 4).value = "Et nyt mål"
        beside(book["Overblik"], "Samlet vurdering").value = "Vi vurderer selv"

    begin(year)
    before = shown(year, "M2.1.1", "Status")
    answer(year, write("M2.1.1", "Delvist opfyldt", "Status"), write("M2.1.1", 7, "Resultat"),
           write("M3.3.1", None, "Bemærkninger"), write("M3.3.1", "Se på det"), more)
    report = merge(year)
    assert shown(year, "M2.1.1", "Status") == before == "Opfyldt" and shown(year, "M2.1.1", "Resultat") == 1
    assert shown(year, "M3.3.1", "Bemærkninger") == "Skriv til leder@example.dk"
    assert shown(year, "M3.3.1") == "Se på det"
    book = openpyxl.load_workbook(out(year))
    assert beside(book["Overblik"], "Samlet vurdering").value is None
    found = {line["Der stod"]: line for line in control(year) if line["Fil"] == "fra forvaltningen.xlsx"}
    wanted = {"Status: Delvist opfyldt": ("Opfølgning", 1), "Resultat: 7": ("Opfølgning", 1),
              "Bemærkninger: (slettet)": ("Opfølgning", None), "Ring til unit": ("Mine noter", 1), "42": ("Mine noter", 1),
              "Forvaltningen: Se her": ("Opfølgning", None), "Et nyt mål": ("Opfølgning", 1),
              "Vi vurderer selv": ("Overblik", 1)}
    assert found.keys() == wanted.keys()
    for text, (sheet, cells) in wanted.items():
        line = found[text]
        assert (line["Ark"], line["Celler"], line["Tilstand"]) == (sheet, cells, "Åben")
        assert line["Celle"] and "ikke taget med" in line["Hvad sker der?"]
    assert set(codes(report)) == {"kse-changed", "kse-wrote"} and report.exit_code == 1


def test_a_changed_number_is_told_with_commas(year: Year) -> None:
    begin(year)
    path = changed(edition(year), year.answers / "svarer.xlsx", write("M2.1.1", 7.9, "Måltal"))
    assert path.is_file()
    (asked,) = [p for p in merge(year).problems if p.code == "kse-changed"]
    assert "til »7,9«" in asked.message and "7.9" not in asked.message


def test_what_the_department_types_in_a_page_footer_is_asked_about(year: Year) -> None:
    def footer(book: Workbook) -> None:
        book["Opfølgning"].oddFooter.right.text = "Drøftes i december &P"

    begin(year)
    answer(year, write("M2.1.1", "Flot"), footer)
    assert codes(merge(year)) == ["kse-wrote"]
    [told] = [line for line in control(year) if line["Slags"] == "Sidehoved eller sidefod"]
    assert told["Der stod"] == "Drøftes i december"


def test_a_changed_heading_and_a_row_that_stands_twice_are_told_once(year: Year) -> None:
    def more(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        book["Resultater"]["A1"].value = "Vores overskrift"
        twice = sheet.max_row + 1
        sheet.cell(twice, find(book, "M2.1.1", "Mål-id").column).value = "M2.1.1"
        sheet.cell(twice, find(book, "M2.1.1").column).value = "Anden gang"

    begin(year)
    answer(year, write("M2.1.1", "Flot"), more)
    report = merge(year)
    assert shown(year, "M2.1.1") == "Flot"
    assert codes(report) == ["kse-wrote", "kse-wrote"]
    found = [str(line["Der stod"]) for line in control(year) if line["Fil"] == "fra forvaltningen.xlsx"]
    assert sorted(found) == ["M2.1.1 · Anden gang", "Vores overskrift"]


@pytest.mark.parametrize("moved", [("M2.1.1", "M3.3.1"), ("M2.1.1", "M3.3.1", "M1.3.1")], ids=["swapped", "sorted apart"])
def test_ids_at_other_goals_texts_are_asked_about_and_their_remarks_move_nowhere(year: Year, moved: tuple[str, ...]) -> None:
    begin(year)

    def mix(book: Workbook) -> None:
        cells = [find(book, goal, "Mål-id") for goal in moved]
        for cell, goal in zip(cells, (*moved[1:], moved[0]), strict=True):
            cell.value = goal
    answer(year, write(moved[0], "Flot"), write("M4.1.1", "Tak"), mix)
    report = merge(year)
    questions = [p.message for p in report.problems if p.code == "kse-id-and-text"]
    assert len(questions) == len(moved)
    assert all(any(goal in each and text in each for each in questions) for text, goal in zip(moved, (*moved[1:], moved[0]),
                                                                                             strict=True))
    assert [shown(year, goal) for goal in moved] == [None] * len(moved) and shown(year, "M4.1.1") == "Tak"
    assert any(line["Der stod"] == "Flot" for line in control(year)), "what KSE wrote is on Kontrol, without our own words"
    assert "kse-removed" not in codes(report)


def test_deleted_rows_and_sheets_are_asked_about_and_change_nothing(year: Year) -> None:
    def cut(book: Workbook) -> None:
        book["Opfølgning"].delete_rows(find(book, "M2.1.1").row)
        del book["Resultater"]

    begin(year)
    answer(year, write("M2.1.1", "Flot"))
    merge(year)
    answer(year, cut, name="igen.xlsx", saved=datetime(2015, 11, 25))
    report = merge(year)
    assert shown(year, "M2.1.1") == "Flot", "a row that is gone clears nothing"
    assert [p.message for p in report.problems if p.code == "kse-removed"] == [
        "KSE har slettet noget i sin udgave: rækken med M2.1.1.",
        "KSE har slettet noget i sin udgave: arket Resultater."]


def test_an_unreadable_remark_is_asked_about(year: Year) -> None:
    begin(year)
    answer(year, write("M2.1.1", "=1+1"))
    report = merge(year)
    assert shown(year, "M2.1.1") is None and codes(report) == ["kse-unread"]


# ---------------------------------------------------------------- several files, and time

def test_two_versions_the_newest_counts_and_the_older_is_on_kontrol(year: Year) -> None:
    begin(year)
    answer(year, write("M2.1.1", "Godt"), write("M3.3.1", "Kun her"), name="a.xlsx", saved=datetime(2015, 11, 20))
    answer(year, write("M2.1.1", "Meget godt"), name="b.xlsx", saved=datetime(2015, 11, 21))
    report = merge(year)
    assert shown(year, "M2.1.1") == "Meget godt"
    assert shown(year, "M3.3.1") == "Kun her" and codes(report) == ["kse-older-kept"]
    assert [(line["Slags"], line["Læst som"]) for line in lines(year, "Godt") if line["Der stod"] == "Godt"] == [
        ("Erstattet svar", "Meget godt")]


def test_two_files_in_no_certain_order_are_joined_and_the_order_does_not_matter(year: Year) -> None:
    begin(year)
    same = datetime(2015, 11, 20)
    a = answer(year, write("M2.1.1", "Godt"), box("Fint"), name="a.xlsx", saved=same)
    b = answer(year, write("M2.1.1", "Skidt"), box("Fint"), name="b.xlsx", saved=same)
    merge(year, kse=False)
    text = shown(year, "M2.1.1")
    assert sorted(line.split(": ")[1] for line in text.splitlines()) == ["Godt", "Skidt"]
    assert [line.split(": ")[0] for line in text.splitlines()] == ["Forvaltningen 1", "Forvaltningen 2"]
    assert shown_box(year) == "Fint"
    at_once = remembered(year)
    skema = next(path for path in year.answers.iterdir() if path not in (a, b))
    for order in ((skema, a, b), (b, skema, a)):
        out(year).unlink()
        for path in order:
            assert merge(year, path, kse=False).files
        assert remembered(year) == at_once and shown(year, "M2.1.1") == text


def remembered(year: Year) -> tuple[str, ...]:
    state = read_state(find_record(read(out(year)))[1])
    assert state is not None and len(state.departments) == 2
    return tuple(packed(each) for each in (*state.returned, *state.departments))


def test_a_late_file_is_merged_alone_and_a_copy_counts_once(year: Year) -> None:
    begin(year)
    late = answer(year, write("M2.1.1", "Godt"))
    total = merge(year, late).data["cells"]
    (year.answers / "kopi.xlsx").write_bytes(late.read_bytes())
    assert merge(year, year.answers / "kopi.xlsx").data["cells"] == total
    assert shown(year, "M2.1.1") == "Godt" and shown(year, "M2.1.1", "Bemærkninger") == "I orden"


def test_an_edition_drawn_from_an_earlier_answer_replaces_it(year: Year) -> None:
    begin(year)
    answer(year, write("M2.1.1", "Godt"), write("M3.3.1", "Hvorfor?"), name="a.xlsx", saved=datetime(2015, 11, 22))
    merge(year)
    answer(year, write("M2.1.1", "Godt, tak"), write("M3.3.1", None), name="b.xlsx", saved=datetime(2015, 11, 21))
    report = merge(year)
    assert shown(year, "M2.1.1") == "Godt, tak", "the edition tells which is newer, not the clock"
    assert shown(year, "M3.3.1") is None and codes(report) == []
    assert {line["Der stod"] for line in control(year) if line["Slags"] == "Erstattet svar"} == {"Godt", "Hvorfor?"}


# ---------------------------------------------------------------- the coordinator's own words

def test_the_coordinators_wording_is_kept_and_kses_own_is_on_kontrol(year: Year) -> None:
    begin(year)
    answer(year, write("M2.1.1", "Gdot"), box("Fnit"))
    merge(year)
    coordinator(year, write("M2.1.1", "Godt"), box("Fint"))
    report = merge(year)
    assert (shown(year, "M2.1.1"), shown_box(year)) == ("Godt", "Fint") and codes(report) == []
    assert {line["Der stod"] for line in control(year) if line["Slags"] == "Rettet i opfølgningen"} == {"Gdot", "Fnit"}
    assert merge(year).files == ()
    assert find(opened(edition(year)), "M2.1.1").value == "Godt" and shown_box(year, edition(year)) == "Fint"


def test_kse_changes_under_the_coordinators_wording_and_both_stand(year: Year) -> None:
    begin(year)
    first = answer(year, write("M2.1.1", "Godt"), name="a.xlsx", saved=datetime(2015, 11, 20))
    sent = edition(year).read_bytes()
    merge(year, first, kse=False)
    coordinator(year, write("M2.1.1", "Godt (drøftet på mødet)"))
    merge(year, kse=False)
    edition(year).write_bytes(sent)
    answer(year, write("M2.1.1", "Alligevel ikke godt"), name="b.xlsx", saved=datetime(2015, 11, 24))
    report = merge(year, kse=False)
    assert shown(year, "M2.1.1") == "Godt (drøftet på mødet)\nForvaltningen: Alligevel ikke godt"
    assert codes(report) == ["kse-and-own"] and report.exit_code == 1
    assert merge(year, kse=False).files == ()
    coordinator(year, write("M2.1.1", "Ikke godt (drøftet)"))
    assert codes(merge(year, kse=False)) == [] and shown(year, "M2.1.1") == "Ikke godt (drøftet)"


def test_kse_answers_to_the_coordinators_wording(year: Year) -> None:
    begin(year)
    coordinator(year, write("M2.1.1", "Vores udkast"))
    merge(year)
    answer(year, write("M2.1.1", "Vores udkast, tiltrådt"), name="a.xlsx")
    report = merge(year)
    assert shown(year, "M2.1.1") == "Vores udkast, tiltrådt" and codes(report) == []
    assert [line["Der stod"] for line in control(year) if line["Slags"] == "Erstattet tekst"] == ["Vores udkast"]
    answer(year, write("M2.1.1", "Tiltrådt"), name="b.xlsx", saved=datetime(2015, 11, 28))
    assert codes(merge(year)) == [] and shown(year, "M2.1.1") == "Tiltrådt"


def test_a_remark_that_the_coordinator_takes_out_stays_out(year: Year) -> None:
    begin(year)
    answer(year, write("M2.1.1", "Slettes"))
    merge(year)
    coordinator(year, write("M2.1.1", None))
    merge(year)
    assert shown(year, "M2.1.1") is None
    assert [line["Slags"] for line in control(year) if line["Der stod"] == "Slettes"] == [
        "Nyt siden sidst", "Rettet i opfølgningen"]
    assert merge(year).files == ()


# ---------------------------------------------------------------- nothing is lost, whatever the files say

NOWHERE = Place("k.xlsx", "Opfølgning", "X4")
FILES = [f"{number}" * 64 for number in range(4)]
texts = st.sampled_from(("Godt", "Skidt", "Vores", "Vores, tiltrådt", None))
remark = st.builds(Remark, st.sampled_from(("M1.1.1", "M9.9.9", "")), texts, st.sampled_from(("", "Vores", "Godt")),
                   st.booleans(), st.just(NOWHERE), st.none())


@st.composite
def departments(draw: st.DrawFn) -> list[DepartmentAnswer]:
    found = []
    for number, sha in enumerate(draw(st.lists(st.sampled_from(FILES), unique=True))):
        remarks = draw(st.lists(remark, max_size=3, unique_by=lambda r: r.goal))
        filled = sum(each.text is not None for each in remarks)
        before = tuple(each.short for each in found if draw(st.booleans()))
        day = draw(st.sampled_from(("", "20", "21")))
        source = Source(sha, f"{number}.xlsx", when=day and f"2015-11-{day}T10:00:00Z")
        found.append(DepartmentAnswer(source, draw(st.sampled_from("ab")), "midtvejs", tuple(remarks),
                                      (kept("changed", "Status: Opfyldt", NOWHERE),), filled + 6, 5, before))
    return found


@given(departments(), st.dictionaries(st.sampled_from(("M1.1.1", "")), st.sampled_from(("Vores", "", "Mit"))),
       st.lists(st.sampled_from(FILES)), st.randoms())
def test_every_word_stands_somewhere_and_the_books_balance(files: list[DepartmentAnswer], own: dict[str, str],
                                                           known: list[str], order: Any) -> None:
    over = {goal: [sha[:16] for sha in known] for goal in own}
    kse = merge_remarks(files, own, over, {"M1.1.1"}, Keys(each.source for each in files))
    shuffled = list(files)
    order.shuffle(shuffled)
    again = merge_remarks(shuffled, own, over, {"M1.1.1"}, Keys(each.source for each in files))
    assert (again.remarks, again.box, again.books, sorted(map(repr, again.lines))) == (
        kse.remarks, kse.box, kse.books, sorted(map(repr, kse.lines)))
    assert kse.books.balance and kse.books.total == sum(each.cells for each in files)
    said = {(r.goal, r.text) for each in files for r in each.remarks if r.text} | {(g, t) for g, t in own.items() if t}
    for goal, text in said:
        assert text in kse.shown(goal) or any(line.goal == goal and line.text == text for line in kse.lines), (goal, text)


def test_a_remark_to_a_goal_that_has_left_the_agreement_is_asked_about() -> None:
    each = DepartmentAnswer(Source("a" * 64, "k.xlsx"), "a", "midtvejs",
                            (Remark("M9.9.9", "Godt", "", False, NOWHERE),), cells=1)
    kse = merge_remarks([each], {}, {}, {"M1.1.1"}, Keys([each.source]))
    assert [(line.goal, line.text, line.level.value, line.cells) for line in kse.lines] == [
        ("M9.9.9", "Godt", "question", 1)]
    assert [p.code for p in kse.problems] == ["goal-gone"] and kse.books == Books(1, 0, 0, 0, 1)


def test_remarks_that_are_too_long_together_are_cut_and_stand_whole_on_kontrol() -> None:
    files = [DepartmentAnswer(Source(sha, f"{sha[0]}.xlsx"), "a", "midtvejs",
                              (Remark("M1.1.1", sha[0] * 20_000, "", False, NOWHERE),), cells=1) for sha in FILES[:2]]
    kse = merge_remarks(files, {}, {}, {"M1.1.1"}, Keys(each.source for each in files))
    assert len(kse.remarks["M1.1.1"]) <= 32_767 and kse.remarks["M1.1.1"].endswith("(fortsættes på Kontrol)")
    assert [(line.kind, len(line.text)) for line in kse.lines] == [("Lang tekst", 20_000)] * 2
    assert kse.books == Books(2, 0, 0, 0, 2)


def test_what_is_cut_points_kse_at_no_sheet_that_it_hasn_t(year: Year) -> None:
    for by in ("Anlægget", "Byggeriet"):
        year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt", "Bemærkninger": by[0] * 30_000}}, by=by,
                  name=f"{by}.xlsx")
    merge(year)
    ours, theirs = (str(find(openpyxl.load_workbook(path), "M2.1.1", "Bemærkninger").value) for path in (
        out(year), edition(year)))
    assert ours.count("(fortsættes på Kontrol)") == 2 and theirs.count("(teksten er forkortet)") == 2
    with ZipFile(edition(year)) as package:
        assert not [name for name in package.namelist() if b"Kontrol" in package.read(name)]
    book = read_workbook(out(year))
    assert isinstance(book, Content)
    unit = unit_of(book)
    assert isinstance(unit, UnitFollowUp)
    (remarks,) = (goal.remarks for goal in unit.goals if goal.id == "M2.1.1")
    state, agreement = state_as_it_stands(book), replace(open_agreement(year.agreement).agreement, year=2016)
    assert state is not None
    sent = results_of(Past((state,)), agreement, Round.MIDTVEJS)["M2.1.1"].own
    for elsewhere in (remarks, sent):  # in tables of all units and in reports, and in the next skema
        assert elsewhere.count("(teksten er forkortet)") == 2 and "Kontrol" not in elsewhere
    back = answer(year, write("M1.1.1", "Set"))
    assert not [p for p in merge(year, year.answers, back).problems if p.code.startswith("kse")], "nothing was changed"


def test_nothing_is_outlined_where_nobody_could_fold_it(year: Year) -> None:
    begin(year)
    theirs, ours = openpyxl.load_workbook(edition(year)), openpyxl.load_workbook(out(year))
    for sheet in theirs.worksheets:
        every = [*sheet.row_dimensions.values(), *sheet.column_dimensions.values()]
        assert sheet.protection.sheet and not [each for each in every if each.outlineLevel or each.collapsed]
    hidden, folded = ({each for each, at in book["Opfølgning"].column_dimensions.items() if at.hidden}
                      for book in (theirs, ours))
    assert hidden and len(hidden) >= len(folded) - 1, "what few read is hidden all the same"
    assert any(each.outlineLevel for each in ours["Opfølgning"].row_dimensions.values())


# ---------------------------------------------------------------- refused

def test_an_edition_of_another_round_is_refused(year: Year) -> None:
    begin(year)
    path = answer(year, write("M2.1.1", "Godt"))
    report = indlaes(year.agreement, [path], round_=Round.MIDTVEJS)
    assert codes(report) == ["kse-other"]
    assert "årsopfølgningen" in next(p.message for p in report.problems if p.code == "kse-other")


@pytest.mark.parametrize(("name", "old", "new"), [("aftale", "aftale", "A-0000"), ("year", "år", "2014")])
def test_an_edition_of_another_agreement_or_year_is_refused(year: Year, name: str, old: str, new: str) -> None:
    def other(book: Workbook) -> None:
        sheet = book["_aftale"]
        row = next(n for n in range(1, sheet.max_row) if (sheet.cell(n, 1).value, sheet.cell(n, 3).value)
                   == ("opfølgning", old))
        sheet.cell(row, 5).value = new

    begin(year)
    path = answer(year, write("M2.1.1", "Godt"), other)
    assert codes(indlaes(year.agreement, [path])) == ["kse-other"]


def test_an_edition_without_its_record_is_named_for_what_it_is(year: Year) -> None:
    def cut(book: Workbook) -> None:
        del book["_aftale"]

    begin(year)
    path = answer(year, write("M2.1.1", "Godt"), cut)
    report = merge(year, path)
    assert codes(report) == ["kse-record-lost"] and report.exit_code == 1


def test_a_changed_record_is_asked_about(year: Year) -> None:
    def tamper(book: Workbook) -> None:
        book["_aftale"].cell(book["_aftale"].max_row - 1, 5).value = "{}"

    begin(year)
    path = answer(year, write("M2.1.1", "Godt"), tamper)
    assert "kse-record-changed" in codes(merge(year, path))


def test_it_is_packed_and_unpacked_as_it_is(year: Year) -> None:
    begin(year)
    path = answer(year, write("M2.1.1", "Godt"), write("M3.3.1", 3, "Resultat"), box("Fint\nå"))
    judged = judge_department(read(path), Expected(open_agreement(year.agreement).agreement))
    assert not isinstance(judged, Refused) and judged.remarks and judged.findings
    assert unpacked(packed(judged)) == judged
    assert judged.cells == judged.sent + len(judged.remarks) + sum(each.cells for each in judged.findings)


# ---------------------------------------------------------------- where it is written

def test_what_kse_wrote_in_the_file_itself_is_kept_beside(year: Year) -> None:
    begin(year)
    changed(edition(year), edition(year), write("M2.1.1", "Skrevet i mappen"))
    written = edition(year).read_bytes()
    report = merge(year)
    kept = list(year.folder.glob("til_kse_tidligere_*.xlsx"))
    assert [path.read_bytes() for path in kept] == [written] and codes(report) == ["kse-edition-written"]
    report = merge(year, kept[0])
    assert shown(year, "M2.1.1") == "Skrevet i mappen" and codes(report) == []


def test_what_kse_wrote_in_the_edition_beside_the_follow_up_is_merged_with_its_folder(year: Year) -> None:
    begin(year)
    beside_it = out(year).with_name("opfoelgning_kse.xlsx")
    beside_it.write_bytes(edition(year).read_bytes())
    report = flet(year.agreement, [year.folder], out(year))
    assert "1 fil med KSE's" in report.said[0]  # til_kse.xlsx: the one beside it is as it was written
    edition(year).unlink()
    changed(beside_it, beside_it, write("M2.1.1", "Skrevet i mappen"))
    merge(year, year.folder, kse=False)
    assert shown(year, "M2.1.1") == "Skrevet i mappen"


def test_the_edition_beside_the_follow_up_is_an_answer_however_its_path_is_written(
        year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(year)
    beside_it = out(year).with_name("opfoelgning_kse.xlsx")
    beside_it.write_bytes(edition(year).read_bytes())
    monkeypatch.chdir(year.folder)
    named = [Path(beside_it.name)]
    report = flet(year.agreement, named, out(year), kse=Wanted(answers=named))
    assert "1 fil med KSE's" in report.said[0]


def test_formulas_that_follow_a_change_of_kses_are_ours_in_an_ods_too(year: Year, libreoffice: Callable[..., Path]) -> None:
    begin(year)
    path = changed(edition(year), year.folder / "svarer.xlsx", write("M2.1.1", "Ikke opfyldt", "Status"))
    year.answers.joinpath("svarer.ods").write_bytes(libreoffice(path, "ods").read_bytes())
    assert codes(merge(year)) == ["kse-changed"]


def test_the_followup_is_never_written_over_kses_edition(year: Year) -> None:
    begin(year)
    before = edition(year).read_bytes()
    with pytest.raises(CannotDo, match="KSE's udgave") as error:
        flet(year.agreement, [year.answers], edition(year))
    assert error.value.code == 3 and edition(year).read_bytes() == before


@pytest.mark.parametrize("what", ["the follow-up itself", "somebody's workbook", "no workbook", "a skema"])
def test_never_over_a_file_that_is_no_edition_of_kses(year: Year, what: str) -> None:
    begin(year)
    data = {"the follow-up itself": out(year).read_bytes(), "no workbook": b"hej",
            "a skema": next(iter(year.forms.values())).read_bytes()}.get(what)
    if data is None:
        book = openpyxl.Workbook()
        book.active["A1"] = "Mit"  # type: ignore[index]
        book.save(edition(year))
        data = edition(year).read_bytes()
    edition(year).write_bytes(data)
    with pytest.raises(CannotDo) as error:
        merge(year)
    assert error.value.code == 3 and "ikke rørt" in str(error.value)
    assert edition(year).read_bytes() == data


def test_the_commands_options(year: Year) -> None:
    begin(year)
    args = ["flet", str(year.agreement), str(year.answers), "--ud", str(out(year)), "--kse"]
    assert CliRunner().invoke(app, [*args, str(year.folder / "ny.xlsx")]).exit_code == 0
    assert (year.folder / "ny.xlsx").read_bytes() == edition(year).read_bytes()
    assert CliRunner().invoke(app, [*args, str(year.folder / "ny.pdf")]).exit_code == 2
    assert CliRunner().invoke(app, [*args, str(out(year))]).exit_code == 2


def test_the_next_step_is_the_edition_and_never_to_send_the_coordinators_own_workbook(tmp_path: Path) -> None:
    followup = made(tmp_path / "aar", 1, lambda _: {"Status": "Opfyldt", "Resultat": 25.0, "Opgjort pr.": "31-10-2015"})
    agreement, answers = followup.with_name("aftale.xlsx"), [followup.with_name("svar")]
    first = flet(agreement, answers, followup)
    then = flet(agreement, answers, followup, kse=Wanted(followup.with_name("til_kse.xlsx")))
    assert "»aftale send«" in first.next_step, "which makes the edition, and the mail to send it in"
    assert then.next_step == "Se til_kse.xlsx igennem, og send den til forvaltningen."


# ---------------------------------------------------------------- PDF

def test_the_pdf_stands_beside_and_is_left_alone(year: Year) -> None:
    if find_office() is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    begin(year)
    report = merge(year, pdf=True)
    made = edition(year).with_suffix(".pdf")
    assert made in [file.path for file in report.files]
    first = made.read_bytes()
    assert first.startswith(b"%PDF") and pages(first) >= 4
    assert merge(year, pdf=True).files == () and made.read_bytes() == first
    year.fill("Ungeteamet", {"M1.2.1": {"Status": "Opfyldt"}})
    merge(year, pdf=True)
    assert made.read_bytes() != first, "a new edition has a new PDF"


def test_the_pdf_is_danish_on_a_machine_of_another_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = shutil.which("pdftotext")
    if find_office() is None or reader is None:
        pytest.skip("LibreOffice (soffice) or pdftotext is not installed")
    for name in ("LANG", "LC_ALL"):
        monkeypatch.setenv(name, "C")
    book, data = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"] = 15190, 0.225
    sheet["A1"].number_format, sheet["A2"].number_format = "#,##0", "0.0 %"
    book.save(data)
    made = tmp_path / "x.pdf"
    made.write_bytes(pdf_module.make_pdf(data.getvalue()))
    said = subprocess.run([reader, str(made), "-"], capture_output=True, check=True).stdout.decode()
    assert "15.190" in said and "22,5 %" in said


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", data))


def test_without_libreoffice_it_says_so_and_the_rest_is_done(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "find_office", lambda: None)
    begin(year)
    default = out(year).with_name("opfoelgning_kse.xlsx")
    report = merge(year, pdf=True, kse=False)
    assert [(p.code, p.level.value) for p in report.problems if p.code.startswith("pdf")] == [("pdf-missing", "info")]
    assert default.exists() and not default.with_suffix(".pdf").exists()
    assert "Installér LibreOffice" in next(p.advice for p in report.problems if p.code == "pdf-missing")


@pytest.mark.parametrize("failure", [subprocess.TimeoutExpired("soffice", 1), subprocess.CalledProcessError(1, "soffice"),
                                     PermissionError(13, "no")])
def test_a_failing_libreoffice_is_told_and_takes_nothing_down(year: Year, monkeypatch: pytest.MonkeyPatch,
                                                              failure: Exception) -> None:
    def fail(*args: object, **more: object) -> None:
        raise failure

    begin(year)
    monkeypatch.setattr(pdf_module, "find_office", lambda: Path("soffice"))
    monkeypatch.setattr(pdf_module, "_converted", fail)
    report = merge(year, pdf=True)
    assert [p.code for p in report.problems if p.code.startswith("pdf")] == ["pdf-failed"]


def test_somebody_elses_pdf_is_not_written_over(year: Year) -> None:
    begin(year)
    theirs = edition(year).with_suffix(".pdf")
    theirs.write_bytes(b"%PDF-1.4 mit")
    report = merge(year, pdf=True)
    assert theirs.read_bytes() == b"%PDF-1.4 mit"
    assert [p.code for p in report.problems if p.code.startswith("pdf")] == ["pdf-failed"]


# ---------------------------------------------------------------- an edition that another version has written

def test_an_edition_of_another_version_is_read(year: Year) -> None:
    begin(year)
    path = answer(year, write("M2.1.1", "Godt"))
    rewrite(path, lambda each: with_new_fields("sendt")(each) if each[1] == "" else each)
    rewrite(path, lambda each: None if each[2] == "forrige svar" else each)
    judged = judge_department(read(path), Expected(open_agreement(year.agreement).agreement))
    assert isinstance(judged, DepartmentAnswer)
    assert [(each.goal, each.text) for each in judged.remarks] == [("M2.1.1", "Godt")]
    assert (judged.findings, judged.sent) == ((), judged.cells - 1)


def test_what_isnt_known_of_an_edition_stays_in_the_follow_up_though_it_is_read_again(year: Year) -> None:
    begin(year)
    merge(year, answer(year, write("M2.1.1", "Godt")))
    rewrite(out(year), lambda each: with_new_fields("modtaget", "drawn_from")(each) if "forvaltning" in each[4] else each)
    known = unknown_in(record_of(out(year)), "modtaget")
    merge(year, answer(year, write("M3.3.1", "Også godt"), name="en_til.xlsx"), year.answers)
    assert unknown_in(record_of(out(year)), "modtaget") == known > 0
    assert NEW_LINE in record_of(out(year)).lines and NEW_LINE not in record_of(edition(year)).lines


def test_an_edition_of_a_newer_format_is_refused_in_words_and_the_others_are_read(year: Year) -> None:
    begin(year)
    answer(year, write("M2.1.1", "Godt"))
    newer(answer(year, write("M3.3.1", "Også godt"), name="nyere.xlsx"))
    report = merge(year)
    told, = (p for p in report.problems if p.code == "newer-format")
    assert told.place.file == "nyere.xlsx" and "nyere udgave af aftale" in told.message and "Installér" in told.advice
    assert (shown(year, "M2.1.1"), shown(year, "M3.3.1")) == ("Godt", None)
