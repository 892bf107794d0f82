"""Which cells of the agreement a proposed change is made in once the coordinator has answered it with ``Ret aftalen``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aftale.agreement.measures import agreed_target, grows_on_year_before, target_in_percent
from aftale.agreement.read_goals import CROSSES
from aftale.cells.numbers import read_number
from aftale.cells.reading import Read
from aftale.forms.returned import CLEARED
from aftale.merge.choices import REVISE, Choice, proposed_changes
from aftale.merge.state import State, line_keys
from aftale.model.agreement import Agreement, Goal, Value
from aftale.model.columns import AGREED_BY_KEY, LEVEL_KEYS
from aftale.model.findings import Finding
from aftale.model.text import canonical, fold

_CROSS = "x"
_YEAR = re.compile(r"y\d{4}")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ADVICE: Mapping[str, str] = {
    "goal": "Ret Måltype, Måltal eller Måleenhed i aftalen: sætningen er lavet af dem.",
    "card": "Ret målets tekst i aftalen: kortet er lavet af den.",
    "owners": "Ret Ansvarlig og E-mail i aftalen, så skemaet kommer til den rette.",
    "last": "Det er en tidligere rundes svar og kan ikke rettes i aftalen.",
    "last_status": "Sidste status er en tidligere rundes svar og kan ikke rettes i aftalen.",
    "last_result": "Sidste resultat er en tidligere rundes svar og kan ikke rettes i aftalen.",
    "baseline": "Udgangspunktet er sidste års resultat og kan ikke rettes i aftalen.",
}


@dataclass(frozen=True)
class Revision:
    """The cells of ``Mål`` that are to be changed, and what stands in the way.

    ``cells`` maps each cell to its new value, numbers in points where they are percent; ``percent`` are those of them
    that are. ``keys`` are the lines on ``Kontrol`` that are carried out, ``standing`` those of them of which the agreement
    says so already; ``trouble`` has, by the line's key, the code of
    the problem and its hint.
    """

    cells: Mapping[str, Value] = field(default_factory=dict)
    percent: frozenset[str] = frozenset()
    keys: tuple[str, ...] = ()
    standing: frozenset[str] = frozenset()
    trouble: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def can_revise(agreement: Agreement, goal: Goal | None, column: str) -> bool:
    """Tell whether what is agreed in a column stands in the agreement as a cell of the goal's own."""
    if goal is None or column not in agreement.columns or not goal.place.cell:
        return False
    if column in LEVEL_KEYS:  # a text on a level that the goal hasn't got makes another goal of it
        return goal.agreed(column) != ""
    # The baseline of yearly growth may be the year before's result, which no agreement holds.
    agreed = AGREED_BY_KEY.get(column)
    return _YEAR.fullmatch(column) is not None or (
        agreed is not None and agreed.revisable and not (column == "baseline" and grows_on_year_before(goal.measure)))


def revision_advice(column: str, possible: bool, sheet: str) -> str:
    """Say what can be done about a proposed change of what is agreed; ``sheet`` is that of next year's news."""
    here = ("Ret aftalen: Det skrives i en revideret aftale ved siden af. Skriv under Egen formulering, hvis der skal stå"
            " noget andet." if possible else _ADVICE.get(column, "Ret det i aftalen, hvis det skal ændres."))
    return f"{here} Tag med: Det står på arket »{sheet}« i næste års aftale."


def wishes(choice: Choice | None) -> bool:
    """Tell whether a choice asks for the agreement to be changed; an own wording alone does."""
    return choice is not None and (choice.pick == REVISE or (not choice.pick and bool(choice.own)))


def plan_revision(agreement: Agreement, state: State) -> Revision:
    """Plan every change of the agreement that was chosen; two that want different things of a cell are both left out."""
    control = state.control
    if not any(wishes(choice) for choice in control.values()):
        return Revision()
    goals = {goal.id: goal for goal in agreement.goals}
    wanted: dict[str, dict[str, tuple[str, Value]]] = {}
    percent: set[str] = set()
    trouble: dict[str, tuple[str, str]] = {}
    done: list[str] = []
    standing: set[str] = set()
    for key, change in sorted(proposed_changes(state.findings, line_keys(state)).items()):
        choice, goal = control.get(key), goals.get(change.goal)
        if choice is None or goal is None or not wishes(choice) or not can_revise(agreement, goal, change.column):
            continue
        read = _value(goal, change, choice)
        if read.problem:
            trouble[key] = (read.problem, read.hint)
            continue
        done.append(key)
        if canonical(read.value) == canonical(_agreed(goal, change.column, agreement.year)):
            standing.add(key)
        for cell in _cells(agreement, goal, change.column):
            wanted.setdefault(cell, {})[key] = (canonical(read.value), read.value)
            if _in_percent(goal, change.column):
                percent.add(cell)
    for by_key in wanted.values():
        if len({text for text, _ in by_key.values()}) > 1:
            trouble.update(dict.fromkeys(by_key, ("revise-twice", "")))
    cells = {cell: next(iter(by_key.values()))[1] for cell, by_key in wanted.items() if not by_key.keys() & trouble.keys()}
    carried_out = tuple(key for key in done if key not in trouble)
    return Revision(cells, frozenset(percent), carried_out, frozenset(standing), trouble)


def _value(goal: Goal, change: Finding, choice: Choice) -> Read:
    """Read what is to stand in the agreement: the own wording, else what was proposed."""
    text, column = choice.own or ("" if change.text == CLEARED else change.text), change.column
    if _YEAR.fullmatch(column) and (not text or fold(text) in CROSSES):
        return Read(_CROSS if text else "")
    if column not in ("baseline", "target") and not _YEAR.fullmatch(column):
        empty = not text and column in LEVEL_KEYS
        return Read(problem="revise-empty") if empty else Read(text)
    raw: object = float(text) if not choice.own and _PLAIN_NUMBER.fullmatch(text) else text
    read = read_number(raw, in_percent=_in_percent(goal, column), unit=goal.measure.unit)
    return Read(problem="revise-unread", hint=read.hint) if read.problem else read


def _in_percent(goal: Goal, column: str) -> bool:
    """Tell whether the number in an agreed column of a goal is percent."""
    if column == "baseline":
        return goal.measure.in_percent
    return (column == "target" or _YEAR.fullmatch(column) is not None) and target_in_percent(goal.measure)


def _agreed(goal: Goal, column: str, year: int) -> Value:
    """Return what is agreed in a column now: under Måltal the year's own target where it has one, as it is shown."""
    if column == "target":
        return agreed_target(goal, year)
    if not _YEAR.fullmatch(column):
        return goal.agreed(column)
    target = goal.years.get(int(column[1:]))
    return target if target is not None else _CROSS if int(column[1:]) in goal.years else ""


def _cells(agreement: Agreement, goal: Goal, column: str) -> Iterator[str]:
    """Yield the cells that hold a value: one, but a level's text stands on every row of that level and below it.

    The year's target stands in the year's own cell where there is one.
    """
    if column == "target" and goal.years.get(agreement.year) is not None:
        column = f"y{agreement.year}"
    depth = LEVEL_KEYS.index(column) + 1 if column in LEVEL_KEYS else 0
    for each in agreement.goals:
        same = each.folded[:depth] == goal.folded[:depth] if depth else each.id == goal.id
        if same and each.place.cell:
            yield f"{agreement.columns[column]}{re.sub(r'[^0-9]', '', each.place.cell)}"
