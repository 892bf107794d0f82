"""What the coordinator has added to a follow-up besides our fields, so that it can be drawn again on every later flet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from aftale.model.agreement import Value
from aftale.model.text import fold

OWN = "own:"
"""What the key of an own column begins with; KSE's edition leaves such columns out."""
SHEET = "@ark "
"""What stands before the name of a sheet of ours among what is hidden."""
HEADER, TOP = "@overskrift", "@ark"
"""The row keys of a note on a table's header, and of one at the top of a sheet."""


PLAIN_LOOK: Mapping[str, str | bool | int | float] = {
    "bg_color": "", "font_color": "000000", "bold": False, "italic": False, "underline": 0, "font_strikeout": False,
    "font_size": 11.0}
"""The properties that make a cell's look, in their order, each with what it is where nobody said anything."""


OURS = ("title", "subject", "author")
"""The properties of the file that we fill in ourselves, by xlsxwriter's names."""


@dataclass(frozen=True)
class OwnColumn:
    """A column of the coordinator's own in ``Opfølgning``: its header, the key of the known column it stands after, and
    what stands in it by Mål-id; ``width`` is in characters.
    """

    header: str
    after: str
    values: Mapping[str, Value] = field(default_factory=dict)
    width: float = 18

    @property
    def key(self) -> str:
        """The column's key in code."""
        return OWN + fold(self.header)


@dataclass(frozen=True, order=True)
class OwnNote:
    """A note of the coordinator's own: its sheet, the keys of its row and column there, its text and who wrote it."""

    sheet: str
    row: str
    column: str
    text: str
    author: str = ""


@dataclass(frozen=True)
class OwnSheet:
    """A sheet of the coordinator's own; ``content`` is what the disk reads and draws, as JSON text."""

    name: str
    content: str


@dataclass(frozen=True)
class OwnContent:
    """All that is carried over from one follow-up to the next.

    ``looks`` are formats by Mål-id and column key, each as JSON text of the properties that were changed; ``widths`` (in
    characters) and ``hidden`` are by column key and ``heights`` by Mål-id: the own height and the drawn one that it took
    the place of, in points. ``rows`` are the Mål-id of the rows that were hidden by hand, and ``about`` says what the
    file is besides its title: the words of its properties by xlsxwriter's names, and the parts with case numbers and the
    sensitivity label by theirs.
    """

    columns: tuple[OwnColumn, ...] = ()
    notes: tuple[OwnNote, ...] = ()
    sheets: tuple[OwnSheet, ...] = ()
    looks: Mapping[tuple[str, str], str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    hidden: Mapping[str, bool] = field(default_factory=dict)
    heights: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))
