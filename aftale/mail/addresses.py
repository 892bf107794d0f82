"""Mail addresses as people write them, checked with email-validator: lists with ``;``, names with æøå, Danish domains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aftale.model.mail import Address
from aftale.model.text import fold, tidy, without_controls

_NAMED = re.compile(r'\s*(?:"?(?P<name>.*?)"?\s*)?<(?P<address>[^<>]*)>\s*', re.DOTALL)
_APART = re.compile(r'[;\n](?=(?:[^"]*"[^"]*")*[^"]*$)')
"""What parts addresses, but not within quotes."""
_HARMLESS = re.compile(r"(?i)^mailto:|[\u200b-\u200f\u2060\ufeff]|\s*\([^()]*\)$|\.$")
"""What programs and people put around an address."""
_DOMAIN = re.compile(r"(?:[\w-]+\.)+(?!\d+$)[\w-]+")
_LOCAL_PART = ": æ, ø og å før @ kan de fleste mailprogrammer ikke sende til"


class Unusable(NamedTuple):
    """An address that no mail can be sent to, as it stood, and why ('' where it simply is none)."""

    text: str
    why: str = ""


def read_addresses(text: str, name: str = "") -> tuple[tuple[Address, ...], tuple[Unusable, ...]]:
    """Read every address in a text such as ``Børneteamet <boern@example.dk>; leder@example.dk``, each once.

    They are parted by ``;``, a line break or a comma. ``name`` is who they belong to where the text doesn't say.
    """
    found: dict[str, Address] = {}
    bad: list[Unusable] = []
    for piece in _pieces(tidy(text)):
        named = _NAMED.fullmatch(piece)
        written = (named["address"] if named else piece).strip()
        usable = _checked(_HARMLESS.sub("", written))
        if isinstance(usable, Unusable):
            bad.append(usable)
        else:
            own = " ".join(without_controls(named["name"] or "").split()) if named else ""
            found.setdefault(fold(usable), Address(own or name, usable))
    return tuple(found.values()), tuple(bad)


def _pieces(text: str) -> Iterator[str]:
    for line in _APART.split(text):
        gathered = ""
        for part in line.split(","):  # the comma of »Efternavn, Fornavn <adresse>« parts no addresses
            gathered = f"{gathered},{part}" if gathered else part
            if "@" in gathered:
                yield gathered.strip()
                gathered = ""
        if gathered.strip():
            yield gathered.strip()


def _checked(written: str) -> str | Unusable:
    """Return an address in ASCII, its domain as it is looked up, or say why there is none."""
    import email_validator  # it takes a while to load, and few commands make mails
    # A municipality may well have a ».local« of its own.
    email_validator.SPECIAL_USE_DOMAIN_NAMES[:] = [n for n in email_validator.SPECIAL_USE_DOMAIN_NAMES if n != "local"]
    try:
        known = email_validator.validate_email(written, check_deliverability=False, globally_deliverable=False)
    except email_validator.EmailNotValidError:
        return Unusable(written)
    if not _DOMAIN.fullmatch(known.ascii_domain or ""):
        return Unusable(written)
    return known.ascii_email or Unusable(written, _LOCAL_PART)
