"""KSE's edition of the follow-up, beside it as a workbook and, where that is asked for, as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aftale.cells.hidden_sheet import find_record
from aftale.followup.build import FollowUp, follow_up
from aftale.followup.draw_xlsx import KEYWORD, KseEdition, draw_for_kse
from aftale.forms.returned import Expected
from aftale.intake.read import read_workbook
from aftale.kse.edition import judge_department, sent_from
from aftale.kse.remarks import about_of
from aftale.model.additions import OwnContent
from aftale.model.agreement import THE_DEPARTMENT, Agreement
from aftale.model.dialogue import Party, waiting
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import Refused
from aftale.model.text import capital, genitive, slug
from aftale.office.as_saved import as_we_saved_it
from aftale.office.pdf import with_pdf
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import ToWrite, digest, earlier_name, standing_bytes
from aftale.steps.open_agreement import needs_suffix


@dataclass(frozen=True)
class Wanted:
    """What was asked for: where the edition of the ``department`` is to stand, and whether a PDF is to stand beside it."""

    path: Path | None = None
    pdf: bool = False
    answers: Sequence[Path] = ()
    department: str = THE_DEPARTMENT

    def beside(self, out: Path) -> Path:
        """Return where the edition stands: where it was asked for, else beside the follow-up."""
        return self.path or out.with_name(f"{out.stem}_{slug(self.department)}.xlsx")

    def leave_out(self, out: Path) -> tuple[Path, ...]:
        """Return the edition's own file, which is no answer unless it is named as one or was saved by another program."""
        path = self.beside(out)
        named = path.resolve() in {each.resolve() for each in self.answers}
        try:
            return () if named or (path.is_file() and not as_we_saved_it(path.read_bytes())) else (path,)
        except OSError:
            return (path,)


def plan_edition(wanted: Wanted, result: FollowUp, agreement: Agreement, out: Path, forms: Sequence[Form]) -> Report:
    """Work out what is to be written: nothing where what stands there already is the same.

    ``forms`` are the skemaer that should be out, by which the follow-up was made. Raises CannotDo where what stands
    there is no edition of KSE's of this follow-up.
    """
    if wanted.path is None and not wanted.pdf:
        return Report(())
    path = wanted.beside(out)
    whose = capital(genitive(agreement.short_department))
    needs_suffix(path, f"{whose} udgave", "--kse")
    if path.resolve() == out.resolve():
        raise CannotDo(f"{whose} udgave og opfølgningen kan ikke være samme fil. Vælg et andet navn efter --kse.", USAGE)
    data, number = draw_edition(result, agreement, forms)
    edition = edition_file(path, data, agreement, result)
    return with_pdf(edition, path, data, KEYWORD, number) if wanted.pdf else edition


def draw_edition(result: FollowUp, agreement: Agreement, forms: Sequence[Form]) -> KseEdition:
    """Draw KSE's edition of a round that has been merged; ``forms`` are the skemaer that should be out."""
    about = about_of(result.state, result.kse, waiting(result.dialogue, Party.DEPARTMENT))
    if result.state.own:  # formulas point at columns, so it is made once more without the coordinator's own
        result = follow_up(agreement, replace(result.state, own=OwnContent()), forms, result.book.created)
    return draw_for_kse(result.book, about)


def edition_file(path: Path, data: bytes, agreement: Agreement, result: FollowUp) -> Report:
    """Plan the edition's file; an earlier one in which anybody has written is kept beside it.

    Raises CannotDo where what stands there is no edition of KSE's of this follow-up.
    """
    standing, whose = standing_bytes(path), capital(genitive(agreement.short_department))
    if standing is None:
        return Report((f"{whose} udgave er gemt: {path}",), files=(ToWrite(path, data, expects=""),))
    if standing == data:
        return Report((f"{whose} udgave er uændret: {path}",))
    kept, found = _kept(path, agreement, result)
    said = [f"{whose} udgave er gemt: {path}"]
    if kept:
        said.append(f"Der er skrevet i den tidligere udgave; den er gemt som {kept.name}.")
    return Report(tuple(said), found, (ToWrite(path, data, kept, digest(standing)),))


def _kept(path: Path, agreement: Agreement, result: FollowUp) -> tuple[Path | None, tuple[Finding, ...]]:
    """Prove that what stands there may be replaced; returns the name to keep it under where anybody has written in it."""
    book = read_workbook(path)
    where = "Den er ikke rørt, og intet er gemt. Flyt den, eller vælg et andet navn efter --kse."
    if isinstance(book, Finding):
        raise CannotDo(f"Der ligger allerede noget i {path}, som ikke kan læses: {book.message} {where}")
    sent, called = sent_from(find_record(book)[1]), agreement.short_department
    if sent is None:
        raise CannotDo(f"{path.name} findes, men er ikke en udgave til {called}, der er lavet med programmet aftale."
                       f" {where}")
    there, about = sent.about, about_of(result.state, result.kse)
    if (there.agreement, there.year, there.round) != (about.agreement, about.year, about.round):
        raise CannotDo(f"{path.name} er {genitive(called)} udgave af {there.unit} {there.year}, {there.round.danish}."
                       f" {where}")
    judged = judge_department(book, Expected(agreement))
    if not isinstance(judged, Refused) and judged.untouched:
        return None, ()
    kept = earlier_name(path)
    if any(each.source.sha256 == book.source.sha256 for each in result.state.departments):
        return kept, ()  # merged already
    return kept, (problem("kse-edition-written", Place(path.name), value=path.name, what=kept.name,
                          department=called),)
