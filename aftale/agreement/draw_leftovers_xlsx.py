"""What came from a document, drawn into the agreement: its own text, what found no place, and the mark on proposals."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import MultiCellRange

from aftale.agreement.template_search_xlsx import Grid, named_cell, sheet_named
from aftale.model.columns import DOCUMENT_COLUMNS, DOCUMENT_SHEET, OWN_TEXT, TEXT_NAMES
from aftale.model.document import Leftover
from aftale.office.insert_rows import set_formats
from aftale.office.library_private import copy_style
from aftale.office.openpyxl_book import cells_of, column_width, text_height
from aftale.office.package import cell_text
from aftale.office.palette import FONT, INK, INPUT, INPUT_LINE, LINE, MUTED, NAVY, WHITE


def _rgb(colour: str) -> str:
    return f"FF{colour.lstrip('#')}"


def _font(size: int, colour: str, bold: bool = False) -> Font:
    return Font(name=FONT, size=size, bold=bold, color=_rgb(colour))


_RULE = Border(bottom=Side("thin", color=_rgb(LINE)))
_PROPOSAL_KEYS = ("indicator", "method", "baseline", "target", "unit", "scope")
_SPARE_ROWS = 20
_ON_GOALS = ("Gule felter er forslag, læst ud af dokumentet: Ret dem, hvis de er forkerte, og slet sætningen »{} …« i Note,"
             " når rækken er bekræftet – så bliver den hvid.")
_INTRO = ("Her står det fra dokumentet, som ikke har et felt i aftalen. Slet arket, når det er læst igennem. De gule felter"
          " på arket Mål er forslag læst ud af teksten; de bliver hvide, når forslaget slettes i Note.")


def draw_own_text(book: Workbook, paragraphs: Sequence[str]) -> bool:
    """Write the agreement's own text below what stands on ``Aftaletekst``; False where the template has no such place."""
    beside = next((cell for name in reversed(TEXT_NAMES) if (cell := named_cell(book, name)) is not None), None)
    if beside is None or not paragraphs:
        return not paragraphs
    sheet, width = beside.parent, column_width(beside.parent, beside.column)
    top = sheet.max_row + 2
    for row, text in enumerate((OWN_TEXT, *paragraphs), top):
        cell = sheet.cell(row, beside.column)
        cell.value = cell_text(text)
        cell.data_type = "s"
        # The text that is read back has no style to tell a heading by.
        ends = text.rstrip().endswith((".", ":", ";", ",", "!"))
        heading = row == top or (len(text) <= 90 and not text.startswith("•") and not ends)
        size = 14 if row == top else 11
        cell.font = _font(size, NAVY if heading else INK, heading)
        cell.alignment = Alignment(wrap_text=True, vertical="bottom" if heading else "top", indent=int(text[:1] == "•"))
        if row == top:
            cell.border = _RULE
        sheet.row_dimensions[row].height = ceil(text_height(text, width, size, heading) + (14 if heading else 5))
    return True


def draw_leftovers(book: Workbook, leftovers: Sequence[Leftover]) -> None:
    """Draw the sheet ``Fra dokumentet`` after the goals, for the coordinator to read through and delete."""
    if not leftovers:
        return
    old = sheet_named(book, DOCUMENT_SHEET)
    if old is not None:
        book.remove(old)
    after = max((n for n, sheet in enumerate(book.worksheets) if sheet.sheet_state == "visible"), default=0)
    sheet: Any = book.create_sheet(DOCUMENT_SHEET, after + 1)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = _rgb(MUTED)
    header = 4
    tops = [(1, 1, DOCUMENT_SHEET, _font(22, NAVY, True), 36), (2, 1, _INTRO, _font(11, MUTED), 20)]
    tops += [(header, place, column.header, _font(11, WHITE, True), 22) for place, column in enumerate(DOCUMENT_COLUMNS, 1)]
    for row, place, text, font, height in tops:
        cell = sheet.cell(row, place, text)
        cell.font, cell.alignment = font, Alignment(vertical="center")
        sheet.row_dimensions[row].height = height
    for place, column in enumerate(DOCUMENT_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.cell(header, place).fill = PatternFill("solid", fgColor=_rgb(NAVY))
    like: Any = None
    for number, each in enumerate(leftovers, header + 1):
        for place, text in enumerate((each.at, each.kind, each.text), 1):
            like = _body(sheet.cell(number, place), text, like)
        width = DOCUMENT_COLUMNS[-1].width
        sheet.row_dimensions[number].height = ceil(max(text_height(each.text, width), text_height(each.kind, 26)))
    sheet.freeze_panes = f"A{header + 1}"
    sheet.auto_filter.ref = f"A{header}:C{header + len(leftovers)}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = f"{header}:{header}"


def _body(cell: Any, text: str, like: Any) -> Any:
    """Write a text in the style of an earlier cell, which is ten times as fast as a style of its own; return the cell."""
    cell.value = cell_text(text) or None
    cell.data_type = "s"
    if like is None:
        cell.font, cell.border = _font(11, INK), _RULE
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    else:
        copy_style(like, cell)
    return cell


def mark_proposals(grid: Grid, last: int, word: str) -> None:
    """Colour the cells that a row's Note calls a proposal, as long as it says so: the mark follows when people sort."""
    note = grid.places.get("note")
    if note is None:
        return
    _tell_of_proposals(grid, word)
    columns = [*((grid.places[key], "") for key in _PROPOSAL_KEYS if key in grid.places),
               *((place, "året ") for place in sorted(grid.years.values()))]
    for area in grid.sheet.conditional_formatting:
        for standing in area.rules:
            standing.priority += len(columns)  # a proposal is told before what only shades the row
    make_rule: Any = FormulaRule  # which openpyxl leaves without types
    side = Side("thin", color=_rgb(INPUT_LINE))
    beside = f"${get_column_letter(note)}{grid.model}"
    ours: list[tuple[MultiCellRange, list[Any]]] = []
    for number, (column, said) in enumerate(columns, 1):
        letter = get_column_letter(column)
        head = f'"{said}"&{letter}${grid.header}' if said else f"{letter}${grid.header}"
        formula = (f'AND({letter}{grid.model}<>"",ISNUMBER(SEARCH("{word}",{beside})),'
                   f"ISNUMBER(SEARCH({head},{beside})))")
        rule: Any = make_rule(formula=[formula], stopIfTrue=True, fill=PatternFill("solid", bgColor=_rgb(INPUT)),
                              border=Border(left=side, right=side, top=side, bottom=side))
        rule.priority = number
        ours.append((MultiCellRange(f"{letter}{grid.model}:{letter}{last + _SPARE_ROWS}"), [rule]))
    # Excel goes by the rules' priority, LibreOffice by the order in which they stand.
    standing_ones = [(area.sqref, area.rules) for area in grid.sheet.conditional_formatting]
    set_formats(grid.sheet, [*ours, *standing_ones])


def _tell_of_proposals(grid: Grid, word: str) -> None:
    """Say above the table what yellow means there, in the look of the line under the sheet's title."""
    sheet: Any = grid.sheet
    said = _ON_GOALS.format(word)
    above = [cell for cell in cells_of(sheet) if cell.row < grid.header and isinstance(cell.value, str)]
    line = next((cell for cell in above[1:] if (cell.row, cell.column) == (above[0].row + 1, above[0].column)), None)
    if line is None or any(said in cell.value for cell in above):
        return
    if line.row + 1 < grid.header and all(cell.value is None for cell in sheet[line.row + 1]):
        below = sheet.cell(line.row + 1, line.column, said)
        copy_style(line, below)
        sheet.row_dimensions[below.row].height = sheet.row_dimensions[line.row].height
    else:
        line.value = f"{line.value} {said}"
