"""Draw the workbook across units: a front sheet, tables side by side, and the hidden ``_aftale``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from aftale.followup.draw_formats_xlsx import add_status_rules, data_bar, mark_texts
from aftale.followup.draw_front_xlsx import bare_styles
from aftale.followup.draw_table_xlsx import A3, Drawn, Look, draw_table
from aftale.model.columns import OVERBLIK
from aftale.model.tables import Cell, Table
from aftale.office import palette
from aftale.office.draw_base import MARKS, Book, Page, Props, draw_record, height_of, lines_of, must, strictly
from aftale.units.draw_development_xlsx import draw_development
from aftale.units.model import AcrossBook, Front, Numbers

SUBJECT = "Opfølgning på tværs af enheder"
_LABELS, _NUMBERS, _SHARES, _STATUSES = 1, 2, 3, 4
_NAME_WIDTH, _STATUS_WIDTH = 32.0, 11.0
_FIXED_WIDTHS = (1.0, _NAME_WIDTH, 9.0, 12.0)
_ROW = 14.5
_CHART_INDENT = 8  # pixels
_BAND: Props = {"bg_color": palette.NAVY, "font_color": palette.WHITE, "indent": 1}
_RULED: Props = {"bottom": 1, "bottom_color": palette.LINE}
_QUIET: Props = {"font_color": palette.MUTED, "font_size": 9}
_WRAPPED: Props = {"text_wrap": True, "align": "left"}
_COUNT = '#,##0;-#,##0;"–"'
_BAR, _WARM_BAR = "#A9CDEB", "#F6C99A"
_FOLDED_UNITS = frozenset(("department", "forms", "frame", "before"))
_FOLDED_GOALS = frozenset(("unit", "demands", "owners", "computed"))


def draw_across(book: AcrossBook) -> bytes:
    """Draw the workbook; the same book always gives the same bytes."""
    with strictly():
        target = Book(book.front.title, SUBJECT, book.created)
        _Front(target, book.front).draw()
        if book.development:
            draw_development(target, book.development)
        _tables(target, book)
        draw_record(target, book.record)
        return target.finish()


# ---------------------------------------------------------------- the tables

def _tables(target: Book, book: AcrossBook) -> None:
    folded = _FOLDED_UNITS | _empty(book.units, ("frame_remark", "budget", "box"))
    units = draw_table(target, book.units, Look(tab=palette.NAVY, name=book.units.name, freeze=1, paper=A3, folded=folded,
                                                grows=True))
    _bars(units, {"met": _BAR, "answered": _BAR, "attention": _WARM_BAR})
    for key in ("counted", "reported"):
        if (place := units.at(key)) is not None:
            mark_texts(units.sheet, units.box(place), {"Nej": MARKS["question"]})
    if book.demands is not None:
        demands = draw_table(target, book.demands, Look(tab=palette.NAVY, name=book.demands.name, freeze=1, grows=True))
        _bars(demands, {column.key: _BAR for column in book.demands.columns if column.kind == "share"})
    folded = _FOLDED_GOALS | _empty(book.goals, ("sub", "kse"))
    goals = draw_table(target, book.goals, Look(tab=palette.SEA, name=book.goals.name, freeze=4, zoom=90, paper=A3,
                                                levels=True, folded=folded, grows=True))
    add_status_rules(goals)
    _bars(goals, {"fulfilment": _BAR})
    add_status_rules(draw_table(target, book.attention, Look(tab=palette.INPUT_LINE, name=book.attention.name, grows=True)))
    folded = frozenset(("program", "sha")) | _empty(book.files, ("container", "sender"))
    draw_table(target, book.files, Look(tab=palette.LINE, name=book.files.name, folded=folded))


def _empty(table: Table, keys: tuple[str, ...]) -> frozenset[str]:
    """Return which of some columns hold nothing at all."""
    return frozenset(column.key for place, column in enumerate(table.columns)
                     if column.key in keys and not any(row[place].value for row in table.rows))


def _bars(drawn: Drawn, colours: dict[str, str]) -> None:
    for key, colour in colours.items():
        if (place := drawn.at(key)) is not None:
            drawn.sheet.rule(drawn.box(place), data_bar(1, colour))


# ---------------------------------------------------------------- Overblik

class _Front(Page):
    """``Overblik`` under way."""

    def __init__(self, book: Book, front: Front) -> None:
        super().__init__(book, OVERBLIK, palette.NAVY)
        self.front = front
        self.header: int | None = None
        self.last = _STATUSES + len(front.statuses) + 1
        self.widths = (*_FIXED_WIDTHS, *([_STATUS_WIDTH] * len(front.statuses)), 8.0, 13.0)
        self.middle = _STATUSES + len(front.statuses) // 2

    def draw(self) -> None:
        """Draw every section."""
        for column, width in enumerate(self.widths):
            self.sheet.width(column, width)
        for section in (self._top, self._facts, self._statuses, self._rounds, self._missing, self._spotlights, self._served,
                        self._units):
            section()
        raw = self.sheet.raw
        raw.hide_gridlines(2)
        self.sheet.page(self.row - 1, self.last, self.header)
        raw.set_margins(left=0.35, right=0.35, top=0.35, bottom=0.5)
        raw.center_horizontally()
        raw.activate()

    def _span(self, first: int, last: int) -> float:
        return sum(self.widths[first:last + 1])

    def _heading(self, text: str) -> None:
        self.next(6)
        self.text(self.next(18), _LABELS, self.last, text, {
            "font_size": 12, "bold": True, "font_color": palette.NAVY, "bottom": 2, "bottom_color": palette.NAVY})
        self.next(2)

    def _note(self, text: str) -> None:
        """Write a quiet line below a section."""
        if text:
            lines = lines_of(text, self._span(_LABELS, self.last) - 2, 9)
            row = self.next(height_of(lines, 9, 3))
            self.text(row, _LABELS, self.last, text, _QUIET, _WRAPPED, {"italic": True, "indent": 1})

    # ---- sections

    def _top(self) -> None:
        front = self.front
        self.text(self.next(30), _LABELS, self.last, front.title, _BAND, {"font_size": 18, "bold": True})
        self.text(self.next(18), _LABELS, self.last, front.subtitle, _BAND, {"font_color": palette.MIST, "valign": "top",
                                                                                                       "align": "left"})
        self.next(5)
        lines = lines_of(front.headline, self._span(_LABELS, self.last) - 3, 13, bold=True)
        self.text(self.next(max(lines, 2) * 17.5 + 3), _LABELS, self.last, front.headline, _WRAPPED, {
            "font_size": 13, "bold": True, "font_color": palette.NAVY, "bg_color": palette.MIST, "indent": 1})

    def _facts(self) -> None:
        facts = self.front.facts
        self.next(5)
        half = (len(facts) + 1) // 2
        for left, right in zip_longest(facts[:half], facts[half:]):
            row = self.next(_ROW)
            for first, last, fact in ((_LABELS, self.middle - 1, left), (self.middle, self.last, right)):
                label, text = fact or ("", "")
                label_last = first if first == _LABELS else first + 1
                self.text(row, first, label_last, label, _RULED, {"font_color": palette.MUTED, "indent": 1})
                self.text(row, label_last + 1, last, text, _RULED, {"bold": True, "align": "left"})

    def _statuses(self) -> None:
        """Write how many goals stand where, with a chart beside it."""
        self._heading("Status for alle enheders effektmål")
        row = self.next(_ROW)
        for column, text in ((_LABELS, "Status"), (_NUMBERS, "Antal"), (_SHARES, "Andel")):
            self.text(row, column, column, text, _RULED, _QUIET, {
                "bold": True, "align": "left" if column == _LABELS else "right", "indent": int(column == _LABELS)})
        first, looks, all_ = self.row, bare_styles(), self.front.all.count
        bold: Props = {"bold": True, "align": "right", "num_format": _COUNT}
        for status in self.front.statuses:
            number = all_.statuses[status]
            row = self.next(_ROW)
            self.text(row, _LABELS, _LABELS, status, looks.get(status, {}), _RULED, {"indent": 1, "align": "left"})
            self.put(row, _NUMBERS, _NUMBERS, Cell(float(number)), _RULED, bold)
            self.put(row, _SHARES, _SHARES, Cell(number / all_.total if all_.total else 0.0), _RULED, {
                "align": "right", "num_format": '0 %;-0 %;"–"'})
        row = self.next(_ROW)
        self.text(row, _LABELS, _LABELS, "I alt", {"bold": True, "indent": 1})
        self.put(row, _NUMBERS, _NUMBERS, Cell(float(all_.total)), bold)
        said = ", ".join(f"{status} {number}" for status, number in all_.statuses.items() if number)
        _status_chart(self, first, len(self.front.statuses), self.widths[_STATUSES:],
                      f"Søjlediagram over alle enheders effektmål efter status. {said or 'Ingen effektmål'}.")

    def _rounds(self) -> None:
        if self.front.rounds:
            self._heading("Fordelt på år og runde")
            self._matrix(self.front.rounds, "Runde", "Enheder", [str(each.units) for each in self.front.rounds])

    def _units(self) -> None:
        if self.front.units:
            self._heading("Fordelt på enheder")
            self.header = self.row  # which is repeated on the pages after it, where the units go on
            self._matrix(self.front.units, "Enhed", "Runde", [each.when.capitalize() for each in self.front.units])
            self._note(self.front.units_note)

    def _matrix(self, lines: tuple[Numbers, ...], label: str, beside: str, notes: list[str]) -> None:
        """Write a line for each unit or round: the number with each status, and beside it how large a share it is."""
        row = self.next(39)
        head: Props = {"align": "center", "text_wrap": True, "font_size": 9, "bold": True, "left": 1, "right": 1,
                       "left_color": palette.WHITE, "right_color": palette.WHITE}
        bottom: Props = {"bold": True, "valign": "bottom", "align": "left"}
        self.text(row, _LABELS, _LABELS, label, _RULED, _QUIET, bottom, {"indent": 1})
        self.text(row, _NUMBERS, _SHARES, beside, _RULED, _QUIET, bottom)
        for at, status in enumerate(self.front.statuses, _STATUSES):
            fill, ink = palette.STATUS_COLOURS.get(status, (palette.PAPER, palette.INK))
            mark = palette.STATUS_MARKS.get(status, "")
            self.text(row, at, at, f"{mark}\n{status}".strip(), head, {"bg_color": fill, "font_color": ink})
        for at, text in ((self.last - 1, "I alt"), (self.last, "Kræver opmærksomhed")):
            self.text(row, at, at, text, head, {"bg_color": palette.MIST, "font_color": palette.NAVY})
        for line, note in zip((*lines, self.front.all), (*notes, ""), strict=True):
            self._matrix_row(line, note, line is self.front.all)

    def _matrix_row(self, line: Numbers, note: str, total: bool) -> None:
        look: Props = {**_RULED, **({"bold": True, "bg_color": palette.MIST} if total else {})}
        count = line.count
        name = line.label.value if isinstance(line.label.value, str) else ""
        row = self.next(height_of(min(lines_of(name, _NAME_WIDTH - 2), 3), padding=3))
        self.put(row, _LABELS, _LABELS, line.label, look, _WRAPPED, {"indent": 1})
        self.text(row, _NUMBERS, _SHARES, note, look, {"align": "left", "font_size": 9})
        for at, number in enumerate((count.statuses[status] for status in self.front.statuses), _STATUSES):
            self.put(row, at, at, Cell(float(number)), look, {
                "align": "center", "num_format": _with_share(number, count.total)})
        self.put(row, self.last - 1, self.last - 1, Cell(float(count.total)), look, {"align": "center", "bold": True,
                                                                                     "num_format": _COUNT})
        self.put(row, self.last, self.last, Cell(float(count.attention)), look, {
            "align": "center", "bold": True, "num_format": _with_share(count.attention, count.total)})

    def _missing(self) -> None:
        front = self.front
        self._heading(front.missing_title)
        half = (len(front.missing) + 1) // 2
        for pair in zip_longest(front.missing[:half], front.missing[half:]):
            row = self.next(_ROW)
            for first, name_last, last, each in ((_LABELS, _LABELS, self.middle - 1, pair[0]),
                                                 (self.middle, self.middle + 2, self.last, pair[1])):
                if each:
                    self.text(row, first, name_last, each[0], _RULED, {"bold": True, "indent": 1})
                    self.text(row, name_last + 1, last, each[1], _RULED)
        self._note(front.missing_note)

    def _spotlights(self) -> None:
        """Write the goals to look at first, each with a link to its row."""
        front = self.front
        self._heading("Det skal I se på først")
        why = self.middle + 2
        spans = ((_LABELS, _LABELS), (_NUMBERS, _SHARES), (_STATUSES, _STATUSES + 1), (_STATUSES + 2, _STATUSES + 2),
                 (_STATUSES + 3, why - 1), (why, self.last))
        if front.spotlights:
            row = self.next(_ROW)
            for (first, last), text in zip(spans, ("Enhed", "Status", "Runde", "Mål-id", "Mål", "Hvorfor"), strict=True):
                self.text(row, first, last, text, _QUIET, _RULED, {"bold": True, "indent": int(first in (_LABELS, why))})
        start = self.row
        for status, name, year, round_, id_, goal, reason in front.spotlights:
            cells = (name, status, Cell(f"{round_.value} {year.value}"), id_, goal, reason)
            lines = max(lines_of(str(cell.value or ""), self._span(first, last) - (2 if first in (_LABELS, why) else 0.5))
                        for cell, (first, last) in zip(cells, spans, strict=True))
            row = self.next(height_of(min(lines, 3), padding=3))
            for cell, (first, last) in zip(cells, spans, strict=True):
                self.put(row, first, last, cell, _RULED, _WRAPPED, {"indent": int(first in (_LABELS, why))})
        if front.spotlights:
            mark_texts(self.sheet, (start, _NUMBERS, self.row - 1, _NUMBERS), bare_styles())
        self._note(front.spotlights_note)

    def _served(self) -> None:
        front = self.front
        if not front.served:
            return
        self._heading(front.served_title)
        row = self.next(_ROW)
        spans = ((_LABELS, _LABELS), (_NUMBERS, _SHARES), (_STATUSES, _STATUSES), (_STATUSES + 1, _STATUSES + 2),
                 (_STATUSES + 3, self.last))
        headers = ("Krav", "Effektmål", "Opfyldt", "Enheder med mål", "Enheder uden mål for kravet")
        for (first, last), text in zip(spans, headers, strict=True):
            self.text(row, first, last, text, _QUIET, _RULED, {
                "bold": True, "indent": int(first == _LABELS), "align": "left"})
        for each in front.served:
            row = self.next(height_of(lines_of(each.without, self._span(*spans[-1]) - 2), padding=3))
            met = f"{each.met} ({_percent(each.met, each.goals)} %)" if each.goals else "–"
            cells = (Cell(each.name), Cell(float(each.goals)), Cell(met), Cell(f"{each.units} af {each.of}"),
                     Cell(each.without))
            for (first, last), cell in zip(spans, cells, strict=True):
                label = first == _LABELS
                self.put(row, first, last, cell, _RULED, _WRAPPED, {
                    "indent": int(label), "bold": label, "num_format": _COUNT})
        self._note(front.served_note)


def _percent(part: int, whole: int) -> int:
    return int(100 * part / whole + 0.5) if whole else 0


def _with_share(number: int, total: int) -> str:
    """Return a number format that shows a count with its share beside it, so that the cell still holds the count."""
    return f'#,##0" ({_percent(number, total)} %)"' if number else '"–"'


def _status_chart(page: Page, first: int, many: int, widths: Sequence[float], says: str) -> None:
    """Put in a bar for each status, named in words and with its number, so that it can be read without any colour.

    The statuses begin in the row ``first``; the chart lies over the columns with these widths.
    """
    chart = page.book.book.add_chart({"type": "bar"})
    chart.add_series({
        "name": "Effektmål", "categories": [OVERBLIK, first, _LABELS, first + many - 1, _LABELS],
        "values": [OVERBLIK, first, _NUMBERS, first + many - 1, _NUMBERS], "gap": 35,
        "fill": {"color": palette.CHART_FILLS[0]}, "border": {"none": True},
        "data_labels": {"value": True, "num_format": "#,##0;;", "font": {
            "name": palette.FONT, "size": 10, "bold": True, "color": palette.INK}}})
    font = {"name": palette.FONT, "size": 9, "color": palette.INK}
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": palette.LINE}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"none": True})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    width = sum(int(each * 7 + 5) for each in widths) - 2 * _CHART_INDENT + 4
    chart.set_size({"width": width, "height": int((many + 1) * _ROW * 4 / 3) - 2})
    must(page.sheet.raw.insert_chart(first - 1, _STATUSES, chart, {
        "object_position": 1, "x_offset": _CHART_INDENT, "y_offset": 1, "description": says[:250]}))
