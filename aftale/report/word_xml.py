"""Paragraphs, tables and the table of contents as Word's XML; what people wrote is text in it and never anything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aftale.model.text import tidy, without_controls
from aftale.report.model import TABLE_STYLE, Look, Para, Run, TableCell, TextTable

NAMES = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
         'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
         'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
         'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
         'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"')
"""What every element that stands alone must name."""
_KEPT_TOGETHER, _FEW_ROWS = 1_500, 15
"""A row, or a whole table, with more characters than this may go on over the page; so may a table of more rows."""
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_TEXT = '<w:t xml:space="preserve">{}</w:t>'
_RIGHT = '<w:jc w:val="right"/>'
_HEADER = '<w:cantSplit/><w:tblHeader/>'
_LOOK = ('<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1"'
         ' w:noVBand="1"/>')
_FIELD = ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
          ' TOC \\o "1-2" \\n \\h \\z \\u'
          ' </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>')
_FIELD_ENDS = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def plain(said: str) -> str:
    """Return a text without what a document can't hold."""
    return without_controls(tidy(said))


def escaped(said: str) -> str:
    """Return a text as it stands in XML."""
    return plain(said).translate(_ESCAPED)


def run_xml(run: Run) -> str:
    """Return a piece of text; its line breaks are Word's, and the spaces at its ends are kept."""
    ink = f'<w:color w:val="{run.ink.lstrip("#")}"/>' if run.ink else ""
    look = f"<w:rPr>{'<w:b/>' if run.bold else ''}{ink}</w:rPr>" if run.bold or ink else ""
    lines = without_controls(run.text.replace("\r\n", "\n").replace("\r", "\n")).translate(_ESCAPED).split("\n")
    return f"<w:r>{look}{'<w:br/>'.join(map(_TEXT.format, lines))}</w:r>"


def para_xml(para: Para, styles: Mapping[str, str], names: str = NAMES, how: tuple[str, str] = ("", "")) -> str:
    """Return a paragraph; ``styles`` are the template's ids of styles by their names, ``how`` what else is said of it."""
    style = f'<w:pStyle w:val="{styles[para.look]}"/>' if para.look in styles else ""
    look = f"<w:pPr>{style}{''.join(how)}</w:pPr>" if style or any(how) else ""
    return f"<w:p {names}>{look}{''.join(run_xml(run) for run in para.runs if run.text)}</w:p>"


def table_xml(table: TextTable, styles: Mapping[str, str], room: int) -> str:
    """Return a table that is ``room`` twips wide, its header row repeated on each page."""
    whole = sum(table.widths)
    widths = [int(room * width / whole) for width in table.widths]
    style = f'<w:tblStyle w:val="{styles[TABLE_STYLE]}"/>' if TABLE_STYLE in styles else ""
    head = tuple(TableCell((Para((Run(header),), Look.HEAD),)) for header in table.headers)
    lengths = [sum(len(run.text) for cell in row for para in cell.paras for run in para.runs) for row in table.rows]
    short = sum(lengths) <= _KEPT_TOGETHER and len(lengths) <= _FEW_ROWS
    rows = [_row(head, widths, table.right, styles, _HEADER, True)]
    for at, (row, length) in enumerate(zip(table.rows, lengths, strict=True), 1):
        how = "<w:cantSplit/>" if length <= _KEPT_TOGETHER else ""
        rows.append(_row(row, widths, table.right, styles, how, short and at < len(table.rows)))
    said = (f'<w:tblCaption w:val="{escaped(table.title)}"/><w:tblDescription w:val="{escaped(table.description)}"/>')
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (f'<w:tbl {NAMES}><w:tblPr>{style}<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f"{_LOOK}{said}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>")


def _row(cells: Sequence[TableCell], widths: Sequence[int], right: Sequence[int], styles: Mapping[str, str],
         how: str, with_next: bool) -> str:
    made, keep = [], "<w:keepNext/>" if with_next else ""
    for at, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill.lstrip("#")}"/>' if cell.fill else ""
        paras = "".join(para_xml(para, styles, "", (keep, _RIGHT if at in right else "")) for para in cell.paras)
        made.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>{paras}</w:tc>')
    return f"<w:tr>{f'<w:trPr>{how}</w:trPr>' if how else ''}{''.join(made)}</w:tr>"


def contents_xml(entries: Sequence[tuple[int, str, str]], styles: Mapping[str, str]) -> Iterator[str]:
    """Yield the paragraphs of the table of contents: a field of Word's own, filled in with links to the headings.

    Each entry is the level of a heading, its text and its bookmark. Without the numbers of pages, which only the program
    that lays the pages out knows, it is right as soon as it is opened.
    """
    for at, (level, said, name) in enumerate(entries):
        style = styles.get((Look.CONTENTS_1, Look.CONTENTS_2)[level - 1], "")
        look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        link = f'<w:hyperlink w:anchor="{name}" w:history="1">{run_xml(Run(said))}</w:hyperlink>'
        yield f"<w:p {NAMES}>{look}{'' if at else _FIELD}{link}{_FIELD_ENDS if at == len(entries) - 1 else ''}</w:p>"
