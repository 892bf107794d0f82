"""``aftale data``: all goals of all units, years and rounds as a table for analysis."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Everything
from aftale.commands.shell import carry_out


def data(
    mappe: Annotated[list[Path] | None, typer.Argument(
        metavar="MAPPE", readable=False, help="Filer og mapper med aftaler, opfølgninger og forvaltningens udgaver,"
            " også mails"
        " (.msg, .eml) og .zip (ellers mappen, du står i).")] = None,
    ud: Annotated[Path | None, typer.Option("--ud", metavar="FIL", help="Filen med data: .csv, .xlsx eller .parquet (skal"
                                            " angives).",
                                            show_default=False)] = None,
    engelsk: Annotated[bool, typer.Option(
        "--engelsk", help="Gem .csv med komma mellem felterne og punktum i tallene.")] = False,
    alle: Everything = False,
) -> None:
    """Gem alle enheders mål, svar og statusser som en tabel til analyse, med en række for hver runde.

    Eksempel: aftale data modtaget --ud data.csv
    """
    from aftale.intake.workers import begin_early
    from aftale.terminal.progress import Reading
    begin_early()
    from aftale.office.report import USAGE, CannotDo, Report
    from aftale.steps.data import HEADERS
    from aftale.steps.data import data as step

    def work() -> Report:
        if ud is None:
            raise CannotDo("Skriv, hvor data skal gemmes, fx --ud data.csv (eller .xlsx, .parquet).", USAGE)
        return step(mappe or [Path(".")], ud, engelsk, Reading("Læser filer"))

    carry_out(work, headers=HEADERS, all_findings=alle)
