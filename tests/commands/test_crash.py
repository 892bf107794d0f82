"""A crash at any moment of writing leaves a whole file: the earlier one or the new one, and the next run goes on."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from conftest import Year
from python_calamine import CalamineWorkbook
from running import run_here

from aftale.model.agreement import Round
from aftale.office import safe_write
from aftale.office.report import Report
from aftale.office.safe_write import TEMPORARY, CannotWrite, ToWrite, write_all, write_whole
from aftale.office.shipped_files import example_path, template_path
from aftale.steps.flet import flet
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer

# Runs a command and stops the process dead, as a power cut does, at the n-th time it comes to one point of writing.
KILLED = """
import os, signal, sys, tempfile
point, number = sys.argv.pop(1), int(sys.argv.pop(1))
seen = 0

def die():
    global seen
    seen += 1
    if seen == number:
        os.kill(os.getpid(), signal.SIGKILL) if hasattr(signal, "SIGKILL") else os._exit(137)

def around(module, name, before=None, after=None):
    real = getattr(module, name)
    def wrapped(*args, **kwargs):
        if before: before()
        result = real(*args, **kwargs)
        if after: after()
        return result
    setattr(module, name, wrapped)

class Half:
    def __init__(self, stream): self.stream = stream
    def __enter__(self): self.stream.__enter__(); return self
    def __exit__(self, *args): return self.stream.__exit__(*args)
    def __getattr__(self, name): return getattr(self.stream, name)
    def write(self, data):
        self.stream.write(data[: len(data) // 2])
        self.stream.flush()
        die()
        self.stream.write(data[len(data) // 2:])

import aftale.office.safe_write
if point == "before the temporary file": around(tempfile, "mkstemp", before=die)
if point == "after the temporary file": around(tempfile, "mkstemp", after=die)
if point == "halfway through":
    real = os.fdopen
    os.fdopen = lambda *args, **kwargs: Half(real(*args, **kwargs))
if point == "after writing": around(os, "fsync", after=die)
if point == "before taking its place": around(os, "replace", before=die)
if point == "after taking its place": around(os, "replace", after=die)
from aftale.commands.main import run
run()
"""
POINTS = ("before the temporary file", "after the temporary file", "halfway through", "after writing",
          "before taking its place", "after taking its place")


def killed(folder: Path, point: str, number: int, *args: object) -> None:
    """Run a command that is killed the n-th time it comes to a point of writing."""
    done = subprocess.run([sys.executable, "-c", KILLED, point, str(number), *map(str, args)], cwd=folder,
                          capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == -9, done.stderr


def run(report: Report) -> Report:
    """Write a step's files, as an undisturbed command does."""
    write_all(list(report.files))
    return report


def left_over(folder: Path) -> list[Path]:
    return sorted(folder.rglob(f"{TEMPORARY}*"))


def opens(path: Path) -> bool:
    book = CalamineWorkbook.from_path(str(path))
    return all(book.get_sheet_by_name(name).to_python() is not None for name in book.sheet_names)


@pytest.mark.parametrize("point", POINTS)
def test_flet_killed_over_a_standing_follow_up(year: Year, point: str) -> None:
    out, whole = year.folder / "opfoelgning.xlsx", year.folder / "hel.xlsx"
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}})
    run(flet(year.agreement, [year.answers], out))
    old = out.read_bytes()
    year.fill("Ungeteamet", {"M1.2.1": {"Status": "Opfyldt"}})
    shutil.copy(out, whole)
    new = run(flet(year.agreement, [year.answers], whole)).files[0].data

    killed(year.folder, point, 1, "flet", "aftale.xlsx", "svar", "--ud", out.name)
    assert out.read_bytes() == (new if point == "after taking its place" else old) and opens(out)
    assert bool(left_over(year.folder)) == (point in POINTS[1:5])

    run(flet(year.agreement, [year.answers], out))
    assert out.read_bytes() == new != old
    assert left_over(year.folder) == [], "the next run clears away what the killed one left"


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path, bytes]:
    """An agreement, what the next one is made from, and the next one."""
    folder = tmp_path_factory.mktemp("ændret")
    source, out = folder / "kilde", folder / "aftale.xlsx"
    shutil.copytree(example_path(), source)
    old = generer(source, out, template_path()).files[0].data
    toml = source / "aftale.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("Udviklingskonsulenten", "Afdelingslederen"), encoding="utf-8")
    return old, source, generer(source, out, template_path()).files[0].data


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("number", [1, 2], ids=["while keeping the earlier one", "while writing the new one"])
def test_generer_killed_over_a_standing_agreement(tmp_path: Path, changed: tuple[bytes, Path, bytes], point: str,
                                                  number: int) -> None:
    old, source, new = changed
    shutil.copytree(source, tmp_path / "kilde")
    source, out = tmp_path / "kilde", tmp_path / "aftale.xlsx"
    out.write_bytes(old)

    killed(tmp_path, point, number, "generer", "kilde", "--ud", out.name)
    replaced = number == 2 and point == "after taking its place"
    assert out.read_bytes() == (new if replaced else old) and opens(out)
    kept = [path.read_bytes() for path in tmp_path.glob("aftale_tidligere_*.xlsx")]
    assert kept == ([old] if number == 2 or point == "after taking its place" else []), "kept whole, before the new one"

    run(generer(source, out, template_path()))
    assert out.read_bytes() == new != old
    assert [path.read_bytes() for path in tmp_path.glob("aftale_tidligere_*.xlsx")] == [old]
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(("point", "number"), [*((point, 4) for point in POINTS), ("halfway through", 1),
                                               ("halfway through", 8)])
def test_fordel_killed_at_the_nth_skema(year: Year, point: str, number: int) -> None:
    whole = {path.name: path.read_bytes() for path in year.forms.values()}
    new = year.folder / "nye"
    killed(year.folder, point, number, "fordel", "aftale.xlsx", "--runde", "aarsopfoelgning", "--ud", new.name,
           "--frist", "2015-11-11")
    there = {path.name: path.read_bytes() for path in new.iterdir() if not path.name.startswith(TEMPORARY)}
    assert there.items() <= whole.items(), "every skema that is there is whole"
    assert len(there) == (number if point == "after taking its place" else number - 1)

    run(fordel(year.agreement, Round.AARSOPFOELGNING, new, date(2015, 11, 11)))
    assert {path.name: path.read_bytes() for path in new.iterdir()} == whole


def test_unfinished_files_are_never_taken_for_answers(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}})
    (year.answers / f"{TEMPORARY}abc.xlsx").write_bytes(b"halvt")
    report = flet(year.agreement, [year.answers], year.folder / "opfoelgning.xlsx")
    assert report.problems == ()


# ---------------------------------------------------------------- the disk says no

@pytest.mark.parametrize(("error", "where", "says"), [
    (errno.ENOSPC, "os.fsync", "Vælg et andet sted"),
    (errno.ENOSPC, "tempfile.mkstemp", "Vælg et andet sted"),
    (errno.EACCES, "tempfile.mkstemp", "luk den, og kør igen"),
    (errno.EACCES, "os.replace", "luk den, og kør igen"),
    (errno.EROFS, "os.replace", "Vælg et andet sted"),
    (errno.EIO, "os.fsync", "Vælg et andet sted")],
    ids=["full disk", "full disk at once", "no right to write", "open in Excel", "read-only disk", "broken disk"])
def test_a_disk_that_refuses_gives_3_with_a_message_and_leaves_the_old_file(
        year: Year, monkeypatch: pytest.MonkeyPatch, error: int, where: str, says: str) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    out = year.folder / "opfoelgning.xlsx"
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}})
    run(flet(year.agreement, [year.answers], out))
    old = out.read_bytes()
    year.fill("Ungeteamet", {"M1.2.1": {"Status": "Opfyldt"}})
    with monkeypatch.context() as disk:
        disk.setattr(where, refuse)
        disk.setattr(safe_write, "PATIENCE", 0.1)
        done = run_here("flet", "aftale.xlsx", "svar", "--ud", out.name, cwd=year.folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert says in done.stderr and out.name in done.stderr
    assert "Traceback" not in done.stderr and "fejlede uventet" not in done.stderr
    assert out.read_bytes() == old
    assert left_over(year.folder) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no rights of this kind on Windows")
def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    locked = tmp_path / "låst"
    locked.mkdir(mode=0o500)
    me = os.geteuid()
    try:
        if me == 0:
            os.seteuid(65534)  # root may write everywhere, nobody may not
        with pytest.raises(CannotWrite, match="kan ikke gemmes"):
            write_whole(locked / "ud.xlsx", b"nyt")
    finally:
        os.seteuid(me)
    assert list(locked.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_disk_that_runs_full_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "ud.xlsx"
    out.write_bytes(b"gammelt")
    real = os.fdopen

    def full(handle: int, mode: str) -> object:
        os.close(handle)
        return real(os.open("/dev/full", os.O_WRONLY), mode)

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(CannotWrite, match="Vælg et andet sted"):
        write_whole(out, b"nyt" * 100_000)
    assert out.read_bytes() == b"gammelt" and left_over(tmp_path) == []


def test_the_earlier_file_is_kept_before_the_new_one_takes_its_place(tmp_path: Path) -> None:
    out, kept = tmp_path / "ud.xlsx", tmp_path / "ud_tidligere.xlsx"
    out.write_bytes(b"gammelt")
    write_all([ToWrite(out, b"nyt", kept)])
    assert (out.read_bytes(), kept.read_bytes()) == (b"nyt", b"gammelt")


def test_a_new_file_can_be_read_by_those_who_can_read_the_folder(tmp_path: Path) -> None:
    """A temporary file is for its owner alone; what takes its place must not be."""
    mask = os.umask(0o022)
    try:
        write_whole(tmp_path / "ny.xlsx", b"nyt")
        (tmp_path / "gammel.xlsx").write_bytes(b"gammelt")
        (tmp_path / "gammel.xlsx").chmod(0o664)
        write_whole(tmp_path / "gammel.xlsx", b"nyt")
    finally:
        os.umask(mask)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("ny.xlsx", "gammel.xlsx")] == [0o644, 0o664]
