"""What a skema says of a goal in three cells: short where it must be, never without saying where the rest is."""

from __future__ import annotations

import pytest

from aftale.forms.card import (
    BOLD,
    MUTED,
    NO_ANSWER,
    PLAIN,
    SEE_FULL_TEXT,
    TEXT_ROOM,
    VOICE,
    WORDS_ROOM,
    Said,
    Whole,
    card,
    changed_goal_text,
    changed_line,
    last,
    pieces,
    shortened,
    target,
    whole_texts,
)
from aftale.model.agreement import Goal, Level, Measure, Method, Scope

LONG = "Biblioteket inviterer borgerne indenfor. " * 50
COUNT = Measure(Method.AT_LEAST, 20.0, unit="besøg", scope=Scope.PER_YEAR)


def goal(measure: Measure = COUNT, text: str = "Flere kommer", **more: object) -> Goal:
    return Goal("M1.1.1", Level.EFFECT, ("Synlighed", "Kurser", text, ""), {2015: None}, measure, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "most", "expected"), [
    ("Kort", 4, "Kort"), ("Et ord mere end der er", 12, "Et ord …"), ("Først, så resten", 9, "Først …"),
    ("Uafbrudtogmegetlangt", 10, "Uafbrudt …")], ids=["it fits", "between words", "without the comma", "one long word"])
def test_a_text_is_cut_between_words(text: str, most: int, expected: str) -> None:
    assert shortened(text, most) == expected and len(shortened(text, most)) <= most


def test_where_a_text_is_cut_it_says_where_the_whole_stands() -> None:
    assert card(LONG, "").endswith(f" …\n{SEE_FULL_TEXT}") and SEE_FULL_TEXT not in card("x" * TEXT_ROOM, "")
    agreed = target(goal(indicator=LONG.strip(), due="Maj"), "Mindst 20 besøg pr. år", None, False).split("\n")
    assert agreed[1].startswith("Indikator: ") and agreed[1].endswith(" …") and agreed[2:] == ["Frist: Maj", SEE_FULL_TEXT]
    assert SEE_FULL_TEXT not in target(goal(indicator="x" * WORDS_ROOM), "Mindst 20 besøg pr. år", None, False)
    for own, said in ((LONG, ()), ("", (Said("KSE", LONG),))):
        assert last("", "", "", "", own, said).endswith(f" …«\n{SEE_FULL_TEXT}")
    assert SEE_FULL_TEXT not in last("", "", "", "", "Kort", (Said("KSE", "Kort"),))


def test_what_is_cut_stands_whole_and_nothing_else() -> None:
    long = LONG.strip()
    found = whole_texts(goal(text=long, indicator=long, due=long), long, (Said("KSE", long), Said("KSE", "Kort")), "juni")
    assert found == (Whole("Målet", long), Whole("Indikator", long), Whole("Frist", long), Whole("I skrev, juni", long),
                     Whole("KSE, juni", long))
    assert whole_texts(goal(indicator="Antal"), "Kort", (Said("KSE", "Kort"),)) == ()


GROWTH, FALL = (Measure(method, 5.0, unit="besøg") for method in (Method.RISE_PERCENT, Method.FALL_PERCENT))


@pytest.mark.parametrize(("of", "baseline", "follows", "expected"), [
    pytest.param(goal(), None, False, "Sætningen", id="a count"),
    pytest.param(goal(GROWTH), 100.0, False, "Sætningen\nUdgangspunkt: 100\nSkriv niveauet (besøg), ikke stigningen.",
                 id="a rise"),
    pytest.param(goal(FALL), None, False, "Sætningen\nSkriv niveauet (besøg), ikke faldet.", id="a fall"),
    pytest.param(goal(Measure(Method.RISE_PERCENT, 5.0, unit="%")), None, False, "Sætningen",
                 id="a rise that is itself the result"),
    pytest.param(goal(GROWTH, unread={"baseline": "ca. 40"}), None, False,
                 "Sætningen\nUdgangspunkt: ca. 40\nSkriv niveauet (besøg), ikke stigningen.", id="an Udgangspunkt in words"),
    pytest.param(goal(), None, True, "Følger af delmålene\nUdfyldes kun, hvis du mener noget andet end delmålene.",
                 id="an effektmål that follows its delmål"),
])
def test_what_a_goal_is_measured_by(of: Goal, baseline: float | None, follows: bool, expected: str) -> None:
    assert target(of, "Sætningen", baseline, follows) == expected


def test_how_a_goal_stood_last_and_how_each_line_looks() -> None:
    text = last("▼", "Forventes ikke opfyldt", "7 besøg", "november 2014", "Sent\ni gang", (Said("KSE", "Hvorfor?"),))
    assert text.split("\n") == ["▼ Forventes ikke opfyldt", "7 besøg", "(november 2014)", "I skrev: »Sent i gang«",
                                "KSE: »Hvorfor?«"]
    assert pieces("last", text) == (
        (BOLD, "▼ Forventes ikke opfyldt"), (PLAIN, "\n7 besøg"), (MUTED, "\n(november 2014)\nI skrev: »Sent i gang«"),
        (VOICE, "\nKSE:"), (PLAIN, " »Hvorfor?«"))
    assert "".join(piece for _, piece in pieces("last", text)) == text
    assert last("", "", "", "", "", ()) == NO_ANSWER and pieces("last", NO_ANSWER) == ((MUTED, NO_ANSWER),)


SENT = "Mindst 20 besøg pr. år\nIndikator: Antal\nFrist: Maj"


@pytest.mark.parametrize(("came", "expected"), [
    pytest.param(SENT.replace("Maj", "Juni"), ("due", "Maj", "Juni"), id="Frist"),
    pytest.param(SENT.replace("Antal", ""), ("indicator", "Antal", ""), id="Indikator is emptied"),
    pytest.param(SENT + "\nog mere", None, id="a line more"),
    pytest.param(SENT.replace("Maj", "Juni") + "\nog mere", None, id="a line more beside the change"),
    pytest.param(SENT.replace("Maj", "Juni").replace("Antal", "Tal"), None, id="two lines"),
    pytest.param(SENT.replace("20", "30"), None, id="the sentence"),
])
def test_a_change_in_one_line_is_one_of_what_the_line_is(came: str, expected: tuple[str, str, str] | None) -> None:
    assert changed_line(SENT, came) == expected


CARD = card("Flere kommer", "Flere kommer til byen", ["Sydteamet"])


@pytest.mark.parametrize(("came", "expected"), [
    pytest.param(CARD.replace("\nFlere kommer\n", "\nAlle kommer\n"), "Alle kommer",
                 id="its own text, though the effektmål begins so too"),
    pytest.param(CARD.replace("Sydteamet", "Nordteamet"), "", id="who else answers"),
    pytest.param("Alle kommer", "", id="all of it"),
])
def test_what_somebody_made_of_a_goals_own_text(came: str, expected: str) -> None:
    assert changed_goal_text(CARD, "Flere kommer", came) == expected
