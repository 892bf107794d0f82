"""Follow-ups of every size: what they store is what a spreadsheet program works out, and they print as they should."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from libre_office import printed
from making_years import CASES

from aftale.office.draw_base import TALLEST, lines_of

pytestmark = pytest.mark.xdist_group("cases")  # what they share is made once


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The follow-up of every case, by its name."""
    folder = tmp_path_factory.mktemp("tilfaelde")
    found = {}
    for name, make in CASES.items():
        found[name] = folder / f"{name}.xlsx"
        shutil.copy(make(folder / name), found[name])
    return found


@pytest.fixture(scope="module")
def calculated(cases: Mapping[str, Path], recalculated: Callable[..., list[Path]]) -> Mapping[str, Path]:
    """The same follow-ups after LibreOffice has calculated everything anew."""
    return dict(zip(cases, recalculated(*cases.values()), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_every_formula_stores_what_it_calculates(name: str, cases: Mapping[str, Path],
                                                 calculated: Mapping[str, Path]) -> None:
    formulas = openpyxl.load_workbook(cases[name])
    stored = openpyxl.load_workbook(cases[name], data_only=True)
    fresh = openpyxl.load_workbook(calculated[name], data_only=True)
    number = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    number += 1
                    was = stored[sheet.title][cell.coordinate].value
                    now = fresh[sheet.title][cell.coordinate].value
                    assert _same(was, now), (sheet.title, cell.coordinate, cell.value, was, now)
    assert number > 40, "the follow-up is alive, so there are formulas to compare"


def _same(was: Any, now: Any) -> bool:
    if isinstance(was, (int, float)) and isinstance(now, (int, float)):
        return was == pytest.approx(now, abs=1e-9)
    return ("" if was is None else was) == ("" if now is None else now)


@pytest.mark.parametrize("name", CASES)
def test_rows_are_as_tall_as_their_texts(name: str, cases: Mapping[str, Path]) -> None:
    sheet = openpyxl.load_workbook(cases[name])["Opfølgning"]
    for row in sheet.iter_rows(min_row=4):
        height = sheet.row_dimensions[row[0].row].height or 15
        for cell in row:
            column = _dimension(sheet, cell.column)
            if isinstance(cell.value, str) and not column.hidden and not cell.value.startswith("="):
                need = lines_of(cell.value, column.width - 1) * 12.5
                assert height >= min(need, TALLEST), (cell.coordinate, height, need, column.width)
                assert need <= TALLEST + 15, (cell.coordinate, "the text is taller than a row can be", need)


def _dimension(sheet: Any, column: int) -> Any:
    """Return a column's dimension; equal neighbours share one, under the letter of the first."""
    return next(each for each in sheet.column_dimensions.values() if (each.min or 0) <= column <= (each.max or 0))


@pytest.mark.parametrize("name", ["aarsopfoelgning", "maal_150", "lange_tekster"])
def test_every_sheet_is_one_page_wide_and_the_front_one_page(name: str, cases: Mapping[str, Path],
                                                             libreoffice: Callable[[Path, str], Path]) -> None:
    pages = printed(libreoffice(cases[name], "pdf"))
    footers = [_sheet_of(page) for page in pages]
    assert footers.count("Overblik") == 1
    assert [name for name in dict.fromkeys(footers) if name] == [
        name for name in ("Overblik", "Opfølgning", "Udviklingsplan", "Resultater", "Dialog", "Modstridende svar",
                          "Svaroversigt", "Kontrol", "Kilder") if name in footers]
    for sheet in ("Opfølgning", "Udviklingsplan", "Resultater"):
        for page in (page for page, footer in zip(pages, footers, strict=True) if footer == sheet):
            assert "Mål-id" in page, f"{sheet}: every page begins with the header, so no page is the right half of another"


def _sheet_of(page: str) -> str:
    lines = [line for line in page.rstrip().splitlines() if line.strip()]
    found = re.search(r"(Overblik|Opfølgning|Udviklingsplan|Resultater|Dialog|Modstridende svar|Svaroversigt|Kontrol|Kilder)"
                      r"\s+Side \d+ af \d+", lines[-1]) if lines else None
    return found[1] if found else ""
