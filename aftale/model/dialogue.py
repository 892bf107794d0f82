"""The dialogue between the unit and the department: what was said of a goal, whom it waits for, and what was answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from aftale.model.agreement import THE_DEPARTMENT, Agreement, Round
from aftale.model.text import capital, fold

WHOLE = ""
"""What stands for a Mål-id where something is said of the whole agreement."""
WHOLE_AGREEMENT = "Hele aftalen"
CONTINUED = " (fortsat)"
"""What follows who said something where a text goes on in the next line."""
_KEY = re.compile(r"d-[0-9a-f]{10}")
_LONGEST_NAME = 40
_NOT_IN_A_LIST = frozenset(",\"")
_THE_UNIT = "enheden"


class Party(StrEnum):
    """One of the two who talk."""

    UNIT = "enhed"
    DEPARTMENT = "forvaltning"

    @property
    def other(self) -> Party:
        """The one that is spoken to."""
        return Party.DEPARTMENT if self is Party.UNIT else Party.UNIT


class Stage(StrEnum):
    """Tilstand: whom an utterance waits for, or that it waits no more; one that asks for nothing has none."""

    FOR_UNIT = "venter på enheden"
    FOR_DEPARTMENT = "venter på forvaltningen"
    ANSWERED = "besvaret"
    INFORMATION = "orientering"
    NONE = ""

    @property
    def party(self) -> Party | None:
        """Whom it waits for."""
        return {Stage.FOR_UNIT: Party.UNIT, Stage.FOR_DEPARTMENT: Party.DEPARTMENT}.get(self)


def is_line(key: str) -> bool:
    """Tell whether something is the key of a line of ``Dialog``."""
    return bool(_KEY.fullmatch(key))


def waits_for(party: Party) -> Stage:
    """Return the stage of what waits for somebody."""
    return Stage.FOR_UNIT if party is Party.UNIT else Stage.FOR_DEPARTMENT


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one party said of a goal (or of the `WHOLE` agreement) in one round, and what became of it.

    ``who`` is the name that it stands under. ``asked`` tells that it is meant for the other party: the department's remarks
    and the unit's questions; a colleague's remark in a skema isn't. ``answer`` was given by ``answered_by``; ``picked`` is
    the stage that was chosen by hand, which holds as long as the answer is the one that it was chosen ``over``. ``since``
    is when the answer or the stage was last changed (see `moment`), and ``after`` the department's files that were known
    when the unit asked.
    """

    goal: str
    year: int
    round: str
    party: Party
    who: str
    text: str
    asked: bool = True
    answer: str = ""
    answered_by: Party | None = None
    picked: Stage = Stage.NONE
    over: str = ""
    since: str = ""
    after: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What it is known by: goal, round, who and text; the parties are known whatever they are called."""
        who = self.party if self.asked else f"{self.party} {fold(self.who)}"
        text = "\x1f".join((self.goal, str(self.year), self.round, who, self.text))
        return f"d-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"

    @property
    def stage(self) -> Stage:
        """Whom it waits for now."""
        if self.picked and self.over == self.answer:
            return self.picked
        if self.answer:
            return Stage.ANSWERED
        return waits_for(self.party.other) if self.asked else Stage.NONE

    @property
    def said(self) -> bool:
        """Has anybody said more than stands in answers and remarks: a question, an answer, a stage?"""
        return bool((self.asked and self.party is Party.UNIT) or self.answer or self.picked)

    @property
    def moment(self) -> str:
        """When it was said."""
        return moment(self.year, self.round)


def moment(year: int, round_: str) -> str:
    """Return a round of a year as text that sorts by time."""
    return f"{year}{list(Round).index(Round(round_))}"


@dataclass(frozen=True)
class Names:
    """What people call the two parties."""

    unit: str
    department: str = THE_DEPARTMENT

    def of(self, party: Party) -> str:
        """Return the name that a party's utterances stand under."""
        return capital(self.unit or _THE_UNIT) if party is Party.UNIT else capital(self.department)

    def within(self, party: Party) -> str:
        """Return what a party is called inside a sentence and in a list, where long names and some signs have no place."""
        name, otherwise = (self.unit, _THE_UNIT) if party is Party.UNIT else (self.department, THE_DEPARTMENT)
        return name if 0 < len(name) <= _LONGEST_NAME and not _NOT_IN_A_LIST & {*name} else otherwise

    def stage(self, stage: Stage) -> str:
        """Return a stage as it stands under Tilstand."""
        if stage.party:
            return f"Venter på {self.within(stage.party)}"
        return {Stage.ANSWERED: "Besvaret", Stage.INFORMATION: "Til orientering"}.get(stage, "")

    def read_stage(self, text: str) -> Stage | None:
        """Return the stage that somebody has written, None where it is none."""
        known = {fold(self.stage(each)): each for each in Stage}
        known |= {fold(f"Venter på {name}"): stage for name, stage in (
            (_THE_UNIT, Stage.FOR_UNIT), (self.unit, Stage.FOR_UNIT), ("biblioteket", Stage.FOR_UNIT),
            (THE_DEPARTMENT, Stage.FOR_DEPARTMENT)) if name}
        return known.get(fold(text))


def names_of(agreement: Agreement) -> Names:
    """Return what the parties of an agreement are called."""
    return Names(agreement.unit, agreement.short_department)


def round_name(utterance: Utterance) -> str:
    """Say when something was said: ``Midtvejs 2015``."""
    named = "Midtvejs" if utterance.round == Round.MIDTVEJS else "Årsopfølgning"
    return f"{named} {utterance.year}"


def waiting(utterances: Sequence[Utterance], party: Party) -> tuple[Utterance, ...]:
    """Return what waits for a party, in order."""
    return tuple(each for each in utterances if each.stage.party is party)
