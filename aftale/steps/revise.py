"""Writing the revised agreement that the coordinator asked for on ``Kontrol``, beside the one that is used."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile

from aftale.merge.proposed_changes import Revision, plan_revision
from aftale.merge.state import State
from aftale.model.columns import LEVEL_KEYS
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical
from aftale.model.workbook import cell_place, is_filled
from aftale.office.package import with_cells
from aftale.office.safe_write import ToWrite, standing_digest
from aftale.steps.open_agreement import Opened

_REVISED = re.compile(r"_revideret_[0-9a-f]{8}$")


@dataclass(frozen=True)
class Revised:
    """A revised agreement: the state that knows of it, where it stands, what must be written, and what is wrong.

    ``path`` is None where nothing is to be changed, ``files`` empty where the file stands there already.
    """

    state: State
    path: Path | None = None
    files: tuple[ToWrite, ...] = ()
    problems: tuple[Finding, ...] = ()


def revise(opened: Opened, state: State) -> Revised:
    """Carry out the proposed changes that were answered with ``Ret aftalen``, in a copy of the agreement.

    The copy is named by its content, so that the same choices give the same file, and the agreement itself is never
    touched. Nothing is changed but the cells of ``Mål`` that they are about.
    """
    plan = plan_revision(opened.agreement, state)
    cells = _changes(opened, plan)
    if not cells:
        return Revised(state)
    try:
        data = with_cells(opened.path.read_bytes(), opened.read.sheet, cells)
    except (BadZipFile, KeyError, ValueError):
        return Revised(state, problems=(problem("revise-format", Place(opened.path.name)),))
    stem = _REVISED.sub("", opened.path.stem)
    path = opened.path.with_name(f"{stem}_revideret_{sha256(data).hexdigest()[:8]}{opened.path.suffix}")
    told = {key: replace(choice, file=path.name) if key in plan.keys else choice for key, choice in state.control.items()}
    there = path.is_file() and path.read_bytes() == data
    files = () if there else (ToWrite(path, data, expects=standing_digest(path)),)
    return Revised(replace(state, control=told), path, files)


def _changes(opened: Opened, plan: Revision) -> dict[str, str | float]:
    """Return the cells that hold something else than what was chosen, with what is to be stored in them."""
    sheet = next((each for each in opened.book.sheets if each.name == opened.read.sheet), None)
    levels = {opened.agreement.columns[key] for key in LEVEL_KEYS if key in opened.agreement.columns}
    found: dict[str, str | float] = {}
    for cell, value in plan.cells.items():
        at = cell_place(cell)
        if sheet is None or at is None:
            continue
        now = sheet.value(*at)
        # Where a level's text is left out it is taken from the row above, which is changed as well.
        if re.sub("[0-9]", "", cell) in levels and not is_filled(now):
            continue
        stored: str | float = value if isinstance(value, float) else canonical(value)
        if isinstance(stored, float) and cell in plan.percent:
            stored = sheet.as_share(at, stored)
        if canonical(now) != canonical(stored):
            found[cell] = stored
    return found
