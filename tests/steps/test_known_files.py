"""Files that the follow-up knows aren't judged again, and it is the same to the byte as if they were."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest
from conftest import Year, merge, out
from making_mail import eml

from aftale.merge.known_files import known_files
from aftale.merge.state import State
from aftale.model.agreement import Round
from aftale.office.safe_write import write_all
from aftale.steps import collect
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were judged, in workers or here."""
    seen: list[str] = []
    here, workers = collect.read_here, collect.read_all
    monkeypatch.setattr(collect, "read_here", lambda path, *rest: (seen.append(path.name), here(path, *rest))[1])
    monkeypatch.setattr(collect, "read_all", lambda paths, *rest: (
        seen.extend(path.name for path in paths), workers(paths, *rest))[1])
    return seen


@pytest.fixture
def answered(year: Year) -> Year:
    """Two skemaer that came back."""
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}, "a.xlsx")
    year.fill("Ungeteamet", {"M1.2.1": {"Status": "i gang"}}, "b.xlsx")
    return year


def messy(year: Year) -> None:
    """Lay answers in a year's folder with all that makes it hard to know a file again."""
    saved = datetime(2015, 11, 1, 8)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "ca. 2", "Status": "i gang", "Bemærkninger": "é og é\r\n»to«"}},
              "hus.xlsx", "Vikaren i Husteamet", saved=saved)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 3, "Status": "Opfyldt"}}, "hus (Konflikt).xlsx", saved=saved,
              change=lambda sheet: sheet.cell(3, 40, "Se også vedlagte"))
    shutil.copy(year.answers / "hus.xlsx", year.answers / "hus - Kopi.xlsx")
    year.fill("Digitalteamet", {"M1.1.1.2": {"Resultat": "4,5"}}, "digital.xlsx")
    with zipfile.ZipFile(year.answers / "svar.zip", "w") as package:
        package.write(year.answers / "digital.xlsx", "digital.xlsx")
    year.fill("Landdistriktsteamet", {"M1.1.1.2": {"Resultat": 5}}, "land.xlsx")
    (year.answers / "mail.eml").write_bytes(eml().as_bytes())
    lost = openpyxl.load_workbook(year.answers / "land.xlsx")
    del lost["_aftale"]
    lost.save(year.answers / "uden skjult ark.xlsx")
    shutil.copy(year.forms["Ungeteamet"], year.answers / "urørt.xlsx")
    (year.answers / "nej.xlsx").write_text("ikke et regneark")
    (year.answers / "noter.txt").write_text("Ring til Husteamet")
    write_all(list(fordel(year.agreement, Round.MIDTVEJS, year.folder / "midtvejs").files))
    shutil.copy(next((year.folder / "midtvejs").iterdir()), year.answers / "midtvejs.xlsx")


def again(year: Year) -> tuple[bytes, object]:
    """Merge the answers and the skemaer that were sent once more, and return the follow-up and all that was said."""
    report = flet(year.agreement, [year.answers, year.folder / "skemaer"], out(year))
    write_all(list(report.files))
    return out(year).read_bytes(), (report.said, report.problems, report.next_step, report.table, report.data)


def test_a_file_that_is_known_gives_the_same_as_if_it_were_judged_again(
        year: Year, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    messy(year)
    merge(year)
    first = out(year).read_bytes()
    year.fill("Ungeteamet", {"M1.2.1": {"Resultat": 7}}, "sent.xlsx")
    read.clear()
    with_known = again(year)
    judged = set(read)
    out(year).write_bytes(first)
    monkeypatch.setattr(collect, "known_files", lambda *_: {})
    assert again(year) == with_known
    assert judged.isdisjoint(("hus - Kopi.xlsx", "hus (Konflikt).xlsx", "digital.xlsx", "land.xlsx", "urørt.xlsx"))
    assert {"sent.xlsx", "svar.zip", "mail.eml", "nej.xlsx", "noter.txt", "midtvejs.xlsx"} <= judged


def test_nothing_new_needs_no_worker(answered: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    again(answered)
    monkeypatch.setattr(collect, "read_all", lambda *_: pytest.fail("workers began"))
    _, said = again(answered)
    assert "Intet nyt siden sidst" in str(said)


def _agreement_saved_anew(year: Year) -> None:
    openpyxl.load_workbook(year.agreement).save(year.agreement)


def _file_changed(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 4}}, "a.xlsx")


def _file_renamed(year: Year) -> None:
    (year.answers / "a.xlsx").rename(year.answers / "c.xlsx")


def _record_changed(year: Year) -> None:
    book = openpyxl.load_workbook(out(year))
    cell = next(cell for row in book["_aftale"].iter_rows() for cell in row if "M2.1.1" in str(cell.value)
                and '"kind":"skema"' in str(cell.value))
    cell.value = cell.value.replace('"Opfyldt"', '"Udgået"')
    book.save(out(year))


@pytest.mark.parametrize(("change", "judged"), [
    pytest.param(lambda _: None, [], id="nothing"),
    pytest.param(_file_changed, ["a.xlsx"], id="what is in the file"),
    pytest.param(_file_renamed, ["c.xlsx"], id="what the file is called"),
    pytest.param(_agreement_saved_anew, ["a.xlsx", "b.xlsx"], id="the agreement"),
    pytest.param(_record_changed, ["a.xlsx", "b.xlsx"], id="what the follow-up holds of it"),
])
def test_a_file_is_judged_again_where_something_is_another(
        answered: Year, read: list[str], change: Callable[[Year], None], judged: list[str]) -> None:
    merge(answered)
    change(answered)
    read.clear()
    merge(answered)
    assert read == judged


def test_a_file_is_judged_again_by_another_program(
        answered: Year, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    merge(answered)
    monkeypatch.setattr(collect, "program", lambda: "en senere udgave")
    (answered.answers / "b.xlsx").unlink()
    answered.fill("Digitalteamet", {"M1.1.1.2": {"Resultat": 4}}, "d.xlsx")
    read.clear()
    merge(answered)
    assert read == ["a.xlsx", "d.xlsx"]
    read.clear()
    merge(answered)
    assert read == ["a.xlsx", "d.xlsx"], "what the earlier program judged of b.xlsx, which is gone, may not pass for ours"


def test_an_empty_follow_up_knows_no_files() -> None:
    assert known_files(State(), "udgave og aftale") == {}
