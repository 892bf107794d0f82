"""retur: the skemaer that go back to colleagues whose answers raise questions, as files to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from aftale.followup.build import FollowUp
from aftale.forms.draw_xlsx import draw_form, fixed_texts
from aftale.forms.plan import form_record, with_deadline
from aftale.forms.returned import Returned
from aftale.forms.versions import is_unchanged_copy, version_groups
from aftale.intake.read import candidates as workbooks_in
from aftale.intake.read import read_bytes, workbook_files
from aftale.intake.unpack import unpack
from aftale.mail.drafts import Made, Texts, mail_to_owner, mail_to_owners, make_drafts, no_longer_needed
from aftale.mail.values import MailRound, disagreement_values, reply_values
from aftale.merge.apply_choices import wanted_answers
from aftale.merge.choices import settle
from aftale.merge.state import line_keys
from aftale.model.agreement import Agreement, Owner
from aftale.model.forms import Form
from aftale.model.mail import Attachment, MailKind
from aftale.model.place import Source
from aftale.model.received import Found
from aftale.model.text import count, fold, listing, slug, some, tidy
from aftale.model.workbook import Workbook
from aftale.office.report import Report
from aftale.office.safe_write import ToWrite, digest
from aftale.replies.disagreements import disagreements
from aftale.replies.questions import QuestionForm, candidates, reply_to
from aftale.replies.workbook import reply_book, reply_form
from aftale.steps.fordel import form_name, standing

_SUFFIX = "_retur"
_MOST_NAMED = 8


def retur_files(about: MailRound, forms: Sequence[Form], result: FollowUp, answers: Sequence[Path], folder: Path,
                texts: Texts, together: Texts) -> Report:
    """Make a skema with questions for every person whose answers raise some, and a draft with it, in ``folder``.

    ``forms`` are the skemaer as they are known without the files; ``answers`` are the files and folders that were read.
    Ansvarlige who have answered the same differently get one draft ``together``. A file in ``folder`` that somebody has
    changed is left alone and named.
    """
    agreement = about.agreement
    replies = [replace(each, form=with_deadline(each.form, about.deadline)) for each in _replies(forms, result, answers)]
    joint = _joint(about, forms, result, together)
    names = _names(replies, result)
    made = [(reply, Attachment(name, draw_reply(reply, agreement))) for reply, name in zip(replies, names, strict=True)]
    files, skipped = _planned(made, folder, agreement)
    data = [{"form": reply.form.id, "owner": reply.form.owner.name, "email": reply.form.owner.email,
             "filled_by": reply.newest.filled_by, "file": str(folder / drawn.name),
             "questions": [{"code": a.code, "goal": a.goal, "text": a.text} for a in reply.asked]} for reply, drawn in made]
    both = [{"owners": list(each.owners), "goals": list(each.goals)} for each in joint]
    owners = {form.id: form.owner for form in forms}
    ready = [(reply, drawn) for reply, drawn in made if drawn.name not in skipped]
    mails = [_mail(reply, drawn, about, texts, owners.get(reply.form.id, reply.form.owner)) for reply, drawn in ready]
    own = texts if made or joint else Texts(texts.text)  # nothing to tell of a text that no mail is made from
    drafts = make_drafts(own, about, [*mails, *(each.made for each in joint)], folder,
                         f"skema_{about.ending}_*{_SUFFIX}*.eml", attachments=False,
                         needed=[Path(drawn.name).stem for _, drawn in ready])
    kept = {each.made.mail.name for each in joint if each.made.mail}
    old = no_longer_needed(folder, kept, f"{MailKind.UENIGE.value}_{about.ending}_*.eml")
    said = [*_said(made, files, skipped, folder), *_told(joint), *old]
    if not made and not joint:
        said.insert(0, f"Ingen har spørgsmål at svare på, så der er ikke gemt noget i {folder}.")
    whose = Report(together.said, together.problems) if joint else Report(())
    return Report(tuple(said), (), tuple(files), _next_step(made, joint), {"returns": data, "together": both},
                  mailing=drafts.mailing, closing=drafts.closing).joined(drafts, whose)


def _planned(made: Sequence[tuple[QuestionForm, Attachment]], folder: Path,
             agreement: Agreement) -> tuple[list[ToWrite], list[str]]:
    """Return the skemaer that are to be written, and the names of those that somebody has changed since."""
    files, skipped = [], []
    for _, drawn in made:
        path = folder / drawn.name
        found, now = standing(path, drawn.data, agreement, is_unchanged_copy)
        if found in ("changed", "unread"):
            skipped.append(drawn.name)
        elif found != "same":
            files.append(ToWrite(path, drawn.data, expects=now))
    return files, skipped


class _Joint(NamedTuple):
    """A draft to all who disagree, who they are, and about which goals."""

    made: Made
    owners: tuple[str, ...]
    goals: tuple[str, ...]


def _joint(about: MailRound, forms: Sequence[Form], result: FollowUp, texts: Texts) -> list[_Joint]:
    """Make a draft to each group of ansvarlige who have answered the same differently."""
    found = []
    for each in disagreements(result.merged):
        parties = [form for form in forms if form.id in each.forms]
        if len(parties) < 2:
            continue
        values = disagreement_values(about, each, parties)
        made = mail_to_owners(texts.text, about, parties, values, digest("\n".join(each.forms).encode())[:6])
        if made.mail:  # another disagreement is another mail, and is sent though they have had one before
            made = replace(made, mail=replace(made.mail, key=f"{made.mail.key} {digest(made.mail.text.encode())[:8]}"))
        found.append(_Joint(made, tuple(form.owner.name for form in parties),
                            tuple(dict.fromkeys(cell.goal for cell in each.cells))))
    return found


def _told(joint: Sequence[_Joint]) -> Iterator[str]:
    whom = [f"{listing(each.owners)} ({some(each.goals, _MOST_NAMED)})" for each in joint if each.made.mail]
    if whom:
        yield f"Én kladde til dem, der har svaret forskelligt: {'; '.join(whom)}."


def _next_step(made: Sequence[object], joint: Sequence[object]) -> str:
    back = "Læg det, der kommer tilbage, ved de andre svar, og kør »aftale indlaes« igen." if made else ""
    agreed = "Det, de bliver enige om, vælger du på arket Modstridende svar i opfølgningen." if joint else ""
    return " ".join(filter(None, (back, agreed)))


def _mail(reply: QuestionForm, drawn: Attachment, about: MailRound, texts: Texts, owner: Owner) -> Made:
    """Make a mail; ``owner`` has the address as it stands in the agreement, corrected since the skema was sent perhaps."""
    made = mail_to_owner(texts.text, about, replace(reply.form, owner=owner), reply_values(about, reply, drawn.name), drawn)
    if made.mail is None:
        return made
    # Several persons may have filled in one skema, and one may be asked about something new.
    asked = [fold(reply.newest.filled_by) or reply.newest.source.sha256, *(a.text for a in reply.asked)]
    number = digest("\n".join(asked).encode("utf-8", "surrogatepass"))[:8]
    return replace(made, mail=replace(made.mail, key=f"{made.mail.key} {number}"))


def _said(made: Sequence[tuple[QuestionForm, Attachment]], files: Sequence[ToWrite], skipped: Sequence[str],
          folder: Path) -> Iterator[str]:
    ready = len(made) - len(skipped)
    there = "" if len(files) == ready else f" ({len(files)} ny{'' if len(files) == 1 else 'e'}, resten uændret)"
    whom = listing([f"{reply.form.owner.name} ({len(reply.asked)})" for reply, drawn in made if drawn.name not in skipped])
    if ready:
        yield f"{count(ready, 'skema', 'skemaer')} med spørgsmål gemt i {folder}{there}: {whom}."
    if skipped:
        yield (f"Ændret, siden de blev lavet, og derfor ikke rørt: {', '.join(skipped)}. Flyt filen til svar-mappen, hvis"
               " den er et svar.")
    yield from _left_over(folder, {drawn.name for _, drawn in made})


def _left_over(folder: Path, names: Collection[str]) -> Iterator[str]:
    """Name the skemaer with questions that are no longer asked."""
    old = [path.name for path in workbooks_in(folder) if _SUFFIX in path.stem and path.name not in names]
    if old:
        yield f"Ikke længere nødvendige i {folder}: {', '.join(old)}."


def _replies(forms: Sequence[Form], result: FollowUp, answers: Sequence[Path]) -> list[QuestionForm]:
    known = {form.id: form for form in forms}
    result = _without_settled(result)
    people = [each for each in candidates(result.state.returned) if _may_ask(each.files, result)]
    wanted = wanted_answers(result.state)
    books = books_again(answers, [each.files[0].source for each in people])
    return [reply for each in people if (reply := reply_to(
        each, known.get(each.files[0].form), books.get(each.files[0].source.sha256), result.merged, result.goal_results,
        wanted))]


def _without_settled(result: FollowUp) -> FollowUp:
    """Return a follow-up with those questions made mere information that the coordinator has settled."""
    if not result.settled:
        return result
    keys = line_keys(result.state)
    returned = tuple(replace(each, findings=settle(each.findings, result.settled, keys)) for each in result.state.returned)
    goals = tuple(replace(v, problems=settle(v.problems, result.settled, keys)) for v in result.goal_results)
    return replace(result, state=replace(result.state, returned=returned), goal_results=goals)


def _may_ask(files: Sequence[Returned], result: FollowUp) -> bool:
    """Could there be anything to ask? A quick look, so that only the files in question are opened again."""
    if all(each.untouched for each in files):
        return False
    theirs = {each.source.sha256 for each in files}
    goals = {goal for each in files for goal in each.goals}
    return (any(x.code or x.kind == "note" for each in files for x in each.findings) or len(files) > 1
            or any(v.problems for v in result.goal_results if v.goal.id in goals)
            or any(cell.conflict and any(s.source.sha256 in theirs for s in cell.sides)
                   for cell in result.merged.cells.values()))


def books_again(answers: Sequence[Path], wanted: Sequence[Source]) -> dict[str, Workbook]:
    """Read some of the answers again as they stand, by their hash; one that is gone meanwhile is left out."""
    known = {each.sha256: each for each in wanted}
    books = {sha: read_bytes(data, known[sha]) for sha, data in bytes_again(answers, wanted).items()}
    return {sha: book for sha, book in books.items() if isinstance(book, Workbook)}


def bytes_again(answers: Sequence[Path], wanted: Sequence[Source]) -> dict[str, bytes]:
    """Return the bytes of some of the answers by their hash, wherever they lie."""
    tops = {each.container.split(" > ")[0] or each.name for each in wanted}
    hashes = {each.sha256 for each in wanted}
    found: dict[str, bytes] = {}
    for path in workbook_files(list(answers))[0] if wanted else ():
        if tidy(path.name) in tops:
            found |= _wanted(path, hashes)
    return found


def _wanted(path: Path, hashes: Collection[str]) -> dict[str, bytes]:
    """Return a file's bytes where it is wanted itself, else those of the files in it that are."""
    try:
        data = path.read_bytes()
    except OSError:
        return {}
    here = [data] if digest(data) in hashes else [each.data for each in unpack(data, path.name) if isinstance(each, Found)]
    return {digest(each): each for each in here if digest(each) in hashes}


def _names(replies: Sequence[QuestionForm], result: FollowUp) -> list[str]:
    """Name the files: as the skemaer themselves, with the person where several have filled in the same one."""
    people = Counter(each.files[0].form for each in version_groups(result.state.returned))
    names = []
    for reply in replies:
        who = reply.newest.filled_by
        person = f"_{slug(who, 24) if who else 'uden_navn'}" if people[reply.form.id] > 1 else ""
        names.append(f"{form_name(reply.form)}{_SUFFIX}{person}")
    taken = Counter(names)
    return [f"{name}{f'_{reply.newest.source.sha256[:6]}' if taken[name] > 1 else ''}.xlsx"
            for name, reply in zip(names, replies, strict=True)]


def draw_reply(reply: QuestionForm, agreement: Agreement) -> bytes:
    """Draw a skema that goes back, with everything it must remember in its ``_aftale``."""
    book = reply_book(reply, date(agreement.year, 1, 1))
    return draw_form(replace(book, record=form_record(reply_form(reply, fixed_texts(book)))))
