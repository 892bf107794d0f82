"""Which of the files count: the versions of one person's skema, and mails in which the answer stands without a skema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from aftale.forms.returned import Returned
from aftale.model.findings import Finding, Severity
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.questions import KEPT_FOR_COORDINATOR, UNCHANGED_COPY
from aftale.model.received import IncomingMail
from aftale.model.text import ADDRESS, asks_something, fold, listing, split_at_limit, tidy, without_controls

MARK = "+"
"""What stands between a skema's edition and the fingerprints of the files whose answers a marked copy of it holds."""
_NO_WORDS = frozenset(("field", "blank"))
_UNREAD_KINDS, _LOOSE_KINDS = frozenset(("unread", "note")), frozenset(("remark", "extra-column", "unknown-row"))


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


def declared(files: Sequence[Returned]) -> str:
    """Return what stands in ``Skemaet er færdigt``: Ja where anybody says so, else Nej, '' where nobody says anything.

    Of versions by one person the newest counts.
    """
    people: dict[str, list[Returned]] = {}
    for each in files:
        if each.finished:
            people.setdefault(fold(each.filled_by) or each.source.sha256, []).append(each)
    said = {each.finished for versions in people.values() for each in versions
            if each.source.when in ("", max(version.source.when for version in versions))}
    return "Ja" if "Ja" in said else "Nej" if "Nej" in said else ""


def says_something(files: Sequence[Returned]) -> bool:
    """Tell whether anything at all was written in a skema but its head: an answer, or words that couldn't be read as one."""
    return any(each.answers or any(found.kind not in _NO_WORDS for found in each.kept) for each in files)


def nothing_to_report(files: Sequence[Returned]) -> bool:
    """Tell whether a skema came back as finished with nothing at all answered in it."""
    return declared(files) == "Ja" and not says_something(files)


def unread_answers(returned: Sequence[Returned]) -> dict[str, frozenset[str]]:
    """Return by Mål-id the columns in which something stands that couldn't be read as an answer, '' for beside them.

    An unreadable answer that was asked about in a marked copy, and came back answered, is none any longer.
    """
    found: dict[str, set[str]] = {}
    for each in open_questions(returned):
        for kept in each.kept:
            asked = kept.level is not Severity.INFO and kept.kind in _UNREAD_KINDS
            if kept.goal and (asked or kept.kind in _LOOSE_KINDS):
                found.setdefault(kept.goal, set()).add(kept.column if asked else "")
    return {goal: frozenset(columns) for goal, columns in found.items()}


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


Known = Mapping[str, Sequence[str]]
"""The names of the ansvarlige by address (case-folded); several may share one."""


_SHARED = re.compile(r"(?:https?://(?:[\w.-]*\.)?(?:sharepoint\.com|onedrive\.live\.com|1drv\.ms|(?:docs|drive)\.google\.com"
                     r"|dropbox\.com|we\.tl|wetransfer\.com|icloud\.com|box\.com)/|file:|\\\\"
                     r"|https?://[^?#]+\.(?:xlsx|xlsm|xls|xlsb|ods|zip)(?:[?#]|$))", re.IGNORECASE)
"""A link to a file that somebody shares, rather than to a page."""


def addresses(text: str) -> tuple[str, ...]:
    """Return the mail addresses in a text such as ``Børneteamet <Boern@example.dk>``, case-folded."""
    return tuple(found.casefold() for found in ADDRESS.findall(text))


def sender_of(letter: IncomingMail) -> str:
    """Return the sender's address, case-folded; what else stands there where it holds no address."""
    found = addresses(letter.source.sender)
    return found[-1] if found else letter.source.sender.strip()


def known_senders(forms: Iterable[Form]) -> dict[str, list[str]]:
    """Return who may answer from which address in this round."""
    known: dict[str, list[str]] = {}
    for form in forms:
        for address in addresses(form.owner.email):
            known.setdefault(address, []).append(form.owner.name)
    return known


def senders_without_form(letters: Iterable[IncomingMail]) -> frozenset[str]:
    """Return the addresses that a mail without a workbook has come from; an automatic reply is nobody's."""
    return frozenset(sender_of(letter) for letter in letters if not letter.with_form and not letter.automatic)


def letter_place(letter: IncomingMail) -> Place:
    """Return where a mail lay."""
    return Place(letter.source.name, container=letter.source.container)


def letter_problem(letter: IncomingMail, known: Known) -> Finding:
    """Ask about a mail: an ansvarlig's without a workbook, one from somebody unknown, or a question beside a skema."""
    if letter.automatic:
        return problem("mail-auto-reply", letter_place(letter))
    sender = sender_of(letter)
    if letter.with_form:
        return problem("mail-asks", letter_place(letter), value=sender or "Afsenderen")
    names = known.get(sender)
    if any(map(_SHARED.match, letter.links)):
        who = listing(list(names)) if names else sender or "En ukendt afsender"
        return problem("answered-by-link", letter_place(letter), owner=who, value=sender)
    if names:
        return problem("answered-by-mail", letter_place(letter), owner=listing(list(names)), value=sender)
    return problem("mail-from-unknown", letter_place(letter), value=sender or "en ukendt afsender")


def letter_problems(letters: Iterable[IncomingMail], known: Known) -> tuple[Finding, ...]:
    """Ask about every mail without a workbook, and every one that asks something itself, once each."""
    return tuple(letter_problem(letter, known) for letter in letters
                 if not letter.with_form or (not letter.automatic and asks_something(letter.text)))


def letters_beside_empty_forms(letters: Iterable[IncomingMail], returned: Iterable[Returned]) -> tuple[Finding, ...]:
    """Ask about mails that say something while nobody has written in the skemaer that lay in them."""
    touched: dict[str, bool] = {}
    for each in returned:
        if each.source.container:
            mail = each.source.container.split(" > ")[0]
            touched[mail] = touched.get(mail, False) or not each.untouched
    return tuple(problem("mail-says-more", letter_place(letter), value=sender_of(letter) or "en ukendt afsender")
                 for letter in letters
                 if letter.with_form and letter.text.strip() and touched.get(letter.source.name) is False)


def letter_pieces(letter: IncomingMail) -> tuple[str, ...]:
    """Return all that a mail says as plain text, in pieces that each fit in a cell: nothing in it is ever a live link."""
    links = "\n".join(tidy(link) for link in letter.links)
    parts = (("Emne: ", letter.subject), ("", letter.text), ("Links:\n", links),
             ("Vedhæftet: ", ", ".join(tidy(name) for name in letter.attachments)))
    texts = [label + without_controls(tidy(text)) for label, text in parts if tidy(text)]
    return split_at_limit("\n\n".join(texts) or "(tom mail)")
