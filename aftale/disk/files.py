"""Safe files: written whole or not at all, and never over what somebody changed."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
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
    """A file that is to be written: decided first, written later, all of them or as many as can be."""

    path: Path
    data: bytes
    keep_earlier_as: Path | None = None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a crash at any moment leaves the earlier one whole.

    Raises:
        CannotWrite: where the folder can't be written in or the file is open in another program.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_unfinished(path.parent)
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


def _clear_unfinished(folder: Path) -> None:
    for left in folder.glob(f"{TEMPORARY}*"):
        left.unlink(missing_ok=True)


def _why(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return (f"Filen {path} kan ikke skrives. Er den åben i Excel, så luk den og kør igen; ellers vælg et andet"
                " sted.")
    if isinstance(error, IsADirectoryError):
        return f"{path} er en mappe. Skriv et filnavn."
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
    """Write files in turn, each whole; an earlier file is kept under its own name first where that is asked."""
    for each in files:
        if each.keep_earlier_as is not None and each.path.exists():
            write_whole(each.keep_earlier_as, each.path.read_bytes())
        write_whole(each.path, each.data)


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
