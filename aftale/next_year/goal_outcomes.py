"""What becomes of a goal when its year ends: the outcomes, the last that was said of it, and what its Note says."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from aftale.agreement.measures import baseline_from, grows_on_year_before, needs_baseline
from aftale.followup.build import FollowUp
from aftale.followup.goal_status import GoalResult
from aftale.merge.choices import NO_MORE, TAKE_ALONG, Choice, proposed_changes
from aftale.merge.control_lines import loose_key
from aftale.merge.state import History, line_keys
from aftale.model.agreement import UNDECIDED, AnswerColumn, Goal, Level, Round, Status
from aftale.model.columns import AGREED_COLUMNS, SKEMA_COLUMNS
from aftale.model.text import canonical, danish_number, fold, listing, spoken


class GoalOutcome(StrEnum):
    """What is new of a goal (or of the plan) in the year to come, in the order that it should be talked about."""

    PLAN = "Planperioden"
    THEME = "Temaet"
    FRAME = "Økonomisk ramme"
    FOCUS = "Fokusområde uden mål"
    CARRY_OVER = "Foreslås videreført"
    SUGGESTED = "Forslag"
    GONE = "Mangler i aftalen"
    UNREAD = "Ikke forstået"
    NO_BASELINE = "Udgangspunkt mangler"
    DROPPED = "Udgår"
    ENDS = "Slutter"
    PAUSES = "Holder pause"
    BEGINS = "Begynder"
    TARGET = "Nyt måltal"
    BASELINE = "Nyt udgangspunkt"
    GOES_ON = "Fortsætter"


def outcome_of(years: Collection[int], year: int, status: str, dropped: bool = False, replaced: bool = False,
            unread: bool = False) -> GoalOutcome | None:
    """Return what becomes of a goal after a year, None where it is neither of this year nor of the next.

    ``status`` is the last that was said of it; ``unread`` tells that something stands in next year's cell which can't be
    read. An unfinished goal is proposed for carrying over where no year of it is left.
    """
    later = [each for each in years if each > year]
    if dropped or status == Status.DROPPED:
        return GoalOutcome.DROPPED if year in years or later else None
    if year + 1 in years:
        return GoalOutcome.GOES_ON if year in years else GoalOutcome.BEGINS
    if unread:
        return GoalOutcome.UNREAD
    if year not in years:
        return None
    if later:
        return GoalOutcome.PAUSES
    return GoalOutcome.ENDS if replaced or status == Status.MET else GoalOutcome.CARRY_OVER


# ---------------------------------------------------------------- the last that was said of a goal

@dataclass(frozen=True)
class LastSaid:
    """The last that a year's follow-ups say of a goal: its status and result, each with the round that it is from.

    ``status`` may be `UNDECIDED`, ``baseline`` is what somebody answered under Udgangspunkt, ``department`` what KSE
    remarked. ``undecided`` are the columns that wait for the coordinator; ``results`` the answers under Resultat then.
    """

    status: str = ""
    status_round: Round | None = None
    result: float | None = None
    result_round: Round | None = None
    as_of: date | None = None
    remark: str = ""
    baseline: float | None = None
    remark_round: Round | None = None
    next_step: str = ""
    step_round: Round | None = None
    department: str = ""
    department_round: Round | None = None
    undecided: tuple[AnswerColumn, ...] = ()
    results: str = ""

    @property
    def final(self) -> float | None:
        """The year's own result, so far as it is known: a count from midtvejs is that of half a year."""
        return None if self.result_round is Round.MIDTVEJS else self.result

    @property
    def measured(self) -> str:
        """Say when the result was measured."""
        return f"opgjort pr. {spoken(self.as_of)}" if self.as_of else "uden dato for opgørelsen"

    def early(self, year: int) -> str:
        """Say why the result isn't yet the year's own, '' where it is."""
        if self.result is None:
            return ""
        if self.result_round is Round.MIDTVEJS:
            return f"fra midtvejsopfølgningen, {self.measured}"
        return "" if self.as_of and self.as_of >= date(year, 12, 31) else self.measured


def last_said(rounds: Sequence[FollowUp], year: int) -> dict[str, LastSaid]:
    """Return the last that is said of every goal in a year's follow-ups, which come with the earliest round first."""
    said: dict[str, dict[Round, History]] = {}
    for own in (False, True):  # what a follow-up remembers of another round gives way to that round's own
        for each in rounds:
            for h in each.state.history:
                if h.year == year and (h.round == each.state.round.value) is own:
                    said.setdefault(h.goal, {})[Round(h.round)] = h
    judged = [(each, {v.goal.id: v for v in each.goal_results}) for each in rounds]
    latest = judged[-1][1] if judged else {}
    return {goal: _last(said.get(goal, {}), [(each, by_goal[goal]) for each, by_goal in judged if goal in by_goal],
                        latest.get(goal)) for goal in dict.fromkeys((*latest, *said))}


def _last(said: Mapping[Round, History], told: Sequence[tuple[FollowUp, GoalResult]], latest: GoalResult | None) -> LastSaid:
    """Return the last that is said of one goal, by what each round remembers and the rounds themselves, earliest first."""
    in_order = [said[each] for each in reversed(Round) if each in said]
    undecided = tuple(column for column in AnswerColumn if latest is not None and latest.undecided(column))
    status = next((h for h in in_order if h.status not in ("", UNDECIDED) and AnswerColumn.STATUS not in undecided), None)
    result = next((h for h in in_order if h.result is not None and AnswerColumn.RESULT not in undecided), None)
    remark, remark_round = _said_last(told, AnswerColumn.REMARKS)
    step, step_round = _said_last(told, AnswerColumn.NEXT_STEP)
    remarks = ((each.kse.remarks.get(v.goal.id, ""), each.state.round) for each, v in reversed(told))
    department, department_round = next((found for found in remarks if found[0]), ("", None))
    return LastSaid(
        UNDECIDED if AnswerColumn.STATUS in undecided else status.status if status else "",
        Round(status.round) if status else None, result.result if result else None,
        Round(result.round) if result else None, result.as_of if result else None, remark,
        None if AnswerColumn.BASELINE in undecided else _answered_baseline(in_order, told), remark_round,
        step, step_round,
        department, department_round, undecided,
        _against_each_other(latest) if latest is not None and AnswerColumn.RESULT in undecided else "")


def _said_last(told: Sequence[tuple[FollowUp, GoalResult]], column: AnswerColumn) -> tuple[str, Round | None]:
    for each, verdict in reversed(told):
        if text := canonical(verdict.value(column)):
            return text, each.state.round
    return "", None


def _answered_baseline(in_order: Sequence[History], told: Sequence[tuple[FollowUp, GoalResult]]) -> float | None:
    """Return the baseline that was answered last; an answer that was taken back is none."""
    answers = [verdict.value(AnswerColumn.BASELINE) for _, verdict in told if AnswerColumn.BASELINE in verdict.answers]
    if answers:
        return answers[-1] if isinstance(answers[-1], float) else None
    return next((h.baseline for h in in_order if h.baseline is not None), None)


def _against_each_other(verdict: GoalResult) -> str:
    values = {side.value for side in verdict.answers[AnswerColumn.RESULT].sides}
    said = sorted((value for value in values if isinstance(value, float)), reverse=True)
    return listing([*(danish_number(value) for value in said),
                    *sorted(spoken(value) or "(slettet)" for value in values if not isinstance(value, float))])


def goals_mentioned(rounds: Sequence[FollowUp], year: int) -> dict[str, Goal]:
    """Return every goal that a year's follow-ups hold something of, by Mål-id; of some they know nothing else."""
    known = {v.goal.id: v.goal for each in rounds for v in each.goal_results}
    for state in (each.state for each in rounds):
        for goal in (*(h.goal for h in state.history if h.year == year),
                     *(answer.goal for returned in state.returned for answer in returned.answers)):
            known.setdefault(goal, Goal(goal, Level.EFFECT, ("", "", "", "")))
    return known


_HEADERS = {column.key: column.header for column in (*AGREED_COLUMNS, *SKEMA_COLUMNS)}


class Suggestion(NamedTuple):
    """What was suggested; ``taken`` tells that the coordinator has chosen to take it along.

    A new goal is of an ``owner``'s skema; a change of what is agreed is of a ``goal``, by its Mål-id.
    """

    owner: str
    text: str
    taken: bool = False
    goal: str = ""


def suggested(rounds: Sequence[FollowUp]) -> tuple[Suggestion, ...]:
    """Return what colleagues suggested below their skemaer in a year's rounds, each once, without what is let go.

    The last that the coordinator chose of a suggestion holds. A change of what is agreed is one where that was chosen.
    """
    found: dict[tuple[str, str], Suggestion] = {}
    chosen: dict[tuple[str, str], str] = {}
    for follow_up in rounds:
        keys = line_keys(follow_up.state)
        for key, change in proposed_changes(follow_up.state.findings, keys).items():
            text = f"{_HEADERS.get(change.column, change.column[1:])}: {change.stood}"
            found.setdefault((change.goal, text), Suggestion("", text, goal=change.goal))
            pick = follow_up.state.control.get(key, Choice()).pick
            chosen[change.goal, text] = pick if pick == TAKE_ALONG else NO_MORE
        for each in follow_up.state.returned:
            for said in each.kept:
                if said.kind == "new-goal":
                    at = each.owner, fold(said.text)
                    found.setdefault(at, Suggestion(each.owner, said.text))
                    choice = follow_up.state.control.get(loose_key(said, keys, each.filled_by or each.owner))
                    chosen.update({at: choice.act} if choice else {})
    return tuple(sorted(each._replace(taken=chosen.get(at) == TAKE_ALONG) for at, each in found.items()
                        if chosen.get(at) != NO_MORE))


# ---------------------------------------------------------------- what is written in Note

_ID = r"M\d+(?:\.\d+)*"
_IDS = rf"({_ID}(?:\s*(?:,?\s*\b(?:og|samt)\b|[,;/+&])\s*{_ID})*)"
_REPLACES, _REPLACED_BY = (re.compile(rf"(?i)\b{word}\s+{_IDS}") for word in ("erstatter", r"erstattet\s+af"))


def replaces(goal: Goal) -> tuple[str, ...]:
    """Return the Mål-id that a goal replaces, as its Note says: ``Erstatter M1.1.7 og M1.1.4``."""
    return tuple(dict.fromkeys((*_ids(_REPLACES, goal.note), *([goal.replaces] if goal.replaces else []))))


def replaced_by(goal: Goal) -> tuple[str, ...]:
    """Return the Mål-id that a goal is replaced by, as its own Note says: ``Erstattet af M1.1.8``."""
    return tuple(dict.fromkeys(_ids(_REPLACED_BY, goal.note)))


def _ids(said: re.Pattern[str], note: str) -> list[str]:
    return [each.upper() for found in said.finditer(note) for each in re.findall(rf"(?i){_ID}", found[1])]


_CARRY_OVER = re.compile(
    r"Nyt i \d{4}: Foreslås videreført: sluttede i \d{4} som [«»][^«»\n]*[«»]\. Sæt x i \d{4}, hvis det skal med\.")
_BASELINE = re.compile(
    r"Nyt i \d{4}: (?:Udgangspunkt er resultatet for \d{4}: -?[\d.,]*\d(?: \(foreløbigt: [^)\n]*\))?\."
    r"|Udgangspunkt er oplyst i opfølgningen for \d{4}: -?[\d.,]*\d\."
    r"|Udgangspunkt skal være resultatet for \d{4}, som mangler\. Før: [«»][^«»\n]*[«»]\.)")


def carry_over_note(year: int, status: str) -> str:
    """Return the line for a goal that is to be carried over from a year."""
    return (f"Nyt i {year + 1}: Foreslås videreført: sluttede i {year} som »{status}«. Sæt x i {year + 1}, hvis det skal"
            " med.")


def baseline_note(year: int, figure: str, early: str) -> str:
    """Return the line for a goal whose baseline is a year's result (as `measures.baseline_from` reads it)."""
    return f"Nyt i {year + 1}: Udgangspunkt er resultatet for {year}: {figure}{f' (foreløbigt: {early})' if early else ''}."


def answered_note(year: int, figure: str) -> str:
    """Return the line for a goal whose baseline was answered in a year's follow-up."""
    return f"Nyt i {year + 1}: Udgangspunkt er oplyst i opfølgningen for {year}: {figure}."


def missing_note(year: int, before: str) -> str:
    """Return the line for a goal whose baseline is taken away, as the year's result isn't known; it keeps the old figure."""
    return f"Nyt i {year + 1}: Udgangspunkt skal være resultatet for {year}, som mangler. Før: »{before}«."


def noted(note: str, lines: Sequence[str], dropped: str = "", rebased: bool = False) -> str:
    """Return a Note with new lines at its end, and ``dropped`` at its front, where a goal that is taken out says so.

    Lines that were written for an earlier year go, where nobody has changed them; they stand in that year's agreement.
    What is said of a baseline stays for as long as the figure does: ``rebased`` tells that it doesn't.
    """
    ours = (_CARRY_OVER, _BASELINE) if rebased else (_CARRY_OVER,)
    kept = [each for each in note.split("\n") if not any(line.fullmatch(each.strip()) for line in ours)] if note else []
    return "\n".join((*([dropped] if dropped else []), *kept, *(each for each in lines if each not in kept))).strip("\n")


# ---------------------------------------------------------------- what becomes of Udgangspunkt

@dataclass(frozen=True)
class NewBaseline:
    """What is written under Udgangspunkt, and what is said and asked of it.

    ``written`` tells whether the cell changes, to ``value`` (None empties it). ``outcome`` and ``means`` are the line of
    news; where there is one, ``note`` is what Note says instead of what it said before. ``code`` and ``words`` are asked.
    """

    written: bool = False
    value: float | None = None
    note: str = ""
    outcome: GoalOutcome | None = None
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
    return NewBaseline(True, last.baseline, answered_note(year, danish_number(last.baseline)), GoalOutcome.BASELINE,
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
    return NewBaseline(True, result, baseline_note(year, figure, early), GoalOutcome.BASELINE,
                       f"Udgangspunkt: {figure}. {why}{known}", "next-baseline-early" if early else "", asked)


def _missing(goal: Goal, last: LastSaid, year: int) -> NewBaseline:
    before, known = _before(goal), ""
    if last.results:
        known = f" Der er flere svar, som ikke er afgjort: {last.results}."
    elif last.result is not None:
        known = f" I midtvejsopfølgningen var det {danish_number(last.result)} ({last.measured})."
    old = f" Før: {before}." if before else ""
    means = (f"Udgangspunktet skal være resultatet for {year}, som mangler.{known}{old} Skriv det under Udgangspunkt, eller"
             " få det i skemaet.")
    return NewBaseline(bool(before), None, missing_note(year, before) if before else "", GoalOutcome.NO_BASELINE, means,
                       "next-baseline-missing", {"value": year, "what": known})
