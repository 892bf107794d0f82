"""Everything a follow-up must remember so that a late file can be merged into it alone, and how ``_aftale`` holds it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from typing import Any

from aftale.additions.find import own_from, own_lines
from aftale.cells.hidden_sheet import AGREEMENT_KIND, FOLLOWUP_KIND, Line, Record, is_followup, line
from aftale.forms.returned import BOX, DepartmentAnswer, Returned, renamed_department
from aftale.merge.choices import Choice, Keys
from aftale.merge.merge import Decision, GoalColumn
from aftale.merge.state_0_1 import EarlierVersion
from aftale.merge.state_json import Received, packed, unpacked
from aftale.model.additions import OwnContent
from aftale.model.agreement import AnswerColumn, Round, Value
from aftale.model.place import Place, Source
from aftale.model.received import IncomingMail, Refused
from aftale.model.text import canonical

_FIGURES = "måltal, resultat, opgjort_pr, status, beregnet, målopfyldelse"
_ANSWERED = "udgangspunkt"
_CHOICE = "vælg, egen formulering, mål, kolonne, slags, celle, der stod, fil"
RECEIVED = "modtaget"
"""The post with a line for each file that was received: what was read of it, as `packing` writes it."""


@dataclass(frozen=True, order=True, slots=True)
class History:
    """What a follow-up said of a goal in one round of one year; numbers in points for percents.

    ``baseline`` is what somebody answered under Udgangspunkt.
    """

    goal: str
    year: int
    round: str
    target: float | None = None
    result: float | None = None
    as_of: date | None = None
    status: str = ""
    computed: str = ""
    fulfilment: float | None = None
    baseline: float | None = None


@dataclass(frozen=True)
class State:
    """What a follow-up is made from, besides the agreement.

    ``drawn`` is the canonical content of every answer cell as it was drawn, ``merged`` what it was drawn from: a cell
    that differs from ``drawn`` is somebody's edit. ``contents`` has a hash per sheet of everything else that was drawn.
    ``departments`` are KSE's returned editions, ``remarks`` the coordinator's own wording in KSE's place by Mål-id, and
    ``over`` which of KSE's files were known when it was written (the box of ``Overblik`` is `department.BOX` there).
    ``control`` are the coordinator's choices on ``Kontrol`` by their line's key.
    ``own`` is what the coordinator has added besides: columns, notes, formats and sheets.
    """

    agreement: str = ""
    year: int = 0
    round: Round = Round.MIDTVEJS
    returned: tuple[Returned, ...] = ()
    refused: tuple[Refused, ...] = ()
    decisions: Mapping[GoalColumn, Decision] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    boxes: Mapping[str, Value] = field(default_factory=dict)
    history: tuple[History, ...] = ()
    drawn: Mapping[tuple[str, str], str] = field(default_factory=dict)
    merged: Mapping[tuple[str, str], str] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    unit: str = ""
    letters: tuple[IncomingMail, ...] = ()
    departments: tuple[DepartmentAnswer, ...] = ()
    over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: OwnContent = field(default_factory=OwnContent)
    control: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def received(self) -> tuple[Received, ...]:
        """Everything that came in: skemaer, KSE's editions, refused files and mails."""
        return (*self.returned, *self.departments, *self.refused, *self.letters)


def line_keys(state: State) -> Keys:
    """Return what the lines of ``Kontrol`` are known by."""
    return Keys(each.source for each in state.received)


# ---------------------------------------------------------------- writing

def state_lines(state: State) -> Iterator[Line]:
    """Yield the ``_aftale`` lines of a follow-up, in an order that depends on nothing but its content."""
    yield from line(AGREEMENT_KIND, "", "slags", FOLLOWUP_KIND)
    for name, value in (("aftale", state.agreement), ("enhed", state.unit), ("år", float(state.year)),
                        ("runde", state.round.value),
                        ("fingeraftryk", state.fingerprint)):
        yield from line(FOLLOWUP_KIND, "", name, value)
    for number, each in enumerate(state.received, 1):
        yield from line(RECEIVED, str(number), each.source.sha256[:16], packed(each), "json")
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
    for goal, files in sorted(state.over.items()):
        yield from line("forvaltning", goal, "oven på", " ".join(files))
    for label, written in state.boxes.items():
        yield from line("overblik", "", label, written)
    for past in sorted(state.history, key=lambda h: (h.goal, h.year, h.round)):
        yield from _history_lines(past)
    for (goal, name), text in state.merged.items():
        yield from line("svar", goal, name, text)
    # Most cells show just what was answered; only what differs has a line of its own, also where nothing was drawn.
    for (goal, name), text in (*state.drawn.items(), *((cell, "") for cell in state.merged if cell not in state.drawn)):
        if state.merged.get((goal, name), "") != text:
            yield from line("tegnet", goal, name, text)
    for sheet, digest in state.contents.items():
        yield from line("indhold", sheet, "sha256", digest)
    for key, choice in sorted(state.control.items()):
        yield from line("kontrol", key, _CHOICE, json.dumps(astuple(choice), ensure_ascii=False), "json")
    yield from own_lines(state.own)


def _history_lines(past: History) -> Iterator[Line]:
    figures = [past.target, past.result, past.as_of and past.as_of.isoformat(), past.status, past.computed, past.fulfilment]
    key = f"{past.goal} {past.year} {past.round}"
    yield from line("historik", key, _FIGURES, json.dumps(figures, ensure_ascii=False), "json")
    yield from line("historik", key, _ANSWERED, past.baseline)


# ---------------------------------------------------------------- reading

def read_state(record: Record) -> State | None:
    """Read back what `state_lines` wrote.

    None where the record isn't that of a follow-up, is that of KSE's edition, or was cut up by somebody.
    """
    if not is_followup(record):
        return None
    try:
        return _StateReader(record).read()
    except (ValueError, TypeError, LookupError, AttributeError):
        if record.intact:
            raise
        return None


class _StateReader:
    def __init__(self, record: Record) -> None:
        self.record = record
        self.received = [unpacked(canonical(text)) for key in record.keys(RECEIVED)
                         for text in record.fields(RECEIVED, key).values()]
        earlier = EarlierVersion(record, record.text(FOLLOWUP_KIND, "", "runde"))
        self.received += [*earlier.returned(), *earlier.refused()]

    def read(self) -> State:
        about = self.record.fields(FOLLOWUP_KIND)
        round_ = canonical(about.get("runde"))
        return State(
            canonical(about.get("aftale")), self.record.number(FOLLOWUP_KIND, "", "år"),
            Round(round_) if round_ in set(Round) else Round.MIDTVEJS,
            tuple(each for each in self.received if isinstance(each, Returned)),
            tuple(each for each in self.received if isinstance(each, Refused)),
            self._decisions(), {goal: self.record.text("forvaltning", goal, "bemærkning")
                                for goal in self.record.keys("forvaltning") if goal != BOX},
            dict(self.record.fields("overblik")), self._history(), self._drawn(), self._cells("svar"),
            {sheet: self.record.text("indhold", sheet, "sha256") for sheet in self.record.keys("indhold")},
            canonical(about.get("fingeraftryk")), canonical(about.get("enhed")),
            tuple(each for each in self.received if isinstance(each, IncomingMail)),
            tuple(each for each in self.received if isinstance(each, DepartmentAnswer)),
            {goal: tuple(canonical(fields["oven på"]).split()) for goal in self.record.keys("forvaltning")
             if "oven på" in (fields := self.record.fields("forvaltning", goal))}, own_from(self.record),
            {key: Choice(*json.loads(self.record.text("kontrol", key, _CHOICE))) for key in self.record.keys("kontrol")})

    def _cells(self, post: str) -> dict[tuple[str, str], str]:
        return {(goal, name): value if isinstance(value, str) else canonical(value)
                for goal in self.record.keys(post) for name, value in self.record.fields(post, goal).items()}

    def _drawn(self) -> dict[tuple[str, str], str]:
        return {cell: text for cell, text in {**self._cells("svar"), **self._cells("tegnet")}.items() if text}

    def _decisions(self) -> dict[GoalColumn, Decision]:
        found: dict[GoalColumn, Decision] = {}
        for key in self.record.keys("beslutning"):
            goal, column = key.split(" ")
            fields = self.record.fields("beslutning", key)
            against = frozenset(canonical(v) for name, v in fields.items() if name.startswith("imod"))
            chosen = fields.get("valgt")
            raw, rule, at = (canonical(fields.get(name)) for name in ("stod", "regel", "sted"))
            found[goal, AnswerColumn(column)] = Decision(goal, AnswerColumn(column), against, None if chosen == ""
                                                         else chosen, raw,
                                                   rule, at)
        return found

    def _figures(self, key: str) -> tuple[Any, ...]:
        fields = self.record.fields("historik", key)
        if _FIGURES not in fields:  # version 0.1 had a line for each
            return (fields.get("måltal"), fields.get("resultat"), fields.get("opgjort_pr"), fields.get("status") or "",
                    fields.get("beregnet") or "", fields.get("målopfyldelse"))
        target, result, as_of, status, computed, reached = json.loads(canonical(fields[_FIGURES]))
        return target, result, as_of and date.fromisoformat(as_of), status, computed, reached

    def _history(self) -> tuple[History, ...]:
        found = []
        for key in self.record.keys("historik"):
            goal, year, round_ = key.split(" ")
            target, result, as_of, status, computed, reached = self._figures(key)
            baseline = self.record.fields("historik", key).get(_ANSWERED)
            found.append(History(goal, int(year), round_, target, result, as_of, status, computed, reached,
                                 baseline if isinstance(baseline, float) else None))
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


def combine_departments(old: tuple[DepartmentAnswer, ...],
                        new: tuple[DepartmentAnswer, ...]) -> tuple[DepartmentAnswer, ...]:
    """Return KSE's files once each, under the name that sorts first, in an order that doesn't depend on who came first."""
    found: dict[str, DepartmentAnswer] = {}
    for each in (*new, *old):
        known = found.setdefault(each.source.sha256, each)
        if (each.source.container, each.source.name) < (known.source.container, known.source.name):
            found[each.source.sha256] = renamed_department(known, each.source)
    return tuple(sorted(found.values(), key=lambda d: (d.source.when, d.source.sha256)))


def renamed(each: Returned, source: Source) -> Returned:
    """Return a file's judgement under another of its names, its places included."""
    def moved(place: Place) -> Place:
        return place._replace(file=source.name, container=source.container)

    return replace(
        each, source=source, answers=tuple(a._replace(place=moved(a.place)) for a in each.answers),
        readings=tuple(replace(r, place=moved(r.place)) for r in each.readings),
        loose=tuple(replace(x, place=moved(x.place)) for x in each.loose),
        problems=tuple(replace(p, place=moved(p.place)) for p in each.problems))


MISPLACED = frozenset(("file-kind", "file-shortcut", "not-ours", "other-kind", "other-agreement", "other-year",
                       "other-round", "kse-other", "kse-record-lost", "mail-draft"))
"""Why a file that can be read is no answer here: nothing is lost where it is taken away."""


def combine_refused(old: tuple[Refused, ...], new: tuple[Refused, ...],
                    accepted: tuple[Returned | DepartmentAnswer, ...],
                    whole: bool = True) -> tuple[Refused, ...]:
    """Return every refused file once; one that came back readable under the same name is settled.

    Only a file that couldn't be read is remembered: one that was merely in the wrong place is gone once it is moved.
    """
    names = {(each.source.container, each.source.name) for each in accepted}
    unread = tuple(each for each in old if (not whole or each.problem.code not in MISPLACED)
                   and (each.source.container, each.source.name) not in names)
    once = {refusal_key(each): each for each in (*unread, *new)}
    return tuple(sorted(once.values(), key=refusal_key))


def refusal_key(each: Refused) -> tuple[str, str, str, str]:
    """Return what tells refused files apart: files of the same bytes may be several people's, each of whom is asked."""
    return each.source.name, each.source.container, each.source.sha256, each.problem.code


def combine_letters(old: tuple[IncomingMail, ...], new: tuple[IncomingMail, ...]) -> tuple[IncomingMail, ...]:
    """Return every mail once, in an order that doesn't depend on which came first."""
    found = {each.source.sha256: each for each in sorted((*new, *old), key=lambda x: (x.source.container, x.source.name),
                                                         reverse=True)}
    return tuple(sorted(found.values(), key=lambda x: (x.source.name, x.source.sha256)))
