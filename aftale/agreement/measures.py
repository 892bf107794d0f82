"""How far a goal has come: its years, its target, its fulfilment, and the status that follows from them.

Percentages are in points everywhere (50 for 50 %).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from aftale.model.agreement import BASELINE_METHODS, TARGET_METHODS, Goal, Level, Measure, Method, Round, Scope, Status
from aftale.model.text import danish_number, fold, listing

RESULT, TARGET, BASELINE = "resultat", "måltal", "udgangspunkt"
_RISES = frozenset({Method.AT_LEAST, Method.RISE_PERCENT})


@dataclass(frozen=True)
class Outcome:
    """A result held against its target.

    ``fulfilment`` is Målopfyldelse as a share (1.0 is the whole target), None where it can't be computed. ``ratio``
    tells whether it is a real share; else it is 1.0 or 0.0 for met or not. ``missing`` names the numbers that lack:
    some of resultat, måltal, udgangspunkt.
    """

    fulfilment: float | None = None
    ratio: bool = False
    met: bool | None = None
    missing: tuple[str, ...] = ()


def measure_outcome(measure: Measure, target: float | None, result: float | None, baseline: float | None) -> Outcome:
    """Hold a result against the year's target and the baseline; the numbers of ``measure`` itself are not used.

    With a target of zero or less, or growth from zero, there is no share to speak of: only met or not.
    """
    method = measure.method
    if method is None or method is Method.DELIVERY:
        return Outcome()
    growth = method in (Method.RISE_PERCENT, Method.FALL_PERCENT)
    needs = ((RESULT, result, True), (TARGET, target, method in TARGET_METHODS),
             (BASELINE, baseline, needs_baseline(measure)))
    missing = tuple(name for name, value, needed in needs if needed and value is None)
    if missing or result is None:
        return Outcome(missing=missing)
    if growth and target is not None:
        falls = method is Method.FALL_PERCENT
        if measure.in_percent or baseline is None:  # the result is the change itself
            return _towards(-result if falls else result, target)
        return _growth(baseline - result if falls else result - baseline, abs(baseline), target)
    if target is not None and method is Method.AT_LEAST:
        return _towards(result, target)
    if target is not None and method is Method.AT_MOST:
        return _at_most(result, target)
    return _compared(method, result, baseline or 0.0)


def _growth(rise: float, base: float, target: float) -> Outcome:
    """Judge a rise from ``base`` (its size) against a target in percent; from zero any real rise is endless."""
    if base == 0:
        return _yes_or_no(_more(rise, 0.0) if target > 0 else _no_less(rise, 0.0))
    return _towards(rise / base * 100, target)


def _towards(value: float, target: float) -> Outcome:
    """Judge a value that should be at least the target."""
    if target <= 0:
        return _yes_or_no(_no_less(value, target))
    return _share(value / target, _no_less(value, target))


def _at_most(result: float, target: float) -> Outcome:
    met = _no_less(target, result)
    if target <= 0:
        return _yes_or_no(met)
    return _share(1.0 if met else target / result, met)


def _compared(method: Method, result: float, baseline: float) -> Outcome:
    if method is Method.KEEP:
        return _yes_or_no(_no_less(result, baseline))
    return _yes_or_no(_more(result, baseline) if method is Method.RISE else _more(baseline, result))


def _same(a: float, b: float) -> bool:
    """Are two numbers equal but for the noise of adding decimals, as 0.1 + 0.2 and 0.3?"""
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def _no_less(a: float, b: float) -> bool:
    return a >= b or _same(a, b)


def _more(a: float, b: float) -> bool:
    return a > b and not _same(a, b)


def _yes_or_no(met: bool) -> Outcome:
    return Outcome(1.0 if met else 0.0, False, met)


def _share(raw: float, met: bool) -> Outcome:
    """Return a share, rounded to six decimals so that rounding neither meets nor misses the target."""
    if not math.isfinite(raw):
        return _yes_or_no(met)
    share = round(raw, 6)
    if met:
        share = max(share, 1.0)
    elif raw > 0:
        share = min(max(share, 1e-6), 0.999999)
    return Outcome(share + 0.0, True, met)


def own_years(goal: Goal) -> tuple[int, ...]:
    """Return the years with a cross or a number in the goal's own row, in order."""
    return tuple(sorted(goal.years))


def active_years(goal: Goal, goals: Sequence[Goal], plan: Sequence[int]) -> tuple[int, ...]:
    """Return the years a goal is active, in order; ``goals`` are all of the agreement's, ``plan`` its years.

    A delmål without years has its effektmål's. An effektmål is active in its own years and in those of its delmål.
    What has no years from anywhere is active every year. A withdrawn goal keeps its years.
    """
    if goal.level is Level.SUB:
        return own_years(goal) or _years_above(goal, goals) or tuple(sorted(plan))
    years = set(goal.years)
    if goal.level is Level.EFFECT:
        years |= _years_below(_keys(goal.texts)[:3], goals)
    return tuple(sorted(years or plan))


def _years_above(goal: Goal, goals: Sequence[Goal]) -> tuple[int, ...]:
    """Return the years a delmål has from its effektmål; from its fellow delmål where that has none."""
    key = _keys(goal.texts)[:3]
    own = {year for g in goals if g.level is Level.EFFECT and _keys(g.texts)[:3] == key for year in g.years}
    return tuple(sorted(own or _years_below(key, goals)))


def _years_below(key: tuple[str, ...], goals: Sequence[Goal]) -> set[int]:
    return {year for g in goals if g.level is Level.SUB and _keys(g.texts)[:3] == key for year in g.years}


@lru_cache(maxsize=8192)
def _keys(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold(text) for text in texts)


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
        return Status.MET if outcome.met and method in _RISES else None
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


_SAYS_PER_YEAR = re.compile(r"\b(?:pr\.?|per) år\b|årlig|om året|hvert år")
_SAYS_PERIOD = re.compile(r"\bi (?:hele )?(?:plan)?perioden\b|\bi alt\b")
_LEVEL_UNIT = re.compile(r"(?:points?|score|karakter)\b")
_GROWTH_OPENING = re.compile(r"^(?:%|(?:pct\.?|procent)(?= |$))?\s*(?:(?:stigning|vækst|fald)\s+i\s+)?", re.IGNORECASE)
_NO_TARGET = "(måltal mangler)"


def target_sentence(measure: Measure, target: float | None, years: Sequence[int] = ()) -> str:
    """Say the target in Danish: ``Mindst 20 rekvisitioner pr. år``; '' where there is no measure.

    ``target`` is the year's. Where it counts ``I perioden`` and ``years`` are given, the period is named by them.
    """
    method, unit = measure.method, "%" if measure.in_percent else measure.unit.strip()
    if method is Method.DELIVERY:
        return "Leverance"
    if method in (Method.KEEP, Method.RISE, Method.FALL):
        verb = {Method.KEEP: "Fastholdes", Method.RISE: "Skal stige"}.get(method, "Skal falde")
        return _join(verb, unit and f"({unit})", "hvert år" if measure.scope is Scope.PER_YEAR else "")
    number = _NO_TARGET if target is None else danish_number(target)
    if method in (Method.RISE_PERCENT, Method.FALL_PERCENT):
        what = _GROWTH_OPENING.sub("", unit).strip()
        verb = "Stigning på" if method is Method.RISE_PERCENT else "Fald på"
        return _join(verb, number, "" if target is None else "%", what and f"i {what}", _scope_words(measure, years))
    if method is None and target is None:
        return ""
    # a level is no total: "4,9 point", not "in all"
    scope = "" if is_level(measure) and measure.scope is Scope.IN_PERIOD else _scope_words(measure, years)
    return _join(method or "", number, unit, scope)


def needs_baseline(measure: Measure) -> bool:
    """Tell whether a result means nothing without a baseline; growth given in percent is the change itself."""
    growth = measure.method in (Method.RISE_PERCENT, Method.FALL_PERCENT)
    return measure.method in BASELINE_METHODS and not (growth and measure.in_percent)


_BASELINE_FROM = re.compile(r"(?i)\budgangspunkt(?:et)? er resultatet for ((?:19|20)\d\d)\b")


def baseline_from(goal: Goal) -> int:
    """Return the year whose result the agreed baseline is, as the goal's Note says; 0 where it doesn't."""
    found = _BASELINE_FROM.search(goal.note)
    return int(found[1]) if found and goal.measure.baseline is not None else 0


def grows_on_year_before(measure: Measure) -> bool:
    """Tell whether a goal is held against the year before: growth per year, where the result is the level itself."""
    growth = measure.method in (Method.RISE_PERCENT, Method.FALL_PERCENT) and not measure.in_percent
    return growth and measure.scope is Scope.PER_YEAR


def baseline_in(goal: Goal, year: int, year_before: float | None) -> float | None:
    """Return the baseline that holds in a year; ``year_before`` is the result of the year before, where it is known.

    Growth per year is held against that result, unless the agreement has a baseline that says it is that year's own: it may
    be the final figure, where the follow-up only knew the one from October.
    """
    known = grows_on_year_before(goal.measure) and year_before is not None and baseline_from(goal) != year - 1
    return year_before if known else goal.measure.baseline


def is_level(measure: Measure) -> bool:
    """Tell whether a result is a level, as percent and points are: it never adds up over the years."""
    return measure.in_percent or bool(_LEVEL_UNIT.match(fold(measure.unit.strip())))


def adds_up(measure: Measure) -> bool:
    """Tell whether results are counts that make a total over the period; growth is a level held against another."""
    return measure.method in (Method.AT_LEAST, Method.AT_MOST) and not is_level(measure)


def _join(*words: str) -> str:
    return " ".join(word for word in words if word)


def _scope_words(measure: Measure, years: Sequence[int]) -> str:
    unit = fold(measure.unit)
    if measure.scope is Scope.PER_YEAR:
        return "" if _SAYS_PER_YEAR.search(unit) else "pr. år"
    if measure.scope is None or _SAYS_PERIOD.search(unit):
        return ""
    return _period_words(sorted(set(years)))


def _period_words(years: Sequence[int]) -> str:
    if not years:
        return "i perioden"
    if len(years) == 1:
        return f"i {years[0]}"
    if years[-1] - years[0] == len(years) - 1:
        return f"i perioden {years[0]}-{years[-1]}"
    return f"i {listing([str(year) for year in years])}"
