"""Reading a text file: its bytes as text, whatever encoding a Danish editor has saved it in."""

from __future__ import annotations

from aftale.disk.files import digest
from aftale.words.domain import Place, Source
from aftale.words.problems import Problem, problem
from aftale.words.text import tidy

MOST_TEXT = 5_000_000
"""How many bytes a text may fill; a long agreement is a hundredth of that."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text(data: bytes, name: str) -> tuple[Source, str] | Problem:
    """Return a text file's source and text: UTF-8, UTF-16 with its mark, or Windows-1252."""
    place = Place(tidy(name))
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return problem("doc-empty", place)
    if len(data) > MOST_TEXT:
        return problem("doc-too-big", place)
    encoding = next((each for mark, each in _MARKS if data.startswith(mark)), "")
    if not encoding and (b"\x00" in data[:4096] or data.startswith((b"PK\x03\x04", b"%PDF", b"{\\rtf"))):
        return problem("doc-other", place, what="ikke ren tekst")
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return Source(digest(data), tidy(name)), text
