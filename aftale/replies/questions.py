"""A skema that goes back with questions: whom to ask what, and what to fill in of their answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from aftale.cells.hidden_sheet import find_record
from aftale.cells.number_format import seen_at
from aftale.followup.goal_status import UNREAD, GoalResult, says
from aftale.forms.plan import form_to_send_again
from aftale.forms.returned import Returned
from aftale.forms.versions import Versions, copied, is_unchanged_copy, version_groups
from aftale.merge.merge import GoalColumn, Merged, MergeResult
from aftale.model.agreement import JOINED_COLUMNS, MISSING, AnswerColumn, Value
from aftale.model.columns import SKEMA_COLUMNS
from aftale.model.findings import Finding, Severity
from aftale.model.forms import Form
from aftale.model.problems import problem
from aftale.model.questions import QUESTIONS
from aftale.model.text import CELL_LIMIT, canonical, danish_number, listing, spoken, utf16_length
from aftale.model.workbook import Workbook, cell_place, is_filled
from aftale.replies.disagreements import is_between_skemaer

FINISHED_KEY = "faerdigt"
_IN_CELLS = frozenset(("number-unreadable", "number-ambiguous", "percent-ambiguous", "date-unreadable", "date-ambiguous",
                       "status-unknown", "status-ambiguous", "cell-error", "cell-picture", "cell-formula", "cell-struck",
                       "answers-differ"))
_COLUMNS = {column.value: column for column in AnswerColumn}
KEYS = {column: "baseline" if column is AnswerColumn.BASELINE else column.value for column in AnswerColumn}
"""The key of each answer's column in `model.columns.SKEMA_COLUMNS`."""


@dataclass(frozen=True)
class Asked:
    """One question: about a goal's answer, about something agreed, about a field above the table, or about all of it.

    ``wrote`` is what the colleague wrote; ``key`` is the column on ``Skema`` that it is about ('' for none), ``marks``
    the answers that are marked with it, ``at`` the column where the answer is to be written.
    """

    code: str
    text: str
    goal: str = ""
    key: str = ""
    wrote: str = ""
    marks: tuple[AnswerColumn, ...] = ()
    at: str = ""


@dataclass(frozen=True)
class Filled:
    """What stands in the answer cells of a skema that goes back, and which of it is in doubt, with code and hint."""

    values: Mapping[GoalColumn, Value] = field(default_factory=dict)
    doubts: Mapping[GoalColumn, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class QuestionForm:
    """A skema that goes back to one person: what was sent, whose files it answers, the questions, and what is missing.

    ``unanswered`` are the Mål-id of goals without an answer; ``lacks`` may tell which columns of theirs are to be filled in.
    """

    form: Form
    files: tuple[Returned, ...]
    asked: tuple[Asked, ...]
    filled: Filled
    unanswered: tuple[str, ...] = ()
    lacks: Mapping[str, tuple[AnswerColumn, ...]] = field(default_factory=dict)

    @property
    def newest(self) -> Returned:
        """The file that the answers are from."""
        return self.files[0]


def candidates(returned: Sequence[Returned]) -> tuple[Versions, ...]:
    """Return the files person by person, the one to answer first; a marked copy nobody has changed comes last."""
    return tuple(replace(each, files=tuple(sorted(each.files, key=is_unchanged_copy)))
                 for each in version_groups(returned))


def reply_to(versions: Versions, form: Form | None, book: Workbook | None, merged: MergeResult,
             results: Sequence[GoalResult], wanted: Collection[GoalColumn] = ()) -> QuestionForm | None:
    """Work out what one person must be asked; None where there is nothing.

    ``form`` is the skema as it is known without the file, ``book`` the newest file as it was read: what it says of
    itself comes first, as long as it is unchanged. ``wanted`` are the cells that the coordinator wants to be asked about.
    """
    sent = (form_to_send_again(find_record(book)[1]) if book else None) or form
    if sent is None:
        return None
    asker = _Asker(versions, sent, book, merged, {v.goal.id: v for v in results}, wanted)
    asked = asker.ask()
    about = {each.goal for each in asked}
    silent = {v.goal.id for v in results if v.response in (MISSING, UNREAD) and not v.computed} - about
    unanswered = tuple(line.goal for line in sent.lines if line.goal in silent)
    return QuestionForm(sent, versions.files, asked, asker.filled, unanswered) if asked else None


def newest_first(people: Sequence[Versions]) -> tuple[Versions, ...]:
    """Return those who have filled in one skema, the one who did so last first."""
    return tuple(sorted(people, key=lambda each: (each.files[0].source.when, each.files[0].source.sha256), reverse=True))


def reminder(people: Sequence[Versions], form: Form, book: Workbook | None, merged: MergeResult,
             results: Sequence[GoalResult], lacks: Mapping[str, tuple[AnswerColumn, ...]]) -> QuestionForm:
    """Return a skema with what has been answered in it so far, and what it lacks by Mål-id.

    ``people`` are those who have filled it in, the last one first, and ``book`` is that one's newest file as it was read:
    when the skema comes back it counts as theirs. What several of them answered differently stands in it as a question;
    the others' remarks stay their own, and so aren't in it.
    """
    sent = (form_to_send_again(find_record(book)[1]) if book else None) or form
    known = {v.goal.id: v for v in results}
    asker = _Asker(people[0], sent, book, merged, known)
    others = [_Asker(each, sent, None, merged, known).filled for each in people[1:]]
    asker.filled = _together(asker.filled, others, merged, form.id)
    asked = asker.ask()
    marked = {(each.goal, column) for each in asked for column in each.marks}
    # What is asked about in its own words isn't listed as missing too.
    left = {goal: tuple(column for column in columns if (goal, column) not in marked) for goal, columns in lacks.items()}
    left = {goal: columns for goal, columns in left.items() if columns or not lacks[goal]}
    return QuestionForm(sent, people[0].files, asked, asker.filled, tuple(left), left)


def _together(own: Filled, others: Sequence[Filled], merged: MergeResult, form: str) -> Filled:
    """Add what the others have filled in; where they differ, every answer stands in the cell, so that none is chosen."""
    values, doubts = dict(own.values), dict(own.doubts)
    for filled in others:
        for cell, value in filled.values.items():
            if cell not in values and cell[1] not in JOINED_COLUMNS:
                values[cell] = value
                doubts.update({cell: filled.doubts[cell]} if cell in filled.doubts else {})
    for cell, each in merged.cells.items() if others else ():
        texts = dict.fromkeys(spoken(side.value) for side in each.sides if side.form == form)
        if each.conflict and len(texts) > 1 and cell in values:
            values[cell] = " eller ".join(text or "(slettet)" for text in texts)
            doubts[cell] = ("answers-differ", "")
    return Filled(values, doubts)


class _Asker:
    """Finds the questions to one person, and what is to stand in their cells."""

    def __init__(self, versions: Versions, form: Form, book: Workbook | None, merged: MergeResult,
                 results: Mapping[str, GoalResult], wanted: Collection[GoalColumn] = ()) -> None:
        self.wanted = wanted
        self.versions, self.form, self.book, self.merged, self.results = versions, form, book, merged, results
        self.newest = versions.files[0]
        self.theirs = {each.source.sha256 for each in versions.files}
        self.lines = {line.goal: line for line in form.lines}
        self.filled = self._filled()

    def ask(self) -> tuple[Asked, ...]:
        """Return every question once, those about all of it first, then in the order of the skema."""
        files = self.versions.files[:1] if self.versions.certain else self.versions.files
        problems = (p for each in files for p in each.problems if p.level is not Severity.INFO)
        found = dict.fromkeys((*chain.from_iterable(map(self._of_problem, problems)), *self._of_cells(),
                               *self._of_results()))
        goals, keys = ({each: number for number, each in enumerate(known)}
                       for known in (self.lines, [column.key for column in SKEMA_COLUMNS]))
        return tuple(sorted(found, key=lambda each: (goals.get(each.goal, -1), keys.get(each.key, -1))))

    # ---- what stands in the cells

    def _filled(self) -> Filled:
        values: dict[GoalColumn, Value] = {}
        doubts: dict[GoalColumn, tuple[str, str]] = {}
        for each in reversed(self.versions.files):
            for cell, answers in _by_cell(each).items():
                values[cell] = answers[0]
        newest = _by_cell(self.newest)
        unread = self._unread()
        for cell in dict.fromkeys((*newest, *unread)):
            doubtful = unread.get(cell, {})
            texts = list(dict.fromkeys((*(spoken(v) for v in newest.get(cell, ())), *doubtful)))
            found = next(iter(doubtful.values()), None)
            if len(texts) > 1 and cell[1] in JOINED_COLUMNS:
                values[cell] = "\n".join(texts)
            elif len(texts) > 1 or found:
                values[cell] = " eller ".join(texts)
                doubts[cell] = (found.code, _hint(found, self.newest)) if found else ("twice-in-form", "")
        known = {(goal, column): value for (goal, column), value in values.items()
                 if goal in self.lines and column in self.lines[goal].open_columns
                 and (not isinstance(value, str) or utf16_length(value) <= CELL_LIMIT)}
        return Filled(known, {cell: doubt for cell, doubt in doubts.items() if cell in known})

    def _unread(self) -> dict[GoalColumn, dict[str, Finding]]:
        """Return what couldn't be read in the newest file: for each cell its texts, as the colleague saw them."""
        found: dict[GoalColumn, dict[str, Finding]] = {}
        for each in self.newest.problems:
            column = _COLUMNS.get(each.column) if each.code in _IN_CELLS else None
            if column and each.goal:
                found.setdefault((each.goal, column), {}).setdefault(self._seen(each), each)
        return found

    def _seen(self, found: Finding) -> str:
        """Return what a cell shows, as far as it is known."""
        sheet = next((s for s in self.book.sheets if s.name == found.place.sheet), None) if self.book else None
        at = cell_place(found.place.cell)
        if sheet is None or at is None or not is_filled(sheet.value(*at)):
            return found.stood
        return seen_at(sheet, *at)

    # ---- what the files themselves raise

    def _of_problem(self, found: Finding) -> Iterator[Asked]:
        code, goal = found.code, found.goal
        if code == "twice-in-form":
            yield from (self._about(code, cell) for cell, (doubt, _) in self.filled.doubts.items()
                        if cell[0] == goal and doubt == code)
        elif code in _IN_CELLS:
            column = _COLUMNS.get(found.column)
            if column and (goal, column) in self.filled.doubts:
                yield self._about(code, (goal, column), hint=_hint(found, self.newest))
        elif code == "yes-no-unknown":
            yield _asked(code, key=FINISHED_KEY, wrote=found.stood)
        elif code == "proposed-change":
            line = self.lines.get(goal)
            was = line.sealed.get(found.column) if line else None
            yield _asked(code, goal=goal, key=found.column or "id", wrote=found.stood, marks=(AnswerColumn.REMARKS,),
                         at=AnswerColumn.REMARKS, was=self._shown(goal, AnswerColumn.BASELINE, was) or "ingenting")
        elif code == "row-missing":
            yield _asked(code, goal=goal, at=AnswerColumn.STATUS, marks=(AnswerColumn.STATUS,))
        elif code in ("column-missing", "column-twice"):
            header = next((c for c in SKEMA_COLUMNS if f"»{c.header}«" in found.message), None)
            yield _asked(code, key=header.key if header else "", column=header.header if header else "")
        elif code in ("answer-misplaced", "merged-answers", "remark-struck"):
            hint, column = _hint(found, self.newest), _COLUMNS.get(found.column)
            if column:
                yield self._about(code, (goal, column), wrote=found.stood, hint=hint)
            else:
                yield _asked(code, goal=goal, wrote=found.stood, at=AnswerColumn.RESULT, hint=hint)
        elif code == "only-loose":
            kinds = ("remark", "note", "extra-column", "extra-sheet")
            beside = " · ".join(each.stood for each in self.newest.kept if each.kind in kinds)
            yield _asked(code, wrote=beside, at=AnswerColumn.RESULT)
        elif code in ("unknown-goal", "id-and-text", "row-no-goal"):
            yield _asked(code, wrote=found.stood, at=AnswerColumn.RESULT)
        elif code == "answer-in-note":
            if (cell := (goal, AnswerColumn(found.column))) not in self.filled.values:
                yield self._about(code, cell, wrote=found.stood)
        elif code in QUESTIONS:
            yield _asked(code, at=AnswerColumn.RESULT, sheet=found.place.sheet)

    def _about(self, code: str, cell: GoalColumn, marks: tuple[AnswerColumn, ...] = (), wrote: str | None = None,
               **words: object) -> Asked:
        goal, column = cell
        shown = self._shown(goal, column, self.filled.values.get(cell)) if wrote is None else wrote
        return _asked(code, goal, KEYS[column], shown, marks or (column,), KEYS[column], **words)

    def _shown(self, goal: str, column: AnswerColumn, value: Value) -> str:
        """Say an answer as its cell shows it."""
        line = self.lines.get(goal)
        percent = bool(line and line.in_percent) and column in (AnswerColumn.RESULT, AnswerColumn.BASELINE)
        return f"{danish_number(value)}{' %' if percent else ''}" if isinstance(value, float) else spoken(value)

    # ---- what the merge and the checks raise

    def _of_cells(self) -> Iterator[Asked]:
        yield from (self._about(code, cell) for cell, (code, _) in self.filled.doubts.items() if code == "answers-differ")
        for cell, merged in self.merged.cells.items():
            own = [side for side in merged.sides if side.source.sha256 in self.theirs]
            if not own or not self._is_clear(cell):
                continue
            if is_between_skemaer(merged):  # all of them are asked together, in one mail
                continue
            if merged.conflict and (answers := self._disagreeing(merged)):
                yield self._about("conflict", cell, answers=answers)
            elif self.versions.certain and self.newest.source.sha256 not in {side.source.sha256 for side in own} \
                    and own[0].value is not None:
                yield self._about("older-kept", cell)

    def _disagreeing(self, merged: Merged) -> str:
        """Say the different answers in this very skema with who gave them; '' where the others are of other skemaer."""
        sides = [side for side in merged.sides if side.form == self.form.id]
        said = dict.fromkeys((side.who, self._shown(merged.goal, merged.column, side.value) or "slettet")
                             for side in sides)
        different = {canonical(side.value) for side in sides}
        return listing([f"»{text}« ({who})" for who, text in said]) if len(different) > 1 else ""

    def _of_results(self) -> Iterator[Asked]:
        for goal in self.lines:
            result = self.results.get(goal)
            if result is None:
                continue
            yield from self._of_odd_figures(result)
            if not self._is_theirs(result, AnswerColumn.STATUS):
                continue
            codes = _open_codes(result)
            if "remark-missing" in codes and (goal, AnswerColumn.REMARKS) not in self.filled.doubts:
                yield self._about("remark-missing", (goal, AnswerColumn.REMARKS), wrote="", value=result.reported)
            answer = result.answers.get(AnswerColumn.RESULT)
            from_here = answer is None or any(side.form == self.form.id for side in answer.sides)
            from_here = from_here or (goal, AnswerColumn.STATUS) in self.wanted
            if "status-contradiction" in codes and from_here:
                numbers = (AnswerColumn.RESULT,) if (goal, AnswerColumn.RESULT) in self.filled.values else ()
                own = self._shown(goal, AnswerColumn.RESULT, self.filled.values.get((goal, AnswerColumn.RESULT)))
                yield self._about("status-contradiction", (goal, AnswerColumn.STATUS), (AnswerColumn.STATUS, *numbers),
                                  f"{result.reported} (resultat: {own})" if own else None,
                                  value=result.reported, computed=says(result), what=result.apart)

    def _of_odd_figures(self, result: GoalResult) -> Iterator[Asked]:
        """Ask whether a result that is odd beside earlier ones is right; what was asked and left to stand, is."""
        cell = (result.goal.id, AnswerColumn.RESULT)
        stands = self._stands_by(cell) and cell not in self.wanted
        if self._is_theirs(result, AnswerColumn.RESULT) and self._is_clear(cell) and not stands:
            codes = _open_codes(result)
            yield from (self._about(odd.code, cell, before=odd.before, when=odd.when, hint=odd.hint)
                        for odd in result.odd if odd.level is Severity.QUESTION and odd.code in codes)

    def _is_theirs(self, result: GoalResult, column: AnswerColumn) -> bool:
        cell = result.answers.get(column)
        return cell is not None and any(side.source.sha256 in self.theirs for side in cell.sides)

    def _is_clear(self, cell: GoalColumn) -> bool:
        return cell in self.filled.values and cell not in self.filled.doubts

    def _stands_by(self, cell: GoalColumn) -> bool:
        """Has a marked copy with the cell in it come back, with the same answer still in it?"""
        if not copied(self.newest) or is_unchanged_copy(self.newest):
            return False
        answers = _by_cell(self.newest).get(cell)
        return bool(answers) and any(_by_cell(each).get(cell) == answers for each in self.versions.files[1:])


def _asked(code: str, goal: str = "", key: str = "", wrote: str = "", marks: tuple[AnswerColumn, ...] = (), at: str = "",
           **words: object) -> Asked:
    ours = {name: str(words.get(name, "")) for name in ("hint", "what")}
    text = " ".join(QUESTIONS[code].format_map({**words, **ours}).split())
    return Asked(code, text, goal, str(key), wrote, marks, str(at or key))


def _open_codes(result: GoalResult) -> frozenset[str]:
    """Return the codes of what is asked about a goal and isn't settled."""
    return frozenset(p.code for p in result.problems if p.level is not Severity.INFO)


def _by_cell(each: Returned) -> dict[GoalColumn, list[Value]]:
    found: dict[GoalColumn, list[Value]] = {}
    for answer in each.answers:
        found.setdefault((answer.goal, answer.column), []).append(answer.value)
    return found


def _hint(found: Finding, newest: Returned) -> str:
    """Return the hint at the end of a problem's advice, which is addressed to whoever wrote the answer."""
    to_coordinator = problem(found.code, owner=newest.owner).advice
    return found.advice.removeprefix(to_coordinator).strip()
