"""The words that can be chosen on »Kontrol«: they fit in a list of Excel's, and are understood however they are typed."""

from __future__ import annotations

import pytest

from aftale.merge.choices import (
    ACCEPT,
    ADD_TO,
    ASK,
    BELONGS,
    KEEP,
    LEAVE_OUT,
    NO_MORE,
    OLDER,
    ON_DIALOG,
    REVISE,
    SETTLES,
    TAKE_ALONG,
    USE,
    Choice,
    asking,
    belonging,
    fitting,
    keeping,
    used,
    using,
)
from aftale.model.agreement import Status

NAMES = ("Ledelsen", "Team Børn, Unge og Kultur", 'Teamet "Huset"', "Et team med et langt navn" * 3, "", " ")
EVERY = [*(said(status) for status in Status for said in (keeping, using)), using("20"), belonging("M12.13.14.15"),
         *map(asking, NAMES), ACCEPT, KEEP, LEAVE_OUT, NO_MORE, OLDER, ON_DIALOG, REVISE, SETTLES, TAKE_ALONG,
         *ADD_TO]


@pytest.mark.parametrize("choice", EVERY)
def test_a_choice_is_short_and_has_no_sign_that_would_end_it_in_a_list(choice: str) -> None:
    assert 3 < len(choice) <= 32 and not set(choice) & set(',"\n')


@pytest.mark.parametrize(("typed", "act", "names"), [
    pytest.param("Behold »Ikke opfyldt«", ACCEPT, "", id="keep"),
    pytest.param("behold \"Ikke opfyldt\"", ACCEPT, "", id="keep-with-straight-quotes"),
    pytest.param("Behold aftalen", KEEP, "", id="keep-the-agreement"),
    pytest.param("Brug »Delvist opfyldt«", USE, "Delvist opfyldt", id="use-a-status"),
    pytest.param("brug delvist opfyldt", USE, "delvist opfyldt", id="use-without-quotes"),
    pytest.param("Brug 20", USE, "20", id="use-a-number"),
    pytest.param("Brug -2,5", USE, "-2,5", id="use-a-negative-number"),
    pytest.param("Brug det ældre svar", OLDER, "", id="the-older-answer-is-no-wording"),
    pytest.param("Spørg Ledelsen", ASK, "", id="ask"),
    pytest.param("spørg", ASK, "", id="ask-nobody-named"),
    pytest.param("Gælder M1.2.3", BELONGS, "", id="belongs"),
    pytest.param("Gælder som svar", SETTLES, "", id="a-mail-that-is-the-answer"),
    pytest.param("Godkend", ACCEPT, "", id="the-former-versions-word")])
def test_a_choice_is_known_by_what_it_does(typed: str, act: str, names: str) -> None:
    choice = Choice(typed)
    assert (choice.act, choice.wording) == (act, names)


@pytest.mark.parametrize(("reading", "choice"), [
    pytest.param("»Opfyldt«", "Brug »Opfyldt«", id="a-status-as-the-question-names-it"),
    pytest.param("Opfyldt", "Brug »Opfyldt«", id="a-status"),
    pytest.param("20", "Brug 20", id="a-number")])
def test_a_reading_is_offered_with_its_quotes_once_and_read_without_them(reading: str, choice: str) -> None:
    assert (using(reading), used(using(reading))) == (choice, reading.strip("»«"))


def test_what_she_writes_herself_goes_before_what_is_picked() -> None:
    assert Choice("Brug 20", own="21").wording == "21"


def test_a_list_that_is_too_long_for_excel_loses_readings_and_never_the_way_to_ask() -> None:
    readings = [using(f"{number}.000.000.000") for number in range(100, 130)]
    kept = fitting([*readings, LEAVE_OUT, ACCEPT, asking("Ledelsen")])
    assert len(",".join(kept)) <= 255 and kept[-3:] == (LEAVE_OUT, ACCEPT, "Spørg Ledelsen")
    assert list(kept[:-3]) == readings[:len(kept) - 3] and len(kept) > 5
    assert fitting([LEAVE_OUT, LEAVE_OUT]) == (LEAVE_OUT,)
    assert used("Brug") == ""
