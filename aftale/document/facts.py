"""What a document says of the agreement itself: parties, year, period, theme, and lines such as »Koordinator: …«."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aftale.document.found_goals import LABELLED, Ledger, level_said
from aftale.document.headers import LEVELS, header_key
from aftale.document.target_parts import years_in
from aftale.model.agreement import Value
from aftale.model.columns import FACTS
from aftale.model.document import Para, TextDocument, TextTable
from aftale.model.text import canonical, cut, fold, listing

_YEAR = r"(?:19|20)[0-9]{2}"
_SPAN = re.compile(rf"({_YEAR})\s*(?:[-–]|til)\s*(?:[0-9]{{1,2}}\.\s*\w+\s+)?({_YEAR}|[0-9]{{2}})(?![0-9])")
_SLASH = re.compile(rf"(?<![0-9]){_YEAR}\s*/\s*(?:{_YEAR}|[0-9]{{2}})(?![0-9])")
"""A school year or two years: nobody but those who wrote it know."""
_ONE_YEAR = re.compile(rf"(?<![0-9./–-])(?<![/–-] )(?<!til )({_YEAR})(?![0-9]|\s*[-–/]\s*[0-9])")
_PLAN = re.compile(r"(?i)udviklingsmål|periode|plan\b|strategi|aftale|kontrakt|fireårig|4-årig")
_AGREEMENT = r"(?i:\w*(?:aftale|kontrakt|plan))\w*"
_TITLE = re.compile(rf"{_AGREEMENT}|(?i:\bmål\b)")
_BETWEEN = re.compile(r"(?i)\b(?:mellem|imellem)\s+(?P<all>[^.:;\n]{3,90}?\s+og\s+[^.:;\n]{2,150}?)"
                      r"(?=\s+(?:omhandler|gælder|indgås|er|vedrører|om)\b|\s+for (?:året|perioden|[0-9])"
                      rf"|\s+{_YEAR}|\s*[.:;()\n]|\s*,?\s*$|\s*,\s*(?:og|der|som)\b)")
_SAYS_PARTIES = re.compile(rf"{_AGREEMENT}(?:\s+(?:(?i:er|indgås|indgået|hermed|for|i)|[0-9–/-]+))*\s+(?i:mellem|imellem)\b")
_AND = re.compile(r"(?<![-–])\s+og\s+|\s*,\s+(?:og\s+)?", re.IGNORECASE)
"""Where a list of parties may be divided; »Kultur- og Fritid« is one."""
_OF_UNIT = re.compile(rf"{_AGREEMENT}(?:\s+[0-9–/-]+)?\s+(?:for|på|med)\s+(?P<unit>[A-ZÆØÅ][^.:;]{{2,60}}?)\s*"
                      rf"(?:{_YEAR}.*|[-–,(].*)?$")
_DEPARTMENTS = (re.compile(r"(?i)afdeling|center for|område|sekretariat"),
                re.compile(r"(?i)forvaltning|kommune\b|udvalg|direkt|magistrat|byråd|\bkse\b"))
"""Words of departments; where both parties have some, those of the second are the department's."""
_UNITS = re.compile(r"(?i)bibliotek|museum|teater|skole|arkiv|kulturhus|enhed|institution|hal\b|haller|hallen\b"
                    r"|center\b(?! for)|hjem|børnehus|børnehave|dagtilbud|botilbud|gård")
_WHOSE = r"(?i)^(?:(?:gennemgående|årets|fælles|tværgående)\s+)?"
_THEME = re.compile(rf"{_WHOSE}tema(?:et|er)?\b[^:]{{0,40}}:\s*(?P<what>\S.*)$")
_THEME_HEADING = re.compile(rf"{_WHOSE}tema(?:et)?(?:\s+(?:i|for)\s+[\d\s–/-]+)?$")
_MOST_TITLE, _LONGEST_TITLE = 16, 110
_FIRST_LINES, _LONGEST_SENTENCE = 40, 400
_LABELS = {"kontraktholder": "enhed", "aftaleholder": "enhed", "kontraktgiver": "afdeling", "kontraktperiode": "periode",
           "aftaleperiode": "periode"}
"""What contracts call the facts of ``Forside``."""
_PARTIES = ("enhed", "afdeling")
_NAMES = {fact.key: fact.label for fact in FACTS if fact.key in _PARTIES}


@dataclass
class FoundFacts:
    """The facts of ``Forside``, the texts of ``Aftaletekst``, and the paragraphs of the title."""

    facts: dict[str, Value] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    title: list[Para] = field(default_factory=list)


def read_facts(ledger: Ledger, tables: Collection[int]) -> FoundFacts:
    """Read what a document says of the agreement itself, outside the ``tables`` of goals."""
    found = FoundFacts(title=title_of(ledger.document))
    ledger.place(found.title)
    paras = [block for block in ledger.document.blocks if isinstance(block, Para)]
    rows = [[cell for cell in row if cell.text.strip()] for table in ledger.document.blocks
            if isinstance(table, TextTable) and table.number not in tables for row in table.rows]
    lines = [(match["label"], match["value"]) for para in paras if (match := LABELLED.match(para.text))]
    _labelled([*lines, *((row[0].text, row[1].text) for row in rows if len(row) == 2 and len(row[0].text) < 50)], found)
    _parties(found, paras, [para for row in rows for cell in row for para in cell.paras], ledger)
    _theme(found, paras, ledger)
    _years(found, paras, ledger)
    return found


def title_of(document: TextDocument) -> list[Para]:
    """Return the document's first short lines, up to its first heading, long paragraph, table, label or goal."""
    title: list[Para] = []
    for block, after in zip(document.blocks[:_MOST_TITLE], [*document.blocks[1:], None], strict=False):
        if isinstance(block, TextTable) or block.bullet or len(block.text) > _LONGEST_TITLE:
            break
        leads = isinstance(after, Para) and (after.bullet or re.match(r"\d+[.)]|[a-zæøå][.)]\s", after.text))
        if title and (block.heading or re.match(r"(?i)generelt|indledning|formål|baggrund|\d+[.)]", block.text)
                      or LABELLED.match(block.text) or level_said(block.text) or header_key(block.text) in LEVELS
                      or block.text.endswith(".") or (leads and not _TITLE.search(block.text))):
            break
        if block.heading and not _TITLE.search(block.text):
            return []
        title.append(block)
    return title if any(para.title or _TITLE.search(para.text) for para in title) else []


def _labelled(lines: Sequence[tuple[str, str]], found: FoundFacts) -> None:
    labels = {**_LABELS, **{fold(text): fact.key for fact in FACTS for text in (fact.label, *fact.aliases)}}
    for label, value in lines:
        key = labels.get(fold(label).strip(" :"))
        if not key or key in found.facts or (key == "tema" and len(value) > 60):
            continue
        if key in ("aar", "periode") and (not years_in(value) or _SLASH.search(value)):
            continue
        span = _SPAN.search(value) if key == "periode" else None
        found.facts[key] = _span(span) if span else value


def _span(match: re.Match[str]) -> str:
    last = match[2] if len(match[2]) == 4 else match[1][:2] + match[2]
    return f"{match[1]}-{last}"


# ---------------------------------------------------------------- the parties

class _Between(NamedTuple):
    """Who an agreement is between, the unit first, and the text that says so."""

    para: Para
    text: str
    parts: list[str]


def _parties(found: FoundFacts, paras: Sequence[Para], cells: Sequence[Para], ledger: Ledger) -> None:
    """Read who the agreement is between: lines or cells around »mellem« and »og«, else a sentence, else the title."""
    missing = [key for key in _PARTIES if key not in found.facts]
    said = missing and (_in_lines(paras) or _in_lines(cells) or next(_in_sentences(found, [*paras, *cells]), None)
                        or next(_in_title(found), None))
    if not said:
        return
    read = {key: name for key, name in zip(_PARTIES, said.parts, strict=False) if key in missing}
    if len(said.parts) > len(_PARTIES):
        ledger.say("doc-parties-unsure", said.para.at, value=said.text, what=listing([_NAMES[key] for key in missing]))
    elif read:
        found.facts.update(read)
        ledger.say("doc-parties", said.para.at, value=cut(said.text, 100),
                   what=listing([f"{_NAMES[key]} er {name}" for key, name in read.items()]))


def _in_lines(paras: Sequence[Para]) -> _Between | None:
    """Return the parties that stand on lines of their own between »mellem« and »og«."""
    lines = [para.text for para in paras[:_FIRST_LINES]]
    folded = [fold(line) for line in lines]
    for start, line in enumerate(folded):
        if line not in ("mellem", "imellem"):
            continue
        parts: list[str] = []
        at = start + 1
        while "og" in folded[at + 1:at + 4]:
            end = folded.index("og", at + 1)
            parts.append(" ".join(lines[at:end]))
            at = end + 1
        parts += lines[at:at + 1]
        if len(parts) > 1:
            return _Between(paras[start], f"{lines[start]} {' og '.join(parts)}", _unit_first(parts))
    return None


def _in_sentences(found: FoundFacts, paras: Sequence[Para]) -> Iterator[_Between]:
    """Yield the parties of sentences »… mellem … og …«; one that the document names elsewhere tells where to divide."""
    for para in paras[:_FIRST_LINES]:
        match = _BETWEEN.search(para.text) if len(para.text) < _LONGEST_SENTENCE else None
        if match is None or not (_UNITS.search(match["all"]) or _SAYS_PARTIES.search(para.text)):
            continue
        text = re.sub(r"(?i)\s+og$", "", match["all"].strip(" ,"))
        for key in found.facts.keys() & _PARTIES:
            named = canonical(found.facts[key])
            divided = re.fullmatch(r"(?i){0}\s+og\s+(.+)|(.+)\s+og\s+{0}".format(re.escape(named)), text)
            if divided:
                rest = divided[1] or divided[2]
                yield _Between(para, para.text, [named, rest] if key == "enhed" else [rest, named])
        yield _Between(para, para.text, _unit_first([part for part in _AND.split(text) if part]))


def _in_title(found: FoundFacts) -> Iterator[_Between]:
    for para in found.title:
        if match := _OF_UNIT.search(para.text):
            yield _Between(para, para.text, [match["unit"]])


def _unit_first(parts: list[str]) -> list[str]:
    """Return two parties with the unit first, where what they are called tells which it is."""
    parts = [part.strip(" ,") for part in parts]
    ranks = [max((number for number, words in enumerate(_DEPARTMENTS, 1) if words.search(part)),
                 default=-1 if _UNITS.search(part) else 0) for part in parts]
    return parts[::-1] if len(parts) == 2 and ranks[0] > ranks[1] else parts


# ---------------------------------------------------------------- years and theme

def _years(found: FoundFacts, paras: Sequence[Para], ledger: Ledger) -> None:
    for para in paras:
        match = _SPAN.search(para.text)
        of_plan = (_PLAN.search(para.text) and (para.heading or len(para.text) < 120) and not _THEME.match(para.text)
                   or para in found.title and _SPAN.fullmatch(para.text.strip(" .()")))
        if match and of_plan and len(years_in(match[0])) > 1:
            found.facts.setdefault("periode", _span(match))
    of_agreement = [*found.title, *(p for p in paras if p.heading or (len(p.text) < 90 and _TITLE.search(p.text)))]
    for para in of_agreement:
        match = _ONE_YEAR.search(_SPAN.sub(" ", para.text))
        if match:
            found.facts.setdefault("aar", match[1])
    of_years = [*of_agreement, *(para for para in paras if len(para.text) < 120 and _PLAN.search(para.text))]
    slash = next(((p, m[0]) for p in of_years if (m := _SLASH.search(p.text))), None)
    if slash and "aar" not in found.facts:
        ledger.say("doc-year-slash", slash[0].at, value=slash[1])


def _theme(found: FoundFacts, paras: Sequence[Para], ledger: Ledger) -> None:
    """Read the theme: a line »Tema: …« with the points below it, or what stands under a heading »Årets tema«."""
    for number, para in enumerate(paras):
        match, heading = _THEME.match(para.text), _THEME_HEADING.match(para.text)
        if not match and not heading:
            continue
        below: list[Para] = []
        for each in paras[number + 1:]:
            if each.heading or (match and not each.bullet) or each.number != (below or [para])[-1].number + 1:
                break
            below.append(each)
        if not match and not below:
            continue
        name = re.split(r"\s*[(.;]|\s[–-]\s", match["what"])[0] if match else below[0].text.rstrip(".")
        if len(name) <= 60:
            found.facts.setdefault("tema", name)
        found.texts["Tematekst"] = "\n".join(f"• {each.text}" if each.bullet else each.text for each in (para, *below))
        ledger.place((para, *below))
        return
