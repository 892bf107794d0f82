"""A skema's layout: it fits a screen, says what it should, and is read by its headers, also in the former layout."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from conftest import beside, cell_at, column_of, fill_in, header_row
from openpyxl.worksheet.worksheet import Worksheet

from aftale.cells.hidden_sheet import find_record
from aftale.forms.card import Said
from aftale.forms.draw_xlsx import fixed_texts
from aftale.forms.judge import judge
from aftale.forms.plan import Earlier, form_book, form_from_record, form_record, form_to_send_again, plan_forms
from aftale.forms.returned import Expected, Returned
from aftale.intake.read import read_bytes
from aftale.model.agreement import Agreement, AnswerColumn, Goal, Level, Measure, Method, Owner, Round, Scope
from aftale.model.columns import ANSWER_COLUMNS
from aftale.model.forms import Form
from aftale.model.workbook import Workbook
from aftale.steps.fordel import draw

NORD, SYD = Owner("Nordteamet", "nord@example.dk"), Owner("Sydteamet", "syd@example.dk")
COUNT = Measure(Method.AT_LEAST, 20.0, unit="besøg", scope=Scope.PER_YEAR)
GROWTH = Measure(Method.RISE_PERCENT, 5.0, unit="besøg", scope=Scope.IN_PERIOD)
DELIVERY = Measure(Method.DELIVERY)
JUNE = (2015, "midtvejs")
LONG = "Biblioteket inviterer borgerne indenfor. " * 50


def goal(number: int, measure: Measure = COUNT, text: str = "", sub: str = "", owners: tuple[Owner, ...] = (NORD,),
         **more: Any) -> Goal:
    texts = ("Synlighed", "Kurser", text or f"Effektmål nummer {number}", sub)
    return Goal(f"M1.1.{number}{'.1' if sub else ''}", Level.SUB if sub else Level.EFFECT, texts, {2015: None}, measure,
                owners=owners, **more)


def agreement(*goals: Goal) -> Agreement:
    return Agreement("A-1", "Biblioteket", "Kultur", 2015, (2015, 2018), goals=goals,
                     facts={"kortnavn": "KSE", "frist_midtvejs": date(2015, 6, 10)})


def planned(*goals: Goal, **earlier: Earlier) -> Form:
    """Return Nordteamet's skema; ``earlier`` is by the goals' last number, as ``m1``."""
    known = {f"M1.1.{number[1:]}": each for number, each in earlier.items()}
    return plan_forms(agreement(*goals), Round.AARSOPFOELGNING, date(2015, 11, 11), known)[0]


def drawn(form: Form) -> bytes:
    return draw(form, date(2015, 1, 1))


def returned(form: Form, data: bytes, *goals: Goal) -> Returned:
    book = read_bytes(data, "svar.xlsx")
    assert isinstance(book, Workbook)
    sent = replace(form, fixed=fixed_texts(form_book(form, date(2015, 1, 1))))
    found = judge(book, Expected(agreement(*goals), {form.id: sent}))
    assert isinstance(found, Returned), found
    return found


# ---------------------------------------------------------------- how wide it is

ANSWERED = Earlier("Opfyldt", 7.0, round=JUNE, own="Godt i gang")
QUOTED = replace(ANSWERED, said=(Said("KSE", "Hvad gør I?"),))
PRINTABLE = (297 - 2 * 7) / 25.4 * 96
"""How many pixels an A4 page on its side has room for between margins of 7 mm."""


@pytest.mark.parametrize(("form", "pixels", "points", "given"), [
    pytest.param(planned(goal(1)), 1248, 8.6, (0, 0), id="first round"),
    pytest.param(planned(goal(1), m1=ANSWERED), 1384, 7.7, (0, 0), id="what was answered last"),
    pytest.param(planned(goal(1), m1=QUOTED), 1438, 7.4, (0, 0), id="what the department wrote"),
    pytest.param(planned(goal(1, GROWTH)), 1348, 7.9, (0, 0), id="a missing Udgangspunkt"),
    pytest.param(planned(goal(1, GROWTH), m1=ANSWERED), 1480, 7.2, (4, 0), id="both, and the card gives up four pixels"),
    pytest.param(planned(goal(1, GROWTH), m1=QUOTED), 1480, 7.2, (46, 12), id="all, and card and Næste skridt give up some"),
])
def test_all_that_is_written_in_fits_a_screen_and_can_be_read_on_paper(form: Form, pixels: int, points: float,
                                                                       given: tuple[int, int]) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(drawn(form)))["Skema"]
    last = column_of(sheet, "Næste skridt")
    widths = [round(sheet.column_dimensions[openpyxl.utils.get_column_letter(n)].width * 7) for n in range(1, last + 1)]
    assert sum(widths) == pixels and (widths[1], widths[-1]) == (264 - given[0], 164 - given[1])
    assert sheet.page_margins.left == sheet.page_margins.right == pytest.approx(7 / 25.4, abs=0.001)
    assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1) and sheet.page_setup.fitToHeight == 0
    assert 10 * PRINTABLE / pixels == pytest.approx(points, abs=0.06)
    assert sheet.print_area.split("!")[1].replace("$", "").startswith(f"A1:{openpyxl.utils.get_column_letter(last)}")
    assert sheet.freeze_panes == "C6"


PAGE_HEIGHT = 210 / 25.4 * 72 - (0.35 + 0.45) * 72
"""How many points of rows an A4 page on its side has room for at 100 %, between the margins at its top and bottom."""


@pytest.mark.parametrize(("earlier", "highest", "most"), [
    pytest.param(None, 156, 5, id="first round"),
    pytest.param(replace(ANSWERED, said=(Said("KSE", LONG.strip()),)), 210, 4,
                 id="with the department's words of June")])
def test_fifteen_goals_of_2000_letters_are_few_pages_and_no_row_is_out_of_measure(earlier: Earlier | None, highest: float,
                                                                                  most: int) -> None:
    goals = [goal(number, text=f"{number}. {LONG}"[:2000], sub=LONG[:2000] if number % 2 else "",
                  owners=(NORD, SYD) if number % 3 else (NORD,))
             for number in range(1, 16)]
    known = {each.id.replace("M1.1.", "m"): earlier for each in goals[:1] if earlier}
    book = openpyxl.load_workbook(io.BytesIO(drawn(planned(*goals, **known))))
    sheet, whole = book["Skema"], book["Fuld tekst"]
    width = sum(round(sheet.column_dimensions[openpyxl.utils.get_column_letter(n)].width * 7)
                for n in range(1, column_of(sheet, "Næste skridt") + 1))
    heights = [sheet.row_dimensions[row].height for row in range(1, header_row(sheet) + 1 + 15 + 4)]
    assert max(heights) <= highest
    room, pages, used = PAGE_HEIGHT * width / PRINTABLE, 1, 0.0
    for height in heights:
        if used + height > room:
            pages, used = pages + 1, sheet.row_dimensions[header_row(sheet)].height
        used += height
    assert pages <= most
    texts = [row for row in whole.iter_rows(4, values_only=True) if row[0]]
    assert len(texts) == 15 + bool(earlier) and all(len(row[2]) > 1990 for row in texts)


def test_each_quote_has_room_and_no_more() -> None:
    """The name of who is quoted and the quote share a line; where the two need another, it is there."""
    short = tuple(Said("KSE", f"Ja {number}") for number in range(6))
    long = tuple(Said("Forvaltningen", f"Hvad gør I ved {number}?") for number in range(6))
    heights = [openpyxl.load_workbook(io.BytesIO(drawn(planned(goal(1), m1=replace(ANSWERED, own="", said=said)))))[
        "Skema"].row_dimensions[6].height for said in (short, long)]
    assert heights == [pytest.approx((2 + 6) * 12.75 + 6), pytest.approx((2 + 12) * 12.75 + 6)]


def test_what_was_answered_in_another_round_than_the_last_says_which() -> None:
    form = planned(goal(1), goal(2), goal(3), m1=ANSWERED, m2=replace(ANSWERED, round=(2014, "aarsopfoelgning")))
    assert [line.sealed["last"].split("\n")[:3] for line in form.lines] == [  # type: ignore[union-attr]
        ["✓ Opfyldt", "7 besøg", "I skrev: »Godt i gang«"], ["✓ Opfyldt", "7 besøg", "(november 2014)"], ["Intet svar"]]
    assert form.last == "juni"
    moved = replace(agreement(goal(1)), facts={"frist_midtvejs": date(2015, 5, 20)})
    assert plan_forms(moved, Round.AARSOPFOELGNING, None, {"M1.1.1": ANSWERED})[0].last == "maj"


def test_the_other_sheets_are_printed_as_they_are_read_and_a_unit_may_begin_with_a_figure() -> None:
    form = planned(goal(1, text=LONG.strip()))
    book = openpyxl.load_workbook(io.BytesIO(drawn(replace(form, unit="3F Musik", return_to="sekretariatet-" * 12))))
    guide, whole, sheet = book["Vejledning"], book["Fuld tekst"], book["Skema"]
    assert (guide.page_setup.fitToWidth in (None, 1), guide.page_setup.fitToHeight in (None, 1)) == (True, True)
    assert guide.sheet_properties.pageSetUpPr.fitToPage and whole.page_setup.orientation == "portrait"
    assert sheet.oddFooter.left.text == "3F Musik · årsopfølgning 2015 · Nordteamet", "3 is no part of a font size"
    assert sheet.row_dimensions[2].height > 19.5, "the steps have room though the address is long"


@pytest.mark.parametrize(("name", "column"), [("Fuld tekst", "C"), ("Vejledning", "B")])
def test_every_row_of_the_other_sheets_has_room_for_its_text(name: str, column: str) -> None:
    """A line has at most 1.25 letters for each that the column's width counts, and is 12.75 points high."""
    sheet = openpyxl.load_workbook(io.BytesIO(drawn(planned(goal(1, text=LONG.strip())))))[name]
    letters = sheet.column_dimensions[column].width * 1.25
    rows = [cell for cell in sheet[column] if cell.row > 1 and cell.value]
    assert any(len(str(cell.value)) > letters for cell in rows), "a text that needs several lines is among them"
    for cell in rows:
        lines = sum(max(1, math.ceil(len(line) / letters)) for line in str(cell.value).split("\n"))
        assert sheet.row_dimensions[cell.row].height >= lines * 12.75, cell.coordinate


def test_only_columns_that_have_something_to_say_are_there() -> None:
    first, all_ = (openpyxl.load_workbook(io.BytesIO(drawn(form)))["Skema"] for form in (
        planned(goal(1, DELIVERY)), planned(goal(1, GROWTH), goal(1, sub="Et delmål", indicator="Antal"), m1=QUOTED)))
    answers = [column.header for column in ANSWER_COLUMNS]
    assert [cell.value for cell in first[header_row(first)] if cell.value] == [
        "Mål-id", "Effektmål/delmål", "Mål", *answers, "Udviklingsmål", "Fokusområde", "Effektmål"]
    assert [cell.value for cell in all_[header_row(all_)] if cell.value] == [
        "Mål-id", "Effektmål/delmål", "Mål", "Udgangspunkt", "Sidst (juni)", *answers,
        "Udviklingsmål", "Fokusområde", "Effektmål", "Delmål", "Måleenhed", "Indikator"]


# ---------------------------------------------------------------- what a card says, and what is changed in it

GOALS = (goal(1, DELIVERY, "Flere kommer"),
         goal(1, COUNT, "Flere kommer", "Unge kommer", (NORD, SYD), indicator="Antal besøg", due="Maj"))
TOLD = (Said("KSE", "Hvad gør I?"), Said("I svarede", "Vi øver", False))
FORM = planned(*GOALS, **{"m1.1": replace(ANSWERED, said=TOLD)})


def test_a_card_says_whose_delmaal_it_is_who_else_answers_and_what_was_said_last() -> None:
    line = FORM.lines[1].sealed
    assert (line["card"], line["goal"], line["last"]) == (
        "Delmål til: Flere kommer\nUnge kommer\nSvarer også: Sydteamet",
        "Mindst 20 besøg pr. år\nIndikator: Antal besøg\nFrist: Maj",
        "✓ Opfyldt\n7 besøg\nI skrev: »Godt i gang«\nKSE: »Hvad gør I?«\nI svarede: »Vi øver«")


def written(header: str, text: str | None) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        cell_at(sheet, "M1.1.1.1", header).value = text
    return change


@pytest.mark.parametrize(("header", "text", "column", "stood", "stands"), [
    pytest.param("Effektmål/delmål", "Delmål til: Flere kommer\nAlle kommer\nSvarer også: Sydteamet", "sub", "Unge kommer",
                 "Alle kommer", id="the goal's own text is a change of Delmål"),
    pytest.param("Effektmål/delmål", "Delmål til: Flere kommer\nUnge kommer", "card", "Delmål til:", "Unge kommer",
                 id="who else answers is a change of the card"),
    pytest.param("Mål", "Mindst 20 besøg pr. år\nIndikator: Antal besøg\nFrist: Juni", "due", "Maj", "Juni",
                 id="a line under Mål is a change of what the line is"),
    pytest.param("Mål", "Mindst 30 besøg pr. år\nIndikator: Antal besøg\nFrist: Maj", "goal", "Mindst 20", "Mindst 30",
                 id="the sentence is a change of the sentence"),
    pytest.param("Sidst (juni)", "✓ Opfyldt\n9 besøg", "last", "7 besøg", "9 besøg", id="what was answered last"),
    pytest.param("Sidst (juni)", None, "last", "7 besøg", "(slettet)", id="what was answered last, emptied"),
    pytest.param("Delmål", "Alle kommer", "sub", "Unge kommer", "Alle kommer", id="a look-up column"),
])
def test_a_change_of_what_is_locked_is_told_with_what_stood_there(header: str, text: str | None, column: str, stood: str,
                                                                  stands: str) -> None:
    found = returned(FORM, fill_in(drawn(FORM), {}, change=written(header, text)), *GOALS)
    told, = [each for each in found.findings if each.code == "proposed-change"]
    assert (told.column, told.goal) == (column, "M1.1.1.1")
    assert stood in told.message and (stands in told.message or stands in told.text) and not found.answers


# ---------------------------------------------------------------- every cell has a home

def test_fuld_tekst_and_the_look_up_columns_are_what_we_sent_and_what_is_written_there_is_kept() -> None:
    long = (goal(1, DELIVERY, LONG.strip(), indicator=LONG.strip()),)
    form = planned(*long, m1=replace(ANSWERED, own=LONG.strip(), said=(Said("KSE", LONG.strip()),)))
    book = openpyxl.load_workbook(io.BytesIO(drawn(form)))
    rows = [row for row in book["Fuld tekst"].iter_rows(4, values_only=True) if row[0]]
    assert [row[1] for row in rows] == ["Målet", "Indikator", "I skrev, juni", "KSE, juni"]
    assert {row[2] for row in rows} == {LONG.strip()}
    untouched = returned(form, drawn(form), *long)
    assert (untouched.sent, untouched.kept, untouched.answers) == (untouched.cells, (), ())

    def note(sheet: Worksheet) -> None:
        sheet.parent["Fuld tekst"]["D4"] = "Passer det?"
        sheet.cell(header_row(sheet) + 1, sheet.max_column + 2).value = "Ring"

    found = returned(form, fill_in(drawn(form), {"M1.1.1": {"Status": "Opfyldt"}}, change=note), *long)
    assert (found.cells, found.sent, len(found.answers)) == (untouched.cells + 3, untouched.sent, 1)
    assert sorted(each.text for each in found.kept) == ["Passer det?", "Ring"]


# ---------------------------------------------------------------- read by its headers, wherever they stand

SAID = {"M1.1.1": {"Status": "Opfyldt", "Bemærkninger": "Færdig"},
        "M1.1.1.1": {"Status": "Ikke opfyldt", "Resultat": 12, "Opgjort pr.": date(2015, 10, 31),
                     "Bemærkninger": "Sent i gang", "Næste skridt": "Flere kurser"}}
READ = {("M1.1.1", AnswerColumn.STATUS): "Opfyldt", ("M1.1.1", AnswerColumn.REMARKS): "Færdig",
        ("M1.1.1.1", AnswerColumn.STATUS): "Ikke opfyldt", ("M1.1.1.1", AnswerColumn.RESULT): 12.0,
        ("M1.1.1.1", AnswerColumn.AS_OF): date(2015, 10, 31), ("M1.1.1.1", AnswerColumn.REMARKS): "Sent i gang",
        ("M1.1.1.1", AnswerColumn.NEXT_STEP): "Flere kurser"}


def reordered(order: Callable[[list[int]], Sequence[int]]) -> Callable[[Worksheet], None]:
    """Put the table's columns in another order, from the header down."""
    def change(sheet: Worksheet) -> None:
        top = header_row(sheet)
        old = list(range(1, sheet.max_column + 1))
        for row in range(top, sheet.max_row + 1):
            values = [sheet.cell(row, column).value for column in old]
            for column in old:
                sheet.cell(row, column).value = None
            for column, came in enumerate(order(old), 1):
                sheet.cell(row, column).value = values[came - 1]
    return change


def without_look_up(sheet: Worksheet) -> None:
    last = column_of(sheet, "Næste skridt")
    sheet.delete_cols(last + 1, sheet.max_column - last)


def without_record(sheet: Worksheet) -> None:
    del sheet.parent["_aftale"]


CHANGES = [
    pytest.param(None, id="as it was sent"),
    pytest.param(reordered(lambda old: old[::-1]), id="all columns the other way round"),
    pytest.param(reordered(lambda old: [*old[1:], old[0]]), id="Mål-id to the far right"),
    pytest.param(reordered(lambda old: sorted(old, key=lambda n: n * 7 % 17)), id="shuffled"),
    pytest.param(without_record, id="without the hidden sheet"),
]


@pytest.mark.parametrize("change", [*CHANGES, pytest.param(without_look_up, id="the look-up columns deleted")])
def test_a_skema_is_read_by_its_headers(change: Callable[[Worksheet], None] | None) -> None:
    found = returned(FORM, fill_in(drawn(FORM), SAID, by="Nord", done="Ja", change=change), *GOALS)
    assert {(each.goal, each.column): each.value for each in found.answers} == READ
    assert (found.filled_by, found.finished) == ("Nord", "Ja")
    assert not [each for each in found.findings if each.code not in ("", "record-lost")]
    assert found.cells == found.sent + len(found.answers) + sum(each.cells for each in found.kept)


# ---------------------------------------------------------------- the former layout

FORMER = ("Mål-id", "Udviklingsmål", "Fokusområde", "Effektmål", "Delmål", "Mål", "Frist", "Måleenhed", "Udgangspunkt",
          "Sidste status", "Sidste resultat", "Resultat", "Opgjort pr.", "Status", "Bemærkninger", "Næste skridt")
FORMER_KEYS = ("id", "development", "focus", "effect", "sub", "goal", "due", "unit", "baseline", "last_status",
               "last_result")
FIXED = ("Opfølgning på aftalen 2015", "1. Gem en kopi", "Udfyldt af", "Skemaet er færdigt", "Ansvarlig", "Nordteamet",
         "Frist", "11. november 2015", "Skema-id")


def former(form: Form) -> tuple[Form, bytes]:
    """Return a skema as versions before 0.3 remembered and drew it."""
    def line(each: Any) -> Any:
        own = {key: value for key, value in each.sealed.items() if key not in ("card", "last", "indicator")}
        added = {"due": each.agreed.get("due"), **({"last_status": "Opfyldt", "last_result": 7.0} if "sub" in own else {})}
        return replace(each, sealed={**own, **{key: value for key, value in added.items() if value}}, measured=False,
                       idle=frozenset(), whole=())

    old = replace(form, lines=tuple(map(line, form.lines)), last="",
                  fixed={"Skema": {**dict.fromkeys((*FIXED, form.id), 1)}})
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Skema"
    sheet["A1"], sheet["A3"] = FIXED[:2]
    for at, text in zip(("B5", "B6", "F5", "G5", "F6", "G6", "K5", "L5"), (*FIXED[2:], form.id), strict=True):
        sheet[at] = text
    for column, header in enumerate(FORMER, 1):
        sheet.cell(8, column).value = header
    for row, each in enumerate(old.lines, 9):
        for column, key in enumerate(FORMER_KEYS, 1):
            sheet.cell(row, column).value = each.sealed.get(key)
    record = book.create_sheet("_aftale")
    for values in (("post", "nøgle", "felt", "type", "værdi"), *form_record(old)):
        record.append([value or None for value in values])
    out = io.BytesIO()
    book.save(out)
    return old, out.getvalue()


@pytest.mark.parametrize("change", CHANGES)
def test_a_skema_of_the_former_layout_is_read_as_one_of_this(change: Callable[[Worksheet], None] | None) -> None:
    old, data = former(FORM)
    assert form_from_record(find_record(read_bytes(data, "x.xlsx"))[1]) == old  # type: ignore[arg-type]
    untouched = returned(FORM, data, *GOALS)
    assert (untouched.sent, untouched.kept, untouched.answers) == (untouched.cells, (), ())
    found = returned(FORM, fill_in(data, SAID, by="Nord", done="Ja", change=change), *GOALS)
    assert {(each.goal, each.column): each.value for each in found.answers} == READ
    assert (found.filled_by, found.finished) == ("Nord", "Ja")
    assert found.cells == found.sent + len(found.answers) + sum(each.cells for each in found.kept)
    assert not [each for each in found.findings if each.kind == "extra-column"], "its headers are known, record or not"
    if change is not without_record:
        assert not [each for each in found.findings if each.code]


def test_a_skema_of_the_former_layout_goes_back_with_questions_in_this_one() -> None:
    old, data = former(FORM)
    again = form_to_send_again(find_record(read_bytes(data, "x.xlsx"))[1])  # type: ignore[arg-type]
    assert again is not None and again.id == old.id
    sheet = openpyxl.load_workbook(io.BytesIO(drawn(again)))["Skema"]
    assert cell_at(sheet, "M1.1.1.1", "Effektmål/delmål").value == "Delmål til: Flere kommer\nUnge kommer"
    assert cell_at(sheet, "M1.1.1.1", "Sidst (tidligere)").value == "✓ Opfyldt\n7 besøg"
    assert beside(sheet, "Skema-id").value == FORM.id
    found = returned(FORM, fill_in(drawn(again), SAID, by="Nord"), *GOALS)
    assert {(each.goal, each.column): each.value for each in found.answers} == READ
