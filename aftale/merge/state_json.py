"""What was received as one line of JSON: how a worker hands it over, and how a follow-up's ``_aftale`` remembers it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from aftale.cells.hidden_sheet import json_text, unknown_fields, with_fields
from aftale.cells.named_json import as_plain, from_plain
from aftale.forms.returned import DepartmentAnswer, Returned
from aftale.model.place import Source
from aftale.model.received import AsRead, IncomingMail, Refused

Received = Returned | Refused | IncomingMail | DepartmentAnswer
KINDS: Mapping[str, type[AsRead]] = {"skema": Returned, "afvist": Refused, "brev": IncomingMail,
                                     "forvaltning": DepartmentAnswer}
"""What can be received, by what it is called in the text."""
_R = TypeVar("_R", bound=AsRead)


def packed(received: AsRead, kinds: Mapping[str, type[AsRead]] = KINDS) -> str:
    """Return what was received as JSON text, the same text for the same thing; what was unpacked is as it was."""
    if received.packed:
        return received.packed
    kind = next(name for name, each in kinds.items() if each is type(received))
    return json_text({"kind": kind, **as_plain(received)})


def unpacked(text: str) -> Received:
    """Return what `packed` wrote."""
    received = unpacked_as(text, KINDS)
    assert isinstance(received, Received)
    return received


def unpacked_as(text: str, kinds: Mapping[str, type[AsRead]]) -> AsRead:
    """Return what `packed` wrote of one of some kinds; the text stays with it, so that nothing in it is lost."""
    plain: dict[str, Any] = json.loads(text)
    received = from_plain(plain, kinds[plain["kind"]], from_plain(plain["source"], Source))
    object.__setattr__(received, "packed", text)
    return received


def renamed(received: _R, source: Source, kinds: Mapping[str, type[AsRead]] = KINDS) -> _R:
    """Return what was received under another of its names; its places, which are in that file, follow."""
    plain = json.loads(packed(received, kinds))
    return unpacked_as(json_text({**plain, "source": as_plain(source)}), kinds)  # type: ignore[return-value]


def with_unknown_of(before: AsRead, received: _R) -> _R:
    """Return what was read anew of a file, with what a newer version knew of it ``before``."""
    more = unknown_fields(json.loads(packed(before)), json.loads(packed(replace(before))))
    if not more:
        return received
    return unpacked_as(json_text(with_fields(json.loads(packed(received)), more)), KINDS)  # type: ignore[return-value]
