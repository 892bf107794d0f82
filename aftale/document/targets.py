"""Targets in Danish prose: what a sentence asks for, the words it was read from, when it counts, and how often."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from aftale.agreement.methods import better_low, rule_of
from aftale.document import target_parts as prose
from aftale.document.target_parts import DIGITS, PER, PERCENT, TWO, WORDS, YEAR, N, Sentence, Target
from aftale.document.words import AGES, DURATIONS, NO_TARGETS, TIMES_AS_MUCH
from aftale.model.agreement import Measure, Method, Scope
from aftale.model.text import fold

# ---------------------------------------------------------------- what a target looks like

_TREND_STEMS = r"øge|stig|voks|hæve|løft|fald|redu|minds|nedb|sænk|halver|fordob|fasth|bevar"
_BE = rf"(?:(?:være|ligge|nå|have|få|(?!{_TREND_STEMS})[^\W\d_]{{3,}}es?)(?:\s+(?:op|oppe|nede))?(?:\s+på)?)"
_AT_LEAST = rf"(?:(?:(?:som )?(?:mindst|minimum)|minimalt)(?:\s+{_BE})?|min\.|ikke under|ikke mindre end|" \
            r"ikke færre end|mere end|flere end|over)"
_AT_MOST = rf"(?:(?:(?:som )?(?:højst|højest|maksimum)|maksimalt|maks\.?|max\.?)(?:\s+{_BE})?|" \
           rf"ikke\s+(?:{_BE}\s+)?(?:over|mere end|flere end)|ikke\s+over(?:stige|skride)s?|" \
           r"færre end|mindre end|under|inden for|indenfor)"
_UP = r"(?:(?:for)?øge[srt]?|stige[rs]?|steget|stigning(?:en)?|stigende|voks(?:e[rst]?|ende)|vækst(?:en)?|hæve[srt]?|" \
      r"løfte[srt]?|forbedre[srt]?|udvide[srt]?|fremgang(?:en)?)"
_DOWN = r"(?:falde[rs]?|fald(?:et|ende)?|reducere[srt]?|reduktion(?:en)?|mindske[srt]?|nedbringe[srt]?|sænke[srt]?|" \
        r"nedsætte[srt]?|begrænse[srt]?|nedgang(?:en)?)"
_KEEP = r"(?:fastholde[srt]?|bevare[srt]?|opretholde[srt]?|(?:er |forblive[rs]? |holdes )uændret)"
_GAP = r"(?P<what>[^0-9.;:!?]{0,90}?)"
_FROM = rf"fra\s+(?P<base>{N})[^0-9.;:!?]{{0,30}}?"
_ABOUT = r"(?:(?:ca|cirka|omkring|i alt|yderligere|omtrent|knap|godt)\.?\s+)?"
_LOW = rf"(?:{_AT_LEAST}\s+)?{_ABOUT}"
_RISING, _FALLING = r"(?:stigning|vækst|fremgang|forøgelse|\w*tilvækst)(?:en)?", \
                    r"(?:fald|reduktion|nedgang|besparelse|tilbagegang|reducering)(?:et|en)?"

_Kind = tuple[str, re.Pattern[str]]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\wæøå-]){text}", re.IGNORECASE)


_KINDS: tuple[_Kind, ...] = (
    ("multiplied", _pattern(rf"(?P<verb>{'|'.join(TIMES_AS_MUCH)})(?!\w)")),
    ("rise%", _pattern(rf"{_UP}(?!\w){_GAP}\s(?:med|på)\s+{_LOW}(?P<n>{N}){PER}")),
    ("fall%", _pattern(rf"{_DOWN}(?!\w){_GAP}\s(?:med|på)\s+{_LOW}(?P<n>{N}){PER}")),
    ("rise%", _pattern(rf"{_UP}(?!\w)(?P<what>)\s+{_LOW}\+?\s?(?P<n>{N}){PER}")),
    ("fall%", _pattern(rf"{_DOWN}(?!\w)(?P<what>)\s+{_LOW}(?P<n>{N}){PER}")),
    ("rise%", _pattern(rf"{_LOW}(?P<n>{N}){PER}\s+(?:flere|mere|højere|større)(?!\w)\s*(?P<what>)")),
    ("fall%", _pattern(rf"{_LOW}(?P<n>{N}){PER}\s+(?:færre|mindre|lavere)(?!\w)\s*(?P<what>)")),
    ("rise%", _pattern(rf"{_LOW}(?P<n>{N}){PER}\s+{_RISING}(?!\w)(?:\s+(?:i|af)\s+(?P<what>[^\W\d_]+))?")),
    ("fall%", _pattern(rf"{_LOW}(?P<n>{N}){PER}\s+{_FALLING}(?!\w)(?:\s+(?:i|af|på)\s+(?P<what>[^\W\d_]+))?")),
    ("rise%", _pattern(rf"\+\s?(?P<n>{N}){PER}(?P<what>)")),
    ("from-to", _pattern(rf"{_UP}(?!\w){_GAP}\s{_FROM}\s*til\s+{_LOW}(?P<n>{N})")),
    ("down-from-to", _pattern(rf"{_DOWN}(?!\w){_GAP}\s{_FROM}\s*til\s+(?:{_AT_MOST}\s+)?(?P<n>{N})")),
    ("up-to", _pattern(rf"{_UP}(?!\w){_GAP}\stil\s+{_LOW}(?P<n>{N})")),
    ("down-to", _pattern(rf"{_DOWN}(?!\w){_GAP}\stil\s+(?:{_AT_MOST}\s+)?(?P<n>{N})")),
    ("keep-at", _pattern(rf"{_KEEP}(?!\w){_GAP}\s(?:på|over)\s+{_LOW}(?P<n>{N})")),
    ("more", _pattern(rf"{_UP}(?!\w){_GAP}\smed\s+{_LOW}(?P<n>{N})")),
    ("fewer", _pattern(rf"{_DOWN}(?!\w){_GAP}\smed\s+{_LOW}(?P<n>{N})")),
    ("at-least", _pattern(rf"{_AT_LEAST}\s+{_ABOUT}(?P<n>{N})(?P<what>)")),
    ("at-most", _pattern(rf"{_AT_MOST}\s+{_ABOUT}(?P<n>{N})(?P<what>)")),
    ("to-level", _pattern(rf"(?:opnå[rs]?|nå[rs]?|få[rs]?|score[rs]?|ligge[rs]?)(?!\w){_GAP}\s"
                          rf"(?:(?:op )?(?:på|til)\s+)?{_LOW}(?P<n>{N})(?=\s+points?(?!\w)|{PER})")),
    ("keep", _pattern(rf"{_KEEP}(?!\w)(?P<what>)")),
    ("no-rise", _pattern(r"må ikke (?:stige|øges|vokse|blive (?:højere|større|længere))(?!\w)(?P<what>)")),
)
"""What is looked for, the surest first; each sentence gives every place where one fits and none before it did."""

_BARE = re.compile(rf"(?<![\w.,§/-])(?<!nr\. )(?<!kl\. )(?P<before>(?:hvert år|årligt|yderligere)?\s*)"
                   rf"(?P<n>{DIGITS}|(?:{WORDS})(?![\w-]))(?![\w.,/:–-]*[0-9])(?P<per>{PER})?(?=\s|[.,;:)]|$)",
                   re.IGNORECASE)
_TRENDS = ((Method.RISE, _pattern(r"(?:øges|stiger|vokser|(?:skal|at) (?:øge|øges|stige|vokse|hæve)|stigende)(?!\w)")),
           (Method.FALL, _pattern(r"(?:falder|mindskes|reduceres|nedbringes|sænkes|(?:skal|at) (?:falde|mindske|reducere|"
                                  r"nedbringe|sænke|mindskes|reduceres|nedbringes)|faldende)(?!\w)")))
_TREND = _pattern(rf"(?:{_UP}|{_DOWN}|{_KEEP}|{_RISING}|{_FALLING})(?!\w)")
_MORE_AFTER = re.compile(rf"\s+(?:flere|færre|mere|mindre|højere|lavere|større|{_RISING}|{_FALLING})(?!\w)", re.IGNORECASE)
_DOWNWARD = _pattern(rf"(?:{_DOWN}|{_FALLING})(?!\w)")
_TREND_AT = _pattern(rf"(?:{_UP}|{_DOWN}|{_RISING}|{_FALLING})(?!\w)\s+(?:\w+\s+)?$")
_SHARE_BEFORE = re.compile(rf"{DIGITS}{PER}[^.,;]*$", re.IGNORECASE)
_SAID_LEAST = re.compile(rf"\b{_AT_LEAST}\s+{_ABOUT}$", re.IGNORECASE)
_DEFINITE = re.compile(r"(?:\b(?:de|det|den|disse|alle|vores|deres|begge|nr\.?|kl\.?|uge|side|trin|kapitel|bilag|punkt|"
                       r"afsnit|fase|mål|niveau|budget|klasse|[0-9] til)\s+|§\s*)$", re.IGNORECASE)


def read_targets(text: str) -> tuple[Target, ...]:
    """Return what a goal's text asks for, in order; only where nothing certain stands, a bare number or a trend counts."""
    parts = [Sentence(text, *each) for each in prose.sentences(text)]
    found = [target for each in parts for target in _in_sentence(each)]
    found = found or [target for each in parts for target in _dated(each, _bare(each))[:1]]
    return tuple(found or [target for each in parts for target in _dated(each, _trend(each))])


def _in_sentence(s: Sentence) -> list[Target]:
    taken = bytearray(s.end - s.start)
    found: list[Target] = []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(*s):
            target = None if any(taken[match.start() - s.start:match.end() - s.start]) else _judged(s, kind, match)
            if target is not None:
                taken[target.start - s.start:target.end - s.start] = b"\1" * (target.end - target.start)
                found.append(target)
    return _dated(s, sorted(found, key=lambda target: target.start))


def _judged(s: Sentence, kind: str, match: re.Match[str]) -> Target | None:
    """Return the target that a match means, None where its number is a year, money, in doubt or can't be read."""
    start, stop = match.span()
    groups = match.groupdict()
    what = groups.get("what") or ""
    if s.denied(start, stop) or prose.is_limiting(what) or _TREND.search(what) or s.limited(start) or s.limited_after(stop):
        return None
    if kind == "multiplied":
        method, size = TIMES_AS_MUCH[fold(match["verb"])]
        subject = s.subject(start)
        return _made(s, start, stop, Measure(Method(method), size, unit=prose.counted(subject)), subject)
    if kind in ("keep", "no-rise"):
        return _kept(s, match, None)
    number, end = prose.scaled_at(s.text, match["n"], match.end("n"), stop)
    if number is None or _is_year(match["n"], s.text, end, kind) or s.counted_otherwise(start, stop) or (
            prose.part_of_more(s.text, match.start("n"), match.end("n"), "base" in groups)):
        return None
    if kind in ("rise%", "fall%"):
        return _growth(s, kind, match, number)
    if kind == "keep-at" and not _SAID_LEAST.search(s.text[start:match.start("n")]):
        return _kept(s, match, number)
    return _level_or_count(s, kind, match, number, end)


def _level_or_count(s: Sentence, kind: str, match: re.Match[str], number: float, at: int) -> Target | None:
    """Return the target of a number that is to be reached or kept below, or added; ``at`` is where the number ends."""
    start = match.start()
    percent, unit, end = _percent_or_unit(s, at)
    if _is_no_count(s, kind, match, unit, at) or (
            kind in ("at-least", "at-most") and _of_a_trend(s, start, end, percent)):
        return None
    what = re.sub(r"(?i)^(?:i|af)\s+", "", prose.tidy_words(match["what"]))
    if kind in ("more", "fewer"):
        if percent:
            return None
        unit = unit or prose.counted(what or s.subject(start))
        if not re.match(r"(?i)flere|færre|nye|yderligere", unit):
            unit = f"{'flere' if kind == 'more' else 'færre'} {unit}".strip()
    method = Method.AT_MOST if kind in ("at-most", "down-to", "down-from-to") else Method.AT_LEAST
    if method is Method.AT_LEAST and number == 0:
        return None
    base = None
    if "base" in match.re.groupindex:
        base, base_end = prose.scaled_at(s.text, match["base"], match.end("base"), 0)
        if base is None or (at > match.end("n") and base_end == match.end("base")):
            return None  # »fra 1 til 1,2 mio.«
    subject = what or (s.subject(start) if prose.is_level(unit) or kind.endswith("to") else "")
    measure = Measure(method, number, base, unit or prose.counted(subject))
    return _made(s, start, max(end, match.end()), measure, subject)


def _percent_or_unit(s: Sentence, at: int) -> tuple[bool, str, int]:
    """Return whether a number is a percentage, its unit, and where that ends."""
    percent = PERCENT.match(s.text, at)
    return (True, "%", percent.end()) if percent else (False, *prose.unit_after(s.text, at, s.end))


def _kept(s: Sentence, match: re.Match[str], number: float | None) -> Target | None:
    """Return the target of what is to stay as it is; ``number`` is where it is, which may be low or high."""
    subject, unit, end = s.subject(match.start()), "", match.end()
    if number is None:
        rest = s.text[end:s.clause(end, end)[1]]
        if any(not prose.years_in(each.text) for each in prose.numbers_in(rest)):
            return None
    else:
        _, unit, end = _percent_or_unit(s, end)
        subject = prose.tidy_words(match["what"]) or subject
    low = "ikke" in fold(match[0]) or better_low(subject)
    measure = Measure(Method.NO_RISE if low else Method.KEEP, None, number, unit or prose.counted(subject))
    return _made(s, match.start(), end, measure, subject)


def _of_a_trend(s: Sentence, start: int, end: int, percent: bool) -> bool:
    """Tell whether »mindst 5 %« or »med højst 5« is how much something grows or falls, and not what it is."""
    first, last = s.clause(start, end)
    before = s.text[first:start]
    if percent and _MORE_AFTER.match(s.text, end, last):
        return True
    return bool((percent or re.search(r"(?i)\b(?:med|på)\s+$", before)) and _TREND.search(before))


def _is_no_count(s: Sentence, kind: str, match: re.Match[str], unit: str, end: int) -> bool:
    """Tell whether a number is an age, a time that something takes place over, or money, a date or a time without a unit."""
    first, said = _first_word(unit), fold(match[0])
    if first in AGES and kind in ("at-least", "at-most"):
        return True
    if first in NO_TARGETS and (said.startswith("over ") or (
            first not in DURATIONS and said.startswith(("under ", "inden for ", "indenfor ")))):
        return True
    if said.startswith(("inden for ", "indenfor ")) and _SHARE_BEFORE.search(s.before(match.start())):
        return True  # »90 % er klar inden for 5 dage« asks for 90 %
    # Without a unit it may be money, an age, a date or a time, which is no target to count.
    after = fold(s.text[end:end + 14]).strip(" .-")
    return not unit and kind in _COUNTS and any(
        re.match(rf"{re.escape(word)}(?!\w)", after) for word in NO_TARGETS - DURATIONS)


def _first_word(unit: str) -> str:
    return fold(unit).split(" ")[0].strip(".")


def _growth(s: Sentence, kind: str, match: re.Match[str], number: float) -> Target:
    method = Method.RISE_PERCENT if kind == "rise%" else Method.FALL_PERCENT
    subject, end = prose.tidy_words(match["what"] or ""), match.end()
    if not match["what"] and re.search(r"(?i)(?:flere|færre|mere|mindre)\s*$", match[0]):
        unit, end = prose.unit_after(s.text, end, s.end)
        return _made(s, match.start(), end, Measure(method, number, unit=unit), unit)
    subject = re.sub(r"(?i)^(?:i|af)\s+", "", subject) or s.subject(match.start())
    return _made(s, match.start(), end, Measure(method, number, unit=prose.counted(subject)), subject)


_COUNTS = ("at-least", "at-most", "more", "fewer", "up-to", "down-to")


def _made(s: Sentence, start: int, end: int, measure: Measure, indicator: str) -> Target:
    """Make a target of what it measures; how often and when it counts is read by its sentence's other targets too."""
    return Target(measure, s.text[start:end], start, end, (s.start, s.end), indicator[:1].upper() + indicator[1:],
                  spans=((start, end),), level=prose.is_level(measure.unit))


def _bare(s: Sentence) -> list[Target]:
    """Find a number with something counted after it, though no word says at least or at most."""
    found: list[Target] = []
    for match in _BARE.finditer(s.text, s.start, _first_doubt(s)):
        number, end = prose.scaled_at(s.text, match["n"], match.end("n"), match.end("n"))
        start = match.start("n")
        if not number or _DEFINITE.search(s.before(start)) or re.fullmatch(YEAR, match["n"]) or (
                _doubted_bare(s, start, end, bool(match["per"]))):
            continue
        unit, end = ("%", match.end()) if match["per"] else prose.unit_after(s.text, end, s.end)
        if not unit or {_first_word(unit), fold(unit).split(" ")[-1].strip(".")} & NO_TARGETS:
            continue
        if re.search(r"(?i)yderligere\s*$", match["before"]):
            unit = f"yderligere {unit}"
        start = match.start("before") if match["before"].strip() else start
        start += len(s.text[start:end]) - len(s.text[start:end].lstrip())
        found.append(_made(s, start, end, Measure(Method.AT_LEAST, number, unit=unit), ""))
    return found


def _first_doubt(s: Sentence) -> int:
    """Return where a sentence's first number in doubt stands: what comes after it is hardly what the sentence asks for."""
    # What a surer pattern found has been doubted already, and makes the whole sentence doubtful.
    if any("n" in pattern.groupindex and pattern.search(*s) for _, pattern in _KINDS):
        return s.start
    for number in prose.numbers_in(s.text[s.start:s.end]):
        start, end = s.start + number.start, s.start + number.end
        of_years = prose.years_in(number.text) or re.search(rf"{YEAR}\s*[-–/]\s*$", s.text[max(s.start, start - 12):start])
        if not of_years and (prose.part_of_more(s.text, start, end) or s.counted_otherwise(start, end)):
            return start
    return s.end


def _doubted_bare(s: Sentence, start: int, end: int, percent: bool) -> bool:
    """Tell whether the words around a bare number say anything else than that so many are wanted."""
    before = s.before(start)
    first, last = s.clause(start, end)
    around, after = s.text[first:start], s.text[end:last]
    if prose.is_limiting(before) or re.search(r"(?i)\buden\b|\+\s?$", before) or s.limited_after(end):
        return True
    if prose.is_past(around) or prose.is_past(after):
        return True
    if percent:
        return bool(_TREND.search(around) or _TREND.search(after))
    return bool(_DOWNWARD.search(around) or _TREND_AT.search(around))


def _trend(s: Sentence) -> list[Target]:
    """Find a word that says which way something is to go, in a sentence without numbers that nobody has read."""
    if any(not prose.years_in(number.text) for number in prose.numbers_in(s.text[s.start:s.end])):
        return []
    for method, pattern in _TRENDS:
        match = pattern.search(*s)
        if match and not s.denied(*match.span()) and not s.limited(match.start()):
            subject = prose.subject_of(s.text[s.start:match.start()])
            return [_made(s, *match.span(), Measure(method, unit=prose.counted(subject)), subject)]
    return []


def points_down(text: str) -> bool:
    """Tell whether a text asks for less, or for no more than something, so that a number with it is hardly a »mindst«."""
    return prose.is_limiting(text) or bool(_DOWNWARD.search(text))


def _is_year(number: str, text: str, end: int, kind: str) -> bool:
    """Tell whether a number is a year: always after »til« and »under«, and where no noun follows it."""
    certain = kind not in ("at-least", "at-most") or not prose.unit_after(text, end, len(text))[0]
    return bool(re.fullmatch(r"(?:19[5-9]|20[0-6])[0-9]", number)) and certain


# ---------------------------------------------------------------- when it counts, and how often

_MOST_WORDS = 120
"""How long the words may be that a suggested target is said to be read from."""
_MOST_CLAUSE = 80
"""How long the part of the sentence that they stand in may be, if it is told whole."""
_PERIOD = re.compile(rf"\b(?:i|inden for|over)\s+(?:hele\s+)?(?:plan|aftale)?(?:perioden|årene)"
                     rf"(?:\s+({YEAR}\s*(?:[-–/]\s*(?:{YEAR}|{TWO})|(?:til|og)\s+{YEAR})))?"
                     r"|\bi alt\b|\btilsammen\b", re.IGNORECASE)
_YEARLY = re.compile(r"\b(?:årligt|årlig|årlige|per år|om året|hvert (?:enkelt )?år|hvert af årene)\b|\bpr\.?\s*år\b",
                     re.IGNORECASE)
_IN_YEAR = re.compile(rf"(?<![0-9–-]){YEAR}(?=:\s)|\b(?:i|inden|senest|før|ved|i løbet af)\s+"
                      rf"(?:(?:ved )?udgangen af\s+|år\s+)?{YEAR}"
                      rf"(?:\s*[-–/]\s*(?:{YEAR}|{TWO})|(?:(?:,\s*|\s+(?:og|samt)\s+)(?:i\s+)?{YEAR}(?![.,]?[0-9]))*)"
                      r"(?![.,]?[0-9]|-niveau)", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:(?:end|siden)(?:\s+[^\s0-9]\S*)?|(?:fra|mod)\s+(?:\S+\s+)?[0-9][0-9.,]*(?:\s*[^\s0-9]\S*)?"
                       r"|(?:samme|lige|så)\s[^.]{0,40}\bsom)\s+$", re.IGNORECASE)
"""What stands before a year that something is compared with: »højere end i 2014«, »mod 400 besøg i 2014«."""
_AGAIN = re.compile(rf"(?:,|,?\s+(?:og|samt))\s+(?P<n>{N})(?=\s+(?P<when>i\s+{YEAR})(?![.,]?[0-9]|-))", re.IGNORECASE)


class _Mention(NamedTuple):
    """Words that say when or how often, and where: ``kind`` is ``year``, ``yearly`` or ``period``."""

    start: int
    end: int
    kind: str
    years: tuple[int, ...]


def _mentions(s: Sentence) -> list[_Mention]:
    """Return what a sentence says of when and how often, in order, without the years that something is compared with."""
    return sorted(_Mention(*match.span(), kind, tuple(prose.years_in(match[0])))
                  for kind, pattern in (("yearly", _YEARLY), ("period", _PERIOD), ("year", _IN_YEAR))
                  for match in pattern.finditer(*s)
                  if kind != "year" or not _COMPARED.search(s.text[max(s.start, match.start() - 60):match.start()]))


def _dated(s: Sentence, targets: Sequence[Target]) -> list[Target]:
    """Finish the targets of a sentence: how each counts and in which years; a row of targets, each for a year, is one."""
    if not targets:
        return []
    mentions = _mentions(s)
    # Of one target all may be said: »årligt i hele perioden«.
    kinds = (("year",), ("yearly", "period")) if len(targets) > 1 else (("year",), ("yearly",), ("period",))
    own: list[list[_Mention]] = [[] for _ in targets]
    for several in kinds:
        for number, mention in _shared(targets, [each for each in mentions if each.kind in several]):
            own[number].append(mention)
    done = [_finished(s, target, theirs) for target, theirs in zip(targets, own, strict=True)]
    row = [*done, *_again(done[-1], s)]
    return [_by_year(s, row)] if _is_row(row) else done


def _shared(targets: Sequence[Target], mentions: Sequence[_Mention]) -> Iterator[tuple[int, _Mention]]:
    """Yield which target a mention belongs to: all where there is one, else the one it stands before, or after."""
    if len({(each.kind, each.years) for each in mentions}) == 1:
        yield from ((number, mentions[0]) for number in range(len(targets)))
        return
    starts = [each.start for each in mentions]
    leads = bool(starts) and starts[0] < targets[0].start
    for number, target in enumerate(targets):
        at = bisect_left(starts, target.start) - leads
        if leads:
            fits = at >= 0 and starts[at] >= (targets[number - 1].end if number else -1)
        else:
            stop = targets[number + 1].start if number + 1 < len(targets) else target.sentence[1]
            fits = at < len(starts) and starts[at] < stop
        if fits:
            yield number, mentions[at]


def _finished(s: Sentence, target: Target, mentions: Sequence[_Mention]) -> Target:
    spans = (*target.spans, *((each.start, each.end) for each in mentions))
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    if last - first > _MOST_WORDS:
        first, last = target.start, target.end
    kinds = {each.kind for each in mentions}
    scope = Scope.PER_YEAR if "yearly" in kinds else Scope.IN_PERIOD
    years = dict.fromkeys(year for each in sorted(mentions, key=lambda each: each.kind) for year in each.years)
    return replace(target, measure=replace(target.measure, scope=scope), words=_told(s, first, last),
                   scope_said=bool(kinds & {"yearly", "period"}), years=tuple(years), spans=spans)


def _told(s: Sentence, first: int, last: int) -> str:
    """Return the words of a target with the part of its sentence around them where that isn't long."""
    start, end = s.clause(first, last)
    if end - start <= _MOST_CLAUSE:
        first, last = start, max(last, start + len(s.text[start:end].rstrip(" .!?")))
    return s.text[first:last].strip(" ,;")


def _again(last: Target, s: Sentence) -> list[Target]:
    """Return the targets that go on after the last with a number and a year each: »5 møder i 2015 og 10 i 2016«."""
    found: list[Target] = []
    at = max(end for _, end in last.spans)
    while (match := _AGAIN.match(s.text, at, s.end)) and (number := prose.value_of(match["n"])) is not None:
        at = match.end("when")
        found.append(replace(last, measure=replace(last.measure, target=number), years=tuple(prose.years_in(match["when"])),
                             start=match.start("n"), end=match.end(), spans=((match.start("n"), at),)))
    return found


def _is_row(row: Sequence[Target]) -> bool:
    """Tell whether targets are one measure with a target for each of several years."""
    method = row[0].measure.method
    return (len(row) > 1 and all(len(each.years) == 1 for each in row) and len({each.years for each in row}) == len(row)
            and rule_of(method).level and len({each.measure.unit for each in row} - {""}) <= 1
            and all(each.measure.method is method and each.measure.target is not None and each.measure.baseline is None
                    and not each.scope_said for each in row))


def _by_year(s: Sentence, row: Sequence[Target]) -> Target:
    spans = tuple(span for target in row for span in target.spans)
    unit = next((target.measure.unit for target in row if target.measure.unit), "")
    measure = Measure(row[0].measure.method, unit=unit, scope=Scope.PER_YEAR)
    return replace(row[0], measure=measure, words=_told(s, min(spans)[0], max(end for _, end in spans)), end=row[-1].end,
                   scope_said=True, years=tuple(target.years[0] for target in row), spans=spans,
                   by_year=tuple((target.years[0], target.measure.target or 0.0) for target in row))
