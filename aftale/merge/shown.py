"""How an answer is shown in the follow-up: its number format, its canonical content, what may be chosen."""

from __future__ import annotations

from aftale.forms.plan import decimals_for, stored
from aftale.forms.returned import CLEARED
from aftale.merge.merge import Merged
from aftale.model.agreement import AnswerColumn, Goal, Measure, Value
from aftale.model.tables import Cell
from aftale.model.text import canonical


def number_style(measure: Measure, value: Value = None) -> str:
    """Return how a goal's level is shown: percent, or with its unit's decimals where the value fits them."""
    if measure.in_percent:
        return "percent"
    decimals = decimals_for(measure)
    fits = not isinstance(value, float) or decimals is None or abs(value - round(value, decimals)) < 1e-9
    return "" if decimals is None or not fits else str(decimals)


def answer_cell(goal: Goal | None, column: AnswerColumn, value: Value) -> Cell:
    """Return an answer as it is drawn."""
    if goal is not None and column in (AnswerColumn.RESULT, AnswerColumn.BASELINE) and isinstance(value, float):
        return Cell(value, number_style(goal.measure, value))
    return Cell(value)


def drawn_value(goal: Goal | None, column: AnswerColumn, value: Value) -> str:
    """Return the canonical content of the cell that `answer_cell` draws."""
    in_percent = goal is not None and goal.measure.in_percent and column in (AnswerColumn.RESULT, AnswerColumn.BASELINE)
    return canonical(stored(value, in_percent))


def when_text(when: str) -> str:
    """Say a time stamp in Danish order: ``12-06-2015 14:05`` (UTC as the document has it)."""
    if len(when) < 16:
        return when
    return f"{when[8:10]}-{when[5:7]}-{when[:4]} {when[11:16]}"


def sent_values(cell: Merged) -> tuple[Value, ...]:
    """Return what stood in a cell when it was sent out; several values where the skemaer differed."""
    return tuple({canonical(side.base): side.base for side in cell.sides}.values())


def chosen_texts(goal: Goal, cell: Merged) -> dict[str, Value]:
    """Return the values that can be chosen for a cell, by what stands under ``Svar``."""
    values = [side.value for side in cell.sides] + ([cell.decision.chosen] if cell.decision else [])
    found = {drawn_value(goal, cell.column, value) or EMPTY: value for value in sent_values(cell)}
    return {**found, **{drawn_value(goal, cell.column, value) or CLEARED: value for value in values}}


SENT, EMPTY = "Udsendt", "(tom)"
"""What stands for whom an answer is from, and for the answer, where it is what was in the skema when it was sent."""
