"""What the answers say of each goal: fulfilment, computed status, what is shown, and what must still be asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from aftale.agreement.checks import subgoals
from aftale.agreement.measures import (
    METHOD,
    TARGET,
    active_years,
    baseline_in,
    computed_status,
    contradicts,
    is_due,
    measure_outcome,
    needs_baseline,
    status_from_subgoals,
    with_subgoals,
    without_own_measure,
    year_target,
)
from aftale.agreement.methods import Outcome, rule_of
from aftale.agreement.read_goals import followed
from aftale.followup.odd_figures import Figure, Oddity, oddities, said_in
from aftale.forms.plan import owners_of, round_goals
from aftale.forms.returned import Returned
from aftale.forms.versions import nothing_to_report, unread_answers
from aftale.merge.apply_choices import Settled
from aftale.merge.merge import Merged, MergeResult
from aftale.merge.state import History
from aftale.model.agreement import (
    JOINED_COLUMNS,
    MISSING,
    NOT_THIS_YEAR,
    REMARK_REQUIRED,
    UNDECIDED,
    WITHDRAWN,
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
from aftale.model.findings import ODD, Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import asks_something, canonical, fold, listing

ANSWERED, PARTLY, CONFLICTING, NOTHING, NO_OWNER, FOLLOWS, UNREAD, BY_MAIL = (
    "Besvaret", "Delvist besvaret", "Modstridende svar", "Intet at melde", "Ingen ansvarlig", "Følger af delmål",
    "Svar kan ikke læses", "Besvaret i en mail")


@dataclass(frozen=True)
class GoalResult:
    """One goal of the plan in one round.

    ``shown`` is what stands under Status; ``computed`` what the figures (or the delmål) say; ``reported`` what
    somebody answered. Numbers are points where the unit is %. ``odd`` is what is odd about the result beside earlier ones,
    ``apart`` what of an effektmål's own target and its delmål is reached and what isn't, where that is asked about.
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
    apart: str = ""
    settled: frozenset[str] = frozenset()

    @property
    def counted(self) -> bool:
        """Is it one of the year's goals? One that was taken out of the agreement is, under Udgået."""
        return self.active or self.response == WITHDRAWN

    def value(self, column: AnswerColumn) -> Value:
        """Return what a cell ends with, None where there is no answer or it is undecided."""
        cell = self.answers.get(column)
        return cell.outcome if cell else None

    def undecided(self, column: AnswerColumn) -> bool:
        """Tell whether a cell waits for the coordinator."""
        cell = self.answers.get(column)
        return bool(cell and cell.conflict)

    @property
    def overruled(self) -> str:
        """The status that was reported where the coordinator has decided another one; '' where there is none."""
        cell = self.answers.get(AnswerColumn.STATUS)
        said = {canonical(side.value) for side in cell.sides if side.value} if cell and cell.decided else set()
        return next(iter(said)) if len(said) == 1 and cell and canonical(cell.outcome) not in said else ""

    @property
    def contradicts(self) -> bool:
        """Does the reported status say reached where the figures say not, or the other way round?"""
        missed = 0.0 if self.outcome.met is False else self.outcome.fulfilment
        apart = bool(self.apart) and self.reported in set(Status) and self.reported not in (self.computed, Status.DROPPED)
        return apart or contradicts(self.reported, self.computed, missed)


def judge_goals(agreement: Agreement, round_: Round, merged: MergeResult, returned: Sequence[Returned],
                history: Sequence[History], by_mail: Collection[str] = (),
                settled: Settled | None = None, doubted: Collection[str] = ()) -> tuple[GoalResult, ...]:
    """Judge every effektmål and delmål of the plan, and what else has an ansvarlig, in the agreement's order.

    ``by_mail`` are the ansvarlige (folded) of whom the coordinator has said that a mail is their whole answer, and
    ``settled`` what she has settled of answers that couldn't be read or are missing. Nothing is computed of the goals (by
    Mål-id) that are ``doubted``.
    """
    judge = _Judge(agreement, round_, merged, returned, history, by_mail, settled or Settled(), doubted)
    first = {goal_id: judge.own(goal) for goal_id, goal in followed(agreement).items()}
    return tuple(judge.whole(result, first) for result in first.values())


class _Judge:
    def __init__(self, agreement: Agreement, round_: Round, merged: MergeResult, returned: Sequence[Returned],
                 history: Sequence[History], by_mail: Collection[str], settled: Settled,
                 doubted: Collection[str]) -> None:
        self.agreement, self.round, self.merged, self.doubted = agreement, round_, merged, frozenset(doubted)
        self.followed = {goal.id for goal in round_goals(agreement, agreement.year)}
        self.history = {(h.goal, h.year, h.round): h for h in history}
        self.past: dict[str, list[History]] = {}
        now = (agreement.year, round_ is not Round.MIDTVEJS)
        for at, past in sorted(((h.year, h.round != Round.MIDTVEJS.value), h) for h in history):
            if at < now:
                self.past.setdefault(past.goal, []).append(past)
        files: dict[str, list[Returned]] = {}
        for each in returned:
            files.setdefault(fold(each.owner), []).append(each)
        self.through = {**{owner: NOTHING for owner, theirs in files.items() if nothing_to_report(theirs)},
                        **dict.fromkeys(by_mail, BY_MAIL)}
        self.settled = settled
        self.unread = {goal: columns - settled.unread.get(goal, frozenset())
                       for goal, columns in unread_answers(returned).items()}

    def own(self, goal: Goal) -> GoalResult:
        """Judge a goal by its own answers."""
        agreement, year, active = self.agreement, self.agreement.year, goal.id in self.followed
        years = active_years(goal, agreement.family(goal), agreement.plan_years)
        answers = {column: self.merged.cells[goal.id, column] for column in AnswerColumn
                   if (goal.id, column) in self.merged.cells}
        figure, status = (answers[column].outcome if column in answers else None
                          for column in (AnswerColumn.RESULT, AnswerColumn.STATUS))
        target, baseline = year_target(goal, year), self._baseline(goal, answers)
        outcome = measure_outcome(goal.measure, target, _number(figure), _number(baseline))
        if goal.id in self.doubted:
            outcome = Outcome(missing=(*outcome.missing, METHOD))
        due = is_due(goal.measure, years, year, self.round)
        computed = computed_status(outcome, goal.measure, due) if active else None
        sources = dict.fromkeys(side.source.sha256 for cell in answers.values() for side in cell.sides)
        result = GoalResult(goal, years, active, owners_of(goal, agreement), target, baseline, outcome, due, answers,
                            canonical(status), computed.value if computed else "", sources=tuple(sources))
        lacks_none = AnswerColumn.RESULT in self.settled.unread.get(goal.id, ()) and figure is None
        result = replace(result, settled=frozenset(("result",) if lacks_none else ()))
        return replace(result, shown=_shown(result), response=self._response(result))

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

    def _response(self, result: GoalResult) -> str:
        if not result.active:
            return WITHDRAWN if result.goal.withdrawn and self.agreement.year in result.years else NOT_THIS_YEAR
        if any(cell.conflict for cell in result.answers.values()):
            return CONFLICTING
        said = {c for c, cell in result.answers.items() if canonical(cell.outcome)}
        wanted = (rule_of(result.goal.measure.method).measured
                  and result.reported not in (Status.AWAITING, Status.DROPPED, Status.NOT_STARTED))
        wanted = wanted and "result" not in result.settled
        if AnswerColumn.STATUS in said and (AnswerColumn.RESULT in said or not wanted):
            return ANSWERED
        unread = self.unread.get(result.goal.id, frozenset())
        if (unread & {AnswerColumn.STATUS, AnswerColumn.RESULT}) - said or (unread and not said):
            return UNREAD
        if said:
            return PARTLY
        if not result.owners:
            return NO_OWNER
        # A goal of several has nothing to report only once all of them have said so.
        through = {self.through.get(fold(owner.name), MISSING) for owner in result.owners}
        return MISSING if MISSING in through else NOTHING if through == {NOTHING} else BY_MAIL

    def whole(self, result: GoalResult, all_: Mapping[str, GoalResult]) -> GoalResult:
        """Let an effektmål without a status show the one that follows from its delmål, and ask what is to be asked."""
        subs = [all_[s.id] for s in subgoals(self.agreement, result.goal)] if result.goal.level is Level.EFFECT else []
        subs = [sub for sub in subs if sub.active]
        was = replace(result, reported=result.overruled) if result.overruled else None
        if result.active and subs:
            result = _beside_subgoals(result, subs)
            was = _beside_subgoals(was, subs) if was else None
        if subs and (result.response == NO_OWNER and all(sub.owners for sub in subs)
                     or result.response == MISSING and without_own_measure(result.goal)):
            result = replace(result, response=FOLLOWS)  # nobody is asked about it but through its delmål
        result = replace(result, odd=self._odd(result))
        problems = _questions(result) if result.active else _withdrawn_answered(result)
        if was and was.contradicts and self.settled.keys.found(asked := _contradiction(was)) in self.settled.used:
            problems = (*problems, asked)  # what was reported stays on record, beside what the coordinator chose
        settled = result.settled | ({"remark"} if self.settled.without_remark(problems) else set())
        return replace(result, problems=problems, settled=settled)

    def _odd(self, result: GoalResult) -> tuple[Oddity, ...]:
        """Return what is odd about a goal's figure."""
        past, figure = self.past.get(result.goal.id, ()), _number(result.value(AnswerColumn.RESULT))
        if figure is None or not result.active:
            return ()
        return oddities(Figure(result.goal, self.agreement.year, self.round, figure, past, self.agreement.period[0],
                               result.target, _number(result.baseline)))


_APART = {True: "Målets eget måltal er nået, men ikke delmålene.", False: "Delmålene er nået, men ikke målets eget måltal.",
          None: "Delmålene er ikke nået."}


def _beside_subgoals(result: GoalResult, subs: Sequence[GoalResult]) -> GoalResult:
    """Return an effektmål as it stands beside its delmål of the year."""
    statuses = [None if sub.undecided(AnswerColumn.STATUS) else sub.reported or sub.computed or None for sub in subs]
    follows = status_from_subgoals(statuses, result.due or all(sub.due for sub in subs))
    met = result.outcome.met
    # A target of its own counts also where it can't be computed yet, and it is due by its own years, not by its delmål's.
    if rule_of(result.goal.measure.method).measured and TARGET not in result.outcome.missing:
        own = Status(result.computed) if result.computed else None
        both = with_subgoals(own, met, follows, result.due)
        one_only = both is Status.PARTLY and met == (follows is not Status.MET)
        too_early = met is not False and result.reported == Status.MET and any(_not_reached(sub) for sub in subs)
        apart = _APART[met] if one_only or too_early else ""
        result = replace(result, computed=both.value if both else "", apart=apart)
        if follows is Status.MET:
            follows = both or {True: Status.EXPECTED, False: Status.PARTLY, None: None}[met]
        elif both:
            follows = both
    if follows is None or result.reported or result.undecided(AnswerColumn.STATUS):
        return result
    # Words of somebody's beside it are no part of an answer that isn't waited for.
    answered = any(column not in JOINED_COLUMNS for column in result.answers)
    return replace(result, computed=result.computed or follows.value, shown=follows.value,
                   response=result.response if answered or result.response == UNREAD else FOLLOWS)


def _not_reached(sub: GoalResult) -> bool:
    """Is a delmål known not to be reached? It goes by what was reported, else by what its figures give."""
    if sub.undecided(AnswerColumn.STATUS):
        return False
    said = sub.reported or sub.computed
    return said not in (Status.MET, Status.AWAITING, Status.DROPPED) if said else sub.outcome.met is False


def _shown(result: GoalResult) -> str:
    if result.undecided(AnswerColumn.STATUS):
        return UNDECIDED
    if result.reported or result.goal.withdrawn:
        return result.reported or Status.DROPPED.value
    return MISSING if result.active else NOT_THIS_YEAR


def _where(result: GoalResult) -> Place:
    """Return where a goal's status stands, or else where anything was answered of it."""
    status = [cell for column, cell in result.answers.items() if column is AnswerColumn.STATUS]
    return next((side.place for cell in (*status, *result.answers.values()) for side in cell.sides), Place())


def _withdrawn_answered(result: GoalResult) -> tuple[Finding, ...]:
    """Ask about a status that was reported of a goal which the agreement has taken out."""
    if not result.goal.withdrawn or result.reported in ("", Status.DROPPED):
        return ()
    return (problem("withdrawn-answered", _where(result), goal=result.goal.id, value=result.reported),)


def _questions(result: GoalResult) -> tuple[Finding, ...]:
    place, words = _where(result), _words(result)
    found = []
    if result.reported in REMARK_REQUIRED and not canonical(result.value(AnswerColumn.REMARKS)) \
            and not result.undecided(AnswerColumn.REMARKS):
        found.append(problem("remark-missing", place, value=result.reported, **words))
    if result.contradicts:
        found.append(_contradiction(result))
    found += _unread_edits(result, words)
    found += _asked_in_remarks(result)
    figure = _number(result.value(AnswerColumn.RESULT))
    if figure is not None and "udgangspunkt" in result.outcome.missing:
        found.append(problem("baseline-missing", place, **words))
    for odd in result.odd:
        at = next((side.place for side in result.answers[AnswerColumn.RESULT].sides), Place(sheet=OPFOELGNING))
        asked = problem(odd.code, at, value=said_in(result.goal, figure or 0.0), was=odd.before, what=odd.when,
                        hint=odd.hint, **words)
        found.append(replace(asked, level=odd.level, kind=ODD, column=AnswerColumn.RESULT.value, readings=odd.readings))
    return tuple(found)


def _words(result: GoalResult) -> dict[str, str]:
    return {"goal": result.goal.id, "owner": listing([o.name for o in result.owners]) or "den ansvarlige"}


def _contradiction(result: GoalResult) -> Finding:
    """Ask about a status that says something else than the figures."""
    return problem("status-contradiction", _where(result), value=result.reported, computed=says(result), what=result.apart,
                   **_words(result))


def _asked_in_remarks(result: GoalResult) -> Iterator[Finding]:
    """Make a question to the coordinator of a remark that asks something, unless she has written what stands there."""
    for column in JOINED_COLUMNS:
        cell = result.answers.get(column)
        for side in cell.sides if cell and not cell.decided else ():
            if asks_something(text := canonical(side.value)):
                yield problem("colleague-asks", side.place, owner=side.who, value=text, goal=result.goal.id)


def says(result: GoalResult) -> str:
    """Say what the figures give, also where they give no status yet."""
    return result.computed or "ikke opfyldt endnu"


_WANTED = {AnswerColumn.RESULT: "et tal", AnswerColumn.BASELINE: "et tal", AnswerColumn.AS_OF: "en dato",
           AnswerColumn.STATUS: "en af de otte statusser"}


def _unread_edits(result: GoalResult, words: Mapping[str, str]) -> Iterator[Finding]:
    """Ask, for as long as it stands, about what the coordinator wrote in a cell that holds something else."""
    for column, cell in result.answers.items():
        value = cell.outcome
        right = (value in set(Status) if column is AnswerColumn.STATUS
                 else isinstance(value, date if column is AnswerColumn.AS_OF else float))
        if cell.decided and value is not None and column in _WANTED and not right:
            yield problem("edit-unread", Place(sheet=OPFOELGNING), value=canonical(value), what=_WANTED[column], **words)


def _number(value: Value) -> float | None:
    return value if isinstance(value, float) else None
