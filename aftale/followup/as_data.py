"""A round as data: one JSON object, the answers as CSV, and the rows that are printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from aftale.followup.build import FollowUp
from aftale.followup.who_answered import board_sentence, by_urgency, open_lines
from aftale.merge.merge import HEADERS
from aftale.model.agreement import Value
from aftale.model.findings import Finding
from aftale.model.text import some
from aftale.office.report import problem_data


def response_rows(result: FollowUp) -> list[tuple[str, ...]]:
    """Return the delivery board as rows of text, the most urgent first: ansvarlig, status, answered, missing."""
    return [(r.form.owner.name, r.delivery.danish, f"{len(r.answered)} af {len(r.goals)}", some(r.missing, 3))
            for r in by_urgency(result.responses)]


def board_lines(result: FollowUp) -> list[str]:
    """Return the board in a sentence, and the goals that still lack something in the skemaer that are back."""
    texts = {v.goal.id: v.goal.text for v in result.goal_results}
    return [board_sentence(result.responses), *open_lines(result.responses, texts)]


def flet_data(result: FollowUp, workbook: str | None, problems: Sequence[Finding]) -> dict[str, object]:
    """Return the result as the JSON object of ``--json``."""
    counts: Counter[str] = Counter(dict(result.book.overview.counts))
    goals = []
    for v in result.goal_results:
        answers = {column.value: _plain(cell.outcome) for column, cell in v.answers.items()}
        goals.append({"id": v.goal.id, "level": v.goal.level.name.lower(), "text": v.goal.text, "active": v.active,
                      "target": v.target, "baseline": _plain(v.baseline), "fulfilment": v.outcome.fulfilment,
                      "status": v.shown, "reported": v.reported or None, "computed": v.computed or None,
                      "response": v.response, "answers": answers,
                      "owners": [{"owner": share.owner, "state": share.stage.value, "missing": list(share.missing)}
                                 for share in result.shares.get(v.goal.id, ())],
                      "undecided": [c.value for c, cell in v.answers.items() if cell.conflict]})
    conflicts = [{"goal": goal, "column": column.value, "header": HEADERS[column],
                  "answers": [{"value": _plain(s.value), "who": s.who, "when": s.source.when,
                               "file": s.source.name, "cell": s.place.cell} for s in cell.sides]}
                 for (goal, column), cell in result.merged.cells.items() if cell.conflict]
    books = result.books
    return {"workbook": workbook, "goals": goals,
            "responses": [{"form": r.form.id, "owner": r.form.owner.name, "email": r.form.owner.email,
                           "status": r.delivery.danish, "state": r.delivery.value, "answered": list(r.answered),
                           "missing": list(r.missing), "files": [f.source.name for f in r.files]}
                          for r in result.responses],
            "conflicts": conflicts, "problems": [problem_data(p) for p in problems], "counts": dict(counts),
            "cells": {"total": books.total, "sent": books.sent, "conflict": books.conflict, "followup": books.followup,
                      "control": books.control, "balance": books.balance}}


def _plain(value: Value) -> str | float | None:
    return value.isoformat() if isinstance(value, date) else value


