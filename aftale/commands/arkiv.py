"""``aftale arkiv``: copies for the record system; and, asked twice, deleting what they make needless."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Everything
from aftale.commands.shell import carry_out, usage


def arkiv(
    ud: Annotated[Path | None, typer.Option(
        "--ud", metavar="MAPPE", help="Den nye mappe, kopierne skal ligge i; ender navnet på .zip, bliver det en zip-fil"
        " (ellers en mappe i årets).")] = None,
    slet_til: Annotated[str, typer.Option(
        "--slet-til", metavar="RUNDE", help="Spørg, om det, der er ældre end denne runde, skal slettes: midtvejs,"
        " årsopfølgning eller en runde i et andet år, fx midtvejs-2016 (ellers den seneste, der er begyndt).")] = "",
    ja_slet: Annotated[bool, typer.Option(
        "--ja-slet", help="Slet uden at spørge. Til scripts, og kun sammen med --slet-til.")] = False,
    alle: Everything = False,
) -> None:
    """Læg kopier af det, der hører til på sagen i ESDH-systemet, i én mappe med en indholdsfortegnelse.

    Det er aftalen, rundernes opfølgninger, forvaltningens udgaver og svar, mailene og rapporten. Bagefter får du vist,
    hvilke gamle filer der så må slettes. Intet bliver slettet, uden at du har sagt ja to gange.

    Eksempel: aftale arkiv --slet-til aarsopfoelgning
    """
    from aftale.office.report import USAGE, CannotDo, Report
    from aftale.steps.arkiv import DELETE_HEADERS, HEADERS, Filing, delete_old, how_to_delete, may_be_deleted
    from aftale.steps.arkiv import arkiv as step
    from aftale.steps.year_folder import YearFolder
    from aftale.terminal.progress import Reading

    def planned() -> Filing:
        if ja_slet and not slet_til.strip():
            raise CannotDo("--ja-slet skal stå sammen med --slet-til og en runde. Intet er gemt eller slettet.", USAGE)
        return step(YearFolder(Path(".")), ud, slet_til, Reading())

    filing = usage(planned)
    code = carry_out(lambda: filing.report, headers=HEADERS, all_findings=alle, end=False).exit_code

    def tell(report: Report, all_of_it: bool = alle) -> None:
        nonlocal code
        typer.echo()
        done = carry_out(lambda: report, headers=DELETE_HEADERS, all_findings=all_of_it, end=False)
        code = max(code, done.exit_code)

    may = may_be_deleted(filing)
    ask = bool(filing.sorted.deletable) and not ja_slet and sys.stdin.isatty()
    if alle or slet_til or ask:
        tell(may, True)  # whoever says yes has seen all of it
    else:
        tell(replace(may, after=()))
    if filing.sorted.deletable:
        if ja_slet or ask and agreed_to_delete(len(filing.sorted.deletable)):
            tell(usage(lambda: delete_old(filing)))
        else:
            typer.echo(f"\n{'Intet er slettet.' if ask else how_to_delete(filing)}")
    raise typer.Exit(code)


def agreed_to_delete(number: int) -> bool:
    """Ask twice whether files are to be deleted; whatever isn't the word that is asked for is no."""
    files = "filen" if number == 1 else f"de {number} filer"
    for question, word in ((f"Skal {files} slettes? Skriv ja, eller tryk Enter for at lade alt ligge", "ja"),
                           ("De kommer ikke i papirkurven. Skriv slet for at slette dem nu", "slet")):
        if str(typer.prompt(question, default="", show_default=False)).strip().casefold() != word:
            return False
    return True
