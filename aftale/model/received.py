"""What was received before anybody judged it: a file found, a mail, a file that was refused."""

from __future__ import annotations

from dataclasses import dataclass

from aftale.model.place import Source
from aftale.model.problems import Problem


@dataclass(frozen=True)
class Found:
    """A workbook's bytes as they were found: its name, what it lay in, and who sent it when (ISO, UTC) where known."""

    name: str
    data: bytes
    container: str = ""
    sender: str = ""
    when: str = ""


@dataclass(frozen=True)
class IncomingMail:
    """A mail as it came: who sent it when, what it says in plain text, where it links to, and what else lay in it.

    ``with_form`` tells that workbooks lay in it, which are read for themselves; ``attachments`` are the names of
    everything else that was attached; ``automatic`` tells that a program wrote it, so that it is nobody's answer.
    """

    source: Source
    subject: str = ""
    text: str = ""
    links: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    with_form: bool = False
    automatic: bool = False


@dataclass(frozen=True)
class Refused:
    """A file that isn't a skema of this round: one line, and what to do about it."""

    source: Source
    problem: Problem
