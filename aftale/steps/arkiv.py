"""arkiv: copies of what belongs in the record system, and what may be deleted once they are there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from aftale.filing.contents import CONTENTS
from aftale.filing.deletable import Deletable, Sorted, sort_out
from aftale.filing.delivery import Delivery, deliver, kept_in
from aftale.filing.model import Kind, YearFile, said_size
from aftale.intake.workers import Progress
from aftale.mail.sent_list import SENT_LIST, held
from aftale.model.agreement import Agreement, Round
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import count, slug, some
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import CannotWrite, delete, reachable
from aftale.steps.open_agreement import open_agreement, round_from
from aftale.steps.year_files import YearFiles, year_files
from aftale.steps.year_folder import YearFolder, named

HEADERS = ("Hvad", "Filer")
DELETE_HEADERS = ("Mappe", "Hvad det er", "Filer", "Størrelse", "Personoplysninger")
_MOST_NAMED = 6


class Limit(NamedTuple):
    """What is older than this round of this year may be deleted."""

    year: int
    round: Round

    def __str__(self) -> str:
        return f"{self.round.danish}en {self.year}"

    def older(self, year: int) -> list[Round]:
        """Return the rounds of a year that are older."""
        return [each for each in Round if (year, list(Round).index(each)) < (self.year, list(Round).index(self.round))]


@dataclass(frozen=True)
class Filing:
    """What is to be filed, and what may be deleted when that is done."""

    report: Report
    delivery: Delivery
    limit: Limit
    found: YearFiles
    sorted: Sorted


def arkiv(year: YearFolder, out: Path | None = None, until: str = "", progress: Progress | None = None) -> Filing:
    """Plan the archive of a year's folder at ``out``, and tell what may be deleted that is older than the round ``until``.

    Raises CannotDo where the agreement or a follow-up can't be read, or where the archive can't lie there.
    """
    path = year.agreements[0] if len(year.agreements) > 1 else year.agreement()  # a revised one may lie beside it
    for folder in year.rounds.values():
        if folder.unread:
            raise CannotDo(named(folder.path, folder.unread, "rundens opfølgning"))
    opened = open_agreement(path)
    agreement = opened.agreement
    limit = limit_from(until, agreement.year) or Limit(agreement.year, year.latest.round if year.latest else Round.MIDTVEJS)
    out = _place(year, agreement, out)
    found = year_files(year, opened, progress)
    title = f"{agreement.unit} {agreement.year}: indholdsfortegnelse til sagen"
    delivery = deliver(out, [each for each in found.files if each.file.kind.filed], title, agreement.year)
    sorted_ = sort_out([each.file for each in found.files], limit.older(agreement.year), found.holders, found.doubts)
    return Filing(_report(delivery, found), delivery, limit, found, sorted_)


def limit_from(text: str, year: int) -> Limit | None:
    """Read a round, of another year where one is said (``midtvejs 2016``); None where nothing is said.

    Raises CannotDo where it is no round.
    """
    if not text.strip():
        return None
    said = re.fullmatch(r"\s*([^\W\d]+?)(?:[\s-]+(\d{4}))?\s*", text)
    try:
        found = round_from(said[1]) if said else None
    except CannotDo:
        found = None
    if said is None or found is None:
        raise CannotDo(f"»{text}« er ikke en runde. Skriv midtvejs eller aarsopfoelgning efter --slet-til, fx »--slet-til"
                       f" aarsopfoelgning«; er hele året slut, så skriv næste års runde: »--slet-til midtvejs-{year + 1}«.",
                       USAGE)
    return Limit(int(said[2] or year), found)


def _place(year: YearFolder, agreement: Agreement, out: Path | None) -> Path:
    """Return where the archive is to lie; raises CannotDo where its copies would be taken for the year's own files."""
    out = out or year.path / f"arkiv_{agreement.year}_{slug(agreement.unit)}"
    resolved = out.resolve()
    if resolved == year.path.resolve() or {each.value for each in Round} & set(resolved.parts):
        raise CannotDo("Arkivet kan ikke ligge i årets mappe selv eller i en rundes mappe: Så ville kopierne blive taget for"
                       " årets filer. Skriv en ny mappe efter --ud, eller udelad --ud.", USAGE)
    return out


# ---------------------------------------------------------------- the archive

def _report(delivery: Delivery, found: YearFiles) -> Report:
    problems = (*found.problems, *(problem("archive-unmerged", Place(each.name), value=each.at, round=each.round)
                                   for each in found.unmerged))
    others = [each.file.at for each in found.files if each.file.kind is Kind.OTHER and not each.file.loose]
    after = [f"Ikke taget med, for programmet ved ikke, hvad det er: {some(others, _MOST_NAMED)}."] if others else []
    where = ", ".join(str(each) for each in delivery.places)
    if not delivery.copies:
        return Report((f"Intet nyt siden sidst: Det hele ligger i {where}.",), problems, after=after)
    files = [copy.file for copy in delivery.copies]
    what = "Det, der er nyt, er gemt" if delivery.earlier else "Arkivet er gemt"
    said = [f"{what} i {delivery.place}: {_counted(files)} og en indholdsfortegnelse."]
    if delivery.earlier:
        said.append(f"Resten ligger i {', '.join(str(each) for each in delivery.earlier)}, som ikke er rørt.")
    step = f"Åbn »{CONTENTS}« i {delivery.place}, og læg filerne på sagen i ESDH-systemet."
    return Report(tuple(said), problems, delivery.files, step, table=list(_rows(files)), after=after)


def _rows(files: Sequence[YearFile]) -> Iterator[tuple[str, str]]:
    """Yield how many there are of each kind."""
    numbers = Counter(each.kind for each in files)
    for kind in (each for each in Kind if each in numbers):
        unknown = " (om nogen har sendt dem, ved programmet ikke)" if kind is Kind.DRAFT else ""
        yield kind.value, f"{numbers[kind]}{unknown}"


def _counted(files: Sequence[YearFile]) -> str:
    return f"{count(len(files), 'fil', 'filer')} ({said_size(sum(each.size for each in files))})"


# ---------------------------------------------------------------- what may be deleted

def may_be_deleted(filing: Filing) -> Report:
    """Say what may be deleted, with its size and what personal data it holds, and what is kept and why."""
    files = [each.file for each in filing.sorted.deletable]
    problems = tuple(problem("archive-kept", Place(each.file.name), value=each.file.at, why=each.why)
                     for each in filing.sorted.kept)
    if not files:
        return Report((f"Der er intet at slette, der er ældre end {filing.limit}.",), problems)
    said = (f"{_counted(files)} må slettes: det, der er ældre end {filing.limit}, og tidligere udgaver. Det, der står i dem,"
            " ligger i arkivet.")
    groups: dict[tuple[str, Kind, str], list[YearFile]] = {}
    for each in sorted(files, key=lambda each: (each.kind is not Kind.RETURNED, each.at)):
        groups.setdefault((each.at.rpartition("/")[0] or "årets mappe", each.kind, each.personal), []).append(each)
    rows = [(folder, kind.value, str(len(group)), said_size(sum(each.size for each in group)), personal)
            for (folder, kind, personal), group in groups.items()]
    after = [f"{each.at} ({said_size(each.size)})" for group in groups.values() for each in group]
    return Report((said,), problems, table=rows, after=after)


def how_to_delete(filing: Filing) -> str:
    """Say how what may be deleted is deleted, where nobody can be asked."""
    command = f"aftale arkiv --slet-til {filing.limit.round.value}-{filing.limit.year}"
    return (f"Intet er slettet. Skriv »{command}« i en terminal, så bliver du spurgt; i et script skal --ja-slet også stå"
            " der.")


def delete_old(filing: Filing) -> Report:
    """Delete what may be deleted, each where the archive still holds what stands in it; the rest goes on where one can't be.

    Raises CannotDo where the archive isn't there any more.
    """
    there = kept_in(filing.delivery.places)
    deleted: list[YearFile] = []
    problems: list[Finding] = []
    for each in filing.sorted.deletable:
        why = _deleted(each, filing.found.paths[each.file.at], there)
        if why:
            problems.append(problem("archive-not-deleted", Place(each.file.name), value=each.file.at, why=why))
        else:
            deleted.append(each.file)
    said = f"{_counted(deleted)} slettet." if deleted else "Intet er slettet."
    return Report((said,), tuple(problems), failed=bool(problems))


def _deleted(each: Deletable, path: Path, there: set[str]) -> str:
    """Delete one file; returns why it wasn't, '' where it was."""
    if each.kept_in not in there:
        return "arkivet har ikke længere det, der står i den"
    if path.name != SENT_LIST:
        return delete(reachable(path), each.file.sha256)
    with ExitStack() as lock:
        try:
            lock.enter_context(held(path.parent, ""))
        except CannotWrite:
            return "en anden kørsel bruger den, eller den kan ikke læses"
        return delete(reachable(path), each.file.sha256)
