"""What a workbook shows, as plain values: the rules fill these in and the disk draws them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from aftale.words.domain import Value
from aftale.words.sheets import Col


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as decided: its value, how a number is shown, a mark, and where it links to.

    ``number`` is '' (as it is), percent (the value is points: 50 is shown as 50 %), share (1 is shown as 100 %),
    or a number of decimals such as '0' or '1'. ``mark`` is '' or one of the words in `MARKS`. ``link`` is a place
    in the same workbook such as "'Kilder'!A5". ``open`` says that people may write in the cell. ``note`` is the text of
    a note on the cell. ``formula`` is a formula that lives in the cell (in Excel's own English, without ``=``), of which
    ``value`` is the stored result.
    """

    value: Value = None
    number: str = ""
    mark: str = ""
    link: str = ""
    open: bool = False
    note: str = ""
    formula: str = ""


MARKS = ("undecided", "missing", "contradiction", "question", "error", "info", "computed", "edited", "heading",
         "current_year")


@dataclass(frozen=True)
class Table:
    """A sheet with one table: a title, a line of explanation, the columns, and rows of cells (one per column).

    ``below`` is a second table that stands under it on the same sheet.
    """

    sheet: str
    title: str
    intro: str
    columns: tuple[Col, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    name: str = ""
    empty: str = ""
    below: Table | None = None


@dataclass(frozen=True)
class Overview:
    """The front sheet of the follow-up.

    ``counts`` has a (status, number) for each status in order; ``matrix`` a row per udviklingsmål with its number per
    status (columns as in ``counts``); ``demands`` (demand, number of the year's goals, number met so far);
    ``attention`` the lines a reader should see first, each (Mål-id, goal, status, why, link); ``boxes`` the fields
    that people write in, each (label, value).
    """

    title: str
    subtitle: str
    headline: str
    facts: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, int], ...]
    matrix: tuple[tuple[str, tuple[int, ...]], ...]
    demands: tuple[tuple[str, str], ...] = ()
    attention: tuple[tuple[str, str, str, str, str], ...] = ()
    boxes: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True)
class FollowUpBook:
    """The whole follow-up workbook; ``record`` is the long table of the hidden ``_aftale``."""

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
    as `words.sheets.SKEMA_COLUMNS`; ``guide`` the lines of ``Vejledning`` as (heading, text); ``lists`` the hidden
    lists by name; ``spare`` the number of empty rows for proposals. ``questions`` is the first sheet of a skema that
    goes back with questions, ``field_notes`` the notes on its fields by their key.
    """

    title: str
    subtitle: str
    steps: tuple[str, ...]
    fields: tuple[tuple[str, str, Value], ...]
    columns: tuple[Col, ...]
    rows: tuple[tuple[Cell, ...], ...]
    spare_title: str
    spare: int
    guide: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    record: tuple[tuple[str, str, str, str, str], ...]
    created: date
    notes: tuple[str, ...] = field(default=())
    questions: QuestionSheet | None = None
    field_notes: tuple[tuple[str, str], ...] = ()
