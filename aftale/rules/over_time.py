"""What a result looks like beside the goal's earlier ones: the same figure again, another unit, or a fall that can't be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aftale.rules.measures import adds_up
from aftale.rules.state import History
from aftale.words.domain import Goal, Round, Scope
from aftale.words.problems import Severity
from aftale.words.text import danish_number

_TELLING = 3
"""A figure of so many digits is hardly the same again by chance; 3 events a year may well be."""
_LARGE = 100
"""Smaller counts may well become a hundred times as many."""


@dataclass(frozen=True)
class Figure:
    """A goal's result in the round under way, and its earlier ones, the oldest first; points where the unit is %."""

    goal: Goal
    year: int
    round: Round
    result: float
    past: Sequence[History]

    @property
    def before(self) -> tuple[float, str]:
        """The latest earlier result that isn't nothing, and when it was; 0 where there is none."""
        return next(((each.result, _when(each)) for each in reversed(self.past) if each.result), (0.0, ""))


@dataclass(frozen=True)
class Oddity:
    """What is odd about a figure: a code of the catalogue, how much it matters, and the words that the text needs."""

    code: str
    before: str
    when: str
    level: Severity = Severity.QUESTION


def same_as_last_year(figure: Figure) -> Iterator[Oddity]:
    """Find the very figure of the year before: was it copied?"""
    last = [each for each in figure.past if each.year == figure.year - 1 and each.result is not None]
    if last and figure.result and last[-1].result == figure.result:
        telling = len(Decimal(str(figure.result)).normalize().as_tuple().digits) >= _TELLING
        yield Oddity("same-as-last-year", _said(figure.result), _when(last[-1]),
                     Severity.QUESTION if telling else Severity.INFO)


def other_unit(figure: Figure) -> Iterator[Oddity]:
    """Find a figure a hundred or a thousand times as large or as small as before: 5, 5 % and 0,05 are easily mixed up."""
    before, when = figure.before
    if not before or not figure.result or before * figure.result < 0:
        return
    times = max(figure.result / before, before / figure.result)
    percent = figure.goal.measure.in_percent
    far = (30 <= times <= 300) if percent else max(abs(before), abs(figure.result)) >= _LARGE and (
        67 <= times <= 150 or 670 <= times <= 1500)
    if far:
        yield Oddity("unit-flipped", _said(before), when)


def fell_where_it_can_only_grow(figure: Figure) -> Iterator[Oddity]:
    """Find a count to date that is smaller than it was earlier in the period."""
    before, when = figure.before
    to_date = figure.goal.measure.scope is Scope.IN_PERIOD and adds_up(figure.goal.measure)
    if to_date and 0 <= figure.result < before:
        yield Oddity("total-fell", _said(before), when)


CHECKS: tuple[Callable[[Figure], Iterator[Oddity]], ...] = (same_as_last_year, other_unit, fell_where_it_can_only_grow)


def oddities(figure: Figure) -> tuple[Oddity, ...]:
    """Return all that is odd about a figure; one in another unit says nothing else."""
    found = tuple(each for check in CHECKS for each in check(figure))
    flipped = tuple(each for each in found if each.code == "unit-flipped")
    return flipped or found


def _said(number: float) -> str:
    return danish_number(number)


def _when(past: History) -> str:
    return f"{Round(past.round).danish}en {past.year}"
