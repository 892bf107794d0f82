"""The delivery board: how far every ansvarlig is, with the skema and with each goal, and mails without a workbook."""

from __future__ import annotations

import io
import os
import re
import select
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from conftest import Year
from rich.console import Console

from aftale.followup.build import FollowUp, board_lines, flet_data, follow_up, response_rows
from aftale.followup.draw_xlsx import draw
from aftale.followup.read_back import read_standing
from aftale.followup.who_answered import MOST_LINES, Delivery, board_sentence, open_lines, share_table
from aftale.forms.plan import plan_forms
from aftale.forms.returned import Returned
from aftale.intake.read import read_bytes
from aftale.merge.choices import Choice
from aftale.merge.state import State, line_keys
from aftale.model.agreement import Agreement, AnswerColumn, Goal, Level, Measure, Method, Owner, Round, Status, Value
from aftale.model.answers import Answer
from aftale.model.findings import Severity, kept
from aftale.model.forms import Form
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import IncomingMail
from aftale.model.tables import Table
from aftale.model.workbook import Workbook
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.steps.flet import flet
from aftale.terminal.show import MOST_ROWS, show

NORD, SYD = Owner("Nordteamet", "Nord@Example.dk"), Owner("Sydteamet", "syd@example.dk")
UNMEASURED, AT_LEAST = Measure(), Measure(Method.AT_LEAST, 10.0, unit="kurser")


def goal(number: str, owners: Sequence[Owner], measure: Measure = UNMEASURED, year: int = 2015, sub: str = "") -> Goal:
    texts = ("Synlighed", "Kurser", f"Mål {number[0]}", sub)
    return Goal(f"M1.1.{number}", Level.SUB if sub else Level.EFFECT, texts, {year: None}, measure, owners=tuple(owners))


# 1 is measured; 2 is shared; 3 has the delmål 3.1; 4 is another year's; 5 has no ansvarlig.
GOALS = (goal("1", [NORD], AT_LEAST), goal("2", [NORD, SYD]), goal("3", [SYD]), goal("3.1", [SYD], sub="Delmål"),
         goal("4", [NORD], year=2016), goal("5", []))
AGREEMENT = Agreement("A", "Biblioteket", "KSE", 2015, (2015, 2018), goals=GOALS)
SAID: dict[str, tuple[AnswerColumn, Value]] = {
    "S": (AnswerColumn.STATUS, Status.MET.value), "N": (AnswerColumn.STATUS, Status.NOT_MET.value),
    "R": (AnswerColumn.RESULT, 12.0),
    "B": (AnswerColumn.REMARKS, "Det går godt."), "U": (AnswerColumn.BASELINE, 5.0)}


def forms() -> tuple[Form, ...]:
    return plan_forms(AGREEMENT, Round.AARSOPFOELGNING, date(2015, 11, 11))


def returned(form: Form, text: str, number: int) -> Returned:
    """Make a file of words such as ``Ja 1S 2B løs``: finished, a goal's number with what is said of it, loose text.

    ``1?`` is a status that can't be read, ``1%`` such a result, and ``1*`` something written beside the goal's answers.
    """
    name, words, answers, loose = f"{form.owner.name} {number}.xlsx", text.split(), [], []
    by, done, when = "", "", ""
    for place, word in enumerate(words, 1):
        at = Place(name, "Skema", f"A{place}")
        if word in ("Ja", "Nej"):
            done = word
            loose.append(kept("field", word, at))
        elif word[-1] in "?%":
            code, column = (("status-unknown", AnswerColumn.STATUS) if word[-1] == "?" else
                            ("number-unreadable", AnswerColumn.RESULT))
            loose.append(problem(code, at, value="på vej", goal=f"M1.1.{word[:-1]}").keeping("unread", 1, column.value))
        elif word[-1] == "*":
            loose.append(kept("remark", "Næsten nået", at, goal=f"M1.1.{word[:-1]}"))
        elif word == "løs":
            loose.append(kept("remark", "Vi ringer.", at))
        elif word.startswith("@"):
            by, when = "Vikaren", f"2015-11-{word[1:]}T10:00:00Z"
        elif word != "=":
            column, value = SAID[word[-1]]
            answers.append(Answer(f"M1.1.{word[:-1]}", column, value, None, at))
    return Returned(Source(f"{form.id}{number}", name, when=when), form.id, form.owner.name, by, done, "", tuple(answers),
                    findings=tuple(loose), cells=len(answers) + len(loose), goals=tuple(each.goal for each in form.lines))


def round_of(nord: str = "-", syd: str = "-", letters: Sequence[IncomingMail] = ()) -> FollowUp:
    """Merge files written as ``Ja 1S & 1R`` (two files); ``-`` is none and ``=`` one that is untouched."""
    files = [returned(form, text.strip(), number) for form, texts in zip(forms(), (nord, syd), strict=True)
             for number, text in enumerate(texts.split("&")) if text.strip() != "-"]
    state = State(round=Round.AARSOPFOELGNING, returned=tuple(files), letters=tuple(letters))
    return follow_up(AGREEMENT, state, forms(), date(2015, 1, 1))


def shares(result: FollowUp) -> list[str]:
    """Say the board goal by goal as ``1 Nord partly: status, result``."""
    said = []
    for share in (share for each in result.shares.values() for share in each):
        lacks = f": {', '.join(share.missing)}" if share.missing else ""
        said.append(f"{share.goal[5:]} {share.owner[:4] or '-'} {share.stage.value}{lacks}".replace("Sydt", "Syd"))
    return said


# Nordteamet's files | Sydteamet's files | Nordteamet | Sydteamet
PROGRESS = """
-                  | -                 | not_answered      | not_answered
=                  | -                 | untouched         | not_answered
= & =              | = & 2S            | untouched         | partly
Ja                 | -                 | nothing_to_report | not_answered
Ja 1S              | -                 | done_but_missing  | not_answered
Ja 1S 2S           | -                 | done              | not_answered
Ja 1R 2S           | -                 | done_but_missing  | not_answered
Ja 1B 2B           | -                 | done_but_missing  | not_answered
Ja løs             | -                 | unread            | not_answered
Ja 1? 1% 2?        | -                 | unread            | not_answered
Ja 1% 1S 2S        | -                 | unread            | not_answered
Ja 1* 2*           | -                 | unread            | not_answered
Ja 1S 1R 2* 2S     | -                 | done              | not_answered
Nej 1? 2S          | -                 | unread            | not_answered
Nej 1S 1R 2S       | -                 | answered_not_done | not_answered
Nej 1S 2S          | -                 | partly            | not_answered
Nej 1S & Ja        | -                 | done_but_missing  | not_answered
Ja                 | 2S 3S 3.1S        | nothing_to_report | done
Ja 3.1S 2S         | -                 | done_but_missing  | not_answered
-                  | Ja 3.1S           | not_answered      | done_but_missing
-                  | Ja 2S 3.1S        | not_answered      | done
Nej                | -                 | partly            | not_answered
1S 2S              | -                 | done              | not_answered
1R 2S              | -                 | partly            | not_answered
1S                 | -                 | partly            | not_answered
1B 2B              | -                 | partly            | not_answered
løs                | -                 | unread            | not_answered
= & 1S 2S          | -                 | done              | not_answered
1S & 2S            | -                 | done              | not_answered
1S                 | 2S                | done              | partly
2B                 | 2S 3S 3.1S        | partly            | done
-                  | 2S 3.1S           | not_answered      | done
-                  | 3S                | not_answered      | partly
4S                 | -                 | partly            | not_answered
@05 Ja & @06 Nej   | -                 | partly            | not_answered
@05 Nej 1S & @06 Ja 1S | -             | done_but_missing  | not_answered
@05 Nej 1S 2S & @06 Ja | -             | done              | not_answered
Ja & Nej           | -                 | nothing_to_report | not_answered
"""


@pytest.mark.parametrize("line", PROGRESS.strip().splitlines(), ids=lambda line: " ".join(line.split()))
def test_how_far_an_ansvarlig_is_with_the_skema(line: str) -> None:
    nord, syd, *expected = (part.strip() for part in line.split("|"))
    assert [each.delivery.value for each in round_of(nord, syd).responses] == expected


STAGES = {
    ("-", "-"): """
        1 Nord not_returned: status, result
        2 Nord not_returned: status
        2 Syd not_returned: status
        3 Syd follows_subgoals
        3.1 Syd not_returned: status
        5 - no_owner: status""",
    ("=", "2S 3.1S"): """
        1 Nord missing: status, result
        2 Nord answered_by_other
        2 Syd answered
        3 Syd follows_subgoals
        3.1 Syd answered
        5 - no_owner: status""",
    ("1S 2N", "3B"): """
        1 Nord partly: result
        2 Nord partly: remark
        2 Syd answered_by_other
        3 Syd partly: status
        3.1 Syd missing: status
        5 - no_owner: status""",
    ("1R", "Ja 3S"): """
        1 Nord partly: status
        2 Nord missing: status
        2 Syd missing: status
        3 Syd answered
        3.1 Syd missing: status
        5 - no_owner: status""",
    ("-", "Ja"): """
        1 Nord not_returned: status, result
        2 Nord not_returned: status
        2 Syd nothing_to_report
        3 Syd nothing_to_report
        3.1 Syd nothing_to_report
        5 - no_owner: status""",
    ("Ja", "Ja"): """
        1 Nord nothing_to_report
        2 Nord nothing_to_report
        2 Syd nothing_to_report
        3 Syd nothing_to_report
        3.1 Syd nothing_to_report
        5 - no_owner: status""",
    ("Ja 1? 2S", "2? 3*"): """
        1 Nord unread: status, result
        2 Nord answered
        2 Syd answered_by_other
        3 Syd unread: status
        3.1 Syd missing: status
        5 - no_owner: status""",
    ("Ja 1S 1R", "2N 2B"): """
        1 Nord answered
        2 Nord answered_by_other
        2 Syd answered
        3 Syd follows_subgoals
        3.1 Syd missing: status
        5 - no_owner: status""",
    ("-", "3B 3.1S"): """
        1 Nord not_returned: status, result
        2 Nord not_returned: status
        2 Syd missing: status
        3 Syd answered
        3.1 Syd answered
        5 - no_owner: status""",
    ("2S", "2N"): """
        1 Nord missing: status, result
        2 Nord answered
        2 Syd answered
        3 Syd follows_subgoals
        3.1 Syd missing: status
        5 - no_owner: status""",
}


@pytest.mark.parametrize("answers", ["1U 1N 1R", "1N 1U"], ids=["after Udgangspunkt", "before it"])
def test_what_is_asked_of_a_status_points_at_the_status(answers: str) -> None:
    found = [p for p in round_of(answers).problems if p.code == "remark-missing"]
    assert [p.place.cell for p in found] == [f"A{answers.split().index('1N') + 1}"]


@pytest.mark.parametrize(("files", "expected"), STAGES.items(), ids=lambda value: " + ".join(value)
                         if isinstance(value, tuple) else "")
def test_how_far_each_ansvarlig_is_with_each_goal_of_the_year(files: tuple[str, str], expected: str) -> None:
    assert shares(round_of(*files)) == [line.strip() for line in expected.strip().splitlines()]


# Nordteamet's files | Sydteamet's files | Nordteamet's goals | answered | missing
COUNTS = """
-              | -           | 1 2 |     | 1 2
1S 2S          | -           | 1 2 | 1 2 |
1R 2S          | -           | 1 2 | 2   | 1
Ja 1% 1S 2S    | -           | 1 2 | 2   | 1
Ja 1? 1R 2S    | -           | 1 2 | 2   | 1
1S             | 2S          | 1   | 1   |
-              | 2S          | 1   |     | 1
=              | 2S          | 1   |     | 1
Ja             | -           | 1 2 |     |
"""


@pytest.mark.parametrize("line", COUNTS.strip().splitlines(), ids=lambda line: " ".join(line.split()))
def test_which_goals_are_counted_answered_and_missing(line: str) -> None:
    nord, syd, *expected = (part.strip() for part in line.split("|"))
    found = round_of(nord, syd).responses[0]
    assert [" ".join(goal[5:] for goal in goals) for goals in (found.goals, found.answered, found.missing)] == expected


def test_the_board_in_one_sentence() -> None:
    assert board_sentence(round_of("Ja", "2S").responses) == "2 skemaer: 1 har intet at melde og 1 er delvist besvaret."
    assert board_sentence(round_of("1S 2S", "2S 3S 3.1S").responses) == "2 skemaer: 2 er færdige."
    assert board_sentence(()) == "Der er ingen skemaer i denne runde."


def test_the_screen_lists_the_most_urgent_first_and_what_each_goal_lacks() -> None:
    result = round_of("1S 2N", "-")
    assert response_rows(result) == [("Sydteamet", "Ikke svaret", "0 af 1", "M1.1.3.1"),
                                     ("Nordteamet", "Færdig", "2 af 2", "")]
    assert board_lines(result) == [
        "2 skemaer: 1 er færdigt og 1 er ikke besvaret.", "Det mangler endnu:", "  Nordteamet",
        "    M1.1.1    Resultat                     Mål 1", "    M1.1.2    Bemærkning                   Mål 2",
        "  Hertil 1 mål i 1 skema, der ikke er udfyldt endnu."]
    assert board_lines(round_of("-", "-")) == ["2 skemaer: 2 er ikke besvaret."]


def test_a_long_goal_is_cut_to_the_width_of_the_screen() -> None:
    found = round_of("1S 2N", "-").responses
    lines = list(open_lines(found, {"M1.1.1": "ord " * 50, "M1.1.2": "kort"}, 80))
    assert 76 <= max(map(len, lines)) <= 80 and lines[2].endswith("…")


def test_the_same_in_json() -> None:
    data = flet_data(round_of("1S 2N", "-"), None, ())
    first, second = data["responses"]  # type: ignore[misc]
    assert (first["state"], first["status"]) == ("done", "Færdig")
    assert (second["state"], second["missing"]) == ("not_answered", ["M1.1.3.1"])
    goals = {each["id"]: each["owners"] for each in data["goals"]}  # type: ignore[attr-defined]
    assert goals["M1.1.2"] == [{"owner": "Nordteamet", "state": "partly", "missing": ["remark"]},
                               {"owner": "Sydteamet", "state": "not_returned", "missing": []}]
    assert goals["M1.1.4"] == [], "another year's goal asks nobody"


# ---------------------------------------------------------------- on the sheet

def rows_of(table: Table | None, *keys: str) -> list[tuple[Value, ...]]:
    assert table is not None
    at = [[column.key for column in table.columns].index(key) for key in keys]
    return [tuple(row[place].value for place in at) for row in table.rows]


def test_svaroversigt_holds_both_boards_and_reads_back_as_ours() -> None:
    result = round_of("1S 2N", "-")
    table = result.book.responses
    assert table.intro == "2 skemaer: 1 er færdigt og 1 er ikke besvaret."
    assert rows_of(table, "owner", "status", "missing") == [
        ("Sydteamet", "Ikke svaret", "M1.1.3.1"), ("Nordteamet", "Færdig", "")]
    assert rows_of(table.below, "owner", "goal_id", "status", "lacks")[:3] == [
        ("Nordteamet", "M1.1.1", "Delvist besvaret", "Resultat"), ("Nordteamet", "M1.1.2", "Delvist besvaret", "Bemærkning"),
        ("Sydteamet", "M1.1.2", "Skema ikke returneret", None)]
    assert table.below is not None and table.below.intro.startswith("Fuldt besvaret: 0 af årets 5 mål.")
    data = draw(result.book)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Svaroversigt"]
    assert dict(sheet.tables.items()) == {"Svaroversigt": "A3:J5", "Svar_pr_maal": "A10:E16"}
    link = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "M1.1.1" and cell.hyperlink)
    assert link.hyperlink.location == "'Opfølgning'!A4"


def test_a_word_written_on_the_second_board_is_noticed(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
    out = year.folder / "opfoelgning.xlsx"
    write_all(list(flet(year.agreement, [year.answers], out).files))
    again = flet(year.agreement, [year.answers], out)
    assert again.files == ()
    book = openpyxl.load_workbook(out)
    sheet = book["Svaroversigt"]
    last = sheet.max_row
    sheet.cell(last, 5).value = "ring til dem"
    book.save(out)
    year.fill("Ungeteamet", {"M1.2.1": {"Status": "Opfyldt"}})
    report = flet(year.agreement, [year.answers], out)
    assert any("på arket Svaroversigt" in sentence for sentence in report.said)


def test_a_board_of_many_lines_lists_only_what_is_missing() -> None:
    result = round_of("1S 2S", "-")
    many = {f"{n} {goal_id}": each for n in range(MOST_LINES // 2) for goal_id, each in result.shares.items()}
    verdicts = [v for v in result.goal_results if v.active]
    few = share_table(result.shares, verdicts, {})
    table = share_table(many, verdicts, {})
    assert len(few.rows) == 6 and len(table.rows) == MOST_LINES
    assert all(row[4].value for row in table.rows)
    assert table.intro.endswith("Her står kun de linjer, der mangler noget; 1.000 til står kun i Opfølgning.")


# ---------------------------------------------------------------- mails without a workbook

def letter(sender: str, text: str = "Vi når det hele.", subject: str = "Svar", with_form: bool = False,
           links: tuple[str, ...] = (), attachments: tuple[str, ...] = (), name: str = "svar.eml") -> IncomingMail:
    return IncomingMail(Source(f"{name} {sender}", name, "juni.zip", sender, "2015-11-05T09:30:00Z"), subject, text, links,
                  attachments, with_form, subject.startswith("Automatisk svar"))


# sender | subject | with a skema? | Nordteamet's files | what becomes of Nordteamet | codes
SENDERS = """
nord@example.dk              | Svar                     | nej | -     | without_form      | answered-by-mail
NORD@EXAMPLE.DK              | Svar                     | nej | =     | without_form      | answered-by-mail
Nord <nord@example.dk>       | Svar                     | nej | -     | without_form      | answered-by-mail
nord@example.dk              | Svar                     | nej | 1S    | partly            | answered-by-mail
nord@example.dk              | Svar                     | nej | Ja    | nothing_to_report | answered-by-mail
nord@example.dk              | Svar                     | ja  | -     | not_answered      |
nord@example.dk              | Automatisk svar: Skema   | nej | -     | not_answered      | mail-auto-reply
ukendt@example.dk            | Svar                     | nej | -     | not_answered      | mail-from-unknown
                             | Svar                     | nej | -     | not_answered      | mail-from-unknown
"""


@pytest.mark.parametrize("line", SENDERS.strip("\n").splitlines(), ids=lambda line: " ".join(line.split()))
def test_a_mail_without_a_skema_is_an_answer_of_its_sender(line: str) -> None:
    sender, subject, with_form, nord, expected, codes = (part.strip() for part in line.split("|"))
    result = round_of(nord, "-", [letter(sender, subject=subject, with_form=with_form == "ja")])
    assert result.responses[0].delivery.value == expected
    assert [p.code for p in result.problems if "mail" in p.code] == codes.split()
    assert all((p.level is Severity.QUESTION) is (p.code != "mail-auto-reply") for p in result.problems if "mail" in p.code)
    assert result.books.total == round_of(nord, "-").books.total, "a mail has no cells"


def test_several_ansvarlige_may_share_an_address() -> None:
    both = [Form(**{**vars(form), "owner": Owner(form.owner.name, "faelles@example.dk")}) for form in forms()]
    state = State(round=Round.AARSOPFOELGNING, letters=(letter("faelles@example.dk"),))
    result = follow_up(AGREEMENT, state, both, date(2015, 1, 1))
    assert {each.delivery for each in result.responses} == {Delivery.WITHOUT_FORM}
    (found,) = (p for p in result.problems if p.code == "answered-by-mail")
    assert found.message == "Nordteamet og Sydteamet har skrevet en mail uden skema."
    assert str(found.place) == "juni.zip > svar.eml"


@pytest.mark.parametrize(("nord", "delivery", "lacks"), [
    ("-", "answered_by_mail", []), ("=", "answered_by_mail", []), ("1S", "answered_by_mail", []),
    ("Ja 1S", "answered_by_mail", []), ("1S 1R 2S", "done", []), ("1? 2S", "unread", ["1 Nord unread: status, result"])])
def test_a_mail_that_the_coordinator_takes_as_the_answer_settles_what_is_left(nord: str, delivery: str,
                                                                              lacks: list[str]) -> None:
    before = round_of(nord, "-", [letter("nord@example.dk")])
    (line,) = (each for each in before.problems if each.code == "answered-by-mail")
    chosen = replace(before.state, control={line_keys(before.state).found(line): Choice("Gælder som svar")})
    result = follow_up(AGREEMENT, chosen, forms(), date(2015, 1, 1))
    assert result.responses[0].delivery.value == delivery
    assert "finished-but-missing" not in {p.code for p in result.problems}
    assert [each for each in shares(result) if "Nord" in each and ":" in each] == lacks
    assert ("2 Syd not_returned: status" in shares(result)) is ("2S" not in nord), "a mail answers for its sender alone"


def test_a_mail_from_another_address_can_be_the_answer_of_whose_empty_skema_lay_in_it() -> None:
    mail = letter("privat@example.dk", with_form=True)
    empty = returned(forms()[0], "=", 0)
    empty = replace(empty, source=replace(empty.source, container=mail.source.name))
    state = State(round=Round.AARSOPFOELGNING, returned=(empty,), letters=(mail,))
    asked = follow_up(AGREEMENT, state, forms(), date(2015, 1, 1)).problems
    (line,) = (each for each in asked if each.code == "mail-says-more")
    chosen = replace(state, control={line_keys(state).found(line): Choice("Gælder som svar")})
    result = follow_up(AGREEMENT, chosen, forms(), date(2015, 1, 1))
    assert [each.delivery.value for each in result.responses] == ["answered_by_mail", "not_answered"]
    assert shares(result)[:3] == ["1 Nord answered_by_mail", "2 Nord answered_by_mail", "2 Syd not_returned: status"]


def test_an_unknown_sender_is_named_and_goals_are_shown_as_answered_by_mail() -> None:
    result = round_of("-", "-", [letter("ukendt@example.dk"), letter("nord@example.dk", name="to.eml")])
    (found,) = (p for p in result.problems if p.code == "mail-from-unknown")
    assert "ukendt@example.dk" in found.message
    assert shares(result)[:3] == ["1 Nord without_form: status, result", "2 Nord without_form: status",
                                  "2 Syd not_returned: status"]
    assert response_rows(result)[1][:2] == ("Nordteamet", "Har skrevet en mail uden skema")


def control(result: FollowUp) -> list[tuple[Value, ...]]:
    whole = "whole" if any(column.key == "whole" for column in result.book.control.columns) else "text"
    return [row for row in rows_of(result.book.control, "level", "kind", "what", whole, "advice", "file", "cells")
            if str(row[1]).startswith("Mail")]


def test_kontrol_shows_what_the_mail_says_as_plain_text() -> None:
    mail = letter("nord@example.dk", "Mål 1 er nået:\r\n=1+1", links=("https://example.dk/tal", "=HYPERLINK(1)"),
                  attachments=("notat.pdf", "billede.png"))
    result = round_of("-", "-", [mail])
    (row,) = control(result)
    assert row == ("Åben", "Mail uden skema", "Nordteamet har skrevet en mail uden skema.",
                   "Emne: Svar\n\nMål 1 er nået:\n=1+1\n\nLinks:\nhttps://example.dk/tal\n=HYPERLINK(1)\n\n"
                   "Vedhæftet: notat.pdf, billede.png",
                   "Læs mailen på arket Kontrol, og skriv svarene på arket Opfølgning. Er den hele svaret, så vælg »Gælder"
                   " som svar« dér; ellers kan »aftale paamind« minde om resten.", "svar.eml", None)
    sheet = openpyxl.load_workbook(io.BytesIO(draw(result.book)))["Kontrol"]
    assert all(cell.hyperlink is None and cell.data_type != "f" for line in sheet.iter_rows(3) for cell in line)


def test_a_mail_that_begins_like_a_formula_stays_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(draw(round_of("-", "-", [
        letter("nord@example.dk", "=1+1", "", attachments=("=a.pdf",))]).book)))["Kontrol"]
    (cell,) = (cell for line in sheet.iter_rows() for cell in line if str(cell.value).startswith("=1+1"))
    assert (cell.value, cell.data_type) == ("=1+1\n\nVedhæftet: =a.pdf", "s")


def test_a_long_mail_stands_on_several_lines_in_order() -> None:
    text = "".join(f"{number:06d}\n" for number in range(15_000))
    rows = control(round_of("-", "-", [letter("nord@example.dk", text)]))
    assert len(rows) == 4 and all(len(str(row[3])) <= 32_767 for row in rows)
    assert "".join(str(row[3]) for row in rows) == f"Emne: Svar\n\n{text}".strip()


@pytest.mark.parametrize(("text", "attachments", "lines"), [
    ("Bemærk venligst M1.1.1.", (), 1), ("", (), 0), (" \n ", (), 0), ("", ("bilag.pdf",), 1)])
def test_the_text_of_a_mail_with_a_skema_is_an_information(text: str, attachments: tuple[str, ...], lines: int) -> None:
    rows = control(round_of("1S", "-", [letter("nord@example.dk", text, with_form=True, attachments=attachments)]))
    assert [row[:2] for row in rows] == [("Til orientering", "Mail med skema")] * lines


@pytest.mark.parametrize(("text", "asks"), [
    ("Tæller skolekoncerter med?", True), ("Hej\n\nTæller skolekoncerter med? \n\nVenlig hilsen\nNordteamet", True),
    ("Skemaet er vedhæftet.", False), ("Her er det.\n\nDen 3. nov. 2015 skrev koordinatoren:\nHvornår kommer det?", False),
    ("Her er det.\n> Hvornår kommer det?", False), ("Her er det.\n\nFra: Koordinator\nKommer det snart?", False)],
    ids=["a question", "with a greeting", "none", "quoted", "quoted with >", "quoted as Outlook does"])
def test_a_question_in_a_mail_with_a_skema_is_a_question(text: str, asks: bool) -> None:
    result = round_of("1S", "-", [letter("nord@example.dk", text, with_form=True)])
    (row,) = control(result)
    assert row[:2] == ("Åben" if asks else "Til orientering", "Mail med skema") and text in str(row[3])
    assert [p.code for p in result.problems if p.code.startswith("mail-")] == (["mail-asks"] if asks else [])


def test_kilder_has_a_line_for_every_mail() -> None:
    result = round_of("1S", "-", [letter("nord@example.dk", with_form=True, name="a.eml"), letter("x@example.dk")])
    rows = rows_of(result.book.sources, "number", "file", "container", "owner", "when", "sender", "verdict", "cells")
    assert rows[1:] == [
        (2.0, "a.eml", "juni.zip", "Nordteamet", "05-11-2015 09:30", "nord@example.dk", "Mail med skema", 0.0),
        (3.0, "svar.eml", "juni.zip", None, "05-11-2015 09:30", "x@example.dk", "Mail uden skema", 0.0)]


def test_the_order_of_the_mails_does_not_matter_and_the_workbook_reads_back_as_ours() -> None:
    mails = [letter("nord@example.dk", "a\x0bb\x01 \u2028 ", links=("https://example.dk/?a=1&b",)),
             letter("x@example.dk", "tekst " * 9_000, name="b.eml")]
    data = draw(round_of("1S", "-", mails).book)
    assert data == draw(round_of("1S", "-", mails[::-1]).book)
    book = read_bytes(data, "opfoelgning.xlsx")
    assert isinstance(book, Workbook)
    standing = read_standing(book, AGREEMENT)
    assert standing is not None
    assert all("»Overblik«" in each for each in standing.lost), "its hash is given by the disk alone"


# ---------------------------------------------------------------- on a terminal

@pytest.mark.parametrize(("most", "shown"), [(12, MOST_ROWS), (None, 1_000)], ids=["short", "--alle"])
def test_a_thousand_colleagues_do_not_flood_the_screen(most: int | None, shown: int) -> None:
    names = [f"Team {number:04d}" for number in range(1_000)]
    report = Report((), table=[(name, "Ikke svaret", "0 af 5", "M1.1.1") for name in names],
                    after=["1.000 skemaer", *(f"  om {name}" for name in names[1:])])
    target = io.StringIO()
    show(report, Console(file=target, width=200), ("Ansvarlig", "Svar", "Besvaret", "Mangler svar på"), most)
    text = target.getvalue()
    assert text.count("Ikke svaret") == shown and text.count("  om ") == shown - 1
    assert text.count("980 til (vis dem med --alle)") == (2 if most else 0)


def at_a_terminal(args: Sequence[str], folder: Path, columns: int) -> list[str]:
    """Run the program on a terminal of so many columns and return its lines without the colours."""
    import pty
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm", "PYTHONUTF8": "1"}
    with subprocess.Popen([sys.executable, "-m", "aftale", *args], cwd=folder, stdout=theirs, stderr=theirs, env=env):
        os.close(theirs)
        text = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # Linux says so when the program has ended
                break
            if not piece:
                break
            text += piece
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", text.decode()).split("\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_the_board_fits_a_screen_of_eighty_columns(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Ikke opfyldt"}})
    lines = at_a_terminal(["indlaes", "aftale.xlsx", "svar"], year.folder, 80)
    top = next(n for n, line in enumerate(lines) if line.startswith("Ansvarlig"))
    end = next(n for n, line in enumerate(lines) if "der ikke er udfyldt endnu" in line)
    board = lines[top:end + 1]
    assert max(len(line.rstrip()) for line in board) <= 80
    assert any(re.match(r"    M2\.1\.1 +Bemærkning +\S", line) for line in board)
    assert any(re.match(r"Formidlingsteamet +Ikke svaret +0 af 5 +\S", line) for line in board)
