"""What the mail to the department says: how the year stands, what to look at first, and who waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aftale.agreement.measures import goal_sentence
from aftale.agreement.methods import is_level
from aftale.followup.build import FollowUp
from aftale.followup.goal_status import FOLLOWS, GoalResult
from aftale.followup.last_round import LastRound, last_round
from aftale.followup.odd_figures import said_in
from aftale.followup.who_answered import lacking
from aftale.mail.texts import Block, Values
from aftale.mail.values import MailRound, department_in_mail, short
from aftale.merge.merge import HEADERS
from aftale.model.agreement import COUNTED, MISSING, Agreement, AnswerColumn, Level, Method, Round, Status
from aftale.model.columns import ASSESSMENT, IN_FRAME
from aftale.model.dialogue import WHOLE_AGREEMENT, Party, Stage, Utterance, moment, round_name, waiting
from aftale.model.mail import Bullets, StatusTable
from aftale.model.movement import Movement, movement
from aftale.model.tables import Spotlight
from aftale.model.text import beside_number, canonical, count, cut, danish_date, danish_number, slug, some

_MOST_NAMED, _MOST_FIRST = 8, 5
_NOT_COUNTED = "(ikke talt med i tabellen, som kun har effektmål) "
_BOARD = "Se, hvad der mangler, på arket Svaroversigt."
_BEHIND = (Status.NOT_MET, Status.NOT_EXPECTED, Status.PARTLY)
"""The statuses of which the department wants to know why, and what happens now."""
_GOAL_ROOM = 160
_NOT_SAID = "ikke oplyst."
_MORE = "De øvrige står på arket Overblik."


def department_values(about: MailRound, result: FollowUp, file: str, to: str = "", answer_by: date | None = None) -> Values:
    """Return what the mail to KSE says: the round's figures as ``Overblik`` has them, and what to look at first.

    ``to`` is whom it speaks to, and ``answer_by`` when KSE's remarks are to be back.
    """
    overview = result.book.overview
    day = dict(overview.facts).get("Seneste opgørelse")
    rows = tuple((status, number) for status, number in overview.counts if number)
    total = int(overview.total.value) if isinstance(overview.total.value, float) else 0
    waiting = tuple((f"{v.goal.id} {'' if v.goal.level is Level.EFFECT else _NOT_COUNTED}{short(v.goal.text)}",
                     short(canonical(v.value(AnswerColumn.REMARKS))))
                    for v in result.goal_results if v.active and v.shown == Status.AWAITING)
    agreement = about.agreement
    last = last_round(agreement, about.round, result.state.history)
    first = [spot for spot in overview.spotlights if spot.id.value]
    return {
        **about.values(file), **dialogue_values(result.dialogue, about), "modtager": to or department_in_mail(agreement),
        "periode": f"{agreement.period[0]}-{agreement.period[1]}", "hovedtal": canonical(overview.headline.value),
        "opgjort": danish_date(day.value) if day and isinstance(day.value, date) else "",
        "udvikling": moved(result.goal_results, last), "foerst": _look_first(first[:_MOST_FIRST], result, about, last),
        "flere": _MORE if len(first) > _MOST_FIRST else "",
        "svarfrist": danish_date(answer_by) if answer_by else "",
        "vurdering": canonical(result.state.boxes.get(ASSESSMENT)), "status": StatusTable(rows, total),
        "afventer": Bullets(waiting) if waiting else ""}


# ---------------------------------------------------------------- what to look at first

def _look_first(spots: Sequence[Spotlight], result: FollowUp, about: MailRound, last: LastRound | None) -> Bullets | str:
    """Say the goals that ``Overblik`` names first, in its order."""
    known = {v.goal.id: v for v in result.goal_results}
    points = tuple(_point(known[goal], spot, about.agreement.year, last) for spot in spots
                   if (goal := canonical(spot.id.value)) in known)
    return Bullets(points) if points else ""


def _point(v: GoalResult, spot: Spotlight, year: int, last: LastRound | None) -> tuple[str, str]:
    """Say a goal's status, how it was last and its figures; below it the goal, why it is so and what happens now."""
    status, before = canonical(spot.status.value), last.statuses.get(v.goal.id, "") if last else ""
    was = f" (uændret siden {last.since})" if last and before == status else \
        f" ({last.when}: {before})" if last and before not in ("", MISSING) else ""
    figures = said_figures(v, year)
    lines = [short(v.goal.text, _GOAL_ROOM)]
    if status in _BEHIND:
        remark, step = (short(canonical(v.value(column))) for column in (AnswerColumn.REMARKS, AnswerColumn.NEXT_STEP))
        lines += [remark, f"Næste skridt: {step or _NOT_SAID}"]
    else:
        why = canonical(spot.why.value).replace(f": {figures}.", ".") if figures else canonical(spot.why.value)
        lines += why.split("\n")
    return f"{v.goal.id} {status}{was}{f': {figures}' if figures else ''}", "\n".join(filter(None, lines))


def said_figures(v: GoalResult, year: int) -> str:
    """Say a goal's result beside its target, ``16 af 20 rekvisitioner``; '' where there is none."""
    result, measure = v.value(AnswerColumn.RESULT), v.goal.measure
    if not isinstance(result, float):
        return ""
    unit = "" if measure.in_percent else measure.unit
    if measure.method is Method.AT_LEAST and v.target is not None and not is_level(measure):
        return f"{danish_number(result)} af {danish_number(v.target)} {beside_number(unit, v.target)}".strip()
    sentence = "" if measure.method is Method.DELIVERY else goal_sentence(v.goal, year, v.years)
    said = f"{said_in(v.goal, result)} {beside_number(unit, result)}".strip()
    return f"{said}; målet: {sentence[:1].lower()}{sentence[1:]}" if sentence else said


def moved(results: Sequence[GoalResult], last: LastRound | None) -> str:
    """Say how many of the year's effektmål have gone forward and back since the last round, '' where there was none."""
    if last is None:
        return ""
    moves = [movement(last.statuses.get(v.goal.id), v.shown) for v in results if v.counted and v.goal.level is Level.EFFECT]
    forward, back = (moves.count(move) for move in (Movement.FORWARD, Movement.BACK))
    if not forward and not back:
        return f"Siden {last.since} er ingen af dem gået frem eller tilbage." if any(moves) else ""
    number = danish_number(forward) if forward else "ingen"
    return f"Siden {last.since} er {number} gået frem og {danish_number(back) if back else 'ingen'} tilbage."


def dialogue_values(said: Sequence[Utterance], about: MailRound) -> dict[str, str | Block]:
    """Say what waits for the department, what it was answered in this round, and what it waits for."""
    now = moment(about.agreement.year, about.round.value)
    answered = [each for each in said if each.party is Party.DEPARTMENT and each.stage is Stage.ANSWERED
                and each.answered_by == Party.UNIT and each.since == now]
    lists = {"venter_paa_jer": [_quoted(each) for each in waiting(said, Party.DEPARTMENT)],
             "svaret_jer": [(*_quoted(each)[:1], f"I skrev: »{short(each.text)}«\nVores svar: »{short(each.answer)}«")
                            for each in answered],
             "venter_paa_os": [_quoted(each) for each in waiting(said, Party.UNIT)]}
    return {name: Bullets(tuple(points)) if points else "" for name, points in lists.items()}


def _quoted(each: Utterance) -> tuple[str, str]:
    return f"{each.goal or WHOLE_AGREEMENT} ({round_name(each)[:1].lower()}{round_name(each)[1:]})", f"»{short(each.text)}«"


# ---------------------------------------------------------------- the workbook, and whether it is ready

def department_file(agreement: Agreement, round_: Round) -> str:
    """Return the name of the workbook that KSE gets, without its ending: plain ASCII."""
    unit = f"_{slug(agreement.unit)}" if agreement.unit else ""
    return f"opfoelgning_{agreement.year}_{round_.value}{unit}"


def empty_boxes(result: FollowUp) -> tuple[str, ...]:
    """Return the boxes of ``Overblik`` that the unit fills in and that are empty."""
    return tuple(label for label in (ASSESSMENT, IN_FRAME) if not canonical(result.state.boxes.get(label)))


def open_matters(result: FollowUp) -> tuple[str, ...]:
    """Say what is undecided and what lacks an answer, a sentence for each; nothing where the round can be sent."""
    undecided = [f"{goal} ({HEADERS[column]})" for (goal, column), cell in result.merged.cells.items() if cell.conflict]
    lacks = {v.goal.id: {*lacking(v), *(["status"] if v.shown == MISSING and v.response != FOLLOWS else [])}
             for v in result.goal_results if v.active}
    missing = [goal for goal, each in lacks.items() if "status" in each]
    no_result = [goal for goal, each in lacks.items() if "result" in each and goal not in missing]
    no_remark = [goal for goal, each in lacks.items() if "remark" in each]
    unknown = [f"{v.goal.id} (»{cut(v.shown, 30)}«)" for v in result.goal_results if v.active and v.shown not in COUNTED]
    said = ((undecided, "svar er uafklaret", "svar er uafklarede", "Vælg på arket Modstridende svar."),
            (missing, "mål mangler svar", "mål mangler svar", _BOARD),
            (no_result, "mål mangler et resultat", "mål mangler et resultat", _BOARD),
            (no_remark, "mål mangler den bemærkning, som status kræver", "mål mangler den bemærkning, som status kræver",
             _BOARD),
            (unknown, "status kendes ikke", "statusser kendes ikke", "Ret den på arket Opfølgning."))
    return tuple(f"{count(len(found), one, several)}: {some(found, _MOST_NAMED)}. {step}"
                 for found, one, several, step in said if found)
