"""Beginning a worker process in whatever holds the program: an interpreter, a frozen program, or one that embeds Python."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

WORKER_WORD = "--laeseproces"
"""The one word with which a frozen program is begun as a worker; `commands.main` answers to it."""
_CODE = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from aftale.intake.workers import main; main()"
_INTERPRETER = re.compile(r"(python|pypy)w?[0-9.]*t?(_d)?(\.exe)?", re.IGNORECASE)


def begin_worker() -> subprocess.Popen[bytes]:
    """Begin a worker that waits for what it is told on standard input; raises OSError where the system won't."""
    frozen = bool(getattr(sys, "frozen", False))
    command = [sys.executable, WORKER_WORD] if frozen else [interpreter(), "-P", "-c", _CODE]
    # What a library prints about damaged files is for programmers, who ask for it.
    printed = None if "AFTALE_TRACE" in os.environ else subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=printed)
    if not frozen:
        # The worker finds what this process finds, and nothing in the folder it happens to be started from (-P). It is told
        # here and not by PYTHONPATH, which an isolated or embeddable Python takes no notice of.
        assert process.stdin is not None
        with suppress(OSError):  # a worker that has died is found when it is listened to
            process.stdin.write(pickle.dumps([path for path in sys.path if path]))
            process.stdin.flush()
    return process


def interpreter() -> str:
    """Return the Python that this process runs on; raises OSError where a program embeds it and has none beside it."""
    if sys.executable and _INTERPRETER.fullmatch(Path(sys.executable).name):
        return sys.executable
    for path in _beside():
        if path.is_file():
            return str(path)
    raise FileNotFoundError(f"no interpreter in {sys.exec_prefix}")


def _beside() -> Iterator[Path]:
    """Yield where the interpreter of an embedded Python may lie: what runs is then the program that embeds it."""
    for prefix in dict.fromkeys((sys.exec_prefix, sys.base_exec_prefix)):
        if os.name == "nt":
            yield from (Path(prefix, "python.exe"), Path(prefix, "Scripts", "python.exe"))
        else:
            yield from (Path(prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}"),
                        Path(prefix, "bin", "python3"))
