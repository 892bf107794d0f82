"""Which unit every follow-up is from: files of one name, in one forvaltning or of one agreement, are one unit's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aftale.model.place import Place, Source
from aftale.model.problems import Problem, problem
from aftale.model.text import fold, listing
from aftale.units.model import UnitFollowUp

When = tuple[int, bool]
"""A year and whether it is its årsopfølgning, in the order of time."""


def source_order(source: Source) -> tuple[str, str, str]:
    """Return what files are put in order by: where they lie, not when or in which order they came."""
    return source.container, source.name, source.sha256


def named(source: Source) -> str:
    """Return a file's name with what it lay in."""
    return str(Place(source.name, container=source.container))


def place_of(each: UnitFollowUp) -> Place:
    """Return the file of a follow-up as a place."""
    return Place(each.source.name, container=each.source.container)


@dataclass
class Unit:
    """A unit: its name and department as they are written first, its follow-ups, and which of each round counts."""

    name: str
    department: str
    files: list[UnitFollowUp]
    chosen: list[UnitFollowUp] = field(default_factory=list)

    @property
    def rounds(self) -> dict[When, list[UnitFollowUp]]:
        """The follow-ups by year and round, the first round first."""
        return {when: [each for each in self.files if each.when == when]
                for when in sorted({each.when for each in self.files})}

    @property
    def departments(self) -> tuple[str, ...]:
        """The names that its forvaltning has in its files."""
        return tuple({fold(each.department): each.department for each in self.files if each.department}.values())

    def called(self, shown: str) -> tuple[str, ...]:
        """Return everything that the unit may be called on a list, as names are compared."""
        own = {self.name, *(each.unit for each in self.files)}
        return tuple(sorted({fold(each) for each in (
            shown, *own, *(f"{name} ({department})" for name in own for department in self.departments)) if each}))


def grouped(followups: Sequence[UnitFollowUp]) -> list[Unit]:
    """Put follow-ups with the unit that they are from: one of the same name in the same forvaltning, or agreement.

    Where the forvaltning isn't said and only one unit has the name, it is that one.
    """
    by_name: dict[str, list[UnitFollowUp]] = {}
    for each in sorted(followups, key=lambda x: (not x.department, source_order(x.source))):
        by_name.setdefault(fold(_name(each)), []).append(each)
    return [Unit(_name(part[0]), part[0].department, part) for same in by_name.values() for part in _parted(same)]


def _name(each: UnitFollowUp) -> str:
    return each.unit or f"(uden navn: {named(each.source)})"


def _parted(same: Sequence[UnitFollowUp]) -> list[list[UnitFollowUp]]:
    """Part the follow-ups of one name in units; those that tell their forvaltning come first."""
    parts: list[list[UnitFollowUp]] = []
    for each in same:
        ours = [part for part in parts if any(_one_unit(each, other) for other in part)]
        parts = [part for part in parts if not any(part is own for own in ours)]
        parts.append([*(other for part in ours for other in part), each])
    known = [part for part in parts if part[0].department]
    unknown = [each for part in parts if not part[0].department for each in part]
    if len(known) == 1:
        return [[*known[0], *unknown]]
    return [*known, *([unknown] if unknown else [])]


def _one_unit(one: UnitFollowUp, other: UnitFollowUp) -> bool:
    """Tell whether two follow-ups of one name are from the same unit."""
    return fold(one.department) == fold(other.department) or (one.agreement != "" and one.agreement == other.agreement)


def shown_names(units: Sequence[Unit]) -> dict[int, str]:
    """Return the name of every unit, with its forvaltning where another has the same name."""
    names = Counter(fold(unit.name) for unit in units)
    return {id(unit): unit.name if names[fold(unit.name)] == 1 else
            f"{unit.name} ({unit.department or 'uden forvaltning'})" for unit in units}


def who_is_who(units: Sequence[Unit], shown: Mapping[int, str], listed: Collection[str]) -> Iterator[Problem]:
    """Ask where it isn't certain who is who, unless the list has the units as they are shown."""
    by_name: dict[str, list[Unit]] = {}
    by_agreement: dict[str, list[Unit]] = {}
    for unit in units:
        by_name.setdefault(fold(unit.name), []).append(unit)
        for agreement in sorted({each.agreement for each in unit.files if each.agreement}):
            by_agreement.setdefault(agreement, []).append(unit)
        if len(unit.departments) > 1:
            yield problem("saml-one-unit", place_of(unit.files[0]), value=unit.name, what=listing(unit.departments))
    alike = [("saml-departments", same) for same in by_name.values()]
    alike += [("saml-same-agreement", same) for same in by_agreement.values()
              if len({fold(unit.name) for unit in same}) == len(same)]
    for code, same in alike:
        names = sorted(shown[id(unit)] for unit in same)
        if len(same) > 1 and not {fold(name) for name in names} <= set(listed):
            yield problem(code, place_of(same[0].files[0]), value=listing([f"«{name}»" for name in names]))
