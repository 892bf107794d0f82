"""Opening the agreement that a command works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from aftale.agreement.checks import MEASURE_DOUBTS, standing_questions
from aftale.agreement.read_goals import ReadAgreement, read_agreement
from aftale.cells.hidden_sheet import find_record
from aftale.intake.read import read_workbook
from aftale.model.agreement import Agreement, Round
from aftale.model.findings import Finding, Severity
from aftale.model.text import canonical
from aftale.model.workbook import Workbook
from aftale.office.report import USAGE, CannotDo

if TYPE_CHECKING:
    from aftale.merge.choices import Choice
    from aftale.merge.state import State

ASKED_WHEN_IT_GOES_OUT = frozenset(("target-missing",))
"""Codes that are asked when the agreement is made, goes out and is followed up, and not by every command between."""


@dataclass(frozen=True)
class Opened:
    """An agreement with the file it came from."""

    path: Path
    book: Workbook
    read: ReadAgreement

    @property
    def agreement(self) -> Agreement:
        """The agreement itself."""
        return self.read.agreement

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return self.book.source.sha256

    @cached_property
    def questions(self) -> tuple[Finding, ...]:
        """What is wrong or doubtful in the agreement, without what is merely worth knowing."""
        return tuple(p for p in (*self.read.problems, *standing_questions(self.agreement)) if p.level is not Severity.INFO)

    def unsettled(self, states: Iterable[State]) -> tuple[Finding, ...]:
        """Return what none of some follow-ups has the coordinator's answer to."""
        from aftale.merge.choices import Keys  # it takes a while to load, and few agreements have questions
        settled = {key for state in states for key in self.settled_in(state)}
        keys = Keys(())
        return tuple(p for p in self.questions if p.level is Severity.ERROR or keys.found(p) not in settled)

    def settled_in(self, state: State) -> dict[str, Choice]:
        """Return the choices of a follow-up's ``Kontrol`` that settle questions about the agreement, by their key."""
        from aftale.merge.choices import ACCEPT, Keys
        keys = Keys(())
        asked = {keys.found(p) for p in self.questions}
        return {key: choice for key, choice in state.control.items() if key in asked and choice.act == ACCEPT}

    def doubted(self, state: State) -> tuple[str, ...]:
        """Return the goals, by Mål-id, of which it is asked what they are held against, and not answered in a follow-up."""
        return tuple(sorted({p.goal for p in self.unsettled([state]) if p.code in MEASURE_DOUBTS}))


def open_agreement(path: Path) -> Opened:
    """Read an agreement; raises CannotDo where the file isn't there, can't be read or holds no agreement."""
    if not path.exists():
        raise CannotDo(f"Aftalen {path} findes ikke. Kontrollér, hvor den ligger, eller lav den med »aftale generer«.",
                       USAGE)
    if path.is_dir():
        raise CannotDo(f"{path} er en mappe. Skriv, hvor selve aftalen ligger (.xlsx).", USAGE)
    book = read_workbook(path)
    if isinstance(book, Finding):
        raise CannotDo(f"{path.name}: {book.message} {book.advice}")
    said = {"skema": "et skema", "opfølgning": "en opfølgning"}.get(kind_of(book))
    if said:
        raise CannotDo(f"{path.name} er {said}, ikke en aftale. Skriv lige efter kommandoen, hvor aftalen ligger.", USAGE)
    read = read_agreement(book)
    wrong = next((p for p in read.problems if p.code == "no-goals-sheet"), None)
    if wrong is not None:
        raise CannotDo(f"{path.name}: {wrong.message} {wrong.advice}")
    if not read.agreement.year:
        raise CannotDo(f"{path.name}: Aftaleåret mangler. Skriv det på arket Forside, og kør igen.")
    return Opened(path, book, read)


def needs_suffix(out: Path, what: str, option: str = "--ud", suffix: str = ".xlsx") -> None:
    """Refuse a folder, and a name that says it is another kind of file, which no program would open; raises CannotDo."""
    if out.is_dir():
        raise CannotDo(f"{out} er en mappe. Skriv et filnavn efter {option}.", USAGE)
    if out.suffix.lower() != suffix:
        raise CannotDo(f"{what} gemmes som {suffix}. Skriv fx {option} {out.with_suffix(suffix).name}.", USAGE)


def kind_of(book: Workbook) -> str:
    """Return what a workbook says it is: aftale, skema, opfølgning, or '' where it says nothing."""
    return find_record(book)[1].text("aftale", "", "slags")


def deadline_of(agreement: Agreement, round_: Round) -> date | None:
    """Return a round's deadline as it stands on ``Forside``."""
    day = agreement.facts.get(f"frist_{round_.value}")
    return day if isinstance(day, date) else None


def deadline_sent(agreement: Agreement, skemaer: Iterable[Path]) -> date | None:
    """Return the deadline that an agreement's skemaer were sent with; None where they say none, or can't be read."""
    from aftale.forms.plan import form_from_record  # it takes a while to load
    books = (read_workbook(path) for path in skemaer)
    forms = (form_from_record(find_record(book)[1]) for book in books if isinstance(book, Workbook))
    return next((form.deadline for form in forms if form and form.agreement_id == agreement.id), None)


def round_from(text: str) -> Round | None:
    """Read a round as people write it, None where nothing is said; raises CannotDo where it is neither of the two."""
    plain = canonical(text).lower().replace("å", "aa").replace("ø", "oe")
    found = next((each for each in Round if plain and each.value.startswith(plain[:3])), None)
    if found is None and text:
        raise CannotDo(f"»{text}« er ikke en runde. Skriv midtvejs eller aarsopfoelgning efter --runde.", USAGE)
    return found
