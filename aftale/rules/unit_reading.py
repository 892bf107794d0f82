"""From a workbook to what `saml` keeps of it: a unit's follow-up as it stands, with what people have changed in it.

The follow-up itself is read with all that it remembers, as `flet` and `send` would read it. KSE's edition, a follow-up
from before version 0.2 and one whose ``_aftale`` is lost are read by what stands in their cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from aftale.rules.agreement_copy import agreement_from
from aftale.rules.board import responses
from aftale.rules.budget import BUDGET, FRAME, budget_facts
from aftale.rules.cells import read_number, read_status, read_text, read_yes_no
from aftale.rules.department import FOLLOWUP_KIND, is_edition, is_followup
from aftale.rules.dialogue import dialogue_of
from aftale.rules.finding import FoundTable, beside_label, find_table, header_years, sheets_by_name
from aftale.rules.forms import plan_forms
from aftale.rules.goals import AGREEMENT_KIND, grouped
from aftale.rules.kontrol import number_style
from aftale.rules.measures import target_sentence
from aftale.rules.merge import merge_forms
from aftale.rules.overview import answered_text
from aftale.rules.record import Record, find_record
from aftale.rules.returned import Refused
from aftale.rules.standing import Standing, read_standing
from aftale.rules.verdict import Verdict, judge_goals
from aftale.words.across import COLLECTION_KIND, ReadAs, UnitFollowUp, UnitGoal
from aftale.words.domain import (
    MISSING,
    NOT_STATED,
    NOT_THIS_YEAR,
    UNDECIDED,
    Agreement,
    Column,
    Measure,
    Place,
    Round,
    Status,
)
from aftale.words.problems import Problem, problem
from aftale.words.raw import RawBook, RawSheet, is_filled
from aftale.words.sheets import (
    BOXES,
    FACT_BY_KEY,
    IN_FRAME,
    KSE_REMARK,
    LEVEL_KEYS,
    OPFOELGNING,
    OVERBLIK,
    followup_columns,
)
from aftale.words.text import canonical, fold, some

FORMS = "Svar"
"""The label of the fact on ``Overblik`` that says how many skemaer are answered."""
_TITLE = re.compile(r"(?P<unit>.+): (?P<round>midtvejsopfølgning|årsopfølgning) (?P<year>(?:19|20)\d\d)", re.DOTALL)
_OWN_WORDS = {fold(word): word for word in (*(status.value for status in Status), MISSING, UNDECIDED, NOT_THIS_YEAR)}
_KINDS = {"aftale": "en aftale", "skema": "et skema", COLLECTION_KIND: "en samling, som «aftale saml» har lavet"}
_AS_WE_DRAW = (".xlsx", ".xlsm")
_MOST_NAMED = 3
_TITLE_ROWS = 10


def unit_of(book: RawBook) -> UnitFollowUp | Refused:
    """Return the follow-up that a workbook is, or why it is none."""
    record = find_record(book)[1]
    if is_followup(record):
        whole = _whole(book, record)
        if whole is not None:
            return whole
        return _by_cells(book, record, ReadAs.OLDER if record.intact else ReadAs.CELLS)
    if is_edition(record):
        return _by_cells(book, record, ReadAs.EDITION)
    kind = record.text(AGREEMENT_KIND, "", "slags")
    if kind or _table(book) is None:
        what = _KINDS.get(kind, "ikke en opfølgning, der er lavet med «aftale»")
        return Refused(book.source, problem("saml-other", book.place(), what=what))
    return _by_cells(book, record, ReadAs.CELLS)


# ---------------------------------------------------------------- the follow-up itself

def _whole(book: RawBook, record: Record) -> UnitFollowUp | None:
    """Read a follow-up by all that it remembers; None where it doesn't remember its agreement."""
    try:
        agreement = agreement_from(record)
        standing = read_standing(book, agreement) if agreement else None
    except (ValueError, TypeError, LookupError, AttributeError):  # somebody has been at it, or a later version
        return None
    if agreement is None or standing is None:
        return None
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
        (*_changed(book, standing), *_unknown(book, agreement, goals)))


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {label: text for label, text in texts.items() if text}


def _judged(v: Verdict, department: str) -> UnitGoal:
    goal = v.goal
    result = UNDECIDED if v.undecided(Column.RESULT) else v.value(Column.RESULT)
    if not isinstance(result, float | None):
        result = canonical(result)
    remarks = UNDECIDED if v.undecided(Column.REMARKS) else canonical(v.value(Column.REMARKS))
    target = v.target
    if target is None:
        target = next((each for _, each in sorted(goal.years.items()) if each is not None), None)
    return UnitGoal(
        goal.id, goal.texts, goal.demands, target_sentence(goal.measure, target, v.years), goal.measure.unit,
        "; ".join(owner.name for owner in v.owners), result, number_style(goal.measure, result), v.outcome.fulfilment,
        v.shown, v.computed, remarks, department)


def _changed(book: RawBook, standing: Standing) -> Iterator[Problem]:
    """Tell what was changed in the file that isn't read as an answer."""
    if any(p.code == "followup-record-changed" for p in standing.problems):
        yield problem("saml-record-changed", book.place())
    elif standing.lost and book.source.name.lower().endswith(_AS_WE_DRAW):  # other kinds show our own cells in other ways
        yield problem("saml-elsewhere", book.place(), value=some(standing.lost, _MOST_NAMED))


def _unknown(book: RawBook, agreement: Agreement, goals: Sequence[UnitGoal]) -> Iterator[Problem]:
    for goal in goals:
        if fold(goal.status) not in _OWN_WORDS:
            yield _status_problem(book.place(OPFOELGNING), goal)
    if not agreement.unit:
        yield problem("saml-no-name", book.place(), value=book.source.name)


def _status_problem(place: Place, goal: UnitGoal) -> Problem:
    return problem("saml-status-unknown", place, value=goal.status, goal=goal.id)


# ---------------------------------------------------------------- what stands in the cells

@dataclass(frozen=True)
class _Who:
    """Whose follow-up it is, and of which round."""

    unit: str
    year: int
    round: Round


def _by_cells(book: RawBook, record: Record, read_as: ReadAs) -> UnitFollowUp | Refused:
    """Read a follow-up by the cells of ``Opfølgning`` and ``Overblik``."""
    front = _front(book)
    who, table = _who(record) or _titled(front), _table(book)
    if table is None:
        return Refused(book.source, problem("saml-no-table", book.place()))
    if who is None:
        return Refused(book.source, problem("saml-who-unknown", book.place()))
    rows = list(_rows(book, table))
    problems = [p for _, found in rows for p in found]
    if not who.unit:
        problems.append(problem("saml-no-name", book.place(), value=book.source.name))
    if read_as is ReadAs.CELLS or not record.intact:
        problems.append(problem("saml-by-cells", book.place()))
    beside = {label: _beside(front, label) for label in (*BOXES, FRAME, BUDGET, FORMS, FACT_BY_KEY["afdeling"].label)}
    department = beside.pop(FACT_BY_KEY["afdeling"].label)
    return UnitFollowUp(
        book.source, read_as, who.unit, department, who.year, who.round, tuple(goal for goal, _ in rows),
        _filled({label: beside[label] for label in BOXES}),
        _filled({label: beside[label] for label in (FRAME, BUDGET, FORMS)}), problems=tuple(problems))


def _who(record: Record) -> _Who | None:
    about = {name: canonical(value) for name, value in record.fields(FOLLOWUP_KIND).items()}
    year, round_ = record.number(FOLLOWUP_KIND, "", "år"), about.get("runde", "")
    return _Who(about["enhed"], year, Round(round_)) if about.get("enhed") and year and round_ in set(Round) else None


def _titled(front: RawSheet | None) -> _Who | None:
    """Tell whose it is by the title of ``Overblik``."""
    match = _title_of(front) if front else None
    if match is None:
        return None
    round_ = next(each for each in Round if each.danish == match["round"])
    return _Who(match["unit"], int(match["year"]), round_)


def _title_of(sheet: RawSheet) -> re.Match[str] | None:
    texts = (canonical(value) for row in sheet.rows[:_TITLE_ROWS] for value in row if is_filled(value))
    return next((match for text in texts if (match := _TITLE.fullmatch(text))), None)


def _front(book: RawBook) -> RawSheet | None:
    """Find ``Overblik``: by its title, the sheet of that name first."""
    return next((sheet for sheet in sheets_by_name(book, OVERBLIK) if _title_of(sheet)), None)


def _beside(front: RawSheet | None, label: str) -> str:
    found = beside_label(front, (label,)) if front else None
    text = canonical(read_text(found[2]).value) if found else ""
    if label == IN_FRAME and text:
        read = read_yes_no(text)
        return text if read.problem else canonical(read.value)
    return text


def _table(book: RawBook) -> FoundTable | None:
    """Find the table of ``Opfølgning`` on whatever sheet it stands."""
    for sheet in sheets_by_name(book, OPFOELGNING):
        table = find_table(sheet, followup_columns(header_years(sheet)), ("resultat",))
        if table and {"id", "effect", "status", "bemaerkninger", "kse"} <= table.columns.keys():
            return table
    return None


def _rows(book: RawBook, table: FoundTable) -> Iterator[tuple[UnitGoal, tuple[Problem, ...]]]:
    """Yield the goals of the year, the first row of each, with what is wrong in the row."""
    seen: set[str] = set()
    for row in table.data_rows():
        goal_id = canonical(table.value(row, "id"))
        texts = [_text(table, row, key) for key in LEVEL_KEYS]
        if not goal_id or not any(texts) or goal_id in seen:
            continue
        seen.add(goal_id)
        status = _status(table.value(row, "status"))
        if NOT_THIS_YEAR in (status, _text(table, row, "response")):
            continue
        goal = _goal(table, row, goal_id, (texts[0], texts[1], texts[2], texts[3]), status)
        place = book.place(table.sheet.name, row, table.columns["status"])
        yield goal, () if fold(status) in _OWN_WORDS else (_status_problem(place, goal),)


def _goal(table: FoundTable, row: int, goal_id: str, texts: tuple[str, str, str, str], status: str) -> UnitGoal:
    def text(key: str) -> str:
        return _text(table, row, key)

    share = table.value(row, "fulfilment")
    demands = tuple(part for each in text("demands").split(";") if (part := each.strip()) and part != NOT_STATED)
    result, number = _result(table, row, text("unit"))
    return UnitGoal(goal_id, texts, demands, text("goal"), text("unit"), text("owners"), result, number,
                    float(share) if isinstance(share, int | float) else None, status, text("computed"),
                    text("bemaerkninger"), text("kse"))


def _text(table: FoundTable, row: int, key: str) -> str:
    return canonical(read_text(table.value(row, key)).value)


def _status(raw: object) -> str:
    """Read a status as it stands; one that was cleared is no answer."""
    text = canonical(raw)
    if fold(text) in _OWN_WORDS:
        return _OWN_WORDS[fold(text)]
    read = read_status(raw)
    return text if read.problem else canonical(read.value) or MISSING


def _result(table: FoundTable, row: int, unit: str) -> tuple[str | float | None, str]:
    """Return a result and how it is shown."""
    raw = table.value(row, "resultat")
    percent = table.sheet.percent
    shown = None if percent is None else (row, table.columns["resultat"]) in percent
    measure = Measure(unit=unit)
    read = read_number(raw, in_percent=measure.in_percent, unit=unit, percent_format=shown)
    if read.problem or not isinstance(read.value, float):
        return canonical(raw) or None, ""
    whole = read.value.is_integer()
    return read.value, number_style(measure, read.value) or ("0" if whole else "")
