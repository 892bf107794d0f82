"""Sending a round of mails: each once to everybody, whatever the server does and whenever the run is killed."""

from __future__ import annotations

import io
import json
import os
import re
import smtplib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mail_server import DROP_AFTER_END, SENDER, SERIES, TAKE_AND_DROP, MailServer, mail, mailing, many, trusted

from aftale.commands.shell import PASSWORD as VARIABLE
from aftale.commands.shell import password
from aftale.commands.smtp_options import Sending, sending_from
from aftale.mail.post import HEADERS, Posting, post
from aftale.mail.sent_list import SENT_LIST, SentList, State, held
from aftale.mail.smtp import Relay
from aftale.model.mail import Mailing
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import CannotWrite

KODE = "hemmelig-kode-17"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted().file))
    monkeypatch.delenv(VARIABLE, raising=False)
    with MailServer("starttls", {"bruger": KODE}) as made:
        yield made


class Round:
    """A round of mails, and the folder that its list of what was sent lies in."""

    def __init__(self, server: MailServer, folder: Path) -> None:
        self.server, self.folder, self.file = server, folder, folder / SENT_LIST

    def send(self, mails: Mailing, **given: Any) -> Report:
        return post(mails, Posting(self.server.relay("bruger"), **given), self.folder, lambda: KODE)

    @property
    def noted(self) -> list[tuple[str, str, str]]:
        """The lines of the list: the mail's key, the address, and how far it has come."""
        told = [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines() if line]
        return [(line["mail"], line["til"], line["tilstand"]) for line in told]


@pytest.fixture
def round_(server: MailServer, tmp_path: Path) -> Round:
    return Round(server, tmp_path / "breve")


def codes(report: Report) -> list[str]:
    return [found.code for found in report.problems]


def words(report: Report) -> list[str]:
    return [row[-1].split(":")[0] for row in report.table]


def once(*names: str) -> Counter[str]:
    return Counter({f"{name}@example.dk": 1 for name in names})


# ---------------------------------------------------------------- an ordinary day

def test_every_mail_arrives_once_with_a_line_before_it_and_a_line_after_it(round_: Round, server: MailServer) -> None:
    report = round_.send(many(11))
    assert report.said[0] == "11 mails sendt." and "Send dem ikke igen" in report.said[1]
    assert report.exit_code == 0 and not report.problems
    names = [f"m{number}" for number in range(1, 12)]
    assert server.got == once(*names) and server.connections == 1
    assert round_.noted == [(name, f"{name}@example.dk", state) for name in names for state in ("uafklaret", "sendt")]
    assert words(report) == ["sendt"] * 11 and all(len(row) == len(HEADERS) for row in report.table)
    assert set(os.listdir(round_.folder)) <= {SENT_LIST, f"{SENT_LIST}.lock"}
    text = round_.file.read_text(encoding="utf-8")
    assert not [word for word in (KODE, "årets", "Skema", "kollega", "Hilsen") if word in text]
    assert re.search(r'"tid": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]', text)


def test_each_line_is_on_disk_before_the_mail_goes_out_and_before_the_next(
        round_: Round, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that the system only remembers is lost with the power: then a mail would be sent twice."""
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        mail, _, state = round_.noted[-1]
        server.events.append(f"på disken: {mail} {state}")

    monkeypatch.setattr(os, "fsync", fsync)
    round_.send(many(2))
    assert server.events == [line for each in ("m1", "m2") for line in (
        f"på disken: {each} uafklaret", f"mail til {each}@example.dk", f"på disken: {each} sendt")]


def test_what_was_sent_isn_t_sent_again_unless_that_is_asked_for(round_: Round, server: MailServer) -> None:
    round_.send(many(2))
    asked: list[str] = []
    report = post(many(2), Posting(server.relay("bruger")), round_.folder, lambda: asked.append("kode") or "")
    assert report.exit_code == 3 and not asked and server.connections == 1 and words(report) == ["sendt før"] * 2
    assert report.said == ("Påmindelser i midtvejsopfølgningen 2015: alle har fået mailen. Intet er sendt igen. Skal de have"
                           " den igen, så brug --igen.",)
    report = round_.send(many(3))
    assert report.said[0] == "1 mail sendt." and codes(report) == ["sent-before"] and report.exit_code == 0
    assert "m1@example.dk og m2@example.dk" in report.problems[0].message and "--igen" in report.problems[0].advice
    assert server.got == once("m1", "m2", "m3")
    assert round_.send(many(3), again=True).exit_code == 0 and set(server.got.values()) == {2}
    assert round_.send(mailing()).said[0] == "Der er ikke flere mails at sende."


def test_the_sender_may_be_another_and_without_one_nothing_begins(round_: Round, server: MailServer) -> None:
    for given, known, named in (("", None, "--fra"), ("bruger", SENDER, "»bruger«"), ("a@b.dk; c@d.dk", SENDER, "--fra"),
                                ("bø@rn.dk", SENDER, "»bø@rn.dk«")):
        with pytest.raises(CannotDo, match="Intet er sendt") as caught:
            round_.send(mailing(mail("a"), sender=known), sender_given=given)
        assert named in str(caught.value) and caught.value.code == 2 and not round_.folder.exists()
    round_.send(many(1), sender_given="Bo <bo@rødovre.dk>")
    server.wait_until_idle()
    assert server.received[0].sender == "bo@xn--rdovre-bya.dk"
    assert server.received[0].read["From"].addresses[0].display_name == "Bo"


def test_a_dry_run_shows_who_would_get_what_and_touches_nothing(round_: Round, server: MailServer) -> None:
    report = round_.send(many(2), dry=True)
    assert not round_.folder.exists() and server.connections == 0
    assert report.closing == "Prøve: Intet er sendt." and report.exit_code == 0 and report.next_step == ""
    assert report.table[0] == ("m1@example.dk", "Skema til m1 – årets mål", "skema_m1.xlsx (10 kB)", "ville blive sendt")
    assert report.said[0].startswith("2 mails ville blive sendt fra koordinator@bibliotek.example.dk gennem 127.0.0.1:")
    server.habits.bodies += ["250 ok", DROP_AFTER_END]
    round_.send(many(2))
    before = round_.file.read_bytes()
    report = round_.send(many(3), dry=True)
    assert words(report) == ["sendt før", "uafklaret", "ville blive sendt"]
    assert codes(report) == ["mail-in-doubt", "sent-before"] and report.exit_code == 1
    settled = round_.send(many(3), dry=True, unsure=State.LACKING)
    assert words(settled) == ["sendt før", "ville blive sendt", "ville blive sendt"]
    assert round_.file.read_bytes() == before


# ---------------------------------------------------------------- what the list tells

ALL = "a? a+ b? b+ "


@pytest.mark.parametrize(("told", "given", "expected"), [
    ("", {}, "send send"), ("", {"again": True}, "send send"),
    (ALL, {}, "sent sent"), (ALL, {"again": True}, "send send"), (ALL, {"unsure": State.LACKING}, "sent sent"),
    # broken off between two mails and within one
    ("a? a+", {}, "sent send"), ("a? a+", {"again": True}, "send send"), ("a?", {}, "doubt send"),
    ("a? a+ b?", {}, "sent doubt"), ("a? a+ b?", {"again": True}, "send doubt"),
    ("a? a+ b?", {"unsure": State.SENT}, "sent sent"), ("a? a+ b?", {"unsure": State.LACKING}, "sent send"),
    # refused and put off
    ("a? a+ b? b-", {}, "sent send"), ("a? a+ b? b-", {"again": True}, "send send"),
    ("a? a+ b? b~", {}, "sent send"), ("a? a+ b? b~", {"again": True}, "send send"),
    # all once more, broken off
    (ALL + "a?", {}, "doubt sent"), (ALL + "a?", {"again": True}, "doubt send"), (ALL + "a? a+", {}, "sent sent")])
def test_what_is_sent_next(round_: Round, told: str, given: dict[str, Any], expected: str) -> None:
    round_.folder.mkdir()
    noted, other = SentList(round_.folder, SERIES), SentList(round_.folder, "fordel")
    states = {"?": State.UNSURE, "+": State.SENT, "-": State.REFUSED, "~": State.LACKING}
    for key, sign in told.split():
        noted.note({(key, f"{key}@example.dk"): states[sign]})
        other.note({(key, f"{key}@example.dk"): State.UNSURE})
    shown = {"ville blive sendt": "send", "sendt før": "sent", "uafklaret": "doubt"}
    report = round_.send(mailing(mail("a"), mail("b", "B@example.dk")), dry=True, **given)
    assert [shown[word] for word in words(report)] == expected.split()


# ---------------------------------------------------------------- servers that say no, and connections that break

def test_one_refused_of_several_is_named_and_the_next_run_sends_to_that_one_alone(
        round_: Round, server: MailServer) -> None:
    server.habits.recipients["b@example.dk"] = ["550 5.1.1 kender vi ikke"]
    report = round_.send(mailing(mail("m", "a@example.dk", "b@example.dk", "c@example.dk"), mail("n")))
    assert codes(report) == ["mail-refused"] and report.exit_code == 1 and report.said[0] == "3 mails sendt."
    assert "b@example.dk" in report.problems[0].message and "550 5.1.1 kender vi ikke" in report.problems[0].message
    assert words(report) == ["sendt", "afvist", "sendt", "sendt"]
    assert round_.noted[3:6] == [("m", "a@example.dk", "sendt"), ("m", "b@example.dk", "afvist"),
                                 ("m", "c@example.dk", "sendt")]
    corrected = mailing(mail("m", "a@example.dk", "rettet@example.dk", "c@example.dk"), mail("n"))
    assert round_.send(corrected).exit_code == 0 and server.got == once("a", "c", "n", "rettet")


def test_what_is_put_off_is_sent_by_the_same_command_and_the_rest_goes_on_meanwhile(
        round_: Round, server: MailServer) -> None:
    server.habits.recipients = {"m1@example.dk": ["421 4.3.2 lukker"], "m3@example.dk": ["450 4.2.0 senere"]}
    report = round_.send(many(4))
    assert codes(report) == ["mail-later", "mail-later"] and report.exit_code == 3 and server.connections == 3
    assert report.said == ("2 mails sendt.", "2 mails mangler at blive sendt.") and "hvor den slap" in report.next_step
    report = round_.send(many(4))
    assert report.said[0] == "2 mails sendt." and codes(report) == ["sent-before"] and report.exit_code == 0
    assert server.got == once("m1", "m2", "m3", "m4")


def test_a_mail_that_is_too_big_is_said_to_be_and_the_only_one_refused_is_work_not_done(
        round_: Round, server: MailServer) -> None:
    server.habits.biggest = 10_000
    report = round_.send(many(1))
    assert codes(report) == ["mail-refused"] and report.exit_code == 3 and server.got == {}
    assert "552" in report.problems[0].message and "for stor" in report.problems[0].advice


def test_a_sender_that_is_refused_is_said_to_be_and_another_may_be_named(round_: Round, server: MailServer) -> None:
    server.habits.senders += ["553 5.7.1 ikke din adresse"] * 3
    report = round_.send(many(3))
    assert codes(report) == ["mail-refused"] * 3 and report.exit_code == 3 and server.got == {} and not server.asked
    assert "ikke din adresse" in report.problems[0].message and "--fra" in report.problems[0].advice
    assert round_.send(many(3), sender_given="anden@example.dk").exit_code == 0 and len(server.got) == 3


@pytest.mark.parametrize(("fault", "decision"), [(DROP_AFTER_END, State.LACKING), (TAKE_AND_DROP, State.SENT)])
def test_a_connection_that_breaks_leaves_one_mail_in_doubt_that_is_never_sent_again_unasked(
        round_: Round, server: MailServer, fault: str, decision: Any) -> None:
    server.habits.bodies += ["250 ok", fault]
    report = round_.send(many(4))
    assert codes(report) == ["mail-in-doubt"] and report.exit_code == 1 and report.said[0] == "3 mails sendt."
    doubt = report.problems[0]
    assert "m2@example.dk" in doubt.message and "--uafklarede sendt" in doubt.advice and "--uafklarede ikke" in doubt.advice
    assert words(report) == ["sendt", "uafklaret", "sendt", "sendt"]
    got = server.got
    report = round_.send(many(4))
    assert codes(report) == ["mail-in-doubt"] and report.exit_code == 3 and server.got == got
    assert report.said == ("Intet er sendt: Det, der mangler, er uafklaret.",)
    report = round_.send(many(4), unsure=decision)
    assert report.exit_code == 0 and server.got == once("m1", "m2", "m3", "m4")
    assert report.said[0] == f"1 uafklaret mail tæller nu som {'' if decision is State.SENT else 'ikke '}sendt."
    assert round_.send(many(4), unsure=State.LACKING).exit_code == 3 and set(server.got.values()) == {1}, "no doubt"


def test_a_server_that_is_gone_begins_nothing_and_one_that_goes_away_leaves_the_rest_for_the_next_run(
        round_: Round, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.stop()
    with pytest.raises(CannotDo, match="Den svarer ikke. Intet er sendt"):
        round_.send(many(1))
    assert not round_.file.exists()
    server.start(server.port)
    server.habits.recipients["m2@example.dk"] = ["421 4.3.2 lukker"]
    real = MailServer.closed
    with monkeypatch.context() as patched:
        patched.setattr(MailServer, "closed", lambda its: (its._server.close(), real(its)))
        report = round_.send(many(4))
    assert codes(report) == ["mail-later", "relay-unreachable"] and report.exit_code == 3
    assert report.said == ("1 mail sendt.", "3 mails mangler at blive sendt.") and words(report)[3] == "ikke sendt endnu"
    server.start(server.port)
    assert round_.send(many(4)).exit_code == 0 and server.got == once("m1", "m2", "m3", "m4")


def test_ctrl_c_in_the_middle_of_a_mail_ends_at_once_and_leaves_that_mail_in_doubt(
        round_: Round, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(smtp: smtplib.SMTP, data: bytes) -> None:
        smtp.docmd("DATA")
        smtp.send(data[:100])
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(smtplib.SMTP, "data", stopped)
        patched.setattr(smtplib.SMTP, "quit", lambda smtp: pytest.fail("a goodbye in the middle of a mail"))
        round_.send(many(2))
    assert server.got == {} and codes(round_.send(many(2))) == ["mail-in-doubt"] and server.got == once("m2")


# ---------------------------------------------------------------- the list as a file

def test_a_line_that_a_killed_run_left_half_is_none_and_stays_a_line_of_its_own(round_: Round, server: MailServer) -> None:
    round_.send(many(2))
    first, before, after = round_.file.read_bytes().split(b"\n", 2)
    for cut in (after[:1], after[:40], b"\0\0\0"):
        round_.file.write_bytes(b"\n".join((first, before, cut)))
        assert codes(round_.send(many(1))) == ["mail-in-doubt"], "its second line isn't there"
        round_.send(many(1), unsure=State.SENT)
        assert round_.file.read_bytes().startswith(b"\n".join((first, before, cut, b"{")))
        assert round_.send(many(1)).exit_code == 3
    assert server.got == once("m1", "m2")


@pytest.mark.parametrize("line", [
    b"hej", b"[]", b'{"mail": "m1", "til": "a", "serie": "s", "tid": "", "tilstand": "?"}', b'{"til": "a"}', b"\xff\xfe}",
    b'{"mail": "m2", "til": "m2@example.dk", "serie": "s", "tid": "i g\xc3\xa5r", "tilstand": "sendt"}'])
def test_a_list_that_somebody_has_been_in_stops_everything(round_: Round, server: MailServer, line: bytes) -> None:
    round_.send(many(1))
    round_.file.write_bytes(round_.file.read_bytes() + b"\n" + line)
    for dry in (False, True):
        with pytest.raises(CannotWrite, match="Linje 4"):
            round_.send(many(2), dry=dry)
    assert server.got == once("m1")


def test_a_list_saved_by_notepad_is_read(round_: Round) -> None:
    round_.send(many(2))
    as_it_was = round_.file.read_bytes()
    for text in (as_it_was, as_it_was.strip()):
        round_.file.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
        assert words(round_.send(many(2))) == ["sendt før"] * 2


def test_an_address_in_other_letters_in_the_list_is_the_same_one(round_: Round, server: MailServer) -> None:
    round_.send(many(1))
    round_.file.write_bytes(round_.file.read_bytes().replace(b"m1@example.dk", b"M1@Example.dk"))
    assert words(round_.send(many(1))) == ["sendt før"] and server.got == once("m1")


def test_where_the_list_can_t_be_written_or_is_held_by_another_nothing_is_sent(
        round_: Round, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with held(round_.folder, "fordel"), pytest.raises(CannotWrite, match="En anden kørsel er ved at sende.*Vent, til andre"):
        round_.send(many(1))

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(CannotWrite, match="Disken er fuld. Uden den bliver intet sendt"):
            round_.send(many(1))
    round_.file.unlink()
    round_.file.mkdir()
    with pytest.raises(CannotWrite, match="Uden den bliver intet sendt"):
        round_.send(many(1))
    assert server.got == {}


# ---------------------------------------------------------------- killed

SENDING = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from mail_server import many
from aftale.commands.shell import password
from aftale.mail import post, sent_list, smtp

folder, port, point, count = Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
note, hand_over, seen = sent_list.SentList.note, post.hand_over, 0

def die_at(*points):
    if point in points and seen == count:
        os.kill(os.getpid(), signal.SIGKILL) if hasattr(signal, "SIGKILL") else os._exit(137)

def noted(held, *told):
    global seen
    seen += 1
    die_at("before line")
    before = held._path.stat().st_size if held._path.exists() else 0
    note(held, *told)
    if point == "half of line" and seen == count:
        os.truncate(held._path, (before + held._path.stat().st_size) // 2)
    die_at("half of line", "after line")

def handed_over(*told):
    answers = hand_over(*told)
    die_at("after the mail of line")
    return answers

sent_list.SentList.note, post.hand_over = noted, handed_over
relay = smtp.Relay("127.0.0.1", port, False, "bruger", 30)
print(*post.post(many(3), post.Posting(relay), folder, password).said, sep="\\n")
"""


def sending(round_: Round, point: str = "", count: int = 0) -> subprocess.Popen[str]:
    """Send three mails in a process of its own, which is killed at a line of the list: two for each mail."""
    words = [sys.executable, "-c", SENDING, str(Path(__file__).parents[1]), str(round_.folder), str(round_.server.port)]
    return subprocess.Popen([*words, point, str(count)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                            env={**os.environ, VARIABLE: KODE})


@pytest.mark.parametrize(("point", "count", "doubtful"), [
    ("before line", 3, False), ("half of line", 3, False), ("after line", 3, True), ("after the mail of line", 3, True),
    ("half of line", 4, True), ("after line", 4, False)])
def test_killed_and_started_again_nobody_gets_it_twice_and_nobody_is_left_out(
        round_: Round, server: MailServer, point: str, count: int, doubtful: bool) -> None:
    process = sending(round_, point, count)
    said, error = process.communicate(timeout=60)
    assert process.returncode not in (0, 3) and not said + error
    assert set(server.got.values()) <= {1}
    report = round_.send(many(3))
    assert codes(report) == ["mail-in-doubt", "sent-before"] if doubtful else ["sent-before"]
    if doubtful:
        assert "m2@example.dk" in report.problems[0].message and server.got - once("m2") == once("m1", "m3")
        round_.send(many(3), unsure=State.SENT if server.got["m2@example.dk"] else State.LACKING)
    assert server.got == once("m1", "m2", "m3")
    assert round_.send(many(3)).exit_code == 3 and set(server.got.values()) == {1}


def test_two_runs_at_once_send_each_mail_once(round_: Round, server: MailServer) -> None:
    said = [process.communicate(timeout=60) for process in (sending(round_), sending(round_))]
    assert server.got == once("m1", "m2", "m3"), said
    assert sum("3 mails sendt." in out for out, _ in said) == 1
    assert sum("En anden kørsel" in error or "Intet er sendt igen" in out for out, error in said) == 1


# ---------------------------------------------------------------- the command line

@pytest.mark.parametrize(("given", "relay"), [
    ({"smtp": "smtp.example.dk"}, Relay("smtp.example.dk", 587)),
    ({"smtp": "smtp.example.dk:465"}, Relay("smtp.example.dk", 465, tls=True)),
    ({"smtp": "smtp.example.dk:25", "bruger": "bruger"}, Relay("smtp.example.dk", 25, user="bruger")),
    ({"smtp": " 192.0.2.1:2525 "}, Relay("192.0.2.1", 2525))])
def test_the_options_say_which_server(given: dict[str, Any], relay: Relay) -> None:
    assert sending_from(**given) == Sending(None, Posting(relay))


def test_all_of_the_options_reach_the_posting_and_without_a_server_there_are_drafts() -> None:
    made = sending_from(Path("tekster"), "smtp.example.dk", fra=" a@b.dk ", proeve=True, igen=True, uafklarede="Ikke")
    relay = Relay("smtp.example.dk", 587)
    assert made == Sending(Path("tekster"), Posting(relay, "a@b.dk", True, True, State.LACKING))
    assert sending_from() == Sending() and not any(sending_from())


@pytest.mark.parametrize("given", [
    *({"smtp": smtp} for smtp in ("x.dk:hej", "x.dk:", "x.dk:70000", ":25", "a b", "smtp://x.dk", "bruger@x.dk")),
    {"smtp": "x", "uafklarede": "ja"}, {"bruger": "bruger"},
    {"fra": "a@b.dk"}, {"proeve": True}, {"igen": True}, {"uafklarede": "sendt"}])
def test_what_can_t_be_used_is_said_to_be_wrong_usage(given: dict[str, Any]) -> None:
    with pytest.raises(CannotDo, match="kan ikke bruges efter --|gælder kun, når .* --smtp") as caught:
        sending_from(**given)
    assert caught.value.code == 2


@pytest.mark.parametrize("smtp", ["bruger:hemmelig@smtp.example.dk", "smtp://bruger:hemmelig@smtp.example.dk:587",
                                  "smtp.example.dk:hemmelig", "smtp.example.dk:587:hemmelig", "bruger hemmelig"])
def test_a_password_that_is_typed_in_the_wrong_place_is_not_shown(smtp: str) -> None:
    with pytest.raises(CannotDo) as caught:
        sending_from(smtp=smtp)
    assert "hemmelig" not in str(caught.value) and "--bruger" in str(caught.value)


def test_the_password_comes_from_the_environment_or_is_asked_for_and_else_its_variable_is_named(
        monkeypatch: pytest.MonkeyPatch) -> None:
    import typer
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(CannotDo, match=VARIABLE) as caught:
        password()
    assert caught.value.code == 2
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    monkeypatch.setattr(typer, "prompt", lambda text, **how: asked.append(how) or "tastet")
    assert password() == "tastet" and asked == [{"hide_input": True, "err": True}]
    monkeypatch.setenv(VARIABLE, KODE)
    assert password() == KODE
