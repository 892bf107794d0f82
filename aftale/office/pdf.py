"""Make a PDF of a workbook or a document with LibreOffice, where that is installed: one that a screen reader can read.

The bytes of a PDF aren't the same from one time to the next: LibreOffice writes the hour and an id of its own into it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.dom import minidom

from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.office.package import Parts, edit_part, read_parts, write_parts
from aftale.office.report import Report
from aftale.office.safe_write import ToWrite, danish_reason, digest

SECONDS = 180
"""How long LibreOffice may take."""
_PROGRAMS = ("soffice", "libreoffice")
_PROGRAMS_BY_KIND = {".xlsx": ("calc", "UseTaggedPDF", "Excel"), ".docx": ("writer", "PDFUACompliance", "Word")}
"""By the kind of file, what LibreOffice calls the part that writes the PDF, how it is tagged, and the program people have.

A document's headings, tables and descriptions are what PDF/UA asks for. A sheet's cells are only paragraphs in order, so
its PDF doesn't claim that. Versions before 7.4 pass over the options.
"""
_OPTIONS = '{"%s":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"}}'
_DANISH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>da-DK</value></prop>
</item>
</oor:items>
"""
"""What makes LibreOffice write 15.190 and 22,5 % whatever language the machine has."""


class NoOffice(Exception):
    """LibreOffice isn't installed."""


class CannotConvert(Exception):
    """LibreOffice couldn't make the PDF; the text says why, in Danish."""


def find_office() -> Path | None:
    """Return LibreOffice's program: on the PATH, else where it is usually installed; None where it isn't."""
    on_path = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    return Path(on_path) if on_path else next((path for path in _usual_places() if path.is_file()), None)


def _usual_places() -> list[Path]:
    if sys.platform == "win32":
        roots = [os.environ[name] for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if name in os.environ]
        return [Path(root, *between, "LibreOffice", "program", "soffice.exe") for root in roots
                for between in ((), ("Programs",))]
    if sys.platform == "darwin":
        return [Path(root, "LibreOffice.app", "Contents", "MacOS", "soffice") for root in
                ("/Applications", str(Path.home() / "Applications"))]
    return [Path("/opt/libreoffice/program/soffice"), Path("/usr/lib/libreoffice/program/soffice"),
            Path("/snap/bin/libreoffice")]


def make_pdf(document: bytes, kind: str = ".xlsx", seconds: float = SECONDS) -> bytes:
    """Return a file of this kind as a PDF, made by LibreOffice with a profile of its own: an open one isn't disturbed.

    Raises:
        NoOffice: where LibreOffice isn't installed.
        CannotConvert: where it fails, or takes longer than so many seconds.
    """
    program = find_office()
    if program is None:
        raise NoOffice
    try:
        with tempfile.TemporaryDirectory(prefix="aftale-pdf-", ignore_cleanup_errors=True) as folder:
            return _converted(program, Path(folder), document, kind, seconds)
    except subprocess.TimeoutExpired as error:
        raise CannotConvert("LibreOffice blev ikke færdig i tide") from error
    except subprocess.CalledProcessError as error:
        raise CannotConvert("LibreOffice meldte en fejl") from error
    except OSError as error:
        raise CannotConvert(f"LibreOffice kan ikke startes ({danish_reason(error)})") from error


def _converted(program: Path, folder: Path, document: bytes, kind: str, seconds: float) -> bytes:
    profile = folder / "profil"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_DANISH, encoding="utf-8")

    def saved(data: bytes, from_: str, to: str, how: str = "") -> bytes:
        source = folder / f"dokument{from_}"
        source.write_bytes(data)
        subprocess.run([str(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
                        "--convert-to", f"{to}{how}", "--outdir", str(folder), str(source)],
                       check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
        made = source.with_suffix(f".{to}")
        return made.read_bytes() if made.exists() else b""

    part, tagged, _ = _PROGRAMS_BY_KIND[kind]
    texts = _chart_texts(document) if kind == ".docx" else []
    if texts and (opened := saved(document, kind, "odt")):
        document, kind = _with_chart_texts(opened, texts), ".odt"
    data = saved(document, kind, "pdf", f":{part}_pdf_Export:{_OPTIONS % tagged}")
    if not data.startswith(b"%PDF"):
        raise CannotConvert("LibreOffice lavede ingen PDF, måske fordi kun en del af programmet er installeret")
    return data


def _chart_texts(document: bytes) -> list[tuple[str, str]]:
    """Return the title and the description of each chart in a Word document: LibreOffice doesn't read them itself."""
    page = minidom.parseString(Parts(document).read("word/document.xml"))
    return [(each.getAttribute("title"), each.getAttribute("descr")) for each in _inside(page, "docPr")
            if _inside(each.parentNode, "chart")]


def _inside(parent: Any, name: str) -> list[Any]:
    return list(parent.getElementsByTagNameNS("*", name))


def _with_chart_texts(opened: bytes, texts: Sequence[tuple[str, str]]) -> bytes:
    """Return a document as LibreOffice has opened it, with the texts of its charts put back, in the order they stand."""
    def put_back(page: Any) -> None:
        frames = [each for each in _inside(page, "frame") if _inside(each, "object") and not _inside(each, "desc")]
        for frame, said in zip(frames, texts, strict=False) if len(frames) == len(texts) else ():
            for name, text in zip(("title", "desc"), said, strict=True):
                frame.appendChild(page.createElement(f"svg:{name}")).appendChild(page.createTextNode(text))

    parts = read_parts(opened)
    edit_part(parts, "content.xml", put_back)
    return write_parts(parts)


def with_pdf(report: Report, document: Path, data: bytes, keyword: str, number: str) -> Report:
    """Add the PDF of a document, beside it, unless the one that stands there is of that very document or somebody else's.

    The document has ``keyword`` and ``number`` among its own keywords, by which its PDF is known.
    """
    pdf, kind, why = document.with_suffix(".pdf"), document.suffix.lower(), ""
    code = "pdf-failed"
    try:
        standing = pdf.read_bytes() if pdf.exists() else None
        if standing is not None and keeps(standing, f"{keyword}{number}"):
            return report.joined(Report((f"PDF'en er uændret: {pdf}",)))
        if standing is None or keeps(standing, keyword):
            made = ToWrite(pdf, make_pdf(data, kind), expects="" if standing is None else digest(standing))
            return report.joined(Report((f"PDF'en er gemt: {pdf}",), files=(made,)))
        why = f"{pdf.name} findes i forvejen og er ikke lavet her"
    except NoOffice:
        code = "pdf-missing"
    except CannotConvert as error:
        why = str(error)
    except OSError as error:
        why = f"{pdf.name}: {danish_reason(error)}"
    program = _PROGRAMS_BY_KIND[kind][2]
    return report.joined(Report((), (problem(code, Place(pdf.name), value=document.name, what=why, program=program),)))


def keeps(pdf: bytes, keyword: str) -> bool:
    """Tell whether a PDF has this text (in ASCII) among its keywords, as LibreOffice takes them over from a workbook."""
    coded = keyword.encode("utf-16-be")
    return coded.hex().encode() in pdf.lower() or coded in pdf or keyword.encode() in pdf
