"""``Udvikling``: the share of the effektmål that were met from year to year, in all and unit by unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aftale.model.movement import Movement
from aftale.model.tables import Cell
from aftale.model.text import count, danish_number, listing
from aftale.units.model import GOALS, Development, DevelopmentSheet, Reached

_MIDWAY = "*"
"""What stands after a share that isn't the year's last word."""
MOST_LINES = 6
"""So many units can be told apart as lines in one chart."""


def development_sheet(found: Development, rows: Mapping[str, int]) -> DevelopmentSheet:
    """Say how it went from year to year; ``rows`` are the Excel rows where the units' goals begin on ``Mål``."""
    years = tuple(found.all)
    totals = [_row(Cell("Alle enheder"), found.all, years)]
    if found.same:
        totals.append(_row(Cell(_same(found)), found.same, years))
    if len(found.units) > 1:
        totals.append((Cell("Enheder med tal"), *(Cell(float(found.all[year].units), "0") for year in years), Cell()))
    units = tuple(_row(Cell(name, link=f"'{GOALS}'!A{rows[name]}" if name in rows else ""), reached, years)
                  for name, reached in found.units.items())
    said = listing([f"{year} {each.percent} %" for year, each in found.all.items()])
    return DevelopmentSheet(
        f"Udvikling {years[0]}-{years[-1]}", " ".join(_sentences(found)), tuple(map(str, years)),
        f"Ændring {years[-2]}-{years[-1]}", tuple(totals), units, bool(found.same), 1 < len(units) <= MOST_LINES,
        f"Søjlediagram over den andel af alle enheders effektmål, der er opfyldt: {said}.", tuple(_notes(found)))


def _same(found: Development) -> str:
    many = next(iter(found.same.values())).units
    return f"{'Den ene enhed' if many == 1 else f'De {danish_number(many)} enheder'}, der er med i alle årene"


def _row(label: Cell, reached: Mapping[int, Reached], years: tuple[int, ...]) -> tuple[Cell, ...]:
    return label, *(_share(reached.get(year)) for year in years), _change(reached.get(years[-2]), reached.get(years[-1]))


def _share(reached: Reached | None) -> Cell:
    """Return the share that is met, which is shown with what it is of."""
    if reached is None or not reached.goals:
        return Cell()
    mark = _MIDWAY if reached.midway else ""
    return Cell(reached.met / reached.goals, f'0 %" af {danish_number(reached.goals)}{mark}"')


def _change(before: Reached | None, now: Reached | None) -> Cell:
    """Return how many percentage points more are met than the year before, with the arrow that says it."""
    if before is None or now is None or not before.goals or not now.goals:
        return Cell()
    return Cell(float(now.percent - before.percent),
                f'"{Movement.FORWARD} "0" point";"{Movement.BACK} "0" point";"{Movement.UNCHANGED} uændret"')


def _sentences(found: Development) -> Iterator[str]:
    """Say how the last year stands to the one before, in all and by unit."""
    before, last = tuple(found.all)[-2:]
    now = found.all[last]
    change = now.percent - found.all[before].percent
    than = f"{abs(change)} procentpoint {'mere' if change > 0 else 'mindre'} end" if change else "lige så meget som"
    goals = f"{danish_number(now.met)} af {danish_number(now.goals)}"
    yield f"I {last} er {now.percent} % af effektmålene opfyldt ({goals}), {than} i {before}."
    moved = [each[last].percent - each[before].percent for each in found.units.values()
             if {before, last} <= each.keys() and each[before].goals and each[last].goals]
    if len(found.units) > 1 and moved:
        still = sum(each == 0 for each in moved)
        parts = [f"{arrow} {count(many, 'enhed', 'enheder')} er {how}" for arrow, many, how in (
            (Movement.FORWARD, sum(each > 0 for each in moved), "gået frem"),
            (Movement.BACK, sum(each < 0 for each in moved), "gået tilbage"),
            (Movement.UNCHANGED, still, "uændret" if still == 1 else "uændrede")) if many]
        yield f"Siden {before}: {' · '.join(parts)}."


def _notes(found: Development) -> Iterator[str]:
    yield ("Andel opfyldt: hvor stor en del af årets effektmål der er opfyldt, af det antal, der står efter tallet. Hvert år"
           " er talt efter enhedens seneste opfølgning i året.")
    if any(each.midway for each in found.all.values()):
        yield (f"{_MIDWAY} Her er der en eller flere enheder, som kun har sendt en midtvejsopfølgning i året: Flere mål kan"
               " nå at blive opfyldt.")
    if len({each.units for each in found.all.values()}) > 1 or found.same:
        yield "Det er ikke de samme enheder, der har sendt tal alle årene: Sammenlign årene i alt med varsomhed."
