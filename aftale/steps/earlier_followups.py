"""The follow-ups of earlier rounds and years that a step is given: last results and histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aftale.followup.read_back import state_as_it_stands
from aftale.forms.plan import Earlier
from aftale.intake.read import read_workbook
from aftale.merge.state import State
from aftale.model.agreement import Agreement, Round
from aftale.model.place import Place
from aftale.model.problems import Problem, Severity, problem
from aftale.model.text import fold
from aftale.model.workbook import Workbook


@dataclass(frozen=True)
class Past:
    """What is known from earlier follow-ups: their states, the files that they are from, and what is wrong with others."""

    states: tuple[State, ...] = ()
    names: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_earlier(paths: Sequence[Path], agreement: Agreement, round_: Round) -> Past:
    """Read earlier follow-ups as they stand, each once; what isn't one, or isn't this unit's, is a problem.

    Of their history only what lies before the agreement's year and round is returned.
    """
    now = _order(agreement.year, round_)
    states: list[State] = []
    problems: list[Problem] = []
    names: dict[str, str] = {}
    for path in paths:
        book = _earlier_book(path)
        if isinstance(book, Problem):
            problems.append(book)
            continue
        if book.source.sha256 in names:
            continue
        state = state_as_it_stands(book)
        if state is None:
            problems.append(problem("not-followup", book.place()))
            continue
        if state.unit and agreement.unit and fold(state.unit) != fold(agreement.unit):
            problems.append(problem("earlier-other", book.place(), what=state.unit, expected=agreement.unit))
            continue
        past = tuple(h for h in state.history if _order(h.year, Round(h.round)) < now)
        later = _order(state.year, state.round) >= now
        if later:
            told = problem("earlier-not", book.place(), what=f"{state.round.danish}en {state.year}",
                           expected=f"{round_.danish}en {agreement.year}")
            # The round's own takes nothing from another time; a later one is hardly the file that was meant.
            own = _order(state.year, state.round) == now
            problems.append(replace(told, level=Severity.INFO) if own else told)
        if past or not later:
            names[book.source.sha256] = path.name
            states.append(replace(state, history=past))
    return Past(tuple(states), tuple(names.values()), tuple(problems))


def _order(year: int, round_: Round) -> tuple[int, int]:
    return year, list(Round).index(round_)


def _earlier_book(path: Path) -> Workbook | Problem:
    if path.is_dir():
        return problem("earlier-folder", Place(path.name), name=path)
    return read_workbook(path) if path.exists() else problem("file-missing", Place(path.name), name=path)


def results_of(earlier: Past, agreement: Agreement) -> dict[str, Earlier]:
    """Return each goal's last status and result, and what was answered under Udgangspunkt earlier in the year."""
    found: dict[str, Earlier] = {}
    history = sorted((h for state in earlier.states for h in state.history), key=lambda h: _order(h.year, Round(h.round)))
    for past in history:
        before = found.get(past.goal, Earlier())
        last_year = (past.year, past.round) == (agreement.year - 1, Round.AARSOPFOELGNING.value)
        found[past.goal] = Earlier(past.status or before.status,
                                   past.result if past.result is not None else before.result,
                                   past.result if last_year else before.year_before,
                                   past.baseline if past.year == agreement.year and past.baseline is not None
                                   else before.baseline)
    return found
