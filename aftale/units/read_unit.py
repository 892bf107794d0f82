"""From a workbook to what `saml` keeps of it: a unit's follow-up as it stands, with what people have changed in it.

The follow-up itself is read with all that it remembers, as `flet` and `send` would read it. KSE's edition and a follow-up
whose ``_aftale`` is lost are read by what stands in their cells.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from aftale.additions.find import shortened
from aftale.agreement.budget import BUDGET, FRAME, budget_facts
from aftale.agreement.copy_in_followup import agreement_from
from aftale.agreement.measures import agreed_target, target_sentence
from aftale.agreement.read_goals import read_agreement, whole_plan
from aftale.cells.find_table import FoundTable, beside_label, find_table, header_years, sheets_by_name
from aftale.cells.hidden_sheet import AGREEMENT_KIND, FOLLOWUP_KIND, Record, find_record, is_edition, is_followup
from aftale.cells.read_cell import read_yes_no, text_at
from aftale.followup.front_sheet import answered_text
from aftale.followup.goal_status import GoalResult, judge_goals
from aftale.followup.read_back import VALUES_KEPT, Standing, read_standing
from aftale.followup.who_answered import responses
from aftale.forms.plan import plan_forms
from aftale.intake.workers import Opened
from aftale.kse.remarks import remarks_of
from aftale.merge.added_texts import merged_of
from aftale.merge.apply_choices import settled_answers, settled_by_mail
from aftale.merge.merge import MergeResult, number_style
from aftale.merge.state import State, read_state
from aftale.model.agreement import JOINED_COLUMNS, UNDECIDED, Agreement, AnswerColumn, Goal, Round, Value
from aftale.model.columns import (
    BOXES,
    FACT_BY_KEY,
    IN_FRAME,
    KSE_REMARK,
    OPFOELGNING,
    OVERBLIK,
    RECORD,
    followup_columns,
)
from aftale.model.findings import Finding, Severity
from aftale.model.forms import Form
from aftale.model.problems import problem
from aftale.model.received import IncomingMail, Refused
from aftale.model.text import canonical, fold, listing, some, without_sheet
from aftale.model.workbook import Workbook, WorkbookSheet, is_filled
from aftale.office.as_saved import as_we_saved_it
from aftale.units.model import COLLECTION_KIND, ReadAs, UnitAnswer, UnitFollowUp, UnitGoal, packed_unit
from aftale.units.read_rows import HEADERS, MOST_NAMED, Rows, as_float, reading_told, unknown_rows, unknown_statuses

# ---------------------------------------------------------------- the follow-up as a whole

FORMS = "Svar"
"""The label of the fact on ``Overblik`` that says how many skemaer are answered."""
_TITLE = re.compile(r"(?P<unit>.+): (?P<round>midtvejsopfølgning|årsopfølgning) (?P<year>(?:19|20)\d\d)", re.DOTALL)
_ANSWERS = ("resultat", "status", "bemaerkninger", "kse")
"""The keys of the columns of which `saml` keeps what people write."""
_OF_A_COLLECTION = frozenset(("enhed", "tæller med"))
_KINDS = {"aftale": "en aftale", "skema": "et skema", COLLECTION_KIND: "et samlet overblik, som »aftale saml« har lavet"}
COORDINATOR = "Koordinator"
"""Whom an answer is from that was decided in the follow-up."""
_AS_WE_DRAW = (".xlsx", ".xlsm")
_TITLE_ROWS = 10
_CUT_UP = (ValueError, TypeError, LookupError, AttributeError)
"""What reading a record may raise that somebody has cut up."""


JUDGE = "aftale.units.read_unit:unit_text"


def unit_text(found: Opened | IncomingMail | Refused, everything: object, _known: Mapping[str, Form]) -> tuple[str, bool]:
    """Return what is kept of a file as text (see `packed_unit`); a worker process calls it."""
    if not isinstance(found, Opened):
        return packed_unit(found), False
    if (unit := untouched(found, bool(everything))) is not None:
        return packed_unit(unit), False
    book = found.read()
    return packed_unit(Refused(found.source, book) if isinstance(book, Finding) else unit_of(book, bool(everything))), False


def untouched(found: Opened, everything: bool = False) -> UnitFollowUp | None:
    """Return a follow-up by its record alone where nobody has saved it since we wrote it: its cells say the same.

    None where somebody may have, or it is something else.
    """
    if not as_we_saved_it(found.found.data):
        return None
    book = found.read(only=RECORD)
    if isinstance(book, Finding):
        return None
    record = find_record(book)[1]
    try:
        agreement, state = agreement_from(record), read_state(record)
    except _CUT_UP:
        return None
    return _whole(book, agreement, state, everything) if record.intact and agreement and state else None


def unit_of(book: Workbook, everything: bool = False) -> UnitFollowUp | Refused:
    """Return the follow-up that a workbook is, or why it is none.

    With ``everything`` the plan's other goals, what each has answered, and agreements are read too.
    """
    record = find_record(book)[1]
    if is_followup(record):
        return _own(book, record, everything)
    if is_edition(record):
        return _by_cells(book, record, ReadAs.EDITION, everything)
    table = _table(book)
    kind = record.text(AGREEMENT_KIND, "", "slags")
    if everything and kind == "aftale":
        return _agreed(book)
    if table and {fold(header) for header in table.extra.values()} >= _OF_A_COLLECTION:
        kind = COLLECTION_KIND
    if kind or (table is None and _front(book) is None):
        what = _KINDS.get(kind, "ikke en opfølgning, der er lavet med programmet aftale")
        return Refused(book.source, problem("saml-other", book.place(), what=what))
    return _by_cells(book, record, ReadAs.CELLS, everything)


def _agreed(book: Workbook) -> UnitFollowUp | Refused:
    """Return an agreement as a follow-up in which nobody has answered anything."""
    read = read_agreement(book)
    agreement = whole_plan(read.agreement)
    if not agreement.year:
        return Refused(book.source, problem("saml-who-unknown", book.place()))
    results = judge_goals(agreement, Round.MIDTVEJS, MergeResult(), (), ())
    goals = tuple(replace(judged(v, "", agreement.year), status="", computed="", response="") for v in results)
    asked = tuple(p for p in read.problems if p.level is not Severity.INFO)
    return UnitFollowUp(book.source, ReadAs.AGREEMENT, agreement.unit, agreement.department, agreement.year, Round.MIDTVEJS,
                        goals, problems=(*asked, *_no_name(book, agreement)), agreement=agreement.id)


# ---------------------------------------------------------------- the follow-up itself

def _own(book: Workbook, record: Record, everything: bool) -> UnitFollowUp | Refused:
    """Read a follow-up by all that it remembers; by its cells where somebody has cut that up."""
    try:
        agreement = agreement_from(record)
        standing = read_standing(book, agreement) if agreement else None
    except _CUT_UP:
        agreement = standing = None
    if agreement and standing:
        unit = _whole(book, agreement, standing.state, everything)
        return replace(unit, problems=(*_changed(book, standing), *_beside_fields(book, standing), *unit.problems,
                                       *_readings(book, standing, {goal.id for goal in unit.goals})))
    return _by_cells(book, record, ReadAs.CELLS, everything)


def _whole(book: Workbook, agreement: Agreement, state: State, everything: bool) -> UnitFollowUp:
    agreement = whole_plan(agreement)
    merged = merged_of(state, [goal.id for goal in agreement.goals])
    forms = plan_forms(agreement, state.round, None)
    by_mail = settled_by_mail(state, forms)
    verdicts = judge_goals(agreement, state.round, merged, state.returned, state.history, by_mail,
                           settled_answers(state), state.doubted)
    kse = remarks_of(state, {v.goal.id for v in verdicts}, agreement.short_department)
    active = [v for v in verdicts if v.counted]
    goals = tuple(judged(v, kse.remarks.get(v.goal.id, ""), agreement.year) for v in (verdicts if everything else active))
    answered = responses(forms, state.returned, verdicts, state.letters, by_mail)
    facts = {**dict(budget_facts(agreement, [v.goal for v in active])), FORMS: answered_text(answered)}
    boxes = {**{label: canonical(value) for label, value in state.boxes.items()}, KSE_REMARK: kse.box}
    return UnitFollowUp(
        book.source, ReadAs.WHOLE, agreement.unit, agreement.department, agreement.year, state.round, goals,
        _filled(boxes), _filled(facts), tuple(each.source.sha256 for each in state.departments),
        tuple(_unknown(book, agreement, goals)), agreement.id, tuple(_answers(merged)) if everything else ())


def _answers(merged: MergeResult) -> Iterator[UnitAnswer]:
    """Yield what everybody has answered, and what the coordinator has decided."""
    for cell in merged.cells.values():
        shown = canonical(cell.outcome)
        joined = cell.column in JOINED_COLUMNS and len(cell.sides) > 1
        for side in cell.sides:
            counts = not cell.conflict and not cell.decided and (joined or canonical(side.value) == shown)
            yield UnitAnswer(cell.goal, cell.column, side.value, side.name or side.who, side.source.name, side.source.when,
                             counts)
        if cell.decided:
            yield UnitAnswer(cell.goal, cell.column, cell.outcome, COORDINATOR, counts=True)


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {label: text for label, text in texts.items() if text}


def judged(v: GoalResult, department: str, year: int) -> UnitGoal:
    """Return a goal as its follow-up says it stands; ``department`` is what the department remarks of it."""
    goal = v.goal
    said = {column: UNDECIDED if v.undecided(column) else v.value(column) for column in AnswerColumn}
    result = said[AnswerColumn.RESULT]
    if not isinstance(result, float | None):
        result = canonical(result)
    years = [each for _, each in sorted(goal.years.items()) if each is not None]
    target = v.target if v.target is not None else goal.unread.get("target") or next(iter(years), None)
    baseline = said[AnswerColumn.BASELINE] if v.baseline is None else v.baseline
    plain: Mapping[str, Value] = {"baseline": goal.unread.get("baseline") if baseline is None else baseline,
                                  "target": agreed_target(goal, year), "as_of": said[AnswerColumn.AS_OF]}
    as_of = plain["as_of"]
    return UnitGoal(
        goal.id, goal.texts, goal.demands, target_sentence(goal.measure, target, v.years), goal.measure.unit,
        "; ".join(owner.name for owner in v.owners), result, number_style(goal.measure, result),
        v.outcome.fulfilment if v.active else None,
        v.shown, v.computed, _words(said[AnswerColumn.REMARKS]), without_sheet(department), v.response, active=v.counted,
        policy=goal.policy, indicator=goal.indicator, method=_agreed_word(goal, "method"),
        baseline=as_float(plain["baseline"]), target=as_float(plain["target"]), scope=_agreed_word(goal, "scope"),
        due=goal.due, budget=goal.budget, as_of=as_of if isinstance(as_of, date) else None,
        next_step=_words(said[AnswerColumn.NEXT_STEP]),
        words={key: value for key, value in plain.items() if isinstance(value, str) and value}, overruled=v.overruled)


def _words(value: Value) -> str:
    return without_sheet(canonical(value))


def _agreed_word(goal: Goal, key: str) -> str:
    """Return what stands in a column with a list of words, also where it is none of them."""
    return canonical(goal.agreed(key)) or goal.unread.get(key, "")


def _changed(book: Workbook, standing: Standing) -> Iterator[Finding]:
    """Tell what was changed in the file that isn't read as an answer."""
    if any(p.code == "followup-record-changed" for p in standing.problems):
        yield problem("saml-record-changed", book.place())
    elif book.source.name.lower().endswith(_AS_WE_DRAW):  # other kinds show our own cells in other ways
        formulas = [each.removesuffix(VALUES_KEPT).strip() for each in standing.lost if each.endswith(VALUES_KEPT)]
        others = [shortened(each) for each in standing.lost if not each.endswith(VALUES_KEPT)]
        if others:
            yield problem("saml-elsewhere", book.place(), value=some(others, MOST_NAMED))
        if formulas:
            yield problem("saml-formulas", book.place(), value=some(formulas, MOST_NAMED))


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
    yield from unknown_rows(book, layout.sheet, [
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
    yield from unknown_statuses(book.place(OPFOELGNING), goals)
    yield from _no_name(book, agreement)


def _no_name(book: Workbook, agreement: Agreement) -> Iterator[Finding]:
    if not agreement.unit:
        yield problem("saml-no-name", book.place(), value=book.source.name)


# ---------------------------------------------------------------- what stands in the cells

_Who = tuple[str, int, Round]
"""Whose follow-up it is, and of which year and round."""


def _by_cells(book: Workbook, record: Record, read_as: ReadAs, everything: bool) -> UnitFollowUp | Refused:
    """Read a follow-up by the cells of ``Opfølgning`` and ``Overblik``."""
    front = _front(book)
    who, table = _who(record, front), _table(book)
    if table is None:
        return Refused(book.source, problem("saml-no-table", book.place()))
    if who is None:
        return Refused(book.source, problem("saml-who-unknown", book.place()))
    rows = Rows(book, table, record if read_as is ReadAs.EDITION else None, who[1], everything)
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
