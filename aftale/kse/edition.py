"""KSE's edition of the follow-up: what was sent in it, and what of a returned one is KSE's own.

KSE writes in ``Forvaltningens bemærkninger`` and in ``Forvaltningens samlede bemærkning`` alone; whatever else differs
from what was sent is kept for ``Kontrol`` and never merged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import NamedTuple

from aftale.cells.find_table import FoundTable, beside_label, find_table, sheets_by_name
from aftale.cells.goal_texts import TEXT_KEYS, GoalTexts
from aftale.cells.hidden_sheet import (
    AGREEMENT_KIND,
    EDITION,
    EDITION_KEY,
    FOLLOWUP_KIND,
    JSON,
    Line,
    Record,
    find_record,
    is_edition,
    line,
    sealed,
)
from aftale.cells.named_json import as_json, from_json
from aftale.cells.number_format import seen_at
from aftale.cells.read_cell import text_at
from aftale.forms.judge import judge
from aftale.forms.leftover_cells import (
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
from aftale.forms.returned import BOX, CLEARED, DepartmentAnswer, Expected, Remark, Returned
from aftale.intake.unpack import conflict_copy
from aftale.intake.workers import Opened
from aftale.kse.dialog_rows import open_cells, read_answers
from aftale.merge.state import packed
from aftale.model.agreement import Round
from aftale.model.columns import KSE_REMARK, OPFOELGNING, Column
from aftale.model.dialogue import Utterance
from aftale.model.findings import Finding, kept
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import IncomingMail, Refused
from aftale.model.text import canonical, count, formula_text, listing, some
from aftale.model.workbook import Special, Workbook, WorkbookSheet, cell_name, cell_place, is_filled

_ABOUT, _SENT, _FIXED = FOLLOWUP_KIND, "sendt", "fast"
_NAMED = 5
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class Content(NamedTuple):
    """What a cell of ours holds: its canonical text, and its formula as it is compared ('' where it holds none)."""

    text: str = ""
    formula: str = ""


@dataclass(frozen=True)
class EditionAbout:
    """What an edition is drawn from: where it belongs, what stands under KSE's names, and whose wording it is.

    ``remarks`` are by Mål-id, the box under `BOX`; ``edited`` are those that the coordinator has worded.
    ``open_lines`` are those of ``Dialog`` that wait for KSE's answer.
    """

    agreement: str
    unit: str
    year: int
    round: Round
    remarks: Mapping[str, str] = field(default_factory=dict)
    edited: frozenset[str] = frozenset()
    drawn_from: tuple[str, ...] = ()
    open_lines: tuple[Utterance, ...] = ()


def title_of(unit: str, round_: Round, year: int) -> str:
    """Return what a follow-up is called, on its printed pages as well."""
    return f"{unit} – {round_.danish} {year}"


@dataclass(frozen=True)
class Sent:
    """An edition as it was sent: ``rows`` of Opfølgning by Mål-id and key of column, ``fixed`` cells by sheet and name."""

    about: EditionAbout
    edition: str
    columns: tuple[Column, ...]
    rows: Mapping[str, Mapping[str, Content]]
    fixed: Mapping[str, Mapping[str, Content]]
    drawings: Mapping[str, int]


# ---------------------------------------------------------------- what is sent

def edition_record(drawn: Workbook, about: EditionAbout, columns: Sequence[Column]) -> tuple[Line, ...]:
    """Return the reduced ``_aftale`` of an edition whose sheets are drawn: where it belongs, and all that is sent in it."""
    lines = [*_content_lines(drawn, about, columns)]
    edition = sha256("\n".join("\t".join(each) for each in lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return sealed((*line(AGREEMENT_KIND, "", "slags", FOLLOWUP_KIND), *line(AGREEMENT_KIND, "", "udgave", EDITION),
                   *line(_ABOUT, "", "udgave", edition), *lines))


def _content_lines(drawn: Workbook, about: EditionAbout, columns: Sequence[Column]) -> Iterator[Line]:
    for name, value in (("aftale", about.agreement), ("enhed", about.unit), ("år", float(about.year)),
                        ("runde", about.round.value), ("forrige svar", " ".join(about.drawn_from))):
        yield from line(_ABOUT, "", name, value)
    yield from line(_ABOUT, "", "bemærkninger", as_json(about.remarks) if about.remarks else None, JSON)
    yield from line(_ABOUT, "", "rettet", as_json(about.edited) if about.edited else None, JSON)
    yield from line(_ABOUT, "", "venter", as_json(about.open_lines) if about.open_lines else None, JSON)
    answers = open_cells(drawn, about.open_lines)
    table = _table(drawn, columns)
    yield from line(_SENT, "", "kolonner", as_json([Column(each.key, each.header) for each in columns]), JSON)
    inside: set[tuple[int, int]] = set()
    if table:
        for row in table.data_rows():
            if goal := canonical(table.value(row, "id")):
                known = {key: _content(table.sheet, row, at) for key, at in table.columns.items() if key != EDITION_KEY}
                inside |= {(row, at) for at in table.columns.values()}
                yield from line(_SENT, goal, "række", as_json({k: v for k, v in known.items() if any(v)}), JSON)
    for sheet in drawn.sheets:
        box = _box(sheet)
        own = inside if table and sheet is table.sheet else set()
        fixed = {cell_name(r, c): _content(sheet, r, c) for r, c in sorted(_filled(sheet))
                 if (r, c) not in own and (r, c) != box and (sheet.name, r, c) not in answers}
        yield from line(_FIXED, sheet.name, "celler", as_json(fixed), JSON)
        yield from line(_FIXED, sheet.name, "tegninger", float(len(sheet.drawings)))


def _table(book: Workbook, columns: Sequence[Column]) -> FoundTable | None:
    """Find the table of Opfølgning: by its headers, on whatever sheet it stands."""
    for sheet in sheets_by_name(book, OPFOELGNING):
        table = find_table(sheet, columns, (EDITION_KEY,), min(4, len(columns)))
        if table and "id" in table.columns and EDITION_KEY in table.columns:
            return table
    return None


def _box(sheet: WorkbookSheet) -> tuple[int, int] | None:
    beside = beside_label(sheet, (KSE_REMARK,))
    return beside[:2] if beside else None


def _filled(sheet: WorkbookSheet) -> set[tuple[int, int]]:
    return {(r, c) for r, c, _ in sheet.filled()} | sheet.formulas.keys()


def _content(sheet: WorkbookSheet, row: int, column: int) -> Content:
    formula = sheet.formulas.get((row, column))
    return Content(written(sheet.value(row, column)), "" if formula is None else formula_text(formula))


def unmarked(text: str) -> str:
    """Return a status without the mark that its number format shows, which an .ods gives as a part of its text."""
    return text[2:] if text[1:2] == " " and not text[0].isalnum() else text


# ---------------------------------------------------------------- reading back

def sent_from(record: Record) -> Sent | None:
    """Read back what `edition_record` wrote; None where it is no edition of KSE's, or lines of its record are gone."""
    if not is_edition(record):
        return None
    try:
        agreement, unit, round_, remarks, edited, drawn_from, waiting = (record.text(_ABOUT, "", name) for name in (
            "aftale", "enhed", "runde", "bemærkninger", "rettet", "forrige svar", "venter"))
        about = EditionAbout(
            agreement, unit, record.number(_ABOUT, "", "år"), Round(round_), from_json(remarks or "{}", dict[str, str]),
            from_json(edited or "[]", frozenset[str]), tuple(drawn_from.split()),
            from_json(waiting or "[]", tuple[Utterance, ...]))
        columns = from_json(record.text(_SENT, "", "kolonner"), tuple[Column, ...])
        fixed = {sheet: _contents(record.text(_FIXED, sheet, "celler")) for sheet in record.keys(_FIXED)}
        rows = _rows(record)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    drawings = {sheet: record.number(_FIXED, sheet, "tegninger") for sheet in fixed}
    return Sent(about, record.text(_ABOUT, "", "udgave"), columns, rows, fixed, drawings)


def sent_rows(record: Record) -> dict[str, dict[str, Content]]:
    """Return what each row of an edition held when it was sent, by Mål-id and key; nothing where that can't be read."""
    try:
        return _rows(record)
    except (ValueError, TypeError, AttributeError):
        return {}


def _rows(record: Record) -> dict[str, dict[str, Content]]:
    return {goal: _contents(record.text(_SENT, goal, "række")) for goal in record.keys(_SENT) if goal}


def _contents(text: str) -> dict[str, Content]:
    return from_json(text, dict[str, Content])


def judge_department(book: Workbook, expected: Expected) -> DepartmentAnswer | Refused:
    """Judge KSE's returned edition alone; one of another agreement or year is refused.

    The round is told by the answer: which one is collected, the caller knows.
    """
    sheet, record = find_record(book)
    sent = sent_from(record)
    agreement, called = expected.agreement, expected.agreement.short_department
    if sent is None:
        return Refused(book.source, problem("kse-record-lost", book.place(), department=called))
    if sent.about.agreement != agreement.id or sent.about.year != agreement.year:
        what = f"{sent.about.unit or 'en anden enhed'} {sent.about.year}"
        here = f"{agreement.unit} {agreement.year}"
        return Refused(book.source, problem("kse-other", book.place(), what=what, expected=here, department=called))
    answer = _Judge(book, sent, sheet, called).run()
    if record.intact:
        return answer
    changed = problem("kse-record-changed", book.place(sheet.name if sheet else ""), department=called)
    return replace(answer, findings=(changed, *answer.findings))


def department_of_other_round(answer: DepartmentAnswer, expected: Round, called: str) -> Refused:
    """Refuse the department's edition because another round is being followed up; ``called`` is the department's name."""
    source = answer.source
    return Refused(source, problem("kse-other", Place(source.name, container=source.container),
                                   what=f"{Round(answer.round).danish}en", expected=f"{expected.danish}en",
                                   department=called))


class _Judge:
    """Goes through KSE's workbook once: what was sent, KSE's remarks, and everything else."""

    def __init__(self, book: Workbook, sent: Sent, record_sheet: WorkbookSheet | None, called: str) -> None:
        self.book, self.sent, self.record_sheet, self.called = book, sent, record_sheet, called
        self.table = _table(book, sent.columns)
        self.mixed: dict[int, str] = {}
        self.answers = read_answers(book, sent.about.open_lines, sent.about.edited, called)
        self.remarks: list[Remark] = self.answers.remarks
        self.findings: list[Finding] = self.answers.findings
        self.ours, self.cells = self.answers.ours, 0
        self.homed: set[tuple[int, int]] = set()

    def run(self) -> DepartmentAnswer:
        """Judge every sheet."""
        if self.table is None:
            self.findings.append(self._problem("kse-no-table", self.book.place()))
        else:
            self._goals(self.table)
        for sheet in self.book.sheets:
            if sheet is self.record_sheet:
                self._record(sheet)
            else:
                self._sheet(sheet)
        self.findings += sheets_unread(self.book)
        there = {self._name_of(sheet) for sheet in self.book.sheets if sheet is not self.record_sheet}
        gone = [name for name in self.sent.fixed if name not in there]
        if gone:
            what = f"{'arket' if len(gone) == 1 else 'arkene'} {listing(gone)}"
            self.findings.append(self._problem("kse-removed", self.book.place(), what=what))
        sent = self.sent
        return DepartmentAnswer(
            self.book.source, sent.edition, sent.about.round.value, tuple(self.remarks), tuple(self.findings),
            self.cells, self.ours, sent.about.drawn_from)

    def _problem(self, code: str, place: Place, **words: object) -> Finding:
        """Make a problem that calls the department by its name."""
        return problem(code, place, department=self.called, **words)

    # ---- the table of Opfølgning

    def _goals(self, table: FoundTable) -> None:
        seen: set[str] = set()
        keys = [key for key in TEXT_KEYS if key in table.columns]
        texts = GoalTexts({goal: [said.get(key, Content()).text for key in keys] for goal, said in self.sent.rows.items()})
        for row in table.data_rows():
            goal = canonical(table.value(row, "id"))
            other = "" if len(keys) < len(TEXT_KEYS) else texts.another(goal, [table.value(row, key) for key in keys])
            if other and goal in self.sent.rows:
                self.mixed[row] = other
            if other or goal not in self.sent.rows or goal in seen:
                continue  # a row of nobody's stands among the rest
            seen.add(goal)
            for key, column in table.columns.items():
                self.homed.add((row, column))
                if key == EDITION_KEY:
                    self._remark(table.sheet, goal, (row, column))
                else:
                    self._agreed(table, goal, key, row)
        asked = {canonical(table.value(row, "id")) for row in self.mixed} | {*self.mixed.values()}
        missing = [goal for goal in self.sent.rows if goal not in seen | asked]
        if missing:
            what = f"rækken med {some(missing, _NAMED)}"
            self.findings.append(self._problem("kse-removed", self.book.place(table.sheet.name), what=what))

    def _remark(self, sheet: WorkbookSheet, goal: str, at: tuple[int, int]) -> None:
        raw = sheet.value(*at)
        base = self.sent.about.remarks.get(goal, "")
        place = self.book.place(sheet.name, *at)
        if isinstance(raw, Special):
            self.findings.append(self._problem("kse-unread", place, value=raw, goal=goal).keeping("unread"))
            return
        text = text_at(sheet, *at)
        if text == base:
            self.ours += is_filled(raw)
        elif is_filled(raw) and not text:
            self.findings.append(kept("blank", canonical(raw), place, 1, goal))
        else:
            self.remarks.append(Remark(goal, text or None, base, goal in self.sent.about.edited, place))

    def _agreed(self, table: FoundTable, goal: str, key: str, row: int) -> None:
        """Compare a cell of a goal's row with what was sent in it."""
        column, sheet = table.columns[key], table.sheet
        was = self.sent.rows[goal].get(key, Content())
        raw = sheet.value(row, column)
        if self._same(sheet, row, column, was):
            self.ours += is_filled(raw)
            return
        if not is_filled(raw) and not was[0]:
            return
        header = next((each.header for each in self.sent.columns if each.key == key), key)
        text = seen_at(sheet, row, column) if is_filled(raw) else CLEARED
        as_number = isinstance(raw, int | float) and not isinstance(raw, bool) and _NUMBER.fullmatch(was[0])
        found = self._problem("kse-changed", self.book.place(sheet.name, row, column), goal=goal, column=header,
                              was=was[0].replace(".", ",") if as_number else was[0] or "(tom)", value=text)
        self.findings.append(replace(found, text=f"{header}: {text}").keeping("changed", int(is_filled(raw)), key))

    @staticmethod
    def _same(sheet: WorkbookSheet, row: int, column: int, was: Content) -> bool:
        formula = sheet.formulas.get((row, column))
        # A formula of ours shows what is in other cells; where it was written in another way its place tells it.
        text = written(sheet.value(row, column))
        return text == was[0] or (formula is not None and bool(was[1])) or unmarked(text) == was[0]

    # ---- everything else

    def _sheet(self, sheet: WorkbookSheet) -> None:
        filled = [(r, c) for r, c, _ in sheet.filled()]
        self.cells += len(filled)
        own = self.homed if self.table and sheet is self.table.sheet else set()
        name = self._name_of(sheet)
        fixed = dict(self.sent.fixed.get(name, {}))
        box = _box(sheet) if any(text == KSE_REMARK for text, _ in fixed.values()) else None
        if box:
            self._remark(sheet, BOX, box)
        left = [at for at in filled if at not in own and at != box and (sheet.name, *at) not in self.answers.cells]
        moved = [at for at in left if not self._in_place(sheet, at, fixed)]
        strange, gone = self._elsewhere(sheet, moved, fixed)
        self._strange(sheet, strange)
        gone -= sum(map(len, strange.values()))  # a cell that was changed is told of already
        if gone > 0:
            cells = count(gone, "celle", "celler")
            self.findings.append(self._problem("kse-removed", self.book.place(sheet.name), what=f"{cells} på arket"))
        # Notes, pictures and text boxes may be what KSE wanted to say.
        for _, found in notes_found(self.book, sheet, Counter()):
            self._wrote(sheet, found)
        for found in margins_found(self.book, sheet, (title_of(self.sent.about.unit, self.sent.about.round,
                                                               self.sent.about.year),)):
            self._wrote(sheet, found)
        for found in links_found(self.book, sheet):
            self._wrote(sheet, found)
        if drawn := drawings_found(self.book, sheet, self.sent.drawings.get(name, 0)):
            self._wrote(sheet, drawn)

    def _in_place(self, sheet: WorkbookSheet, at: tuple[int, int], fixed: dict[str, Content]) -> bool:
        """Is a cell of ours where it was sent? Then it is taken out of what is still to be found."""
        name = cell_name(*at)
        if name not in fixed or not self._same(sheet, *at, fixed[name]):
            return False
        del fixed[name]
        self.ours += 1
        return True

    def _elsewhere(self, sheet: WorkbookSheet, moved: Sequence[tuple[int, int]],
                   fixed: Mapping[str, Content]) -> tuple[dict[int, list[int]], int]:
        """Find the cells of ours that have moved; returns those that aren't ours, by row, and how many were not found."""
        texts = Counter(text for text, formula in fixed.values() if text and not formula)
        shown = Counter(text for text, formula in fixed.values() if text and formula)
        formulas = sum(bool(formula) for _, formula in fixed.values())
        strange: dict[int, list[int]] = {}
        for r, c in moved:
            text = written(sheet.value(r, c))
            if formulas and (r, c) in sheet.formulas:
                formulas -= 1
            elif texts[text] > 0:
                texts[text] -= 1
            elif shown[text] > 0:  # a program that writes down the value alone
                shown[text] -= 1
            else:
                strange.setdefault(r, []).append(c)
                continue
            self.ours += 1
        return strange, texts.total()

    def _name_of(self, sheet: WorkbookSheet) -> str:
        """Return what a sheet was called when it was sent, '' where it is none of KSE's edition."""
        if self.table and sheet is self.table.sheet:
            return OPFOELGNING
        fixed = {name: {text for text, _ in cells.values()} for name, cells in self.sent.fixed.items()}
        return sent_as(sheet, self.book, fixed, lambda each: {written(value) for _, _, value in each.filled()})

    def _strange(self, sheet: WorkbookSheet, rows: Mapping[int, Sequence[int]]) -> None:
        """Home what isn't ours: a finding for each row, or blocks where there are very many."""
        kind = "remark" if self._name_of(sheet) else "extra-sheet"
        texts = {r: [(c, seen_at(sheet, r, c)) for c in columns] for r, columns in rows.items()}
        if len(rows) > MOST_LINES:
            found = blocks_found(kind, self.book, sheet, texts)
        else:
            found = [self._row(kind, sheet, r, row) for r, row in texts.items()]
        for each in found:
            self._wrote(sheet, each)

    def _row(self, kind: str, sheet: WorkbookSheet, row: int, texts: Texts) -> Finding:
        """Home a row: where it is two goals' in one, what was sent at either of them isn't said again."""
        place = self.book.place(sheet.name, row, texts[0][0])
        goals = [goal for goal in (self._goal_at(sheet, place.cell), self.mixed.get(row, "")) if goal]
        sent = {*goals, *(content[0] for goal in goals for content in self.sent.rows.get(goal, {}).values()),
                *(self.sent.about.remarks.get(goal, "") for goal in goals)} if len(goals) == 2 else set()
        own = [(c, text) for c, text in texts if written(sheet.value(row, c)) not in sent]
        return replace(row_found(kind, place, own or texts), cells=len(texts))

    def _wrote(self, sheet: WorkbookSheet, found: Finding) -> None:
        """Ask about something of KSE's that stands where nothing is read."""
        goal, at = self._goal_at(sheet, found.place.cell), cell_place(found.place.cell)
        mixed = self.mixed.get(at[0], "") if goal and at and found.cells else ""
        asked = (self._problem("kse-id-and-text", found.place, value=found.text, goal=goal, what=mixed) if mixed
                 else self._problem("kse-wrote", found.place, value=found.text, goal=goal))
        self.findings.append(asked.keeping(found.kind, found.cells))

    def _goal_at(self, sheet: WorkbookSheet, cell: str) -> str:
        at = cell_place(cell)
        if at is None or self.table is None or sheet is not self.table.sheet:
            return ""
        goal = canonical(self.table.value(at[0], "id"))
        return goal if goal in self.sent.rows else ""

    def _record(self, sheet: WorkbookSheet) -> None:
        ours, beside = beside_record(self.book, sheet)
        self.ours += ours
        self.cells += ours + len(beside)
        for found in beside:
            self._wrote(sheet, found)


JUDGE = "aftale.kse.edition:received_text"


def received_text(found: Opened | IncomingMail | Refused, expected: Expected, known: Mapping[str, Form]) -> tuple[str, bool]:
    """Return what was received as text (see `state_json.packed`), and whether it was refused.

    ``known`` are the skemaer that a file may be which says too little of itself, by the id that stands in a visible cell.
    """
    received = _received(found, replace(expected, forms=known)) if isinstance(found, Opened) else found
    return packed(received), isinstance(received, Refused)


def _received(opened: Opened, expected: Expected) -> Returned | DepartmentAnswer | Refused:
    source = opened.source
    book = opened.read(returned=True)
    judged = Refused(source, book) if isinstance(book, Finding) else judge_any(book, expected, opened.read)
    program = conflict_copy(source.name)
    if program and isinstance(judged, Returned):
        about = problem("sync-conflict", Place(source.name, container=source.container), value=program)
        return replace(judged, findings=(about, *judged.findings))
    return judged


def judge_any(book: Workbook, expected: Expected,
              reread: Callable[[], Workbook | Finding]) -> Returned | DepartmentAnswer | Refused:
    """Judge one file, a skema or KSE's edition; refuse what is neither, or belongs elsewhere.

    ``reread`` gives KSE's edition once more with its formulas, which tell what is ours when figures have changed.
    """
    judged = judge(book, expected)
    if not isinstance(judged, Refused) or judged.problem.code not in ("other-kind", "not-ours"):
        return judged
    record = find_record(book)[1]
    if is_edition(record):
        whole = reread()
        return Refused(book.source, whole) if isinstance(whole, Finding) else judge_department(whole, expected)
    lost = not record.lines and any(_box(sheet) for sheet in book.sheets)
    called = expected.agreement.short_department
    return Refused(book.source, problem("kse-record-lost", book.place(), department=called)) if lost else judged
