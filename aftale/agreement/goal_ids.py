"""Mål-id: given once in order, never changed, never reused."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from aftale.cells.goal_texts import GoalTexts
from aftale.model.agreement import Goal, Level
from aftale.model.findings import Finding
from aftale.model.problems import problem
from aftale.model.text import fold

PATTERN = re.compile(r"M[0-9]{1,9}(\.[0-9]{1,9}){0,3}")


def mixed_ids(goals: Sequence[Goal], register: Mapping[str, str]) -> dict[int, Finding]:
    """Ask about every row whose Mål-id is one goal's and whose text is another's, as the register has them.

    So is a row whose text has been edited, where its old text stands beside another id: then ids were sorted apart. Rows
    without an id wait until that is settled. Returns the questions by the row's number (from zero).
    """
    texts = GoalTexts({goal_id: (str(goal_id.count(".") + 1), text) for goal_id, text in register.items()})
    known = {number: (goal.id, (str(goal.level.value), goal.text)) for number, goal in enumerate(goals)
             if goal.id in register}
    found: dict[int, Finding] = {}
    moved: dict[str, str] = {}
    for number, (goal_id, text) in known.items():
        if other := texts.another(goal_id, text):
            moved[other] = goal_id
            found[number] = problem("agreement-id-and-text", goals[number].place, goal=goal_id,
                                    what=f"teksten er den, der hører til {other}")
    for number, (goal_id, text) in known.items():
        if goal_id in moved and fold(text[1]) != fold(register[goal_id]) and number not in found:
            found[number] = problem("agreement-id-and-text", goals[number].place, goal=goal_id,
                                    what=f"den tekst, der hører til {goal_id}, står ud for {moved[goal_id]}")
    for number, goal in enumerate(goals if found else ()):
        if not PATTERN.fullmatch(goal.id):
            found[number] = problem("id-waits", goal.place)
    return found


def give_ids(goals: Sequence[Goal], register: Mapping[str, str], taken: Collection[str] = ()) -> tuple[
        tuple[Goal, ...], dict[str, str], tuple[Finding, ...]]:
    """Give an id to every goal that lacks one; return the goals, the grown register and what was done.

    An id that stands is kept; of two rows with the same id the one keeps it whose text the register has (else the
    first). Levels above a goal get their ids in the register too, so that they are never reused. ``taken`` are ids on rows
    that aren't read, which nobody is given.
    """
    return _Giver(goals, register, taken).run()


class _Giver:
    def __init__(self, goals: Sequence[Goal], register: Mapping[str, str], taken: Collection[str]) -> None:
        self.goals, self.taken = goals, {each for each in taken if PATTERN.fullmatch(each)}
        self.register = dict(register)
        self.problems: list[Finding] = []
        self.nodes: dict[tuple[str, ...], str] = {}
        self.given: set[str] = set()
        self.highest: dict[str, int] = {}
        self.stored: dict[tuple[int, str], list[str]] = {}
        for goal_id, text in register.items():
            self.stored.setdefault((goal_id.count(".") + 1, fold(text)), []).append(goal_id)

    def run(self) -> tuple[tuple[Goal, ...], dict[str, str], tuple[Finding, ...]]:
        keepers = self._keepers()
        self.given = {goal.id for goal in keepers.values()} | self.taken
        for goal_id in {*self.register, *self.given}:
            parts = goal_id.split(".")
            for depth in range(1, len(parts) + 1):
                self._count(".".join(parts[:depth]))
        self._known_nodes(keepers)
        out = []
        for number, goal in enumerate(self.goals):
            again = "" if number in keepers or goal.id else self._registered(goal)
            goal_id = goal.id if number in keepers else again or self._new(goal)
            self.given.add(goal_id)
            if again:
                self.problems.append(problem("id-again", goal.place, value=again))
            else:
                self._say(goal, goal_id)
            self.register.setdefault(goal_id, goal.text)
            out.append(replace(goal, id=goal_id))
        said = {goal.folded[:depth]: goal.texts[depth - 1] for goal in reversed(self.goals) for depth in range(1, 5)}
        for texts, node in self.nodes.items():
            self.register.setdefault(node, said.get(texts, texts[-1]))
        ordered = dict(sorted(self.register.items(), key=lambda item: sort_key(item[0])))
        return tuple(out), ordered, tuple(self.problems)

    def _keepers(self) -> dict[int, Goal]:
        by_id: dict[str, list[int]] = {}
        for number, goal in enumerate(self.goals):
            if PATTERN.fullmatch(goal.id):
                by_id.setdefault(goal.id, []).append(number)
        same_text = {goal_id: [n for n in numbers if fold(self.goals[n].text) == fold(self.register.get(goal_id, ""))]
                     for goal_id, numbers in by_id.items()}
        return {keeper: self.goals[keeper] for goal_id, numbers in by_id.items()
                for keeper in (same_text[goal_id] or numbers)[:1]}

    def _known_nodes(self, keepers: Mapping[int, Goal]) -> None:
        """Learn the number of every level from the ids that stand on it or below it."""
        for goal in keepers.values():
            parts = goal.id.split(".")
            for depth in range(1, goal.level.value + 1):
                if len(parts) >= depth and goal.texts[depth - 1]:
                    self.nodes.setdefault(goal.folded[:depth], ".".join(parts[:depth]))
        for goal_id, text in self.register.items():
            if goal_id.count(".") == 0:
                self.nodes.setdefault((fold(text),), goal_id)

    def _registered(self, goal: Goal) -> str:
        """Return the id that the register has for exactly this text at this level, where it is free and the only one."""
        found = self.stored.get((goal.level.value, fold(goal.text)), [])
        free = len(found) == 1 and goal.text and found[0] not in self.given
        return found[0] if free else ""

    def _new(self, goal: Goal) -> str:
        depth, parent = goal.level.value, ""
        for level in range(1, depth):
            parent = self._node(goal, level, parent)
        own = self.nodes.get(goal.folded[:depth])
        said = fold(self.register.get(own, goal.text)) if own else ""
        if depth >= Level.EFFECT.value or own is None or own in self.given or said != fold(goal.text):
            own = self._next(parent)
        self.nodes.setdefault(goal.folded[:depth], own)
        return own

    def _node(self, goal: Goal, level: int, parent: str) -> str:
        if not goal.texts[level - 1]:
            return f"{parent}.0" if parent else "M0"
        key = goal.folded[:level]
        if key not in self.nodes:
            self.nodes[key] = self._next(parent)
        return self.nodes[key]

    def _next(self, parent: str) -> str:
        self.highest[parent] = self.highest.get(parent, 0) + 1
        return f"{parent}.{self.highest[parent]}" if parent else f"M{self.highest['']}"

    def _count(self, goal_id: str) -> None:
        """Remember the highest number below each id, so that the next one is found without looking at all of them."""
        parent, _, number = goal_id.rpartition(".")
        number = number.removeprefix("M")
        if number.isdigit():
            self.highest[parent] = max(self.highest.get(parent, 0), int(number))

    def _say(self, goal: Goal, goal_id: str) -> None:
        if not goal.id:
            self.problems.append(problem("id-given", goal.place, value=goal_id))
        elif not PATTERN.fullmatch(goal.id):
            self.problems.append(problem("id-bad", goal.place, value=goal.id, goal=goal_id))
        elif goal.id != goal_id:
            self.problems.append(problem("id-twice", goal.place, value=goal_id, goal=goal.id))


def sort_key(goal_id: str) -> tuple[int, ...]:
    """Return what sorts ids as people count: M2 before M10."""
    return tuple(int(number[:15]) for number in re.findall(r"\d+", goal_id))
