"""The real agreement of 2015, where it lies beside the checkout: from its .docx and its .txt the same goals as its data."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from compare_goals import compared
from making_documents import goal_rows, words_in_agreement, words_in_document, words_in_text_form

from aftale.document.open_document import from_document
from aftale.model.agreement import Level, Round
from aftale.model.findings import Severity
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer

MISSION = Path(__file__).resolve().parents[3] / "shared" / "mission"
DATA = MISSION / "aftale_2015_maal.csv"
KINDS = ("docx", "txt")
pytestmark = [pytest.mark.xdist_group("real_agreement"),  # what they share is made once
              pytest.mark.skipif(not DATA.exists(), reason="the real agreement lies in ../shared/mission beside it")]


@pytest.fixture(scope="module")
def agreements(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Report]]:
    """Return the agreement made from each form of the document."""
    made = {}
    for kind in KINDS:
        out = tmp_path_factory.mktemp(kind) / "aftale.xlsx"
        report = generer(MISSION / f"aftale_2015.{kind}", out, template_path())
        write_all(list(report.files))
        made[kind] = out, report
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_goal_by_goal_it_agrees_with_the_data(kind: str) -> None:
    found = list(compared(MISSION / f"aftale_2015.{kind}", DATA))
    print(*found, sep="\n")
    assert len(found) == 32 and [each.name for each in found if each.differs] == []


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_4_udviklingsmaal_10_fokusomraader_19_effektmaal_and_61_crosses(
        kind: str, agreements: dict[str, tuple[Path, Report]]) -> None:
    goals = from_document(MISSION / f"aftale_2015.{kind}", {}).read.agreement.goals
    assert len({goal.texts[0] for goal in goals}) == 4
    assert len({goal.texts[:2] for goal in goals}) == 10
    assert Counter(goal.level for goal in goals) == {Level.FOCUS: 4, Level.EFFECT: 19, Level.SUB: 9}
    assert sum(target is None for goal in goals for target in goal.years.values()) == 61
    rows = goal_rows(agreements[kind][0])
    assert sum(row[year] == "x" for row in rows for year in ("2015", "2016", "2017", "2018")) == 61


def test_both_forms_give_the_same_goals(agreements: dict[str, tuple[Path, Report]]) -> None:
    one, other = (goal_rows(agreements[kind][0]) for kind in KINDS)
    assert one == other


@pytest.mark.parametrize("kind", KINDS)
def test_parties_year_period_and_theme_are_read(kind: str, agreements: dict[str, tuple[Path, Report]]) -> None:
    front = openpyxl.load_workbook(agreements[kind][0])["Forside"]
    facts = {row[1]: row[2] for row in front.iter_rows(values_only=True) if row[1] and row[2]}
    unit = facts["Enhed"]
    assert "Bibliotekerne" in unit and facts["Forvaltning"] == "KSE"
    assert (facts["Aftaleår"], facts["Udviklingsplanens periode"], facts["Tema"]) == ("2015", "2015-2018", "SYNLIGHED")


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_it_is_lost(kind: str, agreements: dict[str, tuple[Path, Report]]) -> None:
    path = MISSION / f"aftale_2015.{kind}"
    wanted = words_in_document(path.read_bytes()) if kind == "docx" else words_in_text_form(path.read_text(encoding="utf-8"))
    assert sum(wanted.values()) > 600
    assert not wanted - words_in_agreement(agreements[kind][0])


@pytest.mark.parametrize("kind", KINDS)
def test_fordel_asks_nothing_but_who_answers(kind: str, agreements: dict[str, tuple[Path, Report]], tmp_path: Path) -> None:
    out, report = agreements[kind]
    assert {each.code for each in report.problems if each.level is not Severity.INFO} == {"owner-missing"}
    book = openpyxl.load_workbook(out)
    sheet = book["Mål"]
    header = {cell.value: cell.column for cell in sheet[4]}
    for row in range(5, sheet.max_row + 1):
        if sheet.cell(row, header["Effektmål"]).value:
            sheet.cell(row, header["Ansvarlig"]).value = "Husteamet"
    book.save(tmp_path / "aftale.xlsx")
    sent = fordel(tmp_path / "aftale.xlsx", Round.MIDTVEJS, tmp_path / "skemaer", None)
    assert {each.code for each in sent.problems if each.level is not Severity.INFO} <= {"proposal-open"}
    assert len(sent.files) == 1
