"""What a step returns: what happened, what is to be written, and what the next step is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aftale.model.findings import Finding, Severity
from aftale.model.mail import NOTHING_SENT, SEND_FIRST, Mailing
from aftale.office.safe_write import ToWrite

ALL_WELL, DOUBTS, USAGE, FAILED = 0, 1, 2, 3


class CannotDo(Exception):
    """The command can't do its work; the text says why and what to do, in Danish. ``code`` is the exit code."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Report:
    """What a step did: sentences in Danish, findings, files to write, the next step, and the same as data.

    ``after`` are lines that belong right below the table. ``mailing`` holds the mails that drafts were made of, for those
    who have them sent by a server; ``closing`` is the very last line. ``failed`` tells that work was left undone.
    ``in_full`` has what is said in place of a sentence where everything is to be shown, and ``told`` the keys of the
    findings that were told the last time.
    """

    said: tuple[str, ...]
    problems: tuple[Finding, ...] = ()
    files: tuple[ToWrite, ...] = ()
    next_step: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    table: Sequence[Sequence[str]] = ()
    after: Sequence[str] = ()
    closing: str = ""
    mailing: Mailing | None = None
    failed: bool = False
    in_full: Mapping[str, str] = field(default_factory=dict)
    told: frozenset[str] = frozenset()

    def joined(self, *parts: Report) -> Report:
        """Return the report with what was said, found and is to be written of parts of the work."""
        return replace(self, said=(*self.said, *(each for part in parts for each in part.said)),
                       problems=(*self.problems, *(each for part in parts for each in part.problems)),
                       files=(*self.files, *(each for part in parts for each in part.files)))

    @property
    def comes_next(self) -> str:
        """The next step as people read it: drafts are sent before somebody waits for what is answered."""
        return f"{SEND_FIRST} {self.next_step}".strip() if self.closing == NOTHING_SENT else self.next_step

    @property
    def exit_code(self) -> int:
        """0 where all is well, 1 where people's files hold errors or questions, 3 where work was left undone."""
        if self.failed:
            return FAILED
        return DOUBTS if any(p.level is not Severity.INFO for p in self.problems) else ALL_WELL


def problem_data(found: Finding) -> dict[str, str]:
    """Return a problem as JSON has it."""
    return {"code": found.code, "level": found.level.value, "file": found.place.file, "sheet": found.place.sheet,
            "cell": found.place.cell, "value": found.text, "message": found.message, "advice": found.advice}
