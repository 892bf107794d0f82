"""Which follow-ups of many units count: one per unit and year, the newest where that is certain, and who hasn't reported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aftale.rules.finding import closest
from aftale.rules.overview import COUNTED
from aftale.rules.returned import Refused
from aftale.rules.unit_packing import UnitReceived
from aftale.rules.versions import is_certain
from aftale.words.across import OTHER_STATUS, ReadAs, UnitFollowUp, UnitGoal
from aftale.words.domain import MISSING, UNDECIDED, Place, Round, Source, Status
from aftale.words.problems import Problem, Severity, problem
from aftale.words.raw import Letter
from aftale.words.sheets import KSE_REMARK
from aftale.words.text import canonical, fold, listing

NEEDS_ATTENTION = (Status.NOT_MET.value, Status.NOT_EXPECTED.value, UNDECIDED, MISSING)
"""The statuses of an effektmål that KSE should look at first, the most urgent first."""
_AGAIN = "Bed enheden om at sende opfølgningen igen, gemt som «Excel-projektmappe (.xlsx)»."
_ABOUT_FORMS = ("skema", "svar")
_NO_WORKBOOK = frozenset(("file-kind",))
_MARK = str.maketrans("æøå", "{|}")  # which stand behind z
_BEST = tuple(ReadAs)


@dataclass(frozen=True)
class File:
    """A file that came in, and what became of it."""

    source: Source
    verdict: str
    followup: UnitFollowUp | None = None


@dataclass(frozen=True)
class UnitYear:
    """A unit's follow-up of one year: its latest round.

    ``counted`` tells that it is the unit's latest year, and ``before`` is the latest follow-up of the unit before it.
    ``file`` is the number of its line among the files.
    """

    name: str
    followup: UnitFollowUp
    counted: bool
    file: int
    before: UnitFollowUp | None = None

    @property
    def counts(self) -> dict[str, int]:
        """The number of the year's effektmål by status."""
        return count_statuses(self.followup.effects)

    @property
    def attention(self) -> int:
        """How many of the year's effektmål need attention."""
        return sum(self.counts[status] for status in NEEDS_ATTENTION)


@dataclass(frozen=True)
class Missing:
    """A unit that hasn't reported the latest round, and what there is of it instead."""

    name: str
    last: str
    hint: str = ""

    @property
    def said(self) -> str:
        """What there is of it, as a sentence or two."""
        return f"{self.last}. {self.hint}".strip()


@dataclass(frozen=True)
class Across:
    """Everything that was gathered; ``units`` are in the order of their names, each unit's latest year first."""

    units: tuple[UnitYear, ...]
    files: tuple[File, ...]
    missing: tuple[Missing, ...] = ()
    problems: tuple[Problem, ...] = ()
    latest: tuple[int, Round] = (0, Round.MIDTVEJS)
    listed: int = 0

    @property
    def counted(self) -> tuple[UnitYear, ...]:
        """The latest follow-up of each unit."""
        return tuple(each for each in self.units if each.counted)


def count_statuses(goals: Iterable[UnitGoal]) -> dict[str, int]:
    """Count goals by status, every status in order; what none of ours is comes last."""
    found = dict.fromkeys((*COUNTED, OTHER_STATUS), 0)
    for goal in goals:
        found[goal.status if goal.status in found else OTHER_STATUS] += 1
    return found


def alphabetic(name: str) -> str:
    """Return what names are put in order by, as the Danish alphabet has them: æ, ø and å (also written aa) come last."""
    return fold(name).replace("aa", "å").translate(_MARK)


def said_round(year: int, round_: Round) -> str:
    """Say a round: ``årsopfølgning 2015``."""
    return f"{round_.danish} {year}"


def gather_units(received: Iterable[UnitReceived], listed: Sequence[str] = ()) -> Across:
    """Choose among everything that came in; a function of the set of files, not of their order.

    ``listed`` are the units that are expected, none where nobody has said.
    """
    once, files = _once(received)
    chooser = _Chooser([each for each in once if isinstance(each, UnitFollowUp)])
    files += [_other(each) for each in once if not isinstance(each, UnitFollowUp)]
    files += [File(each.source, verdict, each) for each, verdict in chooser.verdicts()]
    files.sort(key=lambda file: _order(file.source))
    numbers = {file.source: number for number, file in enumerate(files, 1)}
    units = chooser.units(numbers)
    newest = max((each.followup for each in units), key=lambda each: each.when, default=None)
    latest = (newest.year, newest.round) if newest else (0, Round.MIDTVEJS)
    missing, asked = _missing(units, latest, listed)
    problems = [*_told(once, {each.followup.source for each in units}), *chooser.problems, *asked]
    return Across(units, tuple(files), missing, tuple(problems), latest, len(listed))


def _told(once: Sequence[UnitReceived], counting: Collection[Source]) -> Iterator[Problem]:
    """Yield what must be said: of the follow-ups that count, and of files that may have been one.

    What is merely something else has its line among the files.
    """
    for each in once:
        if isinstance(each, UnitFollowUp):
            yield from each.problems if each.source in counting else ()
        else:
            yield from (p for p in _problems(each) if p.level is not Severity.INFO)


def _order(source: Source) -> tuple[str, str, str]:
    return source.container, source.name, source.sha256


def _once(received: Iterable[UnitReceived]) -> tuple[list[UnitReceived], list[File]]:
    """Return everything once by its bytes, and a line for each copy; a mail whose workbook is read needs none itself."""
    once: dict[tuple[str, ...], UnitReceived] = {}
    copies: list[File] = []
    for each in sorted(received, key=lambda x: _order(x.source)):
        if isinstance(each, Letter) and each.with_form:
            continue
        # Of what can't be read each is named: empty files are alike, and may be several units'.
        key = _order(each.source) if isinstance(each, Refused) else (each.source.sha256,)
        first = once.setdefault(key, each)
        if first is not each:
            copies.append(File(each.source, f"Samme fil som {_named(first.source)}."))
            if isinstance(first, UnitFollowUp) and each.source.when > first.source.when:  # the mail that it came in
                once[key] = replace(first, source=replace(first.source, when=each.source.when))
    return list(once.values()), copies


def _named(source: Source) -> str:
    return str(Place(source.name, container=source.container))


# ---------------------------------------------------------------- what is no follow-up

def _other(each: Refused | Letter) -> File:
    found, = _problems(each)
    return File(each.source, found.message)


def _problems(each: UnitReceived) -> tuple[Problem, ...]:
    """Return what is to be said of a file, with advice that fits a follow-up where it was written for a skema."""
    if isinstance(each, UnitFollowUp):
        return each.problems
    place = Place(each.source.name, container=each.source.container)
    if isinstance(each, Letter):
        code = "saml-mail-automatic" if each.automatic else "saml-mail-only"
        return (problem(code, place, value=each.source.sender or "en ukendt afsender"),)
    found = each.problem
    if found.code in _NO_WORKBOOK:
        return (problem("saml-other", found.place, what="ikke et regneark"),)
    if found.code == "zip-empty":
        return (problem("saml-zip-empty", found.place),)
    about = fold(found.advice)
    advice = _AGAIN if found.level is not Severity.INFO and any(word in about for word in _ABOUT_FORMS) else found.advice
    return (replace(found, advice=advice),)


# ---------------------------------------------------------------- which follow-up counts

@dataclass
class _Unit:
    """A unit: its name and department as they are written, its follow-ups by year and round, and which of each counts."""

    name: str
    department: str
    rounds: dict[tuple[int, bool], list[UnitFollowUp]] = field(default_factory=dict)
    chosen: list[UnitFollowUp] = field(default_factory=list)


class _Chooser:
    """Chooses among the follow-ups of each unit."""

    def __init__(self, followups: Sequence[UnitFollowUp]) -> None:
        self.problems: list[Problem] = []
        self.fate: dict[Source, str] = {}
        self.followups = followups
        self.grouped = _grouped(followups)
        self.shown = _shown_names(self.grouped)
        for unit in self.grouped:
            self._unit(unit)

    def verdicts(self) -> list[tuple[UnitFollowUp, str]]:
        """Return every follow-up with what became of it."""
        return [(each, self.fate[each.source]) for each in self.followups]

    def units(self, numbers: Mapping[Source, int]) -> tuple[UnitYear, ...]:
        """Return what counts by unit and year; ``numbers`` are the lines of the files."""
        found = []
        for unit in self.grouped:
            ours = sorted(unit.chosen, key=lambda x: x.when, reverse=True)
            years: dict[int, UnitFollowUp] = {}
            for each in ours:
                years.setdefault(each.year, each)
            for number, each in enumerate(years.values()):
                before = next((other for other in ours if other.when < each.when), None)
                found.append(UnitYear(self.shown[id(unit)], each, number == 0, numbers[each.source], before))
        return tuple(sorted(found, key=lambda x: (alphabetic(x.name), x.name, -x.followup.year)))

    def _unit(self, unit: _Unit) -> None:
        unit.chosen = ours = [self._choose(unit, unit.rounds[when]) for when in sorted(unit.rounds)]
        last = ours[-1]
        for each in ours:
            of_year = [other for other in ours if other.year == each.year][-1]
            now = said_round(of_year.year, of_year.round)
            if each is last:
                self.fate[each.source] = "Talt med."
            elif each is of_year:
                self.fate[each.source] = f"Tidligere år: står i Mål, men {said_round(last.year, last.round)} er talt med."
            else:
                self.fate[each.source] = f"Tidligere runde: {now} er talt med i stedet."

    def _choose(self, unit: _Unit, files: Sequence[UnitFollowUp]) -> UnitFollowUp:
        """Return the follow-up of a round that counts, and say what becomes of the others."""
        files = self._without_replaced(files)
        alike: dict[object, list[UnitFollowUp]] = {}
        for each in sorted(files, key=lambda x: (_BEST.index(x.read_as), _order(x.source))):
            alike.setdefault(_content(each), []).append(each)
        groups = [(max(saved_at(each) for each in group), group) for group in alike.values()]
        groups.sort(key=lambda each: each[0], reverse=True)
        certain = is_certain([when for when, _ in groups])
        if not certain:  # the one that says most, for as long as nobody has said which one it is
            groups.sort(key=lambda each: (-_said(each[1][0]), _order(each[1][0].source)))
        _, best = groups[0]
        chosen = _with_remarks(best)
        for each in best[1:]:
            self.fate[each.source] = f"Samme tal og tekster som {_named(chosen.source)}."
        for _, group in groups[1:]:
            for each in group:
                named = _named(chosen.source)
                self.fate[each.source] = (f"Ældre end {named}, som er talt med." if certain else
                                          f"Uvist, om den er nyere end {named}, som er talt med indtil videre.")
        if not certain:
            self._ask(unit, chosen, [group[0] for _, group in groups])
        return chosen

    def _without_replaced(self, files: Sequence[UnitFollowUp]) -> list[UnitFollowUp]:
        """Leave out what is certain to be older, whatever the times say: what `flet` has merged, and what it has kept.

        A file that `flet` keeps has its own hash in its name (see `disk.files.earlier_name`).
        """
        merged = {sha256 for each in files for sha256 in each.holds}
        for each in files:
            if each.source.sha256 in merged:
                self.fate[each.source] = "Forvaltningens svar, som er flettet ind i enhedens opfølgning."
            elif each.source.name.rpartition(".")[0].endswith(f"_tidligere_{each.source.sha256[:8]}"):
                self.fate[each.source] = "En tidligere udgave, som «aftale flet» har gemt."
        left = [each for each in files if each.source not in self.fate]
        return left or list(files)

    def _ask(self, unit: _Unit, chosen: UnitFollowUp, files: Sequence[UnitFollowUp]) -> None:
        names = sorted(_named(each.source) for each in files)
        place = Place(chosen.source.name, container=chosen.source.container)
        self.problems.append(problem(
            "saml-versions", place, what=f"{unit.name} ({said_round(chosen.year, chosen.round)})", value=listing(names),
            chosen=_named(chosen.source)))


def _grouped(followups: Sequence[UnitFollowUp]) -> list[_Unit]:
    """Put follow-ups with the unit that they are from: one of the same name in the same forvaltning.

    Where the forvaltning isn't said and only one unit has the name, it is that one.
    """
    units: dict[tuple[str, str], _Unit] = {}
    for each in sorted(followups, key=lambda x: (not x.department, _order(x.source))):
        name = each.unit or f"(uden navn: {_named(each.source)})"
        key = (fold(name), fold(each.department))
        same = [known for known in units if known[0] == key[0]]
        if not each.department and len(same) == 1:
            key = same[0]
        unit = units.setdefault(key, _Unit(name, each.department))
        unit.rounds.setdefault(each.when, []).append(each)
    return list(units.values())


def _shown_names(units: Sequence[_Unit]) -> dict[int, str]:
    """Return the name of every unit, with its forvaltning where another has the same name."""
    names = [fold(unit.name) for unit in units]
    return {id(unit): unit.name if names.count(fold(unit.name)) == 1 else
            f"{unit.name} ({unit.department or 'uden forvaltning'})" for unit in units}


def _content(each: UnitFollowUp) -> tuple[object, ...]:
    """Return what a follow-up says apart from KSE's own words, however it was read."""
    return tuple(sorted((goal.id, goal.status, canonical(goal.result), goal.remarks) for goal in each.goals))


def saved_at(each: UnitFollowUp) -> str:
    """Return when a follow-up was saved, '' where nothing tells: the day that we draw with says nothing."""
    return "" if each.source.when == f"{each.year}-01-01T00:00:00Z" else each.source.when


def _said(each: UnitFollowUp) -> int:
    return sum(goal.status != MISSING for goal in each.goals)


def _with_remarks(alike: Sequence[UnitFollowUp]) -> UnitFollowUp:
    """Return the first of some files that are alike, with everything that KSE has written in any of them."""
    first = alike[0]
    if len(alike) == 1:
        return first
    written: dict[str, dict[str, None]] = {}
    for each in sorted(alike, key=saved_at):
        for goal in each.goals:
            if goal.department:
                written.setdefault(goal.id, {})[goal.department] = None
        if each.boxes.get(KSE_REMARK):
            written.setdefault("", {})[each.boxes[KSE_REMARK]] = None
    goals = tuple(replace(goal, department="\n".join(written.get(goal.id, ()))) for goal in first.goals)
    box = {KSE_REMARK: "\n".join(written[""])} if "" in written else {}
    return replace(first, goals=goals, boxes={**first.boxes, **box})


# ---------------------------------------------------------------- who hasn't reported

def _missing(units: Sequence[UnitYear], latest: tuple[int, Round], listed: Sequence[str]) -> tuple[tuple[Missing, ...],
                                                                                                  list[Problem]]:
    """Return the units that lack the latest round: those listed, else all that are seen; and who isn't on the list."""
    in_time = sorted((each for each in units if each.counted), key=lambda each: each.followup.when)
    last = {fold(each.followup.unit): each for each in in_time}
    names = {fold(name): name for name in reversed(listed)} if listed else {key: each.name for key, each in last.items()}
    strangers = [each for key, each in last.items() if key not in names]
    found = []
    for key, name in names.items():
        there = last.get(key)
        if there is None or (there.followup.year, there.followup.round) != latest:
            said = (f"Har kun sendt {said_round(there.followup.year, there.followup.round)}" if there else
                    "Har ikke sendt noget")
            found.append(Missing(name, said, "" if there else closest(name, [each.name for each in strangers])))
    asked = [problem("saml-not-listed", Place(each.followup.source.name, container=each.followup.source.container),
                     value=each.name, hint=closest(each.followup.unit, listed)) for each in strangers]
    return tuple(sorted(found, key=lambda each: (alphabetic(each.name), each.name))), asked
