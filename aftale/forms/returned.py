"""What came back, as it was judged: a skema with its answers and all else that was found, or a file that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from aftale.cells.reading import RULES
from aftale.model.agreement import Agreement, Round
from aftale.model.answers import Answer
from aftale.model.dialogue import Utterance
from aftale.model.findings import READ, Finding
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import AsRead, Refused
from aftale.model.text import without_addresses

CLEARED = "(slettet)"
"""How an answer that was taken away, or an agreed cell that was emptied, is told."""
_LEDGER: Mapping[str, str] = {
    "id-by-text": "Mål-id manglede; rækken er genkendt på sin aftalte tekst.",
    "id-spelling": "Mål-id er skrevet på en anden måde.",
    "header-word": "Kolonnen er genkendt, selv om overskriften har en anden ordlyd.",
    "header-near": "Kolonnen er genkendt, selv om overskriften er stavet forkert.",
    "header-row": "Kolonnen er genkendt, selv om overskriften står en række forskudt.",
    "table-elsewhere": "Den udsendte tabel er tom; svarene er læst i den kopi af tabellen, der er udfyldt."}


@dataclass(frozen=True)
class Returned(AsRead):
    """A returned skema as it was judged; ``cells`` counts all its non-empty cells, ``sent`` those we wrote ourselves.

    ``agreed`` is what was agreed of the goals that it answers when it was made, by Mål-id and column (see `agreed_texts`).
    The books balance file by file: ``cells == sent + answers that hold something + the cells of the findings``.
    """

    form: str
    owner: str
    filled_by: str = ""
    finished: str = ""
    edition: str = ""
    answers: tuple[Answer, ...] = ()
    findings: tuple[Finding, ...] = ()
    cells: int = 0
    sent: int = 0
    goals: tuple[str, ...] = ()
    round: str = ""
    agreed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let every answer know its file, its skema, and whom it is from."""
        who, name = self.filled_by or self.owner, without_addresses(self.filled_by) or self.owner
        object.__setattr__(self, "answers", tuple(
            each._replace(source=self.source, form=self.form, who=who, name=name) for each in self.answers))

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What must be asked or told of the file."""
        return tuple(each for each in self.findings if each.code)

    @property
    def kept(self) -> tuple[Finding, ...]:
        """What somebody wrote besides the answers that could be read."""
        return tuple(each for each in self.findings if each.kind not in ("", READ))

    @property
    def untouched(self) -> bool:
        """Is it just as it was sent?"""
        return not self.answers and not self.kept


@dataclass(frozen=True)
class Expected:
    """What the coordinator is collecting: an agreement, and the skemaer that are known by their visible id."""

    agreement: Agreement
    forms: Mapping[str, Form] = field(default_factory=dict)


def other_round(returned: Returned, expected: Round) -> Refused:
    """Refuse a skema because another round is being followed up."""
    stated = Round(returned.round).danish
    source = returned.source
    return Refused(source, problem("other-round", Place(source.name, container=source.container), round=stated,
                                   owner=returned.owner, expected=f"{expected.danish}en"))


def ledger_rule(rule: str) -> str:
    """Return a reading's rule as a Danish sentence."""
    return _LEDGER.get(rule) or RULES.get(rule, rule)


BOX = ""
"""What stands for a Mål-id where the box ``Forvaltningens samlede bemærkning`` is meant: a line of it is no goal's."""


class Remark(NamedTuple):
    """What KSE wrote of a goal, or in the `BOX`, where it differs from what was sent; None means that it was cleared.

    ``edited`` tells that what was sent (``base``) was the coordinator's own wording. ``about`` is the line of
    ``Dialog`` that it answers, where it is such an answer.
    """

    goal: str
    text: str | None
    base: str
    edited: bool
    place: Place
    about: Utterance | None = None

    @property
    def key(self) -> str:
        """What it is about: a Mål-id, the `BOX`, or a line of ``Dialog``."""
        return self.about.key if self.about else self.goal


@dataclass(frozen=True)
class DepartmentAnswer(AsRead):
    """A returned edition of KSE's as it was judged.

    ``edition`` tells which one it is, ``drawn_from`` which of KSE's earlier files it was drawn from, and ``findings`` holds
    everything else that differs from what was sent. The books balance:
    ``cells == sent + remarks that hold something + the cells of the findings``.
    """

    edition: str
    round: str
    remarks: tuple[Remark, ...] = ()
    findings: tuple[Finding, ...] = ()
    cells: int = 0
    sent: int = 0
    drawn_from: tuple[str, ...] = ()

    @property
    def untouched(self) -> bool:
        """Is it just as it was sent?"""
        return not self.remarks and not self.findings

    @property
    def short(self) -> str:
        """What tells the file from KSE's other files."""
        return self.source.short
