"""Opening what answers come in: archives and mails, and telling by a file's name what it isn't.

Nothing in a container is trusted: neither its sizes nor its names, and no name from it is ever a path on disk.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aftale.model.findings import Severity
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import Found, IncomingMail, Refused
from aftale.model.text import tidy, without_controls
from aftale.office.package import BAD_PACKAGE, says_workbook
from aftale.office.safe_write import TEMPORARY, digest

if TYPE_CHECKING:
    from aftale.intake.mail_eml import Mail, Part

WORKBOOK_SUFFIXES = frozenset((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"))
MOST_MEMBERS = 20_000
"""How many files may lie in an archive, and in all that lies inside it."""
MOST_OF_ONE = 100_000_000
"""How large a file may be when it is unpacked; the largest skema anybody fills in is a thousandth of that."""
MOST_TOGETHER = 1_000_000_000
"""How much may be unpacked from one file, with everything inside it."""
MOST_RATIO, FREE_OF_RATIO = 100, 10_000_000
"""An archive may unpack to so many times its own size, and to this many bytes in any case."""
MOST_DEPTH = 6
"""How many containers may lie inside one another."""

AUTO_REPLY = "mail-auto-reply"
_CHAIN = " > "
_PIECE = 1_000_000
_LONGEST_NAME = 200
_MOST_FOLDERS = 8
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENTRY, _END_OF_ENTRIES = b"PK\x01\x02", b"PK\x05\x06"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8_FLAG = 0x800


# ---------------------------------------------------------------- what names tell

_LITTER = frozenset((".ds_store", "desktop.ini", "thumbs.db", "icon\r"))


def is_litter(name: str) -> bool:
    """Tell whether a file, by its name or its path in an archive, is left by a system or a program and nobody's answer."""
    parts = name.replace("\\", "/").split("/")
    last = parts[-1].lower()
    return "__MACOSX" in parts or last.startswith(("~$", "._", ".~", TEMPORARY)) or last in _LITTER


def lock_of(name: str) -> str:
    """Return the name of the file that a lock file tells is open, '' where the name is no lock file's.

    Excel and LibreOffice keep the whole name: ``~$skema.xlsx``, ``.~lock.skema.xlsx#``.
    """
    name = tidy(name)
    if name.startswith(".~lock.") and name.endswith("#"):
        return name[len(".~lock."):-1]
    return name[2:] if name.startswith("~$") else ""


_PLACEHOLDERS = (".{}.icloud", "{}.nextcloud", "{}.owncloud")
_NOT_FETCHED = re.compile(r"\.?([^.].*)\.(?:icloud|nextcloud|owncloud)", re.IGNORECASE)


def not_fetched(name: str) -> str:
    """Return the name of the file that a sync program hasn't fetched yet, '' where the name is no placeholder's.

    iCloud writes ``.skema.xlsx.icloud``, Nextcloud ``skema.xlsx.nextcloud``. Windows' own placeholders have the file's name:
    opening them fetches them, or fails.
    """
    found = _NOT_FETCHED.fullmatch(name)
    return found[1] if found and _suffix(found[1]) in WORKBOOK_SUFFIXES else ""


def placeholders_of(name: str) -> tuple[str, ...]:
    """Return what a file is called as long as a sync program hasn't fetched it."""
    return tuple(each.format(name) for each in _PLACEHOLDERS)


_CONFLICTS = (
    ("Dropbox", re.compile(r"\((?:[^()]+ )?(?:conflicted copy|modstridende kopi)(?: \d{4}-\d\d-\d\d)?(?: \(\d+\))?\)",
                           re.IGNORECASE)),
    ("OneDrive", re.compile(r"-(?:DESKTOP-[A-Z0-9]{7}|LAPTOP-[A-Z0-9]{8}|WIN-[A-Z0-9]{11})(?:-\d{1,2})?(?=\.[^.]*$|$)")),
)


def conflict_copy(name: str) -> str:
    """Return the sync program that made a file a conflict copy, '' where its name doesn't show that for certain.

    What may as well be a person's own name for it isn't certain: ``skema (1).xlsx``, ``skema-PC123.xlsx``.
    """
    plain = tidy(name)
    return next((program for program, pattern in _CONFLICTS if pattern.search(plain)), "")


# ---------------------------------------------------------------- what the bytes tell

def container_kind(data: bytes, name: str) -> str:
    """Return what must be opened to get at the answers: ``zip``, ``msg``, ``eml``, ``mbox`` or ``p7m``, else ''.

    Told by the content, not by the name: workbooks and documents are zip files too, and are left whole.
    """
    suffix = _suffix(name)
    if data.startswith(_ZIP):
        damaged = data.rfind(_END_OF_ENTRIES) < 0  # then only the name tells
        return "" if is_document(data) or (damaged and suffix != ".zip") else "zip"
    if data.startswith(_OLE):
        from aftale.intake.mail_msg import is_outlook_mail
        return "msg" if is_outlook_mail(data, suffix) else ""
    if suffix == ".zip":
        return "zip"
    if _SEALED.match(data) and suffix not in (".p7s", ".p7b", ".p7c"):  # a signature or certificates alone
        return "p7m"
    named = {".eml": "eml", ".msg": "eml", ".p7m": "p7m", ".mbox": "mbox"}.get(suffix, "")
    return named or ("mbox" if _NEXT_MAIL.match(data) else "")


_SEALED = re.compile(rb"0(?:\x80|[\x81-\x84].{1,4}?|.)\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03]", re.DOTALL)
"""How a signed or encrypted structure (S/MIME) begins."""
_NEXT_MAIL = re.compile(rb"^From [^\r\n]{1,300}?\d\d:\d\d[^\r\n]{1,60}\r?\n(?=[A-Za-z][A-Za-z-]*:)", re.MULTILINE)
"""The line in front of each mail of a mailbox."""
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def is_document(data: bytes) -> bool:
    """Tell whether a zip file is itself a workbook or document (Office or OpenDocument) rather than an archive."""
    return not _DOCUMENTS.isdisjoint(_plain_names(data))


_DOCUMENTS = frozenset((b"[content_types].xml", b"_rels/.rels", b"mimetype", b"content.xml", b"index/document.iwa"))


def is_workbook(data: bytes) -> bool:
    """Tell whether a file is a workbook by what is in it, whatever it is called."""
    if data.startswith(_ZIP):
        names = set(_plain_names(data))
        return (any(name.startswith(b"xl/work") for name in names) or b"opendocument.spreadsheet" in data[:200]
                or (b"[content_types].xml" in names and says_workbook(data)))
    sheets = ("Workbook\0".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
    return data.startswith(_OLE) and any(each in data for each in sheets)


def _plain_names(data: bytes) -> Iterator[bytes]:
    """Yield the same in small letters with ``/`` between their parts, where some programs write a backslash."""
    return (name.split(b"\0", 1)[0].replace(b"\\", b"/").lower() for name in _raw_names(data))


def _raw_names(data: bytes) -> Iterator[bytes]:
    """Yield the names in an archive's list of contents, cheaply: this is asked about every workbook that comes in."""
    end = data.rfind(_END_OF_ENTRIES)
    if end < 0 or len(data) < end + 22:
        return
    size, = struct.unpack_from("<I", data, end + 12)
    at = max(0, end - size)
    while data[at:at + 4] == _ENTRY and at + 46 <= end:
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        yield data[at + 46:at + 46 + name]
        at += 46 + name + extra + comment


def _suffix(name: str) -> str:
    dot = name.rstrip().rfind(".")
    return name.rstrip()[dot:].lower() if dot >= 0 else ""


# ---------------------------------------------------------------- opening

@dataclass
class _Room:
    """How much may still be unpacked from one file, with everything inside it."""

    bytes: int = MOST_TOGETHER
    members: int = MOST_MEMBERS


def unpack(data: bytes, name: str) -> Iterator[Found | IncomingMail | Refused]:
    """Yield what lies in a file, each thing as it is found: files, mails, and what can't be opened with the reason.

    A file that is no archive or mail is yielded itself, whatever it is. Archives and mails inside one another are opened
    too. Never raises because of what is in the file.
    """
    yield from _open(Found(name, data), 0, _Room())


def _open(found: Found, depth: int, room: _Room) -> Iterator[Found | IncomingMail | Refused]:
    kind = container_kind(found.data, found.name)
    if not kind:
        yield found
    elif depth >= MOST_DEPTH:
        yield _refused(found, "zip-too-deep")
    elif kind == "zip":
        yield from _open_zip(found, depth, room)
    elif kind == "mbox":
        yield from _open_mailbox(found, depth, room)
    elif kind == "p7m":
        yield from _open_sealed(found, depth, room)
    else:
        yield from _open_mail(found, kind, depth, room)


def _refused(found: Found, code: str, sha256: str = "", **words: object) -> Refused:
    name = tidy(found.name)
    source = Source(sha256 or digest(found.data), name, found.container, found.sender, found.when)
    return Refused(source, problem(code, Place(name, container=found.container), **words))


def _chain(found: Found, folder: str = "") -> str:
    return _CHAIN.join(part for part in (found.container, tidy(found.name), folder) if part)


# ---------------------------------------------------------------- archives

def _open_zip(archive: Found, depth: int, room: _Room) -> Iterator[Found | IncomingMail | Refused]:
    if sum(1 for _ in _raw_names(archive.data)) > room.members:
        yield _refused(archive, "zip-too-many", value=MOST_MEMBERS)
        return
    try:
        package = zipfile.ZipFile(io.BytesIO(archive.data))
    except BAD_PACKAGE:
        yield _refused(archive, "zip-unreadable", why="det er tomt" if not archive.data else "det er beskadiget")
        return
    with package:
        named = sorted(((member_name(info), info) for info in package.infolist()),
                       key=lambda each: (each[0], each[1].header_offset))
        wanted = [(path, info) for path, info in named if not is_litter(path)
                  and not info.orig_filename.endswith(("/", "\\")) and not stat.S_ISLNK(info.external_attr >> 16)]
        room.members -= len(wanted)
        if room.members < 0:
            yield _refused(archive, "zip-too-many", value=MOST_MEMBERS)
            return
        if not wanted:
            yield _refused(archive, "zip-empty")
        yield from _members(archive, package, wanted, depth, room)


def _members(archive: Found, package: zipfile.ZipFile, wanted: list[tuple[str, zipfile.ZipInfo]], depth: int,
             room: _Room) -> Iterator[Found | IncomingMail | Refused]:
    own = MOST_RATIO * len(archive.data) + FREE_OF_RATIO
    whole = digest(archive.data)
    for number, (path, info) in enumerate(wanted):
        folder, _, name = path.rpartition("/")
        member = replace(archive, name=name, data=b"", container=_chain(archive, folder))
        got, size = _read_member(package, info, min(own, room.bytes))
        own, room.bytes = own - size, room.bytes - size
        if min(own, room.bytes) <= 0:
            yield _refused(archive, "zip-too-big", whole, value=len(wanted) - number)
            return
        if isinstance(got, str):
            yield _refused(member, got, digest(f"{whole} {number} {path}".encode("utf-8", "surrogateescape")))
        else:
            yield from _open(replace(member, data=got), depth + 1, room)


def _read_member(package: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> tuple[bytes | str, int]:
    """Unpack a file in pieces, stopping where it is too large whatever its header says.

    Returns its bytes, else the code of what is wrong with it; and how much was unpacked.
    """
    if info.flag_bits & _ENCRYPTED:
        return "zip-encrypted", 0
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "zip-method", 0
    got = io.BytesIO()
    try:
        with package.open(info) as stream:
            while piece := stream.read(_PIECE):
                got.write(piece)
                if got.tell() > MOST_OF_ONE or got.tell() >= left:
                    return "zip-file-too-big", got.tell()
    except BAD_PACKAGE:
        return "zip-member-unreadable", got.tell()
    except MemoryError:
        return "zip-file-too-big", got.tell()
    return got.getvalue(), got.tell()


def member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's path with ``/`` between its parts, in the letters that people gave it, free of ``..`` and roots."""
    parts = [part for part in re.split(r"[/\\]", tidy(without_controls(_name_in_letters(info)))) if part.strip(". ")]
    if len(parts) > 1 and re.fullmatch("[A-Za-z]:", parts[0]):
        parts = parts[1:]
    short = (part if len(part) <= _LONGEST_NAME else f"…{part[-_LONGEST_NAME:]}" for part in parts[-_MOST_FOLDERS:])
    return "/".join(short) or "(uden navn)"


def _name_in_letters(info: zipfile.ZipInfo) -> str:
    """Return a name as it was written: in UTF-8, flagged (Windows) or not (macOS), or in code page 850 (older Windows)."""
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp850")


# ---------------------------------------------------------------- mails

def _open_mail(found: Found, kind: str, depth: int, room: _Room) -> Iterator[Found | IncomingMail | Refused]:
    from aftale.intake.mail_eml import read_eml
    from aftale.office.draft_seal import is_as_drawn
    if is_as_drawn(found.data):  # one that somebody has changed may hold an answer
        yield _refused(found, "mail-draft")
        return
    if kind == "msg":
        from aftale.intake.mail_msg import read_msg
        mail = read_msg(found.data)
    else:
        mail = read_eml(found.data)
    if isinstance(mail, str):
        yield _refused(found, "mail-unreadable", why=mail)
    else:
        yield from _mail(found, mail, digest(found.data), depth, room)


def _open_mailbox(mailbox: Found, depth: int, room: _Room) -> Iterator[Found | IncomingMail | Refused]:
    """Yield what lies in the mails of a mailbox, as mail programs save many in one file."""
    mails = [each for each in _NEXT_MAIL.split(mailbox.data) if each.strip()]
    room.members -= len(mails)
    if room.members < 0 or not mails:
        yield _refused(mailbox, "zip-too-many" if mails else "zip-empty", value=MOST_MEMBERS)
        return
    for number, data in enumerate(mails, 1):
        plain = _QUOTED_FROM.sub(rb"\1", data)
        yield from _open(Found(f"mail {number}.eml", plain, _chain(mailbox), mailbox.sender, mailbox.when), depth + 1, room)


def _open_sealed(found: Found, depth: int, room: _Room) -> Iterator[Found | IncomingMail | Refused]:
    """Yield what lies in a signed file (.p7m): a workbook, or the mail that it was taken out of."""
    from aftale.intake.mail_eml import read_eml
    from aftale.intake.smime import as_bytes, signed_content
    structure = as_bytes(found.data)
    content = signed_content(structure) or b""
    room.bytes -= len(content)
    if is_workbook(content):
        yield from _open(replace(found, name=found.name.removesuffix(".p7m"), data=content), depth + 1, room)
        return
    mail = read_eml(b"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n" + b64encode(structure))
    if isinstance(mail, str):
        yield _refused(found, "mail-unreadable", why=mail)
    else:
        yield from _mail(found, mail, digest(found.data), depth, room)


def _mail(found: Found, mail: Mail, sha256: str, depth: int, room: _Room) -> Iterator[Found | IncomingMail | Refused]:
    """Yield the workbooks of a mail, what lies in the containers attached to it, and last the mail itself."""
    found = replace(found, data=b"", sender=mail.sender or found.sender, when=mail.when or found.when)
    others: list[str] = []
    with_form = False
    for part in mail.parts:
        room.bytes -= len(part.data)
        if room.bytes <= 0:
            yield _refused(found, "zip-too-big", sha256, value=len(mail.parts))
            break
        inner = Found(part.name, part.data, _chain(found), found.sender, found.when)
        kind = container_kind(part.data, part.name)
        opened = part.mail is not None or kind or _may_be_workbook(part.data, part.name)
        closed = kind == "p7m" and not {"mail-encrypted", "mail-signed"}.isdisjoint(mail.problems)
        if part.elsewhere or closed or not opened:
            others.append(tidy(part.name))
            continue
        for each in _attached(inner, part, depth, room):
            with_form = with_form or _may_be_form(each)
            yield each
    for code in (each for each in mail.problems if each != AUTO_REPLY):
        refused = _refused(found, code, sha256)
        with_form = with_form or _may_be_form(refused)
        yield refused
    source = Source(sha256, tidy(found.name), found.container, found.sender, found.when)
    automatic = AUTO_REPLY in mail.problems and not with_form
    yield IncomingMail(source, mail.subject, mail.text, mail.links, tuple(others), with_form, automatic)


def _may_be_form(thing: Found | IncomingMail | Refused) -> bool:
    """Tell a workbook, or something that may hold one but can't be opened."""
    if isinstance(thing, Refused):
        return thing.problem.level is Severity.ERROR
    return isinstance(thing, Found) and _may_be_workbook(thing.data, thing.name)


def _may_be_workbook(data: bytes, name: str) -> bool:
    return _suffix(name) in WORKBOOK_SUFFIXES or is_workbook(data)


def _attached(inner: Found, part: Part, depth: int, room: _Room) -> Iterator[Found | IncomingMail | Refused]:
    if part.mail is None:
        yield from _open(inner, depth + 1, room)
    elif depth + 1 >= MOST_DEPTH:
        yield _refused(inner, "zip-too-deep", part.mail.sha256)
    else:
        yield from _mail(inner, part.mail, part.mail.sha256, depth + 1, room)
