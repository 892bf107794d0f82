"""What each mail says: the values of its text's fields, worked out from the agreement, the skemaer and the follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aftale.agreement.checks import cell_of
from aftale.followup.build import FollowUp
from aftale.followup.front_sheet import COUNTED
from aftale.followup.goal_status import FOLLOWS, GoalResult
from aftale.followup.who_answered import Delivery, Response, Share, lacking
from aftale.mail.texts import Values
from aftale.merge.merge import HEADERS
from aftale.model.agreement import MISSING, Agreement, AnswerColumn, Level, Round, Status
from aftale.model.columns import ASSESSMENT, IN_FRAME, SKEMA_COLUMNS
from aftale.model.findings import Finding
from aftale.model.forms import Form, FormLine
from aftale.model.mail import Bullets, MailKind, StatusTable
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import canonical, count, cut, danish_date, fold, listing, slug, some
from aftale.replies.questions import QuestionForm

_TEXT_ROOM = 220
"""How much of a goal's text a mail shows; the skema has it whole."""
_MOST_NAMED = 8
_REMINDED = frozenset((Delivery.NOT_ANSWERED, Delivery.UNTOUCHED, Delivery.WITHOUT_FORM, Delivery.UNREAD,
                       Delivery.FORGOTTEN, Delivery.PARTLY))
_NOT_COUNTED = "(ikke talt med i tabellen, som kun har effektmål) "
_QUOTES = str.maketrans("«»", "»«")
"""Mails quote as Danish does; the workbooks' own words stand in «…»."""
_BOARD = "Se, hvad der mangler, på arket «Svaroversigt»."
_LACKS = {"status": "status", "result": "resultat", "remark": "bemærkning"}


def department_in_mail(agreement: Agreement) -> str:
    """Return what a mail calls the department: its Kortnavn, else its whole name, else ``forvaltningen``."""
    return agreement.short_name or agreement.department or agreement.short_department


@dataclass(frozen=True)
class MailRound:
    """What every mail of a round has in common; ``deadline`` is the round's."""

    agreement: Agreement
    round: Round
    deadline: date | None = None

    @property
    def ending(self) -> str:
        """The round as file names have it: ``2015_midtvejs``."""
        return f"{self.agreement.year}_{self.round.value}"

    def series(self, kind: MailKind) -> str:
        """Return what the mails of a kind are known by in this round."""
        return f"{kind.value} {self.agreement.id} {self.agreement.year} {self.round.value}"

    def what(self, kind: MailKind) -> str:
        """Say what the mails of a kind are: ``Påmindelser i årsopfølgningen 2015``."""
        return f"{kind.danish.capitalize()} i {self.round.danish}en {self.agreement.year}"

    def values(self, file: str, deadline: date | None = None) -> dict[str, str | Bullets | StatusTable]:
        """Return the fields that every text may hold; ``deadline`` is what a skema says where the round has none."""
        facts, day = self.agreement.facts, self.deadline or deadline
        return {"enhed": self.agreement.unit or "enheden", "forvaltning": department_in_mail(self.agreement),
                "aar": str(self.agreement.year), "runde": self.round.danish,
                "frist": danish_date(day) if day else "", "koordinator": canonical(facts.get("koordinator")),
                "koordinator_mail": canonical(facts.get("koordinator_mail")), "fil": file}


# ---------------------------------------------------------------- one ansvarlig

def form_values(about: MailRound, form: Form, file: str) -> Values:
    """Return what the mail with somebody's skema says."""
    points = tuple((_goal_words(line), " · ".join(canonical(line.sealed.get("goal")).split("\n"))) for line in form.lines)
    return {**_owner_values(about, form, file), "antal": count(len(points), "mål", "mål"), "maal": Bullets(points)}


def reminder_values(about: MailRound, response: Response, verdicts: Sequence[GoalResult], file: str) -> Values:
    """Return what a reminder says: just the goals that lack an answer, and what each of them lacks."""
    open_ = lacking_shares(response)
    texts = {verdict.goal.id: verdict.goal.text for verdict in verdicts}
    done, all_ = len(response.answered), len(response.goals)
    return {**_owner_values(about, response.form, file), "antal": count(len(open_), "mål", "mål"),
            "besvaret": f"{done} af {all_} mål" if done else "",
            "mangler": Bullets(tuple((f"{share.goal} {_short(texts.get(share.goal, ''))}",
                                      f"Mangler {listing([_LACKS[each] for each in share.missing])}") for share in open_))}


def reply_values(about: MailRound, reply: QuestionForm, file: str) -> Values:
    """Return what the mail with questions to somebody's answers says."""
    form = reply.form
    lines = {line.goal: line for line in form.lines}
    headers = {column.key: column.header for column in SKEMA_COLUMNS}
    asked = []
    for each in reply.asked:
        about_goal = _goal_words(lines[each.goal]) if each.goal in lines else "Hele skemaet"
        field = headers.get(each.key, "")
        wrote = f" Du skrev: »{cut(' '.join(each.wrote.split()), _TEXT_ROOM)}«." if each.wrote else ""
        asked.append((about_goal, f"{f'{field}: ' if field else ''}{each.text.translate(_QUOTES)}{wrote}"))
    missing = tuple((_goal_words(lines[goal]), "") for goal in reply.unanswered if goal in lines)
    return {**_owner_values(about, form, file), "udfyldt_af": reply.newest.filled_by,
            "antal": count(len(asked), "spørgsmål", "spørgsmål"), "spoergsmaal": Bullets(tuple(asked), numbered=True),
            "mangler": Bullets(missing) if missing else ""}


def _owner_values(about: MailRound, form: Form, file: str) -> dict[str, str | Bullets | StatusTable]:
    return {**about.values(file, form.deadline), "ansvarlig": form.owner.name, "skema_id": form.id}


def _goal_words(line: FormLine) -> str:
    text = next((text for key in ("sub", "effect", "focus", "development") if (text := canonical(line.sealed.get(key)))), "")
    return f"{line.goal} {_short(text)}".strip()


def _short(text: str) -> str:
    return cut(" ".join(text.split()), _TEXT_ROOM)


def lacking_shares(response: Response) -> tuple[Share, ...]:
    """Return somebody's parts of goals that still lack something."""
    return tuple(share for share in response.shares if share.missing)


def to_remind(responses: Iterable[Response]) -> tuple[Response, ...]:
    """Return those who have not answered, or not all of it.

    Somebody who has said to be done, and has an answer to every goal, isn't reminded of what an answer may lack.
    """
    return tuple(each for each in responses if each.delivery in _REMINDED and lacking_shares(each))


def told_of_reminders(responses: Iterable[Response]) -> Iterator[Finding]:
    """Tell of those who lack something and aren't reminded all the same, and of what to know before others are."""
    for each in responses:
        open_, owner = lacking_shares(each), each.form.owner.name
        goals = some([share.goal for share in open_], _MOST_NAMED)
        if each.delivery is Delivery.NOT_DECLARED:
            yield problem("reminder-not-declared", owner=owner)
        elif open_ and each.delivery is Delivery.WITHOUT_FORM:
            yield problem("reminder-by-mail", owner=owner, value=goals)
        elif open_ and each.delivery not in _REMINDED:
            yield problem("reminder-done", owner=owner, value=goals)


def address_cell(agreement: Agreement, form: Form) -> tuple[str, Place]:
    """Return the goal by which somebody's address stands, and the cell that it stands in, or should."""
    known = {goal.id: goal for goal in agreement.goals}
    goals = [known[line.goal] for line in form.lines if line.goal in known]
    theirs = [(goal, owner) for goal in (*goals, *agreement.goals) for owner in goal.owners
              if fold(owner.name) == fold(form.owner.name)]
    named = [goal for goal, owner in theirs if owner.email == form.owner.email]
    first = next(iter((*named, *goals)), None)
    return (first.id, cell_of(first.place, agreement, "emails")) if first else ("", Place())


def without_address(agreement: Agreement, form: Form) -> Finding:
    """Say that there is no mail to somebody, with the goal and the cell that the address should stand in."""
    goal, place = address_cell(agreement, form)
    return problem("mail-no-address", place, owner=form.owner.name, goal=goal,
                   what=some([line.goal for line in form.lines], _MOST_NAMED))


# ---------------------------------------------------------------- the department

def department_values(about: MailRound, result: FollowUp, file: str, to: str = "") -> Values:
    """Return what the mail to KSE says: the round's figures as ``Overblik`` has them; ``to`` is whom it speaks to."""
    overview = result.book.overview
    day = dict(overview.facts).get("Seneste opgørelse")
    rows = tuple((status, number) for status, number in overview.counts if number)
    total = int(overview.total.value) if isinstance(overview.total.value, float) else 0
    waiting = tuple((f"{v.goal.id} {'' if v.goal.level is Level.EFFECT else _NOT_COUNTED}{_short(v.goal.text)}",
                     _short(canonical(v.value(AnswerColumn.REMARKS))))
                    for v in result.goal_results if v.active and v.shown == Status.AWAITING)
    agreement = about.agreement
    return {
        **about.values(file), "modtager": to or department_in_mail(agreement),
        "periode": f"{agreement.period[0]}-{agreement.period[1]}", "hovedtal": canonical(overview.headline.value),
        "opgjort": danish_date(day.value) if day and isinstance(day.value, date) else "",
        "vurdering": canonical(result.state.boxes.get(ASSESSMENT)), "status": StatusTable(rows, total),
        "afventer": Bullets(waiting) if waiting else ""}


def department_file(agreement: Agreement, round_: Round) -> str:
    """Return the name of the workbook that KSE gets, without its ending: plain ASCII."""
    unit = f"_{slug(agreement.unit)}" if agreement.unit else ""
    return f"opfoelgning_{agreement.year}_{round_.value}{unit}"


def empty_boxes(result: FollowUp) -> tuple[str, ...]:
    """Return the boxes of ``Overblik`` that the unit fills in and that are empty."""
    return tuple(label for label in (ASSESSMENT, IN_FRAME) if not canonical(result.state.boxes.get(label)))


def open_matters(result: FollowUp) -> tuple[str, ...]:
    """Say what is undecided and what lacks an answer, a sentence for each; nothing where the round can be sent."""
    undecided = [f"{goal} ({HEADERS[column]})" for (goal, column), cell in result.merged.cells.items() if cell.conflict]
    lacks = {v.goal.id: {*lacking(v), *(["status"] if v.shown == MISSING and v.response != FOLLOWS else [])}
             for v in result.goal_results if v.active}
    missing = [goal for goal, each in lacks.items() if "status" in each]
    no_result = [goal for goal, each in lacks.items() if "result" in each and goal not in missing]
    no_remark = [goal for goal, each in lacks.items() if "remark" in each]
    unknown = [f"{v.goal.id} («{cut(v.shown, 30)}»)" for v in result.goal_results if v.active and v.shown not in COUNTED]
    said = ((undecided, "svar er uafklaret", "svar er uafklarede", "Vælg på arket «Modstridende svar»."),
            (missing, "mål mangler svar", "mål mangler svar", _BOARD),
            (no_result, "mål mangler et resultat", "mål mangler et resultat", _BOARD),
            (no_remark, "mål mangler den bemærkning, som status kræver", "mål mangler den bemærkning, som status kræver",
             _BOARD),
            (unknown, "status kendes ikke", "statusser kendes ikke", "Ret den i «Opfølgning»."))
    return tuple(f"{count(len(found), one, several)}: {some(found, _MOST_NAMED)}. {step}"
                 for found, one, several, step in said if found)
