"""Mål-id through the whole chain: rows that must be asked about first, and ids that stand at other goals' texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, cell_at, column_of, header_row, opened, row_of

from aftale.model.agreement import Round
from aftale.model.findings import Severity
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer
from aftale.steps.status import status

HEAD = "Mål-id;Udviklingsmål;Fokusområde;Effektmål;Delmål;2015;Ansvarlig"
TOML = 'enhed = "Biblioteket"\nafdeling = "Kultur"\naar = 2015\nperiode = "2015-2018"\n'
FULL = (";Synlig;Unge;De kommer;;x;Ungeteamet", ";Synlig;Unge;De bliver;;x;Ungeteamet",
        ";Synlig;Unge;De bliver;Et kursus;x;Ungeteamet", ";Huset;;Rummet;;x;Husteamet")


def done(report: Report) -> Report:
    """Write a step's files, as the command does."""
    write_all(list(report.files))
    return report


def asked(report: Report) -> list[str]:
    return [p.code for p in report.problems if p.level is not Severity.INFO]


def source(folder: Path, rows: Sequence[str]) -> Path:
    """Lay out a folder with a list of goals."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "maal.csv").write_text("\n".join((HEAD, *rows)), encoding="utf-8")
    (folder / "aftale.toml").write_text(TOML, encoding="utf-8")
    return folder


def ids_in(agreement: Path) -> list[str]:
    """Return what stands under Mål-id, row by row, '' where nothing does."""
    sheet = opened(agreement)["Mål"]
    column, effect = column_of(sheet, "Mål-id"), column_of(sheet, "Effektmål")
    rows = range(header_row(sheet) + 1, sheet.max_row + 1)
    return [str(sheet.cell(row, column).value or "") for row in rows
            if sheet.cell(row, effect).value or sheet.cell(row, effect + 1).value]


def change(path: Path, sheet: str, edit: Callable[[Any], None]) -> None:
    """Change a sheet of a workbook as somebody would in Excel."""
    book = openpyxl.load_workbook(path)
    edit(book[sheet])
    book.save(path)


def swap(one: str, other: str) -> Callable[[Any], None]:
    """Return an edit that swaps the Mål-id of two rows."""
    def edit(sheet: Any) -> None:
        column, rows = column_of(sheet, "Mål-id"), [row_of(sheet, goal) for goal in (one, other)]
        for row, goal in zip(rows, (other, one), strict=True):
            sheet.cell(row, column).value = goal
    return edit


# ---------------------------------------------------------------- levels written once

BLANK = (FULL[0], ";;;De bliver;;x;Ungeteamet", ";;;;Et kursus;x;Ungeteamet", FULL[3])


def test_blank_levels_are_asked_about_by_every_command_until_they_are_filled_in(tmp_path: Path) -> None:
    folder = source(tmp_path / "aar", BLANK)
    agreement, forms = folder / "aftale.xlsx", folder / "midtvejs" / "skemaer"
    made = done(generer(folder, agreement, template_path()))
    assert ids_in(agreement) == ["M1.1.1", "", "", "M2.0.1"], "all four rows stand in the agreement"
    for report in (made, status(folder, date(2015, 5, 4)), done(fordel(agreement, Round.MIDTVEJS, forms))):
        assert asked(report).count("level-blank") == 3
        assert any("2 rækker på arket Mål er ikke med endnu" in said for said in report.said)
    assert made.next_step.startswith("Åbn aftalen i Excel, og svar på spørgsmålene.")
    assert ids_in(agreement) == ["M1.1.1", "", "", "M2.0.1"], "fordel gives them none either"

    def fill(sheet: Any) -> None:
        first = header_row(sheet) + 1
        for header, texts in (("Udviklingsmål", ("Synlig", "Synlig")), ("Fokusområde", ("Unge", "Unge")),
                              ("Effektmål", ("De bliver", "De bliver"))):
            for row, text in enumerate(texts, first + 1):
                sheet.cell(row, column_of(sheet, header)).value = text
    change(agreement, "Mål", fill)
    answered = done(fordel(agreement, Round.MIDTVEJS, forms))
    assert "level-blank" not in asked(answered)
    assert ids_in(agreement) == ["M1.1.1", "M1.1.2", "M1.1.2.1", "M2.0.1"]


def test_nothing_is_handed_out_where_every_row_must_be_asked_about(tmp_path: Path) -> None:
    folder = source(tmp_path, ("M1.1;Synlig;Unge;;;x;", ";;;De kommer;;x;Ungeteamet"))
    agreement = folder / "aftale.xlsx"
    done(generer(folder, agreement, template_path()))
    with pytest.raises(CannotDo, match=r"Ingen af målene kan deles ud endnu\. .*Udviklingsmål er tomt i B6"):
        fordel(agreement, Round.MIDTVEJS, folder / "skemaer")


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_merged_cells_hold_for_their_rows_in_a_workbook_made_by_others(tmp_path: Path, kind: str, request: Any) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Mål"
    for row in (HEAD, *BLANK):
        sheet.append(row.split(";"))
    for area in ("B2:B4", "C2:C4", "D3:D4"):
        sheet.merge_cells(area)
    path = tmp_path / "maal.xlsx"
    book.save(path)
    if kind == "ods":
        path = request.getfixturevalue("libreoffice")(path, "ods")
    agreement = tmp_path / "aftale.xlsx"
    report = done(generer(path, agreement, template_path()))
    assert ids_in(agreement) == ["M1.1.1", "M1.1.2", "M1.1.2.1", "M2.0.1"]
    assert [p.code for p in report.problems].count("level-merged") == 3 and "level-blank" not in asked(report)


def test_levels_merged_in_the_agreement_itself_are_read_and_left_as_they_are(tmp_path: Path) -> None:
    folder = source(tmp_path, ("", *FULL[:2]))
    agreement = folder / "aftale.xlsx"
    done(generer(folder, agreement, template_path()))

    def merge(sheet: Any) -> None:
        first = header_row(sheet) + 1
        for header in ("Udviklingsmål", "Fokusområde"):
            column = column_of(sheet, header)
            sheet.cell(first + 1, column).value = None
            sheet.merge_cells(start_row=first, end_row=first + 1, start_column=column, end_column=column)
        for row in (first, first + 1):
            sheet.cell(row, column_of(sheet, "Mål-id")).value = None
    change(agreement, "Mål", merge)
    report = done(fordel(agreement, Round.MIDTVEJS, folder / "skemaer"))
    assert not {"level-blank", "agreement-id-and-text"} & set(asked(report))
    assert ids_in(agreement) == ["M1.1.1", "M1.1.2"]
    assert len(opened(agreement)["Mål"].merged_cells.ranges) >= 2


def test_the_shipped_example_repeats_its_levels(tmp_path: Path) -> None:
    report = generer(example_path(), tmp_path / "aftale.xlsx", template_path())
    assert not {"level-blank", "level-filled", "level-merged", "id-waits"} & {p.code for p in report.problems}


# ---------------------------------------------------------------- ids swapped in the agreement

def test_ids_swapped_in_the_agreement_move_no_answers(year: Year) -> None:
    year.fill("Landdistriktsteamet", {"M1.3.1": {"Resultat": 16, "Status": "Delvist opfyldt"}})
    change(year.agreement, "Mål", swap("M1.3.1", "M2.1.1"))
    out = year.folder / "opfoelgning.xlsx"
    report = done(flet(year.agreement, [year.answers], out))
    questions = [p.message for p in report.problems if p.code == "agreement-id-and-text"]
    assert len(questions) == 2 and all("M1.3.1" in each and "M2.1.1" in each for each in questions)
    sheet = opened(out)["Opfølgning"]
    results = [sheet.cell(row, column_of(sheet, "Resultat")).value for row in range(1, sheet.max_row + 1)]
    assert 16 not in results
    kept = [[str(cell.value) for cell in row if cell.value is not None] for row in opened(out)["Kontrol"].iter_rows()]
    assert any("Mål uden for aftalen" in row and "16" in row for row in kept)
    assert sum("agreement-id-and-text" not in row and any("Mål-id og tekst passer ikke" in each for each in row)
               for row in kept) == 2
    change(year.agreement, "Mål", swap("M1.3.1", "M2.1.1"))
    done(flet(year.agreement, [year.answers], out))
    assert cell_at(opened(out)["Opfølgning"], "M1.3.1", "Resultat").value == 16


# ---------------------------------------------------------------- an id that is given another goal's text

def test_a_wholly_different_text_under_an_id_is_asked_about_by_every_command_until_it_is_settled(year: Year) -> None:
    year.fill("Landdistriktsteamet", {"M1.3.1": {"Resultat": 16, "Status": "Delvist opfyldt"}})
    out = year.folder / "opfoelgning.xlsx"
    done(flet(year.agreement, [year.answers], out))
    change(year.agreement, "Mål",
           lambda sheet: setattr(cell_at(sheet, "M1.3.1", "Effektmål"), "value", "Antal genstande i udlån"))
    for report in (status(year.agreement.parent, date(2015, 5, 4)),
                   fordel(year.agreement, Round.AARSOPFOELGNING, year.folder / "igen"),
                   done(flet(year.agreement, [year.answers], out)), flet(year.agreement, [year.answers], out)):
        (question,) = [p for p in report.problems if p.code == "id-used-again"]
        assert question.goal == "M1.3.1" and question.level is Severity.QUESTION

    def accept(sheet: Any) -> None:
        row = next(row for row in sheet.iter_rows() if any("M1.3.1 blev givet til" in str(cell.value) for cell in row))
        sheet.cell(row[0].row, column_of(sheet, "Vælg")).value = "Godkend"
    change(out, "Kontrol", accept)
    assert "id-used-again" not in asked(done(flet(year.agreement, [year.answers], out)))
    assert cell_at(opened(out)["Opfølgning"], "M1.3.1", "Resultat").value == 16


# ---------------------------------------------------------------- ids and copies in Opfølgning

ONE, OTHER = "M1.3.1", "M2.1.1"


def merged(year: Year) -> Path:
    """Merge two answers, and return the follow-up."""
    year.fill("Landdistriktsteamet", {ONE: {"Resultat": 16, "Status": "Delvist opfyldt", "Bemærkninger": "Det går."}})
    out = year.folder / "opfoelgning.xlsx"
    done(flet(year.agreement, [year.answers], out))
    return out


def said(out: Path, goal: str, header: str) -> Any:
    """Return what stands in a cell of Opfølgning."""
    return cell_at(opened(out)["Opfølgning"], goal, header).value


def copy_row(goal: str, **edits: object) -> Callable[[Any], None]:
    """Return an edit that copies a goal's row to the end of the table, and changes some of the copy's cells."""
    def edit(sheet: Any) -> None:
        row, last = row_of(sheet, goal), sheet.max_row + 1
        for column in range(1, sheet.max_column + 1):
            sheet.cell(last, column).value = sheet.cell(row, column).value
        for header, value in edits.items():
            sheet.cell(last, column_of(sheet, header)).value = value
    return edit


def new_answer(year: Year) -> None:
    """Let another answer come in, so that the follow-up must be written again."""
    year.fill("Husteamet" if "Husteamet" in year.forms else next(iter(year.forms)), {}, name="sent.xlsx", by="Et team")


def test_ids_swapped_in_opfoelgning_move_nothing_and_the_earlier_file_is_kept(year: Year) -> None:
    out = merged(year)

    def edit(sheet: Any) -> None:
        cell_at(sheet, OTHER, "Bemærkninger").value = "Rettet af koordinatoren"
        cell_at(sheet, OTHER, "Forvaltningens bemærkninger").value = "Skrevet for forvaltningen"
        swap(ONE, OTHER)(sheet)
    change(out, "Opfølgning", edit)
    new_answer(year)
    report = done(flet(year.agreement, [year.answers], out))
    questions = [p.message for p in report.problems if p.code == "followup-id-and-text"]
    assert len(questions) == 2 and all(ONE in each and OTHER in each for each in questions)
    assert not any("Afgørelser brugt" in each for each in report.said)
    assert (said(out, ONE, "Resultat"), said(out, OTHER, "Resultat")) == (16, None)
    assert [said(out, goal, "Forvaltningens bemærkninger") for goal in (ONE, OTHER)] == [None, None]
    assert said(out, ONE, "Bemærkninger") == "Det går." and not said(out, OTHER, "Bemærkninger")
    kept = [path for path in out.parent.glob("opfoelgning*.xlsx") if path != out]
    assert len(kept) == 1, "what was written in the mixed rows is still to be found"


def test_the_rows_of_opfoelgning_are_held_to_the_texts_that_they_were_drawn_with(year: Year) -> None:
    out = merged(year)
    change(year.agreement, "Mål", lambda sheet: setattr(cell_at(sheet, ONE, "Effektmål"), "value", "Et helt andet mål"))
    change(out, "Opfølgning", swap(ONE, OTHER))
    report = done(flet(year.agreement, [year.answers], out))
    assert asked(report).count("followup-id-and-text") == 2
    assert (said(out, ONE, "Resultat"), said(out, OTHER, "Resultat")) == (16, None)


def test_a_text_that_is_edited_a_little_in_opfoelgning_is_still_that_goal(year: Year) -> None:
    out = merged(year)

    def edit(sheet: Any) -> None:
        cell_at(sheet, ONE, "Effektmål").value += " (se bilag)"
        cell_at(sheet, ONE, "Næste skridt").value = "Vi fortsætter"
    change(out, "Opfølgning", edit)
    report = done(flet(year.agreement, [year.answers], out))
    assert "followup-id-and-text" not in asked(report)
    assert said(out, ONE, "Næste skridt") == "Vi fortsætter"


def test_rows_sorted_whole_in_opfoelgning_are_read_as_they_stand(year: Year) -> None:
    out = merged(year)

    def edit(sheet: Any) -> None:
        one, other = row_of(sheet, ONE), row_of(sheet, OTHER)
        for column in range(1, sheet.max_column + 1):
            cells = sheet.cell(one, column), sheet.cell(other, column)
            cells[0].value, cells[1].value = cells[1].value, cells[0].value
        cell_at(sheet, OTHER, "Næste skridt").value = "Vi begynder"
    change(out, "Opfølgning", edit)
    report = done(flet(year.agreement, [year.answers], out))
    assert "followup-id-and-text" not in asked(report)
    assert (said(out, OTHER, "Næste skridt"), said(out, ONE, "Resultat")) == ("Vi begynder", 16)


@pytest.mark.parametrize(("edits", "outcome", "conflict"), [
    ({"Resultat": 18}, "Uafklaret", {"16", "18"}),
    ({"Status": "Opfyldt"}, "Uafklaret", {"Delvist opfyldt", "Opfyldt"}),
    ({"Bemærkninger": "Det går godt."}, "Uafklaret", {"Det går.", "Det går godt."}),
    ({"Næste skridt": "Vi fortsætter"}, "Vi fortsætter", set()),
    ({"Resultat": None}, 16, set()),
    ({}, 16, set())],
    ids=["a number", "a status", "a remark", "where the original says nothing", "emptied in the copy", "copied alone"])
def test_a_copied_row_whose_copy_is_edited_is_a_conflict(year: Year, edits: dict[str, object], outcome: object,
                                                         conflict: set[str]) -> None:
    out = merged(year)
    header = next(iter(edits), "Resultat")
    change(out, "Opfølgning", copy_row(ONE, **edits))
    new_answer(year)
    report = done(flet(year.agreement, [year.answers], out))
    assert said(out, ONE, header) == outcome
    assert ("conflict" in asked(report)) == bool(conflict)
    sheet = opened(out)["Modstridende svar"]
    rows = [[str(cell.value) for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert {text for text in conflict if any(row[0] == ONE and text in row for row in rows)} == conflict
    if not conflict:
        return
    new, column = str(edits[header]), column_of(sheet, "Vælg")

    def pick(sheet: Any) -> None:
        at = next(row for row in range(1, sheet.max_row + 1)
                  if str(sheet.cell(row, column_of(sheet, "Svar")).value) == new)
        sheet.cell(at, column).value = "x"
    change(out, "Modstridende svar", pick)
    settled = done(flet(year.agreement, [year.answers], out))
    assert "conflict" not in asked(settled) and str(said(out, ONE, header)) == new


def test_different_remarks_for_the_department_on_two_rows_are_asked_about(year: Year) -> None:
    out = merged(year)
    header = "Forvaltningens bemærkninger"
    change(out, "Opfølgning", lambda sheet: setattr(cell_at(sheet, ONE, header), "value", "Godt set"))
    done(flet(year.agreement, [year.answers], out))
    change(out, "Opfølgning", copy_row(ONE, **{header: "Ikke så godt"}))
    report = done(flet(year.agreement, [year.answers], out))
    (question,) = [p for p in report.problems if p.code == "rows-differ"]
    assert "Godt set" in question.message and "Ikke så godt" in question.message
    assert said(out, ONE, header) == "Godt set"


@pytest.mark.parametrize(("header", "value", "skemaer"), [
    ("Ansvarlig", "#NAME?", 1), ("E-mail", "#REF!", 2), ("Politik", "#NAVN?", 2), ("Måleenhed", "#N/A", 2),
    ("Måltal", "#DIV/0!", 2), ("Frist", "=B5&C5", 2), ("Effektmål", "#NAME?", 1), ("Fokusområde", '="a"&"b"', 1),
    ("Mål-id", "#REF!", 1)])
def test_an_error_in_the_agreement_is_asked_about_and_never_handed_out(tmp_path: Path, header: str, value: str,
                                                                       skemaer: int) -> None:
    folder = source(tmp_path / "kilde", (";Synlig;Unge;De kommer;;x;Ungeteamet", ";Huset;;Rummet;;x;Husteamet"))
    agreement = tmp_path / "aftale.xlsx"
    done(generer(folder, agreement, template_path()))

    def edit(sheet: Any) -> None:
        sheet.cell(header_row(sheet) + 1, column_of(sheet, header)).value = value

    change(agreement, "Mål", edit)
    report = done(fordel(agreement, Round.AARSOPFOELGNING, tmp_path / "skemaer"))
    told, = [p for p in report.problems if p.code == "agreement-error"]
    assert f"»{header}«" in told.message and told.place.cell
    drawn = sorted((tmp_path / "skemaer").iterdir())
    assert len(drawn) == skemaer
    for path in drawn:
        assert not [cell.value for sheet in opened(path) for row in sheet.iter_rows() for cell in row
                    if str(cell.value).strip() == value]


def test_a_new_row_that_shows_an_error_gets_no_id(tmp_path: Path) -> None:
    folder = source(tmp_path / "kilde", (";Synlig;Unge;De kommer;;x;Ungeteamet",))
    agreement = tmp_path / "aftale.xlsx"
    done(generer(folder, agreement, template_path()))

    def edit(sheet: Any) -> None:
        row = header_row(sheet) + 2
        new = {"Udviklingsmål": "Synlig", "Fokusområde": "Unge", "Effektmål": "#NAME?", "Ansvarlig": "Husteamet"}
        for header, value in new.items():
            sheet.cell(row, column_of(sheet, header)).value = value

    change(agreement, "Mål", edit)
    assert "agreement-error" in asked(done(fordel(agreement, Round.AARSOPFOELGNING, tmp_path / "skemaer")))
    assert ids_in(agreement) == ["M1.1.1", ""]
