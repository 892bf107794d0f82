"""What the follow-up says, as plain tables: from an agreement and a merge to a `FollowUpBook`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from aftale.rules.agreement_copy import agreement_lines
from aftale.rules.board import Response, Share, response_table, responses, share_table, shares_by_goal
from aftale.rules.books import Books, keep_books
from aftale.rules.changes import changes
from aftale.rules.goals import target_in_percent
from aftale.rules.kontrol import (
    answer_cell,
    conflict_table,
    control_lines,
    control_table,
    drawn_value,
    gone_problems,
    number_style,
    source_table,
)
from aftale.rules.letters import known_senders, letter_problems, letters_beside_empty_forms
from aftale.rules.measures import active_years, target_sentence
from aftale.rules.merge import MergeResult, merge_forms
from aftale.rules.overview import overview
from aftale.rules.record import sealed
from aftale.rules.returned import Returned
from aftale.rules.state import History, State, state_lines
from aftale.rules.verdict import Verdict, judge_goals
from aftale.rules.versions import open_questions
from aftale.words.domain import NOT_STATED, UNDECIDED, Agreement, Column, Form, Goal, Level, Place, Round, Status, Value
from aftale.words.problems import Problem, problem
from aftale.words.sheets import (
    CONFLICTS,
    OPFOELGNING,
    OVERBLIK,
    RESULT_COLUMNS,
    RESULTATER,
    SOURCES,
    UDVIKLINGSPLAN,
    Col,
    followup_columns,
    plan_columns,
)
from aftale.words.tables import Cell, FollowUpBook, Overview, Table
from aftale.words.text import canonical, listing

HEADER_ROW = 3
"""The Excel row of the header on every table sheet, so that links can be planned before anything is drawn."""
PEOPLE_WRITE: Mapping[str, frozenset[str]] = {
    OPFOELGNING: frozenset((*(column.value for column in Column), "kse")), CONFLICTS: frozenset(("pick", "own"))}
"""The keys of the columns in which people write, by sheet."""


@dataclass(frozen=True)
class FollowUp:
    """A finished round: the workbook as tables, and everything that is said of it on screen and in JSON.

    ``shares`` tells by Mål-id how far every ansvarlig has come with each of the year's goals.
    """

    book: FollowUpBook
    state: State
    merged: MergeResult
    verdicts: tuple[Verdict, ...]
    responses: tuple[Response, ...]
    books: Books
    problems: tuple[Problem, ...]
    shares: Mapping[str, Sequence[Share]] = field(default_factory=dict)


def follow_up(agreement: Agreement, state: State, forms: Sequence[Form], created: date,
              asked: Sequence[Problem] = (), before: Mapping[tuple[str, str], str] | None = None,
              drawn_digest: Callable[[Overview], str] | None = None) -> FollowUp:
    """Merge everything the state holds and say it as a workbook; pure, so the same state gives the same book.

    ``asked`` is what else must stand on ``Kontrol``: doubts about the agreement itself. ``before`` is what the follow-up
    said when it was last written (see `said_by`), None where there is none yet. ``drawn_digest`` gives a hash of
    ``Overblik`` as it will be drawn, which only the disk can tell.
    """
    order = [goal.id for goal in agreement.goals]
    merged = merge_forms(state.returned, state.decisions, order)
    verdicts = judge_goals(agreement, state.round, merged, state.returned, state.history)
    goals = {v.goal.id: v.goal for v in verdicts}
    books = keep_books(state.returned, merged, goals)
    found = tuple(p for v in verdicts for p in v.problems)
    letters = tuple(sorted(state.letters, key=lambda x: (x.source.container, x.source.name, x.source.sha256)))
    known = known_senders(forms) if letters else {}
    sources, numbers = source_table(state.returned, state.refused, merged, letters, known)
    answered = responses(forms, state.returned, verdicts, letters)
    shares = shares_by_goal(answered, verdicts)
    found = (*found, *_strangers(state.returned, forms),
             *letters_beside_empty_forms(letters, state.returned))
    asking = open_questions(state.returned)
    lines = control_lines(asking, state.refused, merged, (*asked, *merged.problems, *found), goals,
                          letters, known)
    state = replace(state, agreement=agreement.id, unit=agreement.unit, year=agreement.year, letters=letters,
                    history=_history(state.history, verdicts, agreement.year, state.round),
                    merged=_merged_texts(verdicts), drawn=_drawn_texts(verdicts))
    rank = {goal_id: number for number, goal_id in enumerate(order)}
    changed = None if before is None else changes(before, said_by(state), rank)
    links = {v.goal.id: f"'{OPFOELGNING}'!A{HEADER_ROW + n}" for n, v in enumerate(verdicts, 1)}
    book = FollowUpBook(
        overview(agreement, state.round, verdicts, state.boxes, links),
        _followup_table(agreement, verdicts, state, numbers), _plan_table(agreement, verdicts),
        _results_table(agreement, state), conflict_table(merged, goals),
        response_table(answered, share_table(shares, verdicts, links)),
        control_table(lines, books, len(state.returned)), sources, (),
        f"{agreement.unit} – {state.round.danish} {agreement.year}", created, agreement.plan_years, agreement.year)
    drawn = {OVERBLIK: drawn_digest(book.overview)} if drawn_digest else {}
    state = replace(state, contents={**drawn, **contents(book)})
    book = replace(book, record=sealed((*state_lines(state), *agreement_lines(agreement))))
    problems = (*(r.problem for r in state.refused), *(p for r in asking for p in r.problems),
                *merged.problems, *gone_problems(state.returned, merged, goals), *found,
                *letter_problems(letters, known))
    return FollowUp(book, state, merged, verdicts, answered, books, problems, shares)


def said_by(state: State) -> dict[tuple[str, str], str]:
    """Return what a follow-up says in every answer cell and every ``kse`` remark; an undecided cell says just that."""
    undecided = {cell: UNDECIDED for cell, text in state.drawn.items() if text == UNDECIDED}
    return {**{cell: text for cell, text in state.merged.items() if text}, **undecided,
            **{(goal, "kse"): text for goal, text in state.remarks.items() if text}}


def _strangers(returned: Sequence[Returned], forms: Sequence[Form]) -> Iterator[Problem]:
    """Ask about skemaer of somebody who no longer answers for anything in the agreement."""
    known = {form.id for form in forms}
    for each in returned:
        if each.form not in known and not each.untouched:
            yield problem("owner-gone", Place(each.source.name, container=each.source.container), owner=each.owner)


# ---------------------------------------------------------------- Opfølgning

def _followup_table(agreement: Agreement, verdicts: Sequence[Verdict], state: State,
                    numbers: Mapping[str, int]) -> Table:
    columns = followup_columns(agreement.plan_years)
    rows = tuple(_goal_row(v, columns, state.remarks, numbers) for v in verdicts)
    return Table(OPFOELGNING, f"Opfølgning på aftalen {agreement.year}",
                 f"{agreement.unit} – {state.round.danish}. Svarene kan rettes her; kør derefter «aftale flet» igen.",
                 columns, rows, "Opfoelgning", "Aftalen har ingen mål endnu.")


def _goal_row(v: Verdict, columns: Sequence[Col], remarks: Mapping[str, str],
              numbers: Mapping[str, int]) -> tuple[Cell, ...]:
    goal = v.goal
    plain: dict[str, Cell] = {
        "id": Cell(goal.id), "development": Cell(goal.texts[0]), "focus": Cell(goal.texts[1] or None),
        "effect": Cell(goal.texts[2] or None), "sub": Cell(goal.texts[3] or None),
        "demands": Cell("; ".join(goal.demands) or NOT_STATED), "policy": Cell(goal.policy or None),
        "goal": Cell(target_sentence(goal.measure, _any_target(goal, v.target), v.years) or None),
        "target": target_cell(goal, v.target),
        "unit": Cell(goal.measure.unit or None), "owners": Cell("; ".join(o.name for o in v.owners) or None),
        "fulfilment": Cell(v.outcome.fulfilment if v.active else None, "share"),
        "computed": Cell(v.computed or None, mark="contradiction" if v.contradicts else "computed"),
        "kse": Cell(remarks.get(goal.id), open=True),
        "response": Cell(v.response, mark="missing" if v.active and not v.answers else ""),
        "source": _source_cell(v, numbers)}
    plain.update({f"y{year}": year_cell(goal, year, v.years) for year in
                  (int(c.key[1:]) for c in columns if c.kind == "year")})
    plain.update({column.value: _answer(v, column) for column in Column})
    return tuple(plain[column.key] for column in columns)


def _any_target(goal: Goal, target: float | None) -> float | None:
    """Return the year's target, else the first that another year has, so that the goal can be said in a sentence."""
    return target if target is not None else next((t for _, t in sorted(goal.years.items()) if t is not None), None)


def _answer(v: Verdict, column: Column) -> Cell:
    if v.undecided(column):
        return Cell(UNDECIDED, mark="undecided")
    if column is Column.STATUS:
        mark = "missing" if v.active and not v.reported and not v.computed else "computed" if not v.reported else ""
        return Cell(v.shown, mark=mark)
    value = v.baseline if column is Column.BASELINE else v.value(column)
    return answer_cell(v.goal, column, value)


def _source_cell(v: Verdict, numbers: Mapping[str, int]) -> Cell:
    if not v.sources:
        return Cell()
    lines = sorted(numbers[s] for s in v.sources)
    first = lines[0]
    return Cell(f"nr. {listing([str(n) for n in lines])}", link=f"'{SOURCES}'!A{HEADER_ROW + first}")


def target_cell(goal: Goal, target: float | None) -> Cell:
    """Return a target as it is drawn: percent for growth goals and percent units, else as its unit is counted."""
    if target_in_percent(goal.measure.method, goal.measure.unit):
        return Cell(target, "percent")
    return Cell(target, number_style(goal.measure, target))


def year_cell(goal: Goal, year: int, years: Sequence[int]) -> Cell:
    """Return a year's cell: the cross or the year's own target; nothing where the goal has no cross of its own."""
    if year not in goal.years:
        return Cell()
    target = goal.years[year]
    return Cell("x") if target is None else target_cell(goal, target)


def _merged_texts(verdicts: Sequence[Verdict]) -> dict[tuple[str, str], str]:
    return {(v.goal.id, column.value): canonical(cell.outcome) for v in verdicts for column, cell in v.answers.items()
            if not cell.conflict}


def _drawn_texts(verdicts: Sequence[Verdict]) -> dict[tuple[str, str], str]:
    drawn = {}
    for v in verdicts:
        for column in Column:
            cell = _answer(v, column)
            text = canonical(cell.value) if cell.mark == "undecided" else drawn_value(v.goal, column, cell.value)
            if text:
                drawn[v.goal.id, column.value] = text
    return drawn


# ---------------------------------------------------------------- Udviklingsplan and Resultater

def _plan_table(agreement: Agreement, verdicts: Sequence[Verdict]) -> Table:
    columns = plan_columns(agreement.plan_years)
    shown = {v.goal.id: v for v in verdicts}
    rows = []
    for goal in agreement.goals:
        years = active_years(goal, agreement.family(goal), agreement.plan_years)
        target = _any_target(goal, goal.measure.target)
        status = shown[goal.id].shown if goal.id in shown else ""
        plain = {"id": Cell(goal.id), "development": Cell(goal.texts[0]), "focus": Cell(goal.texts[1] or None),
                 "effect": Cell(goal.texts[2] or None), "sub": Cell(goal.texts[3] or None),
                 "goal": Cell(target_sentence(goal.measure, target, years) or None), "policy": Cell(goal.policy or None),
                 "owners": Cell("; ".join(o.name for o in goal.owners) or None), "status": Cell(status or None)}
        plain.update({f"y{year}": year_cell(goal, year, years) for year in agreement.plan_years})
        rows.append(tuple(plain[column.key] for column in columns))
    theme = f" Tema: {agreement.theme}." if agreement.theme else ""
    return Table(UDVIKLINGSPLAN, f"Udviklingsplan {agreement.period[0]}-{agreement.period[1]}",
                 f"Et udfyldt felt viser, at målet gælder det år; et tal er årets eget måltal.{theme}", columns,
                 tuple(rows), "Udviklingsplan", "Planen har ingen mål endnu.")


def _results_table(agreement: Agreement, state: State) -> Table:
    goals = {goal.id: goal for goal in agreement.goals}
    rank = {goal_id: n for n, goal_id in enumerate(goals)}
    rows = []
    for past in sorted(state.history, key=lambda h: (rank.get(h.goal, len(rank)), h.goal, h.year, h.round != "midtvejs")):
        goal = goals.get(past.goal)
        if goal is None or goal.level is Level.FOCUS or not (past.status or past.result is not None or past.computed):
            continue
        rows.append((
            Cell(past.goal), Cell(goal.texts[2]), Cell(goal.texts[3] or None), Cell(str(past.year)),
            Cell(Round(past.round).danish), target_cell(goal, past.target), answer_cell(goal, Column.RESULT, past.result),
            Cell(goal.measure.unit or None), Cell(past.as_of), Cell(past.fulfilment, "share"), Cell(past.status or None),
            Cell(past.computed or None, mark="computed")))
    return Table(RESULTATER, "Resultater", "Måltal og resultater for hvert mål, år for år og runde for runde.",
                 RESULT_COLUMNS, tuple(rows), "Resultater", "Ingen resultater endnu.")


def _history(known: Sequence[History], verdicts: Sequence[Verdict], year: int, round_: Round) -> tuple[History, ...]:
    """Return what earlier rounds said, and what this one says."""
    kept = [h for h in known if (h.year, h.round) != (year, round_.value)]
    for v in verdicts:
        result: Value = v.value(Column.RESULT)
        as_of = v.value(Column.AS_OF)
        if v.active and (v.answers or v.computed):
            kept.append(History(
                v.goal.id, year, round_.value, v.target, result if isinstance(result, float) else None,
                as_of if isinstance(as_of, date) else None,
                v.shown if v.shown in set(Status) else "", v.computed, v.outcome.fulfilment))
    return tuple(sorted(kept, key=lambda h: (h.goal, h.year, h.round)))


# ---------------------------------------------------------------- what was drawn besides the answers

def contents(book: FollowUpBook) -> dict[str, str]:
    """Return a hash per table sheet of all that was drawn in it, apart from where people are meant to write."""
    tables = (book.followup, book.plan, book.results, book.conflicts, book.responses, book.control, book.sources)
    return {table.sheet: digest(_table_texts(table)) for table in tables}


def _table_texts(table: Table) -> Counter[str]:
    texts = Counter([table.title, table.intro, *(column.header for column in table.columns)])
    if not table.rows and table.empty:
        texts[table.empty] += 1
    for row in table.rows:
        for column, cell in zip(table.columns, row, strict=True):
            if column.key not in PEOPLE_WRITE.get(table.sheet, ()):
                value = cell.value
                if cell.formula:
                    texts[formula_text(cell.formula)] += 1
                    continue
                if cell.number == "percent" and isinstance(value, float):
                    value = round(value / 100, 12)
                texts[canonical(value)] += 1
    return texts + _table_texts(table.below) if table.below else texts


def formula_text(formula: str) -> str:
    """Return a formula as it is compared: programs write the same one with other quotes, spaces and anchors."""
    return "=" + "".join(c for c in formula.replace("_xlfn.", "").upper() if c not in "$' \n").removeprefix("=")


def digest(texts: Mapping[str, int]) -> str:
    """Return a hash of a multiset of cell texts; their order doesn't matter."""
    lines = sorted(f"{times} {text}" for text, times in texts.items() if text and times > 0)
    return sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:24]

