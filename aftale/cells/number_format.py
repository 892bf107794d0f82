"""What a number format does to a number: whether what is shown is a percentage of what is stored."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache

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
