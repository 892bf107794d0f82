"""The parts of Danish prose that targets are read from: numbers, sentences, years, and where what was read stands."""

from __future__ import annotations

import time

import pytest

from aftale.document.target_parts import numbers_in, sentences, years_in
from aftale.document.targets import points_down, read_questions, read_targets
from aftale.model.text import spoken

BY_YEAR = """
I 2015 mindst 10, i 2016 mindst 20 og i 2017 mindst 30 hold | hold | 10 20 30
Mindst 5 møder i 2015 og 10 i 2016                          | møder | 5 10
5 møder i 2015, 10 i 2016, 15 i 2017                        | møder | 5 10 15
2015: 5 møder, 2016: 10 møder                               | møder | 5 10
Højst 5 klager i 2015 og højst 3 i 2016                     | klager | 5 3
I 2015 mindst 80 %, i 2016 mindst 85 %                      | % | 80 85
"""


@pytest.mark.parametrize("line", BY_YEAR.strip().splitlines())
def test_a_number_for_each_year_is_one_target_and_all_of_it_is_understood(line: str) -> None:
    text, unit, numbers = (part.strip() for part in line.split("|"))
    found, = read_targets(text)
    assert (found.measure.unit, found.words, found.measure.target) == (unit, text, None)
    assert [spoken(number) for _, number in found.by_year] == numbers.split()
    assert [year for year, _ in found.by_year] == list(found.years)
    assert read_questions(text) == ()


@pytest.mark.parametrize("text", ["Mindst 5 møder i 2015 og mindst 3 hold i 2016",
                                  "I 2015 mindst 10 og i 2016 højst 20 møder",
                                  "Mindst 5 møder i 2015 og mindst 6 møder i 2015",
                                  "Mindst 5 møder årligt i 2015 og 6 i 2016",
                                  "Udlånet stiger med 5 % i 2015 og 10 % i 2016"])
def test_what_is_no_row_of_years_is_asked_about(text: str) -> None:
    assert read_targets(text) == () and len(read_questions(text)) == 1


def test_a_year_that_something_is_compared_with_is_no_year_of_the_goal() -> None:
    text = "Udlånet øges med 5 % i 2016 i forhold til 2014"
    target, = read_targets(text)
    assert target.years == (2016,) and target.words == text


def test_the_words_that_a_target_was_read_from_are_its_sentence_where_that_is_short() -> None:
    text = "Vi vil mere. Sygefraværet må højst være 4,2 %, siger planen. 40 møder årligt, heraf 10 for børn."
    assert [target.words for target in read_targets(text)] == [
        "Sygefraværet må højst være 4,2 %, siger planen", "40 møder årligt"]
    assert [text[slice(*target.sentence)][:9] for target in read_targets(text)] == ["Sygefravæ", "40 møder "]
    assert [question.words for question in read_questions(text)] == ["40 møder årligt, heraf 10 for børn"]
    long = f"{'Vi holder meget af at mødes, ' * 6}og der holdes mindst 5 møder årligt"
    assert read_targets(long)[0].words == "mindst 5 møder årligt"


def test_each_sentence_and_each_line_is_read_for_itself_without_its_own_number() -> None:
    text = "1.2 Der holdes mindst 6 debatter. Det skal øge glæden til 4,5 point.\n• Højst 2 klager\n• Glæde"
    found = read_targets(text)
    assert [(str(target.measure.method), target.measure.target, target.level) for target in found] == [
        ("Mindst", 6, False), ("Mindst", 4.5, True), ("Højst", 2, False)]
    assert read_questions(text) == ()


def test_reading_takes_as_long_per_number_in_a_long_sentence_as_in_a_short_one() -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        assert read_targets(text) == () and len(read_questions(text)) == 1
        return time.process_time() - began

    for piece in ("mindst {} møder, ", "antallet øges og øges og stiger {} i ", "fra {} i 2015 og {} i 2016 og "):
        short, long = ("".join(piece.format(number, number) for number in range(many)) for many in (250, 2000))
        assert seconds(long) < 20 * max(seconds(short) for _ in range(3)) + 0.2, "8 times as many"


def test_a_text_that_asks_for_less_is_told_from_one_that_asks_for_more() -> None:
    assert [points_down(text) for text in ("Klager, som mindskes", "Sygefravær, højst", "Fravær", "Besøg", "Flere")] == [
        True, True, True, False, False]


def test_sentences_end_at_stops_and_lines_and_not_at_abbreviations_or_dates() -> None:
    text = "Det sker bl.a. via Kajs Café, f.eks. om lørdagen. Fristen er 1. maj. I 2016 udvides det. Bl.a. i nord\n• Og syd"
    assert [text[start:end] for start, end in sentences(text)] == [
        "Det sker bl.a. via Kajs Café, f.eks. om lørdagen.", "Fristen er 1. maj.", "I 2016 udvides det.", "Bl.a. i nord",
        "Og syd"]


def test_numbers_are_found_in_digits_and_in_letters() -> None:
    found = [number[0] for number in numbers_in("1.200 udlån, 4,9 point, tre kurser, ét møde, en bog, 2015-16, 50%")]
    assert found == ["1.200", "4,9", "tre", "ét", "2015", "16", "50"]


def test_a_span_of_years_names_every_year() -> None:
    assert years_in("i 2015-16 og 2018") == [2015, 2016, 2018]
    assert years_in("2017/2019") == [2017, 2018, 2019]
    assert years_in("2015 og 2018, 2015 og 10") == [2015, 2018, 2015], "»og« is no span"
