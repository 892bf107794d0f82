"""What the goals cost against the frame: amounts in Danish, read where there can be no doubt and else left as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aftale.model.agreement import Agreement, Goal, Level
from aftale.model.text import canonical, count, danish_number, fold, some

FRAME, BUDGET = "Økonomisk ramme", "Budget"
_NUMBER = r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]{1,2})?|[0-9]+(?:,[0-9]+)?|[0-9]+\.[0-9]{1,2}(?![0-9])"
_TIMES = (("mia", 1e9), ("milliard", 1e9), ("mio", 1e6), ("million", 1e6), ("t.kr", 1e3), ("tkr", 1e3), ("t kr", 1e3),
          ("tusind", 1e3))
_SIZE = r"mia\.?|milliarder|milliard|mio\.?|millioner|million|t\.? ?kr\.?|tusinde?"
_CROWNS = r"kr\.?|kroner|dkk"
_AMOUNT = re.compile(rf"(?<![\w.,-])(?:(?P<front>{_CROWNS}) ?)?(?P<number>{_NUMBER})(?P<dash>,-)?"
                     rf"(?: ?(?P<size>{_SIZE})(?!\w))?(?: ?(?P<after>{_CROWNS})(?!\w))?(?![\w%])")
_BARE = 1_000
"""A number without kr. is only an amount from here on: a 200 may be meant in thousands."""
_NAMED = 3


@dataclass(frozen=True)
class Spending:
    """What the year's goals cost: the sum of those with an amount, how many they are, and the texts of the others."""

    total: float
    goals: int
    unread: tuple[str, ...]


def read_amount(text: str) -> float | None:
    """Read a text that is an amount and nothing else, in kroner; None where it is anything else.

    ``200.000 kr.``, ``kr. 200.000,-``, ``1,5 mio. kr.``, ``200 tkr.`` and ``200.000`` are; ``200`` alone is not.
    """
    plain = fold(text)
    match = _AMOUNT.fullmatch(plain) or _AMOUNT.fullmatch(plain.rstrip(". "))
    return _kroner(match) if match else None


def amount_within(text: str) -> float | None:
    """Return the one amount that a sentence names in kroner; None where it names none or several."""
    whole = read_amount(text)
    if whole is not None:
        return whole
    found = {_kroner(match) for match in _AMOUNT.finditer(fold(text)) if _named(match)}
    return found.pop() if len(found) == 1 else None


def _named(match: re.Match[str]) -> bool:
    return any(match[part] for part in ("front", "dash", "size", "after"))


def _kroner(match: re.Match[str]) -> float | None:
    number = match["number"]
    point = re.fullmatch(r"[0-9]+\.[0-9]{1,2}", number)  # nobody groups thousands by one or two digits
    value = float(number if point else number.replace(".", "").replace(" ", "").replace(",", "."))
    size = match["size"] or ""
    times = next((factor for word, factor in _TIMES if size.startswith(word)), 1.0)
    if not _named(match) and 0 < value < _BARE:
        return None
    return round(value * times, 2)


def spending(goals: Iterable[Goal]) -> Spending:
    """Add up the budgets of goals; a delmål counts as part of its effektmål where that has an amount of its own."""
    with_budget = [goal for goal in goals if goal.budget.strip()]
    amounts = [(goal, read_amount(canonical(goal.budget))) for goal in with_budget]
    whole = {goal.folded[:3] for goal, amount in amounts if amount is not None and goal.level is Level.EFFECT}
    counted = [amount for goal, amount in amounts if amount is not None
               and not (goal.level is Level.SUB and goal.folded[:3] in whole)]
    return Spending(sum(counted), len(counted), tuple(goal.budget.strip() for goal, amount in amounts if amount is None))


def budget_facts(agreement: Agreement, active: Sequence[Goal]) -> tuple[tuple[str, str], ...]:
    """Return the frame and the budget of the year's goals as facts, each where it is given."""
    frame = canonical(agreement.facts.get("oekonomisk_ramme"))
    spent = spending(active)
    budget = _budget(spent, amount_within(frame) if frame else None)
    return tuple((label, text) for label, text in ((FRAME, _as_money(frame)), (BUDGET, budget)) if text)


def _as_money(frame: str) -> str:
    """Write an amount that is a bare number as money; any other text stays as it is."""
    amount = read_amount(frame) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", frame) else None
    return frame if amount is None else kroner(amount)


def _budget(spent: Spending, frame: float | None) -> str:
    texts = list(dict.fromkeys(spent.unread))
    if not spent.goals:
        return some(texts, _NAMED)
    said = [f"{kroner(spent.total)} til {count(spent.goals, 'mål', 'mål')}"]
    if frame is not None:
        left = round(frame - spent.total, 2)
        said.append(f"{kroner(left)} af rammen er tilbage" if left > 0 else
                    f"{kroner(-left)} mere end rammen" if left < 0 else "hele rammen er brugt")
    if spent.unread:
        said.append(f"{count(len(spent.unread), 'budget', 'budgetter')} uden beløb")
    return "; ".join(said)


def kroner(amount: float) -> str:
    """Say an amount in kroner: ``350.000 kr.``, with øre where there are any."""
    return f"{danish_number(amount, None if float(amount).is_integer() else 2)} kr."
