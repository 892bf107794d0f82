"""Targets in Danish prose: what a sentence asks for, the words it was read from, and the numbers that were not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aftale.rules.cells import read_number
from aftale.words.domain import Measure, Method, Scope
from aftale.words.prose import (
    ABBREVIATIONS,
    DESCRIBING,
    DESCRIBING_ENDINGS,
    DURATIONS,
    NO_TARGETS,
    NOT_COUNTED_ON,
    NUMBER_WORDS,
    TIMES_AS_MUCH,
)
from aftale.words.text import fold

_MOST_WORDS = 120
"""How long the words may be that a proposal is said to be read from."""


class Number(NamedTuple):
    """A number in a text: as it stands, and where."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Target:
    """What a sentence asks for: the measure, the words it was read from and where they stand.

    ``sentence`` is where the sentence stands. ``scope_said`` tells whether the text itself says per year or in all.
    ``years`` are those that the words name. ``spans`` are the parts of the text that are understood with it.
    ``level`` tells that it is a score or a share, which is a measure of its own and no count of what is done.
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


# ---------------------------------------------------------------- numbers and sentences

_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_DIGITS = r"[0-9]{1,3}(?:[.\u00a0 ][0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:[.,][0-9]+)?"
_ANY_NUMBER = re.compile(rf"(?<![\w.,])(?:{_DIGITS})|[0-9]+|(?<![\w-])(?:{_WORDS})(?![\w-])", re.IGNORECASE)
_END = re.compile(r"[.!?…]+[»\")\]]*\s+(?=[«»\"(]?[A-ZÆØÅÉ0-9])")


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
        if dot and (bare in ABBREVIATIONS or (bare.isdigit() and text[match.end():match.end() + 1].isdigit())
                    or (len(bare) == 1 and bare.isalpha())):
            continue
        found.append((start, match.start() + len(match[0].rstrip())))
        start = match.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return tuple(found)


# ---------------------------------------------------------------- what a target looks like

_N = rf"(?:{_DIGITS}|(?:{_WORDS}|en|et)(?![\w-]))"
_PER = r"\s*(?:%(?!-)|pct\.?(?!\w)|procent(?!\w))"
_AT_LEAST = r"(?:(?:som )?mindst|(?:som )?minimum|minimalt|min\.|ikke under|ikke mindre end|ikke færre end|mere end|" \
            r"flere end|over)"
_AT_MOST = r"(?:(?:som )?højst|højest|(?:som )?maksimum|maksimalt|maks\.?|max\.?|ikke over|ikke mere end|ikke flere end|" \
           r"færre end|mindre end|under|inden for|indenfor)"
_UP = r"(?:(?:for)?øge[srt]?|stige[rs]?|stigning(?:en)?|stigende|voks(?:e[rs]?|ende)|vækst(?:en)?|hæve[srt]?|løfte[srt]?|" \
      r"forbedre[srt]?|udvide[srt]?|fremgang(?:en)?)"
_DOWN = r"(?:falde[rs]?|fald(?:et|ende)?|reducere[srt]?|reduktion(?:en)?|mindske[srt]?|nedbringe[srt]?|sænke[srt]?|" \
        r"nedsætte[srt]?|begrænse[srt]?|nedgang(?:en)?)"
_KEEP = r"(?:fastholde[srt]?|bevare[srt]?|opretholde[srt]?|(?:er |forblive[rs]? |holdes )uændret)"
_GAP = r"(?P<what>[^0-9.;:!?]{0,90}?)"
_FROM = rf"fra\s+(?P<base>{_N})[^0-9.;:!?]{{0,30}}?"
_ABOUT = r"(?:(?:ca|cirka|omkring|i alt|yderligere|omtrent|knap|godt)\.?\s+)?"
_LOW = rf"(?:{_AT_LEAST}\s+)?{_ABOUT}"

_PERCENT = re.compile(_PER, re.IGNORECASE)

_Kind = tuple[str, re.Pattern[str]]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\wæøå-]){text}", re.IGNORECASE)


_KINDS: tuple[_Kind, ...] = (
    ("multiplied", _pattern(rf"(?P<verb>{'|'.join(TIMES_AS_MUCH)})(?!\w)")),
    ("rise%", _pattern(rf"{_UP}(?!\w){_GAP}\s(?:med|på)\s+{_LOW}(?P<n>{_N}){_PER}")),
    ("fall%", _pattern(rf"{_DOWN}(?!\w){_GAP}\s(?:med|på)\s+{_LOW}(?P<n>{_N}){_PER}")),
    ("rise%", _pattern(rf"{_UP}(?!\w)(?P<what>)\s+{_LOW}(?P<n>{_N}){_PER}")),
    ("fall%", _pattern(rf"{_DOWN}(?!\w)(?P<what>)\s+{_LOW}(?P<n>{_N}){_PER}")),
    ("rise%", _pattern(rf"(?P<n>{_N}){_PER}\s+(?:flere|mere|højere|større)(?!\w)\s*(?P<what>)")),
    ("fall%", _pattern(rf"(?P<n>{_N}){_PER}\s+(?:færre|mindre|lavere)(?!\w)\s*(?P<what>)")),
    ("from-to", _pattern(rf"{_UP}(?!\w){_GAP}\s{_FROM}\s*til\s+{_LOW}(?P<n>{_N})")),
    ("down-from-to", _pattern(rf"{_DOWN}(?!\w){_GAP}\s{_FROM}\s*til\s+(?:{_AT_MOST}\s+)?(?P<n>{_N})")),
    ("up-to", _pattern(rf"{_UP}(?!\w){_GAP}\stil\s+{_LOW}(?P<n>{_N})")),
    ("down-to", _pattern(rf"{_DOWN}(?!\w){_GAP}\stil\s+(?:{_AT_MOST}\s+)?(?P<n>{_N})")),
    ("keep-at", _pattern(rf"{_KEEP}(?!\w){_GAP}\s(?:på|over)\s+{_LOW}(?P<n>{_N})")),
    ("more", _pattern(rf"{_UP}(?!\w){_GAP}\smed\s+{_LOW}(?P<n>{_N})")),
    ("fewer", _pattern(rf"{_DOWN}(?!\w){_GAP}\smed\s+{_LOW}(?P<n>{_N})")),
    ("at-least", _pattern(rf"{_AT_LEAST}\s+{_ABOUT}(?P<n>{_N})(?P<what>)")),
    ("at-most", _pattern(rf"{_AT_MOST}\s+{_ABOUT}(?P<n>{_N})(?P<what>)")),
    ("to-level", _pattern(rf"(?:opnå[rs]?|nå[rs]?|få[rs]?|score[rs]?|ligge[rs]?)(?!\w){_GAP}\s"
                          rf"(?:(?:op )?(?:på|til)\s+)?{_LOW}(?P<n>{_N})(?=\s+points?(?!\w)|{_PER})")),
    ("keep", _pattern(rf"{_KEEP}(?!\w)(?P<what>)")),
)
"""What is looked for, the surest first; each sentence gives every place where one fits and none before it did."""

_BARE = re.compile(rf"(?<![\w.,§/-])(?<!nr\. )(?<!kl\. )(?P<before>(?:hvert år|årligt|yderligere)?\s*)"
                   rf"(?P<n>{_DIGITS}|(?:{_WORDS})(?![\w-]))(?![\w.,/:–-]*[0-9])(?P<per>{_PER})?(?=\s|[.,;:)]|$)",
                   re.IGNORECASE)
_TRENDS = ((Method.RISE, _pattern(r"(?:øges|stiger|vokser|(?:skal|at) (?:øge|øges|stige|vokse|hæve)|stigende)(?!\w)")),
           (Method.FALL, _pattern(r"(?:falder|mindskes|reduceres|nedbringes|sænkes|(?:skal|at) (?:falde|mindske|reducere|"
                                  r"nedbringe|sænke|mindskes|reduceres|nedbringes)|faldende)(?!\w)")))
_YEAR = r"(?:19|20)[0-9]{2}"
_YEARS = re.compile(rf"(?<![0-9])({_YEAR})(?:\s*(?:[-–/]|og|til)\s*({_YEAR}|[0-9]{{2}})(?![0-9%]))?(?![0-9])")
_PERIOD = re.compile(rf"\b(?:i|inden for|over)\s+(?:hele\s+)?(?:plan|aftale)?(?:perioden|årene)"
                     rf"(?:\s+({_YEAR}\s*[-–]\s*(?:{_YEAR}|[0-9]{{2}})))?|\bi alt\b|\btilsammen\b", re.IGNORECASE)
_YEARLY = re.compile(r"\b(?:årligt|årlig|årlige|per år|om året|hvert (?:enkelt )?år|hvert af årene)\b|\bpr\.?\s*år\b",
                     re.IGNORECASE)
_IN_YEAR = re.compile(rf"\b(?:i|inden|senest|før|ved|fra|i løbet af)\s+(?:(?:ved )?udgangen af\s+|år\s+)?{_YEAR}"
                      rf"(?:\s*(?:[-–/]|og)\s*(?:{_YEAR}|[0-9]{{2}})(?![0-9]))?(?![0-9.,]*[0-9]|-niveau)", re.IGNORECASE)
_DESCRIBING = re.compile(rf"(?:.*(?:{'|'.join(DESCRIBING_ENDINGS)})|{'|'.join(DESCRIBING)})", re.IGNORECASE)
_NOT_AFTER = re.compile(r"\s+ikke\b(?! (?:under|over|mindre|mere|færre|flere))", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"\b(?:ikke|uden at|aldrig)\s+(?:\w+\s+)?$", re.IGNORECASE)
_DEFINITE = re.compile(r"(?:\b(?:de|det|den|disse|alle|vores|deres|begge|nr\.?|kl\.?|uge|side|trin|kapitel|bilag|punkt|"
                       r"afsnit|fase|mål|niveau|budget|klasse|[0-9] til)\s+|§\s*)$", re.IGNORECASE)


def read_targets(text: str) -> tuple[Target, ...]:
    """Return what a goal's text asks for, in order; only where nothing certain stands, a bare number or a trend counts."""
    found: list[Target] = []
    for sentence in sentences(text):
        found += _in_sentence(text, sentence)
    if not found:
        for sentence in sentences(text):
            found += _bare(text, sentence)[:1]
    if not found:
        for sentence in sentences(text):
            found += _trend(text, sentence)[:1]
    return tuple(found)


def _in_sentence(text: str, sentence: tuple[int, int]) -> list[Target]:
    taken: list[tuple[int, int]] = []
    found: list[Target] = []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text, *sentence):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            target = _judged(text, sentence, kind, match)
            if target is not None:
                taken.append((target.start, target.end))
                found.append(target)
    return sorted(found, key=lambda target: target.start)


def _judged(text: str, sentence: tuple[int, int], kind: str, match: re.Match[str]) -> Target | None:
    """Return the target that a match means, None where its number is a year, money or can't be read."""
    if _NOT_AFTER.match(text, match.end()) or _NOT_BEFORE.search(text[sentence[0]:match.start()]):
        return None
    if "what" in match.re.groupindex and re.search(r"(?i)\b(?:ikke|aldrig)\b", match["what"]):
        return None
    if kind == "multiplied":
        method, size = TIMES_AS_MUCH[fold(match["verb"])]
        subject = _subject(text[sentence[0]:match.start()])
        measure = Measure(Method(method), size, unit=_counted(subject))
        return _made(text, sentence, match.start(), match.end(), measure, subject)
    if kind == "keep":
        subject = _subject(text[sentence[0]:match.start()])
        return _made(text, sentence, match.start(), match.end(), Measure(Method.KEEP, unit=_counted(subject)), subject)
    number, end = _value(match["n"]), match.end()
    if number is None or _is_year(match["n"], text, end, kind):
        return None
    percent = _PERCENT.match(text, match.end("n"))
    unit, end = ("%", percent.end()) if percent else _unit_after(text, max(end, match.end("n")), sentence[1])
    if kind in ("rise%", "fall%"):
        return _growth(text, sentence, kind, match, number)
    if not unit and kind in ("at-least", "at-most", "more", "fewer", "up-to", "down-to") and _odd_number(text, match, end):
        return None
    what = tidy_words(match["what"])
    if kind in ("more", "fewer"):
        if percent:
            return None
        added = "flere" if kind == "more" else "færre"
        unit = unit or _counted(what or _subject(text[sentence[0]:match.start()]))
        unit = unit if re.match(r"(?i)flere|færre|nye|yderligere", unit) else f"{added} {unit}".strip()
    method = Method.AT_MOST if kind in ("at-most", "down-to", "down-from-to") else Method.AT_LEAST
    base = _value(match["base"]) if "base" in match.re.groupindex and match["base"] else None
    subject = what or (_subject(text[sentence[0]:match.start()]) if _is_level(unit) or kind.endswith("to") else "")
    return _made(text, sentence, match.start(), end, Measure(method, number, base, unit or _counted(subject)), subject)


def _growth(text: str, sentence: tuple[int, int], kind: str, match: re.Match[str], number: float) -> Target:
    method = Method.RISE_PERCENT if kind == "rise%" else Method.FALL_PERCENT
    subject = tidy_words(match["what"]) if match["what"] else ""
    end = match.end()
    if not subject and re.search(r"(?i)(?:flere|færre|mere|mindre)\s*$", match[0]):
        unit, end = _unit_after(text, match.end(), sentence[1])
        return _made(text, sentence, match.start(), end, Measure(method, number, unit=unit), unit)
    subject = re.sub(r"(?i)^(?:i|af)\s+", "", subject) or _subject(text[sentence[0]:match.start()])
    return _made(text, sentence, match.start(), end, Measure(method, number, unit=_counted(subject)), subject)


def _odd_number(text: str, match: re.Match[str], end: int) -> bool:
    """Tell whether a number without a unit is money, an age, a date or a time, which is no target to count."""
    after = fold(text[match.end("n"):match.end("n") + 14]).strip(" .-")
    return any(re.match(rf"{re.escape(word)}(?!\w)", after) for word in NO_TARGETS - DURATIONS)


def _bare(text: str, sentence: tuple[int, int]) -> list[Target]:
    """Find a number with something counted after it, though no word says at least or at most."""
    found = []
    for match in _BARE.finditer(text, *sentence):
        number = _value(match["n"])
        if number is None or _DEFINITE.search(text[sentence[0]:match.start("n")]) or re.fullmatch(_YEAR, match["n"]):
            continue
        unit, end = ("%", match.end()) if match["per"] else _unit_after(text, match.end("n"), sentence[1])
        first = fold(unit).split(" ")[0].strip(".") if unit else ""
        if re.search(r"(?i)\b(?:ikke|ingen|uden)\b", text[sentence[0]:match.start("n")]):
            continue
        if not unit or first in NO_TARGETS or fold(unit).split(" ")[-1].strip(".") in NO_TARGETS:
            continue
        if re.search(r"(?i)yderligere\s*$", match["before"]):
            unit = f"yderligere {unit}"
        start = match.start("before") if match["before"].strip() else match.start("n")
        start += len(text[start:]) - len(text[start:].lstrip())
        found.append(_made(text, sentence, start, end, Measure(Method.AT_LEAST, number, unit=unit), ""))
    return found


def _trend(text: str, sentence: tuple[int, int]) -> list[Target]:
    for method, pattern in _TRENDS:
        match = pattern.search(text, *sentence)
        if match and not _NOT_AFTER.match(text, match.end()) and not _NOT_BEFORE.search(text[sentence[0]:match.start()]):
            subject = _subject(text[sentence[0]:match.start()])
            return [_made(text, sentence, match.start(), match.end(), Measure(method, unit=_counted(subject)), subject)]
    return []


# ---------------------------------------------------------------- the parts of a target

def _made(text: str, sentence: tuple[int, int], start: int, end: int, measure: Measure, indicator: str) -> Target:
    """Finish a target: how it counts, which years the words name, and the words themselves."""
    spans, years = [(start, end)], []
    within = text[sentence[0]:sentence[1]]
    yearly, period, when = _YEARLY.search(within), _PERIOD.search(within), _IN_YEAR.search(within)
    level = _is_level(measure.unit)
    scope = Scope.PER_YEAR if yearly else Scope.IN_PERIOD
    for said in (yearly, period, when):
        if said:
            spans.append((sentence[0] + said.start(), sentence[0] + said.end()))
            years += years_in(said[0])
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    if last - first > _MOST_WORDS:
        first, last = start, end
    made = Measure(measure.method, measure.target, measure.baseline, measure.unit, scope)
    return Target(made, text[first:last].strip(" ,;"), start, end, sentence, _capital(indicator), bool(yearly or period),
                  tuple(dict.fromkeys(years)), tuple(spans), level)


def years_in(text: str) -> list[int]:
    """Return every year that a text names, those inside a span such as 2015-16 too."""
    found: list[int] = []
    for match in _YEARS.finditer(text):
        first = int(match[1])
        last = first
        if match[2]:
            last = int(match[2]) if len(match[2]) == 4 else first // 100 * 100 + int(match[2])
        found += range(first, last + 1) if first <= last <= first + 12 else [first]
    return found


def _value(text: str) -> float | None:
    word = fold(text)
    if word in ("en", "et"):
        return 1.0
    if word in NUMBER_WORDS:
        return float(NUMBER_WORDS[word])
    read = read_number(text.replace("\u00a0", " "))
    return read.value if isinstance(read.value, float) and not read.problem else None


def _is_year(number: str, text: str, end: int, kind: str) -> bool:
    """Tell whether a number is a year: always after «til» and «under», and where no noun follows it."""
    if not re.fullmatch(r"(?:19[5-9]|20[0-6])[0-9]", number):
        return False
    return kind not in ("at-least", "at-most") or not _unit_after(text, end, len(text))[0]


def _unit_after(text: str, start: int, stop: int) -> tuple[str, int]:
    """Return what is counted after a number, adjectives included, and where it ends: «tværgående events»."""
    words: list[str] = []
    end = start
    for match in re.finditer(r"\s*([^\s,;:!?()»«\"]+)", text[start:stop]):
        gap = text[start + match.start():start + match.start(1)]
        word = match[1].rstrip(".")
        bare = fold(word)
        if start + match.start() != end or (not gap and words) or bare in NOT_COUNTED_ON or not re.match(r"[^\W\d_]", word):
            break
        words.append(word)
        end = start + match.start(1) + len(word)
        if not _DESCRIBING.fullmatch(word) or len(words) == 4 or match[1].endswith("."):
            break
    return " ".join(words), end


def _subject(before: str) -> str:
    """Return what a sentence speaks of before its verb: after a colon, without «at» and «målet er»; '' where too long."""
    text = re.split(r"[:;]\s", before)[-1]
    text = re.sub(r"(?i)^.*\bmålet er,?\s+(?:at\s+)?", "", text)
    return tidy_words(re.sub(r"(?i)\s+(?:skal|vil|bliver|er|at|bør)$", "", text.strip()))


def tidy_words(text: str) -> str:
    """Return a few words without loose ends, '' where they are too many to name what is measured."""
    plain = " ".join(text.strip(" ,.–-").split())
    plain = re.sub(r"(?i)^(?:at|den|det|de)\s+(?=\w)", "", plain)
    plain = re.sub(r"(?i)\s+(?:skal|bliver|er|at|gennemsnitligt)$", "", plain)
    return plain if len(plain) <= 70 and len(plain.split()) <= 9 else ""


def _counted(subject: str) -> str:
    """Return the unit that a subject is counted in: «antallet af unikke brugere» is unikke brugere, «besøgstallet» besøg."""
    plain = re.sub(r"(?i)^(?:det samlede\s+|samlede\s+)?antal(?:let)?\s+(?:af\s+)?", "", subject)
    number = re.fullmatch(r"(?i)(\w{3,}?)s?tallet", plain)
    if number:
        return number[1].lower()
    return plain if plain != subject and len(plain.split()) <= 5 else ""


def _is_level(unit: str) -> bool:
    return bool(re.match(r"(?i)(?:%|points?\b|score\b|karakter)", unit))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def unread(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Number]:
    """Yield the numbers of a text that stand outside what was understood."""
    for number in numbers_in(text):
        if not any(start <= number.start and number.end <= end for start, end in spans):
            yield number
