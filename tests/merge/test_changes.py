"""What a follow-up says is new since last time, and the copy of the agreement that it carries."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from conftest import Year, opened

from aftale.agreement.copy_in_followup import agreement_from, agreement_lines
from aftale.cells.hidden_sheet import Record, find_record, sealed
from aftale.intake.read import read_workbook
from aftale.merge.changes import Change, Kind, changes
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.office.safe_write import write_all
from aftale.steps.flet import flet
from aftale.steps.open_agreement import open_agreement


@pytest.mark.parametrize(("before", "now", "expected"), [
    ({}, {}, []),
    ({"M1 status": "Opfyldt"}, {"M1 status": "Opfyldt"}, []),
    ({}, {"M1 status": "Opfyldt"}, ["Nyt M1 status: '' -> 'Opfyldt'"]),
    ({"M1 status": "Opfyldt"}, {"M1 status": "Udgået"}, ["Ændret M1 status: 'Opfyldt' -> 'Udgået'"]),
    ({"M1 status": "Opfyldt"}, {}, ["Trukket tilbage M1 status: 'Opfyldt' -> ''"]),
    ({"M2 kse": "Godt"}, {"M1 status": "Opfyldt", "M2 kse": "Fint"},
     ["Nyt M1 status: '' -> 'Opfyldt'", "Ændret M2 kse: 'Godt' -> 'Fint'"]),
    ({"M0 status": "Opfyldt"}, {"M2 status": "Udgået"},  # M0 has left the plan
     ["Nyt M2 status: '' -> 'Udgået'", "Trukket tilbage M0 status: 'Opfyldt' -> ''"]),
])
def test_every_change_is_named_once_in_the_order_of_the_plan(before: dict[str, str], now: dict[str, str],
                                                             expected: list[str]) -> None:
    found = changes(_cells(before), _cells(now), {"M1": 0, "M2": 1})
    assert [f"{c.kind.value} {c.goal} {c.field}: {c.before!r} -> {c.now!r}" for c in found] == expected


def _cells(said: dict[str, str]) -> dict[tuple[str, str], str]:
    return {(cell.split(" ")[0], cell.split(" ")[1]): text for cell, text in said.items()}


def test_a_change_names_its_column() -> None:
    headers = [Change(Kind.NEW, "M1", field, "", "x").header for field in ("status", "opgjort_pr", "kse")]
    assert headers == ["Status", "Opgjort pr.", "Forvaltningens bemærkninger"]


def test_the_agreement_in_a_follow_up_is_the_one_it_was_made_from(year: Year) -> None:
    year.fill("Børneteamet", {}, by="Børneteamet")
    out = year.folder / "opfoelgning.xlsx"
    write_all(list(flet(year.agreement, [year.answers], out).files))
    book = read_workbook(out)
    assert not isinstance(book, Finding)
    agreement = open_agreement(year.agreement).agreement
    bare = tuple(replace(goal, place=Place()) for goal in agreement.goals)
    assert agreement_from(find_record(book)[1]) == replace(agreement, goals=bare, texts={}, register={}, columns={})


def test_a_record_without_an_agreement_has_none() -> None:
    assert agreement_from(Record(sealed(()))) is None


def test_the_copy_of_an_agreement_is_the_same_for_the_same_agreement(year: Year) -> None:
    agreement = open_agreement(year.agreement).agreement
    assert list(agreement_lines(agreement)) == list(agreement_lines(open_agreement(year.agreement).agreement))


def test_a_follow_up_tells_what_came_since_it_was_written(year: Year) -> None:
    out = year.folder / "opfoelgning.xlsx"
    year.fill("Børneteamet", {}, by="Børneteamet")
    owner = "Ungeteamet"
    goal = next(str(cell.value) for cell in opened(year.forms[owner])["Skema"]["A"]
                if re.fullmatch(r"M[\d.]+", str(cell.value)))
    first = flet(year.agreement, [year.answers], out)
    write_all(list(first.files))
    year.fill(owner, {goal: {"Status": "Opfyldt"}}, by="Ungeteamet")
    write_all(list(flet(year.agreement, [year.answers], out).files))
    front = opened(out)["Overblik"]
    texts = [str(cell.value) for row in front.iter_rows() for cell in row if cell.value is not None]
    assert any("1 ny" in text for text in texts), texts
    assert any("Opfyldt" in text and "Status" in text for text in texts), texts


def test_what_overblik_has_no_room_for_is_on_kontrol(year: Year) -> None:
    out = year.folder / "opfoelgning.xlsx"
    year.fill("Børneteamet", {}, by="Børneteamet")
    write_all(list(flet(year.agreement, [year.answers], out).files))
    day = date(2015, 10, 31)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Opgjort pr.": day, "Status": "Opfyldt", "Bemærkninger": "Strik"},
                            "M3.3.1": {"Resultat": 424350, "Opgjort pr.": day, "Status": "Delvist opfyldt"}})
    write_all(list(flet(year.agreement, [year.answers], out).files))
    book = openpyxl.load_workbook(out)
    shown = [str(cell.value) for row in book["Overblik"].iter_rows() for cell in row if cell.value is not None]
    assert "… og 2 til på Kontrol." in shown
    listed = {(str(row[1]), str(row[2]), str(row[3])) for row in book["Kontrol"].iter_rows(values_only=True)
              if "Nyt siden sidst" in row}
    assert listed == {("M2.1.1", "Resultat: nyt.", "2"), ("M2.1.1", "Opgjort pr.: nyt.", "31-10-2015"),
                      ("M2.1.1", "Status: nyt.", "Opfyldt"), ("M2.1.1", "Bemærkninger: nyt.", "Strik"),
                      ("M3.3.1", "Resultat: nyt.", "424.350"), ("M3.3.1", "Opgjort pr.: nyt.", "31-10-2015"),
                      ("M3.3.1", "Status: nyt.", "Delvist opfyldt")}


def test_the_box_of_kse_has_its_own_name_among_the_news() -> None:
    change = Change(Kind.NEW, "", "kse", "", "Tak")
    assert change.header == "Forvaltningens samlede bemærkning"
