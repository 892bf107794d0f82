"""The copy of the agreement that a follow-up carries in ``_aftale``, so that it can be judged and drawn again alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from aftale.cells.hidden_sheet import Line, Record, line
from aftale.model.agreement import Agreement, Goal, Level, Measure, Method, Owner, Scope, Value
from aftale.model.text import canonical

_ABOUT, _GOAL = "aftalekopi", "mål"
_DATE = "dato"


def agreement_lines(agreement: Agreement) -> Iterator[Line]:
    """Yield the agreement as ``_aftale`` lines: one about itself, and one for each goal in its order.

    Its free texts, its register and the places of its cells stay in the agreement itself.
    """
    about = [agreement.id, agreement.unit, agreement.department, agreement.year, list(agreement.period), agreement.theme,
             {key: _plain(value) for key, value in agreement.facts.items()}, agreement.template, agreement.fingerprint]
    yield from line(_ABOUT, "", "aftale", _json(about), "json")
    for goal in agreement.goals:
        yield from line(_ABOUT, goal.id, _GOAL, _json(_parts(goal)), "json")


def agreement_from(record: Record) -> Agreement | None:
    """Read back what `agreement_lines` wrote; None where the record holds no agreement (before version 0.2)."""
    text = record.text(_ABOUT, "", "aftale")
    if not text:
        return None
    id_, unit, department, year, period, theme, facts, template, fingerprint = json.loads(text)
    goals = tuple(_goal(json.loads(canonical(record.fields(_ABOUT, key)[_GOAL])))
                  for key in record.keys(_ABOUT) if key)
    return Agreement(id_, unit, department, year, (period[0], period[1]), theme,
                     {key: _value(plain) for key, plain in facts.items()}, goals=goals, template=template,
                     fingerprint=fingerprint)


def _parts(goal: Goal) -> list[Any]:
    m = goal.measure
    return [goal.id, goal.level.value, list(goal.texts), [[year, target] for year, target in sorted(goal.years.items())],
            [m.method, m.target, m.baseline, m.unit, m.scope], list(goal.demands), goal.policy, goal.indicator,
            goal.budget, [[owner.name, owner.email] for owner in goal.owners], goal.note, goal.replaces, goal.withdrawn,
            dict(goal.unread)]


def _goal(parts: Sequence[Any]) -> Goal:
    (id_, level, texts, years, measure, demands, policy, indicator, budget, owners, note, replaces, withdrawn,
     unread) = parts
    method, target, baseline, unit, scope = measure
    return Goal(id_, Level(level), tuple(texts), dict(years),
                Measure(Method(method) if method else None, target, baseline, unit, Scope(scope) if scope else None),
                tuple(demands), policy, indicator, budget, tuple(Owner(*owner) for owner in owners), note, replaces,
                withdrawn, unread=unread)


def _json(parts: Sequence[Any]) -> str:
    return json.dumps(parts, ensure_ascii=True, separators=(",", ":"))


def _plain(value: Value) -> object:
    return {_DATE: value.isoformat()} if isinstance(value, date) else value


def _value(plain: Any) -> Value:
    if isinstance(plain, Mapping):
        return date.fromisoformat(plain[_DATE])
    return plain  # type: ignore[no-any-return]
