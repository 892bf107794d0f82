"""``Dialog`` as a plain table: a line for everything that was said by goal, whom it waits for, and what was answered.

Who waits for whom stands on ``Overblik`` too, as lines that follow what is written on ``Dialog``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from aftale.followup.formulas import HiddenCells, quoted
from aftale.kse.dialog_rows import parts_of, row_key
from aftale.kse.dialogue import threads
from aftale.model.agreement import Agreement
from aftale.model.columns import DIALOG, DIALOG_COLUMNS
from aftale.model.dialogue import (
    CONTINUED,
    WHOLE_AGREEMENT,
    Names,
    Party,
    Stage,
    Utterance,
    names_of,
    round_name,
    waiting,
)
from aftale.model.tables import DIALOG_HEADER_ROW, Cell, DialogSheet, Table
from aftale.model.text import canonical, cut, formula_text
from aftale.model.workbook import column_name

SPARE = 3
"""How many rows stand below what was said, for questions."""
STAGES = (Stage.FOR_UNIT, Stage.FOR_DEPARTMENT, Stage.ANSWERED, Stage.INFORMATION)
PEOPLE_WRITE = frozenset(("stage", "answer"))
ASKED_IN = frozenset(("id", "text"))
"""The keys of the columns that people write in, on the lines and in the rows for questions."""
MARKS = ("●", "◆")
"""What a line begins with where something waits for the unit and for the department."""
_IDS_ROOM = 40
"""Mål-id are named until they take so many characters."""
_SEE = "Se hele dialogen på arket Dialog"
_FIRST, _AGAIN = 130, 34
_NOTHING = "Alt er besvaret."
_FOR = "Her står, hvad {} og {} skriver til hinanden om målene, og hvem der venter på svar."


def dialog_sheet(agreement: Agreement, utterances: Sequence[Utterance], goals: Mapping[str, str],
                 drafts: Sequence[tuple[str, str]] = ()) -> DialogSheet:
    """Return ``Dialog`` of a follow-up; ``goals`` are the goals' texts by Mål-id."""
    names = names_of(agreement)
    texts = {**agreement.register, **goals, "": f"Aftalen {agreement.year} for {names.within(Party.UNIT)}"}
    said = threads(utterances)
    rows = tuple(row for thread in said for row in _thread(thread, names, texts))
    empty = (f"Når {names.department} skriver en bemærkning, eller I spørger om noget i de gule felter herunder, står det"
             " her – også i de næste runder og år.")
    table = Table(DIALOG, DIALOG, "", DIALOG_COLUMNS, rows, DIALOG, empty)
    open_ = [each for thread in said for each in thread]
    ask = f"Spørg {names.department}: Skriv Mål-id (eller {WHOLE_AGREEMENT}) og spørgsmålet."
    return DialogSheet(table, _sentence(names, open_, len(rows) + SPARE + len(drafts)), ask, tuple(drafts),
                       tuple(map(names.stage, STAGES)))


def dialog_of_edition(sheet: DialogSheet, names: Names, utterances: Sequence[Utterance]) -> DialogSheet:
    """Return ``Dialog`` of the department's edition: open is only what waits for the department's answer."""
    waits = {each.key for each in waiting(utterances, Party.DEPARTMENT)}
    places = {column.key: at for at, column in enumerate(sheet.table.columns)}
    rows = tuple(tuple(Cell(cell.value, mark=cell.mark, open=at == places["answer"]
                            and canonical(row[places["key"]].value)[:12] in waits) for at, cell in enumerate(row))
                 for row in sheet.table.rows)
    value, formula = _told(names, [*waiting(utterances, Party.DEPARTMENT)], len(rows), Party.DEPARTMENT)
    empty = f"Skriv på arket Opfølgning. Det, {names.within(Party.UNIT)} spørger om eller svarer, kommer til at stå her."
    table = Table(DIALOG, DIALOG, "", sheet.table.columns, rows, DIALOG, empty)
    return DialogSheet(table, Cell(value, formula=formula), "", (), sheet.stages)


def _thread(thread: Sequence[Utterance], names: Names, texts: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of what was said of one goal."""
    first = True
    for each in thread:
        mark = "department" if each.party is Party.DEPARTMENT else "unit" if each.asked or each.who == names.of(
            Party.UNIT) else ""
        for part in parts_of(each):
            text = texts.get(each.goal, "")
            who = f"{each.who}{CONTINUED}" if part.number else each.who
            waits = bool(each.stage)
            yield (Cell(each.goal or WHOLE_AGREEMENT, mark="first" if first else ""),
                   Cell(_shortened(text, _FIRST if first else _AGAIN) or None), Cell(round_name(each), mark=mark),
                   Cell(who, mark=mark), Cell(part.text or None, mark=mark),
                   Cell(names.stage(each.stage) if part.last else None, open=waits and part.last),
                   Cell(part.answer or None, open=waits), Cell(row_key(each, part.number)))
            first = False


def _shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters, cut between words."""
    return text if len(text) <= most else f"{text[:most - 1].rpartition(' ')[0] or cut(text, most - 2)} …"


# ---------------------------------------------------------------- the live sentence

def _sentence(names: Names, utterances: Sequence[Utterance], rows: int) -> Cell:
    """Say what waits for whom, as it changes while answers are written."""
    unit, unit_formula = _waiting(names, utterances, rows, Party.UNIT)
    department, department_formula = _waiting(names, utterances, rows, Party.DEPARTMENT)
    before = f" venter på {names.within(Party.UNIT)} og "
    after = (f" på {names.within(Party.DEPARTMENT)}. Skriv i den gule kolonne Svar, eller vælg"
             f" »{names.stage(Stage.INFORMATION)}« under Tilstand, hvis der ikke skal svares.")
    nothing = _NOTHING if utterances else _FOR.format(names.within(Party.DEPARTMENT), names.within(Party.UNIT))
    value = nothing if not unit + department else f"{unit}{before}{department}{after}"
    formula = (f"IF({unit_formula}+{department_formula}=0,{quoted(nothing)},{unit_formula}&{quoted(before)}"
               f"&{department_formula}&{quoted(after)})")
    return Cell(value, formula=formula)


def _told(names: Names, utterances: Sequence[Utterance], rows: int, party: Party) -> tuple[str, str]:
    """Say the same in the department's edition, where only what waits for it can be answered."""
    number, formula = _waiting(names, utterances, rows, party)
    nothing = f"Intet venter på {names.within(party)} her. Bemærkninger til målene skrives på arket Opfølgning."
    after = f" venter på {names.within(party)}. Skriv i de gule felter under Svar."
    return (f"{number}{after}" if number else nothing,
            f"IF({formula}=0,{quoted(nothing)},{formula}&{quoted(after)})")


def _waiting(names: Names, utterances: Sequence[Utterance], rows: int, party: Party) -> tuple[int, str]:
    """Return how many lines wait for a party, and the formula that counts them: those that are answered count no more."""
    keys = [column.key for column in DIALOG_COLUMNS]
    first, last = DIALOG_HEADER_ROW + 2, DIALOG_HEADER_ROW + 1 + max(rows, 1)
    stage, answer = (f"{column_name(keys.index(key))}{first}:{column_name(keys.index(key))}{last}" for key in (
        "stage", "answer"))
    # an answer that is there already, and is waited for again, is counted until the stage says otherwise
    again = sum(bool(each.answer) for each in waiting(utterances, party))
    word = quoted(f"Venter på {names.within(party)}")
    formula = f"SUMPRODUCT(({stage}={word})*(LEN(TRIM({answer}))=0))" + (f"+{again}" if again else "")
    return len(waiting(utterances, party)), f"({formula})" if again else formula


def dialog_texts(sheet: DialogSheet) -> Counter[str]:
    """Return the texts that are drawn on ``Dialog``, but for those that people write."""
    table = sheet.table
    texts = Counter([table.title, formula_text(sheet.sentence.formula), *(column.header for column in table.columns),
                     sheet.ask, *([table.empty] if not table.rows else [])])
    for row in table.rows:
        texts.update(canonical(cell.value) for column, cell in zip(table.columns, row, strict=True)
                     if column.key not in PEOPLE_WRITE)
    return texts


# ---------------------------------------------------------------- who waits for whom, on Overblik

def who_waits(dialog: DialogSheet, helpers: HiddenCells) -> tuple[Cell, ...]:
    """Say what waits for the unit and for the department, with a link to ``Dialog``; nothing where nobody has spoken."""
    if not dialog.table.rows:
        return ()
    rows = _Waiting(dialog, helpers)
    lines = (rows.line(mark, word) for mark, word in zip(MARKS, dialog.stages[:2], strict=True))
    return *lines, Cell(_SEE, link=f"'{DIALOG}'!A{DIALOG_HEADER_ROW + 1}")


class _Waiting:
    """Finds the rows of ``Dialog`` that wait for a party."""

    def __init__(self, dialog: DialogSheet, helpers: HiddenCells) -> None:
        self.helpers = helpers
        self.places = {column.key: at for at, column in enumerate(dialog.table.columns)}
        self.rows = [{key: canonical(row[at].value) for key, at in self.places.items()} for row in dialog.table.rows]
        # an answer that is there already, and is waited for again, waits until the stage says otherwise
        self.again = helpers.column("Dialog: venter igen")
        for row in self.rows:
            if row["stage"] in dialog.stages[:2] and row["answer"].strip():
                self.again.add(row["key"])

    def _at(self, key: str, number: int) -> str:
        return f"'{DIALOG}'!${column_name(self.places[key])}${DIALOG_HEADER_ROW + 2 + number}"

    def line(self, mark: str, word: str) -> Cell:
        """Say how many lines wait under a stage, and at which goals: ``● 2 punkter venter på Biblioteket: M1.1.1``."""
        open_, names = self.helpers.column(f"Dialog: {word}"), self.helpers.column(f"Dialog: {word}, mål")
        number, said = 0, ""
        for at, row in enumerate(self.rows):
            waits = row["stage"] == word
            number += waits
            stage, answer, key, goal = (self._at(name, at) for name in ("stage", "answer", "key", "id"))
            again = f",COUNTIF({self.again.all},{key})>0" if self.again.size else ""
            cell = open_.add(float(waits), f'IF({stage}={quoted(word)},IF(OR(LEN(TRIM({answer}))=0{again}),1,0),0)')
            above = names.at(at - 1) if at else '""'
            if waits and len(said) < _IDS_ROOM and f", {row['id']}," not in f"{said},":
                said += f", {row['id']}"
            here = f'AND({cell}=1,LEN({above})<{_IDS_ROOM},ISERROR(FIND(", "&{goal}&",",{above}&",")))'
            names.add(said, f'{above}&IF({here},", "&{goal},"")')
        waits_for = f"{word[:1].lower()}{word[1:]}"
        total, last = f"SUM({open_.all})", names.at(len(self.rows) - 1)
        return Cell(_said_of(mark, waits_for, number, said), formula=(
            f'IF({total}=0,{quoted(f"Intet {waits_for}.")},"{mark} "&{total}&IF({total}=1," punkt "," punkter ")'
            f'&{quoted(f"{waits_for}: ")}&MID({last},3,99))'))


def _said_of(mark: str, waits_for: str, number: int, names: str) -> str:
    return f"{mark} {number} {'punkt' if number == 1 else 'punkter'} {waits_for}: {names[2:]}" if number else \
        f"Intet {waits_for}."
