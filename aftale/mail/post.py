"""posting: hand the mails of a round over to a mail server, each once, and go on where an earlier run stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from time import sleep

from aftale.mail.addresses import read_addresses
from aftale.mail.sent_list import Journal, held, now, read
from aftale.mail.smtp import Line, NoLine, Patience, Relay, connect
from aftale.mail.smtp_plan import (
    NOTED_AS,
    Before,
    Decision,
    Doubt,
    Entry,
    Meaning,
    Pair,
    Plan,
    Reply,
    Stage,
    State,
    Task,
    What,
    decide,
    meaning,
    pair_of,
    plan,
    said_by,
    state_after,
)
from aftale.model.mail import Address, Mailing, Outgoing
from aftale.model.problems import Problem, problem
from aftale.model.text import count, danish_date, danish_number, listing, some
from aftale.office.report import USAGE, CannotDo, Report

PAUSES = (5.0, 20.0, 60.0)
"""How many seconds are waited before what was put off is tried again, where trying at once helped nobody."""

HEADERS = ("Modtager", "Emne", "Vedhæftet", "")
"""The headings of the report's table, of a dry run as well."""

_PASSING = frozenset(("relay-busy", "relay-closed", "relay-hung-up", "relay-silent", "relay-unknown", "relay-unreachable"))
"""What may well be over in a moment, where the server took mails just before."""
_FOR_ALL = (Meaning.SENDER, Meaning.LOGIN)
"""A server that says no for one of these says it for every mail."""
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
    patience: Patience = field(default_factory=Patience)


def post(mailing: Mailing, posting: Posting, journal_folder: Path, password: Callable[[], str],
         pauses: Sequence[float] = PAUSES, wait: Callable[[float], None] = sleep,
         progress: Callable[[int, int], None] = lambda done, total: None) -> Report:
    """Send the mails of a round, each once to everybody; in a dry run only tell what would be sent.

    Raises:
        CannotDo: where nothing could begin: no sender, no way to the server, no login.
        CannotWrite: where another run is sending, or the journal can't be used.
    """
    sender = _sender(mailing, posting)
    if posting.dry:
        return _rehearse(mailing, posting, sender, read(journal_folder))
    with held(journal_folder) as journal:
        decided = _decide(mailing, posting, journal)
        planned = plan(journal.entries, mailing, posting.again and not decided)
        run = _Run(mailing, planned, sender, journal, progress)
        if planned.tasks:
            known = password() if posting.relay.user else ""
            run.send_all(lambda: connect(posting.relay, known, posting.patience), pauses, wait)
        if planned.tasks or planned.continued:
            run.close_round()
        return _report(run, posting, decided)


def _sender(mailing: Mailing, posting: Posting) -> Address:
    if not posting.sender_given:
        if mailing.sender is None:
            raise CannotDo(_told(problem("sender-missing")), USAGE)
        return mailing.sender
    found, bad = read_addresses(posting.sender_given, mailing.sender.name if mailing.sender else "")
    if bad or len(found) != 1:
        raise CannotDo(_told(problem("sender-unusable", value=posting.sender_given)), USAGE)
    return found[0]


def _told(found: Problem) -> str:
    return f"{found.message} Intet er sendt. {found.advice}"


def _decide(mailing: Mailing, posting: Posting, journal: Journal) -> int:
    """Write down what people know about the mails in doubt, and return how many that settled.

    What was broken off is put in order then; sending everything again is for another run.
    """
    unsettled = plan(journal.entries, mailing)
    decided = decide(unsettled.doubts, posting.unsure, mailing.series, unsettled.round)
    for entry in decided:
        journal.add(entry)
    return len(decided)


# ---------------------------------------------------------------- sending

class _Run:
    """One run: what became of each mail, the line it is sent on, and the journal where that is written down."""

    def __init__(self, mailing: Mailing, planned: Plan, sender: Address, journal: Journal,
                 progress: Callable[[int, int], None]) -> None:
        self.mailing, self.planned, self.sender = mailing, planned, sender
        self.states: dict[Pair, State] = {}
        self.replies: dict[Pair, Reply] = {}
        self.trouble: Problem | None = None
        self.given_up = False
        self._journal, self._progress = journal, progress
        self._line: Line | None = None

    @property
    def left(self) -> list[Pair]:
        """What is still to be sent: put off, or never come to."""
        return [pair for pair in self.planned.pairs if self.states.get(pair) in (None, State.PUT_OFF)]

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What is in doubt, from this run or from an earlier one."""
        return plan(self._journal.entries, self.mailing).doubts

    def in_state(self, state: State) -> list[Pair]:
        """Return what has come so far and no further."""
        return [pair for pair, reached in self.states.items() if reached is state]

    def send_all(self, dial: Callable[[], Line], pauses: Sequence[float], wait: Callable[[float], None]) -> None:
        """Send what is to be sent, and what was put off again after the others, with pauses where that helps nobody.

        Raises:
            CannotDo: where the server can't be reached at all.
        """
        self._line = _first_line(dial, pauses, wait)
        try:
            self._note(What.RESUMED if self.planned.continued else What.BEGUN, pairs=self.planned.pairs)
            left, further = list(self.planned.tasks), iter(pauses)
            while left and not self.given_up:
                sent = len(self.in_state(State.SENT))
                left = self._pass(left, dial)
                if left and not self.given_up and len(self.in_state(State.SENT)) == sent:
                    if (pause := next(further, None)) is None:
                        break
                    self._hang_up()
                    wait(pause)
        finally:
            self._hang_up()

    def close_round(self) -> None:
        """Write down that the round is over, where nothing of it is left and nothing is in doubt."""
        if not self.left and not self.doubts:
            self._note(What.CLOSED)

    def _pass(self, tasks: Sequence[Task], dial: Callable[[], Line]) -> list[Task]:
        """Try every mail once; return what is to be tried again."""
        left: list[Task] = []
        for number, task in enumerate(tasks):
            self._progress(len(self.planned.tasks) - len(left) - len(tasks) + number, len(self.planned.tasks))
            if self.given_up or (line := self._reach(dial)) is None:
                return [*left, *tasks[number:]]
            if rest := self._send(line, task):
                left.append(rest)
        self._progress(len(self.planned.tasks) - len(left), len(self.planned.tasks))
        return left

    def _reach(self, dial: Callable[[], Line]) -> Line | None:
        """Return the line, opened anew where it was lost; None where that can't be done now."""
        if self._line is None or not self._line.open:
            try:
                self._line, self.trouble = dial(), None
            except NoLine as none:
                self._line, self.trouble = None, none.problem
                self.given_up = none.problem.code not in _PASSING
        return self._line

    def _send(self, line: Line, task: Task) -> Task | None:
        """Send one mail; return what of it is to be tried again."""
        answers = line.send(task.mail, self.sender, [to.email for to in task.to],
                            lambda taken: self._note(What.ENDING, task.mail, taken))
        in_company = any(reply.stage is Stage.END for reply in answers.values())
        states = {to: state_after(answers[to.email], in_company) for to in task.to}
        for state, what in NOTED_AS.items():
            self._note_answers(task.mail, what, {to.email: answers[to.email] for to in task.to if states[to] is state})
        for to, state in states.items():
            pair, reply = pair_of(task.mail, to), answers[to.email]
            self.states[pair], self.replies[pair] = state, reply
            self.given_up |= state is State.REFUSED and meaning(reply) in _FOR_ALL
        put_off = tuple(to for to in task.to if states[to] is State.PUT_OFF)
        return Task(task.mail, put_off) if put_off else None

    def _note_answers(self, mail: Outgoing, what: What, answers: Mapping[str, Reply]) -> None:
        """Write down who got one and the same answer, on one line."""
        for reply in dict.fromkeys(answers.values()):
            self._note(what, mail, [to for to, answer in answers.items() if answer == reply], said_by(reply))

    def _note(self, what: What, mail: Outgoing | None = None, to: Sequence[str] = (), reply: str = "",
              pairs: tuple[Pair, ...] = ()) -> None:
        self._journal.add(Entry(what, self.mailing.series, self.planned.round, mail.key if mail else "", tuple(to), reply,
                                pairs))

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _first_line(dial: Callable[[], Line], pauses: Sequence[float], wait: Callable[[float], None]) -> Line:
    """Open the line for the first time; a server that is only busy is tried again after each pause."""
    for pause in pauses:
        try:
            return dial()
        except NoLine as none:
            if none.problem.code != "relay-busy":
                raise CannotDo(_told(none.problem)) from none
            wait(pause)
    try:
        return dial()
    except NoLine as none:
        raise CannotDo(_told(none.problem)) from none


# ---------------------------------------------------------------- what is told

def _report(run: _Run, posting: Posting, decided: int) -> Report:
    sent, planned = run.in_state(State.SENT), run.planned
    said = [*_said_of_the_past(planned, posting, decided)]
    if planned.tasks:
        said += [f"{_mails(sent)} sendt{_to_how_many(sent)}.",
                 *([f"{_mails(run.left)} mangler at blive sendt{_to_how_many(run.left)}."] if run.left else [])]
    else:
        said.append(_nothing_to_send(run.mailing, planned, decided))
    undone = bool(run.left) or not sent and not decided and bool(run.mailing.mails)
    return Report(tuple(said), _problems(run), next_step=_next_step(run), data=_data(run),
                  table=_table(run.mailing, planned, run.states, "ikke sendt endnu"), failed=undone)


def _next_step(run: _Run) -> str:
    if not run.left:
        return ""
    return f"Gør noget ved det, serveren afviser. {_AGAIN}" if run.given_up else _AGAIN


def _mails(pairs: Sequence[Pair]) -> str:
    return count(len({key for key, _ in pairs}), "mail", "mails")


def _to_how_many(pairs: Sequence[Pair]) -> str:
    """Tell how many persons that is, where it isn't one a mail."""
    return "" if len(pairs) == len({key for key, _ in pairs}) else f" til {danish_number(len(pairs))} modtagere"


def _said_of_the_past(planned: Plan, posting: Posting, decided: int) -> Iterator[str]:
    if decided:
        doubted = count(decided, "uafklaret mail", "uafklarede mails")
        yield f"{doubted} {'tæller nu som sendt' if posting.unsure == 'sendt' else 'tæller nu som ikke sendt'}."
    elif posting.unsure:
        yield "Der er ingen uafklarede mails, så --uafklarede har ikke ændret noget."
    if planned.continued and planned.tasks:
        got = [pair_of(each.mail, each.to) for each in planned.before]
        already = f": {_mails(got)} er allerede sendt{_to_how_many(got)}" if got else ""
        yield f"Fortsætter den forsendelse, der blev afbrudt{already}."
    if posting.again and (planned.continued or decided):
        yield "Det, der blev afbrudt, skal være på plads, før --igen kan sende alle mails igen."


def _nothing_to_send(mailing: Mailing, planned: Plan, decided: int) -> str:
    if planned.doubts:
        return "Intet er sendt: det, der mangler, er uafklaret."
    if planned.before and not decided:
        days = listing([f"den {day}" for day in dict.fromkeys(_day(each.when) for each in planned.before)])
        return f"{mailing.what}: sendt {days}. Intet er sendt igen. Skal de sendes igen, så brug --igen."
    return "Der er ikke flere mails at sende."


def _problems(run: _Run) -> tuple[Problem, ...]:
    found = [_undelivered(run, pair) for state in (State.REFUSED, State.PUT_OFF) for pair in run.in_state(state)]
    found += map(_in_doubt, run.doubts)
    if run.trouble is not None and run.left:
        found.append(run.trouble)
    if run.planned.tasks and not run.planned.continued:
        found += _sent_before(run.planned.before)
    return tuple(dict.fromkeys(found))


_REFUSED = {Meaning.UNKNOWN: "mail-unknown", Meaning.FULL: "mail-full", Meaning.TOO_BIG: "mail-too-big",
            Meaning.SENDER: "sender-refused", Meaning.LOGIN: "relay-login-needed", Meaning.NOT_ALLOWED: "mail-not-allowed"}


def _undelivered(run: _Run, pair: Pair) -> Problem:
    reply = run.replies[pair]
    if run.states[pair] is State.REFUSED:
        code = _REFUSED.get(meaning(reply), "mail-refused")
    elif not reply.code:
        code = "mail-too-slow" if reply.slow else "mail-cut-off"
    else:
        code = "mail-full-now" if meaning(reply) is Meaning.FULL else "mail-later"
    return problem(code, value=pair[1], words=said_by(reply), what=run.sender.email)


def _in_doubt(doubt: Doubt) -> Problem:
    return problem("mail-in-doubt", value=doubt.address, what=f"den {_day(doubt.when)} kl. {doubt.when[11:16]}")


def _sent_before(before: Sequence[Before]) -> Iterator[Problem]:
    for day in dict.fromkeys(_day(each.when) for each in before):
        those = [each.to.email for each in before if _day(each.when) == day]
        yield problem("sent-before", what=f"den {day}", value=some(those, _NAMED))


def _day(moment: str) -> str:
    return danish_date(date.fromisoformat(moment[:10]))


def _table(mailing: Mailing, planned: Plan, states: Mapping[Pair, State], otherwise: str) -> tuple[tuple[str, ...], ...]:
    """Return a row for everybody a mail is for; ``otherwise`` is said of those who haven't got it."""
    words = {State.SENT: "sendt", State.REFUSED: "afvist", State.PUT_OFF: otherwise, State.UNSURE: "uafklaret"}
    told = dict.fromkeys(planned.pairs, otherwise) | {pair: words[state] for pair, state in states.items()}
    told |= {pair_of(each.mail, each.to): f"sendt før: {_day(each.when)}" for each in planned.before}
    told |= {(each.key, each.address): words[State.UNSURE] for each in planned.doubts}
    return tuple((f"{to.name} <{to.email}>" if to.name else to.email, mail.subject, _attached(mail),
                  told[pair_of(mail, to)])
                 for mail in mailing.mails for to in mail.to)


def _attached(mail: Outgoing) -> str:
    return ", ".join(f"{each.name} ({danish_number(max(1, round(len(each.data) / 1024)))} kB)" for each in mail.attachments)


def _data(run: _Run) -> dict[str, object]:
    fates = [{"mail": key, "to": address, "state": state.value, "reply": said_by(run.replies[key, address])}
             for (key, address), state in run.states.items()]
    return {"sent": len(run.in_state(State.SENT)), "refused": len(run.in_state(State.REFUSED)), "left": len(run.left),
            "unsure": len(run.doubts), "sent_before": len(run.planned.before), "mails": fates}


# ---------------------------------------------------------------- a dry run

def _rehearse(mailing: Mailing, posting: Posting, sender: Address, entries: tuple[Entry, ...]) -> Report:
    """Tell what would be sent: nothing is asked of the server, and nothing is written down."""
    unsettled = plan(entries, mailing)
    decided = decide(unsettled.doubts, posting.unsure, mailing.series, unsettled.round)
    planned = plan((*entries, *(replace(each, time=now()) for each in decided)), mailing, posting.again and not decided)
    pairs = planned.pairs
    said = (*_said_of_the_past(planned, posting, len(decided)),
            f"{_mails(pairs)} ville blive sendt{_to_how_many(pairs)} fra {sender.email} gennem {posting.relay}."
            if pairs else _nothing_to_send(mailing, planned, len(decided)))
    data: dict[str, object] = {"dry": True, "to_send": [{"mail": key, "to": address} for key, address in pairs],
                               "unsure": len(planned.doubts), "sent_before": len(planned.before)}
    return Report(said, tuple(map(_in_doubt, planned.doubts)), data=data, closing="Prøve: intet er sendt.",
                  table=_table(mailing, planned, {}, "ville blive sendt"))
