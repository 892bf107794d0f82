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
    asking,
    belonging,
    fitting,
    read_answer,
    using,
)
from aftale.merge.merge import HEADERS, Superseded
from aftale.merge.swapped_rows import SWAPPED
from aftale.model.agreement import AnswerColumn, Goal
from aftale.model.findings import ODD, READ, Finding, Severity
from aftale.model.place import Place
from aftale.model.questions import QUESTIONS
from aftale.model.text import split_at_limit, spoken

READING, UNREAD = "Læsning", "Kunne ikke læses"


@dataclass(frozen=True)
class ControlLine:
    """One line on ``Kontrol``.

    ``key`` is what it is known by; ``column`` the key of the answer or agreed column it is about; ``options`` what can be
    chosen, and ``own`` whether an own wording can be written. ``choice`` is what stands there. ``word`` is what became of
    it, '' while it is open; ``trouble`` what is wrong with the choice. ``stored`` is the text as answers are compared, where
    ``text`` says it as it was seen. ``approves`` tells that ``Godkend`` is understood where it isn't offered. ``code`` is
    that of the problem it tells of, and ``owner`` whom it can be asked. Where a line is told in other words than it is known
    by, ``says``, ``stood`` and ``means`` are what stands under Hvad, Der stod and Læst som.
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
    approves: bool = False
    code: str = ""
    owner: str = ""
    says: str = ""
    stood: str = ""
    means: str = ""

    @property
    def open(self) -> bool:
        """Does it wait for the coordinator?"""
        return self.level is not Severity.INFO


KINDS = {
    READ: READING, "field": "Udfyldt i skemaet", "remark": "Løs bemærkning", "note": "Note",
    "extra-column": "Ekstra kolonne", "extra-sheet": "Ekstra ark", "new-goal": "Forslag til nyt mål",
    "unknown-row": "Ukendt række", "sum-row": "Sumrække",
    "proposed-change": "Ændring af det aftalte", "unread": UNREAD, "extra-table": "Ekstra tabel",
    ODD: "Usandsynligt svar",
    "drawing": "Billede eller tekstboks", "margin": "Sidehoved eller sidefod", "link": "Link",
    "blank": "Usynlige tegn", "changed": "Ændret af forvaltningen"}


LOOSE = frozenset(("remark", "note", "extra-column"))
"""The kinds of what was written beside the answers, which can stand among a goal's if the coordinator wants it to."""
STATUS_KIND = "Status og tal"
"""What the line of a status is called that says something else than the figures."""
_KINDS_BY_CODE = {"status-contradiction": STATUS_KIND}


def acceptable(level: Severity, code: str, owner: str = "") -> tuple[str, ...]:
    """Return the choices that a problem offers: a question may be approved as it is read, or asked once more."""
    if code in MAIL_ANSWERS:
        return SETTLES, ACCEPT
    if level is not Severity.QUESTION or code in DECIDED_ELSEWHERE:
        return ()
    return (ACCEPT, asking(owner)) if code in QUESTIONS and owner else (ACCEPT,)


def problem_line(found: Finding, keys: Keys, kind: str = "", text: str = "", who: str = "", owner: str = "") -> ControlLine:
    """Return what was found as a line; ``who`` wrote what is only kept, and ``owner`` is whom it can be asked."""
    options = acceptable(found.level, found.code, owner) if not found.rule else ()
    if found.code == SWAPPED and found.readings:
        options = (*map(belonging, found.readings), LEAVE_OUT, asking(owner))
    open_ = found.kind == ODD and found.level is Severity.QUESTION
    named = kind or KINDS.get(found.kind) or _KINDS_BY_CODE.get(found.code, found.level.danish)
    return ControlLine(found.level, named, found.goal, _what(found, who),
                       text or found.stood, _read(found), found.advice, found.place, found.cells, keys.found(found),
                       found.column if found.kind in (READ, "unread", PROPOSED_CHANGE, ODD) else "",
                       fitting((*map(using, found.readings), LEAVE_OUT, *options)) if open_ else options,
                       open_ or bool(found.rule), stored=found.text, code=found.code, owner=owner)


def readings_of(line: ControlLine, goal: Goal, year: int) -> tuple[str, ...]:
    """Return what an answer that couldn't be read may have meant, as far as that can be read itself."""
    column = AnswerColumn(line.column)
    return tuple(each for each in readings_in(line.advice) if not read_answer(goal, column, each, year).problem)


def found_lines(found: Finding, keys: Keys, who: str, owner: str = "") -> Iterator[ControlLine]:
    """Yield what was found in a file of somebody's: in several lines where one cell can't hold its text."""
    line = problem_line(found, keys, who=who, owner=owner)
    for number, piece in enumerate(split_at_limit(found.stood)):
        yield replace(line, text=piece, cells=found.cells if number == 0 else 0)


def loose_key(found: Finding, keys: Keys, who: str) -> str:
    """Return the key of the line on which stands what ``who`` wrote beside the answers."""
    return keys.found(found) or line_key(found.place, found.goal, _what(found, who), keys)


def line_key(place: Place, goal: str, what: str, keys: Keys) -> str:
    """Return the key of a line that tells of no problem and no reading."""
    return keys.of(place, goal, what)


def superseded_what(old: Superseded) -> str:
    """Say which answer was replaced by which file."""
    return f"{HEADERS[old.answer.column]}: erstattet af en nyere udgave fra {old.answer.who} ({old.by.name})."


def superseded_key(old: Superseded, keys: Keys) -> str:
    """Return the key of the line that tells of a replaced answer."""
    return line_key(old.answer.place, old.answer.goal, superseded_what(old), keys)


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
