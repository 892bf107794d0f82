"""``aftale generer``: the agreement's workbook from a source of goals and the template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.commands.options import Everything, read_year
from aftale.commands.shell import carry_out, usage

Kilde = Annotated[Path | None, typer.Argument(
    metavar="KILDE", help="Aftalen som dokument (.docx, .txt), en mappe med aftale.toml og maal.csv, et regneark med arket"
    " Mål, eller en .csv (ellers det, der ligger i mappen; ligger der intet, en tom aftale).")]
Ud = Annotated[Path | None, typer.Option("--ud", metavar="FIL", help="Hvor aftalen gemmes (ellers i mappen).")]
Skabelon = Annotated[Path | None, typer.Option(
    "--skabelon", metavar="FIL", help="En skabelon, I har tilpasset (ellers programmets).")]


def generer(
    kilde: Kilde = None, ud: Ud = None, skabelon: Skabelon = None,
    enhed: Annotated[str, typer.Option(metavar="TEKST", help="Enhedens navn, fx \"Viborg Bibliotekerne\".")] = "",
    aar: Annotated[int, typer.Option("--aar", metavar="ÅR", parser=read_year, help="Aftalens år, fx 2015.")] = 0,
    periode: Annotated[str, typer.Option(metavar="TEKST", help="Udviklingsplanens periode, fx 2015-2018.")] = "",
    trods_tab: Annotated[bool, typer.Option("--trods-tab", help="Brug skabelonen, selv om noget af det, der står i den,"
                                          " går tabt.")] = False,
    alle: Everything = False,
) -> None:
    """Lav aftalens regneark fra skabelonen og årets mål.

    Eksempel: aftale generer examples/viborg_2015 --ud aftale_2015.xlsx

    Fra et dokument læses parter, år, tekst og mål. Det, programmet foreslår ud fra teksten, er gult på arket Mål og skal
    bekræftes. Det, der ikke er et felt til, står på arket Fra dokumentet.
    """
    from aftale.office.shipped_files import template_path
    from aftale.steps.generer import Given
    from aftale.steps.generer import generer as step
    from aftale.steps.year_folder import YearFolder
    source = kilde or usage(YearFolder(Path(".")).source)
    carry_out(lambda: step(source, ud, skabelon or template_path(), Given(enhed, aar, periode), trods_tab),
              all_findings=alle)
