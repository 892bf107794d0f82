"""What ``Modstridende svar`` says: the answers that disagree, side by side, to choose between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aftale.forms.returned import CLEARED
from aftale.merge.cell_account import shown_as_conflict
from aftale.merge.merge import HEADERS, Merged, MergeResult
from aftale.merge.shown import EMPTY, SENT, answer_cell, sent_values, when_text
from aftale.model.agreement import AnswerColumn, Goal, Value
from aftale.model.columns import CONFLICT_COLUMNS, CONFLICTS
from aftale.model.tables import Cell, Table
from aftale.model.text import canonical, count


def conflict_table(merged: MergeResult, goals: Mapping[str, Goal], links: Mapping[str, str] | None = None) -> Table:
    """Return every answer of every cell on which people disagree, a row each, with room to choose.

    First of each stands what was sent out, which can be chosen too. ``links`` lead from a Mål-id to its row.
    """
    rows: list[tuple[Cell, ...]] = []
    for (goal_id, column), cell in merged.cells.items():
        if goal_id in goals and shown_as_conflict(cell):
            goal = goals[goal_id]
            head = (Cell(goal_id, link=(links or {}).get(goal_id, "")), Cell(goal.text), Cell(HEADERS[column]))
            rows += [(*head, *row) for row in _answers(goal, column, cell)]
    return Table(CONFLICTS, "Modstridende svar", _conflict_intro(merged, goals), CONFLICT_COLUMNS, tuple(rows),
                 "Modstridende", "Ingen modstridende svar i denne runde.")


def _conflict_intro(merged: MergeResult, goals: Mapping[str, Goal]) -> str:
    cells = [cell for cell in merged.cells.values() if cell.goal in goals and shown_as_conflict(cell)]
    left = sum(cell.conflict for cell in cells)
    if not cells:
        return "Når to svar på det samme ikke stemmer overens, står de her, og du vælger, hvad der gælder."
    begin = f"{count(left, 'felt', 'felter')} at afgøre. " if left else "Alle felter er afgjort. "
    return (f"{begin}1) Sæt x under Vælg ud for det svar, der gælder (det udsendte kan også vælges), eller skriv under Egen"
            " formulering, hvad der skal stå. 2) Gem og luk filen. 3) Kør «aftale flet» igen.")


def _answers(goal: Goal, column: AnswerColumn, cell: Merged) -> Iterator[tuple[Cell, ...]]:
    """Yield the sent-out value, every answer, and the coordinator's own wording where it is none of them."""
    open_ = "Skal vælges igen" if cell.reopened else "Skal vælges" if cell.conflict else "Ikke valgt"
    said = {canonical(side.value) for side in cell.sides}

    def row(value: Value, who: str, state: str, *source: str) -> tuple[Cell, ...]:
        text = canonical(value)
        chosen = cell.decided and text == canonical(cell.outcome) and (who != SENT or text not in said)
        before = cell.reopened and cell.decision and text == canonical(cell.decision.chosen)
        told = "Valgt" if chosen else "Tidligere valg" if before else state
        empty = EMPTY if who == SENT else CLEARED
        mark = "undecided" if cell.conflict and told != "Kan vælges" else ""
        quiet = "info" if who == SENT else ""
        return (replace(answer_cell(goal, column, empty if value is None else value), mark=quiet), Cell(who, mark=quiet),
                Cell("x" if chosen else None, open=True, choices=("x",)), Cell(open=True), Cell(told, mark=mark),
                *(Cell(text or None) for text in source))

    for value in sent_values(cell):
        yield row(value, SENT, "Kan vælges" if cell.conflict else "Ikke valgt", "", "", "")
    for side in cell.sides:
        place = side.place
        yield row(side.value, side.who, open_, when_text(side.source.when), place.file, f"{place.sheet} {place.cell}")
    offered = said | {canonical(value) for value in sent_values(cell)}
    if cell.decision and canonical(cell.decision.chosen) not in offered:
        yield row(cell.decision.chosen, "Koordinator", open_, "", "", "")
