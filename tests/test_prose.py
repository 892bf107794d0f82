"""Targets in Danish prose: a table of sentences and what they ask for; what isn't understood is left unread."""

from __future__ import annotations

import pytest

from aftale.rules.prose import numbers_in, read_targets, sentences, unread, years_in
from aftale.words.domain import Measure
from aftale.words.text import spoken

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
"""

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
