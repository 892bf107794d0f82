"""Reading ``aftale.toml`` as people write it: Danish dates need no quotation marks, and what is wrong is said in Danish."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from aftale.model.columns import FACTS
from aftale.model.text import cut, fold

_AT = re.compile(r"\(at line (\d+)")
_LINE = re.compile(r"\s*(?P<key>[^=#]*?)\s*=\s*(?P<value>.*?)\s*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_DANISH_DATE = re.compile(r"(?i)\d{1,2}([-./ ]{1,2}\d{1,2}[-./ ]{1,2}\d{2,4}|\.? ?[a-zæøå]+\.? \d{4})")
_QUOTES = "\"'“”„‘’»«"
_AGAIN = "Ret linjen, og kør igen."
SUPPORT = "support"
"""The word before the equals sign for whom to tell when the program fails: it is no fact of the agreement."""


class NotToml(ValueError):
    """The file can't be read; the message names the line and says what to write."""


def read_toml(text: str, name: str) -> dict[str, Any]:
    """Return what ``aftale.toml`` says; raises NotToml where a line can't be understood."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while True:
        try:
            return tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as error:
            number = _line_of(str(error), lines)
            quoted = _with_date(lines[number - 1])
            if quoted == lines[number - 1]:
                raise NotToml(f"{name}, linje {number}, kan ikke læses: {_said(lines[number - 1], str(error))}") from error
            lines[number - 1] = quoted


def fact_key(word: str) -> str:
    """Return the key of the fact that a word in ``aftale.toml`` means, be it its label; '' where it means none."""
    words = {fold(each): fact.key for fact in FACTS for each in (*fact.aliases, fact.name, fact.label, fact.key)}
    return words.get(fold(word), "")


def _line_of(error: str, lines: list[str]) -> int:
    """Return the number of the line that an error is about: of one at the end of the file, where the last text begins."""
    if found := _AT.search(error):
        return min(int(found[1]), len(lines))
    opened = [at for at, line in enumerate(lines, 1) if line.count('"""') % 2]
    filled = [at for at, line in enumerate(lines, 1) if line.strip()]
    return (opened if len(opened) % 2 else filled or [1])[-1]


def _with_date(line: str) -> str:
    """Return a line whose value is a Danish date with quotation marks around it, any other as it is."""
    match = _LINE.fullmatch(line.split(" #")[0])
    return f'{match["key"]} = "{match["value"]}"' if match and _DANISH_DATE.fullmatch(match["value"]) else line


def _said(line: str, error: str) -> str:
    """Say what is wrong in a line, and what to write instead."""
    shown, match = cut(line.strip(), 80), _LINE.fullmatch(line)
    if match is None:
        ask = f"Skriv {line.strip().strip('[] ').join('[]')}." if line.lstrip().startswith("[") else (
            'Skriv linjen som navn = "tekst", eller sæt # foran, hvis den kun er til jer selv.')
        return f"{shown}. {ask} {_AGAIN}"
    key, value = match["key"], match["value"]
    if not _BARE_KEY.fullmatch(key):
        known = fact_key(key)
        ask = f"Skriv {known} foran lighedstegnet" if known else "Skriv et af eksemplets ord foran lighedstegnet"
        return f"{shown}. {ask}. {_AGAIN}"
    if "overwrite" in error:
        return f"{shown}. »{key}« står to gange. Slet den ene linje, og kør igen."
    if '"""' in value:
        return f'{shown}. Teksten mangler sine afsluttende anførselstegn ("""). {_AGAIN}'
    if not value:
        return f"{shown}. Skriv noget efter lighedstegnet, eller slet linjen, og kør igen."
    plain = value[1:].removesuffix(value[-1]) if value[0] in _QUOTES and value[-1] in _QUOTES else value.lstrip(_QUOTES)
    quote = "'" if "\\" in plain or '"' in plain else '"'
    return f"{shown}. Skriv {key} = {quote}{plain}{quote}, og kør igen."
