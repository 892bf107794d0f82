"""What people hand in as a source of goals is carried over whole, however it was saved: in words, or said."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import header_row
from openpyxl.styles.numbers import FORMAT_PERCENTAGE

from aftale.agreement.read_toml import NotToml, fact_key, read_toml
from aftale.commands.fordel import deadline
from aftale.model.agreement import Round
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer

TOML = 'enhed = "Musikskolen på Ærø"\naar = 2018\nperiode = "2018-2020"\n'


def made(folder: Path, goals: str = "", toml: bytes = TOML.encode()) -> tuple[Report, list[dict[str, Any]]]:
    """Make an agreement of a folder; returns what was said, and its rows by header."""
    (folder / "maal.csv").write_text(goals or "Effektmål;Fokusområde;2018\nUnge spiller;Unge;x\n", encoding="utf-8")
    (folder / "aftale.toml").write_bytes(toml)
    report = generer(folder, folder / "aftale.xlsx", template_path())
    write_all(list(report.files))
    return report, rows(folder / "aftale.xlsx")


def rows(path: Path) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(path)["Mål"]
    head = header_row(sheet)
    headers = [str(cell.value) for cell in sheet[head]]
    found = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=head + 1) if row[0].value)
    return [dict(zip(headers, row, strict=True)) for row in found]


def front(path: Path, name: str) -> Any:
    book = openpyxl.load_workbook(path)
    return book["Forside"][book.defined_names[name].attr_text.split("!")[1].replace("$", "")].value


# ---------------------------------------------------------------- columns that nobody knows

@pytest.mark.parametrize(("header", "cells", "note"), [
    ("Vægt", "20 %", "Vægt: 20 %"), ("Sagsnr.", "18/1234", "Sagsnr.: 18/1234"), ("Prioritet", "1", "Prioritet: 1"),
    ("", "Aftalt i maj", "Kolonne D: Aftalt i maj"), ("Udgået", "nej", "»Udgået«: nej"), ("Vægt", "", None),
], ids=["a share", "a number of a case", "a figure", "no header at all", "a header that would take the goal out", "nothing"])
def test_the_words_of_an_unknown_column_go_to_note_and_that_is_said(tmp_path: Path, header: str, cells: str,
                                                                   note: str | None) -> None:
    report, (row,) = made(tmp_path, f"Effektmål;Fokusområde;2018;{header}\nUnge spiller;Unge;x;{cells}\n")
    assert row["Note"] == note
    told = [p for p in report.problems if p.code == "column-to-note"]
    assert bool(told) is bool(note) and all(p.place.cell == "D1" and "Note" in p.message for p in told)
    assert not any(p.code == "goal-withdrawn" for p in report.problems)


def test_what_stands_in_note_already_comes_first(tmp_path: Path) -> None:
    _, (row,) = made(tmp_path, "Effektmål;Fokusområde;2018;Vægt;Note;Ansvar\nUnge spiller;Unge;x;20 %;Min note;Alle\n")
    assert row["Note"] == "Min note\nVægt: 20 %\nAnsvar: Alle"


def test_words_in_an_unknown_column_alone_are_asked_about(tmp_path: Path) -> None:
    report, _ = made(tmp_path, "Effektmål;Fokusområde;2018;Vægt\nUnge spiller;Unge;x;\n;;;I alt 100 %\n")
    assert "row-without-goal" in [p.code for p in report.problems]


def test_a_share_and_a_day_of_a_workbook_are_written_as_they_were_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Mål"
    sheet.append(("Effektmål", "Fokusområde", "2018", "Vægt", "Besluttet"))
    sheet.append(("Unge spiller", "Unge", "x", 0.2, date(2018, 3, 1)))
    sheet["D2"].number_format = FORMAT_PERCENTAGE
    book.save(tmp_path / "kilde.xlsx")
    write_all(list(generer(tmp_path / "kilde.xlsx", tmp_path / "aftale.xlsx", template_path()).files))
    assert rows(tmp_path / "aftale.xlsx")[0]["Note"] == "Vægt: 20 %\nBesluttet: 01-03-2018"


# ---------------------------------------------------------------- school years

@pytest.mark.parametrize("header", ["2018/19", "2018/2019", "2018-19", "2018–19"])
def test_a_school_year_is_the_year_it_begins_in_and_that_is_said(tmp_path: Path, header: str) -> None:
    goals = (f"Effektmål;Fokusområde;{header};2019/20;Måltype\nUnge spiller;Unge;x;12;Mindst\n"
             "Unge synger;Unge;;x;\n")
    report, (first, second) = made(tmp_path, goals)
    assert (first["2018"], first["2019"], second["2018"], second["2019"]) == ("x", 12, None, "x")
    told = {p.place.cell: p.message for p in report.problems if p.code == "year-begins"}
    assert told == {"C1": f"Kolonnen »{header}« er læst som året 2018, som det begynder i.",
                    "D1": "Kolonnen »2019/20« er læst som året 2019, som det begynder i."}


def test_school_years_alone_tell_the_year_and_the_period(tmp_path: Path) -> None:
    report, (row,) = made(tmp_path, "Effektmål;Fokusområde;2018/19;2019/20\nUnge spiller;Unge;x;12\n", b'enhed = "Huset"\n')
    assert (row["2018"], row["2019"]) == ("x", 12)
    assert not [p for p in report.problems if p.code in ("year-outside", "column-to-note")]


@pytest.mark.parametrize("text", ["i morgen", "juni"])
def test_what_is_no_deadline_is_told_with_the_agreements_own_year(tmp_path: Path, text: str) -> None:
    made(tmp_path)
    with pytest.raises(CannotDo, match="10-06-2018 efter --frist"):
        deadline(text, tmp_path / "aftale.xlsx")


def test_what_is_no_school_year_is_no_year(tmp_path: Path) -> None:
    _, (row,) = made(tmp_path, "Effektmål;Fokusområde;2018;2018/21\nUnge spiller;Unge;x;12\n")
    assert row["Note"] == "2018/21: 12"


# ---------------------------------------------------------------- aftale.toml

@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_aftale_toml_is_read_in_what_a_list_of_goals_is_read_in(tmp_path: Path, encoding: str, line_end: str) -> None:
    made(tmp_path, toml=TOML.replace("\n", line_end).encode(encoding))
    assert front(tmp_path / "aftale.xlsx", "Enhed") == "Musikskolen på Ærø"


@pytest.mark.parametrize("written", [
    "10. juni 2018", "10-06-2018", "10/6 2018", "10.6.2018", "10.06.18", "2018-06-10", '"10. juni 2018"', '"10. juni"',
    "10. juni 2018  # aftalt"])
def test_a_deadline_is_read_as_danes_write_it(tmp_path: Path, written: str) -> None:
    made(tmp_path, toml=f"{TOML}frist_midtvejs = {written}\n".encode())
    assert front(tmp_path / "aftale.xlsx", "Frist_midtvejs").date() == date(2018, 6, 10)


@pytest.mark.parametrize(("text", "said"), [
    ("aar = 2018\nenhed = Huset på Ærø", 'linje 2, kan ikke læses: enhed = Huset på Ærø. Skriv enhed = "Huset på Ærø"'),
    ("enhed = »Huset«", 'linje 1, kan ikke læses: enhed = »Huset«. Skriv enhed = "Huset"'),
    ('enhed = "Huset\naar = 2018', 'linje 1, kan ikke læses: enhed = "Huset. Skriv enhed = "Huset"'),
    ('enhed = "Huset "Nord""', "Skriv enhed = 'Huset \"Nord\"'"),
    ("aar = 2018\n\naar = 2019\n", "linje 3, kan ikke læses: aar = 2019. »aar« står to gange."),
    ("enhed =", "Skriv noget efter lighedstegnet, eller slet linjen"),
    ("Aftalen er vores", "eller sæt # foran"),
    ('aar = 2018\n[tekster]\nTematekst = """\nMange ord\n', "linje 3, kan ikke læses: Tematekst = \"\"\". Teksten mangler"),
    ('[tekster\nTematekst = "Ord"', "Skriv [tekster]."),
    ('Økonomisk ramme = "2 mio. kr."', "Skriv oekonomisk_ramme foran lighedstegnet."),
], ids=["no quotation marks", "other quotation marks", "one is missing", "quotation marks within", "twice", "nothing",
        "no =", "an open text", "an open bracket", "a label for a key"])
def test_what_is_wrong_is_said_with_its_line_and_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CannotDo) as error:
        made(tmp_path, toml=text.encode())
    assert str(error.value).startswith("aftale.toml, linje ") and said in str(error.value)
    assert "kør igen" in str(error.value) and not any(word in str(error.value) for word in ("line", "column", "Expected"))


def test_only_the_line_of_a_date_is_read_in_another_way() -> None:
    assert read_toml('frist = 10-06-2018\n[tekster]\nord = """\nfrist = 10-06-2018\n"""\n', "aftale.toml") == {
        "frist": "10-06-2018", "tekster": {"ord": "frist = 10-06-2018\n"}}
    with pytest.raises(NotToml):
        read_toml("frist = 10-06-2018 eller senere", "aftale.toml")


@pytest.mark.parametrize(("word", "key"), [("kortnavn", "kortnavn"), ("forvaltning", "afdeling"), ("år", "aar"),
                                           ("forvaltning_mail", "kse_mail"), ("kse_mail", "kse_mail"),
                                           ("Delt mappe", "delt_mappe"), ("farve", "")])
def test_a_fact_is_known_by_its_key_and_by_its_label(word: str, key: str) -> None:
    assert fact_key(word) == key


def test_what_is_not_known_is_said_with_its_words(tmp_path: Path) -> None:
    report, _ = made(tmp_path, toml=f'{TOML}farve = "blå"\n'.encode())
    assert any("»farve«" in p.message and "»blå«" in p.message for p in report.problems)


# ---------------------------------------------------------------- Frist and Indikator

@pytest.mark.parametrize(("indicator", "due", "shown"), [
    ("Elever i hold", "Før jul", "Mindst 12 i 2018\nIndikator: Elever i hold\nFrist: Før jul"),
    ("Elever i hold", "", "Mindst 12 i 2018\nIndikator: Elever i hold"), ("", "", "Mindst 12 i 2018"),
], ids=["both", "Indikator alone", "neither"])
def test_who_reports_sees_the_goals_indikator_and_frist(tmp_path: Path, indicator: str, due: str, shown: str) -> None:
    made(tmp_path, "Udviklingsmål;Effektmål;2018;Måltype;Måltal;Indikator;Frist;Ansvarlig\n"
         f"Unge;Unge spiller;x;Mindst;12;{indicator};{due};Ungeteamet\n")
    write_all(list(fordel(tmp_path / "aftale.xlsx", Round.MIDTVEJS, tmp_path / "skemaer").files))
    sheet = openpyxl.load_workbook(next((tmp_path / "skemaer").iterdir()))["Skema"]
    headers = [cell.value for cell in sheet[header_row(sheet)]]
    said = str(sheet.cell(header_row(sheet) + 1, headers.index("Mål") + 1).value)
    assert said.split("\n")[1:] == shown.split("\n")[1:] and said.startswith("Mindst 12")
