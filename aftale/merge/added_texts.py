"""What colleagues wrote beside the answers and the coordinator has put among a goal's remarks, on ``Kontrol``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from aftale.forms.returned import Returned
from aftale.merge.choices import ADD_TO, Keys
from aftale.merge.control_lines import LOOSE, loose_key
from aftale.merge.merge import GoalColumn, MergeResult, added_mark, merge_forms
from aftale.merge.state import State, line_keys
from aftale.model.agreement import AnswerColumn
from aftale.model.answers import Answer
from aftale.model.findings import Finding
from aftale.model.text import canonical, without_addresses


def merged_of(state: State, order: Sequence[str] = ()) -> MergeResult:
    """Merge everything that a follow-up's state holds; ``order`` lists the goals as the agreement has them."""
    return merge_forms(state.returned, state.decisions, order, added_texts(state))


def added_texts(state: State) -> dict[GoalColumn, tuple[Answer, ...]]:
    """Return the texts that were put among the answers, as if each had been answered there by whoever wrote it."""
    found: dict[GoalColumn, list[Answer]] = {}
    for each, loose, column in _added(state):
        who = each.filled_by or each.owner
        found.setdefault((loose.goal, column), []).append(
            Answer(loose.goal, column, loose.stood, None, loose.place, each.source, each.form, who,
                   without_addresses(each.filled_by) or each.owner))
    return {cell: tuple(answers) for cell, answers in found.items()}


def added_cells(state: State, goals: Collection[str]) -> int:
    """Count the cells whose text was put among the answers of some goals."""
    return sum(loose.cells for _, loose, _ in _added(state) if loose.goal in goals)


def added_marks(state: State, cell: GoalColumn) -> frozenset[str]:
    """Return the marks of what is put among the answers of a cell."""
    return frozenset(added_mark(canonical(each.value)) for each in added_texts(state).get(cell, ()))


def _added(state: State) -> Iterator[tuple[Returned, Finding, AnswerColumn]]:
    if not any(choice.act in ADD_TO for choice in state.control.values()):
        return
    keys: Keys = line_keys(state)
    for each in state.returned:
        for loose in each.findings:
            if loose.goal and loose.kind in LOOSE:
                choice = state.control.get(loose_key(loose, keys, each.filled_by or each.owner))
                if choice is not None and choice.act in ADD_TO and not choice.own:
                    yield each, loose, ADD_TO[choice.act]
