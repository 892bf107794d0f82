"""What every command shares: how a report is shown, written and ended."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aftale.model.findings import Finding, Severity
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import count, danish_number, some
from aftale.office.report import FAILED, USAGE, CannotDo, Report
from aftale.office.safe_write import CannotWrite, danish_reason, write_all
from aftale.terminal.today import now

if TYPE_CHECKING:
    from aftale.mail.post import Posting

_STYLE = {Severity.ERROR: "bold red", Severity.QUESTION: "yellow", Severity.INFO: "dim"}
_ORDER = [Severity.ERROR, Severity.QUESTION, Severity.INFO]
T = TypeVar("T")

MOST = 12
"""How many findings are listed on screen; the rest is counted, and stands in the workbook or in ``--json``."""

_MOST_CELLS = 8

PASSWORD = "AFTALE_SMTP_KODE"
"""The environment variable that holds the password of the mail server where nobody sits at the terminal."""

MOST_ROWS = 20
"""How many rows of a table, and how many lines below it, are shown; the rest is counted."""


def console(to_error: bool = False) -> Console:
    """Return a console; in a pipe, lines are never broken."""
    stream = sys.stderr if to_error else sys.stdout
    return Console(file=stream, highlight=False, soft_wrap=True, width=None if stream.isatty() else 200)


def carry_out(step: Callable[[], Report], as_json: bool = False, headers: Sequence[str] = (), all_findings: bool = False,
              end: bool = True, most: int = MOST, posting: Posting | None = None, drafts: Path | None = None) -> Report:
    """Run a step, write its files, show what happened and exit as the contract says.

    With ``posting`` the step's mails are handed over to a server once everything is written; a dry run of it writes
    nothing. The list of what was made and sent lies in ``drafts``. The exit code says what was done, could it be shown or
    not.
    """
    dry = posting is not None and posting.dry
    screen = console(as_json)
    shown = None if all_findings else most

    def work() -> Report:
        done = step()
        write_all([] if dry else list(done.files))
        return done

    report = usage(work)
    if drafts and not posting:
        report = replace(report, problems=(*report.problems, *_noted(report, drafts)))
    mails = report.mailing if posting and drafts and report.mailing and report.mailing.mails else None
    begun = replace(report, closing="", next_step="") if mails else report
    show(replace(begun, said=(), table=(), after=(), next_step="") if dry else begun, screen, headers, shown)
    if as_json:
        sys.stdout.write(json.dumps(report.data, ensure_ascii=False, indent=2) + "\n")
    code = report.exit_code
    if posting and drafts and mails:
        from aftale.mail.post import HEADERS, post  # it takes a while to load, and few commands send
        sent = usage(lambda: post(mails, posting, drafts, password))
        screen.print()
        next_step = sent.next_step or ("" if sent.failed or dry else report.next_step)
        show(replace(sent, next_step=next_step), screen, HEADERS, shown)
        code = max(code, sent.exit_code)
    if end:
        raise typer.Exit(code)
    return report


def _noted(report: Report, drafts: Path) -> Iterator[Finding]:
    """Note in the list which drafts a step has made; where that can't be done it is told, and the drafts are as good."""
    if report.mailing is None or not report.mailing.mails:
        return
    from aftale.mail.sent_list import SENT_LIST, note_made  # it takes a while to load
    try:
        note_made(drafts, report.mailing, {file.path.stem for file in report.files if file.path.suffix == ".eml"}, now())
    except CannotWrite:
        yield problem("drafts-not-noted", Place(str(drafts / SENT_LIST)))


def usage(work: Callable[[], T]) -> T:
    """Do something, such as reading options that belong together, and end with a message where it can't be done."""
    try:
        return work()
    except (CannotDo, CannotWrite) as error:
        message, code = str(error), error.code if isinstance(error, CannotDo) else FAILED
    except OSError as error:
        message, code = (f"{error.filename or 'En fil'} kan ikke læses eller skrives ({danish_reason(error)}). Luk"
                         " den i andre programmer, kontrollér, hvor den ligger, og kør igen."), FAILED
    console(True).print(escape(message), style="red")
    raise typer.Exit(code)


def show(report: Report, screen: Console, headers: Sequence[str] = (), most: int | None = MOST) -> None:
    """Show a report: what happened, the table, the findings with the most urgent first, the next step and the last word."""
    for sentence in report.said:
        screen.print(escape(report.in_full.get(sentence, sentence) if most is None else sentence))
    if headers and report.table:
        headers = headers[: len(report.table[0])]
        table = Table(*headers, box=None, pad_edge=False, header_style="bold", show_header=any(headers))
        shown = report.table if most is None else report.table[:MOST_ROWS]
        for row in shown:
            table.add_row(*(escape(cell) for cell in row))
        screen.print()
        screen.print(table)
        _rest(screen, len(report.table) - len(shown))
    after = report.after if most is None else report.after[:MOST_ROWS]
    if after:
        screen.print()
    for line in after:
        screen.print(escape(line))
    _rest(screen, len(report.after) - len(after))
    show_findings(report.problems, screen, most)
    if report.next_step:
        screen.print(f"\n[bold]Næste skridt:[/bold] {escape(report.next_step)}")
    if report.closing:
        screen.print(f"\n{escape(report.closing)}")


def _rest(screen: Console, number: int) -> None:
    if number > 0:
        screen.print(f"  … og {danish_number(number)} til (vis dem med --alle).", style="dim")


def show_findings(problems: Sequence[Finding], screen: Console, most: int | None = MOST) -> None:
    """List findings, the most urgent first, in at most so many lines; what says the same of many cells is one line."""
    if not problems:
        return
    lines = _alike(sorted(problems, key=lambda p: _ORDER.index(p.level)))
    numbers = [(sum(p.level is level for p in problems), level) for level in _ORDER]
    words = {Severity.ERROR: ("fejl", "fejl"), Severity.QUESTION: ("spørgsmål", "spørgsmål"),
             Severity.INFO: ("oplysning", "oplysninger")}
    screen.print("\n" + ", ".join(count(number, *words[level]) for number, level in numbers if number) + ":")
    for found, cells in lines[:most]:
        named = str(found.place)
        if len(cells) > 1:
            named = f"{found.place._replace(cell='')}, celle {some(cells, len(cells) if most is None else _MOST_CELLS)}"
        where = f"{named}: " if named else ""
        screen.print(f"  [{_STYLE[found.level]}]{found.level.danish}[/] {escape(where)}{escape(found.message)} "
                     f"[dim]{escape(found.advice)}[/dim]")
    _rest(screen, sum(len(cells) for _, cells in lines[len(lines) if most is None else most:]))


def _alike(problems: Sequence[Finding]) -> list[tuple[Finding, list[str]]]:
    """Gather the findings that say the same of cells of one sheet: the first of them, and the cells."""
    found: dict[object, tuple[Finding, list[str]]] = {}
    for number, each in enumerate(problems):
        cell = each.place.cell
        plain = each.place.sheet and cell and " " not in cell
        key = (each.level, each.message, each.advice, each.place._replace(cell="")) if plain else number
        found.setdefault(key, (each, []))[1].append(cell)
    return list(found.values())


def password() -> str:
    """Return the password of the mail server: from the environment, else asked for at the terminal without being shown.

    Raises CannotDo where nobody can be asked.
    """
    if kept := os.environ.get(PASSWORD, ""):
        return kept
    if not sys.stdin.isatty():
        raise CannotDo(f"Adgangskoden til mailserveren mangler. Intet er sendt. Skriv den i miljøvariablen {PASSWORD}, eller"
                       " kør kommandoen i en terminal, så bliver der spurgt om den.", USAGE)
    return str(typer.prompt("Adgangskode til mailserveren (vises ikke)", hide_input=True, err=True))
