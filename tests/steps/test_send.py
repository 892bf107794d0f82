"""send: KSE's edition in a draft with the round's figures; what is open is asked about, and nothing of ours goes along."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from conftest import Year, _saved_at, beside, cell_at, once, opened
from making_years import example
from openpyxl.workbook import Workbook
from reading_mail import Seen, seen, seen_by_python
from running import run_here
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.forms.returned import DepartmentAnswer, Expected
from aftale.intake.read import read_workbook
from aftale.kse.edition import judge_department
from aftale.model.agreement import Round
from aftale.model.mail import NOTHING_SENT
from aftale.model.workbook import Workbook as Content
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import write_all
from aftale.steps.flet import flet
from aftale.steps.kse import Wanted
from aftale.steps.open_agreement import open_agreement
from aftale.steps.send import prepare, send

REMARK = "Forvaltningens bemærkninger"
NAME = "opfoelgning_2015_aarsopfoelgning_viborg_bibliotekerne"


def round_(year: Year, by: str = "Husets leder") -> Path:
    """Merge a few answers: one goal awaits data, one person's remark holds an address."""
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt", "Opgjort pr.": datetime(2015, 10, 31)},
                            "M3.3.1": {"Status": "Afventer data", "Bemærkninger": "Tallene kommer i februar."},
                            "M3.2.1": {"Status": "Delvist opfyldt"}}, by=by, done="Ja")
    return merged(year)


def find(book: Workbook, goal: str, header: str = REMARK) -> Any:
    return cell_at(book["Opfølgning"], goal, header)


def write(goal: str, text: str, header: str = REMARK) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        find(book, goal, header).value = text
    return change


def merged(year: Year) -> Path:
    once(merge, year)
    return year.folder / "opfoelgning.xlsx"


def merge(year: Year) -> None:
    write_all(list(flet(year.agreement, [year.answers], year.folder / "opfoelgning.xlsx").files))


def sent(path: Path, **how: object) -> Report:
    report = send(prepare(path), **how)  # type: ignore[arg-type]
    write_all(list(report.files))
    return report


def mail(path: Path, name: str = NAME) -> Seen:
    return seen((path.parent / "breve" / f"{name}.eml").read_bytes())


def changed(path: Path, *edits: Callable[[Workbook], object]) -> None:
    book = openpyxl.load_workbook(path)
    for edit in edits:
        edit(book)
    data = io.BytesIO()
    book.save(data)
    path.write_bytes(_saved_at(data.getvalue(), datetime(2015, 11, 20)))


# ---------------------------------------------------------------- what the mail says

def test_the_mail_has_the_rounds_figures_as_overblik_has_them(tmp_path: Path) -> None:
    path = tmp_path / "aarsopfoelgning" / "opfoelgning.xlsx"
    path.parent.mkdir()
    path.write_bytes(example(tmp_path, Round.AARSOPFOELGNING).read_bytes())
    report = sent(path)
    found = mail(path)
    sheet = opened(path, True)["Overblik"]
    front = [str(c.value) for row in sheet.iter_rows() for c in row if c.value]
    headline = next(text for text in front if "effektmål" in text and text.endswith("."))
    assert f"{headline} Siden juni er 4 gået frem og 3 tilbage. Tallene er senest opgjort 31. oktober 2015." in found.text
    assert found.to == (("Kulturkonsulenten i KSE", "kulturkonsulenten@kse.example.dk"),)
    assert found.subject == "Viborg Bibliotekerne: årsopfølgning 2015 – jeres bemærkninger senest 4. december 2015"
    assert "Et godt år" in found.text, "the coordinator's own assessment"
    assert "senest 4. december 2015, så de er med til dialogmødet. Resten er låst." in found.text
    assert found.text.count("Delvist opfyldt") == 3 and "- Opfyldt" not in found.text, "the figures stand once"
    assert report.exit_code == 0 and report.closing == NOTHING_SENT and report.problems == ()


def test_what_to_look_at_first_is_what_overblik_says_with_figures_and_next_step(tmp_path: Path) -> None:
    path = tmp_path / "opfoelgning.xlsx"
    path.write_bytes(example(tmp_path, Round.AARSOPFOELGNING).read_bytes())
    sent(path)
    first = mail(path).text.split("Det skal I se på først:\n\n")[1].split("\n\n")[0]
    heads = [line.removeprefix("- ") for line in first.splitlines() if line.startswith("- ")]
    assert heads == [
        "M1.3.1 Ikke opfyldt (i juni: Forventes ikke opfyldt): 16 af 20 rekvisitioner", "M4.1.2 Forventes ikke opfyldt",
        "M2.2.3 Delvist opfyldt (i juni: Forventes opfyldt)",
        "M3.3.1 Delvist opfyldt (i juni: Forventes opfyldt): 424.350 besøg; målet: stigning på 5 % i besøg pr. år",
        "M2.2.5 Opfyldt (i juni: Forventes opfyldt): 2 af 3 events"]
    sheet = opened(path, True)["Overblik"]
    texts = [str(c.value) for row in sheet.iter_rows(max_col=16) for c in row if c.value]
    named = [text for text in texts[texts.index("Det skal I se på først"):] if re.fullmatch(r"M\d[\d.]*", text)]
    assert [head.split()[0] for head in heads] == named[:5], "one rule says it in both places"
    assert "  Næste skridt: De sidste 19 medarbejdere tager testen i januar." in first, "what the coordinator wrote"
    assert "foråret manglede.\n  Næste skridt: ikke oplyst." in first and "  Tallene peger på »Delvist opfyldt«." in first
    assert "De øvrige står på arket Overblik." in mail(path).text


def test_a_text_of_staffs_own_with_table_and_waiting_goals_is_filled_in_as_before(tmp_path: Path) -> None:
    path = tmp_path / "opfoelgning.xlsx"
    path.write_bytes(example(tmp_path, Round.AARSOPFOELGNING).read_bytes())
    (tmp_path / "brevtekster").mkdir()
    (tmp_path / "brevtekster" / "send.txt").write_text("Emne: {enhed}: {runde} {aar}\n\n{hovedtal}\n\n{status}\n\n"
                                                       "[Disse mål afventer data:\n{afventer}]", encoding="utf-8")
    sent(path)
    found = mail(path)
    counts = dict(re.findall(r"^- ([\w ]+): (\d+)$", found.text, re.M))
    assert sum(int(number) for status, number in counts.items() if status != "I alt") == int(counts["I alt"]) == 18
    assert counts["Opfyldt"] == "8" and counts["Delvist opfyldt"] == "2"
    waiting = found.text.split("Disse mål afventer data:")[1]
    assert re.findall(r"^- (M[\d.]+) \(ikke talt med i tabellen, som kun har effektmål\)", waiting, re.M) == [
        "M3.1.1.1", "M3.1.2.1"], "delmål"
    rows = re.findall(r"<td[^>]*>([^<]+)</td>\s*<td[^>]*>(\d+)</td>", found.html)
    assert {(re.sub(r"^.&nbsp; ", "", status), number) for status, number in rows} == {
        pair for pair in counts.items() if pair[0] != "I alt"}
    assert all(int(number) for number in counts.values()), "a status that no goal has isn't in the table"


@pytest.mark.parametrize(("written", "subject", "asked"), [
    pytest.param("11. december 2015", " – jeres bemærkninger senest 11. december 2015", "på denne mail senest 11. december",
                 id="as it stands on Forside now, though the follow-up was merged before"),
    pytest.param(None, "", "send filen som svar på denne mail. Resten er låst.", id="without a day none is said")])
def test_the_departments_answer_deadline_is_the_agreements(year: Year, written: str | None, subject: str,
                                                           asked: str) -> None:
    path = round_(year)
    book = openpyxl.load_workbook(year.agreement)
    beside(book["Forside"], "Forvaltningens svarfrist, årsopfølgning").value = written
    book.save(year.agreement)
    sent(path)
    assert mail(path).subject.partition("årsopfølgning 2015")[2] == subject and asked in mail(path).text


def test_the_attachment_is_kses_edition_and_nothing_of_the_coordinators(year: Year) -> None:
    path = round_(year)
    def own(book: Workbook) -> None:
        book.create_sheet("Mit ark")["A1"] = "Privat"
    changed(path, own)
    sent(path)
    (name, _, data), = mail(path).attachments
    assert name == f"{NAME}.xlsx" and name.isascii()
    assert data == (path.parent / "breve" / name).read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Overblik", "Opfølgning", "Udviklingsplan", "Resultater", "Dialog", "_aftale"]
    answer = next(year.answers.iterdir()).name
    with ZipFile(io.BytesIO(data)) as package:
        for part in package.namelist():
            text = package.read(part).decode("utf-8", "replace")
            assert not re.findall(r"[\w.]+@\w[\w.]+", text), part
            for word in (answer, "Kilde<", "Kontrol", "Svaroversigt", "Mit ark", "Privat", "Husets leder"):
                assert word not in text, (part, word)


def test_the_pdf_of_the_edition_lies_beside_it(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aftale.office.pdf.make_pdf", lambda data, kind: b"%PDF " + kind.encode() + data[:2])
    report = sent(round_(year), pdf=True)
    beside = [file.path for file in report.files if file.path.suffix in (".xlsx", ".pdf")]
    assert [path.suffix for path in beside] == [".xlsx", ".pdf"] and beside[0].stem == beside[1].stem
    assert beside[1].read_bytes() == b"%PDF .xlsxPK" and any("PDF'en er gemt" in said for said in report.said)


def test_it_is_the_same_edition_that_flet_makes(year: Year) -> None:
    path = round_(year)
    sent(path)
    made = year.folder / "til_kse.xlsx"
    write_all(list(flet(year.agreement, [year.answers], path, kse=Wanted(made)).files))
    assert made.read_bytes() == mail(path).attachments[0][2]


def test_kses_answer_in_the_attachment_is_merged(year: Year) -> None:
    path = round_(year)
    sent(path)
    returned = year.answers / "fra kse.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(mail(path).attachments[0][2]))
    write("M2.1.1", "Flot gået")(book)
    book.save(returned)
    judged = judge_department(_read(returned), Expected(open_agreement(year.agreement).agreement))
    assert isinstance(judged, DepartmentAnswer) and [each.text for each in judged.remarks] == ["Flot gået"]
    merged(year)
    assert find(opened(path), "M2.1.1").value == "Flot gået"


def _read(path: Path) -> Content:
    book = read_workbook(path)
    assert isinstance(book, Content)
    return book


def test_what_the_coordinator_has_corrected_since_goes_along(year: Year) -> None:
    path = round_(year)
    before = path.read_bytes()
    changed(path, write("M3.2.1", "Opfyldt", "Status"), write("M2.1.1", "Bedre formuleret", "Bemærkninger"))
    edited = path.read_bytes()
    report = sent(path)
    book = openpyxl.load_workbook(io.BytesIO(mail(path).attachments[0][2]))
    assert find(book, "M3.2.1", "Status").value == "Opfyldt"
    assert find(book, "M2.1.1", "Bemærkninger").value == "Bedre formuleret"
    assert "\n2 af årets" in mail(path).text and " effektmål er opfyldt" in mail(path).text
    assert "siden sidste" in " ".join(report.said)
    assert path.read_bytes() == edited != before, "the follow-up itself is left as it is"


# ---------------------------------------------------------------- what is open

def conflicting(year: Year) -> Path:
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Opfyldt"}}, by="L", done="Ja")
    year.fill("Børneteamet", {"M2.2.3": {"Status": "Afventer data"}}, by="B", done="Ja")
    return merged(year)


def test_undecided_conflicts_and_missing_answers_are_named(year: Year) -> None:
    undecided, missing = prepare(conflicting(year)).open
    assert "1 svar er uafklaret: M2.2.3 (Status)." in undecided and "Modstridende svar" in undecided
    assert "mål mangler svar: M1.1.1" in missing and "Svaroversigt" in missing


def test_nothing_is_made_unless_it_is_wanted_all_the_same(year: Year) -> None:
    path = conflicting(year)
    refused = run_here("send", path)
    assert refused.returncode == 3 and "M2.2.3 (Status)" in refused.stderr and "--alligevel" in refused.stderr
    assert "Traceback" not in refused.stderr and not (path.parent / "breve").exists()
    made = run_here("send", path, "--alligevel")
    assert made.returncode == 0, made.stderr
    assert made.stdout.rstrip().endswith(NOTHING_SENT) and "mangler svar" in mail(path).text


@pytest.mark.parametrize(("answer", "code"), [("ja\n", 0), ("J\n", 0), ("\n", 3), ("nej\n", 3)])
def test_at_a_terminal_it_asks_and_does_as_it_is_told(year: Year, monkeypatch: pytest.MonkeyPatch, answer: str,
                                                      code: int) -> None:
    path = conflicting(year)
    monkeypatch.setattr(sys.modules["aftale.commands.send"], "_at_a_terminal", lambda: True)
    result = CliRunner().invoke(app, ["send", str(path)], input=answer)
    assert result.exit_code == code, result.output
    assert (path.parent / "breve").exists() is (code == 0) and "M2.2.3 (Status)" in result.stderr


def test_nothing_to_report_is_asked_about_where_the_mail_would_say_that_answers_are_missing(year: Year) -> None:
    for owner in year.forms:
        year.fill(owner, {}, done="Ja", by=owner)
    (missing,) = prepare(merged(year)).open
    assert "mål mangler svar" in missing


def test_a_status_that_is_none_is_named_before_it_is_sent(year: Year) -> None:
    path = round_(year)
    changed(path, write("M2.2.2", "Blåbær", "Status"))
    assert any("»Blåbær«" in matter and "M2.2.2" in matter for matter in prepare(path).open)


def test_answers_that_lie_unmerged_beside_the_follow_up_are_told_of(year: Year) -> None:
    path = round_(year)
    year.fill("Ledelsen", {"M4.2.1": {"Status": "Opfyldt"}}, name="nyt.xlsx", by="L")
    report = sent(path)
    (found,) = [p for p in report.problems if p.code == "unmerged-answers"]
    assert "nyt.xlsx" in found.message and "aftale flet" in found.advice


def test_the_address_is_the_one_that_stands_on_forside_now(year: Year) -> None:
    path = round_(year)
    book = openpyxl.load_workbook(year.agreement)
    beside(book["Forside"], "Kontaktens e-mail").value = "ny@kse.example.dk"
    book.save(year.agreement)
    sent(path)
    assert [email for _, email in mail(path).to] == ["ny@kse.example.dk"]


def test_the_mail_speaks_to_whom_it_goes_to(year: Year) -> None:
    path = round_(year)
    sent(path, to="Chefen for Kultur <chef@example.dk>")
    assert mail(path).text.startswith("Kære Chefen for Kultur\n")
    sent(path, to="chef@example.dk")
    assert mail(path).text.startswith("Kære KSE\n")


@pytest.mark.parametrize(("answers", "said"), [
    ({}, "mål mangler svar: M1.1.1"),
    ({"M2.2.2": {"Status": "Ikke opfyldt", "Resultat": 3}}, "1 mål mangler den bemærkning, som status kræver: M2.2.2."),
    ({"M2.2.2": {"Status": "Opfyldt"}}, "1 mål mangler et resultat: M2.2.2."),
], ids=["nothing at all", "only a remark", "only a result"])
def test_what_lacks_is_told_as_what_it_is(year: Year, answers: dict[str, dict[str, Any]], said: str) -> None:
    year.fill("Børneteamet", answers, by="B")
    matters = prepare(merged(year)).open
    assert any(said in matter for matter in matters), matters
    assert all("M2.2.2" not in matter for matter in matters if said not in matter)


@pytest.mark.parametrize(("filled", "said"), [
    ({}, "På arket Overblik er »Samlet vurdering« og »Inden for rammen« ikke udfyldt."),
    ({"Samlet vurdering": "Et godt år."}, "På arket Overblik er »Inden for rammen« ikke udfyldt."),
    ({"Samlet vurdering": "Et godt år.", "Inden for rammen": "Ja"}, ""),
], ids=["both are empty", "one is empty", "both are filled in"])
def test_empty_boxes_are_told_of_before_the_mail_goes(year: Year, filled: dict[str, str], said: str) -> None:
    path = round_(year)
    def fill(book: Workbook) -> None:
        for label, text in filled.items():
            beside(book["Overblik"], label).value = text
    changed(path, fill)
    told = " ".join(sent(path).said)
    assert said in told if said else "ikke udfyldt" not in told


def test_a_settled_round_asks_nothing(tmp_path: Path) -> None:
    assert prepare(example(tmp_path, Round.AARSOPFOELGNING)).open == ()


# ---------------------------------------------------------------- to whom, and where

@pytest.mark.parametrize(("to", "addresses"), [
    ("a@example.dk", ["a@example.dk"]), ("a@example.dk; b@example.dk", ["a@example.dk", "b@example.dk"]),
    ("; ".join(f"a{n}@example.dk" for n in range(200)), [f"a{n}@example.dk" for n in range(200)]),
    ("Chefen for Børn <c@rødgrød.dk>", ["c@xn--rdgrd-vuad.dk"]),
])
def test_recipients_given_take_the_place_of_forsides(year: Year, to: str, addresses: list[str]) -> None:
    path = round_(year)
    sent(path, to=to)
    assert [email for _, email in mail(path).to] == addresses


def test_an_address_that_cant_be_used_is_told_and_the_others_get_the_mail(year: Year) -> None:
    path = round_(year)
    report = sent(path, to="bøger@example.dk; a@example.dk")
    assert [email for _, email in mail(path).to] == ["a@example.dk"]
    (found,) = [p for p in report.problems if p.code == "mail-bad-address"]
    assert "bøger@example.dk" in found.message and "--til" in found.advice and report.exit_code == 1


@pytest.mark.parametrize(("contact", "to"), [(None, ""), ("ring 8787 8787", ""), (None, "slet ikke")])
def test_nobody_to_send_to_is_asked_for_by_name(year: Year, contact: str | None, to: str) -> None:
    book = openpyxl.load_workbook(year.agreement)
    beside(book["Forside"], "Kontaktens e-mail").value = contact
    book.save(year.agreement)
    path = round_(year)
    with pytest.raises(CannotDo, match="--til ADRESSE") as refused:
        sent(path, to=to)
    assert refused.value.code == 2 and "»Kontaktens e-mail« på arket Forside" in str(refused.value)
    assert not (path.parent / "breve").exists()


def test_the_draft_stands_where_it_is_asked_for_with_the_attachment_beside_it(year: Year) -> None:
    path = round_(year)
    out = year.folder / "ude" / "min mail.eml"
    sent(path, out=out)
    assert {each.name for each in out.parent.iterdir()} == {"min mail.eml", "min mail.txt", f"{NAME}.xlsx"}
    with pytest.raises(CannotDo, match=r"\.eml"):
        sent(path, out=year.folder / "mail.msg")


def test_the_same_again_writes_nothing(year: Year) -> None:
    path = round_(year)
    sent(path)
    assert sent(path).files == ()


def test_an_edition_that_somebody_has_written_in_is_kept(year: Year) -> None:
    path = round_(year)
    sent(path)
    edition = path.parent / "breve" / f"{NAME}.xlsx"
    changed(edition, write("M2.1.1", "KSE's ord"))
    report = sent(path)
    kept = list(edition.parent.glob("*_tidligere_*.xlsx"))
    assert len(kept) == 1 and find(opened(kept[0]), "M2.1.1").value == "KSE's ord"
    assert "kse-edition-written" in [p.code for p in report.problems]


@pytest.mark.parametrize(("name", "words"), [("aftale.xlsx", "er en aftale"), ("skema.xlsx", "er et skema"),
                                             ("findes_ikke.xlsx", "findes ikke"), ("fremmed.xlsx", "ikke en opfølgning"),
                                             ("til_kse.xlsx", "forvaltningens udgave"), ("tekst.xlsx", "")])
def test_what_is_no_follow_up_is_refused_by_what_it_is(year: Year, name: str, words: str) -> None:
    path = round_(year)
    (year.folder / "skema.xlsx").write_bytes(year.forms["Ledelsen"].read_bytes())
    (year.folder / "tekst.xlsx").write_bytes(b"Ikke et regneark")
    Workbook().save(year.folder / "fremmed.xlsx")
    write_all(list(flet(year.agreement, [year.answers], path, kse=Wanted(year.folder / "til_kse.xlsx")).files))
    with pytest.raises(CannotDo) as refused:
        prepare(year.folder / name)
    assert words in str(refused.value) and refused.value.code in (2, 3)


def test_in_the_years_folder_the_latest_rounds_follow_up_is_meant(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    path = round_(year)
    folder = year.folder / "aarsopfoelgning"
    folder.mkdir()
    path.rename(folder / "opfoelgning_2015_aarsopfoelgning.xlsx")
    monkeypatch.chdir(year.folder)
    result = CliRunner().invoke(app, ["send", "--alligevel"])
    assert result.exit_code == 0, result.output + result.stderr
    made = {each.suffix for each in (folder / "breve").iterdir() if not each.name.startswith("forsendelse.jsonl")}
    assert made == {".eml", ".txt", ".xlsx"}


def test_staffs_own_text_beside_the_agreement_is_used(year: Year) -> None:
    path = round_(year)
    (year.folder / "brevtekster").mkdir()
    (year.folder / "brevtekster" / "send.txt").write_text("Emne: {aar}\n\n{hovedtal}\n{status}", encoding="utf-8")
    sent(path)
    assert mail(path).subject == "2015"


def test_a_unit_with_line_breaks_in_its_name_makes_no_header(year: Year) -> None:
    book = openpyxl.load_workbook(year.agreement)
    beside(book["Forside"], "Enhed").value = "Biblioteket\r\nBcc: ond@example.dk"
    book.save(year.agreement)
    path = round_(year)
    sent(path)
    (draft,) = (path.parent / "breve").glob("*.eml")
    found = seen_by_python(draft.read_bytes())
    assert set(found.headers) == {"x-unsent", "to", "subject", "x-aftale-kladde", "mime-version", "content-type"}
    assert found.subject.startswith("Biblioteket Bcc: ond@example.dk: årsopfølgning 2015 – ")


def test_a_subject_of_300_characters_is_cut_to_what_outlook_takes(year: Year) -> None:
    path = round_(year)
    (year.folder / "brevtekster").mkdir()
    (year.folder / "brevtekster" / "send.txt").write_text(f"Emne: {'Årets mål ' * 30}\n\nHej", encoding="utf-8")
    report = sent(path)
    assert len(mail(path).subject) == 250 and mail(path).subject.endswith("…")
    assert [p.code for p in report.problems if p.code == "mail-subject-long"] == ["mail-subject-long"]
