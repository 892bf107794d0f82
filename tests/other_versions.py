"""Workbooks as another version of aftale writes them: what stands in ``_aftale`` is in the format that it knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl

from aftale.cells.hidden_sheet import FORMAT, Line, Record, find_record, line, sealed
from aftale.intake.read import read_workbook
from aftale.model.workbook import Workbook

NEW = {"fra en nyere": [1, "å\n"]}
"""A field that this version doesn't know."""
NEW_LINE = ("nyt", "nøgle", "felt", "tekst", "en tekst")


def record_of(path: Path) -> Record:
    """Return what stands in a workbook's ``_aftale``."""
    book = read_workbook(path, newer=True)
    assert isinstance(book, Workbook)
    return find_record(book)[1]


def whole_lines(lines: Iterable[Line]) -> list[Line]:
    """Return the lines with those that were too long for one cell put together again."""
    found: list[Line] = []
    for each in lines:
        if each[3].endswith("+"):
            found[-1] = (*found[-1][:4], found[-1][4] + each[4])
        else:
            found.append(each)
    return found


def rewrite(path: Path, change: Callable[[Line], Line | None], number: int = FORMAT) -> Path:
    """Write a workbook's ``_aftale`` as another version would: each line changed or left out, one more, and sealed."""
    lines = [new for each in whole_lines(record_of(path).lines) if each != NEW_LINE and (new := change(each))]
    pieces = [piece for post, key, name, kind, text in lines for piece in line(post, key, name, text, kind)]
    whole = sealed([*pieces, NEW_LINE])
    book = openpyxl.load_workbook(path)
    sheet = book["_aftale"]
    sheet.delete_rows(2, sheet.max_row)
    for at, each in enumerate([(*whole[0][:4], str(number)), *whole[1:]], 2):
        for column, text in enumerate(each, 1):
            sheet.cell(at, column).value = text
            sheet.cell(at, column).data_type = "s"
    book.save(path)
    return path


def newer(path: Path) -> Path:
    """Give a workbook the number of a format that is still to come."""
    return rewrite(path, lambda each: each, FORMAT + 1)


def with_new_fields(post: str, *without: str, name: str = "") -> Callable[[Line], Line]:
    """Return a change that takes fields out of a post's JSON lines (of one name), and puts `NEW` in every record there."""
    def change(each: Line) -> Line:
        if each[0] != post or each[3] != "json" or name not in ("", each[2]):
            return each
        return (*each[:4], json.dumps(_changed(json.loads(each[4]), without)))
    return change


def _changed(plain: object, without: Iterable[str], depth: int = 0) -> object:
    if isinstance(plain, list):
        return [_changed(each, without, depth + 1) for each in plain]
    if not isinstance(plain, dict) or "date" in plain:
        return plain
    inside = {"measure", "owners", "answers", "source", "place"}
    return {**{key: _changed(value, without, depth + 1) if key in inside else value for key, value in plain.items()
               if key not in without}, **NEW}


def unknown_in(record: Record, post: str) -> int:
    """Count the places in the JSON lines of a post where `NEW` stands."""
    name, = NEW
    texts = [str(text) for key in record.keys(post) for text in record.fields(post, key).values()]
    assert all(json.loads(text) for text in texts)
    return sum(json.dumps(json.loads(text)).count(json.dumps(name)) for text in texts)
