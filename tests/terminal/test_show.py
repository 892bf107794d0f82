"""How a report is shown: what is new in full, what was told before as a number, and whole words and names at a terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.office.report import Report
from aftale.terminal.show import column_widths, fitted, show

LONG = "skema_2015_aarsopfoelgning_hr_og_udviklingsteamet_S-7706-AA27.xlsx"
FOUND = [problem("file-missing", Place(f"svar{number}.xlsx"), value=f"svar{number}.xlsx") for number in range(3)]


def shown(report: Report, width: int = 80, most: int | None = 12, headers: tuple[str, ...] = ()) -> list[str]:
    """Return the lines that a report is shown as at a terminal this wide."""
    stream = io.StringIO()
    show(report, Console(file=stream, width=width, highlight=False, color_system=None), headers, most)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(("told", "most", "listed", "last"), [
    ((), 12, 3, "svar2.xlsx"), (FOUND[:1], 12, 2, "  1 er vist før (vis dem med --alle)."),
    (FOUND, 12, 0, "  3 er vist før (vis dem med --alle)."), (FOUND, None, 3, "svar2.xlsx"),
    (FOUND[:1], 1, 1, "  1 er vist før (vis dem med --alle)."),
], ids=["nothing was told", "one was told", "all were told", "all are asked for", "more than fit"])
def test_what_was_told_before_is_a_number(told: tuple[object, ...], most: int | None, listed: int, last: str) -> None:
    report = Report((), tuple(FOUND), told=frozenset(each.key for each in told))  # type: ignore[attr-defined]
    lines = shown(report, 200, most)
    assert lines[1] == "3 fejl:" and sum(line.startswith("  Fejl ") for line in lines) == listed
    assert last in lines[-1]


def test_the_same_problem_in_another_file_or_cell_or_with_another_value_is_new() -> None:
    (first, *_) = FOUND
    others = [replace(first, place=first.place._replace(cell="C7")), replace(first, message="Noget andet."), FOUND[1]]
    assert first.key not in {each.key for each in others} and replace(first).key == first.key


@pytest.mark.parametrize(("text", "room", "fits"), [
    ("Børneteamet", 20, "Børneteamet"), (LONG, 24, "skema_…_S-7706-AA27.xlsx"), (LONG, 70, LONG),
    ("hr-og-udviklingsteamet@bibliotek.example.dk", 20, "hr-og-udviklingstea…"),
    (f"{LONG}, ark Skema", 30, "skema_…eamet_S-7706-AA27.xlsx, ark Skema"),
], ids=["short", "a file", "a file with room", "an address", "a file in a sentence"])
def test_a_word_that_is_too_long_keeps_what_tells_it_apart(text: str, room: int, fits: str) -> None:
    assert fitted(text, room) == fits and all(len(word) <= room for word in fits.split())


def test_columns_that_are_too_wide_give_way_the_widest_first() -> None:
    rows = [("Ansvarlig", "E-mail", "Mål", "Skema"), ("HR- og udviklingsteamet", "x" * 43, "3 mål", LONG)]
    widths = column_widths(rows, 80)
    assert sum(widths) + 6 <= 80 and widths[2] == 5 and max(widths) - min(widths[0], widths[1], widths[3]) <= 1
    assert column_widths(rows, 200) == [23, 43, 5, len(LONG)]


def test_at_80_columns_no_word_is_broken() -> None:
    rows = [("HR- og udviklingsteamet", "hr-og-udviklingsteamet@bibliotek.example.dk", "3 mål", LONG, "gemt")]
    found = problem("file-missing", Place(LONG, "Skema", "C7"), value=LONG)
    report = Report((f"8 skemaer til årsopfølgningen 2015 i aarsopfoelgning/skemaer: {LONG}",), (found,), table=rows)
    lines = shown(report, headers=("Ansvarlig", "E-mail", "Mål", "Skema", ""))
    assert max(map(len, lines)) <= 80
    told = " ".join((*report.said, *rows[0], str(found.place), found.message, found.advice, "Fejl", "Ansvarlig E-mail Mål"))
    whole = set(re.findall(r"[^\s,:]+", told))
    broken = {word for line in lines for word in re.findall(r"[^\s,:]+", line) if "…" not in word} - whole
    assert broken == {"1", "fejl"}
