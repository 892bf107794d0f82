"""The lines of ``Kontrol``, and what the coordinator's choices make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aftale.forms.returned import CLEARED
from aftale.forms.versions import known_senders, letter_problems, letters_beside_empty_forms, open_questions, sender_of
from aftale.merge.choices import (
    ACCEPT,
    ADD_TO,
    ASK,
    BELONGS,
    KEEP,
    LEAVE_OUT,
    NO_MORE,
    OLDER,
    ON_DIALOG,
    REVISE,
    SETTLES,
    TAKE_ALONG,
    USE,
    Choice,
    Control,
    Keys,
    read_answer,
    unread_mark,
)
from aftale.merge.control_lines import READING, STATUS_KIND, UNREAD, ControlLine
from aftale.merge.merge import HEADERS, GoalColumn, Merged, MergeResult
from aftale.merge.proposed_changes import Revision, wishes
from aftale.merge.state import State, line_keys
from aftale.merge.swapped_rows import RowAnswers, row_answers
from aftale.model.agreement import AnswerColumn, Goal
from aftale.model.columns import CONFLICTS
from aftale.model.findings import Finding, Severity
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical, fold, listing, spoken

_ANSWERS = {column.value: column for column in AnswerColumn}
_TOLD = {LEAVE_OUT: ("Udeladt", "Svaret er ikke med i opfølgningen."),
         SETTLES: (SETTLES, "Mailen gælder som svar, så der mindes ikke om mere."),
         TAKE_ALONG: ("Tages med", "Forslaget kommer med, når du kører »aftale nyt-aar«."),
         ON_DIALOG: ("På Dialog", "Forslaget står på arket Dialog ved Hele aftalen. Svaret skrives dér."),
         NO_MORE: ("Set", "Der sker ikke mere. Teksten bliver stående her.")}
"""What is said of a choice that is carried out: the word for it, and what it means."""


@dataclass(frozen=True)
class Rulings:
    """What the choices are judged by: the choices themselves, the merge, the goals, the agreement's year and revision."""

    control: Control
    merged: MergeResult
    goals: Mapping[str, Goal]
    year: int
    revision: Revision = Revision()

    def ruled(self, lines: Sequence[ControlLine]) -> list[ControlLine]:
        """Return the lines with what the coordinator's choices made of them; a choice stands on its first line."""
        shown: set[str] = set()
        found = []
        for line in lines:
            choice = self.control.get(line.key)
            if choice is None:
                found.append(self._decided_since(line) or self._remembering(line))
                continue
            ruled = self._one(replace(line, choice=choice), choice)
            found.append(ruled if line.key not in shown else replace(ruled, choice=Choice(), options=(), own=False,
                                                                     trouble=None))
            shown.add(line.key)
        return found

    def _decided_since(self, line: ControlLine) -> ControlLine | None:
        """Return the line of an unread answer whose cell the coordinator has given a value elsewhere since it came."""
        cell = self.merged.cells.get((line.goal, _ANSWERS[line.column])) if line.column in _ANSWERS else None
        if line.kind != UNREAD or cell is None or not cell.decided or not cell.decision \
                or unread_mark(line.stored) not in cell.decision.against:
            return None
        return _done(line, "Afgjort", f"Afgjort: {spoken(cell.outcome) or '(tom)'}.")

    def _remembering(self, line: ControlLine) -> ControlLine:
        """Tell of an open line what was chosen before the thing it is about changed."""
        if not line.options or not line.place.cell:
            return line
        about = (line.goal, line.column, line.kind, line.place.cell)
        for choice in self.control.values():
            if (choice.goal, choice.column, choice.kind, choice.cell) == about:
                stood = " / ".join(choice.text.splitlines())
                return replace(line, advice=f"{line.advice} Før stod der »{stood}«, og du valgte »{choice.said}«.".strip())
        return line

    def _one(self, line: ControlLine, choice: Choice) -> ControlLine:
        pick, own = choice.pick, choice.own
        if not (line.options or line.own or line.approves):
            ruled = _wrong(line, "choice-not-here", value=choice.said)
            return replace(ruled, advice=f"{ruled.advice} {line.advice}".strip())
        offered = (*line.options, *((ACCEPT,) if line.approves or not line.options else ()))
        if pick and not (line.own and choice.act == USE) and not _is_offered(choice, offered):
            return _wrong(line, "choice-unknown", value=pick, what=listing([f"»{option}«" for option in offered]))
        if own and not line.own:
            return _wrong(line, "choice-no-wording", value=own)
        if REVISE in line.options or KEEP in line.options:
            return self._proposed_change(line, choice)
        return self._corrected(line, choice.wording) if choice.wording else self._picked(line, choice)

    def _picked(self, line: ControlLine, choice: Choice) -> ControlLine:
        """Say what became of a choice that names no answer."""
        act = choice.act
        if act == ASK:
            return replace(line, advice="Spørgsmålet kommer med, når du kører »aftale indlaes --retur MAPPE«. Linjen er"
                                        " åben, til der kommer et nyt svar.")
        if act == OLDER:
            return self._older(line)
        if act == BELONGS:
            return self._moved(line, choice.belongs_to)
        if act in ADD_TO:
            told = f"Teksten står nu under {HEADERS[ADD_TO[act]]} ved {line.goal}, med navn."
            return replace(_done(line, "Føjet til", told), cells=0)
        if line.kind == UNREAD and act == ACCEPT:
            return _done(line, "Set", "Set: Svaret er ikke med i opfølgningen.")
        if line.kind == STATUS_KIND and act == ACCEPT:
            return _done(line, "Beholdt", "Den indberettede status gælder.")
        if line.kind == READING:
            return _done(line, "Godkendt", "Godkendt.")
        return _done(line, *_TOLD.get(act, ("Set", "Set.")))

    def _moved(self, line: ControlLine, goal: str) -> ControlLine:
        """Say whose answers a row now holds, and which of them can't be read."""
        read = row_answers(line.stored or line.text, self.goals[goal], self.year) if goal in self.goals else RowAnswers()
        left = f" Kan ikke læses: {listing(list(read.unread))}. Skriv det på Opfølgning." if read.unread else ""
        return _done(line, "Afgjort", f"Rækkens svar er læst som svar på {goal}.{left}")

    def _older(self, line: ControlLine) -> ControlLine:
        """Judge the older answer by what the merge has made of it."""
        cell = self.merged.cells.get((line.goal, _ANSWERS[line.column])) if line.column in _ANSWERS else None
        older = "" if line.text == CLEARED else line.text
        if cell is not None and cell.decided and spoken(cell.chosen) == older:
            return _done(line, "Afgjort", "Det ældre svar gælder.")
        said = spoken(cell.outcome) if cell and not cell.conflict else ""
        return _wrong(line, "choice-differs", value=line.text, chosen=said or "(tom)",
                      at=cell.decision.at if cell and cell.decision else "et andet sted")

    def _proposed_change(self, line: ControlLine, choice: Choice) -> ControlLine:
        if choice.pick in (KEEP, TAKE_ALONG):
            if choice.own:
                return _wrong(line, "choice-both", value=choice.own, what=choice.pick)
            return _done(line, *_TOLD.get(choice.pick, ("Aftalen beholdt", "Aftalen er ikke ændret.")))
        if line.key in self.revision.trouble:
            code, hint = self.revision.trouble[line.key]
            return _wrong(line, code, value=choice.own or line.text, hint=hint)
        if not wishes(choice) or not (choice.file or line.key in self.revision.standing):
            return line  # the revised agreement couldn't be written, of which its own question tells
        where = f"Aftalen er rettet i {choice.file}." if choice.file else "Det står i aftalen nu."
        return _done(line, "Aftalen rettet", where)

    def _corrected(self, line: ControlLine, own: str) -> ControlLine:
        """Judge a corrected answer by what the merge has made of it."""
        goal, column = self.goals[line.goal], _ANSWERS[line.column]
        read = read_answer(goal, column, own, self.year)
        if read.problem:
            return _wrong(line, "choice-unread", value=own, hint=read.hint)
        cell = self.merged.cells.get((line.goal, column)) or Merged(line.goal, column, ())
        if cell.reopened:
            return _done(line, "Ændret siden", f"Her blev skrevet »{own}«, men der er kommet et andet svar siden. Vælg på"
                         f" arket {CONFLICTS}.")
        if cell.conflict and cell.decision and canonical(read.value) in cell.decision.by:
            return _done(line, "Læst", f"Læst som {spoken(read.value)}. En anden har svaret noget andet. Vælg på arket"
                         f" »{CONFLICTS}«.")
        if not cell.conflict and canonical(cell.outcome) == canonical(read.value):
            said = spoken(cell.outcome)
            if line.kind == STATUS_KIND:
                return _done(line, "Afgjort", f"»{said}« gælder. Det, der er indberettet, står stadig her.")
            return _done(line, "Rettet", f"Rettet til {said}.") if cell.decided else _done(line, "Godkendt", "Godkendt.")
        if cell.decided and cell.decision:
            return _wrong(line, "choice-differs", value=own, chosen=spoken(cell.outcome) or "(tom)",
                          at=cell.decision.at or "et andet sted")
        return _wrong(line, "choice-twice", value=own)


@dataclass(frozen=True)
class Settled:
    """What the coordinator has settled on ``Kontrol``, so that nobody is asked for it any more.

    ``unread`` are by Mål-id the columns whose unread or doubtful answers are all approved or left out, ``accepted`` the
    keys of the lines that are approved, and ``used`` those on which another answer was chosen than the one they are about.
    """

    unread: Mapping[str, frozenset[str]] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    keys: Keys = field(default_factory=lambda: Keys(()))

    def without_remark(self, problems: Sequence[Finding]) -> bool:
        """Tell whether it is approved that a goal has no remark where its status asks for one."""
        return any(each.code == "remark-missing" and self.keys.found(each) in self.accepted for each in problems)


def settled_answers(state: State) -> Settled:
    """Return what is settled of the answers that couldn't be read, of doubtful results, and of what is missing."""
    keys = line_keys(state)
    accepted = frozenset(key for key, choice in state.control.items() if choice.act == ACCEPT and not choice.own)
    used = frozenset(key for key, choice in state.control.items() if choice.wording)
    out = {key for key, choice in state.control.items() if choice.pick == LEAVE_OUT and not choice.own}
    unread: dict[tuple[str, str], bool] = {}
    for each in open_questions(state.returned):
        for found in each.findings:
            if found.kind == "unread":
                cell, key = (found.goal, found.column), keys.found(found)
                unread[cell] = unread.get(cell, True) and (key in accepted or key in out)
    for choice in state.control.values():  # a doubtful result is left out by a decision of its own
        if choice.pick == LEAVE_OUT and not choice.own and choice.column in _ANSWERS:
            unread.setdefault((choice.goal, choice.column), True)
    goals = {goal for goal, _ in unread}
    return Settled({goal: frozenset(column for (of, column), done in unread.items() if done and of == goal)
                    for goal in goals}, accepted, used, keys)


def wanted_answers(state: State) -> frozenset[GoalColumn]:
    """Return the answers that the coordinator has chosen on ``Kontrol`` to ask about."""
    return frozenset((choice.goal, _ANSWERS[choice.column]) for choice in state.control.values()
                     if choice.act == ASK and choice.column in _ANSWERS)


def settled_by_mail(state: State, forms: Sequence[Form]) -> frozenset[str]:
    """Return the ansvarlige (folded) of whom the coordinator has chosen on ``Kontrol`` that a mail is their whole answer."""
    picked = {key for key, choice in state.control.items() if choice.pick == SETTLES and not choice.own}
    if not picked:
        return frozenset()
    keys, known = line_keys(state), known_senders(forms)
    found: set[str] = set()
    for letter in state.letters:
        if any(keys.found(each) in picked for each in (*letter_problems([letter], known),
                                                       *letters_beside_empty_forms([letter], state.returned))):
            found |= {fold(name) for name in known.get(sender_of(letter), ())}
            found |= {fold(each.owner) for each in state.returned
                      if each.source.container.split(" > ")[0] == letter.source.name}
    return frozenset(found)


def _is_offered(choice: Choice, offered: Sequence[str]) -> bool:
    """Tell whether something can be picked on a line; whom to ask need not be named."""
    return fold(choice.pick) in {fold(each) for each in offered} or (
        choice.act == ASK and any(each.startswith(ASK) for each in offered))


def _done(line: ControlLine, word: str, advice: str) -> ControlLine:
    return replace(line, level=Severity.INFO, word=word, advice=advice)


def _wrong(line: ControlLine, code: str, **words: object) -> ControlLine:
    """Return a line with a question about the choice that stands on it; it stays there until it is changed."""
    trouble = problem(code, Place(), goal=line.goal, **words)
    level = line.level if line.level is Severity.ERROR else Severity.QUESTION
    return replace(line, level=level, advice=f"{trouble.message} {trouble.advice}", trouble=trouble)
