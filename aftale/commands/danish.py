"""The command line in Danish: how commands and options may be spelled, the help, and what is said of a wrong call."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from aftale.office.report import USAGE, CannotDo
from aftale.terminal.completion import COMPLETE, answer_terminals
from aftale.terminal.help_text import help_text
from aftale.terminal.wrong_usage import called, in_ascii, near, refuse_values, spelled_as_known, usage_message

HELP_WORDS = frozenset(("hjaelp", "help", "?", "/?", "-?"))


class _Danish:
    """What a command and the program itself share."""

    def get_help(self, ctx: Any) -> str:
        """Return the help in Danish."""
        return help_text(self, ctx, called(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help`` with a Danish text."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Vis denne hjælp."
        return option

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of a command line, with options spelled in more than one way."""
        parameters = self.get_params(ctx)  # type: ignore[attr-defined]
        if not ctx.resilient_parsing:
            args = spelled_as_known(args, {name for each in parameters for name in each.opts if name.startswith("-")})
            if not isinstance(self, TyperGroup):  # what stands behind the program's own options may be a command's
                refuse_values(args, parameters, ctx)
        read: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]
        return read


class DanishCommand(_Danish, TyperCommand):
    """A command with Danish help."""


class DanishGroup(_Danish, TyperGroup):
    """The program itself, with Danish help; its commands may be spelled with æ, ø and å."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by its name, also as it is spelled in Danish."""
        return self.commands.get(in_ascii(cmd_name))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name, the command and what is left of the words.

        Raises CannotDo where there is no such command; a word for help shows it.
        """
        name, *rest = args
        if in_ascii(name) in HELP_WORDS and not ctx.resilient_parsing:
            command = self.get_command(ctx, rest[0]) if rest else None
            if command is None:
                typer.echo(self.get_help(ctx))
                raise typer.Exit
            return command.name, command, ["--help"]
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            raise CannotDo(f"Kommandoen »{name}« findes ikke.{near(name, self.commands)} Se alle kommandoer med"
                           " »aftale --help«.", USAGE)
        return command and command.name, command, rest


def run_in_danish(app: typer.Typer, args: list[str] | None) -> int:
    """Run a Typer program and return its exit code; usage errors are said in Danish."""
    if COMPLETE in os.environ:
        answer_terminals()
    try:
        result = app(args, prog_name="aftale", standalone_mode=False)
    except (KeyboardInterrupt, Exception) as error:
        if isinstance(error, KeyboardInterrupt | EOFError) or "Abort" in {cls.__name__ for cls in type(error).__mro__}:
            sys.stderr.write("Afbrudt. Ingen fil er gemt halvt; kør kommandoen igen, når du vil.\n")
            return 3
        message, code = (str(error), error.code) if isinstance(error, CannotDo) else (usage_message(error), USAGE)
        if isinstance(error, ModuleNotFoundError) and not (error.name or "aftale").startswith("aftale"):
            return _without_package(error)
        if message is None:
            return _unexpected(error)
        sys.stderr.write(message + "\n")
        return code
    return result if isinstance(result, int) else 0


def _unexpected(error: Exception) -> int:
    """Say that the program itself failed, without a traceback; with AFTALE_FEJLSOEG set, with one."""
    if os.environ.get("AFTALE_FEJLSOEG"):
        raise error
    last = traceback.extract_tb(error.__traceback__)[-1]
    from aftale.steps.year_folder import whom_to_tell
    sys.stderr.write(f"Programmet fejlede uventet ({type(error).__name__}: {error}; {Path(last.filename).name} linje"
                     f" {last.lineno}). Ingen fil er gemt halvt. Prøv igen. Sker det igen, så send denne linje til"
                     f" {whom_to_tell()}.\n")
    return 3


def _without_package(error: ModuleNotFoundError) -> int:
    """Say which package isn't installed, and how it is."""
    sys.stderr.write(f"Pakken {(error.name or '').partition('.')[0]} er ikke installeret, og uden den kan programmet ikke"
                     f" gøre det. Installér programmet igen, så kommer den med: »{sys.executable} -m pip install .« i"
                     " programmets mappe.\n")
    return 3
