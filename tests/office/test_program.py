"""Which program it is that judged a file: the same wherever its source lies, another where its source is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aftale import __version__
from aftale.office import shipped_files
from aftale.office.shipped_files import program


def as_installed(folder: Path) -> None:
    """Lay what is shipped and what is compiled beside the source."""
    (folder / "shipped" / "templates").mkdir(parents=True)
    (folder / "shipped" / "templates" / "byg_skabelon.py").write_text("")
    (folder / "forms" / "__pycache__").mkdir(exist_ok=True)
    (folder / "forms" / "__pycache__" / "judge.cpython-311.pyc").write_bytes(b"")


def with_lines_of_windows(folder: Path) -> None:
    for path in folder.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def judging_otherwise(folder: Path) -> None:
    with (folder / "forms" / "judge.py").open("a") as source:
        source.write("\n_MOST_BESIDE = 21\n")


@pytest.mark.parametrize(("change", "same"), [
    (as_installed, True), (with_lines_of_windows, True), (judging_otherwise, False)])
def test_a_program_is_another_where_its_source_is(change: Callable[[Path], None], same: bool, tmp_path: Path) -> None:
    shutil.copytree(Path(shipped_files.__file__).parents[1], tmp_path / "aftale")
    change(tmp_path / "aftale")
    assert (program(tmp_path / "aftale") == program()) is same
    assert program().startswith(f"{__version__} ")
