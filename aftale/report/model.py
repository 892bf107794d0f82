"""A report as plain values: the fields and blocks that a template may ask for, and the text, tables and figure in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

GOALS, DIALOG, CONTENTS = "Mål", "Dialog", "Indhold"
FIGURE, ATTENTION, ASSESSMENT = "Statusfigur", "Opmærksomhed", "Vurdering"
STATUSES, SHARED_OUT, SERVED = "Statustabel", "Fordeling", "Krav og politikker"
PLAN, APPENDIX, SOURCES = "Udviklingsplan", "Bilag", "Kilder"
BLOCKS: Mapping[str, str] = {
    FIGURE: "figuren over statusser", ATTENTION: "det, der kræver opmærksomhed", ASSESSMENT: "den samlede vurdering",
    CONTENTS: "indholdsfortegnelsen", STATUSES: "tabellen over statusser", SHARED_OUT: "status fordelt på udviklingsmål",
    SERVED: "krav og politikker", GOALS: "målene", DIALOG: "dialogen", PLAN: "udviklingsplanen", APPENDIX: "bilaget",
    SOURCES: "kilderne"}
"""What a template asks for in a paragraph of its own, each with what it is called in a sentence."""
TITLE, SUBTITLE, HEADLINE, MOVED = "Titel", "Undertitel", "Hovedbudskab", "Bevægelse"
FIELDS = (TITLE, SUBTITLE, HEADLINE, MOVED, "Enhed", "Forvaltning", "År", "Runde", "Periode", "Tema", "Opgjort")
"""What may stand anywhere in a text, in the header and the footer too."""


class Look(StrEnum):
    """How a paragraph looks: the name of a style in the template. `BODY` is as the marker's own paragraph."""

    BODY = ""
    CHAPTER = "Heading 1"
    SECTION = "Heading 2"
    THREAD = "Heading 3"
    CELL = "Aftale Celle"
    SMALL = "Aftale Celle lille"
    HEAD = "Aftale Tabelhoved"
    STATUS = "Aftale Status"
    SPEECH = "Aftale Replik"
    NOTE = "Aftale Note"
    CONTENTS_1 = "toc 1"
    CONTENTS_2 = "toc 2"


TABLE_STYLE = "Aftale Tabel"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text; ``ink`` is its colour where it has one of its own."""

    text: str
    bold: bool = False
    ink: str = ""


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph: its pieces and how it looks."""

    runs: tuple[Run, ...]
    look: Look = Look.BODY


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell: its paragraphs, and its fill where it has one."""

    paras: tuple[Para, ...]
    fill: str = ""


@dataclass(frozen=True)
class TextTable:
    """A table with one header row: its title and description are read aloud; ``widths`` are parts of the whole width.

    The columns in ``right`` are numbers.
    """

    title: str
    description: str
    headers: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A stacked bar for each of the ``labels``, such as ``Nu`` and ``Juni``: a number of each for every status."""

    title: str
    said: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Contents:
    """Where the table of contents stands: it is made of the headings of the finished document."""


Block = Para | TextTable | Figure | Contents


@dataclass(frozen=True)
class Report:
    """All that a report can say: ``fields`` by their name, and ``blocks`` by theirs; a block that isn't here has no say.

    ``title``, ``author`` and ``created`` are the document's own properties.
    """

    fields: Mapping[str, str]
    blocks: Mapping[str, Sequence[Block]]
    author: str
    created: date
    subject: str = field(default="Dialogbaseret aftale")

    @property
    def title(self) -> str:
        """What the document calls itself."""
        return f"{self.fields[TITLE]}: {self.author}" if self.author else self.fields[TITLE]


# ---------------------------------------------------------------- small makers

def text(said: str, look: Look = Look.CELL, bold: bool = False, ink: str = "") -> Para:
    """Return a paragraph of one piece."""
    return Para((Run(said, bold, ink),), look)


def labelled(label: str, said: str, look: Look = Look.CELL) -> Para:
    """Return a paragraph that begins with a bold label: ``Næste skridt: …``."""
    return Para((Run(f"{label}: ", True), Run(said)), look)


def cell(*paras: Para | str, fill: str = "") -> TableCell:
    """Return a cell of paragraphs; a plain text is one."""
    return TableCell(tuple(text(each) if isinstance(each, str) else each for each in paras), fill)

