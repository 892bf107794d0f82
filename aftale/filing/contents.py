"""The list of contents: a row for each file that is filed, under the number that its copy's name begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aftale.filing.model import Kind, YearFile, said_size
from aftale.model.columns import Column
from aftale.model.tables import Cell, Table
from aftale.model.text import capital, cut

CONTENTS = "00 Indholdsfortegnelse.xlsx"
"""What the list is called; it sorts first."""
_SHEET = "Indhold"
_COLUMNS = (
    Column("number", "Nr.", 6, "number"), Column("kind", "Hvad det er", 24), Column("about", "Nærmere", 52, "long"),
    Column("round", "Runde", 20), Column("when", "Dato", 14, "date"), Column("file", "Fil i arkivet", 54, "long"),
    Column("personal", "Personoplysninger", 22), Column("size", "Størrelse", 10),
    Column("at", "Lå i årets mappe som", 54, "long"), Column("sha256", "Kontrolsum (SHA-256)", 36, "long"))
_INTRO = ("Kopier af det, der hører til på sagen i ESDH-systemet. Intet er flyttet. Datoen er den dag, en mail blev sendt,"
          " og ellers den dag, filen sidst blev gemt. En mailkladde kan nogen have sendt fra sit mailprogram; det ved"
          " programmet ikke. I fritekst kan der stå flere personoplysninger end dem, der er nævnt.")
_LONGEST = 80
"""How much of a file's name its copy keeps, its ending left out: on Windows a whole path has room for 260 characters."""


class Copy(NamedTuple):
    """A file that is filed, and what its copy is called."""

    name: str
    file: YearFile


def copies_of(files: Iterable[YearFile]) -> list[Copy]:
    """Return what belongs in the record system in its order, each content once, every name with a number of its own."""
    kinds = list(Kind)
    rank = {None: 0, "midtvejs": 1, "aarsopfoelgning": 2}
    ordered = sorted((each for each in files if each.kind.filed), key=lambda each: (
        each.kind is Kind.EARLIER, rank[each.round], kinds.index(each.kind), each.day, each.at))
    once = {each.sha256: each for each in reversed(ordered)}
    ordered = [each for each in ordered if once[each.sha256] is each]
    digits = max(2, len(str(len(ordered))))
    return [Copy(f"{number:0{digits}} {_short(each.name)}", each) for number, each in enumerate(ordered, 1)]


def _short(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{cut(stem, _LONGEST)}{dot}{ending}" if stem else cut(name, _LONGEST)


def contents(copies: Sequence[Copy], title: str) -> Table:
    """Return the list of contents as a table."""
    rows = tuple((Cell(float(number), "0"), Cell(each.file.kind.value), Cell(each.file.about),
                  Cell(capital(each.file.round.danish) if each.file.round else ""), Cell(each.file.day), Cell(each.name),
                  Cell(capital(each.file.personal)), Cell(said_size(each.file.size)), Cell(each.file.at),
                  Cell(each.file.sha256))
                 for number, each in enumerate(copies, 1))
    return Table(_SHEET, title, _INTRO, _COLUMNS, rows, "Indhold")
