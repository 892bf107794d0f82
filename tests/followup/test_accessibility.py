"""Every workbook we write can be read by everybody: names, headers, alt text, contrast, and no colour alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from colours import contrast
from conftest import Year, cell_at, fill_in
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from aftale.forms.card import Said
from aftale.forms.plan import Earlier, plan_forms
from aftale.model.agreement import NOT_THIS_YEAR, Agreement, Goal, Level, Measure, Method, Owner, Round
from aftale.office import palette
from aftale.office.draw_base import LINK
from aftale.office.safe_write import write_all
from aftale.steps.flet import flet
from aftale.steps.fordel import DraftFolder, draw
from aftale.steps.indlaes import indlaes
from aftale.steps.kse import Wanted

pytestmark = pytest.mark.xdist_group("accessibility")  # what they share is made once

KINDS = ("aftale", "skema", "skema_sidst", "retur", "opfoelgning", "kse")
_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646")
_NORMAL, _LARGE = 4.5, 3.0


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory, _made: Year) -> dict[str, Path]:
    """One workbook of every kind that aftale writes, made by its own steps."""
    made = _made.folder
    folder = tmp_path_factory.mktemp("tilgaengelig")
    owners = sorted(_made.forms)
    for number, owner in enumerate(owners[:5]):
        data = _made.forms[owner].read_bytes()
        goal = _first_goal(data)
        answer = {"Status": ("Opfyldt", "Ikke opfyldt", "Forventes ikke opfyldt", "Udgået", "Afventer data")[number],
                  "Resultat": "omkring tyve" if number == 1 else 12}
        (folder / f"svar_{number}.xlsx").write_bytes(fill_in(data, {goal: answer}, by=owner))
        if number == 0:  # and somebody who disagrees
            (folder / "svar_x.xlsx").write_bytes(fill_in(data, {goal: {"Status": "Ikke igangsat"}}, by="Ungeteamet"))
    answers = sorted(folder.glob("svar_*.xlsx"))
    out = folder / "opfoelgning.xlsx"
    for times in range(3):  # the department writes, the unit answers, and asks
        if times == 1:
            answers = [*answers, _from_department(folder / "kse.xlsx", folder / "fra_kse.xlsx")]
        elif times == 2:
            _answer_on_dialog(out)
        write_all(list(flet(made / "aftale.xlsx", answers, out, kse=Wanted(folder / "kse.xlsx")).files))
    write_all(list(indlaes(made / "aftale.xlsx", answers[:-1], retur=DraftFolder(folder / "retur")).files))
    (folder / "skema_sidst.xlsx").write_bytes(_second_skema())
    return {"aftale": made / "aftale.xlsx", "skema": _made.forms[owners[0]], "skema_sidst": folder / "skema_sidst.xlsx",
            "retur": next(iter(sorted((folder / "retur").glob("*.xlsx")))), "opfoelgning": out, "kse": folder / "kse.xlsx"}


def _from_department(edition: Path, answer: Path) -> Path:
    """Let the department write in its edition."""
    book = openpyxl.load_workbook(edition)
    goals = [cell.value for cell in book["Opfølgning"]["A"] if re.fullmatch(r"M[\d.]+", str(cell.value))]
    for goal, text in zip(goals, ("Hvorfor?", "Hvornår?", "Godt"), strict=False):
        cell_at(book["Opfølgning"], goal, "Forvaltningens bemærkninger").value = text
    book.save(answer)
    return answer


def _answer_on_dialog(followup: Path) -> None:
    """Let the unit answer one line, leave another, and ask."""
    book = openpyxl.load_workbook(followup)
    said = {row[4].value: row for row in book["Dialog"].iter_rows(min_row=5)}
    said["Hvorfor?"][6].value, said["Godt"][5].value = "Fordi", "Til orientering"
    ask = next(row for row in book["Dialog"].iter_rows(min_row=5) if str(row[1].value).startswith("Spørg "))
    ask[0].value, ask[4].value = "Hele aftalen", "Må vi?"
    book.save(followup)


def _second_skema() -> bytes:
    """Return a skema with Sidst, the department's words, a missing Udgangspunkt, grey fields and long texts."""
    texts = ("Synlighed", "Kurser", "Biblioteket inviterer borgerne indenfor. " * 20, "")
    goals = tuple(Goal(f"M1.1.{n}", Level.EFFECT, (*texts[:2], f"{n} {texts[2]}", ""), {2015: None}, measure,
                       owners=(Owner("Nordteamet"),)) for n, measure in enumerate((
                           Measure(Method.AT_LEAST, 20.0, unit="besøg"), Measure(Method.RISE_PERCENT, 5.0, unit="besøg"),
                           Measure(Method.DELIVERY)), 1))
    agreement = Agreement("A-1", "Biblioteket", "Kultur", 2015, (2015, 2018), goals=goals, facts={"kortnavn": "KSE"})
    known = {goal.id: Earlier("Forventes ikke opfyldt", 7.0, round=(2015, "midtvejs"), own="I gang",
                              said=(Said("KSE", texts[2]), Said("Vi svarede", "Ja", False))) for goal in goals}
    form, = plan_forms(agreement, Round.AARSOPFOELGNING, date(2015, 11, 11), known)
    return draw(form, date(2015, 1, 1))


def _first_goal(data: bytes) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Skema"]
    return next(str(cell.value) for row in sheet.iter_rows() for cell in row
                if re.fullmatch(r"M\d[\d.]*", str(cell.value)))


@pytest.fixture(params=KINDS)
def book(request: pytest.FixtureRequest, workbooks: dict[str, Path]) -> Any:
    """A workbook, opened."""
    return openpyxl.load_workbook(workbooks[request.param], rich_text=False)


@pytest.fixture(params=KINDS)
def parts(request: pytest.FixtureRequest, workbooks: dict[str, Path]) -> dict[str, bytes]:
    """The parts of a workbook's package."""
    with zipfile.ZipFile(workbooks[request.param]) as package:
        return {name: package.read(name) for name in package.namelist()}


def _visible(book: Any) -> list[Worksheet]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


# ---------------------------------------------------------------- names, headers, alt text

def test_the_workbook_has_a_title_and_telling_sheet_names(book: Any) -> None:
    assert len(book.properties.title or "") > 5
    assert not [sheet.title for sheet in book.worksheets if re.fullmatch(r"(Ark|Sheet|Table)\d*", sheet.title)]


def test_every_table_has_a_telling_name_and_a_whole_header_row(book: Any) -> None:
    tables = [(sheet, table) for sheet in _visible(book) for table in sheet.tables.values()]
    for sheet, table in tables:
        assert not re.fullmatch(r"(Tabel|Table)\d*", table.displayName), table.displayName
        assert table.headerRowCount in (None, 1)
        header = [cell.value for cell in sheet[table.ref][0]]
        assert all(isinstance(text, str) and text.strip() for text in header), (sheet.title, header)
        assert len({str(text).casefold() for text in header}) == len(header), (sheet.title, header)
    assert tables or "Vejledning" in book.sheetnames  # a skema's own table can't be one: locked cells would not sort


def test_no_table_holds_a_merged_cell(book: Any) -> None:
    for sheet in _visible(book):
        for table in sheet.tables.values():
            left, top, right, bottom = openpyxl.utils.range_boundaries(table.ref)
            inside = [str(merged) for merged in sheet.merged_cells.ranges
                      if merged.min_row <= bottom and merged.max_row >= top
                      and merged.min_col <= right and merged.max_col >= left]
            assert not inside, (sheet.title, inside)


def test_every_chart_and_picture_has_an_alt_text(parts: dict[str, bytes]) -> None:
    for name in parts:
        if re.match(r"xl/drawings/drawing\d+\.xml", name):
            for each in ElementTree.fromstring(parts[name]).iter():
                if each.tag.endswith("}cNvPr"):
                    assert len(each.get("descr") or "") > 20, (name, each.attrib)


def test_the_follow_up_has_a_chart_so_that_the_test_of_alt_texts_says_something(workbooks: dict[str, Path]) -> None:
    for kind in ("opfoelgning", "kse"):
        with zipfile.ZipFile(workbooks[kind]) as package:
            assert any(name.startswith("xl/charts/chart") for name in package.namelist()), kind


def test_dialog_holds_every_stage_so_that_the_tests_say_something(workbooks: dict[str, Path]) -> None:
    for kind in ("opfoelgning", "kse"):
        sheet = openpyxl.load_workbook(workbooks[kind])["Dialog"]
        stages = {str(cell.value) for cell in sheet["F"][4:] if cell.value}
        assert stages == {"Venter på Viborg Bibliotekerne", "Venter på KSE", "Besvaret", "Til orientering"}
    sheets = openpyxl.load_workbook(workbooks["skema_sidst"]).sheetnames
    assert "Fuld tekst" in sheets


def test_there_are_no_macros_and_no_links_out_of_the_workbook(parts: dict[str, bytes]) -> None:
    assert not [name for name in parts if "vbaProject" in name or "externalLinks" in name or "embeddings" in name]
    outside = [each.get("Target", "") for name, xml in parts.items() if name.endswith(".rels")
               for each in ElementTree.fromstring(xml) if each.get("TargetMode") == "External"]
    assert not [target for target in outside if not target.startswith("mailto:")]


def test_it_opens_on_its_first_sheet_at_the_top(book: Any) -> None:
    first = _visible(book)[0]
    assert book.active.title == first.title
    assert first.sheet_view.selection[0].activeCell in (None, "A1") or first.title in ("Forside", "Skema", "Spørgsmål")
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] in ([first.title], [])


def test_every_printed_sheet_is_one_page_wide_and_numbered(book: Any) -> None:
    for sheet in _visible(book):
        if sheet.title == "Mål":  # the agreement's table, which staff own: its 21 columns would be too small to read
            continue
        assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
        assert sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        footer = "".join(part.text or "" for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right))
        assert "&P" in footer or "&[Page]" in footer, (sheet.title, footer)


# ---------------------------------------------------------------- contrast and colour

def test_every_text_can_be_read_on_its_fill(book: Any) -> None:
    poor = {(sheet.title, cell.coordinate, ink, fill, round(ratio, 1)) for sheet in _visible(book)
            for cell, ink, fill, size in _texts(sheet)
            if (ratio := contrast(ink, fill)) < (_LARGE if size >= 18 else _NORMAL)}
    assert not poor


def test_every_rule_leaves_a_text_that_can_be_read(book: Any) -> None:
    poor = set()
    for sheet in _visible(book):
        for box, rule in _rules(sheet):
            style: DifferentialStyle | None = rule.dxf
            if style is None:
                continue
            for base_ink, base_fill in _bases(sheet, box):
                ink = _hex(style.font.color, base_ink) if style.font and style.font.color else base_ink
                fill = _hex(style.fill.bgColor, base_fill) if style.fill and style.fill.bgColor else base_fill
                if contrast(ink, fill) < _NORMAL:
                    poor.add((sheet.title, box, ink, fill, rule.type, tuple(rule.formula)))
    assert not poor


def test_a_rule_that_colours_a_cell_says_it_in_another_way_too(book: Any) -> None:
    """A rule about the cell's own text colours what is read there; one about other cells must do more than colour."""
    alone = []
    for sheet in _visible(book):
        for box, rule in _rules(sheet):
            style = rule.dxf
            if style is None or not (style.fill or style.font):
                continue
            formula = " ".join(rule.formula)
            own_text = (rule.type in ("cellIs", "containsText", "notContainsBlanks", "containsBlanks", "beginsWith")
                        or _columns(formula) <= _columns_of(box))
            font = style.font
            more = style.border or style.numFmt or (font and (font.b or font.i or font.u or font.strike))
            if not own_text and not more and not _told_elsewhere(formula):
                alone.append((sheet.title, box, rule.formula))
    assert not alone


def _told_elsewhere(formula: str) -> bool:
    """Is the row tinted because of a word that stands in it in another cell, or that is missing there?

    What compares a row with the one above it only sets groups apart, whose texts tell them apart themselves.
    """
    above = re.search(r"\$A\$3:\$A3", formula)
    return bool(above) or '=""' in formula or any(
        f'"{word}"' in formula for word in ("Mangler svar", "Ikke aktuelt i år", "Udgået"))


def _columns(formula: str) -> set[str]:
    return set(re.findall(r"\$?([A-Z]{1,2})\$?\d", re.sub('"[^"]*"', "", formula)))


def _columns_of(box: str) -> set[str]:
    found = set()
    for each in box.split():
        left, _, right, _ = openpyxl.utils.range_boundaries(each)
        found |= {openpyxl.utils.get_column_letter(column) for column in range(left, right + 1)}
    return found


def _texts(sheet: Worksheet) -> Iterator[tuple[Any, str, str, float]]:
    for row in sheet.iter_rows():
        for cell in row:
            hidden = sheet.column_dimensions[cell.column_letter].hidden if hasattr(cell, "column_letter") else False
            if cell.value not in (None, "") and not hidden:
                size = float(cell.font.sz or 11)
                yield cell, _hex(cell.font.color, "000000"), _fill(cell), size + (4 if cell.font.b and size >= 14 else 0)


def _rules(sheet: Worksheet) -> Iterator[tuple[str, Any]]:
    for formatting in sheet.conditional_formatting:
        for rule in formatting.rules:
            yield str(formatting.sqref), rule


def _bases(sheet: Worksheet, box: str) -> set[tuple[str, str]]:
    found = set()
    for each in box.split():
        left, top, right, bottom = openpyxl.utils.range_boundaries(each)
        for row in sheet.iter_rows(min_row=top, max_row=min(bottom, top + 60), min_col=left, max_col=right):
            found |= {(_hex(cell.font.color, "000000"), _fill(cell)) for cell in row}
    return found


def _fill(cell: Any) -> str:
    return _hex(cell.fill.fgColor, "FFFFFF") if cell.fill and cell.fill.fill_type == "solid" else "FFFFFF"


def _hex(colour: Any, otherwise: str) -> str:
    if colour is None:
        return otherwise
    if colour.type == "rgb" and isinstance(colour.rgb, str):
        return colour.rgb[-6:]
    if colour.type == "theme":
        return _tinted(_THEME[colour.theme % len(_THEME)], colour.tint or 0.0)
    if colour.type == "indexed" and colour.indexed < len(COLOR_INDEX):
        return COLOR_INDEX[colour.indexed][-6:]
    return otherwise


def _tinted(colour: str, tint: float) -> str:
    towards = 255 if tint > 0 else 0
    parts = [int(colour[at:at + 2], 16) for at in (0, 2, 4)]
    return "".join(f"{round(part + (towards - part) * abs(tint)):02X}" for part in parts)


@pytest.mark.parametrize(("ink", "fill", "least"), [
    (palette.WHITE, palette.NAVY, 8.7), (palette.NAVY, palette.MIST, 7.2), (palette.INK, palette.INPUT_LINE, 7.7),
    (palette.INK, palette.INPUT, 13.8), (palette.MUTED, palette.PAPER, 5.3), (palette.MUTED, palette.MIST, 5.3),
    (palette.INK, palette.LOOK_UP, 4.5), (palette.INK, palette.IDLE, 4.5), (palette.MARKED_INK, palette.MARKED, 7.5),
    (palette.MISSING_LINE, palette.MISSING_FILL, 4.5), (palette.NAVY, "#F0F6FC", 7.0), ("#616E7C", "#F0F6FC", 4.5),
    ("#44337A", "#E9D8FD", 7.9), (LINK["font_color"], palette.WHITE, 4.5),
    *((ink, fill, 4.5 if status == NOT_THIS_YEAR else 5.2) for status, (fill, ink) in palette.STATUS_COLOURS.items())])
def test_the_colours_are_those_of_the_design(ink: str, fill: str, least: float) -> None:
    assert contrast(ink[1:], fill[1:]) >= least - 0.05


@pytest.mark.parametrize(("ink", "fill", "expected"), [
    ("000000", "FFFFFF", 21.0), ("9C0006", "FFC7CE", 5.9), ("FFFFFF", "1F4E78", 8.7), ("FFFFFF", "70AD47", 2.7)])
def test_contrast_is_counted_as_it_should(ink: str, fill: str, expected: float) -> None:
    assert contrast(ink, fill) == pytest.approx(expected, abs=0.06)
