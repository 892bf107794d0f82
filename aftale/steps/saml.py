"""saml: the follow-ups of many units side by side in one workbook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aftale.cells.hidden_sheet import AGREEMENT_KIND, find_record
from aftale.intake.read import read_bytes, read_csv, read_workbook, workbook_files
from aftale.intake.unpack import WORKBOOK_SUFFIXES
from aftale.intake.workers import Judge, Progress, read_all
from aftale.model.agreement import Round, Status
from aftale.model.columns import IN_FRAME
from aftale.model.findings import Finding, Severity
from aftale.model.text import canonical, count, fold
from aftale.model.workbook import Workbook, WorkbookSheet, is_filled
from aftale.office.as_saved import as_we_saved_it
from aftale.office.report import USAGE, CannotDo, Report, problem_data
from aftale.office.safe_write import ToWrite, digest, earlier_name
from aftale.steps.open_agreement import needs_suffix
from aftale.units.draw_xlsx import draw_across
from aftale.units.model import COLLECTION_KIND, Counts, UnitReceived, found_in, said_round, unpacked_unit
from aftale.units.read_unit import JUDGE
from aftale.units.which_count import Across, File, UnitYear, gather_units
from aftale.units.workbook import (
    across_book,
    collection_fingerprint,
    demands_of,
    fingerprint_of,
    sentences,
)

HEADERS = ("Enhed", "Runde", "Effektmål", "Opfyldt", "Kræver opmærksomhed")
_HEADS = frozenset(("enhed", "enheder", "enhedens navn", "navn", "bibliotek", "biblioteker", "institution", "institutioner"))
_OPENS_A_LIST = re.compile(r"(?:enheder|liste|oversigt)\b(?!.*\bbibliotek)")
"""What a line above a list may say that is no unit: »Enheder i 2015«."""
_MOST_HEADS = 10
_SECONDS = 20.0
"""How long one follow-up may take to read: it may hold what hundreds of colleagues have answered."""
_LIST_KINDS = (".txt", ".csv")
_OWN_KINDS = {"aftale": "en aftale", "skema": "et skema", "opfølgning": "en opfølgning", COLLECTION_KIND: "et samlet"
                                                                                                          " overblik"}


@dataclass(frozen=True)
class Listed:
    """The units that are expected, and where they were read: the words of a sentence."""

    units: tuple[str, ...] = ()
    where: str = ""


def saml(paths: Sequence[Path], out: Path, listed_in: Path | None = None, progress: Progress | None = None,
         year: int | None = None, round_: Round | None = None) -> Report:
    """Gather follow-ups of any number of units and years into one workbook.

    ``listed_in`` is a file with the units that are expected, one a line or in a column. ``year`` and ``round_`` say
    which round they are held up against, the latest that any has sent where neither is given. Raises CannotDo where
    there is no follow-up to gather, the list can't be read, or what stands at ``out`` isn't ours.
    """
    needs_suffix(out, "Samlingen")
    listed = read_list(listed_in) if listed_in else Listed()
    received, problems = received_in(paths, [out, *([listed_in] if listed_in else [])], progress)
    across = gather_units(received, listed.units, year, round_)
    everything = (*problems, *across.problems)
    if not across.units:
        raise CannotDo(nothing_there(paths, everything, across.files))
    if not across.counted:
        raise CannotDo(f"Ingen af opfølgningerne er fra {said_round(*across.latest)} eller før. Ret --aar eller --runde, og"
                       " kør »aftale saml« igen.", USAGE)
    from aftale.units.count_frames import count_across
    fingerprint, counts = fingerprint_of(across, listed.units), count_across(across)
    files, said = _to_write(out, draw_across(across_book(across, counts, fingerprint)), fingerprint)
    return Report((*_taken(across, listed), *sentences(across, counts), *said), everything, files,
                  _next_step(across, everything, out), saml_data(across, counts, out, everything),
                  [(each.name, f"{each.followup.round.danish} {each.followup.year}", str(len(each.followup.effects)),
                    str(counts.lines[each.file].statuses[Status.MET]), str(counts.lines[each.file].attention))
                   for each in across.counted])


# ---------------------------------------------------------------- what comes in

def received_in(paths: Sequence[Path], leave_out: Sequence[Path], progress: Progress | None, command: str = "saml",
                everything: bool = False) -> tuple[list[UnitReceived], list[Finding]]:
    """Read what lies in files and folders, with what couldn't be found there (see `read_unit.unit_of`).

    Raises CannotDo where there is nothing at all; ``command`` is what is to be run then.
    """
    files, problems = workbook_files(list(paths))
    own = {path.resolve() for path in leave_out}
    files = [path for path in files if path.resolve() not in own]
    if not files:
        raise CannotDo(nothing_there(paths, problems, (), command, left_out=[p.name for p in leave_out if p.is_file()]))
    found = read_all(files, Judge(JUDGE, everything), unpacked_unit, progress=progress, seconds=_SECONDS)
    return [found_in(each, " > ".join(filter(None, (folder, each.source.container)))) for folder, inside in
            zip(_folders(files, paths), found, strict=True) for each in inside], problems


def _folders(files: Sequence[Path], paths: Sequence[Path]) -> list[str]:
    """Return the folder that each file lies in, as seen from the folder that was named: units' files often share a name.

    Nothing is said of where that folder itself lies, unless several were named, or files of one name.
    """
    roots = [path.resolve() for path in paths if path.is_dir()]
    found: list[str] = []
    for path in map(Path.resolve, files):
        within = (root for root in roots if path.is_relative_to(root))
        root = max(within, key=lambda root: len(root.parts), default=path.parent)
        inside = path.parent.relative_to(root)
        found.append((Path(root.name) / inside if len(roots) > 1 and root in roots else inside).as_posix().removeprefix("."))
    same = Counter(zip(found, (path.name for path in files), strict=True))
    return [path.resolve().parent.name if not folder and same[folder, path.name] > 1 else folder
            for folder, path in zip(found, files, strict=True)]


def read_list(path: Path) -> Listed:
    """Read a list of units: one a line, or in the column with a header such as ``Enhed``, else in the first one.

    Lines that open with ``#`` are somebody's notes. Raises CannotDo where it isn't there, can't be read, is a workbook
    of ours or names nobody.
    """
    if not path.is_file():
        raise CannotDo(f"Listen {path} findes ikke. Kontrollér det, der står efter --enheder.", USAGE)
    book = _list_book(path)
    if isinstance(book, Finding):
        raise CannotDo(f"{path.name}: {book.message} {book.advice}")
    kind = find_record(book)[1].text(AGREEMENT_KIND, "", "slags")
    if kind:
        raise CannotDo(f"{path.name} er {_OWN_KINDS.get(kind, 'lavet af programmet aftale')} og ikke en liste over enheder."
                       " Skriv en liste med en enhed på hver linje.", USAGE)
    column, names = _column_of_units(book)
    listed = {fold(name): name for name in names if not name.startswith("#")}
    if not listed:
        raise CannotDo(f"Der står ingen enheder i {path.name}. Skriv en enhed på hver linje, eller i første kolonne.", USAGE)
    return Listed(tuple(listed.values()), f"{column} i {path.name}")


def _list_book(path: Path) -> Workbook | Finding:
    """Read the file that a list stands in; a line of a text file is a unit, whatever commas it holds."""
    suffix = path.suffix.lower()
    if suffix in WORKBOOK_SUFFIXES:
        return read_workbook(path)
    if suffix not in _LIST_KINDS:
        raise CannotDo(f"Listen {path.name} kan ikke læses. Gem den som .txt med en enhed på hver linje, eller som .csv"
                       " eller .xlsx.", USAGE)
    return read_csv(path, "Enheder", *([] if suffix == ".csv" else [";\t"]))


def _column_of_units(book: Workbook) -> tuple[str, list[str]]:
    """Return which column the units stand in, said in words, and what stands in it."""
    for sheet in book.sheets:
        for row, column, value in sheet.filled():
            if row < _MOST_HEADS and fold(value).rstrip(":") in _HEADS:
                return f"kolonnen »{canonical(value)}«", _below(sheet, row + 1, column)
    for sheet in book.sheets:
        if columns := [column for _, column, _ in sheet.filled()]:
            names = _below(sheet, 0, min(columns))
            return "første kolonne", names[bool(_OPENS_A_LIST.match(fold(names[0]))):]
    return "", []


def _below(sheet: WorkbookSheet, first: int, column: int) -> list[str]:
    """Return what stands in a column, from a row on."""
    values = (sheet.value(row, column) for row in range(first, len(sheet.rows)))
    return [canonical(value) for value in values if is_filled(value)]


def nothing_there(paths: Sequence[Path], problems: Sequence[Finding], files: Sequence[File], command: str = "saml",
                  what: str = "opfølgninger", left_out: Sequence[str] = ()) -> str:
    """Say that there is nothing that a command can use, and what there is instead."""
    where = ", ".join(str(path) for path in paths)
    verdicts = Counter(file.verdict for file in files)
    bad = [p for p in problems if p.level is not Severity.INFO][:5]
    told = {p.message for p in bad}
    why = [f"{p.place}: {p.message}" for p in bad]
    why += [f"{count(many, 'fil', 'filer')}: {verdict}" for verdict, many in verdicts.most_common(5) if verdict not in told]
    why += [f"{name} er ikke læst: Den står efter --ud eller --enheder." for name in left_out]
    return "\n  ".join([f"Der er ingen {what} i {where}.", *why]) + (
        f"\nLæg enhedernes opfølgninger dér, eller skriv, hvor de ligger, og kør »aftale {command}« igen.")


# ---------------------------------------------------------------- what goes out

def _to_write(out: Path, data: bytes, fingerprint: str) -> tuple[tuple[ToWrite, ...], list[str]]:
    """Decide what is written: nothing where nothing is new, and never over what isn't ours; what was changed is kept."""
    if not out.exists():
        return (ToWrite(out, data, expects=""),), [f"Gemt: {out}"]
    there = out.read_bytes() if out.is_file() else b""
    book = read_bytes(there, out.name) if there else None
    stored = collection_fingerprint(find_record(book)[1]) if isinstance(book, Workbook) else ""
    if not stored:
        raise CannotDo(f"{out} findes, men er ikke et samlet overblik, som »aftale saml« har lavet. Den er ikke rørt. Vælg"
                       " et andet navn efter --ud.")
    ours = as_we_saved_it(there)
    if there == data or (not ours and stored == fingerprint):
        return (), [f"Intet nyt siden sidst: {out} er uændret."]
    kept = None if ours else earlier_name(out)
    said = [f"Gemt: {out}"]
    if kept:
        said.append(f"{out.name} var gemt af et andet program, siden den blev lavet. Den ligger som {kept.name}.")
    return (ToWrite(out, data, kept, digest(there)),), said


def _taken(across: Across, listed: Listed) -> Iterator[str]:
    read = sum(bool(file.followup) for file in across.files)
    others = len(across.files) - read
    rest = f"; {count(others, 'anden fil', 'andre filer')} er ikke talt med (se arket Kilder)" if others else ""
    yield f"{count(read, 'opfølgning', 'opfølgninger')} læst{rest}."
    if listed.units:
        yield f"{count(len(listed.units), 'enhed', 'enheder')} på listen, læst i {listed.where}."


def _next_step(across: Across, problems: Sequence[Finding], out: Path) -> str:
    if any(p.level is not Severity.INFO for p in problems):
        return f"Se spørgsmålene igennem, og åbn {out.name}: Hvad der blev af hver fil, står på arket Kilder."
    if across.missing:
        return f"Åbn {out.name}, og bed de enheder, der mangler, om at sende deres opfølgning."
    return f"Åbn {out.name}, og begynd på arket Overblik."


# ---------------------------------------------------------------- the same as data

def saml_data(across: Across, counts: Counts, out: Path, problems: Sequence[Finding]) -> dict[str, object]:
    """Return the result as the JSON object of ``--json``.

    There are no ``responses``, ``conflicts`` and ``cells``: those are of the skemaer, which each unit's own `flet` has read.
    """
    goals = [{"unit": each.name, "year": each.followup.year, "round": each.followup.round.value, "id": goal.id,
              "text": goal.text, "level": goal.level.name.lower(), "result": goal.result, "measure": goal.unit,
              "target": goal.goal, "fulfilment": goal.fulfilment, "remarks": goal.remarks, "department": goal.department,
              "status": goal.status, "computed": goal.computed or None, "counted": each.counted and goal.is_effect}
             for each in across.units for goal in each.followup.goals]
    return {"workbook": str(out), "units": [_unit_data(each, counts) for each in across.units],
            "missing": [{"unit": each.name, "last": each.last} for each in across.missing], "goals": goals,
            "counts": counts.all.statuses, "problems": [problem_data(p) for p in problems],
            "files": [{"file": file.source.name, "container": file.source.container, "verdict": file.verdict,
                       "unit": file.followup.unit if file.followup else None} for file in across.files]}


def _unit_data(each: UnitYear, counts: Counts) -> dict[str, object]:
    followup, counted = each.followup, counts.lines[each.file]
    served = {demand: counts.demands.get((each.file, demand), (0, 0)) for demand in demands_of(each)}
    return {"unit": each.name, "department": followup.department, "year": followup.year, "round": followup.round.value,
            "file": followup.source.name, "container": followup.source.container, "read_as": followup.read_as.name.lower(),
            "counted": each.counted, "goals": counted.total, "counts": counted.statuses, "attention": counted.attention,
            "in_frame": followup.boxes.get(IN_FRAME),
            "demands": {name: {"goals": goals, "met": met} for name, (goals, met) in served.items()}}
