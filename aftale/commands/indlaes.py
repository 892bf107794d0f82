"""``aftale indlaes``: read the answers back and report them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.fordel import deadline
from aftale.commands.options import Agreement, Answers, Everything, Json, RoundName
from aftale.commands.shell import carry_out
from aftale.commands.smtp_options import Sending, sends_mails


@sends_mails
def indlaes(
    aftale: Agreement = None,
    svar: Answers = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FIL", help="Gem alle svar som en liste (.csv).",
                                             show_default=False)] = None,
    retur: Annotated[Path | None, typer.Option("--retur", metavar="MAPPE", help="Lav et skema med spørgsmål til hver"
                                               " kollega, hvis svar der er tvivl om, og en kladde til en mail med det. De"
                                               " lægges i mappen.")] = None,
    frist: Annotated[str, typer.Option(metavar="DATO", help="Hvornår spørgsmålene skal være besvaret, fx 17-06-2015"
                                       " (ellers fristen på arket Forside).")] = "",
    tidligere: Annotated[list[Path] | None, typer.Option(
        "--tidligere", metavar="FIL", help="En tidligere opfølgning at holde tallene op mod (ellers"
        " dem i mappen). Kan skrives flere gange.")] = None,
    opfoelgning: Annotated[Path | None, typer.Option(
        "--opfoelgning", metavar="FIL", help="Rundens opfølgning (ellers den i rundens mappe): Det, der er afgjort i"
        " den, bliver"
        " der ikke spurgt om igen.")] = None,
    runde: RoundName = "",
    som_json: Json = False,
    alle: Everything = False,
    *, sending: Sending,
) -> None:
    """Læs svarene, og se, hvem der har svaret, og hvad der er tvivl om.

    Eksempel: aftale indlaes aftale_2015.xlsx midtvejs/svar
    """
    from aftale.intake.workers import begin_early
    from aftale.terminal.progress import Reading
    from aftale.terminal.today import today
    begin_early()
    from aftale.office.report import USAGE, CannotDo, Report
    from aftale.steps.fordel import DraftFolder
    from aftale.steps.indlaes import Known
    from aftale.steps.indlaes import indlaes as step
    from aftale.steps.year_folder import YearFolder, answer_folders, earlier_followups

    def work() -> Report:
        from aftale.steps.open_agreement import open_agreement, round_from
        if retur is None and (any(sending) or frist):
            raise CannotDo("Skriv også, hvor skemaerne med spørgsmål og kladderne skal ligge: --retur MAPPE.", USAGE)
        year = YearFolder(aftale.parent if aftale else Path("."))
        known = Known(opfoelgning, year)
        path, chosen = aftale or year.agreement(), round_from(runde)
        back = DraftFolder(retur, sending.own_texts, deadline(frist, path), today=today()) if retur else None
        if svar:
            return step(path, svar, csv, chosen, Reading(), back, tidligere or (), known)
        folder = year.round(chosen)
        earlier = tidligere if tidligere is not None else earlier_followups(
            year, folder.round, open_agreement(path).agreement)
        return step(path, answer_folders(folder), csv, folder.round, Reading(), back, earlier, known)

    carry_out(work, som_json, ("Ansvarlig", "Svar", "Besvaret", "Mangler svar på"), alle,
              posting=sending.posting, drafts=retur)
