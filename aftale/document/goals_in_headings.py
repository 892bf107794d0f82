"""From a document without tables to goals: headings, numbers, points, and lines that say what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from aftale.document.found_goals import Draft, Ledger, Said, joined
from aftale.document.header_words import GOALS, LABELS, NO_GOALS
from aftale.document.headers import LEVELS, header_key
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


class _Labelled:
    """Reads lines that say which level they are: «Effektmål 1: …», and below them «Ansvarlig: …»."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.above: dict[str, tuple[Para, ...]] = {}
        self.drafts: list[Draft] = []

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
        self.above[level] = (para,)
        for below in LEVELS[LEVELS.index(level) + 1:]:
            self.above.pop(below, None)
        texts = tuple(joined(self.above.get(each, ())) for each in LEVELS[:LEVELS.index(level)])
        plain = replace(para, bullet=0)
        self.drafts.append(Draft(Level(LEVELS.index(level) + 1), texts, (plain,), implied=level in LEVELS[:2]))
        self.ledger.place((para,))
        said = _LABEL.match(para.text)
        if said and said["number"]:
            self.ledger.understand(para, said.start("number"), said.end("number"))

    def _field(self, para: Para, label: str, value: str) -> None:
        key, draft = header_key(label), self.drafts[-1]
        if key and key not in LEVELS and key not in draft.fields and key != "deadline":
            self.drafts[-1] = replace(draft, fields={**draft.fields, key: Said(value, (para,))}, implied=False)
            self.ledger.headed.append(label)
        else:
            more = {"deadline": Said(value, (para,))} if key == "deadline" else {}
            self.drafts[-1] = replace(draft, notes=(*draft.notes, para.text), fields={**draft.fields, **more}, implied=False)
        self.ledger.place((para,))


def _depth(para: Para) -> int:
    """Return how deep a heading stands: by its style, its number, or because it is a short bold line; 0 for other text."""
    if para.heading:
        return para.heading
    number = _NUMBERED.match(para.text)
    if number and len(para.text) <= _LONGEST_HEADING and not para.text.endswith(".") and not para.bullet:
        return 1 + number["number"].count(".")
    if para.bold and len(para.text) <= _LONGEST_HEADING and not para.bullet and not para.text.endswith((".", ",")):
        return 2
    return 0


def _goal_part(paras: Sequence[Para]) -> list[Para]:
    """Return the part of a document with its goals: below headings of goals, else below all but the general ones."""
    parts: list[tuple[Para | None, list[Para]]] = [(None, [])]
    for para in paras:
        if _depth(para):
            parts.append((para, []))
        else:
            parts[-1][1].append(para)
    kept = _kept(parts)
    return [each for number in kept if (heading := parts[number][0]) for each in (heading, *parts[number][1])]


def _kept(parts: Sequence[tuple[Para | None, list[Para]]]) -> list[int]:
    """Return the numbers of the parts whose headings can have goals, with those below them."""
    chosen: list[int] = []
    closed = 0
    about_goals = [heading is not None and _about_goals(heading.text) for heading, _ in parts]
    for number, (heading, _) in enumerate(parts):
        if heading is None:
            continue
        depth = _depth(heading)
        if closed and depth > closed:
            continue
        closed = depth if _general(heading.text) else 0
        if not closed:
            chosen.append(number)
    if any(about_goals[number] for number in chosen):
        first = next(number for number in chosen if about_goals[number])
        chosen = [number for number in chosen if number >= first]
    return chosen


def _about_goals(text: str) -> bool:
    return any(word in fold(text) for word in GOALS)


def _general(text: str) -> bool:
    plain = re.sub(r"^[0-9.)\s]+", "", fold(text))
    return any(plain.startswith(word) for word in NO_GOALS) and not _about_goals(plain)


class _Nested:
    """Reads headings, and the points or lines below them: the deepest are effektmål, points below points delmål."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.drafts: list[Draft] = []

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
                self._field(para, field)
            elif para.bullet > 1 and effect:
                self._add(Level.SUB, (said["development"], said["focus"], joined(effect)), para)
            elif (para.bullet or not bullets) and headings:
                effect = (replace(para, bullet=0),)
                self._add(Level.EFFECT, (said["development"], said["focus"]), para)
            elif self.drafts and headings:
                self._note(para)
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
            self.drafts.append(Draft(level, above, (newest,), implied=True))
            self.ledger.place((newest,))
            number = _NUMBERED.match(newest.text)
            if number:
                self.ledger.understand(newest, 0, number.end("number"))
        return said

    def _add(self, level: Level, above: tuple[str, ...], para: Para) -> None:
        self.drafts.append(Draft(level, above, (replace(para, bullet=0),)))
        self.ledger.place((para,))

    def _field(self, para: Para, field: re.Match[str]) -> None:
        key, draft = header_key(field["label"]), self.drafts[-1]
        if key in draft.fields or key in LEVELS or key in ("deadline", ""):
            more = {"deadline": Said(field["value"], (para,))} if key == "deadline" else {}
            self.drafts[-1] = replace(draft, notes=(*draft.notes, para.text), fields={**draft.fields, **more}, implied=False)
        else:
            self.drafts[-1] = replace(draft, fields={**draft.fields, key: Said(field["value"], (para,))}, implied=False)
            self.ledger.headed.append(field["label"])
        self.ledger.place((para,))

    def _note(self, para: Para) -> None:
        """Let a line between points stay with the goal or heading above it."""
        draft = self.drafts[-1]
        self.drafts[-1] = replace(draft, notes=(*draft.notes, para.text))
        self.ledger.place((para,))


def says_only_goals(text: str) -> bool:
    """Tell whether a heading only says that goals follow: «Mål for 2016», «Udviklingsmål og effektmål»."""
    plain = re.sub(r"[0-9.,:–/()-]+", " ", fold(text))
    words = set(plain.split()) - {"for", "i", "og", "år", "året", "perioden", "vores", "de", "årets", "til", "på",
                                  "aftalens", "aftalen", "oversigt", "over", "aftale", "konkrete"}
    return bool(words) and all(re.fullmatch(r"(?:\w*mål|indsatser|indsatsområder|fokusområder|udviklingsplan|handlinger|"
                                            r"handlingsplan|målsætninger|initiativer)", word) for word in words) or not words
