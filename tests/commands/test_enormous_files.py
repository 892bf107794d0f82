"""A file of 1 GB, which takes no room on the disk, is told wherever it is given, and never read whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.office.shipped_files import example_path

READ = Path.read_bytes


def only_small_files(path: Path) -> bytes:
    assert path.stat().st_size < 300_000_000, f"{path.name} is read whole"
    return READ(path)


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stort")
    shutil.copytree(example_path(), folder / "kilde")
    for args in (("generer", str(folder / "kilde"), "--ud", str(folder / "a.xlsx")),
                 ("fordel", str(folder / "a.xlsx"), "--runde", "midtvejs", "--ud", str(folder / "svar"))):
        assert CliRunner().invoke(app, list(args)).exit_code in (0, 1)
    return folder


@pytest.mark.parametrize(("name", "command", "code"), [
    ("kilde/aftale.toml", "generer kilde --ud ny.xlsx", 3), ("kilde/maal.csv", "generer kilde --ud ny.xlsx", 3),
    ("mål.csv", "generer mål.csv --ud ny.xlsx", 3), ("aftalen.txt", "generer aftalen.txt --ud ny.xlsx", 3),
    ("aftalen.docx", "generer aftalen.docx --ud ny.xlsx", 3), ("mål.ods", "generer mål.ods --ud ny.xlsx", 3),
    ("skabelon.xlsx", "generer kilde --ud ny.xlsx --skabelon skabelon.xlsx", 3),
    ("skabelon.xlsx", "skabelon skabelon.xlsx", 3), ("breve/paamind.txt", "skabelon --brevtekster breve", 1),
    ("breve/paamind.txt", "paamind a.xlsx svar --runde midtvejs --ud ud --brevtekster breve", 3),
    ("svar/svar.xlsx", "flet a.xlsx svar --ud o.xlsx", 1), ("svar/svar.eml", "indlaes a.xlsx svar", 1),
    ("svar/svar.zip", "indlaes a.xlsx svar", 1), ("o.xlsx", "flet a.xlsx svar --ud o.xlsx", 3),
    ("o.xlsx", "send o.xlsx", 3), ("o.xlsx", "saml o.xlsx --ud s.xlsx", 3),
    ("enheder.txt", "saml a.xlsx --ud s.xlsx --enheder enheder.txt", 3),
    ("b.xlsx", "fordel b.xlsx --runde midtvejs --ud s", 3)])
def test_an_enormous_file_is_told_and_not_read_whole(_made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                     name: str, command: str, code: int) -> None:
    folder = shutil.copytree(_made, tmp_path / "aar")
    monkeypatch.chdir(folder)
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).touch()
    os.truncate(name, 1_000_000_000)
    monkeypatch.setattr(Path, "read_bytes", only_small_files)
    done = CliRunner().invoke(app, command.split())
    assert done.exit_code == code and Path(name).name in done.output, done.output
    assert any(word in done.output for word in ("for stor", "fylder alt for meget")), done.output
