"""From a workbook to what `saml` keeps of it: a unit's follow-up as it stands, with what people have changed in it.

The follow-up itself is read with all that it remembers, as `flet` and `send` would read it. KSE's edition and a follow-up
whose ``_aftale`` is lost are read by what stands in their cells.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aftale.agreement.budget import BUDGET, FRAME, budget_facts
from aftale.agreement.copy_in_followup import agreement_from
from aftale.agreement.measures import target_sentence
from aftale.agreement.read_goals import grouped
from aftale.cells.find_table import FoundTable, beside_label, find_table, header_years, sheets_by_name
from aftale.cells.hidden_sheet import AGREEMENT_KIND, FOLLOWUP_KIND, Record, find_record, is_edition, is_followup
from aftale.cells.read_cell import read_text, read_yes_no
from aftale.followup.front_sheet import answered_text
from aftale.followup.goal_status import GoalResult, judge_goals
from aftale.followup.read_back import VALUES_KEPT, Standing, read_standing
from aftale.followup.who_answered import responses
from aftale.forms.plan import plan_forms
from aftale.intake.worker import Opened
from aftale.kse.remarks import dialogue_of
from aftale.merge.merge import merge_forms
from aftale.merge.shown import number_style
from aftale.model.agreement import UNDECIDED, Agreement, AnswerColumn, Round
from aftale.model.columns import (
    BOXES,
    FACT_BY_KEY,
    IN_FRAME,
    KSE_REMARK,
    OPFOELGNING,
    OVERBLIK,
    followup_columns,
)
from aftale.model.forms import Form
from aftale.model.problems import Problem, problem
from aftale.model.received import IncomingMail, Refused
from aftale.model.text import canonical, fold, listing, some
from aftale.model.workbook import Workbook, WorkbookSheet, is_filled
from aftale.units.model import COLLECTION_KIND, ReadAs, UnitFollowUp, UnitGoal
from aftale.units.read_rows import HEADERS, OWN_WORDS, read_rows, reading_told, status_unknown, unknown_rows
from aftale.units.unit_json import packed_unit

FORMS = "Svar"
"""The label of the fact on ``Overblik`` that says how many skemaer are answered."""
_TITLE = re.compile(r"(?P<unit>.+): (?P<round>midtvejsopfølgning|årsopfølgning) (?P<year>(?:19|20)\d\d)", re.DOTALL)
_ANSWERS = ("resultat", "status", "bemaerkninger", "kse")
"""The keys of the columns of which `saml` keeps what people write."""
_OF_A_COLLECTION = frozenset(("enhed", "tæller med"))
_KINDS = {"aftale": "en aftale", "skema": "et skema", COLLECTION_KIND: "en samling, som «aftale saml» har lavet"}
_AS_WE_DRAW = (".xlsx", ".xlsm")
_MOST_NAMED = 3
_TITLE_ROWS = 10


JUDGE = "aftale.units.read_unit:unit_text"


def unit_text(found: Opened | IncomingMail | Refused, _given: object, _known: Mapping[str, Form]) -> tuple[str, bool]:
    """Return what `saml` keeps of a file as text (see `packed_unit`); a worker process calls it."""
    if not isinstance(found, Opened):
        return packed_unit(found), False
    book = found.read()
    return packed_unit(Refused(found.source, book) if isinstance(book, Problem) else unit_of(book)), False


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
    agreement = agreement_from(record)
    standing = read_standing(book, agreement) if agreement else None
    return _whole(book, agreement, standing) if agreement and standing else _by_cells(book, record, ReadAs.CELLS)


def _whole(book: Workbook, agreement: Agreement, standing: Standing) -> UnitFollowUp:
    agreement = replace(agreement, goals=grouped(agreement.goals))
    state = standing.state
    merged = merge_forms(state.returned, state.decisions, [goal.id for goal in agreement.goals])
    verdicts = judge_goals(agreement, state.round, merged, state.returned, state.history)
    talk = dialogue_of(state, {v.goal.id for v in verdicts})
    active = [v for v in verdicts if v.active]
    goals = tuple(_judged(v, talk.remarks.get(v.goal.id, "")) for v in active)
    answered = responses(plan_forms(agreement, state.round, None), state.returned, verdicts, state.letters)
    facts = {**dict(budget_facts(agreement, [v.goal for v in active])), FORMS: answered_text(answered)}
    boxes = {**{label: canonical(value) for label, value in state.boxes.items()}, KSE_REMARK: talk.box}
    return UnitFollowUp(
        book.source, ReadAs.WHOLE, agreement.unit, agreement.department, agreement.year, state.round, goals,
        _filled(boxes), _filled(facts), tuple(each.source.sha256 for each in state.departments),
        (*_changed(book, standing), *_beside_fields(book, standing), *_unknown(book, agreement, goals),
         *_readings(book, standing, {goal.id for goal in goals})), agreement.id)


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {label: text for label, text in texts.items() if text}


def _judged(v: GoalResult, department: str) -> UnitGoal:
    goal = v.goal
    result = UNDECIDED if v.undecided(AnswerColumn.RESULT) else v.value(AnswerColumn.RESULT)
    if not isinstance(result, float | None):
        result = canonical(result)
    remarks = UNDECIDED if v.undecided(AnswerColumn.REMARKS) else canonical(v.value(AnswerColumn.REMARKS))
    target = v.target
    if target is None:
        target = next((each for _, each in sorted(goal.years.items()) if each is not None), None)
    return UnitGoal(
        goal.id, goal.texts, goal.demands, target_sentence(goal.measure, target, v.years), goal.measure.unit,
        "; ".join(owner.name for owner in v.owners), result, number_style(goal.measure, result), v.outcome.fulfilment,
        v.shown, v.computed, remarks, department)


def _changed(book: Workbook, standing: Standing) -> Iterator[Problem]:
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


def _beside_fields(book: Workbook, standing: Standing) -> Iterator[Problem]:
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


def _readings(book: Workbook, standing: Standing, goals: Collection[str]) -> Iterator[Problem]:
    """Tell what was written since the follow-up was drawn and isn't read literally."""
    layout = standing.layouts.get(OPFOELGNING)
    rows = {goal: row for row, goal in layout.rows.items()} if layout else {}
    columns = {key: column for column, key in layout.columns.items()} if layout else {}
    known = standing.remembered.decisions
    for cell, decision in standing.state.decisions.items():
        if decision.rule and decision != known.get(cell) and decision.goal in goals and layout:
            place = book.place(layout.sheet.name, rows.get(decision.goal, -1), columns.get(decision.column.value, -1))
            yield reading_told(place, decision.raw, decision.goal, canonical(decision.chosen), decision.rule)


def _unknown(book: Workbook, agreement: Agreement, goals: Sequence[UnitGoal]) -> Iterator[Problem]:
    for goal in goals:
        if fold(goal.status) not in OWN_WORDS:
            yield status_unknown(book.place(OPFOELGNING), goal)
    if not agreement.unit:
        yield problem("saml-no-name", book.place(), value=book.source.name)


# ---------------------------------------------------------------- what stands in the cells

@dataclass(frozen=True)
class _Who:
    """Whose follow-up it is, and of which round."""

    unit: str
    year: int
    round: Round


def _by_cells(book: Workbook, record: Record, read_as: ReadAs) -> UnitFollowUp | Refused:
    """Read a follow-up by the cells of ``Opfølgning`` and ``Overblik``."""
    front = _front(book)
    who, table = _who(record) or _titled(front), _table(book)
    if table is None:
        return Refused(book.source, problem("saml-no-table", book.place()))
    if who is None:
        return Refused(book.source, problem("saml-who-unknown", book.place()))
    goals, found = read_rows(book, table, record if read_as is ReadAs.EDITION else None)
    problems = list(found)
    if not who.unit:
        problems.append(problem("saml-no-name", book.place(), value=book.source.name))
    if read_as is ReadAs.CELLS or not record.intact:
        problems.append(problem("saml-by-cells", book.place()))
    beside = {label: _beside(front, label) for label in (*BOXES, FRAME, BUDGET, FORMS, FACT_BY_KEY["afdeling"].label)}
    department = beside.pop(FACT_BY_KEY["afdeling"].label)
    return UnitFollowUp(
        book.source, read_as, who.unit, department, who.year, who.round, goals,
        _filled({label: beside[label] for label in BOXES}),
        _filled({label: beside[label] for label in (FRAME, BUDGET, FORMS)}), problems=tuple(problems),
        agreement=record.text(FOLLOWUP_KIND, "", "aftale"))


def _who(record: Record) -> _Who | None:
    about = {name: canonical(value) for name, value in record.fields(FOLLOWUP_KIND).items()}
    year, round_ = record.number(FOLLOWUP_KIND, "", "år"), about.get("runde", "")
    return _Who(about["enhed"], year, Round(round_)) if about.get("enhed") and year and round_ in set(Round) else None


def _titled(front: WorkbookSheet | None) -> _Who | None:
    """Tell whose it is by the title of ``Overblik``."""
    match = _title_of(front) if front else None
    if match is None:
        return None
    round_ = next(each for each in Round if each.danish == match["round"])
    return _Who(match["unit"], int(match["year"]), round_)


def _title_of(sheet: WorkbookSheet) -> re.Match[str] | None:
    texts = (canonical(value) for row in sheet.rows[:_TITLE_ROWS] for value in row if is_filled(value))
    return next((match for text in texts if (match := _TITLE.fullmatch(text))), None)


def _front(book: Workbook) -> WorkbookSheet | None:
    """Find ``Overblik``: by its title, the sheet of that name first."""
    return next((sheet for sheet in sheets_by_name(book, OVERBLIK) if _title_of(sheet)), None)


def _beside(front: WorkbookSheet | None, label: str) -> str:
    found = beside_label(front, (label,)) if front else None
    text = canonical(read_text(found[2]).value) if found else ""
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
