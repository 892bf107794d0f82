"""Next year's agreement: what becomes of every goal, what is written in the workbook, and what people must decide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from aftale.agreement.checks import bare_years, cell_of, subgoals
from aftale.agreement.measures import active_years, agreed_target, target_sentence, year_target
from aftale.agreement.methods import rule_of
from aftale.agreement.read_goals import followed, with_effects
from aftale.agreement.theme_years import theme_over
from aftale.forms.plan import round_goals
from aftale.merge.merge import HEADERS, answer_cell
from aftale.model.agreement import MISSING, UNDECIDED, Agreement, AnswerColumn, Goal, Level, Round, Scope, Status, Value
from aftale.model.columns import FORSIDE, MAAL, NEWS_COLUMNS, TEXT_NAMES, news_sheet
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.tables import Cell, Table
from aftale.model.text import canonical, capital, cut, danish_date, listing, some
from aftale.next_year.goal_outcomes import (
    GoalOutcome,
    LastSaid,
    Suggestion,
    carry_over_note,
    new_baseline,
    noted,
    outcome_of,
    replaced_by,
    replaces,
)

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_DROPPED_BEFORE = re.compile(r"(?i)udgået i ((?:19|20)\d\d)\b")
_MOST = 8
_REMARK, _NEXT_STEP = 200, 120
"""The most characters of what people wrote: all of it stands in the follow-up, and the row must be read at a glance."""
_FRAME = "oekonomisk_ramme"
_NEXT = (GoalOutcome.GOES_ON, GoalOutcome.BEGINS)
_TALKED_OF = (Status.NOT_EXPECTED, Status.PARTLY, Status.NOT_MET)
_FIGURED = (GoalOutcome.GOES_ON, GoalOutcome.BEGINS, GoalOutcome.PAUSES, GoalOutcome.CARRY_OVER, GoalOutcome.UNREAD)
"""What may be measured again, so that its baseline must be kept true."""


@dataclass(frozen=True)
class News:
    """A line of what is new: of a goal, or of the whole agreement (without one); ``means`` says what it means for the year.

    ``asks`` tells that people must do something about it, whatever its outcome is.
    """

    outcome: GoalOutcome
    goal: Goal | None
    text: str
    means: str
    last: LastSaid = LastSaid()
    remark: str = ""
    asks: bool = False


@dataclass(frozen=True)
class NextYear:
    """What next year's agreement says that this year's doesn't.

    ``facts`` are the fields of ``Forside`` that change. By Mål-id ``notes`` are the new texts of Note, and ``baselines``
    the new figures of Udgangspunkt (None: the one that stands there is no longer true).
    """

    year: int
    period: tuple[int, int]
    facts: Mapping[str, Value] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    baselines: Mapping[str, float | None] = field(default_factory=dict)
    news: tuple[News, ...] = ()
    problems: tuple[Finding, ...] = ()


def plan_next_year(agreement: Agreement, last: Mapping[str, LastSaid], midway: bool = False,
                   suggestions: Sequence[Suggestion] = (),
                   goals_mentioned: Mapping[str, Goal] | None = None) -> NextYear:
    """Say what becomes of an agreement when its year ends; ``midway`` tells that the årsopfølgning isn't there yet.

    ``suggestions`` and ``goals_mentioned`` are what `suggested` and `goals_mentioned` found in the year's follow-ups.
    """
    maker = _Maker(agreement, last)
    maker.goals()
    maker.baselines_and_targets()
    maker.replacements()
    maker.gone(goals_mentioned or {})
    maker.focus_areas()
    maker.suggestions(suggestions)
    facts = maker.facts()
    maker.whole(midway)
    order = {goal.id: number for number, goal in enumerate(agreement.goals)}
    news = sorted(maker.news, key=lambda n: (list(GoalOutcome).index(n.outcome), order.get(n.goal.id, -1) if n.goal else -1))
    return NextYear(maker.next, maker.period, facts, maker.notes(), maker.baselines, tuple(news), tuple(maker.problems))


class _Maker:
    def __init__(self, agreement: Agreement, last: Mapping[str, LastSaid]) -> None:
        self.agreement, self.last, self.followed = agreement, last, followed(agreement)
        self.year, self.next = agreement.year, agreement.year + 1
        self.period = agreement.period[0], max(agreement.period[1], self.next)  # one year longer where the plan is over
        self.sheet = next((goal.place.sheet for goal in agreement.goals if goal.place.sheet), MAAL)
        self.plan = tuple(range(self.period[0], self.period[1] + 1))
        self.by = _replaced(agreement)
        self.outcomes: dict[str, GoalOutcome] = {}
        self.news: list[News] = []
        self.problems: list[Finding] = []
        self.lines: dict[str, list[str]] = {}
        self.dropped: dict[str, str] = {}
        self.baselines: dict[str, float | None] = {}
        self.rebased: set[str] = set()

    def years(self, goal: Goal) -> tuple[int, ...]:
        """Return the years that a goal is active, in the plan as it will be."""
        return active_years(goal, self.agreement.family(goal), self.plan)

    def said(self, goal: Goal) -> LastSaid:
        """Return the last that was said of a goal."""
        return self.last.get(goal.id, LastSaid())

    def ask(self, code: str, goal: Goal, key: str, **words: object) -> None:
        """Add a finding at a goal's cell."""
        place = cell_of(goal.place, self.agreement, key)
        self.problems.append(problem(code, place, goal=goal.id, sheet=self.sheet, **words))

    # ---- what becomes of every goal

    def goals(self) -> None:
        """Find the outcome of every goal that is followed up."""
        for goal in self.followed.values():
            last = self.said(goal)
            before = _DROPPED_BEFORE.search(goal.note) if goal.withdrawn else None
            if before and int(before[1]) < self.year:
                continue  # which is told already
            outcome = outcome_of(self.years(goal), self.year, last.status, goal.withdrawn, goal.id in self.by,
                           f"y{self.next}" in goal.unread)
            if outcome is not None:
                self.outcomes[goal.id] = outcome
        for goal_id, outcome in self.outcomes.items():
            self._tell(self.followed[goal_id], outcome)

    def _tell(self, goal: Goal, outcome: GoalOutcome) -> None:
        last = self.said(goal)
        known = last if self.year in self.years(goal) else LastSaid()
        if not known.status and outcome in (GoalOutcome.CARRY_OVER, GoalOutcome.GOES_ON) and not self._heading(goal):
            known = replace(known, status=MISSING)
        self.news.append(News(outcome, goal, goal.text, self._means(goal, outcome), known,
                              self._remark(goal, outcome, known), outcome in _NEXT and goal.id in self.by))

    def _remark(self, goal: Goal, outcome: GoalOutcome, last: LastSaid) -> str:
        finished = last.status == Status.MET and goal.measure.scope is not Scope.PER_YEAR and not self._heading(goal)
        told = ["Er meldt opfyldt. Skal det stadig følges?"] if outcome is GoalOutcome.GOES_ON and finished else []
        told += ["Status er fra midtvejsopfølgningen."] if last.status_round is Round.MIDTVEJS else []
        told += ["Resultatet er fra midtvejsopfølgningen."] if last.result_round is Round.MIDTVEJS else []
        mark = "(midtvejs) " if last.status_round is not Round.MIDTVEJS else ""
        remark, step, department = (mark if each is Round.MIDTVEJS else "" for each in (
            last.remark_round, last.step_round, last.department_round))
        if outcome in (GoalOutcome.CARRY_OVER, GoalOutcome.DROPPED, GoalOutcome.ENDS) or last.status in _TALKED_OF:
            told += [f"{remark}{cut(last.remark, _REMARK)}"] if last.remark else []
            told += [f"{step}Næste skridt: {cut(last.next_step, _NEXT_STEP)}"] if last.next_step else []
        called = capital(self.agreement.short_department)
        told += [f"{department}{called}: {cut(last.department, _REMARK)}"] if last.department else []
        return "\n".join(told)

    def _heading(self, goal: Goal) -> bool:
        """Is it a goal that nobody answers for, but through its delmål?"""
        return goal.level is Level.EFFECT and not goal.measure.method and bool(subgoals(self.agreement, goal))

    def _means(self, goal: Goal, outcome: GoalOutcome) -> str:
        """Say what an outcome means for the year to come, and ask what people must decide."""
        if outcome is GoalOutcome.CARRY_OVER:
            return self._carry_over(goal)
        if outcome is GoalOutcome.DROPPED:
            return self._drops(goal)
        years, by = self.years(goal), listing(self.by.get(goal.id, ()))
        if outcome is GoalOutcome.ENDS:
            return f"{self.year} var det sidste år.{f' Erstattet af {by}.' if by else ''}"
        if outcome is GoalOutcome.PAUSES:
            return f"Ingen kryds i {self.next}. Gælder igen i {next(year for year in years if year > self.next)}."
        if outcome is GoalOutcome.UNREAD:
            return (f"I feltet for {self.next} står »{goal.unread[f'y{self.next}']}«, som ikke kan læses som x eller et"
                    f" måltal. Ret det på arket {self.sheet}, hvis målet skal med i {self.next}.")
        told = []
        if outcome is GoalOutcome.BEGINS:
            old = [goal_id for goal_id, new in self.by.items() if goal.id in new]
            told += ["Begynder igen."] if min(years) < self.year else []
            told += [f"Erstatter {listing(old)}."] if old else []
        told += [f"Er erstattet af {by}, men har stadig kryds i {self.next}. Slet krydset, eller ret Note."] if by else []
        target = target_sentence(goal.measure, agreed_target(goal, self.next), years)
        told += [f"{target}."] if target else []
        told.append(f"Til og med {years[-1]}." if years[-1] > self.next else f"{self.next} er det sidste år.")
        return " ".join(told)

    def _carry_over(self, goal: Goal) -> str:
        status = self.said(goal).status or MISSING
        family = self.agreement.family(goal) if goal.level is Level.SUB and not goal.years else ()
        for above in family:
            if above.level is Level.EFFECT and self.outcomes.get(above.id) is GoalOutcome.CARRY_OVER:
                return (f"{self.year} var det sidste år, og delmålet er ikke meldt opfyldt. Det følger effektmålet"
                        f" {above.id}.")
        subs = subgoals(self.agreement, goal) if self._heading(goal) else ()
        if any(sub.years and self.outcomes.get(sub.id) is GoalOutcome.CARRY_OVER for sub in subs):
            return f"{self.year} var det sidste år, og delmålene er ikke alle meldt opfyldt. Det følger sine delmål."
        self.lines.setdefault(goal.id, []).append(carry_over_note(self.year, status))
        self.ask("next-carry-over", goal, f"y{self.next}", value=status, year=self.next)
        return (f"{self.year} var det sidste år, og målet er ikke meldt opfyldt. Sæt x i {self.next} på arket {self.sheet},"
                " hvis det skal med.")

    def _drops(self, goal: Goal) -> str:
        if not goal.withdrawn:
            self.dropped[goal.id] = f"Udgået i {self.year}."
        elif not _DROPPED_BEFORE.search(goal.note):
            self.lines.setdefault(goal.id, []).append(f"Udgået i {self.year}.")
        for sub in subgoals(self.agreement, goal) if goal.level is Level.EFFECT else ():
            gone = sub.withdrawn or self.said(sub).status == Status.DROPPED
            if sub.years and self.next in self.years(sub) and not gone:
                self.ask("next-sub-left", sub, f"y{self.next}", value=goal.id, year=self.next)
        return f"Taget ud og følges ikke op i {self.next}. Rækken og {goal.id} bliver stående."

    # ---- figures

    def baselines_and_targets(self) -> None:
        """Write the baselines that follow from this year, and find the targets that change."""
        for goal_id, goal in self.followed.items():
            outcome = self.outcomes.get(goal_id)
            if outcome is GoalOutcome.GOES_ON:
                self._target(goal)
            if outcome in _FIGURED:
                self._baseline(goal)

    def _target(self, goal: Goal) -> None:
        now, then = year_target(goal, self.year), year_target(goal, self.next)
        if now == then or not rule_of(goal.measure.method).target:
            return
        if then is None:
            self.ask("next-target-missing", goal, f"y{self.next}", value=target_sentence(goal.measure, now), year=self.next)
            return
        means = f"{self.next}: {target_sentence(goal.measure, then, [self.next])}."
        if now is not None:
            means += f" {self.year}: {target_sentence(goal.measure, now, [self.year])}."
        self.news.append(News(GoalOutcome.TARGET, goal, goal.text, means, self.said(goal)))

    def _baseline(self, goal: Goal) -> None:
        last = self.said(goal)
        new = new_baseline(goal, last, self.year, self.year in self.years(goal))
        if new.written:
            self.baselines[goal.id] = new.value
        if new.note:
            self.lines.setdefault(goal.id, []).append(new.note)
        if new.outcome:
            self.rebased.add(goal.id)
            self.news.append(News(new.outcome, goal, goal.text, new.means, last))
        if new.code:
            self.ask(new.code, goal, "baseline", **new.words)

    # ---- what hangs together

    def replacements(self) -> None:
        """Link every goal that is replaced with what replaces it."""
        known = {goal.id: goal for goal in self.agreement.goals}
        given = known.keys() | self.agreement.register
        for goal_id, by in self.by.items():
            if goal_id not in given:
                self.ask("next-id-unknown", known[by[0]], "note", value=goal_id)
            if goal_id not in known:
                continue
            old = known[goal_id]
            if not set(by) <= set(replaced_by(old)):
                self.lines.setdefault(goal_id, []).append(f"Erstattet af {listing(by)}.")
            if self.outcomes.get(goal_id) in _NEXT:
                self.ask("next-replaced-active", old, f"y{self.next}", value=listing(by), year=self.next)
        for old in known.values():
            for new in replaced_by(old):
                if new not in given:
                    self.ask("next-id-unknown", old, "note", value=new)

    def gone(self, mentioned: Mapping[str, Goal]) -> None:
        """Find the goals that the follow-ups know, and whose row is gone: nobody else would tell."""
        there = {goal.id for goal in with_effects(self.agreement).goals}
        for goal_id, goal in mentioned.items():
            if goal_id in there:
                continue
            text = goal.text or self.agreement.register.get(goal_id, "")
            self.problems.append(problem("next-gone", Place(sheet=self.sheet), goal=goal_id,
                                         value=cut(text, _REMARK) or "uden tekst", year=self.year))
            last = self.said(goal)
            means = (f"Står i opfølgningen, men ikke længere i aftalen for {self.year}, og er ikke ført videre. Er rækken"
                     f" slettet ved en fejl, skal den ind igen med Mål-id {goal_id}; ellers skal I ikke gøre noget.")
            self.news.append(News(GoalOutcome.GONE, goal, text or goal_id, means, last,
                                  self._remark(goal, GoalOutcome.DROPPED, last)))

    def focus_areas(self) -> None:
        """Find the fokusområder whose crosses go on without an effektmål."""
        goals = tuple(replace(g, withdrawn=g.withdrawn or g.id in self.dropped) for g in self.agreement.goals)
        coming = replace(self.agreement, year=self.next, period=self.period, goals=goals)
        for goal in goals:
            if goal.level is Level.FOCUS and not goal.withdrawn and self.next in bare_years(coming, goal):
                self.news.append(News(GoalOutcome.FOCUS, goal, goal.text, f"Fokusområdet har kryds i {self.next}, men ingen"
                                      f" effektmål det år. Skriv et effektmål på arket {self.sheet}, eller flyt krydset."))

    def suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Bring up what colleagues suggested, first what is to be taken along; nobody but people makes it a goal."""
        goals = {goal.id: goal for goal in self.agreement.goals}
        for owner, text, taken, about in sorted(suggestions, key=lambda each: not each.taken):
            if about:
                self._change(goals.get(about), text)
                continue
            begins = (f"Forslag fra {owner}, som I har valgt at tage med. Skriv det" if taken else
                      f"Skrevet under skemaet fra {owner}. Skal det være et mål i {self.next}, så skriv det")
            self.news.append(News(GoalOutcome.SUGGESTED, None, text,
                                  f"{begins} på en ny række på arket {self.sheet}; den får selv et Mål-id.", asks=taken))
            if taken:
                self.problems.append(problem("next-suggested", Place(sheet=self.sheet), value=cut(text, _REMARK),
                                             owner=owner, sheet=self.sheet, year=self.next))

    def _change(self, goal: Goal | None, text: str) -> None:
        """Bring up a change of what is agreed that was put off until now."""
        self.news.append(News(GoalOutcome.SUGGESTED, goal, text, "En ændring, som I har valgt at tage med. Skriv det, I"
                              f" aftaler, i målets række på arket {self.sheet}.", asks=True))
        self.problems.append(problem("next-change", cell_of(goal.place, self.agreement, "id") if goal else Place(),
                                     goal=goal.id if goal else "", value=cut(text, _REMARK), sheet=self.sheet))

    def facts(self) -> dict[str, Value]:
        """Return what changes on Forside: the year, the deadlines, and the period where it is made longer."""
        facts: dict[str, Value] = {"aar": str(self.next)}
        if self.period != self.agreement.period:
            facts["periode"] = f"{self.period[0]}-{self.period[1]}"
        for key in (f"{word}_{round_.value}" for round_ in Round for word in ("frist", "svarfrist")):
            day = self.agreement.facts.get(key)
            if isinstance(day, date):
                # the department may answer a year's follow-up in the January after it
                facts[key] = moved = a_year_on(day, self.next - min(day.year, self.year))
                if moved.weekday() > 4:
                    self.problems.append(problem("next-weekend", Place(sheet=FORSIDE), value=danish_date(moved),
                                                 what=WEEKDAYS[moved.weekday()]))
        return facts

    def whole(self, midway: bool) -> None:
        """Ask what concerns the whole agreement."""
        if midway:
            self.problems.append(problem("next-midway", value=self.year))
        asked = [g for g in round_goals(self.agreement, self.year) if not self._heading(g)]
        undecided = [g.id if columns == (AnswerColumn.STATUS,) else f"{g.id} ({listing([HEADERS[c] for c in columns])})"
                     for g in asked if (columns := self.said(g).undecided)]
        missing = [g.id for g in asked if not self.said(g).status]
        for code, ids in (("next-undecided", undecided), ("next-missing", missing)):
            if ids:
                self.problems.append(problem(code, value=some(ids, _MOST)))
        if self.period != self.agreement.period:
            first, last = self.agreement.period
            self.problems.append(problem("next-plan-over", value=f"{first}-{last}", year=self.next))
            self.news.append(News(GoalOutcome.PLAN, None, f"{first}-{last}",
                                  f"Er slut. {self.next} er et ekstra, tomt år på arket {self.sheet}. Aftal, hvilke mål der"
                                  " fortsætter i det, eller skriv en ny plans mål på rækkerne under."))
        texts = [self.agreement.theme, self.agreement.texts.get(TEXT_NAMES[0], "")]
        self._frame()
        if over := theme_over(texts, self.period, self.year):
            self.problems.append(problem("next-theme", value=over, year=self.next))
            self.news.append(News(GoalOutcome.THEME, None, self.agreement.theme or "(intet tema)",
                                  f"Er aftalt for {over}. Aftal temaet for {self.next}, og skriv det på Forside og i"
                                  " Aftaletekst."))

    def _frame(self) -> None:
        """Ask about an økonomisk ramme that names the year that ends."""
        frame = canonical(self.agreement.facts.get(_FRAME))
        if re.search(rf"\b{self.year}\b", frame) and not re.search(rf"\b{self.next}\b", frame):
            self.problems.append(problem("next-frame", Place(sheet=FORSIDE), value=cut(frame, _REMARK),
                                         year=self.next))
            self.news.append(News(GoalOutcome.FRAME, None, frame,
                                  f"Nævner {self.year}. Aftal rammen for {self.next}, og skriv den på Forside."))

    def notes(self) -> dict[str, str]:
        """Return the Note of every goal where it changes."""
        found = {goal.id: noted(goal.note, self.lines.get(goal.id, ()), self.dropped.get(goal.id, ""),
                                goal.id in self.rebased)
                 for goal in self.agreement.goals}
        return {goal.id: found[goal.id] for goal in self.agreement.goals if found[goal.id] != goal.note}


def _replaced(agreement: Agreement) -> dict[str, list[str]]:
    """Return what replaces what, as the Note of the new goal or of the old one says; what is withdrawn replaces nothing."""
    living = {goal.id: goal for goal in agreement.goals if not goal.withdrawn}
    said = [(old, goal.id) for goal in living.values() for old in replaces(goal)]
    said += [(goal.id, new) for goal in agreement.goals for new in replaced_by(goal) if new in living]
    found: dict[str, list[str]] = {}
    for old, new in dict.fromkeys(said):
        found.setdefault(old, []).append(new)
    return found


def a_year_on(day: date, years: int = 1) -> date:
    """Return the same day and month some years later; the last of February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def tally(news: Sequence[News]) -> str:
    """Say in a sentence what becomes of the goals."""
    words = ((GoalOutcome.GOES_ON, "fortsætter"), (GoalOutcome.BEGINS, "begynder"), (GoalOutcome.PAUSES, "holder pause"),
             (GoalOutcome.ENDS, "slutter"), (GoalOutcome.CARRY_OVER, "foreslås videreført"), (GoalOutcome.DROPPED, "udgår"),
             (GoalOutcome.UNREAD, "kan ikke afgøres"), (GoalOutcome.GONE, "mangler i aftalen"))
    counts = Counter(each.outcome for each in news)
    parts = [f"{counts[outcome]} {word}" for outcome, word in words if counts[outcome]]
    return f"Effektmål og delmål: {listing(parts)}." if parts else "Der er ingen mål at føre videre."


# ---------------------------------------------------------------- the sheet that lists what is new

_OPEN = (GoalOutcome.PLAN, GoalOutcome.THEME, GoalOutcome.FRAME, GoalOutcome.FOCUS, GoalOutcome.CARRY_OVER,
         GoalOutcome.SUGGESTED, GoalOutcome.GONE, GoalOutcome.UNREAD, GoalOutcome.NO_BASELINE)
_MARKS: Mapping[GoalOutcome, str] = {**dict.fromkeys(GoalOutcome, "edited"), **dict.fromkeys(_OPEN, "question"),
                                     GoalOutcome.GOES_ON: "info"}
"""What waits for an answer stands out; what merely goes on is quiet."""


def news_table(agreement: Agreement, plan: NextYear, name: str = "") -> Table:
    """Return the table of what is new; ``name`` is the sheet's where its own is taken."""
    title = news_sheet(plan.year)
    goals = next((goal.place.sheet for goal in agreement.goals if goal.place.sheet), MAAL)
    return Table(
        name or title, f"{title} – {agreement.unit}".rstrip(" –"),
        f"Til dialogen med {agreement.short_department}: hvad der bliver af målene efter {agreement.year}."
        f" {tally(plan.news)} Det, I aftaler, skrives på arket {goals}. Kolonnen »{NEWS_COLUMNS[-1].header}« er til jeres"
        " egne noter ved mødet; programmet læser ikke dette ark.",
        NEWS_COLUMNS, tuple(_row(each) for each in plan.news), title.replace(" ", "_"), "Der er ikke noget nyt.")


def _row(news: News) -> tuple[Cell, ...]:
    goal, last = news.goal, news.last
    result = answer_cell(goal, AnswerColumn.RESULT, last.result)
    plain = {
        "id": Cell(goal.id if goal else None), "text": Cell(news.text), "means": Cell(news.means),
        "outcome": Cell(news.outcome.value, mark="question" if news.asks else _MARKS[news.outcome]),
        "last_status": Cell(last.status or None, mark={MISSING: "missing", UNDECIDED: "undecided"}.get(last.status, "")),
        "last_result": Cell(UNDECIDED, mark="undecided") if AnswerColumn.RESULT in last.undecided else result,
        "remark": Cell(news.remark or None), "agreed": Cell()}
    return tuple(plain[column.key] for column in NEWS_COLUMNS)
