"""Templates that would take the machine: each is told within the limits of every other file, measured from outside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile import HOSTILE, forged, repeated, xls
from layouts import LAYOUTS, packed, unpacked
from measured import LINUX, run_watched

from aftale.agreement.template_file_xlsx import looked
from aftale.intake.workers import Opened
from aftale.model.place import Source
from aftale.model.received import Found
from aftale.office.package import sheet_parts
from aftale.office.shipped_files import template_path

SHIPPED = template_path().read_bytes()
PARTS = unpacked(SHIPPED)
FRONT, GOALS = (sheet_parts(PARTS)[name] for name in ("Forside", "Mål"))
START_UP, SECONDS, MEGABYTES = 2.0, 5.0, 512
COMPLETE, TOLD = 0, 3


def with_rows(part: str, rows: bytes) -> bytes:
    return packed({**PARTS, part: PARTS[part].replace(b"</sheetData>", rows + b"</sheetData>")})


def formatted(part: str, cell: str) -> bytes:
    """Return the template with one empty cell that has a format."""
    row = int(re.sub("[A-Z]", "", cell))
    before, opening, rest = PARTS[part].partition(b'<row r="%d"' % row)
    if not opening:
        return with_rows(part, f'<row r="{row}"><c r="{cell}" s="1"/></row>'.encode())
    return packed({**PARTS, part: before + opening + rest.replace(b"</row>", f'<c r="{cell}" s="1"/></row>'.encode(), 1)})


def behind(part: str, old: bytes, new: bytes) -> bytes:
    """Return the template with something else behind the cells of a sheet."""
    cells, end, rest = PARTS[part].partition(b"</sheetData>")
    return packed({**PARTS, part: cells + end + (rest.replace(old, new, 1) if old in rest else new + rest)})


def spaces() -> bytes:
    """Return the template with 1.5 GB of spaces behind the cells of a sheet."""
    cells, end, rest = PARTS[FRONT].partition(b"</sheetData>")
    return forged(SHIPPED, FRONT, *repeated(cells, b" " * 1_000_000, 1_500, end + rest))


def named(many: int) -> bytes:
    """Return the template with so many names more."""
    names = b"".join(b'<definedName name="n%d">Forside!$A$%d</definedName>' % (n, n) for n in range(1, many + 1))
    book = PARTS["xl/workbook.xml"].replace(b"</definedNames>", names + b"</definedNames>")
    return packed({**PARTS, "xl/workbook.xml": book})


def ruled(many: int) -> bytes:
    """Return the template with so many conditional formats more, each in an area of its own."""
    rules = b"".join(b'<conditionalFormatting sqref="A%d"><cfRule type="expression" dxfId="0" priority="%d"><formula>A1&gt;1'
                     b"</formula></cfRule></conditionalFormatting>" % (n, n) for n in range(1, many + 1))
    return behind(FRONT, b"<conditionalFormatting", rules + b"<conditionalFormatting")


def with_formats(many: int) -> bytes:
    """Return the template with so many cell formats more, as old workbooks collect them."""
    new = b"".join(b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"><alignment indent="%d"/></xf>' % (n % 200)
                   for n in range(many))
    return packed({**PARTS, "xl/styles.xml": PARTS["xl/styles.xml"].replace(b"</cellXfs>", new + b"</cellXfs>")})


def laid_out(layout: str) -> bytes:
    return packed(LAYOUTS[layout](PARTS))


HUNDRED_THOUSANDS = range(400, 200_400)
TEMPLATES: dict[str, tuple[Callable[[], bytes], int]] = {
    "a format at XFD120": (lambda: formatted(GOALS, "XFD120"), COMPLETE),
    "a format at XFD20000": (lambda: formatted(GOALS, "XFD20000"), COMPLETE),
    "a format at XFD1048576": (lambda: formatted(GOALS, "XFD1048576"), COMPLETE),
    "a format at XFD20000 in front": (lambda: formatted(FRONT, "XFD20000"), COMPLETE),
    "20,000 names": (lambda: named(20_000), COMPLETE),
    "200,000 names": (lambda: named(200_000), TOLD),
    "everything merged": (lambda: behind(FRONT, b"<mergeCells ", b'<mergeCells><mergeCell ref="A1:XFD1048576"/>'
                                         b"</mergeCells><other "), TOLD),
    "a million formats": (lambda: with_rows(FRONT, b"".join(
        b'<row r="%d">%b</row>' % (n, b"".join(b'<c r="%c%d" s="1"/>' % (letter, n) for letter in b"ABCDE"))
        for n in HUNDRED_THOUSANDS)), TOLD),
    "a million rows": (lambda: with_rows(FRONT, b"".join(
        b'<row r="%d" ht="20" customHeight="1"/>' % n for n in range(400, 1_048_577))), TOLD),
    "1.5 GB of spaces": (spaces, TOLD),
    "cells merged to the end": (lambda: behind(FRONT, b"<mergeCells ", b'<mergeCells><mergeCell ref="A500:XFD1048576"/>'
                                               b"</mergeCells><other "), TOLD),
    "a link over everything": (lambda: behind(FRONT, b"<hyperlinks>", b'<hyperlinks><hyperlink ref="A500:XFD1048576" '
                                              b'location="A1"/></hyperlinks>'), TOLD),
    "a value at XFD1048576": (lambda: with_rows(GOALS, b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), TOLD),
    "50,000 conditional formats": (lambda: ruled(50_000), TOLD),
    "64,000 cell formats": (lambda: with_formats(64_000), TOLD),
    "the Strict kind": (lambda: laid_out("the Strict kind"), COMPLETE),
    "names with backslashes": (lambda: laid_out("names with backslashes"), COMPLETE),
    "no workbook": (lambda: packed({"word/document.xml": b"<x/>", "[Content_Types].xml": b"<Types/>"}), TOLD),
    "cut off": (lambda: SHIPPED[:5_000], TOLD),
    "an empty file": (lambda: b"", TOLD),
    "50 MB and more": (lambda: b"PK\x03\x04" + bytes(51_000_000), TOLD),
}


WHY: dict[str, tuple[Callable[[], bytes], str]] = {
    "a password": (lambda: HOSTILE["password"].make(SHIPPED), "adgangskode. Fjern den"),
    "another format": (lambda: xls([(0, 0, 1.0)]), "gem den som »Excel-projektmappe (.xlsx)«"),
    "a text": (lambda: b"Til udvalget\n", "en tekstfil"),
    "a damaged sheet": (lambda: packed({**PARTS, FRONT: PARTS[FRONT][:400]}), "beskadiget"),
    "a style that isn't there": (lambda: with_rows(FRONT, b'<row r="400"><c r="A400" s="99999"><v>1</v></c></row>'),
                                 "gem den som »Excel-projektmappe (.xlsx)«"),
    "many names": (lambda: named(60_000), "navngivne celler"),
    "merged cells": (lambda: behind(FRONT, b"<mergeCells ", b'<mergeCells><mergeCell ref="A1:Z10000"/></mergeCells><other '),
                     "Forside har 260.002 flettede celler"),
    "links": (lambda: behind(GOALS, b"<hyperlinks>", b'<hyperlinks><hyperlink ref="A1:Z10000" location="A1"/></hyperlinks>'),
              "Mål har 260.000 celler med links"),
    "rules": (lambda: ruled(11_000), "Forside har 11.0"),
    "cell formats": (lambda: with_formats(21_000), "celleformater"),
    "formats": (lambda: with_rows(GOALS, b'<row r="900"/>' * 400_001), "Mål har 400."),
}


@pytest.mark.parametrize("name", WHY)
def test_a_template_that_cannot_be_used_says_why(name: str) -> None:
    make, why = WHY[name]
    said, refused = looked(Opened(Found("skabelon.xlsx", make()), Source("0", "skabelon.xlsx")), None, None)
    text = json.loads(said)
    assert refused and why in text and ("adgangskode" in text) is (name == "a password")
    assert text.endswith("Brug ellers en kopi af den medfølgende skabelon.")


@pytest.mark.parametrize("command", ["skabelon", "generer"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_told_within_the_limits(name: str, command: str, tmp_path: Path) -> None:
    make, code = TEMPLATES[name]
    (tmp_path / "skabelon.xlsx").write_bytes(make())
    words = ("skabelon", "skabelon.xlsx") if command == "skabelon" else (
        "generer", "--skabelon", "skabelon.xlsx", "--ud", "ny.xlsx", "--aar", "2015", "--periode", "2015-2018")
    done, taken = run_watched(*words, folder=tmp_path)
    said = done.stdout + done.stderr
    assert "Traceback" not in said and "fejlede uventet" not in said
    assert (done.returncode == TOLD) is (code == TOLD), said
    assert (tmp_path / "ny.xlsx").exists() is (command == "generer" and code == COMPLETE)
    assert code == COMPLETE or ("skabelon.xlsx" in said and "kopi af den medfølgende skabelon" in said)
    if LINUX:
        assert taken.megabytes <= MEGABYTES and taken.seconds <= START_UP + SECONDS
