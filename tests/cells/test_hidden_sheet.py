"""Formats that can grow: values as JSON with named fields, and what a newer version has added is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftale.cells.hidden_sheet import (
    FORMAT,
    JSON,
    Line,
    Record,
    find_record,
    is_newer,
    json_text,
    line,
    sealed,
    unknown_lines,
    with_unknown,
)
from aftale.cells.named_json import as_json, as_plain, from_json, from_plain
from aftale.model.agreement import AnswerColumn, Demand, Value
from aftale.model.columns import RECORD_COLUMNS
from aftale.model.findings import Severity
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.text import tidy
from aftale.model.workbook import Workbook, WorkbookSheet


class Pair(NamedTuple):
    first: str
    second: float | None = None


@dataclass(frozen=True)
class Thing:
    name: str
    value: Value = None
    day: date | None = None
    pairs: tuple[Pair, ...] = ()
    set: frozenset[Demand] = frozenset()
    cells: dict[tuple[str, AnswerColumn], str] | None = None
    years: dict[int, float | None] | None = None


WHOLE = Thing("å", 2.0, date(2015, 5, 6), (Pair("a", 1.5), Pair("b")), frozenset((Demand.PARTNERS, Demand.ACCESS)),
              {("M1", AnswerColumn.STATUS): "x"}, {2015: None, 2016: 3.0})


def test_every_value_has_its_name_and_defaults_arent_written() -> None:
    assert json.loads(as_json(WHOLE)) == {
        "name": "å", "value": 2.0, "day": {"date": "2015-05-06"}, "pairs": [{"first": "a", "second": 1.5}, {"first": "b"}],
        "set": ["Partnerskaber", "Tilgængelighed"], "cells": {"M1": {"status": "x"}}, "years": {"2015": None, "2016": 3.0}}
    assert as_json(Thing("a")) == '{"name":"a"}'


@pytest.mark.parametrize("value", ["", "12", 0.0, 12.0, -1e-7, None, date(2015, 5, 6), datetime(2015, 5, 6, 7, 8), "å\n"])
def test_a_clean_answer_keeps_its_value_and_its_type(value: Value) -> None:
    found = from_json(as_json(Thing("a", value)), Thing).value
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize("name", [each for each in as_plain(WHOLE) if each != "name"])
def test_a_field_that_is_missing_takes_its_default_and_an_unknown_one_harms_nothing(name: str) -> None:
    plain = {key: value for key, value in as_plain(WHOLE).items() if key != name} | {"fra en nyere": {"a": 1}}
    found = from_plain(plain, Thing)
    assert getattr(found, name) == getattr(Thing("a"), name)
    assert all(getattr(found, other) == getattr(WHOLE, other) for other in plain if other != "fra en nyere")


@pytest.mark.parametrize("plain", [{}, {"name": "a", "day": "i går"}, {"name": "a", "pairs": [{}]}, [], None])
def test_what_lacks_a_field_without_a_default_or_holds_something_else_is_told(plain: Any) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        from_plain(plain, Thing)


def test_a_place_is_in_the_file_that_is_read() -> None:
    place = Place("f.xlsx", "Skema", "L9", "c.zip")
    assert as_plain(place) == {"sheet": "Skema", "cell": "L9"}
    assert from_plain(as_plain(place), Place, Source("0", "g.xlsx", "d.zip")) == Place("g.xlsx", "Skema", "L9", "d.zip")
    assert from_plain(as_plain(place), Place) == Place("", "Skema", "L9")


def test_a_problem_matters_as_much_as_the_catalogue_now_says() -> None:
    asked = problem("no-table", Place(), owner="Husteamet")
    plain = {**as_plain(asked), "level": "info"}
    assert from_plain(plain, type(asked)).level is Severity.ERROR
    assert from_plain({**plain, "code": "fra en nyere"}, type(asked)).level is Severity.INFO


@given(st.recursive(st.text(max_size=8), lambda inside: st.lists(inside, max_size=3)))
def test_json_is_as_it_was_whatever_a_program_does_to_the_letters_of_its_cell(plain: object) -> None:
    text = json_text({"a": plain})
    assert tidy(text) == text and "\n" not in text
    assert json.loads(text) == {"a": plain}


# ---------------------------------------------------------------- the format's number

def book(lines: list[Line] | tuple[Line, ...]) -> Workbook:
    header = tuple(column.header for column in RECORD_COLUMNS)
    return Workbook(Source("0", "f.xlsx"), (WorkbookSheet("Ark1", [("a",)]), WorkbookSheet("_aftale", [header, *lines])))


def test_the_first_line_is_the_formats_number_however_often_it_is_sealed() -> None:
    once = sealed(line("aftale", "", "slags", "skema"))
    assert once[0] == ("format", "", "nummer", "tal", str(FORMAT))
    assert sealed(once) == once
    assert [each[0] for each in sealed((*once, *line("mere", "", "x", "y")))] == ["format", "aftale", "mere", "segl"]


@pytest.mark.parametrize(("first", "newer"), [
    (("format", "", "nummer", "tal", str(FORMAT)), False), (("format", "", "nummer", "tal", str(FORMAT + 1)), True),
    (("format", "", "nummer", "tal", "17.0"), True), (("format", "", "nummer", "tal", "x"), False),
    (("aftale", "", "år", "tal", "2015"), False)])
def test_a_higher_number_is_a_newer_format(first: Line, newer: bool) -> None:
    assert is_newer(book([first, ("aftale", "", "slags", "tekst", "skema")])) is newer
    assert is_newer(book([("", "", "", "", ""), ("aftale", "", "slags", "tekst", "skema"), first])) is newer, "sorted"
    assert find_record(book([first]))[1].lines == (first,)


def test_a_book_that_remembers_nothing_is_of_no_newer_format() -> None:
    assert not is_newer(Workbook(Source("0", "f.xlsx"), (WorkbookSheet("Ark1", [("a",)]),)))
    assert not is_newer(book([]))


# ---------------------------------------------------------------- what isn't known is kept

def js(post: str, plain: object) -> Line:
    return post, "", "indhold", JSON, json_text(plain)


def kept(read: list[Line], understood: list[Line], written: list[Line]) -> list[Line]:
    return list(with_unknown(written, unknown_lines(Record(read), understood)))


def test_a_line_that_isnt_known_stands_after_ours() -> None:
    ours, new = [("a", "", "x", "tal", "1")], ("nyt", "n", "f", "dato", "2015-05-06")
    assert kept([new, *ours], ours, [("a", "", "x", "tal", "2")]) == [("a", "", "x", "tal", "2"), new]
    assert kept(ours, ours, ours) == ours
    assert kept([*ours, ("a", "", "y", "tal", "3")], ours, []) == [("a", "", "y", "tal", "3")], "a field as well"


def test_a_long_line_that_isnt_known_is_kept_whole() -> None:
    long = list(line("nyt", "", "x", "å" * 70_000, JSON))
    assert len(long) == 3
    assert kept([("a", "", "x", "tal", "1"), *long], [("a", "", "x", "tal", "1")], []) == long


@pytest.mark.parametrize(("read", "understood", "written", "expected"), [
    ({"a": 1, "n": 2}, {"a": 1}, {"a": 5}, {"a": 5, "n": 2}),
    ({"a": 1, "n": None}, {"a": 1}, {"a": 1}, {"a": 1, "n": None}),
    ({"m": {"a": 1, "n": [1]}}, {"m": {"a": 1}}, {"m": {"b": 1}}, {"m": {"b": 1, "n": [1]}}),
    ({"m": {"a": 1, "n": 2}}, {"m": {"a": 1}}, {}, {"m": {"n": 2}}),
    ({"o": [{"a": 1, "n": 2}, {"a": 3}]}, {"o": [{"a": 1}, {"a": 3}]}, {"o": [{"a": 3}, {"a": 1}]},
     {"o": [{"a": 3}, {"a": 1, "n": 2}]}),
    ({"o": [{"a": 1, "n": 2}]}, {"o": [{"a": 1}]}, {"o": [{"a": 4}]}, {"o": [{"a": 4}]}),
    ({"a": 1, "standard": ""}, {"a": 1}, {"a": 1, "standard": "x"}, {"a": 1, "standard": "x"})],
    ids=["beside", "nothing", "inside", "alone", "in a list", "its element is gone", "ours wins"])
def test_a_field_that_isnt_known_is_kept_where_it_stood(read: Any, understood: Any, written: Any, expected: Any) -> None:
    found, = kept([js("p", read)], [js("p", understood)], [js("p", written)])
    assert json.loads(found[4]) == expected


def test_what_isnt_known_of_a_record_that_is_gone_goes_with_it() -> None:
    assert kept([js("p", {"a": 1, "n": 2})], [js("p", {"a": 1})], []) == []
