"""The demo: what follows the year, the next agreement inside the demo's own folder and KSE's overview."""

from __future__ import annotations

import html
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

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


# ---------------------------------------------------------------- what the department and the committee ask

def under(sheet: Any, header: str, beside: str, at: str = "Mål-id", **where: str) -> Any:
    """Return the cell under a header on the row where ``beside`` stands in the column ``at``, wherever the table stands.

    ``where`` is what else stands on that row, by header.
    """
    top = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == at)
    columns = {str(cell.value).strip(): cell.column for cell in sheet[top] if cell.value}
    wanted = {at: beside, **{name.replace("_", " "): text for name, text in where.items()}}
    row = next(row for row in range(top + 1, sheet.max_row + 1)
               if all(sheet.cell(row, columns[name]).value == text for name, text in wanted.items()))
    return sheet.cell(row, columns[header]).value


def right_of(sheet: Any, label: str) -> Any:
    """Return what stands in the first filled cell to the right of a label."""
    row = next([cell.value for cell in row] for row in sheet.iter_rows(max_col=12) if label in [
        cell.value for cell in row])
    return next(value for value in row[row.index(label) + 1:] if value)


def below(sheet: Any, heading: str) -> Any:
    """Return what stands in the cell below a heading."""
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == heading)
    return sheet.cell(cell.row + 1, cell.column).value


def beginning(sheet: Any, words: str) -> str:
    """Return the one text that begins with these words."""
    (text,) = {str(cell.value) for row in sheet.iter_rows(max_col=12) for cell in row if str(cell.value).startswith(words)}
    return text


QUESTIONS: dict[str, list[tuple[str, Callable[[Any], Any], Any]]] = {
    "1 Hvor står vi, i én sætning?": [
        ("Overblik", lambda s: beginning(s, "8 af årets 18"), "8 af årets 18 effektmål er opfyldt, 5 forventes opfyldt, 2 er"
         " delvist opfyldt, 1 forventes ikke opfyldt, 1 er ikke opfyldt og 1 er udgået.")],
    "2 Går det frem eller tilbage siden juni, og hvor?": [
        ("Overblik", lambda s: beginning(s, "Siden juni"), "Siden juni: ↑ 4 er gået frem (M2.1.1, M2.2.5, M3.2.1, M4.2.2) ·"
         " ↓ 3 er gået tilbage (M1.3.1, M2.2.3, M3.3.1) · ● 7 har fået deres første svar · → 4 er uændrede"),
        ("Overblik", lambda s: [under(s, header, "M1.3.1") for header in ("Status nu", "I juni")],
         ["Ikke opfyldt", "↓ Forventes ikke opfyldt"]),
        ("Opfølgning", lambda s: under(s, "Sidste status", "M1.3.1"), "Forventes ikke opfyldt"),
        ("Resultater", lambda s: under(s, "Status 2015 år", "M1.3.1"), "↓ Ikke opfyldt")],
    "3 Hvad er bagud, og hvorfor?": [
        ("Overblik", lambda s: under(s, "Hvorfor", "M1.3.1").split(". ")[0], "80 % af målet: 16 af 20 rekvisitioner"),
        ("Overblik", lambda s: "efteråret blev godt, men foråret manglede" in under(s, "Hvorfor", "M1.3.1"), True)],
    "4 Hvad gør I ved det?": [
        ("Overblik", lambda s: [under(s, "Hvorfor", goal).split("\n")[1] for goal in ("M4.1.2", "M1.3.1")], [
            "Næste skridt: De sidste 19 medarbejdere tager testen i januar.", "Næste skridt: ikke oplyst."]),
        ("Opfølgning", lambda s: under(s, "Næste skridt", "M3.3.1"), "Søndagsåbent fra januar.")],
    "5 Passer status med tallene?": [
        ("Kontrol", lambda s: under(s, "Hvad", "M2.2.5").split("\n")[0],
         "Ledelsen har valgt »Opfyldt«, men resultatet giver »Delvist opfyldt«."),
        ("Kontrol", lambda s: under(s, "Der stod", "M2.2.5"), "Status: Opfyldt\nResultat: 2\nMål: Mindst 3 events pr. år"),
        ("Overblik", lambda s: under(s, "Hvorfor", "M2.2.5"), "Tallene peger på »Delvist opfyldt«: 2 af 3 events.")],
    "6 Fik vi svar på det, vi spurgte om i juni?": [
        ("Dialog", lambda s: [under(s, header, "M1.3.1", Runde="Midtvejs 2015", Hvem="KSE") for header in (
            "Hvad blev der skrevet", "Tilstand", "Svar")], [
                "Hvad skal der til for at nå 20 rekvisitioner i år?", "Besvaret",
                "Vi har aftalt faste dage med tre landsbyer fra september og regner med 16-18 rekvisitioner i år."])],
    "7 Venter I på noget fra os?": [
        ("Overblik", lambda s: beginning(s, "◆"), "◆ 1 punkt venter på KSE: M2.2.3"),
        ("Dialog", lambda s: under(s, "Hvad blev der skrevet", "M2.2.3", Tilstand="Venter på KSE"),
         "Hvornår kan strategien komme på udvalgets dagsorden?")],
    "8 Opfylder målene kravene og politikkerne?": [
        ("Overblik", lambda s: below(s, "KSE-krav"),
         "Aftalen siger ikke, hvilke af årets mål der opfylder Bredde, Tilgængelighed og Partnerskaber."),
        ("Overblik", lambda s: right_of(s, "Folkeskolereformen"), "1 mål, 1 opfyldt (M2.2.2)"),
        ("Opfølgning", lambda s: under(s, "Politik", "M2.2.2"), "Folkeskolereformen")],
    "9 Hvordan og hvornår er tallet målt?": [
        ("Opfølgning", lambda s: [under(s, header, "M1.3.1") for header in ("Indikator", "Opgjort pr.")],
         ["Antal rekvisitioner", datetime(2015, 10, 31)])],
    "10 Holder I rammen, og hvad koster målene?": [
        ("Overblik", lambda s: [right_of(s, label) for label in ("Inden for rammen", "Økonomisk ramme", "Budget")], [
            "Ja", "Målene nås som hovedregel for de penge, enheden har fået tildelt. Aftalen nævner ikke noget beløb.",
            "Innovationspuljen"])],
}
"""What a consultant of the department's and a member of the committee ask of the year, and the cells that answer."""


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_of_the_ten_questions_is_answered_by_a_cell(question: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    book = opened(example(tmp_path_factory.getbasetemp() / "demo", Round.AARSOPFOELGNING), values=True)
    for sheet, find, answer in QUESTIONS[question]:
        assert find(book[sheet]) == answer, sheet
