"""From a document to an agreement: its facts, its goals as rows of ``Mål``, and a home for everything else in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from aftale.document.facts import FoundFacts, read_facts
from aftale.document.found_goals import Draft, Ledger
from aftale.document.goal_rows import GoalRows, Row
from aftale.document.goals_in_headings import read_outline, says_only_goals
from aftale.document.goals_in_table import CROSS, TableReader
from aftale.document.headers import COMBINED, Columns, find_columns
from aftale.document.target_parts import years_in
from aftale.model.agreement import SUGGESTED, Value
from aftale.model.columns import MAAL, maal_columns
from aftale.model.document import DELETED, HIDDEN, STRUCK, Leftover, Para, TextDocument, TextTable
from aftale.model.findings import Finding
from aftale.model.problems import problem
from aftale.model.text import CELL_LIMIT, canonical, cut, danish_number, fold, split_at_limit, utf16_length
from aftale.model.workbook import Workbook, WorkbookSheet

NUMBER = "Tal, der ikke er læst"
"""What a leftover is that only says which number was not understood; the number's text has its own home."""
_TITLE, _HEADER, _OTHER, _NESTED = "Forside", "Tabellens overskrifter", "Tekst i en anden tabel", "Tabel i en celle"
_AROUND = 40
_TOKEN = re.compile(r"(?P<thousands>[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]+)?(?![0-9]))"
                    r"|(?P<decimal>[0-9]+[.,][0-9]+)|[0-9]+|[^\W_]+|_+")
_SIGNS = re.compile(r"(?<!\S)[^\w\s]+(?!\S)")


@dataclass(frozen=True)
class ReadDocument:
    """What was read from a document.

    ``book`` holds the goals as a sheet ``Mål``; ``paragraphs`` are the agreement's own text for ``Aftaletekst``;
    ``leftovers`` what found no home, and the numbers that were not understood; ``rows`` the goals with where they stood.
    """

    book: Workbook
    facts: dict[str, Value] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    paragraphs: tuple[str, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    rows: tuple[Row, ...] = ()
    problems: tuple[Finding, ...] = ()
    crosses: int = 0


def read_document(document: TextDocument, given: dict[str, Value]) -> ReadDocument:
    """Read an agreement from a document; ``given`` are the facts that win over what it says itself."""
    ledger = Ledger()
    for code, at, value in document.readings:
        ledger.problems.append(problem(code, document.place(at), value=value))
    tables = _goal_tables(document)
    found = read_facts(document, ledger, [table.number for table, _ in tables])
    drafts, marks, beside = _drafts(document, ledger, tables, found)
    year, plan = _plan({**found.facts, **given}, tables)
    rows, rest = _cut_long(GoalRows(document, ledger, plan, year).rows(drafts), found, document, ledger)
    if not rows:
        ledger.problems.append(problem("doc-no-goals", document.place("")))
    paragraphs = _paragraphs(document, ledger, found)
    numbers = _unread_numbers(document, ledger)
    leftovers = [*_leftovers(document, ledger, found), *rest, *beside]
    written = [*paragraphs, *found.texts.values(), *(canonical(value) for value in found.facts.values()),
               *ledger.headed, *(text for row in rows for text in _written(row)), *(each.text for each in leftovers)]
    leftovers += lost(document, written, marks)
    pieces = [replace(each, text=piece) for each in leftovers for piece in split_at_limit(each.text)]
    return ReadDocument(_book(document, rows, year, plan), found.facts, found.texts, tuple(paragraphs),
                        (*pieces, *numbers), tuple(rows), tuple(ledger.problems),
                        sum(value == CROSS for draft in drafts for value in draft.years.values()))


# ---------------------------------------------------------------- the goals

def _all_tables(blocks: Iterable[Para | TextTable]) -> Iterator[TextTable]:
    for block in blocks:
        if isinstance(block, TextTable):
            yield block
            for row in block.rows:
                for cell in row:
                    yield from _all_tables(cell.tables)


def _goal_tables(document: TextDocument) -> list[tuple[TextTable, Columns]]:
    """Return the tables with goals; one without a header goes on with the one before where it has as many columns."""
    found: list[tuple[TextTable, Columns]] = []
    last: tuple[int, Columns] | None = None
    for table in _all_tables(document.blocks):
        columns = find_columns(table)
        if columns is None and last is not None and table.width == last[0] and table.width > 2:
            columns = Columns(last[1].keys, last[1].names, last[1].years, 0, 0)
        if columns is not None:
            found.append((table, columns))
            last = table.width, columns
        else:
            last = None
    return found


def _drafts(document: TextDocument, ledger: Ledger, tables: Sequence[tuple[TextTable, Columns]],
            found: FoundFacts) -> tuple[list[Draft], set[int], list[Leftover]]:
    """Return the goals, the paragraphs that are read as crosses and numbers under years, and what those leave over."""
    if not tables:
        title = {para.number for para in found.title}
        return read_outline([block for block in document.blocks if isinstance(block, Para) and block.number not in title],
                            ledger), set(), []
    reader = TableReader(document, ledger)
    headings = _headings_above(document, tables, ledger)
    for table, columns in tables:
        reader.read(table, columns, headings.get(table.number, ()) if columns.header else ())
    return reader.drafts, reader.marks, reader.leftovers


def _headings_above(document: TextDocument, tables: Sequence[tuple[TextTable, Columns]],
                    ledger: Ledger) -> dict[int, tuple[Para, ...]]:
    """Return, for each table without a column of udviklingsmål, the headings above it that say more than «Mål for 2016»."""
    wanted = {table.number: columns for table, columns in tables}
    stack: list[tuple[int, Para]] = []
    found: dict[int, tuple[Para, ...]] = {}
    before: Para | None = None
    for block in document.blocks:
        if isinstance(block, Para):
            depth = block.heading or _like_heading(block)
            if depth and block.number not in ledger.placed:
                stack = [each for each in stack if each[0] < depth]
                stack.append((depth, block))
            before = block
            continue
        columns = wanted.get(block.number)
        if columns is None:
            continue
        keys = set(columns.levels.values())
        telling = [para for _, para in stack if not says_only_goals(para.text) and not para.title]
        if telling and not keys & {"development", COMBINED} and (len(tables) > 1 or before is telling[-1]):
            found[block.number] = tuple(telling[-2:] if "focus" not in keys else telling[-1:])
    return found


def _like_heading(para: Para) -> int:
    """Tell whether a line looks like a heading though no style says so: bold and short, or «Udviklingsmål 2: …»."""
    named = re.match(r"(?i)(?:udviklingsmål|indsatsområde|fokusområde|mål|tema|pejlemærke)\s*[0-9]*\s*[:.–-]", para.text)
    short = len(para.text) <= 100 and not para.bullet
    return 9 if short and (named or (para.bold and not para.text.endswith((".", ",")))) else 0


def _plan(facts: dict[str, Value], tables: Sequence[tuple[TextTable, Columns]]) -> tuple[int, tuple[int, ...]]:
    """Return the agreement's year, 0 where nobody says, and the years of its plan, () where nobody says."""
    said = years_in(canonical(facts.get("periode")))
    headers = sorted({year for _, columns in tables for year in columns.all_years})
    own = years_in(canonical(facts.get("aar")))
    span = said if len(said) > 1 else [*headers, *own[:1]] if headers else []
    year = own[0] if own else (span[0] if span else 0)
    return year, tuple(range(min(span), max(span) + 1)) if span else ()


def _book(document: TextDocument, rows: Sequence[Row], year: int, plan: Sequence[int]) -> Workbook:
    """Return the goals as a sheet ``Mål`` that the agreement is read from like any other list of goals."""
    years = set(plan) or ({*range(year, year + 4)} if year else set())
    years |= {each for row in rows for each in row.years}
    columns = maal_columns(sorted(years))
    cells: list[list[object]] = [[column.header for column in columns]]
    for row in rows:
        values: dict[str, object] = dict(zip(("development", "focus", "effect", "sub"), row.texts, strict=True))
        values.update(row.cells)
        values.update({f"y{each}": value for each, value in row.years.items()})
        cells.append([values.get(column.key, "") for column in columns])
    return Workbook(document.source, (WorkbookSheet(MAAL, cells),) if rows else ())


def _written(row: Row) -> Iterator[str]:
    """Yield what a row writes of the document's own words; a suggestion only says them again."""
    yield from row.texts
    for key, value in row.cells.items():
        lines = canonical(value).split("\n")
        yield from (line for line in lines if key != "note" or not line.startswith(SUGGESTED))
    yield from (canonical(value) for value in row.years.values())


# ---------------------------------------------------------------- everything else

def _paragraphs(document: TextDocument, ledger: Ledger, found: FoundFacts) -> list[str]:
    """Return the text around the goals as it stood, points with their mark; it all goes on ``Aftaletekst``."""
    title = {para.number for para in found.title}
    kept = [block for block in document.blocks if isinstance(block, Para) and not block.kind
            and block.number not in ledger.placed and block.number not in title
            and utf16_length(block.text) <= CELL_LIMIT - 10]
    ledger.place(kept)
    return [f"• {para.text}" if para.bullet else para.text for para in kept]


def _leftovers(document: TextDocument, ledger: Ledger, found: FoundFacts) -> list[Leftover]:
    """Return what no goal, fact or paragraph holds, in reading order; the cells of a row together."""
    left: list[Leftover] = []
    if found.title:
        left.append(Leftover(found.title[0].at, _TITLE, "\n".join(para.text for para in found.title)))
    title = {para.number for para in found.title}
    goals = {table.number for table, _ in _goal_tables(document)}
    for block in document.blocks:
        if isinstance(block, TextTable):
            left += _rows_left(block, ledger, goals, False)
        elif block.number not in ledger.placed and block.number not in title:
            left.append(Leftover(block.at, block.kind or REST, block.text))
    left += [Leftover(para.at, para.kind, para.text) for para in document.beside]
    return left


def _rows_left(table: TextTable, ledger: Ledger, goals: set[int], inside: bool) -> Iterator[Leftover]:
    columns = find_columns(table) if table.number in goals else None
    for number, row in enumerate(table.rows):
        open_paras = [[para for para in cell.paras if para.number not in ledger.placed] for cell in row]
        texts = ["\n".join(para.text for para in paras) for paras in open_paras if paras]
        if texts:
            first = next(paras[0] for paras in open_paras if paras)
            kind = _NESTED if inside else _OTHER
            if columns:
                again = {fold(text) for text in texts} <= {fold(name) for name in columns.names.values()}
                kind = _HEADER if again or columns.above <= number < columns.above + columns.header else REST
            elif table.number in goals:
                kind = REST
            yield Leftover(re.sub(r", kolonne \d+$", "", first.at), kind, " | ".join(texts))
        for cell in row:
            for nested in cell.tables:
                yield from _rows_left(nested, ledger, goals, True)


def _unread_numbers(document: TextDocument, ledger: Ledger) -> list[Leftover]:
    """List every number of the document that nothing has understood, each with the words around it and a problem.

    What is struck out, hidden or deleted is no part of what the document says, nor are its numbers.
    """
    found: list[Leftover] = []
    for para in document.paras():
        for number in ledger.unread(para) if para.kind not in (STRUCK, HIDDEN, DELETED) else ():
            around = para.text[max(0, number.start - _AROUND):number.end + _AROUND]
            around = f"{'…' if number.start > _AROUND else ''}{around}{'…' if number.end + _AROUND < len(para.text) else ''}"
            name = ledger.names.get(para.number, "")
            around = f"{name}: {around}" if name else around
            found.append(Leftover(para.at, NUMBER, f"{number.text}: »{around}«"))
            ledger.problems.append(problem("doc-number", document.place(para.at), value=number.text, what=cut(around, 100)))
    return found


def words_of(text: str) -> Counter[str]:
    """Count the words of a text, spelt alike, and its numbers by what they are worth: ``1.200`` is ``1200``."""
    return Counter(_spelt(found) for found in _TOKEN.finditer(fold(text)))


def _spelt(found: re.Match[str]) -> str:
    if found["thousands"]:
        return canonical(float(re.sub("[. ]", "", found["thousands"]).replace(",", ".")))
    if found["decimal"]:
        return canonical(float(found["decimal"].replace(",", ".")))
    return found[0].lstrip("0") or "0" if found[0].isdigit() else found[0]


def lost(document: TextDocument, written: Iterable[str], marks: Collection[int] = ()) -> list[Leftover]:
    """Return the paragraphs with words that what is written doesn't hold as often as the document does.

    Every paragraph has its home already: this is the proof of it, and a home for those that prove to have none. Where a
    paragraph has no words, its signs count; ``marks`` are those that are read as crosses and stand as something else.
    """
    left: Counter[str] = Counter()
    for text in written:
        left.update(words_of(text))
        left.update(_SIGNS.findall(fold(text)))
    missing = []
    for para in document.paras():
        if para.number in marks:
            continue
        need = words_of(para.text) or Counter(_SIGNS.findall(fold(para.text)))
        if any(left[word] < many for word, many in need.items()):
            missing.append(Leftover(para.at, para.kind or REST, para.text))
        for word, many in need.items():
            left[word] = max(0, left[word] - many)
    return missing


# ---------------------------------------------------------------- what is longer than a cell

REST = "Ikke placeret"
"""What a leftover is that has no place of its own."""
_MORE = " […]"
"""What ends a text whose rest stands on ``Fra dokumentet``."""


def _cut_long(rows: Sequence[Row], found: FoundFacts, document: TextDocument,
              ledger: Ledger) -> tuple[list[Row], list[Leftover]]:
    """Cut the texts, facts and cells of goals that are longer than a cell; the rest of each is left over, once."""
    rest: dict[str, Leftover] = {}

    def fit(text: str, at: str = "") -> str:
        if utf16_length(text) <= CELL_LIMIT:
            return text
        whole = "\n".join(sorted(text.split("\n"), key=lambda line: not line.startswith(SUGGESTED)))  # they colour cells
        head = split_at_limit(whole, CELL_LIMIT - len(_MORE))[0]
        end = max(head.rfind(" "), head.rfind("\n"))
        head = head[:end] if end > len(head) // 2 else head  # between two words
        if text not in rest:
            rest[text] = Leftover(at, REST, whole[len(head):].strip())
            ledger.problems.append(problem("doc-too-long", document.place(at), what=cut(" ".join(text[:100].split()), 60),
                                           value=danish_number(utf16_length(text))))
        return head.rstrip() + _MORE

    fitting = []
    for row in rows:
        cells = {key: fit(value, row.at) if isinstance(value, str) else value for key, value in row.cells.items()}
        one, two, three, four = (fit(text, row.at) for text in row.texts)
        fitting.append(replace(row, texts=(one, two, three, four), cells=cells))
    found.facts = {key: fit(value) if isinstance(value, str) else value for key, value in found.facts.items()}
    found.texts = {key: fit(text) for key, text in found.texts.items()}
    return fitting, list(rest.values())
