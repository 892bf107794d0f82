"""Judging one returned skema alone: every non-empty cell of it gets exactly one home."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aftale.cells.find_table import FoundTable, beside_label
from aftale.cells.hidden_sheet import find_record
from aftale.cells.number_format import seen_at
from aftale.cells.read_cell import hint_elsewhere, only_here, read_as, read_yes_no
from aftale.cells.reading import Read, did_you_mean, readings_in
from aftale.forms.card import changed_goal_text, changed_line
from aftale.forms.leftover_cells import (
    BETWEEN_CELLS,
    MOST_LINES,
    Texts,
    beside_record,
    blocks_found,
    drawings_found,
    links_found,
    margins_found,
    notes_found,
    row_found,
    sent_as,
    sheets_unread,
    written,
)
from aftale.forms.plan import ANSWERS, form_from_record, known_columns, stored
from aftale.forms.returned import CLEARED, Expected, Returned
from aftale.forms.table import (
    ANSWER_KEYS,
    HEADER_ROW,
    HEADER_WORD,
    Matched,
    RowTexts,
    chosen_table,
    find_form_table,
    given,
    like_header,
    match_rows,
    without_header,
)
from aftale.model.agreement import JOINED_COLUMNS, AnswerColumn, Value
from aftale.model.answers import Answer
from aftale.model.columns import (
    FILLED_BY,
    FINISHED,
    FORM_ID,
    FORMER_SKEMA_COLUMNS,
    NOTES,
    RECORD,
    SKEMA,
    SKEMA_COLUMNS,
)
from aftale.model.findings import Finding, reading
from aftale.model.forms import Form, FormLine, Marked
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.questions import UNCHANGED_COPY
from aftale.model.received import Refused
from aftale.model.text import asks_something, canonical, count, fold, listing, spoken
from aftale.model.workbook import Note, Special, Workbook, WorkbookSheet, cell_place, column_name, is_filled

_HEADERS = {column.key: column.header for column in (*FORMER_SKEMA_COLUMNS, *SKEMA_COLUMNS)}
_LONGEST_NAME = 120
_MOST_BESIDE = 20
_BESIDE = frozenset(("remark", "note", "extra-column", "extra-sheet", "margin"))
_SUM = re.compile(r"(?:i ?alt|total|sum|subtotal|samlet|gennemsnit|gns)\b.{0,30}")
_FIGURE = re.compile(r"[-+]?[0-9][0-9.,]* ?%?")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_WORDS = re.compile(r"[^\W\d_]{3}")
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
    whole = not any(each.code == "record-lost" for each in problems)
    tables = [table for sheet in book.sheets if fold(sheet.name) != RECORD and (
        table := find_form_table(sheet, form, whole))]
    if not tables:
        return Refused(book.source, problem("no-table", book.place(), owner=form.owner.name))
    problems += _differences(book, form, expected)
    result = _Judge(book, form, tables, sheet).run()
    if form.marked and _is_unchanged(form.marked, result):
        problems.append(problem(UNCHANGED_COPY, book.place(), owner=result.filled_by or form.owner.name))
    return replace(result, findings=(*problems, *result.findings))


def _is_unchanged(marked: Marked, result: Returned) -> bool:
    """Did a skema with questions come back with just what we had filled in, and nothing else?"""
    answers = {(each.goal, each.column): canonical(each.value) for each in result.answers}
    unread = sorted(each.text for each in result.kept if each.kind == "unread")
    return (answers == {cell: text for cell, text in marked.given.items() if cell not in marked.doubts}
            and unread == sorted(marked.given[cell] for cell in marked.doubts)
            and all(each.kind in ("unread", "field") for each in result.kept)
            and (result.filled_by, result.finished) == (marked.filled_by, marked.finished))


def _by_visible_id(book: Workbook, expected: Expected) -> Form | None:
    for sheet in book.sheets:
        beside = beside_label(sheet, (FORM_ID,))
        if beside and (form := expected.forms.get(canonical(beside[2]).upper())):
            return form
    return None


def _not_a_form(book: Workbook, kind: str) -> Finding:
    what = {"aftale": "selve aftalen", "opfølgning": "en opfølgning"}.get(kind)
    return problem("other-kind", book.place(), what=what) if what else problem("not-ours", book.place())


def _wrong_place(book: Workbook, form: Form, expected: Expected) -> Finding | None:
    agreement = expected.agreement
    if form.year != agreement.year and fold(form.unit) == fold(agreement.unit):
        return problem("other-year", book.place(), year=form.year, expected=agreement.year, owner=form.owner.name)
    if form.agreement_id != agreement.id:
        return problem("other-agreement", book.place(), what=f"{form.unit or 'uden enhed'} {form.year}")
    return None


def _differences(book: Workbook, form: Form, expected: Expected) -> Iterator[Finding]:
    older = not any(line.agreed for line in form.lines)  # then nobody can say what it is that was changed
    if older and form.agreement_fingerprint != expected.agreement.fingerprint:
        yield problem("agreement-changed", book.place())
    now = expected.agreement.template
    if form.template != now:
        yield problem("older-template", book.place(), was=form.template or "ukendt", now=now or "ukendt")


class _Judge:
    """Goes through a returned workbook once and gives every cell its home."""

    def __init__(self, book: Workbook, form: Form, tables: Sequence[FoundTable], record_sheet: WorkbookSheet | None) -> None:
        self.book, self.form, self.record_sheet = book, form, record_sheet
        self.table, self.others, self.elsewhere = chosen_table(tables, form)
        self.name = self.table.sheet.name
        self.headers = _HEADERS | {column.key: column.header for column in known_columns(form)}
        self.plan = tuple((key, column, ANSWERS.get(key)) for key, column in self.table.columns.items())
        self.matched = Matched()
        self.answers: list[Answer] = []
        self.findings: list[Finding] = []
        self.sent = 0
        self.times: Counter[str] = Counter()
        self.homed: set[tuple[int, int]] = set()
        self.unseen: set[tuple[int, int]] = set()
        self.filled = {id(sheet): list(sheet.filled()) for sheet in book.sheets if sheet is not record_sheet}
        self.cells = sum(map(len, self.filled.values()))
        self.fixed = {sheet: Counter(texts) for sheet, texts in form.fixed.items()}

    def _ask(self, code: str, place: Place, **words: object) -> None:
        """Add a problem to what was found; the ansvarlig is named where its text names somebody."""
        self.findings.append(problem(code, place, owner=self.form.owner.name, **words))

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
            self._beside(sheet)
        self.findings += sheets_unread(self.book)
        self._nothing_but_remarks()
        self.findings = [self._asking(each) for each in self.findings]
        answered = {answer.goal for answer in self.answers}
        return Returned(
            self.book.source, self.form.id, self.form.owner.name, filled_by, finished, self.form.edition,
            tuple(self.answers), tuple(self.findings), self.cells, self.sent, tuple(line.goal for line in self.form.lines),
            self.form.round.value,
            {line.goal: line.agreed for line in self.form.lines if line.agreed and line.goal in answered})

    def _other_tables(self, rows: Mapping[int, FormLine]) -> None:
        """Ask about another table whose answers differ from those read, such as a copy that was filled in as well."""
        if self.elsewhere:
            place = self.book.place(self.name, self.table.row)
            self.findings.append(reading(place, "", f"{place.sheet} {place.cell}", "table-elsewhere", column="Tabel"))
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
                self._ask("second-table", self.book.place(table.sheet.name, table.row), what=sent_to)

    def _nothing_but_remarks(self) -> None:
        beside = [each for each in self.findings if each.kind in _BESIDE]
        if beside and not self.answers and not any(
                each.kind in ("unread", "drawing") or each.code == "answer-in-note" for each in self.findings):
            self._ask("only-loose", beside[0].place)

    def _asking(self, found: Finding) -> Finding:
        """Make a question to the coordinator of what was written beside the answers where it ends as one."""
        if found.code or found.kind not in _BESIDE or not asks_something(found.text.replace(BETWEEN_CELLS, "\n")):
            return found
        asked = problem("colleague-asks", found.place, owner=self.form.owner.name, value=found.text, goal=found.goal)
        return replace(asked, text=found.text).keeping(found.kind, found.cells, found.column)

    # ---- which row is which goal

    def _told_of_ids(self) -> None:
        """Write down every row that wasn't known by its Mål-id just as it was sent."""
        at = self.table.columns.get("id")
        for row, line in self.matched.by_text.items():
            place = self.book.place(self.name, row, at or 0)
            self.findings.append(reading(place, "", line.goal, "id-by-text", line.goal, "Mål-id"))
            if at is not None:
                self._ask("matched-by-text", place, goal=line.goal)
        if at is None and self.matched.by_text:
            rows = count(len(self.matched.by_text), "række", "rækker")
            self._ask("id-column-missing", self.book.place(self.name, self.table.row), value=rows)
        for row, raw in self.matched.respelt.items():
            line = self.matched.rows[row]
            self.findings.append(reading(self.book.place(self.name, row, at or 0), raw, line.goal, "id-spelling", line.goal,
                                         "Mål-id"))

    def _missing(self, rows: Mapping[int, FormLine]) -> None:
        there = {line.goal for line in rows.values()}
        there |= {line.goal for both in self.matched.mixed.values() for line in both}
        place = self.book.place(self.name)
        for line in self.form.lines:
            if line.goal not in there:
                self._ask("row-missing", place, goal=line.goal)
        for header in self.table.doubled:
            self._ask("column-twice", self.book.place(self.name, self.table.row), column=header)
        for column in SKEMA_COLUMNS:
            if column.key in ANSWER_KEYS and column.key not in self.table.columns:
                self._ask("column-missing", place, column=column.header, hint=self._missing_column(column.key))

    def _missing_column(self, key: str) -> str:
        """Say which column of the table may be one that is missing."""
        like = like_header(self.table, _HEADERS[key])
        if like:
            return f"Der er en kolonne »{like}«: Mente du den?"
        bare = without_header(self.table, key, self.form)
        return "" if bare is None else f"Kolonne {column_name(bare)} har ingen overskrift: Mente du den?"

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
        self.homed.add((row, column))
        self._proposed_change(row, column, line, key, written(raw))

    def _emptied(self, row: int, line: FormLine, emptied: Sequence[tuple[int, str]]) -> None:
        """Tell of agreed cells that were emptied, but not of a row that somebody typed with its Mål-id alone."""
        here = [key for key in self.table.columns if key != "id" and line.sealed.get(key) is not None]
        if self.times[line.goal] > 1 or len(emptied) == len(here):
            return  # (half) a copy of the row: the goal stands whole on the other
        for column, key in emptied:
            if not self._covered(row, column, line.sealed.get(key)):
                self._proposed_change(row, column, line, key, "")

    def _proposed_change(self, row: int, column: int, line: FormLine, key: str, text: str) -> None:
        key, sent, text = _of_the_goal(line, key, stored(line.sealed.get(key), line.in_percent), text)
        said = text.replace(".", ",") if isinstance(sent, float) and _DECIMAL.fullmatch(text) else text
        found = replace(problem("proposed-change", self.book.place(self.name, row, column), was=spoken(sent) or "(tom)",
                                value=said or CLEARED, goal=line.goal), text=text or CLEARED,
                        shown=self._stood(row, column) if text else "")
        self.findings.append(found.keeping("proposed-change", int(bool(text)), key))

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
                stood = raw if isinstance(raw, str) else canonical(raw)
                self.findings.append(reading(place, stood, canonical(read.value), read.rule, line.goal, answer.value,
                                             self._stood(row, column, read.rule)))
            if answer in JOINED_COLUMNS:
                self.findings += self._struck((row, column), line, answer)
                self.findings += self._only_here((row, column), line, answer, str(read.value), _HEADERS[answer.value])

    def _stood(self, row: int, column: int, rule: str = "") -> str:
        """Return a cell as people see it, '' where that is just what stands in it."""
        raw, sheet = self.table.sheet.value(row, column), self.table.sheet
        shown = "" if isinstance(raw, str | Special) else seen_at(sheet, row, column)
        return f"{shown} (vist med formatet {sheet.formats.get((row, column))})" if rule == "text-format" else shown

    def _cleared(self, row: int, column: int, line: FormLine, answer: AnswerColumn, base: Value) -> None:
        if base is not None or (self.form.marked and (line.goal, answer) in self.form.marked.given):
            self.answers.append(Answer(line.goal, answer, None, base, self.book.place(self.name, row, column)))

    def _struck(self, at: tuple[int, int], line: FormLine, answer: AnswerColumn) -> Iterator[Finding]:
        """Ask about words of which some are struck through; they are read as they stand all the same."""
        if (rest := self.table.sheet.struck.get(at)) is not None:
            found = problem("remark-struck", self.book.place(self.name, *at), value=rest or "(ingenting)", goal=line.goal,
                            column=_HEADERS[answer.value], owner=self.form.owner.name)
            yield replace(found, column=answer.value, text=canonical(self.table.sheet.value(*at)))

    def _only_here(self, at: tuple[int, int], line: FormLine, column: AnswerColumn, text: str,
                   where: str) -> Iterator[Finding]:
        """Ask about a remark that is nothing but the answer of a column without one; it stays where it is all the same."""
        meant = only_here(text, column, lambda column: self.table.value(at[0], column.value), self.form.year)
        if meant:
            found = problem("answer-misplaced", self.book.place(self.name, *at), value=text, goal=line.goal,
                            meant=meant, column=where, owner=self.form.owner.name, hint=f"Skulle det stå i »{meant}«?")
            yield replace(found, column=column.value if at[1] == self.table.columns.get(column.value) else "")

    def _read(self, row: int, column: int, line: FormLine, answer: AnswerColumn, raw: object) -> Read:
        if isinstance(raw, Special):
            return Read(problem=f"cell-{raw.kind}")
        if self.form.marked and (doubt := self.form.marked.doubt(line.goal, answer, canonical(raw))):
            return Read(problem=doubt[0], hint=doubt[1])
        if answer not in JOINED_COLUMNS and (row, column) in self.table.sheet.struck:
            rest = self.table.sheet.struck[row, column] or seen_at(self.table.sheet, row, column)
            return Read(problem="cell-struck", hint=did_you_mean((rest,)) if "?" not in rest else "")
        percent, text = self.table.sheet.percent, isinstance(raw, str)  # no format changes a text, and to find it takes long
        shown = None if percent is None or text else (row, column) in percent
        code = "" if text or answer not in JOINED_COLUMNS else self.table.sheet.formats.get((row, column), "")
        return read_as(answer, raw, year=self.form.year, unit=canonical(line.sealed.get("unit")),
                       in_percent=line.in_percent, percent_format=shown, code=code)

    def _unread(self, raw: object, read: Read, at: tuple[int, int], line: FormLine, answer: AnswerColumn) -> None:
        place_hint = "" if isinstance(raw, Special) else hint_elsewhere(
            raw, answer, lambda column: self.table.value(at[0], column.value), self.form.year)
        hint = read.hint if place_hint in read.hint else f"{read.hint} {place_hint}"
        self.homed.add(at)
        found = problem(read.problem, self.book.place(self.name, *at), value=self._stood(*at) or written(raw),
                        goal=line.goal, hint=hint, owner=self.form.owner.name)
        self.findings.append(replace(found, text=written(raw), shown=self._stood(*at)).keeping("unread", 1, answer.value))

    def _merged_answers(self, rows: Mapping[int, FormLine]) -> None:
        """Ask about an answer that was merged over several goals' rows: it stands in the first of them only."""
        for top, left, bottom, right in self.table.sheet.merged:
            goals = [line.goal for row, line in rows.items() if top <= row <= bottom]
            columns = self.table.columns.items()
            key = next((key for key, column in columns if left <= column <= right and key in ANSWERS), "")
            raw = self.table.sheet.value(top, left)
            if key and is_filled(raw) and len(goals) > int(top in rows):
                also = goals[1:] if top in rows else goals
                found = problem("merged-answers", self.book.place(self.name, top, left), goal=goals[0],
                                value=self._stood(top, left) or written(raw),
                                column=_HEADERS[key], what=listing(also), owner=self.form.owner.name)
                self.findings.append(replace(found, column=ANSWERS[key].value))

    def _settle_doubles(self) -> None:
        """A goal that stands twice: equal answers are one (both cells have a home), different ones are asked about."""
        values: dict[tuple[str, AnswerColumn], set[str]] = {}
        for answer in self.answers:
            values.setdefault((answer.goal, answer.column), set()).add(canonical(answer.value))
        for goal in dict.fromkeys(goal for (goal, _), found in values.items() if len(found) > 1):
            self._ask("twice-in-form", self.book.place(self.name), goal=goal)

    # ---- everything else

    def _own_fields(self) -> tuple[str, str]:
        filled_by = self._own_field(FILLED_BY)
        finished = self._own_field(FINISHED)
        yes_no = read_yes_no(finished[0]) if finished else Read()
        said = canonical(yes_no.value)
        if finished and yes_no.problem:
            # An answer that begins with Ja or Nej and says more is that, and is asked about for what it says besides.
            said = next(iter(readings_in(yes_no.hint)), "")
            found = problem("yes-no-unknown", self.book.place(self.name, *finished[1]), value=canonical(finished[0]),
                            hint=f"{yes_no.hint} Indtil da regnes det som {said}." if said else yes_no.hint,
                            owner=self.form.owner.name)
            self.findings.append(found.keeping("field", 1))
        told = [(label, each) for label, each in ((FILLED_BY, filled_by), (FINISHED, finished)) if each]
        self.homed |= {at for _, (_, at) in told}
        told = [each for each in told if each[0] == FILLED_BY or not yes_no.problem]
        if told:
            texts = [(at[1], f"{label}: {seen_at(self.table.sheet, *at)}") for label, (_, at) in told]
            self.findings.append(row_found("field", self.book.place(self.name, *told[0][1][1]), texts))
        # A name that is a whole text stands on Kontrol; what stands for it elsewhere must fit beside other names.
        name = canonical(filled_by[0])[:_LONGEST_NAME].strip() if filled_by else ""
        return name, said

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
        """Home the headers, and write down by what one was recognised that isn't spelt as it was sent."""
        for key, column in self.table.columns.items():
            text, rule = self.table.read_as.get(key, ("", ""))
            rows = (self.table.row, self.table.row - 1, self.table.row + 1) if rule == HEADER_ROW else (self.table.row,)
            row = next(row for row in rows if is_filled(self.table.sheet.value(row, column)))
            text = text or canonical(self.table.sheet.value(row, column))
            self._ours(row, column)
            if rule or fold(text) != fold(self.headers[key]):
                self.findings.append(reading(self.book.place(self.name, row, column), text, self.headers[key],
                                             rule or HEADER_WORD, column="Overskrift"))

    def _ours(self, row: int, column: int) -> None:
        self.sent += 1
        self.homed.add((row, column))

    def _rest(self, sheet: WorkbookSheet, rows: Mapping[int, FormLine]) -> None:
        """Home what isn't homed yet: what we sent out ourselves, else a finding per row of the sheet."""
        if sheet is self.record_sheet:
            ours, beside = beside_record(self.book, sheet)
            self.sent += ours
            self.cells += ours + len(beside)
            self.findings += beside
            return
        left = self._left(sheet, rows)
        own = sheet is self.table.sheet
        if self.others and len(left) <= MOST_LINES:
            self._parted(sheet, left)
        many = len(left) > MOST_LINES + (len(rows) if own else 0)
        single = {r: cells for r, cells in left.items() if not many or (
            own and (r <= self.table.row or r in rows or r in self.matched.mixed))}
        for r, cells in single.items():
            self._row_besides(sheet, r, cells, rows.get(r) if own else None)
        if many:
            self._blocks(sheet, {r: cells for r, cells in left.items() if r not in single})

    def _left(self, sheet: WorkbookSheet, rows: Mapping[int, FormLine]) -> dict[int, Texts]:
        """Return the texts of the cells of a sheet that are neither answers nor ours, by row."""
        ours = self._fixed_of(sheet)
        own = sheet is self.table.sheet
        left: dict[int, list[tuple[int, str]]] = {}
        known = set(self.table.columns.values())
        for r, c, value in self.filled[id(sheet)]:
            # What stands in a goal's row under a header of ours has a home, unless nobody can see it.
            if own and ((r in rows and c in known and (r, c) not in self.unseen) or (r, c) in self.homed):
                continue
            text = written(value)
            if ours.get(text, 0) > 0 and not (own and r in rows):
                ours[text] -= 1
                self.sent += 1
            elif type(value) is str and not fold(value):  # nothing but characters that nobody can see
                self.findings.append(row_found("blank", self.book.place(sheet.name, r, c), [(c, text)]))
            else:
                left.setdefault(r, []).append((c, seen_at(sheet, r, c)))
        return dict(left)

    def _parted(self, sheet: WorkbookSheet, left: dict[int, Texts]) -> None:
        """Take the cells of other tables on the sheet out of what is left, a finding for each of their rows."""
        for table in self.others:
            if table.sheet is not sheet:
                continue
            for r in [r for r in left if r >= table.row]:
                inside = [each for each in left[r] if table.holds(r, each[0]) and each[0] >= min(table.columns.values())]
                if inside:
                    self.findings.append(row_found("extra-table", self.book.place(sheet.name, r, inside[0][0]),
                                                   _said(table, inside)))
                left[r] = [each for each in left[r] if each not in inside]
                if not left[r]:
                    del left[r]

    def _blocks(self, sheet: WorkbookSheet, left: Mapping[int, Texts]) -> None:
        """Home a great many rows in blocks; where they may be new goals that is asked once."""
        kind = self._kind_of(sheet, *next(iter(left.items())), None)
        blocks = blocks_found(kind, self.book, sheet, left)
        code = {"new-goal": "new-goal", "unknown-row": "row-no-goal"}.get(kind, "")
        if code:
            asked = problem(code, blocks[0].place, value=blocks[0].text, owner=self.form.owner.name)
            blocks[0] = replace(asked, text=blocks[0].text).keeping(kind, blocks[0].cells)
        self.findings += blocks

    def _fixed_of(self, sheet: WorkbookSheet) -> Counter[str]:
        """Return what we wrote on a sheet, as often as it hasn't been found yet."""
        if sheet is self.table.sheet:
            return self.fixed.get(SKEMA, Counter())
        others = {name: texts for name, texts in self.fixed.items() if name != SKEMA}
        return self.fixed.get(sent_as(sheet, self.book, others, lambda each: {
            canonical(value) for _, _, value in self.filled[id(each)]}), Counter())

    def _row_besides(self, sheet: WorkbookSheet, row: int, cells: Texts, line: FormLine | None) -> None:
        """Keep a row's cells, with the question about the row where there is one."""
        own = sheet is self.table.sheet
        kind = self._kind_of(sheet, row, cells, line)
        named = _said(self.table, cells) if own and row > self.table.row else cells
        found = row_found(kind, self.book.place(sheet.name, row, cells[0][0]), named, line.goal if line else "")
        asked = [each for c, text in (cells[:_MOST_BESIDE] if line else ()) if line and c not in self.table.extra
                 for each in self._only_here((row, c), line, AnswerColumn.REMARKS, text, f"kolonne {column_name(c)}")]
        if kind in ("new-goal", "unknown-row"):
            asked = [self._strange_row(row, found)]
        same = next((each for each in asked if each.place == found.place), None)
        if same is not None:
            kind = {"new-goal": "new-goal", "answer-misplaced": kind}.get(same.code, "unknown-row")
            found = replace(same, text=found.text).keeping(kind, found.cells)
        self.findings += [found, *(each for each in asked if each is not same)]

    def _strange_row(self, row: int, found: Finding) -> Finding:
        """Ask about a row of the table that is no goal's."""
        owner = self.form.owner.name
        if row in self.matched.mixed:
            by_id, by_text = self.matched.mixed[row]
            asked = problem("id-and-text", found.place, goal=by_id.goal, what=by_text.goal, owner=owner)
            return replace(asked, readings=(by_id.goal, by_text.goal))
        stated = canonical(str(self.table.value(row, "id") or ""))
        if not stated and found.kind == "new-goal":
            return problem("new-goal", found.place)
        if not stated:
            return problem("row-no-goal", found.place, owner=owner)
        meant = RowTexts(self.table, self.form).goal_of(row)
        return problem("unknown-goal", found.place, goal=stated[:_LONGEST_NAME].strip(), owner=owner,
                       hint=f"Teksten er den, der hører til {meant.goal}." if meant else "")

    def _kind_of(self, sheet: WorkbookSheet, row: int, cells: Texts, line: FormLine | None) -> str:
        if sheet is not self.table.sheet:
            return "remark" if fold(sheet.name) in {fold(name) for name in self.form.fixed} else "extra-sheet"
        if line is not None or row == self.table.row:
            return "extra-column" if line is None or any(c in self.table.extra for c, _ in cells) else "remark"
        if row in self.table.repeats:
            return "extra-table"
        if row in self.matched.mixed:
            return "unknown-row"
        known_columns, sent = set(self.table.columns.values()), self.form.fixed.get(SKEMA, {})
        # The lines above the table, pasted with it, are no suggestion of a goal.
        if row < self.table.row or not any(c in known_columns for c, _ in cells) or all(text in sent for _, text in cells):
            return "remark"
        texts = [text for _, text in cells]
        if not any(each.isalnum() for text in texts for each in text):
            return "remark"
        if any(_SUM.fullmatch(fold(text)) for text in texts) and any(_FIGURE.fullmatch(text) for text in texts):
            return "sum-row"
        between = any(row < each for each in self.matched.rows)
        if between or canonical(str(self.table.value(row, "id") or "")) or not any(_WORDS.search(text) for text in texts):
            return "unknown-row"
        return "new-goal"

    # ---- notes, links, and what lies on the sheet

    def _beside(self, sheet: WorkbookSheet) -> None:
        for note, found in notes_found(self.book, sheet, self.fixed.get(NOTES, Counter())):
            its = replace(found, goal=self._goal_at(sheet, note.cell))
            self.findings.append(self._note_on_answer(sheet, note, found) or its)
        self.findings += margins_found(self.book, sheet, self.form.fixed.get(SKEMA, {}))
        for link in links_found(self.book, sheet):
            self.findings.append(replace(link, goal=self._goal_at(sheet, link.place.cell)))
        drawn = drawings_found(self.book, sheet)
        if drawn:  # what they show can't be read
            asked = problem("drawing-in-form", drawn.place, value=drawn.text, owner=self.form.owner.name)
            self.findings.append(asked.keeping("drawing", 0))

    def _goal_at(self, sheet: WorkbookSheet, cell: str) -> str:
        """Return the Mål-id of the goal in whose row a cell is, '' where it is in none."""
        at = cell_place(cell)
        line = self.matched.rows.get(at[0]) if at and sheet is self.table.sheet else None
        return line.goal if line else ""

    def _note_on_answer(self, sheet: WorkbookSheet, note: Note, found: Finding) -> Finding | None:
        """Ask about a note on an answer cell that is empty: the note may be the answer."""
        at = cell_place(note.cell)
        line = self.matched.rows.get(at[0]) if at and sheet is self.table.sheet else None
        if at is None or line is None or is_filled(sheet.value(*at)):
            return None
        for key, column, answer in self.plan:
            if column == at[1] and answer in line.open_columns:
                asked = problem("answer-in-note", found.place, goal=line.goal, column=_HEADERS[key],
                                value=canonical(note.text), owner=self.form.owner.name)
                return replace(asked, text=found.text).keeping("note", 0, ANSWERS[key].value)
        return None


def _of_the_goal(line: FormLine, key: str, sent: Value, text: str) -> tuple[str, Value, str]:
    """Return which agreed column a change is of, and what stood and stands there.

    Where just the goal's own text was changed in its card, or one line under Mål, that is a change of the column that the
    text is from.
    """
    if key == "goal" and isinstance(sent, str):
        return changed_line(sent, text) or (key, sent, text)
    level = next((each for each in ("sub", "effect") if line.sealed.get(each)), "") if key == "card" else ""
    own = canonical(line.sealed.get(level))
    changed = changed_goal_text(canonical(sent), own, text) if own else ""
    return (level, own, changed) if changed else (key, sent, text)


def _said(table: FoundTable, cells: Texts) -> Texts:
    """Say cells that stand in a table each under its header."""
    headers = {**table.extra, **{column: _HEADERS[key] for key, column in table.columns.items()}}
    return [(c, f"{headers[c]}: {text}" if headers.get(c) else text) for c, text in cells]
