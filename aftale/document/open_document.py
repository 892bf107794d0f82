"""An agreement from a document, with what else stood in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from aftale.agreement.read_goals import ReadAgreement, read_agreement
from aftale.document.read_docx import read_docx
from aftale.document.read_text import parse
from aftale.document.to_agreement import ReadDocument, read_document
from aftale.intake.size_limits import MOST_BYTES_IN_ALL
from aftale.model.agreement import Agreement, Level, Value
from aftale.model.columns import MAAL
from aftale.model.document import Leftover, TextDocument
from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import capital, count, fold
from aftale.office.report import CannotDo
from aftale.office.text_file import OLD_WINDOWS, read_text

DOCUMENTS = (".docx", ".txt", ".doc", ".docm", ".odt", ".rtf", ".pdf")
"""Files that are opened as documents: the first two, and those that are refused with what they are and what to do."""


@dataclass(frozen=True)
class Sourced:
    """What an agreement is made from: the agreement as read, what else stood in a document, and what is said of it."""

    read: ReadAgreement
    paragraphs: tuple[str, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    said: tuple[str, ...] = ()
    of_document: bool = False
    data: tuple[tuple[str, object], ...] = ()


def open_document(path: Path) -> TextDocument | Finding:
    """Read a ``.docx`` or ``.txt`` from disk; a document that can't be read is a problem."""
    if path.stat().st_size > MOST_BYTES_IN_ALL:
        return problem("doc-too-big", Place(path.name))
    data = path.read_bytes()
    if path.suffix.lower() != ".txt":
        return read_docx(data, path.name)
    found = read_text(data, path.name)
    if isinstance(found, Finding):
        return found
    source, text, encoding = found
    document = parse(text, source)
    guessed = [("doc-encoding", "", "Windows-1252")] if encoding == OLD_WINDOWS else []
    return replace(document, readings=(*guessed, *document.readings))


def from_document(path: Path, given: dict[str, Value]) -> Sourced:
    """Read an agreement from a document; ``given`` wins over what it says.

    Raises CannotDo where the document can't be read at all.
    """
    document = open_document(path)
    if isinstance(document, Finding):
        raise CannotDo(f"{document.place}: {document.message} {document.advice}")
    found = read_document(document, given)
    read = read_agreement(found.book, {**found.facts, **given}, found.texts, whole=True)
    problems = (*found.problems, *_placed(document, found, read))
    said = tuple(_said(found, read.agreement))
    return Sourced(replace(read, problems=problems), found.paragraphs, found.leftovers, said, True,
                   (("crosses", found.crosses), ("proposals", sum(row.suggested for row in found.rows))))


def _placed(document: TextDocument, found: ReadDocument, read: ReadAgreement) -> Iterator[Finding]:
    """Return the findings of the goals where they stand in the document; that new goals get an id is no news there."""
    for each in read.problems:
        row = "".join(letter for letter in each.place.cell if letter.isdigit())
        inside = each.place.sheet == MAAL and row and int(row) - 2 < len(found.rows)
        if each.code not in ("id-given", "no-goals-sheet"):
            yield each.at(document.place(found.rows[int(row) - 2].at)) if inside else each


def _said(found: ReadDocument, agreement: Agreement) -> Iterator[str]:
    goals = agreement.goals
    texts = {depth: {tuple(fold(text) for text in goal.texts[:depth]) for goal in goals if goal.texts[depth - 1]}
             for depth in (1, 2)}
    effects, subs = (sum(goal.level is level for goal in goals) for level in (Level.EFFECT, Level.SUB))
    yield (f"I dokumentet står {count(len(texts[1]), 'udviklingsmål', 'udviklingsmål')},"
           f" {count(len(texts[2]), 'fokusområde', 'fokusområder')}, {count(effects, 'effektmål', 'effektmål')} og"
           f" {count(subs, 'delmål', 'delmål')} med {count(found.crosses, 'kryds', 'kryds')}.")
    if found.shapes:
        yield f"{capital(found.shapes)}."
    if suggested := sum(row.suggested for row in found.rows):
        yield (f"{count(suggested, 'mål', 'mål')} har fået et forslag til, hvordan det måles. Forslagene er gule på arket"
               " Mål, og i Note står, hvad de er læst ud fra.")
