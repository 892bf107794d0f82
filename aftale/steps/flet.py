"""flet and indlaes: read the answers back, merge them, and say what came of it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from aftale.agreement.goal_ids import sort_key
from aftale.followup.build import FollowUp, follow_up
from aftale.followup.draw_xlsx import draw, draw_front
from aftale.followup.read_back import Standing, overview_digest
from aftale.followup.who_answered import board_sentence, by_urgency, open_lines
from aftale.intake.read import read_bytes
from aftale.intake.workers import Progress
from aftale.merge.choices import choices_used, decisions_used, settle
from aftale.merge.merge import HEADERS
from aftale.merge.state import (
    State,
    line_keys,
)
from aftale.model.agreement import Column, Place, Round, Value
from aftale.model.mail import NOTHING_SENT, MailKind
from aftale.model.problems import Problem, Severity, problem
from aftale.model.tables import Overview
from aftale.model.text import canonical, count, listing
from aftale.office.report import USAGE, CannotDo, Report, problem_data
from aftale.office.safe_write import ToWrite, earlier_name
from aftale.steps.carry_over import said_of
from aftale.steps.collect import Collected, collect
from aftale.steps.fordel import Past, read_earlier
from aftale.steps.gathering import certain_round, gather, standing_at
from aftale.steps.kse import NOT_WANTED, Wanted, plan_edition
from aftale.steps.open_agreement import Opened, deadline_of, open_agreement
from aftale.steps.revise import Revised, revise


def flet(agreement_path: Path, answers: Sequence[Path], out: Path, earlier: Sequence[Path] = (),
         round_: Round | None = None, progress: Progress | None = None, kse: Wanted = NOT_WANTED) -> Report:
    """Merge answers into the follow-up workbook: a new one, or the one that stands at ``out``.

    ``kse`` is what is wanted of KSE's edition beside it.

    Raises:
        CannotDo: where the agreement can't be read, there is nothing to merge, or what stands at ``out`` isn't a
            follow-up of this agreement and round.
    """
    _refuse_other_format(out)
    opened = open_agreement(agreement_path)
    standing = standing_at(out, opened, round_)
    found = collect(opened, answers, certain_round(standing, round_), [out, *earlier, *kse.leave_out(out)],
                    progress)
    past = read_earlier(earlier, opened.agreement, found.round)
    problems = list(past.problems)
    revised = revise(opened, gather(opened, found, standing, past.states))
    state = revised.state
    result = follow_up(opened.agreement, state, found.forms, date(opened.agreement.year, 1, 1), opened.questions,
                       standing.before if standing else None, _front_digest)
    if not result.books.balance:
        problems.append(_unbalanced(result, out))
    problems += [*found.problems, *(standing.problems if standing else ()), *revised.problems]
    unchanged = standing is not None and not standing.edited and standing.state.fingerprint == state.fingerprint
    files, said = _to_write(result, out, standing, unchanged)
    edition = plan_edition(kse, result, opened.agreement, out, found.forms)
    problems += edition.problems
    said += edition.said
    said += _beside(past)
    said = [_taken(opened, found), *said, *_decided(result, standing), f"Regnskab: {result.books.sentence}"]
    everything = (*settle((*opened.questions, *problems), result.settled, line_keys(state)), *result.problems)
    files = (*files, *revised.files, *edition.files)
    next_step = f"{_next_step(result, everything, out, kse)}{_use_revised(revised, opened)}"
    return Report(tuple(said), everything, files, next_step, flet_data(result, out, everything),
                  response_rows(result), board_lines(result))


@dataclass(frozen=True)
class Questions:
    """Where the skemaer with questions go, and the mails they go in; when they are due, and where staff keep their texts."""

    folder: Path
    deadline: date | None = None
    own_texts: Path | None = None


def indlaes(agreement_path: Path, answers: Sequence[Path], csv_path: Path | None = None,
            round_: Round | None = None, progress: Progress | None = None, retur: Questions | None = None,
            earlier: Sequence[Path] = ()) -> Report:
    """Read the answers back and report them, without making a follow-up; ``retur`` says where questions go, if they do.

    ``earlier`` are the follow-ups that the results are looked at beside.

    Raises:
        CannotDo: where the agreement can't be read, there is nothing to read, or a text of staff's is wrong.
    """
    opened = open_agreement(agreement_path)
    found = collect(opened, answers, round_, earlier, progress)
    past = read_earlier(earlier, opened.agreement, found.round)
    state = gather(opened, found, None, past.states)
    result = follow_up(opened.agreement, state, found.forms, date(opened.agreement.year, 1, 1), opened.questions)
    everything = (*opened.questions, *found.problems, *past.problems, *result.problems)
    files = (ToWrite(csv_path, answers_csv(result)),) if csv_path else ()
    said = [_taken(opened, found), *_beside(past)]
    if csv_path:
        said.append(f"Svarene er skrevet som liste: {csv_path}")
    report = Report(tuple(said), everything, files, "Kør «aftale flet», når svarene skal samles i opfølgningen.",
                    flet_data(result, None, everything), response_rows(result), board_lines(result))
    return _with_replies(report, opened, found, result, answers, retur) if retur else report


def _with_replies(report: Report, opened: Opened, found: Collected, result: FollowUp, answers: Sequence[Path],
                  asked: Questions) -> Report:
    """Add the skemaer that go back with questions, and their drafts, to what `indlaes` reports."""
    from aftale.mail.drafts import mail_text
    from aftale.mail.values import About
    from aftale.steps.retur import retur_files
    texts = mail_text(MailKind.RETUR, asked.own_texts, [opened.path.parent])
    about = About(opened.agreement, found.round, asked.deadline or deadline_of(opened.agreement, found.round))
    replies = retur_files(about, found.forms, result, answers, asked.folder, texts)
    made = replies.mailing is not None and replies.mailing.mails
    return replace(report, said=(*report.said, *replies.said), files=(*report.files, *replies.files),
                   problems=(*report.problems, *replies.problems), next_step=replies.next_step or report.next_step,
                   data={**report.data, "returns": list(replies.data)}, mailing=replies.mailing,
                   closing=NOTHING_SENT if made else "")


def _refuse_other_format(out: Path) -> None:
    """Refuse to give a workbook a name that says it is something else: no program would open it."""
    if out.suffix.lower() == ".xlsx" or out.is_dir():
        return
    instead = out.with_suffix(".xlsx").name
    if out.is_file():
        raise CannotDo(f"Opfølgningen skal være en .xlsx. {out.name} er ikke rørt. Er den opfølgningen, så åbn den, gem den"
                       f" som Excel-projektmappe ({instead}), og skriv --ud {instead}.", USAGE)
    raise CannotDo(f"Opfølgningen gemmes som .xlsx. Skriv fx --ud {instead}.", USAGE)


def _front_digest(overview: Overview) -> str:
    front = read_bytes(draw_front(overview), "front.xlsx")
    return "" if isinstance(front, Problem) else overview_digest(front.sheets[0])


def _to_write(result: FollowUp, out: Path, standing: Standing | None, unchanged: bool) -> tuple[tuple[ToWrite, ...],
                                                                                                list[str]]:
    if unchanged:
        return (), [f"Intet nyt siden sidst: {out} er ikke skrevet om."]
    said = [f"Skrevet: {out}"]
    kept = earlier_name(out) if standing is not None and standing.lost else None
    if standing is not None and (told := said_of(standing, kept.name if kept else "")):
        said.append(told)
    return (ToWrite(out, draw(result.book), kept, standing.sha256 if standing else ""),), said


def _decided(result: FollowUp, standing: Standing | None) -> tuple[str, ...]:
    """Say which of the coordinator's decisions the follow-up was made with."""
    before = standing.remembered if standing else State()
    followed = {verdict.goal.id for verdict in result.verdicts}
    decisions = {cell: each for cell, each in result.state.decisions.items() if cell[0] in followed}
    return (*decisions_used(result.merged, before.decisions, decisions),
            *choices_used(before.control, result.state.control))


def _use_revised(revised: Revised, opened: Opened) -> str:
    if revised.path is None:
        return ""
    return (f" Den reviderede aftale er {revised.path.name}. Se den igennem, og brug den fremover i stedet for"
            f" {opened.path.name}, som du kan flytte til en anden mappe.")


def _taken(opened: Opened, found: Collected) -> str:
    untouched = sum(each.untouched for each in found.returned)
    read = count(len(found.returned), "skema", "skemaer")
    if found.departments:
        read += f" og {count(len(found.departments), 'fil', 'filer')} med forvaltningens bemærkninger"
    refused = f", {count(len(found.refused), 'fil', 'filer')} afvist" if found.refused else ""
    still = f", heraf {untouched} {'uændret' if untouched == 1 else 'uændrede'} siden udsendelsen" if untouched else ""
    return f"{opened.path.name}, {found.round.danish} {opened.agreement.year}: {read} læst{still}{refused}."


def _beside(past: Past) -> list[str]:
    return [f"Tidligere resultater er fra {listing(past.names)}."] if past.names else []


def _unbalanced(result: FollowUp, out: Path) -> Problem:
    return problem("books-unbalanced", Place(out.name), value=result.books.sentence)


def _next_step(result: FollowUp, problems: Sequence[Problem], out: Path, kse: Wanted) -> str:
    conflicts = sum(cell.conflict for cell in result.merged.cells.values())
    asked = sum(p.level is not Severity.INFO for p in problems)
    if conflicts:
        return f"Åbn {out.name}, vælg på arket «Modstridende svar» ({conflicts}), gem, og kør «aftale flet» igen."
    if asked:
        return f"Åbn {out.name}, og gå {'det ene' if asked == 1 else f'de {asked}'} spørgsmål på arket «Kontrol» igennem."
    if kse.path or kse.pdf:
        return f"Se {kse.beside(out).name} igennem, og send den til forvaltningen."
    return f"Åbn {out.name}, se den igennem, og lav mailen til forvaltningen med «aftale send»."


# ---------------------------------------------------------------- the same as data

def response_rows(result: FollowUp) -> list[tuple[str, ...]]:
    """Return the delivery board as rows of text, the most urgent first: ansvarlig, status, answered, missing."""
    return [(r.form.owner.name, r.status, f"{len(r.answered)} af {len(r.goals)}", _some(r.missing))
            for r in by_urgency(result.responses)]


def board_lines(result: FollowUp) -> list[str]:
    """Return the board in a sentence, and the goals that still lack something in the skemaer that are back."""
    texts = {v.goal.id: v.goal.text for v in result.verdicts}
    return [board_sentence(result.responses), *open_lines(result.responses, texts)]


def _some(goals: Sequence[str], most: int = 3) -> str:
    """Name the first goals and count the rest, so that a row of the board fits a screen."""
    return ", ".join(goals) if len(goals) <= most + 1 else f"{', '.join(goals[:most])} og {len(goals) - most} til"


def flet_data(result: FollowUp, out: Path | None, problems: Sequence[Problem]) -> dict[str, object]:
    """Return the result as the JSON object of ``--json``."""
    counts: Counter[str] = Counter(dict(result.book.overview.counts))
    goals = []
    for v in result.verdicts:
        answers = {column.value: _plain(cell.outcome) for column, cell in v.answers.items()}
        goals.append({"id": v.goal.id, "level": v.goal.level.name.lower(), "text": v.goal.text, "active": v.active,
                      "target": v.target, "baseline": _plain(v.baseline), "fulfilment": v.outcome.fulfilment,
                      "status": v.shown, "reported": v.reported or None, "computed": v.computed or None,
                      "response": v.response, "answers": answers,
                      "owners": [{"owner": share.owner, "state": share.stage.value, "missing": list(share.missing)}
                                 for share in result.shares.get(v.goal.id, ())],
                      "undecided": [c.value for c, cell in v.answers.items() if cell.conflict]})
    conflicts = [{"goal": goal, "column": column.value, "header": HEADERS[column],
                  "answers": [{"value": _plain(s.answer.value), "who": s.who, "when": s.source.when,
                               "file": s.source.name, "cell": s.answer.place.cell} for s in cell.sides]}
                 for (goal, column), cell in result.merged.cells.items() if cell.conflict]
    books = result.books
    return {"workbook": str(out) if out else None, "goals": goals,
            "responses": [{"form": r.form.id, "owner": r.form.owner.name, "email": r.form.owner.email, "status": r.status,
                           "state": r.delivery.value, "answered": list(r.answered), "missing": list(r.missing),
                           "files": [f.source.name for f in r.files]} for r in result.responses],
            "conflicts": conflicts, "problems": [problem_data(p) for p in problems], "counts": dict(counts),
            "cells": {"total": books.total, "sent": books.sent, "conflict": books.conflict, "followup": books.followup,
                      "control": books.control, "balance": books.balance}}


def _plain(value: Value) -> str | float | None:
    return value.isoformat() if isinstance(value, date) else value


def answers_csv(result: FollowUp) -> bytes:
    """Return every answer of every file as a list for other programs: UTF-8 with BOM, ``;`` between the fields."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Mål-id", "Felt", "Svar", "Ansvarlig", "Udfyldt af", "Gemt", "Fil", "Ark", "Celle"])
    for each in result.state.returned:
        for a in sorted(each.answers, key=lambda a: (sort_key(a.goal), list(Column).index(a.column))):
            writer.writerow([_danish(value) for value in (
                a.goal, HEADERS[a.column], a.value, each.owner, each.filled_by, each.source.when, a.place.file,
                a.place.sheet, a.place.cell)])
    return out.getvalue().encode("utf-8-sig", "replace")


def _danish(value: Value) -> str:
    text = canonical(value).replace(".", ",") if isinstance(value, float) else canonical(value)
    # A spreadsheet program would run a text that begins like a formula.
    return f"'{text}" if isinstance(value, str) and text[:1] in ("=", "+", "-", "@") else text
