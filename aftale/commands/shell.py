"""What every command shares: how a report is shown, written and ended."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer
from rich.markup import escape

from aftale.model.findings import Finding
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.office.report import FAILED, USAGE, CannotDo, Report
from aftale.office.safe_write import CannotWrite, danish_reason, write_all
from aftale.terminal.show import MOST, console, show
from aftale.terminal.streams import is_unicode
from aftale.terminal.today import now

if TYPE_CHECKING:
    from aftale.mail.post import Posting

T = TypeVar("T")

PASSWORD = "AFTALE_SMTP_KODE"
"""The environment variable that holds the password of the mail server where nobody sits at the terminal."""


def carry_out(step: Callable[[], Report], as_json: bool = False, headers: Sequence[str] = (), all_findings: bool = False,
              end: bool = True, most: int = MOST, posting: Posting | None = None, drafts: Path | None = None) -> Report:
    """Run a step, write its files, show what happened and exit as the contract says.

    With ``posting`` the step's mails are handed over to a server once everything is written; a dry run of it writes
    nothing. The list of what was made and sent lies in ``drafts``. The exit code says what was done, could it be shown or
    not.
    """
    dry = posting is not None and posting.dry
    screen = console(as_json)
    shown = None if all_findings else most

    report = written(step, dry)
    if drafts and not posting:
        report = replace(report, problems=(*report.problems, *_noted(report, drafts)))
    mails = report.mailing if posting and drafts and report.mailing and report.mailing.mails else None
    begun = replace(report, closing="", next_step="") if mails else report
    show(replace(begun, said=(), table=(), after=(), next_step="") if dry else begun, screen, headers, shown)
    if as_json:
        sys.stdout.write(json.dumps(report.data, ensure_ascii=not is_unicode(sys.stdout), indent=2) + "\n")
    code = report.exit_code
    if posting and drafts and mails:
        from aftale.mail.post import HEADERS, post  # it takes a while to load, and few commands send
        sent = usage(lambda: post(mails, posting, drafts, password))
        screen.print()
        next_step = sent.next_step or ("" if sent.failed or dry else report.next_step)
        show(replace(sent, next_step=next_step), screen, HEADERS, shown)
        code = max(code, sent.exit_code)
    if end:
        raise typer.Exit(code)
    return report


def written(step: Callable[[], Report], dry: bool = False) -> Report:
    """Run a step and write its files, unless it is a dry run; end with a message where that can't be done."""
    def work() -> Report:
        done = step()
        write_all([] if dry else list(done.files))
        return done

    return usage(work)


def _noted(report: Report, drafts: Path) -> Iterator[Finding]:
    """Note in the list which drafts a step has made; where that can't be done it is told, and the drafts are as good."""
    if report.mailing is None or not report.mailing.mails:
        return
    from aftale.mail.sent_list import SENT_LIST, note_made  # it takes a while to load
    try:
        note_made(drafts, report.mailing, {file.path.stem for file in report.files if file.path.suffix == ".eml"}, now())
    except CannotWrite:
        yield problem("drafts-not-noted", Place(str(drafts / SENT_LIST)))


def usage(work: Callable[[], T]) -> T:
    """Do something, such as reading options that belong together, and end with a message where it can't be done."""
    try:
        return work()
    except (CannotDo, CannotWrite) as error:
        message, code = str(error), error.code if isinstance(error, CannotDo) else FAILED
    except OSError as error:
        message, code = (f"{error.filename or 'En fil'} kan ikke læses eller skrives ({danish_reason(error)}). Luk"
                         " den i andre programmer, kontrollér, hvor den ligger, og kør igen."), FAILED
    console(True).print(escape(message), style="red")
    raise typer.Exit(code)


def password() -> str:
    """Return the password of the mail server: from the environment, else asked for at the terminal without being shown.

    Raises CannotDo where nobody can be asked.
    """
    if kept := os.environ.get(PASSWORD, ""):
        return kept
    if not sys.stdin.isatty():
        raise CannotDo(f"Adgangskoden til mailserveren mangler. Intet er sendt. Skriv den i miljøvariablen {PASSWORD}, eller"
                       " kør kommandoen i en terminal, så bliver der spurgt om den.", USAGE)
    return str(typer.prompt("Adgangskode til mailserveren (vises ikke)", hide_input=True, err=True))
