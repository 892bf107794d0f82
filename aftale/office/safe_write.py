"""Safe files: written whole or not at all, and never over what somebody changed."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

_LONG = 248
TEMPORARY = ".~aftale-"
"""Unfinished files begin with this; a run that was killed leaves one behind, and the next run clears it away."""


class CannotWrite(Exception):
    """A file can't be written; the text says why and what to do, in Danish."""


@dataclass(frozen=True)
class ToWrite:
    """A file that is to be written: decided first, written later, all of them or as many as can be.

    ``expects`` is the sha256 of the bytes that stood there when they were read, '' where nothing stood there: anything
    else is somebody's change since, and is never written over. None where it doesn't matter.
    """

    path: Path
    data: bytes
    keep_earlier_as: Path | None = None
    expects: str | None = None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a crash at any moment leaves the earlier one whole.

    Raises:
        CannotWrite: where the folder can't be written in or the file is open in another program.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f"{TEMPORARY}*"):
            left.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(prefix=TEMPORARY, suffix=path.suffix, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(name, _mode(path))
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CannotWrite(_why(path, error)) from error


def _mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _why(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return (f"Filen {path} kan ikke skrives. Er den åben i Excel eller et andet program, så luk den og kør igen;"
                " ellers vælg et andet sted.")
    if isinstance(error, IsADirectoryError):
        return f"{path} er en mappe. Skriv et filnavn."
    if isinstance(error, FileNotFoundError) and path.parent.is_dir():  # another run has cleared away the unfinished file
        return (f"Filen {path} er ikke skrevet: en anden kørsel er ved at skrive i den samme mappe. Vent, til den er færdig,"
                " og kør kommandoen igen.")
    return f"Filen {path} kan ikke skrives: {danish_reason(error)}. Vælg et andet sted."


_REASONS = {errno.ENOSPC: "disken er fuld", errno.EROFS: "mappen er skrivebeskyttet",
            errno.ENOTDIR: "en del af stien er en fil",
            errno.EEXIST: "der ligger en fil, hvor der skulle være en mappe", errno.ENAMETOOLONG: "stien er for lang",
            errno.EACCES: "der er ikke adgang til den", errno.EPERM: "der er ikke adgang til den",
            errno.ENOENT: "stien findes ikke", errno.EISDIR: "det er en mappe", errno.EBUSY: "den er i brug"}


def danish_reason(error: OSError) -> str:
    """Say in Danish why the system wouldn't; with the system's own number where there are no words for it."""
    return _REASONS.get(error.errno or 0, f"systemfejl {error.errno}")


def write_all(files: list[ToWrite]) -> None:
    """Write files in turn, each whole; an earlier file is kept under its own name first where that is asked.

    Raises:
        CannotWrite: before anything is written, where one of them is open in a program or was changed by somebody else
            since it was read; later, where the system won't write one.
    """
    for each in files:
        _refuse_open(each.path)
        _refuse_changed(each)
    for number, each in enumerate(files):
        _refuse_changed(each, [file.path.name for file in files[:number]])
        if each.keep_earlier_as is not None and each.path.exists():
            write_whole(each.keep_earlier_as, each.path.read_bytes())
        write_whole(each.path, each.data)


def standing_bytes(path: Path) -> bytes | None:
    """Return the file that stands at a path, None where none does; raises CannotWrite where it can't be read."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CannotWrite(_why(path, error)) from error


def standing_digest(path: Path) -> str:
    """Return the sha256 of the file that stands at a path, '' where none does."""
    standing = standing_bytes(path)
    return "" if standing is None else digest(standing)


def _refuse_changed(file: ToWrite, written: Sequence[str] = ()) -> None:
    """Refuse to write over what somebody changed since it was read; ``written`` are the files written just before."""
    if file.expects is None or (now := standing_digest(file.path)) == file.expects:
        return
    name, so_far = file.path.name, f"Kun {', '.join(written)} er skrevet." if written else "Intet er skrevet."
    if not file.expects:
        raise CannotWrite(f"{name} er blevet lagt i mappen, mens kommandoen kørte, og er ikke rørt. {so_far} Se,"
                          " hvad den er, og kør kommandoen igen.")
    what = "ændret" if now else "flyttet eller slettet"
    raise CannotWrite(f"{name} er blevet {what} af en anden, mens kommandoen kørte, og er ikke rørt. {so_far}"
                      " Kør kommandoen igen, så kommer ændringerne med.")


def _refuse_open(path: Path) -> None:
    """Refuse to write over a file that a lock file beside it says is open."""
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if not lock.exists():
            continue
        who = _locked_by(lock)
        where = f"hos {who}" if who else "i et regnearksprogram"
        raise CannotWrite(f"{path.name} er åben {where} og er ikke rørt. Intet er skrevet. Gem og luk den, og kør"
                          f" kommandoen igen. Har ingen den åben, så er {lock.name} blevet efterladt: slet den, og kør"
                          " igen.")


def _locked_by(lock: Path) -> str:
    """Return who a lock file says has the file open, '' where it doesn't tell.

    LibreOffice writes ``name,account,computer,…``; Excel the length of the name and the name itself in its first bytes.
    """
    try:
        data = lock.read_bytes()[:400]
    except OSError:  # Excel on Windows keeps its own to itself
        return ""
    if lock.name.startswith(".~lock."):
        name, account, *_ = [*data.decode("utf-8", "replace").split(","), ""]
    else:
        name, account = data[1:1 + data[0]].decode("cp1252", "replace") if data else "", ""
    return "".join(letter for letter in name or account if letter.isprintable()).strip()[:60]


def reachable(path: Path) -> Path:
    """Return the path as Windows must be given it where it is longer than 260 characters; elsewhere as it is."""
    if sys.platform != "win32" or len(str(path.absolute())) < _LONG or str(path).startswith("\\\\"):
        return path
    return Path("\\\\?\\" + str(path.absolute()))


def earlier_name(path: Path) -> Path:
    """Return the name that a file is kept under when a new one takes its place: the same, with a hash of its content."""
    return path.with_name(f"{path.stem}_tidligere_{digest(path.read_bytes())[:8]}{path.suffix}")


def digest(data: bytes) -> str:
    """Return the sha256 of bytes in hexadecimal."""
    return sha256(data).hexdigest()
