"""Build ``rapport_skabelon.docx``, the document that every report is made from: the same bytes every time.

    python templates/byg_rapport_skabelon.py [--ud FIL]

Staff restyle the result in Word as they like; this script only shows a reviewer what is in the one that is shipped.
"""

from __future__ import annotations

import argparse
import io
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # runs from a fresh clone too

from aftale.office.package import EPOCH, reproducible
from aftale.office.palette import FONT, INK, LINE, MUTED, NAVY, WHITE
from aftale.report.model import TABLE_STYLE, Look

OUTPUT = Path(__file__).resolve().with_name("rapport_skabelon.docx")
LANGUAGE = "da-DK"
TEXTS = (
    ("[[Titel]]", "Title"), ("[[Undertitel]]", "Subtitle"), ("[[Hovedbudskab]]", "Aftale Hovedbudskab"),
    ("[[Bevægelse]]", "Normal"), ("[[Statusfigur]]", "Normal"),
    ("Det kræver opmærksomhed", "Heading 1"), ("[[Opmærksomhed]]", "Normal"),
    ("Samlet vurdering", "Heading 1"), ("[[Vurdering]]", "Normal"),
    ("Indhold", "TOC Heading"), ("[[Indhold]]", "Normal"),
    ("Status i tal", "Heading 1"), ("[[Statustabel]]", "Normal"),
    ("[[Fordeling]]", "Normal"),
    ("Krav og politikker", "Heading 2"), ("[[Krav og politikker]]", "Normal"),
    ("Målene", "Heading 1"), ("[[Mål]]", "Normal"),
    ("Dialogen med forvaltningen", "Heading 1"), ("[[Dialog]]", "Normal"),
    ("Om tallene", "Heading 1"), ("[[Kilder]]", "Normal"), ("", "Normal"))
"""The paragraphs on pages that stand, each with its style; the last is where the pages that lie begin."""
LYING = (("Udviklingsplanen", "Heading 1"), ("[[Udviklingsplan]]", "Normal"),
         ("Bilag: alle mål", "Heading 1"), ("[[Bilag]]", "Normal"))
HEADINGS = {"Title": (26, 0, 2), "Subtitle": (13, 0, 12), "Heading 1": (16, 18, 6), "Heading 2": (13, 14, 4),
            "Heading 3": (11.5, 8, 2), "TOC Heading": (13, 14, 4)}
"""Size, and space above and below, in points."""
OWN = {"Aftale Hovedbudskab": (15, True, NAVY, 6), Look.CELL: (10, False, INK, 0), Look.SMALL: (9, False, MUTED, 0),
       Look.HEAD: (9.5, True, WHITE, 0), Look.STATUS: (10, True, INK, 0), Look.SPEECH: (10.5, False, INK, 4),
       Look.NOTE: (9, False, MUTED, 8)}
"""Size, bold, colour and space below of the styles that are ours alone."""


def build() -> bytes:
    """Return the template."""
    document = docx.Document()
    for element in list(document.element.body):
        if element.tag != qn("w:sectPr"):
            document.element.body.remove(element)
    unused_left_out(document)
    settings(document)
    styles(document)
    pages(document)
    core = document.core_properties
    core.title, core.author, core.comments, core.language, core.last_modified_by = "Rapport", "", "", LANGUAGE, ""
    core.keywords, core.revision = "", 1
    out = io.BytesIO()
    document.save(out)
    return reproducible(out.getvalue(), EPOCH, compress=False)  # so that the version of zlib is nothing


def unused_left_out(document: Any) -> None:
    """Take out what the library's own document has that no report uses: a picture of it, and a hundred table styles."""
    for holder in (document.part, document.part.package):
        for name, related in list(holder.rels.items()):
            if related.reltype.rpartition("/")[2] in ("thumbnail", "stylesWithEffects", "customXml"):
                del holder.rels[name]
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.style_id != "TableNormal":
            style.delete()


def settings(document: Any) -> None:
    """Make the document Danish, and one of the Word that staff have."""
    own = document.settings.element
    own.find(qn("w:zoom")).attrib.clear()
    own.find(qn("w:zoom")).set(qn("w:percent"), "100")
    for name in ("w:val", "w:eastAsia"):
        own.find(qn("w:themeFontLang")).set(qn(name), LANGUAGE)
    for name, value in (("w:decimalSymbol", ","), ("w:listSeparator", ";"), ("w:compat/w:compatSetting", "15")):
        own.find(name, own.nsmap).set(qn("w:val"), value)
    own.remove(own.find(qn("w:rsids")))


def colour(hexadecimal: str) -> Any:
    """Return a colour as python-docx has it."""
    return RGBColor.from_string(hexadecimal.lstrip("#"))


def written_in(style: Any, size: float, bold: bool, ink: str) -> None:
    """Give a style its font, whatever theme it had."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
    style.font.color.rgb = colour(ink)
    fonts = style.element.rPr.rFonts
    for name in [name for name in fonts.attrib if "Theme" in name]:
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    for spaced in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spaced)


def styles(document: Any) -> None:
    """Make the styles that the report uses."""
    known = document.styles
    for element in known.element.iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia"):
            element.set(qn(name), LANGUAGE)
    normal = known["Normal"]
    written_in(normal, 11, False, INK)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.1
    for name, (size, above, below) in HEADINGS.items():
        style = known[name]
        written_in(style, size, name != "Subtitle", MUTED if name == "Subtitle" else NAVY)
        spaced(style, above, below)
        style.paragraph_format.keep_with_next = True
        for border in style.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)
    for name, (size, bold, ink, below) in OWN.items():
        style = known.add_style(str(name), WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = normal, True
        written_in(style, size, bold, ink)
        spaced(style, 0, below)
        style.paragraph_format.line_spacing = 1.15 if "Hoved" in name and "Tabel" not in name else 1.0
    known[Look.HEAD].paragraph_format.keep_with_next = True
    speech(known[Look.SPEECH])
    for level, name in ((1, Look.CONTENTS_1), (2, Look.CONTENTS_2)):
        style = known.add_style(str(name), WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.base_style = normal
        written_in(style, 11 if level == 1 else 10, level == 1, INK)
        spaced(style, 3 if level == 1 else 0, 0)
        style.paragraph_format.left_indent = Cm(0.6 * (level - 1))
    known.element.append(parse_xml(table_style()))
    foot = known["Footer"]
    written_in(foot, 9, False, MUTED)


def spaced(style: Any, above: float, below: float) -> None:
    """Set the space above and below a paragraph."""
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(below)


def speech(style: Any) -> None:
    """Mark what somebody said with a line to its left."""
    style.paragraph_format.left_indent = Cm(0.6)
    line = LINE.lstrip("#")
    style.element.pPr.insert_element_before(parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8" w:color="{line}"/></w:pBdr>'),
        "w:shd", "w:tabs", "w:spacing", "w:ind")


def table_style() -> str:
    """Return the style of the report's tables: a navy header, thin lines, and room in the cells."""
    navy, line = NAVY.lstrip("#"), LINE.lstrip("#")
    around = "".join(f'<w:{side} w:val="single" w:sz="8" w:space="0" w:color="{navy}"/>' for side in ("top", "bottom"))
    room = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in (
        ("top", 60), ("left", 90), ("bottom", 60), ("right", 90)))
    return (
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="AftaleTabel"><w:name w:val="{TABLE_STYLE}"/>'
        f'<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:tblPr><w:tblBorders>{around}'
        f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{line}"/></w:tblBorders>'
        f'<w:tblCellMar>{room}</w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="FFFFFF"/></w:rPr><w:tcPr>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{navy}"/></w:tcPr></w:tblStylePr></w:style>')


def pages(document: Any) -> None:
    """Put in the paragraphs, the pages that stand and those that lie, and the footer."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin, section.footer_distance = Cm(2.2), Cm(2), Cm(1)
    footer(section)
    for said, style in (*TEXTS, *LYING):
        document.add_paragraph(said, style)
    standing = deepcopy(section._sectPr)
    end = document.paragraphs[len(TEXTS) - 1]
    end._p.get_or_add_pPr().append(standing)
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section._sectPr.find(qn("w:pgSz")).set(qn("w:orient"), "landscape")
    section.left_margin = section.right_margin = Cm(1.6)


def footer(section: Any) -> None:
    """Write whose report it is and the number of the page under each page."""
    paragraph = section.footer.paragraphs[0]
    paragraph.style = "Footer"
    paragraph.add_run("[[Enhed]] · [[Runde]] · Side ")
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()._r
        piece = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            piece.set(qn("w:fldCharType"), kind)
        else:
            piece.text = "PAGE"
        run.append(piece)


def main() -> None:
    """Write the template where it is asked for."""
    parser = argparse.ArgumentParser(description="Byg rapportens skabelon.")
    parser.add_argument("--ud", type=Path, default=OUTPUT, metavar="FIL")
    out = parser.parse_args().ud
    out.write_bytes(build())
    print(f"Gemt: {out}")


if __name__ == "__main__":
    main()
