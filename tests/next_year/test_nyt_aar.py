"""From year to year: four years played through on the example, and what the new agreement keeps of the old workbook."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from conftest import cell_at, fill_in, header_row, opened
from filelock import FileLock
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet
from pandas.testing import assert_frame_equal
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from aftale import frames
from aftale.agreement.read_goals import read_agreement
from aftale.cells.hidden_sheet import find_record
from aftale.commands.main import app
from aftale.intake.read import read_workbook
from aftale.model.agreement import COUNTED
from aftale.model.findings import Finding
from aftale.office.add_drawn_sheet import graft
from aftale.office.package import read_parts, write_parts
from aftale.office.palette import INPUT
from aftale.office.report import CannotDo
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.generer import Given, generer
from aftale.steps.nyt_aar import nyt_aar
from aftale.steps.saml import saml
from aftale.units.frames import csv_bytes, from_csv

pytestmark = pytest.mark.xdist_group("nyt_aar")  # what they share is made once
UNIT = "viborg_bibliotekerne"
YEARS = (2015, 2016, 2017, 2018)
ROUNDS = ("midtvejs", "aarsopfoelgning")
Rows = dict[str, dict[str, Any]]


class Library:
    """A unit's folders, one for each year, with somebody at the terminal."""

    def __init__(self, root: Path, go: Callable[[Path], None]) -> None:
        self.root, self.go = root, go

    def run(self, year: int, *args: str) -> tuple[int, str]:
        """Run ``aftale …`` in a year's folder."""
        self.go(self.root / str(year))
        done = CliRunner().invoke(app, list(args), catch_exceptions=False)
        return done.exit_code, done.output

    def agreement(self, year: int) -> Path:
        return self.root / str(year) / f"aftale_{year}_{UNIT}.xlsx"

    def followup(self, year: int, round_: str = "aarsopfoelgning") -> Path:
        return self.root / str(year) / round_ / f"opfoelgning_{year}_{round_}.xlsx"

    def answer(self, year: int, round_: str) -> None:
        """Fill in the skemaer of a round: at midtvejs two teams answer, at the årsopfølgning all."""
        folder = self.root / str(year) / round_
        (folder / "svar").mkdir()
        for path in sorted((folder / "skemaer").iterdir()):
            if round_ == "midtvejs" and not re.search("_(ledelsen|husteamet)_", path.name):
                continue
            given = {goal: answers for goal in rows_of(path, "Skema") if (answers := said(goal, year, round_))}
            torvedag = _suggest if (year, round_) == (2015, ROUNDS[1]) and "_landdistriktsteamet_" in path.name else None
            (folder / "svar" / path.name).write_bytes(fill_in(path.read_bytes(), given, done="Ja", change=torvedag))


def _suggest(sheet: Worksheet) -> None:
    sheet.cell(sheet.max_row, 4).value = "En fast torvedag i hvert landdistrikt"


def rows_of(path: Path, sheet: str) -> Rows:
    """Return the rows of a table by Mål-id and header."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    at = next(n for n, row in enumerate(rows) if "Mål-id" in row)
    head = [str(text) for text in rows[at]]
    found: Rows = {}
    for row in rows[at + 1:]:
        cells = dict(zip(head, row, strict=True))
        if re.fullmatch(r"M[\d.]+", str(cells["Mål-id"])):
            found.setdefault(str(cells["Mål-id"]), cells)
    return found


def said(goal: str, year: int, round_: str) -> dict[str, Any]:
    """What is answered to a goal: figures that grow by the year, and a status; some end badly, one is taken out."""
    whole = round_ == "aarsopfoelgning"
    day = f"31-{'10' if whole else '05'}-{year}"
    figure = FIGURES.get(goal, {}).get(year)
    answers: dict[str, Any] = {"Status": "Opfyldt" if whole else "Forventes opfyldt"}
    if figure is not None:
        answers |= {"Resultat": figure if whole else figure // 2, "Opgjort pr.": day}
    if (goal, year) == ("M3.3.1", 2015):
        answers["Udgangspunkt"] = 410000
    if (goal, year) == ("M1.1.1", 2015):
        answers["Udgangspunkt"] = 12400
    if whole and (goal, year) in BADLY:
        answers |= {"Status": BADLY[goal, year], "Bemærkninger": f"Sådan gik det i {year}."}
    if (goal, year, round_) == ("M4.1.2", 2016, "aarsopfoelgning"):
        return {}
    return answers


FIGURES: Mapping[str, Mapping[int, int]] = {
    "M2.2.5": {2015: 3, 2016: 4, 2017: 5, 2018: 6}, "M3.3.1": {2015: 424350, 2016: 450000},
    "M1.1.1": {2015: 15190, 2016: 18700}, "M3.1.2": {2015: 6, 2016: 9, 2017: 12, 2018: 16},
    "M4.1.1": {2015: 1, 2016: 2, 2017: 1, 2018: 3}, "M2.1.1": {2015: 2, 2016: 2, 2017: 1, 2018: 1}}
BADLY = {("M2.2.3", 2015): "Delvist opfyldt", ("M4.2.3", 2015): "Udgået", ("M1.3.1", 2016): "Ikke opfyldt",
         ("M2.2.1", 2016): "Ikke igangsat", ("M3.1.2", 2018): "Delvist opfyldt"}
NEW = "Biblioteket kommer ud til alle landdistrikter med en bogbus."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Four years of the example, both rounds each, and the agreements that people had a hand in between."""
    made = tmp_path_factory.getbasetemp()
    made = made.parent / "viborg" if "popen" in made.name else made / "viborg"  # which the workers share
    root = tmp_path_factory.mktemp("enhed") / "viborg"
    with pytest.MonkeyPatch.context() as patch:
        with FileLock(f"{made}.lock"):
            if not made.exists():
                playing = made.with_name("viborg_under_vejs")
                play(Library(playing, patch.chdir))
                patch.chdir(made.parent)
                playing.rename(made)
        shutil.copytree(made, root)
        yield Library(root, patch.chdir)


def play(library: Library) -> None:
    """Play four years through with the commands themselves, each run in its year's folder."""
    shutil.copytree(example_path(), library.root / "2015")
    library.run(2015, "generer")
    for year in YEARS:
        for round_ in ROUNDS:
            code, told = library.run(year, "fordel", "--runde", round_)
            assert code in (0, 1) and "Traceback" not in told
            library.answer(year, round_)
            code, told = library.run(year, "flet")
            assert code in (0, 1) and "Alle celler er gjort rede for" in told, told
        code, told = library.run(year, "nyt-aar")
        assert code == 1 and f"aftale_{year + 1}" in told, told
        agreed(library.agreement(year + 1), year + 1)


def agreed(path: Path, year: int) -> None:
    """Do in a new agreement what was agreed with KSE."""
    book = openpyxl.load_workbook(path)
    sheet = book["Mål"]
    header = header_row(sheet)
    columns = {str(cell.value): cell.column for cell in sheet[header] if cell.value}
    rows = {str(sheet.cell(row, columns["Mål-id"]).value): row for row in range(header + 1, sheet.max_row + 1)}
    if year == 2016:
        sheet.cell(rows["M2.2.3"], columns["2016"]).value = "x"  # it is carried over
        sheet.cell(rows["M3.3.1"], columns["Udgangspunkt"]).value = 426000  # the final figure
        new = sheet.max_row + 1
        for column in ("Udviklingsmål", "Fokusområde"):
            sheet.cell(new, columns[column]).value = sheet.cell(rows["M1.3.1"], columns[column]).value
        for column, value in (("Effektmål", NEW), ("2017", "x"), ("2018", 4), ("Måltype", "Mindst"), ("Måltal", 2),
                              ("Måleenhed", "ture"), ("Opgøres", "Pr. år"), ("Ansvarlig", "Landdistriktsteamet"),
                              ("E-mail", "landdistriktsteamet@bibliotek.example.dk"), ("Note", "Erstatter M1.3.1")):
            sheet.cell(new, columns[column]).value = value
    book.save(path)


# ---------------------------------------------------------------- four years

def test_a_maal_id_is_kept_for_ever_and_means_the_same_goal(library: Library) -> None:
    texts: dict[str, tuple[object, ...]] = {}
    for year in (*YEARS, 2019):
        rows = rows_of(library.agreement(year), "Mål")
        for goal, row in rows.items():
            text = (row["Udviklingsmål"], row["Fokusområde"], row["Effektmål"], row["Delmål"])
            assert texts.setdefault(goal, text) == text
        assert set(rows) >= {goal for goal in texts if goal != "M1.3.2" or year > 2016}, "no row is lost"
    assert texts["M1.3.2"][2] == NEW


def test_the_register_knows_every_id_ever_given(library: Library) -> None:
    known: set[str] = set()
    for year in (*YEARS, 2019):
        book = read_workbook(library.agreement(year))
        assert not isinstance(book, Finding)
        register = set(find_record(book)[1].keys("register"))
        assert register >= known
        known |= register
    assert "M1.3.2" in known and "M4.2.3" in known


def overblik(library: Library, year: int, round_: str) -> dict[str, int]:
    """Return how many of the year's effektmål a follow-up's own ``Overblik`` counts by status."""
    path = library.root / str(year) / round_ / f"opfoelgning_{year}_{round_}.xlsx"
    rows = openpyxl.load_workbook(path, data_only=True)["Overblik"].iter_rows(values_only=True)
    counts = {str(row[2]): int(row[3]) for row in rows if isinstance(row[3], int | float) and row[2] in COUNTED}
    return {status: number for status, number in counts.items() if number}


def test_data_of_the_four_years_counts_as_every_overblik(library: Library) -> None:
    found = frames(library.root)
    effects = found.results[found.results["aktiv"] & found.results["niveau"].eq("effektmål")]
    for (year, round_), table in effects.groupby(["aar", "runde"], observed=True):
        counted = {str(status): number for status, number in table["status"].value_counts().items() if number}
        assert counted == overblik(library, int(year), str(round_))
    rounds = found.results[["aar", "runde"]].astype(object).fillna("").drop_duplicates()
    assert sorted(rounds.itertuples(index=False, name=None)) == sorted(
        [*((year, round_) for year in YEARS for round_ in ROUNDS), (2019, "")])
    assert not found.results.duplicated(["aar", "runde", "maal_id"]).any()
    for english in (False, True):
        assert_frame_equal(from_csv(csv_bytes(found.results, english=english), english=english), found.results)


def test_udvikling_of_the_four_years_is_as_every_overblik(library: Library, tmp_path: Path) -> None:
    write_all(list(saml([library.root], tmp_path / "samling.xlsx").files))
    sheet = openpyxl.load_workbook(tmp_path / "samling.xlsx")["Udvikling"]
    rows = {row[1]: row[2:6] for row in sheet.iter_rows(values_only=True)}
    assert rows["Enhed"] == tuple(map(str, YEARS))
    counts = [overblik(library, year, "aarsopfoelgning") for year in YEARS]
    shares = [each.get("Opfyldt", 0) / sum(each.values()) for each in counts]
    assert rows["Viborg Bibliotekerne"] == pytest.approx(shares) and rows["Alle enheder"] == pytest.approx(shares)


def test_each_years_agreement_is_its_own(library: Library) -> None:
    ids = set()
    for year in (*YEARS, 2019):
        book = read_workbook(library.agreement(year))
        assert not isinstance(book, Finding)
        read = read_agreement(book).agreement
        ids.add(read.id)
        assert read.year == year and read.facts["frist_midtvejs"] == date(year, 6, 10)
        assert read.facts["frist_aarsopfoelgning"] == date(year, 11, 11)
        assert read.period == (2015, max(2018, year))
    assert len(ids) == 5


def outcomes(library: Library, year: int) -> dict[str, list[str]]:
    """Return what the sheet of news says of every goal."""
    rows = CalamineWorkbook.from_path(str(library.agreement(year))).get_sheet_by_name(f"Nyt i {year}").to_python(
        skip_empty_area=False)
    found: dict[str, list[str]] = {}
    for row in rows[3:]:
        found.setdefault(str(row[0]), []).append(str(row[1]))
    return found


@pytest.mark.parametrize(("year", "goal", "outcome"), [
    (2016, "", ["Forslag"]),
    (2016, "M2.2.3", ["Foreslås videreført"]),
    (2016, "M4.2.3", ["Udgår"]),
    (2016, "M4.2.1", ["Slutter"]),
    (2016, "M1.1.1.3", ["Begynder"]),
    (2016, "M2.2.5", ["Fortsætter"]),
    (2016, "M3.3.1", ["Nyt udgangspunkt", "Fortsætter"]),
    (2016, "M1.1.1", ["Nyt udgangspunkt", "Fortsætter"]),
    (2016, "M1.2.1.3", []),
    (2017, "M2.2.3", ["Slutter"]),
    (2017, "M4.2.3", []),
    (2017, "M1.3.1", ["Slutter"]),
    (2017, "M1.3.2", ["Begynder"]),
    (2017, "M2.2.1", ["Foreslås videreført"]),
    (2017, "M1.1", ["Fokusområde uden mål"]),
    (2017, "M3.3", ["Fokusområde uden mål"]),
    (2017, "", ["Temaet"]),
    (2018, "M1.3.2", ["Nyt måltal", "Fortsætter"]),
    (2018, "M2.2.1", []),
    (2018, "M1.3.1", []),
    (2019, "", ["Planperioden", "Temaet"]),
    (2019, "M3.1.2", ["Foreslås videreført"]),
    (2019, "M2.2.5", ["Slutter"]),
])
def test_what_each_year_says_is_new(library: Library, year: int, goal: str, outcome: list[str]) -> None:
    assert outcomes(library, year).get(goal, []) == outcome


def test_nothing_is_crossed_by_the_program(library: Library) -> None:
    for year in (2017, 2018, 2019):
        before, after = (rows_of(library.agreement(each), "Mål") for each in (year - 1, year))
        for goal, row in before.items():
            for column in ("2015", "2016", "2017", "2018"):
                assert after[goal][column] == row[column]
    assert {row["2019"] for row in rows_of(library.agreement(2019), "Mål").values()} == {""}


def test_baselines_and_links_stand_in_the_agreement(library: Library) -> None:
    second, third = (rows_of(library.agreement(year), "Mål") for year in (2016, 2017))
    assert second["M1.1.1"]["Udgangspunkt"] == 12400
    assert "Nyt i 2016: Udgangspunkt er resultatet for 2015: 424.350 (foreløbigt: opgjort pr. 31-10-2015)." \
        in second["M3.3.1"]["Note"]
    assert "Foreslås videreført" in second["M2.2.3"]["Note"] and "Foreslås" not in third["M2.2.3"]["Note"]
    assert third["M1.3.1"]["Note"].endswith("Erstattet af M1.3.2.") and third["M1.3.2"]["Note"] == "Erstatter M1.3.1"
    assert second["M4.2.3"]["Note"] == third["M4.2.3"]["Note"] == "Udgået i 2015."


def test_the_final_baseline_that_people_wrote_wins_in_skema_and_follow_up(library: Library) -> None:
    (skema,) = (library.root / "2016" / "midtvejs" / "skemaer").glob("*_husteamet_*")
    assert "Udgangspunkt: 426.000" in rows_of(skema, "Skema")["M3.3.1"]["Mål"].split("\n")
    row = rows_of(library.followup(2016), "Opfølgning")["M3.3.1"]
    assert row["Udgangspunkt"] == 426000
    assert row["Målopfyldelse"] == pytest.approx((450000 - 426000) / 426000 / 0.05, abs=1e-6)


def test_a_new_years_skema_shows_last_years_status_and_result(library: Library) -> None:
    (skema,) = (library.root / "2017" / "midtvejs" / "skemaer").glob("*_ledelsen_*")
    status, result, *_ = rows_of(skema, "Skema")["M2.2.5"]["Sidst (november 2016)"].split("\n")
    assert status == "✓ Opfyldt" and result.split()[0] == "4"


def test_the_last_follow_up_knows_all_four_years(library: Library) -> None:
    results = rows_of(library.followup(2018), "Resultater")
    events = results["M2.2.5"]
    assert [events[f"{year} {kind}"] for year in YEARS for kind in ("midtvejs", "år")] == [1, 3, 2, 4, 2, 5, 3, 6]
    assert rows_of(library.followup(2018, "midtvejs"), "Resultater")["M2.2.5"]["2017 år"] == 5
    assert events["I alt i perioden"] == "", "years are never added up"
    assert results["M3.1.2"]["I alt i perioden"] == 16, "a count over the period is a total already"
    visits = results["M3.3.1"]
    assert (visits["2015 år"], visits["2016 år"], visits["2017 år"]) == (424350, 450000, "")
    assert (results["M1.3.2"]["Måltal 2017"], results["M1.3.2"]["Måltal 2018"]) == (2, 4)
    plan = rows_of(library.followup(2018), "Udviklingsplan")
    assert [plan["M2.2.5"][str(year)] for year in YEARS] == ["Opfyldt"] * 4
    assert [plan["M2.2.3"][str(year)] for year in YEARS] == ["Delvist opfyldt", "Opfyldt", "", ""]
    assert (plan["M4.2.3"]["2015"], plan["M4.2.3"]["2016"]) == ("Udgået", "")


def test_a_dropped_goal_is_in_no_later_skema_and_stays_in_the_plan(library: Library) -> None:
    for year in (2016, 2017):
        for skema in (library.root / str(year) / "midtvejs" / "skemaer").iterdir():
            assert "M4.2.3" not in rows_of(skema, "Skema")
        assert "M4.2.3" in rows_of(library.followup(year), "Opfølgning")


def test_the_sheets_of_news_are_neither_lost_nor_doubled_nor_asked_about(library: Library) -> None:
    for year in (2016, 2017, 2018):
        book = openpyxl.load_workbook(library.agreement(year))
        news = [sheet for sheet in book.worksheets if sheet.title.startswith("Nyt")]
        assert [sheet.title for sheet in news] == [f"Nyt i {each}" for each in range(2016, year + 1)]
        assert [sheet.sheet_state for sheet in news] == ["hidden"] * (year - 2016) + ["visible"]
    assert "Nyt i" not in " ".join(str(p) for p in library.run(2018, "flet", "--alle")[1].split("Taget"))
    code, told = library.run(2018, "generer", str(library.agreement(2018)), "--ud", "igen.xlsx")
    assert code in (0, 1) and "Nyt i" not in told
    assert rows_of(library.root / "2018" / "igen.xlsx", "Mål").keys() == rows_of(library.agreement(2018), "Mål").keys()
    (library.root / "2018" / "igen.xlsx").unlink()


def test_aftale_alone_points_to_next_year(library: Library) -> None:
    assert "Gå videre i mappen 2016" in library.run(2015)[1]
    assert "Gå videre i mappen" not in library.run(2019)[1]


def test_a_year_made_again_is_unchanged_and_one_that_people_changed_is_never_written_over(library: Library) -> None:
    made = library.agreement(2016).read_bytes()
    again = library.root / "2016" / "igen.xlsx"
    write_all(list(nyt_aar(library.agreement(2015), [library.followup(2015)], again).files))
    (new,) = nyt_aar(library.agreement(2015), [library.followup(2015)], again.with_name("b.xlsx")).files
    assert new.expects == "", "what somebody puts there meanwhile is not written over"
    second = nyt_aar(library.agreement(2015), [library.followup(2015)], again)
    assert "Uændret" in " ".join(second.said) and second.files == ()
    again.unlink()
    code, told = library.run(2015, "nyt-aar")
    assert code == 3 and "findes allerede" in told and library.agreement(2016).read_bytes() == made


def test_a_second_agreement_in_next_years_folder_is_not_made_by_default(library: Library) -> None:
    path = library.agreement(2016)
    moved = path.rename(path.with_name("vores aftale.xlsx"))
    code, told = library.run(2015, "nyt-aar")
    moved.rename(path)
    assert code == 3 and "vores aftale.xlsx" in told


def test_a_late_answer_of_last_year_reaches_this_years_skemaer(library: Library) -> None:
    """What is read is the follow-up beside, as it stands now, and not a copy of how it once was."""
    book = openpyxl.load_workbook(library.followup(2016))
    sheet = book["Opfølgning"]
    header = header_row(sheet)
    at = {str(cell.value): cell.column for cell in sheet[header] if cell.value}
    row = next(r for r in range(header + 1, sheet.max_row + 1) if sheet.cell(r, at["Mål-id"]).value == "M2.2.5")
    sheet.cell(row, at["Resultat"]).value = 44
    before = library.followup(2016).read_bytes()
    book.save(library.followup(2016))
    library.run(2016, "flet", "--runde", "aarsopfoelgning")
    (skema,) = (library.root / "2017" / "midtvejs" / "skemaer").glob("*_ledelsen_*")
    library.run(2017, "fordel", "--runde", "midtvejs")
    assert rows_of(skema, "Skema")["M2.2.5"]["Sidst (november 2016)"].split("\n")[1].split()[0] == "44"
    library.followup(2016).write_bytes(before)


def test_two_different_follow_ups_of_last_year_are_asked_about(library: Library) -> None:
    copy = library.root / "2016 kopi"
    (copy / "aarsopfoelgning").mkdir(parents=True)
    target = copy / "aarsopfoelgning" / "opfoelgning.xlsx"
    shutil.copy(library.followup(2016), target)
    assert library.run(2017, "flet")[0] in (0, 1), "the same bytes count once"
    book = openpyxl.load_workbook(target)
    book["Overblik"]["A60"] = "Vores kopi"
    book.save(target)
    code, told = library.run(2017, "flet")
    shutil.rmtree(copy)
    assert code == 2 and "flere opfølgninger fra 2016" in told and "--tidligere" in told


# ---------------------------------------------------------------- what it keeps of the workbook

@pytest.fixture(scope="module")
def year(library: Library) -> tuple[Path, Path]:
    """The agreement of 2015 and its last follow-up."""
    return library.agreement(2015), library.followup(2015)


def made_from(agreement: Path, followup: Path, out: Path) -> Path:
    write_all(list(nyt_aar(agreement, [followup], out).files))
    return out


def test_everything_that_people_put_into_the_workbook_survives(year: tuple[Path, Path], tmp_path: Path) -> None:
    old = tmp_path / "a" / "aftale.xlsx"
    old.parent.mkdir()
    book = openpyxl.load_workbook(year[0])
    sheet = book["Mål"]
    header = header_row(sheet)
    sheet.cell(header, sheet.max_column + 1).value = "Vores kolonne"
    sheet.cell(header + 3, sheet.max_column).value = "Kun til os"
    sheet.cell(header + 3, 4).font = Font(name="Georgia", color="FF0000")
    sheet.cell(header + 2, 2).comment = Comment("Husk dette", "Os")
    book["Forside"]["C7"].fill = PatternFill("solid", fgColor="FFCCEE")
    book.create_sheet("Vores ark")["B2"] = "=1+1"
    book.save(old)
    new = openpyxl.load_workbook(made_from(old, year[1], tmp_path / "b" / "aftale.xlsx"))
    sheet = new["Mål"]
    assert sheet.cell(header + 3, sheet.max_column).value == "Kun til os"
    assert sheet.cell(header + 3, 4).font.name == "Georgia"
    assert "Husk dette" in sheet.cell(header + 2, 2).comment.text  # type: ignore[union-attr]
    assert new["Forside"]["C7"].fill.fgColor.rgb.endswith("FFCCEE")
    assert new["Vores ark"]["B2"].value == "=1+1"
    assert new.sheetnames == ["Forside", "Aftaletekst", "Mål", "Lister", "_aftale", "Vores ark", "Nyt i 2016"]
    assert new.properties.title == "Dialogbaseret aftale 2016 Viborg Bibliotekerne"
    old_book = openpyxl.load_workbook(old)
    changes = {"Udgangspunkt": ("M1.1.1", "M3.3.1"), "Note": ("M1.1.1", "M2.2.3", "M3.3.1", "M4.2.3")}
    rewritten = {cell_at(sheet, goal, header).coordinate for header, goals in changes.items() for goal in goals}
    for name in ("Forside", "Aftaletekst", "Mål", "Lister"):
        before = {cell.coordinate: cell.value for row in old_book[name].iter_rows() for cell in row}
        after = {cell.coordinate: cell.value for row in new[name].iter_rows() for cell in row}
        changed = {at for at in before if before[at] != after[at]}
        wanted = {"Forside": {"C11", "C20", "C21", "C22", "C23"}, "Mål": rewritten}.get(name, set())
        assert changed == wanted, name


def test_a_workbook_that_was_saved_on_the_news_of_its_year_opens_on_its_first_sheet(library: Library,
                                                                                    tmp_path: Path) -> None:
    book = openpyxl.load_workbook(library.agreement(2016))
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == "Nyt i 2016"
    book.active = book.sheetnames.index("Nyt i 2016")
    book.save(tmp_path / "aftale.xlsx")
    new = openpyxl.load_workbook(made_from(tmp_path / "aftale.xlsx", library.followup(2016), tmp_path / "ny.xlsx"))
    assert new.active is not None and new.active.title == "Forside"
    assert [sheet.title for sheet in new.worksheets if sheet.sheet_view.tabSelected] == ["Forside"]


def test_every_part_that_is_not_written_is_the_same_bytes(year: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = read_parts(year[0].read_bytes()), read_parts(made_from(*year, tmp_path / "ny.xlsx").read_bytes())
    changed = {name for name in old if old[name] != new[name]}
    sheets = {f"xl/worksheets/sheet{n}.xml" for n in (1, 3, 5)}
    assert changed == {*sheets, "[Content_Types].xml", "docProps/core.xml", "xl/styles.xml", "xl/workbook.xml",
                       "xl/_rels/workbook.xml.rels"}
    assert set(new) - set(old) == {"xl/worksheets/sheet6.xml", "xl/worksheets/_rels/sheet6.xml.rels", "xl/tables/table2.xml"}


def test_the_sheet_of_news_prints_on_a4_with_its_header_repeated(year: tuple[Path, Path], tmp_path: Path) -> None:
    sheet = opened(made_from(*year, tmp_path / "ny.xlsx"))["Nyt i 2016"]
    assert sheet.page_setup.paperSize == 9 and sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0  # type: ignore[union-attr]
    assert sheet.print_title_rows == "$3:$3" and sheet.print_area
    assert not sheet.sheet_view.tabSelected, "or two sheets would be written in at once"
    (table,) = sheet.tables.values()
    assert [column.name for column in table.tableColumns] == [
        "Mål-id", "Hvad", "Mål eller emne", "Hvad betyder det?", "Sidste status", "Sidste resultat", "Bemærkning", "Aftalt"]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == "Foreslås videreført")
    assert cell.fill.fgColor.rgb == "FFFFF3D1" and sheet["A1"].font.b
    yellow = f"FF{INPUT[1:]}"
    assert not any(c.fill.fgColor.rgb == yellow for row in sheet.iter_rows() for c in row), "nothing in it is read back"
    assert "»Aftalt« er til jeres egne noter" in str(sheet["A2"].value)


def test_a_workbook_saved_by_libreoffice_becomes_next_years(year: tuple[Path, Path], tmp_path: Path,
                                                            libreoffice: Callable[[Path, str], Path]) -> None:
    new = made_from(libreoffice(year[0], "xlsx"), year[1], tmp_path / "ny.xlsx")
    assert rows_of(new, "Mål")["M3.3.1"]["Udgangspunkt"] == 424350
    assert opened(new)["Forside"]["C20"].value.date() == date(2016, 6, 10)  # type: ignore[union-attr]


def test_a_graft_into_prefixed_xml_can_be_read(year: tuple[Path, Path], tmp_path: Path) -> None:
    """Some programs write the elements with a prefix."""
    parts = read_parts(year[0].read_bytes())
    for name in ("xl/styles.xml", "xl/workbook.xml"):
        text = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", parts[name])
        parts[name] = text.replace(b'xmlns="http://schemas.openxmlformats.org/spreadsheetml', b'xmlns:x="http://schemas.'
                                   b"openxmlformats.org/spreadsheetml").replace(b"xmlns:x:", b"xmlns:")
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.title = "Ny"  # type: ignore[union-attr]
    book.active["A1"] = "Hej"  # type: ignore[index]
    book.active["A1"].font = Font(bold=True, name="Georgia")  # type: ignore[index]
    book.save(out)
    graft(parts, out.getvalue())
    path = tmp_path / "x.xlsx"
    path.write_bytes(write_parts(parts))
    for name in ("xl/styles.xml", "xl/workbook.xml"):
        tags = {element.tag for element in ElementTree.fromstring(parts[name]).iter()}
        assert all(tag.startswith("{http") for tag in tags), "or Excel would not know them"
    cell = opened(path)["Ny"]["A1"]
    assert (cell.value, cell.font.name, cell.font.b) == ("Hej", "Georgia", True)


@pytest.mark.parametrize(("raw", "after"), [
    ("10. juni 2015", "10. juni 2016"), (date(2015, 6, 10), date(2016, 6, 10))])
def test_a_deadline_stays_words_where_it_was_words(year: tuple[Path, Path], tmp_path: Path, raw: object,
                                                   after: object) -> None:
    book = openpyxl.load_workbook(year[0])
    book["Forside"]["C11"] = 2015  # as a number
    book["Forside"]["C20"] = raw
    book.save(tmp_path / "aftale.xlsx")
    new = openpyxl.load_workbook(made_from(tmp_path / "aftale.xlsx", year[1], tmp_path / "ny.xlsx"))
    assert new["Forside"]["C11"].value == 2016
    value = new["Forside"]["C20"].value
    assert (value.date() if isinstance(after, date) else value) == after  # type: ignore[union-attr]


def test_a_taken_sheet_name_is_passed_by(year: tuple[Path, Path], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(year[0])
    book.create_sheet("Nyt i 2016")["A1"] = "Vores egne noter"
    book.save(tmp_path / "aftale.xlsx")
    new = openpyxl.load_workbook(made_from(tmp_path / "aftale.xlsx", year[1], tmp_path / "ny.xlsx"))
    assert new["Nyt i 2016"]["A1"].value == "Vores egne noter" and "Nyt i 2016 (2)" in new.sheetnames
    report = nyt_aar(tmp_path / "aftale.xlsx", [year[1]], tmp_path / "ny.xlsx")
    assert "arket »Nyt i 2016 (2)«" in report.next_step


def test_a_deadline_is_right_in_a_workbook_that_counts_its_dates_from_1904(year: tuple[Path, Path], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(year[0])
    book.epoch = CALENDAR_MAC_1904
    book.save(tmp_path / "aftale.xlsx")
    new = openpyxl.load_workbook(made_from(tmp_path / "aftale.xlsx", year[1], tmp_path / "ny.xlsx"))
    assert new.epoch == CALENDAR_MAC_1904
    assert new["Forside"]["C20"].value.date() == date(2016, 6, 10)  # type: ignore[union-attr]


def changed_by(year: tuple[Path, Path], path: Path, change: Callable[[Worksheet, dict[str, int]], None]) -> Path:
    """Save the agreement of 2015 with its sheet of goals changed; the rows are given by Mål-id."""
    book = openpyxl.load_workbook(year[0])
    sheet = book["Mål"]
    change(sheet, {str(sheet.cell(row, 1).value): row for row in range(header_row(sheet) + 1, sheet.max_row + 1)})
    book.save(path)
    return path


def news_of(path: Path, goal: str) -> list[tuple[Any, ...]]:
    """Return what the sheet of news says of a goal."""
    return [row for row in opened(path)["Nyt i 2016"].iter_rows(values_only=True) if row[0] == goal]


def test_a_goal_with_answers_whose_row_was_deleted_is_on_the_sheet_and_asked_about(year: tuple[Path, Path],
                                                                                   tmp_path: Path) -> None:
    path = changed_by(year, tmp_path / "a.xlsx", lambda sheet, rows: sheet.delete_rows(rows["M2.2.3"]))
    report = nyt_aar(path, [year[1]], tmp_path / "ny.xlsx")
    write_all(list(report.files))
    ((_, outcome, _, means, status, _, remark, _),) = news_of(tmp_path / "ny.xlsx", "M2.2.3")
    assert (outcome, status, remark) == ("Mangler i aftalen", "Delvist opfyldt", "Sådan gik det i 2015.")
    assert "M2.2.3" in means
    assert [p.goal for p in report.problems if p.code == "next-gone"] == ["M2.2.3"] and report.exit_code == 1


def test_a_goal_that_lost_its_id_and_changed_its_words_is_told_with_its_new_id(year: tuple[Path, Path],
                                                                               tmp_path: Path) -> None:
    def change(sheet: Worksheet, rows: dict[str, int]) -> None:
        sheet.cell(rows["M2.2.3"], 1).value = None
        sheet.cell(rows["M2.2.3"], 4).value = "Noget helt andet"
        sheet.cell(rows["M2.2.5"], 1).value = None

    report = nyt_aar(changed_by(year, tmp_path / "a.xlsx", change), [year[1]], tmp_path / "ny.xlsx")
    assert [p.goal for p in report.problems if p.code == "next-gone"] == ["M2.2.3"]
    (told,) = [p.message for p in report.problems if p.code == "next-new-ids"]
    assert "(Noget helt andet)" in told and "M2.2.5" not in told, "that one found its old id by its words"
    assert "next-new-ids" not in [p.code for p in nyt_aar(*year_and(year), tmp_path / "ny.xlsx").problems]


def year_and(year: tuple[Path, Path]) -> tuple[Path, list[Path]]:
    return year[0], [year[1]]


@pytest.mark.parametrize("raw", ["ca. 15", "=F6"])
def test_a_cell_of_next_year_that_cannot_be_read_is_said_to_be(year: tuple[Path, Path], tmp_path: Path, raw: str) -> None:
    def change(sheet: Worksheet, rows: dict[str, int]) -> None:
        sheet.cell(rows["M2.2.5"], 7).value = raw

    made_from(changed_by(year, tmp_path / "a.xlsx", change), year[1], tmp_path / "ny.xlsx")
    (row,) = news_of(tmp_path / "ny.xlsx", "M2.2.5")
    assert row[1] == "Ikke forstået" and raw in row[3]


def test_the_sheet_of_goals_is_called_what_people_called_it(year: tuple[Path, Path], tmp_path: Path) -> None:
    def change(sheet: Worksheet, rows: dict[str, int]) -> None:
        sheet.title = "Vores mål"

    report = nyt_aar(changed_by(year, tmp_path / "a.xlsx", change), [year[1]], tmp_path / "ny.xlsx")
    write_all(list(report.files))
    assert "arket Vores mål" in report.next_step and "arket Mål" not in str(report)
    assert "arket Vores mål" in str(opened(tmp_path / "ny.xlsx")["Nyt i 2016"]["A2"].value)


# ---------------------------------------------------------------- what is given

def test_the_latest_round_counts_in_whatever_order_they_are_given(library: Library, tmp_path: Path) -> None:
    both = [library.followup(2015), library.followup(2015, "midtvejs")]
    one, two = (nyt_aar(library.agreement(2015), paths, tmp_path / "ny.xlsx") for paths in (both, both[::-1]))
    assert one == two
    half = nyt_aar(library.agreement(2015), both[1:], tmp_path / "ny.xlsx")
    assert "next-midway" in [p.code for p in half.problems] and "next-midway" not in [p.code for p in one.problems]
    assert ("Foreslås videreført", "M4.2.1") in [tuple(row[:2]) for row in half.table]


def test_a_follow_up_of_another_year_or_unit_is_a_problem_and_no_other_suffers(library: Library, tmp_path: Path) -> None:
    other = tmp_path / "museet.xlsx"
    write_all(list(generer(example_path(), other, template_path(), Given(unit="Museet")).files))
    good = library.followup(2015)
    for wrong in (library.followup(2016), library.agreement(2015), tmp_path / "findes_ikke.xlsx"):
        report = nyt_aar(library.agreement(2015), [wrong, good], tmp_path / "ny.xlsx")
        assert [p.code for p in report.problems][0] in ("next-other", "next-unread") and report.files
        with pytest.raises(CannotDo) as refused:
            nyt_aar(library.agreement(2015), [wrong], tmp_path / "ny.xlsx")
        assert refused.value.code == 3, "it was told what to read, and can't"
    with pytest.raises(CannotDo) as refused:
        nyt_aar(library.agreement(2015), [library.followup(2016), tmp_path / "findes_ikke.xlsx"], tmp_path / "ny.xlsx")
    assert "opfoelgning_2016" in str(refused.value) and "findes_ikke.xlsx" in str(refused.value), "each reason is told"
    with pytest.raises(CannotDo, match="Museet 2015"):
        nyt_aar(other, [good], tmp_path / "ny.xlsx")


def test_two_different_follow_ups_of_one_round_are_refused(library: Library, tmp_path: Path) -> None:
    copy = tmp_path / "kopi.xlsx"
    shutil.copy(library.followup(2015), copy)
    assert nyt_aar(library.agreement(2015), [library.followup(2015), copy], tmp_path / "ny.xlsx").files, "they are the same"
    book = openpyxl.load_workbook(copy)
    book["Overblik"]["A60"] = "Vores kopi"
    book.save(copy)
    with pytest.raises(CannotDo, match=r"kopi\.xlsx er to forskellige") as refused:
        nyt_aar(library.agreement(2015), [library.followup(2015), copy], tmp_path / "ny.xlsx")
    assert refused.value.code == 2


def test_an_edit_in_the_follow_up_counts_before_the_next_flet(year: tuple[Path, Path], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(year[1])
    sheet = book["Opfølgning"]
    header = header_row(sheet)
    at = {str(cell.value): cell.column for cell in sheet[header] if cell.value}
    row = next(r for r in range(header + 1, sheet.max_row + 1) if sheet.cell(r, at["Mål-id"]).value == "M2.2.3")
    sheet.cell(row, at["Status"]).value = "Opfyldt"
    book.save(tmp_path / "opfoelgning.xlsx")
    table = nyt_aar(year[0], [tmp_path / "opfoelgning.xlsx"], tmp_path / "ny.xlsx").table
    assert ("Slutter", "M2.2.3") in [tuple(each[:2]) for each in table]


@pytest.mark.parametrize(("out", "says"), [("ny.xls", "gemmes som .xlsx"), ("ny", "gemmes som .xlsx"), (".", "er en mappe"),
                                           ("aftale.xlsx", "årets egen aftale")])
def test_a_place_that_cannot_be_is_refused(year: tuple[Path, Path], tmp_path: Path, out: str, says: str) -> None:
    shutil.copy(year[0], tmp_path / "aftale.xlsx")
    with pytest.raises(CannotDo, match=says):
        nyt_aar(tmp_path / "aftale.xlsx", [year[1]], tmp_path / out)


def test_elsewhere_than_beside_the_command_says_what_to_give_later(year: tuple[Path, Path], tmp_path: Path) -> None:
    told = " ".join(nyt_aar(year[0], [year[1]], tmp_path / "langt" / "vaek" / "ny.xlsx").said)
    assert "--tidligere" in told and "opfoelgning_2015_aarsopfoelgning.xlsx" in told
    assert nyt_aar(year[0], [year[1]], Path("ny.xlsx")).next_step.endswith("Kør »aftale fordel« her i mappen i maj 2016.")


def test_a_year_without_a_follow_up_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(example_path(), tmp_path / "2015")
    monkeypatch.chdir(tmp_path / "2015")
    CliRunner().invoke(app, ["generer"])
    done = CliRunner().invoke(app, ["nyt-aar"])
    assert done.exit_code == 2 and "aftale flet" in done.output
