"""`aftale saml` of many units, with its processor seconds, beside another checkout of the program where one is named.

Run ``python benchmarks/saml.py [--enheder 40] [--kolleger 20] [--rounds 5] [--beside FOLDER] [--folder FOLDER]``
on Linux. A few units are played through by `benchmarks/land.py`, the others are drawn after them. `saml` is measured twice:
on the follow-ups as we wrote them, and on the same as another program saved them (openpyxl). The checkouts take turns, so
that what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from land import Country, draw_rest, make, merge_all

_SUBREAPER = 36
_PLAYED = 4


@dataclass(frozen=True)
class Took:
    """The processor seconds of a command and of its workers, and how long it took by the clock."""

    own: float
    workers: float
    clock: float


def main() -> None:
    """Make the units, measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--enheder", type=int, default=40)
    parser.add_argument("--kolleger", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--beside", type=Path, help="the folder of another checkout")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "aftale_saml")
    args = parser.parse_args()
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)  # or the seconds of workers that end last are nobody's
    country = Country(args.folder / f"{args.enheder}_{args.kolleger}", 1, args.enheder, args.kolleger)
    drawn, saved = args.folder / "drawn", args.folder / "saved"
    _make(country, drawn, saved)
    trees = {"this checkout": Path(__file__).resolve().parents[1], **({"beside": args.beside} if args.beside else {})}
    print("| | | processor seconds | of which workers | ms a follow-up | seconds by the clock |\n|---|---|---|---|---|---|")
    for folder, what in ((drawn, "as we wrote them"), (saved, "saved by another program")):
        found: dict[str, list[Took]] = {name: [] for name in trees}
        for _ in range(args.rounds):
            for name, tree in trees.items():
                found[name].append(run(tree, folder, args.folder / "samling.xlsx"))
        for name, took in found.items():
            workers, own = (statistics.median(getattr(each, key) for each in took) for key in ("workers", "own"))
            print(f"| {args.enheder} follow-ups {what} | {name} | {own + workers:.2f} | {workers:.2f} |"
                  f" {1000 * (own + workers) / args.enheder:.0f} | {statistics.median(each.clock for each in took):.2f} |")


def _make(country: Country, drawn: Path, saved: Path) -> None:
    """Make the follow-ups that aren't there yet, as we write them and as another program saves them."""
    if saved.exists():
        return
    played = min(_PLAYED, country.units)
    make(country, played)
    merge_all(country, played)
    draw_rest(country, played, country.units)
    for folder in (drawn, saved):
        folder.mkdir(parents=True, exist_ok=True)
    for number in range(country.units):
        data = (country.unit(number) / "opfoelgning.xlsx").read_bytes()
        (drawn / f"enhed_{number:03d}.xlsx").write_bytes(data)
        openpyxl.load_workbook(country.unit(number) / "opfoelgning.xlsx").save(saved / f"enhed_{number:03d}.xlsx")


def run(tree: Path, folder: Path, out: Path) -> Took:
    """Run `saml` of a checkout as a person would, with a new workbook to write."""
    out.unlink(missing_ok=True)
    began = time.perf_counter()
    pid = os.fork()
    if not pid:
        os.chdir(tree)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.execve(sys.executable, [sys.executable, "-m", "aftale", "saml", str(folder), "--ud", str(out)],
                  {**os.environ, "PYTHONPATH": str(tree)})
    own = workers = clock = 0.0
    while True:
        try:
            ended, _, used = os.wait4(-1, 0)
        except ChildProcessError:
            return Took(own, workers, clock)
        if ended == pid:
            own, clock = used.ru_utime + used.ru_stime, time.perf_counter() - began
        else:
            workers += used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
