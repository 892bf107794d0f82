"""An agreement that another version of aftale has written: what isn't known is kept, a newer format is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from conftest import Year, cell_at
from other_versions import NEW_LINE, newer, record_of, rewrite

from aftale.agreement.copy_in_followup import agreement_from, agreement_lines
from aftale.agreement.read_goals import agreement_record
from aftale.cells.hidden_sheet import Record, sealed
from aftale.model.agreement import Agreement, Goal, Level, Measure, Method, Owner, Round, Scope
from aftale.office.report import CannotDo
from aftale.office.safe_write import write_all
from aftale.steps.fordel import fordel
from aftale.steps.open_agreement import open_agreement
from aftale.steps.status import status
from aftale.steps.year_folder import YearFolder

GOAL = Goal("M1.1.1", Level.EFFECT, ("a", "b", "c", ""), {2015: None, 2016: 3.5},
            Measure(Method.RISE, 2.0, 1.0, "besøg", Scope.PER_YEAR), ("Bredde",), "Børn", "Tælling",
            "Ved skoleårets start", "5.000 kr.", (Owner("Børneteamet", "b@example.dk"), Owner("Husteamet")), "Note",
            "M1.1.9", True, unread={"target": "ca. 3"})
WHOLE = Agreement("A-1", "Biblioteket", "KSE", 2015, (2015, 2018), "Tema", {"enhed": "Biblioteket"}, goals=(GOAL,),
                  template="1", fingerprint="f")


def without_year_and_an_id(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    cell_at(book["Mål"], "M1.1.1", "Mål-id").value = None
    book.save(path)
    rewrite(path, lambda each: None if each[2] == "år" else each)


def test_what_a_newer_version_has_added_is_there_when_ids_are_written(year: Year) -> None:
    before = open_agreement(year.agreement).agreement
    without_year_and_an_id(year.agreement)
    opened = open_agreement(year.agreement)
    assert (opened.agreement.id, opened.agreement.year, opened.agreement.register) == (before.id, 2015, before.register)
    write_all(list(fordel(year.agreement, Round.AARSOPFOELGNING, year.folder / "nye").files))
    record = record_of(year.agreement)
    assert NEW_LINE in record.lines and record.intact and record.number("aftale", "", "år") == 2015
    assert len([each for each in record.lines if each == NEW_LINE]) == 1


def test_next_years_record_keeps_it_too(year: Year) -> None:
    agreement = open_agreement(year.agreement).agreement
    record = record_of(rewrite(year.agreement, lambda each: each))
    assert NEW_LINE in agreement_record(agreement, "2", record)
    assert NEW_LINE not in agreement_record(agreement, "2")


def test_an_agreement_of_a_newer_format_is_refused_in_words_and_known_for_what_it_is(year: Year) -> None:
    newer(year.agreement)
    with pytest.raises(CannotDo, match="aftale.xlsx: Filen er lavet med en nyere udgave af aftale .* Installér den nyeste"):
        open_agreement(year.agreement)
    assert YearFolder(year.folder).agreements == (year.agreement,)
    with pytest.raises(CannotDo, match="nyere udgave"):
        status(year.folder, date(2015, 5, 4))


def test_every_field_of_a_goal_comes_back_from_the_copy() -> None:
    assert agreement_from(Record(sealed(agreement_lines(WHOLE)))) == WHOLE


def test_a_copy_that_was_cut_up_is_no_agreement() -> None:
    lines = [each for each in sealed(agreement_lines(WHOLE)) if each[1]]
    assert agreement_from(Record(lines)) is None
    assert agreement_from(Record([(*each[:4], each[4][:-1]) for each in lines])) is None
