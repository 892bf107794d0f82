"""The dialogue's single rules: its order, whose word it is, what is carried on, and how long texts are parted."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from conftest import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playing_dialogue import (
    GOALS,
    PlayedRound,
    agreement,
    from_kse,
    remarked,
    sheet_of,
    skema,
    source,
    with_sheet,
    written,
)

from aftale.forms.returned import DepartmentAnswer
from aftale.kse.dialog_rows import MOST_IN_A_CELL, joined, pieces
from aftale.kse.dialogue import carried, department_words, dialogue_of, threads
from aftale.kse.remarks import KseRemarks
from aftale.merge.merge import Merged, MergeResult
from aftale.merge.state import State
from aftale.model.agreement import AnswerColumn, Round
from aftale.model.answers import Answer
from aftale.model.columns import DIALOG
from aftale.model.dialogue import WHOLE, Names, Party, Stage, Utterance, moment
from aftale.model.place import Place
from aftale.model.workbook import Special, Workbook

ONE, OTHER = GOALS
UNIT, KSE = "Biblioteket", "KSE"
FOR_UNIT, FOR_KSE, ANSWERED = "Venter på Biblioteket", "Venter på KSE", "Besvaret"
NAMES = Names(UNIT, KSE)
JUNE, OCTOBER = (2015, "midtvejs"), (2015, "aarsopfoelgning")


def asked(text: str, when: tuple[int, str] = JUNE, goal: str = ONE, **more: Any) -> Utterance:
    """Return a question of the unit's."""
    return Utterance(goal, *when, Party.UNIT, UNIT, text, **more)


def remark(text: str, when: tuple[int, str] = JUNE, goal: str = ONE, **more: Any) -> Utterance:
    """Return what the department said."""
    return Utterance(goal, *when, Party.DEPARTMENT, KSE, text, **more)


def own(text: str, when: tuple[int, str] = JUNE, goal: str = ONE, **more: Any) -> Utterance:
    """Return what a colleague wrote in a skema."""
    return Utterance(goal, *when, Party.UNIT, "Husteamet", text, asked=False, **more)


def state(*said: Utterance, when: tuple[int, str] = JUNE, fingerprint: str = "", **more: Any) -> State:
    return State(year=when[0], round=Round(when[1]), dialogue=said, fingerprint=fingerprint, **more)


# ---------------------------------------------------------------- order, and whose word it is

def test_what_kse_says_in_several_files_stands_in_the_order_of_their_times() -> None:
    for first, last in (("a", "b"), ("b", "a")):
        played = PlayedRound()
        played.flet(from_kse(last, {ONE: "Siden"}, when="2015-06-09", edition=last),
                    from_kse(first, {ONE: "Først"}, when="2015-06-01", edition=first))
        assert [text for _, text, *_ in played.said()] == ["Først", "Siden"]


def test_lines_that_only_the_departments_files_remember_stand_in_the_order_of_time() -> None:
    later, sooner = asked("Senere", OCTOBER), asked("Først")
    known = KseRemarks(asked={"x": later, "y": sooner}, answers={later.key: "Ja", sooner.key: "Nej"})
    found = dialogue_of(state(when=(2016, "midtvejs")), known, MergeResult(), NAMES)
    assert [(each.text, each.answer) for each in found] == [("Først", "Nej"), ("Senere", "Ja")]


def test_the_units_assessment_is_what_it_says_of_the_whole_agreement() -> None:
    found = dialogue_of(state(boxes={"Samlet vurdering": "Et godt år"}), KseRemarks(), MergeResult(), NAMES)
    assert [(each.goal, each.who, each.text, each.stage) for each in found] == [
        (WHOLE, UNIT, "Samlet vurdering: Et godt år", Stage.NONE)]


@pytest.mark.parametrize(("outcome", "who"), [("I gang", "Husteamet"), ("Godt i gang", UNIT)],
                         ids=["one of the answers", "the coordinator's own words"])
def test_a_remark_that_the_coordinator_decided_stands_under_the_name_of_whoever_wrote_it(outcome: str, who: str) -> None:
    side = Answer(ONE, AnswerColumn.REMARKS, "I gang", None, Place("x.xlsx"), name="Husteamet")
    merged = MergeResult({(ONE, AnswerColumn.REMARKS): Merged(ONE, AnswerColumn.REMARKS, (side,), outcome, decided=True)})
    assert [(each.who, each.text) for each in dialogue_of(state(), KseRemarks(), merged, NAMES)] == [(who, outcome)]


def test_one_name_may_say_the_same_as_a_remark_and_as_a_question() -> None:
    same = [asked("Hvad nu?"), replace(own("Hvad nu?"), who=UNIT), own("Hvad nu?")]
    assert len({each.key for each in same}) == 3
    assert asked("Hvad nu?").key == replace(asked("Hvad nu?"), who="Et nyt navn").key, "a party may be renamed"


def test_threads_the_whole_agreement_then_what_is_waited_for_then_by_id() -> None:
    said = [remark("Færdig", goal="M1.1", picked=Stage.INFORMATION), own("Alene", goal="M1.2"), remark("Tak", goal="M1.10"),
            own("Hvad mener I?", goal="M1.9", picked=Stage.FOR_DEPARTMENT),
            remark("Godt år", goal=WHOLE, picked=Stage.INFORMATION)]
    assert [each[0].goal for each in threads(said)] == [WHOLE, "M1.9", "M1.10", "M1.1"], "nobody is spoken to at M1.2"


# ---------------------------------------------------------------- answers and stages that change

def waiting_for_kse() -> PlayedRound:
    played = PlayedRound()
    played.flet(skema({ONE: "I gang"}))
    played.ask(OTHER, "Hvornår?")
    played.flet()
    return played


def test_an_answer_that_kse_takes_back_waits_again() -> None:
    played = waiting_for_kse()
    edition = played.edition()
    played.flet(played.judged(written(edition, "Hvornår?", Svar="I maj"), "a", "2015-06-01"))
    assert played.said() == [(UNIT, "Hvornår?", ANSWERED, "I maj")]
    first, = played.result.state.departments
    said, = first.remarks
    played.flet(replace(first, source=source("b", "2015-06-02"), drawn_from=(first.short,), cells=first.cells - 1,
                        remarks=(said._replace(text=None, base="I maj"),)))
    assert played.said() == [(UNIT, "Hvornår?", FOR_KSE, "")]
    assert [each.answered_by for each in played.result.dialogue if each.text == "Hvornår?"] == [None]


@pytest.mark.parametrize(("now", "party", "stage"), [
    pytest.param("", None, Stage.FOR_DEPARTMENT, id="cleared"),
    pytest.param("I juni", Party.DEPARTMENT, Stage.ANSWERED, id="another answer")])
def test_an_answer_of_june_that_kse_changes_in_october_is_octobers(now: str, party: Party | None, stage: Stage) -> None:
    was = asked("Hvornår?", answer="I maj", answered_by=Party.DEPARTMENT, picked=Stage.FOR_DEPARTMENT, over="I maj",
                since="20150")
    known = KseRemarks(answers={was.key: now}, asked={was.key: was})
    found, = dialogue_of(state(was, when=OCTOBER), known, MergeResult(), NAMES)
    assert (found.answer, found.answered_by, found.stage, found.since) == (now, party, stage, "20151")


def test_a_chosen_stage_holds_for_the_answer_that_it_was_chosen_over() -> None:
    each = remark("Hvorfor?", answer="Fordi", answered_by=Party.UNIT, picked=Stage.FOR_UNIT, over="Fordi")
    assert each.stage is Stage.FOR_UNIT and replace(each, answer="Fordi vi kan").stage is Stage.ANSWERED


def test_what_kse_answers_in_a_later_round_is_shown_in_the_skema_after_that() -> None:
    june = waiting_for_kse()
    october = PlayedRound(round_=Round.AARSOPFOELGNING, earlier=[june])
    october.flet()
    october.flet(october.judged(written(october.edition(), "Hvornår?", Svar="I maj")))
    words = department_words(october.result.dialogue, 2016, "midtvejs")
    assert [(each.text, each.answer) for each in words[OTHER]] == [("Hvornår?", "I maj")]


def test_kse_that_was_sent_the_coordinators_wording_of_its_answer_and_changes_it_has_answered_to_it() -> None:
    played = waiting_for_kse()
    played.flet(played.judged(written(played.edition(), "Hvornår?", Svar="I maj"), "a"))
    played.write("Hvornår?", Svar="I maj 2016", Tilstand=FOR_KSE)
    played.flet()
    assert played.said() == [(UNIT, "Hvornår?", FOR_KSE, "I maj 2016")]
    played.flet(played.judged(written(played.edition(), "Hvornår?", Svar="I juni 2016"), "b"))
    assert played.said() == [(UNIT, "Hvornår?", ANSWERED, "I juni 2016")], "not both, one under the other"


# ---------------------------------------------------------------- what is carried on

B = "aarsopfoelgning"


@pytest.mark.parametrize(("before", "earlier", "expected"), [
    pytest.param((), [state(asked("Nu", OCTOBER), when=OCTOBER)], [], id="what was said in a later round isn't carried"),
    pytest.param((remark("Rettet siden"),), [state(remark("Som den er nu"))], ["Som den er nu"],
                 id="a remark that June's follow-up no longer has is gone"),
    pytest.param((remark("Før"),), [state(when=(2014, B))], ["Før"],
                 id="a remark of a round whose follow-up isn't given is remembered"),
    pytest.param((asked("Spurgt"), own("Et ord", (2014, B))), [state(), state(when=(2014, B))], ["Spurgt"],
                 id="a question is remembered though the earlier follow-up has lost it"),
])
def test_what_is_carried(before: tuple[Utterance, ...], earlier: list[State], expected: list[str]) -> None:
    assert [each.text for each in carried(before, earlier, *(OCTOBER if before else JUNE))] == expected


def test_where_two_earlier_follow_ups_differ_the_later_rounds_answer_holds() -> None:
    sooner, later = (asked("Hvad?", answer=text, since="20150") for text in ("Først", "Siden"))
    for known in ([state(sooner), state(later, when=OCTOBER)], [state(later, when=OCTOBER), state(sooner)]):
        assert [each.answer for each in carried((), known, 2016, "midtvejs")] == ["Siden"]


# ---------------------------------------------------------------- the rows of a sheet that people saved

LONG = " ".join(f"ord{number}" for number in range(400))


def rows_changed(played: PlayedRound, change: Callable[[list[list[Any]]], list[list[Any]]]) -> None:
    """Change the rows of the lines, those below the header."""
    assert played.book is not None
    sheet = sheet_of(played.book, DIALOG)
    rows = [list(row) for row in sheet.rows]
    count = len(played.lines())
    played.book = with_sheet(played.book, replace(sheet, rows=[*rows[:4], *change(rows[4:4 + count]), *rows[4 + count:]]))


def test_a_long_texts_rows_may_be_sorted_backwards() -> None:
    played = PlayedRound()
    played.flet(from_kse("a.xlsx", {ONE: LONG}))
    played.write(played.lines()[-1]["Hvad blev der skrevet"], Svar=LONG.replace("ord", "svar"))
    played.flet()
    before = played.said()
    rows_changed(played, lambda rows: rows[::-1])
    played.flet()
    assert played.said() == before and not played.told


def test_where_two_lines_say_the_same_none_is_guessed_without_its_key() -> None:
    played = PlayedRound()
    played.flet(skema({ONE: "Hvad nu?"}, owner=UNIT), from_kse("a.xlsx", {ONE: "Hvorfor?"}))
    played.ask(ONE, "Hvad nu?")
    played.flet()
    before = played.said()
    assert [text for _, text, *_ in before].count("Hvad nu?") == 2

    def change(rows: list[list[Any]]) -> list[list[Any]]:
        found = [row[:7] for row in rows]
        for row in found:
            if row[4] == "Hvad nu?":
                row[6] = "Intet"
        return found

    rows_changed(played, change)
    played.flet()
    assert sorted(played.said()) == sorted(before)


@pytest.mark.parametrize(("typed", "kinds", "codes"), [
    pytest.param("\u200b", ["blank"], [], id="only what can't be seen"),
    pytest.param(Special("#NAVN?", "error"), ["unread"], ["kse-unread"], id="an error"),
])
def test_what_is_no_answer_in_kses_cell_has_a_home(typed: Any, kinds: list[str], codes: list[str]) -> None:
    played = waiting_for_kse()
    judged = played.judged(written(played.edition(), "Hvornår?", Svar=typed))
    assert [each.kind for each in judged.findings] == kinds and [each.code for each in judged.findings if each.code] == codes
    assert judged.remarks == () and judged.cells == judged.sent + 1
    played.flet(judged)
    assert played.said() == [(UNIT, "Hvornår?", FOR_KSE, "")]


def test_a_long_question_and_a_long_answer_of_kses_are_one_line_and_every_cell_has_a_home() -> None:
    played = PlayedRound()
    played.flet()
    played.ask(ONE, LONG)
    played.flet()
    edition = played.edition()
    lines = played.lines(ONE)
    assert len(lines) == 2

    def answered(book: Workbook) -> DepartmentAnswer:
        for number, line in enumerate(lines, 1):
            book = written(book, line["Hvad blev der skrevet"], Svar=f"del {number}")
        return played.judged(book)

    judged = answered(edition)
    assert [each.text for each in judged.remarks] == ["del 1 del 2"]
    assert judged.cells == judged.sent + 1
    played.flet(judged)
    assert [each["Tilstand"] for each in played.lines(ONE)] == ["", ANSWERED]
    assert played.result.dialogue[0].answer == "del 1 del 2" and played.result.dialogue[0].text == LONG


def test_a_text_is_parted_between_words_near_the_end_of_its_room_and_line_breaks_take_a_line() -> None:
    first, *_ = pieces("ab " + "x" * 4_000)
    assert len(first) == MOST_IN_A_CELL, "a word too long for a row is broken, and not left for the next row"
    lines = "\n".join(f"linje {number}" for number in range(100))
    assert all(len(part) + 54 * part.count("\n") <= MOST_IN_A_CELL for part in pieces(lines)) and len(pieces(lines)) > 3
    assert joined(pieces(lines), lines) == lines, "the line break between two pieces is kept"
    assert joined(["Nyt", *pieces(lines)[1:]], lines).startswith("Nyt linje")


# ---------------------------------------------------------------- editions as they come back, in any order

@pytest.fixture(scope="module")
def two_questions() -> tuple[PlayedRound, Workbook]:
    """A round in which the unit has asked twice, and the edition that was sent then."""
    played = PlayedRound()
    played.flet(skema({ONE: "I gang"}))
    played.ask(ONE, "Hvem?")
    played.ask(OTHER, "Hvornår?", row=1)
    played.flet()
    return played, played.edition()


class Came(NamedTuple):
    """What a returned edition says: answers by question, remarks by goal, whether its rows are sorted, and its time."""

    answers: dict[str, str]
    remarks: dict[str, str]
    sorted: bool
    when: str


ANSWERS = st.sampled_from(("Ja", "Nej", "Ja\nog nej"))
CAME = st.builds(Came, st.dictionaries(st.sampled_from(("Hvem?", "Hvornår?")), ANSWERS),
                 st.dictionaries(st.sampled_from(GOALS), st.sampled_from(("Godt", "Godt\nHvad nu?"))), st.booleans(),
                 st.sampled_from(("", "2015-06-01", "2015-06-02")))


def came(played: PlayedRound, edition: Workbook, each: Came, name: str) -> DepartmentAnswer:
    """Return an edition as it was filled in and judged."""
    for question, reply in each.answers.items():
        edition = written(edition, question, Svar=reply)
    edition = remarked(edition, each.remarks)
    if each.sorted:
        sheet = sheet_of(edition, DIALOG)
        edition = with_sheet(edition, replace(sheet, rows=[*sheet.rows[:4], *sheet.rows[:3:-1]]))
    judged = played.judged(edition, name, each.when)
    assert judged.cells == judged.sent + len(judged.remarks) + sum(found.cells for found in judged.findings)
    return judged


@settings(max_examples=examples(6, 200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(CAME, min_size=1, max_size=3), order=st.randoms(use_true_random=False))
def test_editions_answered_edited_sorted_and_late_lose_and_double_nothing(two_questions: tuple[PlayedRound, Workbook],
                                                                          files: list[Came], order: Any) -> None:
    played, edition = two_questions
    judged = [came(played, edition, each, str(number)) for number, each in enumerate(files)]
    results = []
    for one_by_one in (False, True):
        now = copy(played)
        shuffled = list(judged)
        order.shuffle(shuffled)
        for part in ([[each] for each in shuffled] if one_by_one else [shuffled]):
            now.flet(*part)
        results.append(now.said())
        keys = [each["Nøgle"] for each in now.lines()]
        assert len(keys) == len({*keys}) and [text for _, text, *_ in now.said()].count("Hvem?") == 1
        shown = "\n".join([*("\n".join(line) for line in now.said()),
                           *(line.text for line in now.result.kse.lines)])
        for each in files:
            for text in (*each.answers.values(), *each.remarks.values()):
                assert all(part in shown for part in text.split("\n")), text
    assert results[0] == results[1]


# ---------------------------------------------------------------- what the coordinator writes, in odd ways

def answered_twice() -> PlayedRound:
    """Let KSE answer a question, and the unit answer KSE."""
    played = PlayedRound()
    played.flet(from_kse("a.xlsx", {ONE: "Hvorfor?"}))
    played.ask(OTHER, "Hvornår?")
    played.write("Hvorfor?", Svar="Fordi")
    played.flet()
    played.flet(played.judged(written(played.edition(), "Hvornår?", Svar="I maj")))
    return played


ALL = [(KSE, "Hvorfor?", ANSWERED, "Fordi"), (UNIT, "Hvornår?", ANSWERED, "I maj")]


def test_an_error_in_a_cell_leaves_what_was_there() -> None:
    played = answered_twice()
    error: Any = Special("#REFERENCE!", "error")
    played.write("Hvorfor?", Svar=error)
    played.write("Hvornår?", Tilstand=error)
    played.flet()
    assert played.said() == ALL


def test_what_kse_answered_in_an_earlier_round_is_a_record() -> None:
    june = answered_twice()
    october = PlayedRound(round_=Round.AARSOPFOELGNING, earlier=[june])
    october.flet()
    october.write("Hvornår?", Svar="Aldrig")
    assert october.standing().lost
    october.flet()
    assert (october.said(), october.told) == (ALL, ["dialog-answer-record"])


def test_what_was_said_on_the_telephone_is_kses_answer() -> None:
    played = waiting_for_kse()
    played.write("Hvornår?", Svar="I juni")
    played.flet()
    assert [each.answered_by for each in played.result.dialogue if each.answer] == [Party.DEPARTMENT]


def test_a_copied_line_with_two_stages_is_asked_about() -> None:
    played = PlayedRound()
    played.flet(from_kse("a.xlsx", {ONE: "Hvorfor?"}))
    rows_changed(played, lambda rows: [[*rows[0][:5], stage, *rows[0][6:]] for stage in ("Besvaret", "Til orientering")])
    played.flet()
    assert (played.said(), played.told) == ([(KSE, "Hvorfor?", FOR_UNIT, "")], ["dialog-answers-differ"])


def test_a_long_text_of_which_one_row_is_copied_over_the_other_is_told_of_and_stands_again() -> None:
    played = PlayedRound()
    played.flet(from_kse("a.xlsx", {ONE: LONG}))
    before = played.said()
    rows_changed(played, lambda rows: [[*row[:4], rows[0][4], *row[5:]] for row in rows])
    played.flet()
    assert (played.said(), played.told) == (before, ["dialog-record"])


@pytest.mark.parametrize(("cells", "told"), [
    pytest.param({"Tilstand": "Måske"}, ["dialog-stage-unknown"], id="a stage that is none"),
    pytest.param({"Hvad": None}, ["dialog-record"], id="what was said is cleared")])
def test_where_something_isnt_used_its_cell_is_named_and_the_earlier_file_is_kept(cells: dict[str, str | None],
                                                                                  told: list[str]) -> None:
    played = PlayedRound()
    played.flet(from_kse("a.xlsx", {ONE: "Hvorfor?"}))
    played.write("Hvorfor?", **cells)
    lost = played.standing().lost
    played.flet()
    assert played.told == told and any(DIALOG in each for each in lost)


def test_a_row_with_an_answer_and_no_question_is_told_of() -> None:
    played = PlayedRound()
    played.flet(from_kse("a.xlsx", {ONE: "Hvorfor?"}))
    assert played.book is not None
    sheet = sheet_of(played.book, DIALOG)
    strange = [OTHER, "", "", "", "", "", "Svaret hører til her", ""]
    played.book = with_sheet(played.book, replace(sheet, rows=[*sheet.rows, strange]))
    assert played.standing().lost
    played.flet()
    assert played.told == ["dialog-row-unknown"]
    assert any("Svaret hører til her" in str(cell.value) for row in played.result.book.control.rows for cell in row)


@pytest.mark.parametrize(("goal", "text", "drafts", "said"), [
    pytest.param(OTHER, "", ((OTHER, ""),), [], id="a Mål-id alone waits for its question"),
    pytest.param("m1.1.2", "Hvad?", (), [(OTHER, "Hvad?")], id="a Mål-id in small letters"),
    pytest.param("Aftalen", "Hvad?", (), [("Hele aftalen", "Hvad?")], id="the agreement by another name"),
])
def test_what_is_asked_below(goal: str, text: str, drafts: tuple[tuple[str, str], ...], said: list[tuple[str, str]]) -> None:
    played = PlayedRound()
    played.flet()
    played.ask(goal, text)
    played.flet()
    assert played.result.book.dialog.drafts == drafts
    assert [(each["Mål-id"], each["Hvad blev der skrevet"]) for each in played.lines()] == said


def test_a_question_stands_between_what_kse_said_before_and_after_it() -> None:
    played = PlayedRound()
    played.flet(from_kse("a.xlsx", {ONE: "Hvorfor?"}, when="2015-06-01"))
    played.ask(ONE, "Hvad mener I?")
    played.flet()
    played.flet(from_kse("b.xlsx", {ONE: "Tallet"}, when="2015-06-05", edition="f"))
    assert [text for _, text, *_ in played.said()] == ["Hvorfor?", "Hvad mener I?", "Tallet"]


# ---------------------------------------------------------------- how a line is drawn

def test_a_thread_names_its_goal_once_and_whoever_speaks_for_a_party_is_told_apart() -> None:
    text = "Biblioteket inviterer borgerne indenfor, så flere får øje på det, end der gjorde i fjor"
    of = agreement()
    goals = tuple(replace(each, texts=(*each.texts[:2], text, "")) for each in of.goals)
    played = PlayedRound(of=replace(of, goals=goals))
    played.flet(skema({ONE: "I gang"}, owner=UNIT), skema({ONE: "Ja"}), from_kse("a.xlsx", {ONE: "Hvorfor?"}))
    assert [each["Effektmål/delmål"] for each in played.lines()] == [text, *["Biblioteket inviterer borgerne …"] * 2]
    marks = {str(row[3].value): row[3].mark for row in played.result.book.dialog.table.rows}
    assert marks == {UNIT: "unit", "Husteamet": "", KSE: "department"}


def test_a_name_that_would_part_a_list_is_said_in_another_way() -> None:
    assert Names("Musik, dans og teater", 'Kultur "Syd"').within(Party.UNIT) == "enheden"
    assert Names("Musik, dans og teater", 'Kultur "Syd"').within(Party.DEPARTMENT) == "forvaltningen"


def test_an_answer_that_is_waited_for_again_is_counted_in_the_live_sentence() -> None:
    played = waiting_for_kse()
    played.flet(played.judged(written(played.edition(), "Hvornår?", Svar="I maj")))
    played.write("Hvornår?", Tilstand=FOR_KSE)
    played.flet()
    sentence = played.result.book.dialog.sentence
    assert str(sentence.value).startswith("0 venter på Biblioteket og 1 på KSE.") and ")+1)" in sentence.formula


def test_a_line_of_a_goal_that_left_the_agreement_keeps_its_text() -> None:
    played = PlayedRound()
    played.flet(from_kse("a.xlsx", {ONE: "Hvorfor?"}))
    played.agreement = replace(played.agreement, goals=played.agreement.goals[1:])
    played.flet()
    assert [(each["Effektmål/delmål"], each["Hvad blev der skrevet"]) for each in played.lines()] == [
        (f"Effektmålet {ONE}", "Hvorfor?")]


def test_moments_sort_by_year_and_round() -> None:
    assert sorted([moment(2016, "midtvejs"), moment(2015, B), moment(2015, "midtvejs")]) == ["20150", "20151", "20160"]
