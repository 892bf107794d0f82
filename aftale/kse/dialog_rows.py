"""Where the lines of ``Dialog`` stand in a workbook, whoever saved and sorted it, and what the department answered there."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aftale.cells.find_table import FoundTable, find_table, sheets_by_name
from aftale.cells.read_cell import read_text
from aftale.forms.returned import Remark
from aftale.model.columns import DIALOG, DIALOG_COLUMNS
from aftale.model.dialogue import CONTINUED, WHOLE_AGREEMENT, Utterance, round_name
from aftale.model.findings import Finding, kept
from aftale.model.problems import problem
from aftale.model.text import canonical, fold
from aftale.model.workbook import Special, Workbook, is_filled

MOST_IN_A_CELL = 1_700
"""So many characters of a text can be seen in Excel's tallest row; a line break takes the room of about so many:"""
_A_LINE = 55
_MOST_HEADERS = 4
ROW_KEY = re.compile(r"d-[0-9a-f]{10}(-\d+)?")
Cell = tuple[str, int, int]
"""A sheet's name, a row and a column."""


def dialog_table(book: Workbook) -> FoundTable | None:
    """Find the table of ``Dialog`` by its headers, on whatever sheet it stands."""
    for sheet in sheets_by_name(book, DIALOG):
        table = find_table(sheet, DIALOG_COLUMNS, ("answer",), _MOST_HEADERS)
        if table and {"text", "stage", "answer"} <= table.columns.keys():
            return table
    return None


def row_key(each: Utterance, number: int) -> str:
    """Return what stands under ``Nøgle`` in a row of an utterance: its key, and the row's number where it goes on."""
    return f"{each.key}-{number + 1}" if number else each.key


def rows_of(table: FoundTable, lines: Sequence[Utterance]) -> dict[str, list[int]]:
    """Return the rows of each line by its key, those that it goes on in after the first.

    A row without its key is known by what it says, where only one line says that.
    """
    parts = {row_key(each, part.number): (each.key, part.number) for each in lines for part in parts_of(each)}
    by_words: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for each in lines:
        for part in parts_of(each):
            by_words.setdefault(_words(each, part.text, part.number), []).append((each.key, part.number))
    found: dict[str, list[tuple[int, int]]] = {}
    for row in table.data_rows():
        key = parts.get(canonical(table.value(row, "key")))
        if key is None:
            said = tuple(fold(canonical(table.value(row, name))) for name in ("id", "round", "who", "text"))
            same = by_words.get(said, ())
            key = same[0] if len(same) == 1 else None
        if key is not None:
            found.setdefault(key[0], []).append((key[1], row))
    return {key: [row for _, row in sorted(rows)] for key, rows in found.items()}


def _words(each: Utterance, text: str, number: int) -> tuple[str, ...]:
    who = f"{each.who}{CONTINUED}" if number else each.who
    return tuple(fold(word) for word in (each.goal or WHOLE_AGREEMENT, round_name(each), who, text))


def open_cells(book: Workbook, lines: Sequence[Utterance]) -> dict[Cell, Utterance]:
    """Return the cells under ``Svar`` of some lines, each with its line."""
    table = dialog_table(book) if lines else None
    if table is None:
        return {}
    rows, column = rows_of(table, lines), table.columns["answer"]
    return {(table.sheet.name, row, column): each for each in lines for row in rows.get(each.key, ())}


@dataclass
class AnswersRead:
    """What the department answered in its edition: as remarks about lines, with what else was found in those cells.

    ``ours`` is how many of the ``cells`` hold what was sent.
    """

    cells: dict[Cell, Utterance]
    remarks: list[Remark] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ours: int = 0


def read_answers(book: Workbook, lines: Sequence[Utterance], edited: Collection[str], called: str) -> AnswersRead:
    """Read what is answered to the ``lines`` that waited for it; where an answer goes on in other rows, it is one.

    ``edited`` are the keys of those whose answer was worded by the coordinator, and ``called`` is the department's name.
    """
    found = AnswersRead(open_cells(book, lines))
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for each in lines:
        values = {at: sheets[at[0]].value(*at[1:]) for at, line in found.cells.items() if line is each}
        filled = [at for at, value in values.items() if is_filled(value)]
        unread = next((at for at in filled if isinstance(values[at], Special)), None)
        text = joined([canonical(read_text(value).value) for value in values.values()], each.answer)
        if unread:
            asked = problem("kse-unread", book.place(*unread), value=values[unread], goal=each.goal, department=called)
            found.findings.append(asked.keeping("unread", len(filled)))
        elif text == each.answer and (text or not filled):
            found.ours += len(filled)
        elif filled and not text and not each.answer:
            first = filled[0]
            found.findings.append(kept("blank", canonical(values[first]), book.place(*first), len(filled), each.goal))
        elif values:
            at = (filled or list(values))[0]
            found.remarks.append(Remark(each.goal, text or None, each.answer, each.key in edited, book.place(*at), each))
            found.ours += max(len(filled) - 1, 0)  # the rest of a long answer, of which the first cell is told
    return found


# ---------------------------------------------------------------- texts that are too long for a row

class Part(NamedTuple):
    """A row of an utterance: its number from 0, and what stands in it of the text and of the answer."""

    number: int
    text: str
    answer: str
    last: bool


def parts_of(each: Utterance) -> tuple[Part, ...]:
    """Return the rows that an utterance needs; its answer stands in the last of them."""
    texts, answers = pieces(each.text), pieces(each.answer)
    many = max(len(texts), len(answers))
    texts, answers = (*texts, *[""] * (many - len(texts))), (*[""] * (many - len(answers)), *answers)
    both = zip(texts, answers, strict=True)
    return tuple(Part(at, text, answer, at == many - 1) for at, (text, answer) in enumerate(both))


def pieces(text: str) -> tuple[str, ...]:
    """Part a text where a row can't show more of it, between words; `joined` puts it together again."""
    found: list[str] = []
    while (end := _fits(text)) < len(text):
        at = max(text.rfind(" ", 1, end + 1), text.rfind("\n", 1, end + 1))
        at = at if at > end // 2 else end
        found.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return (*found, text) if text or not found else tuple(found)


def _fits(text: str) -> int:
    """Return how many of a text's characters a row can show."""
    if len(text) + (_A_LINE - 1) * text.count("\n") <= MOST_IN_A_CELL:
        return len(text)
    room = MOST_IN_A_CELL
    for at, letter in enumerate(text):
        room -= _A_LINE if letter == "\n" else 1
        if room < 0:
            return max(at, 1)
    return len(text)


def joined(rows: Sequence[str], drawn: str) -> str:
    """Return the text of some rows; ``drawn`` is what stood in them, which is returned where nothing was changed."""
    there = [row for row in rows if row]
    return drawn if there == [piece for piece in pieces(drawn) if piece] else " ".join(there)
