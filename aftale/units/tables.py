"""The sheets of the workbook across units as plain tables, every number a value: there can be twenty thousand goals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aftale.agreement.budget import BUDGET, FRAME
from aftale.followup.front_sheet import COUNTED
from aftale.merge.shown import when_text
from aftale.model.agreement import HELD_TO_NUMBERS, MISSING, NOT_STATED, REMARK_REQUIRED, UNDECIDED, Demand, Round, Status
from aftale.model.columns import ASSESSMENT, FRAME_REMARK, IN_FRAME, KSE_REMARK, LEVEL_KEYS, SOURCES, Column
from aftale.model.tables import HEADER_ROW, Cell, Table
from aftale.model.text import count, danish_number, listing, split_at_limit
from aftale.units.model import (
    ATTENTION,
    ATTENTION_COLUMNS,
    DEMANDS,
    FILE_COLUMNS,
    GOAL_COLUMNS,
    GOALS,
    OTHER_STATUS,
    UNITS,
    UnitGoal,
    demand_columns,
    unit_columns,
)
from aftale.units.read_unit import FORMS
from aftale.units.which_count import NEEDS_ATTENTION, Across, UnitYear, alphabetic, said_round, saved_at

COUNTS, DOES_NOT = "Ja", "Nej"
_REMARK_ROOM = 400


def statuses_of(across: Across) -> tuple[str, ...]:
    """Return the statuses that are counted; one that none of ours is only where there is any."""
    strange = any(each.counts[OTHER_STATUS] for each in across.units)
    return (*COUNTED, OTHER_STATUS) if strange else COUNTED


def goal_rows(across: Across) -> dict[int, int]:
    """Return the Excel row where each unit's goals begin on ``Mål``, by the number of the unit's line."""
    rows, at = {}, HEADER_ROW + 1
    for number, each in enumerate(across.units):
        rows[number] = at
        at += len(each.followup.goals)
    return rows


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole, None of nothing."""
    return part / whole if whole else None


def _number(value: int) -> Cell:
    return Cell(float(value), "0")


def _text(text: str) -> Cell:
    """Return a text as a cell; several of KSE's remarks joined may be more than a cell holds."""
    return Cell(split_at_limit(text)[0] or None)


def _table(sheet: str, title: str, intro: str, columns: tuple[Column, ...], rows: Sequence[Mapping[str, Cell]], name: str,
           empty: str) -> Table:
    nothing = Cell()
    return Table(sheet, title, intro, columns,
                 tuple(tuple(row.get(column.key, nothing) for column in columns) for row in rows), name, empty)


def _who(each: UnitYear) -> dict[str, Cell]:
    return {"name": Cell(each.name), "year": Cell(str(each.followup.year)), "round": Cell(_round(each.followup.round))}


def _round(round_: Round) -> str:
    return round_.danish.capitalize()


# ---------------------------------------------------------------- Enheder

def unit_table(across: Across) -> Table:
    """Return ``Enheder``: a line for each unit and year."""
    statuses, begins = statuses_of(across), goal_rows(across)
    reported = {each.name for each in across.units if (each.followup.year, each.followup.round) == across.latest}
    rows = [_unit_row(each, statuses, begins[number], each.name in reported) for number, each in enumerate(across.units)]
    rows += [{"name": Cell(each.name), "reported": Cell(DOES_NOT), "counted": Cell(DOES_NOT), "before": Cell(each.said)}
             for each in across.missing if not each.seen]
    rows.sort(key=lambda row: alphabetic(str(row["name"].value)))  # which leaves a unit's years in their order
    earlier = " Andre år tæller ikke med i Overblik." if len(across.units) > len(across.counted) else ""
    intro = ("En linje for hver enhed. Klik på navnet for at se enhedens mål. Indberettet: har sendt"
             f" {said_round(*across.latest)}.{earlier}")
    return _table(UNITS, "Enhederne", intro, unit_columns(statuses), rows, "Enheder", "Der er ingen enheder endnu.")


def _unit_row(each: UnitYear, statuses: Sequence[str], begins: int, reported: bool) -> dict[str, Cell]:
    followup, counts = each.followup, each.counts
    total = sum(counts.values())
    boxes, facts = followup.boxes, followup.facts
    texts = {"department": followup.department, "forms": facts.get(FORMS, ""), "in_frame": boxes.get(IN_FRAME, ""),
             "frame_remark": boxes.get(FRAME_REMARK, ""), "frame": facts.get(FRAME, ""), "budget": facts.get(BUDGET, ""),
             "assessment": boxes.get(ASSESSMENT, ""), "box": boxes.get(KSE_REMARK, ""), "before": _before(each)}
    return {
        **_who(each), **{key: _text(text) for key, text in texts.items()},
        "name": Cell(each.name, link=f"'{GOALS}'!A{begins}" if followup.goals else ""),
        "reported": Cell(COUNTS if reported else DOES_NOT),
        "counted": Cell(COUNTS if each.counted else DOES_NOT), "goals": _number(total),
        **{f"n{number}": _number(counts[status]) for number, status in enumerate(statuses)},
        "met": Cell(share(counts[Status.MET], total), "share"), "attention": Cell(share(each.attention, total), "share"),
        "answered": Cell(share(total - counts[MISSING], total), "share"),
        "source": Cell(f"nr. {each.file}", link=f"'{SOURCES}'!A{HEADER_ROW + each.file}")}


def _before(each: UnitYear) -> str:
    """Say how the unit stood the time before."""
    if each.before is None:
        return ""
    effects = each.before.effects
    met = sum(goal.status == Status.MET for goal in effects)
    return f"{_round(each.before.round)} {each.before.year}: {met} af {len(effects)} opfyldt"


# ---------------------------------------------------------------- KSE-krav

def serves(goal: UnitGoal, demand: Demand) -> bool:
    """Tell whether a goal serves one of KSE's demands."""
    return any(demand.value.casefold() in each.casefold() for each in goal.demands)


def states_demands(each: UnitYear) -> bool:
    """Tell whether a unit says of any of the year's effektmål which of KSE's demands it serves."""
    return any(goal.demands for goal in each.followup.effects)


def demand_table(across: Across) -> Table:
    """Return ``KSE-krav``: how many of the year's effektmål serve each demand in each unit, and how many are met."""
    rows = [_demand_row(each) for each in across.counted]
    intro = ("Hvor mange af årets effektmål der opfylder hvert krav, og hvor mange af dem der er opfyldt. Et mål kan opfylde"
             " flere krav.")
    return _table(DEMANDS, "KSE's krav", intro, demand_columns(), rows, "KSE_krav", "Der er ingen enheder endnu.")


def _demand_row(each: UnitYear) -> dict[str, Cell]:
    effects = each.followup.effects
    cells = {**_who(each), "goals": _number(len(effects))}
    lacks = []
    for number, demand in enumerate(Demand):
        goals = [goal for goal in effects if serves(goal, demand)]
        met = sum(goal.status == Status.MET for goal in goals)
        cells |= {f"d{number}": _number(len(goals)), f"m{number}": _number(met),
                  f"s{number}": Cell(share(met, len(goals)), "share")}
        if not goals:
            lacks.append(demand.value)
    none = sum(not any(serves(goal, demand) for demand in Demand) for goal in effects)
    said = listing(lacks) if states_demands(each) or not effects else NOT_STATED
    return {**cells, "none": _number(none), "lacks": Cell(said or None, mark="question" if said else "")}


# ---------------------------------------------------------------- Mål

def goal_table(across: Across) -> Table:
    """Return ``Mål``: all the year's goals of all units side by side."""
    rows = [_goal_row(each, goal) for each in across.units for goal in each.followup.goals]
    intro = ("Årets effektmål og delmål fra alle enheder. Filtrér med pilene i overskriften. Tallene i Overblik er de"
             " effektmål, hvor der står Ja under Tæller med.")
    return _table(GOALS, "Alle mål", intro, GOAL_COLUMNS, rows, "Maal", "Der er ingen mål endnu.")


def _goal_row(each: UnitYear, goal: UnitGoal) -> dict[str, Cell]:
    texts = {"id": goal.id, **dict(zip(LEVEL_KEYS, goal.texts, strict=True)), "goal": goal.goal,
             "unit": goal.unit, "demands": "; ".join(goal.demands) or NOT_STATED, "owners": goal.owners,
             "status": goal.status, "computed": goal.computed, "bemaerkninger": goal.remarks, "kse": goal.department}
    return {**_who(each), **{key: _text(text) for key, text in texts.items()},
            "resultat": Cell(goal.result, goal.number), "fulfilment": Cell(goal.fulfilment, "share"),
            "counted": Cell(COUNTS if each.counted and goal.is_effect else DOES_NOT)}


# ---------------------------------------------------------------- Opmærksomhed

@dataclass(frozen=True)
class Noted:
    """A goal that needs attention: how much (0 most), whose it is, which row of ``Mål`` it stands in, and why."""

    rank: int
    unit: UnitYear
    goal: UnitGoal
    row: int
    why: str


def noted(across: Across) -> list[Noted]:
    """Return the goals of the units' latest follow-ups that need attention, the most urgent first."""
    found = []
    for each, begins in zip(across.units, goal_rows(across).values(), strict=True):
        for row, goal in enumerate(each.followup.goals if each.counted else (), begins):
            rank, why = _rank(goal)
            if why:
                found.append(Noted(rank, each, goal, row, why))
    return sorted(found, key=lambda x: (x.rank, x.goal.fulfilment if x.goal.fulfilment is not None else 1.0,
                                        alphabetic(x.unit.name), x.row))


def _rank(goal: UnitGoal) -> tuple[int, str]:
    """Return how urgent a goal is and why it needs attention, '' where it doesn't."""
    status, remarks = goal.status, " ".join(goal.remarks.split())[:_REMARK_ROOM]
    lacks = "Der mangler en bemærkning." if status in REMARK_REQUIRED else "Der er ingen bemærkning."
    said = f"{_reached(goal.fulfilment)}{remarks or lacks}"
    effect = goal.is_effect
    classes = (
        (status == Status.NOT_MET, said), (status == Status.NOT_EXPECTED, said),
        (UNDECIDED in (status, goal.result), "Der er givet forskellige svar."),
        (effect and status == MISSING, f"Mangler svar fra {goal.owners.replace('; ', ', ') or 'den ansvarlige'}."),
        (status not in COUNTED, "Statussen er ikke en af de otte."),
        (effect and status == Status.PARTLY, said),
        (status in HELD_TO_NUMBERS and goal.computed in set(Status) and status != goal.computed,
         f"Tallene peger på «{goal.computed}». {remarks}".strip()),
        (effect and status == Status.AWAITING, said), (effect and status == Status.NOT_STARTED, said),
        (status == Status.DROPPED and not remarks, "Der mangler en bemærkning."))
    return next(((rank, why) for rank, (true, why) in enumerate(classes) if true), (0, ""))


def _reached(share_: float | None) -> str:
    return f"Målopfyldelse {min(int(100 * share_ + 0.500001), 999)} %. " if share_ is not None and share_ >= 0 else ""


def attention_cells(each: Noted) -> dict[str, Cell]:
    """Return a goal that needs attention as cells by the keys of `ATTENTION_COLUMNS`."""
    goal = each.goal
    return {**_who(each.unit), "status": Cell(goal.status), "id": Cell(goal.id, link=f"'{GOALS}'!D{each.row}"),
            "goal": _text(goal.text), "why": _text(each.why), "owners": _text(goal.owners),
            "kse": _text(goal.department)}


def attention_table(found: Sequence[Noted], urgent: int) -> Table:
    """Return ``Opmærksomhed``: everything to look at in all units; ``urgent`` of it counts as needing attention."""
    intro = (f"{count(len(found), 'mål', 'mål')}, det vigtigste først; klik på Mål-id for at se målet i Mål. Heraf er"
             f" {danish_number(urgent)} de effektmål, der tæller som «Kræver opmærksomhed» i Overblik og Enheder"
             f" ({listing(NEEDS_ATTENTION)}). De andre er delmål, og mål med noget at se efter: se Hvorfor.")
    return _table(ATTENTION, "Mål at se nærmere på", intro, ATTENTION_COLUMNS, [attention_cells(each) for each in found],
                  "Opmaerksomhed", "Der er ikke noget at se nærmere på.")


# ---------------------------------------------------------------- Kilder

def file_table(across: Across) -> Table:
    """Return ``Kilder``: every file, and what became of it."""
    them = "den" if len(across.files) == 1 else "dem"
    intro = f"{count(len(across.files), 'fil', 'filer')}, og hvad der blev af {them}."
    return _table(SOURCES, "Kilder", intro, FILE_COLUMNS, list(_file_rows(across)), "Kilder", "Der er ingen filer.")


def _file_rows(across: Across) -> Iterator[dict[str, Cell]]:
    for number, file in enumerate(across.files, 1):
        source, followup = file.source, file.followup
        texts = {"file": source.name, "container": source.container, "verdict": file.verdict, "when": when_text(source.when),
                 "sender": source.sender, "program": source.program, "sha": source.sha256[:16]}
        if followup:
            texts |= {"name": followup.unit, "year": str(followup.year), "round": _round(followup.round),
                      "read": followup.read_as, "when": when_text(saved_at(followup))}
        yield {"number": _number(number), **{key: _text(text) for key, text in texts.items()}}


def said_counts(counts: Mapping[str, int], verbs: Mapping[str, str]) -> str:
    """Say how many goals have each status that any has: ``300 er opfyldt, 20 mangler svar og …``."""
    return listing([f"{danish_number(counts[status])} {verb}" for status, verb in verbs.items() if counts.get(status)])


def said_of_unit(each: UnitYear) -> str:
    """Say which round a unit's follow-up is of."""
    return said_round(each.followup.year, each.followup.round)
