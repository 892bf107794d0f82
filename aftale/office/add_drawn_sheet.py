"""A drawn sheet put into a workbook that people have worked in: everything that stands there stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.dom import minidom

from aftale.office.package import (
    MAIN,
    OFFICE,
    add_part,
    add_sheet,
    edit_part,
    elements,
    new_element,
    read_parts,
    related,
    rels_of,
    sheet_parts,
    workbook_part,
    xml_of,
)

_TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_STYLE_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
                "colors", "extLst")
_AFTER_NAMES = ("calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
                "fileRecoveryPr", "webPublishObjects", "extLst")
_FIRST_OWN_FORMAT = 164
_TABLE_HEAD = re.compile(rb"<(?:\w+:)?table\b[^>]*>")


def graft(parts: dict[str, bytes], drawn: bytes) -> None:
    """Put the one sheet of a drawn workbook behind the sheets of another, in the drawn one's own looks.

    Its texts stand in its own cells, its formats behind those of the workbook, and its table gets a number of its own.
    The sheet's name must be free. Raises KeyError where the workbook has no styles or no sheets.
    """
    source = read_parts(drawn)
    (name, old), = sheet_parts(source).items()
    cells, rules = _add_styles(parts, source)
    page = minidom.parseString(source[old])
    shared = related(source, workbook_part(source), "sharedStrings")
    texts = elements(minidom.parseString(source[shared[0]]).documentElement, "si") if shared else []
    _remap(page, cells, rules, texts)
    tables = related(source, old, "table")
    part = add_sheet(parts, name, xml_of(page), hidden=False)
    if tables:
        parts[rels_of(part)] = source[rels_of(old)]
        _add_tables(parts, source, part, tables)
    _add_names(parts, source, name)


# ---------------------------------------------------------------- formats

def _styles_part(parts: Mapping[str, bytes]) -> str:
    return next(iter(related(parts, workbook_part(parts), "styles")), "")


def _add_styles(parts: dict[str, bytes], source: Mapping[str, bytes]) -> tuple[list[int], list[int]]:
    """Put the drawn formats behind those that are there; returns the new numbers of cell formats and of rule formats."""
    drawn = minidom.parseString(source[_styles_part(source)]).documentElement
    found: tuple[list[int], list[int]] = ([], [])

    def change(page: Any) -> None:
        root = page.documentElement
        numbers = _add_number_formats(root, _children(drawn, "numFmts"))
        new = {name: _append(root, name, _children(drawn, name)) for name in ("fonts", "fills", "borders")}

        def moved(xf: Any) -> None:
            for name, key in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
                xf.setAttribute(key, str(new[name][int(xf.getAttribute(key) or 0)]))
            number = xf.getAttribute("numFmtId")
            xf.setAttribute("numFmtId", numbers.get(number, number))
            xf.setAttribute("xfId", "0")

        found[0].extend(_append(root, "cellXfs", _children(drawn, "cellXfs"), moved))
        found[1].extend(_append(root, "dxfs", _children(drawn, "dxfs")))

    edit_part(parts, _styles_part(parts), change)
    return found


def _children(root: Any, name: str) -> list[Any]:
    return [each for holder in elements(root, name) for each in holder.childNodes if each.nodeType == each.ELEMENT_NODE]


def _holder(root: Any, name: str) -> Any:
    """Return the element that holds formats of a kind, put in where it belongs if it isn't there."""
    found = elements(root, name)
    if found:
        return found[0]
    later = _STYLE_ORDER[_STYLE_ORDER.index(name) + 1:]
    after = next((each for each in root.childNodes if getattr(each, "localName", "") in later), None)
    return new_element(root, name, before=after)


def _append(root: Any, name: str, children: Sequence[Any], change: Callable[[Any], None] | None = None) -> list[int]:
    """Put copies of elements behind those of their kind and return the numbers they got."""
    if not children:
        return []
    holder = _holder(root, name)
    first = sum(each.nodeType == each.ELEMENT_NODE for each in holder.childNodes)
    for child in children:
        copied = root.ownerDocument.importNode(child, True)
        if root.prefix:  # the copies are written without one
            copied.setAttribute("xmlns", MAIN)
        if change:
            change(copied)
        holder.appendChild(copied)
    holder.setAttribute("count", str(first + len(children)))
    return list(range(first, first + len(children)))


def _add_number_formats(root: Any, formats: Sequence[Any]) -> dict[str, str]:
    """Give every drawn number format the number of the same one that is there, else a free one."""
    known = {each.getAttribute("formatCode"): each.getAttribute("numFmtId") for each in _children(root, "numFmts")}
    numbers: dict[str, str] = {}
    new = []
    for each in formats:
        code = each.getAttribute("formatCode")
        if code not in known:
            free = max([_FIRST_OWN_FORMAT - 1, *(int(number) for number in known.values())]) + 1
            known[code] = str(free)
            new.append(each)
        numbers[each.getAttribute("numFmtId")] = known[code]
    _append(root, "numFmts", new, lambda copied: copied.setAttribute("numFmtId", known[copied.getAttribute("formatCode")]))
    return numbers


# ---------------------------------------------------------------- the sheet itself

def _remap(page: Any, cells: Sequence[int], rules: Sequence[int], texts: Sequence[Any]) -> None:
    """Give every cell, row, column and rule the number of its format, and every text a place in its cell."""
    for tag, key, numbers in (("c", "s", cells), ("row", "s", cells), ("col", "style", cells), ("cfRule", "dxfId", rules)):
        for each in page.getElementsByTagName(tag):
            if each.hasAttribute(key):
                each.setAttribute(key, str(numbers[int(each.getAttribute(key))]))
    for each in page.getElementsByTagName("sheetView"):
        if each.hasAttribute("tabSelected"):  # two chosen sheets would be written in together
            each.removeAttribute("tabSelected")
    for cell in page.getElementsByTagName("c"):
        if cell.getAttribute("t") == "s":
            value = cell.removeChild(elements(cell, "v")[0])
            cell.setAttribute("t", "inlineStr")
            held = new_element(cell, "is")
            for child in texts[int(value.firstChild.data)].childNodes:
                held.appendChild(page.importNode(child, True))


def _add_tables(parts: dict[str, bytes], source: Mapping[str, bytes], sheet: str, tables: Sequence[str]) -> None:
    used = [int(number) for content in parts.values() for head in _TABLE_HEAD.findall(content[:4096])
            for number in re.findall(rb'\bid="(\d+)"', head)]
    moved = {}
    for old in tables:
        used.append(max(used, default=0) + 1)
        content = re.sub(rb'(<table\b[^>]*?\bid=")\d+"', rb"\g<1>%d" % used[-1] + b'"', source[old], count=1)
        moved[old] = add_part(parts, "xl/tables/table", content, _TABLE_TYPE)

    def change(page: Any) -> None:
        for each in elements(page.documentElement, "Relationship"):
            target = next((new for old, new in moved.items() if old.endswith(each.getAttribute("Target").lstrip("./"))), "")
            each.setAttribute("Target", f"/{target}")
            each.setAttribute("Type", f"{OFFICE}/table")

    edit_part(parts, rels_of(sheet), change)


def _add_names(parts: dict[str, bytes], source: Mapping[str, bytes], name: str) -> None:
    """Let the printed area and the repeated rows of the sheet hold for it at its new place."""
    drawn = minidom.parseString(source[workbook_part(source)]).documentElement
    local = [each for each in _children(drawn, "definedNames") if each.hasAttribute("localSheetId")]
    at = list(sheet_parts(parts)).index(name)

    def change(page: Any) -> None:
        root = page.documentElement
        holders = elements(root, "definedNames")
        after = next((each for each in root.childNodes if getattr(each, "localName", "") in _AFTER_NAMES), None)
        holder = holders[0] if holders else new_element(root, "definedNames", before=after)
        for each in local:
            entered = new_element(holder, "definedName", {"name": each.getAttribute("name"), "localSheetId": str(at)})
            entered.appendChild(page.createTextNode(each.firstChild.data))

    if local:
        edit_part(parts, workbook_part(parts), change)
