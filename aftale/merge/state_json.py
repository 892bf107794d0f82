"""What was read of a file as plain lists and texts: how a reader hands it over, and how ``_aftale`` remembers it.

Places stand without file and container: they are the source's own.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from aftale.forms.returned import Answer, DepartmentAnswer, Loose, Reading, Remark, Returned
from aftale.model.agreement import AnswerColumn, Value
from aftale.model.place import Place, Source
from aftale.model.problems import CATALOGUE, Problem, Severity
from aftale.model.received import IncomingMail, Refused
from aftale.model.text import tidy

Received = Returned | Refused | IncomingMail | DepartmentAnswer
_COLUMNS = {column.value: column for column in AnswerColumn}
_DATE = "dato"


def packed(received: Received) -> str:
    """Return what was received as JSON text, the same text for the same thing."""
    if isinstance(received, Returned):
        if received.packed:
            return received.packed
        content = ["skema", _source(received.source), *_returned(received)]
    elif isinstance(received, Refused):
        content = ["afvist", _source(received.source), packed_problem(received.problem)]
    elif isinstance(received, DepartmentAnswer):
        content = ["forvaltning", _source(received.source), *_department(received)]
    else:
        content = ["brev", _source(received.source), received.subject, received.text, received.links,
                   received.attachments, received.with_form, received.automatic]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # A combining mark after «\n» would be joined with its n by whoever normalises the cell: then nothing but ASCII.
    return text if tidy(text) == text else json.dumps(_normal(content), separators=(",", ":"))


def _normal(part: Any) -> Any:
    if isinstance(part, str):
        return unicodedata.normalize("NFC", part)
    return [_normal(each) for each in part] if isinstance(part, list | tuple) else part


def unpacked(text: str) -> Received:
    """Return what `packed` wrote."""
    kind, source_parts, *rest = json.loads(text)
    source = Source(*source_parts)
    if kind == "afvist":
        return Refused(source, unpacked_problem(rest[0], source))
    if kind == "forvaltning":
        return _department_from(source, rest)
    if kind == "brev":
        subject, body, links, attachments, with_form, automatic = rest
        return IncomingMail(source, subject, body, tuple(links), tuple(attachments), with_form, automatic)
    returned = _returned_from(source, rest)
    object.__setattr__(returned, "packed", text)
    return returned


def _source(source: Source) -> list[str]:
    return [source.sha256, source.name, source.container, source.sender, source.when, source.program]


def _returned(each: Returned) -> list[Any]:
    return [
        [each.form, each.owner, each.filled_by, each.finished, each.edition, each.round], [each.cells, each.sent],
        each.goals,
        [[a.goal, a.column.value, _plain(a.value), _plain(a.base), a.place.sheet, a.place.cell] for a in each.answers],
        [[r.goal, r.column, r.raw, r.value, r.rule, r.place.sheet, r.place.cell] for r in each.readings],
        [[x.kind, x.text, x.cells, x.goal, x.place.sheet, x.place.cell, *([x.column] if x.column else [])]
         for x in each.loose],
        [packed_problem(p) for p in each.problems]]


def _returned_from(source: Source, rest: Sequence[Any]) -> Returned:
    (form, owner, filled_by, finished, edition, round_), (cells, sent), goals, answers, readings, loose, problems = rest
    file, container = source.name, source.container
    return Returned(
        source, form, owner, filled_by, finished, edition,
        tuple([Answer(goal, _COLUMNS[column], _value(value), _value(base), Place(file, sheet, cell, container))
               for goal, column, value, base, sheet, cell in answers]),
        tuple([Reading(goal, column, raw, value, rule, Place(file, sheet, cell, container))
               for goal, column, raw, value, rule, sheet, cell in readings]),
        tuple([Loose(kind, text, number, Place(file, sheet, cell, container), goal, *column)
               for kind, text, number, goal, sheet, cell, *column in loose]),
        tuple([unpacked_problem(parts, source) for parts in problems]), cells, sent, tuple(goals), round_)


def _department(each: DepartmentAnswer) -> list[Any]:
    return [
        [each.edition, each.round, each.cells, each.sent], list(each.drawn_from),
        [[r.goal, r.text, r.base, r.edited, r.place.sheet, r.place.cell] for r in each.remarks],
        [[x.kind, x.text, x.cells, x.goal, x.place.sheet, x.place.cell] for x in each.loose],
        [packed_problem(p) for p in each.problems]]


def _department_from(source: Source, rest: Sequence[Any]) -> DepartmentAnswer:
    (edition, round_, cells, sent), drawn_from, remarks, loose, problems = rest
    file, container = source.name, source.container
    return DepartmentAnswer(
        source, edition, round_,
        tuple([Remark(goal, text, base, edited, Place(file, sheet, cell, container))
               for goal, text, base, edited, sheet, cell in remarks]),
        tuple([Loose(kind, text, number, Place(file, sheet, cell, container), goal)
               for kind, text, number, goal, sheet, cell in loose]),
        tuple([unpacked_problem(parts, source) for parts in problems]), cells, sent, tuple(drawn_from))


def packed_problem(p: Problem) -> list[str]:
    """Return a problem as plain texts; its file and container are those of what it was found in."""
    return [p.code, p.level.value, p.message, p.advice, p.value, p.goal, p.place.sheet, p.place.cell]


def unpacked_problem(parts: Sequence[str], source: Source) -> Problem:
    """Return what `packed_problem` wrote."""
    code, level, message, advice, value, goal, sheet, cell = parts
    known = CATALOGUE[code][0] if code in CATALOGUE else Severity(level)
    return Problem(code, known, Place(source.name, sheet, cell, source.container), message, advice, value, goal)


def _plain(value: Value) -> object:
    return [_DATE, value.isoformat()] if isinstance(value, date) else value


def _value(plain: Any) -> Value:
    return date.fromisoformat(plain[1]) if type(plain) is list else plain
