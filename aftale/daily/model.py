"""A year as it stands on a day, and what can be done then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from typing import NamedTuple

from aftale.followup.what_waits import Answered, Waiting
from aftale.model.agreement import Agreement, Round
from aftale.model.findings import Finding
from aftale.model.mail import MailKind

_NOT_ANSWERED, _UNTOUCHED = "Ikke svaret", "Uændret siden udsendelsen"
"""What stands at those who have answered nothing: see `followup.who_answered.Delivery`, which takes a while to load."""


class Ask(Enum):
    """What must be asked before something is done."""

    DEADLINE = auto()
    NEW_DEADLINE = auto()
    NEW_YEAR = auto()


@dataclass(frozen=True)
class Action:
    """Something that can be done: a command, or a file, a folder or a year to open; ``said`` is what the menu calls it.

    ``opens`` and ``goes`` are paths as seen from the year's folder.
    """

    said: str
    command: tuple[str, ...] = ()
    opens: str = ""
    goes: str = ""
    asks: Ask | None = None


@dataclass(frozen=True)
class NextStep:
    """The next step in a sentence, and what can be done now, the step itself first; ``waits`` where there is no hurry."""

    sentence: str
    actions: tuple[Action, ...] = ()
    waits: bool = False


class Mails(NamedTuple):
    """The mails of one kind: how many drafts were made, the day of the newest, and how many were sent, and when."""

    made: int = 0
    day: date | None = None
    sent: int = 0
    sent_day: date | None = None


@dataclass(frozen=True)
class RoundStatus:
    """A round as it stands.

    ``followups`` are the follow-ups in its folder and ``closed`` the files there that can't be read, any of which may be
    one. ``board`` tells who has answered, ``new`` whom the answers are from that the follow-up doesn't know, or the files
    where that isn't known, ``letters`` are the mails without a skema, and ``problems`` what is wrong with files. ``waits``
    is None where there is no follow-up; ``saved`` is the day it was saved last, and ``edited`` tells that somebody has made
    choices in it since it was made. ``department`` tells that the department's answer has been merged, and ``reminded`` by
    skema-id on which days somebody was reminded. ``unread`` tells that some of the answers can't be read.
    """

    round: Round
    deadline: date | None = None
    forms: int = 0
    followups: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    board: tuple[Answered, ...] = ()
    new: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    problems: tuple[Finding, ...] = ()
    waits: Waiting | None = None
    saved: date | None = None
    department: bool = False
    mails: Mapping[MailKind, Mails] = field(default_factory=dict)
    reminded: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    edited: bool = False
    unread: bool = False

    @property
    def folder(self) -> str:
        """What its folder is called."""
        return self.round.value

    @property
    def lacking(self) -> tuple[Answered, ...]:
        """Those who still owe an answer."""
        return tuple(each for each in self.board if each.missing)

    @property
    def silent(self) -> tuple[Answered, ...]:
        """Those who have answered nothing at all."""
        return tuple(each for each in self.board if each.state in (_NOT_ANSWERED, _UNTOUCHED))

    def of(self, kind: MailKind) -> Mails:
        """Return the mails of a kind."""
        return self.mails.get(kind, Mails())


@dataclass(frozen=True)
class YearStatus:
    """A year as it stands on a day.

    ``file`` is the agreement's, ``effects`` how many effektmål the year has, ``rows`` how many rows stand on ``Mål``,
    ``owned`` tells that a goal of the year has an ansvarlig, and ``stuck`` that something is asked about the agreement that
    no skemaer can be made before. ``rounds`` has for each round that isn't the ``latest`` that has begun what is told of it,
    and ``later`` is the folder of next year's agreement, where there is one. ``unreachable`` are the ansvarlige of the year
    without an address.
    """

    agreement: Agreement
    today: date
    file: str
    effects: int
    rows: int
    owned: bool
    stuck: bool
    rounds: Mapping[Round, str]
    latest: RoundStatus | None = None
    later: str = ""
    unreachable: tuple[str, ...] = ()
