"""Which files are versions of one person's skema, which of them counts, and which questions have been answered since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from aftale.forms.returned import Returned
from aftale.model.findings import Finding, Severity
from aftale.model.questions import KEPT_FOR_COORDINATOR, UNCHANGED_COPY
from aftale.model.text import fold

MARK = "+"
"""What stands between a skema's edition and the fingerprints of the files whose answers a marked copy of it holds."""


@dataclass(frozen=True)
class Versions:
    """The files of one skema by one person, the newest first where that is ``certain``."""

    files: tuple[Returned, ...]
    certain: bool


def copy_edition(edition: str, files: Sequence[Returned]) -> str:
    """Return the edition of a marked copy that answers these files."""
    return MARK.join((edition.partition(MARK)[0], *sorted(each.source.short for each in files)))


def copied(each: Returned) -> tuple[str, ...]:
    """Return the fingerprints of the files whose answers a marked copy was filled in with; none where it isn't one."""
    return tuple(each.edition.split(MARK)[1:])


def is_unchanged_copy(each: Returned) -> bool:
    """Is it a marked copy that came back with nothing changed in it?"""
    return any(p.code == UNCHANGED_COPY for p in each.problems)


def version_groups(returned: Sequence[Returned]) -> tuple[Versions, ...]:
    """Group files into versions of one skema by one person; a marked copy belongs with the files it was made from.

    The order is certain where every file that no marked copy replaces tells its time; a marked copy is newer than
    what it was made from, whatever the times say.
    """
    known = {(each.form, each.source.short): each for each in returned}
    groups: dict[tuple[str, str], list[Returned]] = {}
    for each in sorted(returned, key=lambda r: (r.owner, r.form, fold(r.filled_by), r.source.when, r.source.sha256)):
        # Two files without a name need not be from one person, so they are never taken for versions.
        first = _origin(each, known)
        groups.setdefault((each.form, fold(first.filled_by) or first.source.sha256), []).append(each)
    return tuple(_in_order(group) for group in groups.values())


def _origin(each: Returned, known: Mapping[tuple[str, str], Returned]) -> Returned:
    """Return the file that a copy, or a copy of a copy, was made from first."""
    seen: set[str] = set()
    while each.source.sha256 not in seen:
        seen.add(each.source.sha256)
        sources = [known[each.form, part] for part in copied(each) if (each.form, part) in known]
        each = next((source for source in sources if source.source.sha256 not in seen), each)
    return each


def _in_order(group: Sequence[Returned]) -> Versions:
    replaced = {part for each in group if not is_unchanged_copy(each) for part in copied(each)}
    latest = max((each.source.when for each in group if not copied(each)), default="")
    newest_first = sorted(group, key=lambda r: r.source.when, reverse=True)
    # A marked copy that nobody has changed, nor saved since, says nothing that its source doesn't.
    old = [r for r in newest_first if r.source.short in replaced or (is_unchanged_copy(r) and r.source.when < latest)]
    tips = [r for r in newest_first if r not in old] or old
    return Versions((*tips, *(r for r in old if r not in tips)), is_certain([each.source.when for each in tips]))


def is_certain(times: Sequence[str]) -> bool:
    """Tell whether times, the newest first, say for certain which file is newer.

    An .ods tells the time as the clock on the wall showed it; beside times in UTC it is only certain to the day.
    """
    if len(times) < 2:
        return True
    if not all(times) or len(set(times)) < len(times):
        return False
    return all(newer.endswith("Z") == older.endswith("Z") or newer[:10] > older[:10] for newer, older in pairwise(times))


def open_questions(returned: Sequence[Returned]) -> tuple[Returned, ...]:
    """Return the files with those questions made mere information that were asked in a marked copy and came back.

    What a changed copy leaves in doubt is asked by the copy itself; an unchanged one repeats what its source asks.
    """
    here = {each.source.short for each in returned}
    answered = {part: each.source.name for each in returned if not is_unchanged_copy(each) for part in copied(each)}
    found = []
    for each in returned:
        name = answered.get(each.source.short, "")
        repeats = is_unchanged_copy(each) and bool(here & set(copied(each)))
        found.append(replace(each, findings=tuple(_told(p, name) for p in each.findings)) if name or repeats else each)
    return tuple(found)


def _told(found: Finding, name: str) -> Finding:
    if found.level is Severity.INFO or found.code in KEPT_FOR_COORDINATOR:
        return found
    advice = f"Der er spurgt om det, og svaret er kommet i {name}." if name else "Spørgsmålet står ud for svaret selv."
    return replace(found, level=Severity.INFO, advice=advice)
