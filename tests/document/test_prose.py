"""Targets in Danish prose: a table of sentences and what they ask for; what isn't understood is left unread."""

from __future__ import annotations

import time

import pytest

from aftale.document.target_parts import numbers_in, sentences, unread, years_in
from aftale.document.targets import read_targets
from aftale.model.agreement import Measure
from aftale.model.text import spoken

READ = """
Rekvireres mindst 20 gange årligt                      | Mindst 20 gange, Pr. år
Udlånet øges med 50 % i perioden 2015-2016             | Stigning i % 50, I perioden [2015 2016]
Det skal øge glæden over huset til 4,9 point          | Mindst 4,9 point, I perioden
Mindst én ny aftale                                    | Mindst 1 ny aftale, I perioden
Årligt søsættes mindst et forsøg via puljen            | Mindst 1 forsøg, Pr. år
Højst 5 % af lånerne klager                            | Højst 5 %, I perioden
Besøgstallet fastholdes                                | Fastholdes besøg, I perioden
Besøgstallet fastholdes på 2014-niveau                 | Fastholdes besøg, I perioden
Tilfredsheden fastholdes på mindst 80 %                | Mindst 80 %, I perioden
Hvert år begynder ét nyt samarbejde i byen            | Mindst 1 nyt samarbejde, Pr. år
Fraværet falder med 10 %                               | Fald i % 10, I perioden
Ventetiden halveres                                    | Fald i % 50, I perioden
Antal udlån fordobles inden 2018                       | Stigning i % 100 udlån, I perioden [2018]
Der bliver 3 nye tilbud til byens unge                | Mindst 3 nye tilbud, I perioden
Der holdes fem arrangementer om året                   | Mindst 5 arrangementer, Pr. år
Biblioteket får 12.000 besøg i 2016                    | Mindst 12000 besøg, I perioden [2016]
Antallet af aktive lånere stiger fra 4.000 til 4.500   | Mindst 4500 aktive lånere, I perioden (fra 4000)
Fraværet nedbringes fra 5,5 til 4,5 %                  | Højst 4,5 %, I perioden (fra 5,5)
Andelen af glade børn øges til 80 %                    | Mindst 80 %, I perioden
Andelen af glade børn øges til mindst 80 pct.          | Mindst 80 %, I perioden
Antallet af børn i klubben øges med 200                | Mindst 200 flere børn i klubben, I perioden
Der kommer 10 % flere børn                             | Stigning i % 10 børn, I perioden
Der kommer 10 procent færre rudeknusninger             | Fald i % 10 rudeknusninger, I perioden
En vækst på 3 % årligt                                 | Stigning i % 3, Pr. år
Svartiden er højst to dage                             | Højst 2 dage, I perioden
Minimum 2000 besøgende                                 | Mindst 2000 besøgende, I perioden
Arbejdet omfatter yderligere 5 landsbyer               | Mindst 5 yderligere landsbyer, I perioden
Udlånet af e-bøger stiger hvert år                     | Stiger, Pr. år
Antallet af klager skal falde                          | Falder klager, I perioden
80 % af klasserne kommer på besøg                      | Mindst 80 %, I perioden
Op på 1.200 downloads pr. år                           | Mindst 1200 downloads, Pr. år
Biblioteket deltager i mindst 3 tværgående events      | Mindst 3 tværgående events, I perioden
Sygefraværet må højst være 4,2 %                       | Højst 4,2 %, I perioden
Der må højst være 10 klager                            | Højst 10 klager, I perioden
Der må maksimalt modtages 10 klager                    | Højst 10 klager, I perioden
Der er maks. 10 klager                                 | Højst 10 klager, I perioden
Fraværet må ikke være over 5 %                         | Højst 5 %, I perioden
Antallet af klager må ikke overstige 10                | Højst 10, I perioden
Der må ikke være mere end 3 klager                     | Højst 3 klager, I perioden
Ventetiden skal være under 14 dage                     | Højst 14 dage, I perioden
Vi holder ikke flere end 3 møder                       | Højst 3 møder, I perioden
Der skal mindst afholdes 5 møder                       | Mindst 5 møder, I perioden
Mindst 1,2 mio. besøg                                  | Mindst 1200000 besøg, I perioden
Mindst 3 tusind udlån                                  | Mindst 3000 udlån, I perioden
Op på 1,5 mia. downloads                               | Mindst 1500000000 downloads, I perioden
Udlånet stiger fra 500 tusind til 600 tusind bøger     | Mindst 600000 bøger, I perioden (fra 500000)
Udlånet stiger til 1,2 mio. i 2018                     | Mindst 1200000, I perioden [2018]
Mindst 3 % stigning i udlånet                          | Stigning i % 3, I perioden
5 % besparelse på driften                              | Fald i % 5, I perioden
Udlånet øges +50 %                                     | Stigning i % 50, I perioden
Udlånet: +50 %                                         | Stigning i % 50, I perioden
Udlånet er steget med 5 %                              | Stigning i % 5, I perioden
Mindst 3 årlige møder                                  | Mindst 3 møder, Pr. år
Mindst ét årligt arrangement                           | Mindst 1 arrangement, Pr. år
Tre årlige temaaftener                                 | Mindst 3 temaaftener, Pr. år
Fraværet fastholdes på 4 %                             | Må ikke stige %, I perioden (fra 4)
Antallet af klager må ikke stige                       | Må ikke stige klager, I perioden
Sygefraværet fastholdes                                | Må ikke stige, I perioden
Ventetiden må ikke blive længere                       | Må ikke stige, I perioden
Der holdes femogtredive møder                          | Mindst 35 møder, I perioden
I 2015 og 2016 holdes mindst 5 møder                   | Mindst 5 møder, I perioden [2015 2016]
Stigningen i fraværet begrænses til 2 %                | Højst 2 %, I perioden
Mindst 5 møder årligt i perioden 2015-2016             | Mindst 5 møder, Pr. år [2015 2016]
Mindst 10 besøg i 2015-16                              | Mindst 10 besøg, I perioden [2015 2016]
Åbningstiden øges ikke, men er mindst 40 timer         | Mindst 40 timer, I perioden
"""

IN_DOUBT = """
Udlånet må højst falde med 2 %                         | 2
Udlånet må ikke falde med mere end 2 %                 | 2
Ventetiden må ikke stige med mere end 2 dage           | 2
Ventetiden må højst stige til 5 dage                   | 5
Udlånet stiger med højst 5 %                           | 5
Der kommer højst 5 % flere klager                      | 5
Klagerne skal ned på 5 klager                          | 5
5 klager eller færre                                   | 5
Der er op til 5 arrangementer                          | 5
Udlånet stiger med op til 5 %                          | 5
Faldet i udlånet begrænses til 2 %                     | 2
Udlånet stiger med 5 % eller mindre                    | 5
Udlånet falder i år 5 %                                | 5
Udlånet stiger 500 bøger                               | 500
Klagerne mindskes i år 5 gange                         | 5
Vi sørger for, at udlånet højst falder lidt            |
Udlånet fastholdes i 3 år                              | 3
Antallet hæves til 0 klager                            | 0
Der er nul fejl                                        | nul
+5 besøg                                               | 5
Uden ekstra hjælp holdes 5 møder                       | 5
Der blev holdt mindst 5 møder                          | 5
Biblioteket har afholdt 5 møder                        | 5
Mindst 3 års erfaring                                  | 3
Åbent over 5 dage                                      | 5
Klar inden for 5 måneder                               | 5
-5 % i udgifter                                        | 5
−5 % i udgifter                                        | 5
I 2014 havde vi 4.500 besøg                            | 2014 4.500
Biblioteket har i dag 12.000 lånere                    | 12.000
Vi har 12.000 lånere i dag                             | 12.000
Mindst 2/3 af brugerne                                 | 2 3
4 ud af 5 brugere er tilfredse                         | 4 5
Minimum 4 ud af 5 brugere er tilfredse                 | 4 5
Udlånet øges med 5-10 %                                | 5 10
Mellem 10 og 12 møder                                  | 10 12
Der holdes 10 til 12 møder årligt                      | 10 12
Fem-seks arrangementer                                 | Fem-seks
To tredjedele af brugerne er glade                     | To
Udlånet øges fra 1 til 1,2 mio.                        | 1 1,2
Minimum 5 arrangementer pr. kvartal                    | 5
Mindst 5 møder hver måned                              | 5
Der holdes mindst tre aftener om ugen                  | tre
Hver skole får mindst 2 besøg                          | 2
Mindst 3 besøg pr. 1.000 indbyggere                    | 3 1.000
Mindst 5 møder pr. kvartal med 20 deltagere            | 5 20
Andelen øges med 3 procentpoint                        | 3
En stigning på 3 procentpoint                          | 3
Vi vil ikke øge udlånet med 5 %                        | 5
Vi vil ikke i år holde mindst 5 møder                  | 5
Børn under 5 år får en bog                             | 5
90 % er klar inden for 5 dage                          | 90 5
"""
"""What could mean something else, with its numbers; whoever reads it wrong says the opposite of the text."""

LEFT = """
Budgettet er 2 mio. kr.                                | 2
De 3 filialer får ny indretning                        | 3
Åbent fra kl. 8 til 22 alle dage                       | 8 22
Senest 1. juni 2016 er planen klar                     | 1 2016
Der holdes 1-2 arrangementer om måneden                | 1 2
Børn på 0-6 år får en bog                              | 0 6
Planen er 4-årig                                       | 4
Der arbejdes efter § 5                                 | 5
Fraværet reduceres ikke med 3 %                        | 3
Alle i 5. klasse kommer forbi                          | 5
"""


def lines(table: str) -> list[tuple[str, str]]:
    return [(left.strip(), right.strip()) for left, right in (line.rsplit("|", 1) for line in table.strip().splitlines())]


def said(measure: Measure, years: tuple[int, ...] = ()) -> str:
    text = str(measure.method)
    text += f" {spoken(measure.target)}" if measure.target is not None else ""
    text += f" {measure.unit}" if measure.unit and measure.unit != "%" else " %" if measure.unit else ""
    text += f", {measure.scope}"
    text += f" [{' '.join(map(str, years))}]" if years else ""
    return text + (f" (fra {spoken(measure.baseline)})" if measure.baseline is not None else "")


@pytest.mark.parametrize(("text", "wanted"), lines(READ))
def test_a_sentence_is_read_as_a_target(text: str, wanted: str) -> None:
    first, *more = read_targets(text)
    assert said(first.measure, first.years) == wanted
    assert not more and first.words in text and first.words
    year = [number.text for number in unread(text, first.spans)]
    assert year in ([], ["2014"]), "every other number is understood with it"


@pytest.mark.parametrize(("text", "wanted"), lines(LEFT))
def test_a_number_that_is_no_target_is_left_unread_and_found_again(text: str, wanted: str) -> None:
    targets = read_targets(text)
    assert not [target for target in targets if target.measure.target is not None]
    assert [number.text for number in unread(text, ())] == wanted.split()


@pytest.mark.parametrize(("text", "wanted"), lines(IN_DOUBT))
def test_nothing_is_proposed_where_a_number_may_mean_something_else(text: str, wanted: str) -> None:
    assert read_targets(text) == ()
    assert [number.text for number in unread(text, ())] == wanted.split()


BY_YEAR = """
I 2015 mindst 10, i 2016 mindst 20 og i 2017 mindst 30 hold | Mindst hold, Pr. år [2015 2016 2017] | 10 20 30
Mindst 5 møder i 2015 og 10 i 2016                          | Mindst møder, Pr. år [2015 2016] | 5 10
5 møder i 2015, 10 i 2016, 15 i 2017                        | Mindst møder, Pr. år [2015 2016 2017] | 5 10 15
2015: 5 møder, 2016: 10 møder                               | Mindst møder, Pr. år [2015 2016] | 5 10
"""


@pytest.mark.parametrize("line", BY_YEAR.strip().splitlines())
def test_a_number_for_each_year_is_one_target(line: str) -> None:
    text, wanted, numbers = (part.strip() for part in line.split("|"))
    found, *more = read_targets(text)
    assert not more and said(found.measure, found.years) == wanted and found.words == text
    assert [spoken(number) for _, number in found.by_year] == numbers.split()
    assert [year for year, _ in found.by_year] == list(found.years)
    assert list(unread(text, found.spans)) == []


def test_each_target_has_the_year_it_stands_with() -> None:
    found = read_targets("I 2015 mindst 10 møder, i 2016 højst 20 klager. I 2017 mindst 3 hold og mindst 2 kurser.")
    assert [said(target.measure, target.years) for target in found] == [
        "Mindst 10 møder, I perioden [2015]", "Højst 20 klager, I perioden [2016]",
        "Mindst 3 hold, I perioden [2017]", "Mindst 2 kurser, I perioden [2017]"]


APART = """
Mindst 5 møder årligt og mindst 20 kurser i alt                  | Mindst 5 møder, Pr. år; Mindst 20 kurser, I perioden
Højst 2 møder og mindst 6 hold                                   | Højst 2 møder, I perioden; Mindst 6 hold, I perioden
Mindst 5 møder i 2015 og mindst 3 hold i 2016 \
| Mindst 5 møder, I perioden [2015]; Mindst 3 hold, I perioden [2016]
I 2015 mindst 10 og i 2016 højst 20 møder | Mindst 10, I perioden [2015]; Højst 20 møder, I perioden [2016]
Mindst 5 møder i 2015 og mindst 6 møder i 2015 | Mindst 5 møder, I perioden [2015]; Mindst 6 møder, I perioden [2015]
Mindst 5 møder årligt i 2015 og mindst 6 møder i 2016 \
| Mindst 5 møder, Pr. år [2015]; Mindst 6 møder, Pr. år [2016]
Mindst 5 møder og mindst 3 hold i 2015 og mindst 2 kurser i 2016 \
| Mindst 5 møder, I perioden; Mindst 3 hold, I perioden [2015]; Mindst 2 kurser, I perioden [2016]
I 2015 mindst 5 møder, mindst 3 hold og i 2016 mindst 2 kurser \
| Mindst 5 møder, I perioden [2015]; Mindst 3 hold, I perioden; Mindst 2 kurser, I perioden [2016]
"""


@pytest.mark.parametrize(("text", "wanted"), lines(APART))
def test_targets_that_are_no_row_of_years_stay_apart(text: str, wanted: str) -> None:
    assert "; ".join(said(target.measure, target.years) for target in read_targets(text)) == wanted


@pytest.mark.parametrize("text", ["Udlånet er 5 % højere end i 2014", "Mindst 50 % flere møder end i 2014",
                                  "Mindst 500 besøg mod 400 besøg i 2014"])
def test_a_year_that_something_is_compared_with_is_no_year_of_the_goal(text: str) -> None:
    target, = read_targets(text)
    assert target.years == () and "2014" in target.words
    assert "2014" in [number.text for number in unread(text, target.spans)]


def test_the_words_that_decide_stand_in_the_quote() -> None:
    quotes = {"Sygefraværet må højst være 4,2 %, siger planen.": "Sygefraværet må højst være 4,2 %",
              "I byen falder antallet af klager med 5 %.": "I byen falder antallet af klager med 5 %",
              "Glæde: 80 % af børnene er med.": "80 % af børnene er med"}
    assert {text: read_targets(text)[0].words for text in quotes} == quotes


def test_reading_takes_as_long_per_target_in_a_long_sentence_as_in_a_short_one() -> None:
    def seconds(many: int) -> float:
        text = " ".join(f"mindst {number} møder," for number in range(1, many + 1))
        began = time.process_time()
        assert len(read_targets(text)) == many
        return time.process_time() - began

    seconds(10)
    assert seconds(2000) < 20 * seconds(250), "8 times as many"


@pytest.mark.parametrize("text", ["Udgifterne reduceres ikke", "Serviceniveauet må ikke falde", "En ny strategi udarbejdes"])
def test_a_negation_or_a_deed_is_no_target(text: str) -> None:
    assert read_targets(text) == ()


def test_every_target_of_a_sentence_is_found_in_order() -> None:
    found = read_targets("Der holdes mindst 6 debatter og højst 2 møder. Det skal øge glæden til 4,5 point.")
    assert [said(target.measure) for target in found] == [
        "Mindst 6 debatter, I perioden", "Højst 2 møder, I perioden", "Mindst 4,5 point, I perioden"]
    assert [target.level for target in found] == [False, False, True]


def test_sentences_end_at_stops_and_not_at_abbreviations_or_dates() -> None:
    text = "Det sker bl.a. via Kajs Café, f.eks. om lørdagen. Fristen er 1. maj. I 2016 udvides det. Bl.a. i nord."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Det sker bl.a. via Kajs Café, f.eks. om lørdagen.", "Fristen er 1. maj.", "I 2016 udvides det.", "Bl.a. i nord."]


def test_numbers_are_found_in_digits_and_in_letters() -> None:
    found = [number.text for number in numbers_in("1.200 udlån, 4,9 point, tre kurser, ét møde, en bog, 2015-16, 50%")]
    assert found == ["1.200", "4,9", "tre", "ét", "2015", "16", "50"]


def test_a_span_of_years_names_every_year() -> None:
    assert years_in("i 2015-16 og 2018") == [2015, 2016, 2018]
    assert years_in("2017/2019") == [2017, 2018, 2019]
    assert years_in("2015 og 2018, 2015 og 10") == [2015, 2018, 2015], "»og« is no span"
