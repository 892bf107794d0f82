"""The year's folder: what lies in it, told by what the files are and not by what they are called."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aftale.cells.find_table import find_table
from aftale.cells.hidden_sheet import FOLLOWUP_KIND, find_record, is_followup
from aftale.intake.read import candidates, read_workbook
from aftale.intake.unpack import is_litter
from aftale.model.agreement import Agreement, Round
from aftale.model.columns import AGREED_COLUMNS
from aftale.model.findings import Finding
from aftale.model.text import fold, listing
from aftale.office.report import USAGE, CannotDo


@dataclass(frozen=True)
class RoundFolder:
    """One round's folder: the skemaer sent, the follow-up where it is made, and whether anything lies there at all."""

    round: Round
    path: Path
    forms: tuple[Path, ...] = ()
    followups: tuple[Path, ...] = ()
    begun: bool = False

    @property
    def followup(self) -> Path | None:
        """The round's follow-up, None where there is none or where several lie there."""
        return self.followups[0] if len(self.followups) == 1 else None

    def sole_followup(self, option: str) -> Path | None:
        """Return the round's follow-up, None where there is none; ``option`` is how another one may be said.

        Raises CannotDo where there are several.
        """
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
        return tuple(each for each in candidates(self.path) if _is_agreement(each))

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
            raise CannotDo(f"Der er flere dokumenter i mappen: {names}. Skriv det, aftalen står i, lige efter «aftale"
                           " generer».", USAGE)
        return self.documents[0] if self.documents else None

    @cached_property
    def rounds(self) -> dict[Round, RoundFolder]:
        """The two rounds, begun or not."""
        found = {}
        for each in Round:
            path = self.path / each.value
            answered = any(p.is_file() and not p.name.startswith((".", "~")) for p in (path / "svar").rglob("*"))
            followups = tuple(file for file in candidates(path) if _followup_of(file, each))
            forms = tuple(candidates(path / "skemaer"))
            found[each] = RoundFolder(each, path, forms, followups, bool(forms or followups or answered))
        return found

    @property
    def latest(self) -> RoundFolder | None:
        """The latest round that has begun."""
        begun = [folder for folder in self.rounds.values() if folder.begun]
        return begun[-1] if begun else None

    def agreement(self) -> Path:
        """Return the folder's one agreement; raises CannotDo where there is none, or more than one."""
        if not self.agreements:
            raise CannotDo(f"Der er ingen aftale i mappen {self.path.resolve().name}. Lav den med «aftale generer», gå til"
                           " årets mappe, eller skriv stien til aftalen.", USAGE)
        if len(self.agreements) > 1:
            names = ", ".join(path.name for path in self.agreements)
            raise CannotDo(f"Der er flere aftaler i mappen: {names}. Skriv navnet på den, du mener.", USAGE)
        return self.agreements[0]

    def round(self, given: Round | None = None) -> RoundFolder:
        """Return the round that is meant: the one given, else the latest begun; raises CannotDo where none has begun."""
        if given is not None:
            return self.rounds[given]
        if self.latest is None:
            raise CannotDo("Ingen runde er begyndt endnu. Kør «aftale fordel», eller skriv, hvor svarene ligger.", USAGE)
        return self.latest


def _is_agreement(path: Path) -> bool:
    if "_tidligere_" in path.stem:
        return False
    book = read_workbook(path, newer=True)
    if isinstance(book, Finding):
        return False
    record = find_record(book)[1]
    kind = record.text("aftale", "", "slags")
    if kind:
        return kind == "aftale"
    if record.text("skabelon", "udgave", "nummer"):  # a template of one's own, lying beside the agreement
        return False
    return any(find_table(sheet, AGREED_COLUMNS, ("effect", "focus"), 4) for sheet in book.sheets) \
        and any(sheet.name.casefold() == "forside" for sheet in book.sheets)


def _followup_of(path: Path, round_: Round, of: tuple[str, int] | None = None) -> bool:
    """Is it the follow-up of a round, of a unit (folded) and a year where they are given?"""
    book = read_workbook(path, newer=True)
    if isinstance(book, Finding):
        return False
    record = find_record(book)[1]
    about = (fold(record.text(FOLLOWUP_KIND, "", "enhed")), record.number(FOLLOWUP_KIND, "", "år"))
    return (is_followup(record) and record.text(FOLLOWUP_KIND, "", "runde") == round_.value
            and "_tidligere_" not in path.stem and of in (None, about))


def followup_path(folder: RoundFolder, year: int) -> Path:
    """Return where a round's follow-up stands, or will stand; raises CannotDo where several stand there."""
    return folder.sole_followup("--ud") or folder.path / f"opfoelgning_{year}_{folder.round.value}.xlsx"


def answer_folders(folder: RoundFolder) -> list[Path]:
    """Return where a round's answers lie: returned ones, and those that were filled in where they were sent from."""
    return [each for each in (folder.path / "svar", folder.path / "skemaer") if each.is_dir()]


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
        raise CannotDo("Der er ingen opfølgning i årets mappe. Lav den med «aftale flet», eller skriv stien til den efter"
                       " aftalen.", USAGE)
    return found


def last_years(year: YearFolder, agreement: Agreement) -> list[Path]:
    """Return the follow-ups that the same unit made the year before, in the folders near this year's, whatever their names.

    Raises CannotDo where a round has several that differ.
    """
    here = year.path.resolve()
    found: list[Path] = []
    for round_ in Round:
        of_round = {path.read_bytes(): path for path in _beside(here, round_)
                    if _followup_of(path, round_, (fold(agreement.unit), agreement.year - 1))}
        if len(of_round) > 1:
            names = listing(sorted(str(Path("..", path.relative_to(here.parent))) for path in of_round.values()))
            raise CannotDo(f"Der er flere opfølgninger fra {agreement.year - 1} i mapperne omkring: {names}. Skriv den,"
                           " du mener, efter --tidligere.", USAGE)
        found += [Path("..", path.relative_to(here.parent)) if not year.path.is_absolute() else path
                  for path in of_round.values()]
    return found


def _beside(here: Path, round_: Round) -> list[Path]:
    """Return a round's workbooks in the folders beside a year's and in the one it lies in; closed folders are passed by."""
    found: list[Path] = []
    with suppress(OSError):
        for folder in [*sorted((each for each in here.parent.iterdir() if each != here), reverse=True), here.parent]:
            with suppress(OSError):
                found += candidates(folder / round_.value)
    return found


def found_from(new: Path, old: Path) -> bool:
    """Tell whether a year's folder lies where the one of the year before is found from it: beside it, or inside it."""
    return new.resolve() != old.resolve() and new.resolve().parent in (old.resolve(), old.resolve().parent)


def next_round(year: YearFolder) -> Round:
    """Return the round that fordel means where none is given.

    Raises CannotDo where the latest round has a follow-up already, so that either may be meant.
    """
    latest = year.latest
    if latest is None:
        return Round.MIDTVEJS
    if latest.round is Round.MIDTVEJS and latest.followups:
        raise CannotDo("Midtvejsopfølgningen er lavet. Skriv --runde aarsopfoelgning for at begynde årsopfølgningen, eller"
                       " --runde midtvejs for at lave midtvejsskemaer igen.", USAGE)
    return latest.round


def standing_followup(path: Path, round_: Round | None) -> Path:
    """Return the follow-up that is meant in a year's folder: that of the round given, else of the latest begun.

    Raises CannotDo where there is none, or several.
    """
    year = YearFolder(path)
    if year.latest is None:
        year.agreement()  # which says so where there isn't even one
    folder = year.round(round_)
    if (found := folder.sole_followup("«aftale send»")) is None:
        raise CannotDo(f"Der er ingen opfølgning i {folder.path}. Lav den med «aftale flet», eller skriv stien til den.",
                       USAGE)
    return found
