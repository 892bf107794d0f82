"""Hold an agreement that was read from a document against its goals as data, goal by goal.

    python tests/compare_goals.py DOCUMENT GOALS.csv

The data has the columns of the example in the mission (``udviklingsmaal``, ``kind``, ``x_aar`` …), not ours.
"""

from __future__ import annotations

import csv
import difflib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from aftale.agreement.measures import active_years
from aftale.agreement.methods import is_level
from aftale.document.open_document import from_document
from aftale.model.agreement import Goal, Level, Method, Scope
from aftale.model.text import fold


@dataclass(frozen=True)
class Compared:
    """A goal on both sides: its name in the data, its Mål-id, what agrees and what differs."""

    name: str
    id: str
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    likeness: float

    def __str__(self) -> str:
        said = f"AFVIGER: {'; '.join(self.differs)}" if self.differs else "enig"
        return f"{self.name:6} {self.id:10} {said} ({', '.join(self.agrees)}; teksten ligner {self.likeness:.0%})"


def kind_of(goal: Goal) -> str:
    """Say how a goal is measured in the words of the data."""
    m = goal.measure
    if m.method is Method.RISE_PERCENT:
        return "procent_stigning"
    if m.method is Method.AT_LEAST:
        return "score_mindst" if is_level(m) else "antal_pr_aar_mindst" if m.scope is Scope.PER_YEAR else "antal_mindst"
    return "leverance" if m.method is Method.DELIVERY else "ingen" if m.method is None else m.method.value


def compared(document: Path, data: Path) -> Iterator[Compared]:
    """Yield the goals in the document's order, each with what agrees."""
    agreement = from_document(document, {}).read.agreement
    goals = agreement.goals
    with data.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert len(goals) == len(rows), (len(goals), len(rows))
    years = {row["id"]: row["aar"] for row in rows}
    for goal, row in zip(goals, rows, strict=True):
        active = active_years(goal, goals, agreement.plan_years)
        wanted = row["aar"] or years.get(row["delmaal_of"], "")  # a delmål without years has its effektmål's
        yield _one(goal, row, active, {int(year) for year in wanted.split(",")})


def _one(goal: Goal, row: dict[str, str], active: Sequence[int], wanted: set[int]) -> Compared:
    level = Level.SUB if row["delmaal_of"] else Level.EFFECT if row["effektmaal"] else Level.FOCUS
    stated = goal.measure.target if goal.measure.target is not None else next(
        (target for target in goal.years.values() if target is not None), None)
    crosses = {str(year) for year, target in goal.years.items() if target is None}
    pairs = {
        "niveau": (goal.level, level),
        "udviklingsmål": (_plain(goal.texts[0]), _plain(row["udviklingsmaal"])),
        "fokusområde": (_plain(goal.texts[1]), _plain(row["fokusomraade"])),
        "kryds": (crosses, {year for year in row["x_aar"].split(",") if year}),
        "år": (set(active), wanted),
        "måltal": (stated, float(row["maaltal"]) if row["maaltal"] else None),
        "måltype": (kind_of(goal), row["kind"]),
    }
    if row["kind"] != "ingen":
        pairs["opgøres"] = (goal.measure.scope, Scope.PER_YEAR if row["per"] == "aar" else Scope.IN_PERIOD)
    agrees = tuple(name for name, (ours, theirs) in pairs.items() if ours == theirs)
    differs = tuple(f"{name}: {ours} mod {theirs}" for name, (ours, theirs) in pairs.items() if ours != theirs)
    likeness = difflib.SequenceMatcher(None, fold(goal.text), fold(row["effektmaal"] or row["fokusomraade"])).ratio()
    return Compared(row["id"], goal.id, agrees, differs, likeness)


def _plain(text: str) -> str:
    return fold(text).rstrip(".")


if __name__ == "__main__":
    for each in compared(Path(sys.argv[1]), Path(sys.argv[2])):
        print(each)
