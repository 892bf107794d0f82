"""Answers in the wrong column: what a value looks like, and the question that it raises; nothing is moved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from aftale.cells.dates import FIRST_DATE_CELL, read_date
from aftale.cells.numbers import read_number
from aftale.cells.statuses import read_status
from aftale.model.agreement import JOINED_COLUMNS, AnswerColumn
from aftale.model.columns import ANSWER_COLUMNS
from aftale.model.text import canonical, fold
from aftale.model.workbook import is_filled

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
    return f"Det ligner {_KINDS[seems]}. Skulle det stå i «{_HEADERS[seems]}»?"


def _answered(column: AnswerColumn, beside: Callable[[AnswerColumn], object], year: int) -> bool:
    """Does a column hold an answer of its own, and not one that seems to belong in another?"""
    there = beside(column)
    return is_filled(there) and looks_like(there, year) in (column, None)


def only_here(text: str, column: AnswerColumn, beside: Callable[[AnswerColumn], object], year: int) -> str:
    """Return the header of the unanswered column that a remark seems to be the answer of, '' where it is a remark.

    A year alone says nothing: «2016» is as good a remark as any; and a date is as good a next step.
    """
    if len(text) > _LONGEST_STATUS or _A_YEAR.fullmatch(text):
        return ""
    seems = looks_like(text, year)
    if seems is None or seems in JOINED_COLUMNS or (seems is AnswerColumn.AS_OF and column is AnswerColumn.NEXT_STEP):
        return ""
    return "" if _answered(seems, beside, year) else _HEADERS[seems]
