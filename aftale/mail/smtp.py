"""Handing mails to a mail server (SMTP), over an encrypted connection to a server whose certificate is checked.

What smtplib raises becomes a value here: a problem where the server can't be used, an answer for each address of a mail.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum

from aftale.mail.sent_list import State
from aftale.model.findings import Finding
from aftale.model.problems import problem
from aftale.model.text import cut
from aftale.office.safe_write import danish_reason

_LONGEST_TO_CONNECT = 30
_NAME = "aftale"  # smtplib would ask the network for this machine's name


class Security(StrEnum):
    """How the connection is encrypted: after a greeting, or from the first byte. There is no third way."""

    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class Relay:
    """The server that takes our mails, and who logs in on it ('' where nobody has to).

    ``timeout`` is how many seconds an answer is waited for: a server that looks a mail through may need minutes.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    timeout: float = 300

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Answer:
    """What became of a mail for one address; where it wasn't taken, the code of the problem and the server's own words."""

    state: State
    problem: str = ""
    words: str = ""


class NoConnection(Exception):
    """The server can't be reached, or won't have us; the problem says why and what to do."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.message)
        self.problem = found


def connect(relay: Relay, password: str) -> smtplib.SMTP:
    """Connect, encrypt, and log in where the relay has a user.

    Raises:
        NoConnection: where that can't be done.
    """
    checked, patience = ssl.create_default_context(), min(_LONGEST_TO_CONNECT, relay.timeout)
    try:
        with ExitStack() as failed:
            tls = relay.security is Security.TLS
            smtp = (smtplib.SMTP_SSL(relay.host, relay.port, _NAME, timeout=patience, context=checked) if tls else
                    smtplib.SMTP(relay.host, relay.port, _NAME, timeout=patience))
            failed.callback(smtp.close)
            if smtp.sock is not None:  # our address says who we are
                ours = str(smtp.sock.getsockname()[0])
                smtp.local_hostname = f"[IPv6:{ours}]" if ":" in ours else f"[{ours}]"
            if not tls:
                smtp.starttls(context=checked)
            if relay.user:
                _log_in(smtp, relay.user, password)
            failed.pop_all()
    except UnicodeError:
        raise NoConnection(problem("relay-unreachable", value=relay, why=_NO_SUCH_NAME)) from None
    except OSError as error:  # smtplib's own are of that kind too
        raise NoConnection(_why(error, relay, password)) from None
    if smtp.sock is not None:
        smtp.sock.settimeout(relay.timeout)
    return smtp


def _log_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    if f"{user}{password}".isascii():
        smtp.login(user, password)
        return
    smtp.ehlo_or_helo_if_needed()
    code, said = smtp.docmd("AUTH", f"PLAIN {_plain_login(user, password)}")  # smtplib's login can't say æ, ø and å
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _plain_login(user: str, password: str) -> str:
    return b64encode(f"\0{user}\0{password}".encode("utf-8", "replace")).decode("ascii")


# ---------------------------------------------------------------- why there is no connection

_CERTIFICATE = {9: "det gælder ikke endnu", 10: "det er udløbet", 62: "det er udstedt til et andet navn",
                64: "det er udstedt til en anden adresse"}
"""What OpenSSL's codes mean; for the others, nobody that this machine knows has issued it."""
_NO_SUCH_NAME = "navnet findes ikke på nettet"
_UNREACHABLE = (
    (socket.gaierror, _NO_SUCH_NAME), (ConnectionRefusedError, "den tager ikke imod på den port"),
    ((TimeoutError, ConnectionError, smtplib.SMTPServerDisconnected), "den svarer ikke eller afbrød forbindelsen"))


def _why(error: OSError, relay: Relay, password: str) -> Finding:
    if isinstance(error, smtplib.SMTPResponseException):
        wrong = isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500
        words = _words(error.smtp_code, error.smtp_error)
        for secret in filter(None, (_plain_login(relay.user, password), password)):  # it may repeat what it was told
            words = words.replace(secret, "•••")
        return problem("relay-wrong-password" if wrong else "relay-turned-away", value=relay, user=relay.user, words=words)
    if isinstance(error, ssl.SSLCertVerificationError):
        why = _CERTIFICATE.get(error.verify_code, "denne maskine kender ikke udstederen")
        return problem("relay-untrusted", value=relay, why=why)
    if isinstance(error, ssl.SSLError) or "STARTTLS" in str(error):
        return problem("relay-no-tls", value=relay)
    if known := next((why for kinds, why in _UNREACHABLE if isinstance(error, kinds)), ""):
        return problem("relay-unreachable", value=relay, why=known)
    if isinstance(error, smtplib.SMTPException):
        return problem("relay-no-login", value=relay)
    return problem("relay-unreachable", value=relay, why=danish_reason(error))


# ---------------------------------------------------------------- handing over

def hand_over(smtp: smtplib.SMTP, sender: str, to: Sequence[str], data: bytes) -> dict[str, Answer]:
    """Hand a mail over and return what became of it for each address; after a failure the connection is closed."""
    try:
        refused = smtp.sendmail(sender, to, data)
        return {each: _answer("mail-refused", *refused[each]) if each in refused else Answer(State.SENT) for each in to}
    except smtplib.SMTPRecipientsRefused as error:
        last = list(error.recipients.values())[-1]  # a server that closes in the middle has taken it for nobody
        answers = {each: _answer("mail-refused", *error.recipients.get(each, last)) for each in to}
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        code = "sender-refused" if isinstance(error, smtplib.SMTPSenderRefused) else "mail-refused"
        code = "mail-too-big" if error.smtp_code == 552 else code
        answers = dict.fromkeys(to, _answer(code, error.smtp_code, error.smtp_error))
    except OSError:
        answers = dict.fromkeys(to, Answer(State.UNSURE))
    smtp.close()
    return answers


def _answer(code: str, said: int, words: bytes | str) -> Answer:
    """Return what a refusal means: 4xx is for now, 5xx for good, and anything else is no answer at all."""
    if not 400 <= said < 600:
        return Answer(State.UNSURE)
    return Answer(State.LACKING, "mail-later", _words(said, words)) if said < 500 else Answer(
        State.REFUSED, code, _words(said, words))


def _words(code: int, said: bytes | str) -> str:
    """Return what a server said as one short line that is safe to show: it may send anything."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return cut(f"{code if code > 0 else ''} {' '.join(plain.split())}".strip(), 200)
