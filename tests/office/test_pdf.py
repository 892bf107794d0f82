"""A PDF is made by LibreOffice, and whatever goes wrong is said in Danish."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from aftale.office import pdf
from aftale.office.package import read_parts, write_parts
from aftale.office.pdf import CannotConvert, NoOffice, find_office, keeps, make_pdf


def test_without_libreoffice_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_office", lambda: None)
    with pytest.raises(NoOffice):
        make_pdf(b"")


def test_libreoffice_is_found_on_the_path_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda name: "/usr/bin/libreoffice" if name == "libreoffice" else None)
    assert find_office() == Path("/usr/bin/libreoffice")
    program = tmp_path / "soffice"
    program.write_bytes(b"")
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    monkeypatch.setattr(pdf, "_usual_places", lambda: [tmp_path / "findes ikke", program])
    assert find_office() == program


@pytest.mark.parametrize(("happens", "says"), [
    (subprocess.TimeoutExpired("soffice", 1), "blev ikke færdig i tide"),
    (subprocess.CalledProcessError(1, "soffice"), "meldte en fejl"),
    (PermissionError(13, "no"), "kan ikke startes"), (None, "lavede ingen PDF"), (b"ikke en pdf", "lavede ingen PDF")])
def test_what_goes_wrong_is_said(happens: object, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **_: Any) -> None:
        if isinstance(happens, Exception):
            raise happens
        if isinstance(happens, bytes):
            Path(command[-1]).with_suffix(".pdf").write_bytes(happens)

    monkeypatch.setattr(pdf, "find_office", lambda: Path("soffice"))
    monkeypatch.setattr(pdf.subprocess, "run", run)
    with pytest.raises(CannotConvert, match=says):
        make_pdf(b"x")


def test_a_pdf_is_made_with_a_profile_of_its_own_in_danish(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def run(command: list[str], **options: Any) -> None:
        seen.update(options, workbook=Path(command[-1]).read_bytes(), command=command)
        seen["settings"] = (Path(command[-1]).parent / "profil/user/registrymodifications.xcu").read_text(encoding="utf-8")
        Path(command[-1]).with_suffix(".pdf").write_bytes(b"%PDF-1.7 x")

    monkeypatch.setattr(pdf, "find_office", lambda: Path("soffice"))
    monkeypatch.setattr(pdf.subprocess, "run", run)
    assert make_pdf(b"regneark", seconds=7) == b"%PDF-1.7 x"
    assert seen["workbook"] == b"regneark" and seen["timeout"] == 7 and "da-DK" in seen["settings"]
    assert any("UserInstallation" in part for part in seen["command"])
    assert not Path(seen["command"][-1]).parent.exists()


@pytest.mark.parametrize(("content", "kept"), [
    (b"/Keywords(abc123)", True), (b"/Keywords<FEFF006100620063003100320033>", True), (b"/Keywords(abd123)", False)])
def test_a_keyword_is_found_however_it_is_coded(content: bytes, kept: bool) -> None:
    assert keeps(content, "abc123") is kept


@pytest.mark.parametrize(("kind", "says"), [(".xlsx", "calc_pdf_Export"), (".docx", "writer_pdf_Export")])
def test_a_pdf_is_tagged_and_only_a_documents_says_that_it_is_pdf_ua(kind: str, says: str,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def run(command: list[str], **_: Any) -> None:
        asked.append(command[command.index("--convert-to") + 1])
        Path(command[-1]).with_suffix(".pdf").write_bytes(b"%PDF-1.7 x")

    monkeypatch.setattr(pdf, "find_office", lambda: Path("soffice"))
    monkeypatch.setattr(pdf.subprocess, "run", run)
    make_pdf(write_parts({"word/document.xml": b"<w:document xmlns:w='w'/>"}), kind)
    assert len(asked) == 1 and asked[0].startswith(f"pdf:{says}:")
    options = json.loads(asked[0].split(":", 2)[2])
    assert set(options) == {"ExportBookmarks", "PDFUACompliance" if kind == ".docx" else "UseTaggedPDF"}
    assert all(option["value"] == "true" for option in options.values())


FRAME = "<draw:frame><draw:object/>{}</draw:frame>"


@pytest.mark.parametrize(("frames", "found"), [
    ([""], ["Nu: 8 & <2>"]), (["<svg:desc>sin egen</svg:desc>"], ["sin egen"]), (["", ""], []), ([], [])],
    ids=["lost", "kept by a newer version", "another number of them", "none"])
def test_a_charts_description_is_put_back_where_libreoffice_lost_it(frames: list[str], found: list[str]) -> None:
    content = f"<o xmlns:draw='d' xmlns:svg='s'>{''.join(map(FRAME.format, frames))}</o>"
    made = read_parts(pdf._with_chart_texts(write_parts({"mimetype": b"x", "content.xml": content.encode()}),
                                            [("Status", "Nu: 8 & <2>")]))
    page = ElementTree.fromstring(made["content.xml"])
    assert [each.text for each in page.iter("{s}desc")] == found and list(made) == ["mimetype", "content.xml"]


def test_the_descriptions_of_a_documents_charts_are_those_of_its_drawings() -> None:
    drawing = "<wp:inline><wp:docPr title='{0}' descr='om {0}'/><a:graphic>{1}</a:graphic></wp:inline>"
    xml = "<w:document xmlns:w='w' xmlns:wp='p' xmlns:a='a' xmlns:c='c'>" + drawing.format("logo", "") + drawing.format(
        "status", "<c:chart/>") + "</w:document>"
    assert pdf._chart_texts(write_parts({"word/document.xml": xml.encode()})) == [("status", "om status")]
