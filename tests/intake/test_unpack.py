"""What answers come in: archives and mails of every kind, whole and damaged; and what names tell."""

from __future__ import annotations

import binascii
import io
import random
import re
import struct
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from base64 import encodebytes
from collections.abc import Iterable
from datetime import UTC, datetime

import olefile
import openpyxl
import oxmsg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making_mail import Attached, Tree, compound_file, eml, msg, msg_tree

from aftale.intake import unpack as containers
from aftale.intake.mail_eml import address_in, html_text, links_in
from aftale.intake.unpack import conflict_copy, container_kind, is_litter, lock_of, unpack
from aftale.model.place import Place, Source
from aftale.model.problems import CATALOGUE
from aftale.model.received import Found, IncomingMail, Refused
from aftale.office.safe_write import digest

NOON = datetime(2015, 6, 1, 12, tzinfo=UTC)


def _workbook() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


BOOK = _workbook()


def ods() -> bytes:
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"})


def zipped(files: dict[str, bytes] | Iterable[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as package:
        for name, data in files.items() if isinstance(files, dict) else files:
            package.writestr(zipfile.ZipInfo(name), data, how)
    return out.getvalue()


def seen(data: bytes, name: str = "svar.zip") -> list[str]:
    """Say what was found, a line each: ``skema.xlsx <- svar.zip``, ``brev: svar.eml``, ``zip-encrypted: x.xlsx <- …``."""
    lines = []
    for each in unpack(data, name):
        if isinstance(each, Found):
            what, where, inside = "", each.name, each.container
        else:
            what = "brev: " if isinstance(each, IncomingMail) else f"{each.problem.code}: "
            where, inside = each.source.name, each.source.container
            if isinstance(each, Refused):
                assert each.problem.place == Place(where, container=inside) and each.problem.advice
                assert len(each.source.sha256) == 64
        lines.append(f"{what}{where}{f' <- {inside}' if inside else ''}")
    return lines


def letter(data: bytes, name: str = "svar.eml") -> IncomingMail:
    return [each for each in unpack(data, name) if isinstance(each, IncomingMail)][-1]


# ---------------------------------------------------------------- what names tell

@pytest.mark.parametrize("name", [
    "~$skema.xlsx", ".~lock.skema.xlsx#", ".DS_Store", "Desktop.ini", "THUMBS.DB", "._skema.xlsx", "__MACOSX/._skema.xlsx",
    "__MACOSX/skema.xlsx", "svar/__MACOSX/x.xlsx", "svar\\Thumbs.db", ".~aftale-1x.xlsx"])
def test_litter_is_known_by_its_name(name: str) -> None:
    assert is_litter(name)


@pytest.mark.parametrize("name", ["skema.xlsx", "svar/skema.xlsx", "~skema.xlsx", "$skema.xlsx", "MACOSX/skema.xlsx",
                                  "_.xlsx"])
def test_answers_are_not_litter(name: str) -> None:
    assert not is_litter(name)


@pytest.mark.parametrize(("name", "opened"), [
    ("~$skema.xlsx", "skema.xlsx"), ("~$et meget langt navn på et skema.xlsx", "et meget langt navn på et skema.xlsx"),
    ("~$ema.docx", "ema.docx"), (".~lock.skema.xlsx#", "skema.xlsx"),
    (unicodedata.normalize("NFD", "~$børn på tur.xlsx"), "børn på tur.xlsx"),
    ("skema.xlsx", ""), (".~lock.skema.xlsx", ""), ("~skema.xlsx", "")])
def test_a_lock_file_tells_which_file_is_open(name: str, opened: str) -> None:
    assert lock_of(name) == opened


@pytest.mark.parametrize(("name", "program"), [
    ("skema (Børneteamets modstridende kopi 2015-06-01).xlsx", "Dropbox"),
    ("skema (Husteamets' modstridende kopi 2015-06-01 (2)).xlsx", "Dropbox"),
    ("skema (Husteamet's conflicted copy 2015-06-01).xlsx", "Dropbox"),
    ("skema (PC-12s conflicted copy 2015-06-01).xlsx", "Dropbox"),
    ("skema-DESKTOP-AB12CD3.xlsx", "OneDrive"), ("skema-LAPTOP-AB12CD34.xlsx", "OneDrive"),
    ("skema-DESKTOP-AB12CD3-2.xlsx", "OneDrive"), ("skema-WIN-AB12CD34EF5.xlsx", "OneDrive"),
    (unicodedata.normalize("NFD", "skema (Århusteamets modstridende kopi 2015-06-01).xlsx"), "Dropbox"),
    # not certain: a person may have called it so
    ("skema.xlsx", ""), ("skema (1).xlsx", ""), ("skema 2.xlsx", ""), ("skema - Kopi.xlsx", ""), ("skema-PC123.xlsx", ""),
    ("Konflikthåndtering.xlsx", ""), ("conflict.xlsx", ""), ("skema-DESKTOP.xlsx", ""), ("DESKTOP-AB12CD3 skema.xlsx", "")])
def test_conflict_copies_are_known_where_the_name_is_certain(name: str, program: str) -> None:
    assert conflict_copy(name) == program


# ---------------------------------------------------------------- what is a container

XLS = compound_file({"Workbook": b"\x09\x08" + bytes(100)})
XLS_WITH_MAIL = compound_file({"Workbook": b"\x09\x08" + bytes(100), "MBD0001": msg_tree(subject="Indlejret")})
PLAIN = b"From: hus@example.dk\nSubject: Svar\n\nHej"
FROM = b"From hus@example.dk Mon Jun  1 14:00:00 2015\n"
SIGNED = bytes.fromhex("3082010106092a864886f70d010702a0")


@pytest.mark.parametrize(("name", "data", "kind"), [
    ("skema.xlsx", BOOK, ""), ("skema.zip", BOOK, ""), ("skema", BOOK, ""), ("skema.ods", ods(), ""),
    ("skema.zip", ods(), ""),
    ("svar.xlsx", zipped({"skema.xlsx": BOOK}), "zip"), ("svar.docx", zipped({"a.txt": b"a"}), "zip"),
    ("svar", zipped({"a.txt": b"a"}), "zip"), ("svar.zip", zipped({}), "zip"),
    ("svar.zip", zipped({"skema.xlsx": BOOK}, zipfile.ZIP_STORED), "zip"),
    ("uden_typer.xlsx", zipped({"_rels/.rels": b"<x/>", "xl/workbook.xml": b"<x/>"}), ""),
    ("halv.xlsx", BOOK[:2000], ""), ("halv.zip", BOOK[:2000], "zip"), ("halv.dat", BOOK[:2000], ""),
    ("svar.msg", msg(), "msg"), ("svar.xls", msg(), "msg"), ("svar", msg(), "msg"), ("svar.eml", msg(), "msg"),
    ("skema.xls", XLS, ""), ("skema.xls", XLS_WITH_MAIL, ""), ("svar.msg", XLS[:700], "msg"),
    ("svar.msg", PLAIN, "eml"), ("svar.EML ", PLAIN, "eml"), ("svar.txt", PLAIN, ""), ("svar.eml", BOOK, ""),
    ("svar.mbox", PLAIN, "mbox"), ("mbox", FROM + PLAIN, "mbox"), ("svar.txt", b"From Ungeteamet kl. 12:00\n\nHej", ""),
    ("svar.eml", FROM + PLAIN, "eml"), ("smime.p7m", SIGNED, "p7m"), ("vedhæftet", SIGNED, "p7m"),
    ("smime.p7s", SIGNED, ""),
    ("svar.zip", b"", "zip"), ("skema.xlsx", b"", ""), ("svar.7z", b"7z\xbc\xaf\x27\x1c", "")])
def test_the_content_tells_what_must_be_opened(name: str, data: bytes, kind: str) -> None:
    assert container_kind(data, name) == kind


def test_what_is_no_container_is_found_as_it_is() -> None:
    assert list(unpack(BOOK, "skema.xlsx")) == [Found("skema.xlsx", BOOK)]
    assert list(unpack(b"hej", "notat.txt")) == [Found("notat.txt", b"hej")]


def test_ordinary_workbooks_load_neither_mail_nor_outlook() -> None:
    code = ("import sys; from aftale.intake.unpack import unpack; data = sys.stdin.buffer.read();"
            "assert len(list(unpack(data, 'skema.xlsx'))) == 1;"
            "print([name for name in ('email', 'oxmsg', 'olefile', 'html.parser') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], input=BOOK, capture_output=True, timeout=60, check=True)
    assert done.stdout.decode().strip() == "[]"


# ---------------------------------------------------------------- archives

def test_an_archive_is_opened_in_the_order_of_its_names_and_litter_is_left_out() -> None:
    data = zipped([("z.xlsx", BOOK), ("mappe/", b""), ("mappe/b.xlsx", BOOK), ("__MACOSX/._z.xlsx", b"x"), ("a.xlsx", BOOK),
                   ("mappe/~$b.xlsx", b"x"), (".DS_Store", b"x"), ("mappe/desktop.ini", b"x"), ("notat.docx", b"docx")])
    assert seen(data) == ["a.xlsx <- svar.zip", "b.xlsx <- svar.zip > mappe", "notat.docx <- svar.zip", "z.xlsx <- svar.zip"]


def test_archives_and_mails_inside_one_another_are_opened_and_named_in_a_chain() -> None:
    mail = eml(attached=[("indre.zip", zipped({"c.xlsx": BOOK}))]).as_bytes()
    data = zipped({"b.zip": zipped({"a.xlsx": BOOK}), "svar.eml": mail})
    assert seen(data, "alt.zip") == [
        "a.xlsx <- alt.zip > b.zip", "c.xlsx <- alt.zip > svar.eml > indre.zip", "brev: svar.eml <- alt.zip"]
    found = [each for each in unpack(data, "alt.zip") if isinstance(each, Found)]
    assert [each.sender for each in found] == ["", "boern@example.dk"]
    assert found[1].when == "2015-06-01T12:00:00Z" and found[1].data == BOOK


def test_unpacking_is_lazy() -> None:
    opened = unpack(zipped([("a.xlsx", BOOK), ("b.xlsx", b"x" * 1000)]), "svar.zip")
    assert isinstance(opened, Iterable) and not isinstance(opened, list | tuple)
    first = next(opened)
    assert isinstance(first, Found) and first.name == "a.xlsx"


def raw_zip(name: bytes, data: bytes = b"hej", flags: int = 0) -> bytes:
    """Write an archive of one stored file by hand, its name in the bytes given."""
    head = struct.pack("<HHHHHIIIHH", 20, flags, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(name), 0)
    local = b"PK\x03\x04" + head + name + data
    central = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


@pytest.mark.parametrize(("raw", "flags", "name"), [
    ("børn på ÆØÅ.xlsx".encode("cp850"), 0, "børn på ÆØÅ.xlsx"),
    ("børn på ÆØÅ.xlsx".encode("cp865"), 0, "børn på ÆØÅ.xlsx"),
    ("børn på ÆØÅ.xlsx".encode(), 0, "børn på ÆØÅ.xlsx"),
    ("børn på ÆØÅ.xlsx".encode(), 0x800, "børn på ÆØÅ.xlsx"),
    (unicodedata.normalize("NFD", "børn på é.xlsx").encode(), 0, "børn på é.xlsx"),
    (b"skema.xlsx", 0, "skema.xlsx")])
def test_danish_names_in_archives_are_right_however_they_are_coded(raw: bytes, flags: int, name: str) -> None:
    assert seen(raw_zip(raw, flags=flags)) == [f"{name} <- svar.zip"]


@pytest.mark.parametrize(("raw", "line"), [
    (b"../../etc/skema.xlsx", "skema.xlsx <- svar.zip > etc"), (b"/etc/skema.xlsx", "skema.xlsx <- svar.zip > etc"),
    (b"C:\\svar\\skema.xlsx", "skema.xlsx <- svar.zip > svar"), (b"svar\\b\\skema.xlsx", "skema.xlsx <- svar.zip > svar/b"),
    (b"..", "(uden navn) <- svar.zip"), (b"a\x01b\x07.xlsx", "ab.xlsx <- svar.zip"),
    (b"./ skema.xlsx", " skema.xlsx <- svar.zip")])
def test_names_in_archives_are_tamed(raw: bytes, line: str) -> None:
    assert seen(raw_zip(raw)) == [line]


def test_a_very_long_name_keeps_its_end() -> None:
    line, = seen(raw_zip(b"x" * 60_000 + b".xlsx"))
    assert line.endswith("x.xlsx <- svar.zip") and len(line) < 250


def patched(data: bytes, name: bytes, offset: int, value: bytes) -> bytes:
    """Change a field of a member in the archive's list of contents."""
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(name)) + offset
    return data[:at] + value + data[at + len(value):]


def damaged(data: bytes, name: bytes) -> bytes:
    """Change bytes of a member's packed content."""
    at = data.find(name) + len(name) + 20
    return data[:at] + b"\xff\x00\xff\x00" + data[at + 4:]


THREE = zipped({"a.xlsx": BOOK, "b.xlsx": BOOK[:3000] * 2, "c.xlsx": BOOK})


@pytest.mark.parametrize(("data", "code"), [
    (patched(THREE, b"b.xlsx", 8, b"\x01\x00"), "zip-encrypted"),
    (patched(THREE, b"b.xlsx", 8, b"\x41\x00"), "zip-encrypted"),
    (patched(THREE, b"b.xlsx", 10, b"\x09\x00"), "zip-method"),
    (patched(THREE, b"b.xlsx", 10, b"\x0e\x00"), "zip-method"),
    (patched(THREE, b"b.xlsx", 16, b"\x00\x00\x00\x01"), "zip-member-unreadable"),
    (patched(THREE, b"b.xlsx", 42, b"\xff\xff\xff\x00"), "zip-member-unreadable"),
    (damaged(THREE, b"b.xlsx"), "zip-member-unreadable"),
], ids=["encrypted", "strongly encrypted", "deflate64", "lzma", "crc", "offset", "damaged"])
def test_a_member_that_cannot_be_read_is_named_and_its_neighbours_are_read(data: bytes, code: str) -> None:
    assert seen(data) == ["a.xlsx <- svar.zip", f"{code}: b.xlsx <- svar.zip", "c.xlsx <- svar.zip"]


def test_members_that_cannot_be_read_are_told_apart() -> None:
    data = patched(patched(THREE, b"b.xlsx", 8, b"\x01\x00"), b"c.xlsx", 8, b"\x01\x00")
    marks = [each.source.sha256 for each in unpack(data, "svar.zip") if isinstance(each, Refused)]
    assert len(marks) == len(set(marks)) == 2
    assert marks == [each.source.sha256 for each in unpack(data, "et andet navn.zip") if isinstance(each, Refused)]


@pytest.mark.parametrize(("data", "why"), [(b"", "tom"), (b"PK\x03\x04" + bytes(50), "beskadiget"),
                                           (THREE[:-30], "beskadiget"),
                                           (b"<html>nej</html>", "beskadiget")])
def test_an_archive_that_cannot_be_opened_says_why(data: bytes, why: str) -> None:
    refused, = unpack(data, "svar.zip")
    assert isinstance(refused, Refused) and refused.problem.code == "zip-unreadable"
    assert why in refused.problem.message and refused.source == Source(digest(data), "svar.zip")


def test_a_member_over_the_bound_is_stopped_whatever_its_header_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MOST_OF_ONE", 3_000_000)
    noise = random.Random(1).randbytes(4_000_000)
    data = zipped({"a.xlsx": noise, "b.xlsx": BOOK})
    lines = ["zip-file-too-big: a.xlsx <- svar.zip", "b.xlsx <- svar.zip"]
    assert seen(data) == lines


def test_a_header_that_lies_about_the_size_gives_no_more_than_is_there() -> None:
    data = patched(THREE, b"b.xlsx", 24, struct.pack("<I", 2_000_000_000))
    assert seen(data)[0] == "a.xlsx <- svar.zip" and seen(data)[2] == "c.xlsx <- svar.zip"
    small = patched(THREE, b"b.xlsx", 24, struct.pack("<I", 10))
    assert [line.split(":")[0] for line in seen(small)][1] in ("zip-member-unreadable", "b.xlsx <- svar.zip")


def test_a_bomb_is_stopped_early_and_what_came_before_it_is_read() -> None:
    bomb = zipped({"a.xlsx": BOOK, "b.xlsx": bytes(60_000_000), "c.xlsx": BOOK})
    assert len(bomb) < 100_000
    assert seen(bomb) == ["a.xlsx <- svar.zip", "zip-too-big: svar.zip"]


def test_members_that_share_their_bytes_do_not_add_up_to_a_bomb() -> None:
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packed.compress(bytes(4_000_000)) + packed.flush()
    entries, local = b"", b""
    name = b"a.xlsx"
    for _ in range(300):
        head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, zlib.crc32(bytes(4_000_000)), len(kernel), 4_000_000,
                           len(name), 0)
        local = local or b"PK\x03\x04" + head + name + kernel
        entries += b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    data = local + entries + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 300, 300, len(entries), len(local), 0)
    lines = seen(data)
    refused = [line for line in lines if line == "zip-member-unreadable: a.xlsx <- svar.zip"]
    if refused:  # later Pythons refuse members that share their bytes themselves
        assert len(lines) - len(refused) <= 1
    else:
        assert lines[-1] == "zip-too-big: svar.zip" and len(lines) < 10


def test_archives_in_archives_end(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({"skema.xlsx": BOOK})
    for _ in range(containers.MOST_DEPTH - 1):
        data = zipped({"n.zip": data})
    assert seen(data)[0].startswith("skema.xlsx <- svar.zip > n.zip")
    deeper = zipped({"n.zip": data, "z.xlsx": BOOK})
    assert [line.split(" <- ")[0] for line in seen(deeper)] == ["zip-too-deep: n.zip", "z.xlsx"]


def test_too_many_members_are_refused_at_once_and_counted_through_all_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_Room", lambda: containers_room(20))
    many = zipped({f"{n}.txt": b"" for n in range(21)})
    assert seen(many) == ["zip-too-many: svar.zip"]
    nested = zipped({"a.zip": zipped({f"{n}.txt": b"" for n in range(15)}),
                     "b.zip": zipped({f"{n}.txt": b"" for n in range(15)})})
    assert len(seen(nested)) == 16 and seen(nested)[-1] == "zip-too-many: b.zip <- svar.zip"


ROOM = containers._Room


def containers_room(members: int) -> containers._Room:
    return ROOM(members=members)


# ---------------------------------------------------------------- .eml

def test_a_mail_gives_its_workbooks_and_itself() -> None:
    mail = eml("Svar på skema", attached=[("skema børn.xlsx", BOOK), ("notat.docx", b"docx"), ("data", BOOK),
                                          ("b.ods", ods()),
                                         ("gammel.xls", XLS), ("pakket.zip", zipped({"z.xlsx": BOOK}))]).as_bytes()
    *found, said = unpack(zipped({"Svar.eml": mail}), "alt.zip")
    assert [(each.name, each.container) for each in found if isinstance(each, Found)] == [
        ("skema børn.xlsx", "alt.zip > Svar.eml"), ("data", "alt.zip > Svar.eml"), ("b.ods", "alt.zip > Svar.eml"),
        ("gammel.xls", "alt.zip > Svar.eml"), ("z.xlsx", "alt.zip > Svar.eml > pakket.zip")]
    assert {(each.sender, each.when) for each in found if isinstance(each, Found)} == {
        ("boern@example.dk", "2015-06-01T12:00:00Z")}
    assert said == IncomingMail(Source(digest(mail), "Svar.eml", "alt.zip", "boern@example.dk", "2015-06-01T12:00:00Z"),
                          "Svar på skema", "Hermed svaret.", (), ("notat.docx",), True)


def test_a_mail_without_a_workbook_is_a_letter_alone() -> None:
    said, = unpack(eml(text="Vi har intet.\n\n> Fra: Koordinator\n> Udfyld skemaet\n",
                       attached=[("n.pdf", b"%PDF")]).as_bytes(),
                   "svar.eml")
    assert isinstance(said, IncomingMail)
    assert (said.text, said.attachments, said.with_form) == (
        "Vi har intet.\n\n> Fra: Koordinator\n> Udfyld skemaet", ("n.pdf",), False)


def test_an_attached_mail_is_opened_too_with_its_own_sender_and_date() -> None:
    inner = eml("Skema fra Husteamet", "Husteamet <HUS@Example.dk>", "Tue, 02 Jun 2015 10:00:00 +0200",
                attached=[("h.xlsx", BOOK)])
    mail = eml("VS: skema", attached=[inner]).as_bytes()
    found, within, outer = unpack(mail, "svar.eml")
    assert isinstance(found, Found) and isinstance(within, IncomingMail) and isinstance(outer, IncomingMail)
    assert (found.container, found.sender, found.when) == (
        "svar.eml > Skema fra Husteamet.eml", "hus@example.dk", "2015-06-02T08:00:00Z")
    assert within.source.name == "Skema fra Husteamet.eml" and within.source.container == "svar.eml" and within.with_form
    assert outer.with_form and outer.source.sender == "boern@example.dk"


def test_an_attached_mail_without_a_workbook_does_not_make_it_an_answer_with_one() -> None:
    letters = [each for each in unpack(eml(attached=[eml("Indre")]).as_bytes(), "a.eml") if isinstance(each, IncomingMail)]
    assert [each.with_form for each in letters] == [False, False]


def test_an_attached_draft_without_sender_and_date_has_those_of_the_mail_it_lies_in() -> None:
    found, *_ = unpack(eml(attached=[eml(sender="", date="", attached=[("a.xlsx", BOOK)])]).as_bytes(), "a.eml")
    assert isinstance(found, Found) and (found.sender, found.when) == ("boern@example.dk", "2015-06-01T12:00:00Z")


def test_an_attached_mail_keeps_its_text_to_the_letter() -> None:
    data = (b"Content-Type: multipart/mixed; boundary=G\n\n--G\nContent-Type: message/rfc822\n\nSubject: Indre\n\n"
            b"From det ene\ntil det andet\n--G--\n")
    within = next(each for each in unpack(data, "a.eml") if isinstance(each, IncomingMail))
    assert (within.subject, within.text) == ("Indre", "From det ene\ntil det andet")


def test_mails_inside_one_another_end() -> None:
    mail = eml("Inderst", attached=[("a.xlsx", BOOK)])
    for _ in range(containers.MOST_DEPTH):
        mail = eml("Ydre", attached=[mail])
    assert any(line.startswith("zip-too-deep: ") for line in seen(mail.as_bytes(), "a.eml"))


def mailbox(*mails: bytes, ends: bytes = b"\n") -> bytes:
    """Return a mailbox as mail programs write it: a line that begins with From gets a sign in front."""
    quoted = (re.sub(rb"^(>*From )", rb">\1", mail, flags=re.MULTILINE) for mail in mails)
    return b"".join(FROM + mail + b"\n\n" for mail in quoted).replace(b"\n", ends)


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_the_mails_of_a_mailbox_are_opened_one_by_one(ends: bytes) -> None:
    with_form = eml(sender="hus@example.dk", text="Hermed.", attached=[("skema.xlsx", BOOK)]).as_bytes()
    said = b"From: hus@example.dk\nSubject: Mere\n\nHej\n\nFrom oktober gaelder andre tal.\n>From gammel tid\n"
    data = mailbox(with_form, said, ends=ends)
    assert seen(data, "svar.mbox") == [
        "skema.xlsx <- svar.mbox > mail 1.eml", "brev: mail 1.eml <- svar.mbox", "brev: mail 2.eml <- svar.mbox"]
    assert letter(data, "svar.mbox").text == "Hej\n\nFrom oktober gaelder andre tal.\n>From gammel tid"


def test_a_mailbox_without_mails_is_called_empty() -> None:
    assert seen(b"", "svar.mbox") == ["zip-empty: svar.mbox"]


def uuencoded(name: str, data: bytes, more: bytes = b"") -> bytes:
    lines = [binascii.b2a_uu(data[at:at + 45], backtick=True).rstrip(b"\n") + more for at in range(0, len(data), 45)]
    return b"\r\n".join([f"begin 644 {name}".encode(), *lines, b"`", b"end", b""])


@pytest.mark.parametrize("more", [b"", b"x"], ids=["as the standard has it", "with a letter more on each line"])
def test_a_file_written_into_the_text_of_a_mail_is_found(more: bytes) -> None:
    head = b"From: hus@example.dk\r\nSubject: Svar\r\n\r\nHermed.\r\n\r\n"
    data = head + uuencoded("skema.xlsx", BOOK, more) + b"Hilsen\r\n"
    assert seen(data, "svar.eml") == ["skema.xlsx <- svar.eml", "brev: svar.eml"]
    assert [each.data for each in unpack(data, "svar.eml") if isinstance(each, Found)] == [BOOK]
    assert letter(data).text.split() == ["Hermed.", "Hilsen"]


def test_what_only_looks_like_a_file_in_the_text_stays_text() -> None:
    data = b"From: hus@example.dk\nSubject: Svar\n\nbegin 644 skema.xlsx\nM\xe6\nend\n"
    assert seen(data, "svar.eml") == ["brev: svar.eml"] and "begin 644 skema.xlsx" in letter(data).text


@pytest.mark.parametrize(("headers", "name"), [
    (b"Content-Disposition: attachment; filename=\"=?iso-8859-1?Q?b=F8rn_p=E5.xlsx?=\"", "børn på.xlsx"),
    (b"Content-Disposition: attachment; filename==?utf-8?B?YsO4cm4ueGxzeA==?=", "børn.xlsx"),
    (b"Content-Disposition: attachment; filename=\"=?utf-8?Q?b=C3=B8?=\n =?utf-8?Q?rn.xlsx?=\"", "børn.xlsx"),
    (b"Content-Disposition: attachment; filename*=utf-8''b%C3%B8rn.xlsx", "børn.xlsx"),
    (b"Content-Disposition: attachment; filename*=iso-8859-1'da'b%F8rn.xlsx", "børn.xlsx"),
    (b"Content-Disposition: attachment;\n filename*0*=utf-8''b%C3%B8;\n filename*1*=rn;\n filename*2=\".xlsx\"",
     "børn.xlsx"),
    ("Content-Disposition: attachment; filename=\"børn.xlsx\"".encode(), "børn.xlsx"),
    ("Content-Disposition: attachment; filename=\"børn.xlsx\"".encode("latin-1"), "børn.xlsx"),
    (b"Content-Type: application/vnd.ms-excel; name=\"=?utf-8?Q?b=C3=B8rn.xlsx?=\"", "børn.xlsx"),
    (b"Content-Type: application/octet-stream; name=skema.xlsx\nContent-Disposition: attachment", "skema.xlsx"),
    (b"Content-Disposition: inline; filename=\"C:\\\\Mine filer\\\\skema.xlsx\"", "skema.xlsx"),
    (b"Content-Disposition: attachment; filename=\"../../skema.xlsx\"", "skema.xlsx"),
    (b"Content-Type: application/octet-stream\nContent-Disposition: attachment", "vedhæftet 2"),
], ids=str)
def test_names_of_attachments_are_right_however_they_are_coded(headers: bytes, name: str) -> None:
    mail = (b"From: hus@example.dk\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=G\n\n"
            b"--G\nContent-Type: text/plain\n\nHej\n--G\n" + headers
            + b"\nContent-Transfer-Encoding: base64\n\n" + encodebytes(BOOK) + b"--G--\n")
    found, said = unpack(mail, "svar.eml")
    assert isinstance(found, Found) and (found.name, found.data) == (name, BOOK)
    assert isinstance(said, IncomingMail) and said.text == "Hej"


@pytest.mark.parametrize(("header", "address"), [
    ("Børneteamet <Boern@Example.DK>", "boern@example.dk"), ("boern@example.dk", "boern@example.dk"),
    ("\"Team, Børn\" <boern@example.dk>, hus@example.dk", "boern@example.dk"),
    ("=?utf-8?Q?B=C3=B8rneteamet?= <boern@example.dk>", "boern@example.dk"),
    ("Børneteamet boern@example.dk", "boern@example.dk"), ("<<boern@example.dk>>", "boern@example.dk"),
    ("Børneteamet", ""), ("", ""), ("Børneteamet </O=KOMMUNE/CN=BOERN>", ""), ("(" * 3000, "")])
def test_the_senders_address_is_found_in_small_letters(header: str, address: str) -> None:
    assert address_in(header) == address
    said = letter(b"Subject: x\nFrom: " + header.encode() + b"\n\nHej")
    assert said.source.sender == address


@pytest.mark.parametrize(("header", "when"), [
    ("Mon, 01 Jun 2015 14:00:00 +0200", "2015-06-01T12:00:00Z"), ("1 Jun 2015 14:00 GMT", "2015-06-01T14:00:00Z"),
    ("Mon, 01 Jun 2015 14:00:00 -0000", "2015-06-01T14:00:00Z"), ("Mon, 01 Jun 2015 14:00:00", "2015-06-01T14:00:00Z"),
    ("man 1. juni 2015", ""), ("", ""), ("Thu, 01 Jan 1970 00:00:00 +0000", ""), ("Mon, 99 Jun 2015 99:00:00", ""),
    ("Mon, 01 Jun 9999 23:00:00 -2300", "")])
def test_the_date_is_in_utc_or_left_out(header: str, when: str) -> None:
    assert letter(b"Subject: x\nFrom: hus@example.dk\nDate: " + header.encode() + b"\n\nHej").source.when == when


@pytest.mark.parametrize(("head", "body", "text"), [
    (b"Content-Type: text/plain; charset=iso-8859-1", "Rødgrød".encode("latin-1"), "Rødgrød"),
    (b"Content-Type: text/plain; charset=utf-8", "Rødgrød".encode(), "Rødgrød"),
    (b"Content-Type: text/plain; charset=findes-ikke", "Rødgrød".encode(), "Rødgrød"),
    (b"Content-Type: text/plain; charset=us-ascii", "Rødgrød".encode("cp1252"), "Rødgrød"),
    (b"Content-Type: text/plain; charset=hex", b"Hej", "Hej"),
    (b"Content-Type: text/plain; charset=\"\"", "Rødgrød".encode(), "Rødgrød"),
    (b"X-Intet: 1", "Rødgrød".encode("cp1252"), "Rødgrød"),
    (b"Content-Type: text/plain\nContent-Transfer-Encoding: base64", b"SGVq!!", "Hej"),
    (b"Content-Type: text/plain\nContent-Transfer-Encoding: ukendt", b"Hej", "Hej"),
    (b"Content-Type: multipart/mixed", b"Hej", ""), (b"Content-Type: ;;;", b"Hej", "Hej"),
    (b"Content-Type: multipart/mixed; boundary=G", b"--G\n\nHej uden slutning", "Hej uden slutning"),
    (b"Content-Type: text/html", b"<p>Hej<br>du</p><script>nej</script>", "Hej\ndu"),
    (b"Content-Type: multipart/alternative; boundary=G", b"--G\n\n \n--G\nContent-Type: text/html\n\n<b>Hej</b>\n--G--",
     "Hej"),
    (b"Content-Type: multipart/alternative; boundary=G", b"--G\n\nHej\n--G\nContent-Type: text/html\n\n<b>Dav</b>\n--G--",
     "Hej"),
    (b"Content-Type: multipart/mixed; boundary=G", b"--G\n\nHej\n--G\nContent-Type: text/html\n\n<b>Dav</b>\n--G--",
     "Hej\n\nDav"),
], ids=str)
def test_the_text_of_a_mail_is_read_however_broken_it_is(head: bytes, body: bytes, text: str) -> None:
    assert letter(b"From: hus@example.dk\n" + head + b"\n\n" + body).text == text


@pytest.mark.parametrize("quoted", [
    "-----Oprindelig meddelelse-----\nFra: K", "Fra: Koordinator\nSendt: 1. maj 2015 10:00\nTil: Hus", "> Udfyld skemaet",
    "Den 1. maj 2015 kl. 10.00 skrev Koordinator:\n> Hej", "On 1 May 2015 Koordinator wrote:\n> Hej"])
def test_what_is_quoted_below_an_answer_is_kept(quoted: str) -> None:
    assert letter(eml(text=f"Vi har nået det.\n\n{quoted}\n").as_bytes()).text == f"Vi har nået det.\n\n{quoted}"


def test_links_of_text_and_html_are_kept_once_and_in_order() -> None:
    said = letter(eml(text="Se https://example.dk/a (og http://example.dk/b). \\\\server\\mappe\\skema.xlsx",
                      html="<a href='https://example.sharepoint.com/x?y=1&amp;z=2'>skema</a>"
                           "<a href='https://example.dk/a'>a</a><a href='mailto:hus@example.dk'>m</a>").as_bytes())
    assert said.links == ("https://example.dk/a", "http://example.dk/b", "\\\\server\\mappe\\skema.xlsx",
                          "https://example.sharepoint.com/x?y=1&z=2")


def test_a_picture_that_the_text_shows_is_left_out_and_another_is_not() -> None:
    mail = eml(html="<p>Hej</p><img src='cid:logo@example.dk'>", text=None)
    mail.add_related(b"png", "image", "png", cid="<logo@example.dk>", filename="logo.png")
    mail.add_attachment(b"jpg", "image", "jpeg", filename="tavle.jpg")
    assert letter(mail.as_bytes()).attachments == ("tavle.jpg",)


@pytest.mark.parametrize(("kind", "name", "code"), [
    ("ms-tnef", "winmail.dat", "mail-tnef"), ("ms-tnef", None, "mail-tnef"), ("octet-stream", "WinMail.dat", "mail-tnef"),
    ("pkcs7-mime", "smime.p7m", "mail-encrypted"), ("octet-stream", "message.rpmsg", "mail-encrypted")])
def test_what_only_outlook_can_open_is_said(kind: str, name: str | None, code: str) -> None:
    mail = eml()
    mail.add_attachment(b"\x78\x9f\x3e\x22", maintype="application", subtype=kind, filename=name)
    refused, said = unpack(mail.as_bytes(), "svar.eml")
    assert isinstance(refused, Refused) and refused.problem.code == code and refused.source.sender == "boern@example.dk"
    assert isinstance(said, IncomingMail) and said.with_form and said.text == "Hermed svaret."


@pytest.mark.parametrize(("change", "automatic"), [
    ({"Auto-Submitted": "auto-replied"}, True), ({"Auto-Submitted": "no"}, False),
    ({"Auto-Submitted": "auto-generated"}, False),
    ({"Subject": "Automatisk svar: Skema"}, True), ({"Subject": "SV: Automatisk svar: Skema"}, False), ({}, False)])
def test_an_automatic_reply_is_no_answer(change: dict[str, str], automatic: bool) -> None:
    mail = eml(subject="" if "Subject" in change else "Svar")
    for header, value in change.items():
        mail[header] = value
    assert [isinstance(each, IncomingMail) and each.automatic for each in unpack(mail.as_bytes(), "a.eml")] == [automatic]
    mail.add_attachment(BOOK, maintype="application", subtype="x", filename="skema.xlsx")
    said = [each for each in unpack(mail.as_bytes(), "a.eml") if isinstance(each, IncomingMail)]
    assert not any(each.automatic for each in said), "a skema lies in it"


@pytest.mark.parametrize(("data", "why"), [
    (b"", "den er tom"), (b" \n", "den er tom"), (b"\x00\x01\x02" * 50, "ikke en mail"), (b"bare tekst", "ikke en mail"),
    (b"From: a@example.dk\n" + b"Content-Type: multipart/mixed; boundary=G\n\n--G\n" * 30_000, "beskadiget")])
def test_what_is_no_mail_says_why(data: bytes, why: str) -> None:
    refused, = unpack(data, "svar.eml")
    assert isinstance(refused, Refused) and refused.problem.code == "mail-unreadable" and why in refused.problem.message


@pytest.mark.parametrize(("html", "text"), [
    ("<p>Hej&nbsp;<b>du</b> &aelig;&#248;&aring;</p>", "Hej du æøå"), ("a<br/>b<BR>c", "a\nb\nc"),
    ("<table><tr><td>Mål</td><td>20</td></tr><tr><td>M1</td><td>5</td></tr></table>", "Mål\t20\nM1\t5"),
    ("<ul><li>et<li>to</ul>", "et\nto"), ("<style>p{}</style>Hej<!-- skjult -->", "Hej"),
    ("<html><head><title>x</title></head><body>Hej</body></html>", "Hej"), ("<head><body>Hej", "Hej"),
    ("<!--[if gte mso 9]><xml>nej</xml><![endif]-->Hej<![if !vml]>!<![endif]>", "Hej!"),
    ("<?xml:namespace prefix=o />Hej", "Hej"),
    ("<a href='https://example.dk/'>se her</a>", "se her <https://example.dk/>"),
    ("<a href='https://example.dk/'>https://example.dk/</a>", "https://example.dk/"), ("5 < 6 & 7", "5 < 6 & 7"), ("", "")])
def test_html_becomes_text(html: str, text: str) -> None:
    assert html_text(html)[0].strip() == text


@pytest.mark.parametrize("piece", ["<!--", "<![", "<a ", "<a href=\"", "&", "<", "</a", "<script", "<p '", "\\\\a", "(",
                                   "<?", "<b>"])
def test_html_that_never_ends_does(piece: str) -> None:
    assert isinstance(html_text(piece * 100_000)[0], str)
    assert isinstance(links_in("http://x/" + piece * 100_000), list)


# ---------------------------------------------------------------- .msg

def test_the_msg_files_made_here_are_read_without_complaint_by_both_libraries() -> None:
    data = msg(subject="Svar på skema", text="Hej", sent=NOON,
               attached=[Attached("skema.xlsx", BOOK), Attached("b.bin", bytes(50))])
    with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_POTENTIAL) as ole:
        assert ole.parsing_issues == [] and ole.exists("__attach_version1.0_#00000001/__substg1.0_37010102")
    mail = oxmsg.Message.load(data)
    assert (mail.subject, mail.body, mail.sent_date) == ("Svar på skema", "Hej", NOON)
    assert [(each.file_name, each.file_bytes) for each in mail.attachments] == [("skema.xlsx", BOOK), ("b.bin", bytes(50))]


def outlook_mail() -> bytes:
    inner = msg_tree(subject="Skema fra Husteamet", smtp="HUS@example.dk", sent=datetime(2015, 6, 2, 8, tzinfo=UTC),
                     text="Indre",
                     attached=[Attached("hus på å.xlsx", BOOK)], inner=True)
    return msg(subject="Svar på skema", name="Børneteamet", smtp="Boern@example.dk", exchange="/O=KOMMUNE/OU=X/CN=BOERN",
               sent=NOON,
               text="Hej\r\nSe <https://example.dk/a>\r\n",
               html="<p>Hej</p><img src='cid:logo@1'><a href='https://example.dk/b'>b</a>",
               attached=[Attached("skema_børn.xlsx", BOOK), Attached("logo.png", b"png", cid="logo@1", kind="image/png"),
                         Attached("notat.docx", b"docx"), Attached(mail=inner),
                         Attached("svar.zip", zipped({"z.xlsx": BOOK})),
                         Attached("delt.xlsx", link="https://example.sharepoint.com/delt.xlsx")])


def test_a_mail_from_outlook_gives_its_workbooks_the_mails_in_it_and_itself() -> None:
    data = outlook_mail()
    assert seen(data, "Svar.msg") == [
        "skema_børn.xlsx <- Svar.msg", "hus på å.xlsx <- Svar.msg > Skema fra Husteamet.msg",
        "brev: Skema fra Husteamet.msg <- Svar.msg", "z.xlsx <- Svar.msg > svar.zip", "brev: Svar.msg"]
    found = [each for each in unpack(data, "Svar.msg") if isinstance(each, Found)]
    assert [(each.sender, each.when) for each in found] == [
        ("boern@example.dk", "2015-06-01T12:00:00Z"), ("hus@example.dk", "2015-06-02T08:00:00Z"),
        ("boern@example.dk", "2015-06-01T12:00:00Z")]
    assert all(each.data == BOOK for each in found)
    assert letter(data, "Svar.msg") == IncomingMail(
        Source(digest(data), "Svar.msg", "", "boern@example.dk", "2015-06-01T12:00:00Z"), "Svar på skema",
        "Hej\nSe <https://example.dk/a>", ("https://example.dk/a", "https://example.dk/b",
                                           "https://example.sharepoint.com/delt.xlsx"),
        ("notat.docx", "delt.xlsx"), True)


def test_an_attached_mail_has_the_same_fingerprint_wherever_it_lies() -> None:
    inner = msg_tree(subject="Indre", text="x", inner=True)
    alone = [each for each in unpack(msg(attached=[Attached(mail=inner)]), "a.msg") if isinstance(each, IncomingMail)][0]
    other = [each for each in unpack(msg(attached=[Attached("n.txt", b"n"), Attached(mail=inner)]), "b.msg")
             if isinstance(each, IncomingMail)][0]
    assert alone.source.sha256 == other.source.sha256 and len(alone.source.sha256) == 64


@pytest.mark.parametrize(("what", "sender"), [
    ({"smtp": "Boern@Example.dk", "exchange": "/O=X/CN=Y"}, "boern@example.dk"),
    ({"exchange": "hus@example.dk"}, "hus@example.dk"), ({"exchange": "/O=X/CN=Y"}, ""),
    ({"exchange": "/O=X/CN=hus@example.dk"}, ""),
    ({"exchange": "/O=X/CN=Y", "more": {0x5D02: "hus@example.dk"}}, "hus@example.dk"),
    ({"exchange": "/O=X/CN=Y", "more": {0x0065: "hus@example.dk"}}, "hus@example.dk"),
    ({"exchange": "/O=X/CN=Y", "headers": "From: =?utf-8?Q?B=C3=B8rn?= <Boern@example.dk>\r\nDate: x\r\n"},
     "boern@example.dk"),
    ({"name": "hus@example.dk"}, "hus@example.dk"), ({}, "")])
def test_the_sender_from_outlook_is_an_address_and_never_exchanges_own_name(what: dict[str, object], sender: str) -> None:
    assert letter(msg(**what), "a.msg").source.sender == sender


@pytest.mark.parametrize(("what", "when"), [
    ({"sent": NOON}, "2015-06-01T12:00:00Z"), ({"delivered": NOON}, "2015-06-01T12:00:00Z"),
    ({"headers": "Date: Mon, 01 Jun 2015 14:00:00 +0200\r\n"}, "2015-06-01T12:00:00Z"), ({}, ""),
    ({"sent": datetime(4501, 1, 1, tzinfo=UTC), "delivered": NOON}, "2015-06-01T12:00:00Z"),
    ({"sent": datetime(1601, 1, 2, tzinfo=UTC)}, ""), ({"headers": "Date: i går\r\n"}, "")])
def test_the_date_from_outlook(what: dict[str, object], when: str) -> None:
    assert letter(msg(**what), "a.msg").source.when == when


@pytest.mark.parametrize(("what", "text", "codes"), [
    ({"text": "Hej", "html": "<p>Dav</p>"}, "Hej", []), ({"html": "<p>Dav &oslash;</p>"}, "Dav ø", []), ({}, "", []),
    ({"more": {0x1009: b"\x00" * 20}}, "", ["mail-text-unreadable"]),
    ({"text": "Hej", "more": {0x1009: b"\x00" * 20}}, "Hej", []),
    ({"kind": "IPM.Note.Rules.OofTemplate.Microsoft", "text": "Jeg holder ferie"}, "Jeg holder ferie", ["automatic"]),
    ({"headers": "Auto-Submitted: auto-replied\r\n", "text": "Ferie"}, "Ferie", ["automatic"]),
    ({"kind": "IPM.Note.SMIME", "attached": [Attached("smime.p7m", b"x")]}, "", ["mail-encrypted"]),
    ({"attached": [Attached("winmail.dat", b"x")]}, "", ["mail-tnef"])])
def test_the_text_from_outlook_and_what_cannot_be_read_of_it(what: dict[str, object], text: str, codes: list[str]) -> None:
    *refused, said = unpack(msg(**what), "a.msg")
    assert isinstance(said, IncomingMail) and said.text == text
    assert [each.problem.code for each in refused if isinstance(each, Refused)] + ["automatic"] * said.automatic == codes


def test_a_signed_mail_from_outlook_is_opened() -> None:
    signed = eml("Indre", text="Signeret tekst", attached=[("skema.xlsx", BOOK)]).as_bytes()
    data = msg(subject="Signeret", kind="IPM.Note.SMIME.MultipartSigned", smtp="hus@example.dk", sent=NOON,
               attached=[Attached("smime.p7m", signed)])
    assert seen(data, "a.msg") == ["skema.xlsx <- a.msg", "brev: a.msg"]
    assert letter(data, "a.msg").text == "Signeret tekst"


def nested(levels: int) -> Tree:
    tree = msg_tree(subject="Inderst", inner=True)
    for _ in range(levels):
        tree = msg_tree(subject="Ydre", attached=[Attached(mail=tree)], inner=True)
    return tree


def test_mails_from_outlook_inside_one_another_end() -> None:
    lines = seen(msg(attached=[Attached(mail=nested(20))]), "a.msg")
    assert sum(line.startswith("zip-too-deep: ") for line in lines) == 1
    assert sum(line.startswith("brev: ") for line in lines) == containers.MOST_DEPTH


@pytest.mark.parametrize("data", [
    msg()[:600], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), XLS,
    compound_file({"__properties_version1.0": b""}) + b"", compound_file({"__substg1.0_0037001F": b"x"}),
    msg(more={0x3FDE: 99999}), msg(attached=[Attached("a.xlsx", BOOK,
                                                      kind="x")]).replace(b"\x01\x00\x00\x00\xfe\xff\xff\xff", bytes(8)),
], ids=["cut", "magic alone", "empty", "a workbook", "no properties in it", "no list of properties", "codepage", "chains"])
def test_a_damaged_mail_from_outlook_is_refused_or_read_but_never_raises(data: bytes) -> None:
    kinds = {type(each) for each in unpack(data, "svar.msg")}
    assert kinds <= {Refused, IncomingMail, Found} and kinds


@pytest.mark.parametrize(("data", "why"), [
    (msg(more={0x3FDE: 99999}), "ukendt tegnsæt"), (XLS, "beskadiget"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "beskadiget"),
    (b"bare tekst", "ikke en mail")])
def test_a_mail_from_outlook_that_cannot_be_read_says_why(data: bytes, why: str) -> None:
    refused, = unpack(data, "svar.msg")
    assert isinstance(refused, Refused) and refused.problem.code == "mail-unreadable" and why in refused.problem.message


def test_streams_that_claim_more_than_the_file_holds_are_not_read() -> None:
    data = msg(attached=[Attached("a.xlsx", bytes(5000))])
    at = data.find("__substg1.0_37010102".encode("utf-16-le")) + 120
    refused, = unpack(data[:at] + struct.pack("<I", 2_000_000_000) + data[at + 4:], "svar.msg")
    assert isinstance(refused, Refused) and refused.problem.code == "mail-unreadable"


# ---------------------------------------------------------------- anything at all

SAMPLES = {"a.zip": zipped({"a.xlsx": BOOK, "b.eml": eml(attached=[("s.xlsx", BOOK)]).as_bytes(), "c.zip": THREE}),
           "a.eml": eml("Svår", html="<p>Hej</p>", attached=[("ø.xlsx", BOOK), eml("Indre"), ("z.zip", THREE)]).as_bytes(),
           "a.msg": outlook_mail(), "a.xlsx": BOOK}


def drained(data: bytes, name: str) -> list[object]:
    """Open everything, with an end to it, and check that whatever is refused is in the catalogue."""
    things: list[object] = []
    for each in unpack(data, name):
        things.append(each)
        assert not isinstance(each, Refused) or each.problem.code in CATALOGUE
        assert len(things) < 1000
    return things


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000), st.sampled_from(["", "PK\x03\x04", "PK\x05\x06", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
                                                  "From: a@b\n"]),
       st.sampled_from(["a.zip", "a.eml", "a.msg", "a.xlsx", "a", "a.txt"]))
def test_any_bytes_are_something_and_never_raise(data: bytes, start: str, name: str) -> None:
    assert drained(start.encode("latin-1") + data, name)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.randoms(use_true_random=False), st.integers(1, 12), st.booleans())
def test_damaged_archives_and_mails_never_raise_and_always_end(name: str, chance: random.Random, blows: int,
                                                               cut: bool) -> None:
    data = bytearray(SAMPLES[name])
    for _ in range(blows):
        at = chance.randrange(len(data))
        size = chance.choice((1, 1, 4, 64))
        data[at:at + size] = chance.choice((chance.randbytes(size), b"", b"\xff" * size, bytes(size)))
    drained(bytes(data[:chance.randrange(len(data))] if cut else data), name)


MIME_PIECES = st.sampled_from([
    "Content-Type: ", "multipart/mixed; boundary=G", "multipart/alternative; boundary=\"G\"", "text/plain", "text/html",
    "message/rfc822",
    "; charset=", "utf-8", "utf-16", "hex", "\n", "\n\n", "--G\n", "--G--\n", "Content-Transfer-Encoding: ", "base64",
    "x-uuencode",
    "quoted-printable", "From: ", "a@example.dk", "Subject: ", "=?utf-8?q?=C3=B8?=", "=?x?y?z", "Date: ", "filename*0*=",
    "''%F8", "<p>",
    "Content-Disposition: attachment; ", "filename=\"", "\"", "=", "æ\udcf8", "begin 644 x\n", "<![", "&#xD800;", "(", ",",
    ";", "\0"])


@settings(max_examples=400, deadline=None)
@given(st.lists(MIME_PIECES, max_size=40))
def test_mails_of_any_pieces_never_raise(pieces: list[str]) -> None:
    assert drained(("Subject: x\n" + "".join(pieces)).encode("utf-8", "surrogateescape"), "a.eml")



def test_the_same_bytes_give_the_same_things() -> None:
    for name, data in SAMPLES.items():
        assert list(unpack(data, name)) == list(unpack(data, name))
