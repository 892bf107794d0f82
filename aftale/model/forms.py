"""A skema as it was sent out, complete enough to judge what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from aftale.model.agreement import AnswerColumn, Owner, Round, Value


@dataclass(frozen=True)
class FormLine:
    """A goal as it stands in a skema: what is locked, and what was sent in the answer cells.

    ``agreed`` is all that was agreed of it when the skema was made, by column (see `agreed_texts`). ``measured`` tells that
    an answer needs a result, ``idle`` are the answers that nobody asks for, and ``whole`` the texts that are too long for
    the table, each with what it is.
    """

    goal: str
    sealed: Mapping[str, Value]
    base: Mapping[AnswerColumn, Value]
    open_columns: frozenset[AnswerColumn]
    in_percent: bool = False
    decimals: int | None = None
    agreed: Mapping[str, str] = field(default_factory=dict)
    measured: bool = False
    idle: frozenset[AnswerColumn] = frozenset()
    whole: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Marked:
    """What a skema holds that was sent again with questions: the answers we filled in, and the doubts among them.

    ``given`` maps a goal and a column to the canonical text of what we wrote there ('' where an answer was deleted);
    ``doubts`` maps those that are asked about to a problem code and its hint; ``filled_by`` and ``finished`` are what
    we wrote in the fields above the table.
    """

    given: Mapping[tuple[str, AnswerColumn], str] = field(default_factory=dict)
    doubts: Mapping[tuple[str, AnswerColumn], tuple[str, str]] = field(default_factory=dict)
    filled_by: str = ""
    finished: str = ""

    def doubt(self, goal: str, column: AnswerColumn, text: str) -> tuple[str, str] | None:
        """Return the code and the hint of a doubt that stands just as it was sent, None where there is none."""
        found = self.doubts.get((goal, column))
        return found if found and self.given.get((goal, column)) == text else None


@dataclass(frozen=True)
class Form:
    """A skema as it was sent out, complete enough to judge what comes back.

    ``fixed`` maps each sheet to the multiset of the cell texts outside the table that we wrote, notes under their own
    name. ``marked`` is there where the skema was sent again with questions, ``department`` is what people call the
    department ('' where the agreement has no Kortnavn), ``last`` what the last round is called (``juni``; '' where nothing
    is known of one), and ``unknown`` what a newer version has written in it (see `hidden_sheet.unknown_lines`).
    """

    id: str
    edition: str
    agreement_id: str
    agreement_fingerprint: str
    template: str
    unit: str
    year: int
    round: Round
    deadline: date | None
    owner: Owner
    lines: tuple[FormLine, ...]
    return_to: str = ""
    fixed: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    marked: Marked | None = None
    department: str = ""
    last: str = ""
    unknown: tuple[tuple[str, str, str, str, str], ...] = field(default=(), compare=False)

    def line(self, goal_id: str) -> FormLine | None:
        """Return the line of a goal, or None where the skema doesn't hold it."""
        return next((line for line in self.lines if line.goal == goal_id), None)
