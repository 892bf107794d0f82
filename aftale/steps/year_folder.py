"""The year's folder: what lies in it, told by what the files are and not by what they are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aftale.agreement.read_toml import SUPPORT, NotToml, read_toml
from aftale.cells.find_table import find_table
from aftale.cells.hidden_sheet import FOLLOWUP_KIND, find_record, is_followup
from aftale.intake.read import candidates, read_workbook
from aftale.intake.unpack import is_litter
from aftale.model.agreement import BACK, SENT, Agreement, Round
from aftale.model.columns import AGREED_COLUMNS, RECORD
from aftale.model.findings import Finding
from aftale.model.text import fold, listing
from aftale.model.workbook import Workbook
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import ToWrite
from aftale.office.text_file import decoded

_SOMETHING_ELSE = frozenset(("file-other", "file-export", "file-old", "file-shortcut", "file-kind"))
"""What is wrong with a file that is known to be no workbook of ours, unless it has the name that we give one."""
_OUR_NAMES = ("opfoelgning_", "aftale_")
STARTERS = ("Aftale.cmd", "Læg svar ind.cmd")
"""What is double-clicked on Windows; they find the program up to two folders above."""
_MOST_ABOVE = 4
"""How far above a folder its year's is looked for."""
_WHO_INSTALLED = "den, der har installeret programmet"
_SUPPORT_FOLDERS = 3
"""Where it is looked for whom to tell of an error: the year's folder, that of all years, and the one the program lies in."""
_MOST_TEXT = 100_000
_INSIDE = frozenset((*(each.value for each in Round), "brevtekster"))
"""The folders that lie in a year's."""


@dataclass(frozen=True)
class RoundFolder:
    """One round's folder: the skemaer sent, the follow-up where it is made, and whether anything lies there at all.

    ``unread`` are the workbooks right in it that can't be read, each with its reason: any of them may be the follow-up.
    """

    round: Round
    path: Path
    forms: tuple[Path, ...] = ()
    followups: tuple[Path, ...] = ()
    begun: bool = False
    unread: tuple[Finding, ...] = ()

    @property
    def followup(self) -> Path | None:
        """The round's follow-up, None where there is none or where several lie there."""
        return self.followups[0] if len(self.followups) == 1 else None

    def sole_followup(self, option: str) -> Path | None:
        """Return the round's follow-up, None where there is none; ``option`` is how another one may be said.

        Raises CannotDo where there are several, or where a file that can't be read may be it.
        """
        if self.unread:
            raise CannotDo(named(self.path, self.unread, "rundens opfølgning")
                           + " Er det noget andet, så flyt det ud af mappen.")
        if len(self.followups) > 1:
            names = ", ".join(path.name for path in self.followups)
            raise CannotDo(f"Der er flere opfølgninger i {self.path}: {names}. Skriv den, du mener, efter {option}.", USAGE)
        return self.followup


@dataclass(frozen=True)
class YearFolder:
    """A year's folder: its agreements, its source of goals, and its two rounds, looked at only when asked for."""

    path: Path

    @cached_property
    def agreements(self) -> tuple[Path, ...]:
        """The agreements that lie right in the folder."""
        return tuple(path for path, book in self._workbooks if isinstance(book, Workbook) and _is_agreement(path, book))

    @property
    def unread(self) -> tuple[Finding, ...]:
        """The workbooks right in the folder that can't be read, where any of them may be the agreement: none else is."""
        return () if self.agreements else _unread(self._workbooks)

    @cached_property
    def _workbooks(self) -> tuple[tuple[Path, Workbook | Finding], ...]:
        return tuple(_looked_at(self.path, RECORD))

    @property
    def has_data(self) -> bool:
        """Does the folder hold goals as data?"""
        return (self.path / "maal.csv").exists() or (self.path / "aftale.toml").exists()

    @cached_property
    def documents(self) -> tuple[Path, ...]:
        """The Word documents that lie right in the folder."""
        found = sorted(self.path.iterdir()) if self.path.is_dir() else []
        return tuple(each for each in found
                     if each.suffix.lower() == ".docx" and each.is_file() and not is_litter(each.name))

    def source(self) -> Path | None:
        """Return what the agreement is made from where nothing is named: the folder's data, else its one document.

        Raises CannotDo where several documents lie there.
        """
        if self.has_data:
            return self.path
        if len(self.documents) > 1:
            names = ", ".join(path.name for path in self.documents)
            raise CannotDo(f"Der er flere dokumenter i mappen: {names}. Skriv det, aftalen står i, lige efter »aftale"
                           " generer«.", USAGE)
        return self.documents[0] if self.documents else None

    @cached_property
    def rounds(self) -> dict[Round, RoundFolder]:
        """The two rounds, begun or not."""
        found = {}
        for each in Round:
            path = self.path / each.value
            answered = any(p.is_file() and not p.name.startswith((".", "~")) for p in (path / BACK).rglob("*"))
            books = tuple(_looked_at(path, RECORD))
            followups = tuple(file for file, book in books if isinstance(book, Workbook) and _is_followup_of(book, each))
            unread, forms = _unread(books), tuple(candidates(path / SENT))
            begun = bool(forms or followups or unread or answered)
            found[each] = RoundFolder(each, path, forms, followups, begun, unread)
        return found

    @property
    def latest(self) -> RoundFolder | None:
        """The latest round that has begun."""
        begun = [folder for folder in self.rounds.values() if folder.begun]
        return begun[-1] if begun else None

    def agreement(self) -> Path:
        """Return the folder's one agreement; raises CannotDo where there is none, or more than one."""
        if self.unread:
            raise CannotDo(named(self.path, self.unread, "aftalen")
                           + " Ligger aftalen et andet sted, så skriv, hvor den ligger.")
        if not self.agreements:
            raise CannotDo(f"Der er ingen aftale i mappen {self.path.resolve().name}. Lav den med »aftale generer«, gå til"
                           " årets mappe, eller skriv, hvor aftalen ligger.", USAGE)
        if len(self.agreements) > 1:
            names = ", ".join(path.name for path in self.agreements)
            raise CannotDo(f"Der er flere aftaler i mappen: {names}. Skriv navnet på den, du mener.", USAGE)
        return self.agreements[0]

    def round(self, given: Round | None = None) -> RoundFolder:
        """Return the round that is meant: the one given, else the latest begun; raises CannotDo where none has begun."""
        if given is not None:
            return self.rounds[given]
        if self.latest is None:
            raise CannotDo("Ingen runde er begyndt endnu. Kør »aftale fordel«, eller skriv, hvor svarene ligger.", USAGE)
        return self.latest


def _looked_at(folder: Path, only: str = "") -> Iterator[tuple[Path, Workbook | Finding]]:
    """Yield the workbooks right in a folder, each with what it holds or why it can't be read; earlier ones are left out.

    ``only`` is the one sheet that is asked for; a workbook without it is read whole, for it may have been renamed.
    """
    for path in candidates(folder):
        if "_tidligere_" not in path.stem:
            book = read_workbook(path, newer=True, only=only)
            yield path, read_workbook(path, newer=True) if only and isinstance(book, Workbook) and not book.sheets else book


def _unread(books: Sequence[tuple[Path, Workbook | Finding]]) -> tuple[Finding, ...]:
    """Return why the workbooks can't be read that may be any of ours: what can't be read isn't absent."""
    return tuple(book for path, book in books if isinstance(book, Finding) and _may_be_ours(path, book))


def _may_be_ours(path: Path, why: Finding) -> bool:
    """Tell whether a file that can't be read may be one of ours: a web page saved over a follow-up still has its name."""
    return why.code not in _SOMETHING_ELSE or path.name.startswith(_OUR_NAMES)


def named(folder: Path, unread: Sequence[Finding], what: str) -> str:
    """Name the files of a folder that can't be read and may be ``what``, each with its reason and what to do."""
    one = len(unread) == 1
    lines = (f"  {each.place.file}: {each.message} {each.advice}" for each in unread)
    return "\n".join((f"{'En fil' if one else 'Nogle filer'} i mappen {folder.resolve().name} kan ikke læses:", *lines,
                      f"{'Den' if one else 'En af dem'} kan være {what}, så intet er gjort. Kør kommandoen igen, når"
                      f" {'den' if one else 'de'} kan læses."))


def _is_agreement(path: Path, book: Workbook) -> bool:
    """Tell whether a workbook is an agreement, by its record where that says so; ``book`` may hold no more than that."""
    record = find_record(book)[1]
    kind = record.text("aftale", "", "slags")
    if kind:
        return kind == "aftale"
    if record.text("skabelon", "udgave", "nummer"):  # a template of one's own, lying beside the agreement
        return False
    whole = read_workbook(path, newer=True)
    return isinstance(whole, Workbook) and any(sheet.name.casefold() == "forside" for sheet in whole.sheets) \
        and any(find_table(sheet, AGREED_COLUMNS, ("effect", "focus"), 4) for sheet in whole.sheets)


def _is_followup_of(book: Workbook, round_: Round, of: tuple[str, int] | None = None) -> bool:
    """Is it the follow-up of a round, of a unit (folded) and a year where they are given?"""
    record = find_record(book)[1]
    about = (fold(record.text(FOLLOWUP_KIND, "", "enhed")), record.number(FOLLOWUP_KIND, "", "år"))
    return is_followup(record) and record.text(FOLLOWUP_KIND, "", "runde") == round_.value and of in (None, about)


def followup_path(folder: RoundFolder, year: int) -> Path:
    """Return where a round's follow-up stands, or will stand; raises CannotDo where several stand there."""
    return folder.sole_followup("--ud") or folder.path / f"opfoelgning_{year}_{folder.round.value}.xlsx"


def answer_folders(folder: RoundFolder) -> list[Path]:
    """Return where a round's answers lie: returned ones, and those that were filled in where they were sent from."""
    return [each for each in (folder.path / BACK, folder.path / SENT) if each.is_dir()]


def earlier_followups(year: YearFolder, round_: Round, agreement: Agreement) -> list[Path]:
    """Return the follow-ups of the year's earlier rounds, and of the year before in a folder near this one.

    Raises CannotDo where an earlier round has several.
    """
    before = list(Round)[: list(Round).index(round_)]
    of_year = [found for each in before if (found := year.rounds[each].sole_followup("--tidligere"))]
    return [*last_years(year, agreement), *of_year]


def year_followups(year: YearFolder) -> list[Path]:
    """Return the follow-ups of the year's own rounds; raises CannotDo where there is none, or a round has several."""
    found = [path for each in year.rounds.values() if (path := each.sole_followup("aftalen"))]
    if not found:
        raise CannotDo("Der er ingen opfølgning i årets mappe. Lav den med »aftale flet«, eller skriv efter aftalen, hvor"
                       " den ligger.", USAGE)
    return found


def last_years(year: YearFolder, agreement: Agreement) -> list[Path]:
    """Return the follow-ups that the same unit made the year before, in the folders near this year's, whatever their names.

    Where there is none of a round, the files that can't be read are returned, for they may be it: whoever reads them says
    so. Raises CannotDo where a round has several that differ.
    """
    here = year.path.resolve()
    found: list[Path] = []
    for round_ in Round:
        books = _beside(here, round_)
        of_round = {book.source.sha256: path for path, book in books if isinstance(book, Workbook)
                    and _is_followup_of(book, round_, (fold(agreement.unit), agreement.year - 1))}
        if len(of_round) > 1:
            names = listing(sorted(str(Path("..", path.relative_to(here.parent))) for path in of_round.values()))
            raise CannotDo(f"Der er flere opfølgninger fra {agreement.year - 1} i mapperne omkring: {names}. Skriv den,"
                           " du mener, efter --tidligere.", USAGE)
        unread = [path for path, book in books if isinstance(book, Finding) and _may_be_ours(path, book)]
        found += [Path("..", path.relative_to(here.parent)) if not year.path.is_absolute() else path
                  for path in of_round.values() or unread]
    return found


def _beside(here: Path, round_: Round) -> list[tuple[Path, Workbook | Finding]]:
    """Look at a round's workbooks in the folders beside a year's and in the one it lies in; closed ones are passed by."""
    found: list[tuple[Path, Workbook | Finding]] = []
    with suppress(OSError):
        for folder in [*sorted((each for each in here.parent.iterdir() if each != here), reverse=True), here.parent]:
            with suppress(OSError):
                found += _looked_at(folder / round_.value, RECORD)
    return found


def year_around(here: Path) -> Path | None:
    """Return the year's folder that a folder lies in, by what lies there; None where it lies in none."""
    whole = here.resolve()
    for above in whole.parents[:_MOST_ABOVE]:
        year = YearFolder(above)
        if whole.relative_to(above).parts[0] in _INSIDE and (year.has_data or year.agreements or year.unread):
            return above
    return None


def folder_for(here: Path, year: int) -> Path:
    """Return the folder for a new year's agreement: this one where its name has the year, else one of that name in it."""
    return here if str(year) in here.resolve().name else here / str(year)


def with_starters(here: Path, folder: Path) -> Report:
    """Plan copies of what is double-clicked on Windows in a year's new folder; nothing where they are there, or not here."""
    names = [name for name in STARTERS if (here / name).is_file() and not (folder / name).exists()]
    said = (f"{listing([f'»{Path(name).stem}«' for name in names])} er lagt i mappen {folder.name}.",) if names else ()
    return Report(said, files=tuple(ToWrite(folder / name, (here / name).read_bytes(), expects="") for name in names))


def found_from(new: Path, old: Path) -> bool:
    """Tell whether a year's folder lies where the one of the year before is found from it: beside it, or inside it."""
    return new.resolve() != old.resolve() and new.resolve().parent in (old.resolve(), old.resolve().parent)


def next_round(year: YearFolder) -> Round:
    """Return the round that fordel means where none is given.

    Raises CannotDo where the latest round has a follow-up already, so that either may be meant, or may have one.
    """
    latest = year.latest
    if latest is None:
        return Round.MIDTVEJS
    if latest.round is Round.MIDTVEJS and (latest.followups or latest.sole_followup("--tidligere")):
        raise CannotDo("Midtvejsopfølgningen er lavet. Skriv --runde aarsopfoelgning for at begynde årsopfølgningen, eller"
                       " --runde midtvejs for at lave midtvejsskemaer igen.", USAGE)
    return latest.round


def standing_followup(path: Path, round_: Round | None, command: str = "send") -> Path:
    """Return the follow-up that is meant in a year's folder: that of the round given, else of the latest begun.

    ``command`` is what is to be run with one named.

    Raises CannotDo where there is none, or several.
    """
    year = YearFolder(path)
    if year.latest is None:
        year.agreement()  # which says so where there isn't even one
    folder = year.round(round_)
    if (found := folder.sole_followup(f"»aftale {command}«")) is None:
        raise CannotDo(f"Der er ingen opfølgning i {folder.path}. Lav den med »aftale flet«, eller skriv, hvor den ligger.",
                       USAGE)
    return found


def whom_to_tell(folder: Path = Path(".")) -> str:
    """Return who is told of an error; no agreement is read for it, and nothing about it can fail."""
    try:
        here = folder.resolve()
        for each in (here, *here.parents)[:_SUPPORT_FOLDERS]:
            path = each / "aftale.toml"
            if path.is_file() and path.stat().st_size < _MOST_TEXT:
                said = read_toml(decoded(path.read_bytes())[0], path.name)
                if named := next((" ".join(str(value).split()) for key, value in said.items() if fold(key) == SUPPORT), ""):
                    return named
    except (OSError, NotToml):
        pass
    return _WHO_INSTALLED
