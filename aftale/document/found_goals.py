"""Goals on their way from a document to ``Mål``: the paragraphs they are made of, so that every word keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aftale.document.headers import COMBINED, CROSS, LEVELS, NUMBER, Columns, under_year
from aftale.document.words import LABELS
from aftale.model.agreement import Level
from aftale.model.document import Leftover, Para, TextCell, TextDocument, TextTable
from aftale.model.findings import Finding
from aftale.model.problems import problem
from aftale.model.text import fold


class Said(NamedTuple):
    """What a column or a labelled line says of a goal, and the paragraphs it stands in."""

    text: str
    paras: tuple[Para, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A goal as it was found: its level, the texts above it, its paragraphs; crosses and numbers by year, columns by key.

    ``implied`` is a heading that needs no row of its own where goals stand below it. ``parent`` tells that its delmål
    carry what is to be followed up, so that no measure is looked for in it, ``asked`` that it may be no goal at all.
    """

    level: Level
    above: tuple[str, ...]
    paras: tuple[Para, ...]
    years: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[str, Said] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    implied: bool = False
    parent: bool = False
    asked: bool = False
    text_as: str = ""

    @property
    def text(self) -> str:
        """The goal's own text."""
        return self.text_as or joined(self.paras)

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """The four levels' texts of its row."""
        one, two, three, four, *_ = (*self.above, self.text, "", "", "")
        return one, two, three, four

    @property
    def at(self) -> str:
        """Where it stands."""
        return self.paras[0].at if self.paras else ""


class GoalTable(NamedTuple):
    """A table with goals: its columns, how well they fit the shape that found them, and the headings above the table."""

    table: TextTable
    columns: Columns
    score: int
    headings: tuple[Para, ...] = ()

    @property
    def rows(self) -> tuple[tuple[TextCell, ...], ...]:
        """The rows below the header."""
        return self.table.rows[self.columns.above + self.columns.header if self.columns.header else 0:]


HEADERS = "Tabellens overskrifter"
"""What a leftover is that only holds the headers or labels of a table with goals."""
NUMBERING = re.compile(
    r"(?:(?:udviklingsmål|resultatmål|fokusområde|indsatsområde|effektmål|delmål|mål|indsats|handling|tema|pejlemærke|punkt|nr\.?)\s*"
    r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}(?![0-9])(?:\s*:)?|[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.?(?=\s|$)"
    r"|(?:[0-9]{1,2}[.:)]|[a-zæøå][.)])(?=\s+(?-i:[A-ZÆØÅ])|$))", re.IGNORECASE)
"""The number that a goal has in the document: »1.2«, »Effektmål 3:«."""


@dataclass
class Ledger:
    """What has become of a document's paragraphs: which have a home in the workbook, and what is told of them.

    ``labels`` are the headers of label tables, which stand nowhere on ``Mål``.
    """

    document: TextDocument
    placed: set[int] = field(default_factory=set)
    problems: list[Finding] = field(default_factory=list)
    labels: list[Leftover] = field(default_factory=list)

    def say(self, code: str, at: str, **words: str) -> None:
        """Add a finding at a place of the document."""
        self.problems.append(problem(code, self.document.place(at), **words))

    def place(self, paras: Iterable[Para]) -> None:
        """Note that paragraphs have a home in the workbook."""
        self.placed |= {para.number for para in paras}


_GOES_ON = frozenset(("på", "med", "i", "og", "af", "til", "for", "en", "et", "den", "det", "de", "som", "der", "at", "ved",
                      "fra", "om", "eller", "samt", "under", "over", "mellem", "hos", "vedr.", "bl.a.", "inkl.", "nye",
                      "mindst"))


def unfinished(text: str) -> bool:
    """Tell whether a text ends in the middle of a sentence: »… på«, »…,«."""
    return text.endswith((",", "-", "–")) or fold(text.split()[-1] if text.split() else "") in _GOES_ON


def joined(paras: Iterable[Para]) -> str:
    """Return paragraphs as one text: a line each, points with their mark, and a sentence that goes on in its line."""
    pieces: list[str] = []
    for para in paras:
        if pieces:
            goes_on = not para.bullet and (para.text[:1].islower() or unfinished(pieces[-1]))
            pieces.append(" " if goes_on else "\n")
        pieces.append(f"• {para.text}" if para.bullet else para.text)
    return "".join(pieces)


def grouped(paras: Iterable[Para]) -> list[tuple[Para, ...]]:
    """Group points with the points below them: each of the outermost begins a group."""
    groups: list[list[Para]] = []
    for para in paras:
        if groups and para.bullet > 1:
            groups[-1].append(para)
        else:
            groups.append([para])
    return [tuple(group) for group in groups]


def named_goal(text: str) -> bool:
    """Tell whether a text can name a goal: »110« and »-« can't."""
    return bool(re.search(r"[^\W\d_]{2}", text))


LABELLED = re.compile(r"^(?P<label>[^:]{2,40}):\s*(?P<value>\S.*)$")
"""A line such as »Ansvarlig: Husteamet«."""
_LABEL = re.compile(rf"^(?P<label>{'|'.join(sorted(LABELS, key=len, reverse=True))})\s*(?P<number>[0-9]+(?:\.[0-9]+)*)?\s*"
                    r"(?P<mark>[:.–-])?\s*(?P<rest>.*)$", re.IGNORECASE)


def level_said(text: str) -> int:
    """Return which level a line says that it is, 1 for »Udviklingsmål 2: …«, 4 for »Delmål: …«; 0 where it says none."""
    match = _LABEL.match(text)
    said = match and match["rest"] and (match["mark"] or match["number"])
    return LEVELS.index(LABELS[fold(match["label"])]) + 1 if match and said else 0


def above_of(headings: Sequence[Para]) -> tuple[str, str]:
    """Return the udviklingsmål and the fokusområde that headings are: a theme alone is a fokusområde."""
    texts = [para.text for para in headings[-2:]]
    if len(texts) == 1:
        return (texts[0], "") if level_said(texts[0]) == 1 else ("", texts[0])
    return (texts[0], texts[1]) if texts else ("", "")


# ---------------------------------------------------------------- what stands beside a goal

ALSO = "(x)"
"""What a draft keeps of a year that is active for another reason than a cross."""


@dataclass
class Beside:
    """What stands beside a goal: crosses and numbers by year, fields by key, and what belongs in Note."""

    years: dict[int, str] = field(default_factory=dict)
    fields: dict[str, Said] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, ledger: Ledger, columns: Columns, cells: Mapping[int, TextCell]) -> Beside:
        """Take in the cells of a row by their column."""
        beside = cls()
        for at, cell in cells.items():
            beside.add(ledger, columns.names.get(at, ""), columns.keys.get(at, ""), columns.years.get(at, ()), cell.paras)
        return beside

    def add(self, ledger: Ledger, name: str, key: str, years: Sequence[int], paras: tuple[Para, ...]) -> None:
        """Take in what stands under a header or beside a label, ``key`` or ``years`` being what that is known to mean."""
        text, label = joined(paras), name.rstrip(" :.")
        ledger.place(paras)
        if years:
            self._under_years(ledger, label, years, paras, text)
        elif key == "indicator" and key in self.fields:
            before = self.fields[key]
            self.fields[key] = Said(f"{before.text}\n{text}", (*before.paras, *paras))
        elif key in ("", COMBINED, *LEVELS, *self.fields):
            self.notes.append(f"{label}: {text}" if label else text)
        else:
            self.fields[key] = Said(text, paras)

    def _under_years(self, ledger: Ledger, label: str, years: Sequence[int], paras: tuple[Para, ...], text: str) -> None:
        says = under_year(text)
        if says == NUMBER and {self.years.get(year, ALSO) for year in years} - {CROSS, ALSO, text}:
            says = "doc-year-twice"
        if says == NUMBER:
            self.years.update(dict.fromkeys(years, text))
        elif says in (CROSS, "doc-year-text"):
            # One cross under several years stays one cross to whoever counts them.
            for number, year in enumerate(years):
                if self.years.get(year, ALSO) == ALSO:
                    self.years[year] = CROSS if says == CROSS and number == 0 else ALSO
        if says.startswith("doc-"):
            self.notes.append(f"{label}: {text}")
            ledger.say(says, paras[0].at, value=text, what=label)

    def shared(self, *keys: str) -> Beside:
        """Return the fields that hold for every point of a row."""
        return Beside(fields={key: said for key, said in self.fields.items() if key in keys})

    def draft(self, level: Level, above: tuple[str, ...], paras: tuple[Para, ...], implied: bool = False,
              parent: bool = False) -> Draft:
        """Make a goal with what stands beside it."""
        return Draft(level, above, paras, dict(self.years), dict(self.fields), tuple(self.notes), implied, parent)
