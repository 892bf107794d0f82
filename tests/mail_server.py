"""A real mail server (aiosmtpd) on this machine that tests can tell to be as difficult as real ones are."""

from __future__ import annotations

import asyncio
import logging
import ssl
import tempfile
import threading
import warnings
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import lru_cache
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from aftale.mail.smtp import Relay
from aftale.model.mail import Address, Attachment, Mailing, MailKind, Outgoing

HOST = "127.0.0.1"
SENDER = Address("Koordinatoren på Ågade", "koordinator@bibliotek.example.dk")
SERIES = "paamind aftale-1 2015 midtvejs"
WORKBOOK = bytes(range(256)) * 40 + b"\r\n.\r\n.\n..\r\n"
"""What looks like the end of a mail, inside a workbook."""


def mail(key: str, *to: str, data: bytes = WORKBOOK) -> Outgoing:
    """Return a mail with a workbook, its text full of lines that begin with a dot."""
    addresses = tuple(Address("", each) for each in to or (f"{key}@example.dk",))
    return Outgoing(key, f"kladde_{key}", addresses, f"Skema til {key} – årets mål",
                    ".\n..\nKære kollega\n.\nHilsen æøå\n", "<p>.</p>\n<p>Kære kollega</p>",
                    (Attachment(f"skema_{key}.xlsx", data),))


def mailing(*mails: Outgoing, sender: Address | None = SENDER) -> Mailing:
    """Return a round's mails."""
    return Mailing(MailKind.PAAMIND, SERIES, "Påmindelser i midtvejsopfølgningen 2015", mails, sender)


def many(number: int) -> Mailing:
    """Return a round of so many mails: ``m1@example.dk`` and on."""
    return mailing(*(mail(f"m{each}") for each in range(1, number + 1)))


@dataclass(frozen=True)
class Received:
    """A mail as it came to the server."""

    sender: str
    to: tuple[str, ...]
    data: bytes

    @property
    def read(self) -> EmailMessage:
        """The mail as a mail program reads it."""
        return BytesParser(policy=policy.default).parsebytes(self.data)  # type: ignore[return-value]


@dataclass
class Habits:
    """What is difficult about a server: answers that are given once each, in turn, before it behaves again.

    ``bodies`` are for what becomes of a mail's content: an answer, or one of the constants below.
    """

    senders: list[str] = field(default_factory=list)
    recipients: dict[str, list[str]] = field(default_factory=dict)
    bodies: list[str] = field(default_factory=list)
    biggest: int = 30_000_000
    wrong_password: str = ""


DROP_IN_BODY, DROP_AFTER_END, SILENT_AFTER_END = "drop in body", "drop after end", "silent after end"
TAKE_AND_DROP, NONSENSE_AFTER_END = "take and drop", "hvad?"
SILENT = "silent"
"""What a recipient's answers may hold: none ever comes."""


class MailServer:
    """A server in a thread of its own; it is told what to be difficult about, and shows what it has received."""

    def __init__(self, security: str = "starttls", users: dict[str, str] | None = None,
                 context: ssl.SSLContext | None = None) -> None:
        self.habits = Habits()
        self.received: list[Received] = []
        self.logins: list[str] = []
        self.connections = 0
        self.events: list[str] = []
        """What has come in, in order: a test may add what happens elsewhere."""
        self.asked: Counter[str] = Counter()
        self._open = 0
        self._security, self._context, self._users = security, context or trusted().context(), users
        self._idle = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: None)  # lines that break are what these tests are about
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> MailServer:
        self._thread.start()
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def start(self, port: int = 0) -> None:
        """Listen, on a port that is free."""
        self._server = asyncio.run_coroutine_threadsafe(self._listen(port), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Take no more connections."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)

    async def _listen(self, port: int) -> Any:
        tls = self._context if self._security == "tls" else None
        return await self._loop.create_server(self._protocol, HOST, port, ssl=tls, reuse_address=True)

    async def _close(self) -> None:
        self._server.close()

    def _protocol(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a login without STARTTLS: with TLS there is none
            return _Protocol(self, data_size_limit=self.habits.biggest, hostname="mail.test", loop=self._loop,
                             tls_context=self._context if self._security == "starttls" else None,
                             require_starttls=self._security == "starttls", authenticator=self._authenticate,
                             auth_required=self._users is not None, auth_require_tls=self._security == "starttls",
                             auth_exclude_mechanism=[] if self._users is not None else ["LOGIN", "PLAIN"])

    def _authenticate(self, server: SMTP, session: Any, envelope: Any, mechanism: str, login: LoginPassword) -> AuthResult:
        user, password = login.login.decode(), login.password.decode()
        good = self._users is not None and self._users.get(user) == password
        self.logins.append(f"{mechanism} {user} {'ja' if good else 'nej'}")
        said = b64encode(f"\0{user}\0{password}".encode()).decode()
        message = self.habits.wrong_password.format(password=password, said=said) if not good else ""
        return AuthResult(success=good, handled=False, message=message or None)

    def opened(self) -> None:
        with self._idle:
            self.connections, self._open = self.connections + 1, self._open + 1

    def closed(self) -> None:
        with self._idle:
            self._open -= 1
            self._idle.notify_all()

    def wait_until_idle(self) -> None:
        """Wait until nobody is connected: what a client that was killed had sent has come in then."""
        with self._idle:
            assert self._idle.wait_for(lambda: not self._open, 20)

    @property
    def got(self) -> Counter[str]:
        """How many mails each address has received."""
        self.wait_until_idle()
        return Counter(address for each in self.received for address in each.to)

    def relay(self, user: str = "", host: str = HOST, timeout: float = 30) -> Relay:
        """Return the server as the program is told of it."""
        return Relay(host, self.port, self._security == "tls", user, timeout)


class _Protocol(SMTP):
    def __init__(self, server: MailServer, **options: Any) -> None:
        self.house, self.seen = server, False
        super().__init__(self, **options)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self.seen:
            self.house.opened()
        self.seen = True
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.house.closed()

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.house.habits.senders:
            return self.house.habits.senders.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        habits = self.house.habits
        self.house.asked[address] += 1
        if habits.recipients.get(address):
            answer = habits.recipients[address].pop(0)
            return answer if answer != SILENT else await _for_ever()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def smtp_DATA(self, arg: str) -> None:
        if self.house.habits.bodies[:1] != [DROP_IN_BODY]:
            await super().smtp_DATA(arg)
            return
        self.house.habits.bodies.pop(0)
        await self.push("354 go on")
        await self._reader.readline()
        self.transport.abort()  # type: ignore[union-attr]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.house.events.append(f"mail til {', '.join(envelope.rcpt_tos)}")
        answer = self.house.habits.bodies.pop(0) if self.house.habits.bodies else "250 2.0.0 taget"
        if answer in (TAKE_AND_DROP, NONSENSE_AFTER_END) or answer.startswith("2"):
            self.house.received.append(Received(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        if answer in (DROP_AFTER_END, TAKE_AND_DROP):
            self.transport.abort()  # type: ignore[union-attr]
        if answer == SILENT_AFTER_END:
            await _for_ever()
        return answer


async def _for_ever() -> str:
    """Keep still until the client has had enough."""
    await asyncio.Event().wait()
    return ""


logging.getLogger("mail.log").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Certificates:
    """An authority of the tests' own, its certificate in a file, and contexts for servers that it vouches for."""

    authority: trustme.CA
    file: Path

    def context(self, name: str = HOST) -> ssl.SSLContext:
        """Return what a server of that name needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(name).configure_cert(context)
        return context


def certificates(folder: Path) -> Certificates:
    """Make an authority that nobody trusts but those who are told to."""
    authority = trustme.CA()
    file = folder / "rod.pem"
    authority.cert_pem.write_to_path(str(file))
    return Certificates(authority, file)


_FOLDER = tempfile.TemporaryDirectory(prefix="aftale_rod_")


@lru_cache
def trusted() -> Certificates:
    """Return the authority that the tests' servers have their certificates from."""
    return certificates(Path(_FOLDER.name))
