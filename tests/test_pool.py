"""Reading in worker processes: whatever a file or a worker does, every file is accounted for and no other is blamed."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import Year
from hostile import HOSTILE

from aftale.disk import pool
from aftale.disk.pool import CannotRead, read_all
from aftale.rules.packing import Received, packed, unpacked
from aftale.rules.returned import Refused, Returned
from aftale.steps.agreement import open_agreement
from aftale.words.domain import Source
from aftale.words.raw import Letter

SAID = {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt"}}


def read(year: Year, *paths: Path, seconds: float = 5.0) -> list[list[Received]]:
    return read_all(paths, open_agreement(year.agreement).agreement, lambda ids: {}, seconds=seconds)


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

    monkeypatch.setattr(pool, "_resting", [])
    monkeypatch.setattr(pool, "_begin", never)
    with pytest.raises(CannotRead):
        read(year, year.fill("Husteamet", SAID))


def test_a_worker_that_died_while_it_waited_is_no_reason_to_give_up(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = [subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(4)]
    for process in dead:
        process.wait()
    monkeypatch.setattr(pool, "_resting", dead)
    found, = read(year, year.fill("Husteamet", SAID))
    assert said(found) == ["Returned"]


def test_a_file_that_cannot_be_looked_into_in_time_is_blamed_and_the_next_is_read(year: Year) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(15_000):
            archive.writestr(f"{number}/.DS_Store", b"")
    slow = year.folder / "svar" / "langsom.zip"
    good = year.fill("Husteamet", SAID)
    with zipfile.ZipFile(slow, "w") as archive:
        archive.writestr("1.txt", b"hej")
        for number in range(100):
            archive.writestr(f"{number + 2}.zip", inner.getvalue())
    found, after = read(year, slow, good, seconds=1.0)
    assert said(found)[0] == "file-kind", "what was read before is not blamed"
    assert "file-too-slow" in said(found) or "zip-too-many" in said(found)
    assert said(after) == ["Returned"]


@pytest.mark.parametrize("text", ["hej\n\u0303der", "a\t\u030cb", "æ\u030a", "\ud800", "\x01", '"\\', "tekst "])
def test_any_text_is_the_same_when_it_has_been_packed_twice(text: str) -> None:
    once = packed(Letter(Source("0", "m.eml"), "Emne", text))
    again = unpacked(once)
    assert isinstance(again, Letter)
    assert packed(again) == once


def test_what_is_read_does_not_depend_on_how_many_read_it(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [year.fill("Husteamet", {"M2.1.1": {"Resultat": number, "Status": "Opfyldt"}}, f"{number}.xlsx")
             for number in range(20)]
    first = read(year, *paths)
    monkeypatch.setattr(pool, "MOST_WORKERS", 1)
    assert read(year, *paths) == first
    assert [each.answers[0].value for file in first for each in file if isinstance(each, Returned)] == list(range(20))
