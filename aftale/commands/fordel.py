"""``aftale fordel``: one skema per ansvarlig."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Agreement, Everything
from aftale.commands.shell import carry_out, usage
from aftale.commands.smtp_options import Sending, sends_mails


@sends_mails
def fordel(
    aftale: Agreement = None,
    runde: Annotated[str, typer.Option("--runde", metavar="RUNDE", help="midtvejs eller årsopfølgning (ellers den"
        " næste).")] = "",
    ud: Annotated[Path | None, typer.Option("--ud", metavar="MAPPE", help="Hvor skemaerne lægges (ellers i rundens"
        " mappe skemaer).")] = None,
    frist: Annotated[str, typer.Option(metavar="DATO", help="Hvornår svarene skal være tilbage, fx 10-06-2015 (ellers"
                                       " fristen på arket Forside).")] = "",
    tidligere: Annotated[list[Path] | None, typer.Option(
        "--tidligere", metavar="FIL", help="En tidligere opfølgning, hvis status og resultater skal stå i skemaerne"
        " (ellers dem i mappen). Kan skrives flere gange.")] = None,
    breve: Annotated[Path | None, typer.Option("--breve", metavar="MAPPE", help="Hvor kladden til en mail til hver ansvarlig"
                                               " lægges (ellers i mappen breve ved siden af skemaerne).")] = None,
    uden_breve: Annotated[bool, typer.Option("--uden-breve", help="Lav kun skemaerne og ingen kladder til mails.")] = False,
    alle: Everything = False,
    *, sending: Sending,
) -> None:
    """Lav et skema til hver ansvarlig med netop de mål, den ansvarlige har.

    Eksempel: aftale fordel aftale_2015.xlsx --runde midtvejs --ud midtvejs/skemaer
    """
    from aftale.model.agreement import DRAFTS, SENT
    from aftale.office.report import USAGE, CannotDo, Report
    from aftale.steps.fordel import DraftFolder
    from aftale.steps.fordel import fordel as step
    from aftale.steps.open_agreement import open_agreement, round_from
    from aftale.steps.year_folder import YearFolder, earlier_followups, next_round
    year = YearFolder(Path("."))
    path = aftale or usage(year.agreement)
    chosen = usage(lambda: round_from(runde) or next_round(year))
    folder = ud or year.rounds[chosen].path / SENT
    drafts = None if uden_breve else breve or folder.parent / DRAFTS

    def work() -> Report:
        if uden_breve and (breve or any(sending)):
            raise CannotDo("Med --uden-breve bliver der ikke lavet mails. Udelad det, eller udelad de valg, der handler om"
                           " mails.", USAGE)
        earlier = tidligere if tidligere is not None else [] if ud else earlier_followups(
            year, chosen, open_agreement(path).agreement)
        where = DraftFolder(drafts, sending.own_texts, asked_for=bool(breve or any(sending))) if drafts else None
        return step(path, chosen, folder, deadline(frist, path), earlier, where)

    carry_out(work, headers=("Ansvarlig", "E-mail", "Mål", "Skema", ""), all_findings=alle,
              posting=sending.posting, drafts=drafts)


def deadline(text: str, agreement: Path) -> date | None:
    """Read a deadline; a year that isn't said is the agreement's, never the clock's."""
    from aftale.cells.dates import read_date
    from aftale.office.report import USAGE, CannotDo
    from aftale.steps.open_agreement import open_agreement
    if not text:
        return None
    year = open_agreement(agreement).agreement.year
    day = read_date(text, year=year).value
    if not isinstance(day, date):
        raise CannotDo(f"»{text}« er ikke en dato. Skriv den som 10-06-{year} efter --frist.", USAGE)
    return day
