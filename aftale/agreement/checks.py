"""What an agreement should be held against before it is sent: small pure rules with one signature."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from difflib import get_close_matches

from aftale.agreement.measures import active_years, level_or_change, needs_baseline
from aftale.agreement.methods import better_low, rule_of
from aftale.cells.goal_texts import unlike
from aftale.model.agreement import SUGGESTED, Agreement, Demand, Goal, Level, Method
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import cut, danish_number, fold, listing

_NEARLY = 0.75


def same_text_twice(agreement: Agreement) -> Iterator[Finding]:
    """Find goals of one level that say the same."""
    first: dict[tuple[Level, str], Goal] = {}
    for goal in agreement.goals:
        other = first.setdefault((goal.level, fold(goal.text)), goal)
        if other is not goal:
            yield problem("text-twice", goal.place, value=f"{other.id} ({other.place.cell})", goal=goal.id)


def effect_without_owner(agreement: Agreement) -> Iterator[Finding]:
    """Find effektmål that nobody answers for, neither themselves nor through their delmål."""
    for goal in agreement.goals:
        if goal.level is Level.EFFECT and not goal.owners and not goal.withdrawn:
            subs = subgoals(agreement, goal)
            if not subs or not all(sub.owners for sub in subs):
                yield problem("owner-missing", cell_of(goal.place, agreement, "owners"), goal=goal.id)


def owner_addresses(agreement: Agreement) -> Iterator[Finding]:
    """Find ansvarlige without an address, or with two."""
    seen: dict[str, tuple[str, set[str], Goal]] = {}
    for goal in agreement.goals:
        for owner in goal.owners:
            _, emails, _ = seen.setdefault(fold(owner.name), (owner.name, set(), goal))
            if owner.email:
                emails.add(owner.email)
    for name, emails, goal in seen.values():
        place = cell_of(goal.place, agreement, "emails")
        if not emails:
            yield problem("email-missing", place, owner=name)
        elif len({fold(each) for each in emails}) > 1:
            yield problem("email-differs", place, owner=name, value=listing(sorted(emails)))


def owners_alike(agreement: Agreement) -> Iterator[Finding]:
    """Find ansvarlige with the same address whose names are nearly the same: they would get a skema each."""
    names = {fold(owner.name): (owner, goal) for goal in reversed(agreement.goals) for owner in goal.owners if owner.email}
    by_address: dict[str, list[str]] = {}
    for name, (owner, _) in sorted(names.items()):
        near = by_address.setdefault(fold(owner.email), [])
        if like := get_close_matches(name, near, 1, _NEARLY):
            said = sorted((owner.name, names[like[0]][0].name))
            yield problem("owners-alike", cell_of(names[name][1].place, agreement, "owners"),
                          value=listing([f"»{each}«" for each in said]))
        near.append(name)


def focus_without_goals(agreement: Agreement) -> Iterator[Finding]:
    """Find fokusområder with crosses in years in which none of their effektmål is active."""
    for focus in agreement.goals:
        mine = focus.level is Level.FOCUS and not focus.withdrawn
        bare = [str(year) for year in bare_years(agreement, focus)] if mine else []
        if bare:
            # Later years get their effektmål later; only the agreement's own year is worth a question.
            code = "focus-without-goals" if str(agreement.year) in bare else "focus-later"
            yield problem(code, focus.place, value=listing(bare), goal=focus.id,
                          what="det" if len(bare) == 1 else "de")


def bare_years(agreement: Agreement, focus: Goal) -> tuple[int, ...]:
    """Return the years that a fokusområde has crosses in, and no effektmål; one that is taken out counts for nothing."""
    under = [g for g in agreement.goals if g.level is Level.EFFECT and not g.withdrawn and g.folded[:2] == focus.folded[:2]]
    covered = {year for g in under for year in active_years(g, agreement.family(g), agreement.plan_years)}
    return tuple(year for year in sorted(focus.years) if year not in covered)


def missing_baselines(agreement: Agreement) -> Iterator[Finding]:
    """Find goals whose fulfilment can't be computed for want of a baseline."""
    for goal in agreement.goals:
        if needs_baseline(goal.measure) and goal.measure.baseline is None:
            yield problem("baseline-missing", cell_of(goal.place, agreement, "baseline"), goal=goal.id)


def unused_targets(agreement: Agreement) -> Iterator[Finding]:
    """Find agreed numbers that nothing is held against, and offer the måltype that they fit."""
    for goal in agreement.goals:
        measure = goal.measure
        fits = rule_of(measure.method).fits
        targets = dict.fromkeys(t for t in (measure.target, *goal.years.values()) if t is not None)
        used = not fits or goal.withdrawn or (measure.baseline is not None and set(targets) <= {measure.baseline})
        if targets and not used:
            said = listing([danish_number(target) for target in targets])
            where = "target" if measure.target is not None else next(f"y{y}" for y, t in goal.years.items() if t is not None)
            as_baseline = rule_of(measure.method).baseline and measure.baseline is None
            hint = " Er det niveauet i dag, så flyt det til Udgangspunkt." if as_baseline else ""
            yield problem("target-unused", cell_of(goal.place, agreement, where), value=said, what=measure.method,
                          goal=goal.id, chosen=fits, hint=hint)


def kept_though_better_low(agreement: Agreement) -> Iterator[Finding]:
    """Find goals that must not fall, though they speak of what should be little."""
    for goal in agreement.goals:
        word = better_low(goal.text, goal.indicator, goal.measure.unit)
        if goal.measure.method is Method.KEEP and word and not goal.withdrawn:
            yield problem("kept-though-low", cell_of(goal.place, agreement, "method"), value=word, goal=goal.id)


def levels_or_changes(agreement: Agreement) -> Iterator[Finding]:
    """Find growth in Måleenhed ``%`` with an Udgangspunkt: whether Resultat is a level or the change isn't certain."""
    for goal in agreement.goals:
        if level_or_change(goal.measure, goal.measure.baseline) and not goal.withdrawn:
            targets = [t for t in (goal.measure.target, *goal.years.values()) if t is not None]
            yield problem("level-or-change", cell_of(goal.place, agreement, "unit"), value=goal.measure.method,
                          was=danish_number(goal.measure.baseline or 0.0),
                          what=danish_number(targets[0]) if targets else "så mange", goal=goal.id,
                          chosen=Method.AT_LEAST if rule_of(goal.measure.method).better > 0 else Method.AT_MOST)


def ids_used_again(agreement: Agreement) -> Iterator[Finding]:
    """Find goals whose text can hardly be the one that their Mål-id was given to: an id is never used again."""
    for goal in agreement.goals:
        given_to = agreement.register.get(goal.id, "")
        if given_to and not goal.withdrawn and unlike(given_to, goal.text):
            yield problem("id-used-again", goal.place, goal=goal.id, was=given_to, value=goal.text)


def demands(agreement: Agreement) -> Iterator[Finding]:
    """Find which of KSE's three demands no goal serves; where none is stated at all, say just that.

    What another department demands isn't known, so nothing of it can be missing.
    """
    if not agreement.of_kse:
        return
    served = {demand for goal in agreement.goals for demand in goal.demands}
    missing = [demand.value for demand in Demand if demand.value not in served]
    place = Place(agreement.goals[0].place.file, agreement.goals[0].place.sheet) if agreement.goals else Place()
    called = {"department": agreement.short_department, "column": agreement.demands_header}
    if len(missing) == len(Demand):
        yield problem("demands-not-stated", place, value=listing(missing), **called)
    else:
        yield from (problem("demand-unserved", place, value=demand, **called) for demand in missing)


STANDING_CHECKS: tuple[Callable[[Agreement], Iterator[Finding]], ...] = (
    unused_targets, kept_though_better_low, levels_or_changes, ids_used_again)
"""What is asked wherever the agreement is worked with, until it is answered."""
CHECKS = (same_text_twice, effect_without_owner, owner_addresses, owners_alike, focus_without_goals, missing_baselines,
          *STANDING_CHECKS, demands)


MEASURE_DOUBTS = frozenset(("target-unused", "kept-though-low"))
"""Questions about what a goal is held against: nothing is computed of it until they are answered."""


def check_agreement(agreement: Agreement) -> tuple[Finding, ...]:
    """Run every check; an agreement without goals has nothing to check."""
    return tuple(found for check in CHECKS for found in check(agreement)) if agreement.goals else ()


def standing_questions(agreement: Agreement) -> tuple[Finding, ...]:
    """Ask about agreed numbers that aren't used or could mean the opposite, and about ids that stand at other goals."""
    return tuple(found for check in STANDING_CHECKS for found in check(agreement))


def unconfirmed(agreement: Agreement, goals: Collection[str]) -> Iterator[Finding]:
    """Ask about those of some goals, by Mål-id, whose measure was proposed and never confirmed by a person."""
    for goal in agreement.goals:
        if goal.id in goals and SUGGESTED in goal.note:
            said = goal.note[goal.note.index(SUGGESTED):].partition("\n")[0]
            yield problem("proposal-open", cell_of(goal.place, agreement, "note"), value=cut(said, 120), goal=goal.id)


def subgoals(agreement: Agreement, effect: Goal) -> tuple[Goal, ...]:
    """Return the delmål of an effektmål."""
    return tuple(g for g in agreement.family(effect) if g.level is Level.SUB)


def cell_of(place: Place, agreement: Agreement, key: str) -> Place:
    """Return the cell of another column in the same row, where the agreement says where that column stands."""
    letters = agreement.columns.get(key)
    digits = "".join(letter for letter in place.cell if letter.isdigit())
    return place._replace(cell=f"{letters}{digits}") if letters else place
