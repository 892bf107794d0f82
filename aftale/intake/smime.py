"""What lies in an S/MIME part (``smime.p7m``): what is only signed can be read, what is encrypted can't.

Such a part is a CMS structure (RFC 5652) in BER, of which as much is read here as leads to the signed content.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import NamedTuple

_OID = 0x06
_OCTETS, _OCTETS_IN_PIECES = 0x04, 0x24
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_MOST_INSIDE = 12


class _Element(NamedTuple):
    """One element: its tag, where its content stands, and where the next element begins."""

    tag: int
    begin: int
    end: int
    after: int


def as_bytes(data: bytes) -> bytes:
    """Return a structure as bytes where it is written as text (base64), as it is where it isn't."""
    text = re.sub(rb"-----[^-]*-----|\s", b"", data)
    try:
        return base64.b64decode(text, validate=True) if data[:1] != b"\x30" else data
    except ValueError:
        return data


def signed_content(data: bytes) -> bytes | None:
    """Return the mail that lies in a signed part, b'' where it lies elsewhere, and None where the part isn't merely signed.

    Never raises because of what is in the part.
    """
    try:
        kind, content = _inside(data, _element(data, 0), 2)
        if kind.tag != _OID or data[kind.begin:kind.end] != _SIGNED_DATA:
            return None
        (signed,) = _inside(data, content, 1)
        _, _, wrapped = _inside(data, signed, 3)
        parts = _inside(data, wrapped, 2)
        if len(parts) < 2:
            return b""
        (octets,) = _inside(data, parts[1], 1)
        return b"".join(_pieces(data, octets, 0))
    except (IndexError, ValueError):
        return None


def _inside(data: bytes, element: _Element, most: int) -> list[_Element]:
    """Return the first elements inside one."""
    found: list[_Element] = []
    at = element.begin
    while at < element.end and len(found) < most:
        found.append(_element(data, at))
        at = found[-1].after
    return found


def _element(data: bytes, at: int, depth: int = 0) -> _Element:
    """Read an element; one without a length ends at two zero bytes. Raises where it isn't whole."""
    tag, size, begin = data[at], data[at + 1], at + 2
    if depth > _MOST_INSIDE:
        raise ValueError("too many inside one another")
    if size == 0x80:
        end = begin
        while data[end] or data[end + 1]:
            end = _element(data, end, depth + 1).after
        return _Element(tag, begin, end, end + 2)
    if size > 0x80:
        begin += size - 0x80
        size = int.from_bytes(data[at + 2:begin], "big")
    if begin + size > len(data):
        raise ValueError("cut short")
    return _Element(tag, begin, begin + size, begin + size)


def _pieces(data: bytes, element: _Element, depth: int) -> Iterator[bytes]:
    """Yield the bytes of an element, piece by piece where it is made of several."""
    if element.tag == _OCTETS:
        yield data[element.begin:element.end]
        return
    if element.tag != _OCTETS_IN_PIECES or depth > _MOST_INSIDE:
        raise ValueError("no bytes")
    at = element.begin
    while at < element.end:
        piece = _element(data, at)
        yield from _pieces(data, piece, depth + 1)
        at = piece.after
