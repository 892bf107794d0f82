"""What a step is given: the answers, read and judged, and the follow-ups of earlier rounds and years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from aftale.additions.find import without_gone
from aftale.additions.read_own import read_own
from aftale.agreement.read_goals import followed
from aftale.cells.hidden_sheet import find_record, is_edition
from aftale.followup.read_back import Standing, read_standing, state_as_it_stands, unknown_of
from aftale.forms.card import Said
from aftale.forms.draw_xlsx import fixed_texts
from aftale.forms.plan import Earlier, form_book, plan_forms
from aftale.forms.returned import DepartmentAnswer, Expected, Returned, other_round
from aftale.intake.read import read_workbook, stands_at, workbook_files
from aftale.intake.size_limits import MOST_BYTES_IN_ALL
from aftale.intake.workers import Judge, Progress, read_all, read_here
from aftale.kse.dialogue import carried, department_words
from aftale.kse.edition import JUDGE, department_of_other_round
from aftale.merge.known_files import judged_with, known_files
from aftale.merge.state import MISPLACED, History, Received, State, combine, combine_refused, refusal_key, unpacked
from aftale.model.agreement import BACK, SENT, Agreement, AnswerColumn, Round
from aftale.model.dialogue import WHOLE, Names, Party, Utterance, names_of
from aftale.model.findings import Finding, Severity
from aftale.model.forms import Form
from aftale.model.place import Place
from aftale.model.problems import problem
from aftale.model.received import IncomingMail, Refused
from aftale.model.text import canonical, count, fold, genitive, listing, tidy, without_sheet
from aftale.model.workbook import Workbook
from aftale.office.as_saved import as_we_saved_it
from aftale.office.report import USAGE, CannotDo
from aftale.office.safe_write import digest, reachable
from aftale.office.shipped_files import program
from aftale.steps.open_agreement import Opened, deadline_of
from aftale.steps.year_folder import YearFolder

_MOST_HERE = 25
"""So many of our own originals are read as fast here as in workers, which take a while to begin."""


class NoAnswers(CannotDo):
    """There is nothing to read; ``problems`` tell of paths that led nowhere and folders that can't be opened."""

    def __init__(self, message: str, problems: Sequence[Finding]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Collected:
    """What came in: the round, the skemaer that should be out, the files judged, the mails, and paths that led nowhere.

    Our own originals are no answers: a skema that lies untouched where the skemaer are sent from hasn't come back.
    ``whole`` tells that a folder was read, so that a file which was only in the wrong place, and is gone, is settled.
    """

    round: Round
    forms: tuple[Form, ...]
    returned: tuple[Returned, ...]
    refused: tuple[Refused, ...]
    letters: tuple[IncomingMail, ...]
    problems: tuple[Finding, ...]
    files: int
    whole: bool = True
    departments: tuple[DepartmentAnswer, ...] = ()


def collect(opened: Opened, paths: Sequence[Path], round_: Round | None, leave_out: Sequence[Path] = (),
            progress: Progress | None = None, known: State | None = None) -> Collected:
    """Read and judge every answer; the round is the one given, else the latest that the files are of.

    Byte-identical files count once; a file that can't be read takes no other down. ``progress`` is told how many files
    of how many are read, and what is ``known`` from the follow-up isn't judged again. Raises NoAnswers where there is
    nothing to read at all.
    """
    files, problems = workbook_files(list(paths))
    own = {path.resolve() for path in (opened.path, *leave_out)}
    files = [path for path in files if path.resolve() not in own]
    if not files:
        missing = "".join(f"\n  {p.message}" for p in problems)
        where = ", ".join(str(path) for path in paths) or (f"{round_.value}/svar" if round_ else "mappen")
        raise NoAnswers(f"Der er ingen udfyldte skemaer i {where}.{missing}\nLæg svarene dér, og kør igen.", problems)
    plans = _Plans(opened.agreement)
    read = read_each(opened, files, progress, known)
    received = [each for path, held in zip(files, read, strict=True) for each in held if not _is_original(path, each)]
    returned = [each for held in read for each in held if isinstance(each, Returned)]
    departments = list({each.source.sha256: each for each in received if isinstance(each, DepartmentAnswer)}.values())
    rounds = {each.round for each in returned or departments}
    chosen = round_ or (Round.AARSOPFOELGNING if Round.AARSOPFOELGNING.value in rounds else Round.MIDTVEJS)
    return Collected(chosen, plans.of(chosen), *_sorted(received, chosen, opened.agreement.short_department),
                     tuple(problems), len(files),
                     any(path.is_dir() for path in paths), tuple(d for d in departments if d.round == chosen.value))


def read_each(opened: Opened, files: Sequence[Path], progress: Progress | None = None, known: State | None = None
              ) -> list[list[Received]]:
    """Read and judge each file against an agreement; returns what each of them held.

    Workers begin only where files remain that aren't ``known``, or more of our own originals than are read as fast here.
    """
    judge = judge_of(opened.agreement)
    held = _known(files, known_files(known, _with(opened))) if known else {}
    left = [path for path in files if path not in held]
    if len(left) <= _MOST_HERE and all(_sent_from_here(path) and as_we_saved_it(_bytes(path)) for path in left):
        here = {path: read_here(path, judge, unpacked) for path in left}
        held |= {path: found for path, found in here.items() if found is not None}
        left = [path for path in left if path not in held]
    if left:
        held |= zip(left, read_all(left, judge, unpacked, _Plans(opened.agreement).with_ids, progress), strict=True)
    return [held[path] for path in files]


def _with(opened: Opened) -> str:
    """Return what a file's judgement depends on besides the file itself."""
    return f"{program()} {opened.sha256}"


def _known(files: Sequence[Path], known: Mapping[tuple[str, str], Received]) -> dict[Path, list[Received]]:
    """Return what is known of files by their bytes and their names."""
    return {path: [found] for path in files if (found := known.get((digest(_bytes(path)), tidy(path.name))))}


def _bytes(path: Path) -> bytes:
    """Return what a file holds; b'' where it is larger than a skema can be, or can't be read now: a worker tells of that."""
    try:
        return reachable(path).read_bytes() if path.stat().st_size <= MOST_BYTES_IN_ALL else b""
    except OSError:
        return b""


def _is_original(path: Path, received: Received) -> bool:
    """Is it a skema as we sent it, where it was sent from?"""
    return isinstance(received, Returned) and received.untouched and _sent_from_here(path)


def _sent_from_here(path: Path) -> bool:
    """Does a file lie where skemaer are sent from, and not where they come back?"""
    return next((name for folder in path.resolve().parents if (name := fold(folder.name)) in (SENT, BACK)), "") == SENT


def taken(opened: Opened, found: Collected, followup: Path | None = None) -> str:
    """Say what was read of the answers, and of the follow-up that stands where it was looked at too."""
    forms = {each.form for each in found.returned}
    untouched = len(forms - {each.form for each in found.returned if not each.untouched})
    read = [count(len(forms), "skema", "skemaer")] if forms or not found.departments else []
    if len(found.returned) != len(forms):
        read = [f"{read[0]} ({count(len(found.returned), 'fil', 'filer')})"]
    if found.departments:
        whose = genitive(opened.agreement.short_department)
        read.append(f"{count(len(found.departments), 'fil', 'filer')} med {whose} bemærkninger")
    still = f", heraf {untouched} {'uændret' if untouched == 1 else 'uændrede'} siden udsendelsen" if untouched else ""
    refused = f", {count(len(found.refused), 'fil', 'filer')} afvist" if found.refused else ""
    said = f"{listing(read)} læst{still}{refused}"
    if not (forms or found.departments or found.refused):
        said = "ingen skemaer er kommet tilbage endnu"
    beside = f" Det, der står i {followup.name}, er taget med." if followup else ""
    return f"{opened.path.name}, {found.round.danish} {opened.agreement.year}: {said}.{beside}"


def first_readable(problems: Iterable[Finding]) -> str:
    """Say what comes before the next step where a file can't be read; '' where all can."""
    unread = any(each.level is Severity.ERROR and each.code not in MISPLACED for each in problems)
    return "Få først de filer, der ikke kan læses, på plads, som der står ved dem. " if unread else ""


def judge_of(agreement: Agreement) -> Judge:
    """Return what judges answers to an agreement: little of it is needed for that, and its goals may be thousands."""
    named = {key: value for key, value in agreement.facts.items() if key == "kortnavn"}
    return Judge(JUDGE, Expected(replace(agreement, goals=(), register={}, columns={}, texts={}, facts=named)))


def nothing_collected(opened: Opened, round_: Round) -> Collected:
    """Return what it is when nothing at all has come in."""
    return Collected(round_, _Plans(opened.agreement).of(round_), (), (), (), (), 0)


def _sorted(received: Sequence[Received], round_: Round, called: str) -> tuple[tuple[Returned, ...], tuple[Refused, ...],
                                                                 tuple[IncomingMail, ...]]:
    """Tell answers, refused files and mails apart, each once; a skema of another round is refused."""
    returned: dict[str, Returned] = {}
    refused: dict[tuple[str, str, str, str], Refused] = {}
    letters: dict[str, IncomingMail] = {}
    for each in received:
        if isinstance(each, IncomingMail):
            letters.setdefault(each.source.sha256, each)
        elif isinstance(each, Returned) and each.round == round_.value:
            returned.setdefault(each.source.sha256, each)
        elif not isinstance(each, DepartmentAnswer) or each.round != round_.value:
            refusal = each if isinstance(each, Refused) else other_round(each, round_) if isinstance(
                each, Returned) else department_of_other_round(each, round_, called)
            refused.setdefault(refusal_key(refusal), refusal)
    return tuple(returned.values()), tuple(refused.values()), tuple(letters.values())


@dataclass(frozen=True)
class _Plans:
    """The skemaer that should be out, planned only where they are needed."""

    agreement: Agreement

    def of(self, round_: Round) -> tuple[Form, ...]:
        """Return the skemaer of a round."""
        return plan_forms(self.agreement, round_, deadline_of(self.agreement, round_))

    def with_ids(self, ids: Sequence[str]) -> Mapping[str, Form]:
        """Return the skemaer with these ids, with the texts around the table: known even where ``_aftale`` is lost."""
        made = date(self.agreement.year, 1, 1)
        return {each: replace(form, fixed=fixed_texts(form_book(form, made))) for each in ids
                if (form := self._by_id.get(each))}

    @cached_property
    def _by_id(self) -> dict[str, Form]:
        return {form.id: form for each in Round for form in self.of(each)}


def certain_round(standing: Standing | None, given: Round | None) -> Round | None:
    """Return the round that is certain: that of the standing follow-up, once it holds anything, else the one given."""
    return standing.state.round if standing and (standing.state.returned or standing.state.departments) else given


def standing_at(out: Path, opened: Opened, round_: Round | None, option: str = "--ud") -> Standing | None:
    """Read the follow-up that stands at a path, None where nothing does; ``option`` is how the path was said.

    Raises CannotDo where it can't be read, or isn't a follow-up of this agreement and round.
    """
    if not stands_at(out):
        return None
    book = read_workbook(out)
    if isinstance(book, Finding) and book.code == "newer-format":
        raise CannotDo(f"{out.name}: {book.message} {book.advice}")
    if isinstance(book, Finding):
        raise CannotDo(f"Der ligger allerede noget i {out}, som ikke kan læses: {book.message} Flyt det, eller vælg et andet"
                       f" navn efter {option}.")
    standing, record = read_standing(book, opened.agreement), find_record(book)[1]
    if standing is None and is_edition(record):
        whose = genitive(opened.agreement.short_department)
        raise CannotDo(f"{out.name} er {whose} udgave af opfølgningen, ikke opfølgningen selv. Den er ikke rørt. Vælg et"
                       f" andet navn efter {option}; er det {whose} svar, så læg den blandt svarene.")
    if standing is None:
        raise CannotDo(f"{out.name} findes, men er ikke en opfølgning, som svarene kan samles i (dens skjulte ark »_aftale«"
                       f" mangler eller er ødelagt). Den er ikke rørt. Vælg et andet navn efter {option}.")
    state = standing.state
    if state.agreement != opened.agreement.id or state.year != opened.agreement.year:
        raise CannotDo(f"{out.name} er opfølgningen på en anden aftale ({state.year}). Den er ikke rørt. Vælg et andet"
                       f" navn efter {option}.")
    if round_ is not None and state.round is not round_:
        raise CannotDo(f"{out.name} er en {state.round.danish}, ikke en {round_.danish}. Den er ikke rørt. Vælg et andet"
                       f" navn efter {option}.")
    standing = replace(standing, state=replace(state, unknown=unknown_of(record, standing.remembered)))
    return with_own(standing, book, out.read_bytes(), opened.agreement)


def with_own(standing: Standing, book: Workbook, data: bytes, agreement: Agreement) -> Standing:
    """Return the standing follow-up with everything in it that is the coordinator's own.

    ``data`` are the file's bytes. A file that is as we saved it needs no look: its own things are remembered in it.
    """
    found, missing = (standing.state.own, []) if as_we_saved_it(data) else read_own(standing.layouts, book, data)
    own, gone = without_gone(found, followed(agreement))
    lost = dict.fromkeys((*standing.lost, *missing, *gone))
    return replace(standing, state=replace(standing.state, own=own), lost=tuple(lost))


def standing_given(path: Path | None, opened: Opened, round_: Round | None) -> Standing | None:
    """Read the follow-up that was said after ``--opfoelgning``, None where none was; raises CannotDo as `standing_at`."""
    if path is None:
        return None
    if not path.is_file():
        raise CannotDo(f"Opfølgningen {path} findes ikke. Kontrollér det, der står efter --opfoelgning.", USAGE)
    return standing_at(path, opened, round_, "--opfoelgning")


def standing_in(year: YearFolder | None, opened: Opened, round_: Round) -> tuple[Standing | None, Path | None]:
    """Read the round's follow-up in the year's folder, with its path, None where there is none.

    Raises CannotDo where there are several, or it isn't of this agreement and round.
    """
    path = year.rounds[round_].sole_followup("--opfoelgning") if year else None
    return (standing_at(path, opened, round_, "--opfoelgning") if path else None), path


def gather(opened: Opened, found: Collected, standing: Standing | None, earlier: Sequence[State]) -> State:
    """Gather everything the follow-up is made from; a function of the set of inputs, not of their order."""
    old = standing.state if standing else State()
    agreement = opened.agreement
    returned = combine(old.returned, found.returned)
    departments = combine(old.departments, found.departments)
    past: dict[tuple[str, int, str], History] = {}
    in_order = sorted(earlier, key=lambda s: (s.year, s.round, s.fingerprint))
    for history in (old.history, *(state.history for state in in_order)):
        past.update({(h.goal, h.year, h.round): h for h in history})
    this = (agreement.year, found.round.value)
    # What was settled about the agreement in an earlier round is settled in the first follow-up of the next.
    settled = {} if standing else {k: choice for each in in_order for k, choice in opened.settled_in(each).items()}
    state = replace(old, told=(), control={**settled, **old.control}, agreement=agreement.id, year=agreement.year,
                    round=found.round, returned=returned, letters=combine(old.letters, found.letters),
                    refused=combine_refused(old.refused, found.refused, (*returned, *departments), found.whole),
                    departments=departments,
                    dialogue=carried(old.dialogue, in_order, agreement.year, found.round.value),
                    history=tuple(sorted(h for key, h in past.items() if key[1:] != this)))
    state = replace(state, doubted=opened.doubted(state), judged=_judged(opened, state, old, found))
    return replace(state, fingerprint=_fingerprint(opened, state))


def _judged(opened: Opened, state: State, old: State, found: Collected) -> str:
    """Return what the files of a state were judged with; '' where some, which weren't read now, were judged otherwise."""
    again = {each.source.sha256 for each in (*found.returned, *found.departments)}
    left_over = any(each.source.sha256 not in again for each in (*old.returned, *old.departments))
    return "" if left_over and not known_files(old, _with(opened)) else judged_with(state, _with(opened))


def _fingerprint(opened: Opened, state: State) -> str:
    parts = [opened.sha256, opened.agreement.fingerprint, state.round.value]
    parts += [f"{each.source.sha256} {each.source.name} {each.source.container}" for each in state.received
              if not isinstance(each, Refused)]
    parts += [f"{r.source.sha256} {r.source.name} {r.problem.code}" for r in state.refused]
    parts += [repr(sorted(state.over.items()))] if state.over else []
    parts += [repr(h) for h in state.history]
    parts += [repr(each) for each in (*state.dialogue, *state.drafts)]
    parts += [repr((goal, column.value, sorted(d.against), canonical(d.chosen), *map(canonical, d.rivals)))
              for (goal, column), d in sorted(state.decisions.items())]
    parts += [repr(sorted(state.remarks.items())), repr(sorted((k, canonical(v)) for k, v in state.boxes.items()))]
    parts += [repr((key, choice.pick, choice.own)) for key, choice in sorted(state.control.items())]
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


# ---------------------------------------------------------------- earlier rounds and years

@dataclass(frozen=True)
class Past:
    """What is known from earlier follow-ups: their states, the files that they are from, and what is wrong with others."""

    states: tuple[State, ...] = ()
    names: tuple[str, ...] = ()
    problems: tuple[Finding, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """Say where earlier results are from, nothing where there are none."""
        return (f"Tidligere resultater er fra {listing(self.names)}.",) if self.names else ()


def read_earlier(paths: Sequence[Path], agreement: Agreement, round_: Round) -> Past:
    """Read earlier follow-ups as they stand, each once; what isn't one, or isn't this unit's, is a problem.

    Of their history only what lies before the agreement's year and round is returned.
    """
    now = _order(agreement.year, round_)
    states: list[State] = []
    problems: list[Finding] = []
    names: dict[str, str] = {}
    for path in paths:
        book = read_workbook(path) if path.is_file() else problem(
            "earlier-folder" if path.is_dir() else "file-missing", Place(path.name), name=path)
        if isinstance(book, Finding):
            problems.append(book)
            continue
        if book.source.sha256 in names:
            continue
        state = state_as_it_stands(book)
        if state is None:
            problems.append(problem("not-followup", book.place()))
            continue
        if state.unit and agreement.unit and fold(state.unit) != fold(agreement.unit):
            problems.append(problem("earlier-other", book.place(), what=state.unit, expected=agreement.unit))
            continue
        past = tuple(h for h in state.history if _order(h.year, Round(h.round)) < now)
        later = _order(state.year, state.round) >= now
        if later:
            told = problem("earlier-not", book.place(), what=f"{state.round.danish}en {state.year}",
                           expected=f"{round_.danish}en {agreement.year}")
            # The round's own takes nothing from another time; a later one is hardly the file that was meant.
            own = _order(state.year, state.round) == now
            problems.append(replace(told, level=Severity.INFO) if own else told)
        if past or not later:
            names[book.source.sha256] = path.name
            # What was written in a round that isn't over yet, or is still to come, is no word from the last one.
            told_of = replace(state, merged={}) if later else state
            states.append(replace(told_of, history=past))
    return Past(tuple(states), tuple(names.values()), tuple(problems))


def _order(year: int, round_: Round) -> tuple[int, int]:
    return year, list(Round).index(round_)


def results_of(earlier: Past, agreement: Agreement, round_: Round) -> dict[str, Earlier]:
    """Return each goal's last status and result, what was said of it, and this year's answer under Udgangspunkt."""
    found: dict[str, Earlier] = {}
    history = sorted((h for state in earlier.states for h in state.history), key=lambda h: _order(h.year, Round(h.round)))
    for past in history:
        before = found.get(past.goal, Earlier())
        last_year = (past.year, past.round) == (agreement.year - 1, Round.AARSOPFOELGNING.value)
        answered = past.status or past.result is not None
        found[past.goal] = Earlier(past.status or before.status,
                                   past.result if past.result is not None else before.result,
                                   past.result if last_year else before.year_before,
                                   past.baseline if past.year == agreement.year and past.baseline is not None
                                   else before.baseline,
                                   (past.year, past.round) if answered else before.round)
    for state in sorted(earlier.states, key=lambda state: _order(state.year, state.round)):
        _add_remarks(found, state)
    spoken = carried((), earlier.states, agreement.year, round_.value)
    for goal, said in department_words(spoken, agreement.year, round_.value).items():
        if goal != WHOLE:
            before = found.get(goal, Earlier())
            found[goal] = replace(before, said=tuple(words_of(said, names_of(agreement))),
                                  round=before.round or (said[-1].year, said[-1].round))
    return found


def _add_remarks(found: dict[str, Earlier], state: State) -> None:
    """Add what was written under Bemærkninger in the round that a goal's last answer is from."""
    of = (state.year, state.round.value)
    for (goal, column), text in state.merged.items():
        before = found.get(goal, Earlier())
        if column == AnswerColumn.REMARKS.value and text and before.round in (None, of):
            found[goal] = replace(before, own=without_sheet(text), round=of)


def words_of(said: Sequence[Utterance], names: Names) -> Iterator[Said]:
    """Yield what the department and the unit have said to each other of a goal, as a colleague reads it."""
    department = names.of(Party.DEPARTMENT)
    for each in said:
        asked = each.party is Party.DEPARTMENT
        yield Said(department, each.text) if asked else Said("Vi spurgte", each.text, False)
        if each.answer:
            yield Said("Vi svarede", each.answer, False) if each.answered_by is Party.UNIT else Said(department, each.answer)
