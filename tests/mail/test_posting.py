"""Sending a round of mails: each once to everybody, whatever the server does and whenever the run is killed."""

from __future__ import annotations

import io
import json
import os
import smtplib
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from mail_server import (
    DROP_AFTER_END,
    DROP_IN_BODY,
    LONG,
    SENDER,
    SERIES,
    SILENT,
    SILENT_AFTER_END,
    TAKE_AND_DROP,
    WORKBOOK,
    Certificates,
    MailServer,
    certificates,
    mail,
    mailing,
    many,
)

from aftale.commands.smtp_options import PASSWORD as VARIABLE
from aftale.commands.smtp_options import password, posting_from
from aftale.mail.post import HEADERS, Posting, post
from aftale.mail.sent_list import JOURNAL, held
from aftale.mail.smtp import Line, Patience, Relay, Security
from aftale.mail.smtp_plan import Entry, Reply, What, decide, plan
from aftale.model.mail import Address, Mailing
from aftale.model.problems import Severity
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import CannotWrite

KODE = "hemmelig-kode-17"
DAY = "2015-06-12T10:05:00+02:00"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("rod"))


@pytest.fixture(autouse=True)
def trusts(trusted: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.file))
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def server(trusted: Certificates) -> Iterator[MailServer]:
    with MailServer("starttls", trusted.context(), {"bruger": KODE}) as made:
        yield made


class Round:
    """A round of mails, and the folder that its journal lies in."""

    def __init__(self, server: MailServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.waited: list[float] = []

    def send(self, mails: Mailing, patience: Patience = LONG, pauses: tuple[float, ...] = (), relay: Relay | None = None,
             wait: Callable[[float], None] | None = None, **given: Any) -> Report:
        posting = Posting(relay or self.server.relay("bruger"), patience=patience, **given)
        return post(mails, posting, self.folder, lambda: KODE, pauses, wait or self.waited.append)

    @property
    def journal(self) -> list[dict[str, Any]]:
        lines = (self.folder / JOURNAL).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.endswith("}")]

    @property
    def noted(self) -> list[str]:
        return [line["hvad"] for line in self.journal]


@pytest.fixture
def round_(server: MailServer, tmp_path: Path) -> Round:
    return Round(server, tmp_path / "breve")


def codes(report: Report) -> list[str]:
    return [found.code for found in report.problems]


def once(*names: str) -> Counter[str]:
    return Counter({f"{name}@example.dk": 1 for name in names})


# ---------------------------------------------------------------- what is planned

def lines(*told: str, series: str = SERIES) -> list[Entry]:
    """Read a journal as a test writes it: ``begyndt 1 a b``, ``sendt 1 a``, ``afsluttet 1``; a goes to a@example.dk."""
    made = []
    for text in told:
        what, number, *keys = text.split()
        pairs = tuple((key, f"{key}@example.dk") for key in keys)
        begun = What(what) in (What.BEGUN, What.RESUMED)
        reply, keys = (keys[-1], keys[:-1]) if What(what) is What.DECIDED else ("", keys)
        made += [Entry(What(what), series, int(number), time=DAY, pairs=pairs if begun else ())] if begun or not keys else [
            Entry(What(what), series, int(number), key, (f"{key}@example.dk",), reply, time=DAY) for key in keys]
    return made


WHOLE = ("begyndt 1 a b", "afslutter 1 a", "sendt 1 a", "afslutter 1 b", "sendt 1 b", "afsluttet 1")
HALF = WHOLE[:3]


@pytest.mark.parametrize(("told", "again", "number", "continued", "to_send", "before", "doubts"), [
    # nothing has happened
    ((), False, 1, False, "a b", "", ""),
    ((), True, 1, False, "a b", "", ""),
    # all is sent
    (WHOLE, False, 2, False, "", "a b", ""),
    (WHOLE, True, 2, False, "a b", "", ""),
    (WHOLE[:-1], False, 2, False, "", "a b", ""),
    (WHOLE[:-1], True, 2, False, "a b", "", ""),
    # broken off before, between and within mails
    (WHOLE[:1], False, 1, True, "a b", "", ""),
    (HALF, False, 1, True, "b", "a", ""),
    (HALF, True, 1, True, "b", "a", ""),
    (WHOLE[:2], False, 1, True, "b", "", "a"),
    (WHOLE[:2], True, 1, True, "b", "", "a"),
    (WHOLE[:4], False, 1, True, "", "a", "b"),
    (WHOLE[:4], True, 1, True, "", "a", "b"),
    # in doubt, and decided
    ((*WHOLE[:4], "afgjort 1 b sendt"), False, 2, False, "", "a b", ""),
    ((*WHOLE[:4], "afgjort 1 b sendt"), True, 2, False, "a b", "", ""),
    ((*WHOLE[:4], "afgjort 1 b ikke"), False, 1, True, "b", "a", ""),
    ((*WHOLE[:4], "afgjort 1 b ikke", "genoptaget 1 b", "afslutter 1 b"), False, 1, True, "", "a", "b"),
    # put off and refused
    ((*HALF, "udsat 1 b"), False, 1, True, "b", "a", ""),
    ((*HALF, "afslutter 1 b", "udsat 1 b"), False, 1, True, "b", "a", ""),
    ((*HALF, "afvist 1 b"), False, 2, False, "b", "a", ""),
    ((*HALF, "afvist 1 b", "afsluttet 1"), False, 2, False, "b", "a", ""),
    ((*HALF, "afvist 1 b", "afsluttet 1"), True, 2, False, "a b", "", ""),
    # a new ansvarlig; one that is no longer there
    (("begyndt 1 a", "afslutter 1 a", "sendt 1 a", "afsluttet 1"), False, 2, False, "b", "a", ""),
    (("begyndt 1 a", "afslutter 1 a"), False, 1, True, "b", "", "a"),
    (("begyndt 1 a b x", "afslutter 1 a", "sendt 1 a", "afslutter 1 b", "sendt 1 b"), False, 2, False, "", "a b", ""),
    (("begyndt 1 a b x", "sendt 1 a", "sendt 1 b", "afslutter 1 x"), False, 1, True, "", "a b", "x"),
    # all once more, broken off: what the first time sent doesn't count in it
    ((*WHOLE, "begyndt 2 a b", "afslutter 2 a", "sendt 2 a"), False, 2, True, "b", "a", ""),
    ((*WHOLE, "begyndt 2 a b", "afslutter 2 a", "sendt 2 a"), True, 2, True, "b", "a", ""),
    ((*WHOLE, "begyndt 2 a b"), False, 2, True, "a b", "", ""),
    # a second round for one who was forgotten, broken off: the others aren't in it
    (("begyndt 1 a", "sendt 1 a", "afsluttet 1", "begyndt 2 b"), True, 2, True, "b", "a", ""),
])
def test_what_is_sent_next(told: tuple[str, ...], again: bool, number: int, continued: bool, to_send: str, before: str,
                           doubts: str) -> None:
    made = plan(lines(*told), mailing(mail("a"), mail("b")), again)
    assert (made.round, made.continued) == (number, continued)
    assert " ".join(task.mail.key for task in made.tasks) == to_send
    assert " ".join(each.mail.key for each in made.before) == before
    assert " ".join(each.key for each in made.doubts) == doubts
    assert all(each.when == DAY for each in (*made.before, *made.doubts))


def test_another_series_in_the_same_journal_is_another_matter() -> None:
    assert len(plan(lines(*WHOLE, series="fordel"), many(2)).pairs) == 2


def test_of_several_recipients_only_those_who_lack_the_mail_get_it() -> None:
    told = [Entry(What.BEGUN, SERIES, 1, pairs=(("m", "a@x.dk"), ("m", "b@x.dk"))),
            Entry(What.SENT, SERIES, 1, "m", ("A@x.dk",), time=DAY), Entry(What.REFUSED, SERIES, 1, "m", ("b@x.dk",)),
            Entry(What.CLOSED, SERIES, 1)]
    made = plan(told, mailing(mail("m", "a@X.dk", "ny@x.dk", "NY@x.dk")))
    assert made.pairs == (("m", "ny@x.dk"),), "a capital letter is no new person, and nobody is two"


def test_every_state_a_journal_can_be_in_sends_nothing_twice_and_leaves_nobody_out() -> None:
    """Cut off after every line, and gone on with: each mail has come exactly once where nothing is in doubt."""
    story = lines("begyndt 1 a b c", "afslutter 1 a", "sendt 1 a", "afslutter 1 b", "udsat 1 b", "afvist 1 c",
                  "genoptaget 1 b c", "afslutter 1 b", "sendt 1 b", "afslutter 1 c", "sendt 1 c", "afsluttet 1")
    mails = mailing(mail("a"), mail("b"), mail("c"))
    for length in range(len(story) + 1):
        made = plan(story[:length], mails)
        sent = [entry.mail for entry in story[:length] if entry.what is What.SENT]
        sent += [key for key, _ in made.pairs] + [each.key for each in made.doubts]
        assert sorted(sent) == ["a", "b", "c"], length
        settled = [*story[:length], *decide(made.doubts, "sendt", SERIES, made.round)]
        assert plan(settled, mails).doubts == ()


# ---------------------------------------------------------------- an ordinary day

def test_every_mail_arrives_once_and_that_is_written_down(round_: Round, server: MailServer) -> None:
    report = round_.send(many(11))
    assert report.said == ("11 mails sendt.",) and report.exit_code == 0 and not report.problems
    assert server.got == once(*(f"m{number}" for number in range(1, 12)))
    assert [[part.get_content() for part in each.read.iter_attachments()] for each in server.received] == [[WORKBOOK]] * 11
    assert len({each.read["Message-ID"] for each in server.received}) == 11
    assert all(parsedate_to_datetime(str(each.read["Date"])).tzinfo for each in server.received)
    assert round_.noted == ["begyndt", *["afslutter", "sendt"] * 11, "afsluttet"]
    assert [row[-1] for row in report.table] == ["sendt"] * 11 and all(len(row) == len(HEADERS) for row in report.table)
    assert server.connections == 1
    assert set(os.listdir(round_.folder)) <= {JOURNAL, f"{JOURNAL}.lock"}


def test_the_journal_is_in_danish_and_holds_no_password_no_subject_and_no_text(round_: Round) -> None:
    round_.send(many(2))
    text = (round_.folder / JOURNAL).read_text(encoding="utf-8")
    assert not [word for word in (KODE, "årets", "Skema", "kollega", "Hilsen") if word in text]
    told = round_.journal[2]
    assert list(told) == ["tid", "hvad", "serie", "omgang", "mail", "til", "svar"]
    assert told["svar"] == "250 2.0.0 taget" and told["til"] == ["m1@example.dk"] and told["tid"][19] in "+-"


def test_what_was_sent_isn_t_sent_again_and_the_date_and_the_way_on_are_told(round_: Round, server: MailServer) -> None:
    round_.send(many(2))
    asked: list[str] = []
    report = post(many(2), Posting(server.relay("bruger")), round_.folder, lambda: asked.append("kode") or "")
    assert report.exit_code == 3 and not asked and server.connections == 1
    assert report.said[0].startswith("Påmindelser i midtvejsopfølgningen 2015: sendt den ")
    assert "Intet er sendt igen. Skal de sendes igen, så brug --igen." in report.said[0]
    assert server.got == once("m1", "m2")


def test_all_are_sent_again_when_that_is_asked_for(round_: Round, server: MailServer) -> None:
    round_.send(many(2))
    assert round_.send(many(2), again=True).exit_code == 0
    assert set(server.got.values()) == {2}
    assert [line["omgang"] for line in round_.journal if line["hvad"] == "begyndt"] == [1, 2]


def test_a_new_ansvarlig_gets_the_mail_and_the_others_are_named_with_the_date(round_: Round, server: MailServer) -> None:
    round_.send(many(2))
    report = round_.send(many(3))
    assert report.said == ("1 mail sendt.",) and codes(report) == ["sent-before"] and report.exit_code == 0
    assert "m1@example.dk og m2@example.dk" in report.problems[0].message and "--igen" in report.problems[0].advice
    assert server.got == once("m1", "m2", "m3")


def test_the_sender_may_be_another(round_: Round, server: MailServer) -> None:
    round_.send(many(1), sender_given="Bo <bo@rødovre.dk>")
    server.wait_until_idle()
    assert server.received[0].sender == "bo@xn--rdovre-bya.dk"
    assert server.received[0].read["From"].addresses[0].display_name == "Bo"


@pytest.mark.parametrize(("given", "known", "named"), [
    ("", None, "--fra"), ("bruger", SENDER, "«bruger»"), ("a@b.dk; c@d.dk", SENDER, "--fra"),
    ("bø@rn.dk", SENDER, "«bø@rn.dk»")])
def test_without_a_sender_nothing_begins(round_: Round, server: MailServer, given: str, known: Address | None,
                                         named: str) -> None:
    with pytest.raises(CannotDo, match="Intet er sendt") as caught:
        round_.send(mailing(mail("a"), sender=known), sender_given=given)
    assert named in str(caught.value) and caught.value.code == 2 and server.connections == 0
    assert not round_.folder.exists()


def test_no_mails_is_no_failure(round_: Round) -> None:
    report = round_.send(mailing())
    assert report.exit_code == 0 and report.said == ("Der er ikke flere mails at sende.",)


def test_progress_is_told_from_the_first_to_the_last(round_: Round, server: MailServer) -> None:
    seen: list[tuple[int, int]] = []
    post(many(3), Posting(server.relay("bruger"), patience=LONG), round_.folder, lambda: KODE,
         progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


# ---------------------------------------------------------------- a dry run

def test_a_dry_run_shows_who_would_get_what_and_touches_nothing(round_: Round, server: MailServer) -> None:
    def asked() -> str:
        raise AssertionError("a password in a dry run")

    report = post(many(2), Posting(server.relay("bruger"), dry=True), round_.folder, asked)
    assert not round_.folder.exists() and server.connections == 0
    assert report.closing == "Prøve: intet er sendt." and report.exit_code == 0
    assert report.table[0] == ("m1@example.dk", "Skema til m1 – årets mål", "skema_m1.xlsx (10 kB)", "ville blive sendt")
    assert "2 mails ville blive sendt fra koordinator@bibliotek.example.dk" in report.said[0]


def test_a_dry_run_tells_what_was_sent_before_and_what_is_in_doubt(round_: Round, server: MailServer) -> None:
    server.habits.bodies += ["250 ok", DROP_AFTER_END]
    round_.send(many(2))
    before = (round_.folder / JOURNAL).read_bytes()
    report = round_.send(many(3), dry=True)
    assert [row[-1].split(":")[0] for row in report.table] == ["sendt før", "uafklaret", "ville blive sendt"]
    assert codes(report) == ["mail-in-doubt"]
    report = round_.send(many(3), dry=True, unsure="ikke")
    assert [row[-1].split(":")[0] for row in report.table] == ["sendt før", "ville blive sendt", "ville blive sendt"]
    assert (round_.folder / JOURNAL).read_bytes() == before


# ---------------------------------------------------------------- servers that say no

@pytest.mark.parametrize(("said", "code", "level"), [
    ("550 5.1.1 kender vi ikke", "mail-unknown", Severity.ERROR), ("552 5.2.2 fuld", "mail-full", Severity.ERROR),
    ("554 5.7.1 relay access denied", "mail-not-allowed", Severity.ERROR), ("554 nej", "mail-refused", Severity.ERROR)])
def test_one_refused_of_several_is_named_and_the_next_run_sends_to_that_one_alone(
        round_: Round, server: MailServer, said: str, code: str, level: Severity) -> None:
    server.habits.recipients["b@example.dk"] = [said]
    mails = mailing(mail("m", "a@example.dk", "b@example.dk", "c@example.dk"), mail("n"))
    report = round_.send(mails)
    assert codes(report) == [code] and report.exit_code == 1 and report.problems[0].level is level
    assert "b@example.dk" in report.problems[0].message and said in report.problems[0].message
    assert round_.noted[-1] == "afsluttet" and [row[-1] for row in report.table] == ["sendt", "afvist", "sendt", "sendt"]

    corrected = mailing(mail("m", "a@example.dk", "rettet@example.dk", "c@example.dk"), mail("n"))
    assert round_.send(corrected).exit_code == 0
    assert server.got == once("a", "c", "n", "rettet")
    assert server.asked == Counter(f"{name}@example.dk" for name in ("a", "b", "c", "n", "rettet"))


def test_the_same_address_is_tried_again_in_a_run_of_its_own(round_: Round, server: MailServer) -> None:
    server.habits.recipients["m1@example.dk"] = ["552 5.2.2 fuld"]
    assert round_.send(many(2)).exit_code == 1
    assert round_.send(many(2)).said[0] == "1 mail sendt."
    assert server.got == once("m1", "m2")


def test_a_mail_that_is_too_big_is_said_to_be(round_: Round, server: MailServer) -> None:
    server.habits.biggest = 100_000
    report = round_.send(mailing(mail("lille"), mail("stor", data=WORKBOOK * 20)))
    assert codes(report) == ["mail-too-big"] and server.got == once("lille")
    assert report.said == ("1 mail sendt.",)


def test_where_the_only_mail_is_refused_the_work_isn_t_done(round_: Round, server: MailServer) -> None:
    server.habits.bodies += ["554 5.7.1 spam"]
    report = round_.send(many(1))
    assert codes(report) == ["mail-not-allowed"] and report.exit_code == 3 and round_.noted[-1] == "afsluttet"


@pytest.mark.parametrize(("said", "code"), [
    ("553 5.7.1 ikke din adresse", "sender-refused"), ("530 5.7.0 log in", "relay-login-needed")])
def test_a_no_that_holds_for_all_mails_is_asked_for_once(round_: Round, server: MailServer, said: str, code: str) -> None:
    server.habits.senders += [said]
    report = round_.send(many(5))
    assert codes(report) == [code] and report.exit_code == 3 and said in report.problems[0].message
    assert server.got == {} and len(server.asked) == 0 and round_.waited == []
    assert report.said[-1] == "4 mails mangler at blive sendt."
    assert round_.send(many(5), sender_given="anden@example.dk").exit_code == 0
    assert server.got == once("m1", "m2", "m3", "m4", "m5")


def test_greylisted_mails_go_after_the_others_and_once(round_: Round, server: MailServer) -> None:
    server.habits.recipients = {"m1@example.dk": ["450 4.2.0 senere"], "m2@example.dk": ["450 4.2.0 senere"] * 3}
    report = round_.send(many(3), pauses=(5, 20, 60))
    assert report.exit_code == 0 and report.said == ("3 mails sendt.",) and not report.problems
    assert server.got == once("m1", "m2", "m3") and round_.noted[-1] == "afsluttet"
    assert round_.waited == [5], "it waits only where trying at once helped nobody"


@pytest.mark.parametrize(("said", "code"), [
    ("450 4.2.0 senere", "mail-later"), ("452 4.2.2 fuld", "mail-full-now"), ("452 4.3.1 ingen plads", "mail-full-now")])
def test_what_stays_put_off_leaves_the_round_open_and_the_same_command_goes_on(
        round_: Round, server: MailServer, said: str, code: str) -> None:
    server.habits.recipients = {"m2@example.dk": [said] * 9}
    report = round_.send(many(3), pauses=(5, 20, 60))
    assert codes(report) == [code] and report.exit_code == 3 and round_.waited == [5, 20, 60]
    assert said in report.problems[0].message and "fortsætter, hvor den slap" in report.next_step
    assert report.said == ("2 mails sendt.", "1 mail mangler at blive sendt.")
    server.habits.recipients.clear()
    report = round_.send(many(3), again=True)
    assert report.said[0] == "Fortsætter den forsendelse, der blev afbrudt: 2 mails er allerede sendt."
    assert "--igen" in report.said[1] and report.said[2] == "1 mail sendt."
    assert server.got == once("m1", "m2", "m3") and round_.noted[-1] == "afsluttet"


@pytest.mark.parametrize("said", ["451 4.3.0 senere", "421 4.3.2 lukker"])
def test_a_content_that_is_put_off_is_sent_later_and_is_never_in_doubt(round_: Round, server: MailServer, said: str) -> None:
    server.habits.bodies += [said]
    assert round_.send(many(2)).exit_code == 0
    assert server.got == once("m1", "m2")


def test_a_server_that_takes_few_mails_on_a_line_gets_as_many_lines_as_it_needs(round_: Round, server: MailServer) -> None:
    server.habits.most_mails = 2
    assert round_.send(many(7)).exit_code == 0
    assert server.got == once(*(f"m{number}" for number in range(1, 8))) and server.connections >= 4 and round_.waited == []


@pytest.mark.parametrize("enough", ["452 4.5.3 too many recipients", "552 too many recipients", "550 5.5.3 too many"])
def test_two_hundred_recipients_where_a_hundred_are_taken_at_a_time(
        round_: Round, server: MailServer, enough: str) -> None:
    server.habits.most_recipients, server.habits.enough = 100, enough
    names = [f"n{number}" for number in range(200)]
    report = round_.send(mailing(mail("m", *(f"{name}@example.dk" for name in names))))
    assert report.said == ("1 mail sendt til 200 modtagere.",) and report.exit_code == 0
    assert server.got == once(*names) and [len(each.to) for each in server.received] == [100, 100]


# ---------------------------------------------------------------- lines that break

def test_a_line_that_breaks_in_the_middle_of_a_mail_costs_nothing(round_: Round, server: MailServer) -> None:
    server.habits.bodies += ["250 ok", DROP_IN_BODY]
    big = WORKBOOK * 100
    report = round_.send(mailing(*(mail(key, data=big) for key in "abc")))
    if codes(report) == ["mail-in-doubt"]:  # where the line took all before the break showed, nobody can know
        report = round_.send(mailing(*(mail(key, data=big) for key in "abc")), unsure="ikke")
    assert report.exit_code == 0 and server.got == once("a", "b", "c")


@pytest.mark.parametrize(("fault", "arrived"), [(DROP_AFTER_END, False), (TAKE_AND_DROP, True), (SILENT_AFTER_END, False)])
def test_a_line_that_breaks_right_after_the_end_leaves_doubt_and_the_rest_goes_on(
        round_: Round, server: MailServer, fault: str, arrived: bool) -> None:
    server.habits.bodies += ["250 ok", fault]
    report = round_.send(many(4), Patience(30, 30, 0.3 if fault == SILENT_AFTER_END else 30))
    assert codes(report) == ["mail-in-doubt"] and report.exit_code == 1
    doubt = report.problems[0]
    assert "m2@example.dk" in doubt.message and "--uafklarede sendt" in doubt.advice and "--uafklarede ikke" in doubt.advice
    assert report.said == ("3 mails sendt.",) and [row[-1] for row in report.table][1] == "uafklaret"
    assert round_.noted[-1] == "sendt", "the round is open"
    got = once("m1", "m3", "m4") + (once("m2") if arrived else Counter())
    assert server.got == got

    for again in (False, True):  # neither silently nor with --igen
        report = round_.send(many(4), again=again)
        assert codes(report) == ["mail-in-doubt"] and report.exit_code == 3 and server.got == got
    report = round_.send(many(4), unsure="sendt" if arrived else "ikke")
    assert report.exit_code == 0 and not report.problems and server.got == once("m1", "m2", "m3", "m4")
    assert "afgjort" in round_.noted
    assert round_.send(many(4)).exit_code == 3 and server.got == once("m1", "m2", "m3", "m4")


def test_settling_what_is_in_doubt_sends_nothing_else_again(round_: Round, server: MailServer) -> None:
    server.habits.bodies += ["250 ok", TAKE_AND_DROP]
    round_.send(many(2))
    for dry in (True, False):
        report = round_.send(many(2), unsure="sendt", again=True, dry=dry)
        assert report.exit_code == 0 and server.got == once("m1", "m2")
        assert report.said[0] == "1 uafklaret mail tæller nu som sendt." and "--igen" in report.said[1]
    assert round_.send(many(2), again=True).exit_code == 0 and set(server.got.values()) == {2}


def test_a_server_that_closes_among_the_recipients_takes_it_for_all_of_them_later(
        round_: Round, server: MailServer) -> None:
    server.habits.recipients["b@example.dk"] = ["421 4.3.2 lukker"]
    assert round_.send(mailing(mail("m", "a@example.dk", "b@example.dk", "c@example.dk")), pauses=(5,)).exit_code == 0
    assert server.got == once("a", "b", "c") and len(server.received) == 1


def test_a_mail_that_only_some_have_got_is_gone_on_with(round_: Round, server: MailServer) -> None:
    mails = mailing(mail("m", "a@example.dk", "b@example.dk", "c@example.dk"))
    server.habits.recipients["b@example.dk"] = ["450 4.2.0 senere"] * 2
    assert round_.send(mails).said == ("1 mail sendt til 2 modtagere.", "1 mail mangler at blive sendt.")
    report = round_.send(mails)
    assert report.said == (
        "Fortsætter den forsendelse, der blev afbrudt: 1 mail er allerede sendt til 2 modtagere.", "1 mail sendt.")
    assert server.got == once("a", "b", "c")


def test_a_line_that_keeps_breaking_leaves_the_mail_for_the_next_run(
        round_: Round, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(smtp: smtplib.SMTP, data: bytes | str) -> None:
        if len(data) > 1000 and smtp.sock is not None:
            smtp.sock.shutdown(socket.SHUT_RDWR)
        real(smtp, data)

    real = smtplib.SMTP.send
    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "send", broken)
        report = round_.send(many(2), pauses=(5, 20))
    assert codes(report) == ["mail-cut-off"] * 2 and report.exit_code == 3 and server.got == {}
    assert round_.send(many(2)).exit_code == 0 and server.got == once("m1", "m2")


def test_a_server_that_falls_silent_before_the_end_leaves_no_doubt(
        round_: Round, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(line: Line, address: str) -> Reply:
        if address == "m1@example.dk":
            line._wait_at_most(0.05)
        return real(line, address)

    real = Line._recipient
    server.habits.recipients["m1@example.dk"] = [SILENT] * 9
    with monkeypatch.context() as patched:
        patched.setattr(Line, "_recipient", slow)
        report = round_.send(many(2), pauses=(5,))
    assert codes(report) == ["mail-too-slow"] and report.exit_code == 3 and server.got == once("m2")
    server.habits.recipients.clear()
    assert round_.send(many(2)).exit_code == 0 and server.got == once("m1", "m2")


def test_deciding_where_nothing_is_in_doubt_is_said_to_be_nothing(round_: Round) -> None:
    assert "ingen uafklarede" in round_.send(many(1), unsure="sendt").said[0]


def test_a_server_that_goes_away_is_waited_for_and_the_round_stays_open(round_: Round, server: MailServer) -> None:
    server.habits.recipients = {"m2@example.dk": ["421 4.3.2 lukker"]}

    def close(done: int, total: int) -> None:
        if done == 1:
            server.stop()

    report = post(many(3), Posting(server.relay("bruger"), patience=LONG), round_.folder, lambda: KODE, (5, 20),
                  round_.waited.append, close)
    assert codes(report) == ["mail-later", "relay-closed"] and report.exit_code == 3 and round_.waited == [5, 20]
    server.start(server.port)
    assert round_.send(many(3)).exit_code == 0 and server.got == once("m1", "m2", "m3")


def test_a_server_that_comes_back_is_gone_on_with(round_: Round, server: MailServer) -> None:
    server.habits.recipients["m1@example.dk"] = ["421 4.3.2 genstarter"]
    server.stop()
    with pytest.raises(CannotDo, match="tager ikke imod forbindelser"):
        round_.send(many(1))
    assert not round_.journal, "nothing was begun"
    server.start(server.port)
    report = round_.send(many(1), pauses=(5,), wait=lambda seconds: None)
    assert report.exit_code == 0 and server.got == once("m1")


def test_a_password_that_is_changed_in_the_middle_isn_t_tried_over_and_over(round_: Round, server: MailServer) -> None:
    server.habits.most_mails = 1
    server._users = {"bruger": KODE}

    def change(done: int, total: int) -> None:
        if done == 1:
            server._users = {"bruger": "en anden"}

    report = post(many(3), Posting(server.relay("bruger"), patience=LONG), round_.folder, lambda: KODE, (5, 20),
                  round_.waited.append, change)
    assert codes(report) == ["mail-later", "relay-wrong-password"] and report.exit_code == 3 and round_.waited == []
    assert [login for login in server.logins if login.endswith("nej")] == ["PLAIN bruger nej"]
    server._users = {"bruger": KODE}
    server.habits.most_mails = 100
    assert round_.send(many(3)).exit_code == 0 and server.got == once("m1", "m2", "m3")


def test_a_wrong_password_begins_nothing_and_shows_nowhere(round_: Round, server: MailServer) -> None:
    server.habits.wrong_password = "535 5.7.8 {password} er forkert"
    with pytest.raises(CannotDo) as caught:
        post(many(1), Posting(server.relay("bruger"), patience=LONG), round_.folder, lambda: "kat-17")
    assert "Intet er sendt." in str(caught.value) and "--bruger" in str(caught.value)
    assert "kat-17" not in str(caught.value) and not round_.journal


def test_a_busy_server_is_waited_for(round_: Round, server: MailServer) -> None:
    server.habits.wrong_password = "454 4.7.0 senere"
    server._users = {}
    with pytest.raises(CannotDo, match="nogle minutter"):
        round_.send(many(1), pauses=(5, 20))
    assert round_.waited == [5, 20]

    def opens(seconds: float) -> None:
        server._users = {"bruger": KODE}

    assert round_.send(many(1), pauses=(5, 20), wait=opens).exit_code == 0


# ---------------------------------------------------------------- the journal

def test_a_torn_last_line_is_left_and_a_new_one_begun(round_: Round, server: MailServer) -> None:
    round_.send(many(2))
    file = round_.folder / JOURNAL
    whole = file.read_bytes()
    lines_of = whole.splitlines(keepends=True)
    for cut in (1, len(lines_of[2]) // 2, len(lines_of[2]) - 2):
        file.write_bytes(b"".join(lines_of[:2]) + lines_of[2][:cut])
        report = round_.send(many(1))
        assert codes(report) == ["mail-in-doubt"], "it was ending, and its answer is torn"
        assert file.read_bytes().startswith(b"".join(lines_of[:2]) + lines_of[2][:cut] + b"\n")
    file.write_bytes(b"".join(lines_of[:3]).rstrip(b"\n"))
    assert round_.send(many(2)).exit_code == 0
    assert server.got == once("m1") + once("m2") + once("m2"), "the cut journal knew nothing of the second"


def test_what_power_cuts_leave_is_no_line() -> None:
    from aftale.mail.sent_list import _is_torn
    assert all(map(_is_torn, (b"", b"\r", b"\0\0\0", b'{"tid": "2015', b'{"hvad": "begyndt", "mails": [["a", "b"]]', b"{")))
    assert not any(map(_is_torn, (b'{"tid": ""}', b'{"tid": ""}\r', b"x", b"}")))


@pytest.mark.parametrize("line", [
    b"hej", b"[]", b'{"hvad": "hvisket", "serie": "s", "omgang": 1, "tid": ""}', b'{"hvad": "sendt"}', b'"x"', b"\xff\xfe}"])
def test_a_journal_that_somebody_has_been_in_stops_everything(round_: Round, server: MailServer, line: bytes) -> None:
    round_.send(many(1))
    file = round_.folder / JOURNAL
    file.write_bytes(file.read_bytes() + line + b"\n")
    for dry in (False, True):
        with pytest.raises(CannotWrite, match="Linje 5"):
            round_.send(many(2), dry=dry)
    assert server.got == once("m1")


def test_a_journal_saved_by_notepad_is_read(round_: Round) -> None:
    round_.send(many(2))
    file = round_.folder / JOURNAL
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert round_.send(many(2)).exit_code == 3


def test_where_the_journal_can_t_be_written_the_mail_isn_t_ended(
        round_: Round, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from aftale.mail.sent_list import Journal
    real = Journal.add

    def full(journal: Journal, entry: Entry) -> None:
        if entry.what is What.ENDING and entry.mail == "m2":
            raise CannotWrite("disken er fuld")
        real(journal, entry)

    monkeypatch.setattr(Journal, "add", full)
    with pytest.raises(CannotWrite):
        round_.send(many(3))
    assert server.got == once("m1")
    monkeypatch.setattr(Journal, "add", real)
    assert round_.send(many(3)).exit_code == 0 and server.got == once("m1", "m2", "m3")


def test_a_journal_where_a_folder_lies_is_said_to_be_one(round_: Round, server: MailServer) -> None:
    (round_.folder / JOURNAL).mkdir(parents=True)
    with pytest.raises(CannotWrite, match="Uden den bliver intet sendt"):
        round_.send(many(1))
    assert server.connections == 0


def test_who_comes_second_sends_nothing_and_is_told_how_to_go_on(round_: Round, server: MailServer) -> None:
    with held(round_.folder), pytest.raises(CannotWrite, match="Vent, til den anden er færdig, og kør"):
        round_.send(many(1))
    assert server.connections == 0
    assert round_.send(many(1)).exit_code == 0


def test_ctrl_c_leaves_a_round_that_can_be_gone_on_with(round_: Round, server: MailServer) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        post(many(3), Posting(server.relay("bruger"), patience=LONG), round_.folder, lambda: KODE, progress=stop)
    assert round_.send(many(3)).said[-1] == "1 mail sendt."
    assert server.got == once("m1", "m2", "m3")


# ---------------------------------------------------------------- killed

SENDING = """
import os, signal, smtplib, sys, threading
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from mail_server import LONG, many
import aftale.mail.sent_list as journal
from aftale.commands.smtp_options import password
from aftale.mail.smtp import Line, Relay, Security
from aftale.mail.smtp_plan import What
from aftale.mail.post import Posting, post

folder, port, number, point, count = Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5], int(sys.argv[6])
seen = 0

def die():
    global seen
    seen += 1
    if seen == count:
        os.kill(os.getpid(), signal.SIGKILL) if hasattr(signal, "SIGKILL") else os._exit(137)

def around(owner, name, before=None, after=None):
    real = getattr(owner, name)
    def wrapped(*args):
        if before: before(*args)
        answer = real(*args)
        if after: after(*args)
        return answer
    setattr(owner, name, wrapped)

def half_a_mail(smtp, data):
    if len(data) > 1000:
        if seen + 1 == count:
            smtp.sock.sendall(data[: len(data) // 2])
        die()

def half_a_line(held, data):
    if seen + 1 == count:
        os.write(held._stream.fileno(), data[: len(data) // 2])
    die()

def at(what):
    return lambda held, entry: entry.what is what and die()

if point == "before a mail": around(Line, "send", before=lambda *args: die())
if point == "in a mail": around(smtplib.SMTP, "send", before=half_a_mail)
if point == "before afslutter": around(journal.Journal, "add", before=at(What.ENDING))
if point == "after afslutter": around(journal.Journal, "add", after=at(What.ENDING))
if point == "after the end": around(smtplib.SMTP, "putcmd", after=lambda smtp, command, *rest: command == "." and die())
if point == "before sendt": around(journal.Journal, "add", before=at(What.SENT))
if point == "after sendt": around(journal.Journal, "add", after=at(What.SENT))
if point == "after begyndt": around(journal.Journal, "add", after=at(What.BEGUN))
if point == "before afsluttet": around(journal.Journal, "add", before=at(What.CLOSED))
if point == "in a line": around(journal.Journal, "_write", before=half_a_line)
if point == "waiting": around(Line, "send", before=lambda *args: (Path(sys.argv[7]).touch(), threading.Event().wait(60)))

report = post(many(number), Posting(Relay("127.0.0.1", port, Security.STARTTLS, "bruger"), patience=LONG), folder, password)
print(*report.said, sep="\\n")
"""


def command(round_: Round, number: int, point: str, count: int, *more: str) -> list[str]:
    return [sys.executable, "-c", SENDING, str(Path(__file__).parents[1]), str(round_.folder), str(round_.server.port),
            str(number), point, str(count), *more]


def sending_as_a_process(round_: Round, number: int, point: str = "", count: int = 1) -> subprocess.CompletedProcess[str]:
    """Send a round in a process of its own, which is killed at the so many-th time it comes to one point."""
    return subprocess.run(command(round_, number, point, count), capture_output=True, encoding="utf-8", timeout=60,
                          env={**os.environ, VARIABLE: KODE})


KILLS = [("after begyndt", 1, False), ("before a mail", 1, False), ("before a mail", 3, False), ("in a mail", 2, False),
         ("before afslutter", 2, False), ("after sendt", 2, False), ("before afsluttet", 1, False), ("in a line", 1, False),
         ("in a line", 4, False), ("after afslutter", 2, True), ("after the end", 2, True), ("before sendt", 2, True),
         ("in a line", 5, True)]


@pytest.mark.parametrize(("point", "count", "doubtful"), KILLS, ids=lambda value: str(value))
def test_killed_and_started_again_nobody_gets_it_twice_and_nobody_is_left_out(
        round_: Round, server: MailServer, point: str, count: int, doubtful: bool) -> None:
    died = sending_as_a_process(round_, 3, point, count)
    assert died.returncode not in (0, 3) and "Traceback" not in died.stderr, died.stderr
    assert set(server.got.values()) <= {1}
    all_three, report = once("m1", "m2", "m3"), round_.send(many(3))
    if doubtful:
        assert codes(report) == ["mail-in-doubt"] and "m2@example.dk" in report.problems[0].message
        assert server.got - once("m2") == once("m1", "m3"), "the rest goes on"
        report = round_.send(many(3), unsure="sendt" if server.got["m2@example.dk"] else "ikke")
    assert server.got == all_three and not report.problems
    assert round_.send(many(3)).exit_code == 3 and server.got == all_three
    assert round_.send(many(3), again=True).exit_code == 0 and set(server.got.values()) == {2}


def test_a_run_that_is_killed_lets_go_of_the_journal_and_meanwhile_a_second_is_turned_away(
        round_: Round, server: MailServer, tmp_path: Path) -> None:
    sign = tmp_path / "sender"
    with subprocess.Popen(command(round_, 2, "waiting", 1, str(sign)), env={**os.environ, VARIABLE: KODE},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first:
        try:
            while not sign.exists():
                assert first.poll() is None
            with pytest.raises(CannotWrite, match="En anden kørsel"):
                round_.send(many(2))
        finally:
            first.kill()
    assert server.got == {}
    assert round_.send(many(2)).exit_code == 0 and server.got == once("m1", "m2")


def test_two_runs_at_once_send_each_mail_once(round_: Round, server: MailServer) -> None:
    both = [subprocess.Popen(command(round_, 6, "", 1), env={**os.environ, VARIABLE: KODE}, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, encoding="utf-8") for _ in range(2)]
    said = [process.communicate(timeout=60) for process in both]
    assert server.got == once(*(f"m{number}" for number in range(1, 7))), said
    assert sum("6 mails sendt." in out for out, _ in said) == 1
    assert sum("En anden kørsel" in error or "Intet er sendt igen" in out for out, error in said) == 1


def test_the_password_is_in_no_file_and_no_output(round_: Round, server: MailServer, tmp_path: Path) -> None:
    server.habits.recipients["m1@example.dk"] = [f"550 5.1.1 din kode er {KODE}"]
    done = sending_as_a_process(round_, 2)
    assert "1 mail sendt." in done.stdout and KODE not in done.stdout + done.stderr
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert written and not any(KODE.encode() in data for data in written)
    assert "•••" in (round_.folder / JOURNAL).read_text(encoding="utf-8")


# ---------------------------------------------------------------- the command line

@pytest.mark.parametrize(("given", "relay"), [
    ({"smtp": "smtp.example.dk"}, Relay("smtp.example.dk", 587, Security.STARTTLS)),
    ({"smtp": "smtp.example.dk:465"}, Relay("smtp.example.dk", 465, Security.TLS)),
    ({"smtp": "smtp.example.dk:25", "bruger": "bruger"}, Relay("smtp.example.dk", 25, Security.STARTTLS, "bruger")),
    ({"smtp": "smtp.example.dk", "sikkerhed": "TLS"}, Relay("smtp.example.dk", 465, Security.TLS)),
    ({"smtp": "smtp.example.dk:465", "sikkerhed": "starttls"}, Relay("smtp.example.dk", 465, Security.STARTTLS)),
    ({"smtp": "[2001:db8::1]:2525"}, Relay("2001:db8::1", 2525, Security.STARTTLS)),
    ({"smtp": "2001:db8::1"}, Relay("2001:db8::1", 587, Security.STARTTLS))])
def test_the_options_say_which_server(given: dict[str, str], relay: Relay) -> None:
    made = posting_from(**given)
    assert made is not None and made.relay == relay


def test_without_a_server_there_are_drafts_and_no_option_for_one_may_stand_alone() -> None:
    assert posting_from() is None
    for given in ({"sikkerhed": "tls"}, {"bruger": "bruger"}, {"fra": "a@b.dk"}, {"proeve": True}, {"igen": True},
                  {"uafklarede": "sendt"}):
        with pytest.raises(CannotDo, match="--smtp") as caught:
            posting_from(**given)  # type: ignore[arg-type]
        assert caught.value.code == 2


@pytest.mark.parametrize("given", [
    {"smtp": "smtp.example.dk:hej"}, {"smtp": "smtp.example.dk:"}, {"smtp": "smtp.example.dk:70000"},
    {"smtp": ":25"}, {"smtp": "a b"}, {"smtp": "smtp://example.dk"}, {"smtp": "bruger@example.dk"},
    {"smtp": "x", "sikkerhed": "ingen"}, {"smtp": "x", "uafklarede": "ja"}])
def test_what_can_t_be_used_is_said_to_be_wrong_usage(given: dict[str, str]) -> None:
    with pytest.raises(CannotDo, match="kan ikke bruges efter --") as caught:
        posting_from(**given)
    assert caught.value.code == 2


def test_all_of_the_options_reach_the_posting() -> None:
    made = posting_from("smtp.example.dk", fra=" a@b.dk ", proeve=True, igen=True, uafklarede="Ikke")
    assert made == Posting(Relay("smtp.example.dk", 587, Security.STARTTLS), "a@b.dk", True, True, "ikke")


def test_the_password_comes_from_the_environment_or_is_asked_for_and_else_its_variable_is_named(
        monkeypatch: pytest.MonkeyPatch) -> None:
    import typer
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(CannotDo, match=VARIABLE) as caught:
        password()
    assert caught.value.code == 2
    monkeypatch.setenv(VARIABLE, KODE)
    assert password() == KODE
    monkeypatch.delenv(VARIABLE)

    class Terminal:
        def isatty(self) -> bool:
            return True

    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(typer, "prompt", lambda text, **how: asked.append(how) or "tastet")
    assert password() == "tastet" and asked == [{"hide_input": True, "err": True}]
