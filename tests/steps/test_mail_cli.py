"""The commands that make mails, against a real server: everything arrives, and once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from conftest import Year
from mail_server import MailServer, trusted
from reading_mail import seen, seen_by_python
from test_send import NAME, conflicting, round_
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.model.mail import NOTHING_SENT

KODE = "hemmelig-æøå-kode"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer("starttls", {"bruger": KODE}) as made:
        yield made


def environment(password: str = KODE) -> dict[str, str]:
    return {"SSL_CERT_FILE": str(trusted().file), "AFTALE_SMTP_KODE": password}


def command(server: MailServer, *args: object) -> list[str]:
    return [*map(str, args), "--smtp", f"127.0.0.1:{server.port}", "--bruger", "bruger"]


def run(words: list[str], password: str = KODE) -> Any:
    done = CliRunner().invoke(app, words, env=environment(password))
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert KODE not in done.stdout + done.stderr and "forkert-kode" not in done.stdout + done.stderr
    return done


def fordel(year: Year, *more: object) -> tuple[object, ...]:
    return ("fordel", year.agreement, "--runde", "aarsopfoelgning", "--ud", year.folder / "skemaer", "--frist", "2015-11-11",
            "--breve", year.folder / "breve", *more)


def everyone(year: Year) -> Counter[str]:
    """Return the address of every ansvarlig, as their draft has it."""
    return Counter(email for path in (year.folder / "breve").glob("*.eml")
                   for _, email in seen_by_python(path.read_bytes()).to)


def test_fordel_sends_every_ansvarlig_the_skema_in_just_the_draft_that_lies_there(
        year: Year, server: MailServer) -> None:
    done = run(command(server, *fordel(year)))
    assert done.exit_code == 0, done.stdout + done.stderr
    assert NOTHING_SENT not in done.stdout and "8 mails sendt" in done.stdout and "Send dem ikke igen" in done.stdout
    assert server.got == everyone(year) and len(server.received) == len(year.forms)
    drafts = {seen_by_python(path.read_bytes()).to[0][1]: seen_by_python(path.read_bytes())
              for path in (year.folder / "breve").glob("*.eml")}
    for received in server.received:
        found, meant = seen(received.data), drafts[received.to[0]]
        assert (found.to, found.subject, found.attachments, found.text.strip()) == (
            meant.to, meant.subject, meant.attachments, meant.text.strip())
        assert not [name for name in received.read if name.lower().startswith("x-")]
        assert str(received.read["From"].addresses[0].addr_spec) == "udviklingskonsulenten@bibliotek.example.dk"
        assert received.read["Date"] and received.read["Message-ID"]


def test_a_round_isn_t_sent_twice_without_being_told_and_the_password_is_nowhere_in_the_folder(
        year: Year, server: MailServer) -> None:
    run(command(server, *fordel(year)))
    again = run(command(server, *fordel(year)))
    assert again.exit_code == 3 and "--igen" in again.stdout + again.stderr
    assert set(server.got.values()) == {1}
    told = run(command(server, *fordel(year, "--igen")))
    assert told.exit_code == 0 and set(server.got.values()) == {2}
    assert not [path for path in year.folder.rglob("*") if path.is_file() and KODE.encode() in path.read_bytes()]


def test_a_dry_run_shows_what_would_go_to_whom_and_writes_and_sends_nothing(
        year: Year, server: MailServer) -> None:
    before = set(year.folder.rglob("*"))
    done = run(command(server, *fordel(year, "--proeve")), "")
    assert done.exit_code == 0 and "Prøve: Intet er sendt." in done.stdout
    assert server.received == [] and server.connections == 0
    assert done.stdout.count("@bibliotek.example.dk") == len(year.forms) + 1, "every recipient, and the sender"
    assert set(year.folder.rglob("*")) == before


def test_reminders_go_to_those_who_lack_an_answer_alone(year: Year, server: MailServer) -> None:
    year.fill("Ledelsen", {}, done="Ja", by="L", saved=datetime(2015, 11, 4))
    done = run(command(server, "paamind", year.agreement, year.answers, "--ud", year.folder / "breve"))
    assert done.exit_code == 0, done.stdout + done.stderr
    assert "ledelsen@bibliotek.example.dk" not in server.got and len(server.got) == len(year.forms) - 1
    assert all(each.read["Subject"].startswith("Påmindelse: ") for each in server.received)


def test_questions_are_sent_and_only_new_ones_again(year: Year, server: MailServer) -> None:
    words = command(server, "indlaes", year.agreement, year.answers, "--retur", year.folder / "retur", "--json")
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "2-3", "Status": "Opfyldt"}}, by="H", saved=datetime(2015, 11, 4))
    first = run(words)
    assert first.exit_code == 1 and json.loads(first.stdout)["returns"], "there are questions; nothing else is on stdout"
    assert server.got == Counter({"husteamet@bibliotek.example.dk": 1})
    assert run(words).exit_code == 3
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "mange", "Status": "Opfyldt"}}, by="H", saved=datetime(2015, 11, 6))
    run(words)
    assert server.got == Counter({"husteamet@bibliotek.example.dk": 2})


def test_send_hands_kses_edition_over(year: Year, server: MailServer) -> None:
    path = round_(year)
    refused = run(command(server, "send", conflicting(year)))
    assert refused.exit_code == 3 and "--alligevel" in refused.stderr and server.received == []
    done = run(command(server, "send", path, "--alligevel", "--til", "kse@rødgrød.dk; chef@example.dk"))
    assert done.exit_code == 0, done.stdout + done.stderr
    (received,) = server.received
    assert received.to == ("kse@xn--rdgrd-vuad.dk", "chef@example.dk")
    attached = seen_by_python(received.data).attachments
    assert [(name, data) for name, _, data in attached] == [
        (f"{NAME}.xlsx", (path.parent / "breve" / f"{NAME}.xlsx").read_bytes())]
    assert (path.parent / "breve" / "forsendelse.jsonl").exists()


def test_killed_halfway_and_started_again_nobody_gets_it_twice_and_nobody_is_missing(
        year: Year, server: MailServer) -> None:
    """The command is killed by the system while the server takes its time over a mail's recipient."""
    run([*map(str, fordel(year))])
    slow = "husteamet@bibliotek.example.dk"
    server.habits.recipients[slow] = ["silent"]
    with subprocess.Popen([sys.executable, "-m", "aftale", *command(server, *fordel(year))], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, env={**os.environ, **environment()}) as process:
        deadline = time.monotonic() + 60
        while not server.asked[slow] and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert server.asked[slow], "it was killed while it waited"
    before = server.got
    assert set(before.values()) <= {1} and slow not in before and len(before) < len(year.forms)
    done = run(command(server, *fordel(year)))
    assert done.exit_code == 1 and f"Det er uvist, om {slow} har fået mailen" in done.stdout, done.stdout + done.stderr
    assert server.got == everyone(year) - Counter([slow])
    assert run(command(server, *fordel(year, "--uafklarede", "ikke"))).exit_code == 0
    assert server.got == everyone(year), "one each, and nobody twice"


def test_a_wrong_password_or_none_sends_nothing_and_leaves_the_drafts(year: Year, server: MailServer) -> None:
    wrong = run(command(server, *fordel(year)), "forkert-kode")
    assert wrong.exit_code == 3 and "Intet er sendt." in wrong.stderr and server.received == []
    assert len(list((year.folder / "breve").glob("*.eml"))) == len(year.forms)
    none = run(command(server, *fordel(year)), "")
    assert none.exit_code == 2 and "AFTALE_SMTP_KODE" in none.stderr and server.connections == 1
