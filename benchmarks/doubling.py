"""Whether the program's cost grows in a straight line: doubles one kind of work at a time, and fails where one explodes.

Run ``python benchmarks/doubling.py [--folder FOLDER] [--rounds 3] [--only NAME,…]`` on Linux. The cost of a kind is the
processor's seconds of `aftale flet` beyond those that one skema takes: doubling the work may not cost more than 2.4 times as
many. Where it does, the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from made import DISAGREED, DOUBTFUL, Made, made_round
from watching import best

MOST = 2.4
"""How many times as much doubled work may cost."""


@dataclass(frozen=True)
class Bench:
    """Where the rounds lie, and how often each is measured."""

    folder: Path
    rounds: int

    def first(self, made: Made) -> float:
        """Return the seconds of merging a round for the first time."""
        out = self._out(made)
        return best(self.rounds, self._flet(made, out), new=out).cpu

    def again(self, made: Made, change: Callable[[openpyxl.Workbook], None] = lambda book: None) -> float:
        """Return the seconds of merging once more, into a follow-up that another program has saved, changed or not."""
        out = self._out(made)
        best(1, self._flet(made, out), new=out)
        book = openpyxl.load_workbook(out)
        change(book)
        book.save(out)
        saved, found = out.read_bytes(), []
        for _ in range(self.rounds):
            out.write_bytes(saved)
            found.append(best(1, self._flet(made, out)).cpu)
        return min(found)

    def _out(self, made: Made) -> Path:
        return made.answers.parent / "opfoelgning.xlsx"

    def _flet(self, made: Made, out: Path) -> list[object]:
        return ["flet", made.agreement, made.answers, "--ud", out]

    def round(self, forms: int, goals: int, copies: int = 1, how: str = "agreed", each: int = 25) -> Made:
        """Return a round, made where it isn't there yet."""
        return made_round(self.folder / f"{how}_{forms}_{goals}_{each}", forms, goals, copies, how, each)


def own_columns(number: int) -> Callable[[openpyxl.Workbook], None]:
    """Return what gives a follow-up so many columns of the coordinator's."""
    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Opfølgning"]
        header = next(cell for row in sheet.iter_rows(max_row=20) for cell in row if cell.value == "Mål-id")
        for column in range(sheet.max_column + 1, sheet.max_column + 1 + number):
            for row in range(header.row, sheet.max_row + 1):
                sheet.cell(row, column).value = f"Min note {column}" if row == header.row else f"Note {row} {column}"
    return change


def own_sheets(number: int) -> Callable[[openpyxl.Workbook], None]:
    """Return what gives a follow-up so many sheets of the coordinator's."""
    def change(book: openpyxl.Workbook) -> None:
        for each in range(number):
            sheet = book.create_sheet(f"Mit ark {each}")
            for row in range(1, 101):
                sheet.append([f"Note {row}", row, row / 7, "=B1*2"])
    return change


def kinds(bench: Bench) -> Mapping[str, Callable[[int], float]]:
    """Return what each kind of work costs, once (1) and doubled (2)."""
    return {
        "files": lambda times: bench.first(bench.round(100 * times, 250)),
        "goals": lambda times: bench.first(bench.round(20, 500 * times, each=25 * times)),
        "goals of nobody": lambda times: bench.first(bench.round(4, 1000 * times)),
        "conflicts": lambda times: bench.first(bench.round(1, 25, 100 * times, DISAGREED)),
        "conflicts, again": lambda times: bench.again(bench.round(1, 25, 100 * times, DISAGREED)),
        "lines on Kontrol": lambda times: bench.first(bench.round(100 * times, 250, how=DOUBTFUL)),
        "lines on Kontrol, again": lambda times: bench.again(bench.round(100 * times, 250, how=DOUBTFUL)),
        "goals, again": lambda times: bench.again(bench.round(20, 500 * times, each=25 * times)),
        "own columns": lambda times: bench.again(bench.round(20, 250), own_columns(20 * times)),
        "own sheets": lambda times: bench.again(bench.round(20, 250), own_sheets(20 * times)),
    }


def main() -> None:
    """Measure, print a table, and fail where doubled work costs too much."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "aftale_doubling")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    warnings.simplefilter("ignore")  # openpyxl leaves out what it doesn't know, as other programs do
    bench = Bench(args.folder, args.rounds)
    smallest = bench.first(bench.round(1, 25))
    print(f"One skema takes {smallest:.2f} s of the processor; {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    print("| doubled | once | doubled | times |\n|---|---|---|---|")
    failed = []
    for name, cost in kinds(bench).items():
        if args.only and name not in args.only.split(","):
            continue
        once, twice = (max(cost(times) - smallest, 0.01) for times in (1, 2))
        print(f"| {name} | {once:.2f} | {twice:.2f} | {twice / once:.2f} |", flush=True)
        failed += [name] if twice / once > MOST else []
    if failed:
        sys.exit(f"Doubled, it costs more than {MOST} times as much: {', '.join(failed)}")


if __name__ == "__main__":
    main()
