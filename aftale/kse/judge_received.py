"""What one received file is: a returned skema, KSE's edition, or nothing that can be used here.

A worker process calls `received_text` (see `intake.workers.Judge`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from aftale.cells.hidden_sheet import find_record, is_edition
from aftale.forms.judge import judge
from aftale.forms.returned import DepartmentAnswer, Expected, Returned
from aftale.intake.unpack import conflict_copy
from aftale.intake.workers import Opened
from aftale.kse.edition import _box, judge_department
from aftale.merge.state_json import packed
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import IncomingMail, Refused
from aftale.model.workbook import Workbook

JUDGE = "aftale.kse.judge_received:received_text"


def received_text(found: Opened | IncomingMail | Refused, expected: Expected, known: Mapping[str, Form]) -> tuple[str, bool]:
    """Return what was received as text (see `state_json.packed`), and whether it was refused.

    ``known`` are the skemaer that a file may be which says too little of itself, by the id that stands in a visible cell.
    """
    received = _received(found, replace(expected, forms=known)) if isinstance(found, Opened) else found
    return packed(received), isinstance(received, Refused)


def _received(opened: Opened, expected: Expected) -> Returned | DepartmentAnswer | Refused:
    source = opened.source
    book = opened.read(returned=True)
    judged = Refused(source, book) if isinstance(book, Finding) else judge_any(book, expected, opened.read)
    program = conflict_copy(source.name)
    if program and isinstance(judged, Returned):
        about = problem("sync-conflict", Place(source.name, container=source.container), value=program)
        return replace(judged, findings=(about, *judged.findings))
    return judged


def judge_any(book: Workbook, expected: Expected,
              reread: Callable[[], Workbook | Finding]) -> Returned | DepartmentAnswer | Refused:
    """Judge one file, a skema or KSE's edition; refuse what is neither, or belongs elsewhere.

    ``reread`` gives KSE's edition once more with its formulas, which tell what is ours when figures have changed.
    """
    judged = judge(book, expected)
    if not isinstance(judged, Refused) or judged.problem.code not in ("other-kind", "not-ours"):
        return judged
    record = find_record(book)[1]
    if is_edition(record):
        whole = reread()
        return Refused(book.source, whole) if isinstance(whole, Finding) else judge_department(whole, expected)
    lost = not record.lines and any(_box(sheet) for sheet in book.sheets)
    return Refused(book.source, problem("kse-record-lost", book.place())) if lost else judged
