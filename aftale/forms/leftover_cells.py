"""What stands in a returned workbook besides answers and what was sent: kept row by row, so that no cell is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from aftale.cells.hidden_sheet import is_line
from aftale.cells.number_format import seen_at
from aftale.model.columns import RECORD_COLUMNS
from aftale.model.findings import Finding, kept
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical, fold
from aftale.model.workbook import Note, Special, Workbook, WorkbookSheet, is_filled

MOST_LINES = 100
"""More rows than so of a sheet stand together on ``Kontrol``, in lines of about so many characters:"""
BLOCK = 4_000
PICTURE = "(billede)"
BETWEEN_CELLS = " · "
"""What stands between the texts of a row's cells."""
Texts = Sequence[tuple[int, str]]
"""The texts of a row's cells, each with its column."""


def written(value: object) -> str:
    """Return what a cell holds as text; of one that can't be read, what it shows."""
    return canonical(str(value) if isinstance(value, Special) else value)


def row_found(kind: str, place: Place, texts: Texts, goal: str = "") -> Finding:
    """Return the cells of a row that have no other home; ``place`` is that of the first."""
    return kept(kind, BETWEEN_CELLS.join(text for _, text in texts), place, len(texts), goal)


def blocks_found(kind: str, book: Workbook, sheet: WorkbookSheet, rows: Mapping[int, Texts]) -> list[Finding]:
    """Return a great many rows in blocks of lines."""
    blocks: list[Finding] = []
    for row, texts in rows.items():
        one = row_found(kind, book.place(sheet.name, row, texts[0][0]), texts)
        if blocks and len(blocks[-1].text) <= BLOCK:
            last = blocks.pop()
            one = replace(last, text=f"{last.text}\n{one.text}", cells=last.cells + one.cells)
        blocks.append(one)
    return blocks


def notes_found(book: Workbook, sheet: WorkbookSheet, ours: Counter[str]) -> Iterator[tuple[Note, Finding]]:
    """Yield the notes that weren't sent; those of ``ours`` that are found are taken out of it."""
    for note in sheet.notes:
        text = canonical(note.text)
        if ours.get(text, 0) > 0:
            ours[text] -= 1
            continue
        who = f"{note.author}: " if note.author and not note.text.startswith(note.author) else ""
        yield note, kept("note", f"{who}{text}", book.place(sheet.name)._replace(cell=note.cell), 0)


def drawings_found(book: Workbook, sheet: WorkbookSheet, ours: int = 0) -> Finding | None:
    """Return what lies on a sheet together, None where there are only as many things without words as were sent."""
    texts = [*filter(None, sheet.drawings), *[PICTURE] * (sheet.drawings.count("") - ours)]
    return kept("drawing", "\n".join(texts), book.place(sheet.name), 0) if texts else None


def margins_found(book: Workbook, sheet: WorkbookSheet, ours: Collection[str]) -> Iterator[Finding]:
    """Yield what somebody typed in the headers and footers of a sheet's printed page."""
    for text in sheet.margins:
        if canonical(text) not in ours:
            yield kept("margin", text, book.place(sheet.name), 0)


def links_found(book: Workbook, sheet: WorkbookSheet) -> Iterator[Finding]:
    """Yield the links whose address can't be read in their cell."""
    for link in sheet.links:
        yield kept("link", link.text, book.place(sheet.name)._replace(cell=link.cell), 0)


def sheets_unread(book: Workbook) -> Iterator[Finding]:
    """Yield the sheets of a file that aren't read, with the reason."""
    for name, why in book.unread:
        yield problem("sheet-unread", book.place(name), value=name, why=why)


def beside_record(book: Workbook, sheet: WorkbookSheet) -> tuple[int, list[Finding]]:
    """Return how many cells of ours ``_aftale`` holds, and what somebody wrote beside or under them."""
    beside = [row_found("remark", book.place(sheet.name, r, c), [(c, seen_at(sheet, r, c))])
              for r, c in strangers_in_record(sheet)]
    width = len(RECORD_COLUMNS)
    cells = list(chain.from_iterable(row[:width] for row in sheet.rows if is_line(row)))
    return len(cells) - cells.count("") - cells.count(None), beside


def strangers_in_record(sheet: WorkbookSheet) -> list[tuple[int, int]]:
    """Return the cells of ``_aftale`` that somebody wrote in: beside its lines, and on rows that are none."""
    width = len(RECORD_COLUMNS)
    return [(r, c) for r, row in enumerate(sheet.rows) for c in range(width if is_line(row) else 0, len(row))
            if is_filled(row[c])]


def sent_as(sheet: WorkbookSheet, book: Workbook, sent: Mapping[str, Collection[str]],
            texts: Callable[[WorkbookSheet], Collection[str]]) -> str:
    """Return what a sheet was called when it was sent: by its name, else the one whose texts it shares most of.

    ``sent`` has the texts of each sheet that was sent; '' where it is none of them.
    """
    for name in sent:
        if fold(name) == fold(sheet.name):
            return name
    there = {fold(each.name) for each in book.sheets}
    here = set(texts(sheet))
    shared = {name: len(here.intersection(known)) for name, known in sent.items() if fold(name) not in there}
    best = max(shared, key=lambda name: shared[name], default="")
    return best if shared.get(best, 0) > 2 else ""
