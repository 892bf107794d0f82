"""Agreements from documents in other units' shapes: what is read, what is proposed, and that no word is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from making_documents import (
    changed,
    document,
    goal_rows,
    words,
    words_in_agreement,
    words_in_document,
    words_in_text_form,
)

from aftale.document.open_document import from_document
from aftale.model.agreement import Round
from aftale.model.findings import Severity
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.fordel import fordel
from aftale.steps.generer import Given, generer

pytestmark = pytest.mark.xdist_group("document")  # what they share is made once

SHAPES = {
    "both levels in one column": """
        title: Dialogbaseret aftale
        mellem
        Nørreby Bibliotek
        og
        Kulturforvaltningen
        2017
        # Generelt
        Aftalen er lavet i en god dialog og gælder i 1 år.
        * Den samler trådene.
        * Den følges op 2 gange.
        # Udviklingsmål Nørreby Bibliotek 2017 – 2020
        | Udviklingsmål – herunder fokusområder | Effekt mål | 2017 | 2018 | 2019 | 2020 |
        | Eksternt: Flere med | | | | | |
        | Læsning for alle | | X | X | X | X |
        | | Udlånet af børnebøger øges med 10 % i perioden 2017-2018. Det sker via: // * Bogbussen kører ud. \
// * I 2017 holdes 4 læsefester. | x | x | | |
        | | Samarbejdet med havnen omfatter: // * En aftale om lokaler. // * Fælles plakater. // * Mindst 2 koncerter. \
| x | | | |
        | | | | x | x | |
        | | | | | | x |
        | Debat | Biblioteket holder mindst 6 debatter årligt, heraf højst 2 om aftenen. | x | x | x | x |
        | Huset | | | | | |
        | Indgangen | Indgangen bygges om. Det skal øge glæden over huset til 4,5 point. | | X | | |
        | Internt: Dygtige medarbejdere | | | | | |
        | Kurser | Hvert år ét nyt kursus. | x | x | x | x |
        Tema i 2017-18: NÆRHED (tæt på)
        * I byen
        * På nettet
        """,
    "two levels and no years": """
        # Aftale 2016 mellem Sønderby Bibliotek og Kultur og Fritid
        Enhed: Sønderby Bibliotek
        | Mål | Indsats | Succeskriterium | Ansvarlig | Tidsfrist | Status |
        | Flere besøgende i huset | Åbningstiden udvides om aftenen | Besøgstallet stiger med 8 % | Husteamet | 31.12.2016 \
| I gang siden april |
        | ^ | Kaffebaren genåbner | Mindst 1 åbningsfest | Caféteamet, Husteamet | juni 2016 | |
        | Bedre formidling | Nye hylder i børneafdelingen | Højst 5 % af børnene går forgæves | Børneteamet | 2017 \
| Hylderne er bestilt |
        | | Bogsnak i 3 klasser | Evalueres med skolerne | Børneteamet | | Udsat |
        """,
    "a table for each udviklingsmål, with results": """
        # Virksomhedsaftale 2018
        Aftalen er indgået mellem Vesterby Bibliotekerne og Forvaltningen for Kultur.
        Planperiode: 2018-2019
        # Udviklingsmål 1: Det åbne bibliotek
        Her er der fokus på adgang.
        | Nr. | Effektmål | Måltal | Resultat 2017 | Ansvarlig |
        | 1.1 | Flere åbne timer om ugen | 70 | 62 | Driftsteamet |
        | 1.2 | Andelen af tilfredse brugere er mindst 85 % | 85 % | 81 % | Driftsteamet |
        | 1.3 | Ventetiden på bøger halveres | ca. halvdelen | 14 dage | Indkøb / Driftsteamet |
        # Udviklingsmål 2: Det digitale bibliotek
        | Nr. | Effektmål | Måltal | Resultat 2017 | Ansvarlig |
        | 2.1 | Downloads fordobles | | 3.400 | Webteamet |
        | 2.2 | Besøg på hjemmesiden fastholdes | | 120.000 | Webteamet |
        Underskrevet i december.
        """,
    "no table: headings and points": """
        Handlingsplan for Østerby Bibliotek 2019
        # Indledning
        Planen er kort.
        * Den er skrevet af alle teams.
        # Mål for 2019
        ## Børn og unge
        * Mindst 12 forfatterbesøg i 2019
        * Flere lektiecaféer
        ** Aftale med 4 skoler
        ** Frivillige findes
        ## Voksne
        * Litteraturfestivalen tiltrækker 1.500 gæster
        Festivalen holdes i parken.
        # Økonomi
        Planen holdes inden for rammen på 2 mio. kr.
        """,
    "no table: lines that say what they are": """
        Aftale mellem Midtby Bibliotek og Kulturafdelingen
        Aftaleår: 2020
        Udviklingsmål 1: Biblioteket som samlingssted
        Fokusområde 1.1: Foreningslivet
        Effektmål 1.1.1: Der indgås mindst fem nye partnerskaber
        Ansvarlig: Foreningsteamet
        Måltal: 5
        Status: 2 er indgået
        Effektmål 1.1.2: Besøgende bliver længere
        Delmål: Nye stole i salen
        Delmål: Gratis kaffe hver fredag
        Udviklingsmål 2: Biblioteket som læringsrum
        Effektmål 2.1: Kurserne får 300 deltagere om året
        Ansvarlig: Læringsteamet
        """,
    "targets under the years, headers in two rows, texts beside the text": """
        header: Udkast til drøftelse
        footer: Side om side i 2021
        Aftale 2021
        | Enhed | Åby Bibliotek |
        | Forvaltning | Kulturforvaltningen |
        | Kontakt | Ring til lederen |
        box: Husk de 3 krav
        | Overordnet mål | Fokusområde | Mål | År | < | < | Tovholder | Økonomi | Drøftet |
        | ^ | ^ | ^ | 2021 | 2022 | 2023 | ^ | ^ | ^ |
        | Åbne døre | Aftenåbent | Antal aftener med åbent | 10 | 20 | 30 | Driftsteamet | 50.000 kr. | ja, i maj |
        | ^ | ^ | Nye brugere bydes velkommen | x | (x) | | ^ | | |
        | ^ | Unge | Ungeråd nedsættes | Start | Evaluering | | Ungeteamet | [Løn;Kørsel] | |
        | Overordnet mål | Fokusområde | Mål | 2021 | 2022 | 2023 | Tovholder | Økonomi | Drøftet |
        | Viden | Kurser | Kursus i kildekritik på alle 7 skoler, som biblioteket | | x | | Læringsteamet | | |
        | | | samarbejder med. | | | | | | |
        | Et mål, der går på tværs | < | < | < | < | < | < | < | < |
        | | | Fælles kalender | x | x | x | Alle | | |
        """,
    "the same texts in every row": """
        Kontrakt 2022 mellem Skovby Bibliotek og Børn og Kultur
        | Udviklingsmål | Effektmål | Handlinger | Hvem | Hvornår |
        | Læselyst | Børn læser mere | * Læsevejledere på 5 skoler // * Sommerbogen får mindst 400 deltagere | Børneteamet \
| 2022-2023 |
        | Læselyst | Børn læser mere | Bogkasser til dagplejen | Dagplejeteamet | 2022 |
        | Læselyst | Voksne læser mere | Læseklubber, der mødes, øges fra 8 til 12 | Voksenteamet | 2022 |
        | Nærvær | Huset er trygt | Ingen rudeknusninger | Husteamet | 2022 |
        """,
    "nothing but a letter": """
        Kære alle
        Vi holder møde den 3. maj. Tag 2 stole med.
        | Punkt | Taler |
        | Velkomst | Lederen |
        """,
    "one column of goals": """
        Aftale 2025
        | Mål | Beskrivelse |
        | Flere besøg | Vi holder åbent længere |
        | Gladere børn | Vi bygger en hule med 2 indgange |
        """,
    "a layout table around everything": """
        Aftale 2023
        | [Mål;Ansvarlig;2023] |
        | Kaffe |
        """,
}
LEVELS = """
both levels in one column                                           | 3 4 5 6
two levels and no years                                             | 2 0 4 0
a table for each udviklingsmål, with results                        | 2 0 5 0
no table: headings and points                                       | 0 2 3 2
no table: lines that say what they are                              | 2 1 3 2
targets under the years, headers in two rows, texts beside the text | 3 3 5 0
the same texts in every row                                         | 2 0 3 5
nothing but a letter                                                | 0 0 0 0
one column of goals                                                 | 0 0 2 0
"""


NOTHING = Given()


def made(folder: Path, name: str, text: str = "", suffix: str = ".docx", given: Given = NOTHING) -> Report:
    """Make an agreement from a document in a folder and write it; return the report."""
    path = folder / f"aftaledokument{suffix}"
    path.write_bytes(document(text or SHAPES[name]) if suffix == ".docx" else text.encode())
    report = generer(path, folder / "aftale.xlsx", template_path(), given)
    write_all(list(report.files))
    return report


Shelf = Callable[[str], tuple[Path, Report]]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Return the folder and the report of an agreement in a shape, each made once."""
    known: dict[str, tuple[Path, Report]] = {}

    def take(name: str) -> tuple[Path, Report]:
        if name not in known:
            folder = tmp_path_factory.mktemp("form")
            known[name] = folder, made(folder, name)
        return known[name]

    return take


def codes(report: Report, level: Severity = Severity.QUESTION) -> Counter[str]:
    return Counter(each.code for each in report.problems if each.level is level)


@pytest.mark.parametrize("name", SHAPES)
def test_every_word_of_a_document_ends_in_the_workbook(name: str, shelf: Shelf) -> None:
    folder, _ = shelf(name)
    lost = words_in_document((folder / "aftaledokument.docx").read_bytes())
    assert sum(lost.values()) > 5, "the document has words"
    lost -= words_in_agreement(folder / "aftale.xlsx", repeated=name.startswith("the same texts"),
                               headers="lines that say" in name)
    assert not lost


@pytest.mark.parametrize(("name", "numbers"), [tuple(part.strip() for part in line.split("|"))
                                                for line in LEVELS.strip().splitlines()])
def test_the_goals_of_a_document_stand_on_their_levels(name: str, numbers: str, shelf: Shelf) -> None:
    folder, _ = shelf(name)
    rows = goal_rows(folder / "aftale.xlsx")
    keys = ("Udviklingsmål", "Fokusområde", "Effektmål", "Delmål")
    found = [len({tuple(row[key] for key in keys[:depth + 1]) for row in rows if row[keys[depth]]}) for depth in range(4)]
    assert found == [int(number) for number in numbers.split()]
    assert [row["Mål-id"] for row in rows] == sorted((row["Mål-id"] for row in rows),
                                                     key=lambda each: [int(n) for n in each[1:].split(".")])


@pytest.mark.parametrize("name", ["no table: headings and points", "no table: lines that say what they are"])
def test_a_heading_with_goals_below_it_gets_no_row_of_its_own(name: str, shelf: Shelf) -> None:
    rows = goal_rows(shelf(name)[0] / "aftale.xlsx")
    assert len(rows) == 5 and all(row["Effektmål"] for row in rows)


def test_proposals_stand_in_yellow_with_the_words_they_were_read_from(shelf: Shelf) -> None:
    folder, _ = shelf("both levels in one column")
    rows = {row["Mål-id"]: row for row in goal_rows(folder / "aftale.xlsx")}
    told = {goal: row["Note"].splitlines()[-1] for goal, row in rows.items() if row["Note"]}
    assert told["M1.1.1"] == ("Foreslået ud fra »Udlånet af børnebøger øges med 10 % i perioden 2017-2018« (Måltype, Måltal,"
                              " Opgøres, Indikator) – bekræft eller ret.")
    assert (rows["M1.1.1"]["Måltype"], rows["M1.1.1"]["Måltal"], rows["M1.1.1"]["Opgøres"]) == (
        "Stigning i %", 0.1, "I perioden")
    assert (rows["M1.2.1"]["Måltal"], rows["M1.2.1"]["Måleenhed"], rows["M1.2.1"]["Opgøres"]) == (6, "debatter", "Pr. år")
    assert rows["M1.1.1.2"]["2017"] == 4 and rows["M1.1.1.2"]["Måltal"] is None, "the year stands in the text"
    assert rows["M2.1.1.1"]["Delmål"] == "Det skal øge glæden over huset til 4,5 point."
    assert rows["M2.1.1"]["Effektmål"] == "Indgangen bygges om."
    sheet = openpyxl.load_workbook(folder / "aftale.xlsx")["Mål"]
    rules = {str(area.sqref): rule for area in sheet.conditional_formatting for rule in area.rules
             if "Foreslået" in str(rule.formula)}
    assert len(rules) == 10, "four years and six columns of the measure"
    assert sorted(rule.priority for rule in rules.values()) == list(range(1, 11))
    everything = [rule.priority for area in sheet.conditional_formatting for rule in area.rules]
    assert len(everything) == len(set(everything))
    assert everything == sorted(everything), "LibreOffice takes the first that stands, Excel the one with the lowest number"


UNSAID = " Der står ikke, om det er pr. år eller i alt; foreslået som i alt."


def test_a_proposal_says_where_the_text_says_neither_per_year_nor_in_all(tmp_path: Path) -> None:
    made(tmp_path, "", """
        Aftale 2015
        | Effektmål | 2015 |
        | Mindst 5 møder | x |
        | Højst 5 klager | x |
        | Mindst 5 møder årligt | x |
        | Mindst 5 møder i alt | x |
        | Mindst 80 % er glade | x |
        | Udlånet øges med 5 % | x |
        """)
    notes = [row["Note"] for row in goal_rows(tmp_path / "aftale.xlsx")]
    assert [note.endswith(f"bekræft eller ret.{UNSAID}") for note in notes] == [True, True, False, False, False, False]
    assert all(note.endswith("bekræft eller ret.") for note in notes[2:])


TARGETS = """
mindst 5 pr. kvartal   | - | mindst 5 pr. kvartal
5 pr. kvartal          | - | 5 pr. kvartal
100 besøg om ugen      | - | 100 besøg om ugen
5 ud af 10             | - | 5 ud af 10
5 klager eller færre   | - | 5 klager eller færre
-5 klager              | - | -5 klager
op til 5 hold          | - | op til 5 hold
5-10                   | - | 5-10
-5 % i udgifter        | Fald i % 0.05 |
højst 10               | Højst 10 |
1,2 mio. besøg         | Mindst 1200000 besøg |
20 pr. år              | Mindst 20 |
"""


@pytest.mark.parametrize("line", TARGETS.strip().splitlines())
def test_a_column_of_targets_is_read_where_it_is_certain_and_else_asked_about(line: str, tmp_path: Path) -> None:
    target, wanted, asked = (part.strip() for part in line.split("|"))
    report = made(tmp_path, "", f"Aftale 2015\n| Effektmål | Måltal | 2015 |\n| Kurser | {target} | x |")
    row, = goal_rows(tmp_path / "aftale.xlsx")
    assert " ".join(str(row[key]) for key in ("Måltype", "Måltal", "Måleenhed") if row[key]) == wanted.strip("-")
    assert [each.text for each in report.problems if each.code == "doc-target-unread"] == ([asked] if asked else [])
    assert asked in (row["Note"] or "")


def test_all_that_a_column_of_targets_says_is_kept(tmp_path: Path) -> None:
    made(tmp_path, "", "Aftale 2015\n| Effektmål | Måltal | 2015 |\n| Møder | Mindst 5 møder, som holdes i hallen | x |")
    row, = goal_rows(tmp_path / "aftale.xlsx")
    assert (row["Måltype"], row["Måltal"]) == ("Mindst", 5) and "som holdes i hallen" in row["Note"]


OPEN = """
Udlånet må højst falde med 2 %      | 2
Minimum 5 arrangementer pr. kvartal | 5
Der afholdes op til 5 arrangementer | 5
Minimum et arrangement pr. kvartal  | Minimum et
Hver anden borger er låner          | Hver anden
Ingen klager                        | Ingen
I 2014 var der 4.500 besøg          | 4.500
I 2014: 4.500 besøg                 | 4.500
"""


@pytest.mark.parametrize("line", OPEN.strip().splitlines())
def test_an_amount_that_may_mean_something_else_is_asked_about_and_is_no_leverance(line: str, tmp_path: Path) -> None:
    text, asked = (part.strip() for part in line.split("|"))
    report = made(tmp_path, "", f"Aftale 2015\n| Effektmål | 2015 |\n| {text} | x |")
    row, = goal_rows(tmp_path / "aftale.xlsx")
    assert (row["Måltype"], row["Måltal"], row["Note"]) == (None, None, None)
    assert [each.text for each in report.problems if each.code == "doc-goal-number"] == [asked]


def test_a_sentence_that_says_more_than_one_number_is_quoted_beside_what_is_proposed(tmp_path: Path) -> None:
    report = made(tmp_path, "", """
        Aftale 2015
        | Effektmål | Indikator | 2015 |
        | 40 fester årligt, heraf mindst 10 for børn | | x |
        | Sygefraværet fastholdes | | x |
        | Taksten stiger ikke | | x |
        | Flere besøg | Ca. 500 besøg årligt | x |
        | Planen er klar senest 1. juni 2015 | | x |
        | Mindst 5 møder. Der holdes op til 3 fester. | | x |
        """)
    rows = goal_rows(tmp_path / "aftale.xlsx")
    assert [(row["Måltype"], row["Måltal"], row["Opgøres"]) for row in rows] == [
        ("Mindst", 40, "Pr. år"), (None, None, None), (None, None, None), (None, None, None),
        ("Leverance", None, "I perioden"), ("Mindst", 5, "I perioden")]
    asked = [each for each in report.problems if each.code.startswith(("doc-goal", "doc-keep"))]
    assert [(each.text, each.message) for each in asked] == [
        ("10", "»40 fester årligt, heraf mindst 10 for børn« nævner 10, men det er ikke læst som måltal."),
        ("fastholdes", "»Sygefraværet fastholdes« siger »fastholdes« om noget, der helst skal være lavt."),
        ("stiger", "»Taksten stiger ikke« siger »stiger«, men også noget, der kan ændre meningen."),
        ("500", "»Ca. 500 besøg årligt« nævner 500, men det er ikke læst som måltal."),
        ("3", "»Der holdes op til 3 fester« nævner 3, men det er ikke læst som måltal.")]
    assert "Må ikke stige" in asked[1].advice
    assert all("ikke nævner noget at måle på" not in (row["Note"] or "") for row in rows[:4])


def test_figures_under_the_years_are_no_leverance_and_no_mindst_where_the_text_says_hoejst(tmp_path: Path) -> None:
    report = made(tmp_path, "", """
        Aftale 2015
        | Effektmål | Måltal | 2015 | 2016 |
        | Tilfredshed i huset | | ca. 50 | ca. 60 |
        | Sygefravær, højst | | 4,5 | 4 |
        | Klager, som mindskes | 10 | x | |
        | Antal besøg | | 100 | 200 |
        """)
    rows = goal_rows(tmp_path / "aftale.xlsx")
    assert [row["Måltype"] for row in rows] == [None, None, None, "Mindst"]
    assert (rows[1]["2015"], rows[1]["2016"], rows[2]["Måltal"]) == (4.5, 4, 10)
    assert "leverance" not in str([row["Note"] for row in rows])
    assert [each.text for each in report.problems if each.code == "doc-method-open"] == ["4,5 og 4", "10"]


def test_a_year_before_the_plan_gets_no_column_and_each_year_gets_its_own_target(tmp_path: Path) -> None:
    report = made(tmp_path, "", """
        Aftale 2015
        | Effektmål | 2015 | 2016 | 2017 |
        | Udlånet er 5 % højere end i 2014 | | | |
        | Mindst 5 møder i 2015 og 10 i 2016 | | | |
        | I 2015 mindst 10, i 2016 mindst 20 hold | x | x | |
        | I 2015 mindst 80 %, i 2016 mindst 85 % | | | |
        | Mindst 5 møder og mindst 5 kurser | x | | |
        | Mindst 5 møder i 2016 og 10 i 2017 | x | x | |
        """)
    rows = goal_rows(tmp_path / "aftale.xlsx")
    assert "2014" not in rows[0] and [rows[0][year] for year in ("2015", "2016", "2017")] == [None, None, None]
    assert [(row["2015"], row["2016"], row["2017"], row["Måltal"], row["Opgøres"]) for row in rows[1:4]] == [
        (5, 10, None, None, "Pr. år"), (10, 20, None, None, "Pr. år"), (0.8, 0.85, None, None, "Pr. år")]
    assert "(Måltype, Måleenhed, Opgøres, året 2015, året 2016)" in rows[2]["Note"]
    assert [each.message for each in report.problems if each.code == "doc-goal-number"][-1] == (
        "»Mindst 5 møder og mindst 5 kurser« nævner 5, men det er ikke læst som måltal.")
    assert [rows[5][key] for key in ("2015", "2016", "2017", "Måltype")] == ["x", "x", None, None], "2017 isn't crossed"
    asked = codes(report)
    del asked["owner-missing"]
    assert asked == {"doc-goal-number": 2, "doc-years-differ": 1}


def test_rows_of_crosses_belong_to_the_points_in_their_order(shelf: Shelf) -> None:
    folder, _ = shelf("both levels in one column")
    rows = {row["Mål-id"]: row for row in goal_rows(folder / "aftale.xlsx")}
    years = {goal: [year for year in ("2017", "2018", "2019", "2020") if row[year]] for goal, row in rows.items()}
    assert years["M1.1.2"] == [] and rows["M1.1.2"]["Måltype"] is None, "a heading of three delmål"
    assert [years[f"M1.1.2.{n}"] for n in (1, 2, 3)] == [["2017"], ["2018", "2019"], ["2020"]]


CROSSES = """
a b c / 2017 / 2018 / 2019            | - a=2017 b=2018 c=2019 | 0
a b c / 2017 / 2018 / 2019 / 2020     | 2017 a=2018 b=2019 c=2020 | 0
a b c / 2017 / 2018                   | - a=2017 b=2018 c=- | 1
a b / 2017 / 2018 / 2019 / 2020       | 2017 a=2018 b=2019 | 1
a b / 2017                            | 2017 a=- b=- | 0
"""


@pytest.mark.parametrize("line", CROSSES.strip().splitlines())
def test_as_many_rows_of_crosses_as_points_or_one_more_else_it_is_asked(line: str, tmp_path: Path) -> None:
    case, wanted, questions = (part.strip() for part in line.split("|"))
    points, *crosses = (part.strip() for part in case.split("/"))
    years = ("2017", "2018", "2019", "2020")
    cells = [" | ".join("x" if year == each else "" for year in years) for each in crosses]
    text = "Fælles: // " + " // ".join(f"* {point}" for point in points.split())
    table = [f"| Fokusområde | Effektmål | {' | '.join(years)} |", f"| Alle | {text} | {cells[0]} |",
             *(f"| | | {each} |" for each in cells[1:])]
    report = made(tmp_path, "", "Aftale 2017\n" + "\n".join(table))
    rows = goal_rows(tmp_path / "aftale.xlsx")
    found = [",".join(year for year in years if row[year]) or "-" for row in rows]
    each = [f"{row['Delmål']}={years}" for row, years in zip(rows[1:], found[1:], strict=True)]
    assert " ".join([found[0], *each]) == wanted
    asked = codes(report)
    assert asked["doc-crosses-uneven"] + asked["doc-crosses-left"] == int(questions)


def test_a_goal_broken_over_a_page_is_one_goal_and_that_is_said(shelf: Shelf) -> None:
    folder, report = shelf("targets under the years, headers in two rows, texts beside the text")
    texts = [row["Effektmål"] for row in goal_rows(folder / "aftale.xlsx")]
    assert "Kursus i kildekritik på alle 7 skoler, som biblioteket samarbejder med." in texts
    assert [each.place.cell for each in report.problems if each.code == "doc-joined"] == ["tabel 2, række 8, kolonne 3"]


def test_columns_of_other_names_find_their_place(shelf: Shelf) -> None:
    folder, _ = shelf("two levels and no years")
    first, second, third, last = goal_rows(folder / "aftale.xlsx")
    assert (first["Udviklingsmål"], first["Fokusområde"], first["Effektmål"]) == (
        "Flere besøgende i huset", None, "Åbningstiden udvides om aftenen")
    assert (first["Indikator"], first["Måltype"], first["Måltal"]) == ("Besøgstallet stiger med 8 %", "Stigning i %", 0.08)
    assert second["Udviklingsmål"] == first["Udviklingsmål"], "a merged cell goes for both rows"
    assert second["Ansvarlig"] == "Caféteamet, Husteamet", "which the agreement asks about, as in every other source"
    assert "Status: I gang siden april" in first["Note"] and first["Frist"] == "31.12.2016"
    assert (third["2016"], third["2017"]) == ("x", "x") and "fristen »2017« (året 2016, året 2017)" in third["Note"]
    assert last["Måltype"] is None, "a number that isn't understood is asked about"


def test_the_deadline_of_a_row_holds_for_each_point_in_it(tmp_path: Path) -> None:
    made(tmp_path, "", """
        # Aftale 2016 mellem Sønderby Bibliotek og Kultur og Fritid
        | Mål | Indsats | Tidsfrist |
        | Flere besøgende i huset | * Åbningstiden udvides // * Kaffebaren genåbner | 2017 |
        """)
    rows = goal_rows(tmp_path / "aftale.xlsx")
    assert [(row["Effektmål"], row["2016"], row["2017"]) for row in rows] == [
        ("Åbningstiden udvides", "x", "x"), ("Kaffebaren genåbner", "x", "x")]


def test_results_that_are_filled_in_stand_in_note(shelf: Shelf) -> None:
    folder, report = shelf("a table for each udviklingsmål, with results")
    rows = goal_rows(folder / "aftale.xlsx")
    assert [row["Udviklingsmål"] for row in rows] == ["Udviklingsmål 1: Det åbne bibliotek"] * 3 + [
        "Udviklingsmål 2: Det digitale bibliotek"] * 2
    assert "Resultat 2017: 62" in rows[0]["Note"] and (rows[0]["Måltal"], rows[0]["Måltype"]) == (70, "Mindst")
    assert (rows[1]["Måltal"], rows[1]["Måleenhed"]) == (0.85, "%")
    assert "Måltal: ca. halvdelen" in rows[2]["Note"] and (rows[2]["Måltype"], rows[2]["Måltal"]) == (None, None)
    assert codes(report) == {"doc-target-unread": 1, "doc-goal-number": 2, "owners-together": 1}
    assert [each.text for each in report.problems if each.code == "doc-goal-number"] == ["halveres", "fordobles"]
    assert rows[4]["Måltype"] == "Fastholdes"


def test_numbers_under_the_years_are_the_targets_of_the_years(shelf: Shelf) -> None:
    folder, _ = shelf("targets under the years, headers in two rows, texts beside the text")
    first, _, third, *_ = goal_rows(folder / "aftale.xlsx")
    assert (first["2021"], first["2022"], first["2023"], first["Måltal"]) == (10, 20, 30, None)
    assert (third["2021"], third["2022"]) == ("x", "x") and "2021: Start\n2022: Evaluering" in third["Note"]


FACTS = """
both levels in one column                    | Nørreby Bibliotek / Kulturforvaltningen / 2017 / 2017-2020 / NÆRHED
two levels and no years                      | Sønderby Bibliotek / Kultur og Fritid / 2016
a table for each udviklingsmål, with results | Vesterby Bibliotekerne / Forvaltningen for Kultur / 2018 / 2018-2019
no table: headings and points                | Østerby Bibliotek / 2019
no table: lines that say what they are       | Midtby Bibliotek / Kulturafdelingen / 2020
"""


@pytest.mark.parametrize("line", FACTS.strip().splitlines())
def test_parties_year_period_and_theme_are_read(line: str, shelf: Shelf) -> None:
    name, wanted = (part.strip() for part in line.split("|"))
    folder, _ = shelf(name)
    front = openpyxl.load_workbook(folder / "aftale.xlsx")["Forside"]
    found = [str(row[2]) for row in front.iter_rows(values_only=True) if len(row) > 2 and row[2]]
    assert " / ".join(found) == wanted


def test_addresses_without_an_ansvarlig_stand_in_note_and_a_year_before_the_plan_is_part_of_it(tmp_path: Path) -> None:
    report = made(tmp_path, "", """
        Aftale 2015
        | Effektmål | 2016 | Ansvarlig | E-mail |
        | Lys | x | Driften // Husteamet | drift@example.dk, hus@example.dk |
        | Luft | x | Driften | drift@example.dk, hus@example.dk |
        | Ro | x | Driften (drift@example.dk) | |
        | Is | x | | drift@example.dk |
        """)
    rows = [(row["Ansvarlig"], row["E-mail"], "E-mail:" in (row["Note"] or ""))
            for row in goal_rows(tmp_path / "aftale.xlsx")]
    assert rows == [("Driften; Husteamet", "drift@example.dk; hus@example.dk", False),
                    ("Driften", "drift@example.dk; hus@example.dk", False), ("Driften", "drift@example.dk", False),
                    (None, None, True)]
    assert codes(report) == {"email-differs": 1, "owner-missing": 1}
    front = openpyxl.load_workbook(tmp_path / "aftale.xlsx")["Mål"]
    assert [cell.value for cell in front[4]][5:8] == ["2015", "2016", "KSE-krav"]


def test_points_in_one_cell_are_goals_that_share_its_ansvarlig_and_its_deadline(tmp_path: Path) -> None:
    made(tmp_path, "", """
        Aftale 2016
        Planperiode: 2016-2018
        | Mål | Indsats | Ansvarlig | Tidsfrist |
        | Læselyst | * Læsevejledere på skoler // * Sommerbog | Børneteamet | 2017 |
        """)
    rows = [[row[header] for header in ("Effektmål", "2016", "2017", "2018", "Ansvarlig")]
            for row in goal_rows(tmp_path / "aftale.xlsx")]
    assert rows == [["Læsevejledere på skoler", "x", "x", None, "Børneteamet"], ["Sommerbog", "x", "x", None, "Børneteamet"]]


def test_what_is_given_wins_over_what_the_document_says(tmp_path: Path) -> None:
    made(tmp_path, "both levels in one column", given=Given("Et andet bibliotek", 2018, "2017-2020"))
    front = openpyxl.load_workbook(tmp_path / "aftale.xlsx")["Forside"]
    found = [row[2] for row in front.iter_rows(values_only=True) if row[2]]
    assert found[:4] == ["Et andet bibliotek", "Kulturforvaltningen", "2018", "2017-2020"]


def test_the_text_around_the_goals_stands_on_aftaletekst_and_the_rest_on_a_sheet_of_its_own(shelf: Shelf) -> None:
    folder, _ = shelf("both levels in one column")
    book = openpyxl.load_workbook(folder / "aftale.xlsx")
    texts = [row[1] for row in book["Aftaletekst"].iter_rows(values_only=True) if row[1]]
    own = texts[texts.index("Aftalens egen tekst") + 1:]
    assert own == ["Generelt", "Aftalen er lavet i en god dialog og gælder i 1 år.", "• Den samler trådene.",
                   "• Den følges op 2 gange.", "Udviklingsmål Nørreby Bibliotek 2017 – 2020"]
    assert texts[texts.index("Årets tema") + 1] == "Tema i 2017-18: NÆRHED (tæt på)\n• I byen\n• På nettet"
    sheet = book["Fra dokumentet"]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert ("afsnit 1", "Forside", "Dialogbaseret aftale\nmellem\nNørreby Bibliotek\nog\nKulturforvaltningen\n2017") in rows


def test_what_stands_beside_the_text_has_its_place_named(shelf: Shelf) -> None:
    folder, _ = shelf("targets under the years, headers in two rows, texts beside the text")
    rows = {row[1]: row for row in openpyxl.load_workbook(folder / "aftale.xlsx")["Fra dokumentet"].iter_rows(
        min_row=5, values_only=True)}
    assert rows["Tekstboks"] == ("i en tekstboks", "Tekstboks", "Husk de 3 krav"), "once, without the older copy"
    assert rows["Sidehoved"][2] == "Udkast til drøftelse" and rows["Sidefod"][2] == "Side om side i 2021"
    assert rows["Tabel i en celle"] == ("tabel 3, række 1", "Tabel i en celle", "Løn | Kørsel")


@pytest.mark.parametrize("name", ["two levels and no years", "a table for each udviklingsmål, with results",
                                  "targets under the years, headers in two rows, texts beside the text",
                                  "the same texts in every row"])
def test_fordel_takes_the_agreement_and_asks_only_for_its_proposals(name: str, shelf: Shelf,
                                                                    tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, _ = shelf(name)
    report = fordel(folder / "aftale.xlsx", Round.MIDTVEJS, tmp_path_factory.mktemp("skemaer"), None)
    notes = [cell.value for row in openpyxl.load_workbook(folder / "aftale.xlsx")["Mål"].iter_rows(min_row=2) for cell in row
             if str(cell.value).startswith("Foreslået") or "\nForeslået" in str(cell.value)]
    asked = codes(report)
    del asked["owners-together"]
    assert set(asked) == ({"proposal-open"} if notes else set())
    assert asked.total() <= len(notes), "those of other years aren't given to anybody"
    assert codes(report, Severity.ERROR) == {}
    assert len(report.files) >= 2


def test_making_it_anew_from_its_own_workbook_keeps_everything(tmp_path: Path) -> None:
    made(tmp_path, "both levels in one column")
    again = generer(tmp_path / "aftale.xlsx", tmp_path / "igen.xlsx", template_path())
    write_all(list(again.files))
    assert (tmp_path / "igen.xlsx").read_bytes() == (tmp_path / "aftale.xlsx").read_bytes()


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        made(tmp_path / folder, "two levels and no years")
    assert (tmp_path / "a" / "aftale.xlsx").read_bytes() == (tmp_path / "b" / "aftale.xlsx").read_bytes()


# ---------------------------------------------------------------- the text form

TEXT = """

Dialogbaseret aftale

mellem

Nørreby Bibliotek

**og
Kultur**

2017

Vi vil øge **bredden**.

Udviklingsmål Nørreby Bibliotek 2017 – 2018

Udviklingsmål – herunder fokusområder\tEffekt mål\t2017\t2018
Eksternt: Flere med\t\t\t
Læsning\t\tX\tX
\tLæsningen fremmes via: <ul style="list-style-type: none"> Bogbussen kører. I 2017 holdes 4 fester. </ul> Slut.\tx\t
Debat\tBiblioteket holder mindst 6 debatter på\tX\tX

\ftorvet hvert år.\t\t
\ttorvet hvert år.\t\t
Internt: Kurser
Uddannelse\tHvert år ét nyt kursus\tx\tx

Årets tema: NÆRHED
- I byen
"""


def test_the_text_form_is_read_with_its_marks_page_breaks_and_lost_tabs(tmp_path: Path) -> None:
    text = TEXT.replace("\ftorvet hvert år.\t\t\n", "\f")
    report = made(tmp_path, "", text, ".txt")
    rows = goal_rows(tmp_path / "aftale.xlsx")
    assert [row["Delmål"] or row["Effektmål"] or row["Fokusområde"] for row in rows] == [
        "Læsning", "Læsningen fremmes via:\nSlut.", "Bogbussen kører.", "I 2017 holdes 4 fester.",
        "Biblioteket holder mindst 6 debatter på torvet hvert år.", "Hvert år ét nyt kursus"]
    assert [row["Udviklingsmål"] for row in rows][-1] == "Internt: Kurser", "a row whose tabs were trimmed away"
    assert (rows[4]["Måltal"], rows[4]["Opgøres"]) == (6, "Pr. år")
    assert {each.code for each in report.problems} >= {"doc-points-parted", "doc-joined"}
    front = openpyxl.load_workbook(tmp_path / "aftale.xlsx")["Forside"]
    assert [row[2] for row in front.iter_rows(values_only=True) if row[2]] == [
        "Nørreby Bibliotek", "Kultur", "2017", "2017-2018", "NÆRHED"]
    assert not words_in_text_form(text) - words_in_agreement(tmp_path / "aftale.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_text_form_is_read_in_every_encoding_of_a_danish_editor(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "aftale.txt"
    path.write_bytes("Mål\tÅrsag\tAnsvarlig\r\nFlere ø'er – på én gang\tå\tDriften\r\n".encode(encoding))
    goals = from_document(path, {"aar": "2020"}).read.agreement.goals
    assert [goal.text for goal in goals] == ["Flere ø'er – på én gang"]


def test_a_row_parted_by_a_line_break_in_a_cell_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "aftale.txt"
    lines = ("Fokusområde\tEffektmål\t2020\t2021", "Huset\tNye stole", "i salen\tx\tx", "\tNy maling\t\tx")
    path.write_text("\n".join(lines), encoding="utf-8")
    goals = from_document(path, {}).read.agreement.goals
    assert [(goal.text, sorted(goal.years)) for goal in goals] == [
        ("Nye stole i salen", [2020, 2021]), ("Ny maling", [2021])]


# ---------------------------------------------------------------- what is not literally there

UNDER_A_YEAR = """
x | X | (x) | xx | ☒ | ✓ | ✔ | 🗸 | ja | √           -> x
12 | 1.200 | 0 | 2,5                                 -> number
Start | evt. | ca. 20 | X/x | v | 12 stk      -> x doc-year-text
Nej | udgår | Ikke i år | udskudt | 0 stk | + | ? | #   -> none doc-year-none
"""


@pytest.mark.parametrize("line", UNDER_A_YEAR.strip().splitlines())
def test_a_year_is_a_cross_a_number_or_asked_about(line: str, tmp_path: Path) -> None:
    cells, wanted = line.split("->")
    kind, *asked = wanted.split()
    texts = [cell.strip() for cell in cells.split("|")]
    table = ["| Fokusområde | Effektmål | 2017 | 2018 |", *(f"| Alle | Mål {'abcdefghij'[n]} | {text} | |"
                                                            for n, text in enumerate(texts))]
    report = made(tmp_path, "", "Aftale 2017\n" + "\n".join(table))
    rows = goal_rows(tmp_path / "aftale.xlsx")
    assert len(rows) == len(texts)
    for row, text in zip(rows, texts, strict=True):
        cell = row["2017"]
        assert ("x" if cell == "x" else "none" if cell is None else "number") == kind, text
        assert (f"2017: {text}" in (row["Note"] or "")) is bool(asked), text
    found = codes(report)
    assert [found[code] for code in asked] == [len(texts)] * len(asked)
    assert found["doc-year-text"] + found["doc-year-none"] == len(texts) * len(asked)
    assert dict(report.data)["crosses"] == (len(texts) if kind == "x" and not asked else 0), "what was read as a cross"


def test_signs_for_nothing_under_the_years_are_no_crosses(tmp_path: Path) -> None:
    report = made(tmp_path, "", """
        Aftale 2017
        | Fokusområde | Effektmål | 2017 | 2018 | 2019 |
        | Alle | Lys | x | – | ☐ |
        | Alle | Luft | - | x | |
        """)
    rows = goal_rows(tmp_path / "aftale.xlsx")
    assert [[row[year] for year in ("2017", "2018", "2019")] for row in rows] == [["x", None, None], [None, "x", None]]
    assert "doc-year-none" not in codes(report)
    assert "Ikke placeret" not in leftovers(tmp_path)


def leftovers(folder: Path) -> dict[str, list[str]]:
    """Return the texts of ``Fra dokumentet`` by what they are."""
    found: dict[str, list[str]] = {}
    for row in openpyxl.load_workbook(folder / "aftale.xlsx")["Fra dokumentet"].iter_rows(min_row=5, values_only=True):
        found.setdefault(str(row[1]), []).append(str(row[2]))
    return found


def test_what_every_reader_forgets_gets_a_home_after_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aftale.document.to_agreement._leftovers", lambda *_: [])
    made(tmp_path, "", "Aftale 2017\n| Fokusområde | Effektmål |\n| Alle | Lys |\nØkonomi\n| Post | Sum |")
    assert leftovers(tmp_path)["Ikke placeret"] == ["Aftale 2017", "Fokusområde", "Effektmål", "Post", "Sum"]


def test_numbers_in_figures_have_their_cells_and_are_not_listed_as_text(tmp_path: Path) -> None:
    made(tmp_path, "", """
        Aftale 2017
        | Fokusområde | Effektmål | 2017 | Udgangspunkt |
        | Alle | Lys | 1.200 | 1.000 |
        Økonomi
        | Post | 500.000 kr. |
        """)
    assert "Ikke placeret" not in leftovers(tmp_path)


def test_what_stands_twice_beside_a_heading_is_kept_twice(tmp_path: Path) -> None:
    made(tmp_path, "", """
        Aftale 2017
        | Fokusområde | Effektmål | 2017 | Ansvarlig |
        | Huset | | | Driften |
        | Huset | | | Husteamet |
        | | Lys | x | Driften |
        """)
    assert goal_rows(tmp_path / "aftale.xlsx")[0]["Ansvarlig"] == "Driften; Husteamet"


def test_years_in_the_text_and_in_the_crosses_that_differ_are_asked_about(tmp_path: Path) -> None:
    report = made(tmp_path, "", """
        Aftale 2017
        | Fokusområde | Effektmål | 2017 | 2018 |
        | Alle | Der holdes mindst 4 fester i 2018 | x | |
        | Alle | Der holdes mindst 5 koncerter i 2018 | | x |
        """)
    asked = [each.place.cell for each in report.problems if each.code == "doc-years-differ"]
    assert asked == ["tabel 1, række 2, kolonne 2"]
    rows = goal_rows(tmp_path / "aftale.xlsx")
    assert [(row["2017"], row["2018"]) for row in rows] == [("x", None), (None, "x")]


def test_a_column_of_two_years_is_asked_about_once_and_its_cross_counts_once(tmp_path: Path) -> None:
    report = made(tmp_path, "", """
        Aftale 2017
        | Fokusområde | Effektmål | 2017/18 | 2019 |
        | Alle | Lys | x | x |
        | Alle | Luft | x | |
        """)
    rows = goal_rows(tmp_path / "aftale.xlsx")
    assert [[year for year in ("2017", "2018", "2019") if row[year]] for row in rows] == [
        ["2017", "2018", "2019"], ["2017", "2018"]]
    asked = [each for each in report.problems if each.code == "doc-year-header"]
    assert [(each.text, each.place.cell) for each in asked] == [("2017/18", "tabel 1, række 1, kolonne 3")]
    assert dict(report.data)["crosses"] == 3


def test_two_columns_of_the_same_year_lose_no_number(tmp_path: Path) -> None:
    report = made(tmp_path, "", """
        Aftale 2017
        | Effektmål | Mål 2017 | Mål 2018 | Budget 2017 | Budget 2018 |
        | Lys | 10 | x | 8 | 5 |
        | Luft | 20 | 20 | 20 | x |
        """)
    rows = goal_rows(tmp_path / "aftale.xlsx")
    assert [(row["2017"], row["2018"]) for row in rows] == [(10, 5), (20, 20)]
    assert "Budget 2017: 8" in rows[0]["Note"] and "2017: 20" not in rows[1]["Note"]
    assert [each.text for each in report.problems if each.code == "doc-year-twice"] == ["8"]


def test_a_row_of_totals_is_no_level(tmp_path: Path) -> None:
    report = made(tmp_path, "", """
        Aftale 2017
        | Udviklingsmål – herunder fokusområder | Effektmål | 2017 | 2018 |
        | Eksternt: Flere med | | | |
        | Læsning | Flere bøger | x | x |
        | I alt: | | 1 | 2 |
        | | Flere låner | x | |
        | Total | | | |
        """)
    rows = goal_rows(tmp_path / "aftale.xlsx")
    found = [(row["Fokusområde"], row["Effektmål"]) for row in rows]
    assert found == [("Læsning", "Flere bøger"), ("Læsning", "Flere låner")]
    assert [each.text for each in report.problems if each.code == "doc-totals"] == ["I alt: | 1 | 2", "Total"]
    assert leftovers(tmp_path)["Ikke placeret"] == ["I alt: | 1 | 2", "Total"]


def test_totals_beside_the_columns_of_goals_are_no_targets_of_the_goal_above(tmp_path: Path) -> None:
    made(tmp_path, "", """
        Aftale 2017
        | Nr | Fokusområde | Effektmål | 2017 | 2018 |
        | 1 | Læsning | Flere bøger | | |
        | Sum | | | 1 | 2 |
        """)
    row, = goal_rows(tmp_path / "aftale.xlsx")
    assert (row["2017"], row["2018"]) == (None, None) and leftovers(tmp_path)["Ikke placeret"] == ["Sum | 1 | 2"]


def test_the_note_on_whose_the_crosses_are_is_true(tmp_path: Path) -> None:
    made(tmp_path, "", """
        Aftale 2017
        | Udviklingsmål – herunder fokusområder | Effektmål | 2017 | 2018 |
        | Eksternt: Flere med | | | |
        | Læsning | Bl.a.: // * punkt a // * punkt b | x | |
        | | | | x |
        | Debat | Flere debatter | x | |
        """)
    said = {row["Mål-id"]: "krydsene er læst som effektmålets" in (row["Note"] or "")
            for row in goal_rows(tmp_path / "aftale.xlsx")}
    assert said == {"M1.1.1": False, "M1.1.1.1": False, "M1.1.1.2": False, "M1.2.1": True}


def struck(data: bytes, *texts: str) -> bytes:
    """Strike out whole paragraphs of a document."""
    for text in texts:
        data = changed(data, "word/document.xml", f"<w:r><w:t>{text}</w:t></w:r>",
                       f"<w:r><w:rPr><w:strike/></w:rPr><w:t>{text}</w:t></w:r>")
    return data


def test_a_goal_that_is_struck_out_is_no_goal_and_gives_its_crosses_to_nobody(tmp_path: Path) -> None:
    path = tmp_path / "aftaledokument.docx"
    path.write_bytes(struck(document("""
        Aftale 2017
        | Fokusområde | Effektmål | 2017 | 2018 | Ansvarlig |
        | Huset | Nye borde | | | |
        | | Mindst 10 stole | x | – | Driften |
        | | | | x | |
        | Haven | Mindst 20 planter | 5 | | Gartneren |
        | | Mindst 30 frø | x | | |
        """), "Mindst 10 stole", "Mindst 20 planter"))
    report = generer(path, tmp_path / "aftale.xlsx", template_path(), NOTHING)
    write_all(list(report.files))
    rows = goal_rows(tmp_path / "aftale.xlsx")
    found = [(row["Udviklingsmål"], row["Effektmål"], row["2017"], row["2018"], row["Ansvarlig"]) for row in rows]
    assert found == [("Huset", "Nye borde", None, None, None), ("Haven", "Mindst 30 frø", "x", None, None)]
    assert codes(report)["doc-goal-gone"] == codes(report)["doc-struck"] == 2 and codes(report)["doc-crosses-left"] == 1
    left = leftovers(tmp_path)
    assert left["Overstreget tekst"] == ["Mindst 10 stole", "Mindst 20 planter"]
    assert left["Ikke placeret"] == ["x | – | Driften", "x", "5 | Gartneren"]


@pytest.mark.parametrize("text", ["| Alle | {} mindst 7 ord | x | |", "| Alle | Lys | x | {} |", "Koordinator: {}", "{}",
                                  "Årets tema: Nærhed\n* {}"])
def test_a_document_with_a_text_longer_than_a_cell_is_refused_with_what_to_do(text: str, tmp_path: Path) -> None:
    table = "Aftale 2017\n| Fokusområde | Effektmål | 2017 | Status |\n| Alle | Lys | x | |\n"
    with pytest.raises(CannotDo) as told:
        made(tmp_path, "", table + text.format("🎉 ord " * 6000 + "slut"))
    assert "er på 42." in str(told.value) and "Del teksten" in str(told.value)
    assert not (tmp_path / "aftale.xlsx").exists()


PARTIES = """
Aftale mellem Enghave Bibliotek og Kulturforvaltningen 2017                  | Enghave Bibliotek / Kulturforvaltningen
Aftale mellem Kultur- og Idrætsafdelingen og Enghave Bibliotek | Enghave Bibliotek / Kultur- og Idrætsafdelingen
Aftale mellem Kultur og Fritid og Enghave Bibliotek                          | ?
Aftale mellem Enghave Bibliotek og Børn og Kultur                            | ?
Aftale mellem Enghave Bibliotek, Havnens Bibliotek og Kulturforvaltningen    | ?
Aftale // mellem // Enghave Bibliotek // og // Borgerservice // og // Kulturforvaltningen | ?
Aftale // mellem // Enghave Bibliotek // og // Kultur og Fritid              | Enghave Bibliotek / Kultur og Fritid
Enhed: Enghave Bibliotek // Aftale mellem Kultur og Fritid og Enghave Bibliotek | Enghave Bibliotek / Kultur og Fritid
Forvaltning: Kultur og Fritid // Aftale mellem Enghave Bibliotek og Kultur og Fritid | Enghave Bibliotek / Kultur og Fritid
Aftale for Enghave Bibliotek                                                 | Enghave Bibliotek
"""


@pytest.mark.parametrize("line", PARTIES.strip().splitlines())
def test_parties_are_read_where_they_can_be_told_apart_and_it_is_said_from_what(line: str, tmp_path: Path) -> None:
    text, wanted = (part.strip() for part in line.rsplit("|", 1))
    path = tmp_path / "aftale.docx"
    path.write_bytes(document("\n".join([*text.split(" // "), "| Mål | Handling | 2017 |", "| a | b | x |"])))
    read = from_document(path, {}).read
    facts = read.agreement.facts
    assert " / ".join(str(facts[key]) for key in ("enhed", "afdeling") if facts.get(key)) == wanted.strip("?")
    found = [each for each in read.problems if each.code in ("doc-parties", "doc-parties-unsure")]
    assert [each.code for each in found] == ["doc-parties-unsure" if wanted == "?" else "doc-parties"]
    assert found[0].text in (text, text.split(" // ")[-1], text[10:].replace(" // ", " ")) and found[0].place.cell


def test_parties_with_labels_of_their_own_need_no_word(shelf: Shelf) -> None:
    _, report = shelf("targets under the years, headers in two rows, texts beside the text")
    assert not [each for each in report.problems if each.code.startswith("doc-parties")]


def test_the_sheet_of_goals_says_what_yellow_is_where_there_are_proposals(shelf: Shelf, tmp_path: Path) -> None:
    folder, _ = shelf("both levels in one column")
    above = [row[1] for row in openpyxl.load_workbook(folder / "aftale.xlsx")["Mål"].iter_rows(max_row=3, values_only=True)]
    assert "Ét mål pr. række" in above[1] and above[2].startswith("Gule felter er forslag")
    assert "slet sætningen »Foreslået …« i Note" in above[2]
    empty = generer(None, tmp_path / "tom.xlsx", template_path(), Given("Enghave Bibliotek", 2017))
    write_all(list(empty.files))
    sheet = openpyxl.load_workbook(tmp_path / "tom.xlsx")["Mål"]
    assert "Gule felter" not in "".join(str(row) for row in sheet.iter_rows(max_row=4, values_only=True))


def test_the_words_helper_counts_what_it_should() -> None:
    assert words("X og x, ét-tal") == Counter({"x": 2, "og": 1, "ét": 1, "tal": 1})


def test_a_document_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(CannotDo) as told:
        generer(tmp_path / "findes_ikke.docx", None, template_path())
    assert told.value.code == 2
