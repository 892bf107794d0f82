"""What the coordinator has added to the standing follow-up: carried over into the new one, or said and kept beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aftale.additions.find import (
    DRAWING,
    Layout,
    carried,
    lost_cells,
    lost_formulas,
    lost_specials,
    own_notes,
    without_gone,
)
from aftale.additions.formats_xlsx import Seen, as_we_saved_it, see
from aftale.agreement.read_goals import followed
from aftale.cells.hidden_sheet import find_record
from aftale.followup.read_back import Standing
from aftale.model.additions import OWN, OwnContent, OwnNote
from aftale.model.agreement import Agreement
from aftale.model.columns import OPFOELGNING, RECORD
from aftale.model.text import fold, listing
from aftale.model.workbook import Workbook


def with_own(standing: Standing, book: Workbook, data: bytes, agreement: Agreement) -> Standing:
    """Return the standing follow-up with everything in it that is the coordinator's own.

    ``data`` are the file's bytes. A file that is as we saved it needs no look: its own things are remembered in it.
    """
    found, missing = (standing.state.own, []) if as_we_saved_it(data) else _looked_for(standing.layouts, book, data)
    own, gone = without_gone(found, followed(agreement))
    lost = dict.fromkeys((*standing.lost, *missing, *gone))
    return replace(standing, state=replace(standing.state, own=own), lost=tuple(lost))


def _looked_for(layouts: Mapping[str, Layout], book: Workbook, data: bytes) -> tuple[OwnContent, list[str]]:
    sheet, record = find_record(book)
    drawing: dict[str, Any] = json.loads((record.intact and record.text(DRAWING, "", "udseende")) or "{}")
    seen = see(data, book, layouts, sheet.name if sheet else RECORD, drawing)
    notes, lost = _notes(layouts, drawing, seen)
    lost += [f"navnet «{layout.sheet.name}» på arket «{name}»" for name, layout in layouts.items()
             if fold(layout.sheet.name) != fold(name)]
    followup = layouts.get(OPFOELGNING)
    pixels = {key: width for key, width in seen.widths.items() if width > 12}
    columns = tuple(replace(column, width=round((pixels[column.key] - 5) / 7, 2)) if column.key in pixels else column
                    for column in followup.own.values()) if followup else ()
    lost += [*lost_formulas(followup), *lost_specials(followup)] if followup else []
    widths = {key: width for key, width in seen.widths.items() if not key.startswith(OWN)}
    own = OwnContent(columns, notes, seen.sheets, seen.looks, widths, seen.hidden, seen.heights,
                     seen.rows, seen.about)
    return own, [*lost, *seen.lost]


def _notes(layouts: Mapping[str, Layout], drawing: Mapping[str, Any], seen: Seen) -> tuple[tuple[OwnNote, ...], list[str]]:
    found: list[OwnNote] = []
    lost: list[str] = []
    for name, layout in layouts.items():
        ours = frozenset(drawing.get("sheets", {}).get(name, ("", "", "", ""))[3].split())
        notes, nowhere = own_notes(name, layout, ours, layout.sheet.name in seen.threaded)
        found += notes
        if nowhere:
            lost.append(lost_cells(layout.sheet.name, nowhere, "noterne"))
    return tuple(found), lost


def said_of(standing: Standing, kept: str) -> str:
    """Say what was carried over and what wasn't, cell by cell, and what the earlier file is called; '' where nothing."""
    missing = f"Ikke ført med: {listing(standing.lost)}. Den tidligere fil ligger som {kept}." if standing.lost else ""
    return " ".join(part for part in (carried(standing.state.own), missing) if part)
