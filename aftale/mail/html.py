"""Setting a mail as HTML that reads well in Outlook, on a phone and in dark mode: tables, inline styles, no picture.

Text takes its colour from the mail program, so that dark mode can change it; a coloured cell names both its
colours. Outlook knows neither ``max-width`` nor lists without room around them, and shows a plain mail all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from aftale.model.mail import Bullets, Link, Paragraph, Part, StatusTable, Written
from aftale.model.text import danish_number
from aftale.office.palette import LINE, STATUS_COLOURS, STATUS_MARKS

_FONT = "font-family:Calibri,'Segoe UI',Arial,sans-serif;font-size:15px;line-height:1.5"
_CELL = f"padding:5px 12px;border-bottom:1px solid {LINE}"
_NUMBER = f"{_CELL};text-align:right;white-space:nowrap"
_HEADING = 50
"""A line before a list that ends in ``:`` and is no longer than this is set as its heading."""
_TABLE = "border-collapse:collapse;margin:0 0 16px 0"


def html(written: Written) -> str:
    """Set a mail as one HTML page."""
    after = (*written.parts[1:], None)
    body = "\n".join(line for part, then in zip(written.parts, after, strict=True) for line in _part(part, then))
    return (
        '<!DOCTYPE html>\n<html lang="da">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n'
        f"<title>{escape(written.subject)}</title>\n</head>\n"
        f'<body style="margin:0;padding:16px;{_FONT}">\n<div style="max-width:640px;overflow-wrap:anywhere">\n'
        f"{body}\n</div>\n</body>\n</html>\n")


def _part(part: Part, then: Part | None) -> Iterator[str]:
    if isinstance(part, Paragraph):
        lines = "<br>\n".join(escape(line, quote=False) for line in part.lines)
        if isinstance(then, Bullets | Link) and lines.endswith(":") and len(lines) <= _HEADING:
            yield f'<p style="margin:0 0 6px 0;{_FONT}"><b>{lines}</b></p>'
        else:
            yield f'<p style="margin:0 0 16px 0;{_FONT}">{lines}</p>'
    elif isinstance(part, StatusTable):
        yield from _table(part)
    elif isinstance(part, Link):
        place, how = escape(part.place, quote=False), escape(part.how, quote=False)
        yield f'<p style="margin:0 0 16px 0;{_FONT}"><a href="{escape(part.href)}">{place}</a><br>\n{how}</p>'
    else:
        yield from _list(part)


def _list(part: Bullets) -> Iterator[str]:
    name = "ol" if part.numbered else "ul"
    yield f'<{name} style="margin:0 0 16px 0;padding-left:24px;{_FONT}">'
    for text, below in part.points:
        said = escape(text, quote=False)
        lines = [escape(line, quote=False) for line in below.split("\n")]
        if part.grouped and below:
            said = f"<b>{said}</b>{_inner(lines)}"
        elif below:
            said = "<br>".join((f"<b>{said}</b>", *lines))
        yield f'<li style="margin:0 0 8px 0">{said}</li>'
    yield f"</{name}>"


def _inner(lines: Sequence[str]) -> str:
    points = "".join(f'<li style="margin:0 0 4px 0">{line}</li>' for line in lines)
    return f'<ul style="margin:4px 0 0 0;padding-left:20px;{_FONT}">{points}</ul>'


def _table(part: StatusTable) -> Iterator[str]:
    # Outlook passes no font on to a table's cells.
    yield f'<table cellpadding="0" cellspacing="0" border="0" style="{_TABLE};{_FONT}">'
    yield (f'<tr><th scope="col" align="left" style="{_CELL};{_FONT}">Status</th>'
           f'<th scope="col" align="right" style="{_NUMBER};{_FONT}">Effektmål</th>'
           f'<th scope="col" align="right" style="{_NUMBER};{_FONT}">Andel</th></tr>')
    for status, number in part.rows:
        fill, ink = STATUS_COLOURS[status]
        mark = f"{STATUS_MARKS[status]}&nbsp; " if status in STATUS_MARKS else ""
        share = f"{danish_number(100 * number / part.total, 0)} %" if part.total else ""
        yield (f'<tr><td bgcolor="{fill}" style="{_CELL};background-color:{fill};color:{ink};{_FONT}">'
               f"{mark}{escape(status)}</td>"
               f'<td align="right" style="{_NUMBER};{_FONT}">{danish_number(number)}</td>'
               f'<td align="right" style="{_NUMBER};{_FONT}">{share}</td></tr>')
    yield (f'<tr><td style="{_CELL};{_FONT}"><b>I alt</b></td>'
           f'<td align="right" style="{_NUMBER};{_FONT}"><b>{danish_number(part.total)}</b></td>'
           f'<td style="{_CELL}"></td></tr>')
    yield "</table>"
