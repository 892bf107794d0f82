"""The dialogue through real workbooks, as the coordinator runs it: skema, follow-up, the department's edition, next year."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from conftest import cell_at, fill_in
from other_versions import rewrite
from playing_dialogue import Row

from aftale.cells.hidden_sheet import Line
from aftale.model.agreement import Round
from aftale.model.columns import DIALOG
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import DraftFolder, fordel
from aftale.steps.generer import generer
from aftale.steps.nyt_aar import nyt_aar
from aftale.steps.send import prepare, send

Edit = Callable[[Any], None]
ONE, OTHER = "M1.1.1", "M1.1.2"
UNIT, KSE, TEAM = "Musikskolen", "KSE", "Korteamet"
FOR_UNIT, FOR_KSE, ANSWERED = f"Venter på {UNIT}", f"Venter på {KSE}", "Besvaret"
HEADERS = "Udviklingsmål;Fokusområde;Effektmål;2015;2016;2017;2018;Måltype;Måltal;Måleenhed;Opgøres;Ansvarlig;E-mail\n"
GOALS = HEADERS + "".join(
    f"Musik for alle;Kor;{text};x;x;x;x;Mindst;20;koncerter;Pr. år;{TEAM};kor@example.dk\n"
    for text in ("Flere synger i kor", "Koret rejser ud", "Børnekoret fordobles"))
FACTS = (f'enhed = "{UNIT}"\nafdeling = "Kultur, Service & Events"\nkortnavn = "{KSE}"\naar = 2015\nperiode = "2015-2018"\n'
         'koordinator = "Sekretariatet"\nkoordinator_mail = "sekretariat@example.dk"\nkse_kontakt = "Konsulenten"\n'
         'kse_mail = "konsulent@example.dk"\n')


class Year:
    """The agreement of a year and its two rounds, in a folder of their own."""

    def __init__(self, folder: Path, agreement: Path, before: Path | None) -> None:
        self.folder, self.agreement, self.last = folder, agreement, before

    def begin(self, round_: Round, remarks: dict[str, str]) -> str:
        """Send the skemaer of a round out, and merge what comes back; return what the mail with the skema said."""
        self.round, self.out = round_, self.folder / round_.value / "opfoelgning.xlsx"
        self.out.parent.mkdir(parents=True)
        self.earlier = [self.last] if self.last else []
        sent, letters = self.out.parent / "skemaer", DraftFolder(self.out.parent / "breve")
        write_all(list(fordel(self.agreement, round_, sent, date(2015, 6, 10), self.earlier, letters).files))
        path, = sent.glob("*.xlsx")
        self.skema = openpyxl.load_workbook(path)["Skema"]
        answers = {goal: {"Status": "Forventes opfyldt", "Bemærkninger": text} for goal, text in remarks.items()}
        self.answers = self.out.parent / "svar"
        self.answers.mkdir()
        (self.answers / path.name).write_bytes(fill_in(path.read_bytes(), answers, by=TEAM))
        self.flet()
        draft, = letters.folder.glob("*.txt")
        self.last = self.out
        return draft.read_text(encoding="utf-8")

    def flet(self) -> Report:
        report = flet(self.agreement, [self.answers], self.out, earlier=self.earlier)
        write_all(list(report.files))
        assert report.data["cells"]["balance"], report.data["cells"]  # type: ignore[index]
        return report

    def send(self) -> str:
        """Send the follow-up to the department, and return what the mail says."""
        draft = self.out.parent / "til_kse.eml"
        write_all(list(send(prepare(self.out), out=draft).files))
        return draft.with_suffix(".txt").read_text(encoding="utf-8")

    def kse_answers(self, name: str, *edits: Edit, saved_by: Callable[[Path, str], Path] | None = None) -> Report:
        """Let the department write in the edition that it was sent, and merge what comes back."""
        edition, = self.out.parent.glob("opfoelgning_*.xlsx")
        target = self.answers / f"{name}.xlsx"
        change(edition, *edits, to=target)
        if saved_by:
            target.write_bytes(saved_by(target, "xlsx").read_bytes())
        return self.flet()

    def write(self, *edits: Edit) -> None:
        """Let the coordinator write in the follow-up."""
        change(self.out, *edits)

    def said(self, goal: str = "") -> list[tuple[str, str, str, str, str]]:
        """Return round, who, what, Tilstand and Svar of every line, in order."""
        return [(each["Runde"], each["Hvem"], each["Hvad blev der skrevet"], each["Tilstand"], each["Svar"])
                for each in lines_of(self.out) if goal in ("", each["Mål-id"])]

    @property
    def sidst(self) -> list[str]:
        """What the skema shows of the first goal under Sidst."""
        header = next(str(cell.value) for cell in self.skema[5] if str(cell.value).startswith("Sidst"))
        return str(cell_at(self.skema, ONE, header).value).split("\n")


def change(path: Path, *edits: Edit, to: Path | None = None) -> None:
    book = openpyxl.load_workbook(path)
    for edit in edits:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    (to or path).write_bytes(out.getvalue())


def lines_of(path: Path) -> list[Row]:
    sheet = openpyxl.load_workbook(path)[DIALOG]
    headers = [str(cell.value) for cell in sheet[4]]
    rows = (["" if value is None else str(value) for value in row] for row in sheet.iter_rows(min_row=5, values_only=True))
    return [dict(zip(headers, row, strict=True)) for row in rows if row[-1]]


def answer(text: str, reply: str) -> Edit:
    """Write under Svar in the line that says so."""
    def edit(book: Any) -> None:
        row, = (row for row in book[DIALOG].iter_rows(min_row=5) if row[4].value == text)
        row[6].value = reply
    return edit


def ask(goal: str, text: str) -> Edit:
    """Ask in the first row for questions."""
    def edit(book: Any) -> None:
        row = next(row for row in book[DIALOG].iter_rows(min_row=5) if str(row[1].value).startswith("Spørg "))
        row[0].value, row[4].value = goal, text
    return edit


def remark(goal: str, text: str) -> Edit:
    """Write a remark in the department's column."""
    def edit(book: Any) -> None:
        cell_at(book["Opfølgning"], goal, "Forvaltningens bemærkninger").value = text
    return edit


def begin(folder: Path) -> Year:
    folder.mkdir(parents=True)
    (folder / "maal.csv").write_text(GOALS, encoding="utf-8")
    (folder / "aftale.toml").write_text(FACTS, encoding="utf-8")
    agreement = folder / "aftale_2015.xlsx"
    write_all(list(generer(folder, agreement, template_path()).files))
    return Year(folder / "2015", agreement, None)


def test_what_the_two_say_goes_through_skema_edition_mail_and_next_years_agreement(
        tmp_path: Path, libreoffice: Callable[[Path, str], Path]) -> None:
    year = begin(tmp_path / "aftale")

    # June: the unit asks, the department answers in LibreOffice and asks back
    year.begin(Round.MIDTVEJS, {ONE: "Vi er i gang", OTHER: "Alt klar"})
    assert year.said() == [] and not [cell for cell in year.skema[5] if str(cell.value).startswith("Sidst")]
    year.write(ask(ONE, "Må vi synge i rådhushallen?"))
    year.flet()
    june = [("Midtvejs 2015", TEAM, "Vi er i gang", "", ""),
            ("Midtvejs 2015", UNIT, "Må vi synge i rådhushallen?", FOR_KSE, "")]
    assert year.said() == june
    mail = year.send()
    assert "venter på" in mail and "»Må vi synge i rådhushallen?«" in mail
    year.kse_answers("juni", answer("Må vi synge i rådhushallen?", "Ja, hver torsdag"), remark(ONE, "Hvorfor kun ét kor?"),
                     saved_by=libreoffice)
    june = [june[0], ("Midtvejs 2015", UNIT, "Må vi synge i rådhushallen?", ANSWERED, "Ja, hver torsdag"),
            ("Midtvejs 2015", KSE, "Hvorfor kun ét kor?", FOR_UNIT, "")]
    assert sorted(year.said()) == sorted(june)
    june = year.said()
    assert "»Hvorfor kun ét kor?«" in year.send(), "the mail says what the unit hasn't answered"

    # October: the skema and its mail have the department's words; they are answered, and the department says more
    letter = year.begin(Round.AARSOPFOELGNING, {ONE: "To kor synger nu"})
    assert year.sidst[0].endswith("Forventes opfyldt") and "I skrev: »Vi er i gang«" in year.sidst
    assert "KSE: »Hvorfor kun ét kor?«" in year.sidst and any("Ja, hver torsdag" in each for each in year.sidst)
    assert "Hvorfor kun ét kor?" in letter
    assert year.said() == [*june, ("Årsopfølgning 2015", TEAM, "To kor synger nu", "", "")]
    year.write(answer("Hvorfor kun ét kor?", "Der kom ét til i august"))
    year.flet()
    mail = year.send()
    assert "I skrev: »Hvorfor kun ét kor?«" in mail and "Vores svar: »Der kom ét til i august«" in mail
    year.kse_answers("november", remark(ONE, "Flot"), remark(OTHER, "Hvornår rejser I?"))
    last = [(*each[:3], ANSWERED, "Der kom ét til i august") if each[2] == "Hvorfor kun ét kor?" else each for each in june]
    last += [("Årsopfølgning 2015", TEAM, "To kor synger nu", "", ""), ("Årsopfølgning 2015", KSE, "Flot", FOR_UNIT, "")]
    assert year.said(ONE) == last
    assert year.said(OTHER) == [("Midtvejs 2015", TEAM, "Alt klar", "", ""),
                                ("Årsopfølgning 2015", KSE, "Hvornår rejser I?", FOR_UNIT, "")]

    # Next year: the agreement has the words to talk about, and the dialogue goes on where it was
    agreement = tmp_path / "aftale_2016.xlsx"
    write_all(list(nyt_aar(year.agreement, [year.out], agreement).files))
    news = openpyxl.load_workbook(agreement)["Nyt i 2016"]
    told = "\n".join(str(cell.value) for row in news.iter_rows() for cell in row if cell.value)
    assert "Flot" in told and "Hvornår rejser I?" in told
    year_16 = Year(tmp_path / "2016", agreement, year.out)
    year_16.begin(Round.MIDTVEJS, {ONE: "Nu tre kor"})
    assert year_16.sidst[1:] == ["I skrev: »To kor synger nu«", "KSE: »Hvorfor kun ét kor?«",
                                 "Vi svarede: »Der kom ét til i august«", "KSE: »Flot«"], "with November's answer"
    assert year_16.said(ONE) == [*last, ("Midtvejs 2016", TEAM, "Nu tre kor", "", "")]
    assert year_16.said(OTHER) == year.said(OTHER)
    keys = [each["Nøgle"] for each in lines_of(year_16.out)]
    assert len(keys) == len({*keys}) == 8
    assert not year_16.flet().files, "nothing new: the follow-up isn't written again"


def test_a_late_edition_and_an_edited_sorted_one_are_merged_whatever_comes_first(tmp_path: Path) -> None:
    found = []
    for order in ((0, 1), (1, 0)):
        year = begin(tmp_path / f"{order}")
        year.begin(Round.MIDTVEJS, {ONE: "Vi er i gang"})
        year.write(ask(ONE, "Må vi?"))
        year.flet()
        year.send()
        edition, = year.out.parent.glob("opfoelgning_*.xlsx")

        def sort(book: Any) -> None:
            rows = [[cell.value for cell in row] for row in book[DIALOG].iter_rows(min_row=5, max_row=6)]
            for row, values in zip((6, 5), rows, strict=True):
                for column, value in enumerate(values, 1):
                    book[DIALOG].cell(row, column).value = value

        files = [("sen", (answer("Må vi?", "Ja"), sort)), ("anden", (remark(ONE, "Godt"), remark(OTHER, "Hvad nu?")))]
        for at in order:
            name, edits = files[at]
            change(edition, *edits, to=year.answers / f"{name}.xlsx")
            report = year.flet()
            told = {p.code for p in report.problems if p.code.startswith(("dialog", "kse"))}
            assert told <= {"kse-older-kept"}, "two files of one edition: what only the older has is kept and told of"
        found.append(sorted(year.said()))
    assert found[0] == found[1] and len(found[0]) == 4
    assert ("Midtvejs 2015", UNIT, "Må vi?", ANSWERED, "Ja") in found[0]


def without_dialog(path: Path) -> None:
    """Make a follow-up as versions before 0.3 left it: no sheet ``Dialog``, and nothing of it in the hidden sheet."""
    def change_book(book: Any) -> None:
        del book[DIALOG]

    def former(each: Line) -> Line | None:
        if each[2] == "contents":
            return (*each[:4], json.dumps({name: value for name, value in json.loads(each[4]).items() if name != DIALOG}))
        return None if each[2] in ("dialogue", "drafts") else each

    change(path, change_book)
    rewrite(path, former)


def test_the_departments_remarks_in_a_follow_up_without_dialog_are_carried_into_it(tmp_path: Path) -> None:
    year = begin(tmp_path / "aftale")
    year.begin(Round.MIDTVEJS, {ONE: "Vi er i gang"})
    year.send()
    year.kse_answers("juni", remark(ONE, "Hvorfor kun ét kor?"), remark(OTHER, "Flot"))
    without_dialog(year.out)
    assert DIALOG not in openpyxl.load_workbook(year.out).sheetnames
    assert cell_at(openpyxl.load_workbook(year.out)["Opfølgning"], OTHER, "Forvaltningens bemærkninger").value == "Flot"
    before = year.out.read_bytes()

    year.kse_answers("sen", remark("M1.1.3", "Godt"))  # the same round goes on
    expected = [("Midtvejs 2015", TEAM, "Vi er i gang", "", ""), ("Midtvejs 2015", KSE, "Hvorfor kun ét kor?", FOR_UNIT, ""),
                ("Midtvejs 2015", KSE, "Flot", FOR_UNIT, "")]
    assert year.said() == [*expected, ("Midtvejs 2015", KSE, "Godt", FOR_UNIT, "")]

    year.out.write_bytes(before)  # the next round begins, and the earlier follow-up is as the former version left it
    year.begin(Round.AARSOPFOELGNING, {ONE: "To kor"})
    assert "KSE: »Hvorfor kun ét kor?«" in year.sidst
    assert year.said(ONE) == [*expected[:2], ("Årsopfølgning 2015", TEAM, "To kor", "", "")]
    assert year.said(OTHER) == expected[2:]
