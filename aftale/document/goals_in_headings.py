"""From a document without tables to goals: headings, numbers, points, and lines that say what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from aftale.document.found_goals import Draft, Ledger, Said
from aftale.document.headers import LEVELS, header_key
from aftale.document.words import GOALS, LABELS, NO_GOALS
from aftale.model.agreement import Level
from aftale.model.document import Para
from aftale.model.text import fold

_LABEL = re.compile(rf"^(?P<label>{'|'.join(sorted(LABELS, key=len, reverse=True))})\s*(?P<number>[0-9]+(?:\.[0-9]+)*)?\s*"
                    r"(?P<mark>[:.–-])?\s*(?P<rest>.*)$", re.IGNORECASE)
_FIELD = re.compile(r"^(?P<label>[^:]{2,40}):\s*(?P<value>\S.*)$")
_NUMBERED = re.compile(r"^(?P<number>[0-9]{1,2}(?:\.[0-9]{1,2}){0,3})[.)]?\s+\S")
_LONGEST_HEADING = 90


def read_outline(paras: Sequence[Para], ledger: Ledger) -> list[Draft]:
    """Read the goals of a document without tables; [] where nothing says where they are."""
    open_paras = [para for para in paras if para.number not in ledger.placed and not para.title]
    return _Outline(ledger).read(_labelled(open_paras) or _goal_part(open_paras))


def _labelled(paras: Sequence[Para]) -> list[Para]:
    """Return the lines that say which level they are as headings and points, with what stands below them; [] without any."""
    found: list[Para] = []
    for para in paras:
        depth = level_said(para)
        if depth:
            found.append(replace(para, heading=depth if depth < 3 else 0, bullet=max(0, depth - 2)))
        elif found and para.heading:
            break
        elif found and (para.bullet or _FIELD.match(para.text)):
            found.append(replace(para, bullet=2 if para.bullet else 0, bold=False))
    return found if sum(bool(level_said(para)) for para in found) > 1 else []


def level_said(para: Para) -> int:
    """Return which level a line says that it is, 1 for »Udviklingsmål 2: …«, 4 for »Delmål: …«; 0 where it says none."""
    match = _LABEL.match(para.text)
    said = match and match["rest"] and (match["mark"] or match["number"])
    return LEVELS.index(LABELS[fold(match["label"])]) + 1 if match and said else 0


def depth_of(para: Para) -> int:
    """Return how deep a heading stands: by its style, its number, or because it is a short bold line; 0 for other text."""
    if para.heading:
        return para.heading
    if len(para.text) > _LONGEST_HEADING or para.bullet or para.text.endswith("."):
        return 0
    number = _NUMBERED.match(para.text)
    return 1 + number["number"].count(".") if number else 2 if para.bold and not para.text.endswith(",") else 0


def _goal_part(paras: Sequence[Para]) -> list[Para]:
    """Return the part of a document with its goals: below headings of goals, else below all but the general ones."""
    parts: list[list[Para]] = []
    for para in paras:
        if depth_of(para):
            parts.append([para])
        elif parts:
            parts[-1].append(para)
    chosen: list[list[Para]] = []
    closed = 0
    for heading, *below in parts:
        depth = depth_of(heading)
        if closed and depth > closed:
            continue
        plain = re.sub(r"^[0-9.)\s]+", "", fold(heading.text))
        closed = depth if plain.startswith(NO_GOALS) and not _about_goals(plain) else 0
        if not closed:
            chosen.append([heading, *below])
    first = next((number for number, (heading, *_) in enumerate(chosen) if _about_goals(heading.text)), 0)
    return [para for part in chosen[first:] for para in part]


def _about_goals(text: str) -> bool:
    return any(word in fold(text) for word in GOALS)


class _Outline:
    """Reads headings, and the points or lines below them: the deepest are effektmål, points below points delmål."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.drafts: list[Draft] = []

    def read(self, paras: Sequence[Para]) -> list[Draft]:
        """Return the goals of a part of a document."""
        headings: list[tuple[int, Para]] = []
        bullets = any(para.bullet for para in paras)
        effect, above = "", ("", "")
        for para in paras:
            depth = depth_of(para)
            if depth:
                headings = [each for each in headings if each[0] < depth]
                headings.append((depth, para))
                effect, above = "", self._head(headings)
            elif (field := _FIELD.match(para.text)) and header_key(field["label"]) and self.drafts and not para.bullet:
                self._field(para, field["label"], field["value"])
            elif para.bullet > 1 and effect:
                self._add(Level.SUB, (*above, effect), para)
            elif para.bullet or (headings and not bullets):
                effect = para.text
                self._add(Level.EFFECT, above, para)
            elif self.drafts and headings:
                # A line between points stays with the goal or heading above it.
                self.drafts[-1] = replace(self.drafts[-1], notes=(*self.drafts[-1].notes, para.text))
                self.ledger.place((para,))
        return self.drafts

    def _add(self, level: Level, above: tuple[str, ...], para: Para, implied: bool = False) -> None:
        self.drafts.append(Draft(level, above, (replace(para, bullet=0),), implied=implied))
        self.ledger.place((para,))

    def _field(self, para: Para, label: str, value: str) -> None:
        """Take in what »Ansvarlig: …« says of the last goal; what has no cell, or stands there twice, goes to Note."""
        key, draft = header_key(label), self.drafts[-1]
        said = {key: Said(value, (para,))}
        if key not in (*LEVELS, *draft.fields, "deadline"):
            self.drafts[-1] = replace(draft, fields={**draft.fields, **said}, implied=False)
        else:
            fields = {**draft.fields, **(said if key == "deadline" else {})}
            self.drafts[-1] = replace(draft, notes=(*draft.notes, para.text), fields=fields, implied=False)
        self.ledger.place((para,))

    def _head(self, headings: Sequence[tuple[int, Para]]) -> tuple[str, str]:
        """Take up a heading: the last two that say more than »Mål for 2016« are udviklingsmål and fokusområde."""
        telling = [para for _, para in headings if not says_only_goals(para.text)]
        development, *focus = [para.text for para in telling[-2:]] or [""]
        newest = headings[-1][1]
        if telling and newest is telling[-1]:
            self._add(Level.FOCUS if focus else Level.DEVELOPMENT, (development,) if focus else (), newest, implied=True)
            number = _NUMBERED.match(newest.text)
            if number:
                self.ledger.understand(newest, 0, number.end("number"))
        return development, "".join(focus)


def says_only_goals(text: str) -> bool:
    """Tell whether a heading only says that goals follow: »Mål for 2016«, »Udviklingsmål og effektmål«."""
    plain = re.sub(r"[0-9.,:–/()-]+", " ", fold(text))
    words = set(plain.split()) - {"for", "i", "og", "år", "året", "perioden", "vores", "de", "årets", "til", "på",
                                  "aftalens", "aftalen", "oversigt", "over", "aftale", "konkrete"}
    return bool(words) and all(re.fullmatch(r"(?:\w*mål|indsatser|indsatsområder|fokusområder|udviklingsplan|handlinger|"
                                            r"handlingsplan|målsætninger|initiativer)", word) for word in words) or not words
