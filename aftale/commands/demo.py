"""``aftale demo``: the whole year on the shipped example."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from aftale.commands.shell import carry_out, written
from aftale.model.findings import Severity
from aftale.office.report import Report
from aftale.terminal.show import console, numbers

_SHORT = 80


def demo(
    mappe: Annotated[Path, typer.Argument(
        metavar="MAPPE", help="Hvor demoen lægges (ellers aftale_demo).")] = Path("aftale_demo"),
    alle: Annotated[bool, typer.Option("--alle", help="Vis alt, hvad kommandoerne siger undervejs.")] = False,
) -> None:
    """Kør hele året på eksemplet: aftale, skemaer, svar, opfølgning og næste års aftale.

    Eksempel: aftale demo
    """
    from aftale.steps.demo import chapters, headline
    screen = console()
    for title, step in chapters(mappe):
        if alle:
            screen.print(f"\n[bold cyan]— {title} —[/bold cyan]")
            carry_out(step, headers=("",) * 5, end=False, most=6)
        else:
            screen.print(f"[bold]{title}.[/bold] {escape(_in_brief(written(step)))}")
    sentence, path = headline(mappe)
    screen.print(f"\n[bold]{sentence}[/bold]\n\nÅbn {escape(str(path))}, og læs videre på arket Overblik."
                 + ("" if alle else " »aftale demo --alle« viser også, hvad hver kommando siger."))


def _in_brief(report: Report) -> str:
    """Return what came of a step in a line: the sentence below its table, else the last one that is short."""
    said = report.after[-1] if report.after else next(
        (each for each in reversed(report.said) if len(each) <= _SHORT), report.said[0])
    asked = [each for each in report.problems if each.level is not Severity.INFO]
    return f"{said.rstrip('.')}. {numbers(asked).capitalize()}." if asked else said
