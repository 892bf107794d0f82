"""What becomes of a goal when its year ends: the fates, the last that was said of it, and what its Note says."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from aftale.rules.followup import FollowUp
from aftale.rules.state import History
from aftale.words.domain import UNDECIDED, Column, Round, Status
from aftale.words.text import canonical, fold, spoken


class Fate(StrEnum):
    """What is new of a goal (or of the plan) in the year to come, in the order that it should be talked about."""

    PLAN = "Planperioden"
    THEME = "Temaet"
    FOCUS = "Fokusområde uden mål"
    PROPOSED = "Foreslås videreført"
    SUGGESTED = "Forslag"
    DROPPED = "Udgår"
    ENDS = "Slutter"
    PAUSES = "Holder pause"
    BEGINS = "Begynder"
    TARGET = "Nyt måltal"
    BASELINE = "Nyt udgangspunkt"
    GOES_ON = "Fortsætter"


def fate_of(years: Collection[int], year: int, status: str, dropped: bool = False, replaced: bool = False) -> Fate | None:
    """Return what becomes of a goal after a year, None where it is neither of this year nor of the next.

    ``years`` are those that it is active, ``status`` the last that was said of it. An unfinished goal is proposed for
    carrying over where no year of it is left; nobody decides that but people.
    """
    later = [each for each in years if each > year]
    if dropped or status == Status.DROPPED:
        return Fate.DROPPED if year in years or later else None
    if year + 1 in years:
        return Fate.GOES_ON if year in years else Fate.BEGINS
    if year not in years:
        return None
    if later:
        return Fate.PAUSES
    return Fate.ENDS if replaced or status == Status.MET else Fate.PROPOSED


# ---------------------------------------------------------------- the last that was said of a goal

@dataclass(frozen=True)
class Last:
    """The last that a year's follow-ups say of a goal: its status and result, each with the round that it is from.

    ``status`` is `UNDECIDED` where two answers stand against each other, and '' where there is none. ``baseline`` is what
    somebody answered under Udgangspunkt.
    """

    status: str = ""
    status_round: Round | None = None
    result: float | None = None
    result_round: Round | None = None
    as_of: date | None = None
    remark: str = ""
    baseline: float | None = None

    def early(self, year: int) -> str:
        """Say why the result isn't yet the year's own, '' where it is."""
        if self.result is None:
            return ""
        known = f"opgjort pr. {spoken(self.as_of)}" if self.as_of else "uden dato for opgørelsen"
        if self.result_round is Round.MIDTVEJS:
            return f"fra midtvejs, {known}"
        return "" if self.as_of and self.as_of >= date(year, 12, 31) else known


def lasts(rounds: Sequence[FollowUp], year: int) -> dict[str, Last]:
    """Return the last that is said of every goal in a year's follow-ups, the earliest round first.

    A round that says nothing of a goal leaves what the round before it said.
    """
    said: dict[tuple[str, Round], History] = {}
    for own in (False, True):  # what a follow-up remembers of another round gives way to that round's own
        for each in rounds:
            said.update({(h.goal, Round(h.round)): h for h in each.state.history
                         if h.year == year and (h.round == each.state.round.value) is own})
    remarks = {v.goal.id: canonical(v.value(Column.REMARKS)) for each in rounds for v in each.verdicts
               if canonical(v.value(Column.REMARKS))}
    baselines = {v.goal.id: value for each in rounds for v in each.verdicts
                 if isinstance(value := v.value(Column.BASELINE), float)}
    latest = {v.goal.id: v for v in rounds[-1].verdicts} if rounds else {}
    found = {}
    for goal in dict.fromkeys((*latest, *(goal for goal, _ in said))):
        in_order = [said[goal, round_] for round_ in reversed(Round) if (goal, round_) in said]
        status = next((h for h in in_order if h.status), None)
        result = next((h for h in in_order if h.result is not None), None)
        verdict = latest.get(goal)
        undecided = verdict is not None and verdict.undecided(Column.STATUS)
        if verdict is not None and verdict.undecided(Column.RESULT):
            result = None
        found[goal] = Last(
            UNDECIDED if undecided else status.status if status else "",
            Round(status.round) if status and not undecided else None, result.result if result else None,
            Round(result.round) if result else None, result.as_of if result else None, remarks.get(goal, ""),
            baselines.get(goal))
    return found


def suggested(rounds: Sequence[FollowUp]) -> tuple[tuple[str, str], ...]:
    """Return what colleagues suggested below their skemaer in a year's rounds, each once: (ansvarlig, text)."""
    found = {(each.owner, fold(loose.text)): (each.owner, loose.text) for follow_up in rounds
             for each in follow_up.state.returned for loose in each.loose if loose.kind == "new-goal"}
    return tuple(sorted(found.values()))


# ---------------------------------------------------------------- what is written in Note

_OURS = re.compile(
    r"Nyt i \d{4}: (?:Foreslås videreført: sluttede i \d{4} som «[^»\n]*»\. Sæt x i \d{4}, hvis det skal med\."
    r"|Udgangspunkt er resultatet for \d{4}: [^\n()]*?(?: \(foreløbigt: [^)\n]*\))?\."
    r"|Udgangspunkt er oplyst i opfølgningen for \d{4}: [^\n()]*?\.)")


def proposal_note(year: int, status: str) -> str:
    """Return the line for a goal that is proposed for carrying over from a year."""
    return (f"Nyt i {year + 1}: Foreslås videreført: sluttede i {year} som «{status}». Sæt x i {year + 1}, hvis det skal"
            " med.")


def baseline_note(year: int, figure: str, early: str) -> str:
    """Return the line for a goal whose baseline is a year's result (as `measures.baseline_from` reads it)."""
    return f"Nyt i {year + 1}: Udgangspunkt er resultatet for {year}: {figure}{f' (foreløbigt: {early})' if early else ''}."


def answered_note(year: int, figure: str) -> str:
    """Return the line for a goal whose baseline was answered in a year's follow-up."""
    return f"Nyt i {year + 1}: Udgangspunkt er oplyst i opfølgningen for {year}: {figure}."


def noted(note: str, lines: Sequence[str], dropped: str = "") -> str:
    """Return a Note with new lines at its end, and ``dropped`` at its front, where a goal that is taken out says so.

    Lines that were written for an earlier year go, where nobody has changed them; they stand in that year's agreement.
    """
    kept = [each for each in note.split("\n") if not _OURS.fullmatch(each.strip())] if note else []
    return "\n".join((*([dropped] if dropped else []), *kept, *(each for each in lines if each not in kept))).strip("\n")


# ---------------------------------------------------------------- the years of a theme

_YEARS = re.compile(r"\b((?:19|20)\d\d)(?:\s*(?:-|–|—|/|og|til|til og med)\s*((?:19|20)?\d\d)\b)?")


def theme_spans(text: str, period: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Return the stretches of years that a text names: ``2015 og 2016``, ``2015-2016``, ``2015/16``; only of the period."""
    found = []
    for match in _YEARS.finditer(text):
        first = int(match[1])
        last = int(match[2] if match[2] and len(match[2]) == 4 else f"{match[1][:2]}{match[2]}") if match[2] else first
        if first <= last and first <= period[1] and last >= period[0]:
            found.append((first, last))
    return tuple(dict.fromkeys(found))


def theme_over(texts: Sequence[str], period: tuple[int, int], year: int) -> str:
    """Return the years that the theme is agreed for, where it no longer is in the year after; '' where it still is.

    A text that names no year of the plan says nothing about when the theme ends.
    """
    spans = list(dict.fromkeys(span for text in texts for span in theme_spans(text, period)))
    if not spans or any(first <= year and year + 1 <= last for first, last in spans):
        return ""
    now = [span for span in spans if span[0] <= year <= span[1]] or spans
    first, last = now[-1]
    return str(first) if first == last else f"{first}-{last}"
