"""Make a PDF of a workbook with LibreOffice, where that is installed.

The bytes of a PDF aren't the same from one time to the next: LibreOffice writes the hour and an id of its own into it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from aftale.office.safe_write import danish_reason

SECONDS = 180
"""How long LibreOffice may take."""
_PROGRAMS = ("soffice", "libreoffice")
_FILTER = "pdf:calc_pdf_Export"
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


def make_pdf(workbook: bytes, seconds: float = SECONDS) -> bytes:
    """Return the workbook as a PDF, made by LibreOffice with a profile of its own, so that an open one isn't disturbed.

    Raises:
        NoOffice: where LibreOffice isn't installed.
        CannotConvert: where it fails, or takes longer than so many seconds.
    """
    program = find_office()
    if program is None:
        raise NoOffice
    try:
        with tempfile.TemporaryDirectory(prefix="aftale-pdf-", ignore_cleanup_errors=True) as folder:
            return _converted(program, Path(folder), workbook, seconds)
    except subprocess.TimeoutExpired as error:
        raise CannotConvert("LibreOffice blev ikke færdig i tide") from error
    except subprocess.CalledProcessError as error:
        raise CannotConvert("LibreOffice meldte en fejl") from error
    except OSError as error:
        raise CannotConvert(f"LibreOffice kan ikke startes ({danish_reason(error)})") from error


def _converted(program: Path, folder: Path, workbook: bytes, seconds: float) -> bytes:
    source, profile = folder / "opfoelgning.xlsx", folder / "profil"
    source.write_bytes(workbook)
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_DANISH, encoding="utf-8")
    subprocess.run([str(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
                    "--convert-to", _FILTER, "--outdir", str(folder), str(source)],
                   check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
    made = source.with_suffix(".pdf")
    data = made.read_bytes() if made.exists() else b""
    if not data.startswith(b"%PDF"):
        raise CannotConvert("LibreOffice skrev ingen PDF")
    return data


def keeps(pdf: bytes, keyword: str) -> bool:
    """Tell whether a PDF has this text (in ASCII) among its keywords, as LibreOffice takes them over from a workbook."""
    coded = keyword.encode("utf-16-be")
    return coded.hex().encode() in pdf.lower() or coded in pdf or keyword.encode() in pdf
