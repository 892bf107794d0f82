"""The coordinator's own sheets as plain tables: ``Modstridende svar``, ``Kontrol`` and ``Kilder``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aftale.agreement.goal_ids import sort_key
from aftale.forms.returned import CLEARED, DepartmentAnswer, Returned, ledger_rule
from aftale.forms.versions import Known, letter_pieces, letter_place, letter_problem, sender_of
from aftale.merge.apply_choices import Rulings
from aftale.merge.cell_account import Books, shown_as_conflict
from aftale.merge.changes import Change, spoken_text
from aftale.merge.choices import ACCEPT, KEEP, LEAVE_OUT, PROPOSED_CHANGE, REVISE, Keys
from aftale.merge.control_lines import (
    KINDS,
    READING,
    UNREAD,
    ControlLine,
    acceptable,
    found_lines,
    problem_line,
    readings_of,
)
from aftale.merge.merge import EMPTY, HEADERS, SENT, Merged, MergeResult, answer_cell, own_values, sent_values, when_text
from aftale.merge.proposed_changes import can_revise, revision_advice
from aftale.model.agreement import THE_DEPARTMENT, Agreement, AnswerColumn, Goal, Value
from aftale.model.columns import CONFLICT_COLUMNS, CONFLICTS, CONTROL, CONTROL_COLUMNS, SOURCE_COLUMNS, SOURCES
from aftale.model.findings import Finding, Severity
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import IncomingMail, Refused
from aftale.model.tables import Cell, Table
from aftale.model.text import (
    CELL_LIMIT,
    asks_something,
    canonical,
    capital,
    count,
    danish_number,
    genitive,
    listing,
    split_at_limit,
    spoken,
)
from aftale.model.workbook import cell_name

_ANSWERS = frozenset(column.value for column in AnswerColumn)
_ORDER = {Severity.ERROR: 0, Severity.QUESTION: 1, Severity.INFO: 2}


# ---------------------------------------------------------------- Kontrol

def control_lines(returned: Sequence[Returned], refused: Sequence[Refused], merged: MergeResult,
                  problems: Sequence[Finding], goals: Mapping[str, Goal], letters: Sequence[IncomingMail] = (),
                  known: Known | None = None, more: Sequence[ControlLine] = (), keys: Keys | None = None,
                  rulings: Rulings | None = None, agreement: Agreement | None = None) -> tuple[ControlLine, ...]:
    """Return every line of ``Kontrol`` but the books: the most urgent first, what is decided last.

    ``known`` are the senders of ``letters`` who have a skema; ``more`` are lines that are made elsewhere. ``keys`` say what
    the lines are known by, ``rulings`` what the coordinator has chosen on them, and ``agreement`` is the one in which
    proposed changes could be carried out.
    """
    keys = keys or Keys(())
    lines = [*(replace(line, options=acceptable(line.level, "")) for line in more),
             *(replace(problem_line(each.problem, keys, "Ikke læst"), goal="", text="",
                       place=Place(each.source.name, container=each.source.container)) for each in refused),
             *_superseded_lines(merged), *_gone_lines(returned, merged, goals, keys), *_cut_lines(merged, goals),
             *_decision_lines(merged, keys), *(problem_line(p, keys) for p in problems)]
    for each in returned:
        lines += (_offering(line, goals, agreement) for found in each.findings
                  for line in found_lines(found, keys, each.filled_by or each.owner))
    for letter in letters:
        lines += _letter_lines(letter, known or {}, keys)
    # What can't be chosen on a line can be typed there all the same, so every line is known by something.
    lines = [line if line.key else replace(line, key=keys.of(line.place, line.goal, line.what))
             for line in sorted(lines, key=_urgency)]
    return tuple(sorted(rulings.ruled(lines), key=_urgency)) if rulings else tuple(lines)


def news_lines(changed: Sequence[Change], goals: Mapping[str, Goal]) -> Iterator[ControlLine]:
    """Yield a line for everything that is new, changed or withdrawn since last time; ``Overblik`` has room for the first."""
    for each in changed:
        before, now = (spoken_text(text, each.field, goals.get(each.goal)) for text in (each.before, each.now))
        yield ControlLine(Severity.INFO, "Nyt siden sidst", each.goal, f"{each.header}: {each.kind.value.lower()}.", before,
                          now, "", Place())


def _urgency(line: ControlLine) -> tuple[object, ...]:
    row = "".join(c for c in line.place.cell if c.isdigit())
    return (_ORDER[line.level], bool(line.word), line.kind, sort_key(line.goal), line.place.file, line.place.sheet,
            int(row or 0), line.place.cell, line.what)


def _offering(line: ControlLine, goals: Mapping[str, Goal], agreement: Agreement | None) -> ControlLine:
    """Offer on a line what works there: an own wording for an answer, and the agreement's change for a proposed one."""
    if line.kind in (READING, UNREAD) and line.goal in goals and line.column in _ANSWERS:
        known = readings_of(line, goals[line.goal], agreement.year) if line.kind == UNREAD and agreement else ()
        return replace(line, own=True, options=(*known, *((LEAVE_OUT,) if line.kind == UNREAD else ()), ACCEPT))
    if line.kind != KINDS[PROPOSED_CHANGE] or not line.column or agreement is None:
        return line
    goal = next((goal for goal in agreement.goals if goal.id == line.goal), None)
    possible = can_revise(agreement, goal, line.column)
    return replace(line, own=possible, options=(REVISE, KEEP) if possible else (KEEP,),
                   advice=revision_advice(line.column, possible))


def _letter_lines(letter: IncomingMail, known: Known, keys: Keys) -> Iterator[ControlLine]:
    """Yield what a mail says, in several lines where a cell can't hold it: the sorting keeps their order."""
    line = problem_line(letter_problem(letter, known), keys, "Mail uden skema")
    if letter.with_form and not letter.automatic and asks_something(letter.text):
        line = replace(line, kind="Mail med skema")
    elif letter.with_form:
        if not (letter.text.strip() or letter.attachments):
            return
        what = f"Skrevet i mailen fra {sender_of(letter) or 'en ukendt afsender'}, som skemaet kom med."
        line = ControlLine(Severity.INFO, "Mail med skema", "", what, "", "", "", letter_place(letter))
    for piece in letter_pieces(letter):
        yield replace(line, text=piece)


def _superseded_lines(merged: MergeResult) -> Iterator[ControlLine]:
    for old in merged.superseded:
        answer = old.answer
        yield ControlLine(Severity.INFO, "Erstattet svar", answer.goal,
                          f"{HEADERS[answer.column]}: erstattet af en nyere udgave fra {answer.who} ({old.by.name}).",
                          spoken(answer.value) or CLEARED, spoken(old.now) or CLEARED, "", answer.place,
                          int(answer.value is not None))


def gone_problems(returned: Sequence[Returned], merged: MergeResult, goals: Mapping[str, Goal]) -> tuple[Finding, ...]:
    """Ask about every goal that was answered and is no longer in the agreement, once."""
    found = {line.goal: line.place for line in reversed(list(_gone_lines(returned, merged, goals, Keys(()))))}
    return tuple(problem("goal-gone", place, goal=goal) for goal, place in sorted(found.items()))


def _gone_lines(returned: Sequence[Returned], merged: MergeResult, goals: Mapping[str, Goal],
                keys: Keys) -> Iterator[ControlLine]:
    old = {id(old.answer) for old in merged.superseded}
    for each in returned:
        for answer in each.answers:
            if answer.goal not in goals and answer.value is not None and id(answer) not in old:
                yield ControlLine(Severity.QUESTION, "Mål uden for aftalen", answer.goal,
                                  f"{HEADERS[answer.column]}: målet {answer.goal} står ikke længere i aftalen.",
                                  canonical(answer.value), "", "Afklar, om målet er taget ud med vilje.", answer.place, 1,
                                  keys.of(answer.place, "gone", answer.goal, answer.column.value, canonical(answer.value)),
                                  "", (ACCEPT,))


def _decision_lines(merged: MergeResult, keys: Keys) -> Iterator[ControlLine]:
    for cell in merged.cells.values():
        decision = cell.decision
        if decision is not None and decision.rule:
            said = spoken(decision.chosen)
            yield ControlLine(Severity.INFO, READING, cell.goal,
                              f"{HEADERS[cell.column]}, rettet i opfølgningen: {ledger_rule(decision.rule)}", decision.raw,
                              said, "", Place(sheet=decision.at), 0,
                              keys.of(Place(), "edit", cell.goal, cell.column.value, decision.raw, said), "", (ACCEPT,))


def _cut_lines(merged: MergeResult, goals: Mapping[str, Goal]) -> Iterator[ControlLine]:
    for cell in merged.cells.values():
        if cell.cut and cell.goal in goals:
            for side in (side for side in cell.sides if side.value is not None):
                for number, piece in enumerate(split_at_limit(canonical(side.value), CELL_LIMIT)):
                    yield ControlLine(Severity.INFO, "Lang tekst", cell.goal, f"{HEADERS[cell.column]} fra {side.who}.",
                                      piece, "", "", side.place, int(number == 0))


def control_table(lines: Sequence[ControlLine], books: Books, links: Mapping[str, str] | None = None) -> Table:
    """Return ``Kontrol``: the books first, then everything that must be asked or known, and what is decided last."""
    first = ControlLine(Severity.INFO if books.balance else Severity.ERROR, "Regnskab", "", books.sentence,
                        f"{danish_number(books.total)} celler", "", "", Place())
    rows = tuple(_control_row(number, each, (links or {}).get(each.goal, ""))
                 for number, each in enumerate((first, *lines), 1))
    asked = sum(each.level is not Severity.INFO for each in lines)
    decided = sum(bool(each.word) for each in lines)
    said = f"{danish_number(asked)} ting at afklare{f', {danish_number(decided)} afgjort' if decided else ''}."
    intro = (f"{said} Svar i de gule felter: vælg på listen under Vælg, eller skriv under Egen formulering, hvad der skal"
             " stå. Gem og luk filen, og kør «aftale flet» igen. Et valg huskes, til det, det handler om, ændres."
             f" {books.sentence}")
    return Table(CONTROL, "Kontrol", intro, CONTROL_COLUMNS, rows, "Kontrol", "Intet at bemærke.")


def _control_row(number: int, each: ControlLine, link: str) -> tuple[Cell, ...]:
    mark = "info" if each.word else {"error": "error", "question": "question"}.get(each.level.value, "")
    quiet = "info" if each.word else ""
    place, choice = each.place, each.choice
    texts = (each.what, each.text, each.read, each.advice)
    return (Cell(float(number), "0"), Cell(each.word or each.level.danish, mark=mark), Cell(each.kind, mark=quiet),
            Cell(each.goal or None, link=link), *(Cell(text or None, mark=quiet) for text in texts),
            Cell(choice.pick or None, open=bool(each.options), choices=each.options),
            Cell(choice.own or None, open=each.own),
            *(Cell(text or None, mark=quiet) for text in (place.file, place.sheet, place.cell)),
            Cell(float(each.cells), "0") if each.cells else Cell(), Cell(each.key or None, mark="info"))


def control_questions(lines: Sequence[ControlLine], first_row: int) -> tuple[Finding, ...]:
    """Return what is wrong with the choices on ``Kontrol``, each at its cell there.

    ``first_row`` is the Excel row of the first line but the books.
    """
    columns = [column.key for column in CONTROL_COLUMNS]
    found = []
    for row, line in enumerate(lines, first_row - 1):
        if line.trouble is not None:
            key = "own" if line.choice.own and line.trouble.text == line.choice.own else "pick"
            found.append(line.trouble.at(Place(sheet=CONTROL, cell=cell_name(row, columns.index(key)))))
    return tuple(found)


def settled_by(lines: Sequence[ControlLine], returned: Sequence[Returned], merged: MergeResult,
               goals: Mapping[str, Goal], keys: Keys) -> dict[str, str]:
    """Return what became of every line that is decided, by the key of the problem it tells of."""
    settled = {line.key: line.advice for line in lines if line.word}
    for p in gone_problems(returned, merged, goals):
        if all(line.key in settled for line in _gone_lines(returned, merged, goals, keys) if line.goal == p.goal):
            settled[keys.found(p)] = "Set."
    return settled


# ---------------------------------------------------------------- Modstridende svar

def conflict_table(merged: MergeResult, goals: Mapping[str, Goal], links: Mapping[str, str] | None = None) -> Table:
    """Return every answer of every cell on which people disagree, a row each, with room to choose.

    First of each stands what was sent out, which can be chosen too. ``links`` lead from a Mål-id to its row.
    """
    rows: list[tuple[Cell, ...]] = []
    cells = [cell for cell in merged.cells.values() if cell.goal in goals and shown_as_conflict(cell)]
    for cell in cells:
        goal = goals[cell.goal]
        head = (Cell(goal.id, link=(links or {}).get(goal.id, "")), Cell(goal.text), Cell(HEADERS[cell.column]))
        rows += [(*head, *row) for row in _answers(goal, cell)]
    return Table(CONFLICTS, "Modstridende svar", _conflict_intro(cells), CONFLICT_COLUMNS, tuple(rows),
                 "Modstridende", "Ingen modstridende svar i denne runde.")


def _conflict_intro(cells: Sequence[Merged]) -> str:
    left = sum(cell.conflict for cell in cells)
    if not cells:
        return "Når to svar på det samme ikke stemmer overens, står de her, og du vælger, hvad der gælder."
    begin = f"{count(left, 'felt', 'felter')} at afgøre. " if left else "Alle felter er afgjort. "
    return (f"{begin}1) Sæt x under Vælg ud for det svar, der gælder (det udsendte kan også vælges), eller skriv under Egen"
            " formulering, hvad der skal stå. 2) Gem og luk filen. 3) Kør «aftale flet» igen.")


def _answers(goal: Goal, cell: Merged) -> Iterator[tuple[Cell, ...]]:
    """Yield the sent-out value, every answer, and the coordinator's own wording where it is none of them."""
    open_ = "Skal vælges igen" if cell.reopened else "Skal vælges" if cell.conflict else "Ikke valgt"
    said = {canonical(side.value) for side in cell.sides}

    def row(value: Value, who: str, state: str, *source: str) -> tuple[Cell, ...]:
        text = canonical(value)
        chosen = cell.decided and text == canonical(cell.outcome) and (who != SENT or text not in said)
        before = cell.reopened and cell.decision and text == canonical(cell.decision.chosen)
        told = "Valgt" if chosen else "Tidligere valg" if before else state
        empty = EMPTY if who == SENT else CLEARED
        mark = "undecided" if cell.conflict and told != "Kan vælges" else ""
        quiet = "info" if who == SENT else ""
        shown = answer_cell(goal, cell.column, empty if value is None else value)
        return (replace(shown, mark=quiet), Cell(who, mark=quiet), Cell("x" if chosen else None, open=True, choices=("x",)),
                Cell(open=True), Cell(told, mark=mark), *(Cell(text or None) for text in source))

    for value in sent_values(cell):
        yield row(value, SENT, "Kan vælges" if cell.conflict else "Ikke valgt", "", "", "")
    for side in cell.sides:
        place = side.place
        yield row(side.value, side.who, open_, when_text(side.source.when), place.file, f"{place.sheet} {place.cell}")
    offered = said | {canonical(value) for value in sent_values(cell)}
    for value in own_values(cell):
        if canonical(value) not in offered:
            offered.add(canonical(value))
            who = cell.decision.by.get(canonical(value), "") if cell.decision else ""
            yield row(value, who or "Koordinator", open_, "", "", "")


# ---------------------------------------------------------------- Kilder

def source_table(returned: Sequence[Returned], refused: Sequence[Refused], merged: MergeResult,
                 letters: Sequence[IncomingMail] = (), known: Known | None = None,
                 departments: Sequence[DepartmentAnswer] = (),
                 called: str = THE_DEPARTMENT) -> tuple[Table, dict[str, int]]:
    """Return ``Kilder`` and the line number of each returned file by its sha256; mails stand last, without cells.

    ``called`` is the department's name.
    """
    replaced = {s.answer.source.sha256: s.by.name for s in merged.superseded}
    ordered = sorted(returned, key=lambda r: (r.owner, r.source.container, r.source.name, r.source.sha256))
    lines: list[tuple[Source, str, str, str, str, int, str]] = [
        *((each.source, each.owner, each.filled_by, each.form, _became(each, replaced), each.cells, "") for each in ordered),
        *((each.source, capital(called), "", "", *_edition_became(each, genitive(called))) for each in departments),
        *((each.source, "", "", "", f"Ikke læst: {each.problem.message}", 0, "error") for each in refused),
        *((each.source, listing(list((known or {}).get(sender_of(each), ()))), "", "", *_mail_became(each))
          for each in letters)]
    table = Table(SOURCES, "Kilder", "Alle filer, der er modtaget i runden. Tiderne er dem, filerne selv oplyser."
                  " Tryk på + over kolonnerne for at se resten af dem.", SOURCE_COLUMNS,
                  tuple(_source_row(number, *line) for number, line in enumerate(lines, 1)), "Kilder",
                  "Ingen filer modtaget endnu.")
    return table, {each.source.sha256: number for number, each in enumerate(ordered, 1)}


def _became(each: Returned, replaced: Mapping[str, str]) -> str:
    if each.untouched:
        return "Læst: uændret siden udsendelsen"
    by = replaced.get(each.source.sha256)
    return f"Læst; nogle svar er erstattet af {by}" if by is not None else "Læst og flettet"


def _edition_became(answer: DepartmentAnswer, whose: str) -> tuple[str, int, str]:
    """Return what became of the department's edition, its cells and the line's mark."""
    other = any(each.kind for each in answer.findings)
    what = (": uændret siden udsendelsen" if answer.untouched
            else "; andet, der er ændret, står på Kontrol" if other else "")
    return f"{capital(whose)} bemærkninger{what}", answer.cells, "question" if other else ""


def _mail_became(letter: IncomingMail) -> tuple[str, int, str]:
    if letter.with_form:
        return "Mail med skema", 0, ""
    return ("Automatisk svar", 0, "") if letter.automatic else ("Mail uden skema", 0, "question")


def _source_row(number: int, source: Source, owner: str, filled_by: str, form: str, became: str, cells: int,
                mark: str) -> tuple[Cell, ...]:
    texts = (owner, filled_by, form, when_text(source.when), source.sender, source.program)
    return (Cell(float(number), "0"), Cell(source.name), Cell(source.container or None), *(Cell(t or None) for t in texts),
            Cell(became, mark=mark), Cell(float(cells), "0"), Cell(source.short))
