"""Where the year stands, and what to do next: the daily page, which ``aftale`` alone shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from aftale.agreement.measures import active_years
from aftale.agreement.read_goals import with_effects
from aftale.daily.model import Action, Ask, NextStep, RoundStatus, YearStatus
from aftale.daily.next_step import next_step
from aftale.daily.page import rows
from aftale.model.agreement import Agreement, Goal, Level, Round
from aftale.model.findings import Finding, Severity
from aftale.model.text import listing, some
from aftale.office.report import USAGE, CannotDo, Report
from aftale.steps.open_agreement import ASKED_WHEN_IT_GOES_OUT, Opened, open_agreement
from aftale.steps.round_status import round_status
from aftale.steps.year_folder import RoundFolder, YearFolder

_MOST_NAMED = 6
_DEMO = Action("Se et helt år på et eksempel (demo)", ("demo",))


class Page(NamedTuple):
    """The daily page as it is printed, and what can be done from it."""

    report: Report
    next: NextStep
    year: int = 0


def daily_page(path: Path, today: date) -> Page:
    """Say where the year in this folder stands; raises CannotDo where its agreement can't be read, or there are several."""
    year = YearFolder(path)
    if not year.agreements and not year.unread:
        return _without_agreement(year)
    if len(year.agreements) > 1:
        raise CannotDo(f"Der er flere aftaler i mappen {path.resolve().name}: {listing([p.name for p in year.agreements])}."
                       " Flyt dem, der ikke gælder, til en anden mappe, og kør »aftale« igen.", USAGE)
    opened = open_agreement(year.agreement())
    latest = round_status(year.latest, opened) if year.latest else None
    status = _status(year, opened, latest, today)
    asked = [p for p in _unsettled(opened, year) if p.code not in ASKED_WHEN_IT_GOES_OUT]
    unread = (found for each in year.rounds.values() for found in each.unread)
    problems = (*asked, *unread, *(latest.problems if latest else ()))
    what = next_step(status)
    agreement = opened.agreement
    said = (f"{agreement.unit or 'Aftalen'} {agreement.year} (mappen {path.resolve().name})", *opened.read.said)
    return Page(Report(said, problems, (), what.sentence, {}, tuple(rows(status))), what, agreement.year)


def status(path: Path, today: date) -> Report:
    """Return the daily page as it is printed."""
    return daily_page(path, today).report


def _unsettled(opened: Opened, year: YearFolder) -> tuple[Finding, ...]:
    """Return what is asked about the agreement and isn't settled in a follow-up, which is only read where it may be."""
    if not opened.questions:
        return ()
    from aftale.cells.hidden_sheet import find_record
    from aftale.intake.read import read_workbook
    from aftale.merge.state import read_state
    books = [read_workbook(each.followup) for each in year.rounds.values() if each.followup]
    states = [read_state(find_record(book)[1]) for book in books if not isinstance(book, Finding)]
    return opened.unsettled(state for state in states if state)


def _status(year: YearFolder, opened: Opened, latest: RoundStatus | None, today: date) -> YearStatus:
    """Put together what the next step depends on."""
    agreement = opened.agreement
    asked = bool(opened.read.asked) or any(p.level is Severity.ERROR for p in opened.questions)
    owned = any(goal.owners and not goal.withdrawn for goal in _of_the_year(agreement))
    last = latest is not None and latest.round is Round.AARSOPFOELGNING and latest.waits is not None
    effects = sum(goal.level is Level.EFFECT for goal in _of_the_year(agreement))
    rounds = {each.round: _told(each) for each in year.rounds.values()}
    return YearStatus(agreement, today, opened.path.name, effects, len(opened.read.rows), owned, asked, rounds, latest,
                      _next_years_folder(year, agreement.year + 1) if last else "", _unreachable(agreement))


def _unreachable(agreement: Agreement) -> tuple[str, ...]:
    """Return the ansvarlige of the year's goals that have an address nowhere."""
    owners = [owner for goal in _of_the_year(agreement) if not goal.withdrawn for owner in goal.owners]
    reached = {owner.folded for owner in owners if owner.email}
    return tuple(dict.fromkeys(owner.name for owner in owners if owner.folded not in reached))


def _told(folder: RoundFolder) -> str:
    """Say in a few words how far a round is that nobody works on now."""
    return folder.followup.name if folder.followup else "begyndt" if folder.begun else "ikke begyndt"


def _of_the_year(agreement: Agreement) -> Iterator[Goal]:
    plan = with_effects(agreement)
    return (goal for goal in plan.goals if plan.year in active_years(goal, plan.family(goal), plan.plan_years))


def _next_years_folder(year: YearFolder, number: int) -> str:
    """Return the folder in which next year's agreement lies: beside this year's, or inside it; '' where there is none."""
    here = year.path.resolve()
    found = ((f"../{number}", here.parent / str(number)), (str(number), here / str(number)))
    return next((name for name, path in found if path.is_dir() and YearFolder(path).agreements), "")


# ---------------------------------------------------------------- a folder without an agreement

def _without_agreement(year: YearFolder) -> Page:
    """Say how to begin: with what lies there, in a year's folder below, or with a new year."""
    make = Action("Lav aftalen", ("generer",))
    new = Action("Lav en ny aftale", asks=Ask.NEW_YEAR)
    said = ("Der er ingen aftale i denne mappe endnu.",)
    below = _years_below(year.path)
    if year.has_data:
        what = NextStep("»aftale generer« laver den: Mappen har en aftale.toml eller maal.csv.", (make, _DEMO))
    elif len(year.documents) > 1:
        what = NextStep("Mappen har flere dokumenter. Skriv det, aftalen står i, efter »aftale generer«.", tuple(
            Action(f"Lav aftalen ud fra {each.name}", ("generer", each.name)) for each in year.documents[:_MOST_NAMED]))
    elif year.documents:
        what = NextStep(f"»aftale generer« laver den: Mappen har et dokument, som målene kan læses fra"
                        f" ({year.documents[0].name}).", (make, new, _DEMO))
    elif below:
        goes = tuple(Action(f"Gå til {each.name}", goes=each.name) for each in below[:_MOST_NAMED - 2])
        what = NextStep(f"Gå til årets mappe: {some([each.name for each in below], _MOST_NAMED)}.", (*goes, new, _DEMO))
    else:
        what = NextStep("Gå til årets mappe, lav en aftale med »aftale generer --enhed … --aar …«, eller se programmet virke"
                        " med »aftale demo«.", (new, _DEMO))
    return Page(Report(said, next_step=what.sentence), what)


def _years_below(path: Path) -> list[Path]:
    """Return the years' folders right in a folder, the newest name first."""
    if not path.is_dir():
        return []
    folders = sorted((each for each in path.iterdir() if each.is_dir() and not each.name.startswith(".")), reverse=True)
    return [each for each in folders if any(each.glob("aftale_*.xls*")) or any((each / r.value).is_dir() for r in Round)]
