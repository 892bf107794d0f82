"""Excel has nothing to calculate when it opens a workbook of ours, so it doesn't ask to save it when it is closed."""

from __future__ import annotations

import io
import re
from pathlib import Path
from zipfile import ZipFile

import openpyxl
from conftest import Year

from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.generer import generer
from aftale.steps.kse import Wanted


def calculation(path: Path) -> str:
    with ZipFile(path) as package:
        (found,) = re.findall(r"<calcPr[^>]*>", package.read("xl/workbook.xml").decode())
    return str(found)


def test_a_workbook_of_ours_is_calculated_already(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
    out, kse = year.folder / "opfoelgning.xlsx", year.folder / "kse.xlsx"
    write_all(list(flet(year.agreement, [year.answers], out, kse=Wanted(kse)).files))
    for path in (template_path(), year.agreement, *year.forms.values(), out, kse):
        assert 'calcId="191029"' in calculation(path) and 'fullCalcOnLoad="1"' not in calculation(path), path.name
        with ZipFile(path) as package:
            for name in package.namelist():
                cells = re.findall(rb"<c [^>]*>(?:(?!</c>).)*</c>", package.read(name)) if "worksheets" in name else []
                formulas = [each for each in cells if re.search(rb"<f[ >]", each)]
                assert not [each for each in formulas if b"<v>" not in each], f"{path.name} {name}"


def test_a_template_s_own_formulas_are_still_calculated_when_it_is_opened(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template_path())
    book["Forside"]["H60"] = "=1+1"
    template, data = tmp_path / "skabelon.xlsx", io.BytesIO()
    book.save(data)
    template.write_bytes(data.getvalue())
    out = tmp_path / "aftale.xlsx"
    write_all(list(generer(example_path(), out, template).files))
    assert 'fullCalcOnLoad="1"' in calculation(out), "openpyxl drops what they showed"
