"""Whether a goal went forward or back since the last round."""

from __future__ import annotations

import pytest

from aftale.model.agreement import MISSING, UNDECIDED, Status
from aftale.model.movement import MOVEMENT_WORDS, Movement, movement
from aftale.office.palette import BAR_FILLS, MOVEMENT_INK, STATUS_MARKS
from tests.colours import contrast

BEST_TO_WORST = (("Opfyldt",), ("Forventes opfyldt",), ("Delvist opfyldt",), ("Afventer data", "Ikke igangsat"),
                 ("Forventes ikke opfyldt",), ("Ikke opfyldt",))


@pytest.mark.parametrize("better", range(len(BEST_TO_WORST)))
def test_each_status_goes_forward_from_all_worse_ones_and_back_from_all_better(better: int) -> None:
    for worse in range(better, len(BEST_TO_WORST)):
        for high in BEST_TO_WORST[better]:
            for low in BEST_TO_WORST[worse]:
                expected = (Movement.FORWARD, Movement.BACK) if worse > better else (Movement.UNCHANGED,) * 2
                assert (movement(low, high), movement(high, low)) == expected, (low, high)


@pytest.mark.parametrize(("before", "now", "expected"), (
    pytest.param(MISSING, "Opfyldt", Movement.FIRST, id="no answer last time"),
    pytest.param(None, "Ikke opfyldt", Movement.FIRST, id="the goal was not there last time"),
    pytest.param(UNDECIDED, "Opfyldt", Movement.FIRST, id="undecided last time"),
    pytest.param("Opfyldt", MISSING, None, id="no answer now"),
    pytest.param("Opfyldt", UNDECIDED, None, id="undecided now"),
    pytest.param("Opfyldt", "Udgået", None, id="taken out now"),
    pytest.param("Udgået", "Opfyldt", None, id="taken in again"),
    pytest.param("Udgået", "Udgået", Movement.UNCHANGED, id="still taken out"),
))
def test_what_has_no_rank_is_no_movement(before: str | None, now: str, expected: Movement | None) -> None:
    assert movement(before, now) is expected


def test_the_arrows_are_never_marks_of_a_status() -> None:
    assert {each.value for each in Movement}.isdisjoint(STATUS_MARKS.values())
    assert set(MOVEMENT_WORDS) == set(Movement) == set(MOVEMENT_INK)


def test_a_bars_label_can_be_read_and_the_bar_seen_on_white() -> None:
    assert set(BAR_FILLS) >= set(Status)
    for status, (fill, ink) in BAR_FILLS.items():
        assert contrast(ink[1:], fill[1:]) >= 4.5, status
        assert contrast(fill[1:], "FFFFFF") >= 3 or fill == "#FFFFFF", status  # white has a red line instead
    assert all(contrast(ink[1:], "FFFFFF") >= 4.5 for ink in MOVEMENT_INK.values())
