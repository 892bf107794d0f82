"""rapport: the Word report for the committee, from the follow-up that stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from aftale.intake.read import read_workbook
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import fold, listing
from aftale.model.workbook import Workbook
from aftale.office.pdf import with_pdf
from aftale.office.report import USAGE, CannotDo, Report, problem_data
from aftale.office.safe_write import ToWrite, digest, earlier_name, standing_bytes
from aftale.office.shipped_files import report_template_path
from aftale.report.draw_docx import KEYWORD, Drawn, content_number, draw, drawn_number
from aftale.report.model import BLOCKS, HEADLINE
from aftale.report.model import Report as CommitteeReport
from aftale.report.of_followup import report_of
from aftale.report.of_units import read_collection, report_of_units
from aftale.report.template_docx import doubts, lacks, open_template
from aftale.steps.open_agreement import kind_of, needs_suffix
from aftale.steps.send import prepare
from aftale.units.model import COLLECTION_KIND, GOALS, UNITS

NAME = "rapport_skabelon.docx"
"""What staff's own template is called where it lies in the year's folder, or beside the follow-up."""
LARGEST = 50_000_000
"""How large a template may be, in bytes."""
_ANOTHER = f"Brug ellers den medfølgende skabelon: »aftale skabelon --rapport {NAME}« lægger en kopi af den."


def rapport(path: Path, out: Path | None = None, template: Path | None = None, leave_out: Sequence[str] = (),
            pdf: bool = False) -> Report:
    """Make the report of a follow-up, or of all units in a workbook that ``saml`` has made, as it stands.

    ``leave_out`` are the names of blocks; ``pdf`` asks for a PDF beside it. Raises CannotDo where the file can't be read,
    the template can't be used, or what stands at ``out`` is no report of ours.
    """
    report, name, open_ = _of_collection(path) or _of_followup(path)
    out = out or path.with_name(f"{name}.docx")
    needs_suffix(out, "Rapporten", suffix=".docx")
    template = template or _own_template(path)
    if out.resolve() == template.resolve():
        raise CannotDo("Rapporten og skabelonen kan ikke være samme fil. Vælg et andet navn efter --ud.", USAGE)
    left_out = blocks_called(leave_out)
    document = opened(template)
    problems = (*doubts(document, template.name), *(problem("report-open", Place(path.name), value=each) for each in open_))
    drawn = draw(document, report, left_out)
    files, said = to_write(out, drawn)
    step = f"Åbn {out.name} i Word, og læs den igennem."
    if open_:
        step = f"Afklar det, der mangler i {path.name}, og kør »aftale rapport« igen; eller brug rapporten, som den er."
    made = Report((f"{report.title}. {report.fields[HEADLINE]}", *said), problems, files, step)
    return with_pdf(made, out, drawn.data, KEYWORD, drawn.number) if pdf else made


def _of_followup(path: Path) -> tuple[CommitteeReport, str, Sequence[str]]:
    """Return the report of a follow-up, what its file is called, and what is still open."""
    prepared = prepare(path, "rapporten")
    name = f"rapport_{prepared.agreement.year}_{prepared.standing.state.round.value}"
    return report_of(prepared.agreement, prepared.result, path.name), name, prepared.open


def _of_collection(path: Path) -> tuple[CommitteeReport, str, Sequence[str]] | None:
    """Return the same of a workbook that ``saml`` has made, None where it is none; raises CannotDo without its tables."""
    book = read_workbook(path) if path.is_file() else None
    if not isinstance(book, Workbook) or kind_of(book) != COLLECTION_KIND:
        return None
    found = read_collection(book)
    if found is None or not found.units:
        raise CannotDo(f"{path.name} er et samlet overblik, men arkene {GOALS} og {UNITS} mangler noget. Lav den igen med"
                       " »aftale saml«.")
    year = int(found.year) if found.year.isdigit() else 1
    return report_of_units(found, path.name, date(min(max(year, 1901), 9999), 1, 1)), f"rapport_{path.stem}", ()


# ---------------------------------------------------------------- the template

def _own_template(path: Path) -> Path:
    """Return staff's own template where it lies beside the follow-up or in the year's folder, else the shipped one."""
    near = (path.parent / NAME, path.resolve().parent.parent / NAME)
    return next((each for each in near if each.is_file()), report_template_path())


def opened(template: Path) -> object:
    """Open a template; raises CannotDo where it isn't there or can't be used, with the reason and what to do."""
    if not template.is_file():
        raise CannotDo(f"Skabelonen {template} findes ikke som fil. Kontrollér, hvor den ligger. {_ANOTHER}", USAGE)
    if template.stat().st_size > LARGEST:
        raise CannotDo(f"{template.name} er alt for stor til en skabelon. {_ANOTHER}")
    found = open_template(template.read_bytes(), template.name)
    if isinstance(found, Finding):
        advice = f"{found.advice} " if found.code in ("doc-locked", "doc-other", "doc-damaged") else ""
        raise CannotDo(f"{template.name}: {found.message} {advice}{_ANOTHER}")
    return found


def blocks_called(names: Sequence[str]) -> Collection[str]:
    """Return the blocks that are called so; raises CannotDo where one isn't known."""
    known = {fold(name): name for name in BLOCKS}
    named = [name.strip() for each in names for name in each.split(",") if name.strip()]
    for name in named:
        if fold(name) not in known:
            raise CannotDo(f"»{name}« er ikke en del af rapporten. Efter --uden kan stå {listing(list(BLOCKS))}.", USAGE)
    return {known[fold(name)] for name in named}


def inspected(path: Path) -> Report:
    """Look a template through: what can't be filled in it, and what it lacks; puts ours there where there is none.

    Raises CannotDo where it can't be used at all.
    """
    needs_suffix(path, "Rapportens skabelon", "--rapport", ".docx")
    step = f"Ret den i Word. Den bliver brugt af sig selv, når den hedder {NAME} og ligger i årets mappe; ellers skriv" \
           f" --skabelon {path.name} efter »aftale rapport«."
    if not path.exists():
        return Report((f"Den medfølgende skabelon er lagt i {path}.",), (),
                      (ToWrite(path, report_template_path().read_bytes(), expects=""),), step)
    document = opened(path)
    wrong, lacking = tuple(doubts(document, path.name)), tuple(lacks(document, path.name))
    said = ("har noget, der ikke kan sættes ind" if wrong else "kan bruges, men har ikke det hele med" if lacking
            else "kan bruges og har det hele med")
    data: dict[str, object] = {"missing": [each.text for each in lacking], "problems": [*map(problem_data, wrong)]}
    return Report((f"Skabelonen {path.name} {said}.",), (*wrong, *lacking), (), step, data)


# ---------------------------------------------------------------- the file

def to_write(out: Path, drawn: Drawn) -> tuple[tuple[ToWrite, ...], list[str]]:
    """Decide what is written: nothing where nothing is new, never over what isn't a report; what was written in is kept."""
    standing = standing_bytes(out)
    if standing is None:
        return (ToWrite(out, drawn.data, expects=""),), [f"Gemt: {out}"]
    if standing == drawn.data:
        return (), [f"Intet nyt siden sidst: {out} er uændret."]
    number = drawn_number(standing)
    if not number:
        raise CannotDo(f"{out} findes, men er ikke en rapport, som »aftale rapport« har lavet. Den er ikke rørt. Vælg et"
                       " andet navn efter --ud.")
    kept = None if content_number(standing) == number else earlier_name(out)
    said = [f"Gemt: {out}"]
    if kept:
        said.append(f"{out.name} var rettet i Word, siden den blev lavet. Den ligger som {kept.name}.")
    return (ToWrite(out, drawn.data, kept, digest(standing)),), said
