"""The contract's Measures and Merge computed a second time, from `docs/kontrakt.md` alone.

Nothing of the program is imported here, so that a mistake in one of the two is a difference between them. Numbers are
exact fractions: a result that just reaches its target does so without rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

MIDTVEJS, AARSOPFOELGNING = "midtvejs", "aarsopfoelgning"
MET, PARTLY, NOT_MET, DROPPED = "Opfyldt", "Delvist opfyldt", "Ikke opfyldt", "Udgået"
MISSING, UNDECIDED, NOT_THIS_YEAR = "Mangler svar", "Uafklaret", "Ikke aktuelt i år"
STATUSES = (MET, "Forventes opfyldt", "Forventes ikke opfyldt", PARTLY, NOT_MET, "Ikke igangsat", "Afventer data", DROPPED)
GROWTH, AGAINST_BASELINE = ("Stigning i %", "Fald i %"), ("Fastholdes", "Må ikke stige", "Stiger", "Falder")
LEVEL_WORDS = ("%", "procent", "pct", "point", "score", "karakter", "andel", "gennemsnit")
"""What a unit says of a level, which can fall again; everything else is a count, which can't be lost."""


# ---------------------------------------------------------------- what was agreed and answered

@dataclass(frozen=True)
class Goal:
    """A row of ``Mål``: an effektmål, or a delmål of the effektmål whose text is ``effect``."""

    id: str
    effect: str
    sub: str = ""
    years: Mapping[int, Fraction | None] = field(default_factory=dict)
    method: str = ""
    target: Fraction | None = None
    baseline: Fraction | None = None
    unit: str = ""
    scope: str = ""
    withdrawn: bool = False
    owners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A year's agreement, the round that is followed up, and what earlier rounds said.

    ``year_before`` are the results of the årsopfølgning of the year before, ``midtvejs_baseline`` what was answered under
    Udgangspunkt at this year's midtvejs.
    """

    goals: tuple[Goal, ...]
    year: int
    round: str
    period: tuple[int, int]
    year_before: Mapping[str, Fraction] = field(default_factory=dict)
    midtvejs_baseline: Mapping[str, Fraction] = field(default_factory=dict)

    def family(self, goal: Goal) -> tuple[Goal, ...]:
        """Return an effektmål's row, where it has one, and its delmål."""
        return tuple(each for each in self.goals if each.effect == goal.effect)


@dataclass(frozen=True)
class Answered:
    """What the merge ended with for a goal.

    ``said`` are the columns that anybody said anything of, ``waiting`` those that the coordinator hasn't decided yet.
    """

    status: str = ""
    result: Fraction | None = None
    baseline: Fraction | None = None
    said: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()


# ---------------------------------------------------------------- years and targets

def last_year(plan: Plan, goal: Goal) -> int:
    """Return the last year in which a goal is active; one without years is active in the whole period."""
    return max(_years(plan, goal))


def active(plan: Plan, goal: Goal) -> bool:
    """Is it a goal of the year?"""
    return plan.year in _years(plan, goal)


def _years(plan: Plan, goal: Goal) -> frozenset[int]:
    """Return a goal's years: a delmål without any has its effektmål's, and an effektmål is active where a delmål is.

    Where the one has none either, crosses stand at the others of the family; where there are none at all, it is every year.
    """
    family = plan.family(goal)
    above = frozenset(year for each in family if not each.sub for year in each.years)
    below = frozenset(year for each in family if each.sub for year in each.years)
    found = frozenset(goal.years) or above or below if goal.sub else above | below
    return found or frozenset(range(plan.period[0], plan.period[1] + 1))


def target_of(plan: Plan, goal: Goal) -> Fraction | None:
    """Return the year's target: the number in its year cell, else Måltal."""
    own = goal.years.get(plan.year)
    return goal.target if own is None else own


def due(plan: Plan, goal: Goal) -> bool:
    """Must the target be reached in this round?"""
    return plan.round == AARSOPFOELGNING and (goal.scope == "Pr. år" or plan.year == last_year(plan, goal))


def is_level(unit: str) -> bool:
    """Is the result a level, which can fall again, and no count?"""
    return any(word in unit.casefold() for word in LEVEL_WORDS)


# ---------------------------------------------------------------- Målopfyldelse and Beregnet status

@dataclass(frozen=True)
class Fulfilment:
    """Is the target reached, and Målopfyldelse as a number: a share, or 1 and 0 where it is only met or not.

    Both are None where nothing can be said; a Højst that is passed by has no share where it has no Udgangspunkt above it.
    """

    reached: bool | None = None
    number: Fraction | None = None
    share: bool = False


def fulfilment(plan: Plan, goal: Goal, answered: Answered) -> Fulfilment:
    """Return F."""
    result, target, baseline = answered.result, target_of(plan, goal), baseline_of(plan, goal, answered)
    if result is None:
        return Fulfilment()
    if goal.method in AGAINST_BASELINE:
        if baseline is None or is_doubted(goal):
            return Fulfilment()
        return _met({"Fastholdes": result >= baseline, "Må ikke stige": result <= baseline,
                     "Stiger": result > baseline, "Falder": result < baseline}[goal.method])
    if target is None:
        return Fulfilment()
    if goal.method == "Mindst":
        return _reaches(result, target)
    if goal.method == "Højst":
        return _stays_under(result, target, baseline)
    if goal.method in GROWTH:
        return _grows(goal, result if goal.method == "Stigning i %" else -result, target,
                      baseline if baseline is None or goal.method == "Stigning i %" else -baseline)
    return Fulfilment()


def is_doubted(goal: Goal) -> bool:
    """Has it a number that nothing is held against, which is asked about? A target that says the same again is none."""
    targets = {each for each in (goal.target, *goal.years.values()) if each is not None}
    return bool(targets) and not goal.withdrawn and (goal.baseline is None or targets != {goal.baseline})


def _met(reached: bool) -> Fulfilment:
    return Fulfilment(reached, Fraction(int(reached)))


def _reaches(result: Fraction, target: Fraction) -> Fulfilment:
    return Fulfilment(result >= target, result / target, True) if target > 0 else _met(result >= target)


def _stays_under(result: Fraction, target: Fraction, baseline: Fraction | None) -> Fulfilment:
    if target <= 0:
        return _met(result <= target)
    if result <= target:
        return Fulfilment(True, Fraction(1), True)
    if baseline is not None and baseline > target:
        return Fulfilment(False, max((baseline - result) / (baseline - target), Fraction(0)), True)
    return Fulfilment(False)


def _grows(goal: Goal, result: Fraction, target: Fraction, baseline: Fraction | None) -> Fulfilment:
    """Hold a rise against its target, which is in percent of the baseline or in points; a fall comes here mirrored."""
    if goal.unit == "%":  # the change itself; with an Udgangspunkt it could be a level, which is asked about
        return _reaches(result, target) if baseline is None else Fulfilment()
    if baseline is None:
        return Fulfilment()
    if goal.unit == "procentpoint":
        return _reaches(result - baseline, target)
    if baseline == 0:  # no percentage says how much 0 has changed
        return _met(result > 0 or (result == 0 and target <= 0))
    return _reaches(100 * (result - baseline) / abs(baseline), target)


def baseline_of(plan: Plan, goal: Goal, answered: Answered) -> Fraction | None:
    """Return what a result is held against.

    What somebody wrote this round, else the year before for growth ``Pr. år`` where it is known, else Udgangspunkt, else
    what was answered under it at midtvejs.
    """
    if answered.baseline is not None or "baseline" in answered.said:
        return answered.baseline
    if goal.method in GROWTH and goal.unit != "%" and goal.scope == "Pr. år" and goal.id in plan.year_before:
        return plan.year_before[goal.id]
    return plan.midtvejs_baseline.get(goal.id) if goal.baseline is None else goal.baseline


def own_computed(plan: Plan, goal: Goal, answered: Answered) -> str:
    """Return Beregnet status of a goal by its own figures, '' where there is none."""
    found = fulfilment(plan, goal, answered)
    if found.reached is None:
        return ""
    if not due(plan, goal):
        return MET if found.reached and goal.method == "Mindst" and not is_level(goal.unit) else ""
    if found.reached:
        return MET
    partly = found.share and found.number is not None and 0 < found.number < 1
    return PARTLY if partly and _better(goal, answered.result, baseline_of(plan, goal, answered)) else NOT_MET


def _better(goal: Goal, result: Fraction | None, baseline: Fraction | None) -> bool:
    if baseline is None or result is None:
        return True
    return result < baseline if goal.method in ("Højst", "Fald i %") else result > baseline


# ---------------------------------------------------------------- a goal in its year

@dataclass(frozen=True)
class Judged:
    """What the follow-up says of a goal; ``speaks`` is the status its effektmål goes by: the reported, else the computed."""

    status: str
    computed: str = ""
    fulfilment: Fulfilment = Fulfilment()
    contradicts: bool = False
    speaks: str = ""
    due: bool = False


def judge(plan: Plan, answers: Mapping[str, Answered]) -> dict[str, Judged]:
    """Judge every goal: the delmål first, since an effektmål may follow them."""
    found: dict[str, Judged] = {}
    for goal in sorted(plan.goals, key=lambda each: not each.sub):
        found[goal.id] = _judge(plan, goal, answers.get(goal.id, Answered()), () if goal.sub else _subs(plan, goal, found))
    return found


def _subs(plan: Plan, goal: Goal, found: Mapping[str, Judged]) -> list[Judged]:
    """Return what is said of an effektmål's delmål of the year."""
    return [found[each.id] for each in plan.family(goal) if each.sub and active(plan, each) and not each.withdrawn]


def _judge(plan: Plan, goal: Goal, answered: Answered, subs: Sequence[Judged]) -> Judged:
    waits = "status" in answered.waiting
    if goal.withdrawn:  # what somebody answered all the same is shown
        return Judged(UNDECIDED if waits else answered.status or DROPPED, speaks=DROPPED)
    if not active(plan, goal):
        return Judged(NOT_THIS_YEAR)
    mine, now = fulfilment(plan, goal, answered), due(plan, goal)
    own, theirs = own_computed(plan, goal, answered), follows(subs, now)
    if not subs:
        computed, shown = own, ""
    elif has_target(plan, goal):
        computed = together(own, mine.reached, theirs, now)
        shown = computed or (_not_yet(mine.reached) if theirs == MET else theirs)
    else:  # only where nobody says another status
        computed = shown = "" if answered.status or waits else theirs
    if waits:
        return Judged(UNDECIDED, computed, mine, due=now)
    if not answered.status and shown and not computed:
        computed = shown
    apart = bool(subs) and now and mine.reached is not None and computed == PARTLY and mine.reached != (theirs == MET)
    asked = answered.status not in ("", computed, DROPPED) if apart else contradicts(answered.status, computed, mine.reached)
    if answered.status == MET and has_target(plan, goal):  # the whole is reached where the delmål are too
        asked = asked or any(not_reached(each) for each in subs)
    return Judged(answered.status or shown or MISSING, computed, mine, asked, answered.status or computed, now)


def not_reached(sub: Judged) -> bool:
    """Does anybody know that a delmål isn't reached: by its status, or by figures that give none yet?"""
    if sub.speaks:
        return sub.speaks not in (MET, "Afventer data", DROPPED)
    return sub.status != UNDECIDED and sub.fulfilment.reached is False


def has_target(plan: Plan, goal: Goal) -> bool:
    """Has an effektmål something of its own to reach, whether or not it can be computed yet?"""
    return goal.method in AGAINST_BASELINE or (
        goal.method in ("Mindst", "Højst", *GROWTH) and target_of(plan, goal) is not None)


def together(own: str, reached: bool | None, theirs: str, now: bool) -> str:
    """Return Beregnet status of an effektmål with a target and delmål: reached where both are.

    What is all Udgået doesn't count; of delmål that lack a status or await data nobody knows.
    """
    if theirs == DROPPED or (reached is False and theirs != MET):
        return own
    if reached is None or theirs in ("", "Afventer data"):
        return ""
    if reached and theirs == MET:
        return own
    return PARTLY if now else ""


def _not_yet(reached: bool | None) -> str:
    """Return what is shown where the delmål are reached, and the effektmål's own target gives no status yet."""
    return "" if reached is None else "Forventes opfyldt" if reached else PARTLY


def follows(subs: Sequence[Judged], now: bool = False) -> str:
    """Return the status that follows from the delmål of the year, '' where one of them has none.

    ``now`` tells that their effektmål is due; so it is too where all of them are.
    """
    said = {each.speaks for each in subs}
    if not said or "" in said:
        return ""
    said -= {DROPPED}
    if len(said) <= 1:
        return next(iter(said), DROPPED)
    if "Forventes ikke opfyldt" in said:
        return "Forventes ikke opfyldt"
    if said == {MET, "Forventes opfyldt"}:
        return "Forventes opfyldt"
    if "Afventer data" in said:
        return "Afventer data"
    if said & {MET, PARTLY}:
        return PARTLY
    # Forventes opfyldt, Ikke opfyldt or Ikke igangsat: nothing is reached.
    if now or all(each.due for each in subs):
        return NOT_MET
    return "Forventes ikke opfyldt" if NOT_MET in said else "Forventes opfyldt"


def contradicts(status: str, computed: str, reached: bool | None) -> bool:
    """Must a reported status be asked about? Only reached or not reached contradicts it, also before the deadline."""
    if status == MET:
        return reached is False or computed in (PARTLY, NOT_MET)
    return computed == MET and status not in ("", DROPPED)


def counts(plan: Plan, judged: Mapping[str, Judged]) -> dict[str, int]:
    """Count the year's effektmål by status; delmål without a row for their effektmål are one goal, which follows them."""
    found: Counter[str] = Counter()
    for effect in dict.fromkeys(goal.effect for goal in plan.goals):
        family = [goal for goal in plan.goals if goal.effect == effect]
        row = next((goal for goal in family if not goal.sub), None)
        goal = row or Goal("", effect, withdrawn=all(each.withdrawn for each in family))
        if active(plan, goal):
            found[(judged[row.id] if row else _judge(plan, goal, Answered(), _subs(plan, goal, judged))).status] += 1
    return dict(found)


# ---------------------------------------------------------------- the merge

Value = str | Fraction | None
Where = tuple[str, str]
"""A goal's Mål-id and an answer column: ``status``, ``result`` or ``baseline``."""


@dataclass(frozen=True)
class File:
    """A returned skema: whose it is, who filled it in and when, and what differs from what was sent (None: cleared).

    ``same_as`` names the file that it has the very bytes of.
    """

    form: str
    by: str
    when: str
    answers: Mapping[Where, Value]
    name: str = ""
    same_as: str = ""


@dataclass(frozen=True)
class Choice:
    """What the coordinator chose or typed for a cell, and the answers that were known then."""

    chosen: Value
    against: frozenset[Value]


def said(files: Iterable[File]) -> dict[Where, frozenset[Value]]:
    """Return what is said of each cell by the files that count."""
    found: dict[Where, set[Value]] = {}
    for group in _people(files):
        times = [each.when for each in group]
        versions = len(group) > 1 and all(times) and len(set(times)) == len(times)
        seen: set[Where] = set()
        for each in sorted(group, key=lambda one: one.when, reverse=True):
            for where, value in each.answers.items():
                if not (versions and where in seen):
                    found.setdefault(where, set()).add(value)
            seen |= each.answers.keys()
    return {where: frozenset(values) for where, values in found.items()}


def _people(files: Iterable[File]) -> Iterable[list[File]]:
    """Return the files of one skema by one person together; files that nobody signed are nobody's versions."""
    groups: dict[tuple[str, str, int], list[File]] = {}
    for number, each in enumerate(each for each in files if not each.same_as):
        groups.setdefault((each.form, each.by, 0 if each.by else number + 1), []).append(each)
    return groups.values()


def outcome(values: frozenset[Value], choice: Choice | None) -> tuple[Value, bool]:
    """Return what a cell ends with, and whether it waits for the coordinator: None and True while it does."""
    if choice is not None:
        return (None, True) if values - choice.against - {choice.chosen} else (choice.chosen, False)
    return (None, True) if len(values) > 1 else (next(iter(values), None), False)


def merged(files: Sequence[File], choices: Mapping[Where, Choice]) -> dict[str, Answered]:
    """Return what every goal ends with."""
    spoken = said(files)
    found: dict[str, dict[str, tuple[Value, bool]]] = {}
    for goal, column in {*spoken, *choices}:
        found.setdefault(goal, {})[column] = outcome(spoken.get((goal, column), frozenset()), choices.get((goal, column)))
    return {goal: _answered(columns) for goal, columns in found.items()}


def _answered(columns: Mapping[str, tuple[Value, bool]]) -> Answered:
    status, result, baseline = (columns.get(name, (None, False))[0] for name in ("status", "result", "baseline"))
    assert not isinstance(status, Fraction) and not isinstance(result, str) and not isinstance(baseline, str)
    return Answered(status or "", result, baseline, frozenset(columns),
                    frozenset(name for name, (_, waits) in columns.items() if waits))


@dataclass
class Standing:
    """A follow-up over several times of flet: the files that have come, and what the coordinator has chosen."""

    plan: Plan
    files: tuple[File, ...] = ()
    choices: dict[Where, Choice] = field(default_factory=dict)

    def flet(self, written: Mapping[Where, Value], files: Iterable[File]) -> None:
        """Take what was written in the follow-up since the last time, and then the files that have come meanwhile.

        Emptying a cell in which nobody had answered takes nothing away, so it is no choice.
        """
        spoken = said(self.files)
        for where, value in written.items():
            if value is not None or where in spoken or where in self.choices:
                self.choices[where] = Choice(value, spoken.get(where, frozenset()))
        self.files += tuple(files)

    @property
    def answers(self) -> dict[str, Answered]:
        """What every goal ends with now."""
        return merged(self.files, self.choices)

    @property
    def judged(self) -> dict[str, Judged]:
        """What is said of every goal now."""
        return judge(self.plan, self.answers)
