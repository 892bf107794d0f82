"""The coordinator's own columns, notes and sheets: found in a standing follow-up, remembered, and put in again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zlib import crc32

from aftale.agreement.read_goals import followed
from aftale.cells.find_table import FoundTable, beside_label, find_table
from aftale.cells.hidden_sheet import find_record
from aftale.model.additions import HEADER, OWN, SHEET, TOP, OwnColumn, OwnContent, OwnNote
from aftale.model.agreement import Agreement, Value
from aftale.model.columns import (
    BOXES,
    CONFLICT_COLUMNS,
    CONFLICTS,
    CONTROL,
    CONTROL_COLUMNS,
    DIALOG,
    DIALOG_COLUMNS,
    OPFOELGNING,
    OVERBLIK,
    RESPONSE_COLUMNS,
    RESPONSES,
    RESULTATER,
    SOURCE_COLUMNS,
    SOURCES,
    UDVIKLINGSPLAN,
    Column,
    every_result_column,
    followup_columns,
    plan_columns,
)
from aftale.model.tables import Cell, Table
from aftale.model.text import canonical, count, fold, listing, some
from aftale.model.workbook import Note, Special, Workbook, WorkbookSheet, cell_name, cell_place, is_filled

DRAWING = "tegning"
"""The post with what was drawn: how cells looked, and how many rules, charts and notes every sheet had."""
_ROW_KEYS: Mapping[str, tuple[str, ...]] = {
    OPFOELGNING: ("id",), UDVIKLINGSPLAN: ("id",), RESULTATER: ("id",),
    DIALOG: ("key",),
    CONFLICTS: ("id", "column", "answer", "who"), RESPONSES: ("form",),
    CONTROL: ("key",), SOURCES: ("sha",)}
"""The columns that a row of each sheet can be found again by."""
PAGE_TEXTS = "sidehoved og sidefod"
_MOST_CELLS = 5
_ENOUGH, _SURE = 0.75, 8
"""Such a share of its headers, or so many, tell a sheet of ours that was given another name."""


def table_columns(years: Iterable[int]) -> dict[str, tuple[Column, ...]]:
    """Return the columns of every sheet of the follow-up that has a table."""
    years = tuple(years)
    return {OPFOELGNING: followup_columns(years), UDVIKLINGSPLAN: plan_columns(years),
            RESULTATER: every_result_column(years), DIALOG: DIALOG_COLUMNS, CONFLICTS: CONFLICT_COLUMNS,
            RESPONSES: RESPONSE_COLUMNS, CONTROL: CONTROL_COLUMNS, SOURCES: SOURCE_COLUMNS}


# ---------------------------------------------------------------- which sheets are ours

def our_sheets(book: Workbook, years: Iterable[int]) -> dict[str, WorkbookSheet]:
    """Return the sheets of ours by their proper name: those called so, else those that hold the table or the boxes."""
    columns = table_columns(years)
    found: dict[str, WorkbookSheet] = {}
    record, _ = find_record(book)
    free = [sheet for sheet in book.sheets if sheet is not record]
    for name in (OVERBLIK, *columns):
        called = [sheet for sheet in free if fold(sheet.name) == fold(name)]
        if called:
            found[name] = called[0] if len(called) == 1 else max(
                called, key=lambda sheet: (_is_sheet(sheet, columns.get(name)), sheet.name == name))
            free.remove(found[name])
    for name in (OVERBLIK, *columns):
        if name not in found:
            like = next((sheet for sheet in free if _is_sheet(sheet, columns.get(name))), None)
            if like is not None:
                found[name] = like
                free.remove(like)
    return found


def _is_sheet(sheet: WorkbookSheet, columns: Sequence[Column] | None) -> bool:
    if columns is None:
        return all(beside_label(sheet, (label,)) for label in BOXES)
    table = find_table(sheet, columns, [column.key for column in columns])
    known = len(table.columns) if table else 0
    return (table is not None and known >= min(_ENOUGH * len(columns), _SURE)
            and known >= _ENOUGH * (known + len(table.extra)))


# ---------------------------------------------------------------- where everything stands in them

@dataclass(frozen=True)
class Layout:
    """Where a sheet of ours has what in the file that stands there (zero-based).

    ``columns`` is the key of each column, own ones included; ``rows`` the key of each row that can be found again;
    ``header`` is -1 where there is no table. ``boxes`` are the cells of ``Overblik`` that people write in.
    """

    sheet: WorkbookSheet
    header: int = -1
    columns: Mapping[int, str] = field(default_factory=dict)
    rows: Mapping[int, str] = field(default_factory=dict)
    own: Mapping[int, OwnColumn] = field(default_factory=dict)
    boxes: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def at(self, row: int, column: int) -> tuple[str, str] | None:
        """Return the row key and column key of a cell, None where it couldn't be found again."""
        if (row, column) in self.boxes:
            return self.boxes[row, column], ""
        if row == self.header and column in self.columns:
            return HEADER, self.columns[column]
        if (row, column) == (0, 0):
            return TOP, ""
        return (self.rows[row], self.columns[column]) if row in self.rows and column in self.columns else None

    def is_own(self, row: int, column: int) -> bool:
        """Tell whether a cell belongs to an own column and is carried with it."""
        return column in self.own and (row == self.header or row in self.rows)


def layouts(sheets: Mapping[str, WorkbookSheet], agreement: Agreement) -> dict[str, Layout]:
    """Lay out the sheets of ours, by their proper name."""
    columns = table_columns(agreement.plan_years)
    goals = followed(agreement)
    return {name: _layout(name, sheet, columns.get(name, ()), goals) for name, sheet in sheets.items()}


def _layout(name: str, sheet: WorkbookSheet, columns: Sequence[Column], goals: Collection[str]) -> Layout:
    if name == OVERBLIK:
        return Layout(sheet, boxes={at[:2]: label for label in BOXES if (at := beside_label(sheet, (label,)))})
    table = find_table(sheet, columns, [column.key for column in columns])
    if table is None:
        return Layout(sheet)
    rows: dict[str, int] = {}
    for row in table.data_rows():
        key = row_key(name, {part: canonical(table.value(row, part)) for part in _ROW_KEYS[name]})
        if key and (name != OPFOELGNING or key in goals):
            rows.setdefault(key, row)
    by_row = {row: key for key, row in rows.items()}
    own = _own_columns(table, columns, by_row) if name == OPFOELGNING else {}
    keys = {at: key for key, at in table.columns.items()} | {at: column.key for at, column in own.items()}
    return Layout(sheet, table.row, keys, by_row, own)


def without_rows(layout: Layout, rows: Collection[int]) -> Layout:
    """Return a layout without some rows, of which it isn't certain whose they are, and without what stands in them."""
    gone = {key for row, key in layout.rows.items() if row in rows}
    return replace(layout, rows={row: key for row, key in layout.rows.items() if row not in rows},
                   own={at: replace(column, values={key: value for key, value in column.values.items() if key not in gone})
                        for at, column in layout.own.items()})


def row_key(sheet: str, texts: Mapping[str, str]) -> str:
    """Return what a row of a sheet is found again by, '' for an empty one; ``texts`` are canonical, by column key."""
    parts = [texts.get(key, "") for key in _ROW_KEYS[sheet]]
    if len(parts) == 1:
        return parts[0]
    return f"{crc32(chr(31).join(parts).encode('utf-8', 'surrogatepass')):08x}" if any(parts) else ""


def drawn_rows(table: Table) -> dict[str, int]:
    """Return the number of each row of a table that can be found again, by its key."""
    found: dict[str, int] = {}
    wanted = {n: column.key for n, column in enumerate(table.columns) if column.key in _ROW_KEYS.get(table.sheet, ())}
    for number, row in enumerate(table.rows if table.sheet in _ROW_KEYS else ()):
        key = row_key(table.sheet, {key: canonical(row[n].value) for n, key in wanted.items()})
        if key:
            found.setdefault(key, number)
    return found


# ---------------------------------------------------------------- own columns

def _own_columns(table: FoundTable, columns: Sequence[Column], rows: Mapping[int, str]) -> dict[int, OwnColumn]:
    """Return the columns that were inserted in the table or stand right beside it, by their place."""
    known = {at: key for key, at in table.columns.items()}
    first, last = min(known), max(known)
    taken = {fold(column.header) for column in columns}
    found: dict[int, OwnColumn] = {}
    after, width = "", max((*known, *table.extra)) + 1
    while first - 1 in table.extra:
        first -= 1
    for at in range(first, width):
        after = known.get(at, after)
        header = table.extra.get(at, "")
        if at > last and not header:
            break  # what stands beyond an empty column isn't part of the table
        if at in known:
            continue
        values = {key: value for row, key in rows.items() if (value := _value(table.sheet.value(row, at))) is not None}
        if not header and not values:
            continue
        header = _unlike(header or "Kolonne", taken)
        taken.add(fold(header))
        found[at] = OwnColumn(header, after, values)
    return found


def _unlike(header: str, taken: Collection[str]) -> str:
    """Return a header that no other column has: a table's headers must differ."""
    number, new = 2, header
    while fold(new) in taken:
        new, number = f"{header} ({number})", number + 1
    return new


def _value(raw: object) -> Value:
    """Return what stands in a cell as it can be drawn again."""
    if not is_filled(raw):
        return None
    if isinstance(raw, Special):
        return raw.text if raw.kind == "error" else None
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int | float):
        return float(raw)
    if isinstance(raw, datetime):
        return raw if raw.time() != datetime.min.time() else raw.date()
    return raw if isinstance(raw, date | str) else canonical(raw)


def with_own_columns(table: Table, own: OwnContent) -> Table:
    """Put the own columns into ``Opfølgning``: each after the column that it stood after, else at the end."""
    if not own.columns:
        return table
    keys = [column.key for column in table.columns]
    taken = {fold(column.header) for column in table.columns}
    new: list[tuple[Column, OwnColumn | int]] = []
    for place, known in enumerate(table.columns):
        new.append((known, place))
        for column in own.columns:
            # Mål-id stays first: it is frozen, printed on every page, and what links go to.
            after = keys.index(column.after) if column.after in keys else 0 if not column.after else len(keys) - 1
            if after != place:
                continue
            header = _unlike(column.header, taken)
            taken.add(fold(header))
            new.append((Column(column.key, header, column.width, "long"), column))
    id_at = keys.index("id")
    rows = tuple(tuple(row[of] if isinstance(of, int) else Cell(of.values.get(canonical(row[id_at].value)))
                       for _, of in new) for row in table.rows)
    return replace(table, columns=tuple(column for column, _ in new), rows=rows)


# ---------------------------------------------------------------- own notes

def own_notes(name: str, layout: Layout, ours: Collection[str], threaded: bool) -> tuple[list[OwnNote], list[str]]:
    """Return the notes on a sheet of ours that aren't ours, and the cells of those that can't be found again.

    ``ours`` are the marks of the notes that we drew; ``threaded`` that the sheet has threaded comments: then every text
    says who wrote it.
    """
    texts: dict[tuple[str, str], list[Note]] = {}
    nowhere: list[str] = []
    for note in layout.sheet.notes:
        at = cell_place(note.cell)
        if not note.text or mark(note.text) in ours:
            continue
        key = layout.at(*at) if at else None
        if key is None:
            nowhere.append(note.cell)
        else:
            texts.setdefault(key, []).append(note)
    found = []
    for (row, column), notes in texts.items():
        named = threaded or len(notes) > 1
        text = "\n\n".join(f"{n.author}:\n{n.text}" if named and n.author and not n.text.startswith(n.author) else n.text
                           for n in notes)
        found.append(OwnNote(name, row, column, text, notes[0].author))
    return sorted(found), nowhere


# ---------------------------------------------------------------- whatever can't be carried

def mark(text: str) -> str:
    """Return six letters that tell one text from another."""
    return f"{crc32(text.encode('utf-8', 'surrogatepass')) & 0xffffff:06x}"


def marks(texts: Iterable[str]) -> str:
    """Return the marks of all texts, so that one that wasn't there before can be told from those that were."""
    return " ".join(sorted({mark(text) for text in texts if text}))


def strange_cells(contents: Iterable[tuple[int, int, str]], known: str) -> list[str]:
    """Name the cells whose text isn't among those that were drawn, in reading order."""
    drawn = frozenset(known.split())
    return [cell_name(row, column) for row, column, text in sorted(contents) if text and mark(text) not in drawn]


def lost_cells(sheet: str, cells: Sequence[str], what: str = "det, der er skrevet") -> str:
    """Say what, in which cells of a sheet, couldn't be carried over."""
    if not cells:
        return f"ændringer på arket {sheet}"
    return f"{what} i {listing(list(cells))} på arket {sheet}"


_CELLS = re.compile(r"[A-Z]{1,3}[0-9]+(?:, [A-Z]{1,3}[0-9]+)+ og [A-Z]{1,3}[0-9]+")


def shortened(text: str) -> str:
    """Return what is said of many cells with only the first of each sheet named, and the others counted."""
    return _CELLS.sub(lambda found: some(re.split(", | og ", found[0]), _MOST_CELLS), text)


def lost_formulas(layout: Layout) -> list[str]:
    """Say which own columns had formulas, of which only the values are carried."""
    return [f"formlerne i kolonnen »{column.header}« (deres værdier er taget med)" for at, column in layout.own.items()
            if any(c == at and layout.is_own(r, c) and not isinstance(layout.sheet.value(r, c), Special)
                   and formula.strip("=").upper() not in _TRUTHS for (r, c), formula in layout.sheet.formulas.items())]


_TRUTHS = ("TRUE()", "FALSE()")
"""How LibreOffice stores a truth value that was typed: the value says it all."""
_UNREADABLE = {"error": "fejlværdierne (de står nu som tekst)", "formula": "formlerne, der ikke var beregnet,",
               "picture": "billederne"}


def lost_specials(layout: Layout) -> list[str]:
    """Say which cells of own columns hold what isn't a value, and what that is."""
    found: dict[str, list[str]] = {}
    for row, column, value in layout.sheet.filled():
        if isinstance(value, Special) and layout.is_own(row, column):
            found.setdefault(value.kind, []).append(cell_name(row, column))
    return [lost_cells(layout.sheet.name, cells, _UNREADABLE.get(kind, "det")) for kind, cells in sorted(found.items())]


def without_gone(own: OwnContent, goals: Collection[str]) -> tuple[OwnContent, list[str]]:
    """Leave out what stands on the rows of goals that are no longer followed up, and say what that was."""
    columns, lost = [], []
    for column in own.columns:
        gone = sorted(column.values.keys() - set(goals))
        if gone:
            lost.append(f"kolonnen »{column.header}« for {listing(gone)}, der ikke længere er i aftalen")
        columns.append(replace(column, values={key: value for key, value in column.values.items() if key in goals}))
    notes = [n for n in own.notes if n.sheet != OPFOELGNING or n.row in (HEADER, TOP) or n.row in goals]
    gone_notes = sorted({n.row for n in own.notes} - {n.row for n in notes}) if len(notes) < len(own.notes) else []
    if gone_notes:
        lost.append(f"noterne til {listing(gone_notes)}, der ikke længere er i aftalen")
    looks = {cell: look for cell, look in own.looks.items() if cell[0] in goals or cell[0] == HEADER}
    heights = {goal: height for goal, height in own.heights.items() if goal in goals}
    rows = tuple(goal for goal in own.rows if goal in goals)
    return replace(own, columns=tuple(columns), notes=tuple(notes), looks=looks, heights=heights, rows=rows), lost


def carried(own: OwnContent) -> str:
    """Say what of the coordinator's own was carried over, '' where there is nothing."""
    names = [f"»{column.header}«" for column in own.columns]
    sheets = [f"»{sheet.name}«" for sheet in own.sheets]
    looks = sum(not key.startswith(OWN) for _, key in own.looks)
    seen = {key for key in (*own.widths, *own.hidden) if not key.startswith(SHEET)}
    hidden = [f"»{key.removeprefix(SHEET)}«" for key in own.hidden if key.startswith(SHEET)]
    said = [text for number, text in (
        (len(names), f"{'kolonnen' if len(names) == 1 else 'kolonnerne'} {listing(names)}"),
        (len(own.notes), count(len(own.notes), "note", "noter")),
        (looks, f"formatet på {count(looks, 'celle', 'celler')}"),
        (len(seen), f"visningen af {count(len(seen), 'kolonne', 'kolonner')}"),
        (len(own.heights), f"højden på {count(len(own.heights), 'række', 'rækker')}"),
        (len(own.rows), f"at {count(len(own.rows), 'række', 'rækker')} er skjult"),
        (len(own.about), "filens egenskaber"),
        (len(hidden), f"at {listing(hidden)} er skjult"),
        (len(sheets), f"{'arket' if len(sheets) == 1 else 'arkene'} {listing(sheets)}")) if number]
    return f"Overført fra den tidligere opfølgning: {listing(said)}." if said else ""


# ---------------------------------------------------------------- how cells looked when they were drawn

def drawn_look(drawing: Mapping[str, Any], row: str, column: str) -> list[Any] | None:
    """Return the look that a cell of ``Opfølgning`` was drawn with, None where it wasn't drawn; in its order."""
    looks = drawing["looks"]
    at = next((n for n, each in enumerate(looks["columns"]) if each[0] == column), None)
    if at is None or row not in looks["rows"]:
        return None
    found: list[Any] = looks["looks"][looks["kinds"][looks["rows"][row][0]][at]]
    return found
