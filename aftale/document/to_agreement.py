"""From a document to an agreement: its facts, its goals as rows of ``Mål``, and a home for everything else in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aftale.document.facts import FoundFacts, read_facts
from aftale.document.found_goals import Draft, Ledger
from aftale.document.goal_rows import GoalRows, Row
from aftale.document.goals_in_headings import depth_of, level_said, read_outline, says_only_goals
from aftale.document.goals_in_table import CROSS, TableReader, under_year
from aftale.document.headers import COMBINED, LEVELS, Columns, find_columns
from aftale.document.target_parts import years_in
from aftale.model.agreement import Value
from aftale.model.columns import MAAL, maal_columns
from aftale.model.document import DELETED, HIDDEN, STRUCK, Leftover, Para, TextDocument, TextTable
from aftale.model.findings import Finding
from aftale.model.problems import problem
from aftale.model.text import CELL_LIMIT, canonical, cut, danish_number, fold, utf16_length
from aftale.model.workbook import Workbook, WorkbookSheet
from aftale.office.report import CannotDo

NUMBER = "Tal, der ikke er læst"
"""What a leftover is that only says which number was not understood; the number's text has its own home."""
_TITLE, _HEADER, _OTHER, _NESTED = "Forside", "Tabellens overskrifter", "Tekst i en anden tabel", "Tabel i en celle"
_REST = "Ikke placeret"
"""What a leftover is that has no place of its own."""
_AROUND = 40
_WORD, _LABEL = re.compile(r"[^\W\d_]{2,}"), re.compile(r"^[^:]{1,40}: ")

_Tables = Sequence[tuple[TextTable, Columns]]


@dataclass(frozen=True)
class ReadDocument:
    """What was read from a document.

    ``book`` holds the goals as a sheet ``Mål``; ``paragraphs`` are the agreement's own text for ``Aftaletekst``;
    ``leftovers`` what found no home, and the numbers that were not understood; ``rows`` the goals with where they stood.
    """

    book: Workbook
    facts: dict[str, Value]
    texts: dict[str, str]
    paragraphs: tuple[str, ...]
    leftovers: tuple[Leftover, ...]
    rows: tuple[Row, ...]
    problems: tuple[Finding, ...]
    crosses: int


def read_document(document: TextDocument, given: dict[str, Value]) -> ReadDocument:
    """Read an agreement from a document; ``given`` are the facts that win over what it says itself.

    Raises CannotDo where a text is longer than a cell can hold.
    """
    ledger = Ledger(document)
    for code, at, value in document.readings:
        ledger.say(code, at, value=value)
    tables = _goal_tables(document)
    found = read_facts(ledger, [table.number for table, _ in tables])
    drafts, beside = _drafts(ledger, tables, found)
    year, plan = _plan({**found.facts, **given}, tables)
    rows = GoalRows(ledger, plan, year).rows(drafts)
    if not rows:
        ledger.say("doc-no-goals", "")
    paragraphs = _paragraphs(ledger, found)
    numbers = _unread_numbers(ledger)
    leftovers = [*_leftovers(ledger, found, {table.number: columns for table, columns in tables}), *beside]
    written = [*paragraphs, *found.texts.values(), *map(canonical, found.facts.values()), *(each.text for each in leftovers),
               *(canonical(text) for row in rows for text in (*row.texts, *row.cells.values()))]
    leftovers += _nowhere(document, written)
    _refuse_long(document, written)
    return ReadDocument(_book(document, rows, year, plan), found.facts, found.texts, tuple(paragraphs),
                        (*leftovers, *numbers), tuple(rows), tuple(ledger.problems),
                        sum(value == CROSS for draft in drafts for value in draft.years.values()))


def _nowhere(document: TextDocument, written: Iterable[str]) -> list[Leftover]:
    """Return the paragraphs with a word that stands nowhere in what is written: what no reader has given a home.

    The label before a colon may be a header instead, and what stands under a year a cross.
    """
    there = {word for text in written for word in _WORD.findall(fold(text))}
    return [Leftover(para.at, para.kind or _REST, para.text) for para in document.paras()
            if not there.issuperset(_WORD.findall(_LABEL.sub("", fold(para.text)))) and under_year(para.text) != CROSS]


def _refuse_long(document: TextDocument, texts: Iterable[str]) -> None:
    for text in texts:
        if utf16_length(text) > CELL_LIMIT:
            begins, size = cut(" ".join(text[:100].split()), 60), danish_number(utf16_length(text))
            said = problem("doc-too-long", what=begins, value=size)
            raise CannotDo(f"{document.source.name}: {said.message} {said.advice}")


# ---------------------------------------------------------------- the goals

def _all_tables(blocks: Iterable[Para | TextTable]) -> Iterator[TextTable]:
    for table in blocks:
        if isinstance(table, TextTable):
            yield table
            yield from _all_tables(nested for row in table.rows for cell in row for nested in cell.tables)


def _goal_tables(document: TextDocument) -> list[tuple[TextTable, Columns]]:
    """Return the tables with goals; one without a header goes on with the one before where it has as many columns."""
    found: list[tuple[TextTable, Columns]] = []
    last, width = None, 0
    for table in _all_tables(document.blocks):
        columns = find_columns(table)
        if columns is None and last is not None and table.width == width > 2:
            columns = replace(last, above=0, header=0)
        if columns is not None:
            found.append((table, columns))
        last, width = columns, table.width
    return found


def _drafts(ledger: Ledger, tables: _Tables, found: FoundFacts) -> tuple[list[Draft], list[Leftover]]:
    """Return the goals, and the leftovers of what stands under years."""
    if not tables:
        title = {para.number for para in found.title}
        paras = [block for block in ledger.document.blocks if isinstance(block, Para) and block.number not in title]
        return read_outline(paras, ledger), []
    reader = TableReader(ledger)
    headings = _headings_above(tables, ledger)
    for table, columns in tables:
        reader.read(table, columns, headings.get(table.number, ()) if columns.header else ())
    return reader.drafts, reader.leftovers


def _headings_above(tables: _Tables, ledger: Ledger) -> dict[int, tuple[Para, ...]]:
    """Return, for each table without a column of udviklingsmål, the headings above it that say more than »Mål for 2016«."""
    wanted = {table.number: columns for table, columns in tables}
    stack: list[tuple[int, Para]] = []
    found: dict[int, tuple[Para, ...]] = {}
    before: Para | None = None
    for block in ledger.document.blocks:
        if isinstance(block, Para):
            depth = depth_of(block) or (level_said(block) and 9)
            if depth and block.number not in ledger.placed:
                stack = [*(each for each in stack if each[0] < depth), (depth, block)]
            before = block
        elif block.number in wanted:
            keys = wanted[block.number].levels.values()
            telling = [para for _, para in stack if not says_only_goals(para.text) and not para.title]
            if telling and not {"development", COMBINED} & {*keys} and (len(tables) > 1 or before is telling[-1]):
                found[block.number] = tuple(telling[-2:] if "focus" not in keys else telling[-1:])
    return found


def _plan(facts: dict[str, Value], tables: _Tables) -> tuple[int, tuple[int, ...]]:
    """Return the agreement's year, 0 where nobody says, and the years of its plan, () where nobody says."""
    said = years_in(canonical(facts.get("periode")))
    headers = sorted({year for _, columns in tables for years in columns.years.values() for year in years})
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

def _paragraphs(ledger: Ledger, found: FoundFacts) -> list[str]:
    """Return the text around the goals as it stood, points with their mark; it all goes on ``Aftaletekst``."""
    title = {para.number for para in found.title}
    kept = [block for block in ledger.document.blocks if isinstance(block, Para) and not block.kind
            and block.number not in ledger.placed and block.number not in title]
    ledger.place(kept)
    return [f"• {para.text}" if para.bullet else para.text for para in kept]


def _leftovers(ledger: Ledger, found: FoundFacts, goals: Mapping[int, Columns]) -> list[Leftover]:
    """Return what no goal, fact or paragraph holds, in reading order; the cells of a row together."""
    left: list[Leftover] = []
    if found.title:
        left.append(Leftover(found.title[0].at, _TITLE, "\n".join(para.text for para in found.title)))
    title = {para.number for para in found.title}
    for block in ledger.document.blocks:
        if isinstance(block, TextTable):
            left += _rows_left(block, ledger, goals, False)
        elif block.number not in ledger.placed and block.number not in title:
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
                kind = _HEADER if again or columns.above <= number < columns.above + columns.header else _REST
            yield Leftover(re.sub(r", kolonne \d+$", "", first.at), kind, " | ".join(texts))
        for cell in row:
            for nested in cell.tables:
                yield from _rows_left(nested, ledger, goals, True)


def _unread_numbers(ledger: Ledger) -> list[Leftover]:
    """List every number of what the document says that nothing has understood, with the words around it and a problem."""
    found: list[Leftover] = []
    for para in ledger.document.paras():
        for number in ledger.unread(para) if para.kind not in (STRUCK, HIDDEN, DELETED) else ():
            around = para.text[max(0, number.start - _AROUND):number.end + _AROUND]
            around = f"{'…' if number.start > _AROUND else ''}{around}{'…' if number.end + _AROUND < len(para.text) else ''}"
            name = ledger.names.get(para.number, "")
            around = f"{name}: {around}" if name else around
            found.append(Leftover(para.at, NUMBER, f"{number.text}: »{around}«"))
            ledger.say("doc-number", para.at, value=number.text, what=cut(around, 100))
    return found
