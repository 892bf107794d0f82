"""The workbook of a skema that goes back: as it was sent, filled in, with marks, notes and the sheet of questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from aftale.forms.plan import form_book
from aftale.forms.versions import copy_edition
from aftale.merge.merge import HEADERS
from aftale.model.agreement import AnswerColumn
from aftale.model.columns import FINISHED, FORMER_SKEMA_COLUMNS, SKEMA_COLUMNS
from aftale.model.forms import Form, FormLine, Marked
from aftale.model.tables import Cell, FormBook, Pointed, QuestionSheet
from aftale.model.text import canonical, cut, danish_date, listing
from aftale.replies.questions import FINISHED_KEY, KEYS, Asked, QuestionForm

_MOST_SHOWN = 300
"""A longer answer is shown only in part beside its question."""


def reply_book(reply: QuestionForm, created: date) -> FormBook:
    """Say what the workbook shows: the skema as it was sent, filled in, its doubtful cells marked, and the questions."""
    return _Drawing(reply, form_book(reply.form, created)).book()


def reply_form(reply: QuestionForm, fixed: Mapping[str, Mapping[str, int]]) -> Form:
    """Return the skema as the workbook remembers it: as it was sent, with what was filled in and what was asked."""
    given = {cell: canonical(value) for cell, value in reply.filled.values.items()}
    marked = Marked(given, reply.filled.doubts, reply.newest.filled_by, reply.newest.finished)
    return replace(reply.form, edition=copy_edition(reply.form.edition, reply.files), fixed=fixed, marked=marked)


class _Drawing:
    def __init__(self, reply: QuestionForm, plain: FormBook) -> None:
        self.reply, self.plain = reply, plain
        self.rows = {line.goal: number for number, line in enumerate(reply.form.lines)}

    @cached_property
    def notes(self) -> dict[tuple[str, str], str]:
        """The note on each marked cell, by goal and column key ('' and the key for a field)."""
        found: dict[tuple[str, str], list[str]] = {}
        for number, each in enumerate(self.reply.asked, 1):
            keys = [KEYS[column] for column in each.marks] or ([each.key] if each.key == FINISHED_KEY else [])
            for key in keys:
                found.setdefault((each.goal, key), []).append(f"Spørgsmål {number}: {each.text}")
        return {cell: "\n".join(texts) for cell, texts in found.items()}

    def book(self) -> FormBook:
        """Return the plain skema's book with everything filled in."""
        reply, newest = self.reply, self.reply.newest
        doubtful = next((each.wrote for each in reply.asked if each.code == "yes-no-unknown"), "")
        own = {"udfyldt_af": newest.filled_by, FINISHED_KEY: doubtful or newest.finished}
        fields = tuple((key, label, own.get(key) or value) for key, label, value in self.plain.fields)
        back = self.plain.steps[-1:]
        return replace(
            self.plain, fields=fields, rows=tuple(self._row(line, cells) for line, cells in
                                                  zip(reply.form.lines, self.plain.rows, strict=True)),
            steps=("Læs arket Spørgsmål", "Ret de markerede felter" if reply.asked else "Udfyld de felter, der mangler",
                   "Gem filen", *back), questions=self._questions(),
            field_notes=tuple((key, note) for (goal, key), note in self.notes.items() if not goal))

    def _row(self, line: FormLine, cells: Sequence[Cell]) -> tuple[Cell, ...]:
        columns = {key: column for column, key in KEYS.items()}
        drawn = []
        for column, cell in zip(self.plain.columns, cells, strict=True):
            at = columns.get(column.key)
            if cell.open and at and (line.goal, at) in self.reply.filled.values:
                cell = replace(cell, value=self.reply.filled.values[line.goal, at])
            note = self.notes.get((line.goal, column.key), "") if cell.open else ""
            drawn.append(replace(cell, mark="question", note=note) if note else cell)
        return tuple(drawn)

    def _questions(self) -> QuestionSheet:
        form = self.reply.form
        by = f" senest {danish_date(form.deadline)}" if form.deadline else ""
        rows = tuple(self._asked(number, each) for number, each in enumerate(self.reply.asked, 1))
        title, todo, marked, missing = (
            ("Spørgsmål til dine svar", "Ret de markerede felter",
             " Et markeret felt har en tyk kant og en note med spørgsmålet.", "Mangler stadig svar") if rows else
            ("Det mangler vi dit svar på", "Udfyld det, der mangler,", "", "Mangler svar"))
        return QuestionSheet(
            title, self.plain.subtitle,
            f"{todo} på arket Skema, gem filen, og send den til {form.return_to or 'koordinatoren'}{by}.",
            f"Dine øvrige svar er fyldt ud, som vi har læst dem.{marked}", rows, missing,
            tuple(self._unanswered(float(n), goal) for n, goal in enumerate(self.reply.unanswered, 1)))

    def _unanswered(self, number: float, goal: str) -> Pointed:
        """Point at the first cell that a goal lacks; where more is known than that, it says which they are."""
        lacks = self.reply.lacks.get(goal, ())
        words = f" – mangler {listing([HEADERS[column].lower() for column in lacks])}" if lacks else ""
        return Pointed((number, f"{self._goal_text(goal)}{words}"),
                       self._cell(goal, lacks[0] if lacks else AnswerColumn.STATUS))

    def _asked(self, number: int, asked: Asked) -> Pointed:
        about = self._goal_text(asked.goal) or "Hele skemaet"
        columns = (*FORMER_SKEMA_COLUMNS, *SKEMA_COLUMNS)
        headers = {FINISHED_KEY: FINISHED, **{column.key: column.header for column in columns}}
        return Pointed((float(number), about, headers.get(asked.key, ""), cut(asked.wrote, _MOST_SHOWN), asked.text),
                       self._cell(asked.goal, asked.at))

    def _goal_text(self, goal: str) -> str:
        line = self.reply.form.line(goal)
        if line is None:
            return ""
        texts = (canonical(line.sealed.get(key)) for key in ("sub", "effect", "focus", "development"))
        return f"{goal} {next(filter(None, texts), '')}".strip()

    def _cell(self, goal: str, key: str) -> tuple[int, str] | None:
        if key == FINISHED_KEY:
            return -1, key
        return (self.rows.get(goal, 0), key) if key and self.rows else None


