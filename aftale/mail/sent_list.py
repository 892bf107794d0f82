"""The list of what was made and sent: a file of JSON lines beside the drafts.

A draft has a line on each day that it was made; whether a person has sent it, nobody knows. A mail that the program sends
has a line before it and one after it: with only the first it may have been sent or not. The list is only ever added to, by
one run at a time, and a line is on disk before anything builds on it. It holds keys and addresses; never a password, a
subject or a text.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from email.utils import localtime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from aftale.model.mail import Mailing, MailKind
from aftale.model.text import capital
from aftale.office.safe_write import CannotWrite, danish_reason, settle

SENT_LIST = "forsendelse.jsonl"


class State(StrEnum):
    """How far a mail has come to one address, as it is written in the list and shown.

    ``MADE`` is a draft, which says nothing of what was sent; ``UNSURE`` is the line before a mail that is sent; ``LACKING``
    is to be sent: put off, not sent after all, or once more.
    """

    MADE = "lavet"
    UNSURE = "uafklaret"
    SENT = "sendt"
    REFUSED = "afvist"
    LACKING = "mangler"


class Noted(NamedTuple):
    """The last that the list tells of a mail to one address; ``time`` is local ISO time with its zone."""

    state: State
    time: str


Pair = tuple[str, str]
"""A mail's key and one of the addresses that it goes to, case-folded: what is sent once."""


class Line(NamedTuple):
    """One line of the list: how far a mail had come to one address, and when (local ISO time with its zone)."""

    series: str
    mail: str
    to: str
    state: State
    time: str

    @property
    def kind(self) -> str:
        """Which kind of mail it is, as `MailKind` names them: mails of two kinds may go out in one series."""
        return self.mail.partition(" ")[0]

    @property
    def day(self) -> date:
        """The day that it was written."""
        return datetime.fromisoformat(self.time).date()


class Reminded(NamedTuple):
    """A day on which an ansvarlig was reminded: by a mail that the program sent, else by a draft that somebody may have."""

    day: date
    sent: bool


def told(folder: Path) -> tuple[Line, ...]:
    """Return what the list in a folder tells, the oldest first; lines that can't be read are passed by.

    Raises CannotWrite where there is a list that can't be opened.
    """
    path = folder / SENT_LIST
    with _usable(path):
        found = []
        for text in _texts(path):
            with suppress(ValueError, KeyError, TypeError):
                found.append(_line(text))
    return tuple(each for each in found if each)


def reminders(folder: Path) -> dict[str, tuple[Reminded, ...]]:
    """Return on which days each ansvarlig was reminded, by skema-id, the first day first.

    A draft counts on the day that it was made: whether it was sent can't be known. Several on one day are one.
    """
    days: dict[str, dict[date, bool]] = {}
    for each in told(folder):
        if each.kind == MailKind.PAAMIND and each.state in (State.MADE, State.SENT):
            of_form = days.setdefault(each.mail.rpartition(" ")[2], {})
            of_form[each.day] = of_form.get(each.day, False) or each.state is State.SENT
    return {form: tuple(Reminded(*each) for each in sorted(found.items())) for form, found in days.items()}


def note_made(folder: Path, mailing: Mailing, written: Collection[str], time: datetime) -> None:
    """Note which drafts were made, each once a day: those ``written`` now, by their names, and every reminder.

    A reminder counts on each day that it is made anew, also where its draft says the same as the last. Raises CannotWrite
    where the list can't be used.
    """
    pairs = {(mail.key, to.email.casefold()) for mail in mailing.mails for to in mail.to
             if mail.name in written or mailing.kind is MailKind.PAAMIND}
    if not pairs:
        return
    with held(folder, mailing.series) as sent_list:
        known = {(each.mail, each.to) for each in told(folder) if each.state is State.MADE and each.day == time.date()}
        sent_list.write(dict.fromkeys(sorted(pairs - known), State.MADE), time)


class SentList:
    """What was sent of one series of mails; in a ``dry`` run it is noted here and not in the file."""

    def __init__(self, folder: Path, series: str, dry: bool = False) -> None:
        self._path, self._series, self._dry = folder / SENT_LIST, series, dry
        with _usable(self._path):
            self.noted = _read(self._path, series)

    def note(self, states: Mapping[Pair, State]) -> None:
        """Write how far mails have come, a line for each address, and return when it is on disk."""
        time = localtime()
        self.noted |= {pair: Noted(state, time.isoformat(timespec="seconds")) for pair, state in states.items()}
        self.write(states, time)

    def write(self, states: Mapping[Pair, State], when: datetime) -> None:
        """Add lines to the file, and return when they are on disk."""
        time = when.isoformat(timespec="seconds")
        lines = [{"tid": time, "serie": self._series, "mail": mail, "til": to, "tilstand": state}
                 for (mail, to), state in states.items()]
        if self._dry or not lines:
            return
        with _usable(self._path), self._path.open("ab") as stream:
            # Each begins with the line break: what a killed run left of a line stays a line of its own.
            stream.write("".join(f"\n{json.dumps(line, ensure_ascii=False)}" for line in lines).encode("utf-8", "replace"))
            stream.flush()
            settle(stream)


@contextmanager
def held(folder: Path, series: str) -> Iterator[SentList]:
    """Hold a folder's list: nobody else sends from it meanwhile. The system lets go of it when a run is killed.

    Raises CannotWrite where another run holds it, or it can't be read or written.
    """
    lock = FileLock(folder / f"{SENT_LIST}.lock", timeout=0)
    with _usable(folder / SENT_LIST):
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield SentList(folder, series)
    finally:
        lock.release()


@contextmanager
def _usable(path: Path) -> Iterator[None]:
    """Say in Danish why the list can't be held, read or written."""
    try:
        yield
    except (OSError, NotImplementedError) as error:
        why = "en anden kørsel er ved at sende, eller mappen kan ikke låses"
        if isinstance(error, OSError) and not isinstance(error, Timeout):
            why = danish_reason(error)
        raise CannotWrite(f"Listen over det, der er sendt, {path}, kan ikke bruges: {capital(why)}. Uden den bliver intet"
                          " sendt. Vent, til andre er færdige med den, se efter, om der er plads og adgang, og kør den samme"
                          " kommando igen: Den fortsætter, hvor den slap.") from error


def _read(path: Path, series: str) -> dict[Pair, Noted]:
    """Read what the list tells of a series.

    A line that a killed run left half is passed by, for nothing was built on it: a mail isn't begun before its first line
    is whole, and without its second it is in doubt.
    """
    noted: dict[Pair, Noted] = {}
    for number, text in enumerate(_texts(path), 1):
        try:
            each = _line(text)
        except (ValueError, KeyError, TypeError) as error:
            raise CannotWrite(
                f"Linje {number} i {path} kan ikke læses, så det er uvist, hvad der er sendt. Intet er sendt nu. Hent en"
                " tidligere udgave af filen frem, eller flyt den og den mappe, den ligger i, hvis alt skal sendes forfra.",
            ) from error
        if each and each.series == series and each.state is not State.MADE:
            noted[each.mail, each.to] = Noted(each.state, each.time)
    return noted


def _texts(path: Path) -> list[bytes]:
    return path.read_bytes().removeprefix(BOM_UTF8).split(b"\n") if path.exists() else []


def _line(text: bytes) -> Line | None:
    """Read one line; None where it holds nothing, or half of what a killed run was writing."""
    text = text.strip(b"\0 \r")
    if not text or text.startswith(b"{") and not text.endswith(b"}"):
        return None
    found = json.loads(text.decode())
    datetime.fromisoformat(found["tid"])  # people are told the day
    return Line(str(found["serie"]), str(found["mail"]), str(found["til"]).casefold(), State(found["tilstand"]),
                str(found["tid"]))
