"""Which goal the agreed texts of a row tell: a row is only read where its Mål-id and its texts are of one goal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from aftale.model.text import canonical, fold

TEXT_KEYS = ("effect", "sub", "focus")
"""The columns whose texts tell a goal, wherever goals stand in a table."""

_HALF, _CLOSE, _MOST_WORDS = 0.5, 0.7, 60


def unlike(one: str, other: str) -> bool:
    """Tell whether two texts can hardly be of one goal: at most half of the shorter one's words are in the other.

    Words count as they are inflected and joined (``Besøgstal``, ``besøg``); order, case and the shortest words don't.
    """
    short, long = sorted((_words(one), _words(other)), key=len)
    shared = sum(bool(get_close_matches(word, long, 1, _CLOSE)) for word in short)
    return bool(short) and fold(one) != fold(other) and shared <= _HALF * len(short)


def _words(text: str) -> list[str]:
    words = list(dict.fromkeys(re.findall(r"\w+", fold(text))))[:_MOST_WORDS]
    return [word for word in words if len(word) > 2] or words


class GoalTexts:
    """The texts of the goals by Mål-id, always as many for each, and which goal's stand in a row."""

    def __init__(self, known: Mapping[str, Sequence[object]]) -> None:
        self._known = known
        self._by_texts: dict[tuple[str, ...], list[str]] | None = None

    def goal_of(self, texts: Sequence[object]) -> str:
        """Return the one goal that has these texts, '' where none has, or several."""
        if self._by_texts is None:  # put together only where it is needed: most rows are as they were sent
            self._by_texts = {}
            for goal, said in self._known.items():
                self._by_texts.setdefault(_folded(said), []).append(goal)
        wanted = _folded(texts)
        found = self._by_texts.get(wanted, []) if any(wanted) else []
        return found[0] if len(found) == 1 else ""

    def another(self, goal: str, texts: Sequence[object]) -> str:
        """Return the goal whose texts stand beside a Mål-id, '' where they are its own, nobody's or several goals'.

        A text that was only edited a little is nobody's: then the row is still the one that its Mål-id says.
        """
        own = self._known.get(goal)
        if own is not None and (_same(own, texts) or _folded(own) == _folded(texts)):
            return ""
        other = self.goal_of(texts)
        return other if other != goal else ""


def _same(one: Sequence[object], other: Sequence[object]) -> bool:
    return all((a or None) == (b or None) for a, b in zip(one, other, strict=True))


def _folded(texts: Sequence[object]) -> tuple[str, ...]:
    return tuple(fold(canonical(text)) for text in texts)
