"""What was received before anybody judged it: a file found, a mail, a file that was refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from aftale.model.findings import Finding
from aftale.model.place import Source


@dataclass(frozen=True)
class Found:
    """A workbook's bytes as they were found: its name, what it lay in, and who sent it when (ISO, UTC) where known."""

    name: str
    data: bytes
    container: str = ""
    sender: str = ""
    when: str = ""


@dataclass(frozen=True)
class AsRead:
    """Anything that was received from a file.

    ``packed`` is the text that it was unpacked from, where it was (see `state_json`); a changed copy has none.
    """

    source: Source
    packed: str = field(default="", init=False, repr=False, compare=False)


@dataclass(frozen=True)
class IncomingMail(AsRead):
    """A mail as it came: who sent it when, what it says in plain text, where it links to, and what else lay in it.

    ``with_form`` tells that workbooks lay in it, which are read for themselves; ``attachments`` are the names of
    everything else that was attached; ``automatic`` tells that a program wrote it, so that it is nobody's answer.
    """

    subject: str = ""
    text: str = ""
    links: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    with_form: bool = False
    automatic: bool = False


@dataclass(frozen=True)
class Refused(AsRead):
    """A file that isn't a skema of this round: one line, and what to do about it."""

    problem: Finding
