"""What is found in people's files: whatever must be asked or told, and whatever was written besides answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from aftale.model.place import Place


class Severity(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    QUESTION = "question"
    INFO = "info"

    @property
    def danish(self) -> str:
        """The level as people read it."""
        return {"error": "Fejl", "question": "Spørgsmål", "info": "Oplysning"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in somebody's file: where it stands, what stands there, and what to do about it.

    ``code`` is that of the catalogue, '' where there is nothing to ask or tell but that it stands there. ``kind`` says what
    holds it: an answer that can't be read, a remark beside the answers, a note … (see `control_lines.KINDS`), or `READ`
    for a cell that isn't read literally, whose ``text`` was read as ``read`` by ``rule``; it is '' where no text is kept.
    ``column`` is the key of the column where it stands in a goal's own cell, and ``cells`` how many cells it is the home of.
    ``readings`` are what an answer that is asked about may have meant, as people write it. ``shown`` is the text as it is
    seen in the cell, where that is another: ``25 %`` for 0.25.
    """

    code: str
    level: Severity
    place: Place
    message: str = ""
    advice: str = ""
    text: str = ""
    goal: str = ""
    kind: str = ""
    column: str = ""
    read: str = ""
    rule: str = ""
    cells: int = 0
    readings: tuple[str, ...] = ()
    shown: str = ""

    @property
    def key(self) -> str:
        """What the finding is known by the next time: a hash of where it stands and what is told."""
        return sha256("\n".join((self.code, *self.place, self.message)).encode("utf-8", "surrogatepass")).hexdigest()[:10]

    def keeping(self, kind: str, cells: int = 1, column: str = "") -> Finding:
        """Return the same finding as the home of so many cells, whose text it has."""
        return replace(self, kind=kind, cells=cells, column=column)

    @property
    def stood(self) -> str:
        """The text as people see it in the cell."""
        return self.shown or self.text

    def at(self, place: Place) -> Finding:
        """Return the same finding at another place."""
        return replace(self, place=place)

READ = "reading"
"""The kind of a cell that isn't read literally."""
ODD = "odd"
"""The kind of a result that was read and can hardly be right."""


def kept(kind: str, text: str, place: Place, cells: int = 1, goal: str = "", column: str = "") -> Finding:
    """Return what somebody wrote that nothing is asked about: it is told where it stands."""
    return Finding("", Severity.INFO, place, text=text, goal=goal, kind=kind, column=column, cells=cells)


def reading(place: Place, text: str, read: str, rule: str, goal: str = "", column: str = "", shown: str = "") -> Finding:
    """Return how a cell was read that doesn't say it literally."""
    return Finding("", Severity.INFO, place, text=text, goal=goal, kind=READ, column=column, read=read, rule=rule,
                   shown=shown)
