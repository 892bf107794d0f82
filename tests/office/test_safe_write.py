"""Files are written whole or not at all, and never over what somebody else changed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aftale.office import safe_write
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
    with pytest.raises(CannotWrite, match="Disken er fuld"):
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


def ended() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


UNFINISHED = {
    "of a process here that has ended": (lambda: f"{safe_write._MACHINE}-{ended()}", 0, False),
    "of a process here that lives": (lambda: f"{safe_write._MACHINE}-{os.getppid()}", 0, True),
    "of this process, in another thread": (lambda: f"{safe_write._MACHINE}-{os.getpid()}", 0, True),
    "of another machine": (lambda: f"0badc0de-{ended()}", 0, True),
    "of another machine, an hour old and more": (lambda: f"0badc0de-{ended()}", 4000, False),
    "of an earlier version of the program": (lambda: "abc", 0, True),
    "of an earlier version, an hour old and more": (lambda: "abc", 4000, False)}


@POSIX
@pytest.mark.parametrize(("whose", "age", "stays"), UNFINISHED.values(), ids=UNFINISHED.keys())
def test_only_what_a_run_that_has_ended_left_is_cleared_away(tmp_path: Path, whose: Callable[[], str], age: int,
                                                             stays: bool) -> None:
    left = tmp_path / f"{TEMPORARY}{whose()}-xyz.xlsx"
    left.write_bytes(b"halv")
    os.utime(left, (left.stat().st_atime, left.stat().st_mtime - age))
    write_whole(tmp_path / "x.xlsx", b"ny")
    assert names(tmp_path) == [*([left.name] if stays else []), "x.xlsx"]


@POSIX
def test_another_program_that_clears_away_the_unfinished_file_is_said(tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "aftale.xlsx"
    write_whole(path, b"before")
    monkeypatch.setattr(os, "fsync", lambda handle: [each.unlink() for each in tmp_path.glob(f"{TEMPORARY}*")])
    with pytest.raises(CannotWrite, match="Et andet program har fjernet den.*Kør kommandoen igen"):
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
    with pytest.raises(CannotWrite, match=r"er en mappe|kan ikke gemmes"):
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
    with pytest.raises(CannotWrite, match=f"{says}.*Intet er gemt"):
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
    with pytest.raises(CannotWrite, match=f"x.xlsx er åben {who}.*Slet den"):
        write_all([ToWrite(tmp_path / "a.xlsx", b"ny"), ToWrite(path, b"ny")])
    assert path.read_bytes() == b"gammel" and not (tmp_path / "a.xlsx").exists()


# ---------------------------------------------------------------- two runs, and people who save meanwhile

WRITER = """
import sys
from pathlib import Path
from aftale.office.safe_write import write_whole
for number in range(40):
    write_whole(Path(sys.argv[1]) / f"{sys.argv[2]}{number % 3}.xlsx", sys.argv[2].encode() * 50_000)
"""


def test_two_runs_in_one_folder_don_t_take_each_other_s_unfinished_files(tmp_path: Path) -> None:
    runs = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name], stderr=subprocess.PIPE) for name in "ab"]
    said = [run.communicate(timeout=120)[1] for run in runs]
    assert said == [b"", b""] and [run.returncode for run in runs] == [0, 0]
    assert names(tmp_path) == ["a0.xlsx", "a1.xlsx", "a2.xlsx", "b0.xlsx", "b1.xlsx", "b2.xlsx"]


@pytest.mark.parametrize("kept", [False, True], ids=["alone", "with the earlier file kept"])
def test_what_is_saved_between_our_look_and_our_writing_is_not_written_over(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool) -> None:
    path = tmp_path / "opfoelgning.xlsx"
    path.write_bytes(b"as we read it")
    real = os.fsync

    def somebody_saves(handle: int) -> None:
        real(handle)
        path.write_bytes(b"saved by the coordinator")

    monkeypatch.setattr(os, "fsync", somebody_saves)
    earlier = earlier_name(path) if kept else None
    with pytest.raises(CannotWrite, match="opfoelgning.xlsx er blevet ændret"):
        write_all([ToWrite(path, b"ours", earlier, digest(b"as we read it"))])
    assert path.read_bytes() == b"saved by the coordinator"


@POSIX
def test_a_run_waits_while_another_looks_and_writes(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"first")
    first = ToWrite(path, b"by the one", expects=digest(b"first"))
    with safe_write._alone_in(tmp_path):
        other = threading.Thread(target=lambda: write_all([first]))
        other.start()
        other.join(0.3)
        assert other.is_alive() and path.read_bytes() == b"first"
    other.join(20)
    assert path.read_bytes() == b"by the one"


# ---------------------------------------------------------------- what the system says

def fails(number: int, times: int = 10**9, winerror: int = 0) -> Callable[..., Any]:
    """Return something that fails so many times, as the system does, and then works as before."""
    left = [times]

    def call(real: Callable[..., Any], *args: Any, **named: Any) -> Any:
        if left[0] <= 0:
            return real(*args, **named)
        left[0] -= 1
        error = OSError(number, os.strerror(number))
        if winerror:
            error.winerror = winerror  # type: ignore[attr-defined]
        raise error
    return call


@contextmanager
def instead(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, call: Callable[..., Any]) -> Iterator[None]:
    real = getattr(module, name)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, lambda *args, **named: call(real, *args, **named))
        yield


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EBUSY], ids=errno.errorcode.get)
def test_a_file_that_is_held_for_a_moment_is_written_when_it_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                       number: int) -> None:
    files = [ToWrite(tmp_path / f"{each}.xlsx", b"ny") for each in range(16)]
    with instead(monkeypatch, os, "replace", fails(number, 4)):
        write_all(files)
    assert len(names(tmp_path)) == 16


def test_a_file_that_is_held_all_the_time_is_named_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_write, "PATIENCE", 0.2)
    with instead(monkeypatch, os, "replace", fails(errno.EACCES)), pytest.raises(CannotWrite, match="åben i Excel"):
        write_whole(tmp_path / "x.xlsx", b"ny")
    assert names(tmp_path) == []


@pytest.mark.parametrize(("module", "name", "number"), [
    (os, "fsync", errno.EINVAL), (os, "fsync", errno.ENOSYS), (os, "fsync", errno.EOPNOTSUPP), (os, "fsync", errno.EPERM),
    (os, "chmod", errno.EPERM), (os, "chmod", errno.EOPNOTSUPP), (os, "chmod", errno.EIO)],
    ids=lambda each: errno.errorcode[each] if isinstance(each, int) else getattr(each, "__name__", each))
def test_a_share_that_can_t_do_everything_is_written_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any,
                                                        name: str, number: int) -> None:
    with instead(monkeypatch, module, name, fails(number)):
        write_whole(tmp_path / "x.xlsx", b"ny")
    assert (tmp_path / "x.xlsx").read_bytes() == b"ny" and names(tmp_path) == ["x.xlsx"]


@POSIX
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EBADF, errno.EIO], ids=errno.errorcode.get)
def test_a_share_that_can_t_lock_is_written_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    import fcntl
    with instead(monkeypatch, fcntl, "flock", fails(number)):
        write_whole(tmp_path / "x.xlsx", b"ny")
    assert names(tmp_path) == ["x.xlsx"]


@pytest.mark.parametrize(("number", "winerror", "says"), [
    (errno.ENOSPC, 0, "disken er fuld"), (errno.EDQUOT, 0, "ikke mere plads til dig"), (errno.EFBIG, 0, "kan rumme"),
    (errno.EIO, 0, "svarer med en fejl"), (errno.ENOLCK, 0, "ikke låse filer"), (errno.ESTALE, 0, "gået tabt"),
    (errno.ETIMEDOUT, 0, "svarer ikke"), (errno.EDEADLK, 0, "kun i skyen"), (errno.EINVAL, 362, "kun i skyen"),
    (errno.EINVAL, 389, "kun i skyen"), (errno.EACCES, 395, "kun i skyen"), (errno.EACCES, 32, "åben i et andet program"),
    (errno.EACCES, 33, "låst af et andet program"), (errno.EINVAL, 225, "virusscanneren"), (errno.EINVAL, 59, "svarer ikke"),
    (errno.ENOSPC, 112, "disken er fuld"), (errno.EACCES, 5, "ikke adgang"), (12345, 0, "systemfejl 12345")])
def test_what_the_system_says_has_danish_words(number: int, winerror: int, says: str) -> None:
    error = OSError(number, "in English")
    if winerror:
        error.winerror = winerror  # type: ignore[attr-defined]
    assert says in danish_reason(error)


def test_windows_protected_folders_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They say that the file isn't there when one is made."""
    with instead(monkeypatch, tempfile, "mkstemp", fails(errno.ENOENT)), \
            pytest.raises(CannotWrite, match="Kontrolleret mappeadgang"):
        write_whole(tmp_path / "x.xlsx", b"ny")


@POSIX
def test_a_link_stays_a_link_and_its_file_is_written(tmp_path: Path) -> None:
    real = tmp_path / "fælles drev" / "opfoelgning.xlsx"
    real.parent.mkdir()
    real.write_bytes(b"gammel")
    link = tmp_path / "opfoelgning.xlsx"
    link.symlink_to(real)
    write_all([ToWrite(link, b"ny", earlier_name(link), digest(b"gammel"))])
    assert link.is_symlink() and real.read_bytes() == b"ny" and names(real.parent) == ["opfoelgning.xlsx"]
    (real.parent / "~$opfoelgning.xlsx").write_bytes(b"\x05B\xf8rne")
    with pytest.raises(CannotWrite, match="er åben"):
        write_all([ToWrite(link, b"endnu nyere")])


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs a small disk of its own")
def test_a_disk_that_really_is_full(tmp_path: Path) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        path = tmp_path / "x.xlsx"
        write_whole(path, b"gammel")
        with pytest.raises(CannotWrite, match="Disken er fuld"):
            write_whole(path, b"n" * 200_000)
        assert path.read_bytes() == b"gammel" and names(tmp_path) == ["x.xlsx"]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
