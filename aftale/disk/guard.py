"""A look at a package before it is read: a file that would fill the memory is refused by name instead."""

from __future__ import annotations

import re
import zipfile

from aftale.words.domain import Place
from aftale.words.problems import Problem, problem

MOST_BYTES = 150_000_000
"""How large a part may be when it is unpacked; the largest skema anybody fills in is a thousandth of that."""
MOST_CELLS = 3_000_000
"""How large a sheet's used area may be: the reader takes room for every cell of it, empty ones too."""
_MANY_ROWS = 20_000
_REFERENCE = re.compile(rb'<c r="([A-Z]+)')
_FAR_COLUMN = re.compile(rb'<c r="[A-Z]{3}')


def danger(package: zipfile.ZipFile, place: Place) -> Problem | None:
    """Return why a package must not be read, None where it may be."""
    for info in package.infolist():
        if info.file_size > MOST_BYTES:
            return problem("file-too-big", place)
    for name in package.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            found = _far_cell(package.read(name))
            if found:
                return problem("cell-far-away", place, value=found)
    return None


def _far_cell(xml: bytes) -> str:
    """Return a cell so far away that the area up to it is too large, '' where there is none."""
    last = xml.rfind(b'<c r="')
    if last < 0:
        return ""
    reference = xml[last + 6:last + 20].split(b'"', 1)[0]
    row = int(b"".join(re.findall(rb"\d", reference)) or b"0")
    if row <= _MANY_ROWS and not _FAR_COLUMN.search(xml):
        return ""
    columns = set(_REFERENCE.findall(xml))
    widest = max(columns, key=lambda letters: (len(letters), letters))
    return f"{widest.decode()}{row}" if _number(widest) * row > MOST_CELLS else ""


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
