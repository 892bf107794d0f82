"""The lines of ``Kontrol`` as values, and how a finding becomes one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from aftale.cells.reading import readings_in
from aftale.forms.returned import ledger_rule
from aftale.merge.choices import (
    ACCEPT,
    DECIDED_ELSEWHERE,
    LEAVE_OUT,
    MAIL_ANSWERS,
    PROPOSED_CHANGE,
    SETTLES,
    Choice,
    Keys,
    read_answer,
)
from aftale.merge.merge import HEADERS
from aftale.model.agreement import AnswerColumn, Goal
from aftale.model.findings import ODD, READ, Finding, Severity
from aftale.model.place import Place
from aftale.model.text import split_at_limit, spoken

READING, UNREAD = "Læsning", "Kunne ikke læses"


@dataclass(frozen=True)
class ControlLine:
    """One line on ``Kontrol``.

    ``key`` is what it is known by; ``column`` the key of the answer or agreed column it is about; ``options`` what can be
    chosen, and ``own`` whether an own wording can be written. ``choice`` is what stands there. ``word`` is what became of
    it, '' while it is open; ``trouble`` what is wrong with the choice. ``stored`` is the text as answers are compared, where
    ``text`` says it as it was seen.
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
    trouble: Finding | None = None
    stored: str = ""


KINDS = {
    READ: READING, "field": "Udfyldt i skemaet", "remark": "Løs bemærkning", "note": "Note",
    "extra-column": "Ekstra kolonne", "extra-sheet": "Ekstra ark", "new-goal": "Forslag til nyt mål",
    "unknown-row": "Ukendt række", "sum-row": "Sumrække",
    "proposed-change": "Ændring af det aftalte", "unread": UNREAD, "extra-table": "Ekstra tabel",
    ODD: "Usandsynligt svar",
    "drawing": "Billede eller tekstboks", "margin": "Sidehoved eller sidefod", "link": "Link",
    "blank": "Usynlige tegn", "changed": "Ændret af forvaltningen"}


def acceptable(level: Severity, code: str) -> tuple[str, ...]:
    """Return the choices that a problem offers besides an own wording: a question may be approved as it is read."""
    if code in MAIL_ANSWERS:
        return SETTLES, ACCEPT
    return (ACCEPT,) if level is Severity.QUESTION and code not in DECIDED_ELSEWHERE else ()


def problem_line(found: Finding, keys: Keys, kind: str = "", text: str = "", who: str = "") -> ControlLine:
    """Return what was found as a line; ``who`` wrote what is only kept."""
    options = (ACCEPT,) if found.rule else acceptable(found.level, found.code)
    open_ = found.kind == ODD and found.level is Severity.QUESTION
    return ControlLine(found.level, kind or KINDS.get(found.kind, found.level.danish), found.goal, _what(found, who),
                       text or found.stood, _read(found), found.advice, found.place, found.cells, keys.found(found),
                       found.column if found.kind in (READ, "unread", PROPOSED_CHANGE, ODD) else "",
                       (*found.readings, LEAVE_OUT, *options) if open_ else options, open_, stored=found.text)


def readings_of(line: ControlLine, goal: Goal, year: int) -> tuple[str, ...]:
    """Return what an answer that couldn't be read may have meant, as far as that can be read itself."""
    column = AnswerColumn(line.column)
    return tuple(each for each in readings_in(line.advice) if not read_answer(goal, column, each, year).problem)


def found_lines(found: Finding, keys: Keys, who: str) -> Iterator[ControlLine]:
    """Yield what was found in a file of somebody's: in several lines where one cell can't hold its text."""
    line = problem_line(found, keys, who=who)
    for number, piece in enumerate(split_at_limit(found.stood)):
        yield replace(line, text=piece, cells=found.cells if number == 0 else 0)


def _what(found: Finding, who: str) -> str:
    if found.rule:
        header = HEADERS[AnswerColumn(found.column)] if found.column in set(AnswerColumn) else found.column
        return f"{header}: {ledger_rule(found.rule)}"
    kept = {"field": f"Skrevet i skemaets hoved af {who}.", "note": f"Note i skemaet fra {who}.",
            "link": f"Link fra {who}, hvor adressen ikke kan læses i cellen."}
    return found.message or kept.get(found.kind, f"Skrevet uden for svarfelterne af {who}.")


def _read(found: Finding) -> str:
    """Return what was read as people write it; the reading itself is kept in the one canonical spelling."""
    if found.column in (AnswerColumn.RESULT, AnswerColumn.BASELINE):
        return found.read.replace(".", ",")
    return spoken(date.fromisoformat(found.read)) if found.read and found.column == AnswerColumn.AS_OF else found.read
