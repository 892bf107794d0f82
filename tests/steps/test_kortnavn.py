"""What people read calls the department by its Kortnavn, and names no other department and no other year than theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from conftest import fill_in, header_row
from openpyxl.workbook import Workbook
from reading_mail import seen_by_python

from aftale.model.agreement import Round
from aftale.model.text import genitive
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import DraftFolder, fordel
from aftale.steps.generer import generer
from aftale.steps.kse import Wanted
from aftale.steps.nyt_aar import nyt_aar
from aftale.steps.saml import saml
from aftale.steps.send import prepare, send

GOALS = """Udviklingsmål;Fokusområde;Effektmål;2019;2020;Krav;Måltype;Måltal;Ansvarlig;E-mail
Flere med;Unge;Unge spiller i hold;x;x;Bredde;Mindst;20;Ungeteamet;ungeteamet@example.dk
Flere med;Unge;Unge giver koncert;x;;Nærhed;Leverance;;Ungeteamet;ungeteamet@example.dk
"""


@pytest.mark.parametrize(("name", "genitive_"), [
    ("forvaltningen", "forvaltningens"), ("KSE", "KSE's"), ("Kultur og Fritid", "Kultur og Fritids"),
    ("Børn & Unge", "Børn & Unges"), ("Campus", "Campus'"), ("Område 2", "Område 2's"),
], ids=lambda name: str(name))
def test_the_genitive_is_written_as_danish_writes_it(name: str, genitive_: str) -> None:
    assert genitive(name) == genitive_


def year_of(folder: Path, short: str, department: str, goals: str = GOALS) -> tuple[list[Report], Path]:
    """Play a year of 2019 of a department through: agreement, skemaer, follow-up, mail, next year, overview."""
    folder.mkdir()
    (folder / "maal.csv").write_text(goals, encoding="utf-8")
    called = f'kortnavn = "{short}"' if short else ""
    (folder / "aftale.toml").write_text(
        f'enhed = "Musikskolen"\nafdeling = "{department}"\n{called}\n'
        'aar = 2019\nperiode = "2019-2020"\nkse_mail = "kontakt@example.dk"\nkoordinator_mail = "koordinator@example.dk"\n'
        "frist_aarsopfoelgning = 2019-11-11\n", encoding="utf-8")
    agreement, out = folder / "aftale.xlsx", folder / "opfoelgning.xlsx"
    reports = [generer(folder, agreement, template_path())]
    write_all(list(reports[-1].files))
    reports.append(fordel(agreement, Round.AARSOPFOELGNING, folder / "skemaer", drafts=DraftFolder(folder / "breve")))
    write_all(list(reports[-1].files))
    (folder / "svar").mkdir()
    for form in (folder / "skemaer").iterdir():
        answered = {"M1.1.1": {"Status": "Opfyldt", "Resultat": 20, "Opgjort pr.": datetime(2019, 10, 31)}}
        (folder / "svar" / form.name).write_bytes(fill_in(form.read_bytes(), answered, by="Ungeteamet"))
    edition = folder / "svar" / "fra_forvaltningen.xlsx"
    reports.append(flet(agreement, [folder / "svar"], out, kse=Wanted(edition)))
    write_all(list(reports[-1].files))
    returned = openpyxl.load_workbook(edition)
    returned["Overblik"]["B60"] = "Skrevet ved siden af"
    returned.save(edition)
    reports.append(flet(agreement, [folder / "svar"], out))
    write_all(list(reports[-1].files))
    reports.append(send(prepare(out)))
    write_all(list(reports[-1].files))
    reports.append(nyt_aar(agreement, [out], folder / "aftale_2020.xlsx"))
    write_all(list(reports[-1].files))
    reports.append(saml([out], folder / "samling.xlsx"))
    write_all(list(reports[-1].files))
    return reports, folder


def read_by_people(reports: list[Report], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what a person sees: cells and prompts of every sheet but ``_aftale``, mails, and what is said on screen."""
    for path in sorted(folder.rglob("*.xlsx")):
        book: Workbook = openpyxl.load_workbook(path)
        for sheet in book.worksheets:
            if sheet.title == "_aftale":
                continue
            yield f"{path.name} {sheet.title}", sheet.title
            for row in sheet.iter_rows():
                yield from ((f"{path.name} {sheet.title} {cell.coordinate}", cell.value) for cell in row
                            if isinstance(cell.value, str))
            for rule in sheet.data_validations.dataValidation:
                yield f"{path.name} {sheet.title} {rule.sqref}", f"{rule.promptTitle} {rule.prompt} {rule.error}"
        with ZipFile(path) as package:
            yield path.name, re.sub("<[^>]*>", " ", package.read("docProps/core.xml").decode())
    for path in sorted(folder.rglob("*.eml")):
        mail = seen_by_python(path.read_bytes())
        yield path.name, f"{mail.subject}\n{mail.text}\n{mail.html}"
    for report in reports:
        yield "skærmen", "\n".join((*report.said, report.next_step, report.closing))
        yield from (("skærmen", f"{found.message} {found.advice}") for found in report.problems)


Played = tuple[str, list[tuple[str, str]], Path]
"""The Kortnavn, what people read and where it stands, and the year's folder."""


@pytest.fixture(scope="module", params=[("KF", "Kultur og Fritid"), ("", "Kultur og Fritid")], ids=["KF", "no Kortnavn"])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    short, department = request.param
    reports, folder = year_of(tmp_path_factory.mktemp("aar") / "2019", short, department)
    return short, list(read_by_people(reports, folder)), folder


def test_nothing_says_kse_for_a_department_that_is_not(played: Played) -> None:
    assert [found for found in played[1] if re.search(r"\bKSE", found[1])] == []


def test_examples_and_prompts_name_the_agreements_own_year(played: Played) -> None:
    assert [found for found in played[1] if re.search("(?<![0-9a-f])201[5-8](?![0-9a-f])", found[1])] == []


def test_another_departments_demands_are_those_that_its_goals_name(played: Played) -> None:
    _, texts, folder = played
    assert [found for found in texts if re.search("Tilgængelighed|Partnerskaber|tre krav", found[1])] == []
    overview = [str(cell.value) for row in openpyxl.load_workbook(folder / "opfoelgning.xlsx")["Overblik"] for cell in row]
    assert {"Bredde", "Nærhed"} <= {*overview}
    sheet = openpyxl.load_workbook(folder / "samling.xlsx")["Krav"]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert [each for each in cells if each.endswith(": effektmål")] == ["Bredde: effektmål", "Nærhed: effektmål"]


def test_where_no_goal_of_another_department_names_a_demand_nothing_is_said_of_any(tmp_path: Path) -> None:
    goals = GOALS.replace("Bredde", "").replace("Nærhed", "")
    reports, folder = year_of(tmp_path / "2019", "KF", "Kultur og Fritid", goals)
    texts = list(read_by_people(reports, folder))
    assert [found for found in texts if re.search("Bredde|Tilgængelighed|Partnerskaber|tre krav", found[1])] == []
    assert [found for found in texts if " Overblik " in found[0] and "krav" in found[1].casefold()] == []
    assert "Krav" not in openpyxl.load_workbook(folder / "samling.xlsx").sheetnames


def test_kses_agreement_tells_of_its_three_demands(tmp_path: Path) -> None:
    (tmp_path / "aftale.toml").write_text('enhed = "Huset"\naar = 2019\nkortnavn = "KSE"\n', encoding="utf-8")
    write_all(list(generer(tmp_path, tmp_path / "aftale.xlsx", template_path()).files))
    sheet = openpyxl.load_workbook(tmp_path / "aftale.xlsx")["Aftaletekst"]
    shown = " ".join(str(row[1].value) for row in sheet.iter_rows(max_col=2) if not sheet.row_dimensions[row[1].row].hidden)
    assert all(said in shown for said in ("tre krav", "Bredde", "Tilgængelighed", "Partnerskaber"))


@pytest.mark.parametrize(("where", "said"), [
    ("skema_", "Taget ud efter aftale med {}."), ("opfoelgning.xlsx Overblik", "Dialogbaseret aftale med"),
    ("opfoelgning.xlsx Overblik", "Her skriver {}."), ("opfoelgning.xlsx Opfølgning", "Her skriver {}."),
    ("opfoelgning.xlsx Kilder", "{}s bemærkninger"), ("opfoelgning.xlsx Kontrol", "{} har skrevet uden for sine felter"),
    ("opfoelgning_2019_aarsopfoelgning_musikskolen.xlsx Overblik", "{} skriver i de gule felter"),
    ("aftale_2020.xlsx", "Til dialogen med {}"), ("skærmen", "Læg {}s svar i mappen"),
], ids=lambda text: str(text))
def test_the_department_is_called_by_its_kortnavn(played: Played, where: str, said: str) -> None:
    short, texts, _ = played
    name = short or "forvaltningen"
    said = said.replace("{}s", genitive(name)).replace("{}", name)
    wanted = said[:1].upper() + said[1:] if short else said
    here = [text for at, text in texts if at.startswith(where)]
    assert any(wanted.casefold() in text.casefold() for text in here), wanted


def test_the_demands_have_a_header_of_their_own_that_is_read_again(played: Played) -> None:
    _, _, folder = played
    for file, sheet in (("aftale.xlsx", "Mål"), ("opfoelgning.xlsx", "Opfølgning"), ("samling.xlsx", "Mål")):
        rows = openpyxl.load_workbook(folder / file)[sheet]
        headers = [str(cell.value) for cell in rows[header_row(rows)]]
        assert "Krav" in headers, file
        first = [cell.value for cell in rows[header_row(rows) + 1]]
        assert first[headers.index("Krav")] == "Bredde", file


@pytest.mark.parametrize(("given", "header"), [
    ('kortnavn = "KSE"', "KSE-krav"), ('afdeling = "KSE (Kultur, Service & Events)"', "KSE-krav"), ("", "KSE-krav"),
    ('kortnavn = "KF"', "Krav"), ('afdeling = "Kultur og Fritid"', "Krav"),
], ids=["Kortnavn KSE", "KSE in the whole name", "nobody named yet", "Kortnavn KF", "another whole name"])
def test_the_header_of_the_demands_is_kses_only_where_it_is_kse(given: str, header: str, tmp_path: Path) -> None:
    (tmp_path / "aftale.toml").write_text(f'enhed = "Huset"\naar = 2019\n{given}\n', encoding="utf-8")
    write_all(list(generer(tmp_path, tmp_path / "aftale.xlsx", template_path()).files))
    sheet = openpyxl.load_workbook(tmp_path / "aftale.xlsx")["Mål"]
    assert header in [cell.value for cell in sheet[header_row(sheet)]]


def test_an_empty_kortnavn_asks_for_nothing(tmp_path: Path) -> None:
    report = generer(None, tmp_path / "aftale.xlsx", template_path())
    assert not [each for each in report.problems if "Kortnavn" in each.message]
