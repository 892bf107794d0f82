"""modtag: put received mails, archives and workbooks in a round's ``svar/``, and tell what each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from aftale.forms.returned import DepartmentAnswer, Returned
from aftale.intake.read import workbook_files
from aftale.intake.unpack import WORKBOOK_SUFFIXES, container_kind, is_workbook
from aftale.intake.workers import Progress
from aftale.merge.state import Received
from aftale.model.agreement import BACK, Agreement, Round
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import IncomingMail
from aftale.model.text import count, genitive, listing, tidy
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import ToWrite, digest
from aftale.steps.collect import read_each
from aftale.steps.open_agreement import open_agreement
from aftale.steps.year_folder import RoundFolder, YearFolder

HEADERS = ("Fil", "Hvad det er", "Ligger i")


class PutAway(NamedTuple):
    """What is to be put away, and the latest round that it is of, to be looked at afterwards; None where nothing is."""

    report: Report
    round: Round | None


def modtag(year: YearFolder, paths: Sequence[Path], round_: Round | None = None,
           progress: Progress | None = None) -> PutAway:
    """Copy what was received into the round's ``svar/``, and tell what each file is; nothing that lies there is touched.

    The round is the one given, else the one that all skemaer in a file are of, else the latest begun. What is no mail,
    archive or workbook stays where it is. Raises CannotDo where no round has begun, or there is nothing to put away.
    """
    opened = open_agreement(year.agreement())
    latest = year.round(round_)
    files, problems = workbook_files(list(paths))
    if not files and not problems:
        raise CannotDo("Der er ingen filer at lægge ind. Skriv de filer, du har fået, efter »aftale modtag«, eller træk dem"
                       " hen på »Læg svar ind«.", USAGE)
    read = dict(zip(files, read_each(opened, files, progress), strict=True))
    put = _Put(year)
    rows = []
    for path, held in read.items():
        folder = latest if round_ else _folder_of(held, year, latest)
        what, where = listing(list(dict.fromkeys(_what(held, opened.agreement)))), put.away(path, folder)
        if where is None:
            problems.append(problem("not-received", Place(tidy(path.name))))
        rows.append((tidy(path.name), what if where else "hverken mail, zip-fil eller Excel-fil", where or "ikke lagt ind"))
    said = f"{count(len(put.files), 'ny fil', 'nye filer')} lagt ind."
    report = Report((said,), tuple(problems), tuple(put.files), table=rows)
    return PutAway(report, max(put.rounds, key=list(Round).index, default=None))


class _Put:
    """What is to be written, each under a name that nothing has yet."""

    def __init__(self, year: YearFolder) -> None:
        self.year = year
        self.files: list[ToWrite] = []
        self.rounds: set[Round] = set()
        self._standing: dict[Path, dict[str, str]] = {}

    def away(self, path: Path, folder: RoundFolder) -> str | None:
        """Decide where a file goes; returns that place, or None where it is nothing that holds answers."""
        data = path.read_bytes()
        if not (path.suffix.lower() in WORKBOOK_SUFFIXES or is_workbook(data) or container_kind(data, path.name)):
            return None
        self.rounds.add(folder.round)
        if folder.path.resolve() in path.resolve().parents:
            return f"lå der allerede ({path.resolve().relative_to(folder.path.resolve().parent).as_posix()})"
        back = folder.path / BACK
        names = self._standing.setdefault(back, _digests(back))
        if standing := next((name for name, each in names.items() if each == digest(data)), ""):
            return f"lå der allerede ({folder.round.value}/{BACK}/{standing})"
        taken = {name.casefold() for name in names}
        name = next(each for each in _names(path) if each.casefold() not in taken)
        names[name] = digest(data)
        self.files.append(ToWrite(back / name, data, expects=""))
        return f"{folder.round.value}/{BACK}/{name}"


def _digests(folder: Path) -> dict[str, str]:
    """Return the files that lie right in a folder, each with the sha256 of its bytes."""
    return {each.name: digest(each.read_bytes()) for each in folder.iterdir() if each.is_file()} if folder.is_dir() else {}


def _names(path: Path) -> Iterator[str]:
    """Yield what a file may be called, as Windows would call copies of it."""
    yield path.name
    number = 2
    while True:
        yield f"{path.stem} ({number}){path.suffix}"
        number += 1


def _folder_of(held: Sequence[Received], year: YearFolder, latest: RoundFolder) -> RoundFolder:
    """Return the folder of the round that every skema in a file is of, else the latest round's."""
    rounds = {each.round for each in held if isinstance(each, Returned | DepartmentAnswer)}
    return year.rounds[Round(rounds.pop())] if len(rounds) == 1 else latest


def _what(held: Sequence[Received], agreement: Agreement) -> Iterator[str]:
    """Yield what was found in a file, as the coordinator says it."""
    for each in held:
        if isinstance(each, Returned):
            answers = "uændret" if each.untouched else count(sum(a.value is not None for a in each.answers), "svar", "svar")
            yield f"skema fra {each.owner} ({answers})"
        elif isinstance(each, DepartmentAnswer):
            state = "uændret" if each.untouched else "med svar"
            yield f"{genitive(agreement.short_department)} udgave af opfølgningen ({state})"
        elif isinstance(each, IncomingMail):
            if not each.with_form:
                yield f"{'automatisk svar' if each.automatic else 'mail uden skema'} (»{each.subject}«)"
        else:
            yield f"kan ikke bruges: {each.problem.message}"
