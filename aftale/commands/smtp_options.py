"""The options of every command that makes mails; the password of the mail server is never one of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from aftale.commands.shell import PASSWORD, usage
from aftale.office.report import USAGE, CannotDo

if TYPE_CHECKING:
    from aftale.mail.post import Posting

SUBMISSION, SUBMISSION_TLS = 587, 465
_PANEL = "Send mailene gennem en mailserver"


class Sending(NamedTuple):
    """What the options say of a command's mails: staff's own texts, and how they are sent, None where drafts are made."""

    own_texts: Path | None = None
    posting: Posting | None = None


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
        "--brevtekster", metavar="MAPPE",
        help="Mappe med jeres egne mailtekster (ellers mappen brevtekster ved aftalen, og er der ingen, så"
        " programmets).")] = None,
    smtp: Annotated[str, typer.Option(
        "--smtp", metavar="SERVER", rich_help_panel=_PANEL,
        help="Send mailene gennem denne mailserver, fx smtp.example.dk eller smtp.example.dk:465. Det sker krypteret:"
        " med TLS på port 465, ellers med STARTTLS (port 587). Uden --smtp bliver der kun lavet kladder.")] = "",
    bruger: Annotated[str, typer.Option(
        "--bruger", metavar="NAVN", rich_help_panel=_PANEL,
        help=f"Log på mailserveren som denne bruger. Du bliver spurgt om adgangskoden, medmindre den står i"
        f" {PASSWORD}.")] = "",
    fra: Annotated[str, typer.Option(
        "--fra", metavar="ADRESSE", rich_help_panel=_PANEL,
        help="Hvem mailene er fra (ellers koordinatoren på arket Forside).")] = "",
    proeve: Annotated[bool, typer.Option(
        "--proeve", rich_help_panel=_PANEL, help="Vis, hvad der bliver sendt til hvem, uden at sende noget.")] = False,
    igen: Annotated[bool, typer.Option(
        "--igen", rich_help_panel=_PANEL, help="Send også de mails, der er sendt før i denne runde.")] = False,
    uafklarede: Annotated[str, typer.Option(
        "--uafklarede", metavar="SVAR", rich_help_panel=_PANEL,
        help="Afgør de mails, hvor det er uvist, om de kom frem: »sendt« (de kom frem) eller »ikke« (send dem igen).")] = "",
) -> Sending:
    """Return what the options say of a command's mails.

    Raises CannotDo where an option can't be used, or stands without ``--smtp``.
    """
    given = {"--bruger": bruger, "--fra": fra, "--proeve": proeve, "--igen": igen, "--uafklarede": uafklarede}
    if not smtp.strip():
        if alone := [name for name, value in given.items() if value]:
            raise CannotDo(f"{alone[0]} gælder kun, når mailene sendes gennem en mailserver. Skriv den efter --smtp, fx"
                           " --smtp smtp.example.dk, eller udelad valget.", USAGE)
        return Sending(brevtekster)
    from aftale.mail.post import Posting
    from aftale.mail.sent_list import State
    from aftale.mail.smtp import Relay
    decisions = {"": None, "sendt": State.SENT, "ikke": State.LACKING}
    settled = uafklarede.strip().casefold()
    if settled not in decisions:
        raise CannotDo(f"»{uafklarede}« kan ikke bruges efter --uafklarede. Skriv »sendt«, hvis mailene kom frem, eller"
                       " »ikke«, hvis de skal sendes igen.", USAGE)
    server = re.fullmatch(r"([^\s/@:]+)(?::([1-9]\d{0,4}))?", smtp.strip())
    port = int(server and server[2] or SUBMISSION)
    if server is None or port >= 65_536:
        # What was typed isn't repeated: there may be a password in it.
        raise CannotDo("Det, der er skrevet, kan ikke bruges efter --smtp. Skriv kun serverens navn, evt. med port:"
                       " smtp.example.dk:587. Brugernavnet skrives efter --bruger, og adgangskoden bliver der spurgt om.",
                       USAGE)
    relay = Relay(server[1], port, port == SUBMISSION_TLS, bruger.strip())
    return Sending(brevtekster, Posting(relay, fra.strip(), igen, proeve, decisions[settled]))
