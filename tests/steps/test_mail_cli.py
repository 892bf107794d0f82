"""The commands that make mails, as processes of their own against a real server: everything arrives, and once."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from conftest import Year
from mail_server import Certificates, MailServer, certificates
from reading_mail import seen_by_postal_mime, seen_by_python
from test_send import NAME, conflicting, round_

from aftale.model.mail import NOTHING_SENT

KODE = "hemmelig-æøå-kode"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("rod"))


@pytest.fixture
def server(trusted: Certificates) -> Iterator[MailServer]:
    with MailServer("starttls", trusted.context(), {"bruger": KODE}) as made:
        yield made


def environment(trusted: Certificates, password: str = KODE) -> dict[str, str]:
    return {**os.environ, "SSL_CERT_FILE": str(trusted.file), "AFTALE_SMTP_KODE": password, "PYTHONIOENCODING": "utf-8"}


def command(server: MailServer, *args: object, user: str = "bruger") -> list[str]:
    return [sys.executable, "-m", "aftale", *map(str, args), "--smtp", f"127.0.0.1:{server.port}", "--bruger", user]


def run(trusted: Certificates, words: list[str], password: str = KODE) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=120, env=environment(trusted, password),
                          stdin=subprocess.DEVNULL)
    assert "Traceback" not in done.stderr and KODE not in done.stdout + done.stderr
    return done


def fordel(year: Year, *more: object) -> tuple[object, ...]:
    return ("fordel", year.agreement, "--runde", "aarsopfoelgning", "--ud", year.folder / "skemaer", "--frist", "2015-11-11",
            "--breve", year.folder / "breve", *more)


def everyone(year: Year) -> Counter[str]:
    """Return the address of every ansvarlig, as their draft has it."""
    return Counter(email for path in (year.folder / "breve").glob("*.eml")
                   for _, email in seen_by_python(path.read_bytes()).to)


def test_fordel_sends_every_ansvarlig_the_skema_in_just_the_draft_that_lies_there(
        year: Year, server: MailServer, trusted: Certificates) -> None:
    done = run(trusted, command(server, *fordel(year)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert NOTHING_SENT not in done.stdout and "8 mails sendt" in done.stdout and "send dem ikke igen" in done.stdout
    assert server.got == everyone(year) and len(server.received) == len(year.forms)
    drafts = {seen_by_python(path.read_bytes()).to[0][1]: seen_by_python(path.read_bytes())
              for path in (year.folder / "breve").glob("*.eml")}
    for received in server.received:
        for read in (seen_by_python, seen_by_postal_mime):
            found, meant = read(received.data), drafts[received.to[0]]
            assert (found.to, found.subject, found.attachments, found.text.strip()) == (
                meant.to, meant.subject, meant.attachments, meant.text.strip())
        assert not [name for name in received.read if name.lower().startswith("x-")]
        assert str(received.read["From"].addresses[0].addr_spec) == "udviklingskonsulenten@bibliotek.example.dk"
        assert received.read["Date"] and received.read["Message-ID"]


def test_a_round_isn_t_sent_twice_without_being_told(year: Year, server: MailServer, trusted: Certificates) -> None:
    run(trusted, command(server, *fordel(year)))
    again = run(trusted, command(server, *fordel(year)))
    assert again.returncode == 3 and "--igen" in again.stdout + again.stderr
    assert set(server.got.values()) == {1}
    told = run(trusted, command(server, *fordel(year, "--igen")))
    assert told.returncode == 0 and set(server.got.values()) == {2}


def test_a_dry_run_shows_what_would_go_to_whom_and_writes_and_sends_nothing(
        year: Year, server: MailServer, trusted: Certificates) -> None:
    before = set(year.folder.rglob("*"))
    done = run(trusted, command(server, *fordel(year, "--proeve")), "")
    assert done.returncode == 0 and "Prøve: intet er sendt." in done.stdout
    assert server.received == [] and server.connections == 0
    assert done.stdout.count("@bibliotek.example.dk") == len(year.forms) + 1, "every recipient, and the sender"
    assert set(year.folder.rglob("*")) == before


def test_reminders_go_to_those_who_lack_an_answer_alone(year: Year, server: MailServer, trusted: Certificates) -> None:
    year.fill("Ledelsen", {}, done="Ja", by="L", saved=datetime(2015, 11, 4))
    done = run(trusted, command(server, "paamind", year.agreement, year.answers, "--ud", year.folder / "breve"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ledelsen@bibliotek.example.dk" not in server.got and len(server.got) == len(year.forms) - 1
    assert all(each.read["Subject"].startswith("Påmindelse: ") for each in server.received)


def test_questions_are_sent_and_only_new_ones_again(year: Year, server: MailServer, trusted: Certificates) -> None:
    words = command(server, "indlaes", year.agreement, year.answers, "--retur", year.folder / "retur", "--json")
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "2-3", "Status": "Opfyldt"}}, by="H", saved=datetime(2015, 11, 4))
    first = run(trusted, words)
    assert first.returncode == 1 and json.loads(first.stdout)["returns"], "there are questions; nothing else is on stdout"
    assert server.got == Counter({"husteamet@bibliotek.example.dk": 1})
    assert run(trusted, words).returncode == 3
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "mange", "Status": "Opfyldt"}}, by="H", saved=datetime(2015, 11, 6))
    run(trusted, words)
    assert server.got == Counter({"husteamet@bibliotek.example.dk": 2})


def test_send_hands_kses_edition_over(year: Year, server: MailServer, trusted: Certificates) -> None:
    path = round_(year)
    refused = run(trusted, command(server, "send", conflicting(year)))
    assert refused.returncode == 3 and "--alligevel" in refused.stderr and server.received == []
    done = run(trusted, command(server, "send", path, "--alligevel", "--til", "kse@rødgrød.dk; chef@example.dk"))
    assert done.returncode == 0, done.stdout + done.stderr
    (received,) = server.received
    assert received.to == ("kse@xn--rdgrd-vuad.dk", "chef@example.dk")
    attached = seen_by_python(received.data).attachments
    assert [(name, data) for name, _, data in attached] == [
        (f"{NAME}.xlsx", (path.parent / "breve" / f"{NAME}.xlsx").read_bytes())]
    assert (path.parent / "breve" / "forsendelse.jsonl").exists()


@pytest.mark.parametrize("mails", [1, 3, 6])
def test_killed_halfway_and_started_again_nobody_gets_it_twice_and_nobody_is_missing(
        year: Year, server: MailServer, trusted: Certificates, mails: int) -> None:
    """The command is killed by the system while the server takes its time over a mail's recipient."""
    run(trusted, [sys.executable, "-m", "aftale", *map(str, fordel(year))])
    slow = sorted(everyone(year))[mails]
    server.habits.recipients[slow] = ["silent"]
    with subprocess.Popen(command(server, *fordel(year)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          env=environment(trusted)) as process:
        deadline = time.monotonic() + 60
        while not server.asked[slow] and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert server.asked[slow], "it was killed while it waited"
    before = server.got
    assert set(before.values()) <= {1} and slow not in before and len(before) < len(year.forms)
    done = run(trusted, command(server, *fordel(year)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.got == everyone(year), "one each, and nobody twice"


def test_one_refused_address_is_named_and_sent_to_once_it_is_corrected(
        year: Year, server: MailServer, trusted: Certificates) -> None:
    server.habits.recipients["ledelsen@bibliotek.example.dk"] = ["550 5.1.1 no such user"]
    done = run(trusted, command(server, *fordel(year)))
    assert done.returncode == 1 and "ledelsen@bibliotek.example.dk" in done.stdout
    assert re.search(r"no such user", done.stdout), "the server's own words"
    again = run(trusted, command(server, *fordel(year)))
    assert again.returncode == 0 and server.got == everyone(year)


def test_a_wrong_password_or_an_unknown_certificate_sends_nothing_and_leaves_the_drafts(
        year: Year, server: MailServer, trusted: Certificates, tmp_path: Path) -> None:
    wrong = run(trusted, command(server, *fordel(year)), "forkert-kode")
    assert wrong.returncode == 3 and "forkert-kode" not in wrong.stdout + wrong.stderr
    untrusted = subprocess.run(command(server, *fordel(year)), capture_output=True, encoding="utf-8", timeout=120,
                               env={**environment(trusted), "SSL_CERT_FILE": str(certificates(tmp_path).file)})
    assert untrusted.returncode == 3 and server.received == [] and server.logins == ["PLAIN bruger nej"]
    assert len(list((year.folder / "breve").glob("*.eml"))) == len(year.forms)


def test_the_password_is_asked_for_by_the_variables_name_where_nobody_sits(
        year: Year, server: MailServer, trusted: Certificates) -> None:
    done = run(trusted, command(server, *fordel(year)), "")
    assert done.returncode == 2 and "AFTALE_SMTP_KODE" in done.stderr and server.connections == 0


def test_the_password_is_nowhere_in_the_years_folder(year: Year, server: MailServer, trusted: Certificates) -> None:
    run(trusted, command(server, *fordel(year)))
    shutil.copytree(year.folder / "breve", year.folder / "alt")
    for path in year.folder.rglob("*"):
        if path.is_file():
            assert KODE.encode() not in path.read_bytes(), path
