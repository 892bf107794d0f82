"""What the coordinator has added to a follow-up, read from a file that another program has saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aftale.additions.find import DRAWING, Layout, lost_cells, lost_formulas, lost_specials, own_notes
from aftale.additions.formats_xlsx import Seen, see
from aftale.cells.hidden_sheet import find_record
from aftale.model.additions import OWN, OwnContent, OwnNote
from aftale.model.columns import OPFOELGNING, RECORD
from aftale.model.text import fold
from aftale.model.workbook import Workbook


def read_own(layouts: Mapping[str, Layout], book: Workbook, data: bytes) -> tuple[OwnContent, list[str]]:
    """Return all that is the coordinator's own, and what can't be carried over; ``data`` are the file's bytes."""
    sheet, record = find_record(book)
    drawing: dict[str, Any] = json.loads((record.intact and record.text(DRAWING, "", "udseende")) or "{}")
    seen = see(data, book, layouts, sheet.name if sheet else RECORD, drawing)
    notes, lost = _notes(layouts, drawing, seen)
    lost += [f"navnet »{layout.sheet.name}« på arket {name}" for name, layout in layouts.items()
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
