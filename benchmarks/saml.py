"""`aftale saml` of many units, with its processor seconds, beside another checkout of the program where one is named.

Run ``python benchmarks/saml.py [--enheder 40] [--kolleger 20] [--rounds 5] [--beside FOLDER] [--folder FOLDER]``
on Linux. A few units are played through by `benchmarks/land.py`, the others are drawn after them. `saml` is measured twice:
on the follow-ups as we wrote them, and on the same as another program saved them (openpyxl). The checkouts take turns, so
that what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

import openpyxl
from land import Country, draw_rest, make, merge_all
from watching import Took, run

_PLAYED = 4


def main() -> None:
    """Make the units, measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--enheder", type=int, default=40)
    parser.add_argument("--kolleger", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--beside", type=Path, help="the folder of another checkout")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "aftale_saml")
    args = parser.parse_args()
    drawn, saved = made_units(args.folder, args.enheder, args.kolleger)
    trees = {"this checkout": Path(__file__).resolve().parents[1], **({"beside": args.beside} if args.beside else {})}
    print("| | | processor seconds | of which workers | ms a follow-up | seconds by the clock |\n|---|---|---|---|---|---|")
    for folder, what in ((drawn, "as we wrote them"), (saved, "saved by another program")):
        found: dict[str, list[Took]] = {name: [] for name in trees}
        for _ in range(args.rounds):
            for name, tree in trees.items():
                (args.folder / "samling.xlsx").unlink(missing_ok=True)
                found[name].append(run(["saml", folder, "--ud", args.folder / "samling.xlsx"], tree=tree))
        for name, took in found.items():
            workers, cpu = (statistics.median(getattr(each, key) for each in took) for key in ("workers", "cpu"))
            print(f"| {args.enheder} follow-ups {what} | {name} | {cpu:.2f} | {workers:.2f} |"
                  f" {1000 * cpu / args.enheder:.0f} | {statistics.median(each.clock for each in took):.2f} |")


def made_units(folder: Path, units: int, colleagues: int = 20) -> tuple[Path, Path]:
    """Make the follow-ups that aren't there yet; returns the folders of ours, and of those that another saved."""
    drawn, saved = folder / "drawn", folder / "saved"
    if saved.exists():
        return drawn, saved
    country = Country(folder / f"{units}_{colleagues}", 1, units, colleagues)
    played = min(_PLAYED, units)
    make(country, played)
    merge_all(country, played)
    draw_rest(country, played, units)
    for each in (drawn, saved):
        each.mkdir(parents=True, exist_ok=True)
    for number in range(country.units):
        data = (country.unit(number) / "opfoelgning.xlsx").read_bytes()
        (drawn / f"enhed_{number:03d}.xlsx").write_bytes(data)
        openpyxl.load_workbook(country.unit(number) / "opfoelgning.xlsx").save(saved / f"enhed_{number:03d}.xlsx")
    return drawn, saved


if __name__ == "__main__":
    main()
