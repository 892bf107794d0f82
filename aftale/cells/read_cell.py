"""What a person typed in a cell -> a clean value, how it was read, or what must be asked about.

Three ends: read literally (no rule); read by a rule, which goes in the ledger; or not read, with a problem code and a
hint. What can mean two things is asked about and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import assert_never

from aftale.cells.dates import FIRST_DATE_CELL, read_date
from aftale.cells.number_format import is_seen, seen
from aftale.cells.numbers import read_number
from aftale.cells.reading import INVISIBLE, Read, ask, did_you_mean, is_empty
from aftale.cells.statuses import read_status
from aftale.model.agreement import JOINED_COLUMNS, AnswerColumn
from aftale.model.columns import ANSWER_COLUMNS
from aftale.model.text import canonical, fold, tidy, without_controls
from aftale.model.workbook import WorkbookSheet, is_filled

_YES = frozenset({"ja", "j", "x", "true", "sand", "sandt", "yes", "1", "✓", "✔", "☑", "☒"})
_NO = frozenset({"nej", "n", "false", "falsk", "no", "0", "☐"})


def read_as(column: AnswerColumn, raw: object, *, year: int, unit: str, in_percent: bool,
            percent_format: bool | None = None, code: str = "") -> Read:
    """Read an answer as its column is read.

    ``year`` is the agreement's, for a date without one; ``unit`` is the goal's Måleenhed and ``in_percent`` whether that is
    ``%``; ``percent_format`` tells whether the cell shows percent, None where that isn't known, and ``code`` is its number
    format where that changes what is seen.
    """
    match column:
        case AnswerColumn.RESULT | AnswerColumn.BASELINE:
            return read_number(raw, in_percent=in_percent, unit=unit, percent_format=percent_format)
        case AnswerColumn.AS_OF:
            return read_date(raw, year=year)
        case AnswerColumn.STATUS:
            return read_status(raw)
        case AnswerColumn.REMARKS | AnswerColumn.NEXT_STEP:
            return read_text(raw, percent_format, code)
        case _:
            assert_never(column)


def read_text(raw: object, percent_format: bool | None = None, code: str = "") -> Read:
    """Read a text; a number, date or truth value typed into a text column is said as a Dane sees it in the cell."""
    if isinstance(raw, str):
        text = tidy(raw)
        if not text.strip(INVISIBLE):
            return Read()
        clean = tidy(without_controls(text))
        return Read(clean or None, rule="" if clean == text else "text-controls")
    text = seen(raw, bool(percent_format))
    if isinstance(raw, float) and percent_format is None and abs(raw) < 5 and not raw.is_integer():
        return Read(text, rule="text-unknown")
    return Read(text or None, rule="" if is_seen(raw, code) else "text-format")


def text_at(sheet: WorkbookSheet, row: int, column: int) -> str:
    """Return what stands in a cell of a sheet as text, '' where it is empty."""
    value, at = sheet.value(row, column), (row, column)
    if isinstance(value, str):  # no format changes a text, and to find it takes long
        return canonical(read_text(value).value)
    shown = None if sheet.percent is None else at in sheet.percent
    return canonical(read_text(value, shown, sheet.formats.get(at, "")).value)


def read_yes_no(raw: object) -> Read:
    """Read a Ja or Nej."""
    if is_empty(raw):
        return Read()
    if raw in ("Ja", "Nej"):
        return Read(str(raw))
    word = ("ja" if raw else "nej") if isinstance(raw, bool) else fold(canonical(raw)).strip(".!")
    if word in _YES | _NO:
        return Read("Ja" if word in _YES else "Nej", rule="yes-no-word")
    opening = re.match(r"(?:ja|nej)\b", word)
    return ask("yes-no-unknown", did_you_mean((opening[0].title(),)) if opening else "Skriv Ja eller Nej.")


_HEADERS = {AnswerColumn(column.key): column.header for column in ANSWER_COLUMNS}
_KINDS = {AnswerColumn.RESULT: "et resultat", AnswerColumn.AS_OF: "en dato", AnswerColumn.STATUS: "en status",
          AnswerColumn.REMARKS: "en bemærkning"}
_A_NUMBER = re.compile(r"[-+]?[0-9][0-9. ]*(?:,[0-9]+)? ?%?")
_A_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_LONGEST_STATUS, _LEAST_REMARK = 40, 25


def looks_like(raw: object, year: int) -> AnswerColumn | None:
    """Return the column that a value certainly has the look of, None where it could be anything."""
    if isinstance(raw, bool) or not is_filled(raw):
        return None
    if isinstance(raw, date):
        return AnswerColumn.AS_OF if raw.year >= FIRST_DATE_CELL else AnswerColumn.RESULT
    if isinstance(raw, (int, float)):
        return AnswerColumn.RESULT
    text = fold(canonical(raw))
    if _A_NUMBER.fullmatch(text) and read_number(text.rstrip(" %")).value is not None:
        return AnswerColumn.RESULT
    if len(text) <= _LONGEST_STATUS:
        if read_status(text).value is not None:
            return AnswerColumn.STATUS
        read = read_date(text, year=year)
        if read.value is not None and read.rule not in ("date-no-year", "date-serial"):
            return AnswerColumn.AS_OF
    return AnswerColumn.REMARKS if len(text) >= _LEAST_REMARK and text.count(" ") > 2 else None


def hint_elsewhere(raw: object, column: AnswerColumn, beside: Callable[[AnswerColumn], object], year: int) -> str:
    """Ask whether a value that can't be read in a column belongs in another one of the row; '' where nothing says so.

    ``beside`` gives what stands in the row's other columns: where a fitting answer stands already, nothing is asked.
    """
    seems = looks_like(raw, year)
    if seems is None or seems is column:
        return ""
    if seems not in JOINED_COLUMNS and _answered(seems, beside, year):
        return ""
    return f"Det ligner {_KINDS[seems]}. Skulle det stå i »{_HEADERS[seems]}«?"


def _answered(column: AnswerColumn, beside: Callable[[AnswerColumn], object], year: int) -> bool:
    """Does a column hold an answer of its own, and not one that seems to belong in another?"""
    there = beside(column)
    return is_filled(there) and looks_like(there, year) in (column, None)


def only_here(text: str, column: AnswerColumn, beside: Callable[[AnswerColumn], object], year: int) -> str:
    """Return the header of the unanswered column that a remark seems to be the answer of, '' where it is a remark.

    A year alone says nothing: »2016« is as good a remark as any; and a date is as good a next step.
    """
    if len(text) > _LONGEST_STATUS or _A_YEAR.fullmatch(text):
        return ""
    seems = looks_like(text, year)
    if seems is None or seems in JOINED_COLUMNS or (seems is AnswerColumn.AS_OF and column is AnswerColumn.NEXT_STEP):
        return ""
    return "" if _answered(seems, beside, year) else _HEADERS[seems]
