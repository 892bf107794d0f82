"""``aftale skabelon``: look a restyled template through."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.shell import carry_out


def skabelon(
    fil: Annotated[Path, typer.Argument(metavar="FIL", help="Skabelonen (.xlsx).", show_default=False)],
    som_json: Annotated[bool, typer.Option("--json", help="Skriv resultatet som JSON.")] = False,
) -> None:
    """Se, om en omformet skabelon er komplet, og om noget i den ville gå tabt.

    Eksempel: aftale skabelon vores_skabelon.xlsx
    """
    from aftale.steps.skabelon import skabelon as step
    carry_out(lambda: step(fil), som_json, all_findings=True)
