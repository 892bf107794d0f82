"""The options that several commands have, each said in the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftale.office.report import USAGE, CannotDo


def read_year(text: str | int) -> int:
    """Read a year as it is typed; raises CannotDo where it is none."""
    digits = str(text).strip()
    if digits.isdecimal() and (int(digits) == 0 or len(digits) == 4):
        return int(digits)
    raise CannotDo(f"»{text}« kan ikke bruges efter --aar. Skriv et årstal, fx --aar 2015.", USAGE)


Agreement = Annotated[Path | None, typer.Argument(metavar="AFTALE", help="Aftalen (ellers aftalen i mappen).")]
Answers = Annotated[list[Path] | None, typer.Argument(
    metavar="SVAR", readable=False, help="Filer og mapper med udfyldte skemaer, også mails (.msg, .eml) og .zip (ellers"
    " rundens mapper svar og skemaer).")]
RoundName = Annotated[str, typer.Option("--runde", metavar="RUNDE", help="midtvejs eller årsopfølgning (ellers den seneste,"
                                        " der er begyndt).")]
Json = Annotated[bool, typer.Option("--json", help="Giv resultatet som JSON til andre programmer.")]
Everything = Annotated[bool, typer.Option("--alle", help="Vis alle fejl, spørgsmål og oplysninger, også dem, der er vist"
                                          " før.")]
