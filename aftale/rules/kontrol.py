"""The coordinator's sheets as plain tables: Modstridende svar, Kontrol and Kilder (Svaroversigt is in `board`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aftale.rules.books import Books, shown_as_conflict
from aftale.rules.forms import decimals_for, stored
from aftale.rules.ids import sort_key
from aftale.rules.letters import Known, letter_pieces, letter_place, letter_problem, sender_of
from aftale.rules.merge import HEADERS, MergeResult
from aftale.rules.returned import Loose, Reading, Refused, Returned, ledger_rule
from aftale.words.domain import Column, Goal, Measure, Place, Source, Value
from aftale.words.problems import Problem, Severity, problem
from aftale.words.raw import Letter
from aftale.words.sheets import (
    CONFLICT_COLUMNS,
    CONFLICTS,
    CONTROL,
    CONTROL_COLUMNS,
    SOURCE_COLUMNS,
    SOURCES,
)
from aftale.words.tables import Cell, Table
from aftale.words.text import CELL_LIMIT, canonical, danish_number, listing, split_at_limit, spoken

CLEARED = "(slettet)"
KINDS = {
    "field": "Udfyldt i skemaet", "remark": "Løs bemærkning", "note": "Note", "extra-column": "Ekstra kolonne",
    "extra-sheet": "Ekstra ark", "new-goal": "Forslag til nyt mål", "unknown-row": "Ukendt række",
    "proposal": "Ændring af det aftalte", "unread": "Kunne ikke læses", "extra-table": "Ekstra tabel",
    "drawing": "Billede eller tekstboks", "blank": "Usynlige tegn"}
_OF_LOOSE = frozenset(("number-unreadable", "number-ambiguous", "percent-ambiguous", "date-unreadable", "date-ambiguous",
                       "status-unknown", "status-ambiguous", "cell-error", "cell-formula", "proposal", "new-goal",
                       "unknown-goal", "yes-no-unknown", "id-and-text", "answer-in-note", "drawing-in-form",
                       "answer-misplaced"))
_ORDER = {Severity.ERROR: 0, Severity.QUESTION: 1, Severity.INFO: 2}


def number_style(measure: Measure, value: Value = None) -> str:
    """Return how a goal's level is shown: percent, or with its unit's decimals where the value fits them."""
    if measure.in_percent:
        return "percent"
    decimals = decimals_for(measure)
    fits = not isinstance(value, float) or decimals is None or abs(value - round(value, decimals)) < 1e-9
    return "" if decimals is None or not fits else str(decimals)


def answer_cell(goal: Goal | None, column: Column, value: Value) -> Cell:
    """Return an answer as it is drawn."""
    if goal is not None and column in (Column.RESULT, Column.BASELINE) and isinstance(value, float):
        return Cell(value, number_style(goal.measure, value))
    return Cell(value)


def drawn_value(goal: Goal | None, column: Column, value: Value) -> str:
    """Return the canonical content of the cell that `answer_cell` draws."""
    in_percent = goal is not None and goal.measure.in_percent and column in (Column.RESULT, Column.BASELINE)
    return canonical(stored(value, in_percent))


def when_text(when: str) -> str:
    """Say a time stamp in Danish order: ``12-06-2015 14:05`` (UTC as the document has it)."""
    if len(when) < 16:
        return when
    return f"{when[8:10]}-{when[5:7]}-{when[:4]} {when[11:16]}"


# ---------------------------------------------------------------- Modstridende svar

def conflict_table(merged: MergeResult, goals: Mapping[str, Goal]) -> Table:
    """Return every answer of every cell on which people disagree, a row each, with room to choose."""
    rows: list[tuple[Cell, ...]] = []
    for (goal_id, column), cell in merged.cells.items():
        if goal_id not in goals or not shown_as_conflict(cell):
            continue
        goal = goals[goal_id]
        state = "Skal vælges igen" if cell.reopened else "Skal vælges" if cell.conflict else "Afgjort"
        head = (Cell(goal_id), Cell(goal.text), Cell(HEADERS[column]))
        for side in cell.sides:
            place = side.answer.place
            value = CLEARED if side.answer.value is None else side.answer.value
            same = cell.decided and canonical(side.answer.value) == canonical(cell.outcome)
            rows.append((*head, answer_cell(goal, column, value), Cell(side.who), Cell(when_text(side.source.when)),
                         Cell(place.file), Cell(f"{place.sheet} {place.cell}"),
                         Cell("Valgt" if same else state, mark="undecided" if cell.conflict else ""),
                         Cell("x" if same else None, open=True), Cell(open=True)))
        if cell.decision and not any(canonical(s.answer.value) == canonical(cell.decision.chosen) for s in cell.sides):
            said = "Tidligere valg" if cell.reopened else "Valgt"
            rows.append((*head, answer_cell(goal, column, cell.decision.chosen or CLEARED), Cell("Koordinator"), Cell(),
                         Cell(), Cell(), Cell(said, mark="undecided" if cell.conflict else ""),
                         Cell(None if cell.conflict else "x", open=True), Cell(open=True)))
    return Table(CONFLICTS, "Modstridende svar",
                 "Sæt x under Vælg ud for det svar, der gælder, eller skriv din egen formulering."
                 " Kør derefter «aftale flet» igen.",
                 CONFLICT_COLUMNS, tuple(rows), "Modstridende", "Ingen modstridende svar i denne runde.")


# ---------------------------------------------------------------- Kontrol

@dataclass(frozen=True)
class ControlLine:
    """One line on ``Kontrol``."""

    level: Severity
    kind: str
    goal: str
    what: str
    text: str
    read: str
    advice: str
    place: Place
    cells: int = 0


def control_lines(returned: Sequence[Returned], refused: Sequence[Refused], merged: MergeResult,
                  problems: Sequence[Problem], goals: Mapping[str, Goal], letters: Sequence[Letter] = (),
                  known: Known | None = None) -> tuple[ControlLine, ...]:
    """Return every line of ``Kontrol`` but the books, the most urgent first.

    ``known`` are the senders of ``letters`` who have a skema.
    """
    lines = [*_refused_lines(refused), *_superseded_lines(merged), *_gone_lines(returned, merged, goals),
             *_cut_lines(merged, goals), *_decision_lines(merged), *(_problem_line(p) for p in problems)]
    for each in returned:
        lines += _file_lines(each)
    for letter in letters:
        lines += _letter_lines(letter, known or {})
    return tuple(sorted(lines, key=lambda x: (_ORDER[x.level], x.kind, sort_key(x.goal), x.place.file, x.place.sheet,
                                              _cell_key(x.place.cell), x.what)))


def _cell_key(cell: str) -> tuple[int, str]:
    digits = "".join(c for c in cell if c.isdigit())
    return int(digits or 0), cell


def _file_lines(each: Returned) -> Iterator[ControlLine]:
    about: dict[tuple[str, str], Problem] = {}
    for p in each.problems:
        if p.code in _OF_LOOSE:
            about.setdefault((p.place.sheet, p.place.cell), p)
        else:
            yield _problem_line(p)
    for loose in each.loose:
        found = about.get((loose.place.sheet, loose.place.cell))
        if found is None:
            yield ControlLine(Severity.INFO, KINDS[loose.kind], loose.goal, _loose_what(loose, each), loose.text, "", "",
                              loose.place, loose.cells)
        else:
            yield ControlLine(found.level, KINDS[loose.kind], loose.goal or found.goal, found.message, loose.text, "",
                              found.advice, loose.place, loose.cells)
    # A question about a cell that is told together with others must not vanish with them.
    shown = {(loose.place.sheet, loose.place.cell) for loose in each.loose}
    for at, p in about.items():
        if at not in shown:
            yield _problem_line(p)
    for r in each.readings:
        header = HEADERS[Column(r.column)] if r.column in set(Column) else r.column
        yield ControlLine(Severity.INFO, "Læsning", r.goal, f"{header}: {ledger_rule(r.rule)}", r.raw, _said(r),
                          "", r.place)


def _said(reading: Reading) -> str:
    """Return what was read as people write it; the reading itself is kept in the one canonical spelling."""
    column = reading.column
    if column in (Column.RESULT, Column.BASELINE):
        return reading.value.replace(".", ",")
    return spoken(date.fromisoformat(reading.value)) if column == Column.AS_OF else reading.value


def _loose_what(loose: Loose, each: Returned) -> str:
    who = each.filled_by or each.owner
    return {"field": f"Skrevet i skemaets hoved af {who}.", "note": f"Note i skemaet fra {who}."}.get(
        loose.kind, f"Skrevet uden for svarfelterne af {who}.")


def _problem_line(p: Problem) -> ControlLine:
    return ControlLine(p.level, p.level.danish, p.goal, p.message, p.value, "", p.advice, p.place)


def _refused_lines(refused: Sequence[Refused]) -> Iterator[ControlLine]:
    for each in refused:
        yield ControlLine(each.problem.level, "Ikke læst", "", each.problem.message, "", "", each.problem.advice,
                          Place(each.source.name, container=each.source.container))


def _letter_lines(letter: Letter, known: Known) -> Iterator[ControlLine]:
    """Yield what a mail says, in several lines where a cell can't hold it: the sorting keeps their order."""
    place = letter_place(letter)
    if letter.with_form:
        if not (letter.text.strip() or letter.attachments):
            return
        what = f"Skrevet i mailen fra {sender_of(letter) or 'en ukendt afsender'}, som skemaet kom med."
        level, kind, advice = Severity.INFO, "Mail med skema", ""
    else:
        asked = letter_problem(letter, known)
        level, kind, what, advice = asked.level, "Mail uden skema", asked.message, asked.advice
    for piece in letter_pieces(letter):
        yield ControlLine(level, kind, "", what, piece, "", advice, place)


def _superseded_lines(merged: MergeResult) -> Iterator[ControlLine]:
    for old in merged.superseded:
        answer = old.side.answer
        yield ControlLine(Severity.INFO, "Erstattet svar", answer.goal,
                          f"{HEADERS[answer.column]}: erstattet af en nyere udgave fra {old.side.who} ({old.by.name}).",
                          spoken(answer.value) or CLEARED, spoken(old.now) or CLEARED, "", answer.place,
                          int(answer.value is not None))


def gone_problems(returned: Sequence[Returned], merged: MergeResult, goals: Mapping[str, Goal]) -> tuple[Problem, ...]:
    """Ask about every goal that was answered and is no longer in the agreement, once."""
    found = {line.goal: line.place for line in reversed(list(_gone_lines(returned, merged, goals)))}
    return tuple(problem("goal-gone", place, goal=goal) for goal, place in sorted(found.items()))


def _gone_lines(returned: Sequence[Returned], merged: MergeResult, goals: Mapping[str, Goal]) -> Iterator[ControlLine]:
    old = {id(s.side.answer) for s in merged.superseded}
    for each in returned:
        for answer in each.answers:
            if answer.goal not in goals and answer.value is not None and id(answer) not in old:
                yield ControlLine(Severity.QUESTION, "Mål uden for aftalen", answer.goal,
                                  f"{HEADERS[answer.column]}: målet {answer.goal} står ikke længere i aftalen.",
                                  canonical(answer.value), "", "Afklar, om målet er taget ud med vilje.", answer.place, 1)


def _decision_lines(merged: MergeResult) -> Iterator[ControlLine]:
    for cell in merged.cells.values():
        decision = cell.decision
        if decision is not None and decision.rule:
            yield ControlLine(Severity.INFO, "Læsning", cell.goal,
                              f"{HEADERS[cell.column]}, rettet i opfølgningen: {ledger_rule(decision.rule)}", decision.raw,
                              spoken(decision.chosen), "", Place(sheet=decision.at))


def _cut_lines(merged: MergeResult, goals: Mapping[str, Goal]) -> Iterator[ControlLine]:
    for cell in merged.cells.values():
        if cell.cut and cell.goal in goals:
            for side in (side for side in cell.sides if side.answer.value is not None):
                for number, piece in enumerate(split_at_limit(canonical(side.answer.value), CELL_LIMIT)):
                    yield ControlLine(Severity.INFO, "Lang tekst", cell.goal, f"{HEADERS[cell.column]} fra {side.who}.",
                                      piece, "", "", side.answer.place, int(number == 0))


def control_table(lines: Sequence[ControlLine], books: Books, files: int) -> Table:
    """Return ``Kontrol``: the books first, then everything that must be asked or known."""
    counts = f"{danish_number(books.total)} celler"
    level = Severity.INFO if books.balance else Severity.ERROR
    first = ControlLine(level, "Regnskab", "", books.sentence, counts, "", "", Place(), 0)
    rows = []
    for number, each in enumerate((first, *lines), 1):
        mark = {"error": "error", "question": "question"}.get(each.level.value, "")
        rows.append((Cell(float(number), "0"), Cell(each.level.danish, mark=mark), Cell(each.kind), Cell(each.goal or None),
                     Cell(each.what), Cell(each.text or None), Cell(each.read or None), Cell(each.advice or None),
                     Cell(each.place.file or None), Cell(each.place.sheet or None), Cell(each.place.cell or None),
                     Cell(float(each.cells), "0") if each.cells else Cell()))
    asked = sum(each.level is not Severity.INFO for each in lines)
    return Table(CONTROL, "Kontrol", f"{danish_number(asked)} ting at afklare. {books.sentence}", CONTROL_COLUMNS,
                 tuple(rows), "Kontrol", "Intet at bemærke.")


# ---------------------------------------------------------------- Kilder

def source_table(returned: Sequence[Returned], refused: Sequence[Refused], merged: MergeResult,
                 letters: Sequence[Letter] = (), known: Known | None = None) -> tuple[Table, dict[str, int]]:
    """Return ``Kilder`` and the line number of each returned file by its sha256; mails stand last, without cells."""
    replaced = {s.side.source.sha256: s.by.name for s in merged.superseded}
    rows, numbers = [], {}
    ordered = sorted(returned, key=lambda r: (r.owner, r.source.container, r.source.name, r.source.sha256))
    for number, each in enumerate(ordered, 1):
        numbers[each.source.sha256] = number
        verdict = _verdict(each, replaced)
        rows.append(_source_row(number, each.source, each.owner, each.filled_by, each.form, verdict, each.cells))
    for number, refusal in enumerate(refused, len(ordered) + 1):
        rows.append(_source_row(number, refusal.source, "", "", "", f"Ikke læst: {refusal.problem.message}", 0, "error"))
    for number, letter in enumerate(letters, len(rows) + 1):
        names = listing(list((known or {}).get(sender_of(letter), ())))
        verdict, mark = ("Mail med skema", "") if letter.with_form else ("Automatisk svar", "") if letter.automatic else (
            "Har svaret uden skema", "question")
        rows.append(_source_row(number, letter.source, names, "", "", verdict, 0, mark))
    table = Table(SOURCES, "Kilder", "Alle filer, der er modtaget i runden. Tiderne er dem, filerne selv oplyser.",
                  SOURCE_COLUMNS, tuple(rows), "Kilder", "Ingen filer modtaget endnu.")
    return table, numbers


def _verdict(each: Returned, replaced: Mapping[str, str]) -> str:
    if each.untouched:
        return "Læst: uændret siden udsendelsen"
    if each.source.sha256 in replaced:
        return f"Læst; nogle svar er erstattet af {replaced[each.source.sha256]}"
    return "Læst og flettet"


def _source_row(number: int, source: Source, owner: str, filled_by: str, form: str, verdict: str, cells: int,
                mark: str = "") -> tuple[Cell, ...]:
    return (Cell(float(number), "0"), Cell(source.name), Cell(source.container or None), Cell(owner or None),
            Cell(filled_by or None), Cell(form or None), Cell(when_text(source.when) or None), Cell(source.sender or None),
            Cell(source.program or None), Cell(verdict, mark=mark), Cell(float(cells), "0"), Cell(source.sha256[:16]))

