"""A table of key figures: `Indikator | Baseline | Mål 2015 | Mål 2016`, a goal on each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aftale.document.found_goals import Beside, Draft, GoalTable, Ledger, above_of, joined, named_goal
from aftale.document.headers import first_headers, header_years, is_header_again
from aftale.document.words import TOTALS
from aftale.model.agreement import Level
from aftale.model.document import TextTable
from aftale.model.text import fold


def fit(table: TextTable) -> GoalTable | None:
    """Return a table with a column of what is measured and one of targets, and none of goals."""
    for columns in first_headers(table):
        said = {at: years for at, years in columns.years.items() if not header_years(columns.names[at])}
        named = [column for column, key in sorted(columns.keys.items()) if key == "indicator"]
        if not named and any("mål" in fold(columns.names[at]) for at in said) and not columns.keys.get(0, "-"):
            named = [0]  # what is measured stands in the first column, under a header of its own or none
        if named and not columns.levels and (said or {"target", "baseline"} & {*columns.keys.values()}):
            # Beside »Mål 2016«, and where no target or baseline is, a plain »2014« is what has been.
            past = dict.fromkeys(columns.years.keys() - said.keys() if said else (), "")
            keys = {**columns.keys, **past, named[0]: "effect"}
            return GoalTable(table, replace(columns, keys=keys, years=said or columns.years), columns.known)
    return None


def read(ledger: Ledger, tables: Sequence[GoalTable]) -> list[Draft]:
    """Return a goal for each row that names what is measured; a row with nothing else is the heading of those below it."""
    drafts: list[Draft] = []
    for found in tables:
        name = next(iter(found.columns.levels))
        above = above_of(found.headings)
        ledger.place(found.headings)
        for row in found.rows:
            filled = {cell.column: cell for cell in row if cell.text.strip()}
            own = filled.pop(name, None)
            if not own or is_header_again(row, found.columns) or not named_goal(own.text) or fold(own.text) in TOTALS:
                continue
            ledger.place(own.paras)
            if not filled:
                above = (above[0], joined(own.paras))
                drafts.append(Draft(Level.FOCUS, above[:1], own.paras, implied=True))
            else:
                drafts.append(Beside.of(ledger, found.columns, filled).draft(Level.EFFECT, above, own.paras))
    return drafts
