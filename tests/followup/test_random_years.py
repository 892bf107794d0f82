"""Random years, computed twice: by the program and by `oracle`, which is written from the contract alone.

300 years in every run, and thousands where the environment variable ``AFTALE_ALLE_FILER`` is 1, then with another seed each
day. ``AFTALE_FROE`` and ``AFTALE_ANTAL_AAR`` choose the seed and the number; a year that differs is named by its own seed,
with which it comes again: ``AFTALE_FROE=17 AFTALE_ANTAL_AAR=1``. Some years are played with real workbooks besides.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import oracle
import pytest
from oracle import AARSOPFOELGNING, MIDTVEJS, Answered, Choice, File, Fraction, Goal, Judged, Plan, Standing, Value
from playing_years import differences
from random_years import FIRST, MANY, random_year
from year_workbooks import workbook_differences

PARTS = 4
YEAR, PERIOD = 2016, (2015, 2018)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_program_says_of_random_years_what_the_contract_says(
        part: int, record_property: Callable[[str, object], None]) -> None:
    record_property("seed", f"random years: {MANY} from seed {FIRST} on")
    seeds = range(FIRST + part, FIRST + MANY, PARTS)
    found = [(seed, each) for seed in seeds for each in differences(random_year(Random(seed)))]
    assert not found, "\n".join(f"AFTALE_FROE={seed}: {each}" for seed, each in found[:20])


@pytest.mark.parametrize("number", range(max(3, MANY // 200)))
def test_their_workbooks_say_the_same(number: int, tmp_path: Path) -> None:
    seed = FIRST + number
    found = workbook_differences(random_year(Random(seed), alone=True), tmp_path)
    assert not found, "\n".join(f"seed {seed}: {each}" for each in found[:20])


def test_the_oracle_imports_nothing_of_the_program() -> None:
    tree = ast.parse(Path(str(oracle.__file__)).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


# ---------------------------------------------------------------- what the oracle says, worked out by hand from the contract

def goal(method: str = "", target: Any = None, baseline: Any = None, unit: str = "besøg", scope: str = "Pr. år",
         id_: str = "M1.1.1", sub: str = "", **more: Any) -> Goal:
    return Goal(id_, "Effektmål 1", sub, more.pop("years", {YEAR: None, YEAR + 1: None}), method, number(target),
                number(baseline), unit, scope, **more)


def number(text: Any) -> Fraction | None:
    return None if text is None else Fraction(str(text))


def plan(*goals: Goal, round_: str = AARSOPFOELGNING, before: Any = None) -> Plan:
    return Plan(goals, YEAR, round_, PERIOD, {} if before is None else {"M1.1.1": Fraction(str(before))})


@pytest.mark.parametrize(("measured", "result", "fulfilled", "computed"), [
    pytest.param(goal("Mindst", 20), 20, "1", "Opfyldt", id="mindst, just reached"),
    pytest.param(goal("Mindst", 20), 19, "0.95", "Delvist opfyldt", id="mindst, nearly"),
    pytest.param(goal("Mindst", 20), 0, "0", "Ikke opfyldt", id="mindst, nothing"),
    pytest.param(goal("Mindst", 20, 18), 15, "0.75", "Ikke opfyldt", id="mindst, and worse than before"),
    pytest.param(goal("Mindst", 20, 10), 15, "0.75", "Delvist opfyldt", id="mindst, and better than before"),
    pytest.param(goal("Mindst", 0), 0, "1", "Opfyldt", id="mindst 0 has no share"),
    pytest.param(goal("Mindst", -2, unit="point"), -3, "0", "Ikke opfyldt", id="mindst below zero has no share"),
    pytest.param(goal("Mindst", 20), None, "", "", id="no result"),
    pytest.param(goal("Mindst"), 20, "", "", id="no target"),
    pytest.param(goal("Højst", 5), 5, "1", "Opfyldt", id="højst, just kept"),
    pytest.param(goal("Højst", 5), 30, "", "Ikke opfyldt", id="højst, rank 30 against 5"),
    pytest.param(goal("Højst", 6, 18, "%"), 18, "0", "Ikke opfyldt", id="højst, 18 % frafald before and now"),
    pytest.param(goal("Højst", 6, 18, "%"), 15, "0.25", "Delvist opfyldt", id="højst, a quarter of the way down"),
    pytest.param(goal("Højst", 6, 18, "%"), 20, "0", "Ikke opfyldt", id="højst, further away is never below nothing"),
    pytest.param(goal("Højst", 4, 8, "skoler"), 8, "0", "Ikke opfyldt", id="højst, 8 schools of which 4 should remain"),
    pytest.param(goal("Højst", 10, 8), 12, "", "Ikke opfyldt", id="højst, with a baseline that kept it"),
    pytest.param(goal("Højst", 0, 10), 3, "0", "Ikke opfyldt", id="højst 0 has no share"),
    pytest.param(goal("Stigning i %", 10, 40), 42, "0.5", "Delvist opfyldt", id="stigning, 5 % of 10 %"),
    pytest.param(goal("Stigning i %", 10, 40), 38, "-0.5", "Ikke opfyldt", id="stigning that fell"),
    pytest.param(goal("Stigning i %", 10, 30), 33, "1", "Opfyldt", id="stigning, just reached"),
    pytest.param(goal("Stigning i %", 10, 0), 3, "1", "Opfyldt", id="stigning from zero is only met or not"),
    pytest.param(goal("Stigning i %", 10, -5, "point"), -4, "2", "Opfyldt", id="stigning from below zero"),
    pytest.param(goal("Stigning i %", 10), 42, "", "", id="stigning from nobody knows what"),
    pytest.param(goal("Stigning i %", 10, unit="%"), 8, "0.8", "Delvist opfyldt", id="stigning in %, the change itself"),
    pytest.param(goal("Stigning i %", 10, 40, "%"), 38, "", "", id="stigning of a share is asked about"),
    pytest.param(goal("Stigning i %", 5, 40, "procentpoint"), 43, "0.6", "Delvist opfyldt", id="stigning in points"),
    pytest.param(goal("Fald i %", 10, 200), 170, "1.5", "Opfyldt", id="fald"),
    pytest.param(goal("Fald i %", 10, 200), 190, "0.5", "Delvist opfyldt", id="fald, half"),
    pytest.param(goal("Fald i %", 10, unit="%"), -4, "0.4", "Delvist opfyldt", id="fald in %, a fall is below zero"),
    pytest.param(goal("Fald i %", 5, 40, "procentpoint"), 35, "1", "Opfyldt", id="fald in points"),
    pytest.param(goal("Fastholdes", None, 12, "%"), 15, "1", "Opfyldt", id="fastholdes must not fall"),
    pytest.param(goal("Fastholdes", None, 12), 11, "0", "Ikke opfyldt", id="fastholdes that fell"),
    pytest.param(goal("Må ikke stige", None, 12, "%"), 15, "0", "Ikke opfyldt", id="må ikke stige, 12 % frafald now 15"),
    pytest.param(goal("Må ikke stige", None, 12, "%"), 12, "1", "Opfyldt", id="må ikke stige, the same"),
    pytest.param(goal("Stiger", None, 5), 5, "0", "Ikke opfyldt", id="stiger, the same is no rise"),
    pytest.param(goal("Falder", None, "6.1", "point"), "6.05", "1", "Opfyldt", id="falder"),
    pytest.param(goal("Leverance"), 1, "", "", id="leverance"),
    pytest.param(goal("", 20), 25, "", "", id="måltal without måltype is left to people"),
])
def test_a_result_held_against_its_target(measured: Goal, result: Any, fulfilled: str, computed: str) -> None:
    judged = judge(measured, Answered(result=number(result)))
    assert judged.fulfilment.number == (Fraction(fulfilled) if fulfilled else None)
    assert judged.computed == computed


@pytest.mark.parametrize(("measured", "round_", "result", "computed"), [
    pytest.param(goal("Mindst", 20), MIDTVEJS, 25, "Opfyldt", id="a count that is reached can't be lost"),
    pytest.param(goal("Mindst", 20), MIDTVEJS, 15, "", id="a count that isn't reached yet"),
    pytest.param(goal("Mindst", 99, unit="%"), MIDTVEJS, "99.6", "", id="a percentage can still fall"),
    pytest.param(goal("Mindst", "4.9", unit="point"), MIDTVEJS, 5, "", id="points can still fall"),
    pytest.param(goal("Mindst", 7, unit="gennemsnit pr. borger"), MIDTVEJS, 8, "", id="an average can still fall"),
    pytest.param(goal("Højst", 5), MIDTVEJS, 3, "", id="højst can still be passed by"),
    pytest.param(goal("Stigning i %", 10, 40), MIDTVEJS, 50, "", id="growth can still be lost"),
    pytest.param(goal("Mindst", 20, scope="I perioden"), AARSOPFOELGNING, 15, "", id="i perioden, a year before its last"),
    pytest.param(goal("Mindst", 20, scope="I perioden", years={YEAR: None}), AARSOPFOELGNING, 15, "Delvist opfyldt",
                 id="i perioden, in its last year"),
    pytest.param(goal("Mindst", 20, scope="I perioden", years={}), AARSOPFOELGNING, 15, "", id="in 2016 of 2015-2018"),
    pytest.param(goal("Mindst", 20, years={YEAR: Fraction(30)}), AARSOPFOELGNING, 24, "Delvist opfyldt",
                 id="the year's own target"),
])
def test_before_the_deadline_only_what_cant_be_lost_counts(measured: Goal, round_: str, result: Any, computed: str) -> None:
    assert judge(measured, Answered(result=number(result)), round_).computed == computed


@pytest.mark.parametrize(("scope", "computed"), [("Pr. år", "Ikke opfyldt"), ("I perioden", "Opfyldt")])
def test_growth_per_year_is_held_against_the_year_before(scope: str, computed: str) -> None:
    measured = goal("Stigning i %", 10, 40, scope=scope, years={YEAR: None})
    found = oracle.judge(plan(measured, before=50), {"M1.1.1": Answered(result=Fraction(44))})
    assert found["M1.1.1"].computed == computed


@pytest.mark.parametrize(("status", "result", "asked"), [
    ("Opfyldt", 20, False), ("Opfyldt", 19, True), ("Opfyldt", 0, True), ("Opfyldt", None, False),
    ("Delvist opfyldt", 0, False), ("Ikke opfyldt", 19, False), ("Forventes ikke opfyldt", 19, False),
    ("Delvist opfyldt", 20, True), ("Ikke opfyldt", 20, True), ("Afventer data", 20, True), ("Udgået", 20, False),
    ("Udgået", 0, False)])
def test_only_reached_or_not_reached_contradicts(status: str, result: Any, asked: bool) -> None:
    assert judge(goal("Mindst", 20), Answered(status, number(result))).contradicts is asked


def judge(measured: Goal, answered: Answered, round_: str = AARSOPFOELGNING) -> Judged:
    return oracle.judge(plan(measured, round_=round_), {measured.id: answered})[measured.id]


@pytest.mark.parametrize(("statuses", "status"), [
    (("Opfyldt", "Opfyldt"), "Opfyldt"), (("Opfyldt", "Udgået"), "Opfyldt"), (("Udgået", "Udgået"), "Udgået"),
    (("Opfyldt", ""), "Mangler svar"), (("Opfyldt", "Ikke opfyldt"), "Delvist opfyldt"),
    (("Opfyldt", "Forventes opfyldt"), "Forventes opfyldt"),
    (("Opfyldt", "Forventes ikke opfyldt"), "Forventes ikke opfyldt"), (("Opfyldt", "Afventer data"), "Afventer data"),
    (("Ikke opfyldt", "Ikke igangsat"), "Ikke opfyldt")])
@pytest.mark.parametrize("row", [True, False], ids=["with a row", "without a row for the effektmål"])
def test_an_effektmaal_without_a_status_follows_its_delmaal_and_is_counted_once(statuses: tuple[str, ...], status: str,
                                                                               row: bool) -> None:
    subs = [goal(id_=f"M1.1.1.{at}", sub=f"Delmål {at}") for at, _ in enumerate(statuses)]
    agreed = plan(*([goal("Leverance")] if row else []), *subs)
    judged = oracle.judge(agreed, {each.id: Answered(said) for each, said in zip(subs, statuses, strict=True)})
    assert oracle.counts(agreed, judged) == {status: 1}
    if row:
        assert judged["M1.1.1"].status == status


@pytest.mark.parametrize(("held", "children", "computed"), [
    (45, 12, "Opfyldt"), (45, 2, "Delvist opfyldt"), (30, 12, "Delvist opfyldt")])
@pytest.mark.parametrize(("status", "asked_where"), [("Opfyldt", ("Delvist opfyldt",)), ("Delvist opfyldt", ("Opfyldt",)),
                                                     ("Ikke opfyldt", ("Opfyldt", "Delvist opfyldt"))])
def test_an_effektmaal_with_a_target_is_reached_where_its_delmaal_are_too(
        held: int, children: int, computed: str, status: str, asked_where: tuple[str, ...]) -> None:
    agreed = plan(goal("Mindst", 40), goal("Mindst", 10, id_="M1.1.1.1", sub="heraf 10 for børn"))
    found = oracle.judge(agreed, {"M1.1.1": Answered(status, number(held)), "M1.1.1.1": Answered(result=number(children))})
    assert found["M1.1.1"].computed == computed
    assert found["M1.1.1"].contradicts is (computed in asked_where)


def test_what_is_withdrawn_or_not_of_the_year_is_not_judged() -> None:
    gone, later = goal("Mindst", 20, withdrawn=True), goal("Mindst", 20, years={2018: None}, id_="M1.1.2")
    agreed = plan(gone, Goal("M1.1.2", "Effektmål 2", years=later.years))
    judged = oracle.judge(agreed, {})
    assert {each: found.status for each, found in judged.items()} == {"M1.1.1": "Udgået", "M1.1.2": "Ikke aktuelt i år"}
    assert oracle.counts(agreed, judged) == {"Udgået": 1}


STATUS = ("M1.1.1", "status")
FIRST_ANSWER, OTHER = File("Børneteamet", "Lederen", "2016-11-02", {STATUS: "Opfyldt"}), "Delvist opfyldt"


@pytest.mark.parametrize(("written", "late", "becomes"), [
    pytest.param({}, [], "Opfyldt", id="one answer"),
    pytest.param({}, [("Ungeteamet", "", "", "Opfyldt")], "Opfyldt", id="two who agree"),
    pytest.param({}, [("Ungeteamet", "", "", OTHER)], "Uafklaret", id="two who don't"),
    pytest.param({}, [("Børneteamet", "Lederen", "2016-11-03", OTHER)], OTHER, id="a newer version of the skema"),
    pytest.param({}, [("Børneteamet", "Lederen", "2016-11-01", OTHER)], "Opfyldt", id="an older version of the skema"),
    pytest.param({}, [("Børneteamet", "Lederen", "2016-11-03", None)], "Opfyldt", id="a newer one that doesn't answer"),
    pytest.param({}, [("Børneteamet", "Lederen", "", OTHER)], "Uafklaret", id="versions whose order nobody knows"),
    pytest.param({}, [("Børneteamet", "Vikaren", "2016-11-03", OTHER)], "Uafklaret", id="the same skema by somebody else"),
    pytest.param({STATUS: "Udgået"}, [], "Udgået", id="the coordinator's edit"),
    pytest.param({STATUS: "Udgået"}, [("Ungeteamet", "", "", "Opfyldt")], "Udgået", id="an edit, and nothing new"),
    pytest.param({STATUS: "Udgået"}, [("Ungeteamet", "", "", OTHER)], "Uafklaret", id="an edit, and a new answer"),
    pytest.param({STATUS: "Udgået"}, [("Ungeteamet", "", "", "Udgået")], "Udgået",
                 id="an edit, and a new answer that agrees"),
    pytest.param({STATUS: None}, [], "Mangler svar", id="an answer emptied"),
])
def test_answers_edits_and_late_files_merged(written: dict[oracle.Where, Value], late: list[tuple[str, str, str, Value]],
                                             becomes: str) -> None:
    standing = Standing(plan(goal("Leverance")))
    standing.flet({}, [FIRST_ANSWER])
    standing.flet(written, [File(form, by, when, {} if said is None else {STATUS: said}) for form, by, when, said in late])
    assert standing.judged["M1.1.1"].status == becomes


def test_a_choice_holds_until_somebody_says_something_new() -> None:
    sides = frozenset(("Opfyldt", OTHER))
    assert oracle.outcome(sides, Choice(OTHER, sides)) == (OTHER, False)
    assert oracle.outcome(sides | {"Udgået"}, Choice(OTHER, sides)) == (None, True)
    assert oracle.outcome(frozenset(("Opfyldt",)), Choice(OTHER, sides)) == (OTHER, False)
