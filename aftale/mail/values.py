"""What the mails to colleagues say: the values of their texts' fields, worked out from the agreement and the skemaer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aftale.agreement.checks import cell_of
from aftale.agreement.read_goals import with_effects
from aftale.followup.goal_status import GoalResult
from aftale.followup.last_round import LastRound
from aftale.followup.odd_figures import said_in
from aftale.followup.who_answered import Delivery, Response, Share
from aftale.forms.card import Said, target_words
from aftale.forms.plan import also_answering
from aftale.mail.texts import Block, Values
from aftale.merge.merge import HEADERS
from aftale.model.agreement import MISSING, Agreement, AnswerColumn, Goal, Method, Round
from aftale.model.answers import Answer
from aftale.model.columns import FORMER_SKEMA_COLUMNS, SKEMA_COLUMNS
from aftale.model.findings import Finding
from aftale.model.forms import Form, FormLine
from aftale.model.mail import Bullets, MailKind
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import beside_number, canonical, capital, count, cut, danish_date, fold, listing, some, spoken
from aftale.replies.disagreements import Disagreement
from aftale.replies.questions import QuestionForm

_TEXT_ROOM, _LINE_ROOM = 220, 120
"""How much of a goal's text a mail shows, and how much of it in a line among others; the workbook has it whole."""
_MOST_NAMED = 8
_REMINDED = frozenset((Delivery.NOT_ANSWERED, Delivery.UNTOUCHED, Delivery.WITHOUT_FORM, Delivery.UNREAD,
                       Delivery.FORGOTTEN, Delivery.PARTLY))
_LACKS = {"status": "status", "result": "resultat", "remark": "bemærkning"}
_MOST_LINES = 4
"""So many goals that lack the same have a line each in a reminder; more are one line with their Mål-id."""
_ORDINALS = ("anden", "tredje", "fjerde", "femte", "sjette", "syvende", "ottende", "niende", "tiende")


def department_in_mail(agreement: Agreement) -> str:
    """Return what a mail calls the department: its Kortnavn, else its whole name, else ``forvaltningen``."""
    return agreement.short_name or agreement.department or agreement.short_department


@dataclass(frozen=True)
class MailRound:
    """What every mail of a round has in common; ``deadline`` is the round's.

    Where ``today`` is given, a deadline before it isn't said: nobody can be asked to keep it.
    """

    agreement: Agreement
    round: Round
    deadline: date | None = None
    today: date | None = None

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

    def values(self, file: str, deadline: date | None = None) -> dict[str, str | Block]:
        """Return the fields that every text may hold; ``deadline`` is what a skema says where the round has none."""
        facts, day = self.agreement.facts, self.deadline or deadline
        if day and self.today and day < self.today:
            day = None
        return {"enhed": self.agreement.unit or "enheden", "forvaltning": department_in_mail(self.agreement),
                "aar": str(self.agreement.year), "runde": self.round.danish,
                "frist": danish_date(day) if day else "", "koordinator": canonical(facts.get("koordinator")),
                "koordinator_mail": canonical(facts.get("koordinator_mail")), "fil": file}


# ---------------------------------------------------------------- one ansvarlig

def form_values(about: MailRound, form: Form, file: str, last: LastRound | None = None,
                words: Mapping[str, Sequence[Said]] | None = None) -> Values:
    """Return what the mail with somebody's skema says: the goals that are asked about, and how each of them stood last.

    ``words`` is what was said of each goal since it was answered last.
    """
    known = {goal.id: goal for goal in with_effects(about.agreement).goals}
    asked = [line for line in form.lines if AnswerColumn.STATUS not in line.idle] or list(form.lines)
    points = tuple((_goal_words(line), "\n".join(_below(about, form, line, known.get(line.goal), last, words or {})))
                   for line in asked)
    return {**_owner_values(about, form, file), "antal": count(len(points), "mål", "mål"), "maal": Bullets(points)}


def _below(about: MailRound, form: Form, line: FormLine, goal: Goal | None, last: LastRound | None,
           words: Mapping[str, Sequence[Said]]) -> Iterator[str]:
    """Yield what stands below a goal: how it is measured, who else answers, and what was said of it last."""
    said = target_words(canonical(line.sealed.get("goal")))
    if goal and goal.measure.method is Method.DELIVERY:
        said = ["(måles ikke i tal)", *said[1:]]
    if agreed := " · ".join(filter(None, said)):
        yield agreed
    if also := also_answering(goal, form.owner, about.agreement) if goal else []:
        yield f"Svarer også: {listing(also)}"
    status = last.statuses.get(line.goal, "") if last else ""
    if last and goal and status not in ("", MISSING):
        figure, unit = last.results.get(goal.id), "" if goal.measure.in_percent else goal.measure.unit
        result = "" if figure is None else f", {said_in(goal, figure)} {beside_number(unit, figure)}".rstrip()
        yield f"{capital(last.when)}: {status}{result}."
    for each in words.get(line.goal, ()):
        who = f"{capital(department_in_mail(about.agreement))} skrev" if each.by_department else each.who
        yield f"{who}: »{short(each.text)}«"


def reminder_values(about: MailRound, response: Response, verdicts: Sequence[GoalResult], file: str,
                    today: date | None = None, earlier: Sequence[date] = ()) -> Values:
    """Return what a reminder says: just the goals that lack an answer, by what they lack, and what happens else.

    ``earlier`` are the days before ``today`` on which the same ansvarlig was reminded, the last one last.
    """
    open_ = lacking_shares(response)
    texts = {verdict.goal.id: verdict.goal.text for verdict in verdicts}
    done, all_ = len(response.answered), len(response.goals)
    alike: dict[tuple[str, ...], list[str]] = {}
    for share in open_:
        alike.setdefault(share.missing, []).append(f"{share.goal} {short(texts.get(share.goal, ''), _LINE_ROOM)}".strip())
    groups = tuple(_lacking(missing, goals) for missing, goals in alike.items())
    without = sum("status" in share.missing for share in open_)
    else_ = (f"Uden svar står {'målet' if without == 1 else 'målene'} som »{MISSING}« i opfølgningen til"
             f" {department_in_mail(about.agreement)}.")
    return {**_owner_values(about, response.form, file), "antal": count(len(open_), "mål", "mål"),
            "besvaret": f"{done} af {all_} mål" if done else "", "mangler": Bullets(groups, grouped=True),
            "ellers": else_ if without else "",
            "fristen": deadline_sentence(about.deadline or response.form.deadline, today),
            "paamindelse": f"{capital(_nth(len(earlier) + 1))} påmindelse" if earlier else "Påmindelse",
            "tidligere": _before(earlier, today)}


def _lacking(missing: Sequence[str], goals: Sequence[str]) -> tuple[str, str]:
    """Say which goals lack the same: a line for each of a few, else one line with their Mål-id."""
    said = f"{capital(listing([_LACKS[each] for each in missing]))} mangler ved {count(len(goals), 'mål', 'mål')}:"
    if len(goals) > _MOST_LINES:
        return f"{said} {listing([each.partition(' ')[0] for each in goals])}", ""
    return said, "\n".join(goals)


def deadline_sentence(deadline: date | None, today: date | None) -> str:
    """Say when the deadline is, or was: ``Fristen var 11. november 2015.``; '' where there is none."""
    if deadline is None:
        return ""
    when = "var" if today and today > deadline else "er i dag," if today == deadline else "er"
    return f"Fristen {when} {danish_date(deadline)}."


def _before(earlier: Sequence[date], today: date | None) -> str:
    """Say in a reminder that there were others; '' in the first."""
    if not earlier:
        return ""
    last = day_and_month(earlier[-1], today)
    return f"Vi skrev også {last}." if len(earlier) == 1 else \
        f"Dette er {_nth(len(earlier) + 1)} gang, vi minder om det; sidst var {last}."


def day_and_month(day: date, today: date | None) -> str:
    """Say a day of this year without its year."""
    return danish_date(day).removesuffix(f" {day.year}") if today and day.year == today.year else danish_date(day)


def _nth(number: int) -> str:
    return _ORDINALS[number - 2] if number - 2 < len(_ORDINALS) else f"{number}."


def reply_values(about: MailRound, reply: QuestionForm, file: str) -> Values:
    """Return what the mail with questions to somebody's answers says."""
    form, by = reply.form, reply.newest.filled_by
    lines = {line.goal: line for line in form.lines}
    headers = {column.key: column.header for column in (*FORMER_SKEMA_COLUMNS, *SKEMA_COLUMNS)}
    asked = []
    for each in reply.asked:
        about_goal = _goal_words(lines[each.goal]) if each.goal in lines else "Hele skemaet"
        field = headers.get(each.key, "")
        wrote = f" I skrev: »{cut(' '.join(each.wrote.split()), _TEXT_ROOM)}«." if each.wrote else ""
        asked.append((about_goal, f"{f'{field}: ' if field else ''}{each.text}{wrote}"))
    missing = tuple((_goal_words(lines[goal]), "") for goal in reply.unanswered if goal in lines)
    return {**_owner_values(about, form, file), "udfyldt_af": "" if fold(by) == fold(form.owner.name) else by,
            "antal": count(len(asked), "spørgsmål", "spørgsmål"), "spoergsmaal": Bullets(tuple(asked), numbered=True),
            "mangler": Bullets(missing) if missing else ""}


def disagreement_values(about: MailRound, found: Disagreement, forms: Sequence[Form]) -> Values:
    """Return what the mail to those who disagree says: the goals, and what each of ``forms`` has answered."""
    names = {form.id: form.owner.name for form in forms}
    goals = {goal.id: goal for goal in with_effects(about.agreement).goals}
    points: dict[str, list[str]] = {}
    for cell in found.cells:
        said = dict.fromkeys((_who(side, names), _answer(goals.get(cell.goal), side)) for side in cell.sides)
        points.setdefault(cell.goal, []).append(f"{HEADERS[cell.column]}: " + listing([f"{a} ({who})" for who, a in said]))
    texts = {goal: f"{goal} {short(goals[goal].text) if goal in goals else ''}".strip() for goal in points}
    return {**about.values("", next((form.deadline for form in forms if form.deadline), None)),
            "modtagere": listing([form.owner.name for form in forms]), "antal": count(len(points), "mål", "mål"),
            "svar": Bullets(tuple((texts[goal], "\n".join(lines)) for goal, lines in points.items()))}


def _who(side: Answer, names: Mapping[str, str]) -> str:
    """Say whose answer it is: the ansvarlig's, and who filled the skema in where that is somebody else."""
    owner = names.get(side.form, side.name)
    return owner if fold(side.name) in ("", fold(owner)) else f"{owner}, {side.name}"


def _answer(goal: Goal | None, side: Answer) -> str:
    if side.value is None:
        return "slettet"
    figure = goal is not None and side.column in (AnswerColumn.RESULT, AnswerColumn.BASELINE)
    said = said_in(goal, side.value) if figure and goal and isinstance(side.value, float) else spoken(side.value)
    return f"»{short(said)}«"


def _owner_values(about: MailRound, form: Form, file: str) -> dict[str, str | Block]:
    return {**about.values(file, form.deadline), "ansvarlig": form.owner.name, "skema_id": form.id}


def _goal_words(line: FormLine) -> str:
    text = next((text for key in ("sub", "effect", "focus", "development") if (text := canonical(line.sealed.get(key)))), "")
    return f"{line.goal} {short(text)}".strip()


def short(text: str, most: int = _TEXT_ROOM) -> str:
    """Return a text on one line, cut to what a mail shows of it."""
    return cut(" ".join(text.split()), most)


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
