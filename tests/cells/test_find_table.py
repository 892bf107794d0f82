"""A table found by its headers: which column each is, what stands beside them, and which headers stand twice."""

from __future__ import annotations

from aftale.cells.find_table import find_table
from aftale.model.columns import Column
from aftale.model.workbook import WorkbookSheet

COLUMNS = (Column("id", "Mål-id"), Column("status", "Status"), Column("result", "Resultat", aliases=("tal",)))


def test_a_header_that_is_nobodys_is_beside_the_table_and_an_empty_one_is_nothing() -> None:
    found = find_table(WorkbookSheet("Skema", [["Opfølgning"], ["Mål-id", "", "Status", "Drøftet", "Resultat"]]), COLUMNS,
                       ("id",))
    assert found is not None and (found.columns, found.extra) == ({"id": 0, "status": 2, "result": 4}, {3: "Drøftet"})
    assert found.doubled == ()


def test_a_header_as_it_was_given_wins_over_another_word_and_one_that_stands_again_is_doubled() -> None:
    found = find_table(WorkbookSheet("Skema", [["Mål-id", "Tal", "Status", "Resultat", "Status"]]), COLUMNS, ("id",))
    assert found is not None and found.columns == {"id": 0, "status": 2, "result": 3}
    assert found.extra == {1: "Tal", 4: "Status"} and found.doubled == ("Status",)


def test_too_few_headers_and_none_of_those_that_must_be_there_are_no_table() -> None:
    assert find_table(WorkbookSheet("Ark1", [["Mål-id", "Status"]]), COLUMNS, ("id",)) is None
    assert find_table(WorkbookSheet("Ark1", [["Mål-id", "Status", "Tal"]]), COLUMNS, ("sub",)) is None
