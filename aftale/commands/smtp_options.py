"""The options of every command that makes mails, and the password of the mail server, which is never one of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aftale.commands.shell import usage
from aftale.office.report import USAGE, CannotDo

if TYPE_CHECKING:
    from aftale.mail.post import Decision, Posting
    from aftale.mail.smtp import Relay
    from aftale.model.mail import Mailing
    from aftale.office.report import Report

PASSWORD = "AFTALE_SMTP_KODE"
"""The environment variable that holds the password where nobody sits at the terminal."""
SUBMISSION, SUBMISSION_TLS = 587, 465
_PANEL = "Send mailene gennem en mailserver"


@dataclass(frozen=True)
class Sending:
    """What the options say of a command's mails: staff's own texts, and how they are sent, None where drafts are made."""

    own_texts: Path | None = None
    posting: Posting | None = None

    @property
    def given(self) -> bool:
        """Whether anything is said of the mails at all."""
        return self.posting is not None or self.own_texts is not None

    @property
    def dry(self) -> bool:
        """Whether nothing is to be written or sent."""
        return self.posting is not None and self.posting.dry

    def poster(self, folder: Path | None) -> Callable[[Mailing], Report] | None:
        """Return what sends the mails, None where they are drafts; the list of what was sent lies in ``folder``."""
        posting = self.posting
        if posting is None or folder is None:
            return None
        from aftale.mail.post import post

        def send(mailing: Mailing) -> Report:
            report = post(mailing, posting, folder, password)
            copies = f"Kladderne i {folder} er kopier af det, der er sendt: send dem ikke igen."
            return report if posting.dry or report.failed else replace(report, said=(*report.said, copies))

        return send


def sends_mails(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `sending_from`; they reach it as one keyword ``sending``."""
    added = signature(sending_from, eval_str=True).parameters
    own = [each for each in signature(command, eval_str=True).parameters.values() if each.name != "sending"]
    parameters = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in (*own, *added.values())]

    @wraps(command)
    def run(**given: Any) -> None:
        mine = {name: given.pop(name) for name in added}
        command(**given, sending=usage(lambda: sending_from(**mine)))

    vars(run)["__signature__"] = Signature(parameters)
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def sending_from(
    brevtekster: Annotated[Path | None, typer.Option(
        "--brevtekster", metavar="MAPPE", show_default=False,
        help="Mappe med jeres egne mailtekster. Uden: mappen brevtekster ved aftalen, ellers programmets tekster.")] = None,
    smtp: Annotated[str, typer.Option(
        "--smtp", metavar="VÆRT[:PORT]", rich_help_panel=_PANEL, show_default=False,
        help="Send mailene gennem denne mailserver. Uden: der laves kladder, og intet sendes.")] = "",
    sikkerhed: Annotated[str, typer.Option(
        "--sikkerhed", metavar="starttls|tls", rich_help_panel=_PANEL, show_default=False,
        help="Hvordan forbindelsen krypteres. Uden: tls på port 465, ellers starttls (port 587).")] = "",
    bruger: Annotated[str, typer.Option(
        "--bruger", metavar="NAVN", rich_help_panel=_PANEL, show_default=False,
        help=f"Log på mailserveren som denne bruger. Adgangskoden bliver der spurgt om, eller den står i {PASSWORD}.")] = "",
    fra: Annotated[str, typer.Option(
        "--fra", metavar="ADRESSE", rich_help_panel=_PANEL, show_default=False,
        help="Hvem mailene er fra. Uden: koordinatoren, som aftalen angiver.")] = "",
    proeve: Annotated[bool, typer.Option(
        "--proeve", rich_help_panel=_PANEL, help="Vis, hvad der ville blive sendt til hvem, uden at sende noget.")] = False,
    igen: Annotated[bool, typer.Option(
        "--igen", rich_help_panel=_PANEL, help="Send også det, der er sendt før i denne runde.")] = False,
    uafklarede: Annotated[str, typer.Option(
        "--uafklarede", metavar="sendt|ikke", rich_help_panel=_PANEL, show_default=False,
        help="Afgør de mails, hvor det er uvist, om de kom frem: de tæller som sendt, eller de bliver sendt igen.")] = "",
) -> Sending:
    """Return what the options say of a command's mails.

    Raises:
        CannotDo: where an option can't be used, or stands without ``--smtp``.
    """
    given = {"--sikkerhed": sikkerhed, "--bruger": bruger, "--fra": fra, "--proeve": proeve, "--igen": igen,
             "--uafklarede": uafklarede}
    if not smtp.strip():
        if alone := [name for name, value in given.items() if value]:
            raise CannotDo(f"{alone[0]} gælder kun, når mailene sendes gennem en mailserver. Skriv den efter --smtp, fx"
                           " --smtp smtp.example.dk, eller udelad valget.", USAGE)
        return Sending(brevtekster)
    from aftale.mail.post import Posting
    decisions: dict[str, Decision] = {"": "", "sendt": "sendt", "ikke": "ikke"}
    decision = decisions.get(uafklarede.strip().casefold())
    if decision is None:
        raise CannotDo(f"«{uafklarede}» kan ikke bruges efter --uafklarede. Skriv «sendt», hvis mailene kom frem, eller"
                       " «ikke», hvis de skal sendes igen.", USAGE)
    relay = _relay(smtp.strip(), sikkerhed.strip().casefold(), bruger.strip())
    return Sending(brevtekster, Posting(relay, fra.strip(), igen, proeve, decision))


def _relay(server: str, security: str, user: str) -> Relay:
    from aftale.mail.smtp import Relay, Security
    host, port = _host_and_port(server)
    if security not in ("", *Security):
        raise CannotDo(f"«{security}» kan ikke bruges efter --sikkerhed. Skriv «starttls» (port 587) eller «tls» (port"
                       " 465).", USAGE)
    chosen = Security(security) if security else Security.TLS if port == SUBMISSION_TLS else Security.STARTTLS
    return Relay(host, port or (SUBMISSION_TLS if chosen is Security.TLS else SUBMISSION), chosen, user)


def _host_and_port(server: str) -> tuple[str, int]:
    """Read ``smtp.example.dk:587`` or ``[2001:db8::1]:587``; port 0 where none is said."""
    host, colon, port = server.rpartition(":") if server.count(":") == 1 or "]:" in server else (server, "", "")
    usable = not colon or port.isascii() and port.isdigit() and 0 < int(port) < 65_536
    host = host.removeprefix("[").removesuffix("]")
    if not host or not usable or any(letter.isspace() or letter in "/@\0" for letter in host):
        raise CannotDo(f"«{server}» kan ikke bruges efter --smtp. Skriv serverens navn, evt. med port:"
                       " smtp.example.dk:587.", USAGE)
    return host, int(port or 0)


def password() -> str:
    """Return the password of the mail server: from the environment, else asked for at the terminal without being shown.

    Raises:
        CannotDo: where nobody can be asked.
    """
    if kept := os.environ.get(PASSWORD, ""):
        return kept
    if not sys.stdin.isatty():
        raise CannotDo(f"Adgangskoden til mailserveren mangler. Intet er sendt. Skriv den i miljøvariablen {PASSWORD}, eller"
                       " kør kommandoen i en terminal, så bliver der spurgt om den.", USAGE)
    return str(typer.prompt("Adgangskode til mailserveren (vises ikke)", hide_input=True, err=True))
