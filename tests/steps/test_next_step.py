"""What the next step is after `flet`: reminders come before the mail where most haven't answered."""

from __future__ import annotations

import pytest
from conftest import Year

from aftale.office.report import Report
from aftale.steps.flet import flet


def step(year: Year, answered: int) -> Report:
    """Merge when so many ansvarlige have answered that they have nothing to report."""
    for owner in list(year.forms)[:answered]:
        year.fill(owner, {}, done="Ja", by=owner)
    return flet(year.agreement, [year.answers], year.folder / "opfoelgning.xlsx")


@pytest.mark.parametrize(("answered", "paamind"), [(1, True), (2, True), (-1, False), (None, False)],
                         ids=["one", "two", "all but one", "all"])
def test_reminders_come_first_where_most_have_not_answered(year: Year, answered: int | None, paamind: bool) -> None:
    everybody = len(year.forms)
    told = step(year, everybody if answered is None else answered % everybody).next_step
    assert ("»aftale paamind«" in told) is paamind
    assert ("»aftale send«" in told) is not paamind
    assert not paamind or told.startswith(f"{everybody - int(answered or 0)} af {everybody} skemaer er ikke besvaret endnu.")
