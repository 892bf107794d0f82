"""The drawn follow-up: what stands in it, that its colours live, and that no text can break it."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from colours import contrast
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from aftale.followup.draw_formats_xlsx import RESPONSE_COLOURS
from aftale.followup.draw_xlsx import draw
from aftale.model.agreement import MISSING, NOT_THIS_YEAR, UNDECIDED, Status, Value
from aftale.model.columns import (
    ASSESSMENT,
    CONFLICTS,
    CONTROL,
    DIALOG,
    FRAME_REMARK,
    IN_FRAME,
    KSE_REMARK,
    LEVEL_COLUMNS,
    OPFOELGNING,
    OVERBLIK,
    RECORD,
    RESPONSES,
    RESULTATER,
    SOURCE_COLUMNS,
    SOURCES,
    UDVIKLINGSPLAN,
    Column,
    followup_columns,
    year_columns,
)
from aftale.model.tables import Cell, FollowUpBook, Overview, Serving, Spotlight, StatusCount, Table
from aftale.office import palette
from aftale.office.draw_base import Book, DrawingError, drawable, height_of, lines_of, must, shown, strictly

YEARS = (2015, 2016, 2017, 2018)
COLUMNS = followup_columns(YEARS)
SHEETS = [OVERBLIK, OPFOELGNING, UDVIKLINGSPLAN, RESULTATER, DIALOG, CONFLICTS, RESPONSES, CONTROL, SOURCES,
          RECORD]
HEADER = 2  # the header's row, from zero
NASTY = ("=1+1", "+45 87 87 87 87", "@SUM(A1)", "https://viborg.example", "007", "1.5", "😀 æøå 🎉", "x" * 32_767,
         "😀" * 16_383, "en\nto\n\ntre", "tab\tog\x01styretegn\x0b", "  luft  ", "<r><t>fed</t></r>", "_x0041_",
         "<b>&amp;\"'", "{=A1}", "æ" * 5_000)

# Mål-id, effektmål, delmål, 2015, 2016, resultat, målopfyldelse, status, beregnet, bemærkninger
GOALS = """
M1.1.1   | Flere brugere     |          | x |   | 14 | 1.25 | Opfyldt                | Opfyldt          |
M1.1.1.1 | Flere brugere     | Kurser   | x | x | 3  | 0.45 | Forventes opfyldt      | Delvist opfyldt  | Går godt
M1.1.2   | Nyt design        |          | x |   |    |      | Mangler svar           |                  |
M2.1.1   | Bogcaféer         |          |   | x |    |      | Ikke aktuelt i år      |                  |
M2.1.2   | Kontrakt indgås   |          | x |   |    |      | Udgået                 |                  |
M2.1.3   | Events            |          | x |   |    |      | Uafklaret              |                  | To svar
"""


def goal_rows(*more: dict[str, Cell]) -> tuple[tuple[Cell, ...], ...]:
    keys = ("id", "effect", "sub", "y2015", "y2016", "resultat", "fulfilment", "status", "computed", "bemaerkninger")
    rows = []
    for line in GOALS.strip().splitlines():
        texts = dict(zip(keys, (part.strip() for part in line.split("|")), strict=False))
        row = {key: Cell(text or None) for key, text in texts.items()}
        row["development"] = Cell("Synlighed" if texts["id"].startswith("M1") else "Samproduktion")
        row["resultat"] = Cell(float(texts["resultat"]) if texts["resultat"] else None, "0")
        row["fulfilment"] = Cell(float(texts["fulfilment"]) if texts["fulfilment"] else None, "share")
        row["kse"] = Cell(None, open=True)
        row["source"] = Cell("skema.xlsx", link="'Kilder'!A4")
        rows.append(row)
    rows.extend(more)
    return tuple(tuple(row.get(column.key, Cell()) for column in COLUMNS) for row in rows)


def table(sheet: str, columns: tuple[Column, ...], rows: Iterable[tuple[Cell, ...]] = (), empty: str = "") -> Table:
    return Table(sheet, sheet, "Hvad arket viser.", columns, tuple(rows), empty=empty)


def sample(**changes: Any) -> FollowUpBook:
    small = (LEVEL_COLUMNS[0], Column("status", "Status", 26, "choice"), Column("text", "Tekst", 40, "long"),
             Column("pick", "Vælg", 10, "choice"))
    overview = Overview(
        "Opfølgning 2015", Cell("Midtvejs"), Cell("4 af 6 mål går som planlagt."),
        (("Frist", Cell("10. juni 2015")), ("Tema", Cell("Liv"))),
        tuple(StatusCount(status, Cell(number), Cell(number / 2, "share")) for status, number in (
            (Status.MET, 1.0), (Status.NOT_MET, 0.0), (MISSING, 1.0))), Cell(2.0),
        matrix=(("Synlighed", tuple(Cell(n) for n in (1.0, 0.0, 1.0, 2.0))),
                ("Samproduktion", tuple(Cell(n) for n in (0.0, 0.0, 0.0, 0.0)))),
        demands=(Serving("Bredde", Cell("2 mål, 1 opfyldt"), "M1.1.1 og M1.1.2"),),
        spotlights=(Spotlight(Cell(MISSING), Cell("M1.1.2"), Cell("Nyt design"), Cell("Ingen har svaret.")),),
        boxes=((ASSESSMENT, "Det går."), (IN_FRAME, "Ja"), (FRAME_REMARK, None), (KSE_REMARK, None)))
    plan = (*LEVEL_COLUMNS, *year_columns(YEARS))
    made = FollowUpBook(
        overview, table(OPFOELGNING, COLUMNS, goal_rows()),
        table(UDVIKLINGSPLAN, plan, [tuple(Cell(v) for v in ("M1.1.1", "S", "F", "E", None, "x", 20.0, None, None))]),
        table(RESULTATER, small), table(CONFLICTS, small, [(Cell("M1"), Cell(None), Cell("A"), Cell(None, open=True))]),
        table(RESPONSES, small, [(Cell("M1"), Cell("Færdig"), Cell("x"), Cell())]),
        table(CONTROL, small, empty="Der er ikke noget at bemærke."), table(SOURCES, small),
        (("svar", "M1.1.1", "resultat", "tal", "12.5"),), "Opfølgning & aftale 2015", date(2015, 6, 12), YEARS, 2015)
    return replace(made, **changes)


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def column_of(key: str) -> int:
    return next(place for place, column in enumerate(COLUMNS) if column.key == key)


def rules(book: Any, sheet: str, key: str, columns: tuple[Column, ...] = COLUMNS) -> list[Any]:
    """All conditional rules that cover the first row of a column, in order of priority."""
    place = next(at for at, column in enumerate(columns) if column.key == key)
    cell = book[sheet].cell(HEADER + 2, place + 1).coordinate
    found = [rule for area in book[sheet].conditional_formatting if cell in area.sqref for rule in area.rules]
    return sorted(found, key=lambda rule: rule.priority)


def test_sheets_stand_in_order_and_the_record_is_hidden() -> None:
    book = opened(draw(sample()))
    assert book.sheetnames == SHEETS
    assert [book[name].sheet_state for name in SHEETS] == ["visible"] * 9 + ["hidden"]
    assert (book.properties.title, book.properties.creator) == ("Opfølgning & aftale 2015", "aftale")


def test_the_same_book_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw(sample())
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert draw(sample()) == first


def test_cells_read_back_as_they_were() -> None:
    read = CalamineWorkbook.from_filelike(io.BytesIO(draw(sample()))).get_sheet_by_name(OPFOELGNING)
    rows = read.to_python(skip_empty_area=False)
    assert rows[HEADER] == [column.header for column in COLUMNS]
    assert rows[HEADER + 1:] == [["" if cell.value is None else cell.value for cell in row] for row in goal_rows()]


@pytest.mark.parametrize(("value", "number", "stored", "shown_as"), [
    (50.0, "percent", 0.5, "0 %"), (12.5, "percent", 0.125, "0.0 %"), (-3.0, "percent", -0.03, "0 %"),
    (1.25, "share", 1.25, "0 %"), (1200.0, "0", 1200.0, "#,##0"), (5.9, "1", 5.9, "#,##0.0"), (5.9, "", 5.9, ""),
    ("50", "percent", "50", ""), (None, "percent", None, ""), (date(1850, 1, 1), "", "1850-01-01", ""),
])
def test_numbers_are_stored_as_people_see_them(value: Value, number: str, stored: Value, shown_as: str) -> None:
    assert shown(value, number) == (stored, shown_as)


def test_dates_are_dates() -> None:
    row = {"opgjort_pr": Cell(date(2015, 5, 20)), "id": Cell("M9")}
    book = opened(draw(sample(followup=table(OPFOELGNING, COLUMNS, goal_rows(row)))))
    cell = book[OPFOELGNING].cell(HEADER + 8, column_of("opgjort_pr") + 1)
    assert cell.is_date
    assert cell.value.date() == date(2015, 5, 20)


def remembered(data: bytes, post: str) -> tuple[Any, ...]:
    """Return the cells of the line of ``_aftale`` with a post."""
    return next(row for row in opened(data)[RECORD].iter_rows() if row[0].value == post)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_any_text_survives_as_text(text: str) -> None:
    columns = (Column("a", "A", 20), Column("b", "B", 20, "long"))
    control = table(CONTROL, columns, [(Cell(text), Cell(text, link="'Kilder'!A1"))])
    data = draw(sample(control=control, record=(("svar", text, "", "tekst", text),)))
    sheet = opened(data)[CONTROL]
    for cell in (sheet["A4"], sheet["B4"], remembered(data, "svar")[4]):
        assert cell.data_type == "s"
        assert unescape(str(cell.value)) == unescape(text)
    read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(CONTROL)
    assert read.to_python(skip_empty_area=False)[3] == [text, text]


def test_characters_that_no_workbook_holds_are_dropped() -> None:
    assert drawable("a\ud83db\ufffec\uffff😀") == "abc😀"
    bad = "navn\ud800\ufffe\x01"
    data = draw(sample(record=(("svar", bad, bad, bad, bad),), title=bad))
    assert str(remembered(data, "svar")[1].value).startswith("navn")
    for name in zipfile.ZipFile(io.BytesIO(data)).namelist():
        ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(name))


def test_nothing_is_a_formula() -> None:
    book = opened(draw(sample()))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("key", ["status", "computed"])
def test_status_colours_follow_the_text(key: str) -> None:
    book = opened(draw(sample()))
    found = {rule.formula[0].strip('"'): rule for rule in rules(book, OPFOELGNING, key) if rule.type == "cellIs"}
    assert set(found) == {str(status) for status in palette.STATUS_COLOURS}
    assert found[Status.MET].dxf.fill.bgColor.rgb == "FF" + palette.STATUS_COLOURS[Status.MET][0][1:]
    assert found[Status.DROPPED].dxf.font.strike
    drawn = book[OPFOELGNING].cell(HEADER + 2, column_of(key) + 1)
    assert drawn.fill.fill_type is None, "a fill of the cell's own would stay when the text changes"


def test_rules_cover_every_row() -> None:
    book = opened(draw(sample()))
    areas = [str(area.sqref) for area in book[OPFOELGNING].conditional_formatting]
    assert areas
    assert all(area.split(":")[-1].endswith(str(HEADER + 1 + len(goal_rows()))) for area in areas)


@pytest.mark.parametrize("key", ["udgangspunkt", "resultat", "opgjort_pr", "status", "bemaerkninger", "naeste_skridt"])
def test_undecided_is_marked_in_every_answer_column(key: str) -> None:
    assert f'"{UNDECIDED}"' in [rule.formula[0] for rule in rules(opened(draw(sample())), OPFOELGNING, key)
                                if rule.type == "cellIs"]


def test_what_needs_attention_is_marked_by_formula() -> None:
    book = opened(draw(sample()))
    formulas = {key: " ".join(rule.formula[0] for rule in rules(book, OPFOELGNING, key) if rule.type == "expression")
                for key in ("computed", "bemaerkninger", "resultat", "policy")}
    assert "<>" in formulas["computed"] and "FIND" in formulas["computed"]
    assert f'="{Status.DROPPED}"' in formulas["bemaerkninger"] and "LEN(TRIM(" in formulas["bemaerkninger"]
    assert f'="{Status.MET}"' not in formulas["bemaerkninger"], "a goal that is met needs no remark"
    assert f'="{MISSING}"' in formulas["resultat"]
    assert f'="{NOT_THIS_YEAR}"' in formulas["policy"]


def test_a_contradiction_shows_without_colour_too() -> None:
    rule = next(rule for rule in rules(opened(draw(sample())), OPFOELGNING, "computed") if rule.type == "expression")
    assert rule.dxf.font.b and rule.dxf.font.i and rule.dxf.border.left.style == "thin"


def test_years_and_fulfilment_are_drawn_by_rules() -> None:
    book = opened(draw(sample()))
    assert "notContainsBlanks" in [rule.type for rule in rules(book, OPFOELGNING, "y2015")]
    bar = next(rule for rule in rules(book, OPFOELGNING, "fulfilment") if rule.type == "dataBar")
    assert [(limit.type, limit.val) for limit in bar.dataBar.cfvo] == [("num", 0), ("num", 1)]
    planned = [rule.formula[0] for rule in rules(book, UDVIKLINGSPLAN, "y2015", (*LEVEL_COLUMNS, *year_columns(YEARS)))
               if rule.type == "expression"]
    assert planned[:2] == ['OR(F4="x",ISNUMBER(F4))', 'F4="(x)"']


def test_validation_advises_and_never_stops() -> None:
    book = opened(draw(sample()))
    found = [rule for name in (OVERBLIK, OPFOELGNING, CONFLICTS) for rule in book[name].data_validations.dataValidation]
    lists = {rule.formula1: rule for rule in found if rule.type == "list"}
    assert set(lists) == {'"' + ",".join(Status) + '"', '"Ja,Nej"'}
    assert all(rule.errorStyle == "information" for rule in lists.values())
    assert all(rule.type in ("list", None) and rule.prompt for rule in found)


def test_followup_is_a_real_table_that_stays_in_sight() -> None:
    sheet = opened(draw(sample()))[OPFOELGNING]
    made = sheet.tables["Opfoelgning"]
    assert made.autoFilter is not None
    assert [column.name for column in made.tableColumns] == [column.header for column in COLUMNS]
    assert sheet.freeze_panes == "B4"
    assert sheet.print_title_rows == "$3:$3"


def test_printed_pages() -> None:
    book = opened(draw(sample()))
    for name in SHEETS[:-1]:
        sheet = book[name]
        front, paper = name == OVERBLIK, 8 if name == OPFOELGNING else 9
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait" if front else "landscape", paper)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == (None if front else 0)
        assert sheet.print_area and "&P" in sheet.oddFooter.right.text


def test_links_lead_inside_the_workbook() -> None:
    book = opened(draw(sample()))
    link = book[OPFOELGNING].cell(HEADER + 2, column_of("source") + 1)
    assert (link.value, link.hyperlink.location) == ("skema.xlsx", "'Kilder'!A4")


def test_the_boxes_stand_beside_their_labels_and_have_names() -> None:
    book = opened(draw(sample()))
    for label, name, value in ((ASSESSMENT, "Samlet_vurdering", "Det går."), (IN_FRAME, "Inden_for_rammen", "Ja"),
                               (FRAME_REMARK, "Bemaerkning_til_rammen", None),
                               (KSE_REMARK, "Forvaltningens_samlede_bemaerkning", None)):
        (sheet, reference), = book.defined_names[name].destinations
        cell = book[sheet][reference]
        assert cell.value == value
        assert book[sheet].cell(cell.row, cell.column - 1).value == label
        assert cell.fill.fgColor.rgb == "FF" + palette.INPUT[1:]


def test_responses_have_their_own_calm_colours() -> None:
    book = opened(draw(sample()))
    texts = {rule.formula[0].strip('"') for area in book[RESPONSES].conditional_formatting for rule in area.rules}
    assert texts == set(RESPONSE_COLOURS)


def test_open_cells_look_like_input() -> None:
    sheet = opened(draw(sample()))[CONFLICTS]
    assert sheet["D4"].fill.fgColor.rgb == "FFFFFDF0", "paler than where an answer is waited for"
    assert sheet["C4"].fill.fill_type is None


def test_empty_tables_say_so_below_the_header() -> None:
    data = draw(sample(followup=table(OPFOELGNING, COLUMNS, empty="Der er ingen mål.")))
    for name, sentence in ((CONTROL, "Der er ikke noget at bemærke."), (OPFOELGNING, "Der er ingen mål.")):
        sheet = opened(data)[name]
        assert (sheet["A4"].value, sheet["A5"].value, sheet["A5"].font.i) == (None, sentence, True)


def test_long_remarks_get_tall_rows() -> None:
    text = "Vi har gennemført fem åbne kurser, og deltagerne var glade. " * 20
    row = {"id": Cell("M9"), "bemaerkninger": Cell(text)}
    sheet = opened(draw(sample(followup=table(OPFOELGNING, COLUMNS, goal_rows(row)))))[OPFOELGNING]
    assert sheet.row_dimensions[HEADER + 8].height > 250 > 40 > sheet.row_dimensions[HEADER + 2].height
    assert height_of(lines_of("x" * 32_767, 20)) == 409


@pytest.mark.parametrize("place", ["responses"])
def test_the_coordinators_sheets_show_long_texts_in_whole(place: str) -> None:
    text = "Vi har gennemført fem åbne kurser, og deltagerne var glade. " * 34
    wide = Column("text", "Der stod", 34, "long")
    drawn = Table(place, place, "", (LEVEL_COLUMNS[0], wide), ((Cell("M1"), Cell(text)),))
    changes: dict[str, Any] = {place: drawn}
    page = opened(draw(sample(**changes)))[place]
    lines = len(text) / ((page.column_dimensions["B"].width - 1) * 1.2)  # 1.2 letters of Calibri 10 to a digit of 11
    assert lines * 12.75 < page.row_dimensions[HEADER + 2].height < 409


def test_columns_of_kilder_that_nobody_needs_are_folded() -> None:
    row = tuple(Cell("x" if column.key not in ("sender",) else None) for column in SOURCE_COLUMNS)
    page = opened(draw(sample(sources=Table(SOURCES, SOURCES, "", SOURCE_COLUMNS, (row,)))))[SOURCES]
    folded = [column.header for number, column in enumerate(SOURCE_COLUMNS, 1)
              if any(d.min <= number <= d.max and d.hidden for d in page.column_dimensions.values())]
    assert folded == ["Afsender", "Program", "Fingeraftryk"]


def test_the_columns_of_a_small_chart_are_calm_and_can_be_told_from_white() -> None:
    columns = (LEVEL_COLUMNS[0], Column("r2015a", "2015 midtvejs", 9, "number"), Column("r2015b", "2015 år", 9, "number"),
               Column("trend", "Udvikling", 12, "trend"))
    data = draw(sample(results=Table(RESULTATER, RESULTATER, "", columns, ((Cell("M1"), Cell(7.0), Cell(16.0), Cell()),))))
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet4.xml").decode()
    colours = re.findall(r'<x14:color(?:Series|Last) rgb="FF(\w{6})"', xml)
    assert len(colours) == 2 and palette.NAVY[1:] not in colours
    assert all(contrast(colour, "FFFFFF") >= 3 for colour in colours)


def test_a_misspelt_wish_is_an_exception() -> None:
    with strictly(), pytest.raises((UserWarning, DrawingError)):
        Book("t", "s", date(2015, 1, 1)).sheet("A").rule((0, 0, 1, 1), {"type": "cell", "misspelt": 1})
    with pytest.raises(DrawingError):
        must(-2)


def test_a_record_of_fifty_thousand_lines_is_drawn_quickly() -> None:
    record = tuple(("svar", f"M1.{n}", "resultat", "tal", str(n)) for n in range(50_000))
    before = time.perf_counter()
    draw(sample(record=record))
    assert time.perf_counter() - before < 20


def test_a_missing_remark_is_framed_only_for_goals_of_the_year() -> None:
    """A goal that was dropped years ago shows »Udgået« for ever, and nobody is to explain it again each year."""
    sheet = opened(draw(sample()))["Opfølgning"]
    framing = [text for ranges in sheet.conditional_formatting for rule in ranges.rules for text in rule.formula
               if "LEN(TRIM(" in text and f'="{Status.DROPPED}"' in text]
    assert framing and all(f'<>"{NOT_THIS_YEAR}"' in text for text in framing)


def test_an_effektmål_is_bold_and_a_delmål_lets_the_text_above_it_rest() -> None:
    sheet = opened(draw(sample()))[OPFOELGNING]
    effect, sub = (sheet.cell(HEADER + row, 1 + column_of("effect")) for row in (2, 3))
    assert (effect.font.b, sub.font.b) == (True, False) and sub.font.color.rgb == palette.MUTED.replace("#", "FF")
