"""The agreement's own table: levels beside each other or as rows of their own, a column per year, crosses and points."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aftale.document.found_goals import Beside, Draft, GoalTable, Ledger, Said, grouped, joined, unfinished
from aftale.document.headers import (
    COMBINED,
    CROSS,
    LEVELS,
    NUMBER,
    Columns,
    first_headers,
    header_years,
    is_header_again,
    read_columns,
    under_year,
)
from aftale.document.words import TOTALS
from aftale.model.agreement import Level
from aftale.model.document import Para, TextCell, TextTable
from aftale.model.text import fold, listing

_DEPTH = {"development": 0, "focus": 1, COMBINED: 1, "effect": 2, "sub": 3}
_WHOSE = "Fokusområde og effektmål står i samme række; krydsene er læst som {}."
_IN_ORDER = "Rækkerne med kryds er læst i samme rækkefølge som cellens punkter."
_SIDES = re.compile(r"(?i)(?:eksternt|internt)\s*:")
_Cells = dict[int, TextCell]


def fit(table: TextTable) -> GoalTable | None:
    """Return a table with a column of goals and more that is known beside it, or with nothing but goals under a header."""
    columns = next((each for each in first_headers(table) if each.levels and each.known > 1), None)
    if columns is None:
        first = read_columns(table, 0)
        alone = len(table.rows) > 1 and len(first.names) > 1 and {"development", "effect"} & {*first.levels.values()}
        columns = first if alone else None
    return GoalTable(table, columns, columns.known) if columns else None


def read(ledger: Ledger, tables: Sequence[GoalTable]) -> list[Draft]:
    """Return the goals of tables that may go on from one to the next."""
    rows = _Rows(ledger)
    for each in tables:
        rows.take(each)
    return _Goals(ledger).read(rows.found)


# ---------------------------------------------------------------- rows, with those that only go on put together

@dataclass
class _Row:
    """A row: its table, its filled cells, those of them with goals, and the rows below it without goals of their own."""

    of: GoalTable
    levels: Mapping[int, str]
    cells: _Cells
    own: _Cells
    alone: bool = False
    gone: bool = False
    below: list[_Row] = field(default_factory=list)

    @property
    def columns(self) -> Columns:
        return self.of.columns

    @property
    def paras(self) -> list[Para]:
        return [para for cell in self.cells.values() for para in cell.paras]

    @property
    def is_heading(self) -> bool:
        """Whether the row is nothing but a heading: one text across the table, or alone in the column of both levels."""
        if len(self.cells) != 1:
            return False
        column, cell = next(iter(self.cells.items()))
        wide = len(self.columns.names)
        if cell.span >= max(2, wide - 1) or (wide > 2 and self.alone):
            return True
        if self.levels.get(column) == COMBINED:
            return not _starts_small(cell)
        alone = column == min(self.levels, default=0) and wide > 2
        return alone and bool(_SIDES.match(cell.text)) and self.levels.get(column) != "development"

    @property
    def crosses(self) -> list[int]:
        """The years with a cross, a number or a text that isn't known to be none."""
        return [year for column, years in self.columns.years.items() if column in self.cells for year in years
                if under_year(self.cells[column].text) in (CROSS, NUMBER, "doc-year-text")]


class _Rows:
    """Takes the rows of tables one by one."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.found: list[_Row] = []

    def take(self, found: GoalTable) -> None:
        """Take a table's rows in: what is one with the cell above holds that one's text, but is no goal."""
        levels, held = _placed_levels(found.columns, len(found.headings)), dict[int, TextCell]()
        for row in found.rows:
            cells: _Cells = {}
            for cell in row:
                if cell.down and cell.column in held and cell.column not in levels:
                    cells[cell.column] = held[cell.column]
                    continue
                held.pop(cell.column, None)
                if cell.text:
                    cells[cell.column] = held[cell.column] = cell
            if cells.keys() <= {cell.column for cell in row if cell.down} or is_header_again(row, found.columns):
                continue
            own = {column: cell for column, cell in cells.items() if column in levels}
            gone = [_DEPTH[levels[cell.column]] for cell in row if cell.gone and cell.column in levels]
            deepest = max((_DEPTH[levels[column]] for column in own), default=-1)
            self._add(_Row(found, levels, cells, own, len(row) == 1, bool(gone) and max(gone) > deepest))

    def _add(self, row: _Row) -> None:
        last = self.found[-1] if self.found else None
        if all(fold(cell.text).strip(" :.*") in TOTALS for cell in (row.own or dict([min(row.cells.items())])).values()):
            # It sums up the others and is no goal: it stands beside the agreement.
            said = " | ".join(joined(each.paras) for each in row.cells.values())
            self.ledger.say("doc-totals", row.paras[0].at, value=said)
        elif row.gone or row.is_heading or (row.own and not (last and _continues(last, row))):
            self.found.append(row)
        elif last and row.own:
            for column, cell in row.cells.items():
                above = last.cells.get(column)
                if column in row.own:
                    self.ledger.say("doc-joined", cell.paras[0].at, value=cell.paras[0].text)
                    cell = replace(cell, paras=(replace(cell.paras[0], bullet=0), *cell.paras[1:]))
                last.cells[column] = replace(above, paras=(*above.paras, *cell.paras)) if above else cell
            last.own.update((column, last.cells[column]) for column in row.own)
        elif last:
            last.below.append(row)
        else:
            _left(self.ledger, row)


def _continues(last: _Row, row: _Row) -> bool:
    """Tell whether a row only goes on with the one above, as where a page break parts it in the middle of a sentence."""
    if last.gone or (last.is_heading and len(row.cells) > 1) or last.below or (row.crosses and last.crosses):
        return False
    if not all(column in row.levels or column in row.columns.years for column in row.cells):
        return False
    texts = {column: joined(last.own[column].paras[-1:]) for column in row.own if column in last.own}
    return len(texts) == len(row.own) and all(
        not texts[column].endswith((".", "!", "?", ":")) and (_starts_small(cell) or unfinished(texts[column]))
        for column, cell in row.own.items())


def _left(ledger: Ledger, row: _Row) -> None:
    """Let a row go beside the agreement; its crosses are asked about."""
    if row.crosses:
        ledger.say("doc-crosses-left", row.paras[0].at, value=", ".join(map(str, sorted(row.crosses))))


# ---------------------------------------------------------------- goals of the rows

class _Goals:
    """Makes goals of rows; what a row leaves out is taken from the row above it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.drafts: list[Draft] = []
        self.above: dict[str, tuple[Para, ...]] = {}
        self.whole: int | None = None

    def read(self, rows: Sequence[_Row]) -> list[Draft]:
        """Return the goals of rows in their order."""
        table = None
        for number, row in enumerate(rows):
            if row.of is not table:
                table = row.of
                self._begin(table, row.levels)
            if row.gone:
                self._without_its_goal(row)
            elif row.is_heading:
                cell = next(iter(row.cells.values()))
                self._add(self._heading_level(row, cell, (row.below or rows[number + 1:])[:1]), cell.paras, implied=True)
                self._below(row)
            else:
                self._goals(row)
        return self.drafts

    def _begin(self, found: GoalTable, levels: Mapping[int, str]) -> None:
        """Begin a table: the headings above it name the levels that its columns leave out."""
        for level, para in zip(LEVELS, found.headings, strict=False):
            if joined(self.above.get(level, ())) != para.text:
                self._add(level, (para,), implied=True)
        if not found.headings and not {"development", COMBINED} & {*levels.values()}:
            self.above = {}
        first = found.columns.above
        for cell in (cell for row in found.table.rows[first:first + found.columns.header] for cell in row):
            years = header_years(cell.text)
            if len(years) > 1:
                self.ledger.say("doc-year-header", cell.paras[0].at, value=cell.text,
                                what=listing([str(year) for year in years]), many=str(len(years)))

    def _without_its_goal(self, row: _Row) -> None:
        """Read the headings of a row whose goal is struck out, hidden or deleted; the rest goes beside the agreement."""
        for column, cell in row.own.items():
            level = "focus" if row.levels[column] == COMBINED else row.levels[column]
            if not self._same(level, cell):
                self._add(level, cell.paras, implied=True)
        for each in row.below:
            _left(self.ledger, each)
        self.ledger.say("doc-goal-gone", row.paras[0].at)

    def _heading_level(self, row: _Row, cell: TextCell, after: Sequence[_Row]) -> str:
        level = row.levels.get(cell.column)
        if level == COMBINED and "development" in self.above and not _SIDES.match(cell.text):
            # A heading with goals right under it, and nothing in its own column, is what they stand under.
            under = after[0].cells if after else {}
            return "focus" if cell.column not in under and "effect" in map(row.levels.get, under) else "development"
        if "development" in row.levels.values() and level != COMBINED:
            return "focus" if self.above.get("development") and level != "development" else "development"
        return LEVELS[min(len(row.of.headings), 1)]

    def _beside(self, row: _Row) -> Beside:
        return Beside.of(self.ledger, row.columns, {at: cell for at, cell in row.cells.items() if at not in row.levels})

    def _below(self, row: _Row) -> None:
        """Give what stands in rows without goals to the goal above them, but for crosses where it has its own."""
        for each in row.below:
            last = self.drafts[-1]
            if each.crosses and (last.years or last.implied):
                _left(self.ledger, each)
            else:
                self._give(len(self.drafts) - 1, self._beside(each))

    def _give(self, number: int, beside: Beside) -> None:
        draft, more = self.drafts[number], dict(beside.fields)
        for key, old in draft.fields.items():
            if key in more and more[key].text != old.text:
                more[key] = Said(f"{old.text}\n{more[key].text}", (*old.paras, *more[key].paras))
        self.drafts[number] = replace(draft, years={**draft.years, **beside.years}, fields={**draft.fields, **more},
                                      notes=tuple(dict.fromkeys((*draft.notes, *beside.notes))))

    def _goals(self, row: _Row) -> None:
        beside = self._beside(row)
        # With crosses or a goal beside it, a text in the column of both is a fokusområde.
        both = "focus" if beside.years or len(row.cells) > 1 else "development"
        by_level = {both if row.levels[column] == COMBINED else row.levels[column]: cell for column, cell in row.own.items()}
        for level, cell in by_level.items():
            self.ledger.place(cell.paras)
            if level in ("development", "focus") and not self._same(level, cell):
                self._add(level, cell.paras, implied=True)
        if not {"effect", "sub"} & by_level.keys():
            self._on_heading(beside)
        if beside.years and "focus" in by_level and COMBINED in row.levels.values() and len(by_level) > 1:
            beside.notes.append(_WHOSE.format("delmålets" if "sub" in by_level else "effektmålets"))
        self.whole = None
        points: list[int] = []
        if "effect" in by_level and "sub" in by_level:
            if not self._same("effect", by_level["effect"]):
                self._add("effect", by_level["effect"].paras, beside.shared("owners", "emails"), parent=True)
        elif "effect" in by_level:
            points = self._points("effect", by_level["effect"], beside)
        if "sub" in by_level:
            points = self._points("sub" if "effect" in self.above else "effect", by_level["sub"], beside)
        if points and any(each.crosses for each in row.below):
            self._share(points, row.below)
        else:
            self._below(row)

    def _same(self, level: str, cell: TextCell) -> bool:
        return fold(joined(self.above.get(level, ()))) == fold(joined(cell.paras))

    def _on_heading(self, beside: Beside) -> None:
        """Give what stands beside an udviklingsmål or a fokusområde to its own row."""
        wanted = self.above["focus" if "focus" in self.above else "development"]
        if beside != Beside():
            number = max(n for n, draft in enumerate(self.drafts) if draft.paras == wanted)
            self._give(number, beside)
            self.drafts[number] = replace(self.drafts[number], implied=False)

    def _points(self, level: str, cell: TextCell, beside: Beside) -> list[int]:
        """Make a goal of a cell, or several of its points; return where those stand among the drafts, [] without any."""
        points = grouped(para for para in cell.paras if para.bullet)
        text = tuple(para for para in cell.paras if not para.bullet)
        if points and points[0][0].bullet == 1 and text and level == "effect":
            self._add("effect", text, beside)
            start = len(self.drafts)
            self.whole = start - 1
            for group in points:
                self._add("sub", group, beside.shared("owners", "emails"))
            return list(range(start, len(self.drafts)))
        if len(points) > 1 and not text:
            return self._each(level, points, beside)
        self._add(level, cell.paras, beside)
        return []

    def _each(self, level: str, points: Sequence[tuple[Para, ...]], beside: Beside) -> list[int]:
        """Make a goal of each point; the row's crosses are all of theirs, and what it says stands with the first."""
        shared = replace(beside.shared("owners", "emails", "deadline"), years=beside.years)
        start = len(self.drafts)
        for number, group in enumerate(points):
            self._add(level, group, shared if number else beside)
        return list(range(start, len(self.drafts)))

    def _share(self, points: Sequence[int], below: Sequence[_Row]) -> None:
        """Settle whose the rows of crosses are: with one row more than points the first is the goal's own."""
        whole, own = self.whole, len(below) >= len(points)
        if not own:
            first = self.drafts[points[0] if whole is None else whole]
            for each in points:
                self.drafts[each] = replace(self.drafts[each], years={})
            self.drafts[points[0]] = replace(self.drafts[points[0]], years=first.years)
            if whole is not None:
                notes = tuple(note for note in first.notes if note != _WHOSE.format("effektmålets"))
                self.drafts[whole] = replace(first, years={}, notes=notes, parent=True)
        for number, row in zip(points if own else points[1:], below, strict=False):
            self._give(number, self._beside(row))
        for number in points:
            self._give(number, Beside(notes=[_IN_ORDER]))
        if len(below) + 1 < len(points) or len(below) > len(points):
            self.ledger.say("doc-crosses-uneven", self.drafts[points[0]].paras[0].at, value=str(len(below) + 1),
                            many=str(len(points)))

    def _add(self, level: str, paras: tuple[Para, ...], beside: Beside | None = None, parent: bool = False,
             implied: bool = False) -> None:
        place = LEVELS.index(level)
        plain = paras if implied else (replace(paras[0], bullet=0), *paras[1:])
        self.above = {each: text for each, text in self.above.items() if LEVELS.index(each) < place} | {level: plain}
        above = tuple(joined(self.above.get(each, ())) for each in LEVELS[:place])
        self.drafts.append((beside or Beside()).draft(Level(place + 1), above, plain, implied=implied, parent=parent))
        self.ledger.place(plain)


def _placed_levels(columns: Columns, headings: int) -> dict[int, str]:
    """Return the level of each column with goals, given how many levels the headings above the table have said.

    A table of two columns has an udviklingsmål and its effektmål, and one under a heading effektmål and delmål.
    """
    keys = list(columns.levels.values())
    if COMBINED in keys or "development" in keys:
        return {column: "effect" if key == "sub" and "effect" not in keys else key for column, key in columns.levels.items()}
    exact = len(keys) == 2 and fold(columns.names[next(iter(columns.levels))]).startswith("effekt")
    wanted: tuple[str, ...] = LEVELS[2:]
    if headings == 0 and len(keys) > 1 and not exact:
        wanted = {2: ("development", "effect"), 3: ("development", "effect", "sub")}.get(len(keys), LEVELS)
    elif headings == 1 and (keys[0] == "focus" or len(keys) > 2):
        wanted = LEVELS[1:]
    return dict(zip(columns.levels, wanted, strict=False))


def _starts_small(cell: TextCell) -> bool:
    return bool(cell.paras) and not cell.paras[0].bullet and cell.paras[0].text[:1].islower()
