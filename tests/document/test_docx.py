"""What Word keeps in a document, read whole; and documents that can't be read, each with its reason and the next step."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from layouts import DECLARED, ENTITIES, TYPES, UTF_16, beside, packed, unpacked
from making_documents import changed, document
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.document.open_document import open_document
from aftale.document.read_docx import read_docx
from aftale.model.document import Para, TextDocument, TextTable
from aftale.model.findings import Finding
from aftale.office.report import CannotDo
from aftale.office.text_file import MOST_TEXT, read_text
from aftale.steps.status import status
from aftale.steps.year_folder import YearFolder

SMALL = "Aftale 2016 mellem Enghave Bibliotek og Kulturforvaltningen\n| Effektmål | 2016 |\n| Mindst 4 koncerter | x |"
MAIN = "word/document.xml"


def read(data: bytes) -> TextDocument:
    found = read_docx(data, "aftale.docx")
    assert isinstance(found, TextDocument), found
    return found


def texts(data: bytes) -> list[str]:
    return [para.text for para in read(data).paras()]


# ---------------------------------------------------------------- what Word keeps

def test_paragraphs_know_their_heading_their_point_and_their_place() -> None:
    found = read(document("title: Aftale\n# Mål\n## Børn\n* Et punkt\n** Et under det\n! Fed\nAlmindelig"))
    assert [(p.text, p.heading, p.bullet, p.title, p.bold, p.at) for p in found.paras()] == [
        ("Aftale", 0, 0, True, False, "afsnit 1"), ("Mål", 1, 0, False, False, "afsnit 2"),
        ("Børn", 2, 0, False, False, "afsnit 3"), ("Et punkt", 0, 1, False, False, "afsnit 4"),
        ("Et under det", 0, 2, False, False, "afsnit 5"), ("Fed", 0, 0, False, True, "afsnit 6"),
        ("Almindelig", 0, 0, False, False, "afsnit 7")]


def test_merged_cells_and_tables_in_cells_keep_their_columns() -> None:
    table = read(document("| a | b | c |\n| ^ | d | < |\n| e | [f;g] | h |")).blocks[0]
    assert isinstance(table, TextTable) and table.width == 3
    assert [(cell.column, cell.span, cell.down, cell.text) for cell in table.rows[1]] == [
        (0, 1, True, ""), (1, 2, False, "d")]
    assert [nested.rows[0][1].text for nested in table.rows[2][1].tables] == ["g"]


def tracked(kind: str, run: str) -> str:
    return f"<w:{kind} w:id='1' w:author='t'><w:r>{run}</w:r></w:{kind}>"


def unfilled(content: str) -> str:
    return f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


RUN = "<w:t>Almindelig</w:t></w:r>"
FIELD = "<w:fldChar w:fldCharType='begin'/><w:instrText> {} </w:instrText><w:fldChar w:fldCharType='separate'/>" \
        "<w:t>7</w:t><w:fldChar w:fldCharType='end'/>"
CHANGES = {
    "inserted": (RUN, RUN + tracked("ins", "<w:t xml:space='preserve'> og ny</w:t>"), "Almindelig og ny"),
    "deleted": (RUN, RUN + tracked("del", "<w:delText>gammel</w:delText>"), "Almindelig + gammel"),
    "moved": (RUN, RUN + tracked("moveFrom", "<w:t>væk</w:t>"), "Almindelig"),
    "control": (f"<w:p><w:r>{RUN}</w:p>",
                "<w:sdt><w:sdtContent><w:p><w:r><w:t>Et felt</w:t></w:r></w:p></w:sdtContent></w:sdt>", "Et felt"),
    "control that nobody has filled in": ("<w:t>Almindelig</w:t></w:r>", RUN + unfilled(
        "<w:r><w:t>Klik eller tryk her for at skrive tekst.</w:t></w:r>"), "Almindelig"),
    "control with text that Word takes for a prompt": (f"<w:r>{RUN}", unfilled("<w:r><w:t>Flere gæster</w:t></w:r>"),
                                                       "Flere gæster"),
    "tab and line": ("<w:t>Almindelig</w:t>", "<w:t>To</w:t><w:tab/><w:t>ord</w:t><w:br/><w:t>mere</w:t>", "To ord mere"),
    "points": ("<w:t>Almindelig</w:t>", "<w:t>• et</w:t><w:br/><w:t>• to</w:t>", "et + to"),
    "page number": ("<w:t>Almindelig</w:t>", f"<w:t>Side </w:t>{FIELD.format('PAGE')}<w:t>slut</w:t>", "Side slut"),
    "other field": ("<w:t>Almindelig</w:t>", f"<w:t>I alt:</w:t>{FIELD.format('SUM')}<w:t>stk</w:t>", "I alt:7stk"),
    "link": (f"<w:r>{RUN}", "<w:hyperlink><w:r><w:t>et link</w:t></w:r></w:hyperlink>", "et link"),
    "check mark": ("<w:t>Almindelig</w:t>", "<w:sym w:font='Wingdings' w:char='F0FC'/>", "✓"),
    "hyphens": ("<w:t>Almindelig</w:t>", "<w:t>e</w:t><w:noBreakHyphen/><w:t>bog</w:t><w:softHyphen/><w:t>en</w:t>",
                "e-bogen"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_text_is_read_wherever_word_keeps_it(name: str) -> None:
    old, new, wanted = CHANGES[name]
    assert texts(changed(document("Almindelig"), MAIN, old, new)) == wanted.split(" + ")


def test_what_was_deleted_with_tracking_is_told_from_the_text() -> None:
    data = changed(document("Mål"), MAIN, "<w:t>Mål</w:t></w:r>",
                   "<w:t>Mål</w:t></w:r><w:del w:id='1' w:author='t'><w:r><w:delText>gammelt</w:delText></w:r></w:del>")
    assert [(para.text, para.kind, para.at) for para in read(data).beside] == [("gammelt", "Slettet tekst", "afsnit 1")]


def run(text: str, looks: str = "") -> str:
    return f"<w:r><w:rPr>{looks}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def in_paragraph(*inside: str) -> bytes:
    return changed(document("Almindelig"), MAIN, f"<w:r>{RUN}", "".join(inside))


def form_box(*states: str) -> str:
    return ("<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox>" + "".join(states) + "</w:checkBox></w:ffData>"
            "</w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>"
            "<w:r><w:fldChar w:fldCharType='end'/></w:r>")


def control_box(state: str, sign: str) -> str:
    space = "http://schemas.microsoft.com/office/word/2010/wordml"
    return (f"<w:sdt xmlns:w14='{space}'><w:sdtPr><w14:checkbox><w14:checked w14:val='{state}'/></w14:checkbox></w:sdtPr>"
            f"<w:sdtContent>{run(sign)}</w:sdtContent></w:sdt>")


OFF = "<w:default w:val='0'/>"
CHOICE = ("<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList>{}<w:listEntry w:val='Ikke valgt'/>"
          "<w:listEntry w:val='I maj'/></w:ddList></w:ffData></w:fldChar></w:r>")
SIGNS = {
    "a form's box with its cross": (form_box(OFF, "<w:checked/>"), "☒"),
    "a form's box that was on from the start": (form_box("<w:default w:val='1'/>"), "☒"),
    "a form's box that somebody emptied": (form_box("<w:default w:val='1'/>", "<w:checked w:val='0'/>"), "☐"),
    "a form's empty box": (form_box(OFF), "☐"),
    "a form's list": (CHOICE.format("<w:result w:val='1'/>"), "I maj"),
    "a form's list as it was": (CHOICE.format(""), "Ikke valgt"),
    "a control's box, whatever its sign": (control_box("1", "\uf0a4") + control_box("0", "\uf0a4"), "☒☐"),
    "a sign in its font": (run("\uf0fc", "<w:rFonts w:ascii='Wingdings' w:hAnsi='Wingdings'/>"), "✓"),
    "a sign whose font nobody says": (run("\uf0fe \uf0a8"), "☑ ☐"),
    "a sign typed as a letter": (run("ü ", "<w:rFonts w:ascii='Wingdings'/>"), "✓"),
    "a sign of another font": (run("P", "<w:rFonts w:hAnsi='Wingdings 2'/>") + run("\uf0a3", "<w:rFonts w:ascii='Symbol'/>"),
                               "✓≤"),
    "text in the wrong font": (run("üben og mere", "<w:rFonts w:ascii='Wingdings'/>"), "üben og mere"),
    "a sign picked from the list of signs": ("<w:r><w:sym w:font='Wingdings 2' w:char='F052'/></w:r>", "☑"),
    "a sign that is none": ("<w:r><w:sym w:char='nej'/></w:r>" + CHOICE.format("<w:result w:val='a'/>"), "Ikke valgt"),
    "raised digits": (run("kurser") + run("2", "<w:vertAlign w:val='superscript'/>") + run(" og CO")
                      + run("2", "<w:vertAlign w:val='subscript'/>"), "kurser² og CO₂"),
}


@pytest.mark.parametrize("name", SIGNS)
def test_boxes_and_signs_are_read_as_what_they_show(name: str) -> None:
    inside, wanted = SIGNS[name]
    assert texts(in_paragraph(inside)) == [wanted]


STYLE = ("<w:style w:type='{}' w:styleId='Ud'><w:name w:val='Ud'/><w:basedOn w:val='Over'/></w:style>"
         "<w:style w:type='{}' w:styleId='Over'><w:name w:val='Over'/><w:rPr><w:strike/></w:rPr></w:style></w:styles>")


@pytest.mark.parametrize(("looks", "kind", "code"), [
    ("<w:strike/>", "Overstreget tekst", "doc-struck"), ("<w:dstrike/>", "Overstreget tekst", "doc-struck"),
    ("<w:rStyle w:val='Ud'/>", "Overstreget tekst", "doc-struck"), ("<w:vanish/>", "Skjult tekst", "doc-hidden")])
def test_struck_and_hidden_text_stands_beside_and_is_asked_about(looks: str, kind: str, code: str) -> None:
    data = in_paragraph(run("mindst "), run("20", looks), run("30 kurser", "<w:strike w:val='0'/>"))
    data = changed(data, "word/styles.xml", "</w:styles>", STYLE.format("character", "character"))
    found = read(data)
    assert [para.text for para in found.blocks if isinstance(para, Para)] == ["mindst 30 kurser"]
    assert [(para.text, para.kind, para.at) for para in found.beside] == [("20", kind, "afsnit 1")]
    assert found.readings == ((code, "afsnit 1", "20"),)


def test_a_paragraph_in_a_struck_style_is_struck_but_not_the_run_that_says_otherwise() -> None:
    data = changed(document("Almindelig"), MAIN, f"<w:p><w:r>{RUN}",
                   "<w:p><w:pPr><w:pStyle w:val='Ud'/></w:pPr>" + run("væk ") + run("bliver", "<w:strike w:val='0'/>"))
    found = read(changed(data, "word/styles.xml", "</w:styles>", STYLE.format("paragraph", "paragraph")))
    assert [para.text for para in found.paras()] == ["bliver", "væk"]


def test_what_a_style_says_itself_wins_over_the_style_that_it_is_based_on() -> None:
    own = STYLE.format("character", "character").replace("<w:basedOn w:val='Over'/>",
                                                         "<w:basedOn w:val='Over'/><w:rPr><w:strike w:val='0'/></w:rPr>")
    data = in_paragraph(run("bliver", "<w:rStyle w:val='Ud'/>"), run("væk", "<w:rStyle w:val='Over'/>"))
    found = read(changed(data, "word/styles.xml", "</w:styles>", own))
    assert [para.text for para in found.blocks if isinstance(para, Para)] == ["bliver"]


def test_a_cell_knows_that_all_its_text_is_gone() -> None:
    data = document("| a | b | c |")
    for letter, inside in (("a", run("a", "<w:strike/>")), ("b", tracked("del", "<w:delText>b</w:delText>"))):
        data = changed(data, MAIN, f"<w:r><w:t>{letter}</w:t></w:r>", inside)
    table = read(data).blocks[0]
    assert isinstance(table, TextTable) and [cell.gone for cell in table.rows[0]] == [True, True, False]


def test_tracked_changes_that_nobody_has_decided_on_are_said_once() -> None:
    assert read(document("Almindelig")).readings == ()
    data = in_paragraph(run("Ny"), tracked("ins", "<w:t>her</w:t>"), tracked("ins", "<w:t>og</w:t>"),
                        tracked("del", "<w:delText>før</w:delText>"))
    assert read(data).readings == (("doc-changes", "", ""),)


@pytest.mark.parametrize(("mark", "kind"), [("del", "Slettet tekst"), ("hidden", "Skjult tekst")])
def test_a_row_that_was_deleted_or_hidden_is_no_row(mark: str, kind: str) -> None:
    begins = '<w:tr><w:tc><w:tcPr><w:tcW w:type="dxa" w:w="4320"/></w:tcPr><w:p><w:r><w:t>c</w:t>'
    data = changed(document("| a | b |\n| c | d |"), MAIN, begins,
                   begins.replace("<w:tr>", f"<w:tr><w:trPr><w:{mark}/></w:trPr>"))
    found = read(data)
    assert [len(table.rows) for table in found.blocks if isinstance(table, TextTable)] == [1]
    assert [(para.text, para.kind, para.at) for para in found.beside] == [("c d", kind, "tabel 1, række 2")]


def test_headers_footers_comments_and_text_boxes_stand_beside_the_text() -> None:
    made = docx.Document(io.BytesIO(document("header: Udkast\nfooter: Fortroligt\nbox: Husk\nMål")))
    made.add_comment(made.paragraphs[-1].runs, text="Er det rigtigt?", author="Teamet")
    out = io.BytesIO()
    made.save(out)
    assert [(para.kind, para.text, para.at) for para in read(out.getvalue()).beside] == [
        ("Tekstboks", "Husk", "i en tekstboks"), ("Sidehoved", "Udkast", "i sidehovedet"),
        ("Sidefod", "Fortroligt", "i sidefoden"), ("Kommentar", "Er det rigtigt?", "i en kommentar")]


def test_the_copy_for_older_programs_is_left_out_wherever_it_stands() -> None:
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    copy = (f'<mc:AlternateContent xmlns:mc="{space}"><mc:Choice><w:t>ny</w:t></mc:Choice>'
            "<mc:Fallback><w:t>gammel</w:t><w:txbxContent><w:p><w:r><w:t>kopi</w:t></w:r></w:p></w:txbxContent>"
            "</mc:Fallback></mc:AlternateContent>")
    assert texts(changed(document("Mål"), MAIN, "<w:t>Mål</w:t>", copy)) == ["ny"]
    data = document("header: Top\nMål")
    part = next(name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if "header" in name)
    assert texts(changed(data, part, "<w:t>Top</w:t>", copy)) == ["Mål", "ny"]


def test_the_text_of_a_chart_is_text() -> None:
    spaces = [f"http://schemas.openxmlformats.org/drawingml/2006/{name}" for name in ("chart", "main")]
    chart = (f'<c:chartSpace xmlns:c="{spaces[0]}" xmlns:a="{spaces[1]}"><a:t>Gæster i hallen</a:t><c:v>2019</c:v>'
             "<c:v>4711</c:v></c:chartSpace>")
    found = read(beside(document("Mål"), MAIN, "chart", "word/charts/chart1.xml", chart.encode()))
    assert [(para.kind, para.text, para.at) for para in found.beside] == [
        ("Diagram", "Gæster i hallen | 2019 | 4711", "i et diagram")]


def test_a_style_of_ones_own_can_make_a_paragraph_bold() -> None:
    made = docx.Document()
    made.styles.add_style("Rubrik", WD_STYLE_TYPE.PARAGRAPH).font.bold = True
    made.add_paragraph("Publikum", "Rubrik")
    made.add_paragraph("Billetter")
    out = io.BytesIO()
    made.save(out)
    assert [para.bold for para in read(out.getvalue()).paras()] == [True, False]


def test_an_empty_field_around_a_paragraph_holds_no_text() -> None:
    field = unfilled("<w:p><w:r><w:t>Vælg et element.</w:t></w:r></w:p>")
    assert texts(changed(document("Mål\nTom"), MAIN, "<w:p><w:r><w:t>Tom</w:t></w:r></w:p>", field)) == ["Mål"]


def test_a_document_inside_the_document_is_said_not_to_be_read() -> None:
    data = changed(document("Mål"), MAIN, "<w:sectPr", '<w:altChunk/><w:sectPr')
    assert [code for code, _, _ in read(data).readings] == ["doc-chunk"]


def test_a_footnote_is_read() -> None:
    data = document("Mål")
    out = io.BytesIO()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", f'<Relationship Id="rId99" Type="{kind}"'
                                          ' Target="footnotes.xml"/></Relationships>'.encode())
            if name == "[Content_Types].xml":
                part = b"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                content = content.replace(b"</Types>", b'<Override PartName="/word/footnotes.xml" ContentType="' + part
                                          + b'"/></Types>')
            after.writestr(name, content)
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        after.writestr("word/footnotes.xml", f'<w:footnotes xmlns:w="{space}"><w:footnote w:id="1"><w:p><w:r><w:t>Se bilag'
                       "</w:t></w:r></w:p></w:footnote></w:footnotes>")
    assert [(para.kind, para.text) for para in read(out.getvalue()).beside] == [("Fodnote", "Se bilag")]


# ---------------------------------------------------------------- what can't be read

def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le") + b"\0" * 600


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<w:document>" + b" " * 60_000_000)
    return out.getvalue()


def entities() -> bytes:
    return changed(document(SMALL), MAIN, "<w:document ", '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document ')


BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "doc-empty"),
    "only zeros": (lambda: b"\0" * 5000, "doc-empty"),
    "cut off": (lambda: document(SMALL)[:9000], "doc-damaged"),
    "not a part in it": (lambda: changed(document(SMALL), MAIN, "</w:body>", ""), "doc-damaged"),
    "with a password": (lambda: ole("EncryptedPackage"), "doc-locked"),
    "the old .doc": (lambda: ole("WordDocument"), "doc-other"),
    "another compound file": (lambda: ole("PowerPoint Document"), "doc-other"),
    "a PDF": (lambda: b"%PDF-1.7 ...", "doc-other"),
    "RTF": (lambda: b"{\\rtf1 Aftale}", "doc-other"),
    "a web page": (lambda: b"<html>Aftale</html>", "doc-other"),
    "plain text": (lambda: "Mål\tÅr".encode(), "doc-other"),
    "a workbook": (lambda: Path(__file__).parents[2].joinpath("templates/aftale_skabelon.xlsx").read_bytes(), "doc-other"),
    "a template": (lambda: changed(document(SMALL), "[Content_Types].xml", "wordprocessingml.document.main",
                                   "wordprocessingml.template.main"), "doc-other"),
    "strict": (lambda: changed(document(SMALL), MAIN, "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                               "http://purl.oclc.org/ooxml/wordprocessingml/main"), "doc-other"),
    "a bomb": (bomb, "doc-too-big"),
    "entities": (entities, "doc-odd"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_document_that_cannot_be_read_says_why(name: str) -> None:
    make, code = BROKEN[name]
    found = read_docx(make(), "aftale.docx")
    assert isinstance(found, Finding) and found.code == code and found.place.file == "aftale.docx"
    assert found.advice and "{" not in found.message + found.advice


@pytest.mark.parametrize("name", BROKEN)
def test_the_command_says_so_and_writes_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("aftale.docx").write_bytes(BROKEN[name][0]())
    done = CliRunner().invoke(app, ["generer", "aftale.docx", "--ud", "ny.xlsx"])
    assert done.exit_code == 3 and "aftale.docx" in done.output and "Traceback" not in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["aftale.docx"]


@pytest.mark.parametrize("name", ["aftale.doc", "aftale.docm", "aftale.odt", "aftale.rtf", "aftale.pdf"])
def test_other_documents_are_refused_with_what_to_do(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(b"x")
    done = CliRunner().invoke(app, ["generer", name, "--ud", "ny.xlsx"])
    assert done.exit_code == 3 and name in done.output and ".docx" in done.output


@pytest.mark.parametrize(("data", "code"), [(b"", "doc-empty"), (b"PK\x03\x04abc", "doc-other"),
                                            (b"a\0b\0c\0\0", "doc-other"), (b"x" * (MOST_TEXT + 1), "doc-too-big")])
def test_a_text_file_that_is_none_says_why(data: bytes, code: str) -> None:
    found = read_text(data, "aftale.txt")
    assert isinstance(found, Finding) and found.code == code


def nested(layers: int) -> bytes:
    tables = "<w:tbl><w:tr><w:tc>" * layers + f"<w:p>{run('inderst')}</w:p>" + "</w:tc></w:tr></w:tbl>" * layers
    return changed(document("Mål"), MAIN, "<w:sectPr", tables + "<w:sectPr")


def test_tables_in_tables_are_read_or_said_to_be_too_many() -> None:
    assert texts(nested(40)) == ["Mål", "inderst"]
    found = read_docx(nested(400), "aftale.docx")
    assert isinstance(found, Finding) and found.code == "doc-damaged"


def test_a_document_without_its_styles_is_read_all_the_same() -> None:
    data = document("title: Aftale\n## Mål\n* Et punkt")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            if name != "word/styles.xml":
                after.writestr(name, before.read(name))
    found = read(out.getvalue())
    assert [para.text for para in found.paras()] == ["Aftale", "Mål", "Et punkt"]


ENCODINGS = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "utf-16": "utf-16", "utf-32": "utf-32", "cp1252": "cp1252",
             "cp850": "cp1252"}


@pytest.mark.parametrize("saved", ENCODINGS)
def test_a_text_files_encoding_is_told_from_its_mark_and_said_where_it_is_taken_for_granted(
        saved: str, tmp_path: Path) -> None:
    text = "Aftale 2016\nFlere ø'er på Ærø"
    found = read_text(text.encode(saved), "aftale.txt")
    assert not isinstance(found, Finding) and found[2] == ENCODINGS[saved]
    assert (found[1] == text) is (saved != "cp850")
    path = tmp_path / "aftale.txt"
    path.write_bytes(text.encode(saved))
    opened = open_document(path)
    assert isinstance(opened, TextDocument)
    guessed = (("doc-encoding", "", "Windows-1252"),) if ENCODINGS[saved] == "cp1252" else ()
    assert opened.readings == guessed


def test_every_byte_cut_off_ends_in_a_problem_or_a_document() -> None:
    data = document(SMALL)
    for size in range(0, len(data), len(data) // 40):
        assert isinstance(read_docx(data[:size], "aftale.docx"), Finding)


# ---------------------------------------------------------------- the folder and the command line

def test_one_document_in_the_folder_is_what_the_agreement_is_made_from(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("vores aftale.docx").write_bytes(document(SMALL))
    Path("~$res aftale.docx").write_bytes(b"laas")
    assert "et dokument, som målene kan læses fra" in status(Path("."), date(2015, 1, 5)).next_step
    done = CliRunner().invoke(app, ["generer"])
    assert done.exit_code == 1 and "Læst: vores aftale.docx" in done.output
    assert Path("aftale_2016_enghave_bibliotek.xlsx").exists()


def test_several_documents_are_asked_about_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("aftale.docx", "referat.docx"):
        Path(name).write_bytes(document(SMALL))
    with pytest.raises(CannotDo):
        YearFolder(Path(".")).source()
    done = CliRunner().invoke(app, ["generer"])
    assert done.exit_code == 2 and "aftale.docx, referat.docx" in done.output
    assert CliRunner().invoke(app, ["generer", "aftale.docx"]).exit_code == 1


def test_goals_as_data_win_over_a_document(tmp_path: Path) -> None:
    (tmp_path / "aftale.docx").write_bytes(document(SMALL))
    (tmp_path / "maal.csv").write_text("Udviklingsmål;Fokusområde;Effektmål\nA;B;C\n", encoding="utf-8")
    assert YearFolder(tmp_path).source() == tmp_path


def test_the_options_win_over_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("aftale.docx").write_bytes(document(SMALL))
    done = CliRunner().invoke(app, ["generer", "aftale.docx", "--enhed", "Havnens Bibliotek", "--aar", "2017", "--periode",
                                    "2016-2019"])
    assert Path("aftale_2017_havnens_bibliotek.xlsx").exists() and "(1 række på arket Mål)" in done.output


def test_help_names_documents() -> None:
    shown = " ".join(CliRunner().invoke(app, ["generer", "--help"]).output.split())
    assert ".docx" in shown and ".txt" in shown


def test_a_place_in_a_document_is_said_in_words() -> None:
    para = next(each for each in read(document(SMALL)).paras() if each.text == "Mindst 4 koncerter")
    assert isinstance(para, Para)
    assert str(read(document(SMALL)).place(para.at)) == "aftale.docx, tabel 1, række 2, kolonne 1"


def plain() -> bytes:
    return document("Aftale for Bibliotekerne")


TEXT = "word/document.xml"


@pytest.mark.parametrize(("make", "code"), [
    (lambda: beside(plain(), TEXT, "customXml", "customXml/item9.xml", UTF_16), ""),
    (lambda: beside(plain(), TEXT, "aFChunk", "word/side.html", b"<!DOCTYPE html><html><body>x</body></html>"), ""),
    (lambda: beside(plain(), TEXT, "aFChunk", "word/side.mht", DECLARED), ""),
    (lambda: beside(plain(), TEXT, "footnotes", "word/footnotes.xml", ENTITIES), "doc-odd"),
], ids=["an add-in's data in UTF-16", "a page that was put in", "another one", "footnotes with entities"])
def test_a_part_is_only_a_danger_where_somebody_reads_it(make: Callable[[], bytes], code: str) -> None:
    parts = unpacked(make())
    pages = b"".join(b'<Default Extension="%b" ContentType="text/html"/>' % each for each in (b"html", b"mht")) + b"</Types>"
    found = read_docx(packed({**parts, TYPES: parts[TYPES].replace(b"</Types>", pages)}), "aftale.docx")
    assert (found.code if isinstance(found, Finding) else "") == code


@pytest.mark.parametrize("change", [
    lambda name: name.replace("/", "\\"), lambda name: name.replace("word/d", "Word/D"), lambda name: f"/{name}",
], ids=["backslashes", "another case", "from the root"])
def test_a_document_is_found_by_its_relations(change: Callable[[str], str]) -> None:
    parts = {name if name == TYPES else change(name): content for name, content in unpacked(plain()).items()}
    found = read_docx(packed(parts), "aftale.docx")
    assert isinstance(found, TextDocument)
    assert [each.text for each in found.blocks if isinstance(each, Para)] == ["Aftale for Bibliotekerne"]
    assert found.readings == ()
