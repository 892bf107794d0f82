"""The report: all that the follow-up says of its goals, in a template that staff have restyled however they like."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from conftest import header_row
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from making_units import write_unit
from making_years import CASES
from running import run_here

from aftale.model.agreement import MISSING, NOT_STATED, NOT_THIS_YEAR, Status
from aftale.model.place import Place
from aftale.model.text import without_controls
from aftale.office import pdf as pdf_module
from aftale.office.report import USAGE, CannotDo
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import report_template_path
from aftale.report.draw_docx import draw
from aftale.report.goal_blocks import Goals, attention, attention_row, goal_table, reached, said_result, status_table
from aftale.report.model import BLOCKS, FIELDS, Figure, Report, text
from aftale.report.of_followup import report_of
from aftale.report.template_docx import doubts, lacks, open_template
from aftale.steps.rapport import NAME, blocks_called, inspected, rapport
from aftale.steps.saml import saml
from aftale.steps.send import prepare
from aftale.units.model import UnitGoal

pytestmark = pytest.mark.xdist_group("cases")  # the example's year is played through once
ROOT = Path(__file__).resolve().parents[2]
SHIPPED = report_template_path().read_bytes()
AGREED = ("Udviklingsmål", "Fokusområde", "Effektmål", "Delmål", "KSE-krav", "Krav", "Politik", "Mål", "Indikator", "Frist",
          "Ansvarlig", "Resultat", "Bemærkninger", "Næste skridt", "Forvaltningens bemærkninger", "Status", "Sidste status")
NASTY = "Mål <b> & »flere« {{ x }} [[Mål]] \x07\x0b\x1b\ud800 ]]>\n=1+1 \"' \tslut"


@pytest.fixture(scope="module")
def followups(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    folder = tmp_path_factory.mktemp("rapport")
    return {name: CASES[name](folder / name) for name in ("aarsopfoelgning", "midtvejs", "tre_maal", "maal_150")}


@pytest.fixture(scope="module")
def year_report(followups: Mapping[str, Path]) -> Report:
    return report_from(followups["aarsopfoelgning"])


def report_from(path: Path) -> Report:
    prepared = prepare(path)
    return report_of(prepared.agreement, prepared.result, path.name)


def opened(data: bytes) -> Any:
    found = open_template(data, "skabelon.docx")
    assert hasattr(found, "styles"), found
    return found


def drawn(report: Report, template: bytes = SHIPPED, *leave_out: str) -> bytes:
    return draw(opened(template), report, leave_out).data


def said(data: bytes) -> str:
    """Return all text of a document as another program reads it, a line for each paragraph."""
    document = docx.Document(io.BytesIO(data))
    parts = [document.element.body, *(section.footer._element for section in document.sections),
             *(section.header._element for section in document.sections)]
    return "\n".join("".join(piece.text or ("\n" if piece.tag == qn("w:br") else "") for piece in p.iter(
        qn("w:t"), qn("w:br"))) for part in parts for p in part.iter(qn("w:p")))


def headings(data: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(data)).paragraphs if p.style.name.startswith("Heading")]


def changed(change: Callable[[Any], None], data: bytes = SHIPPED) -> bytes:
    """Return a template after staff have done something to it in Word."""
    document = docx.Document(io.BytesIO(data))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def paragraph(document: Any, text_: str) -> Any:
    return next(p for p in document.paragraphs if p.text == text_)


# What stands in it


@pytest.mark.parametrize("name", ["aarsopfoelgning", "midtvejs", "tre_maal", "maal_150"])
def test_every_text_of_the_goals_in_the_followup_is_in_the_report(name: str, followups: Mapping[str, Path]) -> None:
    there = " ".join(said(drawn(report_from(followups[name]))).split())
    sheet = openpyxl.load_workbook(followups[name], data_only=True)["Opfølgning"]
    header = header_row(sheet)
    columns = {cell.column: cell.value for cell in sheet[header] if cell.value in AGREED}
    looked = 0
    for row in range(header + 1, sheet.max_row + 1):
        for column, header_text in columns.items():
            value = sheet.cell(row, column).value
            if isinstance(value, str) and value not in (NOT_STATED, MISSING, "Leverance") and value.strip():
                parts = value.split("; ") if header_text in ("KSE-krav", "Krav") else [value]
                for part in parts:
                    assert " ".join(part.split()).lower() in there.lower(), (row, header_text, part)
                looked += 1
    assert looked > 10


def test_the_years_report_says_what_overblik_says(followups: Mapping[str, Path], year_report: Report) -> None:
    path = followups["aarsopfoelgning"]
    lines = said(drawn(year_report)).splitlines()
    over = prepare(path).result.book.overview
    assert str(over.headline.value) in lines and str(over.moved.value) in lines
    assert "Opfølgning på aftalen 2015" in lines
    assert "Viborg Bibliotekerne · Årsopfølgning 2015 · Tallene er opgjort 31. oktober 2015" in lines
    assert any("Et godt år" in line for line in lines), "what the coordinator wrote on Overblik"
    table = next(t for t in docx.Document(io.BytesIO(drawn(year_report))).tables if t.cell(0, 0).text == "Status")
    counted = {row.cells[0].text[2:]: int(row.cells[1].text) for row in table.rows[1:-1]}
    assert {status: number for status, number in counted.items() if number} == {
        status: number for status, number in over.counts if number}


@pytest.mark.parametrize("name", ["aarsopfoelgning", "midtvejs", "maal_150"])
def test_what_needs_attention_is_what_overblik_shows_in_its_order(name: str, followups: Mapping[str, Path]) -> None:
    prepared = prepare(followups[name])
    shown = [str(line.id.value) for line in prepared.result.book.overview.spotlights if line.id.value]
    document = docx.Document(io.BytesIO(drawn(report_from(followups[name]))))
    table = next(t for t in document.tables if t.cell(0, 3).text == "Hvad sker der nu")
    ids = [row.cells[0].text.split()[0] for row in table.rows[1:]]
    assert ids == shown[:len(ids)] and ids, "Overblik goes on with what only the unit has to look at"


def test_the_coordinators_edits_since_the_last_flet_are_in_it(followups: Mapping[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "opfoelgning.xlsx"
    book = openpyxl.load_workbook(followups["tre_maal"])
    sheet = book["Opfølgning"]
    header = header_row(sheet)
    columns = {cell.value: cell.column for cell in sheet[header]}
    sheet.cell(header + 1, columns["Bemærkninger"]).value = "Rettet af koordinatoren til sidst"
    sheet.cell(header + 1, columns["Status"]).value = "Ikke opfyldt"
    book.save(path)
    there = said(drawn(report_from(path)))
    assert "Rettet af koordinatoren til sidst" in there and "indberettet: opfyldt" in there
    assert "1 er ikke opfyldt" in there


def goal(**more: Any) -> UnitGoal:
    return UnitGoal("M1.1.1", ("Udvikling", "Fokus", "Effekt", ""), **{"status": "Opfyldt", **more})


@pytest.mark.parametrize(("row", "result", "share"), [
    (goal(result=16.0, unit="rekvisitioner", fulfilment=0.8), "16 rekvisitioner", "80 % af målet"),
    (goal(result=1.0, unit="nye samarbejder", fulfilment=1.0), "1 (nye samarbejder)", "Målet er nået"),
    (goal(result=22.5, unit="%", number="percent", fulfilment=0.996), "22,5 %", "99 % af målet"),
    (goal(result=5.4, unit="point", number="1", fulfilment=-0.5), "5,4 point", ""),
    (goal(result="ca. 20"), "ca. 20", ""), (goal(), "", "")],
    ids=["a count", "one of several", "just below", "backwards", "in words", "none"])
def test_a_result_is_said_with_its_unit_and_how_much_of_the_target_it_is(row: UnitGoal, result: str, share: str) -> None:
    assert (said_result(row), reached(row)) == (result, share)


@pytest.mark.parametrize(("agreed", "said_"), [
    ("Mindst 20 rekvisitioner pr. år", "16 mod mindst 20 rekvisitioner pr. år. Godt."), ("Leverance", "16. Godt."),
    ("Fastholdes (point)", "16 (aftalt: fastholdes (point)). Godt."), ("", "16. Godt.")],
    ids=["a number", "a deliverable", "kept as it is", "nothing agreed"])
def test_why_a_goal_needs_attention_reads_well_whatever_is_agreed(agreed: str, said_: str) -> None:
    row = goal(status=Status.NOT_MET, computed=Status.NOT_MET, result=16.0, goal=agreed, remarks="Godt.")
    assert attention_row(row, Goals((row,)))[2].paras[0].runs[0].text == said_


@pytest.mark.parametrize(("row", "first"), [
    (goal(status=Status.NOT_MET, computed=Status.NOT_MET), True), (goal(status=MISSING), True),
    (goal(computed=Status.NOT_MET, fulfilment=0.2), True), (goal(status=Status.AWAITING), False), (goal(), False),
    (goal(status=NOT_THIS_YEAR), False)],
    ids=["not met", "no answer", "the figures say otherwise", "awaits data", "met", "another year"])
def test_which_goals_need_attention(row: UnitGoal, first: bool) -> None:
    assert bool(attention([row])) is first


def test_a_share_is_rounded_as_excel_shows_it_on_overblik() -> None:
    rows = status_table({Status.MET: 1, Status.PARTLY: 7}, None, {}).rows
    assert [row[2].paras[0].runs[0].text for row in rows] == ["13 %", "88 %", "100 %"]


# All units


@pytest.fixture(scope="module")
def collection(followups: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samling")
    write_unit(followups["tre_maal"], folder / "ind" / "a.xlsx", "Ærø Bibliotek")
    write_unit(followups["tre_maal"], folder / "ind" / "b.xlsx", "Bibliotek & <Nord>")
    write_unit(followups["tre_maal"], folder / "ind" / "c.xlsx", "Ådalens Bibliotek", years=-1)
    write_unit(followups["aarsopfoelgning"], folder / "ind" / "d.xlsx", "Viborg Bibliotekerne")
    (folder / "enheder.txt").write_text("Ærø Bibliotek\nRanders Bibliotek", encoding="utf-8")
    out = folder / "samling_2015.xlsx"
    write_all(list(saml([folder / "ind"], out, folder / "enheder.txt").files))
    return out


def test_the_report_of_all_units_has_every_units_goals_and_who_is_missing(collection: Path) -> None:
    made = rapport(collection)
    data = made.files[0].data
    assert made.files[0].path == collection.with_name("rapport_samling_2015.docx") and made.exit_code == 0
    there, lines = " ".join(said(data).split()), said(data).splitlines()
    rows = list(openpyxl.load_workbook(collection, data_only=True)["Mål"].values)
    header = next(row for row in rows if "Mål-id" in row)
    goals = [dict(zip(header, row, strict=True)) for row in rows[rows.index(header) + 1:]]
    for row in goals:
        for name in ("Enhed", "Effektmål", "Delmål", "Mål", "Bemærkninger", "Forvaltningens bemærkninger", "Status"):
            assert " ".join(str(row[name] or "").removeprefix("Leverance").split()) in there
    counted = [row for row in goals if row["Tæller med"] == "Ja"]
    assert f"{sum(row['Status'] == 'Opfyldt' for row in counted)} af enhedernes {len(counted)} effektmål er opfyldt" in there
    assert f"Heraf er {sum(row['År'] == '2015' for row in counted)} fra 2015; resten er fra tidligere år." in there
    assert "15.190 unikke brugere" in lines and "Har ikke indberettet: Randers Bibliotek" in lines
    assert "Er med ved en anden runde: Ådalens Bibliotek" in lines
    table = next(t for t in docx.Document(io.BytesIO(data)).tables if t.cell(0, 0).text == "Enheder")
    assert [row.cells[0].text for row in table.rows[1:]] == [
        "Bibliotek & <Nord>", "Viborg Bibliotekerne", "Ærø Bibliotek", "Ådalens Bibliotek"]
    assert "Bemærkning" in lines and "Bemærkning og næste skridt" not in lines, "a samling holds no next steps"
    assert [each for each in headings(data) if "Dialog" in each or "Udviklingsplan" in each or "Bilag" in each] == []
    assert len(docx.Document(io.BytesIO(data)).sections) == 1


def test_a_collection_that_was_sorted_renamed_and_corrected_in_excel_is_read_as_it_stands(collection: Path,
                                                                                         tmp_path: Path) -> None:
    book = openpyxl.load_workbook(collection)
    sheet = book["Mål"]
    sheet.title, header = "Alle enheders mål", header_row(sheet)
    columns = {cell.value: cell.column for cell in sheet[header]}
    sheet.cell(header + 1, columns["Bemærkninger"]).value = "Rettet i samlingen"
    sheet.insert_cols(3)
    book.save(tmp_path / "samling.xlsx")
    there = said(rapport(tmp_path / "samling.xlsx").files[0].data)
    assert "Rettet i samlingen" in there and "Ærø Bibliotek: årsopfølgning 2015" in there
    del book["Enheder"]
    book.save(tmp_path / "samling.xlsx")
    with pytest.raises(CannotDo, match="aftale saml"):
        rapport(tmp_path / "samling.xlsx")


# Whatever people write is text


@pytest.mark.parametrize("written", [NASTY, "x" * 30_000, "én\ntre\r\nfire", "", "  "],
                         ids=["signs", "30,000 characters", "lines", "nothing", "spaces"])
def test_what_people_write_is_text_and_all_of_it(written: str) -> None:
    row = goal(remarks=written, next_step=written, policy=written, owners=written, indicator=written)
    report = Report(dict.fromkeys(FIELDS, written), {"Mål": [text(written), goal_table(written, Goals((row,)))]},
                    written, date(2015, 1, 1))
    there = said(drawn(report))
    shown = without_controls(written.replace("\r\n", "\n"))
    assert shown.replace("\n", "") in there.replace("\n", "")
    if written == NASTY:
        assert "[[Mål]]" in there, "a marker that somebody wrote is words"


# A template that staff have been at


def moved(document: Any) -> None:
    paragraph(document, "[[Titel]]")._p.addprevious(paragraph(document, "[[Mål]]")._p)


def deleted(document: Any) -> None:
    for name in ("[[Dialog]]", "Dialogen med forvaltningen", "[[Statusfigur]]"):
        paragraph(document, name)._p.getparent().remove(paragraph(document, name)._p)


def in_a_cell(document: Any) -> None:
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "[[Statusfigur]]", "[[Statustabel]]"
    table.cell(0, 0).paragraphs[0]._p.addnext(parse_xml(f'<w:p {nsdecls("w")}><w:r><w:t>[[Mål]]</w:t></w:r></w:p>'))


def split_by_word(document: Any) -> None:
    """Split a marker over runs as the spelling checker and somebody who changed a letter's colour leave it."""
    for name, cuts in (("[[Mål]]", ("[[", "Må", "l]", "]")), ("[[Hovedbudskab]]", ("[", "[Hoved", "budskab]]"))):
        p = paragraph(document, name)
        for run in list(p.runs):
            run._r.getparent().remove(run._r)
        for at, cut in enumerate(cuts):
            p.add_run(cut).bold = bool(at % 2)
            p._p.append(parse_xml(f'<w:proofErr {nsdecls("w")} w:type="spellStart"/>'))
    paragraph(document, "Målene").add_run(" i [[Å").add_text("r]] for [[Enhed]]")


def styles_gone(document: Any) -> None:
    for name in ("Aftale Celle", "Aftale Tabel", "Aftale Status", "Heading 2"):
        document.styles[name].delete()


def beside_the_text(document: Any) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = "[[Enhed]] – [[Periode]]"
    box = parse_xml(f'<w:txbxContent {nsdecls("w")}><w:p><w:r><w:t>[[Kilder]]</w:t></w:r></w:p></w:txbxContent>')
    held = OxmlElement("w:pict")
    held.append(box)
    paragraph(document, "Målene").add_run()._r.append(held)


def pictures_beside_markers(document: Any) -> None:
    for name in ("[[Mål]]", "[[Tema]]"):
        at = paragraph(document, "[[Mål]]") if name == "[[Mål]]" else document.add_paragraph(name)
        at.add_run()._r.append(parse_xml(f'<w:pict {nsdecls("w")}><w:txbxContent><w:p><w:r><w:t>Set ved {name[2:-2]}</w:t>'
                                         "</w:r></w:p></w:txbxContent></w:pict>"))


def test_a_picture_in_the_paragraph_of_a_marker_stands_when_that_is_filled(year_report: Report) -> None:
    without_theme = replace(year_report, fields={**year_report.fields, "Tema": ""})
    found = said(drawn(without_theme, changed(pictures_beside_markers)))
    assert "Set ved Mål" in found and "Set ved Tema" in found and GOAL in found and "[[" not in found


GOAL = "Biblioteket får regnet en sorteringsrobot igennem"
TEMPLATES: Mapping[str, tuple[Callable[[Any], None], str, str]] = {
    "markers moved": (moved, GOAL, "[["), "markers deleted": (deleted, GOAL, "Dialogen"),
    "in the cells of a table": (in_a_cell, GOAL, "[["),
    "split over runs": (split_by_word, "Målene i 2015 for Viborg Bibliotekerne", "[["),
    "styles deleted": (styles_gone, GOAL, "[["),
    "in header and text box": (beside_the_text, "Viborg Bibliotekerne – 2015-2018", "[[")}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_restyled_template_is_filled(name: str, year_report: Report) -> None:
    change, there, gone = TEMPLATES[name]
    template = changed(change)
    data = drawn(year_report, template)
    found = said(data)
    assert there in found and gone not in found and GOAL in found
    body = docx.Document(io.BytesIO(data)).element.body
    assert all(cell[-1].tag == qn("w:p") for cell in body.iter(qn("w:tc"))), "as Word wants a cell to end"
    assert all(table.getnext().tag != qn("w:tbl") for table in body.iter(qn("w:tbl"))), "or Word makes one of the two"
    assert [each.code for each in doubts(opened(template), "x")] == []


def misspelt(document: Any) -> None:
    paragraph(document, "[[Mål]]").text = "[[Målene]]"


def not_closed(document: Any) -> None:
    paragraph(document, "[[Mål]]").text = "[[Mål]"


def among_words(document: Any) -> None:
    paragraph(document, "[[Mål]]").text = "Her er målene: [[Mål]]"


def in_the_footer(document: Any) -> None:
    document.sections[0].footer.paragraphs[0].text = "[[Mål]]"


@pytest.mark.parametrize(("change", "code", "left"), [
    (misspelt, "report-marker-unknown", "[[Målene]]"), (not_closed, "report-marker-open", "[[Mål]"),
    (among_words, "report-marker-place", "Her er målene: [[Mål]]"), (in_the_footer, "report-marker-place", "[[Mål]]")],
    ids=["misspelt", "not closed", "among words", "in the footer"])
def test_a_marker_that_cant_be_filled_is_named_and_stands(change: Callable[[Any], None], code: str, left: str,
                                                         year_report: Report) -> None:
    template = changed(change)
    found = [each for each in doubts(opened(template), "vores.docx") if each.code == code]
    assert [each.place for each in found] == [Place("vores.docx")] and left in said(drawn(year_report, template))
    if code == "report-marker-unknown":
        assert "Mente du »Mål«?" in found[0].message


def test_what_a_template_lacks_is_named() -> None:
    assert list(lacks(opened(SHIPPED), "x")) == []
    found = list(lacks(opened(changed(styles_gone, changed(deleted))), "x"))
    assert {each.text for each in found} == {"Dialog", "Statusfigur", "Aftale Celle", "Aftale Tabel", "Aftale Status",
                                             "Heading 2"}


@pytest.mark.parametrize(("left_out", "gone", "stays"), [
    (["Dialog"], ["Dialogen med forvaltningen"], ["Målene", "Om tallene"]),
    (["Udviklingsplan", "Bilag"], ["Udviklingsplanen", "Bilag: alle mål"], ["Om tallene"]),
    (["Statustabel"], [], ["Status i tal"]),
    (["Statustabel", "Fordeling", "Krav og politikker"], ["Status i tal", "Krav og politikker"], ["Målene"])],
    ids=["the dialogue", "the last pages", "one of three", "all under a heading"])
def test_a_part_that_is_left_out_goes_with_its_heading(left_out: list[str], gone: list[str], stays: list[str],
                                                       year_report: Report) -> None:
    data = drawn(year_report, SHIPPED, *left_out)
    assert set(gone).isdisjoint(headings(data)) and set(stays) <= set(headings(data))
    document = docx.Document(io.BytesIO(data))
    assert (len(document.sections) == 1) is ("Bilag" in left_out), "no empty page at the end"


# For everybody: what a screen reader and another program find


def test_headings_tables_and_figure_say_what_they_are(year_report: Report) -> None:
    data = drawn(year_report)
    document = docx.Document(io.BytesIO(data))
    levels = [int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    for table in document.element.body.iter(qn("w:tbl")):
        first = table.find(qn("w:tr"))
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        own = table.find(qn("w:tblPr"))
        assert all(own.find(qn(name)).get(qn("w:val")) for name in ("w:tblCaption", "w:tblDescription"))
        assert not list(table.iter(qn("w:gridSpan"), qn("w:vMerge")))
    alt = next(document.element.body.iter(qn("wp:docPr"))).get("descr")
    assert "Nu: 8 opfyldt, 5 forventes opfyldt" in alt and "Juni: 2 opfyldt" in alt
    assert document.core_properties.language == "da-DK" and document.core_properties.title.startswith("Opfølgning på")
    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {"da-DK"}


def test_the_table_of_contents_is_a_field_whose_links_lead_to_the_headings(year_report: Report) -> None:
    document = docx.Document(io.BytesIO(drawn(year_report)))
    body = document.element.body
    assert [each.text.split()[0] for each in body.iter(qn("w:instrText"))] == ["TOC"]
    marks = {each.get(qn("w:name")): each.getparent() for each in body.iter(qn("w:bookmarkStart"))}
    links = list(body.iter(qn("w:hyperlink")))
    listed = ["".join(t.text for t in link.iter(qn("w:t"))) for link in links]
    assert listed == [p.text for p in document.paragraphs if p.style.name in ("Heading 1", "Heading 2")]
    assert all("".join(t.text for t in marks[link.get(qn("w:anchor"))].iter(qn("w:t"))) == name
               for link, name in zip(links, listed, strict=True))


def test_the_figure_is_a_chart_with_its_numbers_in_a_workbook(year_report: Report) -> None:
    package = zipfile.ZipFile(io.BytesIO(drawn(year_report)))
    chart = package.read("word/charts/aftale1.xml").decode()
    assert 'r:id="rId1"' in chart and "word/embeddings/aftale1.xlsx" in package.namelist()
    assert "../embeddings/aftale1.xlsx" in package.read("word/charts/_rels/aftale1.xml.rels").decode()
    rows = list(openpyxl.load_workbook(io.BytesIO(package.read("word/embeddings/aftale1.xlsx")))["Data"].values)
    assert rows[0] == (None, "Nu", "Juni") and rows[1] == ("Opfyldt", 8, 2)
    labels = chart.count("<c:showVal ")
    assert labels == chart.count('<c:showSerName val="0"/>') == chart.count("<c:ser>") == len(rows) - 1


def test_a_report_without_any_goals_is_a_report() -> None:
    figure = Figure("Status", "ingen", ("Nu",), ())
    assert headings(drawn(Report(dict.fromkeys(FIELDS, "x"), {"Statusfigur": [figure]}, "", date(2015, 1, 1)))) == []


# A template that can't be used


def as_type(data: bytes, kind: str) -> bytes:
    """Return a document that says it is something else, as .docm and .dotx do."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as new:
        for name in package.namelist():
            new.writestr(name, package.read(name).replace(
                b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", kind.encode()))
    return out.getvalue()


def without(data: bytes, gone: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as new:
        for name in package.namelist():
            if name != gone:
                new.writestr(name, package.read(name))
    return out.getvalue()


UNUSABLE: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a text": (lambda: "Kære alle".encode(), "en anden slags fil"), "nothing": (lambda: b"", "tomt"),
    "a workbook": ((ROOT / "templates" / "aftale_skabelon.xlsx").read_bytes, "Office-fil"),
    "cut short": (lambda: SHIPPED[:20_000], "beskadiget"),
    "a part gone": (lambda: without(SHIPPED, "word/document.xml"), "beskadiget"),
    "no styles": (lambda: SHIPPED.replace(b"<w:styles", b"<w:stylez"), "beskadiget"),
    "encrypted": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "adgangskode"),
    "with macros": (lambda: as_type(SHIPPED, "application/vnd.ms-word.document.macroEnabled.main+xml"), "makroer"),
    "a Word template": (lambda: as_type(SHIPPED, "application/vnd.openxmlformats-officedocument.wordprocessingml.template"
                                        ".main+xml"), "Word-skabelon")}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_template_that_cant_be_used_is_refused_with_its_reason_and_what_to_do(name: str, tmp_path: Path) -> None:
    make, reason = UNUSABLE[name]
    path = tmp_path / "vores.docx"
    path.write_bytes(make())
    with pytest.raises(CannotDo, match=reason) as refused:
        inspected(path)
    assert NAME in str(refused.value) and "vores.docx" in str(refused.value)


# The file


def test_the_same_followup_gives_the_same_bytes_and_nothing_is_written_again(followups: Mapping[str, Path],
                                                                            tmp_path: Path) -> None:
    out = tmp_path / "rapport.docx"
    first = rapport(followups["tre_maal"], out)
    write_all(list(first.files))
    again = rapport(followups["tre_maal"], out)
    assert not again.files and "Intet nyt" in again.said[1]
    assert rapport(followups["tre_maal"], tmp_path / "anden.docx").files[0].data == out.read_bytes()


def test_a_report_that_was_written_in_is_kept_and_what_isnt_ours_is_never_touched(followups: Mapping[str, Path],
                                                                                  tmp_path: Path) -> None:
    out = tmp_path / "rapport.docx"
    write_all(list(rapport(followups["tre_maal"], out).files))
    document = docx.Document(str(out))
    document.paragraphs[0].text = "Vores egen titel"
    document.save(str(out))
    edited = out.read_bytes()
    done = rapport(followups["tre_maal"], out)
    write_all(list(done.files))
    assert [p.read_bytes() for p in tmp_path.glob("rapport_tidligere_*.docx")] == [edited]
    assert "rettet i Word" in done.said[-1]
    assert not rapport(followups["tre_maal"], out).files
    write_all(list(rapport(followups["tre_maal"], out, leave_out=["bilag"]).files))
    assert len(list(tmp_path.glob("rapport_tidligere_*"))) == 1, "as we drew it, it needn't be kept"
    out.write_bytes(SHIPPED)
    with pytest.raises(CannotDo, match="ikke en rapport"):
        rapport(followups["tre_maal"], out)


def test_the_commands_make_a_report_beside_the_followup_in_staffs_own_template(followups: Mapping[str, Path],
                                                                               tmp_path: Path) -> None:
    path = tmp_path / "aarsopfoelgning" / "opfoelgning.xlsx"
    path.parent.mkdir()
    path.write_bytes(followups["tre_maal"].read_bytes())
    own = tmp_path / NAME
    assert run_here("skabelon", "--rapport", str(own)).returncode == 0 and own.read_bytes() == SHIPPED
    own.write_bytes(changed(lambda each: paragraph(each, "[[Titel]]").insert_paragraph_before("Udvalget indstilles.")))
    done = run_here("rapport", str(path), "--uden", "dialog", "--uden", "bilag")
    made = path.with_name("rapport_2015_aarsopfoelgning.docx").read_bytes()
    assert done.returncode == 0, done.stderr
    assert "Udvalget indstilles." in said(made)
    assert {"Dialogen med forvaltningen", "Bilag: alle mål"}.isdisjoint(headings(made))
    own.write_bytes(changed(misspelt))
    assert run_here("skabelon", "--rapport", str(own)).returncode == 1
    assert run_here("rapport", str(path), "--uden", "snak").returncode == USAGE


def test_parts_are_left_out_by_name_one_at_a_time_or_with_commas() -> None:
    assert set(blocks_called(["Dialog, bilag"])) == set(blocks_called(["dialog", "bilag"])) == {"Dialog", "Bilag"}
    with pytest.raises(CannotDo, match="»snak« er ikke en del af rapporten"):
        blocks_called(["dialog,snak"])


# The PDF


@pytest.mark.parametrize(("name", "reason"), [
    ("aarsopfoelgning/breve/opfoelgning_2015_aarsopfoelgning_viborg_bibliotekerne.xlsx", "rapporten bliver lavet af den"),
    ("aftale_2015_viborg_bibliotekerne.xlsx", "er en aftale"), ("findes ikke.xlsx", "findes ikke")],
    ids=["the department's edition", "an agreement", "nothing"])
def test_what_no_report_can_be_made_of_is_named(name: str, reason: str, followups: Mapping[str, Path]) -> None:
    with pytest.raises(CannotDo, match=reason):
        rapport(followups["aarsopfoelgning"].parents[1] / name)


def test_without_libreoffice_the_report_is_made_and_word_is_pointed_at(followups: Mapping[str, Path], tmp_path: Path,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "find_office", lambda: None)
    made = rapport(followups["tre_maal"], tmp_path / "rapport.docx", pdf=True)
    assert [each.path.name for each in made.files] == ["rapport.docx"]
    assert [(each.code, "rapport.docx i Word" in each.advice) for each in made.problems] == [("pdf-missing", True)]


def test_the_pdf_is_one_that_a_screen_reader_can_read(followups: Mapping[str, Path], tmp_path: Path) -> None:
    program = pdf_module.find_office()
    if program is None or not list(program.resolve().parent.parent.rglob("*swlo.*")) or not shutil.which("pdfinfo"):
        pytest.skip("LibreOffice Writer or pdfinfo (poppler-utils) is not installed")
    out = tmp_path / "rapport.docx"
    made = rapport(followups["aarsopfoelgning"], out, pdf=True)
    write_all(list(made.files))
    pdf = out.with_suffix(".pdf")
    about, tree = (subprocess.run(["pdfinfo", *how, str(pdf)], check=True, capture_output=True, timeout=60).stdout.decode()
                   for how in ((), ("-struct",)))
    assert re.search(r"Tagged: +yes", about) and re.search(r"Title: +Opfølgning på aftalen 2015: Viborg", about)
    kinds = Counter(re.findall(r"^ *(H1|H2|H3|Table|TH|Figure)\b", tree, re.M))
    document = docx.Document(str(out))
    assert kinds["H1"] == sum(p.style.name == "Heading 1" for p in document.paragraphs)
    assert kinds["Table"] == len(document.tables) and kinds["TH"] == sum(len(t.columns) for t in document.tables)
    data = pdf.read_bytes()
    said_of_figure = "Nu: 8 opfyldt".encode("utf-16-be").hex().upper().encode()
    assert kinds["Figure"] == 1 and re.search(rb"/Alt<FEFF[0-9A-F]*" + said_of_figure, data)
    assert b"/Lang(da-DK)" in data and b"/Outlines" in data
    again = rapport(followups["aarsopfoelgning"], out, pdf=True)
    assert not again.files and "PDF'en er uændret" in again.said[-1]


def test_the_shipped_template_is_what_its_script_builds(tmp_path: Path) -> None:
    out = tmp_path / "skabelon.docx"
    subprocess.run([sys.executable, str(ROOT / "templates" / "byg_rapport_skabelon.py"), "--ud", str(out)], check=True,
                   capture_output=True, timeout=60)
    assert out.read_bytes() == SHIPPED
    asked = set(re.findall(r"\[\[(.+?)\]\]", said(SHIPPED)))
    assert asked >= set(BLOCKS) and asked <= {*BLOCKS, *FIELDS}


def test_who_has_no_department_or_unit_still_has_a_report(year_report: Report) -> None:
    nameless = replace(year_report, author="")
    assert docx.Document(io.BytesIO(drawn(nameless))).core_properties.title == "Opfølgning på aftalen 2015"
