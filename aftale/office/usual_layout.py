"""A package laid out as every program lays it out, so that whatever reads it finds its parts.

Its parts may be called and lie as their relations say; but the libraries look for some of them where Excel puts them, and
none of them reads names with backslashes, sheets without a part, macro sheets or the Strict kind.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any
from xml.dom import minidom

from aftale.office.package import (
    CONTENT_TYPES,
    SHEET_TYPE,
    Parts,
    elements,
    name_in,
    new_element,
    plain_name,
    related,
    relations,
    rels_of,
    source_of,
    workbook_part,
    write_parts,
    xml_of,
)

_SHEETS = {"worksheet": "worksheet", "chartsheet": "chartsheet", "dialogsheet": "worksheet", "xlMacrosheet": "worksheet",
           "xlIntlMacrosheet": "worksheet"}
"""What each kind of sheet is read as: the cells of the old kinds stand as in any other."""
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FOUND_BY_NAME = {"sharedStrings": f"{_TYPES}.sharedStrings+xml", "styles": f"{_TYPES}.styles+xml"}
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_WORKBOOK = re.compile(rb"<(?:\w+:)?workbook[\s>]")
_OLD_SHEET = re.compile(rb"(</?)(?:\w+:)?(?:macrosheet|dialogsheet)\b")


def usual(parts: Parts) -> Parts:
    """Return a package with its parts where everybody looks for them: itself where they lie there already.

    Raises one of `BAD_PACKAGE` where what says where they lie can't be read.
    """
    return parts if _is_usual(parts) else Parts(write_parts(_laid_out(parts), compress=False))


def usual_bytes(data: bytes) -> bytes:
    """Do the same for bytes."""
    return usual(Parts(data)).data


def _is_usual(parts: Parts) -> bool:
    book = workbook_part(parts)
    if CONTENT_TYPES not in parts or any(plain_name(name) != name for name in parts if not name.endswith("/")):
        return False
    if not _is_workbook(parts, book):
        return all(_as_written(parts, source_of(name)) for name in parts if name.endswith(".rels"))
    suffix = posixpath.splitext(book)[1]
    named = {kind: found[0] for kind in _FOUND_BY_NAME if (found := related(parts, book, kind))}
    sheets = [] if suffix == ".bin" else parts.listed
    return (book == f"xl/workbook{suffix}" and book in related(parts, "", "officeDocument") and rels_of(book) in parts
            and not _STRICT.search(parts[book])
            and all(part == f"xl/{kind}{suffix}" for kind, part in named.items())
            and all(sheet.part in parts and _SHEETS.get(sheet.kind) == sheet.kind for sheet in sheets)
            and _as_written(parts, "") and _as_written(parts, book)
            and all(_as_written(parts, sheet.part) for sheet in sheets))


def _is_workbook(parts: Parts, book: str) -> bool:
    return book.endswith(".bin") or bool(book and _WORKBOOK.search(parts[book][:4_000]))


def _as_written(parts: Parts, part: str) -> bool:
    """Tell whether a part's relations spell the parts as they are called: ``..`` in relative ones only, not to sheets."""
    folder = posixpath.dirname(part)
    return not any(each.part and each.part != (
        posixpath.join(folder, each.written).lstrip("/") if each.kind in _SHEETS or each.written.startswith("/")
        else posixpath.normpath(posixpath.join(folder, each.written))) for each in relations(parts, part).values())


def _laid_out(parts: Parts) -> dict[str, bytes]:
    """Return the parts under their usual names, with relations and types that name them so."""
    book = workbook_part(parts)
    moved = _usual_names(parts, book) if _is_workbook(parts, book) else {}
    names = {each: plain for each in parts  # what only lies where one of those belongs is no part
             if (plain := plain_name(each)) not in moved.values() and not each.endswith("/")} | moved
    out: dict[str, bytes] = {}
    for old, new in names.items():
        if not plain_name(old).endswith(".rels") and new.casefold() != CONTENT_TYPES.casefold():
            out.setdefault(new, parts[old])
    for source in ("", *names):
        if name_in(parts, rels_of(source)) in parts:
            out[rels_of(names.get(source, ""))] = _renamed_relations(parts, source, names, source == book)
    if moved:
        out["_rels/.rels"] = _leading_to(out.get("_rels/.rels", b""), moved[book])
        if not book.endswith(".bin"):
            out[moved[book]] = _without_lost_sheets(parts, out[moved[book]])
    types = _renamed_types(parts, names, moved)
    strict = moved and _STRICT.search(parts[book])
    out = {name: _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
           if strict and name.endswith((".xml", ".rels")) else content for name, content in out.items()}
    return {CONTENT_TYPES: types, **{name: _OLD_SHEET.sub(rb"\1worksheet", content) if name in moved.values() else content
                                     for name, content in out.items()}}


def _usual_names(parts: Parts, book: str) -> dict[str, str]:
    """Return where the workbook, its sheets and what is found by its name alone belong.

    Raises KeyError where a sheet isn't there: the file has lost something.
    """
    suffix = ".bin" if book.endswith(".bin") else ".xml"
    found = {book: f"xl/workbook{suffix}"}
    for kind in _FOUND_BY_NAME:
        for part in related(parts, book, kind)[:1]:
            if part in parts:
                found[part] = f"xl/{kind}{suffix}"
    sheets = ([each.part for each in relations(parts, book).values() if each.kind in _SHEETS] if suffix == ".bin"
              else [sheet.part for sheet in parts.listed])
    for number, part in enumerate(dict.fromkeys(each for each in sheets if each), 1):
        if part not in parts:
            raise KeyError(part)
        found.setdefault(part, f"xl/worksheets/sheet{number}{suffix}")
    return found


def _renamed_relations(parts: Parts, source: str, names: Mapping[str, str], is_book: bool) -> bytes:
    page = minidom.parseString(parts[name_in(parts, rels_of(source))])
    meant = relations(parts, source)
    for each in elements(page.documentElement, "Relationship"):
        kind, part, _ = meant[each.getAttribute("Id")]
        if part in names:
            each.setAttribute("Target", names[part].removeprefix("xl/") if is_book and names[part].startswith("xl/")
                              else f"/{names[part]}")
            if is_book and kind in _SHEETS:
                each.setAttribute("Type", f"{_OFFICE}/{_SHEETS[kind]}")
    return xml_of(page)


def _leading_to(relations_part: bytes, book: str) -> bytes:
    """Return the package's own relations with one to the workbook."""
    page = minidom.parseString(
        relations_part or b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>')
    if not any(each.getAttribute("Target") == f"/{book}" for each in elements(page.documentElement, "Relationship")):
        new_element(page.documentElement, "Relationship", {"Id": "rIdBook", "Type": f"{_OFFICE}/officeDocument",
                                                           "Target": f"/{book}"})
    return xml_of(page)


def _without_lost_sheets(parts: Parts, book: bytes) -> bytes:
    """Take the sheets that have no part off the workbook's list."""
    page = minidom.parseString(book)
    sheets = [each for holder in elements(page.documentElement, "sheets") for each in elements(holder, "sheet")]
    for element, sheet in zip(sheets, parts.listed, strict=True):
        if sheet.kind not in _SHEETS or not sheet.part:
            element.parentNode.removeChild(element)
    return xml_of(page)


def _renamed_types(parts: Parts, names: Mapping[str, str], moved: Mapping[str, str]) -> bytes:
    """Return the types of the parts under their new names, with those of what was moved."""
    page: Any = minidom.parseString(
        parts.read(CONTENT_TYPES) or b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        b'<Default Extension="xml" ContentType="application/xml"/></Types>')
    lacking = {new: _type_of(new) for new in moved.values() if new.endswith(".xml")}
    for each in elements(page.documentElement, "Override"):
        part = names.get(name_in(parts, each.getAttribute("PartName")), "")
        if not part:
            page.documentElement.removeChild(each)
            continue
        each.setAttribute("PartName", f"/{part}")
        if lacking.pop(part, "") == SHEET_TYPE and "chartsheet" not in each.getAttribute("ContentType"):
            each.setAttribute("ContentType", SHEET_TYPE)
    for part, kind in lacking.items():
        new_element(page.documentElement, "Override", {"PartName": f"/{part}", "ContentType": kind})
    return xml_of(page)


def _type_of(part: str) -> str:
    if part == "xl/workbook.xml":
        return f"{_TYPES}.sheet.main+xml"
    return next((kind for name, kind in _FOUND_BY_NAME.items() if part == f"xl/{name}.xml"), SHEET_TYPE)
