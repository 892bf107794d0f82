"""What a result looks like beside the goal's earlier ones: the same figure again, another unit, or a fall that can't be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aftale.agreement.measures import adds_up
from aftale.merge.state import History
from aftale.model.agreement import Goal, Round, Scope
from aftale.model.findings import Severity
from aftale.model.text import danish_number

_TELLING = 3
"""A figure of so many digits is hardly the same again by chance; 3 events a year may well be."""
_LARGE = 100
"""Smaller counts may well become a hundred times as many."""


@dataclass(frozen=True)
class Figure:
    """A goal's result in the round under way, and its earlier ones, the oldest first; points where the unit is %.

    ``since`` is the first year of the plan: what was counted before it is no part of a total to date.
    """

    goal: Goal
    year: int
    round: Round
    result: float
    past: Sequence[History]
    since: int = 0


@dataclass(frozen=True)
class Oddity:
    """What is odd about a figure: a code of the catalogue, how much it matters, and the words that the text needs."""

    code: str
    before: str
    when: str
    level: Severity = Severity.QUESTION


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
    if figure.goal.measure.scope is not Scope.IN_PERIOD or not adds_up(figure.goal.measure):
        return
    totals = [(each.result, each) for each in figure.past if each.year >= figure.since and each.result is not None]
    before, when = max(reversed(totals), key=lambda total: total[0], default=(0.0, None))  # of equal ones the latest
    if when is not None and 0 <= figure.result < before:
        yield Oddity("total-fell", said_in(figure.goal, before), _when(when))


def said_in(goal: Goal, number: float) -> str:
    """Say a figure of a goal, with % where that is its unit."""
    return f"{danish_number(number)}{' %' if goal.measure.in_percent else ''}"


def oddities(figure: Figure) -> tuple[Oddity, ...]:
    """Return all that is odd about a figure; one in another unit says nothing else."""
    checks = (same_as_last_year, other_unit, fell_where_it_can_only_grow)
    found = tuple(each for check in checks for each in check(figure))
    flipped = tuple(each for each in found if each.code == "unit-flipped")
    return flipped or found


def _when(past: History) -> str:
    return f"{Round(past.round).danish}en {past.year}"
