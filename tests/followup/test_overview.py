"""Overblik: its sentence, counts, first lines and budget; every stored value is what its formula works out."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from libre_office import printed

from aftale.agreement.budget import budget_facts, read_amount
from aftale.followup.draw_front_xlsx import KSE, draw_overview
from aftale.followup.draw_xlsx import draw
from aftale.followup.formulas import HELPER_COLUMN
from aftale.followup.front_sheet import answered_text, headline, overview
from aftale.followup.last_round import LAST_STATUS, last_round
from aftale.followup.who_answered import Delivery, Response
from aftale.merge.changes import Change, Kind
from aftale.merge.state import History
from aftale.model.agreement import COUNTED, Agreement, Goal, Level, Measure, Method, Owner, Round, Value
from aftale.model.columns import (
    ASSESSMENT,
    DIALOG,
    DIALOG_COLUMNS,
    FRAME_REMARK,
    IN_FRAME,
    KSE_REMARK,
    OPFOELGNING,
    OVERBLIK,
    Column,
    followup_columns,
    plan_columns,
)
from aftale.model.forms import Form
from aftale.model.tables import HEADER_ROW, Cell, DialogSheet, FollowUpBook, Overview, Table
from aftale.model.workbook import column_name
from aftale.office.draw_base import Book, strictly
from aftale.office.insert_rows import Shift
from aftale.office.palette import BAR_FILLS

pytestmark = pytest.mark.xdist_group("overview")  # what they share is made once

YEARS = (2015, 2016, 2017, 2018)
COLUMNS = followup_columns(YEARS)
PERIOD = (2015, 2018)

# Mål-id, udviklingsmål, effektmål, delmål, krav, politik, status, beregnet, resultat, målopfyldelse, bemærkning
GOALS = """
M1.1.1  |Synlighed |Lånere   |      |Bredde               |Kultur |Opfyldt               |Opfyldt        |12|1.2  |
M1.1.1.1|Synlighed |Lånere   |Kurser|Bredde               |Kultur |Ikke opfyldt          |Ikke opfyldt   |1 |0.5  |Ingen kom
M1.1.2  |synlighed |Design   |      |Bredde; Partnerskaber|       |Mangler svar          |               |  |     |
M1.1.2.1|Synlighed |Design   |Logo  |                     |       |Mangler svar          |               |  |     |
M2.1.1  |Fællesskab|Bogcaféer|      |                     |Kultur |Forventes ikke opfyldt|Opfyldt        |3 |0.456|Taget
M2.1.2  |Fællesskab|Besøg    |      |                     |Børn?*<|Forventes opfyldt     |               |5 |     |
M2.1.3  |Fællesskab|Events   |      |                     |BØRN?*<|Opfyldt               |Delvist opfyldt|2 |0.4  |
M2.1.4  |Fællesskab|Kontrakt |      |                     |       |Uafklaret             |               |  |     |
M2.1.5  |Fællesskab|Gammelt  |      |Bredde               |       |Ikke aktuelt i år     |               |  |     |
M2.1.6  |Fællesskab|Som sidst|      |                     |       |Ikke igangsat         |               |  |     |
"""
KEYS = ("id", "development", "effect", "sub", "demands", "policy", "status", "computed", "resultat", "fulfilment",
        "bemaerkninger")
RESPONSES = {"Mangler svar": "Mangler svar", "Uafklaret": "Modstridende svar", "Ikke aktuelt i år": "Ikke aktuelt i år"}


def rows(text: str = GOALS) -> tuple[dict[str, Value], ...]:
    """Return the rows of a table of goals by the key of their columns; figures are numbers."""
    found = []
    for line in text.strip().splitlines():
        row: dict[str, Value] = {key: part.strip() or None for key, part in zip(KEYS, line.split("|"), strict=True)}
        for key in ("resultat", "fulfilment"):
            row[key] = float(str(row[key])) if row[key] else None
        found.append({**row, "owners": "Børneteamet; Ledelsen; Husteamet", "demands": row["demands"] or "Ikke angivet",
                      "response": RESPONSES.get(str(row["status"]), "Besvaret"),
                      **({"target": 3.0, "unit": "events"} if row["id"] == "M2.1.3" else {})})
    return tuple(found)


def table(given: Iterable[Mapping[str, Value]], columns: Sequence[Column] = COLUMNS) -> Table:
    """Return Opfølgning with these rows."""
    numbers = {"fulfilment": "share"}
    made = tuple(tuple(Cell(row.get(col.key), numbers.get(col.key, "")) for col in columns) for row in given)
    return Table(OPFOELGNING, "Opfølgning", "", tuple(columns), made, "Opfoelgning", "Ingen mål.")


def agreement(given: Sequence[Mapping[str, Value]], **facts: Value) -> Agreement:
    """Return the agreement behind the rows; M2.1.2 is a growth goal, which needs an Udgangspunkt, and M2.1.3 a count."""
    measures = {"M2.1.2": Measure(Method.RISE_PERCENT, 5.0), "M2.1.3": Measure(Method.AT_LEAST, 3.0, None, "events")}
    goals = tuple(Goal(str(row["id"]), Level.SUB if row.get("sub") else Level.EFFECT,
                       (str(row["development"]), "Fokus", str(row["effect"]), str(row.get("sub") or "")),
                       measure=measures.get(str(row["id"]), Measure()))
                  for row in given)
    return Agreement("A-1", "Byens Bibliotek", "Kultur", 2015, PERIOD, facts=facts, goals=goals)


JUNE, NOW, LAST_YEAR = ((2015, Round.MIDTVEJS.value), (2015, Round.AARSOPFOELGNING.value),
                        (2014, Round.AARSOPFOELGNING.value))
PAST = (History("M1.1.1", *JUNE, result=12.0, status="Opfyldt"), History("M1.1.1.1", *JUNE, status="Opfyldt"),
        History("M2.1.1", *JUNE, status="Opfyldt"), History("M2.1.2", *JUNE, status="Afventer data"),
        History("M2.1.6", *LAST_YEAR, status="Opfyldt"), History("M2.1.6", *JUNE, status="Ikke igangsat"),
        History("M2.1.6", *NOW, status="Opfyldt"))
"""What earlier rounds said, and what a later edition of this one did: that is no earlier round."""
IN_JUNE: Mapping[str, Value] = {"frist_midtvejs": date(2015, 6, 10)}


def summed(given: Sequence[Mapping[str, Value]], past: Sequence[History] = PAST, columns: Sequence[Column] = COLUMNS,
           facts: Mapping[str, Value] = IN_JUNE, **said: Any) -> tuple[Overview, Table]:
    """Return Overblik over the rows, and Opfølgning."""
    about = agreement(given, **facts)
    last = last_round(about, Round.AARSOPFOELGNING, past)
    before = last.statuses if last else {}
    followup = table([{**row, LAST_STATUS: before.get(str(row["id"]))} for row in given], columns)
    return overview(about, Round.AARSOPFOELGNING, followup, {}, last, **said), followup


def workbook(given: Sequence[Mapping[str, Value]], past: Sequence[History] = PAST, columns: Sequence[Column] = COLUMNS,
             changed: Sequence[Change] | None = None, said: DialogSheet | None = None, **changes: Any) -> bytes:
    """Return a whole follow-up with these rows, and with what is ``said`` on Dialog."""
    front, followup = summed(given, past, columns, changed=changed, dialog=said)
    others_ = {"dialog": said} if said else {}
    empty = Table("", "", "", (Column("id", "Mål-id"), Column("status", "Status")))
    others = {name: replace(empty, sheet=sheet, name=name) for name, sheet in (
        ("plan", "Udviklingsplan"), ("results", "Resultater"), ("conflicts", "Modstridende svar"),
        ("responses", "Svaroversigt"), ("control", "Kontrol"), ("sources", "Kilder"))}
    others["plan"] = replace(others["plan"], columns=plan_columns(YEARS))
    return draw(FollowUpBook(replace(front, **changes), followup, record=(), title="Opfølgning", created=date(2015, 1, 1),
                             years=YEARS, current_year=2015, **others, **others_))


def dialog(*lines: tuple[str, str, str]) -> DialogSheet:
    """Return Dialog with these lines: Mål-id, Tilstand and Svar."""
    made = ({"id": goal, "stage": stage, "answer": answer or None, "key": f"d-{number:010x}"}
            for number, (goal, stage, answer) in enumerate(lines))
    cells = tuple(tuple(Cell(line.get(column.key)) for column in DIALOG_COLUMNS) for line in made)
    return DialogSheet(Table(DIALOG, DIALOG, "", DIALOG_COLUMNS, cells, DIALOG), Cell(""), "", (), STAGES)


FOR_US, FOR_THEM = "Venter på os", "Venter på dem"
STAGES = (FOR_US, FOR_THEM, "Besvaret", "Til orientering")
TALK = dialog(("M1.1.1", FOR_US, ""), ("M1.1.1", FOR_US, ""), ("M1.1.2", FOR_US, "Vent lidt"), ("M2.1.1", FOR_THEM, ""),
              ("M2.1.2", "Besvaret", "Ja"), ("M2.1.3", "Til orientering", ""))
"""The third has an answer, and waits all the same: somebody has said so."""
ASKED = dialog(*((f"M1.1.{number}", FOR_US, "") for number in range(4)))


def front_of(source: Path | bytes, values: bool = True) -> Any:
    """Open Overblik with its values, or with its formulas."""
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    return openpyxl.load_workbook(stream, data_only=values)[OVERBLIK]


def lines_of(sheet: Any) -> list[tuple[str, ...]]:
    """Return the lines to look at first as they stand: status, Mål-id, why."""
    start = next(cell.row for cell in sheet["D"] if cell.value == "Mål-id") + 1
    found = [(sheet.cell(row, 2).value, sheet.cell(row, 4).value, sheet.cell(row, 9).value)
             for row in range(start, start + 8)]
    return [tuple(map(str, line)) for line in found if re.fullmatch(r"M[\d.]+", str(line[1]))]


def counts_of(sheet: Any, column: int = 4) -> dict[str, float]:
    """Return the table of statuses as it stands: now, or in another column."""
    start = next(cell.row for cell in sheet["D"] if cell.value == "Nu") + 1
    lines = range(start, start + len(COUNTED) + 1)
    return {sheet.cell(row, 3).value or sheet.cell(row, 2).value: sheet.cell(row, column).value for row in lines}


def every_value(sheet: Any) -> dict[str, Any]:
    """Return all values of a sheet by cell, nothing and '' being the same."""
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")}


# ---------------------------------------------------------------- the values

@pytest.mark.parametrize(("numbers", "sentence"), [
    ({}, "Aftalen har ingen effektmål i året."),
    ({"Opfyldt": 1}, "Årets ene effektmål er opfyldt."),
    ({"Mangler svar": 3}, "Alle årets 3 effektmål mangler svar."),
    ({"Opfyldt": 1, "Uafklaret": 1}, "1 af årets 2 effektmål er opfyldt og 1 er uafklaret."),
    ({"Opfyldt": 8, "Delvist opfyldt": 1, "Ikke opfyldt": 1},
     "8 af årets 10 effektmål er opfyldt, 1 er delvist opfyldt og 1 er ikke opfyldt."),
])
def test_the_headline(numbers: Mapping[str, int], sentence: str) -> None:
    assert headline(numbers, sum(numbers.values())) == sentence


def test_the_years_effektmaal_are_counted_and_nothing_else() -> None:
    front, _ = summed(rows())
    assert {status: number for status, number in front.counts if number} == {
        "Opfyldt": 2, "Forventes opfyldt": 1, "Forventes ikke opfyldt": 1, "Ikke igangsat": 1, "Uafklaret": 1,
        "Mangler svar": 1}
    assert front.total.value == 7
    assert front.unknown.value == ""
    assert [(name, [cell.value for cell in cells]) for name, cells in front.matrix] == [
        ("Synlighed", [1.0, 0.0, 0.0, 1.0]), ("Fællesskab", [1.0, 1.0, 1.0, 2.0])], "nået, på vej, bagud, andet"


NO_STEP = "\nNæste skridt: ikke oplyst."


def test_what_to_look_at_first_stands_in_order_of_urgency() -> None:
    front, _ = summed(rows())
    assert [(line.id.value, line.status.value, line.why.value) for line in front.spotlights] == [
        ("M1.1.1.1", "Ikke opfyldt", f"50 % af målet. Ingen kom{NO_STEP}"),
        ("M2.1.1", "Forventes ikke opfyldt", f"46 % af målet. Taget{NO_STEP}"),
        ("M2.1.4", "Uafklaret", "Der er givet forskellige svar."),
        ("M1.1.2", "Mangler svar", "Børneteamet, Ledelsen og Husteamet har ikke svaret."),
        ("M2.1.3", "Opfyldt", "Tallene peger på »Delvist opfyldt«: 2 af 3 events."),
        ("M2.1.2", "Forventes opfyldt", "Udgangspunktet mangler, så målet ikke kan gøres op."),
        ("M2.1.6", "Ikke igangsat", "Intet nyt siden juni: samme status og resultat."),
        ("", "", "")]
    assert [line.before.value for line in front.spotlights] == [
        "↓ Opfyldt", "↓ Opfyldt", "Intet svar", "Intet svar", "● Intet svar", "↑ Afventer data", "→ Uændret", ""]


@pytest.mark.parametrize(("change", "why"), [
    ({"status": "Opfyldt", "response": "Besvaret"}, None),
    ({"response": "Delvist besvaret"}, "Børneteamet, Ledelsen og Husteamet har svaret, men ikke valgt en status."),
    ({"response": "Intet at melde", "owners": "Børneteamet"}, "Børneteamet har intet at melde."),
    ({"response": "Ingen ansvarlig", "owners": None}, "Målet har ingen ansvarlig."),
    ({"status": "Ikke opfyldt"}, f"Der mangler en bemærkning.{NO_STEP}"),
    ({"status": "Delvist opfyldt"}, f"Der er ingen bemærkning.{NO_STEP}"),
    ({"status": "Delvist opfyldt", "naeste_skridt": "Vi ringer\ni uge 2"},
     "Der er ingen bemærkning.\nNæste skridt: Vi ringer i uge 2"),
    ({"status": "Ikke opfyldt", "bemaerkninger": "Regn\n" + "æ" * 200}, "Regn " + "æ" * 66 + "…" + NO_STEP),
    ({"status": "Opfyldt", "resultat": "Uafklaret"}, "Der er givet forskellige svar."),
    ({"status": "Opfyldt", "resultat": "uafklaret"}, "Der er givet forskellige svar."),
    ({"status": "Udgået", "computed": "Ikke opfyldt"}, None),
    ({"status": "Ikke opfyldt", "fulfilment": 9.99, "bemaerkninger": "Ja"}, f"999 % af målet. Ja{NO_STEP}"),
    ({"status": "Ikke opfyldt", "fulfilment": 600.0, "bemaerkninger": "Ja"}, f"over 999 % af målet. Ja{NO_STEP}"),
    ({"status": "Ikke opfyldt", "fulfilment": -0.2, "bemaerkninger": "Det faldt"}, f"Det faldt{NO_STEP}"),
    ({"id": "M2.1.3", "status": "Ikke opfyldt", "resultat": 2.0, "target": 5.0, "unit": "events", "fulfilment": 0.4,
      "bemaerkninger": "Aflyst"}, f"40 % af målet: 2 af 5 events. Aflyst{NO_STEP}"),
    ({"id": "M2.1.3", "status": "Ikke opfyldt", "resultat": 2.5, "target": 5.0, "unit": "events", "fulfilment": 0.5,
      "bemaerkninger": "Aflyst"}, f"50 % af målet. Aflyst{NO_STEP}"),
])
def test_why_a_goal_deserves_a_look(change: Mapping[str, Value], why: str | None) -> None:
    front, _ = summed([{**rows()[2], **change}], ())
    assert [line.why.value for line in front.spotlights if line.id.value] == ([why] if why else [])


def test_a_result_in_percent_is_compared_with_the_last_one_as_it_is_stored() -> None:
    measure = Measure(Method.AT_LEAST, 60.0, None, "%")
    goal = Goal("M2.1.6", Level.EFFECT, ("Fællesskab", "", "Som sidst", ""), measure=measure)
    followup = table([{**rows()[9], "resultat": 7.0, LAST_STATUS: "Ikke igangsat"}])
    at = next(number for number, column in enumerate(COLUMNS) if column.key == "resultat")
    row = [*followup.rows[0][:at], Cell(7.0, "percent"), *followup.rows[0][at + 1:]]
    past = (History(goal.id, 2015, Round.MIDTVEJS.value, result=7.0, status="Ikke igangsat"),)
    about = replace(agreement((), **IN_JUNE), goals=(goal,))
    front = overview(about, Round.AARSOPFOELGNING, replace(followup, rows=(tuple(row),)), {},
                     last_round(about, Round.AARSOPFOELGNING, past))
    assert front.spotlights[0].why.value == "Intet nyt siden juni: samme status og resultat."


@pytest.mark.parametrize(("past", "facts", "named"), [
    pytest.param(JUNE, {"frist_midtvejs": date(2015, 5, 28)}, ("maj", "i maj", "Maj"), id="by its deadline"),
    pytest.param(JUNE, {}, ("juni", "i juni", "Juni"), id="without a deadline"),
    pytest.param((2014, "midtvejs"), {}, ("juni 2014", "i juni 2014", "Juni 2014"), id="of another year"),
    pytest.param(LAST_YEAR, {"frist_aarsopfoelgning": date(2015, 10, 2)}, (
        "november 2014", "i november 2014", "Nov. 2014"), id="this year's deadline is no other year's")])
def test_the_last_round_is_named_by_its_month_as_in_the_skema(past: tuple[int, str], facts: Mapping[str, Value],
                                                              named: tuple[str, str, str]) -> None:
    about = agreement((), **facts)
    last = last_round(about, Round.AARSOPFOELGNING, [History("M1.1.1", *past, status="Opfyldt")])
    assert last and (last.since, last.when, last.header) == named
    assert about.month_of(past[0], Round(past[1])) == last.since


def test_a_quiet_year_says_so() -> None:
    front, _ = summed([{**rows()[0]}])
    assert front.spotlights[0].goal.value == "Der er ikke noget, der kræver særlig opmærksomhed."
    assert {each.value for each in front.more} == {""}


def test_which_goals_serve_kses_demands_and_policies() -> None:
    front, _ = summed(rows(), facts={**IN_JUNE, "kortnavn": "KSE"})
    assert [(each.name, each.numbers.value, each.goals) for each in front.demands] == [
        ("Bredde", "2 mål, 1 opfyldt", "M1.1.1 og M1.1.2"), ("Tilgængelighed", "Ikke angivet", ""),
        ("Partnerskaber", "1 mål, 0 opfyldt", "M1.1.2")]
    assert [(each.name, each.numbers.value) for each in front.policies] == [
        ("Kultur", "2 mål, 1 opfyldt"), ("Børn?*<", "2 mål, 1 opfyldt")]


def test_another_departments_demands_are_those_that_its_goals_name() -> None:
    first = rows()[0]
    said = ("Nærhed; bredde", "Bredde?", "nærhed")
    front, _ = summed([{**first, "id": f"M{n}.1.1", "demands": text} for n, text in enumerate(said, 1)])
    assert [(each.name, each.numbers.value, each.goals) for each in front.demands] == [
        ("bredde", "1 mål, 1 opfyldt", "M1.1.1"), ("Bredde?", "1 mål, 1 opfyldt", "M2.1.1"),
        ("Nærhed", "2 mål, 2 opfyldt", "M1.1.1 og M3.1.1")]
    front, _ = summed([{**row, "demands": "Ikke angivet"} for row in rows()])
    assert (front.demands, front.demands_note) == ((), "")


def test_policies_with_most_goals_come_first_and_the_rest_are_counted() -> None:
    many = [{**rows()[0], "id": f"M{n}.1.1", "policy": f"Politik {min(n, 8)}"} for n in range(1, 10)]
    front, _ = summed(many)
    assert [each.name for each in front.policies] == ["Politik 8", *(f"Politik {n}" for n in range(1, 6))]
    assert (front.policies_note, front.policies_rest) == ("", 2)


def test_who_has_nothing_to_report_has_answered() -> None:
    form = Form("S-1", "1", "A-1", "", "", "Byens Bibliotek", 2015, Round.MIDTVEJS, None, Owner("Børneteamet"), ())
    answered = [Response(form, delivery, (), (), ()) for delivery in Delivery]
    assert answered_text(answered) == (
        "3 af 10 skemaer besvaret, 2 delvist, 1 ikke meldt færdigt, 1 har svar, der skal afklares")


def test_where_no_demand_is_stated_one_line_says_so() -> None:
    front, _ = summed([{**row, "demands": "Ikke angivet"} for row in rows()], facts={**IN_JUNE, "kortnavn": "KSE"})
    assert front.demands == ()
    assert front.demands_note.endswith("der opfylder Bredde, Tilgængelighed og Partnerskaber.")


def test_what_is_new_is_said_in_a_sentence_and_five_lines() -> None:
    assert summed(rows())[0].news is None, "the first time there is nothing to compare with"
    quiet = summed(rows(), changed=())[0].news
    assert quiet and (quiet.sentence, quiet.lines) == ("Intet nyt siden sidst.", ())
    changed = [Change(Kind.NEW, "M1.1.1", "status", "", "Opfyldt"), Change(Kind.CHANGED, "M1.1.1", "resultat", "12.5", "14"),
               Change(Kind.WITHDRAWN, "M2.1.1", "opgjort_pr", "2015-10-31", ""),
               *(Change(Kind.NEW, "M2.1.1", "kse", "", f"Godt {n}") for n in range(4))]
    news = summed(rows(), changed=changed)[0].news
    assert news is not None
    assert news.sentence == "5 nye, 1 ændret og 1 trukket tilbage siden sidst."
    assert [(kind, goal.value, what) for kind, goal, what in news.lines][:3] == [
        ("Nyt", "M1.1.1", "Status: Opfyldt"), ("Ændret", "M1.1.1", "Resultat: 12,5 → 14"),
        ("Trukket tilbage", "M2.1.1", "Opgjort pr.: 31-10-2015")]
    assert (len(news.lines), news.rest) == (5, 2)
    answered = summed(rows(), changed=[Change(Kind.NEW, "M1.1.1", "d-0123456789", "", "Ja, i maj")])[0].news
    assert answered and answered.lines[0][2] == "Forvaltningens svar på Dialog: Ja, i maj"


def test_only_the_first_udviklingsmaal_have_a_row_each() -> None:
    many = [{**rows()[0], "id": f"M{n}.1.1", "development": f"Udviklingsmål {n}"} for n in range(1, 31)]
    front, _ = summed(many)
    assert len(front.matrix) == 12
    assert front.matrix_rest == 18


# ---------------------------------------------------------------- the budget

@pytest.mark.parametrize(("text", "amount"), [
    ("200.000 kr.", 200_000), ("200.000", 200_000), ("200000", 200_000), ("kr. 200.000,-", 200_000), ("200.000,-", 200_000),
    ("200.000,50 kr", 200_000.5), ("1,5 mio. kr.", 1_500_000), ("1.5 mio.", 1_500_000), ("2 millioner kroner", 2_000_000),
    ("200 tkr.", 200_000), ("200 t.kr.", 200_000), ("75 t kr", 75_000), ("50 tusind kr.", 50_000), ("200 kr.", 200),
    ("1 200 000 kr.", 1_200_000), ("DKK 5.000", 5_000), ("0", 0), ("200", None), ("12 %", None), ("Innovationspuljen", None),
    ("100.000 kr. om året", None), ("50-100.000 kr.", None), ("", None), ("1.2.3", None), ("-500 kr.", None),
])
def test_amounts_are_read_where_there_is_no_doubt(text: str, amount: float | None) -> None:
    assert read_amount(text) == amount


# frame; budgets as »level text:budget« (E effektmål, S delmål, U an effektmål that is taken out); what is said
@pytest.mark.parametrize(("frame", "budgets", "said"), [
    ("500.000 kr.", ("E a:100.000", "E b:50 tkr."), "150.000 kr. afsat til 2 mål"),
    ("Som aftalt", ("E a:150.000", "E b:Puljen"), "150.000 kr. afsat til 1 mål; 1 budget uden beløb"),
    ("", ("E a:100.000", "S a:60.000", "S b:10.000"), "110.000 kr. afsat til 2 mål"),
    ("", ("E a:Puljen", "E b:Puljen", "E c:Fonden"), "Puljen og Fonden"),
    ("500.000 kr.", ("E a:100.000", "E b:50 tkr.", "U c:75 tkr."), "150.000 kr. afsat til 2 mål"),
    ("", ("U a:100.000", "S a:60.000"), "60.000 kr. afsat til 1 mål"),
    ("", ("E a:",), None)])
def test_the_budget_is_the_sum_of_the_goals_and_never_what_is_left_of_the_frame(
        frame: str, budgets: Sequence[str], said: str | None) -> None:
    goals = []
    for number, each in enumerate(budgets):
        kind, text, budget = each[0], *each[2:].split(":")
        level = Level.SUB if kind == "S" else Level.EFFECT
        goals.append(Goal(f"M{number}", level, ("U", "F", text, "d" if level is Level.SUB else ""), budget=budget,
                          withdrawn=kind == "U"))
    facts = dict(budget_facts(Agreement("A", "E", "K", 2015, PERIOD, facts={"oekonomisk_ramme": frame}), goals))
    assert facts.get("Budget") == said
    assert facts.get("Økonomisk ramme") == (frame or None)


# ---------------------------------------------------------------- the sheet

def drawn(front: Overview, edition: str = "") -> bytes:
    """Draw ``Overblik`` alone."""
    with strictly():
        book = Book("Opfølgning", "", date(2015, 1, 1))
        draw_overview(book, front, edition)
        return book.finish()


def test_the_boxes_stand_right_of_their_labels() -> None:
    sheet = front_of(workbook(rows(), boxes=((IN_FRAME, None), (FRAME_REMARK, "Den holder"), (KSE_REMARK, None))))
    found = {cell.value: sheet.cell(cell.row, cell.column + 1).value for cell in sheet["C"] if cell.value}
    assert found[FRAME_REMARK] == "Den holder"
    assert IN_FRAME in found and found[IN_FRAME] is None


def test_the_chart_has_an_alternative_text_with_the_figures() -> None:
    with zipfile.ZipFile(io.BytesIO(drawn(summed(rows())[0]))) as package:
        drawing = package.read("xl/drawings/drawing1.xml").decode()
        chart = package.read("xl/charts/chart1.xml").decode()
    assert "Nu: Opfyldt 2, Forventes opfyldt 1" in drawing and "Juni: Opfyldt 2, Ikke igangsat 1" in drawing
    assert "<c:v>Forventes ikke opfyldt</c:v>" in chart, "a series is named by its status in words"
    assert chart.count("<c:ser>") == len(COUNTED) and chart.count('formatCode="0;;;"') == len(COUNTED)
    assert [fill for fill, _ in BAR_FILLS.values() if f'srgbClr val="{fill[1:]}"' not in chart] == []


def test_the_hidden_cells_stand_in_hidden_columns_outside_the_page() -> None:
    sheet = front_of(workbook(rows()), values=False)
    first = column_name(HELPER_COLUMN)
    assert sheet.column_dimensions[first].hidden
    assert sheet.print_area.split("$")[-2] == "L"
    set_up = sheet.page_setup
    assert (set_up.orientation, set_up.fitToHeight, set_up.fitToWidth) == ("portrait", None, None), "one page each way"


def test_kses_edition_leaves_out_what_is_the_coordinators() -> None:
    changed = (Change(Kind.NEW, "M1.1.1", "status", "", "Opfyldt"),)
    front, _ = summed(rows(), changed=changed)
    texts = {}
    for edition in ("", KSE):
        sheet = front_of(drawn(front, edition), values=False)
        texts[edition] = " ".join(str(cell.value) for row in sheet.iter_rows(max_col=12) for cell in row if cell.value)
        box = next(sheet.cell(cell.row, 4) for cell in sheet["C"] if cell.value == IN_FRAME)
        assert box.protection.locked is (edition == KSE)
        assert not next(sheet.cell(cell.row, 4) for cell in sheet["C"] if cell.value == KSE_REMARK).protection.locked
    assert "Nyt siden sidst" in texts[""] and "Nyt siden sidst" not in texts[KSE]


# ---------------------------------------------------------------- the printed page

LONG = "Efteråret blev godt, men foråret manglede, og derfor nåede vi ikke det, vi havde aftalt med foreninger og skoler."
NEWS = tuple(Change(Kind.CHANGED, f"M{n}.1.1.1", "bemaerkninger", LONG, f"{LONG} {LONG}") for n in range(9))
def many(number: int, **cells: Value) -> list[dict[str, Value]]:
    """Return so many of the rows, each time as other goals of other udviklingsmål and policies."""
    found = [{**row, "id": f"M{n}.{str(row['id'])[1:]}", "development": f"Mål {n % 14}",
              "policy": f"Politik nummer {n % 9} for børn", **cells} for n in range(number // 10 + 1) for row in rows()]
    return found[:number]


PAGES = {
    "the first round": summed(rows(), ())[0], "October": summed(rows())[0], "three goals": summed(rows()[:3])[0],
    "none answered": summed(many(20, status="Mangler svar", response="Mangler svar", fulfilment=None))[0],
    "all met": summed(many(20, status="Opfyldt", computed="Opfyldt", fulfilment=1.0))[0],
    "150 goals": summed(many(150))[0],
    "150 goals with long texts, all that is new, and a dialogue": replace(
        summed(many(150, status="Ikke opfyldt", bemaerkninger=LONG, naeste_skridt=LONG), changed=NEWS, dialog=ASKED)[0],
        boxes=((ASSESSMENT, LONG), (IN_FRAME, "Ja"), (FRAME_REMARK, LONG), (KSE_REMARK, LONG)),
        money=(("Økonomisk ramme", LONG), ("Budget", LONG)))}


def points_of(sheet: Any) -> tuple[int, float]:
    """Return how wide the printed columns are in pixels, and how large 10 points come to be on the one A4 page."""
    last = int(sheet.print_area.split("$")[-1])
    wide = sum(int(each.width * 7 + 0.5) * (min(each.max, 12) - each.min + 1)
               for each in sheet.column_dimensions.values() if each.min <= 12)
    tall = sum(sheet.row_dimensions[row].height or 15 for row in range(1, last + 1))
    margins = sheet.page_margins
    room = (8.27 - margins.left - margins.right) * 72 / (wide * 0.75), (11.69 - margins.top - margins.bottom) * 72 / tall
    return wide, int(min(room) * 100) / 10  # Excel prints in whole percent


@pytest.mark.parametrize("front", PAGES.values(), ids=PAGES)
def test_the_page_is_as_wide_as_designed_and_printed_large_enough(front: Overview) -> None:
    sheet = front_of(drawn(front), values=False)
    assert points_of(sheet) == (922, 7.9)
    assert len(lines_of(front_of(drawn(front)))) >= min(3, sum(bool(each.id.value) for each in front.spotlights))


def test_the_page_is_measured_as_it_is_drawn() -> None:
    with strictly():
        book = Book("Opfølgning", "", date(2015, 1, 1))
        page = draw_overview(book, PAGES["150 goals"])
        sheet = front_of(book.finish())
    assert page.height == sum(sheet.row_dimensions[row].height or 15 for row in range(1, page.row + 1))


def test_what_people_write_is_never_cut_for_the_page() -> None:
    whole = "Et godt år. " * 170
    front = replace(PAGES["150 goals with long texts, all that is new, and a dialogue"], boxes=(
        (ASSESSMENT, whole), (IN_FRAME, "Ja"), (FRAME_REMARK, whole), (KSE_REMARK, whole)))
    sheet = front_of(drawn(front), values=False)
    assert [cell.value for row in sheet.iter_rows(max_col=12) for cell in row].count(whole) == 3
    assert points_of(sheet)[1] < 7.9, "then it is printed smaller"


def test_what_there_is_no_room_for_is_told_where_it_stands() -> None:
    front = PAGES["150 goals with long texts, all that is new, and a dialogue"]
    texts = [str(cell.value) for row in front_of(drawn(front)).iter_rows(max_col=12) for cell in row if cell.value]
    lines = sum(text == "Ikke opfyldt" for text in texts) - 1  # one stands in the table of statuses
    policies = sum(text.startswith("Politik nummer") for text in texts)
    assert 3 <= lines < 8 and 3 <= policies < 9 and sum(text.startswith("Mål ") for text in texts) == 5
    for said in (f"… og {135 - lines} til. Filtrér Opfølgning efter Status for at se dem alle.", "Det står på Kontrol.",
                 "… og 9 udviklingsmål til, som står i Opfølgning.", f"… og {9 - policies} til, som står i Opfølgning."):
        assert said in texts


def test_a_thousand_goals_are_written_quickly() -> None:
    many = [{**row, "id": f"M{n}.{row['id']}"} for n in range(100) for row in rows()]
    front, _ = summed(many)
    with strictly():
        book = Book("Opfølgning", "", date(2015, 1, 1))
        before = time.process_time()
        draw_overview(book, front)
        assert time.process_time() - before < 0.3


# ---------------------------------------------------------------- LibreOffice works it out anew

def _save(folder: Path, name: str, data: bytes, change: Callable[[Any], None] | None = None) -> Path:
    path = folder / f"{name}.xlsx"
    path.write_bytes(data)
    if change:  # openpyxl keeps the formulas and drops their values, so that somebody must calculate them
        book = openpyxl.load_workbook(path)
        change(book[OPFOELGNING])
        book.save(path)
    return path


def _status_at(sheet: Any, goal: str) -> Any:
    header = {cell.value: cell.column for cell in sheet[HEADER_ROW]}
    row = next(cell.row for cell in sheet["A"] if cell.value == goal)
    return sheet.cell(row, header["Status"])


def _answer(sheet: Any) -> None:
    _status_at(sheet, "M1.1.2").value = "Delvist opfyldt"
    _status_at(sheet, "M1.1.1.1").value = "Opfyldt"
    _status_at(sheet, "M2.1.4").value = "Næsten færdig"


def _sort(sheet: Any) -> None:
    body = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER_ROW + 1, max_row=HEADER_ROW + 10)]
    for number, line in enumerate(sorted(body, key=lambda line: str(line[3])), HEADER_ROW + 1):
        for column, value in enumerate(line, 1):
            sheet.cell(number, column).value = value


def _insert(sheet: Any) -> None:
    """Put a row in above the header, as Excel does, and let the links tell where they lead."""
    Shift(sheet, rows=True, at=2, count=1).apply()
    for row in sheet.parent[OVERBLIK].iter_rows(min_col=4, max_col=4):
        formula = str(row[0].value)
        if "HYPERLINK(" in formula:
            row[0].value = re.sub(r'HYPERLINK\(("#.*?),(?:"M[\d.]+"|INDEX\(.*?\)&"")\)', r"\1", formula)


def _all_met(sheet: Any) -> None:
    header = {cell.value: cell.column for cell in sheet[HEADER_ROW]}
    for row in range(HEADER_ROW + 1, HEADER_ROW + 11):
        sheet.cell(row, header["Beregnet status"]).value = None
        sheet.cell(row, header["Målopfyldelse"]).value = None
        sheet.cell(row, header["Udgangspunkt"]).value = 100
        if sheet.cell(row, header["Status"]).value != "Ikke aktuelt i år":
            sheet.cell(row, header["Status"]).value = "Opfyldt"


def _talk(sheet: Any) -> None:
    """Answer two of the lines, say of one that it waits, and of another that it waits no more."""
    page = sheet.parent[DIALOG]
    top = next(cell.row for cell in page["A"] if cell.value == "Mål-id")
    at = {cell.value: cell.column for cell in page[top]}
    for line, text in ((1, "Ja"), (4, "Nej")):
        page.cell(top + line, at["Svar"]).value = text
    for line, text in ((6, FOR_THEM), (3, "Besvaret")):
        page.cell(top + line, at["Tilstand"]).value = text


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory,
          recalculated: Callable[..., list[Path]]) -> Mapping[str, tuple[Path, Path]]:
    """Follow-ups as they were written (and some as they were changed), each beside what LibreOffice makes of it."""
    folder = tmp_path_factory.mktemp("overblik")
    changed = (Change(Kind.CHANGED, "M2.1.2", "resultat", "4", "5"), Change(Kind.NEW, "M9.9.9", "kse", "", "Gone"))
    many = [{**row, "id": f"M{n}.{row['id']}", "development": f"{row['development']} {n % 14} {'langt ' * 60}"}
            for n in range(15) for row in rows()]
    shuffled = (*COLUMNS[7:], *COLUMNS[:7])
    strange = {**rows()[0], "status": "Ikke opfyldt", "fulfilment": 0.285, "owners": None,
               "bemaerkninger": "»😀« & <b> " + "ord " * 200, "effect": "Et mål\nover to linjer " + "😀" * 120}
    typed = ({**rows()[6], "resultat": "uafklaret"}, {**rows()[9], "resultat": "-"})
    fallen = {**rows()[1], "fulfilment": -0.2, "opgjort_pr": date(1890, 5, 1)}  # which is a text to Excel
    made = {"some": workbook(rows(), changed=changed), "first": workbook(rows(), ()), "none": workbook(()),
            "one": workbook(rows()[:1]), "many": workbook(many), "moved": workbook(rows(), columns=shuffled),
            "strange": workbook([strange, fallen, *typed]), "talk": workbook(rows(), said=TALK),
            "eight": workbook([{**rows()[0], "id": f"M1.1.{n}", "status": "Ikke opfyldt"} for n in range(8)])}
    paths = [_save(folder, name, data) for name, data in made.items()]
    for name, change in (("answered", _answer), ("sorted", _sort), ("met", _all_met), ("inserted", _insert)):
        paths.append(_save(folder, name, made["some"], change))
    paths.append(_save(folder, "talked", made["talk"], _talk))
    return {path.stem: (path, fresh) for path, fresh in zip(paths, recalculated(*paths), strict=True)}


@pytest.mark.parametrize("name", ["some", "first", "none", "one", "many", "moved", "strange", "talk", "eight"])
def test_every_stored_value_is_what_its_formula_gives(name: str, books: Mapping[str, tuple[Path, Path]]) -> None:
    written, fresh = (front_of(path) for path in books[name])
    formulas = [cell for row in front_of(books[name][0], values=False).iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) > 40
    for cell in formulas:
        was, now = written[cell.coordinate].value or "", fresh[cell.coordinate].value or ""
        assert was == (pytest.approx(now, abs=1e-12) if isinstance(now, float) else now), (cell.coordinate, cell.value)


def test_a_changed_status_changes_the_page_at_once(books: Mapping[str, tuple[Path, Path]]) -> None:
    sheet = front_of(books["answered"][1])
    texts = [str(cell.value) for row in sheet.iter_rows(max_col=12) for cell in row if cell.value]
    assert counts_of(sheet) == {**dict.fromkeys(COUNTED, 0), "Opfyldt": 2, "Forventes opfyldt": 1, "Delvist opfyldt": 1,
                                "Forventes ikke opfyldt": 1, "Ikke igangsat": 1, "I alt": 7}
    assert ("2 af årets 7 effektmål er opfyldt, 1 forventes opfyldt, 1 er delvist opfyldt, 1 forventes ikke opfyldt"
            " og 1 er ikke igangsat.") in texts
    assert "1 effektmål har en status, der ikke kendes. Ret den i Opfølgning." in texts
    assert [line[:2] for line in lines_of(sheet)][:3] == [
        ("Forventes ikke opfyldt", "M2.1.1"), ("Delvist opfyldt", "M1.1.2"), ("Opfyldt", "M1.1.1.1")]


@pytest.mark.parametrize(("name", "us", "them"), [
    ("talk", "● 3 punkter venter på os: M1.1.1, M1.1.2", "◆ 1 punkt venter på dem: M2.1.1"),
    ("talked", "● 1 punkt venter på os: M1.1.1", "◆ 1 punkt venter på dem: M2.1.3")])
def test_who_waits_follows_what_is_written_on_dialog(name: str, us: str, them: str,
                                                     books: Mapping[str, tuple[Path, Path]]) -> None:
    texts = [cell.value for row in front_of(books[name][1]).iter_rows(max_col=12) for cell in row]
    assert us in texts and them in texts and "Se hele dialogen på arket Dialog" in texts


def test_sorting_changes_nothing_but_the_order_of_equals(books: Mapping[str, tuple[Path, Path]]) -> None:
    before, after = (front_of(books[name][1]) for name in ("some", "sorted"))
    assert lines_of(after) == lines_of(before)
    assert counts_of(after) == counts_of(before)
    follow = openpyxl.load_workbook(books["sorted"][1])
    for row in follow[OVERBLIK].iter_rows(min_col=4, max_col=4):
        formula = str(row[0].value)
        if formula.startswith("=HYPERLINK") and "MATCH" not in formula:
            assert "$A" in formula


def test_links_lead_to_the_right_row_after_a_row_was_put_in_above_the_header(books: Mapping[str, tuple[Path, Path]]) -> None:
    texts = [str(cell.value) for cell in front_of(books["inserted"][1])["D"]]
    rows_ = {goal: row for row, goal in enumerate((str(each["id"]) for each in rows()), HEADER_ROW + 2)}
    first = [line[1] for line in lines_of(front_of(books["some"][1]))]
    expected = [f"#'Opfølgning'!A{rows_[goal]}" for goal in (*first, "M2.1.2")]
    assert [text for text in texts if text.startswith("#'")] == expected


def test_when_all_is_met_there_is_nothing_to_look_at(books: Mapping[str, tuple[Path, Path]]) -> None:
    sheet = front_of(books["met"][1])
    texts = [str(cell.value) for row in sheet.iter_rows(max_col=12) for cell in row if cell.value]
    assert "Alle årets 7 effektmål er opfyldt." in texts
    assert lines_of(sheet) == []
    assert "Der er ikke noget, der kræver særlig opmærksomhed." in texts


def test_no_goals_and_one_goal_read_well(books: Mapping[str, tuple[Path, Path]]) -> None:
    none, one = (every_value(front_of(books[name][1])).values() for name in ("none", "one"))
    assert "Aftalen har ingen effektmål i året." in none
    assert "Årets ene effektmål er opfyldt." in one


def test_what_there_is_no_room_for_is_counted(books: Mapping[str, tuple[Path, Path]]) -> None:
    values = every_value(front_of(books["many"][1])).values()
    assert "… og 67 til. Filtrér Opfølgning efter Status for at se dem alle." in values


def test_overblik_is_one_printed_page(books: Mapping[str, tuple[Path, Path]],
                                      libreoffice: Callable[[Path, str], Path]) -> None:
    pages = printed(libreoffice(books["many"][0], "pdf"))
    footers = [page for page in pages if re.search(r"Overblik\s+Side \d+ af", page)]
    assert len(footers) == 1
