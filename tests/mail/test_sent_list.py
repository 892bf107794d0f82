"""The list of what was made and sent: who was reminded, when and how often, and what a list may look like."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from mail_server import SERIES, mail, mailing

from aftale.mail.sent_list import SENT_LIST, Reminded, SentList, State, note_made, reminders, told
from aftale.model.mail import Mailing, MailKind
from aftale.terminal.today import TODAY, now, today

ONE, TWO = "S-1111-AAAA", "S-2222-BBBB"
FORDEL = "fordel aftale-1 2015 midtvejs"


def line(day: int, form: str = ONE, state: str = "lavet", series: str = SERIES, to: str = "a@example.dk") -> str:
    return json.dumps({"tid": f"2015-11-{day:02}T09:00:00+01:00", "serie": series, "mail": f"{series} {form}", "til": to,
                       "tilstand": state})


def made(*days: int) -> tuple[Reminded, ...]:
    return tuple(Reminded(date(2015, 11, day), False) for day in days)


@pytest.mark.parametrize(("lines", "found"), [
    pytest.param([], {}, id="nobody was reminded"),
    pytest.param([line(3)], {ONE: made(3)}, id="once, by a draft"),
    pytest.param([line(10), line(3)], {ONE: made(3, 10)}, id="twice, the first day first"),
    pytest.param([line(3), line(3)], {ONE: made(3)}, id="twice on one day is once"),
    pytest.param([line(3), line(3, to="b@example.dk")], {ONE: made(3)}, id="two addresses of one skema are one reminder"),
    pytest.param([line(3), line(4, TWO)], {ONE: made(3), TWO: made(4)}, id="two ansvarlige"),
    pytest.param([line(3, state="uafklaret"), line(3, state="sendt")], {ONE: (Reminded(date(2015, 11, 3), True),)},
                 id="sent by the program"),
    pytest.param([line(3), line(3, state="sendt")], {ONE: (Reminded(date(2015, 11, 3), True),)},
                 id="drafted and then sent on one day"),
    pytest.param([line(3, state="uafklaret")], {}, id="it is uncertain whether it was sent"),
    pytest.param([line(3, state="uafklaret"), line(3, state="afvist")], {}, id="refused by the server"),
    pytest.param([line(3, state="mangler")], {}, id="put off"),
    pytest.param([line(3, series=FORDEL)], {}, id="the mail with the skema is no reminder"),
    pytest.param([line(3), '{"tid": "2015-', "ødelagt", line(10)], {ONE: made(3, 10)}, id="lines that can't be read"),
    pytest.param(["", line(3) + "\r"], {ONE: made(3)}, id="saved again by Notepad"),
])
def test_who_was_reminded_when_and_how_often(lines: list[str], found: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / SENT_LIST).write_text("\n".join(lines), encoding="utf-8-sig")
    assert reminders(tmp_path) == found


def test_where_no_list_is_nobody_was_reminded(tmp_path: Path) -> None:
    assert reminders(tmp_path / "breve") == {} and told(tmp_path) == ()


def at(day: int) -> datetime:
    return datetime(2015, 11, day, 9, tzinfo=UTC)


def noted(folder: Path) -> list[tuple[str, int]]:
    return [(each.mail, each.day.day) for each in told(folder)]


def test_a_reminder_is_noted_once_a_day_that_it_is_made(tmp_path: Path) -> None:
    mails = mailing(mail("en"), mail("to"))
    note_made(tmp_path, mails, {"kladde_en", "kladde_to"}, at(3))
    before = (tmp_path / SENT_LIST).read_bytes()
    note_made(tmp_path, mails, {"kladde_en"}, at(3))
    assert (tmp_path / SENT_LIST).read_bytes() == before, "twice on one day is once"
    note_made(tmp_path, mails, (), at(10))
    assert noted(tmp_path) == [("en", 3), ("to", 3), ("en", 10), ("to", 10)]


def test_another_draft_is_noted_when_it_is_written_and_not_when_it_stands_there_already(tmp_path: Path) -> None:
    mails = Mailing(MailKind.FORDEL, FORDEL, "", (mail("en"), mail("to")))
    note_made(tmp_path, mails, {"kladde_en"}, at(3))
    note_made(tmp_path, mails, {"kladde_to"}, at(4))
    note_made(tmp_path, mails, (), at(5))
    assert noted(tmp_path) == [("en", 3), ("to", 4)]


def test_a_draft_says_nothing_of_what_was_sent(tmp_path: Path) -> None:
    """Made again after it was sent, it is still sent, and never goes out twice unasked."""
    sent = SentList(tmp_path, SERIES)
    sent.note({("en", "en@example.dk"): State.SENT})
    note_made(tmp_path, mailing(mail("en"), mail("to")), (), at(3))
    assert {pair: each.state for pair, each in SentList(tmp_path, SERIES).noted.items()} == {
        ("en", "en@example.dk"): State.SENT}


@pytest.mark.parametrize(("said", "day"), [("2015-11-12", date(2015, 11, 12)), (" 2016-02-29 ", date(2016, 2, 29))])
def test_the_day_can_be_another_than_the_clocks(said: str, day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TODAY, said)
    assert today() == day and now().tzinfo is not None


@pytest.mark.parametrize("said", ["", "i går", "12-11-2015"])
def test_what_is_no_day_leaves_it_the_clocks(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TODAY, said)
    assert abs((today() - date.today()).days) <= 1
