"""Where something stands, and the file that it came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """Where something stands: file, sheet and cell, and the archive or mail the file came in.

    In a document ``cell`` is the place in words, such as ``tabel 1, række 5``.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    container: str = ""

    def __str__(self) -> str:
        inside = f"{self.container} > {self.file}" if self.container else self.file
        where = f"række {self.cell}" if self.cell.isdigit() else self.cell and f"celle {self.cell}"
        where = self.cell if " " in self.cell else where
        return ", ".join(part for part in (inside, self.sheet and f"ark {self.sheet}", where) if part)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was received: what identifies it, and who sent it when."""

    sha256: str
    name: str
    container: str = ""
    sender: str = ""
    when: str = ""
    program: str = ""

    @property
    def short(self) -> str:
        """So much of the hash as tells the file from others."""
        return self.sha256[:16]
