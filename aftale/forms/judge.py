"""Judging one returned skema alone: every non-empty cell of it gets exactly one home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from aftale.cells.find_table import FoundTable, beside_label
from aftale.cells.hidden_sheet import find_record
from aftale.cells.misplaced import hint_elsewhere, only_here
from aftale.cells.read_cell import read_as, read_yes_no
from aftale.cells.reading import Read
from aftale.forms.headers import ANSWER_KEYS, HEADER_ROW, HEADER_WORD, find_form_table, like_header, without_header
from aftale.forms.match_rows import ANSWERS, Matched, RowTexts, chosen_table, given, match_rows
from aftale.forms.plan import form_from_record, stored
from aftale.forms.returned import CLEARED, Answer, Expected, Loose, Reading, Returned
from aftale.model.agreement import JOINED_COLUMNS, AnswerColumn, Value
from aftale.model.columns import FILLED_BY, FINISHED, FORM_ID, NOTES, RECORD, RECORD_COLUMNS, SKEMA, SKEMA_COLUMNS
from aftale.model.forms import Form, FormLine, Marked
from aftale.model.place import Place
from aftale.model.problems import Problem, problem
from aftale.model.questions import UNCHANGED_COPY
from aftale.model.received import Refused
from aftale.model.text import CELL_LIMIT, canonical, count, fold, listing, split_at_limit, utf16_length
from aftale.model.workbook import Note, Special, Workbook, WorkbookSheet, cell_place, column_name, is_filled

_HEADERS = {column.key: column.header for column in SKEMA_COLUMNS}
_LONGEST_NAME = 120
_MOST_BESIDE = 20
_MOST_LINES, _BLOCK = 100, 4_000
"""More rows than so beside the answers stand together on ``Kontrol``, in lines of so many characters."""
_OWN_LABELS = frozenset(fold(label) for label in (FILLED_BY, FINISHED, FORM_ID, "Ansvarlig", "Frist"))


def judge(book: Workbook, expected: Expected) -> Returned | Refused:
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
    tables = _form_tables(book, form.year)
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


def _by_visible_id(book: Workbook, expected: Expected) -> Form | None:
    for sheet in book.sheets:
        beside = beside_label(sheet, (FORM_ID,))
        if beside and (form := expected.forms.get(canonical(beside[2]).upper())):
            return form
    return None


def _not_a_form(book: Workbook, kind: str) -> Problem:
    words = {"aftale": "selve aftalen", "opfølgning": "en opfølgning"}
    if kind in words:
        return problem("other-kind", book.place(), what=words[kind])
    return problem("not-ours", book.place())


def _wrong_place(book: Workbook, form: Form, expected: Expected) -> Problem | None:
    agreement = expected.agreement
    if form.year != agreement.year and fold(form.unit) == fold(agreement.unit):
        return problem("other-year", book.place(), year=form.year, expected=agreement.year, owner=form.owner.name)
    if form.agreement_id != agreement.id:
        return problem("other-agreement", book.place(), what=f"{form.unit or 'uden enhed'} {form.year}")
    return None


def _differences(book: Workbook, form: Form, expected: Expected) -> list[Problem]:
    found = []
    if form.agreement_fingerprint != expected.agreement.fingerprint:
        found.append(problem("agreement-changed", book.place()))
    now = expected.agreement.template
    if form.template != now:
        found.append(problem("older-template", book.place(), was=form.template or "ukendt", now=now or "ukendt"))
    return found


def _form_tables(book: Workbook, year: int) -> list[FoundTable]:
    found = (find_form_table(sheet, year) for sheet in book.sheets if fold(sheet.name) != RECORD)
    return [table for table in found if table is not None]


class _Judge:
    """Walks through a returned workbook once and puts every cell where it belongs."""

    def __init__(self, book: Workbook, form: Form, tables: Sequence[FoundTable], record_sheet: WorkbookSheet | None) -> None:
        self.book, self.form, self.record_sheet = book, form, record_sheet
        self.table, self.others, self.elsewhere = chosen_table(tables, form)
        self.name = self.table.sheet.name
        self.plan = tuple((key, column, ANSWERS.get(key)) for key, column in self.table.columns.items())
        self.matched = Matched()
        self.answers: list[Answer] = []
        self.readings: list[Reading] = []
        self.loose: list[Loose] = []
        self.problems: list[Problem] = []
        self.sent = 0
        self.times: Counter[str] = Counter()
        self.homed: set[tuple[int, int]] = set()
        self.unseen: set[tuple[int, int]] = set()
        self.filled = {id(sheet): list(sheet.filled()) for sheet in book.sheets if sheet is not record_sheet}
        self.cells = sum(map(len, self.filled.values()))
        self.fixed = {sheet: Counter(texts) for sheet, texts in form.fixed.items()}

    def run(self) -> Returned:
        self.matched = match_rows(self.table, self.form)
        rows = self.matched.rows
        self._told_of_ids()
        filled_by, finished = self._own_fields()
        self._missing(rows)
        self.times = Counter(line.goal for line in rows.values())
        for row, line in rows.items():
            self._goal_row(row, line)
        self._header_row()
        self._settle_doubles()
        self._merged_answers(rows)
        self._other_tables(rows)
        for sheet in self.book.sheets:
            self._rest(sheet, rows)
            self._notes(sheet)
            self._drawings(sheet)
        self._only_loose()
        return Returned(
            self.book.source, self.form.id, self.form.owner.name, filled_by, finished, self.form.edition,
            tuple(self.answers), tuple(self.readings), tuple(self.loose), tuple(self.problems),
            self.cells, self.sent, tuple(line.goal for line in self.form.lines), self.form.round.value)

    def _other_tables(self, rows: Mapping[int, FormLine]) -> None:
        """Ask about another table whose answers differ from those read, such as a copy that was filled in as well."""
        if self.elsewhere:
            place = self.book.place(self.name, self.table.row)
            self.readings.append(Reading("", "Tabel", "", f"{place.sheet} {place.cell}", "table-elsewhere", place))
        if not self.others:
            return
        read = set(given(self.table, rows))
        sent_to = f"{self.name}, celle {self.book.place(self.name, self.table.row).cell}"
        for table in self.others:
            matched = match_rows(table, self.form)
            known = matched.rows.keys()
            strange = any(is_filled(table.value(row, key)) for row in table.data_rows() if row not in known
                          for key in ANSWER_KEYS if key != AnswerColumn.BASELINE.value)
            if strange or set(given(table, matched.rows)) - read:
                self.problems.append(problem("second-table", self.book.place(table.sheet.name, table.row),
                                             owner=self.form.owner.name, what=sent_to))

    def _only_loose(self) -> None:
        beside = [loose for loose in self.loose if loose.kind in ("remark", "note", "extra-column", "extra-sheet")]
        told = (any(loose.kind in ("unread", "drawing") for loose in self.loose)
                or any(each.code == "answer-in-note" for each in self.problems))
        if beside and not self.answers and not told:
            self.problems.append(problem("only-loose", beside[0].place, owner=self.form.owner.name))

    # ---- which row is which goal

    def _told_of_ids(self) -> None:
        """Write down every row that wasn't known by its Mål-id just as it was sent."""
        at = self.table.columns.get("id")
        for row, line in self.matched.by_text.items():
            place = self.book.place(self.name, row, at or 0)
            self.readings.append(Reading(line.goal, "Mål-id", "", line.goal, "id-by-text", place))
            if at is not None:
                self.problems.append(problem("matched-by-text", place, goal=line.goal))
        if at is None and self.matched.by_text:
            rows = count(len(self.matched.by_text), "række", "rækker")
            self.problems.append(problem("id-column-missing", self.book.place(self.name, self.table.row), value=rows))
        for row, raw in self.matched.respelt.items():
            line = self.matched.rows[row]
            self.readings.append(Reading(line.goal, "Mål-id", raw, line.goal, "id-spelling",
                                         self.book.place(self.name, row, at or 0)))

    def _missing(self, rows: Mapping[int, FormLine]) -> None:
        there = {line.goal for line in rows.values()}
        there |= {line.goal for both in self.matched.mixed.values() for line in both}
        place = self.book.place(self.name)
        for line in self.form.lines:
            if line.goal not in there:
                self.problems.append(problem("row-missing", place, goal=line.goal, owner=self.form.owner.name))
        for header in self.table.doubled:
            self.problems.append(problem("column-twice", self.book.place(self.name, self.table.row), column=header,
                                         owner=self.form.owner.name))
        for column in SKEMA_COLUMNS:
            if column.key in ANSWER_KEYS and column.key not in self.table.columns:
                self.problems.append(problem("column-missing", place, column=column.header, owner=self.form.owner.name,
                                             hint=self._missing_column(column.key)))

    def _missing_column(self, key: str) -> str:
        """Say which column of the table may be one that is missing."""
        like = like_header(self.table, _HEADERS[key])
        if like:
            return f"Der er en kolonne «{like}»: mente du den?"
        bare = without_header(self.table, key)
        return "" if bare is None else f"Kolonne {column_name(bare)} har ingen overskrift: mente du den?"

    # ---- the cells of a goal's row

    def _goal_row(self, row: int, line: FormLine) -> None:
        cells, sealed, untouched = self.table.sheet.rows[row], line.sealed, 0
        emptied = []
        for key, column, answer in self.plan:
            raw = cells[column] if column < len(cells) else None
            if answer is not None and answer in line.open_columns:
                self._answer(row, column, line, answer, raw)
                continue
            sent = sealed.get(key)
            if raw == sent and raw and not line.in_percent:  # as most cells are
                untouched += 1
            elif is_filled(raw):
                self._sealed(row, column, line, key, raw)
            elif key != "id" and sent is not None:
                emptied.append((column, key))
        self.sent += untouched
        if emptied:
            self._emptied(row, line, emptied)

    def _sealed(self, row: int, column: int, line: FormLine, key: str, raw: object) -> None:
        sent = canonical(stored(line.sealed.get(key), line.in_percent))
        # The row was found by its Mål-id, however that is spelt.
        if key == "id" or canonical(raw) == sent or fold(canonical(raw)) == fold(sent):
            self._ours(row, column)
            return
        self._keep("proposal", canonical(str(raw) if isinstance(raw, Special) else raw), (row, column), line.goal,
                   about=key)
        self._proposal(row, column, line, sent, canonical(raw))

    def _emptied(self, row: int, line: FormLine, emptied: Sequence[tuple[int, str]]) -> None:
        """Tell of agreed cells that were emptied, but not of a row that somebody typed with its Mål-id alone."""
        here = [key for key in self.table.columns if key != "id" and line.sealed.get(key) is not None]
        if self.times[line.goal] > 1 or len(emptied) == len(here):
            return  # (half) a copy of the row: the goal stands whole on the other
        for column, key in emptied:
            if self._covered(row, column, line.sealed.get(key)):
                continue
            self.loose.append(Loose("proposal", CLEARED, 0, self.book.place(self.name, row, column), line.goal, key))
            self._proposal(row, column, line, canonical(stored(line.sealed.get(key), line.in_percent)), "")

    def _proposal(self, row: int, column: int, line: FormLine, was: str, value: str) -> None:
        self.problems.append(problem("proposal", self.book.place(self.name, row, column), was=was or "(tom)",
                                     value=value or CLEARED, goal=line.goal))

    def _covered(self, row: int, column: int, sent: Value) -> bool:
        """Is an empty cell part of a merged one that shows just what was sent in it?"""
        return any(top < row <= bottom and left <= column <= right and self.table.sheet.value(top, left) == sent
                   for top, left, bottom, right in self.table.sheet.merged)

    def _answer(self, row: int, column: int, line: FormLine, answer: AnswerColumn, raw: object) -> None:
        base = line.base.get(answer)
        if not is_filled(raw):
            self._cleared(row, column, line, answer, base)
            return
        place = self.book.place(self.name, row, column)
        read = self._read(row, column, line, answer, raw)
        if read.problem or isinstance(raw, Special):
            self._unread(raw, read, (row, column), line, answer)
        elif read.value is None:
            self.unseen.add((row, column))
            self._cleared(row, column, line, answer, base)
        elif base is not None and canonical(read.value) == canonical(base):
            self._ours(row, column)
        else:
            self.answers.append(Answer(line.goal, answer, read.value, base, place))
            if read.rule:
                shown = raw if isinstance(raw, str) else canonical(raw)
                self.readings.append(Reading(line.goal, answer.value, shown, canonical(read.value), read.rule, place))
            if answer in JOINED_COLUMNS:
                self._only_here((row, column), line, answer, str(read.value), _HEADERS[answer.value])

    def _cleared(self, row: int, column: int, line: FormLine, answer: AnswerColumn, base: Value) -> None:
        if base is not None or (self.form.marked and (line.goal, answer) in self.form.marked.given):
            self.answers.append(Answer(line.goal, answer, None, base, self.book.place(self.name, row, column)))

    def _only_here(self, at: tuple[int, int], line: FormLine, column: AnswerColumn, text: str, where: str) -> None:
        """Ask about a remark that is nothing but the answer of a column without one; it stays where it is all the same."""
        meant = only_here(text, column, lambda column: self.table.value(at[0], column.value), self.form.year)
        if meant:
            self.problems.append(problem("answer-misplaced", self.book.place(self.name, *at), value=text, goal=line.goal,
                                         meant=meant, column=where, owner=self.form.owner.name,
                                         hint=f"Skulle det stå i «{meant}»?"))

    def _read(self, row: int, column: int, line: FormLine, answer: AnswerColumn, raw: object) -> Read:
        if isinstance(raw, Special):
            return Read(problem="cell-error" if raw.kind == "error" else "cell-formula")
        if self.form.marked and (doubt := self.form.marked.doubt(line.goal, answer, canonical(raw))):
            return Read(problem=doubt[0], hint=doubt[1])
        percent = self.table.sheet.percent
        shown = None if percent is None or isinstance(raw, str) else (row, column) in percent
        return read_as(answer, raw, year=self.form.year, unit=canonical(line.sealed.get("unit")),
                       in_percent=line.in_percent, percent_format=shown)

    def _unread(self, raw: object, read: Read, at: tuple[int, int], line: FormLine, answer: AnswerColumn) -> None:
        self._keep("unread", canonical(str(raw) if isinstance(raw, Special) else raw), at, line.goal, about=answer.value)
        place_hint = "" if isinstance(raw, Special) else hint_elsewhere(
            raw, answer, lambda column: self.table.value(at[0], column.value), self.form.year)
        hint = read.hint if place_hint in read.hint else f"{read.hint} {place_hint}"
        self.problems.append(problem(read.problem, self.book.place(self.name, *at), value=canonical(str(raw)),
                                     goal=line.goal, hint=hint, owner=self.form.owner.name))

    def _merged_answers(self, rows: Mapping[int, FormLine]) -> None:
        """Ask about an answer that was merged over several goals' rows: it stands in the first of them only."""
        for top, left, bottom, right in self.table.sheet.merged:
            goals = [line.goal for row, line in rows.items() if top <= row <= bottom]
            columns = self.table.columns.items()
            key = next((key for key, column in columns if left <= column <= right and key in ANSWERS), "")
            raw = self.table.sheet.value(top, left)
            if key and is_filled(raw) and len(goals) > int(top in rows):
                also = goals[1:] if top in rows else goals
                self.problems.append(problem("merged-answers", self.book.place(self.name, top, left), goal=goals[0],
                                             value=canonical(str(raw)), column=_HEADERS[key], what=listing(also),
                                             owner=self.form.owner.name))

    def _settle_doubles(self) -> None:
        """A goal that stands twice: equal answers are one (both cells have a home), different ones are asked about."""
        if max(self.times.values(), default=0) < 2:
            return
        values: dict[tuple[str, AnswerColumn], set[str]] = {}
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
        header = self.table.sheet.rows[self.table.row]
        for key, column in self.table.columns.items():
            if column < len(header) and header[column] == _HEADERS[key]:
                self._ours(self.table.row, column)
            else:
                self._header(key, column)

    def _header(self, key: str, column: int) -> None:
        """Home a header that isn't spelt as it was sent, and write down by what it was recognised."""
        text, rule = self.table.read_as.get(key, ("", ""))
        rows = (self.table.row, self.table.row - 1, self.table.row + 1) if rule == HEADER_ROW else (self.table.row,)
        row = next(row for row in rows if is_filled(self.table.sheet.value(row, column)))
        text = text or canonical(self.table.sheet.value(row, column))
        self._ours(row, column)
        if rule or fold(text) != fold(_HEADERS[key]):
            self.readings.append(Reading("", "Overskrift", text, _HEADERS[key], rule or HEADER_WORD,
                                         self.book.place(self.name, row, column)))

    def _ours(self, row: int, column: int) -> None:
        self.sent += 1
        self.homed.add((row, column))

    def _keep(self, kind: str, text: str, at: tuple[int, int], goal: str, cells: int = 1, about: str = "") -> None:
        self.homed.add(at)
        place = self.book.place(self.name, *at)
        for number, piece in enumerate(split_at_limit(text, CELL_LIMIT)):
            self.loose.append(Loose(kind, piece, cells if number == 0 else 0, place, goal, about))

    def _rest(self, sheet: WorkbookSheet, rows: Mapping[int, FormLine]) -> None:
        """Home what isn't homed yet: what we sent out ourselves, else a loose line per row of the sheet."""
        if sheet is self.record_sheet:
            self._record_rest(sheet)
            return
        ours = self._fixed_of(sheet)
        own = sheet is self.table.sheet
        left: dict[int, list[tuple[int, object]]] = {}
        known = set(self.table.columns.values())
        for r, c, value in self.filled[id(sheet)]:
            # What stands in a goal's row under a header of ours has a home, unless nobody can see it.
            if own and ((r in rows and c in known and (r, c) not in self.unseen) or (r, c) in self.homed):
                continue
            text = canonical(str(value) if isinstance(value, Special) else value)
            if ours.get(text, 0) > 0 and not (own and r in rows):
                ours[text] -= 1
                self.sent += 1
            elif type(value) is str and not fold(value):
                self._lines("blank", sheet, r, [(c, text)])  # nothing but characters that nobody can see
            else:
                left.setdefault(r, []).append((c, value))
        if self.others and len(left) <= _MOST_LINES:
            self._parted(sheet, left)
        many = len(left) > _MOST_LINES + (len(rows) if own else 0)
        single = {r: cells for r, cells in left.items() if not many or (
            own and (r <= self.table.row or r in rows or r in self.matched.mixed))}
        for r, cells in single.items():
            self._loose_row(sheet, r, cells, rows.get(r) if own else None)
        if many:
            self._blocks(sheet, {r: cells for r, cells in left.items() if r not in single})

    def _parted(self, sheet: WorkbookSheet, left: dict[int, list[tuple[int, object]]]) -> None:
        """Take the cells of other tables on the sheet out of what is left, a line for each of their rows."""
        for table in self.others:
            if table.sheet is not sheet:
                continue
            for r in [r for r in left if r >= table.row]:
                inside = [(c, value) for c, value in left[r] if table.holds(r, c) and c >= min(table.columns.values())]
                outside = [each for each in left[r] if each not in inside]
                if inside:
                    self._lines("extra-table", sheet, r, [(c, self._said(table, c, value)) for c, value in inside])
                if outside:
                    left[r] = outside
                else:
                    del left[r]

    def _blocks(self, sheet: WorkbookSheet, left: Mapping[int, list[tuple[int, object]]]) -> None:
        """Home a great many rows in lines that hold several of them, with the number of their cells."""
        first = next(iter(left.items()))
        kind = self._loose_kind(sheet, *first, None)
        if kind == "new-goal":
            self.problems.append(problem("new-goal", self.book.place(sheet.name, first[0], first[1][0][0])))
        texts: list[str] = []
        cells, where = 0, (0, 0)
        for r, row in left.items():
            text = " · ".join(canonical(str(value) if isinstance(value, Special) else value) for _, value in row)
            if len(text) > _BLOCK:
                self._lines(kind, sheet, r, [(c, canonical(str(value))) for c, value in row])
                continue
            if texts and sum(map(len, texts)) + len(texts) + len(text) > _BLOCK:
                self.loose.append(Loose(kind, "\n".join(texts), cells, self.book.place(sheet.name, *where)))
                texts, cells = [], 0
            where = where if texts else (r, row[0][0])
            texts.append(text)
            cells += len(row)
        if texts:
            self.loose.append(Loose(kind, "\n".join(texts), cells, self.book.place(sheet.name, *where)))

    def _record_rest(self, sheet: WorkbookSheet) -> None:
        width = len(RECORD_COLUMNS)
        cells = list(chain.from_iterable(row[:width] for row in sheet.rows))
        known = len(cells) - cells.count("") - cells.count(None)
        self.sent += known
        self.cells += known
        for r, row in enumerate(sheet.rows):
            for c in range(width, len(row)):
                if is_filled(row[c]):
                    self.cells += 1
                    self._loose_row(sheet, r, [(c, row[c])], None)

    def _fixed_of(self, sheet: WorkbookSheet) -> Counter[str]:
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

    def _loose_row(self, sheet: WorkbookSheet, row: int, cells: Sequence[tuple[int, object]], line: FormLine | None) -> None:
        own = sheet is self.table.sheet
        in_table = own and row > self.table.row
        kind = self._loose_kind(sheet, row, cells, line)
        named = [(c, self._said(self.table if in_table else None, c, value)) for c, value in cells]
        if kind in ("new-goal", "unknown-row"):
            where = self.book.place(sheet.name, row, cells[0][0])
            self.problems.append(self._strange_row(row, where, " · ".join(text for _, text in named)))
            kind = "new-goal" if self.problems[-1].code == "new-goal" else "unknown-row"
        if line is not None:
            self._answers_beside(row, cells, line)
        self._lines(kind, sheet, row, named, line.goal if line else "")

    def _answers_beside(self, row: int, cells: Sequence[tuple[int, object]], line: FormLine) -> None:
        for c, value in cells[:_MOST_BESIDE]:
            if c not in self.table.extra:
                self._only_here((row, c), line, AnswerColumn.REMARKS, canonical(value), f"kolonne {column_name(c)}")

    def _strange_row(self, row: int, where: Place, text: str) -> Problem:
        """Ask about a row of the table that is no goal's."""
        owner = self.form.owner.name
        if row in self.matched.mixed:
            by_id, by_text = self.matched.mixed[row]
            return problem("id-and-text", where, goal=by_id.goal, what=by_text.goal, owner=owner)
        stated = canonical(str(self.table.value(row, "id") or ""))
        if not stated:
            return problem("new-goal", where, value=text[:200])
        meant = RowTexts(self.table, self.form).goal_of(row)
        return problem("unknown-goal", where, goal=stated[:_LONGEST_NAME].strip(), owner=owner,
                       hint=f"Teksten er den, der hører til {meant.goal}." if meant else "")

    def _lines(self, kind: str, sheet: WorkbookSheet, row: int, named: Sequence[tuple[int, str]], goal: str = "") -> None:
        """Home cells of a row in one line, or in a line each where they don't fit into one."""
        text = " · ".join(each for _, each in named)
        if utf16_length(text) <= CELL_LIMIT:
            self.loose.append(Loose(kind, text, len(named), self.book.place(sheet.name, row, named[0][0]), goal))
            return
        for c, each in named:
            for number, piece in enumerate(split_at_limit(each)):
                self.loose.append(Loose(kind, piece, int(number == 0), self.book.place(sheet.name, row, c), goal))

    def _loose_kind(self, sheet: WorkbookSheet, row: int, cells: Sequence[tuple[int, object]], line: FormLine | None) -> str:
        if sheet is not self.table.sheet:
            known = {fold(name) for name in self.form.fixed}
            return "remark" if fold(sheet.name) in known or sheet is self.record_sheet else "extra-sheet"
        if line is not None:
            return "extra-column" if any(c in self.table.extra for c, _ in cells) else "remark"
        if row == self.table.row:
            return "extra-column"
        if row in self.table.repeats:
            return "extra-table"
        if row in self.matched.mixed:
            return "unknown-row"
        known_columns = set(self.table.columns.values())
        if row < self.table.row or not any(c in known_columns for c, _ in cells):
            return "remark"
        # The lines above the table, pasted with it, are no proposal.
        sent = self.form.fixed.get(SKEMA, {})
        return "remark" if all(canonical(value) in sent for _, value in cells) else "new-goal"

    def _said(self, table: FoundTable | None, column: int, value: object) -> str:
        """Say a cell under its header, where it stands in a table."""
        text = canonical(str(value) if isinstance(value, Special) else value)
        if table is None:
            return text
        header = next((c.header for c in SKEMA_COLUMNS if table.columns.get(c.key) == column),
                      table.extra.get(column, ""))
        return f"{header}: {text}" if header else text

    def _notes(self, sheet: WorkbookSheet) -> None:
        ours = self.fixed.get(NOTES, Counter())
        for note in sheet.notes:
            if ours.get(canonical(note.text), 0) > 0:
                ours[canonical(note.text)] -= 1
                continue
            who = f"{note.author}: " if note.author and not note.text.startswith(note.author) else ""
            place = self.book.place(sheet.name)._replace(cell=note.cell)
            for piece in split_at_limit(f"{who}{canonical(note.text)}"):
                self.loose.append(Loose("note", piece, 0, place))
            self._note_on_answer(sheet, note, place)

    def _note_on_answer(self, sheet: WorkbookSheet, note: Note, place: Place) -> None:
        """Ask about a note on an answer cell that is empty: the note may be the answer."""
        at = cell_place(note.cell)
        line = self.matched.rows.get(at[0]) if at and sheet is self.table.sheet else None
        if at is None or line is None or is_filled(sheet.value(*at)):
            return
        key = next((key for key, column in self.table.columns.items() if column == at[1]), "")
        if ANSWERS.get(key) in line.open_columns:
            self.problems.append(problem("answer-in-note", place, goal=line.goal, column=_HEADERS[key],
                                         value=canonical(note.text), owner=self.form.owner.name))

    def _drawings(self, sheet: WorkbookSheet) -> None:
        """Ask about pictures and text boxes: what they show can't be read, what is written in them stands on Kontrol."""
        if not sheet.drawings:
            return
        place = self.book.place(sheet.name)
        self.problems.append(problem("drawing-in-form", place, value="\n".join(filter(None, sheet.drawings)),
                                     owner=self.form.owner.name))
        for text in sheet.drawings:
            for piece in split_at_limit(text or "(billede)"):
                self.loose.append(Loose("drawing", piece, 0, place))
