"""What the tests share: a year's folder made by the real commands, and hands that fill in a skema as people do."""

from __future__ import annotations

import gc
import io
import os
import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import settings
from libre_office import Office
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.worksheet import Worksheet

from aftale.model.agreement import Round
from aftale.office.report import Report
from aftale.office.safe_write import digest, write_all
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer

ALL = os.environ.get("AFTALE_ALLE_FILER") == "1"
"""Is this the long run, which CI's schedule asks for?"""


settings.register_profile("aftale", derandomize=not ALL)
settings.load_profile("aftale")
"""An ordinary run tries the same examples each time, so that what fails was broken by the change; the long one new ones."""


def examples(few: int, many: int) -> int:
    """Return how many random examples a test tries: a few in every run, many in the long one."""
    return many if ALL else few


def pytest_collection_finish() -> None:
    """Tidy memory seldom, as the program does: tens of thousands of objects that live to the end are in the way."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say from which seed random cases were made, whether they passed or not."""
    reports = [each for group in ("passed", "failed") for each in terminalreporter.stats.get(group, ())]
    for said in dict.fromkeys(value for each in reports for name, value in each.user_properties if name == "seed"):
        terminalreporter.write_line(str(said))


@dataclass(frozen=True)
class Year:
    """An agreement and the skemaer of one round, by ansvarlig."""

    folder: Path
    agreement: Path
    forms: Mapping[str, Path]

    def fill(self, owner: str, answers: Mapping[str, Mapping[str, Any]], name: str = "", by: str = "", done: str = "",
             saved: datetime | None = None, change: Callable[[Worksheet], None] | None = None) -> Path:
        """Fill in a copy of an ansvarlig's skema in ``svar`` and return its path (see `fill_in`)."""
        source = self.forms[owner]
        target = self.folder / "svar" / (name or source.name)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(fill_in(source.read_bytes(), answers, by, done, saved, change))
        return target

    @property
    def answers(self) -> Path:
        """The folder of returned skemaer."""
        return self.folder / "svar"


def out(year: Year) -> Path:
    """Return where a year's follow-up is made."""
    return year.folder / "opfoelgning.xlsx"


def merge(year: Year) -> Report:
    """Merge what came back into the follow-up, as the command does."""
    report = flet(year.agreement, [year.answers], out(year))
    write_all(list(report.files))
    return report


def fill_in(data: bytes, answers: Mapping[str, Mapping[str, Any]], by: str = "", done: str = "",
            saved: datetime | None = None, change: Callable[[Worksheet], None] | None = None) -> bytes:
    """Fill in a skema as a colleague would: ``{"M1.1.1": {"Resultat": 12, "Status": "Opfyldt"}}``.

    ``saved`` is the document's own modified time; ``change`` may do anything else to the sheet.
    """
    return (_filled if change else _filled_once)(data, _Frozen(answers), by, done, saved, change)


class _Frozen(dict[str, Mapping[str, Any]]):
    """What is answered, so that the same answers in the same skema need filling in but once."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(repr(self))

    def __eq__(self, other: object) -> bool:
        return repr(self) == repr(other)  # 1 and True are equal, but not the same answer


def _filled(data: bytes, answers: Mapping[str, Mapping[str, Any]], by: str, done: str, saved: datetime | None,
            change: Callable[[Worksheet], None] | None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Skema"]
    header = header_row(sheet)
    columns = {str(cell.value): cell.column for cell in sheet[header] if cell.value}
    rows = {str(sheet.cell(row, columns["Mål-id"]).value): row for row in range(header + 1, sheet.max_row + 1)}
    for goal, values in answers.items():
        for column, value in values.items():
            cell = sheet.cell(rows[goal], columns[column])
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    for label, text in (("Udfyldt af", by), ("Skemaet er færdigt", done)):
        if text:
            beside(sheet, label).value = text
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return _saved_at(out.getvalue(), saved) if saved else out.getvalue()


_filled_once = lru_cache(maxsize=256)(_filled)


@lru_cache(maxsize=8)
def _opened(data: bytes, values: bool) -> Workbook:
    with pytest.MonkeyPatch.context() as patch:  # half the time goes to the borders of merged cells, at which nobody looks
        patch.setattr(MergedCellRange, "format", lambda _: None)
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def opened(path: Path, values: bool = False) -> Workbook:
    """Return a workbook to look at: read once for as long as the file is the same, so it mustn't be changed."""
    return _opened(path.read_bytes(), values)


def header_row(sheet: Worksheet) -> int:
    """Return the row of the table's header."""
    return next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "Mål-id")


def beside(sheet: Worksheet, label: str) -> Any:
    """Return the cell to the right of a label."""
    at = next(cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    return sheet.cell(at.row, at.column + 1)


def column_of(sheet: Worksheet, header: str) -> int:
    """Return the number of the column under a header."""
    return int(next(cell.column for cell in sheet[header_row(sheet)] if cell.value == header))


def letter_of(sheet: Worksheet, header: str) -> str:
    """Return the letter of the column under a header."""
    return get_column_letter(column_of(sheet, header))


def row_of(sheet: Worksheet, goal: str) -> int:
    """Return the (first) row of a goal."""
    column = column_of(sheet, "Mål-id")
    return next(n for n in range(header_row(sheet) + 1, sheet.max_row + 1) if sheet.cell(n, column).value == goal)


def cell_at(sheet: Worksheet, goal: str, header: str) -> Any:
    """Return the cell of a goal's row under a header, wherever row and column stand."""
    return sheet.cell(row_of(sheet, goal), column_of(sheet, header))


def _saved_at(data: bytes, when: datetime) -> bytes:
    from aftale.office.package import reproducible
    return reproducible(data, when)


def made_year(folder: Path, source: Path) -> Year:
    """Make an agreement of a source of goals, and the skemaer of its årsopfølgning."""
    agreement = folder / "aftale.xlsx"
    write_all(list(generer(source, agreement, template_path()).files))
    write_all(list(fordel(agreement, Round.AARSOPFOELGNING, folder / "skemaer", date(2015, 11, 11)).files))
    return Year(folder, agreement, {owner_of(path): path for path in sorted((folder / "skemaer").iterdir())})


def owner_of(path: Path) -> str:
    """Return whose skema it is: the last that stands at the right end of its title."""
    return next(str(cell.value) for cell in reversed(opened(path)["Skema"][1]) if cell.value).rpartition(" · ")[2]


def copied(made: Year, folder: Path) -> Year:
    """Lay a year out once more, in a folder of its own."""
    shutil.copytree(made.folder, folder)
    return Year(folder, folder / "aftale.xlsx", {each: folder / "skemaer" / path.name for each, path in made.forms.items()})


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return made_year(tmp_path_factory.mktemp("aar"), example_path())


@pytest.fixture
def year(_made: Year, tmp_path: Path) -> Year:
    """The example's agreement of 2015 with the skemaer of its årsopfølgning, in a folder of the test's own."""
    return copied(_made, tmp_path / "aar")


_DONE: dict[tuple[str, str, str], dict[Path, bytes]] = {}


def once(make: Callable[[Year], object], year: Year) -> None:
    """Do what many tests begin with; where it was done before with the same files, lay out those it wrote.

    The same files give the same bytes wherever they lie and whenever it is: see `steps/test_same_bytes.py`.
    """
    before = _files(year.folder)
    key = (make.__module__, make.__qualname__, digest(pickle.dumps(sorted(before.items()))))
    if key not in _DONE:
        make(year)
        _DONE[key] = {path: data for path, data in _files(year.folder).items() if before.get(path) != data}
    for path, data in _DONE[key].items():
        (year.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (year.folder / path).write_bytes(data)


def _files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The LibreOffice that stays open; skipped where it isn't installed."""
    program = Office(tmp_path_factory.mktemp("libreoffice"))
    yield program
    program.end()


@pytest.fixture
def libreoffice(office: Office, tmp_path: Path) -> Callable[[Path, str], Path]:
    """Return a function that saves a workbook in another format with LibreOffice; skipped where it isn't installed."""
    def convert(path: Path, kind: str = "xlsx") -> Path:
        return office.convert(kind, tmp_path / f"lo_{kind}_{path.stem}", path)[0]

    return convert


def apart_from_news(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a follow-up holds but what it says is new since last time, which depends on how it came about."""
    book = openpyxl.load_workbook(path, data_only=True)
    found = {sheet.title: [row for row in sheet.iter_rows(values_only=True) if any(row)] for sheet in book.worksheets}
    front = found["Overblik"]
    begins = next((n for n, row in enumerate(front) if "Nyt siden sidst" in row), None)
    if begins is not None:  # it is the last of what is seen; the hidden columns beside it are formulas' own
        front[begins:] = []
    header = next(row for row in found["Kontrol"] if "Mål-id" in row)
    kind, number = header.index("Slags"), header.index("Nr.")
    found["Kontrol"] = [tuple(value for at, value in enumerate(row) if at != number) for row in found["Kontrol"]
                        if row[kind] != "Nyt siden sidst"]  # which are numbered too
    drawn = ("segl", "tegning")  # these speak of Overblik as it was drawn
    found["_aftale"] = [row for row in found["_aftale"] if row[0] not in drawn and row[2] != "contents"]
    return found


_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value>
</prop></item></oor:items>"""


@pytest.fixture(scope="session")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., list[Path]]]:
    """Return a function that lets LibreOffice calculate workbooks anew and save them; skipped where it isn't installed."""
    program = Office(tmp_path_factory.mktemp("libreoffice_beregner"), _ALWAYS)
    yield lambda *paths: program.convert("xlsx", tmp_path_factory.mktemp("lo_beregnet"), *paths)
    program.end()
