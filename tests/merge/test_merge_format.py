"""A follow-up that another version of aftale has written: what isn't known is kept, and a newer format is refused."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, replace
from datetime import date

import pytest
from conftest import Year
from other_versions import NEW, NEW_LINE, newer, record_of, rewrite, unknown_in, with_new_fields

from aftale.cells.hidden_sheet import Record, sealed
from aftale.forms.plan import form_from_record
from aftale.forms.returned import Returned
from aftale.merge.merge import Decision
from aftale.merge.state import History, State, packed, read_state, renamed, state_lines, unpacked
from aftale.model.additions import OwnColumn, OwnContent
from aftale.model.agreement import AnswerColumn, Round
from aftale.model.answers import Answer
from aftale.model.findings import kept, reading
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import IncomingMail, Refused
from aftale.office.report import CannotDo
from aftale.office.safe_write import write_all
from aftale.steps.collect import read_earlier
from aftale.steps.flet import flet
from aftale.steps.open_agreement import open_agreement
from aftale.steps.send import prepare

SOURCE = Source("0" * 64, "f.xlsx", "c.zip", "a@example.dk", "2015-11-04T09:00:00Z", "Excel")
PLACE = Place("f.xlsx", "Skema", "L9", "c.zip")
WHOLE = Returned(
    SOURCE, "S-1", "Husteamet", "En vikar", "Ja", "e1",
    (Answer("M1", AnswerColumn.AS_OF, date(2015, 5, 6), 2.0, PLACE),),
    (reading(PLACE, "12,5", "12.5", "number-text", "M1", "resultat"), kept("remark", "Ring", PLACE, 2, "M1", "status"),
     problem("no-table", PLACE, owner="Husteamet")), 12, 9, ("M1",), "midtvejs")
FIELDS = {each.name: each for each in fields(Returned) if each.init}


@pytest.mark.parametrize("name", [each for each in FIELDS if FIELDS[each].default is not MISSING])
def test_a_field_that_a_file_was_read_without_takes_its_default(name: str) -> None:
    plain = json.loads(packed(WHOLE))
    assert name in plain, "a field that nobody writes"
    found = unpacked(json.dumps({**{key: value for key, value in plain.items() if key != name}, **NEW}))
    assert found == replace(WHOLE, **{name: FIELDS[name].default})


@pytest.mark.parametrize("received", [
    WHOLE, Refused(SOURCE, problem("no-table", Place("f.xlsx", container="c.zip"), owner="x")),
    IncomingMail(SOURCE, "Emne", "Tekst", ("http://example.dk",))], ids=lambda each: type(each).__name__)
def test_what_isnt_known_of_a_file_stays_with_it_also_under_another_name(received: Returned) -> None:
    text = json.dumps({**json.loads(packed(received)), **NEW})
    assert packed(unpacked(text)) == text
    copy = renamed(unpacked(text), Source(SOURCE.sha256, "g.xlsx"))
    assert json.loads(packed(copy)).items() >= NEW.items()
    assert copy.source.name == "g.xlsx" and copy.source.container == ""


def test_places_follow_the_name_of_their_file() -> None:
    copy = renamed(WHOLE, Source(SOURCE.sha256, "g.xlsx"))
    places = [each.place for each in (*copy.answers, *copy.findings)]
    assert places == [Place("g.xlsx", "Skema", "L9")] * 4


def test_every_field_of_a_state_is_remembered() -> None:
    cell = ("M1", AnswerColumn.STATUS)
    state = State(
        "A-1", 2015, Round.AARSOPFOELGNING, (WHOLE,), (), {cell: Decision(*cell, frozenset("ab"), 2.0, "2", "r", "K")},
        {"M1": "Fint"}, {"Samlet vurdering": "Godt"}, (History("M1", 2014, "midtvejs", 1.0, 2.0, date(2014, 5, 6)),),
        {("M1", "status"): "Opfyldt"}, {("M1", "status"): "Opfyldt"}, {"Overblik": "h"}, "f", "Biblioteket",
        over={"M1": ("s",)}, own=OwnContent((OwnColumn("Eget", "sub", {"M1": 2.0}),), looks={("M1", "sub"): "{}"}))
    assert read_state(Record(sealed(state_lines(state)))) == state


def begun(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 12, "Status": "Opfyldt"}}, by="En vikar")
    write_all(list(flet(year.agreement, [year.answers], year.folder / "ud.xlsx").files))


def test_a_follow_up_of_another_version_is_merged_into_without_losing_what_isnt_known(year: Year) -> None:
    begun(year)
    out = year.folder / "ud.xlsx"
    rewrite(out, with_new_fields("tilstand", "baseline", name="history"))
    rewrite(out, with_new_fields("modtaget", "rule"))
    rewrite(out, with_new_fields("aftalekopi", "policy", "scope"))
    before = record_of(out)
    known = {post: unknown_in(before, post) for post in ("tilstand", "modtaget", "aftalekopi")}
    assert all(known.values()) and before.intact
    form = form_from_record(record_of(year.forms["Børneteamet"]))
    assert form is not None
    year.fill("Børneteamet", {form.lines[0].goal: {"Resultat": 5, "Status": "Opfyldt"}}, by="Børneteamet")
    report = flet(year.agreement, [year.answers], out)
    write_all(list(report.files))
    after = record_of(out)
    assert after.intact and [each for each in after.lines if each == NEW_LINE] == [NEW_LINE]
    assert {post: unknown_in(after, post) for post in known} == known
    state = read_state(after)
    assert state is not None and {each.owner for each in state.returned} == {"Husteamet", "Børneteamet"}
    again = flet(year.agreement, [year.answers], out)
    assert again.files == () and "Intet nyt" in " ".join(again.said)


def test_a_follow_up_of_a_newer_format_is_refused_in_words_and_never_written_over(year: Year) -> None:
    begun(year)
    out = newer(year.folder / "ud.xlsx")
    data = out.read_bytes()
    for step in (lambda: flet(year.agreement, [year.answers], out), lambda: prepare(out)):
        with pytest.raises(CannotDo, match="(?s)nyere udgave af aftale.*Installér den nyeste"):
            step()
    assert out.read_bytes() == data


def test_an_earlier_follow_up_of_a_newer_format_is_told_and_the_others_are_read(year: Year) -> None:
    begun(year)
    good = year.folder / "god.xlsx"
    good.write_bytes((year.folder / "ud.xlsx").read_bytes())
    agreement = replace(open_agreement(year.agreement).agreement, year=2016)
    past = read_earlier([newer(year.folder / "ud.xlsx"), good], agreement, Round.MIDTVEJS)
    assert [(p.code, p.place.file) for p in past.problems] == [("newer-format", "ud.xlsx")]
    assert past.names == ("god.xlsx",)
