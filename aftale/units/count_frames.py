"""What ``saml`` counts across units and years, from one table with a row for each effektmål."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from aftale.model.agreement import COUNTED, Round, Status
from aftale.units.model import OTHER_STATUS, Count, Counts, Development, Reached
from aftale.units.which_count import NEEDS_ATTENTION, Across
from aftale.units.workbook import demands_across, demands_of, serves

_STATUSES, _REACHED = [*COUNTED, OTHER_STATUS], ["goals", "met", "units", "midway"]


def count_across(across: Across) -> Counts:
    """Count the effektmål of every unit and year by status, by round, by demand and from year to year.

    What people have written stands in no table, only its number: a column of texts doesn't hold every text.
    """
    names = list(dict.fromkeys(each.name for each in across.units))
    units = pd.DataFrame([(each.file, names.index(each.name), each.followup.year, each.followup.when, each.counted,
                           each.followup.round is Round.MIDTVEJS) for each in across.units],
                         columns=["file", "unit", "year", "when", "counted", "midway"]).set_index("file")
    demands = [*dict.fromkeys((*demands_across(across), *(demand for each in across.units for demand in demands_of(each))))]
    goals = pd.DataFrame([(each.file, goal.status if goal.status in COUNTED else OTHER_STATUS,
                           [number for number, demand in enumerate(demands) if serves(goal, demand)],
                           not any(serves(goal, demand) for demand in demands_of(each)))
                          for each in across.units for goal in each.followup.effects],
                         columns=["file", "status", "demand", "without"])
    lines = pd.crosstab(goals["file"], goals["status"]).reindex(index=units.index, columns=_STATUSES, fill_value=0)
    counted = lines[units["counted"].astype(bool)]
    rounds = counted.groupby(units["when"]).sum().sort_index(ascending=False)
    served = goals.assign(met=goals["status"].eq(Status.MET)).explode("demand").groupby(["file", "demand"])["met"]
    return Counts(_counts(lines), _count(counted.sum()), _counts(rounds),
                  {(file, demands[number]): (all_, met) for (file, number), all_, met in served.agg(
                      ["size", "sum"]).itertuples()},
                  goals.groupby("file")["without"].sum().to_dict(), _development(lines, units, names))


def _counts(table: pd.DataFrame) -> dict[Any, Count]:
    return {at: _count(row) for at, row in table.to_dict("index").items()}


def _count(row: Any) -> Count:
    by_status = {status: int(row[status]) for status in _STATUSES}
    return Count(by_status, sum(by_status.values()), sum(by_status[status] for status in NEEDS_ATTENTION))


def _development(lines: pd.DataFrame, units: pd.DataFrame, names: Sequence[str]) -> Development | None:
    """Return how many effektmål are met in each year, in all and by unit; None where no unit has more than one year."""
    table = units.assign(goals=lines.sum(axis=1), met=lines[Status.MET], units=1)
    years = table.groupby("unit")["year"].transform("nunique")
    if not years.gt(1).any():
        return None
    every = table[years == table["year"].nunique()]
    by_unit: dict[str, dict[int, Reached]] = {}
    for (number, year), *row in table.groupby(["unit", "year"])[_REACHED].sum().itertuples():
        by_unit.setdefault(names[number], {})[year] = Reached(*row)
    return Development(_by_year(table), _by_year(every) if 0 < len(every) < len(table) else {}, by_unit)


def _by_year(table: pd.DataFrame) -> dict[int, Reached]:
    return {year: Reached(*row) for year, *row in table.groupby("year")[_REACHED].sum().itertuples()}
