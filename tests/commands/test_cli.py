"""The command line as people and other programs meet it: exit codes, JSON, messages, help; of each code one real process."""

from __future__ import annotations

import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from conftest import fill_in
from rich.console import Console
from running import run_here

from aftale.cells.hidden_sheet import find_record
from aftale.commands.main import COMMANDS
from aftale.forms.draw_xlsx import draw_form, fixed_texts
from aftale.forms.plan import form_book, form_from_record, form_record
from aftale.intake.read import read_bytes
from aftale.mail.sent_list import SENT_LIST
from aftale.model.agreement import Round
from aftale.model.place import Place
from aftale.model.problems import CATALOGUE, problem
from aftale.model.workbook import Workbook
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer
from aftale.terminal.show import show_findings

pytestmark = pytest.mark.xdist_group("desk")  # what they share is made once

ROOT = Path(__file__).resolve().parents[2]
NEXT_STEP = re.compile(
    r"\b(Kør|Skriv|Vælg|Kontrollér|Bed|Læg|Flyt|Luk|Ret|Åbn|Gå|Brug|Fjern|Lav|Spørg|Meld|Tilføj|Flet|Gem|Se|Tag|Send|Indsæt"
    r"|kør|skriv|vælg|flyt|luk|bed|ret)\b")


def process(*args: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``python -m aftale …`` in a process of its own."""
    return subprocess.run([sys.executable, "-m", "aftale", *map(str, args)], cwd=cwd, capture_output=True,
                          encoding="utf-8", timeout=120, env={**os.environ, "PYTHONIOENCODING": "utf-8"})


@pytest.fixture(scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that could be given to a command by right or by mistake."""
    desk = tmp_path_factory.mktemp("bord")
    agreement = desk / "aftale.xlsx"
    make(generer(example_path(), agreement, template_path()))
    make(fordel(agreement, Round.AARSOPFOELGNING, desk / "skemaer", date(2015, 11, 11)))
    make(fordel(agreement, Round.MIDTVEJS, desk / "midtvejsskemaer"))
    forms = {path.name.split("_")[3]: path for path in sorted((desk / "skemaer").iterdir())}
    good = {"M4.1.1": {"Resultat": 1, "Status": "Opfyldt"}}
    write(desk / "svar" / "godt.xlsx", fill_in(forms["hr"].read_bytes(), good, "Vikaren i HR- og udviklingsteamet"))
    doubt = {"M2.1.1": {"Resultat": "en del", "Status": "Opfyldt"}}
    write(desk / "tvivl" / "tvivl.xlsx", fill_in(forms["husteamet"].read_bytes(), doubt))
    shutil.copy(forms["ungeteamet"], desk / "skema.xlsx")
    shutil.copy(next((desk / "midtvejsskemaer").iterdir()), desk / "midtvejsskema.xlsx")
    make(flet(agreement, [desk / "svar"], desk / "opfoelgning.xlsx"))
    for unit, year, name in (("Et andet bibliotek", 2015, "anden"), ("Viborg Bibliotekerne", 2016, "aaret_efter")):
        folder = desk / name
        shutil.copytree(example_path(), folder)
        toml = (folder / "aftale.toml").read_text(encoding="utf-8")
        toml = toml.replace('enhed = "Viborg Bibliotekerne"', f'enhed = "{unit}"').replace("aar = 2015", f"aar = {year}")
        (folder / "aftale.toml").write_text(toml, encoding="utf-8")
        make(generer(folder, desk / f"{name}.xlsx", template_path()))
        make(fordel(desk / f"{name}.xlsx", Round.AARSOPFOELGNING, folder / "skemaer"))
        shutil.copy(sorted((folder / "skemaer").iterdir())[0], desk / f"skema_{name}.xlsx")
    write(desk / "ældre.xlsx", of_older_template(forms["ungeteamet"].read_bytes()))
    write(desk / "fremmed.xlsx", foreign())
    write(desk / "tekst.xlsx", b"Jeg er slet ikke et regneark.\n")
    write(desk / "halv.xlsx", (desk / "aftale.xlsx").read_bytes()[:3000])
    write(desk / "ødelagt.xlsx", (desk / "aftale.xlsx").read_bytes().replace(b"xl/worksheets/sheet", b"xl/worksheetz/sheet"))
    write(desk / "tomfil.xlsx", b"")
    write(desk / "fil", b"x")
    write(desk / "uden_ansvarlig.csv", "Udviklingsmål;Effektmål;2015\nSynlighed;Et mål;x\n".encode())
    (desk / "tom").mkdir()
    (desk / "mappe.xlsx").mkdir()
    return desk


@pytest.fixture
def desk(_desk: Path, tmp_path: Path) -> Path:
    """The folder, a copy for each test."""
    shutil.copytree(_desk, tmp_path / "bord")
    return tmp_path / "bord"


def make(report: Report) -> None:
    write_all(list(report.files))


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def of_older_template(data: bytes) -> bytes:
    """Return a skema whose record says that it was made with an earlier template, seal and all."""
    book = read_bytes(data, "skema.xlsx")
    assert isinstance(book, Workbook)
    form = form_from_record(find_record(book)[1])
    assert form is not None
    form = replace(form, template="0")
    drawn = form_book(form, date(2015, 1, 1))
    return draw_form(replace(drawn, record=form_record(replace(form, fixed=fixed_texts(drawn)))))


def foreign() -> bytes:
    """Return a workbook that has nothing to do with us."""
    book = openpyxl.Workbook()
    book["Sheet"].append(["Vagtplan", "Mandag", "Tirsdag"])
    book["Sheet"].append(["Skranken", "Ungeteamet", "Husteamet"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# ---------------------------------------------------------------- exit codes

ALL_WELL = """
generer viborg --ud ny.xlsx
generer aftale.xlsx --ud ny.xlsx
generer --enhed Biblioteket --aar 2015 --ud ny.xlsx
fordel aftale.xlsx --runde midtvejs --ud ud
fordel aftale.xlsx --runde årsopfølgning --ud ud --frist 11.11.2015
fordel aftale.xlsx --runde aarsopfoelgning --ud ud --tidligere opfoelgning.xlsx
indlaes aftale.xlsx svar
indlaes aftale.xlsx svar --csv svar.csv
indlaes aftale.xlsx skemaer
indlaes aftale.xlsx ældre.xlsx svar
flet aftale.xlsx svar --ud ny.xlsx
flet aftale.xlsx svar --ud opfoelgning.xlsx
skabelon skabelon.xlsx
--version
--help
"""
DOUBTS = """
generer uden_ansvarlig.csv --ud ny.xlsx          | owner-missing
indlaes aftale.xlsx tvivl                        | number-unreadable
indlaes aftale.xlsx svar findes_ikke             | file-missing
indlaes aftale.xlsx svar tekst.xlsx              | file-other
indlaes aftale.xlsx svar halv.xlsx               | file-truncated
indlaes aftale.xlsx svar ødelagt.xlsx            | file-damaged
indlaes aftale.xlsx svar tomfil.xlsx             | file-empty
indlaes aftale.xlsx svar fremmed.xlsx            | not-ours
indlaes aftale.xlsx svar skema_anden.xlsx        | other-agreement
indlaes aftale.xlsx svar skema_aaret_efter.xlsx  | other-year
indlaes aftale.xlsx svar midtvejsskema.xlsx      | other-round
flet aftale.xlsx svar tvivl --ud ny.xlsx         | number-unreadable
flet aftale.xlsx svar fremmed.xlsx --ud ny.xlsx  | not-ours
fordel aftale.xlsx --runde midtvejs --ud ud --tidligere findes_ikke.xlsx | file-missing
fordel aftale.xlsx --runde midtvejs --ud ud --tidligere aftale.xlsx      | not-followup
skabelon skema.xlsx                              | template-lacks
"""
WRONG_USAGE = """
flet aftale.xlsx svar --ud mappe.xlsx
generer findes_ikke --ud ny.xlsx
generer tom
generer --aar femten
fordel findes_ikke.xlsx --runde midtvejs --ud ud
fordel skema.xlsx --runde midtvejs --ud ud
fordel opfoelgning.xlsx --runde midtvejs --ud ud
fordel tom --runde midtvejs --ud ud
fordel aftale.xlsx --runde jul --ud ud
fordel aftale.xlsx --runde midtvejs --ud ud --frist 32-13-2015
fordel aftale.xlsx --runde midtvejs --ud ud --frist snart
indlaes findes_ikke.xlsx svar
indlaes skema.xlsx svar
indlaes opfoelgning.xlsx svar
indlaes aftale.xlsx svar --runde jul
flet findes_ikke.xlsx svar --ud ny.xlsx
flet skema.xlsx svar --ud ny.xlsx
flet aftale.xlsx svar
flet aftale.xlsx svar --findes-ikke
skabelon findes_ikke.xlsx
skabelon tom
findes_ikke
"""
COULD_NOT = """
generer viborg --ud mappe.xlsx
generer viborg --ud fil/ny.xlsx
generer tekst.xlsx --ud ny.xlsx
generer halv.xlsx --ud ny.xlsx
generer viborg --ud ny.xlsx --skabelon tekst.xlsx
generer viborg --ud ny.xlsx --skabelon skema.xlsx
generer viborg --ud ny.xlsx --skabelon fremmed.xlsx
fordel tekst.xlsx --runde midtvejs --ud ud
fordel halv.xlsx --runde midtvejs --ud ud
fordel ødelagt.xlsx --runde midtvejs --ud ud
fordel fremmed.xlsx --runde midtvejs --ud ud
fordel aftale.xlsx --runde midtvejs --ud fil
indlaes halv.xlsx svar
indlaes fremmed.xlsx svar
indlaes aftale.xlsx tom
indlaes aftale.xlsx findes_ikke
indlaes aftale.xlsx aftale.xlsx
indlaes aftale.xlsx svar --csv fil/svar.csv
indlaes aftale.xlsx svar --csv tom
flet aftale.xlsx tom --ud ny.xlsx
flet halv.xlsx svar --ud ny.xlsx
flet aftale.xlsx svar --ud fil/ny.xlsx
flet aftale.xlsx svar --ud aftale.xlsx
flet aftale.xlsx svar --ud skema.xlsx
flet aftale.xlsx svar --ud tekst.xlsx
flet aftale.xlsx svar --ud fremmed.xlsx
flet anden.xlsx skema_anden.xlsx --ud opfoelgning.xlsx
flet aftale.xlsx midtvejsskemaer --ud opfoelgning.xlsx --runde midtvejs
skabelon tekst.xlsx
skabelon halv.xlsx
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


def words(line: str) -> list[str]:
    return [{"viborg": str(example_path()), "skabelon.xlsx": str(template_path())}.get(word, word)
            for word in line.split()]


def run(line: str, desk: Path) -> subprocess.CompletedProcess[str]:
    done = run_here(*words(line), cwd=desk)
    assert not re.search("Traceback|fejlede uventet", done.stdout + done.stderr), done.stderr
    return done


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file in a folder; the list of what was made when is left out."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
            if path.is_file() and path.name != SENT_LIST}


@pytest.mark.parametrize("line", lines(ALL_WELL))
def test_0_where_all_is_well(line: str, desk: Path) -> None:
    done = run(line, desk)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert not re.search(r"^\s*(Fejl|Spørgsmål) ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("line", lines(DOUBTS))
def test_1_where_peoples_files_hold_errors_or_questions_and_the_output_is_written_all_the_same(line: str,
                                                                                             desk: Path) -> None:
    command, code = (part.strip() for part in line.split("|"))
    done = run(command, desk)
    assert done.returncode == 1, done.stdout + done.stderr
    fixed = max(re.split(r"\{\w+\}", CATALOGUE[code][1]), key=len).strip()
    found = [row for row in done.stdout.splitlines() if fixed in row and re.match(r"  (Fejl|Spørgsmål) ", row)]
    assert found and all(NEXT_STEP.search(row) for row in found), done.stdout
    if "--ud" in command:
        made = desk / command.split()[command.split().index("--ud") + 1]
        assert made.is_file() or any(made.iterdir())


@pytest.mark.parametrize("line", lines(WRONG_USAGE))
def test_2_where_the_command_is_used_wrongly(line: str, desk: Path) -> None:
    before = snapshot(desk)
    done = run(line, desk)
    assert done.returncode == 2, done.stdout + done.stderr
    assert NEXT_STEP.search(done.stderr), done.stderr
    assert done.stdout == ""
    assert snapshot(desk) == before


@pytest.mark.parametrize("line", lines(COULD_NOT))
def test_3_where_the_command_could_not_do_its_work(line: str, desk: Path) -> None:
    before = snapshot(desk)
    done = run(line, desk)
    assert done.returncode == 3, done.stdout + done.stderr
    assert NEXT_STEP.search(done.stderr), done.stderr
    assert done.stdout == ""
    assert snapshot(desk) == before, "nothing is touched"


@pytest.mark.parametrize(("line", "code"), [
    ("fordel aftale.xlsx --runde midtvejs --ud ud", 0), ("flet aftale.xlsx svar tvivl --ud ny.xlsx", 1),
    ("flet aftale.xlsx svar --findes-ikke", 2), ("flet halv.xlsx svar --ud ny.xlsx", 3)])
def test_a_process_ends_with_the_code_and_says_and_writes_what_the_others_here_do(line: str, code: int, desk: Path,
                                                                                   _desk: Path, tmp_path: Path) -> None:
    shutil.copytree(_desk, tmp_path / "andet bord")
    here, there = run(line, desk), process(*words(line), cwd=tmp_path / "andet bord")
    assert (there.returncode, there.stdout) == (code, here.stdout)
    assert there.stderr.replace("python -m aftale", "aftale") == here.stderr
    assert here.returncode == code and snapshot(tmp_path / "andet bord") == snapshot(desk)


def test_a_bad_source_in_a_folder_is_named_with_its_line(desk: Path) -> None:
    (desk / "anden" / "aftale.toml").write_text("enhed = Viborg\n", encoding="utf-8")
    done = run("generer anden --ud ny.xlsx", desk)
    assert done.returncode == 3
    assert 'aftale.toml, linje 1, kan ikke læses: enhed = Viborg. Skriv enhed = "Viborg"' in done.stderr
    assert NEXT_STEP.search(done.stderr)


# ---------------------------------------------------------------- --json

KEYS = {"workbook", "goals", "responses", "conflicts", "problems", "counts", "cells"}
PROBLEM = {"code", "level", "file", "sheet", "cell", "value", "message", "advice"}


@pytest.mark.parametrize("line", ["indlaes aftale.xlsx svar tvivl fremmed.xlsx --json",
                                  "flet aftale.xlsx svar tvivl fremmed.xlsx --ud ny.xlsx --json"])
def test_json_is_one_object_with_the_contracts_keys_and_the_prose_goes_to_standard_error(line: str, desk: Path) -> None:
    done = run(line, desk)
    data = json.loads(done.stdout)
    assert done.returncode == 1
    assert set(data) == KEYS
    assert data["workbook"] == ("ny.xlsx" if "flet" in line else None)
    assert {frozenset(each) for each in data["problems"]} == {frozenset(PROBLEM)}
    codes = {each["code"]: each for each in data["problems"]}
    doubt = codes["number-unreadable"]
    assert (doubt["level"], doubt["file"], doubt["sheet"], doubt["value"]) == ("question", "tvivl.xlsx", "Skema", "en del")
    assert re.fullmatch(r"[A-Z]+\d+", doubt["cell"]) and doubt["message"] and NEXT_STEP.search(doubt["advice"])
    assert (codes["not-ours"]["level"], codes["not-ours"]["file"]) == ("error", "fremmed.xlsx")
    assert {each["level"] for each in data["problems"]} <= {"error", "question", "info"}
    goals = {goal["id"]: goal for goal in data["goals"]}
    assert goals["M4.1.1"]["status"] == "Opfyldt" and goals["M4.1.1"]["answers"]["resultat"] == 1.0
    assert goals["M4.1.2"]["status"] == "Mangler svar"
    assert sum(data["counts"].values()) == 18 and data["counts"]["Opfyldt"] == 2
    cells = data["cells"]
    assert cells["total"] == cells["sent"] + cells["conflict"] + cells["followup"] + cells["control"] > 0
    assert len(data["responses"]) == 8 and data["conflicts"] == []
    assert "skemaer læst" in done.stderr and "Næste skridt" in done.stderr


def test_json_holds_both_sides_of_a_conflict(desk: Path) -> None:
    form = next((desk / "skemaer").glob("*husteamet*")).read_bytes()
    for by, result in (("Vikaren i Husteamet", 1), ("Lederen af Husteamet", 3)):
        write(desk / "to" / f"{by}.xlsx", fill_in(form, {"M2.1.1": {"Resultat": result, "Status": "Opfyldt"}}, by))
    done = run("flet aftale.xlsx to --ud ny.xlsx --json", desk)
    (conflict,) = json.loads(done.stdout)["conflicts"]
    assert (conflict["goal"], conflict["column"]) == ("M2.1.1", "resultat")
    assert {(side["value"], side["file"]) for side in conflict["answers"]} == {
        (1.0, "Vikaren i Husteamet.xlsx"), (3.0, "Lederen af Husteamet.xlsx")}
    assert done.returncode == 1


def test_json_says_what_it_says_whatever_the_terminal_can_write(desk: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "aftale", "indlaes", "aftale.xlsx", "svar", "--json"], cwd=desk,
                          capture_output=True, timeout=60, env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert "Børneteamet" in {each["owner"] for each in json.loads(done.stdout.decode("ascii"))["responses"]}
    assert done.returncode == 0


def test_what_is_wrong_with_a_command_goes_to_standard_error_even_with_json(desk: Path) -> None:
    done = run("flet skema.xlsx svar --ud ny.xlsx --json", desk)
    assert (done.returncode, done.stdout) == (2, "")
    assert "er et skema, ikke en aftale" in done.stderr


# ---------------------------------------------------------------- help and scripts

ENGLISH = re.compile(r"\b(Show this|Usage:|Options|Arguments|the|and|file|folder|Try)\b")


@pytest.mark.parametrize("command", [command.__name__.replace("_", "-") for command in COMMANDS])
def test_every_command_has_danish_help_with_an_example_and_is_a_script_of_its_own(
        command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = ROOT / "scripts" / f"{command}.py"
    assert script.exists()
    done = subprocess.run([sys.executable, str(script), "--help"], cwd=tmp_path, capture_output=True, encoding="utf-8",
                          timeout=60, env={**os.environ, "COLUMNS": "120"})
    monkeypatch.setenv("COLUMNS", "120")
    outputs = []
    for each in (done, run_here(command, "--help", cwd=tmp_path)):
        assert (each.returncode, each.stderr) == (0, "")
        assert f"Eksempel: aftale {command}" in " ".join(each.stdout.split())
        assert not ENGLISH.search(each.stdout), ENGLISH.search(each.stdout)
        outputs.append(each.stdout.split("\n", 2)[2])
    assert outputs[0] == outputs[1]
    assert list(tmp_path.iterdir()) == []


def test_every_command_says_first_what_it_does_in_one_sentence() -> None:
    for command in COMMANDS:
        first = (inspect.getdoc(command) or "").splitlines()[0]
        assert re.fullmatch(r"[A-ZÆØÅ][^.]+\.", first), command.__name__


def test_the_program_lists_its_commands_and_no_others(tmp_path: Path) -> None:
    shown = run_here("--help", cwd=tmp_path).stdout
    for command in COMMANDS:
        assert re.search(rf"^\W*{command.__name__.replace('_', '-')}\b", shown, re.MULTILINE)
    scripts = {path.stem for path in (ROOT / "scripts").glob("*.py") if not path.name.startswith("_")}
    assert scripts >= {command.__name__.replace("_", "-") for command in COMMANDS}


def test_a_script_does_the_work_from_a_folder_far_from_the_checkout(desk: Path) -> None:
    script = ROOT / "scripts" / "flet.py"
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run([sys.executable, str(script), "aftale.xlsx", "svar", "--ud", "ny.xlsx"], cwd=desk, env=env,
                          capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert (desk / "ny.xlsx").read_bytes() == (desk / "opfoelgning.xlsx").read_bytes()


def test_a_skema_of_an_older_template_is_read_and_the_reader_is_told(desk: Path) -> None:
    done = run("indlaes aftale.xlsx ældre.xlsx --alle", desk)
    assert done.returncode == 0
    assert "ældre skabelon (udgave 0" in done.stdout


@pytest.mark.parametrize(("code", "words", "wrong"), [
    ("zip-too-big", {"value": 1}, "1 filer"), ("email-mismatch", {"many": 1, "value": 2}, "1 ansvarlige"),
    ("email-mismatch", {"many": 2, "value": 1}, "1 e-mailadresser")])
def test_a_message_about_one_is_in_the_singular(code: str, words: dict[str, int], wrong: str) -> None:
    assert wrong not in problem(code, **words).message


def test_what_says_the_same_of_many_cells_is_one_line_that_names_them() -> None:
    found = [problem("owner-missing", Place("a.xlsx", "Mål", f"S{row}")) for row in range(2, 14)]
    found[3:3] = [problem("email-missing", Place("a.xlsx", "Mål", "T2"), owner="Husteamet"),
                  problem("owner-missing", Place("b.xlsx", "Mål", "S2"))]

    def shown(most: int | None) -> list[str]:
        stream = io.StringIO()
        show_findings(found, Console(file=stream, width=500, soft_wrap=True), most)
        return stream.getvalue().strip().splitlines()

    head, first, second, third = shown(12)
    assert head == "13 spørgsmål, 1 oplysning:"
    assert "a.xlsx, ark Mål, celle S2, S3, S4, S5, S6, S7, S8, S9 og 4 til: " in first
    assert "b.xlsx, ark Mål, celle S2: " in second and "Husteamet" in third
    assert "S11, S12 og S13: " in shown(None)[1]
    assert shown(1)[-1].strip().startswith("… og 2 til"), "what isn't shown is counted finding by finding"


def test_flet_tells_in_full_only_what_is_new_since_it_wrote_the_follow_up_and_so_does_indlaes(desk: Path) -> None:
    first = run("flet aftale.xlsx svar tvivl --ud ny.xlsx", desk)
    again = run("flet aftale.xlsx svar tvivl --ud ny.xlsx", desk)
    assert "»en del«" in first.stdout and "vist før" not in first.stdout and "»en del«" not in again.stdout
    assert re.search(r"\n1 spørgsmål.*:\n  \d+ er vist før \(vis dem med --alle\)\.\n", again.stdout)
    assert (first.returncode, again.returncode) == (1, 1)
    write(desk / "tvivl" / "fremmed.xlsx", foreign())
    more = run("flet aftale.xlsx svar tvivl --ud ny.xlsx", desk)
    assert "»en del«" not in more.stdout and "fremmed.xlsx" in more.stdout
    assert "»en del«" in run("flet aftale.xlsx svar tvivl --ud ny.xlsx --alle", desk).stdout
    assert "»en del«" not in run("indlaes aftale.xlsx svar tvivl --opfoelgning ny.xlsx", desk).stdout
