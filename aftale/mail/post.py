"""Sending the mails of a round through a mail server, each once to everybody, and going on where an earlier run stopped."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.utils import formatdate
from pathlib import Path
from typing import Literal

from aftale.mail.addresses import read_addresses
from aftale.mail.eml import message
from aftale.mail.sent_list import Pair, SentList, State, held
from aftale.mail.smtp import Answer, NoConnection, Relay, connect, hand_over
from aftale.model.findings import Finding
from aftale.model.mail import Address, Mailing, Outgoing
from aftale.model.problems import problem
from aftale.model.text import count, danish_date, danish_number, some
from aftale.office.report import USAGE, CannotDo, Report

Decision = Literal["", "sendt", "ikke"]
"""What people say about the mails in doubt: that they were sent, or that they weren't; '' where nothing is said."""

HEADERS = ("Modtager", "Emne", "Vedhæftet", "")
"""The headings of the report's table, of a dry run as well."""

_NAMED = 5
_AGAIN = "Kør den samme kommando igen: den fortsætter, hvor den slap, og ingen får mailen to gange."


@dataclass(frozen=True)
class Posting:
    """How mails are sent: by which server, in whose name ('' for the mailing's own sender), and what to do about the past.

    ``again`` sends what was sent before; ``dry`` only tells what would be sent; ``unsure`` settles what is in doubt.
    """

    relay: Relay
    sender_given: str = ""
    again: bool = False
    dry: bool = False
    unsure: Decision = ""


def post(mailing: Mailing, posting: Posting, folder: Path, password: Callable[[], str]) -> Report:
    """Send the mails of a round, each once to everybody; in a dry run only tell what would be sent.

    ``folder`` is where the list of what was sent lies.

    Raises:
        CannotDo: where nothing could begin: no sender, no connection to the server, no login.
        CannotWrite: where another run is sending, or the list can't be used.
    """
    sender = _sender(mailing, posting)
    if posting.dry:
        return _Run(mailing, posting, sender, SentList(folder, mailing.series, dry=True)).report()
    with held(folder, mailing.series) as sent_list:
        run = _Run(mailing, posting, sender, sent_list)
        run.send(password)
        return run.report()


def _sender(mailing: Mailing, posting: Posting) -> Address:
    if not posting.sender_given:
        if mailing.sender is None:
            raise CannotDo(_with_advice(problem("sender-missing")), USAGE)
        return mailing.sender
    found, bad = read_addresses(posting.sender_given, mailing.sender.name if mailing.sender else "")
    if bad or len(found) != 1:
        raise CannotDo(_with_advice(problem("sender-unusable", value=posting.sender_given)), USAGE)
    return found[0]


def _with_advice(found: Finding) -> str:
    return f"{found.message} Intet er sendt. {found.advice}"


class _Run:
    """One run: whom each mail goes to, who has got it before, and what the server answers."""

    def __init__(self, mailing: Mailing, posting: Posting, sender: Address, sent_list: SentList) -> None:
        self.mailing, self.posting, self.sender, self.list = mailing, posting, sender, sent_list
        self.everyone = {(mail.key, to.email.casefold()): (mail, to) for mail in mailing.mails for to in mail.to}
        self.settled = self.doubts if posting.unsure else []
        self._note(self.settled, State.SENT if posting.unsure == "sendt" else State.LACKING)
        if posting.again and all(self._state(pair) in (State.SENT, State.REFUSED) for pair in self.everyone):
            self._note(list(self.everyone), State.LACKING)  # so that a run that is interrupted goes on with it
        self.before = {pair: _day(sent_list.noted[pair].time) for pair in self._in(State.SENT)}
        self.tasks = [pair for pair in self.everyone if self._state(pair) not in (State.SENT, State.UNSURE)]
        self.answers: dict[Pair, Answer] = {}
        self.trouble: Finding | None = None

    @property
    def doubts(self) -> list[Pair]:
        """What nobody knows whether it was sent, from this run or from an earlier one."""
        return self._in(State.UNSURE)

    @property
    def left(self) -> list[Pair]:
        """What is still to be sent: put off, or never come to."""
        return [pair for pair in self.tasks if pair not in self.answers or self.answers[pair].state is State.LACKING]

    @property
    def sent(self) -> list[Pair]:
        """What this run has sent."""
        return [pair for pair, answer in self.answers.items() if answer.state is State.SENT]

    def _state(self, pair: Pair) -> State | None:
        return self.list.noted[pair].state if pair in self.list.noted else None

    def _in(self, state: State) -> list[Pair]:
        return [pair for pair in self.everyone if self._state(pair) is state]

    def _note(self, pairs: Sequence[Pair], state: State) -> None:
        for mail in dict.fromkeys(key for key, _ in pairs):
            self.list.note(mail, {address: state for key, address in pairs if key == mail})

    def send(self, password: Callable[[], str]) -> None:
        """Send what is to be sent, over one connection as long as it lasts.

        Raises:
            CannotDo: where the server can't be reached at all.
        """
        smtp: smtplib.SMTP | None = None
        known = password() if self.tasks and self.posting.relay.user else ""
        try:
            for mail in self.mailing.mails:
                if to := [pair for pair in self.tasks if pair[0] == mail.key]:
                    if smtp is None or smtp.sock is None:
                        smtp = connect(self.posting.relay, known)
                    self._send(smtp, mail, to)
                    if self.answers[to[0]].problem == "sender-refused":
                        break  # it would say so of every mail
            if smtp is not None:
                with suppress(OSError):
                    smtp.quit()  # but not where a mail was interrupted: it would be a part of that mail
        except NoConnection as none:
            if not self.answers:
                raise CannotDo(_with_advice(none.problem)) from none
            self.trouble = none.problem
        finally:
            if smtp is not None:
                smtp.close()

    def _send(self, smtp: smtplib.SMTP, mail: Outgoing, to: Sequence[Pair]) -> None:
        """Send one mail, with a line in the list before it and one after it."""
        data = message(mail, self.sender, formatdate(localtime=True))
        self._note(to, State.UNSURE)
        said = hand_over(smtp, self.sender.email, [self.everyone[pair][1].email for pair in to], data)
        answers = {pair: said[self.everyone[pair][1].email] for pair in to}
        self.answers |= answers
        if any(answer.state is not State.UNSURE for answer in answers.values()):
            self.list.note(mail.key, {address: answer.state for (_, address), answer in answers.items()})

    # ---------------------------------------------------------------- what is told

    def report(self) -> Report:
        """Tell what was sent to whom, or would be in a dry run, what wasn't and why, and what comes next."""
        dry = self.posting.dry
        undone = bool(self.left) or bool(self.everyone) and not self.sent and not self.settled
        return Report(tuple(self._said()), tuple(dict.fromkeys(self._problems())),
                      table=tuple(map(self._row, self.everyone)), next_step=_AGAIN if self.left and not dry else "",
                      failed=undone and not dry, closing="Prøve: intet er sendt." if dry else "")

    def _said(self) -> Iterator[str]:
        if self.settled:
            yield (f"{count(len(self.settled), 'uafklaret mail', 'uafklarede mails')} tæller nu som"
                   f" {'' if self.posting.unsure == 'sendt' else 'ikke '}sendt.")
        if self.posting.again and self.before and self.tasks:
            yield "Først når alle, der mangler mailen, har fået den, kan --igen sende den til alle igen."
        if not self.tasks:
            yield self._nothing_to_send()
        elif self.posting.dry:
            yield f"{_mails(self.tasks)} ville blive sendt fra {self.sender.email} gennem {self.posting.relay}."
        else:
            yield f"{_mails(self.sent)} sendt."
            yield from [f"{_mails(self.left)} mangler at blive sendt."] if self.left else []

    def _nothing_to_send(self) -> str:
        if self.doubts:
            return "Intet er sendt: det, der mangler, er uafklaret."
        if self.before and not self.settled:
            return f"{self.mailing.what}: alle har fået mailen. Intet er sendt igen. Skal de have den igen, så brug --igen."
        return "Der er ikke flere mails at sende."

    def _problems(self) -> Iterator[Finding]:
        for (_, address), answer in self.answers.items():
            if answer.problem:
                yield problem(answer.problem, value=address, words=answer.words, what=self.sender.email)
        for pair in self.doubts:
            time = self.list.noted[pair].time
            yield problem("mail-in-doubt", value=pair[1], what=f"den {_day(time)} kl. {time[11:16]}")
        if self.trouble is not None:
            yield self.trouble
        if self.tasks and self.before:
            yield problem("sent-before", value=some([address for _, address in self.before], _NAMED))

    def _row(self, pair: Pair) -> tuple[str, ...]:
        mail, to = self.everyone[pair]
        files = [f"{each.name} ({danish_number(max(1, round(len(each.data) / 1024)))} kB)" for each in mail.attachments]
        otherwise = "ville blive sendt" if self.posting.dry else "ikke sendt endnu"
        state = otherwise if pair in self.left else f"sendt før: {self.before[pair]}" if pair in self.before else str(
            self._state(pair))
        return f"{to.name} <{to.email}>" if to.name else to.email, mail.subject, ", ".join(files), state


def _mails(pairs: Sequence[Pair]) -> str:
    """Count mails, one to each address."""
    return count(len(pairs), "mail", "mails")


def _day(moment: str) -> str:
    return danish_date(date.fromisoformat(moment[:10]))
