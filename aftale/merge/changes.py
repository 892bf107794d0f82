"""What is new, changed and withdrawn in a follow-up since it was last written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from aftale.merge.merge import HEADERS
from aftale.model.agreement import AnswerColumn, Goal
from aftale.model.columns import DIALOG, KSE_REMARK
from aftale.model.dialogue import is_line
from aftale.model.text import danish_number


class Kind(StrEnum):
    """What happened to a cell; the values are what people read."""

    NEW = "Nyt"
    CHANGED = "Ændret"
    WITHDRAWN = "Trukket tilbage"


class Change(NamedTuple):
    """A cell of ``Opfølgning`` (or KSE's box) that says something else than when the follow-up was last written.

    ``before`` and ``now`` are canonical texts, '' where there was or is nothing; ``field`` is a `AnswerColumn`,
    ``kse``, or the key of a line of ``Dialog``.
    """

    kind: Kind
    goal: str
    field: str
    before: str
    now: str

    @property
    def header(self) -> str:
        """The header of the cell's column; that of the box on ``Overblik`` where it is about no goal."""
        if self.field in set(AnswerColumn):
            return HEADERS[AnswerColumn(self.field)]
        if is_line(self.field):
            return f"Forvaltningens svar på {DIALOG}"
        return "Forvaltningens bemærkninger" if self.goal else KSE_REMARK


def changes(before: Mapping[tuple[str, str], str], now: Mapping[tuple[str, str], str],
            order: Mapping[str, int]) -> tuple[Change, ...]:
    """Compare two states of the answers, each by Mål-id and field; ``order`` is where each goal stands in the plan."""
    found = []
    for goal, field in sorted(before.keys() | now.keys(), key=lambda cell: (order.get(cell[0], len(order)), cell)):
        was, is_ = before.get((goal, field), ""), now.get((goal, field), "")
        if was != is_:
            kind = Kind.NEW if not was else Kind.WITHDRAWN if not is_ else Kind.CHANGED
            found.append(Change(kind, goal, field, was, is_))
    return tuple(found)


def spoken_text(text: str, field: str, goal: Goal | None) -> str:
    """Say a canonical text as people write it: ``12,5``, ``50 %``, ``31-10-2015``."""
    if field == AnswerColumn.AS_OF:
        try:
            return f"{date.fromisoformat(text):%d-%m-%Y}"
        except ValueError:
            return text
    if field not in (AnswerColumn.RESULT, AnswerColumn.BASELINE):
        return " ".join(text.split())
    try:
        number = danish_number(float(text))
    except ValueError:
        return text
    return f"{number} %" if goal is not None and goal.measure.in_percent else number
