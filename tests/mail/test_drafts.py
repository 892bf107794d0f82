"""Drafts of mails with skemaer, reminders and questions: whom they go to, what they say, and what lies beside them."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, beside, cell_at, column_of, copied, made_year, once
from making_mail import EmailMessage
from reading_mail import Seen, seen
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.mail.drafts import MOST_BYTES, draft_files
from aftale.mail.sent_list import Reminded, reminders
from aftale.model.agreement import Round
from aftale.model.mail import NOTHING_SENT, SEND_FIRST, Address, Attachment, Mailing, MailKind, Outgoing
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path
from aftale.steps.flet import flet
from aftale.steps.fordel import DraftFolder, fordel
from aftale.steps.indlaes import indlaes
from aftale.steps.paamind import Reminding, paamind
from aftale.steps.year_folder import YearFolder

FIRST, SECOND, THIRD = datetime(2015, 11, 4, 9), datetime(2015, 11, 9, 9), datetime(2015, 11, 12, 9)
WHOLE: Mapping[str, Mapping[str, Any]] = {
    "M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}, "M3.2.1": {"Status": "Opfyldt"},
    "M3.2.1.1": {"Resultat": 5.4, "Status": "Forventes opfyldt"},
    "M3.3.1": {"Udgangspunkt": 410000, "Resultat": 432000, "Status": "Opfyldt"}}
"""All that Husteamet is asked about."""


FOUR = frozenset(("Husteamet", "Ledelsen", "Børneteamet", "Landdistriktsteamet"))


@pytest.fixture(scope="session")
def _small(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The goals of the example that four ansvarlige answer for, and nobody else."""
    source = tmp_path_factory.mktemp("kilde")
    shutil.copy(example_path() / "aftale.toml", source)
    with (example_path() / "maal.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream, delimiter=";")
    owners = header.index("Ansvarlig")
    with (source / "maal.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(
            [header, *(row for row in rows if row[owners] and set(row[owners].split("; ")) <= FOUR)])
    return made_year(tmp_path_factory.mktemp("lille"), source)


@pytest.fixture
def year(_small: Year, tmp_path: Path) -> Year:
    """A small agreement with its skemaer, in a folder of the test's own."""
    return copied(_small, tmp_path / "aar")


def letters(year: Year, **more: Any) -> Report:
    return done(fordel(year.agreement, Round.AARSOPFOELGNING, year.folder / "skemaer", date(2015, 11, 11),
                       drafts=DraftFolder(year.folder / "breve", **more)))


def remind(year: Year, *answers: Path, **more: Any) -> Report:
    how = Reminding(list(answers) or [year.answers], Round.AARSOPFOELGNING, **{"year": in_its_round(year), **more})
    return done(paamind(year.agreement, year.folder / "breve", how))


def in_its_round(year: Year) -> YearFolder:
    """Return the year's folder with copies of the skemaer where they would lie."""
    folder = year.folder / "aarsopfoelgning" / "skemaer"
    if not folder.exists():
        shutil.copytree(year.folder / "skemaer", folder)
    return YearFolder(year.folder)


def done(report: Report) -> Report:
    write_all(list(report.files))
    return report


def names(folder: Path, suffix: str = ".eml") -> list[str]:
    return sorted(path.name for path in folder.glob(f"*{suffix}"))


def mail(year: Year, owner: str, ending: str = "", folder: str = "breve") -> Seen:
    """Read the draft to an ansvarlig with two parsers that must agree."""
    path = year.folder / folder / f"{year.forms[owner].stem}{ending}.eml"
    return seen(path.read_bytes())


def set_cell(agreement: Path, goal: str, header: str, value: object) -> str:
    """Change a cell of Mål and return its name."""
    book = openpyxl.load_workbook(agreement)
    sheet = book["Mål"]
    cell = cell_at(sheet, goal, header)
    cell.value = value
    book.save(agreement)
    return str(cell.coordinate)


def set_address(agreement: Path, owner: str, address: str | None) -> str:
    """Give an ansvarlig another address in every row where they stand alone, and take them out elsewhere.

    Returns the cell of the first goal that they have this year.
    """
    book = openpyxl.load_workbook(agreement)
    sheet = book["Mål"]
    top = next(c.row for row in sheet.iter_rows() for c in row if c.value == "Mål-id")
    headers = {c.value: c.column for c in sheet[top]}
    cells = []
    for row in range(top + 1, sheet.max_row + 1):
        names, emails = sheet.cell(row, headers["Ansvarlig"]), sheet.cell(row, headers["E-mail"])
        if owner in str(names.value) and ";" in str(names.value):
            names.value, emails.value = str(names.value).split(";")[0], str(emails.value).split(";")[0]
        elif names.value == owner:
            emails.value = address
            cells += [str(emails.coordinate)] if "x" in str(sheet.cell(row, headers["2015"]).value) and \
                sheet.cell(row, headers["Effektmål"]).value else []
    book.save(agreement)
    return cells[0]


def goals_in(text: str) -> list[str]:
    return re.findall(r"^ *(?:- |\d+\. )(M[\d.]+) ", text, re.M)


# ---------------------------------------------------------------- fordel --breve

def test_every_ansvarlig_gets_a_draft_with_just_their_skema_and_goals(year: Year) -> None:
    report = letters(year)
    assert names(year.folder / "breve") == sorted(f"{path.stem}.eml" for path in year.forms.values())
    for owner, path in year.forms.items():
        found = mail(year, owner)
        assert [each[:1] + each[2:] for each in found.attachments[:1]] == [(path.name, path.read_bytes())]
        sheet = openpyxl.load_workbook(path)["Skema"]
        ids = [c.value for c in sheet["A"] if str(c.value).startswith("M") and str(c.value)[1:2].isdigit()]
        assert goals_in(found.text) == ids
        assert f"skema har {len(ids)} mål, som I er ansvarlige for:" in found.text
        assert found.to == ((owner, f"{found.to[0][1]}"),) and found.to[0][1].endswith("@bibliotek.example.dk")
        assert found.subject == "Skema til årsopfølgningen 2015: svar senest 11. november 2015"
        assert "senest 11. november 2015" in found.text and "gule felter" in found.text
    assert report.closing == NOTHING_SENT


def test_beside_each_draft_lie_the_attachment_and_the_text_to_copy(year: Year) -> None:
    once(letters, year)
    path = year.folder / "breve" / year.forms["Børneteamet"].name
    assert path.read_bytes() == year.forms["Børneteamet"].read_bytes()
    data = path.with_suffix(".txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b"\n" not in data.replace(b"\r\n", b"")
    head, text = data.decode("utf-8-sig").replace("\r\n", "\n").split("\n\n", 1)
    found = mail(year, "Børneteamet")
    assert head == (f"Til: Børneteamet <boerneteamet@bibliotek.example.dk>\nEmne: {found.subject}\nVedhæft: {path.name}\n"
                    f"Vedhæft: {path.stem}.ics")
    assert path.with_suffix(".ics").read_bytes() == found.attachments[1][2]
    assert text.strip() == found.text.strip()


def test_the_same_again_writes_nothing_and_a_new_deadline_renews_the_drafts(year: Year) -> None:
    once(letters, year)
    again = letters(year)
    assert again.files == () and "0 nye, resten uændret" in " ".join(again.said)
    later = done(fordel(year.agreement, Round.AARSOPFOELGNING, year.folder / "skemaer", date(2015, 11, 18),
                        drafts=DraftFolder(year.folder / "breve")))
    assert "senest 18. november 2015" in mail(year, "Ledelsen").text
    assert not [path for path in (year.folder / "breve").iterdir() if "_tidligere_" in path.name], "nobody had changed them"
    assert not [said for said in later.said if "rettet" in said]


@pytest.mark.parametrize("ending", [".eml", ".txt", ".xlsx", ".ics"])
def test_what_somebody_changed_in_a_draft_is_kept(year: Year, ending: str) -> None:
    once(letters, year)
    path = year.folder / "breve" / f"{year.forms['Ledelsen'].stem}{ending}"
    changed = path.read_bytes() + b"\r\nMin egen tilf\xc3\xb8jelse"
    path.write_bytes(changed)
    report = done(fordel(year.agreement, Round.AARSOPFOELGNING, year.folder / "skemaer", date(2015, 11, 18),
                         drafts=DraftFolder(year.folder / "breve")))
    kept = list(path.parent.glob(f"{path.stem}_tidligere_*{ending}"))
    assert [each.read_bytes() for each in kept] == [changed] and kept[0].name in " ".join(report.said)


def test_a_skema_that_is_filled_in_already_goes_in_no_mail(year: Year) -> None:
    filled = year.fill("Ledelsen", {"M2.2.5": {"Resultat": 3}})
    shutil.copy(filled, year.forms["Ledelsen"])
    once(letters, year)
    assert f"{year.forms['Ledelsen'].stem}.eml" not in names(year.folder / "breve")
    assert len(names(year.folder / "breve")) == len(year.forms) - 1


def test_an_ansvarlig_without_an_address_is_an_error_with_goal_and_cell_and_the_others_get_theirs(year: Year) -> None:
    cell = set_address(year.agreement, "Landdistriktsteamet", None)
    report = letters(year)
    (found,) = [p for p in report.problems if p.code.startswith(("mail-", "email-"))]
    assert (found.code, found.place.sheet, found.place.cell, found.goal) == ("mail-no-address", "Mål", cell, "M1.3.1")
    assert "Landdistriktsteamet" in found.message and "M1.3.1" in found.advice and report.exit_code == 1
    assert len(names(year.folder / "breve")) == len(year.forms) - 1
    assert report.mailing is not None and len(report.mailing.mails) == len(year.forms) - 1


@pytest.mark.parametrize(("written", "to", "codes"), [
    ("a@example.dk, b@example.dk", ["a@example.dk", "b@example.dk"], []),
    ("info@rødgrød.dk", ["info@xn--rdgrd-vuad.dk"], []),
    ("bøger@example.dk, a@example.dk", ["a@example.dk"], ["mail-bad-address"]),
    ("ring til os", None, ["mail-bad-address"]),
])
def test_addresses_as_they_are_written_in_the_agreement(year: Year, written: str, to: list[str] | None,
                                                        codes: list[str]) -> None:
    cell = set_address(year.agreement, "Landdistriktsteamet", written)
    report = letters(year)
    bad = [p for p in report.problems if p.code == "mail-bad-address"]
    assert [p.code for p in bad] == codes and all(p.place.cell == cell and p.place.sheet == "Mål" for p in bad)
    if to is None:
        assert f"{year.forms['Landdistriktsteamet'].stem}.eml" not in names(year.folder / "breve")
    else:
        assert [email for _, email in mail(year, "Landdistriktsteamet").to] == to


def test_staffs_own_text_is_used_and_a_wrong_one_stops_before_anything_is_written(year: Year) -> None:
    own = year.folder / "brevtekster"
    own.mkdir()
    (own / "fordel.txt").write_text("Emne: Hej {ansvarlig}\n\nSkemaet er {fil}.\n{maal}\nInden [{frist}]", encoding="utf-8")
    report = letters(year)
    assert mail(year, "Ledelsen").subject == "Hej Ledelsen" and "jeres egen" in " ".join(report.said)
    (own / "fordel.txt").write_text("Emne: Hej {ansvarlg}\n\nHej", encoding="utf-8")
    before = {path: path.read_bytes() for path in year.folder.rglob("*") if path.is_file()}
    with pytest.raises(CannotDo, match="Intet er gemt"):
        letters(year)
    assert before == {path: path.read_bytes() for path in year.folder.rglob("*") if path.is_file()}


def test_a_field_that_is_empty_in_every_mail_is_told_of_once(year: Year) -> None:
    book = openpyxl.load_workbook(year.agreement)
    beside(book["Forside"], "Koordinator").value = None
    book.save(year.agreement)
    own = year.folder / "brevtekster"
    own.mkdir()
    (own / "fordel.txt").write_text("Emne: Hej\n\nSvar til {koordinator}.", encoding="utf-8")
    report = letters(year)
    assert [p.text for p in report.problems if p.code == "mail-field-empty"] == ["{koordinator}"]
    assert len(names(year.folder / "breve")) == len(year.forms) > 1


def test_without_a_deadline_the_text_has_no_hole(year: Year) -> None:
    book = openpyxl.load_workbook(year.agreement)
    beside(book["Forside"], "Frist for årsopfølgning").value = None
    book.save(year.agreement)
    shutil.rmtree(year.folder / "skemaer")  # they were sent with a deadline, which would hold
    done(fordel(year.agreement, Round.AARSOPFOELGNING, year.folder / "skemaer", drafts=DraftFolder(year.folder / "breve")))
    found = mail(year, "Ledelsen")
    assert found.subject == "Skema til årsopfølgningen 2015" and "senest" not in found.text


def test_the_words_of_the_agreement_are_no_html(year: Year) -> None:
    set_cell(year.agreement, "M1.3.1", "Effektmål", "<b>Fed</b> & <script>alert(1)</script> {frist} [x]")
    once(letters, year)
    found = mail(year, "Landdistriktsteamet")
    assert "<script" not in found.html and "&lt;b&gt;Fed&lt;/b&gt; &amp; &lt;script&gt;" in found.html
    assert "<b>Fed</b> & <script>alert(1)</script> {frist} [x]" in found.text


# ---------------------------------------------------------------- paamind

def test_a_reminder_names_exactly_the_goals_that_lack_an_answer(year: Year) -> None:
    year.fill("Husteamet", {goal: WHOLE[goal] for goal in ("M2.1.1", "M3.2.1")}, by="Husets leder", saved=FIRST)
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Opfyldt"}, "M2.2.5": {"Status": "Opfyldt"}}, saved=FIRST)
    report = remind(year)
    assert names(year.folder / "breve") == sorted(f"{path.stem}_paamindelse.eml" for path in year.forms.values())
    found = mail(year, "Husteamet", "_paamindelse")
    assert found.subject == "Påmindelse: svar på 2 mål i årsopfølgningen 2015 (frist 11. november 2015)"
    assert "på 2 mål i årsopfølgningen 2015. Fristen er 11. november 2015." in found.text
    assert goals_in(found.text) == ["M3.2.1.1", "M3.3.1"] and "(2 af 4 mål)" in found.text
    half = mail(year, "Ledelsen", "_paamindelse").text
    assert goals_in(half) == ["M2.2.5", "M4.2.1", "M4.2.2"]
    assert "- Resultat mangler ved 1 mål:\n  - M2.2.5 " in half and "- Status mangler ved 2 mål:\n  - M4.2.1 " in half
    assert "Uden svar står målene som »Mangler svar« i opfølgningen til KSE." in half
    shared = mail(year, "Børneteamet", "_paamindelse").text
    assert goals_in(shared) == ["M2.2.2"], "what the other ansvarlig has answered isn't asked for"
    assert report.closing == NOTHING_SENT


def test_the_skema_of_a_reminder_holds_the_answers_so_far_and_merges_when_it_comes_back(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "2", "Status": "Opfyldt", "Bemærkninger": "To foreninger"},
                            "M3.2.1": {"Status": "næsten"}}, by="Husets leder", saved=FIRST)
    remind(year)
    (name, _, data), = mail(year, "Husteamet", "_paamindelse").attachments
    assert name == f"{year.forms['Husteamet'].stem}_paamindelse.xlsx"
    path = year.folder / "kopi.xlsx"
    path.write_bytes(data)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "Spørgsmål" and beside(book["Skema"], "Udfyldt af").value == "Husets leder"
    asked = [c.value for row in book["Spørgsmål"].iter_rows() for c in row if c.value]
    assert any("mangler resultat" in str(text) or "mangler status" in str(text) for text in asked)
    twice = [text for text in asked if str(text).startswith("M3.2.1 ") and "mangler" in str(text)]
    assert not twice, "what is asked about in its own words isn't listed as missing too"
    rows = {row[0]: row for row in book["Skema"].iter_rows(values_only=True)}
    assert 2 in rows["M2.1.1"] and "To foreninger" in rows["M2.1.1"] and "næsten" in rows["M3.2.1"]
    back = Year(year.folder, year.agreement, {**year.forms, "Husteamet": path})
    back.fill("Husteamet", {**WHOLE, "M2.1.1": {}}, name="svar igen.xlsx", saved=SECOND, done="Ja")
    report = flet(year.agreement, [year.answers], year.folder / "opfoelgning.xlsx")
    goals = report.data["goals"]
    assert isinstance(goals, list)
    shown = {goal["id"]: goal["answers"] for goal in goals}
    assert shown["M2.1.1"]["resultat"] == 2.0 and shown["M3.2.1"]["status"] == "Opfyldt"
    assert shown["M3.3.1"]["resultat"] == 432000 and report.data["conflicts"] == []


def test_nobody_who_is_done_or_has_said_so_is_reminded(year: Year) -> None:
    year.fill("Husteamet", WHOLE, by="Leder", saved=FIRST)
    year.fill("Ledelsen", {}, done="Ja", by="Sekretariatet", saved=FIRST)
    year.fill("Børneteamet", {"M2.2.2": {"Resultat": 2, "Status": "Opfyldt"}}, done="Ja", by="Børn", saved=FIRST)
    remind(year)
    without = {f"{year.forms[owner].stem}_paamindelse.eml" for owner in ("Husteamet", "Ledelsen")}
    assert not without & set(names(year.folder / "breve"))
    forgotten = goals_in(mail(year, "Børneteamet", "_paamindelse").text)
    assert forgotten and "M2.2.2" not in forgotten, "Ja doesn't answer the goals that were left empty"


def test_when_all_have_answered_there_is_no_draft_and_nothing_says_send(year: Year) -> None:
    for owner in year.forms:
        year.fill(owner, {}, done="Ja", by=owner, saved=FIRST)
    report = remind(year)
    assert names(year.folder / "breve") == [] and report.closing == ""
    assert "Der er ingen at minde om" in " ".join(report.said)


def test_nobody_has_answered_yet_is_no_error(year: Year) -> None:
    year.answers.mkdir()
    remind(year)
    assert len(names(year.folder / "breve")) == len(year.forms)
    (name, _, data), = mail(year, "Ledelsen", "_paamindelse").attachments
    assert (name, data) == (year.forms["Ledelsen"].name, year.forms["Ledelsen"].read_bytes()), "the very skema that was sent"


def test_a_reminder_that_is_needed_no_more_is_named(year: Year) -> None:
    year.answers.mkdir()
    remind(year)
    year.fill("Husteamet", WHOLE, by="Leder", saved=FIRST)
    report = remind(year)
    assert f"{year.forms['Husteamet'].stem}_paamindelse.eml" in next(s for s in report.said if "send dem ikke" in s)


def test_what_the_coordinator_wrote_in_the_follow_up_is_an_answer_too(year: Year) -> None:
    year.fill("Husteamet", {goal: WHOLE[goal] for goal in ("M2.1.1", "M3.2.1", "M3.2.1.1")}, by="Leder", saved=FIRST)
    out = year.folder / "opfoelgning.xlsx"
    done(flet(year.agreement, [year.answers], out))
    assert goals_in_reminder(year, remind(year, followup=out)) == ["M3.3.1"]
    book = openpyxl.load_workbook(out)
    sheet = book["Opfølgning"]
    cell_at(sheet, "M3.3.1", "Status").value, cell_at(sheet, "M3.3.1", "Resultat").value = "Opfyldt", 440000
    book.save(out)
    assert goals_in_reminder(year, remind(year, followup=out)) == []


def goals_in_reminder(year: Year, report: Report) -> list[str]:
    assert report.mailing is not None
    return next((goals_in(each.text) for each in report.mailing.mails if each.to[0].name == "Husteamet"), [])


def test_what_two_persons_of_a_team_answered_differently_is_asked_and_never_chosen(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}, "M3.2.1": {"Status": "Opfyldt"}}, by="Den ene",
              name="en.xlsx", saved=FIRST)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 3, "Status": "Opfyldt"}}, by="Den anden", name="to.xlsx", saved=SECOND)
    remind(year)
    (name, _, data), = mail(year, "Husteamet", "_paamindelse").attachments
    path = year.folder / "kopi.xlsx"
    path.write_bytes(data)
    rows = {row[0]: row for row in openpyxl.load_workbook(path)["Skema"].iter_rows(values_only=True)}
    assert "3 eller 2" in rows["M2.1.1"] or "2 eller 3" in rows["M2.1.1"]
    assert "Opfyldt" in rows["M3.2.1"], "what only one of them answered is there"
    back = Year(year.folder, year.agreement, {**year.forms, "Husteamet": path})
    back.fill("Husteamet", {"M3.2.1.1": {"Resultat": 5.4, "Status": "Forventes opfyldt"}}, name="igen.xlsx", saved=THIRD)
    report = indlaes(year.agreement, [year.answers])
    assert "answers-differ" in [p.code for p in report.problems]
    cells = report.data["cells"]
    assert isinstance(cells, dict) and cells["balance"]
    back.fill("Husteamet", {"M2.1.1": {"Resultat": 2}}, name="igen.xlsx", saved=THIRD)
    report = indlaes(year.agreement, [year.answers])
    assert report.data["conflicts"] == [] and answer_of(report, "M2.1.1")["resultat"] == 2.0, "they have settled it"


def test_remarks_of_two_persons_stay_both_after_the_reminder_has_come_back(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Bemærkninger": "Det ene"}}, by="Den ene", name="en.xlsx", saved=FIRST)
    year.fill("Husteamet", {"M2.1.1": {"Bemærkninger": "Det andet"}}, by="Den anden", name="to.xlsx", saved=SECOND)
    remind(year)
    path = attached(year, "Husteamet")
    assert beside(openpyxl.load_workbook(path)["Skema"], "Udfyldt af").value == "Den anden"
    back = Year(year.folder, year.agreement, {**year.forms, "Husteamet": path})
    back.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt", "Resultat": 1}}, name="igen.xlsx", saved=THIRD)
    said = str(answer_of(indlaes(year.agreement, [year.answers]), "M2.1.1")["bemaerkninger"])
    assert "Den ene: Det ene" in said and "Den anden: Det andet" in said and said.count("Det andet") == 1


def test_the_doubt_in_a_reminder_is_that_of_the_newest_file(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1}}, by="Den ene", name="en.xlsx", saved=FIRST)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "ca. 5"}}, by="Den anden", name="to.xlsx", saved=SECOND)
    remind(year)
    rows = {row[0]: row for row in openpyxl.load_workbook(attached(year, "Husteamet"))["Skema"].iter_rows(values_only=True)}
    assert "ca. 5" in rows["M2.1.1"]


def test_another_teams_answer_to_a_shared_goal_stands_in_nobody_elses_skema(year: Year) -> None:
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Opfyldt"}}, by="A", name="a.xlsx", saved=FIRST)
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Opfyldt"}}, by="B", name="b.xlsx", saved=SECOND)
    year.fill("Børneteamet", {"M2.2.3": {"Status": "Delvist opfyldt"}}, by="C", name="c.xlsx", saved=FIRST)
    remind(year)
    rows = {row[0]: row for row in openpyxl.load_workbook(attached(year, "Ledelsen"))["Skema"].iter_rows(values_only=True)}
    assert "Opfyldt" in rows["M2.2.3"] and not any("eller" in str(cell) for cell in rows["M2.2.3"])


def attached(year: Year, owner: str) -> Path:
    """Lay the workbook of a reminder out as a file."""
    (_, _, data), = mail(year, owner, "_paamindelse").attachments
    path = year.folder / "kopi.xlsx"
    path.write_bytes(data)
    return path


def answer_of(report: Report, goal: str) -> dict[str, object]:
    goals = report.data["goals"]
    assert isinstance(goals, list)
    found: dict[str, object] = next(each for each in goals if each["id"] == goal)["answers"]
    return found


# ---------------------------------------------------------------- one deadline, and what lies in the year's folder

def deadlines(path: Path) -> set[str]:
    """Return every deadline that stands in a skema."""
    texts = (str(c.value) for sheet in openpyxl.load_workbook(path).worksheets for row in sheet.iter_rows() for c in row)
    return set(re.findall(r"\d{1,2}\. november 2015", " ".join(texts)))


@pytest.mark.parametrize("answered", [False, True])
def test_mail_and_skema_say_the_same_deadline(year: Year, answered: bool) -> None:
    year.answers.mkdir(exist_ok=True)
    if answered:
        year.fill("Ledelsen", {"M4.2.1": {"Status": "Opfyldt"}}, by="L", saved=FIRST)
    report = remind(year, deadline=date(2015, 11, 18))
    assert deadlines(attached(year, "Ledelsen")) == {"18. november 2015"}
    assert "reminder-deadline" not in [p.code for p in report.problems]


def test_another_deadline_on_forside_is_the_one_and_that_is_told(year: Year) -> None:
    book = openpyxl.load_workbook(year.agreement)
    beside(book["Forside"], "Frist for årsopfølgning").value = datetime(2015, 11, 20)
    book.save(year.agreement)
    year.answers.mkdir()
    report = remind(year)
    assert deadlines(attached(year, "Ledelsen")) == {"20. november 2015"}
    assert "20. november 2015" in mail(year, "Ledelsen", "_paamindelse").subject
    assert [p.code for p in report.problems].count("reminder-deadline") == len(year.forms)


def test_an_untouched_skema_has_no_answers_of_anybodys(year: Year) -> None:
    year.answers.mkdir()
    remind(year)
    assert "med de svar" not in mail(year, "Ledelsen", "_paamindelse").text


def test_two_follow_ups_in_the_rounds_folder_are_asked_about(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1}}, by="A", saved=FIRST)
    folder = in_its_round(year).path / "aarsopfoelgning"
    for name in ("a.xlsx", "b.xlsx"):
        done(flet(year.agreement, [year.answers], folder / name))
    with pytest.raises(CannotDo, match="--opfoelgning"):
        remind(year)
    assert remind(year, followup=folder / "a.xlsx").table


def test_a_follow_up_that_isnt_there_is_said_to_be_missing(year: Year) -> None:
    year.answers.mkdir()
    with pytest.raises(CannotDo, match="findes ikke"):
        remind(year, followup=year.folder / "ingen.xlsx")


def test_a_reminder_that_couldnt_be_made_now_isnt_called_needless(year: Year) -> None:
    year.answers.mkdir()
    remind(year)
    set_address(year.agreement, "Landdistriktsteamet", None)
    report = remind(year)
    assert "mail-no-address" in [p.code for p in report.problems]
    assert not [said for said in report.said if "send dem ikke" in said]


def test_an_address_is_never_lent_to_somebody_else(year: Year) -> None:
    set_cell(year.agreement, "M2.2.3", "E-mail", "boerneteamet@bibliotek.example.dk")
    book = openpyxl.load_workbook(year.agreement)
    owners, emails = (column_of(book["Mål"], header) for header in ("Ansvarlig", "E-mail"))
    for row in book["Mål"].iter_rows():
        if row[owners - 1].value == "Ledelsen":
            row[emails - 1].value = "a@example.dk; b@example.dk"
    book.save(year.agreement)
    once(letters, year)
    assert [email for _, email in mail(year, "Ledelsen").to] == ["a@example.dk", "b@example.dk"]
    year.answers.mkdir()
    assert "email-mismatch" in [p.code for p in remind(year).problems]


def test_somebody_who_wrote_a_mail_without_a_skema_is_reminded_and_told_of(year: Year) -> None:
    answer = EmailMessage()
    answer["From"], answer["Subject"] = "husteamet@bibliotek.example.dk", "Svar"
    answer.set_content("Alt er opfyldt.")
    year.answers.mkdir()
    (year.answers / "svar.eml").write_bytes(answer.as_bytes())
    report = remind(year)
    assert f"{year.forms['Husteamet'].stem}_paamindelse.eml" in names(year.folder / "breve")
    (found,) = [p for p in report.problems if p.code == "reminder-by-mail"]
    assert "Husteamet" in found.message


def test_a_new_deadline_stands_in_subject_and_text(year: Year) -> None:
    year.answers.mkdir()
    remind(year, deadline=date(2015, 11, 18))
    found = mail(year, "Ledelsen", "_paamindelse")
    assert found.subject.endswith("(frist 18. november 2015)") and "Fristen er 18. november 2015." in found.text


def test_the_second_reminder_says_that_there_was_a_first_and_that_the_deadline_is_over(
        year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(day: str) -> tuple[str, Seen, bytes]:
        result = CliRunner().invoke(app, words, env={"AFTALE_I_DAG": day})
        assert result.exit_code == 0, result.output
        return result.output, mail(year, "Ledelsen", "_paamindelse"), sent_list.read_bytes()

    year.answers.mkdir()
    words = ["paamind", str(year.agreement), str(year.answers), "--runde", "aarsopfoelgning", "--ud",
             str(year.folder / "breve")]
    sent_list = year.folder / "breve" / "forsendelse.jsonl"
    said, found, listed = run("2015-11-03")
    assert found.subject.startswith("Påmindelse: ") and "Vi skrev også" not in found.text and "Mindet før" not in said
    again = run("2015-11-03")
    assert again[1:] == (found, listed) and "0 nye, resten uændret" in again[0], "twice on one day is once"
    said, found, _ = run("2015-11-12")
    assert "Fristen var 11. november 2015. Vi skrev også 3. november." in found.text
    assert found.subject == "Anden påmindelse: svar på 4 mål i årsopfølgningen 2015 (frist 11. november 2015)"
    assert "Ledelsen (3. november)" in said and "ved ikke, om de blev sendt" in said
    assert "Dette er tredje gang, vi minder om det; sidst var 12. november." in run("2015-11-19")[1].text
    assert len(listed.split(b"\n")) == len(year.forms) + 1


# ---------------------------------------------------------------- indlaes --retur

def test_questions_go_back_in_a_draft_that_lists_them(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "2-3", "Status": "Opfyldt"}, "M3.2.1": {"Status": "Ikke opfyldt"}},
              by="Husets leder", saved=FIRST)
    report = done(indlaes(year.agreement, [year.answers], retur=DraftFolder(year.folder / "retur")))
    found = mail(year, "Husteamet", "_retur", "retur")
    assert found.subject == "2 spørgsmål til jeres svar i årsopfølgningen 2015" and "(Husets leder)" in found.text
    asked = found.text.split("Skemaet er vedhæftet")[0]
    assert goals_in(asked) == ["M2.1.1", "M3.2.1"] and "»2-3«" in asked and "Skriv kort hvorfor" in asked
    assert goals_in(found.text.split("Vi mangler også")[1]) == ["M3.2.1.1", "M3.3.1"]
    path = year.folder / "retur" / f"{year.forms['Husteamet'].stem}_retur.xlsx"
    assert found.attachments[0][2] == path.read_bytes()
    assert report.closing == NOTHING_SENT


def test_a_team_that_filled_its_own_skema_in_is_named_once(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "2-3", "Status": "Opfyldt"}}, by="husteamet", saved=FIRST)
    done(indlaes(year.agreement, [year.answers], retur=DraftFolder(year.folder / "retur")))
    assert "Hej Husteamet\n" in mail(year, "Husteamet", "_retur", "retur").text


def test_an_address_that_was_corrected_since_is_the_one_that_is_used(year: Year) -> None:
    year.fill("Landdistriktsteamet", {"M1.3.1": {"Resultat": "mange", "Status": "Opfyldt"}}, by="A", saved=FIRST)
    set_address(year.agreement, "Landdistriktsteamet", "ny@example.dk")
    done(indlaes(year.agreement, [year.answers], retur=DraftFolder(year.folder / "retur")))
    assert [email for _, email in mail(year, "Landdistriktsteamet", "_retur", "retur").to] == ["ny@example.dk"]


# ---------------------------------------------------------------- drafts among the answers, and very large ones

def test_drafts_that_lie_among_the_answers_are_no_answers(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}, by="Leder", saved=FIRST)
    remind(year)
    for path in (year.folder / "breve").glob("*.eml"):
        shutil.copy(path, year.answers)
    report = indlaes(year.agreement, [year.answers])
    assert [p.code for p in report.problems if p.code == "mail-draft"] == ["mail-draft"] * len(year.forms)
    assert "1 skema læst" in report.said[0]


def test_a_mail_over_20_mb_is_warned_about_and_a_smaller_one_isnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_BYTES == 20_000_000
    monkeypatch.setattr("aftale.mail.drafts.MOST_BYTES", 200_000)  # what takes time is to write them
    for size, warned in ((140_000, False), (160_000, True)):
        attached = Attachment("a.xlsx", bytes(size))
        made = Outgoing("n", "stor", (Address("", "a@example.dk"),), "Emne", "Hej", "<p>Hej</p>", (attached,))
        drafts = draft_files(Mailing(MailKind.SEND, "s", "", (made,)), tmp_path)
        assert [p.code for p in drafts.problems] == (["mail-big"] if warned else [])
    assert "MB" in drafts.problems[0].message and "20 MB" in drafts.problems[0].message


# ---------------------------------------------------------------- on the command line

def test_in_the_years_folder_every_argument_has_its_default(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = year.folder / "aarsopfoelgning"
    folder.mkdir()
    (year.folder / "skemaer").rename(folder / "skemaer")
    monkeypatch.chdir(year.folder)
    result = CliRunner().invoke(app, ["paamind"], env={"AFTALE_I_DAG": "2015-11-12"})
    assert result.exit_code == 0, result.output
    assert result.output.rstrip().endswith(NOTHING_SENT) and len(names(folder / "breve")) == len(year.forms)
    found = reminders(folder / "breve")
    assert set(found.values()) == {(Reminded(date(2015, 11, 12), False),)} and len(found) == len(year.forms)


def test_drafts_are_as_good_where_the_list_of_them_cant_be_written(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = year.folder / "aarsopfoelgning"
    folder.mkdir()
    (year.folder / "skemaer").rename(folder / "skemaer")
    (folder / "breve" / "forsendelse.jsonl.lock").mkdir(parents=True)
    monkeypatch.chdir(year.folder)
    result = CliRunner().invoke(app, ["paamind"])
    assert result.exit_code == 0 and "ikke noteres" in result.output, result.output
    assert result.output.rstrip().endswith(NOTHING_SENT) and len(names(folder / "breve")) == len(year.forms)


@pytest.mark.parametrize(("args", "words"), [
    (["fordel", "--smtp", "smtp.example.dk", "--uden-breve"], "--uden-breve"),
    (["fordel", "--brevtekster", "x", "--uden-breve"], "--uden-breve"),
    (["fordel", "--breve", "x", "--uden-breve"], "--uden-breve"), (["indlaes", "--smtp", "smtp.example.dk"], "--retur"),
    (["paamind", "--igen"], "--smtp"), (["send", "--bruger", "x"], "--smtp"),
    (["paamind", "aftale.xlsx", "svar"], "--ud"),
])
def test_options_that_belong_together_are_asked_for(year: Year, monkeypatch: pytest.MonkeyPatch, args: list[str],
                                                    words: str) -> None:
    folder = year.folder / "aarsopfoelgning"
    folder.mkdir()
    (year.folder / "skemaer").rename(folder / "skemaer")
    shutil.copytree(folder / "skemaer", year.answers)
    monkeypatch.chdir(year.folder)
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 2 and words in result.stderr, result.output + result.stderr
    assert not (year.folder / "breve").exists() and not (folder / "breve").exists()


@pytest.mark.parametrize(("closing", "step", "said"), [
    pytest.param(NOTHING_SENT, "Vent på svar.", f"{SEND_FIRST} Vent på svar.", id="first send, then wait"),
    pytest.param(NOTHING_SENT, "", SEND_FIRST, id="nothing comes after"),
    pytest.param("", "Vent på svar.", "Vent på svar.", id="sent by a server, or no mails at all")])
def test_drafts_are_sent_before_somebody_waits_for_an_answer(closing: str, step: str, said: str) -> None:
    assert Report((), next_step=step, closing=closing).comes_next == said
