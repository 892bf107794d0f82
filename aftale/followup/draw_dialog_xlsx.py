"""Draw ``Dialog``: a line for everything that was said, its threads told apart, and rows to ask in below them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftale.followup.dialog_sheet import ASKED_IN, SPARE
from aftale.followup.formulas import quoted
from aftale.model.columns import Column, pixels
from aftale.model.dialogue import WHOLE_AGREEMENT
from aftale.model.tables import DIALOG_HEADER_ROW, Cell, DialogSheet
from aftale.office import palette
from aftale.office.draw_base import INPUT, Book, Props, Sheet, height_of, lines_of, must
from aftale.office.library_private import let_rows_grow

_FIRST = DIALOG_HEADER_ROW + 1
_FROZEN = 2
_TINT = "#F0F6FC"
_AGAIN = "#616E7C"
_TEXT: Props = {"align": "left", "valign": "top", "text_wrap": True, "indent": 1}
_BAND: Props = {"bg_color": palette.NAVY, "font_color": palette.WHITE, "font_size": 16, "bold": True, "valign": "vcenter",
                "align": "left", "indent": 1}
_LINE: Props = {"bg_color": palette.MIST, "font_color": palette.NAVY, "bold": True, "valign": "vcenter", "align": "left",
                "indent": 1}
_HEADER: Props = {"bold": True, "valign": "vcenter", "align": "left", "indent": 1, "border": 1,
                  "border_color": palette.WHITE}
_STAGES: tuple[tuple[str, str, str], ...] = (
    ("● ", palette.MARKED, palette.MARKED_INK), ("◆ ", "#E9D8FD", "#44337A"), ("✓ ", "#C6EFCE", "#006100"), ("", "", ""))
"""The mark, fill and ink of each stage, in the order of `dialog_sheet.STAGES`."""
_INDENT = 1.5  # how much of a column's width the indent of one takes, in characters
_PAPER: Props = {"left": 0.28, "right": 0.28, "top": 0.35, "bottom": 0.45}


def draw_dialog(book: Book, dialog: DialogSheet, tab: str) -> None:
    """Draw the sheet."""
    sheet = book.sheet(dialog.table.sheet, tab)
    drawing = _Drawing(sheet, dialog)
    drawing.head()
    for number, row in enumerate(dialog.table.rows):
        before = dialog.table.rows[number - 1] if number else None
        drawing.line(_FIRST + number, row, before)
    end = drawing.below()
    drawing.rules()
    drawing.view(end)
    let_rows_grow(sheet.raw, range(_FIRST, end + 1))  # what is written opens its row as it is typed


class _Drawing:
    """Draws one ``Dialog``."""

    def __init__(self, sheet: Sheet, dialog: DialogSheet) -> None:
        self.sheet, self.dialog, self.columns = sheet, dialog, dialog.table.columns
        self.places = {column.key: at for at, column in enumerate(self.columns)}
        self.shown = [column for column in self.columns if column.key != "key"]
        self.last = _FIRST + max(len(dialog.table.rows), 1) - 1
        self.style = sheet.book.style

    def head(self) -> None:
        """Draw the title, the live sentence and the header."""
        sheet = self.sheet
        for at, column in enumerate(self.columns):
            must(sheet.raw.set_column_pixels(at, at, column.width, None, {"hidden": column.key == "key"}))
            for row, props in ((0, _BAND), (1, _LINE)):
                sheet.text(row, at, "", self.style(props))
        for row, height in ((0, 34), (1, 26), (2, 6), (DIALOG_HEADER_ROW, 34)):
            must(sheet.raw.set_row_pixels(row, height))
        sheet.text(0, 0, self.dialog.table.title, self.style(_BAND))
        sheet.cell(1, 0, self.dialog.sentence, _LINE)
        headers = [{"header": column.header, "header_format": self.style(_HEADER, self._header(column))}
                   for column in self.columns]
        must(sheet.raw.add_table(DIALOG_HEADER_ROW, 0, self.last, len(self.columns) - 1,
                                 {"name": "Dialog", "style": None, "columns": headers}))

    @staticmethod
    def _header(column: Column) -> Props:
        if column.key == "answer":
            return {"bg_color": palette.INPUT_LINE, "font_color": palette.INK}
        return {"bg_color": palette.NAVY, "font_color": palette.WHITE}

    def line(self, number: int, row: tuple[Cell, ...], before: tuple[Cell, ...] | None) -> None:
        """Draw a row of what was said."""
        first = before is None or row[0].value != before[0].value
        top: Props = {"top": 2, "top_color": palette.NAVY} if first else {"top": 4, "top_color": palette.LINE}
        for at, (column, cell) in enumerate(zip(self.columns, row, strict=True)):
            self.sheet.value(number, at, cell.value, self.style(_TEXT, top, self._look(column, cell, row, first)))
        lines = max(self._lines(cell, column) for column, cell in zip(self.columns, row, strict=True))
        self.sheet.height(number, max(height_of(lines, padding=6), 21.0))

    def _look(self, column: Column, cell: Cell, row: tuple[Cell, ...], first: bool) -> Props:
        look: dict[str, Any] = {}
        if column.key in ("id", "goal"):
            look |= {"bold": column.key == "id"} if first else {"font_color": _AGAIN}
        if cell.mark == "department":
            look["bg_color"] = _TINT
        if column.key == "who" and cell.mark:
            look |= {"bold": True, "font_color": palette.NAVY if cell.mark == "department" else palette.INK}
        if column.key == "stage":
            look |= {"bold": True, "locked": not cell.open}
        if column.key == "answer" and cell.open:
            look |= {"bg_color": palette.INPUT, "locked": False, "left": 1, "right": 1, "bottom": 1,
                     **dict.fromkeys(("left_color", "right_color", "bottom_color"), palette.INPUT_LINE)}
        return look

    @staticmethod
    def _lines(cell: Cell, column: Column) -> int:
        if not isinstance(cell.value, str) or column.key == "key":
            return 1
        return lines_of(cell.value, _room(column), bold=column.key in ("who", "stage"))

    def below(self) -> int:
        """Draw what stands under the lines: a sentence where there are none, and the rows for questions."""
        row = self.last + 1
        quiet = self.style(italic=True, font_color=palette.MUTED, valign="vcenter", align="left", indent=1)
        if not self.dialog.table.rows:
            self.sheet.height(self.last, 6)
            self.sheet.height(row, 30)
            self.sheet.text(row, self.places["goal"], self.dialog.table.empty, quiet)
            row += 1
        if not self.dialog.ask:
            return row - 1
        asked = (*self.dialog.drafts, *[("", "")] * SPARE)
        for number, (goal, text) in enumerate(asked):
            words = {"id": goal, "text": text, "goal": self.dialog.ask if number == 0 else ""}
            for at, column in enumerate(self.shown):
                top: Props = {"top": 2, "top_color": palette.NAVY} if number == 0 else {"top": 4, "top_color": palette.LINE}
                look: Props = INPUT if column.key in ASKED_IN else {"font_color": palette.MUTED, "italic": True}
                self.sheet.text(row + number, at, words.get(column.key, ""), self.style(_TEXT, look, top))
            lines = max(lines_of(words[key], _room(self.columns[self.places[key]])) for key in ("goal", "text"))
            self.sheet.height(row + number, max(height_of(lines, padding=6), 24.0))
        last = row + len(asked) - 1
        self.sheet.advise((row, self.places["id"], last, self.places["id"]), "Mål-id",
                          f"Skriv Mål-id, som det står på Opfølgning, eller {WHOLE_AGREEMENT}.")
        return last

    def rules(self) -> None:
        """Colour the stages, those that are answered while somebody writes as well, and offer them in a list."""
        at = self.places["stage"]
        box = (_FIRST, at, self.last, at)
        stage, answer = (f"${chr(65 + self.places[key])}{_FIRST + 1}" for key in ("stage", "answer"))
        words = self.dialog.stages
        if not words or not self.dialog.table.rows:
            return
        answered = self._stage(2, words[2])
        for word in words[:2]:
            self.sheet.rule(box, {"type": "formula", "criteria": f'=AND({stage}={quoted(word)},TRIM({answer})<>"")',
                                  "format": self.sheet.book.rule_style(answered), "stop_if_true": True})
        for number, word in enumerate(words[:3]):
            self.sheet.formula_rule(box, f"{stage}={quoted(word)}", self.sheet.book.rule_style(self._stage(number, "")))
        if self.dialog.ask:
            self.sheet.advise(box, "Tilstand", f"Vælg »{words[3]}«, hvis der ikke skal svares. Når der står noget under"
                              " Svar, er linjen besvaret.", words)
            column = self.places["answer"]
            self.sheet.advise((_FIRST, column, self.last, column), "Svar", "Skriv svaret, gem, og kør »aftale flet« igen.")

    @staticmethod
    def _stage(number: int, word: str) -> Mapping[str, Any]:
        mark, fill, ink = _STAGES[number]
        said = f'"{mark}{word}"' if word else f'"{mark}"@'
        return {"bg_color": fill, "font_color": ink, "num_format": f"{said};{said};{said};{said}" if word else said}

    def view(self, end: int) -> None:
        """Set up what is seen and printed."""
        raw = self.sheet.raw
        raw.hide_gridlines(2)
        raw.freeze_panes(_FIRST, _FROZEN)
        self.sheet.page(end, len(self.shown) - 1, DIALOG_HEADER_ROW)
        raw.set_margins(**_PAPER)


def _room(column: Column) -> float:
    """Return how many characters a column has room for."""
    return pixels(int(column.width)) - _INDENT
