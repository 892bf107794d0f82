"""Safe files: written whole or not at all, and never over what somebody changed."""

from __future__ import annotations

import errno
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from aftale.model.text import capital

_LONG = 248
TEMPORARY = ".~aftale-"
"""Unfinished files begin with this; a run that was killed leaves one behind, and the next run clears it away."""
PATIENCE = 5.0
"""For how many seconds a file that another program holds is tried again."""
_A_MOMENT = 0.05
_LONG_AGO = 3600.0
"""An unfinished file that is older than so many seconds is nobody's any more, whatever machine it is of."""
_MACHINE = sha256(platform.node().encode("utf-8", "surrogatepass")).hexdigest()[:8]
_NOT_FOR_ME = frozenset((errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM, errno.EACCES,
                         errno.ENOTTY))
"""What a system says that can't do a thing at all, whatever the file."""
_CLOUD = "den ligger kun i skyen og er ikke hentet ned"


class CannotWrite(Exception):
    """A file can't be written; the text says why and what to do, in Danish."""


@dataclass(frozen=True)
class ToWrite:
    """A file that is to be written: decided first, written later, all of them or as many as can be.

    ``expects`` is the sha256 of the bytes that stood there when they were read, '' where nothing stood there: anything
    else is somebody's change since, and is never written over. None where it doesn't matter. ``saved`` is when the file says
    that it was saved, for a copy that keeps that of its original.
    """

    path: Path
    data: bytes
    keep_earlier_as: Path | None = None
    expects: str | None = None
    saved: float | None = None


def write_whole(path: Path, data: bytes, look: Callable[[], object] = lambda: None, saved: float | None = None) -> None:
    """Write a file so that a crash at any moment leaves the earlier one whole; of a link the file that it leads to.

    ``look`` is called at the last moment, while no other run writes in the folder: what it raises leaves all as it was.
    ``saved`` is when the file says that it was saved.

    Raises:
        CannotWrite: where the folder can't be written in or the file is open in another program.
    """
    try:
        path = Path(os.path.realpath(path)) if path.is_symlink() else path
        path.parent.mkdir(parents=True, exist_ok=True)
        name = _finished(path, data)
        try:
            if saved is not None:
                os.utime(name, (saved, saved))
            with _alone_in(path.parent):
                _take_place(name, path, look)
        except BaseException:
            name.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CannotWrite(_why(path, error)) from error


def _finished(path: Path, data: bytes) -> Path:
    """Write all of a file under a temporary name beside it, and return that name."""
    try:
        handle, made = tempfile.mkstemp(prefix=f"{TEMPORARY}{_MACHINE}-{os.getpid()}-", suffix=path.suffix, dir=path.parent)
    except FileNotFoundError as error:  # although the folder is there: so Windows refuses what it doesn't trust
        raise CannotWrite(_guarded(path)) from error
    name = Path(made)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            settle(stream)
        _clear_away(path.parent, name.stat().st_mtime)
        with suppress(OSError):  # a network share may have no such rights
            name.chmod(_mode(path))
    except BaseException:
        name.unlink(missing_ok=True)
        raise
    return name


def settle(stream: IO[bytes]) -> None:
    """Return when what was written is on the disk; some network shares can't promise it, and then that has to do."""
    try:
        os.fsync(stream.fileno())
    except OSError as error:
        if error.errno not in _NOT_FOR_ME:
            raise


def _take_place(name: Path, path: Path, look: Callable[[], object]) -> None:
    """Let a finished file take its place; a virus scanner or a sync program may hold the earlier one for a moment."""
    until = monotonic() + PATIENCE
    while True:
        look()
        try:
            os.replace(name, path)
            return
        except OSError as error:
            if monotonic() > until or not isinstance(error, PermissionError) and error.errno != errno.EBUSY:
                raise
            sleep(_A_MOMENT)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let no other run look and write in a folder meanwhile; where the system can't lock, looking last has to do."""
    with ExitStack() as held:
        with suppress(OSError, NotImplementedError):  # a lock that can't be had in time is of the first kind too
            if sys.platform == "win32":
                from filelock import FileLock  # takes a while to load
                lock = digest(os.path.realpath(folder).encode("utf-8", "surrogatepass"))[:16]
                held.enter_context(FileLock(Path(tempfile.gettempdir(), f"aftale-{lock}.lock"), timeout=PATIENCE))
            else:
                _lock(held, folder)
        yield


def _lock(held: ExitStack, folder: Path) -> None:
    """Lock a folder itself, so that nothing is left in it; raises OSError where that can't be done in a few seconds."""
    import fcntl  # Windows has none
    handle = os.open(folder, os.O_RDONLY)
    held.callback(os.close, handle)
    until = monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if monotonic() > until:
                raise
            sleep(_A_MOMENT)


def _clear_away(folder: Path, now: float) -> None:
    """Clear away what killed runs left unfinished; ``now`` is the time by the folder's own clock."""
    for left in folder.glob(f"{TEMPORARY}*"):
        with suppress(OSError):
            if _is_left(left.name) or now - left.stat().st_mtime > _LONG_AGO:
                left.unlink()


def _is_left(name: str) -> bool:
    """Is an unfinished file of a process on this machine that has ended? Of others only its age tells."""
    found = re.match(rf"{re.escape(TEMPORARY)}(\w+)-(\d+)-", name)
    if sys.platform == "win32" or found is None or found[1] != _MACHINE:
        return False
    try:
        os.kill(int(found[2]), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        return False
    return False


def _mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _why(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return (f"Filen {path} kan ikke gemmes. Er den åben i Excel eller et andet program, så luk den, og kør igen; ellers"
                " vælg et andet sted.")
    if isinstance(error, IsADirectoryError):
        return f"{path} er en mappe. Skriv et filnavn."
    if isinstance(error, FileNotFoundError) and path.parent.is_dir():  # somebody has cleared away the unfinished file
        return (f"Filen {path} er ikke gemt: Et andet program har fjernet den, før den var færdig. Kør kommandoen igen.")
    return f"Filen {path} kan ikke gemmes: {capital(danish_reason(error))}. Vælg et andet sted."


def _guarded(path: Path) -> str:
    return (f"Filen {path} kan ikke gemmes, selv om mappen er der: Windows beskytter nok mappen (»Kontrolleret"
            " mappeadgang«). Bed it-afdelingen om at give programmet adgang, eller vælg et andet sted.")


_REASONS = {errno.ENOSPC: "disken er fuld", errno.EROFS: "mappen er skrivebeskyttet",
            errno.ENOTDIR: "en del af filens placering er en fil",
            errno.EEXIST: "der ligger en fil, hvor der skulle være en mappe", errno.ENAMETOOLONG: "mappens og filens navn er"
                                                                                                  " tilsammen for langt",
            errno.EACCES: "der er ikke adgang til den", errno.EPERM: "der er ikke adgang til den",
            errno.ENOENT: "mappen eller filen findes ikke", errno.EISDIR: "det er en mappe", errno.EBUSY: "den er i brug",
            errno.EDQUOT: "der er ikke mere plads til dig på drevet", errno.EFBIG: "filen er større, end drevet kan rumme",
            errno.EIO: "disken eller netværksdrevet svarer med en fejl", errno.ENOLCK: "netværksdrevet kan ikke låse filer",
            errno.ESTALE: "forbindelsen til netværksdrevet er gået tabt",
            errno.ETIMEDOUT: "netværksdrevet svarer ikke", errno.EHOSTDOWN: "netværksdrevet svarer ikke",
            errno.EHOSTUNREACH: "netværksdrevet svarer ikke", errno.ENOTCONN: "netværksdrevet svarer ikke",
            errno.ENODEV: "drevet er der ikke", errno.ENXIO: "drevet er der ikke", errno.EMFILE: "for mange filer er åbne",
            errno.ENFILE: "for mange filer er åbne", errno.ELOOP: "genvejen peger i ring",
            # What macOS says of a file that iCloud hasn't fetched, and that it won't fetch now.
            errno.EDEADLK: _CLOUD}
_WINDOWS = {32: "den er åben i et andet program", 33: "den er låst af et andet program", 112: "disken er fuld",
            39: "disken er fuld", 206: "mappens og filens navn er tilsammen for langt", 1295: "der er ikke mere plads til"
                                                                                              " dig på drevet",
            1117: "disken eller netværksdrevet svarer med en fejl",
            **dict.fromkeys((53, 59, 64, 67, 121, 1231), "netværksdrevet svarer ikke"),
            **dict.fromkeys((225, 226), "virusscanneren spærrer for den"), **dict.fromkeys(range(358, 405), _CLOUD)}
"""By Windows' own numbers, which say more; 358-404 are of files that only lie in the cloud (OneDrive and the like)."""


def danish_reason(error: OSError) -> str:
    """Say in Danish why the system wouldn't; with the system's own number where there are no words for it."""
    known = _WINDOWS.get(getattr(error, "winerror", None) or 0) or _REASONS.get(error.errno or 0)
    return known or f"systemfejl {error.errno}"


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
        look = partial(_refuse_changed, each, [file.path.name for file in files[:number]])
        look()
        if each.keep_earlier_as is not None and each.path.exists():
            write_whole(each.keep_earlier_as, each.path.read_bytes())
        write_whole(each.path, each.data, look, each.saved)


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
    name, so_far = file.path.name, f"Kun {', '.join(written)} er gemt." if written else "Intet er gemt."
    if not file.expects:
        raise CannotWrite(f"{name} er blevet lagt i mappen, mens kommandoen kørte, og er ikke rørt. {so_far} Se,"
                          " hvad den er, og kør kommandoen igen.")
    what = "ændret" if now else "flyttet eller slettet"
    raise CannotWrite(f"{name} er blevet {what} af en anden, mens kommandoen kørte, og er ikke rørt. {so_far}"
                      " Kør kommandoen igen, så kommer ændringerne med.")


def delete(path: Path, expects: str) -> str:
    """Delete a file that still holds the bytes with a digest; returns why it wasn't, in Danish, '' where it was."""
    try:
        if any(lock.exists() for lock in _locks(path)):
            return _WINDOWS[32]
        if standing_digest(path) != expects:
            return "den er blevet ændret eller flyttet imens"
        path.unlink()
    except CannotWrite as error:
        return danish_reason(error.__cause__) if isinstance(error.__cause__, OSError) else str(error)
    except OSError as error:
        return danish_reason(error)
    return ""


def _locks(path: Path) -> Iterator[Path]:
    """Yield the lock files that may lie beside a file that is open, also where only a link to it lies here."""
    for at in (path, Path(os.path.realpath(path))) if path.is_symlink() else (path,):
        yield from (at.with_name(f"~${at.name}"), at.with_name(f".~lock.{at.name}#"))


def _refuse_open(path: Path) -> None:
    """Refuse to write over a file that a lock file beside it says is open."""
    for lock in _locks(path):
        if not lock.exists():
            continue
        who = _locked_by(lock)
        where = f"hos {who}" if who else "i et regnearksprogram"
        raise CannotWrite(f"{path.name} er åben {where} og er ikke rørt. Intet er gemt. Gem og luk den, og kør kommandoen"
                          f" igen. Har ingen den åben, så er {lock.name} blevet efterladt: Slet den, og kør igen.")


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
