"""Where the year stands, and what to do next: what ``aftale`` alone says."""

from __future__ import annotations

from pathlib import Path

from aftale.cells.hidden_sheet import find_record
from aftale.intake.read import read_workbook
from aftale.merge.state import read_state
from aftale.model.agreement import Level, Round
from aftale.model.findings import Finding
from aftale.model.text import count
from aftale.office.report import CannotDo, Report
from aftale.steps.collect import collect
from aftale.steps.open_agreement import Opened, open_agreement
from aftale.steps.year_folder import RoundFolder, YearFolder, answer_folders


def status(path: Path) -> Report:
    """Say where the year in this folder stands; raises CannotDo where its agreement can't be read, or there are several."""
    year = YearFolder(path)
    if not year.agreements:
        what = "en aftale.toml eller maal.csv" if year.has_data else "et dokument, som målene kan læses fra"
        first = (f"Kør «aftale generer» – mappen har {what}." if year.has_data or year.documents else
                 "Gå til årets mappe (cd …), lav en aftale med «aftale generer --enhed … --aar …», eller se programmet"
                 " virke med «aftale demo».")
        return Report(("Der er ingen aftale i denne mappe endnu.",), next_step=first)
    opened = open_agreement(year.agreement())
    agreement = opened.agreement
    goals = sum(g.level is Level.EFFECT for g in agreement.goals)
    rows = [("Aftale", f"{opened.path.name}: {agreement.unit} {agreement.year}, {count(goals, 'effektmål', 'effektmål')}")]
    rows += [row for each in year.rounds.values() for row in _round_rows(each, opened)]
    said = (f"Året {agreement.year} i {path.resolve().name}", *opened.read.said)
    return Report(said, opened.questions, (), _next(year, opened), {}, rows)


def _round_rows(folder: RoundFolder, opened: Opened) -> list[tuple[str, str]]:
    name = folder.round.danish.capitalize()
    if not folder.begun:
        return [(name, "ikke begyndt")]
    untouched, answered, odd = _answers(folder, opened)
    told = "opfølgningen er ikke lavet endnu"
    if folder.followup is not None:
        book = read_workbook(folder.followup)
        state = None if isinstance(book, Finding) else read_state(find_record(book)[1])
        told = f"opfølgning: {folder.followup.name} ({count(len(state.returned) if state else 0, 'fil', 'filer')} flettet)"
    return [(name, f"{count(len(folder.forms), 'skema', 'skemaer')} lavet"),
            ("", f"{count(answered, 'skema', 'skemaer')} med svar, {count(untouched, 'urørt', 'urørte')}"
                 + (f", {count(odd, 'fil', 'filer')} ikke læst" if odd else "")), ("", told)]


def _answers(folder: RoundFolder, opened: Opened) -> tuple[int, int, int]:
    """Count skemaer untouched, skemaer with answers, and files that aren't skemaer of this round."""
    try:
        found = collect(opened, answer_folders(folder), folder.round)
    except CannotDo:  # nothing lies there yet
        return 0, 0, 0
    answered = {each.form for each in found.returned if not each.untouched}
    return len({each.form for each in found.returned} - answered), len(answered), len(found.refused)


def _next(year: YearFolder, opened: Opened) -> str:
    latest = year.latest
    if latest is None:
        return "Kør «aftale fordel», når midtvejsrunden skal begynde."
    if latest.followup is None and not _answers(latest, opened)[1]:
        name = latest.path.name
        return (f"Send skemaerne i {name}/skemaer («aftale fordel --breve {name}/breve» laver en mail til hver), og læg"
                f" svarene i {name}/svar.")
    if latest.followup is None:
        return "Kør «aftale flet», når svarene er kommet. Mangler nogen, så mind om det med «aftale paamind»."
    if latest.round is Round.MIDTVEJS:
        return ("Er der kommet flere svar, så kør «aftale flet» igen. Ellers kør «aftale fordel --runde aarsopfoelgning»,"
                " når årsopfølgningen skal begynde. «aftale send» laver mailen til forvaltningen.")
    return ("Er der kommet flere svar, så kør «aftale flet» igen. Ellers lav mailen til forvaltningen med"
            " «aftale send», og når året er gjort op, næste års aftale med «aftale nyt-aar».")
