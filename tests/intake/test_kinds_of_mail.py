"""Kinds of mail that aren't what they look like: signed, encrypted, from a Mac, and with only a link to the file."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from making_mail import Attached, eml, msg
from test_unpack import BOOK, letter, seen

from aftale.forms.versions import letter_problem
from aftale.intake.smime import signed_content
from aftale.model.place import Source
from aftale.model.received import IncomingMail

OPENSSL = shutil.which("openssl")
FORM = "skema_2015_midtvejs_husteamet_S-89FA-DF32.xlsx"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if OPENSSL is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("nøgler")
    subprocess.run([OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=husteamet",
                    "-keyout", "key.pem", "-out", "cert.pem"], cwd=folder, check=True, capture_output=True)
    return folder


def cms(keys: Path, content: bytes, *how: str) -> bytes:
    """Sign or encrypt with a real program; returns the structure itself."""
    return subprocess.run([str(OPENSSL), "cms", "-binary", "-outform", "DER", *how], input=content, cwd=keys, check=True,
                          capture_output=True).stdout


SIGN = ("-sign", "-signer", "cert.pem", "-inkey", "key.pem", "-nodetach")
HOW = {"with lengths": SIGN, "streamed, without lengths": (*SIGN, "-stream"),
       "by old rules": (*SIGN, "-nosmimecap", "-md", "sha1"), "without certificates": (*SIGN, "-nocerts")}


def inner() -> bytes:
    """What is signed: a mail's content without its sender and date."""
    made = eml(subject="", sender="", date="", text="Her er vores svar.", attached=[(FORM, BOOK)])
    return made.as_bytes()


def sealed(structure: bytes, kind: str = "signed-data") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "hus@example.dk", "Svar", "Mon, 01 Jun 2015 14:00:00 +0200"
    mail.set_content(structure, maintype="application", subtype="pkcs7-mime", filename="smime.p7m",
                     params={"smime-type": kind})
    return mail.as_bytes()


@pytest.mark.parametrize("how", HOW.values(), ids=HOW.keys())
def test_a_mail_that_is_signed_round_its_content_is_read(keys: Path, how: tuple[str, ...]) -> None:
    data = sealed(cms(keys, inner(), *how))
    assert seen(data, "svar.eml") == [f"{FORM} <- svar.eml", "brev: svar.eml"]
    said = letter(data, "svar.eml")
    assert (said.text, said.source.sender, said.with_form) == ("Her er vores svar.", "hus@example.dk", True)


def test_a_mail_that_is_signed_round_a_signed_one_is_read(keys: Path) -> None:
    once = sealed(cms(keys, inner(), *SIGN))
    assert seen(sealed(cms(keys, once, *SIGN)), "svar.eml") == [f"{FORM} <- svar.eml", "brev: svar.eml"]


def test_a_signed_mail_from_outlook_with_the_content_inside_the_signature_is_read(keys: Path) -> None:
    data = msg(subject="Svar", kind="IPM.Note.SMIME", smtp="hus@example.dk",
               attached=[Attached("smime.p7m", cms(keys, inner(), *SIGN))])
    assert seen(data, "svar.msg") == [f"{FORM} <- svar.msg", "brev: svar.msg"]
    assert letter(data, "svar.msg").text == "Her er vores svar."


@pytest.mark.parametrize("pack", [lambda each: sealed(each, "enveloped-data"),
                                  lambda each: msg(kind="IPM.Note.SMIME", attached=[Attached("smime.p7m", each)])],
                         ids=[".eml", ".msg"])
def test_a_mail_that_is_encrypted_is_said_to_be(keys: Path, pack: Callable[[bytes], bytes]) -> None:
    data = pack(cms(keys, inner(), "-encrypt", "-aes256", "cert.pem"))
    assert [each for each in seen(data, "a.eml") if not each.startswith("brev")][0].startswith("mail-encrypted")


def test_a_signature_whose_content_is_elsewhere_is_called_signed(keys: Path) -> None:
    detached = cms(keys, inner(), *SIGN[:-1])
    assert signed_content(detached) == b""
    assert seen(sealed(detached), "a.eml")[0].startswith("mail-signed")


@pytest.mark.parametrize("written", ["DER", "PEM"])
def test_what_was_saved_from_a_signed_mail_is_read(keys: Path, written: str) -> None:
    structure = cms(keys, inner(), *SIGN, "-outform", written)
    assert seen(structure, "smime.p7m") == [f"{FORM} <- smime.p7m", "brev: smime.p7m"]
    assert letter(structure, "smime.p7m").text == "Her er vores svar."


def test_a_signed_workbook_is_read(keys: Path) -> None:
    assert seen(cms(keys, BOOK, *SIGN), f"{FORM}.p7m") == [FORM]


def test_what_was_saved_from_an_encrypted_mail_is_said_to_be(keys: Path) -> None:
    structure = cms(keys, inner(), "-encrypt", "-aes256", "cert.pem")
    assert seen(structure, "smime.p7m")[0] == "mail-encrypted: smime.p7m"
    assert seen(cms(keys, inner(), *SIGN[:-1]), "smime.p7m")[0] == "mail-signed: smime.p7m"


def test_what_is_no_whole_structure_is_none(keys: Path) -> None:
    for how in HOW.values():
        whole = cms(keys, inner(), *how)
        assert all(signed_content(whole[:cut]) is None for cut in range(0, 3000, 7))
        damaged = (whole[:at] + bytes([whole[at] ^ 0x80]) + whole[at + 1:] for at in range(120))
        assert all(isinstance(signed_content(each), bytes | None) for each in damaged)
    assert signed_content(b"0\x80" * 100_000) is None and signed_content(b"") is None


# ---------------------------------------------------------------- a mail from a Mac

def from_a_mac(fork: bytes, name: str) -> bytes:
    coded, forked = base64.encodebytes(BOOK).decode(), base64.encodebytes(fork).decode()
    return (f"From: hus@example.dk\nSubject: Svar\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=Y\n\n"
            f"--Y\nContent-Type: text/plain\n\nHermed.\n--Y\nContent-Type: multipart/appledouble; boundary=X\n\n"
            f"--X\nContent-Type: application/applefile; name=\"{name}\"\nContent-Transfer-Encoding: base64\n"
            f"Content-Disposition: attachment; filename=\"{name}\"\n\n{forked}\n"
            f"--X\nContent-Type: application/octet-stream; name=\"{FORM}\"\nContent-Transfer-Encoding: base64\n"
            f"Content-Disposition: attachment; filename=\"{FORM}\"\n\n{coded}\n--X--\n--Y--\n").encode()


@pytest.mark.parametrize("name", [FORM, f"._{FORM}", f"%{FORM}"])
def test_what_a_mac_keeps_beside_a_file_is_no_file(name: str) -> None:
    data = from_a_mac(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        " + bytes(80), name)
    assert seen(data, "svar.eml") == [f"{FORM} <- svar.eml", "brev: svar.eml"]
    assert letter(data, "svar.eml").attachments == ()


# ---------------------------------------------------------------- a link instead of the file

@pytest.mark.parametrize(("link", "code"), [
    ("https://kommunen.sharepoint.com/:x:/s/bib/EaBc?e=1", "answered-by-link"),
    ("https://kommunen-my.sharepoint.com/:x:/g/personal/hus/E1", "answered-by-link"),
    ("https://1drv.ms/x/s!AbC", "answered-by-link"), ("https://onedrive.live.com/edit.aspx?id=1", "answered-by-link"),
    ("https://docs.google.com/spreadsheets/d/1/edit", "answered-by-link"), ("https://we.tl/t-1", "answered-by-link"),
    ("https://www.dropbox.com/s/1/skema.xlsx?dl=0", "answered-by-link"),
    ("\\\\server\\mappe\\skema.xlsx", "answered-by-link"),
    ("file:///H:/skema.xlsx", "answered-by-link"), ("https://intra.example.dk/filer/skema.xlsx", "answered-by-link"),
    ("https://www.bibliotek.example.dk", "answered-by-mail"), ("https://example.dk/?side=skema.xlsx", "answered-by-mail"),
    ("https://notsharepoint.com.example.dk/x", "answered-by-mail")])
def test_a_mail_with_only_a_link_says_to_fetch_the_file(link: str, code: str) -> None:
    mail = IncomingMail(Source("0", "svar.eml", sender="hus@example.dk"), "Svar", f"Se {link}", (link,))
    found = letter_problem(mail, {"hus@example.dk": ["Husteamet"]})
    assert found.code == code and found.message.startswith("Husteamet")
    assert ("gem filen blandt svarene" in found.advice) == (code == "answered-by-link")
    stranger = letter_problem(mail, {})
    assert stranger.code == (code if code == "answered-by-link" else "mail-from-unknown")
    assert "hus@example.dk" in stranger.message
