"""Every habit of the catalogue in a real workbook: what is done -> what is read, asked about, and written in the ledger."""

from __future__ import annotations

import csv
import io
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, fill_in, header_row, letter_of, owner_of
from conftest import cell_at as cell
from conftest import column_of as column
from conftest import row_of as row
from habits import HABITS, End, page
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Picture

from aftale.forms.judge import judge
from aftale.forms.returned import Expected, Returned, ledger_rule
from aftale.intake.read import read_bytes
from aftale.merge.merge import HEADERS
from aftale.model.agreement import Round, Value
from aftale.model.findings import Severity
from aftale.model.problems import CATALOGUE
from aftale.model.workbook import Note, Special, Workbook, WorkbookSheet, cell_name
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.collect import collect
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer
from aftale.steps.open_agreement import open_agreement

pytestmark = pytest.mark.xdist_group("habits")  # what they share is made once

OWNER, OTHER = "Ledelsen", "Husteamet"
GOAL, LAST = "M2.2.5", "M4.2.2"  # the goal that things happen to: at least three events a year
GROWTH, PERCENT = "M1.1.1", "M3.3.1"
NEIGHBOURS = {"M2.2.3": {"Status": "Delvist opfyldt", "Bemærkninger": "Skrevet, men ikke vedtaget."},
              "M4.2.1": {"Opgjort pr.": date(2015, 11, 2), "Status": "Opfyldt", "Næste skridt": "Drift fra januar."}}
AROUND = {(goal, column): value for goal, answers in NEIGHBOURS.items() for column, value in answers.items()}
ANSWER = {"Resultat": 3, "Status": "Opfyldt"}
OCTOBER = date(2015, 10, 31)

Change = Callable[[Worksheet], object]
Patch = Callable[[bytes], bytes]
Answers = Mapping[tuple[str, str], Value]


@dataclass(frozen=True)
class Case:
    """One habit: what is done to the filled-in sheet, and what becomes of the goal it is done to.

    ``answers`` are those of the goal (and of other goals, beside the neighbours'); ``without`` the neighbours whose
    answers can't be read; ``patch`` does to the file what openpyxl can't.
    """

    key: str
    change: Change = lambda sheet: None
    answers: Answers = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    patch: Patch = lambda data: data
    says: str = ""


# ---------------------------------------------------------------- hands

def heading(sheet: Worksheet, header: str) -> Any:
    return sheet.cell(header_row(sheet), column(sheet, header))


def spare(sheet: Worksheet) -> int:
    return next(c.row for c in sheet["A"] if str(c.value).startswith("Forslag")) + 1


def typed(header: str, value: Any, goal: str = GOAL, number_format: str = "") -> Change:
    def change(sheet: Worksheet) -> None:
        at = cell(sheet, goal, header)
        at.value = value
        if isinstance(value, str) and value[:1] not in "=#":
            at.data_type = "s"
        if number_format:
            at.number_format = number_format
    return change


def answered(sheet: Worksheet) -> None:
    for header, value in ANSWER.items():
        cell(sheet, GOAL, header).value = value


def both(*changes: Change) -> Change:
    return lambda sheet: [change(sheet) for change in changes]


def retitled(header: str, text: str | None) -> Change:
    def change(sheet: Worksheet) -> None:
        answered(sheet)
        heading(sheet, header).value = text
    return change


def table_of(sheet: Worksheet) -> list[list[Any]]:
    last = column(sheet, "Næste skridt")
    return [[c.value for c in each] for each in sheet.iter_rows(header_row(sheet), row(sheet, LAST), 1, last)]


def pasted(down: int, right: int, result: object = 3, blank: bool = False) -> Change:
    """The whole table pasted as values; with ``blank`` the sent one is left empty."""
    def change(sheet: Worksheet) -> None:
        answered(sheet)
        values, top, first = table_of(sheet), header_row(sheet), column(sheet, "Resultat")
        values[row(sheet, GOAL) - top][first - 1] = result
        if blank:
            for each in sheet.iter_rows(top + 1, row(sheet, LAST), column(sheet, "Status"), column(sheet, "Næste skridt")):
                for c in each:
                    c.value = None
        start = sheet.max_row + down if down else top
        for r, each_row in enumerate(values):
            for c, value in enumerate(each_row):
                sheet.cell(start + r, 1 + right + c).value = value
    return change


def copied(result: object = 3, blank: bool = False) -> Change:
    def change(sheet: Worksheet) -> None:
        answered(sheet)
        copy = sheet.parent.copy_worksheet(sheet)
        copy.title = "Skema (2)"
        cell(copy, GOAL, "Resultat").value = result
        if blank:
            left, right = (column(sheet, header) for header in ("Status", "Næste skridt"))
            for each in sheet.iter_rows(header_row(sheet) + 1, row(sheet, LAST), left, right):
                for c in each:
                    c.value = None
    return change


def alone(sheet: Worksheet) -> None:
    answered(sheet)
    for name in [name for name in sheet.parent.sheetnames if name != sheet.title]:
        del sheet.parent[name]


def other_sheets(sheet: Worksheet) -> None:
    answered(sheet)
    other = sheet.parent.create_sheet("Mine tal")
    other["A1"], other["B2"] = "Events", 3


def big_sheet(sheet: Worksheet) -> None:
    answered(sheet)
    other = sheet.parent.create_sheet("Udtræk")
    for number in range(5_000):
        other.append([f"Arrangement {number}", number])


def others_form(forms: Mapping[str, Path]) -> Change:
    def change(sheet: Worksheet) -> None:
        answered(sheet)
        source = openpyxl.load_workbook(forms[OTHER])["Skema"]
        target = sheet.parent.create_sheet("Husteamet")
        for each in source.iter_rows():
            for c in each:
                if c.value is not None:
                    target.cell(c.row, c.column).value = c.value
        target.cell(row(target, "M2.1.1"), column(target, "Status")).value = "Opfyldt"
    return change


def repeat_header(sheet: Worksheet) -> None:
    answered(sheet)
    texts = [c.value for c in sheet[header_row(sheet)]]
    at = row(sheet, GOAL)
    sheet.insert_rows(at)
    for number, text in enumerate(texts, 1):
        sheet.cell(at, number).value = text


def rows_in(*places: Callable[[Worksheet], int], number: int = 1) -> Change:
    def change(sheet: Worksheet) -> None:
        answered(sheet)
        for place in places:
            sheet.insert_rows(place(sheet), number)
    return change


def sort_rows(sheet: Worksheet) -> None:
    answered(sheet)
    content = [[c.value for c in each] for each in sheet.iter_rows(header_row(sheet) + 1, row(sheet, LAST))]
    content.sort(key=lambda values: str(values[1]) + str(values[3]), reverse=True)
    for number, values in enumerate(content, header_row(sheet) + 1):
        for at, value in enumerate(values, 1):
            sheet.cell(number, at).value = value


def hide(sheet: Worksheet) -> None:
    answered(sheet)
    sheet.row_dimensions[row(sheet, GOAL)].hidden = True
    sheet.column_dimensions[letter_of(sheet, "Opgjort pr.")].hidden = True
    sheet.auto_filter.ref = f"A{header_row(sheet)}:{letter_of(sheet, 'Næste skridt')}{row(sheet, LAST)}"


def copy_row(result: object) -> Change:
    def change(sheet: Worksheet) -> None:
        answered(sheet)
        for c in sheet[row(sheet, GOAL)]:
            sheet.cell(spare(sheet), c.column).value = c.value
        sheet.cell(spare(sheet), column(sheet, "Resultat")).value = result
    return change


def paste_rows(sheet: Worksheet) -> None:
    answered(sheet)
    for number in range(300):
        sheet.append([f"Arrangement {number}", number])


def by_hand(sheet: Worksheet) -> None:
    at = spare(sheet) + 1
    sheet.cell(at, column(sheet, "Mål-id")).value = GOAL
    for header, value in ANSWER.items():
        sheet.cell(at, column(sheet, header)).value = value


def swap_ids(sheet: Worksheet) -> None:
    answered(sheet)
    one, other = cell(sheet, GOAL, "Mål-id"), cell(sheet, LAST, "Mål-id")
    one.value, other.value = other.value, one.value


def respelt(text: str) -> Change:
    def change(sheet: Worksheet) -> None:
        answered(sheet)
        cell(sheet, GOAL, "Mål-id").value = text
    return change


def merge_sealed(sheet: Worksheet) -> None:
    answered(sheet)
    at = column(sheet, "Udviklingsmål")
    first, last = row(sheet, "M2.2.3"), row(sheet, "M2.2.5")
    assert last == first + 1 and sheet.cell(first, at).value == sheet.cell(last, at).value
    sheet.merge_cells(start_row=first, start_column=at, end_row=last, end_column=at)


def insert_column(header: str | None) -> Change:
    def change(sheet: Worksheet) -> None:
        answered(sheet)
        at = column(sheet, "Resultat")
        sheet.insert_cols(at)
        if header:
            sheet.cell(header_row(sheet), at).value = header
            sheet.cell(row(sheet, GOAL), at).value = "ja, i oktober"
    return change


def swap_columns(sheet: Worksheet) -> None:
    answered(sheet)
    one, other = column(sheet, "Status"), column(sheet, "Resultat")
    for number in range(header_row(sheet), row(sheet, LAST) + 1):
        a, b = sheet.cell(number, one), sheet.cell(number, other)
        a.value, b.value = b.value, a.value


def drop(header: str) -> Change:
    return both(answered, lambda sheet: sheet.delete_cols(column(sheet, header)))


def second_column(sheet: Worksheet) -> None:
    answered(sheet)
    beyond = sheet.max_column + 2
    sheet.cell(header_row(sheet), beyond).value = "Resultat"
    sheet.cell(row(sheet, GOAL), beyond).value = 99


def heading_over_two_rows(sheet: Worksheet) -> None:
    answered(sheet)
    top, at = header_row(sheet), column(sheet, "Resultat")
    sheet.insert_rows(top)
    sheet.cell(top, at).value = "Resultat"
    sheet.merge_cells(start_row=top, start_column=at, end_row=top + 1, end_column=at)


def heading_over_two_columns(sheet: Worksheet) -> None:
    at = column(sheet, "Resultat")
    sheet.insert_cols(at + 1)
    sheet.merge_cells(start_row=header_row(sheet), start_column=at, end_row=header_row(sheet), end_column=at + 1)
    sheet.cell(row(sheet, GOAL), at + 1).value = 3
    cell(sheet, GOAL, "Status").value = "Opfyldt"


def merge_answers(sheet: Worksheet) -> None:
    answered(sheet)
    at = column(sheet, "Status")
    first = row(sheet, GOAL)
    assert row(sheet, PERCENT) == first + 1
    sheet.merge_cells(start_row=first, start_column=at, end_row=first + 1, end_column=at)


def note(header: str, text: str) -> Change:
    def change(sheet: Worksheet) -> None:
        cell(sheet, GOAL, header).comment = Comment(text, "Vikaren")
    return change


def picture(sheet: Worksheet) -> None:
    out = io.BytesIO()
    Picture.new("RGB", (4, 4)).save(out, "PNG")
    out.seek(0)
    sheet.add_image(Image(out), "B30")


def struck(header: str, gone: Any, left: str = "") -> Change:
    """Strike through an answer, or the first part of a text."""
    def change(sheet: Worksheet) -> None:
        at = cell(sheet, GOAL, header)
        if left:
            at.value = CellRichText(TextBlock(InlineFont(strike=True), gone), TextBlock(InlineFont(), left))
        else:
            at.value = gone
            at.font = Font(strike=True)
    return change


def rich(sheet: Worksheet) -> None:
    cell(sheet, GOAL, "Bemærkninger").value = CellRichText("Vi ", TextBlock(InlineFont(b=True), "nåede"), " det")


def link(sheet: Worksheet) -> None:
    at = cell(sheet, GOAL, "Bemærkninger")
    at.value, at.hyperlink = "Se rapporten", "https://bibliotek.example.dk/rapport"


def right_by_one(sheet: Worksheet) -> None:
    for header, value in (("Resultat", "Opfyldt"), ("Opgjort pr.", 3), ("Bemærkninger", OCTOBER),
                          ("Næste skridt", "Gik godt")):
        cell(sheet, GOAL, header).value = value


def left_by_one(sheet: Worksheet) -> None:
    for header, value in (("Udgangspunkt", "Opfyldt"), ("Status", 3), ("Resultat", OCTOBER),
                          ("Opgjort pr.", "Det gik rigtig godt i år, synes vi")):
        cell(sheet, GOAL, header).value = value


def rewritten(part: str, old: str, new: str) -> Patch:
    """Change a part of the file by hand."""
    def patch(data: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                content = source.read(name).decode("utf-8") if name == part else ""
                if content:
                    assert re.search(old, content, re.S), f"{part}: {old}"
                target.writestr(name, re.sub(old, new, content, count=1, flags=re.S) if content else source.read(name))
        return out.getvalue()
    return patch


TEXT_BOX = ('<xdr:sp macro="" textlink=""><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>Vi nåede </a:t></a:r><a:r><a:t>alle tre'
            '</a:t></a:r></a:p></xdr:txBody></xdr:sp>')
as_text_box = rewritten("xl/drawings/drawing1.xml", r"<(?:\w+:)?pic\b.*</(?:\w+:)?pic>",
                        TEXT_BOX.replace("<xdr:", '<xdr:', 1).replace(
                            "<xdr:sp ", '<xdr:sp xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/'
                            'spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '))


def as_thread(data: bytes) -> bytes:
    """Turn the note on the sheet into a threaded comment with its stand-in, as Excel keeps it."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name = next(each for each in parts if "comments" in each and each.endswith(".xml") and "rels" not in each)
    ref = re.search(rb'ref="([A-Z]+\d+)"', parts[name])
    assert ref
    parts[name] = parts[name].replace(b"Vikaren", b"tc={1}")
    rels = next(each for each in parts if each.startswith("xl/worksheets/_rels/") and name.rpartition("/")[2].encode()
                in parts[each])
    parts[rels] = parts[rels].replace(
        b"</Relationships>", b'<Relationship Id="rT" Type="http://schemas.microsoft.com/office/2017/10/relationships/'
        b'threadedComment" Target="/xl/threadedComments/threadedComment1.xml"/></Relationships>')
    parts["xl/threadedComments/threadedComment1.xml"] = (
        b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        b'<threadedComment ref="' + ref[1] + b'" id="{1}"><text>Vi er i m\xc3\xa5l</text></threadedComment>'
        b'</ThreadedComments>')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for each, content in parts.items():
            target.writestr(each, content)
    return out.getvalue()


# ---------------------------------------------------------------- the table

WHOLE: Answers = {(GOAL, "Resultat"): 3.0, (GOAL, "Status"): "Opfyldt"}
STATUS_ALONE: Answers = {(GOAL, "Status"): "Opfyldt"}


def of(header: str, value: Value, goal: str = GOAL) -> Answers:
    return {(goal, header): value}


def read(key: str, header: str, value: Any, result: Value, rule: str = "", goal: str = GOAL,
         number_format: str = "") -> Case:
    """A cell that is read."""
    return Case(key, typed(header, value, goal, number_format), of(header, result, goal), rules=(rule,) if rule else ())


def asked(key: str, header: str, value: Any, code: str, says: str = "", goal: str = GOAL, number_format: str = "") -> Case:
    """A cell that is asked about."""
    return Case(key, typed(header, value, goal, number_format), {}, (code,), loose=("unread",), says=says)


STRUCTURE = [
    # habit, what is done, what is read of the goal, problem codes, ledger rules, loose lines
    Case("sheet-renamed", both(answered, lambda s: setattr(s, "title", "Svar fra Ledelsen")), WHOLE),
    Case("sheet-moved", both(answered, lambda s: s.parent.move_sheet(s, 3)), WHOLE),
    Case("sheet-copied", copied(), WHOLE, loose=("extra-sheet", "extra-table")),
    Case("sheet-copied-filled", copied(blank=True), WHOLE, rules=("table-elsewhere",), loose=("remark", "extra-table")),
    Case("sheet-copied-differs", copied(4), WHOLE, ("second-table",), loose=("extra-sheet", "extra-table")),
    Case("sheet-alone", alone, WHOLE, ("record-lost",)),
    Case("sheet-added", other_sheets, WHOLE, loose=("extra-sheet",)),
    Case("sheet-added-big", big_sheet, WHOLE, loose=("extra-sheet",)),
    Case("table-below", pasted(3, 0), WHOLE, loose=("extra-table",)),
    Case("table-beside", pasted(0, 18), WHOLE, loose=("extra-table",)),
    Case("table-beside-differs", pasted(0, 18, 4), WHOLE, ("second-table",), loose=("extra-table",),
         says="kun tabellen i »Skema"),
    Case("table-beside-filled", pasted(0, 18, blank=True), WHOLE, rules=("table-elsewhere",), loose=("extra-table",)),
    Case("table-below-shifted", pasted(3, 2, 4), WHOLE, ("second-table",), loose=("extra-table",)),
    Case("header-repeated", repeat_header, WHOLE, loose=("extra-table",)),
    Case("remark-beside", both(answered, lambda s: setattr(s.cell(row(s, GOAL), 20), "value", "Ring gerne")), WHOLE,
         loose=("remark",)),
    Case("rows-inserted", rows_in(lambda s: 1, lambda s: header_row(s) + 1, lambda s: row(s, GOAL), number=2), WHOLE),
    Case("rows-blank", rows_in(lambda s: row(s, GOAL), lambda s: row(s, LAST)), WHOLE),
    Case("rows-sorted", sort_rows, WHOLE),
    Case("rows-hidden", hide, WHOLE),
    Case("row-deleted", lambda s: s.delete_rows(row(s, GOAL)), {}, ("row-missing",)),
    Case("row-copied", copy_row(3), WHOLE),
    Case("row-copied-differs", copy_row(5), {**WHOLE, (GOAL, "Resultat"): 5.0}, ("twice-in-form",)),
    Case("row-by-hand", by_hand, WHOLE),
    Case("row-proposed", both(answered, lambda s: setattr(s.cell(spare(s), 4), "value", "En fast torvedag")), WHOLE,
         ("new-goal",), loose=("new-goal",)),
    Case("rows-pasted", paste_rows, WHOLE, ("row-no-goal",), loose=("unknown-row",)),
    *(Case("id-respelt", respelt(text), WHOLE, rules=("id-spelling",)) for text in ("m2.2.5 ", "M 2,2,5", "2.2.5")),
    Case("id-deleted", both(answered, typed("Mål-id", None)), WHOLE, ("matched-by-text",), ("id-by-text",)),
    Case("id-column-deleted", drop("Mål-id"), WHOLE, ("id-column-missing",), ("id-by-text",)),
    Case("ids-swapped", swap_ids, {}, ("id-and-text", "id-and-text"), loose=("unknown-row",)),
    Case("id-unknown", respelt("M9.9.9"), {}, ("row-missing", "unknown-goal"), loose=("unknown-row",),
         says="Teksten er den, der hører til M2.2.5."),
    Case("sealed-changed", both(answered, typed("Måleenhed", "arrangementer")), WHOLE, ("proposed-change",),
         loose=("proposed-change",)),
    Case("sealed-deleted", drop("Fokusområde"), WHOLE),
    Case("sealed-merged", merge_sealed, WHOLE),
    Case("column-inserted", insert_column("Drøftet"), WHOLE, loose=("extra-column",)),
    Case("column-moved", swap_columns, WHOLE),
    Case("column-deleted", drop("Resultat"), STATUS_ALONE, ("column-missing",)),
    Case("column-twice", second_column, WHOLE, ("column-twice",), loose=("extra-column",)),
    Case("header-case", retitled("Opgjort pr.", "OPGJORT\npr.\u00a0"), WHOLE),
    *(Case("header-word", retitled(header, text), WHOLE, rules=("header-word",)) for header, text in (
        ("Resultat", "Resultat (tal)"), ("Status", "Status*"), ("Resultat", "Resultat 2015"), ("Bemærkninger", "Bemærkn."),
        ("Bemærkninger", "Kommentar"), ("Næste skridt", "Naeste skridt"), ("Resultat", "Resultat:"))),
    *(Case("header-near", retitled(header, text), WHOLE, rules=("header-near",)) for header, text in (
        ("Resultat", "Resulat"), ("Bemærkninger", "Bemærknigner"), ("Mål-id", "Måls-id"), ("Status", "Stauts"))),
    *(Case("header-unlike", retitled("Resultat", text), STATUS_ALONE, ("column-missing",), loose=("extra-column",),
           says=f"Der er en kolonne »{text}«: Mente du den?") for text in ("Målt resultat", "Resultat 2014")),
    Case("header-deleted", retitled("Resultat", None), STATUS_ALONE, ("column-missing", "answer-misplaced"),
         loose=("remark",), says="har ingen overskrift: Mente du den?"),
    Case("header-merged-rows", heading_over_two_rows, WHOLE, rules=("header-row",)),
    Case("header-merged-columns", heading_over_two_columns, STATUS_ALONE, ("answer-misplaced",), loose=("remark",)),
    Case("answers-merged", merge_answers, WHOLE, ("merged-answers",), says=f"også gælder {PERCENT}"),
    Case("note-answer", note("Status", "Opfyldt"), {}, ("answer-in-note",), loose=("note",), says=f"{GOAL} (Status)"),
    Case("thread-answer", note("Status", "[Threaded comment] Comment: Vi er i mål"), {}, ("answer-in-note",),
         loose=("note",), patch=as_thread, says="»Vi er i mål«"),
    Case("note", both(answered, note("Resultat", "Er talt op igen")), WHOLE, loose=("note",)),
    Case("picture", both(answered, picture), WHOLE, ("drawing-in-form",), loose=("drawing",)),
    Case("text-box", both(answered, picture), WHOLE, ("drawing-in-form",), loose=("drawing",), patch=as_text_box),
    asked("number-in-status", "Status", 3, "status-unknown", "Det ligner et resultat. Skulle det stå i »Resultat«?"),
    asked("status-in-result", "Resultat", "Opfyldt", "number-unreadable", "Skulle det stå i »Status«?"),
    asked("status-in-result", "Resultat", "Forventes ikke opfyldt", "number-unreadable", "Skulle det stå i »Status«?"),
    Case("status-in-remarks", typed("Bemærkninger", "Opfyldt"), of("Bemærkninger", "Opfyldt"), ("answer-misplaced",),
         says="Skulle det stå i »Status«?"),
    asked("text-in-result", "Resultat", "Vi har holdt mange gode arrangementer i år", "number-unreadable",
          "Skulle det stå i »Bemærkninger«?"),
    asked("date-in-result", "Resultat", OCTOBER, "number-ambiguous", "Skulle det stå i »Opgjort pr.«?"),
    asked("date-in-status", "Status", OCTOBER, "status-unknown", "Skulle det stå i »Opgjort pr.«?"),
    Case("shifted-right", right_by_one, {(GOAL, "Bemærkninger"): "31-10-2015", (GOAL, "Næste skridt"): "Gik godt"},
         ("number-unreadable", "date-unreadable", "answer-misplaced"), ("text-format",), loose=("unread",)),
    Case("shifted-left", left_by_one, {}, ("proposed-change", "status-unknown", "number-ambiguous", "date-unreadable"),
         loose=("proposed-change", "unread")),
    *(Case("cell-blank", typed("Resultat", text), {}) for text in ("   ", "\u00a0")),
    *(Case("cell-invisible", typed(header, "\u200b"), {}, loose=("blank",)) for header in (
        "Resultat", "Opgjort pr.", "Status", "Bemærkninger")),
    asked("cell-error", "Resultat", "#DIV/0!", "cell-error"),
    Case("cell-formula", typed("Resultat", "=1+2"), of("Resultat", 3.0),
         patch=rewritten("xl/worksheets/sheet1.xml", "<f>1[+]2</f><v ?/>|<f>1[+]2</f><v></v>", "<f>1+2</f><v>3</v>")),
    asked("cell-formula-empty", "Resultat", "=1+2", "cell-formula"),
    Case("cell-link", link, of("Bemærkninger", "Se rapporten"), loose=("link",)),
    Case("cell-struck", struck("Status", "Opfyldt"), codes=("cell-struck",), loose=("unread",)),
    Case("cell-struck", struck("Resultat", 12), codes=("cell-struck",), loose=("unread",)),
    Case("cell-struck-part", struck("Status", "Delvist opfyldt", "Opfyldt"), codes=("cell-struck",), loose=("unread",),
         says="Opfyldt?"),
    Case("remark-struck", struck("Bemærkninger", "Vi når det ikke. ", "Vi nåede det."),
         of("Bemærkninger", "Vi når det ikke. Vi nåede det."), ("remark-struck",), says="»Vi nåede det.«"),
    Case("cell-rich", rich, of("Bemærkninger", "Vi nåede det")),
]

VALUES = [
    read("cell-text-number", "Resultat", "1200", 1200.0),
    read("number-comma", "Resultat", "5,4", 5.4, "decimal-comma"),
    read("number-point", "Resultat", "1.5", 1.5, "decimal-point"),
    read("number-thousands", "Resultat", "1.200", 1200.0, "thousands-dot"),
    read("number-danish", "Resultat", "1.234,56", 1234.56, "thousands-dot"),
    read("number-space", "Resultat", "1 000", 1000.0, "thousands-space"),
    read("number-english", "Resultat", "1,234.56", 1234.56, "english-number"),
    asked("number-unclear", "Resultat", "1,200", "number-ambiguous", "Mente du 1,2 eller 1200?"),
    read("number-zeros", "Resultat", "001", 1.0, "number-text"),
    read("number-unit", "Resultat", "3 events", 3.0, "number-unit"),
    read("number-unit", "Resultat", "5,9 point", 5.9, "number-unit"),
    read("number-unit", "Resultat", "20 stk.", 20.0, "number-unit"),
    asked("number-other-unit", "Resultat", "100 kr", "number-ambiguous"),
    asked("number-other-unit", "Resultat", "100,00 kr.", "number-ambiguous"),
    read("number-word", "Resultat", "tre", 3.0, "number-word"),
    asked("number-about", "Resultat", "ca. 20", "number-ambiguous", "Mente du 20?"),
    asked("number-range", "Resultat", "20-25", "number-ambiguous", "Mente du 20 eller 25?"),
    asked("number-of", "Resultat", "20 ud af 30", "number-ambiguous", "Mente du 20 eller 30?"),
    asked("number-of", "Resultat", "1/3", "number-ambiguous"),
    asked("number-date", "Resultat", date(2015, 3, 1), "number-ambiguous", "Mente du 1,3 eller 1-3?"),
    asked("number-date", "Resultat", "1.3.2015", "number-ambiguous", "Skulle det stå i »Opgjort pr.«?"),
    *(asked("number-yes", "Resultat", text, "number-unreadable") for text in ("ja", "nej", "x")),
    *(asked("number-none", "Resultat", text, "number-unreadable") for text in ("-", "n/a", "?")),
    read("percent-typed", "Resultat", 0.5, 50.0, goal=PERCENT),
    read("percent-text", "Resultat", "50 %", 50.0, "percent-text", goal=PERCENT),
    read("percent-text", "Resultat", "50 pct.", 50.0, "percent-text", goal=PERCENT),
    read("percent-points", "Resultat", 50, 50.0, "percent-points", goal=PERCENT, number_format="General"),
    read("percent-share", "Resultat", 0.5, 50.0, "percent-share", goal=PERCENT, number_format="General"),
    asked("percent-unclear", "Resultat", 3, "percent-ambiguous", "Mente du 3 % eller 300 %?", PERCENT, "General"),
    asked("percent-unclear", "Resultat", "0,5", "percent-ambiguous", "Mente du 0,5 % eller 50 %?", PERCENT),
    asked("percent-for-level", "Resultat", 0.05, "number-ambiguous", "unikke brugere", GROWTH, "0%"),
    asked("percent-for-level", "Resultat", "5 %", "number-ambiguous", "unikke brugere", GROWTH),
    *(read("date-text", "Opgjort pr.", text, OCTOBER, "date-text")
      for text in ("31-10-2015", "31.10.2015", "31/10/2015", "31. oktober 2015", "d. 31/10 2015")),
    read("date-iso", "Opgjort pr.", "2015-10-31", OCTOBER),
    read("date-short", "Opgjort pr.", "31-10-15", OCTOBER, "date-short-year"),
    read("date-no-year", "Opgjort pr.", "31/10", OCTOBER, "date-no-year"),
    read("date-no-year", "Opgjort pr.", "31. oktober", OCTOBER, "date-no-year"),
    read("date-serial", "Opgjort pr.", 42308, OCTOBER, "date-serial", number_format="General"),
    *(asked("date-vague", "Opgjort pr.", text, "date-ambiguous") for text in ("oktober", "uge 44", "efteråret", "2015")),
    asked("date-swapped", "Opgjort pr.", "10/31/2015", "date-unreadable", "Mente du 31. oktober 2015?"),
    *(asked("date-none", "Opgjort pr.", text, "date-unreadable") for text in ("løbende", "-")),
    read("status-case", "Status", "OPFYLDT ", "Opfyldt", "status-spelling"),
    read("status-word", "Status", "nået", "Opfyldt", "status-word"),
    read("status-word", "Status", "ikke startet", "Ikke igangsat", "status-word"),
    read("status-word", "Status", "udgår", "Udgået", "status-word"),
    read("status-near", "Status", "opfylt", "Opfyldt", "status-near"),
    *(asked("status-unclear", "Status", text, "status-ambiguous", "Mente du »") for text in (
        "i gang", "OK", "gul", "ja", "100 %")),
    *(asked("status-unknown", "Status", text, "status-unknown") for text in ("-", "n/a", "?", "blandet")),
]


# ---------------------------------------------------------------- one run over them all

@dataclass(frozen=True)
class Round2015:
    """The skemaer of a round where every habit has its file, and what was read of them."""

    year: Year
    found: Mapping[str, Returned]


def with_more_goals(folder: Path) -> Path:
    """Return the example's folder, with one growth goal and one goal in percent given to the owner as well."""
    shutil.copytree(example_path(), folder)
    path = folder / "maal.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, delimiter=";")
        rows, names = list(reader), list(reader.fieldnames or ())
    for each in rows:
        if each["Mål-id"] in (GROWTH, PERCENT):
            each["Ansvarlig"], each["E-mail"] = OWNER, "ledelsen@bibliotek.example.dk"
        if each["Mål-id"] == PERCENT:
            each["Måleenhed"] = "%"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, names, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return folder


def cases(forms: Mapping[str, Path] | None = None) -> list[Case]:
    added = Case("form-added", others_form(forms or {}), WHOLE, ("second-table",), loose=("extra-sheet", "extra-table"))
    return [*STRUCTURE, added, *VALUES]


def name_of(number: int, case: Case) -> str:
    return f"{number:03} {case.key}.xlsx"


@pytest.fixture(scope="module")
def habits(tmp_path_factory: pytest.TempPathFactory) -> Round2015:
    folder = tmp_path_factory.mktemp("vaner")
    agreement = folder / "aftale.xlsx"
    write_all(list(generer(with_more_goals(folder / "kilde"), agreement, template_path()).files))
    write_all(list(fordel(agreement, Round.AARSOPFOELGNING, folder / "skemaer", date(2015, 11, 11)).files))
    forms = {owner_of(path): path for path in (folder / "skemaer").iterdir()}
    (folder / "svar").mkdir()
    sent = forms[OWNER].read_bytes()
    for number, case in enumerate(cases(forms)):
        path = folder / "svar" / name_of(number, case)
        path.write_bytes(case.patch(fill_in(sent, NEIGHBOURS, change=case.change)))  # type: ignore[arg-type]
    found = collect(open_agreement(agreement), [folder / "svar"], None)
    assert found.refused == ()
    return Round2015(Year(folder, agreement, forms), {each.source.name: each for each in found.returned})


@pytest.mark.parametrize(("number", "case"), list(enumerate(cases())),
                         ids=[name_of(*each)[:-5] for each in enumerate(cases())])
def test_a_habit_has_its_end(habits: Round2015, number: int, case: Case) -> None:
    file = habits.found[name_of(number, case)]
    answers = {(a.goal, HEADERS[a.column]): a.value for a in file.answers}
    assert answers == {**AROUND, **case.answers}
    assert [p.code for p in file.problems] == list(case.codes)
    assert {r.rule for r in file.findings if r.rule} == set(case.rules)
    assert {each.kind for each in file.kept} == set(case.loose)
    assert not case.says or any(case.says in f"{p.message} {p.advice}" for p in file.problems)
    held = sum(1 for a in file.answers if a.value is not None)
    assert file.cells == file.sent + held + sum(each.cells for each in file.findings), "the books balance"


CATALOGUED = {habit.key: habit for group in HABITS.values() for habit in group}


def test_every_habit_of_the_catalogue_is_tried_and_no_other() -> None:
    assert {case.key for case in cases()} == CATALOGUED.keys()
    assert len(CATALOGUED) == sum(map(len, HABITS.values()))


@pytest.mark.parametrize("case", cases(), ids=[case.key for case in cases()])
def test_the_end_is_the_one_that_the_catalogue_names(case: Case) -> None:
    habit = CATALOGUED[case.key]
    assert set(habit.by) <= {*case.codes, *case.rules}
    doubts = {code for code in case.codes if CATALOGUE[code][0] is not Severity.INFO}
    if habit.end is End.ASKED:
        assert habit.by and set(habit.by) <= doubts
    elif habit.end is End.TOLD:
        assert case.rules or case.loose or case.codes
    else:
        assert not case.codes and not case.rules and not case.loose


@pytest.mark.parametrize("rule", sorted({rule for case in cases() for rule in case.rules}))
def test_every_rule_is_said_in_danish(rule: str) -> None:
    assert ledger_rule(rule) != rule


def test_the_page_is_the_catalogue() -> None:
    path = Path(__file__).resolve().parents[2] / "docs" / "vaner.md"
    assert path.read_text(encoding="utf-8") == page(), "write the page again: python docs/habits.py"


@pytest.mark.parametrize(("key", "kind"), [
    ("answers-merged", "ods"), ("answers-merged", "xls"), ("answers-merged", "xlsx"), ("text-box", "ods"),
    ("text-box", "xlsx"), ("text-box", "xls"), ("cell-link", "ods"), ("note-answer", "ods"), ("note-answer", "xls"),
    ("header-merged-rows", "ods"), ("sealed-merged", "xls")])
def test_a_habit_has_the_same_end_when_libreoffice_has_saved_the_file(
        habits: Round2015, libreoffice: Callable[[Path, str], Path], key: str, kind: str) -> None:
    number, case = next(each for each in enumerate(cases()) if each[1].key == key)
    saved = libreoffice(habits.year.answers / name_of(number, case), kind)
    file, = collect(open_agreement(habits.year.agreement), [saved], None).returned
    sent = habits.found[name_of(number, case)]
    assert [(a.goal, a.column, a.value) for a in file.answers] == [(a.goal, a.column, a.value) for a in sent.answers]
    # LibreOffice keeps no author of a note.
    assert [(x.code, x.kind, x.goal, x.text) for x in file.findings if not x.rule] == [
        (x.code, x.kind, x.goal, x.text.removeprefix("Vikaren: ")) for x in sent.findings if not x.rule]


def test_what_was_done_stands_on_kontrol_and_the_books_balance(habits: Round2015) -> None:
    wanted = ("ids-swapped", "header-near", "note-answer", "text-box", "sheet-added-big", "table-beside-filled",
              "answers-merged", "cell-link")
    numbered = [(number, case) for number, case in enumerate(cases()) if case.key in wanted]
    out = habits.year.folder / "opfoelgning.xlsx"
    report = flet(habits.year.agreement, [habits.year.answers / name_of(*each) for each in numbered], out)
    cells = report.data["cells"]
    assert isinstance(cells, dict)
    assert cells["total"] == cells["sent"] + cells["conflict"] + cells["followup"] + cells["control"]
    write_all(list(report.files))
    lines = [[str(c.value or "") for c in each] for each in openpyxl.load_workbook(out)["Kontrol"].iter_rows()]
    said = " ".join(" ".join(line) for line in lines)
    for text in ("Mål-id og tekst passer ikke sammen", "selv om overskriften er stavet forkert", "Resulat",
                 "Noter bliver ikke læst som svar", "Vi nåede alle tre", "svarene er læst i den kopi",
                 "står i celler, der er flettet hen over flere mål", "Se rapporten → https://bibliotek.example.dk/rapport"):
        assert text in said
    assert len([line for line in lines if "Arrangement 4999" in " ".join(line)]) == 1
    assert len([line for line in lines if "Ekstra ark" in line]) < 80


# ---------------------------------------------------------------- whatever is done, the books balance

STRANGE = ("", " ", "\u200b", "M2.2.5", "m2.2.3 ", "Mål-id", "Resultat", "Status", "Opfyldt", "ca. 20", 3.0, -1.5, OCTOBER,
           True, Special("#REF!", "error"), Special("=A1", "formula"), "x" * 200, None)


def meddled(sheet: WorkbookSheet, hand: random.Random) -> WorkbookSheet:
    """Do a few strange things to a sheet: type, copy blocks, delete rows and columns, merge, draw and write notes."""
    rows = [list(each) for each in sheet.rows]
    height, width = len(rows), max(map(len, rows))
    for _ in range(hand.randint(1, 8)):
        r, c, to, over = (hand.randrange(n) for n in (height, width, height + 10, width + 10))
        rows += [[] for _ in range(to + 30 - len(rows))]
        for each in rows:
            each += [""] * (width + 40 - len(each))
        match hand.randrange(5):
            case 0:
                rows[r][c] = hand.choice(STRANGE)
            case 1:
                block = [each[c:c + 20] for each in rows[r:r + 20]]
                for number, values in enumerate(block):
                    rows[to + number][over:over + len(values)] = values
            case 2:
                del rows[r]
            case 3:
                for each in rows:
                    del each[c]
            case 4:
                rows[to], rows[r] = rows[r], rows[to]
    at = cell_name(hand.randrange(height), hand.randrange(width))
    top, left = hand.randrange(height), hand.randrange(width)
    merged = (top, left, top + hand.randint(1, 5), left + hand.randint(0, 3))
    return WorkbookSheet(sheet.name, rows, (Note(at, "Opfyldt"),), sheet.percent, (merged,),
                    ("", "Et svar")[:hand.randint(0, 2)])


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_done_to_the_sheets_the_books_balance(habits: Round2015, seed: int) -> None:
    hand = random.Random(seed)
    expected = Expected(open_agreement(habits.year.agreement).agreement)
    sent = read_bytes(fill_in(habits.year.forms[OWNER].read_bytes(), NEIGHBOURS), "svar.xlsx")
    assert isinstance(sent, Workbook)
    for _ in range(20):
        skema, *others = (sheet if sheet.name == "_aftale" else meddled(sheet, hand) for sheet in sent.sheets)
        if hand.random() < 0.3:
            others.append(meddled(WorkbookSheet("Skema (2)", skema.rows), hand))
        returned = judge(Workbook(sent.source, (skema, *others)), expected)
        if not isinstance(returned, Returned):
            assert returned.problem.code == "no-table"
            continue
        held = sum(1 for a in returned.answers if a.value is not None)
        assert returned.cells == returned.sent + held + sum(each.cells for each in returned.findings)
