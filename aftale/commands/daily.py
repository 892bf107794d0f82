"""``aftale`` alone: the daily page, and on a terminal a menu of what can be done from it."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aftale.commands.shell import carry_out
from aftale.office.report import Report
from aftale.terminal.show import console
from aftale.terminal.today import today

if TYPE_CHECKING:
    from aftale.daily.model import Action
    from aftale.steps.status import Page

Run = Callable[[list[str]], int]
"""Runs a command line of this program, and returns its exit code."""

_HEADERS = ("", "")
_LEAVE = frozenset(("0", "q", "luk", "slut", "exit", "quit"))
_OR_CLOSE = "(0 lukker)"
_OR_BACK = "(0 fortryder)"


class _Leave(Exception):
    """Whoever sits at the terminal is done with the page."""


class _Back(Exception):
    """What was begun isn't wanted after all."""


def daily(run: Run) -> None:
    """Show the page; on a terminal, offer what can be done, do it, and show the page again until somebody leaves.

    ``run`` is the program itself.
    """
    from aftale.steps.status import daily_page
    from aftale.steps.year_folder import year_around
    if around := year_around(Path(".")):
        os.chdir(around)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        carry_out(lambda: daily_page(Path("."), today()).report, headers=_HEADERS)
    try:
        while True:
            _turn(run)
    except (_Leave, EOFError, KeyboardInterrupt):
        raise typer.Exit(0) from None


def _turn(run: Run) -> None:
    """Show the page, ask what is to be done, and do it."""
    page = _page()
    if page is None:
        _ask(f"\nTryk Enter for at prøve igen {_OR_CLOSE}: ")
        return
    waits = page.next.waits or not page.next.actions
    screen = console()
    screen.print()
    for number, action in enumerate(page.next.actions, 1):
        screen.print(f"  {number}  {action.said}{' (Enter)' if number == 1 and not waits else ''}", markup=False)
    screen.print(f"  0  Luk{' (Enter)' if waits else ''}", markup=False)
    answer = _ask("\nVælg et tal, eller skriv en kommando: ", default="0" if waits else "1")
    with suppress(_Back):
        if answer.isdecimal():
            _chosen(page, int(answer), run)
        elif (words := words_of(answer)) != ["aftale"]:  # which is this page
            _run(words, run)


def _page() -> Page | None:
    """Show the page and return it; None where it can't be made, which is told."""
    from aftale.steps.status import daily_page
    made: list[Page] = []

    def work() -> Report:
        made.append(daily_page(Path("."), today()))
        return made[0].report

    typer.echo()
    with suppress(typer.Exit):
        carry_out(work, headers=_HEADERS, end=False)
    return made[0] if made else None


# ---------------------------------------------------------------- doing what was chosen

def _chosen(page: Page, number: int, run: Run) -> None:
    from aftale.daily.model import Ask
    if not 1 <= number <= len(page.next.actions):
        _ask(f"Der er ikke noget nummer {number}. Tryk Enter {_OR_CLOSE}: ")
        return
    action = page.next.actions[number - 1]
    if action.goes:
        os.chdir(action.goes)
    elif action.opens:
        _open(Path(action.opens))
    elif action.asks is Ask.NEW_YEAR:
        _new_year()
    else:
        _run([*action.command, *_deadline(action, page.year)], run)


def _run(words: list[str], run: Run) -> None:
    """Run a command, and let what it says be read."""
    typer.echo()
    run(words)
    _back_to_the_page()


def _back_to_the_page() -> None:
    _ask(f"\nTryk Enter for at se, hvor året står nu {_OR_CLOSE}: ")


def words_of(text: str) -> list[str]:
    """Part a command line as people type it on Windows, where a backslash is a part of a path."""
    words = shlex.shlex(text, posix=True)
    words.whitespace_split, words.escape, words.commenters = True, "", ""
    try:
        found = list(words)
    except ValueError:  # a quotation mark that isn't closed
        found = text.split()
    return found[1:] if found[:1] == ["aftale"] and found[1:] else found


def _open(path: Path) -> None:
    """Open a file, or a folder that is made where it isn't there yet, in the program that the system has for it."""
    if not path.exists():
        path.mkdir(parents=True)
    start = getattr(os, "startfile", None)
    try:
        failed = start(path.resolve()) if start else typer.launch(str(path.resolve()))
    except OSError:
        failed = True
    typer.echo(f"\n{'Åbn selv' if failed else 'Åbner'} {path.resolve()}")
    if path.is_file():
        _ask(f"Tryk Enter, når du har gemt og lukket filen {_OR_CLOSE}: ")
    else:
        _back_to_the_page()


def _new_year() -> None:
    """Ask for unit, department and year, and make an agreement to write in, in a folder called by the year."""
    from aftale.office.shipped_files import template_path
    from aftale.steps.generer import Given, file_name, generer
    from aftale.steps.year_folder import folder_for, with_starters
    now = today()
    unit = _needed(f"\nHvad hedder enheden, fx Viborg Bibliotekerne? {_OR_BACK} ")
    department = _needed("Hvilken forvaltning er aftalen med, fx Kultur, Service & Events? ")
    year = _year(now.year + (now.month >= _MONTH_OF_PLANS))
    out = folder_for(Path("."), year) / file_name(year, unit)
    typer.echo()

    def work() -> Report:
        made = generer(None, out, template_path(), Given(unit, year, department=department))
        return made.joined(with_starters(Path("."), out.parent))

    with suppress(typer.Exit):
        carry_out(work, end=False)
        os.chdir(out.parent)
    _back_to_the_page()


# ---------------------------------------------------------------- asking

_MONTH_OF_PLANS = 10
"""From this month on, a new agreement is likely next year's."""


def _ask(question: str, default: str = "") -> str:
    """Ask at the terminal; raises _Leave where the answer is that somebody wants to leave, EOFError where nobody answers."""
    answer = _line(question) or default
    if answer.casefold() in _LEAVE:
        raise _Leave
    return answer


def _line(question: str) -> str:
    sys.stdout.write(question)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.strip()


def _wanted(question: str) -> str:
    """Ask for something; raises _Back where it isn't wanted after all."""
    answer = _line(question)
    if answer.casefold() in _LEAVE:
        raise _Back
    return answer


def _needed(question: str) -> str:
    """Ask for something until it is given."""
    while not (answer := _wanted(question)):
        pass
    return answer


def _year(proposed: int) -> int:
    """Ask for a year until one is given; Enter takes the one proposed."""
    while answer := _wanted(f"Hvilket år gælder aftalen? (Enter: {proposed}) "):
        if answer.isdecimal() and len(answer) == len(str(proposed)):
            return int(answer)
        typer.echo(f"»{answer}« er ikke et årstal. Skriv det som {proposed}.")
    return proposed


def _deadline(action: Action, year: int) -> list[str]:
    """Ask for the deadline that a command needs, in words; returns what is to be added to the command."""
    from aftale.cells.dates import read_date
    from aftale.daily.model import Ask
    questions = {Ask.DEADLINE: "\nHvornår skal svarene være tilbage? Skriv en dato, fx 10. juni (Enter: uden frist)",
                 Ask.NEW_DEADLINE: "\nNy frist? Skriv en dato, fx 17. juni (Enter: den, der står på Forside)"}
    question = questions.get(action.asks) if action.asks else None
    while question and (text := _wanted(f"{question} {_OR_BACK} ")):
        read = read_date(text, year=year)
        if isinstance(read.value, date):
            return ["--frist", read.value.isoformat()]
        typer.echo(f"»{text}« er ikke en dato. {read.hint}".rstrip())
    return []
