"""What the coordinator can choose on each line of ``Kontrol``, with what she needs to choose it and what happens then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from aftale.agreement.measures import goal_sentence
from aftale.followup.goal_status import GoalResult
from aftale.followup.odd_figures import said_in
from aftale.merge.choices import (
    ACCEPT,
    ADD_TO,
    KEEP,
    LEAVE_OUT,
    NO_MORE,
    OLDER,
    ON_DIALOG,
    PROPOSED_CHANGE,
    REVISE,
    TAKE_ALONG,
    Choice,
    asking,
    fitting,
    keeping,
    using,
)
from aftale.merge.control_lines import KINDS, LOOSE, READING, STATUS_KIND, UNREAD, ControlLine, readings_of
from aftale.merge.merge import HEADERS
from aftale.merge.proposed_changes import can_revise, revision_advice
from aftale.merge.swapped_rows import SWAPPED, answer_texts
from aftale.model.agreement import THE_DEPARTMENT, Agreement, AnswerColumn, Goal, Status
from aftale.model.columns import news_sheet
from aftale.model.findings import ODD
from aftale.model.text import canonical, capital, cut_at_word, danish_number, spoken

_ANSWERS = {column.value: column for column in AnswerColumn}
_LOOSE_KINDS = frozenset(KINDS[kind] for kind in LOOSE)
_SHORT = 300
_STAYS = "Vælger du intet, bliver teksten stående her."
_SENT_BACK = "Spørg: »aftale indlaes --retur MAPPE« laver et skema med spørgsmålet til den ansvarlige."


@dataclass(frozen=True)
class Offers:
    """What the choices are made from: the goals by Mål-id, what the round says of them, and the agreement."""

    goals: Mapping[str, Goal]
    results: Mapping[str, GoalResult] = field(default_factory=dict)
    agreement: Agreement | None = None

    def on(self, line: ControlLine) -> ControlLine:
        """Return a line with its choices, and with what stood there told so that no other sheet is needed."""
        result = self.results.get(line.goal)
        if line.kind == STATUS_KIND and result is not None:
            return self._status(line, result)
        if line.kind == KINDS[ODD]:
            return self._odd(line, result)
        if line.kind in (READING, UNREAD) and line.goal in self.goals and line.column in _ANSWERS:
            return self._answer(line)
        if line.kind == KINDS[PROPOSED_CHANGE] and line.column and self.agreement is not None:
            return self._proposed(line, self.agreement)
        if line.code == "remark-missing" and result is not None:
            stood = f"Status: {result.reported}\n{HEADERS[AnswerColumn.REMARKS]}: (tom)"
            return replace(line, stood=stood, advice=f"{line.advice} Godkend: Der spørges ikke mere. {_SENT_BACK}")
        if line.code == SWAPPED:
            return self._swapped(line)
        if line.code == "new-goal":
            return self._suggestion(line)
        if line.kind in _LOOSE_KINDS and line.goal in self.goals:
            return self._loose(line)
        return line

    def _status(self, line: ControlLine, result: GoalResult) -> ControlLine:
        """Offer to let the reported status stand, to use the computed one, or to ask."""
        reported = result.overruled or result.reported
        owners = [owner.name for owner in result.owners]
        who = owners[0] if len(owners) == 1 else ""
        computed = result.computed if result.computed != reported else ""
        options = (keeping(reported), *([using(computed)] if computed in set(Status) else []), asking(who))
        stood = [f"Status: {reported}"]
        if AnswerColumn.RESULT in result.answers:
            stood.append(f"Resultat: {self._said(result, AnswerColumn.RESULT)}")
        stood += self._target(result.goal)
        says = f"{who} har valgt{line.what.removeprefix('Status er')}" if who and line.what.startswith("Status er ") else ""
        share = result.outcome.fulfilment
        percent = f" ({danish_number(round(share * 100))}\u00a0%)" if share is not None and computed else ""
        return replace(
            line, options=fitting(options), own=True, approves=True, column=AnswerColumn.STATUS.value, says=says,
            stood="\n".join(stood), means=f"{computed}{percent}", owner=who,
            advice=f"Vælger du intet, gælder »{reported}«, og linjen bliver ved med at være åben. {_SENT_BACK}")

    def _odd(self, line: ControlLine, result: GoalResult | None) -> ControlLine:
        if not line.open or result is None:
            return line
        owners = [owner.name for owner in result.owners]
        options = (*(each for each in line.options if each != ACCEPT and not each.startswith("Spørg")), ACCEPT,
                   asking(owners[0] if len(owners) == 1 else ""))
        stood = [f"Resultat: {self._said(result, AnswerColumn.RESULT)}", *self._target(result.goal)]
        return replace(line, options=fitting(options), stood="\n".join(stood),
                       advice=f"{line.advice} Vælger du intet, gælder tallet, og linjen bliver ved med at være åben.")

    def _answer(self, line: ControlLine) -> ControlLine:
        """Offer the readings of an answer; one that was read with certainty can only be corrected."""
        if line.kind == READING:
            return replace(line, own=True, approves=True, options=(),
                           advice="Er læsningen forkert, så skriv det rigtige under Egen formulering.")
        goal, column = self.goals[line.goal], _ANSWERS[line.column]
        year = self.agreement.year if self.agreement else 0
        known = readings_of(line, goal, year) if self.agreement else ()
        stood = [f"{HEADERS[column]}: {line.text}"]
        stood += self._target(goal) if column in (AnswerColumn.RESULT, AnswerColumn.STATUS) else []
        options = (*map(using, known), LEAVE_OUT, asking(line.owner))
        meant = f"{' eller '.join(known)}?" if known else ""
        told = "\n".join(stood) if len(line.text) <= _SHORT else ""  # a long one stands as it was written, piece by piece
        return replace(line, own=True, approves=True, options=fitting(options), stood=told, means=meant,
                       advice=f"{line.advice} Vælger du intet, er svaret ikke med, og linjen bliver ved med at være åben.")

    def _proposed(self, line: ControlLine, agreement: Agreement) -> ControlLine:
        goal = next((goal for goal in agreement.goals if goal.id == line.goal), None)
        possible, sheet = can_revise(agreement, goal, line.column), news_sheet(agreement.year + 1)
        return replace(line, own=possible, options=(*((REVISE,) if possible else ()), TAKE_ALONG, KEEP),
                       advice=f"{revision_advice(line.column, possible, sheet)} Vælger du intet, gælder aftalen.")

    def _swapped(self, line: ControlLine) -> ControlLine:
        """Offer whose answers a row holds whose Mål-id and text are of two goals."""
        options = tuple(each for each in line.options if not (goal := Choice(each).belongs_to) or goal in self.goals)
        both = [goal for each in options if (goal := Choice(each).belongs_to)]
        says = "\n".join((line.what, *(f"{goal}: {cut_at_word(self.goals[goal].text, 45)}" for goal in both)))
        stood = "\n".join(answer_texts(line.text))
        return replace(line, options=fitting(options), approves=True, says=says, stood=stood,
                       advice="Gælder: Rækkens svar bliver læst som svar på det mål. Vælger du intet, er de ikke med, og"
                              f" linjen bliver ved med at være åben. {_SENT_BACK}")

    def _suggestion(self, line: ControlLine) -> ControlLine:
        where = f"arket »{news_sheet(self.agreement.year + 1)}« i " if self.agreement else ""
        says = f"{line.owner} foreslår et nyt mål." if line.owner else ""
        department = self.agreement.short_department if self.agreement else THE_DEPARTMENT
        return replace(line, options=(TAKE_ALONG, ON_DIALOG, NO_MORE), approves=True, says=says,
                       advice=f"Tag med: Det står som besluttet på {where}næste års aftale. Svar på Dialog:"
                              f" {capital(department)} bliver spurgt dér. Gør ikke mere: Det bliver stående her. Vælger du"
                              " intet, står det som et forslag i næste års aftale.")

    def _loose(self, line: ControlLine) -> ControlLine:
        if line.open:  # it may be an answer, which is asked about
            return replace(line, options=fitting((*ADD_TO, *line.options)))
        return replace(line, options=(*ADD_TO, NO_MORE), approves=False,
                       advice=f"Føj til: Teksten kommer med under målet på Opfølgning, med navn. {_STAYS}")

    def _said(self, result: GoalResult, column: AnswerColumn) -> str:
        value = result.value(column)
        return said_in(result.goal, value) if isinstance(value, float) else spoken(value) or canonical(value) or "(tom)"

    def _target(self, goal: Goal) -> list[str]:
        said = goal_sentence(goal, self.agreement.year) if self.agreement else ""
        return [f"Mål: {said}"] if said else []


def older_offered(line: ControlLine) -> ControlLine:
    """Offer an answer that a newer one replaced."""
    return replace(line, options=(OLDER,), advice="Vælger du intet, gælder det nyeste svar.")
