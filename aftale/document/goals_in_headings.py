"""From a document without tables to goals: headings, numbers, points, and lines that say what they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aftale.document.found_goals import Draft, Ledger, Said, joined
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
    if sum(bool(_level_said(para)) for para in open_paras) >= 2:
        return _Labelled(ledger).read(open_paras)
    return _Nested(ledger).read(_goal_part(open_paras))


def _level_said(para: Para) -> str:
    match = _LABEL.match(para.text)
    return LABELS[fold(match["label"])] if match and match["rest"] and (match["mark"] or match["number"]) else ""


class _Outline:
    """The goals that are found so far, and what the lines below a goal say of it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.drafts: list[Draft] = []

    def _add(self, level: Level, above: tuple[str, ...], para: Para, implied: bool = False) -> None:
        self.drafts.append(Draft(level, above, (replace(para, bullet=0),), implied=implied))
        self.ledger.place((para,))

    def _field(self, para: Para, label: str, value: str) -> None:
        """Take in what «Ansvarlig: …» says of the last goal; what has no cell, or stands there twice, goes to Note."""
        key, draft = header_key(label), self.drafts[-1]
        said = {key: Said(value, (para,))}
        if key and key not in (*LEVELS, *draft.fields, "deadline"):
            self.drafts[-1] = replace(draft, fields={**draft.fields, **said}, implied=False)
        else:
            fields = {**draft.fields, **(said if key == "deadline" else {})}
            self.drafts[-1] = replace(draft, notes=(*draft.notes, para.text), fields=fields, implied=False)
        self.ledger.place((para,))


class _Labelled(_Outline):
    """Reads lines that say which level they are: «Effektmål 1: …», and below them «Ansvarlig: …»."""

    above: Mapping[str, str] = {}

    def read(self, paras: Sequence[Para]) -> list[Draft]:
        for para in paras:
            level = _level_said(para)
            if level:
                self._goal(level, para)
            elif self.drafts and (field := _FIELD.match(para.text)) and not para.heading:
                self._field(para, field["label"], field["value"])
            elif self.drafts and para.bullet and self.drafts[-1].level in (Level.EFFECT, Level.SUB):
                self._goal("sub", para)
            elif self.drafts and para.heading:
                break
        return self.drafts

    def _goal(self, level: str, para: Para) -> None:
        depth = LEVELS.index(level)
        above = {each: self.above.get(each, "") for each in LEVELS[:depth]}
        self._add(Level(depth + 1), tuple(above.values()), para, depth < 2)
        self.above = {**above, level: para.text}
        said = _LABEL.match(para.text)
        if said and said["number"]:
            self.ledger.understand(para, said.start("number"), said.end("number"))


def _depth(para: Para) -> int:
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
        if _depth(para):
            parts.append([para])
        elif parts:
            parts[-1].append(para)
    chosen: list[list[Para]] = []
    closed = 0
    for heading, *below in parts:
        depth = _depth(heading)
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


class _Nested(_Outline):
    """Reads headings, and the points or lines below them: the deepest are effektmål, points below points delmål."""

    def read(self, paras: Sequence[Para]) -> list[Draft]:
        headings: list[tuple[int, Para]] = []
        bullets = any(para.bullet for para in paras)
        effect: tuple[Para, ...] = ()
        said: dict[str, str] = {}
        for para in paras:
            depth = _depth(para)
            if depth:
                headings = [each for each in headings if each[0] < depth]
                headings.append((depth, para))
                effect = ()
                said = self._head(headings)
            elif (field := _FIELD.match(para.text)) and header_key(field["label"]) and self.drafts and not para.bullet:
                self._field(para, field["label"], field["value"])
            elif para.bullet > 1 and effect:
                self._add(Level.SUB, (said["development"], said["focus"], joined(effect)), para)
            elif (para.bullet or not bullets) and headings:
                effect = (replace(para, bullet=0),)
                self._add(Level.EFFECT, (said["development"], said["focus"]), para)
            elif self.drafts and headings:
                # A line between points stays with the goal or heading above it.
                self.drafts[-1] = replace(self.drafts[-1], notes=(*self.drafts[-1].notes, para.text))
                self.ledger.place((para,))
        return self.drafts

    def _head(self, headings: Sequence[tuple[int, Para]]) -> dict[str, str]:
        """Take up a heading: the last two that say more than «Mål for 2016» are udviklingsmål and fokusområde."""
        telling = [para for _, para in headings if not says_only_goals(para.text)]
        said = {"development": telling[-2].text if len(telling) > 1 else telling[0].text if telling else "",
                "focus": telling[-1].text if len(telling) > 1 else ""}
        newest = headings[-1][1]
        if telling and newest is telling[-1]:
            level = Level.FOCUS if said["focus"] else Level.DEVELOPMENT
            above = (said["development"],) if level is Level.FOCUS else ()
            self._add(level, above, newest, implied=True)
            number = _NUMBERED.match(newest.text)
            if number:
                self.ledger.understand(newest, 0, number.end("number"))
        return said


def says_only_goals(text: str) -> bool:
    """Tell whether a heading only says that goals follow: «Mål for 2016», «Udviklingsmål og effektmål»."""
    plain = re.sub(r"[0-9.,:–/()-]+", " ", fold(text))
    words = set(plain.split()) - {"for", "i", "og", "år", "året", "perioden", "vores", "de", "årets", "til", "på",
                                  "aftalens", "aftalen", "oversigt", "over", "aftale", "konkrete"}
    return bool(words) and all(re.fullmatch(r"(?:\w*mål|indsatser|indsatsområder|fokusområder|udviklingsplan|handlinger|"
                                            r"handlingsplan|målsætninger|initiativer)", word) for word in words) or not words
