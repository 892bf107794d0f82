"""Measures through the whole chain: what is asked about the agreement and about the answers, and how it is settled."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import cell_at, fill_in, header_row

from aftale.intake.read import read_workbook
from aftale.model.agreement import Round
from aftale.model.findings import Severity
from aftale.model.workbook import Workbook
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer
from aftale.steps.indlaes import indlaes
from aftale.steps.nyt_aar import nyt_aar
from aftale.steps.open_agreement import open_agreement
from aftale.steps.status import status
from aftale.units.model import UnitFollowUp
from aftale.units.read_unit import unit_of

HEAD = ("Udviklingsmål", "Effektmål", "Delmål", "2015", "2016", "Måltype", "Udgangspunkt", "Måltal", "Måleenhed", "Opgøres",
        "Ansvarlig")
MIDT, AAR = Round.MIDTVEJS, Round.AARSOPFOELGNING


def done(report: Report) -> Report:
    write_all(list(report.files))
    return report


def asked(report: Report, *codes: str) -> list[tuple[str, str]]:
    """Return the questions with some codes, as (code, Mål-id)."""
    return [(p.code, p.goal) for p in report.problems if p.code in codes and p.level is Severity.QUESTION]


def agreed(folder: Path, *goals: str) -> tuple[Path, Report]:
    """Make the agreement of a year's folder from rows with |, the columns of HEAD."""
    with (folder / "maal.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEAD, *([part.strip() for part in row.split("|")] for row in goals)])
    (folder / "aftale.toml").write_text('enhed = "Biblioteket"\nafdeling = "KSE"\naar = 2015\nperiode = "2015-2018"\n'
                                        "frist_midtvejs = 2015-06-10\nfrist_aarsopfoelgning = 2015-11-11\n",
                                        encoding="utf-8")
    path = folder / "aftale_2015_biblioteket.xlsx"
    return path, done(generer(folder, path, template_path()))


def answered(agreement: Path, round_: Round, answers: Mapping[str, Mapping[str, Any]],
             earlier: tuple[Path, ...] = ()) -> tuple[Path, Path]:
    """Send the round's one skema out and fill it in; return it and where the follow-up is to be."""
    folder = agreement.parent / round_.value
    done(fordel(agreement, round_, folder / "skemaer", None, earlier))
    (form,) = (folder / "skemaer").iterdir()
    (folder / "svar").mkdir(exist_ok=True)
    (folder / "svar" / form.name).write_bytes(fill_in(form.read_bytes(), answers, "Husteamet"))
    return folder / "svar", folder / f"opfoelgning_2015_{round_.value}.xlsx"


def choose(out: Path, code_words: str, pick: str) -> None:
    """Pick something on the first line of Kontrol that says some words, as a spreadsheet program does."""
    book = openpyxl.load_workbook(out)
    sheet = book["Kontrol"]
    header = next(row for row in range(1, 9) if "Vælg" in [cell.value for cell in sheet[row]])
    names = {cell.value: cell.column for cell in sheet[header]}
    row = next(row for row in range(header + 1, sheet.max_row + 1)
               if code_words in str(sheet.cell(row, names["Hvad"]).value))
    sheet.cell(row, names["Vælg"]).value = pick
    book.save(out)


def row_of(out: Path, goal: str, *headers: str) -> list[Any]:
    sheet = openpyxl.load_workbook(out)["Opfølgning"]
    assert header_row(sheet)
    return [cell_at(sheet, goal, header).value for header in headers]


# ---------------------------------------------------------------- the agreement's own numbers

QUESTIONS = [
    # the goal -> what is asked, what its line on Kontrol says
    ("Alt | Besøg | | x | x | Stiger | 100 | 120 | besøg | Pr. år | Husteamet", "target-unused", "bliver ikke brugt"),
    ("Alt | Elever | | x | x | Fastholdes | 12 | | % frafald | Pr. år | Husteamet", "kept-though-low", "»frafald«"),
    ("Alt | Andel | | x | x | Stigning i % | 40 | 10 | % | I perioden | Husteamet", "level-or-change", "både være"),
    ("Alt | Senere | | x | x | Mindst | | | besøg | Pr. år | Husteamet", "target-missing", "intet måltal"),
]


@pytest.mark.parametrize(("goal", "code", "says"), QUESTIONS, ids=[line[1] for line in QUESTIONS])
def test_a_doubt_about_a_measure_is_asked_until_it_is_settled_on_kontrol(tmp_path: Path, goal: str, code: str,
                                                                         says: str) -> None:
    once = [(code, "M1.0.1")]
    path, made = agreed(tmp_path, goal)
    assert asked(made, code) == once
    daily = [] if code == "target-missing" else once
    assert asked(status(tmp_path, date(2015, 5, 4)), code) == daily
    assert asked(done(fordel(path, MIDT, tmp_path / "prøve")), code) == once
    answers, out = answered(path, MIDT, {"M1.0.1": {"Status": "Forventes opfyldt"}})
    assert asked(indlaes(path, [answers]), code) == daily
    assert asked(done(flet(path, [answers], out)), code) == once
    assert asked(status(tmp_path, date(2015, 5, 4)), code) == daily
    choose(out, says, "Godkend")
    assert asked(done(flet(path, [answers], out)), code) == []
    assert asked(status(tmp_path, date(2015, 5, 4)), code) == []
    assert asked(fordel(path, AAR, tmp_path / "skemaer", None, [out]), code) == []
    answers, later = answered(path, AAR, {"M1.0.1": {"Status": "Forventes opfyldt"}}, (out,))
    assert asked(done(flet(path, [answers], later, [out])), code) == []


@pytest.mark.parametrize(("goal", "result", "computed"), [
    ("Alt | Elever | | x | x | Fastholdes | 12 | | % frafald | Pr. år | Husteamet", 15, "Opfyldt"),
    ("Alt | Besøg | | x | x | Stiger | 100 | 120 | besøg | Pr. år | Husteamet", 110, "Opfyldt"),
    ("Alt | Dage | | x | x | Falder | 6 | 5 | dage | Pr. år | Husteamet", 7, "Ikke opfyldt"),
], ids=["fastholdes: what should be little rises", "stiger: beside an unused target", "falder: beside an unused target"])
def test_nothing_is_computed_of_a_goal_while_it_is_asked_what_it_is_held_against(tmp_path: Path, goal: str, result: float,
                                                                                computed: str) -> None:
    path, _ = agreed(tmp_path, goal, "Alt | Andet | | x | x | Stiger | 100 | | besøg | Pr. år | Husteamet")
    answers, out = answered(path, AAR, {"M1.0.1": {"Resultat": result, "Status": "Opfyldt"}, "M1.0.2": {"Resultat": 110}})
    report = done(flet(path, [answers], out))
    assert row_of(out, "M1.0.1", "Målopfyldelse", "Beregnet status") == [None, None]
    assert row_of(out, "M1.0.2", "Målopfyldelse", "Beregnet status") == [1, "Opfyldt"]
    assert asked(report, "status-contradiction") == []
    book = read_workbook(out)
    assert isinstance(book, Workbook)
    unit = unit_of(book)
    assert isinstance(unit, UnitFollowUp)
    assert [each.computed for each in unit.goals] == ["", "Opfyldt"], "nor in what is read of the follow-up"
    choose(out, "»frafald«" if "frafald" in goal else "bliver ikke brugt", "Godkend")
    report = done(flet(path, [answers], out))
    assert row_of(out, "M1.0.1", "Beregnet status") == [computed]
    assert asked(report, "status-contradiction") == ([] if computed == "Opfyldt" else [("status-contradiction", "M1.0.1")])


def test_growth_of_a_share_is_not_computed_before_it_is_said_what_the_result_is(tmp_path: Path) -> None:
    path, _ = agreed(tmp_path, "Alt | Andel | | x | x | Stigning i % | 40 | 10 | % | Pr. år | Husteamet",
                     "Alt | Point | | x | x | Stigning i % | 40 | 10 | procentpoint | Pr. år | Husteamet")
    answers, out = answered(path, AAR, {"M1.0.1": {"Resultat": 0.38}, "M1.0.2": {"Resultat": 0.38}})
    report = done(flet(path, [answers], out))
    assert asked(report, "level-or-change") == [("level-or-change", "M1.0.1")]
    assert row_of(out, "M1.0.1", "Resultat", "Målopfyldelse", "Beregnet status") == [0.38, None, None]
    assert row_of(out, "M1.0.2", "Resultat", "Måltal", "Målopfyldelse", "Beregnet status") == [
        0.38, 10, -0.2, "Ikke opfyldt"]
    assert row_of(out, "M1.0.2", "Mål") == ["Stigning på 10 procentpoint pr. år"]


# ---------------------------------------------------------------- an effektmål with a target of its own, and delmål

HEREAF = ("Alt | 40 arrangementer | | x | x | Mindst | | 40 | arrangementer | Pr. år | Husteamet",
          "Alt | 40 arrangementer | heraf 10 for børn | | | Mindst | | 10 | arrangementer | Pr. år | Husteamet")
BOTH = [
    # held in all, for children, what is reported of the effektmål -> computed, shown, is it asked about?
    (45, 2, "", "Delvist opfyldt", "Delvist opfyldt", False), (45, 2, "Opfyldt", "Delvist opfyldt", "Opfyldt", True),
    (45, 2, "Ikke opfyldt", "Delvist opfyldt", "Ikke opfyldt", True),
    (45, 2, "Delvist opfyldt", "Delvist opfyldt", "Delvist opfyldt", False), (45, 12, "", "Opfyldt", "Opfyldt", False),
    (45, 12, "Delvist opfyldt", "Opfyldt", "Delvist opfyldt", True),
    (30, 12, "", "Delvist opfyldt", "Delvist opfyldt", False),
    (30, 12, "Opfyldt", "Delvist opfyldt", "Opfyldt", True), (0, 2, "", "Ikke opfyldt", "Ikke opfyldt", False),
    (0, 2, "Delvist opfyldt", "Ikke opfyldt", "Delvist opfyldt", False),
    (45, 2, "Udgået", "Delvist opfyldt", "Udgået", False),
]


@pytest.fixture(scope="module")
def hereaf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, _ = agreed(tmp_path_factory.mktemp("heraf"), *HEREAF)
    done(fordel(path, AAR, path.parent / "skemaer"))
    return path


@pytest.mark.parametrize(("held", "children", "reported", "computed", "shown", "asks"), BOTH,
                         ids=[f"{a} og {b}, {c or 'uden status'}" for a, b, c, *_ in BOTH])
def test_an_effektmaal_is_reached_where_its_own_target_and_its_delmaal_are(
        hereaf: Path, tmp_path: Path, held: int, children: int, reported: str, computed: str, shown: str,
        asks: bool) -> None:
    (form,) = (hereaf.parent / "skemaer").iterdir()
    given = {"M1.0.1": {"Resultat": held, "Bemærkninger": "Se tallene."} | ({"Status": reported} if reported else {}),
             "M1.0.1.1": {"Resultat": children}}
    (tmp_path / "svar.xlsx").write_bytes(fill_in(form.read_bytes(), given, "Husteamet"))
    report = done(flet(hereaf, [tmp_path / "svar.xlsx"], tmp_path / "ud.xlsx"))
    assert row_of(tmp_path / "ud.xlsx", "M1.0.1", "Beregnet status", "Status") == [computed, shown]
    found = [p for p in report.problems if p.code == "status-contradiction"]
    assert [p.goal for p in found] == (["M1.0.1"] if asks else [])
    if asks and computed == "Delvist opfyldt":
        assert ("ikke delmålene" if held >= 40 else "ikke målets eget") in found[0].message


# ---------------------------------------------------------------- only reached or not reached contradicts

REPORTED = [
    # the round, måltype and numbers, the result, the reported status -> is it asked about?
    (AAR, "Mindst | | 20 | besøg", 10, "Ikke opfyldt", False),
    (AAR, "Mindst | 12 | 20 | besøg", 10, "Delvist opfyldt", False),
    (AAR, "Mindst | | 20 | besøg", 10, "Opfyldt", True), (AAR, "Mindst | | 20 | besøg", 20, "Delvist opfyldt", True),
    (AAR, "Højst | | 5 | plads på ranglisten", 30, "Opfyldt", True),
    (AAR, "Højst | | 5 | plads på ranglisten", 30, "Ikke opfyldt", False),
    (AAR, "Mindst | | 20 | besøg", 20, "Afventer data", True), (AAR, "Mindst | | 20 | besøg", 10, "Afventer data", False),
    (MIDT, "Mindst | | 99 | %", 0.996, "Forventes opfyldt", False),
    (MIDT, "Mindst | | 20 | besøg", 21, "Forventes opfyldt", True),
    (MIDT, "Mindst | | 20 | besøg", 10, "Forventes opfyldt", False), (MIDT, "Mindst | | 20 | besøg", 10, "Opfyldt", True),
    (MIDT, "Mindst | | 99 | %", 0.996, "Opfyldt", False),
]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> dict[Round, list[str]]:
    """Return the goals whose status is asked about in each round, all of REPORTED answered at once."""
    found = {}
    for round_ in (MIDT, AAR):
        mine = [line for line in REPORTED if line[0] is round_]
        path, _ = agreed(tmp_path_factory.mktemp(round_.value),
                         *(f"Alt | Mål {n} | | x | x | {line[1]} | Pr. år | Husteamet" for n, line in enumerate(mine)))
        answers, out = answered(path, round_, {
            f"M1.0.{n}": {"Resultat": line[2], "Status": line[3], "Bemærkninger": "Se tallene."}
            for n, line in enumerate(mine, 1)})
        report = done(flet(path, [answers], out))
        goals = {p.goal for p in report.problems if p.code == "status-contradiction"}
        found[round_] = [f"{line}" for n, line in enumerate(mine, 1) if f"M1.0.{n}" in goals]
    return found


@pytest.mark.parametrize("line", REPORTED, ids=[f"{r.value}: {m}, {v} er »{s}«" for r, m, v, s, _ in REPORTED])
def test_only_reached_or_not_reached_contradicts(reported: dict[Round, list[str]], line: tuple[Any, ...]) -> None:
    assert (f"{line}" in reported[line[0]]) is line[4]


# ---------------------------------------------------------------- results that can hardly be right

UNLIKELY = [
    # the goal, what stands under Resultat -> code, the readings on the list, the first of them as it is stored
    ("Mindst | | 4,9 | point", 56, "figure-off-scale", "5,6", 5.6),
    ("Mindst | | 5 | besøg", 400, "figure-far", "4", 4),
    ("Mindst | | 80 | %", 82, "figure-far", "82 %", 0.82),
    ("Mindst | | 20 | besøg", -7, "figure-negative", "7", 7),
    ("Højst | | 10 | %", -0.15, "figure-negative", "15 %", 0.15),
    ("Fald i % | | 10 | %", 0.12, "fall-positive", "-12 %", -0.12),
]


def control_row(out: Path, goal: str, kind: str = "Usandsynligt svar") -> dict[str, Any]:
    """Return the goal's open line of a kind on Kontrol, with the choices of its list."""
    sheet = openpyxl.load_workbook(out)["Kontrol"]
    header = next(row for row in range(1, 9) if "Vælg" in [cell.value for cell in sheet[row]])
    names = {cell.value: cell.column for cell in sheet[header]}
    for row in range(header + 1, sheet.max_row + 1):
        found = {name: sheet.cell(row, column).value for name, column in names.items()}
        if found["Mål-id"] == goal and found["Slags"] == kind:
            cell = sheet.cell(row, names["Vælg"]).coordinate
            lists = [rule.formula1 for rule in sheet.data_validations.dataValidation if cell in rule.sqref]
            return {**found, "row": row, "column": names["Vælg"], "liste": lists[0].strip('"').split(",") if lists else []}
    return {}


@pytest.fixture(scope="module")
def unlikely(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    folder = tmp_path_factory.mktemp("usandsynligt")
    path, _ = agreed(folder, *(f"Alt | Mål {n} | | x | x | {goal} | Pr. år | Husteamet"
                               for n, (goal, *_) in enumerate(UNLIKELY)))
    answers, out = answered(path, AAR, {f"M1.0.{n}": {"Resultat": line[1]} for n, line in enumerate(UNLIKELY, 1)})
    done(flet(path, [answers], out))
    return path, answers, out


@pytest.mark.parametrize("pick", ["reading", "Tag ikke med", "Godkend"])
def test_an_unlikely_result_is_settled_on_kontrol(unlikely: tuple[Path, Path, Path], tmp_path: Path, pick: str) -> None:
    path, answers, first = unlikely
    out = tmp_path / first.name
    out.write_bytes(first.read_bytes())
    book = openpyxl.load_workbook(out)
    for n, (_, raw, code, reading, _) in enumerate(UNLIKELY, 1):
        line = control_row(out, f"M1.0.{n}")
        shown = reading.replace(",", "\u201a")  # a list keeps its choices with commas between them
        assert line["liste"] == [f"Brug {shown}", "Tag ikke med", "Godkend", "Spørg Husteamet"], code
        assert row_of(out, f"M1.0.{n}", "Resultat") == [raw], "it stands until somebody has answered"
        book["Kontrol"].cell(line["row"], line["column"]).value = f"Brug {shown}" if pick == "reading" else pick
    book.save(out)
    report = done(flet(path, [answers], out))
    codes = {line[2] for line in UNLIKELY}
    assert asked(report, *codes) == []
    for n, (_, raw, _, _, meant) in enumerate(UNLIKELY, 1):
        wanted = {"reading": pytest.approx(meant), "Tag ikke med": None, "Godkend": raw}[pick]
        assert row_of(out, f"M1.0.{n}", "Resultat")[0] == wanted
    again = flet(path, [answers], out)
    assert asked(again, *codes) == [] and again.files == (), "and it is remembered"
    assert not any("resultat" in line for line in report.after), "nobody lacks a result that was used or is left out"


DOUBTFUL: dict[str, tuple[str, object, tuple[str, ...], object]] = {
    # the goal -> the column, what was written in it, the readings on the list, what the second of them is (the only one)
    "M1.0.1": ("Resultat", "mellem 10 og 12", ("10", "12"), 12),
    "M1.0.2": ("Opgjort pr.", date(2011, 10, 30), ("31. oktober 2015", "30. oktober 2011"), datetime(2011, 10, 30)),
    "M1.0.3": ("Resultat", 2.5, ("2,5 %", "250 %"), 2.5),
    "M1.0.4": ("Resultat", "slet ikke noget", (), None),
}


def test_what_could_not_be_read_is_chosen_from_its_possible_readings(tmp_path: Path) -> None:
    path, _ = agreed(tmp_path, *(f"Alt | Mål {n} | | x | x | Mindst | | 20 | {unit} | Pr. år | Husteamet"
                                 for n, unit in enumerate(("besøg", "besøg", "%", "besøg"))))
    answers, out = answered(path, AAR, {goal: {column: raw} for goal, (column, raw, *_) in DOUBTFUL.items()})
    (form,) = answers.iterdir()
    book = openpyxl.load_workbook(form)
    cell_at(book["Skema"], "M1.0.3", "Resultat").number_format = "0.0"  # which has lost its percent format
    book.save(form)
    done(flet(path, [answers], out))
    lines = {goal: control_row(out, goal, "Kunne ikke læses") for goal in DOUBTFUL}
    book = openpyxl.load_workbook(out)
    for goal, (_, _, readings, _) in DOUBTFUL.items():
        shown = [f"Brug {each}".replace(",", "\u201a") for each in readings]
        assert lines[goal]["liste"] == [*shown, "Tag ikke med", "Spørg Husteamet"]
        book["Kontrol"].cell(lines[goal]["row"], lines[goal]["column"]).value = (*shown, "Tag ikke med")[1 if shown else 0]
    book.save(out)
    done(flet(path, [answers], out))
    assert {goal: row_of(out, goal, column)[0] for goal, (column, *_) in DOUBTFUL.items()} == {
        goal: meant for goal, (*_, meant) in DOUBTFUL.items()}
    assert control_row(out, "M1.0.4", "Kunne ikke læses")["Tilstand"] == "Udeladt"


# ---------------------------------------------------------------- into the next year

def test_a_baseline_in_percent_is_the_same_percent_in_next_years_agreement(tmp_path: Path) -> None:
    path, _ = agreed(tmp_path, "Alt | Andel | | x | x | Stigning i % | 40 | 10 | procentpoint | Pr. år | Husteamet",
                     "Alt | Frafald | | x | x | Må ikke stige | | | % | Pr. år | Husteamet",
                     "Alt | Besøg | | x | x | Stigning i % | 400 | 10 | besøg | Pr. år | Husteamet")
    answers, out = answered(path, AAR, {
        "M1.0.1": {"Resultat": 0.03, "Status": "Ikke opfyldt", "Bemærkninger": "Se tallene."},
        "M1.0.2": {"Udgangspunkt": 0.12, "Resultat": 0.11, "Status": "Opfyldt"},
        "M1.0.3": {"Resultat": 450, "Status": "Opfyldt"}})
    done(flet(path, [answers], out))
    done(nyt_aar(path, [out], tmp_path / "næste" / "aftale_2016.xlsx"))
    agreement = open_agreement(tmp_path / "næste" / "aftale_2016.xlsx").agreement
    assert {goal.id: goal.measure.baseline for goal in agreement.goals} == {"M1.0.1": 3.0, "M1.0.2": 12.0, "M1.0.3": 450.0}
