"""What the mail to the department says of figures and movement: pure tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aftale.agreement.methods import Outcome
from aftale.followup.goal_status import GoalResult
from aftale.followup.last_round import LastRound
from aftale.mail.department import dialogue_values, moved, said_figures
from aftale.mail.values import MailRound
from aftale.merge.merge import Merged
from aftale.model.agreement import Agreement, AnswerColumn, Goal, Level, Measure, Method, Round, Scope
from aftale.model.dialogue import Party, Utterance, moment
from aftale.model.mail import Bullets

M = Method
NOTHING = Measure()
LAST = LastRound("juni", "i juni", "Juni")
STATUSES = {"O": "Opfyldt", "F": "Forventes opfyldt", "D": "Delvist opfyldt", "A": "Afventer data", "I": "Ikke igangsat",
            "R": "Forventes ikke opfyldt", "N": "Ikke opfyldt", "U": "Udgået", "-": "Mangler svar"}


def result(measure: Measure = NOTHING, figure: float | None = None, shown: str = "Opfyldt", number: int = 1,
           level: Level = Level.EFFECT, active: bool = True) -> GoalResult:
    texts = ("U", "F", "Et mål", "Et delmål" if level is Level.SUB else "")
    goal = Goal(f"M1.1.{number}", level, texts, {2015: None}, measure)
    answers = {AnswerColumn.RESULT: Merged(goal.id, AnswerColumn.RESULT, (), figure)} if figure is not None else {}
    return GoalResult(goal, (2015, 2016), active, (), measure.target, measure.baseline, Outcome(), False, answers,
                      shown=shown)


@pytest.mark.parametrize(("measure", "figure", "said"), [
    pytest.param(Measure(M.AT_LEAST, 20, unit="rekvisitioner", scope=Scope.PER_YEAR), 16.0, "16 af 20 rekvisitioner",
                 id="a count beside its target"),
    pytest.param(Measure(M.AT_LEAST, 1, unit="nye samarbejder"), 0.0, "0 af 1 (nye samarbejder)", id="one of several"),
    pytest.param(Measure(M.AT_LEAST, 20, unit="rekvisitioner"), None, "", id="no result says nothing"),
    pytest.param(Measure(M.AT_LEAST, None, unit="besøg"), 12.0, "12 besøg; målet: mindst (måltal mangler) besøg",
                 id="without a target"),
    pytest.param(Measure(M.AT_LEAST, 4.9, unit="point"), 4.2, "4,2 point; målet: mindst 4,9 point", id="a level"),
    pytest.param(Measure(M.AT_LEAST, 85, unit="%"), 82.5, "82,5 %; målet: mindst 85 %", id="percent"),
    pytest.param(Measure(M.AT_MOST, 3, unit="klager"), 1.0, "1 (klager); målet: højst 3 klager", id="at most"),
    pytest.param(Measure(M.RISE_PERCENT, 5, 410_000, "besøg", Scope.PER_YEAR), 424_350.0,
                 "424.350 besøg; målet: stigning på 5 % i besøg pr. år", id="growth"),
    pytest.param(Measure(unit="deltagere"), 40.0, "40 deltagere", id="a unit alone"),
    pytest.param(Measure(M.DELIVERY), 2.0, "2", id="a figure of what isn't measured"),
    pytest.param(Measure(), 2.0, "2", id="nothing agreed"),
])
def test_figures_are_said_beside_what_was_agreed(measure: Measure, figure: float | None, said: str) -> None:
    assert said_figures(result(measure, figure), 2015) == said


@pytest.mark.parametrize(("before", "now", "said"), [
    ("FFFFRR", "OOOOFN", "Siden juni er 5 gået frem og 1 tilbage."),
    ("F", "O", "Siden juni er 1 gået frem og ingen tilbage."),
    ("O", "N", "Siden juni er ingen gået frem og 1 tilbage."),
    ("FA", "FI", "Siden juni er ingen af dem gået frem eller tilbage."),
    pytest.param("-U", "OO", "Siden juni er ingen af dem gået frem eller tilbage.", id="a first answer, one that was out"),
    pytest.param("O-", "--", "", id="nothing is answered yet"), ("", "", "")])
def test_movement_counts_the_effektmaal_that_went_forward_and_back(before: str, now: str, said: str) -> None:
    results = [result(shown=STATUSES[each], number=n) for n, each in enumerate(now)]
    others = [result(shown="Opfyldt", number=8, level=Level.SUB), result(shown="Opfyldt", number=9, active=False)]
    last = LastRound(LAST.since, LAST.when, LAST.header,
                     {f"M1.1.{n}": STATUSES[each] for n, each in enumerate((*before,))} | {"M1.1.8": "Ikke opfyldt",
                                                                                        "M1.1.9": "Ikke opfyldt"})
    assert moved([*results, *others], last) == said
    assert moved(results, None) == "", "the first round says nothing of movement"


ASKED = Utterance("M2.2.3", 2015, "aarsopfoelgning", Party.UNIT, "Biblioteket", "Hvornår kan strategien på dagsordenen?")
ANSWERED = Utterance("M1.3.1", 2015, "midtvejs", Party.DEPARTMENT, "KSE", "Hvad gør I nu?", answer="Vi kører to hold.",
                     answered_by=Party.UNIT, since=moment(2015, "aarsopfoelgning"))
OPEN = Utterance("", 2015, "midtvejs", Party.DEPARTMENT, "KSE", "Hvornår mødes vi?")


@pytest.mark.parametrize(("said", "expected"), [
    pytest.param((), {}, id="nothing said"),
    pytest.param((ASKED,), {"venter_paa_jer": ("M2.2.3 (årsopfølgning 2015)", "»Hvornår kan strategien på dagsordenen?«")},
                 id="the unit asks"),
    pytest.param((ANSWERED,), {"svaret_jer": ("M1.3.1 (midtvejs 2015)", "I skrev: »Hvad gør I nu?«\nVores svar: »Vi kører to"
                                              " hold.«")}, id="answered in this round"),
    pytest.param((replace(ANSWERED, since=moment(2015, "midtvejs")),), {}, id="answered before is no news"),
    pytest.param((OPEN,), {"venter_paa_os": ("Hele aftalen (midtvejs 2015)", "»Hvornår mødes vi?«")}, id="the unit owes"),
])
def test_who_waits_for_whom(said: tuple[Utterance, ...], expected: dict[str, tuple[str, str]]) -> None:
    about = MailRound(Agreement("A", "Biblioteket", "KSE", 2015, (2015, 2018)), Round.AARSOPFOELGNING)
    found = {name: value.points[0] for name, value in dialogue_values(said, about).items() if isinstance(value, Bullets)}
    assert found == expected
