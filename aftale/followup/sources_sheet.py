"""What ``Kilder`` says: a line for every file, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aftale.forms.mails_without_form import Known, sender_of
from aftale.forms.returned import DepartmentAnswer, Returned
from aftale.merge.merge import MergeResult
from aftale.merge.shown import when_text
from aftale.model.columns import SOURCE_COLUMNS, SOURCES
from aftale.model.place import Source
from aftale.model.received import IncomingMail, Refused
from aftale.model.tables import Cell, Table
from aftale.model.text import listing


def source_table(returned: Sequence[Returned], refused: Sequence[Refused], merged: MergeResult,
                 letters: Sequence[IncomingMail] = (), known: Known | None = None,
                 departments: Sequence[DepartmentAnswer] = ()) -> tuple[Table, dict[str, int]]:
    """Return ``Kilder`` and the line number of each returned file by its sha256; mails stand last, without cells."""
    replaced = {s.answer.source.sha256: s.by.name for s in merged.superseded}
    rows, numbers = [], {}
    ordered = sorted(returned, key=lambda r: (r.owner, r.source.container, r.source.name, r.source.sha256))
    for number, each in enumerate(ordered, 1):
        numbers[each.source.sha256] = number
        verdict = _verdict(each, replaced)
        rows.append(_source_row(number, each.source, each.owner, each.filled_by, each.form, verdict, each.cells))
    for number, answer in enumerate(departments, len(ordered) + 1):
        rows.append(_department_row(number, answer))
    for number, refusal in enumerate(refused, len(rows) + 1):
        rows.append(_source_row(number, refusal.source, "", "", "", f"Ikke læst: {refusal.problem.message}", 0, "error"))
    for number, letter in enumerate(letters, len(rows) + 1):
        names = listing(list((known or {}).get(sender_of(letter), ())))
        verdict, mark = ("Mail med skema", "") if letter.with_form else ("Automatisk svar", "") if letter.automatic else (
            "Har svaret uden skema", "question")
        rows.append(_source_row(number, letter.source, names, "", "", verdict, 0, mark))
    table = Table(SOURCES, "Kilder", "Alle filer, der er modtaget i runden. Tiderne er dem, filerne selv oplyser."
                  " Tryk på + over kolonnerne for at se resten af dem.", SOURCE_COLUMNS,
                  tuple(rows), "Kilder", "Ingen filer modtaget endnu.")
    return table, numbers


def _verdict(each: Returned, replaced: Mapping[str, str]) -> str:
    if each.untouched:
        return "Læst: uændret siden udsendelsen"
    if each.source.sha256 in replaced:
        return f"Læst; nogle svar er erstattet af {replaced[each.source.sha256]}"
    return "Læst og flettet"


def _department_row(number: int, answer: DepartmentAnswer) -> tuple[Cell, ...]:
    """Return the line of KSE's returned edition."""
    said = "Forvaltningens bemærkninger"
    other = any(each.kind for each in answer.findings)
    if answer.untouched:
        said += ": uændret siden udsendelsen"
    elif other:
        said += "; andet, der er ændret, står på Kontrol"
    return _source_row(number, answer.source, "Forvaltningen", "", "", said, answer.cells,
                       "question" if other else "")


def _source_row(number: int, source: Source, owner: str, filled_by: str, form: str, verdict: str, cells: int,
                mark: str = "") -> tuple[Cell, ...]:
    return (Cell(float(number), "0"), Cell(source.name), Cell(source.container or None), Cell(owner or None),
            Cell(filled_by or None), Cell(form or None), Cell(when_text(source.when) or None), Cell(source.sender or None),
            Cell(source.program or None), Cell(verdict, mark=mark), Cell(float(cells), "0"), Cell(source.sha256[:16]))
