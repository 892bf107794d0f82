"""A label table: what is said of a goal stands beside `Mål`, `Indikator`, `Ansvarlig`, `Frist` down its first column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from aftale.document.found_goals import HEADERS, Draft, GoalTable, Ledger, Said, above_of, grouped, joined, named_goal
from aftale.document.headers import LEVELS, Columns, header_key, target_years, under_year
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
        self.above = list(above_of(found.headings))
        self.drafts: list[Draft] = []
        self.goal = -1
        self.labels: dict[str, None] = {}

    def read(self) -> list[Draft]:
        """Return the table's goals."""
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
        return self.drafts

    def _title(self, paras: tuple[Para, ...], is_goal: bool) -> None:
        """Take up a text across the table: the goal, where no label names one, else the theme of those below."""
        if is_goal and named_goal(joined(paras)):
            self._add(Level.EFFECT, paras)
            self.goal = len(self.drafts) - 1
        elif not is_goal and self.goal < 0:
            self.above[1] = joined(paras)
            self.ledger.place(paras)

    def _add(self, level: Level, paras: tuple[Para, ...]) -> None:
        above = (*self.above, *([self.drafts[self.goal].text] if level is Level.SUB else []))
        owners = self.drafts[self.goal].fields if level is Level.SUB else {}
        shared = {key: said for key, said in owners.items() if key in ("owners", "emails")}
        self.drafts.append(Draft(level, above, (replace(paras[0], bullet=0), *paras[1:]), fields=shared))
        self.ledger.place(paras)

    def _said(self, key: str, label: TextCell, paras: tuple[Para, ...]) -> None:
        text, name = joined(paras), " ".join(label.text.split()).rstrip(" :")
        self.ledger.place(label.paras)
        self.labels[name] = None
        if key in LEVELS[:2]:
            self.above[LEVELS.index(key)] = text
            self.ledger.place(paras)
        elif key == "effect" or (key == "sub" and self.goal < 0):
            self._add(Level.EFFECT, paras)
            self.goal = len(self.drafts) - 1
        elif key == "sub":
            for group in grouped(paras) if all(para.bullet for para in paras) else [paras]:
                self._add(Level.SUB, group)
        elif self.goal >= 0:
            self._beside(key, name, text, paras)

    def _beside(self, key: str, name: str, text: str, paras: tuple[Para, ...]) -> None:
        draft = self.drafts[self.goal]
        years = {year: text for year in target_years(name) if year not in draft.years} if key == "year" else {}
        self.ledger.place(paras)
        if years and not under_year(text).startswith("doc-"):
            draft = replace(draft, years={**draft.years, **years})
        elif key == "indicator" and key in draft.fields:
            before = draft.fields[key]
            draft = replace(draft, fields={**draft.fields, key: Said(f"{before.text}\n{text}", (*before.paras, *paras))})
        elif key not in ("", "year", "other", *draft.fields):
            draft = replace(draft, fields={**draft.fields, key: Said(text, paras)})
        else:
            draft = replace(draft, notes=(*draft.notes, f"{name}: {text}"))
        self.drafts[self.goal] = draft
