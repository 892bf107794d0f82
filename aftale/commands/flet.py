"""``aftale flet``: merge the answers into the follow-up workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Agreement, Answers, Everything, Json, RoundName
from aftale.commands.shell import carry_out


def flet(
    aftale: Agreement = None,
    svar: Answers = None,
    ud: Annotated[Path | None, typer.Option("--ud", metavar="FIL", help="Opfølgningen: en ny, eller den, der ligger der"
        " (ellers"
                                            " rundens).",
                                            show_default=False)] = None,
    tidligere: Annotated[list[Path] | None, typer.Option(
        "--tidligere", metavar="FIL", help="En tidligere rundes opfølgning (ellers dem i mappen). Kan skrives flere"
        " gange.")] = None,
    runde: RoundName = "",
    kse: Annotated[Path | None, typer.Option("--kse", metavar="FIL", help="Lav også forvaltningens udgave, som den"
                                             " kan skrive sine bemærkninger i.")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Lav også forvaltningens udgave som PDF (kræver LibreOffice). Uden --kse"
                                      " ligger den ved siden af opfølgningen.")] = False,
    som_json: Json = False,
    alle: Everything = False,
) -> None:
    """Saml svarene i opfølgningen.

    Eksempel: aftale flet aftale_2015.xlsx midtvejs/svar --ud midtvejs/opfoelgning_2015_midtvejs.xlsx
    """
    from aftale.terminal.progress import Reading
    if not (ud.exists() if ud else any(Path(".").glob("*/opfoelgning_*.xlsx"))):  # a follow-up knows most files already
        from aftale.intake.workers import begin_early
        begin_early()
    from aftale.office.report import USAGE, CannotDo, Report
    from aftale.steps.flet import flet as step
    from aftale.steps.year_folder import YearFolder, answer_folders, earlier_followups, followup_path

    def work() -> Report:
        from aftale.steps.kse import Wanted
        from aftale.steps.open_agreement import open_agreement, round_from
        year = YearFolder(Path("."))
        path = aftale or year.agreement()
        chosen = round_from(runde)
        if svar:
            if ud is None:
                raise CannotDo("Skriv, hvor opfølgningen skal gemmes: --ud opfoelgning.xlsx.", USAGE)
            return step(path, svar, ud, tidligere or (), chosen, Reading(), Wanted(kse, pdf, svar))
        folder = year.round(chosen)
        agreement = open_agreement(path).agreement
        out = ud or followup_path(folder, agreement.year)
        earlier = tidligere if tidligere is not None else earlier_followups(year, folder.round, agreement)
        return step(path, answer_folders(folder), out, earlier, folder.round, Reading(), Wanted(kse, pdf))

    carry_out(work, som_json, ("Ansvarlig", "Svar", "Besvaret", "Mangler svar på"), alle)
