"""A row of a skema whose Mål-id and text are of two goals: its answers, once the coordinator says whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aftale.forms.leftover_cells import BETWEEN_CELLS
from aftale.merge.choices import read_answer
from aftale.merge.merge import HEADERS
from aftale.model.agreement import JOINED_COLUMNS, AnswerColumn, Goal, Value
from aftale.model.columns import FORMER_SKEMA_COLUMNS, SKEMA_COLUMNS
from aftale.model.text import fold

SWAPPED = "id-and-text"
"""The code of the question about such a row."""
_COLUMNS = {fold(header): column for column, header in HEADERS.items()}
_AGREED = frozenset(fold(each.header) for each in (*SKEMA_COLUMNS, *FORMER_SKEMA_COLUMNS)) - _COLUMNS.keys()


@dataclass(frozen=True)
class RowAnswers:
    """What stands in the answer columns of a row, and what of it can't be read."""

    values: Mapping[AnswerColumn, Value] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def answer_texts(text: str) -> tuple[str, ...]:
    """Return what stands in the answer columns of a row, each under its header."""
    return tuple(f"{HEADERS[column]}: {answer}" for column, answer in _said(text).items())


def _said(text: str) -> dict[AnswerColumn, str]:
    said: dict[AnswerColumn, str] = {}
    last: AnswerColumn | None = None
    for part in text.split(BETWEEN_CELLS):
        header, colon, answer = part.partition(": ")
        column = _COLUMNS.get(fold(header)) if colon else None
        if column is not None:
            last, said[column] = column, answer
        elif colon and fold(header) in _AGREED:
            last = None
        elif last in JOINED_COLUMNS and last is not None:  # the sign between the cells stands in the remark itself
            said[last] += f"{BETWEEN_CELLS}{part}"
    return said


def row_answers(text: str, goal: Goal, year: int) -> RowAnswers:
    """Read a row's cells, each told under its header, as the answers of a goal."""
    said = _said(text)
    values: dict[AnswerColumn, Value] = {}
    unread = []
    for column, answer in said.items():
        read = read_answer(goal, column, answer, year)
        if read.problem:
            unread.append(f"{HEADERS[column]} »{answer}«")
        elif read.value is not None:
            values[column] = read.value
    return RowAnswers(values, tuple(unread))
