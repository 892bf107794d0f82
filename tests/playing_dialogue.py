"""Plays a dialogue through the program in memory: each flet, what the coordinator writes on ``Dialog``, KSE's edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from aftale.followup.build import FollowUp, follow_up
from aftale.followup.draw_xlsx import draw_for_kse
from aftale.followup.read_back import Standing, read_standing
from aftale.forms.plan import plan_forms
from aftale.forms.returned import DepartmentAnswer, Expected, Remark, Returned
from aftale.intake.read import read_bytes
from aftale.kse.dialogue import carried
from aftale.kse.edition import judge_department
from aftale.kse.remarks import about_of
from aftale.merge.state import State, combine
from aftale.model.agreement import Agreement, AnswerColumn, Goal, Level, Owner, Round
from aftale.model.answers import Answer
from aftale.model.columns import DIALOG, OPFOELGNING, RECORD, RECORD_COLUMNS
from aftale.model.dialogue import Party, waiting
from aftale.model.place import Place, Source
from aftale.model.workbook import Workbook, WorkbookSheet

Row = dict[str, str]
"""A line of ``Dialog`` by header."""
GOALS = ("M1.1.1", "M1.1.2")


def agreement(year: int = 2015, short: str = "KSE", unit: str = "Biblioteket") -> Agreement:
    """Return an agreement with two goals, active in every year of the plan."""
    goals = tuple(Goal(each, Level.EFFECT, ("Udvikling", "Fokus", f"Effektmålet {each}", ""),
                       dict.fromkeys(range(2015, 2019)), owners=(Owner("Husteamet"),)) for each in GOALS)
    return Agreement("a-1", unit, "Kultur", year, (2015, 2018), facts={"kortnavn": short} if short else {}, goals=goals,
                     register={goal.id: goal.text for goal in goals})


def source(name: str, when: str = "") -> Source:
    """Return where a file is from; its name tells it from others."""
    return Source(sha256(name.encode()).hexdigest(), name, when=when)


def skema(remarks: Mapping[str, str], owner: str = "Husteamet", year: int = 2015, round_: str = "midtvejs") -> Returned:
    """Return a skema with remarks by Mål-id."""
    answers = tuple(Answer(goal, AnswerColumn.REMARKS, text, None, Place(f"{owner}.xlsx"))
                    for goal, text in remarks.items())
    return Returned(source(f"{owner} {year} {round_} {remarks}"), f"S-{owner}", owner, answers=answers,
                    goals=tuple(remarks), round=round_, cells=len(answers))


def from_kse(name: str, remarks: Mapping[str, str | None], base: Mapping[str, str] | None = None, when: str = "",
             drawn_from: Sequence[str] = (), edition: str = "e") -> DepartmentAnswer:
    """Return a file of KSE's with remarks by Mål-id, '' for its box."""
    said = tuple(Remark(goal, text, (base or {}).get(goal, ""), False, Place(name)) for goal, text in remarks.items())
    return DepartmentAnswer(source(name, when), edition, "midtvejs", said, (), sum(r.text is not None for r in said), 0,
                            tuple(source(each).short for each in drawn_from))


class PlayedRound:
    """A round of the agreement, from its first flet on; ``earlier`` are the rounds before it."""

    def __init__(self, year: int = 2015, round_: Round = Round.MIDTVEJS, earlier: Sequence[PlayedRound] = (),
                 of: Agreement | None = None) -> None:
        self.agreement = replace(of or agreement(), year=year)
        self.round, self.earlier = round_, earlier
        self.book: Workbook | None = None
        self.result: FollowUp

    # ---- the program

    def standing(self) -> Standing:
        """Return the follow-up as it is read with what was written in it."""
        assert self.book is not None
        found = read_standing(self.book, self.agreement)
        assert found is not None
        return found

    def flet(self, *files: Returned | DepartmentAnswer) -> FollowUp:
        """Merge files into the follow-up."""
        state = self.standing().state if self.book else State()
        year, round_ = self.agreement.year, self.round
        past = [replace(each.result.state, dialogue=each.result.dialogue, year=each.agreement.year) for each in self.earlier]
        state = replace(
            state, agreement=self.agreement.id, year=year, round=round_,
            returned=combine(state.returned, tuple(each for each in files if isinstance(each, Returned))),
            departments=combine(state.departments, tuple(each for each in files if isinstance(each, DepartmentAnswer))),
            dialogue=carried(state.dialogue, past, year, round_.value))
        forms = plan_forms(self.agreement, round_, None)
        self.result = follow_up(self.agreement, state, forms, date(year, 1, 1))
        self.book = _workbook(self.result)
        assert self.result.books.balance
        return self.result

    def edition(self) -> Workbook:
        """Return KSE's edition as it is drawn and read."""
        about = about_of(self.result.state, self.result.kse, waiting(self.result.dialogue, Party.DEPARTMENT))
        found = read_bytes(draw_for_kse(self.result.book, about).data, "kse.xlsx")
        assert isinstance(found, Workbook)
        return found

    def judged(self, book: Workbook, name: str = "kse.xlsx", when: str = "") -> DepartmentAnswer:
        """Return what an edition says that came back."""
        found = judge_department(replace(book, source=source(name, when)), Expected(self.agreement))
        assert isinstance(found, DepartmentAnswer)
        return found

    # ---- what people do

    def write(self, text: str, goal: str = "", **cells: str | None) -> None:
        """Write in the one line that says so: ``Svar``, ``Tilstand``, ``Hvad``."""
        assert self.book is not None
        self.book = written(self.book, text, goal, **cells)

    def ask(self, goal: str, text: str, row: int = 0) -> None:
        """Write a question in the rows below."""
        assert self.book is not None
        sheet = sheet_of(self.book, DIALOG)
        rows = [list(each) for each in sheet.rows]
        first = next(number for number, each in enumerate(rows) if len(each) > 1 and str(each[1]).startswith("Spørg "))
        rows[first + row][0], rows[first + row][4] = goal, text
        self.book = with_sheet(self.book, replace(sheet, rows=rows))

    # ---- what stands there

    def lines(self, goal: str = "") -> list[Row]:
        """Return the lines of ``Dialog``."""
        assert self.book is not None
        return [each for each in lines_of(self.book) if not goal or each["Mål-id"] == goal]

    def said(self) -> list[tuple[str, str, str, str]]:
        """Return who, what, Tilstand and Svar of every line, in order."""
        return [(each["Hvem"], each["Hvad blev der skrevet"], each["Tilstand"], each["Svar"]) for each in self.lines()]

    @property
    def told(self) -> list[str]:
        """The codes of what is told of the dialogue."""
        return [p.code for p in self.result.problems if p.code.startswith("dialog") or "answers-differ" in p.code]


# ---------------------------------------------------------------- workbooks in memory

def _workbook(result: FollowUp) -> Workbook:
    book = result.book
    record = [[column.header for column in RECORD_COLUMNS], *map(list, book.record)]
    goals: list[list[object]] = [[book.followup.title], [book.followup.intro],
                                [text for _, text in book.followup.legend]]
    goals.append([column.header for column in book.followup.columns])
    goals += [[cell.value for cell in row] for row in book.followup.rows]
    dialog = book.dialog
    width = len(dialog.table.columns)
    rows: list[list[object]] = [[dialog.table.title], [dialog.sentence.value], []]
    rows.append([column.header for column in dialog.table.columns])
    rows += [[cell.value for cell in row] for row in dialog.table.rows]
    if not dialog.table.rows:
        rows += [[], ["", dialog.table.empty]]
    for number, (goal, text) in enumerate((*dialog.drafts, *[("", "")] * 3)):
        rows.append([goal, dialog.ask if number == 0 else "", "", "", text, *[""] * (width - 5)])
    return Workbook(Source("f" * 64, "opfoelgning.xlsx"), (
        WorkbookSheet(OPFOELGNING, goals), WorkbookSheet(DIALOG, rows, formulas={(1, 0): dialog.sentence.formula}),
        WorkbookSheet(RECORD, record)))


def sheet_of(book: Workbook, name: str) -> WorkbookSheet:
    """Return a sheet by its name."""
    return next(sheet for sheet in book.sheets if sheet.name == name)


def with_sheet(book: Workbook, sheet: WorkbookSheet) -> Workbook:
    """Return a workbook with another sheet of the same name."""
    return replace(book, sheets=tuple(sheet if each.name == sheet.name else each for each in book.sheets))


def _table(sheet: WorkbookSheet) -> tuple[int, list[str]]:
    top = next(number for number, row in enumerate(sheet.rows) if "Svar" in row)
    return top, [str(each or "") for each in sheet.rows[top]]


def lines_of(book: Workbook) -> list[Row]:
    """Return the lines of ``Dialog`` by header."""
    sheet = sheet_of(book, DIALOG)
    top, headers = _table(sheet)
    found = [dict(zip(headers, ["" if each is None else str(each) for each in row], strict=False))
             for row in sheet.rows[top + 1:]]
    return [each for each in found if each.get("Nøgle")]


def written(book: Workbook, text: str, goal: str = "", **cells: str | None) -> Workbook:
    """Return a workbook with something written in the one line of ``Dialog`` that says so."""
    sheet = sheet_of(book, DIALOG)
    top, headers = _table(sheet)
    rows = [list(row) for row in sheet.rows]
    at = {"Hvad": "Hvad blev der skrevet"}
    found = [row for row in rows[top + 1:] if len(row) >= len(headers) - 1
             and str(row[headers.index("Hvad blev der skrevet")] or "").startswith(text) and goal in ("", row[0])
             and row[headers.index("Runde")]]
    assert len(found) == 1, (text, found)
    for header, value in cells.items():
        found[0][headers.index(at.get(header, header))] = value
    return with_sheet(book, replace(sheet, rows=rows))


def remarked(book: Workbook, remarks: Mapping[str, str]) -> Workbook:
    """Return KSE's edition with remarks in ``Forvaltningens bemærkninger`` by Mål-id."""
    sheet = sheet_of(book, OPFOELGNING)
    rows = [list(row) for row in sheet.rows]
    header = next(row for row in rows if "Forvaltningens bemærkninger" in row)
    at = header.index("Forvaltningens bemærkninger")
    for row in rows:
        if row and row[0] in remarks:
            row += [""] * (at + 1 - len(row))
            row[at] = remarks[str(row[0])]
    return with_sheet(book, replace(sheet, rows=rows))

