"""Which shape a document's goals have: each table is scored by each shape, and the text is read where no table has goals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from aftale.document import crossed_table, key_figures, label_table
from aftale.document.facts import title_of
from aftale.document.found_goals import Draft, GoalTable, Ledger
from aftale.document.headers import COMBINED
from aftale.document.outline import heading_depth, read_outline, says_only_goals
from aftale.model.document import Para, TextDocument, TextTable
from aftale.model.text import count


class Shape(NamedTuple):
    """A shape of tables with goals: what it is called, how well it fits a table, and the goals of tables in it."""

    name: str
    fit: Callable[[TextTable], GoalTable | None]
    read: Callable[[Ledger, Sequence[GoalTable]], list[Draft]]


CROSSED = Shape("aftalens egen tabel", crossed_table.fit, crossed_table.read)
KEY_FIGURES = Shape("en tabel med nøgletal", key_figures.fit, key_figures.read)
LABELS = Shape("en tabel for hvert mål", label_table.fit, label_table.read)
_SHAPES = (CROSSED, KEY_FIGURES, LABELS)
"""The shapes of tables; where two fit as well, the first counts."""

Found = Sequence[tuple[Shape, GoalTable]]


def goal_tables(document: TextDocument) -> list[tuple[Shape, GoalTable]]:
    """Return the tables with goals, each with the shape that fits best, and the headings above it.

    A table without a header goes on with the one before where it has as many columns.
    """
    found: list[tuple[Shape, GoalTable]] = []
    last: tuple[Shape, GoalTable] | None = None
    for table in _all_tables(document.blocks):
        fitting = [(shape, fit) for shape in _SHAPES if (fit := shape.fit(table))]
        best = max(fitting, key=lambda each: each[1].score, default=None)
        if best is None and last and last[0] is not LABELS and table.width == last[1].table.width > 2:
            best = last[0], GoalTable(table, replace(last[1].columns, above=0, header=0), 0)
        if best is not None:
            found.append(best)
        last = best
    return list(_under_headings(document, found))


def _all_tables(blocks: Iterable[Para | TextTable]) -> Iterator[TextTable]:
    for table in blocks:
        if isinstance(table, TextTable):
            yield table
            yield from _all_tables(nested for row in table.rows for cell in row for nested in cell.tables)


def _under_headings(document: TextDocument, tables: Found) -> Iterator[tuple[Shape, GoalTable]]:
    """Give tables without a column of udviklingsmål the headings above them that say more than »Mål for 2016«."""
    wanted = {found.table.number: found for _, found in tables}
    crossed = {found.table.number for shape, found in tables if shape is CROSSED}
    title = title_of(document)
    stack: list[tuple[int, Para]] = []
    above: dict[int, tuple[Para, ...]] = {}
    before: Para | None = None
    for block in document.blocks:
        if isinstance(block, Para):
            if depth := heading_depth(block):
                stack = [*(each for each in stack if each[0] < depth), (depth, block)]
            before = block
        elif block.number in wanted and (wanted[block.number].columns.header or not wanted[block.number].columns.names):
            keys = wanted[block.number].columns.levels.values()
            telling = [para for _, para in stack if not says_only_goals(para.text) and not para.title and para not in title]
            if telling and not {"development", COMBINED} & {*keys} and (
                    len(tables) > 1 or before is telling[-1] or block.number not in crossed):
                above[block.number] = tuple(telling[-2:] if "focus" not in keys else telling[-1:])
    for shape, found in tables:
        yield shape, found._replace(headings=above.get(found.table.number, ()))


def read_goals(ledger: Ledger, tables: Found, paras: Sequence[Para]) -> list[Draft]:
    """Return a document's goals in order: those of its tables, and those of its paragraphs where no table holds them all."""
    drafts: list[Draft] = []
    for shape, those in groupby(tables, key=lambda each: each[0]):
        drafts += shape.read(ledger, [found for _, found in those])
    if all(shape is KEY_FIGURES for shape, _ in tables):
        drafts += read_outline(paras, ledger, among_tables=bool(tables))
    return drafts


def shapes_said(tables: Found, drafts: Sequence[Draft]) -> str:
    """Say which shapes the goals were read from: »2 tabeller er læst som en tabel med nøgletal«."""
    parts = [f"{count(sum(each is shape for each, _ in tables), 'tabel', 'tabeller')} er læst som {shape.name}"
             for shape in _SHAPES if any(each is shape for each, _ in tables)]
    in_tables = {para.number for _, found in tables for para in found.table.paras()}
    if any(para.number not in in_tables for draft in drafts for para in draft.paras if not draft.implied):
        parts.append("målene står i teksten under overskrifterne")
    return "; ".join(parts)
