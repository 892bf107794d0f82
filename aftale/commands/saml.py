"""``aftale saml``: the follow-ups of many units side by side in one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Everything, Json, read_year
from aftale.commands.shell import carry_out


def saml(
    opfoelgning: Annotated[list[Path], typer.Argument(
        metavar="OPFØLGNING", readable=False, help="Filer og mapper med enhedernes opfølgninger eller forvaltningens udgaver"
        " af dem, også mails (.msg, .eml) og .zip, fra alle enheder, år og runder (skal angives).")],
    ud: Annotated[Path | None, typer.Option("--ud", metavar="FIL", help="Det samlede overblik: et nyt, eller det, der ligger"
                                            " der (skal angives).")] = None,
    enheder: Annotated[Path | None, typer.Option(
        "--enheder", metavar="FIL", help="En liste over de enheder, der skal indberette: .txt med én på hver linje, eller"
        " .csv eller .xlsx med kolonnen Enhed (ellers den første kolonne).")] = None,
    aar: Annotated[int, typer.Option(
        "--aar", metavar="ÅR", parser=read_year, help="Det år, enhederne skal have indberettet (ellers det seneste,"
        " nogen har sendt).")] = 0,
    runde: Annotated[str, typer.Option(
        "--runde", metavar="RUNDE", help="Den runde, de skal have indberettet: midtvejs eller årsopfølgning. Senere runder"
        " tæller ikke med.")] = "",
    som_json: Json = False,
    alle: Everything = False,
) -> None:
    """Saml enhedernes opfølgninger i én Excel-fil: hvordan det går, og hvem der mangler.

    Eksempel: aftale saml modtaget --ud samling_2015.xlsx --enheder enheder.txt
    """
    from aftale.intake.workers import begin_early
    from aftale.terminal.progress import Reading
    begin_early()
    from aftale.office.report import USAGE, CannotDo, Report
    from aftale.steps.open_agreement import round_from
    from aftale.steps.saml import HEADERS
    from aftale.steps.saml import saml as step

    def work() -> Report:
        if ud is None:
            raise CannotDo("Skriv, hvor det samlede overblik skal gemmes, fx --ud samling.xlsx.", USAGE)
        return step(opfoelgning, ud, enheder, Reading("Læser opfølgninger"), aar or None, round_from(runde))

    carry_out(work, som_json, HEADERS if not som_json else (), alle)
