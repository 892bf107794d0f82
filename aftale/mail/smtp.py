"""Handing mails to a mail server (SMTP), over an encrypted connection to a server whose certificate is checked.

What smtplib raises becomes a value here: a problem where the server can't be used, a reply for each address of a mail.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aftale.mail.sent_list import State
from aftale.model.findings import Finding
from aftale.model.problems import problem
from aftale.model.text import cut

_LONGEST_TO_CONNECT = 30
_TAKEN = 250
_NAME = "aftale"  # smtplib would ask the network for this machine's name


@dataclass(frozen=True)
class Relay:
    """The server that takes our mails, and who logs in on it ('' where nobody has to).

    With ``tls`` the connection is encrypted from the first byte, else by STARTTLS; there is no third way. ``timeout`` is
    how many seconds an answer is waited for: a server that looks a mail through may need minutes.
    """

    host: str
    port: int
    tls: bool = False
    user: str = ""
    timeout: float = 300

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class ServerReply(NamedTuple):
    """What became of a mail for one address, and the server's own words where it wasn't taken."""

    state: State
    words: str = ""


def connect(relay: Relay, password: str) -> smtplib.SMTP | Finding:
    """Connect, encrypt, and log in where the relay has a user; a problem says why that can't be done."""
    checked, patience = ssl.create_default_context(), min(_LONGEST_TO_CONNECT, relay.timeout)
    smtp: smtplib.SMTP | None = None
    try:
        smtp = (smtplib.SMTP_SSL(relay.host, relay.port, _NAME, timeout=patience, context=checked) if relay.tls else
                smtplib.SMTP(relay.host, relay.port, _NAME, timeout=patience))
        if smtp.sock is not None:  # our address says who we are
            ours = str(smtp.sock.getsockname()[0])
            smtp.local_hostname = f"[IPv6:{ours}]" if ":" in ours else f"[{ours}]"
        if not relay.tls:
            smtp.starttls(context=checked)
        if relay.user:
            _log_in(smtp, relay.user, password)
    except (OSError, UnicodeError) as error:  # smtplib's own are of the first kind too
        if smtp is not None:
            smtp.close()
        return _why(error, relay)
    if smtp.sock is not None:
        smtp.sock.settimeout(relay.timeout)
    return smtp


def _log_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    if f"{user}{password}".isascii():
        smtp.login(user, password)
        return
    smtp.ehlo_or_helo_if_needed()
    login = b64encode(f"\0{user}\0{password}".encode("utf-8", "replace")).decode("ascii")
    code, said = smtp.docmd("AUTH", f"PLAIN {login}")  # smtplib's login can't say æ, ø and å
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _why(error: OSError | UnicodeError, relay: Relay) -> Finding:
    if isinstance(error, ssl.SSLCertVerificationError):
        return problem("relay-untrusted", value=relay, why=error.verify_message)
    why = "den svarer ikke"
    if isinstance(error, ssl.SSLError) or "STARTTLS" in str(error):
        why = "der kan ikke aftales kryptering, og uden den bliver intet sendt"
    elif isinstance(error, smtplib.SMTPAuthenticationError):  # its words may repeat the password
        return problem("relay-login", value=relay, user=relay.user, why=f"den svarer {error.smtp_code}")
    elif isinstance(error, smtplib.SMTPResponseException):
        why = f"den siger »{_words(error.smtp_code, error.smtp_error)}«"
    elif isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        return problem("relay-login", value=relay, user=relay.user, why="den kender ikke login med adgangskode")
    elif isinstance(error, socket.gaierror | UnicodeError):
        why = "navnet findes ikke på nettet"
    return problem("relay-unreachable", value=relay, why=why)


def hand_over(smtp: smtplib.SMTP, sender: str, to: Sequence[str], data: bytes) -> dict[str, ServerReply]:
    """Hand a mail over and return what became of it for each address; after a failure the connection is closed."""
    refused: dict[str, tuple[int, bytes]] = {}
    others: tuple[int, bytes | str] = (0, b"")
    try:
        refused, others = smtp.sendmail(sender, to, data), (_TAKEN, b"")
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
        others = list(refused.values())[-1]  # a server that closes in the middle has taken it for nobody
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        others = (error.smtp_code, error.smtp_error)
    except OSError:
        pass  # nobody knows whether it was taken
    if others[0] != _TAKEN:
        smtp.close()
    return {each: _reply(*refused.get(each, others)) for each in to}


def _reply(code: int, said: bytes | str) -> ServerReply:
    """Return what a server's answer means: 4xx is for now, 5xx for good; another than these says nothing."""
    if not 400 <= code < 600:
        return ServerReply(State.SENT if code == _TAKEN else State.UNSURE)
    return ServerReply(State.LACKING if code < 500 else State.REFUSED, _words(code, said))


def _words(code: int, said: bytes | str) -> str:
    """Return what a server said as one short line that is safe to show: it may send anything."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return cut(f"{code if code > 0 else ''} {' '.join(plain.split())}".strip(), 200)
