"""What a person typed as a number or a percentage (in points), read by a rule, or asked about."""

from __future__ import annotations

import math
import re
from datetime import date, time, timedelta

from aftale.cells.reading import LONGEST, Read, ask, did_you_mean, is_empty
from aftale.model.text import beside_number, canonical, danish_number, fold

_NUMBER_WORDS = {"nul": 0, "en": 1, "et": 1, "én": 1, "ét": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6,
                 "syv": 7, "otte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12}
_PERCENT_WORDS = frozenset({"%", "pct", "procent"})
_COUNT_WORDS = frozenset({"stk", "point", "points"})
_MONEY_WORDS = frozenset({"kr", "krone", "kroner", "dkk"})
_MULTIPLES = {"tkr": 1e3, "t.kr": 1e3, "1.000": 1e3, "1000": 1e3, "tusind": 1e3, "tusinde": 1e3, "mio": 1e6, "mill": 1e6,
              "million": 1e6, "millioner": 1e6, "mia": 1e9, "milliard": 1e9, "milliarder": 1e9}
_FRACTIONS = {"½": "5", "1/2": "5", "¼": "25", "1/4": "25", "¾": "75", "3/4": "75"}
_FRACTION = re.compile(r"(?<![0-9.,])([0-9.]*)(?:[ ]?([½¼¾])|(?<=[0-9]) (1/2|1/4|3/4))(?![0-9/])")
_LEVELS = re.compile(r"score|point|karakter|andel|gennemsnit|%|pct|procent")
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
_DECIMAL_POINT = re.compile(r"([+-]?[0-9]+)\.([0-9]{1,2})")
_ENDINGS = ("erne", "ene", "er", "en", "et", "e", "r", "s")


def read_number(raw: object, *, in_percent: bool = False, unit: str = "", percent_format: bool | None = None) -> Read:
    """Read a number; with ``in_percent`` the value is in points (50 for 50 %).

    ``unit`` is the goal's Måleenhed, which may stand after the number. ``percent_format`` tells whether the cell has
    a percent format, None where nobody looked: then at most 1 is taken for the share that a percent cell stores.
    """
    if is_empty(raw):
        return Read()
    if isinstance(raw, bool):
        return ask("number-unreadable", "Cellen siger sandt eller falsk. Skriv et tal.")
    if isinstance(raw, (int, float)):
        return _number_from_number(raw, in_percent, unit, percent_format)
    if isinstance(raw, date):
        return ask("number-ambiguous", "Excel har gjort det skrevne til en dato. "
                    f"{did_you_mean((f'{raw.day},{raw.month}', f'{raw.day}-{raw.month}'))} Skriv ét tal.")
    if isinstance(raw, (time, timedelta)):
        return ask("number-ambiguous", "Excel har gjort det skrevne til et klokkeslæt. Skriv ét tal.")
    return _number_from_text(str(raw), in_percent, unit)


def _number_from_number(raw: float, in_percent: bool, unit: str, percent_format: bool | None) -> Read:
    value = _finite(raw)
    if value is None:
        return ask("number-unreadable", "Skriv tallet med cifre.")
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
    return ask("percent-ambiguous", did_you_mean((f"{danish_number(value)} %",
                                                    f"{danish_number(_as_points(value))} %")))


def _percent_for_another_unit(unit: str) -> Read:
    what = f"opgøres i {unit}" if unit else "opgøres ikke i procent"
    return ask("number-ambiguous", f"Målet {what}: Skriv selve tallet og ikke en procent.")


def _number_from_text(raw: str, in_percent: bool, unit: str) -> Read:
    text = fold(raw).replace("\u2212", "-")
    if len(text) > LONGEST:
        return ask("number-unreadable", _ONE_NUMBER)
    if text in _NUMBER_WORDS:
        word = float(_NUMBER_WORDS[text])
        return _points_without_format(word, "number-word") if in_percent else Read(word, rule="number-word")
    written, text = text, _FRACTION.sub(lambda found: f"{found[1] or 0},{_FRACTIONS[found[2] or found[3]]}", text)
    match = _NUMBER.fullmatch(text)
    body = match["body"] if match else ""
    kind = next((name for name, pattern in _BODIES if pattern.fullmatch(body)), "")
    if match is None or not kind:
        return _not_a_number(text, "" if in_percent else unit)
    rest = "kr" if match["rest"].startswith(",-") else match["rest"]
    suffix = " ".join(part for part in (match["before"], rest) if part).strip(" .:(),")
    if kind == "unclear" or (in_percent and _ONE_GROUP.fullmatch(body)):
        return ask("number-ambiguous", did_you_mean(_two_readings(match["sign"], body)))
    value = _finite(float(_plain(kind, body)) * (-1 if match["sign"] == "-" else 1))
    if value is None:
        return ask("number-unreadable", "Skriv tallet med færre cifre.")
    value += 0.0  # "-0" is 0
    kind = kind if text == written else "number-fraction"
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
    per, wanted = _factor(unit)
    factor, what = _factor("t.kr" if suffix == "t" and "kr" in wanted else suffix)
    money = "kr" in what
    if money and unit and "kr" not in wanted:
        return ask("number-ambiguous", f"Målet opgøres i {unit}. Skriv tallet i {unit}.")
    if not money and (factor == 1 or what) and re.search("[0-9]", suffix):
        return _not_a_number(text)
    if factor != 1 or money:
        value = round(value * factor / per, 10)
    return ask("number-ambiguous", did_you_mean((f"{danish_number(value)} {beside_number(unit, value)}".strip(),)))


def _factor(unit: str) -> tuple[float, frozenset[str]]:
    """Return by what the words of a unit multiply its number (``mio. kr.``: a million), and the others, kroner as kr."""
    words = [word.strip(".,:()") for word in fold(unit).replace("t. kr", "t.kr").replace("t kr", "t.kr").split()]
    factor = math.prod(_MULTIPLES.get(word, 1) for word in words)
    what = {"kr" if word in _MONEY_WORDS or word in ("tkr", "t.kr") else word for word in words}
    return factor, frozenset(what - _MULTIPLES.keys())


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
        return ask("number-ambiguous", did_you_mean((f"{danish_number(value)} %",)))
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


def _not_a_number(text: str, unit: str = "%") -> Read:
    """Ask about what is no number; ``unit`` tells whether none may mean 0, as it does where things are counted."""
    word, _, rest = text.strip(" .!").partition(" ")
    counted = not _LEVELS.search(fold(unit)) and (not rest or bool(unit and _same_unit(rest, unit)))
    if word in ("ingen", "intet") and counted:
        return ask("number-unreadable", f"{did_you_mean(('0',))} Er der ikke noget tal endnu, så lad cellen stå tom, og"
                    " skriv hvorfor under Bemærkninger.")
    if text in _NO_NUMBER_YET:
        return ask("number-unreadable", "Er der ikke noget tal endnu, så lad cellen stå tom, og skriv hvorfor under"
                    " Bemærkninger.")
    if text in _YES_OR_NO:
        return ask("number-unreadable", "Er der noget at måle, så skriv tallet her; lad ellers cellen stå tom, og vælg"
                   " svaret under Status.")
    within = list(dict.fromkeys(_in_danish(each) for each in _NUMBERS_WITHIN.findall(text)))
    if len(within) in (1, 2):
        return ask("number-ambiguous", f"{did_you_mean(within)} Skriv ét tal.")
    return ask("number-unreadable", _ONE_NUMBER)


def _in_danish(number: str) -> str:
    """Return a number as a Dane writes it, ``1,5`` for ``1.5``; a point before three figures parts thousands."""
    match = _DECIMAL_POINT.fullmatch(number)
    return f"{match[1]},{match[2]}" if match else number
