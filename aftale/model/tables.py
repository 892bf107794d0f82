"""What a workbook shows, as plain values: the rules fill these in and the disk draws them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from aftale.model.additions import OwnContent
from aftale.model.agreement import Value
from aftale.model.columns import DIALOG, DIALOG_COLUMNS, Column

HEADER_ROW = 3
"""The Excel row of the header on every table sheet of the follow-up, so that links can be planned before it is drawn."""

DIALOG_HEADER_ROW = 3
"""The row of the header on ``Dialog``, from zero."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as decided: its value, how a number is shown, a mark, and where it links to.

    ``number`` is '' (as it is), percent (the value is points: 50 is shown as 50 %), share (1 is shown as 100 %),
    or a number of decimals such as '0' or '1'. ``mark`` is '' or a key of `draw_base.MARKS`. ``link`` is a place
    in the same workbook such as "'Kilder'!A5". ``open`` says that people may write in the cell. ``note`` is the text of
    a note on the cell. ``formula`` is a formula that lives in the cell (in Excel's own English, without ``=``), of which
    ``value`` is the stored result. ``choices`` are what can be picked from a list in an open cell.
    """

    value: Value = None
    number: str = ""
    mark: str = ""
    link: str = ""
    open: bool = False
    note: str = ""
    formula: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A sheet with one table: a title, a line of explanation, the columns, and rows of cells (one per column).

    ``below`` is a second table that stands under it on the same sheet. ``legend`` explains what conditional formats show:
    each text stands at the top of the sheet over the column with its key. ``live`` is the formula of which ``intro`` is the
    stored result, and ``facts`` a further line above the header.
    """

    sheet: str
    title: str
    intro: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    name: str = ""
    empty: str = ""
    below: Table | None = None
    legend: tuple[tuple[str, str], ...] = ()
    live: str = ""
    facts: str = ""

    @property
    def header(self) -> int:
        """The Excel row of the header."""
        return HEADER_ROW + bool(self.facts)


MATRIX_HEADERS = ("Nået", "På vej", "Bagud", "Andet")
"""What the effektmål of an udviklingsmål are counted by on ``Overblik``."""


@dataclass(frozen=True)
class Serving:
    """A KSE-krav or a policy on ``Overblik``: how many of the year's effektmål serve it, and which."""

    name: str
    numbers: Cell
    goals: str = ""


@dataclass(frozen=True)
class Spotlight:
    """A line that a reader should see first; every cell is a formula, since the order follows ``Opfølgning``."""

    status: Cell
    id: Cell
    goal: Cell
    why: Cell
    before: Cell = field(default=Cell(""))
    """How the goal stood in the last round, and the arrow that shows where it has moved since."""


@dataclass(frozen=True)
class StatusCount:
    """A status on ``Overblik``: how many of the year's effektmål have it, as a share of them all, and in the last round.

    ``before`` is None where there was no round before this one; ``change`` is the number now less the one before.
    """

    status: str
    now: Cell
    share: Cell
    before: int | None = None
    change: Cell = field(default=Cell())


@dataclass(frozen=True)
class News:
    """What has happened since the follow-up was last written: each line is (kind, Mål-id, what), ``rest`` how many more."""

    sentence: str
    lines: tuple[tuple[str, Cell, str], ...] = ()
    rest: int = 0


@dataclass(frozen=True)
class Helper:
    """A hidden cell on ``Overblik`` that its formulas refer to; row and column from zero."""

    row: int
    column: int
    cell: Cell


@dataclass(frozen=True)
class Overview:
    """The front sheet of the follow-up, where most figures are formulas over ``Opfølgning``.

    ``line`` says in one line what it is about, ``note`` what a reader may do (nothing in the coordinator's own). ``last``
    is how the last round is named over a column (``Juni``) and ``last_when`` in a sentence (``i juni``), both '' in the
    first round; ``moved`` says what has moved since.
    ``statuses`` are in order and ``total`` is the number of them all, counted another way; ``unknown`` says how many have
    a status that isn't known ('' where none has). ``matrix`` has a row per udviklingsmål with its number of goals by each
    of `MATRIX_HEADERS`. ``spotlights`` are the lines that a reader should see first; ``more`` says how many there are
    besides, by how many of them are drawn. ``dialog`` are the lines on who waits for whom, none where there is nothing to
    say. The goals of ``demands`` (under ``demands_header``) and ``policies`` are said by `Serving`, each with a note where
    there are none. ``news`` is None the first time. What ends in ``_rest`` counts those of a list that aren't in it.
    ``boxes`` are the fields that people write in, each (label, value), ``facts`` what else is known, as (label, cell): of
    these ``money`` stands in sight. ``department`` is what people call the department.
    """

    title: str
    line: Cell
    headline: Cell
    facts: tuple[tuple[str, Cell], ...]
    statuses: tuple[StatusCount, ...]
    total: Cell = field(default=Cell(0.0))
    unknown: Cell = field(default=Cell(""))
    last: str = ""
    last_when: str = ""
    moved: Cell = field(default=Cell(""))
    matrix: tuple[tuple[str, tuple[Cell, ...]], ...] = ()
    matrix_rest: int = 0
    demands_header: str = ""
    demands: tuple[Serving, ...] = ()
    demands_note: str = ""
    demands_rest: int = 0
    policies: tuple[Serving, ...] = ()
    policies_note: str = ""
    policies_rest: int = 0
    spotlights: tuple[Spotlight, ...] = ()
    more: tuple[Cell, ...] = ()
    dialog: tuple[Cell, ...] = ()
    news: News | None = None
    boxes: tuple[tuple[str, Value], ...] = ()
    money: tuple[tuple[str, str], ...] = ()
    department: str = "forvaltningen"
    helpers: tuple[Helper, ...] = ()
    note: str = ""

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """The number of the year's effektmål with each status, as they were when the sheet was drawn."""
        return tuple((each.status, int(each.now.value) if isinstance(each.now.value, float) else 0)
                     for each in self.statuses)


@dataclass(frozen=True)
class DialogSheet:
    """``Dialog``: its table, where the marks first, department and unit say how a row looks, and what stands around it.

    ``sentence`` is the live line under the title, ``ask`` what stands beside the rows for questions ('' where there are
    none), ``drafts`` are questions that stand in them already, each (Mål-id, text), and ``stages`` what is written under
    Tilstand: waiting for the unit, waiting for the department, answered, for information.
    """

    table: Table
    sentence: Cell
    ask: str = ""
    drafts: tuple[tuple[str, str], ...] = ()
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class FollowUpBook:
    """The whole follow-up workbook: ``record`` is the long table of the hidden ``_aftale``, ``own`` the coordinator's."""

    overview: Overview
    followup: Table
    plan: Table
    results: Table
    conflicts: Table
    responses: Table
    control: Table
    sources: Table
    record: tuple[tuple[str, str, str, str, str], ...]
    title: str
    created: date
    years: tuple[int, ...] = ()
    current_year: int = 0
    own: OwnContent = field(default_factory=OwnContent)
    dialog: DialogSheet = field(default=DialogSheet(Table(DIALOG, DIALOG, "", DIALOG_COLUMNS), Cell("")))


@dataclass(frozen=True)
class Pointed:
    """A row on ``Spørgsmål``: its cells, and the cell on ``Skema`` that it is about.

    ``at`` is the number of the table's row (from 0) and the key of its column, or -1 and the key of a field above the
    table; None where the row is about no cell.
    """

    cells: tuple[Value, ...]
    at: tuple[int, str] | None = None


@dataclass(frozen=True)
class QuestionSheet:
    """The first sheet of a skema that goes back: what to do, the questions, and the goals that still lack an answer.

    The last cell of every row is the link to the cell it is about, which only the drawing knows the name of.
    """

    title: str
    subtitle: str
    todo: str
    about: str
    questions: tuple[Pointed, ...]
    unanswered_title: str = ""
    unanswered: tuple[Pointed, ...] = ()


@dataclass(frozen=True)
class FormBook:
    """A skema as it will be drawn.

    ``header`` are the lines above the table, each (label, value); ``steps`` the four numbered instructions; ``rows``
    as ``columns``, which are some of `model.columns.SKEMA_COLUMNS`; ``guide`` the lines of ``Vejledning`` as (heading,
    text); ``lists`` the hidden lists by name; ``spare`` the number of empty rows for proposals. ``measured`` tells of each
    row whether an answer needs a result, and ``whole`` are the texts that are too long for the table as (Mål-id, what,
    text). ``questions`` is the first sheet of a skema that goes back with questions, ``field_notes`` the notes on its fields
    by their key, and ``example_day`` a day as it may be written under Opgjort pr.
    """

    title: str
    subtitle: str
    steps: tuple[str, ...]
    fields: tuple[tuple[str, str, Value], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    spare_title: str
    spare: int
    guide: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    record: tuple[tuple[str, str, str, str, str], ...]
    created: date
    questions: QuestionSheet | None = None
    field_notes: tuple[tuple[str, str], ...] = ()
    example_day: str = ""
    measured: tuple[bool, ...] = ()
    whole: tuple[tuple[str, str, str], ...] = ()
