"""Every line of "Measures" in the contract as a table."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftale.agreement.measures import (
    active_years,
    computed_status,
    contradicts,
    is_due,
    measure_outcome,
    status_from_subgoals,
    target_sentence,
    with_subgoals,
    year_target,
)
from aftale.agreement.methods import Outcome, rule_of
from aftale.model.agreement import Goal, Level, Measure, Method, Round, Scope, Status

M = Method
PER_YEAR, PERIOD = Scope.PER_YEAR, Scope.IN_PERIOD
MIDTVEJS, AARS = Round.MIDTVEJS, Round.AARSOPFOELGNING

OUTCOMES = [
    # måltype, enhed, måltal, resultat, udgangspunkt -> målopfyldelse, met
    (M.AT_LEAST, "besøg", 20, 10, None, 0.5, False),
    (M.AT_LEAST, "besøg", 20, 20, None, 1.0, True),
    (M.AT_LEAST, "besøg", 20, 30, None, 1.5, True),
    (M.AT_LEAST, "besøg", 20, 0, None, 0.0, False),
    (M.AT_LEAST, "besøg", 3, 1, None, 0.333333, False),
    (M.AT_LEAST, "point", 4.9, -2.45, None, -0.5, False),
    (M.AT_LEAST, "point", 0, 0, None, 1.0, True),
    (M.AT_LEAST, "point", 0, -1, None, 0.0, False),
    (M.AT_LEAST, "point", -2, -1, None, 1.0, True),
    (M.AT_LEAST, "point", -2, -3, None, 0.0, False),
    (M.AT_LEAST, "%", 95, 95, None, 1.0, True),
    (M.AT_LEAST, "kg", 0.3, 0.1 + 0.2, None, 1.0, True),
    (M.AT_LEAST, "kg", 0.1 + 0.2, 0.3, None, 1.0, True),
    (M.AT_LEAST, "besøg", 10_000_000, 9_999_999, None, 0.999999, False),
    (M.AT_LEAST, "besøg", 10_000_000, 1, None, 0.000001, False),
    (M.AT_MOST, "klager", 3, 2, None, 1.0, True),
    (M.AT_MOST, "klager", 3, 3, None, 1.0, True),
    (M.AT_MOST, "klager", 3, 0, None, 1.0, True),
    (M.AT_MOST, "klager", 3, 4, None, None, False),
    (M.AT_MOST, "klager", 3, 4, 5, 0.5, False),
    (M.AT_MOST, "klager", 3, 5, 5, 0.0, False),
    (M.AT_MOST, "klager", 3, 9, 5, 0.0, False),
    (M.AT_MOST, "klager", 3, 4, 2, None, False),
    (M.AT_MOST, "klager", 3, 4, 3, None, False),
    (M.AT_MOST, "klager", 3, 2, 5, 1.0, True),
    (M.AT_MOST, "rang", 5, 30, None, None, False),
    (M.AT_MOST, "%", 6, 18, 18, 0.0, False),
    (M.AT_MOST, "%", 6, 12, 18, 0.5, False),
    (M.AT_MOST, "skoler", 4, 8, 8, 0.0, False),
    (M.AT_MOST, "skoler", 4, 6, 8, 0.5, False),
    (M.AT_MOST, "kr.", 1_000_000, 1_000_000.5, 2_000_000, 0.999999, False),
    (M.AT_MOST, "klager", 0, 1, 5, 0.0, False),
    (M.AT_MOST, "klager", 0, 0, None, 1.0, True),
    (M.AT_MOST, "klager", 0, 1, None, 0.0, False),
    (M.AT_MOST, "point", -2, -3, None, 1.0, True),
    (M.AT_MOST, "point", -2, -1, None, 0.0, False),
    (M.RISE_PERCENT, "besøg", 50, 150, 100, 1.0, True),
    (M.RISE_PERCENT, "besøg", 50, 125, 100, 0.5, False),
    (M.RISE_PERCENT, "besøg", 50, 90, 100, -0.2, False),
    (M.RISE_PERCENT, "point", 50, -1, -2, 1.0, True),
    (M.RISE_PERCENT, "besøg", 0, 100, 100, 1.0, True),
    (M.RISE_PERCENT, "besøg", 0, 99, 100, 0.0, False),
    (M.RISE_PERCENT, "besøg", -5, 96, 100, 1.0, True),
    (M.RISE_PERCENT, "besøg", -5, 94, 100, 0.0, False),
    (M.RISE_PERCENT, "besøg", 50, 1, 0, 1.0, True),
    (M.RISE_PERCENT, "besøg", 50, 0, 0, 0.0, False),
    (M.RISE_PERCENT, "besøg", 0, 0, 0, 1.0, True),
    (M.RISE_PERCENT, "besøg", -5, 0, 0, 1.0, True),
    (M.RISE_PERCENT, "%", 50, 25, None, 0.5, False),
    (M.RISE_PERCENT, "%", 50, 60, 100, None, None),
    (M.RISE_PERCENT, "%", 10, 38, 40, None, None),
    (M.RISE_PERCENT, "procentpoint", 10, 45, 40, 0.5, False),
    (M.RISE_PERCENT, "procentpoint", 10, 50, 40, 1.0, True),
    (M.RISE_PERCENT, "procentpoint", 10, 38, 40, -0.2, False),
    (M.RISE_PERCENT, "procentpoint", 10, 5, 0, 0.5, False),
    (M.FALL_PERCENT, "Procentpoint", 4, 13, 15, 0.5, False),
    (M.RISE_PERCENT, "%", 0, 0, None, 1.0, True),
    (M.FALL_PERCENT, "klager", 10, 90, 100, 1.0, True),
    (M.FALL_PERCENT, "klager", 10, 95, 100, 0.5, False),
    (M.FALL_PERCENT, "klager", 10, 110, 100, -1.0, False),
    (M.FALL_PERCENT, "point", 50, -3, -2, 1.0, True),
    (M.FALL_PERCENT, "klager", 0, 100, 100, 1.0, True),
    (M.FALL_PERCENT, "klager", 10, -1, 0, 1.0, True),
    (M.FALL_PERCENT, "klager", 10, 0, 0, 0.0, False),
    (M.FALL_PERCENT, "klager", 0, 0, 0, 1.0, True),
    (M.FALL_PERCENT, "%", 10, -5, None, 0.5, False),
    (M.FALL_PERCENT, "%", 10, -12, None, 1.2, True),
    (M.FALL_PERCENT, "%", 10, 12, None, -1.2, False),
    (M.KEEP, "besøg", None, 100, 100, 1.0, True),
    (M.KEEP, "besøg", None, 99, 100, 0.0, False),
    (M.KEEP, "kg", None, 0.3, 0.1 + 0.2, 1.0, True),
    (M.KEEP, "besøg", None, 0, 0, 1.0, True),
    (M.NO_RISE, "%", None, 12, 12, 1.0, True),
    (M.NO_RISE, "%", None, 11.9, 12, 1.0, True),
    (M.NO_RISE, "%", None, 15, 12, 0.0, False),
    (M.NO_RISE, "kg", None, 0.1 + 0.2, 0.3, 1.0, True),
    (M.RISE, "besøg", None, 101, 100, 1.0, True),
    (M.RISE, "besøg", None, 100, 100, 0.0, False),
    (M.RISE, "kg", None, 0.1 + 0.2, 0.3, 0.0, False),
    (M.RISE, "point", None, -1, -2, 1.0, True),
    (M.FALL, "klager", None, 99, 100, 1.0, True),
    (M.FALL, "klager", None, 100, 100, 0.0, False),
    (M.DELIVERY, "", None, 1, None, None, None),
    (None, "besøg", 20, 10, 5, None, None),
]


@pytest.mark.parametrize(("method", "unit", "target", "result", "baseline", "fulfilment", "met"), OUTCOMES)
def test_a_result_held_against_its_target(method: Method | None, unit: str, target: float | None, result: float,
                                          baseline: float | None, fulfilment: float | None, met: bool | None) -> None:
    outcome = measure_outcome(Measure(method, unit=unit), target, result, baseline)
    assert (outcome.fulfilment, outcome.met) == (fulfilment, met)


MISSING = [
    # måltype, enhed, måltal, resultat, udgangspunkt -> missing
    (M.AT_LEAST, "besøg", 20, None, None, ("resultat",)),
    (M.AT_LEAST, "besøg", None, 20, None, ("måltal",)),
    (M.AT_MOST, "besøg", None, None, None, ("resultat", "måltal")),
    (M.RISE_PERCENT, "besøg", 50, 120, None, ("udgangspunkt",)),
    (M.RISE_PERCENT, "besøg", None, None, None, ("resultat", "måltal", "udgangspunkt")),
    (M.RISE_PERCENT, "%", 50, None, None, ("resultat",)),
    (M.FALL_PERCENT, "%", None, -5, None, ("måltal",)),
    (M.RISE_PERCENT, "%", 10, 38, 40, ("måleenhed",)),
    (M.RISE_PERCENT, "%", 10, None, 40, ("resultat",)),
    (M.RISE_PERCENT, "procentpoint", 10, 38, None, ("udgangspunkt",)),
    (M.KEEP, "besøg", None, 20, None, ("udgangspunkt",)),
    (M.KEEP, "%", None, 20, None, ("udgangspunkt",)),
    (M.NO_RISE, "%", None, 20, None, ("udgangspunkt",)),
    (M.NO_RISE, "dage", None, None, 5, ("resultat",)),
    (M.RISE, "besøg", None, None, 5, ("resultat",)),
    (M.FALL, "besøg", None, None, None, ("resultat", "udgangspunkt")),
    (M.DELIVERY, "", None, None, None, ()),
    (None, "", None, None, None, ()),
]


@pytest.mark.parametrize(("method", "unit", "target", "result", "baseline", "missing"), MISSING)
def test_a_missing_number_is_named(method: Method | None, unit: str, target: float | None, result: float | None,
                                   baseline: float | None, missing: tuple[str, ...]) -> None:
    outcome = measure_outcome(Measure(method, unit=unit), target, result, baseline)
    assert outcome == Outcome(missing=missing)


# --- Years ---------------------------------------------------------------------------------------------------------

PLAN = (2015, 2016, 2017, 2018)


def goal(text: str, *years: int, **own_targets: float) -> Goal:
    """Make a goal from »udviklingsmål/fokusområde/effektmål/delmål« and its years."""
    texts = [*text.split("/"), "", "", ""][:4]
    marks: dict[int, float | None] = dict.fromkeys(years)
    marks.update({int(year.removeprefix("y")): target for year, target in own_targets.items()})
    return Goal("", Level(len(text.split("/"))), (texts[0], texts[1], texts[2], texts[3]), marks)


YEARS = [
    # the goal asked about is the first; the others stand beside it
    (["a/b/c"], "an effektmål without years", PLAN),
    (["a/b"], "a fokusområde without years", PLAN),
    (["a"], "an udviklingsmål without years", PLAN),
    (["a/b:2016", "a/b/c:2015"], "a fokusområde has its own alone", (2016,)),
    (["a/b/c:2016,2015"], "own years, in order", (2015, 2016)),
    (["a/b/c", "a/b/c/d:2016", "a/b/c/e:2015"], "an effektmål without own years has its delmål's", (2015, 2016)),
    (["a/b/c", "a/b/c/d:2016", "a/b/c/e"], "those of them that have any", (2016,)),
    (["a/b/c:2015", "a/b/c/d:2016"], "an effektmål with an active delmål is active", (2015, 2016)),
    (["a/b/c", "a/b/C /d:2016"], "texts are compared folded", (2016,)),
    (["a/b/c", "a/x/c/d:2016"], "another fokusområde's delmål is none of its", PLAN),
    (["a/b/c/d", "a/b/c:2015"], "a delmål without years has its effektmål's", (2015,)),
    (["a/b/c/d", "a/b/c:2015", "a/b/c/e:2016"], "its crosses, where it has any", (2015,)),
    (["a/b/c/d", "a/b/c", "a/b/c/e:2016"], "else what its fellows give it", (2016,)),
    (["a/b/c/d", "a/b/c"], "else every year", PLAN),
    (["a/b/c/d"], "a delmål alone", PLAN),
    (["a/b/c/d:2017", "a/b/c:2015"], "a delmål's own years", (2017,)),
    (["a//c/d", "a//c:2015"], "no fokusområde", (2015,)),
]


@pytest.mark.parametrize(("lines", "why", "years"), YEARS, ids=[why for _, why, _ in YEARS])
def test_active_years(lines: list[str], why: str, years: tuple[int, ...]) -> None:
    goals = [goal(text, *(int(y) for y in marks.split(",") if y))
             for text, _, marks in (line.partition(":") for line in lines)]
    assert active_years(goals[0], goals, PLAN) == years


def test_a_number_in_a_year_cell_is_a_year_and_its_target() -> None:
    mixed = Goal("", Level.EFFECT, ("a", "b", "c", ""), {2016: 10.0, 2015: None}, Measure(M.AT_LEAST, target=5.0))
    assert active_years(mixed, (mixed,), (2015, 2018)) == (2015, 2016)
    assert [year_target(mixed, year) for year in (2015, 2016, 2017)] == [5.0, 10.0, 5.0]
    assert year_target(goal("a/b/c", y2015=0.0), 2015) == 0.0
    assert year_target(goal("a/b/c", 2015), 2015) is None


DUE = [
    # opgøres, active years, year, round -> due
    (PER_YEAR, (2015, 2016), 2015, AARS, True),
    (PER_YEAR, (2015, 2016), 2015, MIDTVEJS, False),
    (PERIOD, (2015, 2016), 2015, AARS, False),
    (PERIOD, (2015, 2016), 2016, AARS, True),
    (PERIOD, (2015, 2016), 2016, MIDTVEJS, False),
    (None, (2015, 2016), 2015, AARS, False),
    (None, (2015,), 2015, AARS, True),
    (PER_YEAR, (2016,), 2015, AARS, False),
    (PER_YEAR, (), 2015, AARS, False),
]


@pytest.mark.parametrize(("scope", "years", "year", "round_", "due"), DUE)
def test_when_a_goal_is_due(scope: Scope | None, years: tuple[int, ...], year: int, round_: Round, due: bool) -> None:
    assert is_due(Measure(M.AT_LEAST, scope=scope), years, year, round_) is due


# --- Statuses ------------------------------------------------------------------------------------------------------

MET, EXP, NEXP, PART = Status.MET, Status.EXPECTED, Status.NOT_EXPECTED, Status.PARTLY
NMET, NSTART, WAIT, OUT = Status.NOT_MET, Status.NOT_STARTED, Status.AWAITING, Status.DROPPED

COMPUTED = [
    # måltype, enhed, måltal, udgangspunkt, resultat -> status when due, status before
    (M.AT_LEAST, "besøg", 20, None, 20, MET, MET),
    (M.AT_LEAST, "besøg", 20, None, 30, MET, MET),
    (M.AT_LEAST, "besøg", 20, None, 10, PART, None),
    (M.AT_LEAST, "besøg", 20, None, 0, NMET, None),
    (M.AT_LEAST, "besøg", 20, 8, 10, PART, None),
    (M.AT_LEAST, "besøg", 20, 10, 10, NMET, None),
    (M.AT_LEAST, "besøg", 20, 12, 10, NMET, None),
    (M.AT_LEAST, "besøg", 20, 30, 25, MET, MET),
    (M.AT_LEAST, "besøg", 0, None, -1, NMET, None),
    (M.AT_LEAST, "%", 99, None, 99.6, MET, None),
    (M.AT_LEAST, "point", 4.9, None, 5, MET, None),
    (M.AT_LEAST, "i gennemsnit pr. elev", 7, None, 8, MET, None),
    (M.AT_LEAST, "karakter", 7, None, 8, MET, None),
    (M.AT_LEAST, "tilfredshedsscore", 7, None, 8, MET, None),
    (M.AT_LEAST, "andel af eleverne", 7, None, 8, MET, None),
    (M.AT_LEAST, "andelsboliger", 7, None, 8, MET, MET),
    (M.RISE_PERCENT, "besøg", 50, 100, 150, MET, None),
    (M.RISE_PERCENT, "besøg", 50, 100, 110, PART, None),
    (M.RISE_PERCENT, "besøg", 50, 100, 90, NMET, None),
    (M.RISE_PERCENT, "%", 50, None, 10, PART, None),
    (M.RISE_PERCENT, "%", 10, 40, 38, None, None),
    (M.AT_MOST, "klager", 5, None, 5, MET, None),
    (M.AT_MOST, "rang", 5, None, 30, NMET, None),
    (M.AT_MOST, "%", 6, 18, 18, NMET, None),
    (M.AT_MOST, "%", 6, 18, 12, PART, None),
    (M.AT_MOST, "%", 6, 18, 20, NMET, None),
    (M.AT_MOST, "skoler", 4, 8, 8, NMET, None),
    (M.AT_MOST, "klager", 5, 2, 6, NMET, None),
    (M.FALL_PERCENT, "klager", 10, 100, 90, MET, None),
    (M.KEEP, "besøg", None, 100, 100, MET, None),
    (M.KEEP, "besøg", None, 100, 99, NMET, None),
    (M.NO_RISE, "% frafald", None, 12, 12, MET, None),
    (M.NO_RISE, "% frafald", None, 12, 15, NMET, None),
    (M.RISE, "besøg", None, 100, 101, MET, None),
    (M.FALL, "klager", None, 100, 100, NMET, None),
    (M.DELIVERY, "", None, None, 1, None, None),
    (M.AT_LEAST, "besøg", None, None, 10, None, None),
    (None, "besøg", 5, None, 10, None, None),
]


@pytest.mark.parametrize(("method", "unit", "target", "baseline", "result", "when_due", "before"), COMPUTED)
def test_computed_status(method: Method | None, unit: str, target: float | None, baseline: float | None, result: float,
                         when_due: Status | None, before: Status | None) -> None:
    measure = Measure(method, unit=unit)
    outcome = measure_outcome(measure, target, result, baseline)
    assert computed_status(outcome, measure, True) is when_due
    assert computed_status(outcome, measure, False) is before


CONTRADICTIONS = [
    # reported, computed, målopfyldelse -> is it asked about?
    (MET, MET, 1.2, False), (MET, PART, 0.5, True), (MET, NMET, 0.0, True), (MET, NMET, None, True),
    (MET, "", 0.5, True), (MET, "", 1.0, False), (MET, "", None, False),
    (PART, NMET, 0.0, False), (NMET, PART, 0.9, False), (EXP, "", 0.996, False), (EXP, "", 1.01, False),
    (PART, MET, 1.0, True), (NMET, MET, 1.0, True), (EXP, MET, 1.0, True), (NEXP, MET, 1.0, True),
    (NSTART, MET, 1.0, True), (WAIT, MET, 1.0, True), (OUT, MET, 1.0, False), (OUT, NMET, 0.0, False),
    (WAIT, NMET, 0.0, False), (NSTART, NMET, 0.0, False), ("", MET, 1.0, False), ("Uafklaret", NMET, 0.0, False),
]


@pytest.mark.parametrize(("reported", "computed", "fulfilment", "asked"), CONTRADICTIONS)
def test_only_reached_or_not_reached_contradicts(reported: str, computed: str, fulfilment: float | None,
                                                 asked: bool) -> None:
    assert contradicts(reported, computed, fulfilment) is asked


WITH_SUBGOALS = [
    # what its own numbers give, are they reached, what follows from the delmål -> when due, before
    (MET, True, MET, MET, MET), (MET, True, NMET, PART, None), (MET, True, PART, PART, None), (MET, True, EXP, PART, None),
    (NMET, False, MET, PART, None), (PART, False, MET, PART, None), (NMET, False, PART, NMET, NMET),
    (PART, False, NMET, PART, PART), (MET, True, None, None, None), (MET, True, WAIT, None, None),
    (NMET, False, None, NMET, NMET), (None, None, MET, None, None), (None, True, MET, None, None),
    (MET, True, OUT, MET, MET), (NMET, False, OUT, NMET, NMET),
]


@pytest.mark.parametrize(("own", "met", "subs", "when_due", "before"), WITH_SUBGOALS)
def test_an_effektmaal_with_a_target_of_its_own_is_reached_where_its_delmaal_are_too(
        own: Status | None, met: bool | None, subs: Status | None, when_due: Status | None, before: Status | None) -> None:
    assert with_subgoals(own, met, subs, True) is when_due
    assert with_subgoals(own, met, subs, False) is before


SUBGOALS = [
    # statuses of the delmål -> when due, before
    ([], None, None),
    ([MET, None], None, None),
    ([MET, "Uafklaret"], None, None),
    ([MET, ""], None, None),
    ([MET], MET, MET),
    ([MET, MET], MET, MET),
    ([NSTART, NSTART], NSTART, NSTART),
    ([OUT, OUT], OUT, OUT),
    ([OUT, MET], MET, MET),
    ([OUT, MET, EXP], EXP, EXP),
    ([MET, EXP], EXP, EXP),
    ([MET, NEXP], NEXP, NEXP),
    ([NEXP, WAIT], NEXP, NEXP),
    ([MET, WAIT], WAIT, WAIT),
    ([NMET, WAIT], WAIT, WAIT),
    ([MET, PART], PART, PART),
    ([MET, NMET], PART, PART),
    ([MET, NSTART], PART, PART),
    ([PART, NSTART], PART, PART),
    ([PART, EXP], PART, PART),
    ([MET, EXP, NMET], PART, PART),
    ([NMET, NSTART], NMET, NEXP),
    ([NMET, EXP], NMET, NEXP),
    ([NSTART, EXP], NMET, EXP),
    (["Opfyldt", "Delvist opfyldt"], PART, PART),
]


@pytest.mark.parametrize(("statuses", "when_due", "before"), SUBGOALS)
def test_status_from_delmaal(statuses: list[str | None], when_due: Status | None, before: Status | None) -> None:
    assert status_from_subgoals(statuses, True) is when_due
    assert status_from_subgoals(statuses[::-1], False) is before


SENTENCES = [
    # måltype, måltal, enhed, opgøres, years -> sentence
    (M.AT_LEAST, 20, "rekvisitioner", PER_YEAR, (), "Mindst 20 rekvisitioner pr. år"),
    (M.AT_LEAST, 20, "rekvisitioner pr. år", PER_YEAR, (), "Mindst 20 rekvisitioner pr. år"),
    (M.AT_LEAST, 1, "nyt samarbejde årligt", PER_YEAR, (), "Mindst 1 nyt samarbejde årligt"),
    (M.AT_LEAST, 1, "nye samarbejder", PER_YEAR, (), "Mindst 1 (nye samarbejder) pr. år"),
    (M.AT_LEAST, 1, "initiativer", PER_YEAR, (), "Mindst 1 (initiativer) pr. år"),
    (M.AT_LEAST, 1, "events", None, (), "Mindst 1 (events)"), (M.AT_MOST, 1, "klager", None, (), "Højst 1 (klager)"),
    (M.AT_LEAST, 1, "frivillige", None, (), "Mindst 1 (frivillige)"), (M.AT_LEAST, 1, "kursus", None, (), "Mindst 1 kursus"),
    (M.AT_LEAST, 1, "besøg", None, (), "Mindst 1 besøg"), (M.AT_LEAST, 1, "point", None, (), "Mindst 1 point"),
    (M.AT_LEAST, 1, "%", None, (), "Mindst 1 %"), (M.AT_LEAST, 21, "samarbejder", None, (), "Mindst 21 samarbejder"),
    (M.AT_LEAST, 18, "aktiviteter", PERIOD, (), "Mindst 18 aktiviteter i perioden"),
    (M.AT_LEAST, 18, "aktiviteter i perioden", PERIOD, (), "Mindst 18 aktiviteter i perioden"),
    (M.AT_LEAST, 18, "aktiviteter", PERIOD, (2015, 2016), "Mindst 18 aktiviteter i perioden 2015-2016"),
    (M.AT_LEAST, 500, "1.000 kr.", PER_YEAR, (), "Mindst 500 (1.000 kr.) pr. år"),
    (M.AT_LEAST, 3, "samarbejder", PERIOD, (2016,), "Mindst 3 samarbejder i 2016"),
    (M.AT_LEAST, 3, "events", PERIOD, (2015, 2017), "Mindst 3 events i 2015 og 2017"),
    (M.AT_LEAST, 4.9, "point", None, (), "Mindst 4,9 point"),
    (M.AT_LEAST, 4.9, "point", PERIOD, (2015, 2016), "Mindst 4,9 point"),
    (M.AT_LEAST, 95, "%", None, (), "Mindst 95 %"),
    (M.AT_LEAST, 95, "pct.", PER_YEAR, (), "Mindst 95 % pr. år"),
    (M.AT_LEAST, 12500, "besøg", None, (), "Mindst 12.500 besøg"),
    (M.AT_LEAST, 5, "", None, (), "Mindst 5"),
    (M.AT_LEAST, None, "besøg", PER_YEAR, (), "Mindst (måltal mangler) besøg pr. år"),
    (M.AT_LEAST, "ca. 20", "besøg", PER_YEAR, (), "Mindst ca. 20 besøg pr. år"),
    (M.AT_LEAST, "halvdelen", "", None, (), "Mindst halvdelen"),
    (M.AT_LEAST, "ca. 20 besøg", "besøg", PERIOD, (), "Mindst ca. 20 besøg i perioden"),
    (M.RISE_PERCENT, "5-8 %", "besøg", PER_YEAR, (), "Stigning på 5-8 % i besøg pr. år"),
    (None, "nr. 3", "", None, (), "nr. 3"),
    (M.AT_MOST, 3, "klager", PER_YEAR, (), "Højst 3 klager pr. år"),
    (M.RISE_PERCENT, 50, "unikke brugere", PERIOD, (), "Stigning på 50 % i unikke brugere i perioden"),
    (M.RISE_PERCENT, 5, "besøg", PER_YEAR, (), "Stigning på 5 % i besøg pr. år"),
    (M.RISE_PERCENT, 5, "besøg pr. år", PER_YEAR, (), "Stigning på 5 % i besøg pr. år"),
    (M.RISE_PERCENT, 5, "% stigning i besøg", PER_YEAR, (), "Stigning på 5 % i besøg pr. år"),
    (M.RISE_PERCENT, 5, "%", None, (), "Stigning på 5 %"),
    (M.RISE_PERCENT, 5, "procentpoint", PERIOD, (), "Stigning på 5 procentpoint i perioden"),
    (M.RISE_PERCENT, None, "besøg", None, (), "Stigning på (måltal mangler) i besøg"),
    (M.FALL_PERCENT, 10, "ventetid", None, (), "Fald på 10 % i ventetid"),
    (M.KEEP, None, "besøg", None, (), "Fastholdes (besøg)"),
    (M.KEEP, None, "", PER_YEAR, (), "Fastholdes hvert år"),
    (M.NO_RISE, None, "dage", PER_YEAR, (), "Må ikke stige (dage) hvert år"),
    (M.RISE, None, "besøg", PERIOD, (), "Skal stige (besøg)"),
    (M.RISE, None, "besøg", PER_YEAR, (2015, 2017), "Skal hvert år ligge over udgangspunktet (besøg)"),
    (M.FALL, None, "", PER_YEAR, (), "Skal hvert år ligge under udgangspunktet"),
    (M.FALL, None, "", None, (), "Skal falde"),
    (M.DELIVERY, None, "", PERIOD, (), "Leverance"),
    (None, None, "besøg", PER_YEAR, (), ""),
    (None, 5, "besøg", PER_YEAR, (), "5 besøg pr. år"),
]


@pytest.mark.parametrize(("method", "target", "unit", "scope", "years", "sentence"), SENTENCES)
def test_the_target_as_a_sentence(method: Method | None, target: float | str | None, unit: str, scope: Scope | None,
                                  years: tuple[int, ...], sentence: str) -> None:
    assert target_sentence(Measure(method, unit=unit, scope=scope), target, years) == sentence


@pytest.mark.parametrize("method", [*Method, None])
def test_every_maaltype_has_its_row_and_is_tried_out_here(method: Method | None) -> None:
    for table in (OUTCOMES, COMPUTED, SENTENCES):
        assert method in {line[0] for line in table}
    rule = rule_of(method)
    assert rule.measured == (method not in (None, M.DELIVERY)) == bool(rule.better)


def test_a_maaltype_without_a_row_is_never_judged_as_another() -> None:
    with pytest.raises(AssertionError):
        rule_of("Ny måltype")  # type: ignore[arg-type]


# --- Properties ----------------------------------------------------------------------------------------------------

NUMBER = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.floats(-100, 100),
                   st.integers(-5, 5).map(float), st.sampled_from([0.0, -0.0, 5e-324, 1e308, -1e308]))
MEASURES = st.builds(Measure, st.sampled_from([None, *Method]), unit=st.sampled_from(["", "besøg", "%"]))


@given(MEASURES, *[st.none() | NUMBER] * 3)
def test_no_numbers_are_too_odd(measure: Measure, target: float | None, result: float | None,
                                baseline: float | None) -> None:
    outcome = measure_outcome(measure, target, result, baseline)
    if outcome.met is None:
        assert outcome == Outcome(missing=outcome.missing)
        assert computed_status(outcome, measure, True) is None
    else:
        if outcome.fulfilment is None:
            assert measure.method is M.AT_MOST and not outcome.met
        else:
            assert math.isfinite(outcome.fulfilment) and outcome.met == (outcome.fulfilment >= 1)
        assert not outcome.missing
        assert (computed_status(outcome, measure, True) is Status.MET) == outcome.met
    assert "  " not in target_sentence(measure, target)


@given(st.sampled_from([method for method in Method if rule_of(method).better > 0]), *[st.integers(-50, 50).map(float)] * 4)
def test_more_is_never_worse_where_more_is_better(method: Method, target: float, result: float, more: float,
                                                  baseline: float) -> None:
    small, large = sorted((result, more))
    outcomes = [measure_outcome(Measure(method), target, r, baseline).fulfilment for r in (small, large)]
    assert outcomes[0] is not None and outcomes[1] is not None and outcomes[0] <= outcomes[1]


@given(st.integers(1, 50), st.integers(-100, 100), st.integers(-100, 100).filter(bool))
def test_a_fall_is_a_mirrored_rise(target: int, result: int, baseline: int) -> None:
    rise = measure_outcome(Measure(M.RISE_PERCENT), target, result, baseline)
    assert measure_outcome(Measure(M.FALL_PERCENT), target, -result, -baseline) == rise


@given(st.lists(st.sampled_from([None, "Uafklaret", *Status]), max_size=5), st.booleans())
def test_the_order_of_delmaal_is_irrelevant(statuses: list[str | None], due: bool) -> None:
    status = status_from_subgoals(statuses, due)
    assert status == status_from_subgoals(sorted(statuses, key=str), due)
    assert (status is None) == (not statuses or None in statuses or "Uafklaret" in statuses)
