"""The merge: what was sent out is the base, every returned file a side, and nothing anybody wrote is dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aftale.followup.control_sheets import control_lines
from aftale.forms.returned import Returned
from aftale.merge.cell_account import keep_books
from aftale.merge.merge import Decision, GoalColumn, Merged, MergeResult, drawn_value, merge_forms
from aftale.merge.state import combine
from aftale.model.agreement import AnswerColumn, Goal, Level, Measure, Value
from aftale.model.answers import Answer
from aftale.model.place import Place, Source
from aftale.model.text import CELL_LIMIT, canonical, utf16_length

GOAL = "M1.1.1"
GOALS = {GOAL: Goal(GOAL, Level.EFFECT, ("Synlighed", "Kerneopgaven", "Flere brugere", ""))}
RESULT, STATUS, REMARKS, NEXT = AnswerColumn.RESULT, AnswerColumn.STATUS, AnswerColumn.REMARKS, AnswerColumn.NEXT_STEP


def skema(by: str, answers: Mapping[AnswerColumn | GoalColumn, Value], when: str = "", owner: str = "Digitalteamet",
          name: str = "",
          base: Value = None) -> Returned:
    """Make a returned skema in the notation ``skema("Vikaren", {RESULT: 12.0}, "2015-11-04")``."""
    digest = sha256(repr((by, sorted(map(repr, answers.items())), when, owner)).encode()).hexdigest()
    source = Source(digest, name or f"skema_{by or digest[:4]}_{when}.xlsx", when=when)
    made = []
    for number, (where, value) in enumerate(answers.items(), 9):
        goal, column = where if isinstance(where, tuple) else (GOAL, where)
        made.append(Answer(goal, column, value, base, Place(source.name, "Skema", f"L{number}")))
    written = sum(answer.value is not None for answer in made)
    return Returned(source, f"S-{owner}", owner, by, answers=tuple(made), cells=written, goals=tuple(GOALS))


def merged(*files: Returned, decision: Decision | None = None) -> MergeResult:
    return merge_forms(files, {(decision.goal, decision.column): decision} if decision else {}, list(GOALS))


def result(*files: Returned, column: AnswerColumn = RESULT, decision: Decision | None = None) -> Merged:
    return merged(*files, decision=decision).cells[GOAL, column]


def codes(found: MergeResult) -> list[str]:
    return [p.code for p in found.problems]


def table(text: str) -> list[tuple[str, ...]]:
    """Return the rows of a table without its header and its last column, which only explains."""
    lines = text.strip().splitlines()[2:]
    return [tuple(part.strip() for part in line.strip()[1:-1].split("|"))[:-1] for line in lines]


# ---------------------------------------------------------------- one value and its sides

values = st.one_of(st.none(), st.text(max_size=3), st.floats(allow_nan=False, allow_infinity=False), st.dates())


CONFLICT = "(conflict)"


def merge(base: Value, *sides: Value) -> str:
    """Merge a cell that came back from several persons; in a file an unchanged cell is no answer at all."""
    files = [skema(f"Person {n}", {} if canonical(side) == canonical(base) else {RESULT: side}, base=base)
             for n, side in enumerate(sides)]
    cell = merged(*files).cells.get((GOAL, RESULT))
    return canonical(base) if cell is None else CONFLICT if cell.conflict else canonical(cell.outcome)


@given(values, values)
def test_an_unchanged_side_says_nothing(base: Value, theirs: Value) -> None:
    assert merge(base, base, theirs) == canonical(theirs)


@given(values, values)
def test_nor_does_the_other_side_where_it_is_unchanged(base: Value, ours: Value) -> None:
    assert merge(base, ours, base) == canonical(ours)


@given(values, values)
def test_two_sides_that_say_the_same_are_one(base: Value, both: Value) -> None:
    assert merge(base, both, both) == canonical(both)


@given(values, values, values)
def test_it_doesnt_matter_who_is_first(base: Value, ours: Value, theirs: Value) -> None:
    assert merge(base, ours, theirs) == merge(base, theirs, ours)


@given(values, st.lists(values, max_size=5).flatmap(lambda v: st.tuples(st.just(v), st.permutations(v))))
def test_the_order_of_many_sides_doesnt_matter(base: Value, sides: tuple[list[Value], list[Value]]) -> None:
    assert merge(base, *sides[0]) == merge(base, *sides[1])


@given(values, st.lists(values, max_size=5))
def test_many_sides_conflict_exactly_where_two_different_ones_were_changed(base: Value, sides: list[Value]) -> None:
    changed = {canonical(side) for side in sides} - {canonical(base)}
    expected = CONFLICT if len(changed) > 1 else (changed or {canonical(base)}).pop()
    assert merge(base, *sides) == expected


# Every pair of what two sides can do with a cell. »-« is an empty cell.
TABLE = """
| sent out | one side | other side | becomes  |                                  |
| -------- | -------- | ---------- | -------- | -------------------------------- |
| -        | -        | -          | -        | nobody answered                  |
| -        | 12       | -          | 12       | one answered                     |
| -        | -        | 12         | 12       | the other answered               |
| -        | 12       | 12         | 12       | both answered the same           |
| -        | 12       | 14         | CONFLICT | they disagree                    |
| 10       | 10       | 10         | 10       | nobody touched what was sent out |
| 10       | 12       | 10         | 12       | edit against untouched           |
| 10       | 10       | 12         | 12       | untouched against edit           |
| 10       | 12       | 12         | 12       | the same edit                    |
| 10       | 12       | 14         | CONFLICT | edit against another edit        |
| 10       | -        | 10         | -        | delete against untouched         |
| 10       | 10       | -          | -        | untouched against delete         |
| 10       | -        | -          | -        | both deleted it                  |
| 10       | -        | 12         | CONFLICT | delete against edit              |
| 10       | 12       | -          | CONFLICT | edit against delete              |
"""


def _number(text: str) -> Value:
    return None if text == "-" else float(text)


@pytest.mark.parametrize(("base", "one", "other", "becomes"), table(TABLE))
def test_every_case_of_a_cell_with_two_sides(base: str, one: str, other: str, becomes: str) -> None:
    expected = None if becomes == "CONFLICT" else _number(becomes)
    # In a file an unchanged cell isn't an answer at all.
    files = [skema(by, {} if side == base else {RESULT: _number(side)}, base=_number(base))
             for by, side in (("Vikaren", one), ("Koordinatoren", other))]
    for order in (files, files[::-1]):
        cell = merged(*order).cells.get((GOAL, RESULT))
        if cell is None:
            assert one == other == base
        else:
            assert cell.conflict == (becomes == "CONFLICT")
            assert cell.outcome == expected
            assert len(cell.sides) == sum(side != base for side in (one, other))


def test_a_conflict_keeps_both_sides_and_asks_about_them() -> None:
    found = merged(skema("Vikaren", {RESULT: 12.0}), skema("Koordinatoren", {RESULT: None}, base=10.0))
    assert [(side.who, side.value) for side in found.cells[GOAL, RESULT].sides] == [
        ("Koordinatoren", None), ("Vikaren", 12.0)]
    assert codes(found) == ["conflict"]
    assert found.problems[0].text == "(slettet) / 12"
    assert found.outcome(GOAL, RESULT) is None


# ---------------------------------------------------------------- versions of one skema

VERSIONS = """
| the files: Udfyldt af, saved, Resultat               | becomes  | replaced | asked      |                              |
| ---------------------------------------------------- | -------- | -------- | ---------- | ---------------------------- |
| Vikaren 11-04 12, Vikaren 11-06 14                   | 14       | 12       |            | the newest version counts    |
| Vikaren 11-06 14, Vikaren 11-04 12                   | 14       | 12       |            | in any order                 |
| Vikaren 11-04 12, vikaren 11-06 14                   | 14       | 12       |            | a name in any spelling       |
| Vikaren 11-04 12, Vikaren 11-05 13, Vikaren 11-06 14 | 14       | 12, 13   |            | three versions               |
| Vikaren 11-04 12, Vikaren 11-06 -                    | 12       |          | older-kept | only the older has an answer |
| Vikaren 11-04 -, Vikaren 11-06 14                    | 14       |          |            | the newer has one more       |
| Vikaren 11-04 12, Vikaren 11-06 12                   | 12       |          |            | both say the same            |
| Vikaren 11-04 12, Vikaren 11-04 14                   | CONFLICT |          | conflict   | the same time: sides         |
| Vikaren 11-04 12, Vikaren ? 14                       | CONFLICT |          | conflict   | one without a time: sides    |
| ? 11-04 12, ? 11-06 14                               | CONFLICT |          | conflict   | nobody's name: sides         |
| Vikaren 11-04 12, Børneteamet 11-06 14               | CONFLICT |          | conflict   | two persons: sides           |
| Vikaren 11-04 12, ? 11-06 14                         | CONFLICT |          | conflict   | one without a name: sides    |
"""


@pytest.mark.parametrize(("files", "becomes", "superseded", "asked"), table(VERSIONS))
def test_versions_of_the_same_skema(files: str, becomes: str, superseded: str, asked: str) -> None:
    made = []
    for number, text in enumerate(files.split(",")):
        by, when, value = text.split()
        made.append(skema("" if by == "?" else by, {} if value == "-" else {RESULT: float(value)},
                          "" if when == "?" else f"2015-{when}T09:00:00Z", name=f"skema ({number}).xlsx"))
    found = merged(*made)
    cell = found.cells[GOAL, RESULT]
    assert ("CONFLICT" if cell.conflict else canonical(cell.outcome)) == becomes
    assert ", ".join(sorted(canonical(old.answer.value) for old in found.superseded)) == superseded
    assert " ".join(codes(found)) == asked


def test_two_files_without_a_name_are_asked_about_even_where_the_files_are_called_the_same() -> None:
    old, new = (skema("", {RESULT: value}, when, name="skema.xlsx")
                for value, when in ((12.0, "2015-11-04"), (14.0, "2015-11-06")))
    found = merged(new, old)
    assert found.cells[GOAL, RESULT].conflict
    assert found.superseded == ()


def test_versions_are_told_apart_by_skema_and_not_by_name_alone() -> None:
    one = skema("Vikaren", {RESULT: 12.0}, "2015-11-04", owner="Digitalteamet")
    other = skema("Vikaren", {RESULT: 14.0}, "2015-11-06", owner="Landdistriktsteamet")
    assert result(one, other).conflict


def test_an_older_versions_answer_in_another_cell_is_kept_and_asked_about() -> None:
    found = merged(skema("Vikaren", {RESULT: 12.0, STATUS: "Opfyldt"}, "2015-11-04"),
                   skema("Vikaren", {RESULT: 14.0}, "2015-11-06"))
    assert found.outcome(GOAL, RESULT) == 14.0
    assert found.outcome(GOAL, STATUS) == "Opfyldt"
    assert [(p.code, p.goal, p.text) for p in found.problems] == [("older-kept", GOAL, "Opfyldt")]


def test_clearing_in_the_newer_version_supersedes_the_older_answer() -> None:
    found = merged(skema("Vikaren", {RESULT: 12.0}, "2015-11-04", base=10.0),
                   skema("Vikaren", {RESULT: None}, "2015-11-06", base=10.0))
    assert found.outcome(GOAL, RESULT) is None
    assert [(old.answer.value, old.now) for old in found.superseded] == [(12.0, None)]


def test_what_was_superseded_is_listed_on_kontrol() -> None:
    old = skema("Vikaren", {RESULT: 12.0}, "2015-11-04", name="gammel.xlsx")
    new = skema("Vikaren", {RESULT: 14.0}, "2015-11-06", name="ny.xlsx")
    line, = control_lines((old, new), (), merged(old, new), (), GOALS)
    assert (line.kind, line.text, line.read) == ("Erstattet svar", "12", "14")
    assert (line.place.file, line.cells) == ("gammel.xlsx", 1)
    assert "ny.xlsx" in line.what
    books = keep_books((old, new), merged(old, new), GOALS)
    assert (books.total, books.followup, books.control) == (2, 1, 1)


# ---------------------------------------------------------------- remarks are joined

A, B, C = "Vikaren i Børneteamet", "Børneteamets koordinator", "Ungeteamets koordinator"


@pytest.mark.parametrize(("remarks", "becomes"), [
    ({A: "Godt"}, "Godt"),
    ({A: "Godt", B: "Skidt"}, f"{B}: Skidt\n{A}: Godt"),
    ({A: "Godt", B: "Godt"}, "Godt"),
    ({A: "Godt", B: " Godt\r\n"}, "Godt"),
    ({A: "Godt", B: "Skidt", C: "Ved ikke"}, f"{B}: Skidt\n{C}: Ved ikke\n{A}: Godt"),
    ({A: "Godt", B: "Skidt", C: "Godt"}, f"{B}: Skidt\n{C}: Godt\n{A}: Godt"),
    ({A: "To\nlinjer", B: "Én"}, f"{B}: Én\n{A}: To\nlinjer"),
    ({A: None}, None),
    ({A: None, B: "Skidt"}, "Skidt"),
])
@pytest.mark.parametrize("column", [REMARKS, NEXT])
def test_remarks_of_several_persons_are_joined_under_their_names(remarks: dict[str, Value], becomes: Value,
                                                                 column: AnswerColumn) -> None:
    files = [skema(by, {column: text}, base="før" if text is None else None) for by, text in remarks.items()]
    for order in (files, files[::-1]):
        cell = result(*order, column=column)
        assert (cell.outcome, cell.conflict, cell.cut) == (becomes, False, False)


def test_a_remark_from_a_skema_without_a_name_stands_under_its_ansvarlig() -> None:
    cell = result(skema("", {REMARKS: "Godt"}, owner="Husteamet"), skema("", {REMARKS: "Skidt"}, owner="Ledelsen"),
                  column=REMARKS)
    assert cell.outcome == "Husteamet: Godt\nLedelsen: Skidt"


@pytest.mark.parametrize(("by", "named"), [
    ("hus@example.dk", "Husteamet"), ("mailto:hus@example.dk", "Husteamet"), ("Huset <hus@example.dk>", "Huset"),
    ("Huset, hus@example.dk", "Huset"), ("hus@example.dk (Huset)", "Huset"), ("<hus@example.dk>", "Husteamet"),
    ("Husets leder", "Husets leder"), ("", "Husteamet"),
], ids=["an address alone", "a link", "a name and an address", "with a comma", "a name in brackets", "only an address in <>",
        "a name", "nobody"])
def test_an_address_at_udfyldt_af_never_stands_in_joined_remarks(by: str, named: str) -> None:
    cell = result(skema(by, {REMARKS: "Godt"}, owner="Husteamet"), skema("Leder", {REMARKS: "Skidt"}, owner="Ledelsen"),
                  column=REMARKS)
    assert sorted(str(cell.outcome).split("\n")) == sorted([f"{named}: Godt", "Leder: Skidt"])


def test_one_sender_whose_name_is_written_in_two_ways_says_it_once() -> None:
    cell = result(skema("husteamet", {REMARKS: "Godt"}), skema("Husteamet", {REMARKS: "Godt"}, owner="Husteamet"),
                  skema("Leder", {REMARKS: "Skidt"}, owner="Ledelsen"), column=REMARKS)
    assert str(cell.outcome).count("Godt") == 1


def test_two_remarks_of_one_person_in_two_versions_are_not_joined() -> None:
    found = merged(skema(A, {REMARKS: "Godt"}, "2015-11-04"), skema(A, {REMARKS: "Skidt"}, "2015-11-06"))
    assert found.outcome(GOAL, REMARKS) == "Skidt"
    assert [old.answer.value for old in found.superseded] == ["Godt"]


LONG = "ord " * 6_000
FULL = CELL_LIMIT - len(f"{A}: x\n{B}: ")


@pytest.mark.parametrize(("one", "other", "cut"), [
    ("x", "y" * FULL, False),
    ("x", "y" * (FULL + 1), True),
    (LONG + "a", LONG + "b", True),
    ("x", "😀" * (FULL // 2), False),
    ("x", "😀" * (FULL // 2 + 1), True),
])
def test_what_a_cell_cant_hold_is_cut_and_stands_whole_on_kontrol(one: str, other: str, cut: bool) -> None:
    files = (skema(A, {REMARKS: one}), skema(B, {REMARKS: other}))
    found = merged(*files)
    cell = found.cells[GOAL, REMARKS]
    assert cell.cut == cut
    assert isinstance(cell.outcome, str) and utf16_length(cell.outcome) <= CELL_LIMIT
    assert codes(found) == (["cut-short"] if cut else [])
    lines = [line for line in control_lines(files, (), found, (), GOALS) if line.kind == "Lang tekst"]
    assert Counter(line.text for line in lines) == Counter((one.strip(), other) if cut else ())
    books = keep_books(files, found, GOALS)
    assert (books.control, books.followup) == ((2, 0) if cut else (0, 2))
    assert sum(line.cells for line in lines) == books.control


@example([("😀" * 60, "a", 16_323), ("😀" * 59, "b", 16_323)])
@given(st.lists(st.tuples(st.text(st.sampled_from("a😀å"), min_size=1, max_size=60),
                          st.sampled_from(["a", "😀", "ord "]), st.integers(1, 33_000)), min_size=2, max_size=4))
def test_joined_remarks_always_fit_into_a_cell(said: list[tuple[str, str, int]]) -> None:
    files = [skema(by, {REMARKS: canonical(letter * length)[:CELL_LIMIT // 2]}, owner=f"Team {number}")
             for number, (by, letter, length) in enumerate(said)]
    outcome = result(*files, column=REMARKS).outcome
    assert isinstance(outcome, str) and utf16_length(outcome) <= CELL_LIMIT


def test_a_single_remark_that_no_cell_can_hold_is_cut_too() -> None:
    """NFC makes some letters two, so that a text that fitted no longer does."""
    file = skema(A, {REMARKS: "ab" * CELL_LIMIT})
    cell = result(file, column=REMARKS)
    assert cell.cut and utf16_length(str(cell.outcome)) <= CELL_LIMIT
    lines = control_lines((file,), (), merged(file), (), GOALS)
    assert "".join(line.text for line in lines if line.kind == "Lang tekst") == "ab" * CELL_LIMIT


@pytest.mark.parametrize("goals", [GOALS, {}], ids=["goal in the agreement", "goal gone from it"])
def test_kontrol_counts_the_cells_of_long_remarks_as_the_books_do(goals: dict[str, Goal]) -> None:
    files = (skema(A, {REMARKS: LONG + "a"}), skema(B, {REMARKS: LONG + "b"}), skema(C, {REMARKS: None}, base="før"))
    found = merged(*files)
    lines = control_lines(files, (), found, (), goals)
    assert sum(line.cells for line in lines) == keep_books(files, found, goals).control == 2


# ---------------------------------------------------------------- the coordinator's decisions

def chosen(value: Value, *against: str, column: AnswerColumn = RESULT) -> Decision:
    return Decision(GOAL, column, frozenset(against), value)


DECISIONS = """
| answers    | chosen against | chosen | becomes | decided | reopened |                                               |
| ---------- | -------------- | ------ | ------- | ------- | -------- | --------------------------------------------- |
| 12, 14     | 12, 14         | 14     | 14      | yes     |          | one of the answers                            |
| 12, 14     | 12, 14         | 13     | 13      | yes     |          | an own wording                                |
| 12, 14     | 12, 14         | -      | -       | yes     |          | nothing at all                                |
| 12         | 12             | 13     | 13      | yes     |          | an edit where nobody disagreed                |
|            |                | 13     | 13      | yes     |          | typed where nobody had answered               |
| 12, 14, 15 | 12, 14         | 14     | -       |         | yes      | a new answer                                  |
| 12, 14, 15 | 12, 14         | -      | -       |         | yes      | a new answer where nothing was chosen         |
| 12, 14, 14 | 12, 14         | 14     | 14      | yes     |          | a new answer that agrees with the choice      |
| 12, 14, 12 | 12, 14         | 14     | 14      | yes     |          | a new answer that was already decided against |
| 12, 13     | 12             | 13     | 13      | yes     |          | a new answer that is the own wording          |
| 14         | 12             | 13     | -       |         | yes      | the only answer has changed                   |
| 12         |                | 13     | -       |         | yes      | an answer where nobody had answered           |
| 13         |                | 13     | 13      | yes     |          | … and it agrees                               |
| 12         | 12, 14         | 14     | 14      | yes     |          | an answer that has gone says nothing new      |
"""


@pytest.mark.parametrize(("answers", "against", "choice", "becomes", "decided", "reopened"), table(DECISIONS))
def test_decisions(answers: str, against: str, choice: str, becomes: str, decided: str, reopened: str) -> None:
    files = [skema(f"Medarbejder {n}", {RESULT: float(value)}) for n, value in enumerate(answers.split(",")) if value]
    decision = chosen(_number(choice), *(each.strip() for each in against.split(",") if each))
    found = merged(*files, decision=decision)
    cell = found.cells[GOAL, RESULT]
    assert cell.outcome == _number(becomes)
    assert (cell.decided, cell.reopened, cell.conflict) == (bool(decided), bool(reopened), bool(reopened))
    assert cell.decision == decision
    assert len(cell.sides) == len(files)
    assert codes(found) == (["reopened"] if reopened else [])
    assert all(f"valgt »{'(tom)' if choice == '-' else choice}«" in problem.message for problem in found.problems)


def test_a_decision_on_a_remark_stands_in_place_of_what_would_be_joined() -> None:
    files = [skema(A, {REMARKS: "Godt"}), skema(B, {REMARKS: "Skidt"})]
    decision = chosen("Både godt og skidt", "Godt", "Skidt", column=REMARKS)
    assert result(*files, column=REMARKS, decision=decision).outcome == "Både godt og skidt"
    assert result(*files, skema(C, {REMARKS: "Nyt"}), column=REMARKS, decision=decision).reopened


# ---------------------------------------------------------------- whatever the files

_answers = st.dictionaries(
    st.tuples(st.sampled_from([GOAL, "M1.1.2", "M9.9.9"]), st.sampled_from([RESULT, STATUS, REMARKS])),
    st.sampled_from([None, 12.0, 14.0, date(2015, 11, 4), "Godt", "Skidt"]), max_size=4)
_file = st.builds(
    lambda by, answers, when, owner, name: skema(by, answers, when, owner, name, base="før"),
    st.sampled_from(["", "Vikaren", "vikaren ", "Koordinatoren"]), _answers,
    st.sampled_from(["", "2015-11-04T09:00:00Z", "2015-11-05T09:00:00Z", "2015-11-06T09:00:00Z"]),
    st.sampled_from(["Digitalteamet", "Husteamet"]), st.sampled_from(["a.xlsx", "b.xlsx", "c.xlsx"]))
_shuffled = st.lists(_file, max_size=6).flatmap(lambda files: st.tuples(st.just(files), st.permutations(files)))
_decisions = st.dictionaries(
    st.tuples(st.sampled_from([GOAL, "M1.1.2"]), st.sampled_from([RESULT, STATUS])),
    st.tuples(st.frozensets(st.sampled_from(["12", "14", "Godt"])), st.sampled_from([None, 12.0, "Andet"])),
    max_size=2).map(lambda found: {cell: Decision(*cell, *what) for cell, what in found.items()})


def _all_at_once(files: Iterable[Returned]) -> tuple[Returned, ...]:
    return combine((), tuple(files))


@given(_shuffled, _decisions)
def test_the_order_of_the_files_doesnt_matter(files: tuple[list[Returned], list[Returned]],
                                              decisions: dict[GoalColumn, Decision]) -> None:
    one, other = (merge_forms(_all_at_once(each), decisions, list(GOALS)) for each in files)
    assert one == other
    assert list(one.cells) == list(other.cells)


@given(st.lists(_file, max_size=6, unique_by=lambda f: f.source.sha256), st.randoms(use_true_random=False), _decisions)
def test_the_merge_itself_doesnt_depend_on_the_order_it_is_given(files: list[Returned], chance: object,
                                                                 decisions: dict[GoalColumn, Decision]) -> None:
    shuffled = list(files)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge_forms(files, decisions, list(GOALS)) == merge_forms(shuffled, decisions, list(GOALS))


@given(_shuffled)
def test_files_fed_one_by_one_give_the_same_as_all_at_once(files: tuple[list[Returned], list[Returned]]) -> None:
    one_by_one: tuple[Returned, ...] = ()
    for each in files[1]:
        one_by_one = combine(one_by_one, (each,))
    assert one_by_one == _all_at_once(files[0])
    assert merge_forms(one_by_one, {}) == merge_forms(_all_at_once(files[0]), {})


@given(_shuffled)
def test_byte_identical_files_count_once(files: tuple[list[Returned], list[Returned]]) -> None:
    found = _all_at_once(files[0] + files[1])
    assert found == _all_at_once(files[0])
    assert sorted(each.source.sha256 for each in found) == sorted({each.source.sha256 for each in files[0]})
    assert all(answer.place.file == each.source.name for each in found for answer in each.answers)


@given(st.lists(_file, max_size=6), _decisions)
def test_every_answer_is_in_exactly_one_place(files: list[Returned], decisions: dict[GoalColumn, Decision]) -> None:
    accepted = _all_at_once(files)
    found = merge_forms(accepted, decisions)
    placed: Sequence[int] = [id(side) for cell in found.cells.values() for side in cell.sides]
    placed = [*placed, *(id(old.answer) for old in found.superseded)]
    assert sorted(placed) == sorted(id(answer) for each in accepted for answer in each.answers)
    for (goal, column), cell in found.cells.items():
        assert all((side.goal, side.column) == (goal, column) for side in cell.sides)


@given(st.lists(_file, max_size=6), _decisions, st.sampled_from([GOALS, {}]))
def test_the_books_balance_and_kontrol_has_the_cells_they_say(files: list[Returned], decisions: dict[GoalColumn, Decision],
                                                              goals: dict[str, Goal]) -> None:
    accepted = _all_at_once(files)
    found = merge_forms(accepted, decisions)
    books = keep_books(accepted, found, goals)
    assert books.balance
    assert books.total == sum(answer.value is not None for each in accepted for answer in each.answers)
    assert sum(line.cells for line in control_lines(accepted, (), found, (), goals)) == books.control


@given(st.lists(_file, max_size=6))
def test_a_cell_is_undecided_exactly_where_people_disagree(files: list[Returned]) -> None:
    for cell in merge_forms(_all_at_once(files), {}).cells.values():
        said = {canonical(side.value) for side in cell.sides}
        assert cell.conflict == (cell.column is not REMARKS and len(said) > 1)
        if not cell.conflict and cell.column is not REMARKS:
            assert {canonical(cell.outcome)} == said


@pytest.mark.parametrize(("unit", "column", "drawn"), [("%", RESULT, "0.5"), ("besøg", RESULT, "50"), ("%", REMARKS, "50")])
def test_an_answer_in_percent_is_drawn_as_a_share_and_no_other(unit: str, column: AnswerColumn, drawn: str) -> None:
    """Points are what an answer is, and a cell with a percent format holds the share of it."""
    goal = replace(GOALS[GOAL], measure=Measure(unit=unit))
    assert drawn_value(goal, column, 50.0) == drawn
    assert drawn_value(None, column, 50.0) == "50"


def two_rows(column: AnswerColumn, *values: Value) -> Returned:
    """Return a skema in which a goal stands on two rows."""
    one = skema("Husteamet", {column: values[0]})
    other = Answer(GOAL, column, values[1], None, Place(one.source.name, "Skema", "L20"))
    return replace(one, answers=(*one.answers, other), cells=2)


@pytest.mark.parametrize(("column", "values", "conflict", "outcome"), [
    (RESULT, (3.0, 5.0), True, None), (RESULT, (3.0, 3.0), False, 3.0),
    (REMARKS, ("Godt i gang", "Ikke i gang"), True, None), (NEXT, ("Ring", "Skriv"), True, None),
    (REMARKS, ("Godt i gang", "Godt i gang"), False, "Godt i gang"),
], ids=["two results", "one result twice", "two remarks", "two next steps", "one remark twice"])
def test_two_rows_of_a_goal_in_one_skema_that_say_different_things_are_a_conflict(
        column: AnswerColumn, values: tuple[Value, Value], conflict: bool, outcome: Value) -> None:
    cell = result(two_rows(column, *values), column=column)
    assert (cell.conflict, cell.outcome) == (conflict, outcome)


def test_the_remark_that_is_chosen_of_two_rows_stands_alone() -> None:
    rows = two_rows(REMARKS, "Godt i gang", "Ikke i gang")
    chosen = Decision(GOAL, REMARKS, frozenset({"Godt i gang", "Ikke i gang"}), "Godt i gang")
    assert result(rows, column=REMARKS, decision=chosen).outcome == "Godt i gang"
    beside = skema("Vikaren", {REMARKS: "Ikke i gang"})
    assert not result(skema("Husteamet", {REMARKS: "Godt i gang"}), beside, column=REMARKS).conflict, "two persons"
