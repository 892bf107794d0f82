"""Whether a goal went forward or back between two rounds, by its status in each."""

from __future__ import annotations

from enum import StrEnum

from aftale.model.agreement import MISSING, NOT_THIS_YEAR, UNDECIDED, Status


class Movement(StrEnum):
    """How a goal's status stands to the last round's; each value is the arrow that shows it, never a mark of a status."""

    FORWARD = "↑"
    BACK = "↓"
    UNCHANGED = "→"
    FIRST = "●"


MOVEMENT_WORDS: dict[Movement, str] = {
    Movement.FORWARD: "gået frem", Movement.BACK: "gået tilbage", Movement.UNCHANGED: "uændret",
    Movement.FIRST: "første svar"}

STATUS_RANK: dict[str, int] = {
    Status.MET: 6, Status.EXPECTED: 5, Status.PARTLY: 4, Status.AWAITING: 3, Status.NOT_STARTED: 3,
    Status.NOT_EXPECTED: 2, Status.NOT_MET: 1}
"""The order from worst to best; a goal that is or was taken out (Udgået) went neither forward nor back."""
NO_ANSWER = ("", MISSING, NOT_THIS_YEAR, UNDECIDED)
"""What stands where a status would where a goal has none."""


def movement(before: str | None, now: str | None) -> Movement | None:
    """Return how a goal moved from the status ``before`` to ``now``; None where it has none now, or is or was taken out.

    A goal without a status in the last round has its first answer now. Afventer data and Ikke igangsat rank alike: going
    from the one to the other is no movement, as keeping the same status is none.
    """
    if (now or "") in NO_ANSWER:
        return None
    if (before or "") in NO_ANSWER:
        return Movement.FIRST
    if before == now:
        return Movement.UNCHANGED
    old, new = STATUS_RANK.get(before or ""), STATUS_RANK.get(now or "")
    if old is None or new is None:
        return None
    if old == new:
        return Movement.UNCHANGED
    return Movement.FORWARD if new > old else Movement.BACK
