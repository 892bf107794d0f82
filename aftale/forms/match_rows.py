"""Which table of a returned skema is read, and which row is which goal: by its Mål-id, else by its agreed text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from aftale.cells.find_table import FoundTable, beside_label
from aftale.forms.plan import ANSWERS, stored
from aftale.model.columns import FORM_ID, SKEMA
from aftale.model.forms import Form, FormLine
from aftale.model.text import canonical, fold
from aftale.model.workbook import Special, is_filled

_TEXTS = ("effect", "sub", "focus")
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
    """Return a Mål-id as it is written, «m1.2.3», from «M 1,2,3.» and the like."""
    plain = _NOT_OF_AN_ID.sub("", stated).replace(",", ".").strip(".")
    return f"m{plain}" if plain[:1].isdigit() else plain


class RowTexts:
    """The agreed texts that tell a goal, as far as their columns are there; put together only where they are needed."""

    def __init__(self, table: FoundTable, form: Form) -> None:
        self._table, self._form = table, form
        self._keys = tuple(key for key in _TEXTS if key in table.columns)

    def goal_of(self, row: int) -> FormLine | None:
        """Return the one goal whose texts stand in a row."""
        text = self._row_text(row)
        found = self._by_text.get(text, []) if text.strip("|") and set(self._keys) & {"effect", "sub"} else []
        return found[0] if len(found) == 1 else None

    def another(self, row: int, line: FormLine) -> FormLine | None:
        """Return the goal whose texts stand in a row with a line's Mål-id, None where they are its own or no goal's."""
        if all((self._table.value(row, key) or None) == line.sealed.get(key) for key in self._keys):
            return None
        other = self.goal_of(row)
        return other if other is not line else None

    def _row_text(self, row: int) -> str:
        return "|".join(fold(canonical(self._table.value(row, key))) for key in self._keys)

    @cached_property
    def _by_text(self) -> Mapping[str, list[FormLine]]:
        found: dict[str, list[FormLine]] = {}
        for line in self._form.lines:
            found.setdefault("|".join(fold(canonical(line.sealed.get(key))) for key in self._keys), []).append(line)
        return found


# ---------------------------------------------------------------- which table

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
