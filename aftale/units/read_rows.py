"""The rows of ``Opfølgning`` by what stands in their cells, and everything about them that must be asked or told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from aftale.cells.find_table import FoundTable
from aftale.cells.hidden_sheet import Record
from aftale.cells.numbers import read_number
from aftale.cells.read_cell import read_text
from aftale.cells.reading import RULES
from aftale.cells.statuses import read_status
from aftale.kse.edition import sent_goals, sent_row, unmarked
from aftale.merge.shown import number_style
from aftale.model.agreement import MISSING, NOT_STATED, NOT_THIS_YEAR, UNDECIDED, Measure, Status
from aftale.model.columns import LEVEL_KEYS, followup_columns
from aftale.model.place import Place
from aftale.model.problems import Problem, problem
from aftale.model.text import canonical, fold, listing, some
from aftale.model.workbook import Workbook, WorkbookSheet, cell_name, cell_place, is_filled
from aftale.units.model import UnitGoal

OWN_WORDS: Mapping[str, str] = {
    fold(word): word for word in (*(status.value for status in Status), MISSING, UNDECIDED, NOT_THIS_YEAR)}
"""The statuses, and what we write where there is none, by how they are compared."""
HEADERS: Mapping[str, str] = {column.key: column.header for column in followup_columns(())}
_KEPT = (*LEVEL_KEYS, "demands", "goal", "unit", "owners", "resultat", "fulfilment", "status", "computed", "bemaerkninger")
"""The keys of what is kept of a row that is the unit's; where KSE's edition says otherwise than was sent, it is told."""
_WRITTEN = (*LEVEL_KEYS, "resultat", "status", "bemaerkninger", "kse")
"""What makes a row without a known Mål-id one that must be asked about."""
_MOST_NAMED = 5


def read_rows(book: Workbook, table: FoundTable, edition: Record | None = None) -> tuple[tuple[UnitGoal, ...],
                                                                                      tuple[Problem, ...]]:
    """Return the goals of the year by what stands in their cells, and what must be asked or told about the rows.

    ``edition`` is the record of KSE's edition, which tells what was sent in it.
    """
    rows = _Rows(book, table, edition)
    return tuple(rows.goals), tuple(rows.told())


def status_unknown(place: Place, goal: UnitGoal) -> Problem:
    """Ask about a status that none of ours is."""
    return problem("saml-status-unknown", place, value=goal.status, goal=goal.id)


def unknown_rows(book: Workbook, sheet: WorkbookSheet, rows: Collection[int]) -> Iterator[Problem]:
    """Ask about rows that no goal could be found for, by their zero-based numbers."""
    if rows:
        numbers = [str(row + 1) for row in sorted(rows)]
        named = f"række {some(numbers, _MOST_NAMED)}"
        yield problem("saml-row-unknown", book.place(sheet.name, min(rows), 0), value=named)


class _Rows:
    """Walks through the rows once."""

    def __init__(self, book: Workbook, table: FoundTable, edition: Record | None) -> None:
        self.book, self.table, self.edition = book, table, edition
        self.sent = frozenset(sent_goals(edition)) if edition else frozenset()
        self.goals: list[UnitGoal] = []
        self.problems: list[Problem] = []
        self.seen: set[str] = set()
        self.unknown: list[int] = []
        self.doubled: dict[str, int] = {}
        self.changed: list[str] = []
        for row in table.data_rows():
            self._row(row)

    def told(self) -> Iterator[Problem]:
        """Yield what must be asked or told: of the table first, then of single rows."""
        sheet, table = self.table.sheet, self.table
        gone = [HEADERS[key] for key in (*_KEPT, "response") if key not in table.columns]
        if gone:
            so = ", så delmål er talt som effektmål" if "sub" not in table.columns else ""
            yield problem("saml-columns", self.book.place(sheet.name, table.row, min(table.columns.values())),
                          value=listing(gone), what=so)
        yield from unknown_rows(self.book, sheet, self.unknown)
        if self.doubled:
            first = next(iter(self.doubled.values()))
            yield problem("saml-row-doubled", self.book.place(sheet.name, first, table.columns["id"]),
                          value=some(list(self.doubled), _MOST_NAMED))
        gone = [goal for goal in sorted(self.sent - self.seen) if self._of_the_year(goal)]
        if gone:
            yield problem("saml-rows-gone", self.book.place(sheet.name), value=some(gone, _MOST_NAMED))
        if self.changed:
            yield problem("saml-edition-changed", self.book.place(sheet.name, *(cell_place(self.changed[0]) or ())),
                          value=some(self.changed, _MOST_NAMED))
        yield from self.problems

    def _of_the_year(self, goal: str) -> bool:
        assert self.edition is not None
        row = sent_row(self.edition, goal)
        return NOT_THIS_YEAR not in (row.get("status", ("", ""))[0], row.get("response", ("", ""))[0])

    def _row(self, row: int) -> None:
        goal_id = canonical(self.table.value(row, "id"))
        texts = [self._text(row, key) for key in LEVEL_KEYS]
        if not goal_id or not any(texts) or (self.sent and goal_id not in self.sent):
            if any(is_filled(self.table.value(row, key)) for key in _WRITTEN):
                self.unknown.append(row)
            return
        if goal_id in self.seen:
            self.doubled.setdefault(goal_id, row)
            return
        self.seen.add(goal_id)
        self._compare(row, goal_id)
        before = len(self.problems)
        status = self._status(row, goal_id)
        if NOT_THIS_YEAR in (status, self._text(row, "response")):
            del self.problems[before:]
            return
        goal = self._goal(row, goal_id, (texts[0], texts[1], texts[2], texts[3]), status)
        self.goals.append(goal)
        if fold(status) not in OWN_WORDS:
            self.problems.append(status_unknown(self._place(row, "status"), goal))

    def _compare(self, row: int, goal: str) -> None:
        """Note which cells of an edition don't say what was sent in them."""
        if self.edition is None or not self.sent:
            return
        sent = sent_row(self.edition, goal)
        for key in _KEPT:
            then, formula = sent.get(key, ("", ""))
            now = canonical(self.table.value(row, key))
            if key in self.table.columns and not formula and then not in (now, unmarked(now)):
                self.changed.append(cell_name(row, self.table.columns[key]))

    # ---- what the cells of a row say

    def _goal(self, row: int, goal_id: str, texts: tuple[str, str, str, str], status: str) -> UnitGoal:
        def text(key: str) -> str:
            return self._text(row, key)

        demands = tuple(part for each in text("demands").split(";") if (part := each.strip()) and part != NOT_STATED)
        result, number = self._result(row, goal_id, text("unit"))
        return UnitGoal(goal_id, texts, demands, text("goal"), text("unit"), text("owners"), result, number,
                        self._share(row, goal_id), status, text("computed"), text("bemaerkninger"), text("kse"))

    def _text(self, row: int, key: str) -> str:
        return canonical(read_text(self.table.value(row, key)).value)

    def _status(self, row: int, goal: str) -> str:
        """Read a status as it stands; one that was cleared is no answer."""
        raw = self.table.value(row, "status")
        text = canonical(raw)
        plain = unmarked(text)
        if plain in OWN_WORDS.values():
            return plain
        if fold(plain) in OWN_WORDS:
            return self._read(row, "status", goal, OWN_WORDS[fold(plain)], "status-spelling")
        read = read_status(raw)
        if read.problem or not read.value:
            return text if read.problem else MISSING
        return self._read(row, "status", goal, canonical(read.value), read.rule)

    def _result(self, row: int, goal: str, unit: str) -> tuple[str | float | None, str]:
        """Return a result and how it is shown."""
        raw = self.table.value(row, "resultat")
        percent = self.table.sheet.percent
        shown = None if percent is None else (row, self.table.columns["resultat"]) in percent
        measure = Measure(unit=unit)
        read = read_number(raw, in_percent=measure.in_percent, unit=unit, percent_format=shown)
        if read.problem or not isinstance(read.value, float):
            return canonical(raw) or None, ""
        if isinstance(raw, str):  # a number in a cell with or without a percent format is what we draw ourselves
            self._read(row, "resultat", goal, canonical(read.value), read.rule)
        whole = read.value.is_integer()
        return read.value, number_style(measure, read.value) or ("0" if whole else "")

    def _share(self, row: int, goal: str) -> float | None:
        raw = self.table.value(row, "fulfilment")
        if isinstance(raw, int | float) or not is_filled(raw):
            return float(raw) if isinstance(raw, int | float) else None
        read = read_number(raw, in_percent=True)
        if read.problem or not isinstance(read.value, float):
            self._read(row, "fulfilment", goal, "ingenting", "")
            return None
        self._read(row, "fulfilment", goal, f"{canonical(read.value)} %", read.rule)
        return read.value / 100

    def _read(self, row: int, key: str, goal: str, reading: str, rule: str) -> str:
        """Tell that a cell isn't read literally, and return the reading."""
        if rule or reading == "ingenting":
            self.problems.append(reading_told(self._place(row, key), canonical(self.table.value(row, key)), goal, reading,
                                              rule))
        return reading

    def _place(self, row: int, key: str) -> Place:
        return self.book.place(self.table.sheet.name, row, self.table.columns[key])


def reading_told(place: Place, raw: str, goal: str, reading: str, rule: str) -> Problem:
    """Tell how a cell was read that doesn't say it literally."""
    return problem("saml-read", place, value=raw, goal=goal, reading=reading, rule=RULES.get(rule, "Det kan ikke læses"))
