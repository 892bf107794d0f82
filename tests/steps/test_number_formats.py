"""An agreement whose Måltal has a number format of somebody's own: what is agreed is what every skema says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from conftest import Year, cell_at, opened

from aftale.model.agreement import Round
from aftale.office.safe_write import write_all
from aftale.steps.fordel import fordel

GOAL = "M4.2.1"


@pytest.mark.parametrize(("code", "stored", "said"), [
    ('0"%"', 82, "Mindst 82 %"), ("0\\%", 82, "Mindst 82 %"), ('General" %"', 82, "Mindst 82 %"),
    ('#,##0.0"%";-#,##0.0"%"', 82, "Mindst 82 %"), ("0%", 0.82, "Mindst 82 %"), ('[<0]"";0%', 0.82, "Mindst 82 %"),
    ("0.0 %", 0.825, "Mindst 82,5 %"), ("General", 82, "Mindst 82 %")])
def test_a_target_is_sent_out_as_its_cell_shows_it(year: Year, tmp_path: Path, code: str, stored: float, said: str) -> None:
    book = openpyxl.load_workbook(year.agreement)
    sheet = book["Mål"]
    cell_at(sheet, GOAL, "Måltype").value, cell_at(sheet, GOAL, "Måleenhed").value = "Mindst", "%"
    cell_at(sheet, GOAL, "Udgangspunkt").value = None
    target = cell_at(sheet, GOAL, "Måltal")
    target.value, target.number_format = stored, code
    book.save(year.agreement)
    made = tmp_path / "nye skemaer"
    write_all(list(fordel(year.agreement, Round.AARSOPFOELGNING, made, date(2015, 11, 11)).files))
    owner = next(path for path in made.iterdir() if path.name == year.forms["Ledelsen"].name)
    assert str(cell_at(opened(owner)["Skema"], GOAL, "Mål").value).startswith(said)
