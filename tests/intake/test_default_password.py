"""Excel's own password opens what nobody has locked; every other password keeps a file closed."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from conftest import Year
from msoffcrypto.format.ooxml import OOXMLFile
from running import run_here

from aftale.intake.read import read_bytes
from aftale.model.findings import Finding
from aftale.model.workbook import Workbook

VELVET = "VelvetSweatshop"


def encrypted(data: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def test_a_workbook_that_excel_protected_by_itself_is_read(year: Year) -> None:
    data = year.forms["Husteamet"].read_bytes()
    plain, opened = read_bytes(data, "a.xlsx", returned=True), read_bytes(encrypted(data, VELVET), "a.xlsx", returned=True)
    assert isinstance(plain, Workbook) and isinstance(opened, Workbook)
    assert [(sheet.name, sheet.rows) for sheet in opened.sheets] == [(sheet.name, sheet.rows) for sheet in plain.sheets]


@pytest.mark.parametrize("password", ["velvetsweatshop", "hemmelig", "æøå"])
def test_another_password_is_asked_for(year: Year, password: str) -> None:
    found = read_bytes(encrypted(year.agreement.read_bytes(), password), "a.xlsx")
    assert isinstance(found, Finding) and found.code == "file-locked"


def test_what_lies_behind_the_password_goes_through_the_same_guard(year: Year) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(year.agreement) as package, zipfile.ZipFile(out, "w") as hostile:
        for name in package.namelist():
            data = package.read(name)
            hostile.writestr(name, b'<!DOCTYPE x [<!ENTITY e "e">]>' + data if name.endswith("sheet1.xml") else data)
    found, behind = (read_bytes(each, "a.xlsx") for each in (out.getvalue(), encrypted(out.getvalue(), VELVET)))
    assert isinstance(found, Finding) and isinstance(behind, Finding)
    assert behind.code == found.code != "file-locked"


def test_a_file_that_wants_its_password_hashed_without_end_is_called_locked(year: Year) -> None:
    data = encrypted(year.agreement.read_bytes(), "hemmelig").replace(b'spinCount="100000"', b'spinCount="999999"')
    endless = data.replace(b'spinCount="999999"', b'spinCount="9999999"', 1)
    began = time.process_time()
    found = read_bytes(endless, "a.xlsx")
    assert isinstance(found, Finding) and time.process_time() - began < 2


def test_an_answer_that_excel_protected_by_itself_is_merged(year: Year) -> None:
    path = year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
    path.write_bytes(encrypted(path.read_bytes(), VELVET))
    out: Path = year.folder / "opfoelgning.xlsx"
    done = run_here("flet", year.agreement, year.answers, "--ud", out)
    assert out.exists() and "adgangskode" not in done.stdout + done.stderr and "1 afvist" not in done.stdout
