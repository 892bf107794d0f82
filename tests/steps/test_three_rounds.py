"""Colleagues answer late, the coordinator edits and decides, and `flet` runs again: three times over, nothing is lost."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, beside, examples, fill_in, header_row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftale.office.safe_write import write_all
from aftale.steps.flet import flet

OWNERS = ("Børneteamet", "Ungeteamet", "Ledelsen")
STATUSES = ("Opfyldt", "Forventes opfyldt", "Delvist opfyldt", "Afventer data")
EDITED = ("Bemærkninger", "Næste skridt", "Status", "Forvaltningens bemærkninger")


@dataclass(frozen=True)
class Filled:
    """A skema that somebody fills in: whose, by whom, which of its goals (by number), and which status (by number)."""

    owner: str
    by: str
    goal: int
    status: int
    remark: bool


@dataclass(frozen=True)
class Turn:
    """What happens between two runs of `flet`.

    ``edits`` are cells of ``Opfølgning`` that the coordinator writes in: the number of the row, and the column; ``pick``
    answers every conflict that stands with its so-manieth answer; ``box`` writes in ``Samlet vurdering``.
    """

    filled: tuple[Filled, ...]
    edits: tuple[tuple[int, str], ...]
    pick: int | None
    box: bool


FILLED = st.builds(Filled, st.sampled_from(OWNERS), st.sampled_from(("Den ene", "Den anden")), st.integers(0, 1),
                   st.integers(0, 3), st.booleans())
TURN = st.builds(Turn, st.lists(FILLED, min_size=1, max_size=3).map(tuple),
                 st.lists(st.tuples(st.integers(0, 5), st.sampled_from(EDITED)), max_size=3).map(tuple),
                 st.one_of(st.none(), st.integers(0, 2)), st.booleans())


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, _made: Year) -> tuple[Path, Mapping[str, bytes]]:
    """The agreement, and the skemaer as bytes by ansvarlig."""
    folder = tmp_path_factory.mktemp("runder")
    shutil.copy(_made.agreement, folder / "aftale.xlsx")
    return folder, {owner: _made.forms[owner].read_bytes() for owner in OWNERS}


@settings(max_examples=examples(5, 60), deadline=None,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(turns=st.lists(TURN, min_size=3, max_size=3))
def test_three_rounds_of_answers_edits_and_decisions_lose_nothing(sent: tuple[Path, Mapping[str, bytes]],
                                                                  turns: list[Turn]) -> None:
    folder, forms = sent
    game = _Game(folder, forms)
    for number, turn in enumerate(turns):
        game.answer(turn, number)
        if number:
            game.work_in_excel(turn)
        game.flet()
        game.nothing_is_lost()
    before = game.out.read_bytes()
    again = flet(game.agreement, [game.answers], game.out)
    assert not again.files, "a second run with nothing new would write"
    assert game.out.read_bytes() == before


class _Game:
    """One play of three rounds; every text that anybody writes is one of its kind, so that it can be looked for."""

    def __init__(self, folder: Path, forms: Mapping[str, bytes]) -> None:
        self.agreement, self.answers, self.out = folder / "aftale.xlsx", folder / "svar", folder / "opfoelgning.xlsx"
        shutil.rmtree(self.answers, ignore_errors=True)
        self.answers.mkdir()
        for old in folder.glob("opfoelgning*.xlsx"):
            old.unlink()
        self.forms = forms
        self.numbers = count(1)
        self.said: set[str] = set()
        self.edited: dict[tuple[str, str], str] = {}
        self.box = ""

    def _text(self, what: str) -> str:
        return f"{what} nr. {next(self.numbers)}"

    def answer(self, turn: Turn, round_: int) -> None:
        """Let colleagues send skemaer, each a file of its own."""
        for number, each in enumerate(turn.filled):
            goals = _goals(self.forms[each.owner])
            values: dict[str, Any] = {"Status": STATUSES[each.status]}
            if each.remark:
                values["Bemærkninger"] = self._text("Svar")
                self.said.add(values["Bemærkninger"])
            data = fill_in(self.forms[each.owner], {goals[each.goal % len(goals)]: values}, each.by,
                           saved=datetime(2015, 11, 1 + round_, 8 + number))
            (self.answers / f"{round_}_{number}.xlsx").write_bytes(data)

    def work_in_excel(self, turn: Turn) -> None:
        """Let the coordinator edit, decide and write in the standing follow-up."""
        book = openpyxl.load_workbook(self.out)
        sheet = book["Opfølgning"]
        header = header_row(sheet)
        columns = {str(cell.value): cell.column for cell in sheet[header] if cell.value}
        for row, column in turn.edits:
            cell = sheet.cell(header + 1 + row, columns[column])
            goal = str(sheet.cell(header + 1 + row, columns["Mål-id"]).value)
            text = "Ikke igangsat" if column == "Status" else self._text("Rettelse")
            cell.value = text
            self.edited[goal, column] = text
        if turn.pick is not None:
            self._pick(book["Modstridende svar"], turn.pick)
        if turn.box:
            self.box = self._text("Vurdering")
            beside(book["Overblik"], "Samlet vurdering").value = self.box
        book.save(self.out)

    def _pick(self, sheet: Any, wanted: int) -> None:
        found = [cell for row in sheet.iter_rows() for cell in row if cell.value == "Vælg"]
        if not found:
            return
        header, column = found[0].row, found[0].column
        columns = {str(cell.value): cell.column for cell in sheet[header] if cell.value}
        rows: dict[tuple[str, str], list[int]] = {}
        for row in range(header + 1, sheet.max_row + 1):
            if sheet.cell(row, columns["Afgørelse"]).value in ("Skal vælges", "Skal vælges igen"):
                key = (str(sheet.cell(row, columns["Mål-id"]).value), str(sheet.cell(row, columns["Felt"]).value))
                rows.setdefault(key, []).append(row)
        for cell, lines in rows.items():
            if cell not in self.edited:  # who types into the cell and picks as well is asked
                sheet.cell(lines[wanted % len(lines)], column).value = "x"

    def flet(self) -> None:
        """Run the command, and see that its books balance."""
        report = flet(self.agreement, [self.answers], self.out)
        write_all(list(report.files))
        books: Any = report.data["cells"]
        assert books["balance"], books

    def nothing_is_lost(self) -> None:
        """See that every text stands in the workbook, and the coordinator's last word in its own cell or in doubt."""
        book = openpyxl.load_workbook(self.out)
        texts = "\n".join(str(cell.value) for sheet in book.worksheets if sheet.sheet_state == "visible"
                          for row in sheet.iter_rows() for cell in row if cell.value is not None)
        for text in (*self.said, self.box):
            assert re.search(rf"{re.escape(text)}(?!\d)", texts), f"»{text}« is gone"
        sheet = book["Opfølgning"]
        header = header_row(sheet)
        columns = {str(cell.value): cell.column for cell in sheet[header] if cell.value}
        rows = {str(sheet.cell(row, columns["Mål-id"]).value): row for row in range(header + 1, sheet.max_row + 1)}
        for (goal, column), text in self.edited.items():
            stands = str(sheet.cell(rows[goal], columns[column]).value or "")
            if column == "Forvaltningens bemærkninger":
                assert text in stands, (goal, stands)
            else:
                assert text == stands or (stands == "Uafklaret" and text in texts), (goal, column, text, stands)


def _goals(data: bytes) -> list[str]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Skema"]
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if re.fullmatch(r"M\d[\d.]*", str(cell.value))]
