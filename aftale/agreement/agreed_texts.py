"""What is agreed of a goal, as texts by column: so that an answer can tell under what it was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aftale.agreement.measures import target_in_percent
from aftale.model.agreement import Goal, Level
from aftale.model.columns import AGREED_BY_KEY, AGREED_COLUMNS, LEVEL_COLUMNS
from aftale.model.text import canonical, danish_number

TEXT = "text"
"""The key of a goal's own text."""
_COLUMNS = tuple(column.key for column in AGREED_COLUMNS
                 if column.fingerprint and column not in LEVEL_COLUMNS and column.key != "emails")


def agreed_texts(goal: Goal) -> dict[str, str]:
    """Return what is agreed of a goal by column, and each year's cross or target under ``y2015``, but what is empty."""
    texts = {TEXT: goal.text, **{key: _said(goal, key, goal.agreed(key)) for key in _COLUMNS},
             **{f"y{year}": "x" if target is None else _said(goal, "target", target) for year, target in goal.years.items()}}
    return {key: text for key, text in texts.items() if text}


def _said(goal: Goal, key: str, value: object) -> str:
    if not isinstance(value, float):
        return canonical(value)
    in_percent = target_in_percent(goal.measure) if key == "target" else goal.measure.in_percent
    return f"{danish_number(value)}{' %' if in_percent else ''}"


def changed_texts(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield every column in which two of them differ: its key, what was agreed before and what is agreed now."""
    if before == now:
        return
    for key in dict.fromkeys((TEXT, *_COLUMNS, *sorted((*before, *now)))):
        if before.get(key, "") != now.get(key, ""):
            yield key, before.get(key, ""), now.get(key, "")


def column_name(key: str, level: Level) -> str:
    """Return what people call a column: ``Måltype``, ``2016``, or the goal's level where it is its own text."""
    return level.danish.capitalize() if key == TEXT else AGREED_BY_KEY[key].header if key in AGREED_BY_KEY else key[1:]
