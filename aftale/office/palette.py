"""The colours and fonts that skema and follow-up share; every pair of text and fill has a contrast of 4.5:1 or more."""

from __future__ import annotations

from aftale.model.agreement import MISSING, NOT_THIS_YEAR, UNDECIDED, Status
from aftale.model.movement import Movement

FONT = "Calibri"
INK, MUTED, WHITE = "#1F2933", "#52606D", "#FFFFFF"
NAVY, SEA, MIST, PAPER, LINE = "#1F4E78", "#2E75B6", "#DDEBF7", "#F7FAFC", "#BCCCDC"
INPUT = "#FFF9DB"
INPUT_LINE = "#D9B84A"
LOOK_UP, IDLE = "#E4E7EB", "#EEF1F4"
"""The header of columns that are only there to be looked up, and a field that nobody asks for."""
MISSING_FILL, MISSING_LINE = "#FFE3E6", "#9C0006"
"""A field that must be filled in and isn't."""
MARKED, MARKED_LINE, MARKED_INK = "#FFE8CC", "#B45309", "#7A3600"
"""A cell that is asked about: its fill, its thick border (so that it isn't told by colour alone) and its text."""

STATUS_COLOURS: dict[str, tuple[str, str]] = {
    Status.MET: ("#C6EFCE", "#006100"),
    Status.EXPECTED: ("#E6F4D7", "#375A12"),
    Status.NOT_EXPECTED: ("#FCE0C5", "#7F3F00"),
    Status.PARTLY: ("#FFEB9C", "#7A4B00"),
    Status.NOT_MET: ("#FFC7CE", "#9C0006"),
    Status.NOT_STARTED: ("#E4E7EB", "#3E4C59"),
    Status.AWAITING: ("#E4E7EB", "#3E4C59"),
    Status.DROPPED: ("#E4E7EB", "#52606D"),
    MISSING: ("#FFFFFF", "#9C0006"),
    NOT_THIS_YEAR: ("#FFFFFF", "#616E7C"),
    UNDECIDED: ("#E9D8FD", "#44337A"),
}
"""Fill and text colour of each status, in the order of `Status`."""
STATUS_MARKS: dict[str, str] = {
    Status.MET: "✓", Status.EXPECTED: "▲", Status.NOT_EXPECTED: "▼", Status.PARTLY: "◐", Status.NOT_MET: "✗",
    Status.NOT_STARTED: "○", Status.AWAITING: "…", Status.DROPPED: "–", MISSING: "?", UNDECIDED: "≠",
}
"""The mark that stands beside each status, so that no status is told by its colour alone."""


def mark_format(status: str) -> str:
    """Return the number format that shows a status with its mark while the cell holds the bare word; '' without one."""
    return f'"{STATUS_MARKS[status]} "@' if status in STATUS_MARKS else ""


CHART_FILLS = ("#0072B2", "#D55E00", "#009E73")

BAR_FILLS: dict[str, tuple[str, str]] = {
    Status.MET: ("#1E7B34", "#FFFFFF"),
    Status.EXPECTED: ("#5B9F3E", INK),
    Status.PARTLY: ("#BB8C00", INK),
    Status.NOT_EXPECTED: ("#DB7525", INK),
    Status.NOT_MET: ("#B3001B", "#FFFFFF"),
    Status.NOT_STARTED: ("#8592A0", INK),
    Status.AWAITING: ("#8592A0", INK),
    Status.DROPPED: ("#52606D", "#FFFFFF"),
    UNDECIDED: ("#6B46C1", "#FFFFFF"),
    MISSING: ("#FFFFFF", "#9C0006"),
}
"""The fill of a status in a bar, at least 3:1 on white, and its label's colour, 4.5:1 on it; MISSING has a red line."""
MOVEMENT_INK: dict[Movement, str] = {
    Movement.FORWARD: "#006100", Movement.BACK: "#9C0006", Movement.UNCHANGED: MUTED, Movement.FIRST: MUTED}
