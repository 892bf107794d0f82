"""Opfølgning, Udviklingsplan and Resultater: what they say over several years, how they fold, and that all can be read."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, cell_at

from aftale.agreement.measures import active_years, adds_up, measure_outcome, year_target
from aftale.followup.build import follow_up
from aftale.followup.draw_formats_xlsx import LEGEND_LOOKS
from aftale.followup.draw_xlsx import FEW_READ, draw
from aftale.followup.goal_sheets import LEGEND, followup_table, plan_table, results_table
from aftale.followup.goal_status import GoalResult
from aftale.followup.read_back import read_standing
from aftale.intake.read import read_bytes
from aftale.merge.merge import Merged
from aftale.merge.state import History, State
from aftale.model.agreement import (
    MISSING,
    NOT_THIS_YEAR,
    Agreement,
    AnswerColumn,
    Goal,
    Level,
    Measure,
    Method,
    Owner,
    Round,
    Scope,
    Status,
    Value,
)
from aftale.model.columns import OPFOELGNING, RESULTATER, UDVIKLINGSPLAN, followup_columns
from aftale.model.tables import Cell, FollowUpBook, Table
from aftale.model.workbook import Workbook
from aftale.office import palette
from aftale.office.safe_write import write_all
from aftale.steps.flet import flet

PLAN = (2015, 2016, 2017, 2018)
HEADER = 3  # the Excel row of the header

# id | udviklingsmål | fokusområde | effektmål | delmål | years | måltype | måltal | enhed | opgøres | udgangspunkt
GOALS = """
M1       | Synlighed |          |             |        | 15 16 17 18    |              |     |             |            |
M1.1     | Synlighed | Digitalt |             |        | 15 16          |              |     |             |            |
M1.1.1   | Synlighed | Digitalt | Flere besøg |        | 15 16          | Stigning i % | 5   | besøg       | Pr. år     | 200
M1.1.2   | Synlighed | Digitalt | Events      |        | 15=3 16=5 17=5 | Mindst       |     | events      | Pr. år     |
M1.1.2.1 | Synlighed | Digitalt | Events      | Teater |                | Leverance    |     |             |            |
M1.2.1   | Synlighed | Rummet   | Samarbejder |        | 15 16 17       | Mindst       | 12  | samarbejder | I perioden |
M2.0.1   | Kvalitet  |          | Tilfredshed |        | 16             | Mindst       | 4.9 | point       | Pr. år     |
M2.0.2   | Kvalitet  |          | Kendskab    |        | 16             | Mindst       | 50  | %           | Pr. år     |
M2.0.3   | Kvalitet  |          | Altid åbent |        |                | Leverance    |     |             |            |
"""
# goal, year and round | result | status
PAST = """
M1.1.1 15a | 204  | Forventes opfyldt
M1.1.1 15b | 210  | Opfyldt
M1.1.2 15a | 1    |
M1.1.2 15b | 4    | Opfyldt
M1.2.1 15b | 4    | Delvist opfyldt
M1.1.1 16a | 212  | Forventes opfyldt
M1.1.2 16a | 2    | Forventes opfyldt
M2.0.2 16a | 40   |
"""
NOW: dict[str, tuple[float | None, str]] = {
    "M1.1.1": (220.0, Status.MET), "M1.1.2": (6.0, Status.MET), "M1.2.1": (9.0, Status.EXPECTED),
    "M2.0.1": (None, MISSING), "M2.0.2": (45.0, Status.NOT_MET), "M1.1.2.1": (None, Status.DROPPED)}


def fields(table: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]


def goals() -> tuple[Goal, ...]:
    found = []
    for id_, development, focus, effect, sub, crossed, method, target, unit, scope, baseline in fields(GOALS):
        level = Level.SUB if sub else Level.EFFECT if effect else Level.FOCUS if focus else Level.DEVELOPMENT
        pairs = [cross.partition("=") for cross in crossed.split()]
        measure = Measure(Method(method) if method else None, float(target) if target else None,
                          float(baseline) if baseline else None, unit, Scope(scope) if scope else None)
        found.append(Goal(id_, level, (development, focus, effect, sub),
                          {2000 + int(year): float(own) if own else None for year, _, own in pairs}, measure,
                          owners=(Owner("Husteamet"),) if effect else ()))
    return tuple(found)


def history() -> tuple[History, ...]:
    found = []
    for at, result, status in fields(PAST):
        goal, when = at.split()
        round_ = Round.MIDTVEJS if when.endswith("a") else Round.AARSOPFOELGNING
        found.append(History(goal, 2000 + int(when[:2]), round_.value, None, float(result), None, status))
    return tuple(found)


def verdicts(agreement: Agreement, now: Mapping[str, tuple[float | None, str]] = NOW,
             texts: Mapping[AnswerColumn, Value] | None = None) -> tuple[GoalResult, ...]:
    """Judge the goals by what stands in ``now``; ``texts`` stand in every goal of the year besides."""
    found = []
    for goal in agreement.goals:
        if goal.level.value < Level.EFFECT.value:
            continue
        years = active_years(goal, agreement.family(goal), PLAN)
        active = agreement.year in years
        result, status = now.get(goal.id, (None, MISSING if active else NOT_THIS_YEAR))
        target = year_target(goal, agreement.year)
        given = {AnswerColumn.RESULT: result, **(texts or {})} if active else {}
        answers = {column: Merged(goal.id, column, (), value) for column, value in given.items() if value is not None}
        outcome = measure_outcome(goal.measure, target, result, goal.measure.baseline)
        found.append(GoalResult(goal, years, active, goal.owners, target, goal.measure.baseline, outcome, False, answers,
                             shown=status))
    return tuple(found)


def agreed(year: int = 2016, only: Sequence[str] = ()) -> Agreement:
    return Agreement("A", "Huset", "Kultur", year, (2015, 2018), goals=tuple(g for g in goals() if not only or g.id in only))


def tables(agreement: Agreement, now: Mapping[str, tuple[float | None, str]] = NOW, round_: Round = Round.AARSOPFOELGNING,
           past: Sequence[History] | None = None, texts: Mapping[AnswerColumn, Value] | None = None) -> tuple[Table,
                                                                                                              Table, Table]:
    past = history() if past is None else past
    judged = verdicts(agreement, now, texts)
    followup = followup_table(agreement, judged, round_, {}, {})
    return (followup, plan_table(agreement, judged, past, followup),
            results_table(agreement, judged, past, round_, followup))


def book(*drawn: Table) -> FollowUpBook:
    """Return a whole book with these three tables; the other sheets are those of an agreement without answers."""
    agreement = agreed(only=["M2.0.1"])
    whole = follow_up(agreement, State(), (), date(2016, 1, 1)).book
    return replace(whole, followup=drawn[0], plan=drawn[1], results=drawn[2], years=PLAN, current_year=2016)


def cell(table: Table, goal: str, header: str) -> Cell:
    place = next(n for n, column in enumerate(table.columns) if column.header == header)
    return next(row[place] for row in table.rows if row[0].value == goal)


def row_of(table: Table, goal: str, *headers: str) -> list[Value]:
    return [cell(table, goal, header).value for header in headers]


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return draw(book(*tables(agreed())))


def sheet(data: bytes, name: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))[name]


def xml(data: bytes, name: str) -> str:
    """Return the XML of a sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        number = [s.title for s in openpyxl.load_workbook(io.BytesIO(data))].index(name) + 1
        return package.read(f"xl/worksheets/sheet{number}.xml").decode()


def letters(page: Any, header: str) -> str:
    return str(next(c.column_letter for c in page[HEADER] if c.value == header))


def dimension(page: Any, place: int) -> Any:
    """Return what is said of a column (from 1); programs write neighbours that are alike as one."""
    return next(d for d in page.column_dimensions.values() if d.min <= place <= d.max)


def width(page: Any, header: str) -> float:
    return float(dimension(page, openpyxl.utils.column_index_from_string(letters(page, header))).width)


# ---------------------------------------------------------------- Opfølgning: folding, widths and heights

def test_rows_fold_by_udviklingsmaal_fokusomraade_and_effektmaal(drawn: bytes) -> None:
    page = sheet(drawn, OPFOELGNING)
    levels = {page.cell(row, 1).value: page.row_dimensions[row].outlineLevel for row in range(HEADER + 1, page.max_row + 1)}
    assert levels == {"M1.1.1": 0, "M1.1.2": 2, "M1.1.2.1": 3, "M1.2.1": 1, "M2.0.1": 0, "M2.0.2": 1, "M2.0.3": 1}
    assert '<outlinePr summaryBelow="0" summaryRight="0"/>' in xml(drawn, OPFOELGNING)
    assert not any(page.row_dimensions[row].hidden for row in range(1, page.max_row + 1))


def test_columns_that_few_read_are_folded_behind_a_visible_one(drawn: bytes) -> None:
    page = sheet(drawn, OPFOELGNING)
    columns = tables(agreed())[0].columns
    for place, column in enumerate(columns, 1):
        there = dimension(page, place)
        assert (there.hidden, there.outlineLevel) == ((True, 1) if column.key in FEW_READ else (False, 0)), column.key
        if column.key not in FEW_READ and place < len(columns):
            assert there.collapsed == (columns[place].key in FEW_READ), column.key
    assert {"id", "goal", "owners", "resultat", "fulfilment", "status", "bemaerkninger", "kse"}.isdisjoint(FEW_READ)


@pytest.mark.parametrize(("name", "paper"), [(OPFOELGNING, 8), (UDVIKLINGSPLAN, 9), (RESULTATER, 9)])
def test_every_table_is_printed_one_page_wide_and_large_enough(name: str, paper: int, drawn: bytes) -> None:
    page = sheet(drawn, name)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight, page.page_setup.paperSize) in ((1, 0, paper),
                                                                                                (None, 0, paper))
    assert page.page_setup.orientation == "landscape" and page.print_title_rows == f"${HEADER}:${HEADER}"
    assert printed_scale(page, paper) >= 0.72
    assert name != OPFOELGNING or (printed_scale(page, paper) >= 0.79 and page.freeze_panes == "B4")


def printed_scale(page: Any, paper: int) -> float:
    """Return how much a sheet is made smaller to be one page wide."""
    pixels = sum((d.max - d.min + 1) * math.trunc(7 * d.width) for d in page.column_dimensions.values() if not d.hidden)
    sides = page.page_margins.left + page.page_margins.right
    return ({8: 16.54, 9: 11.69}[paper] - sides) * 96 / pixels


LONG = "Arrangementer i landdistrikterne, hvor borgerne selv er medskabere. "


def test_texts_of_2000_characters_can_be_read_in_whole() -> None:
    text = (LONG * 40)[:2000]
    long = {AnswerColumn.REMARKS: text, AnswerColumn.NEXT_STEP: text}
    agreement = agreed()
    agreement = replace(agreement, goals=tuple(
        replace(g, texts=(*g.texts[:2], text, g.texts[3])) if g.id == "M2.0.1" else g for g in agreement.goals))
    page = sheet(draw(book(*tables(agreement, texts=long))), OPFOELGNING)
    for row in range(HEADER + 1, page.max_row + 1):
        height = page.row_dimensions[row].height
        assert height < 409
        for header in ("Effektmål", "Bemærkninger", "Næste skridt"):
            text_here = str(page[f"{letters(page, header)}{row}"].value or "")
            lines = len(text_here) / ((width(page, header) - 1) * 1.2)  # 1.2 letters of Calibri 10 to a digit of 11
            assert lines * 12.75 <= height - 6, (row, header)


def test_columns_are_wider_only_where_a_text_demands_it() -> None:
    def widths(length: int) -> tuple[float, float]:
        page = sheet(draw(book(*tables(agreed(), texts={AnswerColumn.REMARKS: (LONG * 40)[:length]}))), OPFOELGNING)
        return width(page, "Bemærkninger"), width(page, "Næste skridt")

    short, middling, long = widths(60), widths(600), widths(2000)
    assert short[0] == middling[0] < long[0] <= 101
    assert short[1] == middling[1] == long[1]


def test_a_long_word_and_a_large_number_get_the_room_they_need() -> None:
    agreement = agreed()
    agreement = replace(agreement, goals=tuple(replace(g, owners=(Owner("Landdistriktsteamet"),)) for g in agreement.goals))
    page = sheet(draw(book(*tables(agreement, {"M1.1.1": (1_234_567.0, Status.MET)}))), OPFOELGNING)
    assert width(page, "Ansvarlig") > 16
    assert width(page, "Resultat") >= len("1.234.567") + 2


# ---------------------------------------------------------------- rules and marks

def test_every_status_has_a_mark_beside_its_colour_in_one_rule(drawn: bytes) -> None:
    for name, columns in ((OPFOELGNING, ("Status", "Beregnet status")), (UDVIKLINGSPLAN, ("2015", "2018"))):
        page = sheet(drawn, name)
        wanted = [f"{letters(page, header)}{HEADER + 1}" for header in columns]
        found = {rule.formula[0].strip('"'): rule.dxf.numFmt.formatCode
                 for area in page.conditional_formatting if all(at in area.sqref for at in wanted)
                 for rule in area.rules if rule.type == "cellIs" and rule.dxf.numFmt}
        assert found == {status: f'"{mark} "@' for status, mark in palette.STATUS_MARKS.items()}, name


def test_the_rules_are_few_and_cover_whole_columns(drawn: bytes) -> None:
    page = sheet(drawn, OPFOELGNING)
    areas = [(str(area.sqref), rule) for area in page.conditional_formatting for rule in area.rules]
    assert len(areas) <= 24
    assert len({rule.priority for _, rule in areas}) == len(areas)
    for where, _ in areas:
        for part in where.split():
            assert re.fullmatch(rf"[A-Z]+{HEADER + 1}:[A-Z]+{page.max_row}", part), where


def test_the_legend_names_what_the_rules_show() -> None:
    keys = [key for key, _ in LEGEND]
    assert len(LEGEND) >= 6 and len({text for _, text in LEGEND}) == len(LEGEND)
    assert set(LEGEND_LOOKS) <= set(keys) and set(keys) <= {*(each.key for each in followup_columns(())), "years"}


# ---------------------------------------------------------------- Udviklingsplan

@pytest.mark.parametrize(("goal", "expected"), [
    ("M1", ["x", "x", "x", "x"]),
    ("M1.1.1", ["Opfyldt", "Opfyldt", None, None]),
    ("M1.1.2", ["Opfyldt", "Opfyldt", 5.0, None]),
    ("M1.1.2.1", ["(x)", "Udgået", "(x)", None]),
    ("M1.2.1", ["Delvist opfyldt", "Forventes opfyldt", "x", None]),
    ("M2.0.1", [None, "Mangler svar", None, None]),
    ("M2.0.3", ["(x)", "Mangler svar", "(x)", "(x)"]),
])
def test_the_plan_shows_where_each_goal_stood_and_what_is_planned(goal: str, expected: list[Value]) -> None:
    plan = tables(agreed())[1]
    assert row_of(plan, goal, "2015", "2016", "2017", "2018") == expected
    assert [column.header for column in plan.columns if "tatus" in column.header] == []


@pytest.mark.parametrize(("target", "years", "says"), [
    (20.0, {2015: None, 2016: None}, "Mindst 20 events pr. år"),
    (None, {2015: 3.0, 2016: 3.0}, "Mindst 3 events pr. år"),
    (None, {2015: 3.0, 2016: 5.0}, "2015: Mindst 3 events\n2016: Mindst 5 events"),
    (None, {2015: None, 2016: 5.0}, "2016: Mindst 5 events"),
    (20.0, {2015: None, 2016: 25.0}, "Mindst 20 events pr. år\n2016: Mindst 25 events"),
    (None, {2015: None, 2016: None}, "Mindst (måltal mangler) events pr. år"),
], ids=["one target", "the same each year", "another each year", "one year alone", "one year differs", "none"])
def test_the_plan_says_no_years_target_as_that_of_all(target: float | None, years: dict[int, float | None],
                                                      says: str) -> None:
    agreement = agreed()
    goal = replace(agreement.goals[0], id="M9.0.1", level=Level.EFFECT, texts=("Nyt", "", "Events", ""), years=years,
                   measure=Measure(Method.AT_LEAST, target, None, "events", Scope.PER_YEAR))
    plan = tables(replace(agreement, goals=(*agreement.goals, goal)))[1]
    assert cell(plan, "M9.0.1", "Mål").value == says


def test_only_the_year_under_way_is_a_formula_in_the_plan() -> None:
    plan = tables(agreed())[1]
    assert {column.header for row in plan.rows for column, each in zip(plan.columns, row, strict=True) if each.formula} == {
        "2016"}
    assert cell(plan, "M1.1.1", "2016").formula.count("MATCH($A6,'Opfølgning'!$A$4:$A$10,0)") == 2


def test_a_year_without_an_aarsopfoelgning_shows_its_midtvejs() -> None:
    past = [h for h in history() if h.round == Round.MIDTVEJS.value]
    assert cell(tables(agreed(), past=past)[1], "M1.1.1", "2015").value == "Forventes opfyldt"


def test_planned_cells_are_blue_and_statuses_have_their_own_colours(drawn: bytes) -> None:
    page = sheet(drawn, UDVIKLINGSPLAN)
    formulas = {rule.formula[0]: rule.dxf.fill.bgColor.rgb for area in page.conditional_formatting for rule in area.rules
                if rule.type == "expression" and rule.dxf.fill}
    assert formulas == {'OR(F4="x",ISNUMBER(F4))': "FF" + palette.SEA[1:], 'F4="(x)"': "FF" + palette.MIST[1:]}


# ---------------------------------------------------------------- Resultater

def test_measured_goals_alone_have_a_row() -> None:
    results = tables(agreed())[2]
    assert [row[0].value for row in results.rows] == ["M1.1.1", "M1.1.2", "M1.2.1", "M2.0.1", "M2.0.2"]


def test_there_is_a_column_for_every_round_so_far() -> None:
    results = tables(agreed())[2]
    rounds = [column.header for column in results.columns if column.key[:1] == "r" and column.key[1:5].isdigit()]
    assert rounds == ["2015 midtvejs", "2015 år", "2016 midtvejs", "2016 år"]
    first = tables(agreed(2015), {}, Round.MIDTVEJS, past=())[2]
    assert [c.header for c in first.columns if c.header.startswith("2015")] == ["2015 midtvejs", "2015 år"]


@pytest.mark.parametrize(("goal", "results", "total"), [
    ("M1.1.1", [204.0, 210.0, 212.0, 220.0], None),  # growth is a level
    ("M1.1.2", [1.0, 4.0, 2.0, 6.0], None),  # years are never added up: a count may be of the same people again
    ("M1.2.1", [None, 4.0, None, 9.0], 9.0),  # over the period: a total already
    ("M2.0.1", [None, None, None, None], None),  # points never add up
    ("M2.0.2", [None, None, 40.0, 45.0], None),  # nor do percent
])
def test_results_by_round_and_in_all(goal: str, results: list[Value], total: Value) -> None:
    rounds = ("2015 midtvejs", "2015 år", "2016 midtvejs", "2016 år")
    assert row_of(tables(agreed())[2], goal, *rounds, "I alt i perioden") == [*results, total]


LEVELS = [  # måltype, enhed, opgøres -> is the latest result the total of the period?
    (Method.AT_LEAST, "events", Scope.IN_PERIOD, True), (Method.AT_MOST, "klager", Scope.IN_PERIOD, True),
    (Method.AT_MOST, "måneders ventetid", Scope.PER_YEAR, False), (Method.AT_LEAST, "aktive lånere", Scope.PER_YEAR, False),
    (Method.AT_MOST, "plads på ranglisten", Scope.PER_YEAR, False), (Method.AT_LEAST, "events", None, False),
    (Method.AT_LEAST, "karakter i gennemsnit", Scope.IN_PERIOD, False), (Method.AT_LEAST, "%", Scope.IN_PERIOD, False),
    (Method.RISE_PERCENT, "besøg", Scope.IN_PERIOD, False), (Method.KEEP, "besøg", Scope.IN_PERIOD, False)]


@pytest.mark.parametrize(("method", "unit", "scope", "total"), LEVELS)
def test_only_a_count_to_date_has_a_total(method: Method, unit: str, scope: Scope | None, total: bool) -> None:
    assert adds_up(Measure(method, 5.0, unit=unit, scope=scope)) is total


def test_growth_is_told_in_percent_of_the_baseline() -> None:
    table = tables(agreed())[2]
    change = cell(table, "M1.1.1", "Ændring")
    assert change.value == pytest.approx(10.0) and change.number == "percent"
    assert cell(table, "M1.1.2", "Ændring") == Cell()
    without = tables(agreed(only=["M1.1.2"]))[2]
    assert "Ændring" not in [column.header for column in without.columns]


@pytest.mark.parametrize(("goal", "targets"), [
    ("M1.1.2", [3.0, 5.0, 5.0]), ("M1.1.1", [5.0, 5.0, None]), ("M1.2.1", [None, None, 12.0]), ("M2.0.1", [None, 4.9, None]),
])
def test_targets_that_differ_by_year_have_a_column_each(goal: str, targets: list[Value]) -> None:
    assert row_of(tables(agreed())[2], goal, "Måltal 2015", "Måltal 2016", "Måltal 2017") == targets


def test_targets_that_are_the_same_have_one_column() -> None:
    table = tables(agreed(only=["M1.1.1", "M2.0.2"]))[2]
    assert [column.header for column in table.columns if column.header.startswith("Måltal")] == ["Måltal"]
    assert [row_of(table, goal, "Måltal") for goal in ("M1.1.1", "M2.0.2")] == [[5.0], [50.0]]


def test_a_small_chart_stands_where_there_are_two_results(drawn: bytes) -> None:
    page, text = sheet(drawn, RESULTATER), xml(drawn, RESULTATER)
    at = letters(page, "Udvikling")
    first, last = letters(page, "2015 midtvejs"), letters(page, "2016 år")
    assert sorted(re.findall(rf"<xm:sqref>({at}\d+)</xm:sqref>", text)) == [f"{at}{row}" for row in (4, 5, 6, 8)]
    assert f"<xm:f>'Resultater'!{first}4:{last}4</xm:f>" in text


def test_a_small_chart_shows_where_nothing_is_where_a_result_is_below_it() -> None:
    text = xml(draw(book(*tables(agreed(), {**NOW, "M1.1.1": (-3.0, Status.NOT_MET)}))), RESULTATER)
    groups = {rows: 'displayXAxis="1"' in each for each in re.findall(r"<x14:sparklineGroup .*?</x14:sparklineGroup>", text)
              for rows in [tuple(re.findall(r"<xm:sqref>[A-Z]+(\d+)</xm:sqref>", each))]}
    assert groups == {("4",): True, ("5", "6", "8"): False}


def test_earlier_midtvejs_are_folded_away_once_the_year_is_done(drawn: bytes) -> None:
    page = sheet(drawn, RESULTATER)
    folded = [c.value for c in page[HEADER] if c.value and dimension(page, c.column).hidden]
    assert folded == ["Delmål", "Måleenhed", "2015 midtvejs", "Status 2015 midtvejs", "Status 2015 år"]


# ---------------------------------------------------------------- formulas, and the way round

def values(path: Path, name: str) -> dict[str, Any]:
    """Return the stored value of every formula's cell on a sheet."""
    formulas = openpyxl.load_workbook(path)[name]
    stored = openpyxl.load_workbook(path, data_only=True)[name]
    return {c.coordinate: stored[c.coordinate].value for row in formulas.iter_rows() for c in row if c.data_type == "f"}


def test_stored_values_are_what_libreoffice_works_out(tmp_path: Path, recalculated: Callable[..., list[Path]]) -> None:
    odd = {**NOW, "M1.2.1": (None, ""), "M2.0.2": (0.0, "Noget andet")}
    paths = [tmp_path / f"{number}.xlsx" for number in range(3)]
    for path, now in zip(paths, (NOW, odd, {}), strict=True):
        path.write_bytes(draw(book(*tables(agreed(), now))))
    for path, again in zip(paths, recalculated(*paths), strict=True):
        fresh = openpyxl.load_workbook(again, data_only=True)
        for name in (UDVIKLINGSPLAN, RESULTATER):
            stored = values(path, name)
            assert len(stored) > 4
            for at, value in stored.items():
                now_there = fresh[name][at].value
                wanted = pytest.approx(value) if isinstance(value, int | float) else value or None
                assert (now_there or None if wanted is None else now_there) == wanted, (name, at)


def test_the_plan_and_the_results_follow_what_is_typed(tmp_path: Path,
                                                       recalculated: Callable[..., list[Path]]) -> None:
    path = tmp_path / "rettet.xlsx"
    path.write_bytes(draw(book(*tables(agreed()))))
    whole = openpyxl.load_workbook(path)
    page = whole[OPFOELGNING]
    cell_at(page, "M1.1.2", "Status").value = Status.NOT_MET.value
    cell_at(page, "M1.1.2", "Resultat").value = 1
    cell_at(page, "M1.2.1", "Resultat").value = 11
    cell_at(page, "M1.1.1", "Udgangspunkt").value = 100
    whole.save(path)
    after = openpyxl.load_workbook(recalculated(path)[0], data_only=True)

    def there(name: str, goal: str, header: str) -> Any:
        return cell_at(after[name], goal, header).value

    assert there(UDVIKLINGSPLAN, "M1.1.2", "2016") == "Ikke opfyldt"
    assert there(RESULTATER, "M1.1.2", "Status 2016 år") in {f"{move} Ikke opfyldt" for move in "↓→●"}
    assert [there(RESULTATER, "M1.1.2", header) for header in ("2016 år", "I alt i perioden")] == [1, None]
    assert [there(RESULTATER, "M1.2.1", header) for header in ("2016 år", "I alt i perioden")] == [11, 11]
    assert there(RESULTATER, "M1.1.1", "Ændring") == pytest.approx(1.2)


def test_a_followup_read_again_is_untouched(year: Year, libreoffice: Callable[..., Path]) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}, "M3.3.1": {
        "Udgangspunkt": 410000, "Resultat": 424350, "Status": "Delvist opfyldt"}})
    out = year.folder / "opfoelgning.xlsx"
    write_all(list(flet(year.agreement, [year.answers], out).files))
    from aftale.steps.open_agreement import open_agreement
    agreement = open_agreement(year.agreement).agreement
    for path in (out, libreoffice(out)):
        read = read_bytes(path.read_bytes(), path.name)
        assert isinstance(read, Workbook)
        standing = read_standing(read, agreement)
        assert standing is not None and not standing.edited
        names = (OPFOELGNING, UDVIKLINGSPLAN, RESULTATER)
        assert not [each for each in standing.lost if any(name in each for name in names)], path
