"""How far a goal has come: its years, its target, its fulfilment, and the status that follows from them.

Percentages are in points everywhere (50 for 50 %).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from aftale.agreement.methods import Outcome, Target, is_level, is_more, rule_of
from aftale.model.agreement import MISSED, SAYS_NOT_REACHED, Goal, Level, Measure, Round, Scope, Status
from aftale.model.text import cut

RESULT, TARGET, BASELINE, UNIT, METHOD = "resultat", "måltal", "udgangspunkt", "måleenhed", "måltype"


def measure_outcome(measure: Measure, target: float | None, result: float | None, baseline: float | None) -> Outcome:
    """Hold a result against the year's target and the baseline; the numbers of ``measure`` itself are not used.

    With a target of zero or less, or growth from zero, there is no share to speak of: only met or not.
    """
    rule = rule_of(measure.method)
    needs = ((RESULT, result, rule.measured), (TARGET, target, rule.target), (BASELINE, baseline, needs_baseline(measure)))
    missing = tuple(name for name, value, needed in needs if needed and value is None)
    if result is not None and level_or_change(measure, baseline):
        missing = (*missing, UNIT)
    if missing or result is None:
        return Outcome(missing=missing)
    if measure.in_points and baseline is not None:
        return rule.judge(result - baseline, target or 0.0, None)
    outcome = rule.judge(result, target or 0.0, baseline)
    better = baseline is None or is_more(rule.better * result, rule.better * baseline)
    return replace(outcome, stuck=outcome.met is False and not better)


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


def computed_status(outcome: Outcome, measure: Measure, due: bool) -> Status | None:
    """Return the status that the numbers give, None where they give none.

    Before the deadline only what can't be lost again counts: a reached Mindst that counts something.
    """
    if outcome.met is None:
        return None
    if not due:
        rule = rule_of(measure.method)
        kept = rule.level and rule.better > 0 and not is_level(measure)
        return Status.MET if outcome.met and kept else None
    if outcome.met:
        return Status.MET
    return Status.PARTLY if (outcome.fulfilment or 0.0) > 0 and not outcome.stuck else Status.NOT_MET


def contradicts(reported: str, computed: str, fulfilment: float | None) -> bool:
    """Tell whether a reported status says reached where the numbers say not, or the other way round."""
    if reported == Status.MET:
        return computed in MISSED or (fulfilment is not None and fulfilment < 1)
    return computed == Status.MET and reported in SAYS_NOT_REACHED


def with_subgoals(own: Status | None, met: bool | None, subs: Status | None, due: bool) -> Status | None:
    """Return what an effektmål with a target of its own computes, when it has delmål of the year.

    ``own`` and ``met`` are what its own numbers give, ``subs`` what follows from its delmål. It is reached where both are;
    when it is due and only one of them is, something is. Delmål that are Udgået don't count, and of those that lack a
    status or await data nobody knows yet.
    """
    if subs is Status.DROPPED:
        return own
    if met is None or subs is None or subs is Status.AWAITING:
        return None if met is None or met else own
    if met == (subs is Status.MET):
        return own
    return Status.PARTLY if due else None


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


_UNIT_ROOM = 200
"""How much of a Måleenhed a sentence shows; its own column has it whole."""


def agreed_target(goal: Goal, year: int) -> Target:
    """Return the target of a year as people agreed on it: the number, or the words that can't be read as one (»ca. 20«)."""
    target = year_target(goal, year)
    return (goal.unread.get(f"y{year}") or goal.unread.get("target")) if target is None else target


def target_sentence(measure: Measure, target: Target, years: Sequence[int] = ()) -> str:
    """Say the target in Danish: ``Mindst 20 rekvisitioner pr. år``; '' where there is no measure.

    ``target`` is the year's, a number or the words that stand for it. Where it counts ``I perioden`` and ``years`` are
    given, the period is named by them.
    """
    return rule_of(measure.method).say(replace(measure, unit=cut(measure.unit, _UNIT_ROOM)), target, years)


def goal_sentence(goal: Goal, year: int, years: Sequence[int] = ()) -> str:
    """Say a goal's target in a year; where only other years have one, just that: it is never another year's."""
    target = agreed_target(goal, year)
    if target is None and any(other is not None for other in goal.years.values()):
        return f"Intet måltal i {year}"
    return target_sentence(goal.measure, target, years)


def without_own_measure(goal: Goal) -> bool:
    """Tell whether nothing is agreed that a goal itself is measured by: no måltype, and no target in any year.

    An effektmål without one has nothing of its own to report where it has delmål: it follows from them.
    """
    targets = (goal.measure.target, *goal.years.values())
    unread = any(key == "target" or key.removeprefix("y").isdigit() for key in goal.unread)
    return goal.measure.method is None and not unread and all(target is None for target in targets)


def target_in_percent(measure: Measure) -> bool:
    """Tell whether a target is a percentage: that of a growth goal, or anything in Måleenhed ``%``."""
    return (rule_of(measure.method).growth or measure.in_percent) and not measure.in_points


def needs_baseline(measure: Measure) -> bool:
    """Tell whether a result means nothing without a baseline; growth given in percent is the change itself."""
    return rule_of(measure.method).baseline and not grows_in_percent(measure)


def grows_in_percent(measure: Measure) -> bool:
    """Tell whether a result is the change itself: growth in Måleenhed ``%``."""
    return rule_of(measure.method).growth and measure.in_percent and not measure.in_points


def level_or_change(measure: Measure, baseline: float | None) -> bool:
    """Tell whether a result could be a level or a change: growth in Måleenhed ``%`` that has a baseline all the same."""
    return baseline is not None and grows_in_percent(measure)


_BASELINE_FROM = re.compile(r"(?i)\budgangspunkt(?:et)? er resultatet for ((?:19|20)\d\d)\b")


def baseline_from(goal: Goal) -> int:
    """Return the year whose result the agreed baseline is, as the goal's Note says; 0 where it doesn't."""
    found = _BASELINE_FROM.search(goal.note)
    return int(found[1]) if found and goal.measure.baseline is not None else 0


def grows_on_year_before(measure: Measure) -> bool:
    """Tell whether a goal is held against the year before: growth per year, where the result is the level itself."""
    return rule_of(measure.method).growth and not grows_in_percent(measure) and measure.scope is Scope.PER_YEAR


def baseline_in(goal: Goal, year: int, year_before: float | None) -> float | None:
    """Return the baseline that holds in a year; ``year_before`` is the result of the year before, where it is known.

    Growth per year is held against that result, unless the agreement has a baseline that says it is that year's own: it may
    be the final figure, where the follow-up only knew the one from October.
    """
    known = grows_on_year_before(goal.measure) and year_before is not None and baseline_from(goal) != year - 1
    return year_before if known else goal.measure.baseline


def adds_up(measure: Measure) -> bool:
    """Tell whether results are counts to date, which make a total: only where the agreement says ``I perioden``."""
    return rule_of(measure.method).level and measure.scope is Scope.IN_PERIOD and not is_level(measure)
