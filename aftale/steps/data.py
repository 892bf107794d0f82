"""data: every goal of every unit, year and round as a table for analysis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from aftale.intake.read import read_bytes
from aftale.intake.workers import Progress
from aftale.model.agreement import Status
from aftale.model.findings import Finding, Severity
from aftale.model.text import count, some
from aftale.model.workbook import Workbook
from aftale.office.as_saved import as_we_saved_it
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import ToWrite, digest, earlier_name
from aftale.steps.saml import nothing_there, received_in
from aftale.units.data_rows import RESULTS, left_empty, result_rows, too_long
from aftale.units.draw_data_xlsx import SHEET, draw_data
from aftale.units.frames import Frames, csv_bytes, frame_of, frames_of, from_csv, parquet_bytes
from aftale.units.which_count import Across, UnitYear, gather_units

HEADERS = ("Enhed", "År", "Runde", "Rækker", "Årets effektmål", "Opfyldt")
CSV, XLSX, PARQUET = ".csv", ".xlsx", ".parquet"
_PARQUET_MARK = b"PAR1"


def data(paths: Sequence[Path], out: Path, english: bool = False, progress: Progress | None = None) -> Report:
    """Write all that agreements and follow-ups say of their goals, one row per unit, year, round and goal.

    ``english`` writes a .csv with commas between the fields and points in the numbers. Raises CannotDo where there is
    nothing to write, what stands at ``out`` is something else, or .parquet can't be written here.
    """
    suffix = _suffix(out, english)
    across, problems = _gathered(paths, [out], progress)
    if not across.rounds:
        raise CannotDo(nothing_there(paths, problems, across.files, "data", "aftaler eller opfølgninger"))
    rows = list(result_rows(across))
    if suffix == XLSX:
        problems = (*problems, *too_long(across, rows))
        made = draw_data(RESULTS, rows, date(max(each.followup.year for each in across.rounds), 1, 1))
    else:
        frame = frame_of(RESULTS, rows)
        made = csv_bytes(frame, english=english) if suffix == CSV else _as_parquet(frame, out)
    files, said = _to_write(out, made)
    return Report((*_taken(across, len(rows)), *said), problems, files, _next_step(problems, out),
                  table=[_line(each) for each in across.rounds])


def frames(paths: Sequence[Path]) -> Frames:
    """Return the same as tables; raises CannotDo where there are no files at all."""
    return frames_of(*_gathered(paths, [], None))


def _gathered(paths: Sequence[Path], leave_out: Sequence[Path], progress: Progress | None
              ) -> tuple[Across, tuple[Finding, ...]]:
    received, problems = received_in(paths, leave_out, progress, "data", everything=True)
    across = gather_units(received, every_round=True)
    return across, (*problems, *across.problems, *left_empty(across))


def _suffix(out: Path, english: bool) -> str:
    suffix = out.suffix.lower()
    if out.is_dir():
        raise CannotDo(f"{out} er en mappe. Skriv et filnavn efter --ud, fx data.csv.", USAGE)
    if suffix not in (CSV, XLSX, PARQUET):
        raise CannotDo(f"Data gemmes som .csv, .xlsx eller .parquet. Skriv fx --ud {out.with_suffix(CSV).name}.", USAGE)
    if english and suffix != CSV:
        raise CannotDo(f"--engelsk gælder kun .csv: i {suffix} er tal og dage gemt, så alle programmer læser dem ens. Kør"
                       " igen uden --engelsk.", USAGE)
    return suffix


def _as_parquet(frame: Any, out: Path) -> bytes:
    try:
        return parquet_bytes(frame)
    except ImportError as error:
        raise CannotDo(f"{out.name} kan ikke gemmes: Det kræver pakken pyarrow, som ikke er installeret her. Installér den"
                       " med »pip install pyarrow«, eller gem som .csv eller .xlsx.", USAGE) from error


# ---------------------------------------------------------------- what goes out

def _to_write(out: Path, made: bytes) -> tuple[tuple[ToWrite, ...], list[str]]:
    """Decide what is written: nothing where nothing is new, never over what isn't data of ours; what was changed is kept."""
    if not out.exists():
        return (ToWrite(out, made, expects=""),), [f"Gemt: {out}"]
    there = out.read_bytes() if out.is_file() else b""
    if there == made:
        return (), [f"Intet nyt siden sidst: {out} er uændret."]
    ours, changed = _looked_at(there, out)
    if not ours:
        raise CannotDo(f"{out} findes, men er ikke lavet af »aftale data«. Den er ikke rørt. Vælg et andet navn efter --ud.")
    kept = earlier_name(out) if changed else None
    said = [f"Gemt: {out}"]
    if kept:
        said.append(f"{out.name} var ændret, siden den blev lavet. Den ligger som {kept.name}.")
    return (ToWrite(out, made, kept, digest(there)),), said


def _looked_at(there: bytes, out: Path) -> tuple[bool, bool]:
    """Tell of the file that stands there whether it is data of ours, and whether somebody has changed it since."""
    suffix = out.suffix.lower()
    if suffix == PARQUET:
        return there.startswith(_PARQUET_MARK) and all(column.name.encode() in there for column in RESULTS), False
    if suffix == XLSX:
        book = read_bytes(there, out.name) if there else None
        sheets = {sheet.name: sheet for sheet in book.sheets} if isinstance(book, Workbook) else {}
        header = sheets[SHEET].rows[0] if SHEET in sheets and sheets[SHEET].rows else []
        return list(header[:len(RESULTS)]) == [column.name for column in RESULTS], not as_we_saved_it(there)
    for english in (False, True):
        separator = "," if english else ";"
        if there.decode("utf-8-sig", "replace").startswith(separator.join(column.name for column in RESULTS)):
            try:  # what we have written comes back as the same bytes
                return True, csv_bytes(from_csv(there, english=english), english=english) != there
            except (ValueError, KeyError):
                return True, True
    return False, False


def _taken(across: Across, rows: int) -> Iterator[str]:
    units = {each.name for each in across.rounds}
    years = sorted({each.followup.year for each in across.rounds})
    span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    yield (f"{count(rows, 'række', 'rækker')}: {count(len(units), 'enhed', 'enheder')}, {span}, fra"
           f" {count(len(across.rounds), 'fil', 'filer')} af {len(across.files)}.")
    others = Counter(file.verdict for file in across.files if file.followup is None)
    if others:
        told = some([f"{verdict.rstrip('.')} ({count(many, 'fil', 'filer')})" for verdict, many in others.most_common()], 3)
        yield f"Ikke med: {told}"


def _line(each: UnitYear) -> tuple[str, ...]:
    followup = each.followup
    effects = [goal for goal in followup.effects if goal.active]
    met = sum(goal.status == Status.MET for goal in effects)
    return (each.name, str(followup.year), "kun aftalen" if followup.is_agreement else followup.round.value,
            str(len(followup.goals)), str(len(effects)), "" if followup.is_agreement else str(met))


def _next_step(problems: Sequence[Finding], out: Path) -> str:
    asked = any(p.level is not Severity.INFO for p in problems)
    return (f"{'Se spørgsmålene igennem, og åbn derefter' if asked else 'Åbn'} {out.name} i Power BI, Excel, R eller DuckDB:"
            " docs/data.md siger hvordan, og hvad hver kolonne er.")
