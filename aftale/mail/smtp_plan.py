"""Which mails go to whom, worked out from what the journal tells of earlier runs, and what a mail server's answers mean.

Everybody gets a mail once. What nobody can know, whether a server took a mail just as the line went dead, is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from aftale.model.mail import Address, Mailing, Outgoing
from aftale.model.text import cut

Pair = tuple[str, str]
"""A mail's key and one of the addresses that it goes to, case-folded: what is sent once."""

Decision = Literal["", "sendt", "ikke"]
"""What people say about the mails in doubt: that they were sent, or that they weren't; '' where nothing is said."""

LONGEST_REPLY = 200
HIDDEN = "•••"


# ---------------------------------------------------------------- the journal

class What(StrEnum):
    """What a line of the journal tells."""

    BEGUN = "begyndt"
    RESUMED = "genoptaget"
    ENDING = "afslutter"
    SENT = "sendt"
    REFUSED = "afvist"
    PUT_OFF = "udsat"
    DECIDED = "afgjort"
    CLOSED = "afsluttet"


@dataclass(frozen=True)
class Entry:
    """A line of the journal. ``time`` is local ISO time with its zone, '' until the line is written.

    A round that is begun or resumed tells all its ``pairs``; a mail's line tells its key and addresses, and the reply.
    """

    what: What
    series: str
    round: int
    mail: str = ""
    to: tuple[str, ...] = ()
    reply: str = ""
    pairs: tuple[Pair, ...] = ()
    time: str = ""


class State(StrEnum):
    """How far a mail has come on its way to one address."""

    SENT = "sent"
    REFUSED = "refused"
    PUT_OFF = "put off"
    UNSURE = "unsure"


NOTED_AS: Mapping[State, What] = {State.SENT: What.SENT, State.REFUSED: What.REFUSED, State.PUT_OFF: What.PUT_OFF}
"""How a state is written down. A mail in doubt needs no line: it is one that was ending and has no answer."""

_STATES = {What.ENDING: State.UNSURE, **{what: state for state, what in NOTED_AS.items()}}


def _told(entry: Entry) -> State | None:
    """Return what a line tells of its mail, None where it is about a whole round."""
    if entry.what is What.DECIDED:
        return State.SENT if entry.reply == "sendt" else State.PUT_OFF
    return _STATES.get(entry.what)


@dataclass
class _Story:
    """What the journal tells of one series, line by line."""

    round: int = 0
    closed: bool = True
    pairs: set[Pair] = field(default_factory=set)
    states: dict[Pair, State] = field(default_factory=dict)
    ended: dict[Pair, str] = field(default_factory=dict)
    sent: dict[Pair, str] = field(default_factory=dict)

    def take_in(self, entry: Entry) -> None:
        if entry.what is What.BEGUN:
            self.round, self.closed, self.pairs = entry.round, False, set()
            self.states = {pair: state for pair, state in self.states.items() if state is State.UNSURE}
        if entry.what is What.CLOSED:
            self.closed = True
        self.pairs.update(entry.pairs)
        state = _told(entry)
        for pair in ((entry.mail, address.casefold()) for address in entry.to):
            if state is not None:
                self.states[pair] = state
            if entry.what is What.ENDING:
                self.ended[pair] = entry.time
            if state is State.SENT:
                self.sent[pair] = self.ended.get(pair, entry.time)

    def unsure(self) -> list[Pair]:
        return [pair for pair, state in self.states.items() if state is State.UNSURE]

    def is_open(self, keys: set[str]) -> bool:
        """Tell whether the latest round lacks something: the journal of a run that was killed may lack its last line."""
        done = (State.SENT, State.REFUSED)
        lacking = any(pair[0] in keys and self.states.get(pair) not in done for pair in self.pairs)
        return bool(self.unsure()) or not self.closed and lacking


# ---------------------------------------------------------------- the plan

@dataclass(frozen=True)
class Task:
    """A mail that is to be sent, and those of its recipients who haven't got it."""

    mail: Outgoing
    to: tuple[Address, ...]


@dataclass(frozen=True)
class Before:
    """A mail that an address has got already, and when."""

    mail: Outgoing
    to: Address
    when: str


@dataclass(frozen=True)
class Doubt:
    """A mail that an address may have got: the run or the line broke off before the server had answered for it."""

    key: str
    address: str
    when: str


@dataclass(frozen=True)
class Plan:
    """What a run is to do: its round, whether that goes on with an earlier run's, and whom it sends what."""

    round: int
    continued: bool
    tasks: tuple[Task, ...] = ()
    before: tuple[Before, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """What is to be sent, mail by mail and address by address."""
        return tuple(pair_of(task.mail, each) for task in self.tasks for each in task.to)


def pair_of(mail: Outgoing, to: Address) -> Pair:
    """Return what a mail to an address is known by; nobody is another person for a capital letter."""
    return mail.key, to.email.casefold()


def plan(entries: Iterable[Entry], mailing: Mailing, again: bool = False) -> Plan:
    """Work out what of a mailing is to be sent.

    A round that was broken off is gone on with, whether or not all is to be sent ``again``. Where there is none, what
    was sent before is left alone, or begun afresh if asked. What is in doubt is never sent.
    """
    story = _Story()
    for entry in entries:
        if entry.series == mailing.series:
            story.take_in(entry)
    continued = story.is_open({mail.key for mail in mailing.mails})
    tasks, before = [], []
    for mail in mailing.mails:
        lacking = []
        for pair, to in {pair_of(mail, each): each for each in mail.to}.items():
            if (when := _got(pair, story, continued, again)) is not None:
                before.append(Before(mail, to, when))
            elif story.states.get(pair) is not State.UNSURE:
                lacking.append(to)
        if lacking:
            tasks.append(Task(mail, tuple(lacking)))
    doubts = tuple(Doubt(*pair, story.ended[pair]) for pair in story.unsure())
    return Plan(story.round + (not continued), continued, tuple(tasks), tuple(before), doubts)


def _got(pair: Pair, story: _Story, continued: bool, again: bool) -> str | None:
    """Return when an address got a mail that it isn't to get now, None where it is to get it or it is in doubt."""
    if continued and pair in story.pairs:
        return story.sent[pair] if story.states.get(pair) is State.SENT else None
    return None if again and not continued else story.sent.get(pair)


def decide(doubts: Sequence[Doubt], decision: Decision, series: str, number: int) -> tuple[Entry, ...]:
    """Return the lines that settle what was in doubt."""
    if not decision:
        return ()
    return tuple(Entry(What.DECIDED, series, number, each.key, (each.address,), decision) for each in doubts)


# ---------------------------------------------------------------- what a server says

class Stage(StrEnum):
    """Where in handing a mail over an answer came: ``END`` is after its last line, when the server may have taken it."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"
    END = "end"


@dataclass(frozen=True)
class Reply:
    """A server's answer, its text as one clean line. ``code`` is 0 where none came; ``slow`` where it was waited for."""

    code: int
    text: str
    stage: Stage
    slow: bool = False

    @property
    def yes(self) -> bool:
        """Whether the server agreed."""
        return 200 <= self.code < 300

    @property
    def detail(self) -> str:
        """The last two numbers of the answer's enhanced code (RFC 3463), such as ``1.1``; '' where there is none."""
        found = re.match(r"[245]\.(\d{1,3}\.\d{1,3})\b", self.text)
        return found[1] if found else ""


def said_by(reply: Reply) -> str:
    """Return an answer as it is shown and noted: its code and words, '' where none came."""
    return f"{reply.code} {reply.text}".strip() if reply.code else ""


class Meaning(StrEnum):
    """Why a server wouldn't take a mail."""

    UNKNOWN = "unknown"
    FULL = "full"
    TOO_BIG = "too-big"
    TOO_MANY = "too-many"
    SENDER = "sender"
    LOGIN = "login"
    NOT_ALLOWED = "not-allowed"
    OTHER = "other"


_BY_DETAIL = {
    **dict.fromkeys(("1.1", "1.2", "1.3", "1.6", "1.10", "2.1"), Meaning.UNKNOWN), "2.2": Meaning.FULL,
    "2.3": Meaning.TOO_BIG, "3.4": Meaning.TOO_BIG, "5.3": Meaning.TOO_MANY,
    # Exchange says only after the last line that somebody mustn't send in this name.
    **dict.fromkeys(("1.7", "1.8", "7.60", "2.252"), Meaning.SENDER)}


def meaning(reply: Reply) -> Meaning:
    """Tell why a server said no: from its enhanced code, else from its plain one and where it said so."""
    if reply.code == 530:
        return Meaning.LOGIN
    if reply.detail in _BY_DETAIL:
        return _BY_DETAIL[reply.detail]
    if reply.code in (452, 552):
        return Meaning.FULL if reply.stage is Stage.RECIPIENT else Meaning.TOO_BIG
    if reply.stage is Stage.SENDER:
        return Meaning.SENDER
    if reply.detail.startswith("7."):
        return Meaning.NOT_ALLOWED
    unknown = reply.stage is Stage.RECIPIENT and reply.code in (550, 551, 553)
    return Meaning.UNKNOWN if unknown else Meaning.OTHER


def state_after(reply: Reply, in_company: bool = False) -> State:
    """Tell how far a mail has come after an answer; ``in_company`` where the same mail was taken for others just before.

    A server that has had enough recipients may say so with a code that means never (RFC 5321, 4.5.3.1.10): then it is
    tried again without the others.
    """
    if reply.yes and reply.stage is Stage.END:
        return State.SENT
    if 400 <= reply.code < 500:
        return State.PUT_OFF
    if reply.code >= 500:
        enough = meaning(reply) is Meaning.TOO_MANY or reply.code == 552 and not reply.detail
        return State.PUT_OFF if in_company and enough and reply.stage is Stage.RECIPIENT else State.REFUSED
    return State.UNSURE if reply.stage is Stage.END else State.PUT_OFF


def one_line(said: bytes, secrets: Sequence[str] = ()) -> str:
    """Return what a server said as one short line that is safe to show: it may send anything, and even echo a password."""
    text = _without(said.decode("utf-8", "replace"), secrets)
    plain = "".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text)
    return cut(_without(" ".join(plain.split()), secrets), LONGEST_REPLY)


def _without(text: str, secrets: Sequence[str]) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN)
    return text
