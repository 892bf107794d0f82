"""Handing one mail over: what arrives, what a server's answers mean, and every way in which it can't be reached."""

from __future__ import annotations

import errno
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from mail_server import (
    DROP_AFTER_END,
    HOST,
    LONG,
    NONSENSE_AFTER_END,
    SENDER,
    SILENT_AFTER_END,
    WORKBOOK,
    Certificates,
    MailServer,
    certificates,
    mail,
    raw_server,
)

from aftale.mail.smtp import Line, NoLine, Patience, Relay, Security, connect
from aftale.mail.smtp_plan import Meaning, Reply, Stage, State, meaning, one_line, state_after
from aftale.model.mail import Address

PASSWORD = "hemmelig-æøå-17"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("rod"))


@pytest.fixture(autouse=True)
def trusts(trusted: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.file))


@pytest.fixture(params=["starttls", "tls"])
def server(request: pytest.FixtureRequest, trusted: Certificates) -> Iterator[MailServer]:
    with MailServer(request.param, trusted.context(), {"bruger": PASSWORD}) as made:
        yield made


@pytest.fixture
def plain(trusted: Certificates) -> Iterator[MailServer]:
    """A server that asks nobody to log in."""
    with MailServer("starttls", trusted.context()) as made:
        yield made


def send(line: Line, *to: str, noted: list[list[str]] | None = None, patience: Patience = LONG) -> dict[str, Reply]:
    notes = [] if noted is None else noted
    return line.send(mail("m", *to), SENDER, to, lambda taken: notes.append(list(taken)))


def refusal(relay: Relay, password: str = "", patience: Patience = LONG) -> str:
    with pytest.raises(NoLine) as caught:
        connect(relay, password, patience).close()
    return caught.value.problem.code


# ---------------------------------------------------------------- what arrives

def test_a_mail_arrives_whole_with_its_headers_and_its_workbook_byte_for_byte(server: MailServer) -> None:
    line = connect(server.relay("bruger"), PASSWORD, LONG)
    noted: list[list[str]] = []
    assert send(line, "m@example.dk", noted=noted)["m@example.dk"].yes
    line.close()
    server.wait_until_idle()
    [received] = server.received
    read = received.read
    assert noted == [["m@example.dk"]]
    assert (received.sender, received.to) == (SENDER.email, ("m@example.dk",))
    assert read["From"].addresses[0].display_name == SENDER.name and read["From"].addresses[0].addr_spec == SENDER.email
    assert read["To"].addresses[0].addr_spec == "m@example.dk" and read["Subject"] == "Skema til m – årets mål"
    assert read["Message-ID"].endswith("@bibliotek.example.dk>") and parsedate_to_datetime(str(read["Date"])).tzinfo
    assert not [name for name in read if name.lower().startswith("x-")]
    assert [part.get_content() for part in read.iter_attachments()] == [WORKBOOK]
    body = read.get_body(("plain",))
    assert body is not None and body.get_content().splitlines() == [".", "..", "Kære kollega", ".", "Hilsen æøå"]
    assert b"\r\n" in received.data and b"\n" not in received.data.replace(b"\r\n", b"")


def test_a_line_that_begins_with_a_dot_comes_through(plain: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours are base64, where none does; what goes over the line doesn't depend on that."""
    import aftale.mail.smtp
    monkeypatch.setattr(aftale.mail.smtp, "message", lambda *parts: b"Subject: x\n\n.\n..to\r\nslut uden linjeskift")
    line = connect(plain.relay(), "", LONG)
    assert send(line, "m@example.dk")["m@example.dk"].yes
    line.close()
    plain.wait_until_idle()
    assert plain.received[0].data == b"Subject: x\r\n\r\n.\r\n..to\r\nslut uden linjeskift\r\n"


def test_two_mails_go_over_one_line(plain: MailServer) -> None:
    line = connect(plain.relay(), "", LONG)
    assert send(line, "a@example.dk")["a@example.dk"].yes and send(line, "b@example.dk")["b@example.dk"].yes
    line.close()
    assert plain.got == {"a@example.dk": 1, "b@example.dk": 1} and plain.connections == 1


def test_a_mail_bigger_than_the_buffers_arrives(plain: MailServer) -> None:
    line = connect(plain.relay(), "", LONG)
    big = bytes(range(256)) * 8_000
    assert line.send(mail("m", data=big), SENDER, ["m@example.dk"], lambda taken: None)["m@example.dk"].yes
    line.close()
    plain.wait_until_idle()
    assert [part.get_content() for part in plain.received[0].read.iter_attachments()] == [big]


# ---------------------------------------------------------------- what a server says to a mail

def test_one_refused_recipient_doesn_t_keep_the_mail_from_the_others(plain: MailServer) -> None:
    plain.habits.recipients["b@example.dk"] = ["550 5.1.1 kender vi ikke"]
    line = connect(plain.relay(), "", LONG)
    answers = send(line, "a@example.dk", "b@example.dk", "c@example.dk")
    line.close()
    assert [state_after(reply) for reply in answers.values()] == [State.SENT, State.REFUSED, State.SENT]
    assert answers["b@example.dk"] == Reply(550, "5.1.1 kender vi ikke", Stage.RECIPIENT)
    assert plain.got == {"a@example.dk": 1, "c@example.dk": 1}


def test_where_all_are_refused_nothing_is_handed_over_and_the_line_can_be_used_again(plain: MailServer) -> None:
    plain.habits.recipients["a@example.dk"] = ["550 nej"]
    line, noted = connect(plain.relay(), "", LONG), []
    assert not send(line, "a@example.dk", noted=noted)["a@example.dk"].yes and noted == []
    assert send(line, "b@example.dk")["b@example.dk"].yes
    line.close()
    assert plain.got == {"b@example.dk": 1} and plain.connections == 1


@pytest.mark.parametrize(("body", "state", "open_after"), [
    ("250 ok", State.SENT, True), ("554 5.7.1 spam", State.REFUSED, True), ("451 4.3.0 senere", State.PUT_OFF, True),
    ("421 4.3.2 lukker", State.PUT_OFF, False), (DROP_AFTER_END, State.UNSURE, False),
    (NONSENSE_AFTER_END, State.UNSURE, False)])
def test_what_is_said_to_the_content(plain: MailServer, body: str, state: State, open_after: bool) -> None:
    plain.habits.bodies.append(body)
    line, noted = connect(plain.relay(), "", LONG), []
    reply = send(line, "m@example.dk", noted=noted)["m@example.dk"]
    assert line.open is open_after and reply.stage is Stage.END and noted == [["m@example.dk"]]
    line.close()
    assert state_after(reply) is state


def test_a_line_that_breaks_in_the_middle_of_a_mail_leaves_no_doubt(
        plain: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(smtp: smtplib.SMTP, data: bytes | str) -> None:
        if len(data) > 1000 and smtp.sock is not None:
            real(smtp, data[:1000])
            smtp.sock.shutdown(socket.SHUT_RDWR)
        real(smtp, data)

    real = smtplib.SMTP.send
    monkeypatch.setattr(smtplib.SMTP, "send", broken)
    line, noted = connect(plain.relay(), "", LONG), []
    assert state_after(send(line, "m@example.dk", noted=noted)["m@example.dk"]) is State.PUT_OFF
    assert not line.open and noted == [] and plain.got == {}


@pytest.mark.parametrize(("said", "state"), [
    (b"552 5.3.4 for stor\r\n", State.REFUSED), (b"451 senere\r\n", State.PUT_OFF), (b"250 ok\r\n", State.PUT_OFF),
    (b"", State.PUT_OFF)])
def test_a_server_that_answers_in_the_middle_of_a_mail_or_hangs_up_isn_t_given_its_end(said: bytes, state: State) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        smtp, noted = smtplib.SMTP(), []
        smtp.sock = ours
        theirs.sendall(b"250 ok\r\n250 ok\r\n354 kom\r\n")
        heard = smtp.getreply

        def then() -> tuple[int, bytes]:
            answer = heard()
            if answer[0] == 354:  # the answer stands ready before the mail is through
                theirs.sendall(said)
                theirs.shutdown(socket.SHUT_WR)
            return answer

        smtp.getreply = then  # type: ignore[method-assign]
        line = Line(smtp, LONG)
        assert state_after(send(line, "m@example.dk", noted=noted)["m@example.dk"]) is state
        assert noted == [] and not line.open


def test_a_server_that_falls_silent_after_the_end_leaves_doubt_and_one_before_it_doesn_t(plain: MailServer) -> None:
    plain.habits.bodies.append(SILENT_AFTER_END)
    line = connect(plain.relay(), "", Patience(30, 30, 0.2))
    reply = send(line, "m@example.dk")["m@example.dk"]
    assert (state_after(reply), reply.slow, line.open) == (State.UNSURE, True, False)
    line.close()

    ours, theirs = socket.socketpair()
    with ours, theirs:
        smtp = smtplib.SMTP()
        smtp.sock = ours
        reply = send(Line(smtp, Patience(30, 0.05, 30)), "m@example.dk")["m@example.dk"]
    assert (state_after(reply), reply.slow) == (State.PUT_OFF, True)


def test_what_is_thrown_before_the_end_ends_nothing(plain: MailServer) -> None:
    def full(taken: object) -> None:
        raise RuntimeError

    line = connect(plain.relay(), "", LONG)
    with pytest.raises(RuntimeError):
        line.send(mail("m"), SENDER, ["m@example.dk"], full)
    line.close()
    assert plain.got == {}


def test_an_address_that_could_end_a_command_never_goes_over_the_line(plain: MailServer) -> None:
    line = connect(plain.relay(), "", LONG)
    for bad in ("a@b.dk>\r\nDATA", "a b@c.dk", "å@b.dk", "a", "<a@b.dk>", ""):
        reply = line.send(mail("m", "a@b.dk"), SENDER, [bad], lambda taken: None)[bad]
        assert (meaning(reply), state_after(reply)) == (Meaning.UNKNOWN, State.REFUSED), bad
    line.close()
    assert plain.asked == {}


@pytest.mark.parametrize(("said", "stage", "why", "state"), [
    ("550 5.1.1 unknown", Stage.RECIPIENT, Meaning.UNKNOWN, State.REFUSED),
    ("550 no such user", Stage.RECIPIENT, Meaning.UNKNOWN, State.REFUSED),
    ("552 mailbox full", Stage.RECIPIENT, Meaning.FULL, State.REFUSED),
    ("552 5.2.2 quota", Stage.RECIPIENT, Meaning.FULL, State.REFUSED),
    ("552 5.2.2 quota", Stage.END, Meaning.FULL, State.REFUSED),
    ("452 4.2.2 quota", Stage.RECIPIENT, Meaning.FULL, State.PUT_OFF),
    ("450 4.2.0 greylisted", Stage.RECIPIENT, Meaning.OTHER, State.PUT_OFF),
    ("452 4.5.3 too many", Stage.RECIPIENT, Meaning.TOO_MANY, State.PUT_OFF),
    ("552 5.3.4 too big", Stage.SENDER, Meaning.TOO_BIG, State.REFUSED),
    ("552 too big", Stage.SENDER, Meaning.TOO_BIG, State.REFUSED),
    ("552 too big", Stage.END, Meaning.TOO_BIG, State.REFUSED),
    ("553 5.7.1 not yours", Stage.SENDER, Meaning.SENDER, State.REFUSED),
    ("554 5.2.252 SendAsDenied", Stage.END, Meaning.SENDER, State.REFUSED),
    ("530 5.7.0 log in", Stage.SENDER, Meaning.LOGIN, State.REFUSED),
    ("554 5.7.1 relay access denied", Stage.RECIPIENT, Meaning.NOT_ALLOWED, State.REFUSED),
    ("554 no", Stage.END, Meaning.OTHER, State.REFUSED),
    ("250 2.0.0 ok", Stage.END, Meaning.OTHER, State.SENT),
    ("354 again?", Stage.END, Meaning.OTHER, State.UNSURE),
    ("0 ", Stage.END, Meaning.OTHER, State.UNSURE),
    ("0 ", Stage.CONTENT, Meaning.OTHER, State.PUT_OFF)])
def test_what_an_answer_means(said: str, stage: Stage, why: Meaning, state: State) -> None:
    code, _, text = said.partition(" ")
    reply = Reply(int(code), text, stage)
    assert state_after(reply) is state
    if state in (State.REFUSED, State.PUT_OFF) and reply.code:
        assert meaning(reply) is why


@pytest.mark.parametrize(("said", "in_company", "state"), [
    ("552 too many recipients", True, State.PUT_OFF), ("552 too many recipients", False, State.REFUSED),
    ("550 5.5.3 too many", True, State.PUT_OFF), ("552 5.2.2 mailbox full", True, State.REFUSED),
    ("550 5.1.1 unknown", True, State.REFUSED)])
def test_enough_recipients_for_now_may_be_said_as_if_it_were_for_good(said: str, in_company: bool, state: State) -> None:
    code, _, text = said.partition(" ")
    assert state_after(Reply(int(code), text, Stage.RECIPIENT), in_company) is state


@pytest.mark.parametrize(("said", "shown"), [
    (b"5.1.1 nej\r\n5.1.1  tak", "5.1.1 nej 5.1.1 tak"), (b"\x1b[31mr\xc3\xb8d\x00\x07", "[31mrød"),
    ("\u202eomvendt\u2028ny linje".encode(), "omvendt ny linje"), (b"\xff\xfe", "\ufffd\ufffd"),
    (b"din kode er kat17, ikke a2F0MTc=", "din kode er •••, ikke •••"), (b"ka\x00t17", "•••"), (b"", "")])
def test_what_a_server_says_is_shown_as_one_safe_line_without_the_password(said: bytes, shown: str) -> None:
    assert one_line(said, ("a2F0MTc=", "kat17", "")) == shown
    assert len(one_line(b"x" * 9000)) == 200


# ---------------------------------------------------------------- logging in

@pytest.mark.parametrize("offered", ["PLAIN LOGIN", "LOGIN", "CRAM-MD5 LOGIN PLAIN"])
def test_a_password_with_danish_letters_logs_in(server: MailServer, offered: str) -> None:
    server.habits.auth = offered
    connect(server.relay("bruger"), PASSWORD, LONG).close()
    assert server.logins == [f"{'PLAIN' if 'PLAIN' in offered else 'LOGIN'} bruger ja"]


@pytest.mark.parametrize("offered", ["PLAIN", "LOGIN"])
def test_a_wrong_password_is_said_as_one_and_never_shown(server: MailServer, offered: str) -> None:
    server.habits.auth, server.habits.wrong_password = offered, "535 5.7.8 <{password}> er forkert"
    with pytest.raises(NoLine) as caught:
        connect(server.relay("bruger"), "forkert-kode", LONG)
    found = caught.value.problem
    assert found.code == "relay-wrong-password" and "bruger" in found.message and "5.7.8 <•••> er forkert" in found.message
    assert "forkert-kode" not in repr(found)


def test_a_server_that_can_t_check_a_password_now_is_only_busy(server: MailServer) -> None:
    server.habits.wrong_password = "454 4.7.0 senere"
    assert refusal(server.relay("bruger"), "x") == "relay-busy"


@pytest.mark.parametrize(("offered", "named"), [("XOAUTH2 GSSAPI", "XOAUTH2, GSSAPI"), ("", "slet ikke login")])
def test_a_server_without_passwords_says_what_it_has(plain: MailServer, offered: str, named: str) -> None:
    plain.habits.auth = offered
    with pytest.raises(NoLine) as caught:
        connect(plain.relay("bruger"), PASSWORD, LONG)
    assert caught.value.problem.code == "relay-no-login" and named in caught.value.problem.message
    assert plain.logins == []


def test_who_has_no_user_doesn_t_log_in(plain: MailServer) -> None:
    connect(plain.relay(), "", LONG).close()
    plain.wait_until_idle()
    assert plain.logins == []


# ---------------------------------------------------------------- no way in

@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_ends_it_before_the_password(
        security: str, trusted: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates(tmp_path).file))
    with MailServer(security, trusted.context(), {"bruger": PASSWORD}) as server:
        assert refusal(server.relay("bruger"), PASSWORD) == "relay-untrusted"
        assert server.logins == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_for_another_name_ends_it(security: str, trusted: Certificates) -> None:
    with MailServer(security, trusted.context("mail.andre.dk"), {"bruger": PASSWORD}) as server:
        assert refusal(server.relay("bruger"), PASSWORD) == "relay-other-name"
        assert server.logins == []


def test_a_certificate_that_has_run_out_ends_it(trusted: Certificates) -> None:
    from datetime import datetime, timezone
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trusted.authority.issue_cert(HOST, not_after=datetime(2020, 1, 1, tzinfo=timezone.utc)).configure_cert(context)  # noqa: UP017
    with MailServer("tls", context) as server:
        assert refusal(server.relay()) == "relay-expired"


def test_without_encryption_nothing_is_sent(trusted: Certificates) -> None:
    with MailServer("none", trusted.context()) as server:
        assert refusal(server.relay("bruger"), PASSWORD) == "relay-no-starttls"
        assert server.logins == []
        assert refusal(Relay(HOST, server.port, Security.TLS)) == "relay-no-tls"


def test_a_name_that_isn_t_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*args: object, **named: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert refusal(Relay("smtp.findes.ikke", 587, Security.STARTTLS)) == "relay-unknown"


@pytest.mark.parametrize("name", ["smtp..dk", "a" * 70 + ".dk"])
def test_a_name_that_can_t_be_one(name: str) -> None:
    assert refusal(Relay(name, 587, Security.STARTTLS)) == "relay-unknown"


def test_nobody_at_home() -> None:
    with socket.create_server((HOST, 0)) as listening:
        port = listening.getsockname()[1]
    assert refusal(Relay(HOST, port, Security.STARTTLS)) == "relay-closed"


def test_no_way_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_net(*args: object, **named: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", no_net)
    assert refusal(Relay("smtp.bib.dk", 587, Security.STARTTLS)) == "relay-unreachable"


def say(*lines: bytes) -> Callable[[socket.socket], None]:
    def talk(line: socket.socket) -> None:
        for each in lines:
            line.sendall(each)
            line.recv(1000)

    return talk


@pytest.mark.parametrize(("lines", "code"), [
    ((b"",), "relay-silent"),
    ((b"421 4.3.2 for mange\r\n",), "relay-busy"),
    ((b"554 5.7.1 ikke dig\r\n",), "relay-turned-away"),
    ((b"HTTP/1.1 400 Bad Request\r\n",), "relay-turned-away"),
    ((b"220 hej\r\n", b"550 nej\r\n"), "relay-turned-away"),
    ((b"220 hej\r\n", b"250-hej\r\n250 STARTTLS\r\n", b"454 4.7.0 ikke nu\r\n"), "relay-busy"),
    ((b"220 hej\r\n", b"250 " + b"x" * 9000 + b"\r\n"), "relay-turned-away"),
    ((b"220 hej\r\n", b"250-hej\r\n250 STARTTLS\r\n", b"220 kom\r\nvr\xf8vl\r\n"), "relay-no-tls")])
def test_a_server_that_is_none_for_us(lines: tuple[bytes, ...], code: str) -> None:
    with raw_server(say(*lines)) as relay:
        patience = Patience(0.2, 0.2, 0.2) if code == "relay-silent" else LONG
        assert refusal(relay, patience=patience) == code


def test_a_server_that_hangs_up_at_once() -> None:
    with raw_server(lambda line: None) as relay:
        assert refusal(relay) == "relay-hung-up"


def test_no_machine_s_name_goes_out(plain: MailServer) -> None:
    line = connect(plain.relay(), "", LONG)
    assert line._smtp.local_hostname == f"[{HOST}]"
    line.close()


def test_the_sender_is_the_one_given(plain: MailServer) -> None:
    line = connect(plain.relay(), "", LONG)
    line.send(mail("m"), Address("", "x@xn--rdovre-q1a.dk"), ["m@example.dk"], lambda taken: None)
    line.close()
    plain.wait_until_idle()
    assert plain.received[0].sender == "x@xn--rdovre-q1a.dk"
