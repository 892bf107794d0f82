"""What the answers say of each goal: fulfilment, computed status, what is shown, and what must still be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from aftale.agreement.checks import subgoals
from aftale.agreement.measures import (
    active_years,
    baseline_in,
    computed_status,
    is_due,
    measure_outcome,
    needs_baseline,
    status_from_subgoals,
    year_target,
)
from aftale.agreement.methods import Outcome, rule_of
from aftale.agreement.read_goals import followed
from aftale.followup.odd_figures import Figure, Oddity, oddities, said_in
from aftale.forms.plan import owners_of, round_goals
from aftale.forms.returned import Returned
from aftale.merge.merge import Merged, MergeResult
from aftale.merge.state import History
from aftale.model.agreement import (
    MISSING,
    NOT_THIS_YEAR,
    REMARK_REQUIRED,
    UNDECIDED,
    Agreement,
    AnswerColumn,
    Goal,
    Level,
    Owner,
    Round,
    Status,
    Value,
)
from aftale.model.columns import OPFOELGNING
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical, danish_number, listing

ANSWERED, PARTLY, CONFLICTING, NOTHING, NO_OWNER, FOLLOWS = (
    "Besvaret", "Delvist besvaret", "Modstridende svar", "Intet at melde", "Ingen ansvarlig", "Følger af delmål")


@dataclass(frozen=True)
class GoalResult:
    """One goal of the plan in one round.

    ``shown`` is what stands under Status; ``computed`` what the figures (or the delmål) say; ``reported`` what
    somebody answered. Numbers are points where the unit is %. ``odd`` is what is odd about the result beside earlier ones.
    """

    goal: Goal
    years: tuple[int, ...]
    active: bool
    owners: tuple[Owner, ...]
    target: float | None
    baseline: Value
    outcome: Outcome
    due: bool
    answers: Mapping[AnswerColumn, Merged] = field(default_factory=dict)
    reported: str = ""
    computed: str = ""
    shown: str = ""
    response: str = ""
    sources: tuple[str, ...] = ()
    problems: tuple[Finding, ...] = ()
    odd: tuple[Oddity, ...] = ()

    def value(self, column: AnswerColumn) -> Value:
        """Return what a cell ends with, None where there is no answer or it is undecided."""
        cell = self.answers.get(column)
        return cell.outcome if cell else None

    def undecided(self, column: AnswerColumn) -> bool:
        """Tell whether a cell waits for the coordinator."""
        cell = self.answers.get(column)
        return bool(cell and cell.conflict)

    @property
    def contradicts(self) -> bool:
        """Does the reported status disagree with the computed one?"""
        return bool(self.reported and self.computed and self.reported != self.computed
                    and self.reported not in (Status.DROPPED, Status.AWAITING))


def judge_goals(agreement: Agreement, round_: Round, merged: MergeResult, returned: Sequence[Returned],
                history: Sequence[History]) -> tuple[GoalResult, ...]:
    """Judge every effektmål and delmål of the plan, and what else has an ansvarlig, in the agreement's order."""
    maker = _Maker(agreement, round_, merged, returned, history)
    first = {goal_id: maker.own(goal) for goal_id, goal in followed(agreement).items()}
    return tuple(maker.with_subgoals(verdict, first) for verdict in first.values())


class _Maker:
    def __init__(self, agreement: Agreement, round_: Round, merged: MergeResult, returned: Sequence[Returned],
                 history: Sequence[History]) -> None:
        self.agreement, self.round, self.merged = agreement, round_, merged
        self.followed = {goal.id for goal in round_goals(agreement, agreement.year)}
        self.history = {(h.goal, h.year, h.round): h for h in history}
        self.past: dict[str, list[History]] = {}
        now = (agreement.year, round_ is not Round.MIDTVEJS)
        for at, past in sorted(((h.year, h.round != Round.MIDTVEJS.value), h) for h in history):
            if at < now:
                self.past.setdefault(past.goal, []).append(past)
        self.answered_by: dict[str, list[Returned]] = {}
        for each in returned:
            for goal in each.goals:
                self.answered_by.setdefault(goal, []).append(each)

    def own(self, goal: Goal) -> GoalResult:
        """Judge a goal by its own answers."""
        agreement, year = self.agreement, self.agreement.year
        years = active_years(goal, agreement.family(goal), agreement.plan_years)
        answers = {column: self.merged.cells[goal.id, column] for column in AnswerColumn
                   if (goal.id, column) in self.merged.cells}
        target = year_target(goal, year)
        baseline = self._baseline(goal, answers)
        result = answers[AnswerColumn.RESULT].outcome if AnswerColumn.RESULT in answers else None
        outcome = measure_outcome(goal.measure, target, _number(result), _number(baseline))
        due = is_due(goal.measure, years, year, self.round)
        status = answers[AnswerColumn.STATUS].outcome if AnswerColumn.STATUS in answers else None
        computed = computed_status(outcome, goal.measure.method, due)
        verdict = GoalResult(goal, years, goal.id in self.followed, owners_of(goal, agreement), target, baseline, outcome,
                          due, answers, canonical(status), computed.value if computed and goal.id in self.followed else "",
                          sources=self._sources(answers))
        return replace(verdict, shown=self._shown(verdict), response=self._response(verdict))

    def _baseline(self, goal: Goal, answers: Mapping[AnswerColumn, Merged]) -> Value:
        """What the coordinator or a colleague wrote, else the year before for growth per year, else what was agreed.

        Where none of them says anything, what was answered in the year's earlier round still holds.
        """
        if AnswerColumn.BASELINE in answers:
            return answers[AnswerColumn.BASELINE].outcome
        year = self.agreement.year
        before = self.history.get((goal.id, year - 1, Round.AARSOPFOELGNING.value))
        known = baseline_in(goal, year, before.result if before else None)
        if known is not None or not needs_baseline(goal.measure):
            return known
        earlier = [h.baseline for h in self.past.get(goal.id, ()) if h.year == year and h.baseline is not None]
        return earlier[-1] if earlier else None

    def _sources(self, answers: Mapping[AnswerColumn, Merged]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(side.source.sha256 for cell in answers.values() for side in cell.sides))

    def _shown(self, verdict: GoalResult) -> str:
        if verdict.undecided(AnswerColumn.STATUS):
            return UNDECIDED
        if verdict.reported:
            return verdict.reported
        if verdict.goal.withdrawn:
            return Status.DROPPED.value
        return MISSING if verdict.active else NOT_THIS_YEAR

    def _response(self, verdict: GoalResult) -> str:
        if not verdict.active:
            return NOT_THIS_YEAR
        if any(cell.conflict for cell in verdict.answers.values()):
            return CONFLICTING
        said = {c for c, cell in verdict.answers.items() if canonical(cell.outcome)}
        if AnswerColumn.STATUS in said and (AnswerColumn.RESULT in said or not _wants_result(verdict)):
            return ANSWERED
        if said:
            return PARTLY
        if not verdict.owners:
            return NO_OWNER
        files = self.answered_by.get(verdict.goal.id, [])
        return NOTHING if any(f.finished == "Ja" for f in files) else MISSING

    def with_subgoals(self, verdict: GoalResult, all_: Mapping[str, GoalResult]) -> GoalResult:
        """Let an effektmål without a status of its own show the one that follows from its delmål of the year."""
        subs = [all_[s.id] for s in subgoals(self.agreement, verdict.goal)] if verdict.goal.level is Level.EFFECT else []
        subs = [sub for sub in subs if sub.active]
        if verdict.active and subs and not verdict.reported and not verdict.undecided(AnswerColumn.STATUS):
            statuses = [None if sub.undecided(AnswerColumn.STATUS) else sub.reported or sub.computed or None for sub in subs]
            due = verdict.due or all(sub.due for sub in subs)
            follows = status_from_subgoals(statuses, due)
            if follows:
                answered = verdict.response if verdict.answers else FOLLOWS
                verdict = replace(verdict, computed=verdict.computed or follows.value, shown=follows.value,
                                  response=answered)
        verdict = replace(verdict, odd=self._odd(verdict))
        return replace(verdict, problems=self._questions(verdict))

    def _questions(self, verdict: GoalResult) -> tuple[Finding, ...]:
        if not verdict.active:
            return ()
        owner = listing([o.name for o in verdict.owners]) or "den ansvarlige"
        found = []
        side = next((s for c in verdict.answers.values() for s in c.sides), None)
        place = side.place if side else Place()
        words = {"goal": verdict.goal.id, "owner": owner}
        if verdict.reported in REMARK_REQUIRED and not canonical(verdict.value(AnswerColumn.REMARKS)) \
                and not verdict.undecided(AnswerColumn.REMARKS):
            found.append(problem("remark-missing", place, value=verdict.reported, **words))
        if verdict.contradicts:
            found.append(problem("status-contradiction", place, value=verdict.reported, computed=verdict.computed, **words))
        found += _unread_edits(verdict, words)
        result = _number(verdict.value(AnswerColumn.RESULT))
        rule = rule_of(verdict.goal.measure.method)
        if rule.growth and rule.better < 0 and verdict.goal.measure.in_percent and result and result > 0:
            found.append(problem("fall-positive", place, value=danish_number(result), **words))
        if result is not None and "udgangspunkt" in verdict.outcome.missing:
            found.append(problem("baseline-missing", place, **words))
        return (*found, *_odd_figures(verdict, words))

    def _odd(self, verdict: GoalResult) -> tuple[Oddity, ...]:
        """Return what is odd about a goal's result beside its earlier ones."""
        past, result = self.past.get(verdict.goal.id), _number(verdict.value(AnswerColumn.RESULT))
        if result is None or not past or not verdict.active:
            return ()
        return oddities(Figure(verdict.goal, self.agreement.year, self.round, result, past,
                               self.agreement.period[0]))


def _odd_figures(verdict: GoalResult, words: Mapping[str, str]) -> Iterator[Finding]:
    """Ask about a result that is odd beside the goal's earlier ones."""
    for odd in verdict.odd:
        sides = verdict.answers[AnswerColumn.RESULT].sides
        place = sides[0].place if sides else Place(sheet=OPFOELGNING)
        result = _number(verdict.value(AnswerColumn.RESULT)) or 0.0
        asked = problem(odd.code, place, value=said_in(verdict.goal, result), was=odd.before, what=odd.when,
                        **words)
        yield replace(asked, level=odd.level)


def _unread_edits(verdict: GoalResult, words: Mapping[str, str]) -> list[Finding]:
    """Ask, for as long as it stands, about what the coordinator wrote in a cell that holds something else."""
    found = []
    for column, cell in verdict.answers.items():
        value = cell.outcome
        if not cell.decided or value is None:
            continue
        wanted = {AnswerColumn.RESULT: "et tal", AnswerColumn.BASELINE: "et tal", AnswerColumn.AS_OF: "en dato",
                  AnswerColumn.STATUS: "en af de otte statusser"}.get(column, "")
        right = (isinstance(value, date) if column is AnswerColumn.AS_OF else value in set(Status)
                 if column is AnswerColumn.STATUS else isinstance(value, float))
        if wanted and not right:
            found.append(problem("edit-unread", Place(sheet=OPFOELGNING), value=canonical(value), what=wanted, **words))
    return found


def _number(value: Value) -> float | None:
    return value if isinstance(value, float) else None


def _wants_result(verdict: GoalResult) -> bool:
    waiting = verdict.reported in (Status.AWAITING, Status.DROPPED, Status.NOT_STARTED)
    return rule_of(verdict.goal.measure.method).measured and not waiting
