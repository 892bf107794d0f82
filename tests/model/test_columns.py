"""The agreed columns: declared once, and on just the sheets that the declaration names."""

from __future__ import annotations

from dataclasses import fields

import pytest

from aftale.model.agreement import Goal, Level
from aftale.model.columns import (
    AGREED_COLUMNS,
    OPFOELGNING,
    RESULTATER,
    SKEMA,
    SKEMA_COLUMNS,
    UDVIKLINGSPLAN,
    AgreedColumn,
    followup_columns,
    plan_columns,
    result_columns,
)

SHEETS = {SKEMA: SKEMA_COLUMNS, OPFOELGNING: followup_columns([2015]), UDVIKLINGSPLAN: plan_columns([2015]),
          RESULTATER: result_columns((), (), True)}


@pytest.mark.parametrize("column", AGREED_COLUMNS, ids=lambda column: column.key)
def test_an_agreed_column_stands_on_just_the_sheets_that_it_declares(column: AgreedColumn) -> None:
    assert set(column.widths) <= set(SHEETS)
    for name, columns in SHEETS.items():
        widths = [each.width for each in columns if each.key == column.key]
        assert widths == ([column.widths[name]] if name in column.widths else []), name


@pytest.mark.parametrize("column", AGREED_COLUMNS, ids=lambda column: column.key)
def test_a_goal_knows_what_is_agreed_in_every_column(column: AgreedColumn) -> None:
    goal = Goal("M1", Level.EFFECT, ("A", "", "C", ""))
    assert goal.agreed(column.key) == {"id": "M1", "development": "A", "effect": "C", "method": None, "baseline": None,
                                       "target": None, "scope": None}.get(column.key, "")
    assert not column.free or column.key in {each.name for each in fields(Goal)}
