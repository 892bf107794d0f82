"""nyt-aar: next year's agreement from this year's and its follow-ups."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path

from aftale.agreement.checks import cell_of, check_agreement
from aftale.agreement.read_goals import ReadAgreement, agreement_id, agreement_record, fact_cells, read_agreement
from aftale.agreement.template_xlsx import with_year
from aftale.cells.find_table import find_table
from aftale.cells.hidden_sheet import find_record
from aftale.followup.build import FollowUp
from aftale.intake.read import read_bytes
from aftale.model.agreement import Agreement, Round, Value
from aftale.model.columns import FACT_BY_KEY, FORSIDE, NEWS_COLUMNS, news_sheet
from aftale.model.findings import Finding, Severity
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import cut, danish_date, fold, listing, some
from aftale.model.workbook import Workbook, cell_name, cell_place
from aftale.next_year.change_xlsx import Change, change_year, sheet_names
from aftale.next_year.goal_outcomes import GoalOutcome, goals_mentioned, last_said, suggested
from aftale.next_year.plan import NextYear, news_table, plan_next_year, tally
from aftale.office.openpyxl_book import TemplateError
from aftale.office.openpyxl_losses import losses
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import ToWrite
from aftale.steps.generer import agreement_name, agreement_title, named_texts
from aftale.steps.open_agreement import Opened, needs_suffix, open_agreement
from aftale.steps.send import prepare
from aftale.steps.year_folder import YearFolder, found_from, whom_to_tell

HEADERS = ("Hvad", "Mål-id", "Mål", "Sidste status")
_PACKAGES = frozenset((".xlsx", ".xlsm"))
_SHOWN = 60
_HEADERS_OF_OURS = 6
_MOST_IDS = 3


@dataclass(frozen=True)
class _Base:
    """The workbook that next year's is made from: its bytes, with a column for the new year, and how it reads."""

    data: bytes
    book: Workbook
    read: ReadAgreement
    problems: tuple[Finding, ...] = ()

    @property
    def agreement(self) -> Agreement:
        """The agreement with its free texts."""
        return replace(self.read.agreement, texts=named_texts(self.book))


def nyt_aar(agreement_path: Path, followups: Sequence[Path], out: Path | None = None) -> Report:
    """Make next year's agreement; what is new stands on a sheet of its own, and what people must decide is left to them.

    ``out`` is where it goes, in the next year's folder beside this one's where it is None. Raises CannotDo where the
    agreement or every follow-up can't be read, or something else stands where it would go.
    """
    opened = open_agreement(agreement_path)
    agreement = opened.agreement
    rounds, problems = _rounds(followups, agreement)
    target = _target(opened, out)
    base = _base(opened, agreement.year + 1)
    results = [each for _, each in rounds]
    plan = plan_next_year(base.agreement, last_said(results, agreement.year),
                          all(each.state.round is Round.MIDTVEJS for each in results), suggested(results),
                          goals_mentioned(results, agreement.year))
    taken = {fold(each) for each in sheet_names(base.data)}
    names = (f"{news_sheet(plan.year)}{'' if number == 1 else f' ({number})'}" for number in count(1))
    sheet = next(name for name in names if fold(name) not in taken)
    data, missing = _made(base, plan, sheet)
    read = _proved(data, target, plan.year)
    doubts = (p for p in (*read.problems, *check_agreement(read.agreement)) if p.level is not Severity.INFO)
    found = (*problems, *base.problems, *_new_ids(base),
             *(each.at(each.place._replace(file=target.name)) for each in plan.problems), *missing, *doubts)
    there = target.exists()
    if there and target.read_bytes() != data:
        raise CannotDo(f"{target} findes allerede og er en anden. Den er ikke rørt. Brug den, som den er, eller flyt den, og"
                       " kør igen, hvis aftalen skal laves igen.")
    rows = [(n.outcome.value, n.goal.id if n.goal else "", cut(n.text, _SHOWN), n.last.status)
            for n in plan.news if n.outcome is not GoalOutcome.GOES_ON or n.asks]
    where = "her i mappen" if target.parent == Path() else f"i mappen {target.parent}"
    step = (f"Åbn {target}, gå arket »{sheet}« igennem sammen med {agreement.short_department}, og skriv på arket"
            f" {base.read.sheet}, hvad I aftaler. Kør »aftale fordel« {where} i maj {plan.year}.")
    return Report(tuple(_said(opened, [path for path, _ in rounds], plan, target)), tuple(found),
                  () if there else (ToWrite(target, data, expects=""),), step, table=rows)


# ---------------------------------------------------------------- what it is made from

def _rounds(paths: Sequence[Path], agreement: Agreement) -> tuple[list[tuple[Path, FollowUp]], list[Finding]]:
    """Read the year's follow-ups as they stand, the earliest round first; what isn't one of them is a problem."""
    found: dict[Round, tuple[Path, FollowUp]] = {}
    problems: list[Finding] = []
    for path in paths:
        try:
            prepared = prepare(path)
        except CannotDo as error:
            problems.append(problem("next-unread", Place(path.name), value=str(error)))
            continue
        of, state = prepared.agreement, prepared.standing.state
        if fold(of.unit) != fold(agreement.unit) or of.year != agreement.year:
            problems.append(problem("next-other", Place(path.name), what=f"{of.unit} {of.year}",
                                    expected=f"{agreement.unit} {agreement.year}"))
        elif state.round in found and found[state.round][0].read_bytes() != path.read_bytes():
            raise CannotDo(f"{found[state.round][0].name} og {path.name} er to forskellige opfølgninger på den samme runde."
                           " Skriv kun den, der gælder.", USAGE)
        else:
            found[state.round] = (path, prepared.result)
            problems += prepared.standing.problems
    if not found and problems:
        raise CannotDo("\n".join(dict.fromkeys(f"{p.place}: {p.message} {p.advice}".strip() for p in problems)))
    if not found:
        raise CannotDo("Der er ingen opfølgning på årets aftale. Lav den med »aftale flet«, eller skriv efter aftalen, hvor"
                       " den ligger.", USAGE)
    return [found[each] for each in Round if each in found], problems


def _target(opened: Opened, out: Path | None) -> Path:
    """Return where next year's agreement goes."""
    suffix = opened.path.suffix.lower()
    if suffix not in _PACKAGES:
        raise CannotDo(f"{opened.path.name} er ikke gemt som .xlsx. Åbn den i Excel, gem den som »Excel-projektmappe"
                       " (.xlsx)«, og kør igen.")
    if out is not None:
        needs_suffix(out, "Den nye aftale", suffix=suffix)
        if out.resolve() == opened.path.resolve():
            raise CannotDo(f"{out.name} er årets egen aftale. Skriv et andet navn efter --ud.", USAGE)
        return out
    year = opened.agreement.year + 1
    name = Path(agreement_name(replace(opened.agreement, year=year))).with_suffix(suffix)
    folder = Path(os.path.normpath(opened.path.parent / ".." / str(year)))
    others = [path for path in YearFolder(folder).agreements if path.name != name.name]
    if others:
        raise CannotDo(f"Der ligger allerede en aftale i {folder}: {others[0].name}. Den er ikke rørt. Flyt den, eller skriv"
                       " et filnavn efter --ud.")
    return folder / name


def _base(opened: Opened, year: int) -> _Base:
    """Return the workbook with a column for the year; one is put in only where the plan is over."""
    data = opened.path.read_bytes()
    try:
        sheet_names(data)
        columns = opened.agreement.columns
        if f"y{year}" in columns:
            return _Base(data, opened.book, opened.read)
        if any(key[:1] == "y" and key[1:].isdigit() and int(key[1:]) > year for key in columns):
            raise CannotDo(f"Kolonnen {year} mangler på arket {opened.read.sheet} i {opened.path.name}. Indsæt den med"
                           f" {year} som overskrift, og kør igen.")
        lost = losses(data)
        data = with_year(data, year)
    except TemplateError as error:
        raise CannotDo(f"{opened.path.name}: {error}") from error
    book = _read(data, opened.path.name)
    problems = (problem("next-plan-lost", Place(opened.path.name), value=listing(lost), year=year,
                        sheet=opened.read.sheet),) if lost else ()
    return _Base(data, book, read_agreement(book), problems)


def _new_ids(base: _Base) -> Iterator[Finding]:
    """Tell which rows got a Mål-id now: one that lost its own would go on as a new goal, without its answers."""
    goals = {goal.id: goal for goal in base.agreement.goals}
    before = set(find_record(base.book)[1].keys("register"))
    given = [f"{goal_id} ({cut(goals[goal_id].text, _SHOWN)})" for goal_id in base.read.new_ids.values()
             if goal_id in goals and goal_id not in before]
    if given:
        yield problem("next-new-ids", Place(base.book.source.name, base.read.sheet), value=some(given, _MOST_IDS))


def _read(data: bytes, name: str) -> Workbook:
    book = read_bytes(data, name)
    if isinstance(book, Finding):
        raise CannotDo(f"Den nye aftale kunne ikke læses igen: {book.message} Giv {whom_to_tell()} besked om det.")
    return book


# ---------------------------------------------------------------- what is written

def _made(base: _Base, plan: NextYear, sheet: str) -> tuple[bytes, list[Finding]]:
    """Return the new workbook with its sheet of news, and a problem for every column that lacks."""
    agreement, read = base.agreement, base.read
    facts = {**agreement.facts, **plan.facts}
    new = replace(agreement, year=plan.year, period=plan.period, facts=facts,
                  id=agreement_id(facts, plan.year, plan.period))
    cells: dict[str, dict[str, Value]] = {read.sheet: dict(read.new_ids)}
    for name, cell, value in _fact_changes(base, plan.facts):
        cells.setdefault(name, {})[cell] = value
    written, missing = _goal_changes(base, plan, sheet)
    cells[read.sheet] |= written
    earlier = {fold(news_sheet(year)) for year in range(agreement.period[0], agreement.year + 1)}
    old_news = tuple(each.name for each in base.book.sheets if fold(each.name) in earlier
                     and find_table(each, NEWS_COLUMNS, ("outcome", "means"), _HEADERS_OF_OURS))
    record = agreement_record(new, agreement.template, find_record(base.book)[1])
    change = Change(cells, news_table(agreement, plan, sheet), record, date(plan.year, 1, 1),
                    (agreement_title(agreement), agreement_title(new)), old_news)
    try:
        return change_year(base.data, change), missing
    except TemplateError as error:
        raise CannotDo(str(error)) from error


def _fact_changes(base: _Base, facts: Mapping[str, Value]) -> Iterator[tuple[str, str, Value]]:
    """Yield the cells of Forside that change, each in the form that stands there: a date as a date, words as words."""
    places = fact_cells(base.book)
    for key, value in facts.items():
        if key not in places:
            continue
        sheet, row, column, raw = places[key]
        before = base.agreement.year
        if isinstance(value, date) and isinstance(raw, str):
            value = danish_date(value)
        elif key == "aar" and isinstance(value, str):
            value = raw.replace(str(before), value) if isinstance(raw, str) and str(before) in raw else (
                float(value) if isinstance(raw, float | int) else value)
        yield sheet, cell_name(row, column), value


def _goal_changes(base: _Base, plan: NextYear, sheet: str) -> tuple[dict[str, Value], list[Finding]]:
    """Return the cells of Mål that change, and a problem for each column that isn't there."""
    agreement = base.agreement
    cells: dict[str, Value] = {}
    missing = []
    goals = {goal.id: goal for goal in agreement.goals}
    table = next(each for each in base.book.sheets if each.name == base.read.sheet)
    changed: dict[tuple[str, str], Mapping[str, Value]] = {("note", "Note"): plan.notes,
                                                           ("baseline", "Udgangspunkt"): plan.baselines}
    for (key, header), values in changed.items():
        if key not in agreement.columns:
            missing += [problem("next-no-column", value=header, what=sheet, sheet=base.read.sheet)] if values else []
            continue
        for goal, value in values.items():
            cell = cell_of(goals[goal].place, agreement, key).cell
            at = cell_place(cell)
            if isinstance(value, float) and at and goals[goal].measure.in_percent:
                value = table.as_share(at, value)
            cells[cell] = "" if value is None else value
    return cells, missing


def _proved(data: bytes, target: Path, year: int) -> ReadAgreement:
    """Read the new agreement as the commands will."""
    read = read_agreement(_read(data, target.name))
    if read.agreement.year != year:
        raise CannotDo(f"Aftaleåret kan ikke sættes til {year}, fordi feltet »{FACT_BY_KEY['aar'].label}« mangler på arket"
                       f" {FORSIDE}. Skriv det i årets aftale, og kør igen.")
    return read


# ---------------------------------------------------------------- what is said

def _said(opened: Opened, used: Sequence[Path], plan: NextYear, target: Path) -> Iterator[str]:
    days = [f"{FACT_BY_KEY[key].label}: {danish_date(value)}" for key, value in plan.facts.items()
            if isinstance(value, date)]
    yield (f"{listing([opened.path.name, *(path.name for path in used)])}: aftalen for {plan.year} er lavet af aftalen for"
           f" {opened.agreement.year}.")
    yield tally(plan.news)
    if days:
        yield f"Fristerne er flyttet til samme dag i {plan.year}. {'; '.join(days)}."
    yield f"Uændret: {target}" if target.exists() else f"Gemt: {target}"
    if found_from(target.parent, opened.path.parent):
        yield (f"»aftale fordel« og »aftale flet« finder selv resultaterne fra {opened.agreement.year}, så længe mapperne"
               f" bliver liggende, som de gør: {target.parent} og {opened.path.resolve().parent.name}.")
    else:
        yield (f"Den nye aftale ligger ikke i en mappe ved siden af årets, så skriv --tidligere {used[-1]} i »aftale fordel«"
               " og »aftale flet«.")
