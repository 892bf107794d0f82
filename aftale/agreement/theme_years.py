"""The years of the agreement's theme: until when it is agreed, as people write it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MONTH = r"(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)"
_DATE = re.compile(rf"(?i)\b(?:\d{{1,2}}\.?\s*{_MONTH}\s+(?:19|20)\d\d|\d{{1,2}}[-./]\d{{1,2}}[-./](?:19|20)\d\d"
                   r"|(?:19|20)\d\d-\d\d-\d\d)\b")
_MONTH_OF = re.compile(rf"(?i)\b{_MONTH}\s+(?=(?:19|20)\d\d\b)")
_YEAR = re.compile(r"\b((?:19|20)\d\d)(?:\s*([-–—/])\s*(\d\d)\b(?![\d-]))?")
_UNTIL = r"(?:frem\s+)?til(?:\s+og\s+med|\s+udgangen\s+af)?|t\.?\s?o\.?\s?m\.?|indtil(?:\s+og\s+med)?"
_RANGE = re.compile(rf"(?i)\s*(?:[-–—/]|,?\s+(?:{_UNTIL}))\s*")
_LIST = re.compile(r"(?i)\s*(?:,|;|\+|&|,?\s*\b(?:og|samt)\b)(?:\s*\bi\b)?\s*")
_UP_TO = re.compile(rf"(?i)\b(?:{_UNTIL})\s*$")
_FROM = re.compile(r"(?i)\bfra(?:\s+og\s+med)?\s*$")


def theme_spans(text: str, period: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Return the stretches of years that a text names, only those of the period.

    ``2015 og 2016``, ``2015-2016``, ``2015/16`` and ``2015, 2016`` are one stretch; ``til og med 2016`` runs from the
    plan's start, ``fra 2015`` to its end. A date says nothing of how long a theme holds.
    """
    text = _without_dates(text)
    spans: list[tuple[int, int]] = []
    before = end = 0
    for match in _YEAR.finditer(text):
        first = last = int(match[1])
        if match[3]:
            last = int(f"{match[1][:2]}{match[3]}")
        between = text[end:match.start()]
        if spans and before and (_RANGE.fullmatch(between) or _LIST.fullmatch(between) and first == before + 1):
            spans[-1] = (spans[-1][0], last)
        elif _UP_TO.search(text[:match.start()]):
            spans.append((min(period[0], first), last))
        elif _FROM.search(text[:match.start()]) and not match[3] and first >= period[0]:
            spans.append((first, max(period[1], first)))
        else:
            spans.append((first, last))
        before, end = last, match.end()
    return tuple(dict.fromkeys((first, last) for first, last in spans
                               if first <= last and first <= period[1] and last >= period[0]))


def theme_over(texts: Sequence[str], period: tuple[int, int], year: int) -> str:
    """Return the years that the theme is agreed for, where it no longer is in the year after; '' where it still is.

    ``texts`` are the theme and its own text; the first that names years of the plan counts. A text that names none says
    nothing about when the theme ends, and where next year is named nobody is told that it is over.
    """
    spans = next((found for text in texts if (found := theme_spans(text, period))), ())
    named = any(re.search(rf"\b{year + 1}\b", _without_dates(text)) for text in texts)
    if not spans or named or any(first <= year + 1 <= last for first, last in spans):
        return ""
    now = [span for span in spans if span[0] <= year <= span[1]] or list(spans)
    first, last = now[-1]
    return str(first) if first == last else f"{first}-{last}"


def _without_dates(text: str) -> str:
    return _MONTH_OF.sub("", _DATE.sub("", text))
