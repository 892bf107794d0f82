"""Which unit every follow-up is from, which follow-ups count (the newest where that is certain), and who hasn't reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aftale.cells.find_table import closest
from aftale.forms.versions import is_certain
from aftale.model.agreement import MISSING, UNDECIDED, Round, Status
from aftale.model.columns import KSE_REMARK
from aftale.model.findings import Finding, Severity
from aftale.model.place import Place, Source
from aftale.model.problems import problem
from aftale.model.received import IncomingMail, Refused
from aftale.model.text import canonical, fold, listing, some
from aftale.units.model import ReadAs, UnitFollowUp, UnitReceived, said_round

When = tuple[int, int]
"""A year and which of its rounds, in the order of time (see `model.UnitFollowUp.when`)."""


def source_order(source: Source) -> tuple[str, str, str]:
    """Return what files are put in order by: where they lie, not when or in which order they came."""
    return source.container, source.name, source.sha256


def named(source: Source) -> str:
    """Return a file's name with what it lay in."""
    return str(Place(source.name, container=source.container))


def place_of(each: UnitReceived) -> Place:
    """Return the file of what was received as a place."""
    return Place(each.source.name, container=each.source.container)


@dataclass
class Unit:
    """A unit: its name and department as they are written first, its follow-ups, and which of each round counts.

    ``shown`` is its name, with its forvaltning where another has the same name.
    """

    name: str
    department: str
    files: list[UnitFollowUp] = field(default_factory=list)
    chosen: list[UnitFollowUp] = field(default_factory=list)
    shown: str = ""

    @property
    def departments(self) -> tuple[str, ...]:
        """The names that its forvaltning has in its files."""
        return tuple({fold(each.department): each.department for each in self.files if each.department}.values())

    @property
    def called(self) -> tuple[str, ...]:
        """Everything that the unit may be called on a list, as names are compared."""
        names = {self.name, *(each.unit for each in self.files)}
        names |= {f"{name} ({department})" for name in names for department in self.departments}
        return tuple(sorted({fold(name) for name in (self.shown, *names) if name}))


def grouped(followups: Sequence[UnitFollowUp]) -> list[Unit]:
    """Put follow-ups with the unit that they are from: one of the same name, and of the same forvaltning or agreement.

    Where the forvaltning isn't said and only one unit has the name, it is that one.
    """
    units: list[Unit] = []
    for each in sorted(followups, key=lambda x: (not x.department, source_order(x.source))):
        name = each.unit or f"(uden navn: {named(each.source)})"
        alike = [unit for unit in units if fold(unit.name) == fold(name)]
        ours = [unit for unit in alike if any(_one_unit(each, other) for other in unit.files)]
        if not ours and not each.department and len(alike) == 1:
            ours = alike
        units = [unit for unit in units if unit not in ours]
        first = ours[0] if ours else Unit(name, each.department)
        units.append(replace(first, files=[*(file for unit in ours for file in unit.files), each]))
    names = Counter(fold(unit.name) for unit in units)
    for unit in units:
        alone = names[fold(unit.name)] == 1
        unit.shown = unit.name if alone else f"{unit.name} ({unit.department or 'uden forvaltning'})"
    return units


def _one_unit(one: UnitFollowUp, other: UnitFollowUp) -> bool:
    """Tell whether two follow-ups of one name are from the same unit."""
    return fold(one.department) == fold(other.department) or (one.agreement != "" and one.agreement == other.agreement)


def who_is_who(units: Sequence[Unit], listed: Collection[str]) -> Iterator[Finding]:
    """Ask where it isn't certain who is who, unless the list has the units as they are shown."""
    by_name: dict[str, list[Unit]] = {}
    by_agreement: dict[str, list[Unit]] = {}
    for unit in units:
        by_name.setdefault(fold(unit.name), []).append(unit)
        for agreement in sorted({each.agreement for each in unit.files if each.agreement}):
            by_agreement.setdefault(agreement, []).append(unit)
        if len(unit.departments) > 1:
            yield problem("saml-one-unit", place_of(unit.files[0]), value=unit.name, what=listing(unit.departments))
    alike = [("saml-departments", same) for same in by_name.values()]
    alike += [("saml-same-agreement", same) for same in by_agreement.values()
              if len({fold(unit.name) for unit in same}) == len(same)]
    for code, same in alike:
        names = sorted(unit.shown for unit in same)
        if len(same) > 1 and not {fold(name) for name in names} <= set(listed):
            yield problem(code, place_of(same[0].files[0]), value=listing([f"»{name}«" for name in names]))


# ---------------------------------------------------------------- which follow-up counts, of each unit and year

NEEDS_ATTENTION = (Status.NOT_MET.value, Status.NOT_EXPECTED.value, UNDECIDED, MISSING)
"""The statuses of an effektmål that KSE should look at first, the most urgent first."""
_AGAIN = "Bed enheden om at sende opfølgningen igen, gemt som »Excel-projektmappe (.xlsx)«."
_ABOUT_FORMS = ("skema", "svar")
_MARK = str.maketrans("æøå", "{|}")  # which stand behind z
_BEST = tuple(ReadAs)
_SAME = "Samme tal og tekster som {}."
_OLDER = "Ældre end {}, som er talt med."
_UNCERTAIN = "Uvist, om den er nyere end {}, som er talt med indtil videre."
_EDITION = "Forvaltningens udgave: Tallene er fra {}, som er talt med."
_KEPT, _IN_DATA = "Med i data.", "Aftalen er med i data, til året får en opfølgning."
_FOLLOWED_UP = "Aftalen: Målene er fra {}."
_FEW = 3
"""Where no more than one unit in so many has the latest round, it is asked whether its year is right."""


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
    ``file`` is the number of its line among the files. ``called`` is everything that the unit may be called, as names are
    compared.
    """

    name: str
    followup: UnitFollowUp
    counted: bool
    file: int
    before: UnitFollowUp | None = None
    called: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missing:
    """A unit that hasn't reported the latest round, and what there is of it instead; ``seen`` where that is anything."""

    name: str
    last: str
    hint: str = ""
    seen: bool = False

    @property
    def said(self) -> str:
        """What there is of it, as a sentence or two."""
        return f"{self.last}. {self.hint}".strip()


@dataclass(frozen=True)
class Across:
    """Everything that was gathered; ``units`` are in the order of their names, each unit's latest year first.

    ``rounds`` are the same for every round that there is a follow-up of, and for agreements of years without any.
    """

    units: tuple[UnitYear, ...]
    files: tuple[File, ...]
    missing: tuple[Missing, ...] = ()
    problems: tuple[Finding, ...] = ()
    latest: tuple[int, Round] = (0, Round.MIDTVEJS)
    listed: int = 0
    rounds: tuple[UnitYear, ...] = ()

    @property
    def counted(self) -> tuple[UnitYear, ...]:
        """The latest follow-up of each unit."""
        return tuple(each for each in self.units if each.counted)


def alphabetic(name: str) -> str:
    """Return what names are put in order by, as the Danish alphabet has them: æ, ø and å (also written aa) come last."""
    return fold(name).replace("aa", "å").translate(_MARK)


def gather_units(received: Iterable[UnitReceived], listed: Sequence[str] = (), year: int | None = None,
                 round_: Round | None = None, every_round: bool = False) -> Across:
    """Choose among everything that came in; a function of the set of files, not of their order.

    ``listed`` are the units that are expected, none where nobody has said. ``year`` and ``round_`` say which round the
    units are held up against and the last one that counts; where neither is given it is the latest that any has sent.
    With ``every_round`` nobody is held up against any: what is said of the files is about `Across.rounds`.
    """
    once, files = _once(received)
    followups = [each for each in once if isinstance(each, UnitFollowUp)]
    asked_for = _asked_for(followups, year, round_)
    chooser = _Chooser(followups, listed, asked_for, every_round)
    files += [File(each.source, _problems(each)[0].message) for each in once if not isinstance(each, UnitFollowUp)]
    files += [File(each.source, chooser.verdicts[each.source], each) for each in followups]
    files.sort(key=lambda file: source_order(file.source))
    numbers = {file.source: number for number, file in enumerate(files, 1)}
    units = chooser.units(numbers)
    newest = max((each.followup for each in units), key=lambda each: each.when, default=None)
    latest = asked_for or ((newest.year, newest.round) if newest else (0, Round.MIDTVEJS))
    missing, asked = _missing(units, latest, listed)
    if not asked_for and not every_round:
        asked += _ahead(units, latest)
    rounds = chooser.rounds(numbers)
    counting = {each.followup.source for each in (rounds if every_round else units)}
    problems = [*_told(once, counting, every_round), *chooser.problems, *asked]
    return Across(units, tuple(files), missing, tuple(problems), latest, len(listed), rounds)


def _asked_for(followups: Sequence[UnitFollowUp], year: int | None, round_: Round | None) -> tuple[int, Round] | None:
    """Return the round that was asked for; what wasn't said of it is the latest that there is."""
    if year is None and round_ is None:
        return None
    fits = [each for each in followups if year in (None, each.year) and round_ in (None, each.round)]
    newest = max(fits or followups, key=lambda each: each.when, default=None)
    return year or (newest.year if newest else 0), round_ or (newest.round if newest else Round.AARSOPFOELGNING)


def _when(latest: tuple[int, Round]) -> When:
    return latest[0], latest[1] is Round.AARSOPFOELGNING


def _ahead(units: Sequence[UnitYear], latest: tuple[int, Round]) -> Iterator[Finding]:
    """Ask about the latest round where only few have it: it decides what everybody else lacks."""
    counted = [each.followup for each in units if each.counted]
    first = [each for each in counted if each.when == _when(latest)]
    rounds = Counter(each.when for each in counted if each.when != _when(latest))
    often = max(rounds, key=lambda when: (rounds[when], when), default=None)
    usual = next((each for each in counted if each.when == often), None)
    if usual is None or (len(first) * _FEW > len(counted) and latest[0] - usual.year < 2):
        return
    yield problem("saml-ahead", place_of(first[0]), value=some([named(each.source) for each in first], 3),
                  what=said_round(*latest), many=f"{len(first)} af {len(counted)}",
                  usual=usual.said, year=usual.year, round=usual.round.value)


def _told(once: Sequence[UnitReceived], counting: Collection[Source], every_round: bool) -> Iterator[Finding]:
    """Yield what must be said: of the follow-ups that count, and of files that may have been one.

    What is merely something else has its line among the files. Where nobody is held up against a round, so has a mail that
    nothing is attached to: a year's folder holds those of colleagues.
    """
    for each in once:
        if isinstance(each, UnitFollowUp):
            yield from each.problems if each.source in counting else ()
        else:
            asked = not (every_round and isinstance(each, IncomingMail))
            yield from (p for p in _problems(each) if p.level is not Severity.INFO and asked)


def _once(received: Iterable[UnitReceived]) -> tuple[list[UnitReceived], list[File]]:
    """Return everything once by its bytes, and a line for each copy; a mail whose workbook is read needs none itself."""
    once: dict[tuple[str, ...], UnitReceived] = {}
    copies: list[File] = []
    for each in sorted(received, key=lambda x: source_order(x.source)):
        if isinstance(each, IncomingMail) and each.with_form:
            continue
        # Of what can't be read each is named: empty files are alike, and may be several units'.
        key = source_order(each.source) if isinstance(each, Refused) else (each.source.sha256,)
        first = once.setdefault(key, each)
        if first is not each:
            copies.append(File(each.source, f"Samme fil som {named(first.source)}."))
            if isinstance(first, UnitFollowUp) and each.source.when > first.source.when:  # the mail that it came in
                once[key] = replace(first, source=replace(first.source, when=each.source.when))
    return list(once.values()), copies


# ---------------------------------------------------------------- what is no follow-up

def _problems(each: UnitReceived) -> tuple[Finding, ...]:
    """Return what is to be said of a file, with advice that fits a follow-up where it was written for a skema."""
    if isinstance(each, UnitFollowUp):
        return each.problems
    if isinstance(each, IncomingMail):
        code = "saml-mail-automatic" if each.automatic else "saml-mail-only"
        return (problem(code, place_of(each), value=each.source.sender or "en ukendt afsender"),)
    found = each.problem
    if found.code == "file-kind":
        return (problem("saml-other", found.place, what="ikke et regneark"),)
    about_forms = found.level is not Severity.INFO and any(word in fold(found.advice) for word in _ABOUT_FORMS)
    return (replace(found, advice=_AGAIN) if about_forms else found,)


# ---------------------------------------------------------------- which follow-up counts

class _Chooser:
    """Chooses among the follow-ups of each unit; none counts that is later than the round that was asked for."""

    def __init__(self, followups: Sequence[UnitFollowUp], listed: Sequence[str],
                 asked_for: tuple[int, Round] | None, every_round: bool = False) -> None:
        self.every_round = every_round
        self.problems: list[Finding] = []
        self.verdicts: dict[Source, str] = {}
        self.asked_for = asked_for
        self.grouped = grouped(followups)
        self.problems += who_is_who(self.grouped, {fold(name) for name in listed})
        for unit in self.grouped:
            self._unit(unit)

    def units(self, numbers: Mapping[Source, int]) -> tuple[UnitYear, ...]:
        """Return what counts by unit and year; ``numbers`` are the lines of the files."""
        found = []
        for unit in self.grouped:
            newest = [each for each in unit.chosen[::-1] if not each.is_agreement]
            counted = next((each for each in newest if not self._late(each)), None)
            years: dict[int, UnitFollowUp] = {counted.year: counted} if counted else {}
            for each in newest:
                years.setdefault(each.year, each)
            for each in years.values():
                before = next((other for other in newest if other.when < each.when), None)
                found.append(UnitYear(unit.shown, each, each is counted, numbers[each.source], before, unit.called))
        return tuple(sorted(found, key=lambda x: (alphabetic(x.name), x.name, -x.followup.year)))

    def rounds(self, numbers: Mapping[Source, int]) -> tuple[UnitYear, ...]:
        """Return what counts by unit, year and round, the earliest first."""
        found = [UnitYear(unit.shown, each, False, numbers[each.source], called=unit.called) for unit in self.grouped
                 for each in unit.chosen]
        return tuple(sorted(found, key=lambda x: (alphabetic(x.name), x.name, x.followup.when)))

    def _late(self, each: UnitFollowUp) -> bool:
        return self.asked_for is not None and each.when > _when(self.asked_for)

    def _unit(self, unit: Unit) -> None:
        followed_up = {each.year: each for each in sorted(unit.files, key=lambda each: each.when) if not each.is_agreement}
        files = [each for each in unit.files if not (each.is_agreement and each.year in followed_up)]
        for each in unit.files:
            if each not in files:
                self.verdicts[each.source] = _FOLLOWED_UP.format(followed_up[each.year].said)
        unit.chosen = [self._choose(unit, [each for each in files if each.when == when])
                       for when in sorted({each.when for each in files})]
        ours = [each for each in unit.chosen if not (self._late(each) or each.is_agreement)]
        for each in unit.chosen:
            self.verdicts[each.source] = (_IN_DATA if each.is_agreement else _KEPT if self.every_round
                                          else self._verdict(each, ours))

    def _verdict(self, each: UnitFollowUp, ours: Sequence[UnitFollowUp]) -> str:
        if each not in ours:
            return f"Senere end {said_round(*self.asked_for or (0, each.round))} og ikke talt med."
        of_year = [other for other in ours if other.year == each.year][-1]
        if each is ours[-1]:
            return "Talt med."
        if each is of_year:
            return f"Tidligere år: står i Mål, men {ours[-1].said} er talt med."
        return f"Tidligere runde: {of_year.said} er talt med i stedet."

    def _choose(self, unit: Unit, files: Sequence[UnitFollowUp]) -> UnitFollowUp:
        """Return the follow-up of a round that counts, and say what becomes of the others.

        Of KSE's editions only what KSE has written is taken where the unit's own follow-up is there.
        """
        files = self._without_replaced(files)
        own = any(each.read_as is ReadAs.WHOLE for each in files)
        editions = [each for each in files if own and each.read_as is ReadAs.EDITION]
        alike: dict[object, list[UnitFollowUp]] = {}
        for each in sorted(files, key=lambda x: (_BEST.index(x.read_as), source_order(x.source))):
            if each not in editions:
                alike.setdefault(_content(each), []).append(each)
        groups = [(max(saved_at(each) for each in group), group) for group in alike.values()]
        groups.sort(key=lambda each: each[0], reverse=True)
        certain = is_certain([when for when, _ in groups])
        if not certain:  # the one that says most, for as long as nobody has said which one it is
            groups.sort(key=lambda each: (sum(goal.status == MISSING for goal in each[1][0].goals) - len(each[1][0].goals),
                                          source_order(each[1][0].source)))
        _, best = groups[0]
        chosen = _with_remarks(best[0], files)
        known = set(_kse_words(best[0]))
        for each in best[1:]:
            self._left(each, chosen, _SAME, known)
        for _, group in groups[1:]:
            for each in group:
                self._left(each, chosen, _OLDER if certain else _UNCERTAIN, known)
        for each in editions:
            same = _content(each) == _content(chosen)
            self._left(each, chosen, _SAME if same else _EDITION, known)
            if not same and saved_at(each) > saved_at(chosen):
                self.problems.append(problem("saml-edition-differs", place_of(each), value=named(chosen.source)))
        if not certain:
            names = sorted(named(group[0].source) for _, group in groups)
            self.problems.append(problem("saml-versions", place_of(chosen), what=f"{unit.name} ({chosen.said})",
                                         value=listing(names), chosen=named(chosen.source)))
        return chosen

    def _left(self, each: UnitFollowUp, chosen: UnitFollowUp, verdict: str, known: Collection[tuple[str, str]]) -> None:
        """Say why a file doesn't count, and whether KSE has written in it what the chosen one didn't hold."""
        kept = " Det, forvaltningen har skrevet, er taget med." if set(_kse_words(each)) - set(known) else ""
        self.verdicts[each.source] = verdict.format(named(chosen.source)) + kept

    def _without_replaced(self, files: Sequence[UnitFollowUp]) -> list[UnitFollowUp]:
        """Leave out what is certain to be older, whatever the times say: what `flet` has merged, and what it has kept.

        A file that `flet` keeps has its own hash in its name (see `office.safe_write.earlier_name`).
        """
        merged = {sha256 for each in files for sha256 in each.holds}
        for each in files:
            if each.source.sha256 in merged:
                self.verdicts[each.source] = "Forvaltningens svar, som er taget med i enhedens opfølgning."
            elif each.source.name.rpartition(".")[0].endswith(f"_tidligere_{each.source.sha256[:8]}"):
                self.verdicts[each.source] = "En tidligere udgave, som »aftale flet« har gemt."
        left = [each for each in files if each.source not in self.verdicts]
        return left or list(files)


def _content(each: UnitFollowUp) -> tuple[object, ...]:
    """Return what a follow-up says apart from KSE's own words, however it was read; of an agreement all of it."""
    if each.is_agreement:
        return each.department, repr(each.goals)
    boxes = sorted((label, text) for label, text in each.boxes.items() if label != KSE_REMARK)
    goals = sorted((goal.id, goal.status, canonical(goal.result), goal.remarks) for goal in each.goals)
    return tuple(boxes), tuple(goals)


def saved_at(each: UnitFollowUp) -> str:
    """Return when a follow-up was saved, '' where nothing tells: the day that we draw with says nothing."""
    return "" if each.source.when == f"{each.year}-01-01T00:00:00Z" else each.source.when


def _kse_words(each: UnitFollowUp) -> Iterator[tuple[str, str]]:
    """Yield what KSE has written in a file, by Mål-id, the box under ''."""
    yield from ((goal.id, goal.department) for goal in each.goals if goal.department)
    if each.boxes.get(KSE_REMARK):
        yield "", each.boxes[KSE_REMARK]


def _with_remarks(chosen: UnitFollowUp, files: Sequence[UnitFollowUp]) -> UnitFollowUp:
    """Return the follow-up of a round that counts with everything that KSE has written in any of the round's files.

    What another file says as well, and more, isn't said twice; what is of a goal that isn't there stands in the box.
    """
    if len(files) == 1:
        return chosen
    written: dict[str, list[str]] = {}
    for each in sorted(files, key=lambda x: (saved_at(x), source_order(x.source))):
        for goal_id, text in _kse_words(each):
            said = written.setdefault(goal_id, [])
            if not any(_says(other, text) for other in said):
                said[:] = [*(other for other in said if not _says(text, other)), text]
    goals = tuple(replace(goal, department="\n".join(written.pop(goal.id, ()))) for goal in chosen.goals)
    box = [*written.pop("", ()), *(f"{goal_id}: {text}" for goal_id, texts in sorted(written.items()) for text in texts)]
    return replace(chosen, goals=goals, boxes={**chosen.boxes, **({KSE_REMARK: "\n".join(box)} if box else {})})


def _says(one: str, other: str) -> bool:
    """Tell whether every line of the other text stands in the one."""
    return set(other.split("\n")) <= set(one.split("\n"))


# ---------------------------------------------------------------- who hasn't reported

def _missing(units: Sequence[UnitYear], latest: tuple[int, Round], listed: Sequence[str]) -> tuple[tuple[Missing, ...],
                                                                                                  list[Finding]]:
    """Return the units that lack the latest round: those listed, else all that are seen; and who isn't on the list."""
    last: dict[str, UnitYear] = {}
    for each in units:  # a unit's latest year first
        if each.counted or each.name not in last:
            last[each.name] = each
    names = {fold(name): name for name in reversed(listed)}
    strangers = [each for each in last.values() if listed and not names.keys() & set(each.called)]
    known = {name for each in last.values() for name in each.called}
    found = [Missing(name, "Har ikke sendt noget", closest(name, [each.name for each in strangers]))
             for key, name in names.items() if key not in known]
    found += [Missing(each.name, f"Har kun sendt {each.followup.said}", seen=True)
              for each in last.values() if each.followup.when != _when(latest) and each not in strangers]
    asked = [problem("saml-not-listed", place_of(each.followup), value=each.name, hint=closest(each.followup.unit, listed))
             for each in strangers]
    return tuple(sorted(found, key=lambda each: (alphabetic(each.name), each.name))), asked
