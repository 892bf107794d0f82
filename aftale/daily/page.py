"""What stands on the daily page, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from aftale.daily.model import RoundStatus, YearStatus
from aftale.followup.what_waits import Answered, Waiting
from aftale.model.agreement import Round
from aftale.model.mail import MailKind
from aftale.model.text import count, danish_date, listing, some

_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_NEAR = {-1: "i går", 0: "i dag", 1: "i morgen"}
_MOST_NAMED, _MOST_OWNERS, _MOST_GOALS, _MOST_DAYS = 6, 20, 4, 60


def rows(year: YearStatus) -> Iterator[tuple[str, str]]:
    """Yield what stands on the page, a label and a text each."""
    yield "Aftale", f"{year.file}, {count(year.effects, 'effektmål', 'effektmål')}"
    for each in Round:
        now = year.latest if year.latest and year.latest.round is each else None
        yield each.danish.capitalize(), _deadline(now.deadline, year.today) if now else year.rounds[each]
        if now:
            yield from _round_rows(now, year)


def _round_rows(now: RoundStatus, year: YearStatus) -> Iterator[tuple[str, str]]:
    yield from _answer_rows(now, year.today)
    made, owe = now.of(MailKind.FORDEL), {each.owner for each in now.lacking}
    without = [each for each in year.unreachable if each in owe or not now.board] if made.made or made.sent else []
    if without:
        yield "Uden e-mailadresse", f"{some(without, _MOST_NAMED)}, se kolonnen E-mail på arket Mål"
    if now.letters:
        yield "Mails uden skema", some(list(now.letters), _MOST_NAMED)
    if now.closed:
        yield "Opfølgning", f"kan ikke læses: {listing(now.closed)}"
    elif len(now.followups) == 1:
        yield "Opfølgning", now.followups[0]
        yield "", _followup(now, year.today)
    if now.waits is not None:
        yield "Venter på dig", _waits(now.waits) or "intet"
        if now.waits.chosen and now.edited:
            yield "", f"{count(now.waits.chosen, 'valg eller svar', 'valg eller svar')} er ikke flettet endnu"
    yield from _mail_rows(now, year)


def _deadline(day: date | None, today: date) -> str:
    """Say when the answers are to be back, and how many days there are to it."""
    if day is None:
        return "uden frist på arket Forside"
    said = f"{_WEEKDAYS[day.weekday()]} {_date(day, today)}"
    left = (day - today).days
    if left in _NEAR:
        return f"fristen {'var' if left < 0 else 'er'} {_NEAR[left]}, {said}"
    days = count(abs(left), "dag", "dage")
    far = "" if abs(left) > _MOST_DAYS else f" (om {days})" if left > 0 else f" (for {days} siden)"
    return f"fristen {'er' if left > 0 else 'var'} {said}{far}"


def _reminded(days: Sequence[date], today: date) -> str:
    """Say when somebody was reminded last, and how often."""
    if not days:
        return ""
    times = "" if len(days) == 1 else f"{len(days)} gange, senest "
    return f"mindet {times}{said_day(days[-1], today)}"


def _told_of(each: Answered, now: RoundStatus, today: date) -> Iterator[str]:
    """Yield what is told of an ansvarlig: the goals that lack an answer, and the reminders."""
    if each.missing:
        yield some(list(each.missing), _MOST_GOALS) if each not in now.silent else ""
        yield _reminded(now.reminded.get(each.form, ()), today)
    elif each in now.silent:
        yield "andre har besvaret målene"


def _answer_rows(now: RoundStatus, today: date) -> Iterator[tuple[str, str]]:
    """Say who has answered, those who owe the most first."""
    if not now.board:
        forms = count(now.forms, "skema er lavet", "skemaer er lavet")
        came = f"{len(now.new)} svar er kommet" if now.new else "ingen har svaret endnu"
        yield "Svar", f"{forms}, {came}"
        return
    silent, whole = len(now.silent), count(len(now.board), "ansvarlig", "ansvarlige")
    partly = sum(bool(each.missing) for each in now.board if each not in now.silent)
    yield "Svar", (f"alle {whole} har svaret" if not silent else f"{len(now.board) - silent} af {whole} har svaret") + (
        f", {'heraf ' if partly < len(now.board) - silent else ''}{partly} ikke på alt" if partly else "")
    states: dict[str, list[str]] = {}
    for each in now.board:
        told = ", ".join(filter(None, _told_of(each, now, today)))
        states.setdefault(each.state, []).append(f"{each.owner} ({told})" if told else each.owner)
    for state, owners in states.items():
        yield "", f"{state}: {some(owners, _MOST_OWNERS)}"


def _followup(now: RoundStatus, today: date) -> str:
    """Say how old the follow-up is beside the answers."""
    saved = f"gemt {said_day(now.saved, today)}, " if now.saved else ""
    if not now.new:
        return f"{saved}alle svar er med"
    return f"{saved}og {len(now.new)} svar er kommet siden: {some(list(now.new), _MOST_NAMED)}"


def _waits(waits: Waiting) -> str:
    """Say what waits for the coordinator, '' where nothing does."""
    control = [(waits.questions, "spørgsmål", "spørgsmål"), (waits.proposals, "forslag", "forslag"),
               (len(waits.mails), "mail uden skema", "mails uden skema"),
               (len(waits.unread), "ulæselig fil", "ulæselige filer")]
    asked = [count(number, one, many) for number, one, many in control if number]
    parts = [count(waits.conflicts, "felt på Modstridende svar", "felter på Modstridende svar") if waits.conflicts else "",
             f"{listing(asked)} på Kontrol" if asked else "",
             count(waits.dialog, "bemærkning på Dialog", "bemærkninger på Dialog") if waits.dialog else "",
             f"{listing([f'»{each}«' for each in waits.boxes])} på Overblik" if waits.boxes else ""]
    return "; ".join(filter(None, parts))


def _mail_rows(now: RoundStatus, year: YearStatus) -> Iterator[tuple[str, str]]:
    """Tell which mails were made and sent; of a draft nobody knows whether it was sent."""
    whom = year.agreement.short_department
    one = {MailKind.FORDEL: "mail med skema", MailKind.PAAMIND: "påmindelse", MailKind.RETUR: "mail med spørgsmål",
           MailKind.UENIGE: "mail om modstridende svar", MailKind.SEND: f"mail til {whom}"}
    many = {kind: kind.danish for kind in MailKind} | {MailKind.SEND: f"mails til {whom}"}
    found = [(now.of(kind), one[kind], many[kind]) for kind in MailKind]
    for label, lines in (("Sendt", [f"{count(mails.sent, mail, several)}, {said_day(mails.sent_day, year.today)}"
                                    for mails, mail, several in found if mails.sent_day]),
                         ("Kladder", [f"{count(mails.made, mail, several)}, lavet {said_day(mails.day, year.today)}"
                                      for mails, mail, several in found if mails.day and not mails.sent])):
        yield from ((label if number == 0 else "", text) for number, text in enumerate(lines))
        if label == "Kladder" and lines:
            yield "", "(Programmet kan ikke se, om en kladde er sendt.)"


def said_day(day: date, today: date) -> str:
    """Say a day: as people do where it is near, and without its year where that is this one."""
    return _NEAR.get((day - today).days) or _date(day, today)


def _date(day: date, today: date) -> str:
    return danish_date(day).removesuffix(f" {day.year}") if day.year == today.year else danish_date(day)
