"""Sending the mails of a round through a mail server, each once to everybody, and going on where an earlier run stopped."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from email.utils import formatdate
from pathlib import Path

from aftale.mail.addresses import read_addresses
from aftale.mail.eml import message
from aftale.mail.sent_list import Pair, SentList, State, held
from aftale.mail.smtp import Relay, ServerReply, connect, hand_over
from aftale.model.findings import Finding
from aftale.model.mail import Address, Mailing
from aftale.model.problems import problem
from aftale.model.text import count, danish_date, danish_number, some
from aftale.office.report import USAGE, CannotDo, Report

HEADERS = ("Modtager", "Emne", "Vedhæftet", "")
"""The headings of the report's table, of a dry run as well."""

_NAMED = 5
_AGAIN = "Kør den samme kommando igen: Den fortsætter, hvor den slap, og ingen får mailen to gange."


@dataclass(frozen=True)
class Posting:
    """How mails are sent: by which server, in whose name ('' for the mailing's own sender), and what to do about the past.

    ``again`` sends what was sent before; ``dry`` only tells what would be sent; ``unsure`` is what the mails in doubt count
    as: sent, or lacking.
    """

    relay: Relay
    sender_given: str = ""
    again: bool = False
    dry: bool = False
    unsure: State | None = None


def post(mailing: Mailing, posting: Posting, folder: Path, password: Callable[[], str]) -> Report:
    """Send the mails of a round, each once to everybody; in a dry run only tell what would be sent.

    ``folder`` is where the drafts and the list of what was sent lie. Raises CannotDo where nothing could begin: no sender,
    no connection to the server, no login; CannotWrite where another run is sending, or the list can't be used.
    """
    sender = _sender(mailing, posting)
    if posting.dry:
        return _Run(mailing, posting, sender, SentList(folder, mailing.series, dry=True)).report()
    with held(folder, mailing.series) as sent_list:
        run = _Run(mailing, posting, sender, sent_list)
        run.send(password)
        report = run.report()
    copies = f"Kladderne i {folder} er kopier af det, der er sendt: Send dem ikke igen."
    return report if report.failed else replace(report, said=(*report.said, copies))


def _sender(mailing: Mailing, posting: Posting) -> Address:
    given, known = posting.sender_given, mailing.sender
    if known is not None and not given:
        return known
    found, bad = read_addresses(given, known.name if known else "")
    if bad or len(found) != 1:
        wrong = f"»{given}« kan ikke bruges som afsenderadresse" if given else "Det er uvist, hvem mailene er fra"
        raise CannotDo(f"{wrong}. Intet er sendt. Skriv koordinatorens e-mail på arket Forside i aftalen, eller skriv"
                       " adressen som navn@example.dk efter --fra, uden æ, ø og å før @.", USAGE)
    return found[0]


class _Run:
    """One run: whom each mail goes to, who has got it before, and what the server answers."""

    def __init__(self, mailing: Mailing, posting: Posting, sender: Address, sent_list: SentList) -> None:
        self.mailing, self.posting, self.sender, self.list = mailing, posting, sender, sent_list
        self.everyone = {(mail.key, to.email.casefold()): (mail, to) for mail in mailing.mails for to in mail.to}
        self.settled: list[Pair] = []
        if posting.unsure is not None:
            self.settled = self._in(State.UNSURE)
            sent_list.note(dict.fromkeys(self.settled, posting.unsure))
        self.before = [] if posting.again else self._in(State.SENT)
        self.tasks = [pair for pair in self.everyone if pair not in (*self.before, *self._in(State.UNSURE))]
        self.replies: dict[Pair, ServerReply] = {}
        self.trouble: Finding | None = None

    def _in(self, state: State) -> list[Pair]:
        return [pair for pair in self.everyone if pair in self.list.noted and self.list.noted[pair].state is state]

    @property
    def left(self) -> list[Pair]:
        """What is still to be sent: put off, or never come to."""
        return [pair for pair in self.tasks if pair not in self.replies or self.replies[pair].state is State.LACKING]

    @property
    def sent(self) -> list[Pair]:
        """What this run has sent."""
        return [pair for pair, reply in self.replies.items() if reply.state is State.SENT]

    def send(self, password: Callable[[], str]) -> None:
        """Send what is to be sent, over one connection as long as it lasts, with a line in the list before and after each.

        Raises CannotDo where the server can't be reached at all.
        """
        smtp: smtplib.SMTP | None = None
        known = password() if self.tasks and self.posting.relay.user else ""
        try:
            for mail in self.mailing.mails:
                to = {pair: self.everyone[pair][1].email for pair in self.tasks if pair[0] == mail.key}
                if not to:
                    continue
                if smtp is None or smtp.sock is None:
                    connected = connect(self.posting.relay, known)
                    if isinstance(connected, Finding):
                        self.trouble = connected
                        break
                    smtp = connected
                data = message(mail, self.sender, formatdate(localtime=True))
                self.list.note(dict.fromkeys(to, State.UNSURE))
                said = hand_over(smtp, self.sender.email, list(to.values()), data)
                replies = {pair: said[address] for pair, address in to.items()}
                self.replies |= replies
                self.list.note({pair: reply.state for pair, reply in replies.items() if reply.state is not State.UNSURE})
            if smtp is not None:
                with suppress(OSError):
                    smtp.quit()  # but not where a mail was interrupted: it would be a part of that mail
        finally:
            if smtp is not None:
                smtp.close()
        if self.trouble and not self.replies:
            raise CannotDo(f"{self.trouble.message} Intet er sendt. {self.trouble.advice}")

    # ---------------------------------------------------------------- what is told

    def report(self) -> Report:
        """Tell what was sent to whom, or would be in a dry run, what wasn't and why, and what comes next."""
        dry = self.posting.dry
        undone = bool(self.left) or bool(self.everyone) and not self.sent and not self.settled
        return Report(tuple(self._said()), tuple(self._problems()), table=tuple(map(self._row, self.everyone)),
                      next_step=_AGAIN if self.left and not dry else "", failed=undone and not dry,
                      closing="Prøve: Intet er sendt." if dry else "")

    def _said(self) -> Iterator[str]:
        if self.settled:
            yield (f"{count(len(self.settled), 'uafklaret mail', 'uafklarede mails')} tæller nu som"
                   f" {'' if self.posting.unsure is State.SENT else 'ikke '}sendt.")
        if self.tasks and self.posting.dry:
            yield f"{_mails(self.tasks)} ville blive sendt fra {self.sender.email} gennem {self.posting.relay}."
        elif self.tasks:
            yield f"{_mails(self.sent)} sendt."
            yield from [f"{_mails(self.left)} mangler at blive sendt."] if self.left else []
        elif self._in(State.UNSURE):
            yield "Intet er sendt: Det, der mangler, er uafklaret."
        elif self.before and not self.settled:
            yield f"{self.mailing.what}: alle har fået mailen. Intet er sendt igen. Skal de have den igen, så brug --igen."
        else:
            yield "Der er ikke flere mails at sende."

    def _problems(self) -> Iterator[Finding]:
        codes = {State.REFUSED: "mail-refused", State.LACKING: "mail-later"}
        for (_, address), reply in self.replies.items():
            if reply.state in codes:
                yield problem(codes[reply.state], value=address, words=reply.words)
        for pair in self._in(State.UNSURE):
            time = self.list.noted[pair].time
            yield problem("mail-in-doubt", value=pair[1], what=f"den {_day(time)} kl. {time[11:16]}")
        yield from [self.trouble] if self.trouble else []
        if self.tasks and self.before:
            yield problem("sent-before", value=some([address for _, address in self.before], _NAMED))

    def _row(self, pair: Pair) -> tuple[str, ...]:
        mail, to = self.everyone[pair]
        files = [f"{each.name} ({danish_number(max(1, round(len(each.data) / 1024)))} kB)" for each in mail.attachments]
        if pair in self.left:
            state = "ville blive sendt" if self.posting.dry else "ikke sendt endnu"
        else:
            noted = self.list.noted[pair]
            state = f"sendt før: {_day(noted.time)}" if pair in self.before else str(noted.state)
        return f"{to.name} <{to.email}>" if to.name else to.email, mail.subject, ", ".join(files), state


def _mails(pairs: Sequence[Pair]) -> str:
    """Count mails, one to each address."""
    return count(len(pairs), "mail", "mails")


def _day(moment: str) -> str:
    return danish_date(date.fromisoformat(moment[:10]))
