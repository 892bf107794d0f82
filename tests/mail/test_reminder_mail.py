"""What a reminder says of the deadline, of earlier reminders, and of goals that lack the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from aftale.followup.who_answered import AnswerStage, Delivery, Response, Share
from aftale.mail.texts import fill, parse_text, plain
from aftale.mail.values import MailRound, reminder_values
from aftale.model.agreement import Agreement, Owner, Round
from aftale.model.forms import Form
from aftale.model.mail import MailKind
from aftale.office.shipped_files import mail_text_path

ABOUT = MailRound(Agreement("A", "Biblioteket", "Kultur og Fritid", 2015, (2015, 2018)), Round.AARSOPFOELGNING,
                  date(2015, 11, 11))
FORM = Form("S-1", "", "A", "", "", "Biblioteket", 2015, Round.AARSOPFOELGNING, ABOUT.deadline, Owner("Børneteamet"), ())
SHIPPED = parse_text(mail_text_path("paamind").read_text(encoding="utf-8"), MailKind.PAAMIND, "paamind.txt")[0]


def day(text: str) -> date:
    return date.fromisoformat(text)


def said(today: str = "", *earlier: str, about: MailRound = ABOUT,
         lacks: tuple[tuple[str, ...], ...] = (("status",),)) -> str:
    """Return a reminder's text, its subject first; each of ``lacks`` is a goal, with what it lacks."""
    goals = tuple(f"M1.1.{number}" for number in range(1, len(lacks) + 1))
    shares = tuple(Share(goal, "Børneteamet", AnswerStage.PARTLY, each) for goal, each in zip(goals, lacks, strict=True))
    response = Response(FORM, Delivery.NOT_ANSWERED, goals, (), goals, (), shares)
    values = reminder_values(about, response, (), "skema.xlsx", day(today) if today else None, list(map(day, earlier)))
    assert SHIPPED is not None
    written = fill(SHIPPED, values)
    return f"{written.subject}\n{plain(written)}"


@pytest.mark.parametrize(("today", "sentence"), [
    ("", "Fristen er 11. november 2015."), ("2015-11-10", "Fristen er 11. november 2015."),
    ("2015-11-11", "Fristen er i dag, 11. november 2015."), ("2015-11-12", "Fristen var 11. november 2015."),
    ("2016-01-04", "Fristen var 11. november 2015."),
], ids=["no day is given", "the day before", "the day itself", "the day after", "in the new year"])
def test_the_deadline_is_or_was(today: str, sentence: str) -> None:
    assert sentence in said(today) and said(today).startswith(
        "Påmindelse: svar på 1 mål i årsopfølgningen 2015 (frist 11. november 2015)\n"), "which is true before and after"


def test_a_round_without_a_deadline_says_nothing_of_it() -> None:
    form_has_none = MailRound(ABOUT.agreement, ABOUT.round)
    text = said("2015-11-12", about=form_has_none)
    assert "Fristen var 11. november 2015." in text, "the skema that went out has one all the same"


@pytest.mark.parametrize(("today", "earlier", "subject", "sentence"), [
    ("2015-11-10", ("2015-11-03",), "Anden påmindelse", "Vi skrev også 3. november."),
    ("2015-11-17", ("2015-11-03", "2015-11-10"), "Tredje påmindelse",
     "Dette er tredje gang, vi minder om det; sidst var 10. november."),
    ("2016-01-05", ("2015-12-29",), "Anden påmindelse", "Vi skrev også 29. december 2015."),
    ("2015-11-30", tuple(f"2015-11-{each:02}" for each in range(1, 11)), "11. påmindelse",
     "Dette er 11. gang, vi minder om det; sidst var 10. november."),
], ids=["the second", "the third", "in the new year", "the eleventh"])
def test_a_later_reminder_says_that_it_is(today: str, earlier: tuple[str, ...], subject: str, sentence: str) -> None:
    text = said(today, *earlier)
    assert text.startswith(f"{subject}: svar på 1 mål") and sentence in text


@pytest.mark.parametrize(("lacks", "lines"), [
    ((("status",),) * 2, "- Status mangler ved 2 mål:\n  - M1.1.1\n  - M1.1.2\n\n"),
    ((("status", "result"),) * 4,
     "- Status og resultat mangler ved 4 mål:\n  - M1.1.1\n  - M1.1.2\n  - M1.1.3\n  - M1.1.4\n\n"),
    ((("status", "result"),) * 5,
     "- Status og resultat mangler ved 5 mål: M1.1.1, M1.1.2, M1.1.3, M1.1.4 og M1.1.5\n\n"),
    ((("status",),) * 5 + (("result",),),
     "- Status mangler ved 5 mål: M1.1.1, M1.1.2, M1.1.3, M1.1.4 og M1.1.5\n- Resultat mangler ved 1 mål:\n  - M1.1.6\n\n"),
], ids=["a line for each of two", "and of four", "five are one line", "five that lack the same and one that lacks another"])
def test_five_goals_that_lack_the_same_are_one_line(lacks: tuple[tuple[str, ...], ...], lines: str) -> None:
    assert lines in said("2015-11-10", lacks=lacks)


@pytest.mark.parametrize(("lacks", "sentence"), [
    ((("status",),), "Uden svar står målet som »Mangler svar« i opfølgningen til Kultur og Fritid."),
    ((("status",), ("status",)), "Uden svar står målene som »Mangler svar« i opfølgningen til Kultur og Fritid."),
    ((("result",),), ""),
], ids=["one goal", "two goals", "a goal that has its status"])
def test_it_says_what_happens_otherwise(lacks: tuple[tuple[str, ...], ...], sentence: str) -> None:
    text = said("2015-11-10", lacks=lacks)
    assert sentence in text and ("Uden svar" in text) == bool(sentence)


@pytest.mark.parametrize(("today", "frist"), [("", "11. november 2015"), ("2015-11-11", "11. november 2015"),
                                              ("2015-11-12", "")])
def test_a_mail_that_asks_anew_says_no_deadline_that_has_passed(today: str, frist: str) -> None:
    about = replace(ABOUT, today=day(today) if today else None)
    assert about.values("skema.xlsx")["frist"] == frist
    assert replace(about, deadline=None).values("skema.xlsx", ABOUT.deadline)["frist"] == frist
