"""What the coordinator has added to the standing follow-up: carried over into the new one, or said and kept beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aftale.additions.find import (
    DRAWING,
    Layout,
    carried,
    each_mark,
    lost_cells,
    lost_formulas,
    own_notes,
    without_gone,
)
from aftale.additions.formats_xlsx import Seen, as_we_saved_it, see
from aftale.agreement.read_goals import followed
from aftale.cells.hidden_sheet import Record, find_record
from aftale.followup.read_back import Standing
from aftale.model.additions import OWN, OwnContent, OwnNote
from aftale.model.agreement import Agreement
from aftale.model.columns import OPFOELGNING, RECORD
from aftale.model.text import fold, listing
from aftale.model.workbook import Workbook


@dataclass(frozen=True)
class _Found:
    own: OwnContent
    lost: tuple[str, ...] = ()


def with_own(standing: Standing, book: Workbook, data: bytes, agreement: Agreement) -> Standing:
    """Return the standing follow-up with everything in it that is the coordinator's own.

    ``data`` are the file's bytes. A file that is as we saved it needs no look: its own things are remembered in it.
    """
    found = _Found(standing.state.own) if as_we_saved_it(data) else _looked_for(standing.layouts, book, data)
    own, gone = without_gone(found.own, followed(agreement))
    lost = dict.fromkeys((*standing.lost, *found.lost, *gone))
    return replace(standing, state=replace(standing.state, own=own), lost=tuple(lost))


def _looked_for(layouts: Mapping[str, Layout], book: Workbook, data: bytes) -> _Found:
    sheet, record = find_record(book)
    drawing = _drawing(record)
    seen = see(data, book, layouts, sheet.name if sheet else RECORD, drawing)
    notes, lost = _notes(layouts, drawing, seen)
    lost += [f"navnet «{layout.sheet.name}» på arket «{name}»" for name, layout in layouts.items()
             if fold(layout.sheet.name) != fold(name)]
    followup = layouts.get(OPFOELGNING)
    columns = tuple(replace(column, width=_characters(seen.widths.get(column.key, 0)) or column.width)
                    for column in followup.own.values()) if followup else ()
    lost += lost_formulas(followup) if followup else []
    widths = {key: width for key, width in seen.widths.items() if not key.startswith(OWN)}
    own = OwnContent(columns, notes, seen.sheets, seen.looks, widths, seen.hidden, seen.heights)
    return _Found(own, (*lost, *seen.lost))


def _drawing(record: Record) -> dict[str, Any]:
    text = record.text(DRAWING, "", "udseende") if record.intact else ""
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def _characters(pixels: float) -> float:
    return round((pixels - 5) / 7, 2) if pixels > 12 else 0.0


def _notes(layouts: Mapping[str, Layout], drawing: Mapping[str, Any], seen: Seen) -> tuple[tuple[OwnNote, ...], list[str]]:
    found: list[OwnNote] = []
    lost: list[str] = []
    for name, layout in layouts.items():
        ours = each_mark(drawing.get("sheets", {}).get(name, ("", "", "", ""))[3])
        notes, nowhere = own_notes(name, layout, ours, layout.sheet.name in seen.threaded)
        found += notes
        if nowhere:
            lost.append(lost_cells(layout.sheet.name, nowhere, "noterne"))
    return tuple(found), lost


def said_of(standing: Standing, kept: str) -> str:
    """Say what was carried over and what wasn't, and what the earlier file is called; '' where there is nothing."""
    missing = f"Ikke ført med: {listing(standing.lost)}. Den tidligere fil ligger som {kept}." if standing.lost else ""
    return " ".join(part for part in (carried(standing.state.own), missing) if part)
