"""Draw ``Spørgsmål``: the first sheet of a skema that goes back, with every question and a link to its cell (xlsxwriter)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from aftale.model.columns import QUESTION_COLUMNS, QUESTIONS_SHEET, SKEMA, UNANSWERED_COLUMNS, Column
from aftale.model.tables import Cell, Pointed, QuestionSheet
from aftale.model.text import canonical, without_controls
from aftale.office import palette
from aftale.office.draw_base import Book, Props, Sheet, height_of, lines_of, must

Names = Mapping[tuple[int, str], str]
"""The name of each cell on ``Skema`` that a row can point at."""

_TITLE_ROW, _SUBTITLE_ROW, _TODO_ROW, _ABOUT_ROW, _HEADER_ROW = 0, 1, 2, 3, 5
_LAST = len(QUESTION_COLUMNS) - 1
_INDENT = 1.5  # how much of a column's width the indent of one takes
_BASE: Props = {"align": "left", "valign": "vcenter", "indent": 1, "text_wrap": True}
_LOOKS: Mapping[str, Props] = {
    "title": {"bg_color": palette.NAVY, "font_color": palette.WHITE, "font_size": 18, "bold": True,
              "text_wrap": False},
    "subtitle": {"bg_color": palette.NAVY, "font_color": palette.WHITE, "font_size": 11},
    "todo": {"bg_color": palette.MIST, "font_color": palette.NAVY, "font_size": 11, "bold": True},
    "about": {"font_color": palette.MUTED},
    "caption": {"font_color": palette.NAVY, "font_size": 11, "bold": True, "text_wrap": False},
    "header": {"bg_color": palette.NAVY, "font_color": palette.WHITE, "bold": True, "border": 1,
               "border_color": palette.WHITE},
    "cell": {"bottom": 1, "bottom_color": palette.LINE},
    "wrote": {"bottom": 1, "bottom_color": palette.LINE, "bg_color": palette.MARKED, "font_color": palette.MARKED_INK},
    "question": {"bottom": 1, "bottom_color": palette.LINE, "bold": True},
}


@dataclass(frozen=True)
class _Grid:
    """A table on the sheet: where its header stands, its columns, its rows and its name."""

    row: int
    columns: Sequence[Column]
    rows: Sequence[Pointed]
    name: str

    @property
    def last(self) -> int:
        """The last row."""
        return self.row + len(self.rows)


def draw_questions(drawn: Book, questions: QuestionSheet, names: Names) -> None:
    """Add the sheet to a workbook under way."""
    sheet = drawn.sheet(QUESTIONS_SHEET, palette.MARKED_LINE)
    for n, column in enumerate(QUESTION_COLUMNS):
        sheet.width(n, column.width)
    _band(sheet, _TITLE_ROW, questions.title, "title", 30)
    _band(sheet, _SUBTITLE_ROW, questions.subtitle, "subtitle", 20)
    _band(sheet, _TODO_ROW, questions.todo, "todo", 24)
    _band(sheet, _ABOUT_ROW, questions.about, "about", 20)
    sheet.height(_ABOUT_ROW + 1, 6)
    grids = _grids(questions)
    for grid in grids:
        if grid.row > _HEADER_ROW:
            _band(sheet, grid.row - 1, questions.unanswered_title, "caption", 26)
        _draw_grid(sheet, grid, names)
    sheet.raw.hide_gridlines(2)
    sheet.raw.freeze_panes(_HEADER_ROW + 1, 0)
    sheet.raw.protect("", {"format_columns": True, "format_rows": True})
    sheet.page(grids[-1].last, _LAST, _HEADER_ROW)


def question_texts(questions: QuestionSheet, names: Names) -> Iterator[str]:
    """Yield the text of every cell that `draw_questions` writes, in the one spelling of comparison."""
    heads = [questions.title, questions.subtitle, questions.todo, questions.about]
    heads += [questions.unanswered_title] if len(_grids(questions)) > 1 else []
    cells = (cell.value for grid in _grids(questions) for row in grid.rows for cell in _cells(row, names))
    headers = (column.header for grid in _grids(questions) for column in grid.columns)
    yield from (text for value in chain(heads, headers, cells)
                if (text := canonical(without_controls(value) if isinstance(value, str) else value)))


def _grids(questions: QuestionSheet) -> tuple[_Grid, ...]:
    first = _Grid(_HEADER_ROW, QUESTION_COLUMNS, questions.questions, "Spoergsmaal")
    if not questions.unanswered:
        return (first,)
    row = first.last + 3 if questions.questions else _HEADER_ROW
    rest = _Grid(row, UNANSWERED_COLUMNS, questions.unanswered, "Mangler_svar")
    return (first, rest) if questions.questions else (rest,)


def _band(sheet: Sheet, row: int, text: str, look: str, least: float) -> None:
    """Write a text across the sheet."""
    size = float(_LOOKS[look].get("font_size", 10))
    width = sum(column.width for column in QUESTION_COLUMNS) - _INDENT
    sheet.merged(row, 0, _LAST, without_controls(text), sheet.book.style(_BASE, _LOOKS[look]))
    sheet.height(row, max(least, height_of(lines_of(text, width, size, bool(_LOOKS[look].get("bold"))), size)))


def _draw_grid(sheet: Sheet, grid: _Grid, names: Names) -> None:
    style = sheet.book.style
    header = style(_BASE, _LOOKS["header"])
    must(sheet.raw.add_table(grid.row, 0, grid.last, len(grid.columns) - 1, {
        "name": grid.name, "style": None, "autofilter": False,
        "columns": [{"header": column.header, "header_format": header} for column in grid.columns]}))
    sheet.height(grid.row, 22)
    for number, row in enumerate(grid.rows, grid.row + 1):
        tallest = 24.0
        for n, (column, cell) in enumerate(zip(grid.columns, _cells(row, names), strict=True)):
            look = _LOOKS.get(column.key if cell.value else "cell", _LOOKS["cell"])
            sheet.cell(number, n, cell, {**_BASE, **look})
            lines = lines_of(canonical(cell.value), column.width - _INDENT, bold=bool(look.get("bold")))
            tallest = max(tallest, height_of(lines, padding=9))
        sheet.height(number, tallest)


def _cells(row: Pointed, names: Names) -> Iterator[Cell]:
    """Yield a row's cells, the last of which links to the cell that the row is about."""
    for value in row.cells:
        yield Cell(without_controls(value) if isinstance(value, str) else value)
    name = names.get(row.at, "") if row.at else ""
    yield Cell(f"{SKEMA} {name.rpartition('!')[2].replace('$', '')}" if name else "–", link=name)
