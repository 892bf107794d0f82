"""fordel: one skema per ansvarlig with just that person's goals of the year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from aftale.agreement.checks import check_agreement, unconfirmed
from aftale.agreement.read_goals import ROWS_ASKED, agreement_record
from aftale.cells.hidden_sheet import find_record
from aftale.followup.last_round import last_round
from aftale.forms.draw_xlsx import draw_form, fixed_texts
from aftale.forms.judge import judge
from aftale.forms.plan import Earlier, form_book, form_record, plan_forms
from aftale.forms.returned import Expected, Returned
from aftale.intake.read import read_bytes, stands_at
from aftale.intake.two_processes import in_two_processes
from aftale.mail.values import MailRound, form_values
from aftale.model.agreement import Agreement, Round
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.mail import Attachment, MailKind
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import count, danish_date, listing, slug, without_controls
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import ToWrite, digest, earlier_name
from aftale.steps.collect import Past, read_earlier, results_of
from aftale.steps.open_agreement import Opened, deadline_of, deadline_sent, open_agreement

_FORMS_FOR_TWO = 100
"""Below so many skemaer a second process costs more than it saves."""


@dataclass(frozen=True)
class DraftFolder:
    """Where drafts of mails with skemaer are to be written, where staff keep their texts, and the deadline in them.

    Where nobody has asked for drafts, none are made for an agreement without addresses. Where ``today`` is given, the mails
    don't say a deadline before it.
    """

    folder: Path
    own_texts: Path | None = None
    deadline: date | None = None
    asked_for: bool = True
    today: date | None = None


def fordel(agreement_path: Path, round_: Round, folder: Path, deadline: date | None = None,
           earlier: Sequence[Path] = (), drafts: DraftFolder | None = None) -> Report:
    """Make the skemaer of a round, and give missing Mål-id in the agreement; where it is asked for, drafts to send them in.

    The deadline is the one given, that of ``Forside``, or the one that the skemaer in the folder have. A skema that was
    filled in or changed since it was written is left alone and named. Raises CannotDo where the agreement
    can't be read, nobody would get a skema, or a text of staff's is wrong.
    """
    opened = open_agreement(agreement_path)
    agreement = opened.agreement
    deadline = deadline or deadline_of(agreement, round_) or deadline_sent(agreement, sorted(
        folder.glob(f"skema_{agreement.year}_{round_.value}_*.xlsx")))
    past = read_earlier(earlier, agreement, round_)
    known = results_of(past, agreement, round_)
    forms = plan_forms(agreement, round_, deadline, known)
    if not forms and opened.read.asked:
        asked = next(p for p in opened.questions if p.code in (*ROWS_ASKED, "agreement-error"))
        raise CannotDo(f"Ingen af målene kan deles ud endnu. {asked.place}: {asked.message} {asked.advice}")
    if not forms:
        raise CannotDo(f"Ingen mål i {agreement.year} har en ansvarlig. Skriv dem i kolonnen Ansvarlig på arket Mål, og"
                       " kør igen.")
    problems = (*past.problems, *_doubts(opened, forms, round_, deadline))
    drawn = [Attachment(f"{form_name(form)}.xlsx", data) for form, data in zip(
        forms, in_two_processes(f"{__name__}:as_sent", forms, _FORMS_FOR_TWO), strict=True)]
    found = {each.name: standing(folder / each.name, each.data, agreement) for each in drawn}
    there, hashes = ({name: each[at] for name, each in found.items()} for at in (0, 1))
    files, said = _agreement_file(opened)
    files += [ToWrite(folder / each.name, each.data, expects=hashes[each.name]) for each in drawn
              if there[each.name] in ("", "pristine")]
    if past.names:
        said.append(f"Sidste status og resultat er fra {listing(past.names)}.")
    by = f" Frist: {danish_date(deadline)}." if deadline else ""
    said.append(f"{count(len(drawn), 'skema', 'skemaer')} til {round_.danish}en {agreement.year} i {folder}.{by}")
    unread = [name for name, state in there.items() if state == "unread"]
    problems = (*problems, *(problem("form-unread", Place(name), value=folder.parent / "svar") for name in unread))
    if skipped := [name for name, state in there.items() if state == "changed"]:
        said.append(f"Ændret, siden de blev lavet, og derfor ikke rørt: {', '.join(skipped)}. Flyt filen til svar-mappen,"
                    " hvis skemaet skal laves igen.")
    said += opened.read.said
    rows = [(form.owner.name, form.owner.email, count(len(form.lines), "mål", "mål"), name, _DONE_WITH[state])
            for form, (name, state) in zip(forms, there.items(), strict=True)]
    answers = f"Læg svarene i mappen {folder.parent / 'svar'}, og kør »aftale indlaes«."
    report = Report(tuple(said), (*opened.unsettled(past.states), *problems), tuple(files),
                    f"Send hvert skema til den ansvarlige. {answers}", table=rows)
    if drafts is None or not drafts.asked_for and not any(form.owner.email.strip() for form in forms):
        return report
    return _with_drafts(replace(report, next_step=answers), MailRound(agreement, round_, deadline),
                        {each: form for form, each in zip(forms, drawn, strict=True)
                         if each.name not in (*skipped, *unread)}, drafts, agreement_path.parent, past, known)


def _doubts(opened: Opened, forms: Sequence[Form], round_: Round, deadline: date | None) -> Iterator[Finding]:
    """Yield what is doubtful about an agreement that skemaer are sent out of."""
    for each in check_agreement(opened.agreement):
        if each.code in ("owner-missing", "email-missing", "email-differs", "owners-alike"):
            yield each
    yield from unconfirmed(opened.agreement, {line.goal for form in forms for line in form.lines})
    if deadline is None:
        yield problem("deadline-missing", Place(opened.path.name, "Forside"), value=round_.danish + "en")


def _with_drafts(report: Report, about: MailRound, drawn: Mapping[Attachment, Form], where: DraftFolder,
                 year: Path, past: Past, known: Mapping[str, Earlier]) -> Report:
    """Add a draft for every skema that nobody has filled in yet; ``year`` is where staff's own texts may lie."""
    from aftale.mail.drafts import mail_text, mail_to_owner, make_drafts
    from aftale.mail.shared_folder import link_to, shared_place, where_values
    texts = mail_text(MailKind.FORDEL, where.own_texts, [year])
    last = last_round(about.agreement, about.round, [each for state in past.states for each in state.history])
    words = {goal: each.said for goal, each in known.items()}
    shared, doubts = shared_place(about, texts.text)
    made = []
    for each, form in drawn.items():
        entry, link = _deadline_entry(about, form), link_to(shared, each.name)
        values = {**form_values(about, form, each.name, last, words), **where_values(link),
                  "kalender": "kalenderaftale (.ics)" if entry else ""}
        made.append(mail_to_owner(texts.text, about, form, values, *([] if link else [each]), *entry, name=form_name(form)))
    drafts = make_drafts(texts, about, made, where.folder, f"skema_{about.ending}_*_S-????-????.eml",
                         needed=map(form_name, drawn.values()))
    asked = [form.owner.name for form in drawn.values() if not form.owner.email]
    left = tuple(p for p in report.problems if p.code != "email-missing" or not any(name in p.message for name in asked))
    said = ["Fristen er vedhæftet hver kladde som kalenderaftale."] if about.deadline else []
    said += [f"Mailene har et link til skemaet i {shared} i stedet for filen."] if shared else []
    told = Report(tuple(said) if drafts.mailing and drafts.mailing.mails else (), doubts)
    return replace(report, problems=left, mailing=drafts.mailing, closing=drafts.closing).joined(drafts, told)


def _deadline_entry(about: MailRound, form: Form) -> list[Attachment]:
    """Return the deadline of a skema as a calendar entry, the same one whenever it is sent; nothing where there is none."""
    if form.deadline is None:
        return []
    from aftale.mail.calendar_entry import deadline_entry  # it takes a while to load
    what = f"Frist: skema til {about.round.danish}en {form.year}"
    to = f" Send det til {form.return_to}." if form.return_to else ""
    said = f"{form.owner.name}: Skemaet har {count(len(form.lines), 'mål', 'mål')}.{to}"
    return [Attachment(f"{form_name(form)}.ics", deadline_entry(form.id, form.deadline, what, without_controls(said)))]


def form_name(form: Form) -> str:
    """Return what a skema's file is called, without its ending: year, round, ansvarlig and the skema id."""
    return f"skema_{form.year}_{form.round.value}_{slug(form.owner.name)}_{form.id}"


def as_sent(form: Form) -> bytes:
    """Draw a skema's workbook as it is sent out; a worker process calls it where there are many."""
    return draw(form, date(form.year, 1, 1))


def draw(form: Form, created: date) -> bytes:
    """Draw a skema's workbook, with everything it must remember in its ``_aftale``."""
    book = form_book(form, created)
    return draw_form(replace(book, record=form_record(replace(form, fixed=fixed_texts(book)))))


def _agreement_file(opened: Opened) -> tuple[list[ToWrite], list[str]]:
    """Write missing Mål-id (and the grown register) into the agreement, the earlier file kept."""
    record = find_record(opened.book)[1]
    stored = set(record.keys("register"))
    if not opened.read.new_ids and stored >= opened.agreement.register.keys():
        return [], []
    from aftale.agreement.template_xlsx import amend
    lines = agreement_record(opened.agreement, opened.agreement.template, record)
    data = amend(opened.path.read_bytes(), opened.read.sheet, opened.read.new_ids, lines,
                 date(opened.agreement.year, 1, 1))
    earlier = earlier_name(opened.path)
    given = count(len(opened.read.new_ids), "mål har", "mål har")
    what = f"{given} fået Mål-id i {opened.path.name}" if opened.read.new_ids else \
        f"Registret over Mål-id er ført ajour i {opened.path.name}"
    return [ToWrite(opened.path, data, earlier, opened.sha256)], [f"{what}; den tidligere fil er gemt som {earlier.name}."]


_DONE_WITH = {"changed": "udfyldt – ikke overskrevet", "unread": "kan ikke læses – ikke overskrevet",
              "same": "uændret", "": "ny", "pristine": "fornyet"}


def standing(path: Path, data: bytes, agreement: Agreement,
             untouched: Callable[[Returned], bool] = lambda judged: judged.untouched) -> tuple[str, str]:
    """Tell what stands where a skema is to be written, and its hash.

    '' for nothing, else same, pristine (as we wrote it), changed, or unread: there is one that can't be read.
    """
    if not stands_at(path):
        return "", ""
    try:
        there = path.read_bytes()
    except OSError:
        return "unread", ""
    now = digest(there)
    if there == data:
        return "same", now
    book = read_bytes(there, path.name)
    if isinstance(book, Finding):
        return "unread", now
    judged = judge(book, Expected(agreement))
    return "pristine" if isinstance(judged, Returned) and untouched(judged) else "changed", now
