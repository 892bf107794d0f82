"""How far a round has come: what was made and sent, what has come back, and what waits. No more is read than is needed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from aftale.cells.hidden_sheet import RECEIVED, Record, find_record
from aftale.daily.model import Mails, RoundStatus
from aftale.followup.what_waits import Answered, answered, what_waits
from aftale.intake.read import read_workbook, stands_at, workbook_files
from aftale.intake.unpack import WORKBOOK_SUFFIXES
from aftale.model.agreement import BACK, DRAFTS, REPLIES, SENT, Agreement
from aftale.model.dialogue import Stage, names_of
from aftale.model.findings import Finding, Severity
from aftale.model.mail import MailKind
from aftale.model.received import Refused
from aftale.model.text import canonical, tidy
from aftale.model.workbook import Workbook
from aftale.office.as_saved import as_we_saved_it
from aftale.office.safe_write import digest
from aftale.steps.open_agreement import Opened, deadline_of, deadline_sent
from aftale.steps.year_folder import RoundFolder

SENT_LIST = "forsendelse.jsonl"
"""What the list of mails that a server took is called: that of `mail.sent_list`, which takes a while to load."""


def round_status(folder: RoundFolder, opened: Opened) -> RoundStatus:
    """Look at a round that has begun."""
    agreement, path = opened.agreement, folder.followup
    book = read_workbook(path) if path else None
    deadline = deadline_of(agreement, folder.round) or deadline_sent(agreement, folder.forms)
    now = RoundStatus(folder.round, deadline, len(folder.forms),
                      tuple(each.name for each in folder.followups), tuple(each.place.file for each in folder.unread),
                      mails=mails_of(folder, agreement), reminded=_reminded(folder))
    known = _Known()
    if path and isinstance(book, Workbook):
        known = _known(find_record(book)[1])
        edited = _edited(path)
        waits = what_waits(book, agreement.plan_years, names_of(agreement).stage(Stage.FOR_UNIT), merged=not edited)
        now = replace(now, board=answered(book), waits=waits, letters=waits.mails, saved=_day(path),
                      department=known.department, edited=bool(waits.chosen) and edited)
    new, problems = _unknown(folder, known)
    now = replace(now, new=tuple(tidy(each.name) for each in new), problems=(
        *problems, *_still_refused(folder, known), *([book] if isinstance(book, Finding) else ())))
    if new and not folder.unread and not isinstance(book, Finding):
        looked = _looked_through(folder, opened, new)
        now = replace(now, board=looked.board or now.board, new=looked.whom or now.new,
                      letters=(*now.letters, *looked.letters), problems=(*now.problems, *looked.problems))
    if now.problems:
        from aftale.merge.state import MISPLACED
        return replace(now, unread=any(each.code not in MISPLACED for each in now.problems))
    return now


def _day(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime).date()


def _edited(path: Path) -> bool:
    """Tell whether somebody has saved a follow-up since it was made."""
    return not as_we_saved_it(path.read_bytes())


# ---------------------------------------------------------------- answers

class _Known(NamedTuple):
    """The files that a follow-up was made of: their hashes, names and those of what they lay in, and which were refused."""

    hashes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    department: bool = False
    refused: tuple[str, ...] = ()


def _known(record: Record) -> _Known:
    texts = [canonical(text) for key in record.keys(RECEIVED) for text in record.fields(RECEIVED, key).values()]
    received = [json.loads(text) for text in texts]
    sources = [each["source"] for each in received]
    names = {each["name"] for each in sources} | {each["container"].split(" > ")[0] for each in sources
                                                  if each.get("container")}
    return _Known(frozenset(each["sha256"] for each in sources), frozenset(names),
                  any(each["kind"] == "forvaltning" for each in received),
                  tuple(text for text, each in zip(texts, received, strict=True) if each["kind"] == "afvist"))


def _still_refused(folder: RoundFolder, known: _Known) -> Iterator[Finding]:
    """Yield why answers can't be read that the follow-up tells of and that still lie there as they did."""
    if not known.refused:
        return
    from aftale.merge.state import unpacked
    for each in map(unpacked, known.refused):
        lies = folder.path / BACK / (each.source.container.split(" > ")[0] or each.source.name)
        if isinstance(each, Refused) and each.problem.level is Severity.ERROR and (lies.exists() or stands_at(lies)):
            yield each.problem


def _unknown(folder: RoundFolder, known: _Known) -> tuple[list[Path], tuple[Finding, ...]]:
    """Return the answers that a follow-up wasn't made of, and which folders can't be opened.

    A workbook is known by its content, a mail or an archive by its name: they aren't opened here. A skema that lies as we
    wrote it where it was sent from is no answer.
    """
    back, sent = folder.path / BACK, folder.path / SENT
    files, problems = workbook_files([each for each in (back, sent) if each.is_dir()])
    return ([path for path in files if _is_new(path, known, sent)],
            tuple(each for each in problems if each.level is Severity.ERROR))


def _is_new(path: Path, known: _Known, sent: Path) -> bool:
    if path.suffix.lower() not in WORKBOOK_SUFFIXES:
        return tidy(path.name) not in known.names
    try:
        data = path.read_bytes()
    except OSError:
        return tidy(path.name) not in known.names
    if digest(data) in known.hashes:
        return False
    return not (sent in path.parents and as_we_saved_it(data))


class _Looked(NamedTuple):
    """What new answers hold: who has answered now, whom they are from, the mails without a skema, and what is wrong."""

    board: tuple[Answered, ...] = ()
    whom: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    problems: tuple[Finding, ...] = ()


def _looked_through(folder: RoundFolder, opened: Opened, new: Sequence[Path]) -> _Looked:
    """Read the answers that the follow-up doesn't hold yet, beside those that it does."""
    from aftale.followup.build import follow_up
    from aftale.followup.who_answered import by_urgency
    from aftale.office.report import CannotDo
    from aftale.steps.collect import NoAnswers, collect, gather, standing_at
    try:
        standing = standing_at(folder.followup, opened, folder.round) if folder.followup else None
        found = collect(opened, new, folder.round)
    except NoAnswers as none:
        return _Looked(problems=none.problems)
    except CannotDo:  # `flet` says what is wrong
        return _Looked()
    state = gather(opened, found, standing, [])
    result = follow_up(opened.agreement, state, found.forms, date(opened.agreement.year, 1, 1), opened.questions)
    board = tuple(Answered(each.form.owner.name, each.delivery.danish, each.missing, each.form.id)
                  for each in by_urgency(result.responses))
    letters = tuple(each.source.name for each in found.letters if not (each.with_form or each.automatic))
    whom = (*(each.owner for each in found.returned), *(opened.agreement.short_department for _ in found.departments),
            *letters, *(each.source.name for each in found.refused))
    return _Looked(board, tuple(dict.fromkeys(whom)), letters,
                   tuple(each.problem for each in found.refused if each.problem.level is Severity.ERROR))


# ---------------------------------------------------------------- mails

def _reminded(folder: RoundFolder) -> dict[str, tuple[date, ...]]:
    if not (folder.path / DRAFTS / SENT_LIST).exists():
        return {}
    from aftale.mail.sent_list import reminders
    return {form: tuple(each.day for each in days) for form, days in reminders(folder.path / DRAFTS).items()}


def mails_of(folder: RoundFolder, agreement: Agreement) -> dict[MailKind, Mails]:
    """Return the mails of a round by kind: what the lists beside the drafts tell, else the drafts that lie there.

    Raises CannotWrite where a list can't be opened.
    """
    made: dict[MailKind, dict[str, date]] = {}
    sent: dict[MailKind, dict[str, date]] = {}
    for path in (folder.path / DRAFTS, folder.path / REPLIES):
        for draft in sorted(path.glob("*.eml")):
            kind = _kind(draft.stem, f"{agreement.year}_{folder.round.value}")
            if kind and "_tidligere_" not in draft.stem:
                made.setdefault(kind, {})[draft.stem] = _day(draft)
    for path in (folder.path / DRAFTS, folder.path / REPLIES):
        if (path / SENT_LIST).exists():
            _listed(path, f" {agreement.id} {agreement.year} {folder.round.value}", made, sent)
    return {kind: Mails(len(made.get(kind, ())), max(made.get(kind, {}).values(), default=None),
                        len(sent.get(kind, ())), max(sent.get(kind, {}).values(), default=None))
            for kind in MailKind if kind in made or kind in sent}


def _kind(stem: str, ending: str) -> MailKind | None:
    """Return which kind of mail a draft is, by its name."""
    if stem.startswith(f"skema_{ending}_"):
        return MailKind.PAAMIND if stem.endswith("_paamindelse") else MailKind.RETUR if "_retur" in stem else MailKind.FORDEL
    kinds = {f"opfoelgning_{ending}": MailKind.SEND, f"{MailKind.UENIGE}_{ending}": MailKind.UENIGE}
    return next((kind for begins, kind in kinds.items() if stem.startswith(begins)), None)


def _listed(folder: Path, series: str, made: dict[MailKind, dict[str, date]], sent: dict[MailKind, dict[str, date]]) -> None:
    """Put in what the list in a folder tells of a round: its days are those of the mails, whatever became of the files."""
    from aftale.mail.sent_list import State, told
    lines = [each for each in told(folder) if each.series.endswith(series) and each.kind in list(MailKind)]
    for found, state in ((made, State.MADE), (sent, State.SENT)):
        for kind in MailKind:
            days = {each.mail: each.day for each in lines if each.kind == kind and each.state is state}
            if days:
                found[kind] = days
