"""The rows of ``Opfølgning`` read by what stands in their cells: KSE's edition, or a follow-up whose ``_aftale`` is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from aftale.cells.dates import read_date
from aftale.cells.find_table import FoundTable
from aftale.cells.hidden_sheet import Record
from aftale.cells.numbers import read_number
from aftale.cells.read_cell import text_at
from aftale.cells.reading import RULES
from aftale.cells.statuses import read_status
from aftale.followup.goal_sheets import overruling
from aftale.followup.goal_status import ANSWERED
from aftale.kse.edition import sent_rows, unmarked
from aftale.merge.merge import number_style
from aftale.model.agreement import MISSING, NOT_STATED, NOT_THIS_YEAR, UNDECIDED, Measure, Status, Value
from aftale.model.columns import LEVEL_KEYS, followup_columns, with_demands_header
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical, fold, listing, some
from aftale.model.workbook import Workbook, WorkbookSheet, cell_name, cell_place, is_filled
from aftale.units.model import UnitGoal

OWN_WORDS: Mapping[str, str] = {
    fold(word): word for word in (*(status.value for status in Status), MISSING, UNDECIDED, NOT_THIS_YEAR)}
"""The statuses, and what we write where there is none, by how they are compared."""
HEADERS: Mapping[str, str] = {column.key: column.header for column in with_demands_header(
    followup_columns(()), "Krav")}
_KEPT = (*LEVEL_KEYS, "demands", "goal", "unit", "owners", "resultat", "fulfilment", "status", "computed", "bemaerkninger")
"""The keys of what is kept of a row that is the unit's; where KSE's edition says otherwise than was sent, it is told."""
_WRITTEN = (*LEVEL_KEYS, "resultat", "status", "bemaerkninger", "kse")
"""What makes a row without a known Mål-id one that must be asked about."""
_ALSO = ("policy", "target", "udgangspunkt", "opgjort_pr", "naeste_skridt")
"""The keys of what only `data_text` keeps, and every version has drawn."""
MOST_NAMED = 5


def unknown_statuses(place: Place, goals: Iterable[UnitGoal]) -> Iterator[Finding]:
    """Ask about each status that none of ours is."""
    for goal in goals:
        if fold(goal.status) not in OWN_WORDS:
            yield problem("saml-status-unknown", place, value=goal.status, goal=goal.id)


def unknown_rows(book: Workbook, sheet: WorkbookSheet, rows: Sequence[int]) -> Iterator[Finding]:
    """Ask about rows that no goal could be found for, by their zero-based numbers in order."""
    if rows:
        named = f"række {some([str(row + 1) for row in rows], MOST_NAMED)}"
        yield problem("saml-row-unknown", book.place(sheet.name, rows[0], 0), value=named)


class Rows:
    """Walks through the rows once; ``edition`` is the record of KSE's edition, which tells what was sent in it.

    ``year`` is the follow-up's; with ``everything`` the goals that aren't of the year are kept too.
    """

    def __init__(self, book: Workbook, table: FoundTable, edition: Record | None, year: int, everything: bool) -> None:
        self.book, self.table, self.year, self.everything = book, table, year, everything
        self.sent = sent_rows(edition) if edition else {}
        self.goals: list[UnitGoal] = []
        self.problems: list[Finding] = []
        self.seen: set[str] = set()
        self.unknown: list[int] = []
        self.doubled: dict[str, int] = {}
        self.changed: list[str] = []
        for row in table.data_rows():
            self._row(row)

    def told(self) -> Iterator[Finding]:
        """Yield what must be asked or told: of the table first, then of single rows."""
        sheet, table = self.table.sheet, self.table
        wanted = (*_KEPT, "response", *(_ALSO if self.everything else ()))
        gone = [HEADERS[key] for key in wanted if key not in table.columns]
        if gone:
            so = ", så delmål er talt som effektmål" if "sub" not in table.columns else ""
            yield problem("saml-columns", self.book.place(sheet.name, table.row, min(table.columns.values())),
                          value=listing(gone), what=so)
        yield from unknown_rows(self.book, sheet, self.unknown)
        if self.doubled:
            first = next(iter(self.doubled.values()))
            yield problem("saml-row-doubled", self.book.place(sheet.name, first, table.columns["id"]),
                          value=some(list(self.doubled), MOST_NAMED))
        gone = [goal for goal, row in self.sent.items() if goal not in self.seen
                and not any(row.get(key, ("",))[0] == NOT_THIS_YEAR for key in ("status", "response"))]
        if gone:
            yield problem("saml-rows-gone", self.book.place(sheet.name), value=some(sorted(gone), MOST_NAMED))
        if self.changed:
            yield problem("saml-edition-changed", self.book.place(sheet.name, *(cell_place(self.changed[0]) or ())),
                          value=some(self.changed, MOST_NAMED))
        yield from self.problems

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
        active = NOT_THIS_YEAR not in (status, self._text(row, "response"))
        if not active and not self.everything:
            del self.problems[before:]
            return
        goal = self._goal(row, goal_id, (texts[0], texts[1], texts[2], texts[3]), status)
        self.goals.append(replace(goal, active=active))
        self.problems += unknown_statuses(self._place(row, "status"), (goal,))

    def _compare(self, row: int, goal: str) -> None:
        """Note which cells of an edition don't say what was sent in them."""
        for key in _KEPT if self.sent else ():
            then, formula = self.sent[goal].get(key, ("", ""))
            now = canonical(self.table.value(row, key))
            if key in self.table.columns and not formula and then not in (now, unmarked(now)):
                self.changed.append(cell_name(row, self.table.columns[key]))

    # ---- what the cells of a row say

    def _goal(self, row: int, goal_id: str, texts: tuple[str, str, str, str], status: str) -> UnitGoal:
        said = {key: self._text(row, key) for key in (
            "demands", "goal", "unit", "owners", "computed", "bemaerkninger", "kse", "response")}
        demands = tuple(part for each in said["demands"].split(";") if (part := each.strip()) and part != NOT_STATED)
        result, number = self._number(row, "resultat", goal_id, said["unit"])
        overruled = next((each.value for each in Status if said["response"] == overruling(each.value)), "")
        goal = UnitGoal(goal_id, texts, demands, said["goal"], said["unit"], said["owners"], result, number,
                        self._share(row, goal_id), status, said["computed"], said["bemaerkninger"], said["kse"],
                        ANSWERED if overruled else said["response"], overruled=overruled)
        return self._with_more(row, goal) if self.everything else goal

    def _with_more(self, row: int, goal: UnitGoal) -> UnitGoal:
        """Return the goal with what else was agreed and answered of it."""
        baseline, target = (self._number(row, column, goal.id, goal.unit)[0] for column in ("udgangspunkt", "target"))
        raw = self.table.value(row, "opgjort_pr")
        day = read_date(raw, year=self.year)
        words = {key: value for key, value in (("baseline", baseline), ("target", target)) if isinstance(value, str)}
        as_of = day.value if isinstance(day.value, date) else None
        if as_of is None and is_filled(raw):
            words["as_of"] = canonical(raw)
        elif as_of and isinstance(raw, str):
            self._read(row, "opgjort_pr", goal.id, canonical(as_of), day.rule)
        return replace(goal, baseline=as_float(baseline), target=as_float(target), words=words, as_of=as_of,
                       policy=self._text(row, "policy"), indicator=self._text(row, "indicator"),
                       due=self._text(row, "due"), next_step=self._text(row, "naeste_skridt"))

    def _text(self, row: int, key: str) -> str:
        return text_at(self.table.sheet, row, self.table.columns[key]) if key in self.table.columns else ""

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

    def _number(self, row: int, key: str, goal: str, unit: str) -> tuple[str | float | None, str]:
        """Return a number, or the words in its place, and how it is shown."""
        raw = self.table.value(row, key)
        percent = self.table.sheet.percent
        shown = None if percent is None else (row, self.table.columns.get(key)) in percent
        measure = Measure(unit="%" if shown else unit)
        read = read_number(raw, in_percent=measure.in_percent, unit=unit, percent_format=shown)
        if read.problem or not isinstance(read.value, float):
            return canonical(raw) or None, ""
        if isinstance(raw, str):  # a number in a cell with or without a percent format is what we draw ourselves
            self._read(row, key, goal, canonical(read.value), read.rule)
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


def as_float(value: Value) -> float | None:
    """Return a number, None for anything else."""
    return value if isinstance(value, float) else None


def reading_told(place: Place, raw: str, goal: str, reading: str, rule: str) -> Finding:
    """Tell how a cell was read that doesn't say it literally."""
    return problem("saml-read", place, value=raw, goal=goal, reading=reading, rule=RULES.get(rule, "Det kan ikke læses"))
