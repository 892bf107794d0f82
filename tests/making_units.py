"""Follow-ups of many units without playing a year through for each: a real one, drawn again for a unit of another name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from aftale.agreement.copy_in_followup import agreement_from
from aftale.cells.hidden_sheet import find_record
from aftale.followup.build import FollowUp, follow_up
from aftale.followup.draw_xlsx import draw, draw_for_kse
from aftale.followup.read_back import read_standing
from aftale.forms.plan import plan_forms
from aftale.intake.read import read_workbook
from aftale.kse.remarks import about_of
from aftale.merge.state import State
from aftale.model.agreement import Agreement, Goal, Round
from aftale.model.findings import Finding


@cache
def _read(path: Path) -> tuple[Agreement, State]:
    book = read_workbook(path)
    assert not isinstance(book, Finding)
    agreement = agreement_from(find_record(book)[1])
    assert agreement is not None
    standing = read_standing(book, agreement)
    assert standing is not None
    return agreement, standing.state


def as_unit(path: Path, unit: str, department: str = "", years: int = 0, round_: Round | None = None,
            more: Sequence[Goal] = ()) -> tuple[Agreement, FollowUp]:
    """Return what a follow-up says, as it would be of a unit of another name: its answers were given by the same teams.

    ``years`` moves the agreement so many years; ``more`` are goals that nobody has answered.
    """
    agreement, state = _read(path)
    goals = tuple(replace(goal, years={year + years: target for year, target in goal.years.items()})
                  for goal in agreement.goals)
    new = replace(agreement, id=f"A-{sha256(f'{unit} {department} {years}'.encode()).hexdigest()[:12]}", unit=unit,
                  department=department or agreement.department, year=agreement.year + years,
                  period=(agreement.period[0] + years, agreement.period[1] + years),
                  goals=(*goals, *more))
    state = replace(state, round=round_ or state.round, history=())
    return new, follow_up(new, state, plan_forms(new, state.round, None), date(new.year, 1, 1))


def write_unit(path: Path, out: Path, unit: str, **how: Any) -> Path:
    """Write the follow-up of a unit of another name (see `as_unit`)."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(draw(as_unit(path, unit, **how)[1].book))
    return out


def write_edition(path: Path, out: Path, unit: str, **how: Any) -> Path:
    """Write KSE's edition of the follow-up of a unit of another name."""
    _, result = as_unit(path, unit, **how)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(draw_for_kse(result.book, about_of(result.state, result.kse)).data)
    return out
