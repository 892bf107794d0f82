"""Reading a text file: its bytes as text, whatever encoding a Danish editor has saved it in."""

from __future__ import annotations

from aftale.model.findings import Finding
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.text import tidy
from aftale.office.safe_write import digest

MOST_TEXT = 5_000_000
"""How many bytes a text may fill; a long agreement is a hundredth of that."""
OLD_WINDOWS = "cp1252"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"),
          (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text(data: bytes, name: str) -> tuple[Source, str, str] | Finding:
    """Return a text file's source, text and encoding: UTF-8, UTF-16 or UTF-32 with its mark, or else Windows-1252.

    Nothing in a file tells Windows-1252 from older encodings, so that whoever asks has to say what it was taken for.
    """
    place = Place(tidy(name))
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return problem("doc-empty", place)
    if len(data) > MOST_TEXT:
        return problem("doc-too-big", place)
    if not _marked(data) and (b"\x00" in data[:4096] or data.startswith((b"PK\x03\x04", b"%PDF", b"{\\rtf"))):
        return problem("doc-other", place, what="ikke ren tekst")
    return Source(digest(data), tidy(name)), *decoded(data)


def decoded(data: bytes, claimed: str = "") -> tuple[str, str]:
    """Return bytes as text and the encoding they were read by; never raises.

    By the mark that UTF-8, UTF-16 or UTF-32 begins with, else by the encoding that is ``claimed``, else as UTF-8, else as
    Windows-1252.
    """
    marked = _marked(data)
    for encoding in (marked, claimed, "utf-8"):
        try:
            if encoding:
                return data.decode(encoding, "replace" if marked else "strict"), encoding
        except (LookupError, ValueError):  # no such encoding, or not in it
            continue
    return data.decode(OLD_WINDOWS, "replace"), OLD_WINDOWS


def _marked(data: bytes) -> str:
    """Return the encoding whose mark the bytes begin with, '' where they begin with none."""
    return next((each for mark, each in _MARKS if data.startswith(mark)), "")
