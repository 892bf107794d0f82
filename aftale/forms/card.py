"""What a skema says of a goal in one cell: its text, its target and what was said of it last, and how each line looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aftale.agreement.measures import grows_in_percent
from aftale.agreement.methods import rule_of
from aftale.model.agreement import Goal, Measure, Method
from aftale.model.columns import FULL_TEXT
from aftale.model.text import danish_number

TEXT_ROOM, REMARK_ROOM, OWN_ROOM, WORDS_ROOM, PARENT_ROOM = 330, 260, 120, 200, 72
"""How many characters of a goal's text, of a remark to it, of the own remark, of Indikator and Frist, and of the effektmål
above it stand in the table; what is longer stands whole on ``Fuld tekst``."""
SEE_FULL_TEXT = f"Hele teksten står på arket »{FULL_TEXT}«."
FOLLOWS_SUBGOALS = "Følger af delmålene"
NO_ANSWER = "Intet svar"
UNLESS_OTHERWISE = "Udfyldes kun, hvis du mener noget andet end delmålene."
_PARENT, _ALSO, _INDICATOR, _DUE, _BASELINE, _LEVEL, _WROTE = (
    "Delmål til: ", "Svarer også: ", "Indikator: ", "Frist: ", "Udgangspunkt: ", "Skriv niveauet", "I skrev: ")
_MUTED_LINES = (_PARENT, _ALSO, _INDICATOR, _DUE, _BASELINE, _LEVEL, _WROTE, SEE_FULL_TEXT, UNLESS_OTHERWISE, NO_ANSWER)

PLAIN, BOLD, MUTED, VOICE = "plain", "bold", "muted", "voice"
"""How a piece of a cell's text looks: ``VOICE`` is the name of who is quoted."""


class Said(NamedTuple):
    """What was said of a goal in the dialogue with the department, and what it stands after: who said it."""

    who: str
    text: str
    by_department: bool = True


class Whole(NamedTuple):
    """A text that is too long for the table: what it is, and all of it."""

    what: str
    text: str


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters, which ends with a whole word where there is more of it."""
    if len(text) <= most:
        return text
    words = text[:most - 2].rpartition(" ")[0] or text[:most - 2]
    return f"{words.rstrip(' ,.;:')} …"


# ---------------------------------------------------------------- the three cells

def card(text: str, effect: str, also: Sequence[str] = ()) -> str:
    """Say a goal: whose delmål it is (``effect``, '' for an effektmål), its text, and who else answers."""
    short = shortened(text, TEXT_ROOM)
    return "\n".join(filter(None, (
        effect and _PARENT + shortened(" ".join(effect.split()), PARENT_ROOM), short, SEE_FULL_TEXT if short != text else "",
        _ALSO + ", ".join(also) if also else "")))


def target(goal: Goal, sentence: str, baseline: float | None, follows: bool) -> str:
    """Say what a goal is measured by: the target's sentence, and what is agreed in words of how and when.

    An Udgangspunkt that couldn't be read as a number (»ca. 40«) is one of those words.
    """
    measure = goal.measure
    known = goal.unread.get("baseline") or ("" if baseline is None else _number(baseline, measure))
    agreed = ((_INDICATOR, goal.indicator), (_DUE, goal.due))
    words = [prefix + shortened(text, WORDS_ROOM) for prefix, text in agreed if text]
    cut = any(len(text) > WORDS_ROOM for _, text in agreed)
    return "\n".join(filter(None, (
        FOLLOWS_SUBGOALS if follows else sentence, UNLESS_OTHERWISE if follows else "", known and _BASELINE + known,
        *words, SEE_FULL_TEXT if cut else "", _level_hint(measure))))


def target_words(said: str) -> list[str]:
    """Return the lines of `target` that say what was agreed, without those that say how to fill in the skema."""
    return [line for line in said.split("\n") if not line.startswith((_LEVEL, UNLESS_OTHERWISE, SEE_FULL_TEXT))]


def last(mark: str, status: str, result: str, when: str, own: str, said: Sequence[Said]) -> str:
    """Say how a goal stood last: status and result, the own remark, and what others have said of it.

    ``mark`` is what the status is known by beside its colour, ``when`` the round where it isn't the one of the header.
    """
    lines = [f"{mark} {status}".strip() if status else NO_ANSWER, result, when and f"({when})"]
    lines += [f"{prefix}»{shortened(_flat(text), room)}«" for prefix, text, room in _quotes(own, said)]
    return "\n".join(filter(None, (*lines, SEE_FULL_TEXT if any(True for _ in _long(own, said)) else "")))


def whole_texts(goal: Goal, own: str = "", said: Sequence[Said] = (), when: str = "") -> tuple[Whole, ...]:
    """Return the texts of a goal that are too long for the table; ``when`` is what the last round is called."""
    agreed = (("Målet", goal.text, TEXT_ROOM), ("Indikator", goal.indicator, WORDS_ROOM), ("Frist", goal.due, WORDS_ROOM))
    long = [Whole(what, text) for what, text, room in agreed if len(text) > room]
    return (*long, *(Whole(", ".join(filter(None, (prefix.rstrip(": "), when))), text) for prefix, text in _long(own, said)))


def _quotes(own: str, said: Sequence[Said]) -> Iterator[tuple[str, str, int]]:
    if own:
        yield _WROTE, own, OWN_ROOM
    yield from ((f"{each.who}: ", each.text, REMARK_ROOM) for each in said)


def _long(own: str, said: Sequence[Said]) -> Iterator[tuple[str, str]]:
    yield from ((prefix, text) for prefix, text, room in _quotes(own, said) if len(_flat(text)) > room)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _number(value: float, measure: Measure) -> str:
    return f"{danish_number(value)}{' %' if measure.in_percent else ''}"


def _level_hint(measure: Measure) -> str:
    """Say that it is the level that is asked for, where the target is a percentage of it."""
    if not rule_of(measure.method).growth or grows_in_percent(measure):
        return ""
    unit = f" ({measure.unit})" if measure.unit and not measure.in_points else ""
    return f"{_LEVEL}{unit}, ikke {'stigningen' if measure.method is Method.RISE_PERCENT else 'faldet'}."


# ---------------------------------------------------------------- how they look, and what was changed in them

def pieces(key: str, text: str) -> tuple[tuple[str, str], ...]:
    """Part the text of one of the three cells into pieces, each with how it looks; together they are the text."""
    found: list[tuple[str, str]] = []
    for number, line in enumerate(text.split("\n")):
        for part, (look, piece) in enumerate(_of_line(key, line, number)):
            begun = "\n" if number and not part else ""
            if found and found[-1][0] == look:
                found[-1] = (look, f"{found[-1][1]}{begun}{piece}")
            elif begun or piece:
                found.append((look, begun + piece))
    return tuple(found)


def _of_line(key: str, line: str, number: int) -> Iterator[tuple[str, str]]:
    if line.startswith(_MUTED_LINES) or (key == "last" and line.startswith("(")):
        yield MUTED, line
    elif key != "card" and not number:
        yield BOLD, line
    elif key == "last" and line.endswith("«") and ": »" in line:
        who, _, text = line.partition(" »")
        yield VOICE, who
        yield PLAIN, f" »{text}"
    else:
        yield MUTED if key == "goal" else PLAIN, line


_AGREED_LINES = {_DUE: "due", _INDICATOR: "indicator", _BASELINE: "baseline"}


def changed_line(sent: str, came: str) -> tuple[str, str, str] | None:
    """Return what somebody has changed in one line of `target`: the agreed column, what it said and what it says now.

    None where more than that was changed, or in a line that is no agreed column's.
    """
    before, now = sent.split("\n"), [line.strip() for line in came.split("\n")]
    changed = [(old, new) for old, new in zip(before, now, strict=False) if old != new]
    if len(before) != len(now) or len(changed) != 1:
        return None
    (old, new), = changed
    found = next((prefix for prefix in _AGREED_LINES if old.startswith(prefix) and new.startswith(prefix.rstrip())), "")
    return (_AGREED_LINES[found], old.removeprefix(found), new.removeprefix(found.rstrip()).strip()) if found else None


def changed_goal_text(sent: str, text: str, came: str) -> str:
    """Return what somebody has made of a goal's own text in its card, '' where that isn't all that was changed."""
    if sent.startswith(_PARENT):
        before, found, after = sent.partition(f"\n{text}")
        before += "\n"
    else:
        before, found, after = sent.partition(text)
    inner = came[len(before):len(came) - len(after)] if len(came) > len(before) + len(after) else ""
    return inner.strip() if found and text and came.startswith(before) and came.endswith(after) else ""
