"""When and how often a target counts: which words of its sentence belong to it, and rows of targets, one for each year."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from aftale.agreement.methods import rule_of
from aftale.document.target_doubts import clause_around
from aftale.document.target_parts import TWO, YEAR, N, Target, value, years_in
from aftale.model.agreement import Measure, Scope

_MOST_WORDS = 120
"""How long the words may be that a proposal is said to be read from."""
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
"""What stands before a year that something is compared with: «højere end i 2014», «mod 400 besøg i 2014»."""
_AGAIN = re.compile(rf"(?:,|,?\s+(?:og|samt))\s+(?P<n>{N})(?=\s+(?P<when>i\s+{YEAR})(?![.,]?[0-9]|-))", re.IGNORECASE)


class _Mention(NamedTuple):
    """Words that say when or how often, and where: ``kind`` is ``year``, ``yearly`` or ``period``."""

    start: int
    end: int
    kind: str
    years: tuple[int, ...]


def _mentions(text: str, sentence: tuple[int, int]) -> list[_Mention]:
    """Return what a sentence says of when and how often, in order, without the years that something is compared with."""
    found = []
    for kind, pattern in (("yearly", _YEARLY), ("period", _PERIOD), ("year", _IN_YEAR)):
        for match in pattern.finditer(text, *sentence):
            if kind != "year" or not _COMPARED.search(text[max(sentence[0], match.start() - 60):match.start()]):
                found.append(_Mention(match.start(), match.end(), kind, tuple(years_in(match[0]))))
    return sorted(found)


def dated(text: str, targets: Sequence[Target]) -> list[Target]:
    """Finish the targets of a sentence: how each counts and in which years; a row of targets, each for a year, is one."""
    if not targets:
        return []
    sentence = targets[0].sentence
    mentions = _mentions(text, sentence)
    kinds = [[each for each in mentions if each.kind == "year"], [each for each in mentions if each.kind != "year"]]
    if len({each.kind for each in kinds[1]}) > 1 and len(targets) == 1:  # «årligt i hele perioden»
        kinds[1:] = [[each for each in kinds[1] if each.kind == kind] for kind in ("yearly", "period")]
    own: list[list[_Mention]] = [[] for _ in targets]
    for several in kinds:
        for number, mention in _shared(targets, several):
            own[number].append(mention)
    done = [_finished(text, target, theirs) for target, theirs in zip(targets, own, strict=True)]
    row = [*done, *_again(text, done[-1])]
    return [_by_year(text, row)] if _is_row(row) else done


def _shared(targets: Sequence[Target], mentions: Sequence[_Mention]) -> Iterator[tuple[int, _Mention]]:
    """Yield which target a mention belongs to: all where there is one, else the one it stands before, or after."""
    if not mentions:
        return
    if len({(each.kind, each.years) for each in mentions}) == 1:
        yield from ((number, mentions[0]) for number in range(len(targets)))
        return
    starts = [each.start for each in mentions]
    leads = starts[0] < targets[0].start
    for number, target in enumerate(targets):
        if leads:
            after = targets[number - 1].end if number else -1
            at = bisect_left(starts, target.start) - 1
            if at >= 0 and starts[at] >= after:
                yield number, mentions[at]
            continue
        stop = targets[number + 1].start if number + 1 < len(targets) else target.sentence[1]
        at = bisect_left(starts, target.start)
        if at < len(starts) and starts[at] < stop:
            yield number, mentions[at]


def _finished(text: str, target: Target, mentions: Sequence[_Mention]) -> Target:
    spans = (*target.spans, *((each.start, each.end) for each in mentions))
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    if last - first > _MOST_WORDS:
        first, last = target.start, target.end
    kinds = {each.kind for each in mentions}
    scope = Scope.PER_YEAR if "yearly" in kinds else Scope.IN_PERIOD
    years = dict.fromkeys(year for each in sorted(mentions, key=lambda each: each.kind) for year in each.years)
    return replace(target, measure=replace(target.measure, scope=scope), words=_told(text, target.sentence, first, last),
                   scope_said=bool(kinds & {"yearly", "period"}), years=tuple(years), spans=spans)


def _told(text: str, sentence: tuple[int, int], first: int, last: int) -> str:
    """Return the words of a target with the part of its sentence around them where that isn't long."""
    start, end = clause_around(text, sentence, first, last)
    if end - start <= _MOST_CLAUSE:
        first, last = start, max(last, start + len(text[start:end].rstrip(" .!?")))
    return text[first:last].strip(" ,;")


def _again(text: str, last: Target) -> list[Target]:
    """Return the targets that go on after the last with a number and a year each: «5 møder i 2015 og 10 i 2016»."""
    found: list[Target] = []
    at = max(end for _, end in last.spans)
    while (match := _AGAIN.match(text, at, last.sentence[1])) and (number := value(match["n"])) is not None:
        at = match.end("when")
        found.append(replace(last, measure=replace(last.measure, target=number), years=tuple(years_in(match["when"])),
                             start=match.start("n"), end=match.end(), spans=((match.start("n"), at),)))
    return found


def _is_row(row: Sequence[Target]) -> bool:
    """Tell whether targets are one measure with a target for each of several years."""
    first = row[0].measure
    years = [target.years for target in row]
    one_each = len(row) > 1 and all(len(each) == 1 for each in years) and len(set(years)) == len(years)
    return (one_each and rule_of(first.method).level
            and all(each.measure.method is first.method and each.measure.target is not None for each in row)
            and all(each.measure.baseline is None and not each.scope_said for each in row)
            and len({each.measure.unit for each in row} - {""}) <= 1)


def _by_year(text: str, row: Sequence[Target]) -> Target:
    first = min(start for target in row for start, _ in target.spans)
    last = max(end for target in row for _, end in target.spans)
    unit = next((target.measure.unit for target in row if target.measure.unit), "")
    measure = Measure(row[0].measure.method, unit=unit, scope=Scope.PER_YEAR)
    return replace(row[0], measure=measure, words=_told(text, row[0].sentence, first, last), end=row[-1].end,
                   scope_said=True, years=tuple(target.years[0] for target in row),
                   spans=tuple(span for target in row for span in target.spans),
                   by_year=tuple((target.years[0], target.measure.target or 0.0) for target in row))
