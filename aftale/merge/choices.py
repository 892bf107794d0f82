"""What the coordinator decides in Excel: the choices on ``Kontrol``, what they are known by, and what is said of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
from aftale.model.text import LIST_COMMA, canonical, count, cut, danish_number, fold, spoken, utf16_length

ACCEPT, REVISE, KEEP, SETTLES = "Godkend", "Ret aftalen", "Behold aftalen", "Gælder som svar"
LEAVE_OUT = "Tag ikke med"
TAKE_ALONG, NO_MORE, OLDER = "Tag med i næste aftale", "Gør ikke mere", "Brug det ældre svar"
ON_DIALOG = "Svar på arket Dialog"
"""What can be chosen under ``Vælg`` on ``Kontrol``, besides what is made for a line: `keeping`, `using` and `asking`."""
ADD_TO: Mapping[str, AnswerColumn] = {"Føj til Bemærkninger": AnswerColumn.REMARKS,
                                      "Føj til Næste skridt": AnswerColumn.NEXT_STEP}
"""The choices that let a text stand among a goal's answers, and where."""
ASK, USE, BELONGS = "Spørg", "Brug", "Gælder"
_LONGEST_CHOICE, _LONGEST_LIST = 32, 255
PROPOSED_CHANGE = "proposed-change"
DECIDED_ELSEWHERE = frozenset(("conflict", "reopened", "picked-twice", "decided-twice", "edit-unread"))
"""Questions that can't be accepted away on ``Kontrol``: they are settled on »Modstridende svar« or in »Opfølgning«."""
_YES = frozenset(("godkend", "godkendt", "ok", "okay", "x", "ja", "set", "set og godkendt"))
_WORDS: Mapping[str, str] = {"ret aftalen": REVISE, "ret": REVISE, "rettes": REVISE, "behold aftalen": KEEP,
                             "behold": KEEP, "beholdes": KEEP, "tag med i næste aftale": TAKE_ALONG, "tag med": TAKE_ALONG}
MAIL_ANSWERS = frozenset(("answered-by-mail", "answered-by-link", "mail-says-more"))
"""Questions about a mail that may be an ansvarlig's whole answer, as the coordinator can choose that it is."""
_MOST_NAMED, _LONGEST = 5, 60


@dataclass(frozen=True)
class Choice:
    """What stands under ``Vælg`` and ``Egen formulering`` on a line of ``Kontrol``, and what the line was about.

    ``pick`` is what was chosen, or what somebody wrote where it isn't understood; ``column`` the key of the
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

    @property
    def wording(self) -> str:
        """The answer that is to hold: what was written, or the one that ``Brug …`` names."""
        return self.own or used(self.pick)

    @property
    def act(self) -> str:
        """What was picked, whatever it names: ``Behold «…»`` approves, ``Spørg …`` asks, ``Brug …`` uses an answer."""
        if _KEEPS.fullmatch(self.pick):
            return ACCEPT
        if self.belongs_to:
            return BELONGS
        return ASK if _ASKS.match(self.pick) else USE if used(self.pick) else self.pick

    @property
    def belongs_to(self) -> str:
        """The Mål-id that ``Gælder M1.2.3`` names, '' where something else is picked."""
        found = _BELONGS.fullmatch(self.pick)
        return found[1].upper() if found else ""


_KEEPS = re.compile(r"(?i)behold\s+[«»\"“”].+[«»\"“”]")
_BELONGS = re.compile(r"(?i)gælder\s+(M\d+(?:\.\d+)*)")
_ASKS = re.compile(r"(?i)spørg\b")
_USES = re.compile(r"(?i)brug\s+[«»\"“”]?(.+?)[«»\"“”]?")


def keeping(value: str) -> str:
    """Return the choice that lets an answer stand: ``Behold »Ikke opfyldt«``."""
    return f"Behold »{value}«"


def using(value: str) -> str:
    """Return the choice that lets another answer hold: ``Brug »Delvist opfyldt«``, ``Brug 20``."""
    bare = value.strip("«»")  # a reading that is asked about has its quotes already
    return f"{USE} {bare}" if bare[:1].isdigit() or bare[:1] in "-−" else f"{USE} »{bare}«"


def belonging(goal: str) -> str:
    """Return the choice that says whose answers a row holds: ``Gælder M1.2.3``."""
    return f"{BELONGS} {goal}"


def asking(name: str) -> str:
    """Return the choice that sends a question back: ``Spørg Landdistriktsteamet``; it fits in a list, whoever is asked."""
    clean = " ".join(name.replace(",", " ").replace('"', " ").split())
    choice = f"{ASK} {clean}"
    return choice if clean and len(choice) <= _LONGEST_CHOICE else f"{ASK} den ansvarlige"


def used(pick: str) -> str:
    """Return the answer that ``Brug …`` names, '' where something else is picked."""
    found = _USES.fullmatch(pick) if fold(pick) != fold(OLDER) else None
    return found[1].strip() if found else ""


def fitting(options: Sequence[str]) -> tuple[str, ...]:
    """Return the choices that fit in one of Excel's lists, each once; those that use a reading give way first."""
    kept = list(dict.fromkeys(options))
    while utf16_length(",".join(kept)) > _LONGEST_LIST:
        kept.pop(next((at for at in reversed(range(len(kept))) if used(kept[at])), len(kept) - 1))
    return tuple(kept)


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


def proposed_changes(findings: Iterable[Finding], keys: Keys) -> dict[str, Finding]:
    """Return every proposed change of an agreed cell by its line's key."""
    return {keys.found(found): found for found in findings if found.kind == PROPOSED_CHANGE}


def understood(text: str, proposed: bool) -> str:
    """Return what is meant under ``Vælg``, or the text itself where it can't be told.

    To a proposed change »ok« could mean either, so there only its own words count.
    """
    words = fold(text).strip(" .!")
    if proposed:
        return _WORDS.get(words, text)
    if words in _YES:
        return ACCEPT
    fixed = (SETTLES, LEAVE_OUT, TAKE_ALONG, ON_DIALOG, NO_MORE, OLDER, *ADD_TO)
    return next((each for each in fixed if words == fold(each)), text.replace(LIST_COMMA, ","))


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
    words = ((ACCEPT, "godkendt"), (USE, "brugt et andet svar"), (OLDER, "brugt det ældre svar"),
             (BELONGS, "lagt til sit mål"), (ASK, "skal spørges"),
             (REVISE, "ret aftalen"), (KEEP, "behold aftalen"), (SETTLES, "gælder som svar"), (LEAVE_OUT, "ikke taget med"),
             (TAKE_ALONG, "tages med i næste aftale"), (ON_DIALOG, "står på Dialog"),
             *((each, "føjet til") for each in ADD_TO), (NO_MORE, "ikke mere"))
    counted = Counter(word for c in new for act, word in words if c.act == act and not c.own)
    told = [f"{counted[word]} {word}" for word in dict.fromkeys(word for _, word in words) if counted[word]]
    told += [f"{n} rettet" for n in [sum(bool(c.own) for c in new)] if n]
    return (f"Nye valg på {CONTROL}: {', '.join(told)}.",) if told else ()


def _same(old: Decision | None, new: Decision) -> bool:
    return old is not None and (old.against, canonical(old.chosen)) == (new.against, canonical(new.chosen))


def _short(value: Value) -> str:
    return cut(" ".join(spoken(value).split()) or "(tom)", _LONGEST)
