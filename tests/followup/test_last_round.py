"""What the next round tells of a goal's status in this one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playing_dialogue import GOALS, PlayedRound, skema

from aftale.followup.last_round import last_round
from aftale.forms.returned import Returned
from aftale.model.agreement import AnswerColumn, Round
from aftale.model.answers import Answer
from aftale.model.place import Place


def answered(who: str, status: str) -> Returned:
    """Return a skema in which somebody has chosen a status for the first goal."""
    answer = Answer(GOALS[0], AnswerColumn.STATUS, status, None, Place(f"{who}.xlsx"))
    return replace(skema({GOALS[0]: who}, owner=who), answers=(answer,))


@pytest.mark.parametrize(("statuses", "then"), [
    pytest.param(("Opfyldt", "Ikke igangsat"), "Uafklaret", id="two answers that nobody has chosen between"),
    pytest.param(("Opfyldt", "Opfyldt"), "Opfyldt", id="the same answer twice"),
    pytest.param((), "Mangler svar", id="no answer")])
def test_october_tells_of_june_what_june_said(statuses: tuple[str, ...], then: str) -> None:
    june = PlayedRound()
    june.flet(*(answered(who, status) for who, status in zip(("Husteamet", "Ungeteamet"), statuses, strict=False)))
    told = last_round(june.agreement, Round.AARSOPFOELGNING, june.result.state.history)
    assert (told.statuses[GOALS[0]] if told else "Mangler svar") == then
