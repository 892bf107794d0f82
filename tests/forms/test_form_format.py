"""A skema that another version of aftale has written: read as it stands, kept when it goes back, refused where newer."""

from __future__ import annotations

from conftest import Year
from other_versions import NEW_LINE, newer, record_of, rewrite, unknown_in, whole_lines, with_new_fields

from aftale.forms.plan import form_from_record, form_record, form_to_send_again
from aftale.model.agreement import AnswerColumn
from aftale.model.forms import Form
from aftale.steps.collect import collect
from aftale.steps.indlaes import indlaes
from aftale.steps.open_agreement import open_agreement

SAID = {"M2.1.1": {"Resultat": 12, "Status": "Opfyldt"}}


def test_what_was_sent_out_is_a_line_for_each_goal_and_each_sheet(year: Year) -> None:
    record = record_of(year.forms["Husteamet"])
    form = form_from_record(record)
    assert form is not None
    assert record.keys("mål") == tuple(each.goal for each in form.lines)
    assert record.keys("fast") == ("Skema", "Vejledning", "Lister")
    whole = whole_lines(record.lines)
    assert len(whole) == 3 + len(form.lines) + 3, "the format, what it is, itself, its goals and its sheets"


def test_no_cell_of_its_record_is_longer_than_old_programs_keep(year: Year) -> None:
    """SheetJS cuts every text of an .xls off after 255 characters; others trim what a cell begins and ends with."""
    for path in year.forms.values():
        pieces = [each[4] for each in record_of(path).lines]
        assert max(map(len, pieces)) <= 255 and pieces == [each.strip() for each in pieces]


def test_a_skema_of_another_version_is_read_and_keeps_what_isnt_known_when_it_goes_back(year: Year) -> None:
    path = year.fill("Husteamet", SAID)
    before = form_from_record(record_of(path))
    rewrite(path, with_new_fields("mål", "decimals", "in_percent"))
    rewrite(path, with_new_fields("skema", "return_to"))
    record = record_of(path)
    form = form_to_send_again(record)
    assert form is not None and before is not None and record.intact
    assert form.return_to == "" and {each.decimals for each in form.lines} == {None}
    assert [each.sealed for each in form.lines] == [each.sealed for each in before.lines]
    returned, = collect(open_agreement(year.agreement), [path], None).returned
    assert [(each.goal, each.column, each.value) for each in returned.answers] == [
        ("M2.1.1", AnswerColumn.STATUS, "Opfyldt"), ("M2.1.1", AnswerColumn.RESULT, 12.0)]
    again = type(record)(form_record(form))
    assert unknown_in(again, "mål") == len(form.lines) and unknown_in(again, "skema") == 1
    assert NEW_LINE in again.lines and form_from_record(again) == form


def test_a_record_that_was_changed_is_not_sent_again(year: Year) -> None:
    record = record_of(year.forms["Husteamet"])
    assert form_to_send_again(type(record)(record.lines)) is None


def test_a_record_that_was_cut_up_is_as_one_that_is_lost(year: Year) -> None:
    record = record_of(year.forms["Husteamet"])
    cut = [(*each[:4], each[4][:20]) if each[0] == "mål" else each for each in record.lines]
    assert form_from_record(type(record)(cut)) is None


def test_a_skema_of_a_newer_format_is_refused_in_words_and_the_others_are_read(year: Year) -> None:
    newer(year.fill("Husteamet", SAID, "nyere.xlsx"))
    year.fill("Husteamet", SAID, "god.xlsx")
    report = indlaes(year.agreement, [year.answers])
    told, = (p for p in report.problems if p.place.file == "nyere.xlsx")
    assert told.code == "newer-format" and "nyere udgave af aftale" in told.message and "Installér" in told.advice
    assert report.exit_code == 1
    row, = (row for row in report.table if row[0] == "Husteamet")
    assert "mangler" not in " ".join(map(str, row)).lower() or "1 af" in " ".join(map(str, row))


def test_every_field_of_a_skema_can_be_missing_but_those_that_have_no_default(year: Year) -> None:
    record = record_of(year.forms["Husteamet"])
    for name in ("return_to", "marked"):
        cut = [each if each[0] != "skema" else with_new_fields("skema", name)(each) for each in whole_lines(record.lines)]
        assert isinstance(form_from_record(type(record)(cut)), Form)
