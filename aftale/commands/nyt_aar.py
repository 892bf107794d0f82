"""``aftale nyt-aar``: next year's agreement from this year's and its follow-ups."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.shell import carry_out


def nyt_aar(
    aftale: Annotated[Path | None, typer.Argument(metavar="[AFTALE]", help="Årets aftale. Uden: den i mappen.",
                                                  show_default=False)] = None,
    opfoelgning: Annotated[list[Path] | None, typer.Argument(
        metavar="[OPFOELGNING]…", show_default=False, help="Årets opfølgninger; den seneste runde gælder. Uden: dem i"
        " rundernes mapper.")] = None,
    ud: Annotated[Path | None, typer.Option("--ud", metavar="FIL", help="Den nye aftale. Uden: i næste års mappe ved siden"
                                            " af årets.", show_default=False)] = None,
    alle: Annotated[bool, typer.Option("--alle", help="Vis alle fund.")] = False,
) -> None:
    """Lav næste års aftale af årets aftale og dens opfølgninger.

    Eksempel: aftale nyt-aar aftale_2015.xlsx aarsopfoelgning/opfoelgning_2015_aarsopfoelgning.xlsx --ud aftale_2016.xlsx
    """
    from aftale.office.report import Report
    from aftale.steps.nyt_aar import HEADERS
    from aftale.steps.nyt_aar import nyt_aar as step
    from aftale.steps.year_folder import YearFolder, year_followups

    def work() -> Report:
        year = YearFolder(aftale.parent if aftale else Path("."))
        return step(aftale or year.agreement(), opfoelgning or year_followups(year), ud)

    carry_out(work, headers=HEADERS, all_findings=alle)
