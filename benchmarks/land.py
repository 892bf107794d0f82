"""A generated country: municipalities of units of colleagues, through `flet` for every unit and `saml` for them all.

Run ``python benchmarks/land.py [--kommuner 98] [--enheder 10] [--kolleger 20] [--steps 10,33] [--played N]``. Every unit
has an agreement of its own, made by `generer`, its skemaer by `fordel`, filled in by every colleague and merged by the
real command. ``--played`` lets only so many units be played through: the follow-ups of the others are those, drawn again
under the units' own names. ``--steps`` are the smaller countries that `saml` goes through as well, so that one sees how
it grows. Beside `saml` stands what one would write in an afternoon: `pandas.read_excel` of every follow-up's `Opfølgning`,
put under one another and saved, on the smallest of them. ``--folder`` says where the country lies.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from watching import Watch

from aftale.followup.build import follow_up
from aftale.followup.draw_xlsx import draw
from aftale.forms.plan import plan_forms
from aftale.model.agreement import Round, Status
from aftale.model.columns import maal_columns
from aftale.office.safe_write import write_all
from aftale.office.shipped_files import template_path
from aftale.steps.demo_answers_xlsx import FilledIn, fill_in
from aftale.steps.fordel import fordel
from aftale.steps.generer import generer
from aftale.steps.send import prepare

STATUSES = (Status.MET, Status.MET, Status.PARTLY, Status.EXPECTED, Status.AWAITING, Status.NOT_STARTED)
DEMANDS = ("Bredde", "Tilgængelighed", "Partnerskaber", "")


@dataclass(frozen=True)
class Country:
    """How large the country is, and where it lies."""

    folder: Path
    municipalities: int
    units: int
    colleagues: int

    def unit(self, number: int) -> Path:
        """Return the folder of a unit."""
        return self.folder / f"kommune_{number // self.units:03d}" / f"enhed_{number % self.units:02d}"


def main() -> None:
    """Make the country, measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kommuner", type=int, default=98)
    parser.add_argument("--enheder", type=int, default=10)
    parser.add_argument("--kolleger", type=int, default=20)
    parser.add_argument("--steps", default="10,33")
    parser.add_argument("--played", type=int, default=0, help="how many units are played through; 0 for all")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "aftale_land")
    parser.add_argument("--without-pandas", action="store_true")
    args = parser.parse_args()
    country = Country(args.folder / f"{args.enheder}_{args.kolleger}", args.kommuner, args.enheder, args.kolleger)
    units = country.municipalities * country.units
    played = args.played or units
    made = timed(lambda: make(country, played))
    print(f"{country.municipalities} municipalities, {units} units, {units * country.colleagues} skemaer,"
          f" {os.cpu_count()} cores, Python {sys.version.split()[0]}; made in {made:.0f} s")
    print("\n| | seconds | each | MB |\n|---|---|---|---|")
    tell(f"`aftale flet`, {played} units in turn, a process each", *merge_all(country, played), played)
    draw_rest(country, played, units)
    sizes = sorted({int(step) for step in args.steps.split(",") if step} | {country.municipalities})
    for size in sizes:
        followups = [country.unit(number) / "opfoelgning.xlsx" for number in range(size * country.units)]
        out = args.folder / f"overblik_{size}.xlsx"
        out.unlink(missing_ok=True)
        tell(f"`aftale saml`, {len(followups)} follow-ups", *watched(
            ["saml", *map(str, followups), "--ud", str(out)]), len(followups))
        if played == units:
            listed, right = held(country, out)
            print(f"<!-- {listed} goals in the overview, {right} with what was filled in -->", flush=True)
        if not args.without_pandas and size == sizes[0]:
            seconds = timed(lambda paths=followups: with_pandas(paths, args.folder / "pandas.xlsx"))  # type: ignore[misc]
            tell(f"pandas on the same {len(followups)}", seconds, 0.0, len(followups))


def tell(what: str, seconds: float, most: float, number: int) -> None:
    """Print a row of the table."""
    print(f"| {what} | {seconds:.1f} | {1000 * seconds / number:.1f} ms | {f'{most:.0f}' if most else ''} |", flush=True)


def timed(work: object) -> float:
    """Return how many seconds something takes."""
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


# ---------------------------------------------------------------- making it

def make(country: Country, units: int) -> None:
    """Make every unit that isn't there yet, on all cores."""
    with ProcessPoolExecutor() as pool:
        for _ in pool.map(_make_unit, [(country, number) for number in range(units)], chunksize=5):
            pass


def _make_unit(task: tuple[Country, int]) -> None:
    country, number = task
    folder = country.unit(number)
    if (folder / "svar").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    _write_source(folder, number, country)
    agreement = folder / "aftale.xlsx"
    write_all(list(generer(folder, agreement, template_path()).files))
    write_all(list(fordel(agreement, Round.AARSOPFOELGNING, folder / "skemaer").files))
    filled = list(_answers(folder, number))
    (folder / "svar").mkdir()
    for name, data in filled:
        (folder / "svar" / name).write_bytes(data)


def draw_rest(country: Country, played: int, units: int) -> None:
    """Draw the follow-ups of the units that aren't played through, on all cores."""
    with ProcessPoolExecutor() as pool:
        for _ in pool.map(_draw_unit, [(country, number, number % played) for number in range(played, units)], chunksize=5):
            pass


def _draw_unit(task: tuple[Country, int, int]) -> None:
    country, number, like = task
    out = country.unit(number) / "opfoelgning.xlsx"
    if out.exists():
        return
    prepared = prepare(country.unit(like) / "opfoelgning.xlsx")
    name = unit_name(country, number)
    new = replace(prepared.agreement, unit=name, id=f"A-{sha256(name.encode()).hexdigest()[:12]}")
    state = prepared.standing.state
    result = follow_up(new, state, plan_forms(new, state.round, None), date(new.year, 1, 1))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(draw(result.book))


def unit_name(country: Country, number: int) -> str:
    """Return what a unit is called."""
    return f"Enhed {number % country.units} i Kommune {number // country.units}"


def _write_source(folder: Path, number: int, country: Country) -> None:
    headers = [column.header for column in maal_columns(range(2015, 2019))]
    with (folder / "maal.csv").open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream, delimiter=";")
        rows.writerow(headers)
        for goal in range(country.colleagues + country.colleagues // 4):
            row = dict.fromkeys(headers, "") | {
                "Udviklingsmål": f"Eksternt: Udvikling {goal % 4}", "Fokusområde": f"Fokus {goal % 8}",
                "Effektmål": f"Mål {goal} i enhed {number}: flere borgere bruger tilbuddet og er med til at skabe det",
                "2015": "x", "2016": "x", "KSE-krav": DEMANDS[goal % 4], "Måltype": "Mindst", "Måltal": str(10 + goal),
                "Måleenhed": "arrangementer", "Opgøres": "Pr. år", "Ansvarlig": f"Team {goal % country.colleagues:02d}"}
            rows.writerow([row[header] for header in headers])
    (folder / "aftale.toml").write_text(
        f'enhed = "{unit_name(country, number)}"\nafdeling = "Kultur"\naar = 2015\n'
        'periode = "2015-2018"\ntema = "Fællesskaber"\nfrist_aarsopfoelgning = "2015-11-11"\n', encoding="utf-8")


def _answers(folder: Path, number: int) -> Iterator[tuple[str, bytes]]:
    """Yield every skema filled in, each a little otherwise."""
    from aftale.cells.hidden_sheet import find_record
    from aftale.forms.plan import form_from_record
    from aftale.intake.read import read_workbook
    for path in sorted((folder / "skemaer").iterdir()):
        form = form_from_record(find_record(read_workbook(path))[1])  # type: ignore[arg-type]
        assert form is not None
        answers = {}
        for line in form.lines:
            figure, status = answer(number, line.goal)
            answers[line.goal] = {"Resultat": figure, "Opgjort pr.": date(2015, 10, 31), "Status": status.value,
                                  "Bemærkninger": f"Der er holdt {figure} arrangementer, og flere er planlagt."}
        filled = FilledIn(form.owner.name, f"{form.owner.name}s koordinator", datetime(2015, 11, 5, 9), answers)
        yield path.name, fill_in(path.read_bytes(), filled)


def answer(number: int, goal: str) -> tuple[int, Status]:
    """Return what is answered to a goal of a unit with a number: its result and its status."""
    figure = (number * 7 + len(goal) + int(goal.rsplit(".", 1)[-1]) * 3) % 40
    return figure, STATUSES[figure % len(STATUSES)]


# ---------------------------------------------------------------- measuring

def merge_all(country: Country, units: int) -> tuple[float, float]:
    """Run `flet` for every unit whose follow-up isn't there; returns seconds for them all and the largest peak in MB."""
    seconds, peaks = [], []
    for number in range(units):
        folder = country.unit(number)
        out = folder / "opfoelgning.xlsx"
        out.unlink(missing_ok=True)
        watch_this = number % 50 == 0  # looking takes time of its own
        args = ["flet", str(folder / "aftale.xlsx"), str(folder / "svar"), "--ud", str(out)]
        took, most = watched(args) if watch_this else (timed(lambda words=args: run(words)), 0.0)  # type: ignore[misc]
        seconds.append(took)
        peaks.append(most)
    return statistics.fmean(seconds) * units, max(peaks)


def run(args: Sequence[str]) -> None:
    """Run a command as a person would."""
    done = subprocess.run([sys.executable, "-m", "aftale", *args], capture_output=True)
    if done.returncode not in (0, 1):
        raise SystemExit((done.stdout + done.stderr).decode())


def watched(args: Sequence[str]) -> tuple[float, float]:
    """Run a command and return its seconds and the peak of all its processes in MB."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([sys.executable, "-m", "aftale", *args], stdout=said, stderr=said)
        watch = Watch(process.pid)
        process.wait()
        seconds = time.perf_counter() - began
        if process.returncode not in (0, 1):
            said.seek(0)
            raise SystemExit(said.read().decode())
    return seconds, watch.end()


def held(country: Country, out: Path) -> tuple[int, int]:
    """Return how many goals an overview lists, and how many of them with the very status and result that were filled in."""
    from python_calamine import CalamineWorkbook
    rows = CalamineWorkbook.from_path(out).get_sheet_by_name("Mål").to_python()
    top = next(number for number, row in enumerate(rows) if "Mål-id" in row)
    unit, goal, status, result = (rows[top].index(header) for header in ("Enhed", "Mål-id", "Status", "Resultat"))
    numbers = {unit_name(country, number): number for number in range(country.municipalities * country.units)}
    listed = [row for row in rows[top + 1:] if row[goal]]
    right = sum((row[result], row[status]) == answer(numbers[str(row[unit])], str(row[goal])) for row in listed)
    return len(listed), right


def with_pandas(paths: Sequence[Path], out: Path) -> None:
    """Do what one would write in an afternoon: read every follow-up's goals, put them under one another, save."""
    import pandas
    warnings.simplefilter("ignore")
    frames = []
    for path in paths:
        whole = pandas.read_excel(path, sheet_name="Opfølgning", header=None, engine="openpyxl")
        at = whole.index[(whole == "Mål-id").any(axis=1)][0]
        frame = whole.iloc[at + 1:].set_axis([str(header) for header in whole.iloc[at]], axis=1)
        frames.append(frame.assign(fil=str(path)))
    pandas.concat(frames).to_excel(out, index=False)


if __name__ == "__main__":
    main()
