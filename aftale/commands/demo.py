"""``aftale demo``: the whole year on the shipped example."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.shell import console


def demo(
    mappe: Annotated[Path, typer.Argument(metavar="[MAPPE]", help="Hvor demoen lægges.")] = Path("aftale_demo"),
) -> None:
    """Kør hele året på eksemplet: aftale, skemaer, svar og opfølgning.

    Eksempel: aftale demo
    """
    from aftale.commands.shell import carry_out, show
    from aftale.steps.demo import chapters
    screen = console()

    def last() -> object:
        return None

    del last
    for title, step in chapters(mappe):
        screen.print(f"\n[bold cyan]{title}[/bold cyan]")
        report = carry_out(step, end=False)
        del report
    del show
