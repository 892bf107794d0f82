"""The command line in Danish: Typer's own headings, help text and usage errors say what ours would."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class DanishCommand(TyperCommand):
    """A command whose help is Danish throughout."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Draw the help under Danish headings."""
        _danish_headings()
        super().format_help(ctx, formatter)

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line."""
        return _danish_usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help`` with a Danish text."""
        return _danish_help(super().get_help_option(ctx))


class DanishGroup(TyperGroup):
    """The program itself, with Danish help."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Draw the help under Danish headings."""
        _danish_headings()
        super().format_help(ctx, formatter)

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line."""
        return _danish_usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help`` with a Danish text."""
        return _danish_help(super().get_help_option(ctx))


def _danish_headings() -> None:
    from typer import rich_utils  # takes a tenth of a second, which is for those who ask for help
    rich_utils.ARGUMENTS_PANEL_TITLE = "Filer og mapper"
    rich_utils.OPTIONS_PANEL_TITLE = "Valg"
    rich_utils.COMMANDS_PANEL_TITLE = "Kommandoer"


def _danish_usage(usage: str) -> str:
    for english, danish in (("Usage:", "Brug:"), ("[OPTIONS]", "[VALG]"), ("COMMAND [ARGS]...", "KOMMANDO …"),
                            ("[[AFTALE]]", "[AFTALE]"), ("[[SVAR]…]...", "[SVAR …]"), ("[[KILDE]]", "[KILDE]"),
                            ("[[MAPPE]]", "[MAPPE]"), ("[[OPFOELGNING]…]...", "[OPFOELGNING …]"),
                            ("[[OPFOELGNING]]", "[OPFOELGNING]"), ("[[FIL]]", "[FIL]")):
        usage = usage.replace(english, danish)
    return usage


def _danish_help(option: Any) -> Any:
    if option is not None:
        option.help = "Vis denne hjælp."
    return option


def usage_message(error: Exception) -> str | None:
    """Return what a usage error means in Danish, None where the exception isn't one of the command line's.

    Typer brings its own copy of click in newer versions, so that its errors are known by their names here.
    """
    kinds = {cls.__name__ for cls in type(error).__mro__}
    if "UsageError" not in kinds:
        return None
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "aftale")
    return f"{_what(error, kinds)} Se hvordan med «{path} --help»."


def _what(error: Exception, kinds: set[str]) -> str:
    said: dict[str, Any] = vars(error)
    if "NoSuchOption" in kinds:
        near = ", ".join(said.get("possibilities") or ())
        return f"Valget {said.get('option_name')} findes ikke." + (f" Mente du {near}?" if near else "")
    if "MissingParameter" in kinds:
        parameter = said.get("param")
        name = getattr(parameter, "metavar", None) or getattr(parameter, "name", "noget")
        return f"{str(name).upper()} mangler."
    if "BadParameter" in kinds:
        parameter = said.get("param")
        names = getattr(parameter, "opts", None) or [str(getattr(parameter, "name", "et valg"))]
        return f"Værdien til {names[0]} kan ikke bruges."
    if "NoSuchCommand" in kinds or "command" in str(said.get("message", "")).lower():
        return "Den kommando findes ikke."
    if "argument" in str(said.get("message", "")).lower():
        return "Et valg mangler sin værdi, eller der står noget for meget på linjen."
    return "Kommandoen kan ikke forstås."


def run_in_danish(app: typer.Typer, args: list[str] | None, name: str | None) -> int:
    """Run a Typer program and return its exit code; usage errors are said in Danish."""
    try:
        result = app(args, prog_name=name, standalone_mode=False)
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("Afbrudt. Ingen fil er halvt skrevet; kør kommandoen igen, når du vil.\n")
        return 3
    except Exception as error:
        kinds = {cls.__name__ for cls in type(error).__mro__}
        if "Abort" in kinds:
            sys.stderr.write("Afbrudt. Ingen fil er halvt skrevet; kør kommandoen igen, når du vil.\n")
            return 3
        message = usage_message(error)
        if message is None:
            return _unexpected(error)
        sys.stderr.write(message + "\n")
        return 2
    return result if isinstance(result, int) else 0


def _unexpected(error: Exception) -> int:
    """Say that the program itself failed, without a traceback; with AFTALE_FEJLSOEG set, with one."""
    if os.environ.get("AFTALE_FEJLSOEG"):
        raise error
    last = traceback.extract_tb(error.__traceback__)[-1]
    sys.stderr.write(f"Programmet fejlede uventet ({type(error).__name__}: {error}; {Path(last.filename).name} linje"
                     f" {last.lineno}). Ingen fil er skrevet halvt. Meld det som en fejl med denne linje, og prøv igen.\n")
    return 3
