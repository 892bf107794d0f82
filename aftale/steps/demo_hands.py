"""Writing in our workbooks as people do in Excel (openpyxl); the demo plays colleagues, coordinator and KSE with it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from aftale.model.columns import FILLED_BY, FINISHED, SKEMA
from aftale.model.text import fold
from aftale.office.package import reproducible

Answers = Mapping[str, Mapping[str, str | float | date]]


@dataclass(frozen=True)
class Hand:
    """What one colleague does with a skema: who, when, which answers, and the habits that come with them.

    ``extra_column`` is the header and texts (by Mål-id) of a column inserted in the middle; ``beside`` a remark to the
    right of the table; ``sort`` turns the rows upside down; ``proposal`` goes into a spare row.
    """

    owner: str
    by: str
    when: datetime
    answers: Answers
    finished: str = "Ja"
    file: str = ""
    extra_column: tuple[str, Mapping[str, str]] | None = None
    beside: str = ""
    sort: bool = False
    proposal: str = ""


def fill_in(data: bytes, hand: Hand) -> bytes:
    """Return the skema as the colleague would send it back; the same hand always gives the same bytes."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[SKEMA]
    header = next(cell.row or 1 for row in sheet.iter_rows() for cell in row if fold(cell.value) == "mål-id")
    columns = {str(cell.value): cell.column or 1 for cell in sheet[header] if cell.value}
    rows = {str(sheet.cell(row, columns["Mål-id"]).value): row for row in range(header + 1, sheet.max_row + 1)}
    for goal, answers in hand.answers.items():
        for name, value in answers.items():
            _write(sheet.cell(rows[goal], columns[name]), value)
    for label, text in ((FILLED_BY, hand.by), (FINISHED, hand.finished)):
        _write(_beside(sheet, label), text)
    if hand.beside:
        _write(sheet.cell(header + 1, max(columns.values()) + 2), hand.beside)
    if hand.proposal:
        _write(sheet.cell(sheet.max_row, columns["Effektmål"]), hand.proposal)
    goals = [row for goal, row in rows.items() if goal.startswith("M")]
    if hand.sort:
        _turn(sheet, goals, max(columns.values()))
    if hand.extra_column:
        _insert(sheet, header, columns["Resultat"], hand.extra_column, rows)
    out = io.BytesIO()
    book.save(out)
    return reproducible(out.getvalue(), hand.when)


@dataclass(frozen=True)
class Pen:
    """What somebody writes in a follow-up: when, ``cells`` by (sheet, Mål-id, header), and ``boxes`` on Overblik by label.

    Where a goal has several rows on a sheet, as on Modstridende svar, ``beside_text`` is what the right one says under
    Svar.
    """

    when: datetime
    cells: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    boxes: Mapping[str, str] = field(default_factory=dict)
    beside_text: str = ""


def write_in(data: bytes, pen: Pen) -> bytes:
    """Return the follow-up as it is saved after somebody wrote in it; the same pen always gives the same bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl drops sparklines, which the next flet draws again
        book = openpyxl.load_workbook(io.BytesIO(data))
    for (name, goal, header), text in pen.cells.items():
        sheet = book[name]
        top = next(cell.row or 1 for row in sheet.iter_rows() for cell in row if cell.value == "Mål-id")
        columns = {str(cell.value): cell.column or 1 for cell in sheet[top] if cell.value}
        row = next(r for r in range(top + 1, sheet.max_row + 1) if sheet.cell(r, columns["Mål-id"]).value == goal
                   and (header != "Vælg" or sheet.cell(r, columns["Svar"]).value == pen.beside_text))
        _write(sheet.cell(row, columns[header]), text)
    for label, text in pen.boxes.items():
        _write(_beside(book["Overblik"], label), text)
    out = io.BytesIO()
    book.save(out)
    return reproducible(out.getvalue(), pen.when)


def _write(cell: Cell | MergedCell, value: str | float | date) -> None:
    if isinstance(cell, Cell):
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def _beside(sheet: Worksheet, label: str) -> Cell | MergedCell:
    at = next(cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    return sheet.cell(at.row or 1, (at.column or 1) + 1)


def _turn(sheet: Worksheet, rows: Sequence[int], last: int) -> None:
    """Sort the rows the other way round, as somebody does who wants the last goal first."""
    content = [[sheet.cell(row, column).value for column in range(1, last + 1)] for row in rows]
    for row, values in zip(rows, reversed(content), strict=True):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column)
            if isinstance(cell, Cell):
                cell.value = value


def _insert(sheet: Worksheet, header: int, before: int, column: tuple[str, Mapping[str, str]],
            rows: Mapping[str, int]) -> None:
    name, texts = column
    sheet.insert_cols(before)
    _write(sheet.cell(header, before), name)
    for goal, text in texts.items():
        _write(sheet.cell(rows[goal], before), text)
