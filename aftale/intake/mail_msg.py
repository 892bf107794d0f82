"""Mails dragged out of Outlook (``.msg``), read with python-oxmsg."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Iterator
from email.parser import HeaderParser
from typing import TYPE_CHECKING, TypeVar

from aftale.intake.mail_eml import (
    MOST_BYTES,
    Mail,
    Part,
    address_in,
    date_in,
    header_text,
    html_text,
    links_in,
    problems_of,
    read_eml,
    said,
    unique,
    utc,
)
from aftale.intake.smime import signed_content
from aftale.model.text import tidy
from aftale.office.package import BAD_PACKAGE
from aftale.office.safe_write import digest
from aftale.office.text_file import decoded

if TYPE_CHECKING:
    from olefile import OleFileIO
    from oxmsg.properties import Properties
    from oxmsg.storage import Storage

_T = TypeVar("_T")
_STREAM = "__properties_version1.0"
_ROOT_HEADER, _INNER_HEADER, _ATTACHMENT_HEADER = 32, 24, 8
_MOST_INSIDE = 8
_MOST_STREAMS = 50_000

# What oxmsg's list of properties lacks, or says too generally to be read here.
_SENT_REPRESENTING_SMTP, _LONG_PATH, _LINK_URL, _RTF = 0x5D02, 0x370D, 0x8001, 0x1009


def is_outlook_mail(data: bytes, suffix: str) -> bool:
    """Tell whether an OLE file is a mail, whatever it is called: a mail's properties stand right in its root."""
    if _STREAM.encode("utf-16-le") not in data:
        return suffix == ".msg"
    from olefile import OleFileIO
    try:
        with OleFileIO(io.BytesIO(data)) as ole:
            return bool(ole.exists(_STREAM)) or suffix == ".msg"
    except BAD_PACKAGE:
        return suffix == ".msg"


def read_msg(data: bytes) -> Mail | str:
    """Read a mail's bytes; where that can't be done, return the reason in Danish. Never raises."""
    from olefile import OleFileIO
    from oxmsg.domain.model import UnrecognizedCodePageError, UnsupportedEncodingError
    from oxmsg.storage import Storage
    if len(data) > MOST_BYTES:
        return "den er alt for stor"
    try:
        with OleFileIO(io.BytesIO(data)) as ole:
            if _is_bomb(ole, len(data)):
                return "den er beskadiget"
            root = Storage.from_ole(ole)
        return _mail(root, _ROOT_HEADER, 0)
    except (UnrecognizedCodePageError, UnsupportedEncodingError):
        return "den er skrevet i et ukendt tegnsæt"
    except MemoryError:
        return "den er alt for stor"
    except BAD_PACKAGE:
        return "den er beskadiget"


def _is_bomb(ole: OleFileIO, size: int) -> bool:
    """Tell whether the streams claim to hold more than the file, or are so many that finding them takes forever."""
    entries = [entry for entry in ole.direntries if entry is not None]
    return (sum(entry.size for entry in entries if entry.entry_type == 2) > 2 * size or len(entries) > _MOST_STREAMS
            or sum(len(entry.kids) ** 2 for entry in entries) > 10_000_000)


def _mail(storage: Storage, header: int, depth: int) -> Mail:
    from oxmsg.domain import constants as c
    properties = _properties(storage, header)
    headers = HeaderParser().parsestr(_text(properties, c.PID_TRANSPORT_MESSAGE_HEADERS))
    text, html = _text(properties, c.PID_BODY), _html(properties)
    shown, hrefs = html_text(html) if html else ("", [])
    kind = _text(properties, c.PID_MESSAGE_CLASS).lower()
    parts, links = [], []
    for attachment in storage.iter_attachment_storages():
        found, link = _attachment(attachment, html, depth)
        parts += found
        links += [link] if link else []
    subject = " ".join(tidy(_text(properties, c.PID_SUBJECT)).split())
    signed = _signed(kind, parts)
    codes = problems_of(tuple(parts), subject, _is_automatic(kind, header_text(headers.get("auto-submitted"))), False)
    if signed:
        parts, codes = list(signed.parts), [code for code in codes if code != "mail-encrypted"]
        text, links = text or signed.text, [*links, *signed.links]
    text = said(text) or said(shown)
    if not text and _bytes(properties, _RTF) and "mail-encrypted" not in codes:
        codes.append("mail-text-unreadable")
    return Mail(
        subject, _sender(properties, header_text(headers.get("from"))), _sent(properties, str(headers.get("date") or "")),
        text, unique([*links_in(text), *hrefs, *links]), tuple(parts), tuple(codes), _fingerprint(storage) if depth else "")


def _is_automatic(kind: str, auto_submitted: str) -> bool:
    return (kind.startswith(("ipm.note.rules.ooftemplate", "ipm.note.rules.replytemplate", "report."))
            or auto_submitted.lower().startswith("auto-replied"))


def _signed(kind: str, parts: list[Part]) -> Mail | None:
    """Return what lies in a mail that is signed but not encrypted: Outlook keeps it as its only attachment.

    It is whole where the signature stands beside it, and inside the signature where that is round it.
    """
    if not kind.startswith("ipm.note.smime") or len(parts) != 1:
        return None
    mail = read_eml(signed_content(parts[0].data) or parts[0].data)
    return mail if isinstance(mail, Mail) and "mail-encrypted" not in mail.problems else None


def _properties(storage: Storage, header: int) -> Properties:
    """Return the properties of a mail or an attachment, read to the last: a damaged list of them raises here."""
    from oxmsg.properties import Properties
    properties = Properties(storage, properties_header_offset=header)
    for _ in properties:
        pass
    return properties


def _value(read: Callable[[int], _T | None], pid: int, missing: _T) -> _T:
    """Return a property by its number, ``missing`` where there is none or it is damaged."""
    try:
        value = read(pid)
    except BAD_PACKAGE:
        return missing
    return missing if value is None else value


def _text(properties: Properties, pid: int) -> str:
    return _value(properties.str_prop_value, pid, "").rstrip("\0")


def _bytes(properties: Properties, pid: int) -> bytes:
    return _value(properties.binary_prop_value, pid, b"")


def _html(properties: Properties) -> str:
    from oxmsg.domain import constants as c
    raw = _bytes(properties, c.PID_HTML)
    if not raw:
        return _text(properties, c.PID_BODY_HTML)
    try:
        encoding = properties.body_encoding
    except BAD_PACKAGE:
        encoding = ""
    return decoded(raw, encoding)[0]


def _sender(properties: Properties, header: str) -> str:
    """Return the sender's e-mail address; an Exchange address (``/O=…/CN=…``) is none."""
    from oxmsg.domain import constants as c
    for pid in (c.PID_SENDER_SMTP_ADDRESS, _SENT_REPRESENTING_SMTP, c.PID_SENDER_EMAIL_ADDRESS,
                c.PID_SENT_REPRESENTING_EMAIL_ADDRESS):
        address = _text(properties, pid).strip()
        if not address.startswith("/") and address_in(address):
            return address_in(address)
    return address_in(header) or address_in(_text(properties, c.PID_SENDER_NAME))


def _sent(properties: Properties, header: str) -> str:
    from oxmsg.domain import constants as c
    for pid in (c.PID_CLIENT_SUBMIT_TIME, c.PID_MESSAGE_DELIVERY_TIME):
        when = utc(_value(properties.date_prop_value, pid, None))
        if when:
            return when
    return date_in(header)


def _attachment(storage: Storage, html: str, depth: int) -> tuple[list[Part], str]:
    """Return what is attached, nothing where it only belongs to the text, and where a linked file stands."""
    from oxmsg.domain import constants as c
    properties = _properties(storage, _ATTACHMENT_HEADER)
    name = next((found for pid in (c.PID_ATTACH_LONG_FILENAME, c.PID_ATTACH_FILENAME, c.PID_DISPLAY_NAME)
                 if (found := re.split(r"[/\\]", tidy(_text(properties, pid)))[-1])), "")
    inner = next((each for each in storage.storages if each.name == "__substg1.0_3701000D"), None)
    if inner is not None and any(stream.name == _STREAM for stream in inner.streams):
        return [_inner_mail(inner, name, depth)], ""
    data = _bytes(properties, c.PID_ATTACH_DATA_BINARY)
    link = "" if data else next((found for pid in (_LONG_PATH, _LINK_URL) if (found := tidy(_text(properties, pid)))), "")
    identity = _text(properties, c.PID_ATTACH_CONTENT_ID).strip("<> ")
    kind = _text(properties, c.PID_ATTACH_MIME_TAG).lower()
    is_picture = kind.startswith("image/") or name.lower().endswith(_PICTURES)
    if (identity and f"cid:{identity}" in html and is_picture) or kind == "application/pkcs7-signature":
        return [], link
    return [Part(name or "vedhæftet fil", data, elsewhere=bool(link))], link


_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".emz", ".wmz")


def _inner_mail(storage: Storage, name: str, depth: int) -> Part:
    if depth >= _MOST_INSIDE:
        return Part(f"{name or 'mail'}.msg", mail=Mail(problems=("zip-too-deep",), sha256=_fingerprint(storage)))
    mail = _mail(storage, _INNER_HEADER, depth + 1)
    name = " ".join(name.split()) or mail.subject.replace("/", "-")[:80] or "mail"
    return Part(name if name.lower().endswith(".msg") else f"{name}.msg", mail=mail)


def _fingerprint(storage: Storage) -> str:
    """Return a hash of a mail that has no bytes of its own: of all its streams, whatever it lies in."""
    return digest(b"".join(_streams(storage, storage.path)))


def _streams(storage: Storage, root: str) -> Iterator[bytes]:
    for stream in sorted(storage.streams, key=lambda each: each.path):
        yield stream.path[len(root):].encode() + struct.pack("<Q", len(stream.bytes_)) + stream.bytes_
    for inner in sorted(storage.storages, key=lambda each: each.path):
        yield from _streams(inner, root)
