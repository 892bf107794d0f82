"""Drafts: the texts that staff may change, whom each mail goes to, and the files that are written for it.

Beside each draft lie the attachment and the text to copy, for programs that open a draft read-only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from aftale.cells.find_table import closest
from aftale.mail.addresses import read_addresses
from aftale.mail.eml import MOST_OF_A_SUBJECT, draft
from aftale.mail.html import html
from aftale.mail.texts import MailText, Values, empty_fields, fields_beside, fill, parse_text, plain
from aftale.mail.values import MailRound, address_cell, without_address
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.mail import NOTHING_SENT, Address, Attachment, Mailing, MailKind, Outgoing
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical, count, cut, danish_number, fold, listing, slug
from aftale.office.draft_seal import is_as_drawn, is_draft
from aftale.office.report import CannotDo, Report
from aftale.office.safe_write import ToWrite, danish_reason, digest, earlier_name, standing_bytes
from aftale.office.shipped_files import mail_text_path
from aftale.office.text_file import MOST_TEXT, decoded

FOLDER = "brevtekster"
"""The folder beside the agreement in which staff may keep their own texts."""
SUFFIX = ".txt"
"""What their files end in; each is called what its mail is called."""
MOST_BYTES = 20_000_000
"""Many mail servers refuse a larger mail."""


# ---------------------------------------------------------------- texts

@dataclass(frozen=True)
class Texts:
    """The text of one kind of mail, and what is said of where it comes from."""

    text: MailText
    said: tuple[str, ...] = ()
    problems: tuple[Finding, ...] = ()


def mail_text(kind: MailKind, folder: Path | None, near: Sequence[Path] = ()) -> Texts:
    """Read and check the text of a mail: that of staff where there is one, else the program's own.

    ``folder`` is where staff keep their texts as they said it, ``near`` where it may lie without being said. Raises
    CannotDo where the folder isn't there, or a text of theirs is wrong; nothing is written then.
    """
    if folder is not None and not folder.is_dir():
        raise CannotDo(f"Mappen {folder} findes ikke. Lav den med »aftale skabelon --brevtekster {folder}«, så ligger"
                       " programmets tekster i den, klar til at rette.")
    here = folder or next((each / FOLDER for each in near if (each / FOLDER).is_dir()), None)
    own = next((each for each in here.glob(f"*{SUFFIX}") if each.stem.casefold() == kind.value), None) if here else None
    path = own or mail_text_path(kind.value)
    text, problems = read_text(path, kind)
    if text is None:
        raise CannotDo("Intet er gemt, for mailteksten kan ikke bruges:\n" + "\n".join(
            f"  {each.place}: {each.message} {each.advice}" for each in problems))
    said = (f"Mailteksten er jeres egen: {own}",) if own else ()
    if folder and not own:
        said = (f"Der er ingen {kind.value}{SUFFIX} i {folder}, så mailteksten er programmets egen.",)
    return Texts(text, said, tuple(unknown_texts(here)) if here else ())


def read_text(path: Path, kind: MailKind) -> tuple[MailText | None, list[Finding]]:
    """Read a text from disk, as Notepad and other programs save it, and check it."""
    try:
        if path.stat().st_size > MOST_TEXT:
            return None, [problem("mailtext-unreadable", Place(path.name), why="den er alt for stor")]
        text, _ = decoded(path.read_bytes())
    except OSError as error:
        return None, [problem("mailtext-unreadable", Place(path.name), why=danish_reason(error))]
    if "\0" in text:
        return None, [problem("mailtext-unreadable", Place(path.name), why="den er ikke en tekstfil")]
    return parse_text(text, kind, path.name)


def new_fields(path: Path, kind: MailKind) -> tuple[str, ...]:
    """Return the fields that a text of staff's own could use and never names, as one from an earlier version may."""
    try:
        return fields_beside(decoded(path.read_bytes())[0], kind) if path.stat().st_size <= MOST_TEXT else ()
    except OSError:
        return ()


def unknown_texts(folder: Path) -> list[Finding]:
    """Find texts of no mail's name in staff's folder: misspelt, they would never be used."""
    known = {kind.value for kind in MailKind}
    strange = sorted(path for path in folder.glob(f"*{SUFFIX}") if path.stem.casefold() not in known)
    return [problem("mailtext-unknown", Place(path.name), value=path.stem, hint=closest(path.stem, known))
            for path in strange]


# ---------------------------------------------------------------- mails

@dataclass(frozen=True)
class Made:
    """A mail, None where it can't be made, and what is wrong or doubtful about it."""

    mail: Outgoing | None
    problems: tuple[Finding, ...] = ()


class Recipient(NamedTuple):
    """Who gets a mail: the addresses as they stand in the agreement, whose they are, and where they stand."""

    to: str
    owner: str = ""
    place: Place = Place()
    where: str = "i kolonnen E-mail"


def make_mail(text: MailText, key: str, values: Values, attached: Sequence[Attachment], *whom: Recipient,
              name: str = "") -> Made:
    """Make a mail, called ``name`` or what the first that is ``attached`` is called; one that nobody can get isn't made."""
    read = [(each, *read_addresses(each.to, each.owner)) for each in whom]
    to = tuple({fold(address.email): address for _, found, _ in read for address in found}.values())
    problems = [problem("mail-bad-address", each.place, value=wrong.text, why=wrong.why, where=each.where, owner=each.owner)
                for each, _, bad in read for wrong in bad]
    if not to:
        return Made(None, tuple(problems))
    what = f"mailen til {listing([each.owner for each in whom])}"
    problems += [problem("mail-field-empty", Place(text.file), value=f"{{{name}}}", what=what)
                 for name in empty_fields(text, values)]
    written = fill(text, values)
    if len(written.subject) > MOST_OF_A_SUBJECT:
        problems.append(problem("mail-subject-long", Place(text.file), value=len(written.subject), what=what))
    name = name or Path(attached[0].name).stem
    return Made(Outgoing(key, name, to, cut(written.subject, MOST_OF_A_SUBJECT), plain(written),
                         html(written), tuple(attached)), tuple(problems))


def mail_to_owner(text: MailText, about: MailRound, form: Form, values: Values, *attached: Attachment,
                  name: str = "") -> Made:
    """Make the mail that goes to a skema's ansvarlig, called ``name`` or what the first that is ``attached`` is called."""
    if not form.owner.email.strip():
        return Made(None, (without_address(about.agreement, form),))
    whom = Recipient(form.owner.email, form.owner.name, address_cell(about.agreement, form)[1])
    return make_mail(text, f"{about.series(text.kind)} {form.id}", values, attached, whom, name=name)


def mail_to_owners(text: MailText, about: MailRound, forms: Sequence[Form], values: Values, number: str) -> Made:
    """Make one mail without a workbook that goes to several ansvarlige; ``number`` is what it is known by."""
    named = "_".join(slug(each.owner.name, 24) for each in forms)
    whom = [Recipient(each.owner.email, each.owner.name, address_cell(about.agreement, each)[1]) for each in forms
            if each.owner.email.strip()]
    made = make_mail(text, f"{about.series(text.kind)} {number}", values, (), *whom,
                     name=f"{text.kind.value}_{about.ending}_{named}_{number}")
    without = [without_address(about.agreement, each) for each in forms if not each.owner.email.strip()]
    return replace(made, problems=(*without, *made.problems))


# ---------------------------------------------------------------- files

def make_drafts(texts: Texts, about: MailRound, made: Sequence[Made], folder: Path, pattern: str = "",
                attachments: bool = True, needed: Iterable[str] = ()) -> Report:
    """Plan the drafts of a round's mails of one kind (see `draft_files`), with what is wrong or doubtful about them."""
    kind, facts = texts.text.kind, about.agreement.facts
    sender, _ = read_addresses(canonical(facts.get("koordinator_mail")), canonical(facts.get("koordinator")))
    mails = tuple(each.mail for each in made if each.mail)
    mailing = Mailing(kind, about.series(kind), about.what(kind), mails, sender[0] if sender else None)
    found: dict[object, Finding] = {}
    for number, each in enumerate(p for one in made for p in one.problems):
        found.setdefault(each.text if each.code == "mail-field-empty" else number, each)  # a field is told of once
    report = Report((), tuple(found.values()), closing=NOTHING_SENT if mails else "", mailing=mailing)
    return report.joined(draft_files(mailing, folder, pattern, attachments, needed), Report(texts.said, texts.problems))


def draft_files(mailing: Mailing, folder: Path, pattern: str = "", attachments: bool = True,
                needed: Iterable[str] = ()) -> Report:
    """Plan the files of a mailing's drafts: draft, text and attachments beside one another.

    What stands there and is the same isn't written again; what somebody has changed is kept under another name.
    ``pattern`` is what such drafts are called: those that are no longer needed are named, but for those ``needed`` that
    couldn't be made now. ``attachments`` says whether they are to be written too.
    """
    files: list[ToWrite] = []
    kept: list[str] = []
    problems: list[Finding] = []
    for mail in mailing.mails:
        data = draft(mail)
        if len(data) > MOST_BYTES:
            problems.append(problem("mail-big", Place(f"{mail.name}.eml"), what=f"»{cut(mail.subject, 60)}«",
                                    value=danish_number(round(len(data) / 1e6, 1))))
        wanted = [(f"{mail.name}.eml", data), (f"{mail.name}.txt", text_to_copy(mail))]
        wanted += [(each.name, each.data) for each in mail.attachments] if attachments else []
        ours = _as_written(folder / f"{mail.name}.eml")
        for name, content in wanted:
            planned = _planned(folder / name, content, ours)
            files += [planned] if planned else []
            kept += [planned.keep_earlier_as.name] if planned and planned.keep_earlier_as else []
    new = sum(each.path.suffix == ".eml" for each in files)
    there = "" if new == len(mailing.mails) else f" ({danish_number(new)} ny{'' if new == 1 else 'e'}, resten uændret)"
    said = [f"{count(len(mailing.mails), 'kladde', 'kladder')} i {folder}{there}."] if mailing.mails else []
    if kept:
        said.append(f"Det, der var rettet i de tidligere kladder, er gemt: {', '.join(kept)}.")
    old = no_longer_needed(folder, {*needed, *(mail.name for mail in mailing.mails)}, pattern)
    return Report((*said, *old), tuple(problems), tuple(files))


def text_to_copy(mail: Outgoing) -> bytes:
    """Return what somebody copies into a mail of their own: whom to, the subject, what to attach, and the text."""
    head = ["Til: " + "; ".join(f"{each.name} <{each.email}>" if each.name else each.email for each in mail.to),
            f"Emne: {mail.subject}", *(f"Vedhæft: {each.name}" for each in mail.attachments)]
    return ("\n".join((*head, "", mail.text)) + "\n").replace("\n", "\r\n").encode("utf-8-sig", "replace")


def _planned(path: Path, data: bytes, ours: frozenset[str]) -> ToWrite | None:
    """Plan one file; None where the same stands there. ``ours`` are the hashes of what we wrote there last time."""
    standing = standing_bytes(path)
    if standing is None:
        return ToWrite(path, data, expects="")
    now = digest(standing)
    return None if standing == data else ToWrite(path, data, None if now in ours else earlier_name(path), now)


def _as_written(path: Path) -> frozenset[str]:
    """Return the hashes of a draft of ours as we wrote it and of all that we wrote beside it, which the draft holds too."""
    data = standing_bytes(path)
    if data is None or not is_as_drawn(data):
        return frozenset()
    mail = read_draft(data, path.stem)
    return frozenset((digest(data), digest(text_to_copy(mail)), *(digest(each.data) for each in mail.attachments)))


def read_draft(data: bytes, name: str) -> Outgoing:
    """Read a draft of ours back; ``name`` is what it is called, without an ending."""
    message = message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    text = body.get_content().replace("\r\n", "\n").removesuffix("\n") if body else ""
    to = message["To"]
    return Outgoing("", name, tuple(Address(each.display_name, each.addr_spec) for each in to.addresses) if to else (),
                    str(message["Subject"]), text, "",
                    tuple(Attachment(part.get_filename() or "", _content(part)) for part in message.iter_attachments()))


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def no_longer_needed(folder: Path, names: Collection[str], pattern: str) -> list[str]:
    """Name the drafts of ours whose mail needn't be sent any more, in a sentence; nothing where there are none."""
    if not pattern or not folder.is_dir():
        return []
    old = sorted(path.name for path in folder.glob(pattern)
                 if path.stem not in names and "_tidligere_" not in path.stem and is_draft(path.read_bytes()))
    return [f"Ikke længere nødvendige i {folder}, så send dem ikke: {', '.join(old)}."] if old else []
