"""The one right next step in every state of the year, and the few others that make sense then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from aftale.daily.model import Action, Ask, Mails, NextStep, RoundStatus, YearStatus
from aftale.model.agreement import BACK, DRAFTS, Agreement, Round
from aftale.model.mail import MailKind
from aftale.model.text import MONTHS, count, genitive, listing

REST = timedelta(days=7)
"""So long nobody is reminded again."""
PATIENCE = timedelta(days=21)
"""So long after the deadline the answers that lack are waited for; then the round goes on without them."""
_BEFORE_DEADLINE = {Round.MIDTVEJS: 5, Round.AARSOPFOELGNING: 10}
"""The month in which a round begins where no deadline is known."""


def next_step(year: YearStatus) -> NextStep:
    """Return what is to be done now."""
    latest = year.latest
    if latest is None:
        return _before_the_first_round(year)
    if latest.closed or len(latest.followups) > 1:
        return _files_in_the_way(latest)
    if year.later:
        action = Action(f"Gå til næste år ({_last(year.later)})", goes=year.later)
        return NextStep(f"Næste års aftale er lavet. Gå videre i mappen {_last(year.later)}.", (
            action, open_followup(latest), report(), Action("Læg årets papirer på sagen", ("arkiv",))))
    chosen = next(filter(None, (rule(year, latest) for rule in _RULES)))
    others = tuple(_others(year, latest, chosen.actions))
    sentence = f"{_READ_FIRST}{chosen.sentence}" if latest.unread else chosen.sentence
    return NextStep(sentence, (*chosen.actions, *others)[:_MOST_ACTIONS], chosen.waits)


_MOST_ACTIONS = 6
_READ_FIRST = "Få først de filer, der ikke kan læses, på plads, som der står ved dem. "
_SAVE = "gem, luk filen, og kør"


# ---------------------------------------------------------------- before any round, and where nothing can be done

def _before_the_first_round(year: YearStatus) -> NextStep:
    open_it = Action(f"Åbn aftalen ({year.file})", opens=year.file)
    if not year.rows:
        return NextStep(f"Udfyld arkene Forside og Mål i {year.file}, og gem.", (open_it,))
    if year.stuck:
        return NextStep(f"Åbn {year.file}, ret det, der spørges om herunder, og gem.", (open_it,))
    if not year.owned:
        return NextStep("Ingen af årets mål har en ansvarlig endnu. Skriv dem i kolonnen Ansvarlig på arket Mål i"
                        f" {year.file}, og gem.", (open_it,))
    make = distribute(year, Round.MIDTVEJS)
    begin = begins(year.agreement, Round.MIDTVEJS)
    if year.today < begin:
        return NextStep(f"Intet haster. Midtvejsopfølgningen begynder i {_month(begin, year)}. Til den tid laver"
                        f" {_told(make)} et skema og en mail til hver ansvarlig.", (make, open_it), waits=True)
    return NextStep(f"Begynd midtvejsopfølgningen: {_told(make)} laver et skema og en mail til hver ansvarlig.",
                    (make, open_it))


def _files_in_the_way(now: RoundStatus) -> NextStep:
    open_it = Action(f"Åbn mappen {now.folder}", opens=now.folder)
    if now.closed:
        return NextStep("Få de filer, der ikke kan læses, på plads, eller flyt dem ud af mappen.", (open_it,))
    return NextStep(f"Der er flere opfølgninger i {now.folder}: {listing(now.followups)}. Flyt dem, der ikke gælder, ud af"
                    " mappen.", (open_it,))


# ---------------------------------------------------------------- in a round: the first rule that fits

def _new_answers(year: YearStatus, now: RoundStatus) -> NextStep | None:
    if not now.new:
        return None
    why = f"{len(now.new)} svar er kommet{', siden opfølgningen blev lavet' if now.waits else ''}"
    return NextStep(f"{why}. »aftale flet« tager {'det' if len(now.new) == 1 else 'dem'} med i opfølgningen.", (merge(),))


def _no_answers(year: YearStatus, now: RoundStatus) -> NextStep | None:
    if now.waits is not None:
        return None
    place = f"{now.folder}/{BACK}"
    made, reminded = now.of(MailKind.FORDEL), now.of(MailKind.PAAMIND)
    if not (made.made or made.sent):
        make = distribute(year, now.round)
        return NextStep(f"Skemaerne er lavet, men ikke mailene. {_told(make)} laver en mail til hver ansvarlig.", (make,))
    if _late(year, now) and not _just_reminded(year, now):
        return NextStep("Fristen er gået, og ingen har svaret. »aftale paamind« laver en påmindelse til hver.",
                        (remind(now),))
    if made.sent and not reminded.made:
        return NextStep(f"Vent på svarene, og læg dem i {place}, når de kommer.", (open_answers(now),), waits=True)
    which = "påmindelserne" if reminded.made else "mailene med skemaer"
    return NextStep(f"Send {which} i {now.folder}/{DRAFTS}, hvis det ikke er gjort. Læg svarene i {place}, når de"
                    " kommer.", (open_drafts(now), open_answers(now)))


def _choices_made(year: YearStatus, now: RoundStatus) -> NextStep | None:
    waits = now.waits
    left = waits and (waits.conflicts or waits.dialog or waits.on_control - len(waits.unread))
    if now.edited and not left:
        return NextStep("Det, du har valgt og svaret i opfølgningen, er ikke taget med endnu: Kør »aftale flet«.",
                        (merge(),))
    return None


def _conflicts(year: YearStatus, now: RoundStatus) -> NextStep | None:
    if not (now.waits and now.waits.conflicts):
        return None
    return _in_followup(now, f"vælg på arket Modstridende svar ({now.waits.conflicts}), {_SAVE} »aftale flet«")


def _questions(year: YearStatus, now: RoundStatus) -> NextStep | None:
    open_ = now.waits.on_control - len(now.waits.unread) if now.waits else 0
    if not open_:
        return None
    what = "den åbne linje" if open_ == 1 else f"de {open_} åbne linjer"
    return _in_followup(now, f"gå {what} på arket Kontrol igennem, {_SAVE} »aftale flet«")


def _answers_lack(year: YearStatus, now: RoundStatus) -> NextStep | None:
    given_up = _late(year, now) and now.deadline is not None and year.today - now.deadline > PATIENCE
    if not now.lacking or given_up or now.of(MailKind.SEND) != Mails():
        return None
    lacking = count(len(now.lacking), "ansvarlig mangler", "ansvarlige mangler")
    if not _late(year, now):
        left = ", og fristen er ikke gået" if now.deadline else ""
        return NextStep(f"{lacking} at svare{left}. Vent på svarene, og læg dem i {now.folder}/{BACK}.",
                        (open_answers(now),), waits=True)
    if not _just_reminded(year, now):
        return NextStep(f"{lacking} at svare. »aftale paamind« laver en påmindelse til hver.", (remind(now),))
    return NextStep(f"{lacking} at svare og er lige blevet mindet om det. Send påmindelserne i"
                    f" {now.folder}/{DRAFTS}, hvis det ikke er gjort.", (open_drafts(now),), waits=True)


def _dialog(year: YearStatus, now: RoundStatus) -> NextStep | None:
    if not (now.waits and now.waits.dialog):
        return None
    whom = year.agreement.short_department
    number = count(now.waits.dialog, "bemærkning", "bemærkninger")
    return _in_followup(now, f"svar på {number} fra {whom} på arket Dialog, {_SAVE} »aftale flet«")


def _empty_boxes(year: YearStatus, now: RoundStatus) -> NextStep | None:
    if not (now.waits and now.waits.boxes) or now.department:
        return None
    boxes = listing([f"»{each}«" for each in now.waits.boxes])
    return _in_followup(now, f"skriv ved {boxes} på arket Overblik, {_SAVE} »aftale send«")


def _not_sent(year: YearStatus, now: RoundStatus) -> NextStep | None:
    if now.of(MailKind.SEND) != Mails() or now.department:
        return None
    return NextStep(f"Opfølgningen er klar. »aftale send« laver mailen til {year.agreement.short_department}.",
                    (send(year),))


def _next_round(year: YearStatus, now: RoundStatus) -> NextStep | None:
    if now.round is not Round.MIDTVEJS:
        return None
    make, begin = distribute(year, Round.AARSOPFOELGNING), begins(year.agreement, Round.AARSOPFOELGNING)
    if year.today >= begin:
        return NextStep(f"Begynd årsopfølgningen: {_told(make)} laver et skema og en mail til hver ansvarlig.", (make,))
    later = f"Årsopfølgningen begynder i {_month(begin, year)}."
    if now.department:
        return NextStep(f"Midtvejsopfølgningen er færdig, og intet haster. {later}", (make,), waits=True)
    return NextStep(f"{_wait_for_reply(year, now)} {later}", (open_drafts(now), open_answers(now)), waits=True)


def _next_year(year: YearStatus, now: RoundStatus) -> NextStep:
    last = year.agreement.facts.get(f"svarfrist_{now.round.value}")
    until = last if isinstance(last, date) else date(year.agreement.year, 12, 31)
    if not now.department and year.today <= until:
        return NextStep(_wait_for_reply(year, now), (open_drafts(now), open_answers(now)), waits=True)
    return NextStep("Året er gjort op. »aftale nyt-aar« laver næste års aftale.", (new_year(),))


_RULES: tuple[Callable[[YearStatus, RoundStatus], NextStep | None], ...] = (
    _new_answers, _no_answers, _choices_made, _conflicts, _questions, _answers_lack, _dialog, _empty_boxes, _not_sent,
    _next_round, _next_year)


def _wait_for_reply(year: YearStatus, now: RoundStatus) -> str:
    whom = year.agreement.short_department
    where = now.folder
    sent = "" if now.of(MailKind.SEND).sent else f"Send mailen til {whom} i {where}/{DRAFTS}, hvis det ikke er gjort. "
    return f"{sent}Læg {genitive(whom)} svar i {where}/{BACK}, når det kommer."


def _in_followup(now: RoundStatus, what: str) -> NextStep:
    return NextStep(f"Åbn {now.followups[0]}, {what}.", (open_followup(now),))


def begins(agreement: Agreement, round_: Round) -> date:
    """Return the day from which a round's skemaer are sent out: the month before its deadline, else May and October."""
    day = deadline_of(agreement, round_)
    if day is None:
        return date(agreement.year, _BEFORE_DEADLINE[round_], 1)
    return date(day.year, day.month - 1, 1) if day.month > 1 else date(day.year - 1, 12, 1)


def deadline_of(agreement: Agreement, round_: Round) -> date | None:
    """Return a round's deadline as it stands on ``Forside``."""
    day = agreement.facts.get(f"frist_{round_.value}")
    return day if isinstance(day, date) else None


def _last(path: str) -> str:
    """Return the name of a folder."""
    return path.rpartition("/")[2]


def _late(year: YearStatus, now: RoundStatus) -> bool:
    return now.deadline is not None and year.today > now.deadline


def _just_reminded(year: YearStatus, now: RoundStatus) -> bool:
    reminded = now.of(MailKind.PAAMIND)
    last = max(filter(None, (reminded.day, reminded.sent_day)), default=None)
    return last is not None and year.today - last < REST


def _month(day: date, year: YearStatus) -> str:
    return MONTHS[day.month - 1] + ("" if day.year == year.today.year else f" {day.year}")


def _told(action: Action) -> str:
    return f"»{' '.join(('aftale', *action.command))}«"


# ---------------------------------------------------------------- what can be done

def distribute(year: YearStatus, round_: Round) -> Action:
    """Make the skemaer of a round; the deadline is asked for where ``Forside`` has none."""
    words = ("fordel",) if round_ is Round.MIDTVEJS else ("fordel", "--runde", round_.danish)
    made = year.latest if year.latest and year.latest.round is round_ and year.latest.forms else None
    known = made.deadline if made else deadline_of(year.agreement, round_)
    return Action(f"Lav skemaer og mails til {round_.danish}en{' igen' if made else ''}", words,
                  asks=None if known else Ask.DEADLINE)


def merge() -> Action:
    """Merge the answers."""
    return Action("Flet svarene sammen i opfølgningen", ("flet",))


def remind(now: RoundStatus) -> Action:
    """Remind those who haven't answered, by a new deadline if that is wanted."""
    whom = f" til de {len(now.lacking)}, der mangler at svare" if len(now.lacking) > 1 else " til den, der mangler at svare"
    return Action(f"Lav påmindelser{whom if now.lacking else ''}", ("paamind",), asks=Ask.NEW_DEADLINE)


def ask_back(year: YearStatus, now: RoundStatus) -> Action:
    """Ask those who answered about what is doubtful, and those who disagree, by a day where the deadline has passed."""
    return Action("Spørg dem, der har svaret, om det, der er tvivl om", ("indlaes", "--retur", f"{now.folder}/retur"),
                  asks=Ask.DEADLINE if _late(year, now) else None)


def send(year: YearStatus) -> Action:
    """Make the mail to the department."""
    return Action(f"Lav mailen til {year.agreement.short_department}", ("send",))


def report() -> Action:
    """Make the Word report."""
    return Action("Lav rapporten til udvalget", ("rapport",))


def new_year() -> Action:
    """Make next year's agreement."""
    return Action("Lav næste års aftale", ("nyt-aar",))


def open_followup(now: RoundStatus) -> Action:
    """Open the follow-up."""
    return Action("Åbn opfølgningen i Excel", opens=f"{now.folder}/{now.followups[0]}")


def open_drafts(now: RoundStatus) -> Action:
    """Open the folder with the drafts."""
    return Action(f"Åbn mappen med mails ({now.folder}/{DRAFTS})", opens=f"{now.folder}/{DRAFTS}")


def open_answers(now: RoundStatus) -> Action:
    """Open the folder that answers are put into."""
    return Action(f"Åbn mappen til svar ({now.folder}/{BACK})", opens=f"{now.folder}/{BACK}")


def _others(year: YearStatus, now: RoundStatus, first: tuple[Action, ...]) -> Iterator[Action]:
    """Yield what else makes sense in a round, but for what is the step already."""
    waits, taken = now.waits, {each.said for each in first}
    offered: list[Action] = []
    if waits:
        offered.append(open_followup(now))
    if now.lacking and (_late(year, now) or now.deadline is None):
        offered.append(remind(now))
    if waits and (waits.questions or waits.conflicts):
        offered.append(ask_back(year, now))
    if waits:
        offered.append(merge())
    if waits and not now.new:
        offered.append(send(year))
    if waits and now.round is Round.AARSOPFOELGNING:
        offered.append(report())
    if not waits and not now.new:
        offered.append(distribute(year, now.round))
    yield from (each for each in offered if each.said not in taken)
