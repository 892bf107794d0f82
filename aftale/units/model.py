"""Follow-ups of many units side by side: what is kept of each, and the sheets of the workbook that ``saml`` makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from aftale.merge.state import KINDS, packed, renamed, unpacked_as
from aftale.model.agreement import AnswerColumn, Level, Round, Value
from aftale.model.columns import AGREED_BY_KEY, LEVEL_COLUMNS, Column
from aftale.model.findings import Finding
from aftale.model.received import AsRead, IncomingMail, Refused
from aftale.model.tables import Cell, Table
from aftale.model.text import without_controls

COLLECTION_KIND = "samling"
"""What ``_aftale`` says of a workbook that ``saml`` has made."""
UNITS, GOALS, ATTENTION, DEVELOPMENT = "Enheder", "Mål", "Opmærksomhed", "Udvikling"
OTHER_STATUS = "Anden status"
"""What a status counts as that none of ours is."""


class ReadAs(StrEnum):
    """How a follow-up was read: with all that it remembers, or by what stands in its cells; or that it is an agreement."""

    WHOLE = "Opfølgning"
    EDITION = "Forvaltningens udgave"
    CELLS = "Opfølgningens celler"
    AGREEMENT = "Aftale"


@dataclass(frozen=True, slots=True)
class UnitGoal:
    """A goal as a unit's follow-up, or its agreement, says it stands.

    ``goal`` is the target as a sentence, ``number`` how ``result`` is shown (see `model.tables.Cell`); numbers are points
    where the unit is %. ``department`` is what stands under Forvaltningens bemærkninger, ``response`` what stands under
    Svarstatus. ``active`` tells that it is one of the year's goals. ``target`` is the year's; ``words`` are, by the key of
    their column, what stands in place of a number or a date that can't be read as one. ``overruled`` is the status that was
    reported where the coordinator has decided another one.
    """

    id: str
    texts: tuple[str, str, str, str]
    demands: tuple[str, ...] = ()
    goal: str = ""
    unit: str = ""
    owners: str = ""
    result: str | float | None = None
    number: str = ""
    fulfilment: float | None = None
    status: str = ""
    computed: str = ""
    remarks: str = ""
    department: str = ""
    response: str = ""
    active: bool = True
    policy: str = ""
    indicator: str = ""
    method: str = ""
    baseline: float | None = None
    target: float | None = None
    scope: str = ""
    due: str = ""
    budget: str = ""
    as_of: date | None = None
    next_step: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    overruled: str = ""

    @property
    def level(self) -> Level:
        """How deep it stands, by its lowest text."""
        return next((level for level in reversed(Level) if self.texts[level.value - 1]), Level.DEVELOPMENT)

    @property
    def is_effect(self) -> bool:
        """Is it an effektmål, the level that is counted?"""
        return self.level is Level.EFFECT

    @property
    def text(self) -> str:
        """The goal's own text: that of its level."""
        return self.texts[self.level.value - 1]


@dataclass(frozen=True, slots=True)
class UnitAnswer:
    """What somebody answered of a goal in one column; ``counts`` tells that it is what the follow-up shows.

    ``file`` is the name of the file that it stood in, and ``when`` when that was saved.
    """

    goal: str
    column: AnswerColumn
    value: Value
    who: str
    file: str = ""
    when: str = ""
    counts: bool = False


@dataclass(frozen=True)
class UnitFollowUp(AsRead):
    """What is kept of one follow-up: whose it is, the year's goals, the boxes and facts of ``Overblik`` by label.

    ``holds`` are the hashes of the editions of KSE's that are merged in it, ``agreement`` the id of what it follows up, ''
    where it doesn't say. Where all of it is read (see `read_unit.data_text`), the plan's other goals are there too, and
    ``answers``. An agreement is read as a follow-up in which nobody has answered; its ``round`` means nothing.
    """

    read_as: ReadAs
    unit: str
    department: str
    year: int
    round: Round
    goals: tuple[UnitGoal, ...] = ()
    boxes: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    holds: tuple[str, ...] = ()
    problems: tuple[Finding, ...] = ()
    agreement: str = ""
    answers: tuple[UnitAnswer, ...] = ()

    @property
    def is_agreement(self) -> bool:
        """Is it the year's agreement, and no follow-up yet?"""
        return self.read_as is ReadAs.AGREEMENT

    @property
    def when(self) -> tuple[int, int]:
        """The year, and which of its rounds in the order of time: the agreement is before them."""
        return self.year, -1 if self.is_agreement else int(self.round is Round.AARSOPFOELGNING)

    @property
    def said(self) -> str:
        """The round, as people say it."""
        return f"aftalen {self.year}" if self.is_agreement else said_round(self.year, self.round)

    @cached_property
    def effects(self) -> tuple[UnitGoal, ...]:
        """The year's effektmål."""
        return tuple(goal for goal in self.goals if goal.is_effect)


def said_round(year: int, round_: Round) -> str:
    """Say a round: ``årsopfølgning 2015``."""
    return f"{round_.danish} {year}"


UnitReceived = UnitFollowUp | Refused | IncomingMail
_KINDS = {**KINDS, "enhed": UnitFollowUp}


def packed_unit(received: UnitReceived) -> str:
    """Return what was received as JSON text, in which a worker hands it over; the same text for the same thing."""
    return packed(received, _KINDS)


def unpacked_unit(text: str) -> UnitReceived:
    """Return what `packed_unit` wrote."""
    received = unpacked_as(text, _KINDS)
    assert isinstance(received, UnitReceived)
    return received


def found_in(received: UnitReceived, container: str) -> UnitReceived:
    """Return what was received with another container, its places included."""
    if container == received.source.container:
        return received
    return renamed(received, replace(received.source, container=container), _KINDS)


# ---------------------------------------------------------------- the sheets

_ID, _DEVELOPMENT, _FOCUS, _EFFECT, _SUB = LEVEL_COLUMNS
_WHO = (Column("name", "Enhed", 28, "long"), Column("year", "År", 7, "year"), Column("round", "Runde", 17))


def count_columns(statuses: Iterable[str]) -> tuple[Column, ...]:
    """Return a column for the number of effektmål with each status."""
    return tuple(Column(f"n{number}", status, 10.5, "number") for number, status in enumerate(statuses))


def unit_columns(statuses: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of ``Enheder``; the folded ones are so wide that no row is higher for them."""
    return (
        *_WHO, Column("reported", "Indberettet", 12), Column("counted", "Tæller med", 9),
        Column("department", "Forvaltning", 24, "long"), Column("goals", "Effektmål", 11, "number"),
        *count_columns(statuses), Column("met", "Andel opfyldt", 11, "share"),
        Column("attention", "Andel, der kræver opmærksomhed", 14, "share"),
        Column("answered", "Andel besvaret", 11, "share"), Column("forms", "Skemaer", 40, "long"),
        Column("in_frame", "Inden for rammen", 11), Column("frame_remark", "Bemærkning til rammen", 26, "long"),
        Column("frame", "Økonomisk ramme", 70, "long"), Column("budget", "Budget", 26, "long"),
        Column("assessment", "Samlet vurdering", 44, "long"), Column("box", "Forvaltningens samlede bemærkning", 34, "long"),
        Column("before", "Forrige opfølgning", 44, "long"), Column("source", "Kilde", 10))


def demand_columns(demands: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of the sheet of demands."""
    own = (column for number, demand in enumerate(map(without_controls, demands)) for column in (
        Column(f"d{number}", f"{demand}: effektmål", 14, "number"),
        Column(f"m{number}", f"{demand}: opfyldt", 14, "number"),
        Column(f"s{number}", f"{demand}: andel opfyldt", 14, "share")))
    return (*_WHO, Column("goals", "Effektmål", 11, "number"), *own, Column("none", "Uden krav", 9, "number"),
            Column("lacks", "Krav uden mål", 28, "long"))


GOAL_COLUMNS = (
    Column("name", "Enhed", 22, "long"), Column("year", "År", 7, "year"), Column("round", "Runde", 16),
    Column("id", "Mål-id", 10, "id"),
    Column("development", _DEVELOPMENT.header, 22, "long"), Column("focus", _FOCUS.header, 20, "long"),
    Column("effect", _EFFECT.header, 34, "long"), Column("sub", _SUB.header, 22, "long"), Column("goal", "Mål", 24, "long"),
    Column("unit", "Måleenhed", 16), Column("demands", AGREED_BY_KEY["demands"].header, 18),
    Column("owners", "Ansvarlig", 18), Column("resultat", "Resultat", 11, "number"),
    Column("fulfilment", "Målopfyldelse", 13.5, "share"), Column("status", "Status", 20, "choice"),
    Column("computed", "Beregnet status", 20), Column("bemaerkninger", "Bemærkninger", 40, "long"),
    Column("kse", "Forvaltningens bemærkninger", 28, "long"), Column("counted", "Tæller med", 9))
ATTENTION_COLUMNS = (
    Column("status", "Status", 20, "choice"), Column("name", "Enhed", 24, "long"), Column("year", "År", 7, "year"),
    Column("round", "Runde", 16), Column("id", "Mål-id", 10, "id"), Column("goal", "Effektmål/delmål", 44, "long"),
    Column("why", "Hvorfor", 54, "long"), Column("owners", "Ansvarlig", 20, "long"),
    Column("kse", "Forvaltningens bemærkninger", 30, "long"))
FILE_COLUMNS = (
    Column("number", "Nr.", 7, "number"), Column("file", "Fil", 42, "long"), Column("container", "Lå i", 28, "long"),
    Column("name", "Enhed", 28, "long"), Column("year", "År", 7, "year"), Column("round", "Runde", 17),
    Column("read", "Læst som", 24, "long"), Column("verdict", "Hvad der blev af den", 56, "long"),
    Column("when", "Gemt", 18),
    Column("sender", "Afsender", 28), Column("program", "Program", 22), Column("sha", "Fingeraftryk", 20))


@dataclass(frozen=True)
class Reached:
    """How many effektmål a year has, how many of them are met, and of how many units; ``midway`` have only midtvejs."""

    goals: int
    met: int
    units: int = 1
    midway: int = 0

    @property
    def percent(self) -> int:
        """The share that is met, in whole per cent as it is shown."""
        return int(100 * self.met / self.goals + 0.5) if self.goals else 0


@dataclass(frozen=True)
class Development:
    """How many effektmål are met by year: in all, in the units that have every year (none where all have), and by unit."""

    all: Mapping[int, Reached]
    same: Mapping[int, Reached]
    units: Mapping[str, Mapping[int, Reached]]


@dataclass(frozen=True)
class Count:
    """How many effektmål have each status (every status in order), how many there are, and how many need attention."""

    statuses: Mapping[str, int]
    total: int
    attention: int


@dataclass(frozen=True)
class Counts:
    """What is counted of effektmål: ``lines`` of each unit and year, by the number of its file, ``all`` of what counts.

    ``rounds`` are by year and round (see `UnitFollowUp.when`), the latest first. ``demands`` are how many serve a demand,
    and how many of them are met, by file and demand; ``without`` how many serve none. None of these holds what isn't there.
    """

    lines: Mapping[int, Count]
    all: Count
    rounds: Mapping[tuple[int, int], Count]
    demands: Mapping[tuple[int, str], tuple[int, int]]
    without: Mapping[int, int]
    development: Development | None


@dataclass(frozen=True)
class Numbers:
    """A line of counts: what it is of, the counts, of how many units, and of which round."""

    label: Cell
    count: Count
    units: int = 1
    when: str = ""


@dataclass(frozen=True)
class Served:
    """A demand: how many effektmål serve it, how many of them are met, how many units have any that do, and who hasn't.

    ``of`` is the number of units that say which demands their goals serve; the others are in none of the numbers.
    """

    name: str
    goals: int
    met: int
    units: int
    of: int
    without: str = ""


@dataclass(frozen=True)
class Front:
    """The front sheet of the workbook across units.

    ``all`` counts every unit's latest follow-up, ``rounds`` the same by year and round and ``units`` unit by unit;
    ``missing`` says of each unit that hasn't reported what there is of it; ``spotlights`` are cells as in
    `ATTENTION_COLUMNS`' first seven. The notes say what there is no room for.
    """

    title: str
    subtitle: str
    headline: str
    facts: tuple[tuple[str, str], ...]
    statuses: tuple[str, ...]
    all: Numbers
    rounds: tuple[Numbers, ...] = ()
    missing_title: str = ""
    missing: tuple[tuple[str, str], ...] = ()
    missing_note: str = ""
    spotlights: tuple[tuple[Cell, ...], ...] = ()
    spotlights_note: str = ""
    served_title: str = ""
    served: tuple[Served, ...] = ()
    served_note: str = ""
    units: tuple[Numbers, ...] = ()
    units_note: str = ""


@dataclass(frozen=True)
class DevelopmentSheet:
    """``Udvikling`` as it is drawn: the rows are a label, a share for each of ``years``, and a change.

    Of ``totals`` the second is of the units that have every year, where ``same`` says that they aren't all. ``lines``
    tells whether the units are few enough to have a line each in the chart, and ``says`` what that shows.
    """

    title: str
    sentence: str
    years: tuple[str, ...]
    change: str
    totals: tuple[tuple[Cell, ...], ...]
    units: tuple[tuple[Cell, ...], ...]
    same: bool
    lines: bool
    says: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class AcrossBook:
    """The whole workbook: ``record`` is the long table of the hidden ``_aftale``.

    There is no ``development`` where no unit has more than one year.
    """

    front: Front
    units: Table
    demands: Table | None
    goals: Table
    attention: Table
    files: Table
    record: tuple[tuple[str, str, str, str, str], ...]
    created: date
    development: DevelopmentSheet | None = None
