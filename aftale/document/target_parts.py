"""The parts of a target in Danish prose: its number, what it counts, its years; and what makes of a number no target."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aftale.cells.numbers import read_number
from aftale.document import words as lexicon
from aftale.document.words import NUMBER_WORDS, SCALES
from aftale.model.agreement import Measure
from aftale.model.text import fold


class Number(NamedTuple):
    """A number in a text: as it stands, and where."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Target:
    """What a sentence asks for: the measure, the words it was read from and where they and the sentence stand.

    ``scope_said`` tells whether the text itself says per year or in all, ``level`` that it is a score or a share. ``spans``
    are the parts of the text that are understood. ``by_year`` are the targets of years that have one each.
    """

    measure: Measure
    words: str
    start: int
    end: int
    sentence: tuple[int, int]
    indicator: str = ""
    scope_said: bool = False
    years: tuple[int, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    level: bool = False
    by_year: tuple[tuple[int, float], ...] = ()


_ONES, _TENS = "en|to|tre|fire|fem|seks|syv|otte|ni", "tyve|tredive|fyrre|halvtreds|tres|halvfjerds|firs|halvfems"
WORDS = rf"(?:{_ONES})og(?:{_TENS})|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))}"
DIGITS = r"[0-9]{1,3}(?:[.\u00a0 ][0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:[.,][0-9]+)?"
_ANY_NUMBER = re.compile(rf"(?<![\w.,])(?:{DIGITS})|[0-9]+|(?<![\w-])(?:{WORDS})(?:-(?:{WORDS}))?(?![\w-])",
                         re.IGNORECASE)
_END = re.compile(r"[.!?…]+[»\")\]]*\s+(?=[«»\"(]?[A-ZÆØÅÉ0-9])")
N = rf"(?:{DIGITS}|(?:{WORDS}|en|et)(?![\w-]))"
PER = r"\s*(?:%(?!-)|pct\.?(?!\w)|procent(?!\w))"
PERCENT = re.compile(PER, re.IGNORECASE)
YEAR = r"(?:19|20)[0-9]{2}"
TWO = r"[0-9]{2}(?![0-9.,]*[0-9]|\s*%)"
"""The end of a span of years such as 2015-16."""
_YEARS = re.compile(rf"(?<![0-9])({YEAR})(?:\s*(?:[-–/]\s*({YEAR}|{TWO})|til\s*({YEAR}))(?![0-9%]))?(?![0-9])")
_DESCRIBING = re.compile(rf"(?:.*(?:{'|'.join(lexicon.DESCRIBING_ENDINGS)})|{'|'.join(lexicon.DESCRIBING)})", re.IGNORECASE)


def numbers_in(text: str) -> tuple[Number, ...]:
    """Return every number in a text, in digits or letters, in order."""
    return tuple(Number(m[0], m.start(), m.end()) for m in _ANY_NUMBER.finditer(text))


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each sentence of a text begins and ends; abbreviations and dates don't end one."""
    found, start = [], 0
    for match in _END.finditer(text):
        word = text[start:match.start()].rsplit(None, 1)[-1] if text[start:match.start()].strip() else ""
        bare = fold(word).strip("(«»\"")
        dot = match[0].startswith(".") and not match[0].startswith("..")
        if dot and (bare in lexicon.ABBREVIATIONS or (bare.isdigit() and text[match.end():match.end() + 1].isdigit())
                    or (len(bare) == 1 and bare.isalpha())):
            continue
        found.append((start, match.start() + len(match[0].rstrip())))
        start = match.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return tuple(found)


def unread(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Number]:
    """Yield the numbers of a text that stand outside what was understood."""
    for number in numbers_in(text):
        if not any(start <= number.start and number.end <= end for start, end in spans):
            yield number


def years_in(text: str) -> list[int]:
    """Return every year that a text names, those inside a span such as 2015-16 too."""
    found: list[int] = []
    for match in _YEARS.finditer(text):
        first = int(match[1])
        last = first
        end = match[2] or match[3]
        if end:
            last = int(end) if len(end) == 4 else first // 100 * 100 + int(end)
        found += range(first, last + 1) if first <= last <= first + 12 else [first]
    return found


def value_of(text: str) -> float | None:
    """Return a number in digits or letters, None where it can't be read."""
    word = fold(text)
    if word in ("en", "et"):
        return 1.0
    if word in NUMBER_WORDS:
        return float(NUMBER_WORDS[word])
    if pair := re.fullmatch(rf"({_ONES})og({_TENS})", word):
        return float({"en": 1, **NUMBER_WORDS}[pair[1]] + NUMBER_WORDS[pair[2]])
    read = read_number(text.replace("\u00a0", " "))
    return read.value if isinstance(read.value, float) and not read.problem else None


_SCALE = re.compile(rf"\s*(?P<by>{'|'.join(sorted(SCALES, key=len, reverse=True))})(?!\w)\.?", re.IGNORECASE)


def scaled_at(text: str, number: str, end: int, stop: int) -> tuple[float | None, int]:
    """Return a number that ends at a place, and where it ends with «mio.» or «tusind» after it; ``stop`` where none does."""
    read, scale = value_of(number), _SCALE.match(text, end)
    if read is None or scale is None:
        return read, max(stop, end)
    return read * SCALES[fold(scale["by"])], scale.end()


def unit_after(text: str, start: int, stop: int) -> tuple[str, int]:
    """Return what is counted after a number, adjectives included, and where it ends: «tværgående events»."""
    words: list[str] = []
    end = start
    for match in re.finditer(r"\s*([^\s,;:!?()»«\"]+)", text[start:stop]):
        gap = text[start + match.start():start + match.start(1)]
        word = match[1].rstrip(".")
        bare = fold(word)
        if not words and end == start and bare in ("årlig", "årligt", "årlige"):
            end = start + match.end()  # «3 årlige møder» counts møder
            continue
        goes_on = start + match.start() == end and (gap or not words)
        if not goes_on or bare in lexicon.NOT_COUNTED_ON or not re.match(r"[^\W\d_]", word):
            break
        words.append(word)
        end = start + match.start(1) + len(word)
        if not _DESCRIBING.fullmatch(word) or len(words) == 4 or match[1].endswith("."):
            break
    return " ".join(words), end


def subject_of(before: str) -> str:
    """Return what a sentence speaks of before its verb: after a colon, without «at» and «målet er»; '' where too long."""
    text = re.split(r"[:;]\s", before)[-1]
    text = re.sub(r"(?i)^.*\bmålet er,?\s+(?:at\s+)?", "", text)
    text = re.sub(rf"(?i)^(?:i|inden|senest i)\s+{YEAR}\s+\w+\s+|\s+(?:i|inden|senest i)\s+{YEAR}$", "", text.strip())
    named = tidy_words(re.sub(r"(?i)\s+(?:(?:skal|vil|bør|må|kan)(?:\s+\w+)?|bliver|er|at)$", "", text))
    return "" if re.match(r"(?i)(?:vi|der|man)\b", named) else named


def tidy_words(text: str) -> str:
    """Return a few words without loose ends, '' where they are too many to name what is measured."""
    plain = " ".join(text.strip(" ,.–-").split())
    plain = re.sub(r"(?i)^(?:at|den|det|de)\s+(?=\w)", "", plain)
    plain = re.sub(r"(?i)\s+(?:skal|bliver|er|at|gennemsnitligt)$", "", plain)
    return plain if len(plain) <= 70 and len(plain.split()) <= 9 else ""


def counted(subject: str) -> str:
    """Return the unit that a subject is counted in: «antallet af unikke brugere» is unikke brugere, «besøgstallet» besøg."""
    plain = re.sub(r"(?i)^(?:det samlede\s+|samlede\s+)?antal(?:let)?\s+(?:af\s+)?", "", subject)
    number = re.fullmatch(r"(?i)(\w{3,}?)s?tallet", plain)
    if number:
        return number[1].lower()
    return plain if plain != subject and len(plain.split()) <= 5 else ""


def is_level(unit: str) -> bool:
    """Tell whether a unit is that of a share or a score, and no count of what is done."""
    return bool(re.match(r"(?i)(?:%|points?\b|score\b|karakter)", unit))


# ---------------------------------------------------------------- what makes of a number no target, or none that is certain

_WINDOW = 300
"""How far from a number its sentence is looked at, so that a sentence of thousands of words takes no longer per number."""
_CLAUSE = re.compile(r"[,;:(\n]\s*(?:(?:men|mens|og)\s+)?|\)\s*|\s(?:men|mens)\s|\s[–—-]\s")
_TURN = re.compile(r";\s|\bmen\s", re.IGNORECASE)
_NUMBER = rf"(?:[0-9][0-9.]*(?:,[0-9]+)?|(?<![\w-])(?:{'|'.join(NUMBER_WORDS)})(?![\w-]))"
_PER = r"(?:\s*(?:%|pct\.?|procent(?!\w)))"


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])", re.IGNORECASE)


_DENYING, _LIMITING, _BEFORE_NOW = _any_of(lexicon.DENYING), _any_of(lexicon.LIMITING), _any_of(lexicon.BEFORE_NOW)
_AMOUNTS, _OTHER_PERIODS = _any_of(lexicon.AMOUNTS), _any_of(lexicon.OTHER_PERIODS)
_LIMITING_AFTER, _DONE = _any_of(lexicon.LIMITING_AFTER), _any_of(lexicon.DONE)
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


def is_past(text: str) -> bool:
    """Tell whether a text tells how it is or has been."""
    return bool(_BEFORE_NOW.search(text) or _DONE.search(text))


def part_of_more(text: str, start: int, end: int, has_base: bool = False) -> bool:
    """Tell whether a number is one end of a span (but for «fra … til»), part of a fraction, signed, or in points of %."""
    before = text[max(0, start - 40):start]
    minus = _MINUS_PERCENT if PERCENT.match(text, end) else _MINUS
    return bool(_UP_TO.search(before) or minus.search(before) or _PART_AFTER.match(text, end) or _POINTS.match(text, end)
                or (not has_base and _PART_BEFORE.search(before)))


class Sentence(NamedTuple):
    """A sentence: the text it stands in, and where it begins and ends; it says what its words make of a place in it."""

    text: str
    start: int
    end: int

    def before(self, at: int) -> str:
        """Return the words of the sentence before a place."""
        return self.text[max(self.start, at - _WINDOW):at]

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Return where the part between commas begins and ends that holds a place; at most the window long."""
        first = max(self.start, start - _WINDOW)
        for match in _CLAUSE.finditer(self.text, first, start):
            first = match.end()
        last = min(self.end, end + _WINDOW)
        ends = _CLAUSE.search(self.text, end, last)
        return first, ends.start() if ends else last

    def subject(self, at: int) -> str:
        """Return what the sentence speaks of before a place."""
        return subject_of(self.before(at))

    def denied(self, start: int, end: int) -> bool:
        """Tell whether a place is said not to be, or is said of how it has been."""
        if _NOT_AFTER.match(self.text, end) or _DENYING.search(_TURN.split(self.before(start))[-1]):
            return True
        return bool(_BEFORE_NOW.search(self.text[self.clause(start, end)[0]:start]))

    def limited(self, at: int) -> bool:
        """Tell whether words before a place, after the number before it, make of what comes the most that may be."""
        return bool(_LIMITING.search(self._own_before(at)))

    def limited_after(self, end: int) -> bool:
        """Tell whether the words right after a place make of it the most that may be: «5 klager eller færre»."""
        after = self.text[end:min(self.clause(end, end)[1], end + 50)]
        match = _LIMITING_AFTER.search(after)
        return bool(match and not _ANY_DIGIT.search(after[:match.start()] + after[match.end():].lstrip()[:1]))

    def counted_otherwise(self, start: int, end: int) -> bool:
        """Tell whether a number is said to be per month, per school or the like, and not per year or in all."""
        stop = min(self.end, end + _WINDOW)
        following = _ANY_DIGIT.search(self.text, end, stop)
        after = self.text[end:following.start() if following else stop]
        return bool(_PER_MANY.match(self.text, end) or other_period(self._own_before(start)) or other_period(after))

    def _own_before(self, at: int) -> str:
        """Return the words before a place that belong to no earlier number, from the last «men»."""
        return _COUNTED.split(_TURN.split(self.before(at))[-1])[-1]
