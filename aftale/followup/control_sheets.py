"""The coordinator's own sheets as plain tables: ``Modstridende svar``, ``Kontrol`` and ``Kilder``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aftale.agreement.goal_ids import sort_key
from aftale.agreement.measures import goal_sentence
from aftale.followup.goal_status import GoalResult
from aftale.followup.line_choices import Offers, older_offered
from aftale.followup.what_waits import CHOOSE, CHOSEN, ERROR, MAIL, NOT_READ, OPEN, TOLD
from aftale.forms.returned import CLEARED, DepartmentAnswer, Returned, ledger_rule
from aftale.forms.versions import Known, letter_pieces, letter_place, letter_problem, sender_of
from aftale.merge.apply_choices import Rulings
from aftale.merge.cell_account import Books, shown_as_conflict
from aftale.merge.changes import Change, spoken_text
from aftale.merge.choices import ACCEPT, Keys
from aftale.merge.control_lines import (
    KINDS,
    READING,
    ControlLine,
    acceptable,
    found_lines,
    problem_line,
    superseded_key,
    superseded_what,
)
from aftale.merge.merge import EMPTY, HEADERS, SENT, Merged, MergeResult, answer_cell, own_values, sent_values, when_text
from aftale.merge.swapped_rows import SWAPPED
from aftale.model.agreement import THE_DEPARTMENT, Agreement, AnswerColumn, Goal, Value
from aftale.model.columns import (
    CONFLICT_COLUMNS,
    CONFLICTS,
    CONTROL,
    CONTROL_COLUMNS,
    SOURCE_COLUMNS,
    SOURCES,
    WHOLE_TEXT,
    Column,
)
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
    cut,
    cut_at_word,
    genitive,
    listing,
    split_at_limit,
    spoken,
)
from aftale.model.workbook import cell_name, column_name

FOLDED = "folded"
"""The mark of a row that few look at."""
NOTHING_OPEN = "Intet er åbent. Linjerne herunder er til orientering."
_HOW = "Vælg på listen i den gule kolonne, eller skriv under Egen formulering."
_AGAIN = "Gem, luk filen, og kør »aftale flet« igen."
_TICK = ("Sæt x under Vælg ud for det svar, der gælder (også det, skemaet blev sendt ud med), eller skriv under Egen"
         " formulering.")
_MOST_COUNTED = 2000
_LONG, _MOST_LINES, _LONGEST_GOAL = 420, 9, 90
"""How long a text may be beside the choice, and the goal's."""
_LEVELS = {Severity.ERROR: 0, Severity.QUESTION: 1, Severity.INFO: 2}


# ---------------------------------------------------------------- Kontrol

def control_lines(returned: Sequence[Returned], refused: Sequence[Refused], merged: MergeResult,
                  problems: Sequence[Finding], goals: Mapping[str, Goal], letters: Sequence[IncomingMail] = (),
                  known: Known | None = None, more: Sequence[ControlLine] = (), keys: Keys | None = None,
                  rulings: Rulings | None = None, agreement: Agreement | None = None,
                  results: Mapping[str, GoalResult] | None = None) -> tuple[ControlLine, ...]:
    """Return every line of ``Kontrol`` but the books: the most urgent first, what is decided last.

    ``known`` are the senders of ``letters`` who have a skema; ``more`` are lines that are made elsewhere. ``keys`` say what
    the lines are known by, ``rulings`` what the coordinator has chosen on them, and ``agreement`` is the one in which
    proposed changes could be carried out; ``results`` is what the round says of each goal.
    """
    keys = keys or Keys(())
    offers = Offers(goals, results or {}, agreement)
    lines = [*(replace(line, options=acceptable(line.level, "")) for line in more),
             *(replace(problem_line(each.problem, keys, NOT_READ), goal="", text="",
                       place=Place(each.source.name, container=each.source.container)) for each in refused),
             *_superseded_lines(merged, goals, keys), *_gone_lines(returned, merged, goals, keys),
             *_cut_lines(merged, goals), *_decision_lines(merged, keys),
             *(problem_line(p, keys, owner=_owner(results, p.goal)) for p in problems)]
    for each in returned:
        lines += (line for found in each.findings
                  for line in found_lines(found, keys, each.filled_by or each.owner, each.owner))
    lines = [offers.on(line) for line in lines]
    for letter in letters:
        lines += _letter_lines(letter, known or {}, keys)
    # What can't be chosen on a line can be typed there all the same, so every line is known by something.
    lines = [line if line.key else replace(line, key=keys.of(line.place, line.goal, line.what))
             for line in sorted(lines, key=_order)]
    return tuple(sorted(rulings.ruled(lines), key=_order)) if rulings else tuple(lines)


def _owner(results: Mapping[str, GoalResult] | None, goal: str) -> str:
    """Return the one who answers for a goal, '' where nobody does or several do."""
    owners = results[goal].owners if results and goal in results else ()
    return owners[0].name if len(owners) == 1 else ""


def news_lines(changed: Sequence[Change], goals: Mapping[str, Goal]) -> Iterator[ControlLine]:
    """Yield a line for everything that is new, changed or withdrawn since last time; ``Overblik`` has room for the first."""
    for each in changed:
        before, now = (spoken_text(text, each.field, goals.get(each.goal)) for text in (each.before, each.now))
        what = f"{each.header}: {each.kind.value.lower()}."
        told = f"Før: {before}\nNu: {now}" if before and now else before or now
        yield ControlLine(Severity.INFO, "Nyt siden sidst", each.goal, what, told, "", "", Place())


def _order(line: ControlLine) -> tuple[object, ...]:
    """Return where a line stands: what is open first, then what is decided, and what nobody needs to read last."""
    row = "".join(c for c in line.place.cell if c.isdigit())
    zone = 0 if line.open else 1 if line.word else 3 if line.kind == KINDS["field"] else 2
    return (zone, _LEVELS[line.level], not line.goal, sort_key(line.goal), line.kind, line.place.file, line.place.sheet,
            int(row or 0), line.place.cell, line.what)


def _letter_lines(letter: IncomingMail, known: Known, keys: Keys) -> Iterator[ControlLine]:
    """Yield what a mail says, in several lines where a cell can't hold it: the sorting keeps their order."""
    line = problem_line(letter_problem(letter, known), keys, MAIL)
    if letter.with_form and not letter.automatic and asks_something(letter.text):
        line = replace(line, kind="Mail med skema")
    elif letter.with_form:
        if not (letter.text.strip() or letter.attachments):
            return
        what = f"Skrevet i mailen fra {sender_of(letter) or 'en ukendt afsender'}, som skemaet kom med."
        line = ControlLine(Severity.INFO, "Mail med skema", "", what, "", "", "", letter_place(letter))
    for piece in letter_pieces(letter):
        yield replace(line, text=piece)


def _superseded_lines(merged: MergeResult, goals: Mapping[str, Goal], keys: Keys) -> Iterator[ControlLine]:
    for old in merged.superseded:
        answer = old.answer
        line = ControlLine(Severity.INFO, "Erstattet svar", answer.goal, superseded_what(old),
                           spoken(answer.value) or CLEARED, spoken(old.now) or CLEARED, "", answer.place,
                           int(answer.value is not None), superseded_key(old, keys), answer.column.value)
        yield older_offered(line) if answer.goal in goals else line


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
                              keys.of(Place(), "edit", cell.goal, cell.column.value, decision.raw, said), "", approves=True)


def _cut_lines(merged: MergeResult, goals: Mapping[str, Goal]) -> Iterator[ControlLine]:
    for cell in merged.cells.values():
        if cell.cut and cell.goal in goals:
            for side in (side for side in cell.sides if side.value is not None):
                for number, piece in enumerate(split_at_limit(canonical(side.value), CELL_LIMIT)):
                    yield ControlLine(Severity.INFO, "Lang tekst", cell.goal, f"{HEADERS[cell.column]} fra {side.who}.",
                                      piece, "", "", side.place, int(number == 0))


def control_table(lines: Sequence[ControlLine], books: Books, goals: Mapping[str, Goal] | None = None,
                  links: Mapping[str, str] | None = None) -> Table:
    """Return ``Kontrol``: what is open, then everything that must be known; ``links`` lead from a Mål-id to its row."""
    long = any(_whole(each) for each in lines)
    columns = tuple(column for column in CONTROL_COLUMNS if long or column is not WHOLE_TEXT)
    folds = any(each.kind != KINDS["field"] for each in lines)  # or nothing at all would be seen
    rows = tuple(_control_row(columns, number, each, goals or {}, (links or {}).get(each.goal, ""), folds)
                 for number, each in enumerate(lines, 1))
    account = f"Optælling: {books.sentence}"
    table = Table(CONTROL, CONTROL, "", columns, rows, CONTROL, "Intet at bemærke.", facts=account)
    waiting = sum(each.open for each in lines)
    left = sum(each.open and not each.choice.said for each in lines)
    return replace(table, intro=_waits(waiting, left), live=_waits_formula(table) if rows else "")


def _waits(waiting: int, left: int) -> str:
    """Say how many open lines still lack what is chosen on them."""
    if not waiting:
        return NOTHING_OPEN
    told = f"{left} af {waiting} {_things(waiting)} mangler din afgørelse."
    return f"{told} {_HOW} {_AGAIN}" if left else f"Alt er afgjort. {_AGAIN}"


def _things(number: int) -> str:
    return "åben ting" if number == 1 else "åbne ting"


def _waits_formula(table: Table) -> str:
    """Return the formula that says the same of the sheet as it stands."""
    first, last = table.header + 1, table.header + len(table.rows)
    at = {column.key: f"${letter}${first}:${letter}${last}" for n, column in enumerate(table.columns)
          for letter in (column_name(n),)}
    waiting, left = ("+".join(f'COUNTIFS({at["level"]},"{state}"{more})' for state in (OPEN, ERROR))
                     for more in ("", f',{at["pick"]},"",{at["own"]},""'))
    return (f'IF({waiting}=0,"{NOTHING_OPEN}",IF({left}=0,"Alt er afgjort. {_AGAIN}",{left}&" af "&{waiting}'
            f'&IF({waiting}=1," {_things(1)}"," {_things(2)}")&" mangler din afgørelse. {_HOW} {_AGAIN}"))')


def _whole(line: ControlLine) -> str:
    """Return what stood there where there is no room for it beside the choice, '' where there is."""
    return line.text if _is_long(line.stood or line.text) or line.stood and line.text not in line.stood else ""


def _is_long(text: str) -> bool:
    return len(text) > _LONG or lines_in(text) > _MOST_LINES


def lines_in(text: str) -> int:
    """Count the lines of a text as it was written."""
    return text.count("\n") + 1


def _control_row(columns: Sequence[Column], number: int, each: ControlLine, goals: Mapping[str, Goal],
                 link: str, folds: bool) -> tuple[Cell, ...]:
    mark = "open" if each.open else FOLDED if folds and each.kind == KINDS["field"] else ""
    place, choice, goal = each.place, each.choice, goals.get(each.goal)
    text, about = each.stood or each.text, goal.text if goal else ""
    long = _is_long(text)
    asked = each.open and each.code != SWAPPED
    what = each.says or each.what
    if asked and about and about not in what:
        what = f"{what}\n{cut_at_word(about, _LONGEST_GOAL)}"
    state = each.word or {Severity.ERROR: ERROR, Severity.QUESTION: OPEN, Severity.INFO: TOLD}[each.level]
    texts = {"what": what, "text": _head(text) if long else text, "read": each.means or each.read, "advice": each.advice,
             "kind": each.kind, "goal": cut_at_word(about, _LONGEST_GOAL), "file": place.file, "sheet": place.sheet,
             "cell": place.cell, "key": each.key, "whole": _whole(each)}
    cells = {key: Cell(said or None, mark=mark) for key, said in texts.items()} | {
        "level": Cell(state, mark="done" if each.word else mark), "id": Cell(each.goal or None, link=link, mark=mark),
        "pick": Cell(choice.pick or None, mark=mark, open=bool(each.options), choices=each.options),
        "own": Cell(choice.own or None, mark=mark, open=each.own), "gap": Cell(), "number": Cell(float(number), "0"),
        "cells": Cell(float(each.cells), "0") if each.cells else Cell()}
    return tuple(cells[column.key] for column in columns)


def _head(text: str) -> str:
    """Return the beginning of a text that stands whole in the last column."""
    first = "\n".join(text.split("\n")[:_MOST_LINES - 2])
    return f"{cut(first, _LONG - 60)}\n(Alt står under {WHOLE_TEXT.header}.)"


def control_questions(lines: Sequence[ControlLine], table: Table) -> tuple[Finding, ...]:
    """Return what is wrong with the choices on ``Kontrol``, each at its cell in the ``table``."""
    columns = [column.key for column in table.columns]
    found = []
    for row, line in enumerate(lines, table.header):
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

def conflict_table(merged: MergeResult, goals: Mapping[str, Goal], links: Mapping[str, str] | None = None,
                   year: int = 0) -> Table:
    """Return every answer of every cell on which people disagree, a row each, with room to choose.

    First of each stands what was sent out, which can be chosen too. ``links`` lead from a Mål-id to its row, and ``year`` is
    the one whose target a result is held against.
    """
    rows: list[tuple[Cell, ...]] = []
    cells = [cell for cell in merged.cells.values() if cell.goal in goals and shown_as_conflict(cell)]
    for cell in cells:
        goal = goals[cell.goal]
        mark = "open" if cell.conflict else ""
        head = (Cell(goal.id, link=(links or {}).get(goal.id, ""), mark=mark),
                Cell(f"{cut_at_word(goal.text, _LONGEST_GOAL)}{_target(goal, cell, year)}", mark=mark),
                Cell(HEADERS[cell.column], mark=mark))
        rows += [(*head, *row) for row in _answers(goal, cell)]
    table = Table(CONFLICTS, CONFLICTS, _conflict_intro(cells), CONFLICT_COLUMNS, tuple(rows),
                  "Modstridende", "Ingen modstridende svar i denne runde.")
    return replace(table, live=_conflict_formula(table) if any(cell.conflict for cell in cells) else "")


def _target(goal: Goal, cell: Merged, year: int) -> str:
    """Say what a result is held against, on a line of its own."""
    said = goal_sentence(goal, year) if cell.column is AnswerColumn.RESULT else ""
    return f"\nMål: {said}" if said else ""


def _fields(number: int) -> str:
    return "felt" if number == 1 else "felter"


def _conflict_intro(cells: Sequence[Merged]) -> str:
    """Say how many fields still lack what is chosen."""
    waiting = sum(cell.conflict for cell in cells)
    if not cells:
        return "Når to svar på det samme ikke stemmer overens, står de her, og du vælger, hvad der gælder."
    told = f"{waiting} af {waiting} {_fields(waiting)} mangler din afgørelse. {_TICK} {_AGAIN}"
    return told if waiting else f"Alle felter er afgjort. {_AGAIN}"


def _conflict_formula(table: Table) -> str:
    """Return the formula that says the same of the sheet as it stands; '' where there are too many rows for it.

    A field counts as one however many answers it has: each of its open rows counts for its share.
    """
    first, last = table.header + 1, table.header + len(table.rows)
    at = {column.key: f"${column_name(n)}${first}:${column_name(n)}${last}" for n, column in enumerate(table.columns)}
    same = f"{at['id']},{at['id']},{at['column']},{at['column']}"
    open_ = f'(LEFT({at["state"]},{len(CHOOSE)})="{CHOOSE}")'
    share = f'/(COUNTIFS({same},{at["state"]},"{CHOOSE}*")+1-{open_})'
    taken = "+".join(f'COUNTIFS({same},{at[key]},"<>")' for key in ("pick", "own"))
    waiting = f"ROUND(SUMPRODUCT({open_}{share}),0)"
    left = f"ROUND(SUMPRODUCT({open_}*(({taken})=0){share}),0)"
    if len(table.rows) > _MOST_COUNTED:
        return ""
    return (f'IF({left}=0,"Alle felter er afgjort. {_AGAIN}",{left}&" af "&{waiting}&IF({waiting}=1," {_fields(1)}",'
            f'" {_fields(2)}")&" mangler din afgørelse. {_TICK} {_AGAIN}")')


def _answers(goal: Goal, cell: Merged) -> Iterator[tuple[Cell, ...]]:
    """Yield the sent-out value, every answer, and the coordinator's own wording where it is none of them."""
    open_ = f"{CHOOSE} igen" if cell.reopened else CHOOSE if cell.conflict else "Ikke valgt"
    said = {canonical(side.value) for side in cell.sides}
    mark = "open" if cell.conflict else ""

    def row(value: Value, who: str, state: str, when: str = "", file: str = "", at: str = "") -> tuple[Cell, ...]:
        text = canonical(value)
        chosen = cell.decided and text == canonical(cell.outcome) and (who != SENT or text not in said)
        before = cell.reopened and cell.decision and text == canonical(cell.decision.chosen)
        told = CHOSEN if chosen else "Tidligere valg" if before else state
        empty = EMPTY if who == SENT else CLEARED
        shown = answer_cell(goal, cell.column, empty if value is None else value)
        quiet = "" if who == SENT and not chosen else mark
        return (replace(shown, mark=quiet), Cell(who, mark=quiet), Cell(when or None, mark=quiet),
                Cell("x" if chosen else None, mark=mark, open=True, choices=("x",)),
                Cell(mark=mark, open=True), Cell(told, mark=quiet), Cell(), Cell(file or None), Cell(at or None))

    for value in sent_values(cell):
        yield row(value, SENT, "Kan vælges" if cell.conflict else "Ikke valgt")
    for side in cell.sides:
        place = side.place
        yield row(side.value, side.who, open_, when_text(side.source.when), place.file, f"{place.sheet} {place.cell}")
    offered = said | {canonical(value) for value in sent_values(cell)}
    for value in own_values(cell):
        if canonical(value) not in offered:
            offered.add(canonical(value))
            who = cell.decision.by.get(canonical(value), "") if cell.decision else ""
            yield row(value, who or "Koordinator", open_)


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
    return f"Læst; nogle svar er erstattet af {by}" if by is not None else "Læst og taget med"


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
