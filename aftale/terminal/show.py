"""How a report is shown: whole words and whole names at a terminal, a line for each thing in a pipe."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aftale.model.findings import Finding, Severity
from aftale.model.text import count, danish_number, some
from aftale.office.report import Report

_STYLE = {Severity.ERROR: "bold red", Severity.QUESTION: "yellow", Severity.INFO: "dim"}
_ORDER = [Severity.ERROR, Severity.QUESTION, Severity.INFO]

MOST = 12
"""How many findings are listed on screen; the rest is counted, and stands in the workbook or in ``--json``."""

MOST_ROWS = 20
"""How many rows of a table, and how many lines below it, are shown; the rest is counted."""

_MOST_CELLS = 8
_IN_A_PIPE = 200
_BETWEEN = 2
_NARROWEST = 8


def console(to_error: bool = False) -> Console:
    """Return a console: at a terminal, lines are broken between words; in a pipe, never."""
    stream = sys.stderr if to_error else sys.stdout
    seen = stream.isatty()
    return Console(file=stream, highlight=False, soft_wrap=not seen, width=None if seen else _IN_A_PIPE)


def show(report: Report, screen: Console, headers: Sequence[str] = (), most: int | None = MOST) -> None:
    """Show a report: what happened, the table, the findings with the most urgent first, the next step and the last word.

    ``most`` is how many findings are listed, None for all, also those that were told before.
    """
    for sentence in report.said:
        screen.print(escape(report.in_full.get(sentence, sentence) if most is None else sentence))
    if headers and report.table:
        shown = report.table if most is None else report.table[:MOST_ROWS]
        screen.print()
        screen.print(_table(shown, headers[: len(report.table[0])], screen))
        _rest(screen, len(report.table) - len(shown))
    after = report.after if most is None else report.after[:MOST_ROWS]
    if after:
        screen.print()
    for line in after:
        screen.print(escape(line))
    _rest(screen, len(report.after) - len(after))
    show_findings(report.problems, screen, most, report.told)
    if report.comes_next:
        screen.print(f"\n[bold]Næste skridt:[/bold] {escape(report.comes_next)}")
    if report.closing:
        screen.print(f"\n{escape(report.closing)}")


def _rest(screen: Console, number: int) -> None:
    if number > 0:
        screen.print(f"  … og {danish_number(number)} til (vis dem med --alle).", style="dim")


# ---------------------------------------------------------------- findings

def show_findings(problems: Sequence[Finding], screen: Console, most: int | None = MOST,
                  told: Collection[str] = ()) -> None:
    """List findings, the most urgent first, in at most so many lines; what says the same of many cells is one line.

    Those that were ``told`` before (see `Finding.key`) are only counted, unless all are to be listed.
    """
    if not problems:
        return
    new = [each for each in problems if most is None or each.key not in told]
    lines = _alike(sorted(new, key=lambda p: _ORDER.index(p.level)))
    screen.print(f"\n{numbers(problems)}:")
    for found, cells in lines[:most]:
        named = str(found.place)
        if len(cells) > 1:
            named = f"{found.place._replace(cell='')}, celle {some(cells, len(cells) if most is None else _MOST_CELLS)}"
        where = f"{named}: " if named else ""
        _finding(screen, found, where)
    _rest(screen, sum(len(cells) for _, cells in lines[len(lines) if most is None else most:]))
    if before := len(problems) - len(new):
        screen.print(f"  {danish_number(before)} er vist før (vis dem med --alle).", style="dim")


def numbers(problems: Sequence[Finding]) -> str:
    """Say how many findings there are of each kind, the most urgent first."""
    words = {Severity.ERROR: ("fejl", "fejl"), Severity.QUESTION: ("spørgsmål", "spørgsmål"),
             Severity.INFO: ("oplysning", "oplysninger")}
    found = [(sum(p.level is level for p in problems), level) for level in _ORDER]
    return ", ".join(count(number, *words[level]) for number, level in found if number)


def _finding(screen: Console, found: Finding, where: str) -> None:
    level = f"[{_STYLE[found.level]}]{found.level.danish}[/]"
    text, advice = f"{where}{found.message}", found.advice
    if screen.soft_wrap:
        screen.print(f"  {level} {escape(text)} [dim]{escape(advice)}[/dim]")
        return
    beside = Table.grid(padding=(0, 1))
    beside.add_column(width=len(found.level.danish) + 2)
    beside.add_column()
    room = screen.width - len(found.level.danish) - 3
    beside.add_row(f"  {level}", f"{escape(fitted(text, room))} [dim]{escape(fitted(advice, room))}[/dim]")
    screen.print(beside)


def _alike(problems: Sequence[Finding]) -> list[tuple[Finding, list[str]]]:
    """Gather the findings that say the same of cells of one sheet: the first of them, and the cells."""
    found: dict[object, tuple[Finding, list[str]]] = {}
    for number, each in enumerate(problems):
        cell = each.place.cell
        plain = each.place.sheet and cell and " " not in cell
        key = (each.level, each.message, each.advice, each.place._replace(cell="")) if plain else number
        found.setdefault(key, (each, []))[1].append(cell)
    return list(found.values())


# ---------------------------------------------------------------- what fits

def _table(rows: Sequence[Sequence[str]], headers: Sequence[str], screen: Console) -> Table:
    drawn = Table(box=None, pad_edge=False, header_style="bold", show_header=any(headers))
    widths = [0] * len(headers) if screen.soft_wrap else column_widths((headers, *rows), screen.width)
    for header, width in zip(headers, widths, strict=True):
        drawn.add_column(escape(header), width=width or None)
    for row in rows:
        drawn.add_row(*(escape(fitted(cell, width) if width else cell)
                        for cell, width in zip(row, (*widths, *[0] * len(row)), strict=False)))
    return drawn


def column_widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the widths in which columns fit beside one another; the widest give way first."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
    while sum(widths) + _BETWEEN * (len(widths) - 1) > width and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def fitted(text: str, room: int) -> str:
    """Return a text whose words fit in so many characters: a longer one loses what tells it the least from others.

    That is the middle of a file's name, whose end differs from those beside it, and the end of an address.
    """
    return re.sub(r"\S+", lambda found: _shortened(found[0], room), text)


def _shortened(word: str, room: int) -> str:
    if len(word) <= room:
        return word
    if "@" in word:
        return f"{word[:room - 1]}…"
    begin = min(room // 4, 6)
    return f"{word[:begin]}…{word[len(word) - (room - begin - 1):]}"
