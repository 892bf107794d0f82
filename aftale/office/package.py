"""The zip package that a workbook is: its parts and how they refer to each other, and cells changed in place."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from xml.dom import minidom
from xml.etree import ElementTree
from xml.parsers import expat

from aftale.model.text import canonical, tidy, without_controls
from aftale.model.workbook import cell_place, column_name

BAD_PACKAGE = (zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, ElementTree.ParseError, OSError, EOFError,
               LookupError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError, RuntimeError)
"""What the standard library and the libraries that read workbooks raise on damaged files and parts."""
MOST_BYTES = 150_000_000
"""How large a part may be when it is unpacked, in bytes; the largest skema anybody fills in is a thousandth of that."""
EPOCH = datetime(1980, 1, 1)
"""The earliest time that a zip entry can carry."""
CONTENT_TYPES = "[Content_Types].xml"
_ENCRYPTED = 0x1
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)\b[^>]*>)[^<]*(</dcterms:)")
_ROW = re.compile(rb'<row r="(\d+)"[^>]*>')


class Parts(Mapping[str, bytes]):
    """The parts of a package by name, each unpacked once, when it is asked for.

    Raises one of `BAD_PACKAGE` where the bytes are no zip file, and later where the part that is asked for is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.infos: Mapping[str, zipfile.ZipInfo] = {info.filename: info for info in self._zip.infolist()}
        self._unpacked: dict[str, bytes] = {}
        self.relations_read: dict[str, dict[str, Relation]] = {}

    def __getitem__(self, name: str) -> bytes:
        if name not in self._unpacked:
            self._unpacked[name] = self._whole(self.infos[name])
        return self._unpacked[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.infos)

    def __len__(self) -> int:
        return len(self.infos)

    def __contains__(self, name: object) -> bool:
        return name in self.infos

    def read(self, name: str) -> bytes:
        """Return a part, b'' where there is none; never more than `MOST_BYTES`, whatever the package says of itself."""
        found = self.named(name)
        return self[found] if found else b""

    def named(self, name: str) -> str:
        """Return a part's name as the package spells it, '' where it has no such part; see `name_in`."""
        found = name_in(self, name)
        return found if found in self.infos else ""

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """How the package spells each name, by the plain name in small letters; of two alike the first counts."""
        return _spellings(self.infos)

    def _whole(self, info: zipfile.ZipInfo) -> bytes:
        if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & _ENCRYPTED:
            with self._zip.open(info) as stream:
                return stream.read(MOST_BYTES)
        # The standard library unpacks in small pieces, which takes as long again as the unpacking itself.
        content = zlib.decompressobj(-15).decompress(self.packed(info), MOST_BYTES)
        if zlib.crc32(content) != info.CRC:
            raise zipfile.BadZipFile(f"Bad CRC-32 for {info.filename!r}")
        return content

    def packed(self, info: zipfile.ZipInfo) -> memoryview:
        """Return a part's bytes as they stand in the file, packed."""
        name, extra = struct.unpack_from("<HH", self.data, info.header_offset + 26)
        start = info.header_offset + 30 + name + extra
        return memoryview(self.data)[start:start + info.compress_size]

    @cached_property
    def listed(self) -> list[SheetPart]:
        """The sheets as `listed_sheets` gives them."""
        return listed_sheets(self)

    def sheets(self) -> dict[str, str]:
        """Return the part of each sheet by the sheet's tidy name, in the workbook's order."""
        return {tidy(sheet.name): sheet.part for sheet in self.listed if sheet.part}


def read_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name, in the order they stand; raises one of `BAD_PACKAGE` for no package."""
    return {name: content for name, content in Parts(data).items() if not name.endswith("/")}


def write_parts(parts: dict[str, bytes], compress: bool = True) -> bytes:
    """Return a package of these parts with nothing in it that depends on the clock, or on more than Python's own zlib.

    With ``compress=False`` the bytes don't depend on that either, as those of the shipped template mustn't.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in sorted(parts, key=lambda name: name != CONTENT_TYPES):
            info = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
            info.create_system = 3  # otherwise Windows and the others differ
            info.external_attr = 0o644 << 16
            package.writestr(info, parts[name])
    return out.getvalue()


def reproducible(data: bytes, when: datetime = EPOCH, compress: bool = True) -> bytes:
    """Return the same package with ``when`` as its created and modified time, and fixed dates on its entries."""
    parts = read_parts(data)
    if core := parts.get("docProps/core.xml"):
        stamp = f"{when:%Y-%m-%dT%H:%M:%S}Z".encode()
        parts["docProps/core.xml"] = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<2>", core)
    return write_parts(parts, compress)


def let_rows_grow(data: bytes, part: str, rows: Collection[int]) -> bytes:
    """Take the mark of a fixed height off some rows (1-based) of a sheet's part.

    They open at the height we worked out and grow when someone types a long text; the libraries can only fix them.
    """
    def loosen(found: re.Match[bytes]) -> bytes:
        return found[0].replace(b' customHeight="1"', b"") if int(found[1]) in wanted else found[0]

    wanted = set(rows)
    parts = read_parts(data)
    parts[part] = _ROW.sub(loosen, parts[part])
    return write_parts(parts)


# How the parts refer to each other ----------------------------------------------------------------------------------

_WORKBOOK_TYPE = re.compile(r"(?:spreadsheetml|ms-excel)\.(?:sheet|template|addin)\b.*\bmain\b")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def source_of(rels: str) -> str:
    """Return the part whose relations a ``.rels`` part holds ('' for the package itself)."""
    folder, name = posixpath.split(plain_name(rels))
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def rels_of(part: str) -> str:
    """Return the part that holds a part's relations, by its plain name."""
    folder, name = posixpath.split(plain_name(part))
    return posixpath.join(folder, "_rels", f"{name}.rels")


def plain_name(name: str) -> str:
    """Return a part's name with forward slashes, ``.`` and ``..`` resolved and no slash in front."""
    return posixpath.normpath(posixpath.join("/", name.replace("\\", "/"))).lstrip("/")


def _spellings(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in names:
        found.setdefault(plain_name(each).casefold(), each)
    return found


def name_in(parts: Mapping[str, bytes], name: str) -> str:
    """Return a part's name as the package spells it: case, kind of slash and ``.`` don't matter; plain where it has none."""
    if name in parts:
        return name
    plain = plain_name(name)
    return (parts.spellings if isinstance(parts, Parts) else _spellings(parts)).get(plain.casefold(), plain)


class Relation(NamedTuple):
    """How a part refers to another: the last word of the type, the part meant ('' outside the package), what is written."""

    kind: str
    part: str
    written: str


def relations(parts: Mapping[str, bytes], part: str) -> dict[str, Relation]:
    """Return a part's relations by their id."""
    if isinstance(parts, Parts):
        if part not in parts.relations_read:
            parts.relations_read[part] = _relations(parts, part)
        return parts.relations_read[part]
    return _relations(parts, part)


def _relations(parts: Mapping[str, bytes], part: str) -> dict[str, Relation]:
    content = parts.get(name_in(parts, rels_of(part)))
    if not content:
        return {}
    found = {}
    for each in ElementTree.fromstring(content).iter(_RELATIONSHIP):
        written, outside = each.get("Target", ""), each.get("TargetMode") == "External"
        target = posixpath.join(posixpath.dirname(plain_name(part)), written.replace("\\", "/"))
        found[each.get("Id", "")] = Relation(each.get("Type", "").rsplit("/", 1)[-1],
                                             "" if outside else name_in(parts, target), written)
    return found


def related(parts: Mapping[str, bytes], part: str, kind: str) -> list[str]:
    """Return the parts that a part refers to as being of a kind, such as ``comments``."""
    return [each.part for each in relations(parts, part).values() if each.kind == kind and each.part]


def workbook_part(parts: Mapping[str, bytes]) -> str:
    """Return the part that is the workbook itself, '' where there is none.

    The package says which it is, by its relations or by the types of its parts; else it has its usual name.
    """
    said = related(parts, "", "officeDocument")
    types = [] if any(each in parts for each in said) else _of_type(parts, _WORKBOOK_TYPE)
    usual = (name_in(parts, name) for name in ("xl/workbook.xml", "xl/workbook.bin"))
    return next((name for name in (*said, *types, *usual) if name in parts), "")


def _of_type(parts: Mapping[str, bytes], kind: re.Pattern[str]) -> list[str]:
    content = parts.get(name_in(parts, CONTENT_TYPES))
    return [name_in(parts, each.get("PartName", "")) for each in ElementTree.fromstring(content).iter()
            if kind.search(each.get("ContentType", ""))] if content else []


def says_workbook(data: bytes) -> bool:
    """Tell whether a package states that one of its parts is a workbook; never raises."""
    try:
        return bool(_of_type(Parts(data), _WORKBOOK_TYPE))
    except BAD_PACKAGE:
        return False


class SheetPart(NamedTuple):
    """A sheet as the workbook lists it: its name, what kind of sheet, and its part ('' where no relation leads to one)."""

    name: str
    kind: str
    part: str


def listed_sheets(parts: Mapping[str, bytes]) -> list[SheetPart]:
    """Return the sheets in their order; raises KeyError where there is no workbook."""
    book = workbook_part(parts)
    targets = relations(parts, book)
    found = []
    for element in ElementTree.fromstring(parts[book]).iter():
        if element.tag.rsplit("}", 1)[-1] == "sheet":
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            kind, part, _ = targets.get(relation, ("", "", ""))
            found.append(SheetPart(element.get("name", ""), kind, part))
    return found


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name, in their order; raises KeyError where there is no workbook."""
    return {sheet.name: sheet.part for sheet in listed_sheets(parts) if sheet.part}


def owners_of_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Map every part that a sheet leads to (drawings, comments, charts …) to that sheet's name."""
    owners: dict[str, str] = {}
    for sheet, start in sheet_parts(parts).items():
        waiting = [start]
        while waiting:
            part = waiting.pop()
            if part and part not in owners:
                owners[part] = sheet
                waiting += [each.part for each in relations(parts, part).values()]
    return owners


# Changing cells as XML -----------------------------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_NUMBERED = re.compile(rb"&#(x?[0-9A-Fa-f]+);")
_BETWEEN_TAGS = re.compile(r">[^<]+<")
_HELD = re.compile("\ue000(x?[0-9A-Fa-f]+)\ue001")


def cell_text(text: str) -> str:
    """Return text as a workbook can hold it; ``_x0041_`` is guarded, or Excel would read it as a letter."""
    text = without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def edit_part(parts: dict[str, bytes], part: str, change: Callable[[Any], None]) -> None:
    """Change a part as XML; minidom keeps prefixes and attributes as they were written.

    Only a line break in an attribute (``&#10;``) it would write as a space: numbered characters are held meanwhile.
    """
    part = name_in(parts, part)
    held = _NUMBERED.sub(lambda found: f"\ue000{found[1].decode()}\ue001".encode(), parts[part])
    page = minidom.parseString(held)
    change(page)
    parts[part] = _HELD.sub(r"&#\1;", xml_of(page).decode()).encode()


def xml_of(page: minidom.Document) -> bytes:
    """Return a part as bytes, the same in every Python: before 3.13 minidom spelt quotes in text ``&quot;``."""
    text = page.toxml(encoding="UTF-8", standalone=True).decode()
    return _BETWEEN_TAGS.sub(lambda found: found[0].replace("&quot;", '"'), text).encode()


def elements(parent: Any, name: str) -> list[Any]:
    """Return the elements right inside another that have this name, whatever their prefix."""
    return [each for each in parent.childNodes if each.nodeType == each.ELEMENT_NODE and each.localName == name]


def new_element(parent: Any, tag: str, attributes: Mapping[str, str] | None = None, before: Any = None) -> Any:
    """Put a new element into another, with the same prefix as that one has."""
    prefix = f"{parent.prefix}:" if parent.prefix else ""
    element = parent.ownerDocument.createElementNS(parent.namespaceURI, prefix + tag)
    for key, value in (attributes or {}).items():
        element.setAttribute(key, value)
    return parent.insertBefore(element, before)


def with_cells(data: bytes, sheet: str, cells: Mapping[str, str | float]) -> bytes:
    """Return a workbook with some cells of one sheet changed and every other part of it as it was.

    Raises zipfile.BadZipFile for what is no package, and KeyError where it has no such sheet.
    """
    parts = read_parts(data)
    set_cells(parts, sheet_parts(parts)[sheet], cells)
    return write_parts(parts)


def set_cells(parts: dict[str, bytes], part: str, cells: Mapping[str, str | float]) -> None:
    """Write texts and numbers in some cells (``A5``: text) of a sheet's part; their style and everything else stays."""
    formulas: list[str] = []

    def change(page: Any) -> None:
        table = elements(page.documentElement, "sheetData")[0]
        rows = dict(_numbered_rows(table))
        for ref, value in cells.items():
            number = int(re.sub(r"\D", "", ref))
            if number not in rows:
                after = next((rows[n] for n in sorted(rows) if n > number), None)
                rows[number] = new_element(table, "row", {"r": str(number)}, after)
            if _set_cell(rows[number], ref, value):
                formulas.append(ref)

    edit_part(parts, part, change)
    if formulas:
        _drop_calculation_chain(parts)


def set_rows(parts: dict[str, bytes], part: str, rows: Iterable[Sequence[str]]) -> None:
    """Replace everything that stands in a sheet's part by rows of text."""
    def change(page: Any) -> None:
        table = elements(page.documentElement, "sheetData")[0]
        for child in list(table.childNodes):
            table.removeChild(child)
        for old in elements(page.documentElement, "dimension"):
            page.documentElement.removeChild(old)
        for number, texts in enumerate(rows, 1):
            row = new_element(table, "row", {"r": str(number)})
            for place, text in enumerate(texts):
                if cell_text(text):
                    _write_value(new_element(row, "c", {"r": f"{column_name(place)}{number}"}), text)

    edit_part(parts, part, change)


def _numbered_rows(table: Any) -> Iterable[tuple[int, Any]]:
    """Yield the rows with their numbers, which a program may leave out where they follow each other."""
    number = 0
    for row in elements(table, "row"):
        number = int(row.getAttribute("r") or number + 1)
        yield number, row


def _set_cell(row: Any, ref: str, value: str | float) -> bool:
    """Write a text or number in a cell, keeping its style, and return whether a formula stood there."""
    wanted, column, after = _column_of(ref), -1, None
    for each in elements(row, "c"):
        column = _column_of(each.getAttribute("r"), column + 1)
        if column == wanted:
            formula = bool(elements(each, "f"))
            _write_value(each, value)
            return formula
        if column > wanted:
            after = each
            break
    _write_value(new_element(row, "c", {"r": ref}, after), value)
    return False


def _column_of(ref: str, otherwise: int = 0) -> int:
    """Return a cell's zero-based column; ``otherwise`` where a program left the reference out."""
    place = cell_place(ref.upper())
    return place[1] if place else otherwise


def _write_value(cell: Any, value: str | float) -> None:
    for child in list(cell.childNodes):
        cell.removeChild(child)
    for name in ("t", "cm", "vm"):
        if cell.hasAttribute(name):
            cell.removeAttribute(name)
    if not isinstance(value, str):
        new_element(cell, "v").appendChild(cell.ownerDocument.createTextNode(canonical(value)))
    elif cell_text(value):
        cell.setAttribute("t", "inlineStr")
        shown = new_element(new_element(cell, "is"), "t", {"xml:space": "preserve"})
        shown.appendChild(cell.ownerDocument.createTextNode(cell_text(value)))


def add_sheet(parts: dict[str, bytes], name: str, content: bytes = b"", hidden: bool = True) -> str:
    """Put a sheet into the package behind the others and return its part: hidden and empty where nothing else is said."""
    book = workbook_part(parts)
    empty = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()
    part = add_part(parts, "xl/worksheets/sheet", content or empty, SHEET_TYPE)
    relation = next(f"rId{n}" for n in range(1, 10_000) if f"rId{n}" not in relations(parts, book))
    edit_part(parts, rels_of(book), lambda page: new_element(page.documentElement, "Relationship", {
        "Id": relation, "Type": f"{OFFICE}/worksheet", "Target": f"/{part}"}))

    def enter(page: Any) -> None:
        sheets = elements(page.documentElement, "sheets")[0]
        used = max(int(each.getAttribute("sheetId")) for each in elements(sheets, "sheet"))
        new_element(sheets, "sheet", {"name": name, "sheetId": str(used + 1), **({"state": "hidden"} if hidden else {}),
                                      "xmlns:aftale": OFFICE, "aftale:id": relation})

    edit_part(parts, book, enter)
    return part


def add_part(parts: dict[str, bytes], stem: str, content: bytes, kind: str) -> str:
    """Put a part of a content type into the package under the first free number and return its name."""
    number = next(n for n in range(1, len(parts) + 2) if f"{stem}{n}.xml" not in parts)
    part = f"{stem}{number}.xml"
    parts[part] = content
    edit_part(parts, CONTENT_TYPES, lambda page: new_element(page.documentElement, "Override", {
        "PartName": f"/{part}", "ContentType": kind}))
    return part


DOCUMENTS: Mapping[str, tuple[str, str]] = {
    "docProps/custom.xml": ("application/vnd.openxmlformats-officedocument.custom-properties+xml",
                            f"{OFFICE}/custom-properties"),
    "docMetadata/LabelInfo.xml": ("application/vnd.ms-office.classificationlabels+xml",
                                  "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels")}
"""The parts in which people and their systems say what a document is (case number, sensitivity label), by name: their
content type and how the package refers to them."""


def add_document(parts: dict[str, bytes], name: str, content: bytes, kind: str, relation: str) -> None:
    """Put a part that belongs to the whole document into the package."""
    parts[name] = content
    edit_part(parts, CONTENT_TYPES, lambda page: new_element(page.documentElement, "Override", {
        "PartName": f"/{name}", "ContentType": kind}))
    number = next(f"rId{n}" for n in range(1, 10_000) if f"rId{n}" not in relations(parts, ""))
    edit_part(parts, rels_of(""), lambda page: new_element(page.documentElement, "Relationship", {
        "Id": number, "Type": relation, "Target": name}))


def _drop_calculation_chain(parts: dict[str, bytes]) -> None:
    """Take out the list of formulas, which Excel rebuilds: it may not name a cell that has no formula any more."""
    book = workbook_part(parts)
    chain = next(iter(related(parts, book, "calcChain")), "")
    if not parts.pop(chain, b""):
        return

    def forget(page: Any) -> None:
        for element in elements(page.documentElement, "Relationship") + elements(page.documentElement, "Override"):
            named = element.getAttribute("Target") or element.getAttribute("PartName")
            if posixpath.basename(named) == posixpath.basename(chain):
                page.documentElement.removeChild(element)

    edit_part(parts, rels_of(book), forget)
    edit_part(parts, CONTENT_TYPES, forget)

