"""The help of a command as text: the same under every version of typer, in Danish throughout, and without broken words."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

import typer

_WIDEST, _NARROWEST = 100, 50
_MOST_NAME = 22
"""A name that takes more room than this has its text on the lines below."""

_COMMAND = re.compile(r"»aftale[^»«]{,30}«")
_KEPT = "\N{NO-BREAK SPACE}"

ARGUMENTS, OPTIONS, COMMANDS = "Filer og mapper", "Valg", "Kommandoer"
Row = tuple[str, str]


def help_text(command: Any, ctx: Any, name: str) -> str:
    """Return the help of a command, or of the program itself, that is called by this name."""
    width = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
    parameters = command.get_params(ctx)
    arguments = [each for each in parameters if each.param_type_name == "argument"]
    options = [each for each in parameters if each.param_type_name == "option" and not getattr(each, "hidden", False)]
    commands: list[Row] = [(each, described(found)[0]) for each, found in getattr(command, "commands", {}).items()]
    panels = dict.fromkeys(getattr(each, "rich_help_panel", None) or OPTIONS for each in options)
    sections: list[tuple[str, list[Row]]] = [
        (COMMANDS, commands), (ARGUMENTS, [(_in_usage(each), each.help or "") for each in arguments]),
        *((panel, [(_written(each), each.help or "") for each in options
                   if (getattr(each, "rich_help_panel", None) or OPTIONS) == panel]) for panel in panels)]
    usage = " ".join((f"Brug: {name}", *(["KOMMANDO"] if commands else []), "[VALG]",
                      *(_in_usage(each) if each.required else f"[{_in_usage(each)}]" for each in arguments)))
    lines = wrapped(usage, width, len("Brug: "))
    for paragraph in described(command):
        lines += ["", *_paragraph(paragraph, width)]
    for title, rows in sections:
        if rows:
            lines += ["", typer.style(title, bold=True), *_table(rows, width)]
    if command.epilog:
        lines += ["", *wrapped(command.epilog, width)]
    return "\n".join(lines)


def described(command: Any) -> list[str]:
    """Return the paragraphs that say what a command does."""
    return [" ".join(paragraph.split()) for paragraph in inspect.cleandoc(command.help or "").split("\n\n")]


def wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    """Break a text between words and outside the commands in it; the lines after the first are indented."""
    whole = _COMMAND.sub(lambda found: found[0].replace(" ", _KEPT), text)
    lines = wrap(whole, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_KEPT, " ") for line in lines]


def option_name(option: Any) -> str:
    """Return the name that an option is known by: the long one."""
    return str(max(option.opts, key=len))


def _paragraph(text: str, width: int) -> list[str]:
    label, separator, shown = text.partition(": ")
    # An example is copied, so that it stands on a line of its own, however long.
    return [f"{label}:", f"  {shown}"] if separator and label == "Eksempel" else wrapped(text, width)


def _in_usage(argument: Any) -> str:
    return f"{argument.metavar}{' …' if argument.nargs == -1 else ''}"


def _written(option: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    return names if option.is_flag else f"{names} {option.metavar}"


def _table(rows: Sequence[Row], width: int) -> Iterator[str]:
    column = min(max(len(name) for name, _ in rows), _MOST_NAME) + 4
    for name, text in rows:
        lines = wrapped(text, width - column) or [""]
        if len(name) > column - 4:
            yield f"  {name}"
        else:
            lines[0] = f"  {name:{column - 2}}{lines[0]}"
        yield from (each if each.startswith("  ") else f"{'':{column}}{each}" for each in lines)
