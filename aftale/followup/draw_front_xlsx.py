"""Draw ``Overblik``, the follow-up's front sheet: the year at a glance on one printed page, and the boxes to write in."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from typing import Any

from aftale.followup.draw_formats_xlsx import RED, mark_texts, status_styles
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

WIDTHS = (10, 16, 168, 62, 62, 84, 16, 240, 66, 66, 66, 66)
"""The columns' widths in pixels: a margin, the key to the bar, the left half, a gap, and the right half."""
_KEY, _LABELS, _NOW, _BEFORE, _LEFT_LAST, _RIGHT, _NUMBERS, _LAST = 1, 2, 3, 4, 5, 7, 8, 11
_LEFT, _WHOLE = (_KEY, _LEFT_LAST), (_KEY, _LAST)
_ROW, _HEADER, _GAP = 15.75, 16.5, 6.0
_CHART = 118, 70
"""The chart's height in pixels with the last round and without it."""
_LONG_TEXT, _WIDE_TEXT = 500, 7
"""From so many characters a box is written smaller, and from so many lines it is as wide as the page."""
_MOST_LINES = 3  # of a policy's name
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

    def heading(self, *spans: tuple[tuple[int, int], str]) -> None:
        """Open a new section, or several side by side, each over its columns."""
        self.next(_GAP)
        row = self.next(19.5)
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
    for section in (_title, _statuses, _spotlights, _dialog_and_boxes, _serving, _news, _helpers):
        section(page)
    raw.hide_gridlines(2)
    page.sheet.page(page.row - 1, _LAST)
    raw.set_portrait()
    raw.fit_to_pages(1, 1)
    raw.set_margins(left=0.32, right=0.32, top=0.4, bottom=0.5)
    raw.center_horizontally()
    raw.activate()
    return page


def _room(first: int, last: int, indent: int = 1) -> float:
    """Return how many characters there is room for in the columns from first to last."""
    return (sum(WIDTHS[first:last + 1]) - 5) / 7 - indent


def _said(cell: Cell) -> str:
    return cell.value if isinstance(cell.value, str) else ""


def _fitted(text: str, room: float, most: int, bold: bool = False, size: float = 10) -> str:
    """Cut a text so that it takes no more than so many lines of a cell: ``room`` in characters."""
    short = text[:int(room * most * 2 * 10 / size)]  # no letter is less than half as wide as a digit
    while lines_of(short, room, size, bold=bold) > most:
        short = short[:-1].rstrip()
    return text if short == text else f"{short[:-1]}…"


def bare_styles() -> dict[str, Props]:
    """Return the look of every status without its frame, which the lines of this page have no room for."""
    return {status: {key: value for key, value in props.items() if not key.startswith("border")}
            for status, props in status_styles().items()}


# ---------------------------------------------------------------- what it is, and the sentences

def _title(page: Front) -> None:
    """Write the title, what the page is about, and the sentences: they grow when statuses change, so there is room."""
    over = page.overview
    page.text(page.next(30), *_WHOLE, over.title, _BAND, {"font_size": 18, "bold": True})
    for cell in (over.line, *([Cell(over.note)] if over.note else [])):
        lines = lines_of(_said(cell), _room(*_WHOLE, 2))
        page.put(page.next(height_of(lines, padding=4)), *_WHOLE, cell, _BAND, {"text_wrap": lines > 1, "valign": "top"})
    lines = lines_of(_said(over.headline), _room(*_WHOLE, 2), 13, bold=True)
    page.put(page.next(max(lines, 2) * 17.5 + 3), *_WHOLE, over.headline, _MIST, {
        "font_size": 13, "bold": True, "font_color": palette.NAVY})
    if over.last:
        lines = lines_of(_said(over.moved), _room(*_WHOLE, 2))
        page.put(page.next(height_of(max(lines, 2), padding=4)), *_WHOLE, over.moved, _MIST)


# ---------------------------------------------------------------- the statuses: table, bar, udviklingsmål

def _statuses(page: Front) -> None:
    """Write how many goals stand where, now and in the last round, with the bar and the udviklingsmål to the right."""
    over = page.overview
    page.heading((_LEFT, "Status for årets effektmål"),
                 ((_RIGHT, _LAST), f"Nu og {over.last_when}" if over.last else "Fordelt på status"))
    top = page.next(_HEADER)
    right: Props = {"bold": True, "align": "right", "indent": 1}
    page.text(top, _KEY, _LABELS, "Status", _QUIET, _RULED, {"bold": True, "align": "left"})
    beside = (over.last, "Ændring") if over.last else ("Andel", "")
    for column, text in zip((_NOW, _BEFORE, _LEFT_LAST), ("Nu", *beside), strict=True):
        page.text(top, column, column, text, _QUIET, _RULED, right)
    under = -(int(_HEADER - _CHART[not over.last] * 0.75) // int(_ROW))  # the rows that the chart takes below its first
    left: list[StatusCount | None] = [*over.statuses, None]
    beside_bar: list[tuple[str, tuple[Cell, ...]] | None] = [*([None] * under), *(
        [("Udviklingsmål", tuple(map(Cell, MATRIX_HEADERS))), *over.matrix] if over.matrix else [])]
    for number in range(max(len(left), len(beside_bar))):
        row = page.next(_ROW)
        if number < len(left):
            _status(page, row, left[number])
        if number < len(beside_bar) and (line := beside_bar[number]):
            _matrix(page, row, line, header=number == under)
    if over.matrix_rest:
        page.text(page.next(13), _RIGHT, _LAST, over.matrix_rest, _QUIET, {"italic": True, "font_size": 9, "align": "left"})
    page.put(page.next(12), *_WHOLE, over.unknown, {"bold": True, "font_color": RED, "font_size": 9, "align": "left"})
    _bar(page, top)


def _status(page: Front, row: int, line: StatusCount | None) -> None:
    """Write a status with its colour in the bar and its numbers; without a status, the sums."""
    over = page.overview
    number: Props = {"align": "right", "indent": 1, "num_format": _COUNT}
    if line is None:
        look: Props = {"top": 1, "top_color": palette.INK}
        page.text(row, _KEY, _LABELS, "I alt", look, {"bold": True, "indent": 1, "align": "left"})
        page.put(row, _NOW, _NOW, over.total, look, number, {"bold": True, "font_size": 11})
        before = Cell(float(sum(each.before or 0 for each in over.statuses))) if over.last else Cell()
        page.put(row, _BEFORE, _BEFORE, before, look, number, _QUIET)
        page.text(row, _LEFT_LAST, _LEFT_LAST, "", look)
        return
    fill, missing = palette.BAR_FILLS.get(line.status, (palette.WHITE, ""))[0], line.status == MISSING
    page.text(row, _KEY, _KEY, "", {"bg_color": fill, "border": 1, "border_color": RED if missing else palette.WHITE})
    page.text(row, _LABELS, _LABELS, line.status, bare_styles().get(line.status, {}), {
        "indent": 1, "align": "left", "bold": True, "border": 1, "border_color": palette.LINE if missing else palette.WHITE})
    page.put(row, _NOW, _NOW, line.now, _DOTTED, number, {"bold": True, "font_size": 11})
    if line.before is None:
        page.put(row, _BEFORE, _BEFORE, line.share, _DOTTED, number, _QUIET, {"num_format": _SHARE})
        return
    page.put(row, _BEFORE, _BEFORE, Cell(float(line.before)), _DOTTED, number, _QUIET)
    page.put(row, _LEFT_LAST, _LEFT_LAST, line.change, _DOTTED, number, _QUIET, {"num_format": _CHANGE})
    if line.status not in _NEITHER:
        up, down = (palette.MOVEMENT_INK[each] for each in (Movement.FORWARD, Movement.BACK))
        for sign, colour in ((">", up), ("<", down)) if line.status in _GOOD else ((">", down), ("<", up)):
            page.sheet.rule((row, _LEFT_LAST, row, _LEFT_LAST), {"type": "cell", "criteria": sign, "value": 0,
                                                               "format": page.book.rule_style(font_color=colour, bold=True)})


def _bar(page: Front, top: int) -> None:
    """Put in a bar for now and one for the last round, stacked of the statuses; ``top`` is the row of the table's header."""
    over = page.overview
    chart = page.book.book.add_chart({"type": "bar", "subtype": "stacked"})
    last = _BEFORE if over.last else _NOW
    for row, each in enumerate(over.statuses, top + 1):
        fill, ink = palette.BAR_FILLS.get(each.status, (palette.MUTED, palette.WHITE))
        line = ink if each.status == MISSING else palette.WHITE
        chart.add_series({
            "name": [OVERBLIK, row, _LABELS], "categories": [OVERBLIK, top, _NOW, top, last],
            "values": [OVERBLIK, row, _NOW, row, last], "gap": 45, "fill": {"color": fill},
            "border": {"color": line, "width": 1},
            "data_labels": {"value": True, "num_format": "0;;;", "position": "center", "font": {
                "name": palette.FONT, "size": 10, "bold": True, "color": ink}}})
    most = max(sum(number for _, number in over.counts), sum(each.before or 0 for each in over.statuses))
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0, **({"max": most} if most else {})})
    chart.set_y_axis({"reverse": True, "line": {"none": True}, "major_tick_mark": "none", "num_font": {
        "name": palette.FONT, "size": 10, "bold": True, "color": palette.INK}})
    chart.set_legend({"none": True})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea({"layout": {"x": 0.11, "y": 0.03, "width": 0.88, "height": 0.94}})
    chart.set_size({"width": sum(WIDTHS[_RIGHT:]), "height": _CHART[not over.last]})
    must(page.sheet.raw.insert_chart(top, _RIGHT, chart, {"object_position": 2, "description": _said_of_bar(over)}))


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
    page.text(row, _RIGHT, _RIGHT, _fitted(name, _room(_RIGHT, _RIGHT, 0), 1, size=9), small, look, {"align": "left"})
    for at, (cell, ink) in enumerate(zip(numbers, _MATRIX_INKS, strict=True), _NUMBERS):
        page.put(row, at, at, cell, small, _QUIET, look, {"align": "right", "indent": 1, "num_format": _COUNT})
        if not header:
            page.sheet.rule((row, at, row, at), {"type": "cell", "criteria": ">", "value": 0,
                                                 "format": page.book.rule_style(font_color=ink, bold=ink == RED)})


# ---------------------------------------------------------------- what to look at first

def _spotlights(page: Front) -> None:
    """Write the lines to look at first, each with a link to its row."""
    over = page.overview
    page.heading((_WHOLE, "Det skal I se på først"))
    goal = _LEFT_LAST + 1 if over.last else _BEFORE
    then = [(_BEFORE, _LEFT_LAST, over.last_when[:1].upper() + over.last_when[1:])] if over.last else []
    page.headers(page.next(_HEADER), (_KEY, _LABELS, "Status nu"), (_NOW, _NOW, "Mål-id"), *then, (goal, _RIGHT, "Mål"),
                 (_NUMBERS, _LAST, "Hvorfor"))
    start = page.row
    for number, line in enumerate(over.spotlights):
        lit = bool(line.id.value) or not number
        lines = max(lines_of(_said(line.goal), _room(goal, _RIGHT)), lines_of(_said(line.why), _room(_NUMBERS, _LAST)))
        row = page.next(height_of(lines, padding=4) if lit else 12)
        plain: Props = {**(_RULED if lit else {}), **_WRAPPED}
        page.put(row, _KEY, _LABELS, line.status, plain, {"indent": 1, "bold": True})
        page.put(row, _NOW, _NOW, line.id, plain, LINK)
        if over.last:
            page.put(row, _BEFORE, _LEFT_LAST, line.before, plain, _QUIET)
        page.put(row, goal, _RIGHT, line.goal, plain)
        page.put(row, _NUMBERS, _LAST, line.why, plain, {"indent": 1})
    mark_texts(page.sheet, (start, _KEY, page.row - 1, _LABELS), bare_styles())
    for move in (Movement.FORWARD, Movement.BACK) if over.last else ():
        page.sheet.rule((start, _BEFORE, page.row - 1, _LEFT_LAST), {
            "type": "text", "criteria": "begins with", "value": move.value,
            "format": page.book.rule_style(font_color=palette.MOVEMENT_INK[move])})
    page.put(page.next(12), *_WHOLE, over.more, _QUIET, {"italic": True, "font_size": 9, "indent": 1, "align": "left"})


# ---------------------------------------------------------------- the dialogue, and the boxes to write in

def _dialog_and_boxes(page: Front) -> None:
    """Write who waits for whom, and beside it the boxes; below it where their texts are too long for half a page."""
    over = page.overview
    filled = [*(text for _, text in over.money), *(value for _, value in over.boxes if isinstance(value, str))]
    narrow = all(lines_of(text, _room(_NUMBERS, _LAST, 2)) <= _WIDE_TEXT for text in filled)
    beside = bool(over.dialog) and narrow
    dialog, half = list(over.dialog), (_RIGHT, _RIGHT, _NUMBERS, _LAST)
    if beside:
        page.heading((_LEFT, "Dialogen"), ((_RIGHT, _LAST), "Vurdering"))
    elif dialog:
        page.heading((_WHOLE, "Dialogen"))
        for cell in dialog:
            _dialog(page, page.next(_ROW), _WHOLE, cell)
        _mark_dialog(page, page.row - len(dialog), _LAST)
    if not beside:
        page.heading((_WHOLE, "Vurdering"))
    lines: list[tuple[str, Value, bool]] = [*((label, text, False) for label, text in over.money),
                                            *((label, value, True) for label, value in over.boxes)]
    start = page.row
    for number, line in enumerate(lines):
        _box(page, *line, half if beside else (_LABELS, _LABELS, _NOW, _LAST))
        if beside and number < len(dialog):
            _dialog(page, page.row - 1, _LEFT, dialog[number])
    for cell in dialog[len(lines):] if beside else ():
        _dialog(page, page.next(_ROW), _LEFT, cell)
    if beside:
        _mark_dialog(page, start, _LEFT_LAST)


def _mark_dialog(page: Front, start: int, last: int) -> None:
    """Colour the lines from a row on by the marks that they begin with."""
    for mark, look in _DIALOG_LOOKS.items():
        page.sheet.rule((start, _KEY, page.row - 1, last), {
            "type": "text", "criteria": "begins with", "value": mark, "format": page.book.rule_style(look)})


def _dialog(page: Front, row: int, columns: tuple[int, int], cell: Cell) -> None:
    page.put(row, *columns, cell, _WRAPPED, LINK if cell.link else {}, {"indent": 1})


def _box(page: Front, label: str, value: Value, open_: bool, columns: tuple[int, int, int, int]) -> None:
    """Write a label and beside it what people write, or what is agreed."""
    first, label_last, answer, last = columns
    choice = label == IN_FRAME
    theirs = open_ and (page.edition != KSE or label == KSE_REMARK)  # KSE writes in a single box, and reads the others
    text = value if isinstance(value, str) else ""
    size = 9 if len(text) > _LONG_TEXT else 10
    lines = max(lines_of(text, _room(answer, last, 2) * (1.15 if size < 10 else 1.0), size),
                lines_of(label, _room(first, label_last), bold=True))
    row = page.next(max(height_of(lines, size, 6), 30.0 if open_ and not choice else 18.0))
    valign = "top" if lines > 1 or (open_ and not choice) else "vcenter"
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
    demands = [(_LEFT, over.demands_header or "Krav")] if over.demands or over.demands_note else []
    page.heading(*demands, ((_RIGHT, _LAST), "Politikker og strategier"))
    sides = ((_KEY, _LABELS, _NOW, _LEFT_LAST), (_RIGHT, _RIGHT, _NUMBERS, _LAST))
    left: list[Serving | str] = [*over.demands, *filter(None, [over.demands_note])]
    right: list[Serving | str] = [*over.policies, *filter(None, [over.policies_note])]
    for one, other in zip_longest(left, right, fillvalue=""):
        pair = tuple(zip((one, other), sides, strict=True))
        row = page.next(height_of(min(max(_lines_served(*each) for each in pair), _MOST_LINES), padding=4))
        for each, columns in pair:
            _served(page, row, each, columns)


def _numbers_served(each: Serving) -> Cell:
    """Return the numbers of a demand or a policy, and behind them the goals."""
    if not each.goals:
        return each.numbers
    behind, formula = f" ({each.goals})", each.numbers.formula
    return Cell(f"{each.numbers.value}{behind}", formula=f'{formula}&"{behind}"' if formula else "")


def _lines_served(each: Serving | str, columns: tuple[int, int, int, int]) -> int:
    first, name, numbers, last = columns
    if isinstance(each, str):
        return lines_of(each, _room(first, last))
    room = _room(first, name)
    return max(lines_of(_fitted(each.name, room, _MOST_LINES, bold=True), room, bold=True),
               lines_of(_said(_numbers_served(each)), _room(numbers, last)))


def _served(page: Front, row: int, each: Serving | str, columns: tuple[int, int, int, int]) -> None:
    """Write one side of a row: the name, and the numbers with the goals, or a sentence instead of them."""
    first, name, numbers, last = columns
    if isinstance(each, Serving):
        shown_name = _fitted(each.name, _room(first, name), _MOST_LINES, bold=True)
        page.text(row, first, name, shown_name, _DOTTED, _WRAPPED, {"bold": True})
        page.put(row, numbers, last, _numbers_served(each), _DOTTED, _WRAPPED)
    elif each:
        page.text(row, first, last, each, _QUIET, _WRAPPED, {"italic": True})


# ---------------------------------------------------------------- what is new, and the hidden cells

def _news(page: Front) -> None:
    news = page.overview.news
    if news is None or page.edition == KSE:
        return
    page.heading((_WHOLE, "Nyt siden sidst"))
    page.text(page.next(_ROW), *_WHOLE, news.sentence, {"bold": True, "align": "left"})
    for kind, goal, what in news.lines:
        row = page.next(height_of(min(lines_of(what, _room(_BEFORE, _LAST)), 2), padding=4))
        page.text(row, _KEY, _LABELS, kind, _DOTTED, {"align": "left"})
        page.put(row, _NOW, _NOW, goal, _DOTTED, LINK if goal.formula else {}, {"align": "left"})
        page.text(row, _BEFORE, _LAST, what, _DOTTED, _WRAPPED)
    if news.rest:
        page.text(page.next(13), *_WHOLE, news.rest, _QUIET, {"italic": True, "align": "left"})


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
