"""Damaged skemaer, the same ones every time: none ends the run, none is lost, and none harms its neighbour.

300 of them in every run, and thousands where the environment variable ``AFTALE_ALLE_FILER`` is 1.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import ALL, Year, fill_in
from hostile import package, parts_of
from test_hostile import looked_at

from aftale.intake.why_unreadable import why_unreadable
from aftale.model.place import Place
from aftale.steps.indlaes import indlaes

SEED = 20151111
IN_A_FOLDER = 500
Mutate = Callable[[random.Random, bytes], bytes]

# ---------------------------------------------------------------- damage to bytes

def _place(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data) or 1)
    return start, min(len(data), start + chance.choice((1, 2, 7, 60, 500)))


def _flip(chance: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20)) if out else 0):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def _cut_off(chance: random.Random, data: bytes) -> bytes:
    return data[:chance.randrange(len(data) or 1)]


def _deleted(chance: random.Random, data: bytes) -> bytes:
    start, end = _place(chance, data)
    return data[:start] + data[end:]


def _doubled(chance: random.Random, data: bytes) -> bytes:
    start, end = _place(chance, data)
    return data[:end] + data[start:end] + data[end:]


def _moved(chance: random.Random, data: bytes) -> bytes:
    start, end = _place(chance, data)
    rest, to = data[:start] + data[end:], chance.randrange(len(data) or 1)
    return rest[:to] + data[start:end] + rest[to:]


def _filled_up(chance: random.Random, data: bytes) -> bytes:
    start, end = _place(chance, data)
    return data[:start] + chance.choice((b"\x00", b"\xff", b" ")) * (end - start) + data[end:]


BYTES: tuple[Mutate, ...] = (_flip, _cut_off, _deleted, _doubled, _moved, _filled_up)

# ---------------------------------------------------------------- damage inside the parts

_ODD_NUMBERS = (b"", b"-1", b"0", b"1e999", b"-1e308", b"nan", b"inf", b"99999999999", b"4294967296", b"1,5", b"0x10",
                b"1e-320", b"2958466", b"-0.0", "\u0661".encode())
_ODD_REFERENCES = (b"", b"A", b"1", b"A0", b"a1", b"XFE1", b"ZZZZZ1", b"A1048577", b"A1:B2", b"$A$1", b"R1C1", b"AA0001",
                   b"B2", b"CV30000")
_ODD_TEXTS = (b"\x00", b"\x0b", b"&", b"&#0;", b"&#xD800;", b"&x;", b"\xff\xfe", b"\xef\xbb\xbf", b"]]>", b"<!--",
              b"<![CDATA[", b"<?x?>", "e\u0301\u202e".encode(), b"_x0000_", b"=1+1", b"x" * 40_000, b" " * 200, b"\n\n",
              b"'", b"1.200", b"ca. 20", b"#N/A")
_ODD_KINDS = (b"s", b"str", b"inlineStr", b"b", b"e", b"d", b"n", b"", b"x")


def _one(pattern: bytes, odd: tuple[bytes, ...]) -> Mutate:
    """Return a mutation that puts something odd in place of one match (its group where it has one)."""
    compiled = re.compile(pattern)

    def mutate(chance: random.Random, xml: bytes) -> bytes:
        matches = list(compiled.finditer(xml))
        if not matches:
            return _flip(chance, xml)
        match = chance.choice(matches)
        return xml[:match.start(1)] + chance.choice(odd) + xml[match.end(1):]
    return mutate


def _tag_lost(chance: random.Random, xml: bytes) -> bytes:
    return _one(rb"(<[^>]*>)", (b"",))(chance, xml)


def _tag_twice(chance: random.Random, xml: bytes) -> bytes:
    tags = list(re.finditer(rb"<[^>]*>", xml))
    tag = chance.choice(tags) if tags else None
    return xml[:tag.end()] + tag[0] + xml[tag.end():] if tag else xml + b"<"


def _element_twice(chance: random.Random, xml: bytes) -> bytes:
    elements = list(re.finditer(rb"<(row|c|si|sheet|table:table-row|table:table-cell)[ >].*?</\1>", xml, re.DOTALL))
    element = chance.choice(elements) if elements else None
    return xml[:element.end()] + element[0] + xml[element.end():] if element else _doubled(chance, xml)


def _attribute_twice(chance: random.Random, xml: bytes) -> bytes:
    attributes = list(re.finditer(rb'\s[\w:]+="[^"]*"', xml))
    each = chance.choice(attributes) if attributes else None
    return xml[:each.end()] + each[0] + xml[each.end():] if each else xml + b" "


def _values_swapped(chance: random.Random, xml: bytes) -> bytes:
    values = list(re.finditer(rb"<v>[^<]*</v>|<t[^>]*>[^<]*</t>|<text:p>[^<]*</text:p>", xml))
    if len(values) < 2:
        return _moved(chance, xml)
    first, second = sorted(chance.sample(values, 2), key=lambda match: match.start())
    return xml[:first.start()] + second[0] + xml[first.end():second.start()] + first[0] + xml[second.end():]


INSIDE: tuple[Mutate, ...] = (
    _tag_lost, _tag_twice, _element_twice, _attribute_twice, _values_swapped, _cut_off, _flip,
    _one(rb"<v>([^<]*)</v>", _ODD_NUMBERS), _one(rb'"([0-9]+)"', _ODD_NUMBERS), _one(rb' r="([^"]*)"', _ODD_REFERENCES),
    _one(rb'ref="([^"]*)"', _ODD_REFERENCES), _one(rb' t="([^"]*)"', _ODD_KINDS), _one(rb">([^<]+)<", _ODD_TEXTS),
    _one(rb">()[^<]+<", _ODD_TEXTS), _one(rb'="([^"]*)"', _ODD_TEXTS), _one(rb'office:value="([^"]*)"', _ODD_NUMBERS),
    _one(rb'repeated="([^"]*)"', _ODD_NUMBERS), _one(rb'date-value="([^"]*)"', _ODD_TEXTS),
)
_TELLING = ("sheet1.xml", "sheet4.xml", "sharedStrings.xml", "workbook.xml", "workbook.xml.rels", "styles.xml",
            "content.xml")


def _part(chance: random.Random, data: bytes) -> bytes:
    """Damage one part, most often one that matters."""
    parts = parts_of(data)
    telling = [name for name in parts if name.endswith(_TELLING)]
    name = chance.choice(telling) if telling and chance.random() < 0.9 else chance.choice(list(parts))
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        parts[name] = chance.choice(INSIDE)(chance, parts[name])
    return package(parts, 1)


def _parts_moved(chance: random.Random, data: bytes) -> bytes:
    """Lose, rename, empty or exchange whole parts."""
    parts = parts_of(data)
    first, second = chance.sample(list(parts), 2)
    way = chance.randrange(4)
    if way == 0:
        del parts[first]
    elif way == 1:
        parts[chance.choice((first.upper(), first + "x", "../" + first, first.replace("/", "\\"), "x"))] = parts.pop(first)
    elif way == 2:
        parts[first] = b""
    else:
        parts[first], parts[second] = parts[second], parts[first]
    return package(parts, 1)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return one damaged variant."""
    if data[:2] != b"PK":
        return chance.choice(BYTES)(chance, data)
    way = chance.random()
    if way < 0.25:
        return chance.choice(BYTES)(chance, data)
    return _parts_moved(chance, data) if way < 0.35 else _part(chance, data)


# ---------------------------------------------------------------- the runs

def run(year: Year, variants: dict[str, bytes]) -> Mapping[str, Any]:
    """Read a folder of variants with one good skema among them; return the result as data."""
    for path in year.answers.glob("*"):
        path.unlink()
    for name, data in variants.items():
        (year.answers / name).write_bytes(data)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}, name="m god.xlsx")
    return indlaes(year.agreement, [year.answers]).data


def check(result: Mapping[str, Any], variants: dict[str, bytes]) -> tuple[int, int]:
    """Every file is accounted for, the neighbour is intact, the books balance; return how many were read and refused."""
    read = {name for response in result["responses"] for name in response["files"]}
    refused = {each["file"] for each in result["problems"] if each["level"] == "error"}
    named = {each["file"] for each in result["problems"]}
    assert set(variants) - read - named == set()
    assert result["cells"]["balance"] is True
    good = next(each for each in result["goals"] if each["id"] == "M2.1.1")
    assert good["answers"]["resultat"] == 2 and good["answers"]["status"] == "Opfyldt"
    assert all(each["message"] and each["advice"] for each in result["problems"])
    stopped = [each for each in result["problems"] if each["code"] in ("file-too-slow", "file-crashes")]
    assert len(stopped) <= max(1, len(variants) // 200), stopped  # the reader may still end its process, but seldom
    return len(read & set(variants)), len(refused & set(variants))


def variants_of(data: bytes, count: int, seed: int) -> list[bytes]:
    """Make so many different damaged variants of a skema, the same ones for the same seed."""
    chance = random.Random(seed)
    seen: dict[bytes, None] = {}
    while len(seen) < count:
        seen.setdefault(damaged(data, chance), None)
    seen.pop(data, None)
    return list(seen)


def fuzz(year: Year, data: bytes, suffix: str, count: int, seed: int) -> tuple[int, int]:
    """Read so many variants of a skema, folder by folder; return how many were read and refused."""
    every = variants_of(data, count, seed)
    read = refused = 0
    for start in range(0, len(every), IN_A_FOLDER):
        variants = {f"v {start + number:04d}{suffix}": each for number, each in enumerate(every[start:start + IN_A_FOLDER])}
        more = check(run(year, variants), variants)
        read, refused = read + more[0], refused + more[1]
    return read, refused


ANSWERS = {"M4.2.1": {"Status": "Opfyldt", "Resultat": 7, "Bemærkninger": "Gik godt: a < b & <!DOCTYPE"},
           "M2.2.3": {"Status": "Forventes opfyldt", "Næste skridt": "Møde i maj"}, "M2.2.5": {"Resultat": "ca. 20"}}


@pytest.fixture
def filled(year: Year) -> Path:
    (year.folder / "svar").mkdir(exist_ok=True)
    path = year.folder / "skema.xlsx"
    path.write_bytes(fill_in(year.forms["Ledelsen"].read_bytes(), ANSWERS, by="Ledelsen"))
    return path


def test_damaged_xlsx(year: Year, filled: Path) -> None:
    count = 2_000 if ALL else 150
    read, refused = fuzz(year, filled.read_bytes(), ".xlsx", count, SEED)
    assert read > 0.15 * count and refused > 0.15 * count  # the damage is neither all deadly nor all harmless


def test_neither_the_limits_nor_the_explanation_ever_raise(filled: Path) -> None:
    codes = set()
    for data in variants_of(filled.read_bytes(), 1_500 if ALL else 150, SEED + 1):
        found = looked_at(data)
        codes |= {found.code} if found else set()
        why = why_unreadable(data, "fil.xlsx", Place("fil.xlsx"))
        assert why.message and why.advice
        codes.add(why.code)
    assert {"cell-invalid", "file-damaged", "file-truncated"} <= codes


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_damaged_files_saved_by_libreoffice(year: Year, filled: Path, libreoffice: Callable[[Path, str], Path],
                                            kind: str) -> None:
    count = 400 if ALL else 50
    data = libreoffice(filled, kind).read_bytes()
    assert looked_at(data) is None
    read, refused = fuzz(year, data, f".{kind}", count, SEED + len(kind))
    assert read > 0.12 * count and refused > 0.12 * count
