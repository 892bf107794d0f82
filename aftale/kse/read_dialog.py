"""What people have written on ``Dialog`` since it was drawn: answers, stages and questions. What was said is a record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from aftale.additions.find import lost_cells
from aftale.cells.find_table import FoundTable
from aftale.kse.dialog_rows import joined, parts_of, rows_of
from aftale.model.dialogue import WHOLE, WHOLE_AGREEMENT, Names, Party, Stage, Utterance, moment
from aftale.model.findings import Finding
from aftale.model.problems import problem
from aftale.model.text import CELL_LIMIT, canonical, cut, fold, listing
from aftale.model.workbook import Workbook, is_unreadable

_MOST_SAID = 80
_WHOLE = frozenset(fold(each) for each in (WHOLE_AGREEMENT, "Aftalen", "Hele"))


@dataclass
class DialogEdits:
    """What was written on ``Dialog``.

    ``changed`` are the lines with another answer or stage by their key, ``asked`` the unit's new questions, ``drafts`` what
    stands in the rows for questions and belongs to no goal. ``own`` are the answers that were written in the department's
    name by the line's key, ``unused`` what was written where it isn't read, and ``lost`` the cells that hold it.
    """

    changed: dict[str, Utterance] = field(default_factory=dict)
    asked: list[Utterance] = field(default_factory=list)
    drafts: list[tuple[str, str]] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)
    unused: list[Finding] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DialogReader:
    """Reads the table against what was drawn in it.

    ``utterances`` is everything that was said until it was drawn, ``answered`` the keys of the lines that the department's
    files of this round answer, and ``files`` which of its files were known.
    """

    book: Workbook
    table: FoundTable
    utterances: Sequence[Utterance]
    names: Names
    goals: Collection[str]
    year: int
    round: str
    answered: Collection[str] = ()
    files: tuple[str, ...] = ()

    def read(self) -> DialogEdits:
        """Return what was written."""
        found = DialogEdits()
        rows = rows_of(self.table, self.utterances)
        for each in self.utterances:
            if each.key in rows:
                self._line(each, rows[each.key], found)
        taken = {row for those in rows.values() for row in those}
        for row in self.table.data_rows():
            if row not in taken:
                self._question(row, found)
        return found

    def _text(self, row: int, key: str) -> str:
        value = self.table.value(row, key)
        return "" if is_unreadable(value) else canonical(value)

    # ---- a line that was drawn

    def _line(self, each: Utterance, rows: Sequence[int], found: DialogEdits) -> None:
        parts = parts_of(each)
        copies = [rows] if len(rows) <= len(parts) else [rows[at::len(rows) // len(parts)]
                                                         for at in range(len(rows) // len(parts))]
        if any(is_unreadable(self.table.value(row, key)) for row in rows for key in ("answer", "stage")):
            return  # asked about where the sheet was read; what was there before holds
        self._said(each, rows, [part.text for part in parts], found)
        answers = [joined([self._text(row, "answer") for row in those], each.answer) for those in copies]
        new = [text for text in dict.fromkeys(answers) if text != each.answer]
        if len(new) > 1:
            self._unused("dialog-answers-differ", each, rows, " / ".join(new), "answer", found)
            return
        words = [word for word in dict.fromkeys(self._text(row, "stage") for row in rows) if word]
        stage = self._stage(each, rows, words, found)
        text = new[0] if new else each.answer
        if new and not self._may_answer(each, stage):
            self._unused("dialog-answer-nowhere" if each.stage is Stage.NONE else "dialog-answer-record", each, rows, text,
                         "answer", found)
            text, new = each.answer, []
        if new and self._of_department(each):
            found.own[each.key] = text
            if stage is not None:
                self._change(replace(each, picked=stage, over=text), found)
        elif new or stage is not None:
            changed = replace(each, answer=text, answered_by=Party.UNIT if text else None) if new else each
            self._change(changed if stage is None else replace(changed, picked=stage, over=text), found)

    def _change(self, each: Utterance, found: DialogEdits) -> None:
        """Take a change; where the unit has answered and waits for the department all the same, that is a question."""
        now = moment(self.year, self.round)
        each = replace(each, since=now)
        if each.picked is Stage.FOR_DEPARTMENT and each.answer and each.answered_by is Party.UNIT:
            found.asked.append(self._asked(each.goal, each.answer))
            each = replace(each, answer="", answered_by=None, picked=Stage.ANSWERED, over="")
        found.changed[each.key] = each

    def _of_department(self, each: Utterance) -> bool:
        """Is it the department that answers here, so that another wording is the coordinator's in its name?"""
        return each.key in self.answered or each.stage is Stage.FOR_DEPARTMENT

    def _may_answer(self, each: Utterance, stage: Stage | None) -> bool:
        """May an answer be written or changed on a line? The department's of an earlier round is a record."""
        if each.answered_by is Party.DEPARTMENT and each.key not in self.answered:
            return each.stage is Stage.FOR_DEPARTMENT
        return bool(each.stage or stage)

    def _stage(self, each: Utterance, rows: Sequence[int], words: Sequence[str], found: DialogEdits) -> Stage | None:
        """Return the stage that was chosen, None where none was; one that was cleared is drawn again."""
        read = {word: self.names.read_stage(word) for word in words}
        for word, stage in read.items():
            if stage is None:
                self._unused("dialog-stage-unknown", each, rows, word, "stage", found)
        new = [stage for stage in read.values() if stage is not None and stage is not each.stage]
        if len(new) > 1:
            self._unused("dialog-answers-differ", each, rows, " / ".join(words), "stage", found)
            return None
        return new[0] if new else None

    def _said(self, each: Utterance, rows: Sequence[int], drawn: Sequence[str], found: DialogEdits) -> None:
        """Tell where somebody has edited what was said: it stays as it was said, and the edit is told of."""
        now = [self._text(row, "text") for row in rows]
        strange = [text for text in now if text not in drawn]
        if strange or (len(now) == len(drawn) and sorted(now) != sorted(drawn)):
            self._unused("dialog-record", each, rows, "\n".join(strange) or "(tom)", "text", found)

    def _unused(self, code: str, each: Utterance, rows: Sequence[int], text: str, key: str, found: DialogEdits) -> None:
        place = self.book.place(self.table.sheet.name, rows[0], self.table.columns.get(key, 0))
        asked = problem(code, place, value=text, goal=each.goal, what=cut(each.text, _MOST_SAID),
                        department=self.names.department, hint=self._stages())
        found.unused.append(replace(asked, text=cut(text, CELL_LIMIT)))
        cells = [self.book.place("", row, self.table.columns.get(key, 0)).cell for row in rows]
        found.lost.append(lost_cells(self.table.sheet.name, cells))

    def _stages(self) -> str:
        return listing([f"»{self.names.stage(stage)}«" for stage in Stage if stage])

    # ---- a row for questions

    def _question(self, row: int, found: DialogEdits) -> None:
        goal, text = self._text(row, "id"), self._text(row, "text")
        if not text:
            if goal and any(self._text(row, key) for key in ("answer", "stage")):
                self._strange(row, found)
            elif goal:
                found.drafts.append((goal, ""))
            return
        known = {fold(each): each for each in self.goals}
        about = WHOLE if fold(goal) in _WHOLE else known.get(fold(goal))
        if about is None:
            found.drafts.append((goal, text))
            return
        found.asked.append(self._asked(about, text))

    def _asked(self, goal: str, text: str) -> Utterance:
        """Return a question of the unit's."""
        return Utterance(goal, self.year, self.round, Party.UNIT, self.names.of(Party.UNIT), text,
                         since=moment(self.year, self.round), after=self.files)

    def _strange(self, row: int, found: DialogEdits) -> None:
        """Tell of a row that is neither a line nor a question, but holds an answer or a stage."""
        said = " / ".join(text for key in ("answer", "stage") if (text := self._text(row, key)))
        place = self.book.place(self.table.sheet.name, row, self.table.columns.get("answer", 0))
        asked = problem("dialog-row-unknown", place, value=said)
        found.unused.append(replace(asked, text=cut(said, CELL_LIMIT)))

