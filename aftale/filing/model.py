"""A file of the year: what it is, and whether it belongs in the record system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from aftale.model.agreement import Round
from aftale.model.text import danish_number


class Kind(StrEnum):
    """What a file of the year is, in the order of the list of contents; the last four don't belong in the record system."""

    AGREEMENT = "Aftale"
    FOLLOWUP = "Opfølgning"
    EDITION = "Forvaltningens udgave"
    ANSWER = "Forvaltningens svar"
    REPORT = "Rapport"
    SENT_MAIL = "Sendt mail"
    SAVED_MAIL = "Gemt mail"
    DRAFT = "Mailkladde"
    SENT_LIST = "Sendeliste"
    EARLIER = "Tidligere udgave"
    RETURNED = "Returneret svar"
    BESIDE_MAIL = "Kopi ved en mail"
    FORM = "Udsendt skema"
    OTHER = "Andet"

    @property
    def filed(self) -> bool:
        """Does it belong in the record system?"""
        return self not in (Kind.RETURNED, Kind.BESIDE_MAIL, Kind.FORM, Kind.OTHER)


NAMES, NAMES_AND_ADDRESSES, ADDRESSES = "navne", "navne og mailadresser", "mailadresser"
"""What personal data a file holds of itself; what people write in its texts may hold more."""
_PERSONAL = {Kind.EDITION: NAMES, Kind.ANSWER: NAMES, Kind.REPORT: NAMES, Kind.SENT_LIST: ADDRESSES, Kind.OTHER: "ukendt"}


def personal_data(kind: Kind, mail: bool = False) -> str:
    """Say what personal data a kind of file holds; the department's answer may come in a ``mail``, with its addresses."""
    return NAMES_AND_ADDRESSES if mail else _PERSONAL.get(kind, NAMES_AND_ADDRESSES)


@dataclass(frozen=True)
class YearFile:
    """A file in the year's folder: where it lies there, what it is, and what identifies it.

    ``day`` is when it was saved last, of a mail that was sent the day of that. ``about`` says more of what it is.
    ``loose`` tells that it was received, or made to be sent: what may be deleted in time.
    """

    at: str
    kind: Kind
    sha256: str
    size: int
    day: date
    round: Round | None = None
    about: str = ""
    personal: str = ""
    loose: bool = False

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.at.rpartition("/")[2]


def said_size(size: int) -> str:
    """Say how large something is: ``15 kB``, ``1,2 MB``."""
    return f"{danish_number(size / 1e6, 1)} MB" if size >= 1e6 else f"{danish_number(max(1, round(size / 1000)))} kB"
