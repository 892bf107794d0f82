"""What stood in a document, before anybody judged it: paragraphs and tables that know their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from aftale.model.place import Place, Source

STRUCK, HIDDEN, DELETED = "Overstreget tekst", "Skjult tekst", "Slettet tekst"
"""The kinds of text that stands in a document without being part of what it says."""


@dataclass(frozen=True)
class Para:
    """A paragraph: its number in the document, its text (one line, no spaces around it) and where it stands.

    ``heading`` is 1 for the topmost headings, ``bullet`` 1 for the outermost points of a list, both 0 for other text.
    ``title`` marks the document's title. ``kind`` says in Danish what it is where it stands beside the text: a footer, a
    footnote, a text box …
    """

    number: int
    text: str
    at: str
    heading: int = 0
    bullet: int = 0
    title: bool = False
    bold: bool = False
    kind: str = ""


@dataclass(frozen=True)
class TextCell:
    """A cell of a table: its first column (zero-based), how many it is wide, and what stands in it.

    ``down`` tells that it is one with the cell above it, ``gone`` that all its text is struck out, hidden or deleted.
    """

    column: int
    paras: tuple[Para, ...] = ()
    span: int = 1
    down: bool = False
    tables: tuple[TextTable, ...] = ()
    gone: bool = False

    @property
    def text(self) -> str:
        """The cell's own text, a line for each paragraph."""
        return "\n".join(para.text for para in self.paras)


@dataclass(frozen=True)
class TextTable:
    """A table: its number in the document and its rows of cells, and the number of columns."""

    number: int
    rows: tuple[tuple[TextCell, ...], ...]

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max((cell.column + cell.span for row in self.rows for cell in row), default=0)

    def paras(self) -> Iterator[Para]:
        """Yield every paragraph, those of tables inside the cells too."""
        for row in self.rows:
            for cell in row:
                yield from cell.paras
                for table in cell.tables:
                    yield from table.paras()


@dataclass(frozen=True)
class TextDocument:
    """A document: where it came from, its paragraphs and tables in order, and the paragraphs beside the text.

    ``readings`` are what had to be read into it while it was opened: a problem code and a place for each.
    """

    source: Source
    blocks: tuple[Para | TextTable, ...]
    beside: tuple[Para, ...] = ()
    readings: tuple[tuple[str, str, str], ...] = field(default=())

    def paras(self) -> Iterator[Para]:
        """Yield every paragraph of the document once, in reading order, those beside the text last."""
        for block in self.blocks:
            if isinstance(block, Para):
                yield block
            else:
                yield from block.paras()
        yield from self.beside

    def place(self, at: str) -> Place:
        """Return a place in this document."""
        return Place(self.source.name, "", at)


@dataclass(frozen=True)
class Leftover:
    """A text of the document that has no cell of its own: where it stood, what it was, and the text."""

    at: str
    kind: str
    text: str
