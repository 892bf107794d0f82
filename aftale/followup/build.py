"""What the follow-up says, as plain tables: from an agreement and a merge to a `FollowUpBook`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from aftale.additions.find import marks, with_own_columns
from aftale.agreement.copy_in_followup import agreement_lines
from aftale.agreement.read_goals import whole_plan
from aftale.cells.hidden_sheet import sealed, with_unknown
from aftale.followup.control_sheets import (
    conflict_table,
    control_lines,
    control_questions,
    control_table,
    gone_problems,
    news_lines,
    settled_by,
    source_table,
)
from aftale.followup.dialog_sheet import PEOPLE_WRITE as ON_DIALOG
from aftale.followup.dialog_sheet import dialog_sheet, dialog_texts
from aftale.followup.front_sheet import overview
from aftale.followup.goal_sheets import drawn_answer, followup_table, plan_table, results_table
from aftale.followup.goal_status import GoalResult, judge_goals
from aftale.followup.last_round import last_round
from aftale.followup.who_answered import (
    Response,
    Share,
    board_sentence,
    by_urgency,
    forgotten,
    open_lines,
    response_table,
    responses,
    share_table,
    shares_by_goal,
)
from aftale.forms.returned import Returned
from aftale.forms.versions import known_senders, letter_problems, letters_beside_empty_forms, open_questions
from aftale.kse.dialogue import dialogue_of
from aftale.kse.edition import title_of
from aftale.kse.remarks import KseRemarks, remarks_of
from aftale.merge.added_texts import added_cells, merged_of
from aftale.merge.apply_choices import Rulings, settled_answers, settled_by_mail
from aftale.merge.cell_account import Books, keep_books
from aftale.merge.changed_agreement import changed_since
from aftale.merge.changes import changes
from aftale.merge.choices import settle
from aftale.merge.merge import HEADERS, MergeResult, drawn_value
from aftale.merge.proposed_changes import plan_revision
from aftale.merge.state import History, State, line_keys, state_lines
from aftale.model.additions import OWN
from aftale.model.agreement import UNDECIDED, Agreement, AnswerColumn, Round, Status, Value
from aftale.model.columns import CONFLICTS, CONTROL, DIALOG, KSE_REMARK, OPFOELGNING
from aftale.model.dialogue import Utterance, names_of
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.tables import HEADER_ROW, Cell, FollowUpBook, Table
from aftale.model.text import canonical, fold, formula_text, some
from aftale.office.report import problem_data

PEOPLE_WRITE: Mapping[str, frozenset[str]] = {
    OPFOELGNING: frozenset((*(column.value for column in AnswerColumn), "kse")), CONFLICTS: frozenset(("pick", "own")),
    CONTROL: frozenset(("pick", "own")), DIALOG: ON_DIALOG}
"""The keys of the columns in which people write, by sheet."""


@dataclass(frozen=True)
class FollowUp:
    """A finished round: the workbook as tables, and everything that is said of it on screen and in JSON.

    ``shares`` tells by Mål-id how far every ansvarlig has come with each of the year's goals, and ``kse`` what KSE and the
    coordinator say under KSE's name; ``dialogue`` is all that was said until now, in order. ``settled`` tells what became of
    the lines of ``Kontrol`` that are decided, by their key; ``troubled`` are the keys of those whose choice can't be used.
    """

    book: FollowUpBook
    state: State
    merged: MergeResult
    goal_results: tuple[GoalResult, ...]
    responses: tuple[Response, ...]
    books: Books
    problems: tuple[Finding, ...]
    shares: Mapping[str, Sequence[Share]] = field(default_factory=dict)
    kse: KseRemarks = KseRemarks()
    settled: Mapping[str, str] = field(default_factory=dict)
    dialogue: tuple[Utterance, ...] = ()
    troubled: frozenset[str] = frozenset()


def follow_up(agreement: Agreement, state: State, forms: Sequence[Form], created: date,
              asked: Sequence[Finding] = (), before: Mapping[tuple[str, str], str] | None = None) -> FollowUp:
    """Merge everything the state holds and say it as a workbook; pure, so the same state gives the same book.

    ``asked`` is what else must stand on ``Kontrol``: doubts about the agreement itself. ``before`` is what the follow-up
    said when it was last written (see `said_by`), None where there is none yet.
    """
    agreement = whole_plan(agreement)
    order = [goal.id for goal in agreement.goals]
    merged = merged_of(state, order)
    by_mail = settled_by_mail(state, forms)
    results = judge_goals(agreement, state.round, merged, state.returned, state.history, by_mail,
                          settled_answers(state), state.doubted)
    goals = {v.goal.id: v.goal for v in results}
    kse = remarks_of(state, goals, agreement.short_department)
    said = dialogue_of(state, kse, merged, names_of(agreement))
    books = keep_books(state.returned, merged, goals, added_cells(state, goals)).plus(kse.books)
    letters = tuple(sorted(state.letters, key=lambda x: (x.source.container, x.source.name, x.source.sha256)))
    known = known_senders(forms) if letters else {}
    sources, numbers = source_table(state.returned, state.refused, merged, letters, known, state.departments,
                                    agreement.short_department)
    answered = responses(forms, state.returned, results, letters, by_mail)
    shares = shares_by_goal(answered, results)
    found = (*state.unused, *(p for v in results for p in v.problems), *_strangers(state.returned, forms, agreement),
             *changed_since(state.returned, merged, agreement),
             *letters_beside_empty_forms(letters, state.returned), *forgotten(answered),
             *_drafts(state.drafts, agreement))
    asking = open_questions(state.returned)
    keys = line_keys(state)
    revision = plan_revision(agreement, state)
    state = _remembering(replace(state, letters=letters), agreement, results)
    changed = None if before is None else changes(before, said_by(state), {each: at for at, each in enumerate(order)})
    told = (*kse.lines, *news_lines(changed or (), goals))
    lines = control_lines(asking, state.refused, merged, (*asked, *merged.problems, *found), goals, letters, known, told,
                          keys, Rulings(state.control, merged, goals, agreement.year, revision), agreement,
                          {v.goal.id: v for v in results})
    settled = settled_by(lines, asking, merged, goals, keys)
    links = {v.goal.id: f"'{OPFOELGNING}'!A{HEADER_ROW + n}" for n, v in enumerate(results, 1)}
    last = last_round(agreement, state.round, state.history)
    table = with_own_columns(followup_table(agreement, results, state.round, kse.remarks, numbers, last), state.own)
    control = control_table(lines, books, goals, links)
    dialog = dialog_sheet(agreement, said, {goal.id: goal.text for goal in agreement.goals}, state.drafts)
    book = FollowUpBook(
        overview(agreement, state.round, table, {**state.boxes, KSE_REMARK: kse.box or None}, last, answered,
                 changed, dialog),
        table, plan_table(agreement, results, state.history, table),
        results_table(agreement, results, state.history, state.round, table),
        conflict_table(merged, goals, links, agreement.year),
        response_table(answered, share_table(shares, results, links)), control, sources, (),
        title_of(agreement.unit, state.round, agreement.year), created, agreement.plan_years, agreement.year,
        state.own, dialog)
    state = replace(state, contents=contents(book))
    book = replace(book, record=sealed(with_unknown((*state_lines(state), *agreement_lines(agreement)), state.unknown)))
    problems = (*(r.problem for r in state.refused), *(p for r in asking for p in r.problems),
                *merged.problems, *gone_problems(state.returned, merged, goals), *found,
                *letter_problems(letters, known), *kse.problems)
    problems = (*settle(problems, settled, keys), *control_questions(lines, control))
    return FollowUp(book, state, merged, results, answered, books, problems, shares, kse, settled, said,
                    frozenset(line.key for line in lines if line.trouble is not None))


def said_by(state: State) -> dict[tuple[str, str], str]:
    """Return what a follow-up says in every answer cell, ``kse`` remark, KSE's box and KSE's answers on ``Dialog``.

    An undecided cell says just that; an answer is known by the key of its line.
    """
    undecided = {cell: UNDECIDED for cell, text in state.drawn.items() if text == UNDECIDED}
    kse = remarks_of(state, ())
    return {**{cell: text for cell, text in state.merged.items() if text}, **undecided,
            **{(goal, "kse"): text for goal, text in kse.remarks.items()}, **({("", "kse"): kse.box} if kse.box else {}),
            **{(kse.asked[key].goal, key): answer for key, answer in kse.answers.items() if key in kse.asked and answer}}


def _strangers(returned: Sequence[Returned], forms: Sequence[Form], agreement: Agreement) -> Iterator[Finding]:
    """Ask about skemaer of somebody who no longer answers for anything in the agreement.

    Whoever still stands there, at goals that are taken out or of other years, has nobody to take over from.
    """
    known = {form.id for form in forms}
    named = {fold(owner.name) for goal in agreement.goals for owner in goal.owners}
    for each in returned:
        if each.form not in known and not each.untouched:
            code = "owner-without-goals" if fold(each.owner) in named else "owner-gone"
            yield problem(code, Place(each.source.name, container=each.source.container), owner=each.owner)


def _drafts(drafts: Sequence[tuple[str, str]], agreement: Agreement) -> Iterator[Finding]:
    """Ask about questions on ``Dialog`` that belong to no goal."""
    for goal, text in drafts:
        if text:
            yield problem("dialog-no-goal", Place(sheet=DIALOG), value=text, what=goal or "(tom)",
                          department=agreement.short_department)


# ---------------------------------------------------------------- what the follow-up remembers

def _remembering(state: State, agreement: Agreement, results: Sequence[GoalResult]) -> State:
    """Return the state with what this round says of every goal: the next flet and later rounds go by it."""
    return replace(state, agreement=agreement.id, unit=agreement.unit, year=agreement.year,
                   history=_history(state.history, results, agreement.year, state.round),
                   merged={(v.goal.id, column.value): canonical(cell.outcome) for v in results
                           for column, cell in v.answers.items() if not cell.conflict}, drawn=_drawn_texts(results))


def _drawn_texts(results: Sequence[GoalResult]) -> dict[tuple[str, str], str]:
    drawn = {}
    for v in results:
        for column in AnswerColumn:
            cell = drawn_answer(v, column)
            text = canonical(cell.value) if cell.mark == "undecided" else drawn_value(v.goal, column, cell.value)
            if text:
                drawn[v.goal.id, column.value] = text
    return drawn


def _history(known: Sequence[History], results: Sequence[GoalResult], year: int, round_: Round) -> tuple[History, ...]:
    """Return what earlier rounds said, and what this one says."""
    kept = [h for h in known if (h.year, h.round) != (year, round_.value)]
    for v in results:
        result: Value = v.value(AnswerColumn.RESULT)
        as_of, baseline = v.value(AnswerColumn.AS_OF), v.value(AnswerColumn.BASELINE)
        if v.active and (v.answers or v.computed):
            kept.append(History(
                v.goal.id, year, round_.value, v.target, result if isinstance(result, float) else None,
                as_of if isinstance(as_of, date) else None,
                v.shown if v.shown in {*Status, UNDECIDED} else "", v.computed, v.outcome.fulfilment,
                baseline if isinstance(baseline, float) else None))
    return tuple(sorted(kept, key=lambda h: (h.goal, h.year, h.round)))


# ---------------------------------------------------------------- what was drawn besides the answers

def contents(book: FollowUpBook) -> dict[str, str]:
    """Return a hash per table sheet of all that was drawn in it, apart from where people write, and the texts' marks."""
    tables = (book.followup, book.plan, book.results, book.conflicts, book.responses, book.control, book.sources)
    return {**{table.sheet: content_hash(_table_texts(table)) for table in tables},
            DIALOG: content_hash(dialog_texts(book.dialog))}


def content_hash(texts: Mapping[str, int]) -> str:
    """Return what a sheet's texts are known by: a hash of them all, and a mark of each."""
    return f"{digest(texts)} {marks(text for text, times in texts.items() if times > 0)}"


def _table_texts(table: Table) -> Counter[str]:
    told = formula_text(table.live) if table.live else table.intro
    above = (table.title, told, *([table.facts] if table.facts else []), *(text for _, text in table.legend))
    texts = Counter([*above, *(c.header for c in table.columns if not c.key.startswith(OWN))])
    if not table.rows and table.empty:
        texts[table.empty] += 1
    for row in table.rows:
        for column, cell in zip(table.columns, row, strict=True):
            if column.key not in PEOPLE_WRITE.get(table.sheet, ()) and not column.key.startswith(OWN):
                texts[stored_text(cell)] += 1
    return texts + _table_texts(table.below) if table.below else texts


def stored_text(cell: Cell) -> str:
    """Return the text that a decided cell is known by once it is drawn: that of its formula, else of its stored value."""
    if cell.formula:
        return formula_text(cell.formula)
    share = cell.number == "percent" and isinstance(cell.value, float)
    return canonical(round(cell.value / 100, 12) if share and isinstance(cell.value, float) else cell.value)


def digest(texts: Mapping[str, int]) -> str:
    """Return a hash of a multiset of cell texts; their order doesn't matter."""
    lines = sorted(f"{times} {text}" for text, times in texts.items() if text and times > 0)
    return sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def response_rows(result: FollowUp) -> list[tuple[str, ...]]:
    """Return the delivery board as rows of text, the most urgent first: ansvarlig, status, answered, missing."""
    return [(r.form.owner.name, r.delivery.danish, f"{len(r.answered)} af {len(r.goals)}", some(r.missing, 3))
            for r in by_urgency(result.responses)]


def board_lines(result: FollowUp) -> list[str]:
    """Return the board in a sentence, and the goals that still lack something in the skemaer that are back."""
    texts = {v.goal.id: v.goal.text for v in result.goal_results}
    return [board_sentence(result.responses), *open_lines(result.responses, texts)]


def flet_data(result: FollowUp, workbook: str | None, problems: Sequence[Finding]) -> dict[str, object]:
    """Return the result as the JSON object of ``--json``."""
    counts: Counter[str] = Counter(dict(result.book.overview.counts))
    goals = []
    for v in result.goal_results:
        answers = {column.value: _plain(cell.outcome) for column, cell in v.answers.items()}
        goals.append({"id": v.goal.id, "level": v.goal.level.name.lower(), "text": v.goal.text, "active": v.active,
                      "target": v.target, "baseline": _plain(v.baseline), "fulfilment": v.outcome.fulfilment,
                      "status": v.shown, "reported": v.reported or None, "computed": v.computed or None,
                      "response": v.response, "answers": answers,
                      "owners": [{"owner": share.owner, "state": share.stage.value, "missing": list(share.missing)}
                                 for share in result.shares.get(v.goal.id, ())],
                      "undecided": [c.value for c, cell in v.answers.items() if cell.conflict]})
    conflicts = [{"goal": goal, "column": column.value, "header": HEADERS[column],
                  "answers": [{"value": _plain(s.value), "who": s.who, "when": s.source.when,
                               "file": s.source.name, "cell": s.place.cell} for s in cell.sides]}
                 for (goal, column), cell in result.merged.cells.items() if cell.conflict]
    books = result.books
    return {"workbook": workbook, "goals": goals,
            "responses": [{"form": r.form.id, "owner": r.form.owner.name, "email": r.form.owner.email,
                           "status": r.delivery.danish, "state": r.delivery.value, "answered": list(r.answered),
                           "missing": list(r.missing), "files": [f.source.name for f in r.files]}
                          for r in result.responses],
            "conflicts": conflicts, "problems": [problem_data(p) for p in problems], "counts": dict(counts),
            "cells": {"total": books.total, "sent": books.sent, "conflict": books.conflict, "followup": books.followup,
                      "control": books.control, "balance": books.balance}}


def _plain(value: Value) -> str | float | None:
    return value.isoformat() if isinstance(value, date) else value
