"""The follow-up that stands there: what it remembers, and what people have written in it since it was drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from aftale.rules.cells import Read, read_date, read_number, read_status, read_text, read_yes_no
from aftale.rules.finding import FoundTable, beside_label, find_table
from aftale.rules.followup import PEOPLE_WRITE, digest, formula_text, said_by
from aftale.rules.kontrol import CLEARED, drawn_value
from aftale.rules.merge import HEADERS, Cell, Decision, MergeResult, merge_forms
from aftale.rules.overview import BOXES
from aftale.rules.record import find_record
from aftale.rules.state import State, read_state
from aftale.words.domain import MISSING, NOT_THIS_YEAR, UNDECIDED, Agreement, Column, Goal, Level, Place, Value
from aftale.words.problems import Problem, problem
from aftale.words.raw import RawBook, RawSheet, is_filled
from aftale.words.sheets import (
    CONFLICT_COLUMNS,
    CONFLICTS,
    CONTROL,
    CONTROL_COLUMNS,
    IN_FRAME,
    OPFOELGNING,
    OVERBLIK,
    RESPONSE_COLUMNS,
    RESPONSES,
    RESULT_COLUMNS,
    RESULTATER,
    SOURCE_COLUMNS,
    SOURCES,
    UDVIKLINGSPLAN,
    Col,
    followup_columns,
    plan_columns,
)
from aftale.words.text import canonical, fold

_NO_EDIT = frozenset(fold(text) for text in (MISSING, NOT_THIS_YEAR, UNDECIDED))


@dataclass(frozen=True)
class Standing:
    """A standing follow-up: its state with what people have written in it, and whether anything else was changed.

    ``edited`` tells that a cell differs from what was drawn; ``foreign`` names the sheets that hold something which
    no field of ours takes, so that the file must be kept.
    """

    state: State
    edited: bool = False
    foreign: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    before: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What every answer cell and every ``kse`` remark said when the follow-up was written, as `changes` compares them."""


def read_standing(book: RawBook, agreement: Agreement) -> Standing | None:
    """Read a follow-up with everything that was written in it; None where it isn't one of ours."""
    state = read_state(find_record(book)[1])
    if state is None:
        return None
    return _Reader(book, agreement, state).read()


class _Reader:
    def __init__(self, book: RawBook, agreement: Agreement, state: State) -> None:
        self.book, self.agreement, self.state = book, agreement, state
        self.goals = {g.id: g for g in agreement.goals if g.level is not Level.DEVELOPMENT or g.owners}
        self.problems: list[Problem] = []
        self.merged: MergeResult = merge_forms(state.returned, state.decisions, list(self.goals))

    def read(self) -> Standing:
        decisions = dict(self.state.decisions)
        decisions.update(self._picked())
        remarks = dict(self.state.remarks)
        table = self._table(OPFOELGNING, followup_columns(self.agreement.plan_years), ("resultat", "status"))
        if table is not None:
            decisions.update(self._edits(table))
            remarks = self._remarks(table)
        boxes = self._boxes()
        state = replace(self.state, decisions=decisions, remarks=remarks, boxes=boxes)
        same = (decisions == dict(self.state.decisions) and remarks == dict(self.state.remarks)
                and boxes == dict(self.state.boxes))
        return Standing(state, not same, self._foreign(), tuple(self.problems),
                        said_by(self.state))

    def _table(self, name: str, columns: tuple[Col, ...], needed: tuple[str, ...]) -> FoundTable | None:
        sheet = next((s for s in self.book.sheets if fold(s.name) == fold(name)), None)
        return find_table(sheet, columns, needed) if sheet else None

    # ---- cells in Opfølgning that differ from what was drawn

    def _edits(self, table: FoundTable) -> dict[Cell, Decision]:
        found: dict[Cell, Decision] = {}
        for row in table.data_rows():
            goal = self.goals.get(canonical(table.value(row, "id")))
            if goal is None:
                continue
            for column in Column:
                if column.value not in table.columns:
                    continue
                raw = table.value(row, column.value)
                drawn = self.state.drawn.get((goal.id, column.value), "")
                if canonical(raw) != canonical(drawn):
                    place = self.book.place(table.sheet.name, row, table.columns[column.value])
                    percent = table.sheet.percent
                    shown = None if percent is None else (row, table.columns[column.value]) in percent
                    decision = self._edit(goal, column, raw, drawn, place, shown)
                    if decision is not None:
                        found[goal.id, column] = decision
        return found

    def _edit(self, goal: Goal, column: Column, raw: object, drawn: str, place: Place,
              percent: bool | None) -> Decision | None:
        cell = self.merged.cells.get((goal.id, column))
        against = frozenset(canonical(side.answer.value) for side in cell.sides) if cell else frozenset()
        if not is_filled(raw):
            # Emptying a cell that only said «Mangler svar» takes nothing away.
            nothing_there = fold(drawn) in _NO_EDIT or not against
            return None if nothing_there and not (cell and cell.decided) else Decision(goal.id, column, against, None)
        if column is Column.STATUS and fold(canonical(raw)) in _NO_EDIT:
            return None
        return self._decided(goal, column, against, raw, place, percent)

    def _decided(self, goal: Goal, column: Column, against: frozenset[str], raw: object, place: Place,
                 percent: bool | None = None) -> Decision:
        """Return what the coordinator wrote as a decision; what can't be read stays as it is written."""
        read = read_answer(goal, column, raw, self.agreement.year, percent)
        chosen: Value = canonical(raw) if read.problem else read.value
        return Decision(goal.id, column, against, chosen, canonical(raw) if read.rule else "", read.rule,
                        str(place._replace(file="", container="")))

    def _remarks(self, table: FoundTable) -> dict[str, str]:
        remarks = dict(self.state.remarks)
        if "kse" not in table.columns:
            return remarks
        for row in table.data_rows():
            goal_id = canonical(table.value(row, "id"))
            if goal_id in self.goals:
                text = canonical(table.value(row, "kse"))
                if text:
                    remarks[goal_id] = text
                else:
                    remarks.pop(goal_id, None)
        return remarks

    # ---- choices on Modstridende svar

    def _picked(self) -> dict[Cell, Decision]:
        table = self._table(CONFLICTS, CONFLICT_COLUMNS, ("pick",))
        rows: dict[Cell, list[tuple[int, str, str]]] = {}
        for row in table.data_rows() if table else ():
            goal_id = canonical(table.value(row, "id")) if table else ""
            column = next((c for c, header in HEADERS.items() if table and
                           fold(header) == fold(canonical(table.value(row, "column")))), None)
            if table and column and goal_id in self.goals and (goal_id, column) in self.merged.cells:
                rows.setdefault((goal_id, column), []).append(
                    (row, canonical(table.value(row, "pick")), canonical(table.value(row, "own"))))
        found = {}
        for cell, lines in rows.items():
            decision = self._pick(table, cell, lines) if table else None
            if decision is not None:
                found[cell] = decision
        return found

    def _pick(self, table: FoundTable, cell: Cell, lines: list[tuple[int, str, str]]) -> Decision | None:
        goal, column = self.goals[cell[0]], cell[1]
        merged = self.merged.cells[cell]
        against = frozenset(canonical(side.answer.value) for side in merged.sides)
        own = [(row, text) for row, _, text in lines if text]
        if own:
            place = self.book.place(table.sheet.name, own[0][0], table.columns["own"])
            return self._decided(goal, column, against, own[0][1], place)
        picked = {canonical(table.value(row, "answer")) for row, pick, _ in lines if pick}
        if len(picked) > 1 and merged.decided:  # the cross that we drew ourselves gives way to a new one
            picked.discard(drawn_value(goal, column, merged.outcome) or CLEARED)
        if len(picked) > 1:
            place = self.book.place(table.sheet.name, lines[0][0], table.columns["pick"])
            self.problems.append(problem("picked-twice", place, goal=cell[0], column=HEADERS[column]))
        if len(picked) != 1:
            return None
        text = picked.pop()
        options: list[Value] = [side.answer.value for side in merged.sides]
        options += [merged.decision.chosen] if merged.decision else []
        for option in options:
            if text == (drawn_value(goal, column, option) or CLEARED):
                if merged.decided and canonical(option) == canonical(merged.outcome):
                    return None  # the x that we drew ourselves
                return Decision(*cell, against, option)
        return None

    # ---- Overblik, and whatever has no field

    def _boxes(self) -> dict[str, Value]:
        sheet = next((s for s in self.book.sheets if fold(s.name) == fold(OVERBLIK)), None)
        boxes = dict(self.state.boxes)
        if sheet is None:
            return boxes
        for label in BOXES:
            beside = beside_label(sheet, (label,))
            if beside is None:
                continue
            text = canonical(beside[2])
            if label == IN_FRAME and text:
                read = read_yes_no(text)
                text = text if read.problem else canonical(read.value)
            boxes.pop(label, None)
            if text:
                boxes[label] = text
        return {label: boxes[label] for label in BOXES if label in boxes}

    def _foreign(self) -> tuple[str, ...]:
        years = self.agreement.plan_years
        columns = {OPFOELGNING: followup_columns(years), UDVIKLINGSPLAN: plan_columns(years), RESULTATER: RESULT_COLUMNS,
                   CONFLICTS: CONFLICT_COLUMNS, RESPONSES: RESPONSE_COLUMNS, CONTROL: CONTROL_COLUMNS,
                   SOURCES: SOURCE_COLUMNS}
        found = []
        record_sheet, _ = find_record(self.book)
        for sheet in self.book.sheets:
            name = next((n for n in columns if fold(n) == fold(sheet.name)), "")
            if name:
                strange = digest(_texts(sheet, name, columns[name])) != self.state.contents.get(name, "")
            elif fold(sheet.name) == fold(OVERBLIK):
                strange = overview_digest(sheet) != self.state.contents.get(OVERBLIK, "")
            else:
                strange = sheet is not record_sheet
            if strange or sheet.notes:
                found.append(sheet.name)
        return tuple(dict.fromkeys(found))


def overview_digest(sheet: RawSheet) -> str:
    """Return a hash of all that stands on ``Overblik``, apart from the boxes that people write in."""
    boxes = {at[:2] for label in BOXES if (at := beside_label(sheet, (label,)))}
    return digest(Counter(text for r, c, text in _contents(sheet) if (r, c) not in boxes))


def _contents(sheet: RawSheet) -> Iterator[tuple[int, int, str]]:
    """Yield what every cell holds: where it is a formula, the formula, whatever it shows now."""
    for (row, column), formula in sheet.formulas.items():
        yield row, column, formula_text(formula)
    for row, column, value in sheet.filled():
        if (row, column) not in sheet.formulas:
            yield row, column, canonical(value)


def read_answer(goal: Goal, column: Column, raw: object, year: int, percent: bool | None = None) -> Read:
    """Read an answer typed into the follow-up by the same rules as one in a skema."""
    if column in (Column.RESULT, Column.BASELINE):
        return read_number(raw, in_percent=goal.measure.in_percent, unit=goal.measure.unit,
                           percent_format=percent)
    if column is Column.AS_OF:
        return read_date(raw, year=year)
    return read_status(raw) if column is Column.STATUS else read_text(raw)


def _texts(sheet: RawSheet, name: str, columns: tuple[Col, ...]) -> Mapping[str, int]:
    table = find_table(sheet, columns, [column.key for column in columns])
    people: set[int] = set()
    if table is not None:
        people = {at for key, at in table.columns.items() if key in PEOPLE_WRITE.get(name, ())}
    texts: Counter[str] = Counter()
    for r, c, text in _contents(sheet):
        if table is None or r <= table.row or c not in people:
            texts[text] += 1
    return texts
