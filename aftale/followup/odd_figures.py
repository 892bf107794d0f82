"""What is odd about a result: beside its target, its scale and its sign, and beside the goal's earlier ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log10

from aftale.agreement.measures import adds_up, grows_in_percent, level_or_change, target_sentence
from aftale.agreement.methods import rule_of
from aftale.cells.reading import did_you_mean
from aftale.merge.state import History
from aftale.model.agreement import Goal, Round
from aftale.model.findings import Severity
from aftale.model.text import danish_number, fold

_TELLING = 3
"""A figure of so many digits is hardly the same again by chance; 3 events a year may well be."""
_LARGE = 100
"""Smaller counts may well become a hundred times as many."""
_FAR, _FAR_IN_PERCENT, _HUGE_PERCENT = 50, 30, 1000
"""How many times its target a result is before it is asked about, and how many percent where there is no target."""
_POINTS = re.compile(r"\bpoints?\b|score\b")
_MARKS = re.compile(r"\bkarakter(?:er)?\b")
_SAID_SCALE = re.compile(r"\bskala(?:en)?\b\D{0,20}?([-−]?\d{1,3})\s*(?:til|[-–])\s*(\d{1,3})\b")
_MAY_BE_NEGATIVE = re.compile(r"\bkr\b|kroner|\bmio\b|overskud|underskud|netto|vækst|ændring|forskel|saldo|balance"
                              r"|grader")


@dataclass(frozen=True)
class Figure:
    """A goal's result in the round under way, and its earlier ones, the oldest first; points where the unit is %.

    ``since`` is the first year of the plan: what was counted before it is no part of a total to date. ``target`` and
    ``baseline`` are those of the year.
    """

    goal: Goal
    year: int
    round: Round
    result: float
    past: Sequence[History] = ()
    since: int = 0
    target: float | None = None
    baseline: float | None = None

    @property
    def agreed(self) -> tuple[float, ...]:
        """Every number that the result could be measured by."""
        numbers = (self.target, self.baseline, self.goal.measure.target, *self.goal.years.values())
        return tuple(number for number in numbers if number is not None)


@dataclass(frozen=True)
class Oddity:
    """What is odd about a figure: a code of the catalogue, how much it matters, and the words that the text needs.

    ``readings`` are what was likely meant, as people write it.
    """

    code: str
    before: str
    when: str
    level: Severity = Severity.QUESTION
    readings: tuple[str, ...] = ()

    @property
    def hint(self) -> str:
        """Ask whether the likely readings were meant, '' where there are none."""
        return did_you_mean(self.readings) if self.readings else ""


def off_scale(figure: Figure) -> Iterator[Oddity]:
    """Find points or marks that lie outside their scale: 56 or 560 where 5,6 was meant."""
    scale = _scale(figure)
    if scale is None or scale[0] <= figure.result <= scale[1]:
        return
    inside = [each for each in (figure.result / 10, figure.result / 100) if scale[0] <= each <= scale[1]]
    yield Oddity("figure-off-scale", f"{danish_number(scale[0])} til {danish_number(scale[1])}", "",
                 readings=_readings(figure, inside[:1]))


def far_from_target(figure: Figure) -> Iterator[Oddity]:
    """Find a result many times its target, or its baseline where it has no target: a wrong unit, or a percentage twice."""
    measure, result = figure.goal.measure, figure.result
    percent, rule = measure.in_percent, rule_of(measure.method)
    by, name = (figure.target, "måltallet") if not rule.baseline or grows_in_percent(measure) else (
        figure.baseline, "udgangspunktet")
    if by is None or by <= 0:
        if percent and result >= _HUGE_PERCENT:
            yield Oddity("figure-far", "", "meget mere end 100 %", readings=_readings(figure, [result / 100]))
    elif result / by >= (_FAR_IN_PERCENT if percent else _FAR):
        told = f"{danish_number(round(result / by))} gange så stort som {name} {said_in(figure.goal, by)}"
        nearest = min((result / 10, result / 100, result / 1000), key=lambda each: abs(log10(each / by)))
        yield Oddity("figure-far", "", told, readings=_readings(figure, [result / 100 if percent else nearest]))
    elif percent and rule.better > 0 and rule.level and 0 < result <= 1 and by / result >= _FAR_IN_PERCENT:
        yield Oddity("figure-far", "", f"meget mindre end {name} {said_in(figure.goal, by)}",
                     readings=_readings(figure, [result * 100]))


def wrong_sign(figure: Figure) -> Iterator[Oddity]:
    """Find a minus where nothing agreed or reported before is negative, and a fall that is written as a rise.

    Which way a result goes isn't asked about while nobody knows whether it is a level or a change.
    """
    goal, result = figure.goal, figure.result
    rule, scale = rule_of(goal.measure.method), _scale(figure)
    if grows_in_percent(goal.measure):
        if rule.better < 0 < result and not level_or_change(goal.measure, figure.baseline):
            yield Oddity("fall-positive", "", "", readings=_readings(figure, [-result]))
        return
    known = (*figure.agreed, *(each.result for each in figure.past if each.result is not None))
    may = (scale is not None and scale[0] < 0) or any(number < 0 for number in known) or (
        _MAY_BE_NEGATIVE.search(_said_of(goal)))
    if result < 0 and not may:
        said = target_sentence(goal.measure, figure.target) or goal.measure.unit or "et antal"
        yield Oddity("figure-negative", "", said, readings=_readings(figure, [-result]))


def _scale(figure: Figure) -> tuple[float, float] | None:
    """Return the scale that a goal's results lie on, None where none is known; Bibliometer scores run from -10 to 10."""
    said, unit = _said_of(figure.goal), fold(figure.goal.measure.unit)
    if (found := _SAID_SCALE.search(said)) is not None:
        return float(found[1].replace("−", "-")), float(found[2])
    if _MARKS.search(unit):
        return -3.0, 12.0
    agreed = figure.agreed
    if _POINTS.search(unit) and ("bibliometer" in said or (agreed and all(abs(number) <= 10 for number in agreed))):
        return -10.0, 10.0
    return None


def _said_of(goal: Goal) -> str:
    return fold(" ".join((*goal.texts[2:], goal.indicator, goal.measure.unit, goal.note)))


def _readings(figure: Figure, numbers: Sequence[float]) -> tuple[str, ...]:
    return tuple(said_in(figure.goal, round(number, 10)) for number in numbers)


def same_as_last_year(figure: Figure) -> Iterator[Oddity]:
    """Find the very figure of the year before, its last or that of the same round: was it copied?"""
    last = [each for each in figure.past if each.year == figure.year - 1 and each.result is not None]
    same = [each for each in last if each.result == figure.result and (each is last[-1] or each.round == figure.round.value)]
    if same and figure.result:
        telling = len(Decimal(str(figure.result)).normalize().as_tuple().digits) >= _TELLING
        yield Oddity("same-as-last-year", said_in(figure.goal, figure.result), _when(same[-1]),
                     Severity.QUESTION if telling else Severity.INFO)


def other_unit(figure: Figure) -> Iterator[Oddity]:
    """Find a figure a hundred or a thousand times as large or as small as before: 5, 5 % and 0,05 are easily mixed up."""
    before, when = next(((each.result, _when(each)) for each in reversed(figure.past) if each.result), (0.0, ""))
    if not before or not figure.result or before * figure.result < 0:
        return
    times = max(figure.result / before, before / figure.result)
    percent = figure.goal.measure.in_percent
    far = (30 <= times <= 300) if percent else max(abs(before), abs(figure.result)) >= _LARGE and (
        67 <= times <= 150 or 670 <= times <= 1500)
    if far:
        yield Oddity("unit-flipped", said_in(figure.goal, before), when)


def fell_where_it_can_only_grow(figure: Figure) -> Iterator[Oddity]:
    """Find a count to date that is smaller than it was earlier in the period: a wrong one repeated is still wrong."""
    if not adds_up(figure.goal.measure) or rule_of(figure.goal.measure.method).better < 0:
        return  # what should be low may be a level: of 8 schools 6 are left
    totals = [(each.result, each) for each in figure.past if each.year >= figure.since and each.result is not None]
    before, when = max(reversed(totals), key=lambda total: total[0], default=(0.0, None))  # of equal ones the latest
    if when is not None and 0 <= figure.result < before:
        yield Oddity("total-fell", said_in(figure.goal, before), _when(when))


def said_in(goal: Goal, number: float) -> str:
    """Say a figure of a goal, with % where that is its unit."""
    return f"{danish_number(number)}{' %' if goal.measure.in_percent else ''}"


def oddities(figure: Figure) -> tuple[Oddity, ...]:
    """Return all that is odd about a figure; one that can't be right, or is in another unit, says nothing else."""
    for check in (off_scale, wrong_sign, far_from_target):
        if impossible := tuple(check(figure)):
            return impossible
    checks = (same_as_last_year, other_unit, fell_where_it_can_only_grow)
    found = tuple(each for check in checks for each in check(figure))
    flipped = tuple(each for each in found if each.code == "unit-flipped")
    return flipped or found


def _when(past: History) -> str:
    return f"{Round(past.round).danish}en {past.year}"
