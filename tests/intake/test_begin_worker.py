"""A worker begins in whatever holds the program: an isolated, embeddable or embedded Python, and a frozen program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Year

from aftale.intake import begin_worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stand-ins are scripts of Linux")

ROOT = Path(begin_worker.__file__).parents[2]
SAID = {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}
PROGRAM = """
import sys
sys.path[:] = {path!r}
{holds}
from aftale.commands.main import main
main()
"""
HOLDS = {
    "an interpreter": "",
    "an isolated interpreter, as the embeddable one is": "sys.executable = {isolated!r}",
    "a program that embeds Python": "sys.executable = '/usr/lib/office/soffice.bin'",
    "a program that embeds Python and doesn't say what it is called": "sys.executable = ''",
    "a frozen program": "sys.frozen, sys.executable = True, __file__",
}


def program(folder: Path, holds: str) -> Path:
    """Write a program that finds aftale and its libraries by the path it is given, and nowhere else."""
    isolated = folder / "python3"
    isolated.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n', encoding="utf-8")
    path = [str(ROOT), *(each for each in sys.path if each and Path(each) != ROOT)]
    it = folder / "Årets program"
    code = PROGRAM.format(path=path, holds=holds.format(isolated=str(isolated)))
    it.write_text(f"#!{isolated}\n{code}", encoding="utf-8")
    for each in (isolated, it):
        each.chmod(0o755)
    return it


@pytest.mark.parametrize("holds", HOLDS.values(), ids=HOLDS)
def test_files_are_read_in_whatever_holds_the_program(year: Year, tmp_path: Path, holds: str) -> None:
    year.fill("Husteamet", SAID)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    (tmp_path / "pickle.py").write_text("raise SystemExit('what lies in the folder is not run')", encoding="utf-8")
    done = subprocess.run([program(tmp_path, holds), "indlaes", year.agreement.absolute(), year.answers.absolute()], env=env,
                          cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)
    assert "1 skema læst" in done.stdout, done.stderr


@pytest.mark.parametrize("said", ["python", "python3", "python3.14", "python3.14t", "python.exe", "pythonw.exe",
                                  "PYTHON.EXE", "python_d.exe", "pypy3.11"])
def test_an_interpreter_is_known_by_its_name(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr(sys, "executable", f"/steder/{said}")
    assert begin_worker.interpreter() == f"/steder/{said}"


@pytest.mark.parametrize("said", ["EXCEL.EXE", "pythonservice.exe", "aftale.exe", "soffice.bin", "", None])
def test_where_there_is_no_interpreter_nothing_else_is_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                               said: str | None) -> None:
    monkeypatch.setattr(sys, "executable", said and f"/steder/{said}")
    for name in ("exec_prefix", "base_exec_prefix"):
        monkeypatch.setattr(sys, name, str(tmp_path))
    with pytest.raises(FileNotFoundError, match="no interpreter"):
        begin_worker.begin_worker()
