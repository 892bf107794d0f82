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
from aftale.model.text import capital


@dataclass(frozen=True)
class Target:
    """What a sentence asks for: the measure, the words it was read from and where they and the sentence stand.

    ``scope_said`` tells whether the text itself says per year or in all, ``level`` that it is a score or a share.
    ``by_year`` are the targets of years that have one each, ``numbers`` where in its sentence what was read stands.
    """

    measure: Measure
    words: str
    start: int
    end: int
    sentence: tuple[int, int]
    indicator: str = ""
    scope_said: bool = False
    years: tuple[int, ...] = ()
    level: bool = False
    by_year: tuple[tuple[int, float], ...] = ()
    numbers: tuple[tuple[int, int], ...] = ()


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
_FIRST = r"^\s*(?:(?:\w*(?:mål|måltal|krav|kriteri\w+|indikator\w*))?\s*:\s)?\s*" \
         r"(?P<aim>(?:målet|vores\s+mål)\s+er,?\s+(?:at\s+)?)?"
_PATTERNS = tuple((method, kind, re.compile(text, re.IGNORECASE)) for method, kind, text in (
    (Method.AT_LEAST, "moves", rf"{_UP}{_WHAT}{_FROM}(?:{_LEAST}\s+)?{_NUMBER}"),
    (Method.AT_MOST, "moves", rf"{_DOWN}{_WHAT}{_FROM}(?:{_MOST}\s+)?{_NUMBER}"),
    (Method.RISE_PERCENT, "moves", rf"{_UP}{_WHAT}\s(?:med|på)\s+(?:{_LEAST}\s+)?{_NUMBER}{PER}"),
    (Method.FALL_PERCENT, "moves", rf"{_DOWN}{_WHAT}\s(?:med|på)\s+(?:{_LEAST}\s+)?{_NUMBER}{PER}"),
    (Method.AT_LEAST, "moves", rf"{_UP}{_WHAT}(?<!\sop)\stil\s+(?:(?:{_LEAST}|over)\s+)?{_NUMBER}"),
    (Method.AT_MOST, "moves", rf"{_DOWN}{_WHAT}(?<!\sop)\stil\s+(?:(?:{_MOST}|under)\s+)?{_NUMBER}"),
    (Method.AT_LEAST, "", rf"\stil\s+(?:{_LEAST}\s+)?{_NUMBER}(?=\s+points?(?!\w))"),
    (Method.AT_LEAST, "", rf"{_LEAST}{_VERB}{_OR_ONE}"),
    (Method.AT_MOST, "", rf"{_MOST}{_VERB}{_OR_ONE}"),
    (Method.AT_LEAST, "unit", rf"{_STATES}over\s+{_NUMBER}"),
    (Method.AT_MOST, "unit", rf"{_STATES}under\s+{_NUMBER}"),
    (Method.AT_LEAST, "deed", rf"{_DOING}(?P<more>yderligere\s+)?{_NUMBER}"),
    (Method.AT_LEAST, "first", rf"{_FIRST}{_NUMBER}"),
    (Method.AT_LEAST, "near", rf"(?<![\w.,]){_NUMBER}"),
))
"""What is looked for, the surest first: the first that fits is what the sentence says, or nothing is.

``moves`` says how something moves; after the others stands a level. ``unit`` must count something, ``deed`` what is done,
``first`` begins the sentence and ``near`` stands right before »årligt« and the like.
"""

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
_LITTLE = re.compile(rf"(?i)\b(?:{'|'.join(lexicon.BETTER_LITTLE)})")
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
    return bool(_DOWNWARD.search(text) or _LITTLE.search(text) or better_low(text))


def read_sentences(text: str) -> Iterator[tuple[Target | None, Question | None]]:
    """Yield what each sentence proposes and what it has to be asked about; one that counts nothing has neither."""
    numbering = NUMBERING.match(text)
    text = " " * numbering.end() + text[numbering.end():] if numbering else text
    for start, end in prose.sentences(text):
        target, question = read_sentence(text[start:end])
        if target:
            target = replace(target, start=start + target.start, end=start + target.end, sentence=(start, end))
        yield target, question


def read_sentence(sentence: str) -> tuple[Target | None, Question | None]:
    """Read one sentence: what it proposes, and what is left to ask about; a part (»heraf«) is always asked about."""
    part = _PART.search(sentence)
    head, tail = (sentence[:part.start()], sentence[part.start():]) if part else (sentence, "")
    plain, times = _without_times(head)
    target = _row(head) or _target(head, plain, times) if len(_numbers(plain)) <= _MOST_NUMBERS else None
    plain += _without_times(tail)[0]
    left = [(at, text) for at, text in (*((match.start(), match[0]) for match in _AMOUNTS.finditer(plain)), *_numbers(plain))
            if not any(first < at + len(text) and at < last for first, last in (target.numbers if target else ()))]
    if not left:
        return (target, None) if target else _trend(sentence, plain, times)
    about = tuple(dict.fromkeys(text for _, text in sorted(left)))
    return target, Question(_told(sentence), tuple(each for each in about if not prose.years_in(each)) or about)


class _Time(NamedTuple):
    kind: str
    start: int
    years: tuple[int, ...]


def _without_times(text: str) -> tuple[str, list[_Time]]:
    """Return a sentence with the words blank that say when and how often, and what those were."""
    times: list[_Time] = []
    for kind, pattern in _TIMES:
        for match in pattern.finditer(text):
            times.append(_Time(kind, match.start(), tuple(prose.years_in(match[0]))))
            text = text[:match.start()] + " " * len(match[0]) + text[match.end():]
    return text, sorted(times, key=lambda each: each.start)


def _numbers(plain: str) -> list[tuple[int, str]]:
    """Return the numbers of a sentence with where they stand, without those in names such as CO2."""
    return [(each.start(), each[0]) for each in prose.numbers_in(plain) if not plain[:each.start()][-1:].isalpha()]


def _told(words: str) -> str:
    return words.strip(" •.!?,;(")


def _target(head: str, plain: str, times: Sequence[_Time]) -> Target | None:
    """Return the target of the first pattern that fits, None where anything else in the sentence could change it."""
    method, kind, match = next(((method, kind, found) for method, kind, each in _PATTERNS if (found := each.search(plain))),
                               (None, "", None))
    if method is None or match is None:
        return None
    groups = match.groupdict(default="")
    number, at = prose.scaled_at(plain, match["n"], match.end("n"))
    unit, end = prose.unit_after(plain, at)
    base, from_end = prose.scaled_at(plain, match["base"], match.end("base")) if groups.get("base") else (None, 0)
    numbers = ((match.start("n"), end), *([(match.start("base"), from_end)] if base is not None else []))
    rest = " ".join(f"{plain[:match.start()]}§ {groups.get('what', '')} # {plain[at:]}".split())
    least, growth = method is Method.AT_LEAST, method in (Method.RISE_PERCENT, Method.FALL_PERCENT)
    kinds = {each.kind for each in times}
    if (number is None or (least and number == 0) or _DOUBT.search(rest) or "doubtful" in kinds
            or any(not any(first <= start < last for first, last in numbers) for start, _ in _numbers(plain))
            or (base is not None and ((number > base) is not least  # also »fra 1 til 1,2 mio.«
                                      or (from_end > match.end("base")) is not (at > match.end("n"))))
            or (growth and kinds >= {"yearly", "named"}) or _counts_nothing(kind, match, unit, rest)
            or not _wanted(kind, match, rest, end, times)):
        return None
    subject = prose.named(groups.get("what", "")) or prose.named(plain[:match.start()])
    unit = prose.counted(subject) if growth or not unit else f"yderligere {unit}" if groups.get("more") else unit
    measure = Measure(method, number, base, unit)
    indicator = subject if "what" in groups or is_level(measure) or not unit or unit == prose.counted(subject) else ""
    start = match.start("n" if kind == "first" else 0)
    return _dated(head, Target(measure, "", start, end, (0, len(head)), capital(indicator), level=is_level(measure),
                               numbers=numbers), times)


def _counts_nothing(kind: str, match: re.Match[str], unit: str, rest: str) -> bool:
    """Tell whether a number is an age, a year, how long something lasts, or how much something moves."""
    said = match["n"].lower()
    if not unit and (kind not in ("", "moves") or said in ("en", "et") or re.fullmatch(r"(?:19[5-9]|20[0-6])[0-9]", said)):
        return True
    if _AGES.match(unit) or (kind in ("deed", "near") and unit in ("%", "kr.", "kroner")):
        return True
    if _DURATIONS.match(unit) and not re.search(r"tid(?:en|er)?\b", match.string[:match.start("n")]):
        return True
    return kind != "moves" and bool((_MOVES if unit == "%" else _MOVED_BY).search(rest))


def _wanted(kind: str, match: re.Match[str], rest: str, end: int, times: Sequence[_Time]) -> bool:
    """Tell whether a bare number is what is wanted, and not what there is: first in its sentence, or »5 møder årligt«."""
    said = [each for each in times if each.kind != "named" and (
        kind == "first" or (each.start >= end and not match.string[end:each.start].strip()))]
    return kind not in ("first", "near") or bool(said and not _STATED.search(rest)) or bool(match.groupdict().get("aim"))


def _dated(head: str, target: Target, times: Sequence[_Time]) -> Target:
    """Finish a target: how it counts, in which years, and the words it was read from."""
    kinds = {each.kind for each in times}
    first, last = min(target.numbers, default=(0, 0))[1], max(target.numbers, default=(0, 0))[0]
    years = dict.fromkeys(year for each in times if each.kind != "named" and not first <= each.start < last  # the baseline's
                          for year in each.years)
    words = _told(head)
    return replace(target, measure=replace(target.measure, scope=Scope.PER_YEAR if "yearly" in kinds else Scope.IN_PERIOD),
                   words=words if len(words) <= _MOST_WORDS else _told(head[target.start:])[:_MOST_WORDS],
                   scope_said=bool(kinds & {"yearly", "period"}), years=tuple(years))


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
                   years=tuple(year for year, _ in row), numbers=(*first.numbers, run.span()), by_year=tuple(row))


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
    subject = prose.named(before if low or _MEASURED.search(before) else after)
    target = Target(Measure(method, unit=prose.counted(subject)), "", *match.span(), (0, len(sentence)),
                    capital(subject))
    return _dated(sentence, target, times), None
