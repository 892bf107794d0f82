"""Bad files: each is named with its reason, costs little, and takes no other file down; measured from outside."""

from __future__ import annotations

import io
import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Year, fill_in
from hostile import HOSTILE, NUMBERS, Hostile, compound, package, record, xls
from measured import LINUX, run_watched, watched

from aftale.intake.read import read_bytes
from aftale.intake.size_limits import danger
from aftale.intake.why_unreadable import why_unreadable
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.workbook import Workbook
from aftale.office.package import BAD_PACKAGE, Parts, read_parts, write_parts
from aftale.steps.indlaes import indlaes

READ = ("", "not-ours")
"""Codes of files that are read: nothing is wrong with the file itself."""
ONLY_STOPPED = frozenset(("file-crashes", "file-too-slow"))
"""Codes of files that nobody sees through: the worker dies of them."""
TOGETHER = {name: each for name, each in HOSTILE.items() if not each.slow}
ALONE = {name: each for name, each in HOSTILE.items() if each.slow}
START_UP, PER_FILE, MEMORY = 4.0, 5.0, 512


def looked_at(data: bytes) -> Finding | None:
    """Look at a file as the reader does before reading."""
    if data[:2] != b"PK":
        return None
    try:
        return danger(Parts(data), Place("fil"))
    except BAD_PACKAGE:
        return None


@pytest.fixture(scope="module")
def skema(_made: Year) -> bytes:
    return fill_in(_made.forms["Ledelsen"].read_bytes(), {"M4.2.1": {"Status": "Opfyldt"}})


@pytest.mark.parametrize("name", [name for name, each in HOSTILE.items() if each.code not in ONLY_STOPPED])
def test_every_bad_file_is_seen_for_what_it_is(skema: bytes, name: str) -> None:
    bad = HOSTILE[name]
    data = bad.make(skema)
    if bad.code in READ:
        assert looked_at(data) is None
        return
    found = read_bytes(data, f"fil{bad.suffix}", returned=True)
    assert isinstance(found, Finding) and found.code == bad.code
    assert found.place.file == f"fil{bad.suffix}" and found.message.endswith(".") and found.advice.endswith(".")


@pytest.mark.parametrize(("name", "where"), [
    ("value in T1048576", "T1048576"), ("formula in XFD1048576", "XFD1048576"), ("cell A0", "A0"),
    ("far cell without a reference", "C1048576"), ("300,000 cells", "300.000"),
])
def test_the_message_names_sheet_and_cell(skema: bytes, name: str, where: str) -> None:
    found = looked_at(HOSTILE[name].make(skema))
    assert found is not None
    assert found.place.sheet == "Skema" and found.text == where and where in found.message


@pytest.mark.parametrize(("name", "says"), [
    ("pdf", "en PDF"), ("word document", "Word"), ("old word document", "Word"), ("csv", "CSV"), ("html named xls", "HTML"),
    ("log-in page", "logge ind"), ("sheet cut off", "beskadiget"), ("no sheet", "mangler"),
    ("link to google sheets", "en genvej"),
])
def test_the_message_says_what_it_is_in_plain_words(skema: bytes, name: str, says: str) -> None:
    assert says in why_unreadable(HOSTILE[name].make(skema), f"fil{HOSTILE[name].suffix}", Place("fil")).message


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(("name", "data", "code"), [
    ("svar.numbers", package(NUMBERS), "file-old"),
    ("svar.gsheet", b"", "file-empty"),
    ("svar.gsheet", b"{}", "file-shortcut"),
    ("svar.webloc", b"<plist><dict><key>URL</key></dict></plist>", "file-shortcut"),
    ("svar.lnk", b"L\x00\x00\x00\x01\x14\x02\x00", "file-shortcut"),
    ("svar.xlsx", b".pfile\x00", "file-labelled"),
    ("svar.xlsx", package({"a.txt": b"x"}), "file-other"),
    ("svar.xlsx", b"From: a@example.dk\nSubject: skema\n\nHej", "file-other"),
    ("svar.xlsx", compound({"__properties_version1.0": b"x"}), "file-other"),
    ("svar.xlsx", b"\xff\xfeM\x00", "file-other"),
    ("svar.xls", compound({"Book": b"x"}), "file-old"),
    ("svar.xls", compound({"Workbook": b"x"})[:900], "file-damaged"),
])
def test_other_kinds_of_files_are_called_what_they_are(name: str, data: bytes, code: str) -> None:
    assert why_unreadable(data, name, Place(name)).code == code


@pytest.mark.parametrize("data", [
    b"PK", b"PK\x05\x06" + bytes(18), b"PK\x03\x04PK\x05\x06", OLE, OLE + b"\xff" * 2_000, b"<", b"{", b"\x00",
    b"[" * 100_000,
    package({"xl/workbook.xml": b"<", "xl/_rels/workbook.xml.rels": b"<"}),
    package({"xl/worksheets/sheet1.xml": b"<worksheet>", "content.xml": b"<!"}),
])
def test_neither_look_ever_raises(data: bytes) -> None:
    looked_at(data)
    assert why_unreadable(data, "fil.xlsx", Place("fil.xlsx")).advice


def test_an_ordinary_skema_is_no_danger(year: Year) -> None:
    path = year.fill("Ledelsen", {"M4.2.1": {"Status": "Opfyldt", "Bemærkninger": "a < b & <!DOCTYPE"}})
    assert looked_at(path.read_bytes()) is None  # those that LibreOffice saved: test_fuzz


# ---------------------------------------------------------------- measured from outside

@dataclass(frozen=True)
class Run:
    """What came of reading a folder, the processor's seconds it took, and the most memory that any process held (MB)."""

    code: int
    result: Mapping[str, Any]
    said: str
    seconds: float
    megabytes: int


def run(folder: Path, *answers: str) -> Run:
    """Read answers here; the files are opened in worker processes, which are watched from outside."""
    with watched(os.getpid(), alone=False) as taken:
        report = indlaes(folder / "aftale.xlsx", [folder / each for each in answers])
    return Run(report.exit_code, report.data, "", taken.seconds, taken.megabytes)


def run_command(folder: Path, *answers: str) -> Run:
    """Run ``aftale indlaes … --json`` in a process of its own, watched from outside."""
    done, taken = run_watched("indlaes", "aftale.xlsx", *answers, "--json", folder=folder)
    return Run(done.returncode, json.loads(done.stdout), done.stderr, taken.seconds, taken.megabytes)


def with_neighbours(year: Year, bad: dict[str, Hostile]) -> dict[str, str]:
    """Put bad files among two good skemaer; return the code that each file's name should get."""
    good = year.forms["Ledelsen"].read_bytes()
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}, name="a først.xlsx")
    year.fill("Ungeteamet", {"M1.2.1": {"Status": "Opfyldt"}}, name="ø sidst.xlsx")
    expected = {}
    for number, each in enumerate(bad.values()):
        file = f"fil {number:02d}{each.suffix}"
        (year.answers / file).write_bytes(each.make(fill_in(good, {"M4.2.1": {"Status": "Opfyldt"}}, by=f"Vikar {number}")))
        expected[file] = each.code
    return expected


def check(done: Run, expected: dict[str, str]) -> None:
    """Every file has its code and its advice, the neighbours are read, and nobody saw a traceback."""
    assert "Traceback" not in done.said
    refused = {each["file"]: each for each in done.result["problems"] if each["level"] == "error"}
    assert {name: refused[name]["code"] if name in refused else "" for name in expected} == expected
    assert all(each["message"] and each["advice"] for each in refused.values())
    answers = {each["id"]: each["answers"] for each in done.result["goals"]}
    assert "Opfyldt" in str(answers["M2.1.1"]) and "Opfyldt" in str(answers["M1.2.1"])
    assert {"Husteamet", "Ungeteamet"} <= {each["owner"] for each in done.result["responses"] if each["state"] == "partly"}
    assert done.result["cells"]["balance"] is True
    assert done.code == (1 if any(expected.values()) else 0) or not all(expected.values())


def test_all_kinds_in_one_folder(year: Year) -> None:
    expected = with_neighbours(year, TOGETHER)
    done = run_command(year.folder, "svar")
    check(done, expected)
    assert done.code == 1
    assert done.seconds <= START_UP + PER_FILE  # all of them within the time that one may take
    assert done.megabytes <= MEMORY


@pytest.mark.parametrize("name", ALONE)
def test_one_that_costs_stays_within_its_bounds(year: Year, name: str) -> None:
    expected = with_neighbours(year, {name: ALONE[name]})
    done = run(year.folder, "svar")
    check(done, expected)
    assert done.code == (0 if ALONE[name].code == "" else 1)
    assert done.seconds <= START_UP + PER_FILE
    if LINUX:
        assert 0 < done.megabytes <= MEMORY


def test_a_file_that_ends_the_worker_is_refused_alone(year: Year) -> None:
    """Two that end the worker, one after the other, and a good one behind each."""
    crash = HOSTILE["xls: a cell far away"]
    expected = with_neighbours(year, {"one": crash, "good": HOSTILE["macros"]})
    (year.answers / "fil 02.xls").write_bytes(crash.make(b"") + b"\x00")
    done = run(year.folder, "svar")
    check(done, {**expected, "fil 02.xls": "file-crashes"})


def test_a_number_that_nobody_packed_is_not_read() -> None:
    """The checksum of a sheet says that another number was saved than the one that stands in the file."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = 12345
    out = io.BytesIO()
    book.save(out)
    whole = write_parts(read_parts(out.getvalue()), compress=False)
    changed = whole.replace(b"<v>12345</v>", b"<v>92345</v>")
    assert isinstance(read_bytes(whole, "a.xlsx"), Workbook) and changed != whole
    found = read_bytes(changed, "a.xlsx")
    assert isinstance(found, Finding) and found.code == "file-damaged"


@pytest.mark.parametrize("cut", [512, 704])
def test_what_the_fast_reader_says_of_a_file_that_breaks_it_reaches_nobody(cut: int,
                                                                           capfd: pytest.CaptureFixture[str]) -> None:
    """An agreement or a follow-up is read by the command itself, so that it would stand on people's screens."""
    found = read_bytes(xls([(0, 0, 1.0)])[:cut] + bytes(10), "aftale.xls")
    assert isinstance(found, Finding)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("cells", "rows", "columns", "code"), [
    ([(65_535, 65_535, 1.0)], 1, 1, "cell-invalid"), ([(65_535, 255, 1.0)], 1, 1, "cell-far-away"),
    ([], 65_536, 65_535, "cell-invalid"), ([(0, 1, 2.0)], 65_536, 256, ""), ([(999, 255, 2.0)], 1_000, 256, "")],
    ids=["a cell that can't be", "a cell at IV65536", "stated to be enormous", "stated to be as large as can be", "wide"])
def test_an_xls_that_would_end_the_command_itself_is_refused(cells: list[tuple[int, int, float]], rows: int, columns: int,
                                                             code: str) -> None:
    """An agreement or a follow-up isn't read in a worker: the fast reader would take the whole process with it."""
    stated = record(0x200, struct.pack("<LLHHH", 0, rows, 0, columns, 0))
    found = read_bytes(xls([(0, 0, 1.0), *cells], before=stated), "aftale.xls")
    assert (found.code if isinstance(found, Finding) else "") == code
