"""Gathering what a round is made from: what stands in the follow-up, and everything that has come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from aftale.cells.hidden_sheet import find_record
from aftale.followup.read_back import Standing, read_standing
from aftale.intake.read import read_workbook
from aftale.kse.edition import is_edition
from aftale.merge.state import (
    History,
    State,
    combine,
    combine_departments,
    combine_letters,
    combine_refused,
)
from aftale.model.agreement import Round
from aftale.model.problems import Problem
from aftale.model.text import canonical
from aftale.office.report import CannotDo
from aftale.steps.carry_over import with_own
from aftale.steps.collect import Collected
from aftale.steps.open_agreement import Opened


def certain_round(standing: Standing | None, given: Round | None) -> Round | None:
    """Return the round that is certain: that of the standing follow-up, once it holds anything, else the one given."""
    return standing.state.round if standing and (standing.state.returned or standing.state.departments) else given


def standing_at(out: Path, opened: Opened, round_: Round | None, option: str = "--ud") -> Standing | None:
    """Read the follow-up that stands at a path, None where nothing does; ``option`` is how the path was said.

    Raises:
        CannotDo: where it can't be read, or isn't a follow-up of this agreement and round.
    """
    if not out.exists():
        return None
    book = read_workbook(out) if out.is_file() else None
    if book is None or isinstance(book, Problem):
        why = book.message if isinstance(book, Problem) else "Det er en mappe."
        raise CannotDo(f"Der ligger allerede noget i {out}, som ikke kan læses: {why} Flyt det, eller vælg et andet navn"
                       f" efter {option}.")
    standing = read_standing(book, opened.agreement)
    if standing is None and is_edition(find_record(book)[1]):
        raise CannotDo(f"{out.name} er KSE's udgave af opfølgningen, ikke opfølgningen selv. Den er ikke rørt. Vælg et andet"
                       f" navn efter {option}; er det forvaltningens svar, så læg den blandt svarene.")
    if standing is None:
        raise CannotDo(f"{out.name} findes, men er ikke en opfølgning, der kan flettes ind i (dens skjulte ark «_aftale»"
                       f" mangler eller er ødelagt). Den er ikke rørt. Vælg et andet navn efter {option}.")
    state = standing.state
    if state.agreement != opened.agreement.id or state.year != opened.agreement.year:
        raise CannotDo(f"{out.name} er opfølgningen på en anden aftale ({state.year}). Den er ikke rørt. Vælg et andet"
                       f" navn efter {option}.")
    if round_ is not None and state.round is not round_:
        raise CannotDo(f"{out.name} er en {state.round.danish}, ikke en {round_.danish}. Den er ikke rørt. Vælg et andet"
                       f" navn efter {option}.")
    return with_own(standing, book, out.read_bytes(), opened.agreement)


def gather(opened: Opened, found: Collected, standing: Standing | None, earlier: Sequence[State]) -> State:
    """Gather everything the follow-up is made from; a function of the set of inputs, not of their order."""
    old = standing.state if standing else State()
    agreement = opened.agreement
    returned = combine(old.returned, found.returned)
    departments = combine_departments(old.departments, found.departments)
    past: dict[tuple[str, int, str], History] = {}
    in_order = sorted(earlier, key=lambda s: (s.year, s.round, s.fingerprint))
    for history in (old.history, *(state.history for state in in_order)):
        past.update({(h.goal, h.year, h.round): h for h in history})
    this = (agreement.year, found.round.value)
    state = replace(old, agreement=agreement.id, year=agreement.year, round=found.round, returned=returned,
                    letters=combine_letters(old.letters, found.letters),
                    refused=combine_refused(old.refused, found.refused, (*returned, *departments), found.whole),
                    departments=departments,
                    history=tuple(sorted(h for key, h in past.items() if key[1:] != this)))
    return replace(state, fingerprint=_fingerprint(opened, state))


def _fingerprint(opened: Opened, state: State) -> str:
    parts = [opened.sha256, opened.agreement.fingerprint, state.round.value]
    parts += [f"{r.source.sha256} {r.source.name} {r.source.container}" for r in state.returned]
    parts += [f"{r.source.sha256} {r.source.name} {r.problem.code}" for r in state.refused]
    parts += [f"{each.source.sha256} {each.source.name} {each.source.container}" for each in state.letters]
    parts += [f"{each.source.sha256} {each.source.name} {each.source.container}" for each in state.departments]
    parts += [repr(sorted(state.over.items()))] if state.over else []
    parts += [repr(h) for h in state.history]
    parts += [repr((goal, column.value, sorted(d.against), canonical(d.chosen)))
              for (goal, column), d in sorted(state.decisions.items())]
    parts += [repr(sorted(state.remarks.items())), repr(sorted((k, canonical(v)) for k, v in state.boxes.items()))]
    parts += [repr((key, choice.pick, choice.own)) for key, choice in sorted(state.control.items())]
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]
