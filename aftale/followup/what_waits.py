"""What a follow-up shows as it stands in Excel now: who has answered, and what waits for the coordinator.

It is read off the sheets that people see, so that it is what they see when they open the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aftale.cells.find_table import FoundTable, beside_label, find_table, sheets_by_name
from aftale.model.agreement import UNDECIDED
from aftale.model.columns import (
    ASSESSMENT,
    CONFLICT_COLUMNS,
    CONFLICTS,
    CONTROL,
    CONTROL_COLUMNS,
    DIALOG,
    DIALOG_COLUMNS,
    IN_FRAME,
    OPFOELGNING,
    OVERBLIK,
    RESPONSE_COLUMNS,
    RESPONSES,
    Column,
    followup_columns,
)
from aftale.model.text import canonical, fold
from aftale.model.workbook import Workbook

OPEN, ERROR, TOLD = "Åben", "Fejl", "Til orientering"
"""What stands under Tilstand on ``Kontrol``; what is decided says what became of it."""
CHOOSE, CHOSEN = "Skal vælges", "Valgt"
"""How a word under Afgørelse on »Modstridende svar« begins while it is open, and what is said of what holds."""
NOT_READ, MAIL = "Ikke læst", "Mail uden skema"
"""What the lines of ``Kontrol`` are called that tell of a file that can't be read, and of a mail without a skema."""
PROPOSALS = frozenset(("Forslag til nyt mål", "Ændring af det aftalte"))
"""The kinds of line that propose something else than what is agreed."""
_ASKS = "spørg "
"""How a choice begins, folded, that leaves a line open until somebody has answered."""
_FORM_ID = re.compile("S(?:-[0-9A-F]{4}){2}")
"""What a skema is known by: the table goal by goal, which stands below, has none."""


class Answered(NamedTuple):
    """How far an ansvarlig has come, as people read it, the Mål-id that still lack an answer, and the skema-id."""

    owner: str
    state: str
    missing: tuple[str, ...] = ()
    form: str = ""


@dataclass(frozen=True)
class Waiting:
    """What waits for the coordinator: how many conflicts, questions, proposals and lines on ``Dialog``, and which boxes.

    ``mails`` and ``unread`` are the files of mails without a skema and of those that can't be read. ``chosen`` is how many
    of all these are settled already, and not merged yet.
    """

    conflicts: int = 0
    questions: int = 0
    proposals: int = 0
    mails: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    dialog: int = 0
    boxes: tuple[str, ...] = ()
    chosen: int = 0

    @property
    def on_control(self) -> int:
        """How many lines of ``Kontrol`` wait."""
        return self.questions + self.proposals + len(self.mails) + len(self.unread)


def answered(book: Workbook) -> tuple[Answered, ...]:
    """Return who has answered, as ``Svaroversigt`` of a follow-up has it."""
    table = _table(book, RESPONSES, RESPONSE_COLUMNS, "missing")
    rows = (row for row in table.data_rows() if _FORM_ID.fullmatch(_text(table, row, "form"))) if table else ()
    return tuple(Answered(_text(table, row, "owner"), _text(table, row, "status"), _ids(_text(table, row, "missing")),
                          _text(table, row, "form")) for row in rows if table)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def what_waits(book: Workbook, years: Sequence[int], waits_for_unit: str, merged: bool = False) -> Waiting:
    """Return what waits in a follow-up of a plan of these years; ``waits_for_unit`` is how ``Dialog`` says it of a line.

    ``merged`` tells that nobody has saved it since `flet`: what is chosen on an open line then couldn't be used.
    """
    conflicts = _conflicts(book, years)
    lines, dialog = list(_lines(book, merged)), _dialog(book, waits_for_unit)
    left = [(kind, file) for kind, file, chosen in lines if not chosen]
    return Waiting(
        conflicts=sum(not chosen for chosen in conflicts.values()), proposals=sum(kind in PROPOSALS for kind, _ in left),
        questions=sum(kind not in (*PROPOSALS, MAIL, NOT_READ) for kind, _ in left),
        mails=tuple(dict.fromkeys(file for kind, file in left if kind == MAIL)),
        unread=tuple(dict.fromkeys(file for kind, file in left if kind == NOT_READ)),
        dialog=dialog.count(False), boxes=_boxes(book),
        chosen=sum(conflicts.values()) + len(lines) - len(left) + dialog.count(True))


def _table(book: Workbook, name: str, columns: Sequence[Column], needed: str) -> FoundTable | None:
    sheet = next((each for each in sheets_by_name(book, name)[:1] if fold(each.name) == fold(name)), None)
    return find_table(sheet, columns, (needed,)) if sheet else None


def _text(table: FoundTable, row: int, key: str) -> str:
    return canonical(table.value(row, key)).strip()


def _picked(table: FoundTable, row: int) -> bool:
    return bool(_text(table, row, "pick") or _text(table, row, "own"))


def _conflicts(book: Workbook, years: Sequence[int]) -> Mapping[tuple[str, str], bool]:
    """Return for each undecided field, by Mål-id and header, whether something is chosen: there, or typed in its cell."""
    table = _table(book, CONFLICTS, CONFLICT_COLUMNS, "state")
    found: dict[tuple[str, str], bool] = {}
    rows = list(table.data_rows()) if table else []
    for row in rows:
        if table and _text(table, row, "state").startswith(CHOOSE):
            found[_text(table, row, "id"), _text(table, row, "column")] = False
    for row in rows if found else ():
        at = table and (_text(table, row, "id"), _text(table, row, "column"))
        if table and at in found and _picked(table, row):
            found[at] = True
    return found if all(found.values()) else _typed(book, years, found)


def _typed(book: Workbook, years: Sequence[int], found: Mapping[tuple[str, str], bool]) -> Mapping[tuple[str, str], bool]:
    """Return the fields with those chosen too in whose cell of ``Opfølgning`` something is typed over »Uafklaret«."""
    columns = followup_columns(years)
    table = _table(book, OPFOELGNING, columns, "status")
    if table is None:
        return found
    keys = {column.header: column.key for column in columns}
    rows = {_text(table, row, "id"): row for row in table.data_rows()}
    return {(goal, header): chosen or (goal in rows and fold(_text(table, rows[goal], keys.get(header, ""))) not in (
        "", fold(UNDECIDED))) for (goal, header), chosen in found.items()}


def _lines(book: Workbook, merged: bool) -> Iterator[tuple[str, str, bool]]:
    """Yield the open lines of ``Kontrol``: kind, file, and whether something that may be of use is chosen on it."""
    table = _table(book, CONTROL, CONTROL_COLUMNS, "level")
    for row in table.data_rows() if table else ():
        if table and _text(table, row, "level") in (OPEN, ERROR):
            waits = merged and not fold(_text(table, row, "pick")).startswith(_ASKS)
            yield _text(table, row, "kind"), _text(table, row, "file"), _picked(table, row) and not waits


def _dialog(book: Workbook, waits_for_unit: str) -> list[bool]:
    """Return for each line of ``Dialog`` that waits for the unit whether it is answered there."""
    table = _table(book, DIALOG, DIALOG_COLUMNS, "stage")
    return [bool(_text(table, row, "answer")) for row in table.data_rows()
            if fold(_text(table, row, "stage")) == fold(waits_for_unit)] if table else []


def _boxes(book: Workbook) -> tuple[str, ...]:
    """Return the boxes of ``Overblik`` that the unit fills in and that are empty."""
    sheet = next((each for each in sheets_by_name(book, OVERBLIK)[:1] if fold(each.name) == fold(OVERBLIK)), None)
    found = ((label, beside_label(sheet, (label,))) for label in (ASSESSMENT, IN_FRAME)) if sheet else ()
    return tuple(label for label, at in found if at and not canonical(at[2]).strip())
