"""The mails' texts as staff write them: read and checked as a whole, then filled in with what a mail must say.

A text is ``Emne: …`` and paragraphs below it. ``{felt}`` is filled in; what stands in ``[…]`` is left out where a field in
it is empty; a line that begins with ``#`` is for the reader of the file alone. Lines that begin with ``-`` are
lists, and so are lines that begin with 1, 2, 3 and on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aftale.cells.find_table import closest
from aftale.model.findings import Finding
from aftale.model.mail import Bullets, Link, MailKind, Paragraph, Part, StatusTable, Written
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import danish_number, fold, tidy

_FIELD = re.compile(r"\{([^{}\n]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_POINT = re.compile(r"(?:-|•|\*)\s+(.*)")
_STEP = re.compile(r"(?P<number>\d{1,2})[.)]\s+(.*)")
_PLAIN = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", " ": "_", "-": "_"})

SUBJECT = "Emne:"
"""What the first line of a text begins with."""
_EVERYWHERE = ("enhed", "forvaltning", "aar", "runde", "frist", "koordinator", "koordinator_mail", "fil")
_OWNER = ("ansvarlig", "skema_id", "antal")
_WHERE = ("vedhaeftet", "delt_mappe", "link")
_OVERVIEW = ("hovedtal", "udvikling", "opgjort", "vurdering", "status", "foerst", "flere", "afventer", "svarfrist")
_DIALOGUE = ("venter_paa_jer", "svaret_jer", "venter_paa_os")
FIELDS: Mapping[MailKind, tuple[str, ...]] = {
    MailKind.FORDEL: (*_EVERYWHERE, *_OWNER, *_WHERE, "maal", "kalender"),
    MailKind.PAAMIND: (*_EVERYWHERE, *_OWNER, *_WHERE, "paamindelse", "besvaret", "mangler", "ellers", "fristen",
                       "tidligere"),
    MailKind.RETUR: (*_EVERYWHERE, *_OWNER, "udfyldt_af", "spoergsmaal", "mangler"),
    MailKind.UENIGE: (*_EVERYWHERE, "modtagere", "antal", "svar"),
    MailKind.SEND: (*_EVERYWHERE, "modtager", "periode", *_OVERVIEW, *_DIALOGUE)}
"""The fields that the text of each mail may hold; each text as it is shipped says what they are."""
BLOCKS = frozenset(("maal", "mangler", "spoergsmaal", "svar", "link", "status", "foerst", "afventer", *_DIALOGUE))
"""The fields that need a line of their own."""
REQUIRED = {MailKind.PAAMIND: "mangler", MailKind.RETUR: "spoergsmaal", MailKind.UENIGE: "svar"}
"""The field that a mail makes no sense without."""

Block = Bullets | StatusTable | Link
Values = Mapping[str, str | Block]
"""What is filled in, by the name of the field; '' where there is nothing to say."""


@dataclass(frozen=True)
class MailText:
    """A text that has been checked: its subject, and its paragraphs, each the lines of it with fields still in them."""

    kind: MailKind
    file: str
    subject: str
    paragraphs: tuple[tuple[str, ...], ...]


def parse_text(text: str, kind: MailKind, file: str) -> tuple[MailText | None, list[Finding]]:
    """Read a mail's text and find everything that is wrong in it; None where it can't be used."""
    return _Reader(text, kind, file).read()


def fill(text: MailText, values: Values) -> Written:
    """Fill a text in; `empty_fields` tells which fields would leave a sentence unfinished."""
    subject = _words(_kept(text.subject, values), values)
    parts: list[Part] = []
    for paragraph in text.paragraphs:
        lines = [line for line in _kept("\n".join(paragraph), values).split("\n") if line.strip()]
        parts += _parts(lines, values)
    return Written(" ".join(subject.split()), tuple(parts))


def empty_fields(text: MailText, values: Values) -> tuple[str, ...]:
    """Return the fields that are empty and not in ``[…]``, so that a sentence would lack a word there."""
    whole = "\n".join((text.subject, *("\n".join(lines) for lines in text.paragraphs)))
    outside = _OPTIONAL.sub(lambda m: "" if _FIELD.search(m[1]) else m[0], whole)
    return tuple(dict.fromkeys(name for name in _names(outside) if not values.get(name)))


def fields_beside(text: str, kind: MailKind) -> tuple[str, ...]:
    """Return the fields that a mail may hold and that stand nowhere in a text, not even in a line for its reader."""
    known = set(_names(text))
    return tuple(name for name in FIELDS[kind] if name not in known)


def uses(text: MailText, field: str) -> bool:
    """Tell whether a text names a field anywhere below its subject."""
    return any(field in _names(line) for lines in text.paragraphs for line in lines)


def plain(written: Written) -> str:
    """Set a mail as plain text."""
    return "\n\n".join(_plain_part(part) for part in written.parts)


def field_key(name: str) -> str:
    """Return what spellings of a field's name have in common: ``{År}`` is ``{aar}``."""
    return fold(name).translate(_PLAIN)


def _names(text: str) -> list[str]:
    return [field_key(name) for name in _FIELD.findall(text)]


# ---------------------------------------------------------------- reading and checking

class _Reader:
    def __init__(self, text: str, kind: MailKind, file: str) -> None:
        self.kind, self.file = kind, file
        self.lines = [line.rstrip() for line in tidy(text.removeprefix("\ufeff")).split("\n")]
        self.problems: list[Finding] = []

    def read(self) -> tuple[MailText | None, list[Finding]]:
        written = [(n, line) for n, line in enumerate(self.lines, 1) if not line.lstrip().startswith("#")]
        at = next((place for place, (_, line) in enumerate(written) if line.strip()), None)
        if at is None or not fold(written[at][1]).startswith(fold(SUBJECT)):
            self._wrong("mailtext-subject", written[at][0] if at is not None else 1)
            return None, self.problems
        number, first = written[at]
        subject = first.lstrip()[len(SUBJECT):].strip()
        if not subject:
            self._wrong("mailtext-subject", number)
        self._check_line(number, subject, blocks=False)
        self._check_brackets(number, subject)
        paragraphs = tuple(self._paragraphs(written[at + 1:]))
        if not paragraphs:
            self._wrong("mailtext-empty", number)
        used = {name for lines in paragraphs for line in lines for name in _names(line)}
        if (needed := REQUIRED.get(self.kind)) and needed not in used:
            self._wrong("mailtext-lacks", 0, value=f"{{{needed}}}")
        return (None if self.problems else MailText(self.kind, self.file, subject, paragraphs)), self.problems

    def _wrong(self, code: str, number: int, **words: object) -> None:
        self.problems.append(problem(code, Place(self.file, cell=str(number) if number else ""), **words))

    def _paragraphs(self, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[str, ...]]:
        """Yield the paragraphs, and check each as it goes."""
        gathered: list[tuple[int, str]] = []
        for number, line in (*lines, (0, "")):
            if line.strip():
                gathered.append((number, line.strip()))
                self._check_line(number, line, blocks=not _FIELD.sub("", line).strip(" []"))
            elif gathered:
                self._check_brackets(gathered[0][0], "\n".join(text for _, text in gathered))
                yield tuple(text for _, text in gathered)
                gathered = []

    def _check_line(self, number: int, line: str, blocks: bool) -> None:
        """Find fields that aren't known, and ``blocks`` where they can't stand."""
        for name in _FIELD.findall(line):
            key = field_key(name)
            if key not in FIELDS[self.kind]:
                choices = [f"{{{field}}}" for field in FIELDS[self.kind]]
                self._wrong("mailtext-field", number, value=f"{{{name}}}", hint=closest(f"{{{key}}}", choices))
            elif key in BLOCKS and not blocks:
                self._wrong("mailtext-block", number, value=f"{{{key}}}")
        if re.search(r"[{}]", _FIELD.sub("", line)):
            self._wrong("mailtext-brace", number, value=line.strip())

    def _check_brackets(self, number: int, text: str) -> None:
        left = _OPTIONAL.sub("", text)
        if ("[" in left or "]" in left) and _FIELD.search(text):
            self._wrong("mailtext-bracket", number, value=text)


# ---------------------------------------------------------------- filling in

def _kept(text: str, values: Values) -> str:
    """Leave out what stands in ``[…]`` where a field in it is empty; brackets without a field are the writer's own."""
    def chosen(match: re.Match[str]) -> str:
        names = _names(match[1])
        return match[0] if not names else match[1] if all(values.get(name) for name in names) else ""

    return _OPTIONAL.sub(chosen, text)


def _words(text: str, values: Values) -> str:
    """Fill the fields of a line in; what is filled in is one line and never looked at again."""
    def word(match: re.Match[str]) -> str:
        value = values.get(field_key(match[1]), "")
        return " ".join(value.split()) if isinstance(value, str) else ""

    return _FIELD.sub(word, text).strip()


def _parts(lines: Sequence[str], values: Values) -> Iterator[Part]:
    """Yield a paragraph's parts: text, lists and blocks, in their order."""
    gathered: list[str] = []
    shape: re.Pattern[str] | None = None
    for line in lines:
        alone = _FIELD.fullmatch(line.strip())
        block = values.get(field_key(alone[1])) if alone else None
        if isinstance(block, Bullets | StatusTable | Link):
            yield from _ended(gathered, shape, values)
            gathered, shape = [], None
            yield block
            continue
        here = _shape(line, len(gathered) + 1 if shape is _STEP else 1)
        if gathered and here is not shape:
            yield from _ended(gathered, shape, values)
            gathered = []
        shape = here
        gathered.append(line)
    yield from _ended(gathered, shape, values)


def _shape(line: str, number: int) -> re.Pattern[str] | None:
    """Tell whether a line is a point, or the step of a number: »15. juni …« is neither."""
    if _POINT.match(line):
        return _POINT
    step = _STEP.match(line)
    return _STEP if step and int(step["number"]) == number else None


def _ended(lines: Sequence[str], shape: re.Pattern[str] | None, values: Values) -> Iterator[Part]:
    if shape is None:
        said = tuple(text for line in lines if (text := _words(line, values)))
        if said:
            yield Paragraph(said)
        return
    points = tuple((_words(match.groups()[-1], values), "") for line in lines if (match := shape.match(line)))
    yield Bullets(points, shape is _STEP)


# ---------------------------------------------------------------- as plain text

def _plain_part(part: Part) -> str:
    if isinstance(part, Paragraph):
        return "\n".join(part.lines)
    if isinstance(part, Link):
        return f"<{part.place}>\n{part.how}"
    if isinstance(part, StatusTable):
        return "\n".join((*(f"- {status}: {danish_number(number)}" for status, number in part.rows),
                          f"- I alt: {danish_number(part.total)}"))
    lines = []
    for number, (text, below) in enumerate(part.points, 1):
        mark = f"{number}. " if part.numbered else "- "
        lines.append(mark + text)
        inner = " " * len(mark) + ("- " if part.grouped else "")
        lines += [inner + line for line in below.split("\n")] if below else []
    return "\n".join(lines)
