"""Collecting answers: every file read and judged, for indlaes and flet alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from aftale.forms.draw_xlsx import fixed_texts
from aftale.forms.plan import form_book, plan_forms
from aftale.forms.returned import Refused, Returned, other_round
from aftale.intake.read import workbook_files
from aftale.intake.workers import CannotRead, Progress, read_all
from aftale.kse.edition import DepartmentAnswer, department_of_other_round
from aftale.merge.state import refusal_key
from aftale.merge.state_json import Received
from aftale.model.agreement import Agreement, Form, Round
from aftale.model.problems import Problem
from aftale.model.workbook import Letter
from aftale.office.report import CannotDo
from aftale.steps.open_agreement import Opened, deadline_of


@dataclass(frozen=True)
class Collected:
    """What came in: the round, the skemaer that should be out, the files judged, the mails, and paths that led nowhere.

    ``whole`` tells that a folder was read, so that a file which was only in the wrong place, and is gone, is settled.
    """

    round: Round
    forms: tuple[Form, ...]
    returned: tuple[Returned, ...]
    refused: tuple[Refused, ...]
    letters: tuple[Letter, ...]
    problems: tuple[Problem, ...]
    files: int
    whole: bool = True
    departments: tuple[DepartmentAnswer, ...] = ()


def collect(opened: Opened, paths: Sequence[Path], round_: Round | None, leave_out: Sequence[Path] = (),
            progress: Progress | None = None) -> Collected:
    """Read and judge every answer; the round is the one given, else the latest that the files are of.

    Byte-identical files count once; a file that can't be read takes no other down. ``progress`` is told how many files
    of how many are read.

    Raises:
        CannotDo: where there is nothing to read at all.
    """
    files, problems = workbook_files(list(paths))
    own = {path.resolve() for path in (opened.path, *leave_out)}
    files = [path for path in files if path.resolve() not in own]
    if not files:
        missing = "".join(f"\n  {p.message}" for p in problems)
        where = ", ".join(str(path) for path in paths) or (f"{round_.value}/svar" if round_ else "mappen")
        raise CannotDo(f"Der er ingen udfyldte skemaer i {where}.{missing}\nLæg svarene dér, og kør igen.")
    plans = _Plans(opened.agreement)
    try:
        received = [each for file in read_all(files, opened.agreement, plans.with_ids, progress)
                    for each in file]
    except CannotRead as error:
        raise CannotDo("Filerne kan ikke læses, fordi systemet ikke vil starte læseprocessen. Kør kommandoen igen, eller"
                       " genstart maskinen.") from error
    returned = [each for each in received if isinstance(each, Returned)]
    departments = list({each.source.sha256: each for each in received if isinstance(each, DepartmentAnswer)}.values())
    rounds = {each.round for each in returned or departments}
    chosen = round_ or (Round.AARSOPFOELGNING if Round.AARSOPFOELGNING.value in rounds else Round.MIDTVEJS)
    return Collected(chosen, plans.of(chosen), *_sorted(received, chosen), tuple(problems), len(files),
                     any(path.is_dir() for path in paths), tuple(d for d in departments if d.round == chosen.value))


def nothing_collected(opened: Opened, round_: Round) -> Collected:
    """Return what it is when nothing at all has come in."""
    return Collected(round_, _Plans(opened.agreement).of(round_), (), (), (), (), 0)


def _sorted(received: Sequence[Received], round_: Round) -> tuple[tuple[Returned, ...], tuple[Refused, ...],
                                                                 tuple[Letter, ...]]:
    """Tell answers, refused files and mails apart, each once; a skema of another round is refused."""
    returned: dict[str, Returned] = {}
    refused: dict[tuple[str, str, str, str], Refused] = {}
    letters: dict[str, Letter] = {}
    for each in received:
        if isinstance(each, Letter):
            letters.setdefault(each.source.sha256, each)
        elif isinstance(each, Returned) and each.round == round_.value:
            returned.setdefault(each.source.sha256, each)
        elif not isinstance(each, DepartmentAnswer) or each.round != round_.value:
            refusal = _refusal(each, round_)
            refused.setdefault(refusal_key(refusal), refusal)
    return tuple(returned.values()), tuple(refused.values()), tuple(letters.values())


def _refusal(each: Returned | DepartmentAnswer | Refused, round_: Round) -> Refused:
    if isinstance(each, Refused):
        return each
    return other_round(each, round_) if isinstance(each, Returned) else department_of_other_round(each, round_)


@dataclass(frozen=True)
class _Plans:
    """The skemaer that should be out, planned only where they are needed."""

    agreement: Agreement

    def of(self, round_: Round) -> tuple[Form, ...]:
        """Return the skemaer of a round."""
        return plan_forms(self.agreement, round_, deadline_of(self.agreement, round_))

    def with_ids(self, ids: Sequence[str]) -> Mapping[str, Form]:
        """Return the skemaer with these ids, with the texts that stand around the table.

        By them a skema that has lost its ``_aftale`` is told apart from what was written in it.
        """
        made = date(self.agreement.year, 1, 1)
        return {each: replace(form, fixed=fixed_texts(form_book(form, made))) for each in ids
                if (form := self._by_id.get(each))}

    @cached_property
    def _by_id(self) -> dict[str, Form]:
        return {form.id: form for each in Round for form in self.of(each)}
