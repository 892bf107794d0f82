"""Where the year stands, and what to do next: what ``aftale`` alone says."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from aftale.agreement.measures import active_years
from aftale.agreement.read_goals import with_effects
from aftale.cells.hidden_sheet import find_record
from aftale.intake.read import read_workbook
from aftale.merge.state import State, read_state
from aftale.model.agreement import Level, Round
from aftale.model.findings import Finding, Severity
from aftale.model.text import count, listing
from aftale.office.report import Report
from aftale.steps.collect import NoAnswers, collect, first_readable
from aftale.steps.open_agreement import ASKED_WHEN_IT_GOES_OUT, Opened, open_agreement
from aftale.steps.year_folder import RoundFolder, YearFolder, answer_folders


def status(path: Path) -> Report:
    """Say where the year in this folder stands; raises CannotDo where its agreement can't be read, or there are several."""
    year = YearFolder(path)
    if not year.agreements and not year.unread:
        what = "en aftale.toml eller maal.csv" if year.has_data else "et dokument, som målene kan læses fra"
        first = (f"Kør »aftale generer« – mappen har {what}." if year.has_data or year.documents else
                 "Gå til årets mappe (cd …), lav en aftale med »aftale generer --enhed … --aar …«, eller se programmet"
                 " virke med »aftale demo«.")
        return Report(("Der er ingen aftale i denne mappe endnu.",), next_step=first)
    opened = open_agreement(year.agreement())
    agreement = opened.agreement
    plan = with_effects(agreement)
    goals = sum(goal.level is Level.EFFECT and plan.year in active_years(goal, plan.family(goal), plan.plan_years)
                for goal in plan.goals)
    rows = [("Aftale", f"{opened.path.name}: {agreement.unit} {agreement.year}, {count(goals, 'effektmål', 'effektmål')}")]
    begun = {each.round: _Begun(each, _state(each), *_answers(each, opened)) for each in year.rounds.values() if each.begun}
    rows += [row for each in year.rounds.values() for row in _round_rows(each, begun.get(each.round))]
    asked = [p for p in opened.unsettled(each.state for each in begun.values()) if p.code not in ASKED_WHEN_IT_GOES_OUT]
    problems = [*asked, *(found for each in begun.values() for found in (*each.folder.unread, *each.problems))]
    said = (f"Året {agreement.year} i {path.resolve().name}", *opened.read.said)
    latest = begun.get(year.latest.round) if year.latest else None
    step = (first_readable(latest.problems) if latest else "") + _next(latest, opened.agreement.short_department)
    return Report(said, tuple(problems), (), step, {}, rows)


class _Begun(NamedTuple):
    """A round that has begun: its follow-up, skemaer untouched and with answers, files not read, and why they cannot be."""

    folder: RoundFolder
    state: State
    untouched: int
    answered: int
    odd: int
    problems: tuple[Finding, ...]


def _round_rows(folder: RoundFolder, begun: _Begun | None) -> list[tuple[str, str]]:
    name = folder.round.danish.capitalize()
    if begun is None:
        return [(name, "ikke begyndt")]
    told = "opfølgningen er ikke lavet endnu"
    if folder.unread:
        told = f"kan ikke læses: {listing([each.place.file for each in folder.unread])}"
    elif folder.followup is not None:
        told = f"opfølgning: {folder.followup.name} ({count(len(begun.state.returned), 'fil', 'filer')} flettet)"
    return [(name, f"{count(len(folder.forms), 'skema', 'skemaer')} lavet"),
            ("", f"{count(begun.answered, 'skema', 'skemaer')} med svar"
                 + (f", {count(begun.untouched, 'kommet uændret tilbage', 'kommet uændrede tilbage')}"
                    if begun.untouched else "")
                 + (f", {count(begun.odd, 'fil', 'filer')} ikke læst" if begun.odd else "")), ("", told)]


def _state(folder: RoundFolder) -> State:
    """Return what a round's follow-up remembers, an empty state where there is none that can be read."""
    book = read_workbook(folder.followup) if folder.followup is not None else None
    known = None if book is None or isinstance(book, Finding) else read_state(find_record(book)[1])
    return known or State()


def _answers(folder: RoundFolder, opened: Opened) -> tuple[int, int, int, tuple[Finding, ...]]:
    """Count skemaer that came back untouched, those with answers and files that aren't skemaer of this round.

    What can't be read is named.
    """
    try:
        found = collect(opened, answer_folders(folder), folder.round)
    except NoAnswers as none:  # nothing lies there yet, or nothing that can be reached
        return 0, 0, 0, none.problems
    answered = {each.form for each in found.returned if not each.untouched}
    errors = [each for each in (*found.problems, *(each.problem for each in found.refused)) if each.level is Severity.ERROR]
    return len({each.form for each in found.returned} - answered), len(answered), len(found.refused), tuple(errors)


def _next(latest: _Begun | None, department: str) -> str:
    if latest is None:
        return "Kør »aftale fordel«, når midtvejsrunden skal begynde."
    folder = latest.folder
    if folder.unread:
        return "Få de filer, der ikke kan læses, på plads, eller flyt dem ud af mappen, og kør »aftale« igen."
    if folder.followup is None and not latest.answered:
        name = folder.path.name
        return (f"Send skemaerne i {name}/skemaer (»aftale fordel --breve {name}/breve« laver en mail til hver), og læg"
                f" svarene i {name}/svar.")
    if folder.followup is None:
        return "Kør »aftale flet«, når svarene er kommet. Mangler nogen, så mind om det med »aftale paamind«."
    if folder.round is Round.MIDTVEJS:
        return ("Er der kommet flere svar, så kør »aftale flet« igen. Ellers kør »aftale fordel --runde aarsopfoelgning«,"
                " når årsopfølgningen skal begynde. »aftale send« laver mailen til"
                f" {department}.")
    return ("Er der kommet flere svar, så kør »aftale flet« igen. Ellers lav mailen til"
            f" {department} med »aftale send«, og når året er gjort op, næste års aftale med"
            " »aftale nyt-aar«.")
