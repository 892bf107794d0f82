"""retur: the skemaer that go back to colleagues whose answers raise questions, as files to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from aftale.disk.containers import unpack
from aftale.disk.files import ToWrite, digest
from aftale.disk.form_xlsx import draw_form, fixed_texts
from aftale.disk.reading import candidates as workbooks_in
from aftale.disk.reading import read_bytes, workbook_files
from aftale.rules.followup import FollowUp
from aftale.rules.forms import form_record
from aftale.rules.judging import judge
from aftale.rules.retur import Reply, candidates, reply_to
from aftale.rules.retur_book import reply_book, reply_form
from aftale.rules.returned import Expected, Returned
from aftale.rules.versions import is_unchanged_copy, version_groups
from aftale.steps.fordel import DrawnForm
from aftale.words.domain import Agreement, Form, Source
from aftale.words.problems import Problem
from aftale.words.raw import Found, RawBook
from aftale.words.text import count, listing, slug, tidy

_SUFFIX = "_retur"


@dataclass(frozen=True)
class Replies:
    """The skemaer that go back: what is to be written, what is said of it, and the same as data."""

    files: tuple[ToWrite, ...] = ()
    said: tuple[str, ...] = ()
    next_step: str = ""
    data: tuple[Mapping[str, object], ...] = field(default=())


def retur_files(agreement: Agreement, forms: Sequence[Form], result: FollowUp, answers: Sequence[Path],
                folder: Path) -> Replies:
    """Make a skema with questions for every person whose answers raise some, to be written in ``folder``.

    ``forms`` are the skemaer as they are known without the files; ``answers`` are the files and folders that were read.
    A file in ``folder`` that somebody has changed is left alone and named.
    """
    replies = _replies(forms, result, answers)
    if not replies:
        return Replies(said=(f"Ingen har spørgsmål at svare på, så der er ikke skrevet noget i {folder}.",))
    names = _names(replies, result)
    made = [(reply, _Drawn(name, _draw(reply, agreement))) for reply, name in zip(replies, names, strict=True)]
    files, skipped = [], []
    for _, drawn in made:
        path = folder / drawn.name
        standing = _standing(path, drawn.data, agreement)
        if standing == "changed":
            skipped.append(drawn.name)
        elif standing != "same":
            files.append(ToWrite(path, drawn.data))
    data = tuple({"form": reply.form.id, "owner": reply.form.owner.name, "email": reply.form.owner.email,
                  "filled_by": reply.newest.filled_by, "file": str(folder / drawn.name),
                  "questions": [{"code": a.code, "goal": a.goal, "text": a.text} for a in reply.asked]}
                 for reply, drawn in made)
    return Replies(tuple(files), tuple(_said(made, files, skipped, folder)),
                   "Send hver fil til den, der har udfyldt skemaet. Læg det, der kommer tilbage, ved de andre svar, og kør"
                   " «aftale indlaes» igen.", data)


def _said(made: Sequence[tuple[Reply, _Drawn]], files: Sequence[ToWrite], skipped: Sequence[str],
          folder: Path) -> Iterator[str]:
    ready = len(made) - len(skipped)
    there = "" if len(files) == ready else f" ({len(files)} ny{'' if len(files) == 1 else 'e'}, resten uændret)"
    whom = listing([f"{reply.form.owner.name} ({len(reply.asked)})" for reply, drawn in made if drawn.name not in skipped])
    if ready:
        yield f"{count(ready, 'skema', 'skemaer')} med spørgsmål skrevet i {folder}{there}: {whom}. Intet er sendt endnu."
    if skipped:
        yield (f"Ændret, siden de blev skrevet, og derfor ikke rørt: {', '.join(skipped)}. Flyt filen til svar-mappen, hvis"
               " den er et svar.")
    names = {drawn.name for _, drawn in made}
    old = [path.name for path in workbooks_in(folder) if _SUFFIX in path.stem and path.name not in names]
    if old:
        yield f"Ikke længere nødvendige i {folder}: {', '.join(old)}."


def _replies(forms: Sequence[Form], result: FollowUp, answers: Sequence[Path]) -> list[Reply]:
    known = {form.id: form for form in forms}
    people = [each for each in candidates(result.state.returned) if _may_ask(each.files, result)]
    books = _books(answers, [each.files[0].source for each in people])
    found = (reply_to(each, known.get(each.files[0].form), books.get(each.files[0].source.sha256), result.merged,
                      result.verdicts) for each in people)
    return [reply for reply in found if reply]


def _may_ask(files: Sequence[Returned], result: FollowUp) -> bool:
    """Could there be anything to ask? A quick look, so that only the files in question are opened again."""
    if all(each.untouched for each in files):
        return False
    theirs = {each.source.sha256 for each in files}
    goals = {goal for each in files for goal in each.goals}
    return (any(each.problems or any(x.kind == "note" for x in each.loose) for each in files) or len(files) > 1
            or any(v.problems for v in result.verdicts if v.goal.id in goals)
            or any(cell.conflict and any(s.source.sha256 in theirs for s in cell.sides)
                   for cell in result.merged.cells.values()))


def _books(answers: Sequence[Path], wanted: Sequence[Source]) -> dict[str, RawBook]:
    """Read some of the answers again as they stand, wherever they lie; one that is gone meanwhile is left out."""
    tops = {each.container.split(" > ")[0] or each.name for each in wanted}
    hashes = {each.sha256: each for each in wanted}
    found: dict[str, RawBook] = {}
    for path in workbook_files(list(answers))[0] if wanted else ():
        if tidy(path.name) in tops:
            found.update(_matching(path, hashes))
    return found


def _matching(path: Path, wanted: Mapping[str, Source]) -> Iterator[tuple[str, RawBook]]:
    try:
        data = path.read_bytes()
    except OSError:
        return
    inside = [data] if digest(data) in wanted else [each.data for each in unpack(data, path.name) if isinstance(each, Found)]
    for content in inside:
        source = wanted.get(digest(content))
        book = read_bytes(content, source) if source else None
        if source and isinstance(book, RawBook):
            yield source.sha256, book


@dataclass(frozen=True)
class _Drawn:
    name: str
    data: bytes


def _names(replies: Sequence[Reply], result: FollowUp) -> list[str]:
    """Name the files: as the skemaer themselves, with the person where several have filled in the same one."""
    people = Counter(each.files[0].form for each in version_groups(result.state.returned))
    names = []
    for reply in replies:
        who = reply.newest.filled_by
        person = f"_{slug(who, 24) if who else 'uden_navn'}" if people[reply.form.id] > 1 else ""
        names.append(f"{Path(DrawnForm(reply.form, b'').name).stem}{_SUFFIX}{person}")
    taken = Counter(names)
    return [f"{name}{f'_{reply.newest.source.sha256[:6]}' if taken[name] > 1 else ''}.xlsx"
            for name, reply in zip(names, replies, strict=True)]


def _draw(reply: Reply, agreement: Agreement) -> bytes:
    book = reply_book(reply, date(agreement.year, 1, 1))
    return draw_form(replace(book, record=form_record(reply_form(reply, fixed_texts(book)))))


def _standing(path: Path, data: bytes, agreement: Agreement) -> str:
    """Tell what stands where a skema is to be written: '' nothing, same, pristine (as we wrote it), or changed."""
    if not path.exists():
        return ""
    there = path.read_bytes()
    if there == data:
        return "same"
    book = read_bytes(there, path.name)
    judged = None if isinstance(book, Problem) else judge(book, Expected(agreement))
    return "pristine" if isinstance(judged, Returned) and is_unchanged_copy(judged) else "changed"
