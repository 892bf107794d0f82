"""A result that can hardly be right: far from its target, off its scale, or with a sign against the sense."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from aftale.followup.odd_figures import Figure, Oddity, oddities
from aftale.merge.state import History
from aftale.model.agreement import Goal, Level, Measure, Method, Round, Scope
from aftale.model.findings import Severity

M = Method


def looked_at(method: Method | None, unit: str, target: float | None, baseline: float | None, result: float, text: str = "",
              past: Sequence[float] = (), scope: Scope = Scope.PER_YEAR) -> tuple[Oddity, ...]:
    goal = Goal("M1.1.1", Level.EFFECT, ("A", "B", text or "C", ""), measure=Measure(method, target, baseline, unit, scope))
    earlier = [History("M1.1.1", 2015, Round.AARSOPFOELGNING.value, result=was) for was in past]
    return oddities(Figure(goal, 2016, Round.AARSOPFOELGNING, result, earlier, 2015, target, baseline))


FAR, OFF, SIGN, FALL = "figure-far", "figure-off-scale", "figure-negative", "fall-positive"
ODD = [
    # måltype, enhed, måltal, udgangspunkt, resultat, the goal's text -> what is asked, and the likely reading
    (M.AT_LEAST, "besøg", 5, None, 400, "", FAR, "4"),
    (M.AT_LEAST, "besøg", 12_000, None, 12_500_000, "", FAR, "12.500"),
    (M.AT_LEAST, "besøg", 20, None, 900, "", "", ""),
    (M.AT_LEAST, "besøg", 20, None, 0, "", "", ""),
    (M.AT_MOST, "klager", 3, None, 300, "", FAR, "3"),
    (M.AT_MOST, "klager", 3, None, 30, "", "", ""),
    (M.KEEP, "besøg", None, 400, 41_000, "", FAR, "410"),
    (M.RISE_PERCENT, "besøg", 50, 400, 600, "", "", ""),
    (M.RISE_PERCENT, "besøg", 5, 400, 42_000, "", FAR, "420"),
    (M.AT_LEAST, "point", 4.9, None, 56, "", OFF, "5,6"),
    (M.AT_LEAST, "point", 4.9, None, 560, "", OFF, "5,6"),
    (M.AT_LEAST, "point", 4.9, None, 5.6, "", "", ""),
    (M.AT_LEAST, "point", 4.9, None, -2, "", "", ""),
    (M.AT_LEAST, "point", 4.9, None, -11, "", OFF, "-1,1"),
    (M.AT_LEAST, "point", 80, None, 82, "", "", ""),
    (M.AT_LEAST, "point", None, None, 56, "Scoren i Bibliometer", OFF, "5,6"),
    (M.AT_LEAST, "point", 80, None, 820, "På en skala fra 0 til 100", OFF, "82"),
    (M.AT_LEAST, "point", 4, None, 12, "Tilfredshed på en skala fra 1-5", OFF, "1,2"),
    (M.AT_LEAST, "karakter", 7, None, 71, "", OFF, "7,1"),
    (M.AT_LEAST, "karakter", 7, None, -2, "", "", ""),
    (M.AT_LEAST, "%", 80, None, 8200, "", FAR, "82 %"),
    (M.AT_LEAST, "%", 80, None, 82, "", "", ""),
    (M.AT_LEAST, "%", 80, None, 104, "", "", ""),
    (M.AT_LEAST, "%", 80, None, 0.82, "", FAR, "82 %"),
    (M.AT_MOST, "%", 5, None, 0.05, "", "", ""),
    (M.AT_MOST, "%", 5, None, 400, "", FAR, "4 %"),
    (None, "%", None, None, 8200, "", FAR, "82 %"),
    (None, "%", None, None, 120, "", "", ""),
    (M.RISE_PERCENT, "%", 10, None, 800, "", FAR, "8 %"),
    (M.RISE_PERCENT, "%", 10, None, -3, "", "", ""),
    (M.FALL_PERCENT, "%", 10, None, 12, "", FALL, "-12 %"),
    (M.FALL_PERCENT, "%", 10, None, -12, "", "", ""),
    (M.FALL_PERCENT, "%", 10, 12.5, 11.1, "level or change is asked first", "", ""),
    (M.AT_LEAST, "besøg", 20, None, -7, "", SIGN, "7"),
    (None, "besøg", None, None, -7, "", SIGN, "7"),
    (M.AT_MOST, "% afvigelse", 10, None, -15, "", SIGN, "15"),
    (M.AT_MOST, "%", 10, None, -15, "Højst 10 % afvigelse", SIGN, "15 %"),
    (M.AT_LEAST, "kr.", 100_000, None, -50_000, "", "", ""),
    (M.AT_LEAST, "besøg", 20, -5, -7, "", "", ""),
    (M.AT_LEAST, "nettotilvækst af lånere", 20, None, -7, "", "", ""),
]


@pytest.mark.parametrize(("method", "unit", "target", "baseline", "result", "text", "code", "reading"), ODD,
                         ids=[" ".join(str(each) for each in line[:6] if each not in ("", None)) for line in ODD])
def test_a_result_that_can_hardly_be_right_is_asked_about_with_the_likely_reading(
        method: Method | None, unit: str, target: float | None, baseline: float | None, result: float, text: str, code: str,
        reading: str) -> None:
    found = looked_at(method, unit, target, baseline, result, text)
    assert [(each.code, each.readings, each.level) for each in found] == (
        [(code, (reading,), Severity.QUESTION)] if code else [])
    if code:
        assert found[0].hint == f"Mente du {reading}?"


def test_where_earlier_results_are_negative_a_minus_is_no_wonder() -> None:
    assert looked_at(M.AT_LEAST, "besøg", 20, None, -7, past=[-3]) == ()


@pytest.mark.parametrize(("method", "unit", "past", "result", "codes"), [
    (M.AT_MOST, "skoler", 8, 6, []), (M.AT_LEAST, "aktiviteter", 8, 6, ["total-fell"]), (M.AT_MOST, "klager", 8, 6, [])])
def test_what_should_be_low_may_fall_in_the_period(method: Method, unit: str, past: float, result: float,
                                                   codes: list[str]) -> None:
    found = looked_at(method, unit, 4, 8, result, past=[past], scope=Scope.IN_PERIOD)
    assert [each.code for each in found] == codes
