"""Skemaer changed in every way that people and programs have: each value that was typed stands somewhere as it was typed.

Other than in `intake/test_fuzz.py` nothing is damaged: cells change their type, parts their name, styles go, the hidden
record is edited, rows are copied and sorted, and values of every kind stand in every column. A few in every run, many in the
long one.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from conftest import Year, column_of, examples, fill_in, header_row, row_of
from openpyxl.worksheet.worksheet import Worksheet

from aftale.office.package import CONTENT_TYPES, read_parts, sheet_parts, write_parts
from aftale.office.safe_write import write_all
from aftale.steps.flet import flet

SEED = 20151120
OWNER, GOALS = "Ledelsen", ("M2.2.3", "M2.2.5", "M4.2.1", "M4.2.2")
Typed = list[object]
SHEETS = ("Opfølgning", "Modstridende svar", "Kontrol")

# ---------------------------------------------------------------- what people type

def values(chance: random.Random, number: int) -> object:
    """Return a value of some kind that nothing else in the file is equal to."""
    whole = 1_301 + 17 * number
    return chance.choice((
        whole, -whole, whole / 8, -whole / 100_000, whole / 10_000_000, f"ca. {whole}", f"{whole} stk.", f" {whole},25 ",
        f"{whole}-{whole + 1}", f"Vi nåede {whole}", f"=Se bilag {whole}", f"-{whole} færre", f"'{whole}", f"+{whole}",
        f"{whole} %", f"Linje {whole}\nog en til", f"#{whole}", f"Ja, {whole}", f"≥ {whole}", f"<b>{whole}</b> & mere",
        f"uge {whole}", f"31-02-{whole}", f"Opfyldt {whole}", f"Måske {whole}?", date(2011 + number % 9, 1 + number % 12, 3),
        datetime(2012 + number % 5, 5, 1 + number % 28, 13, 37), f"1.{whole % 1000:03}", f"{whole}".zfill(7)))


def forms(value: object) -> set[str]:
    """Return the texts that a typed value may stand as, all of them what was typed."""
    if isinstance(value, datetime):
        return {f"{value:%d-%m-%Y}"}
    if isinstance(value, date):
        return {f"{value:%d-%m-%Y}"}
    if isinstance(value, int | float):
        plain = f"{value:.12f}".rstrip("0").rstrip(".")
        return {plain, plain.replace(".", ","), f"{value * 100:.10f}".rstrip("0").rstrip(".")}
    return {str(value).strip()}


# ---------------------------------------------------------------- what is done to the sheet

def type_anywhere(chance: random.Random, sheet: Worksheet) -> Typed:
    """Type values into cells of every column: on the goals' rows, under them, beside them and above them."""
    top = header_row(sheet)
    last = max(row_of(sheet, goal) for goal in GOALS)
    headers = [cell.column for cell in sheet[top] if cell.value and cell.value != "Mål-id"]
    typed: dict[str, object] = {}
    for number in range(chance.choice((1, 3, 6, 12))):
        row = chance.choice([row_of(sheet, goal) for goal in GOALS] + [last + 2, last + 3, last + 40])
        column = chance.choice(headers) if chance.random() < 0.85 else len(headers) + chance.randrange(3, 9)
        cell = sheet.cell(row, column)
        if type(cell).__name__ == "MergedCell" or cell.coordinate in typed:
            continue
        value = values(chance, number)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        typed[cell.coordinate] = value
    return [*typed.values()]


def sort_rows(chance: random.Random, sheet: Worksheet) -> None:
    rows = [row_of(sheet, goal) for goal in GOALS]
    content = [[(cell.value, cell.data_type) for cell in sheet[row]] for row in rows]
    chance.shuffle(content)
    for row, cells in zip(rows, content, strict=True):
        for cell, (value, kind) in zip(sheet[row], cells, strict=True):
            cell.value = value
            cell.data_type = kind


def copy_row(chance: random.Random, sheet: Worksheet) -> None:
    row = row_of(sheet, chance.choice(GOALS))
    below = sheet.max_row + 1
    for cell in list(sheet[row]):
        new = sheet.cell(below, cell.column)
        new.value, new.data_type = cell.value, cell.data_type


def insert(chance: random.Random, sheet: Worksheet) -> None:
    if chance.random() < 0.5:
        sheet.insert_rows(row_of(sheet, chance.choice(GOALS)), chance.randrange(1, 4))
    else:
        sheet.insert_cols(column_of(sheet, chance.choice(("Status", "Resultat", "Effektmål"))))


def rename(chance: random.Random, sheet: Worksheet) -> None:
    sheet.title = chance.choice(("Svar", "Ark1", "Skema (2)"))


# ---------------------------------------------------------------- what programs do to the package

Parts = dict[str, bytes]


def cells_as_texts(chance: random.Random, parts: Parts) -> None:
    """Store whole numbers as texts of their own, as exports do."""
    part = sheet_parts(parts)["Skema"] if "Skema" in sheet_parts(parts) else next(iter(sheet_parts(parts).values()))
    parts[part] = re.sub(rb'(<c r="\w+"(?: s="\d+")?)(?: t="n")?><v>(\d+)</v></c>',
                         rb'\1 t="inlineStr"><is><t>\2</t></is></c>', parts[part])


def results_of_formulas(chance: random.Random, parts: Parts) -> None:
    """Let numbers be what formulas come to."""
    part = next(iter(sheet_parts(parts).values()))
    parts[part] = re.sub(rb'(<c r="\w+"(?: s="\d+")?)(?: t="n")?><v>([-0-9.]+)</v></c>', rb"\1><f>\2</f><v>\2</v></c>",
                         parts[part])


def parts_renamed(chance: random.Random, parts: Parts) -> None:
    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        new = name.replace("xl/worksheets/sheet", "xl/worksheets/ark")
        parts[new] = parts.pop(name)
    for name in (CONTENT_TYPES, "xl/_rels/workbook.xml.rels"):
        parts[name] = parts[name].replace(b"worksheets/sheet", b"worksheets/ark")
    for name in [name for name in parts if name.startswith("xl/worksheets/_rels/sheet")]:
        parts[name.replace("_rels/sheet", "_rels/ark")] = parts.pop(name)


def styles_cut(chance: random.Random, parts: Parts) -> None:
    """Take every cell's style away, and with them which cells show dates: those are numbers then."""
    for part in sheet_parts(parts).values():
        parts[part] = re.sub(rb'(<c r="\w+") s="\d+"', rb"\1", parts[part])


def record_changed(chance: random.Random, parts: Parts) -> None:
    """Change a few letters of the hidden record that belong to no structure of it."""
    part = next(part for name, part in sheet_parts(parts).items() if name == "_aftale")
    shared = "xl/sharedStrings.xml"
    name = shared if shared in parts else part
    parts[name] = parts[name].replace(b"aftaler om samarbejde", b"aftaler om samvirke").replace(b"&quot;decimals&quot;:0",
                                                                                             b"&quot;decimals&quot;:1e400")


ON_SHEET: tuple[Callable[[random.Random, Worksheet], None], ...] = (sort_rows, copy_row, insert, rename)
IN_PACKAGE: tuple[Callable[[random.Random, Parts], None], ...] = (
    cells_as_texts, results_of_formulas, parts_renamed, styles_cut, record_changed)


def mutant(chance: random.Random, sent: bytes) -> tuple[bytes, Typed, list[str]]:
    """Return a changed skema, what was typed in it, and what else was done."""
    typed: Typed = []
    ways = chance.sample(ON_SHEET, chance.choice((0, 0, 1, 2)))
    inside = chance.sample(IN_PACKAGE, chance.choice((0, 0, 1, 2)))

    def change(sheet: Worksheet) -> None:
        typed.extend(type_anywhere(chance, sheet))
        for way in ways:
            way(chance, sheet)

    data = fill_in(sent, {}, by="Ledelsessekretariatet", change=change)
    parts = read_parts(data)
    for each in inside:
        each(chance, parts)
    if {styles_cut, cells_as_texts} & {*inside}:  # a date is stored as a number, which is what stands there then
        typed = [value if not isinstance(value, date) else None for value in typed]
    return write_parts(parts), [value for value in typed if value is not None], [way.__name__ for way in (*ways, *inside)]


# ---------------------------------------------------------------- the property

def said(year: Year) -> str:
    """Return everything that stands on the three sheets, each cell on lines of its own."""
    book = openpyxl.load_workbook(io.BytesIO((year.folder / "opfoelgning.xlsx").read_bytes()), data_only=True)
    return "\n".join(text for name in SHEETS for row in book[name].iter_rows(values_only=True) for value in row
                     for text in shown(value))


def shown(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, datetime | date | int | float) and not isinstance(value, bool):
        yield from forms(value)
    elif isinstance(value, time):
        yield str(value)


@pytest.mark.parametrize("number", range(examples(12, 1_500)))
def test_each_value_that_was_typed_stands_as_it_was_typed(year: Year, number: int, record_property: Any) -> None:
    chance = random.Random(SEED + number)
    record_property("seed", f"typed values from seed {SEED}")
    data, typed, ways = mutant(chance, year.forms[OWNER].read_bytes())
    year.answers.mkdir(exist_ok=True)
    (year.answers / "svar.xlsx").write_bytes(data)
    report = flet(year.agreement, [year.answers], year.folder / "opfoelgning.xlsx")
    write_all(list(report.files))
    text = said(year)
    missing = [value for value in typed if not any(form in text for form in forms(value))]
    assert missing == [], ways
