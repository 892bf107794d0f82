"""The follow-up that stands there: what it remembers, and what people have written in it since it was drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product

from aftale.additions.find import (
    DRAWING,
    PAGE_TEXTS,
    Layout,
    drawn_rows,
    layouts,
    lost_cells,
    our_sheets,
    strange_cells,
    without_rows,
)
from aftale.agreement.agreed_texts import agreed_texts
from aftale.agreement.copy_in_followup import agreement_from, agreement_lines
from aftale.agreement.read_goals import followed
from aftale.cells.find_table import FoundTable, beside_label, find_table
from aftale.cells.goal_texts import TEXT_KEYS, GoalTexts
from aftale.cells.hidden_sheet import Line, Record, find_record, unknown_lines
from aftale.cells.number_format import seen, seen_at
from aftale.cells.read_cell import read_yes_no, text_at
from aftale.followup.build import PEOPLE_WRITE, contents, digest, follow_up, stored_text
from aftale.followup.dialog_sheet import ASKED_IN
from aftale.forms.leftover_cells import strangers_in_record
from aftale.forms.plan import plan_forms
from aftale.forms.returned import BOX, CLEARED
from aftale.kse.dialog_rows import ROW_KEY
from aftale.kse.dialogue import dialogue_of
from aftale.kse.edition import title_of
from aftale.kse.read_dialog import DialogReader
from aftale.kse.remarks import remarks_of
from aftale.merge.added_texts import added_marks, merged_of
from aftale.merge.choices import LINE_KEY, PROPOSED_CHANGE, Choice, as_written, unread_marks
from aftale.merge.merge import Decision, GoalColumn, MergeResult
from aftale.merge.proposed_changes import can_revise
from aftale.merge.read_choices import Chooser, combined, decided, said_at, standing_choices
from aftale.merge.state import State, read_state, state_lines
from aftale.model.agreement import MISSING, NOT_THIS_YEAR, UNDECIDED, Agreement, AnswerColumn, Goal, Value
from aftale.model.columns import (
    BOXES,
    CONFLICT_COLUMNS,
    CONFLICTS,
    CONTROL,
    CONTROL_COLUMNS,
    DIALOG,
    DIALOG_COLUMNS,
    IN_FRAME,
    KSE_REMARK,
    OPFOELGNING,
    OVERBLIK,
    RECORD,
    Column,
    followup_columns,
)
from aftale.model.dialogue import Utterance, names_of
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.tables import Cell
from aftale.model.text import CELL_LIMIT, canonical, cut, fold, formula_text, listing, some
from aftale.model.workbook import Special, Workbook, WorkbookSheet, cell_name, is_filled, is_unreadable

VALUES_KEPT = "(det, de viser, er taget med)"
"""What is said of formulas in the fields that people write in."""
_OURS = frozenset(("fulfilment", "computed", "response", "source", "last_status"))
_MOST_NAMED = 5
_NO_EDIT = frozenset(fold(text) for text in (MISSING, NOT_THIS_YEAR, UNDECIDED))


@dataclass(frozen=True)
class Standing:
    """A standing follow-up: its state with what people have written in it, and whether anything else was changed.

    ``edited`` tells that the file must be written again because of it; ``lost`` says what the sheets of ours hold that no
    field takes, so that the file must be kept. ``layouts`` is where everything stands in the file, and ``sha256`` the hash
    of its bytes.
    """

    state: State
    edited: bool = False
    problems: tuple[Finding, ...] = ()
    lost: tuple[str, ...] = ()
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    sha256: str = ""
    remembered: State = field(default_factory=State)
    """The state as the follow-up itself remembers it, before anything that was written in it since."""

    @property
    def other_problems(self) -> tuple[Finding, ...]:
        """What was found, but for what the state remembers: a follow-up that is made from it says that itself."""
        return tuple(p for p in self.problems if p not in self.state.unused)


def read_standing(book: Workbook, agreement: Agreement) -> Standing | None:
    """Read a follow-up with everything that was written in it; None where it isn't one of ours."""
    record = find_record(book)[1]
    state = read_state(record)
    if state is None:
        return None
    return _Reader(book, agreement, state, record).read()


class _Reader:
    def __init__(self, book: Workbook, agreement: Agreement, state: State, record: Record) -> None:
        self.book, self.agreement, self.state, self.tampered = book, agreement, state, not record.intact
        self.front = record.text(DRAWING, "", OVERBLIK)
        self.goals = followed(agreement)
        self.copy = agreement_from(record)
        copy = self.copy or agreement  # what the rows were drawn with, whatever the agreement says now
        self.drawn_with = {goal.id: goal for goal in copy.goals}
        self.texts = GoalTexts({goal.id: [goal.agreed(key) for key in TEXT_KEYS] for goal in copy.goals})
        self.mixed: dict[int, str] = {}
        self.rivals: list[str] = []
        self.unused: list[Finding] = []
        self.problems: list[Finding] = []
        self.emptied = False
        self.kse = remarks_of(state, self.goals)
        self.drafts = state.drafts
        self.over = dict(state.over)
        self.sheets = our_sheets(book, agreement.plan_years)
        self.layouts = layouts(self.sheets, agreement)
        self.merged: MergeResult = merged_of(state, list(self.goals))
        self.unread: dict[str, set[tuple[int, int]]] = {}

    def read(self) -> Standing:
        self._errors()
        remarks = dict(self.state.remarks)
        edits: dict[GoalColumn, Decision] = {}
        table = self._table(OPFOELGNING, followup_columns(self.agreement.plan_years), ("resultat", "status"))
        if table is not None:
            rows = self._goal_rows(table)
            edits = self._edits(table, rows)
            remarks = self._remarks(table, rows)
        decisions, control = self._decisions(edits)
        boxes = self._boxes()
        self._kse_box(boxes)
        dialogue = self._dialogue(remarks)
        strange = self._strange().items()
        state = replace(self.state, decisions=decisions, remarks=remarks, boxes=boxes, over=self.over, dialogue=dialogue,
                        control=control, unused=tuple(dict.fromkeys((*self.state.unused, *self.unused))),
                        drafts=self.drafts)
        lost = [*(lost_cells(self.sheets[name].name, cells) for name, cells in strange), *self._formulas(), *self.rivals]
        lost += [lost_cells(self.sheets[name].name, [cell_name(*at) for at in sorted(cells)])
                 for name, cells in self.unread.items() if cells]
        title = title_of(self.state.unit, self.state.round, self.state.year)
        lost += [f"{PAGE_TEXTS} på arket {sheet.name}" for sheet in self.sheets.values() if {*sheet.margins} - {title}]
        record = find_record(self.book)[0]
        if record is not None and (strangers := strangers_in_record(record)):
            lost.append(lost_cells(record.name, [cell_name(*at) for at in strangers]))
        if self.tampered:
            self.problems.append(problem("followup-record-changed", Place(sheet=RECORD)))
            lost.append(f"ændringer på det skjulte ark »{RECORD}«")
        changed = self.tampered or self.emptied or bool(self.unused) or state != self.state
        return Standing(state, changed, (*self.problems, *self.unused), tuple(lost),
                        self.layouts, self.book.source.sha256, self.state)

    def _decisions(self, edits: Mapping[GoalColumn, Decision]) -> tuple[dict[GoalColumn, Decision], dict[str, Choice]]:
        """Return every decision, those of this save included, and the choices that stand on Kontrol."""
        year = self.agreement.year
        chosen = Chooser(self.book, self.state, year, self.goals, self.merged).read(
            self._table(CONFLICTS, CONFLICT_COLUMNS, ("pick",)), self._table(CONTROL, CONTROL_COLUMNS, ("pick", "own")))
        new, asked = combined(chosen, edits)
        new = {cell: replace(decision, against=decision.against | unread_marks(self.state.returned, cell)
                             | added_marks(self.state, cell),
                             agreed=agreed_texts(self.drawn_with.get(cell[0]) or self.goals[cell[0]]))
               for cell, decision in new.items()}
        self.problems += [*chosen.problems, *asked]
        kept = {cell: decision for cell, decision in self.state.decisions.items() if cell not in chosen.withdrawn}
        return {**kept, **new}, standing_choices(chosen, new, self.goals, year)

    def _table(self, name: str, columns: tuple[Column, ...], needed: tuple[str, ...]) -> FoundTable | None:
        sheet = self.sheets.get(name)
        return find_table(sheet, columns, needed) if sheet else None

    # ---- cells that show an error: no edit

    def _errors(self) -> None:
        """Ask about every field that shows an error or an uncalculated formula: what stood there before holds."""
        for name, layout in self.layouts.items():
            fields = _fields(name, layout, self.goals)
            for at in sorted(fields):
                raw = layout.sheet.value(*at)
                if is_unreadable(raw) and not self._as_drawn(name, layout, at, raw):
                    self.unread.setdefault(name, set()).add(at)
                    self.emptied = True
                    formula = "" if isinstance(raw, Special) and raw.kind != "error" else layout.sheet.formulas.get(at, "")
                    self.problems.append(problem("edit-error", self.book.place(layout.sheet.name, *at), value=raw,
                                                 what=f" Dér står formlen »={formula.lstrip('=')}«." if formula else ""))

    def _as_drawn(self, name: str, layout: Layout, at: tuple[int, int], raw: object) -> bool:
        """Tell whether a field shows just what was drawn in it: somebody's answer may look like an error."""
        if name != OPFOELGNING or isinstance(raw, Special):
            return False
        return canonical(raw) == self._drawn(layout.rows.get(at[0], ""), layout.columns.get(at[1], ""))

    def _is_unread(self, name: str, row: int, column: int) -> bool:
        """Tell whether a field can't be read; a second row of a goal has none, but an error is no edit there either."""
        return (row, column) in self.unread.get(name, ()) or isinstance(self.sheets[name].value(row, column), Special)

    # ---- cells in Opfølgning that differ from what was drawn

    def _goal_rows(self, table: FoundTable) -> dict[str, list[int]]:
        """Return the rows of every goal; one whose Mål-id and texts are of two goals is asked about and isn't read."""
        keys = [key for key in TEXT_KEYS if key in table.columns]
        whole = len(keys) == len(TEXT_KEYS)
        found: dict[str, list[int]] = {}
        for row in table.data_rows():
            goal_id = canonical(table.value(row, "id"))
            other = self.texts.another(goal_id, [table.value(row, key) for key in keys]) if whole else ""
            if other:
                self.mixed[row] = goal_id
                self._unused_row("followup-id-and-text", table, row, (goal_id, other), what=other)
            elif goal_id in self.goals:
                found.setdefault(goal_id, []).append(row)
            elif self._typed_in(table, row, (goal_id,)):
                self._unused_row("followup-row-unknown", table, row, (goal_id,))
        if self.mixed:
            self.layouts[OPFOELGNING] = without_rows(self.layouts[OPFOELGNING], self.mixed)
        return found

    def _unused_row(self, code: str, table: FoundTable, row: int, goals: Sequence[str], **words: object) -> None:
        """Ask about a row that isn't read; what was typed in it is remembered until that is settled."""
        typed = self._typed_in(table, row, goals)
        place = self.book.place(table.sheet.name, row, table.columns.get("id", 0))
        said = f" Ikke taget med: {listing(typed)}." if typed else ""
        found = problem(code, place, goal=goals[0], typed=said, **words)
        if typed:
            self.unused.append(replace(found, text=cut("\n".join(typed), CELL_LIMIT)))
        else:
            self.problems.append(found)

    def _typed_in(self, table: FoundTable, row: int, goals: Sequence[str]) -> list[str]:
        """Return what a row holds, each under its header, besides what was drawn at some goals and belongs to them.

        Of a row that was drawn, that is only looked for where people write and in the columns of their own.
        """
        drawn_row = goals[0] in self.drawn_with
        texts = [(key, canonical(table.value(table.row, key)), canonical(table.value(row, key))) for key in table.columns
                 if not drawn_row or key in PEOPLE_WRITE[OPFOELGNING]]
        texts += [("", column.header, canonical(table.sheet.value(row, at)))
                  for at, column in self.layouts[OPFOELGNING].own.items()]
        return [f"{header} »{text}«" for key, header, text in texts if text and fold(text) not in _NO_EDIT
                and (not key or text not in {self._drawn(goal, key) for goal in goals})]

    def _drawn(self, goal: str, key: str) -> str:
        return canonical(self.kse.shown(goal) if key == "kse" else self.state.drawn.get((goal, key), ""))

    def _edits(self, table: FoundTable, rows: Mapping[str, Sequence[int]]) -> dict[GoalColumn, Decision]:
        found: dict[GoalColumn, Decision] = {}
        for goal_id, those in rows.items():
            for column in AnswerColumn:
                if column.value in table.columns:
                    decision = self._of_rows(table, self.goals[goal_id], column, those)
                    if decision is not None:
                        found[goal_id, column] = decision
        return found

    def _of_rows(self, table: FoundTable, goal: Goal, column: AnswerColumn, rows: Sequence[int]) -> Decision | None:
        """Return what was edited in a cell of a goal; where its rows say different things, all of it is undecided."""
        drawn = self.state.drawn.get((goal.id, column.value), "")
        rows = [row for row in rows if not self._is_unread(OPFOELGNING, row, table.columns[column.value])]
        said = self._said(table, rows, column.value)
        if all(text == canonical(drawn) for text in said):
            return None
        at, percent = table.columns[column.value], table.sheet.percent
        decisions = [self._edit(goal, column, table.sheet.value(row, at), drawn, self.book.place(table.sheet.name, row, at),
                                None if percent is None else (row, at) in percent) for row in said.values()]
        known = [each for each in decisions if each is not None]
        return replace(known[0], rivals=tuple(each.chosen for each in known[1:])) if known else None

    @staticmethod
    def _said(table: FoundTable, rows: Sequence[int], key: str) -> dict[str, int]:
        """Return the different things that a goal's rows say in a column, each with its row; an empty cell says nothing."""
        said: dict[str, int] = {}
        for row in rows:
            said.setdefault(canonical(table.value(row, key)), row)
        told = {text: row for text, row in said.items() if fold(text) and fold(text) not in _NO_EDIT}
        return told or dict([*said.items()][:1])

    def _edit(self, goal: Goal, column: AnswerColumn, raw: object, drawn: str, place: Place,
              percent: bool | None) -> Decision | None:
        cell = self.merged.cells.get((goal.id, column))
        against = frozenset(canonical(side.value) for side in cell.sides) if cell else frozenset()
        if not is_filled(raw):
            # Emptying »Mangler svar«, or a status that follows from delmål, takes nobody's answer away: it is drawn again.
            nothing_there = fold(drawn) in _NO_EDIT or not against
            if nothing_there and not (cell and cell.decided):
                self.emptied = True
                return None
            return Decision(goal.id, column, against, None, at=said_at(place))
        if column is AnswerColumn.STATUS and fold(canonical(raw)) in _NO_EDIT:
            if drawn:
                self.problems.append(problem("status-not-chosen", place, goal=goal.id, value=canonical(raw)))
            return None
        return decided(goal, column, against, raw, place, self.agreement.year, percent)

    def _remarks(self, table: FoundTable, rows: Mapping[str, Sequence[int]]) -> dict[str, str]:
        remarks = dict(self.state.remarks)
        if "kse" not in table.columns:
            return remarks
        for goal_id, those in rows.items():
            readable = [row for row in those if not self._is_unread(OPFOELGNING, row, table.columns["kse"])]
            said = self._said(table, readable, "kse")
            if not said:
                continue
            if len(said) == 1:
                self._own_words(goal_id, text_at(table.sheet, next(iter(said.values())), table.columns["kse"]), remarks)
            else:
                cells = [self.book.place("", row, table.columns["kse"]).cell for row in said.values()]
                self.rivals.append(lost_cells(table.sheet.name, cells))
                self.unused.append(problem("rows-differ", self.book.place(table.sheet.name, min(said.values()),
                                                                            table.columns["kse"]),
                                             goal=goal_id, value=" / ".join(said), cells=listing(cells)))
        return remarks

    def _dialogue(self, own: dict[str, str]) -> tuple[Utterance, ...]:
        """Return what is remembered of the dialogue, with what was written on ``Dialog``; ``own`` gets answers for KSE."""
        sheet = self.sheets.get(DIALOG)
        table = find_table(sheet, DIALOG_COLUMNS, ("answer",)) if sheet else None
        if table is None or not {"text", "stage", "answer"} <= table.columns.keys():
            return self.state.dialogue
        names, state = names_of(self.copy or self.agreement), self.state
        said = dialogue_of(state, self.kse, self.merged, names)
        files = tuple(sorted(each.short for each in state.departments))
        found = DialogReader(self.book, table, said, names, self.goals, state.year, state.round.value,
                             frozenset(key for key, text in self.kse.answers.items() if text), files).read()
        for key, text in found.own.items():
            self._own_words(key, text, own)
        self.problems += found.problems
        self.unused += found.unused
        self.rivals += found.lost
        self.drafts = tuple(found.drafts)
        new = {each.key: each for each in found.asked if each.key not in {each.key for each in said}}
        known = {each.key: each for each in state.dialogue} | found.changed | new
        now = (state.year, state.round.value)
        return tuple(each for each in known.values() if each.said or (each.year, each.round) != now)

    def _own_words(self, goal: str, text: str, own: dict[str, str]) -> None:
        """Take what differs from what was drawn under KSE's name: it is the coordinator's wording."""
        if text == self.kse.shown(goal):
            return
        said = any(remark.key == goal for each in self.state.departments for remark in each.remarks)
        if text or said:
            own[goal] = text
            if self.state.departments:
                self.over[goal] = tuple(sorted(each.short for each in self.state.departments))
        else:
            own.pop(goal, None)
            self.over.pop(goal, None)

    def _kse_box(self, boxes: dict[str, Value]) -> None:
        """Tell KSE's own words in its box from the coordinator's: only the latter are remembered with the boxes."""
        before = {BOX: canonical(self.state.boxes.get(KSE_REMARK))}
        own = {key: text for key, text in before.items() if text or BOX in self.over}
        self._own_words(BOX, canonical(boxes.pop(KSE_REMARK, None)), own)
        if own.get(BOX):
            boxes[KSE_REMARK] = own[BOX]

    # ---- Overblik, and whatever has no field

    def _boxes(self) -> dict[str, Value]:
        sheet = self.sheets.get(OVERBLIK)
        boxes = {**self.state.boxes, KSE_REMARK: self.kse.box}
        if sheet is None:
            return boxes
        for label in BOXES:
            beside = beside_label(sheet, (label,))
            if beside is None or self._is_unread(OVERBLIK, *beside[:2]):
                continue
            text = text_at(sheet, *beside[:2])
            if label == IN_FRAME and text:
                read = read_yes_no(text)
                text = text if read.problem else canonical(read.value)
            boxes[label] = text
        return {label: boxes[label] for label in BOXES if boxes.get(label)}

    def _strange(self) -> dict[str, list[str]]:
        """Return by its proper name every sheet of ours that holds something else than what was drawn, and which cells."""
        found = {}
        for name, layout in self.layouts.items():
            fields = _fields(name, layout, self.goals)
            there = [(row, column, text) for row, column, text in _contents(layout.sheet)
                     if (row, column) not in fields and not layout.is_own(row, column)]
            then, _, known = (self.front if name == OVERBLIK else self.state.contents.get(name, "")).partition(" ")
            if digest(Counter(text for _, _, text in there)) != then:
                over = self._typed_over(layout, then) if name == OPFOELGNING else []
                named = strange_cells(there, known) if known else []
                found[name] = list(dict.fromkeys([*over, *named]))
        return found

    def _typed_over(self, layout: Layout, then: str) -> list[str]:
        """Ask about what was typed over agreed and computed cells of a goal's row, column by column; return the cells.

        They are held against the sheet as it is drawn once more, which must come out as it was drawn then.
        """
        if self.copy is None:
            return []
        forms = plan_forms(self.copy, self.state.round, None)
        book = follow_up(self.copy, self.state, forms, date(self.copy.year, 1, 1)).book
        if contents(book)[OPFOELGNING].partition(" ")[0] != then:
            return []
        table, rows = book.followup, drawn_rows(book.followup)
        headers = {column.key: column.header for column in table.columns}
        by_cell = {(goal, column.key): cell for goal, n in rows.items()
                   for column, cell in zip(table.columns, table.rows[n], strict=True)}
        drawn = {at: stored_text(cell) for at, cell in by_cell.items()}
        now = {(row, column): text for row, column, text in _contents(layout.sheet)}
        found: list[str] = []
        for at, key in sorted(layout.columns.items()):
            cells = [(row, goal) for row, goal in sorted(layout.rows.items()) if (goal, key) in drawn
                     and key not in PEOPLE_WRITE[OPFOELGNING] and not layout.is_own(row, at)
                     and now.get((row, at), "") != drawn[goal, key]]
            if not cells:
                continue
            names = [cell_name(row, at) for row, _ in cells]
            found += names
            before = {goal: _drawn_as(by_cell[goal, key]) or "(tom)" for _, goal in cells}
            if key not in _OURS:
                self.unused += (self._proposal(layout.sheet, row, at, Column(key, headers[key]), goal, before[goal])
                                for row, goal in cells)
                continue
            said = [f"{goal} »{seen_at(layout.sheet, row, at) or '(tom)'}« (før »{before[goal]}«)" for row, goal in cells]
            asked = problem("typed-over", self.book.place(layout.sheet.name, cells[0][0], at), column=headers[key],
                            cells=some(names, _MOST_NAMED), value=some(said, _MOST_NAMED),
                            goal=cells[0][1] if len(cells) == 1 else "")
            self.unused.append(replace(asked, text=cut("\n".join(said), CELL_LIMIT)))
        return found

    def _proposal(self, sheet: WorkbookSheet, row: int, at: int, column: Column, goal: str, was: str) -> Finding:
        """Return what was typed over an agreed cell as a change of the agreement; an error is none, but is told."""
        raw, shown = sheet.value(row, at), seen_at(sheet, row, at)
        possible = not is_unreadable(raw) and can_revise(self.agreement, self.goals.get(goal), column.key)
        found = problem("agreed-typed-over", self.book.place(sheet.name, row, at), column=column.header, was=was,
                        value=shown or "(tom)", goal=goal,
                        hint=", eller vælg »Ret aftalen« ud for linjen på arket Kontrol" if possible else "")
        if is_unreadable(raw):
            return replace(found, text=shown)
        written = as_written(raw, (row, at) in (sheet.percent or ()))
        return replace(found, text=written or CLEARED, kind=PROPOSED_CHANGE, column=column.key)

    def _formulas(self) -> Iterator[str]:
        """Say which fields that people write in hold formulas, of which only what they show is kept."""
        for name, layout in self.layouts.items():
            fields = _fields(name, layout, self.goals) - self.unread.get(name, set())
            cells = [cell_name(*at) for at in sorted(layout.sheet.formulas.keys() & fields)]
            if cells:
                yield f"{lost_cells(layout.sheet.name, cells, 'formlerne')} {VALUES_KEPT}"


def _drawn_as(cell: Cell) -> str:
    """Return how a cell that was drawn is seen."""
    if cell.number == "percent" and isinstance(cell.value, float):
        return seen(cell.value / 100, percent=True)
    return seen(cell.value, percent=cell.number == "share")


def _fields(name: str, layout: Layout, goals: Collection[str]) -> set[tuple[int, int]]:
    """Return the cells of a sheet of ours that people write in, and that are read: of rows and columns that we know."""
    columns = [at for at, key in layout.columns.items() if key in PEOPLE_WRITE.get(name, ())]
    if name == DIALOG:
        return dialog_fields(layout)
    return {*layout.boxes, *product(layout.rows if name == OPFOELGNING else _rows_of_ours(name, layout, goals), columns)}


def _rows_of_ours(name: str, layout: Layout, goals: Collection[str]) -> frozenset[int]:
    """Return the rows of a sheet's table that are lines of ours: what is written on another has no field."""
    wanted = {CONTROL: "key", CONFLICTS: "id"}.get(name)
    at = next((column for column, key in layout.columns.items() if key == wanted), None)
    if at is None:
        return frozenset()
    texts = ((row, canonical(layout.sheet.value(row, at))) for row in range(layout.header + 1, len(layout.sheet.rows)))
    return frozenset(row for row, text in texts if (LINE_KEY.fullmatch(text) if name == CONTROL else text in goals))


def dialog_fields(layout: Layout) -> set[tuple[int, int]]:
    """Return the cells of ``Dialog`` that are read: answers and stages of its lines, ids and texts of the rows below."""
    columns = {key: at for at, key in layout.columns.items()}
    lines = {row for row in range(layout.header + 1, len(layout.sheet.rows)) if ROW_KEY.fullmatch(
        canonical(layout.sheet.value(row, columns.get("key", -1))))}
    below = {row for row in range(layout.header + 1, len(layout.sheet.rows)) if row not in lines}
    return {(row, columns[key]) for rows, keys in ((lines, PEOPLE_WRITE[DIALOG]), (below, ASKED_IN)) for row in rows
            for key in keys if key in columns}


def _contents(sheet: WorkbookSheet) -> Iterator[tuple[int, int, str]]:
    """Yield what every cell holds: where it is a formula, the formula, whatever it shows now."""
    for (row, column), formula in sheet.formulas.items():
        yield row, column, formula_text(formula)
    for row, column, value in sheet.filled():
        if (row, column) not in sheet.formulas:
            yield row, column, canonical(value)


def unknown_of(record: Record, state: State) -> tuple[Line, ...]:
    """Return what a newer version has written in a follow-up's record, besides the state that was read of it."""
    copy = agreement_from(record)
    ours = (*state_lines(state), *(agreement_lines(copy) if copy else ()))
    return tuple(each for each in unknown_lines(record, ours) if each[0] != DRAWING)


def state_as_it_stands(book: Workbook) -> State | None:
    """Return a follow-up's state, its history as the sheet now shows it, with all that was said until then.

    None where the workbook isn't a follow-up.
    """
    record = find_record(book)[1]
    state, agreement = read_state(record), agreement_from(record)
    standing = read_standing(book, agreement) if state and agreement else None
    if agreement is None or standing is None:
        return state
    forms = plan_forms(agreement, standing.state.round, None)
    result = follow_up(agreement, standing.state, forms, date(agreement.year, 1, 1))
    return replace(result.state, dialogue=result.dialogue)
