"""How a cell was read: its value, the rule that it was read by, or what must be asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from aftale.model.agreement import Value
from aftale.model.text import tidy


@dataclass(frozen=True, slots=True)
class Read:
    """A cell that was read.

    ``value`` is None where the cell is empty or was not read. ``rule`` is a key in `RULES` where the reading isn't
    literally what stands. ``problem`` is a code in `model.problems.CATALOGUE` where somebody must be asked, and
    ``hint`` says in Danish what it might mean.
    """

    value: Value = None
    rule: str = ""
    problem: str = ""
    hint: str = ""


RULES: Mapping[str, str] = MappingProxyType({
    "number-text": "Tal skrevet som tekst",
    "number-unit": "Enheden ved tallet er udeladt",
    "number-word": "Talord læst som tal",
    "number-fraction": "Brøk læst som decimaltal",
    "decimal-comma": "Tal skrevet som tekst med decimalkomma",
    "decimal-point": "Punktum læst som decimalkomma",
    "thousands-dot": "Punktum læst som tusindtalsseparator",
    "thousands-space": "Mellemrum læst som tusindtalsseparator",
    "english-number": "Engelsk skrivemåde: komma læst som tusindtalsseparator og punktum som decimalkomma",
    "percent-text": "Procent skrevet som tekst",
    "percent-points": "Tal uden procentformat læst som procent",
    "percent-share": "Andel uden procentformat læst som procent (0,5 som 50 %)",
    "date-text": "Dato skrevet som tekst",
    "date-time": "Klokkeslættet efter datoen er udeladt",
    "date-serial": "Excels dagnummer læst som dato",
    "date-no-year": "Dato uden årstal læst som i opfølgningens år",
    "date-short-year": "Årstal med to cifre læst som 2000-tallet",
    "status-spelling": "Mellemrum, tegn eller store og små bogstaver rettet",
    "status-word": "Andet ord for samme status",
    "status-near": "Tastefejl rettet til den status, det ligner",
    "text-controls": "Usynlige styretegn er fjernet",
    "text-format": "Tal eller dato skrevet helt ud, hvor cellens format viser det anderledes",
    "text-unknown": "Tal i en fil, der ikke fortæller, om det er vist som procent",
    "yes-no-word": "Andet tegn for Ja eller Nej",
})
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def is_empty(raw: object) -> bool:
    """Tell whether a cell holds nothing that can be seen."""
    return raw is None or (isinstance(raw, str) and not tidy(raw).strip(INVISIBLE))


LONGEST = 200
"""No number, date or status is longer; what is longer is a remark in the wrong column."""


def ask(problem: str, hint: str) -> Read:
    """Return a reading that must be asked about: a code of the catalogue and a hint in Danish."""
    return Read(problem=problem, hint=hint)


def did_you_mean(choices: Iterable[str]) -> str:
    """Ask in Danish about one or more readings: »Mente du 20 eller 25?«."""
    return f"Mente du {' eller '.join(choices)}?"


def readings_in(hint: str) -> tuple[str, ...]:
    """Return the readings that `did_you_mean` asks about in a hint."""
    asked = re.search(r"Mente du ([^?]+)\?", hint)
    return tuple(asked[1].split(" eller ")) if asked else ()
