"""Several ansvarlige written as one name: »Husteamet og Ungeteamet«, »Husteamet, Ungeteamet«, »Husteamet/Ungeteamet«.

Only ``;`` parts them, since »Børn og Unge« may be one team. So what could be several is asked about, and a ``;`` after the
name answers that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from aftale.model.text import fold

_BETWEEN = re.compile(r"\s*[,&+]\s*|\s*(?<!\bv)/\s*|\s+(?:og|samt)\s+", re.IGNORECASE)


def is_list(text: str) -> bool:
    """Tell whether a cell parts its ansvarlige itself, so that each name is one: a ``;`` after a single one says so."""
    return ";" in text or "\n" in text.strip()


def several_in(name: str, others: Collection[str]) -> tuple[str, ...]:
    """Return the ansvarlige that a name may be; none where it is surely one. ``others`` are the agreement's other names.

    It may be several where any part is an ansvarlig of its own, or every part could be: »Drift og service« couldn't, and
    »Børne- og Ungeteamet« only where another name begins like its first part.
    """
    parts = [part for part in _BETWEEN.split(name) if part]
    if parts and fold(parts[-1]).strip(".") == "co":  # »Pedellen & co.« is one
        return ()
    known = {fold(each): each for each in others}
    whole = []
    for part in parts:
        begun = part.endswith("-")
        like = next((each for key, each in known.items() if begun and key.startswith(fold(part[:-1]))), None)
        if begun and like is None:
            return ()
        whole.append(like or part)
    names = tuple(dict.fromkeys(whole))
    if len(names) < 2:
        return ()
    could_be = all(len(each) > 1 and each[0].isupper() for each in names)
    return names if could_be or any(fold(each) in known for each in names) else ()
