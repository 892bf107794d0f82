"""The journal of what was sent: a file of JSON lines that is only ever added to, and that one run at a time may hold.

A line is on disk before anything builds on it, so that a run that is killed at any moment can be gone on with. It tells
keys, addresses and the server's answers; never a password, a subject or what a mail says.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from email.utils import localtime
from io import FileIO
from pathlib import Path

from filelock import FileLock, Timeout

from aftale.mail.smtp_plan import Entry, What
from aftale.office.safe_write import CannotWrite, danish_reason

JOURNAL = "forsendelse.jsonl"
LOCK = f"{JOURNAL}.lock"


class JournalUnusable(CannotWrite):
    """The journal can't be held, read or written; the text says why and what to do, in Danish."""


class Journal:
    """The journal while this run holds it."""

    def __init__(self, path: Path, stream: FileIO, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self._path, self._stream = path, stream

    def add(self, entry: Entry) -> None:
        """Write a line down, with the time, and return when it is on disk."""
        stamped = replace(entry, time=now())
        self._write(json.dumps(_plain(stamped), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        self.entries = (*self.entries, stamped)

    def begin_new_line(self) -> None:
        """Leave a line that a killed run didn't finish as it is, and begin another below it."""
        self._write(b"\n")

    def _write(self, data: bytes) -> None:
        try:
            while data:
                data = data[self._stream.write(data):]
            os.fsync(self._stream.fileno())
        except OSError as error:
            raise JournalUnusable(_why_not(self._path, error)) from error


@contextmanager
def held(folder: Path) -> Iterator[Journal]:
    """Hold a folder's journal: nobody else sends from it meanwhile. The system lets go of it when a run is killed.

    Raises:
        JournalUnusable: where another run holds it, or it can't be read or written.
    """
    path = folder / JOURNAL
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise JournalUnusable(
            f"En anden kørsel er ved at sende mails fra {folder}. Denne har intet sendt. Vent, til den anden er færdig, og"
            " kør så den samme kommando igen: ingen får en mail to gange.") from error
    except NotImplementedError as error:
        raise JournalUnusable(f"Mappen {folder} kan ikke låses, så to kunne sende på samme tid. Intet er sendt. Flyt årets"
                              " mappe til denne maskines egen disk, og kør kommandoen igen.") from error
    except OSError as error:
        raise JournalUnusable(_why_not(path, error)) from error
    try:
        with _opened(path) as stream:
            journal = Journal(path, stream, read(folder))
            if _is_cut_off(path):
                journal.begin_new_line()
            yield journal
    finally:
        lock.release()


def _opened(path: Path) -> FileIO:
    try:
        return path.open("ab", buffering=0)
    except OSError as error:
        raise JournalUnusable(_why_not(path, error)) from error


def _is_cut_off(path: Path) -> bool:
    return path.read_bytes()[-1:] not in (b"", b"\n")


def read(folder: Path) -> tuple[Entry, ...]:
    """Return what a folder's journal tells; nothing where there is none.

    Raises:
        JournalUnusable: where a line can't be read that was written whole: whatever it told, it may not be sent again.
    """
    path = folder / JOURNAL
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise JournalUnusable(_why_not(path, error)) from error
    return tuple(_entry(line, path, number) for number, line in enumerate(lines, 1) if not _is_torn(line))


def _is_torn(line: bytes) -> bool:
    """Tell whether a run was killed, or the power went, in the middle of a line.

    Such a line is as good as none: a mail's last line isn't sent before `afslutter` is whole, and without its answer the
    mail is in doubt.
    """
    return not line.strip(b"\0 \r") or line.startswith(b"{") and not line.strip(b"\0 \r").endswith(b"}")


def _entry(line: bytes, path: Path, number: int) -> Entry:
    try:
        told = json.loads(line.decode("utf-8-sig"))
        return Entry(What(told["hvad"]), str(told["serie"]), int(told["omgang"]), str(told.get("mail", "")),
                     tuple(map(str, told.get("til", ()))), str(told.get("svar", "")),
                     tuple((str(key), str(address)) for key, address in told.get("mails", ())), str(told["tid"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise JournalUnusable(
            f"Linje {number} i {path} kan ikke læses, så det er uvist, hvad der er sendt. Intet er sendt nu. Hent en"
            " tidligere udgave af filen frem, eller flyt den og den mappe, den ligger i, hvis alt skal sendes forfra.",
        ) from error


def _plain(entry: Entry) -> Mapping[str, object]:
    told: dict[str, object] = {"tid": entry.time, "hvad": entry.what.value, "serie": entry.series, "omgang": entry.round}
    # The lists stand before the end of a line: one that ends in } is whole.
    further = {"mail": entry.mail, "til": entry.to, "svar": entry.reply, "mails": entry.pairs}
    return told | {key: value for key, value in further.items() if value}


def _why_not(path: Path, error: OSError) -> str:
    return (f"Journalen {path} kan ikke læses eller skrives: {danish_reason(error)}. Uden den bliver intet sendt. Luk den i"
            " andre programmer, se efter, om der er plads og adgang, og kør den samme kommando igen: den fortsætter, hvor"
            " den slap.")


def now() -> str:
    """Return the local time with its zone, to the second."""
    return localtime().isoformat(timespec="seconds")
