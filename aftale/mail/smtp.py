"""Handing mails to a mail server (SMTP), over an encrypted line to a server whose certificate is checked.

Every call has a time limit. A mail is handed over in two steps: all of it but the last line, and then, once the caller
has noted that it is about to happen, the line with a single dot that makes the server take it.
"""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from email.utils import formatdate
from enum import StrEnum

from aftale.mail.eml import message
from aftale.mail.smtp_plan import Reply, Stage, one_line
from aftale.model.mail import Address, Outgoing
from aftale.model.problems import Problem, problem
from aftale.office.safe_write import danish_reason

_PIECE = 64 * 1024  # a time limit holds for a piece: a big mail on a slow line may take as long as it needs
_NAME = "aftale"
_OTHER_NAME = (62, 64)  # OpenSSL: the certificate is for another host name, or another address
_EXPIRED = (9, 10)


class Security(StrEnum):
    """How the line is encrypted: from the first byte, or after a greeting. There is no third way."""

    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class Relay:
    """The server that takes our mails, and who logs in on it ('' where nobody has to)."""

    host: str
    port: int
    security: Security
    user: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Patience:
    """How many seconds a server is waited for: to let us in, to answer, and to take a whole mail (RFC 5321, 4.5.3.2)."""

    connect: float = 60
    reply: float = 300
    taking: float = 600


class NoLine(Exception):
    """There is no way to the server, or it won't have us; the problem says why and what to do."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


# ---------------------------------------------------------------- a line that is open

class Line:
    """An open line to a server that takes mails; ``open`` tells whether it still is one."""

    def __init__(self, smtp: smtplib.SMTP, patience: Patience, secrets: Sequence[str] = ()) -> None:
        self.open = True
        self._smtp, self._patience, self._secrets = smtp, patience, secrets
        self._within_a_mail = False
        self._wait_at_most(patience.reply)

    def send(self, mail: Outgoing, sender: Address, to: Sequence[str],
             before_end: Callable[[Sequence[str]], None]) -> dict[str, Reply]:
        """Hand a mail over and return the server's last word for each address.

        ``before_end`` is told the addresses that the server takes it for, right before the line that ends it: where that
        raises, the server has taken nothing. A line that is lost is an answer with code 0; after the end nobody knows.
        """
        self._within_a_mail = True
        data = message(mail, sender, formatdate(localtime=True))
        answers = self._envelope(sender.email, to, len(data))
        if taken := [address for address, reply in answers.items() if reply.yes]:
            answers |= dict.fromkeys(taken, self._content(data, lambda: before_end(taken)))
        if self.open and not any(reply.stage is Stage.END for reply in answers.values()):
            self._say("RSET", Stage.SENDER)
        self._within_a_mail = False
        return answers

    def close(self) -> None:
        """Say goodbye, but not in the middle of a mail, where that would be a part of it."""
        if self.open and not self._within_a_mail:
            self._wait_at_most(min(5, self._patience.reply))  # nothing depends on what it says to that
            with suppress(OSError):
                self._smtp.quit()
        self._drop()

    def _envelope(self, sender: str, to: Sequence[str], size: int) -> dict[str, Reply]:
        size_too = f" SIZE={size}" if self._smtp.has_extn("size") else ""
        first = self._say(f"MAIL FROM:<{sender}>{size_too}", Stage.SENDER)
        if not first.yes:
            return dict.fromkeys(to, first)
        return {address: self._recipient(address) for address in to}

    def _recipient(self, address: str) -> Reply:
        if not _is_address(address):
            return Reply(553, "5.1.3 adressen er ikke skrevet rigtigt", Stage.RECIPIENT)
        return self._say(f"RCPT TO:<{address}>", Stage.RECIPIENT)

    def _content(self, data: bytes, before_end: Callable[[], None]) -> Reply:
        ready = self._say("DATA", Stage.CONTENT)
        if ready.code != 354:
            return ready if ready.code >= 400 else self._lost(Stage.CONTENT)
        try:
            for piece in _pieces(_transparent(data)):
                self._smtp.send(piece)
        except OSError as error:
            return self._lost(Stage.CONTENT, error)
        if (early := self._early_answer()) is not None:
            return early
        before_end()
        self._wait_at_most(self._patience.taking)
        reply = self._say(".", Stage.END)
        self._wait_at_most(self._patience.reply)
        return reply

    def _early_answer(self) -> Reply | None:
        """Return what a server said in the middle of a mail, or that it hung up; None where it listens, as it should.

        Then it isn't given the end, and has taken nothing: one case less of those that nobody can know.
        """
        if self._smtp.sock is None or not select.select([self._smtp.sock], [], [], 0)[0]:
            return None
        reply = self._hear(self._smtp.getreply, Stage.CONTENT)
        self._drop()
        return reply if reply.code >= 400 else replace(reply, code=0)

    def _say(self, command: str, stage: Stage) -> Reply:
        return self._hear(lambda: self._smtp.docmd(command), stage)

    def _hear(self, answer: Callable[[], tuple[int, bytes]], stage: Stage) -> Reply:
        try:
            code, text = answer()
        except OSError as error:  # smtplib's own are of that kind too
            return self._lost(stage, error)
        if not 200 <= code < 600:
            return self._lost(stage)
        if code == 421:  # «closing the channel», in answer to whatever was said
            self._drop()
        return Reply(code, one_line(text, self._secrets), stage)

    def _lost(self, stage: Stage, error: OSError | None = None) -> Reply:
        self._drop()
        return Reply(0, "", stage, error is not None and _is_slow(error))

    def _wait_at_most(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _drop(self) -> None:
        self.open = False
        with suppress(OSError):
            self._smtp.close()


def _transparent(data: bytes) -> bytes:
    """Return a mail as it goes over the line: CRLF alone, and a dot more before a line that begins with one."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    return re.sub(rb"(?m)^\.", b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[at:at + _PIECE] for at in range(0, len(data), _PIECE))


def _is_slow(error: OSError) -> bool:
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _is_address(text: str) -> bool:
    """Tell whether a text can stand as an address on the line: ASCII, with one ``@`` and nothing that ends a command."""
    return re.fullmatch(r"[!-;=?A-~]+@[!-;=?A-~]+", text) is not None


# ---------------------------------------------------------------- opening one

def connect(relay: Relay, password: str, patience: Patience) -> Line:
    """Open a line, encrypt it, and log in where the relay has a user.

    Raises:
        NoLine: where that can't be done.
    """
    secrets = _secrets(relay.user, password)
    with _as_problems(relay, secrets):
        smtp = _dial(relay, patience)
        try:
            _greet(smtp, relay, secrets)
            if relay.user:
                _login(smtp, relay, password, secrets)
        except BaseException:
            smtp.close()
            raise
    return Line(smtp, patience, secrets)


def _secrets(user: str, password: str) -> tuple[str, ...]:
    """Return the password in every form in which it goes over the line, the longest first."""
    return (_plain_login(user, password), _base64(password), password) if password else ()


def _dial(relay: Relay, patience: Patience) -> smtplib.SMTP:
    # A name is given, until `_greet` knows a better, so that smtplib doesn't ask the network for this machine's.
    if relay.security is Security.TLS:
        return smtplib.SMTP_SSL(relay.host, relay.port, _NAME, timeout=patience.connect,
                                context=ssl.create_default_context())
    return smtplib.SMTP(relay.host, relay.port, _NAME, timeout=patience.connect)


def _greet(smtp: smtplib.SMTP, relay: Relay, secrets: Sequence[str]) -> None:
    if smtp.sock is not None:  # our address says who we are, and no machine's name leaves the house
        smtp.local_hostname = _literal(str(smtp.sock.getsockname()[0]))
    _agreed(smtp.ehlo(), relay, secrets)
    if relay.security is Security.STARTTLS:
        if not smtp.has_extn("starttls"):
            raise NoLine(problem("relay-no-starttls", value=relay))
        smtp.starttls(context=ssl.create_default_context())
        _agreed(smtp.ehlo(), relay, secrets)


def _literal(address: str) -> str:
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _login(smtp: smtplib.SMTP, relay: Relay, password: str, secrets: Sequence[str]) -> None:
    # smtplib's own login can't say a password with æ, ø or å.
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        said = smtp.docmd("AUTH", f"PLAIN {_plain_login(relay.user, password)}")
    elif "LOGIN" in offered:
        said = smtp.docmd("AUTH", "LOGIN")
        for word in (relay.user, password):
            said = smtp.docmd(_base64(word)) if said[0] == 334 else said
    else:
        raise NoLine(problem("relay-no-login", value=relay, what=", ".join(offered) or "slet ikke login"))
    _agreed(said, relay, secrets, "relay-wrong-password")


def _plain_login(user: str, password: str) -> str:
    return _base64(f"\0{user}\0{password}")


def _base64(text: str) -> str:
    return b64encode(text.encode("utf-8", "replace")).decode("ascii")


def _agreed(said: tuple[int, bytes], relay: Relay, secrets: Sequence[str], otherwise: str = "relay-turned-away") -> None:
    code, text = said
    if not 200 <= code < 300:
        busy = 400 <= code < 500
        raise NoLine(problem("relay-busy" if busy else otherwise, value=relay, user=relay.user,
                             words=_quoted(code, one_line(text, secrets))))


def _quoted(code: int, words: str) -> str:
    return f"{code} {words}".strip() if code > 0 else words or "intet, der kan forstås"


# ---------------------------------------------------------------- why it can't be opened

@contextmanager
def _as_problems(relay: Relay, secrets: Sequence[str]) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error
        _agreed((error.smtp_code if error.smtp_code >= 400 else 0, said if isinstance(said, bytes) else said.encode()),
                relay, secrets)
    except (OSError, UnicodeError) as error:
        raise NoLine(_why(error, relay)) from None


def _why(error: OSError | UnicodeError, relay: Relay) -> Problem:
    if isinstance(error, ssl.SSLCertVerificationError):
        return problem(_certificate(error.verify_code), value=relay, what=relay.host)
    if isinstance(error, ssl.SSLError):
        return problem("relay-no-tls", value=relay)
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return problem("relay-unknown", value=relay.host)
    if isinstance(error, ConnectionRefusedError):
        return problem("relay-closed", value=relay)
    if _is_slow(error):
        return problem("relay-silent", value=relay)
    if isinstance(error, (smtplib.SMTPServerDisconnected, ConnectionError)):
        return problem("relay-hung-up", value=relay)
    return problem("relay-unreachable", value=relay, why=danish_reason(error))


def _certificate(code: int) -> str:
    return ("relay-other-name" if code in _OTHER_NAME else "relay-expired" if code in _EXPIRED else "relay-untrusted")
