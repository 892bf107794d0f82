"""What is longer than a cell is split, told or refused with its place: it ends no command and is not cut in silence."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest
from running import run_here

from aftale.model.text import CELL_LIMIT, fitted, utf16_length
from aftale.office.shipped_files import example_path

PLAIN = {"Udviklingsmål": "Flere besøg", "Fokusområde": "Formidling", "Effektmål": "Flere arrangementer", "2015": "x",
         "Ansvarlig": "Husteamet", "E-mail": "husteamet@example.dk"}


def source(folder: Path, *goals: dict[str, str]) -> Path:
    """Lay out a source with these goals."""
    made = folder / "kilde"
    made.mkdir()
    shutil.copy(example_path() / "aftale.toml", made)
    with (example_path() / "maal.csv").open(encoding="utf-8-sig", newline="") as example:
        header = next(csv.reader(example, delimiter=";"))
    with (made / "maal.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, header, delimiter=";")
        writer.writeheader()
        writer.writerows({**PLAIN, **goal} for goal in goals)
    return made


def chain(folder: Path) -> None:
    """Take a source through the round; every command ends as it should."""
    for args in (("generer", "kilde", "--ud", "a.xlsx"), ("fordel", "a.xlsx", "--runde", "midtvejs", "--ud", "skemaer"),
                 ("flet", "a.xlsx", "skemaer", "--ud", "o.xlsx", "--kse", "kse.xlsx"),
                 ("paamind", "a.xlsx", "skemaer", "--runde", "midtvejs", "--ud", "breve")):
        done = run_here(*args, cwd=folder)
        assert done.returncode in (0, 1) and "fejlede uventet" not in done.stderr, (args, done.stderr)


def test_thousands_of_goals_are_named_as_far_as_a_cell_goes_and_the_rest_is_counted(tmp_path: Path) -> None:
    source(tmp_path, *({"Effektmål": f"Mål nummer {number}"} for number in range(3_500)))
    chain(tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx", read_only=True)["Svaroversigt"]
    (named,) = (text for row in sheet.iter_rows(max_row=6, values_only=True) for text in row
                if str(text).startswith("M1.1.1, "))
    assert str(named).count(", ") == 200 and str(named).endswith(", og 3.300 til")


@pytest.mark.parametrize("unit", ["enhed " * 5_461, "😀" * 16_383], ids=["words", "letters of two units"])
def test_a_maaleenhed_that_fills_a_cell_goes_through_the_whole_round(tmp_path: Path, unit: str) -> None:
    source(tmp_path, {"Måltype": "Mindst", "Måltal": "20", "Måleenhed": unit})
    chain(tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx")["Opfølgning"]
    values = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert unit.strip() in values and any(value.startswith("Mindst 20 ") and "…" in value for value in values)


@pytest.mark.parametrize("column", ["Måleenhed", "Note", "Effektmål", "Indikator", "Ansvarlig", "Frist", "Politik"])
def test_what_no_cell_can_hold_is_refused_with_its_place(tmp_path: Path, column: str) -> None:
    source(tmp_path, {column: "x" * 40_000})
    done = run_here("generer", "kilde", "--ud", "a.xlsx", cwd=tmp_path)
    assert done.returncode == 3 and not (tmp_path / "a.xlsx").exists()
    assert f"M1.1.1 ({column})" in done.stderr and "40.000 tegn" in done.stderr and "Del teksten" in done.stderr


def test_a_fact_that_no_cell_can_hold_is_refused_too(tmp_path: Path) -> None:
    toml = source(tmp_path, {}) / "aftale.toml"
    toml.write_text(f'enhed = "{"x" * 40_000}"\naar = 2015\n', encoding="utf-8")
    done = run_here("generer", "kilde", "--ud", "a.xlsx", cwd=tmp_path)
    assert done.returncode == 3 and "40.000 tegn" in done.stderr


@pytest.mark.parametrize(("text", "cut"), [("x" * CELL_LIMIT, False), ("x" * (CELL_LIMIT + 1), True),
                                           ("😀" * 16_383, False), ("😀" * 16_384, True), ("", False)])
def test_a_text_fits_in_a_cell_or_says_that_it_is_cut(text: str, cut: bool) -> None:
    assert utf16_length(fitted(text)) <= CELL_LIMIT
    assert (fitted(text) == text) is not cut and fitted(text).endswith("(afkortet)") is cut
