"""Draw ``Overblik``, the follow-up's front sheet: the year at a glance on one printed page, and the boxes to write in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from aftale.followup.draw_formats_xlsx import RED, mark_texts, status_styles
from aftale.followup.fit_front_xlsx import (
    BEFORE,
    CHART,
    GAP,
    HEADER,
    HEADING,
    KEY,
    LABELS,
    LAST,
    LEFT,
    LEFT_LAST,
    MARGINS,
    NOW,
    NUMBERS,
    REST,
    RIGHT,
    ROW,
    SIDES,
    TALL,
    WHOLE,
    WIDTHS,
    Side,
    all_lines,
    beside_dialog,
    box_height,
    boxes,
    drawn_height,
    first_of_goal,
    fitted,
    fitted_lists,
    is_lit,
    more_goals,
    more_news,
    news_height,
    numbers_served,
    room,
    rows_of_chart,
    said,
    served_pairs,
    serving_height,
    short_name,
    size_of_box,
    spot_height,
    status_rows,
)
from aftale.model.agreement import MISSING, UNDECIDED, Status, Value
from aftale.model.columns import ASSESSMENT, FRAME_REMARK, IN_FRAME, KSE_REMARK, OVERBLIK
from aftale.model.movement import Movement
from aftale.model.tables import MATRIX_HEADERS, Cell, Overview, Serving, StatusCount
from aftale.model.text import canonical, formula_text
from aftale.office import palette
from aftale.office.draw_base import INPUT, LINK, Book, Page, Props, height_of, lines_of, must, place, shown

BOX_NAMES = {ASSESSMENT: "Samlet_vurdering", IN_FRAME: "Inden_for_rammen", FRAME_REMARK: "Bemaerkning_til_rammen",
             KSE_REMARK: "Forvaltningens_samlede_bemaerkning"}
"""The defined names of the boxes that people write in."""
KSE = "kse"
"""The edition that KSE gets: what only the coordinator needs is left out, and KSE writes in a single box."""

_PROMPTS = {
    ASSESSMENT: "Den samlede vurdering af året med få ord.",
    IN_FRAME: "Er målene nået inden for den økonomiske ramme? Vælg Ja eller Nej.",
    FRAME_REMARK: "Uddyb, hvis rammen ikke holder.",
    KSE_REMARK: "Her skriver {}.",
}
_CENTRE: Props = {"valign": "vcenter"}
_BAND: Props = {"bg_color": palette.NAVY, "font_color": palette.WHITE, "valign": "vcenter", "indent": 1, "align": "left"}
_MIST: Props = {"bg_color": palette.MIST, "text_wrap": True, "indent": 1, "align": "left"}
_RULED: Props = {"bottom": 1, "bottom_color": palette.LINE}
_DOTTED: Props = {"bottom": 4, "bottom_color": palette.LINE}
_QUIET: Props = {"font_color": palette.MUTED}
_WRAPPED: Props = {"text_wrap": True, "align": "left"}
_COUNT = '#,##0;-#,##0;"–"'
_SHARE = '0 %;-0 %;"–"'
_CHANGE = '+#,##0;"−"#,##0;""'
_GOOD = (Status.MET, Status.EXPECTED)
_NEITHER = (Status.AWAITING, Status.DROPPED)
"""More of the good ones is good, and more of all the others bad, but for these."""
_DIALOG_LOOKS: dict[str, Props] = {
    "●": {"bg_color": palette.MARKED, "font_color": palette.MARKED_INK, "bold": True},
    "◆": {**dict(zip(("bg_color", "font_color"), palette.STATUS_COLOURS[UNDECIDED], strict=True)), "bold": True}}
"""How a line of the dialogue looks by the mark that it begins with."""
_MATRIX_INKS = ("#006100", palette.INK, RED, palette.MUTED)


class Front(Page):
    """``Overblik`` under way, and the texts drawn so far, how often each, but for the boxes.

    A formula is among the texts as it is compared, a date as ISO: as `read_back` finds them.
    """

    def __init__(self, book: Book, overview: Overview, edition: str) -> None:
        super().__init__(book, OVERBLIK, palette.NAVY)
        self.overview, self.edition = overview, edition
        self.texts: Counter[str] = Counter()
        self.lists = all_lines(overview)
        self.height = 0.0

    def next(self, height: float) -> int:
        """Take the next row, and add its height to that of the page."""
        self.height += drawn_height(height)
        return super().next(height)

    def style(self, *parts: Props, **more: Any) -> Any:
        """Return a cell format, centred from top to bottom where nothing else is said."""
        return self.book.style(_CENTRE, *parts, more)

    def put(self, row: int, first: int, last: int, cell: Cell, *parts: Props) -> None:
        """Write a decided cell over the columns from first to last."""
        super().put(row, first, last, cell, *parts)
        self.count(cell)

    def count(self, cell: Cell) -> None:
        """Count a cell's text among those drawn."""
        self.texts[formula_text(cell.formula) if cell.formula else canonical(shown(cell.value, cell.number)[0])] += 1

    def heading(self, *spans: tuple[tuple[int, int], str], gap: float = GAP) -> None:
        """Open a new section, or several side by side, each over its columns."""
        if gap:
            self.next(gap)
        row = self.next(HEADING)
        for (first, last), text in spans:
            self.text(row, first, last, text, {"font_size": 12, "bold": True, "font_color": palette.NAVY, "bottom": 2,
                                               "bottom_color": palette.SEA})

    def headers(self, row: int, *spans: tuple[int, int, str]) -> None:
        """Write the headers over the columns of a list."""
        for first, last, text in spans:
            self.text(row, first, last, text, _QUIET, _RULED, {"bold": True, "align": "left"})


def draw_overview(book: Book, overview: Overview, edition: str = "") -> Front:
    """Draw ``Overblik`` and return it; ``edition`` is '' or `KSE`.

    In KSE's edition everything is locked but the box that KSE writes in; the sheet is protected by whoever asks for it.
    """
    page = Front(book, overview, edition)
    raw = page.sheet.raw
    for column, width in enumerate(WIDTHS):
        must(raw.set_column_pixels(column, column, width))
    _title(page)
    page.lists = fitted_lists(overview, page.height)
    for section in (_statuses, _spotlights, _dialog_and_boxes, _serving, _news, _helpers):
        section(page)
    raw.hide_gridlines(2)
    page.sheet.page(page.row - 1, LAST)
    raw.set_portrait()
    raw.fit_to_pages(1, 1)
    raw.set_margins(**MARGINS)
    raw.center_horizontally()
    raw.activate()
    return page


def bare_styles() -> dict[str, Props]:
    """Return the look of every status without its frame, which the lines of this page have no room for."""
    return {status: {key: value for key, value in props.items() if not key.startswith("border")}
            for status, props in status_styles().items()}


# ---------------------------------------------------------------- what it is, and the sentences

def _title(page: Front) -> None:
    """Write the title, what the page is about, and the sentences: they grow when statuses change, so there is room."""
    over = page.overview
    page.text(page.next(30), *WHOLE, over.title, _BAND, {"font_size": 18, "bold": True})
    for cell in (over.line, *([Cell(over.note)] if over.note else [])):
        lines = lines_of(said(cell), room(*WHOLE, 2))
        page.put(page.next(height_of(lines, padding=4)), *WHOLE, cell, _BAND, {"text_wrap": lines > 1, "valign": "top"})
    lines = lines_of(said(over.headline), room(*WHOLE, 2), 13, bold=True)
    page.put(page.next(max(lines, 2) * 17.5 + 3), *WHOLE, over.headline, _MIST, {
        "font_size": 13, "bold": True, "font_color": palette.NAVY})
    if over.last:
        lines = lines_of(said(over.moved), room(*WHOLE, 2))
        page.put(page.next(height_of(max(lines, 2), padding=4)), *WHOLE, over.moved, _MIST)


# ---------------------------------------------------------------- the statuses: table, bar, udviklingsmål

def _statuses(page: Front) -> None:
    """Write how many goals stand where, now and in the last round, with the bar and the udviklingsmål to the right."""
    over = page.overview
    page.heading((LEFT, "Status for årets effektmål"),
                 ((RIGHT, LAST), f"Nu og {over.last_when}" if over.last else "Fordelt på status"))
    top = page.next(HEADER)
    right: Props = {"bold": True, "align": "right", "indent": 1}
    page.text(top, KEY, LABELS, "Status", _QUIET, _RULED, {"bold": True, "align": "left"})
    beside = (over.last, "Ændring") if over.last else ("Andel", "")
    for column, text in zip((NOW, BEFORE, LEFT_LAST), ("Nu", *beside), strict=True):
        page.text(top, column, column, text, _QUIET, _RULED, right)
    under, matrix = rows_of_chart(over), over.matrix[:page.lists.matrix]
    left: list[StatusCount | None] = [*over.statuses, None]
    beside_bar: list[tuple[str, tuple[Cell, ...]] | None] = [*([None] * under), *(
        [("Udviklingsmål", tuple(map(Cell, MATRIX_HEADERS))), *matrix] if matrix else [])]
    for number in range(status_rows(over, page.lists)):
        row = page.next(ROW)
        if number < len(left):
            _status(page, row, left[number])
        if number < len(beside_bar) and (line := beside_bar[number]):
            _matrix(page, row, line, header=number == under)
    rest = more_goals(over, page.lists)
    if rest:
        page.text(page.next(REST), RIGHT, LAST, rest, _QUIET, {"italic": True, "font_size": 9, "align": "left"})
    page.put(page.next(REST), *WHOLE, over.unknown, {"bold": True, "font_color": RED, "font_size": 9, "align": "left"})
    _bar(page, top)


def _status(page: Front, row: int, line: StatusCount | None) -> None:
    """Write a status with its colour in the bar and its numbers; without a status, the sums."""
    over = page.overview
    number: Props = {"align": "right", "indent": 1, "num_format": _COUNT}
    if line is None:
        look: Props = {"top": 1, "top_color": palette.INK}
        page.text(row, KEY, LABELS, "I alt", look, {"bold": True, "indent": 1, "align": "left"})
        page.put(row, NOW, NOW, over.total, look, number, {"bold": True, "font_size": 11})
        before = Cell(float(sum(each.before or 0 for each in over.statuses))) if over.last else Cell()
        page.put(row, BEFORE, BEFORE, before, look, number, _QUIET)
        page.text(row, LEFT_LAST, LEFT_LAST, "", look)
        return
    fill, missing = palette.BAR_FILLS.get(line.status, (palette.WHITE, ""))[0], line.status == MISSING
    page.text(row, KEY, KEY, "", {"bg_color": fill, "border": 1, "border_color": RED if missing else palette.WHITE})
    page.text(row, LABELS, LABELS, line.status, bare_styles().get(line.status, {}), {
        "indent": 1, "align": "left", "bold": True, "border": 1, "border_color": palette.LINE if missing else palette.WHITE})
    page.put(row, NOW, NOW, line.now, _DOTTED, number, {"bold": True, "font_size": 11})
    if line.before is None:
        page.put(row, BEFORE, BEFORE, line.share, _DOTTED, number, _QUIET, {"num_format": _SHARE})
        return
    page.put(row, BEFORE, BEFORE, Cell(float(line.before)), _DOTTED, number, _QUIET)
    page.put(row, LEFT_LAST, LEFT_LAST, line.change, _DOTTED, number, _QUIET, {"num_format": _CHANGE})
    if line.status not in _NEITHER:
        up, down = (palette.MOVEMENT_INK[each] for each in (Movement.FORWARD, Movement.BACK))
        for sign, colour in ((">", up), ("<", down)) if line.status in _GOOD else ((">", down), ("<", up)):
            page.sheet.rule((row, LEFT_LAST, row, LEFT_LAST), {"type": "cell", "criteria": sign, "value": 0,
                                                               "format": page.book.rule_style(font_color=colour, bold=True)})


def _bar(page: Front, top: int) -> None:
    """Put in a bar for now and one for the last round, stacked of the statuses; ``top`` is the row of the table's header."""
    over = page.overview
    lines = [(each.status, row) for row, each in enumerate(over.statuses, top + 1)]
    most = max(sum(number for _, number in over.counts), sum(each.before or 0 for each in over.statuses))
    chart = status_bar(page.book.book, OVERBLIK, lines, (top, LABELS), (NOW, BEFORE if over.last else NOW), most)
    chart.set_legend({"none": True})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea({"layout": {"x": 0.11, "y": 0.03, "width": 0.88, "height": 0.94}})
    chart.set_size({"width": sum(WIDTHS[RIGHT:]), "height": CHART[not over.last]})
    must(page.sheet.raw.insert_chart(top, RIGHT, chart, {"object_position": 2, "description": _said_of_bar(over)}))


def status_bar(book: Any, sheet: str, lines: Iterable[tuple[str, int]], names: tuple[int, int], columns: tuple[int, int],
               most: int) -> Any:
    """Make a chart of stacked bars: each of ``lines`` is a status and the row of its numbers, ``most`` the longest bar.

    ``names`` are the row of the bars' own names and the column of the statuses', ``columns`` the first and the last of
    the numbers.
    """
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    (top, labels), (first, last) = names, columns
    for status, row in lines:
        fill, ink = palette.BAR_FILLS.get(status, (palette.MUTED, palette.WHITE))
        line = ink if status == MISSING else palette.WHITE
        chart.add_series({
            "name": [sheet, row, labels], "categories": [sheet, top, first, top, last],
            "values": [sheet, row, first, row, last], "gap": 45, "fill": {"color": fill},
            "border": {"color": line, "width": 1},
            "data_labels": {"value": True, "num_format": "0;;;", "position": "center", "font": {
                "name": palette.FONT, "size": 10, "bold": True, "color": ink}}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0, **({"max": most} if most else {})})
    chart.set_y_axis({"reverse": True, "line": {"none": True}, "major_tick_mark": "none", "num_font": {
        "name": palette.FONT, "size": 10, "bold": True, "color": palette.INK}})
    return chart


def _said_of_bar(over: Overview) -> str:
    """Say the bar's numbers in words, for those who don't see it."""
    now = ", ".join(f"{status} {number}" for status, number in over.counts if number) or "ingen effektmål"
    then = ", ".join(f"{each.status} {each.before}" for each in over.statuses if each.before) or "ingen effektmål"
    before = f" {over.last}: {then}." if over.last else ""
    return f"Stablet søjlediagram over årets effektmål efter status. Tallene står i tabellen til venstre. Nu: {now}.{before}"


def _matrix(page: Front, row: int, line: tuple[str, tuple[Cell, ...]], header: bool) -> None:
    """Write how many goals of an udviklingsmål are reached, under way and behind."""
    name, numbers = line
    small: Props = {"font_size": 9, "bottom": 1 if header else 4, "bottom_color": palette.LINE}
    look: Props = {**_QUIET, "bold": True} if header else {}
    page.text(row, RIGHT, RIGHT, fitted(name, room(RIGHT, RIGHT, 0), 1, size=9), small, look, {"align": "left"})
    for at, (cell, ink) in enumerate(zip(numbers, _MATRIX_INKS, strict=True), NUMBERS):
        page.put(row, at, at, cell, small, _QUIET, look, {"align": "right", "indent": 1, "num_format": _COUNT})
        if not header:
            page.sheet.rule((row, at, row, at), {"type": "cell", "criteria": ">", "value": 0,
                                                 "format": page.book.rule_style(font_color=ink, bold=ink == RED)})


# ---------------------------------------------------------------- what to look at first

def _spotlights(page: Front) -> None:
    """Write the lines to look at first, each with a link to its row."""
    over = page.overview
    page.heading((WHOLE, "Det skal I se på først"), gap=0)
    goal = first_of_goal(over)
    then = [(BEFORE, LEFT_LAST, over.last_when[:1].upper() + over.last_when[1:])] if over.last else []
    page.headers(page.next(HEADER), (KEY, LABELS, "Status nu"), (NOW, NOW, "Mål-id"), *then, (goal, RIGHT, "Mål"),
                 (NUMBERS, LAST, "Hvorfor"))
    start = page.row
    for number, line in enumerate(over.spotlights[:page.lists.spotlights]):
        row = page.next(spot_height(over, number))
        plain: Props = {**(_RULED if is_lit(line, number) else {}), **_WRAPPED}
        page.put(row, KEY, LABELS, line.status, plain, {"indent": 1, "bold": True})
        page.put(row, NOW, NOW, line.id, plain, LINK)
        if over.last:
            page.put(row, BEFORE, LEFT_LAST, line.before, plain, _QUIET)
        page.put(row, goal, RIGHT, line.goal, plain)
        page.put(row, NUMBERS, LAST, line.why, plain, {"indent": 1})
    mark_texts(page.sheet, (start, KEY, page.row - 1, LABELS), bare_styles())
    for move in (Movement.FORWARD, Movement.BACK) if over.last else ():
        page.sheet.rule((start, BEFORE, page.row - 1, LEFT_LAST), {
            "type": "text", "criteria": "begins with", "value": move.value,
            "format": page.book.rule_style(font_color=palette.MOVEMENT_INK[move])})
    more = over.more[page.lists.spotlights] if over.more else Cell("")
    page.put(page.next(REST), *WHOLE, more, _QUIET, {"italic": True, "font_size": 9, "indent": 1, "align": "left"})


# ---------------------------------------------------------------- the dialogue, and the boxes to write in

def _dialog_and_boxes(page: Front) -> None:
    """Write who waits for whom, and beside it the boxes; below it where their texts are too long for half a page."""
    over = page.overview
    dialog, beside = list(over.dialog), beside_dialog(over)
    if beside:
        page.heading((LEFT, "Dialogen"), ((RIGHT, LAST), "Vurdering"), gap=0)
    else:
        if dialog:
            page.heading((WHOLE, "Dialogen"), gap=0)
            for cell in dialog:
                _dialog(page, page.next(ROW), WHOLE, cell)
            _mark_dialog(page, page.row - len(dialog), LAST)
        page.heading((WHOLE, "Vurdering"), gap=GAP if dialog else 0)
    start = page.row
    for number, line in enumerate(boxes(over, beside)):
        _box(page, *line)
        if beside and number < len(dialog):
            _dialog(page, page.row - 1, LEFT, dialog[number])
    if beside:
        _mark_dialog(page, start, LEFT_LAST)


def _mark_dialog(page: Front, start: int, last: int) -> None:
    """Colour the lines from a row on by the marks that they begin with."""
    for mark, look in _DIALOG_LOOKS.items():
        page.sheet.rule((start, KEY, page.row - 1, last), {
            "type": "text", "criteria": "begins with", "value": mark, "format": page.book.rule_style(look)})


def _dialog(page: Front, row: int, columns: tuple[int, int], cell: Cell) -> None:
    page.put(row, *columns, cell, _WRAPPED, LINK if cell.link else {}, {"indent": 1})


def _box(page: Front, label: str, value: Value, open_: bool, columns: tuple[int, int, int, int]) -> None:
    """Write a label and beside it what people write, or what is agreed."""
    first, label_last, answer, last = columns
    choice = label == IN_FRAME
    theirs = open_ and (page.edition != KSE or label == KSE_REMARK)  # KSE writes in a single box, and reads the others
    size, lines = size_of_box(label, value, columns)
    row = page.next(box_height(label, value, open_, columns))
    valign = "top" if lines > 1 or label in TALL else "vcenter"
    page.text(row, first, label_last, label, {"bold": True, "font_color": palette.MUTED, **_WRAPPED, "valign": valign})
    look = page.style(INPUT if theirs else {"border": 1, "border_color": palette.LINE} if open_ else {}, _WRAPPED,
                      font_size=size, indent=1, valign=valign, **({"locked": False} if theirs else {}))
    page.sheet.merged(row, answer, last, "", look)
    page.sheet.value(row, answer, value, look)
    if not open_:
        page.count(Cell(value))
    if theirs:
        prompt = _PROMPTS.get(label, "Skriv her.").format(page.overview.department)
        page.sheet.advise((row, answer, row, answer), label, prompt, ("Ja", "Nej") if choice else ())
    if label in BOX_NAMES:
        page.book.name(BOX_NAMES[label], place(OVERBLIK, row, answer))


# ---------------------------------------------------------------- demands and policies side by side

def _serving(page: Front) -> None:
    over = page.overview
    demands = [(LEFT, over.demands_header or "Krav")] if over.demands or over.demands_note else []
    page.heading(*demands, ((RIGHT, LAST), "Politikker og strategier"))
    for pair in served_pairs(over, page.lists):
        row = page.next(serving_height(pair))
        for each, columns in zip(pair, SIDES, strict=True):
            _served(page, row, each, columns)


def _served(page: Front, row: int, each: Side, columns: tuple[int, int, int, int]) -> None:
    """Write one side of a row: the name, and the numbers with the goals, or a sentence instead of them."""
    first, name, numbers, last = columns
    if isinstance(each, Serving):
        page.text(row, first, name, short_name(each, (first, name)), _DOTTED, _WRAPPED, {"bold": True})
        page.put(row, numbers, last, numbers_served(each), _DOTTED, _WRAPPED)
    elif each:
        page.text(row, first, last, each, _QUIET, _WRAPPED, {"italic": True})


# ---------------------------------------------------------------- what is new, and the hidden cells

def _news(page: Front) -> None:
    news = page.overview.news
    if news is None or page.edition == KSE:
        return
    page.heading((WHOLE, "Nyt siden sidst"))
    page.text(page.next(ROW), *WHOLE, news.sentence, {"bold": True, "align": "left"})
    for kind, goal, what in news.lines[:page.lists.news]:
        row = page.next(news_height(what))
        page.text(row, KEY, LABELS, kind, _DOTTED, {"align": "left"})
        page.put(row, NOW, NOW, goal, _DOTTED, LINK if goal.formula else {}, {"align": "left"})
        page.text(row, BEFORE, LAST, what, _DOTTED, _WRAPPED)
    rest = more_news(page.overview, page.lists)
    if rest:
        page.text(page.next(REST), *WHOLE, rest, _QUIET, {"italic": True, "align": "left"})


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
