"""What the mail with a skema says of each goal: who else answers, how it stood last, and which goals are asked about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from conftest import cell_at
from making_years import example
from reading_mail import seen

from aftale.followup.last_round import last_round
from aftale.forms.card import Said
from aftale.forms.plan import plan_forms
from aftale.mail.values import MailRound, form_values
from aftale.merge.state import History
from aftale.model.agreement import Agreement, Goal, Level, Measure, Method, Owner, Round, Scope
from aftale.model.mail import Bullets
from aftale.steps.demo import AGREEMENT
from aftale.steps.fordel import DraftFolder, fordel

NORD, SYD = Owner("Nordteamet", "nord@example.dk"), Owner("Sydteamet", "syd@example.dk")
DELIVERY, COUNT = Measure(Method.DELIVERY), Measure(Method.AT_LEAST, 1.0, unit="nye samarbejder", scope=Scope.PER_YEAR)
PERCENT = Measure(Method.AT_LEAST, 85.0, unit="%")
FACTS = {"kortnavn": "KSE", "frist_midtvejs": date(2015, 6, 10)}


def goal(number: str, measure: Measure, owners: tuple[Owner, ...] = (NORD,), sub: str = "") -> Goal:
    texts = ("Synlighed", "Kurser", f"Mål {number[0]}", sub)
    return Goal(f"M1.1.{number}", Level.SUB if sub else Level.EFFECT, texts, {2015: None}, measure, owners=owners)


def points(*goals: Goal, said: tuple[History, ...] = (), words: tuple[Said, ...] = (),
           facts: dict[str, str | float | date | None] | None = None) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return how many goals Nordteamet's mail says that there are, and the list of them."""
    agreement = Agreement("A", "Biblioteket", "Kultur", 2015, (2015, 2018), facts={**FACTS, **(facts or {})}, goals=goals)
    about = MailRound(agreement, Round.AARSOPFOELGNING, date(2015, 11, 11))
    form = next(each for each in plan_forms(agreement, about.round, about.deadline) if each.owner.name == NORD.name)
    values = form_values(about, form, "skema.xlsx", last_round(agreement, about.round, said),
                         {"M1.1.1": words})
    assert isinstance(values["antal"], str) and isinstance(values["maal"], Bullets)
    return values["antal"], values["maal"].points


def june(number: str, status: str, result: float | None = None) -> History:
    return History(f"M1.1.{number}", 2015, "midtvejs", None, result, None, status, "", None, None)


@pytest.mark.parametrize(("shown", "below"), [
    pytest.param(points(goal("1", COUNT)), "Mindst 1 (nye samarbejder) pr. år", id="first round"),
    pytest.param(points(goal("1", DELIVERY)), "(måles ikke i tal)", id="a deliverable"),
    pytest.param(points(goal("1", DELIVERY, (NORD, SYD))), "(måles ikke i tal)\nSvarer også: Sydteamet",
                 id="who else answers"),
    pytest.param(points(goal("1", COUNT), said=(june("1", "Forventes ikke opfyldt", 0.0),),
                        words=(Said("KSE", "Hvorfor?\nSkriv."), Said("I svarede", "Sent i gang", False))),
                 "Mindst 1 (nye samarbejder) pr. år\nI juni: Forventes ikke opfyldt, 0 nye samarbejder.\n"
                 "KSE skrev: »Hvorfor? Skriv.«\nI svarede: »Sent i gang«",
                 id="status, result, the department's words and what was answered"),
    pytest.param(points(goal("1", PERCENT), said=(june("1", "Opfyldt", 82.5),)),
                 "Mindst 85 %\nI juni: Opfyldt, 82,5 %.", id="a result in percent"),
    pytest.param(points(goal("1", DELIVERY), goal("2", DELIVERY), said=(june("2", "Opfyldt"),)), "(måles ikke i tal)",
                 id="no answer in June says nothing"),
    pytest.param(points(goal("1", DELIVERY), words=(Said("Forvaltningen", "Fint"),), facts={"kortnavn": None}),
                 "(måles ikke i tal)\nKultur skrev: »Fint«", id="KSE is named only where that is the Kortnavn"),
])
def test_what_stands_below_a_goal(shown: tuple[str, tuple[tuple[str, str], ...]], below: str) -> None:
    assert shown[1][0][1] == below


@pytest.mark.parametrize(("goals", "number", "listed"), [
    pytest.param((goal("1", Measure()), goal("1.1", DELIVERY, sub="Delmål")), "1 mål", ["M1.1.1.1"],
                 id="an effektmål that follows its delmål isn't asked about"),
    pytest.param((goal("1", COUNT), goal("1.1", DELIVERY, sub="Delmål")), "2 mål", ["M1.1.1", "M1.1.1.1"],
                 id="one with a measure of its own is"),
    pytest.param((goal("1", Measure()), goal("2", DELIVERY)), "2 mål", ["M1.1.1", "M1.1.2"], id="one without delmål is"),
    pytest.param((goal("1", Measure()), goal("1.1", DELIVERY, (SYD,), "Delmål")), "1 mål", ["M1.1.1"],
                 id="who has nothing else is told of it"),
])
def test_the_count_and_the_list_hold_the_goals_that_are_asked_about(goals: tuple[Goal, ...], number: str,
                                                                    listed: list[str]) -> None:
    said, shown = points(*goals)
    assert (said, [head.split()[0] for head, _ in shown]) == (number, listed)


def test_octobers_mail_tells_what_was_said_in_june(tmp_path: Path) -> None:
    june_path = example(tmp_path, Round.MIDTVEJS)
    book = openpyxl.load_workbook(june_path)
    cell_at(book["Opfølgning"], "M1.3.1", "Forvaltningens bemærkninger").value = "Hvad gør I for at nå de 20?"
    earlier = tmp_path / "juni.xlsx"
    book.save(earlier)
    report = fordel(june_path.parents[1] / AGREEMENT, Round.AARSOPFOELGNING, tmp_path / "skemaer", earlier=[earlier],
                    drafts=DraftFolder(tmp_path / "breve"))
    mails = {seen(file.data).to[0][0]: seen(file.data).text for file in report.files if file.path.suffix == ".eml"}
    assert ("  I juni: Forventes ikke opfyldt, 7 rekvisitioner.\n"
            "  KSE skrev: »Hvad gør I for at nå de 20?«") in mails["Landdistriktsteamet"]
    assert "har 1 mål, som" in mails["Ungeteamet"] and "M1.2.1 " not in mails["Ungeteamet"], "which follows its delmål"
    assert "Svarer også: Ledelsen" in mails["Børneteamet"]
