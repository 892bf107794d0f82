"""The one Typer program ``aftale``; every command is a script of its own too."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from aftale import __version__
from aftale.commands.arkiv import arkiv
from aftale.commands.danish import DanishCommand, DanishGroup, run_in_danish
from aftale.commands.data import data
from aftale.commands.demo import demo
from aftale.commands.flet import flet
from aftale.commands.fordel import fordel
from aftale.commands.generer import generer
from aftale.commands.indlaes import indlaes
from aftale.commands.modtag import modtag
from aftale.commands.nyt_aar import nyt_aar
from aftale.commands.paamind import paamind
from aftale.commands.rapport import rapport
from aftale.commands.saml import saml
from aftale.commands.send import send
from aftale.commands.skabelon import skabelon
from aftale.commands.vejledning import vejledning
from aftale.intake.begin_worker import WORKER_WORD
from aftale.office.safe_write import danish_reason
from aftale.terminal.streams import take_care, trouble_with

COMMANDS = (generer, fordel, modtag, indlaes, flet, paamind, send, nyt_aar, saml, rapport, data, arkiv, vejledning, skabelon,
            demo)
app = typer.Typer(
    cls=DanishGroup, add_completion=False, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Lav aftalen, send skemaer ud, og saml svarene i én opfølgning. Det hele foregår i Excel.",
    epilog="Begynd i årets mappe med »aftale« alene: Så ser du, hvor året står. »aftale demo« viser det hele på et eksempel,"
           " og »aftale flet --help« forklarer en kommando. Kommandoer og valg kan også skrives med æ, ø og å: indlæs,"
           " påmind, nyt-år, --år, --opfølgning.")
for _command in COMMANDS:
    app.command(_command.__name__.replace("_", "-"), cls=DanishCommand)(_command)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Vis programmets udgave.")] = False,
    install_completion: Annotated[str, typer.Option(
        "--install-completion", metavar="TERMINAL", help="Lad terminalen skrive kommandoer og valg færdige, når du"
        " trykker på"
        " tabulatortasten. TERMINAL er bash, zsh, fish, pwsh eller powershell.")] = "",
    show_completion: Annotated[str, typer.Option(
        "--show-completion", metavar="TERMINAL", help="Vis det, --install-completion lægger ind, uden at gøre det.")] = "",
) -> None:
    """Vis, hvor året i denne mappe står, og hvad det næste er."""
    if version:
        typer.echo(f"aftale {__version__}")
        raise typer.Exit
    if install_completion or show_completion:
        from aftale.terminal.completion import complete_in
        typer.echo(complete_in(install_completion or show_completion, bool(install_completion)))
        raise typer.Exit
    if context.invoked_subcommand is None:
        from aftale.commands.daily import daily
        daily(lambda words: run_in_danish(app, words))


def main() -> None:
    """Run the program as a process of its own: memory that ends with it needn't be tidied up first."""
    if sys.argv[1:] == [WORKER_WORD]:  # a program that Python is frozen into reads files in processes of itself
        from aftale.intake.workers import main as answer_tasks
        return answer_tasks()
    try:
        run()
    except SystemExit as end:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):  # whoever listened may have gone
                stream.flush()
        os._exit(end.code if isinstance(end.code, int) else int(bool(end.code)))


def run(command: str = "") -> None:
    """Run the program, or one command as a script of its own: ``python scripts/flet.py …``.

    What can't be shown never decides what is done; memory is tidied up seldom, for a command soon ends anyway.
    """
    gc.freeze()
    gc.set_threshold(1_000_000, 50, 50)
    take_care()
    code = run_in_danish(app, [command, *sys.argv[1:]] if command else None)
    if trouble := trouble_with(sys.stdout):
        sys.stderr.write(f"Ikke alt kunne vises ({danish_reason(trouble)}), men kommandoen er kørt til ende.\n")
    sys.exit(code)
