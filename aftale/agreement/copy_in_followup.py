"""The copy of the agreement that a follow-up carries in ``_aftale``, so that it can be judged and drawn again alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from aftale.cells.hidden_sheet import CONTENT, JSON, Line, Record, line
from aftale.cells.named_json import as_json, from_plain
from aftale.model.agreement import Agreement
from aftale.model.place import Place

_COPY = "aftalekopi"


def agreement_lines(agreement: Agreement) -> Iterator[Line]:
    """Yield the agreement as ``_aftale`` lines: one about itself, and one for each goal in its order.

    Its free texts, its register and the places of its cells stay in the agreement itself.
    """
    about = replace(agreement, texts={}, goals=(), register={}, columns={})
    yield from line(_COPY, "", CONTENT, as_json(about), JSON)
    for goal in agreement.goals:
        bare = replace(goal, place=Place(), years=dict(sorted(goal.years.items())))
        yield from line(_COPY, goal.id, CONTENT, as_json(bare), JSON)


def agreement_from(record: Record) -> Agreement | None:
    """Read back what `agreement_lines` wrote; None where the record holds no agreement, or was cut up by somebody."""
    try:
        about, *goals = [json.loads(record.text(_COPY, key, CONTENT)) for key in record.keys(_COPY)] or [None]
        return from_plain({**about, "goals": goals}, Agreement) if about else None
    except (ValueError, TypeError, LookupError, AttributeError):
        if record.intact:
            raise
        return None
