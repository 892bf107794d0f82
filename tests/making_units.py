"""Follow-ups of many units without playing a year through for each: a real one, drawn again for a unit of another name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from aftale.disk.files import digest
from aftale.disk.followup_kse import draw_for_kse
from aftale.disk.followup_xlsx import draw, draw_front
from aftale.disk.reading import read_bytes, read_workbook
from aftale.rules.agreement_copy import agreement_from
from aftale.rules.dialogue import about_of
from aftale.rules.followup import FollowUp, follow_up
from aftale.rules.forms import plan_forms
from aftale.rules.record import find_record
from aftale.rules.standing import overview_digest, read_standing
from aftale.words.domain import Agreement, Goal, Round
from aftale.words.problems import Problem
from aftale.words.tables import Overview

Change = Callable[[Goal], Goal]


def as_unit(path: Path, unit: str, department: str = "", years: int = 0, round_: Round | None = None,
            change: Change | None = None) -> tuple[Agreement, FollowUp]:
    """Return what a follow-up says, as it would be of a unit of another name: its answers were given by the same teams.

    ``years`` moves the agreement so many years; ``change`` may change its goals.
    """
    book = read_workbook(path)
    assert not isinstance(book, Problem)
    agreement = agreement_from(find_record(book)[1])
    assert agreement is not None
    standing = read_standing(book, agreement)
    assert standing is not None
    goals = tuple(replace(goal, years={year + years: target for year, target in goal.years.items()})
                  for goal in agreement.goals)
    new = replace(agreement, id=f"A-{sha256(f'{unit} {department} {years}'.encode()).hexdigest()[:12]}", unit=unit,
                  department=department or agreement.department, year=agreement.year + years,
                  period=(agreement.period[0] + years, agreement.period[1] + years),
                  goals=tuple(change(goal) for goal in goals) if change else goals)
    state = replace(standing.state, round=round_ or standing.state.round, history=())
    return new, follow_up(new, state, plan_forms(new, state.round, None), date(new.year, 1, 1), drawn_digest=_front)


def _front(overview: Overview) -> str:
    front = read_bytes(draw_front(overview), "front.xlsx")
    assert not isinstance(front, Problem)
    return overview_digest(front.sheets[0])


def write_unit(path: Path, out: Path, unit: str, department: str = "", years: int = 0, round_: Round | None = None,
               change: Change | None = None) -> Path:
    """Write the follow-up of a unit of another name."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(draw(as_unit(path, unit, department, years, round_, change)[1].book))
    return out


def write_edition(path: Path, out: Path, unit: str, **how: object) -> Path:
    """Write KSE's edition of the follow-up of a unit of another name."""
    agreement, result = as_unit(path, unit, **how)  # type: ignore[arg-type]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(draw_for_kse(result.book, about_of(result.state, result.talk)).data)
    return out


def same_bytes(path: Path) -> str:
    """Return the hash of a file."""
    return digest(path.read_bytes())
