"""From what stands in a workbook, a folder or a list of goals to an `Agreement`, with every finding in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from aftale.agreement.goal_ids import give_ids, mixed_ids
from aftale.agreement.levels import Levels
from aftale.agreement.measures import target_in_percent
from aftale.agreement.methods import rule_of
from aftale.agreement.owner_names import is_list, several_in
from aftale.cells.dates import read_date
from aftale.cells.find_table import FoundTable, beside_label, closest, find_table, header_years, sheets_by_name
from aftale.cells.hidden_sheet import AGREEMENT_KIND, Line, Record, find_record, line, sealed, unknown_lines, with_unknown
from aftale.cells.numbers import read_number
from aftale.cells.reading import Read, ask, did_you_mean
from aftale.model.agreement import (
    THE_DEPARTMENT,
    Agreement,
    Demand,
    Goal,
    Level,
    Measure,
    Method,
    Owner,
    Scope,
    Value,
    is_kse,
)
from aftale.model.columns import AGREED_BY_KEY, AGREED_COLUMNS, FACT_BY_KEY, FACTS, FORSIDE, MAAL, Fact, maal_columns
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical, count, danish_number, fold, spoken, tidy
from aftale.model.workbook import Workbook, WorkbookSheet, cell_name, is_filled, is_unreadable

_Kind = TypeVar("_Kind", Method, Scope)
ROWS_ASKED = ("level-blank", "agreement-id-and-text", "id-waits")
"""What is asked of rows that are no goals before it is answered."""
_WITHDRAWN = re.compile(r"(?i)(udgået|udgår)\b")
CROSSES = frozenset(("x", "✓", "✔", "✗", "ja", "k", "kryds"))
"""What says in a year's cell that a goal is of that year, folded."""


def followed(agreement: Agreement) -> dict[str, Goal]:
    """Return the goals that have a row in ``Opfølgning``, by Mål-id: effektmål, delmål, and what else has an ansvarlig."""
    return {goal.id: goal for goal in with_effects(agreement).goals
            if goal.level in (Level.EFFECT, Level.SUB) or goal.owners}


def whole_plan(agreement: Agreement) -> Agreement:
    """Return the agreement as it is followed up: every effektmål has a goal, and what belongs together stands together."""
    agreement = with_effects(agreement)
    return replace(agreement, goals=grouped(agreement.goals))


def with_effects(agreement: Agreement) -> Agreement:
    """Return the agreement with a goal for every effektmål that only its delmål have rows for: it is counted all the same.

    It stands before the first of them, under the Mål-id that theirs begin with, which was given for it; it is withdrawn
    where all of them are.
    """
    present = {goal.folded[:3] for goal in agreement.goals if goal.level is Level.EFFECT}
    taken = {goal.id for goal in agreement.goals}
    goals: list[Goal] = []
    for goal in agreement.goals:
        parent = goal.id.rpartition(".")[0]
        if goal.level is Level.SUB and goal.texts[2] and goal.folded[:3] not in present and parent not in taken:
            present.add(goal.folded[:3])
            withdrawn = all(each.withdrawn for each in agreement.family(goal))
            goals.append(Goal(parent, Level.EFFECT, (*goal.texts[:3], ""), withdrawn=withdrawn,
                              place=goal.place._replace(cell="")))
        goals.append(goal)
    return agreement if len(goals) == len(agreement.goals) else replace(agreement, goals=tuple(goals))


def grouped(goals: Sequence[Goal]) -> tuple[Goal, ...]:
    """Return the goals with those of an udviklingsmål, fokusområde and effektmål together, where the first of them stands.

    People write a goal that comes during the year at the bottom of ``Mål``; in the plan it belongs with its own.
    """
    first: dict[tuple[str, ...], int] = {}
    keyed = [([first.setdefault(goal.folded[:depth], number) for depth in (1, 2, 3)], number)
             for number, goal in enumerate(goals)]
    return tuple(goals[number] for _, number in sorted(keyed))


@dataclass(frozen=True)
class ReadAgreement:
    """An agreement as it was read: what could be read, what is doubtful, and which cells still lack their Mål-id.

    ``asked`` are the rows that are no goals before somebody has answered what is asked of them, each with its number among
    all the rows (from zero).
    """

    agreement: Agreement
    problems: tuple[Finding, ...] = ()
    new_ids: Mapping[str, str] = field(default_factory=dict)
    sheet: str = MAAL
    asked: Mapping[int, Goal] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[Goal, ...]:
        """Every row of ``Mål`` in its order, those that are asked about as they stand."""
        rows = list(self.agreement.goals)
        for number, goal in sorted(self.asked.items()):
            rows.insert(number, goal)
        return tuple(rows)

    @property
    def said(self) -> tuple[str, ...]:
        """Say how many rows aren't with yet, nothing where all are."""
        rows = count(len(self.asked), "række på arket Mål er", "rækker på arket Mål er")
        return (f"{rows} ikke med endnu: svar først på spørgsmålene om Mål-id og tomme felter.",) if self.asked else ()


def read_agreement(book: Workbook, facts: Mapping[str, Value] | None = None, texts: Mapping[str, str] | None = None,
                   whole: bool = False, beside: bool = False) -> ReadAgreement:
    """Read an agreement from a workbook, or from a list of goals with the facts given beside it.

    Facts that are given win over those on ``Forside``; ``whole`` tells that every row is known to repeat the levels above
    it, and ``beside`` that nothing but the goals is carried further, so that the words of unknown columns go to Note.
    Never fails: what is missing is a finding.
    """
    _, record = find_record(book)
    found, problems = read_facts(book)
    merged = {**found, **{key: value for key, value in (facts or {}).items() if value not in (None, "")}}
    year, period, more = _year_and_period(book, merged)
    problems = [*(p for p in problems if p.text not in merged), *more]
    table = _goals_table(book, range(period[0], period[1] + 1))
    goals: tuple[Goal, ...] = ()
    asked: dict[int, Goal] = {}
    stored = {key: record.text("register", key, "tekst") for key in record.keys("register")}
    if table is None:
        problems.append(problem("no-goals-sheet", book.place()))
    else:
        departments = canonical(merged.get("kortnavn")), canonical(merged.get("afdeling"))
        rows = _Rows(book, table, period, whole, departments, beside)
        goals, asked, read_problems = rows.read(stored)
        problems += read_problems
    goals, register, id_problems = give_ids(goals, stored, frozenset(goal.id for goal in asked.values()))
    column = table.columns.get("id") if table else None
    new_ids = {p.place.cell: p.text if p.code != "id-bad" else p.goal for p in id_problems} if column is not None else {}
    agreement = Agreement(
        record.text(AGREEMENT_KIND, "", "id") or agreement_id(merged, year, period), canonical(merged.get("enhed")),
        canonical(merged.get("afdeling")), year, period, canonical(merged.get("tema")), merged, dict(texts or {}), goals,
        register, record.text("skabelon", "udgave", "nummer"),
        columns={key: cell_name(0, at).rstrip("1") for key, at in table.columns.items()} if table else {})
    agreement = replace(agreement, fingerprint=fingerprint(agreement))
    return ReadAgreement(agreement, (*problems, *id_problems), new_ids, table.sheet.name if table else MAAL, asked)


def agreement_id(facts: Mapping[str, Value], year: int, period: tuple[int, int]) -> str:
    """Return the id of a new agreement: a hash of who agrees, on which year of which plan."""
    parts = [fold(canonical(facts.get("enhed"))), fold(canonical(facts.get("afdeling"))), str(year), f"{period}"]
    return "A-" + sha256("|".join(parts).encode()).hexdigest()[:12]


def fingerprint(agreement: Agreement) -> str:
    """Return a hash of everything in the agreement that a skema or a follow-up is made from."""
    parts = [agreement.id, str(agreement.year), str(agreement.period)]
    parts += [f"{key}={canonical(agreement.facts[key])}" for key in sorted(agreement.facts)
              if key not in FACT_BY_KEY or FACT_BY_KEY[key].fingerprint]
    keys = [column.key for column in AGREED_COLUMNS if column.fingerprint]
    parts += [repr(([goal.agreed(key) for key in keys], sorted(goal.years.items()), goal.withdrawn))
              for goal in agreement.goals]
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def agreement_record(agreement: Agreement, template: str, before: Record | None = None) -> tuple[Line, ...]:
    """Return the ``_aftale`` lines of an agreement workbook: what it is, and every Mål-id ever given.

    ``before`` is what stands in it, where it is written again: what isn't known to this version is kept.
    """
    lines = [*line(AGREEMENT_KIND, "", "slags", "aftale"), *line(AGREEMENT_KIND, "", "id", agreement.id),
             *line(AGREEMENT_KIND, "", "år", float(agreement.year)),
             *line("skabelon", "udgave", "nummer", template, "tekst")]
    for goal_id, text in agreement.register.items():
        lines += line("register", goal_id, "tekst", text)
    return sealed(with_unknown(lines, unknown_lines(before, lines) if before else ()))


def read_facts(book: Workbook) -> tuple[dict[str, Value], list[Finding]]:
    """Read the single values of ``Forside``: by defined name, else by label; an empty one is a finding."""
    found: dict[str, Value] = {}
    problems: list[Finding] = []
    cells = fact_cells(book)
    own_year = next((year_in(canonical(cells[key][3])) for key in ("aar", "periode") if key in cells), 0)
    for key, (sheet, row, column, raw) in cells.items():
        place, label = book.place(sheet, row, column), FACT_BY_KEY[key].label
        value = as_fact(key, raw, own_year)
        if not is_filled(raw):
            if not FACT_BY_KEY[key].required:
                continue
            problems.append(replace(problem("fact-missing", place, value=label), text=key))
        elif FACT_BY_KEY[key].kind == "date" and not isinstance(value, date):
            problems.append(problem("fact-unread", place, value=canonical(raw), what=label,
                                    hint=f"Skriv datoen som 10-06-{own_year or 'årstal'}."))
        else:
            found[key] = value
    return found, problems


def fact_cells(book: Workbook) -> dict[str, tuple[str, int, int, object]]:
    """Return where the single values of ``Forside`` stand, by key: sheet, row, column (from zero) and what is there."""
    front = next((sheet for sheet in book.sheets if fold(sheet.name) == fold(FORSIDE)), None)
    return {fact.key: at for fact in FACTS if (at := _fact_cell(book, front, fact)) is not None}


def _fact_cell(book: Workbook, front: WorkbookSheet | None, fact: Fact) -> tuple[str, int, int, object] | None:
    # A program that doesn't move names along leaves them pointing at the wrong cell; a filled label is surer.
    labelled = beside_label(front, (fact.label,)) if front is not None else None
    if front is not None and labelled and is_filled(labelled[2]):
        return (front.name, *labelled)
    named = {fold(name): at for name, at in book.names.items()}.get(fold(fact.name))
    if named:
        sheet = next((s for s in book.sheets if fold(s.name) == fold(named[0])), None)
        if sheet is not None:
            return sheet.name, named[1], named[2], sheet.value(named[1], named[2])
    if front is None:
        return None
    beside = beside_label(front, (fact.label, *fact.aliases))
    return (front.name, *beside) if beside else None


def year_in(text: str) -> int:
    """Return the first year that a text names, 0 where it names none."""
    match = re.search(r"(19|20)\d\d", text)
    return int(match[0]) if match else 0


def _year_and_period(book: Workbook, facts: Mapping[str, Value]) -> tuple[int, tuple[int, int], list[Finding]]:
    """Work out the year and the period; what isn't said is taken from the headers, and said."""
    years = [int(y) for y in re.findall(r"(?:19|20)\d\d", canonical(facts.get("periode")))]
    headers = [year for sheet in sheets_by_name(book, MAAL) for year in header_years(sheet)]
    problems = []
    for key in ("aar", "periode"):
        text = canonical(facts.get(key))
        if text and not year_in(text):
            problems.append(problem("fact-unread", book.place(FORSIDE), value=text, what=FACT_BY_KEY[key].label,
                                    hint="Skriv året med fire cifre, og perioden som første og sidste år med en streg"
                                         " imellem."))
    year = year_in(canonical(facts.get("aar"))) or (min(years) if years else min(headers, default=0))
    if len(years) >= 2 and years[0] > years[-1]:
        problems.append(problem("period-reversed", book.place(FORSIDE), value=canonical(facts.get("periode")),
                                period=f"{min(years)}-{max(years)}"))
    if len(years) >= 2:
        period = (min(years), max(years))
    elif headers:
        period = (min(headers), max(headers))
    else:
        period = (year, year + 3) if year else (0, 0)
    if year and not period[0] <= year <= period[1]:
        problems.append(problem("agreement-year-outside", book.place(FORSIDE), value=year,
                                period=f"{period[0]}-{period[1]}"))
    return year or period[0], period, problems


def _goals_table(book: Workbook, years: range) -> FoundTable | None:
    headers = {year for sheet in book.sheets for year in header_years(sheet)}
    columns = maal_columns(sorted(headers | set(years)))
    tables = [find_table(sheet, columns, ("effect", "focus", "development"), 2)
              for sheet in sheets_by_name(book, MAAL)]
    found = [table for table in tables if table is not None]
    # The sheet called Mål wins; elsewhere the one with most of the columns.
    return max(found, key=lambda table: (fold(table.sheet.name) == fold(MAAL), len(table.columns)), default=None)


class _Rows:
    """Reads the rows of ``Mål`` one by one; a doubtful cell adds a problem and the rest goes on."""

    def __init__(self, book: Workbook, table: FoundTable, period: tuple[int, int], whole: bool = False,
                 departments: tuple[str, ...] = (), beside: bool = False) -> None:
        self.book, self.table, self.period = book, table, period
        self.department, self.of_kse = (*departments, "")[0] or THE_DEPARTMENT, is_kse(*departments)
        self.beside = _words_beside(table) if beside else {}
        self.problems: list[Finding] = []
        self.cells = Levels(book, table, whole)
        self.unread: dict[str, str] = {}
        self.named: dict[str, Place] = {}
        self.listed: set[str] = set()
        self.years = sorted(int(key[1:]) for key in table.columns if re.fullmatch(r"y\d{4}", key))

    def read(self, register: Mapping[str, str]) -> tuple[tuple[Goal, ...], dict[int, Goal], list[Finding]]:
        """Return the goals, the rows that must be asked about first by their number, and every finding."""
        for column, header in {**self.table.extra, **self.beside}.items():
            hint = closest(header, [c.header for c in AGREED_COLUMNS if c.key not in self.table.columns], 0.75)
            place = self.book.place(self.table.sheet.name, self.table.row, column)
            code = "column-to-note" if column in self.beside else "column-unknown"
            self.problems.append(problem(code, place, value=header, hint=hint))
        for year in self.years:
            header = canonical(self.table.value(self.table.row, f"y{year}"))
            if header != str(year):
                self._ask("year-begins", self.table.row, f"y{year}", value=header, what=year)
        read = [goal for row in self.table.data_rows() if (goal := self._goal(row)) is not None]
        self.problems += (*self.cells.findings(), *self._several_in_one())
        mixed = mixed_ids(read, register)
        self.problems += mixed.values()
        asked = {number: goal for number, goal in enumerate(read) if number in mixed or goal.place in self.cells.asked}
        return tuple(goal for number, goal in enumerate(read) if number not in asked), asked, self.problems

    def _at(self, row: int, key: str) -> Place:
        return self.book.place(self.table.sheet.name, row, self.table.columns.get(key, 0))

    def _ask(self, code: str, row: int, key: str, **words: object) -> None:
        self.problems.append(problem(code, self._at(row, key), **words))

    def _text(self, row: int, key: str) -> str:
        value = self.cells.value(row, key)
        return "" if is_unreadable(value) else canonical(value)

    def _ask_of_errors(self, row: int) -> None:
        """Ask about every cell that shows an error, or a formula that was never calculated, instead of what was agreed."""
        for key in self.table.columns:
            value = self.table.value(row, key)
            if is_unreadable(value) and not key[1:].isdigit():  # a year's cell is asked about where it is read
                self._ask("agreement-error", row, key, value=canonical(str(value)), column=AGREED_BY_KEY[key].header)

    def _goal(self, row: int) -> Goal | None:
        texts = self.cells.texts(row)
        self._ask_of_errors(row)
        if not any(texts):
            if any(is_filled(self.table.value(row, key)) for key in self.table.columns) or self._beside(row):
                self._ask("row-without-goal", row, "effect")
            return None
        self.unread = {}
        level = Level(max(n for n, text in enumerate(texts, 1) if text))
        measure = self._measure(row)
        free: dict[str, Any] = {column.key: self._text(row, column.key) for column in AGREED_COLUMNS if column.free}
        free["note"] = "\n".join(filter(None, (free["note"], *self._beside(row))))
        replaces = re.search(r"(?i)erstatter\s+(M\d+(?:\.\d+)*)", free["note"])
        goal = Goal(self._text(row, "id"), level, texts, self._years(row, measure), measure, self._demands(row),
                    owners=self._owners(row), replaces=replaces[1] if replaces else "",
                    withdrawn=bool(_WITHDRAWN.match(free["note"])), place=self._at(row, "id"),
                    unread=self.unread, **free)
        self._complain(row, goal)
        return goal

    def _beside(self, row: int) -> list[str]:
        """Return what stands in a row in columns of nobody's, each with its header: ``Vægt: 20 %``."""
        found = []
        for column, header in self.beside.items():
            if is_filled(value := self.table.sheet.value(row, column)):
                name = f"»{header}«" if _WITHDRAWN.match(header) else header  # »Udgået: nej« must not take the goal out
                found.append(f"{name}: {self._as_shown(row, column, value)}")
        return found

    def _as_shown(self, row: int, column: int, value: object) -> str:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if number and (row, column) in (self.table.sheet.percent or ()):
            return f"{spoken(float(str(value)) * 100)} %"
        return spoken(float(str(value)) if number else value)

    def _choice(self, row: int, key: str, kinds: type[_Kind], code: str) -> _Kind | None:
        text = self._text(row, key)
        if not text:
            return None
        for each in kinds:
            if fold(each.value) == fold(text).replace("pct.", "%").replace("procent", "%"):
                return each
        self.unread[key] = text
        self._ask(code, row, key, value=text, hint=closest(text, [each.value for each in kinds]))
        return None

    def _number(self, row: int, key: str, in_percent: bool, unit: str) -> float | None:
        if is_unreadable(self.table.value(row, key)):
            return None
        read = self._percent_aware(row, key, in_percent, unit)
        if read.problem:
            self._doubt(row, key, read)
        return read.value if isinstance(read.value, float) else None

    def _percent_aware(self, row: int, key: str, in_percent: bool, unit: str) -> Read:
        raw, sheet = self.table.value(row, key), self.table.sheet
        percent = None if sheet.percent is None else (row, self.table.columns.get(key, -1)) in sheet.percent
        # In a list of goals a figure is text without a format: 5 under »Stigning i %« is 5 %.
        in_percent = in_percent and not (isinstance(raw, str) and "%" not in raw)
        return read_number(raw, in_percent=in_percent, unit=unit, percent_format=percent)

    def _share_without_format(self, row: int, key: str) -> bool:
        """Is a cell a share that no percent format tells of?"""
        return self._percent_aware(row, key, True, "").rule == "percent-share"

    def _doubt(self, row: int, key: str, read: Read, code: str = "") -> None:
        self.unread[key] = canonical(self.cells.value(row, key))
        self._ask(code or read.problem, row, key, value=self.unread[key], hint=read.hint, owner="den, der har skrevet det")

    def _measure(self, row: int) -> Measure:
        method = self._choice(row, "method", Method, "method-unknown")
        scope = self._choice(row, "scope", Scope, "scope-unknown")
        unit = self._text(row, "unit")
        level_percent = Measure(method, unit=unit).in_percent
        target = self._number(row, "target", target_in_percent(Measure(method, unit=unit)), unit)
        small = bool(target) and abs(target or 0.0) <= 1 and Measure(method, unit=unit).in_points
        if target and small and self._share_without_format(row, "baseline"):  # it may be a share as well
            points = (f"{danish_number(each)} procentpoint" for each in (target, round(target * 100, 10)))
            self._doubt(row, "target", ask("percent-ambiguous", did_you_mean(tuple(points))))
            target = None
        return Measure(method, target, self._number(row, "baseline", level_percent, unit), unit, scope)

    def _years(self, row: int, measure: Measure) -> dict[int, float | None]:
        years: dict[int, float | None] = {}
        for year in self.years:
            key = f"y{year}"
            raw = self.cells.value(row, key)
            if not is_filled(raw):
                continue
            if isinstance(raw, bool) or fold(canonical(raw)) in CROSSES:
                if raw is not False:
                    years[year] = None
            else:
                read = self._percent_aware(row, key, target_in_percent(measure), measure.unit)
                if read.problem == "percent-ambiguous":  # it is a cross all the same
                    years[year] = None
                    self._doubt(row, key, read)
                    continue
                if not isinstance(read.value, float):
                    self._doubt(row, key, read, "year-unreadable")
                    continue
                years[year] = read.value
            if not self.period[0] <= year <= self.period[1]:
                self._ask("year-outside", row, key, value=year, period=f"{self.period[0]}-{self.period[1]}")
        return years

    def _demands(self, row: int) -> tuple[str, ...]:
        found = []
        for part in re.split(r"[;,\n]", self._text(row, "demands")):
            if not (text := tidy(part)):
                continue
            known = next((d.value for d in Demand if fold(d.value) == fold(text)), "")
            if not known and self.of_kse:
                self._ask("demand-unknown", row, "demands", value=text, department=self.department)
            found.append(known or text)
        return tuple(dict.fromkeys(found))

    def _owners(self, row: int) -> tuple[Owner, ...]:
        text = self._text(row, "owners")
        names = [tidy(n) for n in re.split(r"[;\n]", text) if tidy(n)]
        if is_list(text):
            self.listed |= {*names}
        elif names:
            self.named.setdefault(names[0], self._at(row, "owners"))
        if len(names) == 1 and is_list(text):
            self.unread["owners"] = text  # where the row is written again, it must still say that it is one
        emails = self._emails(row, len(names))
        return tuple({fold(name): Owner(name, email) for name, email in zip(names, emails, strict=False)}.values())

    def _several_in_one(self) -> Iterator[Finding]:
        """Ask once about every name that may be several ansvarlige, unless a list somewhere has it as one."""
        listed = {fold(each) for each in self.listed}
        certain = {*self.listed, *(name for name in self.named if not several_in(name, ()))}
        for name, place in self.named.items():
            several = several_in(name, certain - {name})
            if several and fold(name) not in listed:
                yield problem("owners-together", place, value=name, what="; ".join(several))

    def _emails(self, row: int, many: int) -> list[str]:
        """Return an address for each ansvarlig, '' where there is none; nobody is ever lent somebody else's.

        A single ansvarlig may have several.
        """
        emails = [tidy(e) for e in re.split(r"[;\n]", self._text(row, "emails"))]
        known = [each for each in emails if each]
        if many == 1 or not known:
            return ["; ".join(known)] * max(many, 1)
        while len(emails) > many and not emails[-1]:
            emails.pop()
        if len(emails) == many or not many:
            return emails
        self._ask("email-mismatch", row, "emails", value=len(known), many=many)
        self.unread["emails"] = "; ".join(known)
        return [""] * many

    def _complain(self, row: int, goal: Goal) -> None:
        measure = goal.measure
        aimed = measure.target is not None or any(target is not None for target in goal.years.values())
        if rule_of(measure.method).target and not aimed and not is_filled(self.table.value(row, "target")):
            self._ask("target-missing", row, "target", value=measure.method, goal=goal.id)
        if goal.withdrawn:
            self._ask("goal-withdrawn", row, "note", goal=goal.id)


def _words_beside(table: FoundTable) -> dict[int, str]:
    """Return the header of every column that isn't known and holds anything, ``Kolonne E`` where it has none."""
    first, below, right = table.area
    taken = {*table.columns.values()}
    filled = {column for row in table.data_rows() for column, value in enumerate(table.sheet.rows[row])
              if column not in taken and first <= column < right and is_filled(value)}
    return {column: table.extra.get(column) or f"Kolonne {cell_name(0, column).rstrip('1')}" for column in sorted(filled)}


def as_fact(key: str, value: object, year: int = 0) -> Value:
    """Return what stands in a cell or in ``aftale.toml`` as a fact of ``Forside``; a date that can't be read as its text.

    ``year`` is the agreement's own, which a date without one is of; 0 where it isn't known.
    """
    text = canonical(value)
    short = re.search(r"[-./ ](\d\d)$", text)
    near = year_in(text) or year or (2000 + int(short[1]) if short else 0)
    read = read_date(value, year=near) if FACT_BY_KEY[key].kind == "date" and near else Read()
    return canonical(value) if read.value is None else read.value

