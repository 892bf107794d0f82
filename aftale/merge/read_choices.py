"""Reading what the coordinator chose on »Modstridende svar« and ``Kontrol``, and which choice holds where two differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from aftale.cells.find_table import FoundTable
from aftale.forms.returned import CLEARED, Returned
from aftale.merge.choices import (
    ACCEPT,
    LEAVE_OUT,
    LINE_KEY,
    OLDER,
    Choice,
    answer_lines,
    as_written,
    proposed_changes,
    read_answer,
    understood,
    used,
)
from aftale.merge.control_lines import KINDS, STATUS_KIND, UNREAD, superseded_key
from aftale.merge.merge import HEADERS, Decision, GoalColumn, MergeResult, chosen_texts
from aftale.merge.state import State, line_keys
from aftale.merge.swapped_rows import SWAPPED, row_answers
from aftale.model.agreement import JOINED_COLUMNS, AnswerColumn, Goal, Value
from aftale.model.findings import ODD, Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical, fold, spoken
from aftale.model.workbook import Workbook, is_filled, is_unreadable


def decided(goal: Goal, column: AnswerColumn, against: frozenset[str], raw: object, place: Place, year: int,
            percent: bool | None = None) -> Decision:
    """Return what the coordinator wrote as a decision; what can't be read stays as it is written."""
    read = read_answer(goal, column, raw, year, percent)
    chosen: Value = canonical(raw) if read.problem else read.value
    return Decision(goal.id, column, against, chosen, canonical(raw) if read.rule else "", read.rule, said_at(place))


def said_at(place: Place) -> str:
    """Say a place in the follow-up itself."""
    return str(place._replace(file="", container=""))


@dataclass
class Chosen:
    """What was chosen in a follow-up since it was drawn.

    ``picked`` are the decisions of »Modstridende svar«, made at ``places``, and ``ruled`` those of ``Kontrol``;
    ``control`` all choices that stand on ``Kontrol`` now, ``fresh`` the keys of those that are new, ``withdrawn`` the
    cells whose correction was taken away.
    """

    picked: dict[GoalColumn, Decision] = field(default_factory=dict)
    places: dict[GoalColumn, Place] = field(default_factory=dict)
    ruled: dict[GoalColumn, Decision] = field(default_factory=dict)
    control: dict[str, Choice] = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()
    withdrawn: frozenset[GoalColumn] = frozenset()
    problems: list[Finding] = field(default_factory=list)


class _Row(NamedTuple):
    row: int
    pick: str
    own: object


class Chooser:
    """Reads the two sheets on which the coordinator chooses; ``conflicts`` and ``control`` are their tables."""

    def __init__(self, book: Workbook, state: State, year: int, goals: Mapping[str, Goal], merged: MergeResult) -> None:
        self.book, self.state, self.year, self.goals, self.merged = book, state, year, goals, merged
        self.keys = line_keys(state)
        self.cells = answer_lines(state.returned, self.keys)
        self.writers = {self.keys.found(found): each for each in state.returned for found in each.findings if found.kind}
        self.stood = {self.keys.found(found): found.stood for each in state.returned for found in each.findings}
        self.swapped = {self.keys.found(found): found.text for each in state.returned for found in each.findings
                        if found.code == SWAPPED}
        self.odd: set[str] = set()
        self.older = {superseded_key(old, self.keys): old.answer for old in merged.superseded}
        self.cells |= {key: (old.goal, old.column) for key, old in self.older.items()}
        self.found = Chosen()

    def read(self, conflicts: FoundTable | None, control: FoundTable | None) -> Chosen:
        """Return everything that was chosen."""
        if conflicts is not None:
            self._picks(conflicts)
        self.found.control = dict(self.state.control)
        if control is not None and {"pick", "own"} & control.columns.keys():
            self._choices(control)
        return self.found

    def _against(self, cell: GoalColumn) -> frozenset[str]:
        known = self.merged.cells.get(cell)
        return frozenset(canonical(side.value) for side in known.sides) if known else frozenset()

    def _place(self, table: FoundTable, row: int, key: str) -> Place:
        return self.book.place(table.sheet.name, row, table.columns.get(key, 0))

    def _percent(self, table: FoundTable, row: int) -> bool | None:
        percent = table.sheet.percent
        return None if percent is None else (row, table.columns.get("own", -1)) in percent

    # ---- Modstridende svar

    def _picks(self, table: FoundTable) -> None:
        columns = {fold(header): column for column, header in HEADERS.items()}
        rows: dict[GoalColumn, list[_Row]] = {}
        for row in table.data_rows():
            goal, column = canonical(table.value(row, "id")), columns.get(fold(canonical(table.value(row, "column"))))
            if column and goal in self.goals and (goal, column) in self.merged.cells:
                rows.setdefault((goal, column), []).append(
                    _Row(row, canonical(_readable(table.value(row, "pick"))), _readable(table.value(row, "own"))))
        for cell, lines in rows.items():
            own = {canonical(line.own): line for line in lines if is_filled(line.own)}
            decision = self._own(table, cell, [*own.values()]) if own else self._picked(table, cell, lines)
            if decision is not None:
                self.found.picked[cell] = decision

    def _own(self, table: FoundTable, cell: GoalColumn, lines: Sequence[_Row]) -> Decision | None:
        """Return the own wording for a cell; different ones choose nothing and are asked about."""
        row, _, raw = lines[0]
        if len(lines) > 1:
            self._twice(table, cell, row, "own")
            return None
        place = self.found.places[cell] = self._place(table, row, "own")
        return decided(self.goals[cell[0]], cell[1], self._against(cell), raw, place, self.year, self._percent(table, row))

    def _twice(self, table: FoundTable, cell: GoalColumn, row: int, key: str) -> None:
        self.found.problems.append(problem("picked-twice", self._place(table, row, key), goal=cell[0],
                                           column=HEADERS[cell[1]]))

    def _picked(self, table: FoundTable, cell: GoalColumn, lines: Sequence[_Row]) -> Decision | None:
        """Return the answer that is crossed; the cross that was drawn gives way to a new one, and alone says nothing."""
        merged = self.merged.cells[cell]
        options = chosen_texts(self.goals[cell[0]], merged)
        crossed: dict[str, tuple[int, Value]] = {}
        for line in lines:
            text = canonical(table.value(line.row, "answer"))
            if line.pick and text in options:
                crossed.setdefault(canonical(options[text]), (line.row, options[text]))
        if merged.decided:
            crossed.pop(canonical(merged.outcome), None)
        if not crossed:
            return None
        row, value = next(iter(crossed.values()))
        if len(crossed) > 1:
            self._twice(table, cell, row, "pick")
            return None
        place = self.found.places[cell] = self._place(table, row, "pick")
        return Decision(*cell, self._against(cell), value, at=said_at(place))

    # ---- Kontrol

    def _choices(self, table: FoundTable) -> None:
        changes = proposed_changes(self.state.findings, self.keys)
        read: dict[str, list[tuple[Choice, Place]]] = {}
        for row in table.data_rows():
            key, place = canonical(table.value(row, "key")), self._place(table, row, "pick")
            if any(is_unreadable(table.value(row, name)) for name in ("pick", "own")):
                continue  # asked about where the sheet was read; what was chosen before holds
            pick = understood(canonical(table.value(row, "pick")), key in changes)
            own = as_written(table.value(row, "own"), bool(self._percent(table, row)))
            if not LINE_KEY.fullmatch(key):
                if pick or own:
                    self.found.problems.append(problem("choice-no-line", place, value=own or pick))
                continue
            goal, text, kind, cell = (canonical(table.value(row, name)) for name in ("id", "text", "kind", "cell"))
            text = self.stood.get(key) or canonical(table.value(row, "whole")) or text
            if kind == KINDS[ODD] and (goal, AnswerColumn.RESULT) in self.merged.cells:
                self.cells[key] = (goal, AnswerColumn.RESULT)
                self.odd.add(key)
            if kind == STATUS_KIND and (goal, AnswerColumn.STATUS) in self.merged.cells:
                self.cells[key] = (goal, AnswerColumn.STATUS)
            if key in self.cells and kind in (KINDS[ODD], UNREAD) and not own and self._is_reading(key, pick):
                pick, own = "", pick
            about = changes[key].column if key in changes else self.cells[key][1].value if key in self.cells else ""
            place = place if pick and not own else self._place(table, row, "own")
            read.setdefault(key, []).append((Choice(pick, own, goal, about, kind, cell, text), place))
        fresh = {key: at for key, said in read.items() if (at := self._taken(key, said)) is not None}
        self.found.fresh = frozenset(fresh)
        self._corrections({key: fresh.get(key) or said[0][1] for key, said in read.items()})

    def _is_reading(self, key: str, pick: str) -> bool:
        """Tell whether what was picked on a line about an answer is one of the readings on its list."""
        goal, column = self.cells[key]
        known = goal in self.goals and pick not in ("", ACCEPT, LEAVE_OUT) and not used(pick)
        return known and not read_answer(self.goals[goal], column, pick, self.year).problem

    def _taken(self, key: str, said: Sequence[tuple[Choice, Place]]) -> Place | None:
        """Take what stands on a line, and return its place where it is new; a line may stand in several rows."""
        old = self.state.control.get(key)
        written = {(c.pick, c.own): (c, place) for c, place in said if c.pick or c.own}
        if old is not None and len(written) > 1:
            written.pop((old.pick, old.own), None)
        if not written:
            self.found.control.pop(key, None)
            return said[0][1] if old is not None else None
        if len(written) > 1:
            self.found.problems.append(problem("choice-line-twice", said[0][1], value=next(iter(written.values()))[0].said))
            return None
        choice, place = next(iter(written.values()))
        if old is not None and (old.pick, old.own) == (choice.pick, choice.own):
            return None
        self.found.control[key] = choice
        return place

    def _corrections(self, places: Mapping[str, Place]) -> None:
        """Make decisions of the own wordings that are new or were not used; one taken away takes its decision with it."""
        wanted: dict[GoalColumn, dict[str, Decision]] = {}
        for key, place in places.items():
            if key in self.swapped:
                for moved in self._moved(key, place):
                    wanted.setdefault((moved.goal, moved.column), {})[canonical(moved.chosen)] = moved
            cell = self.cells.get(key)
            if cell is None or cell[0] not in self.goals:
                continue
            said = self.found.control.get(key, Choice())
            self._withdraw(key, cell, said)
            decision: Decision | None = None
            if said.act == LEAVE_OUT and key in self.odd and key in self.found.fresh:
                decision = Decision(*cell, self._against(cell), None, at=said_at(place))
            elif said.act == OLDER and key in self.older and self._is_new(key, cell):
                decision = Decision(*cell, self._against(cell), self.older[key].value, at=said_at(place))
            elif said.wording and key not in self.older and self._is_new(key, cell):
                decision = self._correction(key, cell, said.wording, place)
            if decision is not None:
                wanted.setdefault(cell, {})[canonical(decision.chosen)] = decision
        for cell, by_value in wanted.items():
            first, *more = by_value.values()
            rivals = {canonical(value): value for each in by_value.values() for value in (each.chosen, *each.rivals)}
            rivals.pop(canonical(first.chosen), None)
            by = {value: who for each in (*more, first) for value, who in each.by.items()}
            self.found.ruled[cell] = replace(first, rivals=tuple(rivals.values()), by=by)

    def _moved(self, key: str, place: Place) -> Iterator[Decision]:
        """Yield the answers of a row whose Mål-id and text differ, for the goal that was chosen for it."""
        before, now = self.state.control.get(key, Choice()), self.found.control.get(key, Choice())
        if before.belongs_to in self.goals and before.belongs_to != now.belongs_to:
            goal = self.goals[before.belongs_to]
            chosen = {cell: canonical(decision.chosen) for cell, decision in self.state.decisions.items()}
            self.found.withdrawn |= {(goal.id, column) for column, value in row_answers(
                self.swapped[key], goal, self.year).values.items()
                if f"\n{chosen.get((goal.id, column), '')}".endswith(f"\n{canonical(value)}")}
        if now.belongs_to not in self.goals:
            return
        goal = self.goals[now.belongs_to]
        for column, value in row_answers(self.swapped[key], goal, self.year).values.items():
            cell = goal.id, column
            if not self._is_new(key, cell):
                continue
            known = self.merged.cells.get(cell)
            others = {canonical(side.value): side.value for side in known.sides} if known else {}
            others.pop(canonical(value), None)
            if column in JOINED_COLUMNS and known is not None and known.outcome is not None:
                yield Decision(*cell, self._against(cell), f"{known.outcome}\n{value}", at=said_at(place))
            else:
                yield Decision(*cell, self._against(cell), value, at=said_at(place), rivals=tuple(others.values()))

    def _is_new(self, key: str, cell: GoalColumn) -> bool:
        """Tell whether what stands on a line is still to be made a decision of."""
        return key in self.found.fresh or cell not in self.state.decisions

    def _correction(self, key: str, cell: GoalColumn, own: str, place: Place) -> Decision | None:
        """Return what an answer is to be read as; where another person answered something else, nothing is chosen yet."""
        goal, column = self.goals[cell[0]], cell[1]
        if read_answer(goal, column, own, self.year).problem:
            return None  # asked about on its line
        decision = decided(goal, column, self._against(cell), own, place, self.year)
        known = self.merged.cells.get(cell)
        if known is not None and not known.conflict and canonical(known.outcome) == canonical(decision.chosen):
            return None
        # Its line on Kontrol tells what it was read as, so the ledger needs no line of its own.
        decision = replace(decision, raw="", rule="")
        writer = self.writers.get(key)
        if key in self.odd or writer is None or column in JOINED_COLUMNS:
            return decision
        others = self._others(cell, writer)
        others.pop(canonical(decision.chosen), None)
        by = {canonical(value): who for value, who in others.values() if who}
        return replace(decision, rivals=tuple(value for value, _ in others.values()),
                       by={**by, canonical(decision.chosen): _name(writer)})

    def _others(self, cell: GoalColumn, writer: Returned) -> dict[str, tuple[Value, str]]:
        """Return what others than a person answered in a cell; with whose it is where that is a reading."""
        known = self.merged.cells.get(cell)
        me = (writer.form, _name(writer))
        sides = known.sides if known else ()
        found: dict[str, tuple[Value, str]] = {canonical(side.value): (side.value, "") for side in sides
                                               if (side.form, side.who) != me}
        for key, other in self.writers.items():
            theirs = self.cells.get(key) == cell and key not in self.odd
            own = self.found.control.get(key, Choice()).wording if theirs else ""
            if own and (other.form, _name(other)) != me:
                read = read_answer(self.goals[cell[0]], cell[1], own, self.year)
                if not read.problem:
                    found.setdefault(canonical(read.value), (read.value, _name(other)))
        return found

    def _withdraw(self, key: str, cell: GoalColumn, now: Choice) -> None:
        """Take a decision back whose choice was taken away from its line."""
        before, decision = self.state.control.get(key), self.state.decisions.get(cell)
        if before is None or decision is None or before.said == now.said or now.wording:
            return
        if before.act == OLDER and key in self.older:
            value = self.older[key].value
        elif before.wording:
            read = read_answer(self.goals[cell[0]], cell[1], before.wording, self.year)
            value = read.value
        elif before.act == LEAVE_OUT and key in self.odd:
            value = None
        else:
            return
        if canonical(value) == canonical(decision.chosen):
            self.found.withdrawn |= {cell}


def _name(writer: Returned) -> str:
    return writer.filled_by or writer.owner


def _readable(raw: object) -> object:
    """Return what stands in a cell, None for an error: that chooses nothing."""
    return None if is_unreadable(raw) else raw


def combined(chosen: Chosen, edits: Mapping[GoalColumn, Decision]) -> tuple[dict[GoalColumn, Decision], list[Finding]]:
    """Return the decision of every cell that was decided anew: an edit in ``Opfølgning`` holds, else a pick.

    Where two differ, that is asked about; of a correction on ``Kontrol`` its own line tells.
    """
    found = {**chosen.ruled, **chosen.picked, **edits}
    asked = []
    for cell, pick in chosen.picked.items():
        holds = found[cell]
        if canonical(holds.chosen) != canonical(pick.chosen):
            place = chosen.places[cell]._replace(file="", container="")
            asked.append(problem("decided-twice", place, goal=cell[0], column=HEADERS[cell[1]],
                                 value=spoken(pick.chosen) or "(tom)", chosen=spoken(holds.chosen) or "(tom)",
                                 at=holds.at or "arket Opfølgning"))
    return found, asked


def standing_choices(chosen: Chosen, now: Mapping[GoalColumn, Decision], goals: Mapping[str, Goal],
                     year: int) -> dict[str, Choice]:
    """Return the choices on ``Kontrol`` but for corrections that a newer decision elsewhere has replaced."""
    kept = dict(chosen.control)
    for (goal, column), decision in now.items():
        for key, choice in chosen.control.items():
            said = choice.text if choice.act == OLDER else choice.wording
            if goal in goals and (choice.goal, choice.column) == (goal, column) and said and key not in chosen.fresh:
                read = read_answer(goals[goal], column, "" if said == CLEARED else said, year)
                if canonical(read.value) != canonical(decision.chosen):
                    del kept[key]
    return kept
