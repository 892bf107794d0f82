"""What came back: judge one returned skema alone, and give every non-empty cell of it exactly one home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from aftale.rules.cells import RULES, Read, read_date, read_number, read_status, read_text, read_yes_no
from aftale.rules.finding import FoundTable, beside_label, find_table
from aftale.rules.forms import form_from_record, stored
from aftale.rules.record import find_record
from aftale.words.domain import Agreement, Column, Form, FormLine, Marked, Place, Round, Source, Value
from aftale.words.problems import Problem, problem
from aftale.words.questions import UNCHANGED_COPY
from aftale.words.raw import RawBook, RawSheet, Special, is_filled
from aftale.words.sheets import FILLED_BY, FINISHED, FORM_ID, NOTES, RECORD, RECORD_COLUMNS, SKEMA, SKEMA_COLUMNS
from aftale.words.text import CELL_LIMIT, canonical, fold, split_at_limit, utf16_length

ANSWER_KEYS = tuple(column.value for column in Column)
_ANSWERS: Mapping[str, Column] = {"baseline": Column.BASELINE, **{column.value: column for column in Column}}
_LONGEST_NAME = 120
_OWN_LABELS = frozenset(fold(label) for label in (FILLED_BY, FINISHED, FORM_ID, "Ansvarlig", "Frist"))


@dataclass(frozen=True)
class Answer:
    """An answer that differs from what was sent: one side of the merge. None means that it was cleared."""

    goal: str
    column: Column
    value: Value
    base: Value
    place: Place


@dataclass(frozen=True)
class Reading:
    """A ledger line: what stood in the cell, how it was read, and by which rule."""

    goal: str
    column: str
    raw: str
    value: str
    rule: str
    place: Place


@dataclass(frozen=True)
class Loose:
    """Something beside the answers that people wrote: one line on ``Kontrol``, holding ``cells`` cells."""

    kind: str
    text: str
    cells: int
    place: Place
    goal: str = ""


@dataclass(frozen=True)
class Returned:
    """A returned skema as it was judged; ``cells`` counts all its non-empty cells, ``sent`` those we wrote ourselves.

    The books balance file by file: ``cells == sent + answers that hold something + the cells of loose lines``.
    """

    source: Source
    form: str
    owner: str
    filled_by: str = ""
    finished: str = ""
    edition: str = ""
    answers: tuple[Answer, ...] = ()
    readings: tuple[Reading, ...] = ()
    loose: tuple[Loose, ...] = ()
    problems: tuple[Problem, ...] = ()
    cells: int = 0
    sent: int = 0
    goals: tuple[str, ...] = ()
    round: str = ""

    @property
    def untouched(self) -> bool:
        """Is it just as it was sent?"""
        return not self.answers and not self.loose


@dataclass(frozen=True)
class Refused:
    """A file that isn't a skema of this round: one line, and what to do about it."""

    source: Source
    problem: Problem


@dataclass(frozen=True)
class Expected:
    """What the coordinator is collecting: an agreement, and the skemaer that are known by their visible id."""

    agreement: Agreement
    forms: Mapping[str, Form] = field(default_factory=dict)


def judge(book: RawBook, expected: Expected) -> Returned | Refused:
    """Judge one file: refuse what isn't a skema of this agreement and year; read everything else."""
    sheet, record = find_record(book)
    form, problems = form_from_record(record), []
    if form is None:
        form = _by_visible_id(book, expected)
        if form is None:
            return Refused(book.source, _not_a_form(book, record.text("aftale", "", "slags")))
        problems.append(problem("record-lost", book.place(), owner=form.owner.name))
    elif not record.intact:
        problems.append(problem("record-changed", book.place(sheet.name if sheet else RECORD), owner=form.owner.name))
    refusal = _wrong_place(book, form, expected)
    if refusal:
        return Refused(book.source, refusal)
    tables = _form_tables(book)
    if not tables:
        return Refused(book.source, problem("no-table", book.place(), owner=form.owner.name))
    problems += _differences(book, form, expected)
    result = _Judge(book, form, tables, sheet).run()
    if form.marked and _is_unchanged(form.marked, result):
        problems.append(problem(UNCHANGED_COPY, book.place(), owner=result.filled_by or form.owner.name))
    return replace(result, problems=(*problems, *result.problems))


def _is_unchanged(marked: Marked, result: Returned) -> bool:
    """Did a skema with questions come back with just what we had filled in, and nothing else?"""
    answers = {(each.goal, each.column): canonical(each.value) for each in result.answers}
    unread = sorted(each.text for each in result.loose if each.kind == "unread")
    return (answers == {cell: text for cell, text in marked.given.items() if cell not in marked.doubts}
            and unread == sorted(marked.given[cell] for cell in marked.doubts)
            and all(each.kind in ("unread", "field") for each in result.loose)
            and (result.filled_by, result.finished) == (marked.filled_by, marked.finished))


def other_round(returned: Returned, expected: Round) -> Refused:
    """Refuse a skema because another round is being followed up."""
    stated = Round(returned.round).danish
    source = returned.source
    return Refused(source, problem("other-round", Place(source.name, container=source.container), round=stated,
                                   owner=returned.owner, expected=f"{expected.danish}en"))


def _by_visible_id(book: RawBook, expected: Expected) -> Form | None:
    for sheet in book.sheets:
        beside = beside_label(sheet, (FORM_ID,))
        if beside and (form := expected.forms.get(canonical(beside[2]).upper())):
            return form
    return None


def _not_a_form(book: RawBook, kind: str) -> Problem:
    words = {"aftale": "selve aftalen", "opfølgning": "en opfølgning"}
    if kind in words:
        return problem("other-kind", book.place(), what=words[kind])
    return problem("not-ours", book.place())


def _wrong_place(book: RawBook, form: Form, expected: Expected) -> Problem | None:
    agreement = expected.agreement
    if form.year != agreement.year and fold(form.unit) == fold(agreement.unit):
        return problem("other-year", book.place(), year=form.year, expected=agreement.year, owner=form.owner.name)
    if form.agreement_id != agreement.id:
        return problem("other-agreement", book.place(), what=f"{form.unit or 'uden enhed'} {form.year}")
    return None


def _differences(book: RawBook, form: Form, expected: Expected) -> list[Problem]:
    found = []
    if form.agreement_fingerprint != expected.agreement.fingerprint:
        found.append(problem("agreement-changed", book.place()))
    now = expected.agreement.template
    if form.template != now:
        found.append(problem("older-template", book.place(), was=form.template or "ukendt", now=now or "ukendt"))
    return found


def _form_tables(book: RawBook) -> list[FoundTable]:
    found = (find_table(sheet, SKEMA_COLUMNS, ANSWER_KEYS) for sheet in book.sheets if fold(sheet.name) != RECORD)
    return [table for table in found if table is not None]


class _Judge:
    """Walks through a returned workbook once and puts every cell where it belongs."""

    def __init__(self, book: RawBook, form: Form, tables: Sequence[FoundTable], record_sheet: RawSheet | None) -> None:
        self.book, self.form, self.tables, self.record_sheet = book, form, tables, record_sheet
        self.table = max(tables, key=lambda t: (len(t.columns), fold(t.sheet.name) == fold(SKEMA)))
        self.name = self.table.sheet.name
        self.answers: list[Answer] = []
        self.readings: list[Reading] = []
        self.loose: list[Loose] = []
        self.problems: list[Problem] = []
        self.sent = 0
        self.times: Counter[str] = Counter()
        self.homed: set[tuple[int, int]] = set()
        self.filled = {id(sheet): list(sheet.filled()) for sheet in book.sheets if sheet is not record_sheet}
        self.cells = sum(map(len, self.filled.values()))
        self.fixed = {sheet: Counter(texts) for sheet, texts in form.fixed.items()}

    def run(self) -> Returned:
        rows = self._match_rows()
        filled_by, finished = self._own_fields()
        self._missing(rows)
        self.times = Counter(line.goal for line in rows.values())
        for row, line in rows.items():
            self._goal_row(row, line)
        self._header_row()
        self._settle_doubles()
        self._other_tables()
        for sheet in self.book.sheets:
            self._rest(sheet, rows)
            self._notes(sheet)
        self._only_loose()
        return Returned(
            self.book.source, self.form.id, self.form.owner.name, filled_by, finished, self.form.edition,
            tuple(self.answers), tuple(self.readings), tuple(self.loose), tuple(self.problems),
            self.cells, self.sent, tuple(line.goal for line in self.form.lines), self.form.round.value)

    def _other_tables(self) -> None:
        """Ask about a second table with answers, such as a copy of the sheet: only one of them is read."""
        for table in self.tables:
            if table is not self.table and any(is_filled(table.value(row, key)) for row in table.data_rows()
                                               for key in ANSWER_KEYS if key != Column.BASELINE.value):
                self.problems.append(problem("second-table", self.book.place(table.sheet.name, table.row),
                                             owner=self.form.owner.name, what=self.name))

    def _only_loose(self) -> None:
        beside = [loose for loose in self.loose if loose.kind in ("remark", "note", "extra-column", "extra-sheet")]
        if beside and not self.answers and not any(loose.kind == "unread" for loose in self.loose):
            self.problems.append(problem("only-loose", beside[0].place, owner=self.form.owner.name))

    # ---- which row is which goal

    def _match_rows(self) -> dict[int, FormLine]:
        lines = {fold(line.goal): line for line in self.form.lines}
        found: dict[int, FormLine] = {}
        for row in self.table.data_rows():
            stated = fold(canonical(self.table.value(row, "id")))
            if stated in lines:
                found[row] = lines[stated]
            elif not stated:
                same = self._by_text.get(self._row_text(row), [])
                if len(same) == 1 and self._row_text(row).strip("|"):
                    found[row] = same[0]
                    self._matched_by_text(row, same[0])
        return found

    @cached_property
    def _by_text(self) -> dict[str, list[FormLine]]:
        texts: dict[str, list[FormLine]] = {}
        for line in self.form.lines:
            texts.setdefault(_goal_text(line), []).append(line)
        return texts

    def _matched_by_text(self, row: int, line: FormLine) -> None:
        place = self.book.place(self.name, row, self.table.columns.get("id", 0))
        self.problems.append(problem("matched-by-text", place, goal=line.goal))
        self.readings.append(Reading(line.goal, "Mål-id", "", line.goal, "id-by-text", place))

    def _row_text(self, row: int) -> str:
        return "|".join(fold(canonical(self.table.value(row, key))) for key in ("effect", "sub", "focus"))

    def _missing(self, rows: Mapping[int, FormLine]) -> None:
        there = {line.goal for line in rows.values()}
        place = self.book.place(self.name)
        for line in self.form.lines:
            if line.goal not in there:
                self.problems.append(problem("row-missing", place, goal=line.goal, owner=self.form.owner.name))
        for header in self.table.doubled:
            self.problems.append(problem("column-twice", self.book.place(self.name, self.table.row), column=header,
                                         owner=self.form.owner.name))
        for column in SKEMA_COLUMNS:
            if column.key in ANSWER_KEYS and column.key not in self.table.columns:
                self.problems.append(problem("column-missing", place, column=column.header, owner=self.form.owner.name))

    # ---- the cells of a goal's row

    def _goal_row(self, row: int, line: FormLine) -> None:
        cells = self.table.sheet.rows[row]
        for key, column in self.table.columns.items():
            raw = cells[column] if column < len(cells) else None
            answer = _ANSWERS.get(key)
            if answer is not None and answer in line.open_columns:
                self._answer(row, column, line, answer, raw)
                continue
            sent = line.sealed.get(key)
            if is_filled(raw):
                if raw == sent and not line.in_percent:
                    self._ours(row, column)
                else:
                    self._sealed(row, column, line, key, raw)
            elif key != "id" and sent is not None:
                self._sealed(row, column, line, key, raw)

    def _sealed(self, row: int, column: int, line: FormLine, key: str, raw: object) -> None:
        sent = canonical(stored(line.sealed.get(key), line.in_percent))
        if canonical(raw) == sent or (fold(canonical(raw)) == fold(sent) and key != "id"):
            self._ours(row, column)
            return
        place = self.book.place(self.name, row, column)
        if is_filled(raw):
            self._keep("proposal", canonical(raw), (row, column), line.goal)
        elif self.times[line.goal] > 1:
            return  # half a copy of the row: the goal stands whole on the other
        else:
            self.loose.append(Loose("proposal", "(slettet)", 0, place, line.goal))
        self.problems.append(problem("proposal", place, was=sent or "(tom)", value=canonical(raw) or "(slettet)",
                                     goal=line.goal))

    def _answer(self, row: int, column: int, line: FormLine, answer: Column, raw: object) -> None:
        base = line.base.get(answer)
        if not is_filled(raw):
            if base is not None or (self.form.marked and (line.goal, answer) in self.form.marked.given):
                self.answers.append(Answer(line.goal, answer, None, base, self.book.place(self.name, row, column)))
            return
        place = self.book.place(self.name, row, column)
        read = self._read(row, column, line, answer, raw)
        if read.problem or isinstance(raw, Special):
            self._unread(raw, read, (row, column), line.goal)
        elif read.value is not None and base is not None and canonical(read.value) == canonical(base):
            self._ours(row, column)
        elif read.value is not None:
            self.homed.add((row, column))
            self.answers.append(Answer(line.goal, answer, read.value, base, place))
            if read.rule:
                shown = raw if isinstance(raw, str) else canonical(raw)
                self.readings.append(Reading(line.goal, answer.value, shown, canonical(read.value), read.rule, place))

    def _read(self, row: int, column: int, line: FormLine, answer: Column, raw: object) -> Read:
        if isinstance(raw, Special):
            return Read(problem="cell-error" if raw.kind == "error" else "cell-formula")
        if self.form.marked and (doubt := self.form.marked.doubt(line.goal, answer, canonical(raw))):
            return Read(problem=doubt[0], hint=doubt[1])
        if answer in (Column.RESULT, Column.BASELINE):
            percent = self.table.sheet.percent
            known = percent is not None and not isinstance(raw, str)
            return read_number(raw, in_percent=line.in_percent, unit=canonical(line.sealed.get("unit")),
                               percent_format=(row, column) in percent if known and percent is not None else None)
        if answer is Column.AS_OF:
            return read_date(raw, year=self.form.year)
        return read_status(raw) if answer is Column.STATUS else read_text(raw)

    def _unread(self, raw: object, read: Read, at: tuple[int, int], goal: str) -> None:
        self._keep("unread", canonical(str(raw) if isinstance(raw, Special) else raw), at, goal)
        self.problems.append(problem(read.problem, self.book.place(self.name, *at), value=canonical(str(raw)), goal=goal,
                                     hint=read.hint, owner=self.form.owner.name))

    def _settle_doubles(self) -> None:
        """A goal that stands twice: equal answers are one (both cells have a home), different ones are asked about."""
        if max(self.times.values(), default=0) < 2:
            return
        values: dict[tuple[str, Column], set[str]] = {}
        for answer in self.answers:
            values.setdefault((answer.goal, answer.column), set()).add(canonical(answer.value))
        for goal in dict.fromkeys(goal for (goal, _), found in values.items() if len(found) > 1):
            self.problems.append(problem("twice-in-form", self.book.place(self.name), goal=goal, owner=self.form.owner.name))

    # ---- everything else

    def _own_fields(self) -> tuple[str, str]:
        filled_by = self._own_field(FILLED_BY)
        finished = self._own_field(FINISHED)
        written = [(label, each) for label, each in ((FILLED_BY, filled_by), (FINISHED, finished)) if each]
        if written:
            text = " · ".join(f"{label}: {canonical(raw)}" for label, (raw, _) in written)
            self._keep("field", text, written[0][1][1], "", len(written))
            self.homed |= {at for _, (_, at) in written}
        yes_no = read_yes_no(finished[0]) if finished else Read()
        if finished and yes_no.problem:
            self.problems.append(problem("yes-no-unknown", self.book.place(self.name, *finished[1]),
                                         value=canonical(finished[0]), hint=yes_no.hint, owner=self.form.owner.name))
        # A name that is a whole text stands on Kontrol; what stands for it elsewhere must fit beside other names.
        name = canonical(filled_by[0])[:_LONGEST_NAME].strip() if filled_by else ""
        return name, canonical(yes_no.value)

    def _own_field(self, label: str) -> tuple[object, tuple[int, int]] | None:
        beside = beside_label(self.table.sheet, (label,))
        if beside is None or beside[0] >= self.table.row or not is_filled(beside[2]):
            return None
        at = (beside[0], beside[1])
        # What stands to the right may be the next label of ours, where the field itself was left empty.
        if fold(canonical(beside[2])).rstrip(" :") in _OWN_LABELS:
            return None
        return beside[2], at

    def _header_row(self) -> None:
        for column in self.table.columns.values():
            self._ours(self.table.row, column)

    def _ours(self, row: int, column: int) -> None:
        self.sent += 1
        self.homed.add((row, column))

    def _keep(self, kind: str, text: str, at: tuple[int, int], goal: str, cells: int = 1) -> None:
        self.homed.add(at)
        place = self.book.place(self.name, *at)
        for number, piece in enumerate(split_at_limit(text, CELL_LIMIT)):
            self.loose.append(Loose(kind, piece, cells if number == 0 else 0, place, goal))

    def _rest(self, sheet: RawSheet, rows: Mapping[int, FormLine]) -> None:
        """Home what isn't homed yet: what we sent out ourselves, else a loose line per row of the sheet."""
        if sheet is self.record_sheet:
            self._record_rest(sheet)
            return
        ours = self._fixed_of(sheet)
        own = sheet is self.table.sheet
        left: dict[int, list[tuple[int, object]]] = {}
        for r, c, value in self.filled[id(sheet)]:
            if own and (r, c) in self.homed:
                continue
            text = canonical(str(value) if isinstance(value, Special) else value)
            if ours.get(text, 0) > 0 and not (own and r in rows):
                ours[text] -= 1
                self.sent += 1
            else:
                left.setdefault(r, []).append((c, value))
        for r, cells in left.items():
            self._loose_row(sheet, r, cells, rows.get(r) if own else None)

    def _record_rest(self, sheet: RawSheet) -> None:
        width = len(RECORD_COLUMNS)
        known = sum(len(own) - own.count("") - own.count(None) for own in (row[:width] for row in sheet.rows))
        self.sent += known
        self.cells += known
        for r, row in enumerate(sheet.rows):
            for c in range(width, len(row)):
                if is_filled(row[c]):
                    self.cells += 1
                    self._loose_row(sheet, r, [(c, row[c])], None)

    def _fixed_of(self, sheet: RawSheet) -> Counter[str]:
        """Return what we wrote on a sheet: by its name, else on the sheet whose texts it shares most of."""
        if sheet is self.table.sheet:
            return self.fixed.get(SKEMA, Counter())
        by_name = next((texts for name, texts in self.fixed.items() if fold(name) == fold(sheet.name)), None)
        if by_name is not None and fold(sheet.name) != fold(SKEMA):
            return by_name
        texts = {canonical(value) for _, _, value in self.filled[id(sheet)]}
        taken = {fold(each.name) for each in self.book.sheets}
        free = {n: t for n, t in self.fixed.items() if n != SKEMA and fold(n) not in taken}
        best = max(free, key=lambda n: len(texts & free[n].keys()), default="")
        return free.get(best, Counter())

    def _loose_row(self, sheet: RawSheet, row: int, cells: Sequence[tuple[int, object]], line: FormLine | None) -> None:
        own = sheet is self.table.sheet
        in_table = own and row > self.table.row
        kind = self._loose_kind(sheet, row, cells, line)
        named = [self._named(c, value, in_table) for c, value in cells]
        where = self.book.place(sheet.name, row, cells[0][0])
        goal = line.goal if line else ""
        if kind == "new-goal":
            stated = canonical(self.table.value(row, "id"))
            if stated:
                kind = "unknown-row"
                self.problems.append(problem("unknown-goal", where, goal=stated[:_LONGEST_NAME].strip(),
                                             owner=self.form.owner.name))
            else:
                self.problems.append(problem("new-goal", where, value=" · ".join(named)[:200]))
        text = " · ".join(named)
        if utf16_length(text) <= CELL_LIMIT:
            self.loose.append(Loose(kind, text, len(cells), where, goal))
            return
        for (c, _), each in zip(cells, named, strict=True):
            for number, piece in enumerate(split_at_limit(each)):
                self.loose.append(Loose(kind, piece, int(number == 0), self.book.place(sheet.name, row, c), goal))

    def _loose_kind(self, sheet: RawSheet, row: int, cells: Sequence[tuple[int, object]], line: FormLine | None) -> str:
        if sheet is not self.table.sheet:
            known = {fold(name) for name in self.form.fixed}
            return "remark" if fold(sheet.name) in known or sheet is self.record_sheet else "extra-sheet"
        if line is not None:
            return "extra-column" if any(c in self.table.extra for c, _ in cells) else "remark"
        if row == self.table.row:
            return "extra-column"
        known_columns = set(self.table.columns.values())
        return "new-goal" if row > self.table.row and any(c in known_columns for c, _ in cells) else "remark"

    def _named(self, column: int, value: object, in_table: bool) -> str:
        text = canonical(str(value) if isinstance(value, Special) else value)
        if not in_table:
            return text
        header = next((c.header for c in SKEMA_COLUMNS if self.table.columns.get(c.key) == column),
                      self.table.extra.get(column, ""))
        return f"{header}: {text}" if header else text

    def _notes(self, sheet: RawSheet) -> None:
        ours = self.fixed.get(NOTES, Counter())
        for note in sheet.notes:
            if ours.get(canonical(note.text), 0) > 0:
                ours[canonical(note.text)] -= 1
                continue
            who = f"{note.author}: " if note.author and not note.text.startswith(note.author) else ""
            place = replace(self.book.place(sheet.name), cell=note.cell)
            for piece in split_at_limit(f"{who}{canonical(note.text)}"):
                self.loose.append(Loose("note", piece, 0, place))


def _goal_text(line: FormLine) -> str:
    return "|".join(fold(canonical(line.sealed.get(key))) for key in ("effect", "sub", "focus"))


def ledger_rule(rule: str) -> str:
    """Return a reading's rule as a Danish sentence."""
    return {"id-by-text": "Mål-id manglede; rækken er genkendt på sin aftalte tekst."}.get(rule) or RULES.get(rule, rule)

