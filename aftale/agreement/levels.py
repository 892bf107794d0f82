"""The levels of every row of ``Mål``: merged cells hold for all their rows, and a blank under a filled level is asked about.

Mål-id are given once, so a level that is missing where it was meant would make them wrong for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aftale.agreement.goal_ids import PATTERN
from aftale.cells.find_table import FoundTable
from aftale.model.columns import AGREED_BY_KEY, LEVEL_KEYS
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical, fold
from aftale.model.workbook import Workbook, cell_name, is_filled, is_unreadable

_SHARED = frozenset((*LEVEL_KEYS, "demands", "policy", "indicator", "due", "owners", "emails"))
"""What in merged cells is said of each of their rows; a number or a sum of money is one goal's, and asked about."""
_ASKED = frozenset(("method", "baseline", "target", "unit", "scope", "budget"))
_ON_PURPOSE = re.compile("[-–—]+")
"""What people write in a level that there is none of."""
_NO_ID = "Rækken har ikke fået noget Mål-id og er ikke med endnu."
_NO_IDS = "Rækkerne har ikke fået noget Mål-id og er ikke med endnu."
_HAS_ID = "Det er uvist, hvor målet hører til."


class _Above(NamedTuple):
    """A level's text where it last stood, and the beginning of the Mål-id that it stood with, '' where it had none."""

    text: str
    goal_id: str


class _Blank(NamedTuple):
    """A level that is left blank: the row, its number among the rows, the level, what stands above and what comes of it."""

    row: int
    number: int
    level: int
    text: str
    with_id: bool


class Levels:
    """Reads the levels row by row, from above; ``asked`` are the places (of their Mål-id) of rows that can't be goals yet.

    ``whole`` tells that every row is known to repeat the levels above it, so that a blank is meant.
    """

    def __init__(self, book: Workbook, table: FoundTable, whole: bool = False) -> None:
        self.book, self.table, self.whole = book, table, whole
        self.asked: set[Place] = set()
        self._blanks: list[_Blank] = []
        self._filled: list[Finding] = []
        self._above: dict[tuple[str, ...], _Above] = {}
        self._rows: dict[int, int] = {}
        keys = {column: key for key, column in table.columns.items()}
        self._merged = [(top, column, bottom) for top, column, bottom, _ in table.sheet.merged
                        if top > table.row and column in keys and is_filled(table.sheet.value(top, column))]
        self._from = {(row, keys[column]): top for top, column, bottom in self._merged for row in range(top + 1, bottom + 1)
                      if self._holds_for_all(keys[column], table.sheet.value(top, column))}

    @staticmethod
    def _holds_for_all(key: str, value: object) -> bool:
        return key in _SHARED or (key[1:].isdigit() and not canonical(value)[:1].isdigit())

    def value(self, row: int, key: str) -> object:
        """Return what stands in a row under a known header, where the cell is merged what it shows."""
        raw = self.table.value(row, key)
        top = None if is_filled(raw) else self._from.get((row, key))
        return raw if top is None else self.table.value(top, key)

    def texts(self, row: int) -> tuple[str, str, str, str]:
        """Return a row's levels; those left blank under a filled one stay so where they must be asked about."""
        texts = [canonical(self.value(row, key)) for key in LEVEL_KEYS]
        if any(is_unreadable(self.value(row, key)) for key in ("id", *LEVEL_KEYS)):
            self._rows[row] = len(self._rows)
            self.asked.add(self.book.place(self.table.sheet.name, row, self.table.columns.get("id", 0)))
            return texts[0], texts[1], texts[2], texts[3]
        meant = [bool(_ON_PURPOSE.fullmatch(text)) for text in texts]
        texts = ["" if on_purpose else text for text, on_purpose in zip(texts, meant, strict=True)]
        self._rows[row] = len(self._rows)
        if any(texts):
            texts = self._under(row, texts, meant)
        return texts[0], texts[1], texts[2], texts[3]

    def _under(self, row: int, texts: list[str], meant: list[bool]) -> list[str]:
        """Hold a row against what stands above it."""
        goal_id = canonical(self.table.value(row, "id"))
        parts = goal_id.split(".") if PATTERN.fullmatch(goal_id) else []
        depth = max(n for n, text in enumerate(texts) if text)
        placed, blank = list(texts), list[tuple[int, str]]()
        for level in range(depth):
            above = self._above.get(tuple(map(fold, placed[:level])))
            if placed[level] or meant[level] or self.whole or above is None or not above.text:
                continue
            own_id = ".".join(parts[:level + 1])
            if parts and (own_id == above.goal_id or len(parts) <= level + 1 or parts[level] in ("M0", "0")):
                if own_id == above.goal_id:
                    texts[level] = placed[level] = above.text
                    at = self.book.place(self.table.sheet.name, row, self.table.columns.get(LEVEL_KEYS[level], 0))
                    self._filled.append(problem("level-filled", at, value=AGREED_BY_KEY[LEVEL_KEYS[level]].header.lower()))
                continue
            blank.append((level, above.text))
            placed[level] = "" if parts else above.text
        for level, text in blank:
            self._blanks.append(_Blank(row, self._rows[row], level, text, bool(parts)))
        if blank and not parts:
            self.asked.add(self.book.place(self.table.sheet.name, row, self.table.columns.get("id", 0)))
        for level in range(depth + 1):
            self._above[tuple(map(fold, placed[:level]))] = _Above(placed[level], ".".join(parts[:level + 1]))
        return texts

    def findings(self) -> Iterator[Finding]:
        """Yield what was filled in and what must be asked, rows that follow each other together."""
        yield from self._filled
        for top, column, bottom in self._merged:
            key = next(key for key, at in self.table.columns.items() if at == column)
            value = self.table.sheet.value(top, column)
            shared, rows = self._holds_for_all(key, value), sum(top <= row <= bottom for row in self._rows)
            if rows > 1 and (shared or key in _ASKED or key[1:].isdigit()):
                yield problem("level-merged" if shared else "measure-merged",
                              self.book.place(self.table.sheet.name, top, column), value=canonical(value),
                              column=AGREED_BY_KEY[key].header if key in AGREED_BY_KEY else key[1:],
                              cells=f"{cell_name(top, column)}:{cell_name(bottom, column)}")
        for group in self._grouped():
            first, last = group[0], group[-1]
            key = LEVEL_KEYS[first.level]
            column = self.table.columns.get(key, 0)
            cells = cell_name(first.row, column) + (f":{cell_name(last.row, column)}" if len(group) > 1 else "")
            yield problem("level-blank", self.book.place(self.table.sheet.name, first.row, column), value=first.text,
                          cells=cells, column=AGREED_BY_KEY[key].header,
                          what=_HAS_ID if first.with_id else _NO_IDS if len(group) > 1 else _NO_ID)

    def _grouped(self) -> list[list[_Blank]]:
        groups: dict[tuple[int, str, bool], list[list[_Blank]]] = {}
        for each in self._blanks:
            run = groups.setdefault((each.level, fold(each.text), each.with_id), [])
            if run and run[-1][-1].number == each.number - 1:
                run[-1].append(each)
            else:
                run.append([each])
        found = [group for runs in groups.values() for group in runs]
        return sorted(found, key=lambda group: (group[0].row, group[0].level))
