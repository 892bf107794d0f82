"""``aftale skabelon``: look a restyled template through, the agreement's or the report's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Json
from aftale.commands.shell import carry_out


def skabelon(
    fil: Annotated[Path | None, typer.Argument(metavar="FIL", help="Skabelonen til aftalen (.xlsx).")] = None,
    brevtekster: Annotated[Path | None, typer.Option(
        "--brevtekster", metavar="MAPPE", help="Mailteksterne: Se dem efter, og læg dem, der mangler, i mappen.")] = None,
    rapport: Annotated[Path | None, typer.Option(
        "--rapport", metavar="FIL", help="Rapportens skabelon (.docx): Se den efter, eller læg programmets der, hvis"
        " der ikke er nogen.")] = None,
    som_json: Json = False,
) -> None:
    """Se, om en skabelon, I har tilpasset, er komplet: aftalens, mailenes tekster eller rapportens.

    Eksempel: aftale skabelon vores_skabelon.xlsx
    """
    from aftale.office.report import USAGE, CannotDo, Report
    from aftale.steps.skabelon import mail_texts
    from aftale.steps.skabelon import skabelon as step

    def work() -> Report:
        if sum(each is not None for each in (fil, brevtekster, rapport)) != 1:
            raise CannotDo("Skriv enten, hvor skabelonen (.xlsx) ligger, --brevtekster MAPPE eller --rapport FIL: De"
                           " ses efter hver for sig.", USAGE)
        if rapport is not None:
            from aftale.steps.rapport import inspected
            return inspected(rapport)
        return mail_texts(brevtekster) if brevtekster is not None else step(fil or Path())

    carry_out(work, som_json, ("Mail", "Fil", ""), all_findings=True)
