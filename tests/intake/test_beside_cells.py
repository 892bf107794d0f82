"""What stands on a sheet and is no cell: seen in every format, and nothing but what somebody put there."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import openpyxl
import pytest
from layouts import OFFICE
from test_details import NAMES, TEXT, binary_workbook, record, row, wide
from test_details import document as ods_document

from aftale.intake import ods_details, xls_records
from aftale.intake.beside_cells import CONTROL, OBJECT, alternative_text, hidden_links, page_texts
from aftale.intake.read import read_bytes
from aftale.model.workbook import Workbook, WorkbookSheet
from aftale.office.package import read_parts, write_parts

SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SPACE = "http://schemas.openxmlformats.org/drawingml/2006"
SPACES = (f'xmlns:x="{SPACE}/spreadsheetDrawing" xmlns:a="{SPACE}/main" xmlns:c="{SPACE}/chart" xmlns:r="{OFFICE}" '
          f'xmlns:d="{SPACE}/diagram" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"')


def _empty() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.cell(1, 1, "Mål-id")  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


EMPTY = read_parts(_empty())


@dataclass(frozen=True)
class Thing:
    """Something on a sheet of an .xlsx: what stands behind the cells, and the parts it leads to by the kind of relation."""

    behind: str = ""
    related: Mapping[str, tuple[str, str]] = ()  # type: ignore[assignment]
    more: Mapping[str, str] = ()  # type: ignore[assignment]


def with_thing(thing: Thing) -> WorkbookSheet:
    related = dict(thing.related)
    relations = "".join(f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{name}"'
                        f'{" TargetMode=" + chr(34) + "External" + chr(34) if kind == "hyperlink" else ""}/>'
                        for number, (kind, (name, _)) in enumerate(related.items(), 1))
    parts = {**EMPTY, **{name.lstrip("/"): text.encode() for kind, (name, text) in related.items() if kind != "hyperlink"},
             **{name: text.encode() for name, text in dict(thing.more).items()},
             "xl/worksheets/_rels/sheet1.xml.rels":
                 f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>'.encode(),
             SHEET: EMPTY[SHEET].replace(b"</sheetData>", f"</sheetData>{thing.behind}".encode())}
    book = read_bytes(write_parts(parts), "svar.xlsx", returned=True)
    assert isinstance(book, Workbook)
    return book.sheets[0]


def drawn(inside: str, **more: str) -> Thing:
    """Return a drawing, with what it refers to as rId1."""
    rels = "".join(f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="/xl/x.xml"/>' for kind in more)
    return Thing("", {"drawing": ("/xl/drawings/d.xml", f"<x:wsDr {SPACES}>{inside}</x:wsDr>")}, {
        "xl/drawings/_rels/d.xml.rels": f'<Relationships xmlns="{RELATIONS}">{rels}</Relationships>',
        "xl/x.xml": next(iter(more.values()), "")})


def words(text: str) -> str:
    return f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"


def old(kind: str, inside: str = "") -> Thing:
    shape = f'<v:shapetype id="t201"/><v:shape id="s1025">{inside}<x:ClientData ObjectType="{kind}"/></v:shape>'
    return Thing("", {"vmlDrawing": ("/xl/drawings/v.vml", f'<xml xmlns:v="v" xmlns:x="x">{shape}</xml>')})


LABEL = "<v:textbox style='a'><div style='b'><font face='c'>Vi er &amp; bliver<br>færdige</font></div></v:textbox>"
TICKED_YES = "<v:textbox><div>Ja</div></v:textbox><x:Checked>1</x:Checked>"
PICTURE = '<x:oneCellAnchor><x:pic><x:nvPicPr><x:cNvPr id="2" name="Billede 1" descr="{}"/></x:nvPicPr></x:pic>' \
          "</x:oneCellAnchor>"
CHART = f'<c:chartSpace {SPACES}><c:chart><c:title><c:tx><c:rich>{words("Antal besøg")}</c:rich></c:tx></c:title><c:ser>' \
        "<c:v>7</c:v></c:ser></c:chart><c:txPr><a:p><a:r><a:t>None</a:t></a:r></a:p></c:txPr></c:chartSpace>"
CAPTION = '<ax:ocx><ax:ocxPr ax:name="Caption" ax:value="S&amp;L"/></ax:ocx>'
FRAME = '<x:graphicFrame><a:graphicData><{} r:{}="rId1"/></a:graphicData></x:graphicFrame>'

THINGS: dict[str, tuple[Thing, tuple[str, ...]]] = {
    "a text box": (drawn(f"<x:sp><x:txBody>{words('Husk')}{words('moms')}</x:txBody></x:sp>"), ("Husk\nmoms",)),
    "a text box in a group": (drawn(f"<x:grpSp><x:sp><x:txBody>{words('Husk')}</x:txBody></x:sp></x:grpSp>"), ("Husk",)),
    "a picture that is told about": (drawn(PICTURE.format("Grafen falder")), ("Grafen falder",)),
    "a picture that a program tells about": (
        drawn(PICTURE.format("Et billede, der indeholder tekst&#10;&#10;Automatisk genereret beskrivelse")), ("",)),
    "a picture called by its file": (drawn(PICTURE.format("C:\\billeder\\logo.PNG")), ("",)),
    "a chart with a title": (drawn(FRAME.format("c:chart", "id"), chart=CHART), ("Antal besøg",)),
    "a chart without one": (drawn(FRAME.format("c:chart", "id"), chart="<a/>"), ("",)),
    "a damaged chart": (drawn(FRAME.format("c:chart", "id"), chart="<a>"), ("",)),
    "SmartArt": (drawn(FRAME.format("d:relIds", "dm"), diagramData=f"<d:dataModel {SPACES}><d:ptLst><d:pt><d:t>"
                       f"{words('Trin 1')}</d:t></d:pt><d:pt><d:t>{words('Trin 2')}</d:t></d:pt></d:ptLst></d:dataModel>"),
                 ("Trin 1\nTrin 2",)),
    "what a program says to older ones": (
        drawn(f"<mc:AlternateContent><mc:Choice>{FRAME.format('c:chart', 'id')}</mc:Choice><mc:Fallback><x:sp><x:txBody>"
              f"{words('This chart isn’t available')}</x:txBody></x:sp></mc:Fallback></mc:AlternateContent>",
              chart="<a/>"), ("",)),
    "a label": (old("Label", LABEL), ("Vi er & bliver\nfærdige",)),
    "a tick box with a tick": (old("Checkbox", TICKED_YES), ("Ja (afkrydset)",)),
    "a tick box without one": (old("Checkbox", LABEL), ("Vi er & bliver\nfærdige",)),
    "a list without words": (old("Drop"), (CONTROL,)),
    "an old text box": (old("Shape", LABEL), ("Vi er & bliver\nfærdige",)),
    "a note's own shape": (old("Note", LABEL), ()),
    "an embedded file": (Thing("", {"oleObject": ("/xl/embeddings/o.bin", "x"), **old("Pict", "<v:imagedata/>").related}),
                         (OBJECT,)),
    "an embedded document": (Thing("", {"package": ("/xl/embeddings/o.docx", "x")}), ("(et indlejret Word-dokument)",)),
    "a control with a caption": (Thing("", {"control": ("/xl/activeX/a.xml", CAPTION)}), ("S&L",)),
    "a control without one": (Thing("", {"control": ("/xl/activeX/a.xml", "<ax:ocx/>")}), (CONTROL,)),
    "a control among the shapes too": (
        Thing("", {**old("Checkbox", TICKED_YES).related, **drawn(
            f'<x:sp><x:nvSpPr><x:cNvPr hidden="1"/></x:nvSpPr><x:txBody>{words("Ja")}</x:txBody></x:sp>').related}),
        ("Ja (afkrydset)",)),
}


@pytest.mark.parametrize("name", THINGS)
def test_what_lies_on_a_sheet_is_told_by_its_words(name: str) -> None:
    thing, told = THINGS[name]
    assert with_thing(thing).drawings == told


def linked(target: str, cell: str = "A1", more: str = "") -> Thing:
    return Thing(f'<hyperlinks><hyperlink ref="{cell}" xmlns:r="{OFFICE}" r:id="rId1"{more}/></hyperlinks>',
                 {"hyperlink": (target, "")})


@pytest.mark.parametrize(("thing", "told"), [
    (linked("https://example.dk/bilag"), [("A1", "Mål-id → https://example.dk/bilag")]),
    (linked("file:///N:\\Bilag\\tal.xlsx", "B2"), [("B2", "→ file:///N:\\Bilag\\tal.xlsx")]),
    (linked("https://example.dk/Mål-id"), [("A1", "Mål-id → https://example.dk/Mål-id")]),
    (linked("mailto:M%C3%A5l-id"), []), (linked("http://mål-id/"), []),
    (Thing('<hyperlinks><hyperlink ref="A1" location="Ark2!A1"/></hyperlinks>'), []),
], ids=["another address", "a file on an empty cell", "only its end is shown", "the address is shown, coded",
        "the address is shown, spelt otherwise", "another cell"])
def test_a_link_is_told_where_its_address_cannot_be_read(thing: Thing, told: list[tuple[str, str]]) -> None:
    assert [(each.cell, each.text) for each in with_thing(thing).links] == told


def test_a_link_that_a_formula_makes_is_told() -> None:
    parts = {**EMPTY, SHEET: EMPTY[SHEET].replace(
        b"</row>", b'<c r="B1" t="str"><f>HYPERLINK("https://example.dk/x","her")</f><v>her</v></c><c r="C1" t="str"><f>'
                   b'HYPERLINK("#Ark2!A1","der")</f><v>der</v></c></row>')}
    book = read_bytes(write_parts(parts), "svar.xlsx", returned=True)
    assert isinstance(book, Workbook)
    assert [(each.cell, each.text) for each in book.sheets[0].links] == [("B1", "her → https://example.dk/x")]


def test_a_link_outside_the_cells_is_told_by_its_address() -> None:
    assert [each.text for each in hidden_links([(8, 3, "https://example.dk")], [["a"]])] == ["→ https://example.dk"]


# ---------------------------------------------------------------- the printed page

PAGE = ('&L&"Arial,Fed"&12Husk &&moms&CSide &P af &N&R&A', "&C&K01+049Svar fra os&R&D")
TOLD = ("Husk &moms", "Svar fra os")


def xlsx_page() -> WorkbookSheet:
    header, footer = (text.replace("&", "&amp;").replace('"', "&quot;") for text in PAGE)
    return with_thing(Thing(f"<headerFooter><oddHeader>{header}</oddHeader><oddFooter>{footer}</oddFooter></headerFooter>"))


def ods_page(display: str = "true") -> WorkbookSheet:
    region = "<style:region-left><text:p>Husk <text:span>&amp;moms</text:span></text:p></style:region-left>"
    pages = (f'<style:master-page style:name="Side"><style:header style:display="{display}">{region}<style:region-center>'
             "<text:p>Side <text:page-number>1</text:page-number> af <text:page-count>9</text:page-count></text:p>"
             "</style:region-center><style:region-right><text:p><text:sheet-name>Ark</text:sheet-name></text:p>"
             "</style:region-right></style:header><style:footer><text:p>Svar fra os</text:p></style:footer>"
             '</style:master-page><style:master-page style:name="Anden"><style:header><text:p>En andens</text:p>'
             "</style:header></style:master-page>")
    style = ('<office:automatic-styles><style:style style:name="ta1" style:family="table" style:master-page-name="Side"/>'
             "</office:automatic-styles>")
    names = f'{NAMES} xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    parts = read_parts(ods_document(f"<table:table-row>{TEXT.format('<text:p>a</text:p>')}</table:table-row>"))
    parts["styles.xml"] = f"<office:document-styles {names}>{pages}</office:document-styles>".encode()
    parts["content.xml"] = parts["content.xml"].replace(NAMES.encode(), names.encode()).replace(
        b"<office:body>", style.encode() + b"<office:body>").replace(
        b'table:name="Skema"', b'table:name="Skema" table:style-name="ta1"')
    return ods_details.sheets(write_parts(parts))[0]


def binary_page() -> WorkbookSheet:
    none = struct.pack("<I", 0xFFFFFFFF)
    body = struct.pack("<H", 0) + b"".join(map(wide, PAGE)) + 4 * none
    data = binary_workbook(row(1) + record(6, struct.pack("<II", 0, 0) + wide("a")))
    parts = read_parts(data)
    parts["xl/worksheets/sheet1.bin"] = parts["xl/worksheets/sheet1.bin"].replace(
        record(146, b""), record(146, b"") + b"\xdf\x03" + bytes([len(body) & 0x7F | 0x80, len(body) >> 7]) + body)
    book = read_bytes(write_parts(parts), "svar.xlsb", returned=True)
    assert isinstance(book, Workbook)
    return book.sheets[0]


@pytest.mark.parametrize("page", [xlsx_page, ods_page, binary_page])
def test_page_headers_and_footers_are_told_in_every_format(page: Callable[[], WorkbookSheet]) -> None:
    assert page().margins == TOLD


def test_a_page_header_that_is_turned_off_is_not_told() -> None:
    assert ods_page(display="false").margins == ("Svar fra os",)


@pytest.mark.parametrize(("written", "told"), [
    ("&LSide &P", ()), ("&P/&N", ()), ("Page &P of &N", ()), ("&8 2015: Svar", ("2015: Svar",)),
    ("&LA&RA", ("A",)), ("&L&G", ()), ("", ())])
def test_only_what_somebody_typed_is_a_text_of_the_page(written: str, told: tuple[str, ...]) -> None:
    assert page_texts([written]) == told


# ---------------------------------------------------------------- OpenDocument

CHARTED = ('<a:document-content xmlns:a="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text='
           '"urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:c="urn:oasis:names:tc:opendocument:xmlns:chart:1.0">'
           "<c:chart><c:title><text:p>Antal besøg</text:p></c:title><text:p>7</text:p></c:chart></a:document-content>")
OBJECT_FRAME = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
CONTROLS = ('<office:forms><form:form><form:checkbox xml:id="c1" form:label="Ja" form:current-state="checked"/>'
            '<form:fixed-text form:id="c2" form:label="Husk"/></form:form></office:forms>')


@pytest.mark.parametrize(("shapes", "content", "told"), [
    ("<draw:frame><draw:image/><svg:title>Grafen falder</svg:title></draw:frame>", "", ("Grafen falder",)),
    ("<draw:frame><draw:image/><svg:desc>AI-genereret indhold kan være ukorrekt.</svg:desc></draw:frame>", "", ("",)),
    (OBJECT_FRAME, CHARTED, ("Antal besøg",)), (OBJECT_FRAME, "<a/>", (OBJECT,)), (OBJECT_FRAME, "<a>", (OBJECT,)),
    (OBJECT_FRAME, "", (OBJECT,)), ("<draw:frame><draw:object-ole/></draw:frame>", "", (OBJECT,)),
    ('<draw:control draw:control="c1"/><draw:control draw:control="c2"/><draw:control draw:control="c3"/>', "",
     ("Ja (afkrydset)", "Husk", CONTROL)),
], ids=["a picture that is told about", "that a program tells about", "a chart", "an object", "a damaged object",
        "an object that is gone", "an old object", "controls"])
def test_what_lies_on_a_sheet_of_ods_is_told_by_its_words(shapes: str, content: str, told: tuple[str, ...]) -> None:
    names = (f'{NAMES} xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
             'xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0"')
    parts = read_parts(ods_document(f"{CONTROLS}<table:shapes>{shapes}</table:shapes>"))
    parts["content.xml"] = parts["content.xml"].replace(NAMES.encode(), names.encode())
    parts |= {"Object 1/content.xml": content.encode()} if content else {}
    assert ods_details.sheets(write_parts(parts))[0].drawings == told


def test_links_of_ods_are_told() -> None:
    def link(target: str, text: str) -> str:
        return TEXT.format(f'<text:p>se <text:a xlink:href="{target}">{text}</text:a></text:p>')

    cells = (link("https://example.dk/a", "her") + link("https://example.dk/b", "example.dk/b") + link("#Ark2.A1", "der")
             + '<table:table-cell table:formula="of:=HYPERLINK(&quot;https://example.dk/c&quot;;&quot;x&quot;)" '
               'office:value-type="string"><text:p>x</text:p></table:table-cell>')
    sheet = ods_details.sheets(ods_document(f"<table:table-row>{cells}</table:table-row>"))[0]
    assert [(each.cell, each.text) for each in sheet.links] == [
        ("A1", "se her → https://example.dk/a"), ("D1", "x → https://example.dk/c")]


# ---------------------------------------------------------------- old .xls

def old_record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old_object(kind: int, *more: bytes) -> bytes:
    return old_record(0x5D, struct.pack("<HHHH14x", 0x15, 18, kind, 1) + b"".join(more) + bytes(4))


def old_words(*pieces: str) -> bytes:
    many = sum(map(len, pieces))
    texts = b"".join(old_record(0x3C, b"\x01" + piece.encode("utf-16-le")) for piece in pieces)
    return old_record(0x1B6, struct.pack("<HH6xHH4x", 0, 0, many, 16)) + texts + old_record(0x3C, bytes(16))


def old_letters(text: str) -> bytes:
    return struct.pack("<HB", len(text), 0) + text.encode("latin-1")


PART = struct.Struct("<HH")
OLD_SHEET = b"".join((
    old_record(0x14, old_letters(PAGE[0])), old_record(0x15, old_letters(PAGE[1])),
    old_object(6), old_words("Husk ", "moms"), old_object(8), old_object(25), old_words("En note"), old_object(20),
    old_object(11, PART.pack(0x12, 8) + b"\x01" + bytes(7)), old_words("Ja"), old_object(17), old_object(14),
    old_words("Navn"), old_object(8, PART.pack(9, 4) + bytes(4)), old_object(5),
    old_record(0x809, struct.pack("<HH", 0x600, 0x20)), old_record(0x14, old_letters("&CDiagrammets egen")),
    old_record(0x1003), old_record(0x100D, b"\0\0\x05\0Serie"),
    old_record(0x1025), old_record(0x100D, b"\0\0\x0b\0Antal bes\xf8g"), old_record(0x0A)))


def old_stream(version: int = 0x600) -> bytes:
    begin = old_record(0x809, struct.pack("<HH", version, 5))
    named = struct.pack("<BBBB", 0, 0, 5, 0) + b"Skema"
    length = len(begin) + len(old_record(0x85, bytes(4) + named)) + 4
    return (begin + old_record(0x85, struct.pack("<L", length) + named) + old_record(0x0A)
            + old_record(0x809, struct.pack("<HH", version, 0x10)) + OLD_SHEET + old_record(0x0A))


def test_an_old_workbook_tells_what_stands_beside_its_cells() -> None:
    beside = xls_records.beside_cells(old_stream())["Skema"]
    assert beside.margins == TOLD
    assert beside.drawings == ["Husk moms", "", "Ja (afkrydset)", CONTROL, "Navn", OBJECT, "Antal besøg"]


def test_a_workbook_from_before_excel_97_tells_nothing_of_it() -> None:
    assert xls_records.beside_cells(old_stream(0x500)) == {}


@pytest.mark.parametrize("text", [
    "Et billede.\nAutomatisk genereret beskrivelse", "Text.\n\nDescription automatically generated", "x.jpeg"])
def test_a_description_that_nobody_wrote_is_no_word(text: str) -> None:
    assert alternative_text(text) == ""
