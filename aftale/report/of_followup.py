"""What the report of one follow-up says: the unit's year, as it stands with everything that the coordinator has decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from aftale.agreement.budget import BUDGET, FRAME
from aftale.agreement.measures import goal_sentence
from aftale.agreement.read_goals import whole_plan
from aftale.followup.build import FollowUp
from aftale.followup.goal_status import GoalResult
from aftale.followup.last_round import LastRound, last_round
from aftale.followup.who_answered import Delivery
from aftale.kse.dialogue import threads
from aftale.model.agreement import MISSING, UNDECIDED, Agreement, Status, demands_followed
from aftale.model.columns import ASSESSMENT as ASSESSED
from aftale.model.columns import FRAME_REMARK, IN_FRAME, KSE_REMARK
from aftale.model.dialogue import WHOLE, WHOLE_AGREEMENT, Names, Party, Utterance, names_of, round_name
from aftale.model.tables import Cell
from aftale.model.text import canonical, capital, danish_date, danish_number, listing
from aftale.office.palette import MARKED_INK
from aftale.report.goal_blocks import (
    NOTHING,
    Goals,
    appendix,
    attention_blocks,
    counts,
    figure,
    goal_blocks,
    grouped,
    matrix,
    served_blocks,
    shortened,
    status_cell,
    status_table,
)
from aftale.report.model import (
    APPENDIX,
    ASSESSMENT,
    ATTENTION,
    CONTENTS,
    DIALOG,
    FIGURE,
    GOALS,
    HEADLINE,
    MOVED,
    PLAN,
    SERVED,
    SHARED_OUT,
    SOURCES,
    STATUSES,
    SUBTITLE,
    TITLE,
    Block,
    Contents,
    Look,
    Para,
    Report,
    Run,
    TableCell,
    TextTable,
    cell,
    labelled,
    text,
)
from aftale.units.model import UnitGoal
from aftale.units.read_unit import judged

_GOAL_ROOM = 90
_PLANNED = {"x": "Planlagt", "(x)": "Følger af andre mål"}


def report_of(agreement: Agreement, result: FollowUp, name: str) -> Report:
    """Return the report of a follow-up that stands in a file of this name."""
    agreement = whole_plan(agreement)
    state, over = result.state, result.book.overview
    last = last_round(agreement, state.round, state.history)
    goals = Goals(tuple(_goal(v, result.kse.remarks.get(v.goal.id, ""), agreement.year) for v in result.goal_results), last,
                  {v.goal.id: v.overruled for v in result.goal_results if v.overruled})
    now, before = counts(goals.effects), _before(goals, last)
    as_of = max((goal.as_of for goal in goals.year if goal.as_of), default=None)
    demands = demands_followed(agreement.of_kse, (each for goal in goals.effects for each in goal.demands))
    round_ = f"{capital(state.round.danish)} {agreement.year}"
    measured = f"Tallene er opgjort {danish_date(as_of)}" if as_of else ""
    unit = agreement.unit or "Enheden"
    period = f"{agreement.period[0]}-{agreement.period[1]}"
    fields = {TITLE: f"Opfølgning på aftalen {agreement.year}", SUBTITLE: " · ".join(filter(None, (unit, round_, measured))),
              HEADLINE: canonical(over.headline.value), MOVED: canonical(over.moved.value), "Enhed": unit,
              "Forvaltning": agreement.department or agreement.short_department, "År": str(agreement.year), "Runde": round_,
              "Periode": period, "Tema": agreement.theme, "Opgjort": danish_date(as_of) if as_of else ""}
    blocks = {FIGURE: [figure("Status for årets effektmål", now, last, before)], ATTENTION: attention_blocks(goals),
              ASSESSMENT: _assessment(result), CONTENTS: [Contents()], STATUSES: [status_table(now, last, before)],
              SHARED_OUT: matrix("Udviklingsmål", grouped(goals.effects, lambda goal: goal.texts[0])),
              SERVED: served_blocks(goals.effects, demands, agreement.demands_header), GOALS: goal_blocks(goals),
              DIALOG: _dialog(agreement, result), PLAN: [_plan(agreement, result, goals)], APPENDIX: [appendix(goals)],
              SOURCES: _sources(result, name, as_of)}
    return Report(fields, {name: tuple(block) for name, block in blocks.items()}, agreement.unit, result.book.created)


def _goal(v: GoalResult, department: str, year: int) -> UnitGoal:
    """Return a goal with its target said as in ``Opfølgning``."""
    return replace(judged(v, department, year), goal=goal_sentence(v.goal, year, v.years))


def _before(goals: Goals, last: LastRound | None) -> dict[str, int]:
    """Count the statuses that the year's effektmål had in the last round."""
    then = [goals.before(goal) for goal in goals.effects] if last else []
    return {status: then.count(status) for status in dict.fromkeys(then) if status}


def _assessment(result: FollowUp) -> Iterator[Block]:
    """Yield what the two parties say of the year as a whole."""
    boxes = {label: canonical(value) for label, value in result.book.overview.boxes}
    yield text(boxes.get(ASSESSED) or "Der er ikke skrevet en samlet vurdering.", Look.BODY)
    frame = " ".join(filter(None, (boxes.get(IN_FRAME), boxes.get(FRAME_REMARK))))
    if frame:
        yield labelled(IN_FRAME, frame, Look.BODY)
    if boxes.get(KSE_REMARK):
        yield labelled(KSE_REMARK, boxes[KSE_REMARK], Look.BODY)


# ---------------------------------------------------------------- the dialogue

def _dialog(agreement: Agreement, result: FollowUp) -> Iterator[Block]:
    """Yield what the two parties have said to each other, thread by thread."""
    names, said = names_of(agreement), threads(result.dialogue)
    if not said:
        yield text(f"Der er ikke skrevet noget til eller fra {names.within(Party.DEPARTMENT)} i denne runde.", Look.BODY)
    texts = {**agreement.register, **{goal.id: goal.text for goal in agreement.goals}}
    for heading, found in ((WHOLE_AGREEMENT, [each for each in said if each[0].goal == WHOLE]),
                           ("De enkelte mål", [each for each in said if each[0].goal != WHOLE])):
        if found:
            yield text(heading, Look.SECTION)
        for thread in found:
            if goal := thread[0].goal:
                yield text(f"{goal} {shortened(texts.get(goal, ''), _GOAL_ROOM)}", Look.THREAD)
            for each in thread:
                yield from _spoken(each, names)


def _spoken(each: Utterance, names: Names) -> Iterator[Block]:
    when = round_name(each)
    stage = _inside(names.stage(each.stage))
    waits = [Run(f" ({stage})", True, MARKED_INK)] if each.stage.party else []
    yield Para((Run(f"{each.who}, {_inside(when)}: ", True), Run(each.text), *waits), Look.SPEECH)
    if each.answer:
        yield labelled(f"{names.of(each.answered_by or each.party.other)}, svar", each.answer, Look.SPEECH)


def _inside(said: str) -> str:
    """Return words as they stand inside a sentence; names in them keep their capitals."""
    return said[:1].lower() + said[1:]


# ---------------------------------------------------------------- the plan, and where the numbers are from

def _plan(agreement: Agreement, result: FollowUp, goals: Goals) -> TextTable:
    """Return the plan's years: what is planned, and how it stood where it was followed up."""
    table = result.book.plan
    keys = [column.key for column in table.columns]
    rows, above = [], ""
    by_id = {goal.id: goal for goal in agreement.goals}
    for line in table.rows:
        own = dict(zip(keys, line, strict=True))
        goal = by_id[canonical(own["id"].value)]
        here = goal.texts[0] if goal.text != goal.texts[0] else ""
        heading = [text(here, Look.SMALL)] if here not in ("", above) else []
        above = here or above
        level = f"{capital(goal.level.danish)}: " if goal.level.danish != "effektmål" else ""
        named = Para((Run(f"{goal.id}  ", True), Run(f"{level}{shortened(goal.text, _GOAL_ROOM * 2)}")), Look.CELL)
        rows.append((cell(*heading, named), *(_year_cell(own[f"y{year}"]) for year in agreement.plan_years)))
    years = tuple(map(str, agreement.plan_years))
    return TextTable(f"Udviklingsplan {years[0]}-{years[-1]}", "Hvornår hvert mål gælder, og hvordan det stod i de år, der"
                     " er fulgt op på.", ("Mål", *years), (max(8.0, 26.0 - 3.6 * len(years)), *[3.6] * len(years)),
                     tuple(rows))


def _year_cell(year: Cell) -> TableCell:
    value = year.value
    if isinstance(value, str) and value in (*Status, MISSING, UNDECIDED):
        return status_cell(value)
    if isinstance(value, float):
        return cell(text(f"Planlagt: {danish_number(value)}{' %' if year.number == 'percent' else ''}", Look.SMALL))
    said = canonical(value)
    return cell(text(_PLANNED.get(said, said) or NOTHING, Look.SMALL))


def _sources(result: FollowUp, name: str, as_of: date | None) -> Iterator[Block]:
    """Yield what the report is made of: the follow-up, who has answered, and as of when."""
    facts = {label: canonical(value.value) for label, value in result.book.overview.facts}
    yield labelled("Kilde", f"opfølgningen »{name}«, som den stod med koordinatorens rettelser", Look.BODY)
    if as_of:
        yield labelled("Seneste opgørelse", danish_date(as_of), Look.BODY)
    facts |= dict(result.book.overview.money)
    yield from (labelled(label, facts[label], Look.BODY) for label in (FRAME, BUDGET, "Frist", "Svar") if facts.get(label))
    by_delivery: dict[Delivery, list[str]] = {}
    for each in result.responses:
        by_delivery.setdefault(each.delivery, []).append(each.form.owner.name)
    for delivery, owners in by_delivery.items():
        yield labelled(delivery.danish, listing(owners), Look.BODY)


