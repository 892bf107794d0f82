"""What the report of many units says, read from the workbook that ``saml`` has made, as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aftale.cells.find_table import FoundTable, find_table, sheets_by_name
from aftale.cells.number_format import seen_at
from aftale.cells.read_cell import text_at
from aftale.followup.front_sheet import headline
from aftale.model.agreement import NOT_STATED, THE_DEPARTMENT, demands_followed, is_kse
from aftale.model.columns import ASSESSMENT as ASSESSED
from aftale.model.columns import KSE_REMARK, LEVEL_KEYS, Column, with_demands_header
from aftale.model.text import beside_number, capital, count, danish_number, fold, listing, some
from aftale.model.workbook import Workbook
from aftale.report.goal_blocks import (
    MOST_ATTENTION,
    Goals,
    attention,
    attention_row,
    counts,
    figure,
    goal_blocks,
    matrix,
    served_blocks,
    status_table,
)
from aftale.report.model import (
    ASSESSMENT,
    ATTENTION,
    CONTENTS,
    FIGURE,
    GOALS,
    HEADLINE,
    SERVED,
    SHARED_OUT,
    SOURCES,
    STATUSES,
    SUBTITLE,
    TITLE,
    Block,
    Contents,
    Look,
    Report,
    TextTable,
    labelled,
    text,
)
from aftale.units.model import GOAL_COLUMNS, UNITS, UnitGoal, unit_columns
from aftale.units.model import GOALS as GOAL_SHEET
from aftale.units.workbook import COUNTS

_HEADERS = ("Mål", "Status", "Hvorfor")
_WIDTHS = (6.6, 3.4, 6.6)


@dataclass(frozen=True)
class CountedUnit:
    """A unit's follow-up that counts: its name, its round in words, its goals, and the texts of its line by key."""

    name: str
    when: str
    goals: tuple[UnitGoal, ...]
    line: Mapping[str, str]

    @property
    def year(self) -> str:
        """The year that it follows up on."""
        return self.when.split()[-1]

    @property
    def effects(self) -> tuple[UnitGoal, ...]:
        """The year's effektmål."""
        return tuple(goal for goal in self.goals if goal.is_effect)


@dataclass(frozen=True)
class Collection:
    """What stands in a workbook across units: the units that count, and the names of those that haven't reported."""

    units: tuple[CountedUnit, ...]
    missing: tuple[str, ...]
    demands: str
    department: str

    @property
    def effects(self) -> tuple[UnitGoal, ...]:
        """All the units' effektmål."""
        return tuple(goal for unit in self.units for goal in unit.effects)

    @property
    def year(self) -> str:
        """The latest year that anything counts of."""
        return max((unit.year for unit in self.units), default="")


def read_collection(book: Workbook) -> Collection | None:
    """Read a workbook across units by what stands in its cells; None where its tables can't be found."""
    goals = _table(book, GOAL_SHEET, with_demands_header(GOAL_COLUMNS, "Krav"), ("id", "effect", "status"))
    lines = _table(book, UNITS, unit_columns(()), ("reported", "year", "round"))
    if goals is None or lines is None:
        return None
    by_unit = {(line["name"], line["year"], line["round"]): line for line in _lines(lines)}
    found: dict[tuple[str, str, str], list[UnitGoal]] = {}
    for row in goals.data_rows():
        at = tuple(_said(goals, row, key) for key in ("name", "year", "round"))
        found.setdefault((at[0], at[1], at[2]), []).append(_goal(goals, row))
    units = tuple(CountedUnit(name, f"{round_} {year}".strip(), tuple(found.get((name, year, round_), ())), line)
                  for (name, year, round_), line in by_unit.items() if fold(line["counted"]) == fold(COUNTS))
    missing = tuple(line["name"] for line in by_unit.values() if fold(line["reported"]) != fold(COUNTS)
                    and (fold(line["counted"]) == fold(COUNTS) or not line["year"]))
    departments = list(dict.fromkeys(filter(None, (unit.line["department"] for unit in units))))
    header = goals.sheet.value(goals.row, goals.columns["demands"]) if "demands" in goals.columns else "Krav"
    return Collection(units, missing, str(header), some(departments, 3) or THE_DEPARTMENT)


def _table(book: Workbook, sheet: str, columns: Sequence[Column], needed: Sequence[str]) -> FoundTable | None:
    tables = (find_table(each, columns, needed) for each in sheets_by_name(book, sheet))
    return next((table for table in tables if table and {"name", "counted", *needed} <= table.columns.keys()), None)


def _said(table: FoundTable, row: int, key: str) -> str:
    return text_at(table.sheet, row, table.columns[key]) if key in table.columns else ""


def _lines(table: FoundTable) -> Iterator[dict[str, str]]:
    keys = [column.key for column in unit_columns(())]
    for row in table.data_rows():
        yield {key: _said(table, row, key) for key in keys}


def _goal(table: FoundTable, row: int) -> UnitGoal:
    said = {column.key: _said(table, row, column.key) for column in GOAL_COLUMNS}
    texts = [said[key] for key in LEVEL_KEYS]
    demands = tuple(each.strip() for each in said["demands"].split(";") if each.strip() and each.strip() != NOT_STATED)
    raw, share = table.value(row, "resultat"), table.value(row, "fulfilment")
    result = seen_at(table.sheet, row, table.columns["resultat"]) if raw not in (None, "") else None
    if isinstance(raw, float) and result and not result.endswith("%"):
        result = f"{danish_number(raw)} {beside_number(said['unit'], raw)}".strip()
    return UnitGoal(said["id"], (texts[0], texts[1], texts[2], texts[3]), demands, said["goal"], said["unit"],
                    said["owners"], result, fulfilment=share if isinstance(share, float) else None, status=said["status"],
                    computed=said["computed"], remarks=said["bemaerkninger"], department=said["kse"])


# ---------------------------------------------------------------- the report

def report_of_units(found: Collection, name: str, created: date) -> Report:
    """Return the report of the units in a workbook of this name."""
    effects = found.effects
    now = counts(effects)
    rounds = capital(listing(list(dict.fromkeys(unit.when.lower() for unit in found.units))))
    units = count(len(found.units), "enhed", "enheder")
    demands = demands_followed(is_kse(*([found.demands] if found.demands != "Krav" else ["-"])),
                               (each for goal in effects for each in goal.demands))
    fields = {TITLE: f"Opfølgning på aftalerne {found.year}".strip(), SUBTITLE: f"{units} · {rounds}",
              HEADLINE: _headline(found, now), "Enhed": units, "Forvaltning": found.department, "År": found.year,
              "Runde": rounds}
    blocks = {FIGURE: [figure("Status for alle enheders effektmål", now, None, {})], ATTENTION: _attention(found),
              ASSESSMENT: _assessments(found), CONTENTS: [Contents()], STATUSES: [status_table(now, None, {})],
              SHARED_OUT: matrix("Enheder", {unit.name: unit.effects for unit in found.units}),
              SERVED: served_blocks(effects, demands, found.demands, named=False), GOALS: _goals(found),
              SOURCES: _sources(found, name)}
    return Report(fields, {block: tuple(said) for block, said in blocks.items()}, "", created)


def _headline(found: Collection, now: Mapping[str, int]) -> str:
    """Say how all the goals stand in one sentence; where they aren't of the same year, how many are of the latest too."""
    said = headline(now, len(found.effects))
    latest = sum(len(unit.effects) for unit in found.units if unit.year == found.year)
    if latest == len(found.effects):
        return said
    said = said.replace("årets", "enhedernes")
    return f"{said} Heraf er {danish_number(latest)} fra {found.year}; resten er fra tidligere år."


def _attention(found: Collection) -> Iterator[Block]:
    """Yield the units' goals that a committee should look at first, the most urgent first, each with whose it is."""
    whose = {id(goal): unit.name for unit in found.units for goal in unit.goals}
    goals = attention([goal for unit in found.units for goal in unit.goals])
    if not goals:
        yield text("Der er ikke noget, der kræver særlig opmærksomhed.", Look.BODY)
        return
    rows = tuple(attention_row(goal, Goals((goal,)), whose[id(goal)])[:len(_HEADERS)] for goal in goals[:MOST_ATTENTION])
    yield TextTable("Mål, der kræver opmærksomhed", f"{len(rows)} mål med enhed, status og årsag.", _HEADERS, _WIDTHS, rows)
    if rest := len(goals) - len(rows):
        yield text(f"Yderligere {danish_number(rest)} mål kræver opmærksomhed. De står under Målene.", Look.NOTE)


def _assessments(found: Collection) -> Iterator[Block]:
    """Yield what each unit, and its department, says of its year as a whole."""
    said = [(unit, label, unit.line[key]) for unit in found.units
            for key, label in (("assessment", ""), ("box", KSE_REMARK)) if unit.line[key]]
    for unit, label, words in said:
        yield labelled(f"{unit.name}, {label[:1].lower()}{label[1:]}" if label else unit.name, words, Look.BODY)
    if not said:
        yield text(f"Ingen af enhederne har skrevet en {ASSESSED.lower()}.", Look.BODY)


def _goals(found: Collection) -> Iterator[Block]:
    for unit in found.units:
        yield text(f"{unit.name}: {unit.when.lower()}", Look.SECTION)
        yield from goal_blocks(Goals(unit.goals), Look.THREAD, capital(THE_DEPARTMENT), f"{unit.name}: ")
        if not unit.goals:
            yield text("Enheden har ingen mål i året.", Look.BODY)


def _sources(found: Collection, name: str) -> Iterator[Block]:
    yield labelled("Kilde", f"det samlede overblik »{name}«, som det stod", Look.BODY)
    yield labelled("Enheder", f"{count(len(found.units), 'enhed tæller', 'enheder tæller')} med, hver ved sin seneste"
                   " opfølgning", Look.BODY)
    counted = {unit.name for unit in found.units}
    for label, names in (("Er med ved en anden runde", [name for name in found.missing if name in counted]),
                         ("Har ikke indberettet", [name for name in found.missing if name not in counted])):
        if names:
            yield labelled(label, listing(names), Look.BODY)
