"""The parts of Danish prose that a target is made of: sentences, numbers, years, and what is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aftale.cells.numbers import read_number
from aftale.document import words as lexicon
from aftale.document.words import NUMBER_WORDS, SCALES
from aftale.model.text import fold

_ONES, _TENS = "en|to|tre|fire|fem|seks|syv|otte|ni", "tyve|tredive|fyrre|halvtreds|tres|halvfjerds|firs|halvfems"
_WORDS = rf"(?:{_ONES})og(?:{_TENS})|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))}"
_DIGITS = r"[0-9]{1,3}(?:[.\u00a0 ][0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:[.,][0-9]+)?"
N = rf"(?:(?:{_DIGITS})(?![\w/–-]|[.,:][0-9]|\.\s+[a-zæøå])|(?:{_WORDS})(?![\w-]))"
"""A number that can be a target: no ordinal, no part of a span or of a word."""
PER = r"\s*(?:%(?!-)|pct\.?(?!\w)|procent(?!\w))"
YEAR = r"(?:19|20)[0-9]{2}(?![.,]?[0-9])"
TWO = r"[0-9]{2}(?![0-9.,]*[0-9]|\s*%)"
"""The end of a span of years such as 2015-16."""
_ANY_NUMBER = re.compile(rf"(?<![\w.,])(?:{_DIGITS})|[0-9]+|(?<![\w-])(?:{_WORDS})(?:-(?:{_WORDS}))?(?![\w-])",
                         re.IGNORECASE)
_END = re.compile(r"[.!?…]+[»«\")\]]*\s+(?=[«»\"(]?[A-ZÆØÅÉ0-9])|\n(?:• )?")
_YEARS = re.compile(rf"(?<![0-9])({YEAR})(?:\s*(?:[-–/]\s*({YEAR}|{TWO})|til\s*({YEAR}))(?![0-9%]))?(?![0-9])")
_SCALE = re.compile(rf"\s*(?P<by>{'|'.join(sorted(SCALES, key=len, reverse=True))})(?!\w)\.?", re.IGNORECASE)
PERCENT = re.compile(PER, re.IGNORECASE)
_UNIT = re.compile(rf"\s*(?P<all>(?P<first>(?:(?:{'|'.join(lexicon.ADJECTIVES)})\s+)*)(?P<noun>[^\W\d_][\w/-]*))",
                   re.IGNORECASE)


def whole(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, whole; they are regular expressions themselves."""
    return rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])"


def words_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of any of some words, whole, in small or large letters."""
    return re.compile(whole(words), re.IGNORECASE)


def numbers_in(text: str) -> tuple[re.Match[str], ...]:
    """Return every number in a text, in digits or letters, in order."""
    return tuple(_ANY_NUMBER.finditer(text))


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each sentence of a text begins and ends; abbreviations and dates don't end one, a new line does."""
    found, start = [], 0
    for match in _END.finditer(text):
        word = text[start:match.start()].rsplit(None, 1)[-1] if text[start:match.start()].strip() else ""
        bare = fold(word).strip("(«»\"")
        dot = match[0].startswith(".") and not match[0].startswith("..")
        if dot and (bare in lexicon.ABBREVIATIONS or (bare.isdigit() and text[match.end():match.end() + 1].isdigit())
                    or (len(bare) == 1 and bare.isalpha())):
            continue
        if word:
            found.append((start, match.start() + len(match[0].rstrip(" \n•"))))
        start = match.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return tuple(found)


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


def scaled_at(text: str, number: str, end: int) -> tuple[float | None, int]:
    """Return a number that ends at a place, and where it ends with »mio.« or »tusind« after it."""
    read, scale = value_of(number), _SCALE.match(text, end)
    if read is None or scale is None:
        return read, end
    return read * SCALES[fold(scale["by"])], scale.end()


def unit_after(text: str, start: int) -> tuple[str, int]:
    """Return what is counted after a number, adjectives included, and where it ends: »tværgående events«."""
    if percent := PERCENT.match(text, start):
        return "%", percent.end()
    match = _UNIT.match(text, start)
    if match is None:
        return "", start
    if fold(match["noun"]) in lexicon.NO_NOUNS:  # »besøgende i«: what looked like an adjective is the noun
        first = match["first"].rstrip()
        return " ".join(first.split()), match.start("all") + len(first) if first else start
    dot = fold(match["noun"]) == "kr" and text[match.end():match.end() + 1] == "."
    return " ".join(match["all"].split()) + "." * dot, match.end() + dot


def named(text: str) -> str:
    """Return what a few words speak of, without »målet er«, »at« and verbs around it; '' where they are too many."""
    plain = " ".join(re.sub(r"(?i)^.*(?:[:;]\s|\bmålet er,?\s)", "", text).strip(" ,.–-").split())
    plain = re.sub(r"(?i)^(?:(?:at|den|det|de|i|af)\s+)+(?=\w)|\s+(?:(?:skal|vil|bør|må|kan)(?:\s+\w+)?|bliver|er|at)$",
                   "", plain)
    return "" if len(plain) > 70 or len(plain.split()) > 9 or re.match(r"(?i)(?:vi|der|man)\b", plain) else plain


def counted(subject: str) -> str:
    """Return the unit that a subject is counted in: »antallet af unikke brugere« is unikke brugere, »besøgstallet« besøg."""
    plain = re.sub(r"(?i)^(?:det samlede\s+|samlede\s+)?antal(?:let)?\s+(?:af\s+)?", "", subject)
    number = re.fullmatch(r"(?i)(\w{3,}?)s?tallet", plain)
    if number:
        return number[1].lower()
    return plain if plain != subject and len(plain.split()) <= 5 else ""
