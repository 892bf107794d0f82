"""``aftale demo``: the whole year on the shipped example."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.shell import carry_out, console


def demo(
    mappe: Annotated[Path, typer.Argument(
        metavar="MAPPE", help="Hvor demoen lægges (ellers aftale_demo).")] = Path("aftale_demo"),
) -> None:
    """Kør hele året på eksemplet: aftale, skemaer, svar, opfølgning og næste års aftale.

    Eksempel: aftale demo
    """
    from aftale.steps.demo import chapters, headline
    screen = console()
    for title, step in chapters(mappe):
        screen.print(f"\n[bold cyan]— {title} —[/bold cyan]")
        carry_out(step, headers=("",) * 5, end=False, most=6)
    sentence, path = headline(mappe)
    screen.print(f"\n[bold]{sentence}[/bold]\nÅbn {path}, og læs videre på arket Overblik.")
