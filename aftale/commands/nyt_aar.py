"""``aftale nyt-aar``: next year's agreement from this year's and its follow-ups."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Agreement, Everything
from aftale.commands.shell import carry_out


def nyt_aar(
    aftale: Agreement = None,
    opfoelgning: Annotated[list[Path] | None, typer.Argument(
        metavar="OPFØLGNING", help="Årets opfølgninger; den seneste runde gælder (ellers dem i rundernes mapper).")] = None,
    ud: Annotated[Path | None, typer.Option("--ud", metavar="FIL", help="Den nye aftale (ellers i næste års mappe ved siden"
                                            " af årets).")] = None,
    alle: Everything = False,
) -> None:
    """Lav næste års aftale ud fra årets aftale og opfølgninger.

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
