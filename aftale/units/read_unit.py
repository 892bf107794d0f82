"""From a workbook to what `saml` keeps of it: a unit's follow-up as it stands, with what people have changed in it.

The follow-up itself is read with all that it remembers, as `flet` and `send` would read it. KSE's edition and a follow-up
whose ``_aftale`` is lost are read by what stands in their cells.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from aftale.agreement.budget import BUDGET, FRAME, budget_facts
from aftale.agreement.copy_in_followup import agreement_from
from aftale.agreement.measures import target_sentence
from aftale.agreement.read_goals import whole_plan
from aftale.cells.find_table import FoundTable, beside_label, find_table, header_years, sheets_by_name
from aftale.cells.hidden_sheet import AGREEMENT_KIND, FOLLOWUP_KIND, Record, find_record, is_edition, is_followup
from aftale.cells.numbers import read_number
from aftale.cells.read_cell import read_yes_no, text_at
from aftale.cells.reading import RULES
from aftale.cells.statuses import read_status
from aftale.followup.front_sheet import answered_text
from aftale.followup.goal_status import GoalResult, judge_goals
from aftale.followup.read_back import VALUES_KEPT, Standing, read_standing
from aftale.followup.who_answered import responses
from aftale.forms.plan import plan_forms
from aftale.intake.workers import Opened
from aftale.kse.edition import sent_rows, unmarked
from aftale.kse.remarks import remarks_of
from aftale.merge.apply_choices import settled_answers, settled_by_mail
from aftale.merge.merge import merge_forms, number_style
from aftale.model.agreement import (
    MISSING,
    NOT_STATED,
    NOT_THIS_YEAR,
    UNDECIDED,
    Agreement,
    AnswerColumn,
    Measure,
    Round,
    Status,
)
from aftale.model.columns import (
    BOXES,
    FACT_BY_KEY,
    IN_FRAME,
    KSE_REMARK,
    LEVEL_KEYS,
    OPFOELGNING,
    OVERBLIK,
    followup_columns,
    with_demands_header,
)
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import IncomingMail, Refused
from aftale.model.text import canonical, fold, listing, some
from aftale.model.workbook import Workbook, WorkbookSheet, cell_name, cell_place, is_filled
from aftale.units.model import COLLECTION_KIND, ReadAs, UnitFollowUp, UnitGoal, packed_unit

OWN_WORDS: Mapping[str, str] = {
    fold(word): word for word in (*(status.value for status in Status), MISSING, UNDECIDED, NOT_THIS_YEAR)}
"""The statuses, and what we write where there is none, by how they are compared."""
HEADERS: Mapping[str, str] = {column.key: column.header for column in with_demands_header(
    followup_columns(()), "Krav")}
_KEPT = (*LEVEL_KEYS, "demands", "goal", "unit", "owners", "resultat", "fulfilment", "status", "computed", "bemaerkninger")
"""The keys of what is kept of a row that is the unit's; where KSE's edition says otherwise than was sent, it is told."""
_WRITTEN = (*LEVEL_KEYS, "resultat", "status", "bemaerkninger", "kse")
"""What makes a row without a known Mål-id one that must be asked about."""
_MOST_NAMED = 5


def _unknown_statuses(place: Place, goals: Iterable[UnitGoal]) -> Iterator[Finding]:
    """Ask about each status that none of ours is."""
    for goal in goals:
        if fold(goal.status) not in OWN_WORDS:
            yield problem("saml-status-unknown", place, value=goal.status, goal=goal.id)


def _unknown_rows(book: Workbook, sheet: WorkbookSheet, rows: Sequence[int]) -> Iterator[Finding]:
    """Ask about rows that no goal could be found for, by their zero-based numbers in order."""
    if rows:
        named = f"række {some([str(row + 1) for row in rows], _MOST_NAMED)}"
        yield problem("saml-row-unknown", book.place(sheet.name, rows[0], 0), value=named)


class _Rows:
    """Walks through the rows once; ``edition`` is the record of KSE's edition, which tells what was sent in it."""

    def __init__(self, book: Workbook, table: FoundTable, edition: Record | None) -> None:
        self.book, self.table = book, table
        self.sent = sent_rows(edition) if edition else {}
        self.goals: list[UnitGoal] = []
        self.problems: list[Finding] = []
        self.seen: set[str] = set()
        self.unknown: list[int] = []
        self.doubled: dict[str, int] = {}
        self.changed: list[str] = []
        for row in table.data_rows():
            self._row(row)

    def told(self) -> Iterator[Finding]:
        """Yield what must be asked or told: of the table first, then of single rows."""
        sheet, table = self.table.sheet, self.table
        gone = [HEADERS[key] for key in (*_KEPT, "response") if key not in table.columns]
        if gone:
            so = ", så delmål er talt som effektmål" if "sub" not in table.columns else ""
            yield problem("saml-columns", self.book.place(sheet.name, table.row, min(table.columns.values())),
                          value=listing(gone), what=so)
        yield from _unknown_rows(self.book, sheet, self.unknown)
        if self.doubled:
            first = next(iter(self.doubled.values()))
            yield problem("saml-row-doubled", self.book.place(sheet.name, first, table.columns["id"]),
                          value=some(list(self.doubled), _MOST_NAMED))
        gone = [goal for goal, row in self.sent.items() if goal not in self.seen
                and not any(row.get(key, ("",))[0] == NOT_THIS_YEAR for key in ("status", "response"))]
        if gone:
            yield problem("saml-rows-gone", self.book.place(sheet.name), value=some(sorted(gone), _MOST_NAMED))
        if self.changed:
            yield problem("saml-edition-changed", self.book.place(sheet.name, *(cell_place(self.changed[0]) or ())),
                          value=some(self.changed, _MOST_NAMED))
        yield from self.problems

    def _row(self, row: int) -> None:
        goal_id = canonical(self.table.value(row, "id"))
        texts = [self._text(row, key) for key in LEVEL_KEYS]
        if not goal_id or not any(texts) or (self.sent and goal_id not in self.sent):
            if any(is_filled(self.table.value(row, key)) for key in _WRITTEN):
                self.unknown.append(row)
            return
        if goal_id in self.seen:
            self.doubled.setdefault(goal_id, row)
            return
        self.seen.add(goal_id)
        self._compare(row, goal_id)
        before = len(self.problems)
        status = self._status(row, goal_id)
        if NOT_THIS_YEAR in (status, self._text(row, "response")):
            del self.problems[before:]
            return
        goal = self._goal(row, goal_id, (texts[0], texts[1], texts[2], texts[3]), status)
        self.goals.append(goal)
        self.problems += _unknown_statuses(self._place(row, "status"), (goal,))

    def _compare(self, row: int, goal: str) -> None:
        """Note which cells of an edition don't say what was sent in them."""
        for key in _KEPT if self.sent else ():
            then, formula = self.sent[goal].get(key, ("", ""))
            now = canonical(self.table.value(row, key))
            if key in self.table.columns and not formula and then not in (now, unmarked(now)):
                self.changed.append(cell_name(row, self.table.columns[key]))

    # ---- what the cells of a row say

    def _goal(self, row: int, goal_id: str, texts: tuple[str, str, str, str], status: str) -> UnitGoal:
        said = {key: self._text(row, key) for key in (
            "demands", "goal", "unit", "owners", "computed", "bemaerkninger", "kse", "response")}
        demands = tuple(part for each in said["demands"].split(";") if (part := each.strip()) and part != NOT_STATED)
        result, number = self._result(row, goal_id, said["unit"])
        return UnitGoal(goal_id, texts, demands, said["goal"], said["unit"], said["owners"], result, number,
                        self._share(row, goal_id), status, said["computed"], said["bemaerkninger"], said["kse"],
                        said["response"])

    def _text(self, row: int, key: str) -> str:
        return text_at(self.table.sheet, row, self.table.columns[key]) if key in self.table.columns else ""

    def _status(self, row: int, goal: str) -> str:
        """Read a status as it stands; one that was cleared is no answer."""
        raw = self.table.value(row, "status")
        text = canonical(raw)
        plain = unmarked(text)
        if plain in OWN_WORDS.values():
            return plain
        if fold(plain) in OWN_WORDS:
            return self._read(row, "status", goal, OWN_WORDS[fold(plain)], "status-spelling")
        read = read_status(raw)
        if read.problem or not read.value:
            return text if read.problem else MISSING
        return self._read(row, "status", goal, canonical(read.value), read.rule)

    def _result(self, row: int, goal: str, unit: str) -> tuple[str | float | None, str]:
        """Return a result and how it is shown."""
        raw = self.table.value(row, "resultat")
        percent = self.table.sheet.percent
        shown = None if percent is None else (row, self.table.columns["resultat"]) in percent
        measure = Measure(unit="%" if shown else unit)
        read = read_number(raw, in_percent=measure.in_percent, unit=unit, percent_format=shown)
        if read.problem or not isinstance(read.value, float):
            return canonical(raw) or None, ""
        if isinstance(raw, str):  # a number in a cell with or without a percent format is what we draw ourselves
            self._read(row, "resultat", goal, canonical(read.value), read.rule)
        whole = read.value.is_integer()
        return read.value, number_style(measure, read.value) or ("0" if whole else "")

    def _share(self, row: int, goal: str) -> float | None:
        raw = self.table.value(row, "fulfilment")
        if isinstance(raw, int | float) or not is_filled(raw):
            return float(raw) if isinstance(raw, int | float) else None
        read = read_number(raw, in_percent=True)
        if read.problem or not isinstance(read.value, float):
            self._read(row, "fulfilment", goal, "ingenting", "")
            return None
        self._read(row, "fulfilment", goal, f"{canonical(read.value)} %", read.rule)
        return read.value / 100

    def _read(self, row: int, key: str, goal: str, reading: str, rule: str) -> str:
        """Tell that a cell isn't read literally, and return the reading."""
        if rule or reading == "ingenting":
            self.problems.append(reading_told(self._place(row, key), canonical(self.table.value(row, key)), goal, reading,
                                              rule))
        return reading

    def _place(self, row: int, key: str) -> Place:
        return self.book.place(self.table.sheet.name, row, self.table.columns[key])


def reading_told(place: Place, raw: str, goal: str, reading: str, rule: str) -> Finding:
    """Tell how a cell was read that doesn't say it literally."""
    return problem("saml-read", place, value=raw, goal=goal, reading=reading, rule=RULES.get(rule, "Det kan ikke læses"))


# ---------------------------------------------------------------- the follow-up as a whole

FORMS = "Svar"
"""The label of the fact on ``Overblik`` that says how many skemaer are answered."""
_TITLE = re.compile(r"(?P<unit>.+): (?P<round>midtvejsopfølgning|årsopfølgning) (?P<year>(?:19|20)\d\d)", re.DOTALL)
_ANSWERS = ("resultat", "status", "bemaerkninger", "kse")
"""The keys of the columns of which `saml` keeps what people write."""
_OF_A_COLLECTION = frozenset(("enhed", "tæller med"))
_KINDS = {"aftale": "en aftale", "skema": "et skema", COLLECTION_KIND: "en samling, som «aftale saml» har lavet"}
_AS_WE_DRAW = (".xlsx", ".xlsm")
_TITLE_ROWS = 10


JUDGE = "aftale.units.read_unit:unit_text"


def unit_text(found: Opened | IncomingMail | Refused, _given: object, _known: Mapping[str, Form]) -> tuple[str, bool]:
    """Return what `saml` keeps of a file as text (see `packed_unit`); a worker process calls it."""
    if not isinstance(found, Opened):
        return packed_unit(found), False
    book = found.read()
    return packed_unit(Refused(found.source, book) if isinstance(book, Finding) else unit_of(book)), False


def unit_of(book: Workbook) -> UnitFollowUp | Refused:
    """Return the follow-up that a workbook is, or why it is none."""
    record = find_record(book)[1]
    if is_followup(record):
        return _own(book, record)
    if is_edition(record):
        return _by_cells(book, record, ReadAs.EDITION)
    table = _table(book)
    kind = record.text(AGREEMENT_KIND, "", "slags")
    if table and {fold(header) for header in table.extra.values()} >= _OF_A_COLLECTION:
        kind = COLLECTION_KIND
    if kind or (table is None and _front(book) is None):
        what = _KINDS.get(kind, "ikke en opfølgning, der er lavet med «aftale»")
        return Refused(book.source, problem("saml-other", book.place(), what=what))
    return _by_cells(book, record, ReadAs.CELLS)


# ---------------------------------------------------------------- the follow-up itself

def _own(book: Workbook, record: Record) -> UnitFollowUp | Refused:
    """Read a follow-up by all that it remembers; by its cells where somebody has cut that up."""
    try:
        agreement = agreement_from(record)
        standing = read_standing(book, agreement) if agreement else None
    except (ValueError, TypeError, LookupError, AttributeError):
        agreement = standing = None
    return _whole(book, agreement, standing) if agreement and standing else _by_cells(book, record, ReadAs.CELLS)


def _whole(book: Workbook, agreement: Agreement, standing: Standing) -> UnitFollowUp:
    agreement = whole_plan(agreement)
    state = standing.state
    merged = merge_forms(state.returned, state.decisions, [goal.id for goal in agreement.goals])
    forms = plan_forms(agreement, state.round, None)
    by_mail = settled_by_mail(state, forms)
    verdicts = judge_goals(agreement, state.round, merged, state.returned, state.history, by_mail,
                            settled_answers(state))
    kse = remarks_of(state, {v.goal.id for v in verdicts}, agreement.short_department)
    active = [v for v in verdicts if v.counted]
    goals = tuple(_judged(v, kse.remarks.get(v.goal.id, "")) for v in active)
    answered = responses(forms, state.returned, verdicts, state.letters, by_mail)
    facts = {**dict(budget_facts(agreement, [v.goal for v in active])), FORMS: answered_text(answered)}
    boxes = {**{label: canonical(value) for label, value in state.boxes.items()}, KSE_REMARK: kse.box}
    return UnitFollowUp(
        book.source, ReadAs.WHOLE, agreement.unit, agreement.department, agreement.year, state.round, goals,
        _filled(boxes), _filled(facts), tuple(each.source.sha256 for each in state.departments),
        (*_changed(book, standing), *_beside_fields(book, standing), *_unknown(book, agreement, goals),
         *_readings(book, standing, {goal.id for goal in goals})), agreement.id)


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {label: text for label, text in texts.items() if text}


def _judged(v: GoalResult, department: str) -> UnitGoal:
    goal = v.goal
    result = UNDECIDED if v.undecided(AnswerColumn.RESULT) else v.value(AnswerColumn.RESULT)
    if not isinstance(result, float | None):
        result = canonical(result)
    remarks = UNDECIDED if v.undecided(AnswerColumn.REMARKS) else canonical(v.value(AnswerColumn.REMARKS))
    years = [each for _, each in sorted(goal.years.items()) if each is not None]
    target = v.target if v.target is not None else goal.unread.get("target") or next(iter(years), None)
    return UnitGoal(
        goal.id, goal.texts, goal.demands, target_sentence(goal.measure, target, v.years), goal.measure.unit,
        "; ".join(owner.name for owner in v.owners), result, number_style(goal.measure, result), v.outcome.fulfilment,
        v.shown, v.computed, remarks, department, v.response)


def _changed(book: Workbook, standing: Standing) -> Iterator[Finding]:
    """Tell what was changed in the file that isn't read as an answer."""
    if any(p.code == "followup-record-changed" for p in standing.problems):
        yield problem("saml-record-changed", book.place())
    elif book.source.name.lower().endswith(_AS_WE_DRAW):  # other kinds show our own cells in other ways
        formulas = [each.removesuffix(VALUES_KEPT).strip() for each in standing.lost if each.endswith(VALUES_KEPT)]
        others = [each for each in standing.lost if not each.endswith(VALUES_KEPT)]
        if others:
            yield problem("saml-elsewhere", book.place(), value=some(others, _MOST_NAMED))
        if formulas:
            yield problem("saml-formulas", book.place(), value=some(formulas, _MOST_NAMED))


def _beside_fields(book: Workbook, standing: Standing) -> Iterator[Finding]:
    """Ask about what may be an answer and isn't read: under a header that can't be found, or in a row of no goal."""
    layout = standing.layouts.get(OPFOELGNING)
    if layout is None or layout.header < 0:
        yield problem("saml-table-gone", book.place())
        return
    here = {key: at for at, key in layout.columns.items()}
    gone = [HEADERS[key] for key in _ANSWERS if key not in here]
    if gone:
        yield problem("saml-answers-gone", book.place(layout.sheet.name, layout.header, min(layout.columns)),
                      value=listing(gone))
    columns = [here[key] for key in _ANSWERS if key in here]
    yield from _unknown_rows(book, layout.sheet, [
        row for row in range(layout.header + 1, len(layout.sheet.rows)) if row not in layout.rows
        and any(is_filled(layout.sheet.value(row, column)) for column in columns)])


def _readings(book: Workbook, standing: Standing, goals: Collection[str]) -> Iterator[Finding]:
    """Tell what was written since the follow-up was drawn and isn't read literally."""
    layout = standing.layouts.get(OPFOELGNING)
    rows = {goal: row for row, goal in layout.rows.items()} if layout else {}
    columns = {key: column for column, key in layout.columns.items()} if layout else {}
    known = standing.remembered.decisions
    for cell, decision in standing.state.decisions.items():
        if decision.rule and decision != known.get(cell) and decision.goal in goals and layout:
            place = book.place(layout.sheet.name, rows.get(decision.goal, -1), columns.get(decision.column.value, -1))
            yield reading_told(place, decision.raw, decision.goal, canonical(decision.chosen), decision.rule)


def _unknown(book: Workbook, agreement: Agreement, goals: Sequence[UnitGoal]) -> Iterator[Finding]:
    yield from _unknown_statuses(book.place(OPFOELGNING), goals)
    if not agreement.unit:
        yield problem("saml-no-name", book.place(), value=book.source.name)


# ---------------------------------------------------------------- what stands in the cells

_Who = tuple[str, int, Round]
"""Whose follow-up it is, and of which year and round."""


def _by_cells(book: Workbook, record: Record, read_as: ReadAs) -> UnitFollowUp | Refused:
    """Read a follow-up by the cells of ``Opfølgning`` and ``Overblik``."""
    front = _front(book)
    who, table = _who(record, front), _table(book)
    if table is None:
        return Refused(book.source, problem("saml-no-table", book.place()))
    if who is None:
        return Refused(book.source, problem("saml-who-unknown", book.place()))
    rows = _Rows(book, table, record if read_as is ReadAs.EDITION else None)
    problems = list(rows.told())
    if read_as is ReadAs.CELLS or not record.intact:
        problems.append(problem("saml-by-cells", book.place()))
    return UnitFollowUp(
        book.source, read_as, who[0], _beside(front, FACT_BY_KEY["afdeling"].label), who[1], who[2], tuple(rows.goals),
        _filled({label: _beside(front, label) for label in BOXES}),
        _filled({label: _beside(front, label) for label in (FRAME, BUDGET, FORMS)}), problems=tuple(problems),
        agreement=record.text(FOLLOWUP_KIND, "", "aftale"))


def _who(record: Record, front: WorkbookSheet | None) -> _Who | None:
    """Tell whose it is by what ``_aftale`` says, else by the title of ``Overblik``."""
    unit, round_ = (record.text(FOLLOWUP_KIND, "", name) for name in ("enhed", "runde"))
    year = record.number(FOLLOWUP_KIND, "", "år")
    if unit and year and round_ in set(Round):
        return unit, year, Round(round_)
    match = _title_of(front) if front else None
    rounds = {each.danish: each for each in Round}
    return (match["unit"], int(match["year"]), rounds[match["round"]]) if match else None


def _title_of(sheet: WorkbookSheet) -> re.Match[str] | None:
    texts = (canonical(value) for row in sheet.rows[:_TITLE_ROWS] for value in row if is_filled(value))
    return next((match for text in texts if (match := _TITLE.fullmatch(text))), None)


def _front(book: Workbook) -> WorkbookSheet | None:
    """Find ``Overblik``: by its title, the sheet of that name first."""
    return next((sheet for sheet in sheets_by_name(book, OVERBLIK) if _title_of(sheet)), None)


def _beside(front: WorkbookSheet | None, label: str) -> str:
    found = beside_label(front, (label,)) if front else None
    text = text_at(front, *found[:2]) if front and found else ""
    if label == IN_FRAME and text:
        read = read_yes_no(text)
        return text if read.problem else canonical(read.value)
    return text


def _table(book: Workbook) -> FoundTable | None:
    """Find the table of ``Opfølgning`` on whatever sheet it stands."""
    for sheet in sheets_by_name(book, OPFOELGNING):
        table = find_table(sheet, followup_columns(header_years(sheet)), ("resultat",))
        if table and {"id", "effect", "status", "bemaerkninger", "kse"} <= table.columns.keys():
            return table
    return None
