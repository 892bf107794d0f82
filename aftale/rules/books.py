"""The books: every non-empty cell of every accepted file has exactly one home, and the four homes add up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from aftale.rules.merge import Merged, MergeResult, Side
from aftale.rules.returned import Answer, Returned
from aftale.words.text import canonical, danish_number


class Home(Enum):
    """Where a cell's content went."""

    SENT = "sent"
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

    @property
    def sentence(self) -> str:
        """The account in one Danish sentence."""
        n = danish_number
        text = (f"{n(self.total)} udfyldte celler = {n(self.sent)} udsendt af os + {n(self.conflict)} i modstridende svar"
                f" + {n(self.followup)} i Opfølgning + {n(self.control)} på Kontrol")
        return text + (": alt er bogført." if self.balance else ": REGNSKABET STEMMER IKKE. Meld det som en fejl.")


def keep_books(returned: Sequence[Returned], merged: MergeResult, goals: Collection[str]) -> Books:
    """Find every cell's home; ``goals`` are the ids that have a row in ``Opfølgning``."""
    homes = dict.fromkeys(Home, 0)
    old = {(s.side.source.sha256, id(s.side.answer)) for s in merged.superseded}
    for each in returned:
        homes[Home.SENT] += each.sent
        homes[Home.CONTROL] += sum(loose.cells for loose in each.loose)
        for answer in each.answers:
            if answer.value is not None:
                replaced = (each.source.sha256, id(answer)) in old
                homes[Home.CONTROL if replaced else home_of(answer, merged, goals)] += 1
    return Books(sum(each.cells for each in returned), homes[Home.SENT], homes[Home.CONFLICT], homes[Home.FOLLOWUP],
                 homes[Home.CONTROL])


def home_of(answer: Answer, merged: MergeResult, goals: Collection[str]) -> Home:
    """Return the home of an answer that wasn't replaced by a newer version."""
    if answer.goal not in goals:
        return Home.CONTROL
    cell = merged.cells[answer.goal, answer.column]
    if cell.conflict:
        return Home.CONFLICT
    if cell.decided:
        return Home.FOLLOWUP if canonical(answer.value) == canonical(cell.outcome) else Home.CONFLICT
    return Home.CONTROL if cell.cut else Home.FOLLOWUP


def shown_as_conflict(cell: Merged) -> bool:
    """Tell whether a cell stands on «Modstridende svar»: undecided, or decided against somebody's answer."""
    return cell.conflict or (cell.decided and any(_against(side, cell) for side in cell.sides))


def _against(side: Side, cell: Merged) -> bool:
    return canonical(side.answer.value) != canonical(cell.outcome)
