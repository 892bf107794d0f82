"""generer: from a source of goals and the template to the agreement's workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from aftale.agreement.checks import check_agreement
from aftale.agreement.read_goals import ROWS_ASKED, ReadAgreement, agreement_record, as_fact, read_agreement, year_in
from aftale.agreement.read_leftovers import carried
from aftale.agreement.read_toml import SUPPORT, NotToml, fact_key, read_toml
from aftale.agreement.template_xlsx import Filling, fill
from aftale.document.open_document import DOCUMENTS, Sourced, from_document
from aftale.followup.goal_sheets import goal_cells
from aftale.intake.read import read_bytes, read_csv, read_workbook
from aftale.model.agreement import SUGGESTED, Agreement, Value
from aftale.model.columns import FACT_BY_KEY, MAAL, TEXT_NAMES, maal_columns, with_demands_header
from aftale.model.findings import Finding
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.tables import Cell
from aftale.model.text import CELL_LIMIT, canonical, capital, count, cut, danish_number, fold, slug, utf16_length
from aftale.model.workbook import Workbook
from aftale.office.report import USAGE, CannotDo, Report, problem_data
from aftale.office.safe_write import ToWrite, danish_reason, digest, earlier_name, standing_bytes
from aftale.office.text_file import MOST_TEXT, decoded
from aftale.steps.skabelon import inspected
from aftale.steps.year_folder import whom_to_tell

_SEEN_AGAIN = frozenset(("fact-missing", "fact-unread", "method-unknown", "scope-unknown", "demand-unknown",
                         "target-missing", "year-unreadable", "year-outside", "goal-withdrawn", "number-unreadable",
                         "number-ambiguous", "percent-ambiguous", "email-mismatch", "owners-together", *ROWS_ASKED))
"""Findings that are made once more in the finished workbook, where they name the cell that people can mend."""


@dataclass(frozen=True)
class Given:
    """What generer was asked for: values that win over those of the source."""

    unit: str = ""
    year: int = 0
    period: str = ""
    department: str = ""

    def facts(self) -> dict[str, Value]:
        """Return what was given as facts of ``Forside``."""
        return {key: value for key, value in (("enhed", self.unit), ("aar", str(self.year or "")), ("periode", self.period),
                                              ("afdeling", self.department)) if value}


def generer(source: Path | None, out: Path | None, template: Path, given: Given = Given(),
            despite_losses: bool = False) -> Report:
    """Make the agreement's workbook; findings never stop it where it can still be made.

    Raises CannotDo where the source or the template can't be read, or the template would lose something.
    """
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", given.period)]
    if given.period and (not years or years[0] > years[-1]):
        raise CannotDo(f"»{given.period}« kan ikke bruges efter --periode: Perioden skal begynde, før den slutter. Skriv den"
                       " som 2015-2018.", USAGE)
    sourced = read_source(source, given)
    found = sourced.read
    agreement = found.agreement
    if out is None:
        if not agreement.year:
            raise CannotDo("Året mangler. Tilføj fx --aar 2015, eller skriv »aar = 2015« i aftale.toml.", USAGE)
        out = Path(agreement_name(agreement))
    if out.is_dir():
        raise CannotDo(f"{out} er en mappe. Skriv et filnavn efter --ud.")
    template_data, edition = _template(template, despite_losses)
    agreement = replace(agreement, template=edition)
    columns = with_demands_header(maal_columns(_years(agreement, sourced)),
                                  agreement.demands_header)
    filling = Filling(agreement.facts, agreement.texts, columns, tuple(
        goal_cells(goal, columns, {key: Cell(text) for key, text in goal.unread.items()}) for goal in found.rows),
                      agreement_record(agreement, edition), date(agreement.year or 2000, 1, 1),
                      agreement_title(agreement), sourced.paragraphs,
                      sourced.leftovers, SUGGESTED if any(SUGGESTED in goal.note for goal in found.rows) else "")
    _refuse_long(filling)
    data, notes = fill(template_data, filling)
    problems = _findings(found, data, out, notes)
    return _report(agreement, problems, out, data, source, sourced)


def _years(agreement: Agreement, sourced: Sourced) -> Sequence[int]:
    """Return the years that get a column: those of the plan; without any, a new agreement's are to be typed over."""
    return agreement.plan_years if agreement.year else () if sourced.of_document else range(2015, 2019)


def _refuse_long(filling: Filling) -> None:
    """Raise CannotDo for texts that no cell can hold: cut, they wouldn't be what was agreed."""
    goals = ((f"{canonical(row[0].value)} ({column.header})", row[place].value) for row in filling.rows
             for place, column in enumerate(filling.columns) if place < len(row))
    facts = ((FACT_BY_KEY[key].label if key in FACT_BY_KEY else key, value) for key, value in filling.facts.items())
    texts = [*goals, *facts, *filling.names.items(), *((cut(each, 40), each) for each in filling.paragraphs),
             *((cut(each.text, 40), each.text) for each in filling.leftovers)]
    long = [problem("too-long", what=what, value=danish_number(utf16_length(text))) for what, text in texts
            if isinstance(text, str) and len(text) > CELL_LIMIT // 2 and utf16_length(text) > CELL_LIMIT]
    if long:
        raise CannotDo("\n".join(("Aftalen er ikke lavet:", *(f"  {each.message}" for each in long[:10]), long[0].advice)))


def agreement_name(agreement: Agreement) -> str:
    """Return the file name of an agreement: ``aftale_2015_viborg_bibliotekerne.xlsx``."""
    return file_name(agreement.year, agreement.unit)


def file_name(year: int, unit: str) -> str:
    """Return what the agreement of a unit and a year is called."""
    return f"aftale_{year}_{slug(unit)}.xlsx" if unit else f"aftale_{year}.xlsx"


def agreement_title(agreement: Agreement) -> str:
    """Return what an agreement's file is called in its own properties."""
    return f"Dialogbaseret aftale {agreement.year or ''} {agreement.unit}".strip()


def read_source(source: Path | None, given: Given) -> Sourced:
    """Read the goals and facts from a folder, a workbook, a list of goals or a document.

    Raises CannotDo where the source isn't there or is of a kind that can't be read.
    """
    facts: dict[str, Value] = {}
    texts: dict[str, str] = {}
    book: Workbook | Finding
    problems: list[Finding] = []
    if source is None:
        book = Workbook(Source("", "(ny aftale)"), ())
    elif not source.exists():
        raise CannotDo(f"{source} findes ikke. Kontrollér, hvor mappen eller filen med målene ligger.", USAGE)
    elif source.is_dir():
        facts, texts, problems = _toml(source / "aftale.toml")
        csv_path = source / "maal.csv"
        book = read_csv(csv_path, MAAL) if csv_path.exists() else Workbook(Source("", source.name), ())
    elif source.suffix.lower() in (".csv", ".tsv"):
        book = read_csv(source, MAAL)
    elif source.suffix.lower() in DOCUMENTS:
        return from_document(source, given.facts())
    else:
        book = read_workbook(source)
    if isinstance(book, Finding):
        raise CannotDo(f"{book.place}: {book.message} {book.advice}")
    texts = {**named_texts(book), **texts}
    found = read_agreement(book, {**facts, **given.facts()}, texts, beside=True)
    empty = source is None or (source.is_dir() and not (source / "maal.csv").exists())
    kept = [p for p in found.problems if not (empty and p.code == "no-goals-sheet")]
    paragraphs, leftovers = carried(book)
    return Sourced(replace(found, problems=(*problems, *kept)), paragraphs, leftovers)


def named_texts(book: Workbook) -> dict[str, str]:
    """Return the free texts that a workbook holds in named cells."""
    found = {}
    for name in TEXT_NAMES:
        at = book.names.get(name)
        sheet = next((s for s in book.sheets if at and s.name == at[0]), None)
        if at and sheet and (text := canonical(sheet.value(at[1], at[2]))):
            found[name] = text
    return found


def _toml(path: Path) -> tuple[dict[str, Value], dict[str, str], list[Finding]]:
    place = Place(path.name)
    if not path.exists():
        return {}, {}, [problem("file-missing", place, name=path.name)]
    if path.stat().st_size > MOST_TEXT:
        raise CannotDo(f"{path.name} er alt for stor. Den skal kun rumme linjer som »enhed = …«: se vejledningen.")
    try:
        content = read_toml(decoded(path.read_bytes())[0], path.name)
    except OSError as error:
        raise CannotDo(f"{path.name} kan ikke læses: {capital(danish_reason(error))}.") from error
    except NotToml as error:
        raise CannotDo(str(error)) from error
    texts = content.pop("tekster", {})
    year = next((year_in(canonical(value)) for key, value in content.items() if fact_key(key) == "aar"), 0)
    facts = {known: as_fact(known, value, year) for key, value in content.items() if (known := fact_key(key))}
    unknown = [(key, cut(canonical(value), 80)) for key, value in content.items()
               if not fact_key(key) and fold(key) != SUPPORT]
    problems = [problem("name-unplaced", place, value=f"»{key}« i {path.name} kendes ikke, så »{value}« er ikke med.")
                for key, value in unknown]
    named = {str(k): canonical(v) for k, v in texts.items()} if isinstance(texts, dict) else {}
    return facts, named, problems


def _template(template: Path, despite_losses: bool) -> tuple[bytes, str]:
    """Return a template that can be used, and its edition."""
    try:
        data, report = inspected(template)
    except OSError as error:
        raise CannotDo(f"Skabelonen {template} kan ikke læses. Kontrollér det, der står efter --skabelon.", USAGE) from error
    if report.missing:
        raise CannotDo("Skabelonen kan ikke bruges:\n  " + "\n  ".join(report.missing)
                       + "\nRet den i Excel, og se efter med »aftale skabelon«.")
    if report.losses and not despite_losses:
        raise CannotDo("Skabelonen indeholder noget, der ville gå tabt:\n  " + "\n  ".join(report.losses)
                       + "\nFjern det i Excel, eller tilføj --trods-tab, hvis det er i orden.")
    return data, report.edition


def _findings(found: ReadAgreement, data: bytes, out: Path, notes: tuple[str, ...]) -> tuple[Finding, ...]:
    made = read_bytes(data, out.name)
    if isinstance(made, Finding):
        raise CannotDo(f"Den færdige aftale kunne ikke læses igen: {made.message} Giv {whom_to_tell()} besked om det.")
    again = read_agreement(made)
    kept = [p for p in found.problems if p.code not in _SEEN_AGAIN]
    if not found.agreement.goals:  # what is to be filled in is what the next step says
        again = replace(again, problems=tuple(p for p in again.problems if p.code not in ("no-goals-sheet", "fact-missing")))
    placed = [problem("name-unplaced", Place(out.name), value=note) for note in notes]
    # A template's own extra columns are nobody's mistake.
    seen = tuple(p for p in again.problems if p.code != "column-unknown")
    outside = [p for p in found.problems if p.code == "year-outside"
               and not any(q.code == "year-outside" for q in again.problems)]
    return (*kept, *outside, *seen, *check_agreement(again.agreement), *placed)


def _report(agreement: Agreement, problems: tuple[Finding, ...], out: Path, data: bytes, source: Path | None,
            sourced: Sourced) -> Report:
    there = standing_bytes(out)
    unchanged = there == data
    earlier = earlier_name(out) if there is not None and not unchanged else None
    now = digest(there) if there is not None else ""
    goals = count(len(sourced.read.rows), "række", "rækker")
    read = f"Læst: {source if source.name else f'mappen {source.resolve().name}'}" if source else ""
    said = [read or "Ny, tom aftale til at skrive i.", *sourced.said,
            f"Aftalen er uændret: {out}" if unchanged else f"Gemt: {out}" + (f" ({goals} på arket Mål)" if source else "")]
    if earlier:
        said.append(f"Den tidligere aftale er gemt som {earlier.name}.")
    said += sourced.read.said
    first = ("Åbn aftalen i Excel, og svar på spørgsmålene." if sourced.read.asked else
             "Se aftalen igennem i Excel." if source else "Udfyld arkene Forside og Mål i Excel.")
    return Report(tuple(said), problems, () if unchanged else (ToWrite(out, data, earlier, now),),
                  f"{first} Kør derefter »aftale fordel«, når runden begynder.",
                  {"workbook": str(out), "goals": len(agreement.goals),
                   "problems": [problem_data(p) for p in problems], **dict(sourced.data)})
