"""What was changed in the agreement after answers came: named by goal and column, with before and now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import openpyxl
import pytest
from conftest import Year, cell_at, opened

from aftale.agreement.agreed_texts import agreed_texts
from aftale.agreement.read_goals import read_agreement
from aftale.followup.build import follow_up
from aftale.forms.plan import plan_forms
from aftale.forms.returned import Returned
from aftale.merge.merge import Decision
from aftale.merge.state import State
from aftale.model.agreement import Agreement, AnswerColumn, Round
from aftale.model.answers import Answer
from aftale.model.findings import Finding, Severity
from aftale.model.place import Place, Source
from aftale.model.workbook import Workbook, WorkbookSheet
from aftale.office.safe_write import write_all
from aftale.steps.flet import flet

HEADERS = ("Mål-id", "Fokusområde", "Effektmål", "2015", "2016", "Måltype", "Udgangspunkt", "Måltal", "Måleenhed", "Opgøres",
           "Indikator", "Frist", "Budget", "Ansvarlig", "E-mail", "Note")
FIRST = {"Mål-id": "M1.1.1", "Fokusområde": "Unge", "Effektmål": "De kommer", "2015": "x", "Måltype": "Mindst",
         "Måltal": "16", "Måleenhed": "rekvisitioner", "Opgøres": "Pr. år", "Ansvarlig": "Ungeteamet",
         "E-mail": "unge@example.dk"}
SECOND = {**FIRST, "Mål-id": "M1.1.2", "Effektmål": "De bliver", "Måltal": "1", "Måleenhed": "samarbejder"}


def agreement(*goals: Mapping[str, str]) -> Agreement:
    """Read an agreement of 2015 from goals by header."""
    rows: list[list[Any]] = [[*HEADERS], *([goal.get(header, "") for header in HEADERS] for goal in goals)]
    book = Workbook(Source("", "aftale.xlsx"), (WorkbookSheet("Mål", rows),))
    return read_agreement(book, {"enhed": "Biblioteket", "aar": "2015", "periode": "2015-2018"}).agreement


def answered(before: Agreement, name: str = "skema.xlsx", *goals: str) -> Returned:
    """Return a skema that was made from an agreement, in which some goals were answered."""
    (form,) = plan_forms(before, Round.AARSOPFOELGNING, None)
    place = Place(name, "Skema", "J9")
    answers = tuple(Answer(goal, AnswerColumn.RESULT, 16.0, None, place) for goal in goals or ("M1.1.1",))
    return Returned(Source(name.ljust(64, "0"), name), form.id, "Ungeteamet", answers=answers, cells=len(answers),
                    round="aarsopfoelgning", agreed={line.goal: line.agreed for line in form.lines
                                                     if line.goal in {answer.goal for answer in answers}})


def told(now: Agreement, *returned: Returned, decisions: tuple[Decision, ...] = ()) -> list[Finding]:
    """Return what is said of changes in an agreement."""
    state = State(now.id, 2015, Round.AARSOPFOELGNING, returned,
                  decisions={(each.goal, each.column): each for each in decisions})
    result = follow_up(now, state, plan_forms(now, Round.AARSOPFOELGNING, None), date(2015, 1, 1))
    return [p for p in result.problems if p.code.startswith("agreed-")]


@pytest.mark.parametrize(("change", "asked", "said"), [
    ({"Måltype": "Højst"}, True, "Måltype var »Mindst« og er nu »Højst«"),
    ({"Måleenhed": "lån"}, True, "Måleenhed var »rekvisitioner« og er nu »lån«"),
    ({"Måleenhed": ""}, True, "Måleenhed var »rekvisitioner« og er nu »(tom)«"),
    ({"Måltal": "20"}, False, "Måltal var »16« og er nu »20«"),
    ({"2015": "18"}, False, "2015 var »x« og er nu »18«"),
    ({"2016": "x"}, False, "2016 var »(tom)« og er nu »x«"),
    ({"Udgangspunkt": "12,5"}, False, "Udgangspunkt var »(tom)« og er nu »12,5«"),
    ({"Effektmål": "De kommer igen"}, False, "Effektmål var »De kommer« og er nu »De kommer igen«"),
    ({"Frist": "1. maj"}, False, "Frist var »(tom)« og er nu »1. maj«"),
    ({"Opgøres": "I perioden"}, False, "Opgøres var »Pr. år« og er nu »I perioden«"),
    ({"Budget": "5.000 kr."}, False, "Budget var »(tom)« og er nu »5.000 kr.«"),
    ({"E-mail": "teenagere@example.dk"}, False, ""),
    ({"Note": "Drøftet i maj"}, False, "")],
    ids=["måltype", "måleenhed", "måleenhed emptied", "måltal", "a year's target", "a new year", "udgangspunkt", "reworded",
         "frist", "opgøres", "budget", "an address isn't agreed on", "nor is a note"])
def test_each_changed_column_is_named_with_before_and_now(change: Mapping[str, str], asked: bool, said: str) -> None:
    found = told(agreement({**FIRST, **change}, SECOND), answered(agreement(FIRST, SECOND)))
    assert [p.goal for p in found] == (["M1.1.1"] if said else [])
    assert all(said in p.message and (p.level is Severity.QUESTION) == asked and p.place.file == "skema.xlsx" for p in found)


def test_a_change_is_told_once_however_many_have_answered() -> None:
    before, now = agreement(FIRST, SECOND), agreement({**FIRST, "Måltal": "20"}, SECOND)
    assert len(told(now, *(answered(before, f"skema{n}.xlsx") for n in range(3)))) == 1


def test_nothing_is_said_of_goals_that_nobody_has_answered_nor_where_nothing_was_changed() -> None:
    before = agreement(FIRST, SECOND)
    assert told(agreement(FIRST, {**SECOND, "Måltype": "Højst"}), answered(before)) == []
    assert told(before, answered(before, "skema.xlsx", "M1.1.1", "M1.1.2")) == []


def test_a_text_under_another_id_is_a_question_with_both_goals() -> None:
    before = agreement(FIRST, SECOND)
    now = agreement({**FIRST, "Effektmål": "De bliver"}, {**SECOND, "Effektmål": "De kommer"})
    found = told(now, answered(before, "skema.xlsx", "M1.1.1", "M1.1.2"))
    assert [(p.code, p.goal) for p in found] == [("agreed-text-moved", "M1.1.1"), ("agreed-text-moved", "M1.1.2")]
    assert "M1.1.2" in found[0].message and found[0].level is Severity.QUESTION


def test_a_decision_remembers_what_was_agreed_when_it_was_made() -> None:
    before = agreement(FIRST, SECOND)
    decision = Decision("M1.1.1", AnswerColumn.RESULT, frozenset(), 16.0, agreed=agreed_texts(before.goals[0]))
    (found,) = told(agreement({**FIRST, "Måleenhed": "lån"}, SECOND), decisions=(decision,))
    assert "Måleenhed var »rekvisitioner« og er nu »lån«" in found.message
    assert "dig selv" in found.advice and "koordinatoren" not in found.advice


def test_through_the_whole_chain_the_change_stands_on_kontrol_until_it_is_accepted(year: Year) -> None:
    for owner in list(year.forms)[:4]:
        year.fill(owner, {}, by="Et team")
    year.fill("Landdistriktsteamet", {"M1.3.1": {"Resultat": 16, "Status": "Delvist opfyldt"}})
    book = openpyxl.load_workbook(year.agreement)
    cell_at(book["Mål"], "M1.3.1", "Måleenhed").value = "besøg i landsbyer"
    cell_at(book["Mål"], "M1.3.1", "Måltal").value = 25
    book.save(year.agreement)
    out = year.folder / "opfoelgning.xlsx"
    report = flet(year.agreement, [year.answers], out)
    write_all(list(report.files))
    assert "agreement-changed" not in {p.code for p in report.problems}
    assert [(p.code, p.goal) for p in report.problems if p.code.startswith("agreed")] == [
        ("agreed-changed", "M1.3.1"), ("agreed-changed-asked", "M1.3.1")]
    book = openpyxl.load_workbook(out)
    sheet: Any = book["Kontrol"]
    row = next(row for row in sheet.iter_rows() if any("Måleenhed var" in str(cell.value) for cell in row))
    header = next(row for row in sheet.iter_rows() if any(cell.value == "Vælg" for cell in row))
    row[next(cell.column for cell in header if cell.value == "Vælg") - 1].value = "Godkend"
    book.save(out)
    again = flet(year.agreement, [year.answers], out)
    write_all(list(again.files))
    assert not [p for p in again.problems if p.code.startswith("agreed") and p.level is Severity.QUESTION]
    assert cell_at(opened(out)["Opfølgning"], "M1.3.1", "Resultat").value == 16
