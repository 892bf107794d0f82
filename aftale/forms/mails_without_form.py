"""What a mail says for itself: who wrote it, whom it stands for, and its text as ``Kontrol`` shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from aftale.forms.returned import Returned
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import IncomingMail
from aftale.model.text import listing, split_at_limit, tidy, without_controls

Known = Mapping[str, Sequence[str]]
"""The names of the ansvarlige by address (case-folded); several may share one."""

_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


def addresses(text: str) -> tuple[str, ...]:
    """Return the mail addresses in a text such as ``Børneteamet <Boern@example.dk>``, case-folded."""
    return tuple(found.casefold() for found in _ADDRESS.findall(text))


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


def answers_without_form(letters: Iterable[IncomingMail]) -> frozenset[str]:
    """Return the addresses that answered in a mail without a workbook; an automatic reply is no answer."""
    return frozenset(sender_of(letter) for letter in letters if not letter.with_form and not letter.automatic)


def letter_place(letter: IncomingMail) -> Place:
    """Return where a mail lay."""
    return Place(letter.source.name, container=letter.source.container)


def letter_problem(letter: IncomingMail, known: Known) -> Finding:
    """Ask about a mail without a workbook: an ansvarlig's answer, or a letter from somebody who has no skema."""
    if letter.automatic:
        return problem("mail-auto-reply", letter_place(letter))
    sender = sender_of(letter)
    if names := known.get(sender):
        return problem("answered-by-mail", letter_place(letter), owner=listing(list(names)), value=sender)
    return problem("mail-from-unknown", letter_place(letter), value=sender or "en ukendt afsender")


def letter_problems(letters: Iterable[IncomingMail], known: Known) -> tuple[Finding, ...]:
    """Ask about every mail without a workbook, once each."""
    return tuple(letter_problem(letter, known) for letter in letters if not letter.with_form)


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
