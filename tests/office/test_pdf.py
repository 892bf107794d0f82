"""A PDF is made by LibreOffice, and whatever goes wrong is said in Danish."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from aftale.office import pdf
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
    (PermissionError(13, "no"), "kan ikke startes"), (None, "skrev ingen PDF"), (b"ikke en pdf", "skrev ingen PDF")])
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
    assert make_pdf(b"regneark", 7) == b"%PDF-1.7 x"
    assert seen["workbook"] == b"regneark" and seen["timeout"] == 7 and "da-DK" in seen["settings"]
    assert any("UserInstallation" in part for part in seen["command"])
    assert not Path(seen["command"][-1]).parent.exists()


@pytest.mark.parametrize(("content", "kept"), [
    (b"/Keywords(abc123)", True), (b"/Keywords<FEFF006100620063003100320033>", True), (b"/Keywords(abd123)", False)])
def test_a_keyword_is_found_however_it_is_coded(content: bytes, kept: bool) -> None:
    assert keeps(content, "abc123") is kept
