"""Draw ``Overblik``, the follow-up's front sheet: what the year looks like at a glance, and the boxes to write in."""

from __future__ import annotations

from typing import Any

from aftale.disk import palette
from aftale.disk.followup_rules import data_bar, mark_texts, status_style, status_styles
from aftale.disk.xlsx_base import INPUT, Book, Props, Sheet, height_of, lines_of, place
from aftale.words.domain import Value
from aftale.words.sheets import ASSESSMENT, FRAME_REMARK, IN_FRAME, KSE_REMARK, OVERBLIK
from aftale.words.tables import Cell, Overview

BOX_NAMES = {ASSESSMENT: "Samlet_vurdering", IN_FRAME: "Inden_for_rammen", FRAME_REMARK: "Bemaerkning_til_rammen",
             KSE_REMARK: "Forvaltningens_samlede_bemaerkning"}
"""The defined names of the boxes that people write in."""

_LABELS, _FIRST = 1, 2  # the columns of the labels and of what stands beside them; column A is a margin
_LABEL_WIDTH, _STATUS_WIDTH, _MARGIN = 40.0, 11.3, 2.0
_LEAST_COLUMNS = 9
_PROMPTS = {
    ASSESSMENT: "Den samlede vurdering af året med få ord.",
    IN_FRAME: "Er målene nået inden for den økonomiske ramme? Vælg Ja eller Nej.",
    FRAME_REMARK: "Uddyb, hvis rammen ikke holder.",
    KSE_REMARK: "Her skriver forvaltningen.",
}
_BAND: Props = {"bg_color": palette.NAVY, "font_color": palette.WHITE, "valign": "vcenter", "indent": 1}
_RULED: Props = {"bottom": 1, "bottom_color": palette.LINE}
_CARD: Props = {"align": "center", "valign": "vcenter", "text_wrap": True, "left": 5, "right": 5,
                "left_color": palette.WHITE, "right_color": palette.WHITE}
_COUNT = '#,##0;-#,##0;"–"'
_SHARE = '0 %;-0 %;"–"'


class _Page:
    """``Overblik`` under way: the sheet, its last column, and the next free row."""

    def __init__(self, book: Book, overview: Overview) -> None:
        self.book, self.overview = book, overview
        self.sheet: Sheet = book.sheet(OVERBLIK, palette.NAVY)
        self.total = _FIRST + len(overview.counts)
        self.last = max(self.total, _FIRST + _LEAST_COLUMNS)
        self.row = 0

    def style(self, *parts: Props, **more: Any) -> Any:
        """Return a cell format, centred from top to bottom where nothing else is said."""
        return self.book.style({"valign": "vcenter"}, *parts, more)

    def width(self, first: int, last: int) -> float:
        """Return the width in characters of the columns from first to last."""
        return sum(_LABEL_WIDTH if column == _LABELS else _STATUS_WIDTH for column in range(first, last + 1))

    def next(self, height: float) -> int:
        """Take the next row, give it its height, and return its number."""
        self.sheet.height(self.row, height)
        self.row += 1
        return self.row - 1

    def heading(self, text: str) -> None:
        """Open a new section."""
        self.next(14)
        row = self.next(22)
        self.sheet.merged(row, _LABELS, self.last, text, self.style(font_size=13, bold=True, font_color=palette.NAVY,
                                                                    bottom=2, bottom_color=palette.NAVY))
        self.next(5)

    def labels(self, *spans: tuple[int, int, str]) -> None:
        """Write a quiet line of column labels: first column, last column, text."""
        row = self.next(17)
        look = {**_RULED, "font_color": palette.MUTED, "font_size": 9, "bold": True}
        for first, last, text in spans:
            narrow = first != _LABELS and last - first < 2
            self.sheet.merged(row, first, last, text,
                              self.style(look, {"align": "center"} if narrow else {"indent": 1}))


def draw_overview(book: Book, overview: Overview) -> None:
    """Draw ``Overblik``: title, headline, facts, statuses, KSE-krav, what to look at first, and the boxes."""
    page = _Page(book, overview)
    page.sheet.width(0, _MARGIN)
    page.sheet.width(_LABELS, _LABEL_WIDTH)
    for column in range(_FIRST, page.last + 1):
        page.sheet.width(column, _STATUS_WIDTH)
    for section in (_title, _headline, _facts, _cards, _matrix, _demands, _attention, _boxes):
        section(page)
    raw = page.sheet.raw
    raw.hide_gridlines(2)
    raw.freeze_panes(1, 0)
    page.sheet.page(page.row, page.last)
    raw.activate()


def _title(page: _Page) -> None:
    over = page.overview
    page.sheet.merged(page.next(38), _LABELS, page.last, over.title, page.style(_BAND, font_size=20, bold=True))
    page.sheet.merged(page.next(22), _LABELS, page.last, over.subtitle, page.style(
        _BAND, font_size=11, font_color=palette.MIST, align="left", valign="top"))


def _headline(page: _Page) -> None:
    text = page.overview.headline
    if not text:
        return
    page.next(10)
    lines = lines_of(text, page.width(_LABELS, page.last) - 4, 16, bold=True)
    page.sheet.merged(page.next(height_of(lines, 16, 18)), _LABELS, page.last, text, page.style(
        font_size=16, bold=True, font_color=palette.NAVY, bg_color=palette.MIST, text_wrap=True, indent=1))


def _facts(page: _Page) -> None:
    """Write the key facts two to a row: label and value, label and value."""
    page.next(8)
    middle = _FIRST + (page.last - _FIRST) // 2
    quiet = page.style(_RULED, font_color=palette.MUTED, indent=1)
    plain = page.style(_RULED, text_wrap=True, bold=True)
    facts = page.overview.facts
    for pair in (facts[at:at + 2] for at in range(0, len(facts), 2)):
        halves = ((_LABELS, _LABELS, _FIRST, middle - 1), (middle, middle + 1, middle + 2, page.last))
        filled = tuple(zip(halves, pair, strict=False))  # the last row may hold a single fact
        most = max(lines_of(value, page.width(half[2], half[3]), bold=True) for half, (_, value) in filled)
        row = page.next(height_of(most, padding=7))
        for half, (label, value) in filled:
            page.sheet.merged(row, half[0], half[1], label, quiet)
            page.sheet.merged(row, half[2], half[3], value, plain)


def _cards(page: _Page) -> None:
    """Write a card per status: its name, how many, and the share of them all."""
    counts = page.overview.counts
    if not counts:
        return
    page.heading("Status for årets effektmål")
    everything = sum(number for _, number in counts)
    rows = (page.next(32), page.next(36), page.next(19))
    label = page.style(font_color=palette.MUTED, bold=True, indent=1)
    for row, text in zip(rows, ("Status", "Antal effektmål", "Andel af alle"), strict=True):
        page.sheet.text(row, _LABELS, text, label)
    for place_, (status, number) in enumerate(counts):
        _card(page, rows, _FIRST + place_, status, number, everything)
    _card(page, rows, page.total, "I alt", everything, everything)


def _card(page: _Page, rows: tuple[int, int, int], column: int, name: str, number: int, everything: int) -> None:
    known = name in palette.STATUS_COLOURS
    look: dict[str, Any] = dict(status_style(name)) if known else {"bg_color": palette.NAVY,
                                                                   "font_color": palette.WHITE}
    colours = {"bg_color": look.get("bg_color", palette.PAPER), "font_color": look["font_color"]}
    if not number:
        colours = {"bg_color": palette.PAPER, "font_color": palette.MUTED}
    struck = {"font_strikeout": True} if look.get("font_strikeout") else {}
    page.sheet.text(rows[0], column, name, page.style(_CARD, colours, struck, font_size=9, bold=True))
    page.sheet.value(rows[1], column, float(number), page.style(_CARD, colours, font_size=22, bold=True,
                                                                num_format=_COUNT))
    share = number / everything if everything else 0.0
    page.sheet.value(rows[2], column, share, page.style(_CARD, colours, num_format=_SHARE))


def _matrix(page: _Page) -> None:
    """Write how each udviklingsmål is spread over the statuses, below the cards and in their columns."""
    over = page.overview
    if not over.matrix:
        return
    page.next(8)
    page.labels((_LABELS, _LABELS, "Fordelt på udviklingsmål"), *((_FIRST + at, _FIRST + at, "")
                                                                  for at in range(len(over.counts) + 1)))
    first = page.row
    number_look = page.style(_RULED, align="center", num_format=_COUNT)
    for name, numbers in over.matrix:
        row = page.next(max(20.0, height_of(lines_of(name, _LABEL_WIDTH - 1), padding=8)))
        page.sheet.text(row, _LABELS, name, page.style(_RULED, text_wrap=True, indent=1))
        for at, number in enumerate(numbers):
            page.sheet.value(row, _FIRST + at, float(number), number_look)
        page.sheet.value(row, page.total, float(sum(numbers)), page.style(_RULED, align="center", bold=True,
                                                                          num_format=_COUNT))
    most = max((number for _, numbers in over.matrix for number in numbers), default=0)
    for at, (status, _) in enumerate(over.counts):
        fill = palette.STATUS_COLOURS.get(status, (palette.MIST, ""))[0]
        colour = "#F4B6BA" if fill == palette.WHITE else fill
        page.sheet.rule((first, _FIRST + at, page.row - 1, _FIRST + at), data_bar(max(most, 1), colour))


def _demands(page: _Page) -> None:
    if not page.overview.demands:
        return
    page.heading("KSE-krav")
    for demand, text in page.overview.demands:
        row = page.next(height_of(lines_of(text, page.width(_FIRST, page.last)), padding=8))
        page.sheet.text(row, _LABELS, demand, page.style(_RULED, bold=True, indent=1))
        page.sheet.merged(row, _FIRST, page.last, text, page.style(_RULED, text_wrap=True))


def _attention(page: _Page) -> None:
    """Write the lines to look at first, each with a link to its row, on a page of their own in print."""
    page.sheet.raw.set_h_pagebreaks([page.row])
    page.heading("Det skal I se på først")
    lines = page.overview.attention
    if not lines:
        page.sheet.text(page.next(20), _LABELS, "Der er ikke noget, der kræver særlig opmærksomhed.",
                        page.style(italic=True, font_color=palette.MUTED, indent=1))
        return
    status, why = _FIRST + 1, _FIRST + 3
    page.labels((_LABELS, _LABELS, "Mål"), (_FIRST, _FIRST, "Mål-id"), (status, why - 1, "Status"),
                (why, page.last, "Hvorfor"))
    first = page.row
    for goal_id, goal, state, reason, link in lines:
        most = max(lines_of(goal, _LABEL_WIDTH - 1), lines_of(reason, page.width(why, page.last) - 1))
        row = page.next(height_of(most, padding=8))
        page.sheet.text(row, _LABELS, goal, page.style(_RULED, text_wrap=True, indent=1))
        page.sheet.cell(row, _FIRST, Cell(goal_id, link=link), {**_RULED, "align": "center", "valign": "vcenter"})
        page.sheet.merged(row, status, why - 1, state, page.style(_RULED, align="center", text_wrap=True))
        page.sheet.merged(row, why, page.last, reason, page.style(_RULED, text_wrap=True, indent=1))
    mark_texts(page.sheet, (first, status, page.row - 1, why - 1), status_styles())


def _boxes(page: _Page) -> None:
    """Write the boxes that people write in: the label in one cell, the answer in the cell right of it."""
    if not page.overview.boxes:
        return
    page.heading("Vurdering og bemærkninger")
    for label, value in page.overview.boxes:
        _box(page, label, value)
        page.next(5)


def _box(page: _Page, label: str, value: Value) -> None:
    choice = label == IN_FRAME
    valign = "vcenter" if choice else "top"
    last = _FIRST + 1 if choice else page.last
    text = value if isinstance(value, str) else ""
    lines = lines_of(text, page.width(_FIRST, last) - 3, 11)
    row = page.next(24 if choice else max(52.0, height_of(lines, 11, 10)))
    page.sheet.text(row, _LABELS, label, page.style(bold=True, font_size=11, font_color=palette.NAVY, indent=1,
                                                    text_wrap=True, align="left", valign=valign))
    look = page.style(INPUT, font_size=11, text_wrap=True, align="left", indent=1, valign=valign)
    page.sheet.merged(row, _FIRST, last, "", look)
    page.sheet.value(row, _FIRST, value, look)
    page.sheet.advise((row, _FIRST, row, _FIRST), label, _PROMPTS.get(label, "Skriv her."),
                      ("Ja", "Nej") if choice else ())
    if label in BOX_NAMES:
        page.book.name(BOX_NAMES[label], place(OVERBLIK, row, _FIRST))


