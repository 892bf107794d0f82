"""Plays a random year through the program in memory: the same returned answers, edits and choices as `oracle` is told of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256
from math import isclose

from oracle import AARSOPFOELGNING, MIDTVEJS, Answered, File, Judged, Plan, Standing, Value, Where, counts
from random_years import RandomYear

from aftale.agreement.checks import MEASURE_DOUBTS, standing_questions
from aftale.cells.hidden_sheet import RECORD_COLUMNS
from aftale.followup.build import FollowUp, follow_up
from aftale.followup.goal_status import GoalResult
from aftale.followup.read_back import read_standing
from aftale.forms.plan import plan_forms
from aftale.forms.returned import Returned
from aftale.merge.state import History, State, combine
from aftale.model import agreement as model
from aftale.model.agreement import AnswerColumn
from aftale.model.answers import Answer
from aftale.model.columns import CONFLICTS, OPFOELGNING, RECORD
from aftale.model.place import Place, Source
from aftale.model.tables import HEADER_ROW, Cell, Table
from aftale.model.text import canonical
from aftale.model.workbook import Workbook, WorkbookSheet

COLUMNS: Mapping[str, AnswerColumn] = {"status": AnswerColumn.STATUS, "result": AnswerColumn.RESULT,
                                       "baseline": AnswerColumn.BASELINE}


def played(year: RandomYear) -> Iterator[FollowUp]:
    """Yield what the program says after every flet."""
    plan = year.plan
    agreement = agreement_of(plan)
    round_ = model.Round(plan.round)
    forms = plan_forms(agreement, round_, None)
    doubted = {p.goal for p in standing_questions(agreement) if p.code in MEASURE_DOUBTS}
    state = State(round=round_, year=plan.year, history=history_of(plan), doubted=tuple(sorted(doubted)))
    book: Workbook | None = None
    for step in year.steps:
        if book is not None:
            standing = read_standing(_written(book, plan, step.typed, step.picked), agreement)
            assert standing is not None
            state = standing.state
        now = (plan.year, plan.round)
        state = replace(state, returned=combine(state.returned, tuple(returned(each, plan) for each in step.files)),
                        history=tuple(each for each in state.history if (each.year, each.round) != now))
        result = follow_up(agreement, state, forms, date(plan.year, 1, 1))
        book = _workbook(result)
        yield result


def agreement_of(plan: Plan) -> model.Agreement:
    """Return the agreement as the program has it."""
    goals = tuple(model.Goal(
        goal.id, model.Level.SUB if goal.sub else model.Level.EFFECT, ("Udvikling", "Fokus", goal.effect, goal.sub),
        {year: _float(target) for year, target in goal.years.items()},
        model.Measure(model.Method(goal.method) if goal.method else None, _float(goal.target), _float(goal.baseline),
                      goal.unit, model.Scope(goal.scope) if goal.scope else None),
        owners=tuple(model.Owner(name) for name in goal.owners), note="Udgået" if goal.withdrawn else "",
        withdrawn=goal.withdrawn) for goal in plan.goals)
    return model.Agreement("a-1", "Biblioteket", "Kultur", plan.year, plan.period, goals=goals,
                           register={goal.id: goal.text for goal in goals})


def history_of(plan: Plan) -> tuple[History, ...]:
    """Return what earlier rounds said."""
    before = [History(goal, plan.year - 1, AARSOPFOELGNING, result=float(value)) for goal, value in plan.year_before.items()]
    early = [History(goal, plan.year, MIDTVEJS, baseline=float(value)) for goal, value in plan.midtvejs_baseline.items()]
    # What is of another year or round is nothing to grow from.
    others = [History(goal.id, plan.year - past, MIDTVEJS if past == 1 else AARSOPFOELGNING, result=7.0, baseline=3.0)
              for goal in plan.goals for past in (1, 2)]
    return (*before, *early, *others)


def returned(file: File, plan: Plan) -> Returned:
    """Return a skema as it is judged when it comes back."""
    bases = {(goal, "baseline"): value for goal, value in plan.midtvejs_baseline.items()}
    answers = tuple(Answer(goal, COLUMNS[column], value_of(value), value_of(bases.get((goal, column))), Place(file.name))
                    for (goal, column), value in file.answers.items())
    source = Source(sha256((file.same_as or file.name).encode()).hexdigest(), file.name, when=file.when)
    return Returned(source, f"S-{file.form}", file.form, file.by, answers=answers,
                    goals=tuple({goal: None for goal, _ in file.answers}), round=plan.round)


def value_of(value: Value) -> str | float | None:
    """Return a value as the program has it."""
    return float(value) if isinstance(value, Fraction) else value


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


# ---------------------------------------------------------------- the follow-up as a workbook, without the file

def _workbook(result: FollowUp) -> Workbook:
    """Return a follow-up as it is read from its file: the sheets that the coordinator writes in, and the record."""
    book = result.book
    record = [[column.header for column in RECORD_COLUMNS], *map(list, book.record)]
    return Workbook(Source("f" * 64, "opfoelgning.xlsx"),
                    (_sheet(book.followup), _sheet(book.conflicts), WorkbookSheet(RECORD, record)))


def _sheet(table: Table) -> WorkbookSheet:
    rows: list[list[object]] = [[table.title], [table.intro]][:HEADER_ROW - 1]
    rows.append([column.header for column in table.columns])
    rows += [[_stored(cell) for cell in row] for row in table.rows]
    percent = {(HEADER_ROW + r, c) for r, row in enumerate(table.rows) for c, cell in enumerate(row)
               if cell.number == "percent"}
    return WorkbookSheet(table.sheet, rows, percent=percent)


def _stored(cell: Cell) -> object:
    percent = cell.number == "percent" and isinstance(cell.value, float)
    return round(cell.value / 100, 12) if percent else cell.value  # type: ignore[operator]


def _written(book: Workbook, plan: Plan, typed: Mapping[Where, Value], picked: Mapping[Where, Value]) -> Workbook:
    sheets = {sheet.name: sheet for sheet in book.sheets}
    sheets[OPFOELGNING] = _typed(sheets[OPFOELGNING], plan, typed)
    sheets[CONFLICTS] = _picked(sheets[CONFLICTS], plan, picked)
    return replace(book, sheets=tuple(sheets.values()))


HEADERS = {"status": "Status", "result": "Resultat", "baseline": "Udgangspunkt"}


def _typed(sheet: WorkbookSheet, plan: Plan, typed: Mapping[Where, Value]) -> WorkbookSheet:
    rows = [list(row) for row in sheet.rows]
    header = rows[HEADER_ROW - 1]
    at = {row[header.index("Mål-id")]: number for number, row in enumerate(rows)}
    percent = set(sheet.percent or ())  # type: ignore[call-overload]
    for (goal, column), value in typed.items():
        row, where = at[goal], header.index(HEADERS[column])
        rows[row][where] = in_cell(plan, goal, value)
        if _in_percent(plan, goal) and column != "status":
            percent.add((row, where))
    return replace(sheet, rows=rows, percent=percent)


def said_as(plan: Plan, goal: str, value: Value) -> tuple[str, ...]:
    """Return what may stand under ``Svar`` for a value."""
    return ("(slettet)", "(tom)") if value is None else (canonical(in_cell(plan, goal, value)),)


def in_cell(plan: Plan, goal: str, value: Value) -> object:
    """Return a value as it stands in a cell: a percentage is a share."""
    if isinstance(value, Fraction):
        return float(value / 100) if _in_percent(plan, goal) else float(value)
    return value


def _in_percent(plan: Plan, goal: str) -> bool:
    return next(each for each in agreement_of(plan).goals if each.id == goal).measure.in_percent


def _picked(sheet: WorkbookSheet, plan: Plan, picked: Mapping[Where, Value]) -> WorkbookSheet:
    rows = [list(row) for row in sheet.rows]
    header = rows[HEADER_ROW - 1]
    goal, column, answer, pick, own = (header.index(name) for name in ("Mål-id", "Felt", "Svar", "Vælg", "Egen formulering"))
    for where, value in picked.items():
        lines = [row for row in rows[HEADER_ROW:] if (row[goal], row[column]) == (where[0], HEADERS[where[1]])]
        line = next((row for row in lines if canonical(row[answer]) in said_as(plan, where[0], value)), None)
        if line is not None:
            line[pick] = "x"
        else:
            lines[0][own] = in_cell(plan, where[0], value)
    return replace(sheet, rows=rows)


# ---------------------------------------------------------------- the two beside each other

def differences(year: RandomYear) -> list[str]:
    """Return in what the program and the oracle differ, in words; nothing where they agree."""
    standing = Standing(year.plan)
    found = []
    for number, (step, result) in enumerate(zip(year.steps, played(year), strict=True), 1):
        standing.flet({**step.typed, **step.picked}, step.files)
        judged, answers = standing.judged, standing.answers
        got = {each.goal.id: _got(each) for each in result.goal_results}
        for goal in year.plan.goals:
            expected = _expected(judged[goal.id], answers.get(goal.id, Answered()))
            found += [f"flet {number}, {goal.id}: {what} is {got[goal.id][what]!r}, not {right!r} ({goal})"
                      for what, right in expected.items() if not same(got[goal.id][what], right)]
        counted = {status: many for status, many in result.book.overview.counts if many}
        if counted != counts(year.plan, judged):
            found.append(f"flet {number}: Overblik counts {counted}, not {counts(year.plan, judged)}")
    return found


def _expected(judged: Judged, answered: Answered) -> dict[str, object]:
    return {"Status": judged.status, "Beregnet status": judged.computed, "Målopfyldelse": judged.fulfilment.number,
            "asked about": judged.contradicts, "Resultat": answered.result,
            **{f"undecided {column}": column in answered.waiting for column in COLUMNS}}


def _got(result: GoalResult) -> dict[str, object]:
    return {"Status": result.shown, "Beregnet status": result.computed, "Resultat": result.value(AnswerColumn.RESULT),
            "Målopfyldelse": result.outcome.fulfilment if result.active else None,
            "asked about": any(each.code == "status-contradiction" for each in result.problems),
            **{f"undecided {column}": result.undecided(key) for column, key in COLUMNS.items()}}


def same(found: object, right: object) -> bool:
    """Tell whether two values are the same, numbers to six decimals, as they are shown with fewer."""
    if isinstance(found, int | float) and isinstance(right, Fraction | int | float):
        return isclose(found, right, rel_tol=1e-6, abs_tol=2e-6)
    return (found or None) == (right or None)
