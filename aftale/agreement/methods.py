"""The måltyper: each is one row that says what it needs, which way is better, how a result is judged and how it is said.

Percentages are in points everywhere (50 for 50 %).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import assert_never

from aftale.model.agreement import Measure, Method, Scope
from aftale.model.text import beside_number, danish_number, fold, listing


@dataclass(frozen=True)
class Outcome:
    """A result held against its target.

    ``fulfilment`` is Målopfyldelse as a share (1.0 is the whole target), None where it can't be computed; ``met`` may be
    known all the same. ``missing`` names what lacks: some of resultat, måltal, udgangspunkt, or måleenhed where it isn't
    certain what the result is, måltype where it isn't what it is held against. ``stuck`` tells that the result is no
    better than the baseline.
    """

    fulfilment: float | None = None
    met: bool | None = None
    missing: tuple[str, ...] = ()
    stuck: bool = False


Target = float | str | None
"""A target as it is said: a number, the words that are agreed where it can't be read as one, or none."""


@dataclass(frozen=True)
class MethodRule:
    """What holds for a måltype.

    ``target`` and ``baseline`` tell whether it needs Måltal and Udgangspunkt; ``better`` is 1 where more is better, -1
    where less is, 0 where there is nothing to count. ``judge`` holds a result against the target and the baseline (None
    where there is none, so that a growth goal's result is the change itself); ``say`` says a measure with the year's target
    and the years it is active. ``fits`` are the måltyper that a Måltal beside it would fit, '' where it is used or left to
    people.
    """

    target: bool
    baseline: bool
    better: int
    judge: Callable[[float, float, float | None], Outcome]
    say: Callable[[Measure, Target, Sequence[int]], str]
    fits: str = ""

    @property
    def measured(self) -> bool:
        """Is a result needed to tell how far the goal has come?"""
        return self.target or self.baseline

    @property
    def growth(self) -> bool:
        """Is Måltal a percentage of the baseline?"""
        return self.target and self.baseline

    @property
    def level(self) -> bool:
        """Is the result held against Måltal as it is?"""
        return self.target and not self.baseline


@cache
def rule_of(method: Method | None) -> MethodRule:
    """Return the row of a måltype; a goal without one needs nothing and is never judged."""
    match method:
        case Method.AT_LEAST:
            return MethodRule(True, False, 1, _reached, _say_level)
        case Method.AT_MOST:
            return MethodRule(True, False, -1, _not_over, _say_level)
        case Method.RISE_PERCENT:
            return MethodRule(True, True, 1, partial(_grown, 1), partial(_say_growth, "Stigning på"))
        case Method.FALL_PERCENT:
            return MethodRule(True, True, -1, partial(_grown, -1), partial(_say_growth, "Fald på"))
        case Method.KEEP:
            return MethodRule(False, True, 1, partial(_kept, 1), partial(_say_trend, "Fastholdes"), "»Mindst«")
        case Method.NO_RISE:
            return MethodRule(False, True, -1, partial(_kept, -1), partial(_say_trend, "Må ikke stige"), "»Højst«")
        case Method.RISE:
            return MethodRule(False, True, 1, partial(_moved, 1), partial(_say_move, "stige", "over"),
                              "»Mindst« eller »Stigning i %«")
        case Method.FALL:
            return MethodRule(False, True, -1, partial(_moved, -1), partial(_say_move, "falde", "under"),
                              "»Højst« eller »Fald i %«")
        case Method.DELIVERY:
            return MethodRule(False, False, 0, _not_judged, lambda measure, target, years: Method.DELIVERY, "»Mindst«")
        case None:
            return MethodRule(False, False, 0, _not_judged, _say_level)
        case _:
            assert_never(method)


# ---------------------------------------------------------------- how a result is judged

def _reached(result: float, target: float, baseline: float | None = None) -> Outcome:
    """Judge a value that should be at least the target; with a target of zero or less there is no share to speak of."""
    if target <= 0:
        return _yes_or_no(_no_less(result, target))
    return _share(result / target, _no_less(result, target))


def _not_over(result: float, target: float, baseline: float | None) -> Outcome:
    """Judge a value that should be at most the target: how much of the way from the baseline down to it was gone."""
    met = _no_less(target, result)
    if target <= 0 or met:
        return _yes_or_no(met)
    if baseline is None or baseline <= target:
        return Outcome(met=False)
    return _share(max((baseline - result) / (baseline - target), 0.0), met)


def _grown(better: int, result: float, target: float, baseline: float | None) -> Outcome:
    """Judge a change against a target in percent; from zero any real change is endless."""
    if baseline is None:
        return _reached(better * result, target)
    change = better * (result - baseline)
    if baseline == 0:
        return _yes_or_no(is_more(change, 0.0) if target > 0 else _no_less(change, 0.0))
    return _reached(change / abs(baseline) * 100, target)


def _kept(better: int, result: float, target: float, baseline: float | None) -> Outcome:
    return _yes_or_no(_no_less(better * result, better * (baseline or 0.0)))


def _moved(better: int, result: float, target: float, baseline: float | None) -> Outcome:
    return _yes_or_no(is_more(better * result, better * (baseline or 0.0)))


def _not_judged(result: float, target: float, baseline: float | None) -> Outcome:
    return Outcome()


def _no_less(a: float, b: float) -> bool:
    """Is a number no less than another, but for the noise of adding decimals, as 0.1 + 0.2 and 0.3?"""
    return a >= b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def is_more(a: float, b: float) -> bool:
    """Is a number more than another, but for that noise?"""
    return not _no_less(b, a)


def _yes_or_no(met: bool) -> Outcome:
    return Outcome(1.0 if met else 0.0, met)


def _share(raw: float, met: bool) -> Outcome:
    """Return a share, rounded to six decimals so that rounding neither meets nor misses the target."""
    if not math.isfinite(raw):
        return _yes_or_no(met)
    share = round(raw, 6)
    if met:
        share = max(share, 1.0)
    elif raw > 0:
        share = min(max(share, 1e-6), 0.999999)
    return Outcome(share + 0.0, met)


# ---------------------------------------------------------------- how it is said

_SAYS_PER_YEAR = re.compile(r"\b(?:pr\.?|per) år\b|årlig|om året|hvert år")
_SAYS_PERIOD = re.compile(r"\bi (?:hele )?(?:plan)?perioden\b|\bi alt\b")
_BETTER_LOW = re.compile(r"\w*(?:fravær|frafald|ventetid|udgift)\w*|\b(?!beklag)\w*klage(?!nævn|adgang|vejled)\w*")
_LEVEL_UNIT = re.compile(r"\bpoints?\b|score\b|\bkarakter(?:er)?\b|\bandel(?:en)?\b|gennemsnit|%|\bpct\b|procent")
_GROWTH_OPENING = re.compile(r"^(?:%|(?:pct\.?|procent)(?= |$))?\s*(?:(?:stigning|vækst|fald)\s+i\s+)?", re.IGNORECASE)
_NO_TARGET = "(måltal mangler)"


def _say_level(measure: Measure, target: Target, years: Sequence[int]) -> str:
    if measure.method is None and target is None:
        return ""
    # a level is no total: "4,9 point", not "in all"
    scope = "" if is_level(measure) and measure.scope is Scope.IN_PERIOD else _scope_words(measure, years)
    unit = _unit(measure)
    said = isinstance(target, str) and fold(unit) in fold(target)  # »ca. 20 besøg« says it already
    return _join(measure.method or "", _number(target), "" if said else beside_number(unit, target), scope)


def _say_growth(verb: str, measure: Measure, target: Target, years: Sequence[int]) -> str:
    what = "" if measure.in_points else _GROWTH_OPENING.sub("", _unit(measure)).strip()
    percent = "" if not isinstance(target, float | int) else "procentpoint" if measure.in_points else "%"
    return _join(verb, _number(target), percent, what and f"i {what}", _scope_words(measure, years))


def _say_trend(verb: str, measure: Measure, target: Target, years: Sequence[int]) -> str:
    unit = _unit(measure)
    return _join(verb, unit and f"({unit})", "hvert år" if measure.scope is Scope.PER_YEAR else "")


def _say_move(verb: str, side: str, measure: Measure, target: Target, years: Sequence[int]) -> str:
    """Say a rise or a fall; per year too it is held against Udgangspunkt, and not against the year before."""
    if measure.scope is not Scope.PER_YEAR:
        return _say_trend(f"Skal {verb}", measure, target, years)
    return _join("Skal hvert år ligge", side, "udgangspunktet", _unit(measure) and f"({_unit(measure)})")


def _number(target: Target) -> str:
    return target if isinstance(target, str) else _NO_TARGET if target is None else danish_number(target)


def _unit(measure: Measure) -> str:
    return "%" if measure.in_percent else measure.unit.strip()


def is_level(measure: Measure) -> bool:
    """Tell whether a result is a level, as percent, points, shares and averages are: it can be lost again."""
    return measure.in_percent or bool(_LEVEL_UNIT.search(fold(measure.unit)))


def better_low(*texts: str) -> str:
    """Return the word by which texts speak of what should be little (fravær, frafald, ventetid, klager, udgifter), or ''."""
    return next((match[0] for text in texts if (match := _BETTER_LOW.search(fold(text)))), "")


def _join(*words: str) -> str:
    return " ".join(word for word in words if word)


def _scope_words(measure: Measure, years: Sequence[int]) -> str:
    unit = fold(measure.unit)
    if measure.scope is Scope.PER_YEAR:
        return "" if _SAYS_PER_YEAR.search(unit) else "pr. år"
    if measure.scope is None or _SAYS_PERIOD.search(unit):
        return ""
    years = sorted(set(years))
    if not years:
        return "i perioden"
    if len(years) == 1:
        return f"i {years[0]}"
    if years[-1] - years[0] == len(years) - 1:
        return f"i perioden {years[0]}-{years[-1]}"
    return f"i {listing([str(year) for year in years])}"
