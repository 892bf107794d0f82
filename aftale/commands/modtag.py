"""``aftale modtag``: put received files in the round's ``svar/``, and show who has answered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Everything
from aftale.commands.shell import carry_out, usage


def modtag(
    filer: Annotated[list[Path] | None, typer.Argument(
        metavar="FIL", readable=False,
        help="De filer, du har fået: mails (.msg, .eml), .zip og udfyldte skemaer, eller mapper med dem (skal"
        " angives).")] = None,
    runde: Annotated[str, typer.Option("--runde", metavar="RUNDE", help="midtvejs eller årsopfølgning (ellers den,"
        " svarene er"
                                       " fra).")] = "",
    alle: Everything = False,
) -> None:
    """Læg de svar, du har fået, i rundens mappe svar, og se, hvad hver fil er, og hvem der har svaret.

    Filerne bliver kopieret. Det, der allerede ligger i mappen, bliver ikke ændret.

    Eksempel: aftale modtag "Svar fra Børneteamet.msg" svar.zip
    """
    from aftale.intake.workers import begin_early
    from aftale.terminal.progress import Reading
    begin_early()
    from aftale.office.report import Report
    from aftale.steps.indlaes import Known, indlaes
    from aftale.steps.modtag import HEADERS
    from aftale.steps.modtag import modtag as step
    from aftale.steps.open_agreement import open_agreement, round_from
    from aftale.steps.year_folder import YearFolder, answer_folders, earlier_followups

    year = YearFolder(Path("."))
    put = usage(lambda: step(year, filer or (), round_from(runde), Reading()))
    first = carry_out(lambda: put.report, headers=HEADERS, all_findings=alle, end=False)
    if put.round is None:
        raise typer.Exit(first.exit_code)
    round_ = put.round

    def board() -> Report:
        path, now = year.agreement(), YearFolder(year.path)
        earlier = earlier_followups(now, round_, open_agreement(path).agreement)
        return indlaes(path, answer_folders(now.rounds[round_]), None, round_, Reading(), None, earlier, Known(None, now))

    typer.echo()
    second = carry_out(board, headers=("Ansvarlig", "Svar", "Besvaret", "Mangler svar på"), all_findings=alle, end=False)
    raise typer.Exit(max(first.exit_code, second.exit_code))
