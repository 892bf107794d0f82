"""What the goals cost: amounts in Danish, read where there can be no doubt and else left as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aftale.model.agreement import Agreement, Goal, Level
from aftale.model.text import canonical, count, danish_number, fold, some

FRAME, BUDGET = "Økonomisk ramme", "Budget"
_NUMBER = r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]{1,2})?|[0-9]+(?:,[0-9]+)?|[0-9]+\.[0-9]{1,2}(?![0-9])"
_TIMES = (("mia", 1e9), ("milliard", 1e9), ("mio", 1e6), ("million", 1e6), ("t.kr", 1e3), ("tkr", 1e3), ("t kr", 1e3),
          ("tusind", 1e3))
_SIZE = r"mia\.?|milliarder|milliard|mio\.?|millioner|million|t\.? ?kr\.?|tusinde?"
_CROWNS = r"kr\.?|kroner|dkk"
_AMOUNT = re.compile(rf"(?:(?P<front>{_CROWNS}) ?)?(?P<number>{_NUMBER})(?P<dash>,-)?"
                     rf"(?: ?(?P<size>{_SIZE})(?!\w))?(?: ?(?P<after>{_CROWNS})(?!\w))?")
_BARE = 1_000
"""A number without kr. is only an amount from here on: a 200 may be meant in thousands."""
_NAMED = 3


def read_amount(text: str) -> float | None:
    """Read a text that is an amount and nothing else, in kroner; None where it is anything else.

    ``200.000 kr.``, ``kr. 200.000,-``, ``1,5 mio. kr.``, ``200 tkr.`` and ``200.000`` are; ``200`` alone is not.
    """
    plain = fold(text)
    match = _AMOUNT.fullmatch(plain) or _AMOUNT.fullmatch(plain.rstrip(". "))
    if match is None:
        return None
    number = match["number"]
    point = re.fullmatch(r"[0-9]+\.[0-9]{1,2}", number)  # nobody groups thousands by one or two digits
    value = float(number if point else number.replace(".", "").replace(" ", "").replace(",", "."))
    size = match["size"] or ""
    times = next((factor for word, factor in _TIMES if size.startswith(word)), 1.0)
    named = any(match[part] for part in ("front", "dash", "size", "after"))
    return round(value * times, 2) if named or not 0 < value < _BARE else None


def budget_facts(agreement: Agreement, active: Iterable[Goal]) -> tuple[tuple[str, str], ...]:
    """Return the frame and the budget of the year's goals as facts, each where it is given."""
    frame = canonical(agreement.facts.get("oekonomisk_ramme"))
    bare = read_amount(frame) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", frame) else None
    money = frame if bare is None else _kroner(bare)
    return tuple((label, text) for label, text in ((FRAME, money), (BUDGET, _budget(active))) if text)


def _budget(goals: Iterable[Goal]) -> str:
    """Say what goals cost; a delmål counts as part of its effektmål where that has an amount of its own.

    What is taken out of the agreement costs nothing any longer.
    """
    costing = [goal for goal in goals if goal.budget.strip() and not goal.withdrawn]
    amounts = [(goal, read_amount(canonical(goal.budget))) for goal in costing]
    whole = {goal.folded[:3] for goal, amount in amounts if amount is not None and goal.level is Level.EFFECT}
    counted = [amount for goal, amount in amounts if amount is not None
               and not (goal.level is Level.SUB and goal.folded[:3] in whole)]
    unread = [goal.budget.strip() for goal, amount in amounts if amount is None]
    if not counted:
        return some(list(dict.fromkeys(unread)), _NAMED)
    said = f"{_kroner(sum(counted))} afsat til {count(len(counted), 'mål', 'mål')}"
    return f"{said}; {count(len(unread), 'budget', 'budgetter')} uden beløb" if unread else said


def _kroner(amount: float) -> str:
    """Say an amount in kroner: ``350.000 kr.``, with øre where there are any."""
    return f"{danish_number(amount, None if float(amount).is_integer() else 2)} kr."
