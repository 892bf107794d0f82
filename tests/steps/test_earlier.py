"""What is taken from the follow-ups of earlier rounds and years, and what isn't."""

from __future__ import annotations

import pytest

from aftale.forms.plan import Earlier
from aftale.merge.state import History, State
from aftale.model.agreement import Agreement, Round
from aftale.model.findings import Severity
from aftale.office.shipped_files import template_path
from aftale.steps import collect
from aftale.steps.collect import Past, read_earlier, results_of

AGREEMENT = Agreement("A-1", "Enhed", "KSE", 2016, (2015, 2018))


def past(year: int, round_: Round, **said: float) -> History:
    return History("M1.1.1", year, round_.value, status="Opfyldt", **said)


def test_a_baseline_that_was_answered_in_another_year_is_none_of_this_years() -> None:
    before = past(2015, Round.AARSOPFOELGNING, result=424.0, baseline=400.0)
    of = (2015, "aarsopfoelgning")
    assert results_of(Past((State(history=(before,)),)), AGREEMENT, Round.AARSOPFOELGNING) == {
        "M1.1.1": Earlier("Opfyldt", 424.0, 424.0, None, of)}
    now = past(2016, Round.MIDTVEJS, baseline=410.0)
    assert results_of(Past((State(history=(now, before)),)), AGREEMENT, Round.AARSOPFOELGNING) == {
        "M1.1.1": Earlier("Opfyldt", 424.0, 424.0, 410.0, (2016, "midtvejs"))}


OF_2015, OF_MAY = past(2015, Round.AARSOPFOELGNING), past(2016, Round.MIDTVEJS)
OF_NOVEMBER = past(2016, Round.AARSOPFOELGNING)


@pytest.mark.parametrize(("year", "round_", "history", "used", "told"), [
    (2015, Round.AARSOPFOELGNING, (OF_2015,), (OF_2015,), []),
    (2015, Round.AARSOPFOELGNING, (), (), []),
    (2016, Round.MIDTVEJS, (OF_2015, OF_MAY), (OF_2015,), [Severity.INFO]),
    (2016, Round.MIDTVEJS, (OF_MAY,), None, [Severity.INFO]),
    (2016, Round.AARSOPFOELGNING, (OF_2015, OF_MAY, OF_NOVEMBER), (OF_2015,), [Severity.QUESTION]),
    (2016, Round.AARSOPFOELGNING, (OF_NOVEMBER,), None, [Severity.QUESTION]),
], ids=["earlier", "earlier without answers", "this round with a past", "this round alone", "later with a past", "later"])
def test_a_follow_up_gives_what_lies_before_the_round_and_is_named_only_where_it_is_used(
        year: int, round_: Round, history: tuple[History, ...], used: tuple[History, ...] | None, told: list[Severity],
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "state_as_it_stands", lambda _: State(year=year, round=round_, history=history))
    found = read_earlier([template_path()], AGREEMENT, Round.MIDTVEJS)
    assert [state.history for state in found.states] == ([] if used is None else [used])
    assert found.names == (() if used is None else (template_path().name,))
    assert [(each.code, each.level) for each in found.problems] == [("earlier-not", level) for level in told]
