"""Text files in the encodings of Danish editors."""

from __future__ import annotations

import pytest

from aftale.model.findings import Finding
from aftale.model.place import Source
from aftale.office.safe_write import digest
from aftale.office.text_file import MOST_TEXT, decoded, read_text

TEXT = "Børnene på Åen – æøå"


@pytest.mark.parametrize(("data", "claimed", "encoding"), [
    (TEXT.encode(), "", "utf-8"), (TEXT.encode("utf-8-sig"), "", "utf-8-sig"), (TEXT.encode("utf-16"), "", "utf-16"),
    (b"\xfe\xff" + TEXT.encode("utf-16-be"), "", "utf-16"), (TEXT.encode("utf-32"), "", "utf-32"),
    (TEXT.encode("cp1252"), "", "cp1252"), (TEXT.encode("cp1252"), "us-ascii", "cp1252"),
    (TEXT.encode("cp1252"), "findes-ikke", "cp1252"), (TEXT.encode("cp1252"), "windows-1252", "windows-1252"),
    (TEXT.replace("–", "-").encode("cp865"), "cp865", "cp865"), (TEXT.encode("utf-8-sig"), "cp1252", "utf-8-sig"),
])
def test_bytes_become_text_by_their_mark_the_claim_utf_8_or_windows_1252(data: bytes, claimed: str, encoding: str) -> None:
    expected = TEXT.replace("–", "-") if encoding == "cp865" else TEXT
    assert decoded(data, claimed) == (expected, encoding)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x81\x8d", b"\xef\xbb\xbf\xff"])
def test_bytes_that_are_no_text_never_raise(data: bytes) -> None:
    assert isinstance(decoded(data)[0], str)


def test_a_text_is_read_with_its_source_and_encoding() -> None:
    data = TEXT.encode("cp1252")
    assert read_text(data, "mål.txt") == (Source(digest(data), "mål.txt"), TEXT, "cp1252")


@pytest.mark.parametrize(("data", "code"), [
    (b"", "doc-empty"), (b"\xef\xbb\xbf \r\n", "doc-empty"), (b"x" * (MOST_TEXT + 1), "doc-too-big"),
    (b"a\x00b", "doc-other"), (b"PK\x03\x04", "doc-other"), (b"%PDF-1.7", "doc-other"), (b"{\\rtf1", "doc-other")])
def test_what_is_no_text_file_is_told(data: bytes, code: str) -> None:
    found = read_text(data, "mål.txt")
    assert isinstance(found, Finding) and found.code == code
