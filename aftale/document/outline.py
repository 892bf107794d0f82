"""Goals in the text: numbered lines and points under headings, lines that say what they are, headings with prose alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from aftale.document.found_goals import LABELLED, Draft, Ledger, Said, above_of, level_said
from aftale.document.headers import LEVELS, header_key, header_years
from aftale.document.words import GOALS, NO_GOALS
from aftale.model.agreement import Level
from aftale.model.document import Para
from aftale.model.text import cut, fold

_NUMBERED = re.compile(r"^(?P<number>[0-9]{1,2}(?:(?:\.[0-9]{1,2})+\.?|[.)])|[a-zæøå][.)])\s+\S")
_NO_TEXT = re.compile(r"(?i).*(?:\.{4,}|…{2,})\s*[0-9]+$|(?:side\s*)?[0-9]+(?:\s*(?:/|af)\s*[0-9]+)?$|.*_{4,}.*|\W*$"
                      r"|(?:dato|underskrift|sted)\b[^.]{0,60}$|(?:den\s+)?[0-9]{1,2}\.\s*\w+\s+[0-9]{4}$")
"""Lines that are never goals: those of a table of contents, page numbers, signatures, dates."""
_AT_THE_END = re.compile(r"(?i)(?:[0-9]{1,2}\.?\s+)?(?:underskrifter|bilag(?:\s+[0-9a-z]+)?)\s*:?$")
"""Lines that end the goals, however they look."""
_OF_ONE_GOAL = ("indicator", "target", "baseline", "owners", "deadline")
_COUNTED = re.compile(r"\s*[0-9]{1,2}(?:\.[0-9]{1,2})*\s*[.:]?$")
_GOES_ON = re.compile(r"[.:,;!?]$")
_OF_GOALS = re.compile(rf"(?<!for)(?:{'|'.join(GOALS)})")
_LONGEST_HEADING, _LONGEST_THEME, _FEWEST_CELLS = 90, 60, 3
_STYLED, _BOLD, _SAID, _NUMBER, _POINT, _PROSE = 0, 50, 60, 70, 80, 100
"""How deep lines stand, the headings of styles first; what stands deeper belongs to what stands above it."""


@dataclass
class _Line:
    """A line with those that stand deeper below it, its fields (»Ansvarlig: …«) and the prose under it."""

    para: Para
    depth: int
    below: list[_Line] = field(default_factory=list)
    prose: list[Para] = field(default_factory=list)
    fields: dict[str, Said] = field(default_factory=dict)


def read_outline(paras: Sequence[Para], ledger: Ledger, among_tables: bool = False) -> list[Draft]:
    """Return the goals in a document's paragraphs; ``among_tables`` only those under a heading that says so."""
    if lost := _cells_on_lines(paras):
        ledger.say("doc-cells-on-lines", lost.at, value=cut(lost.text, 60))
        return []
    lines = [para for para in paras if para.number not in ledger.placed and not para.title and not _NO_TEXT.match(para.text)]
    lines = _with_labels(lines)
    said = sum(bool(level_said(para.text)) for para in lines) > 1
    tree = _tree(lines, said)
    part = tree if said else _goal_part(tree, among_tables)
    return list(_Goals(ledger, said, among_tables).read(part, ()))


def heading_depth(para: Para) -> int:
    """Return how deep a line stands as a heading: by its style, its level's name, or as a short bold line; else 0."""
    if para.heading:
        return para.heading
    if level_said(para.text) and level_said(para.text) < 3:
        return _SAID + level_said(para.text)
    short = len(para.text) <= _LONGEST_HEADING and not para.bullet and not re.search("[.,]$", para.text)
    return _BOLD if para.bold and short else 0


def _with_labels(lines: Sequence[Para]) -> list[Para]:
    """Put labels that stand on a line of their own, »Mål 1« or »Indikator«, before the text below them."""
    made: list[Para] = []
    goals = 0
    for number, para in enumerate(lines):
        key, before = _label_alone(para), _label_alone(lines[number - 1]) if number else ""
        text, *after = [*lines[number + 1:number + 3], None]
        if key and text and _in_list(text):
            made += [] if key in ("sub", "indicator") else [para]
        elif key and text and not (text.heading or text.bold or _label_alone(text) or text.text.endswith(":")) and not (
                after[0] and _in_list(after[0])):
            goals += key == "effect"
            label = para.text.rstrip(" :") if key != "effect" or level_said(f"{para.text.rstrip(' :')}: x") else "Mål"
            made.append(replace(text, text=f"{label}: {text.text}"))
        elif not (before and made and made[-1].number == para.number):
            made.append(para)
    return made if goals > 1 else list(lines)


def _label_alone(para: Para) -> str:
    key = "" if _in_list(para) else header_key(_COUNTED.sub("", para.text))
    return key if key in ("effect", "sub", "note", *_OF_ONE_GOAL) else ""


def _in_list(para: Para) -> bool:
    return bool(para.bullet or _NUMBERED.match(para.text))


def _cells_on_lines(lines: Sequence[Para]) -> Para | None:
    """Return the first of the headers of a table whose cells stand on a line each, as where a program wrote a Word file."""
    run: list[Para] = []
    for para in lines:
        header = "level" if header_key(para.text) in LEVELS else header_key(para.text) or header_years(para.text)
        run = [*run, para] if header and not para.heading else []
        if len(run) >= _FEWEST_CELLS and any(header_key(each.text) in LEVELS for each in run):
            return run[0]
    return None


def _tree(lines: Sequence[Para], said: bool) -> list[_Line]:
    """Put every line under the nearest one above it that stands higher; ``said`` tells that lines name their level."""
    top: list[_Line] = []
    stack: list[_Line] = []
    for number, para in enumerate(lines):
        depth = _depth(para, lines[number + 1] if number + 1 < len(lines) else None, said)
        labelled = LABELLED.match(para.text)
        key = header_key(labelled["label"]) if labelled and depth >= _POINT else ""
        key = "" if para.bullet and key not in _OF_ONE_GOAL else key
        known = stack[-1].fields.get(key) if stack else None
        if labelled and key and stack and key not in LEVELS and (key == "indicator" or not known):
            said_before = known or Said("")
            stack[-1].fields[key] = Said(f"{said_before.text}\n{labelled['value']}".strip(), (*said_before.paras, para))
        elif depth == _PROSE:
            if stack:
                stack[-1].prose.append(para)
        else:
            stack = [each for each in stack if each.depth < depth]
            line = _Line(para, depth)
            (stack[-1].below if stack else top).append(line)
            stack.append(line)
    return top


def _depth(para: Para, following: Para | None, said: bool) -> int:
    level, number = level_said(para.text), _NUMBERED.match(para.text)
    if said and level:
        return _SAID + level
    if para.heading:
        return _STYLED + para.heading
    if _AT_THE_END.match(para.text) or (said and heading_depth(para) == _BOLD and following and level_said(following.text)):
        return _BOLD
    if said and number and (_general(para) or says_only_goals(para.text)):
        return _BOLD  # a chapter, which ends what stands above it
    if said:
        return _POINT + para.bullet if para.bullet else _PROSE
    chapter = re.match("[0-9]{1,2}(?= )", para.text)  # »1 Børn« with »1.1 …« below it
    if chapter and following and following.text.startswith(f"{chapter[0]}."):
        return _NUMBER
    if number:
        deep = number["number"].endswith(")") or number["number"][0].isalpha()
        return _NUMBER + (9 if deep else number["number"].strip(".").count("."))
    if para.bullet:
        return _POINT + para.bullet
    leads = following is not None and (following.bullet or _NUMBERED.match(following.text))
    theme = (leads and len(para.text) <= _LONGEST_THEME and para.text[:1].isupper() and not LABELLED.match(para.text)
             and not _GOES_ON.search(para.text) and not fold(para.text).startswith("indhold"))
    return _BOLD if heading_depth(para) or theme else _PROSE


def _goal_part(tree: list[_Line], only_said: bool) -> list[_Line]:
    """Return the part of a document with its goals: what stands under »Mål for 2016«, else all from the first heading of
    goals on without the general sections.
    """
    if own := [line for line in tree if line.below and says_only_goals(line.para.text) and _about_goals(line)]:
        return own
    first = next((number for number, line in enumerate(tree) if _about_goals(line)), 0 if not only_said else len(tree))
    return [line for line in tree[first:] if not _general(line.para)]


def _about_goals(line: _Line) -> bool:
    own = line.depth < _POINT and not _general(line.para) and _OF_GOALS.search(fold(line.para.text))
    return bool(own) or any(_about_goals(each) for each in line.below)


def _general(para: Para) -> bool:
    plain = re.sub(r"^[0-9.)\s]+", "", fold(para.text))
    return plain.startswith(NO_GOALS) and not para.bullet and not _OF_GOALS.search(plain)


class _Goals:
    """Makes goals of the lines of a document: themes are headings with goals below, and points below goals are delmål."""

    def __init__(self, ledger: Ledger, said: bool, among_tables: bool) -> None:
        self.ledger, self.said, self.among_tables = ledger, said, among_tables

    def read(self, lines: Sequence[_Line], above: tuple[Para, ...]) -> Iterator[Draft]:
        """Yield the goals of lines that stand below headings."""
        for line in lines:
            level = level_said(line.para.text) if self.said else 0
            heading = line.depth < _SAID or (0 < level < 3)
            if (heading or line.depth < _POINT) and _general(line.para):
                continue
            if (heading or line.depth < _POINT) and says_only_goals(line.para.text):
                yield from self.read(line.below, above)
            elif heading or self._is_theme(line):
                yield from self._theme(line, above)
            else:
                yield from self._goal(line, above)

    def _is_theme(self, line: _Line) -> bool:
        """Tell whether a numbered line is the theme of those below it: short, without a figure or a full stop."""
        plain = re.sub(r"^[0-9.)]+", "", line.para.text)
        return (_NUMBER <= line.depth < _POINT and bool(line.below) and len(line.para.text) <= _LONGEST_THEME
                and not re.search(r"[0-9]|[.:]$", plain))

    def _theme(self, line: _Line, above: tuple[Para, ...]) -> Iterator[Draft]:
        headings = (*above, line.para)[-2:]
        if line.below:
            self.ledger.place((line.para,))
            yield from self.read(line.below, headings)
        elif self.said:
            texts = above_of(headings)
            level = Level.FOCUS if texts[1] else Level.DEVELOPMENT
            yield self._draft(line, level, texts[:level.value - 1])
        elif not self.among_tables:
            self.ledger.say("doc-heading-goal", line.para.at, value=cut(line.para.text, 80))
            yield replace(self._draft(line, Level.EFFECT, above_of(above)), asked=True)

    def _goal(self, line: _Line, above: tuple[Para, ...]) -> Iterator[Draft]:
        texts = above_of(above)
        effect = self._draft(line, Level.EFFECT, texts)
        yield effect
        for each in _all_below(line):
            yield self._draft(each, Level.SUB, (*texts, effect.text))

    def _draft(self, line: _Line, level: Level, above: tuple[str, ...]) -> Draft:
        self.ledger.place((line.para, *line.prose, *(para for said in line.fields.values() for para in said.paras)))
        paras = [replace(line.para, bullet=0)]
        for para in line.prose:  # a line that was broken in the middle of a sentence
            if not para.text[:1].islower() or paras[-1].text.endswith((".", ":", ";", "!", "?")):
                break
            paras.append(para)
        notes = tuple(para.text for para in line.prose[len(paras) - 1:])
        return Draft(level, above, tuple(paras), {}, line.fields, notes)


def _all_below(line: _Line) -> Iterator[_Line]:
    for each in line.below:
        yield each
        yield from _all_below(each)


def says_only_goals(text: str) -> bool:
    """Tell whether a heading only says that goals follow: »Mål for 2016«, »Udviklingsmål og effektmål«."""
    plain = re.sub(r"[0-9.,:–/()-]+", " ", fold(text))
    words = set(plain.split()) - {"for", "i", "og", "år", "året", "perioden", "vores", "de", "årets", "til", "på",
                                  "aftalens", "aftalen", "oversigt", "over", "aftale", "konkrete"}
    return bool(words) and all(re.fullmatch(r"(?:\w*mål|indsatser|indsatsområder|fokusområder|udviklingsplan|handlinger|"
                                            r"handlingsplan|målsætninger|initiativer|nøgletal|resultatkrav)", word)
                               for word in words) or not words
