"""The dialogue: every word that the parties say stands once, in order, with its answer, across rounds and years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from conftest import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from playing_dialogue import (
    GOALS,
    PlayedRound,
    agreement,
    from_kse,
    remarked,
    sheet_of,
    skema,
    with_sheet,
    written,
)

from aftale.forms.returned import DepartmentAnswer
from aftale.kse.dialog_rows import MOST_IN_A_CELL, joined, pieces
from aftale.kse.dialogue import department_words
from aftale.model.agreement import Round
from aftale.model.columns import DIALOG
from aftale.model.dialogue import Names, Party, Stage, Utterance, waiting
from aftale.model.workbook import cell_place

ONE, OTHER = GOALS
UNIT, KSE = "Biblioteket", "KSE"
FOR_UNIT, FOR_KSE, ANSWERED, INFORMATION = "Venter på Biblioteket", "Venter på KSE", "Besvaret", "Til orientering"
Line = tuple[str, str, str, str]


# ---------------------------------------------------------------- four years

def test_four_years_every_utterance_stands_once_in_order_with_its_answer() -> None:
    rounds: list[PlayedRound] = []
    expected: list[Line] = []
    for year in range(2015, 2019):
        for round_ in Round:
            when = f"{round_.value} {year}"
            # A follow-up is given the one before it, at times all of them, at times twice.
            now = PlayedRound(year, round_, rounds[-1:] if year % 2 else [*rounds[-2:], *rounds])
            now.flet(skema({ONE: f"Vi når {when}"}, round_=round_.value, year=year))
            expected.append(("Husteamet", f"Vi når {when}", "", ""))
            now.ask(ONE, f"Må vi {when}?")
            now.flet()
            edition = written(now.edition(), f"Må vi {when}?", Svar=f"Ja, {when}")
            if rounds:  # what was left open in the last round is answered in this one
                before = f"Vil I {rounds[-1].round.value} {rounds[-1].agreement.year}?"
                now.write(before, Svar=f"Nej, {when}")
                expected = [(who, text, ANSWERED, f"Nej, {when}") if text == before else (who, text, stage, answer)
                            for who, text, stage, answer in expected]
            now.flet(now.judged(remarked(edition, {ONE: f"Vil I {when}?"}), name=when))
            expected += [(UNIT, f"Må vi {when}?", ANSWERED, f"Ja, {when}"), (KSE, f"Vil I {when}?", FOR_UNIT, "")]
            assert now.said() == expected and now.told == []
            assert not now.standing().edited and not now.standing().lost
            rounds.append(now)
    assert [each["Runde"] for each in now.lines(ONE)][::6] == [f"Midtvejs {year}" for year in range(2015, 2019)]
    again = PlayedRound(2018, Round.AARSOPFOELGNING, [rounds[3], rounds[6], rounds[0]])
    again.flet(*now.result.state.returned, *now.result.state.departments)
    assert [(who, text) for who, text, *_ in again.said()] == [
        (who, text) for who, text, *_ in expected if "Må vi aarsopfoelgning 2018" not in text or who == UNIT]


def test_a_remark_of_an_earlier_round_is_carried_though_nobody_answered_it() -> None:
    june = PlayedRound()
    june.flet(skema({ONE: "I gang"}), from_kse("juni.xlsx", {ONE: "Hvorfor så få?"}))
    october = PlayedRound(round_=Round.AARSOPFOELGNING, earlier=[june])
    october.flet(skema({ONE: "Nu er det nået"}, round_="aarsopfoelgning"))
    assert october.said() == [("Husteamet", "I gang", "", ""), (KSE, "Hvorfor så få?", FOR_UNIT, ""),
                              ("Husteamet", "Nu er det nået", "", "")]
    words = department_words(october.result.dialogue, 2015, "aarsopfoelgning")
    assert [each.text for each in words[ONE]] == ["Hvorfor så få?"], "the skema of October shows it"


def test_what_is_answered_in_the_earlier_follow_up_after_the_next_was_begun_is_taken() -> None:
    june = PlayedRound()
    june.flet(from_kse("juni.xlsx", {ONE: "Hvorfor?", OTHER: "Hvornår?"}))
    october = PlayedRound(round_=Round.AARSOPFOELGNING, earlier=[june])
    october.flet()
    october.write("Hvornår?", Svar="I maj")
    june.write("Hvorfor?", Svar="Fordi")
    june.write("Hvornår?", Svar="I april")
    june.flet()
    october.flet()
    assert october.said() == [(KSE, "Hvorfor?", ANSWERED, "Fordi"), (KSE, "Hvornår?", ANSWERED, "I maj")]
    october.write("Hvornår?", Svar=None)
    october.flet()
    assert october.said()[0] == (KSE, "Hvornår?", FOR_UNIT, ""), "cleared there, and not fetched from June again"


# ---------------------------------------------------------------- what the coordinator writes

def both(m: PlayedRound) -> None:
    """Let KSE say one thing, and the unit ask another, that KSE answers."""
    m.flet(skema({ONE: "I gang"}), from_kse("a.xlsx", {ONE: "Hvorfor?"}, when="2015-06-01"))
    m.ask(OTHER, "Hvornår?")
    m.flet()


def answered(m: PlayedRound) -> None:
    """Let KSE answer as well."""
    both(m)
    m.flet(m.judged(written(m.edition(), "Hvornår?", Svar="I maj")))


def sorted_rows(m: PlayedRound) -> None:
    """Sort the lines backwards, and write in one of them."""
    m.write("Hvorfor?", Svar="Fordi")
    assert m.book is not None
    sheet = sheet_of(m.book, DIALOG)
    rows = list(sheet.rows)
    m.book = with_sheet(m.book, replace(sheet, rows=[*rows[:4], *reversed(rows[4:7]), *rows[7:]]))


def without_keys(m: PlayedRound) -> None:
    """Delete the hidden column, and write in a line."""
    m.write("Hvorfor?", Svar="Fordi")
    assert m.book is not None
    sheet = sheet_of(m.book, DIALOG)
    m.book = with_sheet(m.book, replace(sheet, rows=[row[:7] for row in sheet.rows]))


def copied(m: PlayedRound) -> None:
    """Copy a line, and answer in both."""
    assert m.book is not None
    sheet = sheet_of(m.book, DIALOG)
    line = next(row for row in sheet.rows if "Hvorfor?" in row)
    twice = [*line]
    m.write("Hvorfor?", Svar="Fordi")
    twice[6] = "Derfor"
    sheet = sheet_of(m.book, DIALOG)
    m.book = with_sheet(m.book, replace(sheet, rows=[*sheet.rows, twice]))


REMARK, ASKED = ("Husteamet", "I gang", "", ""), (UNIT, "Hvornår?", FOR_KSE, "")
HANDS: dict[str, tuple[Callable[[PlayedRound], None], Callable[[PlayedRound], Any], list[Line], list[str]]] = {
    "KSE's line is answered": (both, lambda m: m.write("Hvorfor?", Svar="Fordi"), [
        REMARK, (KSE, "Hvorfor?", ANSWERED, "Fordi"), ASKED], []),
    "nothing is to be answered": (both, lambda m: m.write("Hvorfor?", Tilstand=INFORMATION), [
        REMARK, (KSE, "Hvorfor?", INFORMATION, ""), ASKED], []),
    "it was answered on the telephone": (both, lambda m: m.write("Hvornår?", Svar="I juni"), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), (UNIT, "Hvornår?", ANSWERED, "I juni")], []),
    "the stage is cleared and drawn again": (both, lambda m: m.write("Hvorfor?", Tilstand=None), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), ASKED], []),
    "the stage in other words": (both, lambda m: m.write("Hvorfor?", Tilstand="venter på forvaltningen "), [
        REMARK, (KSE, "Hvorfor?", FOR_KSE, ""), ASKED], []),
    "a stage that is none is asked about": (both, lambda m: m.write("Hvorfor?", Tilstand="Måske"), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), ASKED], ["dialog-stage-unknown"]),
    "answered and asked back: a question of its own": (
        both, lambda m: m.write("Hvorfor?", Svar="Hvad mener I?", Tilstand=FOR_KSE), [
            REMARK, (KSE, "Hvorfor?", ANSWERED, ""), (UNIT, "Hvad mener I?", FOR_KSE, ""), ASKED], []),
    "a colleague's remark is made a question": (both, lambda m: m.write("I gang", Tilstand=FOR_KSE), [
        ("Husteamet", "I gang", FOR_KSE, ""), (KSE, "Hvorfor?", FOR_UNIT, ""), ASKED], []),
    "an answer where nothing is asked": (both, lambda m: m.write("I gang", Svar="Godt"), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), ASKED], ["dialog-answer-nowhere"]),
    "what KSE said is edited": (both, lambda m: m.write("Hvorfor?", Hvad="Hvorfor dog?"), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), ASKED], ["dialog-record"]),
    "what was asked is cleared": (both, lambda m: m.write("Hvornår?", Hvad=None), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), ASKED], ["dialog-record"]),
    "the rows are sorted": (both, sorted_rows, [REMARK, (KSE, "Hvorfor?", ANSWERED, "Fordi"), ASKED], []),
    "the hidden column is deleted": (both, without_keys, [REMARK, (KSE, "Hvorfor?", ANSWERED, "Fordi"), ASKED], []),
    "a line is copied and answered twice": (both, copied, [REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), ASKED],
                                            ["dialog-answers-differ"]),
    "a question about nothing known": (both, lambda m: m.ask("M9", "Hvor?"), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), ASKED], ["dialog-no-goal"]),
    "a question about the whole agreement": (both, lambda m: m.ask("hele aftalen", "Hvor?"), [
        (UNIT, "Hvor?", FOR_KSE, ""), REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), ASKED], []),
    "the same question once more": (both, lambda m: m.ask(OTHER, "Hvornår?"), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), ASKED], []),
    "KSE's answer is worded by the coordinator": (answered, lambda m: m.write("Hvornår?", Svar="I maj 2016"), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), (UNIT, "Hvornår?", ANSWERED, "I maj 2016")], []),
    "KSE's answer is cleared": (answered, lambda m: m.write("Hvornår?", Svar=None), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), (UNIT, "Hvornår?", FOR_KSE, "")], []),
    "KSE's answer isn't enough": (answered, lambda m: m.write("Hvornår?", Tilstand=FOR_KSE), [
        REMARK, (KSE, "Hvorfor?", FOR_UNIT, ""), (UNIT, "Hvornår?", FOR_KSE, "I maj")], []),
}


@pytest.mark.parametrize(("before", "write", "expected", "told"), HANDS.values(), ids=HANDS)
def test_what_the_coordinator_writes(before: Callable[[PlayedRound], None], write: Callable[[PlayedRound], Any],
                                     expected: list[Line], told: list[str]) -> None:
    played = PlayedRound()
    before(played)
    write(played)
    played.flet()
    assert sorted(played.said()) == sorted(expected) and played.told == told
    assert not played.standing().edited, "it is drawn as it was understood"
    played.flet()
    assert sorted(played.said()) == sorted(expected), "and remembered"


def test_what_isnt_read_stands_on_kontrol_and_the_earlier_file_is_kept() -> None:
    played = PlayedRound()
    both(played)
    played.write("Hvorfor?", Hvad="Hvorfor dog?")
    assert played.standing().lost
    played.flet()
    kontrol = [[cell.value for cell in row] for row in played.result.book.control.rows]
    assert any("Hvorfor dog?" in row for row in kontrol)


def test_a_question_without_a_goal_stands_where_it_was_written_until_it_has_one() -> None:
    played = PlayedRound()
    played.flet()
    played.ask("", "Hvor?")
    played.flet()
    assert played.result.book.dialog.drafts == (("", "Hvor?"),) and played.said() == []
    played.ask(ONE, "Hvor?")
    played.flet()
    assert played.said() == [(UNIT, "Hvor?", FOR_KSE, "")] and not played.result.state.drafts


# ---------------------------------------------------------------- KSE's files

def test_an_edition_from_before_the_question_comes_late() -> None:
    played = PlayedRound()
    played.flet(skema({ONE: "I gang"}))
    sent = played.edition()
    played.ask(OTHER, "Hvornår?")
    played.flet()
    played.flet(played.judged(remarked(sent, {ONE: "Godt"}), "sen.xlsx"))
    assert played.said() == [("Husteamet", "I gang", "", ""), (KSE, "Godt", FOR_UNIT, ""), ASKED]


def test_two_editions_that_answer_differently_both_stand_and_are_asked_about_until_the_coordinator_says() -> None:
    played = PlayedRound()
    both(played)
    sent = played.edition()
    files = [played.judged(written(sent, "Hvornår?", Svar=text), name) for name, text in (("a2", "I maj"), ("b2", "I juni"))]
    played.flet(*files)
    assert played.told == ["kse-answers-differ"]
    assert played.lines(OTHER)[0]["Svar"].split("\n") == ["Forvaltningen 1: I juni", "Forvaltningen 2: I maj"] or \
        sorted(line.split(": ")[1] for line in played.lines(OTHER)[0]["Svar"].split("\n")) == ["I juni", "I maj"]
    played.write("Hvornår?", Svar="I juni")
    played.flet()
    assert played.told == [] and played.lines(OTHER)[0]["Svar"] == "I juni"


@pytest.mark.parametrize(("texts", "answer", "expected"), [
    (["Gdot", "Godt"], "", [(KSE, "Godt", FOR_UNIT, "")]),
    (["Gdot", "Godt"], "Tak", [(KSE, "Gdot", ANSWERED, "Tak"), (KSE, "Godt", FOR_UNIT, "")]),
    (["Godt.", "Godt. Hvornår?"], "", [(KSE, "Godt.", FOR_UNIT, ""), (KSE, "Hvornår?", FOR_UNIT, "")]),
    (["Godt", "Godt\nOg så?", "Godt\nOg så?\nTak"], "Tak", [
        (KSE, "Godt", ANSWERED, "Tak"), (KSE, "Og så?", FOR_UNIT, ""), (KSE, "Tak", FOR_UNIT, "")]),
    (["Godt", None], "", []),
    (["Godt", None], "Tak", [(KSE, "Godt", ANSWERED, "Tak")])],
    ids=["corrected", "corrected after the answer", "more is added", "added twice", "taken back", "taken back, answered"])
def test_what_kse_writes_in_a_remark_that_stands(texts: list[str | None], answer: str, expected: list[Line]) -> None:
    played = PlayedRound()
    for number, text in enumerate(texts):
        base = texts[number - 1] if number else ""
        played.flet(from_kse(str(number), {ONE: text}, {ONE: base or ""}, drawn_from=[str(each) for each in range(number)]))
        if number == 0 and answer:
            played.write(str(text), Svar=answer)
    assert [each for each in played.said() if each[0] == KSE] == expected


def test_an_answer_to_a_line_that_the_follow_up_has_lost_brings_the_line_along() -> None:
    played = PlayedRound()
    both(played)
    answer = played.judged(written(played.edition(), "Hvornår?", Svar="I maj"))
    anew = PlayedRound()
    anew.flet(answer)
    assert (UNIT, "Hvornår?", ANSWERED, "I maj") in anew.said()


def test_only_what_waits_for_kse_is_open_in_its_edition_and_all_else_that_differs_is_told() -> None:
    played = PlayedRound()
    both(played)
    edition = played.edition()
    judged = played.judged(written(written(edition, "Hvornår?", Svar="I maj"), "Hvorfor?", Svar="Selv", Tilstand=ANSWERED))
    assert [(each.goal, each.text) for each in judged.remarks] == [(OTHER, "I maj")]
    assert [(each.code, each.text) for each in judged.findings if each.text] == [
        ("kse-wrote", f"{ANSWERED} · Selv")]
    assert judged.cells == judged.sent + 1 + sum(each.cells for each in judged.findings)
    assert played.judged(edition).untouched


# ---------------------------------------------------------------- nothing is lost, in any order

@st.composite
def editions(draw: st.DrawFn) -> list[DepartmentAnswer]:
    found: list[DepartmentAnswer] = []
    for number in range(draw(st.integers(1, 3))):
        before = [str(n) for n in range(number) if draw(st.booleans())]
        remarks = {goal: draw(st.sampled_from(("Godt", "Godt\nHvorfor?", "Hvorfor?", None)))
                   for goal in draw(st.sets(st.sampled_from((*GOALS, ""))))}
        bases = {goal: draw(st.sampled_from(("", "Godt"))) for goal in remarks}
        found.append(from_kse(str(number), remarks, bases, draw(st.sampled_from(("", "2015-06-01", "2015-06-02"))), before))
    return found


@settings(max_examples=examples(8, 300), deadline=None)
@given(editions(), st.randoms(), st.integers(0, 3))
def test_editions_in_any_order_say_the_same(files: list[DepartmentAnswer], order: Any, at_once: int) -> None:
    together, apart = PlayedRound(), PlayedRound()
    together.flet(*files)
    shuffled = list(files)
    order.shuffle(shuffled)
    apart.flet(*shuffled[:at_once])
    for each in shuffled[at_once:]:
        apart.flet(each)
    assert apart.said() == together.said()
    kse = together.result.kse
    for remark_text in (remark.text for file in files for remark in file.remarks if remark.text):
        stands = any(text in (remark_text, *remark_text.split("\n")) for _, text, *_ in together.said())
        assert stands or any(line.text == remark_text for line in kse.lines), remark_text


# ---------------------------------------------------------------- long texts

@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=2_500),
                max_size=12), st.sampled_from((" ", "\n")))
@settings(max_examples=examples(20, 300), deadline=None)
def test_a_long_text_is_parted_and_joined_again(words: list[str], between: str) -> None:
    text = between.join(words)
    parts = pieces(text)
    assert all(len(part) <= MOST_IN_A_CELL + 1 for part in parts) and all(part == part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split()) and joined(parts, text) == text


def test_a_long_text_goes_on_in_the_next_lines_with_its_answer_beside_the_last() -> None:
    text = " ".join(f"ord{number}" for number in range(600))
    played = PlayedRound()
    played.flet(from_kse("a.xlsx", {ONE: text}))
    lines = played.lines(ONE)
    assert [each["Hvem"] for each in lines] == [KSE, f"{KSE} (fortsat)", f"{KSE} (fortsat)"]
    assert [each["Tilstand"] for each in lines] == ["", "", FOR_UNIT]
    assert " ".join(each["Hvad blev der skrevet"] for each in lines) == text
    answer = " ".join(f"svar{number}" for number in range(400))
    played.write(lines[2]["Hvad blev der skrevet"], Svar=answer)
    played.flet()
    assert [bool(each["Svar"]) for each in played.lines(ONE)] == [False, True, True] and not played.standing().edited
    assert played.result.dialogue[0].answer == answer
    played.write(played.lines(ONE)[1]["Hvad blev der skrevet"], Svar="Kort")
    played.flet()
    assert played.result.dialogue[0].answer.startswith("Kort svar")


# ---------------------------------------------------------------- names

@pytest.mark.parametrize(("unit", "short", "expected"), [
    ("Musikskolen", "Børn og Kultur", [
        "Musikskolen", "Børn og Kultur", "Venter på Musikskolen", "Venter på Børn og Kultur"]),
    ("Kulturhuset", "", ["Kulturhuset", "Forvaltningen", "Venter på Kulturhuset", "Venter på forvaltningen"]),
    ("Musik- og billedskolen i den lange by ved fjorden", "KSE", [
        "Musik- og billedskolen i den lange by ved fjorden", "KSE", "Venter på enheden", "Venter på KSE"])],
    ids=["a music school", "no short name", "a name that is too long for a list"])
def test_the_parties_have_their_own_names(unit: str, short: str, expected: list[str]) -> None:
    played = PlayedRound(of=agreement(short=short, unit=unit))
    played.flet(from_kse("a.xlsx", {ONE: "Hvorfor?"}))
    played.ask(ONE, "Hvornår?")
    played.flet()
    (kse, _, for_unit, _), (own, _, for_kse, _) = played.said()
    assert [own, kse, for_unit, for_kse] == expected
    sentence = str(played.result.book.dialog.sentence.value)
    assert sentence.startswith(f"1 {for_unit[0].lower()}{for_unit[1:]} og 1 på {for_kse.removeprefix('Venter på ')}.")


def test_the_parties_may_be_renamed_while_something_waits() -> None:
    played = PlayedRound()
    both(played)
    played.agreement = agreement(short="Kultur", unit="Bibliotekerne")
    played.flet()
    assert played.said() == [REMARK, ("Kultur", "Hvorfor?", "Venter på Bibliotekerne", ""),
                             (UNIT, "Hvornår?", "Venter på Kultur", "")]


def test_every_stage_is_read_as_it_is_written() -> None:
    names = Names("Biblioteket", "KSE")
    assert all(names.read_stage(names.stage(stage)) is stage for stage in Stage)
    assert names.read_stage("VENTER PÅ ENHEDEN") is Stage.FOR_UNIT and names.read_stage("noget") is None


# ---------------------------------------------------------------- what others show of it

def test_who_waits_for_whom() -> None:
    played = PlayedRound()
    answered(played)
    assert [each.text for each in waiting(played.result.dialogue, Party.UNIT)] == ["Hvorfor?"]
    assert waiting(played.result.dialogue, Party.DEPARTMENT) == ()


def test_the_next_skema_shows_the_departments_words_and_answers_of_the_last_round_and_what_waits() -> None:
    def said(text: str, year: int, round_: str, party: Party = Party.DEPARTMENT, **more: Any) -> Utterance:
        return Utterance(ONE, year, round_, party, "", text, **more)

    spoken = [said("Gammelt, besvaret", 2015, "midtvejs", answer="Ja", answered_by=Party.UNIT, since="20150"),
              said("Gammelt, venter", 2015, "midtvejs"),
              said("Sidste runde", 2015, "aarsopfoelgning", picked=Stage.INFORMATION),
              said("Må vi?", 2015, "aarsopfoelgning", Party.UNIT, answer="Ja", answered_by=Party.DEPARTMENT, since="20151"),
              said("Denne runde", 2016, "midtvejs")]
    words = department_words(spoken, 2016, "midtvejs")
    assert [each.text for each in words[ONE]] == ["Gammelt, venter", "Sidste runde", "Må vi?"]


def test_the_live_sentence_counts_the_lines_that_wait() -> None:
    played = PlayedRound()
    played.flet()
    assert str(played.result.book.dialog.sentence.value).startswith("Her står, hvad KSE og Biblioteket skriver")
    assert played.result.book.overview.dialog == (), "nobody has said anything"
    both(played)
    unit, department, link = played.result.book.overview.dialog
    assert unit.value == f"● 1 punkt venter på Biblioteket: {ONE}", "KSE's remark"
    assert str(department.value).startswith("◆ 1 punkt venter på KSE: ") and link.link == "'Dialog'!A4"
    sentence = played.result.book.dialog.sentence
    assert str(sentence.value).startswith("1 venter på Biblioteket og 1 på KSE.")
    assert cell_place("F5") and "F5:F10" in sentence.formula and "G5:G10" in sentence.formula
