"""saml: follow-ups of many units side by side; every unit is counted once, and every file has a line."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from conftest import beside, fill_in
from filelock import FileLock
from hostile import package, parts_of
from hypothesis import given, settings
from hypothesis import strategies as st
from making_units import as_unit, write_edition, write_unit
from making_years import everything, example, made
from openpyxl.workbook import Workbook
from other_versions import newer, rewrite, with_new_fields
from running import run_here
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.intake.read import read_bytes
from aftale.intake.workers import Opened
from aftale.model.agreement import MISSING, Goal, Level, Owner, Round, Status
from aftale.model.columns import KSE_REMARK
from aftale.model.findings import Finding
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import Found, IncomingMail, Refused
from aftale.office.as_saved import as_we_saved_it
from aftale.office.package import Parts, read_parts, write_parts
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import digest, write_all
from aftale.steps.flet import flet
from aftale.steps.saml import Listed, read_list, saml, saml_data
from aftale.units.count_frames import count_across
from aftale.units.draw_xlsx import draw_across
from aftale.units.model import AcrossBook, ReadAs, UnitFollowUp, UnitGoal, packed_unit, unpacked_unit
from aftale.units.read_unit import unit_of, untouched
from aftale.units.which_count import Across, gather_units
from aftale.units.workbook import across_book, headline

ROUND = Round.AARSOPFOELGNING
SHEETS = ["Overblik", "Enheder", "Krav", "Mål", "Opmærksomhed", "Kilder", "_aftale"]


# ---------------------------------------------------------------- forty units

@dataclass(frozen=True)
class Desk:
    """Forty units' files in a folder each, the list of them, and what a few of them were made from."""

    folder: Path
    listed: Path
    small: Path
    large: Path

    def of(self, unit: str) -> Path:
        """Return the file of a unit."""
        return next((self.folder / unit).iterdir())


NAMES = [f"Bibliotek {number:02}" for number in range(30)]
OTHERS = {"tre": "Ærø Bibliotek", "150": "Zealand Bibliotek", "år": "Ådalens Bibliotek", "ødelagt": "Damhus Bibliotek",
          "rettet": "Gentofte Bibliotek", "udgave": "Faxe Bibliotek", "celler": "Herlev Bibliotek",
          "midtvejs": "Nyborg Bibliotek", "mail": "Odense Bibliotek", "zip": "Pandrup Bibliotek"}


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    own = tmp_path_factory.getbasetemp()
    base = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "saml"  # which is made once for all workers
    found = Desk(base / "modtaget", base / "enheder.txt", base / "tre" / "opfoelgning.xlsx", base / "150.xlsx")
    with FileLock(base.with_suffix(".lock")):
        if not found.listed.exists():
            make(base, found.folder)
            found.listed.write_text("\n".join(["Enhed", *NAMES, *OTHERS.values(), "Randers Bibliotek"]), encoding="utf-8")
    return found


def make(base: Path, folder: Path) -> None:
    small = made(base / "tre", 3, everything, 1, unit=OTHERS["tre"])
    large = write_unit(small, base / "150.xlsx", OTHERS["150"], more=[unanswered(number) for number in range(147)])
    file = "opfoelgning_2015_aarsopfoelgning.xlsx"  # they all have the same name, and nobody goes by it
    for name in NAMES:
        write_unit(small, folder / name / file, name)
    for name, path in ((OTHERS["tre"], small), (OTHERS["150"], large)):
        (folder / name).mkdir()
        shutil.copy(path, folder / name / file)
    write_unit(small, folder / OTHERS["år"] / file, OTHERS["år"], years=-1)
    write_unit(small, folder / OTHERS["midtvejs"] / file, OTHERS["midtvejs"], round_=Round.MIDTVEJS)
    broken = write_unit(small, folder / OTHERS["ødelagt"] / file, OTHERS["ødelagt"])
    broken.write_bytes(broken.read_bytes()[:-3000])
    edited = write_unit(small, folder / OTHERS["rettet"] / file, OTHERS["rettet"])
    edit(edited, {"M1.1.1": {"Status": "Ikke opfyldt", "Bemærkninger": "Det gik ikke."}})
    write_edition(small, folder / OTHERS["udgave"] / "kse.xlsx", OTHERS["udgave"])
    lost = write_unit(small, folder / OTHERS["celler"] / file, OTHERS["celler"])
    edit(lost, {}, lambda book: book.remove(book["_aftale"]))
    whole = write_unit(small, base / "send.xlsx", OTHERS["mail"])
    (folder / OTHERS["mail"]).mkdir()
    (folder / OTHERS["mail"] / "SV opfølgning.eml").write_bytes(mail(whole, "Opfølgningen er vedhæftet."))
    whole = write_unit(small, base / "pak.xlsx", OTHERS["zip"])
    (folder / OTHERS["zip"]).mkdir()
    with ZipFile(folder / OTHERS["zip"] / "opfølgning.zip", "w") as package:
        package.write(whole, "indeni/opf.xlsx")
        package.writestr("indeni/referat.txt", "Et referat.")


def unanswered(number: int) -> Goal:
    """A goal of the year; every second one serves one of KSE's demands."""
    texts = (f"Udviklingsmål {number // 20}", f"Fokusområde {number // 5}", f"Mål {number}", "")
    return Goal(f"M{2 + number // 20}.{number // 5}.{number}", Level.EFFECT, texts, {2015: None},
                owners=(Owner("Et andet team"),), demands=("Tilgængelighed",) if number % 2 else ())


def edit(path: Path, cells: Mapping[str, Mapping[str, Any]], change: Callable[[Workbook], None] | None = None) -> None:
    """Write in Opfølgning as a person does, and save with another program."""
    book = openpyxl.load_workbook(path)
    sheet = book["Opfølgning"]
    columns = {cell.value: cell.column for cell in sheet[3]}
    rows = {sheet.cell(row, 1).value: row for row in range(4, sheet.max_row + 1)}
    for goal, values in cells.items():
        for header, value in values.items():
            sheet.cell(rows[goal], columns[header]).value = value
    if change:
        change(book)
    book.save(path)


def mail(path: Path | None, text: str, sender: str = "biblioteket@example.dk", sent: str = "Thu, 12 Nov 2015 09:00:00 +0000"
         ) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Date"] = sender, "kse@example.dk", "Opfølgning", sent
    message.set_content(text)
    if path:
        message.add_attachment(path.read_bytes(), maintype="application", subtype="octet-stream", filename=path.name)
    return message.as_bytes()


def run(paths: Sequence[Path], out: Path, listed: Path | None = None) -> Report:
    report = saml(paths, out, listed)
    write_all(list(report.files))
    return report


@pytest.fixture(scope="session")
def gathered(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    out = tmp_path_factory.mktemp("ud") / "samling.xlsx"
    return run([desk.folder], out, desk.listed), out


def rows(out: Path, sheet: str) -> list[dict[str, Any]]:
    """Return the rows of a table sheet by their headers."""
    found = list(openpyxl.load_workbook(out, data_only=True)[sheet].iter_rows(min_row=3, values_only=True))
    return [dict(zip(found[0], row, strict=True)) for row in found[1:]]


def front(out: Path) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(out, data_only=True)["Overblik"]
    return [tuple(value for value in row if value is not None) for row in sheet.iter_rows(values_only=True)]


def units(report: Report) -> dict[str, dict[str, Any]]:
    return {each["unit"]: each for each in report.data["units"]}  # type: ignore[attr-defined]


def codes(report: Report) -> list[str]:
    return [p.code for p in report.problems]


def own_counts(path: Path) -> dict[str, int]:
    """Return what a follow-up's own ``Overblik`` counts."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Overblik"]
    found = {row[2]: row[3] for row in sheet.iter_rows(values_only=True) if isinstance(row[3], int | float)}
    return {status: int(found[status]) for status in (*Status, "Uafklaret", MISSING)}


def test_forty_units_of_every_kind_are_counted_each_once(desk: Desk, gathered: tuple[Report, Path]) -> None:
    report, out = gathered
    assert openpyxl.load_workbook(out).sheetnames == SHEETS
    found = units(report)
    assert set(found) == {*NAMES, *OTHERS.values()} - {OTHERS["ødelagt"]} and len(found) == 39
    assert all(each["counted"] for each in found.values())
    how = {key: (found[name]["read_as"], found[name]["goals"], found[name]["year"], found[name]["round"])
           for key, name in OTHERS.items() if name in found}
    whole, table = ("whole", 3, 2015, "aarsopfoelgning"), (3, 2015, "aarsopfoelgning")
    assert how == {"tre": whole, "150": ("whole", 150, 2015, "aarsopfoelgning"), "år": ("whole", 3, 2014, "aarsopfoelgning"),
                   "midtvejs": ("whole", 3, 2015, "midtvejs"), "rettet": whole, "udgave": ("edition", *table),
                   "celler": ("cells", *table), "mail": whole, "zip": whole}


def test_a_unit_counts_what_its_own_follow_up_counts(desk: Desk, gathered: tuple[Report, Path]) -> None:
    found = units(gathered[0])
    for name, path in ((OTHERS["tre"], desk.small), (OTHERS["150"], desk.large)):
        counts = {status: number for status, number in found[name]["counts"].items() if status != "Anden status"}
        assert counts == own_counts(path)
    assert found[OTHERS["150"]]["counts"][MISSING] == 147


def test_a_status_that_a_person_has_changed_counts(gathered: tuple[Report, Path]) -> None:
    report, out = gathered
    assert [units(report)[OTHERS[key]]["counts"]["Ikke opfyldt"] for key in ("tre", "rettet")] == [0, 1]
    goal = next(row for row in rows(out, "Mål") if row["Enhed"] == OTHERS["rettet"] and row["Mål-id"] == "M1.1.1")
    assert (goal["Status"], goal["Bemærkninger"]) == ("Ikke opfyldt", "Det gik ikke.")
    first = rows(out, "Opmærksomhed")[0]
    assert (first["Enhed"], first["Status"], first["Mål-id"]) == (OTHERS["rettet"], "Ikke opfyldt", "M1.1.1")
    assert first["Hvorfor"].endswith("Det gik ikke.")


def test_a_damaged_file_is_named_with_its_reason_and_takes_no_other_down(desk: Desk, gathered: tuple[Report, Path]) -> None:
    report, out = gathered
    broken, = (p for p in report.problems if p.level == "error")
    assert broken.place.container == OTHERS["ødelagt"] and broken.code == "file-truncated"
    assert report.exit_code == 1
    line = next(row for row in rows(out, "Kilder") if row["Lå i"] == OTHERS["ødelagt"])
    assert line["Hvad der blev af den"] == broken.message and line["Enhed"] is None


def test_every_file_has_a_line_and_one_outcome(desk: Desk, gathered: tuple[Report, Path]) -> None:
    lines = rows(gathered[1], "Kilder")
    assert [line["Nr."] for line in lines] == list(range(1, 42))  # forty units, and a note in the zip file
    assert Counter(line["Hvad der blev af den"] for line in lines)["Talt med."] == 39
    assert {line["Lå i"] for line in lines if line["Læst som"] == "Opfølgning"} >= {
        f"{OTHERS['mail']} > SV opfølgning.eml", f"{OTHERS['zip']} > opfølgning.zip > indeni"}
    note = next(line for line in lines if line["Fil"] == "referat.txt")
    assert note["Hvad der blev af den"] == "Filen er ikke et regneark og er ikke talt med."
    assert "referat.txt" not in {p.place.file for p in gathered[0].problems}


def test_all_the_numbers_are_those_of_the_goals(gathered: tuple[Report, Path]) -> None:
    report, out = gathered
    counted = Counter(row["Status"] for row in rows(out, "Mål") if row["Tæller med"] == "Ja")
    assert counted == {status: number for status, number in report.data["counts"].items() if number}  # type: ignore[attr-defined]
    shown = {line[0]: line[1] for line in front(out) if len(line) == 3 and line[0] in report.data["counts"]}  # type: ignore[operator]
    assert {status: number for status, number in shown.items() if number} == counted
    by_unit = rows(out, "Enheder")
    for status in (*Status, "Uafklaret", MISSING):
        assert sum(row[status] or 0 for row in by_unit) == counted[status]
    assert sum(counted.values()) == sum(each["goals"] for each in units(report).values()) == 38 * 3 + 150


def test_the_front_says_it_in_a_sentence_in_numbers_and_in_a_chart(gathered: tuple[Report, Path]) -> None:
    out = gathered[1]
    said = front(out)
    assert said[0] == ("Enhederne: årsopfølgning 2015",)
    assert any(line and str(line[0]).startswith("39 enheder har tilsammen 264 effektmål: ") for line in said)
    matrix = {line[0]: line for line in said[said.index(("Fordelt på enheder",)) + 3:] if line}
    assert matrix.pop("I alt")[-2:] == (264, 148)
    assert set(matrix) == {*NAMES, *OTHERS.values()} - {OTHERS["ødelagt"]}
    assert matrix[OTHERS["150"]][1] == "Årsopfølgning 2015" and matrix[OTHERS["150"]][-2:] == (150, 147)
    rounds = {line[0]: line[1] for line in said if len(line) > 1 and str(line[0]).split(" ")[-1] in ("2014", "2015")}
    assert {name: number for name, number in rounds.items() if str(number).isdigit()} == {
        "Årsopfølgning 2015": "37", "Midtvejsopfølgning 2015": "1", "Årsopfølgning 2014": "1"}
    drawing = ZipFile(out).read("xl/drawings/drawing1.xml").decode()
    assert 'descr="Søjlediagram over alle enheders effektmål efter status. Opfyldt ' in drawing


def test_a_count_on_the_front_is_a_number_that_is_shown_with_its_share(gathered: tuple[Report, Path]) -> None:
    sheet = openpyxl.load_workbook(gathered[1])["Overblik"]
    row = max(cell.row for cell in sheet["B"] if cell.value == OTHERS["150"])
    shown = {sheet.cell(row, column).value: sheet.cell(row, column).number_format for column in range(5, 15)}
    assert shown[147] == '#,##0" (98 %)"' and shown[0] == '"–"'


def test_who_has_not_reported_is_named_with_what_there_is(gathered: tuple[Report, Path]) -> None:
    report, out = gathered
    missing = {each["unit"]: each["last"] for each in report.data["missing"]}  # type: ignore[attr-defined]
    assert missing == {OTHERS["ødelagt"]: "Har ikke sendt noget", "Randers Bibliotek": "Har ikke sendt noget",
                       OTHERS["år"]: "Har kun sendt årsopfølgning 2014",
                       OTHERS["midtvejs"]: "Har kun sendt midtvejsopfølgning 2015"}
    said = front(out)
    begins = next(number for number, line in enumerate(said) if line == ("Har ikke indberettet årsopfølgning 2015",))
    assert any("Randers Bibliotek" in line for line in said[begins:begins + 4])
    by_name = {row["Enhed"]: row for row in rows(out, "Enheder")}
    assert {name for name, row in by_name.items() if row["Indberettet"] == "Nej"} == set(missing)
    assert by_name["Randers Bibliotek"]["Effektmål"] is None and list(by_name)[-1] == OTHERS["år"], "å comes last"


def test_the_demands_are_counted_by_unit(desk: Desk, gathered: tuple[Report, Path]) -> None:
    report, out = gathered
    large = next(row for row in rows(out, "Krav") if row["Enhed"] == OTHERS["150"])
    assert [large[f"{each}: effektmål"] for each in ("Bredde", "Tilgængelighed", "Partnerskaber")] == [2, 1 + 73, 1]
    assert (large["Bredde: opfyldt"], large["Tilgængelighed: opfyldt"], large["Uden krav"]) == (1, 0, 74)
    assert units(report)[OTHERS["150"]]["demands"]["Bredde"] == {"goals": 2, "met": 1}


def test_the_goals_stand_in_a_table_that_can_be_filtered(gathered: tuple[Report, Path]) -> None:
    sheet = openpyxl.load_workbook(gathered[1])["Mål"]
    table = sheet.tables["Maal"]
    assert table.ref == f"A3:S{3 + 39 * 3 + 150 - 3}" and sheet.freeze_panes == "E4"
    assert [cell.value for cell in sheet[3]][:4] == ["Enhed", "År", "Runde", "Mål-id"]
    assert all(isinstance(sheet.cell(row, 2).value, str) for row in (4, 5)), "years are text"
    link = next(cell for cell in openpyxl.load_workbook(gathered[1])["Enheder"]["A"] if cell.value == OTHERS["150"])
    row = int(link.hyperlink.location.rsplit("A", 1)[1])
    assert sheet.cell(row, 1).value == OTHERS["150"] and sheet.cell(row - 1, 1).value != OTHERS["150"]


# ---------------------------------------------------------------- the same input, the same bytes

def test_the_same_files_give_the_same_bytes_wherever_they_lie(desk: Desk, tmp_path: Path) -> None:
    few = [*NAMES[:3], OTHERS["udgave"], OTHERS["mail"]]
    for place in ("her", "et andet sted"):
        for name in few if place == "her" else reversed(few):
            shutil.copytree(desk.folder / name, tmp_path / place / name)
    run([tmp_path / "her"], tmp_path / "a.xlsx")
    run([tmp_path / "et andet sted"], tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    again = run([tmp_path / "her"], tmp_path / "a.xlsx")
    assert again.files == () and "er uændret" in again.said[-1]


def test_what_a_person_wrote_in_it_is_kept_beside_the_new_one(desk: Desk, tmp_path: Path) -> None:
    folder, out = tmp_path / "ind", tmp_path / "ind" / "samling.xlsx"  # which is no follow-up itself
    shutil.copytree(desk.folder / NAMES[0], folder / NAMES[0])
    run([folder], out)
    book = openpyxl.load_workbook(out)
    book["Mål"]["A1"] = "Set og godkendt"
    book.save(out)
    assert not as_we_saved_it(out.read_bytes())
    mine = out.read_bytes()
    same = run([folder], out)
    assert same.files == () and out.read_bytes() == mine, "nothing new: it is left alone"
    shutil.copytree(desk.folder / NAMES[1], folder / NAMES[1])
    report = run([folder], out)
    kept, = folder.glob("samling_tidligere_*.xlsx")
    assert kept.read_bytes() == mine and out.read_bytes() != mine
    assert kept.name in " ".join(report.said) and len(report.data["units"]) == 2  # type: ignore[arg-type]


def test_what_a_newer_program_draws_in_another_way_is_written_though_nothing_else_is_new(
        desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run([desk.folder / NAMES[0]], tmp_path / "ud.xlsx")
    monkeypatch.setattr("aftale.steps.saml.draw_across", lambda book: draw_across(replace(
        book, front=replace(book.front, subtitle="Et andet udseende"))))
    report = run([desk.folder / NAMES[0]], tmp_path / "ud.xlsx")
    assert len(report.files) == 1 and ("Et andet udseende",) in front(tmp_path / "ud.xlsx")


@pytest.mark.parametrize("there", ["opfølgning", "fremmed", "mappe", "tekst"])
def test_nothing_of_anybody_elses_is_written_over(desk: Desk, tmp_path: Path, there: str) -> None:
    out = tmp_path / "samling.xlsx"
    if there == "mappe":
        out.mkdir()
    else:
        foreign = io.BytesIO()
        Workbook().save(foreign)
        out.write_bytes({"opfølgning": desk.small.read_bytes(), "fremmed": foreign.getvalue(), "tekst": b"Hej"}[there])
    with pytest.raises(CannotDo, match="er en mappe. Skriv et filnavn" if there == "mappe" else "ikke rørt"):
        saml([desk.folder / NAMES[0]], out)


def test_a_changed_file_at_its_place_is_not_written_over(desk: Desk, tmp_path: Path) -> None:
    run([desk.folder / NAMES[0]], tmp_path / "ud.xlsx")
    report = saml([desk.folder / NAMES[0], desk.folder / NAMES[1]], tmp_path / "ud.xlsx")
    assert report.files[0].expects == digest((tmp_path / "ud.xlsx").read_bytes())
    assert report.files[0].keep_earlier_as is None, "nobody has saved it since: there is nothing to keep"


# ---------------------------------------------------------------- how a follow-up is read

def read(data: bytes, name: str = "f.xlsx", everything: bool = False) -> UnitFollowUp | Refused:
    book = read_bytes(data, name)
    assert not isinstance(book, Finding), book
    return unit_of(book, everything)


def test_kses_edition_says_of_the_goals_what_the_follow_up_says(desk: Desk, tmp_path: Path) -> None:
    """Percents, statuses, targets as sentences and remarks: all of it can be read from the cells alone."""
    another_year = replace(unanswered(99), id="M9.9.9", years={2016: None})
    more = [*(unanswered(number) for number in range(9)), another_year]
    whole, edition = (read(write(desk.small, tmp_path / f"{write.__name__}.xlsx", "Enhed", more=more).read_bytes(),
                           everything=True) for write in (write_unit, write_edition))
    assert isinstance(whole, UnitFollowUp) and isinstance(edition, UnitFollowUp)
    nowhere_in_it = {"number": "", "fulfilment": None, "method": "", "scope": "", "budget": ""}
    assert [replace(goal, **nowhere_in_it) for goal in edition.goals] == [
        replace(goal, **nowhere_in_it) for goal in whole.goals]
    assert [goal.id for goal in whole.goals if not goal.active] == ["M9.9.9"], "of another year, and read all the same"
    assert [goal.fulfilment for goal in edition.goals] == pytest.approx([goal.fulfilment for goal in whole.goals])
    assert (edition.unit, edition.department, edition.year, edition.round) == (
        whole.unit, whole.department, whole.year, whole.round)
    assert edition.facts == whole.facts and edition.boxes == whole.boxes and len(whole.goals) == 13


def saved(path: Path, tmp_path: Path, cells: Mapping[str, Mapping[str, Any]] | None = None,
          change: Callable[[Workbook], None] | None = None) -> UnitFollowUp | Refused:
    copy = tmp_path / "kopi.xlsx"
    shutil.copy(path, copy)
    edit(copy, cells or {}, change)
    return read(copy.read_bytes())


def gone(*names: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for name in names:
            del book[name]
    return change


def test_a_follow_up_without_its_hidden_sheet_is_read_by_its_cells_and_asked_about(desk: Desk, tmp_path: Path) -> None:
    found = saved(desk.small, tmp_path, {"M1.1.1": {"Status": "opfyldt "}}, gone("_aftale"))
    assert isinstance(found, UnitFollowUp) and found.read_as is ReadAs.CELLS
    assert (found.unit, found.year, found.round, found.goals[0].status) == (OTHERS["tre"], 2015, ROUND, "Opfyldt")
    assert [p.code for p in found.problems] == ["saml-read", "saml-by-cells"]


def opened(data: bytes) -> Opened:
    return Opened(Found("f.xlsx", data), Source(digest(data), "f.xlsx"))


@pytest.mark.parametrize("which", ["tre", "150", "år", "midtvejs", *Round])
def test_a_follow_up_that_nobody_has_saved_says_by_its_record_alone_what_its_cells_say(
        desk: Desk, tmp_path: Path, which: str) -> None:
    path = example(tmp_path / "x", Round(which)) if which in set(Round) else desk.of(OTHERS[which])
    data = path.read_bytes()
    for all_of_it in (False, True):
        assert untouched(opened(data), all_of_it) == read(data, everything=all_of_it)


UNCERTAIN: dict[str, Callable[[bytes], bytes]] = {
    "saved by another program": lambda data: saved_by_another(data),
    "its record is changed": lambda data: write_parts({
        name: part.replace(b"Opfyldt", b"Afventer data") for name, part in read_parts(data).items()}),
    "a sheet is damaged": lambda data: data.replace(parts_packed(data, "xl/worksheets/sheet2.xml"), bytes(200), 1),
    "it is no follow-up": lambda data: package({"xl/workbook.xml": b"<workbook/>"}),
}


def saved_by_another(data: bytes) -> bytes:
    out = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(out)
    return out.getvalue()


def parts_packed(data: bytes, name: str) -> bytes:
    """Return some of the packed bytes of a part."""
    parts = Parts(data)
    return bytes(parts.packed(parts.infos[name])[200:400])


@pytest.mark.parametrize("case", UNCERTAIN)
def test_where_anybody_may_have_written_in_it_the_cells_are_read(desk: Desk, case: str) -> None:
    data = desk.small.read_bytes()
    assert untouched(opened(data)) is not None
    assert untouched(opened(UNCERTAIN[case](data))) is None


@pytest.mark.parametrize(("sheets", "code"), [
    (("_aftale", "Overblik"), "saml-who-unknown"), (("_aftale", "Opfølgning"), "saml-no-table"),
    (("_aftale", "Opfølgning", "Overblik"), "saml-other")])
def test_what_is_too_little_to_go_by_is_refused(desk: Desk, tmp_path: Path, sheets: Sequence[str], code: str) -> None:
    found = saved(desk.small, tmp_path, change=gone(*sheets))
    assert isinstance(found, Refused) and found.problem.code == code


def test_an_edition_whose_table_is_gone_is_an_error(desk: Desk, tmp_path: Path) -> None:
    edition = write_edition(desk.small, tmp_path / "kse.xlsx", "Enhed")
    found = saved_edition(edition, gone("Opfølgning"))
    assert isinstance(found, Refused) and found.problem.code == "saml-no-table"


def saved_edition(path: Path, change: Callable[[Workbook], None]) -> UnitFollowUp | Refused:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return read(path.read_bytes())


def test_a_row_that_is_sorted_moved_or_renamed_is_still_found_in_an_edition(desk: Desk, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        sheet.insert_rows(1, 3)
        sheet.insert_cols(2)
        sheet.title = "Det hele"
        beside(book["Overblik"], "Samlet vurdering").value = "Et godt år"
        beside(book["Overblik"], "Inden for rammen").value = "ja"

    before = read(write_edition(desk.small, tmp_path / "a.xlsx", "Enhed").read_bytes())
    after = saved_edition(write_edition(desk.small, tmp_path / "b.xlsx", "Enhed"), change)
    assert isinstance(before, UnitFollowUp) and isinstance(after, UnitFollowUp)
    assert after.goals == before.goals
    assert after.boxes == {**before.boxes, "Samlet vurdering": "Et godt år", "Inden for rammen": "Ja"}


@pytest.mark.parametrize(("written", "status", "asked"), [
    ("Ikke opfyldt", "Ikke opfyldt", []), ("IKKE OPFYLDT", "Ikke opfyldt", ["saml-read"]), (None, MISSING, []),
    ("Ikke opfyldt!", "Ikke opfyldt", ["saml-read"]), ("opfyldt ", "Opfyldt", ["saml-read"]),
    ("næsten", "næsten", ["saml-status-unknown"])])
@pytest.mark.parametrize("kind", ["whole", "cells"])
def test_a_status_is_read_as_it_stands(desk: Desk, tmp_path: Path, kind: str, written: Any, status: str,
                                       asked: list[str]) -> None:
    found = saved(desk.small, tmp_path, {"M1.1.1": {"Status": written}}, gone("_aftale") if kind == "cells" else None)
    assert isinstance(found, UnitFollowUp)
    assert next(goal for goal in found.goals if goal.id == "M1.1.1").status == status
    assert [p.code for p in found.problems if p.code != "saml-by-cells"] == asked


def test_a_status_that_none_of_ours_is_counts_as_another_and_is_asked_about(desk: Desk, tmp_path: Path) -> None:
    path = write_unit(desk.small, tmp_path / "ind" / "f.xlsx", "Enhed")
    edit(path, {"M1.1.1": {"Status": "næsten"}})
    report = run([path], tmp_path / "ud.xlsx")
    assert report.data["counts"]["Anden status"] == 1 and codes(report) == ["saml-status-unknown"]  # type: ignore[index]
    assert rows(tmp_path / "ud.xlsx", "Enheder")[0]["Anden status"] == 1


def test_what_else_was_written_in_a_follow_up_is_told(desk: Desk, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["Overblik"]["P3"] = "Ring til os"

    found = saved(desk.small, tmp_path, change=change)
    assert isinstance(found, UnitFollowUp)
    told, = found.problems
    assert told.code == "saml-elsewhere" and "P3" in told.message


def in_table(header_row: int = 3, **columns: str) -> Callable[[Workbook], None]:
    """Give columns of Opfølgning other headers; '' takes the column away."""
    def change(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        for old, new in columns.items():
            cell = next(cell for cell in sheet[header_row] if cell.value == old.replace("_", "-"))
            if new:
                cell.value = new
            else:
                sheet.delete_cols(cell.column)
    return change


def id_of(goal: str, new: str | None) -> Callable[[Workbook], None]:
    """Write another Mål-id in a goal's row; None takes the row away."""
    def change(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        cell = next(cell for cell in sheet["A"] if cell.value == goal)
        if new is None:
            sheet.delete_rows(cell.row)
        else:
            cell.value = new or None
    return change


def row_below(**values: Any) -> Callable[[Workbook], None]:
    """Write a row under the table."""
    def change(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        row = sheet.max_row + 1
        for header, value in values.items():
            sheet.cell(row, next(cell.column for cell in sheet[3] if cell.value == header.replace("_", "-"))).value = value
    return change


def status_of(goal: str, header: str, value: Any) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        sheet = book["Opfølgning"]
        column = next(cell.column for cell in sheet[3] if cell.value == header)
        sheet.cell(next(cell.row for cell in sheet["A"] if cell.value == goal), column).value = value
    return change


EDITIONS: Mapping[str, tuple[Callable[[Workbook], None], list[str], list[str], str]] = {
    "untouched": (lambda book: None, ["M1.1.1", "M1.2.1", "M1.3.1"], [], ""),
    "no column for delmål": (in_table(Delmål=""), ["M1.1.1", "M1.2.1", "M1.3.1"], ["saml-columns"], "effektmål"),
    "no column for demands": (in_table(Krav=""), ["M1.1.1", "M1.2.1", "M1.3.1"], ["saml-columns"], "Krav"),
    "a row without its id": (id_of("M1.2.1", ""), ["M1.1.1", "M1.3.1"], ["saml-row-unknown", "saml-rows-gone"], "række 5"),
    "an id that is there already": (id_of("M1.2.1", "M1.1.1"), ["M1.1.1", "M1.3.1"], ["saml-row-doubled", "saml-rows-gone"],
                                    "M1.1.1"),
    "a row less": (id_of("M1.2.1", None), ["M1.1.1", "M1.3.1"], ["saml-rows-gone"], "M1.2.1"),
    "a row more": (row_below(Mål_id="M9.9.9", Effektmål="Nyt", Status="Opfyldt"), ["M1.1.1", "M1.2.1", "M1.3.1"],
                   ["saml-row-unknown"], "række 7"),
    "a result as text": (status_of("M1.1.1", "Resultat", "1.200"), ["M1.1.1", "M1.2.1", "M1.3.1"],
                         ["saml-edition-changed", "saml-read"], ""),
    "a remark of KSE's": (status_of("M1.1.1", "Forvaltningens bemærkninger", "Flot"), ["M1.1.1", "M1.2.1", "M1.3.1"], [],
                          ""),
}


@pytest.mark.parametrize("case", EDITIONS)
def test_what_is_not_as_it_was_sent_in_an_edition_is_asked_about(desk: Desk, tmp_path: Path, case: str) -> None:
    change, goals, asked, said = EDITIONS[case]
    found = saved_edition(write_edition(desk.small, tmp_path / "kse.xlsx", "Enhed"), change)
    assert isinstance(found, UnitFollowUp) and [goal.id for goal in found.goals] == goals
    assert [p.code for p in found.problems] == asked
    assert not asked or (said in found.problems[0].message and found.problems[0].place.sheet == "Opfølgning")


def test_a_reading_of_an_edition_names_its_cell(desk: Desk, tmp_path: Path) -> None:
    path = write_edition(desk.small, tmp_path / "kse.xlsx", "Enhed")
    found = saved_edition(path, status_of("M1.1.1", "Målopfyldelse", "80 %"))
    assert isinstance(found, UnitFollowUp) and found.goals[0].fulfilment == pytest.approx(0.8)
    changed, told = found.problems
    assert changed.code == "saml-edition-changed" and told.code == "saml-read"
    assert changed.place.cell == told.place.cell != "" and "»80 %« ved M1.1.1" in told.message


def test_a_row_that_is_not_of_the_year_by_its_svarstatus_alone_does_not_count(desk: Desk, tmp_path: Path) -> None:
    path = write_edition(desk.small, tmp_path / "kse.xlsx", "Enhed")
    found = saved_edition(path, status_of("M1.2.1", "Svarstatus", "Ikke aktuelt i år"))
    assert isinstance(found, UnitFollowUp) and [goal.id for goal in found.goals] == ["M1.1.1", "M1.3.1"]


WHOLES: Mapping[str, tuple[Callable[[Workbook], None], list[str], str]] = {
    "a header of other words": (in_table(Status="Stade"), ["saml-elsewhere", "saml-answers-gone"], "Status"),
    "a row without its id": (id_of("M1.2.1", ""), ["saml-row-unknown"], "række 5"),
    "a row under the table": (row_below(Status="Opfyldt"), ["saml-elsewhere", "saml-row-unknown"], "række 7"),
    "no table": (gone("Opfølgning"), ["saml-table-gone"], "Opfølgning"),
}


@pytest.mark.parametrize("case", WHOLES)
def test_what_is_typed_where_no_answer_is_read_is_asked_about(desk: Desk, tmp_path: Path, case: str) -> None:
    change, asked, said = WHOLES[case]
    path = tmp_path / "f.xlsx"
    shutil.copy(desk.small, path)
    found = saved_edition(path, change)
    assert isinstance(found, UnitFollowUp) and found.read_as is ReadAs.WHOLE and len(found.goals) == 3
    questions = [p for p in found.problems if p.level == "question"]
    assert [p.code for p in questions] == [code for code in asked if code != "saml-elsewhere"]
    assert said in questions[0].message and questions[0].advice


def test_a_result_that_is_not_read_literally_is_told_with_its_cell(desk: Desk, tmp_path: Path) -> None:
    found = saved(desk.small, tmp_path, {"M1.1.1": {"Resultat": "1.200"}})
    assert isinstance(found, UnitFollowUp) and found.goals[0].result == 1200.0
    told, = found.problems
    assert told.code == "saml-read" and told.level == "info" and told.place.cell
    assert "»1.200« ved M1.1.1 er læst som 1200" in told.message


@pytest.mark.parametrize(("shows", "code", "result"), [
    (b"<v>20</v>", "saml-formulas", 20.0), (b"<v/>", "saml-elsewhere", 0.0)], ids=["calculated", "never calculated"])
def test_of_a_formula_in_an_answer_it_is_said_whether_it_counts(desk: Desk, tmp_path: Path, shows: bytes, code: str,
                                                                result: float) -> None:
    saved(desk.small, tmp_path, {"M1.1.1": {"Resultat": "=5*4"}})
    parts = parts_of((tmp_path / "kopi.xlsx").read_bytes())
    found = read(package({name: re.sub(rb"<f>5\*4</f><v ?/>|<f>5\*4</f><v></v>", b"<f>5*4</f>" + shows, part)
                          for name, part in parts.items()}))
    assert isinstance(found, UnitFollowUp) and found.goals[0].result == result
    assert [p.code for p in found.problems if p.code.startswith("saml-")] == [code]


def test_a_record_that_cannot_be_read_is_asked_about_though_it_is_intact(desk: Desk, tmp_path: Path,
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("a later version")

    monkeypatch.setattr("aftale.units.read_unit.read_standing", fails)
    found = read(desk.small.read_bytes())
    assert isinstance(found, UnitFollowUp) and found.read_as is ReadAs.CELLS
    assert [p.code for p in found.problems] == ["saml-by-cells"]


def test_a_record_that_somebody_has_been_at_is_asked_about(desk: Desk, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book["_aftale"]
        row = next(row for row in sheet.iter_rows() if (row[0].value, row[2].value) == ("tilstand", "merged"))
        row[4].value = row[4].value.replace("Opfyldt", "Udgået")

    found = saved(desk.small, tmp_path, change=change)
    assert isinstance(found, UnitFollowUp) and [p.code for p in found.problems] == ["saml-record-changed"]


def test_a_choice_between_two_answers_counts_before_flet_has_seen_it(desk: Desk, tmp_path: Path) -> None:
    """As `send` would send it: see steps/send.py."""
    agreement, result = as_unit(desk.small, "Enhed")
    assert not any(cell.conflict for cell in result.merged.cells.values())
    path = write_unit(desk.small, tmp_path / "f.xlsx", "Enhed")
    edit(path, {"M1.1.1": {"Resultat": 25}})
    found = read(path.read_bytes())
    assert isinstance(found, UnitFollowUp)
    goal = next(goal for goal in found.goals if goal.id == "M1.1.1")
    assert goal.result == 25.0 and goal.fulfilment == 1.25, "what follows from an edit is worked out anew"
    assert agreement.goals[0].measure.target == 20


@pytest.mark.parametrize(("kind", "write"), [("xlsx", write_unit), ("ods", write_edition)])
def test_a_follow_up_saved_by_libreoffice_says_the_same(desk: Desk, tmp_path: Path, kind: str, write: Callable[..., Path],
                                                        libreoffice: Callable[[Path, str], Path]) -> None:
    path = write(desk.small, tmp_path / "f.xlsx", "Enhed")
    before, after = read(path.read_bytes()), read(libreoffice(path, kind).read_bytes(), f"f.{kind}")
    assert isinstance(before, UnitFollowUp) and isinstance(after, UnitFollowUp)
    assert (after.goals, after.boxes, after.facts) == (before.goals, before.boxes, before.facts)
    assert after.problems == ()


# ---------------------------------------------------------------- which one counts

def goal(number: int, status: str, department: str = "") -> UnitGoal:
    return UnitGoal(f"M1.1.{number}", ("Udvikling", "Fokus", f"Mål {number}", ""), status=status, department=department)


def followups(table: str) -> list[UnitFollowUp]:
    """Make follow-ups of a table: file | unit | forvaltning | year | round | saved | read as | statuses."""
    made = []
    for line in table.strip().splitlines():
        name, unit, department, year, round_, when, read_as, statuses = (part.strip() for part in line.split("|"))
        goals = tuple(goal(number, *status.split("+")) for number, status in enumerate(statuses.split(", "), 1))
        made.append(UnitFollowUp(Source(digest(line.encode()), name, when=when), ReadAs[read_as.upper()], unit, department,
                                 int(year), Round.MIDTVEJS if round_ == "midt" else ROUND, goals))
    return made


def book_of(across: Across) -> AcrossBook:
    return across_book(across, count_across(across), "x")


def outcomes(across: Across) -> dict[str, str]:
    return {file.source.name: file.verdict for file in across.files}


def in_any_order(made: list[UnitFollowUp], listed: Sequence[str] = ()) -> Across:
    across = gather_units(made, listed)
    assert gather_units(made[::-1], listed) == across
    return across


VERSIONS: Mapping[str, tuple[str, str, list[str]]] = {
    "the newest, where both tell their time": ("""
        a | Vest | KSE | 2015 | år | 2015-11-01T08:00:00Z | whole | Opfyldt
        b | Vest | KSE | 2015 | år | 2015-11-02T08:00:00Z | whole | Udgået""", "b", []),
    "both are asked about where one doesn't tell its time": ("""
        a | Vest | KSE | 2015 | år |                      | whole | Opfyldt, Mangler svar
        b | Vest | KSE | 2015 | år | 2015-11-02T08:00:00Z | whole | Opfyldt, Udgået""", "b", ["saml-versions"]),
    "the day that we draw with is no time": ("""
        a | Vest | KSE | 2015 | år | 2015-01-01T00:00:00Z | whole | Opfyldt, Udgået
        b | Vest | KSE | 2015 | år | 2015-11-02T08:00:00Z | whole | Opfyldt, Mangler svar""", "a", ["saml-versions"]),
    "two of the same time": ("""
        a | Vest | KSE | 2015 | år | 2015-11-02T08:00:00Z | whole | Opfyldt
        b | Vest | KSE | 2015 | år | 2015-11-02T08:00:00Z | whole | Udgået""", "a", ["saml-versions"]),
    "the follow-up itself before an edition that says the same": ("""
        a | Vest | KSE | 2015 | år |                      | edition | Opfyldt
        b | Vest | KSE | 2015 | år |                      | whole | Opfyldt""", "b", []),
    "the årsopfølgning before the midtvejs": ("""
        a | Vest | KSE | 2015 | år   | 2015-11-01T08:00:00Z | whole | Opfyldt
        b | Vest | KSE | 2015 | midt | 2015-12-02T08:00:00Z | whole | Udgået""", "a", []),
    "the latest year": ("""
        a | Vest | KSE | 2014 | år   | 2015-11-01T08:00:00Z | whole | Opfyldt
        b | Vest | KSE | 2015 | midt | 2014-12-02T08:00:00Z | whole | Udgået""", "b", []),
    "a newer one of three": ("""
        a | Vest | KSE | 2015 | år | 2015-11-01T08:00:00Z | whole | Opfyldt
        b | Vest | KSE | 2015 | år | 2015-11-03T08:00:00Z | whole | Udgået
        c | Vest | KSE | 2015 | år | 2015-11-02T08:00:00Z | whole | Mangler svar""", "b", []),
}


@pytest.mark.parametrize("case", VERSIONS)
def test_which_of_a_units_follow_ups_counts(case: str) -> None:
    table, counts, asked = VERSIONS[case]
    across = in_any_order(followups(table))
    assert [each.followup.source.name for each in across.counted] == [counts]
    assert [p.code for p in across.problems] == asked
    assert outcomes(across)[counts] == "Talt med." and list(outcomes(across).values()).count("Talt med.") == 1
    assert all(name in p.message for p in across.problems for name in outcomes(across))


def test_kses_own_words_are_kept_from_every_copy_that_says_the_same_otherwise() -> None:
    across = in_any_order(followups("""
        a | Vest | KSE | 2015 | år |                      | whole   | Opfyldt, Udgået
        b | Vest | KSE | 2015 | år | 2015-11-02T08:00:00Z | edition | Opfyldt+Flot, Udgået"""))
    only, = across.counted
    assert [goal.department for goal in only.followup.goals] == ["Flot", ""] and only.followup.source.name == "a"


def test_a_follow_up_itself_has_the_numbers_however_late_kse_has_written_in_its_edition() -> None:
    across = in_any_order(followups("""
        enhed | Vest | KSE | 2015 | år | 2015-12-03T08:00:00Z | whole   | Opfyldt, Udgået
        svar  | Vest | KSE | 2015 | år | 2015-12-05T08:00:00Z | edition | Ikke opfyldt+Flot, Udgået
        før   | Vest | KSE | 2015 | år | 2015-12-01T08:00:00Z | edition | Udgået+Ring, Udgået"""))
    only, = across.counted
    assert [(goal.status, goal.department) for goal in only.followup.goals] == [("Opfyldt", "Ring\nFlot"), ("Udgået", "")]
    assert only.followup.source.name == "enhed"
    assert outcomes(across)["svar"] == ("Forvaltningens udgave: Tallene er fra enhed, som er talt med. Det, forvaltningen"
                                        " har skrevet, er taget med.")
    assert [(p.code, p.place.file) for p in across.problems] == [("saml-edition-differs", "svar")]


def test_where_only_editions_are_sent_the_newest_counts_with_the_remarks_of_all() -> None:
    across = in_any_order(followups("""
        a | Vest | KSE | 2015 | år | 2015-12-03T08:00:00Z | edition | Opfyldt, Udgået+Ring
        b | Vest | KSE | 2015 | år | 2015-12-05T08:00:00Z | edition | Udgået, Udgået"""))
    only, = across.counted
    assert (only.followup.source.name, only.followup.goals[1].department) == ("b", "Ring") and across.problems == ()


@pytest.mark.parametrize(("first", "second", "wanted"), [
    ("Flot", "Flot\nRing", "Flot\nRing"), ("godt", "Ikke godt", "godt\nIkke godt"), ("Flot", "Flot", "Flot")])
def test_kses_words_from_a_unit_s_older_file_are_joined_once(first: str, second: str, wanted: str) -> None:
    old, new = followups("""
        a | Vest | KSE | 2015 | år | 2015-12-01T08:00:00Z | edition | Opfyldt, Udgået+x
        b | Vest | KSE | 2015 | år | 2015-12-03T08:00:00Z | whole   | Udgået""")
    old = replace(old, goals=(replace(old.goals[0], department=first), *old.goals[1:]), boxes={KSE_REMARK: "Tak"})
    new = replace(new, goals=(replace(new.goals[0], department=second),))
    only, = in_any_order([old, new]).counted
    assert only.followup.goals[0].department == wanted
    assert only.followup.boxes[KSE_REMARK] == "Tak\nM1.1.2: x", "of a goal that isn't there any more"


@pytest.mark.parametrize("label", ["Samlet vurdering", "Inden for rammen"])
def test_what_a_unit_writes_on_its_overblik_tells_its_versions_apart(label: str) -> None:
    old, new = followups("""
        a | Vest | KSE | 2015 | år | 2015-12-01T08:00:00Z | whole | Opfyldt
        b | Vest | KSE | 2015 | år | 2015-12-03T08:00:00Z | whole | Opfyldt""")
    across = in_any_order([replace(old, boxes={label: "Ja"}), replace(new, boxes={label: "Nej"})])
    assert across.counted[0].followup.boxes[label] == "Nej" and outcomes(across)["a"].startswith("Ældre end b")
    undated = in_any_order([replace(each, boxes={label: text}, source=replace(each.source, when=""))
                            for each, text in ((old, "Ja"), (new, "Nej"))])
    assert [p.code for p in undated.problems] == ["saml-versions"]


def test_a_remark_tells_two_versions_apart() -> None:
    old, new = followups("""
        a | Vest | KSE | 2015 | år | 2015-12-01T08:00:00Z | whole | Opfyldt
        b | Vest | KSE | 2015 | år | 2015-12-03T08:00:00Z | whole | Opfyldt""")
    new = replace(new, goals=(replace(new.goals[0], remarks="Rettet"),))
    across = in_any_order([old, new])
    assert across.counted[0].followup.goals[0].remarks == "Rettet" and outcomes(across)["a"].startswith("Ældre end b")


def test_a_delmaal_stands_among_the_goals_and_is_not_counted() -> None:
    unit, = followups("a | Vest | K | 2015 | år | | whole | Opfyldt")
    sub = UnitGoal("M1.1.1.1", ("Udvikling", "Fokus", "Mål 1", "Delmål"), status="Ikke opfyldt")
    above = UnitGoal("M1.1", ("Udvikling", "Fokus", "", ""), status="Ikke igangsat")
    across = gather_units([replace(unit, goals=(*unit.goals, sub, above))])
    book = book_of(across)
    assert [row[-1].value for row in book.goals.rows] == ["Ja", "Nej", "Nej"]
    assert book.front.all.count.total == 1 and count_across(across).lines[1].statuses["Opfyldt"] == 1
    assert [row[4].value for row in book.attention.rows] == ["M1.1.1.1"], "one that isn't met is told of all the same"


def test_what_flet_has_kept_or_merged_is_older_whatever_the_times_say() -> None:
    now, kept, answer = followups("""
        opf.xlsx | Vest | K | 2015 | år |                      | whole   | Opfyldt, Udgået
        kept     | Vest | K | 2015 | år | 2015-11-12T08:00:00Z | whole   | Opfyldt, Opfyldt
        kse.xlsx | Vest | K | 2015 | år | 2015-11-11T08:00:00Z | edition | Opfyldt+Flot, Opfyldt""")
    kept = replace(kept, source=replace(kept.source, name=f"opf_tidligere_{kept.source.sha256[:8]}.xlsx"))
    across = in_any_order([replace(now, holds=(answer.source.sha256,)), kept, answer])
    assert across.problems == () and across.counted[0].followup.source == now.source
    assert outcomes(across)["kse.xlsx"] == "Forvaltningens svar, som er taget med i enhedens opfølgning."
    assert len(in_any_order([kept]).counted) == 1, "where there is nothing newer it counts"
    renamed = replace(kept, source=replace(kept.source, name="opf_tidligere_00000000.xlsx"))
    assert [p.code for p in in_any_order([now, renamed]).problems] == ["saml-versions"]


def test_units_of_one_name_in_two_departments_are_two() -> None:
    across = in_any_order(followups("""
        a | Musikskolen | Vest | 2015 | år | | whole   | Opfyldt
        b | Musikskolen | Øst  | 2015 | år | | whole   | Udgået
        c | Centret     | Vest | 2015 | år | | whole   | Udgået
        d | CENTRET     |      | 2015 | midt | | edition | Opfyldt"""))
    assert [each.name for each in across.counted] == ["Centret", "Musikskolen (Vest)", "Musikskolen (Øst)"]
    assert across.counted[0].before is not None and [p.code for p in across.problems] == ["saml-departments"]
    assert "»Musikskolen (Vest)« og »Musikskolen (Øst)«" in across.problems[0].message


NORTH_AND_SOUTH = """
    a | Biblioteket | Nord | 2015 | år   | | whole | Opfyldt
    b | Biblioteket | Syd  | 2015 | midt | | whole | Udgået"""


@pytest.mark.parametrize(("listed", "missing", "asked"), [
    ([], ["Biblioteket (Syd)"], ["saml-departments"]), (["biblioteket"], ["Biblioteket (Syd)"], ["saml-departments"]),
    (["Biblioteket (Nord)", "Biblioteket (Syd)"], ["Biblioteket (Syd)"], []),
    (["Biblioteket (Nord)", "Biblioteket (Øst)"], ["Biblioteket (Øst)"], ["saml-departments", "saml-not-listed"])])
def test_of_two_units_of_one_name_the_one_that_lags_is_missing(listed: list[str], missing: list[str], asked: list[str]
                                                               ) -> None:
    across = in_any_order(followups(NORTH_AND_SOUTH), listed)
    assert [each.name for each in across.missing] == missing and [p.code for p in across.problems] == asked
    names = [row[0].value for row in book_of(across).units.rows]
    assert names == sorted({"Biblioteket (Nord)", "Biblioteket (Syd)", *missing}), "each has one line"


@pytest.mark.parametrize("listed", ["Biblioteket", "BIBLIOTEKET (nord)"])
def test_a_unit_may_stand_on_the_list_with_its_department(listed: str) -> None:
    across = in_any_order(followups(NORTH_AND_SOUTH)[:1], [listed])
    assert across.missing == () and across.problems == ()


@pytest.mark.parametrize(("agreements", "names", "asked"), [
    (("A-1", "A-1"), ["Vest"], ["saml-one-unit"]), (("A-1", "A-2"), ["Vest (KSE)", "Vest (Kultur)"], ["saml-departments"]),
    (("", ""), ["Vest (KSE)", "Vest (Kultur)"], ["saml-departments"])])
def test_a_forvaltning_that_has_got_another_name_makes_no_second_unit(agreements: tuple[str, str], names: list[str],
                                                                      asked: list[str]) -> None:
    made = followups("""
        a | Vest | KSE    | 2015 | midt | | whole | Opfyldt
        b | Vest | Kultur | 2015 | år   | | whole | Udgået""")
    across = in_any_order([replace(each, agreement=id_) for each, id_ in zip(made, agreements, strict=True)])
    assert [each.name for each in across.counted] == names and [p.code for p in across.problems] == asked


def test_an_edition_that_does_not_tell_its_forvaltning_is_that_of_its_agreement() -> None:
    made = followups("""
        a | Biblioteket | Nord | 2015 | år | | whole   | Opfyldt
        b | Biblioteket | Syd  | 2015 | år | | whole   | Opfyldt
        c | Biblioteket |      | 2015 | år | | edition | Opfyldt+Flot""")
    across = in_any_order([replace(each, agreement=id_) for each, id_ in zip(made, "xyy", strict=True)])
    assert [(each.name, each.followup.goals[0].department) for each in across.counted] == [
        ("Biblioteket (Nord)", ""), ("Biblioteket (Syd)", "Flot")]


def test_two_names_of_one_agreement_are_asked_about() -> None:
    made = [replace(each, agreement="A-1") for each in followups("""
        a | Vest      | K | 2015 | midt | | whole | Opfyldt
        b | Vestegnen | K | 2015 | år   | | whole | Udgået""")]
    across = in_any_order(made)
    assert len(across.counted) == 2 and [p.code for p in across.problems] == ["saml-same-agreement"]
    assert in_any_order(made, ["Vest", "Vestegnen"]).problems == ()


def test_earlier_years_stand_among_the_goals_and_do_not_count() -> None:
    across = in_any_order(followups("""
        a | Vest | KSE | 2014 | år   | | whole | Opfyldt, Opfyldt
        b | Vest | KSE | 2015 | midt | | whole | Udgået, Opfyldt
        c | Vest | KSE | 2015 | år   | | whole | Udgået, Udgået"""))
    book = book_of(across)
    assert [(each.followup.year, each.counted) for each in across.units] == [(2015, True), (2014, False)]
    assert [row[-1].value for row in book.goals.rows] == ["Ja", "Ja", "Nej", "Nej"] and book.front.all.count.total == 2
    assert [row[-2].value for row in book.units.rows] == ["Midtvejsopfølgning 2015: 1 af 2 opfyldt", None]
    assert outcomes(across)["b"] == "Tidligere runde: årsopfølgning 2015 er talt med i stedet."


AHEAD: Mapping[str, tuple[str, bool]] = {
    "one of three": ("2016 | midt", True), "one many years ahead": ("2025 | år", True),
    "nobody": ("2015 | år", False),
}


@pytest.mark.parametrize("case", AHEAD)
def test_a_single_unit_ahead_of_the_others_is_asked_about(case: str) -> None:
    when, asked = AHEAD[case]
    across = in_any_order(followups(f"""
        a | Vest | K | {when} | | whole | Opfyldt
        b | Øst  | K | 2015 | år | | whole | Opfyldt
        c | Nord | K | 2015 | år | | whole | Opfyldt"""))
    assert [p.code for p in across.problems] == (["saml-ahead"] if asked else [])
    if asked:
        said, = across.problems
        assert said.place.file == "a" and "Kun 1 af 3 enheder" in said.message
        assert "--aar 2015 --runde aarsopfoelgning" in said.advice
    half = in_any_order(followups("a | V | K | 2016 | midt | | whole | Opfyldt\nb | Ø | K | 2015 | år | | whole | Opfyldt"))
    assert half.problems == ()


@pytest.mark.parametrize(("year", "round_", "counted", "missing"), [
    (2015, ROUND, ["Vest 2015", "Øst 2015"], ["Nord"]), (2015, None, ["Vest 2015", "Øst 2015"], ["Nord"]),
    (None, ROUND, ["Vest 2015", "Øst 2015"], ["Nord"]), (None, Round.MIDTVEJS, ["Nord 2016", "Vest 2015", "Øst 2015"],
                                                         ["Vest", "Øst"]),
    (2014, None, ["Vest 2014"], ["Nord", "Øst"])])
def test_the_round_that_is_asked_for_is_the_last_that_counts(year: int | None, round_: Round | None, counted: list[str],
                                                             missing: list[str]) -> None:
    made = followups("""
        a | Vest | K | 2014 | år   | | whole | Opfyldt
        b | Vest | K | 2015 | år   | | whole | Udgået
        c | Nord | K | 2016 | midt | | whole | Opfyldt
        d | Øst  | K | 2015 | år   | | whole | Opfyldt""")
    across = gather_units(made, (), year, round_)
    assert across == gather_units(made[::-1], (), year, round_)
    assert [f"{each.name} {each.followup.year}" for each in across.counted] == counted
    assert [each.name for each in across.missing] == missing and across.problems == ()
    assert all("2014 eller før" not in verdict for verdict in outcomes(across).values())
    assert list(outcomes(across).values()).count("Talt med.") == len(counted)
    book = book_of(across)
    assert book.front.all.count.total == len(counted) and len(book.units.rows) == 4


def test_an_earlier_year_of_a_unit_that_has_reported_does_not_say_that_it_has_not() -> None:
    across = in_any_order(followups("""
        a | Vest | K | 2014 | år | | whole | Opfyldt
        b | Vest | K | 2015 | år | | whole | Opfyldt
        c | Øst  | K | 2014 | år | | whole | Opfyldt"""))
    place = [column.key for column in book_of(across).units.columns].index("reported")
    assert [row[place].value for row in book_of(across).units.rows] == ["Ja", "Ja", "Nej"]


MISSED: Mapping[str, tuple[str, list[str], list[str]]] = {
    "those seen before": ("""
        a | Vest | K | 2015 | år   | | whole | Opfyldt
        b | Øst  | K | 2015 | midt | | whole | Opfyldt""", [], ["Øst"]),
    "a round that nobody else has begun": ("""
        a | Vest | K | 2016 | midt | | whole | Opfyldt
        b | Øst  | K | 2015 | år   | | whole | Opfyldt""", [], ["Øst"]),
    "nobody": ("a | Vest | K | 2015 | år | | whole | Opfyldt", [], []),
    "those on the list alone": ("a | Vest | K | 2015 | år | | whole | Opfyldt\nb | Øst | K | 2014 | år | | whole | Opfyldt",
                                ["VEST ", "Syd"], ["Syd"]),
}


@pytest.mark.parametrize("case", MISSED)
def test_who_has_not_reported(case: str) -> None:
    table, listed, wanted = MISSED[case]
    across = in_any_order(followups(table), listed)
    assert [each.name for each in across.missing] == wanted
    strangers = [p.text for p in across.problems if p.code == "saml-not-listed"]
    assert strangers == (["Øst"] if listed else [])


def test_a_name_that_is_spelt_in_another_way_on_the_list_is_pointed_out() -> None:
    across = in_any_order(followups("a | Vestre Bibliotek | K | 2015 | år | | whole | Opfyldt"), ["Vester Bibliotek"])
    assert "»Vester Bibliotek«" in across.problems[0].message and "»Vestre Bibliotek«" in across.missing[0].said


LISTS: Mapping[str, tuple[str, bytes, tuple[str, ...]]] = {
    "a line each": ("l.txt", "Vest\n\nÅdalen\r\nVest\n".encode(), ("Vest", "Ådalen")),
    "with a heading": ("l.txt", b"Enhed\nVest\n", ("Vest",)),
    "of a Danish Excel": ("l.csv", "Enhed;Leder\nÆrø, hovedbiblioteket;x\nVest;y\n".encode("cp1252"),
                          ("Ærø, hovedbiblioteket", "Vest")),
    "of a Danish Excel where the units stand second": (
        "l.csv", "Nr.;Enhed;Kontakt\n1;Vest;a\n2;Øst;b\n".encode("cp1252"), ("Vest", "Øst")),
    "with notes and a heading": ("l.txt", "Enheder i KSE 2015\n# spørg Vest\nVest\nBibliotek, Øst\n".encode(),
                                 ("Vest", "Bibliotek, Øst")),
    "a line each, with commas": ("l.txt", "Øst, nord\nVest, syd\n".encode(), ("Øst, nord", "Vest, syd")),
    "Excel's own Unicode text": ("l.txt", "Enhed\tLeder\r\nÆrø\tx\r\n".encode("utf-16"), ("Ærø",)),
    "a column without a header": ("l.csv", "Vest;x\nØst;y\n".encode("cp1252"), ("Vest", "Øst")),
    "with a mark": ("l.csv", "\ufeffBibliotek,By\n\"Øst, nord\",x\n".encode(), ("Øst, nord",)),
}


@pytest.mark.parametrize("case", LISTS)
def test_a_list_of_units_is_read(tmp_path: Path, case: str) -> None:
    name, data, wanted = LISTS[case]
    (tmp_path / name).write_bytes(data)
    assert read_list(tmp_path / name).units == wanted


def test_a_list_of_units_in_a_workbook_is_its_first_column(tmp_path: Path) -> None:
    book = Workbook()
    for row in ((None, "Enheder", "Leder"), (None, "Vest", "x"), (None, None, "y"), (None, "Øst", None)):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "l.xlsx")
    assert read_list(tmp_path / "l.xlsx") == Listed(("Vest", "Øst"), "kolonnen »Enheder« i l.xlsx")


@pytest.mark.parametrize(("name", "data"), [
    ("l.txt", b""), ("l.txt", b"Enhed\n"), ("l.xlsx", b"PK"), ("borte.txt", None), ("l.txt", b"# Vest\n"),
    ("l.docx", b"PK\x03\x04\r\n\r"), ("l.csv", b"Vest\rOest\r"), ("l.csv", b'"' + b"x" * 200_000)])
def test_a_list_that_names_nobody_is_said(tmp_path: Path, name: str, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(CannotDo):
        read_list(tmp_path / name)


def test_a_workbook_of_ours_is_no_list_of_units(desk: Desk) -> None:
    with pytest.raises(CannotDo, match="er en opfølgning og ikke en liste"):
        read_list(desk.small)


def test_it_is_said_where_the_list_was_read(gathered: tuple[Report, Path]) -> None:
    assert "41 enheder på listen, læst i kolonnen »Enhed« i enheder.txt." in gathered[0].said


# ---------------------------------------------------------------- what comes in besides

def test_a_file_that_is_there_twice_counts_once(desk: Desk, tmp_path: Path) -> None:
    path = desk.of(NAMES[0])
    shutil.copy(path, tmp_path / "kopi.xlsx")
    (tmp_path / "mail.eml").write_bytes(mail(path, "Hermed."))
    report = run([path, tmp_path / "kopi.xlsx", tmp_path / "mail.eml"], tmp_path / "ud.xlsx")
    assert len(report.data["units"]) == 1 and report.problems == ()  # type: ignore[arg-type]
    assert sorted(row["Hvad der blev af den"] for row in rows(tmp_path / "ud.xlsx", "Kilder")) == [
        "Samme fil som kopi.xlsx.", "Samme fil som kopi.xlsx.", "Talt med."]


def test_a_mail_without_a_follow_up_is_asked_about(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "ind").mkdir()
    (tmp_path / "ind" / "a.eml").write_bytes(mail(None, "Vi har ikke nået det."))
    shutil.copy(desk.of(NAMES[0]), tmp_path / "ind" / "b.xlsx")
    report = run([tmp_path / "ind"], tmp_path / "ud.xlsx")
    assert codes(report) == ["saml-mail-only"] and "biblioteket@example.dk" in report.problems[0].message


def test_mails_tell_which_follow_up_is_the_newest(desk: Desk, tmp_path: Path) -> None:
    first = write_unit(desk.small, tmp_path / "f.xlsx", "Enhed")
    (tmp_path / "a.eml").write_bytes(mail(first, "Her.", sent="Thu, 12 Nov 2015 09:00:00 +0000"))
    edit(first, {"M1.1.1": {"Status": "Udgået"}})
    (tmp_path / "b.eml").write_bytes(mail(first, "Nu er den rigtig.", sent="Fri, 13 Nov 2015 09:00:00 +0000"))
    report = run([tmp_path / "a.eml", tmp_path / "b.eml"], tmp_path / "ud.xlsx")
    assert report.problems == () and report.data["counts"]["Udgået"] == 1  # type: ignore[index]
    assert report.data["units"][0]["container"] == "b.eml"  # type: ignore[index]


def test_files_of_the_same_name_are_told_apart_by_their_folder(desk: Desk, tmp_path: Path) -> None:
    one, other = (shutil.copytree(desk.folder / name, tmp_path / name) for name in NAMES[:2])
    (one / "opf.xlsx").write_bytes(b"PK")
    (other / "opf.xlsx").write_bytes(b"PK")
    report = run([one, other], tmp_path / "ud.xlsx")
    assert sorted(p.place.container for p in report.problems) == NAMES[:2]
    assert all(p.level == "error" and "svar" not in p.advice and "skema" not in p.advice for p in report.problems)


def test_other_workbooks_are_a_line_each_and_no_question(desk: Desk, tmp_path: Path) -> None:
    year = desk.small.parent
    report = run([year], tmp_path / "ud.xlsx")
    verdicts = Counter(str(row["Hvad der blev af den"]) for row in rows(tmp_path / "ud.xlsx", "Kilder"))
    assert verdicts == {"Talt med.": 1, "Filen er en aftale og er ikke talt med.": 1,
                        "Filen er et skema og er ikke talt med.": 6, "Filen er ikke et regneark og er ikke talt med.": 2}
    assert report.problems == () and report.exit_code == 0


def test_what_was_there_instead_of_follow_ups_is_said(desk: Desk, tmp_path: Path) -> None:
    shutil.copy(desk.small, tmp_path / "opf.xlsx")
    with pytest.raises(CannotDo, match="opf.xlsx er ikke læst: Den står efter --ud"):
        saml([tmp_path], tmp_path / "opf.xlsx")
    forms = tmp_path / "skemaer"
    forms.mkdir()
    found = [path for path in desk.small.parent.rglob("*.xlsx") if "skema" in str(path.relative_to(desk.small.parent))][:2]
    for path in found:
        shutil.copy(path, forms / path.name)
    with pytest.raises(CannotDo, match=f"{len(found)} filer: Filen er et skema og er ikke talt med"):
        saml([forms], tmp_path / "ud.xlsx")


@pytest.mark.parametrize("what", ["mappe", "kun andet", "findes ikke"])
def test_nothing_to_gather_is_said(desk: Desk, tmp_path: Path, what: str) -> None:
    path = tmp_path / "ind"
    if what != "findes ikke":
        path.mkdir()
    if what == "kun andet":
        (path / "tekst.xlsx").write_bytes(b"Hej")
    with pytest.raises(CannotDo, match="ingen opfølgninger") as stopped:
        saml([path], tmp_path / "ud.xlsx")
    assert ("tekst.xlsx" in str(stopped.value)) is (what == "kun andet")
    assert not (tmp_path / "ud.xlsx").exists()


# ---------------------------------------------------------------- texts, packing, the command

HARD = st.text(st.one_of(st.sampled_from("=+-@<r>&»«\n\r\t\u00a0😀å"), st.characters()), max_size=8)
HARD_GOALS = st.builds(UnitGoal, HARD, st.tuples(HARD, HARD, HARD, HARD), st.lists(HARD, max_size=2).map(tuple), HARD,
                       HARD, HARD, st.one_of(st.none(), HARD, st.floats(-1e6, 1e6)),
                       st.sampled_from(("", "0", "1", "percent")), st.one_of(st.none(), st.floats(0, 9)),
                       st.one_of(HARD, st.sampled_from(list(Status))), HARD, HARD, HARD)
HARD_UNITS = st.builds(
    UnitFollowUp, st.builds(Source, st.text("0123456789abcdef", min_size=8, max_size=8), HARD), st.sampled_from(ReadAs),
    HARD, HARD, st.integers(2000, 2030), st.sampled_from(Round), st.lists(HARD_GOALS, max_size=3).map(tuple),
    st.dictionaries(st.sampled_from(("Samlet vurdering", "Inden for rammen")), HARD, max_size=2),
    st.dictionaries(st.sampled_from(("Budget", "Svar")), HARD, max_size=2))


@given(HARD_UNITS)
def test_what_a_worker_hands_over_comes_back_as_it_was(unit: UnitFollowUp) -> None:
    place = Place(unit.source.name, "Opfølgning", "S4", unit.source.container)
    asked = problem("saml-status-unknown", place, value="x", goal="M1")
    whole = replace(unit, problems=(asked,))
    text = packed_unit(whole)
    assert unpacked_unit(text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")) == whole
    assert "\n" not in text


@settings(max_examples=12, deadline=None)  # each draws a whole workbook
@given(st.lists(HARD_UNITS, min_size=1, max_size=3))
def test_any_texts_can_be_drawn_and_are_texts(made: list[UnitFollowUp]) -> None:
    across = gather_units(made)
    data = draw_across(book_of(across))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert count_across(across).all.total == sum(len(each.followup.effects) for each in across.counted)


def test_a_text_that_is_too_long_for_a_cell_stops_nothing() -> None:
    long = replace(followups("a | Vest | K | 2015 | år | | whole | Opfyldt")[0], boxes={"Samlet vurdering": "x" * 40_000})
    assert draw_across(book_of(gather_units([long])))


def test_a_mail_and_a_refusal_are_handed_over_as_well() -> None:
    letter = IncomingMail(Source("ab", "m.eml", sender="a@example.dk"), "Emne", "Tekst")
    refused = Refused(Source("cd", "f.xlsx"), problem("saml-who-unknown", Place("f.xlsx")))
    assert [unpacked_unit(packed_unit(each)) for each in (letter, refused)] == [letter, refused]


def test_the_command_prints_one_json_object_and_prose_beside_it(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "ud.xlsx"
    done = run_here("saml", desk.folder / NAMES[0], desk.folder / OTHERS["ødelagt"], "--ud", out, "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1 and set(found) == {"workbook", "units", "missing", "goals", "counts", "problems", "files"}
    assert found["workbook"] == str(out) and [each["unit"] for each in found["units"]] == [NAMES[0]]
    assert set(found["problems"][0]) == {"code", "level", "file", "sheet", "cell", "value", "message", "advice"}
    assert [each["status"] for each in found["goals"]] == ["Opfyldt", "Forventes opfyldt", "Delvist opfyldt"]
    assert "1 enhed har 3 effektmål" in done.stderr


@pytest.mark.parametrize(("args", "code", "said"), [
    (["{unit}"], 2, "--ud samling.xlsx"), (["{unit}", "--ud", "{out}.csv"], 2, "gemmes som .xlsx"),
    (["{unit}", "--ud", "{out}.xlsx"], 0,
     "Alle enheder, der er sendt noget fra, har indberettet årsopfølgning 2015."),
    (["{unit}", "--ud", "{out}.xlsx", "--aar", "2014"], 2, "Ingen af opfølgningerne er fra årsopfølgning 2014 eller før"),
    (["{unit}", "--ud", "{out}.xlsx", "--enheder", "borte.txt"], 2, "findes ikke"),
    (["borte", "--ud", "{out}.xlsx"], 3, "ingen opfølgninger")])
def test_the_command_ends_as_the_contract_says(desk: Desk, tmp_path: Path, args: list[str], code: int, said: str) -> None:
    filled = [each.format(unit=desk.folder / NAMES[0], out=tmp_path / "ud") for each in args]
    done = CliRunner().invoke(app, ["saml", *filled])
    assert done.exit_code == code and said in done.output


def test_the_goals_in_json_have_everything_that_is_kept(desk: Desk, gathered: tuple[Report, Path]) -> None:
    goal = next(each for each in gathered[0].data["goals"]  # type: ignore[attr-defined]
                if each["unit"] == OTHERS["rettet"] and each["id"] == "M1.1.1")
    assert goal["remarks"] == "Det gik ikke." and goal["department"] == "" and goal["target"] and "measure" in goal


def test_the_headline_says_how_much_is_of_the_round(gathered: tuple[Report, Path]) -> None:
    said = front(gathered[1])
    line = next(str(line[0]) for line in said if line and "tilsammen" in str(line[0]))
    assert line.endswith(" Heraf er 258 fra 37 enheder med årsopfølgning 2015; resten er fra tidligere runder.")


@pytest.mark.parametrize(("table", "said"), [
    ("a | Vest | K | 2015 | år | | whole | Opfyldt", "1 enhed har 1 effektmål: 1 er opfyldt."),
    ("a | Vest | K | 2015 | år | | whole | Opfyldt\nb | Øst | K | 2014 | år | | whole | Udgået, Udgået",
     "2 enheder har tilsammen 3 effektmål: 1 er opfyldt og 2 er udgået. Heraf er 1 fra 1 enhed med årsopfølgning 2015;"
     " resten er fra tidligere runder.")])
def test_the_headline_is_danish_of_one_and_of_several(table: str, said: str) -> None:
    across = gather_units(followups(table))
    assert headline(across, count_across(across)) == said


def test_one_unit_without_goals_is_said_in_danish_and_links_to_nothing() -> None:
    none, = followups("a | Vest | K | 2015 | år | | whole | Opfyldt")
    across = gather_units([replace(none, goals=())])
    book = book_of(across)
    assert headline(across, count_across(across)) == "1 enhed har indberettet, men den har ingen effektmål i året."
    assert book.front.units[0].label.link == "" and dict(book.front.facts)["Filer"] == "1, heraf 1 opfølgning"
    assert book.files.intro == "1 fil, og hvad der blev af den."


def test_what_needs_attention_is_the_same_number_everywhere() -> None:
    across = gather_units(followups("""
        a | Vest | K | 2015 | år | | whole | Opfyldt, Ikke opfyldt, Forventes ikke opfyldt, Uafklaret, Mangler svar
        b | Øst  | K | 2015 | år | | whole | Delvist opfyldt, Ikke igangsat, Uafklaret"""))
    book = book_of(across)
    assert book.front.all.count.attention == 5 and [each.count.attention for each in book.front.units] == [4, 1]
    assert len(book.attention.rows) == 7 and book.attention.intro.startswith("7 mål, ")
    assert "Heraf er 5 de effektmål, der tæller som »Kræver opmærksomhed«" in book.attention.intro


@pytest.mark.parametrize(("response", "why"), [
    pytest.param("Mangler svar", "Mangler svar fra Børneteamet, Husteamet.", id="nobody has answered"),
    pytest.param("", "Mangler svar fra Børneteamet, Husteamet.", id="Svarstatus isn't there"),
    pytest.param("Intet at melde", "Børneteamet og Husteamet har intet at melde.", id="nothing to report"),
    pytest.param("Besvaret i en mail", "Børneteamet og Husteamet har svaret i en mail.", id="a mail is the answer"),
    pytest.param("Delvist besvaret", "Børneteamet og Husteamet har svaret, men ikke valgt en status.", id="no status"),
    pytest.param("Svar kan ikke læses", "Der er skrevet noget, der ikke kan læses som et svar.", id="it can't be read")])
def test_why_a_goal_has_no_status_is_said_as_on_the_units_own_overblik(response: str, why: str) -> None:
    (unit,) = followups("a | Vest | K | 2015 | år | | whole | Mangler svar")
    unit = replace(unit, goals=(replace(unit.goals[0], owners="Børneteamet; Husteamet", response=response),))
    (row,) = book_of(gather_units([unit])).attention.rows
    assert why in [cell.value for cell in row]


def test_the_goals_to_look_at_first_are_of_many_units_and_of_different_words() -> None:
    lines = [f"{unit}{file} | {unit} | K | 2015 | år | | whole | Ikke opfyldt, Ikke opfyldt, Opfyldt, Mangler svar"
             for unit, file in zip("ABCDE", "abcde", strict=True)]
    shown = book_of(gather_units(followups("\n".join(lines)))).front.spotlights
    assert [(row[1].value, row[4].value) for row in shown[:4]] == [
        ("A", "M1.1.1"), ("B", "M1.1.2"), ("C", "M1.1.1"), ("D", "M1.1.2")]
    assert [row[0].value for row in shown] == ["Ikke opfyldt"] * 10 + ["Mangler svar"] * 2, "the most urgent come first"


def test_a_unit_that_does_not_say_which_demands_it_serves_is_not_without_them() -> None:
    table = "a | Vest | KSE | 2015 | år | | whole | Opfyldt\nb | Øst | KSE | 2015 | år | | whole | Opfyldt"
    silent, telling = followups(table)
    telling = replace(telling, goals=(replace(telling.goals[0], demands=("bredde og mangfoldighed",)),))
    front_ = book_of(gather_units([silent, telling])).front
    assert [(each.name, each.units, each.of, each.without) for each in front_.served] == [
        ("Bredde", 1, 1, ""), ("Tilgængelighed", 0, 1, "Øst"), ("Partnerskaber", 0, 1, "Øst")]
    assert front_.served_note == "1 enhed har ikke angivet krav ved sine mål: Vest."


def test_of_more_units_than_there_is_room_for_those_with_most_to_look_at_are_shown() -> None:
    lines = [f"{number} | Enhed {number:03} | K | 2015 | år | | whole | {'Ikke opfyldt' if number >= 40 else 'Opfyldt'}"
             for number in range(100)]
    front_ = book_of(gather_units(followups("\n".join(lines)))).front
    assert [each.label.value for each in front_.units] == [f"Enhed {number:03}" for number in range(40, 100)]
    assert front_.units_note.startswith("De 60 enheder med flest")


def test_a_demand_is_counted_as_each_unit_spells_it_also_of_years_that_do_not_count(tmp_path: Path) -> None:
    made = followups("""
        a | Vest | Kultur | 2015 | år | | whole | Opfyldt, Udgået
        b | Øst  | Kultur | 2015 | år | | whole | Opfyldt, Udgået
        c | Vest | Kultur | 2014 | år | | whole | Opfyldt, Udgået""")
    across = gather_units([replace(each, goals=tuple(replace(one, demands=(name,)) for one in each.goals))
                           for each, name in zip(made, ("Sundhed", "sundhed", "Et ældre krav"), strict=True)])
    data = saml_data(across, count_across(across), tmp_path, ())
    assert [each["demands"] for each in data["units"]] == [  # type: ignore[attr-defined]
        {name: {"goals": 2, "met": 1}} for name in ("Sundhed", "Et ældre krav", "sundhed")]
    (served,) = book_of(across).front.served
    assert (served.name, served.goals, served.met) == ("Sundhed", 2, 1)


@pytest.mark.parametrize("demands", [("\x1f",), ("Sund\x1fhed", "Sundhed"), ("<r>",), ("Sund\ud800",)], ids=ascii)
def test_any_demand_can_stand_in_a_header(demands: tuple[str, ...]) -> None:
    unit, = followups("a | Vest | Kultur | 2015 | år | | whole | Opfyldt, Udgået")
    across = gather_units([replace(unit, goals=tuple(replace(each, demands=demands) for each in unit.goals))])
    assert openpyxl.load_workbook(io.BytesIO(draw_across(book_of(across))))


def test_the_shares_are_of_all_the_effektmaal() -> None:
    table = "a | Vest | K | 2015 | år | | whole | Opfyldt, Mangler svar, Udgået, Uafklaret"
    book = book_of(gather_units(followups(table)))
    row = {column.key: cell.value for column, cell in zip(book.units.columns, book.units.rows[0], strict=True)}
    assert (row["met"], row["answered"], row["attention"]) == (0.25, 0.75, 0.5)


def test_an_undecided_result_is_shown_as_undecided(tmp_path: Path) -> None:
    path = made(tmp_path, 1, everything, 1)
    answer, = (tmp_path / "svar").iterdir()
    (tmp_path / "svar" / "et_til.xlsx").write_bytes(fill_in(answer.read_bytes(), {"M1.1.1": {"Resultat": 17}}, "En anden"))
    write_all(list(flet(tmp_path / "aftale.xlsx", [tmp_path / "svar"], path).files))
    found = read(path.read_bytes())
    assert isinstance(found, UnitFollowUp) and [each.result for each in found.goals] == ["Uafklaret"]


def test_the_units_go_on_under_their_header_on_the_next_page(gathered: tuple[Report, Path]) -> None:
    sheet = openpyxl.load_workbook(gathered[1])["Overblik"]
    first, last = (int(part.strip("$")) for part in str(sheet.print_title_rows).split(":"))
    assert first == last and sheet.cell(first, 2).value == "Enhed" and sheet.cell(first, 3).value == "Runde"


def test_no_row_of_a_unit_is_higher_for_a_column_that_is_folded() -> None:
    unit, = followups("a | Vest | K | 2015 | år | | whole | Opfyldt")
    frame = "2.000.000 kr., hvoraf 275.000 kr. er lagt ud på målene, og resten er til senere."
    framed = replace(unit, facts={"Økonomisk ramme": frame, "Svar": "12 af 14 skemaer besvaret"})
    heights = [openpyxl.load_workbook(io.BytesIO(draw_across(book_of(gather_units([each])))))["Enheder"]
               .row_dimensions[4].height for each in (unit, framed)]
    assert heights[1] - heights[0] < 15, "two lines at most"


def test_the_table_on_screen_is_the_units(desk: Desk, gathered: tuple[Report, Path]) -> None:
    report = gathered[0]
    assert (OTHERS["150"], "årsopfølgning 2015", "150", "1", "147") in report.table
    assert len(report.table) == 39


def test_a_follow_up_of_a_newer_format_is_refused_in_words_and_the_others_are_counted(desk: Desk, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_unit(desk.small, tmp_path / "ind" / name, f"Enhed {name[0]}")
    newer(tmp_path / "ind" / "b.xlsx")
    report = saml([tmp_path / "ind"], tmp_path / "samling.xlsx")
    told, = (p for p in report.problems if p.code == "newer-format")
    assert told.place.file == "b.xlsx" and "nyere udgave af aftale" in told.message and "Installér" in told.advice
    assert set(units(report)) == {"Enhed a"}


def test_a_unit_of_another_version_is_read_and_handed_over(desk: Desk, tmp_path: Path) -> None:
    path = write_unit(desk.small, tmp_path / "a.xlsx", "Enhed a")
    rewrite(path, with_new_fields("aftalekopi", "policy"))
    report = saml([path], tmp_path / "samling.xlsx")
    assert units(report)["Enhed a"]["read_as"] == "whole" and not codes(report)
    unit = followups("a | Vest | K | 2015 | år | | whole | Opfyldt")[0]
    plain = {**json.loads(packed_unit(unit)), "fra en nyere": 1}
    assert unpacked_unit(json.dumps(plain)) == unit
    without = {key: value for key, value in plain.items() if key != "goals"}
    assert unpacked_unit(json.dumps(without)) == replace(unit, goals=())
