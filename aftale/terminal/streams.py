"""The standard streams of a process: what can't be shown never decides what is done."""

from __future__ import annotations

import codecs
import io
import os
import sys
from time import sleep
from typing import Any, TextIO

_NOW_AND_THEN = 0.01
RESEMBLING = "aftale-resembling"
_INSTEAD = {"–": "-", "—": "-", "−": "-", "…": "...", "’": "'", "‘": "'", "“": '"', "”": '"', "»": '"', "«": '"', "·": "-",
            "æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa",
            "↑": "^", "↓": "v", "→": ">", "●": "*", "✓": "x", "━": "-", "─": "-", "│": "|", "\N{NO-BREAK SPACE}": " "}


class _Shown(io.RawIOBase):
    """Passes bytes on until that fails, as where the reader has gone or the disk is full; what comes after goes nowhere."""

    def __init__(self, raw: io.RawIOBase | None) -> None:
        self._raw = raw
        self.trouble: OSError | None = None

    def writable(self) -> bool:
        """Tell that this can be written to."""
        return True

    def isatty(self) -> bool:
        """Tell whether somebody sits at the other end."""
        return self._raw is not None and self._raw.isatty()

    def fileno(self) -> int:
        """Return the system's number of the stream; raises OSError where there is none."""
        if self._raw is None:
            raise OSError("no such stream")
        return self._raw.fileno()

    def write(self, data: Any) -> int:
        """Write as much as goes; what can't be written counts as written."""
        if self._raw is None or self.trouble is not None:
            return len(data)
        try:
            while (written := self._raw.write(data)) is None:  # a reader that is slow, and a stream that doesn't wait for it
                sleep(_NOW_AND_THEN)
            return written
        except OSError as error:
            self.trouble = error
            return len(data)


def take_care() -> None:
    """Let the process's standard streams be written to whatever becomes of them, in UTF-8 on every system.

    Whoever asks for another encoding by PYTHONIOENCODING gets it: what it lacks is written with what resembles it.
    A stream that was closed from the start gets its number back: else a file would be opened under it, and what any
    library prints would land in that.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout, sys.stderr = _cared_for(sys.stdout), _cared_for(sys.stderr)


def _cared_for(stream: TextIO | None) -> TextIO:
    buffer = getattr(stream, "buffer", None)
    if stream is not None and buffer is None:
        return stream
    raw = getattr(buffer, "raw", buffer)  # with PYTHONUNBUFFERED there is nothing between
    at_once = stream is None or stream.isatty() or stream is sys.stderr
    asked = stream.encoding if stream is not None and os.environ.get("PYTHONIOENCODING", "").partition(":")[0] else "utf-8"
    return io.TextIOWrapper(io.BufferedWriter(_Shown(raw)), encoding=asked, errors=RESEMBLING, line_buffering=at_once)


def is_unicode(stream: TextIO) -> bool:
    """Tell whether all text can be written to a stream as it is."""
    return (stream.encoding or "utf-8").casefold().replace("-", "").startswith("utf")


def _resembling(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for characters that an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_INSTEAD.get(each, "?") for each in error.object[error.start:error.end]), error.end


codecs.register_error(RESEMBLING, _resembling)


def trouble_with(stream: TextIO) -> OSError | None:
    """Return why not all of what was written to a stream got through, None where it did or where nobody is listening."""
    stream.flush()
    found = getattr(getattr(getattr(stream, "buffer", None), "raw", None), "trouble", None)
    return None if isinstance(found, BrokenPipeError) else found
