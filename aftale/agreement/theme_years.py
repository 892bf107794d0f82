"""The years of the agreement's theme: until when it is agreed, as people write it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aftale.model.text import MONTHS

_DATE = re.compile(rf"(?i)\b\d{{1,2}}\.?\s*(?:{'|'.join(MONTHS)})\s+\d{{4}}\b|\b\d{{1,2}}[-./]\d{{1,2}}[-./]\d{{4}}\b"
                   r"|\b\d{4}-\d\d-\d\d\b")
_YEAR = re.compile(r"\b((?:19|20)\d\d)(?:\s*[-–—/]\s*(\d\d)\b(?![\d-]))?")
_OPEN = re.compile(r"(?i)\bfra(?:\s+og\s+med)?\s+(?:19|20)\d\d\b(?!\D*\d)")


def theme_over(texts: Sequence[str], period: tuple[int, int], year: int) -> str:
    """Return the years that the theme is agreed for, where it no longer is in the year after; '' where it still is.

    ``texts`` are the theme and its own text; the first that names years of the plan counts (``2015/16`` names two), a date
    says nothing. A text that names none, or none after ``fra 2015``, says nothing about when the theme ends, and where next
    year is named nobody is told that it is over.
    """
    plain = [_DATE.sub("", text) for text in texts]
    named = [[int(each) for found in _YEAR.finditer(text) for each in (found[1], found[1][:2] + (found[2] or found[1][2:]))]
             for text in plain]
    if any(year + 1 in years for years in named):
        return ""
    for text, years in zip(plain, named, strict=True):
        ours = [each for each in years if period[0] <= each <= period[1]]
        if ours:
            first, last = min(ours), max(ours)
            over = last <= year and not _OPEN.search(text)
            return (str(first) if first == last else f"{first}-{last}") if over else ""
    return ""
