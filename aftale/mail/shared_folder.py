"""The folder that skemaer are shared in (`Delt mappe` on ``Forside``): where a skema lies in it, as a link that opens."""

from __future__ import annotations

import re
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import quote

from aftale.mail.texts import Block, MailText, uses
from aftale.mail.values import MailRound
from aftale.model.agreement import Agreement, Round
from aftale.model.columns import FORSIDE
from aftale.model.findings import Finding
from aftale.model.mail import Link
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical

FACT = "delt_mappe"
_ROUND = re.compile(r"\{\s*runde\s*\}", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_DRIVE = re.compile(r"[a-zA-Z]:/")
_KEPT = "%/:@!$&'()*+,;=~-._"
"""What stays as it is in an address: what is coded already isn't coded twice."""
_IN_BROWSER = ("Klik på linket. Åbner skemaet i browseren, så udfyld det dér, eller vælg at åbne det i Excel. Det bliver"
               " gemt i mappen.")
_IN_FOLDER = "Klik på linket, og åbn {file} i mappen. Gem det samme sted."
_ON_DISK = ("Klik på linket, og svar ja, hvis der bliver spurgt, om filen skal åbnes. Virker linket ikke, så kopiér linjen"
            " ovenfor ind i Stifinders adresselinje. Gem det samme sted.")


def shared_folder(agreement: Agreement, round_: Round) -> str:
    """Return the folder as it stands in the agreement, ``{runde}`` in it as the round's folder is called; '' for none."""
    text = " ".join(canonical(agreement.facts.get(FACT)).split()).strip('"<> ')
    return _ROUND.sub(lambda _: round_.value, text)


def link_to(folder: str, file: str) -> Link | None:
    """Return the link to a file in a shared folder; None where nobody could open what stands there.

    A folder is an address or a whole path. To an address with a ``?`` in it, as sharing a folder gives, no file can be
    added: the link goes to the folder, and says which file to open.
    """
    if _WEB.fullmatch(folder.replace(" ", "")):
        if "?" in folder or "#" in folder:
            where = quote(folder, safe=f"{_KEPT}?#")
            return Link(where, where, _IN_FOLDER.format(file=file))
        where = f"{quote(folder.rstrip('/'), safe=_KEPT)}/{quote(file)}"
        return Link(where, where, _IN_BROWSER)
    windows = "\\" in folder or _DRIVE.match(folder)
    path = PureWindowsPath(folder, file) if windows else PurePosixPath(folder, file)
    if not folder or not path.is_absolute():
        return None
    plain = path.as_posix()
    begin = "file:" if plain.startswith("//") else "file:///" if windows else "file://"
    return Link(str(path), f"{begin}{quote(plain, safe='/:')}", _ON_DISK)


def shared_place(about: MailRound, text: MailText) -> tuple[str, tuple[Finding, ...]]:
    """Return the folder that mails are to link to, '' where skemaer are attached, and why they are although there is one."""
    folder = shared_folder(about.agreement, about.round)
    if folder and link_to(folder, "skema.xlsx") is None:
        return "", (problem("shared-folder-unusable", Place(sheet=FORSIDE), value=folder),)
    if folder and not uses(text, "link"):
        return "", (problem("mailtext-no-link", Place(text.file), value="{link}"),)
    return folder, ()


def where_values(link: Link | None) -> dict[str, str | Block]:
    """Return what a mail says of where the skema is: attached, or in the shared folder."""
    return {"vedhaeftet": "" if link else "vedhæftet", "delt_mappe": "delte mappe" if link else "", "link": link or ""}
