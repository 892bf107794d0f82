"""Movement on Overblik, Opfølgning and Resultater: every pair of statuses, typed in Excel and worked out by LibreOffice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import cell_at, column_of, header_row

from aftale.agreement.methods import Outcome
from aftale.followup.build import follow_up
from aftale.followup.draw_xlsx import draw
from aftale.followup.front_sheet import overview
from aftale.followup.goal_sheets import followup_table, plan_table, results_table
from aftale.followup.goal_status import GoalResult
from aftale.followup.last_round import last_round
from aftale.merge.state import History, State
from aftale.model.agreement import NOT_THIS_YEAR, Agreement, Goal, Level, Measure, Method, Owner, Round
from aftale.model.columns import OPFOELGNING, OVERBLIK, RESULTATER

BEST_TO_WORST = ("Opfyldt", "Forventes opfyldt", "Delvist opfyldt", "Afventer data", "Ikke igangsat",
                 "Forventes ikke opfyldt", "Ikke opfyldt")
ALIKE = {"Ikke igangsat": "Afventer data"}
BEFORE = (*BEST_TO_WORST, "Udgået", "Mangler svar", "")
"""What a goal's status was in the last round; the last of them: it wasn't there."""
NOW = (*BEST_TO_WORST, "Udgået", "Mangler svar", "Uafklaret", "Næsten nået")
PAIRS = {f"M1.1.{number}": (before, now) for number, (before, now) in enumerate(
    ((before, now) for before in BEFORE for now in NOW), 1)}
YEAR, LAST = 2015, (2014, Round.AARSOPFOELGNING.value)
SINCE = "november 2014"
OUTSIDE = "M9.9.9"
"""A goal that isn't of the year, which nothing may count."""


def moved(before: str, now: str) -> str:
    """Return the arrow of a goal as the design has it: Udgået, and what isn't a status, is neither better nor worse."""
    if now in ("Mangler svar", "Uafklaret"):
        return ""
    if before in ("Mangler svar", ""):
        return "●"
    if before == now:
        return "→"
    if {before, now} - set(BEST_TO_WORST):
        return ""
    was, is_ = (BEST_TO_WORST.index(ALIKE.get(each, each)) for each in (before, now))
    return "→" if was == is_ else "↑" if is_ < was else "↓"


def book(statuses: dict[str, str]) -> bytes:
    """Draw a follow-up in which the goals have these statuses now, and in the last round those of `PAIRS`."""
    measure = Measure(Method.AT_LEAST, 5.0, unit="besøg")
    goals = tuple(Goal(goal, Level.EFFECT, ("Synlighed", "Fokus", f"Mål {goal}", ""), {YEAR: None}, measure, owners=(
        Owner("Husteamet"),)) for goal in PAIRS)
    gone = replace(goals[0], id=OUTSIDE, years={2014: None})
    agreement = Agreement("A", "Huset", "Kultur", YEAR, (2014, 2017), goals=(*goals, gone))
    past = (*(History(goal, *LAST, status="" if before == "Mangler svar" else before)
              for goal, (before, _) in PAIRS.items() if before), History(OUTSIDE, *LAST, status="Opfyldt"))
    results = tuple(GoalResult(goal, (YEAR,), goal is not gone, goal.owners, 5.0, None, Outcome(), False, {}, shown=(
        NOT_THIS_YEAR if goal is gone else statuses[goal.id]), response=NOT_THIS_YEAR if goal is gone else "Besvaret")
        for goal in agreement.goals)
    last = last_round(agreement, Round.AARSOPFOELGNING, past)
    followup = followup_table(agreement, results, Round.AARSOPFOELGNING, {}, {}, last)
    whole = follow_up(agreement, State(), (), date(2015, 1, 1)).book
    return draw(replace(
        whole, overview=overview(agreement, Round.AARSOPFOELGNING, followup, {}, last), followup=followup,
        plan=plan_table(agreement, results, past, followup),
        results=results_table(agreement, results, past, Round.AARSOPFOELGNING, followup)))


def arrow_rules(sheet: Any) -> Iterator[tuple[str, str]]:
    """Yield the rules that put an arrow before the last round's status, the first to hold first: formula and arrow."""
    column = openpyxl.utils.get_column_letter(column_of(sheet, "Sidste status"))
    rules = [(rule.priority, rule.formula[0], rule.dxf.numFmt.formatCode[1]) for area in sheet.conditional_formatting
             if re.match(rf"{column}\d", str(area.sqref)) for rule in area.rules
             if rule.type == "expression" and rule.dxf and rule.dxf.numFmt and rule.dxf.numFmt.formatCode[1] in "↑↓→●"]
    return ((formula, arrow) for _, formula, arrow in sorted(rules))


def type_in(path: Path) -> None:
    """Type every goal's status over what stands there; let cells beside the table say what the arrows' rules say."""
    whole = openpyxl.load_workbook(path)
    sheet = whole[OPFOELGNING]
    header, status, shown = header_row(sheet), column_of(sheet, "Status"), sheet.max_column + 3
    rules = list(arrow_rules(sheet))
    sheet.cell(header, shown).value = "Pil"
    for row in range(header + 1, header + 1 + len(PAIRS)):
        sheet.cell(row, status).value = PAIRS[sheet.cell(row, 1).value][1]
        said = '""'
        for formula, arrow in reversed(rules):
            said = f'IF({re.sub(rf"([A-Z]){header + 1}" + chr(92) + "b", rf"{chr(92)}g<1>{row}", formula)},"{arrow}",{said})'
        sheet.cell(row, shown).value = f"={said}"
    whole.save(path)


@dataclass(frozen=True)
class Books:
    """The follow-up drawn with the statuses, and one in which they were typed in: as LibreOffice works them out."""

    drawn: Path
    drawn_anew: Path
    typed_anew: Path


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, recalculated: Callable[..., list[Path]]) -> Books:
    folder = tmp_path_factory.mktemp("bevaegelse")
    drawn, typed = folder / "tegnet.xlsx", folder / "rettet.xlsx"
    drawn.write_bytes(book({goal: now for goal, (_, now) in PAIRS.items()}))
    typed.write_bytes(book(dict.fromkeys(PAIRS, "Opfyldt")))
    type_in(typed)
    return Books(drawn, *recalculated(drawn, typed))


def values(path: Path, sheet: str) -> Any:
    return openpyxl.load_workbook(path, data_only=True)[sheet]


def column_under(sheet: Any, title: str) -> list[Any]:
    """Return the hidden cells under a title on Overblik, level with the rows of Opfølgning."""
    at = next(cell for cell in sheet[3] if cell.value == title)
    return [sheet.cell(row, at.column).value for row in range(4, 4 + len(PAIRS))]


@pytest.mark.parametrize("which", ["drawn", "drawn_anew", "typed_anew"])
def test_every_pair_of_statuses_has_its_arrow(books: Books, which: str) -> None:
    path = getattr(books, which)
    front, results = values(path, OVERBLIK), values(path, RESULTATER)
    arrows = dict(zip(PAIRS, column_under(front, "Retning"), strict=True))
    for goal, (before, now) in PAIRS.items():
        assert (arrows[goal] or "") == moved(before, now), (before, now)
        said = cell_at(results, goal, "Status 2015 år").value
        assert said == f"{moved(before, now)} {now}".strip(), (before, now)


def test_the_arrow_before_the_last_rounds_status_follows_what_is_typed(books: Books) -> None:
    sheet = values(books.typed_anew, OPFOELGNING)
    for goal, (before, now) in PAIRS.items():
        wanted = moved(before, now) if before else ""  # there is no status to put it before
        assert (cell_at(sheet, goal, "Pil").value or "") == wanted, (before, now)
        assert (cell_at(sheet, goal, "Sidste status").value or "") == before, "the bare status, which can be filtered by"


def test_sentence_movement_counts_and_the_bars_cells_follow_what_is_typed(books: Books) -> None:
    front = values(books.typed_anew, OVERBLIK)
    texts = [str(cell.value) for row in front.iter_rows(max_col=12) for cell in row if cell.value]
    each, arrows = len(BEFORE), Counter(moved(*pair) for pair in PAIRS.values())
    assert f"{each} af årets {len(PAIRS)} effektmål er opfyldt, {each} forventes opfyldt" in " ".join(texts)
    assert f"{each} effektmål har en status, der ikke kendes. Ret den i Opfølgning." in texts
    line = next(text for text in texts if text.startswith("Siden"))
    names = {arrow: [goal for goal, pair in PAIRS.items() if moved(*pair) == arrow] for arrow in "↑↓"}
    for arrow, said in (("↑", "er gået frem"), ("↓", "er gået tilbage")):
        assert f"{arrow} {arrows[arrow]} {said} ({', '.join(names[arrow][:5])}" in line
    without = sum(now in ("Mangler svar", "Uafklaret") for _, now in PAIRS.values())
    assert line.startswith(f"Siden {SINCE}: ") and line.endswith(
        f"● {arrows['●']} har fået deres første svar · → {arrows['→']} er uændrede · {without} er uden status nu"
        f" · {arrows[''] - without} kan ikke sammenlignes")
    bar = openpyxl.load_workbook(books.typed_anew)[OVERBLIK]._charts[0]
    shown = {front[series.tx.strRef.f.split("!")[1].replace("$", "")].value: [
        cell.value for cell in front[series.val.numRef.f.split("!")[1].replace("$", "")][0]] for series in bar.series}
    then = Counter(before for before, _ in PAIRS.values())
    assert shown == {status: [each if status in NOW else 0, then[status]] for status in shown} and len(shown) == 10


def test_stored_values_are_those_that_are_worked_out_anew(books: Books) -> None:
    for name in (OVERBLIK, RESULTATER):
        formulas = openpyxl.load_workbook(books.drawn)[name]
        stored, fresh = values(books.drawn, name), values(books.drawn_anew, name)
        cells = [cell.coordinate for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
        assert len(cells) > len(PAIRS)
        for at in cells:
            was, is_ = stored[at].value or "", fresh[at].value or ""
            assert was == (pytest.approx(is_, abs=1e-12) if isinstance(is_, float) else is_), (name, at)
