"""``aftale skabelon``: look a restyled template through."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.shell import carry_out


def skabelon(
    fil: Annotated[Path | None, typer.Argument(metavar="[FIL]", help="Skabelonen (.xlsx).", show_default=False)] = None,
    brevtekster: Annotated[Path | None, typer.Option(
        "--brevtekster", metavar="MAPPE", help="Mailteksterne: se dem efter, og læg dem, der mangler, i mappen.",
        show_default=False)] = None,
    som_json: Annotated[bool, typer.Option("--json", help="Skriv resultatet som JSON.")] = False,
) -> None:
    """Se, om en omformet skabelon er komplet, og om noget i den ville gå tabt – eller ret i mailenes tekster.

    Eksempel: aftale skabelon vores_skabelon.xlsx
    """
    from aftale.office.report import USAGE, CannotDo, Report
    from aftale.steps.skabelon import mail_texts
    from aftale.steps.skabelon import skabelon as step

    def work() -> Report:
        if fil is not None and brevtekster is None:
            return step(fil)
        if brevtekster is not None and fil is None:
            return mail_texts(brevtekster)
        raise CannotDo("Skriv enten stien til skabelonen (.xlsx) eller --brevtekster MAPPE: de ses efter hver for"
                       " sig.", USAGE)

    carry_out(work, som_json, ("Mail", "Fil", ""), all_findings=True)
