"""All that the program aims at, measured in one run beside the bare floor and beside pandas, as one table.

Run ``python benchmarks/aims.py [--folder FOLDER] [--rounds 3] [--only NAME,…]`` on Linux, on a machine that does nothing
else. Each line has the cheapest of several runs as a whole process with its modules compiled: the processor's seconds over
all its processes, and seconds by the clock. The first run makes the files, which takes some minutes. The floor is the bare
work: calamine reads the two sheets of each file in a loop, and xlsxwriter writes the cells of the follow-up.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flet import bare_reading, bare_writing, cells_of, with_pandas
from made import DOUBTFUL, Made, made_round
from saml import made_units
from watching import Took, best, run

_UNITS = 40
_SAVED = (("as we wrote them", "15 ms"), ("saved by another program", "50 ms"))


@dataclass(frozen=True)
class Aims:
    """Where the rounds lie, and how often each is measured."""

    folder: Path
    rounds: int

    def small(self) -> None:
        """Measure a unit's ordinary day: 20 skemaer, a year's folder, and the help."""
        made, out = self._round(20, 25)
        tell("`flet` of 20", "0.8 s", best(self.rounds, flet(made, out), new=out))
        tell("`flet` of 20, again", "0.5 s", best(self.rounds, flet(made, out)))
        forms = made.agreement.parent / "nye_skemaer"
        tell("`fordel` of 20", "0.7 s", best(self.rounds, fordel(made, forms), new=forms))
        year = self.folder / "demo"
        if not year.exists():
            run(["demo", year])
        tell("`aftale` alone, in the year of `aftale demo`", "0.4 s", best(self.rounds, [], year))
        tell("`aftale --help`", "0.2 s", best(self.rounds, ["--help"], year))

    def thousand(self) -> None:
        """Measure 1,000 skemaer of 500 goals beside their floor and pandas, and what they take of memory."""
        made, out = self._round(1000, 500)
        ours = best(self.rounds, flet(made, out), new=out)
        tell("`flet` of 1,000, 500 goals", "3.0 s", ours)
        floor = self._floor(made, out)
        tell("    the floor", f"{ours.cpu / floor.cpu:.1f} times it", floor)
        pandas = timed(lambda: with_pandas(sorted(made.answers.iterdir()), self.folder / "pandas.xlsx"))
        tell("    pandas with openpyxl", f"8 times faster: {pandas.clock / ours.clock:.1f}", pandas)
        out.unlink()
        tell("    over all its processes", "250 MB", run(flet(made, out), watched=True))
        tell("`flet` of 1,000, again", "", best(self.rounds, flet(made, out)))
        forms = made.agreement.parent / "nye_skemaer"
        tell("`fordel` of 1,000", "12 s", best(1, fordel(made, forms), new=forms))

    def goals(self) -> None:
        """Measure 1,000 skemaer of 25,000 different goals beside their floor."""
        made, out = self._round(1000, 25_000)
        ours, floor = best(1, flet(made, out), new=out), self._floor(made, out)
        tell("`flet` of 1,000, 25,000 goals", f"3 times the floor: {ours.cpu / floor.cpu:.1f}", ours)
        tell("    the floor", "", floor)

    def lines(self) -> None:
        """Measure a second run over 20,000 lines on ``Kontrol`` beside the first."""
        made = made_round(self.folder / "doubtful_40_1000", 40, 1000, 20, DOUBTFUL)
        out = made.agreement.parent / "opfoelgning.xlsx"
        first, again = best(1, flet(made, out), new=out), best(1, flet(made, out))
        tell("`flet` of 800, 20,000 lines on `Kontrol`", "", first)
        tell("    again", f"1.1 times the first: {again.cpu / first.cpu:.2f}", again)

    def saml(self) -> None:
        """Measure what a further follow-up takes: the difference between half of the units and all of them."""
        for folder, (what, aim) in zip(made_units(self.folder / "saml", _UNITS), _SAVED, strict=True):
            files, out = sorted(folder.iterdir()), self.folder / "samling.xlsx"
            half, whole = (best(self.rounds, ["saml", *files[:number], "--ud", out], new=out)
                           for number in (_UNITS // 2, _UNITS))
            further = 1000 * (whole.cpu - half.cpu) / (_UNITS - _UNITS // 2)
            tell(f"`saml` of {_UNITS} {what}", f"{aim} for a further one: {further:.0f} ms", whole)

    def _round(self, forms: int, goals: int) -> tuple[Made, Path]:
        made = made_round(self.folder / f"{forms}_{goals}", forms, goals)
        return made, made.agreement.parent / "opfoelgning.xlsx"

    def _floor(self, made: Made, out: Path) -> Took:
        cells = cells_of(out)
        files = sorted(made.answers.iterdir())
        return min(timed(lambda: (bare_reading(files), bare_writing(cells, self.folder / "bare.xlsx")))
                   for _ in range(self.rounds))


def flet(made: Made, out: Path) -> list[object]:
    """Return how answers are merged."""
    return ["flet", made.agreement, made.answers, "--ud", out]


def fordel(made: Made, folder: Path) -> list[object]:
    """Return how skemaer are made."""
    return ["fordel", made.agreement, "--runde", "midtvejs", "--ud", folder]


def timed(work: Callable[[], object]) -> Took:
    """Return what something takes in this process."""
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return Took(time.process_time() - cpu, time.perf_counter() - clock, 0.0)


def tell(what: str, aim: str, took: Took) -> None:
    """Print a line of the table."""
    memory = f"{took.memory:.0f}" if took.memory else ""
    print(f"| {what} | {aim} | {took.cpu:.2f} | {took.clock:.2f} | {memory} |", flush=True)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "aftale_aims")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="small,thousand,lines,saml,goals")
    args = parser.parse_args()
    aims = Aims(args.folder, args.rounds)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n")
    print("| work | aim | processor | clock | MB |\n|---|---|---|---|---|")
    for name in args.only.split(","):
        getattr(aims, name)()


if __name__ == "__main__":
    main()
