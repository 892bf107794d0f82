"""What a report says of goals, whosever they are: counts, tables by udviklingsmål, what needs attention, the appendix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aftale.agreement.measures import contradicts
from aftale.agreement.methods import rule_of
from aftale.followup.front_sheet import GROUPS
from aftale.followup.last_round import LastRound
from aftale.model.agreement import COUNTED, MISSING, NOT_STATED, NOT_THIS_YEAR, UNDECIDED, Method, Status
from aftale.model.movement import Movement, movement
from aftale.model.tables import MATRIX_HEADERS
from aftale.model.text import beside_number, capital, cut_at_word, danish_number, fold, listing, some
from aftale.office.palette import INK, STATUS_COLOURS, STATUS_MARKS
from aftale.report.model import Block, Figure, Look, Para, Run, TableCell, TextTable, cell, labelled, text
from aftale.units.model import UnitGoal
from aftale.units.workbook import unanswered

NOTHING = "–"
MOST_ATTENTION, _MOST_IDS = 8, 12
_GOAL_ROOM, _SAID_ROOM = 90, 240
"""How much of a goal's text, and of a remark, stands where it is only named: all of it stands under Målene."""
_NO_STEP = "Ikke oplyst."
_DELIVERY = "Leverance"


@dataclass(frozen=True)
class Goals:
    """The goals that a report is about, and what else is known of them.

    ``last`` is the round before; ``reported`` has, by Mål-id, the status that was reported where another one holds.
    """

    followed: tuple[UnitGoal, ...]
    last: LastRound | None = None
    reported: Mapping[str, str] = field(default_factory=dict)

    @property
    def year(self) -> tuple[UnitGoal, ...]:
        """The year's goals, delmål included."""
        return tuple(goal for goal in self.followed if goal.active)

    @property
    def effects(self) -> tuple[UnitGoal, ...]:
        """The year's effektmål, which are those that are counted."""
        return tuple(goal for goal in self.year if goal.is_effect)

    def before(self, goal: UnitGoal) -> str:
        """Return the goal's status in the last round, '' where it had no part in it."""
        return self.last.statuses.get(goal.id, "") if self.last else ""


# ---------------------------------------------------------------- one goal

def shortened(said: str, most: int) -> str:
    """Return a text of at most so many characters; the sign that there is more stays with its last word."""
    return f"{kept}\u00a0…" if (kept := cut_at_word(said, most).removesuffix(" …")) != said else said


def status_cell(status: str, *more: str) -> TableCell:
    """Return a status with its mark and its colours, and what else is said of it below."""
    fill, ink = STATUS_COLOURS.get(status, ("", INK))
    shown = f"{STATUS_MARKS.get(status, '')} {status}".strip()
    return cell(text(shown, Look.STATUS, ink=ink), *(text(each, Look.SMALL, ink=ink) for each in more), fill=fill)


def moved(goal: UnitGoal, goals: Goals) -> str:
    """Say how a goal has moved since the last round, with the arrow that shows it."""
    if goals.last is None:
        return ""
    before = goals.before(goal)
    move = movement(before, goal.status)
    said = {Movement.FORWARD: f"frem fra {before.lower()}", Movement.BACK: f"ned fra {before.lower()}",
            Movement.FIRST: "første svar", Movement.UNCHANGED: f"som {goals.last.when}"}
    if move is not None:
        changed = move is Movement.UNCHANGED and before != goal.status
        return f"{move} {goals.last.when}: {before.lower()}" if changed else f"{move} {said[move]}"
    return f"{goals.last.when}: {before.lower()}" if before and before != goal.status else ""


def points_at(goal: UnitGoal) -> str:
    """Say what the figures point at where that contradicts the status."""
    if not contradicts(goal.status, goal.computed, goal.fulfilment):
        return ""
    return f"Tallene peger på »{goal.computed or 'ikke opfyldt endnu'}«"


def said_result(goal: UnitGoal) -> str:
    """Say a result with its unit: ``16 rekvisitioner``, ``22,5 %``; '' where there is none."""
    if not isinstance(goal.result, float):
        return goal.result or ""
    if goal.number == "percent":
        return f"{danish_number(goal.result)} %"
    number = danish_number(goal.result, int(goal.number) if goal.number.isdigit() else None)
    return f"{number} {beside_number(goal.unit, goal.result)}".strip()


def reached(goal: UnitGoal) -> str:
    """Say how much of the target is reached; '' where that can't be said."""
    share = goal.fulfilment
    if share is None or share < 0:
        return ""
    return "Målet er nået" if share >= 1 else f"{min(99, int(100 * share + 0.500001))} % af målet"


def _is_measured(goal: UnitGoal) -> bool:
    return goal.method in set(Method) and rule_of(Method(goal.method)).measured


def _result_cell(goal: UnitGoal) -> TableCell:
    said = said_result(goal)
    if not said:
        none = "Intet tal endnu" if _is_measured(goal) else "Måles ikke i tal"
        return cell(text(none, Look.SMALL))
    paras = [text(said, bold=True), *([text(share)] if (share := reached(goal)) else [])]
    as_of = f"{goal.as_of:%d-%m-%Y}" if goal.as_of else goal.words.get("as_of", "")
    if as_of:
        paras.append(text(f"opgjort {as_of}", Look.SMALL))
    return cell(*paras)


def agreed_lines(goal: UnitGoal) -> Iterator[str]:
    """Yield what is agreed of a goal: the target as a sentence, from what, how it is seen and by when."""
    if goal.goal and goal.goal != _DELIVERY:
        yield f"Aftalt: {goal.goal}"
    baseline = "" if goal.baseline is None else said_number(goal, goal.baseline)
    if baseline := goal.words.get("baseline", "") or baseline:
        yield f"Udgangspunkt: {baseline}"
    yield from (f"{label}: {said}" for label, said in (("Indikator", goal.indicator), ("Frist", goal.due)) if said)


def said_number(goal: UnitGoal, number: float) -> str:
    """Say a number of a goal in its unit: percent, or as it is."""
    return f"{danish_number(number)}{' %' if goal.number == 'percent' else ''}"


def _goal_cell(goal: UnitGoal, heading: str = "") -> TableCell:
    own = (Run(f"{goal.id}  ", True), *([] if goal.is_effect else [Run(f"{capital(goal.level.danish)}: ")]), Run(goal.text))
    above = [text(heading, Look.SMALL)] if heading else []
    return cell(*above, Para(own, Look.CELL), *(text(line, Look.SMALL) for line in agreed_lines(goal)))


def _remark_cell(goal: UnitGoal, department: str) -> TableCell:
    paras = [text(goal.remarks or NOTHING)]
    if goal.next_step:
        paras.append(labelled("Næste skridt", goal.next_step))
    if department and goal.department:
        paras.append(labelled(department, goal.department))
    return cell(*paras)


# ---------------------------------------------------------------- the goals, table by table

def grouped(goals: Sequence[UnitGoal], key: Callable[[UnitGoal], str]) -> dict[str, list[UnitGoal]]:
    """Group goals by a text, in the order in which the texts come."""
    names: dict[str, str] = {}
    found: dict[str, list[UnitGoal]] = {}
    for goal in goals:
        found.setdefault(names.setdefault(fold(key(goal)), key(goal)), []).append(goal)
    return found


def goal_blocks(goals: Goals, look: Look = Look.SECTION, department: str = "", title: str = "") -> Iterator[Block]:
    """Yield a heading and a table for each udviklingsmål; ``department`` is whose remarks are shown as well.

    ``title`` says whose goals they are, where a report is about several: what was gathered of those has no next step.
    """
    for name, found in grouped(goals.year, lambda goal: goal.texts[0]).items():
        heading = name or "Uden udviklingsmål"
        yield text(heading, look)
        yield goal_table(f"{title}{heading}", Goals(tuple(found), goals.last, goals.reported), department,
                         next_steps=not title)


def goal_table(title: str, goals: Goals, department: str = "", *, next_steps: bool = True) -> TextTable:
    """Return the table of some goals with status, result, remark and, unless it isn't known, next step."""
    rows, focus = [], ""
    for goal in goals.followed:
        here = goal.texts[1] if goal.texts[1] != goal.text else ""
        heading = f"Fokusområde: {here}" if here and here != focus else ""
        focus = here or focus
        was = goals.reported.get(goal.id, "")
        notes = (moved(goal, goals), points_at(goal), f"indberettet: {was.lower()}" if was else "")
        rows.append((_goal_cell(goal, heading), status_cell(goal.status, *filter(None, notes)), _result_cell(goal),
                     _remark_cell(goal, department)))
    remark, told = (("Bemærkning og næste skridt", "resultat, bemærkning og næste skridt") if next_steps
                    else ("Bemærkning", "resultat og bemærkning"))
    return TextTable(title, f"{len(rows)} mål med status, {told}.", ("Mål", "Status", "Resultat", remark),
                     (5.2, 2.9, 3.7, 4.8), tuple(rows))


# ---------------------------------------------------------------- counts

def counts(goals: Sequence[UnitGoal]) -> dict[str, int]:
    """Return how many effektmål have each status, in the order of the statuses; one that isn't known stands last."""
    numbers = Counter(goal.status for goal in goals)
    return {**{status: numbers[status] for status in COUNTED},
            **{status: number for status, number in numbers.items() if status not in COUNTED}}


def figure(title: str, now: Mapping[str, int], last: LastRound | None, before: Mapping[str, int]) -> Figure:
    """Return the bar of the statuses now, and of the last round where there is one."""
    labels = ("Nu", last.header) if last else ("Nu",)
    series = tuple((status, (number, before.get(status, 0)) if last else (number,)) for status, number in now.items())
    bars = [f"{label}: {_spoken([(status, numbers[at]) for status, numbers in series])}." for at, label in enumerate(labels)]
    return Figure(title, f"Stablet søjlediagram over målene efter status. {' '.join(bars)}", labels, series)


def _spoken(numbers: Sequence[tuple[str, int]]) -> str:
    return listing([f"{number} {status.lower()}" for status, number in numbers if number]) or "ingen mål"


def status_table(now: Mapping[str, int], last: LastRound | None, before: Mapping[str, int]) -> TextTable:
    """Return the number of effektmål with each status, now and in the last round."""
    total = sum(now.values())
    headers = ("Status", "Nu", "Andel", *((last.header, "Ændring") if last else ()))
    rows = []
    for status, number in now.items():
        if number or before.get(status):
            then = before.get(status, 0)
            change = number - then
            sign = "+" if change > 0 else "−" if change < 0 else ""
            compared = (str(then), f"{sign}{abs(change)}") if last else ()
            rows.append((status_cell(status), cell(text(str(number), bold=True)),
                         *map(cell, (f"{int(100 * number / total + 0.5)} %" if total else NOTHING, *compared))))
    ends = (str(sum(before.values())), "") if last else ()
    rows.append(tuple(cell(text(each, bold=True)) for each in ("I alt", str(total), "100 %" if total else NOTHING, *ends)))
    when = f" og {last.when}" if last else ""
    return TextTable("Status for årets effektmål", f"Antal effektmål med hver status nu{when}.", headers,
                     (6.2, *[2.4] * (len(headers) - 1)), tuple(rows), tuple(range(1, len(headers))))


def matrix(title: str, groups: Mapping[str, Sequence[UnitGoal]]) -> Iterator[Block]:
    """Yield a table with a row per group: how many goals are reached, under way, behind and else; and what that means."""
    rows = []
    for name, goals in groups.items():
        numbers = [sum(goal.status in group for goal in goals) for group in GROUPS]
        numbers = [*numbers, len(goals) - sum(numbers), len(goals)]
        rows.append((cell(name or "Uden navn"), *(cell(text(str(each), bold=at == len(GROUPS) + 1))
                                                  for at, each in enumerate(numbers))))
    yield text(f"Fordelt på {title.lower()}", Look.SECTION)
    yield TextTable(f"Status fordelt på {title.lower()}", "Antal effektmål, der er nået, på vej, bagud og andet.",
                    (title, *MATRIX_HEADERS, "I alt"), (8.1, *[1.7] * 5), tuple(rows), (1, 2, 3, 4, 5))
    said = [f"{name}: {listing([each.lower() for each in group]).replace(' og ', ' eller ')}."
            for name, group in zip(MATRIX_HEADERS, GROUPS, strict=False)]
    yield text(" ".join((*said, f"{MATRIX_HEADERS[-1]}: alle andre.")), Look.NOTE)


def served_blocks(effects: Sequence[UnitGoal], demands: Sequence[str], name: str = "Krav",
                  named: bool = True) -> Iterator[Block]:
    """Yield how many effektmål serve each demand and each policy, and which where they are ``named``."""
    found = [(demand, [goal for goal in effects if any(fold(demand) in fold(each) for each in goal.demands)])
             for demand in demands]
    policies = [(policy, goals) for policy, goals in grouped(effects, lambda goal: goal.policy).items() if policy]
    stated = any(goals for _, goals in found)
    lines = [*(found if stated else []), *policies]
    if lines:
        which = [[cell(some([goal.id for goal in goals], _MOST_IDS) or NOT_STATED)] if named else [] for _, goals in lines]
        rows = tuple((cell(each), cell(str(len(goals))), cell(str(sum(goal.status == Status.MET for goal in goals))), *more)
                     for (each, goals), more in zip(lines, which, strict=True))
        yield TextTable("Krav og politikker", "Hvor mange effektmål der følger hvert krav og hver politik, og hvor mange"
                        " af dem der er opfyldt.", (f"{name} eller politik", "Mål", "Opfyldt", "Hvilke mål")[:len(rows[0])],
                        (6.4, 1.5, 1.9, 6.8)[:len(rows[0])], rows, (1, 2))
    if demands and not stated:
        yield text(f"Det er ikke angivet, hvilke af årets mål der opfylder kravene om {listing(list(demands)).lower()}.",
                   Look.NOTE)
    if not lines and not demands:
        yield text("Årets effektmål nævner hverken krav eller politikker.", Look.NOTE)


# ---------------------------------------------------------------- what needs attention

def attention(goals: Sequence[UnitGoal]) -> list[UnitGoal]:
    """Return the goals that a committee should look at first, the most urgent first, as on ``Overblik``."""
    ranked = [(rank, goal) for goal in goals if (rank := _rank(goal)) is not None]
    return [goal for _, goal in sorted(ranked, key=lambda pair: pair[0])]


def _rank(goal: UnitGoal) -> int | None:
    status, effect = goal.status, goal.is_effect
    classes = (status == Status.NOT_MET, status == Status.NOT_EXPECTED, effect and status == Status.PARTLY,
               UNDECIDED in (status, goal.result), effect and status == MISSING, bool(points_at(goal)))
    return next((rank for rank, true in enumerate(classes) if true), None)


def attention_row(goal: UnitGoal, goals: Goals, before: str = "") -> tuple[TableCell, ...]:
    """Return a line of what needs attention; ``before`` stands before the goal: whose it is, where there are several."""
    named = Para((*([Run(f"{before}: ")] if before else []), Run(f"{goal.id} ", True),
                  Run(shortened(" ".join(goal.text.split()), _GOAL_ROOM))), Look.CELL)
    note = moved(goal, goals)
    return (cell(named), status_cell(goal.status, *([note] if note else [])), cell(_why(goal)),
            cell(shortened(goal.next_step, _SAID_ROOM) or _NO_STEP))


ATTENTION_HEADERS, ATTENTION_WIDTHS = ("Mål", "Status", "Hvorfor", "Hvad sker der nu"), (5.2, 3.2, 4.6, 3.6)


def attention_blocks(goals: Goals) -> Iterator[Block]:
    """Yield the table of what needs attention, and how many goals there is no room for."""
    found = attention(goals.year)
    if not found:
        yield text("Der er ikke noget, der kræver særlig opmærksomhed.", Look.BODY)
        return
    rows = tuple(attention_row(goal, goals) for goal in found[:MOST_ATTENTION])
    yield TextTable("Mål, der kræver opmærksomhed", f"{len(rows)} mål med status, årsag og næste skridt.",
                    ATTENTION_HEADERS, ATTENTION_WIDTHS, rows)
    if len(found) > len(rows):
        yield text(f"Yderligere {danish_number(len(found) - len(rows))} mål kræver opmærksomhed. De står under Målene.",
                   Look.NOTE)


def _why(goal: UnitGoal) -> str:
    """Say in figures and in people's own words why a goal needs attention."""
    if UNDECIDED in (goal.status, goal.result):
        return "Der er givet forskellige svar, som ikke er afklaret."
    if goal.status == MISSING:
        return unanswered(goal)
    result = said_result(goal)
    sentences = [each for each in (points_at(goal), f"{result}{_against(goal)}" if result else "") if each]
    said = [*(f"{each.removesuffix('.')}." for each in sentences), shortened(goal.remarks, _SAID_ROOM)]
    return " ".join(filter(None, said)) or "Der er ingen bemærkning."


def _against(goal: UnitGoal) -> str:
    """Say what a result is held against, so that it reads well whatever the target says."""
    agreed = f"{goal.goal[:1].lower()}{goal.goal[1:]}"
    if goal.goal in ("", _DELIVERY):
        return ""
    return f" mod {agreed}" if goal.goal.startswith((Method.AT_LEAST, Method.AT_MOST)) else f" (aftalt: {agreed})"


# ---------------------------------------------------------------- the appendix

def appendix(goals: Goals) -> TextTable:
    """Return a table of all goals of the plan with what is agreed of them; those of the year are only named."""
    then = f"Status {goals.last.when}" if goals.last else ""
    rows = []
    for goal in goals.followed:
        own = "" if goal.is_effect else f"{capital(goal.level.danish)}: "
        above = [] if goal.active else [text(" – ".join(filter(None, goal.texts[:goal.level.value - 1])), Look.SMALL)]
        whole = shortened(goal.text, _GOAL_ROOM) if goal.active else goal.text
        served = [*goal.demands, *([goal.policy] if goal.policy else [])]
        agreed = [line.removeprefix("Aftalt: ") for line in agreed_lines(goal)] or [goal.goal or NOTHING]
        small = [cell(text(said or NOTHING, Look.SMALL)) for said in (
            ", ".join(served), goal.owners, *([goals.before(goal)] if then else []))]
        status = cell(text(goal.status, Look.SMALL)) if goal.status == NOT_THIS_YEAR else status_cell(goal.status)
        rows.append((cell(text(goal.id, bold=goal.is_effect)), cell(*above, f"{own}{whole}"),
                     cell(*(text(line, Look.SMALL) for line in agreed)), *small, status))
    headers = ("Mål-id", "Mål", "Aftalt", "Krav og politik", "Ansvarlig", *([then] if then else []), "Status nu")
    widths = (1.9, 7.4, 5.2, 3.6, 3.0, *([2.6] if then else []), 2.8)
    return TextTable("Alle mål i planen", "En række for hvert effektmål og delmål med det, der er aftalt, og status.",
                     headers, widths, tuple(rows))
