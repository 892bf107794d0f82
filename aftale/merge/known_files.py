"""Files that a follow-up knows: what it holds of them is what judging them again would give."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from aftale.forms.returned import DepartmentAnswer, Returned
from aftale.merge.state import State, packed

Judged = Returned | DepartmentAnswer


def judged_with(state: State, with_what: str) -> str:
    """Return what tells later that the files of a state stand in it as they were judged with something: see `known_files`.

    ``with_what`` names the program and the agreement. All that was read is in it too, so that nothing is taken for known
    that another program has read, or that somebody has changed in ``_aftale``.
    """
    found = sha256(with_what.encode())
    for each in (*state.returned, *state.departments):
        found.update(packed(each).encode("utf-8", "surrogatepass"))
    return found.hexdigest()[:32]


def known_files(state: State, with_what: str) -> Mapping[tuple[str, str], Judged]:
    """Return what a follow-up holds of files by their hash and name, where it was judged with the same as now.

    What lay in an archive or a mail is left out: those have more in them than what was judged.
    """
    if state.judged != judged_with(state, with_what):
        return {}
    judged: tuple[Judged, ...] = (*state.returned, *state.departments)
    return {(each.source.sha256, each.source.name): each for each in judged if not each.source.container}
