"""Draw the coordinator's own things into the follow-up, and remember how everything looked without them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from aftale.additions.find import DRAWING, drawn_rows, marks
from aftale.additions.own_rules_xlsx import draw_rules
from aftale.cells.hidden_sheet import Line, line
from aftale.model.additions import HEADER, OURS, PLAIN_LOOK, SHEET, TOP, OwnContent, OwnNote
from aftale.model.columns import DIALOG, OPFOELGNING, OVERBLIK, RECORD
from aftale.model.tables import DIALOG_HEADER_ROW, FollowUpBook, Table
from aftale.model.text import tidy
from aftale.office.draw_base import HEADER_ROW, Book, Props, Sheet, must
from aftale.office.package import DOCUMENTS, add_document, read_parts, write_parts

_FIRST = HEADER_ROW + 1


# ---------------------------------------------------------------- how it looked as we drew it

def drawing_lines(target: Book, book: FollowUpBook) -> Iterator[Line]:
    """Yield the ``_aftale`` lines about the drawing, to be asked for before anything of the coordinator's own is added.

    For ``Opfølgning`` how every cell looks, by column key and Mål-id; for every sheet how many rules, lists and drawings
    it has, which notes, and which looks occur on it.
    """
    content = {"looks": _looks(target, book.followup), "sheets": {
        sheet.name: [sum(map(len, sheet.cond_formats.values())), len(sheet.validations),
                     len(sheet.charts) + len(sheet.images) + len(sheet.shapes),
                     marks(tidy(note.text) for row in sheet.comments.values() for note in row.values()),
                     _kinds_of_look(target, sheet)]
        for sheet in target.book.worksheets()}, "names": sorted(name[0] for name in target.book.defined_names),
        "about": {name: str(target.book.doc_properties.get(name, "")) for name in OURS}}
    yield from line(DRAWING, "", "udseende", json.dumps(content, separators=(",", ":"), sort_keys=True), "json")


def _looks(target: Book, table: Table) -> dict[str, object]:
    """Return the looks that occur, the kinds of row (which look each column has), and every row's kind and height."""
    raw = target.book.get_worksheet_by_name(table.sheet)
    known: dict[tuple[object, ...], int] = {}
    numbers: dict[int, int] = {}
    kinds: dict[tuple[int, ...], int] = {}
    rows = {}
    for key, number in drawn_rows(table).items():
        cells = raw.table[_FIRST + number]
        looks = []
        for column in range(len(table.columns)):
            style = getattr(cells.get(column), "format", None)
            at = numbers.get(id(style))
            if at is None:
                at = numbers[id(style)] = known.setdefault(_look(target.props(style)), len(known))
            looks.append(at)
        info = raw.row_info.get(_FIRST + number)
        rows[key] = [kinds.setdefault(tuple(looks), len(kinds)), info.height if info else raw.default_row_height]
    columns = [[column.key, raw.col_info[n].width, bool(raw.col_info[n].hidden)] for n, column in enumerate(table.columns)]
    return {"looks": [*known], "kinds": [*kinds], "columns": columns, "rows": rows}


def _kinds_of_look(target: Book, sheet: Any) -> list[list[object]]:
    """Return every look that occurs among the cells, rows and columns of a sheet, once each."""
    styles = [getattr(cell, "format", None) for row in sheet.table.values() for cell in row.values()]
    styles += [info.row_format for info in sheet.row_info.values()]
    styles += [info.column_format for info in sheet.col_info.values()]
    different = {id(style): style for style in styles}.values()
    return [list(look) for look in sorted({_look(target.props(style)) for style in different}, key=repr)]


def _look(props: Props) -> tuple[object, ...]:
    look = []
    for name, otherwise in PLAIN_LOOK.items():
        value = props.get(name, otherwise)
        look.append(str(value).lstrip("#").upper() if name.endswith("color") else type(otherwise)(value))
    return tuple(look)


# ---------------------------------------------------------------- the coordinator's own on top

def add_own(target: Book, book: FollowUpBook) -> None:
    """Put the coordinator's own formats, notes and sheets into a drawn follow-up; the own columns stand in it already."""
    if not book.own:
        return
    _add_looks(target, book)
    _add_sizes(target, book)
    _add_notes(target, book)
    target.book.doc_properties |= {name: text for name, text in book.own.about.items() if name not in DOCUMENTS}
    taken = {sheet.name.lower() for sheet in target.book.worksheets()} | {RECORD}
    for sheet in book.own.sheets:
        name = _free_name(sheet.name, taken)
        taken.add(name.lower())
        _add_sheet(target, name, json.loads(sheet.content))


def _add_looks(target: Book, book: FollowUpBook) -> None:
    raw = target.book.get_worksheet_by_name(OPFOELGNING)
    rows = drawn_rows(book.followup)
    columns = {column.key: n for n, column in enumerate(book.followup.columns)}
    for (goal, key), look in sorted(book.own.looks.items()):
        if goal in rows and key in columns:
            cells, at = raw.table[_FIRST + rows[goal]], columns[key]
            if at in cells:
                props = {**target.props(cells[at].format), **json.loads(look)}
                if props.get("bg_color") == "":
                    del props["bg_color"]
                cells[at] = cells[at]._replace(format=target.rule_style(props))


def _add_sizes(target: Book, book: FollowUpBook) -> None:
    raw, own = target.book.get_worksheet_by_name(OPFOELGNING), book.own
    for sheet in target.book.worksheets():
        if own.hidden.get(SHEET + sheet.name):
            sheet.hide()
    for number, column in enumerate(book.followup.columns):
        if column.key in own.widths or column.key in own.hidden:
            info = raw.col_info[number]
            hidden = own.hidden.get(column.key, info.hidden)
            must(raw.set_column_pixels(number, number, own.widths.get(column.key, info.width), None, {
                "level": info.level, "hidden": hidden, "collapsed": info.collapsed}))
    for goal, number in drawn_rows(book.followup).items():
        if goal in own.heights:
            wanted, drawn = own.heights[goal]
            info = raw.row_info[_FIRST + number]
            # A row that has become taller since must still show its whole text.
            if wanted > info.height or info.height <= drawn:
                must(raw.set_row_pixels(_FIRST + number, wanted, None, {"level": info.level}))
        if goal in own.rows:
            info = raw.row_info[_FIRST + number]
            must(raw.set_row_pixels(_FIRST + number, info.height, None, {"level": info.level, "hidden": True}))


def with_documents(data: bytes, own: OwnContent) -> bytes:
    """Return a drawn follow-up with its case numbers and its sensitivity label in it."""
    if not DOCUMENTS.keys() & own.about.keys():
        return data
    parts = read_parts(data)
    for name, (kind, relation) in DOCUMENTS.items():
        if name in own.about:
            add_document(parts, name, own.about[name].encode(), kind, relation)
    return write_parts(parts)


def _add_notes(target: Book, book: FollowUpBook) -> None:
    tables = {table.sheet: table for table in (book.followup, book.plan, book.results, book.conflicts, book.responses,
                                               book.control, book.sources, book.dialog.table)}
    places: dict[tuple[str, int, int], list[OwnNote]] = {}
    for note in book.own.notes:
        at = _note_at(target, tables.get(note.sheet), note)
        places.setdefault((note.sheet, *at), []).append(note)
    for (sheet, row, column), notes in sorted(places.items()):
        raw = target.book.get_worksheet_by_name(sheet)
        ours = raw.comments.get(row, {}).get(column)
        texts = [*([ours.text] if ours else []), *(note.text for note in notes)]
        author = next((note.author for note in notes if note.author), "")
        Sheet(target, raw, sheet).note(row, column, "\n\n".join(texts), author)


def _note_at(target: Book, table: Table | None, note: OwnNote) -> tuple[int, int]:
    """Return where a note goes; the top of its sheet where its row or column isn't there any more."""
    if note.row == TOP:
        return 0, 0
    if table is None:
        return _beside(target, note.row) or (0, 0)
    column = next((n for n, each in enumerate(table.columns) if each.key == note.column), None)
    first = DIALOG_HEADER_ROW + 1 if table.sheet == DIALOG else table.header
    row = first - 1 if note.row == HEADER else drawn_rows(table).get(note.row, -first) + first
    return (row, column) if column is not None and row > 0 else (0, 0)


def _beside(target: Book, label: str) -> tuple[int, int] | None:
    """Return the cell to the right of a label on ``Overblik``."""
    raw = target.book.get_worksheet_by_name(OVERBLIK)
    number = target.book.str_table.string_table.get(label)
    for row, cells in sorted(raw.table.items()):
        for column, cell in sorted(cells.items()):
            if number is not None and getattr(cell, "string", None) == number:
                return row, column + 1
    return None


# ---------------------------------------------------------------- own sheets

def _free_name(name: str, taken: set[str]) -> str:
    """Return a name that Excel takes, and that no other sheet has in any case of letters."""
    name = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'") or "Ark"
    number, new = 2, name[:31]
    while new.lower() in taken:
        tail = f" ({number})"
        new, number = name[:31 - len(tail)] + tail, number + 1
    return new


def _add_sheet(target: Book, name: str, content: Mapping[str, Any]) -> None:
    made = target.sheet(name)
    raw = made.raw
    styles = [target.rule_style(props) if props else None for props in content["styles"]]
    _lay_out(raw, content)
    links = {(row, column): (url, tip) for row, column, url, tip in content.get("links", ())}
    for first_row, first, last_row, last, style in content["merges"]:
        must(raw.merge_range(first_row, first, last_row, last, "", styles[style] or target.rule_style({})))
    for row, column, value, style, formula in content["cells"]:
        if (row, column) in links:
            url, tip = links[row, column]
            must(raw.write_url(row, column, url, styles[style] or target.rule_style({}), value or None, tip or None))
        else:
            _write(made, row, column, value, styles[style], formula)
    for row, column, text, author in content["notes"]:
        made.note(row, column, text, author)
    draw_rules(raw, content, target.rule_style, must)
    sheet = name.replace("'", "''")
    for named, area in content.get("names", {}).items():
        must(target.book.define_name(named, f"='{sheet}'!{area}"))


def _lay_out(raw: Any, content: Mapping[str, Any]) -> None:
    for first, last, width, hidden, level in content["columns"]:
        must(raw.set_column_pixels(first, last, width, None, {"hidden": hidden, "level": level}))
    for row, height, hidden, level in content["rows"]:
        must(raw.set_row_pixels(row, height, None, {"hidden": hidden, "level": level}))
    if content["freeze"]:
        raw.freeze_panes(*content["freeze"])
    if content["tab"]:
        raw.set_tab_color(content["tab"])
    if not content["grid"]:
        raw.hide_gridlines(2)
    if content["landscape"]:
        raw.set_landscape()
    raw.set_zoom(content["zoom"])
    if content["hidden"] == "veryHidden":
        raw.very_hidden()
    elif content["hidden"] == "hidden":
        raw.hide()


def _write(sheet: Sheet, row: int, column: int, value: Any, style: Any, formula: str) -> None:
    if formula:
        sheet.formula(row, column, formula, value, style)
    else:
        sheet.value(row, column, value, style)
