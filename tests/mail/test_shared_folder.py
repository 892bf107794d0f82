"""`Delt mappe` on Forside: the mails link to the skema in it, in a way that opens, and attach it where they can't."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from conftest import Year, beside, fill_in
from reading_mail import Seen, seen

from aftale.mail.shared_folder import link_to, shared_folder
from aftale.model.agreement import Agreement, Round
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.steps.fordel import DraftFolder, fordel
from aftale.steps.paamind import Reminding, paamind
from aftale.steps.year_folder import YearFolder

FILE = "skema_2015_midtvejs_husteamet_S-1C9E-EDB3.xlsx"
SERVER = "\\\\server01\\Fælles drev\\Aftale 2015"


@pytest.mark.parametrize(("folder", "href", "place"), [
    ("https://k.dk/Delte dokumenter/2015", f"https://k.dk/Delte%20dokumenter/2015/{FILE}", None),
    ("https://k.dk/Delte%20dokumenter/", f"https://k.dk/Delte%20dokumenter/{FILE}", None),
    ("https://k.dk/børn", f"https://k.dk/b%C3%B8rn/{FILE}", None),
    ("https://k.dk/:f:/s/x/Eab1?e=q2", "https://k.dk/:f:/s/x/Eab1?e=q2", None),
    (SERVER, f"file://server01/F%C3%A6lles%20drev/Aftale%202015/{FILE}", f"{SERVER}\\{FILE}"),
    (f"{SERVER}\\", f"file://server01/F%C3%A6lles%20drev/Aftale%202015/{FILE}", f"{SERVER}\\{FILE}"),
    ("S:\\Aftale 100 %", f"file:///S:/Aftale%20100%20%25/{FILE}", f"S:\\Aftale 100 %\\{FILE}"),
    ("S:/Aftale", f"file:///S:/Aftale/{FILE}", f"S:\\Aftale\\{FILE}"),
    ("/srv/delt mappe", f"file:///srv/delt%20mappe/{FILE}", f"/srv/delt mappe/{FILE}"),
], ids=["an address", "coded already", "æøå", "a sharing link, to which no file can be added", "a server",
        "a server, ended by \\", "a drive and a percent sign", "a drive with /", "a path elsewhere"])
def test_a_folder_gives_a_link_that_opens(folder: str, href: str, place: str | None) -> None:
    link = link_to(folder, FILE)
    assert link is not None and (link.href, link.place) == (href, place or href)
    assert href.isascii() and " " not in href and (FILE in unquote(href) or FILE in link.how)


@pytest.mark.parametrize("folder", ["", "skemaer", "spørg på kontoret", "https://", "..\\skemaer", "k.dk/mappe", "ftp://k.dk/x"])
def test_what_nobody_could_open_is_no_link(folder: str) -> None:
    assert link_to(folder, FILE) is None


@pytest.mark.parametrize(("written", "folder"), [
    ("S:\\A\\{runde}\\skemaer", "S:\\A\\midtvejs\\skemaer"), (" <https://k.dk/{ Runde }> ", "https://k.dk/midtvejs"),
    ('"S:\\A"', "S:\\A"), (None, "")])
def test_the_rounds_own_folder_is_filled_in(written: str | None, folder: str) -> None:
    agreement = Agreement("A", "B", "K", 2015, (2015, 2018), facts={"delt_mappe": written} if written else {})
    assert shared_folder(agreement, Round.MIDTVEJS) == folder


# ---------------------------------------------------------------- through fordel and paamind

def shared(year: Year, folder: str) -> None:
    book = openpyxl.load_workbook(year.agreement)
    beside(book["Forside"], "Delt mappe").value = folder
    book.save(year.agreement)


def letters(year: Year) -> Report:
    report = fordel(year.agreement, Round.AARSOPFOELGNING, year.folder / "aarsopfoelgning" / "skemaer", date(2015, 11, 11),
                    drafts=DraftFolder(year.folder / "breve"))
    write_all(list(report.files))
    return report


def mail(year: Year, ending: str = "") -> Seen:
    return seen((year.folder / "breve" / f"{year.forms['Husteamet'].stem}{ending}.eml").read_bytes())


def remind(year: Year) -> Report:
    report = paamind(year.agreement, year.folder / "breve", Reminding(
        [year.folder / "aarsopfoelgning"], Round.AARSOPFOELGNING, year=YearFolder(year.folder)))
    write_all(list(report.files))
    return report


def test_mails_link_to_the_skema_in_the_shared_folder_and_dont_attach_it(year: Year) -> None:
    shared(year, SERVER)
    report = letters(year)
    found, name = mail(year), year.forms["Husteamet"].name
    assert [each[0] for each in found.attachments] == [f"{year.forms['Husteamet'].stem}.ics"]
    assert f'<a href="file://server01/F%C3%A6lles%20drev/Aftale%202015/{name}">{SERVER}\\{name}</a>' in found.html
    assert f"Skemaet ligger i den delte mappe:\n\n<{SERVER}\\{name}>\nKlik på linket" in found.text
    assert "1. Åbn skemaet i den delte mappe med linket." in found.text and "I skal ikke sende noget" in found.text
    assert "vedhæftet, og åbn" not in found.text and f"link til skemaet i {SERVER}" in " ".join(report.said)
    remind(year)
    found = mail(year, "_paamindelse")
    assert found.attachments == () and f"<{SERVER}\\{name}>\n" in found.text and "vedhæftet" not in found.text


def test_whoever_answered_in_the_shared_folder_is_reminded_with_the_link_and_others_with_their_answers(year: Year) -> None:
    shared(year, SERVER)
    letters(year)
    path = year.folder / "aarsopfoelgning" / "skemaer" / year.forms["Husteamet"].name
    empty, filled = path.read_bytes(), fill_in(path.read_bytes(), {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}})
    path.write_bytes(filled)
    remind(year)
    assert mail(year, "_paamindelse").attachments == () and "M2.1.1" not in mail(year, "_paamindelse").text
    path.write_bytes(empty)
    by_mail = year.folder / "aarsopfoelgning" / "svar" / "svar.xlsx"
    by_mail.parent.mkdir()
    by_mail.write_bytes(filled)
    remind(year)
    found = mail(year, "_paamindelse")
    assert len(found.attachments) == 1
    assert "Skemaet er vedhæftet. Det har de svar, vi har fået fra jer (1 af 4 mål)" in found.text


@pytest.mark.parametrize(("folder", "own", "code"), [
    ("skemaer", None, "shared-folder-unusable"), (SERVER, "Emne: Hej\n\nSkemaet er {fil}.\n{maal}", "mailtext-no-link")],
    ids=["a folder that can't be linked to", "a text of one's own that knows no link"])
def test_where_there_can_be_no_link_the_skema_is_attached_and_that_is_told(
        year: Year, folder: str, own: str | None, code: str) -> None:
    shared(year, folder)
    if own:
        (year.folder / "brevtekster").mkdir()
        Path(year.folder / "brevtekster" / "fordel.txt").write_text(own, encoding="utf-8")
    report = letters(year)
    assert [each.code for each in report.problems if each.code == code] == [code]
    assert mail(year).attachments[0][0] == year.forms["Husteamet"].name
