"""The delivery board: how far every ansvarlig has come, with the skema as a whole and with each goal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from aftale.agreement.methods import rule_of
from aftale.followup.goal_status import ANSWERED, BY_MAIL, FOLLOWS, NO_OWNER, NOTHING, PARTLY, UNREAD, GoalResult
from aftale.forms.returned import Returned
from aftale.forms.versions import (
    addresses,
    declared,
    nothing_to_report,
    says_something,
    senders_without_form,
    unread_answers,
)
from aftale.merge.merge import when_text
from aftale.model.agreement import MISSING, AnswerColumn, Status
from aftale.model.columns import RESPONSE_COLUMNS, RESPONSES, SHARE_COLUMNS
from aftale.model.findings import Finding
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import IncomingMail
from aftale.model.tables import Cell, Table
from aftale.model.text import count, cut, danish_number, fold, listing, some

MOST_LINES = 2_000
"""How many lines per goal ``Svaroversigt`` holds; beyond it only those that lack something are listed."""
_MOST_NAMED = 200
"""How many goals or files a line of ``Svaroversigt`` names; all of them stand in ``Opfølgning`` and on ``Kilder``."""
_TEXT_ROOM = 400
"""How much of a goal's text its lines show, so that Excel's tallest row has room for it; ``Opfølgning`` has it whole."""


class Delivery(StrEnum):
    """How far an ansvarlig has come with the skema, the most urgent first."""

    NOT_ANSWERED = "not_answered"
    UNTOUCHED = "untouched"
    WITHOUT_FORM = "without_form"
    UNREAD = "unread"
    FORGOTTEN = "done_but_missing"
    PARTLY = "partly"
    NOT_DECLARED = "answered_not_done"
    DONE = "done"
    BY_MAIL = "answered_by_mail"
    NOTHING = "nothing_to_report"

    @property
    def danish(self) -> str:
        """The delivery as people read it."""
        return _DELIVERY[self]


_DELIVERY = {Delivery.NOT_ANSWERED: "Ikke svaret", Delivery.UNTOUCHED: "Uændret siden udsendelsen",
             Delivery.WITHOUT_FORM: "Har skrevet en mail uden skema", Delivery.UNREAD: UNREAD,
             Delivery.FORGOTTEN: "Meldt færdig, men mangler svar", Delivery.PARTLY: PARTLY,
             Delivery.NOT_DECLARED: "Alt besvaret, men ikke meldt færdig", Delivery.DONE: "Færdig",
             Delivery.BY_MAIL: BY_MAIL, Delivery.NOTHING: NOTHING}
WAITED_FOR = frozenset((Delivery.NOT_ANSWERED, Delivery.UNTOUCHED, Delivery.WITHOUT_FORM))
"""The deliveries in which nothing is answered yet."""


class AnswerStage(StrEnum):
    """How far an ansvarlig has come with one goal."""

    NOT_RETURNED = "not_returned"
    WITHOUT_FORM = "without_form"
    MISSING = "missing"
    UNREAD = "unread"
    PARTLY = "partly"
    ANSWERED = "answered"
    BY_OTHER = "answered_by_other"
    FOLLOWS = "follows_subgoals"
    BY_MAIL = "answered_by_mail"
    NOTHING = "nothing_to_report"
    NO_OWNER = "no_owner"

    @property
    def danish(self) -> str:
        """The stage as people read it."""
        return _STAGE[self]


_STAGE = {AnswerStage.NOT_RETURNED: "Skema ikke returneret", AnswerStage.WITHOUT_FORM: Delivery.WITHOUT_FORM.danish,
          AnswerStage.MISSING: MISSING, AnswerStage.UNREAD: UNREAD, AnswerStage.PARTLY: PARTLY,
          AnswerStage.ANSWERED: ANSWERED, AnswerStage.BY_OTHER: "Besvaret af en anden", AnswerStage.FOLLOWS: FOLLOWS,
          AnswerStage.BY_MAIL: BY_MAIL, AnswerStage.NOTHING: NOTHING, AnswerStage.NO_OWNER: NO_OWNER}
_SAID_WHOLE = frozenset((AnswerStage.NOTHING, AnswerStage.BY_MAIL))
_STATUSES = frozenset(status.value for status in Status)
_LACKS = {"status": "Status", "result": "Resultat", "remark": "Bemærkning"}


class Share(NamedTuple):
    """One ansvarlig's part of one goal; ``missing`` holds what the goal still lacks: status, result, remark."""

    goal: str
    owner: str
    stage: AnswerStage
    missing: tuple[str, ...] = ()

    @property
    def lacks(self) -> str:
        """What is missing as people read it: ``Status, resultat``."""
        return ", ".join(_LACKS[each] for each in self.missing).capitalize()


@dataclass(frozen=True)
class Response:
    """How far one ansvarlig has come: ``answered`` and ``missing`` are Mål-id of ``goals``.

    ``goals`` are those of the skema that wait for this ansvarlig's own answer, or have it: neither one whose status follows
    from its delmål nor one that somebody else has answered.
    """

    form: Form
    delivery: Delivery
    goals: tuple[str, ...]
    answered: tuple[str, ...]
    missing: tuple[str, ...]
    files: tuple[Returned, ...] = ()
    shares: tuple[Share, ...] = ()


def lacking(result: GoalResult) -> tuple[str, ...]:
    """Return what a goal of the year still lacks of status, result and the remark that its status asks for."""
    if not result.active or result.response in (NOTHING, FOLLOWS, BY_MAIL):
        return ()
    without_status = result.shown == MISSING
    found = ["status"] if without_status else []
    follows = not result.reported and result.shown in _STATUSES
    measured = rule_of(result.goal.measure.method).measured
    open_ = result.value(AnswerColumn.RESULT) is None and not result.undecided(AnswerColumn.RESULT)
    # With a status the result knows whether a result is wanted beside it; without one the measure tells.
    follows = follows and result.response != UNREAD
    if measured and open_ and not follows and (without_status or result.response in (PARTLY, UNREAD)):
        found.append("result")
    if any(each.code == "remark-missing" for each in result.problems):
        found.append("remark")
    return tuple(each for each in found if each not in result.settled)


# ---------------------------------------------------------------- per ansvarlig

def responses(forms: Sequence[Form], returned: Sequence[Returned], results: Sequence[GoalResult],
              letters: Sequence[IncomingMail] = (), by_mail: Collection[str] = ()) -> tuple[Response, ...]:
    """Work out who has answered what, an entry per skema that should be out.

    ``by_mail`` are the ansvarlige (folded) of whom the coordinator has said that a mail is their whole answer.
    """
    by_form: dict[str, list[Returned]] = {}
    for each in returned:
        by_form.setdefault(each.form, []).append(each)
    seen = {v.goal.id: (v.response, lacking(v)) for v in results}
    chosen = {v.goal.id: frozenset(column.value for column, cell in v.answers.items() if cell.decided) for v in results
              if v.response == ANSWERED}
    wrote = senders_without_form(letters)
    return tuple(_response(form, by_form.get(form.id, ()), seen, chosen, not wrote.isdisjoint(addresses(form.owner.email)),
                           fold(form.owner.name) in by_mail) for form in forms)


def _response(form: Form, files: Sequence[Returned], seen: Mapping[str, tuple[str, tuple[str, ...]]],
              chosen: Mapping[str, frozenset[str]], wrote: bool, settled: bool) -> Response:
    # Somebody else's answer to a shared goal doesn't make this skema answered.
    answers = [answer for each in files for answer in each.answers]
    own = {answer.goal for answer in answers}
    done = {answer.goal for answer in answers if answer.column in (AnswerColumn.STATUS, AnswerColumn.RESULT)}
    untouched = all(each.untouched for each in files)
    away = AnswerStage.WITHOUT_FORM if wrote and untouched else None if files else AnswerStage.NOT_RETURNED
    unread = unread_answers(files)
    # What the coordinator has read of somebody's answer is answered by that person.
    read = {goal for goal, columns in unread.items() if columns & chosen.get(goal, frozenset())}
    own, done = own | read, done | read
    through = AnswerStage.BY_MAIL if settled else AnswerStage.NOTHING if nothing_to_report(files) else None
    shares, missing = [], []
    for each in form.lines:
        goal = each.goal
        response, lacks = seen.get(goal, ("", ()))
        asked = tuple(each for each in lacks if each != "remark")
        cannot_read = goal in unread and response == UNREAD
        if through and not cannot_read and (asked or response in (NOTHING, BY_MAIL)):
            stage, lacks = through, ()
        else:
            # What has no status is shown as unanswered, also where there is a result.
            if asked and (goal not in done or "status" in asked or cannot_read):
                missing.append(goal)
            lacks = lacks if goal in own else asked  # a remark is asked of those who have said something
            stage = (AnswerStage.FOLLOWS if response == FOLLOWS and goal not in own else
                     away or _stage(goal in own, cannot_read, lacks))
        shares.append(Share(goal, form.owner.name, stage, lacks))
    delivery = (Delivery.BY_MAIL if any(share.stage is AnswerStage.BY_MAIL for share in shares) and not missing else
                Delivery.WITHOUT_FORM if wrote and untouched else _delivery(files, bool(done), missing, shares))
    goals = tuple(share.goal for share in shares if share.goal in own or share.missing or share.stage in _SAID_WHOLE)
    answered = tuple(goal for goal in goals if goal in done and goal not in missing)
    return Response(form, delivery, goals, answered, tuple(missing), tuple(files), tuple(shares))


def _stage(said: bool, cannot_read: bool, lacks: Sequence[str]) -> AnswerStage:
    """Say how far somebody whose skema is back has come with a goal."""
    if cannot_read:
        return AnswerStage.UNREAD
    if said:
        return AnswerStage.PARTLY if lacks else AnswerStage.ANSWERED
    return AnswerStage.MISSING if lacks else AnswerStage.BY_OTHER


def _delivery(files: Sequence[Returned], answered: bool, missing: Sequence[str], shares: Sequence[Share]) -> Delivery:
    if not files:
        return Delivery.NOT_ANSWERED
    if all(each.untouched for each in files):
        return Delivery.UNTOUCHED
    if nothing_to_report(files):
        return Delivery.NOTHING
    beside = missing and says_something(files) and not any(each.answers for each in files)
    if beside or any(share.stage is AnswerStage.UNREAD for share in shares):
        return Delivery.UNREAD
    said = declared(files)
    if missing:
        return Delivery.FORGOTTEN if said == "Ja" else Delivery.PARTLY
    if said == "Nej":
        return Delivery.PARTLY if any(share.missing for share in shares) else Delivery.NOT_DECLARED
    return Delivery.DONE if said or answered else Delivery.PARTLY


def forgotten(found: Iterable[Response]) -> Iterator[Finding]:
    """Ask about skemaer that are said to be finished and lack answers all the same."""
    for each in found:
        if each.delivery is Delivery.FORGOTTEN:
            said = max((f for f in each.files if f.finished), key=lambda f: (f.finished == "Ja", f.source.when))
            yield problem("finished-but-missing", Place(said.source.name, container=said.source.container),
                          owner=each.form.owner.name, value=some(each.missing, 8))


def by_urgency(found: Iterable[Response]) -> list[Response]:
    """Return the responses with those first that somebody must act on; else in the order given."""
    order = list(Delivery)
    return sorted(found, key=lambda each: order.index(each.delivery))


def board_sentence(found: Sequence[Response]) -> str:
    """Say in one sentence how many are done, partly, untouched and not answered."""
    if not found:
        return "Der er ingen skemaer i denne runde."
    numbers = Counter(each.delivery for each in found)
    words = ((Delivery.DONE, "er færdigt", "er færdige"), (Delivery.NOTHING, "har intet at melde", ""),
             (Delivery.BY_MAIL, "er besvaret i en mail", ""),
             (Delivery.NOT_DECLARED, "er besvaret, men ikke meldt færdigt", "er besvaret, men ikke meldt færdige"),
             (Delivery.FORGOTTEN, "er meldt færdigt, men mangler svar", "er meldt færdige, men mangler svar"),
             (Delivery.PARTLY, "er delvist besvaret", ""), (Delivery.UNREAD, "har svar, der ikke kan læses", ""),
             (Delivery.WITHOUT_FORM, "mangler, men der er kommet en mail", ""),
             (Delivery.UNTOUCHED, "er uændret siden udsendelsen", "er uændrede siden udsendelsen"),
             (Delivery.NOT_ANSWERED, "er ikke besvaret", ""))
    said = [count(numbers[each], one, many or one) for each, one, many in words if numbers[each]]
    return f"{count(len(found), 'skema', 'skemaer')}: {listing(said)}."


def response_table(found: Sequence[Response], below: Table | None = None) -> Table:
    """Return the delivery board as a table, the most urgent first; ``below`` is the table that stands under it."""
    rows = []
    for each in by_urgency(found):
        files = [f for f in each.files if not f.untouched] or list(each.files)
        rows.append((
            Cell(each.form.owner.name), Cell(each.form.owner.email), Cell(each.form.id),
            Cell(each.delivery.danish, mark="missing" if each.delivery in WAITED_FOR else ""),
            Cell(_named(each.missing, ", ")), Cell(float(len(each.goals)), "0"), Cell(float(len(each.answered)), "0"),
            Cell(listing(sorted({fold(f.filled_by): f.filled_by for f in files if f.filled_by}.values()))),
            Cell(when_text(max((f.source.when for f in files), default=""))),
            Cell(_named(sorted(f.source.name for f in files), "\n"))))
    return Table(RESPONSES, "Svaroversigt", board_sentence(found), RESPONSE_COLUMNS, tuple(rows),
                 "Svaroversigt", "Ingen skemaer i denne runde.", below)


def _named(words: Sequence[str], between: str) -> str:
    """Name as many as a cell has room for, and count the rest."""
    rest = [f"og {danish_number(len(words) - _MOST_NAMED)} til"] if len(words) > _MOST_NAMED else []
    return between.join([*words[:_MOST_NAMED], *rest])


# ---------------------------------------------------------------- per goal

def shares_by_goal(found: Iterable[Response], results: Iterable[GoalResult]) -> dict[str, list[Share]]:
    """Return every goal of the year with how far each of its ansvarlige is; one without an ansvarlig is there too."""
    shares: dict[str, list[Share]] = {v.goal.id: [] for v in results if v.active}
    for each in found:
        for share in each.shares:
            if share.goal in shares:
                shares[share.goal].append(share)
    for v in results:
        if v.active and not shares[v.goal.id]:
            shares[v.goal.id].append(Share(v.goal.id, "", AnswerStage.NO_OWNER, lacking(v)))
    return shares


def share_table(shares: Mapping[str, Sequence[Share]], results: Sequence[GoalResult], links: Mapping[str, str]) -> Table:
    """Return the board goal by goal; ``links`` tells where each goal has its row."""
    lines = [share for each in shares.values() for share in each]
    open_ = [share for share in lines if share.missing]
    listed, rest, more = lines, "", len(open_) - MOST_LINES
    if len(lines) > MOST_LINES:
        left = f"; {danish_number(more)} til står kun i Opfølgning" if more > 0 else ""
        listed, rest = open_[:MOST_LINES], f" Her står kun de linjer, der mangler noget{left}."
    texts = {v.goal.id: v.goal.text for v in results} if listed else {}
    rows = tuple((Cell(share.owner or None), Cell(cut(texts[share.goal], _TEXT_ROOM)),
                  Cell(share.goal, link=links.get(share.goal, "")),
                  Cell(share.stage.danish, mark="missing" if share.missing else ""), Cell(share.lacks or None))
                 for share in listed)
    settled = {v.goal.id for v in results if v.response in (NOTHING, BY_MAIL)}
    follows = {v.goal.id for v in results if v.response == FOLLOWS and v.shown == MISSING}  # as its delmål are not answered
    closed = {goal for goal, each in shares.items() if not any(share.missing for share in each)} - follows
    full = danish_number(len(closed - settled))
    said = f"Fuldt besvaret: {full} af årets {danish_number(len(shares))} mål." if shares else ""
    if without := len(closed & settled):
        said += f" {danish_number(without)} uden status: intet at melde, eller besvaret i en mail."
    return Table(RESPONSES, "Mål for mål", f"{said} Et mål med flere ansvarlige har en linje for hver.{rest}".strip(),
                 SHARE_COLUMNS, rows, "Svar_pr_maal", "Ingen mål mangler svar." if shares else "Ingen mål i denne runde.")


def open_lines(found: Sequence[Response], texts: Mapping[str, str], width: int = 78) -> Iterator[str]:
    """Yield the goals that still lack something in skemaer that are back, by ansvarlig, as lines for a screen.

    The goals of skemaer that are not back are counted: the board itself names them.
    """
    forms = goals = begun = 0
    for each in by_urgency(found):
        if each.delivery in WAITED_FOR:
            forms, goals = forms + 1, goals + len(each.missing)
            continue
        open_ = [share for share in each.shares if share.missing]
        if open_:
            yield from () if begun else ("Det mangler endnu:",)
            yield f"  {each.form.owner.name}"
            begun += 1
        for share in open_:
            head = f"    {share.goal:<10}{share.lacks:<29}"
            text = " ".join(texts.get(share.goal, "").split())
            yield f"{head}{cut(text, max(width - len(head), 12))}".rstrip()
    if goals and begun:
        yield f"  Hertil {count(goals, 'mål', 'mål')} i {count(forms, 'skema', 'skemaer')}, der ikke er udfyldt endnu."
