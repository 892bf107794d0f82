"""What a person typed in a cell -> a clean value, how it was read, or what must be asked about.

Three ends: read literally (no rule); read by a rule, which goes in the ledger; or not read, with a problem code and a
hint. What can mean two things is asked about and never guessed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import assert_never

from aftale.cells.dates import read_date
from aftale.cells.numbers import read_number
from aftale.cells.reading import INVISIBLE, Read, ask, did_you_mean, is_empty
from aftale.cells.statuses import read_status
from aftale.model.agreement import AnswerColumn
from aftale.model.text import canonical, fold, tidy, without_controls

_YES = frozenset({"ja", "j", "x", "true", "sand", "sandt", "yes", "1", "✓", "✔", "☑", "☒"})
_NO = frozenset({"nej", "n", "false", "falsk", "no", "0", "☐"})


def read_as(column: AnswerColumn, raw: object, *, year: int, unit: str, in_percent: bool,
            percent_format: bool | None = None) -> Read:
    """Read an answer as its column is read.

    ``year`` is the agreement's, for a date without one; ``unit`` is the goal's Måleenhed and ``in_percent`` whether that is
    ``%``; ``percent_format`` tells whether the cell shows percent, None where that isn't known.
    """
    match column:
        case AnswerColumn.RESULT | AnswerColumn.BASELINE:
            return read_number(raw, in_percent=in_percent, unit=unit, percent_format=percent_format)
        case AnswerColumn.AS_OF:
            return read_date(raw, year=year)
        case AnswerColumn.STATUS:
            return read_status(raw)
        case AnswerColumn.REMARKS | AnswerColumn.NEXT_STEP:
            return read_text(raw)
        case _:
            assert_never(column)


def read_text(raw: object) -> Read:
    """Read a text; a number, date or truth value typed into a text column is said as a Dane would write it."""
    if isinstance(raw, str):
        text = tidy(raw)
        if not text.strip(INVISIBLE):
            return Read()
        clean = tidy(without_controls(text))
        return Read(clean or None, rule="" if clean == text else "text-controls")
    if isinstance(raw, (bool, int)) or raw is None:
        return Read(canonical(raw) or None)
    if isinstance(raw, float):
        return Read(canonical(raw).replace(".", ","))
    if isinstance(raw, datetime) and raw.time() != time():
        return Read(raw.strftime("%d-%m-%Y %H:%M"))
    return Read(raw.strftime("%d-%m-%Y") if isinstance(raw, date) else canonical(raw))


def read_yes_no(raw: object) -> Read:
    """Read a Ja or Nej."""
    if is_empty(raw):
        return Read()
    if raw in ("Ja", "Nej"):
        return Read(str(raw))
    word = ("ja" if raw else "nej") if isinstance(raw, bool) else fold(canonical(raw)).strip(".!")
    if word in _YES | _NO:
        return Read("Ja" if word in _YES else "Nej", rule="yes-no-word")
    opening = re.match(r"(?:ja|nej)\b", word)
    return ask("yes-no-unknown", did_you_mean((opening[0].title(),)) if opening else "Skriv Ja eller Nej.")
