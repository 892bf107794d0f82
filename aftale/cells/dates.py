"""What a person typed as a date, read by a rule, or asked about."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from aftale.cells.reading import LONGEST, Read, ask, did_you_mean, is_empty
from aftale.model.text import MONTHS, canonical, danish_date, fold, tidy

_ENGLISH_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                   "november", "december")
_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
FIRST_DATE_CELL = 1930
"""What a cell shows as an earlier date is a number that was typed into a cell for dates: Excel shows 3 as a day in 1900."""
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 60_000
_SERIAL_START = date(1899, 12, 30)
_SEP = r" ?[-./]{1,2} ?"
_ISO = re.compile(rf"(?P<y>[0-9]{{4}}){_SEP}(?P<m>[0-9]{{1,2}}){_SEP}(?P<d>[0-9]{{1,2}})")
_SPACED = re.compile(r"(?P<d>[0-9]{1,2}) (?P<m>[0-9]{1,2}) (?P<y>[0-9]{4})")
_DAY_MONTH = re.compile(rf"(?P<d>[0-9]{{1,2}}){_SEP}(?P<m>[0-9]{{1,2}})"
                        rf"(?:(?:{_SEP}| )'?(?P<y>[0-9]{{4}}|[0-9]{{2}})|\.)?")
_NAMED = re.compile(r"(?P<d>[0-9]{1,2})[. -]{0,2}(?P<name>[a-zæøå]{3,9})\.?,?[ -]?(?:'?(?P<y>[0-9]{4}|[0-9]{2}))?")
_FORMS = (_ISO, _SPACED, _DAY_MONTH, _NAMED)
_TIME_AFTER = re.compile(r"(?:[t ]| kl\.? ?)[0-9]{1,2}[:.][0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?z?$")
_OTHER_CALENDAR = timedelta(days=1462)
"""How far a date is off that was pasted from a workbook that counts its days from 1904."""
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?Z?$")  # how a cell of dates is stored in the strict form of .xlsx
_BEFORE = re.compile(rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)}),? ?)?(?:(?:d\.|den|pr\.?|per)(?= |[0-9]) ?)?")
_MONTH_ONLY = re.compile(r"(?:(?:i|primo|medio|ultimo|start|midt|slut|slutningen af|starten af) )?"
                         r"(?P<name>[a-zæøå]{3,9})\.?[ -]?(?P<y>[0-9]{4})?")
_MONTH_NUMBER = re.compile(r"(?P<m>[0-9]{1,2})[-./ ](?P<y>[0-9]{4})")
_WEEK = re.compile(r"(?:i )?uge (?P<week>[0-9]{1,2})(?:[ ,/-]+(?P<y>[0-9]{4}))?")
_VAGUE = re.compile(r"(?:19|20)[0-9]{2}|.*(?:kvartal|halvår|forår|sommer|efterår|vinter|primo|medio|ultimo).*")
_TWO_DATES = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}\D.*[0-9]{1,2}[./-][0-9]{1,2}")
_RUN_TOGETHER = re.compile(r"(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>[0-9]{4}|[0-9]{2})")
_ISO_TOGETHER = re.compile(r"(?P<y>20[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")


def read_date(raw: object, *, year: int) -> Read:
    """Read a date; the day stands before the month, as in Danish.

    ``year`` is the round's: it stands in where a date has none, and a date more than 15 years before it or 5 years
    after it is asked about.
    """
    if is_empty(raw):
        return Read()
    if isinstance(raw, date) and raw.year < FIRST_DATE_CELL:
        return ask("date-ambiguous", _write_a_date(year))
    if isinstance(raw, datetime):
        return _pasted(raw.date(), "date-time" if raw.time() != time() else "", year)
    if isinstance(raw, date):
        return _pasted(raw, "", year)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _date_from_number(raw, year)
    if isinstance(raw, str):
        return _date_from_text(tidy(raw), year)
    return ask("date-unreadable", _write_a_date(year))


def _write_a_date(year: int) -> str:
    return f"Skriv dag, måned og år, fx 30-06-{year}."


def _pasted(day: date, rule: str, year: int) -> Read:
    """Judge the date of a cell that holds one; one four years and a day from the round is likely of 1904's."""
    if 1 < abs(day.year - year) <= 5:
        meant = next((each for each in (day + _OTHER_CALENDAR, day - _OTHER_CALENDAR) if each.year == year), None)
        if meant is not None:
            return ask("date-ambiguous", did_you_mean((danish_date(meant), danish_date(day))))
    return _plausible(day, rule, year)


def _plausible(day: date, rule: str, year: int) -> Read:
    if year - 15 <= day.year <= year + 5:
        return Read(day, rule=rule)
    meant = _make_date(year, day.month, day.day)
    return ask("date-ambiguous", did_you_mean((danish_date(meant),)) if meant else _write_a_date(year))


def _make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 31-06, 29-02 …
        return None


def _date_from_number(raw: float, year: int) -> Read:
    if _FIRST_SERIAL <= raw <= _LAST_SERIAL:
        return _pasted(_SERIAL_START + timedelta(days=int(raw)), "date-serial", year)
    text = canonical(raw)
    if _VAGUE.fullmatch(text):
        return ask("date-ambiguous", _write_a_date(year))
    return ask("date-unreadable", _run_together(text.zfill(8 if len(text) == 7 else 6), year) or _write_a_date(year))


def _run_together(text: str, year: int) -> str:
    """Return a hint for 10062015, 20150610 or 100615, '' for other texts."""
    for form in (_RUN_TOGETHER, _ISO_TOGETHER):
        match = form.fullmatch(text)
        day = _make_date(_full_year(match["y"]), int(match["m"]), int(match["d"])) if match else None
        if day and _plausible(day, "", year).value:
            return did_you_mean((danish_date(day),))
    return ""


def _full_year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _date_from_text(raw: str, year: int) -> Read:
    text = fold(raw)
    if len(text) > LONGEST:
        return ask("date-unreadable", _write_a_date(year))
    if re.fullmatch("[0-9]{5}", text):
        return _date_from_number(int(text), year)
    clock = _TIME_AFTER.search(text)
    opening = _BEFORE.match(text)
    start = opening.end() if opening else 0
    core = text[start:clock.start() if clock else len(text)].strip(" ,")
    read = _whole_date(core, year)
    if read is None and clock:  # »10. 6.15« ends in a year, not in a clock
        clock, read = None, _whole_date(text[start:], year)
    if read is None:
        return _no_whole_date(text, core, year)
    weekday = opening["weekday"] if opening else None
    if isinstance(read.value, date):
        if weekday and _WEEKDAYS[read.value.weekday()] != weekday:
            return ask("date-ambiguous", f"{danish_date(read.value)} er en {_WEEKDAYS[read.value.weekday()]}.")
        if _MIDNIGHT.sub("", raw) == read.value.isoformat():
            return replace(read, rule="")
        if clock and read.rule == "date-text":
            return replace(read, rule="date-time")
    return read


def _whole_date(text: str, year: int) -> Read | None:
    """Read a text that is a date and nothing else; None where it isn't one."""
    for form in _FORMS:
        match = form.fullmatch(text)
        month = _month(match) if match else None
        if match and month is not None:
            return _from_parts(match["y"] or "", month, int(match["d"]), year)
    return None


def _month(match: re.Match[str]) -> int | None:
    parts = match.groupdict()
    if "m" in parts:
        return int(parts["m"])
    name = parts["name"]
    names = zip(MONTHS, _ENGLISH_MONTHS, strict=True)
    return next((n for n, both in enumerate(names, 1) if any(each.startswith(name) for each in both)), None)


def _from_parts(stated: str, month: int, day: int, year: int) -> Read:
    full = _full_year(stated) if stated else year
    made = _make_date(full, month, day)
    if made is None:
        swapped = _make_date(full, day, month)
        return ask("date-unreadable", did_you_mean((danish_date(swapped),)) if swapped
                    else f"Den dato findes ikke. {_write_a_date(year)}")
    if not stated:
        return Read(made, rule="date-no-year")
    if len(stated) == 2:
        backwards = _make_date(2000 + day, month, full - 2000)  # 15-06-10 may be ten days into June 2015
        if backwards and abs(made.year - year) > 1 >= abs(backwards.year - year):
            return ask("date-ambiguous", did_you_mean((danish_date(made), danish_date(backwards))))
        return _plausible(made, "date-short-year", year)
    return _plausible(made, "date-text", year)


def _no_whole_date(text: str, core: str, year: int) -> Read:
    """Say why a text is no date, and which date it might mean."""
    last_day = _end_of_span(core, year)
    if last_day:
        return ask("date-ambiguous", f"Skriv en dag. {did_you_mean((danish_date(last_day),))}")
    if _VAGUE.fullmatch(core) or _TWO_DATES.search(core):
        return ask("date-ambiguous", _write_a_date(year))
    for form in (_ISO, _DAY_MONTH, _NAMED):
        match = re.search(rf"(?<![0-9./-])(?:{form.pattern})(?![0-9/-])", core)
        month = _month(match) if match else None
        within = _from_parts(match["y"] or "", month, int(match["d"]), year).value if match and month else None
        if isinstance(within, date):
            return ask("date-ambiguous", did_you_mean((danish_date(within),)))
    return ask("date-unreadable", _run_together(text, year) or _write_a_date(year))


def _end_of_span(text: str, year: int) -> date | None:
    """Return the last day of a month or week, None for other texts."""
    week = _WEEK.fullmatch(text)
    if week:
        try:
            return date.fromisocalendar(int(week["y"] or year), int(week["week"]), 7)
        except ValueError:  # week 54
            return None
    for form in (_MONTH_ONLY, _MONTH_NUMBER):
        match = form.fullmatch(text)
        month = _month(match) if match else None
        if match and month and 1 <= month <= 12:
            stated = int(match["y"] or year)
            return _make_date(stated, month, monthrange(stated, month)[1]) if stated else None
    return None
