"""Nothing is lost: every non-empty cell of every file has one home, and every text is found in the follow-up."""

from __future__ import annotations

import functools
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from conftest import Year, examples, header_row
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aftale.agreement.read_goals import read_agreement
from aftale.cells.find_table import find_table
from aftale.cells.hidden_sheet import find_record
from aftale.followup.build import FollowUp, follow_up
from aftale.followup.control_sheets import control_lines
from aftale.followup.draw_xlsx import draw as draw_followup
from aftale.forms.judge import judge
from aftale.forms.plan import columns_of, form_from_record, plan_forms
from aftale.forms.returned import Expected, Returned
from aftale.intake.read import read_bytes
from aftale.merge.state import State, combine
from aftale.model.agreement import Agreement, AnswerColumn, Round
from aftale.model.columns import CONFLICTS, CONTROL, CONTROL_COLUMNS, OPFOELGNING, RECORD_COLUMNS
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.text import canonical, tidy, without_controls
from aftale.model.workbook import Note, Workbook, WorkbookSheet
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import draw as draw_skema
from aftale.steps.fordel import form_name
from aftale.steps.generer import generer

# ---------------------------------------------------------------- the skemaer of the example, read once

GOALS = ("M2.2.2", "M2.2.3", "M2.2.5", "M1.1.2")
"""So few that a whole follow-up is made quickly. Børneteamet has the first two, Ledelsen the second and third, Digitalteamet
the last."""


@functools.cache
def agreement() -> Agreement:
    made = generer(example_path(), Path("aftale.xlsx"), template_path())
    book = read_bytes(made.files[0].data, "aftale.xlsx")
    assert isinstance(book, Workbook)
    whole = read_agreement(book).agreement
    return replace(whole, goals=tuple(goal for goal in whole.goals if goal.id in GOALS))


@functools.cache
def skemaer() -> tuple[tuple[Form, Workbook], ...]:
    """Return Børneteamet's and Ledelsen's skemaer, which share a goal, and Digitalteamet's, as they were sent out."""
    wanted = ("Børneteamet", "Ledelsen", "Digitalteamet")
    forms = {form.owner.name: form for form in plan_forms(agreement(), Round.AARSOPFOELGNING, date(2015, 11, 11))}
    found = []
    for name in wanted:
        book = read_bytes(draw_skema(forms[name], date(2015, 1, 1)), f"{form_name(forms[name])}.xlsx")
        assert isinstance(book, Workbook)
        sent = form_from_record(find_record(book)[1])
        assert sent is not None
        found.append((sent, book))
    return tuple(found)


@dataclass(frozen=True)
class Layout:
    """Where a skema's table stands (zero-based): each column, the first one after them, and the first row of goals."""

    at: dict[str, int]
    width: int
    first: int
    own_name: tuple[int, int]


@functools.cache
def layout(skema: int) -> Layout:
    form, book = skemaer()[skema]
    rows = next(sheet.rows for sheet in book.sheets if sheet.name == "Skema")
    header = next(number for number, row in enumerate(rows) if "Mål-id" in row)
    at = {column.key: rows[header].index(column.header) for column in columns_of(form)}
    return Layout(at, max(at.values()) + 1, header + 1,
                  next((n, row.index("Udfyldt af") + 1) for n, row in enumerate(rows) if "Udfyldt af" in row))


# ---------------------------------------------------------------- what a colleague writes, and where

@dataclass(frozen=True)
class Written:
    """Something written in a skema: ``where`` it is, a row and a column there, and what it is."""

    where: str
    row: int
    column: int
    what: object


@dataclass(frozen=True)
class Reply:
    """A skema as it comes back: which of the three, who filled it in, when it was saved, and what was written."""

    skema: int
    by: str
    when: str
    written: tuple[Written, ...]

    def book(self) -> Workbook:
        form, sent = skemaer()[self.skema]
        sheets = {sheet.name: [list(row) for row in sheet.rows] for sheet in sent.sheets}
        notes: list[Note] = []
        here = layout(self.skema)
        _put(sheets["Skema"], *here.own_name, self.by)
        last = here.first + len(form.lines)
        extra = [each for each in self.written if each.where == "extra column"]
        for each in self.written:
            goal = here.first + each.row % len(form.lines)
            if each.where == "note":
                notes.append(Note("B9", tidy(str(each.what)), "Vikaren"))
            elif each.where == "extra sheet":
                _put(sheets.setdefault("Mine noter", []), each.row, each.column, each.what)
            elif each.where == "Vejledning":
                _put(sheets["Vejledning"], each.row, 4 + each.column, each.what)
            elif each.where == "beside _aftale":
                _put(sheets["_aftale"], 1 + each.row, len(RECORD_COLUMNS) + each.column, each.what)
            elif each.where == "beside":
                _put(sheets["Skema"], goal, here.width + 1 + each.column, each.what)
            elif each.where == "above":
                _put(sheets["Skema"], each.row % 2 + 2, here.width + each.column, each.what)
            elif each.where == "under":
                _put(sheets["Skema"], last + 7 + each.row, here.width + each.column, each.what)
            elif each.where == "spare":
                _put(sheets["Skema"], last + 1 + each.row, each.column % here.width, each.what)
            elif each.where in here.at:
                _put(sheets["Skema"], goal, here.at[each.where], each.what)
        for number, each in enumerate(extra):
            for row in sheets["Skema"]:
                row.insert(here.at["resultat"], "")
            _put(sheets["Skema"], here.first - 1, here.at["resultat"], f"Drøftet {number}")
            _put(sheets["Skema"], here.first + each.row % len(form.lines), here.at["resultat"], each.what)
        digest = sha256(repr((self, form.id)).encode("utf-8", "surrogatepass")).hexdigest()
        source = replace(sent.source, sha256=digest, name=f"svar {digest[:6]}.xlsx", when=self.when)
        return Workbook(source, tuple(WorkbookSheet(name, rows, tuple(notes) if name == "Skema" else ())
                                     for name, rows in sheets.items()))


def _put(rows: list[list[object]], row: int, column: int, what: object) -> None:
    while len(rows) <= row:
        rows.append([])
    rows[row] += [""] * (column + 1 - len(rows[row]))
    rows[row][column] = what


REMARK_COLUMNS = ("bemaerkninger", "naeste_skridt")
PLACES = (*REMARK_COLUMNS, "resultat", "opgjort_pr", "status", "extra column", "extra sheet", "Vejledning",
          "beside _aftale", "beside", "above", "under", "spare", "note")
LONGEST = "x" * 32_766
HARD_TEXTS = (
    "=SUM(A1:A9)", "+45 8787", "-", "@vikar", "'citat", '"citat"', "😀", "😀" * 16_383, LONGEST + "y", "z" + LONGEST,
    "to\nlinjer", "to\r\nlinjer", "to\rlinjer", "a\x0bb", "styre\x01tegn", "\x01", "a\u030a og e\u0301", "_x000D_",
    "_x0001_", "_x005F_", "<r>fed</r>", "<b>&amp;</b>", " luft ", "\u00a0", "x\u200b", "\ufffe", "\u0958" * 32_000, "5,4",
    "opfyldt ", "30-06-2015", "ca. 20", "2015", "Ja", "https://example.dk/" + "a" * 3000, "M1.1.1",
    "Mangler svar", "Uafklaret", "#REF!")
texts = st.one_of(st.sampled_from(HARD_TEXTS), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
answers = {"resultat": st.sampled_from([3.0, 12.5, 4.0]), "opgjort_pr": st.sampled_from([date(2015, 10, 31)]),
           "status": st.sampled_from(["Opfyldt", "Delvist opfyldt", "Udgået"])}
written = st.one_of(
    st.builds(Written, st.sampled_from(PLACES), st.integers(0, 4), st.integers(0, 3), texts),
    st.sampled_from(sorted(answers)).flatmap(lambda key: st.builds(Written, st.just(key), st.integers(0, 1), st.just(0),
                                                                   answers[key])))
replies = st.lists(
    st.builds(Reply, st.sampled_from([0, 1, 1, 2]), st.one_of(st.sampled_from(["", "Vikaren", "Koordinatoren"]), texts),
              st.sampled_from(["", "2015-11-04T09:00:00Z", "2015-11-05T09:00:00Z"]),
              st.lists(written, max_size=6).map(tuple)),
    min_size=1, max_size=3, unique=True)


def merged(books: Sequence[Workbook]) -> tuple[FollowUp, tuple[Returned, ...]]:
    forms = tuple(form for form, _ in skemaer())
    expected = Expected(agreement(), {form.id: form for form in forms})
    judged = [judge(book, expected) for book in books]
    accepted = [each for each in judged if isinstance(each, Returned)]
    assert len(accepted) == len(books)
    state = State(agreement().id, 2015, Round.AARSOPFOELGNING, combine((), tuple(accepted)))
    return follow_up(agreement(), state, forms, date(2015, 1, 1)), state.returned


def count_cells(books: Sequence[Workbook]) -> int:
    """Count the non-empty cells, trimmed, over all sheets: nothing of aftale's own is used here."""
    return sum(1 for book in books for sheet in book.sheets for row in sheet.rows for value in row
               if value is not None and str(value).strip() != "")


def plain(text: str) -> str:
    """Return a text as it is kept: NFC, line feeds, trimmed, without control characters."""
    return tidy(without_controls(tidy(text)))


def follow_up_texts(data: bytes) -> dict[str, list[str]]:
    """Return every text of the three sheets where answers and remarks stand; a block split over lines is one."""
    book = read_bytes(data, "opfoelgning.xlsx")
    assert isinstance(book, Workbook)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    found = {name: [canonical(value) for _, _, value in sheets[name].filled()]
             for name in (OPFOELGNING, CONFLICTS, CONTROL)}
    blocks: dict[tuple[str, ...], list[str]] = {}
    table = find_table(sheets[CONTROL], CONTROL_COLUMNS, ("pick",))
    assert table is not None
    for row in table.data_rows():
        kind, what, text, whole, *place = (canonical(table.value(row, key)) for key in (
            "kind", "what", "text", "whole", "file", "sheet", "cell"))
        blocks.setdefault((kind, what, *place), []).append(whole or text)
    found[CONTROL] += ["".join(pieces) for pieces in blocks.values() if len(pieces) > 1]
    return found


def lost(reply: Reply, sheets: dict[str, list[str]]) -> Iterator[Written]:
    kept = [plain(text) for found in sheets.values() for text in found]
    for each in (*reply.written, Written("Udfyldt af", 0, 0, reply.by)):
        wanted = plain(canonical(each.what))
        if not any(wanted in text for text in kept):
            yield each


def overwritten(reply: Reply) -> bool:
    """Tell whether two texts of a reply went into the same cell, so that only the last can be found."""
    lines, columns = len(skemaer()[reply.skema][0].lines), layout(reply.skema).at

    def cell(each: Written) -> tuple[str, int, int]:
        on_a_goal = each.where in columns or each.where == "beside"
        row = each.row % lines if on_a_goal else each.row % 2 if each.where == "above" else each.row
        return each.where, row, 0 if each.where in columns else each.column

    at = Counter(cell(each) for each in reply.written if each.where not in ("note", "extra column"))
    return any(times > 1 for times in at.values())


fast = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=examples(50, 500))


@given(replies)
@settings(fast, max_examples=examples(80, 1000))
def test_the_books_balance_and_kontrol_holds_the_cells_they_say(found: list[Reply]) -> None:
    books = [reply.book() for reply in found]
    result, accepted = merged(books)
    assert result.books.balance
    assert result.books.total == count_cells(books)
    assert {each.source: each.cells for each in accepted} == {book.source: count_cells([book]) for book in books}
    goals = {verdict.goal.id: verdict.goal for verdict in result.goal_results}
    lines = control_lines(accepted, (), result.merged, (), goals)
    assert sum(line.cells for line in lines) == result.books.control
    column = [column.key for column in result.book.control.columns].index("cells")
    drawn = [row[column].value for row in result.book.control.rows]
    assert sum(value for value in drawn if isinstance(value, float)) == result.books.control


@example([Reply(0, "Vikaren", "", (Written("bemaerkninger", 0, 0, "a\u030a\r\nb\x01"), Written("status", 0, 0, "ca. 20")))])
@example([Reply(0, LONGEST, "", ()), Reply(0, "z" * 32_767, "", ())])
@example([Reply(1, "A", "", (Written("bemaerkninger", 0, 0, "x" * 32_767),)),
          Reply(1, "B", "", (Written("bemaerkninger", 0, 0, "y" * 32_767),))])
@example([Reply(1, "", "", (Written("spare", 0, 0, LONGEST), Written("spare", 0, 1, "y" * 32_767)))])
@example([Reply(1, LONGEST, "2015-11-04T09:00:00Z", (Written("status", 0, 0, "Opfyldt"),)),
          Reply(1, LONGEST, "2015-11-05T09:00:00Z", (Written("status", 0, 0, "Udgået"),))])
@given(replies.filter(lambda found: not any(overwritten(reply) for reply in found)))
@fast
def test_every_text_is_found_again_in_the_workbook(found: list[Reply]) -> None:
    result, _ = merged([reply.book() for reply in found])
    sheets = follow_up_texts(draw_followup(result.book))
    for reply in found:
        assert list(lost(reply, sheets)) == []


@pytest.mark.parametrize("text", HARD_TEXTS, ids=lambda text: repr(text)[:20])
def test_a_hard_text_survives_wherever_it_is_written(text: str) -> None:
    reply = Reply(1, text, "", tuple(Written(where, 0, 0, text) for where in PLACES))
    book = reply.book()
    result, _ = merged([book])
    assert result.books.balance and result.books.total == count_cells([book])
    assert list(lost(reply, follow_up_texts(draw_followup(result.book)))) == []


@pytest.mark.parametrize("where", PLACES)
def test_invisible_characters_alone_are_not_taken_for_something_we_sent(where: str) -> None:
    book = Reply(1, "", "", (Written(where, 0, 0, "\x01"),)).book()
    found = merged([book])[0].books
    assert found.sent == count_cells([skemaer()[1][1]])
    assert found.balance and found.total == count_cells([book])


# ---------------------------------------------------------------- each of the four homes, on cells one can count

@pytest.mark.parametrize(("first", "second", "conflict", "followup", "control"), [
    ({}, {}, 0, 0, 2),  # Udfyldt af
    ({"status": "Opfyldt"}, {}, 0, 1, 2),
    ({"status": "Opfyldt"}, {"status": "Opfyldt"}, 0, 2, 2),
    ({"status": "Opfyldt"}, {"status": "Udgået"}, 2, 0, 2),
    ({"status": "Opfyldt", "bemaerkninger": "Godt"}, {"status": "Udgået", "bemaerkninger": "Skidt"}, 2, 2, 2),
    ({"status": "måske"}, {"status": "Udgået"}, 0, 1, 3),
    ({"beside": "Ring"}, {"spare": "Et forslag"}, 0, 0, 4),
    ({"effect": "Andet ordvalg"}, {}, 0, 0, 3),
    ({"card": "Andet ordvalg"}, {}, 0, 0, 3),
    ({"bemaerkninger": "a" * 32_000}, {"bemaerkninger": "b" * 32_000}, 0, 0, 4),
])
def test_every_cell_has_the_home_it_should(first: dict[str, str], second: dict[str, str], conflict: int, followup: int,
                                           control: int) -> None:
    shared = Written("bemaerkninger", 1, 0, "")
    books = [Reply(skema, by, "", (shared, *(Written(where, row, 0, what) for where, what in said.items()))).book()
             for skema, by, row, said in ((0, "Børneteamet", 1, first), (1, "Ledelsen", 0, second))]
    lines = [[line.goal for line in form.lines] for form, _ in skemaer()]
    assert lines[0][1] == lines[1][0] == "M2.2.3"
    found = merged(books)[0].books
    assert (found.conflict, found.followup, found.control) == (conflict, followup, control)
    # A sealed cell that was written over is no longer what we sent.
    gone = sum(where in ("effect", "card") for where in (*first, *second))
    assert found.sent == sum(count_cells([book]) for _, book in skemaer()[:2]) - gone


def test_an_untouched_skema_is_all_sent_out_content() -> None:
    for _, book in skemaer():
        found = merged([book])[0].books
        assert (found.sent, found.conflict, found.followup, found.control) == (count_cells([book]), 0, 0, 0)


@pytest.mark.parametrize("where", ["beside", "above", "under"])
def test_a_text_like_one_of_ours_is_ours_only_as_often_as_we_wrote_it(where: str) -> None:
    form, book = skemaer()[1]
    ours = "Opfølgning på aftalen 2015"
    result, (returned,) = merged([Reply(1, "", "", (Written(where, 0, 0, ours),)).book()])
    assert (result.books.sent, result.books.control) == (count_cells([book]), 1)
    assert [found.text for found in returned.kept] == [ours]
    assert form.fixed["Skema"][ours] == 1


def test_sorted_moved_and_renamed_content_is_still_what_we_sent() -> None:
    _, book = skemaer()[1]
    sheets = [WorkbookSheet({"Vejledning": "Hjælp"}.get(sheet.name, sheet.name),
                            sheet.rows[::-1] if sheet.name in ("Vejledning", "Lister") else sheet.rows)
              for sheet in book.sheets]
    skema = [list(row) for row in sheets[0].rows]
    first = layout(1).first
    last = first + len(skemaer()[1][0].lines)
    skema[first:last] = skema[first:last][::-1]
    sheets[0] = WorkbookSheet("Ark1", [[], [], *([""] * 2 + row for row in skema)])
    found = merged([Workbook(book.source, tuple(sheets[::-1]))])[0].books
    assert (found.sent, found.control) == (count_cells([book]), 0)


def test_the_reading_of_control_characters_is_in_the_ledger() -> None:
    reply = Reply(1, "Vikaren", "", (Written("bemaerkninger", 0, 0, "a\x01b"),))
    _, (returned,) = merged([reply.book()])
    assert [(r.column, r.text, r.read, r.rule) for r in returned.findings if r.rule] == [
        (AnswerColumn.REMARKS.value, "a\x01b", "ab", "text-controls")]


def test_the_account_on_kontrol_and_in_the_sentence_is_the_books() -> None:
    books = [Reply(1, "Vikaren", "", (Written("status", 0, 0, "Opfyldt"),)).book()]
    result, _ = merged(books)
    assert result.books.sentence in result.book.control.facts
    assert result.books.sentence.startswith(f"{count_cells(books)} udfyldte celler = ")
    assert result.books.sentence.endswith("Alle celler er gjort rede for.")
    wrong = replace(result.books, total=result.books.total + 1)
    assert not wrong.balance and "STEMMER IKKE" in wrong.sentence


# ---------------------------------------------------------------- through real files

FILES = {
    "an ordinary answer": {"Bemærkninger": "To kurser.\nFlere i 2016.", "Status": "Opfyldt"},
    "a formula as text": {"Bemærkninger": "=1+1"},
    "32,767 characters": {"Bemærkninger": LONGEST + "y"},
    "emoji and decomposed å": {"Bemærkninger": "😀 a\u030a"},
    "an escape": {"Næste skridt": "_x005F_x000D_ og \"citat\" og 'citat'"},
    "what can't be read": {"Resultat": "ca. 20", "Opgjort pr.": "i maj", "Status": "måske"},
}


@pytest.mark.parametrize("said", FILES.values(), ids=list(FILES))
def test_the_books_balance_through_real_files(year: Year, said: dict[str, str]) -> None:
    def loose(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        header = header_row(sheet)
        sheet.cell(header + 1, 20).value = "Ring til Børneteamet"
        sheet.cell(sheet.max_row, 4).value = "Forslag: torvedag"
        other = sheet.parent.create_sheet("Mine tal")
        other["B2"], other["B3"] = "Besøg", 12

    path = year.fill("Ledelsen", {"M2.2.5": said}, by="Ledelsessekretariatet", change=loose)
    report = flet(year.agreement, [path], year.folder / "opfoelgning.xlsx")
    cells = report.data["cells"]
    assert isinstance(cells, dict)
    values = [cell.value for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
    assert cells["total"] == sum(1 for value in values if value is not None and str(value).strip() != "")
    assert cells["total"] == cells["sent"] + cells["conflict"] + cells["followup"] + cells["control"]
    assert not [p for p in report.problems if p.code == "books-unbalanced"]
    kept = [plain(text) for found in follow_up_texts(report.files[0].data).values() for text in found]
    # In a file »_x005F_« is how a program writes the »_« that opens what would else be an escape.
    wanted = [text.replace("_x005F_", "_") for text in said.values()]
    for text in (*wanted, "Ring til Børneteamet", "Forslag: torvedag", "Besøg", "12", "Ledelsessekretariatet"):
        assert any(plain(text) in each for each in kept), text
    assert openpyxl.load_workbook(io.BytesIO(report.files[0].data)).sheetnames[0] == "Overblik"


def test_a_refused_file_is_one_line_and_no_cells(year: Year) -> None:
    good = year.fill("Husteamet", {"M2.1.1": {"Status": "Opfyldt"}})
    bad = year.answers / "noter.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "Indkøb"  # type: ignore[index]
    book.save(bad)
    alone, both = (flet(year.agreement, paths, year.folder / "opfoelgning.xlsx") for paths in ([good], [good, bad]))
    assert alone.data["cells"] == both.data["cells"]
    lines = [row for row in follow_up_texts(both.files[0].data)[CONTROL] if row == "noter.xlsx"]
    assert len(lines) == 1
    assert not isinstance(read_bytes(both.files[0].data, "x"), Finding)
