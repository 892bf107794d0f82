"""How texts are cut and listed where there is no room for all of them."""

from __future__ import annotations

import pytest

from aftale.model.text import asks_something, cut, some


@pytest.mark.parametrize(("words", "said"), [
    ("", ""), ("a", "a"), ("a b", "a og b"), ("a b c", "a, b og c"), ("a b c d", "a, b, c og 1 til"),
    ("a b c d e", "a, b, c og 2 til")])
def test_the_first_are_named_and_the_rest_counted(words: str, said: str) -> None:
    assert some(words.split(), 3) == said


@pytest.mark.parametrize(("text", "shown"), [("", ""), ("fire", "fire"), ("femte", "fem…")])
def test_a_text_is_cut_to_so_many_characters_and_says_that_there_is_more(text: str, shown: str) -> None:
    assert cut(text, 4) == shown


@pytest.mark.parametrize(("text", "asks"), [
    pytest.param("Tæller skolebesøg med?", True, id="the whole text"),
    pytest.param("Tæller vi også børnehold med? Resten kommer mandag.", True, id="in the middle of a line"),
    pytest.param("Tæller kommunen som én? Så er det 3.", True, id="with what follows from it"),
    pytest.param("Vi holdt 12. Tæller de med ? vi ved det ikke", True, id="with a space and small letters"),
    pytest.param("Tæller vi også børnehold, klubber m.v.?", True, id="after an abbreviation"),
    pytest.param("Hun spurgte »Må vi få flere?« til mødet.", True, id="in quotation marks"),
    pytest.param("Vi holdt 12.\nSkal vi have flere?!\nHilsen Huset", True, id="on a line of its own"),
    pytest.param("Vi nåede 12 (skal vi have flere?)", True, id="in a bracket that ends the line"),
    pytest.param("Vi holdt 12 (hvorfor ikke flere?) og er tilfredse.", False, id="in a bracket that goes on"),
    pytest.param("?", False, id="nothing but a question mark"),
    pytest.param("12?", False, id="a figure that is doubted"),
    pytest.param("Opfyldt (?)", False, id="a question mark in brackets"),
    pytest.param("Hvad? ?", False, id="one word, and a question mark"),
    pytest.param("Se https://example.dk/soeg?ord=hold og listen.", False, id="in a web address"),
    pytest.param("Det gik godt.", False, id="no question"),
    pytest.param("", False, id="nothing")])
def test_a_question_is_a_sentence_wherever_it_stands_on_its_line(text: str, asks: bool) -> None:
    assert asks_something(text) is asks
