"""Targets in Danish prose: what one simple sentence asks for, or a question where it says anything more.

A sentence is read by one table of patterns. What else stands in it must not change the number: where one of `words.DOUBTS`
or a second number is left, nothing is proposed and the sentence is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from aftale.agreement.methods import better_low, is_level, rule_of
from aftale.document import target_parts as prose
from aftale.document import words as lexicon
from aftale.document.found_goals import NUMBERING
from aftale.document.target_parts import PER, TWO, YEAR, N, whole, words_of
from aftale.model.agreement import Measure, Method, Scope


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


class Question(NamedTuple):
    """A sentence that is asked about: its words, the numbers or words in doubt, and the code of the problem."""

    words: str
    about: tuple[str, ...]
    code: str = "doc-goal-number"


# ---------------------------------------------------------------- what a target looks like

_UP, _DOWN, _LEAST, _MOST = map(whole, (lexicon.UP, lexicon.DOWN, lexicon.LEAST, lexicon.MOST))
_WHAT, _NUMBER, _OR_ONE = r"(?P<what>[^0-9.;:!?]{0,90}?)", rf"(?P<n>{N})", rf"(?P<n>{N}|(?:en|et)(?![\w-]))"
_FROM = rf"\sfra\s+(?P<base>{N})(?:{PER})?[^0-9.;:]{{0,30}}?\s+til\s+"
_VERB = r"(?:\s+(?:være|ligge|nå|have|få|komme|[a-zæøå]{3,}es)(?:\s+(?:op\s+)?på)?)?\s+"
_STATES = rf"(?:^\s*|(?<!\w)(?:{'|'.join(lexicon.STATES)})\s+(?:på\s+)?)"
_DOING = rf"(?<!\w){whole(lexicon.DOING)}\s+"
_FIRST = r"^\s*(?:(?:\w*(?:mål|måltal|krav|kriteri\w+|indikator\w*))?\s*:\s)?\s*(?P<aim>målet\s+er,?\s+(?:at\s+)?)?"
_PATTERNS: tuple[tuple[Method, re.Pattern[str]], ...] = tuple((method, re.compile(text, re.IGNORECASE)) for method, text in (
    (Method.AT_LEAST, rf"{_UP}{_WHAT}{_FROM}(?:{_LEAST}\s+)?{_NUMBER}"),
    (Method.AT_MOST, rf"{_DOWN}{_WHAT}{_FROM}(?:{_MOST}\s+)?{_NUMBER}"),
    (Method.RISE_PERCENT, rf"{_UP}{_WHAT}\s(?:med|på)\s+(?:{_LEAST}\s+)?{_NUMBER}{PER}"),
    (Method.FALL_PERCENT, rf"{_DOWN}{_WHAT}\s(?:med|på)\s+(?:{_LEAST}\s+)?{_NUMBER}{PER}"),
    (Method.AT_LEAST, rf"{_UP}{_WHAT}(?<!\sop)\stil\s+(?:(?:{_LEAST}|over)\s+)?{_NUMBER}"),
    (Method.AT_MOST, rf"{_DOWN}{_WHAT}(?<!\sop)\stil\s+(?:(?:{_MOST}|under)\s+)?{_NUMBER}"),
    (Method.AT_LEAST, rf"\stil\s+(?:{_LEAST}\s+)?{_NUMBER}(?=\s+points?(?!\w))"),
    (Method.AT_LEAST, rf"{_LEAST}{_VERB}{_OR_ONE}"),
    (Method.AT_MOST, rf"{_MOST}{_VERB}{_OR_ONE}"),
    (Method.AT_LEAST, rf"{_STATES}over\s+(?P<count>{N})"),
    (Method.AT_MOST, rf"{_STATES}under\s+(?P<count>{N})"),
    (Method.AT_LEAST, rf"{_DOING}(?P<more>yderligere\s+)?(?P<done>{N})"),
    (Method.AT_LEAST, rf"{_FIRST}(?P<first>{N})"),
    (Method.AT_LEAST, rf"(?<![\w.,])(?P<near>{N})"),
))
"""What is looked for, the surest first: the first that fits is what the sentence says, or nothing is."""

_SPAN = rf"{YEAR}(?:\s*(?:[-–/]\s*(?:{YEAR}|{TWO})|til\s+(?:og\s+med\s+)?{YEAR}))?"
_MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
_TIMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple((kind, re.compile(text, re.IGNORECASE)) for kind, text in (
    ("yearly", r"(?<!\w)(?:(?:i\s+)?hvert\s+(?:enkelt\s+|eneste\s+)?år(?:ene)?|hvert\s+af\s+årene|årlige?t?|om\s+året"
               r"|år\s+for\s+år|pr\.?\s*(?:kalender)?år|per\s+år)(?!\w)"),
    ("period", rf"\b(?:i(?:nden\s+for)?|over|gennem|i\s+løbet\s+af|ved\s+udgangen\s+af)\s+(?:hele\s+)?"
               rf"(?:(?:plan|aftale|kontrakt)?perioden|årene)(?:\s+(?:fra\s+)?{_SPAN})?|\bi\s+alt\b"),
    ("named", rf"(?:\b(?:senest|inden|før|pr\.?|per|den|til)\s+)*(?<![0-9])[0-9]{{1,2}}\.\s*(?:{_MONTHS})(?:\s+{YEAR})?"),
    ("named", r"\b(?:inden|før|primo|medio|end(?:\s+[^\W\d]+)?|siden|(?:set\s+)?i\s+forhold\s+til|ift\.?|sammenlignet\s+med"
              rf"|fra(?:\s+og\s+med)?|(?<!frem )mod|på)\s+(?:(?:niveauet|året|i|år)\s+)*{YEAR}(?:-niveau(?:et)?)?"),
    ("year", r"\b(?:(?:(?:inden|ved|senest|i|frem\s+til)\s+)?(?:udgangen|udløbet|slutningen)\s+af|i\s+løbet\s+af"
             rf"|senest(?:\s+i)?|i|ultimo|frem\s+(?:til|mod)|ved)\s+(?:år\s+)?{_SPAN}"
             rf"(?:(?:,\s*|\s+(?:og|samt)\s+)(?:i\s+)?{YEAR}(?!\s*[:%]))*|(?<![0-9–-]){YEAR}(?=:\s)"),
    ("doubtful", rf"{YEAR}\s*[-–/]\s*(?:{YEAR}|{TWO})"),
))
"""Words that say how often, or when; ``named`` years are those that something is compared with or is to come before."""

_AND, _LIMIT = r"(?:,|,?\s+(?:og|samt))\s+(?:til\s+)?", rf"(?P<limit>{_LEAST}|{_MOST})"
_AGAIN = rf"(?:{_LIMIT}\s+)?(?P<n>{N})(?P<unit>{PER}|[^0-9.,;:]{{0,40}}?)"
_VERB_AGAIN = rf"(?::|\s+(?!{_LEAST}|{_MOST})[a-zæøå]+)?\s+"
_MORE = tuple((re.compile(one, re.IGNORECASE), re.compile(f"(?:{re.sub('[?]P<[a-z]+>', '?:', one)})+", re.IGNORECASE))
              for one in (rf"{_AND}{_AGAIN}\s+i\s+(?P<year>{YEAR})",
                          rf"{_AND}(?:i\s+)?(?P<year>{YEAR}){_VERB_AGAIN}{_AGAIN}(?=\s*(?:[.,;]|$|\s(?:og|samt)\s))"))
"""What goes on with numbers for other years, one and all of them: »5 møder i 2015 og 10 i 2016«, »2015: 5, 2016: 10«."""

_DOUBT = re.compile(rf"(?<![\w-])(?:{'|'.join((*lexicon.DOUBTS, *lexicon.OTHER_PERIODS, *lexicon.AMOUNTS))})(?!\w)"
                    rf"|{_LEAST}|{_MOST}|[<>≤≥±~]|[-−+]\s?#|#\s?[±+]", re.IGNORECASE)
_PART = re.compile(rf"[,(]?\s*{whole(lexicon.PARTS)}", re.IGNORECASE)
_MOVES, _DOWNWARD = re.compile(rf"{_UP}|{_DOWN}", re.IGNORECASE), re.compile(rf"{_DOWN}|{_MOST}", re.IGNORECASE)
_MOVED_BY = re.compile(rf"(?:{_UP}|{_DOWN})(?:\s+§|[^#]*\smed\s+§)", re.IGNORECASE)
_LIMITS, _STATED = re.compile(rf"{_LEAST}|{_MOST}", re.IGNORECASE), words_of(("er", "har"))
_AMOUNTS, _MEASURED = words_of(lexicon.AMOUNTS), words_of(lexicon.MEASURED)
_AGES, _DURATIONS = words_of(lexicon.AGES), words_of(lexicon.DURATIONS)
_NO_MEANS = "(?<!for at )(?<!formål at )(?<!ved at )"
_TRENDS = tuple((method, re.compile(f"{_NO_MEANS}{whole(each)}", re.IGNORECASE)) for method, each in (
    (Method.NO_RISE, lexicon.NO_RISE), (Method.KEEP, lexicon.KEEP), (Method.RISE, lexicon.RISE),
    (Method.FALL, lexicon.FALL)))
_MOST_WORDS, _MOST_NUMBERS = 120, 30


# ---------------------------------------------------------------- reading

def read_targets(text: str) -> tuple[Target, ...]:
    """Return what a goal's text asks for, sentence by sentence."""
    return tuple(target for target, _ in read_sentences(text) if target)


def read_questions(text: str) -> tuple[Question, ...]:
    """Return what in a goal's text has to be asked about, sentence by sentence."""
    return tuple(question for _, question in read_sentences(text) if question)


def points_down(text: str) -> bool:
    """Tell whether a text asks for less, or for no more than something, so that a number with it is hardly a »mindst«."""
    return bool(_DOWNWARD.search(text) or better_low(text))


def read_sentences(text: str) -> Iterator[tuple[Target | None, Question | None]]:
    """Yield what each sentence proposes and what it has to be asked about; one that counts nothing has neither."""
    numbering = NUMBERING.match(text)
    text = " " * numbering.end() + text[numbering.end():] if numbering else text
    for start, end in prose.sentences(text):
        target, question = read_sentence(text[start:end])
        if target:
            spans = tuple((start + first, start + last) for first, last in target.spans)
            target = replace(target, start=start + target.start, end=start + target.end, sentence=(start, end), spans=spans)
        yield target, question


def read_sentence(sentence: str) -> tuple[Target | None, Question | None]:
    """Read one sentence: what it proposes, and what is left to ask about; a part (»heraf«) is always asked about."""
    part = _PART.search(sentence)
    head, tail = (sentence[:part.start()], sentence[part.start():]) if part else (sentence, "")
    plain, times = _without_times(head)
    whole_plain, target = plain + _without_times(tail)[0], None
    if len(prose.numbers_in(plain)) <= _MOST_NUMBERS:
        target = _row(head) or _target(head, plain, times)
    left = [(at, text) for at, text in (*((m.start(), m[0]) for m in _AMOUNTS.finditer(whole_plain)), *_numbers(whole_plain))
            if not any(first < at + len(text) and at < last for first, last in (target.spans if target else ()))]
    if left:
        about = dict.fromkeys(text for _, text in sorted(left))
        return target, Question(_told(sentence), tuple(each for each in about if not prose.years_in(each)) or tuple(about))
    return (target, None) if target else _trend(sentence, whole_plain, times)


class _Time(NamedTuple):
    kind: str
    start: int
    end: int
    years: tuple[int, ...]


def _without_times(text: str) -> tuple[str, list[_Time]]:
    """Return a sentence with the words blank that say when and how often, and what those were."""
    times: list[_Time] = []
    for kind, pattern in _TIMES:
        for match in pattern.finditer(text):
            times.append(_Time(kind, *match.span(), tuple(prose.years_in(match[0]))))
            text = text[:match.start()] + " " * len(match[0]) + text[match.end():]
    return text, times


def _numbers(plain: str) -> list[tuple[int, str]]:
    """Return the numbers of a sentence with where they stand, without those in names such as CO2."""
    return [(each.start, each.text) for each in prose.numbers_in(plain) if not plain[:each.start][-1:].isalpha()]


def _told(words: str) -> str:
    return words.strip(" •.!?,;(")


def _target(head: str, plain: str, times: Sequence[_Time]) -> Target | None:
    """Return the target of the first pattern that fits, None where anything else in the sentence could change it."""
    method, match = next(((method, found) for method, each in _PATTERNS if (found := each.search(plain))), (None, None))
    kinds = {each.kind for each in times}
    if method is None or match is None or "doubtful" in kinds or (
            method in (Method.RISE_PERCENT, Method.FALL_PERCENT) and kinds >= {"yearly", "named"}):
        return None
    groups = match.groupdict()
    key = next(key for key in ("n", "count", "done", "first", "near") if groups.get(key))
    number, at = prose.scaled_at(plain, match[key], match.end(key))
    unit, end = prose.unit_after(plain, at)
    spans = [(match.start(key), end)]
    base, base_end = prose.scaled_at(plain, match["base"], match.end("base")) if groups.get("base") else (None, 0)
    if base is not None:
        spans.insert(0, (match.start("base"), base_end))
    what = groups.get("what") or ""
    rest = " ".join(f"{plain[:match.start()]}§ {what} # {plain[at:]}".split())
    least = method is Method.AT_LEAST
    if (number is None or (least and number == 0) or _DOUBT.search(rest)
            or any(not any(first <= start < last for first, last in spans) for start, _ in _numbers(plain))
            or (base is not None and ((number > base) is not least  # also »fra 1 til 1,2 mio.«
                                      or (base_end > match.end("base")) is not (at > match.end(key))))
            or _no_count(match, key, unit, rest) or not _wanted(match, key, rest, plain, end, times)):
        return None
    subject = prose.tidy_words(what) or prose.subject_of(plain[:match.start()])
    if method in (Method.RISE_PERCENT, Method.FALL_PERCENT):
        unit = ""
    unit = f"yderligere {unit}" if groups.get("more") else unit
    measure = Measure(method, number, base, unit or prose.counted(subject))
    indicator = subject if what or not unit or is_level(measure) else ""
    return _dated(head, Target(measure, "", match.start(key if key == "first" else 0), end, (0, len(head)),
                               indicator[:1].upper() + indicator[1:], spans=tuple(spans), level=is_level(measure)), times)


def _no_count(match: re.Match[str], key: str, unit: str, rest: str) -> bool:
    """Tell whether a number is an age, a year, how long something lasts, or how much something moves."""
    bare_year = re.fullmatch(r"(?:19[5-9]|20[0-6])[0-9]", match[key])
    if (not unit and (key != "n" or bare_year or match[key].lower() in ("en", "et"))) or _AGES.match(unit) or (
            key in ("done", "near") and unit in ("%", "kr.", "kroner")):
        return True
    if _DURATIONS.match(unit) and not re.search(r"tid(?:en|er)?\b", match.string[:match.start(key)]):
        return True
    return "what" not in match.re.groupindex and bool((_MOVES if unit == "%" else _MOVED_BY).search(rest))


def _wanted(match: re.Match[str], key: str, rest: str, plain: str, end: int, times: Sequence[_Time]) -> bool:
    """Tell whether a bare number is what is wanted, and not what there is: first in its sentence, or »5 møder årligt«."""
    said = [each for each in times if each.kind != "named"]
    if key == "first":
        return bool(match["aim"]) or bool(said and not _STATED.search(rest))
    return key != "near" or (not _STATED.search(rest) and any(
        each.start >= end and not plain[end:each.start].strip() for each in said))


def _dated(head: str, target: Target, times: Sequence[_Time]) -> Target:
    """Finish a target: how it counts, in which years, and the words it was read from."""
    kinds = {each.kind for each in times}
    said = [each for each in sorted(times, key=lambda each: each.start) if each.kind != "named"]
    spans = (*target.spans, *((each.start, each.end) for each in said))
    own = [each for each in said if not target.spans[0][1] <= each.start < target.spans[-1][0]]  # the baseline's year is not
    words = next((words for first, last in ((0, len(head)), (min(spans)[0], max(end for _, end in spans)),
                                            (target.start, target.end))
                  if len(words := _told(head[min(first, target.start):last])) <= _MOST_WORDS), head[target.start:target.end])
    return replace(target, measure=replace(target.measure, scope=Scope.PER_YEAR if "yearly" in kinds else Scope.IN_PERIOD),
                   words=words, scope_said=bool(kinds & {"yearly", "period"}), spans=spans,
                   years=tuple(dict.fromkeys(year for each in own for year in each.years)))


def _row(head: str) -> Target | None:
    """Return the target of a sentence that has one measure with a number for each of several years."""
    each, run = next(((one, found) for one, many in _MORE if (found := many.search(head))), (None, None))
    if each is None or run is None:
        return None
    without = f"{head[:run.start()]}{' ' * len(run[0])}{head[run.end():]}"
    first = _target(without, *_without_times(without))
    if first is None or first.measure.target is None or first.measure.baseline is not None or (
            len(first.years) != 1 or first.scope_said or not rule_of(first.measure.method).level):
        return None
    row, units = [(first.years[0], first.measure.target)], {first.measure.unit}
    for match in each.finditer(head, *run.span()):
        value = prose.value_of(match["n"])
        most = bool(match["limit"] and re.fullmatch(_MOST, match["limit"], re.IGNORECASE))
        if value is None or (match["limit"] and most is (first.measure.method is Method.AT_LEAST)):
            return None
        row.append((int(match["year"]), value))
        units.add(prose.unit_after(head, match.end("n"))[0])
    unit, *others = units - {""} or {""}
    if others or len({year for year, _ in row}) < len(row):
        return None
    measure = replace(first.measure, target=None, unit=unit, scope=Scope.PER_YEAR)
    return replace(first, measure=measure, words=_told(head), end=max(first.end, run.end()), scope_said=True,
                   years=tuple(year for year, _ in row), spans=(*first.spans, run.span()), by_year=tuple(row))


def _trend(sentence: str, plain: str, times: Sequence[_Time]) -> tuple[Target | None, Question | None]:
    """Read a sentence without numbers: which way something that is measured is to go."""
    words = _told(sentence)
    if limit := _LIMITS.search(plain):
        return None, Question(words, (limit[0],))
    found = [(method, match) for method, pattern in _TRENDS if (match := pattern.search(plain))]
    low = better_low(plain)
    if not found or not (low or _MEASURED.search(plain)):
        return None, None
    method, match = found[0]
    if method is Method.KEEP and low:
        return None, Question(words, (match[0],), "doc-keep-low")
    rest = " ".join(f"{plain[:match.start()]}§{plain[match.end():]}".split())
    if _DOUBT.search(rest) or any(pattern.search(rest) for _, pattern in _TRENDS) or (
            method in (Method.RISE, Method.FALL) and re.search(r"§.*(?:\btil\b|niveau)", rest)):
        return None, Question(words, (match[0],), "doc-goal-trend")
    before, after = plain[:match.start()], plain[match.end():]
    subject = prose.subject_of(before) if low or _MEASURED.search(before) else prose.tidy_words(after)
    target = Target(Measure(method, unit=prose.counted(subject)), "", *match.span(), (0, len(sentence)),
                    subject[:1].upper() + subject[1:], spans=(match.span(),))
    return _dated(sentence, target, times), None
