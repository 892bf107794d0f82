"""Udvikling: the share of the effektmål that are met from year to year, in all and unit by unit."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pytest
from making_units import write_unit
from test_saml import Desk, book_of, desk, followups, goal, rows, run  # noqa: F401  (desk is a fixture)

from aftale.model.agreement import Round, Status
from aftale.units.count_frames import count_across
from aftale.units.development import Development, Reached, development_sheet
from aftale.units.draw_xlsx import draw_across
from aftale.units.model import UnitFollowUp
from aftale.units.which_count import gather_units

Said = Mapping[int, str]


def found(made: list[UnitFollowUp]) -> Development | None:
    there = count_across(gather_units(made)).development
    assert count_across(gather_units(made[::-1])).development == there
    return there


def said(reached: Mapping[int, Reached]) -> Said:
    """Return how many effektmål are met of how many, by year; with a star where a unit has only midtvejs."""
    return {year: f"{each.met}/{each.goals}{'*' if each.midway else ''}" for year, each in reached.items()}


DEVELOPMENTS: dict[str, tuple[str, Said, Said, Mapping[str, Said]]] = {
    "a unit of several years, the earliest first": ("""
        a | Vest | K | 2016 | år | | whole | Opfyldt, Opfyldt
        b | Vest | K | 2014 | år | | whole | Udgået
        c | Vest | K | 2015 | år | | whole | Opfyldt, Ikke opfyldt""",
        {2014: "0/1", 2015: "1/2", 2016: "2/2"}, {}, {"Vest": {2014: "0/1", 2015: "1/2", 2016: "2/2"}}),
    "the årsopfølgning before the midtvejs of the year": ("""
        a | Vest | K | 2015 | år   | | whole | Opfyldt, Opfyldt
        b | Vest | K | 2015 | midt | | whole | Opfyldt, Ikke igangsat
        c | Vest | K | 2016 | midt | | whole | Opfyldt, Ikke igangsat""",
        {2015: "2/2", 2016: "1/2*"}, {}, {"Vest": {2015: "2/2", 2016: "1/2*"}}),
    "a unit that is new in the second year": ("""
        a | Vest | K | 2015 | år | | whole | Opfyldt
        b | Vest | K | 2016 | år | | whole | Udgået
        c | Øst  | K | 2016 | år | | whole | Opfyldt, Mangler svar, Uafklaret""",
        {2015: "1/1", 2016: "1/4"}, {2015: "1/1", 2016: "0/1"},
        {"Vest": {2015: "1/1", 2016: "0/1"}, "Øst": {2016: "1/3"}}),
    "units of one name in two departments": ("""
        a | Vest | K | 2015 | år | | whole | Opfyldt
        b | Vest | K | 2016 | år | | whole | Opfyldt
        c | Vest | M | 2015 | år | | whole | Udgået
        d | Vest | M | 2016 | år | | whole | Udgået""",
        {2015: "1/2", 2016: "1/2"}, {},
        {"Vest (K)": {2015: "1/1", 2016: "1/1"}, "Vest (M)": {2015: "0/1", 2016: "0/1"}}),
}


@pytest.mark.parametrize("case", DEVELOPMENTS)
def test_the_effektmaal_that_are_met_are_counted_by_year(case: str) -> None:
    table, all_, same, by_unit = DEVELOPMENTS[case]
    there = found(followups(table))
    assert there is not None and list(there.all) == sorted(all_)
    assert (said(there.all), said(there.same)) == (all_, same)
    assert {name: said(each) for name, each in there.units.items()} == by_unit


@pytest.mark.parametrize("table", [
    "a | Vest | K | 2015 | år | | whole | Opfyldt",
    "a | Vest | K | 2015 | år | | whole | Opfyldt\nb | Vest | K | 2015 | midt | | whole | Opfyldt",
    "a | Vest | K | 2015 | år | | whole | Opfyldt\nb | Øst | K | 2016 | år | | whole | Opfyldt",
], ids=["one follow-up", "two rounds of a year", "units of a year each"])
def test_there_is_no_development_where_no_unit_has_two_years(table: str) -> None:
    made = followups(table)
    assert found(made) is None and book_of(gather_units(made)).development is None


def test_delmaal_are_not_counted() -> None:
    sub = replace(goal(2, "Opfyldt"), texts=("U", "F", "E", "D"))
    made = [replace(each, goals=(*each.goals, sub)) for each in followups("""
        a | Vest | K | 2015 | år | | whole | Opfyldt
        b | Vest | K | 2016 | år | | whole | Udgået""")]
    there = found(made)
    assert there is not None and said(there.all) == {2015: "1/1", 2016: "0/1"}


# ---------------------------------------------------------------- what is said of it

def of(*units: Mapping[int, Reached]) -> Development:
    """Return the development of units by their numbers in each year."""
    def summed(year: int) -> Reached:
        there = [each[year] for each in units if year in each]
        return Reached(sum(each.goals for each in there), sum(each.met for each in there), len(there),
                       sum(each.midway for each in there))
    years = sorted({year for each in units for year in each})
    by_unit = {f"Enhed {number}": each for number, each in enumerate(units, 1)}
    return Development({year: summed(year) for year in years}, {}, by_unit)


SENTENCES: dict[str, tuple[Development, str]] = {
    "one unit that goes forward": (of({2015: Reached(4, 1), 2016: Reached(4, 2)}),
                                   "I 2016 er 50 % af effektmålene opfyldt (2 af 4), 25 procentpoint mere end i 2015."),
    "one unit that goes back": (of({2015: Reached(4, 2), 2016: Reached(3, 1)}),
                                "I 2016 er 33 % af effektmålene opfyldt (1 af 3), 17 procentpoint mindre end i 2015."),
    "as much as the year before": (of({2015: Reached(4, 2), 2016: Reached(2, 1)}),
                                   "I 2016 er 50 % af effektmålene opfyldt (1 af 2), lige så meget som i 2015."),
    "several units": (of({2015: Reached(2, 1), 2016: Reached(2, 2)}, {2015: Reached(2, 1), 2016: Reached(2, 1)},
                         {2015: Reached(2, 1), 2016: Reached(2, 1)}, {2016: Reached(2, 0)}),
                      "I 2016 er 50 % af effektmålene opfyldt (4 af 8), lige så meget som i 2015. Siden 2015: ↑ 1 enhed er"
                      " gået frem · → 2 enheder er uændrede."),
}


@pytest.mark.parametrize(("there", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_how_it_went_is_said_in_a_sentence(there: Development, sentence: str) -> None:
    assert development_sheet(there, {}).sentence == sentence


def test_a_share_is_shown_with_what_it_is_of_and_whether_it_may_still_grow() -> None:
    there = of({2015: Reached(4, 1), 2016: Reached(2000, 500, midway=1)}, {2015: Reached(0, 0), 2016: Reached(2, 1)})
    sheet = development_sheet(there, {"Enhed 1": 4})
    first, second = sheet.units
    assert [cell.value for cell in first] == ["Enhed 1", 0.25, 0.25, 0.0] and first[0].link == "'Mål'!A4"
    assert [first[1].number, first[2].number] == ['0 %" af 4"', '0 %" af 2.000*"']
    assert [cell.value for cell in second] == ["Enhed 2", None, 0.5, None], "no goals: no share, and no change"
    assert any(note.startswith("* ") and "midtvejsopfølgning" in note for note in sheet.notes)


@pytest.mark.parametrize(("many", "lines"), [(1, 0), (3, 3), (6, 6), (7, 0)], ids=lambda n: f"{n}")
def test_few_units_have_a_line_each_in_the_chart_and_each_its_own_marks(many: int, lines: int) -> None:
    made = followups("\n".join(f"{n}{year} | Enhed {n} | K | {year} | år | | whole | Opfyldt"
                               for n in range(many) for year in (2015, 2016)))
    across = gather_units(made)
    drawn = ZipFile(io.BytesIO(draw_across(book_of(across))))
    chart = drawn.read("xl/charts/chart2.xml").decode()
    assert chart.count("<c:ser>") == 1 + lines
    marks = re.findall(r'<c:symbol val="(\w+)"/>', chart)
    assert len(set(marks)) == len(marks) == lines


@pytest.mark.parametrize("name", ["Ve\x01st", "Ve\x0bst", "<r>Vest</r>", "A & <B>", "=1+1", "Ve\ufffest", "Vest\ud800"],
                         ids=ascii)
def test_any_name_of_a_unit_can_stand_in_the_chart(name: str) -> None:
    made = [replace(each, unit=name if each.unit == "Vest" else each.unit) for each in followups("""
        a | Vest | K | 2015 | år | | whole | Opfyldt
        b | Vest | K | 2016 | år | | whole | Udgået
        c | Øst  | K | 2016 | år | | whole | Opfyldt""")]
    drawn = ZipFile(io.BytesIO(draw_across(book_of(gather_units(made)))))
    parsed = [ElementTree.fromstring(drawn.read(part)) for part in drawn.namelist() if part.endswith((".xml", ".rels"))]
    assert len(parsed) > 10


def pages_high(sheet: Any) -> int:
    high = sheet.page_setup.fitToHeight
    return 1 if high is None else int(high)


@pytest.mark.parametrize(("many", "pages"), [(40, 1), (60, 0)], ids=["forty units on one page", "sixty on several"])
def test_the_units_are_printed_as_large_as_they_can_be_read(many: int, pages: int) -> None:
    made = followups("\n".join(f"{n}{year} | Enhed {n} | K | {year} | år | | whole | Opfyldt"
                               for n in range(many) for year in (2015, 2016)))
    across = gather_units(made)
    sheet = openpyxl.load_workbook(io.BytesIO(draw_across(book_of(across))))["Udvikling"]
    assert pages_high(sheet) == pages and bool(sheet.print_title_rows) == (pages == 0)


# ---------------------------------------------------------------- with real workbooks

def test_the_sheet_says_what_the_follow_ups_say_on_one_page(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    for years in range(3):
        write_unit(desk.small, tmp_path / "ind" / f"vest_{years}.xlsx", "Vest", years=years)
    write_unit(desk.small, tmp_path / "ind" / "øst.xlsx", "Øst", years=1, round_=Round.MIDTVEJS)
    run([tmp_path / "ind"], tmp_path / "ud.xlsx")
    book = openpyxl.load_workbook(tmp_path / "ud.xlsx")
    sheet = book["Udvikling"]
    assert book.sheetnames[:3] == ["Overblik", "Udvikling", "Enheder"] and sheet["B1"].value == "Udvikling 2015-2017"
    top, bottom = (int(each) for each in re.findall(r"\d+", sheet.tables["Udvikling"].ref))
    shown = {row[1]: row[2:] for row in sheet.iter_rows(min_row=top, max_row=bottom, values_only=True)}
    met = {year: [row["Status"] == Status.MET for row in rows(tmp_path / "ud.xlsx", "Mål")
                  if row["Enhed"] == "Vest" and row["År"] == year] for year in ("2015", "2016", "2017")}
    assert shown["Enhed"] == (*met, "Ændring 2016-2017")
    assert shown["Vest"][:3] == pytest.approx([sum(each) / len(each) for each in met.values()])
    assert shown["Øst"][0] is shown["Øst"][2] is None and shown["Øst"][1] is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.orientation == "portrait"
    assert pages_high(sheet) == 1 and int(sheet.page_setup.paperSize) == 9 and len(sheet._charts) == 1
    drawing = ZipFile(tmp_path / "ud.xlsx").read("xl/drawings/drawing2.xml").decode()
    assert 'descr="Søjlediagram over den andel af alle enheders effektmål, der er opfyldt: 2015 ' in drawing
