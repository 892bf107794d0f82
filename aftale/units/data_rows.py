"""The goals of all units, years and rounds as plain rows: what ``aftale data`` writes, and each column's type and source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from aftale.followup.goal_status import ANSWERED, BY_MAIL, CONFLICTING, FOLLOWS, NO_OWNER, NOTHING, PARTLY, UNREAD
from aftale.model.agreement import (
    COUNTED,
    MISSING,
    NOT_THIS_YEAR,
    WITHDRAWN,
    AnswerColumn,
    Level,
    Method,
    Round,
    Scope,
    Status,
)
from aftale.model.columns import OPFOELGNING
from aftale.model.findings import Finding, Severity
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import CELL_LIMIT, canonical, utf16_length
from aftale.units.model import UnitGoal
from aftale.units.which_count import Across, UnitYear, named, saved_at

Kind = Literal["text", "word", "year", "number", "share", "day", "yes"]
"""What a column holds: text, one of some words, a year, a number, a share (1 is all of it), a day, yes or no."""
DataValue = str | float | date | None
"""A value of a row; yes and no are ``True`` and ``False``."""


@dataclass(frozen=True)
class DataColumn:
    """A column of data: its name, what it holds, and the words that it may hold in their order."""

    name: str
    kind: Kind = "text"
    words: tuple[str, ...] = ()


_ROUNDS = tuple(each.value for each in Round)
_STATUSES = (*COUNTED, NOT_THIS_YEAR)
_REPORTED = tuple(status for status in COUNTED if status in set(Status))
_RESPONSES = (ANSWERED, PARTLY, CONFLICTING, UNREAD, NOTHING, BY_MAIL, FOLLOWS, NO_OWNER, MISSING, WITHDRAWN, NOT_THIS_YEAR)
_WHO = (DataColumn("enhed"), DataColumn("forvaltning"), DataColumn("aar", "year"))
_AGREED = (
    DataColumn("maal_id"), DataColumn("niveau", "word", tuple(level.danish for level in Level)),
    DataColumn("udviklingsmaal"), DataColumn("fokusomraade"), DataColumn("effektmaal"), DataColumn("delmaal"),
    DataColumn("aktiv", "yes"),
    DataColumn("krav"), DataColumn("politik"), DataColumn("indikator"), DataColumn("maaltype", "word", tuple(Method)),
    DataColumn("udgangspunkt", "number"), DataColumn("maaltal", "number"), DataColumn("maaleenhed"),
    DataColumn("opgoeres", "word", tuple(Scope)), DataColumn("frist"), DataColumn("budget"), DataColumn("ansvarlig"))
_ANSWERED = (
    DataColumn("resultat", "number"), DataColumn("opgjort_pr", "day"), DataColumn("maalopfyldelse", "share"),
    DataColumn("status", "word", _STATUSES), DataColumn("indberettet_status", "word", _REPORTED),
    DataColumn("beregnet_status", "word", _REPORTED),
    DataColumn("svarstatus", "word", _RESPONSES), DataColumn("bemaerkninger"),
    DataColumn("naeste_skridt"), DataColumn("forvaltningens_bemaerkninger"))
_ROUND, _SOURCE = DataColumn("runde", "word", _ROUNDS), DataColumn("kilde")
RESULTS = (*_WHO, _ROUND, *_AGREED, *_ANSWERED, _SOURCE)
"""The columns of ``aftale data``: one row per unit, year, round and goal."""
AGREED = (*_WHO, *_AGREED, _SOURCE)
"""What was agreed: one row per unit, year and goal."""
ANSWERS = (DataColumn("enhed"), DataColumn("aar", "year"), _ROUND, DataColumn("maal_id"),
           DataColumn("felt", "word", tuple(AnswerColumn)), DataColumn("fra"), DataColumn("svar"),
           DataColumn("tal", "number"), DataColumn("dag", "day"), DataColumn("gaelder", "yes"), DataColumn("fil"),
           DataColumn("gemt"))
"""Who answered what: one row per answer."""
PROBLEMS = (DataColumn("niveau", "word", tuple(each.danish for each in Severity)), DataColumn("kode"), DataColumn("fil"),
            DataColumn("laa_i"), DataColumn("ark"), DataColumn("celle"), DataColumn("der_stod"), DataColumn("besked"),
            DataColumn("hvad_nu"))
"""What must be asked or told: one row per finding."""
FILES = (DataColumn("fil"), DataColumn("laa_i"), DataColumn("enhed"), DataColumn("aar", "year"), _ROUND,
         DataColumn("laest_som"), DataColumn("udfald"), DataColumn("gemt"), DataColumn("afsender"), DataColumn("program"),
         DataColumn("sha256"))
"""What became of every file: one row per file."""
Row = Mapping[str, DataValue]


def result_rows(across: Across) -> Iterator[Row]:
    """Yield a row for each goal of each unit, year and round, by the names of `RESULTS`."""
    for each in across.rounds:
        who = _who(each)
        for goal in each.followup.goals:
            yield {**who, **_agreed(goal), **_answered(goal)}


def agreed_rows(across: Across) -> Iterator[Row]:
    """Yield a row for each goal of each unit and year, as the latest round of the year has it."""
    latest = {(each.name, each.followup.year): each for each in across.rounds}  # which are in the order of time
    for each in latest.values():
        for goal in each.followup.goals:
            yield {**_who(each), **_agreed(goal)}


def _who(each: UnitYear) -> dict[str, DataValue]:
    followup = each.followup
    return {"enhed": each.name, "forvaltning": followup.department, "aar": float(followup.year),
            "runde": _round(each), "kilde": named(followup.source)}


def _round(each: UnitYear) -> str:
    return "" if each.followup.is_agreement else each.followup.round.value


def _agreed(goal: UnitGoal) -> dict[str, DataValue]:
    development, focus, effect, sub = goal.texts
    return {"maal_id": goal.id, "niveau": goal.level.danish, "udviklingsmaal": development, "fokusomraade": focus,
            "effektmaal": effect, "delmaal": sub, "aktiv": goal.active, "krav": "; ".join(goal.demands),
            "politik": goal.policy, "indikator": goal.indicator, "maaltype": goal.method, "udgangspunkt": goal.baseline,
            "maaltal": goal.target, "maaleenhed": goal.unit, "opgoeres": goal.scope, "frist": goal.due,
            "budget": goal.budget, "ansvarlig": goal.owners}


def _answered(goal: UnitGoal) -> dict[str, DataValue]:
    return {"resultat": goal.result if isinstance(goal.result, float) else None, "opgjort_pr": goal.as_of,
            "maalopfyldelse": goal.fulfilment, "status": goal.status,
            "indberettet_status": goal.overruled, "beregnet_status": goal.computed,
            "svarstatus": goal.response, "bemaerkninger": goal.remarks, "naeste_skridt": goal.next_step,
            "forvaltningens_bemaerkninger": goal.department}


def answer_rows(across: Across) -> Iterator[Row]:
    """Yield a row for each answer in a follow-up that is read with all that it remembers."""
    for each in across.rounds:
        followup = each.followup
        for answer in followup.answers:
            value = answer.value
            yield {"enhed": each.name, "aar": float(followup.year), "runde": _round(each), "maal_id": answer.goal,
                   "felt": answer.column.value, "fra": answer.who, "svar": canonical(value),
                   "tal": value if isinstance(value, float) else None, "dag": value if isinstance(value, date) else None,
                   "gaelder": answer.counts, "fil": answer.file, "gemt": answer.when}


def problem_rows(problems: Sequence[Finding]) -> Iterator[Row]:
    """Yield a row for each finding."""
    for found in problems:
        place = found.place
        yield {"niveau": found.level.danish, "kode": found.code, "fil": place.file, "laa_i": place.container,
               "ark": place.sheet, "celle": place.cell, "der_stod": found.text, "besked": found.message,
               "hvad_nu": found.advice}


def file_rows(across: Across) -> Iterator[Row]:
    """Yield a row for each file."""
    for file in across.files:
        source, followup = file.source, file.followup
        about: dict[str, DataValue] = {} if followup is None else {
            "enhed": followup.unit, "aar": float(followup.year), "laest_som": followup.read_as.value,
            "runde": "" if followup.is_agreement else followup.round.value}
        yield {"fil": source.name, "laa_i": source.container, "udfald": file.verdict, "afsender": source.sender,
               "program": source.program, "sha256": source.sha256,
               "gemt": saved_at(followup) if followup else source.when, **about}


# ---------------------------------------------------------------- what has no place in data

_WORDS = {"resultat": ("Resultat", "et tal"), "baseline": ("Udgangspunkt", "et tal"), "target": ("Måltal", "et tal"),
          "as_of": ("Opgjort pr.", "en dato")}


def left_empty(across: Across) -> Iterator[Finding]:
    """Ask about what stands in place of a number or a day and can't be one: the field is empty in data."""
    for each in across.rounds:
        place = _sheet_of(each)
        for goal in each.followup.goals:
            words = {**({"resultat": goal.result} if isinstance(goal.result, str) else {}), **goal.words}
            for key, text in words.items():
                column, what = _WORDS[key]
                yield problem("data-words", place, value=text, goal=goal.id, column=column, what=what)


def too_long(across: Across, rows: Sequence[Row]) -> Iterator[Finding]:
    """Tell of texts that no cell of a workbook has room for."""
    places = {each.name: _sheet_of(each) for each in across.rounds}
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str) and len(value) * 2 > CELL_LIMIT and utf16_length(value) > CELL_LIMIT:
                yield problem("data-cut", places[str(row["enhed"])], goal=row["maal_id"], column=name)


def _sheet_of(each: UnitYear) -> Place:
    source = each.followup.source
    return Place(source.name, "Mål" if each.followup.is_agreement else OPFOELGNING, container=source.container)
