"""Everything a follow-up must remember so that a late file can be merged into it alone, and how ``_aftale`` holds it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from aftale.cells.hidden_sheet import (
    AGREEMENT_KIND,
    FOLLOWUP_KIND,
    JSON,
    RECEIVED,
    Line,
    Record,
    is_followup,
    json_text,
    line,
    unknown_fields,
    with_fields,
)
from aftale.cells.named_json import as_plain, from_plain
from aftale.forms.returned import DepartmentAnswer, Returned
from aftale.merge.choices import Choice, Keys
from aftale.merge.merge import Decision, GoalColumn
from aftale.model.additions import OwnContent
from aftale.model.agreement import Round, Value
from aftale.model.dialogue import Utterance
from aftale.model.findings import Finding
from aftale.model.place import Source
from aftale.model.received import AsRead, IncomingMail, Refused
from aftale.model.text import canonical

_FIELD = "tilstand"
"""The post with a line for each field of `State`."""
_ABOUT: Mapping[str, str] = {"agreement": "aftale", "unit": "enhed", "year": "år", "round": "runde",
                             "fingerprint": "fingeraftryk"}
"""The fields that say where a follow-up belongs, and what their lines are called; KSE's edition has the like."""
_RECEIVED: Mapping[str, type[AsRead]] = {"returned": Returned, "refused": Refused, "letters": IncomingMail,
                                         "departments": DepartmentAnswer}
_R = TypeVar("_R", bound=AsRead)


@dataclass(frozen=True, order=True, slots=True)
class History:
    """What a follow-up said of a goal in one round of one year; numbers in points for percents.

    ``status`` is `UNDECIDED` where different answers were given, and ``baseline`` what somebody answered under Udgangspunkt.
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
    ``over`` which of KSE's files were known when it was written (the box of ``Overblik`` is `returned.BOX` there).
    ``control`` are the coordinator's choices on ``Kontrol`` by their line's key.
    ``dialogue`` is what was said in earlier rounds, and of this one what its files don't say; ``drafts`` are the questions
    on ``Dialog`` that belong to no goal yet, each with what stands for its Mål-id.
    ``unused`` are the questions about what was written in ``Opfølgning`` that isn't read, ``doubted`` the goals of which it
    is asked what they are held against: nothing is computed of them.
    ``judged`` tells what the files were judged with (see `known_files`), and ``told`` has the keys of the findings that were
    told when the follow-up was written (see `told_lines`).
    ``own`` is what the coordinator has added besides: columns, notes, formats and sheets. ``unknown`` is what a newer
    version has written in the follow-up that stands there, and this one keeps (see `hidden_sheet.unknown_lines`).
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
    unused: tuple[Finding, ...] = ()
    doubted: tuple[str, ...] = ()
    dialogue: tuple[Utterance, ...] = ()
    drafts: tuple[tuple[str, str], ...] = ()
    judged: str = ""
    told: tuple[str, ...] = ()
    unknown: tuple[Line, ...] = field(default=(), compare=False)

    @property
    def received(self) -> tuple[Received, ...]:
        """Everything that came in: skemaer, KSE's editions, refused files and mails."""
        return (*self.returned, *self.departments, *self.refused, *self.letters)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found in the skemaer that came back, and in the follow-up itself."""
        return (*(found for each in self.returned for found in each.findings), *self.unused)


def line_keys(state: State) -> Keys:
    """Return what the lines of ``Kontrol`` are known by."""
    return Keys(each.source for each in state.received)


# ---------------------------------------------------------------- as lines in _aftale

def state_lines(state: State) -> Iterator[Line]:
    """Yield the ``_aftale`` lines of a follow-up, in an order that depends on nothing but its content.

    What it is and where it belongs has a line for each; so has every file that was received. All else is a line of JSON
    for each field of `State` that holds anything, so that a new field needs nothing here.
    """
    yield from line(AGREEMENT_KIND, "", "slags", FOLLOWUP_KIND)
    for name, key in _ABOUT.items():
        value = getattr(state, name)
        yield from line(FOLLOWUP_KIND, "", key, float(value) if isinstance(value, int) else value)
    for number, each in enumerate(state.received, 1):
        yield from line(RECEIVED, str(number), each.source.short, packed(each), JSON)
    # Most cells show just what was answered; only what differs is written, also where nothing was drawn.
    differs = {cell: text for cell, text in (dict.fromkeys(state.merged, "") | dict(state.drawn)).items()
               if state.merged.get(cell, "") != text}
    nothing: dict[str, Any] = dict.fromkeys((*_RECEIVED, "unknown"), ())
    rest = as_plain(replace(state, drawn=differs, history=tuple(sorted(state.history)), **nothing))
    for name in sorted(rest.keys() - _ABOUT.keys()):
        yield from line(_FIELD, "", name, json_text(rest[name], in_order=True), JSON)


def told_lines(problems: Iterable[Finding]) -> Iterator[Line]:
    """Yield the line that remembers what is told with a follow-up, so that the next time only what is new is told in full.

    It is written beside the state's own lines, for much of it is found when they are done.
    """
    if keys := sorted({each.key for each in problems}):
        yield from line(_FIELD, "", "told", json_text(keys), JSON)


def read_state(record: Record) -> State | None:
    """Read back what `state_lines` wrote.

    None where the record isn't that of a follow-up, is that of KSE's edition, or somebody has taken lines out of it.
    """
    if not is_followup(record):
        return None
    try:
        return _state(record)
    except (ValueError, TypeError, LookupError, AttributeError):
        if record.intact:
            raise
        return None


def _state(record: Record) -> State:
    fields: dict[str, Any] = {name: json.loads(canonical(text)) for name, text in record.fields(_FIELD).items()}
    fields |= {name: record.text(FOLLOWUP_KIND, "", key) for name, key in _ABOUT.items()}
    state = from_plain(fields | {"year": record.number(FOLLOWUP_KIND, "", _ABOUT["year"]),
                                 "round": fields["round"] or Round.MIDTVEJS.value}, State)
    received = [unpacked(canonical(text)) for key in record.keys(RECEIVED)
                for text in record.fields(RECEIVED, key).values()]
    drawn = {cell: text for cell, text in (dict(state.merged) | dict(state.drawn)).items() if text}
    by_kind: dict[str, Any] = {name: tuple(each for each in received if isinstance(each, kind))
                               for name, kind in _RECEIVED.items()}
    return replace(state, drawn=drawn, **by_kind)


# ---------------------------------------------------------------- files in several copies

def combine(old: tuple[_R, ...], new: tuple[_R, ...]) -> tuple[_R, ...]:
    """Return byte-identical files once, under the name that sorts first; their order doesn't depend on who came first."""
    found: dict[str, _R] = {}
    # What is read now is judged by the agreement as it is now.
    for each in (*new, *old):
        known = found.get(each.source.sha256, each)
        if known.packed != each.packed:
            known = with_unknown_of(each, known)
        if (each.source.container, each.source.name) < (known.source.container, known.source.name):
            known = renamed(known, each.source)
        found[each.source.sha256] = known
    return tuple(sorted(found.values(), key=_order))


def _order(each: AsRead) -> tuple[str, ...]:
    first = (each.owner, each.form, each.filled_by) if isinstance(each, Returned) else (
        each.source.name,) if isinstance(each, IncomingMail) else ()
    return *first, each.source.when, each.source.sha256


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


Received = Returned | Refused | IncomingMail | DepartmentAnswer
KINDS: Mapping[str, type[AsRead]] = {"skema": Returned, "afvist": Refused, "brev": IncomingMail,
                                     "forvaltning": DepartmentAnswer}
"""What can be received, by what it is called in the text."""


def packed(received: AsRead, kinds: Mapping[str, type[AsRead]] = KINDS) -> str:
    """Return what was received as JSON text, the same text for the same thing; what was unpacked is as it was."""
    if received.packed:
        return received.packed
    kind = next(name for name, each in kinds.items() if each is type(received))
    return json_text({"kind": kind, **as_plain(received)})


def unpacked(text: str) -> Received:
    """Return what `packed` wrote."""
    received = unpacked_as(text, KINDS)
    assert isinstance(received, Received)
    return received


def unpacked_as(text: str, kinds: Mapping[str, type[AsRead]]) -> AsRead:
    """Return what `packed` wrote of one of some kinds; the text stays with it, so that nothing in it is lost."""
    plain: dict[str, Any] = json.loads(text)
    received = from_plain(plain, kinds[plain["kind"]], from_plain(plain["source"], Source))
    object.__setattr__(received, "packed", text)
    return received


def renamed(received: _R, source: Source, kinds: Mapping[str, type[AsRead]] = KINDS) -> _R:
    """Return what was received under another of its names; its places, which are in that file, follow."""
    plain = json.loads(packed(received, kinds))
    return unpacked_as(json_text({**plain, "source": as_plain(source)}), kinds)  # type: ignore[return-value]


def with_unknown_of(before: AsRead, received: _R) -> _R:
    """Return what was read anew of a file, with what a newer version knew of it ``before``."""
    more = unknown_fields(json.loads(packed(before)), json.loads(packed(replace(before))))
    if not more:
        return received
    return unpacked_as(json_text(with_fields(json.loads(packed(received)), more)), KINDS)  # type: ignore[return-value]
