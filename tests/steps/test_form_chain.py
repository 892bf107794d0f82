"""A skema through the whole year: what was said in June stands in October's, and what it answers is in the follow-up."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from conftest import cell_at, fill_in, header_row
from making_years import example
from openpyxl.worksheet.worksheet import Worksheet

from aftale.model.agreement import Round
from aftale.office.safe_write import write_all
from aftale.steps.demo import AGREEMENT
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel

GOAL = "M1.3.1"


def move_columns(sheet: Worksheet) -> None:
    """Put the columns of the table in the opposite order."""
    top, columns = header_row(sheet), range(1, sheet.max_column + 1)
    for row in range(top, sheet.max_row + 1):
        for column, value in zip(columns, [sheet.cell(row, each).value for each in reversed(columns)], strict=True):
            sheet.cell(row, column).value = value


def test_junes_words_stand_in_octobers_skema_and_its_answers_in_the_follow_up(tmp_path: Path) -> None:
    june = example(tmp_path, Round.MIDTVEJS)
    agreement = june.parents[1] / AGREEMENT
    book = openpyxl.load_workbook(june)
    cell_at(book["Opfølgning"], GOAL, "Forvaltningens bemærkninger").value = "Hvad gør I for at nå de 20?"
    earlier = tmp_path / "juni.xlsx"
    book.save(earlier)
    write_all(list(fordel(agreement, Round.AARSOPFOELGNING, tmp_path / "skemaer", earlier=[earlier]).files))
    path, = (tmp_path / "skemaer").glob("*_landdistriktsteamet_*")
    said = str(cell_at(openpyxl.load_workbook(path)["Skema"], GOAL, "Sidst (juni)").value).split("\n")
    assert said[0].endswith("Forventes ikke opfyldt") and said[1] == "7 rekvisitioner"
    assert any(line.startswith("I skrev: »") for line in said) and "KSE: »Hvad gør I for at nå de 20?«" in said

    answers = {GOAL: {"Status": "Delvist opfyldt", "Resultat": 12, "Bemærkninger": "Kendt i tre områder",
                      "Næste skridt": "Besøg i to områder mere"}}
    (tmp_path / "svar").mkdir()
    (tmp_path / "svar" / path.name).write_bytes(fill_in(path.read_bytes(), answers, by="Vagten", change=move_columns))
    report = flet(agreement, [tmp_path / "svar"], tmp_path / "oktober.xlsx", earlier=[earlier])
    write_all(list(report.files))
    assert report.data["cells"]["balance"]  # type: ignore[index]
    sheet = openpyxl.load_workbook(tmp_path / "oktober.xlsx")["Opfølgning"]
    assert {header: cell_at(sheet, GOAL, header).value for header in answers[GOAL]} == answers[GOAL]
    dialogue = [[str(cell or "") for cell in row] for row in openpyxl.load_workbook(
        tmp_path / "oktober.xlsx")["Dialog"].iter_rows(values_only=True)]
    assert any("Hvad gør I for at nå de 20?" in row for row in dialogue), "and waits for its answer"
