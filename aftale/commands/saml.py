"""``aftale saml``: the follow-ups of many units side by side in one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.shell import carry_out, look_for_pandas, usage


def saml(
    opfoelgning: Annotated[list[Path], typer.Argument(
        metavar="OPFOELGNING…", readable=False, show_default=False, help="Filer og mapper med enhedernes opfølgninger eller"
        " forvaltningens udgaver af dem, også mails (.msg, .eml) og .zip. Af enhver enhed, ethvert år og enhver runde.")],
    ud: Annotated[Path | None, typer.Option("--ud", metavar="FIL", help="Samlingen: en ny, eller den, der står der.",
                                            show_default=False)] = None,
    enheder: Annotated[Path | None, typer.Option(
        "--enheder", metavar="FIL", help="En liste over de enheder, der skal indberette: .txt med en på hver linje, eller"
        " kolonnen Enhed, ellers den første, i .csv eller .xlsx.", show_default=False)] = None,
    aar: Annotated[int, typer.Option(
        help="Det år, enhederne skal have indberettet. Uden: det seneste, nogen har sendt.", show_default=False)] = 0,
    runde: Annotated[str, typer.Option(
        help="Den runde, de skal have indberettet: midtvejs eller aarsopfoelgning. Senere runder tæller ikke med.",
        show_default=False)] = "",
    som_json: Annotated[bool, typer.Option("--json", help="Skriv resultatet som JSON.")] = False,
    alle: Annotated[bool, typer.Option("--alle", help="Vis alle enheder og fund.")] = False,
) -> None:
    """Saml enhedernes opfølgninger i én projektmappe: hvordan det går, og hvem der mangler.

    Eksempel: aftale saml modtaget --ud samling_2015.xlsx --enheder enheder.txt
    """
    from aftale.commands.progress import Reading
    from aftale.intake.workers import begin_early
    begin_early()
    from aftale.office.report import USAGE, CannotDo, Report
    usage(look_for_pandas)
    from aftale.steps.open_agreement import round_from
    from aftale.steps.saml import HEADERS
    from aftale.steps.saml import saml as step

    def work() -> Report:
        if ud is None:
            raise CannotDo("Skriv, hvor samlingen skal gemmes: --ud samling.xlsx.", USAGE)
        return step(opfoelgning, ud, enheder, Reading("Læser opfølgninger"), aar or None, round_from(runde))

    carry_out(work, som_json, HEADERS if not som_json else (), alle)
