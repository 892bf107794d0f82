"""indlaes: read the answers back and report, with lists, data and sheets that go back with questions."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from aftale.agreement.goal_ids import sort_key
from aftale.followup.build import FollowUp, board_lines, flet_data, follow_up, response_rows
from aftale.intake.workers import Progress
from aftale.merge.choices import settle
from aftale.merge.merge import HEADERS
from aftale.merge.state import line_keys
from aftale.model.agreement import AnswerColumn, Round, Value
from aftale.model.mail import MailKind
from aftale.model.text import canonical
from aftale.office.report import Report
from aftale.office.safe_write import ToWrite
from aftale.steps.collect import (
    Collected,
    certain_round,
    collect,
    first_readable,
    gather,
    read_earlier,
    standing_given,
    standing_in,
    taken,
)
from aftale.steps.fordel import DraftFolder
from aftale.steps.open_agreement import ASKED_WHEN_IT_GOES_OUT, Opened, deadline_of, open_agreement
from aftale.steps.year_folder import YearFolder


@dataclass(frozen=True)
class Known:
    """Where the round's follow-up stands: ``followup`` where it is said, else the one in the ``year``'s folder, if any."""

    followup: Path | None = None
    year: YearFolder | None = None


def indlaes(agreement_path: Path, answers: Sequence[Path], csv_path: Path | None = None,
            round_: Round | None = None, progress: Progress | None = None, retur: DraftFolder | None = None,
            earlier: Sequence[Path] = (), known: Known = Known()) -> Report:
    """Read the answers back and report them, without making a follow-up; ``retur`` says where questions go, if they do.

    ``earlier`` are the follow-ups that the results are looked at beside; what was decided in the one that is ``known`` of
    this round isn't asked again. Raises CannotDo where agreement or follow-up can't be read, there is nothing to read, or a
    text of staff's is wrong.
    """
    opened = open_agreement(agreement_path)
    given = standing_given(known.followup, opened, round_)
    leave_out = [*earlier, *([known.followup] if known.followup else [])]
    found = collect(opened, answers, certain_round(given, round_), leave_out, progress)
    standing, followup = (given, known.followup) if given else standing_in(known.year, opened, found.round)
    past = read_earlier(earlier, opened.agreement, found.round)
    state = gather(opened, found, standing, past.states)
    result = follow_up(opened.agreement, state, found.forms, date(opened.agreement.year, 1, 1), opened.questions)
    asked = (p for p in opened.questions if p.code not in ASKED_WHEN_IT_GOES_OUT)
    everything = (*settle((*asked, *found.problems, *past.problems), result.settled, line_keys(state)),
                  *(standing.other_problems if standing else ()), *result.problems)
    files = (ToWrite(csv_path, answers_csv(result)),) if csv_path else ()
    said = [taken(opened, found, followup), *past.said]
    if csv_path:
        said.append(f"Svarene er gemt som liste: {csv_path}")
    before = first_readable(each.problem for each in found.refused)
    report = Report(tuple(said), everything, files, f"{before}Kør »aftale flet«, når svarene skal samles i opfølgningen.",
                    flet_data(result, None, everything), response_rows(result), board_lines(result),
                    told=frozenset(standing.remembered.told if standing else ()))
    return _with_replies(report, opened, found, result, answers, retur) if retur else report


def _with_replies(report: Report, opened: Opened, found: Collected, result: FollowUp, answers: Sequence[Path],
                  asked: DraftFolder) -> Report:
    """Add the skemaer that go back with questions, and their drafts, to what `indlaes` reports."""
    from aftale.mail.drafts import mail_text
    from aftale.mail.values import MailRound
    from aftale.steps.retur import retur_files
    texts, together = (mail_text(kind, asked.own_texts, [opened.path.parent])
                       for kind in (MailKind.RETUR, MailKind.UENIGE))
    about = MailRound(opened.agreement, found.round, asked.deadline or deadline_of(opened.agreement, found.round),
                      asked.today)
    replies = retur_files(about, found.forms, result, answers, asked.folder, texts, together)
    return replace(report, next_step=replies.next_step or report.next_step, data={**report.data, **replies.data},
                   mailing=replies.mailing, closing=replies.closing).joined(replies)


def answers_csv(result: FollowUp) -> bytes:
    """Return every answer of every file as a list for other programs: UTF-8 with BOM, ``;`` between the fields."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Mål-id", "Felt", "Svar", "Ansvarlig", "Udfyldt af", "Gemt", "Fil", "Ark", "Celle"])
    for each in result.state.returned:
        for a in sorted(each.answers, key=lambda a: (sort_key(a.goal), list(AnswerColumn).index(a.column))):
            writer.writerow([_danish(value) for value in (
                a.goal, HEADERS[a.column], a.value, each.owner, each.filled_by, each.source.when, a.place.file,
                a.place.sheet, a.place.cell)])
    return out.getvalue().encode("utf-8-sig", "replace")


def _danish(value: Value) -> str:
    text = canonical(value).replace(".", ",") if isinstance(value, float) else canonical(value)
    # A spreadsheet program would run a text that begins like a formula.
    return f"'{text}" if isinstance(value, str) and text[:1] in ("=", "+", "-", "@") else text
