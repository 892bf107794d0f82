"""The workbook across units: its front sheet, its other sheets, and what ``_aftale`` says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import accumulate

from aftale.agreement.budget import BUDGET, FRAME
from aftale.agreement.measures import contradicts
from aftale.cells.hidden_sheet import AGREEMENT_KIND, Record, line, sealed
from aftale.followup.front_sheet import VERBS
from aftale.followup.spotlights import SAID_OF_GOAL, WHO_SAID
from aftale.merge.merge import when_text
from aftale.model.agreement import (
    COUNTED,
    MISSING,
    NOT_STATED,
    REMARK_REQUIRED,
    THE_DEPARTMENT,
    UNDECIDED,
    Round,
    Status,
    demands_followed,
    demands_header,
    is_kse,
)
from aftale.model.columns import (
    ASSESSMENT,
    FRAME_REMARK,
    IN_FRAME,
    KSE_REMARK,
    LEVEL_KEYS,
    SOURCES,
    Column,
    with_demands_header,
)
from aftale.model.tables import HEADER_ROW, Cell, Table
from aftale.model.text import (
    capital,
    count,
    cut,
    danish_number,
    fold,
    genitive,
    listing,
    some,
    split_at_limit,
    without_controls,
)
from aftale.units.development import development_sheet
from aftale.units.model import (
    ATTENTION,
    ATTENTION_COLUMNS,
    COLLECTION_KIND,
    FILE_COLUMNS,
    GOAL_COLUMNS,
    GOALS,
    OTHER_STATUS,
    UNITS,
    AcrossBook,
    Count,
    Counts,
    Front,
    Numbers,
    Served,
    UnitGoal,
    demand_columns,
    said_round,
    unit_columns,
)
from aftale.units.read_unit import FORMS
from aftale.units.which_count import NEEDS_ATTENTION, Across, UnitYear, alphabetic, saved_at

COUNTS, DOES_NOT = "Ja", "Nej"
_REMARK_ROOM = 400


def statuses_of(counts: Counts) -> tuple[str, ...]:
    """Return the statuses that are counted; one that none of ours is only where there is any."""
    strange = any(each.statuses[OTHER_STATUS] for each in counts.lines.values())
    return (*COUNTED, OTHER_STATUS) if strange else COUNTED


def goal_rows(across: Across) -> dict[int, int]:
    """Return the Excel row where each unit's goals begin on ``Mål``, by the number of the unit's line."""
    sizes = accumulate((len(each.followup.goals) for each in across.units), initial=HEADER_ROW + 1)
    return dict(enumerate(sizes))


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

def unit_table(across: Across, counts: Counts) -> Table:
    """Return ``Enheder``: a line for each unit and year."""
    statuses, begins = statuses_of(counts), goal_rows(across)
    reported = {each.name for each in across.units if (each.followup.year, each.followup.round) == across.latest}
    rows = [_unit_row(each, counts.lines[each.file], statuses, begins[number], each.name in reported)
            for number, each in enumerate(across.units)]
    rows += [{"name": Cell(each.name), "reported": Cell(DOES_NOT), "counted": Cell(DOES_NOT), "before": Cell(each.said)}
             for each in across.missing if not each.seen]
    rows.sort(key=lambda row: alphabetic(str(row["name"].value)))  # which leaves a unit's years in their order
    earlier = " Andre år tæller ikke med i Overblik." if len(across.units) > len(across.counted) else ""
    intro = ("En linje for hver enhed. Klik på navnet for at se enhedens mål. Indberettet: har sendt"
             f" {said_round(*across.latest)}.{earlier}")
    return _table(UNITS, "Enhederne", intro, unit_columns(statuses), rows, "Enheder", "Der er ingen enheder endnu.")


def _unit_row(each: UnitYear, counted: Count, statuses: Sequence[str], begins: int, reported: bool) -> dict[str, Cell]:
    followup, counts, total = each.followup, counted.statuses, counted.total
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
        "met": Cell(share(counts[Status.MET], total), "share"), "attention": Cell(share(counted.attention, total), "share"),
        "answered": Cell(share(total - counts[MISSING], total), "share"),
        "source": Cell(f"nr. {each.file}", link=f"'{SOURCES}'!A{HEADER_ROW + each.file}")}


def _before(each: UnitYear) -> str:
    """Say how the unit stood the time before."""
    if each.before is None:
        return ""
    effects = each.before.effects
    met = sum(goal.status == Status.MET for goal in effects)
    return f"{each.before.said.capitalize()}: {met} af {len(effects)} opfyldt"


# ---------------------------------------------------------------- the department's demands

def _demands_name(across: Across) -> str:
    """Return what the demands are called: ``KSE-krav`` where every unit's department is KSE, or none is named."""
    names = {demands_header(each.followup.department) for each in across.counted if each.followup.department}
    return next(iter(names)) if len(names) == 1 else demands_header() if not names else demands_header(*"-")


def _demands_title(across: Across) -> str:
    return f"{capital(genitive('KSE' if _demands_name(across) == demands_header() else THE_DEPARTMENT))} krav"


def demands_of(each: UnitYear) -> tuple[str, ...]:
    """Return the demands that a unit's goals are held against: KSE's three, or those that they name themselves."""
    return demands_followed(is_kse(each.followup.department), (it for goal in each.followup.effects for it in goal.demands))


def demands_across(across: Across) -> tuple[str, ...]:
    """Return the demands of all units, KSE's first where any of them has its agreement with KSE."""
    units = sorted(across.counted, key=lambda each: not is_kse(each.followup.department))
    found: dict[str, str] = {}
    for demand in (it for each in units for it in demands_of(each)):
        found.setdefault(without_controls(demand).casefold(), demand)
    return tuple(demand for name, demand in found.items() if name)


def serves(goal: UnitGoal, demand: str) -> bool:
    """Tell whether a goal serves one of the department's demands."""
    return any(demand.casefold() in each.casefold() for each in goal.demands)


def states_demands(each: UnitYear) -> bool:
    """Tell whether a unit says of any of the year's effektmål which of the department's demands it serves."""
    return any(goal.demands for goal in each.followup.effects)


def demand_table(across: Across, counts: Counts) -> Table | None:
    """Return the sheet of demands: how many of the year's effektmål serve each demand in each unit, and how many are met.

    None where there are no demands: only KSE's are known beforehand.
    """
    demands = demands_across(across)
    if across.counted and not demands:
        return None
    intro = ("Hvor mange af årets effektmål der opfylder hvert krav, og hvor mange af dem der er opfyldt. Et mål kan opfylde"
             " flere krav.")
    name = _demands_name(across)
    return _table(name, _demands_title(across), intro, demand_columns(demands),
                  [_demand_row(each, demands, counts) for each in across.counted],
                  name.replace("-", "_"), "Der er ingen enheder endnu.")


def _demand_row(each: UnitYear, demands: Sequence[str], counts: Counts) -> dict[str, Cell]:
    effects, held = counts.lines[each.file].total, demands_of(each)
    cells = {**_who(each), "goals": _number(effects)}
    for number, demand in enumerate(demands):
        goals, met = counts.demands.get((each.file, demand), (0, 0))
        cells |= {f"d{number}": _number(goals), f"m{number}": _number(met), f"s{number}": Cell(share(met, goals), "share")}
    lacks = [demand for demand in demands if demand in held and (each.file, demand) not in counts.demands]
    said = listing(lacks) if states_demands(each) or not effects or not held else NOT_STATED
    return {**cells, "none": _number(counts.without.get(each.file, 0)),
            "lacks": Cell(said or None, mark="question" if said else "")}


# ---------------------------------------------------------------- Mål

def goal_table(across: Across) -> Table:
    """Return ``Mål``: all the year's goals of all units side by side."""
    rows = [_goal_row(each, goal) for each in across.units for goal in each.followup.goals]
    intro = ("Årets effektmål og delmål fra alle enheder. Filtrér med pilene i overskriften. Tallene i Overblik er de"
             " effektmål, hvor der står Ja under Tæller med.")
    columns = with_demands_header(GOAL_COLUMNS, _demands_name(across))
    return _table(GOALS, "Alle mål", intro, columns, rows, "Maal", "Der er ingen mål endnu.")


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
    begins = goal_rows(across)
    found = (Noted(rank, each, goal, row, why) for number, each in enumerate(across.units) if each.counted
             for row, goal in enumerate(each.followup.goals, begins[number]) for rank, why in [_rank(goal)] if why)
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
        (effect and status == MISSING, unanswered(goal)),
        (status not in COUNTED, "Statussen er ikke en af de otte."),
        (effect and status == Status.PARTLY, said),
        (contradicts(status, goal.computed, goal.fulfilment),
         f"Tallene peger på »{goal.computed or 'ikke opfyldt endnu'}«. {remarks}".strip()),
        (effect and status == Status.AWAITING, said), (effect and status == Status.NOT_STARTED, said),
        (status == Status.DROPPED and not remarks, "Der mangler en bemærkning."))
    return next(((rank, why) for rank, (true, why) in enumerate(classes) if true), (0, ""))


def unanswered(goal: UnitGoal) -> str:
    """Say why a goal has no status, as its unit's own ``Overblik`` does."""
    owners = goal.owners.split("; ") if goal.owners else ["den ansvarlige"]
    if goal.response in WHO_SAID:
        return f"{capital(listing(owners))}{WHO_SAID[goal.response]}"
    return SAID_OF_GOAL.get(goal.response, f"Mangler svar fra {', '.join(owners)}.")


def _reached(share_: float | None) -> str:
    if share_ is None or share_ < 0:
        return ""
    whole = int(100 * share_ + 0.500001)
    return f"Målopfyldelse {'over 999' if whole > 999 else whole} %. "


def attention_cells(each: Noted) -> dict[str, Cell]:
    """Return a goal that needs attention as cells by the keys of `ATTENTION_COLUMNS`."""
    goal = each.goal
    return {**_who(each.unit), "status": Cell(goal.status), "id": Cell(goal.id, link=f"'{GOALS}'!D{each.row}"),
            "goal": _text(goal.text), "why": _text(each.why), "owners": _text(goal.owners),
            "kse": _text(goal.department)}


def attention_table(found: Sequence[Noted], urgent: int) -> Table:
    """Return ``Opmærksomhed``: everything to look at in all units; ``urgent`` of it counts as needing attention."""
    intro = (f"{count(len(found), 'mål', 'mål')}, det vigtigste først; klik på Mål-id for at se målet i Mål. Heraf er"
             f" {danish_number(urgent)} de effektmål, der tæller som »Kræver opmærksomhed« i Overblik og Enheder"
             f" ({listing(NEEDS_ATTENTION)}). De andre er delmål, og mål med noget at se efter: se Hvorfor.")
    return _table(ATTENTION, "Mål at se nærmere på", intro, ATTENTION_COLUMNS, [attention_cells(each) for each in found],
                  "Opmaerksomhed", "Der er ikke noget at se nærmere på.")


# ---------------------------------------------------------------- Kilder

def file_table(across: Across) -> Table:
    """Return ``Kilder``: every file, and what became of it."""
    rows = []
    for number, file in enumerate(across.files, 1):
        source, followup = file.source, file.followup
        texts = {"file": source.name, "container": source.container, "verdict": file.verdict, "when": when_text(source.when),
                 "sender": source.sender, "program": source.program, "sha": source.short}
        if followup:
            texts |= {"name": followup.unit, "year": str(followup.year), "round": _round(followup.round),
                      "read": followup.read_as, "when": when_text(saved_at(followup))}
        rows.append({"number": _number(number), **{key: _text(text) for key, text in texts.items()}})
    intro = f"{count(len(rows), 'fil', 'filer')}, og hvad der blev af {'den' if len(rows) == 1 else 'dem'}."
    return _table(SOURCES, "Kilder", intro, FILE_COLUMNS, rows, "Kilder", "Der er ingen filer.")


# ---------------------------------------------------------------- Overblik, and the whole workbook

_MOST_UNITS, _MOST_MISSING, _MOST_SPOTLIGHTS, _MOST_NAMED = 60, 30, 12, 8
_WHY_ROOM, _GOAL_ROOM = 160, 120
_VERBS = {**VERBS, OTHER_STATUS: "har en anden status"}


def across_book(across: Across, counts: Counts, fingerprint: str) -> AcrossBook:
    """Say everything that was gathered as a workbook; pure, so the same files give the same book."""
    found = noted(across)
    record = sealed((*line(AGREEMENT_KIND, "", "slags", COLLECTION_KIND),
                     *line(COLLECTION_KIND, "", "fingeraftryk", fingerprint)))
    return AcrossBook(_front(across, counts, found), unit_table(across, counts), demand_table(across, counts),
                      goal_table(across), attention_table(found, counts.all.attention), file_table(across), record,
                      date(max(across.latest[0], 1901), 1, 1),
                      development_sheet(counts.development, _goals_of(across)) if counts.development else None)


def _goals_of(across: Across) -> dict[str, int]:
    """Return the Excel row where each unit's goals of its latest year begin on ``Mål``, by the unit's name."""
    begins = goal_rows(across)
    return {each.name: begins[number] for number, each in enumerate(across.units) if each.counted and each.followup.goals}


def collection_fingerprint(record: Record) -> str:
    """Return the fingerprint of what a workbook across units was made from, '' where it is none that ``saml`` has made."""
    ours = record.text(AGREEMENT_KIND, "", "slags") == COLLECTION_KIND
    return record.text(COLLECTION_KIND, "", "fingeraftryk") if ours else ""


def fingerprint_of(across: Across, listed: Sequence[str]) -> str:
    """Return a hash of what the workbook is made from: the files' names and bytes, the round and the list of units."""
    parts = [f"{file.source.sha256} {file.source.name} {file.source.container} {file.source.when}" for file in across.files]
    parts.append(said_round(*across.latest))
    return sha256("\n".join([*parts, *listed]).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def headline(across: Across, counts: Counts) -> str:
    """Say in a sentence how the units stand, and in another how many of them have reported where some haven't."""
    statuses, total = counts.all.statuses, counts.all.total
    one = len(across.counted) == 1
    units = count(len(across.counted), "enhed", "enheder")
    if not total:
        return f"{units} har indberettet, men {'den har ingen' if one else 'ingen af dem har'} effektmål i året."
    stand = listing([f"{danish_number(statuses[status])} {verb}" for status, verb in _VERBS.items() if statuses[status]])
    said = f"{units} har{'' if one else ' tilsammen'} {danish_number(total)} effektmål: {stand}."
    on_time = _on_time(across)
    if len(on_time) == len(across.counted):
        return said
    goals = counts.rounds[on_time[0].followup.when].total if on_time else 0
    return (f"{said} Heraf er {danish_number(goals)} fra {count(len(on_time), 'enhed', 'enheder')} med"
            f" {said_round(*across.latest)}; resten er fra tidligere runder.")


def _on_time(across: Across) -> list[UnitYear]:
    """Return the units whose latest follow-up is of the round that they are held up against."""
    return [each for each in across.counted if (each.followup.year, each.followup.round) == across.latest]


def _front(across: Across, counts: Counts, found: Sequence[Noted]) -> Front:
    units, note = _unit_lines(across, counts)
    latest = said_round(*across.latest)
    departments = list(dict.fromkeys(each.followup.department for each in across.counted if each.followup.department))
    subtitle = f"Dialogbaserede aftaler med {some(departments or ['forvaltningen'], 3)}"
    return Front(
        f"Enhederne: {latest}", subtitle, headline(across, counts), _facts(across), statuses_of(counts),
        Numbers(Cell("I alt"), counts.all), _round_lines(across, counts), f"Har ikke indberettet {latest}",
        tuple((each.name, each.said) for each in across.missing[:_MOST_MISSING]), _missing_note(across),
        tuple(_spotlight(each) for each in _varied(found)), _spotlights_note(len(found)),
        _demands_title(across), tuple(_served(across, counts)), _served_note(across), units, note)


def _facts(across: Across) -> tuple[tuple[str, str], ...]:
    counted = across.counted
    expected = f" af {across.listed} på listen" if across.listed else ""
    earlier = len(across.units) - len(counted)
    followups = count(sum(bool(file.followup) for file in across.files), "opfølgning", "opfølgninger")
    facts = (("Enheder", f"{len(counted)}, heraf {len(_on_time(across))} med {said_round(*across.latest)}"),
             ("Har ikke indberettet", f"{len(across.missing)}{expected}"),
             ("Filer", f"{len(across.files)}, heraf {followups}"),
             ("Andre år", f"{count(earlier, 'opfølgning', 'opfølgninger')}, som ikke er talt med" if earlier else ""))
    return tuple(fact for fact in facts if fact[1])


def _round_lines(across: Across, counts: Counts) -> tuple[Numbers, ...]:
    """Return the counts by year and round; nothing where all are of the same one."""
    said = {each.followup.when: each.followup.said.capitalize() for each in across.counted}
    units = Counter(each.followup.when for each in across.counted)
    lines = [Numbers(Cell(said[when]), counted, units[when]) for when, counted in counts.rounds.items()]
    return tuple(lines) if len(lines) > 1 else ()


def _missing_note(across: Across) -> str:
    if across.missing:
        rest = len(across.missing) - _MOST_MISSING
        return f"… og {danish_number(rest)} til, som står i {UNITS}." if rest > 0 else ""
    return ("Alle enheder på listen har indberettet." if across.listed else
            "Alle enheder, der er sendt noget fra, har indberettet. Kør med --enheder FIL for at holde dem op mod en liste.")


def _spotlights_note(found: int) -> str:
    rest = f"… og {danish_number(found - _MOST_SPOTLIGHTS)} til, som står i {ATTENTION}." if found > _MOST_SPOTLIGHTS else ""
    return rest if found else "Der er ikke noget, der kræver særlig opmærksomhed."


def _varied(found: Sequence[Noted]) -> list[Noted]:
    """Return the goals to look at first: of those that are as urgent, each from another unit and of other words."""
    left = list(found)
    chosen: list[Noted] = []
    used: Counter[str] = Counter()
    while left and len(chosen) < _MOST_SPOTLIGHTS:
        urgent = [each for each in left if each.rank == left[0].rank]
        first = min(urgent, key=lambda each: used[f"enhed {each.unit.name}"] + used[fold(each.goal.text)])
        chosen.append(first)
        left.remove(first)
        used.update((f"enhed {first.unit.name}", fold(first.goal.text)))
    return chosen


def _spotlight(each: Noted) -> tuple[Cell, ...]:
    cells = {**attention_cells(each), "why": Cell(cut(each.why, _WHY_ROOM)),
             "goal": Cell(cut(" ".join(each.goal.text.split()), _GOAL_ROOM))}
    return tuple(cells[column.key] for column in ATTENTION_COLUMNS[:7])


def _served(across: Across, counts: Counts) -> Iterator[Served]:
    """Tell how many effektmål serve each of the department's demands in all, and which units have none that do."""
    for demand in demands_across(across):
        telling = [each for each in across.counted if states_demands(each) and demand in demands_of(each)]
        there = [counts.demands[each.file, demand] for each in telling if (each.file, demand) in counts.demands]
        without = [each.name for each in telling if (each.file, demand) not in counts.demands]
        yield Served(demand, sum(goals for goals, _ in there), sum(met for _, met in there), len(there), len(telling),
                     some(without, _MOST_NAMED))


def _served_note(across: Across) -> str:
    """Say which units don't tell what their goals serve: they aren't without it for that."""
    silent = [each.name for each in across.counted if demands_of(each) and not states_demands(each)]
    if not silent:
        return ""
    return f"{count(len(silent), 'enhed', 'enheder')} har ikke angivet krav ved sine mål: {some(silent, _MOST_NAMED)}."


def _unit_lines(across: Across, counts: Counts) -> tuple[tuple[Numbers, ...], str]:
    """Count unit by unit in the order of their names; where there is no room for all, those with most to look at."""
    begins = goal_rows(across)
    numbered = [(number, each) for number, each in enumerate(across.units) if each.counted]
    shown = sorted(sorted(numbered, key=lambda item: -counts.lines[item[1].file].attention)[:_MOST_UNITS],
                   key=lambda item: item[0])
    lines = tuple(Numbers(Cell(each.name, link=f"'{GOALS}'!A{begins[number]}" if each.followup.goals else ""),
                          counts.lines[each.file], when=each.followup.said) for number, each in shown)
    rest = len(numbered) - len(shown)
    return lines, (f"De {len(shown)} enheder med flest mål, der kræver opmærksomhed; {danish_number(rest)} til står i"
                   f" {UNITS}." if rest else "")


def sentences(across: Across, counts: Counts) -> tuple[str, ...]:
    """Return what is said on screen: the headline, and who hasn't reported."""
    latest = said_round(*across.latest)
    if across.missing:
        missing = some([each.name for each in across.missing], _MOST_NAMED)
        return headline(across, counts), f"Har ikke indberettet {latest}: {missing}."
    who = "Alle enheder på listen" if across.listed else "Alle enheder, der er sendt noget fra,"
    return headline(across, counts), f"{who} har indberettet {latest}."
