"""The agreement workbook from a template that staff own and restyle: what is in it, what it lacks, filling it in."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time
from math import ceil
from typing import Any

from openpyxl import load_workbook
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.formula.translate import Translator
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from aftale.disk.package import (
    add_sheet,
    cell_text,
    let_rows_grow,
    owners_of_parts,
    read_parts,
    relations,
    reproducible,
    set_cells,
    set_rows,
    sheet_parts,
    source_of,
    write_parts,
)
from aftale.rules.finding import YEAR, closest
from aftale.words.domain import Value
from aftale.words.sheets import (
    AFTALETEKST,
    FACTS,
    FORSIDE,
    LISTER,
    MAAL,
    RECORD,
    RECORD_COLUMNS,
    Col,
    Fact,
    header_map,
    maal_columns,
)
from aftale.words.tables import Cell
from aftale.words.text import canonical, danish_date, fold, listing

TEXT_NAMES = ("Tematekst", "Bemaerkninger_til_aftalen")
"""The named cells of ``Aftaletekst`` that the program writes in."""
SPARE_ROWS, EMPTY_ROWS = 20, 25
DATE_FORMAT = "[$-406]d. mmmm yyyy"
"""Danish on every machine: 10. juni 2015."""
_RECORD_HEADER = tuple(column.header for column in RECORD_COLUMNS)
TALLEST = 409.0
_BAD_FILE = (zipfile.BadZipFile, zlib.error, KeyError, IndexError, TypeError, ValueError, AttributeError, SyntaxError,
             EOFError, OSError, NotImplementedError)


class TemplateError(Exception):
    """A workbook that can't be used at all; the message is Danish and says what to do."""


@dataclass(frozen=True)
class TemplateReport:
    """What a restyled template lacks, what would be lost from it, what is worth knowing, and its edition."""

    missing: tuple[str, ...]
    losses: tuple[str, ...]
    notes: tuple[str, ...]
    edition: str


@dataclass(frozen=True)
class Filling:
    """Everything that goes into the template.

    ``facts`` are by Fact.key; ``names`` are texts by the defined name of their cell; ``rows`` have one cell per
    column of ``columns``; ``record`` is the whole table of ``_aftale``; ``created`` becomes the file's date.
    """

    facts: Mapping[str, Value]
    names: Mapping[str, str]
    columns: tuple[Col, ...]
    rows: tuple[tuple[Cell, ...], ...]
    record: tuple[tuple[str, str, str, str, str], ...]
    created: date
    title: str


def _open(data: bytes) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl drops is found by losses(), not by its warnings
            book = load_workbook(io.BytesIO(data), rich_text=True)
    except _BAD_FILE as error:
        raise TemplateError("Projektmappen kan ikke åbnes. Gem den i Excel som .xlsx uden adgangskode, og prøv igen."
                            ) from error
    for sheet in book.worksheets:
        for image in _drawn(sheet):
            picture = getattr(image.anchor, "pic", None)
            if picture is not None:  # openpyxl drops the link's target: kept, it would make Excel repair the file
                picture.nvPicPr.cNvPr.hlinkClick = None
    return book


def _save(book: Workbook) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(out)
    return out.getvalue()


def _drawn(sheet: Worksheet) -> list[Any]:
    """Return a sheet's pictures and charts (openpyxl has no public list of them)."""
    anything: Any = sheet
    return [*anything._images, *anything._charts]


# How tall a row must be -------------------------------------------------------------------------------------------

_NARROW, _WIDE = frozenset("fijlrtI.,:;'!|()[]- "), frozenset("mwæMWÆ@%—…")


def text_height(text: str, width: float, size: float = 11, bold: bool = False) -> float:
    """Return the points a text needs when wrapped in a column of ``width`` characters, at most what Excel allows."""
    room = max(width - 1, 1) * 11 / size * (0.98 if bold else 1)
    lines = sum(_lines(paragraph, room) for paragraph in text.split("\n"))
    return min(lines * size * 1.36 + 4, TALLEST)


def _lines(paragraph: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in re.findall(r"\S+\s*|\s+", paragraph):
        length = _length(word.rstrip())
        if used and used + length > room:
            lines, used = lines + 1, 0.0
        lines += int(length / room) if length > room else 0
        used += _length(word) % room if length > room else _length(word)
    return lines


def _length(text: str) -> float:
    """Measure a text in widths of a digit, as the columns are."""
    return sum(0.62 if c in _NARROW else 1.5 if c in _WIDE else 1.15 if c.isupper() else 0.98 for c in text)


def _width(sheet: Worksheet, column: int) -> float:
    for dimension in sheet.column_dimensions.values():
        if (dimension.min or 0) <= column <= (dimension.max or 0):
            return float(dimension.width)
    return float(sheet.sheet_format.defaultColWidth or sheet.sheet_format.baseColWidth or 8.43)


def _needed_height(cell: Any, text: str, columns: int = 1) -> float:
    """Return the points that a text needs in a cell (which may be merged over several columns)."""
    size = float(cell.font.sz or 11)
    if not cell.alignment.wrap_text:
        return text_height("", 1, size)
    width = sum(_width(cell.parent, cell.column + n) for n in range(columns))
    return text_height(text, width, size, bool(cell.font.b))


# What openpyxl would lose -----------------------------------------------------------------------------------------

_COUNTED = re.compile(rb"<(?:\w+:)?(sp|cxnSp|grpSp|pic|graphicFrame|cfRule|dataValidation|protectedRange|picture"
                      rb"|control|legacyDrawingHF|oleObject|hlinkClick|hyperlink|contentPart|scenario"
                      rb"|customSheetView)[\s/>]")
_EXTENSION = re.compile(rb'<(?:\w+:)?ext\b[^>]*?\buri="([^"]+)"')
_FORM_CONTROL = re.compile(rb'ObjectType="(?!Note")(\w+)"')
_NAMED = re.compile(rb'<(?:\w+:)?definedName (?![^>]*name="_xlnm)')

_BUTTON, _SLICER = "Knap eller andet kontrolelement", "Udsnitsværktøj eller tidslinje"
_BARS = "Databjælker eller ikoner"
_SMART, _DYNAMIC, _LINKED = "SmartArt", "Dynamiske matrixformler og datatyper", "Link på en figur eller et billede"
_LOST = {
    "sp": "Tekstboks eller figur", "cxnSp": "Streg eller pil", "grpSp": "Grupperede figurer", "pic": "Billede",
    "graphicFrame": "Diagram eller anden grafik", "cfRule": "Betinget formatering", "dataValidation": "Datavalidering",
    "protectedRange": "Områder, som kun bestemte personer må redigere", "picture": "Baggrundsbillede",
    "legacyDrawingHF": "Billede i sidehoved eller sidefod", "control": _BUTTON, "form control": _BUTTON,
    "ctrlProp": _BUTTON, "oleObject": "Indlejret objekt", "package": "Indlejret objekt", "hlinkClick": _LINKED,
    "hyperlink": "Link", "contentPart": "Håndskrift", "scenario": "Scenarier", "definedName": "Navne på områder",
    "customSheetView": "Brugerdefinerede visninger", "threadedComment": "Trådede kommentarer",
    "vbaProject": "VBA-makroer", "vbaProjectSignature": "VBA-makroer", "classificationlabels": "Følsomhedsmærkat",
    "slicer": _SLICER, "slicerCache": _SLICER, "timeline": _SLICER, "timelineCache": _SLICER,
    "diagramData": _SMART, "diagramLayout": _SMART, "diagramQuickStyle": _SMART, "diagramColors": _SMART,
    "diagramDrawing": _SMART, "chartUserShapes": "Tegning oven på et diagram", "chartEx": "Diagram af nyere type",
    "queryTable": "Dataforbindelse", "connections": "Dataforbindelse", "sheetMetadata": _DYNAMIC,
    "extensibility": "Egne knapper på båndet", "webextensiontaskpanes": "Tilføjelsesprogram",
    "origin": "Digital signatur", "xmlMaps": "XML-tilknytning", "tableSingleCells": "XML-tilknytning",
    "{05C60535-1F16-4FD2-B633-F4F36F0B64E0}": "Minidiagrammer (sparklines)",
    "{78C0D931-6437-407D-A8EE-F0AAD7539E65}": _BARS, "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}": _BARS,
    "{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}": "Datavalidering, der henter sin liste direkte på et andet ark",
    "{01252117-D84E-4E92-8308-4BE1C098FCBB}": "Områder, som kun bestemte personer må redigere",
    "{A8765BA9-456A-4DAB-B4F3-ACF838C121DE}": _SLICER, "{3A4CF648-6AED-40F4-86FF-DC5316D8AED3}": _SLICER,
    "{7E03D99C-DC04-49D9-9315-930204A7B6E9}": _SLICER, "{BBE1A952-AA13-448E-AADC-164F8A28A991}": _SLICER,
    "{46BE6895-7355-4A93-B00E-2C351335B9C9}": _SLICER, "{D0CA8CA8-9F24-4464-BF8E-62219DCF47F9}": _SLICER,
    "{96DAC541-7B7A-43D3-8B79-37D633B846F1}": "Billedes SVG-udgave (en PNG-udgave bliver stående)",
    "{504A1905-F514-4F6F-8877-14C23A59335A}": "Alternativ tekst på en tabel",
}
"""What each kind of content that can get lost is called in Danish."""

# Nobody sees or misses these. Excel rebuilds the calculation chain and the shared strings; printer settings belong to
# one computer's driver (paper, margins and orientation stand in the sheet itself); persons are known through their
# comments, pictures through their frames; a chart's style files only feed Excel's own menu of styles. Excel writes
# most of the extensions into every file it saves: identities of shapes, resolution, the built-in styles of slicers.
_HARMLESS = frozenset({
    "printerSettings", "calcChain", "sharedStrings", "thumbnail", "customXml", "customXmlProps", "person", "image",
    "vmlDrawing", "drawing", "chartStyle", "chartColorStyle", "rdRichValue", "rdRichValueStructure", "rdRichValueTypes",
    "volatileDependencies", "hdphoto", "themeOverride", "custom-properties", "{7626C862-2A13-11E5-B345-FEFF819CDC9F}",
    "{28A0092B-C50C-407E-A947-70E740481C1C}", "{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236}",
    "{C183D7F6-B498-43B3-948B-1728B52AA6E4}", "{BEBA8EAE-BF5A-486C-A8C5-ECC9F3942E4B}",
    "{EB79DEF2-80B8-43E5-95BD-54CBDDF9020C}", "{9260A510-F301-46A8-8635-F512D64BE5F5}",
    "{B58B0392-4F1F-4190-BB64-5DF3571DCE5F}", "{140A7094-0E35-4892-8432-C4D2E57EDEB5}",
    "{79F54976-1DA5-4618-B147-4CDE4B953A38}", "{7523E5D3-25F3-A5E0-1632-64F254C22452}",
    "{FC87AEE6-9EDD-4A0A-B7FB-166176984837}", "{C3380CC4-5D6E-409C-BE32-E72D297353CC}",
    "{6F2FDCE9-48DA-4B69-8628-5D25D57E5C99}", "{CE6537A1-D6FC-4F65-9D91-7224C49458BB}",
    "{56B9EC1D-385E-4148-901F-78D8002777C0}", "{962EF5D1-5CA2-4C93-8EF4-DBF5C05439D2}",
    "{2946ED86-A175-432A-8AC1-64E0C546D7DE}", "{725AE2AE-9491-48BE-B2B4-4EB974FC3084}",
    "{747A6164-185A-40DC-8AA5-F01512510D54}",
})


def losses(data: bytes) -> tuple[str, ...]:
    """Return what openpyxl would lose from a workbook, in Danish, each with its sheet where it has one.

    Found by loading and saving it in memory and comparing the two packages. Raises TemplateError where the file
    can't be opened.
    """
    book = _open(data)
    before, after = _inventory(data), _inventory(_save(book))
    places = ["", *book.sheetnames]
    found = [(owner, kind) for owner, kind in before
             if kind not in _HARMLESS and after[owner, kind] < before[owner, kind]]
    found.sort(key=lambda each: (places.index(each[0]) if each[0] in places else len(places), each[1]))
    said = [f"{_LOST.get(kind, f'Indhold, som programmet ikke kender ({kind})')}{owner and f' på arket {owner}'}"
            for owner, kind in found]
    return tuple(dict.fromkeys(said))


def _inventory(data: bytes) -> Counter[tuple[str, str]]:
    """Count what is in a package by (sheet or '', kind): relationship types, extensions and what is drawn."""
    parts = read_parts(data)
    owners = owners_of_parts(parts)
    found: Counter[tuple[str, str]] = Counter()
    for name, content in parts.items():
        if name.startswith(("docProps/", "customXml/")):
            continue
        if name.endswith(".rels"):
            owner = owners.get(source_of(name), "")
            for kind, _ in relations(parts, source_of(name)).values():
                found[owner, kind] = 1  # the type matters: how many of them is each program's own affair
            continue
        owner = owners.get(name, "")
        if name.endswith(".vml"):
            found[owner, "form control"] += len(_FORM_CONTROL.findall(content))
        elif name.endswith(".xml"):
            found.update((owner, tag.decode()) for tag in _COUNTED.findall(content))
            found.update((owner, uri.decode().upper()) for uri in set(_EXTENSION.findall(content)))
            found[owner, "definedName"] += len(_NAMED.findall(content))
    return found


# Putting rows and columns in and out as Excel does ----------------------------------------------------------------

_REFERENCE = re.compile(r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!]+)!)?(?P<low>\$?[A-Z]{0,3}\$?\d*)"
                        r"(?::(?P<high>\$?[A-Z]{0,3}\$?\d*))?")
_CORNER = re.compile(r"(\$?)([A-Z]*)(\$?)(\d*)")


@dataclass(frozen=True)
class _Shift:
    """Rows or columns put in (count > 0) or taken out (count < 0) at a place; everything moves along with them.

    openpyxl only moves the cells themselves. Formats, validations and tables that end right before the place grow
    over what is put in, as they do in Excel when one types on.
    """

    sheet: Worksheet
    rows: bool
    at: int
    count: int

    def apply(self) -> None:
        """Move the cells, and then everything that speaks of them."""
        sheet, merged = self.sheet, [str(each) for each in self.sheet.merged_cells.ranges]
        if self.rows:
            sheet.insert_rows(self.at, self.count)
        elif self.count > 0:
            sheet.insert_cols(self.at, self.count)
        else:
            sheet.delete_cols(self.at, -self.count)
        self._move_merged(merged)
        self._move_sizes()
        self._move_rules()
        self._move_tables()
        self._move_page()
        for drawn in _drawn(sheet):
            self._move_anchor(drawn.anchor)
        self._move_formulas()

    def span(self, low: int, high: int, grow: bool = False) -> tuple[int, int] | None:
        """Return where a stretch of rows or columns ends up, None where all of it is taken out."""
        if self.count > 0:
            return (low + self.count * (low >= self.at),
                    high + self.count * (high >= self.at - (1 if grow else 0)))
        end = self.at - self.count
        low = low if low < self.at else max(self.at, low + self.count) if low >= end else self.at
        high = high if high < self.at else self.at - 1 if high < end else high + self.count
        return (low, high) if low <= high else None

    def area(self, ref: str, grow: bool = False) -> str | None:
        """Return where a range such as ``B2:D9`` ends up."""
        left, top, right, bottom = _bounds(ref)
        span = self.span(top, bottom, grow) if self.rows else self.span(left, right, grow)
        if span is None:
            return None
        (top, bottom), (left, right) = (span, (left, right)) if self.rows else ((top, bottom), span)
        return _ref(left, top, right, bottom)

    def formula(self, text: str, here: bool, grow: bool = False) -> str:
        """Return a formula (without ``=``) with its references moved; ``here``: it stands on the same sheet."""
        try:
            tokens = Tokenizer(f"={text}").items
        except TokenizerError:
            return text
        return "".join(self._operand(token.value, here, grow) if token.subtype == Token.RANGE else token.value
                       for token in tokens)

    def _operand(self, text: str, here: bool, grow: bool) -> str:
        match = _REFERENCE.fullmatch(text)
        if match is None or not self._meant(match["sheet"], here):
            return text
        corners = [corner.groups() for side in (match["low"], match["high"] or match["low"])
                   if (corner := _CORNER.fullmatch(side))]
        place = 3 if self.rows else 1
        if len(corners) < 2 or not all(corner[place] for corner in corners) or not (match["high"] or corners[0][3]):
            return text
        if not match["high"] and not corners[0][1]:
            return text
        low, high = (int(c[3]) if self.rows else column_index_from_string(c[1]) for c in corners)
        span = self.span(low, high, grow and bool(match["high"]))
        if span is None:
            return "#REF!"
        said = [str(n) if self.rows else get_column_letter(n) for n in span]
        moved = ["".join(said[n] if k == place else part for k, part in enumerate(corner))
                 for n, corner in enumerate(corners)]
        return (f"{match['sheet']}!" if match["sheet"] else "") + ":".join(moved if match["high"] else moved[:1])

    def _meant(self, named: str | None, here: bool) -> bool:
        if named is None:
            return here
        return fold(named.strip("'").replace("''", "'")) == fold(self.sheet.title)

    def _move_merged(self, merged: Iterable[str]) -> None:
        anything: Any = self.sheet
        anything.merged_cells = MultiCellRange()
        for ref in sorted(merged):
            left, top, right, bottom = _bounds(ref)
            area = self.area(ref, grow=(top != bottom if self.rows else left != right))
            if area:
                anything.merged_cells.add(MergedCellRange(self.sheet, area))
        for row in self.sheet.iter_rows():
            for cell in row:
                link = getattr(cell, "hyperlink", None)
                if link is not None:
                    link.ref = cell.coordinate

    def _move_sizes(self) -> None:
        holder: Any = self.sheet.row_dimensions if self.rows else self.sheet.column_dimensions
        old = list(holder.values())
        holder.clear()
        for dimension in old:
            if self.rows:
                dimension.index = dimension.index + self.count * (dimension.index >= self.at)
                holder[dimension.index] = dimension
                continue
            dimension.reindex()
            span = self.span(dimension.min, dimension.max, grow=True)
            if span:
                dimension.min, dimension.max = span[0], min(span[1], 16_384)
                dimension.index = get_column_letter(span[0])
                holder[dimension.index] = dimension

    def _moved_cells(self, ranges: Any) -> MultiCellRange:
        moved = [self.area(str(each), grow=True) for each in ranges.ranges]
        return MultiCellRange(" ".join(sorted(ref for ref in moved if ref)))

    def _move_rules(self) -> None:
        validations = self.sheet.data_validations
        for validation in validations.dataValidation:
            validation.sqref = self._moved_cells(validation.sqref)
        validations.dataValidation = [each for each in validations.dataValidation if each.sqref.ranges]
        _set_formats(self.sheet, ((self._moved_cells(each.sqref), each.rules)
                                  for each in self.sheet.conditional_formatting))

    def _move_tables(self) -> None:
        for table in self.sheet.tables.values():
            left, _, right, _ = _bounds(table.ref)
            columns = list(table.tableColumns)
            if not self.rows and self.count > 0 and left < self.at <= right + 1:
                ids = max(column.id for column in columns)
                new = [copy(columns[self.at - left - 1]) for _ in range(self.count)]
                for n, column in enumerate(new, 1):
                    column.id, column.name = ids + n, f"Kolonne {ids + n}"
                columns[self.at - left:self.at - left] = new
            elif not self.rows and self.count < 0 and left <= self.at <= right:
                del columns[self.at - left:self.at - left - self.count]
            table.tableColumns = columns
            table.ref = self.area(table.ref, grow=True) or table.ref
            if table.autoFilter is not None:
                table.autoFilter.ref = self.area(table.autoFilter.ref, grow=True) or table.autoFilter.ref
                if not self.rows:
                    table.autoFilter.filterColumn = []  # a filter that was left on counts its columns by position
        if self.sheet.auto_filter.ref:
            self.sheet.auto_filter.ref = self.area(self.sheet.auto_filter.ref, grow=True)

    def _move_page(self) -> None:
        sheet: Any = self.sheet
        if sheet.print_area:
            sheet.print_area = self.formula(sheet.print_area, here=True, grow=True)
        if sheet.print_title_rows and self.rows:
            sheet.print_title_rows = self.formula(sheet.print_title_rows, here=True)
        if sheet.print_title_cols and not self.rows:
            sheet.print_title_cols = self.formula(sheet.print_title_cols, here=True)
        pane, split = sheet.sheet_view.pane, "ySplit" if self.rows else "xSplit"
        if pane is not None and self.at <= (getattr(pane, split) or 0):
            setattr(pane, split, max(getattr(pane, split) + self.count, 0))
            corner = self.area(pane.topLeftCell)
            pane.topLeftCell = corner.partition(":")[0] if corner else pane.topLeftCell
        for line in (sheet.row_breaks if self.rows else sheet.col_breaks).brk:
            line.id += self.count * (line.id >= self.at)

    def _move_anchor(self, anchor: Any) -> None:
        for corner in (getattr(anchor, "_from", None), getattr(anchor, "to", None)):
            name = "row" if self.rows else "col"
            if corner is not None and getattr(corner, name) + 1 >= self.at:
                setattr(corner, name, max(getattr(corner, name) + self.count, 0))

    def _move_formulas(self) -> None:
        book: Any = self.sheet.parent
        named = [*book.defined_names.values(), *(name for sheet in book.worksheets
                                                 for name in sheet.defined_names.values())]
        for name in named:
            name.attr_text = self.formula(name.attr_text or "", here=False)
        for sheet in book.worksheets:
            here = sheet is self.sheet
            for validation in sheet.data_validations.dataValidation:
                validation.formula1 = validation.formula1 and self.formula(validation.formula1, here)
                validation.formula2 = validation.formula2 and self.formula(validation.formula2, here)
            for each in sheet.conditional_formatting:
                for rule in each.rules:
                    rule.formula = [self.formula(text, here) for text in rule.formula or ()]
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f" and isinstance(cell.value, str):
                        cell.value = f"={self.formula(cell.value[1:], here)}"


def _bounds(ref: str) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a range; a whole column has all rows, a whole row all columns."""
    left, top, right, bottom = range_boundaries(ref)
    return left or 1, top or 1, right or 16_384, bottom or 1_048_576


def _ref(left: int, top: int, right: int, bottom: int) -> str:
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"


def _set_formats(sheet: Worksheet, formats: Iterable[tuple[MultiCellRange, Sequence[Any]]]) -> None:
    """Give a sheet its conditional formats anew, each (cells, rules)."""
    new = ConditionalFormattingList()
    for cells, rules in list(formats):
        for rule in rules if cells.ranges else ():
            new.add(str(cells), rule)
    sheet.conditional_formatting = new


# Finding things in the template -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Grid:
    """Where the goals go: the header row, the column of each known key and of other headers, and the model's rows.

    ``low`` and ``high`` are the first and last column; ``bottom`` is the last row of the model area.
    """

    sheet: Worksheet
    header: int
    places: Mapping[str, int]
    years: Mapping[int, int]
    extra: Mapping[str, int]
    low: int
    high: int
    bottom: int
    table: Table | None

    @property
    def model(self) -> int:
        """The row that every goal is laid out like."""
        return self.header + 1

    @property
    def totals(self) -> int:
        """The number of totals rows that the table ends with."""
        return int(self.table.totalsRowCount or 0) if self.table is not None else 0


def _find_grid(book: Workbook, columns: Iterable[Col]) -> _Grid | None:
    """Find the table of goals: the sheet called Mål, else the one with most of the headers."""
    known = header_map([column for column in columns if column.kind != "year"])
    found = [grid for sheet in book.worksheets if (grid := _grid_on(sheet, known))]
    return max(found, default=None, key=lambda grid: (fold(grid.sheet.title) == fold(MAAL), len(grid.places)))


def _grid_on(sheet: Worksheet, known: Mapping[str, Col]) -> _Grid | None:
    best: _Grid | None = None
    for number in range(1, min(sheet.max_row, 200) + 1):
        places: dict[str, int] = {}
        years: dict[int, int] = {}
        extra: dict[str, int] = {}
        row: Any = next(sheet.iter_rows(number, number))
        for cell in row:
            text = canonical(cell.value)
            column = known.get(fold(text))
            if column is not None and column.key not in places:
                places[column.key] = cell.column
            elif YEAR.fullmatch(text.strip()):
                years.setdefault(int(text), cell.column)
            elif text:
                extra[text] = cell.column
        if len(places) >= 3 and {"development", "focus", "effect"} & set(places) and (
                best is None or len(places) > len(best.places)):
            best = _bounded(sheet, number, places, years, extra)
    return best


def _bounded(sheet: Worksheet, header: int, places: Mapping[str, int], years: Mapping[int, int],
             extra: Mapping[str, int]) -> _Grid:
    used = [*places.values(), *years.values(), *extra.values()]
    for table in sheet.tables.values():
        left, top, right, bottom = _bounds(table.ref)
        if top == header and left <= min(places.values()) <= right:
            bottom -= int(table.totalsRowCount or 0)
            return _Grid(sheet, header, places, years, extra, left, right, max(bottom, header + 1), table)
    return _Grid(sheet, header, places, years, extra, min(used), max(used), header + 1, None)


def _named(book: Workbook, name: str) -> Any:
    """Return the (first) cell of a defined name, None where the name is missing or leads nowhere."""
    scopes: list[Any] = [book.defined_names, *(sheet.defined_names for sheet in book.worksheets)]
    for scope in scopes:
        for key, defined in scope.items():
            cell = _destination(book, defined) if fold(key) == fold(name) else None
            if cell is not None:
                return cell
    return None


def _destination(book: Workbook, defined: DefinedName) -> Any:
    for sheet, ref in defined.destinations if defined.type == "RANGE" else ():
        if sheet in book.sheetnames and (match := re.match(r"\$?([A-Z]{1,3})\$?(\d+)", ref)):
            return _top_left(book[sheet], int(match[2]), column_index_from_string(match[1]))
    return None


def _top_left(sheet: Any, row: int, column: int) -> Any:
    """Return a cell, or the cell that holds the value where it is merged with others."""
    merged = _merged_at(sheet, row, column)
    return sheet.cell(merged.min_row, merged.min_col) if merged else sheet.cell(row, column)


def _merged_at(sheet: Any, row: int, column: int) -> Any:
    return next((each for each in sheet.merged_cells.ranges
                 if each.min_row <= row <= each.max_row and each.min_col <= column <= each.max_col), None)


def _beside_label(book: Workbook, fact: Fact) -> Any:
    """Return the cell to the right of a fact's label, None where no sheet in front of the goals has the label."""
    labels = {fold(text) for text in (fact.label, *fact.aliases)}
    for sheet in sorted(book.worksheets, key=lambda sheet: fold(sheet.title) != fold(FORSIDE)):
        if fold(sheet.title) in {fold(MAAL), fold(RECORD), fold(LISTER)}:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and fold(cell.value).rstrip(" :") in labels:
                    merged = _merged_at(sheet, cell.row, cell.column)
                    return _top_left(sheet, cell.row, (merged.max_col if merged else cell.column) + 1)
    return None


def _sheet(book: Workbook, name: str) -> Worksheet | None:
    return next((sheet for sheet in book.worksheets if fold(sheet.title) == fold(name)), None)


# What a template lacks --------------------------------------------------------------------------------------------


def inspect(data: bytes) -> TemplateReport:
    """Return what a restyled template lacks and would lose; raises TemplateError where it can't be opened."""
    book = _open(data)
    missing: list[str] = []
    notes: list[str] = []
    for found in (_inspect_sheets(book), _inspect_facts(book), _inspect_texts(book), _inspect_goals(book)):
        missing += found[0]
        notes += found[1]
    return TemplateReport(tuple(missing), losses(data), tuple(notes), _edition(book))


_Found = tuple[list[str], list[str]]


def _inspect_sheets(book: Workbook) -> _Found:
    missing, notes = [], []
    if _sheet(book, LISTER) is None:
        missing.append(f"Det skjulte ark «{LISTER}» mangler, så rullelisterne i Måltype og Opgøres er tomme. "
                       "Kopiér arket fra den medfølgende skabelon.")
    for name in (FORSIDE, AFTALETEKST):
        if _sheet(book, name) is None:
            notes.append(f"Arket «{name}» findes ikke under det navn. Det gør ikke noget, hvis det blot er omdøbt.")
    formulas = [sheet.title for sheet in book.worksheets
                if any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)]
    if formulas:
        notes.append(f"Der er formler på {listing(formulas)}. De bliver stående, men viser først et tal, når aftalen "
                     "har været åbnet i Excel.")
    if _sheet(book, RECORD) is None:
        notes.append(f"Det skjulte ark «{RECORD}» mangler. Programmet laver et nyt, når det skriver aftalen.")
    return missing, notes


def _inspect_facts(book: Workbook) -> _Found:
    missing, notes = [], []
    for fact in FACTS:
        if _named(book, fact.name) is not None:
            continue
        beside = _beside_label(book, fact)
        if beside is None:
            missing.append(f"Der er ingen celle til «{fact.label}». Vælg cellen, skriv {fact.name} i navneboksen til "
                           "venstre for formellinjen, og tryk Enter.")
        else:
            notes.append(f"Cellen til «{fact.label}» har mistet navnet {fact.name}. Programmet bruger i stedet celle "
                         f"{beside.coordinate} på arket {beside.parent.title}, lige til højre for teksten.")
    return missing, notes


def _inspect_texts(book: Workbook) -> _Found:
    return [f"Der er ingen celle med navnet {name}. Vælg den celle, hvor teksten skal stå, skriv {name} i navneboksen "
            "til venstre for formellinjen, og tryk Enter." for name in TEXT_NAMES if _named(book, name) is None], []


def _inspect_goals(book: Workbook) -> _Found:
    columns = maal_columns(())
    grid = _find_grid(book, columns)
    if grid is None:
        said = (f"Der er ikke noget ark med målene. Arket «{MAAL}» skal have en række med overskrifterne "
                f"{listing([column.header for column in columns])} og årstallene. Kopiér det fra den medfølgende "
                "skabelon.")
        return [said], []
    title = grid.sheet.title
    missing = [_missing_header(title, column, grid) for column in columns if column.key not in grid.places]
    if not grid.years:
        missing.append(f"På arket {title} er der ingen kolonner med årstal. Skriv mindst ét årstal som 2015 i rækken "
                       f"med overskrifter (række {grid.header}); programmet laver selv resten.")
    if grid.table is None and not any(grid.sheet.cell(grid.model, n).has_style for n in range(grid.low, grid.high + 1)):
        missing.append(f"På arket {title} mangler modelrækken: række {grid.model}, lige under overskrifterne, har "
                       "ingen formatering. Giv den skrift, rammer og ombrudt tekst, så får alle mål samme udseende.")
    notes = [f"Kolonnen «{text}» på arket {title} er jeres egen. Den bliver stående, og programmet skriver ikke i den."
             for text in grid.extra]
    if fold(title) != fold(MAAL):
        notes.append(f"Målene ligger på arket «{title}». Det er i orden, programmet kender det på overskrifterne.")
    return missing, notes


def _missing_header(title: str, column: Col, grid: _Grid) -> str:
    for text, place in grid.extra.items():
        if closest(text, (column.header, *column.aliases)):
            return (f"På arket {title} mangler kolonnen «{column.header}». Mente du den med «{text}» i celle "
                    f"{get_column_letter(place)}{grid.header}? Så ret overskriften til «{column.header}».")
    return (f"På arket {title} mangler kolonnen «{column.header}». Indsæt en kolonne, og skriv «{column.header}» "
            f"i række {grid.header}.")


def _edition(book: Workbook) -> str:
    sheet = _sheet(book, RECORD)
    rows = sheet.iter_rows(values_only=True) if sheet is not None else ()
    for row in rows:
        texts = [canonical(value) for value in row]
        if texts[:3] == ["skabelon", "udgave", "nummer"] and len(texts) >= 5:
            return texts[4]
    return ""


# Filling the template in ------------------------------------------------------------------------------------------

_SHEET_NAME = rb"(?:'(?:[^'<]|'')+'|[^'<,>]+)"
_ROWS_THEN_COLUMNS = re.compile(rb'(<definedName name="_xlnm.Print_Titles"[^>]*>)(' + _SHEET_NAME +
                                rb"!\$\d+:\$\d+),(" + _SHEET_NAME + rb"!\$[A-Z]+:\$[A-Z]+)<")
_Growing = dict[str, set[int]]
"""The rows, by sheet, that were given a height and should still grow when people type."""


def fill(template: bytes, filling: Filling) -> tuple[bytes, tuple[str, ...]]:
    """Return the agreement workbook, and a Danish sentence for each thing that has no place in the template.

    The same input gives the same bytes. A fact that is None leaves what the template says. Raises TemplateError
    where the template can't be opened or has no table for the goals.
    """
    book = _open(template)
    growing: _Growing = {}
    notes = _fill_goals(book, filling, growing)
    notes += _fill_facts(book, filling.facts, growing)
    notes += _fill_names(book, filling.names, growing)
    _write_record(book, filling.record)
    book.properties.title = filling.title
    book.template = False  # made from an .xltx it would be one too, and Excel would not open it as .xlsx
    data = _columns_first(_save(book))
    for sheet in book.worksheets:
        if growing.get(sheet.title):
            data = let_rows_grow(data, sheet.path.lstrip("/"), growing[sheet.title])
    return reproducible(data, datetime.combine(filling.created, time())), tuple(notes)


def _columns_first(data: bytes) -> bytes:
    """Put print titles in Excel's own order; saved from openpyxl's, LibreOffice writes the name twice."""
    parts = read_parts(data)
    parts["xl/workbook.xml"] = _ROWS_THEN_COLUMNS.sub(rb"\1\3,\2<", parts["xl/workbook.xml"])
    return write_parts(parts)


def _fill_facts(book: Workbook, facts: Mapping[str, Value], growing: _Growing) -> list[str]:
    notes = []
    for fact in FACTS:
        value = facts.get(fact.key)
        if value is None or value == "":
            continue
        cell = _named(book, fact.name)
        cell = _beside_label(book, fact) if cell is None else cell
        if cell is None:
            said = danish_date(value) if isinstance(value, date) else canonical(value)
            notes.append(f"Skabelonen har ingen celle til «{fact.label}», så «{said}» står ikke i aftalen. Giv cellen "
                         f"navnet {fact.name} i skabelonen.")
            continue
        if fact.kind in ("year", "period"):
            value, cell.number_format = canonical(value), "@"
        elif isinstance(value, date) and cell.number_format in ("General", "@"):
            cell.number_format = DATE_FORMAT
        _put(cell, value)
        _fit_row(cell, canonical(value), growing)
    return notes


def _fill_names(book: Workbook, names: Mapping[str, str], growing: _Growing) -> list[str]:
    notes = []
    for name, text in names.items():
        cell = _named(book, name) if text else None
        if cell is not None:
            _put(cell, text)
            _fit_row(cell, text, growing)
        elif text:
            begins = text if len(text) <= 40 else f"{text[:40].rstrip()} …"
            notes.append(f"Skabelonen har ingen celle med navnet {name}, så teksten «{begins}» står ikke i aftalen. "
                         "Giv en celle navnet, eller skriv teksten ind selv.")
    return notes


def _fit_row(cell: Any, text: str, growing: _Growing) -> None:
    """Make a cell's row tall enough for its text; a cell merged over several rows is left as it is."""
    merged = _merged_at(cell.parent, cell.row, cell.column)
    if merged and merged.max_row > merged.min_row:
        return
    needed = _needed_height(cell, text, merged.max_col - merged.min_col + 1 if merged else 1)
    dimension = cell.parent.row_dimensions[cell.row]
    dimension.height = max(float(dimension.height or 15), ceil(needed))
    growing.setdefault(cell.parent.title, set()).add(cell.row)


def _put(cell: Any, value: Value, number: str = "") -> None:
    """Write a value as what it is: a text never becomes a formula or an error, points become percent."""
    if isinstance(value, str):
        text = cell_text(value)
        cell.value = text or None
        if text:
            cell.data_type = "s"
    elif isinstance(value, date) or value is None:
        cell.value = value
        if value is not None and cell.number_format == "General":
            cell.number_format = DATE_FORMAT
    else:
        stored = round(value / 100, 12) if number == "percent" else value
        cell.value = int(stored) if float(stored).is_integer() else stored
        cell.number_format = _number_format(value, number) or cell.number_format


def _number_format(value: float, number: str) -> str:
    if number in ("percent", "share"):
        decimals = _decimals(value if number == "percent" else value * 100)
        return f"0{'.' if decimals else ''}{'0' * decimals} %"
    return f"#,##0{'.' if int(number) else ''}{'0' * int(number)}" if number.isdigit() else ""


def _decimals(value: float) -> int:
    return min(len(canonical(round(value, 6)).partition(".")[2]), 2)


def _fill_goals(book: Workbook, filling: Filling, growing: _Growing) -> list[str]:
    grid = _find_grid(book, filling.columns)
    if grid is None:
        raise TemplateError(f"Skabelonen har ikke noget ark «{MAAL}» med overskrifter som Udviklingsmål, Fokusområde "
                            "og Effektmål. Kør «aftale skabelon» på den for at se, hvad der mangler.")
    _fit_years(grid, sorted(int(column.header) for column in filling.columns if column.kind == "year"))
    grid = _find_grid(book, filling.columns) or grid
    lost = [column for column in filling.columns if _column(grid, column) is None]
    for column in lost:
        _append_column(grid, column)
        grid = _find_grid(book, filling.columns) or grid
    last = _lay_rows(grid, filling, growing)
    _set_table(grid, last)
    _stretch_rules(grid, last)
    return [f"Skabelonen manglede kolonnen «{column.header}» på arket {grid.sheet.title}. Den er sat ind til højre for "
            "de andre." for column in lost]


def _column(grid: _Grid, column: Col) -> int | None:
    return grid.years.get(int(column.header)) if column.kind == "year" else grid.places.get(column.key)


def _fit_years(grid: _Grid, years: Sequence[int]) -> None:
    """Give the table the plan's own year columns: put in or take out what differs, then write the years."""
    places = sorted(grid.years.values())
    if not places or not years or list(years) == [year for year, _ in sorted(grid.years.items(), key=lambda y: y[1])]:
        return
    more = len(years) - len(places)
    if more > 0:
        _insert_like(grid.sheet, places[-1], more)
        places += range(places[-1] + 1, places[-1] + 1 + more)
    for place in reversed(places[len(years):]):
        _Shift(grid.sheet, False, place, -1).apply()
    for year, place in zip(years, places, strict=False):
        _put(grid.sheet.cell(grid.header, place), str(year))


def _insert_like(sheet: Worksheet, column: int, count: int) -> None:
    """Put in columns to the right of one and make them look like it."""
    _Shift(sheet, False, column + 1, count).apply()
    for row in range(1, sheet.max_row + 1):
        looks: Any = sheet.cell(row, column)
        for new in range(column + 1, column + 1 + count) if looks.has_style else ():
            copied: Any = sheet.cell(row, new)
            copied._style = copy(looks._style)


def _append_column(grid: _Grid, column: Col) -> None:
    """Put in a column that the template lacks, after the table's last one."""
    _insert_like(grid.sheet, grid.high, 1)
    _put(grid.sheet.cell(grid.header, grid.high + 1), column.header)


def _lay_rows(grid: _Grid, filling: Filling, growing: _Growing) -> int:
    """Write the goals, each laid out like the model row, and return the last row."""
    sheet, count = grid.sheet, len(filling.rows) or 1 + EMPTY_ROWS
    area = grid.bottom - grid.header
    if count > area:
        _Shift(sheet, True, grid.bottom + 1, count - area).apply()
    model: list[Any] = [copy(sheet.cell(grid.model, n)) for n in range(grid.low, grid.high + 1)]
    least = sheet.row_dimensions[grid.model].height
    ours = {_column(grid, each) for each in filling.columns}
    for row in range(grid.model, grid.header + max(count, area) + 1):
        cells = filling.rows[row - grid.model] if row - grid.model < len(filling.rows) else ()
        for like in model:
            drawn: Any = sheet.cell(row, like.column)
            drawn._style = copy(like._style)
            drawn.value = None if like.column in ours or row >= grid.model + count else _own_value(like, drawn)
        tallest = float(least or 0)
        for column, cell in zip(filling.columns, cells, strict=False):
            place = _column(grid, column)
            if place is not None:
                target: Any = sheet.cell(row, place)
                _put(target, cell.value, cell.number)
                tallest = max(tallest, _needed_height(target, canonical(cell.value)))
        if tallest:
            sheet.row_dimensions[row].height = ceil(tallest)
            growing.setdefault(sheet.title, set()).add(row)
    return grid.header + count


def _own_value(model: Any, target: Any) -> Any:
    """Return what staff's own column holds in the model row; a formula follows its row."""
    if model.data_type == "f" and isinstance(model.value, str):
        return Translator(model.value, model.coordinate).translate_formula(target.coordinate)
    return model.value


def _set_table(grid: _Grid, last: int) -> None:
    """Let the table (or the sheet's filter) end with the last goal, its column names as the headers say."""
    end = _ref(grid.low, grid.header, grid.high, last)
    if grid.table is None:
        if grid.sheet.auto_filter.ref:
            grid.sheet.auto_filter.ref = end
        return
    heads = [grid.sheet.cell(grid.header, n) for n in range(grid.low, grid.high + 1)]
    for cell, column in zip(heads, grid.table.tableColumns, strict=False):
        if not isinstance(cell.value, str):
            _put(cell, canonical(cell.value) or column.name)
        column.name = str(cell.value)
    if not grid.totals:  # a table with totals already grew over its new rows
        grid.table.ref = end
        if grid.table.autoFilter is not None:
            grid.table.autoFilter.ref = end


def _stretch_rules(grid: _Grid, last: int) -> None:
    """Let the model row's validations and conditional formats reach the last goal, and some spare rows below it."""
    sheet = grid.sheet
    end = last + SPARE_ROWS
    for row in range(last + 1, end + 1):
        if any(cell.value is not None for cell in next(sheet.iter_rows(row, row))):
            end = row - 1  # staff's own text stands here
            break

    def stretched(cells: Any) -> MultiCellRange:
        refs = []
        for each in cells.ranges:
            inside = (each.min_row <= grid.model <= each.max_row <= end and each.max_col >= grid.low
                      and each.min_col <= grid.high and each.min_row >= grid.model)
            refs.append(_ref(each.min_col, each.min_row, each.max_col, end) if inside else str(each))
        return MultiCellRange(" ".join(sorted(refs)))

    for validation in sheet.data_validations.dataValidation:
        validation.sqref = stretched(validation.sqref)
    _set_formats(sheet, ((stretched(each.sqref), each.rules) for each in sheet.conditional_formatting))


def _write_record(book: Workbook, record: Iterable[tuple[str, str, str, str, str]]) -> None:
    sheet: Any = _sheet(book, RECORD)
    if sheet is None:
        sheet = book.create_sheet(RECORD)
    sheet.delete_rows(1, max(sheet.max_row, 1))
    sheet.sheet_state = "hidden"
    for number, row in enumerate([_RECORD_HEADER, *record], 1):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(number, place)
            cell.number_format = "@"
            _put(cell, text)


# Changing cells of an agreement that people have worked in --------------------------------------------------------

def amend(data: bytes, sheet: str, cells: Mapping[str, str], record: Iterable[tuple[str, str, str, str, str]],
          created: date) -> bytes:
    """Return an agreement workbook with some cells (``A5``: text) of a sheet changed and ``_aftale`` written anew.

    Everything else stays as it is, stored values and drawings too, because only these cells of the package are
    touched. Raises TemplateError where the file can't be opened or has no such sheet.
    """
    try:
        parts = read_parts(data)
        where = {fold(name): part for name, part in sheet_parts(parts).items()}
        if fold(sheet) not in where:
            raise TemplateError(f"Projektmappen har ikke noget ark «{sheet}».")
        if cells:
            set_cells(parts, where[fold(sheet)], cells)
        set_rows(parts, where.get(fold(RECORD)) or add_sheet(parts, RECORD), [_RECORD_HEADER, *record])
    except _BAD_FILE as error:
        raise TemplateError("Projektmappen kan ikke åbnes. Gem den i Excel som .xlsx, og prøv igen.") from error
    return reproducible(write_parts(parts), datetime.combine(created, time()))
