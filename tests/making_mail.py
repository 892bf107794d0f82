"""Mails as programs save them: ``.eml`` with the standard library, and ``.msg`` as Outlook's compound files."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

Tree = dict[str, "bytes | Tree"]
FREE, END, FAT_SECTOR, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
SECTOR, MINI, CUTOFF = 512, 64, 4096


# ---------------------------------------------------------------- compound files

@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    left: int = NONE
    right: int = NONE
    child: int = NONE
    start: int = END
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0" if self.name else b""
        return (name.ljust(64, b"\0") + struct.pack("<HBBIII", len(name), self.kind, 1, self.left, self.right, self.child)
                + bytes(36) + struct.pack("<IQ", self.start, self.size))


def compound_file(tree: Tree) -> bytes:
    """Write storages (dicts) and streams (bytes) as a compound file of version 3, small streams in the mini stream."""
    entries = [_Entry("Root Entry", 5)]
    entries[0].child = _add_children(entries, tree)
    mini, mini_fat, sectors, fat = b"", [], [], []

    def chain(data: bytes) -> int:
        """Lay data out in sectors and return the first."""
        count = -(-len(data) // SECTOR)
        first = len(fat)
        sectors.append(data.ljust(count * SECTOR, b"\0"))
        fat.extend([*range(first + 1, first + count), END] if count else [])
        return first if count else END

    for entry in entries:
        if entry.kind == 2 and entry.data:
            entry.size = len(entry.data)
            if entry.size >= CUTOFF:
                entry.start = chain(entry.data)
            else:
                count = -(-entry.size // MINI)
                entry.start = len(mini_fat)
                mini_fat += [*range(entry.start + 1, entry.start + count), END]
                mini += entry.data.ljust(count * MINI, b"\0")
    entries[0].start, entries[0].size = chain(mini), len(mini)
    mini_fat_sectors = -(-len(mini_fat) * 4 // SECTOR)
    mini_start = chain(_numbers(mini_fat, mini_fat_sectors * SECTOR))
    directory = b"".join(entry.packed() for entry in entries)
    empty = _Entry("", 0).packed()
    directory_start = chain(directory + empty * (-len(entries) % 4))
    fat_start = len(fat)
    needed = next(n for n in range(1, 110) if (len(fat) + n) * 4 <= n * SECTOR)
    fat += [FAT_SECTOR] * needed
    header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
              + struct.pack("<IIIIIIIII", 0, needed, directory_start, 0, CUTOFF, mini_start, mini_fat_sectors, END, 0))
    return (header + _numbers(list(range(fat_start, fat_start + needed)), 109 * 4) + b"".join(sectors)
            + _numbers(fat, needed * SECTOR))


def _numbers(numbers: list[int], size: int) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers).ljust(size, b"\xff")


def _add_children(entries: list[_Entry], tree: Tree) -> int:
    """Add a storage's children as a balanced tree in the order of the format and return its top."""
    def place(names: Sequence[str]) -> int:
        if not names:
            return NONE
        middle = len(names) // 2
        content = tree[names[middle]]
        at = len(entries)
        entries.append(_Entry(names[middle], 2 if isinstance(content, bytes) else 1))
        if isinstance(content, bytes):
            entries[at].data = content
        else:
            entries[at].child = _add_children(entries, content)
        entries[at].left, entries[at].right = place(names[:middle]), place(names[middle + 1:])
        return at

    return place(sorted(tree, key=lambda name: (len(name), name.upper())))


# ---------------------------------------------------------------- .msg

@dataclass(frozen=True)
class Attached:
    """Something attached: a file, a mail (the tree of `msg_tree`), or a link to a file elsewhere."""

    name: str = ""
    data: bytes = b""
    mail: Tree | None = None
    cid: str = ""
    kind: str = ""
    link: str = ""


def msg(**what: object) -> bytes:
    """Save a mail as Outlook does (see `msg_tree`)."""
    return compound_file(msg_tree(**what))  # type: ignore[arg-type]


def msg_tree(*, subject: str = "", name: str = "", smtp: str = "", exchange: str = "", sent: datetime | None = None,
             delivered: datetime | None = None, text: str | None = None, html: str | None = None, headers: str = "",
             kind: str = "IPM.Note", attached: Sequence[Attached] = (), more: dict[int, object] | None = None,
             inner: bool = False) -> Tree:
    """Return the storages and streams of a mail; ``more`` are further properties by their id."""
    properties: dict[int, object] = {0x001A: kind, 0x0037: subject, 0x3FDE: 65001, 0x340D: 0x40000, **(more or {})}
    for pid, value in ((0x0C1A, name), (0x5D01, smtp), (0x0C1F, exchange), (0x0039, sent), (0x0E06, delivered),
                       (0x1000, text), (0x007D, headers), (0x1013, html.encode() if html is not None else None)):
        if value:
            properties[pid] = value
    header = struct.pack("<8xIIII", 0, len(attached), 0, len(attached)) + (b"" if inner else bytes(8))
    tree = _with_properties(header, properties)
    for number, each in enumerate(attached):
        tree[f"__attach_version1.0_#{number:08X}"] = _attachment(each)
    return tree


def _attachment(each: Attached) -> Tree:
    method = 5 if each.mail is not None else 7 if each.link else 1
    properties: dict[int, object] = {0x3705: method}
    for pid, value in ((0x3707, each.name), (0x3712, each.cid), (0x370E, each.kind), (0x370D, each.link),
                       (0x3701, each.data if each.mail is None and not each.link else None)):
        if value:
            properties[pid] = value
    tree = _with_properties(bytes(8), properties)
    if each.mail is not None:
        tree["__substg1.0_3701000D"] = each.mail
    return tree


def _with_properties(header: bytes, properties: dict[int, object]) -> Tree:
    tree: Tree = {}
    rows = []
    for pid, value in sorted(properties.items()):
        if isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10_000_000)
            rows.append(struct.pack("<HHIQ", 0x40, pid, 6, ticks))
        elif isinstance(value, int):
            rows.append(struct.pack("<HHIII", 0x03, pid, 6, value, 0))
        else:
            kind = 0x102 if isinstance(value, bytes) else 0x1F
            content = value if isinstance(value, bytes) else str(value).encode("utf-16-le")
            rows.append(struct.pack("<HHIII", kind, pid, 6, len(content), 0))
            tree[f"__substg1.0_{pid:04X}{kind:04X}"] = content
    tree["__properties_version1.0"] = header + b"".join(rows)
    return tree


# ---------------------------------------------------------------- .eml

def eml(subject: str = "Svar", sender: str = "Børneteamet <boern@example.dk>", date: str = "Mon, 01 Jun 2015 14:00:00 +0200",
        text: str | None = "Hermed svaret.", html: str | None = None,
        attached: Sequence[tuple[str, bytes] | EmailMessage] = ()) -> EmailMessage:
    """Write a mail as a mail program does; '' leaves a header out."""
    mail = EmailMessage()
    for header, value in (("Subject", subject), ("From", sender), ("Date", date)):
        if value:
            mail[header] = value
    if text is not None:
        mail.set_content(text)
    if html is not None:
        (mail.add_alternative if text is not None else mail.set_content)(html, subtype="html")
    for each in attached:
        if isinstance(each, EmailMessage):
            mail.add_attachment(each)
        else:
            mail.add_attachment(each[1], maintype="application", subtype="octet-stream", filename=each[0])
    return mail
