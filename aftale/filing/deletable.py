"""What may be deleted: only what is kept elsewhere, in the archive itself or in a follow-up that the archive holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from aftale.filing.model import Kind, YearFile
from aftale.model.agreement import Round

_WHY = {Kind.RETURNED: "indholdet er ikke taget med i opfølgningen, og det kan være et svar, der ikke findes andre steder",
        Kind.BESIDE_MAIL: "den er rettet, siden mailen blev lavet", Kind.OTHER: "den er ikke lavet af programmet"}


class Deletable(NamedTuple):
    """A file that may be deleted, and the digest of the file in the archive that keeps what it holds."""

    file: YearFile
    kept_in: str


class Kept(NamedTuple):
    """A file that is old enough, but must be kept, and why."""

    file: YearFile
    why: str


class Sorted(NamedTuple):
    """What may be deleted, and what is kept."""

    deletable: tuple[Deletable, ...]
    kept: tuple[Kept, ...]


def sort_out(files: Iterable[YearFile], older: Iterable[Round], holders: Mapping[str, str],
             doubts: Mapping[str, str]) -> Sorted:
    """Tell what may be deleted from what must be kept.

    Old enough are loose files of the ``older`` rounds, and earlier copies of any. ``holders`` has, by a file's digest, that
    of the filed one that holds it: itself, the follow-up that it is merged into, or the mail that it is attached to.
    ``doubts`` are files that hold more than what was merged, with what that is.
    """
    rounds = set(older)
    deletable, kept = [], []
    for each in files:
        if each.kind is not Kind.EARLIER and not (each.loose and each.round in rounds):
            continue
        if each.sha256 in doubts:
            kept.append(Kept(each, doubts[each.sha256]))
        elif each.sha256 in holders:
            deletable.append(Deletable(each, holders[each.sha256]))
        else:
            kept.append(Kept(each, _WHY.get(each.kind, _WHY[Kind.OTHER])))
    return Sorted(tuple(deletable), tuple(kept))
