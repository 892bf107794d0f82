"""The guide on a terminal: plain, whole words, no marks, and every part found by a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import run_here

from aftale.terminal.guide import PAGES, page, split
from aftale.terminal.guide_text import plain

MARKS = """# Overskrift

Skriv **altid** `aftale flet` i `midtvejs`: se [data](data.md) og [vejledningen](vejledning.md).

![Et billede](billeder/x.png)

- **Et** punkt
  over to linjer
- Et til

| Her | ligger |
|---|---|
| | `x` |

```sh
aftale flet
```
"""
PLAIN = """Overskrift
==========

Skriv altid »aftale flet« i midtvejs: se »aftale vejledning data« og »aftale vejledning«.

- Et punkt over to linjer
- Et til

Her  ligger
     x

    aftale flet"""


def test_every_mark_has_its_plain_form() -> None:
    assert plain(MARKS, 100) == PLAIN


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_its_words_and_fits_a_terminal(name: str) -> None:
    text = plain(page(name), 80)
    assert not re.search(r"\]\(|\*\*|```|^\||^#", text, re.M)
    prose = [line for line in text.splitlines() if not line.startswith("    ")]
    assert max(map(len, prose)) <= 80
    words = set(re.findall(r"\w{4,}", re.sub(r"!\[.*?\]\(.*?\)|\(\S+\)|```\w+", "", page(name))))
    assert words - set(re.findall(r"\w+", text)) <= {"vejledningen", "Vaner"}, "but for what links are called"


@pytest.mark.parametrize(("words", "begins"), [
    ("", "Vejledning til koordinatoren\n==="), ("juni", "3. Juni: svarene kommer\n---"), ("JANUAR", "1. Januar: aftalen\n"),
    ("kom i gang", "Kom i gang\n"), ("data", "Alle mål som data\n==="), ("mailserver", "Hvad gør jeg, hvis …\n"),
    ("påmindelse", "3. Juni: svarene kommer\n")])
def test_a_word_finds_the_parts_it_names_or_that_speak_of_it(words: str, begins: str) -> None:
    done = run_here("vejledning", *words.split())
    assert done.returncode == 0 and done.stdout.startswith(begins)


def test_the_beginning_names_every_part_and_all_of_it_can_be_saved(tmp_path: Path) -> None:
    said = run_here("vejledning").stdout
    assert all(title in said for title, _ in split(page()))
    done = run_here("vejledning", "--ud", "v.txt", cwd=tmp_path)
    assert done.stdout == "Gemt: v.txt\n"
    assert (tmp_path / "v.txt").read_bytes().decode("utf-8-sig").replace("\r\n", "\n") == f"{plain(page(), 100)}\n"
