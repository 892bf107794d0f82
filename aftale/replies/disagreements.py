"""What different ansvarlige have answered differently: who is to agree on what, in one mail to all of them."""

from __future__ import annotations

from dataclasses import dataclass

from aftale.merge.merge import Merged, MergeResult
from aftale.model.text import canonical


@dataclass(frozen=True)
class Disagreement:
    """What the same ansvarlige disagree about: the ids of their skemaer, and the cells."""

    forms: tuple[str, ...]
    cells: tuple[Merged, ...]


def is_between_skemaer(cell: Merged) -> bool:
    """Tell whether skemaer of several ansvarlige say different things of a cell that nobody has decided."""
    return (cell.conflict and cell.decision is None and len({side.form for side in cell.sides}) > 1
            and len({canonical(side.value) for side in cell.sides}) > 1)


def disagreements(merged: MergeResult) -> tuple[Disagreement, ...]:
    """Return what ansvarlige disagree about, one for each group of them, in the order of the goals."""
    found: dict[frozenset[str], list[Merged]] = {}
    for cell in merged.cells.values():
        if is_between_skemaer(cell):
            found.setdefault(frozenset(side.form for side in cell.sides), []).append(cell)
    return tuple(Disagreement(tuple(sorted(forms)), tuple(cells)) for forms, cells in found.items())
