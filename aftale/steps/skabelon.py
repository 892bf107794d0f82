"""skabelon: is a restyled template complete, would anything in it be lost, and are staff's own texts of mails in order?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aftale.agreement.template_file_xlsx import USE_ANOTHER, refused
from aftale.agreement.template_xlsx import TemplateReport, inspect
from aftale.intake.workers import Judge, read_all
from aftale.mail.drafts import FOLDER, SUFFIX, new_fields, read_text, unknown_texts
from aftale.model.findings import Finding
from aftale.model.mail import MailKind
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import Refused
from aftale.model.text import count, listing
from aftale.office.report import USAGE, CannotDo, Report, problem_data
from aftale.office.safe_write import ToWrite
from aftale.office.shipped_files import mail_text_path, template_path

LARGEST = 50_000_000
"""How large a template may be, in bytes; the shipped one is a thousandth of that."""
_JUDGE = Judge("aftale.agreement.template_file_xlsx:looked")


def inspected(template: Path) -> tuple[bytes, TemplateReport]:
    """Return a template's bytes, and what it lacks and would lose.

    It is opened in a worker process, within the limits of every other file that somebody has made; the shipped one right
    here. Raises OSError where it can't be read, and CannotDo where it can't be used at all.
    """
    if template.stat().st_size > LARGEST:
        raise CannotDo(f"{template.name} er alt for stor til en skabelon. {USE_ANOTHER}")
    data = template.read_bytes()
    if data == template_path().read_bytes():
        return data, inspect(data)
    found: Any = read_all([template], _JUDGE, json.loads)[0][0]
    if isinstance(found, dict):
        return data, TemplateReport(tuple(found["missing"]), tuple(found["losses"]), tuple(found["notes"]), found["edition"])
    raise CannotDo(f"{template.name}: {refused(found.problem) if isinstance(found, Refused) else found}")


def skabelon(path: Path) -> Report:
    """Look a template through; raises CannotDo where the file isn't there or isn't a workbook that can be filled."""
    if not path.exists() or path.is_dir():
        raise CannotDo(f"{path} findes ikke som fil. Skriv, hvor skabelonen ligger (.xlsx).", USAGE)
    try:
        _, report = inspected(path)
    except OSError as error:
        raise CannotDo(f"{path.name} kan ikke åbnes. Luk den i Excel, og kør igen.") from error
    place = Place(path.name)
    found = [*(problem("template-lacks", place, value=text) for text in report.missing),
             *(problem("template-loses", place, value=text) for text in report.losses),
             *(problem("template-note", place, value=text) for text in report.notes)]
    if report.missing:
        said = f"Skabelonen {path.name} mangler noget og kan ikke bruges endnu."
    elif report.losses:
        said = f"Skabelonen {path.name} er komplet, men noget i den ville gå tabt."
    else:
        said = f"Skabelonen {path.name} er komplet, og intet i den går tabt."
    step = ("Ret skabelonen i Excel, og kør »aftale skabelon« igen." if report.missing or report.losses else
            f"Brug den med »aftale generer … --skabelon {path.name}«.")
    data: dict[str, object] = {"missing": list(report.missing), "losses": list(report.losses),
                               "notes": list(report.notes), "edition": report.edition}
    return Report((said,), tuple(found), (), step, data)


def mail_texts(folder: Path) -> Report:
    """Check the texts of mails in a folder, and put the program's own there where one is missing.

    Raises CannotDo where the folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise CannotDo(f"{folder} er en fil. Skriv en mappe, fx --brevtekster {FOLDER}.", USAGE)
    files: list[ToWrite] = []
    problems: list[Finding] = []
    rows, more = [], []
    for kind in MailKind:
        path = folder / f"{kind.value}{SUFFIX}"
        if path.exists():
            found = read_text(path, kind)[1]
            problems += found
            state = count(len(found), "fejl", "fejl") if found else "i orden"
            if beside := new_fields(path, kind):
                fields = listing([f"{{{name}}}" for name in beside])
                more.append(f"{path.name} kan også bruge {fields}. Slet filen, og kør igen, hvis du vil se, hvordan"
                            " programmets egen tekst gør det.")
        else:
            files.append(ToWrite(path, mail_text_path(kind.value).read_bytes(), expects=""))
            state = "ny"
        rows.append((kind.danish, path.name, state))
    problems += unknown_texts(folder) if folder.is_dir() else []
    said = f"Mailteksterne i {folder}: " + (
        "noget skal rettes, før de kan bruges." if problems else "de kan bruges, som de er.")
    step = (f"Ret teksterne i {folder} i Notesblok, og kør »aftale skabelon --brevtekster {folder}« igen for at se dem"
            f" efter. Ligger mappen ved siden af aftalen og hedder {FOLDER}, bliver de brugt af sig selv.")
    data: dict[str, object] = {"problems": [problem_data(p) for p in problems]}
    return Report((said, *more), tuple(problems), tuple(files), step, data, rows)
