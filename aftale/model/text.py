"""How text is compared and how numbers and dates are said in Danish."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
          "december")
CELL_LIMIT = 32_767
"""The most characters that one Excel cell holds (counted in UTF-16 units)."""
CUT_HERE = " … (fortsættes på Kontrol)"
"""The end of what somebody said where a cell hasn't room for all that several did."""
CUT_ELSEWHERE = " … (teksten er forkortet)"
"""The same in a workbook that has no such sheet."""
_CUT = " … (afkortet)"


def without_sheet(text: str) -> str:
    """Return what was said as it stands where there is no ``Kontrol``: a text that is cut points at no such sheet."""
    return text.replace(CUT_HERE, CUT_ELSEWHERE)


_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"',
                         "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2013": "-", "\u2014": "-", "\u2011": "-"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
"""A mail address within a text."""
_SPACES = re.compile(r"\s+")
_QUOTED = re.compile(r"^\s*(?:-{3,}.*|_{8,}|(?:Fra|From): .*|(?:Den|On) .*\b(?:skrev|wrote)\b.*:)\s*$", re.MULTILINE)
_CLOSING = "\"'»«”“’"
_ASKED = re.compile(rf"[\w)%.{_CLOSING}]\s?\?(?=[?!{_CLOSING}]*\s|[?!){_CLOSING}]*\s*$)")
"""A question mark after words that ends a sentence: neither one inside a web address nor one in a bracket that goes on."""
_FREE_IN_FORMULAS = str.maketrans("", "", "$' \n")
_REFERENCE = re.compile(r"(?:[\w.]+!)?\b[A-Z]{1,3}[0-9]{1,7}\b")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DANISH_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "ae", "Ø": "oe", "Å": "aa", "é": "e", "ü": "u",
                               "ö": "o", "ä": "a"})


def tidy(text: str) -> str:
    """Return text in the one spelling we keep: NFC, line feeds alone for line breaks, no spaces around it."""
    if "\r" not in text and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text.strip()
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def without_controls(text: str) -> str:
    """Return text without the control characters that a workbook can't show (a vertical tab becomes a line break)."""
    return _CONTROL.sub("", text.replace("\x0b", "\n").replace("\x0c", "\n"))


def fold(text: object) -> str:
    """Return what two spellings of the same header, sheet name or choice have in common.

    NFC, case-folded; line breaks, non-breaking spaces, curly quotes and long dashes folded; trimmed.
    """
    return _folded(text if isinstance(text, str) else str(text))


@lru_cache(maxsize=20_000)  # the same headers, ids and choices stand in every file
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).translate(_QUOTES)
    return _SPACES.sub(" ", _INVISIBLE.sub("", plain)).strip().casefold()


_SEVERAL = re.compile(r"\b(?:nye|\w+(?:ere?|[ln]ige|dage)|\w+[^\Wsu]s)\b")
"""What the words for several end in: ``samarbejder``, ``borgere``, ``frivillige``, ``events`` (and no ``kursus``)."""


def beside_number(unit: str, number: object = None) -> str:
    """Return a unit as it stands after a number.

    One that begins with a figure itself stands in brackets, ``500 (1.000 kr.)``, and after 1 so does one that may be of
    several, ``1 (nye samarbejder)``: people write it once for all years, and not every word has another form for one.
    """
    return f"({unit})" if unit[:1].isdigit() or (number == 1 and _SEVERAL.search(fold(unit))) else unit


def slug(text: str, most: int = 40) -> str:
    """Return text as a part of a file name: lower-case ASCII letters, digits and ``_``."""
    ascii_only = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).translate(_DANISH_ASCII))
    parts = re.findall(r"[a-z0-9]+", ascii_only.encode("ascii", "ignore").decode().lower())
    return "_".join(parts)[:most].strip("_") or "uden_navn"


def canonical(value: object) -> str:
    """Return a cell's value in the one spelling that ``_aftale`` and every comparison uses.

    Numbers as ``12.5``, dates as ISO, truth as ``Ja``/``Nej``, text tidied, nothing as the empty string.
    """
    if type(value) is str:
        return tidy(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, (int, float)):
        return _plain_number(float(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, timedelta):
        return _hours(value)
    return tidy(str(value))


def _hours(value: timedelta) -> str:
    """Return a duration as Excel shows it: ``36:00``, with seconds where it has any."""
    minutes, seconds = divmod(round(abs(value.total_seconds())), 60)
    sign = "-" if value < timedelta() else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}{f':{seconds:02}' if seconds else ''}"


def _plain_number(value: float) -> str:
    if -1e15 < value < 1e15 and value == int(value):
        return str(int(value))
    number = Decimal(f"{value:.15g}")
    if not number.is_finite():
        return str(value)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def danish_number(value: float, decimals: int | None = None) -> str:
    """Say a number in Danish: ``1.234,5``; with decimals given, exactly so many."""
    text = f"{value:,.{decimals}f}" if decimals is not None else f"{Decimal(_plain_number(value)):,f}"
    return text.translate(str.maketrans(",.", ".,"))


LIST_COMMA = "\u201a"
"""What stands for the comma of ``5,6`` in a drop-down list, whose choices Excel keeps with commas between them."""


def danish_date(day: date) -> str:
    """Say a date in Danish: ``10. juni 2015``."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def spoken(value: object) -> str:
    """Say a clean value as people write it: ``4,2``, ``31-05-2015``; text as it is."""
    if isinstance(value, float):
        return _plain_number(value).replace(".", ",")
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else canonical(value)


def without_addresses(text: str) -> str:
    """Return a text without its mail addresses and what stood around them: the name of ``Husteamet <hus@example.dk>``."""
    left = re.sub(r"[<(\[]\s*[>)\]]", " ", re.sub(rf"(?i)(?:mailto:)?{ADDRESS.pattern}", " ", text))
    return " ".join(left.split()).strip(" ,;:/-–<>()[]'\"")


def genitive(name: str) -> str:
    """Say whose something is: ``forvaltningens``, ``KSE's``, ``Børn og Unges``, ``Kultur og Fritids``, ``Campus'``."""
    if name[-1:].lower() in ("s", "x", "z"):
        return f"{name}'"
    return f"{name}'s" if name[-1:].isupper() or name[-1:].isdigit() else f"{name}s"


def capital(text: str) -> str:
    """Return a text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def count(number: int, one: str, many: str) -> str:
    """Say how many: ``1 mål``, ``3 skemaer``."""
    return f"{danish_number(number)} {one if number == 1 else many}"


def listing(words: list[str] | tuple[str, ...]) -> str:
    """Join words as Danish does: ``a, b og c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} og {words[-1]}" if words else ""


def some(words: Sequence[str], most: int) -> str:
    """Name the first of several and count the rest: ``a, b og 3 til``."""
    return listing([*words[:most], f"{len(words) - most} til"] if len(words) > most else list(words))


def asks_something(text: str) -> bool:
    """Tell whether somebody wrote a question of at least two words; what is quoted of an earlier mail isn't theirs."""
    own = _QUOTED.split(text, maxsplit=1)[0]
    return any(len(line[:asked.start() + 1].rpartition("? ")[2].split()) > 1 for line in own.splitlines()
               if not line.lstrip().startswith(">") for asked in _ASKED.finditer(line))


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, the last of them a sign that there is more."""
    return text if len(text) <= most else f"{text[:most - 1]}…"


def cut_at_word(text: str, most: int) -> str:
    """Return a text of at most so many characters that ends with a whole word and a sign that there is more."""
    if len(text) <= most:
        return text
    head = text[:most - 2].rpartition(" ")[0] or text[:most - 2]
    return f"{head.rstrip(' ,.;:–-')} …"


def formula_text(formula: str) -> str:
    """Return a formula as it is compared: programs write the same one with other quotes, spaces and anchors.

    Where it refers to is left out, since that moves when somebody inserts a column or renames a sheet.
    """
    text = formula.replace("_xlfn.", "").upper().translate(_FREE_IN_FORMULAS).removeprefix("=")
    return "=" + _REFERENCE.sub("#", text)


def utf16_length(text: str) -> int:
    """Count a text as Excel does: an emoji is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitted(text: str) -> str:
    """Return a text as one cell can hold it: what is made of others and grows too long ends with a sign that it is cut."""
    if len(text) <= CELL_LIMIT // 2 or utf16_length(text) <= CELL_LIMIT:
        return text
    return split_at_limit(text, CELL_LIMIT - len(_CUT))[0] + _CUT


def piece_end(text: str, start: int, limit: int) -> int:
    """Return where the longest piece of a text ends that begins at ``start`` and is within the limit, as Excel counts."""
    end = min(start + limit, len(text))
    while (over := utf16_length(text[start:end]) - limit) > 0:
        end -= (over + 1) // 2  # no letter is more than two units
    return end


def split_at_limit(text: str, limit: int = CELL_LIMIT) -> tuple[str, ...]:
    """Split a text into pieces that each fit into one cell; joined again they are the text."""
    pieces, start = [], 0
    while (end := piece_end(text, start, limit)) < len(text):
        pieces.append(text[start:end])
        start = end
    return (*pieces, text[start:])
