"""flet and indlaes: read the answers back, merge them, and say what came of it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from aftale.disk.files import ToWrite, earlier_name
from aftale.disk.followup_xlsx import draw, draw_front
from aftale.disk.pool import Progress
from aftale.disk.reading import read_bytes, read_workbook
from aftale.rules.board import board_sentence, by_urgency, open_lines
from aftale.rules.decisions import choices_used, decisions_used, settle
from aftale.rules.department import is_edition
from aftale.rules.followup import FollowUp, follow_up
from aftale.rules.ids import sort_key
from aftale.rules.merge import HEADERS
from aftale.rules.record import find_record
from aftale.rules.standing import Standing, overview_digest, read_standing
from aftale.rules.state import (
    History,
    State,
    combine,
    combine_departments,
    combine_letters,
    combine_refused,
    line_keys,
)
from aftale.steps.agreement import Opened, open_agreement
from aftale.steps.carry_over import said_of, with_own
from aftale.steps.collect import Collected, collect
from aftale.steps.fordel import earlier_states
from aftale.steps.kse import NOT_WANTED, Wanted, plan_edition
from aftale.steps.report import USAGE, CannotDo, Report, problem_data
from aftale.steps.revise import Revised, revise
from aftale.words.domain import Column, Place, Round, Value
from aftale.words.problems import Problem, Severity, problem
from aftale.words.tables import Overview
from aftale.words.text import canonical, count, listing


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
    standing = _standing(out, opened, round_)
    found = collect(opened, answers, _round(standing, round_), [out, *earlier, *kse.leave_out(out)],
                    progress)
    states, problems = earlier_states(earlier, opened.agreement, found.round)
    revised = revise(opened, _state(opened, found, standing, states))
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
    if states:
        said.append(f"Tidligere resultater er fra {listing([path.name for path in earlier])}.")
    said = [_taken(opened, found), *said, *_decided(result, standing), f"Regnskab: {result.books.sentence}"]
    everything = (*settle((*opened.questions, *problems), result.settled, line_keys(state)), *result.problems)
    files = (*files, *revised.files, *edition.files)
    next_step = f"{_next_step(result, everything, out, kse)}{_use_revised(revised, opened)}"
    return Report(tuple(said), everything, files, next_step, flet_data(result, out, everything),
                  response_rows(result), board_lines(result))


def indlaes(agreement_path: Path, answers: Sequence[Path], csv_path: Path | None = None,
            round_: Round | None = None, progress: Progress | None = None, retur: Path | None = None) -> Report:
    """Read the answers back and report them, without making a follow-up; ``retur`` is where questions go.

    Raises:
        CannotDo: where the agreement can't be read or there is nothing to read.
    """
    opened = open_agreement(agreement_path)
    found = collect(opened, answers, round_, progress=progress)
    state = _state(opened, found, None, [])
    result = follow_up(opened.agreement, state, found.forms, date(opened.agreement.year, 1, 1), opened.questions)
    everything = (*opened.questions, *found.problems, *result.problems)
    files = (ToWrite(csv_path, answers_csv(result)),) if csv_path else ()
    said = [_taken(opened, found)]
    if csv_path:
        said.append(f"Svarene er skrevet som liste: {csv_path}")
    report = Report(tuple(said), everything, files, "Kør «aftale flet», når svarene skal samles i opfølgningen.",
                    flet_data(result, None, everything), response_rows(result), board_lines(result))
    return _with_replies(report, opened, found, result, answers, retur) if retur else report


def _with_replies(report: Report, opened: Opened, found: Collected, result: FollowUp, answers: Sequence[Path],
                  folder: Path) -> Report:
    """Add the skemaer that go back with questions to what `indlaes` reports."""
    from aftale.steps.retur import retur_files
    replies = retur_files(opened.agreement, found.forms, result, answers, folder)
    return replace(report, said=(*report.said, *replies.said), files=(*report.files, *replies.files),
                   next_step=replies.next_step or report.next_step, data={**report.data, "returns": list(replies.data)})


def _round(standing: Standing | None, given: Round | None) -> Round | None:
    """Return the round that is certain: that of the standing follow-up, once it holds anything, else the one given."""
    return standing.state.round if standing and (standing.state.returned or standing.state.departments) else given


def _refuse_other_format(out: Path) -> None:
    """Refuse to give a workbook a name that says it is something else: no program would open it."""
    if out.suffix.lower() == ".xlsx" or out.is_dir():
        return
    instead = out.with_suffix(".xlsx").name
    if out.is_file():
        raise CannotDo(f"Opfølgningen skal være en .xlsx. {out.name} er ikke rørt. Er den opfølgningen, så åbn den, gem den"
                       f" som Excel-projektmappe ({instead}), og skriv --ud {instead}.", USAGE)
    raise CannotDo(f"Opfølgningen gemmes som .xlsx. Skriv fx --ud {instead}.", USAGE)


def _standing(out: Path, opened: Opened, round_: Round | None) -> Standing | None:
    if not out.exists():
        return None
    book = read_workbook(out) if out.is_file() else None
    if book is None or isinstance(book, Problem):
        why = book.message if isinstance(book, Problem) else "Det er en mappe."
        raise CannotDo(f"Der ligger allerede noget i {out}, som ikke kan læses: {why} Flyt det, eller vælg et andet navn"
                       " efter --ud.")
    standing = read_standing(book, opened.agreement)
    if standing is None and is_edition(find_record(book)[1]):
        raise CannotDo(f"{out.name} er KSE's udgave af opfølgningen, ikke opfølgningen selv. Den er ikke rørt. Vælg et andet"
                       " navn efter --ud; er det forvaltningens svar, så læg den blandt svarene.")
    if standing is None:
        raise CannotDo(f"{out.name} findes, men er ikke en opfølgning, der kan flettes ind i (dens skjulte ark «_aftale»"
                       " mangler eller er ødelagt). Den er ikke rørt. Vælg et andet navn efter --ud.")
    state = standing.state
    if state.agreement != opened.agreement.id or state.year != opened.agreement.year:
        raise CannotDo(f"{out.name} er opfølgningen på en anden aftale ({state.year}). Den er ikke rørt. Vælg et andet"
                       " navn efter --ud.")
    if round_ is not None and state.round is not round_:
        raise CannotDo(f"{out.name} er en {state.round.danish}, ikke en {round_.danish}. Den er ikke rørt. Vælg et andet"
                       " navn efter --ud.")
    return with_own(standing, book, out.read_bytes(), opened.agreement)


def _front_digest(overview: Overview) -> str:
    front = read_bytes(draw_front(overview), "front.xlsx")
    return "" if isinstance(front, Problem) else overview_digest(front.sheets[0])


def _state(opened: Opened, found: Collected, standing: Standing | None, earlier: Sequence[State]) -> State:
    """Gather everything the follow-up is made from; a function of the set of inputs, not of their order."""
    old = standing.state if standing else State()
    agreement = opened.agreement
    returned = combine(old.returned, found.returned)
    departments = combine_departments(old.departments, found.departments)
    past: dict[tuple[str, int, str], History] = {}
    in_order = sorted(earlier, key=lambda s: (s.year, s.round, s.fingerprint))
    for history in (old.history, *(state.history for state in in_order)):
        past.update({(h.goal, h.year, h.round): h for h in history})
    this = (agreement.year, found.round.value)
    state = replace(old, agreement=agreement.id, year=agreement.year, round=found.round, returned=returned,
                    letters=combine_letters(old.letters, found.letters),
                    refused=combine_refused(old.refused, found.refused, (*returned, *departments), found.whole),
                    departments=departments,
                    history=tuple(sorted(h for key, h in past.items() if key[1:] != this)))
    return replace(state, fingerprint=_fingerprint(opened, state))


def _fingerprint(opened: Opened, state: State) -> str:
    parts = [opened.sha256, opened.agreement.fingerprint, state.round.value]
    parts += [f"{r.source.sha256} {r.source.name} {r.source.container}" for r in state.returned]
    parts += [f"{r.source.sha256} {r.source.name} {r.problem.code}" for r in state.refused]
    parts += [f"{each.source.sha256} {each.source.name} {each.source.container}" for each in state.letters]
    parts += [f"{each.source.sha256} {each.source.name} {each.source.container}" for each in state.departments]
    parts += [repr(sorted(state.over.items()))] if state.over else []
    parts += [repr(h) for h in state.history]
    parts += [repr((goal, column.value, sorted(d.against), canonical(d.chosen)))
              for (goal, column), d in sorted(state.decisions.items())]
    parts += [repr(sorted(state.remarks.items())), repr(sorted((k, canonical(v)) for k, v in state.boxes.items()))]
    parts += [repr((key, choice.pick, choice.own)) for key, choice in sorted(state.control.items())]
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


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
    return f"Åbn {out.name}, se den igennem, og lav forvaltningens udgave med «aftale flet --kse FIL»."


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
