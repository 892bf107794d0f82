"""Packages laid out as other programs lay them out: the same parts elsewhere, under other names, spelt in other ways."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping

Parts = Mapping[str, bytes]
Layout = Callable[[Parts], Parts]

TYPES = "[Content_Types].xml"
BOOK_RELS = "xl/_rels/workbook.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
UTF_16 = '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")
DECLARED = b'<?xml version="1.0"?><!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD" "library.dtd"><a/>'
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'
"""What add-ins and macros write, and what nobody should."""
_NAMED = re.compile(rb'(?<= )(Target|PartName)="([^"]+)"')


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Parts) -> bytes:
    """Return a package of parts with just these names, backslashes too."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            info = zipfile.ZipInfo()
            info.filename, info.compress_type = name, zipfile.ZIP_DEFLATED
            package.writestr(info, content)
    return out.getvalue()


def beside(data: bytes, owner: str, kind: str, part: str, content: bytes) -> bytes:
    """Return a package with one more part, which another refers to."""
    folder, _, name = owner.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    parts = unpacked(data)
    before = parts.get(rels, b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                             b"</Relationships>")
    relation = f'<Relationship Id="rIdN" Type="{OFFICE}/{kind}" Target="/{part}"/></Relationships>'
    return packed({**parts, rels: before.replace(b"</Relationships>", relation.encode()), part: content})


def laid_out(data: bytes, layout: str) -> bytes:
    """Return a workbook in one of the `LAYOUTS`."""
    return packed(LAYOUTS[layout](unpacked(data)))


def _moved(*changes: tuple[str, str]) -> Layout:
    """Parts lie elsewhere, and whatever refers to them says so."""
    def new_name(name: str) -> str:
        for old, new in changes:
            name = name.replace(old, new)
        return name

    def move(parts: Parts) -> Parts:
        moved = {}
        for name, content in parts.items():
            folder, last = posixpath.split(name)
            if name == TYPES or name.endswith(".rels"):
                above = posixpath.dirname(folder)
                content = _NAMED.sub(lambda found, at=above: b'%b="/%b"' % (  # type: ignore[misc]
                    found[1], new_name(posixpath.join("/", at, found[2].decode()).lstrip("/")).encode()), content)
            if last.endswith(".rels"):
                source = posixpath.split(new_name(posixpath.join(posixpath.dirname(folder), last.removesuffix(".rels"))))
                name = posixpath.join(source[0], "_rels", f"{source[1]}.rels")
            moved[new_name(name) if not last.endswith(".rels") else name] = content
        return moved
    return move


def _renamed(change: Callable[[str], str]) -> Layout:
    """The parts are spelt otherwise than what refers to them says."""
    return lambda parts: {name if name == TYPES else change(name): content for name, content in parts.items()}


def _targets(change: Callable[[str], str]) -> Layout:
    """The workbook says in another way where its sheets are."""
    def spelt(parts: Parts) -> Parts:
        rels = re.sub(rb'(?<=Target=")/?(?:xl/)?(worksheets/[^"]+)', lambda found: change(found[1].decode()).encode(),
                      parts[BOOK_RELS])
        return {**parts, BOOK_RELS: rels}
    return spelt


def _without(*names: str) -> Layout:
    return lambda parts: {name: content for name, content in parts.items() if name not in names}


def _with_sheet(kind: str, root: str) -> Layout:
    """One more sheet stands in front of the others, of an old kind or without a part."""
    def added(parts: Parts) -> Parts:
        main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        listed = rb'<\1sheets><\1sheet xmlns:z="%b" name="Gammelt" sheetId="900" z:id="rId900"/>' % OFFICE.encode()
        book = re.sub(rb"<((?:\w+:)?)sheets>", listed, parts["xl/workbook.xml"])
        relation = f'<Relationship Id="rId900" Type="{kind}" Target="worksheets/old.xml"/></Relationships>'.encode()
        return {**parts, "xl/workbook.xml": book, **({} if not kind else {
            BOOK_RELS: parts[BOOK_RELS].replace(b"</Relationships>", relation),
            "xl/worksheets/old.xml": f'<{root} xmlns="{main.decode()}"><sheetData/></{root}>'.encode()})}
    return added


def _strict(parts: Parts) -> Parts:
    return {name: re.sub(rb"http://schemas\.openxmlformats\.org/(officeDocument|spreadsheetml|drawingml)/2006/",
                         rb"http://purl.oclc.org/ooxml/\1/", content) for name, content in parts.items()}


def _single_quotes(parts: Parts) -> Parts:
    return {name: re.sub(rb'(?<= )([\w:]+)="([^"\'<>]*)"(?=[^<>]*>)', rb"\1='\2'", content)
            if name.startswith("xl/") and not name.endswith(".vml") else content for name, content in parts.items()}


_elsewhere = _moved(("workbook.xml", "bog.xml"))

LAYOUTS: dict[str, Layout] = {
    "as Excel lays it out": dict,
    "sheets in xl/sheets": _moved(("xl/worksheets/", "xl/sheets/")),
    "everything at the root": _moved(("xl/", "")),
    "in a folder of another name": _moved(("xl/", "bog/dele/")),
    "the workbook is workbook2.xml": _moved(("workbook.xml", "workbook2.xml")),
    "strings, styles and sheets of other names": _moved(("sharedStrings", "s7"), ("styles", "looks"), ("sheet1", "ark-a")),
    "parts in other case": _renamed(lambda name: name.replace("worksheets/s", "Worksheets/S").replace("styl", "Styl")),
    "parts in capitals": _renamed(str.upper),
    "targets in other case": _targets(lambda name: name.replace("worksheets/sheet", "WorkSheets/SHEET")),
    "names with backslashes": _renamed(lambda name: name.replace("/", "\\")),
    "names that begin with a slash": _renamed(lambda name: f"/{name}"),
    "targets with backslashes": _targets(lambda name: name.replace("/", "\\")),
    "targets that begin with ./": _targets(lambda name: f"./{name}"),
    "targets by way of ..": _targets(lambda name: f"../xl/{name}"),
    "targets from the root": _targets(lambda name: f"/xl/{name}"),
    "no list of types": _without(TYPES),
    "only the list of types leads to the workbook": lambda parts: _without("_rels/.rels")(_elsewhere(parts)),
    "a sheet without a relation": _with_sheet("", ""),
    "a macro sheet": _with_sheet("http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "macrosheet"),
    "a dialog sheet": _with_sheet(f"{OFFICE}/dialogsheet", "dialogsheet"),
    "the Strict kind": _strict,
    "attributes in single quotes": _single_quotes,
}
"""How a workbook may be laid out, all of them with the same cells."""
