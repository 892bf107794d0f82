"""The agreement's own table: levels beside each other or as rows of their own, a column per year, crosses and points."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from aftale.document.found_goals import Draft, GoalTable, Ledger, Said, grouped, joined
from aftale.document.headers import (
    COMBINED,
    CROSS,
    LEVELS,
    NOTHING,
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
from aftale.model.text import count, fold, listing

ALSO = "(x)"
"""What a draft keeps of a year that is active for another reason than a cross."""
_GOES_ON = frozenset(("på", "med", "i", "og", "af", "til", "for", "en", "et", "den", "det", "de", "som", "der", "at", "ved",
                      "fra", "om", "eller", "samt", "under", "over", "mellem", "hos", "vedr.", "bl.a.", "inkl.", "nye",
                      "mindst"))
_NUMBERS = frozenset(("nr", "nummer", "#", "id", "løbenr", "mål nr", "målnr"))
_DEPTH = {"development": 0, "focus": 1, COMBINED: 1, "effect": 2, "sub": 3}
_WHOSE = "Fokusområde og effektmål står i samme række; krydsene er læst som {}."
_SIDES = re.compile(r"(?i)(?:eksternt|internt)\s*:")
_Row = dict[int, TextCell]


class _Beside(NamedTuple):
    """What stands beside the goals of a row: crosses and numbers by year, fields by key, and what belongs in Note."""

    crosses: Mapping[int, str] = {}
    fields: Mapping[str, Said] = {}
    notes: tuple[str, ...] = ()

    def shared(self, *keys: str) -> _Beside:
        """Return the fields that hold for every point of the row."""
        return _Beside({}, {key: said for key, said in self.fields.items() if key in keys})


_NO_MORE = _Beside()


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
    reader = _Reader(ledger)
    for each in tables:
        reader.read(each)
    return reader.drafts


class _Reader:
    """Reads tables one by one; what a row leaves out is taken from the row above it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.drafts: list[Draft] = []
        self.columns = Columns({}, {})
        self.levels: dict[int, str] = {}
        self.above: dict[str, tuple[Para, ...]] = {}
        self.headings = 0
        self.points: list[int] = []
        self.whole: int | None = None
        self.held_rows: list[tuple[_Row, _Beside]] = []
        self.held: dict[int, TextCell] = {}
        self.empty: list[Para] = []
        self.after_gone = False
        self.second: set[int] = set()

    def read(self, found: GoalTable) -> None:
        """Read a table; the headings above it name the levels that its columns leave out."""
        self.columns, self.headings, self.empty = found.columns, len(found.headings), []
        self.levels = _placed_levels(found.columns, len(found.headings))
        for level, para in zip(LEVELS, found.headings, strict=False):
            if joined(self.above.get(level, ())) != para.text:
                self._heading(level, (para,))
        if not found.headings and "development" not in self.levels.values() and COMBINED not in self.levels.values():
            self.above = {}
        self._header(found)
        for number, row in enumerate(found.rows):
            self._row(row, found.rows[number + 1:])
        self._close_points()
        for sign in dict.fromkeys(fold(para.text) for para in self.empty):
            those = [para for para in self.empty if fold(para.text) == sign]
            self.ledger.say("doc-no-cross", those[0].at, value=those[0].text, many=count(len(those), "sted", "steder"))
        self.held, self.after_gone = {}, False

    def _header(self, found: GoalTable) -> None:
        header = found.table.rows[self.columns.above:self.columns.above + self.columns.header]
        for cell in (cell for row in header for cell in row):
            self.ledger.understand_all(cell.paras)
            years = header_years(cell.text)
            if len(years) > 1:
                self.ledger.say("doc-year-header", cell.paras[0].at, value=cell.text,
                                what=listing([str(year) for year in years]), many=str(len(years)))

    def _row(self, row: tuple[TextCell, ...], following: Sequence[tuple[TextCell, ...]]) -> None:
        cells = self._filled(row)
        paras = [para for cell in cells.values() for para in cell.paras]
        if not cells or is_header_again(row, self.columns):
            self.ledger.understand_all(paras)
            return
        own = {column: cell for column, cell in cells.items() if column in self.levels}
        if all(fold(cell.text).strip(" :.*") in TOTALS for cell in (own or dict([min(cells.items())])).values()):
            # It sums up the others and is no goal: it stands beside the agreement.
            self.ledger.understand_all(paras)
            self.ledger.say("doc-totals", paras[0].at, value=" | ".join(joined(cell.paras) for cell in cells.values()))
            return
        crosses = self._crosses(cells)
        gone = self._gone(row, own)
        self.after_gone = gone or (self.after_gone and not own)
        if gone:
            self._without_its_goal(own, cells)
        elif self.after_gone:
            self._left(paras, crosses)
        elif self._is_heading_row(row, cells):
            self._heading_row(next(iter(cells.values())), following)
        elif not own:
            self._without_goal(cells, crosses)
        elif self._continues(own, cells, crosses):
            self._append(own, cells, crosses)
        else:
            self._goals(own, cells, crosses)

    def _gone(self, row: tuple[TextCell, ...], own: _Row) -> bool:
        """Tell whether a row's goal is struck out, hidden or deleted, and no other text stands as deep."""
        gone = [_DEPTH[self.levels[cell.column]] for cell in row if cell.gone and cell.column in self.levels]
        return bool(gone) and max(gone) > max((_DEPTH[self.levels[column]] for column in own), default=-1)

    def _without_its_goal(self, own: _Row, cells: _Row) -> None:
        """Read the headings of a row whose goal is gone; what else stands there goes beside the agreement."""
        self._close_points()
        for column, cell in own.items():
            level = "focus" if self.levels[column] == COMBINED else self.levels[column]
            if not self._same(level, cell):
                self._heading(level, cell.paras)
        self._left([para for column, cell in cells.items() if column not in own for para in cell.paras], {})
        self.ledger.say("doc-goal-gone", next(iter(cells.values())).paras[0].at)

    def _filled(self, row: tuple[TextCell, ...]) -> _Row:
        """Return the row's cells that hold something; what is one with the cell above holds that one's text, but no goal."""
        cells: _Row = {}
        for cell in row:
            if cell.down and cell.column in self.held and cell.column not in self.levels:
                cells[cell.column] = self.held[cell.column]
                continue
            self.held.pop(cell.column, None)
            if any(para.text for para in cell.paras):
                cells[cell.column] = cell
                self.held[cell.column] = cell
        return {} if cells.keys() <= {cell.column for cell in row if cell.down} else cells

    def _is_heading_row(self, row: tuple[TextCell, ...], cells: _Row) -> bool:
        """Tell whether a row is nothing but a heading: one text across the table, or alone in the column of both levels."""
        if len(cells) != 1:
            return False
        column, cell = next(iter(cells.items()))
        if cell.span >= max(2, len(self.columns.names) - 1) or (len(row) == 1 and len(self.columns.names) > 2):
            return True
        if self.levels.get(column) == COMBINED:
            return not _starts_small(cell)
        alone = column == min(self.levels, default=0) and len(self.columns.names) > 2
        return alone and bool(_SIDES.match(cell.text)) and self.levels.get(column) != "development"

    def _heading_row(self, cell: TextCell, following: Sequence[tuple[TextCell, ...]]) -> None:
        level = "development"
        if self.levels.get(cell.column) == COMBINED and "development" in self.above and not _SIDES.match(cell.text):
            after = next((filled for row in following if (filled := {c.column for c in row if c.text.strip()})), set())
            # A heading with goals right under it, and nothing in its own column, is what they stand under.
            if cell.column not in after and "effect" in [self.levels.get(column) for column in after]:
                level = "focus"
        elif "development" in self.levels.values() and self.levels.get(cell.column) != COMBINED:
            if self.above.get("development") and self.levels.get(cell.column) != "development":
                level = "focus"
        elif self.headings:
            level = LEVELS[min(self.headings, 1)]
        self._heading(level, cell.paras)

    def _heading(self, level: str, paras: tuple[Para, ...]) -> None:
        self._close_points()
        self._add(level, paras, implied=True)

    def _crosses(self, cells: _Row) -> dict[int, str]:
        """Return the row's years: a cross, or the number that is that year's target."""
        found: dict[int, str] = {}
        self.second = set()
        for column, years in sorted(self.columns.years.items()):
            text = cells[column].text.strip() if column in cells else ""
            if not text:
                continue
            paras, says = cells[column].paras, under_year(text)
            if says == NUMBER and any(found.get(year) not in (None, ALSO, CROSS, text) for year in years):
                self.second.add(column)
                continue
            if says == NOTHING:
                self.empty += paras
            if says in (CROSS, NUMBER, NOTHING):
                self.ledger.place(paras)
                self.ledger.understand_all(paras)
            if says in (CROSS, "doc-year-text"):
                # One cross under several years stays one cross to whoever counts them.
                for number, year in enumerate(years):
                    if found.get(year, ALSO) == ALSO:
                        found[year] = CROSS if says == CROSS and number == 0 else ALSO
            elif says == NUMBER:
                found.update(dict.fromkeys(years, text))
        return found

    def _beside(self, cells: _Row, crosses: Mapping[int, str]) -> _Beside:
        fields: dict[str, Said] = {}
        notes: list[str] = []
        for column, cell in cells.items():
            if column in self.levels:
                continue
            key, text, name = self.columns.keys.get(column, ""), joined(cell.paras), self.columns.names.get(column, "")
            if column in self.columns.years:
                code = "doc-year-twice" if column in self.second else under_year(text)
                if code.startswith("doc-"):
                    notes.append(f"{name}: {text}")
                    self.ledger.say(code, cell.paras[0].at, value=text, what=name)
            elif key in ("", *LEVELS, COMBINED):
                label = name.rstrip(" :.")
                notes.append(f"{label}: {text}" if label else text)
            if key and key not in (*LEVELS, COMBINED):
                fields[key] = Said(text, cell.paras)
            self.ledger.place(cell.paras, name)
            if fold(name).strip(" .:") in _NUMBERS:
                self.ledger.understand_all(cell.paras)
        return _Beside(crosses, fields, tuple(notes))

    def _without_goal(self, cells: _Row, crosses: dict[int, str]) -> None:
        """Hold a row of crosses alone for the points of the cell above; other texts belong to the goal above."""
        beside = self._beside(cells, crosses)
        if crosses and self.points:
            self.held_rows.append((cells, beside))
        elif not self.drafts or (crosses and (self.drafts[-1].years or self.drafts[-1].implied)):
            self._left([para for cell in cells.values() for para in cell.paras], crosses)
        else:
            self._give(len(self.drafts) - 1, beside)

    def _left(self, paras: Sequence[Para], crosses: Mapping[int, str]) -> None:
        """Let paragraphs go beside the agreement, whatever was read from them."""
        if crosses:
            self.ledger.say("doc-crosses-left", paras[0].at, value=", ".join(map(str, sorted(crosses))))
        self.ledger.placed -= {para.number for para in paras}

    def _give(self, number: int, beside: _Beside) -> None:
        draft, more = self.drafts[number], dict(beside.fields)
        for key, old in draft.fields.items():
            if key in more and more[key].text != old.text:
                more[key] = Said(f"{old.text}\n{more[key].text}", (*old.paras, *more[key].paras))
        self.drafts[number] = replace(draft, years={**draft.years, **beside.crosses}, fields={**draft.fields, **more},
                                      notes=tuple(dict.fromkeys((*draft.notes, *beside.notes))))

    def _close_points(self) -> None:
        """Settle whose the rows of crosses are: with one row more than points the first is the goal's own."""
        points, rows, whole = self.points, self.held_rows, self.whole
        self.points, self.held_rows, self.whole = [], [], None
        if not rows:
            return
        own = len(rows) >= len(points)  # the goal has a row for itself
        if not own:
            first = self.drafts[points[0] if whole is None else whole]
            for each in points:
                self.drafts[each] = replace(self.drafts[each], years={})
            self.drafts[points[0]] = replace(self.drafts[points[0]], years=first.years)
            if whole is not None:
                notes = tuple(note for note in first.notes if note != _WHOSE.format("effektmålets"))
                self.drafts[whole] = replace(first, years={}, notes=notes, parent=True)
        for number, (_, beside) in zip(points if own else points[1:], rows, strict=False):
            self._give(number, beside)
        for number in points:
            self._give(number, _Beside(notes=("Rækkerne med kryds er læst i samme rækkefølge som cellens punkter.",)))
        for cells, beside in rows[len(points):]:
            self._left([para for cell in cells.values() for para in cell.paras], beside.crosses)
        if len(rows) + 1 < len(points) or len(rows) > len(points):
            self.ledger.say("doc-crosses-uneven", self.drafts[points[0]].paras[0].at, value=str(len(rows) + 1),
                            many=str(len(points)))

    def _continues(self, own: _Row, cells: _Row, crosses: dict[int, str]) -> bool:
        """Tell whether a row only goes on with the one above, as where a page break parts it in the middle of a sentence."""
        if not self.drafts or (self.drafts[-1].implied and len(cells) > 1) or (crosses and self.drafts[-1].years):
            return False
        return (all(column in self.levels or column in self.columns.years for column in cells)
                and all(self._goes_on(self.levels[column], cell) for column, cell in own.items()))

    def _goes_on(self, level: str, cell: TextCell) -> bool:
        above = joined(self.above.get(self._combined_as(level), ())[-1:])
        if not above or above.endswith((".", "!", "?", ":")):
            return False
        return _starts_small(cell) or fold(above.split()[-1]) in _GOES_ON or above.endswith((",", "-", "–"))

    def _combined_as(self, level: str) -> str:
        if level != COMBINED:
            return level
        return "focus" if "focus" in self.above else "development"

    def _append(self, own: _Row, cells: _Row, crosses: dict[int, str]) -> None:
        for column, cell in own.items():
            level = self._combined_as(self.levels[column])
            old, first = self.above[level], cell.paras[0]
            paras = (*old, replace(first, bullet=0), *cell.paras[1:])
            before = joined(old)
            # What is joined stays one sentence, also where the row goes on with a name.
            text = f"{before} {joined(replace(para, bullet=0) for para in cell.paras)}"
            self._retell(level, before, text, paras)
            self.ledger.place(cell.paras)
            self.ledger.say("doc-joined", first.at, value=first.text)
        self._give(len(self.drafts) - 1, self._beside(cells, crosses))

    def _retell(self, level: str, before: str, text: str, paras: tuple[Para, ...]) -> None:
        """Let a longer text stand wherever the shorter one stood: in its own draft and in those below that one."""
        old = self.above[level]
        self.above[level] = paras
        place = LEVELS.index(level)
        for number in range(len(self.drafts) - 1, -1, -1):
            draft = self.drafts[number]
            if draft.paras == old and LEVELS[draft.level.value - 1] == level:
                self.drafts[number] = replace(draft, paras=paras, text_as=text if joined(paras) != text else "")
                return
            if len(draft.above) > place and draft.above[place] == before:
                self.drafts[number] = replace(draft, above=(*draft.above[:place], text, *draft.above[place + 1:]))

    def _goals(self, own: _Row, cells: _Row, crosses: dict[int, str]) -> None:
        self._close_points()
        beside = self._beside(cells, crosses)
        # With crosses or a goal beside it, a text in the column of both is a fokusområde.
        both = "focus" if crosses or len(cells) > 1 else "development"
        names = [both if self.levels[column] == COMBINED else self.levels[column] for column in own]
        for level, cell in zip(names, own.values(), strict=True):
            self.ledger.place(cell.paras)
            if level in ("development", "focus") and not self._same(level, cell):
                self._heading(level, cell.paras)
        deepest = max(names, key=LEVELS.index)
        if deepest in ("development", "focus"):
            self._on_heading(beside)
            return
        if crosses and COMBINED in [self.levels[column] for column in own]:
            whose = _WHOSE.format("delmålets" if "sub" in names else "effektmålets")
            beside = beside._replace(notes=(*beside.notes, whose))
        by_level = dict(zip(names, own.values(), strict=True))
        if "effect" in by_level:
            self._effect(by_level["effect"], beside, "sub" in by_level)
        if "sub" in by_level:
            self._sub(by_level["sub"], beside)

    def _same(self, level: str, cell: TextCell) -> bool:
        return fold(joined(self.above.get(level, ()))) == fold(joined(cell.paras))

    def _on_heading(self, beside: _Beside) -> None:
        """Give what stands beside an udviklingsmål or a fokusområde to its own row."""
        wanted = self.above["focus" if "focus" in self.above else "development"]
        if any(beside):
            number = max(n for n, draft in enumerate(self.drafts) if draft.paras == wanted)
            self._give(number, beside)
            self.drafts[number] = replace(self.drafts[number], implied=False)

    def _effect(self, cell: TextCell, beside: _Beside, with_sub: bool) -> None:
        owners = beside.shared("owners", "emails")
        points = [para for para in cell.paras if para.bullet == 1]
        text = tuple(para for para in cell.paras if not para.bullet)
        if with_sub:
            if not self._same("effect", cell):
                self._add("effect", cell.paras, owners, parent=True)
        elif len(points) < 2 and not (points and text):
            self._add("effect", cell.paras, beside)
        elif not text:
            self._each("effect", grouped(cell.paras), beside)
        else:
            self._add("effect", text, beside)
            start = len(self.drafts)
            for group in grouped(para for para in cell.paras if para.bullet):
                self._add("sub", group, owners)
            self.points, self.whole = list(range(start, len(self.drafts))), start - 1

    def _sub(self, cell: TextCell, beside: _Beside) -> None:
        groups = grouped(cell.paras)
        if "effect" not in self.above:
            self._effect(cell, beside, False)
        elif len(groups) > 1 and all(para.bullet for para in cell.paras):
            self._each("sub", groups, beside)
        else:
            self._add("sub", cell.paras, beside)

    def _each(self, level: str, groups: list[tuple[Para, ...]], beside: _Beside) -> None:
        """Make a goal of each point; the row's crosses are all of theirs, and what it says stands with the first."""
        shared = beside.shared("owners", "emails", "deadline")._replace(crosses=beside.crosses)
        start = len(self.drafts)
        for number, group in enumerate(groups):
            self._add(level, group, shared if number else beside)
        self.points, self.whole = list(range(start, len(self.drafts))), None

    def _add(self, level: str, paras: tuple[Para, ...], beside: _Beside = _NO_MORE, parent: bool = False,
             implied: bool = False) -> None:
        place = LEVELS.index(level)
        plain = paras if implied else (replace(paras[0], bullet=0), *paras[1:])
        self.above = {each: text for each, text in self.above.items() if LEVELS.index(each) < place} | {level: plain}
        above = tuple(joined(self.above.get(each, ())) for each in LEVELS[:place])
        self.drafts.append(Draft(Level(place + 1), above, plain, *beside, implied=implied, parent=parent))
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
