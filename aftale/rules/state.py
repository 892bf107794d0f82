"""Everything a follow-up must remember so that a late file can be merged into it alone, and how ``_aftale`` holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from aftale.rules.goals import AGREEMENT_KIND
from aftale.rules.ids import PATTERN
from aftale.rules.merge import Cell, Decision
from aftale.rules.record import Line, Record, line
from aftale.rules.returned import Answer, Loose, Reading, Refused, Returned
from aftale.words.domain import Column, Place, Round, Source, Value
from aftale.words.problems import CATALOGUE, Problem
from aftale.words.text import canonical

FOLLOWUP_KIND = "opfølgning"
_T = TypeVar("_T")


@dataclass(frozen=True, order=True)
class History:
    """What a follow-up said of a goal in one round of one year; numbers in points for percents."""

    goal: str
    year: int
    round: str
    target: float | None = None
    result: float | None = None
    as_of: date | None = None
    status: str = ""
    computed: str = ""
    fulfilment: float | None = None


@dataclass(frozen=True)
class State:
    """What a follow-up is made from, besides the agreement.

    ``drawn`` is the canonical content of every answer cell as it was drawn, ``merged`` what it was drawn from: a cell
    that differs from ``drawn`` is somebody's edit. ``contents`` has a hash per sheet of everything else that was drawn.
    """

    agreement: str = ""
    year: int = 0
    round: Round = Round.MIDTVEJS
    returned: tuple[Returned, ...] = ()
    refused: tuple[Refused, ...] = ()
    decisions: Mapping[Cell, Decision] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    boxes: Mapping[str, Value] = field(default_factory=dict)
    history: tuple[History, ...] = ()
    drawn: Mapping[tuple[str, str], str] = field(default_factory=dict)
    merged: Mapping[tuple[str, str], str] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    unit: str = ""


# ---------------------------------------------------------------- writing

def state_lines(state: State) -> Iterator[Line]:
    """Yield the ``_aftale`` lines of a follow-up, in an order that depends on nothing but its content."""
    yield from line(AGREEMENT_KIND, "", "slags", FOLLOWUP_KIND)
    for name, value in (("aftale", state.agreement), ("enhed", state.unit), ("år", float(state.year)),
                        ("runde", state.round.value),
                        ("fingeraftryk", state.fingerprint)):
        yield from line(FOLLOWUP_KIND, "", name, value)
    for each in state.returned:
        yield from _returned_lines(each)
    for refused in state.refused:
        key = refused.source.sha256[:16]
        yield from _source_lines("afvist", refused.source)
        yield from _problem_lines(f"{key} afvist", refused.problem)
    for (goal, column), decision in sorted(state.decisions.items()):
        key = f"{goal} {column.value}"
        yield from line("beslutning", key, "valgt", "" if decision.chosen is None else decision.chosen)
        for name, text in (("stod", decision.raw), ("regel", decision.rule), ("sted", decision.at)):
            if text:
                yield from line("beslutning", key, name, text)
        for number, value in enumerate(sorted(decision.against), 1):
            yield from line("beslutning", key, f"imod {number}", value)
    for goal, text in sorted(state.remarks.items()):
        yield from line("forvaltning", goal, "bemærkning", text)
    for label, written in state.boxes.items():
        yield from line("overblik", "", label, written)
    for past in sorted(state.history, key=lambda h: (h.goal, h.year, h.round)):
        yield from _history_lines(past)
    for (goal, name), text in state.merged.items():
        yield from line("svar", goal, name, text)
    for (goal, name), text in state.drawn.items():
        yield from line("tegnet", goal, name, text)
    for sheet, digest in state.contents.items():
        yield from line("indhold", sheet, "sha256", digest)


def _source_lines(post: str, source: Source) -> Iterator[Line]:
    key = source.sha256[:16]
    for name, value in (("sha256", source.sha256), ("navn", source.name), ("i", source.container),
                        ("afsender", source.sender), ("tid", source.when), ("program", source.program)):
        if value:
            yield from line(post, key, name, value)


def _returned_lines(each: Returned) -> Iterator[Line]:
    key = each.source.sha256[:16]
    yield from _source_lines("kilde", each.source)
    about: tuple[tuple[str, str | float], ...] = (
        ("skema", each.form), ("ansvarlig", each.owner), ("udfyldt af", each.filled_by), ("færdigt", each.finished),
        ("udgave", each.edition), ("mål", ";".join(each.goals)), ("celler", float(each.cells)),
        ("udsendt", float(each.sent)))
    for name, value in about:
        if value != "":
            yield from line("kilde", key, name, value)
    for number, answer in enumerate(each.answers, 1):
        side = f"{key} {number} {answer.goal} {_at(answer.place)}"
        yield from line("side", side, answer.column.value, "" if answer.value is None else answer.value,
                        "tom" if answer.value is None else "")
        yield from line("grundlag", side, answer.column.value, answer.base)
    for number, reading in enumerate(each.readings, 1):
        name = f"{key} {number} {reading.goal or '-'} {_at(reading.place)}"
        yield from line("læsning", name, f"{reading.column} stod", reading.raw)
        yield from line("læsning", name, f"{reading.column} læst", reading.value, reading.rule)
    for number, loose in enumerate(each.loose, 1):
        name = f"{key} {number} {loose.goal or '-'} {_at(loose.place)}"
        yield from line("løst", name, f"{loose.kind} {loose.cells}", loose.text)
    for number, problem in enumerate(each.problems, 1):
        yield from _problem_lines(f"{key} {number}", problem)


def _at(place: Place) -> str:
    return f"{place.sheet}!{place.cell}"


def _problem_lines(key: str, problem: Problem) -> Iterator[Line]:
    # What somebody wrote for a Mål-id may be any text, so only a real one can be part of a key.
    known = PATTERN.fullmatch(problem.goal)
    name = f"{key} {problem.goal if known else '-'} {_at(problem.place)}"
    for part, value in (("tekst", problem.message), ("råd", problem.advice), ("værdi", problem.value),
                        ("mål", "" if known else problem.goal)):
        if value or part == "tekst":
            yield from line("fund", name, f"{problem.code} {part}", value)


def _history_lines(past: History) -> Iterator[Line]:
    key = f"{past.goal} {past.year} {past.round}"
    for name, value in (("måltal", past.target), ("resultat", past.result), ("opgjort_pr", past.as_of),
                        ("status", past.status or None), ("beregnet", past.computed or None),
                        ("målopfyldelse", past.fulfilment)):
        yield from line("historik", key, name, value)


# ---------------------------------------------------------------- reading

def read_state(record: Record) -> State | None:
    """Read back what `state_lines` wrote; None where the record isn't that of a follow-up."""
    if record.text(AGREEMENT_KIND, "", "slags") != FOLLOWUP_KIND:
        return None
    return _StateReader(record).read()


class _StateReader:
    def __init__(self, record: Record) -> None:
        self.record = record
        self.sources = {key: self._source("kilde", key) for key in record.keys("kilde")}
        self.sources.update({key: self._source("afvist", key) for key in record.keys("afvist")})

    def read(self) -> State:
        about = self.record.fields(FOLLOWUP_KIND)
        round_ = canonical(about.get("runde"))
        return State(
            canonical(about.get("aftale")), self.record.number(FOLLOWUP_KIND, "", "år"),
            Round(round_) if round_ in set(Round) else Round.MIDTVEJS, self._returned(), self._refused(),
            self._decisions(), {goal: self.record.text("forvaltning", goal, "bemærkning")
                                for goal in self.record.keys("forvaltning")},
            dict(self.record.fields("overblik")), self._history(), self._cells("tegnet"), self._cells("svar"),
            {sheet: self.record.text("indhold", sheet, "sha256") for sheet in self.record.keys("indhold")},
            canonical(about.get("fingeraftryk")), canonical(about.get("enhed")))

    def _source(self, post: str, key: str) -> Source:
        get = {name: canonical(value) for name, value in self.record.fields(post, key).items()}
        return Source(get.get("sha256", key), get.get("navn", ""), get.get("i", ""), get.get("afsender", ""),
                      get.get("tid", ""), get.get("program", ""))

    def _place(self, key: str, at: str) -> Place:
        sheet, _, cell = at.rpartition("!")
        source = self.sources.get(key, Source(key, ""))
        return Place(source.name, sheet, cell, source.container)

    def _cells(self, post: str) -> dict[tuple[str, str], str]:
        return {(goal, name): value if isinstance(value, str) else canonical(value)
                for goal in self.record.keys(post) for name, value in self.record.fields(post, goal).items()}

    def _returned(self) -> tuple[Returned, ...]:
        answers = self._grouped("side", self._answer)
        readings = self._grouped("læsning", self._reading)
        loose = self._grouped("løst", self._loose)
        problems = self._problems()
        found = []
        for key in self.record.keys("kilde"):
            get = {name: canonical(value) for name, value in self.record.fields("kilde", key).items()}
            found.append(Returned(
                self.sources[key], get.get("skema", ""), get.get("ansvarlig", ""), get.get("udfyldt af", ""),
                get.get("færdigt", ""), get.get("udgave", ""), tuple(answers.get(key, ())),
                tuple(readings.get(key, ())), tuple(loose.get(key, ())), tuple(problems.get(key, ())),
                self.record.number("kilde", key, "celler"), self.record.number("kilde", key, "udsendt"),
                tuple(part for part in get.get("mål", "").split(";") if part)))
        return tuple(found)

    def _grouped(self, post: str, make: Callable[[str, str, Place], _T]) -> dict[str, list[_T]]:
        found: dict[str, list[_T]] = {}
        for name in self.record.keys(post):
            key, _, goal, at = name.split(" ", 3)
            found.setdefault(key, []).append(make(name, "" if goal == "-" else goal, self._place(key, at)))
        return found

    def _answer(self, name: str, goal: str, place: Place) -> Answer:
        (column, value), = self.record.fields("side", name).items()
        cleared = self.record.kinds("side", name).get(column) == "tom"
        return Answer(goal, Column(column), None if cleared else value,
                      self.record.fields("grundlag", name).get(column), place)

    def _reading(self, name: str, goal: str, place: Place) -> Reading:
        fields, kinds = self.record.fields("læsning", name), self.record.kinds("læsning", name)
        column = next(iter(fields)).rsplit(" ", 1)[0]
        raw = fields.get(f"{column} stod", "")
        return Reading(goal, column, raw if isinstance(raw, str) else canonical(raw),
                       canonical(fields.get(f"{column} læst")), kinds.get(f"{column} læst", ""), place)

    def _loose(self, name: str, goal: str, place: Place) -> Loose:
        (field_name, text), = self.record.fields("løst", name).items()
        kind, cells = field_name.rsplit(" ", 1)
        return Loose(kind, text if isinstance(text, str) else canonical(text), int(cells), place, goal)

    def _problems(self) -> dict[str, list[Problem]]:
        found: dict[str, list[Problem]] = {}
        for name in self.record.keys("fund"):
            key, number, goal, at = name.split(" ", 3)
            fields = {part: canonical(value) for part, value in self.record.fields("fund", name).items()}
            code = next(iter(fields)).rsplit(" ", 1)[0]
            level = CATALOGUE[code][0] if code in CATALOGUE else CATALOGUE["file-unreadable"][0]
            made = Problem(code, level, self._place(key, at), fields.get(f"{code} tekst", ""),
                           fields.get(f"{code} råd", ""), fields.get(f"{code} værdi", ""),
                           fields.get(f"{code} mål", "") if goal == "-" else goal)
            found.setdefault(f"{key} afvist" if number == "afvist" else key, []).append(made)
        return found

    def _refused(self) -> tuple[Refused, ...]:
        problems = self._problems()
        return tuple(Refused(self.sources[key], problems[f"{key} afvist"][0]) for key in self.record.keys("afvist")
                     if problems.get(f"{key} afvist"))

    def _decisions(self) -> dict[Cell, Decision]:
        found: dict[Cell, Decision] = {}
        for key in self.record.keys("beslutning"):
            goal, column = key.split(" ")
            fields = self.record.fields("beslutning", key)
            against = frozenset(canonical(v) for name, v in fields.items() if name.startswith("imod"))
            chosen = fields.get("valgt")
            raw, rule, at = (canonical(fields.get(name)) for name in ("stod", "regel", "sted"))
            found[goal, Column(column)] = Decision(goal, Column(column), against, None if chosen == "" else chosen, raw,
                                                   rule, at)
        return found

    def _history(self) -> tuple[History, ...]:
        found = []
        for key in self.record.keys("historik"):
            goal, year, round_ = key.split(" ")
            fields = self.record.fields("historik", key)
            target, result, as_of, reached = (fields.get(name) for name in
                                              ("måltal", "resultat", "opgjort_pr", "målopfyldelse"))
            found.append(History(goal, int(year), round_, target if isinstance(target, float) else None,
                                 result if isinstance(result, float) else None,
                                 as_of if isinstance(as_of, date) else None,
                                 canonical(fields.get("status")), canonical(fields.get("beregnet")),
                                 reached if isinstance(reached, float) else None))
        return tuple(found)


def combine(old: tuple[Returned, ...], new: tuple[Returned, ...]) -> tuple[Returned, ...]:
    """Return all sources once each, in an order that doesn't depend on who came first.

    Byte-identical files count once, under the name that sorts first.
    """
    by_bytes: dict[str, Returned] = {}
    # What is read now is judged by the agreement as it is now.
    for each in (*new, *old):
        known = by_bytes.get(each.source.sha256)
        if known is None:
            by_bytes[each.source.sha256] = each
        elif (each.source.container, each.source.name) < (known.source.container, known.source.name):
            by_bytes[each.source.sha256] = renamed(known, each.source)
    return tuple(sorted(by_bytes.values(), key=lambda r: (r.owner, r.form, r.filled_by, r.source.when, r.source.sha256)))


def renamed(each: Returned, source: Source) -> Returned:
    """Return a file's judgement under another of its names, its places included."""
    def moved(place: Place) -> Place:
        return replace(place, file=source.name, container=source.container)

    return replace(
        each, source=source, answers=tuple(replace(a, place=moved(a.place)) for a in each.answers),
        readings=tuple(replace(r, place=moved(r.place)) for r in each.readings),
        loose=tuple(replace(x, place=moved(x.place)) for x in each.loose),
        problems=tuple(replace(p, place=moved(p.place)) for p in each.problems))


def combine_refused(old: tuple[Refused, ...], new: tuple[Refused, ...], accepted: tuple[Returned, ...],
                    whole: bool = True) -> tuple[Refused, ...]:
    """Return every refused file once; one that came back readable under the same name is settled.

    Only a file that couldn't be read is remembered: one that was merely in the wrong place is gone once it is moved.
    """
    names = {each.source.name for each in accepted}
    unread = tuple(each for each in old if not whole
                   or each.problem.code in ("file-unreadable", "file-locked", "file-busy"))
    by_bytes = {each.source.sha256: each for each in (*unread, *new) if each.source.name not in names}
    return tuple(sorted(by_bytes.values(), key=lambda r: (r.source.name, r.source.sha256)))
