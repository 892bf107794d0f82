"""The command line in Danish: Typer's own headings, help text and usage errors say what ours would."""

from __future__ import annotations

import os
import re
import sys
import traceback
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class _Danish:
    """What makes Typer's help Danish throughout."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Draw the help under Danish headings."""
        from typer import rich_utils  # takes a tenth of a second, which is for those who ask for help
        rich_utils.ARGUMENTS_PANEL_TITLE = "Filer og mapper"
        rich_utils.OPTIONS_PANEL_TITLE = "Valg"
        rich_utils.COMMANDS_PANEL_TITLE = "Kommandoer"
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line: typer puts brackets of its own around ours, and dots behind."""
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        usage = usage.replace("Usage:", "Brug:").replace("[OPTIONS]", "[VALG]").replace("COMMAND [ARGS]...", "KOMMANDO …")
        return re.sub(r"\[\[(\w+)\]\]", r"[\1]", re.sub(r"\[\[(\w+)\]…\]\.\.\.", r"[\1 …]", usage))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help`` with a Danish text."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Vis denne hjælp."
        return option


class DanishCommand(_Danish, TyperCommand):
    """A command with Danish help."""


class DanishGroup(_Danish, TyperGroup):
    """The program itself, with Danish help."""


def usage_message(error: Exception) -> str | None:
    """Return what a usage error means in Danish, None where the exception isn't one of the command line's.

    Typer brings its own copy of click in newer versions, so that its errors are known by their names here.
    """
    kinds = {cls.__name__ for cls in type(error).__mro__}
    if "UsageError" not in kinds:
        return None
    said: dict[str, Any] = vars(error)
    parameter = said.get("param")
    what = "Kommandoen findes ikke, et valg mangler sin værdi, eller der står noget for meget på linjen."
    if "NoSuchOption" in kinds:
        near = ", ".join(said.get("possibilities") or ())
        what = f"Valget {said.get('option_name')} findes ikke." + (f" Mente du {near}?" if near else "")
    elif "MissingParameter" in kinds:
        name = getattr(parameter, "metavar", None) or getattr(parameter, "name", "noget")
        what = f"{str(name).upper()} mangler."
    elif "BadParameter" in kinds:
        names = getattr(parameter, "opts", None) or [str(getattr(parameter, "name", "et valg"))]
        what = f"Værdien til {names[0]} kan ikke bruges."
    return f"{what} Se hvordan med »{getattr(said.get('ctx'), 'command_path', 'aftale')} --help«."


def run_in_danish(app: typer.Typer, args: list[str] | None, name: str | None) -> int:
    """Run a Typer program and return its exit code; usage errors are said in Danish."""
    try:
        result = app(args, prog_name=name, standalone_mode=False)
    except (KeyboardInterrupt, Exception) as error:
        if isinstance(error, KeyboardInterrupt | EOFError) or "Abort" in {cls.__name__ for cls in type(error).__mro__}:
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
