"""What a document says of the agreement itself: parties, year, period, theme, and lines such as «Koordinator: …»."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from aftale.rules.drafts import Ledger
from aftale.rules.prose_parts import years_in
from aftale.words.documents import Para, TextDocument, TextTable
from aftale.words.domain import Value
from aftale.words.sheets import FACTS
from aftale.words.text import fold

_YEAR = r"(?:19|20)[0-9]{2}"
_SPAN = re.compile(rf"({_YEAR})\s*[-–/]\s*({_YEAR}|[0-9]{{2}})(?![0-9])")
_ONE_YEAR = re.compile(rf"(?<![0-9.-])({_YEAR})(?![0-9]|\s*[-–/]\s*[0-9])")
_PLAN = re.compile(r"(?i)udviklingsmål|udviklingsplan|periode|plan\b|fireårig|4-årig")
_TITLE = re.compile(r"(?i)aftale|kontrakt|virksomhedsplan|handlingsplan|udviklingsplan|\bmål\b")
_BETWEEN = re.compile(r"(?i)\b(?:mellem|imellem)\s+(?P<one>[^.:;\n]{3,90}?)\s+og\s+(?P<other>[^.:;\n]{2,90}?)"
                      r"(?=\s+(?:omhandler|gælder|indgås|er|vedrører|for (?:året|perioden|[0-9])|om)\b"
                      rf"|\s+{_YEAR}|\s*[.,:;()\n]|\s*$)")
_OF_UNIT = re.compile(rf"(?i)\b(?:for|på|med)\s+(?P<unit>[^.:;]{{3,60}}?)\s*(?:{_YEAR}.*|[-–,(].*)?$")
_DEPARTMENT = re.compile(r"(?i)forvaltning|afdeling|kommune\b|udvalg|direkt|magistrat|byråd|\bkse\b|center for")
_LIBRARY = re.compile(r"(?i)bibliotek|museum|teater|musikskole|arkiv|kulturhus|skole|enhed|institution")
_WHOSE = r"(?i)^(?:(?:gennemgående|årets|fælles|tværgående)\s+)?"
_THEME = re.compile(rf"{_WHOSE}tema(?:et|er)?\b(?P<when>[^:]{{0,40}}):\s*(?P<what>\S.*)$")
_THEME_HEADING = re.compile(rf"{_WHOSE}tema(?:et)?(?:\s+(?:i|for)\s+[\d\s–/-]+)?$")
_LABEL = re.compile(r"^(?P<label>[^:]{2,40}):\s*(?P<value>\S.*)$")
_MOST_TITLE, _LONGEST_TITLE = 16, 110


@dataclass
class FoundFacts:
    """The facts of ``Forside``, the texts of ``Aftaletekst``, and the paragraphs of the title."""

    facts: dict[str, Value] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    title: list[Para] = field(default_factory=list)


def read_facts(document: TextDocument, ledger: Ledger, tables: Collection[int]) -> FoundFacts:
    """Read what a document says of the agreement itself, outside the ``tables`` of goals."""
    found = FoundFacts()
    paras = [block for block in document.blocks if isinstance(block, Para)]
    found.title = _title(document)
    labels = {fold(text): fact.key for fact in FACTS for text in (fact.label, *fact.aliases)}
    _labelled(document, paras, labels, found, ledger, tables)
    _parties(found, paras)
    _theme(found, paras, ledger)
    _years(document, found, paras, ledger)
    return found


def _title(document: TextDocument) -> list[Para]:
    """Return the document's first short lines, up to its first heading, long paragraph or table."""
    title: list[Para] = []
    for block in document.blocks[:_MOST_TITLE]:
        if isinstance(block, TextTable) or block.bullet or (block.heading and title):
            break
        if len(block.text) > _LONGEST_TITLE or (title and re.match(r"(?i)generelt|indledning|formål|baggrund", block.text)):
            break
        title.append(block)
        if block.heading and not _TITLE.search(block.text):
            return []
    about = any(para.title or _TITLE.search(para.text) for para in title)
    return _trimmed(title) if about else []


def _trimmed(title: list[Para]) -> list[Para]:
    """Leave out of the title what looks like the heading of what comes after it, a label or a goal."""
    end = next((number for number, para in enumerate(title) if number and (
        _LABEL.match(para.text) or re.match(r"\d+[.)]", para.text) or para.text.endswith("."))), len(title))
    return title[:end]


def _labelled(document: TextDocument, paras: Sequence[Para], labels: dict[str, str], found: FoundFacts,
              ledger: Ledger, tables: Collection[int]) -> None:
    lines: list[tuple[str, str, tuple[Para, ...]]] = []
    for para in paras:
        if match := _LABEL.match(para.text):
            lines.append((match["label"], match["value"], (para,)))
    for table in document.blocks:
        for row in table.rows if isinstance(table, TextTable) and table.number not in tables else ():
            filled = [cell for cell in row if cell.text.strip()]
            if len(filled) == 2 and len(filled[0].text) < 50:
                lines.append((filled[0].text, filled[1].text, (*filled[0].paras, *filled[1].paras)))
    for label, value, stood in lines:
        key = labels.get(fold(label).strip(" :"))
        if key and key not in found.facts and not (key == "tema" and len(value) > 60):
            if key in ("aar", "periode") and not years_in(value):
                continue
            found.facts[key] = _as_period(value) if key == "periode" else value
            for para in stood:
                ledger.understand(para)


def _as_period(text: str) -> str:
    match = _SPAN.search(text)
    return _span(match) if match else text


def _span(match: re.Match[str]) -> str:
    last = match[2] if len(match[2]) == 4 else match[1][:2] + match[2]
    return f"{match[1]}-{last}"


def _parties(found: FoundFacts, paras: Sequence[Para]) -> None:
    """Read who the agreement is between: lines around «mellem» and «og», else a sentence that says so."""
    lines = [para.text for para in paras[:40]]
    folded = [fold(line) for line in lines]
    one = other = ""
    for start, line in enumerate(folded):
        if line in ("mellem", "imellem") and "og" in folded[start + 2:start + 5]:
            middle = folded.index("og", start + 2)
            one, other = " ".join(lines[start + 1:middle]), lines[middle + 1] if middle + 1 < len(lines) else ""
            break
    if not (one and other):
        match = next((m for line in lines if len(line) < 400 and (m := _BETWEEN.search(line))
                      and _LIBRARY.search(m["one"] + m["other"])), None)
        if match is None:
            named = next((m for para in found.title
                          if (m := _OF_UNIT.search(para.text)) and _LIBRARY.search(m["unit"])), None)
            if named is not None:
                found.facts.setdefault("enhed", named["unit"])
            return
        one, other = match["one"], match["other"]
    one, other = one.strip(" ,"), other.strip(" ,")
    above = _DEPARTMENT.search(one) and not _LIBRARY.search(one)
    swapped = above and (_LIBRARY.search(other) or not _DEPARTMENT.search(other))
    found.facts.setdefault("enhed", other if swapped else one)
    found.facts.setdefault("afdeling", one if swapped else other)


def _years(document: TextDocument, found: FoundFacts, paras: Sequence[Para], ledger: Ledger) -> None:
    for para in paras:
        match = _SPAN.search(para.text)
        if match and len(years_in(match[0])) > 1 and not _THEME.match(para.text) and (
                (para.heading and _PLAN.search(para.text)) or (len(para.text) < 120 and _PLAN.search(para.text))):
            if "periode" not in found.facts:
                found.facts["periode"] = _span(match)
            if found.facts["periode"] == _span(match):
                ledger.understand(para, match.start(), match.end())
    for para in (*found.title, *(p for p in paras if p.heading or (len(p.text) < 90 and _TITLE.search(p.text)))):
        match = _ONE_YEAR.search(para.text)
        if match and ("aar" not in found.facts or found.facts["aar"] == match[1]):
            found.facts["aar"] = match[1]
            ledger.understand(para, match.start(), match.end())
    for para in document.beside:
        for match in _ONE_YEAR.finditer(para.text) if para.kind in ("Sidehoved", "Sidefod") else ():
            if match[1] == found.facts.get("aar"):
                ledger.understand(para, match.start(), match.end())


def _theme(found: FoundFacts, paras: Sequence[Para], ledger: Ledger) -> None:
    """Read the theme: a line «Tema: …» with the points below it, or what stands under a heading «Årets tema»."""
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
        if match:
            ledger.understand(para, match.start("when"), match.end("when"))
        return
