"""nyt-aar: an agreement that has no column for the year, though its plan goes on, isn't guessed at."""

from __future__ import annotations

import openpyxl
import pytest
from conftest import Year, header_row

from aftale.office.report import CannotDo
from aftale.office.safe_write import write_all
from aftale.steps.flet import flet
from aftale.steps.nyt_aar import nyt_aar


def test_a_year_in_the_middle_of_the_plan_without_its_column_is_asked_for(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}})
    followup = year.folder / "opfoelgning.xlsx"
    write_all(list(flet(year.agreement, [year.answers], followup).files))
    book = openpyxl.load_workbook(year.agreement)
    sheet = book["Mål"]
    next(cell for cell in sheet[header_row(sheet)] if cell.value == "2016").value = "Bemærkning"
    book.save(year.agreement)
    with pytest.raises(CannotDo, match="Kolonnen 2016 mangler på arket Mål i aftale.xlsx. Indsæt den"):
        nyt_aar(year.agreement, [followup], year.folder / "2016.xlsx")
