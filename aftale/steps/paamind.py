"""paamind: a reminder to each colleague whose answers are missing, with the skema filled in as far as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from aftale.cells.hidden_sheet import find_record
from aftale.followup.build import FollowUp, follow_up, response_rows
from aftale.followup.who_answered import Response, board_sentence
from aftale.forms.plan import form_from_record, with_deadline
from aftale.forms.versions import addresses
from aftale.intake.read import read_bytes
from aftale.intake.workers import Progress
from aftale.mail.drafts import Made, Texts, mail_text, mail_to_owner, make_drafts
from aftale.mail.sent_list import Reminded, reminders
from aftale.mail.shared_folder import link_to, shared_place, where_values
from aftale.mail.values import (
    MailRound,
    day_and_month,
    deadline_sentence,
    lacking_shares,
    reminder_values,
    to_remind,
    told_of_reminders,
)
from aftale.merge.state import MISPLACED
from aftale.model.agreement import AnswerColumn, Round
from aftale.model.findings import Finding, Severity
from aftale.model.forms import Form
from aftale.model.mail import Attachment, MailKind
from aftale.model.problems import problem
from aftale.model.received import Refused
from aftale.model.text import danish_date, slug, some
from aftale.model.workbook import Workbook
from aftale.office.as_saved import as_we_saved_it
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import digest
from aftale.replies.questions import candidates, newest_first, reminder
from aftale.steps.collect import (
    Collected,
    NoAnswers,
    certain_round,
    collect,
    gather,
    nothing_collected,
    standing_given,
    standing_in,
    taken,
)
from aftale.steps.fordel import draw, form_name
from aftale.steps.open_agreement import Opened, deadline_of, open_agreement
from aftale.steps.retur import books_again, bytes_again, draw_reply
from aftale.steps.year_folder import YearFolder

_SUFFIX = "_paamindelse"
_MOST_NAMED = 8
_COLUMNS = {"status": AnswerColumn.STATUS, "result": AnswerColumn.RESULT, "remark": AnswerColumn.REMARKS}


@dataclass(frozen=True)
class Reminding:
    """What reminders are made from: the answers, and what else is known of the round.

    ``followup`` is the follow-up that stands, where it isn't the one in the year's folder: what the coordinator has
    written in it is an answer too. ``year`` is that folder, with the skemaer as they were sent; ``deadline`` a new one.
    ``today`` is the day it is, which decides what is said of the deadline and of earlier reminders.
    """

    answers: Sequence[Path]
    round: Round | None = None
    followup: Path | None = None
    year: YearFolder | None = None
    deadline: date | None = None
    own_texts: Path | None = None
    today: date | None = None


def paamind(agreement_path: Path, folder: Path, about: Reminding, progress: Progress | None = None) -> Report:
    """Make a draft to each ansvarlig who hasn't answered, naming just the goals that lack an answer.

    Raises CannotDo where agreement or follow-up can't be read, the round isn't known, or a text of staff's is wrong.
    """
    opened = open_agreement(agreement_path)
    texts = mail_text(MailKind.PAAMIND, about.own_texts, [agreement_path.parent])
    given = standing_given(about.followup, opened, about.round)
    found = _collected(opened, about, certain_round(given, about.round), progress)
    standing, followup = (given, about.followup) if given else standing_in(about.year, opened, found.round)
    state = gather(opened, found, standing, [])
    result = follow_up(opened.agreement, state, found.forms, date(opened.agreement.year, 1, 1), opened.questions)
    lacking = to_remind(result.responses)
    held = {each.form.id: file for each in lacking for file in state.refused if _may_hold(file, each.form)}
    waited = [each for each in lacking if each.form.id not in held]
    unsure = [file for file in state.refused if waited and file.problem.level is Severity.ERROR
              and file.problem.code not in MISPLACED and not any(_may_hold(file, form) for form in found.forms)]
    maker = _Maker(opened, found, result, about, texts, _reminded_before(folder, about.today))
    made = [maker.mail(each) for each in waited]
    drafts = make_drafts(texts, maker.about, made, folder, f"skema_{maker.about.ending}_*{_SUFFIX}.eml",
                         needed=[f"{form_name(each.form)}{_SUFFIX}" for each in waited])
    by_email = [p for p in opened.questions if p.code.startswith("email-")]
    unread = [each.problem for each in found.refused if each.problem.level is Severity.ERROR]
    problems = (*by_email, *found.problems, *unread, *maker.problems,
                *(_held(each, held[each.form.id]) for each in lacking if each.form.id in held),
                *(problem("reminder-unsure", each.problem.place, value=each.source.name) for each in unsure),
                *told_of_reminders([each for each in result.responses if each.form.id not in held]))
    by = deadline_sentence(maker.about.deadline, about.today)
    said = [f"{taken(opened, found, followup)} {by}".rstrip(), board_sentence(result.responses),
            *([] if lacking else ["Der er ingen at minde om at svare."]), *maker.told_of_earlier(waited)]
    next_step = (f"Læg svarene i mappen {found.round.value}/svar, når de kommer, og kør »aftale flet«." if waited else
                 "Få de filer, der ikke kan læses, på plads, og kør »aftale paamind« igen." if held else
                 "Kør »aftale flet«, og send opfølgningen med »aftale send«.")
    rows = [row for row in response_rows(result) if row[0] in {each.form.owner.name for each in waited}]
    return Report(tuple(said), problems, (), next_step, table=rows, mailing=drafts.mailing,
                  closing=drafts.closing).joined(drafts)


def _collected(opened: Opened, about: Reminding, round_: Round | None, progress: Progress | None) -> Collected:
    """Read the answers; that there are none at all is just what reminders are for."""
    leave_out = [about.followup] if about.followup else []
    try:
        found = collect(opened, about.answers, round_, leave_out, progress)
        if closed := [each for each in found.problems if each.level is Severity.ERROR]:
            raise CannotDo("\n".join(("Ingen er mindet: svarene kan ligge et sted, der ikke kan læses.",
                                      *(f"  {each.place}: {each.message} {each.advice}" for each in closed))))
        return found
    except NoAnswers as none:
        if none.problems:  # a folder that can't be opened isn't an empty one
            raise
        if round_ is None:
            raise CannotDo("Der er ingen svar at kende runden på. Skriv --runde midtvejs eller --runde aarsopfoelgning.",
                           USAGE) from None
        return nothing_collected(opened, round_)


def _may_hold(file: Refused, form: Form) -> bool:
    """May a file that can't be read hold somebody's answer?

    It is called by the skema's id or by the ansvarlig, or came from their address.
    """
    called = f"{file.source.container} {file.source.name}"
    owner = re.escape(slug(form.owner.name, len(called)))
    by_name = form.id in called.upper() or re.search(rf"(?:^|_){owner}s?(?:_|$)", slug(called, 2 * len(called))) is not None
    by_sender = file.source.sender in addresses(form.owner.email) and file.problem.code not in MISPLACED
    return file.problem.level is Severity.ERROR and (by_name or by_sender)


def _held(response: Response, file: Refused) -> Finding:
    """Say that somebody isn't reminded, because the answer may stand in a file that can't be read."""
    goals = some([share.goal for share in lacking_shares(response)], _MOST_NAMED)
    return problem("reminder-unread", file.problem.place, owner=response.form.owner.name, value=file.source.name, what=goals)


def _reminded_before(folder: Path, today: date | None) -> dict[str, list[Reminded]]:
    """Return by skema-id on which earlier days reminders were made or sent from a folder."""
    found = reminders(folder) if today else {}
    days = {form: [each for each in told if today and each.day < today] for form, told in found.items()}
    return {form: each for form, each in days.items() if each}


class _Maker:
    """Makes the reminders of a round; ``earlier`` are the days of those that were made before, by skema-id."""

    def __init__(self, opened: Opened, found: Collected, result: FollowUp, how: Reminding, texts: Texts,
                 earlier: Mapping[str, Sequence[Reminded]]) -> None:
        self.opened, self.result, self.how, self.texts, self.earlier = opened, result, how, texts, earlier
        forms = how.year.rounds[found.round].forms if how.year else ()
        self.sent = {form.id: (form, data) for form, data in _as_sent(map(_bytes_of, forms))}
        self.stated = deadline_of(opened.agreement, found.round)
        went_out = max((form.deadline for form, _ in self.sent.values() if form.deadline), default=None)
        self.about = MailRound(opened.agreement, found.round, how.deadline or self.stated or went_out)
        self.shared, doubts = shared_place(self.about, texts.text)
        self.in_place = {digest(_bytes_of(path)) for path in forms} if self.shared else set()
        self.problems: list[Finding] = [*doubts]

    def mail(self, response: Response) -> Made:
        """Make the reminder to one ansvarlig."""
        name = form_name(response.form)
        link = link_to(self.shared, f"{name}.xlsx") if self._lies_there(response) else None
        attached = [] if link else [self._attached(response)]
        file = attached[0].name if attached else f"{name}.xlsx"
        values = reminder_values(self.about, response, self.result.goal_results, file, self.how.today,
                                 [each.day for each in self.earlier.get(response.form.id, ())])
        values = {**values, **where_values(link), **({"besvaret": ""} if link else {})}
        return mail_to_owner(self.texts.text, self.about, response.form, values, *attached, name=f"{name}{_SUFFIX}")

    def _lies_there(self, response: Response) -> bool:
        """Tell whether what somebody has answered so far stands in the skema in the shared folder, if anything does."""
        answered = {each.source.sha256 for each in response.files if not each.untouched}
        return answered <= self.in_place

    def told_of_earlier(self, waited: Sequence[Response]) -> Iterator[str]:
        """Tell who was reminded before; of a draft nobody knows whether it was sent."""
        before = {each.form.owner.name: self.earlier[each.form.id] for each in waited if each.form.id in self.earlier}
        who = [f"{name} ({', '.join(day_and_month(each.day, self.how.today) for each in days)})"
               for name, days in before.items()]
        if who:
            yield f"Mindet før: {some(who, _MOST_NAMED)}. Det står i kladderne."
        if not all(each.sent for days in before.values() for each in days):
            yield ("Det er dagene, hvor kladderne blev lavet: Programmet ved ikke, om de blev sendt. Blev de ikke det, så"
                   " ret de nye kladder.")

    def _attached(self, response: Response) -> Attachment:
        """Return the skema with what has been answered in it; the very one that was sent where nothing has."""
        name = form_name(response.form)
        if any(not each.untouched for each in response.files):
            return Attachment(f"{name}{_SUFFIX}.xlsx", self._filled_in(response))
        back = bytes_again(self.how.answers, [each.source for each in response.files]).values()
        form, data = next(_as_sent(back), None) or self.sent.get(response.form.id) or (response.form, b"")
        moved = self._moved(form)
        if not data or moved != form:
            data = draw(replace(moved, fixed={}), date(self.opened.agreement.year, 1, 1))
        return Attachment(f"{name}.xlsx", data)

    def _moved(self, form: Form) -> Form:
        """Return a skema with the deadline that the mail says."""
        if form.deadline and self.stated and form.deadline != self.stated and not self.how.deadline:
            self.problems.append(problem("reminder-deadline", owner=form.owner.name, value=danish_date(form.deadline),
                                         what=danish_date(self.stated)))
        return with_deadline(form, self.about.deadline)

    def _filled_in(self, response: Response) -> bytes:
        people = newest_first([each for each in candidates(self.result.state.returned)
                               if each.files[0].form == response.form.id and not all(f.untouched for f in each.files)])
        newest = people[0].files[0].source
        book = books_again(self.how.answers, [newest]).get(newest.sha256)
        lacks = {share.goal: tuple(_COLUMNS[each] for each in share.missing) for share in lacking_shares(response)}
        reply = reminder(people, response.form, book, self.result.merged, self.result.goal_results, lacks)
        return draw_reply(replace(reply, form=self._moved(reply.form)), self.opened.agreement)


def _bytes_of(path: Path) -> bytes:
    """Return a skema that was sent; b'' where it can't be read, for then it is drawn anew."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _as_sent(contents: Iterable[bytes]) -> Iterator[tuple[Form, bytes]]:
    """Yield the skemaer among files that are just as we wrote them, and no copies with answers filled in."""
    for data in contents:
        book = read_bytes(data, "skema.xlsx") if as_we_saved_it(data) else None
        form = form_from_record(find_record(book)[1]) if isinstance(book, Workbook) else None
        if form and form.marked is None:
            yield form, data
