"""The drawn skema: what stands where, what is open, what is said while typing, and that nothing ever stops anyone."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections import Counter
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from aftale.forms.draw_xlsx import OPEN_FIELDS, draw_form, fixed_texts
from aftale.model.agreement import Status, Value
from aftale.model.columns import ANSWER_COLUMNS, FULL_TEXT, LISTER, LOOK_UP_KEYS, RECORD, SKEMA, SKEMA_COLUMNS, VEJLEDNING
from aftale.model.tables import Cell, FormBook
from aftale.model.text import canonical, utf16_length
from aftale.office.draw_base import DATE_FORMAT, DrawingError

MAIN = [column.header for column in SKEMA_COLUMNS if column.key not in LOOK_UP_KEYS]
HEADERS = [*MAIN, "", *(column.header for column in SKEMA_COLUMNS if column.key in LOOK_UP_KEYS)]
"""The table's headers, with the gap before the look-up columns."""
AT = {column.key: HEADERS.index(column.header) for column in SKEMA_COLUMNS}
LONG = "Brugerne bliver medskabere i åbne biblioteker: ét nyt samarbejde med brugere hvert år i hele perioden. " * 3


def row(goal: str, number: str = "0", **values: Value) -> tuple[Cell, ...]:
    """Make a table row: the answer columns are open, and Udgangspunkt where it is missing."""
    given = {"id": goal, "card": f"Delmål til: {LONG}\nBrugerne kommer\nSvarer også: Ungeteamet",
             "goal": "Mindst 20\nFrist: maj", "last": "✓ Opfyldt\n7 besøg\nI skrev: »Godt«\nForvaltningen: »Fint«",
             "development": "Øget synlighed",
             "effect": LONG, "unit": "rekvisitioner", **values}
    return tuple(
        Cell(given.get(column.key), number if column.kind == "number" else "",
             open=column in ANSWER_COLUMNS or (column.key == "baseline" and "baseline" not in values))
        for column in SKEMA_COLUMNS)


BOOK = FormBook(
    title="Midtvejsopfølgning 2015 – Viborg Bibliotekerne",
    subtitle="Skema til Landdistriktsgruppen",
    steps=("Gem en kopi", "Aktivér redigering", "Udfyld de gule felter", "Returnér til koordinator@eksempel.dk"),
    fields=(("udfyldt_af", "Udfyldt af", "=1+1"), ("faerdigt", "Skemaet er færdigt", None),
            ("skema_id", "Skema-id", "a1b2c3")),
    columns=SKEMA_COLUMNS,
    rows=(row("M1.1.1", baseline=12), row("M1.1.2", "percent", resultat=12.5, unit="%"),
          row("M1.2.1", "1", status="Udgået", opgjort_pr=date(2015, 5, 31)),
          row("M1.2.2", "", bemaerkninger="ca. 20", unit="")),
    spare_title="Forslag til nye mål (valgfrit)",
    spare=3,
    guide=(("Resultat", "Skriv det målte niveau."), ("Opfyldt", "Målet er nået."), ("", "Uden overskrift.")),
    lists=(("status", tuple(Status)), ("janej", ("Ja", "Nej"))),
    record=(("skema", "a1b2c3", "aar", "tekst", "2015"), ("maal", "M1.1.1", "maaltal", "tal", "12.5")),
    created=date(2015, 5, 4),
)
HEADER = 5  # Excel's row of the header in BOOK
EMPTY = dataclasses.replace(BOOK, steps=(), fields=(), rows=(), spare=0, guide=(), lists=(), record=())


def sheets(book: FormBook) -> dict[str, list[list[Any]]]:
    """Draw a book and read every sheet back with calamine."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(draw_form(book)))
    return {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names}


def skema(book: FormBook) -> Worksheet:
    """Draw a book and open its Skema with openpyxl."""
    return openpyxl.load_workbook(io.BytesIO(draw_form(book)))[SKEMA]


def outside_table(book: FormBook) -> dict[str, Counter[str]]:
    """Count what a reader finds outside the table and outside the fields that people fill in."""
    found = {}
    for name, rows in sheets(book).items():
        texts = [[canonical(value) for value in cells] for cells in rows]
        if name == SKEMA:
            header = next(n for n, cells in enumerate(texts) if cells[:len(HEADERS)] == HEADERS)
            del texts[header:header + 1 + len(book.rows)]
        found[name] = Counter(text for cells in texts for text in cells if text)
    found[SKEMA] -= Counter(canonical(value) for key, _, value in book.fields if key in OPEN_FIELDS)
    return found


def test_rows_are_read_back_as_they_were_given() -> None:
    rows = sheets(BOOK)[SKEMA]
    header = rows.index(HEADERS)
    for cells, read in zip(BOOK.rows, rows[header + 1:], strict=False):
        read = [value for n, value in enumerate(read) if n != HEADERS.index("")]
        expected = [c.value / 100 if c.number == "percent" and isinstance(c.value, (int, float)) else c.value
                    for c in cells]
        assert [canonical(value) for value in read] == [canonical(value) for value in expected]


def test_labels_stand_left_of_their_values() -> None:
    cells = sheets(BOOK)[SKEMA]
    for _, label, value in BOOK.fields:
        place, = ((r, c) for r, line in enumerate(cells) for c, text in enumerate(line) if text == label)
        assert canonical(cells[place[0]][place[1] + 1]) == canonical(value)
    merged = {str(area).split(":")[0] for area in skema(BOOK).merged_cells.ranges}
    assert not any(skema(BOOK)[corner].value in {label for _, label, _ in BOOK.fields} for corner in merged)


def test_the_same_book_gives_the_same_bytes() -> None:
    assert draw_form(BOOK) == draw_form(BOOK)


def test_hidden_sheets_names_and_record() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(draw_form(BOOK)))
    assert {sheet.title: sheet.sheet_state for sheet in workbook} == {
        SKEMA: "visible", VEJLEDNING: "visible", LISTER: "hidden", RECORD: "hidden"}
    assert workbook.defined_names["Liste_status"].attr_text == "Lister!$A$2:$A$9"
    assert workbook.defined_names["Liste_janej"].attr_text == "Lister!$B$2:$B$3"
    assert [[cell.value for cell in line] for line in workbook[RECORD]][1:] == [list(line) for line in BOOK.record]
    assert workbook.properties.title == BOOK.title


def test_only_what_people_fill_in_is_unlocked() -> None:
    sheet = skema(BOOK)
    unlocked = {cell.coordinate for line in sheet for cell in line if not cell.protection.locked}
    table = {sheet.cell(HEADER + 1 + r, 1 + AT[column.key]).coordinate
             for r, cells in enumerate(BOOK.rows) for column, cell in zip(BOOK.columns, cells, strict=True) if cell.open}
    spare = {sheet.cell(HEADER + len(BOOK.rows) + 2 + r, 1 + c).coordinate
             for r in range(BOOK.spare) for c in range(1, len(MAIN))}
    fields = {"B3", "D3"}
    assert unlocked == table | spare | fields
    assert sheet.cell(HEADER + 1 + len(BOOK.rows), 1).value == BOOK.spare_title


def test_protection_allows_filtering_sorting_and_sizing() -> None:
    protection = skema(BOOK).protection
    assert protection.sheet and not protection.password
    # openpyxl gives Excel's inverted flags: False is allowed.
    assert not any((protection.autoFilter, protection.sort, protection.formatColumns, protection.formatRows,
                    protection.selectLockedCells, protection.selectUnlockedCells))
    assert protection.formatCells and protection.deleteRows


def test_validation_advises_and_never_stops() -> None:
    sheet = skema(BOOK)
    advice = sheet.data_validations.dataValidation
    assert advice and all(one.errorStyle == "information" and one.showInputMessage and one.allow_blank
                          for one in advice)
    said = {sheet.cell(HEADER, cells.min_col).value: one for one in advice for cells in one.sqref.ranges
            if cells.min_row > HEADER}
    assert said["Status"].type == "list" and said["Status"].formula1 == "Liste_status"
    assert said["Opgjort pr."].type == "date"
    assert said["Resultat"].type == said["Udgangspunkt"].type == "decimal"
    finished = next(one for one in advice if "D3" in one.sqref)
    assert finished.formula1 == "Liste_janej" and "ikke er noget at melde" in finished.prompt


def test_the_result_prompt_states_its_unit() -> None:
    prompts = {str(one.sqref): one.prompt for one in skema(BOOK).data_validations.dataValidation}
    column = get_column_letter(AT["resultat"] + 1)
    assert "Resultat i rekvisitioner. Skriv kun tallet" in prompts[f"{column}{HEADER + 1}"]
    assert "50 betyder 50 %" in prompts[f"{column}{HEADER + 2}"]
    assert "hvis der er et tal" in prompts[f"{column}{HEADER + 4}"]


@pytest.mark.parametrize("unit", ["x" * 500, "😀" * 300, "ord " * 200, "linje\nskift\n" * 60])
def test_prompts_stay_within_excels_limits(unit: str) -> None:
    book = dataclasses.replace(BOOK, rows=(row("M1.1.1", unit=unit),))
    for one in skema(book).data_validations.dataValidation:
        assert utf16_length(one.prompt) <= 255 and utf16_length(one.promptTitle) <= 32
        assert utf16_length(one.error) <= 255 and utf16_length(one.errorTitle) <= 32


@pytest.mark.parametrize(("number", "value", "shown"), [
    ("percent", None, "0.0 %"), ("percent", 12.5, "0.0 %"), ("percent", 12.25, "0.00 %"), ("1", None, "#,##0.0"),
    ("0", None, "#,##0"), ("0", 4.9, "#,##0.0"), ("", None, "General"), ("share", 1.0, "0.0 %")])
def test_result_cells_have_their_units_format(number: str, value: Value, shown: str) -> None:
    sheet = skema(dataclasses.replace(BOOK, rows=(row("M1.1.1", number, resultat=value),)))
    assert sheet.cell(HEADER + 1, AT["resultat"] + 1).number_format == shown
    assert sheet.cell(HEADER + 1, AT["opgjort_pr"] + 1).number_format == DATE_FORMAT


@pytest.mark.parametrize("text", ["=1+1", "http://eksempel.dk", "007", "😀🎉 tillykke", "æ" * 32_767, "😀" * 16_383,
                                  "_x0041_", "@SUM(A1)", "1,5", "to\nlinjer", "{=A1}", "<r>fed</r>", "<b>x</b> & y"])
def test_text_stays_text(text: str) -> None:
    rows = sheets(dataclasses.replace(BOOK, title=text[:40], rows=(row("M1", bemaerkninger=text),)))[SKEMA]
    assert rows[0][0] == text[:40]
    assert rows[rows.index(HEADERS) + 1][AT["bemaerkninger"]] == text


def test_there_are_no_formulas() -> None:
    with zipfile.ZipFile(io.BytesIO(draw_form(BOOK))) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist() if "worksheets" in name)


def test_what_no_file_can_hold_is_dropped() -> None:
    title = "a\ud800b\ufffe\uffff\x01c"
    assert sheets(dataclasses.replace(BOOK, title=title))[SKEMA][0][0] == "abc"


def test_a_text_too_long_for_a_cell_says_that_it_is_cut() -> None:
    """Only what another program has written is so long: `generer` makes no agreement of it."""
    drawn = sheets(dataclasses.replace(BOOK, rows=(row("M1", bemaerkninger="æ" * 32_768),)))[SKEMA]
    assert [text for line in drawn for text in line if str(text).startswith("ææ") and str(text).endswith(" … (afkortet)")]


def test_what_xlsxwriter_only_warns_of_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aftale.forms.draw_xlsx._PROMPT_TITLE_LIMIT", 99)
    column = dataclasses.replace(SKEMA_COLUMNS[AT["resultat"]], header="R" * 40)
    with pytest.raises((UserWarning, DrawingError)):
        draw_form(dataclasses.replace(BOOK, columns=(column,), rows=((Cell(1.0, open=True),),)))


def test_empty_books_are_drawn() -> None:
    assert sheets(EMPTY)[SKEMA][0][0] == EMPTY.title


@pytest.mark.parametrize("book", [
    BOOK, EMPTY, dataclasses.replace(BOOK, rows=BOOK.rows * 20),
    dataclasses.replace(BOOK, fields=(*BOOK.fields[:2], ("skema_id", "Skema-id", "  "))),
    dataclasses.replace(BOOK, steps=("1. Gem", "2) Udfyld", "\ud800Send\r\nhjem")),
    dataclasses.replace(BOOK, whole=(("M1.1.1", "Målet", LONG * 9), ("M1.1.1", "Forvaltningen, juni", "=1+1"))),
])
def test_fixed_texts_are_what_the_workbook_holds(book: FormBook) -> None:
    found = outside_table(book)
    fixed = fixed_texts(book)
    assert set(fixed) == {SKEMA, VEJLEDNING, LISTER, *([FULL_TEXT] if book.whole else [])}
    assert {name: dict(found[name]) for name in fixed} == fixed


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=6, max_size=6))
def test_fixed_texts_hold_for_any_words(words: list[str]) -> None:
    a, b, c, d, e, f = words
    book = dataclasses.replace(BOOK, title=a, subtitle=b, steps=(c, d), spare_title=e,
                               guide=((f, a), (c, b)))
    found = outside_table(book)
    assert {name: dict(found[name]) for name in fixed_texts(book)} == fixed_texts(book)


def test_the_head_leaves_room_and_the_header_repeats() -> None:
    sheet = skema(BOOK)
    header = next(n for n, line in enumerate(sheet.values, 1) if list(line[:len(MAIN)]) == MAIN)
    assert header == 5 and sheet.freeze_panes == "C6"
    assert sum(sheet.row_dimensions[n].height for n in range(1, header + 1)) * 4 / 3 == 130  # pixels
    assert sheet.print_title_rows == f"${header}:${header}"
    # What is sorted keeps its look-up columns; the gap before them has no button.
    assert sheet.auto_filter.ref == f"A{header}:{get_column_letter(len(HEADERS))}{header + len(BOOK.rows)}"
    assert [(each.colId, each.hiddenButton) for each in sheet.auto_filter.filterColumn] == [(len(MAIN), True)]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_long_texts_get_tall_rows_that_grow_while_typing() -> None:
    sheet = skema(dataclasses.replace(BOOK, rows=(row("M1"), row("M2", bemaerkninger=LONG * 50))))
    assert 100 < sheet.row_dimensions[HEADER + 1].height < 250
    assert sheet.row_dimensions[HEADER + 2].height == 408.75  # Excel's most, in whole pixels
    with zipfile.ZipFile(io.BytesIO(draw_form(BOOK))) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    fixed = {int(found) for found in re.findall(r'<row r="(\d+)"[^>]*customHeight', xml)}
    assert HEADER in fixed and not fixed & set(range(HEADER + 1, HEADER + 1 + len(BOOK.rows)))


def test_missing_remarks_and_statuses_are_shown() -> None:
    rules = [(str(area.sqref), rule.formula[0]) for area in skema(BOOK).conditional_formatting for rule in area.rules]
    status, remarks = (get_column_letter(AT[key] + 1) for key in ("status", "bemaerkninger"))
    for each in Status:
        assert any(f'TRIM(${status}{HEADER + 1})="{each}"' == formula for _, formula in rules)
    asking = next(formula for area, formula in rules if area == f"{remarks}{HEADER + 1}:{remarks}{HEADER + 4}")
    assert all(name in asking for name in ("Forventes ikke opfyldt", "Ikke opfyldt", "Udgået"))
    assert any(area == f"A{HEADER + 1}:A{HEADER + 4}" for area, _ in rules)


def test_only_what_is_measured_needs_a_result_to_be_ticked_off() -> None:
    book = dataclasses.replace(BOOK, measured=(True, False, False, True))
    rules = {str(area.sqref): rule.formula[0] for area in skema(book).conditional_formatting for rule in area.rules}
    result = get_column_letter(AT["resultat"] + 1)
    remarks = get_column_letter(AT["bemaerkninger"] + 1)
    assert all(f'TRIM(${remarks}{row})<>""' in rules[box] for box, row in (("A6 A9", 6), ("A7:A8", 7))), "where it is wanted"
    assert f"ISNUMBER(${result}6)" in rules["A6 A9"], "a result in words is doubtful, and asked about"
    assert f"${result}7" not in rules["A7:A8"]
    told = rules["A7:A8"].split("),")[0]
    assert all(f'="{status}"' in told for status in Status), "a text that is no status is no answer"
