"""Random years as plain data for `oracle`: an agreement, skemaer that come one after the other, and edits between them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random

from oracle import (
    AARSOPFOELGNING,
    AGAINST_BASELINE,
    GROWTH,
    MIDTVEJS,
    STATUSES,
    Answered,
    File,
    Goal,
    Plan,
    Standing,
    Value,
    Where,
    active,
    baseline_of,
    said,
    target_of,
)

NIGHTLY = os.environ.get("AFTALE_ALLE_FILER") == "1"
FIRST = int(os.environ.get("AFTALE_FROE") or (date.today().toordinal() * 10_000 if NIGHTLY else 1))
MANY = int(os.environ.get("AFTALE_ANTAL_AAR") or (5_000 if NIGHTLY else 300))
"""The seed of the first year, and how many years there are, each with a seed of its own."""
PERIOD = (2015, 2018)
METHODS = ("Mindst", "Mindst", "Højst", "Højst", *GROWTH, *AGAINST_BASELINE, "Leverance", "")
COUNTS = ("arrangementer", "besøg", "kr.", "")
LEVELS = ("%", "%", "procentpoint", "point", "score", "karakter", "andel af skolerne", "gennemsnit pr. borger")
TEAMS = ("Børneteamet", "Ungeteamet", "Husteamet")
WRITERS = ("", "Ledelsen", "Vikaren")
TIMES = ("", *(f"{{year}}-11-{day:02d}T10:00:00Z" for day in (2, 3, 4, 5)))


@dataclass(frozen=True)
class Meanwhile:
    """What happens between two times of flet.

    The coordinator types in ``Opfølgning`` and picks on ``Modstridende svar``, and files come.
    """

    typed: Mapping[Where, Value]
    picked: Mapping[Where, Value]
    files: tuple[File, ...]


@dataclass(frozen=True)
class RandomYear:
    """An agreement with all that happens in a round of it."""

    plan: Plan
    steps: tuple[Meanwhile, ...]


def random_year(random: Random, alone: bool = False) -> RandomYear:
    """Make up a year; one that stands ``alone`` has no earlier rounds, and every file tells when it was saved."""
    plan = _plan(random, alone)
    usual = {where: value for goal in plan.goals for where, value in _answers(random, plan, goal).items()}
    for effect in sorted({goal.effect for goal in plan.goals}):
        if random.random() < 0.3:  # an effektmål whose delmål say one thing or two
            pair = (_status(random), _status(random))
            usual |= {(goal.id, "status"): random.choice(pair) for goal in plan.goals if goal.sub and goal.effect == effect}
    standing = Standing(plan)
    steps = []
    for number in range(random.randint(1, 4)):
        typed = _typed(random, standing) if number else {}
        picked = {where: value for where, value in _picked(random, standing).items() if where not in typed}
        many = random.randint(int(alone and not number), 5)
        files = [_file(random, plan, usual, f"svar_{number}_{at}.xlsx", alone) for at in range(many)]
        if standing.files and random.random() < 0.2:
            before = random.choice(standing.files)
            files.append(replace(before, name=f"svar_{number}_igen.xlsx", same_as=before.same_as or before.name))
        step = Meanwhile(typed, picked, tuple(files))
        standing.flet({**typed, **picked}, step.files)
        steps.append(step)
    return RandomYear(plan, tuple(steps))


# ---------------------------------------------------------------- the agreement

def _plan(random: Random, alone: bool) -> Plan:
    year = random.randint(*PERIOD)
    goals: list[Goal] = []
    for number in range(1, random.randint(3, 9)):
        withdrawn = random.random() < 0.08
        subs = random.choice((0, 0, 0, 1, 2, 3))
        rows = [""] * (not subs or random.random() < 0.8) + [f"Delmål {number}.{sub}" for sub in range(1, subs + 1)]
        goals += [_goal(random, year, f"M1.1.{number}{'.' if text else ''}{text.rpartition('.')[2]}", f"Effektmål {number}",
                        text, withdrawn or (bool(text) and random.random() < 0.05)) for text in rows]
    round_ = random.choice((MIDTVEJS, AARSOPFOELGNING, AARSOPFOELGNING))
    plan = Plan(tuple(goals), year, round_, PERIOD)
    if alone:
        return plan
    before = {goal.id: _near(random, goal, plan) for goal in goals if random.random() < 0.3}
    early = {goal.id: _near(random, goal, plan) for goal in goals
             if round_ == AARSOPFOELGNING and goal.method in AGAINST_BASELINE and goal.baseline is None
             and random.random() < 0.3}
    return Plan(tuple(goals), year, round_, PERIOD, before, early)


def _goal(random: Random, year: int, id_: str, effect: str, sub: str, withdrawn: bool) -> Goal:
    method, unit = random.choice(METHODS), random.choice(random.choice((COUNTS, LEVELS)))
    often = 0.15 if method in (*AGAINST_BASELINE, "Leverance") else 0.9
    target = _number(random, unit, method) if random.random() < often else None
    often = 0.7 if method in (*GROWTH, *AGAINST_BASELINE) else 0.4
    baseline = _number(random, unit, "") if random.random() < often else None
    if baseline is not None and random.random() < 0.1:
        baseline = Fraction(0)
    return Goal(id_, effect, sub, _years(random, year, unit, method, bool(sub)), method, target, baseline, unit,
                random.choice(("Pr. år", "Pr. år", "Pr. år", "I perioden", "")), withdrawn,
                tuple(random.sample(TEAMS, random.choice((1, 1, 1, 2)))))


def _years(random: Random, year: int, unit: str, method: str, sub: bool) -> dict[int, Fraction | None]:
    if random.random() < (0.5 if sub else 0.2):
        return {}
    found = [each for each in range(PERIOD[0], PERIOD[1] + 1) if random.random() < (0.85 if each == year else 0.5)]
    return {each: _number(random, unit, method) if random.random() < 0.2 else None for each in found}


def _number(random: Random, unit: str, method: str) -> Fraction:
    if random.random() < 0.12:
        below = unit in ("%", "procentpoint", "point") or method in GROWTH
        return Fraction(random.choice((0, 0, -1, -5)) if below else 0)
    if method in GROWTH:
        return Fraction(random.choice(("1", "2", "5", "10", "12.5", "33.3")))
    if unit in COUNTS:
        return Fraction(random.choice((1, 2, 3, 5, 8, 10, 20, 25, 99, 100)))
    return Fraction(random.choice(("0.3", "0.5", "2", "5", "5.9", "6", "6.1", "7.5", "9.9")))


def _near(random: Random, goal: Goal, plan: Plan) -> Fraction:
    """Make up a result: at the target, at the baseline, on either side of them, or at what just fulfils a growth."""
    target = target_of(plan, goal)
    baseline = goal.baseline if goal.baseline is not None else plan.year_before.get(goal.id)
    points = [each for each in (target, target, baseline) if each is not None] or [Fraction(5)]
    if goal.method in GROWTH and target is not None and baseline is not None and goal.unit != "%":
        sign = 1 if goal.method == "Stigning i %" else -1
        points = [baseline, baseline + sign * (target if goal.unit == "procentpoint" else abs(baseline) * target / 100)]
    step = Fraction(1) if goal.unit in COUNTS else Fraction(1, 10)
    found = random.choice(points) + step * random.choice((0, 0, 0, 1, -1, 2, -2, 4, -4))
    if goal.unit == "%" and goal.method in GROWTH:
        return random.choice((1, 1, -1)) * found
    return max(found, Fraction(0))


# ---------------------------------------------------------------- answers

def _file(random: Random, plan: Plan, usual: Mapping[Where, Value], name: str, timed: bool) -> File:
    """Make up a skema; most of what stands in it is what the others say too, so that not all is in conflict.

    A goal may have been withdrawn since the skema went out, but where all are made of the agreement as it is now.
    """
    asked = [goal for goal in plan.goals if active(plan, goal) and not (goal.withdrawn and timed)]
    team = random.choice(sorted({owner for goal in asked for owner in goal.owners}) or TEAMS)
    answers: dict[Where, Value] = {}
    for goal in asked:
        if team in goal.owners and random.random() < 0.8:
            answers |= {where: usual.get(where, value) if random.random() < 0.8 else value
                        for where, value in _answers(random, plan, goal).items()}
    return File(team, random.choice(WRITERS), random.choice(TIMES[timed:]).format(year=plan.year), answers, name)


def _answers(random: Random, plan: Plan, goal: Goal) -> dict[Where, Value]:
    found: dict[Where, Value] = {}
    if random.random() < 0.7:
        found[goal.id, "status"] = _status(random)
    if random.random() < 0.85:
        found[goal.id, "result"] = _near(random, goal, plan)
    if asks_for_baseline(plan, goal) and random.random() < 0.6:
        known = plan.midtvejs_baseline.get(goal.id)
        value = None if known is not None and random.random() < 0.3 else _near(random, goal, plan)
        if value != known:
            found[goal.id, "baseline"] = value
    return found


def _status(random: Random) -> str:
    return random.choice((*STATUSES, STATUSES[0], STATUSES[0], STATUSES[3]))


def asks_for_baseline(plan: Plan, goal: Goal) -> bool:
    """Is Udgangspunkt open in the skema, because it is missing?"""
    growth = goal.method in GROWTH and goal.unit != "%"
    known = goal.baseline is not None or (growth and goal.scope == "Pr. år" and goal.id in plan.year_before)
    return not known and (growth or goal.method in AGAINST_BASELINE)


def _typed(random: Random, standing: Standing) -> dict[Where, Value]:
    """Make up what the coordinator types in ``Opfølgning``: always something else than what stands there."""
    plan, answers, judged = standing.plan, standing.answers, standing.judged
    found: dict[Where, Value] = {}
    for goal in plan.goals:
        if not active(plan, goal) or random.random() < 0.75:
            continue
        answered = answers.get(goal.id)
        column = random.choice(("status", "status", "result", "result", "baseline"))
        waits = answered is not None and column in answered.waiting
        stands: Value = answered.result if answered else None
        if column == "status":
            stands = judged[goal.id].status
            value: Value = _status(random)
        else:
            value = _near(random, goal, plan)
        if column == "baseline":
            stands = baseline_of(plan, goal, answered or Answered())
        empties = answered is not None and column in answered.said and not waits and column != "baseline"
        if empties and random.random() < 0.15 and (column != "status" or answered.status):
            value = None
        if waits or value != stands:
            found[goal.id, column] = value
    return found


def _picked(random: Random, standing: Standing) -> dict[Where, Value]:
    """Make up what the coordinator decides on ``Modstridende svar``: one of the answers there, or an own wording.

    What was decided before may be decided otherwise.
    """
    plan, spoken, answers, found = standing.plan, said(standing.files), standing.answers, dict[Where, Value]()
    goals = {goal.id: goal for goal in plan.goals}
    for where in sorted(spoken):
        goal, waits, choice = goals[where[0]], where[1] in answers[where[0]].waiting, standing.choices.get(where)
        chosen = frozenset((choice.chosen,)) if choice else frozenset()
        if not waits and len(spoken[where]) == 1:
            continue
        others = sorted(spoken[where] | chosen if waits else spoken[where] - chosen, key=str)
        if random.random() < (0.5 if waits else 0.2):
            found[where] = random.choice(others)
            if waits and random.random() < 0.3 and goal.unit in COUNTS:
                found[where] = _status(random) if where[1] == "status" else _near(random, goal, plan)
    return found
