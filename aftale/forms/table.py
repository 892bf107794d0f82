"""The skema's table as it came back: which column each header is, and which goal each row, by id and text."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aftale.cells.find_table import FoundTable, beside_label, find_table
from aftale.cells.goal_texts import TEXT_KEYS, GoalTexts
from aftale.forms.plan import ANSWERS, known_columns, stored
from aftale.model.agreement import AnswerColumn
from aftale.model.columns import FORM_ID, FORMER_SKEMA_COLUMNS, SKEMA, SKEMA_COLUMNS, Column, header_map
from aftale.model.forms import Form, FormLine
from aftale.model.text import canonical, fold
from aftale.model.workbook import Special, WorkbookSheet, is_filled

ANSWER_KEYS = tuple(column.value for column in AnswerColumn)
HEADER_WORD, HEADER_NEAR, HEADER_ROW = "header-word", "header-near", "header-row"
"""Why a column is known though its header isn't as it was sent: other words, a slip of the fingers, another row."""
_WORDS: Mapping[str, str] = {
    "kommentar": "bemaerkninger", "kommentarer": "bemaerkninger", "kommentar/bemærkninger": "bemaerkninger",
    "næste trin": "naeste_skridt", "næste step": "naeste_skridt", "opgjort dato": "opgjort_pr",
    "dato for opgørelse": "opgjort_pr", "opgørelsesdato": "opgjort_pr", "opgjort pr. dato": "opgjort_pr"}
_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_CERTAIN, _NEAR = 0.8, 0.6
_LEAST_OF_A_WORD = 4


def find_form_table(sheet: WorkbookSheet, form: Form, whole: bool = True) -> FoundTable | None:
    """Find the skema's table on a sheet; the form's year may stand in a header (»Resultat 2015«).

    It is read by the columns that it was sent with; where what it remembers is lost (not ``whole``), by all that a skema of
    this or a former version can have. Where a column is missing, the unknown headers are looked at once more: what is
    certainly it is taken, and stands in the table's ``read_as``.
    """
    columns = known_columns(form) if whole else tuple({c.key: c for c in (*FORMER_SKEMA_COLUMNS, *SKEMA_COLUMNS)}.values())
    table = find_table(sheet, columns, ANSWER_KEYS)
    if table is None or all(column.key in table.columns for column in columns):
        return table
    for claim in (_in_other_words, _misspelt, _on_the_next_row):
        table = claim(table, form.year, columns)
    return table


def like_header(table: FoundTable, header: str) -> str:
    """Return the unknown header of a table that looks most like one that is missing, '' where none does."""
    near = difflib.get_close_matches(fold(header), {fold(text) for text in table.extra.values()}, 1, _NEAR)
    return next((text for text in table.extra.values() if near and fold(text) == near[0]), "")


def without_header(table: FoundTable, key: str, form: Form) -> int | None:
    """Return the column without a header in which a missing one must have stood: between its neighbours."""
    keys = [column.key for column in known_columns(form)]
    before, after = keys[:keys.index(key)], keys[keys.index(key) + 1:]
    left = next((table.columns[each] for each in reversed(before) if each in table.columns), -1)
    right = next((table.columns[each] for each in after if each in table.columns), left + 2)
    for column in range(left + 1, right):
        if column not in table.extra and any(is_filled(table.sheet.value(row, column)) for row in table.data_rows()):
            return column
    return None


def _with(table: FoundTable, taken: Mapping[str, int], rule: str, texts: Mapping[str, str] | None = None) -> FoundTable:
    """Return the table with headers that were taken, each as it is written in ``texts`` or among the unknown ones."""
    read_as = {key: (texts[key] if texts else table.extra[column], rule) for key, column in taken.items()}
    return replace(table, columns={**table.columns, **taken}, read_as={**table.read_as, **read_as},
                   extra={column: text for column, text in table.extra.items() if column not in taken.values()})


def _in_other_words(table: FoundTable, year: int, columns: Sequence[Column]) -> FoundTable:
    """Take a header with words added to it, »Resultat (tal)«, shortened, »Bemærkn.«, or with another word for it."""
    found: dict[str, list[int]] = {}
    for column, text in table.extra.items():
        key = _meant(text, year, columns)
        if key and key not in table.columns:
            found.setdefault(key, []).append(column)
    sure = {key: places[0] for key, places in found.items() if len(places) == 1}
    return _with(table, sure, HEADER_WORD)


def _meant(text: str, year: int, columns: Sequence[Column]) -> str:
    """Return the key of the column that a header certainly names, '' where there is none."""
    known = header_map(columns)
    bare_known = known | {_IN_BRACKETS.sub("", header).strip(): column for header, column in known.items()}
    plain = _IN_BRACKETS.sub(" ", fold(text)).replace(str(year), " ")
    bare = " ".join(plain.split()).strip(" *:;,-/?!")
    key = _WORDS.get(bare) or next((found.key for form in (bare, f"{bare}.") if (found := bare_known.get(form))), "")
    if key or not bare.endswith("."):
        return key
    stem = bare.rstrip(".")
    starting = {column.key for folded, column in known.items() if folded.startswith(stem)}
    return starting.pop() if len(stem) >= _LEAST_OF_A_WORD and len(starting) == 1 else ""


def _misspelt(table: FoundTable, year: int, columns: Sequence[Column]) -> FoundTable:
    """Take a header that differs by a letter or two from just one that is missing."""
    pairs = [(column, missing.key) for column, text in table.extra.items() for missing in columns
             if missing.key not in table.columns and _ratio(fold(text), fold(missing.header)) >= _CERTAIN
             and not _nearer_another(text, missing, columns)]
    places, keys = [column for column, _ in pairs], [key for _, key in pairs]
    sure = {key: column for column, key in pairs if places.count(column) == keys.count(key) == 1}
    return _with(table, sure, HEADER_NEAR)


def _nearer_another(text: str, missing: Column, columns: Sequence[Column]) -> bool:
    own = _ratio(fold(text), fold(missing.header))
    return any(_ratio(fold(text), fold(each.header)) >= own for each in columns if each.key != missing.key)


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _on_the_next_row(table: FoundTable, year: int, columns: Sequence[Column]) -> FoundTable:
    """Take a header that stands a row above or below the others, as in cells that were merged over two rows."""
    headers = header_map(columns)
    taken: dict[str, int] = {}
    texts: dict[str, str] = {}
    for row in (table.row - 1, table.row + 1):
        if row > table.row and any(is_filled(table.sheet.value(row, column)) for column in table.columns.values()):
            continue  # a goal's own row
        for column, value in enumerate(table.sheet.rows[row] if 0 <= row < len(table.sheet.rows) else ()):
            known = headers.get(fold(value)) if isinstance(value, str) else None
            free = column not in (*table.columns.values(), *table.extra, *taken.values())
            if known and free and known.key not in (*table.columns, *taken):
                taken[known.key], texts[known.key] = column, canonical(value)
    return _with(table, taken, HEADER_ROW, texts)


_NOT_OF_AN_ID = re.compile(r"[\s\"'():;]+")


@dataclass(frozen=True)
class Matched:
    """The goals' rows, by number (zero-based).

    ``by_text`` are those whose Mål-id is gone, ``respelt`` those where it is written in another way (with what stands),
    ``mixed`` the rows that are none because their Mål-id is one goal's and their text another's.
    """

    rows: dict[int, FormLine] = field(default_factory=dict)
    by_text: dict[int, FormLine] = field(default_factory=dict)
    respelt: dict[int, str] = field(default_factory=dict)
    mixed: dict[int, tuple[FormLine, FormLine]] = field(default_factory=dict)


def match_rows(table: FoundTable, form: Form) -> Matched:
    """Find every goal's row in a table of the skema."""
    lines = {fold(line.goal): line for line in form.lines}
    texts = RowTexts(table, form)
    found = Matched()
    for row in table.data_rows():
        raw = table.value(row, "id")
        stated = fold(canonical(raw))
        line = lines.get(stated) or lines.get(_plain_id(stated))
        if line is None:
            same = None if stated else texts.goal_of(row)
            if same:
                found.rows[row] = found.by_text[row] = same
            continue
        other = texts.another(row, line)
        if other:
            found.mixed[row] = (line, other)
            continue
        found.rows[row] = line
        if raw != line.goal:
            found.respelt[row] = canonical(raw)
    return found


def _plain_id(stated: str) -> str:
    """Return a Mål-id as it is written, »m1.2.3«, from »M 1,2,3.« and the like."""
    plain = _NOT_OF_AN_ID.sub("", stated).replace(",", ".").strip(".")
    return f"m{plain}" if plain[:1].isdigit() else plain


class RowTexts:
    """The texts that tell a goal: its card, and where that is gone, or several goals have the same, the agreed texts."""

    def __init__(self, table: FoundTable, form: Form) -> None:
        self._table = table
        cards = {line.sealed.get("card") for line in form.lines}
        by_card = "card" in table.columns and len(cards) == len(form.lines) and None not in cards
        self._keys = ("card",) if by_card else tuple(key for key in ("card", *TEXT_KEYS) if key in table.columns)
        self._lines = {line.goal: line for line in form.lines}
        self._texts = GoalTexts({line.goal: [line.sealed.get(key) for key in self._keys] for line in form.lines})

    def _row(self, row: int) -> list[object]:
        return [self._table.value(row, key) for key in self._keys]

    @property
    def _tell(self) -> bool:
        return bool({*self._keys} & {"card", "effect", "sub"})

    def goal_of(self, row: int) -> FormLine | None:
        """Return the one goal whose texts stand in a row; its fokusområde alone tells none."""
        found = self._texts.goal_of(self._row(row)) if self._tell else ""
        return self._lines.get(found)

    def another(self, row: int, line: FormLine) -> FormLine | None:
        """Return the goal whose texts stand in a row with a line's Mål-id, None where they are its own or no goal's."""
        return self._lines.get(self._texts.another(line.goal, self._row(row))) if self._tell else None


def chosen_table(tables: Sequence[FoundTable], form: Form) -> tuple[FoundTable, list[FoundTable], bool]:
    """Return the table that holds the answers, the other ones, and whether it is another than was sent.

    A copy is read in the sent one's place only where the sent one has no answer at all, and just one copy has.
    """
    if len(tables) == 1 and not tables[0].others:
        return tables[0], [], False
    own = {id(t.sheet) for t in tables if (at := beside_label(t.sheet, (FORM_ID,))) and canonical(at[2]).upper() == form.id}
    best, *rest = sorted(tables, key=lambda t: (id(t.sheet) not in own, -len(t.columns), fold(t.sheet.name) != fold(SKEMA)))
    others = [*best.others, *(each for table in rest for each in (table, *table.others))]
    if _answered(best, form):
        return best, others, False
    filled = [each for each in others if id(each.sheet) in own and _answered(each, form)]
    if len(filled) != 1:
        return best, others, False
    return filled[0], [best, *(each for each in others if each is not filled[0])], True


def _answered(table: FoundTable, form: Form) -> bool:
    return any(True for _ in given(table, match_rows(table, form).rows))


def given(table: FoundTable, rows: Mapping[int, FormLine]) -> Iterator[tuple[str, str, str]]:
    """Yield goal, column and text of every cell that holds another answer than was sent."""
    for row, line in rows.items():
        for key, column in ANSWERS.items():
            raw = table.value(row, key)
            if column in line.open_columns and is_filled(raw):
                text = canonical(str(raw) if isinstance(raw, Special) else raw)
                if text != canonical(stored(line.base.get(column), line.in_percent)):
                    yield line.goal, key, text
