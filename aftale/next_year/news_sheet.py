"""The sheet in next year's agreement that lists what is new, for the dialogue with KSE, as a plain table."""

from __future__ import annotations

from collections.abc import Mapping

from aftale.merge.shown import answer_cell
from aftale.model.agreement import MISSING, UNDECIDED, Agreement, AnswerColumn
from aftale.model.columns import MAAL, NEWS_COLUMNS, news_sheet
from aftale.model.tables import Cell, Table
from aftale.next_year.goal_outcomes import GoalOutcome
from aftale.next_year.plan import News, NextYear, tally

_OPEN = (GoalOutcome.PLAN, GoalOutcome.THEME, GoalOutcome.FRAME, GoalOutcome.FOCUS, GoalOutcome.PROPOSED,
         GoalOutcome.SUGGESTED, GoalOutcome.GONE, GoalOutcome.UNREAD,
         GoalOutcome.NO_BASELINE)
_MARKS: Mapping[GoalOutcome, str] = {**dict.fromkeys(GoalOutcome, "edited"), **dict.fromkeys(_OPEN, "question"),
                                     GoalOutcome.GOES_ON: "info"}
"""What waits for an answer stands out; what merely goes on is quiet."""


def news_table(agreement: Agreement, plan: NextYear, name: str = "") -> Table:
    """Return the table of what is new; ``name`` is the sheet's where its own is taken."""
    title = news_sheet(plan.year)
    goals = next((goal.place.sheet for goal in agreement.goals if goal.place.sheet), MAAL)
    return Table(
        name or title, f"{title} – {agreement.unit}".rstrip(" –"),
        f"Til dialogen med forvaltningen: hvad der bliver af målene efter {agreement.year}. {tally(plan.news)} Det, I"
        f" aftaler, skrives på arket {goals}; dette ark læses ikke af programmet.",
        NEWS_COLUMNS, tuple(_row(each) for each in plan.news), title.replace(" ", "_"), "Der er ikke noget nyt.")


def _row(news: News) -> tuple[Cell, ...]:
    goal, last = news.goal, news.last
    status = "missing" if last.status == MISSING else "undecided" if last.status == UNDECIDED else ""
    fate = Cell(news.fate.value, mark="question" if news.asks else _MARKS[news.fate])
    undecided = AnswerColumn.RESULT in last.undecided
    plain = {
        "id": Cell(goal.id if goal else None), "fate": fate, "text": Cell(news.text),
        "means": Cell(news.means), "last_status": Cell(last.status or None, mark=status),
        "last_result": Cell(UNDECIDED, mark="undecided") if undecided
        else answer_cell(goal, AnswerColumn.RESULT, last.result),
         "remark": Cell(news.remark or None),
        "agreed": Cell(open=True)}
    return tuple(plain[column.key] for column in NEWS_COLUMNS)
