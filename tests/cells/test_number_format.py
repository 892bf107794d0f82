"""Number formats by their meaning: which of them show a number in percent, and what is read from such a cell."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from aftale.cells.number_format import is_clock, is_percent, seen
from aftale.cells.read_cell import read_as
from aftale.model.answers import AnswerColumn
from aftale.model.workbook import Special

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


# ---------------------------------------------------------------- a remark that is no text in its cell

@pytest.mark.parametrize(("raw", "code", "text", "literally"), [
    pytest.param(0.5, "0%", "50 %", True, id="50 % typed in Excel"),
    pytest.param(0.5, "0.00%", "50 %", True, id="50 % typed in LibreOffice"),
    pytest.param(0.125, "0%", "12,5 %", False, id="12,5 % in a cell that shows 13 %"),
    pytest.param(0.125, "0.0\\ %", "12,5 %", True, id="12,5 % with one decimal"),
    pytest.param(82, '0"%"', "82", False, id="a format that only shows the sign"),
    pytest.param(0.25, "", "0,25", True, id="a number with decimals"),
    pytest.param(0.25, "0.0", "0,25", False, id="a number that the cell rounds"),
    pytest.param(1200.0, "#,##0", "1200", False, id="a number with a point for thousands"),
    pytest.param(12, '0" stk."', "12", False, id="a number with a unit from the format"),
    pytest.param(7, "", "7", True, id="a whole number"),
    pytest.param(True, "", "SAND", True, id="TRUE"),
    pytest.param(False, "", "FALSK", True, id="FALSE"),
    pytest.param(datetime(2015, 11, 25), "dd\\-mm\\-yyyy", "25-11-2015", True, id="a date as Danes write it"),
    pytest.param(datetime(2015, 11, 25), "", "25-11-2015", True, id="a date in Excel's own short format"),
    pytest.param(datetime(2015, 11, 25), "mmm\\-yy", "25-11-2015", False, id="a date of which the month is shown"),
    pytest.param(datetime(2015, 11, 25, 8, 30), "dd\\-mm\\-yyyy\\ hh:mm", "25-11-2015 08:30", True, id="a day and hour"),
    pytest.param(datetime(2015, 11, 25, 8, 30), "dd\\-mm\\-yyyy", "25-11-2015 08:30", False, id="an hour that is hidden"),
    pytest.param(time(8, 30), "h:mm", "08:30", True, id="a time of day"),
    pytest.param("50 %", "", "50 %", True, id="text"),
])
def test_a_remark_stands_as_a_dane_sees_it(raw: object, code: str, text: str, literally: bool) -> None:
    read = read_as(AnswerColumn.REMARKS, raw, year=2015, unit="", in_percent=False, percent_format=is_percent(code, raw),
                   code=code)
    assert (read.value, read.problem, not read.rule) == (text, "", literally)


def test_a_share_in_a_file_without_formats_is_told() -> None:
    read = read_as(AnswerColumn.REMARKS, 0.5, year=2015, unit="", in_percent=False, percent_format=None)
    assert (read.value, read.rule) == ("0,5", "text-unknown")


@pytest.mark.parametrize(("raw", "percent", "shown"), [
    (2.5, False, "2,5"), (0.035, True, "3,5 %"), (True, False, "SAND"), (datetime(2015, 3, 1), False, "01-03-2015"),
    (datetime(2015, 3, 1, 8, 30), False, "01-03-2015 08:30"), (Special("#N/A", "error"), False, "#N/A"),
    ("ca. 20 ", False, "ca. 20")])
def test_what_was_written_is_shown_as_it_was_seen(raw: object, percent: bool, shown: str) -> None:
    assert seen(raw, percent) == shown
