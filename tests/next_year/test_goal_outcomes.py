"""What becomes of a goal when its year ends, as tables: its years, the last status, what its Note says; themes; days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest

from aftale.agreement.measures import baseline_from, baseline_in
from aftale.agreement.methods import Outcome
from aftale.agreement.theme_years import theme_over
from aftale.followup.build import FollowUp
from aftale.followup.goal_status import GoalResult
from aftale.kse.remarks import KseRemarks
from aftale.merge.merge import Merged
from aftale.merge.state import History, State
from aftale.model.agreement import (
    UNDECIDED,
    Agreement,
    AnswerColumn,
    Goal,
    Level,
    Measure,
    Method,
    Owner,
    Round,
    Scope,
    Status,
    Value,
)
from aftale.model.answers import Answer
from aftale.model.place import Place, Source
from aftale.next_year.goal_outcomes import (
    GoalOutcome,
    LastSaid,
    Suggestion,
    answered_note,
    baseline_note,
    carry_over_note,
    goals_mentioned,
    last_said,
    missing_note,
    noted,
    outcome_of,
)
from aftale.next_year.plan import NextYear, a_year_on, plan_next_year

EVERY_STATUS = (*Status, UNDECIDED, "")


# ---------------------------------------------------------------- a goal's years and its status, at the end of 2015

@pytest.mark.parametrize(("years", "status", "outcome"), [
    # years              last status                 what becomes of it
    ("2015 2016",        "Opfyldt",                  "Fortsætter"),
    ("2015 2016",        "Ikke opfyldt",             "Fortsætter"),
    ("2015 2016 2017",   "",                         "Fortsætter"),
    ("2015 2016",        "Udgået",                   "Udgår"),
    ("2015",             "Opfyldt",                  "Slutter"),
    ("2015",             "Delvist opfyldt",          "Foreslås videreført"),
    ("2015",             "Ikke opfyldt",             "Foreslås videreført"),
    ("2015",             "Forventes opfyldt",        "Foreslås videreført"),
    ("2015",             "Forventes ikke opfyldt",   "Foreslås videreført"),
    ("2015",             "Afventer data",            "Foreslås videreført"),
    ("2015",             "Ikke igangsat",            "Foreslås videreført"),
    ("2015",             "Uafklaret",                "Foreslås videreført"),
    ("2015",             "",                         "Foreslås videreført"),
    ("2015",             "Udgået",                   "Udgår"),
    ("2014 2015",        "Opfyldt",                  "Slutter"),
    ("2015 2017",        "Opfyldt",                  "Holder pause"),
    ("2015 2017",        "Ikke opfyldt",             "Holder pause"),
    ("2015 2017",        "Udgået",                   "Udgår"),
    ("2016",             "",                         "Begynder"),
    ("2014 2016",        "",                         "Begynder"),
    ("2016 2018",        "",                         "Begynder"),
    ("2017",             "",                         None),
    ("2017",             "Udgået",                   "Udgår"),
    ("2014",             "Ikke opfyldt",             None),
    ("2014",             "Udgået",                   None),
    ("",                 "Ikke opfyldt",             None),
])  # fmt: skip
def test_what_becomes_of_a_goal(years: str, status: str, outcome: str | None) -> None:
    assert outcome_of([int(year) for year in years.split()], 2015, status) == (GoalOutcome(outcome) if outcome else None)


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_a_goal_that_note_takes_out_is_out_whatever_was_reported(status: str) -> None:
    assert outcome_of((2015, 2016), 2015, status, dropped=True) is GoalOutcome.DROPPED
    assert outcome_of((2016,), 2015, status, dropped=True) is GoalOutcome.DROPPED
    assert outcome_of((2014,), 2015, status, dropped=True) is None


@pytest.mark.parametrize("status", [each for each in EVERY_STATUS if each != Status.DROPPED])
def test_a_goal_that_is_replaced_is_never_carried_over(status: str) -> None:
    assert outcome_of((2015,), 2015, status, replaced=True) is GoalOutcome.ENDS
    assert outcome_of((2015, 2016), 2015, status, replaced=True) is GoalOutcome.GOES_ON


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_only_finished_or_dropped_goals_end_by_themselves(status: str) -> None:
    silently = {Status.MET: GoalOutcome.ENDS, Status.DROPPED: GoalOutcome.DROPPED}
    assert outcome_of((2015,), 2015, status) is silently.get(status, GoalOutcome.CARRY_OVER)  # type: ignore[call-overload]


# ---------------------------------------------------------------- how final a result is

@pytest.mark.parametrize(("round_", "as_of", "early"), [
    (Round.AARSOPFOELGNING, date(2015, 12, 31), ""),
    (Round.AARSOPFOELGNING, date(2016, 1, 15), ""),
    (Round.AARSOPFOELGNING, date(2015, 12, 30), "opgjort pr. 30-12-2015"),
    (Round.AARSOPFOELGNING, date(2015, 10, 31), "opgjort pr. 31-10-2015"),
    (Round.AARSOPFOELGNING, None, "uden dato for opgørelsen"),
    (Round.MIDTVEJS, date(2015, 5, 31), "fra midtvejsopfølgningen, opgjort pr. 31-05-2015"),
    (Round.MIDTVEJS, None, "fra midtvejsopfølgningen, uden dato for opgørelsen"),
    (Round.MIDTVEJS, date(2015, 12, 31), "fra midtvejsopfølgningen, opgjort pr. 31-12-2015")])
def test_a_result_is_early_until_the_year_is_over(round_: Round, as_of: date | None, early: str) -> None:
    assert LastSaid("Opfyldt", round_, 7.0, round_, as_of).early(2015) == early
    assert LastSaid("Opfyldt", round_, None, round_, as_of).early(2015) == ""


def follow_up_of(round_: Round, *history: History, answers: Mapping[AnswerColumn, Merged] | None = None,
                 kse: str = "") -> FollowUp:
    own = Goal("M1", Level.EFFECT, ("A", "", "C", ""))
    verdict = GoalResult(own, (2015,), True, (), None, None, Outcome(), False, answers or {})
    return cast(FollowUp, SimpleNamespace(state=State(round=round_, history=history), kse=KseRemarks({"M1": kse}),
                                          goal_results=() if answers is None else (verdict,)))


def answered(column: AnswerColumn, *values: Value) -> dict[AnswerColumn, Merged]:
    """Return a cell in which each value was answered; two that differ stand against each other."""
    sides = tuple(Answer("M1", column, value, None, Place(), Source("", "svar.xlsx")) for value in values)
    return {column: Merged("M1", column, sides, values[0] if len(values) == 1 else None, len(values) > 1)}


def said(round_: Round, status: str, result: float | None, year: int = 2015) -> History:
    return History("M1", year, round_.value, None, result, None, status)


HALF, WHOLE = Round.MIDTVEJS, Round.AARSOPFOELGNING


@pytest.mark.parametrize(("half", "whole", "last"), [
    # midtvejs said        årsopfølgning said       the last that was said
    (("Opfyldt", 1.0),     ("Ikke opfyldt", 2.0),   ("Ikke opfyldt", WHOLE, 2.0, WHOLE)),
    (("Opfyldt", 1.0),     ("Ikke opfyldt", None),  ("Ikke opfyldt", WHOLE, 1.0, HALF)),
    (("Opfyldt", 1.0),     ("", 2.0),               ("Opfyldt", HALF, 2.0, WHOLE)),
    (("Opfyldt", 1.0),     None,                    ("Opfyldt", HALF, 1.0, HALF)),
    (None,                 ("Opfyldt", 0.0),        ("Opfyldt", WHOLE, 0.0, WHOLE)),
])  # fmt: skip
def test_the_latest_round_that_says_something_counts(
        half: tuple[str, float | None] | None, whole: tuple[str, float | None] | None,
        last: tuple[str, Round, float, Round]) -> None:
    history = [said(round_, *each) for round_, each in ((HALF, half), (WHOLE, whole)) if each]
    other_year = said(WHOLE, "Udgået", 99.0, 2014)
    found = last_said([follow_up_of(WHOLE, *history, other_year)], 2015)["M1"]
    assert (found.status, found.status_round, found.result, found.result_round) == last


def test_a_rounds_own_follow_up_knows_better_than_what_a_later_one_remembers_of_it() -> None:
    late = follow_up_of(HALF, said(HALF, "Opfyldt", 7.0))
    found = last_said([late, follow_up_of(WHOLE, said(HALF, "Ikke igangsat", 1.0))], 2015)["M1"]
    assert (found.status, found.result) == ("Opfyldt", 7.0)


def test_an_undecided_result_is_none_and_the_one_from_midtvejs_is_not_taken_instead() -> None:
    late = follow_up_of(WHOLE, said(HALF, "Forventes opfyldt", 480.0), said(WHOLE, "Opfyldt", None),
                        answers=answered(AnswerColumn.RESULT, 1050.0, 1060.0))
    last = last_said([follow_up_of(HALF, said(HALF, "Forventes opfyldt", 480.0)), late], 2015)["M1"]
    assert (last.status, last.result, last.result_round) == ("Opfyldt", None, None)
    assert (last.undecided, last.results) == ((AnswerColumn.RESULT,), "1.060 og 1.050")


def test_an_undecided_status_is_undecided_whatever_midtvejs_said() -> None:
    last = last_said([follow_up_of(WHOLE, said(HALF, "Opfyldt", 1.0),
                                   answers=answered(AnswerColumn.STATUS, "Opfyldt", "Udgået"))],
                 2015)["M1"]
    assert (last.status, last.status_round, last.undecided) == (UNDECIDED, None, (AnswerColumn.STATUS,))


@pytest.mark.parametrize(("whole", "baseline"), [
    (None, 7.2), ({}, 7.2), (answered(AnswerColumn.BASELINE, 7.5), 7.5), (answered(AnswerColumn.BASELINE, None), None),
    (answered(AnswerColumn.BASELINE, 7.5, 7.6), None)])
def test_a_baseline_answered_at_midtvejs_is_remembered(whole: dict[AnswerColumn, Merged] | None,
                                                       baseline: float | None) -> None:
    """The årsopfølgning alone remembers it, unless somebody there took it back or answers stand against each other."""
    known = replace(said(HALF, "Forventes opfyldt", None), baseline=7.2)
    assert last_said([follow_up_of(WHOLE, known, said(WHOLE, "Opfyldt", 8.0), answers=whole)],
                     2015)["M1"].baseline == baseline


def test_the_last_remark_knows_its_round_and_kse_is_heard() -> None:
    half = follow_up_of(HALF, answers=answered(AnswerColumn.REMARKS, "Det går trægt."), kse="Hvorfor?")
    whole = follow_up_of(WHOLE, said(WHOLE, "Opfyldt", None), answers=answered(AnswerColumn.NEXT_STEP, "Evaluering"))
    last = last_said([half, whole], 2015)["M1"]
    assert (last.remark, last.remark_round, last.next_step, last.step_round, last.department, last.department_round) == (
        "Det går trægt.", HALF, "Evaluering", WHOLE, "Hvorfor?", HALF)


# ---------------------------------------------------------------- Note

PROPOSED, GROWN, ASKED = carry_over_note(2015, "Ikke opfyldt"), baseline_note(2015, "424.350", "opgjort pr. 31-10-2015"), \
    answered_note(2015, "12,5")


@pytest.mark.parametrize(("note", "lines", "dropped", "after"), [
    ("", [], "", ""),
    ("", [PROPOSED], "", PROPOSED),
    ("Aftalt i januar.", [PROPOSED], "", f"Aftalt i januar.\n{PROPOSED}"),
    ("To\nlinjer.", [GROWN], "", f"To\nlinjer.\n{GROWN}"),
    ("Aftalt.", [], "Udgået i 2015.", "Udgået i 2015.\nAftalt."),
    (f"Aftalt.\n{PROPOSED}", [], "", "Aftalt."),
    (f"{PROPOSED} Ja tak, siger KSE.", [], "", f"{PROPOSED} Ja tak, siger KSE."),
    ("Nyt i 2016: vi prøver igen.", [], "", "Nyt i 2016: vi prøver igen."),
    ("Erstattet af M2.2.6.", ["Erstattet af M2.2.6."], "", "Erstattet af M2.2.6.")])
def test_note_keeps_what_people_wrote_and_only_loses_our_own_lines_of_earlier_years(
        note: str, lines: list[str], dropped: str, after: str) -> None:
    assert noted(note, lines, dropped) == after


AGAIN = baseline_note(2016, "430.000", "")


@pytest.mark.parametrize("told", [PROPOSED, missing_note(2015, "410.000")])
def test_a_line_with_the_quotation_marks_of_an_earlier_version_goes_as_well(told: str) -> None:
    assert "»" in told and noted(told.translate(str.maketrans("»«", "«»")), [], rebased=True) == ""


@pytest.mark.parametrize("told", [GROWN, ASKED, missing_note(2015, "410.000"), missing_note(2015, "ca. 400.000 (skøn)"),
                                  baseline_note(2015, "-1.060,5", "fra midtvejs, uden dato for opgørelsen")])
def test_what_note_says_of_a_baseline_stays_for_as_long_as_the_figure_does(told: str) -> None:
    assert noted(f"{told}\nAftalt.\n{PROPOSED}", []) == f"{told}\nAftalt."
    assert noted(f"{told}\nAftalt.", [AGAIN], rebased=True) == f"Aftalt.\n{AGAIN}"
    assert noted(f"{told} Aftalt.", [AGAIN], rebased=True) == f"{told} Aftalt.\n{AGAIN}"
    goal = Goal("M1", Level.EFFECT, ("A", "", "C", ""), measure=Measure(baseline=1.0), note=missing_note(2015, "2"))
    assert baseline_from(goal) == 0, "it says which year's result is missing, not where a figure is from"


@pytest.mark.parametrize("early", ["", "opgjort pr. 31-10-2015", "fra midtvejs, uden dato for opgørelsen",
                                   "fra midtvejsopfølgningen, uden dato for opgørelsen"])
def test_the_line_about_a_baseline_is_read_back(early: str) -> None:
    goal = Goal("M1", Level.EFFECT, ("A", "", "C", ""), measure=Measure(baseline=424350.0),
                note=f"Vigtigt.\n{baseline_note(2015, '424.350', early)}")
    assert baseline_from(goal) == 2015
    assert baseline_from(replace(goal, measure=Measure())) == 0
    assert baseline_from(replace(goal, note=answered_note(2015, "12"))) == 0


GROWTH = Measure(Method.RISE_PERCENT, 5.0, 430000.0, "besøg", Scope.PER_YEAR)


@pytest.mark.parametrize(("measure", "note", "year_before", "baseline"), [
    # The final figure that people wrote in the agreement wins over the one that the follow-up knew in October.
    (GROWTH, baseline_note(2015, "424.350", "opgjort pr. 31-10-2015"), 424350.0, 430000.0),
    (GROWTH, baseline_note(2014, "410.000", ""), 424350.0, 424350.0),
    (GROWTH, "", 424350.0, 424350.0),
    (GROWTH, "", None, 430000.0),
    # The result that came late is taken where the agreement's was emptied for want of it.
    (replace(GROWTH, baseline=None), missing_note(2015, "410.000"), 424350.0, 424350.0),
    (replace(GROWTH, scope=Scope.IN_PERIOD), "", 424350.0, 430000.0),
    (replace(GROWTH, method=Method.KEEP), "", 424350.0, 430000.0),
    (replace(GROWTH, unit="%"), "", 424350.0, 430000.0)])
def test_which_baseline_holds_in_2016(measure: Measure, note: str, year_before: float | None,
                                      baseline: float | None) -> None:
    goal = Goal("M1", Level.EFFECT, ("A", "", "C", ""), {2015: None, 2016: None}, measure, note=note)
    assert baseline_in(goal, 2016, year_before) == baseline


# ---------------------------------------------------------------- the theme

# what the theme says; until when it is agreed, where that is told
@pytest.mark.parametrize(("text", "over"), [
    ("I 2015-2016 er temaet synlighed", "2015-2016"), ("I 2015 og 2016 er SYNLIGHED den røde tråd", "2015-2016"),
    ("2015–2016", "2015-2016"), ("2015 - 2016", "2015-2016"), ("fra 2015 til 2018", "2015-2018"), ("2015/16", "2015-2016"),
    ("i 2016", "2016"), ("Siden 2007 har vi", ""), ("Visionen for 2030", ""), ("Fra 2010 til 2016", "2016"),
    ("Synlighed", ""),
    ("nr. 120155", ""), ("2015 og i 2016", "2015-2016"), ("2015, 2016 og 2017", "2015-2017"), ("fra 2015", ""),
    ("Synlighed fra og med 2015", ""), ("til og med 2016", "2016"), ("2015 til og med 2016", "2015-2016"),
    ("fra januar 2015 til december 2016", "2015-2016"), ("Drøftet 14. januar 2015, 14-01-2016 og 2017-01-14", ""),
    ("Fra 2010 har vi", "")])
def test_the_years_of_a_theme(text: str, over: str) -> None:
    assert theme_over([text], (2015, 2018), 2018) == over


@pytest.mark.parametrize(("texts", "year", "over"), [
    (["Synlighed", "I 2015-2016 er temaet synlighed."], 2015, ""),
    (["Synlighed", "I 2015-2016 er temaet synlighed."], 2016, "2015-2016"),
    (["Synlighed", "I 2015-2016 er temaet synlighed."], 2017, "2015-2016"),
    (["", "2015-2016: synlighed. 2017-2018: mod."], 2016, ""),
    (["", "2015-2016: synlighed. 2017-2018: mod."], 2018, "2015-2018"),
    (["Synlighed 2015-2016", "Planen og budgettet gælder 2015-2018."], 2016, "2015-2016"),
    (["Synlighed til og med 2016", ""], 2015, ""), (["Synlighed til og med 2016", ""], 2016, "2016"),
    (["Synlighed", "Temaet blev valgt den 14. januar 2015."], 2015, ""),
    (["Synlighed 2015", "Hvad temaet skal være i 2016, aftales i januar."], 2015, ""),
    (["Synlighed fra 2015"], 2016, ""),
    (["Årets tema 2015", ""], 2015, "2015"),
    (["Synlighed", "Planen gælder 2015-2018."], 2016, ""),
    (["Synlighed", "Temaet blev valgt, da huset åbnede i 2009."], 2016, ""),
    (["Synlighed"], 2016, ""), ([], 2016, "")])
def test_whether_a_theme_has_run_out(texts: list[str], year: int, over: str) -> None:
    assert theme_over(texts, (2015, 2018), year) == over


# ---------------------------------------------------------------- days

@pytest.mark.parametrize(("day", "after"), [
    (date(2015, 6, 10), date(2016, 6, 10)), (date(2016, 2, 29), date(2017, 2, 28)),
    (date(2015, 12, 31), date(2016, 12, 31))])
def test_a_deadline_is_moved_to_the_same_day_and_month(day: date, after: date) -> None:
    assert a_year_on(day) == after


# ---------------------------------------------------------------- a whole agreement

HOUSE, UNMEASURED = (Owner("Husteamet"),), Measure()


def goal(goal_id: str, years: str = "2015 2016", measure: Measure = UNMEASURED, note: str = "", focus: str = "F",
         effect: str = "", sub: str = "", replaces: str = "", withdrawn: bool = False,
         targets: Mapping[int, float] | None = None) -> Goal:
    texts = ("U", focus, effect or f"Effekt {goal_id}", sub)
    crosses: dict[int, float | None] = {int(year): None for year in years.split()}
    return Goal(goal_id, Level.SUB if sub else Level.EFFECT, texts, {**crosses, **(targets or {})}, measure, owners=HOUSE,
                note=note, replaces=replaces, withdrawn=withdrawn, place=Place("aftale.xlsx", "Mål", "A5"))


def plan(*goals: Goal, last: Mapping[str, LastSaid] | None = None, year: int = 2015, theme: str = "", midway: bool = False,
         **facts: date) -> NextYear:
    agreement = Agreement("A-1", "Enhed", "KSE", year, (2015, 2018), theme, facts, {}, goals, {g.id: g.text for g in goals},
                          columns={"id": "A", "y2016": "G", "note": "U", "baseline": "N"})
    return plan_next_year(agreement, last or {}, midway)


def codes(made: NextYear) -> list[str]:
    return [each.code for each in made.problems]


def outcomes(made: NextYear) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in made.news:
        found.setdefault(each.goal.id if each.goal else "", []).append(each.outcome.value)
    return found


MET, MISSED, OUT = (LastSaid(status, Round.AARSOPFOELGNING) for status in ("Opfyldt", "Ikke opfyldt", "Udgået"))


def test_an_unfinished_goal_is_to_be_carried_over_and_never_crossed() -> None:
    made = plan(goal("M1.1.1", "2015"), last={"M1.1.1": MISSED})
    assert outcomes(made) == {"M1.1.1": ["Foreslås videreført"]}
    assert made.notes == {"M1.1.1": carry_over_note(2015, "Ikke opfyldt")}
    (asked,) = made.problems
    assert (asked.code, asked.place.cell, asked.goal) == ("next-carry-over", "G5", "M1.1.1")


def test_a_dropped_goal_says_so_in_front_of_its_note_and_its_living_delmaal_is_asked_about() -> None:
    made = plan(goal("M1.1.1", note="Aftalt.", effect="E"), goal("M1.1.1.1", "2016", effect="E", sub="S"),
                last={"M1.1.1": OUT})
    assert made.notes == {"M1.1.1": "Udgået i 2015.\nAftalt."}
    assert outcomes(made) == {"M1.1.1": ["Udgår"], "M1.1.1.1": ["Begynder"]}
    assert codes(made) == ["next-sub-left"]


def test_a_goal_dropped_an_earlier_year_is_not_told_again() -> None:
    told = plan(goal("M1.1.1", note="Udgået efter aftale.", withdrawn=True))
    assert outcomes(told) == {"M1.1.1": ["Udgår"]} and told.notes == {"M1.1.1": "Udgået efter aftale.\nUdgået i 2015."}
    again = plan(goal("M1.1.1", "2015 2016 2017", note=told.notes["M1.1.1"], withdrawn=True), year=2016)
    assert outcomes(again) == {} and again.notes == {}


def test_a_replaced_goal_ends_and_the_two_are_linked_both_ways() -> None:
    made = plan(goal("M1.1.1", "2015"), goal("M1.1.2", "2016", note="Erstatter M1.1.1", replaces="M1.1.1"),
                last={"M1.1.1": MISSED})
    assert outcomes(made) == {"M1.1.1": ["Slutter"], "M1.1.2": ["Begynder"]}
    assert made.notes == {"M1.1.1": "Erstattet af M1.1.2."}
    means = {each.goal.id: each.means for each in made.news if each.goal}
    assert "Erstattet af M1.1.2." in means["M1.1.1"] and means["M1.1.2"].startswith("Erstatter M1.1.1. ")
    assert codes(made) == []


@pytest.mark.parametrize(("replaced", "code"), [("M1.1.1", "next-replaced-active"), ("M9.9.9", "next-id-unknown")])
def test_a_replacement_that_cannot_be_right_is_asked_about(replaced: str, code: str) -> None:
    made = plan(goal("M1.1.1"), goal("M1.1.2", "2016", replaces=replaced), last={"M1.1.1": MET})
    assert codes(made) == [code]


def test_a_replacement_that_was_itself_taken_out_replaces_nothing() -> None:
    out = goal("M1.1.2", "2016", note="Udgået. Erstatter M1.1.1", replaces="M1.1.1", withdrawn=True)
    for note in ("", "Erstattet af M1.1.2."):
        made = plan(goal("M1.1.1", "2015", note=note), out, last={"M1.1.1": MISSED})
        assert outcomes(made)["M1.1.1"] == ["Foreslås videreført"] and "next-carry-over" in codes(made)


@pytest.mark.parametrize("said", ["Erstattet af M1.1.2.", "Drøftet i maj. erstattet  af m1.1.2"])
def test_a_replacement_that_the_old_goal_tells_of_counts(said: str) -> None:
    made = plan(goal("M1.1.1", "2015", note=said), goal("M1.1.2", "2016"), last={"M1.1.1": MISSED})
    assert outcomes(made) == {"M1.1.1": ["Slutter"], "M1.1.2": ["Begynder"]} and made.notes == {} and codes(made) == []
    means = {each.goal.id: each.means for each in made.news if each.goal}
    assert "Erstattet af M1.1.2." in means["M1.1.1"] and means["M1.1.2"].startswith("Erstatter M1.1.1. ")


@pytest.mark.parametrize("said", ["Erstatter M1.1.1 og M1.1.2", "Erstatter M1.1.1, M1.1.2", "Erstatter M1.1.1 samt M1.1.2.",
                                  "Erstatter M1.1.1; M1.1.2", "Erstatter M1.1.1. Erstatter M1.1.2"])
def test_one_goal_may_replace_several(said: str) -> None:
    made = plan(goal("M1.1.1", "2015"), goal("M1.1.2", "2015"), goal("M1.1.3", "2016", note=said, replaces="M1.1.1"),
                last={"M1.1.1": MISSED, "M1.1.2": MISSED})
    assert outcomes(made) == {"M1.1.1": ["Slutter"], "M1.1.2": ["Slutter"], "M1.1.3": ["Begynder"]}
    assert made.notes == {"M1.1.1": "Erstattet af M1.1.3.", "M1.1.2": "Erstattet af M1.1.3."}
    assert next(each.means for each in made.news if each.goal and each.goal.id == "M1.1.3").startswith(
        "Erstatter M1.1.1 og M1.1.2. ")


def test_a_replaced_goal_that_still_has_its_cross_says_so_on_the_sheet() -> None:
    made = plan(goal("M1.1.1"), goal("M1.1.2", "2016", replaces="M1.1.1"), goal("M1.1.3"), last={"M1.1.1": MET})
    (row, other) = [each for each in made.news if each.outcome is GoalOutcome.GOES_ON]
    assert row.asks and row.means.startswith("Er erstattet af M1.1.2, men har stadig kryds i 2016.") and not other.asks


def test_a_goal_said_to_be_replaced_by_an_unknown_one_is_asked_about() -> None:
    made = plan(goal("M1.1.1", "2015", note="Erstattet af M9.9.9"), last={"M1.1.1": MET})
    assert codes(made) == ["next-id-unknown"] and outcomes(made) == {"M1.1.1": ["Slutter"]}


def test_an_id_that_was_given_before_is_no_unknown_one() -> None:
    goals = goal("M1.1.1", "2015", note="Erstattet af M1.1.8"), goal("M1.1.2", "2015", replaces="M1.1.9")
    agreement = Agreement("A-1", "Enhed", "KSE", 2015, (2015, 2018), goals=goals,
                          register=dict.fromkeys(("M1", "M1.1", "M1.1.1", "M1.1.2", "M1.1.8", "M1.1.9"), "Før"))
    assert codes(plan_next_year(agreement, {"M1.1.1": MET, "M1.1.2": MET})) == []


# ---------------------------------------------------------------- rows that are gone, cells that can't be read

def test_a_goal_with_answers_whose_row_is_gone_is_told_and_asked_about() -> None:
    agreement = Agreement("A-1", "Enhed", "KSE", 2015, (2015, 2018), goals=(goal("M1.1.1"),),
                          register={"M1": "U", "M1.1": "F", "M1.1.1": "Et", "M1.1.2": "To", "M1.1.3": "Tre",
                                    "M1.1.4": "Fire"})
    known = {each: goal(each) for each in ("M1.1.1", "M1.1.2")} | {"M1.1.3": Goal("M1.1.3", Level.EFFECT, ("", "", "", ""))}
    made = plan_next_year(agreement, {"M1.1.1": MET, "M1.1.2": replace(MISSED, remark="Nåede det ikke.")},
                          goals_mentioned=known)
    gone = [each for each in made.news if each.outcome is GoalOutcome.GONE]
    assert [(each.goal.id, each.text) for each in gone if each.goal] == [("M1.1.2", "Effekt M1.1.2"), ("M1.1.3", "Tre")]
    assert gone[0].last.status == "Ikke opfyldt" and gone[0].remark == "Nåede det ikke." and "M1.1.2" in gone[0].means
    assert [(p.code, p.goal or p.text) for p in made.problems] == [
        ("next-gone", "M1.1.2"), ("next-gone", "M1.1.3")]


def test_the_follow_ups_know_a_goal_by_its_row_its_past_or_its_answers_alone() -> None:
    given = Answer("M3", AnswerColumn.STATUS, "Opfyldt", None, Place())
    back = SimpleNamespace(answers=(given,))
    whole = follow_up_of(WHOLE, History("M2", 2015, "midtvejs"), History("M4", 2014, "midtvejs"), answers={})
    whole = cast(FollowUp, SimpleNamespace(goal_results=whole.goal_results, state=replace(whole.state, returned=(back,))))
    assert {each: known.text for each, known in goals_mentioned([whole], 2015).items()} == {"M1": "C", "M2": "", "M3": ""}


@pytest.mark.parametrize(("years", "status"), [("2015", MISSED), ("2015", MET), ("2015 2017", MET), ("2014", LastSaid())])
def test_a_cell_of_next_year_that_cannot_be_read_is_no_fact(years: str, status: LastSaid) -> None:
    odd = replace(goal("M1.1.1", years), unread={"y2016": "ca. 15"})
    made = plan(odd, last={"M1.1.1": status})
    assert outcomes(made) == {"M1.1.1": ["Ikke forstået"]} and "ca. 15" in made.news[0].means
    assert "next-carry-over" not in codes(made) and made.notes == {}
    assert outcomes(plan(odd, last={"M1.1.1": OUT})) == ({"M1.1.1": ["Udgår"]} if "2014" not in years else {})
    assert outcomes(plan(replace(goal("M1.1.1"), unread={"y2016": "5"}), last={"M1.1.1": MET})) == {"M1.1.1": ["Fortsætter"]}


# ---------------------------------------------------------------- what was said of a goal

SAID = LastSaid("Forventes ikke opfyldt", WHOLE, remark="Vi mangler folk.", remark_round=WHOLE, next_step="Ansæt to.",
            department="Det drøfter vi.")


@pytest.mark.parametrize(("last", "told"), [
    (SAID, "Vi mangler folk.\nNæste skridt: Ansæt to.\nForvaltningen: Det drøfter vi."),
    (replace(SAID, status="Delvist opfyldt", department=""), "Vi mangler folk.\nNæste skridt: Ansæt to."),
    (replace(SAID, status="Forventes opfyldt"), "Forvaltningen: Det drøfter vi."),
    (replace(SAID, remark_round=HALF, next_step="", department=""), "(midtvejs) Vi mangler folk."),
    (replace(SAID, step_round=HALF, department=""), "Vi mangler folk.\n(midtvejs) Næste skridt: Ansæt to."),
    (replace(SAID, status="Forventes opfyldt", department_round=HALF), "(midtvejs) Forvaltningen: Det drøfter vi."),
    (replace(SAID, status="Forventes opfyldt", department_round=WHOLE), "Forvaltningen: Det drøfter vi."),
    (replace(SAID, status_round=HALF, remark="", next_step="", department_round=HALF),
     "Status er fra midtvejsopfølgningen.\nForvaltningen: Det drøfter vi."),
    (replace(SAID, step_round=WHOLE, remark_round=HALF, department=""),
     "(midtvejs) Vi mangler folk.\nNæste skridt: Ansæt to."),
    (replace(SAID, status_round=HALF, remark_round=HALF, step_round=HALF, department=""),
     "Status er fra midtvejsopfølgningen.\nVi mangler folk.\nNæste skridt: Ansæt to."),
    (replace(SAID, remark="Ord. " * 400, next_step="Ord. " * 400, department="Ord. " * 400), None)])
def test_a_goal_that_goes_on_badly_brings_what_was_said_of_it(last: LastSaid, told: str | None) -> None:
    (row,) = plan(goal("M1.1.1"), last={"M1.1.1": last}).news
    assert row.remark == told if told is not None else len(row.remark) < 800 and row.remark.count("…") == 3


@pytest.mark.parametrize(("frame", "asks"), [
    ("2.000.000 kr. i 2015", True), ("2.000.000 kr.", False), ("1 mio. kr. i 2015 og 2016", False), ("120155 kr.", False)])
def test_an_oekonomisk_ramme_of_the_year_that_ends_is_asked_about(frame: str, asks: bool) -> None:
    agreement = Agreement("A-1", "Enhed", "KSE", 2015, (2015, 2018), facts={"oekonomisk_ramme": frame},
                          goals=(goal("M1.1.1"),))
    made = plan_next_year(agreement, {"M1.1.1": MET})
    assert codes(made) == (["next-frame"] if asks else []) and (GoalOutcome.FRAME in [n.outcome for n in made.news]) is asks


COUNT = Measure(Method.AT_LEAST, None, None, "events", Scope.PER_YEAR)


@pytest.mark.parametrize(("targets", "general", "outcome", "code"), [
    ({2015: 3.0, 2016: 5.0}, None, ["Nyt måltal", "Fortsætter"], []),
    ({2015: 3.0, 2016: 3.0}, None, ["Fortsætter"], []),
    ({2016: 5.0}, 3.0, ["Nyt måltal", "Fortsætter"], []),
    ({}, 3.0, ["Fortsætter"], []),
    ({2015: 3.0}, None, ["Fortsætter"], ["next-target-missing"])])
def test_targets_that_differ_by_year(targets: dict[int, float], general: float | None, outcome: list[str],
                                     code: list[str]) -> None:
    made = plan(goal("M1.1.1", measure=replace(COUNT, target=general), targets=targets), last={"M1.1.1": MET})
    assert outcomes(made) == {"M1.1.1": outcome} and codes(made) == code


def test_growth_on_the_year_before_gets_its_baseline_and_says_where_it_is_early() -> None:
    last = LastSaid("Opfyldt", Round.AARSOPFOELGNING, 424350.0, Round.AARSOPFOELGNING, date(2015, 10, 31))
    made = plan(goal("M1.1.1", measure=replace(GROWTH, baseline=410000.0)), last={"M1.1.1": last})
    assert made.baselines == {"M1.1.1": 424350.0} and codes(made) == ["next-baseline-early"]
    assert made.notes["M1.1.1"] == baseline_note(2015, "424.350", "opgjort pr. 31-10-2015")
    assert next(n.means for n in made.news if n.outcome is GoalOutcome.BASELINE) == (
        "Udgangspunkt: 424.350. Resultatet for 2015, foreløbigt: opgjort pr. 31-10-2015. Før: 410.000.")
    final = plan(goal("M1.1.1", measure=GROWTH), last={"M1.1.1": replace(last, as_of=date(2015, 12, 31))})
    assert codes(final) == [] and "foreløbig" not in str(final.notes)


HALF_YEAR = LastSaid("Forventes opfyldt", HALF, 212000.0, HALF, date(2015, 5, 31))
TWO_ANSWERS = LastSaid("Delvist opfyldt", WHOLE, undecided=(AnswerColumn.RESULT,), results="424.350 og 430.000")


@pytest.mark.parametrize("years", ["2015 2016", "2015", "2015 2017"])
@pytest.mark.parametrize("note", ["", baseline_note(2014, "410.000", "")])
@pytest.mark.parametrize(("last", "told"), [
    (MISSED, ""), (HALF_YEAR, "I midtvejsopfølgningen var det 212.000 (opgjort pr. 31-05-2015)."),
    (TWO_ANSWERS, "Der er flere svar, som ikke er afgjort: 424.350 og 430.000.")])
def test_a_baseline_is_taken_away_and_asked_for_wherever_the_years_result_is_not_known(
        years: str, note: str, last: LastSaid, told: str) -> None:
    made = plan(goal("M1.1.1", years, replace(GROWTH, baseline=410000.0), note), last={"M1.1.1": last})
    assert made.baselines == {"M1.1.1": None}, "an older figure would be measured against without a word"
    assert missing_note(2014, "1") not in made.notes["M1.1.1"] and "resultatet for 2014" not in made.notes["M1.1.1"]
    assert missing_note(2015, "410.000") in made.notes["M1.1.1"]
    (asked,) = [p for p in made.problems if p.code == "next-baseline-missing"]
    assert told in asked.message and asked.place.cell == "N5"
    (row,) = [each for each in made.news if each.outcome is GoalOutcome.NO_BASELINE]
    assert told in row.means and "Før: 410.000." in row.means


def test_a_baseline_that_never_was_is_asked_for_too() -> None:
    made = plan(goal("M1.1.1", measure=replace(GROWTH, baseline=None)), last={"M1.1.1": MISSED})
    assert codes(made) == ["next-baseline-missing"] and made.baselines == {} and made.notes == {}
    assert "Udgangspunkt mangler" in outcomes(made)["M1.1.1"]


def test_answers_that_are_undecided_are_listed_with_their_columns() -> None:
    both = LastSaid(UNDECIDED, undecided=(AnswerColumn.RESULT, AnswerColumn.STATUS), results="1 og 2")
    made = plan(goal("M1.1.1", measure=GROWTH), goal("M1.1.2"), last={"M1.1.1": TWO_ANSWERS, "M1.1.2": both})
    assert [p.text for p in made.problems if p.code == "next-undecided"] == ["M1.1.1 (Resultat) og M1.1.2 (Resultat og"
                                                                             " Status)"]


@pytest.mark.parametrize("years", ["2015 2016", "2015", "2015 2017"])
def test_the_year_before_is_the_baseline_also_where_a_goal_is_proposed_or_pauses(years: str) -> None:
    last = LastSaid("Delvist opfyldt", WHOLE, 424350.0, WHOLE, date(2015, 12, 31))
    made = plan(goal("M1.1.1", years, GROWTH, baseline_note(2014, "430.000", "")), last={"M1.1.1": last})
    assert made.baselines == {"M1.1.1": 424350.0}
    assert baseline_note(2015, "424.350", "") in made.notes["M1.1.1"] and "for 2014" not in made.notes["M1.1.1"]


@pytest.mark.parametrize(("years", "year"), [("2016", 2015), ("2015 2017", 2016)])
def test_a_goal_that_was_not_measured_this_year_keeps_its_baseline_and_where_it_is_from(years: str, year: int) -> None:
    note = baseline_note(2014, "430.000", "")
    made = plan(goal("M1.1.1", years, GROWTH, note), year=year)
    assert made.baselines == {} and made.notes == {} and codes(made) == []


@pytest.mark.parametrize(("result", "code"), [(430000.0, []), (424350.0, ["next-baseline-differs"])])
def test_the_years_own_figure_that_people_wrote_ahead_stands(result: float, code: list[str]) -> None:
    note = baseline_note(2015, "430.000", "")
    last = LastSaid("Opfyldt", WHOLE, result, WHOLE, date(2015, 10, 31))
    made = plan(goal("M1.1.1", measure=GROWTH, note=note), last={"M1.1.1": last})
    assert made.baselines == {} and made.notes == {} and codes(made) == code


LEVEL = Measure(Method.RISE_PERCENT, 50.0, None, "brugere", Scope.IN_PERIOD)
ANSWERED = LastSaid("Delvist opfyldt", WHOLE, 15190.0, WHOLE, date(2015, 10, 31), "", 12400.0)


@pytest.mark.parametrize("years", ["2015 2016", "2015", "2015 2017"])
def test_an_answered_baseline_is_kept_so_that_it_is_not_asked_for_again(years: str) -> None:
    made = plan(goal("M1.1.1", years, LEVEL), last={"M1.1.1": ANSWERED})
    assert made.baselines == {"M1.1.1": 12400.0} and answered_note(2015, "12.400") in made.notes["M1.1.1"]
    assert plan(goal("M1.1.1", "2015", LEVEL), last={"M1.1.1": replace(ANSWERED, status="Opfyldt")}).baselines == {}


@pytest.mark.parametrize(("agreed", "unread", "told"), [(13000.0, {}, "13.000"), (None, {"baseline": "ca. 13"}, "ca. 13")])
def test_the_agreements_own_baseline_stands_where_somebody_answered_another(
        agreed: float | None, unread: dict[str, str], told: str) -> None:
    own = replace(goal("M1.1.1", measure=replace(LEVEL, baseline=agreed)), unread=unread)
    made = plan(own, last={"M1.1.1": ANSWERED})
    assert made.baselines == {} and made.notes == {} and codes(made) == ["next-baseline-differs"]
    assert told in made.problems[0].message and "12.400" in made.problems[0].message
    same = plan(goal("M1.1.1", measure=replace(LEVEL, baseline=12400.0)), last={"M1.1.1": ANSWERED})
    assert codes(same) == [] and same.notes == {}


def test_a_fokusomraade_whose_crosses_go_on_alone_is_pointed_out() -> None:
    focus = Goal("M1.1", Level.FOCUS, ("U", "F", "", ""), {2015: None, 2016: None})
    assert outcomes(plan(focus, goal("M1.1.1", "2015"), last={"M1.1.1": MET}))["M1.1"] == ["Fokusområde uden mål"]
    assert "M1.1" not in outcomes(plan(focus, goal("M1.1.1"), last={"M1.1.1": MET}))
    assert outcomes(plan(focus, goal("M1.1.1"), last={"M1.1.1": OUT}))["M1.1"] == ["Fokusområde uden mål"]


def test_missing_and_undecided_answers_are_listed_once_each() -> None:
    made = plan(goal("M1.1.1"), goal("M1.1.2"), goal("M1.1.3"),
                last={"M1.1.1": LastSaid(UNDECIDED, undecided=(AnswerColumn.STATUS,)), "M1.1.2": MET})
    assert [(p.code, p.text) for p in made.problems] == [("next-undecided", "M1.1.1"), ("next-missing", "M1.1.3")]


def test_a_year_known_only_from_midtvejs_is_said_to_be() -> None:
    half = LastSaid("Opfyldt", Round.MIDTVEJS, 5.0, Round.MIDTVEJS)
    made = plan(goal("M1.1.1"), last={"M1.1.1": half}, midway=True)
    assert codes(made) == ["next-midway"]
    remark = made.news[0].remark
    assert "Status er fra midtvejsopfølgningen." in remark and "Resultatet er fra midtvejsopfølgningen." in remark


def test_a_plan_that_is_over_gets_one_empty_year() -> None:
    made = plan(goal("M1.1.1", "2018"), goal("M1.1.2", ""), year=2018, last={"M1.1.1": MISSED, "M1.1.2": MET})
    assert (made.year, made.period, made.facts) == (2019, (2015, 2019), {"aar": "2019", "periode": "2015-2019"})
    assert outcomes(made) == {"": ["Planperioden"], "M1.1.1": ["Foreslås videreført"], "M1.1.2": ["Fortsætter"]}
    assert codes(made) == ["next-carry-over", "next-plan-over"]


def test_what_colleagues_suggested_is_brought_up_and_becomes_no_goal() -> None:
    agreement = Agreement("A-1", "Enhed", "KSE", 2015, (2015, 2018), goals=(goal("M1.1.1"),))
    made = plan_next_year(agreement, {"M1.1.1": MET}, suggestions=[Suggestion("Husteamet", "En fast torvedag")])
    (brought,) = [each for each in made.news if each.outcome is GoalOutcome.SUGGESTED]
    assert brought.goal is None and brought.text == "En fast torvedag" and "Husteamet" in brought.means
    assert made.problems == () and made.notes == {}


def test_deadlines_move_a_year_and_one_on_a_weekend_is_said() -> None:
    made = plan(goal("M1.1.1"), last={"M1.1.1": MET}, year=2016, frist_midtvejs=date(2016, 6, 10))
    assert made.facts == {"aar": "2017", "frist_midtvejs": date(2017, 6, 10)}
    assert [(p.code, p.message) for p in made.problems] == [("next-weekend", "Fristen 10. juni 2017 er en lørdag.")]
    wrong = plan(goal("M1.1.1"), last={"M1.1.1": MET}, frist_midtvejs=date(2014, 6, 10))
    assert wrong.facts["frist_midtvejs"] == date(2016, 6, 10), "a deadline that was left a year behind comes along"
    answer = plan(goal("M1.1.1"), last={"M1.1.1": MET}, svarfrist_midtvejs=date(2015, 6, 24),
                  svarfrist_aarsopfoelgning=date(2016, 1, 15))
    assert answer.facts == {"aar": "2016", "svarfrist_midtvejs": date(2016, 6, 24),
                            "svarfrist_aarsopfoelgning": date(2017, 1, 15)}, "also one in the January after the year"


def test_a_delmaal_that_follows_its_effektmaal_is_proposed_with_it_and_not_asked_about_by_itself() -> None:
    made = plan(goal("M1.1.1", "2015", effect="E"), goal("M1.1.1.1", "", effect="E", sub="S"),
                last={"M1.1.1": MISSED, "M1.1.1.1": MISSED})
    assert outcomes(made) == {"M1.1.1": ["Foreslås videreført"], "M1.1.1.1": ["Foreslås videreført"]}
    assert [p.goal for p in made.problems] == ["M1.1.1"] and list(made.notes) == ["M1.1.1"]


def test_an_effektmaal_that_is_a_heading_is_not_asked_about_beside_its_own_delmaal() -> None:
    head, sub = goal("M1.1.1", "2015", effect="E"), goal("M1.1.1.1", "2015", effect="E", sub="S")
    made = plan(head, sub, last={"M1.1.1": MISSED, "M1.1.1.1": MISSED})
    assert outcomes(made) == {"M1.1.1": ["Foreslås videreført"], "M1.1.1.1": ["Foreslås videreført"]}
    assert [p.goal for p in made.problems] == ["M1.1.1.1"] and list(made.notes) == ["M1.1.1.1"]
    done = plan(head, sub, last={"M1.1.1": MISSED, "M1.1.1.1": MET})
    assert [p.goal for p in done.problems] == ["M1.1.1"], "nobody else would be asked"


def test_the_sheet_of_goals_is_called_what_it_is_called() -> None:
    renamed = replace(goal("M1.1.1", "2015"), place=Place("aftale.xlsx", "Vores mål", "A5"))
    made = plan(renamed, last={"M1.1.1": MISSED})
    assert "arket Vores mål" in made.news[0].means and "arket Vores mål" in made.problems[0].advice
