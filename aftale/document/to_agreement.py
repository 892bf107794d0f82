"""From a document to an agreement: its facts, its goals as rows of ``Mål``, and a home for everything else in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aftale.document.facts import FoundFacts, read_facts
from aftale.document.found_goals import HEADERS, Ledger
from aftale.document.goal_rows import GoalRows, Row
from aftale.document.headers import CROSS, LEVELS, Columns, under_year
from aftale.document.shapes import Found, goal_tables, read_goals, shapes_said
from aftale.document.target_parts import years_in
from aftale.model.agreement import Value
from aftale.model.columns import MAAL, maal_columns
from aftale.model.document import Leftover, Para, TextDocument, TextTable
from aftale.model.findings import Finding
from aftale.model.text import canonical, fold
from aftale.model.workbook import Workbook, WorkbookSheet

_TITLE, _OTHER, _NESTED = "Forside", "Tekst i en anden tabel", "Tabel i en celle"
_REST = "Ikke placeret"
"""What a leftover is that has no place of its own."""
_LAID_OUT = 4
_WORD, _LABEL = re.compile(r"[^\W\d_]{2,}"), re.compile(r"^[^:]{1,40}: ")


@dataclass(frozen=True)
class ReadDocument:
    """What was read from a document.

    ``book`` holds the goals as a sheet ``Mål``; ``paragraphs`` are the agreement's own text for ``Aftaletekst``;
    ``leftovers`` what found no home; ``rows`` the goals with where they stood.
    """

    book: Workbook
    facts: dict[str, Value]
    texts: dict[str, str]
    paragraphs: tuple[str, ...]
    leftovers: tuple[Leftover, ...]
    rows: tuple[Row, ...]
    problems: tuple[Finding, ...]
    crosses: int
    shapes: str


def read_document(document: TextDocument, given: dict[str, Value]) -> ReadDocument:
    """Read an agreement from a document; ``given`` are the facts that win over what it says itself.

    Where no goals are found, tables that only lay out the page are read as the text that stands in them.
    """
    found, text = _read(document, given), _without_layout(document)
    unfolded = _read(text, given) if not found.rows and text != document else found
    return unfolded if unfolded.rows else found


def _without_layout(document: TextDocument) -> TextDocument:
    blocks: list[Para | TextTable] = []
    for block in document.blocks:
        cells = [cell for row in block.rows for cell in row] if isinstance(block, TextTable) else []
        if max((len(cell.paras) for cell in cells), default=0) < _LAID_OUT:
            blocks.append(block)
        for cell in cells if blocks[-1:] != [block] else ():
            blocks += [*cell.paras, *cell.tables]
    return replace(document, blocks=tuple(blocks))


def _read(document: TextDocument, given: dict[str, Value]) -> ReadDocument:
    ledger = Ledger(document)
    for code, at, value in document.readings:
        ledger.say(code, at, value=value)
    tables = goal_tables(document)
    found = read_facts(ledger, [each.table.number for _, each in tables])
    drafts = read_goals(ledger, tables, [block for block in document.blocks if isinstance(block, Para) and not block.kind])
    year, plan = _plan({**found.facts, **given}, tables)
    rows = GoalRows(ledger, plan, year).rows(drafts)
    if not rows:
        ledger.say("doc-no-goals", "")
    if not year and "doc-year-slash" not in {each.code for each in ledger.problems}:
        ledger.say("doc-year-missing", "")
    paragraphs = _paragraphs(ledger)
    leftovers = [*_leftovers(ledger, found, {each.table.number: each.columns for _, each in tables}), *ledger.labels]
    written = [*paragraphs, *found.texts.values(), *map(canonical, found.facts.values()), *(each.text for each in leftovers),
               *(canonical(text) for row in rows for text in (*row.texts, *row.cells.values()))]
    leftovers += _nowhere(document, written)
    return ReadDocument(_book(document, rows, year, plan), found.facts, found.texts, tuple(paragraphs),
                        tuple(leftovers), tuple(rows), tuple(ledger.problems),
                        sum(value == CROSS for draft in drafts for value in draft.years.values()),
                        shapes_said(tables, drafts))


def _nowhere(document: TextDocument, written: Iterable[str]) -> list[Leftover]:
    """Return the paragraphs with a word that stands nowhere in what is written: what no reader has given a home.

    The label before a colon may be a header instead, and what stands under a year a cross.
    """
    there = {word for text in written for word in _WORD.findall(fold(text))}
    return [Leftover(para.at, para.kind or _REST, para.text) for para in document.paras()
            if not there.issuperset(_WORD.findall(_LABEL.sub("", fold(para.text)))) and under_year(para.text) != CROSS]


def _plan(facts: dict[str, Value], tables: Found) -> tuple[int, tuple[int, ...]]:
    """Return the agreement's year, 0 where nobody says, and the years of its plan, () where nobody says."""
    said = years_in(canonical(facts.get("periode")))
    headers = sorted({year for _, each in tables for years in each.columns.years.values() for year in years})
    own = years_in(canonical(facts.get("aar")))
    span = said if len(said) > 1 else [*headers, *own[:1]] if headers else []
    year = own[0] if own else (span[0] if span else 0)
    return year, tuple(range(min(span), max(span) + 1)) if span else ()


def _book(document: TextDocument, rows: Sequence[Row], year: int, plan: Sequence[int]) -> Workbook:
    """Return the goals as a sheet ``Mål`` that the agreement is read from like any other list of goals."""
    years = {*(plan or (range(year, year + 4) if year else ())), *(each for row in rows for each in row.years)}
    columns = maal_columns(sorted(years))
    cells: list[list[object]] = [[column.header for column in columns]]
    for row in rows:
        values: dict[str, object] = {**dict(zip(LEVELS, row.texts, strict=True)), **row.cells,
                                     **{f"y{each}": value for each, value in row.years.items()}}
        cells.append([values.get(column.key, "") for column in columns])
    return Workbook(document.source, (WorkbookSheet(MAAL, cells),) if rows else ())


# ---------------------------------------------------------------- everything else

def _paragraphs(ledger: Ledger) -> list[str]:
    """Return the text around the goals as it stood, points with their mark; it all goes on ``Aftaletekst``."""
    kept = [block for block in ledger.document.blocks if isinstance(block, Para) and not block.kind
            and block.number not in ledger.placed]
    ledger.place(kept)
    return [f"• {para.text}" if para.bullet else para.text for para in kept]


def _leftovers(ledger: Ledger, found: FoundFacts, goals: Mapping[int, Columns]) -> list[Leftover]:
    """Return what no goal, fact or paragraph holds, in reading order; the cells of a row together."""
    left: list[Leftover] = []
    if found.title:
        left.append(Leftover(found.title[0].at, _TITLE, "\n".join(para.text for para in found.title)))
    for block in ledger.document.blocks:
        if isinstance(block, TextTable):
            left += _rows_left(block, ledger, goals, False)
        elif block.number not in ledger.placed:
            left.append(Leftover(block.at, block.kind or _REST, block.text))
    left += [Leftover(para.at, para.kind, para.text) for para in ledger.document.beside]
    return left


def _rows_left(table: TextTable, ledger: Ledger, goals: Mapping[int, Columns], inside: bool) -> Iterator[Leftover]:
    columns = goals.get(table.number)
    for number, row in enumerate(table.rows):
        open_paras = [[para for para in cell.paras if para.number not in ledger.placed] for cell in row]
        texts = ["\n".join(para.text for para in paras) for paras in open_paras if paras]
        if texts:
            first = next(paras[0] for paras in open_paras if paras)
            kind = _NESTED if inside else _OTHER
            if columns:
                again = {fold(text) for text in texts} <= {fold(name) for name in columns.names.values()}
                kind = HEADERS if again or columns.above <= number < columns.above + columns.header else _REST
            yield Leftover(re.sub(r", kolonne \d+$", "", first.at), kind, " | ".join(texts))
        for cell in row:
            for nested in cell.tables:
                yield from _rows_left(nested, ledger, goals, True)
