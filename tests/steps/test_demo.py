"""The demo: what follows the year, the next agreement inside the demo's own folder and KSE's overview."""

from __future__ import annotations

import html
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from conftest import header_row, opened
from making_years import example
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.model.agreement import Round
from aftale.office.safe_write import write_all
from aftale.steps.demo import chapters, what_follows


@pytest.fixture
def demo(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's folder with its year played, and what follows it."""
    played = example(tmp_path_factory.getbasetemp() / "demo", Round.AARSOPFOELGNING).parents[1]
    shutil.copytree(played, tmp_path / "aftale_demo")
    for _, step in what_follows(tmp_path / "aftale_demo"):
        write_all(list(step().files))
    return tmp_path / "aftale_demo"


def test_the_demo_goes_through_the_year_and_on_to_the_next(tmp_path: Path) -> None:
    titles = [title for title, _ in chapters(tmp_path)]
    assert "næste års aftale" in titles[-2] and "samler enhedernes opfølgninger" in titles[-1]


def test_the_demos_next_agreement_and_overview_stand_in_its_own_folder(demo: Path) -> None:
    new = openpyxl.load_workbook(demo / "2016" / "aftale_2016_viborg_bibliotekerne.xlsx")
    assert "Nyt i 2016" in new.sheetnames
    front = opened(demo / "samling_2015.xlsx")["Overblik"]
    told = [cell.value for row in front.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any("1 enhed har 18 effektmål: 8 er opfyldt" in text for text in told)
    assert {each.name for each in demo.parent.iterdir()} == {"aftale_demo"}


def test_a_new_year_inside_the_old_ones_folder_finds_its_results(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some keep the next year's folder inside this year's, as the demo does."""
    monkeypatch.chdir(demo / "2016")
    done = CliRunner().invoke(app, ["fordel"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    sheet = opened(next((demo / "2016" / "midtvejs" / "skemaer").glob("*formidlingsteamet*")))["Skema"]
    at = header_row(sheet)
    headers = {str(cell.value): cell.column for cell in sheet[at]}
    rows = {sheet.cell(row, headers["Mål-id"]).value: row for row in range(at + 1, sheet.max_row + 1)}
    last = next(column for header, column in headers.items() if header.startswith("Sidst ("))
    assert sheet.cell(rows["M3.1.2"], last).value.split("\n")[1].startswith("6")
    read = CliRunner().invoke(app, ["indlaes"], catch_exceptions=False)
    assert "Tidligere resultater er fra" in read.output and "opfoelgning_2015_aarsopfoelgning.xlsx" in read.output


def test_no_workbook_holds_what_excel_offers_to_repair(demo: Path) -> None:
    """A frozen pane that splits nothing, and a table whose column's name is over 255 characters."""
    books = sorted(demo.rglob("*.xlsx"))
    assert len(books) > 20
    for path in books:
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}
        panes = [pane for text in parts.values() for pane in re.findall(r"<pane [^>]*>", text)]
        assert panes and all(re.search(r'\b[xy]Split="[1-9]', pane) for pane in panes), path
        tables = "".join(text for at, text in parts.items() if "/tables/" in at)
        assert all(len(html.unescape(name)) <= 255 for name in re.findall(r'<tableColumn [^>]*name="([^"]*)', tables)), path
