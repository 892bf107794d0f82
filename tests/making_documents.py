"""Documents as people write them, made from a small text in the test; and the words that a document and a workbook hold."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.oxml import OxmlElement

from aftale.office.shipped_files import template_path

_TEXT = re.compile(r"<w:(?:t|delText)(?: [^>]*)?>([^<]*)</w:(?:t|delText)>|</w:p>|<w:(?:tab|br|cr)/>")


def document(text: str) -> bytes:
    """Make a ``.docx`` of a text: ``#`` headings, ``*`` points (``**`` a level down), ``!`` bold, ``|`` cells of a table.

    In a cell ``//`` parts paragraphs, ``^`` is one with the cell above and ``<`` with the one to the left, and ``[a;b]`` is
    a table of one row. ``header:``, ``footer:``, ``box:`` and ``title:`` begin a line for those.
    """
    made = docx.Document()
    rows: list[list[str]] = []
    for line in [*(line.strip() for line in text.strip().splitlines()), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            _table(made, rows)
            rows = []
        if line:
            _line(made, line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _line(made: Any, line: str) -> None:
    for mark, add in (("header:", lambda text: made.sections[0].header.paragraphs[0].add_run(text)),
                      ("footer:", lambda text: made.sections[0].footer.paragraphs[0].add_run(text)),
                      ("title:", lambda text: made.add_paragraph(text, "Title")),
                      ("box:", lambda text: _box(made, text)),
                      ("###", lambda text: made.add_heading(text, 3)), ("##", lambda text: made.add_heading(text, 2)),
                      ("#", lambda text: made.add_heading(text, 1)),
                      ("**", lambda text: made.add_paragraph(text, "List Bullet 2")),
                      ("*", lambda text: made.add_paragraph(text, "List Bullet")),
                      ("!", lambda text: _bold(made.add_paragraph(), text))):
        if line.startswith(mark):
            add(line[len(mark):].strip())
            return
    made.add_paragraph(line)


def _bold(paragraph: Any, text: str) -> None:
    paragraph.add_run(text).bold = True


def _box(made: Any, text: str) -> None:
    """Put a text box into a paragraph, as Word keeps it: once as it is, once for older programs."""
    run = made.add_paragraph("").add_run("")
    alternate = run._r.makeelement("{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent", {})
    for kind in ("Choice", "Fallback"):
        holder = alternate.makeelement("{http://schemas.openxmlformats.org/markup-compatibility/2006}" + kind, {})
        content = OxmlElement("w:txbxContent")
        paragraph, inner, shown = OxmlElement("w:p"), OxmlElement("w:r"), OxmlElement("w:t")
        shown.text = text if kind == "Choice" else "gammel kopi"
        inner.append(shown)
        paragraph.append(inner)
        content.append(paragraph)
        holder.append(content)
        alternate.append(holder)
    run._r.append(alternate)


def _table(made: Any, rows: list[list[str]]) -> None:
    table = made.add_table(len(rows), max(map(len, rows)))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            cell = table.cell(r, c)
            if text == "^":
                table.cell(r - 1, c).merge(cell)
            elif text == "<":
                table.cell(r, c - 1).merge(cell)
            else:
                _fill(cell, text)


def _fill(cell: Any, text: str) -> None:
    for number, part in enumerate(text.split("//")):
        part = part.strip()
        if nested := re.fullmatch(r"\[(.*)\]", part):
            cells = nested[1].split(";")
            inner = cell.add_table(1, len(cells))
            for place, each in enumerate(cells):
                inner.cell(0, place).text = each
            continue
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        if part.startswith("*"):
            paragraph.style = "List Bullet"
            part = part.lstrip("* ")
        if part:
            paragraph.add_run(part)


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """Return a document with something replaced in the XML of a part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            after.writestr(name, content)
    return out.getvalue()


def words(text: str, kind: re.Pattern[str] = re.compile(r"\w+")) -> Counter[str]:
    """Count words, spelt alike."""
    return Counter(kind.findall(text.casefold()))


def words_in_document(data: bytes, kind: re.Pattern[str] = re.compile(r"\w+")) -> Counter[str]:
    """Count the words (or what else is asked for) of a ``.docx``, read from its parts without our own reader.

    The copy of a text box for older programs is left out.
    """
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if re.fullmatch(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml", name):
                xml = re.sub(r"<mc:Fallback>.*?</mc:Fallback>", "", parts.read(name).decode("utf-8"), flags=re.S)
                text = "".join(m[1] if m[1] is not None else "\n" for m in _TEXT.finditer(xml))
                for mark, letter in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
                    text = text.replace(mark, letter)
                found += words(text, kind)
    return found


def words_in_text_form(text: str) -> Counter[str]:
    """Count the words of the text form; marks such as ``<ul …>`` are none."""
    return words(re.sub(r"<[^>]*>", " ", text))


def words_in_agreement(path: Path, repeated: bool = False, headers: bool = False) -> Counter[str]:
    """Count the words of an agreement beyond what every agreement says; a proposal only says them again.

    On ``Mål`` the levels that a row repeats from the row above count once, unless they are ``repeated`` in the document
    too. With ``headers`` the header of a filled cell counts: a document may say it on every line (»Ansvarlig: …«).
    """
    found: Counter[str] = Counter()
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and sheet.title != "Mål":
            for row in sheet.iter_rows(values_only=True):
                found += words("\n".join(str(value) for value in row if value is not None))
    found -= _of_every_agreement(book)
    above: tuple[Any, ...] = ()
    for row in goal_rows(path):
        levels = tuple(row[name] for name in ("Udviklingsmål", "Fokusområde", "Effektmål", "Delmål"))
        depth = next((n for n, (a, b) in enumerate(zip(levels, above, strict=False)) if a != b), len(above))
        own = [text for text in levels[0 if repeated else depth:] if text]
        rest = [_plain(name, value) for name, value in row.items()
                if name not in ("Mål-id", "Udviklingsmål", "Fokusområde", "Effektmål", "Delmål") and value is not None]
        named = [name for name, value in row.items() if headers and value is not None and name in ("Ansvarlig", "Måltal")]
        found += words("\n".join((*own, *rest, *named)))
        above = levels
    return found


def _plain(name: str, value: object) -> str:
    if name == "Note":
        return "\n".join(line for line in str(value).split("\n") if not line.startswith("Foreslået"))
    return str(value)


def _of_every_agreement(book: openpyxl.Workbook) -> Counter[str]:
    """Count the words of the template's cells that stand in ``book`` too: another department's has no demands of KSE's."""
    found: Counter[str] = Counter()
    for sheet in openpyxl.load_workbook(template_path()).worksheets:
        if sheet.sheet_state == "visible" and sheet.title != "Mål":
            there = {value for row in book[sheet.title].iter_rows(values_only=True) for value in row}
            for row in sheet.iter_rows(values_only=True):
                found += words("\n".join(str(value) for value in row if value is not None and value in there))
    return found


def goal_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of ``Mål`` by header."""
    sheet = openpyxl.load_workbook(path)["Mål"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    header = next(n for n, row in enumerate(rows) if row[0] == "Mål-id")
    names = [str(name) for name in rows[header]]
    return [dict(zip(names, row, strict=True)) for row in rows[header + 1:] if row[0]]


__all__ = ["changed", "document", "goal_rows", "words", "words_in_agreement", "words_in_document",
           "words_in_text_form"]
