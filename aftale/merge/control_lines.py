"""The lines of ``Kontrol`` as values, and how a problem becomes one."""

from __future__ import annotations

from dataclasses import dataclass

from aftale.merge.choices import ACCEPT, DECIDED_ELSEWHERE, Choice, Keys
from aftale.model.place import Place
from aftale.model.problems import Problem, Severity

READING, UNREAD = "Læsning", "Kunne ikke læses"


@dataclass(frozen=True)
class ControlLine:
    """One line on ``Kontrol``.

    ``key`` is what it is known by; ``column`` the key of the answer or agreed column it is about; ``options`` what can be
    chosen, and ``own`` whether an own wording can be written. ``choice`` is what stands there. ``word`` is what became of
    it, '' while it is open; ``trouble`` what is wrong with the choice.
    """

    level: Severity
    kind: str
    goal: str
    what: str
    text: str
    read: str
    advice: str
    place: Place
    cells: int = 0
    key: str = ""
    column: str = ""
    options: tuple[str, ...] = ()
    own: bool = False
    choice: Choice = Choice()
    word: str = ""
    trouble: Problem | None = None


KINDS = {
    "field": "Udfyldt i skemaet", "remark": "Løs bemærkning", "note": "Note", "extra-column": "Ekstra kolonne",
    "extra-sheet": "Ekstra ark", "new-goal": "Forslag til nyt mål", "unknown-row": "Ukendt række",
    "proposal": "Ændring af det aftalte", "unread": UNREAD, "extra-table": "Ekstra tabel",
    "drawing": "Billede eller tekstboks", "blank": "Usynlige tegn"}


def acceptable(level: Severity, code: str) -> tuple[str, ...]:
    """Return the choice that a problem offers besides an own wording: a question may be approved as it is read."""
    return (ACCEPT,) if level is Severity.QUESTION and code not in DECIDED_ELSEWHERE else ()


def problem_line(p: Problem, keys: Keys) -> ControlLine:
    """Return a problem as a line of its own."""
    return ControlLine(p.level, p.level.danish, p.goal, p.message, p.value, "", p.advice, p.place, 0, keys.problem(p), "",
                       acceptable(p.level, p.code))
