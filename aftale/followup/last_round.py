"""The round before the one under way: what each goal's status was in it, and which way the goals have moved since.

`model.movement.movement` is the rule of movement. Hidden columns of ``Overblik`` hold where each row's two statuses rank and
the arrow between them, so that arrow and line follow whatever is changed in ``Opfølgning``; each value is what its formula
gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aftale.agreement.measures import active_years
from aftale.followup.formulas import GoalRow, HelperColumn, HiddenCells, SheetRefs
from aftale.merge.state import History
from aftale.model.agreement import MISSING, NOT_THIS_YEAR, UNDECIDED, Agreement, AnswerColumn, Round
from aftale.model.movement import STATUS_RANK, Movement, movement
from aftale.model.tables import Cell
from aftale.model.text import capital

LAST_STATUS = "last_status"
"""The key of the column of ``Opfølgning`` with each goal's status in the last round."""
_IDS_ROOM = 40
"""Mål-id are named until they take so many characters; the rest are counted."""
_NO_STATUS = -1
_SHORT_MONTH = 4
_RANKS: dict[str, int] = {**STATUS_RANK, **dict.fromkeys((MISSING, UNDECIDED, NOT_THIS_YEAR), _NO_STATUS)}
_NAMED = {Movement.FORWARD: "er gået frem", Movement.BACK: "er gået tilbage"}
"""The movements of which the line names the goals, and how it says them."""
_COUNTED = {Movement.FIRST: ("har fået sit første svar", "har fået deres første svar"),
            Movement.UNCHANGED: ("er uændret", "er uændrede")}
"""The other movements, as they are said of one goal and of several."""
_WITHOUT, _UNLIKE = "er uden status nu", "kan ikke sammenlignes"
NOT_THERE, NO_ANSWER, SAME = "Ikke med", "Intet svar", "Uændret"
"""What is said of a goal in the last round where that isn't its status."""


@dataclass(frozen=True)
class LastRound:
    """The latest round before this one, and what it said of the goals by Mål-id.

    ``since`` is its name in a sentence (``juni``, ``november 2014``), ``when`` says it of something that was then (``i
    juni``) and ``header`` is short enough for a narrow column (``Juni``, ``Nov. 2014``). ``statuses`` has every
    goal that was followed up in it, with `MISSING` where it had no status; ``results`` are points where the unit is %.
    """

    since: str
    when: str
    header: str
    statuses: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, float | None] = field(default_factory=dict)


def last_round(agreement: Agreement, round_: Round, history: Sequence[History]) -> LastRound | None:
    """Return the latest round before this one that anything is known of, None where this is the first."""
    now = agreement.year, round_ is not Round.MIDTVEJS
    earlier = [(at, each) for each in history if (at := (each.year, each.round != Round.MIDTVEJS.value)) < now]
    if not earlier:
        return None
    year, whole = max(at for at, _ in earlier)
    said = {each.goal: each for at, each in earlier if at == (year, whole)}
    results = {goal: each.result for goal, each in said.items()}
    then = [goal.id for goal in agreement.goals if goal.id in said or (not goal.withdrawn and year in active_years(
        goal, agreement.family(goal), agreement.plan_years))]
    statuses = {goal: said[goal].status or MISSING if goal in said else MISSING for goal in then}
    named = _named(agreement, year, Round.AARSOPFOELGNING if whole else Round.MIDTVEJS)
    return replace(named, statuses=statuses, results=results)


def _named(agreement: Agreement, year: int, round_: Round) -> LastRound:
    """Name a round by its month, as the skemaer do; a narrow column has no room for a long month and its year."""
    month = agreement.month_of(year, round_)
    name, _, other = month.partition(" ")
    short = f"{name[:3]}. {other}" if other and len(name) > _SHORT_MONTH else month
    return LastRound(month, f"i {month}", capital(short))


class Moves:
    """The movement of every row, in hidden columns level with those of ``Opfølgning``; ``kind`` is the column of kinds."""

    def __init__(self, live: SheetRefs, helpers: HiddenCells, kind: HelperColumn) -> None:
        self.live, self.kind = live, kind
        words, ranks = helpers.column("Rang: status"), helpers.column("Rang: tal")
        for word, rank in _RANKS.items():
            words.add(word)
            ranks.add(float(rank))
        self._ranked = f"SUMPRODUCT(({words.all}=%s)*{ranks.all})"
        self.before, self.now, self.arrow = (helpers.column(title) for title in ("Rang sidst", "Rang nu", "Retning"))
        self.names = {move: helpers.column(f"Mål, der {said}") for move, said in _NAMED.items()}
        self.numbers, self.parts = helpers.column("Udvikling: antal"), helpers.column("Udvikling: led")
        self.moved = [movement(row.text(LAST_STATUS), row.text(AnswerColumn.STATUS)) if row.kind else None
                      for row in live.rows]
        said = dict.fromkeys(self.names, "")
        for number, row in enumerate(live.rows):
            self._row(number, row, said)
        self.said = said

    def _row(self, number: int, row: GoalRow, said: dict[Movement, str]) -> None:
        """Write the cells beside a row; ``said`` is what the rows down to it have named."""
        before, now, goal = (self.live.at(key, row.row) for key in (LAST_STATUS, AnswerColumn.STATUS, "id"))
        kind, moved = self.kind.at(number), self.moved[number]
        was = self.before.add(float(_rank(row.text(LAST_STATUS))), self._rank(before))
        is_ = self.now.add(float(_rank(row.text(AnswerColumn.STATUS))), self._rank(now))
        arrow = self.arrow.add(
            str(moved or ""), f'IF(OR({kind}=0,{is_}<0),"",IF({was}<0,"{Movement.FIRST}",'
            f'IF({before}={now},"{Movement.UNCHANGED}",IF({was}*{is_}=0,"",IF({is_}>{was},"{Movement.FORWARD}",'
            f'IF({is_}<{was},"{Movement.BACK}","{Movement.UNCHANGED}"))))))')
        for move, column in self.names.items():
            above = column.at(number - 1) if number else '""'
            if row.kind == 1 and moved is move and len(said[move]) < _IDS_ROOM:
                said[move] += f", {row.text('id')}"
            here = f'AND({kind}=1,{arrow}="{move}",LEN({above})<{_IDS_ROOM})'
            column.add(said[move], f'{above}&IF({here},", "&{goal},"")')

    def _rank(self, status: str) -> str:
        return f'IF({status}="",{_NO_STATUS},{self._ranked % status})'

    # ---- the line

    def line(self, since: str, every: str) -> Cell:
        """Say how many of the year's effektmål have moved which way since a round; ``every`` counts them all."""
        parts = [*(self._named(move, said) for move, said in _NAMED.items()),
                 *(self._number(self._of(move), f"{move} ", *said) for move, said in _COUNTED.items())]
        effects = [(moved, row) for moved, row in zip(self.moved, self.live.rows, strict=True) if row.kind == 1]
        without = sum(_rank(row.text(AnswerColumn.STATUS)) < 0 for _, row in effects)
        parts.append(self._number((without, f'COUNTIFS({self.kind.all},1,{self.now.all},"<0")'), "", _WITHOUT, _WITHOUT))
        counted = len(_NAMED) + len(_COUNTED) + 1
        rest = sum(not moved for moved, _ in effects) - without
        known = f"{self.numbers.at(0)}:{self.numbers.at(counted - 1)}"
        parts.append(self._number((rest, f"{every}-SUM({known})"), "", _UNLIKE, _UNLIKE))
        text = "".join(text for text, _ in parts)
        said = "&".join(self.parts.add(part, formula) for part, formula in parts)
        return Cell(f"Siden {since}: {text[3:]}" if text else "",
                    formula=f'IF({said}="","","Siden {since}: "&MID({said},4,999))')

    def _of(self, move: Movement) -> tuple[int, str]:
        """Return how many of the year's effektmål have moved so, and the formula that counts them."""
        number = sum(moved is move and row.kind == 1 for moved, row in zip(self.moved, self.live.rows, strict=True))
        return number, f'COUNTIFS({self.kind.all},1,{self.arrow.all},"{move}")'

    def _number(self, counted: tuple[int, str], mark: str, one: str, several: str) -> tuple[str, str]:
        """Return a part of the line that says a number, '' where it is 0, and its formula."""
        number, formula = counted
        cell = self.numbers.add(float(number), formula)
        word = f'IF({cell}=1,"{one}","{several}")' if one != several else f'"{one}"'
        return (f" · {mark}{number} {one if number == 1 else several}" if number else "",
                f'IF({cell}=0,""," · {mark}"&{cell}&" "&{word})')

    def _named(self, move: Movement, said: str) -> tuple[str, str]:
        """Return the part of the line that names those that have moved so, as many as there is room for."""
        text, formula = self._number(self._of(move), f"{move} ", said, said)
        number, names = self.numbers.at(self.numbers.size - 1), self.names[move].at(max(len(self.live.rows) - 1, 0))
        known = self.said[move]
        rest = self._of(move)[0] - known.count(",")
        left = f'({number}-LEN({names})+LEN(SUBSTITUTE({names},",","")))'
        return (f"{text} ({known[2:]}{f' og {rest} til' if rest else ''})" if text else "",
                f'{formula}&IF({number}=0,""," ("&MID({names},3,99)&IF({left}>0," og "&{left}&" til","")&")")')

    # ---- one goal

    def before_line(self, at: str, row: GoalRow | None) -> Cell:
        """Say how the goal on a row of ``Opfølgning`` stood in the last round; ``at`` holds the row's number, 0 for none."""
        last, status = self.live.picked(LAST_STATUS, at), self.live.picked(AnswerColumn.STATUS, at)
        arrow = f"INDEX({self.arrow.all},{at}-ROW({self.live.at('id', self.live.first)})+1)"
        said = f'IF({last}="","{NOT_THERE}",IF({last}="{MISSING}","{NO_ANSWER}",IF({last}={status},"{SAME}",{last})))'
        return Cell(self._before_text(row), formula=f'IF({at}=0,"",TRIM({arrow}&" "&{said}))')

    def _before_text(self, row: GoalRow | None) -> str:
        if row is None:
            return ""
        last = row.text(LAST_STATUS)
        said = NO_ANSWER if last == MISSING else SAME if last == row.text(AnswerColumn.STATUS) else last
        return f"{self.moved[row.row - self.live.first] or ''} {said or NOT_THERE}".strip()


def _rank(status: str) -> int:
    return _RANKS.get(status, 0) if status else _NO_STATUS
