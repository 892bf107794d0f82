"""Draw ``Udvikling``: a sentence, a native chart of the years, and a table with a row for each unit."""

from __future__ import annotations

from dataclasses import replace

from aftale.followup.draw_formats_xlsx import data_bar
from aftale.model.agreement import Value
from aftale.model.tables import Cell
from aftale.model.text import canonical, without_controls
from aftale.office import palette
from aftale.office.draw_base import Book, Page, Props, height_of, lines_of, must
from aftale.units.model import DEVELOPMENT, DevelopmentSheet

_LABELS, _YEARS = 1, 2
_LABEL_WIDTH, _YEAR_WIDTH, _CHANGE_WIDTH, _LEAST_WIDTH = 36.0, 14.0, 16.0, 92.0
_ROW, _CHART_ROWS = 15.0, 16
_MOST_ON_A_PAGE = 45
"""So many units can be read on one page of A4."""
_BAND: Props = {"bg_color": palette.NAVY, "font_color": palette.WHITE, "indent": 1}
_RULED: Props = {"bottom": 1, "bottom_color": palette.LINE}
_WRAPPED: Props = {"text_wrap": True, "align": "left"}
_HEAD: Props = {"bold": True, "font_color": palette.WHITE, "bg_color": palette.NAVY, "text_wrap": True, "valign": "vcenter"}
_BAR = "#A9CDEB"
_LINES = ((palette.CHART_FILLS[1], "solid", "square"), (palette.CHART_FILLS[2], "dash", "triangle"),
          ("#6B46C1", "round_dot", "diamond"), ("#B3001B", "long_dash", "x"), (palette.MUTED, "dash_dot", "circle"),
          ("#7A4B00", "square_dot", "plus"))
"""How the lines of a chart look: each by its colour, its dashes and its marks."""


def _plain(label: Value) -> str:
    """Return a label as a chart can hold it too: there nobody escapes control characters, or a text that looks like XML."""
    return without_controls(canonical(label)).replace("<r>", "< r>")


def draw_development(book: Book, sheet: DevelopmentSheet) -> None:
    """Draw the sheet on one page of A4, or on as many as the units need."""
    _Development(book, sheet).draw()


class _Development(Page):
    def __init__(self, book: Book, content: DevelopmentSheet) -> None:
        super().__init__(book, DEVELOPMENT, palette.NAVY)
        self.content = content
        self.last = _YEARS + len(content.years)
        wide = _LABEL_WIDTH + len(content.years) * _YEAR_WIDTH + _CHANGE_WIDTH
        labels = _LABEL_WIDTH + max(_LEAST_WIDTH - wide, 0.0)
        self.widths = (1.0, labels, *([_YEAR_WIDTH] * len(content.years)), _CHANGE_WIDTH)

    def draw(self) -> None:
        """Draw the sentence, the numbers in all, the chart, the units and the notes."""
        for column, width in enumerate(self.widths):
            self.sheet.width(column, width)
        content = self.content
        self.text(self.next(30), _LABELS, self.last, content.title, _BAND, {"font_size": 18, "bold": True})
        self.next(5)
        self._lines(content.sentence, 13, {"bold": True, "font_color": palette.NAVY, "bg_color": palette.MIST}, 12)
        self.next(8)
        totals = self._totals()
        chart = self.row
        for _ in range(_CHART_ROWS):
            self.next(_ROW)
        units = self._units()
        self._chart(chart, totals, units)
        self.next(6)
        for note in content.notes:
            self._lines(note, 9, {"font_color": palette.MUTED, "italic": True}, 3)
        self._page(units)

    def _lines(self, text: str, size: int, look: Props, padding: float) -> None:
        """Write a text over the whole width, in as many lines as it needs."""
        lines = lines_of(text, sum(self.widths[_LABELS:]) - 3, size, bold=bool(look.get("bold")))
        self.text(self.next(height_of(lines, size, padding)), _LABELS, self.last, text, look, _WRAPPED,
                  {"font_size": size, "indent": 1})

    def _totals(self) -> int:
        """Write the numbers in all, which the chart shows; returns the row of their header."""
        head = self.next(18)
        for column, text in enumerate(("Andel opfyldt", *self.content.years, self.content.change), _LABELS):
            self.text(head, column, column, text, _RULED, {
                "bold": True, "font_color": palette.MUTED, "align": "left" if column == _LABELS else "center",
                "indent": int(column == _LABELS)})
        for row in self.content.totals:
            self._row(row, {"bold": row is self.content.totals[0]})
        return head

    def _units(self) -> int:
        """Write the table of the units; returns the row of its header."""
        content, style = self.content, self.book.style
        head = self.next(20)
        for row in content.units:
            self._row(row, {})
        columns = ("Enhed", *content.years, content.change)
        must(self.sheet.raw.add_table(head, _LABELS, self.row - 1, self.last, {
            "name": DEVELOPMENT, "style": None, "columns": [
                {"header": text, "header_format": style(_HEAD, {"align": "left" if at == 0 else "center",
                                                                "indent": int(at == 0)})}
                for at, text in enumerate(columns)]}))
        self.sheet.rule((head + 1, _YEARS, self.row - 1, self.last - 1), data_bar(1, _BAR))
        return head

    def _row(self, cells: tuple[Cell, ...], look: Props) -> None:
        label = _plain(cells[0].value)
        row = self.next(height_of(lines_of(label, self.widths[_LABELS] - 2, bold=bool(look)), padding=3))
        self.put(row, _LABELS, _LABELS, replace(cells[0], value=label), _RULED, _WRAPPED, look, {"indent": 1})
        for column, cell in enumerate(cells[1:], _YEARS):
            self.put(row, column, column, Cell(cell.value), _RULED, look, {
                "align": "center", "num_format": cell.number or "0"})

    def _chart(self, at: int, totals: int, units: int) -> None:
        """Put in a column for each year, and a line for each unit where they are few; each line has marks of its own."""
        chart, lines = self.book.book.add_chart({"type": "column"}), self.book.book.add_chart({"type": "line"})
        font = {"name": palette.FONT, "size": 10, "color": palette.INK}
        labels = {"value": True, "num_format": "0 %", "position": "inside_base", "font": {**font, "bold": True}}
        chart.add_series({**self._series(totals, totals + 1), "gap": 80, "fill": {"color": _BAR},
                          "border": {"color": palette.NAVY, "width": 1}, "data_labels": labels})
        same = [totals + 2] if self.content.same else []
        rows = [*same, *(range(units + 1, units + 1 + len(self.content.units)) if self.content.lines else ())]
        for row, (colour, dash, mark) in zip(rows, _LINES, strict=False):
            look = {"border": {"color": colour}, "fill": {"color": colour}}
            lines.add_series({**self._series(totals, row), "line": {"color": colour, "width": 2, "dash_type": dash},
                              "marker": {"type": mark, "size": 7, **look}})
        if rows:
            chart.combine(lines)
        chart.set_y_axis({"min": 0, "max": 1, "major_unit": 0.25, "num_format": "0 %", "num_font": font,
                          "line": {"none": True}, "major_gridlines": {"visible": True, "line": {"color": palette.LINE}}})
        chart.set_x_axis({"num_font": {**font, "bold": True}, "line": {"color": palette.MUTED}, "major_tick_mark": "none"})
        chart.set_legend({"position": "bottom", "font": font} if rows else {"none": True})
        chart.set_title({"none": True})
        chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
        chart.set_size({"width": sum(int(each * 7 + 5) for each in self.widths[_LABELS:]) - 8,
                        "height": int(_CHART_ROWS * _ROW * 4 / 3) - 12})
        must(self.sheet.raw.insert_chart(at, _LABELS, chart, {
            "object_position": 1, "x_offset": 4, "y_offset": 6, "description": self.content.says[:250]}))

    def _series(self, head: int, row: int) -> dict[str, object]:
        """Return where a series has its name, its years and its shares."""
        last = self.last - 1
        return {"name": [DEVELOPMENT, row, _LABELS], "categories": [DEVELOPMENT, head, _YEARS, head, last],
                "values": [DEVELOPMENT, row, _YEARS, row, last]}

    def _page(self, header: int) -> None:
        raw, many = self.sheet.raw, len(self.content.units) > _MOST_ON_A_PAGE
        raw.hide_gridlines(2)
        self.sheet.page(self.row - 1, self.last, header if many else None)
        if not many:
            raw.fit_to_pages(1, 1)
        raw.set_portrait()
        raw.set_margins(left=0.35, right=0.35, top=0.35, bottom=0.5)
        raw.center_horizontally()
