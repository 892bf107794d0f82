"""Plays a random year through the program's commands with real workbooks: fordel, answers, flet, edits, late files."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
from conftest import cell_at, fill_in, header_row, opened, owner_of
from openpyxl.worksheet.worksheet import Worksheet
from oracle import GROWTH, MISSING, STATUSES, UNDECIDED, Answered, File, Goal, Judged, Plan, Standing, Value, Where, counts
from playing_years import HEADERS, in_cell, said_as, same
from random_years import RandomYear

from aftale.model.agreement import Round
from aftale.model.columns import maal_columns
from aftale.model.text import canonical, danish_number
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer


def workbook_differences(year: RandomYear, folder: Path) -> list[str]:
    """Return in what the follow-up's sheets and the oracle differ, in words; nothing where they agree."""
    standing, found = Standing(year.plan), []
    workbooks = played_in_workbooks(year, folder)
    for number, step in enumerate(year.steps, 1):
        standing.flet({**step.typed, **step.picked}, step.files)
        said, judged, answers = next(workbooks), standing.judged, standing.answers
        if said is None:
            continue
        for goal in year.plan.goals:
            right = _expected(year.plan, goal, judged[goal.id], answers.get(goal.id, Answered()))
            row = said.goals[goal.id]
            found += [f"flet {number}, {goal.id}: {header} says {row[header]!r}, not {value!r} ({goal})"
                      for header, value in right.items() if not same(row[header], value)]
        counted = {status: many for status, many in said.counts.items() if many}
        if counted != counts(year.plan, judged):
            found.append(f"flet {number}: Overblik counts {counted}, not {counts(year.plan, judged)}")
    return found


def _expected(plan: Plan, goal: Goal, judged: Judged, answered: Answered) -> dict[str, object]:
    result = UNDECIDED if "result" in answered.waiting else in_cell(plan, goal.id, answered.result)
    return {"Status": judged.status, "Beregnet status": judged.computed, "Resultat": result,
            "Målopfyldelse": judged.fulfilment.number}


@dataclass(frozen=True)
class Said:
    """What a follow-up's sheets say: the rows of ``Opfølgning`` by the goals' own Mål-id, and the counts of ``Overblik``."""

    goals: Mapping[str, Mapping[str, Any]]
    counts: Mapping[str, int]


def played_in_workbooks(year: RandomYear, folder: Path) -> Iterator[Said | None]:
    """Yield what the workbook says after every flet, None as long as there is nothing to merge."""
    agreement, forms, out, answers = (folder / name for name in ("aftale.xlsx", "skemaer", "opfoelgning.xlsx", "svar"))
    _write_source(year.plan, folder)
    write_all(list(generer(folder, agreement, template_path()).files))
    write_all(list(fordel(agreement, Round(year.plan.round), forms).files))
    ids = _ids(year.plan, agreement)
    by_owner = {owner_of(path): path for path in forms.iterdir()}
    answers.mkdir()
    for step in year.steps:
        if step.typed or step.picked:
            _write_in(out, year.plan, ids, step.typed, step.picked)
        for each in step.files:
            if each.same_as:
                if (answers / each.same_as).exists():
                    (answers / each.name).write_bytes((answers / each.same_as).read_bytes())
            elif each.form in by_owner:
                (answers / each.name).write_bytes(_filled(by_owner[each.form].read_bytes(), each, year.plan, ids))
        anything = any(answers.iterdir())
        if anything:
            write_all(list(flet(agreement, [answers], out).files))
        yield _said(out, ids) if anything else None


def _write_source(plan: Plan, folder: Path) -> None:
    headers = [column.header for column in maal_columns(range(plan.period[0], plan.period[1] + 1))]
    with (folder / "maal.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, headers, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(_row(goal) for goal in plan.goals)
    period = "-".join(map(str, plan.period))
    (folder / "aftale.toml").write_text(
        f'enhed = "Byens Bibliotek"\nafdeling = "Kultur"\naar = {plan.year}\nperiode = "{period}"\n', encoding="utf-8")


def _row(goal: Goal) -> dict[str, str]:
    def told(number: Fraction | None, percent: bool) -> str:
        return "" if number is None else danish_number(float(number)) + " %" * percent

    growth = goal.method in GROWTH
    points = growth and goal.unit == "procentpoint"
    percent = (growth or goal.unit == "%") and not points
    return {"Udviklingsmål": "Udvikling", "Fokusområde": "Fokus", "Effektmål": goal.effect, "Delmål": goal.sub,
            **{str(year): "x" if target is None else told(target, percent) for year, target in goal.years.items()},
            "Måltype": goal.method, "Udgangspunkt": told(goal.baseline, goal.unit == "%" or points),
            "Måltal": told(goal.target, percent), "Måleenhed": goal.unit, "Opgøres": goal.scope,
            "Ansvarlig": "; ".join(goal.owners), "Note": "Udgået" if goal.withdrawn else ""}


def _ids(plan: Plan, agreement: Path) -> dict[str, str]:
    """Return the Mål-id that the agreement gave each goal."""
    sheet = opened(agreement)["Mål"]
    top = header_row(sheet)
    at = {str(cell.value): cell.column for cell in sheet[top] if cell.value}
    given = {tuple(str(sheet.cell(row, at[name]).value or "") for name in ("Effektmål", "Delmål")):
             str(sheet.cell(row, at["Mål-id"]).value) for row in range(top + 1, sheet.max_row + 1)}
    return {goal.id: given[goal.effect, goal.sub] for goal in plan.goals}


def _filled(form: bytes, file: File, plan: Plan, ids: Mapping[str, str]) -> bytes:
    answers: dict[str, dict[str, object]] = {}
    for (goal, column), value in file.answers.items():
        answers.setdefault(ids[goal], {})[HEADERS[column]] = in_cell(plan, goal, value)
    return fill_in(form, answers, file.by, saved=datetime.fromisoformat(file.when).astimezone(UTC).replace(tzinfo=None))


def _write_in(out: Path, plan: Plan, ids: Mapping[str, str], typed: Mapping[Where, Value],
              picked: Mapping[Where, Value]) -> None:
    book = openpyxl.load_workbook(out)
    for (goal, column), value in typed.items():
        cell_at(book["Opfølgning"], ids[goal], HEADERS[column]).value = in_cell(plan, goal, value)
    sheet = book["Modstridende svar"]
    for (goal, column), value in picked.items():
        lines = [row for row in _table(sheet) if (row["Mål-id"].value, row["Felt"].value) == (ids[goal], HEADERS[column])]
        line = next((row for row in lines if canonical(row["Svar"].value) in said_as(plan, goal, value)), None)
        if line is not None:
            line["Vælg"].value = "x"
        else:
            lines[0]["Egen formulering"].value = in_cell(plan, goal, value)
    book.save(out)


def _table(sheet: Worksheet) -> Iterator[dict[str, Any]]:
    top = header_row(sheet)
    headers = {cell.column: str(cell.value) for cell in sheet[top] if cell.value}
    for row in range(top + 1, sheet.max_row + 1):
        yield {header: sheet.cell(row, column) for column, header in headers.items()}


def _said(out: Path, ids: Mapping[str, str]) -> Said:
    book = opened(out, values=True)
    rows = {row["Mål-id"].value: {header: cell.value for header, cell in row.items()} for row in _table(book["Opfølgning"])}
    counts = {str(label.value): number.value for row in book["Overblik"].iter_rows() for label, number in pairwise(row)
              if label.value in (*STATUSES, UNDECIDED, MISSING) and isinstance(number.value, int | float)}
    return Said({goal: rows[given] for goal, given in ids.items()}, counts)
