"""Reading workbooks with python-calamine; what it can't tell (errors, formats, notes) is looked up only where needed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from aftale.disk.files import TEMPORARY, danish_reason, digest
from aftale.disk.guard import danger
from aftale.words.domain import Place, Source
from aftale.words.problems import Problem, problem
from aftale.words.raw import RawBook, RawSheet
from aftale.words.text import tidy

WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"))
_NOT_DATA = frozenset((".ds_store", "desktop.ini", "thumbs.db"))
_BAD_PACKAGE = (zipfile.BadZipFile, zlib.error, OSError, ElementTree.ParseError, ValueError, RuntimeError,
                NotImplementedError, EOFError, KeyError)
_DAMAGED = "den er beskadiget eller er ikke et regneark"


def workbook_files(paths: list[Path]) -> tuple[list[tuple[Path, str]], list[Problem]]:
    """Find the files in files and folders (searched recursively), each with what it lay in; litter is left out.

    Returns them in the order of their names, so that the order of the arguments doesn't matter; a path that isn't
    there is a problem.
    """
    found: dict[Path, tuple[Path, str]] = {}
    problems = []
    for path in paths:
        if path.is_dir():
            for each in sorted(path.rglob("*")):
                if each.is_file() and not _is_litter(each):
                    found.setdefault(each.resolve(), (each, ""))
        elif path.exists():
            found.setdefault(path.resolve(), (path, ""))
        else:
            problems.append(problem("file-missing", Place(path.name), name=path))
    return sorted(found.values(), key=lambda item: (tidy(item[0].name), str(item[0]))), problems


def _is_litter(path: Path) -> bool:
    name = path.name.lower()
    return name.startswith(("~$", ".~", TEMPORARY)) or name in _NOT_DATA


def read_workbook(path: Path, container: str = "", thorough: bool = False) -> RawBook | Problem:
    """Read a workbook from disk; a file that can't be read is a problem, never an exception (see `read_bytes`)."""
    place = Place(tidy(path.name), container=container)
    if path.suffix.lower() not in WORKBOOKS:
        return problem("file-kind", place)
    try:
        data = path.read_bytes()
    except OSError as error:
        return problem("file-busy", place, why=danish_reason(error))
    return read_bytes(data, path.name, container, thorough)


def read_bytes(data: bytes, name: str, container: str = "", thorough: bool = False) -> RawBook | Problem:
    """Read a workbook from memory; a file that can't be read is a problem, never an exception.

    ``thorough`` looks at number formats too, which takes thirty times as long: for files in which a percentage is
    doubtful.
    """
    source = Source(digest(data), tidy(name), container)
    place = Place(source.name, container=container)
    if not data:
        return problem("file-unreadable", place, why="den er tom")
    unsafe = _danger(data, place)
    if unsafe is not None:
        return unsafe
    sheets = _calamine_sheets(data, place)
    if isinstance(sheets, Problem):
        return sheets
    book = RawBook(source, tuple(sheets))
    return _with_package(book, data, thorough) if data[:2] == b"PK" else book


def _danger(data: bytes, place: Place) -> Problem | None:
    if data[:2] != b"PK":
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return danger(package, place)
    except _BAD_PACKAGE:
        return None  # the reader says what is wrong with it


def _calamine_sheets(data: bytes, place: Place) -> list[RawSheet] | Problem:
    import python_calamine as calamine
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data), load_tables=False)
        return [RawSheet(tidy(name), book.get_sheet_by_name(name).to_python(skip_empty_area=False))
                for name in book.sheet_names if _is_worksheet(book, name)]
    except calamine.PasswordError:
        return problem("file-locked", place)
    except (calamine.CalamineError, OSError, ValueError, EOFError) as error:
        return problem("file-unreadable", place, why=_danish_reason(data, error))
    except BaseException as error:  # calamine's PanicException is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        return problem("file-unreadable", place, why=_DAMAGED)


def _is_worksheet(book: object, name: str) -> bool:
    kinds = {each.name: str(each.typ) for each in book.sheets_metadata}  # type: ignore[attr-defined]
    return "WorkSheet" in kinds.get(name, "WorkSheet")


def _danish_reason(data: bytes, error: Exception) -> str:
    if data[:4] == b"\xd0\xcf\x11\xe0":
        return "den er beskyttet eller beskadiget"
    return _DAMAGED if data[:2] == b"PK" else "indholdet er ikke et regneark, selv om navnet siger det"


# ---------------------------------------------------------------- what only the package tells

def _with_package(book: RawBook, data: bytes, thorough: bool) -> RawBook:
    """Add what calamine doesn't give: when the document was saved and by what, names, and the odd cells."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = set(package.namelist())
            source = replace(book.source, when=_modified(package, parts), program=_program(package, parts))
            book = replace(book, source=source, names=_names(package, parts))
            odd = any(_has_odd_cells(package, part) for part in parts if part.startswith("xl/worksheets/sheet"))
            notes = any("comments" in part.lower() for part in parts)
    except _BAD_PACKAGE:
        return book
    if thorough or odd or notes:
        from aftale.disk.second_look import second_look
        return second_look(book, data)
    return book


def _part(package: zipfile.ZipFile, parts: set[str], name: str) -> bytes:
    return package.read(name) if name in parts and package.getinfo(name).file_size < 5_000_000 else b""


def _modified(package: zipfile.ZipFile, parts: set[str]) -> str:
    match = re.search(rb"<dcterms:modified[^>]*>([^<]*)<", _part(package, parts, "docProps/core.xml"))
    return match[1].decode("ascii", "ignore").strip() if match else ""


def _program(package: zipfile.ZipFile, parts: set[str]) -> str:
    match = re.search(rb"<Application>([^<]*)<", _part(package, parts, "docProps/app.xml"))
    return match[1].decode("utf-8", "ignore").strip()[:60] if match else ""


def _has_odd_cells(package: zipfile.ZipFile, part: str) -> bool:
    """Look for an error value or a formula: literal prefixes, because a pattern costs more than the reading."""
    if package.getinfo(part).file_size > 200_000_000:
        return False
    xml = package.read(part)
    return b't="e"' in xml or b"<f>" in xml or b"<f " in xml or b"<f/" in xml


def _names(package: zipfile.ZipFile, parts: set[str]) -> dict[str, tuple[str, int, int]]:
    xml = _part(package, parts, "xl/workbook.xml")
    if b"definedName" not in xml or b"<!DOCTYPE" in xml:
        return {}
    found = {}
    for element in ElementTree.fromstring(xml).iter():
        if element.tag.endswith("}definedName") and element.get("localSheetId") is None:
            match = re.fullmatch(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)(?::.*)?", element.text or "")
            if match:
                sheet = (match[1] or match[2]).replace("''", "'")
                found[element.get("name", "")] = (tidy(sheet), int(match[4]) - 1, _column(match[3]))
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


# ---------------------------------------------------------------- lists of goals as text

def read_csv(path: Path, sheet: str) -> RawBook | Problem:
    """Read a ``.csv`` as a workbook with one sheet: UTF-8 or Windows-1252, separated by ``;``, ``,`` or tabs."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return problem("file-busy", Place(path.name), why=danish_reason(error))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    head = text.split("\n", 1)[0]
    separator = max(";,\t", key=head.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    return RawBook(Source(digest(data), tidy(path.name)), (RawSheet(sheet, rows),))


def candidates(folder: Path) -> Iterator[Path]:
    """Yield the workbooks that lie right in a folder, in the order of their names."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.suffix.lower() in WORKBOOKS and not _is_litter(path):
                yield path
