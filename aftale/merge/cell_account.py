"""The books: every non-empty cell of every accepted file has exactly one home, and the four homes add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from aftale.forms.returned import Returned
from aftale.merge.merge import Merged, MergeResult
from aftale.model.answers import Answer
from aftale.model.text import canonical, danish_number


class CellHome(Enum):
    """Where an answer went."""

    CONFLICT = "conflict"
    FOLLOWUP = "followup"
    CONTROL = "control"


@dataclass(frozen=True)
class Books:
    """How many non-empty cells there were, and how many found each home."""

    total: int = 0
    sent: int = 0
    conflict: int = 0
    followup: int = 0
    control: int = 0

    @property
    def balance(self) -> bool:
        """Do the four homes add up to the total?"""
        return self.total == self.sent + self.conflict + self.followup + self.control

    def plus(self, other: Books) -> Books:
        """Return these books with those of other files."""
        return Books(self.total + other.total, self.sent + other.sent, self.conflict + other.conflict,
                     self.followup + other.followup, self.control + other.control)

    @property
    def sentence(self) -> str:
        """The account in one Danish sentence."""
        n = danish_number
        text = (f"{n(self.total)} udfyldte celler = {n(self.sent)} udsendt af os + {n(self.conflict)} i modstridende svar"
                f" + {n(self.followup)} i Opfølgning + {n(self.control)} på Kontrol")
        return text + (": Alle celler er gjort rede for." if self.balance else ": TALLENE STEMMER IKKE. Giv den, der har"
                                                                               " installeret programmet, besked.")


def keep_books(returned: Sequence[Returned], merged: MergeResult, goals: Collection[str], added: int = 0) -> Books:
    """Find every cell's home; ``goals`` are the ids that have a row in ``Opfølgning``.

    An answer is a side of its cell, or was replaced by a newer version; so many cells beside the answers as are ``added``
    to them stand in ``Opfølgning`` too.
    """
    homes = Counter(home_of(side, cell, goals) for cell in merged.cells.values() for side in cell.sides
                    if side.value is not None)
    control = sum(found.cells for each in returned for found in each.findings)
    control += sum(old.answer.value is not None for old in merged.superseded)
    return Books(sum(each.cells for each in returned), sum(each.sent for each in returned), homes[CellHome.CONFLICT],
                 homes[CellHome.FOLLOWUP] + added, homes[CellHome.CONTROL] + control - added)


def home_of(answer: Answer, cell: Merged, goals: Collection[str]) -> CellHome:
    """Return the home of an answer that wasn't replaced by a newer version."""
    if cell.goal not in goals:
        return CellHome.CONTROL
    if cell.conflict:
        return CellHome.CONFLICT
    if cell.decided:
        return CellHome.FOLLOWUP if canonical(answer.value) == canonical(cell.chosen) else CellHome.CONFLICT
    return CellHome.CONTROL if cell.cut else CellHome.FOLLOWUP


def shown_as_conflict(cell: Merged) -> bool:
    """Tell whether a cell stands on »Modstridende svar«: undecided, or decided against somebody's answer."""
    return cell.conflict or (cell.decided and any(canonical(side.value) != canonical(cell.chosen) for side in cell.sides))
