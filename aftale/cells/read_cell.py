"""What a person typed in a cell -> a clean value, how it was read, or what must be asked about.

Three ends: read literally (no rule); read by a rule, which goes in the ledger; or not read, with a problem code and a
hint. What can mean two things is asked about and never guessed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from aftale.cells.reading import INVISIBLE, Read, ask, did_you_mean, is_empty
from aftale.model.text import canonical, fold, tidy, without_controls

_YES = frozenset({"ja", "j", "x", "true", "sand", "sandt", "yes", "1", "✓", "✔", "☑", "☒"})
_NO = frozenset({"nej", "n", "false", "falsk", "no", "0", "☐"})


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
