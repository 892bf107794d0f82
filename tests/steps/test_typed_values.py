"""Skemaer changed in every way that people and programs have: each value that was typed stands somewhere as it was typed.

Other than in `intake/test_fuzz.py` nothing is damaged: cells change their type, parts their name, styles go, the hidden
record is edited, rows are copied and sorted, and values of every kind stand in every column, on every sheet and beside the
cells. A few in every run, many in the long one.
"""

from __future__ import annotations

import html
import io
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import openpyxl
import pytest
from conftest import Year, column_of, examples, fill_in, header_row, row_of
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from aftale.office.package import CONTENT_TYPES, MAIN, OFFICE, read_parts, sheet_parts, write_parts
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
        datetime(2012 + number % 5, 5, 1 + number % 28, 13, 37), f"1.{whole % 1000:03}", f"{whole}".zfill(7),
        time(number % 24, 37, 5), timedelta(hours=30 + number, minutes=7), date(1900 + number, 5, 3), whole * 1e9,
        f"{whole}\u00a0kr.", f"æ {whole} a\u030a", f"{whole}\tog mere", f"{whole} 🎉", f"»{whole}«",
        f"{whole},-", f"{whole:,}".replace(",", " "), f"{whole}e3", f"§ {whole}", f"{whole}/2015", f"kl. 8.37 {whole}"))


def forms(value: object) -> set[str]:
    """Return the texts that a typed value may stand as, all of them what was typed."""
    if isinstance(value, date):
        stored = to_excel(value)
        return {f"{value:%d-%m-%Y}", *(forms(stored) if value.year < 1930 else ())}  # Excel shows 3 as a day in 1900
    if isinstance(value, time):
        return {f"{value:%H:%M:%S}"}
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return {f"{minutes // 60}:{minutes % 60:02}"}
    if isinstance(value, int | float):
        plain = f"{value:.12f}".rstrip("0").rstrip(".")
        return {plain, plain.replace(".", ","), f"{value * 100:.10f}".rstrip("0").rstrip(".")}
    return {unicodedata.normalize("NFC", str(value).strip())}


def as_number(value: object) -> object:
    """Return what is left of a value in a cell that no longer shows a date or time."""
    if not isinstance(value, date | time | timedelta):
        return value
    stored = to_excel(value)
    return stored if stored == int(stored) else None


class Either(NamedTuple):
    """A date or time, and the number that it is stored as where that is a whole one."""

    typed: object
    stored: object

    def forms(self) -> set[str]:
        """Return the texts of both; none where the number isn't whole, as nobody knows how it is written then."""
        return {*forms(self.typed), *forms(self.stored)} if self.stored is not None else {""}


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
        elif isinstance(value, time | timedelta):  # in a cell for dates Excel would show a day in 1900
            cell.number_format = "h:mm:ss" if isinstance(value, time) else "[h]:mm"
        typed[cell.coordinate] = value
    return [*typed.values()]


def type_beside(chance: random.Random, sheet: Worksheet) -> Typed:
    """Type values on another sheet, on a new one, and in what is no cell."""
    book: Any = sheet.parent
    other = chance.choice((book["Vejledning"], book.create_sheet("Mine tal"), book["_aftale"]))
    typed = [f"Skrevet {chance.randrange(1_000_000, 9_000_000)}" for _ in range(5)]
    other.cell(chance.randrange(1, 90), chance.randrange(8, 12)).value = typed[0]
    sheet.cell(row_of(sheet, GOALS[0]), 2).comment = Comment(typed[1], "Ledelsen")
    page = chance.choice((sheet, book["Vejledning"]))
    chance.choice((page.oddHeader.left, page.evenFooter.center, page.firstHeader.right)).text = typed[2]
    sheet.cell(row_of(sheet, GOALS[1]), 3).hyperlink = f"https://example.dk/{typed[3].replace(' ', '/')}"
    chart = BarChart()
    chart.title = typed[4]
    book["Vejledning"].add_chart(chart, "D3")
    return [typed[0], typed[1], typed[2], typed[3].replace(" ", "/"), typed[4]]


def sort_rows(chance: random.Random, sheet: Worksheet) -> None:
    rows = [row_of(sheet, goal) for goal in GOALS]
    content = [[(cell.value, cell.data_type, cell.number_format) for cell in sheet[row]] for row in rows]
    chance.shuffle(content)
    for row, cells in zip(rows, content, strict=True):
        for cell, (value, kind, code) in zip(sheet[row], cells, strict=True):
            cell.value = value
            cell.data_type, cell.number_format = kind, code


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
    """Put something else where the hidden record has numbers."""
    name = sheet_parts(parts)["_aftale"]
    junk = chance.choice((b"1e400", b"-7", b'"x"', b"null", b"[]", b"1.5", b"99999999999999999999"))
    wanted = chance.choice((rb'("decimals":)0', rb'(":)1(?=,")'))  # the first stands in some skemaer only
    parts[name] = re.sub(wanted, lambda found: found[1] + (junk if chance.random() < 0.5 else b"1"), parts[name])


_TEXT = re.compile(rb"<is><t(?: [^>]*)?>([^<]*)</t></is>")


def texts_in_runs(chance: random.Random, parts: Parts) -> None:
    """Store texts in pieces of different looks."""
    def in_runs(found: re.Match[bytes]) -> bytes:
        letters = html.unescape(found[1].decode())
        first, second = (html.escape(each).encode() for each in (letters[:len(letters) // 2], letters[len(letters) // 2:]))
        return (b'<is><r><t xml:space="preserve">%b</t></r><r><rPr><b/></rPr><t xml:space="preserve">%b</t></r></is>'
                % (first, second))

    part = next(iter(sheet_parts(parts).values()))
    parts[part] = _TEXT.sub(in_runs, parts[part])


def texts_shared(chance: random.Random, parts: Parts) -> None:
    """Store the texts of all sheets in one part, as Excel does."""
    texts: dict[bytes, int] = {}

    def shared(found: re.Match[bytes]) -> bytes:
        return b' t="s"><v>%d</v></c>' % texts.setdefault(found[1], len(texts))

    for part in sheet_parts(parts).values():
        parts[part] = re.sub(rb' t="inlineStr"><is>(.*?)</is></c>', shared, parts[part], flags=re.DOTALL)
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="%b">%b</sst>' % (
        MAIN.encode(), b"".join(b"<si>%b</si>" % each for each in texts))
    for name, close, line in (
            ("xl/_rels/workbook.xml.rels", b"</Relationships>",
             f'<Relationship Id="rIdS" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'),
            (CONTENT_TYPES, b"</Types>", '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
                                         'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>')):
        parts[name] = parts[name].replace(close, line.encode() + close)


ON_SHEET: tuple[Callable[[random.Random, Worksheet], None], ...] = (sort_rows, copy_row, insert, rename)
IN_PACKAGE: tuple[Callable[[random.Random, Parts], None], ...] = (
    cells_as_texts, results_of_formulas, parts_renamed, styles_cut, record_changed, texts_in_runs, texts_shared)


def mutant(chance: random.Random, sent: bytes) -> tuple[bytes, Typed, list[str]]:
    """Return a changed skema, what was typed in it, and what else was done."""
    typed: Typed = []
    beside: Typed = []
    ways = chance.sample(ON_SHEET, chance.choice((0, 0, 1, 2)))
    inside = chance.sample(IN_PACKAGE, chance.choice((0, 0, 1, 2, 3)))

    def change(sheet: Worksheet) -> None:
        typed.extend(type_anywhere(chance, sheet))
        beside.extend(type_beside(chance, sheet) if chance.random() < 0.3 else [])
        for way in ways:
            way(chance, sheet)

    data = fill_in(sent, {}, by="Ledelsessekretariatet", change=change)
    parts = read_parts(data)
    for each in inside:
        each(chance, parts)
    if {styles_cut, cells_as_texts} & {*inside}:  # a date is stored as a number, which is what stands there then
        typed = [value if as_number(value) is value else Either(value, as_number(value)) for value in typed]
    ways = [*ways, *([type_beside] if beside else [])]
    return write_parts(parts), [*typed, *beside], [way.__name__ for way in (*ways, *inside)]


# ---------------------------------------------------------------- the property

def said(year: Year) -> str:
    """Return everything that stands on the three sheets, each cell on lines of its own."""
    book = openpyxl.load_workbook(io.BytesIO((year.folder / "opfoelgning.xlsx").read_bytes()), data_only=True)
    return "\n".join(text for name in SHEETS for row in book[name].iter_rows(values_only=True) for value in row
                     for text in shown(value))


def shown(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, date | time | timedelta | int | float) and not isinstance(value, bool):
        yield from forms(value)


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
    missing = [value for value in typed if not any(
        form in text for form in (value.forms() if isinstance(value, Either) else forms(value)))]
    assert missing == [], ways
