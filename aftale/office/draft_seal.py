"""How a mail draft of ours is known, and whether somebody has changed it since."""

from __future__ import annotations

import re
from hashlib import sha256

SEAL = "X-Aftale-Kladde"
"""A draft of ours carries its own hash in this header, so that one that somebody has changed is told from it."""


def is_draft(data: bytes) -> bool:
    """Tell whether a file is a draft of ours, changed or not."""
    return f"\n{SEAL}:".encode() in b"\n" + head_of(data)


def is_as_drawn(data: bytes) -> bool:
    """Tell whether a draft of ours is just as it was written."""
    found = re.search(rb"(?m)^" + SEAL.encode() + rb": ([0-9a-f]+)\r\n", head_of(data))
    return found is not None and seal_of(data[:found.start()] + data[found.end():]) == found[1].decode()


def head_of(data: bytes) -> bytes:
    """Return the headers, or as much of them as a draft of ours can need: the seal is the second."""
    return data[:20_000].split(b"\r\n\r\n")[0].split(b"\n\n")[0] + b"\r\n"


def seal_of(data: bytes) -> str:
    """Return the hash that a draft of these bytes carries, its own header left out."""
    return sha256(data).hexdigest()[:24]
