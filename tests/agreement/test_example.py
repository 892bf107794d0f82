"""The shipped example, held figure by figure against the agreement of 2015 as we read it."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aftale.model.agreement import Method, Scope
from aftale.model.columns import FACTS, maal_columns

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "viborg_2015"
YEARS = ("2015", "2016", "2017", "2018")
Row = dict[str, str]

# One line per row of maal.csv: the years 2015-2018, then the measure. Udgangspunkt and KSE-krav are always empty.
AGREED = """
Mål-id   | 15 16 17 18 | Måltype      | Måltal | Måleenhed               | Opgøres
M1.1     |  x  x  x  x |              |        |                         |
M1.1.1   |  x  x  .  . | Stigning i % | 50     | unikke brugere          | I perioden
M1.1.1.1 |  .  .  .  . | Leverance    |        |                         | I perioden
M1.1.1.2 |  5  .  .  . | Mindst       |        | landdistriktsområder    | I perioden
M1.1.1.3 |  .  5  .  . | Mindst       |        | nye landdistriktsområder| I perioden
M1.1.2   |  x  x  .  . | Leverance    |        |                         | I perioden
M1.2     |  x  x  x  x |              |        |                         |
M1.2.1   |  .  .  .  . |              |        |                         |
M1.2.1.1 |  x  .  .  . | Leverance    |        |                         | I perioden
M1.2.1.2 |  .  x  x  . | Leverance    |        |                         | I perioden
M1.2.1.3 |  .  .  x  x | Mindst       | 3      | nye tilbud              | I perioden
M1.3.1   |  x  x  .  . | Mindst       | 20     | rekvisitioner           | Pr. år
M2.1.1   |  x  x  x  x | Mindst       | 1      | nye samarbejder         | Pr. år
M2.2.1   |  .  x  .  . | Mindst       | 3      | samarbejder             | I perioden
M2.2.2   |  x  x  .  . | Mindst       | 3      | samarbejdsaftaler       | I perioden
M2.2.3   |  x  .  .  . | Leverance    |        |                         | I perioden
M2.2.4   |  x  x  .  . | Leverance    |        |                         | I perioden
M2.2.5   |  x  x  x  x | Mindst       | 3      | events                  | Pr. år
M3.1     |  x  x  x  x |              |        |                         |
M3.1.1   |  x  x  .  . | Mindst       | 18     | aktiviteter             | I perioden
M3.1.1.1 |  .  .  .  . | Mindst       | 4,9    | point                   | I perioden
M3.1.2   |  x  x  x  x | Mindst       | 15     | events                  | I perioden
M3.1.2.1 |  .  .  .  . | Mindst       | 5,9    | point                   | I perioden
M3.2.1   |  x  x  .  . | Leverance    |        |                         | I perioden
M3.2.1.1 |  .  .  .  . | Mindst       | 5,6    | point                   | I perioden
M3.3     |  x  x  x  x |              |        |                         |
M3.3.1   |  x  x  .  . | Stigning i % | 5      | besøg                   | Pr. år
M4.1.1   |  x  x  x  x | Mindst       | 1      | initiativer             | Pr. år
M4.1.2   |  x  x  .  . | Leverance    |        |                         | I perioden
M4.2.1   |  x  .  .  . | Leverance    |        |                         | I perioden
M4.2.2   |  x  x  .  . | Leverance    |        |                         | I perioden
M4.2.3   |  x  .  .  . | Leverance    |        |                         | I perioden
"""
# Every figure that a goal's own text names; all other texts name none.
SAID = {
    "M1.1.1": "50 2015 2016",
    "M1.1.1.2": "2015 5",
    "M1.1.1.3": "5 2016 10",
    "M1.2.1.3": "3",
    "M1.3.1": "20 2015 2016",
    "M2.1.1": "ét 2015 2016",
    "M2.2.1": "3",
    "M2.2.2": "3",
    "M2.2.5": "3",
    "M3.1.1": "18",
    "M3.1.1.1": "4,9",
    "M3.1.2": "15",
    "M3.1.2.1": "5,9",
    "M3.2.1.1": "5,6",
    "M3.3.1": "5",
    "M4.1.1": "ét",
}
POLICIES = {
    "M2.2.2": "Folkeskolereformen",
    "M2.2.5": "Kommunens eventstrategi",
    "M4.1.1": "Bibliotekernes innovationsstrategi",
    "M4.1.2": "Bibliotekernes innovationsstrategi",
}
# What the agreement names by name, and the goal that has to keep the name.
NAMES = {
    "M1.2.1": "Mercantec",
    "M1.2.1.1": "Mercantec",
    "M1.2.1.2": "Mercantec",
    "M1.2.1.3": "Mercantec",
    "M1.3.1": "»Biblioteket rykker ud«",
    "M2.1.1": "synlighed",
    "M2.2.1": "»Danmark læser«",
    "M2.2.2": "KLC",
    "M3.1.1.1": "Bibliometer",
    "M3.1.2.1": "Bibliometer",
    "M3.2.1.1": "Bibliometer",
    "M4.1.1": "innovationspuljen",
}
FACTS_2015 = {
    "enhed": "Viborg Bibliotekerne",
    "afdeling": "KSE (Kultur, Service & Events)",
    "kortnavn": "KSE",
    "aar": 2015,
    "periode": "2015-2018",
    "tema": "Synlighed",
    "frist_midtvejs": date(2015, 6, 10),
    "frist_aarsopfoelgning": date(2015, 11, 11),
    "svarfrist_midtvejs": date(2015, 6, 24),
    "svarfrist_aarsopfoelgning": date(2015, 12, 4),
}


def read_rows() -> list[Row]:
    """Return the rows of maal.csv as they stand."""
    with (EXAMPLE / "maal.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def read_toml() -> dict[str, Any]:
    """Return aftale.toml."""
    return tomllib.loads((EXAMPLE / "aftale.toml").read_text(encoding="utf-8"))


ROWS = read_rows()
BY_ID = {row["Mål-id"]: row for row in ROWS}
GOALS = [row for row in ROWS if row["Effektmål"]]


def own_text(row: Row) -> str:
    """Return the text of the level that the row stands for."""
    return row["Delmål"] or row["Effektmål"] or row["Fokusområde"]


def agreed_lines() -> list[list[str]]:
    """Return AGREED as Mål-id, four year cells, måltype, måltal, måleenhed, opgøres."""
    lines = []
    for line in AGREED.strip().splitlines()[1:]:
        goal, years, *measure = (part.strip() for part in line.split("|"))
        lines.append([goal, *(cell.replace(".", "") for cell in years.split()), *measure])
    return lines


def test_excel_opens_the_file_and_finds_the_columns() -> None:
    raw = (EXAMPLE / "maal.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "without the BOM Excel shows å as Ã¥"
    header = raw.decode("utf-8-sig").splitlines()[0].split(";")
    assert header == [column.header for column in maal_columns(range(2015, 2019))]


def test_every_row_has_every_column_and_no_cell_has_loose_spaces() -> None:
    for row in ROWS:
        assert not {None} & {*row, *row.values()}, row["Mål-id"]
        assert all(value == value.strip() and "  " not in value for value in row.values()), row["Mål-id"]


def test_years_and_measures_are_those_of_the_agreement() -> None:
    columns = ("Mål-id", *YEARS, "Måltype", "Måltal", "Måleenhed", "Opgøres")
    assert [[row[column] for column in columns] for row in ROWS] == agreed_lines()


def test_the_figures_in_the_texts_are_those_of_the_agreement() -> None:
    found = {row["Mål-id"]: " ".join(re.findall(r"\d+(?:,\d+)?|\bét\b", own_text(row))) for row in ROWS}
    assert {goal: figures for goal, figures in found.items() if figures} == SAID


@pytest.mark.parametrize(("goal", "name"), NAMES.items())
def test_names_are_kept(goal: str, name: str) -> None:
    assert name in own_text(BY_ID[goal])


def test_there_are_61_crosses_and_two_years_with_a_number() -> None:
    cells = Counter(row[year] for row in ROWS for year in YEARS if row[year])
    assert cells == {"x": 61, "5": 2}


def test_there_are_4_udviklingsmaal_10_fokusomraader_19_effektmaal_and_9_delmaal() -> None:
    assert len({row["Udviklingsmål"] for row in ROWS}) == 4
    assert len({row["Fokusområde"] for row in ROWS}) == 10
    assert len({row["Effektmål"] for row in GOALS}) == 19
    assert sum(not row["Delmål"] for row in GOALS) == 19
    assert len({row["Delmål"] for row in ROWS if row["Delmål"]}) == sum(bool(row["Delmål"]) for row in ROWS) == 9
    assert len(ROWS) - len(GOALS) == 4, "fokusområder that carry years themselves"


def test_18_effektmaal_are_active_in_2015() -> None:
    """An effektmål is active in its own years, or in those of its delmål, or always."""
    active = set()
    for row in GOALS:
        family = [other for other in GOALS if other["Effektmål"] == row["Effektmål"]]
        if any(other["2015"] for other in family):
            active.add(row["Effektmål"])
    assert {row["Effektmål"] for row in GOALS} - active == {BY_ID["M2.2.1"]["Effektmål"]}


def test_ids_are_unique_and_follow_from_the_order_of_the_texts() -> None:
    """Ids count udviklingsmål and fokusområder in order of appearance, with or without a row of their own."""
    places: dict[tuple[str, ...], tuple[int, ...]] = {(): ()}
    children: Counter[tuple[str, ...]] = Counter()
    for row in ROWS:
        path: tuple[str, ...] = ()
        for level in ("Udviklingsmål", "Fokusområde", "Effektmål", "Delmål"):
            parent, path = path, (*path, row[level])
            if row[level] and path not in places:
                children[parent] += 1
                places[path] = (*places[parent], children[parent])
        texts = tuple(text for text in path if text)
        assert row["Mål-id"] == "M" + ".".join(map(str, places[texts])), own_text(row)
    assert len(BY_ID) == len(ROWS)


def test_a_parent_stands_before_its_delmaal() -> None:
    order = [row["Mål-id"] for row in ROWS]
    for row in ROWS:
        if row["Delmål"]:
            assert order.index(row["Mål-id"].rpartition(".")[0]) < order.index(row["Mål-id"])


def test_only_the_first_and_last_udviklingsmaal_say_which_way_they_look() -> None:
    prefixes = {row["Mål-id"][:2]: row["Udviklingsmål"].partition(": ")[0] for row in ROWS}
    assert (prefixes["M1"], prefixes["M4"]) == ("Eksternt", "Internt")
    assert ":" not in BY_ID["M2.1.1"]["Udviklingsmål"] + BY_ID["M3.1"]["Udviklingsmål"]


def test_measures_use_the_words_of_the_program() -> None:
    for row in GOALS:
        assert row["Måltype"] in {"", *Method}
        assert row["Opgøres"] in {"", *Scope}
        has_target = bool(row["Måltal"]) or any(row[year].isdigit() for year in YEARS)
        assert has_target == (row["Måltype"] in ("Mindst", "Højst", "Stigning i %", "Fald i %")), row["Mål-id"]
        assert bool(row["Måleenhed"]) == bool(row["Indikator"]) == has_target, row["Mål-id"]


@pytest.mark.parametrize("column", ["KSE-krav", "Udgangspunkt"])
def test_what_the_agreement_does_not_say_is_empty(column: str) -> None:
    assert {row[column] for row in ROWS} == {""}


def test_policies_and_budget_stand_where_the_texts_name_them() -> None:
    assert {row["Mål-id"]: row["Politik"] for row in ROWS if row["Politik"]} == POLICIES
    assert {row["Mål-id"]: row["Budget"] for row in ROWS if row["Budget"]} == {"M4.1.1": "Innovationspuljen"}


def test_every_goal_has_an_ansvarlig_with_an_address_at_example_dk() -> None:
    addresses: dict[str, set[str]] = {}
    goals: Counter[str] = Counter()
    for row in GOALS:
        names, emails = row["Ansvarlig"].split("; "), row["E-mail"].split("; ")
        assert all(names), row["Mål-id"]
        for name, email in zip(names, emails, strict=True):
            assert re.fullmatch(r"[a-z-]+@([a-z]+\.)*example\.dk", email), row["Mål-id"]
            addresses.setdefault(name, set()).add(email)
            goals[name] += 1
    assert all(len(emails) == 1 for emails in addresses.values()), "one ansvarlig, one address"
    assert len(addresses) == len({email for emails in addresses.values() for email in emails}) == 8
    assert all(2 <= number <= 5 for number in goals.values()), goals


def test_two_goals_are_shared() -> None:
    shared = {row["Mål-id"]: row["Ansvarlig"] for row in ROWS if ";" in row["Ansvarlig"]}
    assert shared == {"M1.1.1.2": "Digitalteamet; Landdistriktsteamet", "M2.2.3": "Børneteamet; Ledelsen"}


def test_fokusomraader_are_not_followed_up_on_their_own() -> None:
    for row in ROWS:
        if not row["Effektmål"]:
            assert row["Ansvarlig"] == row["E-mail"] == row["Delmål"] == ""
            assert row["Note"]


def test_doubts_of_the_reading_stand_in_the_note() -> None:
    for row in GOALS:
        if row["Måltype"] == Method.RISE_PERCENT:
            assert row["Note"].startswith("Udgangspunkt er ikke oplyst i aftalen")
        if row["Måleenhed"] == "point":
            assert "-10 til 10" in row["Note"]
        if not any(row[year] for year in YEARS):
            assert "kryds" in row["Note"] or "følger effektmålets år" in row["Note"]
        if any(row[year].isdigit() for year in YEARS):
            assert "intet kryds" in row["Note"]


def test_toml_knows_no_other_keys_than_forside() -> None:
    facts = read_toml()
    # The example shares no folder: there is a line with it to take up.
    assert list(facts) == [*(fact.key for fact in FACTS if fact.key != "delt_mappe"), "tekster"]
    assert "\n# delt_mappe = " in (EXAMPLE / "aftale.toml").read_text(encoding="utf-8")
    assert all(facts.values())
    assert list(facts["tekster"]) == ["Tematekst"]


def test_toml_holds_the_parties_the_year_and_the_deadlines() -> None:
    facts = read_toml()
    assert {key: facts[key] for key in FACTS_2015} == FACTS_2015
    assert all(facts[key].endswith("example.dk") for key in ("koordinator_mail", "kse_mail"))
    assert not re.search(r"\d", facts["oekonomisk_ramme"]), "the agreement names no amount"


@pytest.mark.parametrize("word", ["2015", "2016", "SYNLIGHED", "fysiske", "virtuelle", "personlige", "Partnerskab"])
def test_the_theme_has_its_two_years_and_four_facets(word: str) -> None:
    assert word in read_toml()["tekster"]["Tematekst"]
