"""``aftale paamind``: a reminder draft to each colleague whose answers are missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.fordel import deadline
from aftale.commands.options import Agreement, Answers, Everything, RoundName
from aftale.commands.shell import carry_out, usage
from aftale.commands.smtp_options import Sending, sends_mails
from aftale.terminal.today import today


@sends_mails
def paamind(
    aftale: Agreement = None,
    svar: Answers = None,
    ud: Annotated[Path | None, typer.Option("--ud", metavar="MAPPE", help="Hvor kladderne lægges (ellers i rundens"
                                            " mappe breve).")] = None,
    runde: RoundName = "",
    frist: Annotated[str, typer.Option(metavar="DATO", help="En ny frist, fx 17-06-2015 (ellers fristen på arket"
                                       " Forside).")] = "",
    opfoelgning: Annotated[Path | None, typer.Option(
        "--opfoelgning", metavar="FIL", help="Rundens opfølgning (ellers den i rundens mappe): Det, der er skrevet i"
        " den, tæller"
        " også som svar.")] = None,
    alle: Everything = False,
    *, sending: Sending,
) -> None:
    """Lav en kladde til en påmindelse til hver kollega, der mangler at svare.

    Eksempel: aftale paamind aftale_2015.xlsx midtvejs/svar --ud midtvejs/breve
    """
    from aftale.intake.workers import begin_early
    from aftale.terminal.progress import Reading
    begin_early()
    from aftale.office.report import USAGE, CannotDo, Report
    from aftale.steps.open_agreement import round_from
    from aftale.steps.paamind import Reminding
    from aftale.steps.paamind import paamind as step
    from aftale.steps.year_folder import YearFolder, answer_folders
    year = YearFolder(aftale.parent if aftale else Path("."))
    path = aftale or usage(year.agreement)
    folder = ud or (None if svar else usage(lambda: year.round(round_from(runde))).path / "breve")

    def work() -> Report:
        if folder is None:
            raise CannotDo("Skriv, hvor kladderne skal ligge: --ud MAPPE.", USAGE)
        how = Reminding(svar or (), round_from(runde), opfoelgning, year, deadline(frist, path), sending.own_texts,
                        today())
        if svar:
            return step(path, folder, how, Reading())
        here = year.round(round_from(runde))
        if not here.begun:
            raise CannotDo(f"{here.round.danish.capitalize()}en er ikke begyndt, så der er ingen at minde om den. Lav først"
                           f" skemaerne med »aftale fordel --runde {here.round.value}«.", USAGE)
        return step(path, folder, replace(how, answers=answer_folders(here), round=here.round), Reading())

    carry_out(work, headers=("Ansvarlig", "Svar", "Besvaret", "Mangler svar på"), all_findings=alle,
              posting=sending.posting, drafts=folder)

