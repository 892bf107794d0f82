"""How texts are cut and listed where there is no room for all of them."""

from __future__ import annotations

import pytest

from aftale.model.text import cut, some


@pytest.mark.parametrize(("words", "said"), [
    ("", ""), ("a", "a"), ("a b", "a og b"), ("a b c", "a, b og c"), ("a b c d", "a, b, c og 1 til"),
    ("a b c d e", "a, b, c og 2 til")])
def test_the_first_are_named_and_the_rest_counted(words: str, said: str) -> None:
    assert some(words.split(), 3) == said


@pytest.mark.parametrize(("text", "shown"), [("", ""), ("fire", "fire"), ("femte", "fem…")])
def test_a_text_is_cut_to_so_many_characters_and_says_that_there_is_more(text: str, shown: str) -> None:
    assert cut(text, 4) == shown
