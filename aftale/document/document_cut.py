"""What is longer than a cell: cut where it stands, so that nobody else cuts it, and the rest left over with a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aftale.document.facts import FoundFacts
from aftale.document.found_goals import Ledger
from aftale.document.goal_rows import PROPOSED, Row
from aftale.model.document import Leftover, TextDocument
from aftale.model.problems import Problem, problem
from aftale.model.text import CELL_LIMIT, cut, danish_number, split_at_limit, utf16_length

REST = "Ikke placeret"
"""What a leftover is that has no place of its own."""
_MORE = " […]"
"""What ends a text whose rest stands on ``Fra dokumentet``."""


def cut_rows(rows: Sequence[Row], document: TextDocument, ledger: Ledger) -> tuple[list[Row], list[Leftover]]:
    """Cut the texts of goals that are longer than a cell; the rest of each is left over, once."""
    rest: dict[str, Leftover] = {}

    def fit(text: str, row: Row, kept: str = "") -> str:
        if utf16_length(text) + utf16_length(kept) <= CELL_LIMIT:
            return text + kept
        head, after = _parted(text, utf16_length(kept))
        if text not in rest:
            rest[text] = Leftover(row.at, REST, after)
            ledger.problems.append(_too_long(document, row.at, text))
        return head + kept

    fitting = []
    for row in rows:
        cells = {key: fit(value, row) if isinstance(value, str) and key != "note" else value
                 for key, value in row.cells.items()}
        if "note" in cells:
            lines = str(cells["note"]).split("\n")
            proposals = [line for line in lines if line.startswith(PROPOSED)]  # which make the cells yellow
            if utf16_length("".join(proposals)) > CELL_LIMIT // 2:
                proposals = []  # no proposals of ours are as long
            own = "\n".join(line for line in lines if line not in proposals)
            cells["note"] = fit(own, row, "\n".join(["", *proposals] if own and proposals else proposals))
        one, two, three, four = (fit(text, row) for text in row.texts)
        fitting.append(replace(row, texts=(one, two, three, four), cells=cells))
    return fitting, list(rest.values())


def cut_facts(found: FoundFacts, document: TextDocument, ledger: Ledger) -> list[Leftover]:
    """Cut the facts and free texts that are longer than a cell; the rest of a text is left over, a fact stands whole below.

    What says a fact is kept with the text around the goals too.
    """
    rest = []
    for texts in (found.facts, found.texts):
        for key, text in texts.items():
            if isinstance(text, str) and utf16_length(text) > CELL_LIMIT:
                texts[key], after = _parted(text)
                rest += [Leftover("", REST, after)] if texts is found.texts else []
                ledger.problems.append(_too_long(document, "", text))
    return rest


def _parted(text: str, taken: int = 0) -> tuple[str, str]:
    head = split_at_limit(text, CELL_LIMIT - len(_MORE) - taken)[0]
    at = max(head.rfind(" "), head.rfind("\n"))
    head = head[:at] if at > len(head) // 2 else head  # between two words
    return head.rstrip() + _MORE, text[len(head):].strip()


def _too_long(document: TextDocument, at: str, text: str) -> Problem:
    return problem("doc-too-long", document.place(at), what=cut(" ".join(text[:100].split()), 60),
                   value=danish_number(utf16_length(text)))
