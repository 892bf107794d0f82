"""The agreement workbook from a template that staff own and restyle: what it lacks, and filling it in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time
from math import ceil
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

from aftale.agreement.draw_leftovers_xlsx import draw_leftovers, draw_own_text, mark_proposals
from aftale.agreement.template_search_xlsx import (
    Grid,
    cell_beside,
    find_grid,
    merged_at,
    named_cell,
    named_cells,
    sheet_named,
)
from aftale.cells.find_table import closest
from aftale.cells.hidden_sheet import find_record
from aftale.model.agreement import Value
from aftale.model.columns import (
    AGREED_BY_KEY,
    AGREED_COLUMNS,
    FACTS,
    KSE_TEXT,
    LISTER,
    MAAL,
    OWN_TEXT,
    RECORD,
    RECORD_COLUMNS,
    TEXT_NAMES,
    Column,
)
from aftale.model.document import Leftover
from aftale.model.place import Source
from aftale.model.tables import Cell
from aftale.model.text import canonical, cut, danish_date, fold, listing
from aftale.model.workbook import Workbook as ReadBook
from aftale.model.workbook import WorkbookSheet
from aftale.office.insert_rows import Shift, ref_of, set_formats
from aftale.office.library_private import copy_style
from aftale.office.openpyxl_book import BAD_FILE, TemplateError, cells_of, needed_height, open_book, save_book, values_of
from aftale.office.openpyxl_losses import losses
from aftale.office.package import (
    add_sheet,
    cell_text,
    let_rows_grow,
    read_parts,
    reproducible,
    set_cells,
    set_rows,
    sheet_parts,
    write_parts,
)

SPARE_ROWS, EMPTY_ROWS = 20, 25
DATE_FORMAT = "[$-406]d. mmmm yyyy"
"""Danish on every machine: 10. juni 2015."""
_RECORD_HEADER = tuple(column.header for column in RECORD_COLUMNS)


@dataclass(frozen=True)
class TemplateReport:
    """What a restyled template lacks, what would be lost from it, what is worth knowing, and its edition."""

    missing: tuple[str, ...]
    losses: tuple[str, ...]
    notes: tuple[str, ...]
    edition: str


@dataclass(frozen=True)
class Filling:
    """Everything that goes into the template.

    ``facts`` are by Fact.key; ``names`` are texts by the defined name of their cell; ``rows`` have one cell per
    column of ``columns``; ``record`` is the whole table of ``_aftale``; ``created`` becomes the file's date.
    ``paragraphs`` are the agreement's own text and ``leftovers`` what else stood in the document it was made from;
    ``proposal`` is the word in Note that marks a row's proposals.
    """

    facts: Mapping[str, Value]
    names: Mapping[str, str]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    record: tuple[tuple[str, str, str, str, str], ...]
    created: date
    title: str
    paragraphs: tuple[str, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    proposal: str = ""


def inspect(data: bytes) -> TemplateReport:
    """Return what a restyled template lacks and would lose; raises TemplateError where it can't be opened."""
    book = open_book(data)
    found = (_inspect_sheets(book), _inspect_facts(book), _inspect_goals(book))
    sheet = sheet_named(book, RECORD)
    rows = values_of(sheet) if sheet is not None else []
    _, record = find_record(ReadBook(Source("", ""), (WorkbookSheet(RECORD, rows),)))
    return TemplateReport(tuple(text for missing, _ in found for text in missing), losses(data),
                          tuple(text for _, notes in found for text in notes), record.text("skabelon", "udgave", "nummer"))


_Found = tuple[list[str], list[str]]
"""What is missing, and what is worth knowing."""


def _inspect_sheets(book: Workbook) -> _Found:
    missing = [f"Det skjulte ark »{LISTER}« mangler, så rullelisterne i Måltype og Opgøres er tomme. "
               "Kopiér arket fra den medfølgende skabelon."] if sheet_named(book, LISTER) is None else []
    formulas = [sheet.title for sheet in book.worksheets
                if any(cell.data_type == "f" for cell in cells_of(sheet))]
    return missing, [f"Der er formler på {listing(formulas)}. De bliver stående, men viser først et tal, når aftalen "
                     "har været åbnet i Excel."] if formulas else []


def _inspect_facts(book: Workbook) -> _Found:
    missing, notes = [], []
    for fact in FACTS:
        if named_cell(book, fact.name) is not None:
            continue
        beside = cell_beside(book, fact)
        if beside is None and not fact.required:
            notes.append(f"Der er ingen celle til »{fact.label}«. Skal det med i aftalen, så vælg cellen, skriv {fact.name}"
                         " i navneboksen til venstre for formellinjen, og tryk Enter.")
        elif beside is None:
            missing.append(f"Der er ingen celle til »{fact.label}«. Vælg cellen, skriv {fact.name} i navneboksen til "
                           "venstre for formellinjen, og tryk Enter.")
        else:
            notes.append(f"Cellen til »{fact.label}« har mistet navnet {fact.name}. Programmet bruger i stedet celle "
                         f"{beside.coordinate} på arket {beside.parent.title}, lige til højre for teksten.")
    missing += [f"Der er ingen celle med navnet {name}. Vælg den celle, hvor teksten skal stå, skriv {name} i navneboksen "
                "til venstre for formellinjen, og tryk Enter." for name in TEXT_NAMES if named_cell(book, name) is None]
    return missing, notes


def _inspect_goals(book: Workbook) -> _Found:
    grid = find_grid(book, AGREED_COLUMNS)
    if grid is None:
        said = (f"Der er ikke noget ark med målene. Arket »{MAAL}« skal have en række med overskrifterne "
                f"{listing([column.header for column in AGREED_COLUMNS])} og årstallene. Kopiér det fra den medfølgende "
                "skabelon.")
        return [said], []
    title = grid.sheet.title
    absent = [(column, _misnamed(title, column, grid)) for column in AGREED_COLUMNS if column.key not in grid.places]
    missing = [asked or f"På arket {title} mangler kolonnen »{column.header}«. Indsæt en kolonne, og skriv "
               f"»{column.header}« i række {grid.header}." for column, asked in absent if column.required or asked]
    if not grid.years:
        missing.append(f"På arket {title} er der ingen kolonner med årstal. Skriv mindst ét årstal som 2015 i rækken "
                       f"med overskrifter (række {grid.header}); programmet laver selv resten.")
    if grid.table is None and not any(grid.sheet.cell(grid.model, n).has_style for n in range(grid.low, grid.high + 1)):
        missing.append(f"På arket {title} mangler modelrækken: række {grid.model}, lige under overskrifterne, har "
                       "ingen formatering. Giv den skrift, rammer og ombrudt tekst, så får alle mål samme udseende.")
    notes = [f"Kolonnen »{text}« på arket {title} er jeres egen. Den bliver stående, og programmet skriver ikke i den."
             for text in grid.extra]
    notes += [f"På arket {title} mangler kolonnen »{column.header}«. Programmet sætter den ind til højre for de "
              "andre, når det skriver aftalen."
              for column, asked in absent if not column.required and not asked]
    return missing, notes


def _misnamed(title: str, column: Column, grid: Grid) -> str:
    """Ask whether a column that isn't there is one of staff's own, '' where none looks like it."""
    for text, place in grid.extra.items():
        if closest(text, (column.header, *column.aliases)):
            return (f"På arket {title} mangler kolonnen »{column.header}«. Mente du den med »{text}« i celle "
                    f"{get_column_letter(place)}{grid.header}? Så ret overskriften til »{column.header}«.")
    return ""


# Filling the template in ------------------------------------------------------------------------------------------

_SHEET_NAME = rb"(?:'(?:[^'<]|'')+'|[^'<,>]+)"
_ROWS_THEN_COLUMNS = re.compile(rb'(<definedName name="_xlnm.Print_Titles"[^>]*>)(' + _SHEET_NAME +
                                rb"!\$\d+:\$\d+),(" + _SHEET_NAME + rb"!\$[A-Z]+:\$[A-Z]+)<")
_Growing = dict[str, set[int]]
"""The rows, by sheet, that were given a height and should still grow when people type."""


def fill(template: bytes, filling: Filling) -> tuple[bytes, tuple[str, ...]]:
    """Return the agreement workbook, and a Danish sentence for each thing that has no place in the template.

    The same input gives the same bytes. A fact that is None leaves what the template says. Raises TemplateError
    where the template can't be opened or has no table for the goals.
    """
    book = open_book(template)
    growing: _Growing = {}
    notes = _fill_goals(book, filling, growing)
    notes += _fill_facts(book, filling.facts, growing)
    notes += _fill_names(book, filling.names, growing)
    leftovers = filling.leftovers
    if not draw_own_text(book, filling.paragraphs):
        leftovers = (*(Leftover("", OWN_TEXT, text) for text in filling.paragraphs), *leftovers)
    draw_leftovers(book, leftovers)
    hidden = sheet_named(book, RECORD)
    if hidden is not None:
        hidden.sheet_state = "hidden"
    book.properties.title = filling.title
    book.template = False  # made from an .xltx it would be one too, and Excel would not open it as .xlsx
    parts = read_parts(_columns_first(save_book(book)))
    _set_record(parts, filling.record)
    data = write_parts(parts)
    for sheet in book.worksheets:
        if growing.get(sheet.title):
            data = let_rows_grow(data, sheet.path.lstrip("/"), growing[sheet.title])
    return reproducible(data, datetime.combine(filling.created, time())), tuple(notes)


def _columns_first(data: bytes) -> bytes:
    """Put print titles in Excel's own order; saved from openpyxl's, LibreOffice writes the name twice."""
    parts = read_parts(data)
    parts["xl/workbook.xml"] = _ROWS_THEN_COLUMNS.sub(rb"\1\3,\2<", parts["xl/workbook.xml"])
    return write_parts(parts)


def _fill_facts(book: Workbook, facts: Mapping[str, Value], growing: _Growing) -> list[str]:
    notes = []
    for fact in FACTS:
        value = facts.get(fact.key)
        if value is None or value == "":
            continue
        cell = named_cell(book, fact.name)
        cell = cell_beside(book, fact) if cell is None else cell
        if cell is None:
            said = danish_date(value) if isinstance(value, date) else canonical(value)
            notes.append(f"Skabelonen har ingen celle til »{fact.label}«, så »{said}« står ikke i aftalen. Giv cellen "
                         f"navnet {fact.name} i skabelonen.")
            continue
        if fact.kind in ("year", "period"):
            value, cell.number_format = canonical(value), "@"
        elif isinstance(value, date) and cell.number_format in ("General", "@"):
            cell.number_format = DATE_FORMAT
        _put(cell, value)
        _fit_row(cell, canonical(value), growing)
    return notes


def _fill_names(book: Workbook, names: Mapping[str, str], growing: _Growing) -> list[str]:
    notes = []
    for name, text in names.items():
        cell = named_cell(book, name) if text else None
        if cell is not None:
            _put(cell, text)
            _fit_row(cell, text, growing)
        elif text:
            notes.append(f"Skabelonen har ingen celle med navnet {name}, så teksten »{cut(text, 40)}« står ikke i aftalen. "
                         "Giv en celle navnet, eller skriv teksten ind selv.")
    return notes


def _fit_row(cell: Any, text: str, growing: _Growing) -> None:
    """Make a cell's row tall enough for its text; a cell merged over several rows is left as it is."""
    merged = merged_at(cell.parent, cell.row, cell.column)
    if merged and merged.max_row > merged.min_row:
        return
    needed = needed_height(cell, text, merged.max_col - merged.min_col + 1 if merged else 1)
    dimension = cell.parent.row_dimensions[cell.row]
    dimension.height = max(float(dimension.height or 15), ceil(needed))
    growing.setdefault(cell.parent.title, set()).add(cell.row)


def _put(cell: Any, value: Value, number: str = "") -> None:
    """Write a value as what it is: a text never becomes a formula or an error, points become percent."""
    if isinstance(value, str):
        text = cell_text(value)
        cell.value = text or None
        if text:
            cell.data_type = "s"
    elif isinstance(value, date) or value is None:
        cell.value = value
        if value is not None and cell.number_format == "General":
            cell.number_format = DATE_FORMAT
    else:
        stored = round(value / 100, 12) if number == "percent" else value
        cell.value = int(stored) if float(stored).is_integer() else stored
        cell.number_format = _number_format(value, number) or cell.number_format


def _number_format(value: float, number: str) -> str:
    if number in ("percent", "share"):
        points = canonical(round(value if number == "percent" else value * 100, 6))
        decimals = min(len(points.partition(".")[2]), 2)
        return f"0{'.' if decimals else ''}{'0' * decimals} %"
    return f"#,##0{'.' if int(number) else ''}{'0' * int(number)}" if number.isdigit() else ""


def _fill_goals(book: Workbook, filling: Filling, growing: _Growing) -> list[str]:
    grid = find_grid(book, filling.columns)
    if grid is None:
        raise TemplateError(f"Skabelonen har ikke noget ark »{MAAL}« med overskrifter som Udviklingsmål, Fokusområde "
                            "og Effektmål. Kør »aftale skabelon« på den for at se, hvad der mangler.")
    _fit_years(grid, sorted(int(column.header) for column in filling.columns if column.kind == "year"))
    grid = find_grid(book, filling.columns) or grid
    _name_demands(book, grid, filling.columns)
    lost = [column for column in filling.columns if _column(grid, column) is None]
    for column in lost:
        grid = _with_column(book, grid, grid.high, column.header, filling.columns)
    last = _lay_rows(grid, filling, growing)
    _set_table(grid, last)
    _stretch_rules(grid, last)
    if filling.proposal:
        mark_proposals(grid, last, filling.proposal)
    return [f"Skabelonen manglede kolonnen »{column.header}« på arket {grid.sheet.title}. Den er sat ind til højre for "
            "de andre." for column in lost]


def _name_demands(book: Workbook, grid: Grid, columns: Iterable[Column]) -> None:
    """Let the template's ``KSE-krav`` be called what the agreement calls it; another header is staff's own word.

    What the template tells of KSE's demands is left out for another department.
    """
    wanted = next((column.header for column in columns if column.key == "demands"), "")
    place = grid.places.get("demands")
    head: Any = grid.sheet.cell(grid.header, place) if place is not None else None
    if head is not None and wanted and fold(canonical(head.value)) == fold(AGREED_BY_KEY["demands"].header):
        head.value = wanted
    if wanted != AGREED_BY_KEY["demands"].header:
        for cell in named_cells(book, KSE_TEXT):
            if not isinstance(cell, MergedCell):
                cell.value = None
            cell.parent.row_dimensions[cell.row].hidden = True


def _column(grid: Grid, column: Column) -> int | None:
    return grid.years.get(int(column.header)) if column.kind == "year" else grid.places.get(column.key)


def _fit_years(grid: Grid, years: Sequence[int]) -> None:
    """Give the table the plan's own year columns: put in or take out what differs, then write the years."""
    places = sorted(grid.years.values())
    if not places or list(years) == [year for year, _ in sorted(grid.years.items(), key=lambda y: y[1])]:
        return
    more = len(years) - len(places)
    if more > 0:
        _insert_like(grid.sheet, places[-1], more)
        places += range(places[-1] + 1, places[-1] + 1 + more)
    for place in reversed(places[len(years):]):
        Shift(grid.sheet, False, place, -1).apply()
    for year, place in zip(years, places, strict=False):
        _put(grid.sheet.cell(grid.header, place), str(year))


def _insert_like(sheet: Worksheet, column: int, count: int) -> None:
    """Put in columns to the right of one and make them look like it."""
    Shift(sheet, False, column + 1, count).apply()
    for looks in [cell for cell in cells_of(sheet) if cell.column == column and cell.has_style]:
        for new in range(column + 1, column + 1 + count):
            copied: Any = sheet.cell(looks.row, new)
            copy_style(looks, copied)


def _with_column(book: Workbook, grid: Grid, after: int, header: str, columns: Iterable[Column]) -> Grid:
    """Put in a column with a header after another one, looking like it; return the table as it stands now."""
    _insert_like(grid.sheet, after, 1)
    _put(grid.sheet.cell(grid.header, after + 1), header)
    return find_grid(book, columns) or grid


def _lay_rows(grid: Grid, filling: Filling, growing: _Growing) -> int:
    """Write the goals, each laid out like the model row, and return the last row."""
    sheet, count = grid.sheet, len(filling.rows) or 1 + EMPTY_ROWS
    area = grid.bottom - grid.header
    if count > area:
        Shift(sheet, True, grid.bottom + 1, count - area).apply()
    model: list[Any] = [copy(sheet.cell(grid.model, n)) for n in range(grid.low, grid.high + 1)]
    least = sheet.row_dimensions[grid.model].height
    ours = {_column(grid, each) for each in filling.columns}
    for row in range(grid.model, grid.header + max(count, area) + 1):
        cells = filling.rows[row - grid.model] if row - grid.model < len(filling.rows) else ()
        for like in model:
            drawn: Any = sheet.cell(row, like.column)
            copy_style(like, drawn)
            drawn.value = None if like.column in ours or row >= grid.model + count else _own_value(like, drawn)
        tallest = float(least or 0)
        for column, cell in zip(filling.columns, cells, strict=False):
            place = _column(grid, column)
            if place is not None:
                target: Any = sheet.cell(row, place)
                _put(target, cell.value, cell.number)
                tallest = max(tallest, needed_height(target, canonical(cell.value)))
        if tallest:
            sheet.row_dimensions[row].height = ceil(tallest)
            growing.setdefault(sheet.title, set()).add(row)
    return grid.header + count


def _own_value(model: Any, target: Any) -> Any:
    """Return what staff's own column holds in the model row; a formula follows its row."""
    if model.data_type == "f" and isinstance(model.value, str):
        return Translator(model.value, model.coordinate).translate_formula(target.coordinate)
    return model.value


def _set_table(grid: Grid, last: int) -> None:
    """Let the table (or the sheet's filter) end with the last goal, its column names as the headers say."""
    end = ref_of(grid.low, grid.header, grid.high, last)
    if grid.table is None:
        if grid.sheet.auto_filter.ref:
            grid.sheet.auto_filter.ref = end
        return
    heads = [grid.sheet.cell(grid.header, n) for n in range(grid.low, grid.high + 1)]
    for cell, column in zip(heads, grid.table.tableColumns, strict=False):
        if not isinstance(cell.value, str):
            _put(cell, canonical(cell.value) or column.name)
        column.name = str(cell.value)
    if not grid.totals:  # a table with totals already grew over its new rows
        grid.table.ref = end
        if grid.table.autoFilter is not None:
            grid.table.autoFilter.ref = end


def _stretch_rules(grid: Grid, last: int) -> None:
    """Let the model row's validations and conditional formats reach the last goal, and some spare rows below it."""
    sheet = grid.sheet
    end = last + SPARE_ROWS
    filled = {cell.row for cell in cells_of(sheet) if cell.value is not None}
    for row in range(last + 1, end + 1):
        if row in filled:
            end = row - 1  # staff's own text stands here
            break

    def stretched(cells: Any) -> MultiCellRange:
        refs = []
        for each in cells.ranges:
            inside = (each.min_row <= grid.model <= each.max_row <= end and each.max_col >= grid.low
                      and each.min_col <= grid.high and each.min_row >= grid.model)
            refs.append(ref_of(each.min_col, each.min_row, each.max_col, end) if inside else str(each))
        return MultiCellRange(" ".join(sorted(refs)))

    for validation in sheet.data_validations.dataValidation:
        validation.sqref = stretched(validation.sqref)
    set_formats(sheet, ((stretched(each.sqref), each.rules) for each in sheet.conditional_formatting))


def _set_record(parts: dict[str, bytes], record: Iterable[tuple[str, str, str, str, str]]) -> None:
    """Write ``_aftale`` anew, hidden where it is put in."""
    part = next((part for name, part in sheet_parts(parts).items() if fold(name) == fold(RECORD)), "")
    set_rows(parts, part or add_sheet(parts, RECORD), [_RECORD_HEADER, *record])


def with_year(data: bytes, year: int) -> bytes:
    """Return an agreement workbook with an empty column for one more year, behind the last one on ``Mål``.

    Raises TemplateError where the file can't be opened or has no column of a year. What gets lost is found by `losses`.
    """
    book = open_book(data)
    grid = find_grid(book, AGREED_COLUMNS)
    if grid is None or not grid.years:
        raise TemplateError(f"Arket {MAAL} har ingen kolonner med årstal.")
    grid = _with_column(book, grid, grid.years[max(grid.years)], str(year), AGREED_COLUMNS)
    last = grid.bottom if grid.table is not None else max(grid.sheet.max_row, grid.bottom)
    _set_table(grid, last)
    title = grid.sheet.title
    heights = {row for row in range(grid.model, last + 1) if grid.sheet.row_dimensions[row].height}
    data = _columns_first(save_book(book))
    return let_rows_grow(data, sheet_parts(read_parts(data))[title], heights)


# Changing cells of an agreement that people have worked in --------------------------------------------------------

def amend(data: bytes, sheet: str, cells: Mapping[str, str], record: Iterable[tuple[str, str, str, str, str]],
          created: date) -> bytes:
    """Return an agreement workbook with some cells (``A5``: text) of a sheet changed and ``_aftale`` written anew.

    Everything else stays as it is, stored values and drawings too, because only these cells of the package are
    touched. Raises TemplateError where the file can't be opened or has no such sheet.
    """
    try:
        parts = read_parts(data)
        where = {fold(name): part for name, part in sheet_parts(parts).items()}
        if fold(sheet) not in where:
            raise TemplateError(f"Filen har ikke noget ark »{sheet}«.")
        if cells:
            set_cells(parts, where[fold(sheet)], cells)
        _set_record(parts, record)
    except BAD_FILE as error:
        raise TemplateError("Filen kan ikke åbnes. Gem den i Excel som .xlsx, og prøv igen.") from error
    return reproducible(write_parts(parts), datetime.combine(created, time()))
