"""The year's folder: every command without an argument, what is found there by what it is, and the next step."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import fill_in
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.office.shipped_files import example_path

AGREEMENT = "aftale_2015_viborg_bibliotekerne.xlsx"
Command = Callable[..., "Said"]


class Said:
    """What a command said, and how it ended."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text

    @property
    def next_step(self) -> str:
        return self.text.rsplit("Næste skridt:", 1)[-1].strip() if "Næste skridt:" in self.text else ""


@pytest.fixture
def aar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A year's folder with a source of goals, and the terminal standing in it."""
    folder = tmp_path / "2015"
    shutil.copytree(example_path(), folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def aftale(aar: Path) -> Command:
    """Run ``aftale …`` in the year's folder."""
    def call(*args: str) -> Said:
        done = CliRunner().invoke(app, list(args), catch_exceptions=False)
        return Said(done.exit_code, done.output)
    return call


def form(aar: Path, owner: str, round_: str = "midtvejs") -> Path:
    (found,) = (aar / round_ / "skemaer").glob(f"*_{owner}_*")
    return found


def answer(aar: Path, owner: str, answers: dict[str, dict[str, Any]], round_: str = "midtvejs", where: str = "svar") -> Path:
    """Fill in a skema and put it where answers lie."""
    source = form(aar, owner, round_)
    target = aar / round_ / where / source.name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(fill_in(source.read_bytes(), answers))
    return target


def column(path: Path, sheet: str, header: str) -> dict[str, Any]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    head = next(row for row in rows if "Mål-id" in row)
    goal, at = head.index("Mål-id"), head.index(header)
    return {row[goal]: row[at] for row in rows if re.fullmatch(r"M[\d.]+", str(row[goal]))}


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def midtvejs(aar: Path, aftale: Command) -> None:
    """Take the year to a finished midtvejsopfølgning."""
    aftale("generer")
    aftale("fordel")
    answer(aar, "husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
    assert aftale("flet").code == 0


# ---------------------------------------------------------------- the year, command by command

def test_the_year_without_an_argument(aar: Path, aftale: Command) -> None:
    source = names(aar)
    made = aftale("generer")
    assert made.code == 0 and f"Læst: mappen {aar.name}\n" in made.text
    assert names(aar) - source == {AGREEMENT}

    assert aftale("fordel").code == 0
    forms = names(aar / "midtvejs" / "skemaer")
    assert len(forms) == 8 and all(re.fullmatch(r"skema_2015_midtvejs_\w+_S-\w{4}-\w{4}\.xlsx", name) for name in forms)

    answer(aar, "husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
    answer(aar, "ungeteamet", {"M1.2.1": {"Status": "Ikke igangsat"}}, where="skemaer")
    said = aftale("indlaes")
    assert said.code == 0
    assert re.search(r"Husteamet\s+Delvist besvaret\s+1 af 4|Husteamet .*1 af 4", said.text)
    assert re.search(r"Ungeteamet .*1 af 2", said.text), "filled in where it was sent, in a shared folder"

    assert aftale("flet").code == 0
    followup = aar / "midtvejs" / "opfoelgning_2015_midtvejs.xlsx"
    status = column(followup, "Opfølgning", "Status")
    assert (status["M2.1.1"], status["M1.2.1"], status["M4.1.1"]) == ("Opfyldt", "Ikke igangsat", "Mangler svar")


def test_an_empty_folder_is_told_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, [], catch_exceptions=False)
    assert done.exit_code == 0 and "aftale generer --enhed" in done.output and "aftale demo" in done.output


def test_of_an_agreement_to_write_in_only_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["generer", "--enhed", "Musikskolen", "--aar", "2027"], catch_exceptions=False)
    assert done.exit_code == 0 and "Udfyld arkene Forside og Mål" in done.output
    assert "Oplysning" not in done.output and "række" not in done.output


def test_commands_say_what_they_took_and_where_they_wrote(aar: Path, aftale: Command) -> None:
    assert AGREEMENT in aftale("generer").text
    assert "midtvejs/skemaer" in aftale("fordel").text
    answer(aar, "husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
    said = aftale("flet").text
    assert f"{AGREEMENT}, midtvejsopfølgning 2015" in said and "Gemt: midtvejs/opfoelgning_2015_midtvejs.xlsx" in said


# ---------------------------------------------------------------- the second round

def test_the_second_round_takes_the_first_ones_status_and_result(aar: Path, aftale: Command) -> None:
    midtvejs(aar, aftale)
    assert aftale("fordel", "--runde", "aarsopfoelgning").code == 0
    new = form(aar, "husteamet", "aarsopfoelgning")
    assert str(column(new, "Skema", "Sidst (juni)")["M2.1.1"]).startswith("✓ Opfyldt\n1 ")
    answer(aar, "husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}, "aarsopfoelgning")
    assert aftale("flet").code == 0
    followup = aar / "aarsopfoelgning" / "opfoelgning_2015_aarsopfoelgning.xlsx"
    assert column(followup, "Opfølgning", "Resultat")["M2.1.1"] == 2.0
    rows = CalamineWorkbook.from_path(str(followup)).get_sheet_by_name("Resultater").to_python()
    header = next(row for row in rows if "Mål-id" in row)
    kept = next(dict(zip(header, row, strict=True)) for row in rows if row[0] == "M2.1.1")
    assert (kept["2015 midtvejs"], kept["2015 år"]) == (1.0, 2.0), "midtvejs is the --tidligere"


def test_the_latest_round_begun_is_the_one_meant(aar: Path, aftale: Command) -> None:
    midtvejs(aar, aftale)
    aftale("fordel", "--runde", "aarsopfoelgning")
    assert "årsopfølgning 2015: ingen skemaer er kommet tilbage endnu" in aftale("indlaes").text
    assert "midtvejsopfølgning 2015" in aftale("indlaes", "--runde", "midtvejs").text


# ---------------------------------------------------------------- what isn't certain is asked for by name

def test_two_agreements_are_asked_about(aar: Path, aftale: Command) -> None:
    aftale("generer")
    shutil.copy(aar / AGREEMENT, aar / "kopi af aftalen.xlsx")
    for command, step in ((("fordel",), "Skriv navnet"), (("indlaes",), "Skriv navnet"), (("flet",), "Skriv navnet"),
                          ((), "Flyt dem, der ikke gælder")):
        said = aftale(*command)
        assert said.code == 2, command
        assert AGREEMENT in said.text and "kopi af aftalen.xlsx" in said.text and step in said.text
    assert not (aar / "midtvejs").exists()
    assert aftale("fordel", AGREEMENT, "--runde", "midtvejs").code == 0


def test_fordel_after_the_midtvejs_follow_up_asks_which_round(aar: Path, aftale: Command) -> None:
    midtvejs(aar, aftale)
    before = names(aar)
    said = aftale("fordel")
    assert said.code == 2
    assert "--runde aarsopfoelgning" in said.text and "--runde midtvejs" in said.text
    assert names(aar) == before


def test_two_follow_ups_of_a_round_are_asked_about(aar: Path, aftale: Command) -> None:
    """Neither may be merged into by guess, and no third may be made beside them."""
    midtvejs(aar, aftale)
    followup = aar / "midtvejs" / "opfoelgning_2015_midtvejs.xlsx"
    followup.rename(followup.with_name("opfølgning endelig.xlsx"))
    shutil.copy(followup.with_name("opfølgning endelig.xlsx"), followup.with_name("opfølgning endelig (2).xlsx"))
    answer(aar, "ungeteamet", {"M1.2.1": {"Status": "Ikke igangsat"}})
    before = names(aar)
    said = aftale("flet")
    assert said.code == 2 and "endelig (2)" in said.text and "--ud" in said.text
    assert names(aar) == before


@pytest.mark.parametrize(("command", "says"), [(("fordel",), "aftale generer"), (("indlaes",), "aftale generer"),
                                               (("flet",), "aftale generer")], ids=lambda x: str(x))
def test_a_folder_without_an_agreement_says_so(aar: Path, aftale: Command, command: tuple[str, ...], says: str) -> None:
    said = aftale(*command)
    assert said.code == 2 and says in said.text


@pytest.mark.parametrize("command", ["indlaes", "flet"])
def test_before_any_round_there_is_nothing_to_read(aar: Path, aftale: Command, command: str) -> None:
    aftale("generer")
    said = aftale(command)
    assert said.code == 2 and "aftale fordel" in said.text


# ---------------------------------------------------------------- files are told apart by what they are

def test_a_renamed_agreement_is_still_found(aar: Path, aftale: Command) -> None:
    aftale("generer")
    (aar / AGREEMENT).rename(aar / "xyz FINAL (1).xlsx")
    (aar / "aftale_2015_gammel.xlsx").write_bytes(b"noget andet")
    said = aftale("fordel")
    assert said.code == 0 and len(names(aar / "midtvejs" / "skemaer")) == 8
    assert "xyz FINAL (1).xlsx" in aftale("indlaes").text


def test_a_skema_or_a_follow_up_beside_the_agreement_is_not_taken_for_one(aar: Path, aftale: Command) -> None:
    midtvejs(aar, aftale)
    shutil.copy(form(aar, "husteamet"), aar / "aftale_2015.xlsx")
    shutil.copy(aar / "midtvejs" / "opfoelgning_2015_midtvejs.xlsx", aar / "aftale_2015_opf.xlsx")
    said = aftale("flet")
    assert said.code == 0 and f"{AGREEMENT}, midtvejsopfølgning" in said.text


def test_the_earlier_file_that_fordel_kept_is_no_second_agreement(aar: Path, aftale: Command) -> None:
    aftale("generer")
    csv = aar / "maal.csv"
    csv.write_text(csv.read_text(encoding="utf-8-sig").replace("Børneteamet", "Familieteamet"), encoding="utf-8-sig")
    aftale("generer")
    assert len(list(aar.glob("*_tidligere_*.xlsx"))) == 1
    assert aftale("fordel").code == 0
    assert any("familieteamet" in name for name in names(aar / "midtvejs"))


def test_a_renamed_follow_up_is_merged_into_where_it_stands(aar: Path, aftale: Command) -> None:
    midtvejs(aar, aftale)
    (aar / "midtvejs" / "opfoelgning_2015_midtvejs.xlsx").rename(aar / "midtvejs" / "Til mødet NY.xlsx")
    answer(aar, "ungeteamet", {"M1.2.1": {"Status": "Ikke igangsat"}})
    assert aftale("flet").code == 0
    assert not (aar / "midtvejs" / "opfoelgning_2015_midtvejs.xlsx").exists()
    status = column(aar / "midtvejs" / "Til mødet NY.xlsx", "Opfølgning", "Status")
    assert (status["M2.1.1"], status["M1.2.1"]) == ("Opfyldt", "Ikke igangsat")


def test_renamed_answers_in_folders_of_their_own_are_found(aar: Path, aftale: Command) -> None:
    aftale("generer")
    aftale("fordel")
    path = answer(aar, "husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
    target = aar / "midtvejs" / "svar" / "fra mail" / "Kopi af Mappe1 (3).xlsx"
    target.parent.mkdir()
    path.rename(target)
    assert "1 af 8 ansvarlige har svaret" in aftale().text
    aftale("flet")
    status = column(aar / "midtvejs" / "opfoelgning_2015_midtvejs.xlsx", "Opfølgning", "Status")
    assert status["M2.1.1"] == "Opfyldt"


def test_aftale_alone_counts_the_years_effektmaal_as_overblik_does(aar: Path, aftale: Command) -> None:
    """One of another year isn't counted, and one that only its delmål have a row for is."""
    (aar / "maal.csv").write_text("Udviklingsmål;Fokusområde;Effektmål;Delmål;2015;2016;Ansvarlig\n"
                                  "Synlig;Unge;De kommer;;x;;A\nSynlig;Unge;De bliver;;;x;A\n"
                                  "Synlig;Unge;De læser;Bøger;x;;A\n", encoding="utf-8")
    aftale("generer")
    assert f"{AGREEMENT}, 2 effektmål" in aftale().text
