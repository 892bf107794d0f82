"""`flet` on a large round beside its floor and beside what people write themselves, in one run on the same files.

Run ``python benchmarks/flet.py [--files 1000] [--goals 500] [--folder MAPPE] [--rounds 3]``. The floor is the bare work:
calamine reads the two sheets in a loop, and xlsxwriter writes the cells of our follow-up, with no formats and no rules.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import python_calamine as calamine
import xlsxwriter
from made import made_round
from watching import Watch


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--goals", type=int, default=500, help="goals in the agreement; each skema has 25 of them")
    parser.add_argument("--copies", type=int, default=1, help="how many persons fill in each skema")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "aftale_benchmark")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-pandas", action="store_true")
    args = parser.parse_args()
    made = made_round(args.folder / f"{args.files}_{args.goals}", args.files, args.goals, args.copies)
    files = sorted(made.answers.iterdir())
    print(f"{len(files)} files, {args.goals} goals in the agreement, {os.cpu_count()} cores,"
          f" Python {sys.version.split()[0]}")
    out = args.folder / "opfoelgning.xlsx"
    ours, _ = repeated(args.rounds, lambda: flet(made.agreement, made.answers, out))
    _, memory = flet(made.agreement, made.answers, out, watched=True)
    cells = cells_of(out)
    reading, _ = repeated(args.rounds, lambda: timed(lambda: bare_reading(files)))
    writing, _ = repeated(args.rounds, lambda: timed(lambda: bare_writing(cells, args.folder / "bare.xlsx")))
    floor = reading + writing
    rows = [("aftale flet, whole process", ours, memory),
            ("(a) the floor: calamine in a loop, bare xlsxwriter", floor, 0.0),
            ("    of which reading", reading, 0.0), ("    of which writing", writing, 0.0)]
    if not args.without_pandas:
        rows.append(("(b) pandas.read_excel with openpyxl, concat, to_excel",
                     timed(lambda: with_pandas(files, args.folder / "pandas.xlsx"))[0], 0.0))
    print("\n| | seconds | ms a file | times (a) | MB |\n|---|---|---|---|---|")
    for name, seconds, most in rows:
        print(f"| {name} | {seconds:.2f} | {1000 * seconds / len(files):.2f} | {seconds / floor:.2f} | "
              f"{f'{most:.0f}' if most else ''} |")


def repeated(rounds: int, measure: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """Return the median of the seconds and the largest of the megabytes."""
    found = [measure() for _ in range(rounds)]
    return statistics.median(seconds for seconds, _ in found), max(most for _, most in found)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return how many seconds something takes, and no memory."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began, 0.0


def flet(agreement: Path, answers: Path, out: Path, watched: bool = False) -> tuple[float, float]:
    """Run the command as a person would; returns seconds and, where it is watched, the peak of all its processes in MB."""
    out.unlink(missing_ok=True)
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "aftale", "flet", str(agreement), str(answers), "--ud", str(out)],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    watch = Watch(process.pid) if watched else None  # looking takes time of its own
    said, wrong = process.communicate()
    seconds = time.perf_counter() - began
    if process.returncode not in (0, 1):
        raise SystemExit((said + wrong).decode())
    return seconds, watch.end() if watch else 0.0


def bare_reading(files: Sequence[Path]) -> None:
    """Read the two sheets that hold the answers and what was sent, and nothing else."""
    for path in files:
        book = calamine.CalamineWorkbook.from_path(str(path), load_tables=False)
        for name in ("Skema", "_aftale"):
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def cells_of(path: Path) -> dict[str, list[list[Any]]]:
    """Return all cells of a workbook."""
    book = calamine.CalamineWorkbook.from_path(str(path), load_tables=False)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def bare_writing(cells: dict[str, list[list[Any]]], path: Path) -> None:
    """Write the same cells without formats, rules, links or widths."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    for name, rows in cells.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value == "":
                    continue
                if isinstance(value, str):
                    sheet.write_string(r, c, value)
                elif isinstance(value, (int, float)):
                    sheet.write_number(r, c, value)
                else:
                    sheet.write_datetime(r, c, value, day)
    book.close()


def with_pandas(files: Sequence[Path], path: Path) -> None:
    """Do what one would write in an afternoon: read every skema, put them under one another, save."""
    import pandas
    warnings.simplefilter("ignore")
    frames = []
    for each in files:
        whole = pandas.read_excel(each, sheet_name="Skema", header=None, engine="openpyxl")
        at = whole.index[(whole == "Mål-id").any(axis=1)][0]
        frame = whole.iloc[at + 1:].set_axis([str(header) for header in whole.iloc[at]], axis=1)
        frames.append(frame.assign(fil=each.name))
    pandas.concat(frames).to_excel(path, index=False)


if __name__ == "__main__":
    main()
