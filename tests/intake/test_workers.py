"""Reading in worker processes: whatever a file or a worker does, it alone is refused and every other file is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from conftest import Year
from hostile import HOSTILE, rows

from aftale.forms.returned import Returned
from aftale.forms.versions import version_groups
from aftale.intake import workers
from aftale.intake.read import workbook_files
from aftale.intake.workers import read_all
from aftale.merge.state import Received, packed, unpacked
from aftale.model.agreement import AnswerColumn
from aftale.model.findings import Severity
from aftale.model.place import Source
from aftale.model.received import IncomingMail, Refused
from aftale.office.report import CannotDo
from aftale.steps.collect import judge_of
from aftale.steps.indlaes import indlaes
from aftale.steps.open_agreement import open_agreement

SAID = {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}


def read(year: Year, *paths: Path, seconds: float = 5.0, patience: float = 60.0) -> list[list[Received]]:
    judge = judge_of(open_agreement(year.agreement).agreement)
    return read_all(paths, judge, unpacked, seconds=seconds, patience=patience)


def said(received: Sequence[Received]) -> list[str]:
    return [each.problem.code if isinstance(each, Refused) else type(each).__name__ for each in received]


def killer(good: bytes) -> bytes:
    """Return a workbook at which the reading process ends itself, however much memory there is."""
    return HOSTILE[KILLER].make(good)


KILLER = next(name for name, each in HOSTILE.items() if each.code == "file-crashes")


def packed_up(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}{HOSTILE[KILLER].suffix if name.startswith('dræber') else '.xlsx'}", data)
    return path


def test_a_file_in_an_archive_that_ends_the_process_takes_no_other_with_it(year: Year) -> None:
    good = year.fill("Husteamet", SAID).read_bytes()
    archive = packed_up(year.folder / "svar.zip", a=good, b=good, dræber=killer(good), e=good, f=good)
    found, alone = read(year, archive, year.fill("Husteamet", SAID, "alene.xlsx"))
    assert said(found) == ["Returned", "Returned", "file-crashes", "Returned", "Returned"]
    assert said(alone) == ["Returned"]


def test_two_files_of_one_name_in_archives_of_one_name_are_two(year: Year) -> None:
    good = year.fill("Husteamet", SAID).read_bytes()
    folders = [year.folder / "a", year.folder / "b"]
    for number, folder in enumerate(folders):
        folder.mkdir()
        packed_up(folder / "svar.zip", dræber=killer(good), x=good + bytes(number))
    found = [each for file in read(year, *(folder / "svar.zip" for folder in folders)) for each in file]
    assert len({each.source.sha256 for each in found if isinstance(each, Refused)}) == 2


def test_no_worker_at_all_is_said_and_not_taken_for_no_answers(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> subprocess.Popen[bytes]:
        raise OSError(11, "no more processes")

    monkeypatch.setattr(workers, "_parked", [])
    monkeypatch.setattr(workers, "begin_worker", never)
    with pytest.raises(CannotDo, match="spørg it-afdelingen"):
        read(year, year.fill("Husteamet", SAID))


def test_a_worker_that_died_while_it_waited_is_no_reason_to_give_up(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = [subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(4)]
    for process in dead:
        process.wait()
    monkeypatch.setattr(workers, "_parked", dead)
    found, = read(year, year.fill("Husteamet", SAID))
    assert said(found) == ["Returned"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_file_that_never_comes_is_refused_and_the_others_are_read(year: Year) -> None:
    never = year.folder / "svar" / "langsom.xlsx"
    good = year.fill("Husteamet", SAID)
    os.mkfifo(never)
    before, late, after = read(year, good, never, year.fill("Husteamet", SAID, "sidst.xlsx"), patience=1.0)
    assert (said(before), said(late), said(after)) == (["Returned"], ["file-too-slow"], ["Returned"])


def test_a_file_that_takes_the_processor_too_long_is_refused_and_the_others_are_read(year: Year) -> None:
    good = year.fill("Husteamet", SAID)
    slow = year.answers / "tung.xlsx"
    cells = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n) for n in range(900, 150_000))
    slow.write_bytes(rows(cells)(good.read_bytes()))
    before, late, after = read(year, good, slow, year.fill("Husteamet", SAID, "sidst.xlsx"), seconds=0.4)
    assert (said(before), said(late), said(after)) == (["Returned"], ["file-too-slow"], ["Returned"])


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system stops no processes")
def test_a_slow_machine_is_no_bad_file(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading takes longer by the clock than it may take of the processor, because the process gets none of it."""
    begin = workers.begin_worker

    def slowly() -> subprocess.Popen[bytes]:
        process = begin()

        def hinder() -> None:
            for _ in range(12):
                process.send_signal(signal.SIGSTOP)
                time.sleep(0.1)
                process.send_signal(signal.SIGCONT)
                time.sleep(0.01)
        threading.Thread(target=hinder, daemon=True).start()
        return process

    monkeypatch.setattr(workers, "_parked", [])
    monkeypatch.setattr(workers, "begin_worker", slowly)
    found, = read(year, year.fill("Husteamet", SAID), seconds=0.9)
    assert said(found) == ["Returned"]


@pytest.mark.parametrize("text", ["hej\n\u0303der", "a\t\u030cb", "æ\u030a", "\ud800", "\x01", '"\\', "tekst "])
def test_any_text_is_the_same_when_it_has_been_packed_twice(text: str) -> None:
    once = packed(IncomingMail(Source("0", "m.eml"), "Emne", text))
    again = unpacked(once)
    assert isinstance(again, IncomingMail)
    assert packed(again) == once


def test_what_is_read_does_not_depend_on_how_many_read_it(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [year.fill("Husteamet", {"M2.1.1": {"Resultat": number, "Status": "Opfyldt"}}, f"{number}.xlsx")
             for number in range(13)]
    first = read(year, *paths)
    monkeypatch.setattr(workers, "MOST_WORKERS", 1)
    assert read(year, *paths) == first
    assert [answer.value for file in first for each in file if isinstance(each, Returned)
            for answer in each.answers if answer.column is AnswerColumn.RESULT] == list(range(13))


# ---------------------------------------------------------------- what is refused is named, whoever has the same

def found_in(year: Year, folder: Path) -> tuple[list[str], list[str]]:
    report = indlaes(year.agreement, [folder])
    return [each.code for each in report.problems if "file" in each.code or "zip" in each.code], [
        row[1] for row in report.table if row[0] == "Husteamet"]


def test_an_unreadable_file_is_named_though_another_of_its_name_was_read(year: Year) -> None:
    good = year.fill("Husteamet", SAID, "skema.xlsx")
    other = year.answers / "fra en anden"
    other.mkdir()
    (other / "skema.xlsx").write_bytes(good.read_bytes()[:3000])
    assert found_in(year, year.answers)[0] == ["file-truncated"]


def test_files_of_the_same_bytes_that_cannot_be_read_are_a_line_each(year: Year) -> None:
    year.answers.mkdir()
    for number in range(3):
        (year.answers / f"skema_{number}.xlsx").write_bytes(b"")
    assert found_in(year, year.answers)[0] == ["file-empty"] * 3


def test_an_archive_without_answers_is_asked_about(year: Year) -> None:
    year.answers.mkdir()
    with zipfile.ZipFile(year.answers / "tom.zip", "w") as archive:
        archive.writestr("svar/.DS_Store", b"x")
    assert found_in(year, year.answers)[0] == ["zip-empty"]


def test_litter_given_by_name_is_litter_all_the_same(year: Year) -> None:
    good = year.fill("Husteamet", SAID)
    lock, system = year.answers / f"~${good.name}", year.answers / "Thumbs.db"
    lock.write_bytes(b"x")
    system.write_bytes(b"x")
    report = indlaes(year.agreement, [good, lock, system])
    assert [each.code for each in report.problems if each.level is not Severity.INFO] == []
    assert "open-elsewhere" in [each.code for each in report.problems]


@pytest.mark.parametrize(("answers", "asked"), [({}, True), (SAID, False)])
def test_a_mail_that_says_more_than_the_skema_in_it_is_asked_about(year: Year, answers: dict[str, dict[str, object]],
                                                                  asked: bool) -> None:
    form = year.fill("Husteamet", answers).read_bytes() if answers else year.forms["Husteamet"].read_bytes()
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "hus@example.dk", "Svar"
    mail.set_content("M2.1.1 er opfyldt.")
    mail.add_attachment(form, maintype="application", subtype="octet-stream", filename="skema.xlsx")
    folder = year.folder / "mails"
    folder.mkdir()
    (folder / "svar.eml").write_bytes(mail.as_bytes())
    codes = [each.code for each in indlaes(year.agreement, [folder]).problems]
    assert ("mail-says-more" in codes) is asked


# ---------------------------------------------------------------- which file is newer, and how far the reading has come

@pytest.mark.parametrize(("times", "certain"), [
    ("2015-06-02T10:00:00Z 2015-06-01T10:00:00Z", True), ("2015-06-02T10:00:00Z 2015-06-02T10:00:00Z", False),
    ("2015-06-02T10:00:00Z ", False), ("2015-06-02T10:00:00 2015-06-02T09:30:00Z", False),
    ("2015-06-02T10:00:00 2015-06-01T09:30:00Z", True), ("2015-06-02T10:00:00 2015-06-02T09:30:00", True)])
def test_times_without_a_zone_are_certain_beside_others_only_to_the_day(times: str, certain: bool) -> None:
    found = [Returned(Source(str(number), f"{number}.xlsx", when=when), "S-1", "Husteamet", "Vikaren")
             for number, when in enumerate(times.split(" "))]
    group, = version_groups(found)
    assert group.certain is certain
    assert not certain or [each.source.sha256 for each in group.files] == ["0", "1"]


LONG_READING = """
import time
from aftale.terminal.progress import Reading
reading = Reading()
reading(1, 10)
time.sleep(1.1)
reading(2, 10)
reading(5, 10)
time.sleep(0.3)
reading(10, 10)
"""


def test_a_bar_is_drawn_on_a_terminal_and_never_in_a_pipe() -> None:
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    piped = subprocess.Popen([sys.executable, "-c", LONG_READING], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", LONG_READING], stderr=theirs, check=True, timeout=60,
                   env={**os.environ, "TERM": "xterm", "COLUMNS": "100"})
    assert piped.communicate(timeout=60) == (b"", None)
    drawn = os.read(ours, 100_000).decode()
    assert "Læser svar" in drawn and "5 af 10" in drawn and "tilbage" in drawn


# ---------------------------------------------------------------- what is told of where a file came from

def test_a_skema_in_a_mail_has_the_mails_sender_and_time(year: Year) -> None:
    mail = EmailMessage()
    mail["From"], mail["Date"] = "Huset <Hus@example.dk>", "Mon, 09 Nov 2015 10:00:00 +0100"
    mail.set_content("Hermed.")
    mail.add_attachment(year.fill("Husteamet", SAID, saved=datetime(2015, 1, 1)).read_bytes(), maintype="application",
                        subtype="octet-stream", filename="skema.xlsx")
    path = year.folder / "svar.eml"
    path.write_bytes(mail.as_bytes())
    (returned, _), = read(year, path)
    source = returned.source
    assert (source.sender, source.when, source.container) == ("hus@example.dk", "2015-11-09T09:00:00Z", "svar.eml")


def test_a_conflict_copy_is_read_and_called_what_it_is(year: Year) -> None:
    path = year.fill("Husteamet", SAID, "skema (Huset's conflicted copy 2015-11-01).xlsx")
    (returned,), = read(year, path)
    assert isinstance(returned, Returned) and returned.answers
    assert [(each.code, each.text) for each in returned.problems] == [("sync-conflict", "Dropbox")]


def test_a_folder_that_cannot_be_opened_is_an_error(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(top: Path, onerror: Callable[[OSError], None]) -> Iterator[tuple[str, list[str], list[str]]]:
        yield str(top), ["lukket"], [good.name]
        onerror(PermissionError(13, "no", str(top / "lukket")))

    good = year.fill("Husteamet", SAID)
    monkeypatch.setattr(os, "walk", closed)
    files, problems = workbook_files([good.parent])
    assert ([path.name for path in files], [(p.code, p.place.file) for p in problems]) == (
        [good.name], [("folder-closed", "lukket")])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be told how much memory a process may take")
def test_a_worker_may_not_take_more_than_its_memory() -> None:
    takes = "from aftale.intake import workers; workers._limit_memory(); bytearray(600 << 20)"
    said = subprocess.run([sys.executable, "-c", takes], capture_output=True, encoding="utf-8", timeout=60)
    assert said.returncode == 1 and "MemoryError" in said.stderr
