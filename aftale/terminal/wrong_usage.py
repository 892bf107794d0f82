"""What is said of a command line that can't be understood: what was written, what is expected, and where the help stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from aftale.office.report import USAGE, CannotDo
from aftale.terminal.help_text import option_name

_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "_": "-"})
_DASHES = "-–—−"  # Word makes a long one of two short ones, and a command is often copied from a mail
_MISSING = {
    "FIL": "en fil", "MAPPE": "en mappe", "DATO": "en dato, fx 10-06-2015", "ÅR": "et årstal, fx 2015",
    "RUNDE": "en runde: midtvejs eller årsopfølgning", "ADRESSE": "en mailadresse", "TEKST": "en tekst", "NAVN": "et navn",
    "SERVER": "mailserverens navn", "TERMINAL": "terminalens navn, fx bash", "DEL": "en del af rapporten, fx bilag",
    "SVAR": "sendt eller ikke",
}


def in_ascii(word: str) -> str:
    """Return a word as commands and options are spelled: small letters, without æ, ø and å."""
    return unicodedata.normalize("NFC", word).casefold().translate(_ASCII)


def near(word: str, known: Collection[str]) -> str:
    """Return the question whether one of the known words was meant, '' where none is like it."""
    bare = {each.lstrip(_DASHES): each for each in known}  # two words are no likelier alike for both being options
    found = ([bare[each] for each in get_close_matches(in_ascii(word).lstrip(_DASHES), bare, 1)]
             or [each for each in known if in_ascii(word).startswith(each)][:1])
    return f" Mente du »{found[0]}«?" if found else ""


def see_help(ctx: Any, ask: str = "Se hvordan") -> str:
    """Say where the help of the command that is being read stands."""
    return f"{ask} med »{called(ctx)} --help«."


def called(ctx: Any) -> str:
    """Return what a command is called by: ``aftale flet``."""
    return f"aftale {ctx.info_name}" if ctx is not None and ctx.parent is not None else "aftale"


def spelled_as_known(words: Sequence[str], options: Collection[str]) -> list[str]:
    """Return a command line with its options spelled as they are known: ``--år`` and a dash from Word are forgiven."""
    def known(word: str) -> str:
        name, equals, value = word.partition("=")
        bare = name.lstrip(_DASHES)
        option = f"--{in_ascii(bare)}"
        return f"{option}{equals}{value}" if bare != name and name not in options and option in options else word

    end = words.index("--") if "--" in words else len(words)
    return [*map(known, words[:end]), *words[end:]]


def refuse_values(words: Sequence[str], parameters: Sequence[Any], ctx: Any) -> None:
    """Raise CannotDo where an option's value is left out, with nothing or another option behind it, or one is too much."""
    names = {name: each for each in parameters if each.param_type_name == "option" for name in each.opts}
    for word, following in pairwise((*words, "--")):
        if word == "--":
            return
        name, equals, value = word.partition("=")
        option = names.get(name)
        if option is not None and option.is_flag and equals:
            raise CannotDo(f"Efter {name} skal der ikke stå noget (»{value}«). {see_help(ctx)}", USAGE)
        if option is not None and not option.is_flag and not value and (following == "--" or following in names):
            what = _MISSING.get(option.metavar, f"noget ({option.metavar})")
            raise CannotDo(f"Efter {name} mangler {what}. {see_help(ctx)}", USAGE)


def usage_message(error: Exception) -> str | None:
    """Return what a usage error means in Danish, None where the exception isn't one of the command line's.

    Typer brings its own copy of click in newer versions, so that its errors are known by their names here.
    """
    kinds = [cls.__name__ for cls in type(error).__mro__]
    if "UsageError" not in kinds:
        return None
    said: dict[str, Any] = vars(error)
    ctx = said.get("ctx")
    kind = next((each for each in kinds if each in _KINDS), "UsageError")
    return f"{_KINDS[kind](said, ctx)} {see_help(ctx)}"


def _no_such_option(said: dict[str, Any], ctx: Any) -> str:
    name = str(said.get("option_name"))
    options = [option_name(each) for each in ctx.command.get_params(ctx) if each.param_type_name == "option"]
    return f"Valget »{name}« findes ikke.{near(name, options)}"


def _missing(said: dict[str, Any], _: Any) -> str:
    parameter = said["param"]
    return f"{parameter.metavar} mangler: {parameter.help}"


def _bad_value(said: dict[str, Any], _: Any) -> str:
    parameter = said.get("param")
    place = f"efter {option_name(parameter)}" if getattr(parameter, "param_type_name", "") == "option" else "her"
    value = re.search(r"'(.*)'", str(said.get("message")))
    what = f"»{value[1]}«" if value else "Det, der er skrevet,"
    return f"{what} kan ikke bruges {place}. Se, om det er skrevet rigtigt, og om du har adgang til det."


def _too_much(said: dict[str, Any], _: Any) -> str:
    extra = re.search(r"\(s\) \((.*)\)", str(said.get("message")))
    return f"»{extra[1]}« er for meget på linjen." if extra else "Linjen kan ikke læses."


_KINDS: dict[str, Callable[[dict[str, Any], Any], str]] = {
    "NoSuchOption": _no_such_option, "MissingParameter": _missing,
    "BadParameter": _bad_value, "UsageError": _too_much,
}
