"""KSE's remarks from every returned edition, merged with each other and with the coordinator's wording."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from aftale.forms.returned import BOX, CLEARED, DepartmentAnswer, Remark
from aftale.forms.versions import is_certain
from aftale.kse.edition import EditionAbout
from aftale.merge.cell_account import Books
from aftale.merge.choices import Keys
from aftale.merge.control_lines import ControlLine, found_lines, problem_line
from aftale.merge.state import State, line_keys
from aftale.model.agreement import THE_DEPARTMENT
from aftale.model.columns import DIALOG, KSE_REMARK
from aftale.model.dialogue import Utterance, is_line
from aftale.model.findings import Finding, Severity
from aftale.model.problems import problem
from aftale.model.text import CELL_LIMIT, CUT_HERE, canonical, cut, fold, split_at_limit, utf16_length

DEPARTMENT = "Forvaltningen"
_HEADER = "Forvaltningens bemærkninger"
_MOST_SAID = 80


class _Side(NamedTuple):
    """What one file of KSE's says of a goal."""

    answer: DepartmentAnswer
    remark: Remark


@dataclass(frozen=True)
class KseRemarks:
    """What stands under KSE's names.

    ``remarks`` are the texts to draw by Mål-id, ``box`` what to draw in ``Forvaltningens samlede bemærkning`` (''
    where nothing stands); ``edited`` those (the box as `returned.BOX`) that are the coordinator's own wording, wholly or
    in part. ``answers`` are what KSE answered on ``Dialog`` by the line's key, each with the line itself in ``asked``, and
    ``said`` the remarks one by one: by Mål-id the texts in the order of their files, each with its file.
    ``lines`` belong on ``Kontrol``; ``books`` count the cells of KSE's files.
    """

    remarks: Mapping[str, str] = field(default_factory=dict)
    box: str = ""
    edited: frozenset[str] = frozenset()
    lines: tuple[ControlLine, ...] = ()
    problems: tuple[Finding, ...] = ()
    books: Books = Books()
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Utterance] = field(default_factory=dict)
    said: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def shown(self, key: str) -> str:
        """Return what stands for a goal, in the box, or as the answer on a line of ``Dialog``."""
        return self.box if key == BOX else self.remarks.get(key, self.answers.get(key, ""))


def merge_remarks(departments: Sequence[DepartmentAnswer], own: Mapping[str, str], over: Mapping[str, Collection[str]],
             goals: Collection[str], keys: Keys, called: str = THE_DEPARTMENT) -> KseRemarks:
    """Merge KSE's files with what the coordinator has written in their place.

    ``own`` is the coordinator's wording by Mål-id (the box under `returned.BOX`), and ``over`` which of the department's
    files were known when it was written; ``keys`` say what the lines of Kontrol are known by, and ``called`` what they call
    the department. The order of the files doesn't matter.
    """
    said = _said(departments)
    sides, lines, problems = _sides(said, departments, called)
    by_key = {key: _OfKey(key, sides.get(key, ()), own.get(key), frozenset(over.get(key, ())), said.get(key, ()))
              for key in sorted(sides.keys() | own.keys())}
    told = [line for one in by_key.values() for line in one.told(goals, keys)]
    followup = sum(one.cells for one in by_key.values()) - sum(line.cells for line in told)
    problems += [problem("kse-and-own", one.sides[-1].remark.place, what=_what(one.sides[-1].remark),
                         goal=one.sides[-1].remark.goal, department=called) for one in by_key.values() if one.both]
    problems += [problem("kse-answers-differ", one.sides[0].remark.place, value=" / ".join(one.different),
                         what=_what(one.sides[0].remark), goal=one.about.goal, department=called)
                 for one in by_key.values() if one.about and one.own is None and len(one.different) > 1]
    lines += [*told, *(problem_line(each, keys) for each in problems)]
    problems += [problem("goal-gone", side.remark.place, goal=one.key) for one in by_key.values()
                 if one.is_gone(goals) for side in one.sides]
    for each in departments:
        lines += (line for found in each.findings for line in found_lines(found, keys, called))
        problems += (found for found in each.findings if found.code)
    total, sent = sum(each.cells for each in departments), sum(each.sent for each in departments)
    shown = {key: one.text for key, one in by_key.items() if not is_line(key)}
    return KseRemarks({key: text for key, text in shown.items() if text and key != BOX}, shown.get(BOX, ""),
                    frozenset(key for key, one in by_key.items() if one.is_own), tuple(lines), tuple(problems),
                    Books(total, sent, 0, followup, sum(line.cells for line in lines)),
                    {key: one.text for key, one in by_key.items() if is_line(key)},
                    {key: one.about for key, one in by_key.items() if one.about},
                    {key: one.one_by_one for key, one in by_key.items() if not is_line(key)})


def remarks_of(state: State, goals: Collection[str], called: str = THE_DEPARTMENT) -> KseRemarks:
    """Merge what a follow-up's state holds of the department's and the coordinator's words; ``called`` is its name."""
    own = dict(state.remarks)
    box = canonical(state.boxes.get(KSE_REMARK))
    if box or BOX in state.over:
        own[BOX] = box
    return merge_remarks(state.departments, own, state.over, goals, line_keys(state), called)


def about_of(state: State, kse: KseRemarks, open_lines: Sequence[Utterance] = ()) -> EditionAbout:
    """Return what KSE's edition must tell of the follow-up that it is drawn from; ``open_lines`` wait for KSE's answer."""
    remarks = {**kse.remarks, **({BOX: kse.box} if kse.box else {})}
    return EditionAbout(state.agreement, state.unit, state.year, state.round, remarks, kse.edited,
                 tuple(sorted(each.short for each in state.departments)), tuple(open_lines))


# ---------------------------------------------------------------- which of KSE's files counts

def _said(departments: Sequence[DepartmentAnswer]) -> dict[str, list[_Side]]:
    """Return everything that KSE's files say, by Mål-id, in the order of their times."""
    found: dict[str, list[_Side]] = {}
    for each in sorted(departments, key=lambda d: (d.source.when, d.source.sha256)):
        for remark in each.remarks:
            found.setdefault(remark.key, []).append(_Side(each, remark))
    return found


def _sides(said: Mapping[str, list[_Side]], departments: Sequence[DepartmentAnswer], called: str) -> tuple[
        dict[str, list[_Side]], list[ControlLine], list[Finding]]:
    """Return what still counts by Mål-id, the lines of what newer files replaced, and what must be asked."""
    newer = _newer(departments)
    lines: list[ControlLine] = []
    problems: list[Finding] = []
    found = {}
    for goal, sides in said.items():
        replaced = {a.answer.short: b for a in sides for b in sides
                    if (b.answer.short in newer.get(a.answer.short, ()) and a.remark.text != b.remark.text)}
        for side in sides:
            by = replaced.get(side.answer.short)
            if by is not None and side.remark.text is not None:
                lines.append(_line("Erstattet svar", side, f"erstattet af en nyere udgave ({by.answer.source.name}).",
                                   by.remark.text or CLEARED))
        found[goal] = [side for side in sides if side.answer.short not in replaced]
        problems += _only_older(goal, sides, departments, newer, called)
    return found, lines, problems


def _newer(departments: Sequence[DepartmentAnswer]) -> dict[str, set[str]]:
    """Return by file which files replace what it says: those that were drawn from it, and later versions of the same."""
    newer: dict[str, set[str]] = {}
    groups: dict[tuple[str, str], list[DepartmentAnswer]] = {}
    for each in departments:
        for before in each.drawn_from:
            newer.setdefault(before, set()).add(each.short)
        groups.setdefault((each.edition, fold(each.source.sender)), []).append(each)
    for group in groups.values():
        ordered = sorted(group, key=lambda d: d.source.when, reverse=True)
        if is_certain([each.source.when for each in ordered]):
            for number, each in enumerate(ordered):
                newer.setdefault(each.short, set()).update(later.short for later in ordered[:number])
    return newer


def _only_older(goal: str, sides: Sequence[_Side], departments: Sequence[DepartmentAnswer],
                newer: Mapping[str, Collection[str]], called: str) -> Iterator[Finding]:
    """Ask about a remark that an earlier version has and a later one of the same edition hasn't."""
    said = {side.answer.short for side in sides}
    for side in sides:
        later = [each for each in departments if each.short in newer.get(side.answer.short, ())]
        same = [each for each in later if each.edition == side.answer.edition]
        if same and not said & {each.short for each in later} and side.remark.text is not None:
            yield problem("kse-older-kept", side.remark.place, value=side.remark.text, what=_what(side.remark),
                          goal=side.remark.goal, department=called)


def _what(remark: Remark) -> str:
    if remark.about:
        return f"»{cut(remark.about.text, _MOST_SAID)}«"
    return remark.goal or f"»{KSE_REMARK}«"


# ---------------------------------------------------------------- one goal, the box, or a line of Dialog

class _OfKey:
    """What KSE's files and the coordinator say of one goal or to one line of ``Dialog``, and what comes of it."""

    def __init__(self, key: str, sides: Sequence[_Side], own: str | None, seen: frozenset[str],
                 said: Sequence[_Side]) -> None:
        self.key, self.sides, self.own, self.all_said = key, sides, own, said
        self.about = said[0].remark.about if said else None
        new = [side for side in sides if side.answer.short not in seen and (side.remark.text or "") != own]
        # Where KSE was sent the coordinator's wording and has changed it, KSE has answered to it.
        self.answered = own is not None and bool(new) and all(self._knew_own(side) for side in new)
        self.both = own is not None and bool(new) and not self.answered
        taken = sides if own is None else new
        self.different = tuple(dict.fromkeys(side.remark.text for side in taken if side.remark.text))
        self.whole = _joined(self.different)
        if own is not None and not self.answered:
            self.whole = "\n".join(filter(None, (own, self.whole and f"{DEPARTMENT}: {self.whole}")))
        self.left_out = [side for side in sides if side not in taken and side.remark.text not in (None, own)]
        self.taken = taken
        self.cut = utf16_length(self.whole) > CELL_LIMIT
        self.text = split_at_limit(self.whole, CELL_LIMIT - len(CUT_HERE))[0] + CUT_HERE if self.cut else self.whole

    def _knew_own(self, side: _Side) -> bool:
        """Was KSE sent the coordinator's wording, with this file or with one that this was drawn from?"""
        remark = side.remark
        if remark.edited and (remark.base == self.own or bool(self.own) and str(self.own) in remark.base):
            return True
        before = [each for each in self.all_said if each.answer.short in side.answer.drawn_from]
        return any(self._knew_own(each) for each in before if each.answer.short != side.answer.short)

    @property
    def cells(self) -> int:
        """How many cells of KSE's files are about this."""
        return sum(side.remark.text is not None for side in self.sides)

    @property
    def is_own(self) -> bool:
        """Is what stands the coordinator's wording, wholly or in part?"""
        return self.own is not None and not self.answered

    def told(self, goals: Collection[str], keys: Keys) -> Iterator[ControlLine]:
        """Yield the lines on Kontrol for what doesn't stand, or not in full, in the follow-up."""
        for side in self.sides:
            if side.remark.text is None:
                continue
            if self.is_gone(goals):
                asked = problem("goal-gone", side.remark.place, goal=self.key)
                yield replace(_line("Mål uden for aftalen", side, "", ""), level=asked.level, what=asked.message,
                              advice=asked.advice, key=keys.found(asked))
            elif side in self.left_out:
                yield _line("Rettet i opfølgningen", side, "står ikke længere i opfølgningen, hvor teksten er rettet siden.",
                            self.text or CLEARED)
            elif self.cut:
                yield _line("Lang tekst", side, "teksten er længere, end cellen kan rumme.", "")
        if self.answered and self.own:
            remark = self.taken[0].remark
            yield ControlLine(Severity.INFO, "Erstattet tekst", remark.goal, f"{_header(remark)}: {DEPARTMENT} har fået"
                              " teksten fra opfølgningen tilsendt og har svaret på den.", self.own, self.text or CLEARED, "",
                              remark.place._replace(sheet="", cell=""))

    def is_gone(self, goals: Collection[str]) -> bool:
        """Is it about a goal that is no longer in the agreement? A line of ``Dialog`` stands there all the same."""
        return self.key not in (BOX, *goals) and not is_line(self.key)

    @property
    def one_by_one(self) -> tuple[tuple[str, str], ...]:
        """The texts that stand, one by one, each with its file; what was only added to a text is a text of its own."""
        found: dict[str, str] = {self.own or "": ""} if self.is_own else {}
        for side in self.taken:
            for text, file in self._parts(side):
                found.setdefault(text, file)
        return tuple((text, file) for text, file in found.items() if text)

    def _parts(self, side: _Side) -> Iterator[tuple[str, str]]:
        """Yield what one file says: first what it was added to, as the files before it have it."""
        base, text = side.remark.base, side.remark.text or ""
        added = _added(base, text)
        before = [each for each in self.all_said if each is not side and each.remark.text
                  and (each.remark.text == base or f": {each.remark.text}\n" in f"{base}\n")] if added else []
        for each in before:
            yield from self._parts(each) if len(each.remark.text or "") < len(text) else ()
        if added and not before:
            yield base, ""
        yield added or text, side.answer.short


def _added(base: str, text: str) -> str:
    """Return what was written after a text that was sent, '' where the text itself was changed."""
    rest = text[len(base):] if base and text.startswith(base) else ""
    return rest.strip() if rest[:1] == "\n" or (rest[:1] == " " and base[-1:] in ".!?") else ""


def _joined(different: Sequence[str]) -> str:
    """Join different remarks of KSE's, each under a number of its own; what was cleared says nothing beside a text."""
    if len(different) < 2:
        return "".join(different)
    return "\n".join(f"{DEPARTMENT} {number}: {text}" for number, text in enumerate(different, 1))


# ---------------------------------------------------------------- Kontrol

def _header(remark: Remark) -> str:
    return f"Svar på arket {DIALOG}" if remark.about else _HEADER if remark.goal else KSE_REMARK


def _line(kind: str, side: _Side, what: str, read: str) -> ControlLine:
    remark = side.remark
    return ControlLine(Severity.INFO, kind, remark.goal, f"{_header(remark)}: {what}", remark.text or CLEARED, read, "",
                       remark.place, int(remark.text is not None))
