"""The workbook across units: its front sheet, its other sheets, and what ``_aftale`` says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from aftale.cells.hidden_sheet import AGREEMENT_KIND, Record, line, sealed
from aftale.followup.front_sheet import VERBS
from aftale.model.agreement import Demand, Round, Status
from aftale.model.tables import Cell
from aftale.model.text import count, cut, danish_number, fold, some
from aftale.units.model import (
    ATTENTION,
    ATTENTION_COLUMNS,
    COLLECTION_KIND,
    GOALS,
    OTHER_STATUS,
    UNITS,
    AcrossBook,
    Front,
    Numbers,
    Served,
)
from aftale.units.tables import (
    Noted,
    attention_cells,
    attention_table,
    demand_table,
    file_table,
    goal_rows,
    goal_table,
    noted,
    said_counts,
    said_of_unit,
    serves,
    states_demands,
    statuses_of,
    unit_table,
)
from aftale.units.which_count import Across, UnitYear, count_statuses, said_round

_MOST_UNITS, _MOST_MISSING, _MOST_SPOTLIGHTS, _MOST_NAMED = 60, 30, 12, 8
_WHY_ROOM, _GOAL_ROOM = 160, 120
_SPOTLIGHT_KEYS = tuple(column.key for column in ATTENTION_COLUMNS[:7])
_VERBS = {**VERBS, OTHER_STATUS: "har en anden status"}


def across_book(across: Across, fingerprint: str) -> AcrossBook:
    """Say everything that was gathered as a workbook; pure, so the same files give the same book."""
    found = noted(across)
    record = sealed((*line(AGREEMENT_KIND, "", "slags", COLLECTION_KIND),
                     *line(COLLECTION_KIND, "", "fingeraftryk", fingerprint)))
    return AcrossBook(_front(across, found), unit_table(across), demand_table(across), goal_table(across),
                      attention_table(found, sum(each.attention for each in across.counted)), file_table(across), record,
                      date(max(across.latest[0], 1901), 1, 1))


def is_collection(record: Record) -> bool:
    """Tell whether a record is that of a workbook that ``saml`` has made."""
    return record.text(AGREEMENT_KIND, "", "slags") == COLLECTION_KIND


def collection_fingerprint(record: Record) -> str:
    """Return the fingerprint of what a workbook across units was made from."""
    return record.text(COLLECTION_KIND, "", "fingeraftryk")


def fingerprint_of(across: Across, listed: Sequence[str]) -> str:
    """Return a hash of what the workbook is made from: the files' names and bytes, the round and the list of units."""
    parts = [f"{file.source.sha256} {file.source.name} {file.source.container} {file.source.when}" for file in across.files]
    parts.append(said_round(*across.latest))
    return sha256("\n".join([*parts, *listed]).encode("utf-8", "surrogatepass")).hexdigest()[:24]


# ---------------------------------------------------------------- Overblik

def total_counts(units: Iterable[UnitYear]) -> dict[str, int]:
    """Return the number of effektmål by status in all of some units."""
    return count_statuses(goal for each in units for goal in each.followup.effects)


def headline(across: Across) -> str:
    """Say in a sentence how the units stand, and in another how many of them have reported where some haven't."""
    counts = total_counts(across.counted)
    total = sum(counts.values())
    one = len(across.counted) == 1
    units = count(len(across.counted), "enhed", "enheder")
    if not total:
        return f"{units} har indberettet, men {'den har ingen' if one else 'ingen af dem har'} effektmål i året."
    said = f"{units} har{'' if one else ' tilsammen'} {danish_number(total)} effektmål: {said_counts(counts, _VERBS)}."
    on_time = _on_time(across)
    if len(on_time) == len(across.counted):
        return said
    goals = sum(total_counts(on_time).values())
    return (f"{said} Heraf er {danish_number(goals)} fra {count(len(on_time), 'enhed', 'enheder')} med"
            f" {said_round(*across.latest)}; resten er fra tidligere runder.")


def _on_time(across: Across) -> list[UnitYear]:
    """Return the units whose latest follow-up is of the round that they are held up against."""
    return [each for each in across.counted if (each.followup.year, each.followup.round) == across.latest]


def _front(across: Across, found: Sequence[Noted]) -> Front:
    statuses = statuses_of(across)
    units, note = _unit_lines(across, statuses)
    missing = across.missing[:_MOST_MISSING]
    latest = said_round(*across.latest)
    return Front(
        f"Enhederne: {latest}", _subtitle(across), headline(across), _facts(across), statuses,
        _numbers("I alt", across.counted, statuses), _round_lines(across, statuses),
        f"Har ikke indberettet {latest}",
        tuple((each.name, each.said) for each in missing),
        _missing_note(across, len(across.missing) - len(missing)),
        tuple(_spotlight(each) for each in _varied(found)), _spotlights_note(len(found)),
        tuple(_served(across)), _served_note(across), units, note)


def _subtitle(across: Across) -> str:
    departments = list(dict.fromkeys(each.followup.department for each in across.counted if each.followup.department))
    asked = some(departments, 3) if departments else "forvaltningen"
    return f"Dialogbaserede aftaler med {asked}"


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


def _numbers(label: str, units: Sequence[UnitYear], statuses: Sequence[str]) -> Numbers:
    counts = total_counts(units)
    return Numbers(Cell(label), tuple(counts[status] for status in statuses), sum(counts.values()),
                   sum(each.attention for each in units), len(units))


def _round_lines(across: Across, statuses: Sequence[str]) -> tuple[Numbers, ...]:
    """Count by year and round, the latest first; nothing where all are of the same one."""
    rounds: dict[tuple[int, bool, Round], list[UnitYear]] = {}
    for each in across.counted:
        rounds.setdefault((*each.followup.when, each.followup.round), []).append(each)
    lines = [_numbers(said_round(when[0], when[2]).capitalize(), units, statuses) for when, units in
             sorted(rounds.items(), key=lambda item: item[0][:2], reverse=True)]
    return tuple(lines) if len(lines) > 1 else ()


def _missing_note(across: Across, rest: int) -> str:
    if rest:
        return f"… og {danish_number(rest)} til, som står i {UNITS}."
    if across.missing:
        return ""
    return ("Alle enheder på listen har indberettet." if across.listed else
            "Alle enheder, der er sendt noget fra, har indberettet. Kør med --enheder FIL for at holde dem op mod en liste.")


def _spotlights_note(found: int) -> str:
    if not found:
        return "Der er ikke noget, der kræver særlig opmærksomhed."
    rest = found - _MOST_SPOTLIGHTS
    return f"… og {danish_number(rest)} til, som står i {ATTENTION}." if rest > 0 else ""


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
    cells = attention_cells(each)
    cells["why"] = Cell(cut(each.why, _WHY_ROOM))
    cells["goal"] = Cell(cut(" ".join(each.goal.text.split()), _GOAL_ROOM))
    return tuple(cells[key] for key in _SPOTLIGHT_KEYS)


def _served(across: Across) -> Iterator[Served]:
    """Tell how many effektmål serve each of KSE's demands in all, and which units have none that do."""
    telling = [each for each in across.counted if states_demands(each)]
    for demand in Demand:
        by_unit = [(each, [goal for goal in each.followup.effects if serves(goal, demand)]) for each in telling]
        goals = [goal for _, ours in by_unit for goal in ours]
        without = [each.name for each, ours in by_unit if not ours]
        met = sum(goal.status == Status.MET for goal in goals)
        yield Served(demand.value, len(goals), met, len(by_unit) - len(without), len(telling), some(without, _MOST_NAMED))


def _served_note(across: Across) -> str:
    """Say which units don't tell what their goals serve: they aren't without it for that."""
    silent = [each.name for each in across.counted if not states_demands(each)]
    if not silent:
        return ""
    return f"{count(len(silent), 'enhed', 'enheder')} har ikke angivet krav ved sine mål: {some(silent, _MOST_NAMED)}."


def _unit_lines(across: Across, statuses: Sequence[str]) -> tuple[tuple[Numbers, ...], str]:
    """Count unit by unit in the order of their names; where there is no room for all, those with most to look at."""
    begins = goal_rows(across)
    numbered = [(number, each) for number, each in enumerate(across.units) if each.counted]
    shown = numbered
    if len(numbered) > _MOST_UNITS:
        urgent = sorted(numbered, key=lambda item: -item[1].attention)[:_MOST_UNITS]
        shown = [each for each in numbered if each in urgent]
    lines = tuple(replace(_numbers("", [each], statuses), when=said_of_unit(each), label=Cell(
        each.name, link=f"'{GOALS}'!A{begins[number]}" if each.followup.goals else "")) for number, each in shown)
    rest = len(numbered) - len(shown)
    return lines, (f"De {len(shown)} enheder med flest mål, der kræver opmærksomhed; {danish_number(rest)} til står i"
                   f" {UNITS}." if rest else "")


def sentences(across: Across) -> tuple[str, ...]:
    """Return what is said on screen: the headline, and who hasn't reported."""
    missing = [each.name for each in across.missing]
    latest = said_round(*across.latest)
    if not missing:
        who = "Alle enheder på listen" if across.listed else "Alle enheder, der er sendt noget fra,"
        return headline(across), f"{who} har indberettet {latest}."
    return headline(across), f"Har ikke indberettet {latest}: {some(missing, _MOST_NAMED)}."
