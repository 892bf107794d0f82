"""The dialogue across rounds and years: what was said in this round, what is carried on, and the threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from aftale.agreement.goal_ids import sort_key
from aftale.kse.remarks import KseRemarks
from aftale.merge.choices import ON_DIALOG
from aftale.merge.control_lines import loose_key
from aftale.merge.merge import Merged, MergeResult
from aftale.merge.state import State, line_keys
from aftale.model.agreement import AnswerColumn
from aftale.model.columns import ASSESSMENT
from aftale.model.dialogue import WHOLE, Names, Party, Stage, Utterance, moment
from aftale.model.text import canonical, without_addresses

# ---------------------------------------------------------------- what was said

def dialogue_of(state: State, kse: KseRemarks, merged: MergeResult, names: Names) -> tuple[Utterance, ...]:
    """Return everything that was said until now, in order.

    A function of what the state holds: this round's remarks come from the skemaer and the department's files as they are
    merged, whatever order those came in; earlier rounds, questions, answers and chosen stages are remembered.
    """
    year, round_ = state.year, state.round.value
    held = {each.key: each for each in state.dialogue}
    for key, asked in kse.asked.items():  # the department has it, so it was said, though the follow-up has lost it
        held.setdefault(key, asked)
    past = [each for each in held.values() if (each.year, each.round) != (year, round_)]
    own = (*_unit_remarks(state, merged, names), *_suggestions(state))
    found = {each.key: held.get(each.key, each) for each in own}
    files = {each.short: at for at, each in enumerate(sorted(state.departments, key=lambda d: (d.source.when, d.short)))}
    placed: dict[str, tuple[float, Utterance]] = {}
    for goal, said in kse.said.items():
        for text, file in said:
            each = Utterance(goal, year, round_, Party.DEPARTMENT, names.of(Party.DEPARTMENT), text)
            placed.setdefault(each.key, (files.get(file, -1.0), held.get(each.key, each)))
    for key, each in held.items():
        if (each.year, each.round) == (year, round_) and key not in found:
            placed.setdefault(key, (max((files[file] for file in each.after if file in files), default=-1.0) + 0.5, each))
    # What was answered stands where it was said, though it was written in another way since.
    later = sorted(placed.values(), key=lambda pair: pair[0])
    ordered = (*sorted(past, key=lambda each: each.moment), *found.values(), *(each for _, each in later))
    return tuple(_answered(each, kse, moment(year, round_)) for each in ordered)


def _unit_remarks(state: State, merged: MergeResult, names: Names) -> Iterator[Utterance]:
    """Yield what the unit says of its goals in this round, for no answer: remarks in the skemaer, and the assessment."""
    assessment = canonical(state.boxes.get(ASSESSMENT))
    if assessment:
        yield Utterance(WHOLE, state.year, state.round.value, Party.UNIT, names.of(Party.UNIT),
                        f"{ASSESSMENT}: {assessment}", asked=False)
    for (goal, column), cell in merged.cells.items():
        if column is AnswerColumn.REMARKS:
            for who, text in _remarks_in(cell, names):
                yield Utterance(goal, state.year, state.round.value, Party.UNIT, who, text, asked=False)


def _suggestions(state: State) -> Iterator[Utterance]:
    """Yield what colleagues have suggested below their skemaer, where it is chosen on ``Kontrol`` to ask the department."""
    keys = line_keys(state)
    for each in state.returned:
        who = each.filled_by or each.owner
        for said in each.kept:
            choice = state.control.get(loose_key(said, keys, who)) if said.kind == "new-goal" else None
            if choice and choice.act == ON_DIALOG:
                name = without_addresses(who) or each.owner  # the department reads it
                yield Utterance(WHOLE, state.year, state.round.value, Party.UNIT, name, said.text)


def _remarks_in(cell: Merged, names: Names) -> Iterator[tuple[str, str]]:
    """Yield who says what: the coordinator in the unit's name where the coordinator decided, else everybody once."""
    if cell.decided:
        said = {canonical(cell.outcome): names.of(Party.UNIT)}
        said |= {canonical(side.value): side.name for side in cell.sides if canonical(side.value) in said}
        yield from ((who, text) for text, who in said.items() if text)
        return
    yield from dict.fromkeys((side.name, canonical(side.value)) for side in cell.sides if canonical(side.value))


def _answered(each: Utterance, kse: KseRemarks, now: str) -> Utterance:
    """Return an utterance with what the department, or the coordinator in its name, answered to it in this round."""
    answer = kse.answers.get(each.key)
    if answer is None or answer == each.answer:
        return each
    return replace(each, answer=answer, answered_by=Party.DEPARTMENT if answer else None, since=now)


def carried(before: Sequence[Utterance], earlier: Iterable[State], year: int, round_: str) -> tuple[Utterance, ...]:
    """Return what a follow-up must remember of the dialogue besides what its own files say.

    ``before`` is what it remembered, ``earlier`` are the follow-ups of earlier rounds and years with all that was said in
    them. Where two differ about an answer or a stage, the one of the later round holds, then that of the earlier follow-up:
    it is the one that has been written in since.
    """
    now = moment(year, round_)
    ordered = sorted(earlier, key=lambda state: (moment(state.year, state.round.value), state.fingerprint))
    rounds = {(state.year, state.round.value) for state in ordered}
    found: dict[str, Utterance] = {}
    for each in (each for state in ordered for each in state.dialogue if each.moment < now):
        known = found.get(each.key)
        if known is None or each.since >= known.since:
            found[each.key] = each
    for each in before:
        known = found.get(each.key)
        if known is not None:
            found[each.key] = each if each.since > known.since else known
        elif each.said or (each.moment < now and (each.year, each.round) not in rounds):
            found[each.key] = each
    return tuple(sorted(found.values(), key=lambda each: each.moment))


# ---------------------------------------------------------------- threads

def threads(utterances: Sequence[Utterance]) -> list[tuple[Utterance, ...]]:
    """Return what was said by goal, where one party has addressed the other.

    The whole agreement comes first, then the goals at which something is waited for, then by Mål-id.
    """
    found: dict[str, list[Utterance]] = {}
    for each in utterances:
        found.setdefault(each.goal, []).append(each)
    addressed = [tuple(said) for said in found.values() if any(each.asked or each.stage.party for each in said)]
    return sorted(addressed, key=lambda said: (said[0].goal != WHOLE, not any(each.stage.party for each in said),
                                               sort_key(said[0].goal)))


def department_words(utterances: Sequence[Utterance], year: int, round_: str) -> dict[str, tuple[Utterance, ...]]:
    """Return by Mål-id what a colleague must know of the dialogue before a round: the department's words, and its answers.

    That is all of the last round in which anything was said of the goal, and what still waits for the unit from before it.
    """
    before = [each for each in utterances if each.moment < moment(year, round_)]
    found: dict[str, tuple[Utterance, ...]] = {}
    for goal in dict.fromkeys(each.goal for each in before):
        said = [each for each in before if each.goal == goal
                and (each.party is Party.DEPARTMENT or each.answered_by is Party.DEPARTMENT)]
        last = max((each.moment for each in said), default="")
        told = tuple(each for each in said if last in (each.moment, each.since) or each.stage is Stage.FOR_UNIT)
        if told:
            found[goal] = told
    return found
