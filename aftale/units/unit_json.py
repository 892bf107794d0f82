"""What was read of a unit's follow-up as JSON text: how a worker hands it over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, replace
from typing import Any

from aftale.merge.state_json import packed, packed_problem, unpacked, unpacked_problem
from aftale.model.agreement import Round
from aftale.model.place import Place, Source
from aftale.model.received import IncomingMail, Refused
from aftale.units.model import ReadAs, UnitFollowUp, UnitGoal

UnitReceived = UnitFollowUp | Refused | IncomingMail
_KIND = "enhed"


def packed_unit(received: UnitReceived) -> str:
    """Return what was received as JSON text, the same text for the same thing."""
    if not isinstance(received, UnitFollowUp):
        return packed(received)
    content = [_KIND, astuple(received.source), received.read_as, received.unit, received.department, received.year,
               received.round, [astuple(goal) for goal in received.goals], dict(received.boxes), dict(received.facts),
               received.holds, [packed_problem(p) for p in received.problems], received.agreement]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def unpacked_unit(text: str) -> UnitReceived:
    """Return what `packed_unit` wrote."""
    kind, *rest = json.loads(text)
    if kind == _KIND:
        return _unit(rest)
    received = unpacked(text)
    assert isinstance(received, Refused | IncomingMail)
    return received


def _unit(rest: Sequence[Any]) -> UnitFollowUp:
    source_parts, read_as, unit, department, year, round_, goals, boxes, facts, holds, problems, agreement = rest
    source = Source(*source_parts)
    same: dict[str, str] = {}  # the levels above stand in every row: one text is enough
    return UnitFollowUp(source, ReadAs(read_as), unit, department, year, Round(round_),
                        tuple(_goal(parts, same) for parts in goals), boxes, facts, tuple(holds),
                        tuple(unpacked_problem(parts, source) for parts in problems), agreement)


def _goal(parts: Sequence[Any], same: dict[str, str]) -> UnitGoal:
    id_, texts, demands, *rest = parts
    first, second, third, fourth = (same.setdefault(text, text) for text in texts)
    return UnitGoal(id_, (first, second, third, fourth), tuple(demands), *rest)


def found_in(received: UnitReceived, container: str) -> UnitReceived:
    """Return what was received with another container, its places included."""
    if container == received.source.container:
        return received
    source = replace(received.source, container=container)

    def moved(place: Place) -> Place:
        return place._replace(container=container)

    if isinstance(received, UnitFollowUp):
        return replace(received, source=source, problems=tuple(p.at(moved(p.place)) for p in received.problems))
    if isinstance(received, Refused):
        return replace(received, source=source, problem=received.problem.at(moved(received.problem.place)))
    return replace(received, source=source)
