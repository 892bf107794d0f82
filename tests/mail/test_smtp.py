"""Handing one mail over: what arrives, what a server's answers mean, and every way in which it can't be reached."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

import pytest
from mail_server import (
    DROP_AFTER_END,
    DROP_IN_BODY,
    HOST,
    NONSENSE_AFTER_END,
    SENDER,
    SILENT_AFTER_END,
    TAKE_AND_DROP,
    WORKBOOK,
    MailServer,
    certificates,
    mail,
    trusted,
)

from aftale.mail.eml import message
from aftale.mail.sent_list import State
from aftale.mail.smtp import Relay, ServerReply, _words, connect, hand_over
from aftale.model.findings import Finding

PASSWORD = "hemmelig-æøå-17"
DATE = "Fri, 12 Jun 2015 10:05:00 +0200"


@pytest.fixture(autouse=True)
def trusts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted().file))


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A server that asks nobody to log in."""
    with MailServer() as made:
        yield made


def send(relay: Relay, *to: str, password: str = "", data: bytes = WORKBOOK) -> dict[str, ServerReply]:
    smtp = connect(relay, password)
    assert not isinstance(smtp, Finding)
    answers = hand_over(smtp, SENDER.email, to, message(mail("m", *to, data=data), SENDER, DATE))
    smtp.close()
    return answers


def refusal(relay: Relay, password: str = "") -> Finding:
    found = connect(relay, password)
    assert isinstance(found, Finding)
    return found


# ---------------------------------------------------------------- what arrives

@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("password", [PASSWORD, "hemmelig-17"])
def test_a_mail_arrives_whole_with_its_headers_and_its_workbook_byte_for_byte(security: str, password: str) -> None:
    with MailServer(security, {"bruger": password}) as server:
        assert send(server.relay("bruger"), "m@example.dk", password=password) == {"m@example.dk": ServerReply(State.SENT)}
        server.wait_until_idle()
    [received] = server.received
    read = received.read
    assert (received.sender, received.to) == (SENDER.email, ("m@example.dk",))
    assert read["From"].addresses[0].display_name == SENDER.name and read["From"].addresses[0].addr_spec == SENDER.email
    assert read["To"].addresses[0].addr_spec == "m@example.dk" and read["Subject"] == "Skema til m – årets mål"
    assert read["Message-ID"].endswith("@bibliotek.example.dk>") and parsedate_to_datetime(str(read["Date"])).tzinfo
    assert [part.get_content() for part in read.iter_attachments()] == [WORKBOOK]
    body = read.get_body(("plain",))
    assert body is not None and body.get_content().splitlines() == [".", "..", "Kære kollega", ".", "Hilsen æøå"]
    assert b"\n" not in received.data.replace(b"\r\n", b"") and server.logins[-1].endswith("bruger ja")


def test_a_mail_bigger_than_the_buffers_arrives_and_no_machine_s_name_goes_out(server: MailServer) -> None:
    big = bytes(range(256)) * 8_000
    assert send(server.relay(), "m@example.dk", data=big)["m@example.dk"].state is State.SENT
    server.wait_until_idle()
    assert [part.get_content() for part in server.received[0].read.iter_attachments()] == [big]
    smtp = connect(server.relay(timeout=200), "")
    assert not isinstance(smtp, Finding)
    assert smtp.local_hostname == f"[{HOST}]" and smtp.sock is not None and smtp.sock.gettimeout() == 200
    smtp.close()


# ---------------------------------------------------------------- what a server says to a mail

def test_one_refused_recipient_doesn_t_keep_the_mail_from_the_others(server: MailServer) -> None:
    server.habits.recipients = {"b@example.dk": ["550 5.1.1 kender vi ikke"], "c@example.dk": ["450 4.2.0 senere"]}
    assert send(server.relay(), "a@example.dk", "b@example.dk", "c@example.dk", "d@example.dk") == {
        "a@example.dk": ServerReply(State.SENT),
        "b@example.dk": ServerReply(State.REFUSED, "550 5.1.1 kender vi ikke"),
        "c@example.dk": ServerReply(State.LACKING, "450 4.2.0 senere"), "d@example.dk": ServerReply(State.SENT)}
    assert server.got == {"a@example.dk": 1, "d@example.dk": 1}


def test_a_server_that_closes_among_the_recipients_has_taken_it_for_none_of_them(server: MailServer) -> None:
    server.habits.recipients["b@example.dk"] = ["421 4.3.2 lukker"]
    answers = send(server.relay(), "a@example.dk", "b@example.dk", "c@example.dk")
    assert {answer.state for answer in answers.values()} == {State.LACKING} and len(answers) == 3 and server.got == {}


@pytest.mark.parametrize(("sender", "recipient", "body", "state"), [
    ("", "550 5.1.1 ukendt", "", State.REFUSED), ("", "552 5.2.2 fuld", "", State.REFUSED),
    ("", "450 4.2.0 senere", "", State.LACKING), ("553 5.7.1 nej", "", "", State.REFUSED),
    ("530 5.7.0 log in", "", "", State.REFUSED), ("451 4.3.0 senere", "", "", State.LACKING),
    ("552 5.3.4 for stor", "", "", State.REFUSED), ("", "", "552 for stor", State.REFUSED),
    ("", "", "554 5.7.1 spam", State.REFUSED), ("", "", "451 4.3.0 senere", State.LACKING),
    ("", "", "421 4.3.2 lukker", State.LACKING), ("", "", "250 ok", State.SENT),
    ("", "", DROP_IN_BODY, State.UNSURE), ("", "", DROP_AFTER_END, State.UNSURE),
    ("", "", TAKE_AND_DROP, State.UNSURE), ("", "", NONSENSE_AFTER_END, State.UNSURE),
    ("", "", "354 mere?", State.UNSURE), ("", "", SILENT_AFTER_END, State.UNSURE)])
def test_what_an_answer_means(server: MailServer, sender: str, recipient: str, body: str, state: State) -> None:
    server.habits.senders += [sender] if sender else []
    server.habits.recipients["m@example.dk"] = [recipient] if recipient else []
    server.habits.bodies += [body] if body else []
    said = send(server.relay(timeout=0.5 if body == SILENT_AFTER_END else 30), "m@example.dk")["m@example.dk"]
    words = f"{sender}{recipient}{body}" if state in (State.REFUSED, State.LACKING) else ""
    assert said == ServerReply(state, words)


def test_what_a_server_says_is_shown_as_one_short_line() -> None:
    assert _words(550, b"5.1.1 nej\r\n\x1b[31m r\xc3\xb8d\x00") == "550 5.1.1 nej [31m rød"
    assert _words(-1, "\u202ehvad?") == "hvad?" and len(_words(550, b"x" * 9000)) == 200


# ---------------------------------------------------------------- no connection

@pytest.mark.parametrize(("password", "repeated"), [("forkert-kode", "{password}"), ("forkert-æøå", "{said}")])
def test_a_wrong_password_is_said_as_one_and_never_shown(password: str, repeated: str) -> None:
    with MailServer(users={"bruger": PASSWORD}) as server:
        server.habits.wrong_password = f"535 5.7.8 <{repeated}> er forkert"
        found = refusal(server.relay("bruger"), password)
        assert found.code == "relay-login" and "bruger" in found.message and "535" in found.message
        assert "<" not in found.message and password not in found.message


def test_a_server_without_login_or_encryption_is_given_neither_password_nor_mail(server: MailServer) -> None:
    assert refusal(server.relay("bruger"), "kode").code == "relay-login"
    with MailServer("none", {"bruger": PASSWORD}) as plain:
        for relay in (plain.relay("bruger"), Relay(HOST, plain.port, tls=True)):
            found = refusal(relay, PASSWORD)
            assert found.code == "relay-unreachable" and "kan ikke aftales kryptering" in found.message
        assert plain.logins == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_isn_t_good_ends_it_before_the_password(
        security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    past = SSLContext(PROTOCOL_TLS_SERVER)
    trusted().authority.issue_cert(HOST, not_after=datetime(2020, 1, 1, tzinfo=timezone.utc)).configure_cert(past)  # noqa: UP017
    unknown = certificates(tmp_path).context()
    other = trusted().context("smtp.example.dk")
    for context, why in ((past, "expired"), (other, "mismatch"), (unknown, "unable to get local issuer")):
        with MailServer(security, {"bruger": PASSWORD}, context) as server:
            found = refusal(server.relay("bruger"), PASSWORD)
            assert found.code == "relay-untrusted" and why in found.message and server.logins == []
            if context is other:
                assert "mismatch" in refusal(server.relay("bruger", host="localhost"), PASSWORD).message


def test_a_server_that_can_t_be_reached_is_said_to_be_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((HOST, 0)) as silent:
        port = silent.getsockname()[1]
        found = refusal(Relay(HOST, port, timeout=0.2))
        assert found.code == "relay-unreachable" and "svarer ikke" in found.message
    for relay, why in ((Relay(HOST, port), "svarer ikke"), (Relay("smtp..dk", 587), "Navnet findes ikke")):
        found = refusal(relay)
        assert found.code == "relay-unreachable" and why in found.message
    for error, why in ((socket.gaierror(-2, "?"), "Navnet findes ikke"), (OSError(101, "?"), "svarer ikke")):
        def fail(*args: object, error: OSError = error, **named: object) -> None:
            raise error

        monkeypatch.setattr(socket, "create_connection", fail)
        found = refusal(Relay("smtp.example.dk", 587))
        assert found.code == "relay-unreachable" and why in found.message


def test_a_server_that_turns_us_away_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((HOST, 0)) as listening:
        ours = socket.create_connection(listening.getsockname())
        line, _ = listening.accept()
        line.sendall(b"554 5.7.1 ikke dig\r\n")
        monkeypatch.setattr(socket, "create_connection", lambda *args, **named: ours)
        found = refusal(Relay(HOST, 1))
        line.close()
    assert found.code == "relay-unreachable" and "»554 5.7.1 ikke dig" in found.message
