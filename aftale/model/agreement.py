"""The agreement and what is said about it: frozen values that every other room speaks in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from functools import cached_property

from aftale.model.columns import AGREED_BY_KEY, LEVEL_KEYS
from aftale.model.place import Place
from aftale.model.text import MONTHS, canonical, fold

Value = str | float | date | None
"""A clean answer: text, a number (points where the unit is %), a date, or nothing."""


class Level(Enum):
    """How deep a goal stands; the value is its number of texts."""

    DEVELOPMENT = 1
    FOCUS = 2
    EFFECT = 3
    SUB = 4

    @property
    def danish(self) -> str:
        """The level's Danish name."""
        return ("udviklingsmål", "fokusområde", "effektmål", "delmål")[self.value - 1]


class Method(StrEnum):
    """Måltype: how a result is held against the target; what holds for each stands in `agreement.methods`."""

    AT_LEAST = "Mindst"
    AT_MOST = "Højst"
    RISE_PERCENT = "Stigning i %"
    FALL_PERCENT = "Fald i %"
    KEEP = "Fastholdes"
    NO_RISE = "Må ikke stige"
    RISE = "Stiger"
    FALL = "Falder"
    DELIVERY = "Leverance"


class Scope(StrEnum):
    """Opgøres: does the target count per year or for the whole period to date?"""

    PER_YEAR = "Pr. år"
    IN_PERIOD = "I perioden"


class Demand(StrEnum):
    """KSE's three minimum demands."""

    BREADTH = "Bredde"
    ACCESS = "Tilgængelighed"
    PARTNERS = "Partnerskaber"


NOT_STATED = "Ikke angivet"


class Round(StrEnum):
    """The two follow-up rounds of a year."""

    MIDTVEJS = "midtvejs"
    AARSOPFOELGNING = "aarsopfoelgning"

    @property
    def danish(self) -> str:
        """The round as people read it."""
        return "midtvejsopfølgning" if self is Round.MIDTVEJS else "årsopfølgning"


SENT, BACK, DRAFTS, REPLIES = "skemaer", "svar", "breve", "retur"
"""The folders of a round: where its skemaer are sent from, and filled in where it is shared, where they come back, and where
the drafts of mails and the skemaer with questions lie."""
_MONTH = {Round.MIDTVEJS: 6, Round.AARSOPFOELGNING: 11}
"""The month in which a round's answers come back, where no deadline is known."""


class Status(StrEnum):
    """What a colleague can report."""

    MET = "Opfyldt"
    EXPECTED = "Forventes opfyldt"
    NOT_EXPECTED = "Forventes ikke opfyldt"
    PARTLY = "Delvist opfyldt"
    NOT_MET = "Ikke opfyldt"
    NOT_STARTED = "Ikke igangsat"
    AWAITING = "Afventer data"
    DROPPED = "Udgået"


REMARK_REQUIRED = frozenset({Status.NOT_EXPECTED, Status.NOT_MET, Status.DROPPED})
SAYS_NOT_REACHED = tuple(status for status in Status if status not in (Status.MET, Status.DROPPED))
"""The statuses that can't be right where the figures say that the goal is reached."""
MISSED = (Status.PARTLY, Status.NOT_MET)
"""The computed statuses of a goal that isn't reached."""
MISSING = "Mangler svar"
NOT_THIS_YEAR = "Ikke aktuelt i år"
WITHDRAWN = "Udgået i aftalen"
"""The Svarstatus of a goal of the year that the agreement has taken out: nobody is asked, and it is counted as Udgået."""
UNDECIDED = "Uafklaret"
COUNTED: tuple[str, ...] = (
    Status.MET, Status.EXPECTED, Status.PARTLY, Status.NOT_EXPECTED, Status.NOT_MET, Status.NOT_STARTED, Status.AWAITING,
    Status.DROPPED, UNDECIDED, MISSING)
"""Every status that is counted, in the order in which they are listed everywhere: the best first."""


class AnswerColumn(StrEnum):
    """The answer columns: what colleagues fill in, in the order of the skema."""

    BASELINE = "udgangspunkt"
    RESULT = "resultat"
    AS_OF = "opgjort_pr"
    STATUS = "status"
    REMARKS = "bemaerkninger"
    NEXT_STEP = "naeste_skridt"


JOINED_COLUMNS = frozenset({AnswerColumn.REMARKS, AnswerColumn.NEXT_STEP})


@dataclass(frozen=True)
class Owner:
    """An ansvarlig: a name (a function or a person) and an address where known."""

    name: str
    email: str = ""

    @cached_property
    def folded(self) -> str:
        """The name as it is compared."""
        return fold(self.name)


_PERCENTAGE_POINTS = frozenset(("procentpoint", "procentpoints", "procent-point", "%-point", "% point", "pct.-point",
                                "pct. point", "pct.point"))


@dataclass(frozen=True)
class Measure:
    """How a goal is measured; nothing is required."""

    method: Method | None = None
    target: float | None = None
    baseline: float | None = None
    unit: str = ""
    scope: Scope | None = None

    @property
    def in_percent(self) -> bool:
        """Is the result itself a percentage (Måleenhed ``%``, or a level that is to grow by so many procentpoint)?"""
        return self.unit.strip() in ("%", "pct.", "pct", "procent") or self.in_points

    @property
    def in_points(self) -> bool:
        """Is a growth goal's Måltal so many procentpoint of a level in percent, and not percent of the baseline?"""
        return self.method in (Method.RISE_PERCENT, Method.FALL_PERCENT) and fold(self.unit) in _PERCENTAGE_POINTS


@dataclass(frozen=True)
class Goal:
    """One row of ``Mål``.

    ``texts`` are the row's udviklingsmål, fokusområde, effektmål and delmål ('' where it has none); ``years`` maps
    each crossed year to that year's own target, or None for a plain cross. ``owners`` may be empty. ``unread`` holds,
    by column key, what stands in cells that couldn't be read, so that it isn't lost when the row is written again.
    """

    id: str
    level: Level
    texts: tuple[str, str, str, str]
    years: Mapping[int, float | None] = field(default_factory=dict)
    measure: Measure = Measure()
    demands: tuple[str, ...] = ()
    policy: str = ""
    indicator: str = ""
    due: str = ""
    budget: str = ""
    owners: tuple[Owner, ...] = ()
    note: str = ""
    replaces: str = ""
    withdrawn: bool = False
    place: Place = Place()
    unread: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The goal's own text: that of its level."""
        return self.texts[self.level.value - 1]

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The texts as they are compared; the first three tell a family of an effektmål and its delmål."""
        return tuple(fold(text) for text in self.texts)

    def agreed(self, key: str) -> Value:
        """Return what stands in an agreed column of ``Mål``, by its key; several of a kind have ``;`` between them."""
        if key in LEVEL_KEYS:
            return self.texts[LEVEL_KEYS.index(key)]
        emails = [owner.email for owner in self.owners]
        listed = {"demands": self.demands, "owners": [owner.name for owner in self.owners],
                  "emails": emails if any(emails) else []}
        if key in listed:
            return "; ".join(listed[key])
        value: Value = getattr(self.measure if hasattr(self.measure, key) else self, key)
        return str(value) if isinstance(value, StrEnum) else value


THE_DEPARTMENT = "forvaltningen"


def is_kse(*names: str) -> bool:
    """Tell whether a department, by its names, is KSE, or nobody knows yet who it is."""
    known = " ".join(name for name in names if name)
    return not known or "kse" in fold(known).replace("(", " ").split()


def demands_header(*names: str) -> str:
    """Return the header over a department's demands: ``KSE-krav`` where it is KSE, or nobody knows yet who it is."""
    return AGREED_BY_KEY["demands"].header if is_kse(*names) else "Krav"


def demands_followed(kse: bool, named: Iterable[str]) -> tuple[str, ...]:
    """Return the demands that goals are held against: KSE's three, and for another department those that its goals name."""
    if kse:
        return tuple(demand.value for demand in Demand)
    found = {fold(each): each for each in reversed([*named]) if each and each != NOT_STATED}
    return tuple(found[key] for key in sorted(found))


@dataclass(frozen=True)
class Agreement:
    """One unit, one department, one year of a plan period.

    ``facts`` are the single values of ``Forside`` by their key in `model.columns.FACTS`; ``register`` maps every
    Mål-id ever given to the text it was given for; ``fingerprint`` is a hash of everything a skema is made from;
    ``columns`` says in which column of ``Mål`` each key stands (``owners``: ``S``), so that findings can name a cell.
    """

    id: str
    unit: str
    department: str
    year: int
    period: tuple[int, int]
    theme: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    register: Mapping[str, str] = field(default_factory=dict)
    template: str = ""
    fingerprint: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def plan_years(self) -> tuple[int, ...]:
        """The years of the plan period."""
        return tuple(range(self.period[0], self.period[1] + 1))

    @property
    def short_name(self) -> str:
        """The department's Kortnavn, '' where it has none."""
        return " ".join(canonical(self.facts.get("kortnavn")).split())

    @property
    def short_department(self) -> str:
        """What people call the department: its Kortnavn, ``forvaltningen`` where it has none."""
        return self.short_name or THE_DEPARTMENT

    @property
    def of_kse(self) -> bool:
        """Whether the department is KSE, whose three demands every agreement should take up, or not known yet."""
        return is_kse(self.department, self.short_name)

    @property
    def demands_header(self) -> str:
        """What stands over the department's demands in ``Mål`` and ``Opfølgning``."""
        return demands_header(self.department, self.short_name)

    def month_of(self, year: int, round_: Round) -> str:
        """Return what a round is called: the month in which its answers came, with its year where that is another."""
        deadline = self.facts.get(f"frist_{round_.value}")
        own = year == self.year
        month = MONTHS[(deadline.month if own and isinstance(deadline, date) else _MONTH[round_]) - 1]
        return month if own else f"{month} {year}"

    def family(self, goal: Goal) -> tuple[Goal, ...]:
        """Return the effektmål and the delmål that share a goal's first three texts, in the agreement's order."""
        return () if goal.level.value < Level.EFFECT.value else self._families.get(goal.folded[:3], ())

    @cached_property
    def _families(self) -> dict[tuple[str, ...], tuple[Goal, ...]]:
        found: dict[tuple[str, ...], list[Goal]] = {}
        for goal in self.goals:
            if goal.level.value >= Level.EFFECT.value:
                found.setdefault(goal.folded[:3], []).append(goal)
        return {key: tuple(goals) for key, goals in found.items()}


SUGGESTED = "Foreslået"
"""The word in Note that marks a row with proposals."""
