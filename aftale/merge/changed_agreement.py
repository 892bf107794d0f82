"""What was changed in the agreement after answers came: each goal and column, with before and now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aftale.agreement.agreed_texts import TEXT, agreed_texts, changed_texts, column_name
from aftale.cells.goal_texts import GoalTexts
from aftale.forms.returned import Returned
from aftale.merge.merge import MergeResult
from aftale.model.agreement import Agreement, Goal
from aftale.model.columns import OPFOELGNING
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem

_ASKED = frozenset(("method", "unit"))
"""What decides how an answer is understood: where it is changed somebody must say whether the answer still holds."""
_YOURS = "Det er dig selv, der har afgjort, hvad der skal stå. Se efter, om det stadig gælder."
_Given = list[tuple[Mapping[str, str], Place, str]]
"""What was agreed of a goal where something was answered or decided, where that is, and whose answer it was.

That is '' for the coordinator's own."""


def changed_since(returned: Sequence[Returned], merged: MergeResult, agreement: Agreement) -> Iterator[Finding]:
    """Tell what was changed for the goals that have answers: måltype, måleenhed and another goal's text are questions."""
    given = _given(returned, merged)
    texts = GoalTexts({goal: (each[0][0].get(TEXT, ""),) for goal, each in given.items()})
    for goal in agreement.goals:
        now = agreed_texts(goal)
        told: set[tuple[str, str]] = set()
        for before, place, owner in given.get(goal.id, ()):
            for key, was, is_ in changed_texts(before, now):
                if (key, was) not in told:
                    told.add((key, was))
                    yield _told(goal, key, (was, is_), place, owner, texts)


def _told(goal: Goal, key: str, was_now: tuple[str, str], place: Place, owner: str, texts: GoalTexts) -> Finding:
    was, now = was_now
    other = texts.another(goal.id, (now,)) if key == TEXT else ""
    code = "agreed-text-moved" if other else "agreed-changed-asked" if key in _ASKED else "agreed-changed"
    return problem(code, place, goal=goal.id, column=column_name(key, goal.level), was=was or "(tom)", value=now or "(tom)",
                   what=other, hint=f"Spørg {owner}, om svaret stadig gælder." if owner else _YOURS)


def _given(returned: Sequence[Returned], merged: MergeResult) -> dict[str, _Given]:
    files = {each.source.sha256: each for each in returned}
    found: dict[str, _Given] = {}
    for (goal, _), cell in merged.cells.items():
        those = found.setdefault(goal, [])
        if cell.decided and cell.decision:
            those.append((cell.decision.agreed, Place(sheet=OPFOELGNING), ""))
        else:
            those += ((files[side.source.sha256].agreed.get(goal, {}), side.place, side.who) for side in cell.sides
                      if side.source.sha256 in files)
    return {goal: known for goal, those in found.items() if (known := [each for each in those if each[0]])}
