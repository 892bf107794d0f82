"""Files are written whole or not at all, and never over what somebody else changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from aftale.office.safe_write import (
    TEMPORARY,
    CannotWrite,
    ToWrite,
    danish_reason,
    digest,
    earlier_name,
    standing_digest,
    write_all,
    write_whole,
)

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_written_with_its_folders_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b" / "x.txt", b"ny")
    assert (tmp_path / "a" / "b" / "x.txt").read_bytes() == b"ny"
    assert names(tmp_path / "a" / "b") == ["x.txt"]


def test_a_write_that_fails_leaves_the_earlier_file_and_no_unfinished_one(tmp_path: Path,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"gammel")

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CannotWrite, match="disken er fuld"):
        write_whole(path, b"ny")
    assert path.read_bytes() == b"gammel" and names(tmp_path) == ["x.txt"]


def test_the_content_is_on_the_disk_before_it_takes_the_earlier_ones_place(tmp_path: Path,
                                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    replace, fsync = os.replace, os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("fsync"), fsync(handle)))
    monkeypatch.setattr(os, "replace", lambda *paths: (done.append("replace"), replace(*paths)))
    write_whole(tmp_path / "x.txt", b"ny")
    assert done == ["fsync", "replace"]


def test_what_a_run_that_was_stopped_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / f"{TEMPORARY}1.xlsx").write_bytes(b"halv")
    write_whole(tmp_path / "x.xlsx", b"ny")
    assert names(tmp_path) == ["x.xlsx"]


@POSIX
def test_another_run_that_clears_away_the_unfinished_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "aftale.xlsx"
    write_whole(path, b"before")
    monkeypatch.setattr(os, "fsync", lambda handle: [each.unlink() for each in tmp_path.glob(f"{TEMPORARY}*")])
    with pytest.raises(CannotWrite, match="en anden kørsel.*Vent, til den er færdig, og kør kommandoen igen"):
        write_whole(path, b"after")
    assert path.read_bytes() == b"before"


def test_the_rights_of_the_earlier_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"gammel")
    path.chmod(0o640)
    write_whole(path, b"ny")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_folder_in_the_place_of_the_file_is_said_in_danish(tmp_path: Path) -> None:
    (tmp_path / "x.txt").mkdir()
    with pytest.raises(CannotWrite, match=r"er en mappe|kan ikke skrives"):
        write_whole(tmp_path / "x.txt", b"ny")
    assert danish_reason(OSError(28, "x")) == "disken er fuld" and danish_reason(OSError(9999, "x")) == "systemfejl 9999"


def test_the_earlier_file_is_kept_under_a_name_of_its_own_where_that_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"gammel")
    kept = earlier_name(path)
    assert kept.name == f"x_tidligere_{digest(b'gammel')[:8]}.xlsx"
    write_all([ToWrite(path, b"ny", kept)])
    assert path.read_bytes() == b"ny" and kept.read_bytes() == b"gammel"


@pytest.mark.parametrize(("before", "expects", "says"), [
    (b"en andens", digest(b"vores"), "ændret"), (None, digest(b"vores"), "flyttet eller slettet"),
    (b"en andens", "", "lagt i mappen")])
def test_what_somebody_changed_meanwhile_is_never_written_over(tmp_path: Path, before: bytes | None, expects: str,
                                                               says: str) -> None:
    path = tmp_path / "x.xlsx"
    if before is not None:
        path.write_bytes(before)
    with pytest.raises(CannotWrite, match=f"{says}.*Intet er skrevet"):
        write_all([ToWrite(tmp_path / "a.xlsx", b"ny"), ToWrite(path, b"ny", expects=expects)])
    assert names(tmp_path) == (["x.xlsx"] if before else [])


def test_a_file_as_it_was_read_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    assert standing_digest(path) == ""
    write_all([ToWrite(path, b"en", expects="")])
    write_all([ToWrite(path, b"to", expects=standing_digest(path))])
    assert path.read_bytes() == b"to"


@pytest.mark.parametrize(("lock", "content", "who"), [
    ("~$x.xlsx", b"\x05B\xf8rne" + b" " * 50, "hos Børne"), ("~$x.xlsx", b"", "i et regnearksprogram"),
    (".~lock.x.xlsx#", "Børneteamet,konto,pc,dato;".encode(), "hos Børneteamet"),
    (".~lock.x.xlsx#", b",konto,pc;", "hos konto")])
def test_a_file_that_is_open_in_a_program_is_left_alone(tmp_path: Path, lock: str, content: bytes, who: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"gammel")
    (tmp_path / lock).write_bytes(content)
    with pytest.raises(CannotWrite, match=f"x.xlsx er åben {who}.*slet den"):
        write_all([ToWrite(tmp_path / "a.xlsx", b"ny"), ToWrite(path, b"ny")])
    assert path.read_bytes() == b"gammel" and not (tmp_path / "a.xlsx").exists()
