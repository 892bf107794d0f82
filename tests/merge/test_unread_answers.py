"""An answer that can't be read, through the chain: whose it becomes, when it is settled, and what it is told as."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, cell_at, copied, header_row, made_year, merge, opened, out

from aftale.office.shipped_files import example_path

GOALS = """Udviklingsmål;Effektmål;Delmål;2015;2016;2017;2018;Måltype;Måltal;Måleenhed;Ansvarlig;E-mail
Drift;Indtægter;;x;x;x;x;Mindst;2000000;kr.;"Direktionen; Bogholderiet";"direktion@example.dk; bogholderi@example.dk"
Drift;Andel børn;;x;x;x;x;Mindst;8;%;Børneteamet;boern@example.dk
Drift;Placering;;x;x;x;x;Højst;3;plads;Ledelsen;ledelsen@example.dk
Drift;Kampagne;;x;x;x;x;Leverance;;;Kommunikation;kommunikation@example.dk
Drift;Kurser;;x;x;x;x;Mindst;40;kurser;Kursusteamet;kurser@example.dk
Drift;Kurser;Et kursus i nord;x;x;x;x;;;;Kursusteamet;kurser@example.dk
"""
SAVED = datetime(2015, 11, 4, 9)
Cells = Mapping[str, Any]


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Year:
    source = tmp_path_factory.mktemp("kilde")
    shutil.copy(example_path() / "aftale.toml", source)
    (source / "maal.csv").write_text(GOALS, encoding="utf-8")
    return made_year(tmp_path_factory.mktemp("faelles"), source)


@pytest.fixture
def year(_shared: Year, tmp_path: Path) -> Year:
    """A goal of two ansvarlige, and one in percent."""
    return copied(_shared, tmp_path / "aar")


def rows(year: Year, sheet: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet by header, the Excel row under ``''``."""
    page = opened(out(year))[sheet]
    top = header_row(page)
    names = {cell.column: str(cell.value) for cell in page[top] if cell.value}
    return [{"": row, **{name: page.cell(row, column).value for column, name in names.items()}}
            for row in range(top + 1, page.max_row + 1)]


def write(year: Year, sheet: str, header: str, value: object, where: str, says: str) -> None:
    """Write under a header in the first row of a sheet in which something stands under another header."""
    row = next(row for row in rows(year, sheet) if row[where] == says or f": {says}\n" in f"{row[where]}\n")[""]
    book = openpyxl.load_workbook(out(year))
    page = book[sheet]
    column = next(cell.column for cell in page[header_row(page)] if cell.value == header)
    page.cell(row, column).value = value  # type: ignore[call-overload,arg-type]
    book.save(out(year))


def shown(year: Year, goal: str, header: str) -> Any:
    return cell_at(opened(out(year))["Opfølgning"], goal, header).value


def on_kontrol(year: Year, text: str) -> dict[str, Any]:
    return next(row for row in rows(year, "Kontrol") if f": {text}\n" in f"{row['Der stod']}\n")


# ---------------------------------------------------------------- whose answer a reading becomes

SHARED = [
    pytest.param({"Resultat": "2,3 mio. kr."}, {"Resultat": "2.287.450"}, "Resultat", "2.300.000 kr.", (2300000, 2287450),
                 "Uafklaret", id="one person's figure is unclear and the other's is another: both are to choose between"),
    pytest.param({"Status": "i gang"}, {"Status": "Forventes opfyldt"}, "Status", "Delvist opfyldt",
                 ("Delvist opfyldt", "Forventes opfyldt"), "Uafklaret",
                 id="one person's status is unclear and the other's is another: both are to choose between"),
    pytest.param({"Resultat": "2,3 mio. kr."}, {"Resultat": 2300000}, "Resultat", "2.300.000 kr.", (), 2300000,
                 id="the reading is what the other has answered: nothing to choose"),
    pytest.param({"Resultat": "2,3 mio. kr."}, {}, "Resultat", "2.300.000 kr.", (), 2300000,
                 id="the other has answered nothing: the reading is the answer"),
]


@pytest.mark.parametrize(("unclear", "clear", "header", "reading", "sides", "becomes"), SHARED)
def test_a_reading_is_that_persons_answer_and_another_answer_stands_against_it(
        year: Year, unclear: Cells, clear: Cells, header: str, reading: str, sides: tuple[Any, ...], becomes: Any) -> None:
    year.fill("Direktionen", {"M1.0.1": unclear}, by="Direktionen", saved=SAVED)
    year.fill("Bogholderiet", {"M1.0.1": clear}, by="Bogholderiet", saved=SAVED)
    merge(year)
    write(year, "Kontrol", "Vælg", f"Brug {reading}", "Der stod", unclear[header])
    merge(year)
    assert merge(year).files == ()
    held = {row["Svar"]: row["Fra"] for row in rows(year, "Modstridende svar") if row["Fra"] != "Udsendt" and row["Svar"]}
    assert held == dict(zip(sides, ("Direktionen", "Bogholderiet"), strict=False))
    assert shown(year, "M1.0.1", header) == becomes
    if sides:  # the choice holds, and the reading is asked about no more
        write(year, "Modstridende svar", "Vælg", "x", "Svar", sides[1])
        report = merge(year)
        assert shown(year, "M1.0.1", header) == sides[1]
        assert [p.code for p in report.problems if p.text == unclear[header] and p.level.value != "info"] == []


def test_readings_of_two_persons_that_differ_stand_against_each_other_whenever_they_are_picked(year: Year) -> None:
    year.fill("Direktionen", {"M1.0.1": {"Resultat": "2,3 mio. kr."}}, by="Direktionen", saved=SAVED)
    year.fill("Bogholderiet", {"M1.0.1": {"Resultat": "2,4 mio. kr."}}, by="Bogholderiet", saved=SAVED)
    merge(year)
    for text, reading in (("2,3 mio. kr.", "2.300.000 kr."), ("2,4 mio. kr.", "2.400.000 kr.")):
        write(year, "Kontrol", "Vælg", reading, "Der stod", text)
        merge(year)
    held = {row["Svar"]: row["Fra"] for row in rows(year, "Modstridende svar")}
    assert held[2300000] == "Direktionen" and held[2400000] == "Bogholderiet"
    assert shown(year, "M1.0.1", "Resultat") == "Uafklaret"


# ---------------------------------------------------------------- answered in Opfølgning

def test_a_question_that_is_answered_in_opfoelgning_is_settled_until_something_else_is_answered(year: Year) -> None:
    year.fill("Børneteamet", {"M1.0.2": {"Resultat": "4,5"}}, by="Børneteamet", saved=SAVED)
    assert [p.code for p in merge(year).problems if p.code == "percent-ambiguous" and p.level.value == "question"]
    write(year, "Opfølgning", "Resultat", "4,5 %", "Mål-id", "M1.0.2")
    for _ in range(2):
        report = merge(year)
        assert [p.code for p in report.problems if p.code == "percent-ambiguous" and p.level.value == "question"] == []
        assert on_kontrol(year, "4,5")["Tilstand"] == "Afgjort"
    year.fill("Børneteamet", {"M1.0.2": {"Resultat": "3,5"}}, by="Børneteamet", saved=SAVED.replace(day=6))
    report = merge(year)
    assert [p.code for p in report.problems if p.code == "percent-ambiguous" and p.level.value == "question"], "new"


# ---------------------------------------------------------------- settled on Kontrol

SETTLED = [
    pytest.param("Ledelsen", "M1.0.3", {"Resultat": "nr. 12", "Status": "Opfyldt"}, {"nr. 12": "Godkend"}, "",
                 id="the figure is let go, and the status is there"),
    pytest.param("Ledelsen", "M1.0.3", {"Resultat": "nr. 12", "Status": "Opfyldt"}, {"nr. 12": "Tag ikke med"}, "",
                 id="the figure is left out, and the status is there"),
    pytest.param("Ledelsen", "M1.0.3", {"Resultat": "nr. 12"}, {"nr. 12": "Tag ikke med"}, "Status",
                 id="the figure is left out, and the status is missing: that is asked for alone"),
    pytest.param("Kommunikation", "M1.0.4", {"Status": "i gang"}, {"i gang": "Delvist opfyldt"}, "",
                 id="the status is chosen: the person has answered"),
    pytest.param("Kommunikation", "M1.0.4", {"Status": "i gang"}, {"i gang": "Godkend"}, "Status",
                 id="a status that is let go is still missing"),
    pytest.param("Kommunikation", "M1.0.4", {"Status": "Ikke opfyldt"}, {None: "Godkend"}, "",
                 id="that there is no remark is approved"),
]


@pytest.mark.parametrize(("owner", "goal", "answered", "picks", "lacks"), SETTLED)
def test_what_is_settled_on_kontrol_is_asked_of_nobody(year: Year, owner: str, goal: str, answered: Cells,
                                                       picks: Mapping[str | None, str], lacks: str) -> None:
    year.fill(owner, {goal: answered}, by=owner, saved=SAVED)
    merge(year)
    for text, pick in picks.items():
        if text is None:
            says = [row["Hvad"] for row in rows(year, "Kontrol") if (row["Mål-id"], row["Tilstand"]) == (goal, "Åben")]
            write(year, "Kontrol", "Vælg", pick, "Hvad", says[0])
        else:
            write(year, "Kontrol", "Vælg", pick, "Der stod", text)
    merge(year)
    report = merge(year)
    (share,) = [row for row in rows_of_shares(year) if row["Mål-id"] == goal]
    assert (share["Mangler"] or "") == lacks
    board = next(row for row in report.table if row[0] == owner)
    assert board[2] == ("0 af 1" if lacks else "1 af 1")
    assert lacks or (share["Svar"], board[1]) == ("Besvaret", "Færdig")


def rows_of_shares(year: Year) -> list[dict[str, Any]]:
    """Return the rows of the second table on Svaroversigt."""
    page = opened(out(year))["Svaroversigt"]
    top = next(row for row in range(1, page.max_row + 1) if "Mål-id" in [cell.value for cell in page[row]])
    names = {cell.column: str(cell.value) for cell in page[top] if cell.value}
    return [{name: page.cell(row, column).value for column, name in names.items()}
            for row in range(top + 1, page.max_row + 1)]


def test_an_unread_figure_of_an_effect_beside_its_delmaal_is_missing(year: Year) -> None:
    year.fill("Kursusteamet", {"M1.0.5": {"Resultat": "35 + 4 aflyste"}, "M1.0.5.1": {"Status": "Delvist opfyldt"}},
              saved=SAVED)
    report = merge(year)
    (share,) = [row for row in rows_of_shares(year) if row["Mål-id"] == "M1.0.5"]
    assert (share["Svar"], share["Mangler"]) == ("Svar kan ikke læses", "Resultat")
    assert next(row for row in report.table if row[0] == "Kursusteamet")[2:] == ("1 af 2", "M1.0.5")
