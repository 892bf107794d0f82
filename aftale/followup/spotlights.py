"""What deserves a look first on ``Overblik``: lines that follow ``Opfølgning``, each value beside its formula.

A goal is put in the first of `_CLASSES` that fits. Hidden columns hold the class of every row and a key made of the class
and the row's number; the smallest keys are the lines, so that they are right however ``Opfølgning`` is sorted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from aftale.agreement.measures import contradicts, needs_baseline
from aftale.followup.formulas import GoalRow, HelperColumn, HiddenCells, SheetRefs, contradiction, quoted, shortened
from aftale.followup.goal_status import BY_MAIL, CONFLICTING, FOLLOWS, NO_OWNER, NOTHING, PARTLY, UNREAD
from aftale.followup.last_round import LAST_STATUS, LastRound, Moves
from aftale.model.agreement import (
    MISSED,
    MISSING,
    SAYS_NOT_REACHED,
    UNDECIDED,
    Agreement,
    AnswerColumn,
    Method,
    Status,
)
from aftale.model.tables import Cell, Spotlight
from aftale.model.text import cut, listing

MOST = 8
_SPARE = 1
"""How many lines stand ready for what turns up when a status is changed."""
_STEP = 100_000
_GOAL_ROOM, _TEXT_ROOM, _SAID_ROOM = 96, 300, 72
_LARGE = 1_000_000
_ADVICE = " til. Filtrér Opfølgning efter Status for at se dem alle."
_NOTHING = "Der er ikke noget, der kræver særlig opmærksomhed."
_NOT_MET, _NOT_EXPECTED, _PARTLY, _UNDECIDED, _MISSING, _CONTRADICTS, _NO_BASELINE, _STALE = range(1, 9)
_CONFLICT = "Der er givet forskellige svar."
_ASKED = (_NOT_MET, _NOT_EXPECTED)
_NO_REMARK, _MAY_REMARK = "Der mangler en bemærkning.", "Der er ingen bemærkning."
_NEXT, _NO_STEP = "\nNæste skridt: ", "\nNæste skridt: ikke oplyst."
_NOT_YET = "ikke opfyldt endnu"
WHO_SAID = {NOTHING: " har intet at melde.", PARTLY: " har svaret, men ikke valgt en status.",
            BY_MAIL: " har svaret i en mail."}
"""What is said of the ansvarlige by the Svarstatus of a goal without a status."""
SAID_OF_GOAL = {NO_OWNER: "Målet har ingen ansvarlig.", FOLLOWS: "Der mangler svar på målets delmål.",
                CONFLICTING: _CONFLICT, UNREAD: "Der er skrevet noget, der ikke kan læses som et svar."}
"""The same where they aren't named."""
_NONE = "(intet)"  # not a text that anybody types where there is no result


@dataclass(frozen=True)
class LiveSheet:
    """``Opfølgning`` as formulas refer to it, the hidden cells under way, and of every row its kind and how it has moved."""

    live: SheetRefs
    helpers: HiddenCells
    kind: HelperColumn
    moves: Moves | None = None


def spotlights(sheet: LiveSheet, agreement: Agreement,
               last: LastRound | None) -> tuple[tuple[Spotlight, ...], tuple[Cell, ...]]:
    """Return the lines to look at first, the last of them empty and ready, and what is said of those besides.

    That depends on how many of the lines there is room for: the first is for none of them.
    """
    keys, sorted_keys = _Classes(sheet, agreement, last).keys()
    lines = min(MOST, len(sorted_keys) + _SPARE)
    maker = _Lines(sheet, agreement, last, keys, sorted_keys)
    more = tuple(_more(len(sorted_keys), f"COUNT({keys.all})", drawn) for drawn in range(lines + 1))
    return tuple(maker.line(number) for number in range(1, lines + 1)), more


def _more(number: int, many: str, drawn: int) -> Cell:
    """Say how many goals deserve a look besides those that are drawn, and where they are; ``many`` counts them all."""
    rest = number - drawn
    return Cell(f"… og {rest}{_ADVICE}" if rest > 0 else "",
                formula=f'IF({many}>{drawn},"… og "&({many}-{drawn})&"{_ADVICE}","")')


class _Classes:
    """Puts every row of ``Opfølgning`` into its class."""

    def __init__(self, sheet: LiveSheet, agreement: Agreement, last: LastRound | None) -> None:
        self.live, self.kind, self.last, helpers = sheet.live, sheet.kind, last, sheet.helpers
        self.group, self.key = helpers.column("Gruppe"), helpers.column("Orden")
        known = helpers.column("Statusser")
        self.not_reached, self.missed = (known.add(f"|{'|'.join(words)}|") for words in (SAYS_NOT_REACHED, MISSED))
        self.baselines = helpers.column("Kræver udgangspunkt")
        self.past_id, self.past_result = helpers.column("Sidst: mål"), helpers.column("Sidst: resultat")
        there = {row.text("id") for row in self.live.rows if row.kind == 1}
        self.wanting = [goal.id for goal in agreement.goals if goal.id in there and needs_baseline(goal.measure)]
        for goal in self.wanting:
            self.baselines.add(goal)
        percent = {goal.id for goal in agreement.goals if goal.measure.in_percent}
        self.past = {goal: result / 100 if result is not None and goal in percent else result
                     for goal, result in (last.results.items() if last else ()) if goal in there}
        for goal, stored in self.past.items():
            self.past_id.add(goal)
            self.past_result.add(_NONE if stored is None else stored)

    def keys(self) -> tuple[HelperColumn, list[int]]:
        """Write the class and the key of every row; return the column of the keys, and the keys from the smallest."""
        found = []
        wanting = set(self.wanting)
        for at, row in enumerate(self.live.rows):
            number = self._class(row, wanting)
            group = self.group.add(float(number), self._class_formula(row.row, self.kind.at(at)))
            key = number * _STEP + row.row if number else None
            self.key.add("" if key is None else float(key), f'IF({group}=0,"",{group}*{_STEP}+'
                         f'ROW({self.live.at("id", row.row)}))')
            found += [] if key is None else [key]
        return self.key, sorted(found)

    def _class(self, row: GoalRow, wanting: set[str]) -> int:
        if not row.kind:
            return 0
        status, effect, computed = row.text(AnswerColumn.STATUS), row.kind == 1, row.text("computed")
        fits = (
            (_NOT_MET, status == Status.NOT_MET), (_NOT_EXPECTED, status == Status.NOT_EXPECTED),
            (_PARTLY, effect and status == Status.PARTLY),
            # as Excel compares: capital letters don't matter
            (_UNDECIDED, UNDECIDED.casefold() in (status.casefold(), row.text(AnswerColumn.RESULT).casefold())),
            (_MISSING, effect and status == MISSING),
            (_CONTRADICTS, contradicts(status, computed, row.number("fulfilment"))),
            (_NO_BASELINE, effect and row.cells.get(AnswerColumn.BASELINE) is None and status != Status.DROPPED
             and row.text("id") in wanting),
            (_STALE, effect and status not in (Status.MET, Status.DROPPED) and self._stale(row, status)))
        return next((number for number, true in fits if true), 0)

    def _stale(self, row: GoalRow, status: str) -> bool:
        """Tell whether a goal's status and result are those of the last round."""
        goal = row.text("id")
        return goal in self.past and row.text(LAST_STATUS) == status and self.past[goal] == row.cells.get(
            AnswerColumn.RESULT)

    def _class_formula(self, row: int, kind: str) -> str:
        at = partial(self.live.at, row=row)
        status, result, computed, goal = at(AnswerColumn.STATUS), at(AnswerColumn.RESULT), at("computed"), at("id")
        # not FALSE, which LibreOffice saves as FALSE(): the formula would be taken for somebody's own
        same = (f'IF({at(LAST_STATUS)}={status},SUMPRODUCT(({self.past_id.all}={goal})*'
                f'({self.past_result.all}=IF({result}="","{_NONE}",{result})))>0,1=0)' if self.last else "1=0")
        fits = (
            (_NOT_MET, f'{status}="{Status.NOT_MET}"'), (_NOT_EXPECTED, f'{status}="{Status.NOT_EXPECTED}"'),
            (_PARTLY, f'AND({kind}=1,{status}="{Status.PARTLY}")'),
            (_UNDECIDED, f'OR({status}="{UNDECIDED}",{result}="{UNDECIDED}")'),
            (_MISSING, f'AND({kind}=1,{status}="{MISSING}")'),
            (_CONTRADICTS, contradiction(status, computed, at("fulfilment"), self.not_reached, self.missed)),
            (0, f"{kind}<>1"),  # the rest is only asked of effektmål
            (_NO_BASELINE, f'AND({at(AnswerColumn.BASELINE)}="",{status}<>"{Status.DROPPED}",'
                           f"COUNTIF({self.baselines.all},{goal})>0)"),
            (0, f'OR({status}="{Status.MET}",{status}="{Status.DROPPED}")'),
            (_STALE, same))
        chain = "".join(f"IF({test},{number}," for number, test in fits)
        return f"IFERROR(IF({kind}=0,0,{chain}0{')' * len(fits)}),0)"


class _Lines:
    """Says the goals with the smallest keys."""

    def __init__(self, sheet: LiveSheet, agreement: Agreement, last: LastRound | None, keys: HelperColumn,
                 sorted_keys: Sequence[int]) -> None:
        self.live, self.moves, self.keys, self.sorted = sheet.live, sheet.moves, keys, sorted_keys
        self.rows = {row.row: row for row in sheet.live.rows}
        self.fixed = {_NO_BASELINE: "Udgangspunktet mangler, så målet ikke kan gøres op.",
                      _STALE: f"Intet nyt siden {last.since if last else 'sidst'}: samme status og resultat."}
        titles = ("orden", "række", "gruppe", "mål", "ansvarlig", "hvem", "bemærkning", "næste skridt", "tal",
                  "målopfyldelse", "mangler", "hvorfor")
        (self.key, self.row, self.group, self.goal, self.owners, self.who, self.remark, self.step, self.figures, self.share,
         self.lacks, self.why) = (sheet.helpers.column(f"Linje: {title}") for title in titles)
        self.plain = sheet.helpers.column("Tælles op")
        self.counts = frozenset(goal.id for goal in agreement.goals
                                if goal.measure.method is Method.AT_LEAST and not goal.measure.in_percent)
        for row in sheet.live.rows:
            if row.kind and row.text("id") in self.counts:
                self.plain.add(row.text("id"))

    def line(self, number: int) -> Spotlight:
        """Return the line with a number from 1."""
        known = self.sorted[number - 1] if number <= len(self.sorted) else 0
        key = self.key.add(float(known), f"IF(COUNT({self.keys.all})<{number},0,SMALL({self.keys.all},{number}))")
        at = self.row.add(float(known % _STEP), f"MOD({key},{_STEP})")
        group = self.group.add(float(known // _STEP), f"INT({key}/{_STEP})")
        row = self.rows.get(known % _STEP)
        goal, goal_text = self._goal(at, row)
        why, why_text = self._why(at, group, row, known // _STEP)
        formula = shortened(goal, _GOAL_ROOM)
        text = _NOTHING if number == 1 and not self.sorted else cut(goal_text, _GOAL_ROOM)
        target = self.live.linked(at, self._text("id", at))
        return Spotlight(
            Cell(row.text(AnswerColumn.STATUS) if row else "", formula=self._if(at, self._text(AnswerColumn.STATUS, at))),
            Cell(row.text("id") if row else "", formula=self._if(at, target)),
            Cell(text, formula=f'IF(COUNT({self.keys.all})=0,"{_NOTHING}",{formula})' if number == 1 else formula),
            Cell(why_text, formula=f'{why}&""'),
            self.moves.before_line(at, row) if self.moves else Cell(""))

    def _if(self, at: str, formula: str) -> str:
        return f'IF({at}=0,"",{formula})'

    def _text(self, key: str, at: str) -> str:
        return f'{self.live.picked(key, at)}&""'

    def _goal(self, at: str, row: GoalRow | None) -> tuple[str, str]:
        """Say the goal's own text: that of its lowest level."""
        sub, effect = self.live.picked("sub", at), self.live.picked("effect", at)
        chosen = f'IF({sub}<>"",{sub},IF({effect}<>"",{effect},{self._text("focus", at)}))'
        text = (row.text("sub") or row.text("effect") or row.text("focus")) if row else ""
        text = text[:_TEXT_ROOM].replace("\n", " ")
        return self.goal.add(text, self._if(at, f'SUBSTITUTE(LEFT({chosen},{_TEXT_ROOM}),CHAR(10)," ")')), text

    def _why(self, at: str, group: str, row: GoalRow | None, number: int) -> tuple[str, str]:
        """Say why the goal deserves a look, in a way that fits its class, and on a line of its own what happens next."""
        remark, remark_text = self._cut(self.remark, AnswerColumn.REMARKS, at, row)
        figures, figures_text = self._figures(at, row)
        share, share_text = self._share(at, row, figures, figures_text)
        lacks, lacks_text = self._lacks(at, row)
        step, step_text = self._cut(self.step, AnswerColumn.NEXT_STEP, at, row)
        computed = (row.text("computed") if row else "") or _NOT_YET
        told = f"{share_text}{remark_text}"
        next_text = f"{_NEXT}{step_text}" if step_text else ""
        texts = {**dict.fromkeys(_ASKED, (told or _NO_REMARK) + (next_text or _NO_STEP)),
                 _PARTLY: (told or _MAY_REMARK) + (next_text or _NO_STEP), _UNDECIDED: _CONFLICT, _MISSING: lacks_text,
                 _CONTRADICTS: f"Tallene peger på »{computed}«{f': {figures_text}' if figures_text else ''}.{next_text}",
                 **{each: said + next_text for each, said in self.fixed.items()}}
        empty = f'IF({group}={_PARTLY},"{_MAY_REMARK}","{_NO_REMARK}")'
        then = f'IF({step}="","",{quoted(_NEXT)}&{step})'
        spoken = f'IF({share}&{remark}="",{empty},{share}&{remark})&IF({step}="",{quoted(_NO_STEP)},{then})'
        given = self.live.picked("computed", at)
        points = (f'"Tallene peger på »"&IF({given}="","{_NOT_YET}",{given})&"«"'
                  f'&IF({figures}="","",": "&{figures})&"."&{then}')
        choices = (spoken, spoken, spoken, f'"{_CONFLICT}"', lacks, points,
                   *(f'"{text}"&{then}' for text in self.fixed.values()))
        text = texts.get(number, "")
        return self.why.add(text, self._if(at, f"CHOOSE({group},{','.join(choices)})")), text

    def _cut(self, column: HelperColumn, key: str, at: str, row: GoalRow | None) -> tuple[str, str]:
        """Say the beginning of what somebody has written, on one line."""
        written = row.text(key) if row else ""
        cell = self.live.picked(key, at)
        short = f'LEFT({cell},{_SAID_ROOM - 1})&IF(LEN({cell})>{_SAID_ROOM},"…",MID({cell},{_SAID_ROOM},1))'
        formula = f'SUBSTITUTE({short},CHAR(10)," ")'
        text = cut(written, _SAID_ROOM).replace("\n", " ")
        return column.add(text, self._if(at, formula)), text

    def _figures(self, at: str, row: GoalRow | None) -> tuple[str, str]:
        """Say »16 af 20 rekvisitioner« of a count that is to reach a number; only whole numbers read alike everywhere."""
        result, target, text = (row.number(AnswerColumn.RESULT), row.number("target"), "") if row else (None, None, "")
        if row and row.text("id") in self.counts and result is not None and target is not None and all(
                each == int(each) and abs(each) < _LARGE for each in (result, target)):
            text = " ".join(f"{int(result)} af {int(target)} {row.text('unit')}".split())
        done, wanted, unit = (self.live.picked(key, at) for key in (AnswerColumn.RESULT, "target", "unit"))
        numbers = f"ISNUMBER({done}),ISNUMBER({wanted}),COUNTIF({self.plain.all},{self._text('id', at)})>0"
        whole = f"AND({done}=INT({done}),{wanted}=INT({wanted}),ABS({done})<{_LARGE},ABS({wanted})<{_LARGE})"
        formula = f'IF(AND({numbers}),IF({whole},TRIM({done}&" af "&{wanted}&" "&{unit}),""),"")'
        return self.figures.add(text, self._if(at, formula)), text

    def _share(self, at: str, row: GoalRow | None, figures: str, figures_text: str) -> tuple[str, str]:
        """Say the fulfilment in whole percent, which are written alike in every language, and what it is made of."""
        share = row.number("fulfilment") if row else None
        whole = math.floor(100 * (share or 0) + 0.500001)
        said = "over 999" if whole > 999 else whole
        behind = f": {figures_text}" if figures_text else ""
        text = f"{said} % af målet{behind}. " if share is not None and share >= 0 else ""
        cell = self.live.picked("fulfilment", at)
        shown = f'IF(INT(100*{cell}+0.500001)>999,"over 999",INT(100*{cell}+0.500001))'
        formula = f'IF(ISNUMBER({cell}),IF({cell}<0,"",{shown}&" % af målet"&IF({figures}="","",": "&{figures})&". "),"")'
        return self.share.add(text, self._if(at, formula)), text

    def _lacks(self, at: str, row: GoalRow | None) -> tuple[str, str]:
        """Say who hasn't answered, or what is missing in the answer."""
        names = row.text("owners") if row else ""
        owners = self.owners.add(names, self._if(at, self._text("owners", at)))
        many = f'(LEN({owners})-LEN(SUBSTITUTE({owners},"; ","")))/2'
        joined = (f'IF({owners}="","Den ansvarlige",IF({many}=0,{owners},SUBSTITUTE(SUBSTITUTE({owners},"; "," og ",{many})'
                  ',"; ",", ")))')
        who_text = listing(names.split("; ")) if names else "Den ansvarlige"
        who = self.who.add(who_text if row else "", self._if(at, joined))
        answer = row.text("response") if row else ""
        text = SAID_OF_GOAL.get(answer, f"{who_text}{WHO_SAID.get(answer, ' har ikke svaret.')}") if row else ""
        asked = self.live.picked("response", at)
        formula = "".join(f'IF({asked}="{word}","{said}",' for word, said in SAID_OF_GOAL.items())
        formula += "".join(f'IF({asked}="{word}",{who}&"{said}",' for word, said in WHO_SAID.items())
        formula += f'{who}&" har ikke svaret."' + ")" * (len(SAID_OF_GOAL) + len(WHO_SAID))
        return self.lacks.add(text, self._if(at, formula)), text
