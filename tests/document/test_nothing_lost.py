"""Random agreements of every shape: their goals become the rows, and every word of them is found again."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import count as counting

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making_documents import words, words_in_agreement

from aftale.document.read_text import parse
from aftale.document.to_agreement import ReadDocument, read_document
from aftale.model.place import Source
from aftale.model.text import canonical
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.generer import generer

EXAMPLES, IN_FULL = (300, 300) if os.environ.get("AFTALE_ALLE_FILER") else (60, 6)
SYLLABLES = ("ma", "vi", "so", "re", "lu", "ta", "ni", "bo", "ky", "pæ", "dø", "gå")
Made = tuple[list[str], list[str]]
"""The lines of a part of a document, and the goals in it."""


class Words:
    """Makes words that no other place of the document has, and that mean nothing."""

    def __init__(self) -> None:
        self.numbers = counting(1)

    def word(self) -> str:
        rest, letters = next(self.numbers), ""
        while rest:
            rest, one = divmod(rest, len(SYLLABLES))
            letters += SYLLABLES[one]
        return f"q{letters}q"

    def text(self, length: int) -> str:
        return " ".join(self.word() for _ in range(length)).capitalize()


def crossed(draw: st.DrawFn, w: Words) -> Made:
    goals, rows = [], ["Udviklingsmål\tFokusområde\tEffektmål\t2020\t2021\tAnsvarlig\tStatus"]
    for _ in range(draw(st.integers(1, 3))):
        rows.append(f"{w.text(2)}\t\t\t\t\t\t")
        for number in range(draw(st.integers(1, 3))):
            goals.append(w.text(draw(st.integers(2, 6))))
            more = (draw(st.sampled_from(["", "x", "-"])), w.text(1), draw(st.sampled_from(["", w.text(2)])))
            rows.append("\t".join(("", "" if number else w.text(2), goals[-1], "x", *more)))
    return rows, goals


def key_figures(draw: st.DrawFn, w: Words) -> Made:
    goals, rows = [], ["Indikator\tBaseline\tRealiseret 2019\tMål 2020\tMål 2021\tAnsvarlig"]
    for _ in range(draw(st.integers(1, 5))):
        goals.append(w.text(draw(st.integers(1, 4))))
        first = draw(st.integers(2, 9000))
        last = draw(st.sampled_from(["", w.text(2), str(first + 3)]))
        rows.append("\t".join((goals[-1], str(first), str(first + 1), str(first + 2), last, w.text(1))))
    return rows, goals


def labels(draw: st.DrawFn, w: Words) -> Made:
    goals, rows = [], []
    for _ in range(draw(st.integers(1, 3))):
        goals.append(w.text(draw(st.integers(2, 6))))
        said = draw(st.lists(st.sampled_from(["Indikator", "Succeskriterium", "Ansvarlig", "Frist", "Status", "Baggrund"]),
                             min_size=1, unique=True))
        rows += [f"# {w.text(2)}", f"Mål\t{goals[-1]}", *(f"{label}\t{w.text(2)}" for label in said), ""]
    return rows, goals


def listed(draw: st.DrawFn, w: Words) -> Made:
    goals, lines = [], ["# Mål for 2020"]
    mark = draw(st.sampled_from(["## ", "", "**"]))
    for _ in range(draw(st.integers(1, 3))):
        lines.append(f"{mark}{w.text(2)}{'**' if mark == '**' else ''}")
        numbered = draw(st.booleans())
        for number in range(1, 1 + draw(st.integers(1, 4))):
            goals.append(f"{f'{number}. ' if numbered else ''}{w.text(draw(st.integers(2, 6)))}")
            lines.append(goals[-1] if numbered else f"- {goals[-1]}")
    return lines, goals


def headings(draw: st.DrawFn, w: Words) -> Made:
    goals, lines = [], ["# Mål for 2020"]
    for _ in range(draw(st.integers(1, 4))):
        goals.append(w.text(draw(st.integers(1, 4))))
        lines += [f"## {goals[-1]}", *(f"{w.text(draw(st.integers(3, 9)))}." for _ in range(draw(st.integers(1, 2))))]
    return lines, goals


def by_cells(draw: st.DrawFn, w: Words) -> Made:
    return ["Udviklingsmål", "Effektmål", "2020", *(w.text(2) for _ in range(draw(st.integers(1, 6)))), "x"], []


SHAPES: dict[str, Callable[[st.DrawFn, Words], Made]] = {
    "crossed": crossed, "key figures": key_figures, "labels": labels, "listed": listed, "headings": headings,
    "by cells": by_cells}


@st.composite
def agreements(draw: st.DrawFn) -> tuple[str, list[str]]:
    w = Words()
    lines, goals = SHAPES[draw(st.sampled_from(sorted(SHAPES)))](draw, w)
    before = ["# Indledning", f"{w.text(6)}.", *(f"- {w.text(3)}" for _ in range(draw(st.integers(0, 2))))]
    after = ["", "# Underskrift", "Dato: ________", f"{w.text(2)}.", "Side 1 af 1"]
    return "\n".join(["Aftale 2020 for Enghaven", *before, *lines, *after]), goals


def everything(found: ReadDocument) -> str:
    texts = [*found.paragraphs, *found.texts.values(), *map(canonical, found.facts.values()),
             *(each.text for each in found.leftovers)]
    return "\n".join((*texts, *(canonical(text) for row in found.rows for text in (*row.texts, *row.cells.values()))))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(agreements())
def test_the_goals_of_a_random_agreement_are_its_rows_and_no_word_is_lost(agreement: tuple[str, list[str]]) -> None:
    text, goals = agreement
    found = read_document(parse(text, Source("", "aftale.txt")), {})
    assert [row.texts[3] or row.texts[2] for row in found.rows if row.texts[2]] == goals
    assert not [row for row in found.rows if not row.texts[2]]
    made_up = {word for word in words(text) if re.fullmatch(r"q\w+q", word)}
    assert made_up <= {*words(everything(found))}


@settings(max_examples=IN_FULL, deadline=None, suppress_health_check=list(HealthCheck))
@given(agreement=agreements())
def test_every_word_of_a_random_agreement_stands_in_its_workbook(agreement: tuple[str, list[str]],
                                                                 tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("tabt") / "aftale.txt"
    path.write_text(agreement[0], encoding="utf-8")
    write_all(list(generer(path, path.with_suffix(".xlsx"), template_path()).files))
    made_up = {word for word in words(agreement[0]) if re.fullmatch(r"q\w+q", word)}
    assert made_up <= {*words_in_agreement(path.with_suffix(".xlsx"))}
