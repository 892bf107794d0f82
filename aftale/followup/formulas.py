"""``Opfølgning`` as the formulas on ``Overblik`` see it, and the hidden cells that those formulas refer to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from aftale.model.agreement import NOT_THIS_YEAR, AnswerColumn, Status, Value
from aftale.model.columns import OPFOELGNING
from aftale.model.tables import HEADER_ROW, Cell, Helper, Table
from aftale.model.text import MONTHS
from aftale.model.workbook import column_name

HELPER_COLUMN = 26
"""The first hidden column on ``Overblik``: AA."""
_FIRST_DAY = date(1900, 3, 1)  # an earlier date is written as text
_LONGEST_PART = 120
"""A text in a formula may have 255 characters, quotation marks twice."""


@dataclass(frozen=True)
class GoalRow:
    """A row of ``Opfølgning`` with its number in Excel, and its cells as they are stored (50 % is 0.5)."""

    row: int
    cells: dict[str, Value]

    def text(self, key: str) -> str:
        """Return a cell as text, '' where it is empty."""
        value = self.cells.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> float | None:
        """Return a cell that holds a number, else None."""
        value = self.cells.get(key)
        return float(value) if isinstance(value, int | float) else None

    @property
    def kind(self) -> int:
        """1 for an effektmål of the year, 2 for what else is followed up this year, 0 for the rest."""
        if not self.text("id") or self.text("response") == NOT_THIS_YEAR:
            return 0
        return 1 if self.text("effect") and not self.text("sub") else 2


class SheetRefs:
    """A table as it will stand on ``Opfølgning``: its rows, and references to its columns and cells."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.first, self.last = HEADER_ROW + 1, HEADER_ROW + max(len(table.rows), 1)
        self.letters: dict[str, str] = {}
        for at, column in enumerate(table.columns):
            self.letters.setdefault(column.key, column_name(at))

    @cached_property
    def rows(self) -> tuple[GoalRow, ...]:
        """Every row of the table."""
        keys = [column.key for column in self.table.columns]
        return tuple(GoalRow(self.first + n, {key: _stored(cell) for key, cell in zip(keys, row, strict=True)})
                     for n, row in enumerate(self.table.rows))

    @cached_property
    def year(self) -> tuple[GoalRow, ...]:
        """The effektmål of the year."""
        return tuple(row for row in self.rows if row.kind == 1)

    def column(self, key: str) -> str:
        """Return a reference to a column's cells: ``'Opfølgning'!$V$4:$V$40``."""
        letter = self.letters[key]
        return f"'{OPFOELGNING}'!${letter}${self.first}:${letter}${self.last}"

    def picked(self, key: str, row: str) -> str:
        """Return a formula for a column's cell on the row (its number in Excel) that another cell holds."""
        letter = self.letters[key]
        return f"INDEX('{OPFOELGNING}'!${letter}$1:${letter}${self.last},{row})"

    def at(self, key: str, row: int) -> str:
        """Return a reference to one cell: ``'Opfølgning'!$V7``."""
        return f"'{OPFOELGNING}'!${self.letters[key]}{row}"

    def linked(self, row: str, shown: str) -> str:
        """Return a formula that shows a text and leads to a row; both are formulas themselves."""
        return f'HYPERLINK("#\'{OPFOELGNING}\'!{self.letters["id"]}"&{row},{shown})'

    def counted(self, *more: str) -> str:
        """Return a formula that counts the year's effektmål; ``more`` are further pairs for COUNTIFS."""
        pairs = (f'{self.column("effect")},"<>"', f'{self.column("sub")},""',
                 f'{self.column("response")},"<>{NOT_THIS_YEAR}"', *more)
        return f"COUNTIFS({','.join(pairs)})"

    def summed(self, *conditions: str) -> str:
        """Return a formula that counts the year's effektmål by conditions on whole columns.

        COUNTIFS takes no text of more than 255 characters and reads ``*`` and ``?`` as wildcards; this doesn't.
        """
        parts = (f'({self.column("effect")}<>"")', f'({self.column("sub")}="")',
                 f'({self.column("response")}<>"{NOT_THIS_YEAR}")', *(f"({each})" for each in conditions))
        return f"SUMPRODUCT({'*'.join(parts)})"


def _stored(cell: Cell) -> Value:
    if cell.number == "percent" and isinstance(cell.value, int | float):
        return cell.value / 100
    return None if cell.value == "" else cell.value


class HiddenCells:
    """The hidden cells of ``Overblik`` under way, column by column, their first row level with that of ``Opfølgning``."""

    def __init__(self) -> None:
        self.made: list[Helper] = []
        self._columns = 0

    def column(self, title: str) -> HelperColumn:
        """Begin a new column under a title."""
        self._columns += 1
        made = HelperColumn(self, HELPER_COLUMN + self._columns - 1)
        self.made.append(Helper(HEADER_ROW - 1, made.number, Cell(title)))
        return made


class HelperColumn:
    """A column of hidden cells."""

    def __init__(self, helpers: HiddenCells, number: int) -> None:
        self.helpers, self.number = helpers, number
        self.letter = column_name(number)
        self.size = 0

    def add(self, value: Value, formula: str = "") -> str:
        """Add a cell below the last one and return a reference to it: ``$AB$4``."""
        self.helpers.made.append(Helper(HEADER_ROW + self.size, self.number, Cell(value, formula=formula)))
        self.size += 1
        return f"${self.letter}${HEADER_ROW + self.size}"

    def at(self, number: int) -> str:
        """Return a reference to a cell of the column, the first one being 0."""
        return f"${self.letter}${HEADER_ROW + 1 + number}"

    @property
    def all(self) -> str:
        """A reference to all cells of the column, one empty cell where it has none: ``$AB$4:$AB$9``."""
        return f"${self.letter}${HEADER_ROW + 1}:${self.letter}${HEADER_ROW + max(self.size, 1)}"


def kinds(live: SheetRefs, helpers: HiddenCells) -> HelperColumn:
    """Write beside every row what kind it is (see `GoalRow.kind`), wherever sorting has put its goal."""
    made = helpers.column("Tæller med")
    for row in live.rows:
        at = partial(live.at, row=row.row)
        made.add(float(row.kind), f'IFERROR(IF(OR({at("id")}="",{at("response")}="{NOT_THIS_YEAR}"),0,'
                                  f'IF(AND({at("effect")}<>"",{at("sub")}=""),1,2)),0)')
    return made


def latest_day(live: SheetRefs) -> Cell:
    """Return the latest day on which anything was measured, as a living date."""
    column = live.column(AnswerColumn.AS_OF)
    days = [day for row in live.rows if isinstance(day := row.cells.get(AnswerColumn.AS_OF), date) and day >= _FIRST_DAY]
    return Cell(max(days) if days else "ikke oplyst", formula=f'IF(COUNT({column})=0,"ikke oplyst",MAX({column}))')


def among(cell: str, words: str) -> str:
    """Return a formula that tells whether the text in a cell is one of the words of another: ``|Opfyldt|Udgået|``."""
    return f'ISNUMBER(FIND("|"&{cell}&"|",{words}))'


def contradiction(status: str, computed: str, fulfilment: str, not_reached: str, missed: str) -> str:
    """Return what `agreement.measures.contradicts` says as a formula; the last two are lists of words for `among`."""
    share = f"AND(ISNUMBER({fulfilment}),{fulfilment}<1)"
    return (f'OR(AND({status}="{Status.MET}",OR({among(computed, missed)},{share})),'
            f'AND({computed}="{Status.MET}",{among(status, not_reached)}))')


def quoted(text: str) -> str:
    """Return a text as it stands in a formula: in parts no longer than Excel takes, and CHAR(10) between its lines."""
    parts: list[str] = []
    for number, line in enumerate(text.split("\n")):
        parts += ["CHAR(10)"] if number else []
        for at in range(0, len(line), _LONGEST_PART):
            doubled = line[at:at + _LONGEST_PART].replace('"', '""')
            parts.append(f'"{doubled}"')
    return "&".join(parts) or '""'


def shortened(text: str, most: int) -> str:
    """Return a formula that cuts a text as `model.text.cut` does."""
    return f'IF(LEN({text})>{most},LEFT({text},{most - 1})&"…",{text})'


def spoken_day(day: str) -> str:
    """Return a formula that says a day as `model.text.danish_date` does, in whatever language Excel is."""
    months = ",".join(f'"{month}"' for month in MONTHS)
    return f'DAY({day})&". "&CHOOSE(MONTH({day}),{months})&" "&YEAR({day})'
