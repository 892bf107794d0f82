"""Draw ``Overblik``, the follow-up's front sheet: the year at a glance on one printed page, and the boxes to write in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import Any

from aftale.followup.draw_formats_xlsx import LEGEND, mark_texts, status_styles
from aftale.model.agreement import MISSING, UNDECIDED, Status, Value
from aftale.model.columns import ASSESSMENT, FRAME_REMARK, IN_FRAME, KSE_REMARK, OVERBLIK
from aftale.model.tables import Cell, Overview, Serving
from aftale.model.text import canonical, capital, formula_text, genitive
from aftale.office import palette
from aftale.office.draw_base import INPUT, LINK, Book, Page, Props, height_of, lines_of, must, place, shown

BOX_NAMES = {ASSESSMENT: "Samlet_vurdering", IN_FRAME: "Inden_for_rammen", FRAME_REMARK: "Bemaerkning_til_rammen",
             KSE_REMARK: "Forvaltningens_samlede_bemaerkning"}
"""The defined names of the boxes that people write in."""
KSE = "kse"
"""The edition that KSE gets: what only the coordinator needs is left out, and KSE writes in a single box."""

_WIDTHS = (1.0, 24.0, 9.0, 9.0, *([7.7] * 11))  # A is a margin, B the labels, E to O the statuses and their sum
_LABELS, _NUMBERS, _SHARES, _STATUSES, _LAST = 1, 2, 3, 4, 14
_MIDDLE, _RIGHT = 7, 9  # where the right half begins, and what stands beside its labels
_ROW, _SPARE_ROW = 14.5, 12.0
_ONE_LINE = 8  # with more udviklingsmål than this each gets a line, so that the page stays readable
_LONG_TEXT = 500
_MOST_LINES = 3  # of a policy's name
_SHORT = {
    Status.MET.value: "Opfyldt", Status.EXPECTED.value: "Forventes opfyldt", Status.NOT_EXPECTED.value: "Forventes ikke",
    Status.PARTLY.value: "Delvist", Status.NOT_MET.value: "Ikke opfyldt", Status.NOT_STARTED.value: "Ikke i gang",
    Status.AWAITING.value: "Afventer", Status.DROPPED.value: "Udgået", UNDECIDED: "Uafklaret", MISSING: "Mangler svar"}
_PROMPTS = {
    ASSESSMENT: "Den samlede vurdering af året med få ord.",
    IN_FRAME: "Er målene nået inden for den økonomiske ramme? Vælg Ja eller Nej.",
    FRAME_REMARK: "Uddyb, hvis rammen ikke holder.",
    KSE_REMARK: "Her skriver {}.",
}
_CENTRE: Props = {"valign": "vcenter"}
_BAND: Props = {"bg_color": palette.NAVY, "font_color": palette.WHITE, "valign": "vcenter", "indent": 1}
_RULED: Props = {"bottom": 1, "bottom_color": palette.LINE}
_QUIET: Props = {"font_color": palette.MUTED, "font_size": 9}
_LONG_DATE = r"[$-406]d\. mmmm\ yyyy"
_COUNT = '#,##0;-#,##0;"–"'
_SHARE = '0 %;-0 %;"–"'


class Front(Page):
    """``Overblik`` under way, and the texts drawn so far, how often each, but for the boxes.

    A formula is among the texts as it is compared, a date as ISO: as `read_back` finds them.
    """

    def __init__(self, book: Book, overview: Overview, edition: str) -> None:
        super().__init__(book, OVERBLIK, palette.NAVY)
        self.overview, self.edition = overview, edition
        self.texts: Counter[str] = Counter()

    def style(self, *parts: Props, **more: Any) -> Any:
        """Return a cell format, centred from top to bottom where nothing else is said."""
        return self.book.style(_CENTRE, *parts, more)

    def put(self, row: int, first: int, last: int, cell: Cell, *parts: Props, said: Cell | None = None) -> None:
        """Write a decided cell over the columns from first to last; ``said`` is what a reader finds, where that differs."""
        super().put(row, first, last, cell, *parts)
        self.count(said or cell)

    def count(self, cell: Cell) -> None:
        """Count a cell's text among those drawn."""
        self.texts[formula_text(cell.formula) if cell.formula else canonical(shown(cell.value, cell.number)[0])] += 1

    def heading(self, *spans: tuple[int, int, str]) -> None:
        """Open a new section, or several side by side: first column, last column, text."""
        self.next(5)
        row = self.next(17)
        for first, last, text in spans:
            self.text(row, first, last, text, {"font_size": 12, "bold": True, "font_color": palette.NAVY, "bottom": 2,
                                               "bottom_color": palette.NAVY})
        self.next(1)


def draw_overview(book: Book, overview: Overview, edition: str = "") -> Front:
    """Draw ``Overblik`` and return it; ``edition`` is '' or `KSE`.

    In KSE's edition everything is locked but the box that KSE writes in; the sheet is protected by whoever asks for it.
    """
    page = Front(book, overview, edition)
    for column, width in enumerate(_WIDTHS):
        page.sheet.width(column, width)
    for section in (_title, _headline, _facts, _statuses, _matrix, _spotlights, _serving, _news, _boxes, _legend, _helpers):
        section(page)
    raw = page.sheet.raw
    raw.hide_gridlines(2)
    page.sheet.page(page.row - 1, _LAST)
    raw.set_portrait()
    raw.fit_to_pages(1, 1)
    raw.set_margins(left=0.35, right=0.35, top=0.35, bottom=0.5)
    raw.center_horizontally()
    raw.activate()
    return page


def _span(first: int, last: int) -> float:
    """Return the width in characters of the columns from first to last."""
    return sum(_WIDTHS[first:last + 1])


def _said(cell: Cell) -> str:
    return cell.value if isinstance(cell.value, str) else ""


def _title(page: Front) -> None:
    over = page.overview
    page.text(page.next(30), _LABELS, _LAST, over.title, _BAND, {"font_size": 18, "bold": True})
    page.text(page.next(18), _LABELS, _LAST, over.subtitle, _BAND, {"font_color": palette.MIST, "valign": "top",
                                                                      "align": "left"})


def _headline(page: Front) -> None:
    page.next(5)
    lines = lines_of(_said(page.overview.headline), _span(_LABELS, _LAST) - 3, 13, bold=True)
    page.put(page.next(max(lines, 2) * 17.5 + 3), _LABELS, _LAST, page.overview.headline, {
        "font_size": 13, "bold": True, "font_color": palette.NAVY, "bg_color": palette.MIST, "text_wrap": True,
        "indent": 1, "align": "left"})


# ---------------------------------------------------------------- facts

def _facts(page: Front) -> None:
    """Write the key facts two to a row, the long ones on rows of their own."""
    facts = [(label, cell) for label, cell in page.overview.facts if page.edition != KSE or label != "Koordinator"]
    page.next(5)
    long = [fact for fact in facts if lines_of(_said(fact[1]), _span(_RIGHT, _LAST) - 1, bold=True) > 1]
    short = [fact for fact in facts if fact not in long]
    half = (len(short) + 1) // 2
    for left, right in zip_longest(short[:half], short[half:]):
        row = page.next(_ROW)
        _fact(page, row, _LABELS, _LABELS, _MIDDLE - 1, left)
        _fact(page, row, _MIDDLE, _RIGHT - 1, _LAST, right or ("", Cell()))
    for fact in long:
        lines = lines_of(_said(fact[1]), _span(_NUMBERS, _LAST) - 1, bold=True)
        _fact(page, page.next(height_of(lines, padding=4)), _LABELS, _LABELS, _LAST, fact)


def _fact(page: Front, row: int, first: int, label_last: int, last: int, fact: tuple[str, Cell]) -> None:
    page.text(row, first, label_last, fact[0], _RULED, {"font_color": palette.MUTED, "indent": 1})
    cell = fact[1]
    if isinstance(cell.value, date):  # as a number, so that it is shown as the other dates are: with the whole month
        cell = replace(cell, value=float((cell.value - date(1899, 12, 30)).days))
    page.put(row, label_last + 1, last, cell, _RULED, {"bold": True, "text_wrap": True, "align": "left",
                                                      "num_format": _LONG_DATE}, said=fact[1])


# ---------------------------------------------------------------- statuses: the table, the chart, the matrix

def _statuses(page: Front) -> None:
    """Write how many goals stand where, with a chart beside it."""
    statuses = page.overview.statuses
    page.heading((_LABELS, _LAST, "Status for årets effektmål"))
    row = page.next(_ROW)
    for column, text in ((_LABELS, "Status"), (_NUMBERS, "Antal"), (_SHARES, "Andel")):
        page.text(row, column, column, text, _RULED, _QUIET, {"bold": True, "align": "left" if column == _LABELS else
                                                              "right", "indent": int(column == _LABELS)})
    first = page.row
    for status, number, share in statuses:
        row = page.next(_ROW)
        page.text(row, _LABELS, _LABELS, status, bare_styles().get(status, {}), _RULED, {"indent": 1, "align": "left"})
        page.put(row, _NUMBERS, _NUMBERS, number, _RULED, {"bold": True, "align": "right", "num_format": _COUNT})
        page.put(row, _SHARES, _SHARES, Cell(share.value, formula=share.formula), _RULED, {"align": "right",
                                                                                         "num_format": _SHARE})
    row = page.next(_ROW)
    page.text(row, _LABELS, _LABELS, "I alt", {"bold": True, "indent": 1})
    page.put(row, _NUMBERS, _NUMBERS, page.overview.total, {"bold": True, "align": "right", "num_format": _COUNT})
    if page.edition != KSE:
        page.put(row, _STATUSES, _LAST, page.overview.unknown, {
            "bold": True, "font_color": "#9C0006", "font_size": 9, "indent": 1, "align": "left"})
    said = ", ".join(f"{status} {count}" for status, count in page.overview.counts if count)
    status_chart(page, first, len(statuses), _WIDTHS[_STATUSES:],
                 "Søjlediagram over årets effektmål efter status. Tallene står i tabellen ved siden af. "
                 f"Da arket blev skrevet: {said or 'ingen effektmål'}.")


def bare_styles() -> dict[str, Props]:
    """Return the look of every status without its frame, which the lines of this page have no room for."""
    return {status: {key: value for key, value in props.items() if not key.startswith("border")}
            for status, props in status_styles().items()}


def status_chart(page: Page, first: int, many: int, widths: Sequence[float], says: str, number_format: str = "0;;",
                 indent: int = 6) -> None:
    """Put in a bar for each status, named in words and with its number, so that it can be read without any colour.

    The statuses begin in the row ``first``; the chart lies over the columns with these widths, ``indent`` pixels in.
    """
    chart = page.book.book.add_chart({"type": "bar"})
    chart.add_series({
        "name": "Effektmål", "categories": [OVERBLIK, first, _LABELS, first + many - 1, _LABELS],
        "values": [OVERBLIK, first, _NUMBERS, first + many - 1, _NUMBERS], "gap": 35,
        "fill": {"color": palette.CHART_FILLS[0]}, "border": {"none": True},
        "data_labels": {"value": True, "num_format": number_format, "font": {
            "name": palette.FONT, "size": 10, "bold": True, "color": palette.INK}}})
    font = {"name": palette.FONT, "size": 9, "color": palette.INK}
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": palette.LINE}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"none": True})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    width = sum(int(each * 7 + 5) for each in widths) - 2 * indent + 4
    chart.set_size({"width": width, "height": int((many + 1) * _ROW * 4 / 3) - 2})
    must(page.sheet.raw.insert_chart(first - 1, _STATUSES, chart, {
        "object_position": 1, "x_offset": indent, "y_offset": 1, "description": says[:250]}))


def _matrix(page: Front) -> None:
    """Write how each udviklingsmål is spread over the statuses."""
    over = page.overview
    if not over.matrix:
        return
    page.next(4)
    row = page.next(37)
    look: Props = {"align": "center", "text_wrap": True, "font_size": 8, "bold": True, "left": 1, "right": 1,
                   "left_color": palette.WHITE, "right_color": palette.WHITE}
    page.text(row, _LABELS, _SHARES, "Fordelt på udviklingsmål", _RULED, _QUIET, {"bold": True, "indent": 1,
                                                                                 "valign": "bottom"})
    for at, (status, _, _) in enumerate(over.statuses):
        fill, ink = palette.STATUS_COLOURS.get(status, (palette.PAPER, palette.INK))
        mark = palette.STATUS_MARKS.get(status, "")
        page.text(row, _STATUSES + at, _STATUSES + at, f"{mark}\n{_SHORT.get(status, status)}".strip(), look, {
            "bg_color": fill, "font_color": ink})
    last = _STATUSES + len(over.statuses)
    page.text(row, last, last, "I alt", look, {"bg_color": palette.MIST, "font_color": palette.NAVY})
    first = page.row
    for name, numbers in over.matrix:
        _matrix_row(page, name, numbers)
    page.sheet.rule((first, _STATUSES, page.row - 1, last - 1), {
        "type": "cell", "criteria": ">", "value": 0,
        "format": page.book.rule_style(bold=True, bg_color=palette.MIST, font_color=palette.NAVY)})
    if over.matrix_rest:
        page.text(page.next(13), _LABELS, _LAST, over.matrix_rest, _QUIET, {"italic": True, "indent": 1})


def _matrix_row(page: Front, name: str, numbers: tuple[Cell, ...]) -> None:
    many = len(page.overview.matrix) > _ONE_LINE
    room = _span(_LABELS, _SHARES) - (0 if many else 2)
    name = _fitted(name, room, 1 if many else 2)
    lines = lines_of(name, room)
    row = page.next(13.5 if many else height_of(lines, padding=3.5))
    page.text(row, _LABELS, _SHARES, name, _RULED, {"text_wrap": not many, "indent": 1, "align": "left"})
    for at, cell in enumerate(numbers):
        total = at == len(numbers) - 1
        page.put(row, _STATUSES + at, _STATUSES + at, cell, _RULED, {"align": "center", "num_format": _COUNT,
                                                                    "bold": total})


def _fitted(text: str, room: float, most: int, bold: bool = False) -> str:
    """Cut a text so that it takes no more than so many lines of a cell: ``room`` in characters."""
    short = text[:int(room * most * 2)]  # no letter is less than half as wide as a digit
    while lines_of(short, room, bold=bold) > most:
        short = short[:-1].rstrip()
    return text if short == text else f"{short[:-1]}…"


# ---------------------------------------------------------------- what to look at first

def _spotlights(page: Front) -> None:
    """Write the lines to look at first, each with a link to its row."""
    page.heading((_LABELS, _LAST, "Det skal I se på først"))
    goal, why = _SHARES, _MIDDLE + 2
    row = page.next(13)
    for first, last, text in ((_LABELS, _LABELS, "Status"), (_NUMBERS, _NUMBERS, "Mål-id"), (goal, why - 1, "Mål"),
                              (why, _LAST, "Hvorfor")):
        page.text(row, first, last, text, _QUIET, _RULED, {"bold": True, "indent": int(first not in (_NUMBERS, goal))})
    start = page.row
    for number, line in enumerate(page.overview.spotlights):
        lit = bool(line.id.value) or not number
        most = max(lines_of(_said(line.goal), _span(goal, why - 1) - 1), lines_of(_said(line.why), _span(why, _LAST) - 2))
        row = page.next(height_of(min(most, 2), padding=3) if lit else _SPARE_ROW)
        plain: Props = {**(_RULED if lit else {}), "text_wrap": True, "align": "left"}
        page.put(row, _LABELS, _LABELS, line.status, plain, {"indent": 1})
        page.put(row, _NUMBERS, _NUMBERS, line.id, plain, LINK)
        page.put(row, goal, why - 1, line.goal, plain)
        page.put(row, why, _LAST, line.why, plain, {"indent": 1})
    mark_texts(page.sheet, (start, _LABELS, page.row - 1, _LABELS), bare_styles())
    page.put(page.next(_SPARE_ROW), _LABELS, _LAST, page.overview.more, _QUIET, {"italic": True, "indent": 1,
                                                                                "align": "left"})


# ---------------------------------------------------------------- demands and policies side by side

def _serving(page: Front) -> None:
    over = page.overview
    page.heading((_LABELS, _MIDDLE - 1, f"{capital(genitive(over.department))} krav og de mål, der opfylder dem"),
                 (_MIDDLE, _LAST, "Politikker og de mål, der følger dem"))
    sides = ((_LABELS, _LABELS, _SHARES, _MIDDLE - 1), (_MIDDLE, _MIDDLE + 3, _MIDDLE + 5, _LAST))
    left: list[Serving | str] = [*over.demands, *filter(None, [over.demands_note])]
    right: list[Serving | str] = [*over.policies, *filter(None, [over.policies_note])]
    for one, other in zip_longest(left, right, fillvalue=""):
        pair = tuple(zip((one, other), sides, strict=True))
        row = page.next(height_of(min(max(_lines_served(*each) for each in pair), _MOST_LINES), padding=3.5))
        for each, columns in pair:
            _served(page, row, each, columns)


def _lines_served(each: Serving | str, columns: tuple[int, int, int, int]) -> int:
    first, name, numbers, last = columns
    if isinstance(each, str):
        return lines_of(each, _span(first, last) - 2)
    room = _span(first, name) - 2
    return max(lines_of(_fitted(each.name, room, _MOST_LINES, bold=True), room, bold=True),
               lines_of(each.goals, _span(numbers + 1, last) - 1, 9))


def _served(page: Front, row: int, each: Serving | str, columns: tuple[int, int, int, int]) -> None:
    """Write one side of a row: the name, the numbers and the goals, or a sentence instead of them."""
    first, name, numbers, last = columns
    wrapped: Props = {"text_wrap": True, "align": "left"}
    if isinstance(each, Serving):
        shown_name = _fitted(each.name, _span(first, name) - 2, _MOST_LINES, bold=True)
        page.text(row, first, name, shown_name, _RULED, wrapped, {"bold": True, "indent": 1})
        page.put(row, name + 1, numbers, each.numbers, _RULED, wrapped)
        page.text(row, numbers + 1, last, each.goals, _RULED, _QUIET, wrapped)
    elif each:
        page.text(row, first, last, each, _QUIET, wrapped, {"italic": True, "indent": 1})


# ---------------------------------------------------------------- what is new

def _news(page: Front) -> None:
    news = page.overview.news
    if news is None or page.edition == KSE:
        return
    page.heading((_LABELS, _LAST, "Nyt siden sidst"))
    page.text(page.next(_ROW), _LABELS, _LAST, news.sentence, {"bold": True, "indent": 1})
    for kind, goal, what in news.lines:
        lines = lines_of(what, _span(_SHARES, _LAST) - 1)
        row = page.next(height_of(min(lines, 2), padding=3))
        page.text(row, _LABELS, _LABELS, kind, _RULED, {"indent": 1})
        page.put(row, _NUMBERS, _NUMBERS, goal, _RULED, LINK if goal.formula else {}, {"align": "left"})
        page.text(row, _SHARES, _LAST, what, _RULED, {"text_wrap": True})
    if news.rest:
        page.text(page.next(13), _LABELS, _LAST, news.rest, _QUIET, {"italic": True, "indent": 1})


# ---------------------------------------------------------------- boxes

def _boxes(page: Front) -> None:
    """Write the boxes that people write in: the label in one cell, the answer in the cell right of it."""
    page.heading((_LABELS, _LAST, "Vurdering og bemærkninger"))
    for label, value in page.overview.boxes:
        _box(page, label, value)
        page.next(3)


def _box(page: Front, label: str, value: Value) -> None:
    choice = label == IN_FRAME
    theirs = page.edition != KSE or label == KSE_REMARK  # KSE writes in a single box, and reads the others
    last = _SHARES if choice else _LAST
    text = value if isinstance(value, str) else ""
    size = 9 if len(text) > _LONG_TEXT else 10
    lines = lines_of(text, (_span(_NUMBERS, last) - 2) * (1.15 if size < 10 else 1.0), size)
    row = page.next(17 if choice else max(30.0, height_of(lines, size, 8)))
    valign = "vcenter" if choice else "top"
    page.text(row, _LABELS, _LABELS, label, {"bold": True, "font_color": palette.NAVY, "indent": 1, "text_wrap": True,
                                             "align": "left", "valign": valign})
    look = page.style(INPUT if theirs else {"border": 1, "border_color": palette.LINE}, font_size=size, text_wrap=True,
                      align="left", indent=1, valign=valign, **({"locked": False} if theirs else {}))
    page.sheet.merged(row, _NUMBERS, last, "", look)
    page.sheet.value(row, _NUMBERS, value, look)
    if theirs:
        prompt = _PROMPTS.get(label, "Skriv her.").format(page.overview.department)
        page.sheet.advise((row, _NUMBERS, row, _NUMBERS), label, prompt, ("Ja", "Nej") if choice else ())
    if label in BOX_NAMES:
        page.book.name(BOX_NAMES[label], place(OVERBLIK, row, _NUMBERS))


# ---------------------------------------------------------------- the legend and the hidden cells

def _legend(page: Front) -> None:
    """Say what the colours of Opfølgning mean that aren't in the table of statuses."""
    page.next(4)
    page.text(page.next(13), _LABELS, _LAST, "Sådan læses farverne i Opfølgning", _QUIET, {"bold": True, "indent": 1})
    thirds = ((_LABELS, _SHARES), (_STATUSES, _RIGHT - 1), (_RIGHT, _LAST))
    rows = -(-len(LEGEND) // len(thirds))
    for number in range(rows):
        row = page.next(12.5)
        for (look, text), (first, last) in zip(LEGEND[number::rows], thirds, strict=False):
            page.text(row, first, last, text, {"font_size": 8, "indent": 1, "align": "left"}, look)  # its own sample


def _helpers(page: Front) -> None:
    """Write the hidden cells that the formulas use."""
    for each in page.overview.helpers:
        page.count(each.cell)
        if each.cell.formula:
            page.sheet.formula(each.row, each.column, each.cell.formula, each.cell.value)
        else:
            page.sheet.value(each.row, each.column, each.cell.value)
    for column in sorted({each.column for each in page.overview.helpers}):
        must(page.sheet.raw.set_column(column, column, 10, None, {"hidden": True}))
