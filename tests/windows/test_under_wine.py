"""The folder for Windows, built and run under wine: what it writes there is byte for byte what is written here.

`.ci/run` sets AFTALE_WINDOWS, once wine and a compiler are there; where that is a path, all that is said is written there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import fill_in
from python_for_windows import COMPILER, make

from aftale.mail.sent_list import SENT_LIST
from aftale.office.shipped_files import example_path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "packaging" / "windows" / "build.py"
ASKED = os.environ.get("AFTALE_WINDOWS", "")
LACKING = [each for each in ("wine", "wineserver", COMPILER) if shutil.which(each) is None]
pytestmark = [
    pytest.mark.skipif(not ASKED, reason="NOT RUN: the folder for Windows; .ci/run builds it and runs it under wine"),
    pytest.mark.skipif(bool(LACKING), reason=f"NOT RUN: the folder for Windows, for there is no {', '.join(LACKING)} here"),
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="NOT RUN: the folder for Windows, whose test takes 3.11"),
]
YEAR = "Årets mappe æøå"
FORMS = "midtvejs/skemaer"
SAID = {"M2.1.1": {"Resultat": 2, "Status": "Forventes opfyldt", "Bemærkninger": "Går godt – æøå"}}
RUNS_UNDER_WINE = ("numpy==2.0.2", "pandas==2.2.3", "pytz==2025.2")
"""In place of the versions that the folder has: later ones of numpy call a function that wine 8 lacks and Windows has."""
AS_EXCEL = """
import ctypes, sys
open_it = ctypes.windll.kernel32.CreateFileW
open_it.restype = ctypes.c_void_p
handle = open_it(sys.argv[1], 0xC0000000, 1, None, 3, 0, None)  # to read and write; others may only read
print("held" if handle not in (None, ctypes.c_void_p(-1).value) else "not held", flush=True)
sys.stdin.read()
"""


class Windows:
    """A folder unpacked from the zip, in a Windows of its own."""

    def __init__(self, folder: Path, built: Path, prefix: Path) -> None:
        self.folder, self.built, self.year = folder, built, folder / YEAR
        self.env = {**os.environ, "WINEPREFIX": str(prefix), "WINEDEBUG": "-all", "LC_ALL": "C.UTF-8", "DISPLAY": ""}
        self.env.pop("PYTHONPATH", None)

    def run(self, name: str, *words: str, cwd: Path | None = None) -> tuple[int, str]:
        """Run a file of the year's folder as cmd.exe does; returns how it ended, and all that it said."""
        began = time.monotonic()
        file = name if cwd is None else _path(self.year / name)
        call = ["call"] if " " in file else []  # wine needs it there, but then it knows no exit code but that of `exit`
        done = subprocess.run(["wine", "cmd", "/c", *call, file, *words], cwd=cwd or self.year, env=self.env, timeout=240,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
        _write_down(f"> {' '.join((name, *words))}\n{said}\n[{done.returncode}, {time.monotonic() - began:.0f} s]\n\n")
        return done.returncode, said

    def hold(self, path: Path) -> subprocess.Popen[str]:
        """Hold a workbook open as Excel does, until the process is ended."""
        process = subprocess.Popen(["wine", str(self.folder / "program" / "python.exe"), "-c", AS_EXCEL, _path(path)],
                                   env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   encoding="utf-8")
        assert process.stdout is not None and process.stdout.readline().strip() == "held"
        return process


def _path(path: Path) -> str:
    """Return what wine calls a path."""
    return f"Z:{path}".replace("/", "\\")


def _write_down(text: str) -> None:
    if os.sep in ASKED:
        with Path(ASKED).open("a", encoding="utf-8") as written:
            written.write(text)


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    """Build the zip and unpack it, with a year's folder that holds copies of what is double-clicked."""
    work = tmp_path_factory.mktemp("windows")
    python = make(work)
    packages = work / "packages.txt"
    packages.write_text(re.sub("(?m)^(numpy|pandas)==.*$", "", BUILD.with_name("packages.txt").read_text(encoding="utf-8"))
                        + "\n".join(RUNS_UNDER_WINE), encoding="utf-8")
    subprocess.run([sys.executable, BUILD, "--python", python, "--packages", packages, "--ud", work], check=True,
                   timeout=400)
    built, = work.glob("aftale-*-windows.zip")
    _write_down(f"{built.name}: {built.stat().st_size:,} bytes\n\n")
    folder = work / "Pakket ud"
    with zipfile.ZipFile(built) as package:
        package.extractall(folder)
    (folder / YEAR).mkdir()
    for each in folder.glob("*.cmd"):
        shutil.copy(each, folder / YEAR)
    made = Windows(folder, built, work / "wine")
    subprocess.run(["wineboot", "-i"], env=made.env, stdin=subprocess.DEVNULL, capture_output=True, timeout=240, check=True)
    shutil.copy(work / "bcryptprimitives.dll", work / "wine" / "drive_c" / "windows" / "system32")
    yield made
    subprocess.run(["wineserver", "-k"], env=made.env, timeout=60)
    shutil.rmtree(work)


def here(folder: Path, *words: str) -> tuple[int, str]:
    """Run the same command here."""
    done = subprocess.run([sys.executable, "-m", "aftale", *words], cwd=folder, capture_output=True, encoding="utf-8",
                          timeout=120, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return done.returncode, done.stdout + done.stderr


def files(folder: Path) -> dict[str, str]:
    """Return every file in a folder with what its bytes are; the list of what was made when is left out, with its lock."""
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix != ".cmd" and not path.name.startswith(SENT_LIST)}


def same(there: tuple[int, str], said_here: tuple[int, str], but: Sequence[str] = ()) -> None:
    """Hold what was said there to what was said here: the same words and numbers, whatever a path looks like."""
    def plain(said: str) -> list[str]:
        return [line.rstrip() for line in said.replace("\\", "/").splitlines() if not line.startswith(("Læst: ", *but))]

    assert there[0] == said_here[0]
    assert plain(there[1])[:len(plain(said_here[1]))] == plain(said_here[1])


def answers(folder: Path, received: Path, owner: str, name: str, said: Mapping[str, Mapping[str, object]] = SAID) -> Path:
    """Fill in a skema, as it is received under another name."""
    (form,) = (folder / FORMS).glob(f"*_{owner}_*")
    received.mkdir(exist_ok=True)
    path = received / name
    path.write_bytes(fill_in(form.read_bytes(), said))
    return path


def test_the_demo_is_the_same(windows: Windows, tmp_path: Path) -> None:
    there, said_here = windows.run("Aftale.cmd", "demo"), here(tmp_path, "demo")
    same(there, said_here)
    assert files(windows.year) == files(tmp_path) and len(files(tmp_path)) > 80


def test_a_round_is_the_same_and_a_follow_up_that_excel_holds_is_left_as_it_is(windows: Windows, tmp_path: Path) -> None:
    shutil.rmtree(windows.year / "aftale_demo", ignore_errors=True)
    for folder in (windows.year, tmp_path):
        shutil.copytree(example_path(), folder, dirs_exist_ok=True)
        assert here(folder, "generer")[0] == 0
    drafts = ("--breve", "midtvejs/breve")
    same(windows.run("Aftale.cmd", "fordel", *drafts), here(tmp_path, "fordel", *drafts))
    assert files(windows.year) == files(tmp_path)

    received = tmp_path.parent / "Hentet æøå"
    first = answers(tmp_path, received, "husteamet", "Svar fra Husteamet æ (1).xlsx")
    there = windows.run("Læg svar ind.cmd", _path(first), cwd=windows.folder / "program")
    same(there, here(tmp_path, "modtag", str(first)))
    assert "skema fra Husteamet (3 svar)" in there[1]
    same(windows.run("Aftale.cmd", "flet"), here(tmp_path, "flet"))
    assert files(windows.year) == files(tmp_path)

    followup = windows.year / "midtvejs" / "opfoelgning_2015_midtvejs.xlsx"
    before = followup.read_bytes()
    late = answers(tmp_path, received, "ledelsen", "sen.xlsx", {"M2.2.5": {"Status": "Ikke igangsat"}})
    for folder in (windows.year, tmp_path):
        shutil.copy(late, folder / "midtvejs" / "svar")
    excel = windows.hold(followup)
    try:
        code, said = windows.run("Aftale.cmd", "flet")
    finally:
        excel.communicate(timeout=60)
    assert code == 3 and "opfoelgning_2015_midtvejs.xlsx" in said and "åben" in said and "Traceback" not in said
    assert followup.read_bytes() == before and files(windows.year).keys() == files(tmp_path).keys()

    same(windows.run("Aftale.cmd", "send", "--alligevel"), here(tmp_path, "send", "--alligevel"))
    assert files(windows.year) == files(tmp_path)
    same(windows.run("Aftale.cmd"), here(tmp_path), ["Viborg Bibliotekerne 2015 (mappen "])


def test_the_archive_is_the_same_and_a_file_that_excel_holds_is_named_and_kept(windows: Windows, tmp_path: Path) -> None:
    for each in windows.year.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink() if each.suffix != ".cmd" else None
    shutil.copytree(example_path(), tmp_path, dirs_exist_ok=True)
    for words in (("generer",), ("fordel", "--runde", "midtvejs", "--breve", "midtvejs/breve")):
        assert here(tmp_path, *words)[0] == 0
    for owner in ("husteamet", "ledelsen"):
        answers(tmp_path, tmp_path / "midtvejs" / "svar", owner, f"{owner} æ.xlsx", SAID if owner == "husteamet" else {})
    deep = tmp_path / "midtvejs" / "breve" / ("dybt " * 20).strip() / ("nede " * 20).strip()
    deep.mkdir(parents=True)
    (deep / "sendt.msg").write_bytes(b"som sendt")
    for words in (("flet",), ("fordel", "--runde", "aarsopfoelgning")):
        assert here(tmp_path, *words)[0] in (0, 1)
    shutil.copytree(tmp_path, windows.year, dirs_exist_ok=True)
    excel = windows.hold(windows.year / "midtvejs" / "svar" / "husteamet æ.xlsx")
    words = ("arkiv", "--slet-til", "aarsopfoelgning", "--ja-slet")
    try:
        code, said = windows.run("Aftale.cmd", *words)
    finally:
        excel.communicate(timeout=60)
    assert here(tmp_path, *words)[0] == 0
    left = files(windows.year)
    assert code == 3 and "husteamet æ.xlsx blev ikke slettet, for den er åben i et andet program" in said, said
    assert left.pop("midtvejs/svar/husteamet æ.xlsx") and left == files(tmp_path)
    assert any(name.endswith(" sendt.msg") for name in left) and not any(name.startswith("midtvejs/breve") for name in left)


def test_nothing_is_written_where_the_program_lies(windows: Windows) -> None:
    with zipfile.ZipFile(windows.built) as package:
        assert set(files(windows.folder / "program")) == {
            name.removeprefix("program/") for name in package.namelist() if name.startswith("program/")}
