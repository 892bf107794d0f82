"""The round before the one under way, as mails speak of it: what it is called, and what it said of every goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from aftale.agreement.measures import active_years
from aftale.merge.state import History
from aftale.model.agreement import MISSING, Agreement, Round
from aftale.model.text import MONTHS, capital


@dataclass(frozen=True)
class LastRound:
    """The latest round before this one, and what it said of the goals by Mål-id.

    ``since`` is its name in a sentence (``juni``, ``årsopfølgningen 2014``), ``when`` says it of something that was then
    (``i juni``, ``i 2014``) and ``header`` is short enough for a narrow column (``Juni``, ``2014``). ``statuses`` has every
    goal that was followed up in it, with `MISSING` where it had no status; ``results`` are points where the unit is %.
    """

    since: str
    when: str
    header: str
    statuses: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, float | None] = field(default_factory=dict)


def last_round(agreement: Agreement, round_: Round, history: Sequence[History]) -> LastRound | None:
    """Return the latest round before this one that anything is known of, None where this is the first."""
    now = agreement.year, round_ is not Round.MIDTVEJS
    earlier = [(at, each) for each in history if (at := (each.year, each.round != Round.MIDTVEJS.value)) < now]
    if not earlier:
        return None
    year, whole = max(at for at, _ in earlier)
    said = {each.goal: each for at, each in earlier if at == (year, whole)}
    results = {goal: each.result for goal, each in said.items()}
    then = [goal.id for goal in agreement.goals if goal.id in said or (not goal.withdrawn and year in active_years(
        goal, agreement.family(goal), agreement.plan_years))]
    statuses = {goal: said[goal].status or MISSING if goal in said else MISSING for goal in then}
    return replace(_named(agreement, year, whole), statuses=statuses, results=results)


def _named(agreement: Agreement, year: int, whole: bool) -> LastRound:
    """Name a round: this year's by the month of its deadline, one of another year by that year."""
    deadline = agreement.facts.get("frist_midtvejs")
    if year == agreement.year and isinstance(deadline, date):
        month = MONTHS[deadline.month - 1]
        return LastRound(month, f"i {month}", capital(month))
    if year == agreement.year:
        return LastRound("midtvejs", "midtvejs", "Midtvejs")
    name = "årsopfølgningen" if whole else "midtvejsopfølgningen"
    return LastRound(f"{name} {year}", f"i {year}", str(year))
