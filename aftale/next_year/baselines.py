"""What becomes of a goal's Udgangspunkt when its year ends: the year's result, what was answered, or nothing that holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aftale.agreement.measures import baseline_from, grows_on_year_before, needs_baseline
from aftale.model.agreement import Goal
from aftale.model.text import danish_number
from aftale.next_year.goal_outcomes import GoalOutcome, LastSaid, answered_note, baseline_note, missing_note


@dataclass(frozen=True)
class NewBaseline:
    """What is written under Udgangspunkt, and what is said and asked of it.

    ``written`` tells whether the cell changes, to ``value`` (None empties it); ``over`` whether what Note says of the one
    before no longer holds, and ``note`` what it says instead. ``fate`` and ``means`` are the line of news, ``code`` and
    ``words`` what is asked.
    """

    written: bool = False
    value: float | None = None
    over: bool = False
    note: str = ""
    fate: GoalOutcome | None = None
    means: str = ""
    code: str = ""
    words: Mapping[str, object] = field(default_factory=dict)


def new_baseline(goal: Goal, last: LastSaid, year: int, followed: bool) -> NewBaseline:
    """Say what becomes of a goal's baseline after a year; ``followed`` tells whether the goal was of that year.

    Growth per year is held against the year's result, so an older figure must not stand where that isn't known. Else what
    somebody answered is kept, or it would be asked for every year; where the agreement has a figure that one stands.
    """
    if grows_on_year_before(goal.measure):
        if not followed:
            return NewBaseline()
        if baseline_from(goal) == year:  # people have written the year's own already
            return _beside(goal, last.final, f"resultatet for {year}")
        return _missing(goal, last, year) if last.final is None else _grown(goal, last, last.final, year)
    if last.baseline is None or not needs_baseline(goal.measure):
        return NewBaseline()
    if _before(goal):
        return _beside(goal, last.baseline, f"oplyst i opfølgningen for {year}")
    return NewBaseline(True, last.baseline, True, answered_note(year, danish_number(last.baseline)), GoalOutcome.BASELINE,
                       f"Udgangspunkt: {danish_number(last.baseline)}. Oplyst i opfølgningen for {year}.")


def _before(goal: Goal) -> str:
    """Return what stands under Udgangspunkt, as people write it."""
    known = goal.measure.baseline
    return danish_number(known) if known is not None else goal.unread.get("baseline", "")


def _beside(goal: Goal, other: float | None, what: str) -> NewBaseline:
    """Ask where the agreement has another figure than the follow-up; the agreement's stands."""
    if other is None or other == goal.measure.baseline:
        return NewBaseline()
    words = {"value": _before(goal), "was": danish_number(other), "what": what}
    return NewBaseline(code="next-baseline-differs", words=words)


def _grown(goal: Goal, last: LastSaid, result: float, year: int) -> NewBaseline:
    figure, early, before = danish_number(result), last.early(year), _before(goal)
    why = f"Resultatet for {year}{f', foreløbigt: {early}' if early else ''}."
    known = f" Før: {before}." if before and before != figure else ""
    asked = {"value": f"{figure}, {early}"} if early else {}
    return NewBaseline(True, result, True, baseline_note(year, figure, early), GoalOutcome.BASELINE,
                       f"Udgangspunkt: {figure}. {why}{known}", "next-baseline-early" if early else "", asked)


def _missing(goal: Goal, last: LastSaid, year: int) -> NewBaseline:
    before, known = _before(goal), ""
    if last.results:
        known = f" Der er flere svar, som ikke er afgjort: {last.results}."
    elif last.result is not None:
        known = f" Ved midtvejs var det {danish_number(last.result)} ({last.measured})."
    old = f" Før: {before}." if before else ""
    means = (f"Udgangspunktet skal være resultatet for {year}, som mangler.{known}{old} Skriv det under Udgangspunkt, eller"
             " få det i skemaet.")
    return NewBaseline(bool(before), None, True, missing_note(year, before) if before else "", GoalOutcome.NO_BASELINE,
                       means,
                       "next-baseline-missing", {"value": year, "what": known})
