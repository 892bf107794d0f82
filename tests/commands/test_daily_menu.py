"""The menu of the daily page, driven through a pseudo-terminal as somebody at the keyboard does."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from daily_states import AGREEMENT, MIDT, TOML, run, source, stages

from aftale.commands.daily import words_of
from aftale.steps.open_agreement import open_agreement
from aftale.terminal.today import TODAY

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
PICK, AGAIN = "Vælg et tal, eller skriv en kommando: ", "Tryk Enter for at se, hvor året står nu (0 lukker): "
ENTER = ""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The first stages of a year."""
    return stages(tmp_path_factory.mktemp("stadier"), last="et svar")


@pytest.fixture
def folder(kept: Mapping[str, Path], tmp_path: Path) -> Path:
    """The year's folder when the first answer has come."""
    shutil.copytree(kept["et svar"], tmp_path / "2015")
    return tmp_path / "2015"


class Ended(NamedTuple):
    """How the program ended, and all that it said, without colours."""

    code: int
    text: str

    @property
    def words(self) -> str:
        """All that it said, wherever lines are broken."""
        return " ".join(self.text.split())


def sit(folder: Path, *answers: tuple[str, str | Callable[[], object]], day: str = "2015-06-01") -> Ended:
    """Start ``aftale`` at a terminal; each time it has asked what is expected, type the answer and Enter.

    Instead of typing anything, something else may be done before Enter.
    """
    import pty
    ours, theirs = pty.openpty()
    env = {**os.environ, TODAY: day, "COLUMNS": "80", "TERM": "xterm", "PATH": "/nowhere"}  # nothing opens a file for us
    process = subprocess.Popen([sys.executable, "-m", "aftale"], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs,
                               env=env, start_new_session=True)
    os.close(theirs)
    said, left, until = b"", list(answers), time.monotonic() + 60
    asked = 0
    try:
        while time.monotonic() < until:
            if left and said[asked:].decode("utf-8", "ignore").endswith(left[0][0]):
                asked = len(said)
                answer = left.pop(0)[1]
                os.write(ours, f"{answer if isinstance(answer, str) else answer() or ''}\n".encode())
            if not select.select([ours], [], [], 0.1)[0]:
                if process.poll() is not None:
                    break
                continue
            try:
                said += os.read(ours, 65536)
            except OSError:  # the program has ended
                break
        code = process.wait(5)
    finally:
        process.kill()
        os.close(ours)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said.decode("utf-8", "replace")).replace("\r\n", "\n")
    assert not left, f"never asked {left[0][0]!r}:\n{text}"
    return Ended(code, text)


def test_enter_takes_the_step_and_shows_the_page_again(folder: Path) -> None:
    ended = sit(folder, (PICK, ENTER), (AGAIN, ENTER), (PICK, "0"))
    assert ended.code == 0 and "Traceback" not in ended.text
    assert "  1  Flet svarene sammen i opfølgningen (Enter)" in ended.text and "  0  Luk" in ended.text
    assert (folder / MIDT / f"opfoelgning_2015_{MIDT}.xlsx").exists()
    first, _, after = ended.text.partition(AGAIN)
    assert "1 svar er kommet. »aftale flet«" in " ".join(first.split())
    assert "alle svar er med" in " ".join(after.split()) and "Venter på dig" in after


def test_where_there_is_no_hurry_enter_closes_and_a_file_that_nothing_opens_is_named(kept: Mapping[str, Path]) -> None:
    folder = kept["aftale"]
    ended = sit(folder, (PICK, "2"), ("gemt og lukket filen (0 lukker): ", ENTER), (PICK, ENTER), day="2015-02-01")
    assert ended.code == 0 and "  0  Luk (Enter)" in ended.text and not (folder / MIDT).exists()
    assert f"Åbn selv {folder / AGREEMENT}" in ended.text.replace("\n", "")


def test_a_command_can_be_typed_and_a_mistake_is_told_of_also_from_a_folder_below(folder: Path) -> None:
    ended = sit(folder / MIDT / "svar", (PICK, "9"), ("(0 lukker): ", ENTER), (PICK, "fltet"), (AGAIN, ENTER),
                (PICK, "aftale"), (PICK, "aftale indlaes --alle"), (AGAIN, "q"))
    assert ended.code == 0 and "Byens Bibliotek 2015 (mappen 2015)" in ended.text
    assert "Der er ikke noget nummer 9." in ended.text and "Mente du »flet«?" in ended.words
    assert "1 skema læst" in ended.words


def test_a_command_that_fails_leads_back_and_a_page_that_cannot_be_made_waits_to_be_read(folder: Path) -> None:
    (folder / MIDT / f"opfoelgning_2015_{MIDT}.xlsx").mkdir()
    shutil.copy(folder / AGREEMENT, folder / "kopi.xlsx")
    again = "prøve igen (0 lukker): "
    ended = sit(folder, (again, lambda: (folder / "kopi.xlsx").unlink()), (PICK, ENTER), (AGAIN, ENTER), (PICK, "Luk"))
    assert ended.code == 0 and "Der er flere aftaler i mappen 2015" in ended.words
    assert ended.text.count("Næste skridt:") == 2 and not list((folder / MIDT).glob("opfoelgning_*.xlsx/*"))


def test_the_deadline_is_asked_for_in_words_until_it_is_a_date(tmp_path: Path) -> None:
    folder = source(tmp_path / "2015", TOML)
    run(folder, "2015-01-20", "generer")
    asks = "(Enter: uden frist) (0 fortryder) "
    ended = sit(folder, (PICK, ENTER), (asks, "q"), (PICK, ENTER), (asks, "snart"), (asks, "10. juni"), (AGAIN, "0"),
                day="2015-05-04")
    assert "»snart« er ikke en dato." in ended.words and "Frist: 10. juni 2015" in ended.words
    assert len(list((folder / MIDT / "skemaer").iterdir())) == 3


def test_a_folder_that_is_no_years_makes_a_new_one(tmp_path: Path) -> None:
    unit = "? (0 fortryder) "
    (tmp_path / "Aftale.cmd").write_bytes(b"@echo off")
    ended = sit(tmp_path, (PICK, "1"), (unit, "0"), (PICK, "1"), (unit, "Byens Bibliotek"), ("Events? ", "Kultur & Fritid"),
                ("(Enter: 2027) ", "næste"), ("(Enter: 2027) ", ENTER), (AGAIN, ENTER), (PICK, "0"), day="2026-11-05")
    assert ended.code == 0 and "»næste« er ikke et årstal. Skriv det som 2027." in ended.text
    made = tmp_path / "2027" / "aftale_2027_byens_bibliotek.xlsx"
    assert "Udfyld arkene Forside og Mål i aftale_2027_byens_bibliotek.xlsx" in ended.words
    assert (made.parent / "Aftale.cmd").read_bytes() == b"@echo off" and "»Aftale« er lagt i mappen 2027." in ended.words
    agreement = open_agreement(made).agreement
    assert (agreement.unit, agreement.department, agreement.year) == ("Byens Bibliotek", "Kultur & Fritid", 2027)


@pytest.mark.parametrize(("typed", "words"), [
    ("flet --alle", ["flet", "--alle"]), ("aftale flet", ["flet"]), ("aftale", ["aftale"]),
    (r'generer "Vores mål\aftale.docx" --aar 2016', ["generer", r"Vores mål\aftale.docx", "--aar", "2016"]),
    (r"flet midtvejs\svar", ["flet", r"midtvejs\svar"]), ('modtag "uden slutning', ["modtag", '"uden', "slutning"]),
    ("send --til a@example.dk # nu", ["send", "--til", "a@example.dk", "#", "nu"])])
def test_a_line_is_parted_as_it_is_typed_on_windows(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words
