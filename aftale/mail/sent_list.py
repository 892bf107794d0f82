"""The list of what was sent: a file of JSON lines beside the drafts, one line before each mail and one after it.

It is only ever added to, by one run at a time, and a line is on disk before anything builds on it. A mail with only its
first line may have been sent or not: nobody knows. It holds keys and addresses; never a password, a subject or a text.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.utils import localtime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from aftale.office.safe_write import CannotWrite, danish_reason, settle

SENT_LIST = "forsendelse.jsonl"


class State(StrEnum):
    """How far a mail has come to one address, as it is written in the list and shown.

    ``UNSURE`` is the line before it; ``LACKING`` is to be sent: put off, not sent after all, or once more.
    """

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


class SentList:
    """What was sent of one series of mails; in a ``dry`` run it is noted here and not in the file."""

    def __init__(self, folder: Path, series: str, dry: bool = False) -> None:
        self._path, self._series, self._dry = folder / SENT_LIST, series, dry
        with _usable(self._path):
            self.noted = _read(self._path, series)

    def note(self, states: Mapping[Pair, State]) -> None:
        """Write how far mails have come, a line for each address, and return when it is on disk."""
        time = localtime().isoformat(timespec="seconds")
        self.noted |= {pair: Noted(state, time) for pair, state in states.items()}
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
        raise CannotWrite(f"Listen over det, der er sendt, {path}, kan ikke bruges: {why}. Uden den bliver intet sendt."
                          " Vent, til andre er færdige med den, se efter, om der er plads og adgang, og kør den samme"
                          " kommando igen: den fortsætter, hvor den slap.") from error


def _read(path: Path, series: str) -> dict[Pair, Noted]:
    """Read what the list tells of a series.

    A line that a killed run left half is passed by, for nothing was built on it: a mail isn't begun before its first line
    is whole, and without its second it is in doubt.
    """
    noted: dict[Pair, Noted] = {}
    for number, line in enumerate(path.read_bytes().removeprefix(BOM_UTF8).split(b"\n") if path.exists() else (), 1):
        text = line.strip(b"\0 \r")
        if not text or text.startswith(b"{") and not text.endswith(b"}"):
            continue
        try:
            told = json.loads(text.decode())
            datetime.fromisoformat(told["tid"])  # people are told the day
            found = {(str(told["mail"]), str(told["til"]).casefold()): Noted(State(told["tilstand"]), str(told["tid"]))}
            noted |= found if told["serie"] == series else {}
        except (ValueError, KeyError, TypeError) as error:
            raise CannotWrite(
                f"Linje {number} i {path} kan ikke læses, så det er uvist, hvad der er sendt. Intet er sendt nu. Hent en"
                " tidligere udgave af filen frem, eller flyt den og den mappe, den ligger i, hvis alt skal sendes forfra.",
            ) from error
    return noted
