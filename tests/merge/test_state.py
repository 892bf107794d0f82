"""What a follow-up remembers in its ``_aftale``: everything, in a table of texts, and proof that nobody touched it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest
from conftest import examples
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aftale.cells.hidden_sheet import CHUNK, Line, Record, find_record, line, sealed
from aftale.forms.returned import Returned
from aftale.merge.merge import Decision
from aftale.merge.state import FOLLOWUP_KIND, History, State, combine, combine_refused, read_state, renamed, state_lines
from aftale.model.agreement import AnswerColumn, Round, Value
from aftale.model.answers import Answer
from aftale.model.columns import RECORD_COLUMNS
from aftale.model.findings import kept, reading
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import Refused
from aftale.model.text import CELL_LIMIT, canonical, tidy, utf16_length
from aftale.model.workbook import Workbook, WorkbookSheet

HEADER = tuple(column.header for column in RECORD_COLUMNS)


def again(state: State) -> State | None:
    return read_state(Record(sealed(state_lines(state))))


# ---------------------------------------------------------------- whatever a state holds

# Everything that gets into a state was tidied before; what is inside it may be anything.
_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(canonical)
_said = st.one_of(_text, st.sampled_from(["=SUM(A1:A9)", "12.5", "2015-11-04", "Ja", "tekst+", "to\nlinjer", "😀", "å",
                                          "-", "_x000D_", "a" * 40_001, "😀" * 20_001]))
_some = _said.filter(bool)
_number = st.floats(allow_nan=False, allow_infinity=False, width=32).map(lambda n: float(canonical(n)))
_value: st.SearchStrategy[Value] = st.one_of(_some, _number, st.dates())
_goal = st.from_regex(r"M[0-9]{1,2}(\.[0-9]){0,3}", fullmatch=True)
_odd_goal = st.one_of(st.just(""), _goal, st.sampled_from(["M 1.1", "nyt mål", "1.1", "-", "a  b\nc"]))
_sheet = st.sampled_from(["Skema", "Ark 1", "A!B", "To  ord!her", "Skema (2)", "å æ ø", "'citat'", "-", "x y z w"])
_cell = st.sampled_from(["", "A1", "XFD1048576"])
_kind = st.sampled_from(["remark", "field", "extra-sheet", "unread", "new-goal"])
_code = st.sampled_from(["conflict", "number-unreadable", "unknown-goal", "record-lost", "proposed-change", "older-kept"])
_digest = st.integers(0, 10**9).map(lambda n: sha256(str(n).encode()).hexdigest())
_source = st.builds(Source, _digest, st.sampled_from(["skema.xlsx", "skema (1).xlsx", "æøå ! 1.ods"]),
                    st.sampled_from(["", "mail.eml", "arkiv 2.zip"]), _text,
                    st.sampled_from(["", "2015-11-04T09:00:00Z"]), _text)


def _placed(source: Source, sheet: str, cell: str) -> Place:
    return Place(source.name, sheet, cell, source.container)


@st.composite
def _returned(draw: st.DrawFn) -> Returned:
    source = draw(_source)

    def some(make: Callable[[Place], st.SearchStrategy]) -> tuple:  # type: ignore[type-arg]
        return tuple(draw(make(_placed(source, draw(_sheet), draw(_cell)))) for _ in range(draw(st.integers(0, 3))))

    return Returned(
        source, draw(_some), draw(_some), draw(_text), draw(st.sampled_from(["", "Ja", "Nej"])), draw(_text),
        some(lambda at: st.builds(Answer, _goal, st.sampled_from(AnswerColumn), st.one_of(st.none(), _value),
                                  st.one_of(st.none(), _value), st.just(at))),
        some(lambda at: st.one_of(
            st.builds(reading, st.just(at), _said, _text, st.sampled_from(["number-text", "id-by-text", "status-near"]),
                      st.one_of(st.just(""), _goal), st.sampled_from([*AnswerColumn, "Mål-id"]).map(str)),
            st.builds(kept, _kind, _some, st.just(at), st.integers(0, 999), st.one_of(st.just(""), _goal)),
            st.builds(lambda code, goal, value, cells: problem(code, at, goal=goal, value=value).keeping("unread", cells),
                      _code, _odd_goal, _text, st.integers(0, 9)))),
        draw(st.integers(0, 9999)), draw(st.integers(0, 9999)), tuple(draw(st.lists(_goal, max_size=3, unique=True))))


_cells = st.tuples(_goal, st.sampled_from(AnswerColumn))
_refused = st.builds(lambda source, code: Refused(source, problem(code, Place(source.name, container=source.container))),
                     _source, st.sampled_from(["not-ours", "file-unreadable", "other-year"]))
_decisions = st.dictionaries(
    _cells, st.tuples(st.frozensets(_said, max_size=3), st.one_of(st.none(), _value)), max_size=3).map(
        lambda found: {cell: Decision(*cell, against, value) for cell, (against, value) in found.items()})
_history = st.lists(
    st.builds(History, _goal, st.integers(2000, 2100), st.sampled_from(["midtvejs", "aarsopfoelgning"]),
              st.one_of(st.none(), _number), st.one_of(st.none(), _number), st.one_of(st.none(), st.dates()),
              st.sampled_from(["", "Opfyldt", "Udgået"]), st.sampled_from(["", "Ikke opfyldt"]),
              st.one_of(st.none(), _number), st.one_of(st.none(), _number)).filter(
                  lambda h: h != History(h.goal, h.year, h.round)),
    max_size=3, unique_by=lambda h: (h.goal, h.year, h.round)).map(lambda found: tuple(sorted(
        found, key=lambda h: (h.goal, h.year, h.round))))
_drawn = st.dictionaries(st.tuples(_goal, st.sampled_from([column.value for column in AnswerColumn])), _said, max_size=4)


def _with_text(drawn: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """An empty cell is as one that isn't drawn."""
    return {cell: text for cell, text in drawn.items() if text}


@st.composite
def _states(draw: st.DrawFn) -> State:
    accepted = draw(st.lists(_returned(), max_size=2, unique_by=lambda r: r.source.sha256))
    known = {each.source.sha256 for each in accepted}
    refused = draw(st.lists(_refused.filter(lambda r: r.source.sha256 not in known), max_size=2,
                            unique_by=lambda r: r.source.sha256))
    return State(
        draw(_text), draw(st.integers(0, 2100)), draw(st.sampled_from(Round)), tuple(accepted), tuple(refused),
        draw(_decisions), draw(st.dictionaries(_goal, _some, max_size=3)),
        draw(st.dictionaries(st.sampled_from(["Samlet vurdering", "Inden for rammen"]), _some)), draw(_history),
        draw(_drawn.map(_with_text)), draw(_drawn), draw(st.dictionaries(_sheet, _text, max_size=3)), draw(_text))


@given(_states())
@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=examples(60, 600))
def test_a_state_comes_back_as_it_was(state: State) -> None:
    found = again(state)
    assert found == state


@given(_states())
@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=examples(20, 200))
def test_every_line_fits_into_a_row_of_any_program(state: State) -> None:
    for each in sealed(state_lines(state)):
        assert len(each) == 5
        assert all(isinstance(part, str) and utf16_length(part) <= CELL_LIMIT for part in each)


# ---------------------------------------------------------------- the cases one by one

SOURCE = Source("0123456789abcdef" * 4, "skema (1).xlsx", "mail.eml", "vikaren@example.dk", "2015-11-04T09:00:00Z",
                "LibreOffice")
PLACE = Place("skema (1).xlsx", "Ark ! 1", "L9", "mail.eml")


@pytest.mark.parametrize("value", [
    None, 0.0, -1.5, 15190.0, 0.1, 1e-7, 1e15, "12.5", "2015-11-04", "=1+1", "to\nlinjer", "😀", date(2015, 11, 4),
    "a" * 40_000, "😀" * 40_000, "x" * CHUNK, "x" * (CHUNK + 1)], ids=lambda value: repr(value)[:14])
def test_an_answer_keeps_its_value_and_its_type(value: Value) -> None:
    answer = Answer("M1.1.1", AnswerColumn.RESULT, value, "før", PLACE)
    state = again(State(returned=(Returned(SOURCE, "S-1", "Digitalteamet", answers=(answer,)),)))
    assert state is not None
    assert state.returned[0].answers == (answer._replace(source=SOURCE, form="S-1", who="Digitalteamet",
                                                           name="Digitalteamet"),)
    assert type(state.returned[0].answers[0].value) is type(value)


@pytest.mark.parametrize("chosen", [None, 14.0, "Opfyldt", date(2015, 11, 4), "ord\n" * 12_000 + "ord"],
                         ids=lambda value: repr(value)[:14])
@pytest.mark.parametrize("against", [frozenset(), frozenset({"12", "14"}), frozenset({"", "12"})],
                         ids=lambda against: "+".join(sorted(against)) or "nothing")
def test_a_decision_is_remembered_with_what_it_was_made_against(chosen: Value, against: frozenset[str]) -> None:
    decision = Decision("M1.1.1", AnswerColumn.STATUS, against, chosen)
    state = again(State(decisions={("M1.1.1", AnswerColumn.STATUS): decision}))
    assert state is not None and state.decisions == {("M1.1.1", AnswerColumn.STATUS): decision}


@pytest.mark.parametrize("sheet", ["Skema", "Ark 1", "A!B !C", "x - y", "!", " ".join("abcdefgh")])
@pytest.mark.parametrize("goal", ["", "M1.1.1", "M 1.1", "et nyt mål", "to\nlinjer"])
def test_a_question_keeps_its_goal_and_its_place(sheet: str, goal: str) -> None:
    asked = problem("unknown-goal", Place(SOURCE.name, sheet, "A12", SOURCE.container), goal=goal, value="x")
    state = again(State(returned=(Returned(SOURCE, "S-1", "Digitalteamet", findings=(asked,)),)))
    assert state is not None and state.returned[0].problems == (asked,)


def test_a_question_about_a_very_long_mål_id_can_be_written_in_a_cell() -> None:
    asked = problem("unknown-goal", PLACE, goal="ord-" * 8_000)
    state = State(returned=(Returned(SOURCE, "S-1", "Digitalteamet", findings=(asked,)),))
    assert max(utf16_length(part) for each in state_lines(state) for part in each) <= CELL_LIMIT
    assert again(state) == state


def test_a_refused_file_is_remembered_with_why() -> None:
    where = Place(SOURCE.name, container=SOURCE.container)
    refused = Refused(SOURCE, problem("other-year", where, year=2014, expected=2015))
    state = again(State(refused=(refused,)))
    assert state is not None and state.refused == (refused,)


def test_an_accepted_and_a_refused_file_may_have_the_same_questions() -> None:
    accepted = Returned(Source("a" * 64, "a.xlsx"), "S-1", "Husteamet", findings=(problem("no-table", Place("a.xlsx")),))
    refused = Refused(Source("b" * 64, "b.xlsx"), problem("no-table", Place("b.xlsx")))
    assert again(State(returned=(accepted,), refused=(refused,))) == State(returned=(accepted,), refused=(refused,))


def test_the_lines_depend_on_nothing_but_the_content() -> None:
    one = State(decisions={(g, AnswerColumn.STATUS): Decision(g, AnswerColumn.STATUS, frozenset("ab"), "x")
                           for g in ("M2", "M1")},
                remarks={"M2": "to", "M1": "et"},
                history=(History("M2", 2015, "midtvejs", 1.0), History("M1", 2014, "midtvejs", 1.0)))
    other = State(decisions=dict(reversed(one.decisions.items())), remarks=dict(reversed(one.remarks.items())),
                  history=one.history[::-1])
    assert list(state_lines(one)) == list(state_lines(other))


@pytest.mark.parametrize("kind", ["aftale", "skema", ""])
def test_a_record_of_something_else_is_no_state(kind: str) -> None:
    assert read_state(Record(sealed(line("aftale", "", "slags", kind)))) is None


def test_the_record_of_a_follow_up_says_what_it_is() -> None:
    assert Record(sealed(state_lines(State()))).text("aftale", "", "slags") == FOLLOWUP_KIND


# ---------------------------------------------------------------- the table itself

@pytest.mark.parametrize(("length", "lines"), [
    (0, 1), (1, 1), (CHUNK, 1), (CHUNK + 1, 2), (2 * CHUNK, 2), (2 * CHUNK + 1, 3)])
@pytest.mark.parametrize("letter", ["a", "æ"])
def test_a_long_text_stands_on_several_lines(letter: str, length: int, lines: int) -> None:
    found = list(line("post", "nøgle", "felt", letter * length))
    assert len(found) == lines
    assert [each[3] for each in found] == ["tekst", *["tekst+"] * (lines - 1)]
    assert Record(found).text("post", "nøgle", "felt") == letter * length


def test_an_emoji_counts_for_two_and_is_never_split() -> None:
    text = "a" + "😀" * CHUNK
    found = list(line("post", "", "felt", text))
    assert all(utf16_length(each[4]) <= CHUNK for each in found)
    assert "".join(each[4] for each in found) == text
    assert Record(found).text("post", "", "felt") == text


@example([("a", "b", "c", "tekst", "to\r\nlinjer"), ("a", "b", "d", "tekst", " mellemrum ")], 0)
@given(st.lists(st.tuples(*[st.text(max_size=5)] * 5), min_size=1, max_size=5), st.integers(0, 24))
def test_the_seal_holds_until_a_cell_is_changed(lines: list[Line], at: int) -> None:
    whole = sealed(lines)
    assert Record(whole).intact == all(each[0] != "segl" for each in lines)
    # What a program may do to a text while saving it (line ends, outer spaces, Unicode form) breaks no seal.
    tidied = [tuple(tidy(part) for part in each) for each in whole]
    assert Record(tidied).intact == Record(whole).intact  # type: ignore[arg-type]
    row, column = divmod(at % (len(lines) * 5), 5)
    changed = [list(each) for each in whole]
    changed[row][column] += "!"
    assert not Record([tuple(each) for each in changed]).intact  # type: ignore[misc]


def test_the_seal_notices_a_line_that_is_gone_moved_or_added() -> None:
    whole = sealed([("a", "", "x", "tal", "1"), ("a", "", "y", "tal", "2"), ("a", "", "z", "tal", "3")])
    assert Record(whole).intact
    assert not Record(whole[1:]).intact
    assert not Record((whole[1], whole[0], *whole[2:])).intact
    assert not Record((("a", "", "w", "tal", "0"), *whole)).intact
    assert not Record(whole[:-1]).intact
    assert not Record(()).intact


@pytest.mark.parametrize("rows", [
    [HEADER],
    [("",), HEADER],
    [tuple(each.upper() for each in HEADER)],
    [(*HEADER, "en kolonne til")],
])
def test_the_record_is_found_by_its_header_whatever_its_sheet_is_called(rows: list[tuple[str, ...]]) -> None:
    lines = sealed(line("aftale", "", "slags", "opfølgning"))
    sheets = (WorkbookSheet("Skema", [("Mål-id", "Effektmål")]), WorkbookSheet("Ark3", [*rows, *lines]))
    sheet, record = find_record(Workbook(Source("0", "f.xlsx"), sheets))
    assert sheet is sheets[1]
    assert record.text("aftale", "", "slags") == "opfølgning" and record.intact


def test_numbers_that_a_program_has_made_of_our_texts_are_read_all_the_same() -> None:
    lines = sealed([*line("aftale", "", "slags", "opfølgning"), *line("opfølgning", "", "år", 2015.0)])
    rows: list[tuple[object, ...]] = [HEADER]
    rows += [tuple(2015.0 if part == "2015" else part for part in each) for each in lines]
    _, record = find_record(Workbook(Source("0", "f.xlsx"), (WorkbookSheet("_aftale", rows),)))
    assert record.number("opfølgning", "", "år") == 2015 and record.intact


def test_a_book_without_a_record_has_an_empty_one_that_proves_nothing() -> None:
    sheet, record = find_record(Workbook(Source("0", "f.xlsx"), (WorkbookSheet("Ark1", [("a", "b")]),)))
    assert sheet is None and record.lines == () and not record.intact


# ---------------------------------------------------------------- files in several copies

def test_of_two_names_for_the_same_bytes_the_first_in_the_alphabet_stands() -> None:
    known = Returned(SOURCE, "S-1", "Husteamet", answers=(Answer("M1", AnswerColumn.STATUS, "Opfyldt", None, PLACE),))
    copy = renamed(known, Source(SOURCE.sha256, "a.xlsx"))
    for old, new in (((known,), (copy,)), ((copy,), (known,)), ((), (known, copy))):
        only, = combine(old, new)
        assert (only.source.name, only.answers[0].place.file, only.answers[0].place.cell) == ("a.xlsx", "a.xlsx", "L9")


def refused(name: str, code: str) -> Refused:
    return Refused(Source(sha256(name.encode()).hexdigest(), name), problem(code, Place(name)))


def test_a_refused_file_is_settled_when_it_comes_back_readable_under_its_name() -> None:
    bad, other = refused("skema.xlsx", "file-unreadable"), refused("andet.xlsx", "file-locked")
    good = Returned(Source("c" * 64, "skema.xlsx"), "S-1", "Husteamet")
    assert combine_refused((bad,), (other, bad), ()) == (other, bad)
    assert combine_refused((bad, other), (), (good,)) == (other,)


@pytest.mark.parametrize(("code", "remembered"), [
    ("file-unreadable", True), ("file-locked", True), ("file-busy", True), ("not-ours", False), ("other-year", False),
    ("other-kind", False)])
def test_only_a_file_that_couldnt_be_read_is_remembered_until_it_is_settled(code: str, remembered: bool) -> None:
    each = refused("skema.xlsx", code)
    assert combine_refused((each,), (), ()) == ((each,) if remembered else ())
    assert combine_refused((), (each,), ()) == (each,)
