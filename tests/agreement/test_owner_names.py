"""Several ansvarlige written as one name are asked about before anybody gets a skema."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from conftest import cell_at

from aftale.agreement.owner_names import several_in
from aftale.model.agreement import Round
from aftale.model.findings import Finding, Severity
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer

# the name | the agreement's other names | what it may be
NAMES = """
Husteamet og Ungeteamet       | Husteamet, Ungeteamet  | Husteamet; Ungeteamet
Husteamet, Ungeteamet         | Husteamet, Ungeteamet  | Husteamet; Ungeteamet
Husteamet/Ungeteamet          | Husteamet, Ungeteamet  | Husteamet; Ungeteamet
Husteamet & Ungeteamet        |                        | Husteamet; Ungeteamet
Husteamet + Ungeteamet        |                        | Husteamet; Ungeteamet
Husteamet samt Ungeteamet     |                        | Husteamet; Ungeteamet
Husteamet og Ungeteamet       |                        | Husteamet; Ungeteamet
Husteamet, Unge og Ledelsen   |                        | Husteamet; Unge; Ledelsen
Ledende Bibliotekar og Souschefen |                    | Ledende Bibliotekar; Souschefen
Børn og Unge                  |                        | Børn; Unge
husteamet og ledelsen         | Ledelsen               | husteamet; ledelsen
Husteamet og ledelsen         |                        |
Pedellen & co.                |                        |
Drift og service              |                        |
Børne- og Ungeteamet          |                        |
Børne- og Ungeteamet          | Ungeteamet             |
Børne- og Ungeteamet          | Børneteamet            | Børneteamet; Ungeteamet
Husteamet, stuen              |                        |
Viborg Kultur A/S             |                        |
Børneteamet v/ Lederen        |                        |
Husteamet og Husteamet        |                        |
Orgelskolen                   |                        |
Børneteamet                   | Børneteamet            |
"""


@pytest.mark.parametrize("line", NAMES.strip().splitlines(), ids=lambda line: " ".join(line.split()))
def test_what_a_name_may_be(line: str) -> None:
    name, others, expected = (part.strip() for part in line.split("|"))
    assert several_in(name, [each for each in others.split(", ") if each]) == tuple(
        each for each in expected.split("; ") if each)


def made(folder: Path, owners: Sequence[str]) -> tuple[Path, list[Finding]]:
    """Make an agreement with a goal for each cell of ansvarlige, and return it and what is asked of them."""
    folder.mkdir(exist_ok=True)
    rows = [f"Synlighed;Kurser;Mål {number};x;{name}" for number, name in enumerate(owners, 1)]
    text = "\n".join(("Udviklingsmål;Fokusområde;Effektmål;2015;Ansvarlig", *(
        ";".join(f'"{part}"' for part in row.split(";", 4)) for row in rows)))
    (folder / "maal.csv").write_text(text, encoding="utf-8")
    (folder / "aftale.toml").write_text('enhed = "Byens Bibliotek"\naar = 2015\nperiode = "2015-2018"\n', encoding="utf-8")
    path = folder / "aftale.xlsx"
    report = generer(folder, path, template_path())
    write_all(list(report.files))
    return path, asked(report.problems)


def asked(problems: Sequence[Finding]) -> list[Finding]:
    return [each for each in problems if each.code == "owners-together"]


@pytest.mark.parametrize(("owners", "names"), [
    (["Husteamet", "Ungeteamet", "Husteamet og Ungeteamet"], ["Husteamet og Ungeteamet"]),
    (["Husteamet og Ungeteamet", "Husteamet og Ungeteamet"], ["Husteamet og Ungeteamet"]),
    (["Husteamet, Ungeteamet"], ["Husteamet, Ungeteamet"]),
    (["Husteamet; Ungeteamet", "Husteamet/Ungeteamet"], ["Husteamet/Ungeteamet"]),
    (["Husteamet; Ungeteamet"], []), (["Børn og Unge;"], []), (["Børn og Unge; Husteamet"], []),
    (["Børn og Unge", "Børn og Unge;"], []), (["Drift og service"], [])],
    ids=["each has its own row", "asked once", "comma", "slash beside a list", "a list", "one, with ; after",
         "one in a list", "one row says that it is one", "surely one"])
def test_names_together_are_asked_about_before_skemaer_are_made(tmp_path: Path, owners: list[str],
                                                                names: list[str]) -> None:
    path, found = made(tmp_path / "aar", owners)
    assert [each.text for each in found] == names, "by generer"
    report = fordel(path, Round.MIDTVEJS, tmp_path / "skemaer", date(2015, 6, 10))
    again = asked(report.problems)
    assert [each.text for each in again] == names, "and by fordel, out of the workbook"
    assert all(each.level is Severity.QUESTION and each.place.sheet == "Mål" and each.place.cell for each in again)
    for each in again:
        parts = each.text.replace(" og ", "; ").replace(", ", "; ").replace("/", "; ")
        assert f"»{parts}«" in each.advice and f"»{each.text};«" in each.advice


def test_what_is_answered_holds(tmp_path: Path) -> None:
    path, _ = made(tmp_path / "aar", ["Børn og Unge", "Husteamet, Ungeteamet"])
    book = openpyxl.load_workbook(path)
    cell_at(book["Mål"], "M1.1.1", "Ansvarlig").value = "Børn og Unge;"
    cell_at(book["Mål"], "M1.1.2", "Ansvarlig").value = "Husteamet; Ungeteamet"
    book.save(path)
    report = fordel(path, Round.MIDTVEJS, tmp_path / "skemaer", date(2015, 6, 10))
    assert not asked(report.problems)
    assert sorted(row[0] for row in report.table) == ["Børn og Unge", "Husteamet", "Ungeteamet"]
    again = generer(path, tmp_path / "igen.xlsx", template_path())
    write_all(list(again.files))
    assert not asked(again.problems) and not asked(fordel(tmp_path / "igen.xlsx", Round.MIDTVEJS, tmp_path / "s2").problems)
