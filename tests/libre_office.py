"""LibreOffice for the tests: one that stays open while the tests of a process run, so that a file costs no start."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
_SECONDS_TO_BEGIN = 60
_SECONDS_TO_CONVERT = 120


class Office:
    """A LibreOffice with a profile of its own; asked to convert files, another call hands them over to it.

    It stays open because it has a document open. Should it have ended, the call that finds it so does the work itself.
    """

    def __init__(self, folder: Path, settings: str = "") -> None:
        if PROGRAM is None:
            pytest.skip("LibreOffice (soffice) is not installed")
        self._profile = folder / "profil"
        (self._profile / "user").mkdir(parents=True)
        if settings:
            (self._profile / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
        self._call = [PROGRAM, f"-env:UserInstallation={self._profile.as_uri()}", "--headless", "--norestore"]
        document = folder / "bliver_åben.xlsx"
        openpyxl.Workbook().save(document)
        self._open = subprocess.Popen([*self._call, str(document)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                      start_new_session=True)
        until = time.monotonic() + _SECONDS_TO_BEGIN
        while not list(folder.glob(".~lock.*")) and self._open.poll() is None and time.monotonic() < until:
            time.sleep(0.05)

    def convert(self, kind: str, out: Path, *paths: Path) -> list[Path]:
        """Save workbooks in another format in a folder and return where they lie."""
        call = [*self._call, "--convert-to", kind, "--outdir", str(out), *map(str, paths)]
        made = [out / f"{path.stem}.{kind}" for path in paths]
        with suppress(subprocess.SubprocessError):
            subprocess.run(call, check=True, capture_output=True, timeout=_SECONDS_TO_CONVERT)
        if not all(path.exists() for path in made):  # an open LibreOffice hangs now and then: the call goes on alone
            self.end()
            subprocess.run(call, check=True, capture_output=True, timeout=300)
        return made

    def end(self) -> None:
        """End it, and the processes that it is."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(self._open.pid, signal.SIGKILL)
        else:
            self._open.kill()
        self._open.wait()


def printed(pdf: Path) -> list[str]:
    """Return the text of each page of a PDF as it stands on the page; skipped where poppler isn't installed."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    text = subprocess.run([reader, "-layout", str(pdf), "-"], check=True, capture_output=True, timeout=60).stdout.decode()
    return text.split("\f")[:-1]
