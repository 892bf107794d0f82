"""Every file in a year's folder, told by what it is: what arkiv files, and what it may delete."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from aftale.cells.hidden_sheet import find_record, is_edition
from aftale.filing.delivery import Filed
from aftale.filing.model import NAMES, NAMES_AND_ADDRESSES, Kind, YearFile, personal_data
from aftale.forms.returned import DepartmentAnswer, Returned
from aftale.intake.read import inside, read_bytes, read_workbook
from aftale.intake.unpack import WORKBOOK_SUFFIXES, container_kind, is_litter, is_workbook
from aftale.intake.workers import Progress
from aftale.mail.drafts import read_draft, text_to_copy
from aftale.mail.sent_list import SENT_LIST, Line, State, told
from aftale.merge.state import Received, read_state
from aftale.merge.state import State as Merged
from aftale.model.agreement import BACK, SENT, Round
from aftale.model.columns import RECORD
from aftale.model.findings import Finding
from aftale.model.mail import MailKind, Outgoing
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import IncomingMail
from aftale.model.text import capital, danish_date, genitive, listing
from aftale.model.workbook import Workbook
from aftale.office.as_saved import as_we_saved_it
from aftale.office.draft_seal import is_draft
from aftale.office.report import CannotDo
from aftale.office.safe_write import danish_reason, digest, reachable
from aftale.report.draw_docx import drawn_number
from aftale.steps.collect import read_each
from aftale.steps.open_agreement import Opened, open_agreement
from aftale.steps.year_folder import YearFolder

_UNSEEN = frozenset(("drawing-in-form", "cell-picture", "sheet-unread"))
"""What is asked of a skema that holds more than could be read."""
_FORM_ID = re.compile(r"S-[0-9A-F]{4}-[0-9A-F]{4}")
_MAILS = (".eml", ".msg")


@dataclass(frozen=True)
class _Seen:
    """A file as it lies on disk."""

    path: Path
    at: str
    data: bytes
    saved: float
    round: Round | None

    @cached_property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return digest(self.data)

    @property
    def folder(self) -> str:
        """The folder of the round that it lies in, '' right in the round's own or the year's."""
        return self.at.split("/")[1] if self.round and self.at.count("/") > 1 else ""

    @cached_property
    def is_workbook(self) -> bool:
        """Is it a workbook, by its name or by what is in it?"""
        return self.path.suffix.lower() in WORKBOOK_SUFFIXES or is_workbook(self.data)

    @cached_property
    def is_container(self) -> bool:
        """Is it a mail or an archive, in which the answers lie?"""
        return bool(container_kind(self.data, self.path.name))

    @property
    def holds_answers(self) -> bool:
        """Can it hold answers at all?"""
        return self.is_workbook or self.is_container

    @property
    def is_earlier(self) -> bool:
        """Has the program kept it under the hash of its content when a newer file took its place?"""
        return self.path.stem.endswith(f"_tidligere_{self.sha256[:8]}")


@dataclass(frozen=True)
class YearFiles:
    """The files of a year's folder, what holds what is in them, and what can't be read.

    ``holders`` has, by a file's digest, that of the filed one that holds it; ``doubts`` say what a file holds beside what
    was merged. ``unmerged`` are the answers that no follow-up knows.
    """

    files: tuple[Filed, ...]
    holders: Mapping[str, str]
    doubts: Mapping[str, str]
    unmerged: tuple[YearFile, ...]
    problems: tuple[Finding, ...]
    paths: Mapping[str, Path]


def year_files(year: YearFolder, opened: Opened, progress: Progress | None = None) -> YearFiles:
    """Look through a year's folder: its own files and those of its rounds, however deep; other folders are passed by."""
    problems: list[Finding] = []
    seen = list(_seen(year, problems))
    merged = _Merged(year, seen)
    back = [each for each in seen if each.folder == BACK and each.holds_answers
            and (each.is_container or each.sha256 not in merged.by_file)]
    merged.look_into(back, read_each(opened, [each.path for each in back], progress) if back else [])
    drafts = _Drafts(seen)
    telling = _Telling(year, seen, merged, drafts, opened)
    files = tuple(Filed(telling.file(each), each.data, each.saved) for each in seen)
    filed = {each.file.sha256: each.file.sha256 for each in files if each.file.kind.filed}
    holders = {**drafts.beside, **merged.by_file, **filed}
    unmerged = tuple(each.file for each in files if each.file.kind is Kind.RETURNED and each.file.sha256 not in merged.known)
    return YearFiles(files, holders, {sha: why for sha, why in merged.doubts.items() if sha not in filed}, unmerged,
                     tuple(problems), {each.at: each.path for each in seen})


def _seen(year: YearFolder, problems: list[Finding]) -> Iterator[_Seen]:
    """Yield the files with their bytes; what can't be read is told of and passed by, so that the rest goes on."""
    for round_ in (None, *Round):
        folder = year.path / round_.value if round_ else year.path
        for path in inside(folder, problems) if round_ and folder.is_dir() else () if round_ else sorted(folder.iterdir()):
            at, file = path.relative_to(year.path).as_posix(), reachable(path)
            if is_litter(path.name) or path.name.startswith(".") or path.suffix == ".lock" or not file.is_file():
                continue
            try:
                yield _Seen(path, at, file.read_bytes(), file.stat().st_mtime, round_)
            except OSError as error:
                problems.append(problem("archive-unread", Place(path.name), value=at, why=danish_reason(error)))


class _Merged:
    """What the year's follow-ups have merged: ``by_file`` has the follow-up by the digest of what it was merged from."""

    def __init__(self, year: YearFolder, seen: Sequence[_Seen]) -> None:
        self.followups = {path for folder in year.rounds.values() for path in folder.followups}
        self.by_file: dict[str, str] = {}
        self.doubts: dict[str, str] = {}
        self.answers: set[str] = set()
        self.filled: set[str] = set()
        self.known: set[str] = set()
        for each in seen:
            if each.path in self.followups and (state := _state_of(each.path)):
                self._take(state, each.sha256)

    def _take(self, state: Merged, followup: str) -> None:
        self.known |= {each.source.sha256 for each in state.received}
        for each in (*state.returned, *state.departments, *state.letters):
            self.by_file[each.source.sha256] = followup
        self.answers |= {each.source.sha256 for each in state.departments}
        self.filled |= {each.source.sha256 for each in state.returned if not each.untouched}
        for form in state.returned:
            if any(found.code in _UNSEEN for found in form.findings):
                self.doubts[form.source.sha256] = "der er et billede eller andet i den, som opfølgningen ikke har"
        self.doubts |= {each.source.sha256: why for each in state.letters if (why := _beside_text(each))}

    def look_into(self, files: Sequence[_Seen], held: Sequence[Sequence[Received]]) -> None:
        """Take files as merged where all that lies in them is: the text of a mail alone is not enough."""
        for file, things in zip(files, held, strict=True):
            shas = [each.source.sha256 for each in things]
            if any(isinstance(each, DepartmentAnswer) for each in things):
                self.answers.add(file.sha256)
            if things and all(sha in self.known for sha in shas):
                self.known.add(file.sha256)
            accepted = all(isinstance(each, Returned | DepartmentAnswer | IncomingMail) for each in things)
            holder = self.by_file.pop(file.sha256, "")
            if things and accepted and all(sha in self.by_file or sha == file.sha256 and holder for sha in shas):
                self.by_file[file.sha256] = holder or self.by_file[shas[0]]
                if why := next((self.doubts[sha] for sha in shas if sha in self.doubts), ""):
                    self.doubts[file.sha256] = why


def _state_of(path: Path) -> Merged | None:
    book = read_workbook(path)
    return read_state(find_record(book)[1]) if isinstance(book, Workbook) else None


def _beside_text(mail: IncomingMail) -> str:
    """Say what a mail holds that the follow-up doesn't, '' where that is nothing."""
    if mail.attachments:
        return f"i mailen ligger også {listing(list(mail.attachments))}"
    return "" if mail.with_form or mail.automatic else "mailen er selv svaret, og billeder i den er ikke læst"


class _Drafts:
    """The drafts of mails, what was sent of them, and what lies beside them.

    ``beside`` has the draft by the digest of what it holds too; ``forms`` are the skemaer among that.
    """

    def __init__(self, seen: Sequence[_Seen]) -> None:
        self.mails: dict[str, Outgoing] = {}
        self.beside: dict[str, str] = {}
        self.forms: set[str] = set()
        for each in seen:
            mail = _draft(each) if each.folder != BACK else None
            if mail is not None:
                self.mails[each.at] = mail
                self.beside[digest(text_to_copy(mail))] = each.sha256
                attached = {digest(file.data): each.sha256 for file in mail.attachments}
                self.beside |= attached
                self.forms |= attached.keys() if _FORM_ID.search(mail.name) else set()
        self.lines = {folder: told(folder) for folder in {each.path.parent for each in seen if each.path.name == SENT_LIST}}

    def told(self, file: YearFile, folder: Path) -> YearFile:
        """Return a draft with what it is about, whom it goes to, and what is known of its being sent and when."""
        mail = self.mails[file.at]
        lines = [each for each in self.lines.get(folder, ()) if _is_of(each, mail)]
        sent = {each.to: each.day for each in lines if each.state is State.SENT}
        about = f"»{mail.subject}« til {listing([each.email for each in mail.to])}"
        if not sent:
            made = max((each.day for each in lines if each.state is State.MADE), default=file.day)
            return replace(file, about=f"{about}; lavet {danish_date(made)}", day=made)
        left = [each.email for each in mail.to if each.email.casefold() not in sent]
        more = f"; ikke sendt til {listing(left)}" if left else ""
        latest = max(sent.values())
        return replace(file, kind=Kind.SENT_MAIL, about=f"{about}; sendt {danish_date(latest)}{more}", day=latest)


def _draft(seen: _Seen) -> Outgoing | None:
    """Read a draft of ours back, None where it is none, or a mail program has made one of it that can't be read so."""
    if seen.path.suffix.lower() != ".eml" or not is_draft(seen.data):
        return None
    try:
        return read_draft(seen.data, seen.path.stem)
    except (LookupError, ValueError, TypeError, AttributeError):
        return None


def _is_of(line: Line, mail: Outgoing) -> bool:
    """Is a line of the list about a mail, by its kind, the skema's id and the address?"""
    form = _FORM_ID.search(mail.name)
    without_form = MailKind.UENIGE if mail.name.startswith(MailKind.UENIGE) else MailKind.SEND
    kind = without_form if not form else next(
        (kind for kind, word in ((MailKind.PAAMIND, "_paamindelse"), (MailKind.RETUR, "_retur")) if word in mail.name),
        MailKind.FORDEL)
    return (line.kind == kind and (not form or form[0] in line.mail)
            and line.to in {each.email.casefold() for each in mail.to})


class _Telling:
    """Tells what each file is."""

    def __init__(self, year: YearFolder, seen: Sequence[_Seen], merged: _Merged, drafts: _Drafts, opened: Opened) -> None:
        self.merged, self.drafts, self.agreement = merged, drafts, opened.agreement
        self.agreements = {path: _unit_and_year(path) for path in year.agreements}
        self.drawn = {each.at: kind for each in seen if each.folder not in (BACK, SENT) and (kind := self._drawn(each))}
        self.stems = {each.path.with_suffix("") for each in seen if each.at in self.drawn}

    def file(self, seen: _Seen) -> YearFile:
        """Return what a file is."""
        kind = self._kind(seen)
        loose = bool(seen.folder) and kind is not Kind.FORM and not seen.path.is_symlink()
        found = YearFile(seen.at, kind, seen.sha256, len(seen.data), date.fromtimestamp(seen.saved), seen.round,
                         self._about(seen, kind), self._personal(seen, kind), loose)
        return self.drafts.told(found, seen.path.parent) if kind is Kind.DRAFT else found

    def _kind(self, seen: _Seen) -> Kind:
        if seen.is_earlier:
            return Kind.EARLIER
        if seen.path in self.agreements:
            return Kind.AGREEMENT
        if seen.path in self.merged.followups:
            return Kind.FOLLOWUP
        if seen.folder == BACK:
            return Kind.ANSWER if seen.sha256 in self.merged.answers else Kind.RETURNED if seen.holds_answers else Kind.OTHER
        if seen.folder == SENT:
            return Kind.RETURNED if seen.sha256 in self.merged.filled or self._is_new(seen) else Kind.FORM
        return self._made(seen)

    def _is_new(self, seen: _Seen) -> bool:
        """Tell whether a skema was saved where it was sent from since the answers were merged: it may hold some."""
        return seen.is_workbook and seen.sha256 not in self.merged.known and not as_we_saved_it(seen.data)

    def _made(self, seen: _Seen) -> Kind:
        """Tell what the program has made, and what somebody has put beside it."""
        suffix = seen.path.suffix.lower()
        if seen.path.name == SENT_LIST:
            return Kind.SENT_LIST
        if seen.at in self.drafts.mails:
            return Kind.DRAFT
        if seen.folder and suffix in _MAILS:
            return Kind.SAVED_MAIL
        if seen.at in self.drawn:
            return self.drawn[seen.at]
        if suffix == ".pdf" and seen.path.with_suffix("") in self.stems:
            return Kind.REPORT if seen.path.with_suffix(".docx").exists() else Kind.EDITION
        if seen.sha256 in self.drafts.beside or seen.folder and suffix in (".xlsx", ".txt", ".ics") and self._beside(seen):
            return Kind.BESIDE_MAIL
        return Kind.OTHER

    def _beside(self, seen: _Seen) -> bool:
        """Is a file called what a draft beside it is called, or the draft's skema?"""
        near = [name for name in self.drafts.mails if name.rpartition("/")[0] == seen.at.rpartition("/")[0]]
        return any(name.rpartition("/")[2].startswith(seen.path.stem) for name in near)

    def _drawn(self, seen: _Seen) -> Kind | None:
        suffix = seen.path.suffix.lower()
        if suffix == ".docx" and drawn_number(seen.data):
            return Kind.REPORT
        if suffix == ".xlsx" and seen.sha256 not in self.drafts.forms:
            book = read_bytes(seen.data, seen.path.name, newer=True, only=RECORD)
            if isinstance(book, Workbook) and is_edition(find_record(book)[1]):
                return Kind.EDITION
        return None

    def _about(self, seen: _Seen, kind: Kind) -> str:
        agreement = self.agreement
        pdf = " som PDF" if seen.path.suffix.lower() == ".pdf" else ""
        said = {Kind.AGREEMENT: self.agreements.get(seen.path, ""),
                Kind.FOLLOWUP: "Enhedens egen, med alle svar og kilder",
                Kind.EDITION: f"Opfølgningen{pdf}, som {agreement.short_department} får den",
                Kind.ANSWER: f"{capital(genitive(agreement.short_department))} bemærkninger, som de kom",
                Kind.REPORT: f"Til udvalget{pdf}", Kind.SAVED_MAIL: "Gemt af jer selv",
                Kind.SENT_LIST: "Hvilke mails der er lavet og sendt, til hvem og hvornår",
                Kind.EARLIER: "Gemt af programmet, da en nyere fil tog dens plads"}
        return said.get(kind, "")

    def _personal(self, seen: _Seen, kind: Kind) -> str:
        if kind is Kind.EARLIER:
            return NAMES if seen.at in self.drawn else NAMES_AND_ADDRESSES
        return personal_data(kind, kind is Kind.ANSWER and not seen.is_workbook)


def _unit_and_year(path: Path) -> str:
    try:
        agreement = open_agreement(path).agreement
    except CannotDo:  # it was read a moment ago
        return ""
    return f"{agreement.unit} {agreement.year}"
