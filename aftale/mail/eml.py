"""Writing mails: drafts that open in a mail program, ready to be sent by a person, and messages for a server.

The headers are written here. What Python 3.11 makes of a long name with æ, ø or å and a comma in it is no valid address.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import quote
from hashlib import sha256

from aftale.model.mail import Address, Outgoing
from aftale.model.text import without_controls
from aftale.office.draft_seal import SEAL, seal_of

WORKBOOK = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
CALENDAR = ("text", "calendar")
UNSENT = "X-Unsent"
"""Outlook and Thunderbird open a mail with this header as a draft that can be changed and sent."""
MOST_OF_A_SUBJECT = 250
"""Outlook takes 255 characters."""
_POLICY = SMTP.clone(cte_type="7bit", max_line_length=76)
_UNFOLDED = _POLICY.clone(max_line_length=500)  # a split file name (filename*0=) is no name to every program
_LINE, _WORD = 60, 76


def draft(mail: Outgoing) -> bytes:
    """Return a mail as a draft (``.eml``) without sender, date and number: the program that sends it puts them in.

    The same mail always gives the same bytes.
    """
    first, *rest = [(UNSENT, "1"), ("To", _addresses(mail.to)), ("Subject", _words(_line(mail.subject)))]
    body = _body(mail)
    seal = (SEAL, seal_of(_block([first, *rest]) + body))
    return _block([first, seal, *rest]) + body


def message(mail: Outgoing, sender: Address, date: str) -> bytes:
    """Return a mail as it goes to a server; ``date`` is as RFC 5322 has it.

    Its Message-ID depends on the mail alone: where it had to be sent again, many servers know it by that and keep one.
    """
    number = sha256(f"{mail.key}\n{sender.email}".encode() + draft(mail)).hexdigest()[:32]
    top = [("From", _addresses([sender])), ("To", _addresses(mail.to)), ("Subject", _words(_line(mail.subject))),
           ("Date", date), ("Message-ID", f"<{number}@{sender.email.rpartition('@')[2]}>")]
    return _block(top) + _body(mail)


# ---------------------------------------------------------------- headers

def _block(headers: Sequence[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")


def _line(text: str) -> str:
    """Return text as one line: a line break in a header would begin another header."""
    return " ".join(without_controls(text).split())


def _addresses(addresses: Sequence[Address]) -> str:
    """Return addresses as a header has them, each on a line of its own."""
    return ",\r\n ".join(_address(each) for each in addresses)


def _address(address: Address) -> str:
    name = _line(address.name)
    if not name:
        return address.email
    plain = name.isascii() and len(name) <= _LINE
    # Python's own reader puts a space between two coded words in a name: most names fit in one.
    return f'"{quote(name)}" <{address.email}>' if plain else f"{_coded(name, _WORD)}\r\n <{address.email}>"


def _words(text: str) -> str:
    # What looks like a coded word is coded, so that it is read as it stands here.
    return text if text.isascii() and len(text) <= _LINE and "=?" not in text else _coded(text)


def _coded(text: str, most: int = _LINE) -> str:
    return Header(text, "utf-8", maxlinelen=most).encode(linesep="\r\n")


# ---------------------------------------------------------------- what is below them

def _body(mail: Outgoing) -> bytes:
    made = EmailMessage(_POLICY)
    made.set_content(mail.text, cte="base64")
    made.add_alternative(mail.html, subtype="html", cte="base64")
    for each in mail.attachments:
        kind, more = (CALENDAR, {"charset": "utf-8"}) if each.name.endswith(".ics") else (WORKBOOK, {})
        made.add_attachment(each.data, *kind, cte="base64", filename=each.name, params={"name": each.name, **more})
    content = sha256("\n".join((mail.text, mail.html)).encode("utf-8", "surrogatepass"))
    for each in mail.attachments:
        content.update(each.data)
    for number, part in enumerate((part for part in made.walk() if part.is_multipart()), 1):
        part.set_boundary(f"=_aftale_{number}_{content.hexdigest()[:24]}")
    for part in made.walk():
        if part is not made:
            del part["MIME-Version"]
    return made.as_bytes(policy=_UNFOLDED)
