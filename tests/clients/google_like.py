"""Turn a filled skema into what Google Sheets exports: the values are all there, and nearly nothing else is.

No properties, no defined names, no tables, no protection, no column or row sizes; the strings and the styles are new
and in another order, dates have a style of its own making, and every number is written with a decimal.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_STYLES = {"@": 1, "0 %": 2, "date": 3, "": 0}
_STYLES_XML = f"""{_HEAD}<styleSheet {_MAIN}>
<numFmts count="1"><numFmt numFmtId="164" formatCode="d-m-yyyy"/></numFmts>
<fonts count="1"><font><sz val="10.0"/><color rgb="FF000000"/><name val="Arial"/><scheme val="minor"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="lightGray"/></fill></fills>
<borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf borderId="0" fillId="0" fontId="0" numFmtId="0" applyAlignment="1" applyFont="1"/></cellStyleXfs>
<cellXfs count="4"><xf borderId="0" fillId="0" fontId="0" numFmtId="0" xfId="0"/>
<xf borderId="0" fillId="0" fontId="0" numFmtId="49" xfId="0" applyNumberFormat="1"/>
<xf borderId="0" fillId="0" fontId="0" numFmtId="9" xfId="0" applyNumberFormat="1"/>
<xf borderId="0" fillId="0" fontId="0" numFmtId="164" xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle xfId="0" name="Normal" builtinId="0"/></cellStyles><dxfs count="0"/></styleSheet>"""


def google_like(data: bytes) -> bytes:
    """Return the workbook as Google Sheets would export it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    texts = sorted({cell.value for sheet in book for row in sheet.iter_rows() for cell in row
                    if isinstance(cell.value, str)}, reverse=True)
    order = {text: number for number, text in enumerate(texts)}
    parts = {f"xl/worksheets/sheet{number}.xml": _sheet(sheet, order) for number, sheet in enumerate(book, 1)}
    parts["xl/workbook.xml"] = f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}"><workbookPr/><sheets>' + "".join(
        f'<sheet state="{sheet.sheet_state}" name={quoteattr(sheet.title)}'
        f' sheetId="{number}" r:id="rId{number + 3}"/>' for number, sheet in enumerate(book, 1)
    ) + "</sheets><definedNames/><calcPr/></workbook>"
    parts["xl/sharedStrings.xml"] = f'{_HEAD}<sst {_MAIN} count="{len(texts)}" uniqueCount="{len(texts)}">' + "".join(
        f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts) + "</sst>"
    parts["xl/styles.xml"] = _STYLES_XML
    parts |= _around(len(book.sheetnames))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, xml in parts.items():
            package.writestr(name, xml)
    return out.getvalue()


def _sheet(sheet: Any, order: dict[str, int]) -> str:
    rows = "".join(f'<row r="{row[0].row}">{"".join(_cell(cell, order) for cell in row)}</row>' for row in sheet.iter_rows())
    return (f'{_HEAD}<worksheet {_MAIN}><sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr><sheetViews>'
            '<sheetView workbookViewId="0"/></sheetViews><sheetFormatPr customHeight="1" defaultColWidth="12.63"'
            f' defaultRowHeight="15.75"/><sheetData>{rows}</sheetData></worksheet>')


def _cell(cell: Any, order: dict[str, int]) -> str:
    value = cell.value
    if value is None:
        return f'<c r="{cell.coordinate}" s="1"/>' if cell.has_style else ""
    if isinstance(value, str):
        return f'<c r="{cell.coordinate}" s="{_STYLES["@"]}" t="s"><v>{order[value]}</v></c>'
    if isinstance(value, date):
        days = float((datetime(value.year, value.month, value.day) - datetime(1899, 12, 30)).days)
        return f'<c r="{cell.coordinate}" s="{_STYLES["date"]}"><v>{days}</v></c>'
    style = _STYLES["0 %" if "%" in cell.number_format else ""]
    return f'<c r="{cell.coordinate}" s="{style}"><v>{float(value)}</v></c>'


def _around(sheets: int) -> dict[str, str]:
    """Return the content types and the relationships."""
    overrides = {"/xl/workbook.xml": f"{_TYPES}.sheet.main+xml", "/xl/styles.xml": f"{_TYPES}.styles+xml",
                 "/xl/sharedStrings.xml": f"{_TYPES}.sharedStrings+xml",
                 **{f"/xl/worksheets/sheet{n}.xml": f"{_TYPES}.worksheet+xml" for n in range(1, sheets + 1)}}
    types = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    related = [("rId1", "styles", "styles.xml"), ("rId2", "sharedStrings", "sharedStrings.xml"),
               *((f"rId{n + 3}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, sheets + 1))]
    inner = "".join(f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in related)
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default ContentType="application/xml"'
                               ' Extension="xml"/><Default ContentType="application/vnd.openxmlformats-package'
                               f'.relationships+xml" Extension="rels"/>{types}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
                       f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>',
    }
