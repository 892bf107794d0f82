"""An effektmål with a target of its own beside its delmål: what it shows, computes and is asked about."""

from __future__ import annotations

import pytest

from aftale.followup.goal_status import GoalResult, judge_goals
from aftale.merge.merge import Merged, MergeResult
from aftale.model.agreement import Agreement, AnswerColumn, Goal, Level, Measure, Method, Round, Scope, Value

PER_YEAR, IN_PERIOD = Scope.PER_YEAR, Scope.IN_PERIOD
CROSSED = {2015: None, 2016: None}
"""Of the plan's four years the goals are active in the year and the next."""


def judged(measure: Measure, result: float | None, reported: str, sub: str) -> GoalResult:
    """Judge an effektmål at the årsopfølgning of 2015, beside one delmål of each year, of which this is reported."""
    texts = ("Synlighed", "", "Alle kommer", "")
    effect = Goal("M1.0.1", Level.EFFECT, texts, CROSSED, measure)
    child = Goal("M1.0.1.1", Level.SUB, (*texts[:3], "Børn"), CROSSED, Measure(Method.DELIVERY, scope=PER_YEAR))
    answers: dict[tuple[str, AnswerColumn], Value] = {
        ("M1.0.1", AnswerColumn.RESULT): result, ("M1.0.1", AnswerColumn.STATUS): reported or None,
        ("M1.0.1.1", AnswerColumn.STATUS): sub or None}
    merged = MergeResult({at: Merged(*at, (), value) for at, value in answers.items() if value is not None})
    agreement = Agreement("a", "Biblioteket", "Kultur", 2015, (2015, 2018), goals=(effect, child))
    return judge_goals(agreement, Round.AARSOPFOELGNING, merged, (), ())[0]


@pytest.mark.parametrize(("measure", "result", "reported", "sub", "computed", "shown", "asks"), [
    pytest.param(Measure(Method.AT_LEAST, 40.0, None, "besøg", PER_YEAR), 45.0, "Forventes opfyldt", "Ikke opfyldt",
                 "Delvist opfyldt", "Forventes opfyldt", True, id="due this year: only its own target is reached"),
    pytest.param(Measure(Method.AT_LEAST, 40.0, None, "besøg", IN_PERIOD), 45.0, "Forventes opfyldt", "Ikke opfyldt",
                 "", "Forventes opfyldt", False, id="due next year: the delmål is missed this year, the rest not yet"),
    pytest.param(Measure(Method.AT_LEAST, 40.0, None, "besøg", IN_PERIOD), 20.0, "Forventes opfyldt", "Opfyldt",
                 "", "Forventes opfyldt", False, id="due next year: halfway with the delmål reached is no miss"),
    pytest.param(Measure(Method.AT_LEAST, 40.0, None, "besøg", IN_PERIOD), 45.0, "Opfyldt", "Delvist opfyldt",
                 "", "Opfyldt", True, id="due next year, said to be reached: the delmål isn't"),
    pytest.param(Measure(Method.AT_LEAST, 40.0, None, "besøg", IN_PERIOD), 45.0, "Opfyldt", "Forventes opfyldt",
                 "", "Opfyldt", True, id="due next year, said to be reached: the delmål is only expected to be"),
    pytest.param(Measure(Method.AT_LEAST, 40.0, None, "besøg", IN_PERIOD), 20.0, "Opfyldt", "Opfyldt",
                 "", "Opfyldt", True, id="due next year, said to be reached: its own target isn't"),
    pytest.param(Measure(Method.AT_LEAST, 40.0, None, "besøg", IN_PERIOD), None, "Opfyldt", "Ikke opfyldt",
                 "", "Opfyldt", True, id="due next year, said to be reached without a result: the delmål is missed"),
    pytest.param(Measure(Method.AT_LEAST, 40.0, None, "besøg", IN_PERIOD), 45.0, "Opfyldt", "Afventer data",
                 "", "Opfyldt", False, id="due next year, said to be reached: nobody knows of the delmål"),
    pytest.param(Measure(Method.AT_LEAST, 40.0, None, "besøg", IN_PERIOD), 45.0, "Opfyldt", "Opfyldt",
                 "Opfyldt", "Opfyldt", False, id="due next year: both are reached"),
    pytest.param(Measure(Method.AT_LEAST, 40.0, None, "besøg", IN_PERIOD), 45.0, "Opfyldt", "",
                 "", "Opfyldt", False, id="due next year, said to be reached: the delmål has no status"),
    pytest.param(Measure(Method.AT_MOST, 40.0, None, "besøg", IN_PERIOD), 20.0, "", "Ikke opfyldt",
                 "Ikke opfyldt", "Ikke opfyldt", False, id="due next year, without a status: what follows from the delmål"),
    pytest.param(Measure(Method.RISE_PERCENT, 10.0, None, "besøg", PER_YEAR), 45.0, "", "Opfyldt",
                 "", "Mangler svar", False, id="nobody knows what it should grow from"),
    pytest.param(Measure(Method.RISE_PERCENT, 10.0, 40.0, "%", PER_YEAR), 45.0, "", "Opfyldt",
                 "", "Mangler svar", False, id="its result could be a level or a change"),
    pytest.param(Measure(Method.KEEP, None, None, "besøg", PER_YEAR), None, "", "Opfyldt",
                 "", "Mangler svar", False, id="neither result nor udgangspunkt"),
    pytest.param(Measure(Method.RISE_PERCENT, None, None, "besøg", PER_YEAR), 45.0, "", "Opfyldt",
                 "Opfyldt", "Opfyldt", False, id="without a måltal it has no target of its own"),
])
def test_an_effektmaal_beside_its_delmaal(measure: Measure, result: float | None, reported: str, sub: str, computed: str,
                                          shown: str, asks: bool) -> None:
    found = judged(measure, result, reported, sub)
    assert (found.computed, found.shown, found.contradicts) == (computed, shown, asks)
