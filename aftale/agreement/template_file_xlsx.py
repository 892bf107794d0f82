"""Is a file a template that can be opened at all? Looked at in a worker process, and what is wrong is said in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict

from aftale.agreement.template_xlsx import inspect
from aftale.intake.read import read_bytes
from aftale.intake.size_limits import danger
from aftale.intake.unpack import is_workbook
from aftale.intake.workers import Opened
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.received import IncomingMail, Refused
from aftale.model.text import danish_number
from aftale.model.workbook import column_index
from aftale.office.openpyxl_book import TemplateError
from aftale.office.package import BAD_PACKAGE, Parts, related, workbook_part

USE_ANOTHER = "Brug ellers en kopi af den medfølgende skabelon."
_LESS = "Slet det, der ikke bruges, fx tomme rækker med formater."
_SAVE_AGAIN = "Åbn den i Excel, og gem den som »Excel-projektmappe (.xlsx)«."
_MOST_NAMES, _MOST_CELLS, _MOST_RULES, _MOST_FORMATS = 50_000, 200_000, 10_000, 20_000
"""How much a template may have; that which comes with the program has some hundreds.

Each cell that is merged or linked is made by the library, however many there are, and so is each rule and format.
"""
_RULE = re.compile(rb"<(?:\w{1,9}:)?(?:cfRule|dataValidation)\s")
_FORMAT = re.compile(rb"<(?:\w{1,9}:)?(?:xf|font|fill|border)[\s>]")
_AREA = re.compile(rb"""<(?:\w{1,9}:)?(mergeCell|hyperlink)\s[^>]*?\bref=["']"""
                   rb"([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})")
_DANISH = {b"mergeCell": "flettede celler", b"hyperlink": "celler med links"}


def looked(what: Opened | IncomingMail | Refused, _given: object, _known: object) -> tuple[str, bool]:
    """Inspect a template in a worker (see `workers.Judge`): the report as JSON, or a text that says what is wrong."""
    if isinstance(what, IncomingMail):
        return json.dumps(f"Filen er en e-mail. {USE_ANOTHER}"), True
    if isinstance(what, Refused):
        return json.dumps(refused(what.problem)), True
    found = _looked(what.found.data, what.source.name)
    return json.dumps(found), isinstance(found, str)


def refused(found: Finding) -> str:
    """Say what is wrong with a template that is too large or slow to read."""
    return f"{found.message} {_LESS} {USE_ANOTHER}"


def _looked(data: bytes, name: str) -> dict[str, object] | str:
    if data[:2] != b"PK":  # the library would open a package behind other bytes, which nobody has guarded
        return f"{_why(data, name)} {USE_ANOTHER}"
    try:
        parts = Parts(data)
        if unsafe := danger(parts, Place(name), returned=False):
            return refused(unsafe)
        if many := next(_too_many(parts), ""):
            return f"{many}. {_LESS} {USE_ANOTHER}"
        return asdict(inspect(data))
    except (TemplateError, *BAD_PACKAGE):
        return f"{_why(data, name)} {USE_ANOTHER}"


def _why(data: bytes, name: str) -> str:
    """Say why a file can't be opened for filling in, and what to do about it."""
    read = read_bytes(data, name)
    if isinstance(read, Finding) and read.code == "file-locked":
        return f"{read.message} Fjern den i Excel under Filer > Oplysninger > Beskyt projektmappe."
    if isinstance(read, Finding):
        return read.message
    if is_workbook(data) and not (data[:2] == b"PK" and workbook_part(Parts(data)).endswith(".xml")):
        return f"Den er gemt i et andet format end .xlsx. {_SAVE_AGAIN}"
    return f"Noget i filen er anderledes, end Excel skriver det, så den kan ikke fyldes ud. {_SAVE_AGAIN}"


def _too_many(parts: Parts) -> Iterator[str]:
    """Yield what there is far more of than anybody uses."""
    names = parts.read(workbook_part(parts)).count(b"definedName ")
    if names > _MOST_NAMES:
        yield f"Skabelonen har {danish_number(names)} navngivne celler (Formler > Navnestyring)"
    formats = sum(1 for part in related(parts, workbook_part(parts), "styles") for _ in _FORMAT.finditer(parts.read(part)))
    if formats > _MOST_FORMATS:
        yield f"Skabelonen har {danish_number(formats)} celleformater (Hjem > Celletypografier)"
    for sheet, part in parts.sheets().items():
        xml = parts.read(part)
        rules = sum(1 for _ in _RULE.finditer(xml))
        if rules > _MOST_RULES:
            yield f"Arket {sheet} har {danish_number(rules)} betingede formater og valideringer"
        cells = xml.count(b"<c ") + xml.count(b"<row ")
        if cells > 2 * _MOST_CELLS:
            yield f"Arket {sheet} har {danish_number(cells)} rækker og celler med indhold eller format"
        areas = dict.fromkeys(_DANISH, 0)
        for kind, left, top, right, bottom in _AREA.findall(xml):
            width = abs(column_index(right.decode()) - column_index(left.decode())) + 1
            areas[kind] += width * (abs(int(bottom) - int(top)) + 1)
        for kind, area in areas.items():
            if area > _MOST_CELLS:
                yield f"Arket {sheet} har {danish_number(area)} {_DANISH[kind]}"
