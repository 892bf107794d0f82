"""A label table: what is said of a goal stands beside `Mål`, `Indikator`, `Ansvarlig`, `Frist` down its first column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from aftale.document.found_goals import HEADERS, Beside, Draft, GoalTable, Ledger, above_of, grouped, joined, named_goal
from aftale.document.headers import LEVELS, Columns, header_key, target_years
from aftale.model.agreement import Level
from aftale.model.document import Leftover, Para, TextCell, TextTable
from aftale.model.text import fold

_NUMBER = re.compile(r"\s*(?:nr\.?)?\s*[0-9]+(?:\.[0-9]+)*[.:]?\s*$")
_WIDEST = 3
_OTHERS = frozenset(("status", "resultat", "baggrund", "beskrivelse", "begrundelse", "opfølgning", "evaluering", "metode"))
"""Labels of what goes to Note."""


def fit(table: TextTable) -> GoalTable | None:
    """Return a narrow table whose first column holds labels, one of them that of a goal, or a goal above them all."""
    keys = [_key(row) for row in table.rows]
    known = [key for key in keys if key]
    of_goal = {"effect", "sub"} & {*known} or (not keys[0] and {"indicator", "target"} & {*known})
    fits = len(known) > 1 and 2 * len(known) >= len(keys) and table.width <= _WIDEST and of_goal
    return GoalTable(table, Columns({}, {}, header=0), len(known)) if fits else None


def read(ledger: Ledger, tables: Sequence[GoalTable]) -> list[Draft]:
    """Return the goals of tables, each with what stands beside its labels."""
    return [draft for each in tables for draft in _Labels(ledger, each).read()]


def _key(row: tuple[TextCell, ...]) -> str:
    filled = [cell for cell in row if cell.text.strip()]
    if not filled or filled[0].column or len(filled) == 1 and len(row) == 1:
        return ""
    if target_years(filled[0].text) and re.search("[0-9]", filled[-1].text):
        return "year"
    return header_key(filled[0].text) or header_key(_NUMBER.sub("", filled[0].text)) or (
        "other" if fold(filled[0].text).strip(" :") in _OTHERS else "")


class _Labels:
    """Reads the rows of a table from above; a label of a goal that stands once more begins the next goal."""

    def __init__(self, ledger: Ledger, found: GoalTable) -> None:
        self.ledger, self.found = ledger, found
        self.above = above_of(found.headings)
        self.goals: list[tuple[tuple[str, str], tuple[Para, ...], Beside, list[tuple[Para, ...]]]] = []
        self.labels: dict[str, None] = {}
        self.first = Beside()

    def read(self) -> Iterator[Draft]:
        """Yield the table's goals, each with its delmål after it."""
        self.ledger.place(self.found.headings)
        titled = "effect" not in [_key(row) for row in self.found.rows]
        for row in self.found.rows:
            filled = [cell for cell in row if cell.text.strip()]
            paras = tuple(para for cell in filled[1:] for para in cell.paras)
            if len(filled) == 1 and not _key(row):
                self._title(filled[0].paras, titled)
            elif paras:
                self._said(_key(row), filled[0], paras)
        self.ledger.labels.append(Leftover(f"tabel {self.found.table.number}", HEADERS, " | ".join(self.labels)))
        for above, paras, beside, subs in self.goals:
            effect = beside.draft(Level.EFFECT, above, paras)
            yield effect
            for group in subs:
                yield beside.shared("owners", "emails").draft(Level.SUB, (*above, effect.text), group)

    def _title(self, paras: tuple[Para, ...], is_goal: bool) -> None:
        """Take up a text across the table: the goal, where no label names one, else the theme of those below."""
        if header_key(_NUMBER.sub("", joined(paras))):  # »Mål 2« across the table only counts the goals
            self.labels[joined(paras)] = None
            self.ledger.place(paras)
        elif is_goal and named_goal(joined(paras)):
            self._goal(paras)
        elif not is_goal and not self.goals:
            self.above = (self.above[0], joined(paras))
            self.ledger.place(paras)

    def _goal(self, paras: tuple[Para, ...]) -> None:
        self.ledger.place(paras)
        self.goals.append((self.above, paras, Beside() if self.goals else self.first, []))

    def _said(self, key: str, label: TextCell, paras: tuple[Para, ...]) -> None:
        name = " ".join(label.text.split()).rstrip(" :")
        self.labels[name] = None
        self.ledger.place((*label.paras, *paras))
        if key in LEVELS[:2]:
            self.above = (joined(paras), self.above[1]) if key == "development" else (self.above[0], joined(paras))
        elif key == "effect" or (key == "sub" and not self.goals):
            self._goal(paras)
        elif key == "sub":
            groups = [paras] if any(para.text.endswith(".") and not para.bullet for para in paras) else grouped(paras)
            self.goals[-1][3].extend((replace(first, bullet=0), *rest) for first, *rest in groups)
        else:
            years = target_years(name) if key == "year" else ()
            beside = self.goals[-1][2] if self.goals else self.first
            beside.add(self.ledger, name, "" if key in ("year", "other") else key, years, paras)
