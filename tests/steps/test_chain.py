"""The chain on the real agreement and on a small one: what goes in at one end stands at the other."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import groupby, takewhile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, beside, fill_in, header_row, opened
from python_calamine import CalamineWorkbook

from aftale.model.agreement import Round
from aftale.model.findings import Severity
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer

LibreOffice = Callable[..., Path]
MIDT, AAR = Round.MIDTVEJS, Round.AARSOPFOELGNING
YEARS = ("2015", "2016", "2017", "2018")
LEVELS = ("Udviklingsmål", "Fokusområde", "Effektmål", "Delmål")


def done(report: Report) -> Report:
    """Write a step's files, as the command does."""
    write_all(list(report.files))
    return report


def codes(report: Report) -> list[str]:
    return [p.code for p in report.problems if p.level is not Severity.INFO]


def source_rows() -> list[dict[str, str]]:
    """Read the example's goals with nothing of ours."""
    with (example_path() / "maal.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def table(path: Path, sheet: str) -> dict[str, dict[str, Any]]:
    """Read a table of a finished workbook with calamine: Mål-id -> header -> value, '' where empty.

    A skema's table ends where its spare rows begin.
    """
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    start = next(n for n, row in enumerate(rows) if "Mål-id" in row)
    headers = [str(value) for value in rows[start]]
    below = list(takewhile(lambda row: not any(str(value).startswith("Forslag til") for value in row), rows[start + 1:]))
    filled = [dict(zip(headers, row, strict=True)) for row in below if any(value != "" for value in row)]
    assert all(re.fullmatch(r"M\d+(\.\d+)+", str(row["Mål-id"])) for row in filled)
    assert len({row["Mål-id"] for row in filled}) == len(filled), "every Mål-id once"
    return {str(row["Mål-id"]): row for row in filled}


def book_rows(path: Path) -> list[dict[str, Any]]:
    return list(table(path, "Mål").values())


def as_written(row: Mapping[str, str]) -> dict[str, Any]:
    """Say a row of the CSV as its cells: numbers as numbers, percent targets as shares."""
    cells: dict[str, Any] = dict(row)
    for column in ("Måltal", "Udgangspunkt"):
        if row[column]:
            number = float(row[column].replace(",", "."))
            cells[column] = number / 100 if "i %" in row["Måltype"] else number
    for year in YEARS:
        if row[year].isdigit():
            cells[year] = float(row[year])
    return cells


# ---------------------------------------------------------------- generer on the example

def test_generer_keeps_every_goal_cross_target_and_owner_of_the_source(year: Year) -> None:
    assert [dict(row) for row in book_rows(year.agreement)] == [as_written(row) for row in source_rows()]


def test_generer_keeps_all_61_crosses_and_the_two_numbers_where_they_stand(year: Year) -> None:
    crossed = [(row["Mål-id"], y) for row in source_rows() for y in YEARS if row[y] == "x"]
    assert len(crossed) == 61
    found = table(year.agreement, "Mål")
    assert [(goal, y) for goal in found for y in YEARS if found[goal][y] == "x"] == crossed
    assert {(goal, y): found[goal][y] for goal in found for y in YEARS if found[goal][y] not in ("x", "")} == {
        ("M1.1.1.2", "2015"): 5.0, ("M1.1.1.3", "2016"): 5.0}


def test_the_agreement_is_the_same_once_libreoffice_has_saved_it(year: Year, libreoffice: LibreOffice) -> None:
    saved = libreoffice(year.agreement)
    assert saved.read_bytes() != year.agreement.read_bytes()
    assert book_rows(saved) == [as_written(row) for row in source_rows()]
    again = done(generer(saved, year.folder / "igen.xlsx", template_path()))
    assert codes(again) == []
    assert book_rows(year.folder / "igen.xlsx") == [as_written(row) for row in source_rows()]


def test_skemaer_from_an_agreement_that_libreoffice_saved_are_the_same(year: Year, libreoffice: LibreOffice) -> None:
    saved = libreoffice(year.agreement)
    done(fordel(saved, AAR, year.folder / "igen", date(2015, 11, 11)))
    made = {path.name: table(path, "Skema") for path in (year.folder / "igen").iterdir()}
    assert made == {path.name: table(path, "Skema") for path in year.forms.values()}


def test_generer_from_its_own_workbook_gives_the_same_workbook(year: Year) -> None:
    again = year.folder / "igen.xlsx"
    done(generer(year.agreement, again, template_path()))
    assert again.read_bytes() == year.agreement.read_bytes()


# ---------------------------------------------------------------- skemaer: who gets what

GOALS_OF_2015 = """
Digitalteamet         | M1.1.1 M1.1.1.1 M1.1.1.2 M1.1.2
Landdistriktsteamet   | M1.1.1.2 M1.3.1
Ungeteamet            | M1.2.1 M1.2.1.1
Husteamet             | M2.1.1 M3.2.1 M3.2.1.1 M3.3.1
Børneteamet           | M2.2.2 M2.2.3
Ledelsen              | M2.2.3 M2.2.5 M4.2.1 M4.2.2
Formidlingsteamet     | M2.2.4 M3.1.1 M3.1.1.1 M3.1.2 M3.1.2.1
HR- og udviklingsteamet | M4.1.1 M4.1.2 M4.2.3
"""


def test_everybody_gets_just_their_own_goals_of_2015(year: Year) -> None:
    wanted = dict((part.strip() for part in line.split("|")) for line in GOALS_OF_2015.strip().splitlines())
    got = {owner: " ".join(table(path, "Skema")) for owner, path in year.forms.items()}
    assert got == wanted


def test_a_skema_carries_its_id_in_its_name_and_in_a_cell(year: Year) -> None:
    ids = set()
    for owner, path in year.forms.items():
        sheet = opened(path)["Skema"]
        form = beside(sheet, "Skema-id").value
        assert path.name.startswith("skema_2015_aarsopfoelgning_") and path.stem.endswith(f"_{form}"), owner
        assert path.name.isascii()
        ids.add(form)
    assert len(ids) == 8


def test_the_id_is_another_in_the_other_round(year: Year) -> None:
    done(fordel(year.agreement, MIDT, year.folder / "midt"))
    ids = {path.stem.rsplit("_", 1)[1] for path in (*year.forms.values(), *(year.folder / "midt").iterdir())}
    assert len(ids) == 16


def test_a_skema_says_the_goal_as_a_sentence_with_its_indikator_and_frist(year: Year) -> None:
    goals = {goal: row for path in year.forms.values() for goal, row in table(path, "Skema").items()}
    said = {goal: goals[goal]["Mål"] for goal in ("M1.1.1", "M1.1.1.2", "M1.3.1", "M3.1.1.1", "M3.3.1", "M4.2.1", "M1.2.1")}
    assert said == {
        "M1.1.1": "Stigning på 50 % i unikke brugere i perioden 2015-2016\n"
                  "Indikator: Antal unikke brugere af de digitale tilbud\nFrist: Udgangen af 2016\n"
                  "Skriv niveauet (unikke brugere), ikke stigningen.",
        "M1.1.1.2": "Mindst 5 landdistriktsområder i 2015\nIndikator: Antal landdistriktsområder i samarbejdet",
        "M1.3.1": "Mindst 20 rekvisitioner pr. år\nIndikator: Antal rekvisitioner",
        "M3.1.1.1": "Mindst 4,9 point\nIndikator: Bibliometer: tilfredshed med inspirationen",
        "M3.3.1": "Stigning på 5 % i besøg pr. år\nIndikator: Antal besøg\nSkriv niveauet (besøg), ikke stigningen.",
        "M4.2.1": "Leverance",
        "M1.2.1": "Følger af delmålene\nUdfyldes kun, hvis du mener noget andet end delmålene."}
    assert {goal: line.removeprefix("Frist: ") for goal, row in goals.items() for line in str(row["Mål"]).split("\n")
            if line.startswith("Frist: ")} == {
        "M1.1.1": "Udgangen af 2016", "M2.2.3": "I løbet af 2015", "M3.1.2": "Når der er valg"}


def test_what_is_agreed_is_locked_and_what_is_asked_is_open(year: Year) -> None:
    sheet = opened(year.forms["Husteamet"])["Skema"]
    header = header_row(sheet)
    columns = {str(cell.value): cell.column for cell in sheet[header]}
    rows = {sheet.cell(row, columns["Mål-id"]).value: row for row in range(header + 1, header + 5)}
    assert sheet.protection.sheet and not sheet.protection.password
    is_open = {goal: {name for name, column in columns.items() if not sheet.cell(row, column).protection.locked}
               for goal, row in rows.items()}
    answers = {"Resultat", "Opgjort pr.", "Status", "Bemærkninger", "Næste skridt"}
    assert is_open == {"M2.1.1": answers, "M3.2.1": answers, "M3.2.1.1": answers, "M3.3.1": answers | {"Udgangspunkt"}}
    asked = {str(rule.type) for rule in sheet.data_validations.dataValidation if rule.showInputMessage}
    assert {"list"} <= asked
    assert not any(rule.showErrorMessage and rule.errorStyle in (None, "stop")
                   for rule in sheet.data_validations.dataValidation), "validation advises and never stops"


# ---------------------------------------------------------------- fordel over and over

def test_fordel_twice_writes_nothing(year: Year) -> None:
    again = fordel(year.agreement, AAR, year.folder / "skemaer", date(2015, 11, 11))
    assert again.files == () and {row[4] for row in again.table} == {"uændret"}


def test_fordel_never_writes_over_a_skema_that_was_filled_in(year: Year) -> None:
    path = year.forms["Ungeteamet"]
    path.write_bytes(fill_in(path.read_bytes(), {"M1.2.1": {"Status": "Opfyldt"}}))
    filled = path.read_bytes()
    report = done(fordel(year.agreement, AAR, year.folder / "skemaer", date(2015, 12, 1)))
    assert path.read_bytes() == filled
    assert {row[0]: row[4] for row in report.table} == {
        owner: "udfyldt – ikke overskrevet" if owner == "Ungeteamet" else "fornyet" for owner in year.forms}
    assert any(path.name in sentence and "ikke rørt" in sentence for sentence in report.said)


@pytest.mark.parametrize("change", [
    pytest.param(lambda sheet: sheet.cell(sheet.max_row + 3, 2, "En løs bemærkning"), id="a loose remark"),
    pytest.param(lambda sheet: setattr(beside(sheet, "Udfyldt af"), "value", "Vikaren i Ungeteamet"), id="only a name"),
    pytest.param(lambda sheet: setattr(beside(sheet, "Skemaet er færdigt"), "value", "Ja"), id="only Ja"),
    pytest.param(lambda sheet: sheet.cell(header_row(sheet) + 1, 3, "Noget andet"), id="a sealed cell")])
def test_any_change_by_a_person_is_enough(year: Year, change: Callable[[Any], Any]) -> None:
    path = year.forms["Ungeteamet"]
    path.write_bytes(fill_in(path.read_bytes(), {}, change=change))
    filled = path.read_bytes()
    done(fordel(year.agreement, AAR, year.folder / "skemaer", date(2015, 12, 1)))
    assert path.read_bytes() == filled


def test_a_skema_that_was_only_opened_and_saved_may_be_renewed(year: Year, libreoffice: LibreOffice) -> None:
    path = year.forms["Ungeteamet"]
    path.write_bytes(libreoffice(path).read_bytes())
    done(fordel(year.agreement, AAR, year.folder / "skemaer", date(2015, 12, 1)))
    assert str(openpyxl.load_workbook(path)["Skema"]["A2"].value).endswith("senest 1. december 2015")


def test_the_last_status_and_result_come_from_the_earlier_follow_up(year: Year) -> None:
    done(fordel(year.agreement, MIDT, year.folder / "midt"))
    (form,) = (year.folder / "midt").glob("*husteamet*")
    answered = fill_in(form.read_bytes(), {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"},
                                           "M3.2.1.1": {"Resultat": 5.4, "Status": "Forventes opfyldt"}})
    form.write_bytes(answered)
    followup = year.folder / "midtvejs.xlsx"
    done(flet(year.agreement, [form], followup))
    done(fordel(year.agreement, AAR, year.folder / "nye", date(2015, 11, 11), [followup]))
    (new,) = (year.folder / "nye").glob("*husteamet*")
    last = {goal: (row["Sidst (juni)"], row["Resultat"], row["Status"]) for goal, row in table(new, "Skema").items()}
    unit = table(new, "Skema")["M2.1.1"]["Måleenhed"]
    assert last == {"M2.1.1": (f"✓ Opfyldt\n1 {unit}", "", ""), "M3.2.1": ("▲ Forventes opfyldt", "", ""),
                    "M3.2.1.1": ("▲ Forventes opfyldt\n5,4 point", "", ""), "M3.3.1": ("Intet svar", "", "")}


# ---------------------------------------------------------------- missing Mål-id

NEW_GOALS = """
Mål-id | Udviklingsmål | Fokusområde | Effektmål       | 2015 | Ansvarlig
       | Synlighed     | Unge        | Unge kommer     | x    | Ungeteamet
M1.1.7 | Synlighed     | Unge        | Unge bliver     | x    | Ungeteamet
       | Synlighed     | -           | Design          | x    | Ungeteamet
"""


def agreement_of(folder: Path, goals: str, facts: str = "") -> Path:
    """Write a source of goals as a coordinator would, and make its agreement; ``goals`` is a table with |."""
    source = folder / "kilde"
    source.mkdir(parents=True)
    rows = [[part.strip() for part in line.split("|")] for line in goals.strip().splitlines()]
    with (source / "maal.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    (source / "aftale.toml").write_text(f'enhed = "Biblioteket"\nafdeling = "KSE"\naar = 2015\nperiode = "2015-2018"\n'
                                        f'frist_aarsopfoelgning = 2015-11-11\n{facts}', encoding="utf-8")
    out = folder / "aftale.xlsx"
    done(generer(source, out, template_path()))
    return out


def mend(path: Path, changes: Mapping[str, str | None]) -> None:
    """Change cells of an agreement by what stands in them, as somebody does in Excel, and save it."""
    book = openpyxl.load_workbook(path)
    for row in book["Mål"].iter_rows():
        for cell in row:
            if cell.value in changes:
                cell.value = changes[cell.value]
    book.save(path)


def test_generer_gives_missing_ids_and_keeps_those_that_stand(tmp_path: Path) -> None:
    path = agreement_of(tmp_path, NEW_GOALS)
    assert {goal: row["Effektmål"] for goal, row in table(path, "Mål").items()} == {
        "M1.1.8": "Unge kommer", "M1.1.7": "Unge bliver", "M1.0.1": "Design"}


def test_fordel_gives_missing_ids_writes_them_into_the_agreement_and_keeps_the_earlier_file(tmp_path: Path) -> None:
    path = agreement_of(tmp_path, NEW_GOALS)
    mend(path, {"M1.1.8": None, "Unge kommer": "Unge kommer igen"})
    before = path.read_bytes()
    report = done(fordel(path, AAR, tmp_path / "skemaer"))
    kept = list(tmp_path.glob("aftale_tidligere_*.xlsx"))
    assert [p.read_bytes() for p in kept] == [before]
    assert any(kept[0].name in sentence and "1 mål har fået Mål-id" in sentence for sentence in report.said)
    goals = {goal: row["Effektmål"] for goal, row in table(path, "Mål").items()}
    assert goals == {"M1.1.9": "Unge kommer igen", "M1.1.7": "Unge bliver", "M1.0.1": "Design"}, "M1.1.8 is never reused"
    (form,) = (tmp_path / "skemaer").iterdir()
    assert list(table(form, "Skema")) == list(goals)
    again = fordel(path, AAR, tmp_path / "skemaer")
    assert again.files == ()


# ---------------------------------------------------------------- answers through LibreOffice

ANSWERS: dict[str, dict[str, dict[str, Any]]] = {
    "Husteamet": {"M2.1.1": {"Resultat": 2, "Opgjort pr.": date(2015, 10, 1), "Status": "Opfyldt"},
                  "M3.2.1.1": {"Resultat": 4.5, "Status": "Ikke opfyldt", "Bemærkninger": "=ikke en formel; æøå 😀"},
                  "M3.3.1": {"Udgangspunkt": 1000, "Resultat": 1045, "Status": "Delvist opfyldt"}},
    "Digitalteamet": {"M1.1.1": {"Udgangspunkt": 400, "Resultat": 600, "Status": "Opfyldt"},
                      "M1.1.1.2": {"Resultat": 5, "Status": "Opfyldt", "Næste skridt": "To linjer\nog én til"}}}


def results(path: Path) -> dict[str, tuple[Any, ...]]:
    columns = ("Udgangspunkt", "Resultat", "Opgjort pr.", "Målopfyldelse", "Status", "Beregnet status", "Bemærkninger",
               "Næste skridt", "Svarstatus")
    return {goal: tuple(row[c] for c in columns) for goal, row in table(path, "Opfølgning").items()}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_skemaer_saved_by_libreoffice_merge_as_those_saved_by_excel(year: Year, libreoffice: LibreOffice,
                                                                     kind: str) -> None:
    for owner, answers in ANSWERS.items():
        year.fill(owner, answers, by=f"Vikaren i {owner}", saved=datetime(2015, 11, 2))
    plain = year.folder / "almindelig.xlsx"
    assert codes(done(flet(year.agreement, [year.answers], plain))) == []
    other = year.folder / "libreoffice"
    other.mkdir()
    for path in sorted(year.answers.iterdir()):
        shutil.copy(libreoffice(path, kind), other)
    out = year.folder / "lo.xlsx"
    assert codes(done(flet(year.agreement, [other], out))) == []
    assert results(out) == results(plain)
    assert results(out)["M3.3.1"] == (1000.0, 1045.0, "", 0.9, "Delvist opfyldt", "Delvist opfyldt", "", "", "Besvaret")
    assert results(out)["M2.1.1"][2] == date(2015, 10, 1)


def test_a_follow_up_that_libreoffice_saved_is_merged_into_with_nothing_lost(year: Year, libreoffice: LibreOffice) -> None:
    for owner, answers in ANSWERS.items():
        year.fill(owner, answers)
    out = year.folder / "opfoelgning.xlsx"
    done(flet(year.agreement, [year.answers], out))
    before = results(out)
    out.write_bytes(libreoffice(out).read_bytes())
    late = year.fill("Ungeteamet", {"M1.2.1.1": {"Status": "Opfyldt"}}, name="sent.xlsx")
    report = done(flet(year.agreement, [late], out))
    assert codes(report) == []
    after = results(out)
    assert after["M1.2.1.1"][4] == "Opfyldt"
    changed = {goal for goal in before if before[goal] != after[goal]}
    assert changed <= {"M1.2.1.1", "M1.2.1"}, "the delmål, and the effektmål that follows from it"


def test_overblik_counts_the_18_effektmaal_of_the_year(year: Year) -> None:
    for owner, answers in ANSWERS.items():
        year.fill(owner, answers)
    report = flet(year.agreement, [year.answers], year.folder / "opfoelgning.xlsx")
    counts = report.data["counts"]
    assert isinstance(counts, dict)
    assert {status: number for status, number in counts.items() if number} == {
        "Opfyldt": 2, "Delvist opfyldt": 1, "Ikke opfyldt": 1, "Mangler svar": 14}, "M3.2.1 follows from its delmål"
    assert sum(counts.values()) == 18
    done(report)
    rows = CalamineWorkbook.from_path(str(year.folder / "opfoelgning.xlsx")).get_sheet_by_name("Overblik").to_python()
    head = next(number for number, row in enumerate(rows) if "Nu" in row)
    place = rows[head].index("Nu")
    shown = {row[place - 1] or row[place - 2]: row[place] for row in rows[head + 1:head + len(counts) + 2]}
    assert shown == {**counts, "I alt": 18.0}


def test_opfoelgning_has_every_effektmaal_and_delmaal_of_the_plan_once(year: Year) -> None:
    year.fill("Husteamet", ANSWERS["Husteamet"])
    out = year.folder / "opfoelgning.xlsx"
    done(flet(year.agreement, [year.answers], out))
    found = table(out, "Opfølgning")
    source = {row["Mål-id"]: row for row in source_rows() if row["Effektmål"]}
    assert list(found) == list(source) and len(found) == 28
    for goal, row in found.items():
        wanted = as_written(source[goal])
        assert [row[c] if row[c] != "(x)" else "" for c in (*LEVELS, *YEARS, "Politik", "Måleenhed", "Ansvarlig")] == [
            wanted[c] for c in (*LEVELS, *YEARS, "Politik", "Måleenhed", "Ansvarlig")], goal
        own = source[goal]["2015"]
        assert row["Måltal"] == (float(own) if own.isdigit() else wanted["Måltal"]), goal
    assert {found[goal]["Svarstatus"] for goal in ("M2.2.1", "M1.1.1.3", "M1.2.1.3")} == {"Ikke aktuelt i år"}
    assert {row["KSE-krav"] for row in found.values()} == {"Ikke angivet"}
    without = {goal for goal, row in source.items() if not any(row[year] for year in YEARS)}
    assert {goal for goal, row in found.items() if "(x)" in [row[year] for year in YEARS]} == without, "as its effektmål"
    for goal in without:  # a delmål's years are its effektmål's, and those of an effektmål are its delmål's together
        others = [other for other in found if other == goal.rpartition(".")[0] or other.startswith(f"{goal}.")]
        assert [year for year in YEARS if found[goal][year]] == [
            year for year in YEARS if any(found[other][year] for other in others)], goal


# ---------------------------------------------------------------- every line of Measures, through the real chain

# Goals a year apart: what is agreed (x or the year's own target), what is answered, and what Opfølgning then says at
# the årsopfølgning. Shares of Målopfyldelse are shown as percent, »-« is an empty cell.
MEASURES = """
Måltype      | 2015 | 2016 | Udg. | Måltal | Enhed  | Opgøres    | Svar udg. | Resultat | Opfyldelse | Beregnet
Mindst       | x    | x    |      | 20     | kurser | Pr. år     |           | 20       | 100 %      | Opfyldt
Mindst       | x    | x    |      | 20     | kurser | Pr. år     |           | 30       | 150 %      | Opfyldt
Mindst       | x    | x    |      | 20     | kurser | Pr. år     |           | 5        | 25 %       | Delvist opfyldt
Mindst       | x    | x    |      | 20     | kurser | Pr. år     |           | 0        | 0 %        | Ikke opfyldt
Mindst       | x    | x    |      | 20     | kurser | I perioden |           | 5        | 25 %       | -
Mindst       | x    | x    |      | 20     | kurser | I perioden |           | 21       | 105 %      | Opfyldt
Mindst       | x    |      |      | 20     | kurser | I perioden |           | 5        | 25 %       | Delvist opfyldt
Mindst       | 10   | 40   |      | 20     | kurser | Pr. år     |           | 5        | 50 %       | Delvist opfyldt
Mindst       | x    | 40   |      | 20     | kurser | Pr. år     |           | 5        | 25 %       | Delvist opfyldt
Mindst       | x    | x    |      |        | kurser | Pr. år     |           | 5        | -          | -
Mindst       | x    | x    |      | 20     | kurser | Pr. år     |           |          | -          | -
Mindst       | x    | x    |      | 0      | kurser | Pr. år     |           | 0        | 100 %      | Opfyldt
Mindst       | x    | x    |      | -2     | point  | Pr. år     |           | -3       | 0 %        | Ikke opfyldt
Mindst       | x    | x    |      | 4,9    | point  | Pr. år     |           | -1       | -20,4 %    | Ikke opfyldt
Mindst       | x    | x    |      | 80     | %      | Pr. år     |           | 60 %     | 75 %       | Delvist opfyldt
Højst        | x    | x    |      | 10     | klager | Pr. år     |           | 8        | 100 %      | Opfyldt
Højst        | x    | x    |      | 10     | klager | Pr. år     |           | 20       | -          | Ikke opfyldt
Højst        | x    | x    | 30   | 10     | klager | Pr. år     |           | 20       | 50 %       | Delvist opfyldt
Højst        | x    | x    | 30   | 10     | klager | Pr. år     |           | 30       | 0 %        | Ikke opfyldt
Højst        | x    | x    | 18   | 6      | %      | Pr. år     |           | 18 %     | 0 %        | Ikke opfyldt
Højst        | x    |      | 8    | 4      | skoler | I perioden |           | 8        | 0 %        | Ikke opfyldt
Højst        | x    | x    |      | 5      | plads på ranglisten | Pr. år |   | 30       | -          | Ikke opfyldt
Mindst       | x    | x    | 12   | 20     | kurser | Pr. år     |           | 10       | 50 %       | Ikke opfyldt
Mindst       | x    | x    |      | 99     | %      | Pr. år     |           | 99,6 %   | 100,6 %    | Opfyldt
Mindst       | x    | x    |      | 4,9    | point  | Pr. år     |           | 5        | 102 %      | Opfyldt
Højst        | x    | x    |      | 10     | klager | I perioden |           | 8        | 100 %      | -
Højst        | x    |      |      | 10     | klager | I perioden |           | 8        | 100 %      | Opfyldt
Højst        | x    | x    |      | 0      | klager | Pr. år     |           | 0        | 100 %      | Opfyldt
Højst        | x    | x    |      | 0      | klager | Pr. år     |           | 1        | 0 %        | Ikke opfyldt
Stigning i % | x    | x    | 400  | 50     | brug   | Pr. år     |           | 600      | 100 %      | Opfyldt
Stigning i % | x    | x    | 400  | 50     | brug   | Pr. år     |           | 500      | 50 %       | Delvist opfyldt
Stigning i % | x    | x    | 400  | 50     | brug   | Pr. år     |           | 300      | -50 %      | Ikke opfyldt
Stigning i % | x    | x    | 400  | 50     | brug   | I perioden |           | 500      | 50 %       | -
Stigning i % | x    | x    | 400  | 50     | brug   | I perioden |           | 800      | 200 %      | -
Stigning i % | x    | x    |      | 50     | brug   | Pr. år     |           | 600      | -          | -
Stigning i % | x    | x    |      | 50     | brug   | Pr. år     | 400       | 600      | 100 %      | Opfyldt
Stigning i % | x    | x    | 0    | 50     | brug   | Pr. år     |           | 3        | 100 %      | Opfyldt
Stigning i % | x    | x    | 0    | 50     | brug   | Pr. år     |           | 0        | 0 %        | Ikke opfyldt
Stigning i % | x    | x    | -10  | 50     | brug   | Pr. år     |           | -5       | 100 %      | Opfyldt
Stigning i % | x    | x    |      | 20     | %      | Pr. år     |           | 10 %     | 50 %       | Delvist opfyldt
Stigning i % | 10   | 40   | 100  |        | brug   | Pr. år     |           | 105      | 50 %       | Delvist opfyldt
Stigning i % | x    | x    | 40   | 10     | %      | Pr. år     |           | 38 %     | -          | -
Stigning i % | x    | x    | 40   | 10     | procentpoint | Pr. år |         | 38 %     | -20 %      | Ikke opfyldt
Stigning i % | x    | x    | 40   | 10     | procentpoint | Pr. år |         | 45 %     | 50 %       | Delvist opfyldt
Fald i %     | x    | x    | 200  | 10     | bøder  | Pr. år     |           | 180      | 100 %      | Opfyldt
Fald i %     | x    | x    | 200  | 10     | bøder  | Pr. år     |           | 190      | 50 %       | Delvist opfyldt
Fald i %     | x    | x    | 200  | 10     | bøder  | I perioden |           | 160      | 200 %      | -
Fald i %     | x    | x    | 0    | 10     | bøder  | Pr. år     |           | 1        | 0 %        | Ikke opfyldt
Fald i %     | x    | x    |      | 10     | %      | Pr. år     |           | -5 %     | 50 %       | Delvist opfyldt
Fastholdes   | x    | x    | 70   |        | besøg  | Pr. år     |           | 70       | 100 %      | Opfyldt
Fastholdes   | x    | x    | 70   |        | besøg  | Pr. år     |           | 69       | 0 %        | Ikke opfyldt
Må ikke stige | x   | x    | 12   |        | dage   | Pr. år     |           | 12       | 100 %      | Opfyldt
Må ikke stige | x   | x    | 12   |        | dage   | Pr. år     |           | 15       | 0 %        | Ikke opfyldt
Fastholdes   | x    | x    |      |        | besøg  | Pr. år     |           | 69       | -          | -
Må ikke stige | x   | x    |      |        | dage   | Pr. år     |           | 15       | -          | -
Stiger       | x    | x    | 70   |        | besøg  | Pr. år     |           | 71       | 100 %      | Opfyldt
Stiger       | x    | x    | 70   |        | besøg  | Pr. år     |           | 70       | 0 %        | Ikke opfyldt
Stiger       | x    | x    | 70   |        | besøg  | I perioden |           | 71       | 100 %      | -
Falder       | x    | x    | 70   |        | klager | Pr. år     |           | 69       | 100 %      | Opfyldt
Falder       | x    | x    | 70   |        | klager | Pr. år     |           | 70       | 0 %        | Ikke opfyldt
Leverance    | x    | x    |      |        |        | I perioden |           | 1        | -          | -
             | x    | x    |      |        | noget  |            |           | 1        | -          | -
Mindst       | x    | x    |      | 20     | kurser |            |           | 5        | 25 %       | -
"""
COLUMNS = ("method", "2015", "2016", "baseline", "target", "unit", "scope", "said_baseline", "result", "share", "computed")


def measures() -> list[dict[str, str]]:
    lines = MEASURES.strip().splitlines()[1:]
    return [dict(zip(COLUMNS, (part.strip() for part in line.split("|")), strict=True)) for line in lines]


def answered(text: str) -> float | None:
    """Return what a colleague's cell holds: a percent cell holds a share."""
    if not text:
        return None
    number = float(text.rstrip(" %").replace(",", "."))
    return number / 100 if text.endswith("%") else number


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[Round, dict[str, dict[str, Any]]]:
    """Take every line of MEASURES through generer, fordel, a skema and flet, in both rounds."""
    folder = tmp_path_factory.mktemp("maal")
    head = "Udviklingsmål | Effektmål | 2015 | 2016 | Måltype | Udgangspunkt | Måltal | Måleenhed | Opgøres | Ansvarlig"
    rows = [" | ".join(("Alt", f"Mål nr. {n}", m["2015"], m["2016"], m["method"], m["baseline"], m["target"], m["unit"],
                        m["scope"], "Måleteamet")) for n, m in enumerate(measures(), 1)]
    path = agreement_of(folder, "\n".join((head, *rows)))
    found = {}
    for round_ in Round:
        done(fordel(path, round_, folder / round_.value, date(2015, 11, 11)))
        (form,) = (folder / round_.value).iterdir()
        answers: dict[str, dict[str, Any]] = {}
        for n, m in enumerate(measures(), 1):
            given = {"Udgangspunkt": answered(m["said_baseline"]), "Resultat": answered(m["result"])}
            answers[f"M1.0.{n}"] = {column: value for column, value in given.items() if value is not None}
        form.write_bytes(fill_in(form.read_bytes(), answers))
        out = folder / f"{round_.value}.xlsx"
        done(flet(path, [form], out))
        found[round_] = table(out, "Opfølgning")
    return found


def share(value: Any) -> str:
    return "-" if value == "" else f"{round(value * 100, 1):g} %".replace(".", ",")


NUMBERED = [pytest.param(f"M1.0.{n}", m, id=f"{n} " + " ".join(filter(None, m.values())))
            for n, m in enumerate(measures(), 1)]


@pytest.mark.parametrize(("goal", "said"), NUMBERED)
def test_fulfilment_and_computed_status_at_the_aarsopfoelgning(
        measured: dict[Round, dict[str, dict[str, Any]]], goal: str, said: dict[str, str]) -> None:
    row = measured[AAR][goal]
    assert (share(row["Målopfyldelse"]), row["Beregnet status"] or "-") == (said["share"], said["computed"])
    assert row["Resultat"] == ("" if not said["result"] else pytest.approx(answered(said["result"])))


@pytest.mark.parametrize(("goal", "said"), NUMBERED)
def test_before_the_deadline_only_what_cannot_be_lost_again_counts(
        measured: dict[Round, dict[str, dict[str, Any]]], goal: str, said: dict[str, str]) -> None:
    """At midtvejs nothing is due: Opfyldt for a reached Mindst of counts, else nothing; the share is the same."""
    row = measured[MIDT][goal]
    counts = said["method"] == "Mindst" and said["unit"] not in ("%", "point")
    reached = counts and said["share"] != "-" and answered(said["share"]) >= 1
    assert (share(row["Målopfyldelse"]), row["Beregnet status"]) == (said["share"], "Opfyldt" if reached else "")


def test_the_years_own_target_stands_under_maaltal(measured: dict[Round, dict[str, dict[str, Any]]]) -> None:
    shown = {(m["2015"], m["target"]): measured[AAR][f"M1.0.{n}"]["Måltal"] for n, m in enumerate(measures(), 1)
             if m["method"] == "Mindst" and m["unit"] == "kurser"}
    assert shown[("10", "20")] == 10.0 and shown[("x", "20")] == 20.0 and shown[("x", "")] == ""


def test_a_missing_baseline_is_asked_for(tmp_path: Path) -> None:
    path = agreement_of(tmp_path, "Udviklingsmål | Effektmål | 2015 | Måltype | Måltal | Måleenhed | Opgøres | Ansvarlig\n"
                                  "Alt | Brugen vokser | x | Stigning i % | 50 | brug | Pr. år | Digitalteamet")
    done(fordel(path, AAR, tmp_path / "skemaer"))
    (form,) = (tmp_path / "skemaer").iterdir()
    form.write_bytes(fill_in(form.read_bytes(), {"M1.0.1": {"Resultat": 600, "Status": "Opfyldt"}}))
    report = done(flet(path, [form], tmp_path / "ud.xlsx"))
    assert [p.goal for p in report.problems if p.code == "baseline-missing"] == ["M1.0.1"]
    row = table(tmp_path / "ud.xlsx", "Opfølgning")["M1.0.1"]
    assert (row["Målopfyldelse"], row["Beregnet status"], row["Status"]) == ("", "", "Opfyldt")


def test_a_goal_written_at_the_bottom_of_maal_stands_with_its_own_in_the_follow_up(year: Year) -> None:
    book = openpyxl.load_workbook(year.agreement)
    sheet = book["Mål"]
    header = header_row(sheet)
    columns = {str(cell.value): cell.column for cell in sheet[header] if cell.value}
    last = max(row for row in range(header + 1, sheet.max_row + 1) if sheet.cell(row, columns["Effektmål"]).value)
    for name in ("Udviklingsmål", "Fokusområde"):
        sheet.cell(last + 1, columns[name]).value = sheet.cell(header + 2, columns[name]).value
    for name, text in (("Effektmål", "Et nyt mål midt i året"), ("2015", "x"), ("Ansvarlig", "Ledelsen")):
        sheet.cell(last + 1, columns[name]).value = text
    book.save(year.agreement)
    write_all(list(fordel(year.agreement, Round.AARSOPFOELGNING, year.folder / "nye").files))
    year.fill("Ungeteamet", {"M1.2.1.1": {"Status": "Opfyldt"}})
    out = year.folder / "ud.xlsx"
    write_all(list(flet(year.agreement, [year.answers], out).files))
    sheet = opened(out)["Opfølgning"]
    rows = [(str(row[0]), str(row[1]), str(row[3])) for row in sheet.iter_rows(min_row=4, values_only=True)]
    groups = [group for group, _ in groupby(development for _, development, _ in rows)]
    assert len(groups) == len(set(groups)) == 4
    assert [text for _, _, text in rows].index("Et nyt mål midt i året") < len(rows) - 1
