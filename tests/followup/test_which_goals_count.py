"""Which rows are goals of the year: withdrawn ones, effektmål without a row of their own, and targets of other years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from aftale.agreement.read_goals import read_agreement, whole_plan
from aftale.followup.build import FollowUp, follow_up
from aftale.followup.draw_xlsx import draw
from aftale.followup.read_back import read_standing
from aftale.forms.plan import plan_forms
from aftale.forms.returned import Returned
from aftale.intake.read import read_bytes
from aftale.merge.state import State
from aftale.model.agreement import Agreement, AnswerColumn, Round
from aftale.model.answers import Answer
from aftale.model.findings import Finding
from aftale.model.place import Place, Source
from aftale.model.workbook import Workbook, WorkbookSheet
from aftale.office.report import USAGE, CannotDo
from aftale.office.shipped_files import template_path
from aftale.steps.generer import Given, generer

HEAD = ("Mål-id | Udviklingsmål | Fokusområde | Effektmål | Delmål | 2015 | 2016 | Måltype | Måltal | Måleenhed | Ansvarlig"
        " | Note")


def agreement(rows: str, period: str = "2015-2018") -> Agreement:
    """Read an agreement of 2015 from rows with |, under a header."""
    cells: list[list[Any]] = [[part.strip() for part in line.split("|")] for line in (HEAD, *rows.strip().splitlines())]
    book = Workbook(Source("", "aftale.xlsx"), (WorkbookSheet("Mål", cells),))
    return read_agreement(book, {"enhed": "Biblioteket", "aar": "2015", "periode": period}).agreement


def followed_up(rows: str, statuses: Mapping[str, str] | None = None) -> FollowUp:
    """Follow up an agreement in which some goals were reported with a status."""
    plan = agreement(rows)
    answers = tuple(Answer(goal, AnswerColumn.STATUS, status, None, Place("skema.xlsx", "Skema", "R9"))
                    for goal, status in (statuses or {}).items())
    forms = plan_forms(plan, Round.AARSOPFOELGNING, None)
    returned = Returned(Source("a" * 64, "skema.xlsx"), forms[0].id if forms else "S", "Ungeteamet", "Ungeteamet",
                        answers=answers, goals=tuple(line.goal for form in forms for line in form.lines),
                        round="aarsopfoelgning", cells=len(answers))
    state = State(plan.id, plan.year, Round.AARSOPFOELGNING, (returned,) if answers else ())
    return follow_up(plan, state, forms, date(2015, 1, 1))


def counts(result: FollowUp) -> dict[str, int]:
    """Return how many effektmål have each status on Overblik, where any has it."""
    return {status: int(number) for status, number in dict(result.book.overview.counts).items() if number}


EFFECT = "M1.1.1 | Synlig | Unge | De kommer | | x | x | | | | Ungeteamet |"
GONE = "M1.1.2 | Synlig | Unge | De bliver | | x | x | | | | Ungeteamet | Udgået efter aftale i marts"
LATER = "M1.1.3 | Synlig | Unge | De går | | | x | | | | Ungeteamet | Udgået efter aftale i marts"
SUBS = ("M1.2.1.1 | Synlig | Børn | De læser | Kurser | x | | | | | Ungeteamet |\n"
        "M1.2.1.2 | Synlig | Børn | De læser | Ture | x | | | | | Ungeteamet |")


@pytest.mark.parametrize(("rows", "statuses", "wanted"), [
    (EFFECT, {"M1.1.1": "Opfyldt"}, {"Opfyldt": 1}),
    (f"{EFFECT}\n{GONE}", {"M1.1.1": "Opfyldt"}, {"Opfyldt": 1, "Udgået": 1}),
    (f"{EFFECT}\n{LATER}", {"M1.1.1": "Opfyldt"}, {"Opfyldt": 1}),
    (f"{EFFECT}\n{GONE}", {"M1.1.1": "Opfyldt", "M1.1.2": "Ikke igangsat"}, {"Opfyldt": 1, "Ikke igangsat": 1}),
    (SUBS, {}, {"Mangler svar": 1}),
    (SUBS, {"M1.2.1.1": "Opfyldt"}, {"Mangler svar": 1}),
    (SUBS, {"M1.2.1.1": "Opfyldt", "M1.2.1.2": "Opfyldt"}, {"Opfyldt": 1}),
    (SUBS, {"M1.2.1.1": "Opfyldt", "M1.2.1.2": "Ikke opfyldt"}, {"Delvist opfyldt": 1}),
    (f"{EFFECT}\n{SUBS}", {"M1.1.1": "Opfyldt", "M1.2.1.1": "Opfyldt", "M1.2.1.2": "Opfyldt"}, {"Opfyldt": 2}),
    (SUBS.replace("Ungeteamet |", "Ungeteamet | Udgået"), {}, {"Udgået": 1}),
    (SUBS.replace("Ungeteamet |", "Ungeteamet | Udgået", 1), {"M1.2.1.2": "Opfyldt"}, {"Opfyldt": 1}),
    (SUBS.replace("| x |", "| |"), {"M1.2.1.1": "Opfyldt", "M1.2.1.2": "Opfyldt"}, {"Opfyldt": 1})],
    ids=["one that is met", "one that is withdrawn", "withdrawn, but of another year", "withdrawn after it was answered",
         "no row of its own, nothing answered", "no row of its own, half answered", "no row of its own, delmål met",
         "no row of its own, one delmål met", "beside another effektmål", "all its delmål are withdrawn",
         "one of them is withdrawn", "its delmål have no years"])
def test_what_overblik_counts(rows: str, statuses: Mapping[str, str], wanted: Mapping[str, int]) -> None:
    assert counts(followed_up(rows, statuses)) == wanted


def test_a_withdrawn_goal_is_named_as_such_and_nobody_is_asked_about_it() -> None:
    result = followed_up(f"{EFFECT}\n{GONE}", {"M1.1.1": "Opfyldt"})
    gone = next(v for v in result.goal_results if v.goal.id == "M1.1.2")
    assert (gone.shown, gone.response, gone.active, gone.problems) == ("Udgået", "Udgået i aftalen", False, ())
    assert "1 er udgået" in str(result.book.overview.headline.value)


def test_a_status_reported_of_a_withdrawn_goal_is_kept_and_asked_about() -> None:
    result = followed_up(GONE.replace("M1.1.2", "M1.1.1"), {"M1.1.1": "Opfyldt"})
    (asked,) = [p for p in result.problems if p.code == "withdrawn-answered"]
    assert "Opfyldt" in asked.message and result.goal_results[0].shown == "Opfyldt"


def test_an_effektmaal_without_a_row_has_one_in_opfoelgning_under_the_id_that_was_given_for_it() -> None:
    result = followed_up(SUBS, {"M1.2.1.1": "Opfyldt", "M1.2.1.2": "Opfyldt"})
    assert [v.goal.id for v in result.goal_results] == ["M1.2.1", "M1.2.1.1", "M1.2.1.2"]
    effect = result.goal_results[0]
    assert (effect.goal.text, effect.shown, effect.response) == ("De læser", "Opfyldt", "Følger af delmål")
    assert followed_up(SUBS).goal_results[0].response == "Følger af delmål", "its delmål have their ansvarlige"
    assert all(line.goal != "M1.2.1" for form in plan_forms(agreement(SUBS), Round.MIDTVEJS, None) for line in form.lines)


def test_a_status_typed_for_an_effektmaal_without_a_row_is_the_coordinators(tmp_path: Path) -> None:
    path = tmp_path / "opfoelgning.xlsx"
    path.write_bytes(draw(followed_up(SUBS, {"M1.2.1.1": "Opfyldt"}).book))
    book = openpyxl.load_workbook(path)
    sheet: Any = book["Opfølgning"]
    header = next(row for row in sheet.iter_rows() if row[0].value == "Mål-id")
    column = next(cell.column for cell in header if cell.value == "Status")
    row = next(row for row in range(header[0].row + 1, sheet.max_row + 1) if sheet.cell(row, 1).value == "M1.2.1")
    sheet.cell(row, column).value = "Delvist opfyldt"
    book.save(path)
    read = read_bytes(path.read_bytes(), path.name)
    assert not isinstance(read, Finding)
    standing = read_standing(read, agreement(SUBS))
    assert standing and standing.state.decisions["M1.2.1", AnswerColumn.STATUS].chosen == "Delvist opfyldt"


def test_an_effektmaal_is_never_put_in_under_an_id_that_another_row_has() -> None:
    mixed = "M1.2.1 | Synlig | Børn | De hører | | x | | | | | Ungeteamet |\n" + SUBS
    assert [goal.id for goal in whole_plan(agreement(mixed)).goals] == ["M1.2.1", "M1.2.1.1", "M1.2.1.2"]


@pytest.mark.parametrize(("cells", "sentence", "target"), [
    ("x | 650 | Mindst | | besøg", "Intet måltal i 2015", None),
    ("600 | 650 | Mindst | | besøg", "Mindst 600 besøg", 600.0),
    ("x | 650 | Mindst | 500 | besøg", "Mindst 500 besøg", 500.0),
    ("x | x | Mindst | | besøg", "Mindst (måltal mangler) besøg", None),
    ("x | x | Mindst | ca. 20 | besøg", "Mindst ca. 20 besøg", "ca. 20"),
    ("x | x | Højst | nr. 3 | ", "Højst nr. 3", "nr. 3"),
    ("x | x | Mindst | halvdelen | besøg", "Mindst halvdelen besøg", "halvdelen"),
    ("x | 650 | Stigning i % | 5-8 | besøg", "Stigning på 5-8 i besøg", "5-8"),
    ("ca. 20 | | Mindst | | besøg", "Mindst ca. 20 besøg", "ca. 20"),
    ("x | x | Leverance | | ", "Leverance", None)],
    ids=["only another year's", "each year's own", "Måltal holds where a year has none", "none anywhere",
         "words that are no number", "a rank", "a share in words", "a range beside another year's number",
         "words in the year's own cell", "no number at all"])
def test_opfoelgning_shows_the_years_own_target(cells: str, sentence: str, target: float | str | None) -> None:
    rows = f"M1.1.1 | Synlig | Unge | De kommer | | {cells} | Ungeteamet |"
    table = followed_up(rows).book.followup
    keys = [column.key for column in table.columns]
    assert [table.rows[0][keys.index(key)].value for key in ("goal", "target")] == [sentence, target]
    (form,) = plan_forms(agreement(rows), Round.MIDTVEJS, None)
    assert str(form.lines[0].sealed["goal"]).split("\n")[0] == sentence


def test_an_udgangspunkt_in_words_stands_in_the_skema_where_a_number_is_asked_for() -> None:
    plan = agreement("M1.1.1 | Synlig | Unge | De kommer | | x | | Fastholdes | | besøg | Ungeteamet |")
    (form,) = plan_forms(replace(plan, goals=(replace(plan.goals[0], unread={"baseline": "ca. 40"}),)), Round.MIDTVEJS, None)
    assert form.lines[0].sealed["goal"] == "Fastholdes (besøg)\nUdgangspunkt: ca. 40"
    assert AnswerColumn.BASELINE in form.lines[0].open_columns


# ---------------------------------------------------------------- the period

def test_a_period_that_ends_before_it_begins_is_asked_about() -> None:
    book = Workbook(Source("", "aftale.xlsx"), (WorkbookSheet("Mål", [HEAD.split(" | ")]),))
    read = read_agreement(book, {"aar": "2015", "periode": "2018-2015"})
    (asked,) = [p for p in read.problems if p.code == "period-reversed"]
    assert "2018-2015" in asked.message and "2015-2018" in asked.message


@pytest.mark.parametrize("period", ["2018-2015", "2018 - 2015", "fire år"])
def test_generer_takes_no_period_that_ends_before_it_begins(tmp_path: Path, period: str) -> None:
    with pytest.raises(CannotDo, match="Perioden skal begynde, før den slutter") as refused:
        generer(None, tmp_path / "aftale.xlsx", template_path(), Given("Biblioteket", 2015, period))
    assert refused.value.code == USAGE
