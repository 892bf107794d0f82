"""Workbooks that are encrypted though nobody has given a password: »protect workbook« of old Excels wrote them so."""

from __future__ import annotations

import io
import re

PASSWORD = "VelvetSweatshop"
"""What Excel itself tries before it asks anybody (MS-OFFCRYPTO 2.3.7)."""
_MOST_ROUNDS = 1_000_000
"""Excel hashes a password 100,000 times; a file may ask for any number."""


def opened(data: bytes) -> bytes | None:
    """Return the workbook that Excel's own password opens, None where another one is needed. Never raises."""
    rounds = re.search(rb'spinCount="(\d+)"', data)
    if rounds and int(rounds[1][:20]) > _MOST_ROUNDS:
        return None
    import msoffcrypto
    out = io.BytesIO()
    try:
        book = msoffcrypto.OfficeFile(io.BytesIO(data))
        how = {"verify_password": True} if book.format == "ooxml" else {}  # of an old one it is always verified
        book.load_key(password=PASSWORD, **how)
        book.decrypt(out)
    except Exception:  # whatever the library stumbles over in the file, the file stays closed
        return None
    return out.getvalue()
