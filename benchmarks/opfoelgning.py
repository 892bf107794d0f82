"""Drawing a large follow-up beside its floor, and opening it in LibreOffice.

Run ``python benchmarks/opfoelgning.py [--goals 1000] [--people 200] [--folder MAPPE] [--rounds 5]``. The floor is bare
xlsxwriter: the same cells of the same sheets, with no formats, rules, links, formulas or widths.
"""

from __future__ import annotations

import argparse
import html
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flet import bare_writing, cells_of
from made import made_round

from aftale.model.tables import FollowUpBook
from aftale.office.safe_write import write_all
from aftale.steps import flet as step

_MODULE = ('<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument'
           ' 1.0//EN" "module.dtd"><script:module xmlns:script="http://openoffice.org/2000/script" script:name="Watch"'
           ' script:language="StarBasic">{}</script:module>')
_LIBRARY = ('<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument'
            ' 1.0//EN" "library.dtd"><library:library xmlns:library="http://openoffice.org/2000/library"'
            ' library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element'
            ' library:name="Watch"/></library:library>')


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--goals", type=int, default=1000)
    parser.add_argument("--people", type=int, default=200, help="how many colleagues; each has 25 of the goals")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "aftale_benchmark")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    made = made_round(args.folder / f"{args.people}_{args.goals}", args.people, args.goals)
    out = args.folder / "stor_opfoelgning.xlsx"
    book, seconds = merged(made.agreement, made.answers, out)
    cells = cells_of(out)
    drawing = median(args.rounds, lambda: step.draw(book))
    floor = median(args.rounds, lambda: bare_writing(cells, args.folder / "bare.xlsx"))
    print(f"{args.goals} goals, {args.people} colleagues, {out.stat().st_size / 1e6:.1f} MB,"
          f" {sum(value != '' for rows in cells.values() for row in rows for value in row)} filled cells,"
          f" {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print("\n| | seconds | beyond the floor |\n|---|---|---|")
    print(f"| drawing the follow-up | {drawing:.2f} | {drawing - floor:.2f} |")
    print(f"| the floor: bare xlsxwriter | {floor:.2f} | |")
    print(f"| the whole step `flet` in process, once | {seconds:.2f} | |")
    for name, took in in_libreoffice(out, args.folder).items():
        print(f"| LibreOffice: {name} | {took:.2f} | |")


def merged(agreement: Path, answers: Path, out: Path) -> tuple[FollowUpBook, float]:
    """Make the follow-up once; returns it as it was handed to the drawing, and the seconds of the whole step."""
    books: list[FollowUpBook] = []
    draw = step.draw

    def watched(book: FollowUpBook) -> bytes:
        books.append(book)
        return draw(book)

    out.unlink(missing_ok=True)
    step.draw = watched
    began = time.perf_counter()
    write_all(list(step.flet(agreement, [answers], out).files))
    seconds = time.perf_counter() - began
    step.draw = draw
    return books[0], seconds


def median(rounds: int, work: Callable[[], object]) -> float:
    """Return the median of the seconds that something takes."""
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def in_libreoffice(path: Path, folder: Path) -> dict[str, float]:
    """Open a follow-up in LibreOffice, filter it and calculate it; returns seconds by what was done."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return {}
    profile, answer = folder / "profil", folder / "tider.txt"
    start = [program, f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--norestore"]
    subprocess.run([*start, "--terminate_after_init"], check=True, capture_output=True, timeout=120)
    library = profile / "user" / "basic" / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    macro = (Path(__file__).parent / "stopwatch.bas").read_text(encoding="utf-8")
    (library / "Watch.xba").write_text(_MODULE.format(html.escape(macro)), encoding="utf-8")
    (library / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    answer.unlink(missing_ok=True)
    call = f'macro:///Standard.Watch.Work("{path.resolve().as_uri()}","{answer.resolve().as_uri()}")'
    subprocess.run([*start, call], check=True, capture_output=True, timeout=300)
    lines = answer.read_text(encoding="utf-8").split("\n")
    return {name: float(ticks) / 1000 for name, ticks in (line.split("\t") for line in lines if line)}


if __name__ == "__main__":
    main()
