"""Remarks that are numbers, dates and truth values in their cells: as they were seen, in `Opfølgning` and on `Kontrol`."""

from __future__ import annotations

from datetime import datetime

import pytest
from conftest import Year, cell_at, copied, header_row, merge, opened, out
from openpyxl.worksheet.worksheet import Worksheet

REMARKS = {"M2.2.3": (0.5, "0%"), "M2.2.5": (True, "General"), "M4.2.1": (datetime(2015, 11, 25), "dd-mm-yyyy"),
           "M4.2.2": (datetime(2015, 11, 25), "mmm-yy")}
"""What is typed under Bemærkninger, with the cell's format."""
DAYS = {"M2.2.5": "31.10.2015", "M4.2.1": 0.25}
"""What is typed under Opgjort pr.: the first is read as a date, the other is asked about."""


Lines = dict[tuple[str, str], dict[str, str]]


def type_remarks(sheet: Worksheet) -> None:
    for goal, (value, code) in REMARKS.items():
        cell_at(sheet, goal, "Bemærkninger").value = value
        cell_at(sheet, goal, "Bemærkninger").number_format = code


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory, _made: Year) -> dict[str, Lines]:
    """The lines of `Opfølgning` and `Kontrol` after one skema with such remarks."""
    year = copied(_made, tmp_path_factory.mktemp("typed") / "aar")
    year.fill("Ledelsen", {goal: {"Opgjort pr.": number} for goal, number in DAYS.items()}, change=type_remarks)
    merge(year)
    made = opened(out(year))
    found: dict[str, Lines] = {}
    for name in ("Opfølgning", "Kontrol"):
        top = header_row(made[name])
        headers = [str(cell.value) for cell in made[name][top]]
        rows = (dict(zip(headers, (str(cell.value or "") for cell in row), strict=True))
                for row in made[name].iter_rows(top + 1))
        found[name] = {(row["Mål-id"], row.get("Hvad", "").partition(":")[0]): row for row in rows}
    return found


@pytest.mark.parametrize(("goal", "text"), [("M2.2.3", "50 %"), ("M2.2.5", "SAND"), ("M4.2.1", "25-11-2015"),
                                            ("M4.2.2", "25-11-2015")])
def test_a_remark_stands_as_it_was_seen(tables: dict[str, Lines], goal: str,
                                        text: str) -> None:
    assert text in tables["Opfølgning"][goal, ""]["Bemærkninger"]


@pytest.mark.parametrize(("goal", "column", "stood", "read"), [
    pytest.param("M4.2.2", "Bemærkninger", "25-11-2015 (vist med formatet mmm-yy)", "25-11-2015", id="seen otherwise"),
    pytest.param("M2.2.5", "Opgjort pr.", "31.10.2015", "31-10-2015", id="a date as text"),
])
def test_what_is_not_literal_is_in_the_ledger(tables: dict[str, Lines], goal: str,
                                              column: str, stood: str, read: str) -> None:
    line = tables["Kontrol"][goal, column]
    assert (line["Der stod"], line["Læst som"]) == (stood, read)


def test_what_stood_is_spelt_as_in_danish(tables: dict[str, Lines]) -> None:
    stood = {row["Der stod"] for row in tables["Kontrol"].values()}
    assert "Opgjort pr.: 0,25" in stood and not any("0.25" in str(each) for each in stood)
    assert ("M2.2.3", "Bemærkninger") not in tables["Kontrol"], "50 % is just what stands there"
