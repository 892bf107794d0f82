"""What a mail says and carries: mails saved as ``.eml``, read with the standard library.

The headers are decoded here and not by ``email.policy.default``, which reads them by the letter of the standard and gives
up on some that real programs write.
"""

from __future__ import annotations

import binascii
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime
from html import unescape
from html.parser import HTMLParser

from aftale.intake.smime import signed_content
from aftale.model.text import tidy, without_controls
from aftale.office.text_file import decoded

MOST_BYTES = 50_000_000
"""How large a mail may be; mail servers let through half of it."""
_MOST_PARTS, _MOST_LOOKS = 20_000, 20_000_000


@dataclass(frozen=True)
class Part:
    """Something attached to a mail: its name and bytes, or a mail that has no bytes of its own (in ``.msg``).

    ``elsewhere`` tells that only a link to the file is there.
    """

    name: str
    data: bytes = b""
    mail: Mail | None = None
    elsewhere: bool = False


@dataclass(frozen=True)
class Mail:
    """A mail as it was read: who sent it when (ISO, UTC), what it says, where it links to, and what is attached.

    ``problems`` are codes of what couldn't be read in it; ``sha256`` is given for a mail that has no bytes of its own.
    """

    subject: str = ""
    sender: str = ""
    when: str = ""
    text: str = ""
    links: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    problems: tuple[str, ...] = ()
    sha256: str = ""


_KNOWN = ("from", "to", "cc", "subject", "date", "received", "message-id", "mime-version", "content-type", "return-path",
          "x-unsent", "delivered-to", "sender")
_MOST_OF_A_HEADER = 20_000
_BAD_MAIL = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError, OverflowError)


class _Lenient(Compat32):
    """Gives a header as it stands, with bytes that aren't coded decoded."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        if not value.isascii():  # the parser keeps such bytes as surrogates
            value = decoded(value.encode("utf-8", "surrogateescape"))[0]
        return value[:_MOST_OF_A_HEADER]


_POLICY = _Lenient(mangle_from_=False)


def read_eml(data: bytes) -> Mail | str:
    """Read a mail's bytes; where that can't be done, return the reason in Danish. Never raises."""
    if not data.strip():
        return "den er tom"
    if len(data) > MOST_BYTES:
        return "den er alt for stor"
    if _is_maze(data):
        return "den er beskadiget"
    try:
        message = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=_POLICY)
        if not any(message.get(name) is not None for name in _KNOWN):
            return "indholdet er ikke en mail"
        return _mail_of(message)
    except MemoryError:
        return "den er alt for stor"
    except _BAD_MAIL:
        return "den er beskadiget"


def _is_maze(data: bytes) -> bool:
    """Tell a mail of so many parts inside one another that the parser, which holds each line against each, takes forever."""
    return (data.count(b"\n--") > _MOST_PARTS
            or data.lower().count(b"boundary") * (data.count(b"\n") + data.count(b"\r")) > 2 * _MOST_LOOKS)


def _mail_of(message: Message) -> Mail:
    leaves = [leaf for leaf in _leaves(message) if not _is_resource_fork(leaf)]
    sealed = {number: _signed(leaf) for number, leaf in enumerate(leaves) if _is_sealed(leaf)}
    signed = [mail for mail in sealed.values() if isinstance(mail, Mail)]
    leaves = [leaf for number, leaf in enumerate(leaves) if sealed.get(number) is None]
    bodies = [leaf for leaf in leaves if _is_body(leaf)]
    html = "".join(_content(leaf) for leaf in bodies if leaf.get_content_subtype() == "html")
    plain = "\n".join(_content(leaf) for leaf in bodies if leaf.get_content_subtype() == "plain")
    inside = tuple(part for leaf in bodies for part in without_files(_bytes(leaf))[1])
    parts = tuple(_part(leaf, number) for number, leaf in enumerate(leaves, 1)
                  if not (_is_body(leaf) and not _name_of(leaf)) and not _is_trimming(leaf, html))
    subject = header_text(message.get("subject"))
    parts += inside + tuple(part for mail in signed for part in mail.parts)
    codes = problems_of(parts, subject, _is_automatic(message), any(map(_is_sealed, leaves)))
    codes += [code for mail in signed for code in mail.problems if code not in codes]
    codes += ["mail-signed"] if "" in sealed.values() else []
    texts = [_text_of(message), *(mail.text for mail in signed)]
    return Mail(
        subject, address_in(str(message.get("from") or "")) or address_in(str(message.get("sender") or "")),
        date_in(str(message.get("date") or "")), said("\n\n".join(text for text in texts if text.strip())),
        unique([*links_in(plain), *html_text(html)[1], *(link for mail in signed for link in mail.links)]), parts,
        tuple(codes))


def problems_of(parts: tuple[Part, ...], subject: str, automatic: bool, is_sealed: bool) -> list[str]:
    """Return the codes of what can't be read in a mail, or makes it something else than an answer."""
    names = {part.name.lower() for part in parts}
    codes = []
    if "winmail.dat" in names:
        codes.append("mail-tnef")
    if is_sealed or names & {"smime.p7m", "message.rpmsg"}:
        codes.append("mail-encrypted")
    if automatic or _AUTOMATIC.match(subject):
        codes.append("mail-auto-reply")
    return codes


_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_AUTOMATIC = re.compile(r"(?:automatisk svar|autosvar|automatic reply|auto-?reply|out of office|fraværsbesked|"
                        r"fraværsmeddelelse|ikke til stede)\s*:", re.IGNORECASE)


def _is_sealed(leaf: Message) -> bool:
    """Tell a part that is signed or encrypted as a whole."""
    return leaf.get_content_type() in _SEALED or _name_of(leaf).lower() == "smime.p7m"


def _signed(leaf: Message) -> Mail | str | None:
    """Return the mail in a part that is only signed, '' where it can't be read, and None for a part that is encrypted."""
    content = signed_content(_bytes(leaf))
    if content is None:
        return None
    return "" if not content or _is_maze(content) else _mail_of(message_from_bytes(content, policy=_POLICY))


def _is_resource_fork(leaf: Message) -> bool:
    """Tell what a Mac sends beside a file: what only its own file system keeps, under the file's name (AppleDouble)."""
    return leaf.get_content_type() == "application/applefile" and _bytes(leaf).startswith(_APPLE_DOUBLE)


def _is_automatic(message: Message) -> bool:
    # »auto-generated« isn't among them: a colleague who shares a file in OneDrive has such a mail sent.
    return (header_text(message.get("auto-submitted")).lower().startswith("auto-replied")
            or message.get("x-autoreply") is not None
            or message.get_content_type() == "multipart/report")


# ---------------------------------------------------------------- headers

def header_text(header: object) -> str:
    """Return a header as people read it: encoded words (RFC 2047) and bare bytes decoded, on one line."""
    text = str(header or "")
    with suppress(*_BAD_MAIL):
        text = "".join(decoded(piece, charset or "ascii")[0] if isinstance(piece, bytes) else piece
                       for piece, charset in decode_header(text))
    return re.sub(r"\s+", " ", without_controls(tidy(text))).strip()


def address_in(text: str) -> str:
    """Return the first e-mail address in a text such as ``Børneteamet <born@example.dk>``, in small letters, else ''."""
    text = text[:_MOST_OF_A_HEADER].replace("\n", " ").replace("\r", "")
    found = []
    with suppress(*_BAD_MAIL):
        found = [address for _, address in getaddresses([text]) if re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", address)]
    return (found or re.findall(r"[\w.+'&/=-]{1,64}@[\w-]+(?:\.[\w-]+)*", text) or [""])[0].lower()


def date_in(header: str) -> str:
    """Return the moment that the header of a date states, as `utc` writes it."""
    try:
        return utc(parsedate_to_datetime(header))
    except _BAD_MAIL:
        return ""


def utc(moment: datetime | None) -> str:
    """Return a moment as ``YYYY-MM-DDTHH:MM:SSZ``; '' for none, and for what programs write where they know of none."""
    if moment is None:
        return ""
    try:
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return ""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if 1980 <= moment.year < 4000 else ""


# ---------------------------------------------------------------- parts

def _leaves(message: Message) -> list[Message]:
    """Return the parts that hold something, in order; an attached mail is one part."""
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        return [message]
    children = message.get_payload()
    assert isinstance(children, list)
    return [leaf for child in children if isinstance(child, Message) for leaf in _leaves(child)]


def _is_body(leaf: Message) -> bool:
    """Tell what the mail says from what is attached: a part without a type counts as text, even where it is a file."""
    return (leaf.get_content_type() in ("text/plain", "text/html") and not leaf.is_multipart()
            and leaf.get_content_disposition() != "attachment"
            and (not (name := _name_of(leaf)) or name.lower().endswith((".txt", ".htm", ".html")))
            and not _bytes(leaf).startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")))


def _is_trimming(leaf: Message, html: str) -> bool:
    """Tell a picture that the text shows, such as a logo under it, or the mail's electronic signature."""
    if leaf.get_content_type() in ("application/pkcs7-signature", "application/x-pkcs7-signature",
                                   "application/pgp-signature"):
        return True
    identity = str(leaf.get("content-id") or "").strip(" \r\n\t<>")
    return leaf.get_content_maintype() == "image" and bool(identity) and f"cid:{identity}" in html


def _part(leaf: Message, number: int) -> Part:
    if leaf.get_content_type() == "message/rfc822":
        data = _attached_mail(leaf)
        subject = header_text(message_from_bytes(data[:20_000], policy=_POLICY).get("subject"))[:80].replace("/", "-")
        name = _name_of(leaf) or f"{subject or f'mail {number}'}.eml"
        return Part(name if name.lower().endswith((".eml", ".msg")) else f"{name}.eml", data)
    kind = leaf.get_content_type()
    name = _name_of(leaf) or ("winmail.dat" if kind == "application/ms-tnef" else f"vedhæftet {number}")
    return Part(name, _bytes(leaf))


def _attached_mail(leaf: Message) -> bytes:
    payload = leaf.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        return _bytes(leaf)
    coded = str(leaf.get("content-transfer-encoding") or "").strip().lower()
    if coded in ("base64", "quoted-printable") and not inner.keys():
        inner["content-transfer-encoding"] = coded  # the whole mail is coded, against the standard
        return _bytes(inner)
    try:
        return inner.as_bytes()
    except _BAD_MAIL:
        return inner.as_string().encode("utf-8", "replace")


def _bytes(leaf: Message) -> bytes:
    payload = leaf.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _name_of(leaf: Message) -> str:
    """Return a part's file name, whether coded by RFC 2231, by RFC 2047 or not at all; '' where it has none."""
    for header, key in (("content-disposition", "filename"), ("content-type", "name")):
        value = leaf.get_param(key, None, header)
        if value:
            name = header_text(collapse_rfc2231_value(value))
            return re.split(r"[/\\]", name)[-1].strip()
    return ""


# ---------------------------------------------------------------- text

def _content(leaf: Message) -> str:
    return decoded(without_files(_bytes(leaf))[0], str(leaf.get_param("charset") or ""))[0]


_UUENCODED = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[ -`][^\r\n]{0,90}\r?\n)+)(?:\r?\n)?end[ \t]*\r?$",
                        re.MULTILINE)


def without_files(text: bytes) -> tuple[bytes, list[Part]]:
    """Return a text without the files that old programs write into it (uuencoded), and those files."""
    found: list[Part] = []

    def taken(match: re.Match[bytes]) -> bytes:
        try:  # some programs write more on a line than its first letter says
            lines = (line[:((line[0] - 32 & 63) * 4 + 5) // 3 or 1] for line in match[2].splitlines())
            data = b"".join(map(binascii.a2b_uu, lines))
        except binascii.Error:
            return match[0]
        found.append(Part(re.split(r"[/\\]", decoded(match[1])[0])[-1].strip(), data))
        return b""

    return (_UUENCODED.sub(taken, text), found) if b"begin " in text else (text, found)


def _text_of(message: Message) -> str:
    """Return what a mail says: of alternatives the plain text, or the other where that is empty; else all of it."""
    children = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(children, list):
        texts = [(child.get_content_type(), _text_of(child)) for child in children if isinstance(child, Message)]
        texts = [each for each in texts if each[1].strip()]
        if message.get_content_subtype() == "alternative" and texts:
            return next((text for kind, text in texts if kind == "text/plain"), texts[-1][1])
        return "\n\n".join(text for _, text in texts)
    if not _is_body(message):
        return ""
    return html_text(_content(message))[0] if message.get_content_subtype() == "html" else _content(message)


def said(text: str) -> str:
    """Return a mail's text in the one spelling we keep."""
    return tidy(without_controls(text.replace("\r\n", "\n").replace("\r", "\n")))


_LINK = re.compile(r"<((?:https?://|file:|\\\\)[^<>\r\n]{1,4000})>|"
                   r"((?:https?://|file:)[^\s<>\"]{1,4000}|\\\\[\w.-]{1,200}\\[^\s<>\"]{1,4000})",
                   re.IGNORECASE)
_LINKED = re.compile(r"(?:https?://|file:|ms-(?:excel|word):|onedrive:|\\\\)", re.IGNORECASE)


def links_in(text: str) -> list[str]:
    """Return the addresses of pages and files that stand in a text, in order."""
    return [_end_trimmed(bracketed or bare) for bracketed, bare in _LINK.findall(text)]


def _end_trimmed(link: str) -> str:
    link = link.strip().rstrip(".,;:!?'\"")
    while link.endswith(")") and link.count("(") < link.count(")"):
        link = link[:-1].rstrip(".,;:!?'\"")
    return link


def unique(texts: list[str]) -> tuple[str, ...]:
    """Return texts once each, in order, without empty ones."""
    return tuple(dict.fromkeys(text for text in texts if text))


def html_text(html: str) -> tuple[str, list[str]]:
    """Turn HTML into plain text with the addresses of its links behind them; return it and the links in order."""
    reader = _Html()
    try:
        reader.feed(_tame(html))
        reader.close()
    except AssertionError:  # the parser's own way of saying that it can't go on
        plain = unescape(re.sub("<[^<>]*>", " ", html))
        return plain, links_in(plain)
    text = re.sub(r"[ \t]+\n", "\n", "".join(reader.out))
    return re.sub(r"\n{3,}", "\n\n", text), reader.links


def _tame(html: str) -> str:
    """Take out comments and declarations, and make what never ends plain text: the parser takes forever over those."""
    for start, end in (("<!--", "-->"), ("<!", ">"), ("<?", ">")):
        kept, at = [], 0
        while (begin := html.find(start, at)) >= 0 and (stop := html.find(end, begin + len(start))) >= 0:
            kept.append(html[at:begin])
            at = stop + len(end)
        kept.append(html[at:])
        html = "".join(kept)
    last = html.rfind(">") + 1
    return html[:last] + html[last:].replace("<", "&lt;")


class _Html(HTMLParser):
    """Collects the text that is shown, and the links."""

    _HIDDEN = frozenset(("script", "style", "head", "title", "template"))
    _BLOCKS = frozenset(("p", "div", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
                         "pre", "hr", "section", "article", "header", "footer"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.links: list[str] = []
        self.hidden = 0
        self.href = ""
        self.linked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self.hidden += 1
        elif tag == "body":
            self.hidden = 0  # a head that was never closed hides nothing
        elif tag == "br":
            self.out.append("\n")
        elif tag in ("td", "th"):
            self._gap("\t")
        elif tag in self._BLOCKS:
            self._gap("\n")
        if tag == "a":
            href = str(dict(attrs).get("href") or "").strip()
            self.href, self.linked = (href, []) if _LINKED.match(href) else ("", [])
            self.links.extend([href] if self.href else [])

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in self._BLOCKS:
            self._gap("\n")
        elif tag == "a" and self.href:
            if self.href not in "".join(self.linked):
                self.out.append(f" <{self.href}>")
            self.href = ""

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        text = re.sub(r"\s+", " ", data)
        if self.out and self.out[-1].endswith(("\n", "\t", " ")):
            text = text.lstrip()
        if text:
            self.out.append(text)
            self.linked.append(text)
            self.links.extend(links_in(text) if not self.href else [])

    def _gap(self, gap: str) -> None:
        if self.out and not self.out[-1].endswith(("\n", gap)):
            self.out.append(gap)
