"""The merge: what was sent out is the base, every returned file a side, and nothing anybody wrote is dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aftale.forms.plan import decimals_for, stored
from aftale.forms.returned import CLEARED, Returned
from aftale.forms.versions import version_groups
from aftale.model.agreement import JOINED_COLUMNS, AnswerColumn, Goal, Measure, Value
from aftale.model.answers import Answer
from aftale.model.columns import ANSWER_COLUMNS
from aftale.model.findings import Finding
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.tables import Cell
from aftale.model.text import CELL_LIMIT, CUT_HERE, canonical, fold, spoken, utf16_length

GoalColumn = tuple[str, AnswerColumn]
"""A goal's Mål-id and an answer column."""
HEADERS = {**{AnswerColumn(c.key): c.header for c in ANSWER_COLUMNS}, AnswerColumn.BASELINE: "Udgangspunkt"}


@dataclass(frozen=True)
class Decision:
    """What the coordinator chose for a cell, and the answers it was chosen against (canonical).

    ``raw``, ``rule`` and ``at`` are for the ledger, where what was written wasn't read literally. ``rivals`` are what other
    rows of the same goal in ``Opfølgning``, or other persons, say: then nothing is chosen yet. ``agreed`` is what was agreed
    of the goal then. ``by`` are the persons of whose answers the values are readings, by the value (canonical).
    """

    goal: str
    column: AnswerColumn
    against: frozenset[str]
    chosen: Value
    raw: str = ""
    rule: str = ""
    at: str = ""
    rivals: tuple[Value, ...] = ()
    agreed: Mapping[str, str] = field(default_factory=dict)
    by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of one cell: its sides, the outcome, and the decision that settled or once settled it.

    ``conflict`` is True while it is undecided; then ``outcome`` is None. ``decided`` says that the outcome is the
    coordinator's; ``reopened`` that there is a decision which newer answers have put in doubt.
    """

    goal: str
    column: AnswerColumn
    sides: tuple[Answer, ...]
    outcome: Value = None
    conflict: bool = False
    decision: Decision | None = None
    decided: bool = False
    reopened: bool = False
    cut: bool = False

    @property
    def chosen(self) -> Value:
        """What holds, without the texts that were put under what the coordinator wrote."""
        return self.decision.chosen if self.decided and self.decision else self.outcome


@dataclass(frozen=True)
class Superseded:
    """An answer of an older version of a skema that a newer version replaced."""

    answer: Answer
    by: Source
    now: Value


@dataclass(frozen=True)
class MergeResult:
    """Every cell that anybody said something about, what newer versions replaced, and what must be asked."""

    cells: Mapping[GoalColumn, Merged] = field(default_factory=dict)
    superseded: tuple[Superseded, ...] = ()
    problems: tuple[Finding, ...] = ()

    def outcome(self, goal: str, column: AnswerColumn) -> Value:
        """Return what a cell ends with, None where nobody said anything or it is undecided."""
        cell = self.cells.get((goal, column))
        return cell.outcome if cell else None


def merge_forms(returned: Sequence[Returned], decisions: Mapping[GoalColumn, Decision], order: Sequence[str] = (),
                added: Mapping[GoalColumn, Sequence[Answer]] | None = None) -> MergeResult:
    """Merge every returned skema; the order of the files doesn't matter.

    ``order`` lists the goals as the agreement has them; the result follows it. ``added`` are the texts that the coordinator
    has put among the answers: they are joined with them, and are no sides of their own.
    """
    added = added or {}
    sides, superseded, problems = _sides(returned)
    by_cell: dict[GoalColumn, Sequence[Answer]] = {**dict.fromkeys((*decisions, *added), ()), **_by_cell(sides)}
    rank = {goal: number for number, goal in enumerate(order)}
    columns = list(AnswerColumn)
    cells: dict[GoalColumn, Merged] = {}
    for cell in sorted(by_cell, key=lambda c: (rank.get(c[0], len(rank)), c[0], columns.index(c[1]))):
        cells[cell] = _settle(cell, by_cell[cell], decisions.get(cell), added.get(cell, ()))
        problems += _questions(cells[cell])
    return MergeResult(cells, tuple(superseded), tuple(problems))


def _sides(returned: Sequence[Returned]) -> tuple[list[Answer], list[Superseded], list[Finding]]:
    """Turn files into sides: of versions of one skema by one person the newest answer of each cell counts."""
    sides: list[Answer] = []
    superseded: list[Superseded] = []
    problems: list[Finding] = []
    for group in version_groups(returned):
        if len(group.files) > 1 and group.certain:
            sides += _versions(group.files, superseded, problems)
        else:
            sides += [answer for each in group.files for answer in each.answers]
    return sides, superseded, problems


def _versions(newest_first: Sequence[Returned], superseded: list[Superseded], problems: list[Finding]) -> list[Answer]:
    """Return the answers that count; the others, and what must be asked, are added to their lists."""
    kept: dict[GoalColumn, list[Answer]] = {}
    for number, version in enumerate(newest_first):
        for cell, answers in _by_cell(version.answers).items():
            if cell not in kept:
                kept[cell] = answers
                if number and any(answer.value is not None for answer in answers):
                    problems.append(problem("older-kept", answers[0].place, goal=cell[0], column=HEADERS[cell[1]],
                                            value=canonical(answers[0].value), owner=version.filled_by))
                continue
            now = kept[cell][0]
            for answer in answers:
                if canonical(answer.value) == canonical(now.value):
                    kept[cell].append(answer)
                else:
                    superseded.append(Superseded(answer, now.source, now.value))
    return [side for sides in kept.values() for side in sides]


def _by_cell(answers: Sequence[Answer]) -> dict[GoalColumn, list[Answer]]:
    found: dict[GoalColumn, list[Answer]] = {}
    for answer in answers:
        found.setdefault((answer.goal, answer.column), []).append(answer)
    return found


def _settle(cell: GoalColumn, sides: Sequence[Answer], decision: Decision | None, added: Sequence[Answer] = ()) -> Merged:
    """Say what becomes of a cell; the sides stand in the order of their files, which doesn't depend on who came first."""
    ordered = tuple(sides)
    said = {canonical(side.value) for side in ordered}
    if decision is not None and decision.rivals:
        return Merged(*cell, ordered, None, True, decision)
    if decision is not None:
        # Only an answer that is new since the choice, and isn't the choice itself, puts it in doubt.
        if said - decision.against <= {canonical(decision.chosen)}:
            return _with_added(Merged(*cell, ordered, decision.chosen, decision=decision, decided=True), added)
        return Merged(*cell, ordered, None, True, decision, reopened=True)
    if cell[1] in JOINED_COLUMNS and not _rows_differ(ordered):
        text, cut = _joined((*ordered, *added))
        return Merged(*cell, ordered, text, cut=cut)
    return Merged(*cell, ordered, None, True) if len(said) > 1 else Merged(*cell, ordered, ordered[0].value)


def _rows_differ(sides: Sequence[Answer]) -> bool:
    """Tell whether two rows of one file say different things: only what several persons write is joined."""
    return len({(side.source, canonical(side.value)) for side in sides}) > len({side.source for side in sides})


def _with_added(cell: Merged, added: Sequence[Answer]) -> Merged:
    """Return what the coordinator wrote with the texts under it that were put there since."""
    known = cell.decision.against if cell.decision else frozenset()
    new = [f"{each.name}: {each.value}" for each in added if added_mark(canonical(each.value)) not in known]
    if not new:
        return cell
    whole = "\n".join((*([canonical(cell.outcome)] if cell.outcome else []), *dict.fromkeys(new)))
    fits = utf16_length(whole) <= CELL_LIMIT
    return replace(cell, outcome=whole if fits else _head(whole, CELL_LIMIT - 60), cut=not fits)


def added_mark(text: str) -> str:
    """Return how a text that was put among the answers stands with those that a cell was decided against."""
    return f"\x1e{text}"


def _joined(sides: Sequence[Answer]) -> tuple[Value, bool]:
    """Join the remarks of several persons, each under its name; cut at what a cell holds."""
    said: dict[tuple[str, str], str] = {}  # one name, however it is written
    for side in sides:
        if side.value is not None:
            said.setdefault((fold(side.name), canonical(side.value)), side.name)
    spoken = [(name, text) for (_, text), name in said.items()]
    texts = list(dict.fromkeys(text for _, text in spoken))
    if not texts:
        return None, False
    if len(texts) == 1:
        fits = utf16_length(texts[0]) <= CELL_LIMIT
        return (texts[0] if fits else _head(texts[0], CELL_LIMIT - 60)), not fits
    whole = "\n".join(f"{who}: {text}" for who, text in spoken)
    if utf16_length(whole) <= CELL_LIMIT:
        return whole, False
    share = CELL_LIMIT // len(spoken) - 90
    return "\n".join(f"{who[:40]}: {_head(text, share)}" for who, text in spoken), True


def _head(text: str, most: int) -> str:
    # Every letter may count for two, so half as many are certain to fit.
    return text if utf16_length(text) <= most else text[: max(most // 2, 0)] + CUT_HERE


def _questions(cell: Merged) -> list[Finding]:
    place = cell.sides[0].place if cell.sides else Place()
    words = {"goal": cell.goal, "column": HEADERS[cell.column]}
    if cell.reopened and cell.decision:
        return [problem("reopened", place, value=spoken(cell.decision.chosen) or "(tom)", **words)]
    if cell.conflict:
        values = " / ".join(sorted({spoken(s) or "(slettet)" for s in (*(s.value for s in cell.sides), *own_values(cell))}))
        place = place if cell.sides or cell.decision is None else Place(sheet=cell.decision.at)
        return [problem("conflict", place, value=values[:500], **words)]
    if cell.cut:
        return [problem("cut-short", place, **words)]
    return []


def number_style(measure: Measure, value: Value = None) -> str:
    """Return how a goal's level is shown: percent, or with its unit's decimals where the value fits them."""
    if measure.in_percent:
        return "percent"
    decimals = decimals_for(measure)
    fits = not isinstance(value, float) or decimals is None or abs(value - round(value, decimals)) < 1e-9
    return "" if decimals is None or not fits else str(decimals)


def answer_cell(goal: Goal | None, column: AnswerColumn, value: Value) -> Cell:
    """Return an answer as it is drawn."""
    if goal is not None and column in (AnswerColumn.RESULT, AnswerColumn.BASELINE) and isinstance(value, float):
        return Cell(value, number_style(goal.measure, value))
    return Cell(value)


def drawn_value(goal: Goal | None, column: AnswerColumn, value: Value) -> str:
    """Return the canonical content of the cell that `answer_cell` draws."""
    in_percent = goal is not None and goal.measure.in_percent and column in (AnswerColumn.RESULT, AnswerColumn.BASELINE)
    return canonical(stored(value, in_percent))


def when_text(when: str) -> str:
    """Say a time stamp in Danish order: ``12-06-2015 14:05`` (UTC as the document has it)."""
    if len(when) < 16:
        return when
    return f"{when[8:10]}-{when[5:7]}-{when[:4]} {when[11:16]}"


def sent_values(cell: Merged) -> tuple[Value, ...]:
    """Return what stood in a cell when it was sent out; several values where the skemaer differed."""
    return tuple({canonical(side.base): side.base for side in cell.sides}.values())


def own_values(cell: Merged) -> tuple[Value, ...]:
    """Return what the coordinator has written in a cell: several values where its rows say different things."""
    return (cell.decision.chosen, *cell.decision.rivals) if cell.decision else ()


def chosen_texts(goal: Goal, cell: Merged) -> dict[str, Value]:
    """Return the values that can be chosen for a cell, by what stands under ``Svar``."""
    values = [*(side.value for side in cell.sides), *own_values(cell)]
    found = {drawn_value(goal, cell.column, value) or EMPTY: value for value in sent_values(cell)}
    return {**found, **{drawn_value(goal, cell.column, value) or CLEARED: value for value in values}}


SENT, EMPTY = "Udsendt", "(tom)"
"""How the sent value is told among the answers to choose between, and how an empty one is."""
