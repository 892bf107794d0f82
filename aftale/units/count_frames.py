"""What ``saml`` counts across units and years, from a table with a row for each unit and year."""

from __future__ import annotations

import pandas as pd

from aftale.model.agreement import Round, Status
from aftale.units.development import Development, Reached
from aftale.units.which_count import Across


def development(across: Across) -> Development | None:
    """Count how many effektmål are met in each year, in all and by unit; None where no unit has more than one year."""
    lines = pd.DataFrame(
        [(each.name, each.followup.year, len(each.followup.effects),
          sum(goal.status == Status.MET for goal in each.followup.effects), each.followup.round is Round.MIDTVEJS)
         for each in across.units], columns=["name", "year", "goals", "met", "midway"])
    years = lines.groupby("name")["year"].transform("nunique")
    if not len(lines) or years.max() < 2:
        return None
    lines["units"] = 1
    every = lines[years == lines["year"].nunique()]
    by_unit: dict[str, dict[int, Reached]] = {}
    for name, of_unit in lines.groupby("name", sort=False):
        by_unit[str(name)] = _by_year(of_unit)
    return Development(_by_year(lines), _by_year(every) if 0 < len(every) < len(lines) else {}, by_unit)


def _by_year(lines: pd.DataFrame) -> dict[int, Reached]:
    summed = lines.groupby("year")[["goals", "met", "units", "midway"]].sum()
    return {int(year): Reached(*map(int, row)) for year, *row in summed.itertuples()}
