"""The mails that go out: whom to, what they say and what is attached, before any program has sent them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NOTHING_SENT = "Intet er sendt endnu."
"""What every command that makes drafts ends with."""
SEND_FIRST = "Åbn hver kladde, læs den, og tryk Send."
"""What comes before anybody waits for an answer."""


class MailKind(StrEnum):
    """The kinds of mail, each with a text of its own that staff can change."""

    FORDEL = "fordel"
    PAAMIND = "paamind"
    RETUR = "retur"
    UENIGE = "uenige"
    SEND = "send"

    @property
    def danish(self) -> str:
        """What the mails are, as people say it, in the plural."""
        return {"fordel": "mails med skemaer", "paamind": "påmindelser", "retur": "mails med spørgsmål",
                "uenige": "mails om modstridende svar", "send": "mails til forvaltningen"}[self.value]


@dataclass(frozen=True)
class Address:
    """Whom a mail goes to: a name ('' where none is known) and an address in ASCII, its domain in its ``xn--`` form."""

    name: str
    email: str


@dataclass(frozen=True)
class Attachment:
    """A workbook or calendar entry (``.ics``) that goes with a mail, under a name of plain ASCII."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Paragraph:
    """Lines of text that belong together."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """A list, each point with the lines that stand below it ('' for none).

    ``numbered`` tells that their order matters, ``grouped`` that the lines below each point are a list themselves.
    """

    points: tuple[tuple[str, str], ...]
    numbered: bool = False
    grouped: bool = False


@dataclass(frozen=True)
class StatusTable:
    """How many of the year's effektmål have each status, as (status, number), and how many they are in all."""

    rows: tuple[tuple[str, int], ...]
    total: int


@dataclass(frozen=True)
class Link:
    """Where something lies: as people read it, as a link (percent-encoded), and how to open it."""

    place: str
    href: str
    how: str


Part = Paragraph | Bullets | StatusTable | Link


@dataclass(frozen=True)
class Written:
    """What a mail says, before it is set as plain text and as HTML."""

    subject: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Outgoing:
    """One mail: the same ``key`` every time that the same thing goes to the same ansvarlig in the same round.

    ``subject`` is one line; ``text`` and ``html`` say the same. ``name`` is what its draft is called, without an ending.
    """

    key: str
    name: str
    to: tuple[Address, ...]
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Mailing:
    """The mails of one kind in one round: ``series`` is the same whenever that kind is sent in that round.

    ``what`` says what they are, for people: ``Påmindelser i årsopfølgningen 2015``; ``sender`` is who they are from, None
    where the agreement doesn't tell.
    """

    kind: MailKind
    series: str
    what: str
    mails: tuple[Outgoing, ...] = ()
    sender: Address | None = None
