"""demo: the whole year on the shipped example, step by step, and the agreement that follows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from aftale.model.agreement import Round
from aftale.model.text import count, slug
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import ToWrite
from aftale.office.shipped_files import example_path, template_path
from aftale.steps import demo_answers_xlsx as invented
from aftale.steps.flet import flet
from aftale.steps.fordel import DraftFolder, fordel
from aftale.steps.generer import generer
from aftale.steps.indlaes import indlaes
from aftale.steps.nyt_aar import nyt_aar
from aftale.steps.paamind import Reminding, paamind
from aftale.steps.rapport import rapport
from aftale.steps.saml import saml
from aftale.steps.send import prepare, send
from aftale.steps.year_folder import YearFolder

Chapter = tuple[str, Callable[[], Report]]
AGREEMENT = "aftale_2015_viborg_bibliotekerne.xlsx"
EDITION = "opfoelgning_2015_{}_viborg_bibliotekerne.xlsx"
REPLY = "opfoelgning_2015_fra_kse.xlsx"


def chapters(folder: Path) -> Iterator[Chapter]:
    """Yield the demo's chapters, each a title and the step to run; each stands on the files of those before it."""
    yield from the_year(folder)
    yield from what_follows(folder)


def the_year(folder: Path) -> Iterator[Chapter]:
    """Yield the chapters of the year itself, from its agreement to KSE's remarks."""
    agreement = folder / AGREEMENT
    middle, end = folder / Round.MIDTVEJS.value, folder / Round.AARSOPFOELGNING.value
    early = [filled for filled in invented.AARSOPFOELGNING if filled.owner != invented.LATE]
    late = [filled for filled in invented.AARSOPFOELGNING if filled.owner == invented.LATE]
    first, last = _followups(folder)
    yield "Januar: aftalen laves", lambda: generer(example_path(), agreement, template_path())
    yield "Maj: skemaer til midtvejsopfølgningen, hvert med en mail", lambda: fordel(
        agreement, Round.MIDTVEJS, middle / "skemaer", drafts=DraftFolder(middle / "breve"))
    yield "Juni: svarene kommer", lambda: _answers(middle, invented.MIDTVEJS)
    yield "Juni: svarene samles", lambda: flet(agreement, [middle / "svar"], first)
    yield "Juni: opfølgningen sendes til KSE", lambda: send(prepare(first))
    yield "Juni: KSE spørger i sin udgave", lambda: _replied(middle, invented.DEPARTMENT_IN_JUNE)
    yield "Juni: KSE's spørgsmål tages med", lambda: flet(agreement, [middle / "svar"], first)
    yield "August: koordinatoren svarer på arket Dialog", lambda: _written(
        first, first, invented.COORDINATOR_IN_AUGUST, "Svaret på KSE's spørgsmål er skrevet på arket Dialog.")
    yield "August: svaret tages med", lambda: flet(agreement, [middle / "svar"], first)
    yield "Oktober: skemaer til årsopfølgningen, hvert med en mail", lambda: fordel(
        agreement, Round.AARSOPFOELGNING, end / "skemaer", earlier=[first], drafts=DraftFolder(end / "breve"))
    yield "November: svarene kommer", lambda: _answers(end, early)
    yield "November: svarene læses igennem", lambda: indlaes(agreement, [end / "svar"])
    yield "November: svarene samles", lambda: flet(agreement, [end / "svar"], last, [first])
    yield "November: den, der mangler, får en påmindelse", lambda: paamind(
        agreement, end / "breve", Reminding([end / "svar"], Round.AARSOPFOELGNING, year=YearFolder(folder)))
    yield "November: ét svar kommer for sent", lambda: _answers(end, late)
    yield "November: det sene svar tages med", lambda: flet(agreement, [end / "svar"], last, [first])
    yield "November: koordinatoren afgør, hvor to er uenige", lambda: _written(
        last, last, invented.COORDINATOR, "Valgt på arket Modstridende svar, og skrevet på arkene Overblik, Opfølgning og"
                                          " Dialog.")
    yield "November: afgørelsen tages med", lambda: flet(agreement, [end / "svar"], last, [first])
    yield "November: opfølgningen sendes til KSE", lambda: send(prepare(last))
    yield "December: KSE svarer i sin udgave", lambda: _replied(end, invented.DEPARTMENT)
    yield "December: KSE's bemærkninger tages med", lambda: flet(agreement, [end / "svar"], last, [first])
    yield "December: rapporten til udvalget laves", lambda: rapport(last)


def what_follows(folder: Path) -> Iterator[Chapter]:
    """Yield what comes of the year: the next agreement, in a folder inside the demo's own, and KSE's overview."""
    first, last = _followups(folder)
    yield "Januar: næste års aftale laves", lambda: nyt_aar(
        folder / AGREEMENT, [first, last], folder / "2016" / AGREEMENT.replace("2015", "2016"))
    yield "Januar: KSE samler enhedernes opfølgninger; her er der kun én enhed", lambda: saml(
        [first, last], folder / "samling_2015.xlsx")


def _followups(folder: Path) -> tuple[Path, Path]:
    """Return where the follow-ups of the two rounds stand."""
    return (folder / Round.MIDTVEJS.value / "opfoelgning_2015_midtvejs.xlsx",
            folder / Round.AARSOPFOELGNING.value / "opfoelgning_2015_aarsopfoelgning.xlsx")


def headline(folder: Path) -> tuple[str, Path]:
    """Return the sentence that one would read first, and the workbook it stands in."""
    from aftale.intake.read import read_workbook
    from aftale.model.findings import Finding
    followup = _followups(folder)[1]
    book = read_workbook(followup)
    if isinstance(book, Finding):
        raise CannotDo("Demoens opfølgning kan ikke læses. Slet mappen, og kør »aftale demo« igen.")
    texts = [str(value) for _, _, value in book.sheets[0].filled()]
    return next(text for text in texts if "effektmål" in text and text.endswith(".")), followup


def _answers(folder: Path, answers: Sequence[invented.FilledIn]) -> Report:
    forms = sorted((folder / "skemaer").glob("*.xlsx"))
    files, rows = [], []
    for filled in answers:
        source = next((f for f in forms if f"_{slug(filled.owner)}_S-" in f.name), None)
        if source is None:
            raise CannotDo(f"Skemaet til {filled.owner} mangler. Slet mappen, og kør »aftale demo« igen.")
        target = folder / "svar" / (filled.file or source.name)
        files.append(ToWrite(target, invented.fill_in(source.read_bytes(), filled)))
        rows.append((filled.owner, target.name, _habit(filled)))
    said = f"{count(len(files), 'udfyldt skema', 'udfyldte skemaer')} lagt i {folder / 'svar'}."
    return Report((said,), files=tuple(files), table=rows)


def _replied(folder: Path, entries: invented.Entries) -> Report:
    """Save what KSE writes in its edition of a round among the round's answers."""
    edition, reply = folder / "breve" / EDITION.format(folder.name), folder / "svar" / REPLY
    return _written(edition, reply, entries, f"Forvaltningens svar er lagt i {reply.parent}.")


def _written(source: Path, target: Path, entries: invented.Entries, said: str) -> Report:
    """Save a follow-up as after somebody has written in it."""
    return Report((said,), files=(ToWrite(target, invented.write_in(source.read_bytes(), entries)),))


def _habit(filled: invented.FilledIn) -> str:
    """Say what is odd about an answer."""
    habits = (
        (filled.extra_column, "har indsat en kolonne"), (filled.sort, "har sorteret rækkerne anderledes"),
        (filled.beside, "har skrevet ved siden af tabellen"), (filled.proposal, "har skrevet et forslag under tabellen"),
        (filled.file, "har gemt skemaet to gange"), (filled.owner == invented.LATE, "kom efter fristen"),
        (any(isinstance(each.get("Resultat"), str) for each in filled.answers.values()),
         "har skrevet et tal med komma som tekst"))
    return next((said for true, said in habits if true), "")
