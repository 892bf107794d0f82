"""Reading workbooks with python-calamine; what it can't tell (errors, formats, notes) is looked up only where needed."""

from __future__ import annotations

import csv
import io
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile

from aftale.cells.hidden_sheet import is_newer
from aftale.intake.size_limits import MOST_BYTES_IN_ALL, danger
from aftale.intake.unpack import WORKBOOK_SUFFIXES, is_litter, is_workbook, lock_of, not_fetched, placeholders_of
from aftale.intake.why_unreadable import why_unreadable
from aftale.intake.xlsx_details import with_details, without_errors
from aftale.model.findings import Finding
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.text import tidy
from aftale.model.workbook import Workbook, WorkbookSheet, column_index
from aftale.office.package import BAD_PACKAGE, Parts, workbook_part
from aftale.office.safe_write import danish_reason, digest
from aftale.office.text_file import decoded
from aftale.office.usual_layout import usual


def workbook_files(paths: list[Path]) -> tuple[list[Path], list[Finding]]:
    """Find the files in files and folders (searched recursively); litter is left out.

    Returns them in the order of their names, so that the order of the arguments doesn't matter. A path that isn't there
    or can't be looked into is a problem, and so is a file that is open in a program, as its lock file tells.
    """
    found: dict[Path, Path] = {}
    locked: set[tuple[Path, str]] = set()
    problems: list[Finding] = []
    for path in paths:
        try:
            if not path.exists():
                problems.append(problem("file-missing", Place(path.name), name=path))
            for each in inside(path, problems) if path.is_dir() else (path,):
                if lock_of(each.name):
                    locked.add((each.parent, lock_of(each.name)))
                elif each.is_file() and not is_litter(each.name):
                    found.setdefault(each.resolve(), each)
        except OSError as error:
            problems.append(problem("file-busy", Place(path.name), why=danish_reason(error)))
    files = sorted(found.values(), key=lambda path: (tidy(path.name), str(path)))
    problems += [problem("open-elsewhere", Place(tidy(path.name))) for path in files
                 if locked and (path.parent, tidy(path.name)) in locked]
    return files, problems


def inside(folder: Path, problems: list[Finding]) -> list[Path]:
    """Return all that lies in a folder and the folders in it; those that can't be opened are problems."""
    closed: list[OSError] = []
    found = [Path(where, name) for where, _, names in os.walk(folder, onerror=closed.append) for name in names]
    for error in closed:
        problems.append(problem("folder-closed", Place(Path(str(error.filename)).name), why=danish_reason(error)))
    return sorted(found)


def read_workbook(path: Path, newer: bool = False, only: str = "") -> Workbook | Finding:
    """Read a workbook from disk; a file that can't be read is a problem, never an exception (see `read_bytes`)."""
    place = Place(tidy(path.name))
    if not_fetched(path.name) or (not path.exists() and stands_at(path)):
        return problem("file-not-fetched", place)
    try:
        if path.stat().st_size > MOST_BYTES_IN_ALL:
            return problem("file-too-big", place)
        data = path.read_bytes()
    except OSError as error:
        return problem("file-busy", place, why=danish_reason(error))
    if path.suffix.lower() not in WORKBOOK_SUFFIXES and not is_workbook(data):
        return problem("file-kind", place)
    return read_bytes(data, path.name, newer=newer, only=only)


def stands_at(path: Path) -> bool:
    """Tell whether a workbook stands at a path, fetched or not."""
    return path.exists() or any(path.with_name(each).exists() for each in placeholders_of(path.name))


def read_bytes(data: bytes, named: str | Source, returned: bool = False, newer: bool = False, only: str = ""
               ) -> Workbook | Finding:
    """Read a workbook from memory; a file that can't be read is a problem, never an exception.

    ``named`` is the file's name, or its source where that is known. ``returned`` says that it is somebody's answer: then
    it must not be larger than an answer can be, and its defined names aren't looked at. What a newer version of aftale has
    made can't be read either, but where no more is asked than what it is (``newer``). ``only`` is the one sheet whose values
    are asked for, in an .xlsx.
    """
    source = named if isinstance(named, Source) else Source(digest(data), tidy(named))
    place = Place(source.name, container=source.container)
    book = _read(data, source, place, returned, only)
    if isinstance(book, Finding) and book.code == "file-locked":
        from aftale.intake import default_password
        plain = default_password.opened(data)
        book = book if plain is None else _read(plain, source, place, returned)
    return problem("newer-format", place) if isinstance(book, Workbook) and not newer and is_newer(book) else book


def _read(data: bytes, source: Source, place: Place, returned: bool, only: str = "") -> Workbook | Finding:
    if data[:2] == b"PK":
        return _read_package(data, source, place, returned, only)
    if not data:
        return why_unreadable(data, source.name, place)
    from aftale.intake import xls_details
    # An answer is read in a worker, which may end without harm; whatever else the command itself reads.
    book = (None if returned else xls_details.danger(data, place)) or _by_calamine(data, source, place)
    if isinstance(book, Finding):
        return book
    return xls_details.with_details(_saved(book, *xls_details.about(data)), data)


def _read_package(data: bytes, source: Source, place: Place, returned: bool, only: str) -> Workbook | Finding:
    try:
        parts = Parts(data)
        unsafe = danger(parts, place, returned)
    except BAD_PACKAGE:
        return why_unreadable(data, source.name, place)
    if unsafe is not None:
        return unsafe
    if parts.named("content.xml"):
        from aftale.intake import ods_details
        own = ods_details.sheets(data, formulas=not returned)
        found = Workbook(source, own) if own else _by_calamine(data, source, place)
        return found if isinstance(found, Finding) else _saved(found, *ods_details.about(data))
    try:
        lost = _sheets_without_part(parts)
        parts = usual(parts)
    except BAD_PACKAGE:
        return why_unreadable(data, source.name, place)
    if _damaged(parts):  # the fast reader doesn't look at checksums
        return problem("file-damaged", place)
    whole, binary = parts.data, "xl/workbook.bin" in parts
    if binary:
        from aftale.intake import xlsb_details
        whole = xlsb_details.long_cells(whole)
    read = _by_calamine(whole, source, place, only)
    if isinstance(read, Finding) and not binary:
        read = _by_calamine(without_errors(parts), source, place)  # it knows seven of the error values, and refuses others
    if isinstance(read, Finding):
        return why_unreadable(data, source.name, place)  # told from the file as it came
    book = _saved(replace(read, unread=(*read.unread, *lost)), _stated(parts, "docProps/core.xml", b"dcterms:modified"),
                  _stated(parts, "docProps/app.xml", b"Application"))
    if only:
        return book
    if not returned:
        book = replace(book, names=_names(parts))
    return xlsb_details.with_details(book, whole) if binary else with_details(book, parts, formulas=not returned)


def _damaged(parts: Parts) -> bool:
    """Tell whether the bytes of a sheet or the texts are others than those that were packed: that, nobody wrote."""
    try:
        for part in (*parts.sheets().values(), "xl/sharedStrings.xml"):
            parts.read(part)
    except (BadZipFile, zlib.error):
        return True
    except BAD_PACKAGE:  # the list of sheets is read in another way then
        return False
    return False


def _saved(book: Workbook, when: str, program: str) -> Workbook:
    """Return the book with when it was saved, unless the mail it came in says when it was sent, and by what program."""
    source = replace(book.source, when=book.source.when or when, program=program)
    return replace(book, source=source)


_NO_CELLS = {"ChartSheet": "det er et diagram", "MacroSheet": "det rummer gamle makroer",
             "DialogSheet": "det er en gammel dialogboks"}
"""Why the sheets without cells aren't read; the cells of the old kinds are, in .xlsx."""


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep what the fast reader tells the system's standard error, where a file breaks it, from people's screens."""
    try:
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # there is no such stream
        yield
        return
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _by_calamine(data: bytes, source: Source, place: Place, only: str = "") -> Workbook | Finding:
    with _unheard():
        return _calamine(data, source, place, only)


def _calamine(data: bytes, source: Source, place: Place, only: str) -> Workbook | Finding:
    import python_calamine as calamine
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data), load_tables=False)
        kinds = [(each.name, str(each.typ).rpartition(".")[2]) for each in book.sheets_metadata]
        sheets = tuple(WorkbookSheet(tidy(name), book.get_sheet_by_name(name).to_python(skip_empty_area=False))
                       for name, kind in kinds if kind == "WorkSheet" and only in ("", name))
        unread = tuple((tidy(name), _NO_CELLS[kind]) for name, kind in kinds if kind in _NO_CELLS)
        return Workbook(source, sheets, unread=unread) if sheets else why_unreadable(data, place.file, place)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # calamine's PanicException is no Exception
        return why_unreadable(data, place.file, place)


# ---------------------------------------------------------------- what only the package tells

def _small(parts: Parts, name: str) -> bytes:
    """Return a part that is merely good to know; b'' where it is large or damaged."""
    if name not in parts.infos or parts.infos[name].file_size > 5_000_000:
        return b""
    try:
        return parts.read(name)
    except BAD_PACKAGE:
        return b""


def _sheets_without_part(parts: Parts) -> list[tuple[str, str]]:
    """Return the sheets of an .xlsx that are listed and that nothing leads to; the rest of the workbook is read."""
    if not workbook_part(parts).endswith(".xml"):
        return []
    return [(tidy(sheet.name), "dets indhold mangler i filen") for sheet in parts.listed if not sheet.part]


def _stated(parts: Parts, part: str, tag: bytes) -> str:
    """Return what stands in an element of a part, '' where there is none."""
    match = re.search(rb"<%b\b[^>]*>([^<]*)<" % tag, _small(parts, part))
    return match[1].decode("utf-8", "ignore").strip()[:60] if match else ""


def _names(parts: Parts) -> dict[str, tuple[str, int, int]]:
    xml = _small(parts, "xl/workbook.xml")
    found: dict[str, tuple[str, int, int]] = {}
    if b"definedName" not in xml:
        return found
    try:
        root = ElementTree.fromstring(xml)
    except BAD_PACKAGE:
        return found
    for element in root.iter():
        if element.tag.endswith("}definedName") and element.get("localSheetId") is None:
            match = re.fullmatch(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)(?::.*)?", element.text or "")
            if match:
                sheet = (match[1] or match[2]).replace("''", "'")
                found[element.get("name", "")] = (tidy(sheet), int(match[4]) - 1, column_index(match[3]))
    return found


# ---------------------------------------------------------------- lists of goals as text

_MOST_LIST = 50_000_000

def read_csv(path: Path, sheet: str, separators: str = ";,\t") -> Workbook | Finding:
    """Read a ``.csv`` as a workbook with one sheet: UTF-8, UTF-16 with its mark, or Windows-1252.

    ``separators`` are what may stand between the columns: the one that the first line has most of.
    """
    place = Place(tidy(path.name))
    try:
        if path.stat().st_size > _MOST_LIST:
            return problem("file-unreadable", place, why="den er alt for stor")
        data = path.read_bytes()
    except OSError as error:
        return problem("file-busy", place, why=danish_reason(error))
    text, _ = decoded(data)
    head = text.split("\n", 1)[0]
    separator = max(separators, key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        return problem("file-unreadable", place, why="den er ikke en tekst med en linje for hver række")
    return Workbook(Source(digest(data), tidy(path.name)), (WorkbookSheet(sheet, rows),))


def candidates(folder: Path) -> Iterator[Path]:
    """Yield the workbooks that lie right in a folder, in the order of their names; placeholders of one are among them."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            workbook = path.suffix.lower() in WORKBOOK_SUFFIXES or not_fetched(path.name)
            if path.is_file() and workbook and not is_litter(path.name):
                yield path
