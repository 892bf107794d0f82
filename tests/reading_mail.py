"""Reading mails back as other programs do: with the standard library, and with postal-mime where node is there."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parent / "clients"


@dataclass(frozen=True)
class Seen:
    """A mail as a program sees it: recipients as (name, address), and attachments as (name, type, content)."""

    to: tuple[tuple[str, str], ...]
    subject: str
    text: str
    html: str
    attachments: tuple[tuple[str, str, bytes], ...]
    headers: tuple[str, ...]


def parsed(data: bytes) -> EmailMessage:
    """Parse with the standard library; a defect anywhere fails the test."""
    message = message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    for part in message.walk():
        assert not part.defects, part.defects
    return message


def seen_by_python(data: bytes) -> Seen:
    """Read a mail with the standard library."""
    message = parsed(data)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and html is not None
    return Seen(tuple((each.display_name, each.addr_spec) for each in message["To"].addresses), str(message["Subject"]),
                plain.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n"),
                tuple((part.get_filename() or "", part.get_content_type(), bytes(part.get_payload(decode=True)))
                      for part in message.iter_attachments()), tuple(key.lower() for key in message))


def seen(data: bytes) -> Seen:
    """Read a mail with the standard library, and with postal-mime as well where it is there: they must agree."""
    found = seen_by_python(data)
    if shutil.which("node") and (CLIENTS / "node_modules" / "postal-mime").exists():
        other = seen_by_postal_mime(data)
        assert (found.to, found.subject) == (other.to, other.subject)
        assert [*map(_lines_alike, found.attachments)] == [*map(_lines_alike, other.attachments)]
        assert (found.text.strip(), found.html.strip()) == (other.text.strip(), other.html.strip())
    return found


def _lines_alike(attachment: tuple[str, str, bytes]) -> tuple[str, str, bytes]:
    """Return an attachment with the line breaks of a text as postal-mime gives them."""
    name, kind, data = attachment
    return name, kind, data.replace(b"\r\n", b"\n") if kind.startswith("text/") else data


def seen_by_postal_mime(data: bytes) -> Seen:
    """Read a mail with postal-mime; skipped where node or the package isn't there."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    if not (CLIENTS / "node_modules" / "postal-mime").exists():
        pytest.skip("postal-mime is missing: npm install --prefix tests/clients")
    done = subprocess.run(["node", str(CLIENTS / "read_mail.mjs")], input=data, capture_output=True, check=True, timeout=60)
    found = json.loads(done.stdout)
    return Seen(tuple((each["name"], each["address"]) for each in found["to"]), found["subject"],
                found["text"].replace("\r\n", "\n"), found["html"].replace("\r\n", "\n"),
                tuple((each["name"], each["type"], base64.b64decode(each["content"])) for each in found["attachments"]),
                tuple(each["key"] for each in found["headers"]))
