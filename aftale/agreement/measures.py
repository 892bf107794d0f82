"""How far a goal has come: its years, its target, its fulfilment, and the status that follows from them.

Percentages are in points everywhere (50 for 50 %).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aftale.agreement.methods import Outcome, is_level, rule_of
from aftale.model.agreement import Goal, Level, Measure, Method, Round, Scope, Status

RESULT, TARGET, BASELINE = "resultat", "måltal", "udgangspunkt"


def measure_outcome(measure: Measure, target: float | None, result: float | None, baseline: float | None) -> Outcome:
    """Hold a result against the year's target and the baseline; the numbers of ``measure`` itself are not used.

    With a target of zero or less, or growth from zero, there is no share to speak of: only met or not.
    """
    rule, from_baseline = rule_of(measure.method), needs_baseline(measure)
    needs = ((RESULT, result, rule.measured), (TARGET, target, rule.target), (BASELINE, baseline, from_baseline))
    missing = tuple(name for name, value, needed in needs if needed and value is None)
    if missing or result is None:
        return Outcome(missing=missing)
    return rule.judge(result, target or 0.0, baseline if from_baseline else None)


def active_years(goal: Goal, goals: Sequence[Goal], plan: Sequence[int]) -> tuple[int, ...]:
    """Return the years a goal is active, in order; ``goals`` are all of the agreement's, ``plan`` its years.

    A delmål without years has its effektmål's, or its fellow delmål's where that has none. An effektmål is active in its
    own years and in those of its delmål. What has no years from anywhere is active every year. A withdrawn goal keeps its
    years.
    """
    family = [g for g in goals if g.folded[:3] == goal.folded[:3]]
    above = {year for g in family if g.level is Level.EFFECT for year in g.years}
    below = {year for g in family if g.level is Level.SUB for year in g.years}
    years = set(goal.years)
    if goal.level is Level.SUB:
        years = years or above or below
    elif goal.level is Level.EFFECT:
        years |= below
    return tuple(sorted(years or plan))


def year_target(goal: Goal, year: int) -> float | None:
    """Return the target of a year: the number in the year's own cell, else the goal's Måltal."""
    own = goal.years.get(year)
    return goal.measure.target if own is None else own


def is_due(measure: Measure, years: Sequence[int], year: int, round_: Round) -> bool:
    """Tell whether a goal must be reached by now; ``years`` are its active ones.

    Only at the årsopfølgning: each year where it counts ``Pr. år``, else in the last year. A goal that doesn't say
    how it counts has the whole period.
    """
    if round_ is not Round.AARSOPFOELGNING or year not in years:
        return False
    return measure.scope is Scope.PER_YEAR or year == max(years)


def computed_status(outcome: Outcome, method: Method | None, due: bool) -> Status | None:
    """Return the status that the numbers give, None where they give none.

    Before the deadline only what can't be lost again counts: a reached Mindst or Stigning i %.
    """
    if method is None or outcome.met is None or outcome.fulfilment is None:
        return None
    if not due:
        rule = rule_of(method)
        return Status.MET if outcome.met and rule.target and rule.better > 0 else None
    if outcome.met:
        return Status.MET
    return Status.PARTLY if outcome.ratio and outcome.fulfilment > 0 else Status.NOT_MET


def status_from_subgoals(statuses: Sequence[str | None], due: bool) -> Status | None:
    """Return what an effektmål shows when it has delmål of the year and no status of its own.

    The first line that fits:

    - a delmål without a (decided) status, or no delmål: None
    - Udgået doesn't count, unless all are Udgået
    - all alike: that one
    - any Forventes ikke opfyldt: that one
    - only Opfyldt and Forventes opfyldt: Forventes opfyldt
    - any Afventer data: that one
    - something is reached (Opfyldt or Delvist opfyldt): Delvist opfyldt
    - nothing is reached (Forventes opfyldt, Ikke opfyldt, Ikke igangsat): Ikke opfyldt where due; else Forventes
      ikke opfyldt where one is already missed, and otherwise Forventes opfyldt, as nobody expects to miss it
    """
    if not statuses or any(status not in tuple(Status) for status in statuses):
        return None
    left = {Status(status) for status in statuses if status} - {Status.DROPPED}
    if len(left) <= 1:
        return next(iter(left), Status.DROPPED)
    if Status.NOT_EXPECTED in left:
        return Status.NOT_EXPECTED
    if left == {Status.MET, Status.EXPECTED}:
        return Status.EXPECTED
    if Status.AWAITING in left:
        return Status.AWAITING
    if left & {Status.MET, Status.PARTLY}:
        return Status.PARTLY
    if due:
        return Status.NOT_MET
    return Status.NOT_EXPECTED if Status.NOT_MET in left else Status.EXPECTED


def target_sentence(measure: Measure, target: float | None, years: Sequence[int] = ()) -> str:
    """Say the target in Danish: ``Mindst 20 rekvisitioner pr. år``; '' where there is no measure.

    ``target`` is the year's. Where it counts ``I perioden`` and ``years`` are given, the period is named by them.
    """
    return rule_of(measure.method).say(measure, target, years)


def target_in_percent(measure: Measure) -> bool:
    """Tell whether a target is a percentage: that of a growth goal, or anything in Måleenhed ``%``."""
    return rule_of(measure.method).growth or measure.in_percent


def needs_baseline(measure: Measure) -> bool:
    """Tell whether a result means nothing without a baseline; growth given in percent is the change itself."""
    rule = rule_of(measure.method)
    return rule.baseline and not (rule.growth and measure.in_percent)


_BASELINE_FROM = re.compile(r"(?i)\budgangspunkt(?:et)? er resultatet for ((?:19|20)\d\d)\b")


def baseline_from(goal: Goal) -> int:
    """Return the year whose result the agreed baseline is, as the goal's Note says; 0 where it doesn't."""
    found = _BASELINE_FROM.search(goal.note)
    return int(found[1]) if found and goal.measure.baseline is not None else 0


def grows_on_year_before(measure: Measure) -> bool:
    """Tell whether a goal is held against the year before: growth per year, where the result is the level itself."""
    return rule_of(measure.method).growth and not measure.in_percent and measure.scope is Scope.PER_YEAR


def baseline_in(goal: Goal, year: int, year_before: float | None) -> float | None:
    """Return the baseline that holds in a year; ``year_before`` is the result of the year before, where it is known.

    Growth per year is held against that result, unless the agreement has a baseline that says it is that year's own: it may
    be the final figure, where the follow-up only knew the one from October.
    """
    known = grows_on_year_before(goal.measure) and year_before is not None and baseline_from(goal) != year - 1
    return year_before if known else goal.measure.baseline


def adds_up(measure: Measure) -> bool:
    """Tell whether results are counts that make a total over the period; growth is a level held against another."""
    return rule_of(measure.method).level and not is_level(measure)
