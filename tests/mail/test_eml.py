"""Drafts as bytes: two parsers read the same out of them, and nothing that is filled in can make a header of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_mail import Seen, parsed, seen, seen_by_postal_mime, seen_by_python

from aftale.mail.addresses import read_addresses
from aftale.mail.eml import draft, message
from aftale.model.mail import Address, Attachment, Outgoing
from aftale.office.draft_seal import is_as_drawn, is_draft

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATA = bytes(range(256)) * 40
NAME = "skema_2015_aarsopfoelgning_et_meget_langt_navn_paa_en_enhed_i_byen_S-12AB-34CD_paamindelse.xlsx"
DATE = "Wed, 11 Nov 2015 10:00:00 +0100"
Reader = Callable[[bytes], Seen]


def mail(subject: str = "Årsopfølgning", to: tuple[Address, ...] = (Address("", "a@example.dk"),),
         text: str = "Kære æøå\nHej", data: bytes = DATA) -> Outgoing:
    return Outgoing("nøgle", "kladde", to, subject, text, "<p>Kære æøå</p>", (Attachment(NAME, data),))


@pytest.mark.parametrize("read", [seen_by_python, seen_by_postal_mime])
@pytest.mark.parametrize("to", [
    (Address("Børneteamet", "boern@example.dk"),),
    (Address("Hansen, Børge (børn)", "a@example.dk"), Address("KSE (Kultur, Service & Events)", "b@example.dk")),
    (Address('En "citeret" \\ titel', "a@example.dk"), Address("", "b@xn--rdgrd-vuad.dk")),
    (Address("Den meget lange titel på en funktion, der har ansvar for både børn og unge", "a@example.dk"),),
    (Address("The very long name of a department in plain letters, which is more than one line", "a@example.dk"),),
], ids=["æøå", "tegn", "citat", "lang", "lang og jævn"])
def test_names_and_addresses_come_out_as_they_went_in(read: Reader, to: tuple[Address, ...]) -> None:
    data = draft(mail(to=to))
    assert max(map(len, data.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 100
    found = read(data)
    # Python's own reader puts a space more between two coded words of a very long name.
    assert [(" ".join(name.split()), email) for name, email in found.to] == [(each.name, each.email) for each in to]


@pytest.mark.parametrize("read", [seen_by_python, seen_by_postal_mime])
def test_text_html_and_attachment_come_out_as_they_went_in(read: Reader) -> None:
    found = read(draft(mail()))
    assert found.text.rstrip("\n") == "Kære æøå\nHej" and found.html.rstrip("\n") == "<p>Kære æøå</p>"
    assert found.attachments == ((NAME, XLSX, DATA),)
    assert found.subject == "Årsopfølgning"


@pytest.mark.parametrize("read", [seen_by_python, seen_by_postal_mime])
@pytest.mark.parametrize("subject", ["x" * 300, "Årsopfølgning på et langt mål " * 10, "æ" * 300, "=?utf-8?q?falsk?= Emne"])
def test_a_long_or_odd_subject_is_whole_and_its_lines_short(read: Reader, subject: str) -> None:
    data = draft(mail(subject))
    assert read(data).subject == " ".join(subject.split())
    assert max(map(len, data.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


@pytest.mark.parametrize("evil", ["\r\nBcc: ond@example.dk", "\nBcc: ond@example.dk", "\rBcc: ond@example.dk",
                                  "\r\n\r\n<script>", "\x0bBcc: x", "\x00", "\u2028Bcc: x", "\x85Bcc: x"])
def test_nothing_filled_in_becomes_a_header(evil: str) -> None:
    data = draft(mail(f"Emne{evil}", (Address(f"Navn{evil}", "a@example.dk"),)))
    assert {key.lower() for key in parsed(data)} == {"x-unsent", "to", "subject", "x-aftale-kladde", "mime-version",
                                                      "content-type"}
    assert [each.addr_spec for each in parsed(data)["To"].addresses] == ["a@example.dk"]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=400), st.text(max_size=120), st.text(max_size=400))
def test_any_text_gives_a_mail_that_reads_the_same(subject: str, name: str, text: str) -> None:
    encodable = text.encode("utf-8", "replace").decode()
    data = draft(mail(subject.encode("utf-8", "replace").decode(), (Address(name.encode("utf-8", "replace").decode(),
                                                                           "a@example.dk"),), encodable))
    found = seen_by_python(data)
    assert [email for _, email in found.to] == ["a@example.dk"] and found.attachments[0][2] == DATA
    plain = encodable.replace("\r\n", "\n").replace("\r", "\n")
    assert found.text.replace("\r", "\n").rstrip("\n") == plain.rstrip("\n")


def test_200_recipients_are_all_there_and_no_line_is_long() -> None:
    to = tuple(Address(f"Børneteam {n}", f"team{n}@example.dk") for n in range(200))
    data = draft(mail(to=to))
    assert len(seen(data).to) == 200 and is_draft(data) and is_as_drawn(data)
    assert max(map(len, data.split(b"\r\n"))) <= 200
    assert b";" not in data.split(b"Subject:")[0], "a semicolon parts no addresses"


def test_it_is_a_draft_for_outlook_in_plain_ascii() -> None:
    data = draft(mail())
    assert data.startswith(b"X-Unsent: 1\r\n") and data.isascii() and b"\n" not in data.replace(b"\r\n", b"")
    message_ = parsed(data)
    assert message_["From"] is None and message_["Date"] is None and message_["Message-ID"] is None
    for part in message_.walk():
        if not part.is_multipart():
            assert part["Content-Transfer-Encoding"] == "base64"
    assert re.search(rb'filename="' + NAME.encode() + rb'"', data), "the name in one piece, as old programs want it"
    assert [part.get_content_type() for part in message_.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", XLSX]


def test_the_same_mail_gives_the_same_bytes_and_another_gives_others() -> None:
    assert draft(mail()) == draft(mail())
    assert len({draft(each) for each in (mail(), mail("B"), mail(text="C"), mail(data=b"D"))}) == 4


def test_a_draft_that_somebody_changed_is_told_from_one_that_nobody_did() -> None:
    data = draft(mail())
    assert is_draft(data) and is_as_drawn(data)
    changed = data.replace(b"To: a@example.dk", b"To: b@example.dk")
    assert is_draft(changed) and not is_as_drawn(changed)
    assert is_draft(data.replace(b"\r\n", b"\n")), "as a program may save it"
    assert not is_draft(b"Subject: X-Aftale-Kladde: 1\r\n\r\nX-Aftale-Kladde: 1\r\n")


def test_what_goes_to_a_server_is_no_draft_and_has_what_a_message_needs() -> None:
    data = message(mail(), Address("Udviklingskonsulenten på B", "k@example.dk"), DATE)
    found = parsed(data)
    assert found["X-Unsent"] is None and found["X-Aftale-Kladde"] is None and not is_draft(data)
    assert found["From"].addresses[0].addr_spec == "k@example.dk" and str(found["Date"]) == DATE
    assert str(found["Message-ID"]).endswith("@example.dk>")
    same, later = (message(mail(), Address("", "k@example.dk"), when) for when in (DATE, "Thu, 12 Nov 2015 10:00:00 +0100"))
    assert parsed(same)["Message-ID"] == parsed(later)["Message-ID"]
    assert parsed(same)["Message-ID"] != parsed(message(mail("B"), Address("", "k@example.dk"), DATE))["Message-ID"]


# ---------------------------------------------------------------- addresses

@pytest.mark.parametrize(("text", "found"), [
    ("a@example.dk", ["a@example.dk"]),
    ("a@example.dk; b@example.dk", ["a@example.dk", "b@example.dk"]),
    ("a@example.dk, b@example.dk\nc@example.dk;", ["a@example.dk", "b@example.dk", "c@example.dk"]),
    ("Hansen, Børge <a@example.dk>, b@example.dk", ["Hansen, Børge <a@example.dk>", "b@example.dk"]),
    ('"A; B" <a@example.dk>', ["A; B <a@example.dk>"]),
    ("info@rødgrød.dk", ["info@xn--rdgrd-vuad.dk"]),
    ("mailto:a@example.dk", ["a@example.dk"]),
    ("A@Example.dk; a@example.dk", ["A@example.dk"]),
    ("drift@kommune.local", ["drift@kommune.local"]), ("MAILTO:a@example.dk", ["a@example.dk"]),
    ("a@example.dk.", ["a@example.dk"]), ("a@example.dk (Børneteamet)", ["a@example.dk"]),
    ("\u200ba@example.dk", ["a@example.dk"]),
    ("hr@bad", []), ("hr@127.0.0.1", []), ("hr@example,dk", []),
    ("", []), ("slet ikke", []), ("@", []), ("bøger@example.dk", []), ("a@b@c.dk", []),
    ("a@example.dk\r\nBcc: b", ["a@example.dk"]),
])
def test_addresses_are_read_as_people_write_them(text: str, found: list[str]) -> None:
    usable, bad = read_addresses(text)
    assert [f"{each.name} <{each.email}>" if each.name else each.email for each in usable] == found
    assert bool(bad) == (text in ("slet ikke", "@", "bøger@example.dk", "a@b@c.dk", "a@example.dk\r\nBcc: b", "hr@bad",
                                  "hr@127.0.0.1", "hr@example,dk"))


def test_a_name_is_lent_to_an_address_without_one() -> None:
    (first, second), _ = read_addresses("a@example.dk; Chefen <b@example.dk>", "Ledelsen")
    assert (first.name, second.name) == ("Ledelsen", "Chefen")


def test_an_address_with_æøå_before_the_at_says_why() -> None:
    assert "æ, ø og å før @" in read_addresses("bøger@example.dk")[1][0].why
