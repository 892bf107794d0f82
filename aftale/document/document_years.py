"""What a cell under a year says: a cross, the year's own number, no cross, or something that has to be asked about."""

from __future__ import annotations

import re
from enum import Enum

from aftale.document.header_words import NOT_THIS_YEAR
from aftale.model.text import fold

CROSS, ALSO = "x", "(x)"
"""What a draft keeps of a year with a cross, and of one that is active for another reason."""
_CROSSES = frozenset(("x", "(x)", "[x]", "✓", "✔", "✗", "✘", "✕", "✖", "☒", "☑", "🗸", "🗹", "🗷", "✅", "√", "ja", "kryds",
                      "•", "●", "■", "x.", "xx", "×"))
_EMPTY = frozenset(("-", "--", "---", "−", "÷", "☐", "□", "◻", "▢", "❑", "❒", "⬜", "[ ]", "( )", "[]", "()"))
_NUMBER = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:,[0-9]+)?")
_NOT = re.compile(rf"\b(?:{'|'.join(NOT_THIS_YEAR)})\b|^0+(?:,0+)?\s*[^\W\d]")


class Under(Enum):
    """What stands under a year.

    ``EMPTY`` is a sign for nothing, ``TEXT`` words that say that something happens, ``NO`` words or signs that don't.
    """

    CROSS = 1
    NUMBER = 2
    EMPTY = 3
    TEXT = 4
    NO = 5


def under_year(text: str) -> Under:
    """Tell what a cell under a year says; it is never empty."""
    lines = [fold(line.replace("\ufe0f", "")) for line in text.split("\n") if line.strip()]
    if all(line in _CROSSES for line in lines):
        return Under.CROSS
    if all(line in _EMPTY for line in lines):
        return Under.EMPTY
    plain = " ".join(lines)
    if _NUMBER.fullmatch(plain):
        return Under.NUMBER
    return Under.TEXT if re.search(r"[^\W_]", plain) and not _NOT.search(plain) else Under.NO
