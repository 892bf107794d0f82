"""flet and indlaes: read the answers back, merge them, and say what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from aftale.additions.find import carried, shortened
from aftale.followup.build import FollowUp, board_lines, flet_data, follow_up, response_rows, said_by
from aftale.followup.draw_xlsx import draw
from aftale.followup.read_back import Standing
from aftale.followup.who_answered import WAITED_FOR, Response
from aftale.intake.workers import Progress
from aftale.merge.choices import choices_used, decisions_used, settle
from aftale.merge.state import State, line_keys, told_lines
from aftale.model.agreement import Round
from aftale.model.findings import Finding, Severity
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.text import count, listing
from aftale.office.report import USAGE, CannotDo, Report
from aftale.office.safe_write import ToWrite, earlier_name
from aftale.steps.collect import certain_round, collect, first_readable, gather, read_earlier, standing_at, taken
from aftale.steps.kse import Wanted, plan_edition
from aftale.steps.open_agreement import needs_suffix, open_agreement
from aftale.steps.revise import revise


def flet(agreement_path: Path, answers: Sequence[Path], out: Path, earlier: Sequence[Path] = (),
         round_: Round | None = None, progress: Progress | None = None, kse: Wanted | None = None) -> Report:
    """Merge answers into the follow-up workbook: a new one, or the one that stands at ``out``.

    ``kse`` is what is wanted of KSE's edition beside it. Raises CannotDo where the agreement can't be read, there is
    nothing to merge, or what stands at ``out`` isn't a follow-up of this agreement and round.
    """
    if out.is_file() and out.suffix.lower() != ".xlsx":
        instead = out.with_suffix(".xlsx").name
        raise CannotDo(f"Opfølgningen skal være en .xlsx. {out.name} er ikke rørt. Er den opfølgningen, så åbn den, gem den"
                       f" som »Excel-projektmappe (.xlsx)«, og skriv --ud {instead}.", USAGE)
    needs_suffix(out, "Opfølgningen")
    opened = open_agreement(agreement_path)
    kse = replace(kse or Wanted(), department=opened.agreement.short_department)
    standing = standing_at(out, opened, round_)
    found = collect(opened, answers, certain_round(standing, round_), [out, *earlier, *kse.leave_out(out)],
                    progress, standing.state if standing else None)
    past = read_earlier(earlier, opened.agreement, found.round)
    problems = list(past.problems)
    revised = revise(opened, gather(opened, found, standing, past.states))
    state = revised.state
    result = follow_up(opened.agreement, state, found.forms, date(opened.agreement.year, 1, 1), opened.questions,
                       said_by(standing.remembered) if standing else None)
    if not result.books.balance:
        problems.append(problem("books-unbalanced", Place(out.name), value=result.books.sentence))
    problems += [*found.problems, *(standing.other_problems if standing else ()), *revised.problems]
    unchanged = standing is not None and not standing.edited and standing.state.fingerprint == state.fingerprint
    # What is found in the files and the agreement is remembered as told; what the follow-up itself holds, each time anew.
    told = (*opened.questions, *past.problems, *found.problems, *result.problems)
    files, said, in_full = _to_write(result, out, standing, unchanged, told)
    edition = plan_edition(kse, result, opened.agreement, out, found.forms)
    problems += edition.problems
    said = [taken(opened, found), *said, *edition.said, *past.said, *_decided(result, standing),
            f"Optælling: {result.books.sentence}"]
    everything = (*settle((*opened.questions, *problems), result.settled, line_keys(state)), *result.problems)
    files = (*files, *revised.files, *edition.files)
    next_step = first_readable(each.problem for each in state.refused) + _next_step(result, everything, out, kse)
    if revised.path:
        next_step += (f" Den reviderede aftale er {revised.path.name}. Se den igennem, og brug den fremover i stedet for"
                      f" {opened.path.name}, som du kan flytte til en anden mappe.")
    return Report(tuple(said), everything, files, next_step, flet_data(result, str(out), everything),
                  response_rows(result), board_lines(result), in_full=in_full,
                  told=frozenset(standing.remembered.told if standing else ()))


def _to_write(result: FollowUp, out: Path, standing: Standing | None, unchanged: bool,
              told: Sequence[Finding]) -> tuple[tuple[ToWrite, ...], list[str], dict[str, str]]:
    """Return what is to be written, with what is told beside it, what is said of it, and what in full."""
    if unchanged:
        return (), [f"Intet nyt siden sidst: {out} er uændret."], {}
    said, in_full = [f"Gemt: {out}"], {}
    kept = earlier_name(out) if standing is not None and standing.lost else None
    if standing is not None and (brought := _carried(standing, kept.name if kept else "")):
        said.append(shortened(brought))
        in_full[said[-1]] = brought
    book = replace(result.book, record=(*result.book.record, *told_lines(told)))
    return (ToWrite(out, draw(book), kept, standing.sha256 if standing else ""),), said, in_full


def _carried(standing: Standing, kept: str) -> str:
    """Say what was carried over and what wasn't, cell by cell, and what the earlier file is called; '' where nothing."""
    missing = f"Ikke overført: {listing(standing.lost)}. Den tidligere fil ligger som {kept}." if standing.lost else ""
    return " ".join(part for part in (carried(standing.state.own), missing) if part)


def _decided(result: FollowUp, standing: Standing | None) -> tuple[str, ...]:
    """Say which of the coordinator's decisions the follow-up was made with."""
    before = standing.remembered if standing else State()
    followed = {verdict.goal.id for verdict in result.goal_results}
    decisions = {cell: each for cell, each in result.state.decisions.items() if cell[0] in followed}
    return (*decisions_used(result.merged, before.decisions, decisions),
            *choices_used(before.control, {key: each for key, each in result.state.control.items()
                                           if key not in result.troubled}))


def _unanswered(responses: Sequence[Response]) -> str:
    """Say that reminders come before the follow-up is sent, where more than half of the skemaer aren't answered."""
    waiting = sum(each.delivery in WAITED_FOR for each in responses)
    if 2 * waiting <= len(responses):
        return ""
    return (f"{waiting} af {count(len(responses), 'skema', 'skemaer')} er ikke besvaret endnu. Mind om dem med »aftale"
            " paamind«, og kør »aftale flet« igen, når svarene er kommet.")


def _next_step(result: FollowUp, problems: Sequence[Finding], out: Path, kse: Wanted) -> str:
    conflicts = sum(cell.conflict for cell in result.merged.cells.values())
    asked = sum(p.level is not Severity.INFO for p in problems)
    if conflicts:
        return f"Åbn {out.name}, vælg på arket Modstridende svar ({conflicts}), gem, og kør »aftale flet« igen."
    if asked:
        return f"Åbn {out.name}, og gå {'det ene' if asked == 1 else f'de {asked}'} spørgsmål på arket Kontrol igennem."
    if unanswered := _unanswered(result.responses):
        return unanswered
    if kse.path or kse.pdf:
        return f"Se {kse.beside(out).name} igennem, og send den til {kse.department}."
    return f"Åbn {out.name}, se den igennem, og lav mailen til {kse.department} med »aftale send«."
