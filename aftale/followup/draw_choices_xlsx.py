"""Where the coordinator chooses: the lists in the yellow cells, and what sets one disputed cell's answers apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped,unused-ignore]

from aftale.followup.draw_table_xlsx import Drawn
from aftale.model.agreement import Status
from aftale.model.tables import Cell, Table
from aftale.office import palette
from aftale.office.draw_base import Props

_MOST_SHADED = 400
"""Telling every other group apart takes a formula over all rows above: too slow where there are thousands."""
_SHADE: Props = {"bg_color": "#F0F4F8"}
_NEW_GROUP: Props = {"top": 1, "top_color": palette.NAVY}
_YELLOW_FRAME: Props = {"left": 1, "right": 1, "bottom": 1, "left_color": palette.INPUT_LINE,
                        "right_color": palette.INPUT_LINE, "bottom_color": palette.INPUT_LINE}
_CHOSEN: Props = {"bg_color": palette.STATUS_COLOURS[Status.MET][0], "font_color": palette.STATUS_COLOURS[Status.MET][1],
                  "bold": True, "num_format": '"✓ "@'}


def offer_choices(drawn: Drawn, table: Table, picking: str, wording: str) -> None:
    """Put a list into every cell of ``Vælg`` that has choices, and advice into every open ``Egen formulering``."""
    pick, own = drawn.at("pick"), drawn.at("own")
    if pick is not None:
        for choices, first, last in _runs(drawn, table, lambda row: row[pick].choices):
            drawn.sheet.advise((first, pick, last, pick), "Vælg", picking, choices)
    if own is not None:
        for _, first, last in _runs(drawn, table, lambda row: ("",) if row[own].open else ()):
            drawn.sheet.advise((first, own, last, own), "Egen formulering", wording)


def _runs(drawn: Drawn, table: Table, of: Callable[[tuple[Cell, ...]], tuple[str, ...]]) -> Iterator[
        tuple[tuple[str, ...], int, int]]:
    """Yield what rows that follow each other have in common, with the first and the last of them."""
    number = drawn.first
    for found, rows in groupby(table.rows, key=of):
        size = sum(1 for _ in rows)
        if found:
            yield found, number, number + size - 1
        number += size


def add_conflict_rules(drawn: Drawn) -> None:
    """Set the answers to one cell apart: a line above them, every other group shaded, what is chosen marked."""
    sheet, first, last = drawn.sheet, drawn.first, drawn.last
    goal, field, state = (drawn.at(key) or 0 for key in ("id", "column", "state"))
    yellow = [place for place in (drawn.at("pick"), drawn.at("own")) if place is not None]

    def at(row: int, column: int, row_abs: bool = False) -> str:
        return str(xl_rowcol_to_cell(row, column, row_abs=row_abs, col_abs=True))

    new = f"{at(first, goal)}&{at(first, field)}<>{at(first - 1, goal)}&{at(first - 1, field)}"
    style = sheet.book.rule_style
    sheet.rule((first, state, last, state), {"type": "cell", "criteria": "==", "value": '"Valgt"', "format": style(_CHOSEN)})
    for place in yellow:
        sheet.formula_rule((first, place, last, place), new, style(_NEW_GROUP, _YELLOW_FRAME))
    these = f"{at(first, goal, True)}:{at(first, goal)}&{at(first, field, True)}:{at(first, field)}"
    above = f"{at(first - 1, goal, True)}:{at(first - 1, goal)}&{at(first - 1, field, True)}:{at(first - 1, field)}"
    shaded = f"MOD(SUMPRODUCT(--({these}<>{above})),2)=0"
    sheet.formula_rule((first, state, last, state), new, style(_NEW_GROUP))  # its own colours tell what is to be done
    for left, right in _between([*yellow, state], len(drawn.columns)):
        box = first, left, last, right
        if last - first < _MOST_SHADED:  # LibreOffice shows the first rule that fits, so both looks need one together
            sheet.formula_rule(box, f"AND({new},{shaded})", style(_NEW_GROUP, _SHADE))
        sheet.formula_rule(box, new, style(_NEW_GROUP))
        if last - first < _MOST_SHADED:
            sheet.formula_rule(box, shaded, style(_SHADE))


def _between(places: Sequence[int], size: int) -> Iterator[tuple[int, int]]:
    """Yield the columns before, between and after some columns, as first and last."""
    start = 0
    for place in (*sorted(places), size):
        if place > start:
            yield start, place - 1
        start = place + 1
