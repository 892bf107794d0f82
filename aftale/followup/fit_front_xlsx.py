"""How much there is room for on ``Overblik``: its columns, its rows' heights, and how many lines of each list are drawn.

It is printed on one page, as large as its width allows, whatever the year holds.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import NamedTuple

from aftale.model.agreement import Value
from aftale.model.columns import ASSESSMENT, CONTROL, KSE_REMARK
from aftale.model.tables import Cell, Overview, Serving, Spotlight
from aftale.model.text import danish_number
from aftale.office.draw_base import height_of, lines_of

WIDTHS = (10, 16, 168, 62, 62, 84, 16, 240, 66, 66, 66, 66)
"""The columns' widths in pixels: a margin, the key to the bar, the left half, a gap, and the right half."""
KEY, LABELS, NOW, BEFORE, LEFT_LAST, RIGHT, NUMBERS, LAST = 1, 2, 3, 4, 5, 7, 8, 11
LEFT, WHOLE = (KEY, LEFT_LAST), (KEY, LAST)
SIDES = ((KEY, LABELS, NOW, LEFT_LAST), (RIGHT, RIGHT, NUMBERS, LAST))
"""The first and last column of a label and of what stands beside it, in each half."""
ROW, HEADER, GAP, HEADING, REST = 15.0, 16.5, 6.0, 19.5, 12.75
"""The heights of rows in points; the last is that of a line in small letters."""
CHART = 118, 70
"""The chart's height in pixels with the last round and without it."""
MARGINS = {"left": 0.32, "right": 0.32, "top": 0.35, "bottom": 0.45}
"""The margins of the A4 page, in inches."""
PRINTED = 0.79
"""How large the sheet is printed where its width decides: the whole percent that there is room for."""
TALLEST = (11.69 - MARGINS["top"] - MARGINS["bottom"]) * 72 / PRINTED
"""How tall the rows may be together, in points, before the page is printed smaller."""
_FEWEST = (("news", 3), ("serving", 3), ("matrix", 5), ("spotlights", 6), ("news", 1), ("spotlights", 4), ("news", 0),
           ("spotlights", 3))
"""What gives way where the page would be printed smaller: which list, in this order, and how many of its lines stay."""
TALL = (ASSESSMENT, KSE_REMARK)
"""The boxes that have room for more than a line from the beginning."""
_LONG_TEXT = 500
"""From so many characters a box is written smaller."""
_MOST_LINES = 3  # of a policy's name
_IN_SHEET = "i Opfølgning"


class Lists(NamedTuple):
    """How many lines of each list are drawn."""

    matrix: int
    spotlights: int
    serving: int
    news: int


def all_lines(over: Overview) -> Lists:
    """Return how many lines each list has."""
    return Lists(len(over.matrix), len(over.spotlights), max(len(over.demands), len(over.policies)),
                 len(over.news.lines) if over.news else 0)


def fitted_lists(over: Overview, above: float) -> Lists:
    """Return how many lines of each list leave the page as large as its width allows, below rows that are so tall.

    What people have written isn't cut for it: where that takes the page, it is printed smaller.
    """
    lists = all_lines(over)
    for name, fewest in _FEWEST:
        while getattr(lists, name) > fewest and above + _height(over, lists) > TALLEST:
            lists = lists._replace(**{name: getattr(lists, name) - 1})
    return lists


def _height(over: Overview, lists: Lists) -> float:
    """Return how tall all is that stands below the sentences."""
    beside, news = beside_dialog(over), over.news
    heights = [
        GAP, HEADING, HEADER, ROW * status_rows(over, lists), REST if more_goals(over, lists) else 0, REST,
        HEADING, HEADER, *(spot_height(over, number) for number in range(lists.spotlights)), REST,
        0 if beside or not over.dialog else _dialog_height(over),
        HEADING, *(box_height(*line) for line in boxes(over, beside)),
        GAP, HEADING, *map(serving_height, served_pairs(over, lists)),
        *([] if news is None else [GAP, HEADING, ROW, *(news_height(what) for *_, what in news.lines[:lists.news]),
                                   REST if more_news(over, lists) else 0])]
    return sum(map(drawn_height, heights))


def drawn_height(points: float) -> float:
    """Return how tall a row comes to be: in whole pixels."""
    return round(points / 0.75) * 0.75


def room(first: int, last: int, indent: int = 1) -> float:
    """Return how many characters there is room for in the columns from first to last."""
    return (sum(WIDTHS[first:last + 1]) - 5) / 7 - indent


def said(cell: Cell) -> str:
    """Return a cell's text, '' where it holds none."""
    return cell.value if isinstance(cell.value, str) else ""


def fitted(text: str, wide: float, most: int, bold: bool = False, size: float = 10) -> str:
    """Cut a text so that it takes no more than so many lines of a cell that is so many characters wide."""
    short = text[:int(wide * most * 2 * 10 / size)]  # no letter is less than half as wide as a digit
    while lines_of(short, wide, size, bold=bold) > most:
        short = short[:-1].rstrip()
    return text if short == text else f"{short[:-1]}…"


# ---------------------------------------------------------------- the statuses, and what to look at first

def rows_of_chart(over: Overview) -> int:
    """Return how many rows the chart takes below its first."""
    return -(int(HEADER - CHART[not over.last] * 0.75) // int(ROW))


def status_rows(over: Overview, lists: Lists) -> int:
    """Return how many rows the statuses take, or the chart with the udviklingsmål below it."""
    return max(len(over.statuses) + 1, rows_of_chart(over) + (1 + lists.matrix if lists.matrix else 0))


def more_goals(over: Overview, lists: Lists) -> str:
    """Say how many udviklingsmål there are besides, '' where there are none."""
    rest = over.matrix_rest + len(over.matrix) - lists.matrix
    return f"… og {danish_number(rest)} udviklingsmål til, som står {_IN_SHEET}." if rest else ""


def first_of_goal(over: Overview) -> int:
    """Return the first column of the goals' texts."""
    return LEFT_LAST + 1 if over.last else BEFORE


def is_lit(line: Spotlight, number: int) -> bool:
    """Tell whether a line says something; the first one says where there is nothing to look at."""
    return bool(line.id.value) or not number


def spot_height(over: Overview, number: int) -> float:
    """Return the height of a line to look at first."""
    line = over.spotlights[number]
    lines = max(lines_of(said(line.goal), room(first_of_goal(over), RIGHT)), lines_of(said(line.why), room(NUMBERS, LAST)))
    return height_of(lines, padding=4) if is_lit(line, number) else REST


# ---------------------------------------------------------------- the boxes

def beside_dialog(over: Overview) -> bool:
    """Tell whether the boxes stand beside the dialogue: where that takes no more room than they do below it."""
    half, whole = (sum(box_height(*line) for line in boxes(over, beside)) for beside in (True, False))
    return bool(over.dialog) and half <= whole + _dialog_height(over)


def _dialog_height(over: Overview) -> float:
    """Return how tall the dialogue is where it stands alone."""
    return HEADING + ROW * len(over.dialog) + GAP


def boxes(over: Overview, beside: bool) -> list[tuple[str, Value, bool, tuple[int, int, int, int]]]:
    """Return the boxes to write in, and what is agreed of money: label, text, is it a box, and in which columns."""
    whole = LABELS, LABELS, NOW, LAST
    return [*((label, value, True, SIDES[1] if beside else whole) for label, value in over.boxes),
            *((label, text, False, whole) for label, text in over.money)]


def size_of_box(label: str, value: Value, columns: tuple[int, int, int, int]) -> tuple[int, int]:
    """Return the size of a box's letters, and how many lines its text takes, or its label."""
    first, label_last, answer, last = columns
    text = value if isinstance(value, str) else ""
    size = 9 if len(text) > _LONG_TEXT else 10
    return size, max(lines_of(text, room(answer, last, 2) * (1.15 if size < 10 else 1.0), size),
                     lines_of(label, room(first, label_last), bold=True))


def box_height(label: str, value: Value, open_: bool, columns: tuple[int, int, int, int]) -> float:
    """Return the height of a box."""
    size, lines = size_of_box(label, value, columns)
    return max(height_of(lines, size, 6), 30.0 if open_ and label in TALL else 18.75)


# ---------------------------------------------------------------- demands and policies, and what is new

Side = Serving | str
"""A demand or a policy, a sentence instead of it, or '' for nothing."""


def served_pairs(over: Overview, lists: Lists) -> list[tuple[Side, Side]]:
    """Return the rows of demands and policies, with a sentence where there are none or more."""
    sides: list[list[Side]] = []
    for lines, note, left_out in ((over.demands, over.demands_note, over.demands_rest),
                                  (over.policies, over.policies_note, over.policies_rest)):
        rest = left_out + max(len(lines) - lists.serving, 0)
        more = [f"… og {danish_number(rest)} til, som står {_IN_SHEET}."] if rest else []
        sides.append([*lines[:lists.serving], *filter(None, [note]), *more])
    return [(left, right) for left, right in zip_longest(*sides, fillvalue="")]


def serving_height(pair: tuple[Side, Side]) -> float:
    """Return the height of a row of them."""
    lines = max(_lines_served(each, columns) for each, columns in zip(pair, SIDES, strict=True))
    return height_of(min(lines, _MOST_LINES), padding=4)


def numbers_served(each: Serving) -> Cell:
    """Return the numbers of a demand or a policy, and behind them the goals."""
    if not each.goals:
        return each.numbers
    behind, formula = f" ({each.goals})", each.numbers.formula
    return Cell(f"{each.numbers.value}{behind}", formula=f'{formula}&"{behind}"' if formula else "")


def short_name(each: Serving, columns: tuple[int, int]) -> str:
    """Return a name that isn't too long for its columns."""
    return fitted(each.name, room(*columns), _MOST_LINES, bold=True)


def _lines_served(each: Side, columns: tuple[int, int, int, int]) -> int:
    first, name, numbers, last = columns
    if isinstance(each, str):
        return lines_of(each, room(first, last))
    return max(lines_of(short_name(each, (first, name)), room(first, name), bold=True),
               lines_of(said(numbers_served(each)), room(numbers, last)))


def news_height(what: str) -> float:
    """Return the height of a line on what is new."""
    return height_of(min(lines_of(what, room(BEFORE, LAST)), 2), padding=4)


def more_news(over: Overview, lists: Lists) -> str:
    """Say how much more is new, '' where nothing is."""
    rest = over.news.rest + len(over.news.lines) - lists.news if over.news else 0
    told = f"… og {danish_number(rest)} til på {CONTROL}." if lists.news else f"Det står på {CONTROL}."
    return told if rest else ""
