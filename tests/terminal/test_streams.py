"""What can't be shown never decides what is done: a full disk, a reader that has gone, and no standard streams at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Year
from mail_server import MailServer, trusted

from aftale.terminal.streams import RESEMBLING

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")


def full_disk() -> dict[str, Any]:
    return {"stdout": os.open("/dev/full", os.O_WRONLY)}


def reader_has_gone() -> dict[str, Any]:
    """A pipe whose other end is closed, as ``| head -1`` leaves it."""
    read, write = os.pipe()
    os.close(read)
    return {"stdout": write}


def without_output() -> dict[str, Any]:
    return {"preexec_fn": lambda: os.close(1)}


def without_any_stream() -> dict[str, Any]:
    def close() -> None:
        for number in range(3):
            os.close(number)
    return {"preexec_fn": close}


Where = Callable[[], dict[str, Any]]
WAYS = [full_disk, reader_has_gone, without_output, without_any_stream]
any_way = pytest.mark.parametrize("where", WAYS, ids=lambda each: each.__name__)


def run(year: Year, where: Where, *args: object, **environment: str) -> tuple[int, str]:
    """Run a command whose output can't be shown; return its exit code and what it said on standard error."""
    given = where()
    done = subprocess.run([sys.executable, "-m", "aftale", *map(str, args)], stderr=subprocess.PIPE, encoding="utf-8",
                          env={**os.environ, **environment}, timeout=120, **given)
    if "stdout" in given:
        os.close(given["stdout"])
    return done.returncode, done.stderr


@any_way
@pytest.mark.parametrize("buffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_flet_writes_the_follow_up_and_says_so_in_its_exit_code(year: Year, where: Where, buffered: str) -> None:
    out = year.folder / "opfoelgning.xlsx"
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
    code, said = run(year, where, "flet", year.agreement, year.answers, "--ud", out, PYTHONUNBUFFERED=buffered)
    assert code == 0 and out.exists()
    told = "Ikke alt kunne vises (disken er fuld), men kommandoen er kørt til ende.\n"
    assert said == (told if where is full_disk else "")


@any_way
def test_a_question_is_still_told_by_the_exit_code(year: Year, where: Where) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "1-3", "Status": "Opfyldt"}})
    assert run(year, where, "indlaes", year.agreement, year.answers)[0] == 1


@any_way
def test_what_is_wrong_is_still_told_by_the_exit_code(year: Year, where: Where) -> None:
    assert run(year, where, "flet", year.folder / "findes_ikke.xlsx", year.answers, "--ud", year.folder / "ud.xlsx")[0] == 2
    assert run(year, where, "fltet")[0] == 2
    assert run(year, where, "--help")[0] == 0


@any_way
def test_reminders_are_sent_though_nobody_sees_it(year: Year, where: Where) -> None:
    year.answers.mkdir()
    with MailServer("starttls", {"bruger": "kode"}) as server:
        code, _ = run(year, where, "paamind", year.agreement, year.answers, "--runde", "aarsopfoelgning", "--ud",
                      year.folder / "breve", "--smtp", f"127.0.0.1:{server.port}", "--bruger", "bruger",
                      SSL_CERT_FILE=str(trusted().file), AFTALE_SMTP_KODE="kode")
    assert code == 0 and len(server.received) == len(year.forms)


@any_way
@pytest.mark.parametrize(("result", "code"), [(1, 0), ("1-3", 1)], ids=["all well", "a question"])
def test_the_exit_code_says_what_was_done_where_data_was_asked_for(year: Year, where: Where, result: object,
                                                                   code: int) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": result, "Status": "Opfyldt"}})
    args = ("indlaes", year.agreement, year.answers, "--json")
    ended, said = run(year, where, *args)
    assert ended == code and ("Ikke alt kunne vises (disken er fuld)" in said) == (where is full_disk)


@pytest.mark.parametrize("where", [full_disk, reader_has_gone], ids=lambda each: each.__name__)
def test_workbooks_are_made_whatever_becomes_of_the_data_about_them(year: Year, where: Where) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "1-3", "Status": "Opfyldt"}})
    out, across = year.folder / "opfoelgning.xlsx", year.folder / "samling.xlsx"
    assert run(year, where, "flet", year.agreement, year.answers, "--ud", out, "--json")[0] == 1 and out.exists()
    assert run(year, where, "saml", out, "--ud", across, "--json")[0] == 0 and across.exists()


def test_data_that_was_asked_for_is_all_that_stands_on_standard_output(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 1, "Status": "Opfyldt"}})
    args = ("indlaes", year.agreement, year.answers, "--json")
    done = subprocess.run([sys.executable, "-m", "aftale", *map(str, args)], capture_output=True, encoding="utf-8",
                          timeout=60)
    assert done.returncode == 0 and json.loads(done.stdout)["responses"]


def test_a_file_never_gets_the_number_of_a_stream_that_was_closed(tmp_path: Path) -> None:
    """Else what a library prints would land in a workbook."""
    code = ("from aftale.terminal.streams import take_care; take_care(); import os; f = open('x', 'wb')\n"
            "os.write(1, b'printed'); os._exit(f.fileno())")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, preexec_fn=lambda: os.close(1), timeout=60)
    assert done.returncode > 2 and (tmp_path / "x").read_bytes() == b""


# ---------------------------------------------------------------- a console without all letters

@pytest.mark.parametrize(("encoding", "shown"), [
    ("cp850", '»På« - v 4 ... ^ 3 x æøå "ok" ?'), ("cp1252", "»På« – v 4 … ^ 3 x æøå “ok” ?"),
    ("ascii", '"Paa" - v 4 ... ^ 3 x aeoeaa "ok" ?'), ("utf-8", "»På« – ↓ 4 … ↑ 3 ✓ æøå “ok” ☂")])
def test_what_a_console_lacks_is_written_with_what_resembles_it(encoding: str, shown: str) -> None:
    assert "»På« – ↓ 4 … ↑ 3 ✓ æøå “ok” ☂".encode(encoding, RESEMBLING).decode(encoding) == shown


@pytest.mark.parametrize("encoding", ["cp850", "cp1252"])
def test_a_console_that_asks_for_another_encoding_gets_it(encoding: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "aftale", "fltet"], cwd=tmp_path, capture_output=True, timeout=60,
                          env={**os.environ, "PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode(encoding).startswith("Kommandoen »fltet« findes ikke. Mente du »flet«?")


def test_data_for_a_console_without_all_letters_is_whole_all_the_same(year: Year) -> None:
    year.fill("Husteamet", {"M2.1.1": {"Resultat": "→ 3 ✓", "Status": "Opfyldt"}})
    done = subprocess.run([sys.executable, "-m", "aftale", "indlaes", str(year.agreement), str(year.answers), "--json"],
                          capture_output=True, timeout=60, env={**os.environ, "PYTHONIOENCODING": "cp850"})
    assert "→ 3 ✓" in {each["value"] for each in json.loads(done.stdout.decode("cp850"))["problems"]}
