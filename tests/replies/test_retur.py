"""A skema that goes back with questions: who gets one, what it shows, and that it merges when it comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, beside, fill_in, header_row, opened, row_of
from conftest import cell_at as cell
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from reading_mail import Seen, seen
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.mail.sent_list import note_made, told
from aftale.merge.merge import Decision, Merged, MergeResult
from aftale.model.agreement import AnswerColumn
from aftale.model.answers import Answer
from aftale.model.findings import Severity
from aftale.model.place import Place
from aftale.model.problems import CATALOGUE
from aftale.model.questions import KEPT_FOR_COORDINATOR, QUESTIONS
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.replies.disagreements import disagreements, is_between_skemaer
from aftale.steps.flet import flet
from aftale.steps.fordel import DraftFolder
from aftale.steps.indlaes import indlaes

LibreOffice = Callable[..., Path]
FIRST, SECOND, THIRD = datetime(2015, 11, 4, 9), datetime(2015, 11, 9, 9), datetime(2015, 11, 12, 9)
BY = "Husteamets koordinator"
DOUBTS: Mapping[str, Mapping[str, Any]] = {
    "M2.1.1": {"Resultat": "2-3", "Status": "næsten nået", "Opgjort pr.": "i oktober"},
    "M3.2.1.1": {"Resultat": "5,4", "Status": "Forventes opfyldt"},
    "M3.3.1": {"Status": "Ikke opfyldt", "Næste skridt": "=SUM(A1:A9)"}}
MENDED: Mapping[str, Mapping[str, Any]] = {
    "M2.1.1": {"Resultat": 2, "Status": "Opfyldt", "Opgjort pr.": date(2015, 10, 31)},
    "M3.3.1": {"Bemærkninger": "Lukningen i juli trak ned."}}


def retur(year: Year, *answers: Path) -> Report:
    """Read the answers and write the skemaer with questions in ``retur``."""
    report = indlaes(year.agreement, list(answers) or [year.answers], retur=DraftFolder(year.folder / "retur"))
    write_all(list(report.files))
    return report


def back(year: Year) -> list[Path]:
    folder = year.folder / "retur"
    return sorted(folder.glob("*.xlsx")) if folder.exists() else []


def merged(year: Year) -> Report:
    return flet(year.agreement, [year.answers], year.folder / "opfoelgning.xlsx")


def asked(report: Report) -> list[str]:
    """Return the codes of everything that is still asked."""
    return sorted(p.code for p in report.problems if p.level is not Severity.INFO)


def books(report: Report) -> dict[str, Any]:
    cells = report.data["cells"]
    assert isinstance(cells, dict) and cells["balance"], cells
    return cells


def answer(report: Report, goal: str) -> dict[str, Any]:
    goals = report.data["goals"]
    assert isinstance(goals, list)
    found = next(each for each in goals if each["id"] == goal)
    return {key: value for key, value in found["answers"].items() if value is not None}


def questions(path: Path) -> list[tuple[str, ...]]:
    """Return the questions as they stand: goal, field, what was written, question, where."""
    rows = opened(path)["Spørgsmål"].iter_rows(values_only=True)
    listed = [row for row in rows if isinstance(row[0], int | float) and row[4]]
    return [(str(row[1]).split()[0], *(str(each or "") for each in row[2:6])) for row in listed]


def come_back(year: Year, path: Path, answers: Mapping[str, Mapping[str, Any]] | None = None, name: str = "svar igen.xlsx",
              when: datetime | None = SECOND, change: Callable[[Worksheet], None] | None = None, done: str = "") -> Path:
    """Correct a skema with questions as a colleague does and move it to the answers."""
    target = year.answers / name
    target.write_bytes(fill_in(path.read_bytes(), answers or {}, done=done, saved=when, change=change))
    path.unlink()
    return target


# ---------------------------------------------------------------- the workbook

def test_the_doubtful_cells_are_marked_annotated_listed_and_linked(year: Year) -> None:
    year.fill("Husteamet", DOUBTS, by=BY, done="Ja", saved=FIRST)
    report = retur(year)
    (path,) = back(year)
    assert path.name == f"{year.forms['Husteamet'].stem}_retur.xlsx"
    assert "1 skema med spørgsmål" in " ".join(report.said) and report.closing.startswith("Intet er sendt endnu.")
    book = openpyxl.load_workbook(path)
    sheet = book["Skema"]
    result, when, status = (cell(sheet, "M2.1.1", header).coordinate for header in ("Resultat", "Opgjort pr.", "Status"))
    remarks = cell(sheet, "M3.3.1", "Bemærkninger").coordinate
    assert [row[:3] + row[4:] for row in questions(path)] == [
        ("M2.1.1", "Status", "næsten nået", f"Skema {status}"), ("M2.1.1", "Resultat", "2-3", f"Skema {result}"),
        ("M2.1.1", "Opgjort pr.", "i oktober", f"Skema {when}"), ("M3.3.1", "Bemærkninger", "", f"Skema {remarks}")]
    assert "Mente du 2 eller 3?" in questions(path)[1][3] and "Skriv kort hvorfor" in questions(path)[3][3]
    assert book.sheetnames[:2] == ["Spørgsmål", "Skema"] and book.active.title == "Spørgsmål"
    links = {c.value: c.hyperlink.location for row in book["Spørgsmål"] for c in row if c.hyperlink}
    assert links[f"Skema {result}"].replace("$", "") == f"'Skema'!{result}" and len(links) == 4
    notes = {c.coordinate: c.comment.text for row in sheet for c in row if c.comment}
    assert set(notes) == {result, when, status, remarks} and notes[result].startswith("Spørgsmål 2: ")
    marked = {c.coordinate for row in sheet for c in row if c.border.left.style == "thick"}
    assert marked == set(notes)
    assert not any(c.protection.locked for c in (sheet[result], sheet[remarks]))


def test_the_answers_are_filled_in_as_they_were_read_and_doubts_as_they_were_written(year: Year) -> None:
    year.fill("Husteamet", DOUBTS, by=BY, done="Ja", saved=FIRST)
    retur(year)
    sheet = opened(back(year)[0])["Skema"]
    shown = {(goal, header): cell(sheet, goal, header) for goal, values in DOUBTS.items() for header in values}
    assert {at: found.value for at, found in shown.items()} == {
        (goal, header): 5.4 if value == "5,4" else value for goal, values in DOUBTS.items()
        for header, value in values.items()}
    assert {found.data_type for found in shown.values()} == {"s", "n"}, "no formula of anybody's"
    assert (beside(sheet, "Udfyldt af").value, beside(sheet, "Skemaet er færdigt").value) == (BY, "Ja")


def test_goals_without_any_answer_are_listed_last(year: Year) -> None:
    def beside_a_goal(sheet: Worksheet) -> None:
        sheet.cell(row_of(sheet, "M3.3.1"), 24).value = "Næsten nået"

    year.fill("Husteamet", {"M2.1.1": {"Resultat": "mange"}}, by=BY, saved=FIRST, change=beside_a_goal)
    retur(year)
    book = opened(back(year)[0])
    rows = [[str(v) for v in row if v] for row in book["Spørgsmål"].values]
    at = rows.index(["Mangler stadig svar"])
    assert [(row[1].split()[0], row[2]) for row in rows[at + 2:]] == [
        (goal, f"Skema {cell(book['Skema'], goal, 'Status').coordinate}") for goal in ("M3.2.1", "M3.2.1.1", "M3.3.1")]


def test_nobody_in_doubt_and_nothing_is_written(year: Year) -> None:
    year.fill("Børneteamet", {"M2.2.2": {"Resultat": 4, "Status": "Opfyldt"}}, by="Børneteamet", done="Ja", saved=FIRST)
    report = retur(year)
    assert back(year) == [] and report.files == ()
    assert any("Ingen har spørgsmål at svare på" in said for said in report.said)
    assert report.data["returns"] == []


def test_the_same_answers_give_the_same_bytes_and_nothing_is_rewritten(year: Year) -> None:
    year.fill("Husteamet", DOUBTS, by=BY, saved=FIRST)
    first = retur(year)
    again = retur(year)
    assert [each.path.suffix for each in first.files] == [".xlsx", ".eml", ".txt"] and again.files == ()
    back(year)[0].unlink()
    assert retur(year).files == first.files[:1], "the skema alone: its draft stands"


def test_a_skema_with_questions_that_somebody_changed_is_never_written_over(year: Year) -> None:
    year.fill("Husteamet", DOUBTS, by=BY, saved=FIRST)
    retur(year)
    (path,) = back(year)
    path.write_bytes(fill_in(path.read_bytes(), MENDED))
    kept = path.read_bytes()
    year.fill("Husteamet", {**DOUBTS, "M3.2.1": {"Status": "måske"}}, by=BY, saved=FIRST)
    report = retur(year)
    assert path.read_bytes() == kept
    assert any("ikke rørt" in said and path.name in said for said in report.said)


def test_an_unchanged_skema_with_questions_is_renewed(year: Year, libreoffice: LibreOffice) -> None:
    year.fill("Husteamet", DOUBTS, by=BY, saved=FIRST)
    retur(year)
    (path,) = back(year)
    path.write_bytes(libreoffice(path).read_bytes())
    year.fill("Husteamet", {**DOUBTS, "M3.2.1": {"Status": "tja"}}, by=BY, saved=FIRST)
    retur(year)
    assert "tja" in {row[2] for row in questions(path)}


# ---------------------------------------------------------------- and back again

@pytest.mark.parametrize("by", [BY, ""])
@pytest.mark.parametrize("when", [SECOND, None])
def test_the_corrected_skema_replaces_the_doubts_and_nothing_is_lost(year: Year, by: str, when: datetime | None) -> None:
    """With or without a name, and with or without a time: it remembers which file it answers."""
    year.fill("Husteamet", DOUBTS, by=by, saved=FIRST)
    retur(year)
    come_back(year, back(year)[0], MENDED, when=when)
    report = merged(year)
    assert asked(report) == []
    assert report.data["conflicts"] == []
    assert answer(report, "M2.1.1") == {"resultat": 2.0, "status": "Opfyldt", "opgjort_pr": "2015-10-31"}
    assert answer(report, "M3.2.1.1")["resultat"] == 5.4
    assert answer(report, "M3.3.1")["naeste_skridt"] == "=SUM(A1:A9)"
    assert books(report)["conflict"] == 0
    assert retur(year).data["returns"] == []


def test_the_corrected_skema_can_be_merged_alone_into_a_standing_follow_up(year: Year) -> None:
    first = year.fill("Husteamet", DOUBTS, by="", saved=FIRST)
    retur(year)
    report = merged(year)
    write_all(list(report.files))
    assert len(asked(report)) == 4
    first.unlink()
    come_back(year, back(year)[0], MENDED, when=None)
    report = merged(year)
    assert asked(report) == [] and answer(report, "M2.1.1")["resultat"] == 2.0
    assert books(report)["conflict"] == 0


@pytest.mark.parametrize("text", ["=1+1", "<r>fed</r>", "https://eksempel.dk", "ja\nnej", "x" * 32_767, "»«\u200b!"])
def test_whatever_was_written_is_shown_as_text_and_asked_again(year: Year, text: str) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": text}}, by=BY, saved=FIRST)
    retur(year)
    (path,) = back(year)
    sheet = opened(path)["Skema"]
    found = cell(sheet, "M2.1.1", "Resultat")
    assert (found.data_type, found.value) == ("s", text)
    before = questions(path)
    come_back(year, path)
    retur(year)
    assert [questions(each) for each in back(year)] == [before]
    books(merged(year))


def test_saved_by_libreoffice_it_merges_the_same(year: Year, libreoffice: LibreOffice) -> None:
    year.fill("Husteamet", DOUBTS, by=BY, saved=FIRST)
    retur(year)
    mended = come_back(year, back(year)[0], MENDED)
    plain = merged(year)
    mended.write_bytes(libreoffice(mended).read_bytes())
    saved = merged(year)
    assert asked(saved) == [] and books(saved)["control"] == books(plain)["control"]
    assert [g["answers"] for g in saved.data["goals"]] == [g["answers"] for g in plain.data["goals"]]  # type: ignore


def test_unchanged_it_asks_the_same_again_and_nothing_of_ours_is_loose(year: Year) -> None:
    year.fill("Husteamet", DOUBTS, by=BY, done="Ja", saved=FIRST)
    first = retur(year)
    (path,) = back(year)
    before = questions(path)
    come_back(year, path)
    report = retur(year)
    assert asked(report) == asked(first)
    assert "copy-unchanged" in {p.code for p in report.problems}
    assert [questions(each) for each in back(year)] == [before]
    result = merged(year)
    books(result)
    write_all(list(result.files))
    control = opened(year.folder / "opfoelgning.xlsx")["Kontrol"]
    kinds = {str(text) for row in control.iter_rows(values_only=True) for text in row}
    assert kinds.isdisjoint({"Note", "Løs bemærkning", "Ekstra ark"})


def test_what_is_left_in_doubt_is_asked_once_more(year: Year) -> None:
    year.fill("Husteamet", DOUBTS, by=BY, saved=FIRST)
    retur(year)
    come_back(year, back(year)[0], {"M2.1.1": {"Status": "Opfyldt"}, "M3.3.1": MENDED["M3.3.1"]})
    report = retur(year)
    assert asked(report) == ["date-ambiguous", "number-ambiguous"]
    assert [row[:3] for row in questions(back(year)[0])] == [("M2.1.1", "Resultat", "2-3"),
                                                            ("M2.1.1", "Opgjort pr.", "i oktober")]
    come_back(year, back(year)[0], MENDED, "tredje gang.xlsx", THIRD)
    assert asked(merged(year)) == [] and answer(merged(year), "M2.1.1")["resultat"] == 2.0


def test_a_doubt_and_an_answer_can_be_deleted(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "intet endnu", "Status": "Opfyldt"}}, by=BY, saved=FIRST)
    retur(year)
    come_back(year, back(year)[0], {"M2.1.1": {"Resultat": None, "Status": None, "Bemærkninger": "Begynder i maj."}})
    report = merged(year)
    assert asked(report) == []
    assert answer(report, "M2.1.1") == {"bemaerkninger": "Begynder i maj."}
    books(report)


def test_a_note_that_is_answered_and_words_on_the_question_sheet_come_through(year: Year) -> None:
    year.fill("Husteamet", DOUBTS, by=BY, saved=FIRST)
    retur(year)

    def write(sheet: Worksheet) -> None:
        ours = cell(sheet, "M2.1.1", "Resultat").comment
        cell(sheet, "M2.1.1", "Resultat").comment = Comment(f"{ours.text}\nTre, tror jeg", "")
        assert sheet.parent is not None
        sheet.parent["Spørgsmål"]["H8"] = "Ring til mig"

    come_back(year, back(year)[0], MENDED, change=write)
    result = merged(year)
    books(result)
    write_all(list(result.files))
    control = opened(year.folder / "opfoelgning.xlsx")["Kontrol"]
    texts = [str(row[3]) for row in control.iter_rows(values_only=True) if {"Note", "Løs bemærkning"} & set(row)]
    assert len(texts) == 2 and "Ring til mig" in texts and any("Tre, tror jeg" in text for text in texts)


# ---------------------------------------------------------------- whom to ask what

def test_two_persons_with_the_same_skema_get_one_each_with_both_answers(year: Year) -> None:
    year.fill("Husteamet", {"M3.2.1": {"Status": "Opfyldt"}}, "a.xlsx", by="Vagten", saved=FIRST)
    year.fill("Husteamet", {"M3.2.1": {"Status": "Ikke igangsat"}}, "b.xlsx", by="Lederen", saved=SECOND)
    retur(year)
    stem = year.forms["Husteamet"].stem
    assert [path.name for path in back(year)] == [f"{stem}_retur_lederen.xlsx", f"{stem}_retur_vagten.xlsx"]
    for path, own in zip(back(year), ("Ikke igangsat", "Opfyldt"), strict=True):
        ((goal, field, wrote, text, _),) = questions(path)
        assert (goal, field, wrote) == ("M3.2.1", "Status", own)
        assert "»Ikke igangsat« (Lederen)" in text and "»Opfyldt« (Vagten)" in text
    come_back(year, back(year)[0], {"M3.2.1": {"Status": "Opfyldt"}}, when=THIRD)
    assert asked(merged(year)) == [] and answer(merged(year), "M3.2.1")["status"] == "Opfyldt"
    report = retur(year)
    assert report.data["returns"] == [] and report.files == ()


def together(year: Year) -> list[Seen]:
    """Return the drafts to all who disagree."""
    return [seen(path.read_bytes()) for path in sorted((year.folder / "retur").glob("uenige_*.eml"))]


def test_ansvarlige_who_disagree_get_one_draft_together_with_what_each_answered(year: Year) -> None:
    year.fill("Børneteamet", {"M2.2.3": {"Status": "Opfyldt"}}, by="Børneteamet", saved=FIRST)
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Ikke igangsat"}}, by="Lederen", saved=FIRST)
    report = retur(year)
    assert asked(report) == ["conflict"] and back(year) == [], "nobody is asked in a skema of their own"
    (found,) = together(year)
    assert [email.partition("@")[0] for _, email in found.to] == ["boerneteamet", "ledelsen"] and found.attachments == ()
    assert found.subject == "Hvilket svar gælder? 1 mål i årsopfølgningen 2015"
    assert found.text.startswith("Hej Børneteamet og Ledelsen\n")
    assert "\n- M2.2.3 " in found.text
    assert "  Status: »Opfyldt« (Børneteamet) og »Ikke igangsat« (Ledelsen, Lederen)\n" in found.text
    assert "svar på denne mail til udviklingskonsulenten@bibliotek.example.dk (frist 11. november 2015)" in found.text
    assert report.data["together"] == [{"owners": ["Børneteamet", "Ledelsen"], "goals": ["M2.2.3"]}]
    assert report.data["returns"] == [] and report.closing.startswith("Intet er sendt endnu.")
    assert "Børneteamet og Ledelsen (M2.2.3)" in " ".join(report.said) and "Modstridende svar" in report.next_step
    assert report.mailing is not None and report.mailing.kind == "retur"
    folder = year.folder / "retur"
    note_made(folder, report.mailing, {each.name for each in report.mailing.mails}, datetime(2015, 11, 12, tzinfo=UTC))
    assert {(each.kind, each.to.partition("@")[0]) for each in told(folder)} == {
        ("uenige", "boerneteamet"), ("uenige", "ledelsen")}
    again = retur(year)
    assert again.files == () and "0 nye, resten uændret" in " ".join(again.said)


def test_what_is_asked_together_isnt_asked_in_ones_own_skema_too(year: Year) -> None:
    year.fill("Børneteamet", {"M2.2.3": {"Status": "Opfyldt"}}, "a.xlsx", by="Den ene", saved=FIRST)
    year.fill("Børneteamet", {"M2.2.3": {"Status": "Delvist opfyldt"}}, "b.xlsx", by="Den anden", saved=FIRST)
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Ikke igangsat"}, "M2.2.5": {"Resultat": "2-3", "Status": "Opfyldt"}},
              by="Ledelsen", saved=FIRST)
    retur(year)
    (path,) = back(year)
    assert [row[0] for row in questions(path)] == ["M2.2.5"], "the rest of the questions stand in the skema as ever"
    (found,) = together(year)
    for said in ("»Opfyldt« (Børneteamet, Den ene)", "»Delvist opfyldt« (Børneteamet, Den anden)",
                 "»Ikke igangsat« (Ledelsen)"):
        assert said in found.text


def test_when_they_agree_the_draft_to_them_is_needed_no_more(year: Year) -> None:
    year.fill("Børneteamet", {"M2.2.3": {"Status": "Opfyldt"}}, by="Børneteamet", saved=FIRST)
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Ikke igangsat"}}, by="Ledelsen", saved=FIRST)
    retur(year)
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Opfyldt"}}, by="Ledelsen", saved=SECOND)
    report = retur(year)
    assert report.data["together"] == [] and report.closing == ""
    assert "uenige_2015_aarsopfoelgning_" in next(said for said in report.said if "send dem ikke" in said)


def test_one_who_disagrees_without_an_address_is_told_of_and_the_other_gets_the_mail(year: Year) -> None:
    book = openpyxl.load_workbook(year.agreement)
    for row in book["Mål"].iter_rows():
        for each in row:
            if isinstance(each.value, str) and "ledelsen@" in each.value:
                each.value = each.value.replace("ledelsen@bibliotek.example.dk", "").strip("; ") or None
    book.save(year.agreement)
    year.fill("Børneteamet", {"M2.2.3": {"Status": "Opfyldt"}}, by="Børneteamet", saved=FIRST)
    year.fill("Ledelsen", {"M2.2.3": {"Status": "Ikke igangsat"}}, by="Ledelsen", saved=FIRST)
    report = retur(year)
    assert [email.partition("@")[0] for _, email in together(year)[0].to] == ["boerneteamet"]
    assert "mail-no-address" in asked(report)


def side(form: str, value: object, column: AnswerColumn = AnswerColumn.STATUS) -> Answer:
    return Answer("M1.1.1", column, value, None, Place(), form=form, who=form, name=form)  # type: ignore[arg-type]


@pytest.mark.parametrize(("cell", "together"), [
    (Merged("M1.1.1", AnswerColumn.STATUS, (side("A", "Opfyldt"), side("B", "Udgået")), None, True), True),
    (Merged("M1.1.1", AnswerColumn.RESULT, (side("A", 2.0), side("B", None)), None, True), True),
    (Merged("M1.1.1", AnswerColumn.STATUS, (side("A", "Opfyldt"), side("A", "Udgået")), None, True), False),
    (Merged("M1.1.1", AnswerColumn.STATUS, (side("A", "Opfyldt"), side("B", "Opfyldt")), "Opfyldt"), False),
    (Merged("M1.1.1", AnswerColumn.STATUS, (side("A", "Opfyldt"), side("B", "Udgået")), "Udgået",
            decision=Decision("M1.1.1", AnswerColumn.STATUS, frozenset(), "Udgået"), decided=True), False),
    (Merged("M1.1.1", AnswerColumn.STATUS, (side("A", "Opfyldt"), side("B", "Udgået")), None, True,
            Decision("M1.1.1", AnswerColumn.STATUS, frozenset(), "Udgået"), reopened=True), False),
    (Merged("M1.1.1", AnswerColumn.STATUS, (side("A", "Opfyldt"), side("B", "Opfyldt")), None, True), False),
], ids=["two ansvarlige", "one has deleted it", "two persons of one skema", "they agree", "decided", "decided before",
        "the coordinator has written two things"])
def test_who_is_asked_together(cell: Merged, together: bool) -> None:
    assert is_between_skemaer(cell) is together
    assert bool(disagreements(MergeResult({("M1.1.1", cell.column): cell}))) is together


def test_an_answer_that_only_an_older_version_has_is_asked_about_and_kept_or_deleted(year: Year) -> None:
    year.fill("Husteamet", {"M3.2.1": {"Status": "Opfyldt"}, "M2.1.1": {"Resultat": 2}}, "a.xlsx", by=BY, saved=FIRST)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 3}}, "b.xlsx", by=BY, saved=SECOND)
    retur(year)
    assert [row[:3] for row in questions(back(year)[0])] == [("M3.2.1", "Status", "Opfyldt")]
    (path,) = back(year)
    as_sent = path.read_bytes()
    deleted = come_back(year, path, {"M3.2.1": {"Status": None}}, when=THIRD)
    assert asked(merged(year)) == [] and answer(merged(year), "M3.2.1") == {}
    assert answer(merged(year), "M2.1.1") == {"resultat": 3.0}
    deleted.unlink()
    path.write_bytes(as_sent)
    come_back(year, path, when=THIRD)
    assert asked(merged(year)) == [] and answer(merged(year), "M3.2.1") == {"status": "Opfyldt"}


def test_a_skema_with_questions_that_was_never_sent_answers_nothing(year: Year) -> None:
    year.fill("Husteamet", {"M3.2.1": {"Status": "Opfyldt"}, "M2.1.1": {"Resultat": 2}}, "a.xlsx", by=BY, saved=FIRST)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 3}}, "b.xlsx", by=BY, saved=SECOND)
    retur(year)
    back(year)[0].rename(year.answers / "forkert mappe.xlsx")
    assert asked(merged(year)) == ["older-kept"]
    assert answer(merged(year), "M2.1.1") == {"resultat": 3.0}
    books(merged(year))


def twice(sheet: Worksheet) -> None:
    """Copy a goal's row below the table and change the copy."""
    at = cell(sheet, "M2.1.1", "Mål-id").row
    for column in range(1, 17):
        sheet.cell(sheet.max_row if column > 1 else sheet.max_row + 1, column).value = sheet.cell(at, column).value
    columns = {c.value: c.column for c in sheet[header_row(sheet)]}
    sheet.cell(sheet.max_row, columns["Resultat"]).value = 7


def without_row(sheet: Worksheet) -> None:
    sheet.delete_rows(cell(sheet, "M3.3.1", "Mål-id").row)


def as_note(sheet: Worksheet) -> None:
    cell(sheet, "M3.3.1", "Resultat").comment = Comment("424.350 besøg", "")


def proposed_change(sheet: Worksheet) -> None:
    cell(sheet, "M2.1.1", "Måleenhed").value = "netværk"


def beside_table(sheet: Worksheet) -> None:
    sheet.cell(cell(sheet, "M2.1.1", "Mål-id").row, 20).value = "To nye samarbejder"


def without_column(sheet: Worksheet) -> None:
    sheet.delete_cols(cell(sheet, "M2.1.1", "Opgjort pr.").column)


def without_record(sheet: Worksheet) -> None:
    assert sheet.parent is not None
    del sheet.parent["_aftale"]


TWO = {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}
KINDS: tuple[tuple[str, Mapping[str, Mapping[str, Any]], Callable[[Worksheet], None] | None, tuple[str, ...]], ...] = (
    ("a contradiction", {"M2.1.1": {"Resultat": 0, "Status": "Opfyldt"}}, None,
     ("M2.1.1", "Status", "Opfyldt (resultat: 0)", "Der er valgt »Opfyldt«, men tallene giver »Ikke opfyldt«")),
    ("a goal twice", TWO, twice, ("M2.1.1", "Resultat", "2 eller 7", "stod to gange")),
    ("a row gone", TWO, without_row, ("M3.3.1", "", "", "er sat ind igen")),
    ("a note", TWO, as_note, ("M3.3.1", "Resultat", "424.350 besøg", "Det stod i en note")),
    ("a proposed change", TWO, proposed_change, ("M2.1.1", "Måleenhed", "netværk", "Vi har ikke rettet det aftalte")),
    ("words beside", {}, beside_table, ("Hele", "", "To nye samarbejder", "ved siden af felterne")),
    ("a column gone", TWO, without_column, ("Hele", "Opgjort pr.", "", "»Opgjort pr.« manglede")),
    ("no record", TWO, without_record, ("Hele", "", "", "brug dette skema fremover")),
    ("an error value", {"M2.1.1": {"Bemærkninger": "#NAME?"}}, lambda sheet: setattr(
        cell(sheet, "M2.1.1", "Bemærkninger"), "data_type", "e"), ("M2.1.1", "Bemærkninger", "#NAME?", "viser en fejl")),
)


@pytest.mark.parametrize(("answers", "change", "wanted"), [each[1:] for each in KINDS], ids=[each[0] for each in KINDS])
def test_what_a_colleague_is_asked(year: Year, answers: Mapping[str, Mapping[str, Any]],
                                   change: Callable[[Worksheet], None] | None, wanted: tuple[str, ...]) -> None:
    year.fill("Husteamet", answers, by=BY, saved=FIRST, change=change)
    retur(year)
    (path,) = back(year)
    ((goal, field, wrote, text, _),) = questions(path)
    assert (goal, field, wrote) == wanted[:3] and wanted[3] in text
    # Unchanged it leaves the same to ask; answered with anything it is never an endless loop of lost cells.
    come_back(year, path)
    again = retur(year)
    assert [row[:4] for each in back(year) for row in questions(each)] == [(goal, field, wrote, text)], again.said
    books(merged(year))


def test_a_proposed_change_stays_with_the_coordinator_after_the_answer(year: Year) -> None:
    year.fill("Husteamet", TWO, by=BY, saved=FIRST, change=proposed_change)
    retur(year)
    come_back(year, back(year)[0], {"M2.1.1": {"Bemærkninger": "Ja, det er et forslag."}})
    assert asked(merged(year)) == ["proposed-change"]
    assert retur(year).data["returns"] == []


def test_answers_in_an_archive_get_their_skema_back_too(year: Year, tmp_path: Path) -> None:
    import zipfile
    filled = year.fill("Husteamet", DOUBTS, by=BY, saved=FIRST)
    with zipfile.ZipFile(year.folder / "svar.zip", "w") as archive:
        archive.write(filled, filled.name)
    retur(year, year.folder / "svar.zip")
    from_zip = back(year)[0].read_bytes()
    back(year)[0].unlink()
    retur(year)
    assert back(year)[0].read_bytes() == from_zip


def test_the_command_says_what_it_wrote_and_what_comes_next(year: Year) -> None:
    year.fill("Husteamet", DOUBTS, by=BY, saved=FIRST)
    result = CliRunner().invoke(app, ["indlaes", str(year.agreement), str(year.answers), "--retur",
                                      str(year.folder / "retur")])
    assert result.exit_code == 1 and len(back(year)) == 1
    assert "1 skema med spørgsmål" in result.output and "Intet er sendt endnu." in result.output
    assert result.output.rstrip().endswith("Intet er sendt endnu.")


# ---------------------------------------------------------------- the words

COORDINATORS = KEPT_FOR_COORDINATOR | {
    "conflict", "reopened", "picked-twice", "edit-unread", "goal-gone", "owner-gone", "new-goal", "mail-asks",
    "sheet-unread",  # which the coordinator opens herself
    "finished-but-missing"}  # of which a reminder speaks


def test_every_doubt_about_an_answer_has_words_for_the_colleague() -> None:
    codes = list(CATALOGUE)
    about = codes[codes.index("record-lost"):codes.index("template-lacks")]
    doubts = {code for code in about if CATALOGUE[code][0] is not Severity.INFO}
    assert doubts - set(QUESTIONS) - COORDINATORS == {"no-table"}, "what nobody can be asked about in a skema"
    assert set(QUESTIONS) <= set(CATALOGUE)
