"""``aftale rapport``: the Word report for the committee."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Everything, RoundName
from aftale.commands.shell import carry_out, usage


def rapport(
    opfoelgning: Annotated[Path | None, typer.Argument(
        metavar="OPFØLGNING", help="Opfølgningen, eller et samlet overblik fra »aftale saml« (ellers den seneste rundes"
        " opfølgning).")] = None,
    ud: Annotated[Path | None, typer.Option("--ud", metavar="FIL", help="Rapporten (.docx; ellers ved siden af"
                                            " opfølgningen).")] = None,
    skabelon: Annotated[Path | None, typer.Option(
        "--skabelon", metavar="FIL", help="Rapportens skabelon (.docx; ellers rapport_skabelon.docx i årets mappe, og er der"
        " ingen, så programmets).")] = None,
    uden: Annotated[list[str] | None, typer.Option(
        "--uden", metavar="DEL", help="En del, der ikke skal med, fx dialog eller bilag. Kan skrives flere gange.",
        show_default=False)] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Lav også rapporten som PDF, som skærmlæsere kan læse (kræver"
                                      " LibreOffice).")] = False,
    runde: RoundName = "",
    alle: Everything = False,
) -> None:
    """Lav en rapport i Word til udvalget ud fra opfølgningen, som den er.

    Eksempel: aftale rapport aarsopfoelgning/opfoelgning_2015_aarsopfoelgning.xlsx --uden dialog
    """
    from aftale.steps.open_agreement import round_from
    from aftale.steps.rapport import rapport as step
    from aftale.steps.year_folder import standing_followup
    path = opfoelgning or usage(lambda: standing_followup(Path("."), round_from(runde), "rapport"))
    carry_out(lambda: step(path, ud, skabelon, uden or (), pdf), all_findings=alle)
