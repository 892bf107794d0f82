"""Excel's own password opens what nobody has locked; every other password keeps a file closed."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Callable
from hashlib import md5
from pathlib import Path

import olefile
import pytest
from conftest import Year
from making_mail import compound_file
from msoffcrypto.format.ooxml import OOXMLFile
from running import run_here

from aftale.intake.read import read_bytes
from aftale.model.findings import Finding
from aftale.model.workbook import Workbook

VELVET = "VelvetSweatshop"


def encrypted(data: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def test_a_workbook_that_excel_protected_by_itself_is_read(year: Year) -> None:
    data = year.forms["Husteamet"].read_bytes()
    plain, opened = read_bytes(data, "a.xlsx", returned=True), read_bytes(encrypted(data, VELVET), "a.xlsx", returned=True)
    assert isinstance(plain, Workbook) and isinstance(opened, Workbook)
    assert [(sheet.name, sheet.rows) for sheet in opened.sheets] == [(sheet.name, sheet.rows) for sheet in plain.sheets]


@pytest.mark.parametrize("password", ["velvetsweatshop", "hemmelig", "æøå"])
def test_another_password_is_asked_for(year: Year, password: str) -> None:
    found = read_bytes(encrypted(year.agreement.read_bytes(), password), "a.xlsx")
    assert isinstance(found, Finding) and found.code == "file-locked"


def test_what_lies_behind_the_password_goes_through_the_same_guard(year: Year) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(year.agreement) as package, zipfile.ZipFile(out, "w") as hostile:
        for name in package.namelist():
            data = package.read(name)
            hostile.writestr(name, b'<!DOCTYPE x [<!ENTITY e "e">]>' + data if name.endswith("sheet1.xml") else data)
    found, behind = (read_bytes(each, "a.xlsx") for each in (out.getvalue(), encrypted(out.getvalue(), VELVET)))
    assert isinstance(found, Finding) and isinstance(behind, Finding)
    assert behind.code == found.code != "file-locked"


def test_a_file_that_wants_its_password_hashed_without_end_is_called_locked(year: Year) -> None:
    data = encrypted(year.agreement.read_bytes(), "hemmelig").replace(b'spinCount="100000"', b'spinCount="999999"')
    endless = data.replace(b'spinCount="999999"', b'spinCount="9999999"', 1)
    began = time.process_time()
    found = read_bytes(endless, "a.xlsx")
    assert isinstance(found, Finding) and time.process_time() - began < 2


def test_an_answer_that_excel_protected_by_itself_is_merged(year: Year) -> None:
    path = year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
    path.write_bytes(encrypted(path.read_bytes(), VELVET))
    out: Path = year.folder / "opfoelgning.xlsx"
    done = run_here("flet", year.agreement, year.answers, "--ud", out)
    assert out.exists() and "adgangskode" not in done.stdout + done.stderr and "1 afvist" not in done.stdout


# ---------------------------------------------------------------- .xls, as Excel 97-2003 encrypted it (MS-OFFCRYPTO 2.3.6)

SALT, VERIFIER, BLOCK = bytes(range(16)), bytes(range(16, 32)), 1024
IN_THE_CLEAR = frozenset((0x809, 0x2F, 0xE1, 0x1AD))  # BOF, FILEPASS and what frames the interface
SHEET, FILEPASS = 0x85, 0x2F


def rc4(key: bytes, size: int) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for _ in range(size):
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(state[(state[i] + state[j]) % 256])
    return bytes(out)


def keystream(password: str, size: int) -> bytes:
    start = md5((md5(password.encode("utf-16-le")).digest()[:5] + SALT) * 16).digest()[:5]
    keys = (md5(start + struct.pack("<I", block)).digest() for block in range(size // BLOCK + 1))
    return b"".join(rc4(key, BLOCK) for key in keys)


def old_encrypted(path: Path, password: str) -> bytes:
    """Encrypt an .xls as a colleague's old Excel did."""
    with olefile.OleFileIO(str(path)) as book:
        stream = book.openstream("Workbook").read()
    xor = keystream(password, 32)
    sealed = bytes(a ^ b for a, b in zip(VERIFIER + md5(VERIFIER).digest(), xor, strict=False))
    record = struct.pack("<HHHHH", FILEPASS, 54, 1, 1, 1) + SALT + sealed
    out, at, key = bytearray(), 0, keystream(password, len(stream) + 100)
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body, clear = stream[at + 4:at + 4 + size], size if kind in IN_THE_CLEAR else 0
        if kind == SHEET:  # where the sheet begins stands in the clear, and is further on now
            body, clear = struct.pack("<I", struct.unpack("<I", body[:4])[0] + len(record)) + body[4:], 4
        out += stream[at:at + 4]
        begin = len(out)
        out += body[:clear] + bytes(a ^ b for a, b in zip(body[clear:], key[begin + clear:], strict=False))
        if at == 0:
            out += record
        at += 4 + size
    return compound_file({"Workbook": bytes(out)})


def test_an_old_workbook_that_excel_protected_by_itself_is_read(year: Year,
                                                                libreoffice: Callable[[Path, str], Path]) -> None:
    path = libreoffice(year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}}), "xls")
    plain = read_bytes(path.read_bytes(), "a.xls")
    opened = read_bytes(old_encrypted(path, VELVET), "a.xls")
    assert isinstance(plain, Workbook) and isinstance(opened, Workbook), opened
    assert [(sheet.name, sheet.rows) for sheet in opened.sheets] == [(sheet.name, sheet.rows) for sheet in plain.sheets]
    closed = read_bytes(old_encrypted(path, "hemmelig"), "a.xls")
    assert isinstance(closed, Finding) and closed.code == "file-locked"
