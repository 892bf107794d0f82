"""What the coordinator decides in Excel: the choices on ``Kontrol``, what they are known by, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from aftale.cells.read_cell import read_as
from aftale.cells.reading import Read
from aftale.forms.returned import Returned
from aftale.merge.merge import HEADERS, Decision, GoalColumn, MergeResult
from aftale.model.agreement import AnswerColumn, Goal, Value
from aftale.model.columns import CONTROL
from aftale.model.findings import READ, Finding, Severity
from aftale.model.place import Place, Source
from aftale.model.text import LIST_COMMA, canonical, count, cut, danish_number, fold, spoken

ACCEPT, REVISE, KEEP, SETTLES = "Godkend", "Ret aftalen", "Behold aftalen", "Gælder som svar"
LEAVE_OUT = "Tag ikke med"
"""What can be chosen under ``Vælg`` on ``Kontrol``."""
PROPOSED_CHANGE = "proposed-change"
DECIDED_ELSEWHERE = frozenset(("conflict", "reopened", "picked-twice", "decided-twice", "edit-unread"))
"""Questions that can't be accepted away on ``Kontrol``: they are settled on «Modstridende svar» or in «Opfølgning»."""
_YES = frozenset(("godkend", "godkendt", "ok", "okay", "x", "ja", "set", "set og godkendt"))
_WORDS: Mapping[str, str] = {"ret aftalen": REVISE, "ret": REVISE, "rettes": REVISE, "behold aftalen": KEEP,
                             "behold": KEEP, "beholdes": KEEP}
MAIL_ANSWERS = frozenset(("answered-by-mail", "answered-by-link", "mail-says-more"))
"""Questions about a mail that may be an ansvarlig's whole answer, as the coordinator can choose that it is."""
_MOST_NAMED, _LONGEST = 5, 60


@dataclass(frozen=True)
class Choice:
    """What stands under ``Vælg`` and ``Egen formulering`` on a line of ``Kontrol``, and what the line was about.

    ``pick`` is one of the words above, or what somebody wrote where it isn't understood; ``column`` the key of the
    answer or agreed column; ``file`` the revised agreement in which a proposed change was carried out.
    """

    pick: str = ""
    own: str = ""
    goal: str = ""
    column: str = ""
    kind: str = ""
    cell: str = ""
    text: str = ""
    file: str = ""

    @property
    def said(self) -> str:
        """The choice as people read it."""
        return self.own or self.pick


Control = Mapping[str, Choice]
"""The choices by the key of their line."""


LINE_KEY = re.compile(r"k-[0-9a-f]{10}")


class Keys:
    """What each line of ``Kontrol`` is known by: a hash of the file's bytes, the sheet, the cell and what it says.

    So a choice finds its line again when files are renamed, lines are sorted or others come and go; and where what it
    was about has changed, it is another line. A number of the line, or its place, would survive neither.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        shas: dict[tuple[str, str], list[str]] = {}
        for source in sources:
            shas.setdefault((source.container, source.name), []).append(source.sha256)
        self._shas = {name: " ".join(sorted(found)) for name, found in shas.items()}

    def of(self, place: Place, *parts: str) -> str:
        """Return the key of what a place says; only the agreement and the follow-up themselves have no hash."""
        sha = self._shas.get((place.container, place.file), "")
        text = "\x1f".join((sha, place.sheet, place.cell, *parts))
        return f"k-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"

    def found(self, found: Finding) -> str:
        """Return the key of a problem or a reading; '' for what is only kept."""
        if found.rule:
            return self.of(found.place, READ, found.goal, found.column, found.text, found.read, found.rule)
        return self.of(found.place, found.goal, found.message) if found.code else ""


def answer_lines(returned: Iterable[Returned], keys: Keys) -> dict[str, GoalColumn]:
    """Return the answer cell behind every line of ``Kontrol`` on which an answer can be corrected, by the line's key."""
    columns = {column.value: column for column in AnswerColumn}
    return {keys.found(found): (found.goal, columns[found.column]) for each in returned for found in each.findings
            if found.kind in (READ, "unread") and found.column in columns}


def unread_mark(text: str) -> str:
    """Return how an answer that couldn't be read stands among those that a cell was decided against."""
    return f"\x1f{text}"


def unread_marks(returned: Iterable[Returned], cell: GoalColumn) -> frozenset[str]:
    """Return the marks of what was answered in a cell and couldn't be read."""
    return frozenset(unread_mark(found.text) for each in returned for found in each.findings
                     if found.kind == "unread" and (found.goal, found.column) == cell)


def proposed_changes(returned: Iterable[Returned], keys: Keys) -> dict[str, Finding]:
    """Return every proposed change of an agreed cell by its line's key."""
    return {keys.found(found): found for each in returned for found in each.findings if found.kind == PROPOSED_CHANGE}


def understood(text: str, proposed: bool) -> str:
    """Return what is meant under ``Vælg``, or the text itself where it can't be told.

    To a proposed change «ok» could mean either, so there only its own words count.
    """
    words = fold(text).strip(" .!")
    if proposed:
        return _WORDS.get(words, text)
    if words in _YES:
        return ACCEPT
    return next((each for each in (SETTLES, LEAVE_OUT) if words == fold(each)), text.replace(LIST_COMMA, ","))


def as_written(raw: object, percent: bool) -> str:
    """Return an own wording as text that is read again with the same meaning: ``12,5``, ``50 %``, ``31-05-2015``."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return spoken(raw) if isinstance(raw, date) else canonical(raw)
    if percent:
        return f"{danish_number(round(raw * 100, 10))} %"
    text = spoken(float(raw))
    return f"{text}0" if len(text.partition(",")[2]) == 3 else text  # 1,234 could be a thousand


def read_answer(goal: Goal, column: AnswerColumn, raw: object, year: int, percent: bool | None = None) -> Read:
    """Read an answer typed into the follow-up by the same rules as one in a skema."""
    return read_as(column, raw, year=year, unit=goal.measure.unit,
                   in_percent=goal.measure.in_percent, percent_format=percent)


def settle(problems: Iterable[Finding], settled: Mapping[str, str], keys: Keys) -> tuple[Finding, ...]:
    """Return problems with those made mere information that were decided on ``Kontrol``.

    ``settled`` has what became of it by the line's key; an error can't be decided away.
    """
    if not settled:
        return tuple(problems)
    told = []
    for found in problems:
        said = settled.get(keys.found(found)) if found.level is Severity.QUESTION else None
        told.append(found if said is None else replace(found, level=Severity.INFO, advice=said))
    return tuple(told)


# ---------------------------------------------------------------- what is said of them

def decisions_used(merged: MergeResult, old_decisions: Mapping[GoalColumn, Decision],
                   new_decisions: Mapping[GoalColumn, Decision]) -> tuple[str, ...]:
    """Say which decisions the merge went by, the new ones first and at most five of them by name.

    Nothing where there is none; one that newer answers have opened again isn't used.
    """
    used = [cell for cell, settled in merged.cells.items() if settled.decided and cell in new_decisions]
    if not used:
        return ()
    new = [cell for cell in used if not _same(old_decisions.get(cell), new_decisions[cell])]
    ordered = [*new, *(cell for cell in used if cell not in new)]
    named = [f"{goal} {HEADERS[column]}: {_short(new_decisions[goal, column].chosen)}" for goal, column in ordered]
    more = [f"og {len(named) - _MOST_NAMED} til"] if len(named) > _MOST_NAMED else []
    fresh = "" if not new or len(new) == len(used) else f", heraf {count(len(new), 'ny', 'nye')}"
    return (f"Afgørelser brugt: {danish_number(len(used))}{fresh} ({'; '.join((*named[:_MOST_NAMED], *more))}).",)


def choices_used(before: Control, now: Control) -> tuple[str, ...]:
    """Say how many lines of ``Kontrol`` have been answered since last time, by what was chosen."""
    nothing = Choice()
    new = [c for key, c in now.items() if (c.pick, c.own) != (before.get(key, nothing).pick, before.get(key, nothing).own)]
    words = ((ACCEPT, "godkendt"), (REVISE, "ret aftalen"), (KEEP, "behold aftalen"), (SETTLES, "gælder som svar"),
             (LEAVE_OUT, "ikke taget med"))
    told = [f"{n} {word}" for pick, word in words if (n := sum(c.pick == pick and not c.own for c in new))]
    told += [f"{n} rettet" for n in [sum(bool(c.own) for c in new)] if n]
    return (f"Nye valg på {CONTROL}: {', '.join(told)}.",) if told else ()


def _same(old: Decision | None, new: Decision) -> bool:
    return old is not None and (old.against, canonical(old.chosen)) == (new.against, canonical(new.chosen))


def _short(value: Value) -> str:
    return cut(" ".join(spoken(value).split()) or "(tom)", _LONGEST)
