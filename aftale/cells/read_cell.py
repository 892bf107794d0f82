"""What a person typed in a cell -> a clean value, how it was read, or what must be asked about.

Three ends: read literally (no rule); read by a rule, which goes in the ledger; or not read, with a problem code and a
hint. What can mean two things is asked about and never guessed.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from aftale.model.agreement import Status, Value
from aftale.model.text import MONTHS, canonical, danish_date, danish_number, fold, tidy, without_controls


@dataclass(frozen=True, slots=True)
class Read:
    """A cell that was read.

    ``value`` is None where the cell is empty or was not read. ``rule`` is a key in `RULES` where the reading isn't
    literally what stands. ``problem`` is a code in `words.problems.CATALOGUE` where somebody must be asked, and
    ``hint`` says in Danish what it might mean.
    """

    value: Value = None
    rule: str = ""
    problem: str = ""
    hint: str = ""


RULES: Mapping[str, str] = MappingProxyType({
    "number-text": "Tal skrevet som tekst",
    "number-unit": "Enheden ved tallet er udeladt",
    "number-word": "Talord læst som tal",
    "decimal-comma": "Tal skrevet som tekst med decimalkomma",
    "decimal-point": "Punktum læst som decimalkomma",
    "thousands-dot": "Punktum læst som tusindtalsseparator",
    "thousands-space": "Mellemrum læst som tusindtalsseparator",
    "english-number": "Engelsk skrivemåde: komma læst som tusindtalsseparator og punktum som decimalkomma",
    "percent-text": "Procent skrevet som tekst",
    "percent-points": "Tal uden procentformat læst som procent",
    "percent-share": "Andel uden procentformat læst som procent (0,5 som 50 %)",
    "date-text": "Dato skrevet som tekst",
    "date-time": "Klokkeslættet efter datoen er udeladt",
    "date-serial": "Excels dagnummer læst som dato",
    "date-no-year": "Dato uden årstal læst som i opfølgningens år",
    "date-short-year": "Årstal med to cifre læst som 2000-tallet",
    "status-spelling": "Mellemrum, tegn eller store og små bogstaver rettet",
    "status-word": "Andet ord for samme status",
    "status-near": "Tastefejl rettet til den status, det ligner",
    "text-controls": "Usynlige styretegn er fjernet",
    "yes-no-word": "Andet tegn for Ja eller Nej",
})


_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def _is_empty(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not tidy(raw).strip(_INVISIBLE))


_LONGEST = 200
"""No number, date or status is longer; what is longer is a remark in the wrong column."""


def _ask(problem: str, hint: str) -> Read:
    return Read(problem=problem, hint=hint)


def _did_you_mean(choices: Iterable[str]) -> str:
    """Ask in Danish about one or more readings: «Mente du 20 eller 25?»."""
    return f"Mente du {' eller '.join(choices)}?"


# --- Numbers -------------------------------------------------------------------------------------------------------

_NUMBER_WORDS = {"nul": 0, "en": 1, "et": 1, "én": 1, "ét": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6,
                 "syv": 7, "otte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12}
_PERCENT_WORDS = frozenset({"%", "pct", "procent"})
_COUNT_WORDS = frozenset({"stk", "point", "points"})
_MONEY_WORDS = frozenset({"kr", "krone", "kroner", "dkk"})
_MULTIPLES = {"t": 1e3, "tkr": 1e3, "t.kr": 1e3, "tusind": 1e3, "mio": 1e6, "million": 1e6, "millioner": 1e6,
              "mia": 1e9}
_NO_NUMBER_YET = frozenset({"-", "--", "?", "n/a", "na", "i/a", "ingen", "intet", "ved ikke", "mangler", "ukendt",
                            "afventer", "kommer", "ikke opgjort"})
_ONE_NUMBER = "Skriv ét tal med cifre; ord kan stå under Bemærkninger."
_YES_OR_NO = frozenset({"ja", "nej", "x", "ok", "opfyldt", "nået"})

_NUMBER = re.compile(r"(?P<before>(?:kr|dkk|kroner)\.? ?)?(?P<sign>[+-]?) ?(?P<body>[0-9.,][0-9., ]*?)"
                     r"(?P<rest>(?:,-+(?: ?kr\.?)?|[ ]?[^0-9., ].*|[ ]?\.)?)")
_BODIES = (
    ("number-text", re.compile(r"[0-9]+")),
    ("thousands-dot", re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")),
    ("thousands-space", re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:,[0-9]+)?")),
    ("unclear", re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")),
    ("english-number", re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")),
    ("decimal-comma", re.compile(r"[0-9]*,[0-9]+")),
    ("decimal-point", re.compile(r"[0-9]*\.[0-9]+")),
)
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_NUMBERS_WITHIN = re.compile(r"(?:(?<![\w.,)])[+-])?[0-9]{1,3}(?: [0-9]{3})+(?:,[0-9]+)?(?![0-9])"
                             r"|(?:(?<![\w.,)])[+-])?[0-9]+(?:[.,][0-9]+)*")
_ENDINGS = ("erne", "ene", "er", "en", "et", "e", "r", "s")


def read_number(raw: object, *, in_percent: bool = False, unit: str = "", percent_format: bool | None = None) -> Read:
    """Read a number; with ``in_percent`` the value is in points (50 for 50 %).

    ``unit`` is the goal's Måleenhed, which may stand after the number. ``percent_format`` tells whether the cell has
    a percent format, None where nobody looked: then at most 1 is taken for the share that a percent cell stores.
    """
    if _is_empty(raw):
        return Read()
    if isinstance(raw, bool):
        return _ask("number-unreadable", "Cellen siger sandt eller falsk. Skriv et tal.")
    if isinstance(raw, (int, float)):
        return _number_from_number(raw, in_percent, unit, percent_format)
    if isinstance(raw, date):
        return _ask("number-ambiguous", "Excel har gjort det skrevne til en dato. "
                    f"{_did_you_mean((f'{raw.day},{raw.month}', f'{raw.day}-{raw.month}'))} Skriv ét tal.")
    if isinstance(raw, (time, timedelta)):
        return _ask("number-ambiguous", "Excel har gjort det skrevne til et klokkeslæt. Skriv ét tal.")
    return _number_from_text(str(raw), in_percent, unit)


def _number_from_number(raw: float, in_percent: bool, unit: str, percent_format: bool | None) -> Read:
    value = _finite(raw)
    if value is None:
        return _ask("number-unreadable", "Skriv tallet med cifre.")
    if not in_percent:
        return _percent_for_another_unit(unit) if percent_format else Read(value)
    share = _as_points(value)
    if percent_format or value == 0:
        return Read(share)
    if abs(value) <= 1:
        return Read(share, rule="" if percent_format is None else "percent-share")
    return _points_without_format(value, "percent-points")


def _finite(raw: float) -> float | None:
    try:
        value = float(raw)
    except OverflowError:  # a whole number of more than 308 digits
        return None
    return value if math.isfinite(value) else None


def _as_points(share: float) -> float:
    """Return a share in points; 0.07 * 100 must come out as 7, not as 7.000000000000001."""
    points = round(share * 100, 10)
    return points if math.isfinite(points) else share


def _points_without_format(value: float, rule: str) -> Read:
    """Judge a number that says nothing of percent in a goal measured in percent: small ones may be shares."""
    if value == 0 or abs(value) > 5:
        return Read(value, rule="" if value == 0 and rule == "percent-points" else rule)
    return _ask("percent-ambiguous", _did_you_mean((f"{danish_number(value)} %",
                                                    f"{danish_number(_as_points(value))} %")))


def _percent_for_another_unit(unit: str) -> Read:
    what = f"opgøres i {unit}" if unit else "opgøres ikke i procent"
    return _ask("number-ambiguous", f"Målet {what}: skriv selve tallet og ikke en procent.")


def _number_from_text(raw: str, in_percent: bool, unit: str) -> Read:
    text = fold(raw).replace("\u2212", "-")
    if len(text) > _LONGEST:
        return _ask("number-unreadable", _ONE_NUMBER)
    if text in _NUMBER_WORDS:
        word = float(_NUMBER_WORDS[text])
        return _points_without_format(word, "number-word") if in_percent else Read(word, rule="number-word")
    match = _NUMBER.fullmatch(text)
    body = match["body"] if match else ""
    kind = next((name for name, pattern in _BODIES if pattern.fullmatch(body)), "")
    if match is None or not kind:
        return _not_a_number(text)
    rest = "kr" if match["rest"].startswith(",-") else match["rest"]
    suffix = " ".join(part for part in (match["before"], rest) if part).strip(" .:(),")
    if kind == "unclear" or (in_percent and _ONE_GROUP.fullmatch(body)):
        return _ask("number-ambiguous", _did_you_mean(_two_readings(match["sign"], body)))
    value = _finite(float(_plain(kind, body)) * (-1 if match["sign"] == "-" else 1))
    if value is None:
        return _ask("number-unreadable", "Skriv tallet med færre cifre.")
    value += 0.0  # "-0" is 0
    if in_percent:
        return _percent_from_text(value, kind, suffix, text)
    if suffix:
        return _with_unit(value, kind, suffix, unit, text)
    return Read(value, rule="" if canonical(value) == raw and kind == "number-text" else kind)


def _with_unit(value: float, kind: str, suffix: str, unit: str, text: str) -> Read:
    """Judge a number with words beside it, which must be its unit."""
    if suffix in _PERCENT_WORDS:
        return _percent_for_another_unit(unit)
    if _same_unit(suffix, unit):
        return Read(value, rule="number-unit" if kind in ("number-text", "decimal-comma") else kind)
    if re.search("[0-9]", suffix):
        return _not_a_number(text)
    value *= _MULTIPLES.get(suffix.split()[0].strip("."), 1)
    return _ask("number-ambiguous", _did_you_mean((f"{danish_number(value)} {unit}".strip(),)))


def _plain(kind: str, body: str) -> str:
    """Return the digits of a number as Python reads them."""
    if kind == "english-number":
        return body.replace(",", "")
    if kind.startswith("thousands"):
        body = body.replace(".", "").replace(" ", "")
    return body.replace(",", ".")


def _two_readings(sign: str, body: str) -> tuple[str, str]:
    """Return the decimal and the thousands reading of ``1,200`` or ``1.200``."""
    minus = -1 if sign == "-" else 1
    decimal, thousands = float(re.sub("[.,]", ".", body)), float(re.sub("[.,]", "", body))
    return danish_number(minus * decimal), f"{minus * thousands:.0f}"


def _percent_from_text(value: float, kind: str, suffix: str, text: str) -> Read:
    if suffix in _PERCENT_WORDS:
        return Read(value, rule="percent-text")
    if re.search("[0-9]", suffix):
        return _not_a_number(text)
    if suffix:
        return _ask("number-ambiguous", _did_you_mean((f"{danish_number(value)} %",)))
    return _points_without_format(value, kind if kind not in ("number-text", "decimal-comma") else "percent-points")


def _same_unit(suffix: str, unit: str) -> bool:
    """Tell whether the words beside a number are its unit: the first words of ``unit`` in any inflection."""
    wanted = fold(unit).split("(")[0].removeprefix("antal ").split()
    if suffix in _COUNT_WORDS:
        return True
    if suffix in _MONEY_WORDS:
        return not wanted or wanted[0].strip(".") in _MONEY_WORDS
    given = suffix.split()
    return len(given) <= len(wanted) and all(_stems(a) & _stems(b) for a, b in zip(given, wanted, strict=False))


def _stems(word: str) -> frozenset[str]:
    """Return a word without each ending that it may have: klage and klager share one."""
    plain = word.strip(".,;")
    cut = (plain.removesuffix(ending) for ending in _ENDINGS)
    return frozenset({plain, *(stem for stem in cut if len(stem) >= 3)})


def _not_a_number(text: str) -> Read:
    if text in _NO_NUMBER_YET:
        return _ask("number-unreadable", "Er der ikke noget tal endnu, så lad cellen stå tom, og skriv hvorfor under"
                    " Bemærkninger.")
    if text in _YES_OR_NO:
        return _ask("number-unreadable", "Skriv et tal her, og vælg resten under Status.")
    within = list(dict.fromkeys(_NUMBERS_WITHIN.findall(text)))
    if len(within) in (1, 2):
        return _ask("number-ambiguous", f"{_did_you_mean(within)} Skriv ét tal.")
    return _ask("number-unreadable", _ONE_NUMBER)


# --- Dates ---------------------------------------------------------------------------------------------------------

_ENGLISH_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                   "november", "december")
_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 60_000
_FIRST_DATE_CELL = 1930
"""What a cell shows as an earlier date is a number that was typed into a cell for dates."""
_SERIAL_START = date(1899, 12, 30)

_SEP = r" ?[-./]{1,2} ?"
_ISO = re.compile(rf"(?P<y>[0-9]{{4}}){_SEP}(?P<m>[0-9]{{1,2}}){_SEP}(?P<d>[0-9]{{1,2}})")
_SPACED = re.compile(r"(?P<d>[0-9]{1,2}) (?P<m>[0-9]{1,2}) (?P<y>[0-9]{4})")
_DAY_MONTH = re.compile(rf"(?P<d>[0-9]{{1,2}}){_SEP}(?P<m>[0-9]{{1,2}})"
                        rf"(?:(?:{_SEP}| )'?(?P<y>[0-9]{{4}}|[0-9]{{2}})|\.)?")
_NAMED = re.compile(r"(?P<d>[0-9]{1,2})[. -]{0,2}(?P<name>[a-zæøå]{3,9})\.?,?[ -]?(?:'?(?P<y>[0-9]{4}|[0-9]{2}))?")
_FORMS = (_ISO, _SPACED, _DAY_MONTH, _NAMED)
_TIME_AFTER = re.compile(r"(?:[t ]| kl\.? ?)[0-9]{1,2}[:.][0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?z?$")
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
    if _is_empty(raw):
        return Read()
    if isinstance(raw, date) and raw.year < _FIRST_DATE_CELL:
        return _ask("date-ambiguous", _write_a_date(year))
    if isinstance(raw, datetime):
        return _plausible(raw.date(), "date-time" if raw.time() != time() else "", year)
    if isinstance(raw, date):
        return _plausible(raw, "", year)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _date_from_number(raw, year)
    if isinstance(raw, str):
        return _date_from_text(tidy(raw), year)
    return _ask("date-unreadable", _write_a_date(year))


def _write_a_date(year: int) -> str:
    return f"Skriv dag, måned og år, fx 30-06-{year}."


def _plausible(day: date, rule: str, year: int) -> Read:
    if year - 15 <= day.year <= year + 5:
        return Read(day, rule=rule)
    meant = _make_date(year, day.month, day.day)
    return _ask("date-ambiguous", _did_you_mean((danish_date(meant),)) if meant else _write_a_date(year))


def _make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 31-06, 29-02 …
        return None


def _date_from_number(raw: float, year: int) -> Read:
    if _FIRST_SERIAL <= raw <= _LAST_SERIAL:
        return _plausible(_SERIAL_START + timedelta(days=int(raw)), "date-serial", year)
    text = canonical(raw)
    if _VAGUE.fullmatch(text):
        return _ask("date-ambiguous", _write_a_date(year))
    return _ask("date-unreadable", _run_together(text.zfill(8 if len(text) == 7 else 6), year) or _write_a_date(year))


def _run_together(text: str, year: int) -> str:
    """Return a hint for 10062015, 20150610 or 100615, '' for other texts."""
    for form in (_RUN_TOGETHER, _ISO_TOGETHER):
        match = form.fullmatch(text)
        day = _make_date(_full_year(match["y"]), int(match["m"]), int(match["d"])) if match else None
        if day and _plausible(day, "", year).value:
            return _did_you_mean((danish_date(day),))
    return ""


def _full_year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _date_from_text(raw: str, year: int) -> Read:
    text = fold(raw)
    if len(text) > _LONGEST:
        return _ask("date-unreadable", _write_a_date(year))
    if re.fullmatch("[0-9]{5}", text):
        return _date_from_number(int(text), year)
    clock = _TIME_AFTER.search(text)
    opening = _BEFORE.match(text)
    start = opening.end() if opening else 0
    core = text[start:clock.start() if clock else len(text)].strip(" ,")
    read = _whole_date(core, year)
    if read is None and clock:  # «10. 6.15» ends in a year, not in a clock
        clock, read = None, _whole_date(text[start:], year)
    if read is None:
        return _no_whole_date(text, core, year)
    weekday = opening["weekday"] if opening else None
    if isinstance(read.value, date):
        if weekday and _WEEKDAYS[read.value.weekday()] != weekday:
            return _ask("date-ambiguous", f"{danish_date(read.value)} er en {_WEEKDAYS[read.value.weekday()]}.")
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
        return _ask("date-unreadable", _did_you_mean((danish_date(swapped),)) if swapped
                    else f"Den dato findes ikke. {_write_a_date(year)}")
    if not stated:
        return Read(made, rule="date-no-year")
    if len(stated) == 2:
        backwards = _make_date(2000 + day, month, full - 2000)  # 15-06-10 may be ten days into June 2015
        if backwards and abs(made.year - year) > 1 >= abs(backwards.year - year):
            return _ask("date-ambiguous", _did_you_mean((danish_date(made), danish_date(backwards))))
        return _plausible(made, "date-short-year", year)
    return _plausible(made, "date-text", year)


def _no_whole_date(text: str, core: str, year: int) -> Read:
    """Say why a text is no date, and which date it might mean."""
    last_day = _end_of_span(core, year)
    if last_day:
        return _ask("date-ambiguous", f"Skriv en dag. {_did_you_mean((danish_date(last_day),))}")
    if _VAGUE.fullmatch(core) or _TWO_DATES.search(core):
        return _ask("date-ambiguous", _write_a_date(year))
    for form in (_ISO, _DAY_MONTH, _NAMED):
        match = re.search(rf"(?<![0-9./-])(?:{form.pattern})(?![0-9/-])", core)
        month = _month(match) if match else None
        within = _from_parts(match["y"] or "", month, int(match["d"]), year).value if match and month else None
        if isinstance(within, date):
            return _ask("date-ambiguous", _did_you_mean((danish_date(within),)))
    return _ask("date-unreadable", _run_together(text, year) or _write_a_date(year))


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


# --- Statuses ------------------------------------------------------------------------------------------------------

_STATUS_KEYS: Mapping[str, Status] = {fold(status.value): status for status in Status}
_STATUS_KEYS_UNSPACED = {name.replace(" ", ""): status for name, status in _STATUS_KEYS.items()}
_WORDS_BY_STATUS: Mapping[Status, tuple[str, ...]] = {
    Status.MET: ("nået", "opnået", "indfriet", "gennemført", "udført", "fuldført", "afsluttet", "opfyldt ja",
                 "ja opfyldt", "fuldt opfyldt", "helt opfyldt", "fuldt nået", "helt nået"),
    Status.EXPECTED: ("forventes nået", "forventes opnået", "forventes indfriet", "forventes gennemført"),
    Status.NOT_EXPECTED: ("forventes ikke nået", "forventes ikke opnået", "forventes ikke indfriet",
                          "forventes ikke gennemført"),
    Status.PARTLY: ("delvis", "delvist", "delvist nået", "delvis nået", "delvist opnået", "delvis opnået",
                    "delvist indfriet", "delvis indfriet", "delvist gennemført", "delvis gennemført",
                    "til dels opfyldt", "til dels nået"),
    Status.NOT_MET: ("ikke nået", "ikke opnået", "ikke indfriet", "ej opfyldt", "ej nået", "nej ikke opfyldt"),
    Status.NOT_STARTED: ("ikke startet", "ikke begyndt", "ikke påbegyndt", "ikke i gang", "ikke igang",
                         "ikke sat i gang", "ej igangsat", "ej påbegyndt", "endnu ikke startet",
                         "endnu ikke begyndt", "endnu ikke igangsat", "endnu ikke påbegyndt",
                         "ikke startet endnu", "ikke begyndt endnu", "ikke igangsat endnu", "ikke påbegyndt endnu"),
    Status.AWAITING: ("afventer måling", "afventer tal", "afventer resultat", "afventer resultater",
                      "afventer undersøgelse", "venter på data", "venter på måling", "venter på tal"),
    Status.DROPPED: ("udgår", "bortfaldet", "bortfalder"),
}
_STATUS_WORDS: Mapping[str, Status] = {word: status for status, words in _WORDS_BY_STATUS.items() for word in words}
_SEVERAL_STATUSES: tuple[tuple[tuple[str, ...], tuple[Status, ...]], ...] = (
    (("i gang", "igang", "igangsat", "sat i gang", "påbegyndt", "startet", "begyndt", "på vej", "undervejs",
      "på sporet", "følger planen", "efter planen", "som planlagt", "næsten", "næsten nået", "næsten opfyldt"),
     (Status.EXPECTED, Status.PARTLY)),
    (("ok", "okay", "fint", "godt", "grøn", "grønt", "klar"), (Status.MET, Status.EXPECTED)),
    (("ja", "x", "færdig", "færdigt", "done", "sand", "true"), (Status.MET, Status.EXPECTED)),
    (("gul", "gult", "lysegrøn"), (Status.PARTLY, Status.EXPECTED)),
    (("orange",), (Status.NOT_EXPECTED, Status.PARTLY)),
    (("rød", "rødt", "nej", "falsk", "false", "ikke færdig", "ikke færdigt", "ikke gennemført", "ikke udført",
      "ikke afsluttet", "ikke endnu", "endnu ikke"), (Status.NOT_MET, Status.NOT_EXPECTED, Status.NOT_STARTED)),
    (("grå", "gråt", "afventer", "venter", "mangler", "mangler data", "udsat"),
     (Status.AWAITING, Status.NOT_STARTED)),
    (("droppet", "aflyst", "opgivet", "stoppet", "undgået", "slettet"), (Status.DROPPED, Status.NOT_MET)),
)
_AMBIGUOUS_STATUS = {word: statuses for words, statuses in _SEVERAL_STATUSES for word in words}
_STATUS_OPENING = re.compile(r"(?:status )?(?:(?:(?:del|effekt)?målet|mål) )?(?:er )?")
_STATUS_MARKS = re.compile(r"[.,;:!()\"'«»]")
_PERCENT_DONE = re.compile(r"[0-9]+(?:[.,][0-9]+)? ?(?:%|pct|procent).*")
_CHOOSE_STATUS = "Vælg en af de otte statusser på listen."


def read_status(raw: object) -> Read:
    """Read a status; the value is the text of a `Status`.

    Other words with one certain meaning and plain typing errors are read by a rule. A negation is never gained or
    lost on the way.
    """
    if _is_empty(raw):
        return Read()
    if isinstance(raw, bool):
        return _which_status(_AMBIGUOUS_STATUS["ja" if raw else "nej"])
    if not isinstance(raw, str):
        return _which_status((Status.MET,)) if raw == 1 else _ask("status-unknown", _CHOOSE_STATUS)
    plain = unicodedata.normalize("NFC", raw)
    if plain in tuple(Status):
        return Read(Status(plain).value)
    return _status_from_text(" ".join(_STATUS_MARKS.sub(" ", fold(raw)).replace("aa", "å").split()))


def _status_from_text(key: str) -> Read:
    status = _STATUS_KEYS_UNSPACED.get(key.replace(" ", ""))
    if status:
        return Read(status.value, rule="status-spelling")
    opening = _STATUS_OPENING.match(key)
    word = key[opening.end():] if opening else key
    status = _STATUS_WORDS.get(word) or _STATUS_KEYS.get(word)
    if status:
        return Read(status.value, rule="status-word")
    if word in _AMBIGUOUS_STATUS:
        return _which_status(_AMBIGUOUS_STATUS[word])
    if _PERCENT_DONE.fullmatch(word):
        return _which_status((Status.MET,) if re.match("100 ?[%p]", word) else (Status.PARTLY, Status.EXPECTED))
    status = _misspelt(key)
    if status:
        return Read(status.value, rule="status-near")
    like = _statuses_like(word)
    return _ask("status-ambiguous" if "?" in key and like else "status-unknown",
                _did_you_mean(f"«{status.value}»" for status in like) if like else _CHOOSE_STATUS)


def _which_status(statuses: tuple[Status, ...]) -> Read:
    return _ask("status-ambiguous", _did_you_mean(f"«{status.value}»" for status in statuses))


def _misspelt(key: str) -> Status | None:
    """Return the one status that a text is a misspelling of.

    Word by word, with the same number of words and the same first letters: so «opfylt» is found, but «uopfyldt»,
    «næsten opfyldt» and a lost «ikke» never are.
    """
    if not re.fullmatch("[a-zæøåé -]{1,60}", key):
        return None
    near = [status for name, status in _STATUS_KEYS.items()
            if _ratio(key, name) >= 0.85 and _like_words(key.split(), name.split())]
    return near[0] if len(near) == 1 else None


def _like_words(given: list[str], wanted: list[str]) -> bool:
    return len(given) == len(wanted) and all(a[0] == b[0] and _ratio(a, b) >= 0.8
                                             for a, b in zip(given, wanted, strict=True))


def _ratio(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def _statuses_like(word: str) -> list[Status]:
    """Return the one or two statuses that a text looks like, to ask about."""
    known = {**_STATUS_WORDS, **_STATUS_KEYS}
    near = difflib.get_close_matches(word, known, 4, 0.6) if len(word) <= _LONGEST else []
    return list(dict.fromkeys(known[name] for name in near))[:2]


# --- Text, yes and no ----------------------------------------------------------------------------------------------

_YES = frozenset({"ja", "j", "x", "true", "sand", "sandt", "yes", "1", "✓", "✔", "☑", "☒"})
_NO = frozenset({"nej", "n", "false", "falsk", "no", "0", "☐"})


def read_text(raw: object) -> Read:
    """Read a text; a number, date or truth value typed into a text column is said as a Dane would write it."""
    if isinstance(raw, str):
        text = tidy(raw)
        if not text.strip(_INVISIBLE):
            return Read()
        clean = tidy(without_controls(text))
        return Read(clean or None, rule="" if clean == text else "text-controls")
    if isinstance(raw, (bool, int)) or raw is None:
        return Read(canonical(raw) or None)
    if isinstance(raw, float):
        return Read(canonical(raw).replace(".", ","))
    if isinstance(raw, datetime) and raw.time() != time():
        return Read(raw.strftime("%d-%m-%Y %H:%M"))
    return Read(raw.strftime("%d-%m-%Y") if isinstance(raw, date) else canonical(raw))


def read_yes_no(raw: object) -> Read:
    """Read a Ja or Nej."""
    if _is_empty(raw):
        return Read()
    if raw in ("Ja", "Nej"):
        return Read(str(raw))
    word = ("ja" if raw else "nej") if isinstance(raw, bool) else fold(canonical(raw)).strip(".!")
    if word in _YES | _NO:
        return Read("Ja" if word in _YES else "Nej", rule="yes-no-word")
    opening = re.match(r"(?:ja|nej)\b", word)
    return _ask("yes-no-unknown", _did_you_mean((opening[0].title(),)) if opening else "Skriv Ja eller Nej.")
