"""Collecting answers: every file read and judged, for indlaes and flet alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from aftale.disk.files import digest
from aftale.disk.form_xlsx import fixed_texts
from aftale.disk.reading import read_workbook, workbook_files
from aftale.rules.forms import form_book, plan_forms
from aftale.rules.returned import Answer, Expected, Refused, Returned, form_round, judge
from aftale.steps.agreement import Opened, deadline_of
from aftale.steps.report import CannotDo
from aftale.words.domain import Agreement, Column, Form, Measure, Round, Source
from aftale.words.problems import Problem
from aftale.words.raw import RawBook
from aftale.words.text import tidy


@dataclass(frozen=True)
class Collected:
    """What came in: the round, the skemaer that should be out, the files judged, and paths that led nowhere.

    ``whole`` tells that a folder was read, so that a file which was only in the wrong place, and is gone, is settled.
    """

    round: Round
    forms: tuple[Form, ...]
    returned: tuple[Returned, ...]
    refused: tuple[Refused, ...]
    problems: tuple[Problem, ...]
    files: int
    whole: bool = True


def collect(opened: Opened, paths: Sequence[Path], round_: Round | None, leave_out: Sequence[Path] = ()) -> Collected:
    """Read and judge every answer; the round is the one given, else the latest that the files are of.

    Byte-identical files count once; a file that can't be read takes no other down.

    Raises:
        CannotDo: where there is nothing to read at all.
    """
    files, problems = workbook_files(list(paths))
    own = {path.resolve() for path in (opened.path, *leave_out)}
    files = [(path, container) for path, container in files if path.resolve() not in own]
    if not files:
        missing = "".join(f"\n  {p.message}" for p in problems)
        where = ", ".join(str(path) for path in paths) or (f"{round_.value}/svar" if round_ else "mappen")
        raise CannotDo(f"Der er ingen udfyldte skemaer i {where}.{missing}\nLæg svarene dér, og kør igen.")
    books: list[tuple[RawBook, Path]] = []
    refused: list[Refused] = []
    for path, container in files:
        book = read_workbook(path, container)
        if isinstance(book, Problem):
            refused.append(Refused(Source(_digest(path), tidy(path.name), container), book))
        else:
            books.append((book, path))
    known = Expected(opened.agreement, {form.id: form for each in Round for form in planned(opened.agreement, each)})
    rounds = {form_round(book, known) for book, _ in books} - {""}
    chosen = round_ or (Round.AARSOPFOELGNING if Round.AARSOPFOELGNING.value in rounds else Round.MIDTVEJS)
    forms = planned(opened.agreement, chosen)
    expected = Expected(opened.agreement, {form.id: form for form in forms}, chosen.value)
    returned: dict[str, Returned] = {}
    for book, path in books:
        judged = _judge(book, path, expected)
        if isinstance(judged, Refused):
            refused.append(judged)
        else:
            returned.setdefault(judged.source.sha256, judged)
    once = {(each.source.sha256, each.problem.code): each for each in reversed(refused)}
    return Collected(chosen, forms, tuple(returned.values()), tuple(reversed(once.values())), tuple(problems), len(files),
                     any(path.is_dir() for path in paths))


def _judge(book: RawBook, path: Path, expected: Expected) -> Returned | Refused:
    """Judge a file; where a percentage is doubtful, once more with the cells' number formats."""
    judged = judge(book, expected)
    units = {goal.id: goal.measure for goal in expected.agreement.goals}
    if isinstance(judged, Returned) and (any(p.code == "percent-ambiguous" for p in judged.problems)
                                         or any(_may_be_percent(a, units.get(a.goal)) for a in judged.answers)):
        again = read_workbook(path, book.source.container, thorough=True)
        if not isinstance(again, Problem):
            return judge(again, expected)
    return judged


def _may_be_percent(answer: Answer, measure: Measure | None) -> bool:
    """Could a number be a percentage? In a goal in percent always; elsewhere a small one that isn't whole, as 3,5 % is."""
    value = answer.value
    if measure is None or not isinstance(value, float) or answer.column not in (Column.RESULT, Column.BASELINE):
        return False
    small = 0 < abs(value) <= 10 and value != int(value)
    return measure.in_percent or (small and (abs(value) < 1 or "point" not in measure.unit.lower()))


def planned(agreement: Agreement, round_: Round) -> tuple[Form, ...]:
    """Return the skemaer that should be out in a round."""
    forms = plan_forms(agreement, round_, deadline_of(agreement, round_))
    # With the texts around the table: a skema that has lost its _aftale is told apart from what was written in it.
    return tuple(replace(form, fixed=fixed_texts(form_book(form, date(agreement.year, 1, 1)))) for form in forms)


def _digest(path: Path) -> str:
    try:
        return digest(path.read_bytes())
    except OSError:
        return digest(str(path).encode("utf-8", "surrogateescape"))
