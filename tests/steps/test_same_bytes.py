"""The same input gives the same bytes: not the order, the clock, modification times, paths or the hash seed matter."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.dom import minidom

import pytest
from conftest import Year, apart_from_news

from aftale.office.package import xml_of
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import example_path
from aftale.steps.flet import flet

# A process whose clock says another day: every way to ask it is answered from CLOCK.
OTHER_DAY = """
import datetime, os, time
MOMENT = float(os.environ["CLOCK"])
class Kind(type):
    def __instancecheck__(cls, value): return isinstance(value, cls.__mro__[1])
class Day(datetime.date, metaclass=Kind):
    @classmethod
    def today(cls): return cls.fromtimestamp(MOMENT)
class Now(datetime.datetime, metaclass=Kind):
    @classmethod
    def now(cls, tz=None): return cls.fromtimestamp(MOMENT, tz)
    @classmethod
    def utcnow(cls): return cls.utcfromtimestamp(MOMENT)
    @classmethod
    def today(cls): return cls.fromtimestamp(MOMENT)
really = time.localtime, time.gmtime
time.time = lambda: MOMENT
time.localtime = lambda seconds=None: really[0](MOMENT if seconds is None else seconds)
time.gmtime = lambda seconds=None: really[1](MOMENT if seconds is None else seconds)
datetime.date, datetime.datetime = Day, Now
from aftale.commands.main import run
run()
"""
DAYS = {"today": "1430000000", "years later": "1893456000"}
SEEDS = ("0", "4711")


def run(folder: Path, *args: object, seed: str = "0", clock: str = DAYS["today"]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OTHER_DAY, *map(str, args)], cwd=folder, capture_output=True, encoding="utf-8", timeout=120,
        env={**os.environ, "PYTHONHASHSEED": seed, "CLOCK": clock, "TZ": "UTC" if seed == "0" else "Asia/Tokyo"})
    assert done.returncode in (0, 1) and done.stderr == "", done.stderr


def age(folder: Path, seconds: int) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (seconds, seconds))


@pytest.fixture
def answered(year: Year) -> Year:
    """A round with what makes merging hard: two who disagree, a file twice, versions, remarks to join, proposals."""
    save = datetime(2015, 11, 1, 8)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 2, "Status": "Opfyldt", "Bemærkninger": "Ét"}}, "b.xlsx",
              "Lederen af Husteamet", saved=save)
    year.fill("Husteamet", {"M2.1.1": {"Resultat": 3, "Status": "Opfyldt", "Bemærkninger": "To"}}, "a.xlsx",
              "Vikaren i Husteamet", saved=save)
    year.fill("Ungeteamet", {"M1.2.1": {"Status": "opfyldt "}}, "u1.xlsx", "Vikaren i Ungeteamet", saved=save)
    year.fill("Ungeteamet", {"M1.2.1": {"Status": "Ikke opfyldt"}}, "u2.xlsx", "Vikaren i Ungeteamet",
              saved=datetime(2015, 11, 3, 9))
    year.fill("Digitalteamet", {"M1.1.1.2": {"Resultat": "4,5"}}, "d.xlsx", saved=save)
    year.fill("Landdistriktsteamet", {"M1.1.1.2": {"Resultat": 5}}, "l.xlsx", saved=save,
              change=lambda sheet: sheet.cell(3, 40, "Se også vedlagte"))
    shutil.copy(year.answers / "d.xlsx", year.answers / "d - Kopi.xlsx")
    (year.answers / "nej.xlsx").write_text("ikke et regneark")
    return year


def other_places(year: Year, tmp_path: Path) -> Iterator[tuple[list[Path], list[Path]]]:
    """Yield the same answers laid out in two ways: one folder; and subfolders, in the other order, other ages."""
    first = sorted(year.answers.iterdir())
    yield [year.answers], first
    scattered = tmp_path / "helt" / "andre mapper æøå"
    for number, path in enumerate(reversed(first)):
        (scattered / str(number % 3)).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, scattered / str(number % 3) / path.name)
    age(scattered, 1_000_000_000)
    yield [scattered / "2", scattered / "0", scattered / "1"], sorted(scattered.rglob("*.xlsx"), reverse=True)


def test_generer(tmp_path: Path) -> None:
    made = []
    for number, (seed, clock) in enumerate(zip(SEEDS, DAYS.values(), strict=True)):
        folder = tmp_path / ("her", "et andet sted æøå")[number]
        shutil.copytree(example_path(), folder / "kilde")
        age(folder, 1_000_000_000 + number * 100_000_000)
        run(folder, "generer", "kilde", "--ud", "aftale.xlsx", seed=seed, clock=clock)
        made.append((folder / "aftale.xlsx").read_bytes())
    assert made[0] == made[1]


def test_fordel(year: Year, tmp_path: Path) -> None:
    made = []
    for number, (seed, clock) in enumerate(zip(SEEDS, DAYS.values(), strict=True)):
        folder = tmp_path / ("her", "et andet sted æøå")[number]
        folder.mkdir()
        shutil.copyfile(year.agreement, folder / f"aftalen {number}.xlsx")
        run(folder, "fordel", f"aftalen {number}.xlsx", "--runde", "midtvejs", "--ud", f"ud{number}", "--frist", "10.6",
            seed=seed, clock=clock)
        made.append({path.name: path.read_bytes() for path in (folder / f"ud{number}").iterdir()})
    assert made[0] == made[1] and len(made[0]) == 8


def test_flet(answered: Year, tmp_path: Path) -> None:
    made = []
    for number, (folders, _) in enumerate(other_places(answered, tmp_path)):
        folder = tmp_path / ("her", "der æøå")[number]
        folder.mkdir()
        shutil.copyfile(answered.agreement, folder / "aftale.xlsx")
        run(folder, "flet", "aftale.xlsx", *folders, "--ud", f"opfoelgning{number}.xlsx", seed=SEEDS[number],
            clock=list(DAYS.values())[number])
        made.append((folder / f"opfoelgning{number}.xlsx").read_bytes())
    assert made[0] == made[1]


def test_flet_whatever_the_order_of_the_files(answered: Year, tmp_path: Path) -> None:
    out = tmp_path / "ud.xlsx"
    made = set()
    for _, files in other_places(answered, tmp_path):
        for order in (files, files[::-1], files[3:] + files[:3]):
            (written,) = flet(answered.agreement, order, out).files
            made.add(written.data)
    assert len(made) == 1


def test_flet_one_file_at_a_time_comes_to_the_same_as_all_at_once(answered: Year, tmp_path: Path) -> None:
    all_at_once = tmp_path / "alle.xlsx"
    write_all(list(flet(answered.agreement, [answered.answers], all_at_once).files))
    files = [path for path in sorted(answered.answers.iterdir()) if path.name != "nej.xlsx"]
    out = tmp_path / "en.xlsx"
    for path in (*files[::-1], answered.answers / "nej.xlsx"):
        write_all(list(flet(answered.agreement, [path], out).files))
    assert apart_from_news(out) == apart_from_news(all_at_once)


def test_the_modification_time_of_a_file_decides_nothing_but_its_own_saved_time_does(answered: Year,
                                                                                     tmp_path: Path) -> None:
    """u2 was saved last in its own eyes; the disk may say what it likes."""
    for newest in ("u1.xlsx", "u2.xlsx"):
        age(answered.answers, 1_400_000_000)
        os.utime(answered.answers / newest, (1_500_000_000, 1_500_000_000))
        (goal,) = [g for g in flet(answered.agreement, [answered.answers], tmp_path / "ud.xlsx").data["goals"]
                   if g["id"] == "M1.2.1"]  # type: ignore[attr-defined]
        assert goal["reported"] == "Ikke opfyldt"


def test_nothing_new_means_that_the_file_is_not_rewritten(answered: Year, tmp_path: Path) -> None:
    out = tmp_path / "ud.xlsx"
    write_all(list(flet(answered.agreement, [answered.answers], out).files))
    before = out.stat().st_mtime_ns, out.read_bytes()
    again = flet(answered.agreement, [answered.answers], out)
    assert again.files == () and any("Intet nyt" in sentence for sentence in again.said)
    run(tmp_path, "flet", answered.agreement, answered.answers, "--ud", out)
    assert (out.stat().st_mtime_ns, out.read_bytes()) == before


def test_no_workbook_holds_the_moment_it_was_made(answered: Year, tmp_path: Path) -> None:
    (written,) = flet(answered.agreement, [answered.answers], tmp_path / "ud.xlsx").files
    books = [answered.agreement.read_bytes(), written.data, *(path.read_bytes() for path in answered.forms.values())]
    for data in books:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = package.read("docProps/core.xml").decode()
            assert set(re.findall(r"<dcterms:\w+[^>]*>([^<]*)<", core)) == {"2015-01-01T00:00:00Z"}
            assert [info.filename for info in package.infolist()] == list(dict.fromkeys(package.namelist()))
            assert str(tmp_path).encode() not in b"".join(map(package.read, package.namelist()))


def test_a_part_is_written_alike_in_every_python() -> None:
    """Before 3.13 minidom spelt a quote in text as an entity; in an attribute it must be one."""
    page = minidom.parseString('<a b="x &quot;y&quot; &gt;"><c>IF(A1="",1,2)&gt;0</c>"&amp;quot;"<d/></a>')
    assert xml_of(page) == (b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a b="x &quot;y&quot; &gt;">'
                            b'<c>IF(A1="",1,2)&gt;0</c>"&amp;quot;"<d/></a>')
