"""Number formats by their meaning: which of them show a number in percent, and what is read from such a cell."""

from __future__ import annotations

import pytest

from aftale.cells.number_format import is_clock, is_percent
from aftale.cells.read_cell import read_as
from aftale.model.answers import AnswerColumn

REAL = [
    # multiplied by a hundred: 0.82 is 82 %
    ("0%", 0.82, True), ("0.00%", 0.82, True), ("0.0%", 0.82, True), ("0.000%", 0.82, True), ("0.0000%", 0.82, True),
    ("0.000000%", 0.82, True), ("00.000%", 0.82, True), ("#,##0.00%", 0.82, True), ("[$-809]0%", 0.82, True),
    ("0 %", 0.82, True),
    ("0\\ %", 0.82, True), ("0.0\\ %", 0.82, True), ('0" "%', 0.82, True), ("0.0%;\\(0.0%\\)", 0.82, True),
    ("0.0%;\\(0.0%\\)", -0.82, True), ("0%_);\\(0%\\)", 0.82, True), ("0%_);\\(0%\\)", -0.82, True), ("0.0##%", 0.82, True),
    ("#,##0_)%;[Red]\\(#,##0\\)%;0_)%", 0.82, True), ("#,##0.0_)%;[Red]\\(#,##0.0\\)%;0_)_.%", -0.82, True),
    ("[Green]0%;[Red]-0%", -0.82, True), ("[Red]-0%;0%", 0.82, True), ("+0%;-0%;0%", 0.82, True), ("0%;@", 0.82, True),
    ("[$-406]0.0%", 0.82, True),
    ("_-* #,##0%_-;-* #,##0%_-;_-* \"-\"%_-;_-@_-", 0.82, True), ("0.00%;\\-0.00%;\\%", 0.82, True),
    ("0.00%;\\-0.00%;\\%", -0.82, True), ("[=0]?;0%", 0.82, True), ('[<0]"";0%', 0.82, True), ("[<=1]0%;0", 0.82, True),
    ("[<1,5]0%;0", 0.82, True), ("0%\" af målet\"", 0.82, True),
    # only a sign behind it: 82 is 82
    ('0"%"', 82, False), ('0.0"%"', 82, False), ('0.00"%"', 82, False), ('#,##0.00"%";-#,##0.00"%"', -82, False),
    ("0\\%", 82, False), ('0" %"', 82, False), ('General" %"', 82, False), ("General\\ \\%", 82, False),
    ("0.0\\%", 82, False),
    ('0" pct. (%)"', 82, False), ('0" pct."', 82, False), ('"% "0', 82, False), ("0_%", 82, False),
    ("#,##0_)_%;[Red]\\(#,##0\\)_%;0_)_%", 82, False),
    ("#,##0.00_)_%;[Red]\\(#,##0.00\\)_%;0_)_0_._%", -82, False), ("0*%", 82, False), ("[$%-409]0", 82, False),
    ("[<=1]0%;0", 82, False), ('[>1]0"%";0%', 82, False), ("0;0%", 82, False), ("0.00%;\\-0.00%;\\%", 0, False),
    # no percent at all
    ("", 82, False), ("General", 82, False), ("GENERAL", 82, False), ("0", 82, False), ("0.00", 82, False),
    ("#,##0", 82, False),
    ("@", 82, False), ('#,##0\\ "kr."', 82, False), ("0.00E+00", 82, False), ("0_);[Red]\\(0\\)", 82, False),
    ('_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', 82, False), ("# ?/?", 82, False),
    ("_-* #,##0\\ _k_r_-;\\-* #,##0\\ _k_r_-;_-* \"-\"\\ _k_r_-;_-@_-", 82, False), ('0" dage"', 82, False),
    ("[$kr-406] #,##0.00", 82, False), ("[Blue]General", 82, False), ("00000", 82, False),
    ('0\\ "bei Belegung 9/15/5"', 82, False),
]
"""Formats found in workbooks that people and programs have made, and a number that stands in such a cell."""


@pytest.mark.parametrize(("code", "number", "percent"), REAL)
def test_a_format_says_percent_by_what_it_does(code: str, number: float, percent: bool) -> None:
    assert is_percent(code, number) is percent


@pytest.mark.parametrize(("code", "number"), [(code, number) for code, number, _ in REAL if number in (82, 0.82)])
def test_a_result_in_percent_is_what_the_cell_shows(code: str, number: float) -> None:
    """Every one of the cells shows 82, with or without a sign."""
    shown = is_percent(code, number)
    read = read_as(AnswerColumn.RESULT, number, year=2015, unit="%", in_percent=True, percent_format=shown)
    assert read.value == 82


@pytest.mark.parametrize(("code", "value", "percent"), [
    ("0%", "82", True), ("0%", "", True), ('0"%', 82, False), ("0\\", 82, False),
    ("%", 82, True), ("[", 82, False),
    (";;", 82, False),
    ("0%;0%;0%;0%", 82, True), ("@", 82, False), ('"0%"', 82, False)])
def test_odd_formats_and_what_is_no_number(code: str, value: object, percent: bool) -> None:
    assert is_percent(code, value) is percent


@pytest.mark.parametrize(("code", "clock"), [
    ("h:mm", True), ("HH:MM:SS", True), ("[h]:mm", True), ("[ss]", True), ("dd-mm-yyyy hh:mm", True), ("h:mm AM/PM", True),
    ("dd-mm-yyyy", False), (r"[$-406]d\. mmm\ yyyy", False), ('0 "hours"', False), ("[Red]0", False), ("General", False),
    ("", False), (r"0\h", False)])
def test_which_formats_show_the_time_of_day(code: str, clock: bool) -> None:
    assert is_clock(code) is clock
