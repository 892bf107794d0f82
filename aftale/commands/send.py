"""``aftale send``: KSE's edition of the follow-up in an e-mail draft, or by SMTP."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Everything, RoundName
from aftale.commands.shell import carry_out, usage
from aftale.commands.smtp_options import Sending, sends_mails


@sends_mails
def send(
    opfoelgning: Annotated[Path | None, typer.Argument(
        metavar="OPFØLGNING", help="Opfølgningen (ellers den seneste rundes).")] = None,
    til: Annotated[list[str] | None, typer.Option(
        "--til", metavar="ADRESSE", help="Hvem mailen er til; flere med ; imellem (ellers forvaltningens kontakt på arket"
        " Forside).")] = None,
    ud: Annotated[Path | None, typer.Option("--ud", metavar="FIL", help="Kladden (.eml; ellers i mappen breve ved siden af"
                                            " opfølgningen).")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Lav også forvaltningens udgave som PDF ved siden af kladden"
                                      " (kræver LibreOffice).")] = False,
    runde: RoundName = "",
    alligevel: Annotated[bool, typer.Option("--alligevel", help="Lav mailen, selv om noget er uafklaret eller"
                                            " mangler.")] = False,
    alle: Everything = False,
    *, sending: Sending,
) -> None:
    """Lav en kladde til en mail til forvaltningen med dens udgave af opfølgningen.

    Eksempel: aftale send midtvejs/opfoelgning_2015_midtvejs.xlsx --til kontakt@kse.example.dk
    """
    from aftale.office.report import CannotDo, Report
    from aftale.steps.open_agreement import round_from
    from aftale.steps.send import default_draft, prepare
    from aftale.steps.send import send as step
    from aftale.steps.year_folder import standing_followup
    path = opfoelgning or usage(lambda: standing_followup(Path("."), round_from(runde)))
    folder = ud.parent if ud else default_draft(path).parent

    def work() -> Report:
        prepared = prepare(path)
        if prepared.open and not alligevel and not _agreed(prepared.open):
            raise CannotDo("\n  ".join(("Opfølgningen er ikke afklaret, så der er ikke lavet en mail:", *prepared.open))
                           + "\nAfklar det, og kør »aftale flet« og »aftale send« igen – eller send den, som den er, med"
                           " --alligevel.")
        return step(prepared, ";".join(til or ()), ud, sending.own_texts, pdf)

    carry_out(work, headers=("", ""), all_findings=alle, posting=sending.posting, drafts=folder)


def _agreed(matters: Sequence[str]) -> bool:
    """Ask whether to go on all the same, where somebody sits at the terminal."""
    if not _at_a_terminal():
        return False
    typer.echo("Opfølgningen er ikke afklaret:", err=True)
    for each in matters:
        typer.echo(f"  {each}", err=True)
    answer: str = typer.prompt("Vil du lave mailen alligevel? (ja/nej)", default="nej", err=True)
    return answer.strip().casefold() in ("ja", "j")


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()
