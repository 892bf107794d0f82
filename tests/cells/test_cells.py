"""What is typed -> what is read, by which rule, or which problem it is; one line per habit."""

from __future__ import annotations

import math
import unicodedata
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aftale.cells.dates import read_date
from aftale.cells.numbers import read_number
from aftale.cells.read_cell import read_text, read_yes_no
from aftale.cells.reading import RULES, Read, readings_in
from aftale.cells.statuses import read_status
from aftale.model.agreement import Status
from aftale.model.problems import CATALOGUE
from aftale.model.text import danish_number

NBSP, THIN, MINUS, DASH = "\u00a0", "\u202f", "\u2212", "\u2013"
OWN_PROBLEMS = {"number-unreadable", "number-ambiguous", "percent-ambiguous", "date-unreadable", "date-ambiguous",
                "status-unknown", "status-ambiguous", "yes-no-unknown"}


def seen(read: Read) -> tuple[object, str]:
    """Return what a case says: (value, rule) where it was read, ('?', problem code) where it is asked about."""
    assert not (read.problem and (read.value is not None or read.rule))
    assert read.rule in ("", *RULES)
    return ("?", read.problem) if read.problem else (read.value, read.rule)


def test_every_problem_is_in_the_catalogue() -> None:
    assert set(CATALOGUE) >= OWN_PROBLEMS


NUMBERS = [
    # typed, value, rule or problem
    (None, None, ""),
    ("", None, ""),
    ("  \n ", None, ""),
    (NBSP, None, ""),
    (12.0, 12, ""),
    (12, 12, ""),
    (-0.5, -0.5, ""),
    (0.0, 0, ""),
    ("12", 12, ""),
    ("-5", -5, ""),
    (" 12 ", 12, "number-text"),
    ("007", 7, "number-text"),
    ("+5", 5, "number-text"),
    ("- 5", -5, "number-text"),
    (MINUS + "5", -5, "number-text"),
    (DASH + "5", -5, "number-text"),
    ("5.", 5, "number-text"),
    ("1,5", 1.5, "decimal-comma"),
    ("-1,5", -1.5, "decimal-comma"),
    (",5", 0.5, "decimal-comma"),
    ("0,125", 0.125, "decimal-comma"),
    ("1234,567", 1234.567, "decimal-comma"),
    ("1.5", 1.5, "decimal-point"),
    (".5", 0.5, "decimal-point"),
    ("0.125", 0.125, "decimal-point"),
    ("1.25", 1.25, "decimal-point"),
    ("1234.567", 1234.567, "decimal-point"),
    ("1.200", 1200, "thousands-dot"),
    ("-1.200", -1200, "thousands-dot"),
    ("1.234,56", 1234.56, "thousands-dot"),
    ("1.234,567", 1234.567, "thousands-dot"),
    ("1.234.567", 1234567, "thousands-dot"),
    ("1 000", 1000, "thousands-space"),
    (f"1{NBSP}000", 1000, "thousands-space"),
    (f"1{THIN}234{THIN}567,5", 1234567.5, "thousands-space"),
    ("12 345 besøg", 12345, "thousands-space"),
    ("1,234.56", 1234.56, "english-number"),
    ("1,234,567", 1234567, "english-number"),
    ("1,200", "?", "number-ambiguous"),
    ("12,345", "?", "number-ambiguous"),
    ("1,200 besøg", "?", "number-ambiguous"),
    ("1.23.456", "?", "number-ambiguous"),
    ("20 30", "?", "number-ambiguous"),
    ("en", 1, "number-word"),
    ("Ét", 1, "number-word"),
    ("e\u0301t", 1, "number-word"),
    ("to", 2, "number-word"),
    ("tolv", 12, "number-word"),
    ("tre besøg", "?", "number-unreadable"),
    ("stk", "?", "number-unreadable"),
    ("5,9 point", 5.9, "number-unit"),
    ("5 points", 5, "number-unit"),
    ("20 stk.", 20, "number-unit"),
    ("20 besøg", 20, "number-unit"),
    ("20 Besøg.", 20, "number-unit"),
    ("20 besøget", 20, "number-unit"),
    ("20besøg", 20, "number-unit"),
    ("20 borgere", "?", "number-ambiguous"),
    ("100 kr.", "?", "number-ambiguous"),
    ("50 %", "?", "number-ambiguous"),
    ("50 pct.", "?", "number-ambiguous"),
    ("ca. 20", "?", "number-ambiguous"),
    ("ca 20 besøg", "?", "number-ambiguous"),
    ("20-25", "?", "number-ambiguous"),
    (f"20 {DASH} 25", "?", "number-ambiguous"),
    ("20 ud af 30", "?", "number-ambiguous"),
    ("20/30", "?", "number-ambiguous"),
    ("over 20", "?", "number-ambiguous"),
    (">20", "?", "number-ambiguous"),
    ("20+", "?", "number-ambiguous"),
    ("20-", "?", "number-ambiguous"),
    ("(20)", "?", "number-ambiguous"),
    ("20?", "?", "number-ambiguous"),
    ("1e3", "?", "number-ambiguous"),
    ("2 mio.", "?", "number-ambiguous"),
    ("20 i Viborg og 5 i Bjerringbro", "?", "number-ambiguous"),
    ("1, 2, 3 og 4", "?", "number-unreadable"),
    ("10-06-2015", "?", "number-unreadable"),
    ("ja", "?", "number-unreadable"),
    ("nej", "?", "number-unreadable"),
    ("x", "?", "number-unreadable"),
    ("-", "?", "number-unreadable"),
    (DASH, "?", "number-unreadable"),
    ("n/a", "?", "number-unreadable"),
    ("?", "?", "number-unreadable"),
    ("ingen", "?", "number-unreadable"),
    ("se bemærkninger", "?", "number-unreadable"),
    ("\u200b", None, ""),
    ("#REF!", "?", "number-unreadable"),
    ("9" * 400, "?", "number-unreadable"),
    ("9" * 150 + "," + "1" * 40, float("9" * 150), "decimal-comma"),
    (10 ** 400, "?", "number-unreadable"),
    (math.inf, "?", "number-unreadable"),
    (math.nan, "?", "number-unreadable"),
    (True, "?", "number-unreadable"),
    (False, "?", "number-unreadable"),
    (datetime(2015, 3, 1), "?", "number-ambiguous"),
    (date(2015, 3, 1), "?", "number-ambiguous"),
    (time(1, 30), "?", "number-ambiguous"),
    (timedelta(hours=30), "?", "number-ambiguous"),
]


@pytest.mark.parametrize(("typed", "value", "why"), NUMBERS)
def test_numbers_of_a_goal_in_visits(typed: object, value: object, why: str) -> None:
    assert seen(read_number(typed, unit="besøg")) == (value, why)


UNITS = [
    # typed, Måleenhed, value or None where it is asked
    ("20 rekvisitioner", "rekvisitioner pr. år", 20),
    ("20 rekvisitioner pr. år", "rekvisitioner pr. år", 20),
    ("1 rekvisition", "rekvisitioner pr. år", 1),
    ("1 klage", "klager", 1),
    ("3 aktiviteter", "aktivitet", 3),
    ("5,9 point", "point (skala -10 til +10)", 5.9),
    ("100,00 kr.", "kr.", 100),
    ("kr. 100", "kroner", 100),
    ("100,-", "kr.", 100),
    ("100,- kr.", "", 100),
    ("100 kroner", "", 100),
    ("100 t.kr.", "t.kr.", 100),
    ("100 kr.", "t.kr.", None),
    ("100 t.kr.", "kr.", None),
    ("20 pr. år", "rekvisitioner pr. år", None),
    ("20 rekvisitioner om ugen", "rekvisitioner pr. år", None),
    ("200 borgere", "brugere", None),
    ("200 brugere", "unikke brugere", None),
    ("20 besøg", "", None),
    ("5 procentpoint", "point", None),
]


@pytest.mark.parametrize(("typed", "unit", "value"), UNITS)
def test_units_beside_a_number(typed: str, unit: str, value: float | None) -> None:
    read = read_number(typed, unit=unit)
    assert read.value == value
    assert (read.problem == "number-ambiguous") is (value is None)


OFFERED = [
    # typed, Måleenhed, what is offered, or the value that is read
    ("2.287.450 kr.", "t.kr.", ("2.287,45 t.kr.",)),
    ("2.287.450 kr. i alt", "t. kr.", ("2.287,45 t. kr.",)),
    ("2.287.450,-", "1.000 kr.", ("2.287,45 (1.000 kr.)",)),
    ("0,3 mio", "1.000 kr.", ("300 (1.000 kr.)",)),
    ("0,3 mio. kr.", "tusind kr.", ("300 tusind kr.",)),
    ("1.200.000 kr.", "mio. kr.", ("1,2 mio. kr.",)),
    ("1.200 tkr.", "mio. kr.", ("1,2 mio. kr.",)),
    ("2,3 mio. kr.", "kr.", ("2.300.000 kr.",)),
    ("kr. 2,3 mio.", "kr.", ("2.300.000 kr.",)),
    ("300 (1.000 kr.)", "kr.", ("300.000 kr.",)),
    ("300 t.kr.", "t.kr.", 300),
    ("300 (1.000 kr.)", "1.000 kr.", 300),
    ("2 mio.", "besøg", ("2.000.000 besøg",)),
    ("100 kr.", "besøg", ()),
    ("5 t", "timer", ("5 timer",)),
    ("5 t", "kr.", ("5.000 kr.",)),
    ("1½", "måneder", 1.5),
    ("1 ½", "måneder", 1.5),
    ("1 1/2", "måneder", 1.5),
    ("½", "måneder", 0.5),
    ("2¼ måneder", "måneder", 2.25),
    ("1.200½", "timer", 1200.5),
    ("Ingen", "klager", ("0",)),
    ("Ingen klager", "klager", ("0",)),
    ("ingen", "point", ()),
    ("Ingen opgørelse", "klager", ()),
]


@pytest.mark.parametrize(("typed", "unit", "wanted"), OFFERED)
def test_only_what_the_words_can_mean_in_the_goals_unit_is_read_or_offered(typed: str, unit: str, wanted: object) -> None:
    read = read_number(typed, unit=unit)
    assert (readings_in(read.hint) if read.problem else read.value) == wanted
    for each in readings_in(read.hint):
        assert read_number(each, unit=unit).value is not None, "what is offered can be chosen"


PERCENTS = [
    # typed, percent format, value, rule or problem
    (0.5, True, 50, ""),
    (0.07, True, 7, ""),
    (0.29, True, 29, ""),
    (3.0, True, 300, ""),
    (-0.1, True, -10, ""),
    (0.5, None, 50, ""),
    (1.0, None, 100, ""),
    (0.0, None, 0, ""),
    (50.0, None, 50, "percent-points"),
    (3.0, None, "?", "percent-ambiguous"),
    (5.0, None, "?", "percent-ambiguous"),
    (0.5, False, 50, "percent-share"),
    (-0.5, False, -50, "percent-share"),
    (1.0, False, 100, "percent-share"),
    (0.0, False, 0, ""),
    (50.0, False, 50, "percent-points"),
    (5.1, False, 5.1, "percent-points"),
    (-12.0, False, -12, "percent-points"),
    (1.2, False, "?", "percent-ambiguous"),
    (-3.0, False, "?", "percent-ambiguous"),
    ("50 %", None, 50, "percent-text"),
    ("50%", True, 50, "percent-text"),
    ("50 pct.", None, 50, "percent-text"),
    ("50 procent", None, 50, "percent-text"),
    ("+12,5 %", None, 12.5, "percent-text"),
    (MINUS + "5 %", None, -5, "percent-text"),
    ("0,5 %", None, 0.5, "percent-text"),
    ("1.234,5 %", None, 1234.5, "percent-text"),
    ("50", None, 50, "percent-points"),
    ("12,5", None, 12.5, "percent-points"),
    ("12.5", None, 12.5, "decimal-point"),
    ("0", None, 0, ""),
    ("ti", None, 10, "number-word"),
    ("0,5", None, "?", "percent-ambiguous"),
    ("3", None, "?", "percent-ambiguous"),
    ("to", None, "?", "percent-ambiguous"),
    ("1.200 %", None, "?", "number-ambiguous"),
    ("12,345 %", None, "?", "number-ambiguous"),
    ("50 besøg", None, "?", "number-ambiguous"),
    ("5 procentpoint", None, "?", "number-ambiguous"),
    ("ca. 50 %", None, "?", "number-ambiguous"),
    ("20-25 %", None, "?", "number-ambiguous"),
    ("ja", None, "?", "number-unreadable"),
    (True, None, "?", "number-unreadable"),
]


@pytest.mark.parametrize(("typed", "percent_format", "value", "why"), PERCENTS)
def test_numbers_of_a_goal_in_percent(typed: object, percent_format: bool | None, value: object, why: str) -> None:
    assert seen(read_number(typed, in_percent=True, unit="%", percent_format=percent_format)) == (value, why)


def test_a_percentage_given_for_a_growth_goals_level() -> None:
    assert seen(read_number(0.5, unit="unikke brugere", percent_format=True)) == ("?", "number-ambiguous")
    assert read_number("50 %", unit="unikke brugere").hint == ("Målet opgøres i unikke brugere: Skriv selve tallet og"
                                                               " ikke en procent.")


HINTS = [
    ("ca. 20", "Mente du 20? Skriv ét tal."),
    ("20-25", "Mente du 20 eller 25? Skriv ét tal."),
    ("20 ud af 30", "Mente du 20 eller 30? Skriv ét tal."),
    ("over 1.200", "Mente du 1.200? Skriv ét tal."),
    ("mellem -5 og -3", "Mente du -5 eller -3? Skriv ét tal."),
    ("ca. 1 200", "Mente du 1 200? Skriv ét tal."),
    ("1.5 eller 2?", "Mente du 1,5 eller 2? Skriv ét tal."),
    ("-1.25 (før 1.200)", "Mente du -1,25 eller 1.200? Skriv ét tal."),
    ("ca. 1.5, altså 1,5", "Mente du 1,5? Skriv ét tal."),
    ("1,200", "Mente du 1,2 eller 1200?"),
    ("-1,250", "Mente du -1,25 eller -1250?"),
    ("20 borgere", "Mente du 20 besøg?"),
    ("1,5 mio.", "Mente du 1.500.000 besøg?"),
    (datetime(2015, 3, 1), "Excel har gjort det skrevne til en dato. Mente du 1,3 eller 1-3? Skriv ét tal."),
]


@pytest.mark.parametrize(("typed", "hint"), HINTS)
def test_hints_say_what_a_number_might_mean(typed: object, hint: str) -> None:
    assert read_number(typed, unit="besøg").hint == hint


def test_hint_of_a_percentage_names_both_readings() -> None:
    assert read_number("0,5", in_percent=True).hint == "Mente du 0,5 % eller 50 %?"


DATES = [
    # typed in a round of 2015, value, rule or problem
    (None, None, ""),
    ("   ", None, ""),
    (date(2015, 6, 10), date(2015, 6, 10), ""),
    (date(2000, 1, 1), date(2000, 1, 1), ""),
    (date(2020, 12, 31), date(2020, 12, 31), ""),
    (date(1999, 12, 31), "?", "date-ambiguous"),
    (date(2021, 1, 1), "?", "date-ambiguous"),
    (date(2011, 10, 30), "?", "date-ambiguous"),  # 31 October 2015, pasted from a workbook that counts from 1904
    (datetime(2019, 11, 1), "?", "date-ambiguous"),  # and the other way
    (40846, "?", "date-ambiguous"),
    ("30-10-2011", date(2011, 10, 30), "date-text"),  # which nobody has pasted
    (date(2012, 10, 30), date(2012, 10, 30), ""),
    (date(2014, 10, 30), date(2014, 10, 30), ""),
    (datetime(2015, 6, 10), date(2015, 6, 10), ""),
    (datetime(2015, 6, 10, 14, 30), date(2015, 6, 10), "date-time"),
    (42165.0, date(2015, 6, 10), "date-serial"),
    (42165, date(2015, 6, 10), "date-serial"),
    (42165.75, date(2015, 6, 10), "date-serial"),
    ("42165", date(2015, 6, 10), "date-serial"),
    ("2015-06-10", date(2015, 6, 10), ""),
    (" 2015-06-10", date(2015, 6, 10), ""),
    ("2015-6-10", date(2015, 6, 10), "date-text"),
    ("2015/06/10", date(2015, 6, 10), "date-text"),
    ("2015-06-10T00:00:00", date(2015, 6, 10), ""),
    ("2015-06-10T00:00:00.000Z", date(2015, 6, 10), ""),
    ("2015-06-10T14:30:00", date(2015, 6, 10), "date-time"),
    ("10-06-2015", date(2015, 6, 10), "date-text"),
    ("10.6.2015", date(2015, 6, 10), "date-text"),
    ("10. 6. 2015", date(2015, 6, 10), "date-text"),
    ("10/6-2015", date(2015, 6, 10), "date-text"),
    ("10/6 2015", date(2015, 6, 10), "date-text"),
    ("10/6/2015", date(2015, 6, 10), "date-text"),
    (f"10{DASH}06{DASH}2015", date(2015, 6, 10), "date-text"),
    ("10 06 2015", date(2015, 6, 10), "date-text"),
    ("10. juni 2015", date(2015, 6, 10), "date-text"),
    ("10.juni 2015", date(2015, 6, 10), "date-text"),
    ("10 JUNI 2015", date(2015, 6, 10), "date-text"),
    ("10. jun. 2015", date(2015, 6, 10), "date-text"),
    ("10-jun-2015", date(2015, 6, 10), "date-text"),
    ("10 June 2015", date(2015, 6, 10), "date-text"),
    ("1. mar 2016", date(2016, 3, 1), "date-text"),
    ("1. okt. 2015", date(2015, 10, 1), "date-text"),
    ("d. 10. juni 2015", date(2015, 6, 10), "date-text"),
    ("den 10. juni 2015", date(2015, 6, 10), "date-text"),
    ("pr. 10-06-2015", date(2015, 6, 10), "date-text"),
    ("onsdag d. 10. juni 2015", date(2015, 6, 10), "date-text"),
    ("10-06-2015 14:30", date(2015, 6, 10), "date-time"),
    ("10. juni 2015 kl. 14.30", date(2015, 6, 10), "date-time"),
    ("10-06-15", date(2015, 6, 10), "date-short-year"),
    ("10. 6.15", date(2015, 6, 10), "date-short-year"),
    ("10/6-'15", date(2015, 6, 10), "date-short-year"),
    ("10. juni 15", date(2015, 6, 10), "date-short-year"),
    ("10/6", date(2015, 6, 10), "date-no-year"),
    ("10.6", date(2015, 6, 10), "date-no-year"),
    ("10.6.", date(2015, 6, 10), "date-no-year"),
    ("10. juni", date(2015, 6, 10), "date-no-year"),
    ("1 marts", date(2015, 3, 1), "date-no-year"),
    ("31-12-2018", date(2018, 12, 31), "date-text"),
    ("fredag d. 10. juni 2015", "?", "date-ambiguous"),
    ("15-06-10", "?", "date-ambiguous"),
    ("juni 2015", "?", "date-ambiguous"),
    ("juni", "?", "date-ambiguous"),
    ("ultimo juni", "?", "date-ambiguous"),
    ("6/2015", "?", "date-ambiguous"),
    ("uge 23", "?", "date-ambiguous"),
    ("uge 23, 2015", "?", "date-ambiguous"),
    ("2. kvartal", "?", "date-ambiguous"),
    ("efteråret 2015", "?", "date-ambiguous"),
    ("2015", "?", "date-ambiguous"),
    (2015.0, "?", "date-ambiguous"),
    ("ca. 10/6", "?", "date-ambiguous"),
    ("1/6-10/6", "?", "date-ambiguous"),
    ("1.-10. juni 2015", "?", "date-ambiguous"),
    ("10-06-1915", "?", "date-ambiguous"),
    ("10-06-2051", "?", "date-ambiguous"),
    (date(1900, 1, 20), "?", "date-ambiguous"),
    (datetime(1900, 1, 3), "?", "date-ambiguous"),
    (20000, "?", "date-ambiguous"),
    ("10/13/2015", "?", "date-unreadable"),
    ("31-06-2015", "?", "date-unreadable"),
    ("29. februar 2015", "?", "date-unreadable"),
    ("00-00-0000", "?", "date-unreadable"),
    ("uge 99", "?", "date-unreadable"),
    ("10062015", "?", "date-unreadable"),
    (10062015.0, "?", "date-unreadable"),
    (12.0, "?", "date-unreadable"),
    (math.nan, "?", "date-unreadable"),
    ("løbende", "?", "date-unreadable"),
    ("-", "?", "date-unreadable"),
    ("n/a", "?", "date-unreadable"),
    ("i dag", "?", "date-unreadable"),
    (True, "?", "date-unreadable"),
    (time(12, 30), "?", "date-unreadable"),
    (timedelta(days=3), "?", "date-unreadable"),
    ("1/1 " * 5000, "?", "date-unreadable"),
]


@pytest.mark.parametrize(("typed", "value", "why"), DATES)
def test_dates(typed: object, value: object, why: str) -> None:
    read = read_date(typed, year=2015)
    assert seen(read) == (value, why)
    assert not isinstance(read.value, datetime)


DATE_HINTS = [
    ("10/13/2015", "Mente du 13. oktober 2015?"),
    ("10-06-1915", "Mente du 10. juni 2015?"),
    ("15-06-10", "Mente du 15. juni 2010 eller 10. juni 2015?"),
    (date(2011, 10, 30), "Mente du 31. oktober 2015 eller 30. oktober 2011?"),
    (datetime(2019, 11, 1), "Mente du 31. oktober 2015 eller 1. november 2019?"),
    ("juni 2015", "Skriv en dag. Mente du 30. juni 2015?"),
    ("uge 23", "Skriv en dag. Mente du 7. juni 2015?"),
    ("ca. 10/6", "Mente du 10. juni 2015?"),
    ("10062015", "Mente du 10. juni 2015?"),
    ("20150610", "Mente du 10. juni 2015?"),
    (1062015, "Mente du 1. juni 2015?"),
    ("fredag d. 10. juni 2015", "10. juni 2015 er en onsdag."),
    ("31-06-2015", "Den dato findes ikke. Skriv dag, måned og år, fx 30-06-2015."),
    ("løbende", "Skriv dag, måned og år, fx 30-06-2015."),
]


@pytest.mark.parametrize(("typed", "hint"), DATE_HINTS)
def test_hints_say_which_date_it_might_be(typed: object, hint: str) -> None:
    assert read_date(typed, year=2015).hint == hint


STATUSES = [
    # typed, value, rule or problem
    (None, None, ""),
    ("  ", None, ""),
    *((status.value, status.value, "") for status in Status),
    ("Udga\u030aet", "Udgået", ""),
    ("opfyldt ", "Opfyldt", "status-spelling"),
    ("OPFYLDT", "Opfyldt", "status-spelling"),
    ("Opfyldt.", "Opfyldt", "status-spelling"),
    ("Ikke  opfyldt", "Ikke opfyldt", "status-spelling"),
    (f"Ikke{NBSP}opfyldt", "Ikke opfyldt", "status-spelling"),
    ("Delvist\nopfyldt", "Delvist opfyldt", "status-spelling"),
    ("ikkeopfyldt", "Ikke opfyldt", "status-spelling"),
    ("Udgaaet", "Udgået", "status-spelling"),
    ("nået", "Opfyldt", "status-word"),
    ("Nået!", "Opfyldt", "status-word"),
    ("naaet", "Opfyldt", "status-word"),
    ("opnået", "Opfyldt", "status-word"),
    ("Målet er nået", "Opfyldt", "status-word"),
    ("Status: opfyldt", "Opfyldt", "status-word"),
    ("opfyldt, ja", "Opfyldt", "status-word"),
    ("gennemført", "Opfyldt", "status-word"),
    ("udført", "Opfyldt", "status-word"),
    ("afsluttet", "Opfyldt", "status-word"),
    ("forventes nået", "Forventes opfyldt", "status-word"),
    ("forventes ikke nået", "Forventes ikke opfyldt", "status-word"),
    ("delvis", "Delvist opfyldt", "status-word"),
    ("delvist nået", "Delvist opfyldt", "status-word"),
    ("Ikke nået", "Ikke opfyldt", "status-word"),
    ("Målet er ikke nået", "Ikke opfyldt", "status-word"),
    ("ej opfyldt", "Ikke opfyldt", "status-word"),
    ("ikke startet", "Ikke igangsat", "status-word"),
    ("ikke begyndt", "Ikke igangsat", "status-word"),
    ("ikke påbegyndt", "Ikke igangsat", "status-word"),
    ("ikke i gang", "Ikke igangsat", "status-word"),
    ("afventer måling", "Afventer data", "status-word"),
    ("venter på tal", "Afventer data", "status-word"),
    ("udgår", "Udgået", "status-word"),
    ("bortfaldet", "Udgået", "status-word"),
    ("opfylt", "Opfyldt", "status-near"),
    ("Delvis opfyldt", "Delvist opfyldt", "status-near"),
    ("ike opfyldt", "Ikke opfyldt", "status-near"),
    ("Forventes ikke opfylt", "Forventes ikke opfyldt", "status-near"),
    ("forventet opfyldt", "Forventes opfyldt", "status-near"),
    ("ikke igansat", "Ikke igangsat", "status-near"),
    ("i gang", "?", "status-ambiguous"),
    ("Igangsat", "?", "status-ambiguous"),
    ("OK", "?", "status-ambiguous"),
    ("gul", "?", "status-ambiguous"),
    ("grøn", "?", "status-ambiguous"),
    ("rød", "?", "status-ambiguous"),
    ("på vej", "?", "status-ambiguous"),
    ("ja", "?", "status-ambiguous"),
    ("nej", "?", "status-ambiguous"),
    ("x", "?", "status-ambiguous"),
    ("færdig", "?", "status-ambiguous"),
    ("afventer", "?", "status-ambiguous"),
    ("ikke gennemført", "?", "status-ambiguous"),
    ("næsten opfyldt", "?", "status-ambiguous"),
    ("100 %", "?", "status-ambiguous"),
    ("75 pct.", "?", "status-ambiguous"),
    (1.0, "?", "status-ambiguous"),
    (True, "?", "status-ambiguous"),
    (False, "?", "status-ambiguous"),
    ("Opfyldt?", "?", "status-ambiguous"),
    ("undgået", "?", "status-ambiguous"),
    ("uopfyldt", "?", "status-unknown"),
    ("opfyldt/ikke opfyldt", "?", "status-unknown"),
    ("aldrig opfyldt", "?", "status-unknown"),
    ("afventer dato", "?", "status-unknown"),
    ("?", "?", "status-unknown"),
    ("-", "?", "status-unknown"),
    ("20", "?", "status-unknown"),
    (0.75, "?", "status-unknown"),
    (datetime(2015, 6, 10), "?", "status-unknown"),
    ("Vi er kommet langt " * 500, "?", "status-unknown"),
]


@pytest.mark.parametrize(("typed", "value", "why"), STATUSES)
def test_statuses(typed: object, value: object, why: str) -> None:
    assert seen(read_status(typed)) == (value, why)


STATUS_HINTS = [
    ("i gang", "Mente du »Forventes opfyldt« eller »Delvist opfyldt«?"),
    ("100 %", "Mente du »Opfyldt«?"),
    ("uopfyldt", "Mente du »Opfyldt« eller »Ikke opfyldt«?"),
    ("pofyldt", "Mente du »Opfyldt«"),
    ("blandet", "Vælg en af de otte statusser på listen."),
]


@pytest.mark.parametrize(("typed", "hint"), STATUS_HINTS)
def test_hints_say_which_status_it_might_be(typed: str, hint: str) -> None:
    assert read_status(typed).hint.startswith(hint)


TEXTS = [
    (None, None, ""),
    (" \n ", None, ""),
    ("  Vi nåede det.\r\nAlle er glade  ", "Vi nåede det.\nAlle er glade", ""),
    ("na\u030aet", "nået", ""),
    ("=SUM(A1)", "=SUM(A1)", ""),
    ("😀", "😀", ""),
    ("æ" * 32_767, "æ" * 32_767, ""),
    ("a\x07b", "ab", "text-controls"),
    ("a\x0bb", "a\nb", "text-controls"),
    ("\x07", None, "text-controls"),
    ("\u200b\ufeff", None, ""),
    (12.0, "12", ""),
    (12.5, "12,5", ""),
    (3, "3", ""),
    (True, "SAND", ""),
    (date(2015, 6, 10), "10-06-2015", ""),
    (datetime(2015, 6, 10), "10-06-2015", ""),
    (datetime(2015, 6, 10, 9, 5), "10-06-2015 09:05", ""),
    (time(9, 5), "09:05", ""),
    (timedelta(hours=30), "30:00", ""),
    (timedelta(hours=100, minutes=5, seconds=9), "100:05:09", ""),
]


@pytest.mark.parametrize(("typed", "value", "why"), TEXTS, ids=range(len(TEXTS)))
def test_texts(typed: object, value: object, why: str) -> None:
    assert seen(read_text(typed)) == (value, why)


ANSWERS = [
    (None, None, ""),
    (" ", None, ""),
    ("Ja", "Ja", ""),
    ("Nej", "Nej", ""),
    ("ja", "Ja", "yes-no-word"),
    (" NEJ.", "Nej", "yes-no-word"),
    ("x", "Ja", "yes-no-word"),
    ("X", "Ja", "yes-no-word"),
    ("true", "Ja", "yes-no-word"),
    (True, "Ja", "yes-no-word"),
    (False, "Nej", "yes-no-word"),
    (1.0, "Ja", "yes-no-word"),
    (0, "Nej", "yes-no-word"),
    ("1", "Ja", "yes-no-word"),
    ("0", "Nej", "yes-no-word"),
    ("måske", "?", "yes-no-unknown"),
    ("ja, næsten", "?", "yes-no-unknown"),
    ("ikke endnu", "?", "yes-no-unknown"),
    ("januar", "?", "yes-no-unknown"),
    (2.0, "?", "yes-no-unknown"),
]


@pytest.mark.parametrize(("typed", "value", "why"), ANSWERS)
def test_yes_and_no(typed: object, value: object, why: str) -> None:
    assert seen(read_yes_no(typed)) == (value, why)


# --- Properties ----------------------------------------------------------------------------------------------------

RAW = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates(),
                st.datetimes(), st.times(), st.timedeltas(),
                st.text("0123456789.,- +%/krcajunei?>", max_size=12))


@given(RAW, st.booleans(), st.sampled_from(["", "besøg pr. år", "%", "kr."]), st.sampled_from([None, True, False]))
@example(date.min, False, "", None)
@example(date.max, False, "", None)
@example(datetime.max, False, "", None)
def test_whatever_stands_has_one_of_three_ends(raw: object, in_percent: bool, unit: str,
                                               percent_format: bool | None) -> None:
    number = read_number(raw, in_percent=in_percent, unit=unit, percent_format=percent_format)
    assert number.value is None or (isinstance(number.value, float) and math.isfinite(number.value))
    for read in (number, read_date(raw, year=2015), read_status(raw), read_yes_no(raw), read_text(raw)):
        seen(read)
        assert read.problem in ("", *OWN_PROBLEMS)
        assert bool(read.problem) == bool(read.hint)
        assert len(read.hint) < 400


@given(st.decimals(-10**9, 10**9, places=2).map(float))
@example(1200.0)
@example(-0.01)
def test_a_number_said_in_danish_is_read_back(number: float) -> None:
    assert read_number(danish_number(number)).value == number
    assert read_number(f"{danish_number(number, 2)} stk.").value == number
    assert read_number(danish_number(number).replace(".", NBSP)).value == number
    assert read_number(f"{danish_number(number, 2)} %", in_percent=True).value == number


@given(st.decimals(-10**6, 10**6, places=3).map(float))
def test_three_decimals_are_read_right_or_asked_about(number: float) -> None:
    read = read_number(danish_number(number))
    assert read.value == number or read.problem == "number-ambiguous"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_itself(number: float) -> None:
    assert read_number(number) == Read(number)


@given(st.integers(-20_000, 20_000))
def test_a_share_becomes_the_points_that_were_typed(points: int) -> None:
    assert read_number(points / 100 / 100, in_percent=True, percent_format=True) == Read(points / 100)


@given(st.dates(date(2001, 1, 1), date(2020, 12, 31)), st.sampled_from(["%d-%m-%Y", "%d.%m.%Y", "%d/%m-%Y", "%d/%m %Y",
                                                                       "%Y-%m-%d", "d. %d-%m-%Y"]))
def test_a_written_date_is_read_back(day: date, form: str) -> None:
    assert read_date(day.strftime(form), year=2015).value == day
    shifted = {(day + timedelta(days=days)).year for days in (1462, -1462)}
    read = read_date(float((day - date(1899, 12, 30)).days), year=2015)
    assert read.value == (None if 2015 in shifted else day)


def negated(text: str) -> bool:
    return "ikke" in text.casefold()


@st.composite
def mistyped_statuses(draw: st.DrawFn) -> tuple[Status, str]:
    """Draw a status and what it becomes by one or two slips of the fingers."""
    status = draw(st.sampled_from(list(Status)))
    letters = list(status.value)
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(letters) - 1))
        slip = draw(st.sampled_from(["drop", "double", "change", "swap", "insert"]))
        letter = draw(st.sampled_from("abdefgiklnoprstuvæøå "))
        before, after = letters[:at], letters[at + 1:]
        letters = {"drop": before + after, "double": [*before, letters[at], *letters[at:]],
                   "change": [*before, letter, *after], "insert": [*before, letter, *letters[at:]],
                   "swap": [*before, *reversed(letters[at:at + 2]), *letters[at + 2:]]}[slip]
    return status, "".join(letters)


@given(mistyped_statuses())
def test_a_slip_never_gains_or_loses_a_negation(slip: tuple[Status, str]) -> None:
    status, typed = slip
    value = read_status(typed).value
    assert value is None or negated(str(value)) == negated(status.value)


@given(st.sampled_from(["ikke", "ej", "aldrig", "endnu ikke", "slet ikke", "u", "ikke-", "næppe", "ingen"]),
       st.sampled_from(["opfyldt", "nået", "opfylt", "gennemført", "igangsat", "Opfyldt", "delvist opfyldt"]),
       st.sampled_from(["", " "]))
def test_a_negated_status_is_never_read_as_reached(negation: str, word: str, space: str) -> None:
    assert read_status(negation + space + word).value not in (Status.MET, Status.EXPECTED, Status.PARTLY)


@given(st.sampled_from(list(Status)), st.sampled_from(["NFC", "NFD"]))
def test_both_unicode_forms_of_a_status_are_literal(status: Status, form: str) -> None:
    assert read_status(unicodedata.normalize(form, status.value)) == Read(status.value)  # type: ignore[arg-type]
