"""Every choice on »Kontrol« played through the chain: written in the workbook, obeyed by flet, remembered, carried on."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import openpyxl
import pytest
from conftest import Year, cell_at, column_of, header_row, merge, once, opened, out
from openpyxl.worksheet.worksheet import Worksheet

import aftale
from aftale.office.report import Report
from aftale.office.safe_write import write_all
from aftale.steps.flet import flet
from aftale.steps.fordel import DraftFolder
from aftale.steps.indlaes import Known, indlaes
from aftale.steps.kse import Wanted
from aftale.steps.nyt_aar import nyt_aar

Row = dict[str, Any]
LEADERS = {"M2.2.5": {"Resultat": 2, "Status": "Opfyldt", "Bemærkninger": "To er holdt."},
           "M2.2.3": {"Status": "måske", "Bemærkninger": "Uklart."}}


def beside_and_below(sheet: Worksheet) -> None:
    """Write beside a goal, and suggest another below the table, as people do."""
    cell_at(sheet, "M2.2.5", "Mål-id").offset(column=sheet.max_column).value = "Ring gerne om tallet"
    sheet.cell(sheet.max_row, column_of(sheet, "Effektmål")).value = "En fast torvedag"


def begin(year: Year) -> None:
    year.fill("Ledelsen", LEADERS, by="Ledelsessekretariatet", saved=datetime(2015, 11, 5), change=beside_and_below)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "ca. 20", "Status": "opfyldt "}}, name="a.xlsx", by="Husteamet",
              saved=datetime(2015, 11, 5))
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "ca. 20", "Status": "Delvist opfyldt"}}, name="b.xlsx", by="Husteamet",
              saved=datetime(2015, 11, 6))
    once(merge, year)


def rows(year: Year, sheet: str = "Kontrol") -> list[Row]:
    page = opened(out(year), values=True)[sheet]
    top = header_row(page)
    headers = {cell.column: str(cell.value) for cell in page[top] if cell.value}
    return [{"": row, **{header: page.cell(row, column).value for column, header in headers.items()}}
            for row in range(top + 1, page.max_row + 1)]


def line(year: Year, **wanted: str) -> Row:
    """Return the one line with these texts: the word is the beginning of its header."""
    found = [row for row in rows(year) if all(
        text in str(next(v for header, v in row.items() if header.casefold().replace("-", "_").replace(" ", "_").startswith(
            key)) or "") for key, text in wanted.items())]
    assert len(found) == 1, (wanted, found)
    return found[0]


def choose(year: Year, row: Row, pick: str | None = None, own: object = None) -> Report:
    return choose_all(year, [(row, pick, own)])


def choose_all(year: Year, choices: list[tuple[Row, str | None, object]]) -> Report:
    book = openpyxl.load_workbook(out(year))
    page = book["Kontrol"]
    for row, pick, own in choices:
        for header, value in (("Vælg", pick), ("Egen formulering", own)):
            page.cell(row[""], column_of(page, header)).value = value  # type: ignore[assignment]
    book.save(out(year))
    return merge(year)


def shown(year: Year, goal: str, header: str) -> Any:
    return cell_at(opened(out(year), values=True)["Opfølgning"], goal, header).value


def offered(path: Path, row: int) -> list[str]:
    page = opened(path)["Kontrol"]
    cell = page.cell(row, column_of(page, "Vælg")).coordinate
    lists = [rule.formula1 for rule in page.data_validations.dataValidation if cell in rule.sqref and rule.formula1]
    return lists[0].strip('"').split(",") if lists else []


STATUS: Row = {"slags": "Status og tal"}
LOOSE: Row = {"der_stod": "Ring gerne"}


@pytest.mark.parametrize(("at", "choices"), [
    pytest.param(STATUS, ["Behold »Opfyldt«", "Brug »Delvist opfyldt«", "Spørg Ledelsen"], id="status-not-as-computed"),
    pytest.param({"der_stod": "torvedag"}, ["Tag med i næste aftale", "Svar på arket Dialog", "Gør ikke mere"],
                 id="proposed-goal"),
    pytest.param(LOOSE, ["Føj til Bemærkninger", "Føj til Næste skridt", "Gør ikke mere"], id="loose-text-at-a-goal"),
    pytest.param({"slags": "Erstattet svar"}, ["Brug det ældre svar"], id="superseded"),
    pytest.param({"der_stod": "måske"}, ["Tag ikke med", "Spørg Ledelsen"], id="unreadable"),
    pytest.param({"slags": "Læsning", "der_stod": "opfyldt"}, [], id="certain-reading")])
def test_the_choices_say_what_happens(year: Year, at: Row, choices: list[str]) -> None:
    begin(year)
    assert offered(out(year), line(year, **at)[""]) == choices


def dialog(year: Year, text: str) -> list[tuple[str, ...]]:
    """Return the lines of Dialog that say something: Mål-id, who, and whom they wait for."""
    page = opened(out(year), values=True)["Dialog"]
    at = {header: column_of(page, header) for header in ("Mål-id", "Hvem", "Tilstand", "Hvad blev der skrevet")}
    return [tuple(page.cell(row, at[header]).value for header in ("Mål-id", "Hvem", "Tilstand"))
            for row in range(5, page.max_row + 1) if text in str(page.cell(row, at["Hvad blev der skrevet"]).value)]


def holds(goal: str, header: str, value: str) -> Callable[[Year], bool]:
    return lambda year: shown(year, goal, header) == value


SHOWN = (("M2.2.5", "Status"), ("M2.2.5", "Bemærkninger"), ("M2.2.5", "Næste skridt"), ("M2.2.3", "Status"),
         ("M2.1.1", "Status"))
Played = tuple[Row, str | None, str | None, str, Callable[[Year], bool]]
OLDER: Row = {"slags": "Erstattet svar"}
SUGGESTED, UNREADABLE = {"der_stod": "torvedag"}, {"der_stod": "måske"}
PLAYED: dict[str, list[Played]] = {
    # the line, what is picked, what is written, what its Tilstand becomes, and what then holds
    "use, add, take along": [
        (STATUS, "Brug »Delvist opfyldt«", None, "Afgjort", holds("M2.2.5", "Status", "Delvist opfyldt")),
        (LOOSE, "Føj til Bemærkninger", None, "Føjet til",
         holds("M2.2.5", "Bemærkninger",
               "Ledelsessekretariatet: To er holdt.\nLedelsessekretariatet: Ring gerne om tallet")),
        (OLDER, "Brug det ældre svar", None, "Afgjort", holds("M2.1.1", "Status", "Opfyldt")),
        (SUGGESTED, "Tag med i næste aftale", None, "Tages med", lambda _: True),
        (UNREADABLE, "Tag ikke med", None, "Udeladt", holds("M2.2.3", "Status", "Mangler svar"))],
    "keep, add to the next step, use what was meant": [
        (STATUS, "Behold »Opfyldt«", None, "Beholdt", holds("M2.2.5", "Status", "Opfyldt")),
        (LOOSE, "Føj til Næste skridt", None, "Føjet til", holds("M2.2.5", "Næste skridt", "Ring gerne om tallet")),
        (UNREADABLE, "Brug »Delvist opfyldt«", None, "Rettet", holds("M2.2.3", "Status", "Delvist opfyldt"))],
    "ask, and no more": [
        (STATUS, "Spørg Ledelsen", None, "Åben", holds("M2.2.5", "Status", "Opfyldt")),
        (LOOSE, "Gør ikke mere", None, "Set", holds("M2.2.5", "Bemærkninger", "To er holdt.")),
        (SUGGESTED, "Gør ikke mere", None, "Set", lambda _: True)],
    "answer on Dialog": [(SUGGESTED, "Svar på arket Dialog", None, "På Dialog", lambda year: dialog(year, "torvedag") == [
        ("Hele aftalen", "Ledelsessekretariatet", "Venter på KSE")])],
    "the former version's words, and other marks": [
        (STATUS, "Godkend", None, "Beholdt", holds("M2.2.5", "Status", "Opfyldt")),
        (UNREADABLE, "Godkend", None, "Set", holds("M2.2.3", "Status", "Mangler svar")),
        (SUGGESTED, "ok", None, "Set", lambda _: True)],
    "own words": [
        (STATUS, None, "Ikke opfyldt", "Afgjort", holds("M2.2.5", "Status", "Ikke opfyldt")),
        (UNREADABLE, None, "opfyldt", "Rettet", holds("M2.2.3", "Status", "Opfyldt"))]}


@pytest.mark.parametrize("name", PLAYED)
def test_flet_obeys_and_remembers(year: Year, name: str) -> None:
    begin(year)
    before = {cell: shown(year, *cell) for cell in SHOWN}
    played = [(line(year, **at), *rest) for at, *rest in PLAYED[name]]
    report = choose_all(year, [(row, pick, own) for row, pick, own, *_ in played])
    assert [p.code for p in report.problems if p.code.startswith("choice-")] == []
    for row, pick, own, word, is_so in played:
        now = line(year, nøgle=row["Nøgle"])
        wanted = "Godkend" if pick == "ok" else pick
        assert (now["Tilstand"], now["Vælg"], now["Egen formulering"]) == (word, wanted, own)
        assert is_so(year), row["Hvad"]
    cells = cast(dict[str, Any], report.data["cells"])
    assert cells["balance"] and cells["control"] == sum(row["Celler"] or 0 for row in rows(year))
    assert merge(year).files == (), "a second flet has nothing to write"
    choose_all(year, [(line(year, nøgle=row["Nøgle"]), None, None) for row, *_ in played])
    assert {cell: shown(year, *cell) for cell in SHOWN} == before, "every choice can be taken back"
    assert all(line(year, nøgle=row["Nøgle"])["Tilstand"] == row["Tilstand"] for row, *_ in played)


def test_a_choice_follows_its_line_wherever_the_sheet_is_sorted(year: Year) -> None:
    begin(year)
    played = PLAYED["use, add, take along"]
    keys = [(line(year, **at)["Nøgle"], pick) for at, pick, *_ in played]
    book = openpyxl.load_workbook(out(year))
    page = book["Kontrol"]
    first, key = header_row(page) + 1, column_of(page, "Nøgle")
    texts = [[cell.value for cell in row] for row in page.iter_rows(first, page.max_row)]
    for row, values in enumerate([*reversed(texts[2:]), [None] * len(texts[0]), *texts[:2]], first):
        for column, value in enumerate(values, 1):
            page.cell(row, column).hyperlink = None
            page.cell(row, column).value = value
    at = {page.cell(row, key).value: row for row in range(first, page.max_row + 1)}
    for known, pick in keys:
        page.cell(at[known], column_of(page, "Vælg")).value = pick
    book.save(out(year))
    merge(year)
    assert all(is_so(year) for *_, is_so in played)
    states = [row["Tilstand"] for row in rows(year)]
    assert states[0] == "Åben" and "Åben" not in states[states.index("Til orientering"):], "and it is in order again"
    assert merge(year).files == ()


def test_the_department_never_sees_kontrol_nor_what_was_chosen_there(year: Year) -> None:
    begin(year)
    book = openpyxl.load_workbook(out(year))
    page = book["Kontrol"]
    for at, pick, *_ in PLAYED["use, add, take along"]:
        page.cell(line(year, **at)[""], column_of(page, "Vælg")).value = pick
    book.save(out(year))
    edition = year.folder / "til_kse.xlsx"
    write_all(list(flet(year.agreement, [year.answers], out(year), kse=Wanted(edition)).files))
    with zipfile.ZipFile(edition) as package:
        text = "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    assert "Afgjort af koordinatoren (indberettet: Opfyldt)" in text and "Ring gerne om tallet" in text
    for word in ("Kontrol", "Spørg Ledelsen", "Brug »", "Brug det ældre", "Tag med i næste", "Føj til", "torvedag"):
        assert word not in text, word


def test_a_status_of_the_coordinators_is_told_as_such_and_the_reported_one_stays_on_record(year: Year) -> None:
    begin(year)
    choose(year, line(year, **STATUS), "Brug »Delvist opfyldt«")
    assert shown(year, "M2.2.5", "Svarstatus") == "Afgjort af koordinatoren (indberettet: Opfyldt)"
    page = opened(out(year))["Opfølgning"]
    letter = cell_at(page, "M2.2.5", "Svarstatus").column_letter
    assert not page.column_dimensions[letter].hidden, "and it is in sight, for the department too"
    assert "Status: Opfyldt" in line(year, **STATUS)["Der stod"]
    bare = openpyxl.load_workbook(out(year))
    del bare["_aftale"]
    bare.save(year.folder / "uden_skjult_ark.xlsx")
    for path in (out(year), year.folder / "uden_skjult_ark.xlsx"):
        data = aftale.frames(path).results.set_index("maal_id").loc["M2.2.5"]
        assert [data[name] for name in ("status", "indberettet_status", "svarstatus")] == [
            "Delvist opfyldt", "Opfyldt", "Besvaret"]
    again = {**LEADERS, "M2.2.5": {"Resultat": 2, "Status": "Ikke opfyldt", "Bemærkninger": "Kun to."}}
    year.fill("Ledelsen", again, name="ny.xlsx", by="Ledelsessekretariatet", saved=datetime(2015, 11, 9))
    assert "reopened" in [p.code for p in merge(year).problems], "a new answer opens it again"


def test_a_text_that_was_added_is_left_alone_once_the_coordinator_edits_the_remark(year: Year) -> None:
    begin(year)
    choose(year, line(year, **LOOSE), "Føj til Bemærkninger")
    book = openpyxl.load_workbook(out(year))
    cell_at(book["Opfølgning"], "M2.2.5", "Bemærkninger").value = "Ringet op: to er holdt."
    book.save(out(year))
    merge(year)
    assert shown(year, "M2.2.5", "Bemærkninger") == "Ringet op: to er holdt."
    assert merge(year).files == ()


def test_what_is_to_be_asked_goes_back_and_a_new_answer_closes_it(year: Year) -> None:
    begin(year)
    choose(year, line(year, **STATUS), "Spørg Ledelsen")
    report = indlaes(year.agreement, [year.answers], retur=DraftFolder(year.folder / "retur"), known=Known(out(year)))
    asked = {q["code"] for each in report.data["returns"] for q in each["questions"]}  # type: ignore[attr-defined]
    assert "status-contradiction" in asked
    year.fill("Ledelsen", {**LEADERS, "M2.2.5": {"Resultat": 3, "Status": "Opfyldt"}}, name="ny.xlsx",
              by="Ledelsessekretariatet", saved=datetime(2015, 11, 9))
    merge(year)
    assert not [row for row in rows(year) if row["Slags"] == "Status og tal"]


@pytest.mark.parametrize(("pick", "said", "asked"), [
    pytest.param("Tag med i næste aftale", "som I har valgt at tage med", True, id="taken-along"),
    pytest.param("Gør ikke mere", "", False, id="let-go"),
    pytest.param("Svar på arket Dialog", "Skal det være et mål", False, id="asked-about"),
    pytest.param(None, "Skal det være et mål", False, id="undecided")])
def test_a_suggestion_goes_into_next_years_agreement_as_it_was_chosen(year: Year, pick: str | None, said: str,
                                                                      asked: bool) -> None:
    begin(year)
    choose(year, line(year, der_stod="torvedag"), pick)
    report = nyt_aar(year.agreement, [out(year)], year.folder / "2016.xlsx")
    write_all(list(report.files))
    page = opened(year.folder / "2016.xlsx")["Nyt i 2016"]
    told = [str(row) for row in page.iter_rows(values_only=True) if "torvedag" in str(row)]
    assert len(told) == bool(said) and all(said in each for each in told)
    assert ("next-suggested" in [p.code for p in report.problems]) is asked


def swap_ids(sheet: Worksheet) -> None:
    one, other = cell_at(sheet, "M2.2.5", "Mål-id"), cell_at(sheet, "M2.2.3", "Mål-id")
    one.value, other.value = other.value, one.value


def test_a_row_of_two_goals_is_read_as_the_one_that_is_chosen(year: Year) -> None:
    year.fill("Ledelsen", {"M2.2.5": {"Resultat": 3, "Status": "Opfyldt", "Bemærkninger": "Tre er holdt · alle i juni"},
                           "M2.2.3": {"Status": "Delvist opfyldt"}}, by="Ledelsen", saved=datetime(2015, 11, 5),
              change=swap_ids)
    merge(year)
    at = {"hvad": "passer ikke sammen", "der_stod": "Tre er holdt"}
    row = line(year, **at)
    assert offered(out(year), row[""]) == ["Gælder M2.2.3", "Gælder M2.2.5", "Tag ikke med", "Spørg Ledelsen"]
    report = choose(year, row, "Gælder M2.2.5")
    assert [shown(year, "M2.2.5", header) for header in ("Resultat", "Status", "Bemærkninger")] == [
        3, "Opfyldt", "Tre er holdt · alle i juni"]
    assert report.data["cells"]["balance"] is True  # type: ignore[index]
    assert line(year, **at)["Hvad sker der?"] == "Rækkens svar er læst som svar på M2.2.5."
    assert merge(year).files == ()
    choose(year, line(year, **at))
    assert shown(year, "M2.2.5", "Status") == "Mangler svar", "and it can be taken back"


# ---------------------------------------------------------------- what fits where

def sheet_xml(path: Path, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(path) as package:
        number = openpyxl.load_workbook(path, read_only=True).sheetnames.index(name) + 1
        return ElementTree.fromstring(re.sub(rb'\sxmlns="[^"]*"', b"", package.read(f"xl/worksheets/sheet{number}.xml"),
                                             count=1))


def pixels(sheet: ElementTree.Element) -> list[int]:
    """Return how wide each column is at 100 %, as Excel makes it of the width that is written."""
    return [round(float(col.attrib["width"]) * 7) for col in sheet.iter("col")
            for _ in range(int(col.attrib["min"]), int(col.attrib["max"]) + 1)]


SCREEN, A4_ACROSS, POINTS = 1480, 297 / 25.4 * 72, 0.75
KONTROL = {"Tilstand": 104, "Mål-id": 76, "Hvad": 300, "Der stod": 196, "Læst som": 120, "Vælg": 176,
           "Egen formulering": 200, "Hvad sker der?": 264}


@pytest.mark.parametrize(("name", "smallest"), [("Kontrol", 7.4), ("Modstridende svar", 7.4)])
def test_all_that_she_decides_by_fits_a_screen_and_an_a4_page(year: Year, name: str, smallest: float) -> None:
    begin(year)
    sheet, page = sheet_xml(out(year), name), opened(out(year))[name]
    headers = [str(cell.value) for cell in page[header_row(page)] if cell.value]
    main = headers.index("Opslag")
    wide = pixels(sheet)
    if name == "Kontrol":
        assert dict(zip(headers[:main], wide, strict=False)) == KONTROL
        assert headers[main + 1:] == ["Slags", "Mål", "Fil", "Ark", "Celle", "Celler", "Nr.", "Nøgle"]
    assert {"Vælg", "Egen formulering"} <= set(headers[:main]) and wide[main] == 24
    assert sum(wide[:main]) <= SCREEN
    margins = page.page_margins
    across = A4_ACROSS - 72 * (margins.left + margins.right)
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage and page.page_setup.fitToWidth in (None, 1)
    assert round(10 * across / (sum(wide[:main]) * POINTS), 1) >= smallest
    assert page.print_area.split("!")[1].split(":")[1].strip("$").startswith(openpyxl.utils.get_column_letter(main))
    assert page.freeze_panes == ("C5" if name == "Kontrol" else "C4")


def test_what_is_open_stands_first_by_goal_and_the_programs_own_bookkeeping_is_out_of_the_way(year: Year) -> None:
    begin(year)
    told = [(row["Tilstand"], row["Slags"]) for row in rows(year)]
    states = [state for state, _ in told]
    assert states == sorted(states, key=("Fejl", "Åben", "Til orientering").index)
    goals = [row["Mål-id"] or "~" for row in rows(year) if row["Tilstand"] == "Åben"]
    assert goals == sorted(goals)
    page = opened(out(year), values=True)["Kontrol"]
    folded = [row[""] for row in rows(year) if row["Slags"] == "Udfyldt i skemaet"]
    assert [kind for _, kind in told][-len(folded):] == ["Udfyldt i skemaet"] * len(folded)
    assert all(page.row_dimensions[row].hidden for row in folded)
    assert "Regnskab" not in [kind for _, kind in told] and page["A3"].value.startswith("Optælling: ")
    assert page["A2"].value.startswith(f"{states.count('Åben')} af {states.count('Åben')} åbne ting mangler din afgørelse.")


def test_where_nothing_is_open_it_says_so_and_nothing_that_there_is_is_folded_away(year: Year) -> None:
    form = opened(year.forms["Husteamet"])["Skema"]
    goals = [str(cell.value) for cell in form["A"] if re.fullmatch(r"M[\d.]+", str(cell.value))]
    year.fill("Husteamet", {goal: {"Status": "Afventer data"} for goal in goals}, by="Husteamet", done="Ja",
              saved=datetime(2015, 11, 5))
    merge(year)
    told = rows(year)
    assert told and {row["Tilstand"] for row in told} == {"Til orientering"}
    page = opened(out(year), values=True)["Kontrol"]
    assert page["A2"].value == "Intet er åbent. Linjerne herunder er til orientering."
    assert not any(page.row_dimensions[row[""]].hidden for row in told)
    assert {"Vælg", "Egen formulering"} <= {cell.value for cell in page[header_row(page)]}


def test_row_2_counts_as_choices_are_made(year: Year, recalculated: Callable[..., list[Path]]) -> None:
    begin(year)
    year.fill("Husteamet", {"M2.1.1": {"Status": "Ikke opfyldt"}}, by="En anden", saved=datetime(2015, 11, 7))
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 9}}, name="c.xlsx", by="En tredje", saved=datetime(2015, 11, 7))
    merge(year)
    first = opened(out(year), values=True)
    told = [first["Kontrol"]["A2"].value, first["Modstridende svar"]["A2"].value]
    left = int(told[0].split(" af ")[0])
    assert told[1].startswith("1 af 1 felt mangler din afgørelse.")
    book = openpyxl.load_workbook(out(year))
    page, conflicts = book["Kontrol"], book["Modstridende svar"]
    page.cell(line(year, **STATUS)[""], column_of(page, "Vælg")).value = "Spørg Ledelsen"
    chosen = year.folder / "valgt.xlsx"
    conflicts.cell(header_row(conflicts) + 2, column_of(conflicts, "Vælg")).value = "x"
    book.save(chosen)
    drawn, now = (openpyxl.load_workbook(path, data_only=True) for path in recalculated(out(year), chosen))
    assert [drawn["Kontrol"]["A2"].value, drawn["Modstridende svar"]["A2"].value] == told, "stored is what is computed"
    assert now["Kontrol"]["A2"].value.startswith(f"{left - 1} af {left} ")
    assert now["Modstridende svar"]["A2"].value.startswith("Alle felter er afgjort.")


# ---------------------------------------------------------------- a follow-up of the former version

def as_the_former_version_drew_it(path: Path) -> None:
    """Draw Kontrol as it was: other headers in another order, and the account on a line of its own."""
    book = openpyxl.load_workbook(path)
    page = book["Kontrol"]
    old = {"Tilstand": "Niveau", "Hvad sker der?": "Hvad nu?"}
    table = [[cell.value for cell in row] for row in page.iter_rows(header_row(page), page.max_row)]
    order = [table[0].index(each) for each in ("Nr.", "Tilstand", "Slags", "Mål-id", "Hvad", "Der stod", "Læst som",
                                               "Hvad sker der?", "Vælg", "Egen formulering", "Fil", "Ark", "Celle",
                                               "Celler", "Nøgle")]
    where = book.index(page)
    book.remove(page)
    page = book.create_sheet("Kontrol", where)
    for at, values in enumerate(table, 3):
        for column, number in enumerate(order, 1):
            page.cell(at, column).value = old.get(values[number], values[number])
    book.save(path)


def test_a_follow_up_of_the_former_version_is_read_with_its_decisions(year: Year) -> None:
    begin(year)
    choose(year, line(year, **STATUS), "Godkend")
    choose(year, line(year, der_stod="måske"), None, "Delvist opfyldt")
    as_the_former_version_drew_it(out(year))
    book = openpyxl.load_workbook(out(year))
    page = book["Kontrol"]
    loose = next(row for row in range(4, page.max_row + 1) if "Ring gerne" in str(page.cell(row, 6).value))
    page.cell(loose, 9).value = "Føj til Bemærkninger"
    book.save(out(year))
    merge(year)
    assert line(year, **STATUS)["Tilstand"] == "Beholdt"
    assert shown(year, "M2.2.3", "Status") == "Delvist opfyldt"
    assert "Ring gerne" in shown(year, "M2.2.5", "Bemærkninger")
