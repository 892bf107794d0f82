"""Levels that are not repeated: merged cells hold for their rows, and a blank under a filled level is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from aftale.agreement.read_goals import ReadAgreement, agreement_record, read_agreement
from aftale.cells.hidden_sheet import Line
from aftale.model.columns import RECORD, RECORD_COLUMNS
from aftale.model.findings import Severity
from aftale.model.place import Source
from aftale.model.workbook import Workbook, WorkbookSheet

HEAD = "Mål-id | Udviklingsmål | Fokusområde | Effektmål | Delmål | 2015 | Måltal | Ansvarlig | Budget"
SILENT = {"id-given", "id-again"}


def read(rows: str, merged: Sequence[tuple[int, int, int, int]] = (), record: Sequence[Line] = (),
         whole: bool = False) -> ReadAgreement:
    """Read an agreement of 2015 from rows with |, under a header; ``merged`` are zero-based cells of the sheet."""
    cells: list[list[Any]] = [[part.strip() for part in line.split("|")] for line in (HEAD, *rows.strip().splitlines())]
    hidden = WorkbookSheet(RECORD, [[column.header for column in RECORD_COLUMNS], *map(list, record)])
    book = Workbook(Source("", "aftale.xlsx"), (WorkbookSheet("Mål", cells, merged=tuple(merged)), hidden))
    return read_agreement(book, {"enhed": "Biblioteket", "aar": "2015", "periode": "2015-2018"}, whole=whole)


def ids(found: ReadAgreement) -> list[str]:
    """Return the Mål-id of every row, '' where it has none."""
    return [goal.id for goal in found.rows]


def asked(found: ReadAgreement) -> list[tuple[str, str]]:
    return [(p.code, p.place.cell) for p in found.problems if p.place.sheet == "Mål" and p.code not in SILENT]


@pytest.mark.parametrize(("rows", "given", "questions"), [
    ("| Synlig | Unge | De kommer\n| Synlig | Unge | De bliver", ["M1.1.1", "M1.1.2"], []),
    ("| Synlig | Unge | De kommer\n| | | De bliver", ["M1.1.1", ""], [("level-blank", "B3"), ("level-blank", "C3")]),
    ("| Synlig | Unge | De kommer\n| Synlig | | De bliver", ["M1.1.1", ""], [("level-blank", "C3")]),
    ("| Synlig | | De kommer\n| Synlig | | De bliver", ["M1.0.1", "M1.0.2"], []),
    ("| Synlig | | De kommer\n| Synlig | Unge | De bliver", ["M1.0.1", "M1.1.1"], []),
    ("| Synlig | Unge | De kommer\n| Huset | | Rummet", ["M1.1.1", "M2.0.1"], []),
    ("| Synlig | Unge | De kommer\n| Huset | | Rummet\n| Synlig | | De bliver", ["M1.1.1", "M2.0.1", ""],
     [("level-blank", "C4")]),
    ("| Synlig | Unge | De kommer\n| Synlig | - | De bliver\n| Synlig | – | De går", ["M1.1.1", "M1.0.1", "M1.0.2"], []),
    ("| Synlig | Unge | De kommer\n| Synlig | Unge | | Et kursus", ["M1.1.1", ""], [("level-blank", "D3")]),
    ("| Synlig | Unge | De kommer\n| Synlig | Børn | | Et kursus", ["M1.1.1", "M1.2.0.1"], []),
    ("| Synlig | Unge | De kommer\n| | Børn | De læser\n| | | De hører", ["M1.1.1", "", ""],
     [("level-blank", "B3"), ("level-blank", "C4")]),
    ("M1.1.1 | Synlig | Unge | De kommer\nM1.0.3 | Synlig | | De bliver\n | Synlig | | De går",
     ["M1.1.1", "M1.0.3", "M1.0.4"], []),
    ("M1.1.1 | Synlig | Unge | De kommer\nM1.1.2 | | | De bliver", ["M1.1.1", "M1.1.2"],
     [("level-filled", "B3"), ("level-filled", "C3")]),
    ("M1.1.1 | Synlig | Unge | De kommer\nM1.2.1 | Synlig | | De bliver", ["M1.1.1", "M1.2.1"], [("level-blank", "C3")]),
    ("| | Unge | De kommer\n| | Unge | De bliver", ["M0.1.1", "M0.1.2"], [])],
    ids=["all repeated", "two levels written once", "a fokusområde blank under one", "no fokusområde at all",
         "a fokusområde only further down", "another udviklingsmål without any", "blank under one, others between",
         "a dash: there is none", "an effektmål blank above a delmål", "no effektmål in this fokusområde",
         "rows that follow each other are asked about together", "a Mål-id says that there is none",
         "a Mål-id agrees with what stands above", "a Mål-id says it is another one", "no udviklingsmål anywhere"])
def test_a_blank_level_is_asked_about_before_ids_are_given(rows: str, given: list[str],
                                                           questions: list[tuple[str, str]]) -> None:
    found = read(rows)
    assert ids(found) == given
    assert asked(found) == questions
    assert [goal.id for goal in found.agreement.goals] == [each for each in given if each]
    assert all(place in {f"A{number}" for number in range(2, 9)} for place in found.new_ids)
    assert len(found.new_ids) == sum(bool(each) for each in given) - rows.count("M1.")


def test_the_question_names_the_rows_and_what_could_stand_there() -> None:
    found = read("| Synlig | Unge | De kommer\n| Synlig | | De bliver\n| Synlig | | De går")
    (question,) = [p for p in found.problems if p.code == "level-blank"]
    assert question.level is Severity.QUESTION
    assert question.message == ("Fokusområde er tomt i C3:C4, hvor »Unge« står over."
                                " Rækkerne har ikke fået noget Mål-id og er ikke med endnu.")
    assert question.advice.startswith("Skriv »Unge« i C3:C4, hvis det er ment sådan; skriv ellers det rigtige, eller en ")


def test_a_blank_is_meant_where_whoever_wrote_the_rows_repeats_the_levels() -> None:
    found = read("| Synlig | Unge | De kommer\n| Synlig | | De bliver", whole=True)
    assert (ids(found), asked(found)) == (["M1.1.1", "M1.0.1"], [])


ROWS = "| Synlig | Unge | De kommer | | x | 5 | Ungeteamet | 100\n| | | De bliver | | | | |\n| | | De går | | | | |"


@pytest.mark.parametrize(("columns", "given", "codes", "owners", "years", "targets"), [
    ((1, 2), ["M1.1.1", "M1.1.2", "M1.1.3"], ["level-merged"] * 2, 1, 1, [5.0, None, None]),
    ((1, 2, 7), ["M1.1.1", "M1.1.2", "M1.1.3"], ["level-merged"] * 3, 3, 1, [5.0, None, None]),
    ((1, 2, 5), ["M1.1.1", "M1.1.2", "M1.1.3"], ["level-merged"] * 3, 1, 3, [5.0, None, None]),
    ((1, 2, 6), ["M1.1.1", "M1.1.2", "M1.1.3"], ["level-merged"] * 2 + ["measure-merged"], 1, 1, [5.0, None, None]),
    ((1, 2, 8), ["M1.1.1", "M1.1.2", "M1.1.3"], ["level-merged"] * 2 + ["measure-merged"], 1, 1, [5.0, None, None]),
    ((1,), ["M1.1.1", "", ""], ["level-blank", "level-merged"], 1, 1, [5.0])],
    ids=["udviklingsmål and fokusområde", "the ansvarlig too", "the cross too", "a number is one goal's", "so is money",
         "only one of the levels"])
def test_merged_cells_hold_for_all_their_rows(columns: tuple[int, ...], given: list[str], codes: list[str], owners: int,
                                              years: int, targets: list[float | None]) -> None:
    found = read(ROWS, [(1, column, 3, column) for column in columns])
    assert ids(found) == given
    assert sorted(code for code, _ in asked(found)) == codes
    goals = found.agreement.goals
    assert sum(bool(goal.owners) for goal in goals) == owners
    assert sum(2015 in goal.years for goal in goals) == years
    assert [goal.measure.target for goal in goals] == targets


def test_a_header_merged_over_two_rows_is_no_level() -> None:
    assert ids(read("| | Unge | De kommer", [(0, 1, 1, 1)])) == ["M0.1.1"]


def test_a_years_number_in_merged_cells_is_one_goals_and_asked_about() -> None:
    found = read(ROWS.replace("| x |", "| 20 |"), [(1, column, 3, column) for column in (1, 2, 5)])
    assert [dict(goal.years) for goal in found.agreement.goals] == [{2015: 20.0}, {}, {}]
    (question,) = [p for p in found.problems if p.code == "measure-merged"]
    assert "»20« (2015)" in question.message and "F2:F4" in question.message


# ---------------------------------------------------------------- ids at other goals' texts

FIRST = """
| Synlig | Unge | De kommer
| Synlig | Unge | De bliver
| Synlig | Unge | De bliver | Et kursus
| Huset  |      | Rummet
"""
"""Rows that were given M1.1.1, M1.1.2, M1.1.2.1 and M2.0.1."""


@pytest.mark.parametrize(("rows", "read_as", "named"), [
    ("M1.1.1 | Synlig | Unge | De kommer\nM1.1.2 | Synlig | Unge | De bliver", ["M1.1.1", "M1.1.2"], []),
    ("M1.1.2 | Synlig | Unge | De kommer\nM1.1.1 | Synlig | Unge | De bliver", [], ["M1.1.2 M1.1.1", "M1.1.1 M1.1.2"]),
    ("M1.1.2 | Synlig | Unge | De kommer\nM2.0.1 | Synlig | Unge | De bliver\nM1.1.1 | Huset | | Rummet", [],
     ["M1.1.2 M1.1.1", "M2.0.1 M1.1.2", "M1.1.1 M2.0.1"]),
    ("M1.1.1 | Synlig | Unge | De kommer\nM1.1.2 | Synlig | Unge | De kommer", ["M1.1.1"], ["M1.1.2 M1.1.1"]),
    ("M1.1.1 | Synlig | Unge | Flere kommer\nM1.1.2 | Synlig | Unge | De bliver her", ["M1.1.1", "M1.1.2"], []),
    ("M1.1.2 | Synlig | Unge | De kommer igen\nM1.1.1 | Synlig | Unge | De bliver", [], ["M1.1.2 M1.1.1", "M1.1.1 M1.1.2"]),
    ("M1.1.1 | Synlig | Unge | DE  KOMMER", ["M1.1.1"], []),
    (" | Synlig | Unge | De kommer\nM1.1.1 | Synlig | Unge | De bliver", [], ["M1.1.1 M1.1.2"]),
    ("M1.1.1 | Synlig | Unge | Et kursus", ["M1.1.1"], [])],
    ids=["as they were given", "swapped", "sorted apart", "another's text copied", "edited a little",
         "swapped and one of them edited", "capitals", "a row without an id waits for it",
         "the text of another level"])
def test_a_row_of_the_agreement_is_read_only_where_id_and_text_agree(rows: str, read_as: list[str],
                                                                             named: list[str]) -> None:
    record = agreement_record(read(FIRST).agreement, "1")
    found = read(rows, record=record)
    assert [goal.id for goal in found.agreement.goals] == read_as
    questions = [p for p in found.problems if p.code == "agreement-id-and-text"]
    assert len(questions) == len(named) and all(p.level is Severity.QUESTION for p in questions)
    for question, ids_named in zip(sorted(questions, key=lambda p: p.place.cell), named, strict=True):
        assert all(each in question.message for each in ids_named.split())
    assert found.agreement.register.items() >= {"M1.1.1": "De kommer", "M1.1.2": "De bliver"}.items()
