"""What an agreement is held against before it is sent: small agreements, and what is found in which cell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aftale.agreement.checks import CHECKS, check_agreement, ids_used_again, unconfirmed
from aftale.agreement.read_goals import read_agreement
from aftale.model.agreement import Agreement
from aftale.model.findings import Finding, Severity
from aftale.model.place import Source
from aftale.model.workbook import Workbook, WorkbookSheet


def agreement(table: str) -> Agreement:
    """Read an agreement of 2015 (2015-2018) from a table with |; ids are given in order."""
    rows: list[list[Any]] = [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]
    book = Workbook(Source("", "aftale.xlsx"), (WorkbookSheet("Mål", rows),))
    return read_agreement(book, {"enhed": "Biblioteket", "aar": "2015", "periode": "2015-2018"}).agreement


def found(table: str, *ignore: str) -> list[tuple[str, str, str]]:
    """Return what the checks find, as (code, cell, goal), without what is said of KSE's demands and addresses."""
    left_out = {"demands-not-stated", "email-missing", *ignore}
    return [(p.code, p.place.cell, p.goal) for p in check_agreement(agreement(table)) if p.code not in left_out]


def problems(table: str, code: str) -> list[Finding]:
    return [p for p in check_agreement(agreement(table)) if p.code == code]


HEAD = "Udviklingsmål | Fokusområde | Effektmål | Delmål | Ansvarlig"


# ---------------------------------------------------------------- the same text twice

@pytest.mark.parametrize(("rows", "wanted"), [
    (["Synlig | Unge | De kommer | | A", "Synlig | Unge | De bliver | | A"], []),
    (["Synlig | Unge | De kommer | | A", "Synlig | Unge | De kommer | | A"], [("text-twice", "A3", "M1.1.2")]),
    (["Synlig | Unge | De kommer | | A", "Andet | Børn | de  KOMMER | | A"], [("text-twice", "A3", "M2.1.1")]),
    (["Synlig | Unge | De kommer | | A", "Synlig | Unge | De kommer | Kursus | A"], []),
    (["Synlig | Unge | De kommer | Kursus | A", "Synlig | Unge | De bliver | Kursus | A"],
     [("text-twice", "A3", "M1.1.2.1")]),
    (["Synlig | De kommer | | | A", "Synlig | Unge | De kommer | | A"], [])],
    ids=["different", "the same", "the same but for case and spaces", "an effektmål and its delmål", "two delmål",
         "a fokusområde and an effektmål"])
def test_the_same_text_twice(rows: list[str], wanted: list[tuple[str, str, str]]) -> None:
    table = "\n".join((HEAD, *rows)).replace("Udviklingsmål |", "Udviklingsmål |", 1)
    assert found(table) == wanted


def test_the_other_row_is_named() -> None:
    (problem,) = problems(f"{HEAD}\nSynlig | Unge | De kommer | | A\nSynlig | Unge | De kommer | | A", "text-twice")
    assert problem.text == "M1.1.1 (A2)" and problem.level is Severity.QUESTION


# ---------------------------------------------------------------- ansvarlige

@pytest.mark.parametrize(("rows", "wanted"), [
    (["Synlig | Unge | De kommer | | A"], []),
    (["Synlig | Unge | De kommer | | "], [("owner-missing", "E2", "M1.1.1")]),
    (["Synlig | Unge | | | "], []),
    (["Synlig | Unge | De kommer | | ", "Synlig | Unge | De kommer | Kursus | A"], []),
    (["Synlig | Unge | De kommer | | ", "Synlig | Unge | De kommer | Kursus | A", "Synlig | Unge | De kommer | Tur | "],
     [("owner-missing", "E2", "M1.1.1")]),
    (["Synlig | Unge | De kommer | | A", "Synlig | Unge | De kommer | Kursus | "], [])],
    ids=["one", "none", "a fokusområde needs none", "all delmål have one", "not all delmål have one",
         "a delmål has its effektmål's"])
def test_an_effektmaal_without_an_ansvarlig(rows: list[str], wanted: list[tuple[str, str, str]]) -> None:
    assert found("\n".join((HEAD, *rows))) == wanted


def test_a_withdrawn_effektmaal_needs_no_ansvarlig() -> None:
    assert found("Fokusområde | Effektmål | Ansvarlig | Note\nUnge | De kommer | | Udgået i marts") == []


@pytest.mark.parametrize(("rows", "wanted"), [
    (["A | a@b.dk", "A | a@b.dk"], []),
    (["A | a@b.dk", "A | A@B.dk"], []),
    (["A | a@b.dk", "A |"], []),
    (["A |", "A |"], [("email-missing", "D2", "A har ingen e-mailadresse.")]),
    (["A | a@b.dk", "A | aa@b.dk"], [("email-differs", "D2", "A står med flere adresser: a@b.dk og aa@b.dk.")])],
    ids=["the same", "but for case", "once is enough", "none", "two"])
def test_addresses(rows: list[str], wanted: list[tuple[str, str, str]]) -> None:
    table = "\n".join(("Fokusområde | Effektmål | Ansvarlig | E-mail",
                       *(f"Unge | Mål {n} | {row}" for n, row in enumerate(rows, 1))))
    assert [(p.code, p.place.cell, p.message) for p in check_agreement(agreement(table))
            if p.code.startswith("email")] == wanted


# ---------------------------------------------------------------- fokusområder with crosses

@pytest.mark.parametrize(("rows", "wanted"), [
    (["Unge |           | x | x | |", "Unge | De kommer | x | x | |"], []),
    (["Unge |           | x | x | |", "Unge | De kommer | x |   | |"], [("focus-later", "2016")]),
    (["Unge |           | x | x | |", "Unge | De kommer |   | x | |"], [("focus-without-goals", "2015")]),
    (["Unge |           | x | x | x | x"], [("focus-without-goals", "2015, 2016, 2017 og 2018")]),
    (["Unge |           | x | x | |", "Børn | De kommer | x | x | |"], [("focus-without-goals", "2015 og 2016")]),
    (["Unge |           | x | x | x | x", "Unge | De kommer | | | |"], []),
    (["Unge |           |   |   | |"], []),
    (["Unge | De kommer | x |   | |"], [])],
    ids=["covered", "later years come later", "the year itself is bare", "no effektmål at all", "another's effektmål",
         "an effektmål without years is active always", "no crosses", "no row of its own"])
def test_a_fokusomraade_with_crosses_and_no_effektmaal_in_those_years(rows: list[str],
                                                                      wanted: list[tuple[str, str]]) -> None:
    table = "\n".join(("Fokusområde | Effektmål | 2015 | 2016 | 2017 | 2018 | Ansvarlig", *(f"{row} | A" for row in rows)))
    got = [(p.code, p.text) for p in check_agreement(agreement(table)) if p.code.startswith("focus")]
    assert got == wanted


def test_a_delmaals_years_cover_its_fokusomraade_too() -> None:
    assert found("""
Fokusområde | Effektmål | Delmål | 2015 | Ansvarlig
Unge        |           |        | x    | A
Unge        | De kommer | Kursus | x    | A
Unge        | De kommer |        |      | A
""") == []


# ---------------------------------------------------------------- baselines

@pytest.mark.parametrize(("method", "baseline", "unit", "asked"), [
    ("Stigning i %", "", "besøg", True), ("Fald i %", "", "bøder", True), ("Fastholdes", "", "besøg", True),
    ("Stiger", "", "besøg", True), ("Falder", "", "klager", True), ("Stigning i %", "100", "besøg", False),
    ("Stigning i %", "0", "besøg", False), ("Stigning i %", "", "%", False), ("Mindst", "", "besøg", False),
    ("Fastholdes", "", "%", True), ("Falder", "", "%", True),
    ("Højst", "", "klager", False), ("Leverance", "", "", False), ("", "", "", False)])
def test_a_missing_baseline_is_said_where_it_is_needed(method: str, baseline: str, unit: str, asked: bool) -> None:
    table = ("Fokusområde | Effektmål | Måltype | Udgangspunkt | Måltal | Måleenhed | Ansvarlig\n"
             f"Unge | De kommer | {method} | {baseline} | 5 | {unit} | A")
    assert found(table, "target-unused") == ([("baseline-missing", "D2", "M0.1.1")] if asked else [])


# ---------------------------------------------------------------- every agreed number is used or asked about

MEASURED = "Fokusområde | Effektmål | Måltype | Udgangspunkt | Måltal | Måleenhed | 2015 | Note | Ansvarlig\n"

NUMBERS = [
    # måltype, udgangspunkt, måltal, enhed, årets eget måltal -> what is asked, and in which cell
    ("Stiger", "100", "120", "besøg", "x", "target-unused", "E2"),
    ("Stiger", "", "120", "besøg", "x", "target-unused", "E2"),
    ("Falder", "6,1", "6", "dage", "x", "target-unused", "E2"),
    ("Falder", "6,1", "", "dage", "6", "target-unused", "G2"),
    ("Fastholdes", "", "70", "besøg", "x", "target-unused", "E2"),
    ("Fastholdes", "60", "70", "besøg", "x", "target-unused", "E2"),
    ("Fastholdes", "70", "70", "besøg", "x", "", ""),
    ("Fastholdes", "70", "", "besøg", "x", "", ""),
    ("Må ikke stige", "", "12", "dage", "x", "target-unused", "E2"),
    ("Må ikke stige", "12", "", "dage", "x", "", ""),
    ("Leverance", "", "2", "rapporter", "x", "target-unused", "E2"),
    ("Mindst", "10", "20", "besøg", "x", "", ""),
    ("Højst", "20", "10", "klager", "x", "", ""),
    ("", "", "20", "besøg", "x", "", ""),
    ("Fastholdes", "12", "", "% frafald", "x", "kept-though-low", "C2"),
    ("Fastholdes", "12", "", "dages ventetid", "x", "kept-though-low", "C2"),
    ("Fastholdes", "12", "", "klager", "x", "kept-though-low", "C2"),
    ("Må ikke stige", "12", "", "klager", "x", "", ""),
    ("Stigning i %", "40", "10", "%", "x", "level-or-change", "F2"),
    ("Fald i %", "40", "10", "%", "x", "level-or-change", "F2"),
    ("Stigning i %", "", "10", "%", "x", "", ""),
    ("Stigning i %", "40", "10", "procentpoint", "x", "", ""),
    ("Stigning i %", "40", "10", "besøg", "x", "", ""),
]


@pytest.mark.parametrize(("method", "baseline", "target", "unit", "year", "code", "cell"), NUMBERS,
                         ids=[" ".join(filter(None, line[:5])) for line in NUMBERS])
def test_every_agreed_number_is_used_or_asked_about(method: str, baseline: str, target: str, unit: str, year: str, code: str,
                                                    cell: str) -> None:
    table = MEASURED + f"Unge | De kommer | {method} | {baseline} | {target} | {unit} | {year} | | A"
    assert found(table, "baseline-missing") == ([(code, cell, "M0.1.1")] if code else [])
    assert found(table.replace("| | A", "| Udgået | A"), "baseline-missing") == []


@pytest.mark.parametrize(("method", "offered"), [
    ("Stiger", "Vælg »Mindst« eller »Stigning i %« under Måltype"), ("Falder", "Vælg »Højst« eller »Fald i %«"),
    ("Fastholdes", "Vælg »Mindst«"), ("Må ikke stige", "Vælg »Højst«"), ("Leverance", "Vælg »Mindst«")])
def test_the_question_offers_the_type_that_the_number_fits(method: str, offered: str) -> None:
    (asked,) = problems(MEASURED + f"Unge | De kommer | {method} | | 12 | gange | x | | A", "target-unused")
    assert asked.level is Severity.QUESTION and "12" in asked.message and offered in asked.advice
    assert ("flyt det til Udgangspunkt" in asked.advice) == (method != "Leverance")


@pytest.mark.parametrize(("text", "indicator", "word"), [
    ("Sygefraværet bliver, hvor det er", "", "sygefraværet"), ("Eleverne bliver", "Frafald på 1. år", "frafald"),
    ("Ventetiden fastholdes", "", "ventetiden"), ("Få klager", "", "klager"),
    ("Uændrede driftsudgifter", "", "driftsudgifter"),
    ("Besøgene fastholdes", "Antal besøg", ""), ("Vi beklager os ikke", "", ""), ("Klagenævnet består", "", "")])
def test_fastholdes_of_what_should_be_low_is_asked_about(text: str, indicator: str, word: str) -> None:
    table = ("Fokusområde | Effektmål | Indikator | Måltype | Udgangspunkt | Ansvarlig\n"
             f"Unge | {text} | {indicator} | Fastholdes | 5 | A")
    assert [p.text for p in problems(table, "kept-though-low")] == ([word] if word else [])


# ---------------------------------------------------------------- KSE's three demands

@pytest.mark.parametrize(("stated", "wanted"), [
    (["", ""], [("demands-not-stated", "Bredde, Tilgængelighed og Partnerskaber")]),
    (["Bredde", ""], [("demand-unserved", "Tilgængelighed"), ("demand-unserved", "Partnerskaber")]),
    (["Bredde; Partnerskaber", "tilgængelighed"], []),
    (["Noget andet", ""], [("demands-not-stated", "Bredde, Tilgængelighed og Partnerskaber")])],
    ids=["none stated", "one stated", "all stated", "only one of their own"])
def test_demands_that_no_goal_serves(stated: list[str], wanted: list[tuple[str, str]]) -> None:
    table = "\n".join(("Fokusområde | Effektmål | KSE-krav | Ansvarlig",
                       *(f"Unge | Mål {n} | {text} | A" for n, text in enumerate(stated, 1))))
    got = [p for p in check_agreement(agreement(table)) if p.code.startswith("demand")]
    assert [(p.code, p.text) for p in got] == wanted
    assert all(p.level is Severity.INFO and p.place.sheet == "Mål" for p in got)


@pytest.mark.parametrize("stated", ["", "Bredde", "Nærhed"])
def test_kses_demands_are_not_asked_of_another_department(stated: str) -> None:
    read = replace(agreement(f"Fokusområde | Effektmål | Krav | Ansvarlig\nUnge | Mål | {stated} | A"),
                   department="Kultur og Fritid")
    assert [p.code for p in check_agreement(read) if p.code.startswith("demand")] == []


def test_an_agreement_without_goals_has_nothing_to_check() -> None:
    assert check_agreement(agreement("Udviklingsmål | Fokusområde | Effektmål\n")) == ()


def test_every_check_is_run_and_findings_stand_where_they_can_be_mended() -> None:
    table = """
Udviklingsmål | Fokusområde | Effektmål | 2015 | Måltype   | Udgangspunkt | Ansvarlig | E-mail
Synlig        | Unge        |           | x    |           |              |           |
Synlig        | Børn        | De læser  | x    | Stiger    |              |           |
Synlig        | Børn        | De læser  | x    | Leverance |              | A         |
Andet         | Nyt         | Noget     | x    | Leverance |              | B         | b@b.dk
Andet         | Nyt         | Mere      | x    | Leverance |              | B         | c@b.dk
"""
    got = {(p.code, p.place.cell) for p in check_agreement(agreement(table))}
    assert got == {("text-twice", "A4"), ("owner-missing", "G3"), ("email-missing", "H4"), ("email-differs", "H5"),
                   ("focus-without-goals", "A2"), ("baseline-missing", "F3"), ("demands-not-stated", "")}
    assert len(CHECKS) == 11


# ---------------------------------------------------------------- proposals that nobody has confirmed

def test_a_proposal_that_stands_unconfirmed_is_asked_about_with_its_cell() -> None:
    head = "Udviklingsmål | Fokusområde | Effektmål | Ansvarlig | Note"
    rows = ("Synlig | Unge | De kommer | A | Fra side 3. Foreslået ud fra »mindst 5« (Måltal) – bekræft eller ret.",
            "Synlig | Unge | De bliver | A | Bekræftet i marts.", "Synlig | Unge | De går | A | Foreslået som leverance.")
    read = agreement("\n".join((head, *rows)))
    (asked,) = unconfirmed(read, {"M1.1.1", "M1.1.2"})
    assert (asked.code, asked.place.cell, asked.level) == ("proposal-open", "E2", Severity.QUESTION)
    assert "Foreslået ud fra »mindst 5«" in asked.message and "side 3" not in asked.message


# ---------------------------------------------------------------- a Mål-id is never used again

REWRITTEN = {
    "a wholly different goal": ("Besøgstal", "Antal genstande i udlån", True),
    "the same kind of sentence about something else": ("Antal besøg på museet", "Antal lån på biblioteket", True),
    "one word of two is another": ("De kommer", "De bliver", True),
    "only the commonest word is shared": ("Antal besøg", "Antal medarbejdere på kursus", True),
    "something is added": ("De kommer", "De kommer igen", False),
    "one word is inflected": ("Besøgstal", "Besøgstallet", False),
    "said in other words": ("Besøgstal", "Antal besøg", False),
    "the words are turned round": ("Flere unge bruger biblioteket", "Biblioteket bruges af flere unge", False),
    "another number in it": ("Mindst 5 arrangementer", "Mindst 8 arrangementer", False),
    "a slip is mended": ("Antal udln af bøger", "Antal udlån af bøger", False),
    "only case and spaces": ("De kommer", "de  KOMMER", False),
}


@pytest.mark.parametrize(("given_to", "now", "asked"), REWRITTEN.values(), ids=REWRITTEN.keys())
def test_a_text_that_can_hardly_be_the_goal_that_the_id_was_given_to_is_asked_about(given_to: str, now: str,
                                                                                    asked: bool) -> None:
    one = agreement(f"{HEAD}\nSynlig | Unge | {now} | | A")
    found = list(ids_used_again(replace(one, register={**one.register, "M1.1.1": given_to})))
    assert [(p.code, p.goal) for p in found] == ([("id-used-again", "M1.1.1")] if asked else [])
    assert all(given_to in p.message and now in p.message and "Godkend" in p.advice for p in found)


# ---------------------------------------------------------------- one ansvarlig under two names

@pytest.mark.parametrize(("owners", "asked"), [
    pytest.param("Rektoren | r@example.dk; rektor | r@example.dk", "»Rektoren« og »rektor«", id="an ending more"),
    pytest.param("Ungeteamet | u@example.dk; Unge-teamet | U@example.dk", "»Unge-teamet« og »Ungeteamet«", id="a hyphen"),
    pytest.param("Rektoren | r@example.dk; REKTOREN | r@example.dk", "", id="only case, which is one already"),
    pytest.param("Rektoren | r@example.dk; rektor | s@example.dk", "", id="each its address"),
    pytest.param("Rektoren | r@example.dk; Pedellen | r@example.dk", "", id="a shared address, other names"),
    pytest.param("Rektoren | ; rektor | ", "", id="no address")])
def test_nearly_the_same_name_with_one_address_is_asked_about(owners: str, asked: str) -> None:
    rows = [f"Synlig | Unge | De kommer {n} | {each}" for n, each in enumerate(owners.split(";"))]
    found = problems("\n".join(("Udviklingsmål | Fokusområde | Effektmål | Ansvarlig | E-mail", *rows)), "owners-alike")
    assert [p.text for p in found] == ([asked] if asked else [])
