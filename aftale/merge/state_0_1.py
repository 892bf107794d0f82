"""What a follow-up of version 0.1 remembers of the files it was made from: a line for each side, reading and remark.

Later versions have a line for each file (see `packing`); what was merged before is still there after an update.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from aftale.cells.hidden_sheet import Record
from aftale.forms.returned import Answer, Loose, Reading, Returned
from aftale.model.agreement import AnswerColumn
from aftale.model.place import Place, Source
from aftale.model.problems import CATALOGUE, Problem
from aftale.model.received import Refused
from aftale.model.text import canonical

_T = TypeVar("_T")


class EarlierVersion:
    """Reads the files out of a follow-up's record; there are none in the record of a later version."""

    def __init__(self, record: Record, round_: str) -> None:
        self.record, self.round = record, round_
        self.sources = {key: self._source("kilde", key) for key in record.keys("kilde")}
        self.sources.update({key: self._source("afvist", key) for key in record.keys("afvist")})

    def _source(self, post: str, key: str) -> Source:
        get = {name: canonical(value) for name, value in self.record.fields(post, key).items()}
        return Source(get.get("sha256", key), get.get("navn", ""), get.get("i", ""), get.get("afsender", ""),
                      get.get("tid", ""), get.get("program", ""))

    def _place(self, key: str, at: str) -> Place:
        sheet, _, cell = at.rpartition("!")
        source = self.sources.get(key, Source(key, ""))
        return Place(source.name, sheet, cell, source.container)

    def returned(self) -> tuple[Returned, ...]:
        """Return the skemaer that were merged."""
        answers = self._grouped("side", self._answer)
        readings = self._grouped("læsning", self._reading)
        loose = self._grouped("løst", self._loose)
        problems = self._problems()
        found = []
        for key in self.record.keys("kilde"):
            get = {name: canonical(value) for name, value in self.record.fields("kilde", key).items()}
            found.append(Returned(
                self.sources[key], get.get("skema", ""), get.get("ansvarlig", ""), get.get("udfyldt af", ""),
                get.get("færdigt", ""), get.get("udgave", ""), tuple(answers.get(key, ())),
                tuple(readings.get(key, ())), tuple(loose.get(key, ())), tuple(problems.get(key, ())),
                self.record.number("kilde", key, "celler"), self.record.number("kilde", key, "udsendt"),
                tuple(part for part in get.get("mål", "").split(";") if part), self.round))
        return tuple(found)

    def _grouped(self, post: str, make: Callable[[str, str, Place], _T]) -> dict[str, list[_T]]:
        found: dict[str, list[_T]] = {}
        for name in self.record.keys(post):
            key, _, goal, at = name.split(" ", 3)
            found.setdefault(key, []).append(make(name, "" if goal == "-" else goal, self._place(key, at)))
        return found

    def _answer(self, name: str, goal: str, place: Place) -> Answer:
        (column, value), = self.record.fields("side", name).items()
        cleared = self.record.kinds("side", name).get(column) == "tom"
        return Answer(goal, AnswerColumn(column), None if cleared else value,
                      self.record.fields("grundlag", name).get(column), place)

    def _reading(self, name: str, goal: str, place: Place) -> Reading:
        fields, kinds = self.record.fields("læsning", name), self.record.kinds("læsning", name)
        column = next(iter(fields)).rsplit(" ", 1)[0]
        raw = fields.get(f"{column} stod", "")
        return Reading(goal, column, raw if isinstance(raw, str) else canonical(raw),
                       canonical(fields.get(f"{column} læst")), kinds.get(f"{column} læst", ""), place)

    def _loose(self, name: str, goal: str, place: Place) -> Loose:
        (field_name, text), = self.record.fields("løst", name).items()
        kind, cells = field_name.rsplit(" ", 1)
        return Loose(kind, text if isinstance(text, str) else canonical(text), int(cells), place, goal)

    def _problems(self) -> dict[str, list[Problem]]:
        found: dict[str, list[Problem]] = {}
        for name in self.record.keys("fund"):
            key, number, goal, at = name.split(" ", 3)
            fields = {part: canonical(value) for part, value in self.record.fields("fund", name).items()}
            code = next(iter(fields)).rsplit(" ", 1)[0]
            level = CATALOGUE[code][0] if code in CATALOGUE else CATALOGUE["file-unreadable"][0]
            made = Problem(code, level, self._place(key, at), fields.get(f"{code} tekst", ""),
                           fields.get(f"{code} råd", ""), fields.get(f"{code} værdi", ""),
                           fields.get(f"{code} mål", "") if goal == "-" else goal)
            found.setdefault(f"{key} afvist" if number == "afvist" else key, []).append(made)
        return found

    def refused(self) -> tuple[Refused, ...]:
        """Return the files that were refused."""
        problems = self._problems()
        return tuple(Refused(self.sources[key], problems[f"{key} afvist"][0]) for key in self.record.keys("afvist")
                     if problems.get(f"{key} afvist"))
