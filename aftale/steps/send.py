"""send: KSE's edition of a follow-up in an e-mail draft with the round's figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from aftale.agreement.copy_in_followup import agreement_from
from aftale.cells.hidden_sheet import find_record, is_edition
from aftale.followup.build import FollowUp, follow_up
from aftale.followup.draw_xlsx import KEYWORD
from aftale.followup.read_back import Standing, read_standing
from aftale.forms.plan import plan_forms
from aftale.intake.read import read_workbook, workbook_files
from aftale.intake.unpack import WORKBOOK_SUFFIXES, not_fetched
from aftale.mail.addresses import read_addresses
from aftale.mail.department import department_file, department_values, empty_boxes, open_matters
from aftale.mail.drafts import Recipient, mail_text, make_drafts, make_mail
from aftale.mail.values import MailRound
from aftale.model.agreement import Agreement, Round, Value
from aftale.model.columns import FACT_BY_KEY, FORSIDE
from aftale.model.findings import Finding, Severity
from aftale.model.forms import Form
from aftale.model.mail import Attachment, MailKind
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import Refused
from aftale.model.text import canonical, count, genitive, listing, some
from aftale.office.pdf import with_pdf
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import digest
from aftale.steps.collect import with_own
from aftale.steps.kse import draw_edition, edition_file
from aftale.steps.open_agreement import deadline_of, kind_of, needs_suffix, open_agreement
from aftale.steps.year_folder import YearFolder, named

_LABEL = FACT_BY_KEY["kse_mail"].label


@dataclass(frozen=True)
class Prepared:
    """A follow-up that is ready to be sent, and what is still open in it, a sentence for each."""

    path: Path
    agreement: Agreement
    standing: Standing
    result: FollowUp
    forms: tuple[Form, ...]

    @property
    def about(self) -> MailRound:
        """What the mail has in common with the round's others."""
        round_ = self.standing.state.round
        return MailRound(self.agreement, round_, deadline_of(self.agreement, round_))

    @property
    def open(self) -> tuple[str, ...]:
        """What is undecided, and what lacks an answer."""
        return open_matters(self.result)


def prepare(path: Path, what: str = "mailen") -> Prepared:
    """Read a follow-up as it stands, with everything that the coordinator has decided and written in it.

    Raises CannotDo where it isn't there, can't be read, or isn't a follow-up that ``what`` can be made of.
    """
    if path.is_dir():
        raise CannotDo(f"{path} er en mappe. Skriv lige efter kommandoen, hvor selve opfølgningen ligger (.xlsx).", USAGE)
    if not path.is_file():
        raise CannotDo(f"Opfølgningen {path} findes ikke. Kontrollér, hvor den ligger, eller lav den med »aftale flet«.",
                       USAGE)
    book = read_workbook(path)
    if isinstance(book, Finding):
        raise CannotDo(f"{path.name}: {book.message} {book.advice}")
    kind, record = kind_of(book), find_record(book)[1]
    if is_edition(record):
        raise CannotDo(f"{path.name} er forvaltningens udgave og ikke opfølgningen selv. Skriv lige efter kommandoen, hvor"
                       f" opfølgningen ligger; {what} bliver lavet af den.", USAGE)
    if kind != "opfølgning":
        what = {"aftale": "en aftale", "skema": "et skema"}.get(kind, "ikke en opfølgning, der er lavet med programmet"
                                                                      " aftale")
        raise CannotDo(f"{path.name} er {what}. Skriv lige efter kommandoen, hvor opfølgningen ligger.", USAGE)
    agreement = agreement_from(record)
    standing = read_standing(book, agreement) if agreement else None
    if agreement is None or standing is None:
        raise CannotDo(f"{path.name} kan ikke bruges til {what}: Dens skjulte ark »_aftale« mangler noget eller er ødelagt."
                       " Kør »aftale flet« igen, og brug den opfølgning, der så bliver lavet.")
    standing = with_own(standing, book, path.read_bytes(), agreement)
    state = standing.state
    forms = plan_forms(agreement, state.round, deadline_of(agreement, state.round))
    result = follow_up(agreement, state, forms, date(agreement.year, 1, 1))
    return Prepared(path, agreement, standing, result, forms)


def send(prepared: Prepared, to: str = "", out: Path | None = None, own_texts: Path | None = None,
         pdf: bool = False) -> Report:
    """Make the draft to KSE, its text to copy and the attached workbook beside it.

    ``to`` are the recipients, those of ``Forside`` where it is empty; ``out`` is the draft (``.eml``); ``pdf`` asks for a
    PDF of the edition beside it. Raises CannotDo
    where there is nobody to send to, or what stands there isn't an edition of this follow-up.
    """
    agreement, state, path = prepared.agreement, prepared.standing.state, prepared.path
    file = department_file(agreement, state.round)
    out = out or default_draft(path, file)
    needs_suffix(out, "Kladden", suffix=".eml")
    texts = mail_text(MailKind.SEND, own_texts, _near(path))
    drawn = draw_edition(prepared.result, agreement, prepared.forms)
    attached = Attachment(f"{file}.xlsx", drawn.data)
    about = prepared.about
    facts = _facts_now(prepared, bool(to))
    whom, named = _recipient(facts, to)
    day = facts.get(f"svarfrist_{state.round.value}")
    values = department_values(about, prepared.result, attached.name, named, day if isinstance(day, date) else None)
    made = make_mail(texts.text, about.series(MailKind.SEND), values, [attached], whom)
    if made.mail is None:
        bad = "".join(f" {each.message}" for each in made.problems)
        raise CannotDo(f"Der er ingen adresse at sende til.{bad} Skriv --til ADRESSE, eller udfyld »{_LABEL}« på arket"
                       " Forside i aftalen, og kør »aftale flet« og »aftale send« igen.", USAGE)
    mail = replace(made.mail, name=out.stem)
    drafts = make_drafts(texts, about, [replace(made, mail=mail)], out.parent, attachments=False)
    beside = out.parent / attached.name
    edition = edition_file(beside, attached.data, agreement, prepared.result)
    edition = with_pdf(edition, beside, drawn.data, KEYWORD, drawn.edition) if pdf else edition
    problems = (*prepared.standing.problems, *_unmerged(prepared),
                *(problem("followup-sent-open", Place(path.name), value=each) for each in prepared.open))
    rows = [("Til", "; ".join(each.email for each in mail.to)), ("Emne", mail.subject), ("Vedhæftet", attached.name)]
    step = (f"Læg {genitive(agreement.short_department)} svar i mappen {path.parent / 'svar'}, når det kommer, og kør"
            " »aftale flet«.")
    return Report(tuple(_summary(prepared)), problems, (), step, table=rows, closing=drafts.closing,
                  mailing=drafts.mailing).joined(edition, drafts)


def default_draft(path: Path, name: str = "") -> Path:
    """Return where the draft lies when nothing else is said: among the round's drafts, beside the follow-up."""
    return path.parent / "breve" / f"{name or path.stem}.eml"


def _recipient(facts: Mapping[str, Value], to: str) -> tuple[Recipient, str]:
    """Return who gets the mail, those given or else the contact on ``Forside``, and whom it speaks to."""
    if to:
        return Recipient(to, where="efter --til"), " og ".join(each.name for each in read_addresses(to)[0] if each.name)
    contact = canonical(facts.get("kse_kontakt"))
    return Recipient(canonical(facts.get("kse_mail")), contact, Place(sheet=FORSIDE), f"ud for »{_LABEL}«"), contact


def _facts_now(prepared: Prepared, addressed: bool) -> Mapping[str, Value]:
    """Return Forside as it stands in the year's folder now, where its agreement is there; else as it was merged.

    Raises CannotDo where a file that can't be read may be the agreement: its addresses may be others than those known,
    unless whom to send to is said (``addressed``).
    """
    of = prepared.agreement
    must_know = not addressed and prepared.path.resolve().parent.name in list(Round)
    for folder in _near(prepared.path):
        year = YearFolder(folder)
        agreements = year.agreements
        if must_know and folder != prepared.path.parent and year.unread:
            raise CannotDo(named(folder, year.unread, "aftalen, hvor adressen står")
                           + " Ellers skriv --til ADRESSE.")
        try:
            now = open_agreement(agreements[0]).agreement if len(agreements) == 1 else None
        except CannotDo:
            continue
        if now is not None and (now.id, now.year) == (of.id, of.year):
            return now.facts
    return of.facts


def _unmerged(prepared: Prepared) -> Iterator[Finding]:
    """Ask about answers that lie beside the follow-up and aren't in it."""
    known = {each.source.sha256 for each in prepared.standing.state.received
             if not isinstance(each, Refused) or each.problem.level is not Severity.ERROR}
    folder = prepared.path.parent / "svar"
    files, closed = workbook_files([folder]) if folder.is_dir() else ([], [])
    yield from (each for each in closed if each.level is Severity.ERROR)
    new: list[str] = []
    for path in files:
        if path.suffix.lower() not in WORKBOOK_SUFFIXES and not not_fetched(path.name):
            continue
        book = None if _is_read(path, known) else read_workbook(path)
        if isinstance(book, Finding) and book.level is Severity.ERROR:
            yield book
        elif book is not None:
            new.append(path.name)
    if new:
        yield problem("unmerged-answers", Place(folder.name), value=some(new, 3))


def _is_read(path: Path, known: Collection[str]) -> bool:
    try:
        return digest(path.read_bytes()) in known
    except OSError:  # of which the reader tells
        return False


def _near(path: Path) -> list[Path]:
    """Return where staff's texts may lie: in the year's folder, whether the follow-up stands in it or in its round's."""
    return [path.parent, path.resolve().parent.parent]


def _summary(prepared: Prepared) -> Iterator[str]:
    about = prepared.agreement
    yield (f"{prepared.path.name}: {about.unit}, {prepared.standing.state.round.danish} {about.year}."
           f" {canonical(prepared.result.book.overview.headline.value)}")
    asked = sum(p.level is Severity.QUESTION for p in prepared.result.problems)
    if asked:
        yield f"{count(asked, 'spørgsmål', 'spørgsmål')} på arket Kontrol er ikke afgjort."
    if empty := empty_boxes(prepared.result):
        yield (f"På arket Overblik er {listing([f'»{each}«' for each in empty])} ikke udfyldt. Skriv i"
               f" {'dem' if len(empty) > 1 else 'feltet'}, gem, og kør »aftale send« igen, hvis {about.short_department}"
               " skal have det med.")
    if prepared.standing.edited:
        yield "Det, der er rettet i opfølgningen siden sidste »aftale flet«, er med."
