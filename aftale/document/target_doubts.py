"""What stands around a number in Danish prose and makes it no target, or none that is certain: then nothing is proposed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aftale.document.target_words import (
    AMOUNTS,
    BEFORE_NOW,
    DENYING,
    DONE,
    LIMITING,
    LIMITING_AFTER,
    NUMBER_WORDS,
    OTHER_PERIODS,
)

_WINDOW = 300
"""How far from a number its sentence is looked at, so that a sentence of thousands of words takes no longer per number."""
_CLAUSE = re.compile(r"[,;:(\n]\s*(?:(?:men|mens|og)\s+)?|\)\s*|\s(?:men|mens)\s|\s[–—-]\s")
_TURN = re.compile(r";\s|\bmen\s", re.IGNORECASE)
_NUMBER = rf"(?:[0-9][0-9.]*(?:,[0-9]+)?|(?<![\w-])(?:{'|'.join(NUMBER_WORDS)})(?![\w-]))"
_PER = r"(?:\s*(?:%|pct\.?|procent(?!\w)))"


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])", re.IGNORECASE)


_DENYING, _LIMITING, _BEFORE_NOW = _any_of(DENYING), _any_of(LIMITING), _any_of(BEFORE_NOW)
_AMOUNTS, _OTHER_PERIODS = _any_of(AMOUNTS), _any_of(OTHER_PERIODS)
_LIMITING_AFTER, _DONE = _any_of(LIMITING_AFTER), _any_of(DONE)
_NOT_AFTER = re.compile(r"\s+ikke\b(?! (?:under|over|mindre|mere|færre|flere))", re.IGNORECASE)
_COUNTED = re.compile(rf"(?<![0-9.,])(?!(?:19|20)[0-9]{{2}}(?![0-9.,])){_NUMBER}", re.IGNORECASE)
_ANY_DIGIT = re.compile(r"[0-9]")
_UP_TO = re.compile(r"(?:\b(?:(?:op|indtil|ned) til|op i?mod|indtil)|[<>≤≥~±])\s*(?:(?:ca|cirka|omkring)\.?\s+)?$",
                    re.IGNORECASE)
_PART_AFTER = re.compile(rf"{_PER}?\s*(?:[-–—/]\s*{_NUMBER}|[±+]|(?:til|eller)\s+{_NUMBER})"
                         rf"|\s+(?:ud\s+)?af\s+(?:hver\w*\s+)?{_NUMBER}"
                         r"|\s+(?:halv|tredje|fjerde|femte|sjette|ottende|tiende)dele?(?:ne|n)?(?!\w)", re.IGNORECASE)
_PART_BEFORE = re.compile(rf"(?:{_NUMBER}{_PER}?\s*(?:[-–—/]|til|eller|(?:ud )?af)"
                          rf"|\bmellem(?:\s+{_NUMBER}{_PER}?\s+og)?)\s*$", re.IGNORECASE)
_MINUS, _MINUS_PERCENT = re.compile(r"[-−–]$"), re.compile(r"[-−–]\s?$")
_PER_MANY = re.compile(r"[^0-9.;]{0,40}\b(?:pr\.?|per)\s+[0-9.]*00\b", re.IGNORECASE)
_PERCENT = re.compile(_PER, re.IGNORECASE)
_POINTS = re.compile(r"\s*(?:procent|pct\.?|%)[- ]?points?(?!\w)", re.IGNORECASE)


def amounts_in(text: str) -> tuple[str, ...]:
    """Return the amounts that a text names in words that are no numbers: «hver anden», «halvdelen»."""
    return tuple(match[0] for match in _AMOUNTS.finditer(text))


def is_limiting(text: str) -> bool:
    """Tell whether a text names the most that may be, or says no."""
    return bool(_LIMITING.search(text) or _LIMITING_AFTER.search(text) or _DENYING.search(text))


def other_period(text: str) -> str:
    """Return how often, or for each of what, a text counts, where it isn't the year («pr. kvartal»), '' where it is."""
    match = _OTHER_PERIODS.search(text)
    return match[0] if match else ""


def clause_around(text: str, sentence: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Return where the part of a sentence between commas begins and ends that holds a place; at most the window long."""
    first = max(sentence[0], start - _WINDOW)
    for match in _CLAUSE.finditer(text, first, start):
        first = match.end()
    ends = _CLAUSE.search(text, end, min(sentence[1], end + _WINDOW))
    return first, ends.start() if ends else min(sentence[1], end + _WINDOW)


def is_past(text: str) -> bool:
    """Tell whether a text tells how it is or has been."""
    return bool(_BEFORE_NOW.search(text) or _DONE.search(text))


def denied(text: str, sentence: tuple[int, int], start: int, end: int) -> bool:
    """Tell whether a place in a sentence is said not to be, or is said of how it has been."""
    before = text[max(sentence[0], start - _WINDOW):start]
    if _NOT_AFTER.match(text, end) or _DENYING.search(_TURN.split(before)[-1]):
        return True
    return bool(_BEFORE_NOW.search(text[clause_around(text, sentence, start, end)[0]:start]))


def limited(text: str, sentence: tuple[int, int], start: int) -> bool:
    """Tell whether words before a place, after the number before it, make of what comes the most that may be."""
    return bool(_LIMITING.search(_own_before(text, sentence, start)))


def limited_after(text: str, sentence: tuple[int, int], end: int) -> bool:
    """Tell whether the words right after a place make of it the most that may be: «5 klager eller færre»."""
    after = text[end:min(clause_around(text, sentence, end, end)[1], end + 50)]
    match = _LIMITING_AFTER.search(after)
    between = after[:match.start()] + after[match.end():].lstrip()[:1] if match else ""
    return bool(match and not _ANY_DIGIT.search(between))


def part_of_more(text: str, start: int, end: int, has_base: bool = False) -> bool:
    """Tell whether a number is one end of a span, part of a fraction, an upper end, signed, or in percentage points.

    ``has_base`` is a number that stands after «fra … til», which is read with the one before it.
    """
    before = text[max(0, start - 40):start]
    minus = _MINUS_PERCENT if _PERCENT.match(text, end) else _MINUS
    return bool(_UP_TO.search(before) or minus.search(before) or _PART_AFTER.match(text, end) or _POINTS.match(text, end)
                or (not has_base and _PART_BEFORE.search(before)))


def counted_otherwise(text: str, sentence: tuple[int, int], start: int, end: int) -> bool:
    """Tell whether a number is said to be per month, per school or the like, and not per year or in all."""
    stop = min(sentence[1], end + _WINDOW)
    following = _ANY_DIGIT.search(text, end, stop)
    after = text[end:following.start() if following else stop]
    return bool(_PER_MANY.match(text, end) or other_period(_own_before(text, sentence, start)) or other_period(after))


def _own_before(text: str, sentence: tuple[int, int], start: int) -> str:
    """Return the words of a sentence before a place that belong to no earlier number, from the last «men»."""
    before = _TURN.split(text[max(sentence[0], start - _WINDOW):start])[-1]
    return _COUNTED.split(before)[-1]
