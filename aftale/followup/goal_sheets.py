"""Opfølgning, Udviklingsplan and Resultater as plain tables; the last two follow Opfølgning by formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aftale.agreement.measures import (
    active_years,
    adds_up,
    agreed_target,
    goal_sentence,
    target_in_percent,
    target_sentence,
    year_target,
)
from aftale.agreement.methods import Target, rule_of
from aftale.followup.formulas import SheetRefs, among
from aftale.followup.goal_status import GoalResult
from aftale.followup.last_round import LAST_STATUS, LastRound
from aftale.merge.merge import answer_cell, number_style
from aftale.merge.state import History
from aftale.model.agreement import NOT_STATED, UNDECIDED, Agreement, AnswerColumn, Goal, Level, Round, Scope, Status
from aftale.model.columns import (
    OPFOELGNING,
    RESULTATER,
    SOURCES,
    UDVIKLINGSPLAN,
    Column,
    followup_columns,
    plan_columns,
    result_columns,
    with_demands_header,
)
from aftale.model.movement import NO_ANSWER, movement
from aftale.model.tables import HEADER_ROW, Cell, Table
from aftale.model.text import listing
from aftale.model.workbook import cell_name

PLANNED, FOLLOWS = "x", "(x)"
"""How a year to come is shown: with a cross of the goal's own, and where it follows from other rows."""

_NO_STATUS = "?"
"""Stands for whatever somebody types that isn't a status."""
YEARS = "years"
"""The columns of the years together, in a legend."""
LEGEND = (
    ("sub", "Grå kursiv: ikke aktuelt i år"), (YEARS, "Mørkeblåt: gælder i år. Blåt: det år. (x): følger af andre rækker"),
    ("fulfilment", "Blå bjælke: Så meget er nået af måltallet"),
    (LAST_STATUS, "↑ frem · ↓ tilbage · → uændret · ● første svar"),
    ("computed", "Fed rød kursiv: Tallene peger på en anden status"),
    ("bemaerkninger", "Rød ramme om et tomt felt: Statussen kræver en bemærkning"),
    ("naeste_skridt", "Lyserøde felter: Målet er ikke besvaret"))
"""What the colours and arrows on ``Opfølgning`` mean, each over the column in which it is seen most."""


# ---------------------------------------------------------------- Opfølgning

def followup_table(agreement: Agreement, results: Sequence[GoalResult], round_: Round, remarks: Mapping[str, str],
                   numbers: Mapping[str, int], last: LastRound | None = None) -> Table:
    """Return ``Opfølgning``; ``numbers`` are the lines of ``Kilder`` by the hash of the file.

    Without a ``last`` round there is no column for its status.
    """
    columns = with_demands_header(followup_columns(agreement.plan_years), agreement.demands_header)
    columns = tuple(column for column in columns if last or column.key != LAST_STATUS)
    before = last.statuses if last else {}
    rows = tuple(_goal_row(v, agreement, columns, remarks, numbers, before.get(v.goal.id)) for v in results)
    return Table(OPFOELGNING, f"Opfølgning på aftalen {agreement.year}",
                 f"{agreement.unit} – {round_.danish}. Svarene kan rettes her; kør derefter »aftale flet« igen. Tryk på +"
                 " over kolonnerne for at se resten af dem.",
                 columns, rows, "Opfoelgning", "Aftalen har ingen mål endnu.",
                 legend=tuple((key, text) for key, text in LEGEND if last or key != LAST_STATUS))


def _goal_row(v: GoalResult, agreement: Agreement, columns: Sequence[Column], remarks: Mapping[str, str],
              numbers: Mapping[str, int], before: str | None) -> tuple[Cell, ...]:
    goal, year = v.goal, agreement.year
    own: dict[str, Cell] = {
        **{f"y{each}": planned_cell(goal, each, v.years) for each in agreement.plan_years},
        LAST_STATUS: Cell(before, mark="info"),
        "demands": Cell("; ".join(goal.demands) or NOT_STATED),
        "goal": Cell(goal_sentence(goal, year, v.years) or None), "target": target_cell(goal, agreed_target(goal, year)),
        "owners": Cell("; ".join(o.name for o in v.owners) or None),
        "fulfilment": Cell(v.outcome.fulfilment if v.active else None, "share"),
        "computed": Cell(v.computed or None, mark="contradiction" if v.contradicts else "computed"),
        "kse": Cell(remarks.get(goal.id), open=True),
        "response": Cell(overruling(v.overruled) if v.overruled else v.response,
                         mark="missing" if v.active and not v.answers else ""),
        "source": _source_cell(v, numbers)}
    return goal_cells(goal, columns, {**own, **{column.value: drawn_answer(v, column) for column in AnswerColumn}})


def goal_cells(goal: Goal, columns: Sequence[Column], own: Mapping[str, Cell]) -> tuple[Cell, ...]:
    """Return a goal's row: the cells of the sheet's ``own`` by key, else what is agreed."""
    return tuple(own[column.key] if column.key in own else _agreed_cell(goal, column) for column in columns)


def _agreed_cell(goal: Goal, column: Column) -> Cell:
    if column.kind == "year":
        return year_cell(goal, int(column.key[1:]))
    if column.key == "target":
        return target_cell(goal, _main_target(goal))
    value = goal.agreed(column.key)
    return Cell(value if value != "" else None, number_style(goal.measure, value) if column.kind == "number" else "")


def _sentence(goal: Goal, years: Sequence[int]) -> Cell:
    """Say the goal in the plan: the target of all its years, else that of each year that has one of its own."""
    own = {year: target for year, target in sorted(goal.years.items()) if target is not None}
    if set(own) >= set(years) and len(set(own.values())) == 1:
        return Cell(target_sentence(goal.measure, own[min(own)], years) or None)
    each = replace(goal.measure, scope=None)
    main = _main_target(goal)
    said = [target_sentence(goal.measure, main, years)] if main is not None or not own else []
    return Cell("\n".join((*said, *(f"{year}: {target_sentence(each, target)}" for year, target in own.items()))) or None)


BY_COORDINATOR = "Afgjort af koordinatoren"
"""How it begins under Svarstatus that the status is another than the one that was reported."""


def overruling(reported: str) -> str:
    """Say under Svarstatus that the coordinator has decided another status than the one that was reported."""
    return f"{BY_COORDINATOR} (indberettet: {reported})"


def drawn_answer(v: GoalResult, column: AnswerColumn) -> Cell:
    """Return an answer cell as it is drawn in ``Opfølgning``."""
    if v.undecided(column):
        return Cell(UNDECIDED, mark="undecided")
    if column is AnswerColumn.STATUS:
        mark = "missing" if v.active and not v.reported and not v.computed else "computed" if not v.reported else ""
        return Cell(v.shown, mark=mark)
    return answer_cell(v.goal, column, v.baseline if column is AnswerColumn.BASELINE else v.value(column))


def _source_cell(v: GoalResult, numbers: Mapping[str, int]) -> Cell:
    if not v.sources:
        return Cell()
    lines = sorted(numbers[s] for s in v.sources)
    return Cell(f"nr. {listing([str(n) for n in lines])}", link=f"'{SOURCES}'!A{HEADER_ROW + lines[0]}")


def _main_target(goal: Goal) -> Target:
    """Return Måltal, or the words that stand there."""
    return goal.unread.get("target") if goal.measure.target is None else goal.measure.target


def target_cell(goal: Goal, target: Target) -> Cell:
    """Return a target as it is drawn: percent for growth goals and percent units, else as its unit is counted."""
    if goal.measure.in_points or isinstance(target, str):
        return Cell(target)
    return Cell(target, "percent" if target_in_percent(goal.measure) else number_style(goal.measure, target))


def year_cell(goal: Goal, year: int) -> Cell:
    """Return a year's cell: the cross or the year's own target; nothing where the goal has no cross of its own."""
    if year not in goal.years:
        return Cell()
    target = goal.years[year]
    return Cell(PLANNED) if target is None else target_cell(goal, target)


# ---------------------------------------------------------------- what follows Opfølgning

class Lookup:
    """``Opfølgning`` as the other sheets look things up in it: by Mål-id, wherever sorting has put the row."""

    def __init__(self, table: Table) -> None:
        self.live = SheetRefs(table)
        keys = [column.key for column in table.columns]
        rows = (dict(zip(keys, row, strict=True)) for row in reversed(table.rows))
        self.rows = {str(row["id"].value): row for row in rows}  # the first row of an id is the one that MATCH finds

    def cell(self, goal_id: str, key: str, row: int) -> Cell:
        """Return a cell that shows what stands in a goal's row now; ``row`` is the Excel row that it will stand in."""
        if goal_id not in self.rows:
            return Cell()
        there = self.rows[goal_id][key]
        index = f"INDEX({self.live.column(key)},MATCH($A{row},{self.live.column('id')},0))"
        return Cell(there.value, there.number, formula=f'IFERROR(IF({index}="","",{index}),"")')


# ---------------------------------------------------------------- Udviklingsplan

def plan_table(agreement: Agreement, results: Sequence[GoalResult], history: Sequence[History], followup: Table) -> Table:
    """Return ``Udviklingsplan``: by year what is planned, and where the goal stood in a year that was followed up.

    The year under way is a living formula over ``Opfølgning``; other years show the status of their latest round.
    """
    columns, source = plan_columns(agreement.plan_years), Lookup(followup)
    judged = {v.goal.id: v for v in results}
    past = _latest_statuses(history)
    rows = []
    for row, goal in enumerate(agreement.goals, HEADER_ROW + 1):
        years = active_years(goal, agreement.family(goal), agreement.plan_years)
        own = {"goal": _sentence(goal, years)}
        for year in agreement.plan_years:
            now = year == agreement.year and goal.id in judged and year in years
            stood = past.get((goal.id, year), "") if year != agreement.year else ""
            own[f"y{year}"] = (source.cell(goal.id, "status", row) if now else Cell(stood) if stood
                                 else planned_cell(goal, year, years))
        rows.append(goal_cells(goal, columns, own))
    theme = f" Tema: {agreement.theme}." if agreement.theme else ""
    return Table(UDVIKLINGSPLAN, f"Udviklingsplan {agreement.period[0]}-{agreement.period[1]}",
                 "Hvor der er fulgt op, står årets status. Blåt felt: Målet gælder det år, og et tal er årets eget måltal."
                 f" (x): Det følger af effektmålets eller delmålenes år.{theme}", columns,
                 tuple(rows), "Udviklingsplan", "Planen har ingen mål endnu.")


def _latest_statuses(history: Sequence[History]) -> dict[tuple[str, int], str]:
    """Return the status of each goal in the latest round of each year; årsopfølgning comes after midtvejs."""
    in_order = sorted(history, key=lambda h: (h.year, h.round != Round.MIDTVEJS.value))
    return {(h.goal, h.year): h.status for h in in_order if h.status}


def planned_cell(goal: Goal, year: int, years: Sequence[int]) -> Cell:
    """Return a year's cell: `year_cell`, or `FOLLOWS` in one of the ``years`` that the goal is active in without a cross."""
    own = year_cell(goal, year)
    if own.value is not None or goal.level.value < Level.EFFECT.value:
        return own
    return Cell(FOLLOWS) if year in years else Cell()


# ---------------------------------------------------------------- Resultater

def results_table(agreement: Agreement, results: Sequence[GoalResult], history: Sequence[History], round_: Round,
                  followup: Table) -> Table:
    """Return ``Resultater``: a row for each measured goal, with result, status and movement in each round so far.

    The result and the status of the round under way, the baseline, totals and growth are living formulas.
    """
    past = {(h.goal, h.year, h.round == Round.AARSOPFOELGNING.value): h for h in history}
    counted = {h.goal for h in history if h.result is not None}
    measured = [v for v in results if v.goal.id in counted or _is_measured(v)]
    rounds = sorted({(year, whole) for _, year, whole in past if year in agreement.plan_years}
                    | {(agreement.year, False), (agreement.year, True)})
    targets = _target_years(measured, agreement.plan_years)
    now = (agreement.year, round_ is Round.AARSOPFOELGNING)
    known = sorted({at for at in rounds if at < now and any(each[1:] == at for each in past)} | {now})
    columns = result_columns(targets, rounds, any(_grows(v.goal) for v in measured), known,
                             any(adds_up(v.goal.measure) for v in measured))
    line = _ResultLine(columns, targets, rounds, past, now, Lookup(followup), dict(zip(known, (None, *known), strict=False)))
    rows = tuple(line.cells(v, row) for row, v in enumerate(measured, HEADER_ROW + 1))
    return Table(RESULTATER, "Resultater",
                 "De målte mål: udgangspunkt, måltal, resultat og status i hver runde. Pilen viser, om målet er gået frem"
                 " (↑) eller tilbage (↓) siden runden før; ● er det første svar. »I alt i perioden« er det seneste tal for"
                 " mål, der opgøres i perioden; år bliver aldrig lagt sammen.", columns, rows, "Resultater",
                 "Ingen af målene måles med tal.")


def _is_measured(v: GoalResult) -> bool:
    """Has the goal a measure, a target or a result now?"""
    measure = v.goal.measure
    numbers = (measure.target, *v.goal.years.values())
    return (rule_of(measure.method).measured or any(number is not None for number in numbers)
            or v.value(AnswerColumn.RESULT) is not None)


def _target_years(measured: Sequence[GoalResult], plan: Sequence[int]) -> tuple[int, ...]:
    """Return the years whose targets need a column each: those of the goals whose target differs by year."""
    found: set[int] = set()
    for v in measured:
        targets = {year: year_target(v.goal, year) for year in v.years if year in plan}
        if len(set(targets.values())) > 1:
            found |= {year for year, target in targets.items() if target is not None}
    return tuple(sorted(found))


def _grows(goal: Goal) -> bool:
    return rule_of(goal.measure.method).baseline and not goal.measure.in_percent


@dataclass(frozen=True)
class _ResultLine:
    """What every row of ``Resultater`` is made from; ``now`` is the round under way as (year, årsopfølgning?).

    ``before`` has every round so far that anything is known of, each with the one before it.
    """

    columns: tuple[Column, ...]
    targets: Sequence[int]
    rounds: Sequence[tuple[int, bool]]
    past: Mapping[tuple[str, int, bool], History]
    now: tuple[int, bool]
    source: Lookup
    before: Mapping[tuple[int, bool], tuple[int, bool] | None]

    def cells(self, v: GoalResult, row: int) -> tuple[Cell, ...]:
        goal = v.goal
        figures = {at: self._figure(v, at, row) for at in self.rounds}
        baseline = self.source.cell(goal.id, "udgangspunkt", row)
        own = {
            "effect": Cell(goal.texts[2] or goal.text), "goal": Cell(goal_sentence(goal, self.now[0], v.years) or None),
            "baseline": baseline,
            "total": self._total(goal, figures, row), "change": self._change(goal, baseline, figures, row),
            "fulfilment": Cell(self._fulfilment(v), "share"), "target": _sole_target(v), "trend": Cell()}
        own.update({_round_key(at): cell for at, cell in figures.items()})
        own.update({_round_key(at, "s"): self._status(goal.id, at, row) for at in self.before})
        own.update({f"t{year}": _target_of(v, year, self.targets) for year in self.targets})
        return goal_cells(goal, self.columns, own)

    def _figure(self, v: GoalResult, at: tuple[int, bool], row: int) -> Cell:
        if at == self.now:
            return self.source.cell(v.goal.id, "resultat", row)
        past = self.past.get((v.goal.id, *at))
        return answer_cell(v.goal, AnswerColumn.RESULT, past.result) if past else Cell()

    def _status(self, goal: str, at: tuple[int, bool], row: int) -> Cell:
        """Return the status in a round, behind the arrow that shows how it has moved since the round before."""
        last = self.before[at]
        said = self.past.get((goal, *at))
        cell = self.source.cell(goal, "status", row) if at == self.now else Cell(said.status if said else None)
        if last is None or not cell.value:
            return cell
        then = self.past.get((goal, *last))
        was = then.status if then else None
        arrow, moves = movement(was, str(cell.value)) or "", dict[str, list[str]]()
        for status in (*Status, *NO_ANSWER):
            moves.setdefault(movement(was, status) or "", []).append(status)
        other = movement(was, _NO_STATUS)
        chain = f'"{other} "' if other else '""'
        for move, words in moves.items():
            shown = f"{move} " if move else ""
            listed = "|".join(words)
            chain = f'IF({among(cell.formula, f"{chr(34)}|{listed}|{chr(34)}")},"{shown}",{chain})'
        return Cell(f"{arrow} {cell.value}".strip(), formula=f"{chain}&{cell.formula}" if cell.formula else "")

    def _fulfilment(self, v: GoalResult) -> float | None:
        """Return Målopfyldelse now; in a year that isn't the goal's own, what it came to before."""
        if v.active:
            return v.outcome.fulfilment
        past = [self.past[v.goal.id, *at].fulfilment for at in self.rounds if (v.goal.id, *at) in self.past]
        return next((share for share in reversed(past) if share is not None), None)

    # ---- totals and growth: the value and the formula side by side

    def _at(self, key: str, row: int) -> str:
        return cell_name(row - 1, next(place for place, column in enumerate(self.columns) if column.key == key))

    def _total(self, goal: Goal, figures: Mapping[tuple[int, bool], Cell], row: int) -> Cell:
        """Show the latest result where it is the total to date; nothing is ever added up."""
        if not adds_up(goal.measure):
            return Cell()
        total = _latest(figures, self.rounds)
        first, last = (self._at(_round_key(at), row) for at in (self.rounds[0], self.rounds[-1]))
        return Cell(total, number_style(goal.measure, total),
                    formula=f'IF(COUNT({first}:{last})=0,"",{self._newest(self.rounds, row)})')

    def _newest(self, group: Sequence[tuple[int, bool]], row: int) -> str:
        """Return a formula for the last number among some rounds, 0 where there is none."""
        formula = "0"
        for at in group:
            cell = self._at(_round_key(at), row)
            formula = f"IF(ISNUMBER({cell}),{cell},{formula})"
        return formula

    def _change(self, goal: Goal, baseline: Cell, figures: Mapping[tuple[int, bool], Cell], row: int) -> Cell:
        """Say how far the latest result is from the baseline, in percent of it."""
        if not _grows(goal):
            return Cell()
        base, latest = baseline.value, _latest(figures, self.rounds)
        change = None
        if isinstance(base, float) and base and latest is not None:
            change = (latest - base) / abs(base) * 100
        first, last = (self._at(_round_key(at), row) for at in (self.rounds[0], self.rounds[-1]))
        at = self._at("baseline", row)
        there = f'IF(COUNT({first}:{last})*COUNT({at})=0,"",IF({at}=0,"",({self._newest(self.rounds, row)}-{at})/ABS({at})))'
        return Cell(change, "percent", formula=there)


def _round_key(at: tuple[int, bool], kind: str = "r") -> str:
    return f"{kind}{at[0]}{'b' if at[1] else 'a'}"


def _latest(figures: Mapping[tuple[int, bool], Cell], among: Sequence[tuple[int, bool]]) -> float | None:
    numbers = [value for at in among if isinstance(value := figures[at].value, float)]
    return numbers[-1] if numbers else None


def _sole_target(v: GoalResult) -> Cell:
    """Return the goal's target where it is the same in every year, however it is written."""
    targets = (v.target, *(year_target(v.goal, year) for year in v.years))
    return target_cell(v.goal, next((target for target in targets if target is not None), None))


def _target_of(v: GoalResult, year: int, shown: Sequence[int]) -> Cell:
    """Return the target of a year; one that isn't counted per year stands in the last year shown, where it is due."""
    own = v.goal.years.get(year)
    due = v.goal.measure.scope is Scope.PER_YEAR or year == max((y for y in shown if y in v.years), default=0)
    if year not in v.years or (own is None and not due):
        return Cell()
    return target_cell(v.goal, year_target(v.goal, year))
