"""The figure of a report: the bar of ``Overblik`` as a chart of its own, with the little workbook that it is drawn from."""

from __future__ import annotations

import io
import re
from typing import NamedTuple

import xlsxwriter

from aftale.followup.draw_front_xlsx import status_bar
from aftale.office.package import Parts, reproducible
from aftale.office.palette import FONT, INK
from aftale.report.model import Figure

_SHEET = "Data"
_VALUE = b'<c:showVal val="1"/>'
_ALL_LABELS = (b'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
               b'<c:showPercent val="0"/><c:showBubbleSize val="0"/>')
"""What Word shows beside a bar unless it is told not to."""
WORKBOOK_ID = "rId1"
"""What the chart calls its workbook."""


class DrawnFigure(NamedTuple):
    """A chart's part, and the workbook that it is embedded with."""

    chart: bytes
    workbook: bytes


def draw_figure(figure: Figure) -> DrawnFigure:
    """Draw a figure; the same figure always gives the same bytes. What has no number in any bar isn't drawn."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(_SHEET)
    sheet.write_row(0, 1, figure.labels)
    shown = [(status, numbers) for status, numbers in figure.series if any(numbers)]
    for row, (status, numbers) in enumerate(shown, 1):
        sheet.write_string(row, 0, status)
        sheet.write_row(row, 1, numbers)
    most = max((sum(numbers[at] for _, numbers in shown) for at in range(len(figure.labels))), default=0)
    lines = [(status, row) for row, (status, _) in enumerate(shown, 1)]
    chart = status_bar(book, _SHEET, lines or [("", 1)], (0, 0), (1, len(figure.labels)), most)
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": 9, "color": INK}})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    sheet.insert_chart(len(shown) + 2, 0, chart)
    book.close()
    data = reproducible(out.getvalue())
    return DrawnFigure(_standing_alone(Parts(data).read("xl/charts/chart1.xml")), data)


def _standing_alone(xml: bytes) -> bytes:
    """Return a chart as a document other than a workbook holds it: with a link to its workbook, and no page of its own."""
    xml = re.sub(rb"<c:printSettings>.*?</c:printSettings>", b"", xml, flags=re.DOTALL)
    xml = re.sub(rb"(<c:lang [^>]*/>)", rb'\1<c:roundedCorners val="0"/>', xml.replace(b'"en-US"', b'"da-DK"'))
    xml = xml.replace(_VALUE, _ALL_LABELS)
    own = f'<c:externalData r:id="{WORKBOOK_ID}"><c:autoUpdate val="0"/></c:externalData>'.encode()
    return xml.replace(b"</c:chartSpace>", own + b"</c:chartSpace>")
