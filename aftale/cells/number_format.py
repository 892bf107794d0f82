"""What a number format does to what is stored: how the cell shows it."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache

from aftale.cells.dates import FIRST_DATE_CELL
from aftale.model.text import canonical, spoken
from aftale.model.workbook import Special, WorkbookSheet

_TOKEN = re.compile(r'"[^"]*"?|[\\_*].?|\[[^\]]*\]?|.', re.DOTALL)
"""A text in quotes, a sign shown as it is (or as wide as it is, or repeated), what stands in brackets, or one sign."""
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:[.,]\d+)?)\]")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne}
_Section = tuple[Callable[[float], bool] | None, bool]
"""The values that a section says it is for, None where it doesn't say, and whether it shows them in percent."""


def is_percent(code: str, value: object) -> bool:
    """Tell whether a number is shown in percent: multiplied by a hundred, and not only with a ``%`` sign behind it.

    A format may do so for some numbers alone (``[<0]"";0%``); what is no number is told as if it were above 0.
    """
    if "%" not in code:
        return False
    number = float(value) if isinstance(value, int | float) else 1.0
    sections = _sections(code)
    if any(holds for holds, _ in sections):
        return next((percent for holds, percent in sections if holds is None or holds(number)), False)
    usual = 0 if number > 0 or len(sections) == 1 else 1 if number < 0 else 2
    return sections[usual if usual < len(sections) else 0][1]


def is_clock(code: str) -> bool:
    """Tell whether a format shows the time of day, or so many hours."""
    return any(token.lower().strip("[]").strip("hs") == "" for token in _TOKEN.findall(code) if token.lower()[:2] in (
        "h", "s", "[h", "[s"))


def may_be_another(value: object) -> bool:
    """Tell whether a value may be another than was typed: a number in a cell for dates (3 is a day in 1900), or none."""
    if type(value) is float:
        return not math.isfinite(value)
    return type(value) is time or (isinstance(value, date) and value.year < FIRST_DATE_CELL)


def as_typed(number: float, code: str) -> float | str | None:
    """Return what was typed in a cell with such a value, None where it is the time of day that the reader gives."""
    if not math.isfinite(number):
        return f"{number}"
    clock = 0 <= number < 1 and is_clock(code)
    return None if clock and not 0 < number < _A_SECOND else number


_A_SECOND = 1 / 86_400


@lru_cache(maxsize=1_000)
def _sections(code: str) -> tuple[_Section, ...]:
    """Return the sections of a format that are for numbers; ``@`` is for texts, and so is the fourth."""
    found: list[_Section] = []
    signs: list[str] = []
    for token in (*_TOKEN.findall(code), ";"):
        if token != ";":
            signs.append(token)
            continue
        if "@" not in signs:
            found.append((next((_holding(each) for each in signs if _CONDITION.fullmatch(each)), None), "%" in signs))
        signs = []
    return tuple(found[:3]) or ((None, False),)


def _holding(condition: str) -> Callable[[float], bool]:
    match = _CONDITION.fullmatch(condition)
    assert match is not None
    compare, bound = _COMPARE[match[1]], float(match[2].replace(",", "."))
    return lambda number: compare(number, bound)


# ---------------------------------------------------------------- what people see in a cell

_PLAIN_NUMBER = re.compile(r"(#,##)?0(?:\.(0+))? ?%?")
_DANISH_DAY = re.compile(r"d{1,2}-m{1,2}-y{4}( h{1,2}[:.]mm)?", re.IGNORECASE)
_NOT_SHOWN = re.compile(r'[\\"@;]|\[[^\]]*\]')


def seen(raw: object, percent: bool = False) -> str:
    """Say a raw cell as the person who filled it in saw it: ``2,5``, ``3 %``, ``01-03-2015``, ``FALSK``."""
    if isinstance(raw, bool):
        return "SAND" if raw else "FALSK"
    if isinstance(raw, (int, float)):
        return f"{spoken(_points(raw))} %" if percent else spoken(float(raw))
    if isinstance(raw, datetime):
        return spoken(raw.date()) if raw.time() == time() else f"{raw:%d-%m-%Y %H:%M}"
    return spoken(raw) if isinstance(raw, date) else canonical(str(raw) if isinstance(raw, Special) else raw)


def seen_at(sheet: WorkbookSheet, row: int, column: int) -> str:
    """Say a cell of a sheet as people see it there."""
    raw = sheet.value(row, column)
    return seen(raw, not isinstance(raw, str) and (row, column) in (sheet.percent or ()))


def is_seen(raw: object, code: str) -> bool:
    """Tell whether a cell with this number format shows just what `seen` says; "" is a format that changes nothing."""
    percent = is_percent(code, raw)
    code = _NOT_SHOWN.sub("", code.split(";")[0])
    if code in ("", "General") or isinstance(raw, (bool, str)):
        return True
    if isinstance(raw, date):
        day = _DANISH_DAY.fullmatch(code)
        return day is not None and bool(day[1]) == (isinstance(raw, datetime) and raw.time() != time())
    if not isinstance(raw, (int, float)):
        return is_clock(code)
    plain = _PLAIN_NUMBER.fullmatch(code)
    number = _points(raw) if percent else float(raw)
    return (plain is not None and percent == ("%" in code) and round(number, len(plain[2] or "")) == number
            and not (plain[1] and abs(number) >= 1000))


def _points(share: float) -> float:
    return round(float(share) * 100, 10)
