"""Where the archive lies: a folder or a zip file for each delivery, and what is new since the earlier ones.

A delivery that stands there is never written in again: what is new goes into the next one, ``arkiv (2)``. Only a folder
that an interrupted run left without its list of contents is gone on with.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from aftale.filing.contents import CONTENTS, Copy, contents, copies_of
from aftale.filing.draw_contents_xlsx import draw_contents
from aftale.filing.model import YearFile
from aftale.intake.unpack import is_litter
from aftale.office.package import BAD_PACKAGE
from aftale.office.report import USAGE, CannotDo
from aftale.office.safe_write import ToWrite, digest, reachable

ZIP = ".zip"
_FIRST_YEAR, _LAST_YEAR = 1980, 2107  # what a zip file can say


class Filed(NamedTuple):
    """A file of the year with its bytes, and when it was saved, in seconds as the system counts them."""

    file: YearFile
    data: bytes
    saved: float


@dataclass(frozen=True)
class Delivery:
    """The next delivery: where it goes, what it holds, what is to be written, and the earlier ones."""

    place: Path
    copies: tuple[Copy, ...]
    files: tuple[ToWrite, ...]
    earlier: tuple[Path, ...]

    @property
    def places(self) -> tuple[Path, ...]:
        """Where the archive lies when this delivery is written."""
        return (*self.earlier, self.place) if self.copies else self.earlier


def deliver(out: Path, filed: Sequence[Filed], title: str, year: int) -> Delivery:
    """Plan the delivery of what no earlier one holds; raises CannotDo where something else lies there."""
    held: set[str] = set()
    earlier: list[Path] = []
    for place in _places(out):
        standing = _standing(place)
        copies = copies_of(each.file for each in filed if each.file.sha256 not in held)
        if CONTENTS not in standing:
            break
        held.update(standing.values())
        earlier.append(place)
    if not standing.items() <= {copy.name: copy.file.sha256 for copy in copies}.items():
        raise CannotDo(f"Der ligger allerede noget andet i {place}. Intet er gemt. Skriv en ny mappe eller zip-fil efter"
                       " --ud.", USAGE)
    return Delivery(place, tuple(copies), tuple(_to_write(place, copies, filed, title, year)), tuple(earlier))


def kept_in(places: Iterable[Path]) -> set[str]:
    """Return the digests of all that lies in the archive as it stands now."""
    return {sha256 for place in places for sha256 in _standing(place).values()}


def _places(out: Path) -> Iterator[Path]:
    """Yield where deliveries lie: the first where it was asked for, the others beside it."""
    yield out
    number, ending = 2, ZIP if _is_zip(out) else ""
    while True:
        yield out.with_name(f"{out.name.removesuffix(out.suffix) if ending else out.name} ({number}){ending}")
        number += 1


def _is_zip(place: Path) -> bool:
    return place.suffix.lower() == ZIP


def _standing(place: Path) -> dict[str, str]:
    """Return the names of what stands in a delivery with their digests; nothing where there is none.

    Raises CannotDo where it is something else than a folder or a zip file.
    """
    if not place.exists():
        return {}
    if place.is_dir() and not _is_zip(place):
        return {each.name: digest(reachable(each).read_bytes()) if each.is_file() else ""
                for each in place.iterdir() if not is_litter(each.name)}
    try:
        with zipfile.ZipFile(place) as package:
            return {info.filename: digest(package.read(info)) for info in package.infolist()} or {"": ""}
    except (*BAD_PACKAGE, IsADirectoryError) as error:
        raise CannotDo(f"{place} findes, men er hverken en mappe eller en zip-fil, der kan læses. Den er ikke rørt. Skriv et"
                       " andet navn efter --ud.", USAGE) from error


def _to_write(place: Path, copies: Sequence[Copy], filed: Sequence[Filed], title: str, year: int) -> Iterator[ToWrite]:
    """Yield what is to be written, the list of contents last: where it stands, all of the delivery does."""
    if not copies:
        return
    found = {each.file.at: each for each in filed}
    listed = draw_contents(contents(copies, title), year)
    if _is_zip(place):
        yield ToWrite(place, _package([(CONTENTS, listed, _latest(filed)), *(
            (copy.name, found[copy.file.at].data, found[copy.file.at].saved) for copy in copies)]), expects="")
        return
    for copy in copies:
        of = found[copy.file.at]
        target = reachable(place / copy.name)
        if not target.exists():
            yield ToWrite(target, of.data, expects="", saved=of.saved)
    yield ToWrite(reachable(place / CONTENTS), listed, expects="")


def _latest(filed: Sequence[Filed]) -> float:
    return max(each.saved for each in filed)


def _package(members: Iterable[tuple[str, bytes, float]]) -> bytes:
    """Return a zip file of members, each with its name, its bytes and when it was saved."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data, saved in members:
            at = datetime.fromtimestamp(saved)
            year = min(max(at.year, _FIRST_YEAR), _LAST_YEAR)
            info = zipfile.ZipInfo(name, (year, at.month, at.day, at.hour, at.minute, at.second))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            package.writestr(info, data)
    return target.getvalue()
