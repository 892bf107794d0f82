"""``Overblik``: the sentence, the counts and what a reader should look at first, as formulas with their values.

Everything is worked out from ``Opfølgning`` as it will be drawn, so that each stored value is what its formula gives.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from aftale.agreement.budget import budget_facts
from aftale.followup.dialog_sheet import who_waits
from aftale.followup.formulas import GoalRow, HiddenCells, SheetRefs, kinds, latest_day, quoted, spoken_day
from aftale.followup.last_round import LastRound, Moves
from aftale.followup.spotlights import LiveSheet, spotlights
from aftale.followup.who_answered import Delivery, Response
from aftale.merge.changes import Change, Kind, spoken_text
from aftale.model.agreement import (
    COUNTED,
    NOT_STATED,
    Agreement,
    AnswerColumn,
    Demand,
    Goal,
    Round,
    Status,
    Value,
    demands_followed,
)
from aftale.model.columns import BOXES
from aftale.model.tables import Cell, DialogSheet, News, Overview, Serving, StatusCount, Table
from aftale.model.text import canonical, count, cut, danish_date, danish_number, fold, listing, some

VERBS = dict(zip(map(str, COUNTED), (
    "er opfyldt", "forventes opfyldt", "er delvist opfyldt", "forventes ikke opfyldt", "er ikke opfyldt", "er ikke igangsat",
    "afventer data", "er udgået", "er uafklaret", "mangler svar"), strict=True))
"""How the headline says that goals have a status, in the order it says them; others are told beside the table."""
GROUPS = ((Status.MET,), (Status.EXPECTED,), (Status.PARTLY, Status.NOT_EXPECTED, Status.NOT_MET))
"""The statuses of `MATRIX_HEADERS`; the last of those takes in all others."""
_DEPARTMENT, _FORMS, _MEASURED = "Forvaltning", "Svar", "Seneste opgørelse"
NO_GOALS = "Aftalen har ingen effektmål i året."
_NO_STATUS = "Ingen af årets effektmål har en kendt status."
_UNKNOWN = " effektmål har en status, der ikke kendes. Ret den i Opfølgning."
_MOST_ROWS, _MOST_POLICIES, _MOST_NEWS = 12, 6, 5
_MOST_IDS, _FIRST_IDS = 5, 2
"""So many Mål-id are all named; of more, only the first."""
_NEWS_ROOM, _VALUE_ROOM = 150, 60
_DAY_ZERO = date(1899, 12, 30)


def overview(agreement: Agreement, round_: Round, followup: Table, boxes: Mapping[str, Value],
             last: LastRound | None = None, answered: Sequence[Response] = (),
             changed: Sequence[Change] | None = None, dialog: DialogSheet | None = None) -> Overview:
    """Sum up the round; it counts the year's effektmål, not the delmål.

    ``followup`` must be ``Opfølgning`` as it will stand in the workbook: its columns give the formulas their letters, and
    it has a column with the status of the ``last`` round where there is one.
    ``changed`` is what is new since last time, None where the follow-up is written for the first time; ``dialog`` is
    ``Dialog`` as it will stand there.
    """
    live, helpers = SheetRefs(followup), HiddenCells()
    kind = kinds(live, helpers)
    moves = Moves(live, helpers, kind) if last else None
    lines, more = spotlights(LiveSheet(live, helpers, kind, moves), agreement, last)
    total = Cell(float(len(live.year)), formula=live.counted())
    statuses = _statuses(live, last)
    matrix, rest = _matrix(live, helpers)
    policies, policies_note, policies_rest = _policies(live, helpers)
    demands, demands_note, demands_rest = _demands(live) if agreement.of_kse else _own_demands(live, helpers)
    facts = _facts(agreement, round_, live, answered)
    waiting = who_waits(dialog, helpers) if dialog else ()
    money = budget_facts(agreement, _followed(agreement, live))
    return Overview(
        f"{agreement.unit or 'Aftalen'}: {round_.danish} {agreement.year}", _line(agreement, live, helpers, dict(facts)),
        _headline(live, helpers, total), facts, statuses, total, _unknown(live, [each.now for each in statuses], total),
        last.header if last else "", last.when if last else "",
        moves.line(last.since, live.counted()) if moves and last else Cell(""), matrix, rest, agreement.demands_header,
        demands, demands_note, demands_rest, policies, policies_note, policies_rest, lines, more, waiting,
        None if changed is None else _news(changed, live, agreement),
        tuple((label, boxes.get(label)) for label in BOXES), money, agreement.short_department, tuple(helpers.made))


# ---------------------------------------------------------------- counts and the sentence

def _number(rows: Sequence[GoalRow], status: str) -> int:
    return sum(row.text(AnswerColumn.STATUS) == status for row in rows)


def _counted(live: SheetRefs, status: str) -> Cell:
    return Cell(float(_number(live.year, status)), formula=live.counted(f'{live.column(AnswerColumn.STATUS)},"{status}"'))


def _statuses(live: SheetRefs, last: LastRound | None) -> tuple[StatusCount, ...]:
    """Count the year's effektmål by status now, and what the same goals had in the last round."""
    before = Counter(last.statuses.get(row.text("id"), "") for row in live.year) if last else Counter()
    made = []
    for status in VERBS:
        now, then = _counted(live, status), before[status] if last else None
        number = now.value if isinstance(now.value, float) else 0.0
        share = Cell(number / len(live.year) if live.year else 0.0,
                     formula=f"IF({live.counted()}=0,0,{now.formula}/{live.counted()})")
        change = Cell() if then is None else Cell(number - then, formula=f"{now.formula}-{then}")
        made.append(StatusCount(status, now, share, then, change))
    return tuple(made)


def _unknown(live: SheetRefs, numbers: Sequence[Cell], total: Cell) -> Cell:
    """Say how many effektmål have a status that none of the counts takes in."""
    missing = len(live.year) - sum(int(each.value) for each in numbers if isinstance(each.value, float))
    known = "+".join(each.formula for each in numbers)
    return Cell(f"{missing}{_UNKNOWN}" if missing else "",
                formula=f'IF({total.formula}={known},"",({total.formula}-({known}))&"{_UNKNOWN}")')


def headline(numbers: Mapping[str, int], total: int) -> str:
    """Say the year in one sentence: the one that a reader would want first."""
    if not total:
        return NO_GOALS
    said = [(numbers.get(status, 0), verb) for status, verb in VERBS.items() if numbers.get(status, 0)]
    if not said:
        return _NO_STATUS
    number, verb = said[0]
    if number == total:
        return f"Alle årets {total} effektmål {verb}." if total > 1 else f"Årets ene effektmål {verb}."
    first = f"{number} af årets {total} effektmål {verb}"
    return f"{listing([first, *(f'{number} {verb}' for number, verb in said[1:])])}."


def _headline(live: SheetRefs, helpers: HiddenCells, total: Cell) -> Cell:
    """Return the sentence as a formula: a piece for every status that any goal has, and an »og« before the last."""
    verbs, counts, pieces = (helpers.column(title) for title in ("Sætning: ord", "Sætning: antal", "Sætning: led"))
    joined = helpers.column("Sætning: samlet")
    numbers = {status: _number(live.year, status) for status in VERBS}
    parts = []
    for status, verb in VERBS.items():
        said = verbs.add(verb)
        counted = counts.add(float(numbers[status]), live.counted(f'{live.column(AnswerColumn.STATUS)},"{status}"'))
        text = f", {numbers[status]} {verb}" if numbers[status] else ""
        parts.append((pieces.add(text, f'IF({counted}>0,", "&{counted}&" "&{said},"")'), text))
    every = joined.add(float(len(live.year)), total.formula)
    many = joined.add(float(sum(1 for number in numbers.values() if number)), f'COUNTIF({counts.all},">0")')
    plain_text = "".join(text for _, text in parts)[2:]
    plain = joined.add(plain_text, f"MID({'&'.join(ref for ref, _ in parts)},3,999)")
    spoken = " og ".join(plain_text.rsplit(", ", 1))
    with_and = joined.add(spoken, f'IF({many}>1,SUBSTITUTE({plain},", "," og ",{many}-1),{plain})')
    formula = (
        f'IF({every}=0,"{NO_GOALS}",IF({many}=0,"{_NO_STATUS}",IF(MAX({counts.all})={every},'
        f'IF({every}=1,"Årets ene effektmål ","Alle årets "&{every}&" effektmål ")&MID({plain},FIND(" ",{plain})+1,999)&".",'
        f'LEFT({with_and},FIND(" ",{with_and})-1)&" af årets "&{every}&" effektmål"&'
        f'MID({with_and},FIND(" ",{with_and}),999)&".")))')
    return Cell(headline(numbers, len(live.year)), formula=formula)


# ---------------------------------------------------------------- facts

def _followed(agreement: Agreement, live: SheetRefs) -> list[Goal]:
    ids = {row.text("id") for row in live.rows if row.kind}
    return [goal for goal in agreement.goals if goal.id in ids]


def _facts(agreement: Agreement, round_: Round, live: SheetRefs,
           answered: Sequence[Response]) -> tuple[tuple[str, Cell], ...]:
    day = agreement.facts.get(f"frist_{round_.value}")
    deadline = danish_date(day) if isinstance(day, date) else canonical(day)
    facts = ((_DEPARTMENT, Cell(agreement.department)),
             ("Udviklingsplan", Cell(f"{agreement.period[0]}-{agreement.period[1]}")), ("Tema", Cell(agreement.theme)),
             ("Frist", Cell(deadline)), (_MEASURED, latest_day(live)), (_FORMS, Cell(answered_text(answered))))
    return tuple((label, cell) for label, cell in facts if cell.value)


def _line(agreement: Agreement, live: SheetRefs, helpers: HiddenCells, facts: Mapping[str, Cell]) -> Cell:
    """Say in one line what the page is about; the hidden cells that it says are found again by their labels."""
    labels, values = helpers.column("Fakta"), helpers.column("Fakta: værdi")  # side by side: saml reads the one by the other
    for label in (label for label in (_DEPARTMENT, _FORMS) if label in facts):
        labels.add(label)
        values.add(facts[label].value)
    after = [str(facts[_FORMS].value)] if _FORMS in facts else []
    after += [f"Tema: {agreement.theme}"] if agreement.theme else []
    first = f"Dialogbaseret aftale med {agreement.department or agreement.short_department}"
    day, rest = facts[_MEASURED].value, "".join(f" · {part}" for part in after)
    measured = f" · Opgjort {danish_date(day)}" if isinstance(day, date) else ""
    column = live.column(AnswerColumn.AS_OF)
    number = float((day - _DAY_ZERO).days) if isinstance(day, date) else 0.0
    latest = helpers.column("Opgjort").add(number, f"1*MAX({column})")  # or LibreOffice would make a date of it
    living = f'IF(COUNT({column})=0,""," · Opgjort "&{spoken_day(latest)})'
    return Cell(f"{first}{measured}{rest}", formula="&".join((quoted(first), living, quoted(rest))))


def answered_text(answered: Sequence[Response]) -> str:
    """Say in short how many skemaer are answered: ``9 af 11 skemaer besvaret, 1 delvist``."""
    if not answered:
        return ""
    numbers = Counter(each.delivery for each in answered)
    done = numbers[Delivery.DONE] + numbers[Delivery.NOTHING] + numbers[Delivery.BY_MAIL]
    partly = numbers[Delivery.PARTLY] + numbers[Delivery.FORGOTTEN]
    more = ((partly, "delvist"), (numbers[Delivery.NOT_DECLARED], "ikke meldt færdigt"),
            (numbers[Delivery.UNREAD], "har svar, der skal afklares"))
    return ", ".join((f"{danish_number(done)} af {count(len(answered), 'skema', 'skemaer')} besvaret",
                      *(f"{danish_number(number)} {what}" for number, what in more if number)))


# ---------------------------------------------------------------- udviklingsmål, demands and policies

def _grouped(rows: Sequence[GoalRow], key: str) -> dict[str, list[GoalRow]]:
    """Group rows by a text as Excel compares it: capital letters don't matter."""
    names: dict[str, str] = {}
    found: dict[str, list[GoalRow]] = {}
    for row in rows:
        text = row.text(key)
        if text:
            found.setdefault(names.setdefault(text.casefold(), text), []).append(row)
    return found


def _matrix(live: SheetRefs, helpers: HiddenCells) -> tuple[tuple[tuple[str, tuple[Cell, ...]], ...], int]:
    """Count each udviklingsmål's effektmål by `MATRIX_HEADERS`; tell how many udviklingsmål there is no room for."""
    names, status = helpers.column("Udviklingsmål"), live.column(AnswerColumn.STATUS)
    groups = _grouped(live.year, "development")
    rows = []
    for name, goals in list(groups.items())[:_MOST_ROWS]:
        same = f"{live.column('development')}={names.add(name)}"
        cells = [Cell(float(sum(_number(goals, word) for word in group)),
                      formula=live.summed(same, "+".join(f'({status}="{word}")' for word in group))) for group in GROUPS]
        known = sum(cell.value for cell in cells if isinstance(cell.value, float))
        others = Cell(len(goals) - known, formula="-".join((live.summed(same), *(cell.formula for cell in cells))))
        rows.append((name, (*cells, others)))
    return tuple(rows), len(groups) - len(rows)


def _demands(live: SheetRefs) -> tuple[tuple[Serving, ...], str, int]:
    """Tell which of the year's effektmål serve each of KSE's three demands; or what is said instead, and how many more."""
    met = f'{live.column(AnswerColumn.STATUS)},"{Status.MET}"'
    found = []
    for demand in Demand:
        goals = [row for row in live.year if demand.value.casefold() in row.text("demands").casefold()]
        serves = f'{live.column("demands")},"*{demand.value}*"'
        found.append(_serving(demand.value, goals, live.counted(serves), live.counted(serves, met)))
    if not any(serving.goals for serving in found):
        return (), f"Aftalen siger ikke, hvilke af årets mål der opfylder {listing([each.value for each in Demand])}.", 0
    return tuple(found), "", 0


def _own_demands(live: SheetRefs, helpers: HiddenCells) -> tuple[tuple[Serving, ...], str, int]:
    """Tell the same of a department whose demands are only known from the goals, nothing where they name none."""
    met = f'{live.column(AnswerColumn.STATUS)}="{Status.MET}"'
    served = [(row, [part for each in row.text("demands").split(";") if (part := each.strip())]) for row in live.year]
    every = demands_followed(False, (each for _, parts in served for each in parts))
    if not every:
        return (), "", 0
    names, found = helpers.column("Krav"), []
    for demand in every[:_MOST_POLICIES]:
        goals = [row for row, parts in served if fold(demand) in map(fold, parts)]
        sought = names.add(re.sub("([~*?])", r"~\1", demand))
        same = f'ISNUMBER(SEARCH("; "&{sought}&";","; "&{live.column("demands")}&";"))'
        found.append(_serving(demand, goals, live.summed(same), live.summed(same, met)))
    return tuple(found), "", len(every) - len(found)


def _policies(live: SheetRefs, helpers: HiddenCells) -> tuple[tuple[Serving, ...], str, int]:
    """Tell which of the year's effektmål serve each strategy and policy, those with most goals first."""
    names = helpers.column("Politik")
    groups = sorted(_grouped(live.year, "policy").items(), key=lambda group: -len(group[1]))
    met = f'{live.column(AnswerColumn.STATUS)}="{Status.MET}"'
    found = []
    for name, goals in groups[:_MOST_POLICIES]:
        same = f"{live.column('policy')}={names.add(name)}"
        found.append(_serving(name, goals, live.summed(same), live.summed(same, met)))
    return tuple(found), "" if groups else "Årets effektmål nævner ingen politikker.", len(groups) - len(found)


def _serving(name: str, goals: Sequence[GoalRow], every: str, met: str) -> Serving:
    ids = [row.text("id") for row in goals]
    numbers = f"{len(goals)} mål, {_number(goals, Status.MET)} opfyldt" if goals else NOT_STATED
    return Serving(name, Cell(numbers, formula=f'IF({every}=0,"{NOT_STATED}",{every}&" mål, "&{met}&" opfyldt")'),
                   some(ids, _FIRST_IDS if len(ids) > _MOST_IDS else len(ids)))


# ---------------------------------------------------------------- what is new since last time

def _news(changed: Sequence[Change], live: SheetRefs, agreement: Agreement) -> News:
    """Say what is new, changed and withdrawn, and show the first of it."""
    if not changed:
        return News("Intet nyt siden sidst.")
    numbers = {kind: sum(each.kind is kind for each in changed) for kind in Kind}
    words = {Kind.NEW: ("nyt", "nye"), Kind.CHANGED: ("ændret", "ændrede"),
             Kind.WITHDRAWN: ("trukket tilbage", "trukket tilbage")}
    said = [count(numbers[kind], *words[kind]) for kind in Kind if numbers[kind]]
    goals = {goal.id: goal for goal in agreement.goals}
    lines = tuple((each.kind.value, _link(each.goal, live), _what(each, goals.get(each.goal)))
                  for each in changed[:_MOST_NEWS])
    return News(f"{listing(said)} siden sidst.", lines, len(changed) - len(lines))


def _link(goal: str, live: SheetRefs) -> Cell:
    """Return a Mål-id that leads to its row, wherever the row has been sorted to."""
    if goal not in {row.text("id") for row in live.rows}:
        return Cell(goal)
    word = f'"{goal}"'
    ids = live.column("id")
    row = f"ROW(INDEX({ids},MATCH({word},{ids},0)))"  # the row itself: others may be put in above the header
    return Cell(goal, formula=live.linked(f"IFERROR({row},{live.first})", word))


def _what(change: Change, goal: Goal | None) -> str:
    before, now = (spoken_text(text, change.field, goal) for text in (change.before, change.now))
    if change.kind is Kind.CHANGED:
        return cut(f"{change.header}: {cut(before, _VALUE_ROOM)} → {now}", _NEWS_ROOM)
    return cut(f"{change.header}: {now or before}", _NEWS_ROOM)
